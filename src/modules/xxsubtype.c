/* SPDX-License-Identifier: MIT
 *
 * Module xxsubtype: two static types that extend built-in ones, for the tests of subclassing from
 * C. Their base is filled in when the module is executed: a static initialiser may not name another
 * library's type.
 */
#include "vitro.h"

#include <time.h>

typedef struct { PyListObject list; int state; } SpamList;
typedef struct { PyDictObject dict; int state; } SpamDict;

/* -- spamlist -------------------------------------------------------------------------------- */

static PyObject *spamlist_getstate(SpamList *self, PyObject *unused)
{
    return PyLong_FromLong(self->state);
}

static PyObject *spamlist_setstate(SpamList *self, PyObject *args)
{
    return PyArg_ParseTuple(args, "i:setstate", &self->state) ? Py_NewRef(Py_None) : NULL;
}

/* What the method was called with. */
static PyObject *spamlist_special(PyObject *self, PyObject *args, PyObject *kwds)
{
    return PyTuple_Pack(3, self ? self : Py_None, args, kwds ? kwds : Py_None);
}

static PyObject *spamlist_static(PyObject *self, PyObject *args, PyObject *kwds)
{
    return spamlist_special(NULL, args, kwds);
}

static PyObject *spamlist_state_get(SpamList *self, void *closure)
{
    return PyLong_FromLong(self->state);
}

static int spamlist_init(SpamList *self, PyObject *args, PyObject *kwds)
{
    if (PyList_Type.tp_init((PyObject *)self, args, kwds) < 0) {
        return -1;
    }
    self->state = 0;
    return 0;
}

static PyMethodDef spamlist_methods[] = {
    {"getstate", (PyCFunction)spamlist_getstate, METH_NOARGS, "getstate() -> state"},
    {"setstate", (PyCFunction)spamlist_setstate, METH_VARARGS, "setstate(state)"},
    {"classmeth", (PyCFunction)(void (*)(void))spamlist_special,
     METH_VARARGS | METH_KEYWORDS | METH_CLASS, "classmeth(*args, **kw)"},
    {"staticmeth", (PyCFunction)(void (*)(void))spamlist_static,
     METH_VARARGS | METH_KEYWORDS | METH_STATIC, "staticmeth(*args, **kw)"},
    {NULL},
};

static PyGetSetDef spamlist_getsets[] = {
    {"state", (getter)spamlist_state_get, NULL, "an int variable for demonstration purposes"},
    {NULL},
};

static PyTypeObject spamlist_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "xxsubtype.spamlist",
    .tp_basicsize = sizeof(SpamList),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_methods = spamlist_methods,
    .tp_getset = spamlist_getsets,
    .tp_init = (initproc)spamlist_init,
};

/* -- spamdict -------------------------------------------------------------------------------- */

static PyObject *spamdict_getstate(SpamDict *self, PyObject *unused)
{
    return PyLong_FromLong(self->state);
}

static PyObject *spamdict_setstate(SpamDict *self, PyObject *args)
{
    return PyArg_ParseTuple(args, "i:setstate", &self->state) ? Py_NewRef(Py_None) : NULL;
}

static int spamdict_init(SpamDict *self, PyObject *args, PyObject *kwds)
{
    if (PyDict_Type.tp_init((PyObject *)self, args, kwds) < 0) {
        return -1;
    }
    self->state = 0;
    return 0;
}

static PyMethodDef spamdict_methods[] = {
    {"getstate", (PyCFunction)spamdict_getstate, METH_NOARGS, "getstate() -> state"},
    {"setstate", (PyCFunction)spamdict_setstate, METH_VARARGS, "setstate(state)"},
    {NULL},
};

static PyMemberDef spamdict_members[] = {
    {"state", T_INT, offsetof(SpamDict, state), READONLY,
     "an int variable for demonstration purposes"},
    {NULL},
};

static PyTypeObject spamdict_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "xxsubtype.spamdict",
    .tp_basicsize = sizeof(SpamDict),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_methods = spamdict_methods,
    .tp_members = spamdict_members,
    .tp_init = (initproc)spamdict_init,
};

/* -- Module ---------------------------------------------------------------------------------- */

/* Seconds that n attribute lookups take. */
static PyObject *spam_bench(PyObject *module, PyObject *args)
{
    PyObject *obj, *name;
    int n = 1000;
    if (!PyArg_ParseTuple(args, "OU|i", &obj, &name, &n)) {
        return NULL;
    }
    clock_t start = clock();
    while (--n >= 0) {
        PyObject *value = PyObject_GetAttr(obj, name);
        if (value == NULL) {
            return NULL;
        }
        Py_DECREF(value);
    }
    return PyFloat_FromDouble((double)(clock() - start) / CLOCKS_PER_SEC);
}

static PyMethodDef spam_functions[] = {{"bench", spam_bench, METH_VARARGS, NULL}, {NULL}};

static int spam_exec(PyObject *module)
{
    spamlist_type.tp_base = &PyList_Type;
    spamdict_type.tp_base = &PyDict_Type;
    if (PyType_Ready(&spamlist_type) < 0 || PyType_Ready(&spamdict_type) < 0
        || PyModule_AddObjectRef(module, "spamlist", (PyObject *)&spamlist_type) < 0) {
        return -1;
    }
    return PyModule_AddObjectRef(module, "spamdict", (PyObject *)&spamdict_type);
}

static PyModuleDef_Slot spam_slots[] = {{Py_mod_exec, spam_exec}, {0, NULL}};

static PyModuleDef spam_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "xxsubtype",
    .m_doc = "An example of subtyping built-in types from C, which the test suite uses.",
    .m_size = 0,
    .m_methods = spam_functions,
    .m_slots = spam_slots,
};

PyMODINIT_FUNC PyInit_xxsubtype(void)
{
    return PyModuleDef_Init(&spam_module);
}
