/* SPDX-License-Identifier: MIT
 *
 * The methods of array.array: those of a list, and the ways to and from bytes, files and text.
 */
#include "array.h"
#include <wchar.h>

/* -- Methods: sequence ----------------------------------------------------------------------- */

static PyObject *none_or_error(int r) { return r < 0 ? NULL : Py_NewRef(Py_None); }

static bool index_argument(PyObject *o, Py_ssize_t *i)
{
    PyObject *index = PyNumber_Index(o);
    *i = index ? PyLong_AsSsize_t(index) : -1;
    Py_XDECREF(index);
    return *i != -1 || !PyErr_Occurred();
}

static PyObject *array_append(Array *self, PyObject *v)
{
    return none_or_error(array_insert_at(self, Py_SIZE(self), v));
}

static PyObject *array_insert(Array *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t i;
    if (!_PyArg_CheckPositional("insert", nargs, 2, 2) || !index_argument(args[0], &i)) {
        return NULL;
    }
    return none_or_error(array_insert_at(self, i, args[1]));
}

static PyObject *array_extend(Array *self, PyObject *source)
{
    return none_or_error(array_extend_any(state_of_type(Py_TYPE(self)), self, source));
}

static PyObject *array_count(Array *self, PyObject *v)
{
    Py_ssize_t count = 0;
    for (Py_ssize_t i = 0; i < Py_SIZE(self); i++) {
        PyObject *item = array_item(self, i);
        int equal = item ? PyObject_RichCompareBool(item, v, Py_EQ) : -1;
        Py_XDECREF(item);
        if (equal < 0) {
            return NULL;
        }
        count += equal;
    }
    return PyLong_FromSsize_t(count);
}

/* Position of v in [start, stop), -1 not found, -2 error. */
static Py_ssize_t array_find(Array *self, PyObject *v, Py_ssize_t start, Py_ssize_t stop)
{
    for (Py_ssize_t i = start; i < stop && i < Py_SIZE(self); i++) {
        PyObject *item = array_item(self, i);
        int equal = item ? PyObject_RichCompareBool(item, v, Py_EQ) : -1;
        Py_XDECREF(item);
        if (equal) {
            return equal < 0 ? -2 : i;
        }
    }
    return -1;
}

extern EXPORT int _PyEval_SliceIndexNotNone(PyObject *, Py_ssize_t *);
extern EXPORT const char *_PyType_Name(PyTypeObject *);

static PyObject *array_index(Array *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t start = 0, stop = PY_SSIZE_T_MAX;
    if (!_PyArg_CheckPositional("index", nargs, 1, 3)
        || (nargs > 1 && !_PyEval_SliceIndexNotNone(args[1], &start))
        || (nargs > 2 && !_PyEval_SliceIndexNotNone(args[2], &stop))) {
        return NULL;
    }
    if (start < 0) {
        start = Py_MAX(start + Py_SIZE(self), 0);
    }
    if (stop < 0) {
        stop += Py_SIZE(self);
    }
    Py_ssize_t i = array_find(self, args[0], start, stop);
    if (i == -1) {
        PyErr_SetString(PyExc_ValueError, "array.index(x): x not in array");
    }
    return i < 0 ? NULL : PyLong_FromSsize_t(i);
}

static PyObject *array_remove(Array *self, PyObject *v)
{
    Py_ssize_t i = array_find(self, v, 0, PY_SSIZE_T_MAX);
    if (i == -1) {
        PyErr_SetString(PyExc_ValueError, "array.remove(x): x not in array");
    }
    return i < 0 ? NULL : none_or_error(array_delete_range(self, i, i + 1));
}

static PyObject *array_pop(Array *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t i = -1;
    if (!_PyArg_CheckPositional("pop", nargs, 0, 1) || (nargs && !index_argument(args[0], &i))) {
        return NULL;
    }
    if (Py_SIZE(self) == 0) {
        PyErr_SetString(PyExc_IndexError, "pop from empty array");
        return NULL;
    }
    if (i < 0) {
        i += Py_SIZE(self);
    }
    if (i < 0 || i >= Py_SIZE(self)) {
        PyErr_SetString(PyExc_IndexError, "pop index out of range");
        return NULL;
    }
    PyObject *v = array_item(self, i);
    if (v && array_delete_range(self, i, i + 1) < 0) {
        Py_CLEAR(v);
    }
    return v;
}

static PyObject *array_reverse(Array *self, PyObject *noargs)
{
    char t[sizeof(long long)];
    size_t size = (size_t)self->item->size;
    for (Py_ssize_t i = 0, j = Py_SIZE(self) - 1; i < j; i++, j--) {
        memcpy(t, item_at(self, i), size);
        memcpy(item_at(self, i), item_at(self, j), size);
        memcpy(item_at(self, j), t, size);
    }
    Py_RETURN_NONE;
}

static PyObject *array_copy(Array *self, PyObject *unused)
{
    return (PyObject *)array_slice(self, 0, Py_SIZE(self));
}

PyObject *array_tolist(Array *self, PyObject *noargs)
{
    PyObject *list = PyList_New(Py_SIZE(self));
    for (Py_ssize_t i = 0; list && i < Py_SIZE(self); i++) {
        PyObject *v = array_item(self, i);
        if (v == NULL) {
            Py_CLEAR(list);
        } else {
            PyList_SET_ITEM(list, i, v);
        }
    }
    return list;
}

static PyObject *array_fromlist(Array *self, PyObject *list)
{
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "arg must be list");
        return NULL;
    }
    Py_ssize_t n = PyList_Size(list), old = Py_SIZE(self);
    if (n == 0) {
        Py_RETURN_NONE;
    }
    if (array_resize(self, old + n) < 0) {
        return NULL;
    }
    memset(item_at(self, old), 0, (size_t)(n * self->item->size));
    for (Py_ssize_t i = 0; i < n; i++) {
        char value[sizeof(long long)];
        if (self->item->set(value, PyList_GET_ITEM(list, i)) < 0) {
            array_resize(self, old);
            return NULL;
        }
        if (n != PyList_GET_SIZE(list)) { /* I2 */
            PyErr_SetString(PyExc_RuntimeError, "list changed size during iteration");
            array_resize(self, old);
            return NULL;
        }
        if (old + i < Py_SIZE(self)) {
            memcpy(item_at(self, old + i), value, (size_t)self->item->size);
        }
    }
    Py_RETURN_NONE;
}

/* -- Methods: bytes, files, text ------------------------------------------------------------- */

PyObject *array_tobytes(Array *self, PyObject *noargs)
{
    if (Py_SIZE(self) > PY_SSIZE_T_MAX / self->item->size) {
        return PyErr_NoMemory();
    }
    return PyBytes_FromStringAndSize(self->items, Py_SIZE(self) * self->item->size);
}

PyObject *array_frombytes(Array *self, PyObject *source)
{
    Py_buffer view;
    if (PyObject_GetBuffer(source, &view, PyBUF_SIMPLE) < 0) {
        return NULL;
    }
    PyObject *r = none_or_error(array_append_bytes(self, &view));
    PyBuffer_Release(&view);
    return r;
}

/* The bytes read are appended even when there were too few (EOFError). */
static PyObject *array_fromfile(Array *self, OF_CLASS_PARAMETERS)
{
    ARGS("On:fromfile", "", "");
    PyObject *f;
    Py_ssize_t n;
    if (!PARSE(&f, &n)) {
        return NULL;
    }
    if (n < 0) {
        PyErr_SetString(PyExc_ValueError, "negative count");
        return NULL;
    }
    if (n > PY_SSIZE_T_MAX / self->item->size) {
        return PyErr_NoMemory();
    }
    Py_ssize_t wanted = n * self->item->size;
    PyObject *b = PyObject_CallMethod(f, "read", "n", wanted);
    if (b == NULL) {
        return NULL;
    }
    if (!PyBytes_Check(b)) {
        PyErr_SetString(PyExc_TypeError, "read() didn't return bytes");
        Py_DECREF(b);
        return NULL;
    }
    bool enough = PyBytes_GET_SIZE(b) == wanted;
    PyObject *r = array_frombytes(self, b);
    Py_DECREF(b);
    if (r && !enough) {
        PyErr_SetString(PyExc_EOFError, "read() didn't return enough bytes");
        Py_CLEAR(r);
    }
    return r;
}

static PyObject *array_tofile(Array *self, PyObject *f)
{
    enum { BLOCK = 64 * 1024 };
    Py_ssize_t total = Py_SIZE(self) * self->item->size;
    for (Py_ssize_t at = 0; at < total; at += BLOCK) {
        PyObject *bytes = PyBytes_FromStringAndSize(self->items + at, Py_MIN(BLOCK, total - at));
        PyObject *r = bytes ? PyObject_CallMethod(f, "write", "O", bytes) : NULL;
        Py_XDECREF(bytes);
        if (r == NULL) {
            return NULL;
        }
        Py_DECREF(r);
        total = Py_SIZE(self) * self->item->size; /* I2 */
    }
    Py_RETURN_NONE;
}

PyObject *array_fromunicode(Array *self, PyObject *text)
{
    if (!PyUnicode_Check(text)) {
        _PyArg_BadArgument("fromunicode", "argument", "str", text);
        return NULL;
    }
    if (self->item->code != 'u') {
        PyErr_SetString(PyExc_ValueError,
                        "fromunicode() may only be called on unicode type arrays");
        return NULL;
    }
    Py_ssize_t n;
    wchar_t *w = PyUnicode_AsWideCharString(text, &n);
    if (w == NULL) {
        return NULL;
    }
    Py_ssize_t old = Py_SIZE(self);
    int r = n > 0 ? array_resize(self, old + n) : 0;
    if (r == 0 && n > 0) {
        memcpy(item_at(self, old), w, (size_t)n * sizeof(wchar_t));
    }
    PyMem_Free(w);
    return none_or_error(r);
}

PyObject *array_tounicode(Array *self, PyObject *noargs)
{
    if (self->item->code != 'u') {
        PyErr_SetString(PyExc_ValueError, "tounicode() may only be called on unicode type arrays");
        return NULL;
    }
    return PyUnicode_FromWideChar((wchar_t *)self->items, Py_SIZE(self));
}

static PyObject *array_byteswap(Array *self, PyObject *noargs)
{
    Py_ssize_t n = Py_SIZE(self);
    switch (self->item->size) {
    case 2:
        for (uint16_t *p = (uint16_t *)self->items, *end = p + n; p < end; p++) {
            *p = __builtin_bswap16(*p);
        }
        break;
    case 4:
        for (uint32_t *p = (uint32_t *)self->items, *end = p + n; p < end; p++) {
            *p = __builtin_bswap32(*p);
        }
        break;
    case 8:
        for (uint64_t *p = (uint64_t *)self->items, *end = p + n; p < end; p++) {
            *p = __builtin_bswap64(*p);
        }
        break;
    }
    Py_RETURN_NONE;
}

static PyObject *array_buffer_info(Array *self, PyObject *noargs)
{
    PyObject *address = PyLong_FromVoidPtr(self->items), *size = PyLong_FromSsize_t(Py_SIZE(self));
    PyObject *r = address && size ? PyTuple_Pack(2, address, size) : NULL;
    Py_XDECREF(address);
    Py_XDECREF(size);
    return r;
}

static PyObject *array_sizeof(Array *self, PyObject *noargs)
{
    return PyLong_FromSsize_t(Py_TYPE(self)->tp_basicsize + self->allocated * self->item->size);
}

/* -- The table ------------------------------------------------------------------------------- */

#define NOARGS(name, function, text) \
    {name, (PyCFunction)array_##function, METH_NOARGS, name "($self, /)\n--\n\n" text}
#define ONE(name, function, arg, text) \
    {name, (PyCFunction)array_##function, METH_O, name "($self, " arg ", /)\n--\n\n" text}
#define FAST(name, args, text)                                                                     \
    {                                                                                              \
#name, _PyCFunction_CAST(array_##name), METH_FASTCALL,                                     \
            #name "($self, " args ", /)\n--\n\n" text                                              \
    }
#define OF(name, function, arg, text)                                                              \
    {                                                                                              \
        name, _PyCFunction_CAST(array_##function##_of_class), OF_CLASS,                            \
            name "($self, " arg ", /)\n--\n\n" text                                                \
    }

OF_CLASS_ONE(Array, array_extend, "extend")
OF_CLASS_ONE(Array, array_tofile, "tofile")
OF_CLASS_ONE(Array, array_reduce_ex, "__reduce_ex__")

PyMethodDef array_methods[] = {
    ONE("append", append, "v", "Add one item at the end; TypeError when it is of the wrong type."),
    NOARGS("buffer_info", buffer_info,
           "(address, number of items) of the memory behind the array.\n"
           "\n"
           "Multiply by itemsize for bytes; any change of size makes it void."),
    NOARGS("byteswap", byteswap,
           "Byteswap all items of the array.\n\nFor data written on a machine of other order."),
    NOARGS("__copy__", copy, "Return a copy of the array."),
    ONE("count", count, "v", "How many items equal v."),
    ONE("__deepcopy__", copy, "unused", "Return a copy of the array."),
    OF("extend", extend, "bb",
       "Add all items of an iterable or of an array of the same type at the end."),
    {"fromfile", _PyCFunction_CAST(array_fromfile), OF_CLASS,
     "fromfile($self, f, n, /)\n--\n\n"
     "Appends n items, read as machine values from the file f."},
    ONE("fromlist", fromlist, "list", "Append items to array from list."),
    ONE("frombytes", frombytes, "buffer",
        "Appends the items whose machine values these bytes are."),
    ONE("fromunicode", fromunicode, "ustr",
        "Adds the characters of ustr at the end.\n"
        "\n"
        "Only for arrays of type 'u'; otherwise ValueError."),
    FAST(index, "v, start=0, stop=sys.maxsize",
         "The index at which v comes first.\n\n"
         "ValueError when it is not there."),
    FAST(insert, "i, v", "Put v in front of item i."),
    FAST(pop, "i=-1", "Takes item i out of the array and gives it.\n\nThe last one by default."),
    OF("__reduce_ex__", reduce_ex, "value", "What pickle stores."),
    ONE("remove", remove, "v", "Delete the first item equal to v; ValueError when there is none."),
    NOARGS("reverse", reverse, "Turn the array round, in place."),
    OF("tofile", tofile, "f", "Writes the machine values of all items to the file f."),
    NOARGS("tolist", tolist, "All items in a list."),
    NOARGS("tobytes", tobytes, "The machine values of all items, as bytes."),
    NOARGS("tounicode", tounicode,
           "All items as one str.\n"
           "\n"
           "Only for arrays of type 'u'; otherwise ValueError."),
    NOARGS("__sizeof__", sizeof, "Bytes of memory that the array takes."),
    {NULL},
};
