/* SPDX-License-Identifier: MIT
 *
 * A module that keeps to the stable ABI of 3.7: only functions, no struct of an object is known. Built as .abi3.so.
 */
#define Py_LIMITED_API 0x03070000
#define PY_SSIZE_T_CLEAN
#include <Python.h>

typedef struct { PyObject_HEAD PyObject *items; long total; } Bag;

static PyObject *bag_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    allocfunc alloc = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
    Bag *b = (Bag *)alloc(type, 0);
    if (b)
        b->items = PyList_New(0);
    return (PyObject *)b;
}
static int bag_init(PyObject *self, PyObject *args, PyObject *kwds)
{
    static char *names[] = {"start", NULL};
    return PyArg_ParseTupleAndKeywords(args, kwds, "|l:Bag", names, &((Bag *)self)->total) ? 0 : -1;
}
static int bag_traverse(PyObject *self, visitproc visit, void *arg) { Py_VISIT(((Bag *)self)->items); return 0; }
static int bag_clear(PyObject *self) { Py_CLEAR(((Bag *)self)->items); return 0; }
static void bag_dealloc(PyObject *self)
{
    PyTypeObject *type = (PyTypeObject *)PyObject_Type(self);
    PyObject_GC_UnTrack(self);
    bag_clear(self);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
    Py_DECREF(type);
}
static PyObject *bag_add(PyObject *self, PyObject *x)
{
    long v = PyLong_AsLong(x);
    if ((v == -1 && PyErr_Occurred()) || PyList_Append(((Bag *)self)->items, x) < 0)
        return NULL;
    ((Bag *)self)->total += v;
    Py_INCREF(self);
    return self;
}
static PyObject *bag_total(PyObject *self, void *closure) { return PyLong_FromLong(((Bag *)self)->total); }
static Py_ssize_t bag_len(PyObject *self) { return PyList_Size(((Bag *)self)->items); }
static PyObject *bag_item(PyObject *self, PyObject *i) { return PyObject_GetItem(((Bag *)self)->items, i); }
static PyObject *bag_iter(PyObject *self) { return PyObject_GetIter(((Bag *)self)->items); }
static PyObject *bag_repr(PyObject *self) { return PyUnicode_FromFormat("Bag(%ld, %R)", ((Bag *)self)->total, ((Bag *)self)->items); }
static PyObject *bag_compare(PyObject *a, PyObject *b, int op)
{
    return PyObject_RichCompare(((Bag *)a)->items, b, op);
}
static PyMethodDef bag_methods[] = {{"add", bag_add, METH_O, "add($self, x, /)\n--\n\nPut x in."}, {NULL}};
static PyGetSetDef bag_getset[] = {{"total", bag_total, NULL, "the sum", NULL}, {NULL}};
static PyType_Slot bag_slots[] = {
    {Py_tp_new, bag_new}, {Py_tp_init, bag_init}, {Py_tp_dealloc, bag_dealloc}, {Py_tp_traverse, bag_traverse}, {Py_tp_clear, bag_clear}, {Py_tp_methods, bag_methods},
    {Py_tp_getset, bag_getset}, {Py_mp_length, bag_len}, {Py_mp_subscript, bag_item}, {Py_tp_iter, bag_iter}, {Py_tp_repr, bag_repr}, {Py_tp_richcompare, bag_compare}, {0}};
static PyType_Spec bag_spec = {"c_limited.Bag", sizeof(Bag), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE, bag_slots};

static PyObject *words(PyObject *m, PyObject *args)
{
    PyObject *text, *result = PyDict_New(), *list;
    if (!PyArg_ParseTuple(args, "U", &text) || !(list = PyUnicode_Split(text, NULL, -1)))
        return NULL;
    for (Py_ssize_t i = 0; i < PyList_Size(list); i++) {
        PyObject *w = PyList_GetItem(list, i), *old = PyDict_GetItemWithError(result, w), *n = PyLong_FromLong(old ? PyLong_AsLong(old) + 1 : 1);
        PyDict_SetItem(result, w, n);
        Py_DECREF(n);
    }
    Py_DECREF(list);
    return result;
}
static PyObject *recurse(PyObject *m, PyObject *args)
{
    if (Py_EnterRecursiveCall(" in the limited API"))
        return NULL;
    PyObject *r = recurse(m, args);
    Py_LeaveRecursiveCall();
    return r;
}
static PyObject *macros(PyObject *m, PyObject *args)
{
    PyObject *t = PyTuple_New(2), *none = Py_None;
    Py_INCREF(none);
    PyTuple_SetItem(t, 0, none);
    PyTuple_SetItem(t, 1, PyBool_FromLong(1));
    int is = PyTuple_Check(t) + 2 * PyLong_Check(none) + 4 * PyList_CheckExact(t);
    return Py_BuildValue("(NiO)", t, is, (PyObject *)PyLong_Check(none) == NULL ? Py_False : Py_True);
}
static PyMethodDef methods[] = {{"words", words, METH_VARARGS, NULL}, {"recurse", recurse, METH_NOARGS, NULL}, {"macros", macros, METH_NOARGS, NULL}, {NULL}};
static int exec(PyObject *m)
{
    PyObject *bag = PyType_FromSpec(&bag_spec);
    return bag ? PyModule_AddObject(m, "Bag", bag) : -1;
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, exec}, {0}};
static struct PyModuleDef def = {PyModuleDef_HEAD_INIT, "c_limited", NULL, 0, methods, slots, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit_c_limited(void) { return PyModuleDef_Init(&def); }
