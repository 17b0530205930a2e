/* SPDX-License-Identifier: MIT
 *
 * One object into the stream: which path it takes, the memo opcodes, persistent ids and hooks.
 *
 * Order of the choices: persistent_id(); atoms, which are never in the memo; the memo; built-in
 * types by exact type; reducer_override(); classes and functions by name; the dispatch table;
 * __reduce_ex__ or __reduce__.
 */
#include "modules/_pickle/pickle_impl.h"

/* -- Memo ------------------------------------------------------------------------------------ */

/* Numbers obj and writes the opcode that lets the reader do the same. */
int pickle_memo_put(Pickler *p, PyObject *obj)
{
    if (p->fast)
        return 0;
    Py_ssize_t id = (Py_ssize_t)p->memo->used;
    if (pickle_memo_set(p->memo, obj, id) < 0)
        return -1;
    if (p->protocol >= 4)
        return pickle_op(p, OP_MEMOIZE);
    char op[32];
    if (!p->binary)
        return pickle_put(p, op, snprintf(op, sizeof op, "%c%zd\n", OP_PUT, id));
    if (id < 256) {
        op[0] = OP_BINPUT;
        op[1] = (char)id;
        return pickle_put(p, op, 2);
    }
    if (id > 0xffffffffL) {
        PyErr_SetString(p->state->PicklingError, "memo id too large for LONG_BINPUT");
        return -1;
    }
    op[0] = OP_LONG_BINPUT;
    pickle_store_le(op + 1, (uint64_t)id, 4);
    return pickle_put(p, op, 5);
}

/* Writes the opcode that fetches object number id. */
int pickle_memo_get(Pickler *p, Py_ssize_t id)
{
    char op[32];
    if (!p->binary)
        return pickle_put(p, op, snprintf(op, sizeof op, "%c%zd\n", OP_GET, id));
    if (id >= 0 && id < 256) {
        op[0] = OP_BINGET;
        op[1] = (char)id;
        return pickle_put(p, op, 2);
    }
    if (id < 0 || id > 0xffffffffL) {
        PyErr_SetString(p->state->PicklingError, "memo id too large for LONG_BINGET");
        return -1;
    }
    op[0] = OP_LONG_BINGET;
    pickle_store_le(op + 1, (uint64_t)id, 4);
    return pickle_put(p, op, 5);
}

/* -- Hooks ----------------------------------------------------------------------------------- */

int pickle_hook_init(PyObject *self, PyObject *name, PyObject **func, PyObject **func_self)
{
    PyObject *found;
    int rc = _PyObject_LookupAttr(self, name, &found);
    if (rc < 0)
        return -1;
    *func_self = NULL;
    if (found && PyMethod_Check(found) && PyMethod_GET_SELF(found) == self) {
        *func_self = self;
        Py_SETREF(found, Py_NewRef(PyMethod_GET_FUNCTION(found)));
    }
    Py_XSETREF(*func, found);
    return 0;
}

PyObject *pickle_hook_get(PyObject *func, PyObject *func_self, const char *name)
{
    if (!func) {
        PyErr_SetString(PyExc_AttributeError, name);
        return NULL;
    }
    return func_self ? PyMethod_New(func, func_self) : Py_NewRef(func);
}

int pickle_hook_set(PyObject **func, PyObject **func_self, PyObject *value, const char *name)
{
    if (!value) {
        PyErr_SetString(PyExc_TypeError, "attribute deletion is not supported");
        return -1;
    }
    if (!PyCallable_Check(value)) {
        PyErr_Format(PyExc_TypeError, "%s must be a callable taking one argument", name);
        return -1;
    }
    *func_self = NULL;
    Py_XSETREF(*func, Py_NewRef(value));
    return 0;
}

PyObject *pickle_hook_call(PyObject *func, PyObject *func_self, PyObject *arg)
{
    PyObject *stack[2] = {func_self, arg}, *result;
    Py_INCREF(func);
    result = func_self ? PyObject_Vectorcall(func, stack, 2, NULL) : PyObject_CallOneArg(func, arg);
    Py_DECREF(func);
    return result;
}

static int save_persistent_text(Pickler *p, PyObject *id)
{
    PyObject *text = PyObject_Str(id);
    int rc = -1;
    if (text && !PyUnicode_IS_ASCII(text))
        PyErr_SetString(p->state->PicklingError,
                        "persistent IDs in protocol 0 must be ASCII strings");
    else if (text)
        rc = pickle_op(p, OP_PERSID) < 0 ||
                     pickle_put(p, PyUnicode_1BYTE_DATA(text), PyUnicode_GET_LENGTH(text)) < 0 ||
                     pickle_op(p, '\n') < 0
                 ? -1
                 : 0;
    Py_XDECREF(text);
    return rc;
}

/* 1 saved as a persistent id, 0 not to be. */
static int save_persistent(Pickler *p, PyObject *obj)
{
    PyObject *id = pickle_hook_call(p->persistent_id, p->persistent_self, obj);
    int rc = 1;
    if (!id)
        return -1;
    if (id == Py_None)
        rc = 0;
    else if (!p->binary)
        rc = save_persistent_text(p, id) < 0 ? -1 : 1;
    else if (pickle_save_plain(p, id) < 0 || pickle_op(p, OP_BINPERSID) < 0)
        rc = -1;
    Py_DECREF(id);
    return rc;
}

/* -- Reduction ------------------------------------------------------------------------------- */

/* obj.__reduce_ex__(protocol) or obj.__reduce__(). */
static PyObject *call_reduce(Pickler *p, PyObject *obj)
{
    PyObject *method = NULL, *result;
    PyTypeObject *type = Py_TYPE(obj);
    PyObject *plain = type->tp_getattro == PyObject_GenericGetAttr
                          ? _PyType_Lookup(type, ID(__reduce_ex__))
                          : NULL;
    if (plain && PyType_HasFeature(Py_TYPE(plain),
                                   Py_TPFLAGS_METHOD_DESCRIPTOR)) { /* no bound method needed */
        PyObject *stack[2] = {obj, SMALL_INT(p->protocol)};
        return PyObject_VectorcallMethod(ID(__reduce_ex__), stack,
                                         2 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    }
    if (_PyObject_LookupAttr(obj, ID(__reduce_ex__), &method) < 0)
        return NULL;
    if (method)
        result = PyObject_CallOneArg(method, SMALL_INT(p->protocol));
    else {
        if (_PyObject_LookupAttr(obj, ID(__reduce__), &method) < 0)
            return NULL;
        if (!method) {
            PyErr_Format(p->state->PicklingError, "can't pickle '%.200s' object: %R", type->tp_name,
                         obj);
            return NULL;
        }
        result = PyObject_CallNoArgs(method);
    }
    Py_DECREF(method);
    return result;
}

/* The type's entry in the dispatch table; NULL without an exception when there is none. */
static PyObject *find_reducer(Pickler *p, PyTypeObject *type)
{
    if (!p->dispatch_table)
        return Py_XNewRef(PyDict_GetItemWithError(p->state->dispatch_table, (PyObject *)type));
    PyObject *table = Py_NewRef(p->dispatch_table),
             *func = PyObject_GetItem(table, (PyObject *)type);
    Py_DECREF(table);
    if (!func && PyErr_ExceptionMatches(PyExc_KeyError))
        PyErr_Clear();
    return func;
}

/* What stands for the object. NULL without an exception: its name does. */
static PyObject *reduce(Pickler *p, PyObject *obj)
{
    PyTypeObject *type = Py_TYPE(obj);
    PyObject *func = find_reducer(p, type);
    if (func) {
        PyObject *value = PyObject_CallOneArg(func, obj);
        Py_DECREF(func);
        return value;
    }
    if (PyErr_Occurred() || PyType_IsSubtype(type, &PyType_Type))
        return NULL;
    return call_reduce(p, obj);
}

/* STEALS value */
static int save_reduction(Pickler *p, PyObject *obj, PyObject *value)
{
    int rc = -1;
    if (PyUnicode_Check(value))
        rc = pickle_save_global(p, obj, value);
    else if (PyTuple_Check(value))
        rc = pickle_save_reduce(p, value, obj);
    else
        PyErr_SetString(p->state->PicklingError, "__reduce__ must return a string or tuple");
    Py_DECREF(value);
    return rc;
}

/* The object itself, when reducer_override() leaves it to us: NotImplemented. */
static PyObject *call_override(Pickler *p, PyObject *obj)
{
    if (!p->reducer_override)
        return Py_NewRef(Py_NotImplemented);
    PyObject *override = Py_NewRef(p->reducer_override),
             *value = PyObject_CallOneArg(override, obj);
    Py_DECREF(override);
    return value;
}

static int save_other(Pickler *p, PyObject *obj, PyTypeObject *type)
{
    PyObject *value = call_override(p, obj);
    if (!value)
        return -1;
    if (value != Py_NotImplemented)
        return save_reduction(p, obj, value);
    Py_DECREF(value);
    if (type == &PyType_Type)
        return pickle_save_type(p, obj);
    if (type == &PyFunction_Type)
        return pickle_save_global(p, obj, NULL);
    value = reduce(p, obj);
    if (value)
        return save_reduction(p, obj, value);
    return PyErr_Occurred() ? -1 : pickle_save_global(p, obj, NULL);
}

/* -- Choice ---------------------------------------------------------------------------------- */

/* Types whose items are pickled in turn; the caller has guarded the recursion. */
static int save_nested(Pickler *p, PyObject *obj, PyTypeObject *type)
{
    if (type == &PyDict_Type)
        return pickle_save_dict(p, obj);
    if (type == &PySet_Type)
        return pickle_save_set(p, obj);
    if (type == &PyFrozenSet_Type)
        return pickle_save_frozenset(p, obj);
    if (type == &PyList_Type)
        return pickle_save_list(p, obj);
    if (type == &PyTuple_Type)
        return pickle_save_tuple(p, obj);
    if (type == &PyByteArray_Type)
        return pickle_save_bytearray(p, obj);
    if (type == &PyPickleBuffer_Type)
        return pickle_save_buffer(p, obj);
    return save_other(p, obj, type);
}

/* An object of the types whose pickling no hook can change, in the order of their frequency; what
   may refer to others is looked up in the memo before. */
int pickle_save_plain(Pickler *p, PyObject *obj)
{
    PyTypeObject *type = Py_TYPE(obj);
    if (pickle_boundary(p) < 0)
        return -1;
    if (obj == Py_None)
        return pickle_op(p, OP_NONE);
    if (type == &PyLong_Type)
        return pickle_save_int(p, obj);
    if (type == &PyBool_Type)
        return pickle_save_bool(p, obj);
    if (type == &PyFloat_Type)
        return pickle_save_float(p, obj);
    Py_ssize_t id = pickle_memo_find(p->memo, obj);
    if (id >= 0)
        return pickle_memo_get(p, id);
    if (type == &PyUnicode_Type)
        return pickle_save_str(p, obj);
    if (type == &PyBytes_Type)
        return pickle_save_bytes(p, obj);
    if (Py_EnterRecursiveCall(" while pickling an object"))
        return -1;
    int rc = save_nested(p, obj, type);
    Py_LeaveRecursiveCall();
    return rc;
}

int pickle_save(Pickler *p, PyObject *obj)
{
    if (UNLIKELY(p->persistent_id != NULL)) {
        if (pickle_boundary(p) < 0)
            return -1;
        int rc = save_persistent(p, obj);
        if (rc)
            return rc < 0 ? -1 : 0;
    }
    return pickle_save_plain(p, obj);
}
