/* SPDX-License-Identifier: MIT
 *
 * A ring of objects with a fixed capacity: a type made of slots (sequence, collector, comparison,
 * keyword arguments, members, properties), a sum over buffers, calls back, a capsule, and an
 * exception in the module's state.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

typedef struct {
    PyObject_HEAD
    PyObject **items;
    Py_ssize_t first, used, capacity;
    unsigned long dropped;
} Ring;

typedef struct {
    PyObject *error;
    PyObject *type;
} State;

/* -- The type ---------------------------------------------------------------------------------- */

static int ring_init(PyObject *op, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"capacity", "items", NULL};
    Ring *self = (Ring *)op;
    Py_ssize_t capacity;
    PyObject *items = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "n|$O:Ring", names, &capacity, &items))
        return -1;
    if (capacity <= 0) {
        State *state = PyType_GetModuleState(Py_TYPE(op));
        PyErr_Format(state ? state->error : PyExc_ValueError, "capacity must be positive, not %zd",
                     capacity);
        return -1;
    }
    self->items = PyMem_New(PyObject *, capacity);
    if (self->items == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    self->capacity = capacity;
    if (items == NULL)
        return 0;
    PyObject *result = PyObject_CallMethod(op, "extend", "(O)", items);
    Py_XDECREF(result);
    return result ? 0 : -1;
}

static int ring_traverse(PyObject *op, visitproc visit, void *arg)
{
    Ring *self = (Ring *)op;
    Py_VISIT(Py_TYPE(op));
    for (Py_ssize_t i = 0; i < self->used; i++)
        Py_VISIT(self->items[(self->first + i) % self->capacity]);
    return 0;
}

static int ring_clear(PyObject *op)
{
    Ring *self = (Ring *)op;
    while (self->used > 0) {
        PyObject *old = self->items[self->first];
        self->first = (self->first + 1) % self->capacity;
        self->used--;
        Py_DECREF(old);
    }
    return 0;
}

static void ring_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    ring_clear(op);
    PyMem_Free(((Ring *)op)->items);
    type->tp_free(op);
    Py_DECREF(type);
}

static PyObject *ring_append(PyObject *op, PyObject *item)
{
    Ring *self = (Ring *)op;
    PyObject *old = NULL;
    if (self->capacity == 0) {
        PyErr_SetString(PyExc_RuntimeError, "not initialised");
        return NULL;
    }
    if (self->used == self->capacity) {
        old = self->items[self->first];
        self->first = (self->first + 1) % self->capacity;
        self->used--;
        self->dropped++;
    }
    self->items[(self->first + self->used++) % self->capacity] = Py_NewRef(item);
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

static PyObject *ring_extend(PyObject *op, PyObject *items)
{
    PyObject *it = PyObject_GetIter(items), *item;
    if (it == NULL)
        return NULL;
    while ((item = PyIter_Next(it)) != NULL) {
        PyObject *r = ring_append(op, item);
        Py_DECREF(item);
        if (r == NULL)
            break;
        Py_DECREF(r);
    }
    Py_DECREF(it);
    return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
}

static PyObject *ring_rotate(PyObject *op, PyObject *const *args, Py_ssize_t nargs,
                             PyObject *kwnames)
{
    Ring *self = (Ring *)op;
    if (nargs != 1 || (kwnames && PyTuple_GET_SIZE(kwnames))) {
        PyErr_SetString(PyExc_TypeError, "rotate() takes exactly one positional argument");
        return NULL;
    }
    Py_ssize_t by = PyNumber_AsSsize_t(args[0], PyExc_OverflowError);
    if (by == -1 && PyErr_Occurred())
        return NULL;
    for (Py_ssize_t i = 0; self->used && i < ((by % self->used) + self->used) % self->used; i++) {
        PyObject *item = self->items[self->first];
        self->first = (self->first + 1) % self->capacity;
        self->items[(self->first + self->used - 1) % self->capacity] = item;
    }
    return Py_NewRef(op);
}

static Py_ssize_t ring_length(PyObject *op) { return ((Ring *)op)->used; }

static PyObject *ring_item(PyObject *op, Py_ssize_t i)
{
    Ring *self = (Ring *)op;
    if (i < 0 || i >= self->used) {
        PyErr_Format(PyExc_IndexError, "ring of %zd has no item %zd", self->used, i);
        return NULL;
    }
    return Py_NewRef(self->items[(self->first + i) % self->capacity]);
}

static PyObject *ring_repr(PyObject *op)
{
    int entered = Py_ReprEnter(op);
    if (entered)
        return entered > 0 ? PyUnicode_FromString("Ring(...)") : NULL;
    PyObject *list = PySequence_List(op);
    PyObject *text =
        list ? PyUnicode_FromFormat("Ring(%zd, items=%R)", ((Ring *)op)->capacity, list) : NULL;
    Py_XDECREF(list);
    Py_ReprLeave(op);
    return text;
}

static PyObject *ring_compare(PyObject *a, PyObject *b, int operation)
{
    if (Py_TYPE(a) != Py_TYPE(b))
        Py_RETURN_NOTIMPLEMENTED;
    PyObject *x = PySequence_List(a), *y = PySequence_List(b), *result = NULL;
    if (x && y)
        result = PyObject_RichCompare(x, y, operation);
    Py_XDECREF(x);
    Py_XDECREF(y);
    return result;
}

static PyObject *ring_full(PyObject *op, void *closure)
{
    return PyBool_FromLong(((Ring *)op)->used == ((Ring *)op)->capacity);
}

static PyMethodDef ring_methods[] = {
    {"append", ring_append, METH_O,
     "append($self, item, /)\n--\n\nAdd an item; the oldest falls out of a full ring."},
    {"extend", ring_extend, METH_O, "Add every item."},
    {"rotate", (PyCFunction)(void (*)(void))ring_rotate, METH_FASTCALL | METH_KEYWORDS,
     "Move the first items behind."},
    {NULL},
};
static PyMemberDef ring_members[] = {
    {"capacity", T_PYSSIZET, offsetof(Ring, capacity), READONLY, "most items"},
    {"dropped", T_ULONG, offsetof(Ring, dropped), 0, "items that fell out"},
    {NULL},
};
static PyGetSetDef ring_properties[] = {{"full", ring_full, NULL, "no room left"}, {NULL}};
static PyType_Slot ring_slots[] = {
    {Py_tp_doc, "Ring(capacity, *, items=())\n--\n\nThe last items of a stream."},
    {Py_tp_init, ring_init},
    {Py_tp_new, PyType_GenericNew},
    {Py_tp_dealloc, ring_dealloc},
    {Py_tp_traverse, ring_traverse},
    {Py_tp_clear, ring_clear},
    {Py_tp_repr, ring_repr},
    {Py_tp_richcompare, ring_compare},
    {Py_tp_methods, ring_methods},
    {Py_tp_members, ring_members},
    {Py_tp_getset, ring_properties},
    {Py_sq_length, ring_length},
    {Py_sq_item, ring_item},
    {0, NULL},
};
static PyType_Spec ring_spec = {
    "ring.Ring", sizeof(Ring), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
    ring_slots,
};

/* -- Functions of the module -------------------------------------------------------------------- */

static PyObject *sum_bytes(PyObject *module, PyObject *object)
{
    Py_buffer view;
    if (PyObject_GetBuffer(object, &view, PyBUF_FORMAT | PyBUF_ND | PyBUF_C_CONTIGUOUS) < 0)
        return NULL;
    unsigned long long sum = 0;
    for (Py_ssize_t i = 0; i < view.len; i++)
        sum += ((unsigned char *)view.buf)[i];
    PyObject *result = Py_BuildValue("(Ksin)", sum, view.format, view.ndim, view.itemsize);
    PyBuffer_Release(&view);
    return result;
}

static PyObject *call_twice(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                            PyObject *kwnames)
{
    if (nargs < 1) {
        PyErr_SetString(((State *)PyModule_GetState(module))->error,
                        "call_twice() needs a callable");
        return NULL;
    }
    PyObject *first = PyObject_Vectorcall(args[0], args + 1, nargs - 1, kwnames);
    PyObject *second = first ? PyObject_Vectorcall(args[0], args + 1, nargs - 1, kwnames) : NULL;
    if (second == NULL) {
        Py_XDECREF(first);
        return NULL;
    }
    return Py_BuildValue("(NN)", first, second);
}

static int module_exec(PyObject *module)
{
    static int answer = 42;
    State *state = PyModule_GetState(module);
    state->error =
        PyErr_NewExceptionWithDoc("ring.Error", "What goes wrong here.", PyExc_ValueError, NULL);
    state->type = PyType_FromModuleAndSpec(module, &ring_spec, NULL);
    if (state->error == NULL || state->type == NULL ||
        PyModule_AddType(module, (PyTypeObject *)state->type) < 0)
        return -1;
    if (PyModule_AddObjectRef(module, "Error", state->error) < 0 ||
        PyModule_AddIntConstant(module, "VERSION", 3) < 0)
        return -1;
    PyObject *capsule = PyCapsule_New(&answer, "ring.answer", NULL);
    int r = PyModule_AddObjectRef(module, "answer", capsule);
    Py_XDECREF(capsule);
    return r;
}

static int module_traverse(PyObject *module, visitproc visit, void *arg)
{
    State *state = PyModule_GetState(module);
    Py_VISIT(state->error);
    Py_VISIT(state->type);
    return 0;
}

static int module_clear(PyObject *module)
{
    State *state = PyModule_GetState(module);
    Py_CLEAR(state->error);
    Py_CLEAR(state->type);
    return 0;
}

static PyMethodDef functions[] = {
    {"sum_bytes", sum_bytes, METH_O,
     "sum_bytes(buffer, /)\n--\n\nSum, format, dimensions and item size."},
    {"call_twice", (PyCFunction)(void (*)(void))call_twice, METH_FASTCALL | METH_KEYWORDS,
     "Both results."},
    {NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_exec, module_exec}, {0, NULL}};
static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "ring",       "Rings.", sizeof(State), functions, slots,
    module_traverse,       module_clear,
};
PyMODINIT_FUNC PyInit_ring(void) { return PyModuleDef_Init(&definition); }
