/* SPDX-License-Identifier: MIT
 *
 * Slot wrappers (int.__add__, type wrapper_descriptor) and their bound form ((1).__add__, type
 * method-wrapper). A wrapper holds a row of the slot table (d_base) and the slot function it stands
 * for (d_wrapped).
 */
#include "mem/gc.h"
#include "objects/contain.h"
#include "objects/type/descr.h"

/* -- wrapper_descriptor ---------------------------------------------------------------------- */

/* self was checked by the caller. */
static PyObject *wrapper_raw_call(PyWrapperDescrObject *descr, PyObject *self, PyObject *args,
                                  PyObject *kwds)
{
    wrapperfunc wrapper = descr->d_base->wrapper;
    if (descr->d_base->flags & PyWrapperFlag_KEYWORDS) {
        return ((wrapperfunc_kwds)(void (*)(void))wrapper)(self, args, descr->d_wrapped, kwds);
    }
    if (kwds && (!PyDict_Check(kwds) || PyDict_GET_SIZE(kwds) != 0)) {
        PyErr_Format(PyExc_TypeError, "wrapper %s() takes no keyword arguments",
                     descr->d_base->name);
        return NULL;
    }
    return wrapper(self, args, descr->d_wrapped);
}

/* self, the first argument, suits the descriptor. */
static bool self_fits(PyWrapperDescrObject *descr, PyObject *const *args, Py_ssize_t n)
{
    if (n < 1) {
        PyErr_Format(PyExc_TypeError, "descriptor '%V' of '%.100s' object needs an argument",
                     DESCR_NAME(descr), PyDescr_TYPE(descr)->tp_name);
        return false;
    }
    if (!_PyObject_RealIsSubclass((PyObject *)Py_TYPE(args[0]), (PyObject *)PyDescr_TYPE(descr))) {
        PyErr_Format(PyExc_TypeError,
                     "descriptor '%V' requires a '%.100s' object but received a '%.100s'",
                     DESCR_NAME(descr), PyDescr_TYPE(descr)->tp_name, Py_TYPE(args[0])->tp_name);
        return false;
    }
    return true;
}

/* int.__add__(1, 2): self is the first argument. */
static PyObject *wrapperdescr_call(PyWrapperDescrObject *descr, PyObject *args, PyObject *kwds)
{
    Py_ssize_t n = PyTuple_GET_SIZE(args);
    if (!self_fits(descr, ((PyTupleObject *)args)->ob_item, n)) {
        return NULL;
    }
    PyObject *rest = PyTuple_GetSlice(args, 1, n);
    if (rest == NULL) {
        return NULL;
    }
    PyObject *result = wrapper_raw_call(descr, PyTuple_GET_ITEM(args, 0), rest, kwds);
    Py_DECREF(rest);
    return result;
}

/* Slot functions that take just these arguments need no tuple; *handled tells. */
static PyObject *call_without_tuple(PyWrapperDescrObject *descr, PyObject *self,
                                    PyObject *const *args, Py_ssize_t n, bool *handled)
{
    wrapperfunc wrapper = descr->d_base->wrapper;
    void *wrapped = descr->d_wrapped;
    *handled = true;
    if (n == 0 && wrapper == wrap_unaryfunc) {
        return ((unaryfunc)wrapped)(self);
    }
    if (n == 1 && (wrapper == wrap_binaryfunc || wrapper == wrap_binaryfunc_l)) {
        return ((binaryfunc)wrapped)(self, args[0]);
    }
    if (n == 2 && wrapper == wrap_objobjargproc) {
        return ((objobjargproc)wrapped)(self, args[0], args[1]) < 0 ? NULL : Py_NewRef(Py_None);
    }
    *handled = false;
    return NULL;
}

static PyObject *call_with_array(PyWrapperDescrObject *descr, PyObject *self,
                                 PyObject *const *args, Py_ssize_t n)
{
    bool handled;
    args_hold(args, n);
    PyObject *result = call_without_tuple(descr, self, args, n, &handled);
    args_let_go(args, n);
    if (handled) {
        return result;
    }
    PyObject *tuple = n == 0 ? Py_NewRef(EMPTY_TUPLE) : _PyTuple_FromArray(args, n);
    result = tuple ? wrapper_raw_call(descr, self, tuple, NULL) : NULL;
    Py_XDECREF(tuple);
    return result;
}

static PyObject *wrapperdescr_repr(PyDescrObject *descr)
{
    return PyUnicode_FromFormat("<slot wrapper '%V' of '%s' objects>", DESCR_NAME(descr),
                                PyDescr_TYPE(descr)->tp_name);
}

static PyObject *wrapperdescr_get(PyWrapperDescrObject *descr, PyObject *obj, PyObject *type)
{
    if (obj == NULL) {
        return Py_NewRef(descr);
    }
    return descr_check((PyDescrObject *)descr, obj) < 0 ? NULL
                                                        : PyWrapper_New((PyObject *)descr, obj);
}

static PyObject *wrapperdescr_doc(PyWrapperDescrObject *descr, void *closure)
{
    return _PyType_GetDocFromInternalDoc(descr->d_base->name, descr->d_base->doc);
}

static PyObject *wrapperdescr_text_signature(PyWrapperDescrObject *descr, void *closure)
{
    return _PyType_GetTextSignatureFromInternalDoc(descr->d_base->name, descr->d_base->doc);
}

static PyGetSetDef wrapperdescr_getsets[] = {
    {"__doc__", (getter)wrapperdescr_doc},
    {"__qualname__", (getter)descr_get_qualname},
    {"__text_signature__", (getter)wrapperdescr_text_signature},
    {NULL},
};

PyTypeObject PyWrapperDescr_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "wrapper_descriptor",
    .tp_basicsize = sizeof(PyWrapperDescrObject),
    .tp_dealloc = (destructor)descr_dealloc,
    .tp_repr = (reprfunc)wrapperdescr_repr,
    .tp_call = (ternaryfunc)wrapperdescr_call,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_METHOD_DESCRIPTOR,
    .tp_traverse = descr_traverse,
    .tp_methods = descr_methods,
    .tp_members = descr_members,
    .tp_getset = wrapperdescr_getsets,
    .tp_descr_get = (descrgetfunc)wrapperdescr_get,
};

/* `base` is a row of slots.c, which lives for ever. */
PyObject *PyDescr_NewWrapper(PyTypeObject *type, struct wrapperbase *base, void *wrapped)
{
    PyWrapperDescrObject *descr = (PyWrapperDescrObject *)descr_new(&PyWrapperDescr_Type, type,
                                                                    base->name);
    if (descr) {
        descr->d_base = base;
        descr->d_wrapped = wrapped;
    }
    return (PyObject *)descr;
}

/* -- method-wrapper -------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    PyWrapperDescrObject *descr; /* strong */
    PyObject *self;              /* strong */
} WrapperObject;

static void wrapper_dealloc(WrapperObject *w)
{
    PyObject_GC_UnTrack(w);
    TRASH_BEGIN(w, wrapper_dealloc)
    Py_XDECREF(w->descr);
    Py_XDECREF(w->self);
    PyObject_GC_Del(w);
    TRASH_END
}

static int wrapper_traverse(WrapperObject *w, visitproc visit, void *arg)
{
    Py_VISIT(w->descr);
    Py_VISIT(w->self);
    return 0;
}

static PyObject *wrapper_richcompare(PyObject *a, PyObject *b, int op)
{
    if ((op != Py_EQ && op != Py_NE) || !Py_IS_TYPE(b, &_PyMethodWrapper_Type)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    WrapperObject *x = (WrapperObject *)a, *y = (WrapperObject *)b;
    bool equal = x->descr == y->descr && x->self == y->self;
    return PyBool_FromLong(equal == (op == Py_EQ));
}

static Py_hash_t wrapper_hash(WrapperObject *w)
{
    Py_hash_t h = _Py_HashPointer(w->self) ^ _Py_HashPointer(w->descr);
    return h == -1 ? -2 : h;
}

static PyObject *wrapper_repr(WrapperObject *w)
{
    return PyUnicode_FromFormat("<method-wrapper '%s' of %s object at %p>", w->descr->d_base->name,
                                Py_TYPE(w->self)->tp_name, w->self);
}

static PyObject *wrapper_call(WrapperObject *w, PyObject *args, PyObject *kwds)
{
    return wrapper_raw_call(w->descr, w->self, args, kwds);
}

bool is_slot_wrapper(PyObject *op)
{
    return Py_IS_TYPE(op, &PyWrapperDescr_Type) || Py_IS_TYPE(op, &_PyMethodWrapper_Type);
}

PyObject *slot_wrapper_call(PyObject *op, PyObject *const *args, Py_ssize_t n)
{
    if (Py_IS_TYPE(op, &_PyMethodWrapper_Type)) {
        WrapperObject *w = (WrapperObject *)op;
        return call_with_array(w->descr, w->self, args, n);
    }
    PyWrapperDescrObject *descr = (PyWrapperDescrObject *)op;
    if (!self_fits(descr, args, n)) {
        return NULL;
    }
    args_hold(args, n);
    PyObject *result = call_with_array(descr, args[0], args + 1, n - 1);
    args_let_go(args, n);
    return result;
}

static PyObject *wrapper_reduce(WrapperObject *w, PyObject *unused)
{
    PyObject *getattr = _PyEval_GetBuiltin(ID(getattr));
    return Py_BuildValue("N(OO)", getattr, w->self, PyDescr_NAME(w->descr));
}

static PyObject *wrapper_objclass(WrapperObject *w, void *closure)
{
    return Py_NewRef(PyDescr_TYPE(w->descr));
}

static PyObject *wrapper_name(WrapperObject *w, void *closure)
{
    return PyUnicode_FromString(w->descr->d_base->name);
}

static PyObject *wrapper_qualname(WrapperObject *w, void *closure)
{
    return descr_get_qualname((PyDescrObject *)w->descr, NULL);
}

static PyObject *wrapper_doc(WrapperObject *w, void *closure)
{
    return wrapperdescr_doc(w->descr, NULL);
}

static PyObject *wrapper_text_signature(WrapperObject *w, void *closure)
{
    return wrapperdescr_text_signature(w->descr, NULL);
}

static PyMethodDef wrapper_methods[] = {{"__reduce__", (PyCFunction)wrapper_reduce, METH_NOARGS,
                                         NULL},
                                        {NULL}};

static PyMemberDef wrapper_members[] = {
    {"__self__", T_OBJECT, offsetof(WrapperObject, self), READONLY},
    {NULL},
};

static PyGetSetDef wrapper_getsets[] = {
    {"__objclass__", (getter)wrapper_objclass},
    {"__name__", (getter)wrapper_name},
    {"__qualname__", (getter)wrapper_qualname},
    {"__doc__", (getter)wrapper_doc},
    {"__text_signature__", (getter)wrapper_text_signature},
    {NULL},
};

PyTypeObject _PyMethodWrapper_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "method-wrapper",
    .tp_basicsize = sizeof(WrapperObject),
    .tp_dealloc = (destructor)wrapper_dealloc,
    .tp_repr = (reprfunc)wrapper_repr,
    .tp_hash = (hashfunc)wrapper_hash,
    .tp_call = (ternaryfunc)wrapper_call,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = (traverseproc)wrapper_traverse,
    .tp_richcompare = wrapper_richcompare,
    .tp_methods = wrapper_methods,
    .tp_members = wrapper_members,
    .tp_getset = wrapper_getsets,
};

PyObject *PyWrapper_New(PyObject *d, PyObject *self)
{
    WrapperObject *w = PyObject_GC_New(WrapperObject, &_PyMethodWrapper_Type);
    if (w) {
        w->descr = (PyWrapperDescrObject *)Py_NewRef(d);
        w->self = Py_NewRef(self);
        gc_track((PyObject *)w);
    }
    return (PyObject *)w;
}
