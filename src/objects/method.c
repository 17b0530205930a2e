/* SPDX-License-Identifier: MIT
 *
 * Bound methods (function + instance) and instancemethod, a C-level wrapper that binds like a
 * function does.
 *
 *     m(a, b)    args:  │ room │ a │ b │   becomes   │ self │ a │ b │   for func
 *
 * A call puts the instance into the slot in front of the arguments when the caller left one
 * (PY_VECTORCALL_ARGUMENTS_OFFSET), so usually nothing is copied; the slot is restored afterwards.
 * The machine's own method calls (LOAD_METHOD) do not make bound methods at all.
 */
#include "vm/vm_impl.h"

/* -- Calls ------------------------------------------------------------------------------------- */

enum { SMALL_ARGS = 6 };

/* The array is copied because the caller gave no room in front. */
static PyObject *method_call_copied(PyThreadState *tstate, PyMethodObject *m, PyObject *const *args,
                                    Py_ssize_t nargs, PyObject *kwnames)
{
    Py_ssize_t total = nargs + (kwnames == NULL ? 0 : PyTuple_GET_SIZE(kwnames));
    if (total == 0) {
        return PyObject_Vectorcall(m->im_func, &m->im_self, 1, NULL);
    }
    PyObject *small[SMALL_ARGS], **copy = small;
    if (total + 1 > SMALL_ARGS && (copy = PyMem_New(PyObject *, total + 1)) == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    copy[0] = m->im_self;
    memcpy(copy + 1, args, (size_t)total * sizeof(PyObject *));
    PyObject *result = PyObject_Vectorcall(m->im_func, copy, (size_t)nargs + 1, kwnames);
    if (copy != small) {
        PyMem_Free(copy);
    }
    return result;
}

static PyObject *method_vectorcall(PyObject *method, PyObject *const *args, size_t nargsf,
                                   PyObject *kwnames)
{
    PyMethodObject *m = (PyMethodObject *)method;
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    if (cstack_low() && cstack_refuse("") < 0) {
        return NULL; /* methods may be bound methods themselves, without end */
    }
    if (!(nargsf & PY_VECTORCALL_ARGUMENTS_OFFSET)) {
        return method_call_copied(tstate_get(), m, args, nargs, kwnames);
    }
    PyObject **shifted = (PyObject **)args - 1, *saved = shifted[0];
    shifted[0] = m->im_self;
    PyObject *result = PyObject_Vectorcall(m->im_func, shifted, (size_t)nargs + 1, kwnames);
    shifted[0] = saved;
    return result;
}

/* -- Slots ------------------------------------------------------------------------------------- */

PyObject *PyMethod_New(PyObject *func, PyObject *self)
{
    if (self == NULL) {
        PyErr_BadInternalCall();
        return NULL;
    }
    PyMethodObject *m = PyObject_GC_New(PyMethodObject, &PyMethod_Type);
    if (m == NULL) {
        return NULL;
    }
    m->im_func = Py_NewRef(func);
    m->im_self = Py_NewRef(self);
    m->im_weakreflist = NULL;
    m->vectorcall = method_vectorcall;
    PyObject_GC_Track(m);
    return (PyObject *)m;
}

static void method_dealloc(PyMethodObject *m)
{
    PyObject_GC_UnTrack(m);
    if (m->im_weakreflist != NULL) {
        PyObject_ClearWeakRefs((PyObject *)m);
    }
    Py_DECREF(m->im_func);
    Py_XDECREF(m->im_self);
    PyObject_GC_Del(m);
}

static int method_traverse(PyMethodObject *m, visitproc visit, void *arg)
{
    Py_VISIT(m->im_func);
    Py_VISIT(m->im_self);
    return 0;
}

/* Equal functions, and one and the same instance. */
static PyObject *method_richcompare(PyObject *self, PyObject *other, int op)
{
    if ((op != Py_EQ && op != Py_NE) || !PyMethod_Check(self) || !PyMethod_Check(other)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    PyMethodObject *a = (PyMethodObject *)self, *b = (PyMethodObject *)other;
    int equal = PyObject_RichCompareBool(a->im_func, b->im_func, Py_EQ);
    if (equal == 1) {
        /* identity: two equal lists have different append methods */
        equal = a->im_self == b->im_self;
    }
    return equal < 0 ? NULL : PyBool_FromLong(equal == (op == Py_EQ));
}

static PyObject *method_repr(PyMethodObject *m)
{
    PyObject *name;
    if (_PyObject_LookupAttr(m->im_func, ID(__qualname__), &name) < 0
        || (name == NULL && _PyObject_LookupAttr(m->im_func, ID(__name__), &name) < 0)) {
        return NULL;
    }
    PyObject *repr;
    if (name != NULL && PyUnicode_Check(name)) {
        repr = PyUnicode_FromFormat("<bound method %V of %R>", name, "?", m->im_self);
    }
    else {
        repr = PyUnicode_FromFormat("<bound method %V of %R>", NULL, "?", m->im_self);
    }
    Py_XDECREF(name);
    return repr;
}

static Py_hash_t method_hash(PyMethodObject *m)
{
    Py_hash_t func = cstack_allows(" while hashing a method") ? PyObject_Hash(m->im_func) : -1;
    if (func == -1) {
        return -1;
    }
    Py_hash_t hash = _Py_HashPointer(m->im_self) ^ func;
    return hash == -1 ? -2 : hash;
}

/* Attributes of the function show through, unless the method type has its own. */
static PyObject *method_getattro(PyObject *obj, PyObject *name)
{
    PyObject *descr = _PyType_Lookup(Py_TYPE(obj), name);
    if (descr == NULL) {
        return cstack_allows(" in a method")
                   ? PyObject_GetAttr(((PyMethodObject *)obj)->im_func, name)
                   : NULL;
    }
    descrgetfunc get = Py_TYPE(descr)->tp_descr_get;
    if (get == NULL) {
        return Py_NewRef(descr);
    }
    Py_INCREF(descr);
    PyObject *result = get(descr, obj, (PyObject *)Py_TYPE(obj));
    Py_DECREF(descr);
    return result;
}

static PyObject *method_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) != 0) {
        PyErr_SetString(PyExc_TypeError, "method() takes no keyword arguments");
        return NULL;
    }
    PyObject *func, *instance;
    if (!PyArg_UnpackTuple(args, "method", 2, 2, &func, &instance)) {
        return NULL;
    }
    if (!PyCallable_Check(func)) {
        PyErr_SetString(PyExc_TypeError, "first argument must be callable");
        return NULL;
    }
    if (instance == NULL || instance == Py_None) {
        PyErr_SetString(PyExc_TypeError, "instance must not be None");
        return NULL;
    }
    return PyMethod_New(func, instance);
}

/* By name: getattr(instance, name). */
static PyObject *method_reduce(PyMethodObject *m, PyObject *ignored)
{
    PyObject *name = PyObject_GetAttr(m->im_func, ID(__name__));
    if (name == NULL) {
        return NULL;
    }
    return Py_BuildValue("N(ON)", _PyEval_GetBuiltin(ID(getattr)), m->im_self, name);
}

static PyObject *method_get_doc(PyMethodObject *m, void *closure)
{
    return PyObject_GetAttr(m->im_func, ID(__doc__));
}

static PyMethodDef method_methods[] = {
    {"__reduce__", (PyCFunction)method_reduce, METH_NOARGS,
     "__reduce__($self, /)\n--\n\n"
     "What pickle stores."},
    {0},
};
static PyMemberDef method_members[] = {
    {"__func__", T_OBJECT, offsetof(PyMethodObject, im_func), READONLY,
     "the function (or other callable) that is bound"},
    {"__self__", T_OBJECT, offsetof(PyMethodObject, im_self), READONLY,
     "the instance it is bound to"},
    {0},
};
static PyGetSetDef method_getset[] = {{"__doc__", (getter)method_get_doc, NULL, NULL, NULL}, {0}};

PyTypeObject PyMethod_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "method",
    .tp_basicsize = sizeof(PyMethodObject),
    .tp_dealloc = (destructor)method_dealloc,
    .tp_vectorcall_offset = offsetof(PyMethodObject, vectorcall),
    .tp_repr = (reprfunc)method_repr,
    .tp_hash = (hashfunc)method_hash,
    .tp_call = PyVectorcall_Call,
    .tp_getattro = method_getattro,
    .tp_setattro = PyObject_GenericSetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_doc = "method(function, instance, /)\n--\n\nA function together with its first argument.",
    .tp_traverse = (traverseproc)method_traverse,
    .tp_richcompare = method_richcompare,
    .tp_weaklistoffset = offsetof(PyMethodObject, im_weakreflist),
    .tp_methods = method_methods,
    .tp_members = method_members,
    .tp_getset = method_getset,
    .tp_new = method_new,
};

/* -- instancemethod ---------------------------------------------------------------------------- */

PyObject *PyInstanceMethod_New(PyObject *func)
{
    PyInstanceMethodObject *m = PyObject_GC_New(PyInstanceMethodObject, &PyInstanceMethod_Type);
    if (m == NULL) {
        return NULL;
    }
    m->func = Py_NewRef(func);
    PyObject_GC_Track(m);
    return (PyObject *)m;
}

static void instancemethod_dealloc(PyInstanceMethodObject *m)
{
    PyObject_GC_UnTrack(m);
    Py_DECREF(m->func);
    PyObject_GC_Del(m);
}

static int instancemethod_traverse(PyInstanceMethodObject *m, visitproc visit, void *arg)
{
    Py_VISIT(m->func);
    return 0;
}

static PyObject *instancemethod_call(PyInstanceMethodObject *m, PyObject *args, PyObject *kwargs)
{
    return PyObject_Call(m->func, args, kwargs);
}

static PyObject *instancemethod_descr_get(PyObject *m, PyObject *obj, PyObject *type)
{
    PyObject *func = ((PyInstanceMethodObject *)m)->func;
    return obj == NULL ? Py_NewRef(func) : PyMethod_New(func, obj);
}

static PyObject *instancemethod_getattro(PyObject *obj, PyObject *name)
{
    PyObject *descr = _PyType_Lookup(Py_TYPE(obj), name);
    if (descr == NULL) {
        return PyObject_GetAttr(((PyInstanceMethodObject *)obj)->func, name);
    }
    descrgetfunc get = Py_TYPE(descr)->tp_descr_get;
    return get == NULL ? Py_NewRef(descr) : get(descr, obj, (PyObject *)Py_TYPE(obj));
}

static PyObject *instancemethod_richcompare(PyObject *self, PyObject *other, int op)
{
    if ((op != Py_EQ && op != Py_NE) || !PyInstanceMethod_Check(self)
        || !PyInstanceMethod_Check(other)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    int equal = PyObject_RichCompareBool(PyInstanceMethod_GET_FUNCTION(self),
                                         PyInstanceMethod_GET_FUNCTION(other), Py_EQ);
    return equal < 0 ? NULL : PyBool_FromLong(equal == (op == Py_EQ));
}

static PyObject *instancemethod_repr(PyInstanceMethodObject *m)
{
    PyObject *name;
    if (_PyObject_LookupAttr(m->func, ID(__name__), &name) < 0) {
        return NULL;
    }
    if (name != NULL && !PyUnicode_Check(name)) {
        Py_CLEAR(name);
    }
    PyObject *repr = PyUnicode_FromFormat("<instancemethod %V at %p>", name, "?", m);
    Py_XDECREF(name);
    return repr;
}

static PyObject *instancemethod_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) != 0) {
        PyErr_SetString(PyExc_TypeError, "instancemethod() takes no keyword arguments");
        return NULL;
    }
    PyObject *func;
    if (!PyArg_UnpackTuple(args, "instancemethod", 1, 1, &func)) {
        return NULL;
    }
    if (!PyCallable_Check(func)) {
        PyErr_SetString(PyExc_TypeError, "first argument must be callable");
        return NULL;
    }
    return PyInstanceMethod_New(func);
}

static PyObject *instancemethod_get_doc(PyInstanceMethodObject *m, void *closure)
{
    return PyObject_GetAttr(m->func, ID(__doc__));
}

static PyMemberDef instancemethod_members[] = {
    {"__func__", T_OBJECT, offsetof(PyInstanceMethodObject, func), READONLY,
     "the function (or other callable) that is wrapped"},
    {0},
};
static PyGetSetDef instancemethod_getset[] = {{"__doc__", (getter)instancemethod_get_doc, NULL,
                                               NULL, NULL},
                                              {0}};

PyTypeObject PyInstanceMethod_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "instancemethod",
    .tp_basicsize = sizeof(PyInstanceMethodObject),
    .tp_dealloc = (destructor)instancemethod_dealloc,
    .tp_repr = (reprfunc)instancemethod_repr,
    .tp_call = (ternaryfunc)instancemethod_call,
    .tp_getattro = instancemethod_getattro,
    .tp_setattro = PyObject_GenericSetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_doc = "instancemethod(function, /)\n--\n\nBind a function to a class.",
    .tp_traverse = (traverseproc)instancemethod_traverse,
    .tp_richcompare = instancemethod_richcompare,
    .tp_members = instancemethod_members,
    .tp_getset = instancemethod_getset,
    .tp_descr_get = instancemethod_descr_get,
    .tp_new = instancemethod_new,
};

/* -- C API ------------------------------------------------------------------------------------- */

PyObject *PyMethod_Function(PyObject *m)
{
    if (!PyMethod_Check(m)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    return ((PyMethodObject *)m)->im_func;
}

PyObject *PyMethod_Self(PyObject *m)
{
    if (!PyMethod_Check(m)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    return ((PyMethodObject *)m)->im_self;
}

PyObject *PyInstanceMethod_Function(PyObject *m)
{
    if (!PyInstanceMethod_Check(m)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    return PyInstanceMethod_GET_FUNCTION(m);
}
