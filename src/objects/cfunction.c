/* SPDX-License-Identifier: MIT
 *
 * Functions written in C: a PyMethodDef with its self and module.
 *
 *     m_ml      BORROWED: a row of a static table
 *     m_self    strong: the instance, or the module, or NULL
 *     m_module  strong: name of the module (__module__), may be NULL
 *     mm_class  strong, METH_METHOD only (type builtin_method): the class that defines the method
 *
 * The calling convention picks one vectorcall entry when the object is made; METH_VARARGS goes
 * through tp_call. Every entry checks the count of arguments that its convention fixes, refuses
 * keywords it cannot take, and counts recursion, since C code may call back.
 */
#include "mem/gc.h"
#include "vm/vm_impl.h"

extern EXPORT PyObject *_PyType_GetDocFromInternalDoc(const char *name, const char *doc);
extern EXPORT PyObject *_PyType_GetTextSignatureFromInternalDoc(const char *name, const char *doc);

/* -- Calls ------------------------------------------------------------------------------------- */

/* TypeError, unless the tuple is empty: 0, or -1. */
static __attribute__((noinline)) int cfunction_refuse_keywords(PyObject *func, PyObject *kwnames)
{
    if (PyTuple_GET_SIZE(kwnames) == 0) {
        return 0;
    }
    PyObject *name = _PyObject_FunctionStr(func);
    if (name != NULL) {
        PyErr_Format(PyExc_TypeError, "%U takes no keyword arguments", name);
        Py_DECREF(name);
    }
    return -1;
}

static inline int cfunction_no_keywords(PyObject *func, PyObject *kwnames)
{
    return LIKELY(kwnames == NULL) ? 0 : cfunction_refuse_keywords(func, kwnames);
}

/* -1 with TypeError; `format` gets name and count. */
static int cfunction_bad_count(PyObject *func, const char *format, Py_ssize_t nargs)
{
    PyObject *name = _PyObject_FunctionStr(func);
    if (name != NULL) {
        PyErr_Format(PyExc_TypeError, format, name, nargs);
        Py_DECREF(name);
    }
    return -1;
}

#define ENTER(tstate) (vm_recursion_enter_c((tstate), " while calling a Python object") == 0)

static PyObject *cfunction_vectorcall_fast(PyObject *func, PyObject *const *args, size_t nargsf,
                                           PyObject *kwnames)
{
    PyThreadState *tstate = tstate_get();
    if (cfunction_no_keywords(func, kwnames) || !ENTER(tstate)) {
        return NULL;
    }
    _PyCFunctionFast meth = (_PyCFunctionFast)(void (*)(void))PyCFunction_GET_FUNCTION(func);
    PyObject *result = meth(PyCFunction_GET_SELF(func), args, PyVectorcall_NARGS(nargsf));
    vm_recursion_leave(tstate);
    return result;
}

static PyObject *cfunction_vectorcall_fast_keywords(PyObject *func, PyObject *const *args,
                                                    size_t nargsf, PyObject *kwnames)
{
    _PyCFunctionFastWithKeywords meth =
        (_PyCFunctionFastWithKeywords)(void (*)(void))PyCFunction_GET_FUNCTION(func);
    PyThreadState *tstate = tstate_get();
    if (!ENTER(tstate)) {
        return NULL;
    }
    PyObject *result = meth(PyCFunction_GET_SELF(func), args, PyVectorcall_NARGS(nargsf), kwnames);
    vm_recursion_leave(tstate);
    return result;
}

static PyObject *cfunction_vectorcall_method(PyObject *func, PyObject *const *args, size_t nargsf,
                                             PyObject *kwnames)
{
    PyCMethod meth = (PyCMethod)(void (*)(void))PyCFunction_GET_FUNCTION(func);
    PyThreadState *tstate = tstate_get();
    if (!ENTER(tstate)) {
        return NULL;
    }
    PyObject *result = meth(PyCFunction_GET_SELF(func), PyCFunction_GET_CLASS(func), args,
                            PyVectorcall_NARGS(nargsf), kwnames);
    vm_recursion_leave(tstate);
    return result;
}

/* METH_NOARGS and METH_O alike: one argument, maybe NULL. */
static ALWAYS_INLINE PyObject *cfunction_enter(PyObject *func, PyObject *arg)
{
    PyThreadState *tstate = tstate_get();
    if (!ENTER(tstate)) {
        return NULL;
    }
    PyObject *result = PyCFunction_GET_FUNCTION(func)(PyCFunction_GET_SELF(func), arg);
    vm_recursion_leave(tstate);
    return result;
}

static PyObject *cfunction_vectorcall_noargs(PyObject *func, PyObject *const *args, size_t nargsf,
                                             PyObject *kwnames)
{
    if (cfunction_no_keywords(func, kwnames)) {
        return NULL;
    }
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    if (nargs != 0) {
        cfunction_bad_count(func, "%U takes no arguments (%zd given)", nargs);
        return NULL;
    }
    return cfunction_enter(func, NULL);
}

static PyObject *cfunction_vectorcall_o(PyObject *func, PyObject *const *args, size_t nargsf,
                                        PyObject *kwnames)
{
    if (cfunction_no_keywords(func, kwnames)) {
        return NULL;
    }
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    if (nargs != 1) {
        cfunction_bad_count(func, "%U takes exactly one argument (%zd given)", nargs);
        return NULL;
    }
    return cfunction_enter(func, args[0]);
}

/* tp_call: a tuple and a dict as they are for METH_VARARGS, else by the vectorcall entry. */
static PyObject *cfunction_call(PyObject *func, PyObject *args, PyObject *kwargs)
{
    int flags = PyCFunction_GET_FLAGS(func);
    if (!(flags & METH_VARARGS)) {
        return PyVectorcall_Call(func, args, kwargs);
    }
    PyCFunction meth = PyCFunction_GET_FUNCTION(func);
    PyObject *self = PyCFunction_GET_SELF(func);
    PyThreadState *tstate = tstate_get();
    PyObject *result;
    if (flags & METH_KEYWORDS) {
        result = ((PyCFunctionWithKeywords)(void (*)(void))meth)(self, args, kwargs);
    }
    else if (kwargs != NULL && PyDict_GET_SIZE(kwargs) != 0) {
        _PyErr_Format(tstate, PyExc_TypeError, "%.200s() takes no keyword arguments",
                      ((PyCFunctionObject *)func)->m_ml->ml_name);
        return NULL;
    }
    else {
        result = meth(self, args);
    }
    return _Py_CheckFunctionResult(tstate, func, result, NULL);
}

/* -- Making ------------------------------------------------------------------------------------ */

/* SystemError for flags that make no sense together. */
static int cfunction_entry(PyMethodDef *ml, vectorcallfunc *entry)
{
    switch (ml->ml_flags
            & (METH_VARARGS | METH_FASTCALL | METH_NOARGS | METH_O | METH_KEYWORDS | METH_METHOD)) {
    case METH_VARARGS:
    case METH_VARARGS | METH_KEYWORDS:
        *entry = NULL;
        return 0;
    case METH_FASTCALL:
        *entry = cfunction_vectorcall_fast;
        return 0;
    case METH_FASTCALL | METH_KEYWORDS:
        *entry = cfunction_vectorcall_fast_keywords;
        return 0;
    case METH_NOARGS:
        *entry = cfunction_vectorcall_noargs;
        return 0;
    case METH_O:
        *entry = cfunction_vectorcall_o;
        return 0;
    case METH_METHOD | METH_FASTCALL | METH_KEYWORDS:
        *entry = cfunction_vectorcall_method;
        return 0;
    }
    PyErr_Format(PyExc_SystemError, "%s() method: bad call flags", ml->ml_name);
    return -1;
}

/* `cls` goes with METH_METHOD, and only with that. */
PyObject *PyCMethod_New(PyMethodDef *ml, PyObject *self, PyObject *module, PyTypeObject *cls)
{
    vectorcallfunc entry;
    if (cfunction_entry(ml, &entry) < 0) {
        return NULL;
    }
    PyCFunctionObject *func;
    if (ml->ml_flags & METH_METHOD) {
        if (cls == NULL) {
            PyErr_SetString(PyExc_SystemError,
                            "attempting to create PyCMethod with a METH_METHOD flag but no class");
            return NULL;
        }
        PyCMethodObject *method = PyObject_GC_New(PyCMethodObject, &PyCMethod_Type);
        if (method == NULL) {
            return NULL;
        }
        method->mm_class = (PyTypeObject *)Py_NewRef((PyObject *)cls);
        func = &method->func;
    }
    else {
        if (cls != NULL) {
            PyErr_SetString(PyExc_SystemError,
                            "attempting to create PyCFunction with class but no METH_METHOD flag");
            return NULL;
        }
        func = PyObject_GC_New(PyCFunctionObject, &PyCFunction_Type);
        if (func == NULL) {
            return NULL;
        }
    }
    func->m_weakreflist = NULL;
    func->m_ml = ml;
    func->m_self = Py_XNewRef(self);
    func->m_module = Py_XNewRef(module);
    func->vectorcall = entry;
    PyObject_GC_Track(func);
    return (PyObject *)func;
}

#undef PyCFunction_New
#undef PyCFunction_NewEx
PyAPI_FUNC(PyObject *) PyCFunction_New(PyMethodDef *, PyObject *);
PyAPI_FUNC(PyObject *) PyCFunction_NewEx(PyMethodDef *, PyObject *, PyObject *);

PyObject *PyCFunction_New(PyMethodDef *ml, PyObject *self)
{
    return PyCMethod_New(ml, self, NULL, NULL);
}

PyObject *PyCFunction_NewEx(PyMethodDef *ml, PyObject *self, PyObject *module)
{
    return PyCMethod_New(ml, self, module, NULL);
}

/* -- Slots ------------------------------------------------------------------------------------- */

static void cfunction_dealloc(PyCFunctionObject *func)
{
    PyObject_GC_UnTrack(func);
    TRASH_BEGIN(func, cfunction_dealloc)
    if (func->m_weakreflist != NULL) {
        PyObject_ClearWeakRefs((PyObject *)func);
    }
    Py_XDECREF(PyCFunction_GET_CLASS((PyObject *)func));
    Py_XDECREF(func->m_self);
    Py_XDECREF(func->m_module);
    PyObject_GC_Del(func);
    TRASH_END
}

static int cfunction_traverse(PyCFunctionObject *func, visitproc visit, void *arg)
{
    Py_VISIT(func->m_self);
    Py_VISIT(func->m_module);
    Py_VISIT(PyCFunction_GET_CLASS((PyObject *)func));
    return 0;
}

static PyObject *cfunction_repr(PyCFunctionObject *func)
{
    if (func->m_self == NULL || PyModule_Check(func->m_self)) {
        return PyUnicode_FromFormat("<built-in function %s>", func->m_ml->ml_name);
    }
    return PyUnicode_FromFormat("<built-in method %s of %s object at %p>", func->m_ml->ml_name,
                                Py_TYPE(func->m_self)->tp_name, func->m_self);
}

static PyObject *cfunction_richcompare(PyObject *self, PyObject *other, int op)
{
    if ((op != Py_EQ && op != Py_NE) || !PyCFunction_Check(self) || !PyCFunction_Check(other)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    PyCFunctionObject *a = (PyCFunctionObject *)self, *b = (PyCFunctionObject *)other;
    bool equal = a->m_self == b->m_self && a->m_ml->ml_meth == b->m_ml->ml_meth;
    return PyBool_FromLong(equal == (op == Py_EQ));
}

static Py_hash_t cfunction_hash(PyCFunctionObject *func)
{
    Py_hash_t hash = _Py_HashPointer(func->m_self) ^ _Py_HashPointer((void *)func->m_ml->ml_meth);
    return hash == -1 ? -2 : hash;
}

/* -- Attributes -------------------------------------------------------------------------------- */

static PyObject *cfunction_reduce(PyCFunctionObject *func, PyObject *ignored)
{
    if (func->m_self == NULL || PyModule_Check(func->m_self)) {
        return PyUnicode_FromString(func->m_ml->ml_name);
    }
    return Py_BuildValue("N(Os)", _PyEval_GetBuiltin(ID(getattr)), func->m_self,
                         func->m_ml->ml_name);
}

static PyObject *cfunction_get_doc(PyCFunctionObject *func, void *closure)
{
    return _PyType_GetDocFromInternalDoc(func->m_ml->ml_name, func->m_ml->ml_doc);
}

static PyObject *cfunction_get_signature(PyCFunctionObject *func, void *closure)
{
    return _PyType_GetTextSignatureFromInternalDoc(func->m_ml->ml_name, func->m_ml->ml_doc);
}

static PyObject *cfunction_get_name(PyCFunctionObject *func, void *closure)
{
    return PyUnicode_FromString(func->m_ml->ml_name);
}

/* Functions of modules: the bare name. Methods: the
   qualified name of the class, a dot, the name. */
static PyObject *cfunction_get_qualname(PyCFunctionObject *func, void *closure)
{
    if (func->m_self == NULL || PyModule_Check(func->m_self)) {
        return PyUnicode_FromString(func->m_ml->ml_name);
    }
    PyObject *type = PyType_Check(func->m_self) ? func->m_self : (PyObject *)Py_TYPE(func->m_self);
    PyObject *qualname = PyObject_GetAttr(type, ID(__qualname__));
    if (qualname == NULL) {
        return NULL;
    }
    PyObject *result = NULL;
    if (!PyUnicode_Check(qualname)) {
        PyErr_SetString(PyExc_TypeError, "<method>.__class__.__qualname__ is not a unicode object");
    }
    else {
        result = PyUnicode_FromFormat("%S.%s", qualname, func->m_ml->ml_name);
    }
    Py_DECREF(qualname);
    return result;
}

static PyObject *cfunction_get_self(PyCFunctionObject *func, void *closure)
{
    PyObject *self = PyCFunction_GET_SELF((PyObject *)func);
    return Py_NewRef(self != NULL ? self : Py_None);
}

static PyGetSetDef cfunction_getset[] = {
    {"__doc__", (getter)cfunction_get_doc, NULL, NULL, NULL},
    {"__name__", (getter)cfunction_get_name, NULL, NULL, NULL},
    {"__qualname__", (getter)cfunction_get_qualname, NULL, NULL, NULL},
    {"__self__", (getter)cfunction_get_self, NULL, NULL, NULL},
    {"__text_signature__", (getter)cfunction_get_signature, NULL, NULL, NULL},
    {0},
};
static PyMemberDef cfunction_members[] = {
    {"__module__", T_OBJECT, offsetof(PyCFunctionObject, m_module), 0, NULL},
    {0},
};
static PyMethodDef cfunction_methods[] = {
    {"__reduce__", (PyCFunction)cfunction_reduce, METH_NOARGS, NULL},
    {0},
};

PyTypeObject PyCFunction_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "builtin_function_or_method",
    .tp_basicsize = sizeof(PyCFunctionObject),
    .tp_dealloc = (destructor)cfunction_dealloc,
    .tp_vectorcall_offset = offsetof(PyCFunctionObject, vectorcall),
    .tp_repr = (reprfunc)cfunction_repr,
    .tp_hash = (hashfunc)cfunction_hash,
    .tp_call = cfunction_call,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_traverse = (traverseproc)cfunction_traverse,
    .tp_richcompare = cfunction_richcompare,
    .tp_weaklistoffset = offsetof(PyCFunctionObject, m_weakreflist),
    .tp_methods = cfunction_methods,
    .tp_members = cfunction_members,
    .tp_getset = cfunction_getset,
};

PyTypeObject PyCMethod_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "builtin_method",
    .tp_basicsize = sizeof(PyCMethodObject),
    .tp_base = &PyCFunction_Type,
};

/* -- C API ------------------------------------------------------------------------------------- */

PyCFunction PyCFunction_GetFunction(PyObject *op)
{
    if (!PyCFunction_Check(op)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    return ((PyCFunctionObject *)op)->m_ml->ml_meth;
}

PyObject *PyCFunction_GetSelf(PyObject *op)
{
    if (!PyCFunction_Check(op)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    return PyCFunction_GET_SELF(op);
}

int PyCFunction_GetFlags(PyObject *op)
{
    if (!PyCFunction_Check(op)) {
        PyErr_BadInternalCall();
        return -1;
    }
    return PyCFunction_GET_FLAGS(op);
}

PyObject *PyCFunction_Call(PyObject *callable, PyObject *args, PyObject *kwargs)
{
    return PyObject_Call(callable, args, kwargs);
}
