/* SPDX-License-Identifier: MIT
 *
 * Struct sequences (os.stat_result, sys.flags …): tuples whose items also have names.
 *
 *   │ refcnt │ type │ ob_size │ item 0 … n_sequence_fields-1 │ further fields, by name only │
 *
 * ob_size counts the visible items; the true number is the type's n_fields. Unnamed items have no
 * member. The three numbers are attributes of the type's dict (n_sequence_fields, n_fields,
 * n_unnamed_fields), where programs see them and all functions here look them up.
 */
#include "mem/gc.h"
#include "objects/type/type.h"

#include <string.h>

const char *const PyStructSequence_UnnamedField = "unnamed field";

extern EXPORT PyTypeObject *_PyStructSequence_NewType(PyStructSequence_Desc *desc,
                                                      unsigned long flags);
extern EXPORT int _PyStructSequence_InitType(PyTypeObject *type, PyStructSequence_Desc *desc,
                                             unsigned long flags);

/* -- Sizes ----------------------------------------------------------------------------------- */

static Py_ssize_t size_attribute(PyTypeObject *type, PyObject *name)
{
    PyObject *value = PyDict_GetItemWithError(type->tp_dict, name);
    if (value == NULL && !PyErr_Occurred()) {
        PyErr_Format(PyExc_TypeError, "Missed attribute '%U' of type %s", name, type->tp_name);
    }
    return value ? PyLong_AsSsize_t(value) : -1;
}

#define VISIBLE_SIZE(op) Py_SIZE(op)
#define TYPE_VISIBLE_SIZE(type) size_attribute(type, ID(n_sequence_fields))
#define TYPE_SIZE(type) size_attribute(type, ID(n_fields))
#define TYPE_UNNAMED(type) size_attribute(type, ID(n_unnamed_fields))
#define ITEMS(op) (((PyTupleObject *)(op))->ob_item)

/* -- Construction ---------------------------------------------------------------------------- */

/* Items are NULL, for the caller to set. */
PyObject *PyStructSequence_New(PyTypeObject *type)
{
    Py_ssize_t n = TYPE_SIZE(type), visible = n < 0 ? -1 : TYPE_VISIBLE_SIZE(type);
    if (visible < 0) {
        return NULL;
    }
    PyStructSequence *self = PyObject_GC_NewVar(PyStructSequence, type, n);
    if (self) {
        Py_SET_SIZE(self, visible);
        memset(self->ob_item, 0, (size_t)n * sizeof(PyObject *));
    }
    return (PyObject *)self;
}

void PyStructSequence_SetItem(PyObject *op, Py_ssize_t i, PyObject *value)
{
    ITEMS(op)[i] = value;
}

PyObject *PyStructSequence_GetItem(PyObject *op, Py_ssize_t i)
{
    return ITEMS(op)[i];
}

static int check_length(PyTypeObject *type, Py_ssize_t n, Py_ssize_t min, Py_ssize_t max)
{
    if (n >= min && n <= max) {
        return 0;
    }
    const char *format = min == max ? "%.500s() takes a %zd-sequence (%zd-sequence given)"
                         : n < min  ? "%.500s() takes an at least %zd-sequence (%zd-sequence given)"
                                    : "%.500s() takes an at most %zd-sequence (%zd-sequence given)";
    PyErr_Format(PyExc_TypeError, format, type->tp_name, n < min ? min : max, n);
    return -1;
}

/* Fields that the sequence does not reach come from `dict` by name, else None. */
static int fill_rest(PyTypeObject *type, PyObject **items, Py_ssize_t from, Py_ssize_t n,
                     PyObject *dict)
{
    Py_ssize_t unnamed = TYPE_UNNAMED(type);
    for (Py_ssize_t i = from; i < n; i++) {
        PyObject *value =
            dict ? _PyDict_GetItemStringWithError(dict, type->tp_members[i - unnamed].name) : NULL;
        if (value == NULL && PyErr_Occurred()) {
            return -1;
        }
        items[i] = Py_NewRef(value ? value : Py_None);
    }
    return 0;
}

/* From a sequence of between n_sequence_fields and n_fields items, and a dict for the rest. */
static PyObject *structseq_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    static char *keywords[] = {"sequence", "dict", NULL};
    PyObject *arg, *dict = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwds, "O|O:structseq", keywords, &arg, &dict)) {
        return NULL;
    }
    Py_ssize_t min = TYPE_VISIBLE_SIZE(type), max = min < 0 ? -1 : TYPE_SIZE(type);
    if (max < 0) {
        return NULL;
    }
    arg = PySequence_Fast(arg, "constructor requires a sequence");
    if (arg == NULL) {
        return NULL;
    }
    PyObject *self = NULL;
    if (dict && !PyDict_Check(dict)) {
        PyErr_Format(PyExc_TypeError, "%.500s() takes a dict as second arg, if any", type->tp_name);
        goto done;
    }
    Py_ssize_t n = PySequence_Fast_GET_SIZE(arg);
    if (check_length(type, n, min, max) < 0 || (self = PyStructSequence_New(type)) == NULL) {
        goto done;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        ITEMS(self)[i] = Py_NewRef(PySequence_Fast_GET_ITEM(arg, i));
    }
    if (fill_rest(type, ITEMS(self), n, max, dict) < 0) {
        Py_CLEAR(self);
        goto done;
    }
    gc_track(self);
done:
    Py_DECREF(arg);
    return self;
}

/* -- Memory ---------------------------------------------------------------------------------- */

static void structseq_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_ssize_t n = TYPE_SIZE(type);
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_XDECREF(ITEMS(self)[i]);
    }
    PyObject_GC_Del(self);
    if (PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE)) {
        Py_DECREF(type);
    }
}

static int structseq_traverse(PyObject *self, visitproc visit, void *arg)
{
    if (PyType_HasFeature(Py_TYPE(self), Py_TPFLAGS_HEAPTYPE)) {
        Py_VISIT(Py_TYPE(self));
    }
    Py_ssize_t n = TYPE_SIZE(Py_TYPE(self));
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_VISIT(ITEMS(self)[i]);
    }
    return 0;
}

/* -- Methods --------------------------------------------------------------------------------- */

static PyObject *structseq_repr(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    _PyUnicodeWriter writer;
    _PyUnicodeWriter_Init(&writer);
    writer.overallocate = 1;
    if (_PyUnicodeWriter_WriteASCIIString(&writer, type->tp_name, (Py_ssize_t)strlen(type->tp_name))
            < 0
        || _PyUnicodeWriter_WriteASCIIString(&writer, "(", 1) < 0) {
        goto fail;
    }
    for (Py_ssize_t i = 0; i < VISIBLE_SIZE(self); i++) {
        const char *name = type->tp_members[i].name;
        if (name == NULL) {
            PyErr_Format(PyExc_SystemError,
                         "In structseq_repr(), member %zd name is NULL for type %.500s", i,
                         type->tp_name);
            goto fail;
        }
        PyObject *value = PyObject_Repr(ITEMS(self)[i]);
        PyObject *item = value ? PyUnicode_FromFormat(i ? ", %s=%U" : "%s=%U", name, value) : NULL;
        int r = item ? _PyUnicodeWriter_WriteStr(&writer, item) : -1;
        Py_XDECREF(value);
        Py_XDECREF(item);
        if (r < 0) {
            goto fail;
        }
    }
    if (_PyUnicodeWriter_WriteASCIIString(&writer, ")", 1) < 0) {
        goto fail;
    }
    return _PyUnicodeWriter_Finish(&writer);
fail:
    _PyUnicodeWriter_Dealloc(&writer);
    return NULL;
}

/* Visible items as a tuple, the others as a dict. */
static PyObject *structseq_reduce(PyObject *self, PyObject *unused)
{
    PyTypeObject *type = Py_TYPE(self);
    Py_ssize_t n = TYPE_SIZE(type), unnamed = TYPE_UNNAMED(type), visible = VISIBLE_SIZE(self);
    if (n < 0 || unnamed < 0) {
        return NULL;
    }
    PyObject *tuple = PyTuple_New(visible), *dict = tuple ? PyDict_New() : NULL, *result = NULL;
    if (dict == NULL) {
        goto done;
    }
    for (Py_ssize_t i = 0; i < visible; i++) {
        PyTuple_SET_ITEM(tuple, i, Py_NewRef(ITEMS(self)[i]));
    }
    for (Py_ssize_t i = visible; i < n; i++) {
        if (PyDict_SetItemString(dict, type->tp_members[i - unnamed].name, ITEMS(self)[i]) < 0) {
            goto done;
        }
    }
    result = Py_BuildValue("(O(OO))", type, tuple, dict);
done:
    Py_XDECREF(tuple);
    Py_XDECREF(dict);
    return result;
}

static PyMethodDef structseq_methods[] = {{"__reduce__", structseq_reduce, METH_NOARGS, NULL},
                                          {NULL}};

/* -- Types ----------------------------------------------------------------------------------- */

static Py_ssize_t count_fields(PyStructSequence_Desc *desc, Py_ssize_t *unnamed)
{
    Py_ssize_t n = 0;
    *unnamed = 0;
    for (; desc->fields[n].name; n++) {
        *unnamed += desc->fields[n].name == PyStructSequence_UnnamedField;
    }
    return n;
}

/* A read-only member for each named field. Never freed: types live as long. */
static PyMemberDef *make_members(PyStructSequence_Desc *desc, Py_ssize_t n, Py_ssize_t unnamed)
{
    PyMemberDef *members = PyMem_New(PyMemberDef, n - unnamed + 1);
    if (members == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    Py_ssize_t k = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        if (desc->fields[i].name != PyStructSequence_UnnamedField) {
            members[k++] = (PyMemberDef){desc->fields[i].name, T_OBJECT,
                                         (Py_ssize_t)(offsetof(PyTupleObject, ob_item)
                                                      + (size_t)i * sizeof(PyObject *)),
                                         READONLY, desc->fields[i].doc};
        }
    }
    members[k] = (PyMemberDef){NULL};
    return members;
}

static int set_int(PyObject *dict, PyObject *name, Py_ssize_t value)
{
    PyObject *number = PyLong_FromSsize_t(value);
    int r = number ? PyDict_SetItem(dict, name, number) : -1;
    Py_XDECREF(number);
    return r;
}

static int set_match_args(PyObject *dict, PyStructSequence_Desc *desc)
{
    PyObject *list = PyList_New(0), *tuple = NULL;
    for (int i = 0; list && i < desc->n_in_sequence; i++) {
        if (desc->fields[i].name == PyStructSequence_UnnamedField) {
            continue;
        }
        PyObject *name = PyUnicode_FromString(desc->fields[i].name);
        if (name == NULL || PyList_Append(list, name) < 0) {
            Py_CLEAR(list);
        }
        Py_XDECREF(name);
    }
    tuple = list ? PyList_AsTuple(list) : NULL;
    int r = tuple ? PyDict_SetItemString(dict, "__match_args__", tuple) : -1;
    Py_XDECREF(list);
    Py_XDECREF(tuple);
    return r;
}

static int fill_dict(PyStructSequence_Desc *desc, PyObject *dict, Py_ssize_t n, Py_ssize_t unnamed)
{
    bool failed = set_int(dict, ID(n_sequence_fields), desc->n_in_sequence) < 0
                  || set_int(dict, ID(n_fields), n) < 0
                  || set_int(dict, ID(n_unnamed_fields), unnamed) < 0
                  || set_match_args(dict, desc) < 0;
    return failed ? -1 : 0;
}

int _PyStructSequence_InitType(PyTypeObject *type, PyStructSequence_Desc *desc, unsigned long flags)
{
    if (PyType_HasFeature(type, Py_TPFLAGS_READY)) {
        return 0; /* static types are shared by the interpreters */
    }
    Py_ssize_t unnamed, n = count_fields(desc, &unnamed);
    PyMemberDef *members = make_members(desc, n, unnamed);
    if (members == NULL) {
        return -1;
    }
    if (Py_REFCNT(type) == 0) {
        Py_SET_REFCNT(type, 1); /* a static type that was only zeroed */
    }
    type->tp_name = desc->name;
    type->tp_basicsize = sizeof(PyStructSequence) - sizeof(PyObject *);
    type->tp_itemsize = sizeof(PyObject *);
    type->tp_dealloc = structseq_dealloc;
    type->tp_repr = structseq_repr;
    type->tp_doc = desc->doc;
    type->tp_base = &PyTuple_Type;
    type->tp_methods = structseq_methods;
    type->tp_new = structseq_new;
    type->tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | flags;
    type->tp_traverse = structseq_traverse;
    type->tp_members = members;
    if (PyType_Ready(type) < 0) {
        PyMem_Free(members);
        return -1;
    }
    return fill_dict(desc, type->tp_dict, n, unnamed);
}

int PyStructSequence_InitType2(PyTypeObject *type, PyStructSequence_Desc *desc)
{
    return _PyStructSequence_InitType(type, desc, 0);
}

void PyStructSequence_InitType(PyTypeObject *type, PyStructSequence_Desc *desc)
{
    (void)PyStructSequence_InitType2(type, desc);
}

PyTypeObject *_PyStructSequence_NewType(PyStructSequence_Desc *desc, unsigned long flags)
{
    Py_ssize_t unnamed, n = count_fields(desc, &unnamed);
    PyMemberDef *members = make_members(desc, n, unnamed);
    if (members == NULL) {
        return NULL;
    }
    PyType_Slot slots[] = {
        {Py_tp_dealloc, structseq_dealloc}, {Py_tp_repr, structseq_repr},
        {Py_tp_doc, (void *)desc->doc},     {Py_tp_methods, structseq_methods},
        {Py_tp_new, structseq_new},         {Py_tp_members, members},
        {Py_tp_traverse, structseq_traverse}, {0, NULL},
    };
    PyType_Spec spec = {desc->name, sizeof(PyStructSequence) - sizeof(PyObject *),
                        sizeof(PyObject *),
                        (unsigned int)(Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | flags), slots};
    PyTypeObject *type = (PyTypeObject *)PyType_FromSpecWithBases(&spec, (PyObject *)&PyTuple_Type);
    PyMem_Free(members);
    if (type && fill_dict(desc, type->tp_dict, n, unnamed) < 0) {
        Py_CLEAR(type);
    }
    return type;
}

PyTypeObject *PyStructSequence_NewType(PyStructSequence_Desc *desc)
{
    return _PyStructSequence_NewType(desc, 0);
}
