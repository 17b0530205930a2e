/* SPDX-License-Identifier: MIT
 *
 * Module _weakref: the types of objects/weakref.c and the list of an object's references.
 */
#include "state.h"

EXPORT int _PyDict_DelItemIf(PyObject *dict, PyObject *key, int (*predicate)(PyObject *value));

static PyWeakReference *head_of(PyObject *op)
{
    return Py_TYPE(op)->tp_weaklistoffset > 0
               ? *(PyWeakReference **)PyObject_GET_WEAKREFS_LISTPTR(op)
               : NULL;
}

static PyObject *weakref_getweakrefcount(PyObject *module, PyObject *op)
{
    return PyLong_FromSsize_t(_PyWeakref_GetWeakrefCount(head_of(op)));
}

static PyObject *weakref_getweakrefs(PyObject *module, PyObject *op)
{
    PyObject *list = PyList_New(0);
    for (PyWeakReference *ref = head_of(op); list && ref; ref = ref->wr_next) {
        if (PyList_Append(list, (PyObject *)ref) < 0) {
            Py_CLEAR(list);
        }
    }
    return list;
}

static int is_dead_weakref(PyObject *value)
{
    if (!PyWeakref_Check(value)) {
        PyErr_SetString(PyExc_TypeError, "not a weakref");
        return -1;
    }
    return PyWeakref_GET_OBJECT(value) == Py_None;
}

static PyObject *weakref_remove_dead(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("_remove_dead_weakref", nargs, 2, 2)) {
        return NULL;
    }
    if (!PyDict_Check(args[0])) {
        _PyArg_BadArgument("_remove_dead_weakref", "argument 1", "dict", args[0]);
        return NULL;
    }
    if (_PyDict_DelItemIf(args[0], args[1], is_dead_weakref) < 0) {
        if (!PyErr_ExceptionMatches(PyExc_KeyError)) {
            return NULL;
        }
        PyErr_Clear(); /* gone already */
    }
    Py_RETURN_NONE;
}

static PyObject *weakref_proxy(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("proxy", nargs, 1, 2)) {
        return NULL;
    }
    return PyWeakref_NewProxy(args[0], nargs > 1 ? args[1] : NULL);
}

static PyMethodDef weakref_functions[] = {
    {"getweakrefcount", weakref_getweakrefcount, METH_O,
     "getweakrefcount($module, object, /)\n--\n\nHow many weak references 'object' has."},
    {"_remove_dead_weakref", (PyCFunction)(void (*)(void))weakref_remove_dead, METH_FASTCALL,
     "_remove_dead_weakref($module, dct, key, /)\n--\n\n"
     "Deletes an entry whose value is a dead reference, in one step."},
    {"getweakrefs", weakref_getweakrefs, METH_O,
     "getweakrefs($module, object, /)\n--\n\nAll weak references to 'object', as a list."},
    {"proxy", (PyCFunction)(void (*)(void))weakref_proxy, METH_FASTCALL,
     "proxy($module, object, callback=None, /)\n"
     "--\n"
     "\n"
     "A proxy that stands for 'object' without keeping it alive.\n"
     "\n"
     "'callback' is called with the proxy when 'object' goes away."},
    {NULL},
};

static int weakref_exec(PyObject *module)
{
    static const struct { const char *name; PyTypeObject *type; } types[] = {
        {"ref", &_PyWeakref_RefType},
        {"ReferenceType", &_PyWeakref_RefType},
        {"ProxyType", &_PyWeakref_ProxyType},
        {"CallableProxyType", &_PyWeakref_CallableProxyType},
    };
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        if (PyModule_AddObjectRef(module, types[i].name, (PyObject *)types[i].type) < 0) {
            return -1;
        }
    }
    return 0;
}

static PyModuleDef_Slot weakref_slots[] = {{Py_mod_exec, weakref_exec}, {0, NULL}};

static PyModuleDef weakref_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_weakref",
    .m_doc = "Weak-reference support module.",
    .m_size = 0,
    .m_methods = weakref_functions,
    .m_slots = weakref_slots,
};

PyMODINIT_FUNC PyInit__weakref(void)
{
    return PyModuleDef_Init(&weakref_module);
}
