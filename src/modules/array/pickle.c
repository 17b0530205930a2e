/* SPDX-License-Identifier: MIT
 *
 * What pickle stores of an array, and how that becomes an array again on any machine.
 */
#include "array.h"

/* -- Pickling -------------------------------------------------------------------------------- */

/* Machine formats, as numbered in pickles. */
enum { UTF16_LE = 18, UTF32_LE = 20, FORMAT_LAST = 21 };
static const struct {
    unsigned char size;
    bool is_integer, is_signed, big;
} machine_formats[] = {
    {1, true, false, false},  {1, true, true, false},   {2, true, false, false},
    {2, true, false, true},   {2, true, true, false},   {2, true, true, true},
    {4, true, false, false},  {4, true, false, true},   {4, true, true, false},
    {4, true, true, true},    {8, true, false, false},  {8, true, false, true},
    {8, true, true, false},   {8, true, true, true},    {4, false, false, false},
    {4, false, false, true},  {8, false, false, false}, {8, false, false, true},
    {4, false, false, false}, {4, false, false, true},  {8, false, false, false},
    {8, false, false, true},
};

static int machine_format(const Item *item)
{
    if (item->code == 'u') {
        return UTF32_LE + PY_BIG_ENDIAN;
    }
    if (item->code == 'f') {
        return 14 + PY_BIG_ENDIAN;
    }
    if (item->code == 'd') {
        return 16 + PY_BIG_ENDIAN;
    }
    for (int i = 0; i < 14; i++) {
        if (machine_formats[i].size == item->size && machine_formats[i].is_signed == item->is_signed
            && (item->size == 1 || machine_formats[i].big == PY_BIG_ENDIAN)) {
            return i;
        }
    }
    return -1;
}

/* An array of `code` from bytes in any machine format, item by item. */
static PyObject *list_from_format(int format, PyObject *bytes)
{
    const char *p = PyBytes_AS_STRING(bytes);
    Py_ssize_t n = PyBytes_GET_SIZE(bytes), size = machine_formats[format].size, count = n / size;
    bool little = !machine_formats[format].big;
    if (n % size) {
        PyErr_SetString(PyExc_ValueError, "string length not a multiple of item size");
        return NULL;
    }
    PyObject *list = PyList_New(count);
    for (Py_ssize_t i = 0; list && i < count; i++, p += size) {
        PyObject *v;
        if (machine_formats[format].is_integer) {
            v = _PyLong_FromByteArray((const unsigned char *)p, (size_t)size, little,
                                      machine_formats[format].is_signed);
        } else {
            double d = size == 4 ? PyFloat_Unpack4(p, little) : PyFloat_Unpack8(p, little);
            v = d == -1.0 && PyErr_Occurred() ? NULL : PyFloat_FromDouble(d);
        }
        if (v == NULL) {
            Py_CLEAR(list);
        } else {
            PyList_SET_ITEM(list, i, v);
        }
    }
    return list;
}

/* By array's own constructor: a subclass's __new__ may take other arguments. STEALS initial. */
static PyObject *make_from(ArrayState *state, PyTypeObject *type, int code, PyObject *initial)
{
    PyObject *args = Py_BuildValue("(CN)", code, initial);
    PyObject *r = args ? state->array->tp_new(type, args, NULL) : NULL;
    Py_XDECREF(args);
    return r;
}

PyObject *array_reconstructor(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    PyTypeObject *type;
    int code, format;
    PyObject *bytes;
    if (!PARSEP("OCiO:_array_reconstructor", &type, &code, &format, &bytes)) {
        return NULL;
    }
    ArrayState *state = state_of(module);
    if (!PyType_Check(type)) {
        PyErr_Format(PyExc_TypeError, "first argument must be a type object, not %.200s",
                     Py_TYPE(type)->tp_name);
        return NULL;
    }
    if (!PyType_IsSubtype(type, state->array)) {
        PyErr_Format(PyExc_TypeError, "%.200s is not a subtype of %.200s", type->tp_name,
                     state->array->tp_name);
        return NULL;
    }
    const Item *item = array_item_for(code);
    if (item == NULL) {
        PyErr_SetString(PyExc_ValueError, "second argument must be a valid type code");
        return NULL;
    }
    if (format < 0 || format > FORMAT_LAST) {
        PyErr_SetString(PyExc_ValueError, "third argument must be a valid machine format code.");
        return NULL;
    }
    if (!PyBytes_Check(bytes)) {
        PyErr_Format(PyExc_TypeError, "fourth argument should be bytes, not %.200s",
                     Py_TYPE(bytes)->tp_name);
        return NULL;
    }
    if (format == machine_format(item)) {
        return make_from(state, type, code, Py_NewRef(bytes));
    }
    if (format >= UTF16_LE) {
        int order = format & 1 ? 1 : -1;
        PyObject *text = format < UTF32_LE
                             ? PyUnicode_DecodeUTF16(PyBytes_AS_STRING(bytes),
                                                     PyBytes_GET_SIZE(bytes), "strict", &order)
                             : PyUnicode_DecodeUTF32(PyBytes_AS_STRING(bytes),
                                                     PyBytes_GET_SIZE(bytes), "strict", &order);
        return text ? make_from(state, type, code, text) : NULL;
    }
    PyObject *list = list_from_format(format, bytes);
    if (list == NULL) {
        return NULL;
    }
    if (machine_formats[format].is_integer) { /* the pickled size decides, not the letter */
        for (size_t i = 0; i < ARRAY_KINDS; i++) {
            if (array_kinds[i].is_integer && array_kinds[i].size == machine_formats[format].size
                && array_kinds[i].is_signed == machine_formats[format].is_signed) {
                code = array_kinds[i].code;
                if (array_kinds[i].code == item->code) {
                    break;
                }
            }
        }
    }
    return make_from(state, type, code, list);
}

/* From protocol 3 on the bytes themselves, with a number for their machine format; before that, or
   when the format has no number, a list of items. */
PyObject *array_reduce_ex(Array *self, PyObject *value)
{
    if (!PyLong_Check(value)) {
        PyErr_Format(PyExc_TypeError, "__reduce_ex__ argument should be an integer");
        return NULL;
    }
    long protocol = PyLong_AsLong(value);
    if (protocol == -1 && PyErr_Occurred()) {
        return NULL;
    }
    PyObject *dict = PyObject_GetAttrString((PyObject *)self, "__dict__");
    if (dict == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_AttributeError)) {
            return NULL;
        }
        PyErr_Clear();
        dict = Py_NewRef(Py_None);
    }
    int format = machine_format(self->item);
    if (format < 0 || protocol < 3) {
        PyObject *list = array_tolist(self, NULL);
        if (list == NULL) {
            Py_DECREF(dict);
            return NULL;
        }
        return Py_BuildValue("O(CN)N", Py_TYPE(self), self->item->code, list, dict);
    }
    PyObject *module = PyType_GetModuleByDef(Py_TYPE(self), &array_module);
    PyObject *function = module ? PyObject_GetAttrString(module, "_array_reconstructor") : NULL;
    PyObject *bytes = function ? array_tobytes(self, NULL) : NULL;
    if (bytes == NULL) {
        Py_XDECREF(function);
        Py_DECREF(dict);
        return NULL;
    }
    return Py_BuildValue("N(OCiN)N", function, Py_TYPE(self), self->item->code, format, bytes,
                         dict);
}
