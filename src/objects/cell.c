/* SPDX-License-Identifier: MIT
 *
 * Cells: one reference shared between a scope and the functions inside it. ob_ref NULL means
 * unbound.
 */
#include "vm/vm_impl.h"

PyObject *PyCell_New(PyObject *value)
{
    PyCellObject *cell = PyObject_GC_New(PyCellObject, &PyCell_Type);
    if (cell == NULL) {
        return NULL;
    }
    cell->ob_ref = Py_XNewRef(value);
    PyObject_GC_Track(cell);
    return (PyObject *)cell;
}

PyObject *PyCell_Get(PyObject *op)
{
    if (!PyCell_Check(op)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    return Py_XNewRef(PyCell_GET(op));
}

int PyCell_Set(PyObject *op, PyObject *value)
{
    if (!PyCell_Check(op)) {
        PyErr_BadInternalCall();
        return -1;
    }
    PyObject *old = PyCell_GET(op);
    PyCell_SET(op, Py_XNewRef(value));
    Py_XDECREF(old);
    return 0;
}

static PyObject *cell_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) != 0) {
        PyErr_SetString(PyExc_TypeError, "cell() takes no keyword arguments");
        return NULL;
    }
    PyObject *value = NULL;
    return PyArg_UnpackTuple(args, "cell", 0, 1, &value) ? PyCell_New(value) : NULL;
}

static void cell_dealloc(PyCellObject *cell)
{
    PyObject_GC_UnTrack(cell);
    Py_XDECREF(cell->ob_ref);
    PyObject_GC_Del(cell);
}

/* Cells compare by content; an empty one comes first. */
static PyObject *cell_richcompare(PyObject *self, PyObject *other, int op)
{
    if (!PyCell_Check(self) || !PyCell_Check(other)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    PyObject *a = PyCell_GET(self), *b = PyCell_GET(other);
    if (a != NULL && b != NULL) {
        return PyObject_RichCompare(a, b, op);
    }
    Py_RETURN_RICHCOMPARE(b == NULL, a == NULL, op);
}

static PyObject *cell_repr(PyCellObject *cell)
{
    if (cell->ob_ref == NULL) {
        return PyUnicode_FromFormat("<cell at %p: empty>", cell);
    }
    return PyUnicode_FromFormat("<cell at %p: %.80s object at %p>", cell,
                                Py_TYPE(cell->ob_ref)->tp_name, cell->ob_ref);
}

static int cell_traverse(PyCellObject *cell, visitproc visit, void *arg)
{
    Py_VISIT(cell->ob_ref);
    return 0;
}

static int cell_clear(PyCellObject *cell)
{
    Py_CLEAR(cell->ob_ref);
    return 0;
}

static PyObject *cell_get_contents(PyCellObject *cell, void *closure)
{
    if (cell->ob_ref == NULL) {
        PyErr_SetString(PyExc_ValueError, "Cell is empty");
        return NULL;
    }
    return Py_NewRef(cell->ob_ref);
}

static int cell_set_contents(PyCellObject *cell, PyObject *value, void *closure)
{
    Py_XINCREF(value);
    Py_XSETREF(cell->ob_ref, value);
    return 0;
}

static PyGetSetDef cell_getset[] = {
    {"cell_contents", (getter)cell_get_contents, (setter)cell_set_contents, NULL, NULL},
    {0},
};

PyDoc_STRVAR(cell_doc,
"cell([contents])\n--\n\n"
"Create a new cell object.\n\n"
"  contents\n    what the cell holds at first; without it the cell is empty,\n"
"    and reading its cell_contents raises ValueError.");

PyTypeObject PyCell_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "cell",
    .tp_basicsize = sizeof(PyCellObject),
    .tp_dealloc = (destructor)cell_dealloc,
    .tp_repr = (reprfunc)cell_repr,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_doc = cell_doc,
    .tp_traverse = (traverseproc)cell_traverse,
    .tp_clear = (inquiry)cell_clear,
    .tp_richcompare = cell_richcompare,
    .tp_getset = cell_getset,
    .tp_new = cell_new,
};
