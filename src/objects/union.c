/* SPDX-License-Identifier: MIT
 *
 * types.UnionType (int | str): a tuple of distinct members, nested unions flattened, None as its
 * type.
 */
#include "base/cstack.h"
#include "mem/gc.h"
#include "objects/contain.h"
#include "objects/genericalias.h"

typedef struct {
    PyObject_HEAD
    PyObject *args;       /* strong tuple */
    PyObject *parameters; /* strong tuple, made on demand */
} UnionObject;

PyObject *union_args(PyObject *op)
{
    return ((UnionObject *)op)->args;
}

static void union_dealloc(UnionObject *self)
{
    PyObject_GC_UnTrack(self);
    Py_XDECREF(self->args);
    Py_XDECREF(self->parameters);
    Py_TYPE(self)->tp_free(self);
}

static int union_traverse(UnionObject *self, visitproc visit, void *arg)
{
    Py_VISIT(self->args);
    Py_VISIT(self->parameters);
    return 0;
}

/* -- Making ---------------------------------------------------------------------------------- */

static bool is_unionable(PyObject *op)
{
    return op == Py_None || PyType_Check(op) || GENERICALIAS_CHECK(op) || UNION_CHECK(op);
}

/* Members found so far: BORROWED from the operands, which outlive the work. */
typedef struct {
    PyObject **items;
    Py_ssize_t n;
} Members;

/* Only of generic aliases is equality asked for. */
static inline int same_member(PyObject *a, PyObject *b)
{
    return GENERICALIAS_CHECK(a) && GENERICALIAS_CHECK(b) ? PyObject_RichCompareBool(b, a, Py_EQ)
                                                          : a == b;
}

/* Appends what is not there yet; equality may run code. */
static int add_member(Members *m, PyObject *arg)
{
    if (arg == Py_None) {
        arg = (PyObject *)&_PyNone_Type;
    }
    for (Py_ssize_t i = 0; i < m->n; i++) {
        int same = same_member(m->items[i], arg);
        if (same) {
            return same < 0 ? -1 : 0;
        }
    }
    m->items[m->n++] = arg;
    return 0;
}

static inline Py_ssize_t count_members(PyObject *arg)
{
    return UNION_CHECK(arg) ? PyTuple_GET_SIZE(union_args(arg)) : 1;
}

/* The members of a union one by one. */
static int add_flattened(Members *m, PyObject *arg)
{
    if (!UNION_CHECK(arg)) {
        return add_member(m, arg);
    }
    PyObject *args = union_args(arg);
    int r = 0;
    for (Py_ssize_t i = 0; r == 0 && i < PyTuple_GET_SIZE(args); i++) {
        r = add_member(m, PyTuple_GET_ITEM(args, i));
    }
    return r;
}

static PyObject *make_union(PyObject *args)
{
    UnionObject *self = PyObject_GC_New(UnionObject, &_PyUnion_Type);
    if (self) {
        self->args = Py_NewRef(args);
        self->parameters = NULL;
        gc_track((PyObject *)self);
    }
    return (PyObject *)self;
}

/* int | int is int. */
PyObject *union_type_or(PyObject *left, PyObject *right)
{
    if (!is_unionable(left) || !is_unionable(right)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    PyObject *few[16], *result = NULL;
    Py_ssize_t most = count_members(left) + count_members(right);
    Members m = {.items = most <= (Py_ssize_t)COUNT_OF(few) ? few : PyMem_New(PyObject *, most)};
    if (m.items == NULL) {
        return PyErr_NoMemory();
    }
    if (add_flattened(&m, left) == 0 && add_flattened(&m, right) == 0) {
        if (m.n == 1) {
            result = Py_NewRef(m.items[0]);
        }
        else {
            PyObject *args = _PyTuple_FromArray(m.items, m.n);
            result = args ? make_union(args) : NULL;
            Py_XDECREF(args);
        }
    }
    if (m.items != few) {
        PyMem_Free(m.items);
    }
    return result;
}

/* -- Slots ----------------------------------------------------------------------------------- */

static Py_hash_t union_hash(UnionObject *self)
{
    PyObject *set = cstack_allows(" while hashing a union") ? PyFrozenSet_New(self->args) : NULL;
    Py_hash_t h = set ? PyObject_Hash(set) : -1;
    Py_XDECREF(set);
    return h;
}

/* As sets: order does not matter. */
static PyObject *union_richcompare(PyObject *a, PyObject *b, int op)
{
    if (!UNION_CHECK(b) || (op != Py_EQ && op != Py_NE)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    PyObject *x = PySet_New(union_args(a)), *y = x ? PySet_New(union_args(b)) : NULL;
    PyObject *result = y ? PyObject_RichCompare(x, y, op) : NULL;
    Py_XDECREF(x);
    Py_XDECREF(y);
    return result;
}

static PyObject *union_repr(UnionObject *self)
{
    _PyUnicodeWriter writer;
    _PyUnicodeWriter_Init(&writer);
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(self->args); i++) {
        PyObject *arg = PyTuple_GET_ITEM(self->args, i);
        if ((i && _PyUnicodeWriter_WriteASCIIString(&writer, " | ", 3) < 0)
            || (arg == (PyObject *)&_PyNone_Type
                    ? _PyUnicodeWriter_WriteASCIIString(&writer, "None", 4)
                    : params_write_name(&writer, arg))
                   < 0) {
            _PyUnicodeWriter_Dealloc(&writer);
            return NULL;
        }
    }
    return _PyUnicodeWriter_Finish(&writer);
}

static PyObject *union_parameters(UnionObject *self, void *closure)
{
    if (self->parameters == NULL && cstack_allows(" in a union")) {
        self->parameters = params_collect(self->args);
    }
    return Py_XNewRef(self->parameters);
}

/* (int | list[T])[str]: the members are substituted and joined again. */
static PyObject *union_getitem(UnionObject *self, PyObject *item)
{
    PyObject *params = union_parameters(self, NULL);
    PyObject *args = params ? params_substitute((PyObject *)self, self->args, params, item) : NULL;
    Py_XDECREF(params);
    if (args == NULL) {
        return NULL;
    }
    Py_ssize_t n = PyTuple_GET_SIZE(args);
    PyObject *result = n ? Py_NewRef(PyTuple_GET_ITEM(args, 0)) : make_union(args);
    for (Py_ssize_t i = 1; result && i < n; i++) {
        Py_SETREF(result, PyNumber_Or(result, PyTuple_GET_ITEM(args, i)));
    }
    Py_DECREF(args);
    return result;
}

static PyObject *union_getattro(PyObject *self, PyObject *name)
{
    if (PyUnicode_Check(name) && _PyUnicode_EqualToASCIIString(name, "__module__")) {
        return PyObject_GetAttr((PyObject *)Py_TYPE(self), name); /* typing reads it */
    }
    return PyObject_GenericGetAttr(self, name);
}

static PyMemberDef union_members[] = {{"__args__", T_OBJECT, offsetof(UnionObject, args), READONLY},
                                      {NULL}};

static PyGetSetDef union_getsets[] = {
    {"__parameters__", (getter)union_parameters, NULL, "Type variables among the members."},
    {NULL},
};

static PyNumberMethods union_as_number = {.nb_or = union_type_or};
static PyMappingMethods union_as_mapping = {.mp_subscript = (binaryfunc)union_getitem};

PyTypeObject _PyUnion_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "types.UnionType",
    .tp_basicsize = sizeof(UnionObject),
    .tp_dealloc = (destructor)union_dealloc,
    .tp_repr = (reprfunc)union_repr,
    .tp_as_number = &union_as_number,
    .tp_as_mapping = &union_as_mapping,
    .tp_hash = (hashfunc)union_hash,
    .tp_getattro = union_getattro,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_doc = "A union of types (PEP 604)\n\nE.g. for int | str",
    .tp_traverse = (traverseproc)union_traverse,
    .tp_richcompare = union_richcompare,
    .tp_members = union_members,
    .tp_getset = union_getsets,
    .tp_alloc = PyType_GenericAlloc,
    .tp_free = PyObject_GC_Del,
};
