/* SPDX-License-Identifier: MIT
 *
 * The tuple (year, week, weekday) that date.isocalendar() returns, with named items.
 */
#include "dt.h"

static PyObject *isocalendar_pack(PyTypeObject *type, PyObject *year, PyObject *week,
                                  PyObject *weekday)
{
    PyObject *self = type->tp_alloc(type, 3);
    if (self) {
        PyTuple_SET_ITEM(self, 0, Py_NewRef(year));
        PyTuple_SET_ITEM(self, 1, Py_NewRef(week));
        PyTuple_SET_ITEM(self, 2, Py_NewRef(weekday));
    }
    return self;
}

PyObject *dt_isocalendar_new(int year, int week, int weekday)
{
    PyObject *number = PyLong_FromLong(year);
    if (!number)
        return NULL;
    PyObject *self =
        isocalendar_pack(&dt_isocalendar_type, number, SMALL_INT(week), SMALL_INT(weekday));
    Py_DECREF(number);
    return self;
}

static PyObject *isocalendar_type_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"year", "week", "weekday", NULL};
    PyObject *year, *week, *weekday;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOO:IsoCalendarDate", names, &year, &week,
                                     &weekday))
        return NULL;
    return isocalendar_pack(type, year, week, weekday);
}

static PyObject *isocalendar_repr(PyObject *self)
{
    return PyUnicode_FromFormat("%.200s(year=%S, week=%S, weekday=%S)", Py_TYPE(self)->tp_name,
                                PyTuple_GET_ITEM(self, 0), PyTuple_GET_ITEM(self, 1),
                                PyTuple_GET_ITEM(self, 2));
}

/* Pickled as a plain tuple. */
static PyObject *isocalendar_reduce(PyObject *self, PyObject *ignored)
{
    return Py_BuildValue("O((OOO))", &PyTuple_Type, PyTuple_GET_ITEM(self, 0),
                         PyTuple_GET_ITEM(self, 1), PyTuple_GET_ITEM(self, 2));
}

static PyObject *isocalendar_get(PyObject *self, void *index)
{
    return Py_NewRef(PyTuple_GET_ITEM(self, (Py_ssize_t)(intptr_t)index));
}

static PyMethodDef isocalendar_methods[] = {
    METHOD("__reduce__", isocalendar_reduce, METH_NOARGS, "__reduce__() -> (cls, state)"),
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef isocalendar_getset[] = {
    {"year", isocalendar_get, NULL, NULL, (void *)0},
    {"week", isocalendar_get, NULL, NULL, (void *)1},
    {"weekday", isocalendar_get, NULL, NULL, (void *)2},
    {NULL, NULL, NULL, NULL, NULL},
};

PyTypeObject dt_isocalendar_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "datetime.IsoCalendarDate",
    .tp_doc = "A day as year, week and weekday of ISO 8601.",
    .tp_basicsize = sizeof(PyTupleObject) - sizeof(PyObject *),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_base = &PyTuple_Type,
    .tp_new = isocalendar_type_new,
    .tp_repr = isocalendar_repr,
    .tp_methods = isocalendar_methods,
    .tp_getset = isocalendar_getset,
};
