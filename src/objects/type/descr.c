/* SPDX-License-Identifier: MIT
 *
 * Descriptors of C types: methods (list.append), class methods (dict.fromkeys), members
 * (slice.start), getsets (type.__name__). All begin with PyDescrObject:
 *
 *     d_type      the type that the descriptor belongs to, strong; self must be an instance of it
 *     d_name      interned str
 *     d_qualname  made on demand, or NULL
 *     then        d_method, d_member or d_getset: BORROWED, a row of a static table
 *
 * A method descriptor carries one of seven vectorcall functions, chosen by its METH_ flags: an
 * unbound call list.append(x, 1), and every method call of the machine, goes straight to the C
 * function without a tuple or a bound method. Each of them checks self (descr_check), the number of
 * arguments that its flags fix, and the recursion limit (ENTER_C, undone by Py_LeaveRecursiveCall).
 */
#include "capi/capi.h"
#include "objects/type/descr.h"

#define DESCR_TYPE_NAME(d) (PyDescr_TYPE(d)->tp_name)

/* -- Common part ----------------------------------------------------------------------------- */

PyDescrObject *descr_new(PyTypeObject *descrtype, PyTypeObject *type, const char *name)
{
    PyDescrObject *descr = (PyDescrObject *)PyType_GenericAlloc(descrtype, 0);
    if (descr) {
        descr->d_type = (PyTypeObject *)Py_XNewRef(type);
        descr->d_name = PyUnicode_InternFromString(name);
        if (descr->d_name == NULL) {
            Py_CLEAR(descr);
        }
    }
    return descr;
}

void descr_dealloc(PyDescrObject *descr)
{
    PyObject_GC_UnTrack(descr);
    Py_XDECREF(descr->d_type);
    Py_XDECREF(descr->d_name);
    Py_XDECREF(descr->d_qualname);
    PyObject_GC_Del(descr);
}

int descr_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((PyDescrObject *)self)->d_type);
    return 0;
}

static PyObject *descr_repr(PyDescrObject *descr, const char *format)
{
    PyObject *name = descr->d_name && PyUnicode_Check(descr->d_name) ? descr->d_name : NULL;
    return PyUnicode_FromFormat(format, name, "?", DESCR_TYPE_NAME(descr));
}

int descr_check(PyDescrObject *descr, PyObject *obj)
{
    if (LIKELY(PyObject_TypeCheck(obj, descr->d_type))) {
        return 0;
    }
    PyErr_Format(PyExc_TypeError,
                 "descriptor '%V' for '%.100s' objects doesn't apply to a '%.100s' object",
                 DESCR_NAME(descr), DESCR_TYPE_NAME(descr), Py_TYPE(obj)->tp_name);
    return -1;
}

/* "type's qualname.name". */
static PyObject *calculate_qualname(PyDescrObject *descr)
{
    if (descr->d_name == NULL || !PyUnicode_Check(descr->d_name)) {
        PyErr_SetString(PyExc_TypeError, "<descriptor>.__name__ is not a unicode object");
        return NULL;
    }
    PyObject *of_type = PyObject_GetAttr((PyObject *)descr->d_type, ID(__qualname__)),
             *result = NULL;
    if (of_type == NULL) {
        return NULL;
    }
    if (PyUnicode_Check(of_type)) {
        result = PyUnicode_FromFormat("%S.%S", of_type, descr->d_name);
    }
    else {
        PyErr_SetString(PyExc_TypeError,
                        "<descriptor>.__objclass__.__qualname__ is not a unicode object");
    }
    Py_DECREF(of_type);
    return result;
}

PyObject *descr_get_qualname(PyDescrObject *descr, void *closure)
{
    if (descr->d_qualname == NULL) {
        descr->d_qualname = calculate_qualname(descr);
    }
    return Py_XNewRef(descr->d_qualname);
}

PyObject *descr_reduce(PyDescrObject *descr, PyObject *unused)
{
    PyObject *getattr = _PyEval_GetBuiltin(ID(getattr));
    return Py_BuildValue("N(OO)", getattr, PyDescr_TYPE(descr), PyDescr_NAME(descr));
}

PyMethodDef descr_methods[] = {
    {"__reduce__", (PyCFunction)descr_reduce, METH_NOARGS, NULL},
    {NULL},
};

PyMemberDef descr_members[] = {
    {"__objclass__", T_OBJECT, offsetof(PyDescrObject, d_type), READONLY},
    {"__name__", T_OBJECT, offsetof(PyDescrObject, d_name), READONLY},
    {NULL},
};

#define QUALNAME_GETSET {"__qualname__", (getter)descr_get_qualname}

/* -- Methods --------------------------------------------------------------------------------- */

/* d.__get__(obj) gives a bound builtin; calling d itself passes obj as first argument. The
   machine does neither: it calls the vectorcall function with obj in front of the arguments. */

/* Without an object (looked up in the class) the descriptor itself. */
static PyObject *method_get(PyMethodDescrObject *descr, PyObject *obj, PyObject *type)
{
    if (obj == NULL) {
        return Py_NewRef(descr);
    }
    if (descr_check((PyDescrObject *)descr, obj) < 0) {
        return NULL;
    }
    if (descr->d_method->ml_flags & METH_METHOD) {
        if (type && !PyType_Check(type)) {
            PyErr_Format(PyExc_TypeError, "descriptor '%V' needs a type, not '%s', as arg 2",
                         DESCR_NAME(descr), Py_TYPE(type)->tp_name);
            return NULL;
        }
        return PyCMethod_New(descr->d_method, obj, NULL, descr->d_common.d_type);
    }
    return PyCFunction_NewEx(descr->d_method, obj, NULL);
}

/* The checks of an unbound call: an argument of the right type in front, no keywords. */
static bool method_check_args(PyObject *func, PyObject *const *args, Py_ssize_t nargs,
                              PyObject *kwnames)
{
    if (UNLIKELY(nargs < 1)) {
        PyObject *name = _PyObject_FunctionStr(func);
        if (name) {
            PyErr_Format(PyExc_TypeError, "unbound method %U needs an argument", name);
            Py_DECREF(name);
        }
        return false;
    }
    if (descr_check((PyDescrObject *)func, args[0]) < 0) {
        return false;
    }
    if (UNLIKELY(kwnames && PyTuple_GET_SIZE(kwnames))) {
        PyObject *name = _PyObject_FunctionStr(func);
        if (name) {
            PyErr_Format(PyExc_TypeError, "%U takes no keyword arguments", name);
            Py_DECREF(name);
        }
        return false;
    }
    return true;
}

/* Always false, with TypeError. */
static bool method_wrong_count(PyObject *func, const char *what, Py_ssize_t given)
{
    PyObject *name = _PyObject_FunctionStr(func);
    if (name) {
        PyErr_Format(PyExc_TypeError, "%U takes %s (%zd given)", name, what, given);
        Py_DECREF(name);
    }
    return false;
}

/* The C function of a method descriptor as the given function type. */
#define C_FUNCTION(kind, func)                                                                     \
    ((kind)(void (*)(void))((PyMethodDescrObject *)(func))->d_method->ml_meth)
#define ENTER_C(tstate) (recursion_enter((tstate), " while calling a Python object") == 0)

/* method_check_args, at once for an instance of the very class. */
static ALWAYS_INLINE bool method_args_fit(PyObject *func, PyObject *const *args, Py_ssize_t nargs,
                                          PyObject *kwnames)
{
    return LIKELY(nargs > 0 && kwnames == NULL && Py_IS_TYPE(args[0], PyDescr_TYPE(func)))
           || method_check_args(func, args, nargs, kwnames);
}

/* A tuple of what follows self. */
static PyObject *vectorcall_varargs(PyObject *func, PyObject *const *args, size_t nargsf,
                                    PyObject *kwnames)
{
    PyThreadState *tstate = tstate_get();
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    if (!method_args_fit(func, args, nargs, kwnames)) {
        return NULL;
    }
    PyObject *tuple = PyTuple_New(nargs - 1), *result = NULL;
    if (tuple == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 1; i < nargs; i++) {
        PyTuple_SET_ITEM(tuple, i - 1, Py_NewRef(args[i]));
    }
    if (ENTER_C(tstate)) {
        result = C_FUNCTION(PyCFunction, func)(args[0], tuple);
        recursion_leave(tstate);
    }
    Py_DECREF(tuple);
    return result;
}

/* A tuple and, if there are keywords, a dict. */
static PyObject *vectorcall_varargs_keywords(PyObject *func, PyObject *const *args, size_t nargsf,
                                             PyObject *kwnames)
{
    PyThreadState *tstate = tstate_get();
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    if (!method_args_fit(func, args, nargs, NULL)) {
        return NULL;
    }
    PyObject *tuple = PyTuple_New(nargs - 1), *kwds = NULL, *result = NULL;
    if (tuple == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 1; i < nargs; i++) {
        PyTuple_SET_ITEM(tuple, i - 1, Py_NewRef(args[i]));
    }
    if (kwnames && PyTuple_GET_SIZE(kwnames) > 0) {
        kwds = PyDict_New();
        for (Py_ssize_t i = 0; kwds && i < PyTuple_GET_SIZE(kwnames); i++) {
            if (PyDict_SetItem(kwds, PyTuple_GET_ITEM(kwnames, i), args[nargs + i]) < 0) {
                Py_CLEAR(kwds);
            }
        }
        if (kwds == NULL) {
            Py_DECREF(tuple);
            return NULL;
        }
    }
    if (ENTER_C(tstate)) {
        result = C_FUNCTION(PyCFunctionWithKeywords, func)(args[0], tuple, kwds);
        recursion_leave(tstate);
    }
    Py_DECREF(tuple);
    Py_XDECREF(kwds);
    return result;
}

static PyObject *vectorcall_fastcall(PyObject *func, PyObject *const *args, size_t nargsf,
                                     PyObject *kwnames)
{
    PyThreadState *tstate = tstate_get();
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    if (!method_args_fit(func, args, nargs, kwnames) || !ENTER_C(tstate)) {
        return NULL;
    }
    PyObject *result = C_FUNCTION(_PyCFunctionFast, func)(args[0], args + 1, nargs - 1);
    recursion_leave(tstate);
    return result;
}

static PyObject *vectorcall_fastcall_keywords(PyObject *func, PyObject *const *args, size_t nargsf,
                                              PyObject *kwnames)
{
    PyThreadState *tstate = tstate_get();
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    if (!method_args_fit(func, args, nargs, NULL) || !ENTER_C(tstate)) {
        return NULL;
    }
    PyObject *result = C_FUNCTION(_PyCFunctionFastWithKeywords, func)(args[0], args + 1, nargs - 1,
                                                                      kwnames);
    recursion_leave(tstate);
    return result;
}

static PyObject *vectorcall_method(PyObject *func, PyObject *const *args, size_t nargsf,
                                   PyObject *kwnames)
{
    PyThreadState *tstate = tstate_get();
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    if (!method_args_fit(func, args, nargs, NULL) || !ENTER_C(tstate)) {
        return NULL;
    }
    PyObject *result = C_FUNCTION(PyCMethod, func)(args[0], PyDescr_TYPE(func), args + 1,
                                                   (size_t)(nargs - 1), kwnames);
    recursion_leave(tstate);
    return result;
}

static PyObject *vectorcall_noargs(PyObject *func, PyObject *const *args, size_t nargsf,
                                   PyObject *kwnames)
{
    PyThreadState *tstate = tstate_get();
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    if (!method_args_fit(func, args, nargs, kwnames)
        || (nargs != 1 && !method_wrong_count(func, "no arguments", nargs - 1))
        || !ENTER_C(tstate)) {
        return NULL;
    }
    PyObject *result = C_FUNCTION(PyCFunction, func)(args[0], NULL);
    recursion_leave(tstate);
    return result;
}

static PyObject *vectorcall_o(PyObject *func, PyObject *const *args, size_t nargsf,
                              PyObject *kwnames)
{
    PyThreadState *tstate = tstate_get();
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    if (!method_args_fit(func, args, nargs, kwnames)
        || (nargs != 2 && !method_wrong_count(func, "exactly one argument", nargs - 1))
        || !ENTER_C(tstate)) {
        return NULL;
    }
    PyObject *result = C_FUNCTION(PyCFunction, func)(args[0], args[1]);
    recursion_leave(tstate);
    return result;
}

/* NULL with SystemError for flags that make no sense together. */
static vectorcallfunc vectorcall_for(PyTypeObject *type, PyMethodDef *method)
{
    switch (method->ml_flags
            & (METH_VARARGS | METH_FASTCALL | METH_NOARGS | METH_O | METH_KEYWORDS | METH_METHOD)) {
    case METH_VARARGS: return vectorcall_varargs;
    case METH_VARARGS | METH_KEYWORDS: return vectorcall_varargs_keywords;
    case METH_FASTCALL: return vectorcall_fastcall;
    case METH_FASTCALL | METH_KEYWORDS: return vectorcall_fastcall_keywords;
    case METH_NOARGS: return vectorcall_noargs;
    case METH_O: return vectorcall_o;
    case METH_METHOD | METH_FASTCALL | METH_KEYWORDS: return vectorcall_method;
    }
    PyErr_Format(PyExc_SystemError, "%s() method: bad call flags", method->ml_name);
    return NULL;
}

static PyObject *method_repr(PyDescrObject *descr)
{
    return descr_repr(descr, "<method '%V' of '%s' objects>");
}

static PyObject *method_doc(PyMethodDescrObject *descr, void *closure)
{
    return _PyType_GetDocFromInternalDoc(descr->d_method->ml_name, descr->d_method->ml_doc);
}

static PyObject *method_text_signature(PyMethodDescrObject *descr, void *closure)
{
    return _PyType_GetTextSignatureFromInternalDoc(descr->d_method->ml_name,
                                                   descr->d_method->ml_doc);
}

static PyGetSetDef method_getsets[] = {
    {"__doc__", (getter)method_doc},
    QUALNAME_GETSET,
    {"__text_signature__", (getter)method_text_signature},
    {NULL},
};

PyTypeObject PyMethodDescr_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "method_descriptor",
    .tp_basicsize = sizeof(PyMethodDescrObject),
    .tp_dealloc = (destructor)descr_dealloc,
    .tp_vectorcall_offset = offsetof(PyMethodDescrObject, vectorcall),
    .tp_repr = (reprfunc)method_repr,
    .tp_call = PyVectorcall_Call,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL
                | Py_TPFLAGS_METHOD_DESCRIPTOR,
    .tp_traverse = descr_traverse,
    .tp_methods = descr_methods,
    .tp_members = descr_members,
    .tp_getset = method_getsets,
    .tp_descr_get = (descrgetfunc)method_get,
};

/* -- Class methods --------------------------------------------------------------------------- */

/* The call's first argument must be a type below the descriptor's. */
static PyObject *classmethod_get(PyMethodDescrObject *descr, PyObject *obj, PyObject *type)
{
    if (type == NULL) {
        if (obj == NULL) {
            PyErr_Format(PyExc_TypeError,
                         "descriptor '%V' for type '%.100s' needs either an object or a type",
                         DESCR_NAME(descr), DESCR_TYPE_NAME(descr));
            return NULL;
        }
        type = (PyObject *)Py_TYPE(obj);
    }
    if (!PyType_Check(type)) {
        PyErr_Format(PyExc_TypeError,
                     "descriptor '%V' for type '%.100s' needs a type, not a '%.100s' as arg 2",
                     DESCR_NAME(descr), DESCR_TYPE_NAME(descr), Py_TYPE(type)->tp_name);
        return NULL;
    }
    if (!PyType_IsSubtype((PyTypeObject *)type, PyDescr_TYPE(descr))) {
        PyErr_Format(PyExc_TypeError,
                     "descriptor '%V' requires a subtype of '%.100s' but received '%.100s'",
                     DESCR_NAME(descr), DESCR_TYPE_NAME(descr), ((PyTypeObject *)type)->tp_name);
        return NULL;
    }
    PyTypeObject *cls = descr->d_method->ml_flags & METH_METHOD ? descr->d_common.d_type : NULL;
    return PyCMethod_New(descr->d_method, type, NULL, cls);
}

/* dict.__dict__["fromkeys"](dict, …): the type is the first argument. */
static PyObject *classmethod_call(PyMethodDescrObject *descr, PyObject *args, PyObject *kwds)
{
    Py_ssize_t n = PyTuple_GET_SIZE(args);
    if (n < 1) {
        PyErr_Format(PyExc_TypeError, "descriptor '%V' of '%.100s' object needs an argument",
                     DESCR_NAME(descr), DESCR_TYPE_NAME(descr));
        return NULL;
    }
    PyObject *bound = classmethod_get(descr, NULL, PyTuple_GET_ITEM(args, 0));
    if (bound == NULL) {
        return NULL;
    }
    PyObject *result = PyObject_VectorcallDict(bound, ((PyTupleObject *)args)->ob_item + 1,
                                               (size_t)(n - 1), kwds);
    Py_DECREF(bound);
    return result;
}

PyTypeObject PyClassMethodDescr_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "classmethod_descriptor",
    .tp_basicsize = sizeof(PyMethodDescrObject),
    .tp_dealloc = (destructor)descr_dealloc,
    .tp_repr = (reprfunc)method_repr,
    .tp_call = (ternaryfunc)classmethod_call,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = descr_traverse,
    .tp_members = descr_members,
    .tp_getset = method_getsets,
    .tp_descr_get = (descrgetfunc)classmethod_get,
};

/* -- Members --------------------------------------------------------------------------------- */

static PyObject *attribute_repr(PyDescrObject *descr, const char *format)
{
    return descr_repr(descr, format);
}

static PyObject *member_repr(PyDescrObject *descr)
{
    return attribute_repr(descr, "<member '%V' of '%s' objects>");
}

/* Reading some members is an audit event. */
static PyObject *member_get(PyMemberDescrObject *descr, PyObject *obj, PyObject *type)
{
    if (obj == NULL) {
        return Py_NewRef(descr);
    }
    if (descr_check((PyDescrObject *)descr, obj) < 0) {
        return NULL;
    }
    if (descr->d_member->flags & PY_AUDIT_READ
        && PySys_Audit("object.__getattr__", "Os", obj, descr->d_member->name) < 0) {
        return NULL;
    }
    return PyMember_GetOne((char *)obj, descr->d_member);
}

/* descr_check for assignments. */
static int set_check(PyDescrObject *descr, PyObject *obj)
{
    if (LIKELY(PyObject_TypeCheck(obj, descr->d_type))) {
        return 0;
    }
    PyErr_Format(PyExc_TypeError,
                 "descriptor '%V' for '%.100s' objects doesn't apply to a '%.100s' object",
                 DESCR_NAME(descr), DESCR_TYPE_NAME(descr), Py_TYPE(obj)->tp_name);
    return -1;
}

static int member_set(PyMemberDescrObject *descr, PyObject *obj, PyObject *value)
{
    return set_check((PyDescrObject *)descr, obj) < 0
               ? -1
               : PyMember_SetOne((char *)obj, descr->d_member, value);
}

static PyObject *member_doc(PyMemberDescrObject *descr, void *closure)
{
    const char *doc = descr->d_member->doc;
    return doc ? PyUnicode_FromString(doc) : Py_NewRef(Py_None);
}

static PyGetSetDef member_getsets[] = {{"__doc__", (getter)member_doc}, QUALNAME_GETSET, {NULL}};

PyTypeObject PyMemberDescr_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "member_descriptor",
    .tp_basicsize = sizeof(PyMemberDescrObject),
    .tp_dealloc = (destructor)descr_dealloc,
    .tp_repr = (reprfunc)member_repr,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = descr_traverse,
    .tp_methods = descr_methods,
    .tp_members = descr_members,
    .tp_getset = member_getsets,
    .tp_descr_get = (descrgetfunc)member_get,
    .tp_descr_set = (descrsetfunc)member_set,
};

/* -- Getsets --------------------------------------------------------------------------------- */

static PyObject *getset_repr(PyDescrObject *descr)
{
    return attribute_repr(descr, "<attribute '%V' of '%s' objects>");
}

/* AttributeError without a getter. */
static PyObject *getset_get(PyGetSetDescrObject *descr, PyObject *obj, PyObject *type)
{
    if (obj == NULL) {
        return Py_NewRef(descr);
    }
    if (descr_check((PyDescrObject *)descr, obj) < 0) {
        return NULL;
    }
    if (descr->d_getset->get) {
        return descr->d_getset->get(obj, descr->d_getset->closure);
    }
    PyErr_Format(PyExc_AttributeError, "attribute '%V' of '%.100s' objects is not readable",
                 DESCR_NAME(descr), DESCR_TYPE_NAME(descr));
    return NULL;
}

static int getset_set(PyGetSetDescrObject *descr, PyObject *obj, PyObject *value)
{
    if (set_check((PyDescrObject *)descr, obj) < 0) {
        return -1;
    }
    if (descr->d_getset->set) {
        return descr->d_getset->set(obj, value, descr->d_getset->closure);
    }
    PyErr_Format(PyExc_AttributeError, "attribute '%V' of '%.100s' objects is not writable",
                 DESCR_NAME(descr), DESCR_TYPE_NAME(descr));
    return -1;
}

static PyObject *getset_doc(PyGetSetDescrObject *descr, void *closure)
{
    const char *doc = descr->d_getset->doc;
    return doc ? PyUnicode_FromString(doc) : Py_NewRef(Py_None);
}

static PyGetSetDef getset_getsets[] = {{"__doc__", (getter)getset_doc}, QUALNAME_GETSET, {NULL}};

PyTypeObject PyGetSetDescr_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "getset_descriptor",
    .tp_basicsize = sizeof(PyGetSetDescrObject),
    .tp_dealloc = (destructor)descr_dealloc,
    .tp_repr = (reprfunc)getset_repr,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = descr_traverse,
    .tp_members = descr_members,
    .tp_getset = getset_getsets,
    .tp_descr_get = (descrgetfunc)getset_get,
    .tp_descr_set = (descrsetfunc)getset_set,
};

/* -- C API ----------------------------------------------------------------------------------- */

PyObject *PyDescr_NewMethod(PyTypeObject *type, PyMethodDef *method)
{
    vectorcallfunc vectorcall = vectorcall_for(type, method);
    if (vectorcall == NULL) {
        return NULL;
    }
    PyMethodDescrObject *descr = (PyMethodDescrObject *)descr_new(&PyMethodDescr_Type, type,
                                                                  method->ml_name);
    if (descr) {
        descr->d_method = method;
        descr->vectorcall = vectorcall;
    }
    return (PyObject *)descr;
}

PyObject *PyDescr_NewClassMethod(PyTypeObject *type, PyMethodDef *method)
{
    PyMethodDescrObject *descr = (PyMethodDescrObject *)descr_new(&PyClassMethodDescr_Type, type,
                                                                  method->ml_name);
    if (descr) {
        descr->d_method = method;
    }
    return (PyObject *)descr;
}

PyObject *PyDescr_NewMember(PyTypeObject *type, PyMemberDef *member)
{
    PyMemberDescrObject *descr = (PyMemberDescrObject *)descr_new(&PyMemberDescr_Type, type,
                                                                  member->name);
    if (descr) {
        descr->d_member = member;
    }
    return (PyObject *)descr;
}

PyObject *PyDescr_NewGetSet(PyTypeObject *type, PyGetSetDef *getset)
{
    PyGetSetDescrObject *descr = (PyGetSetDescrObject *)descr_new(&PyGetSetDescr_Type, type,
                                                                  getset->name);
    if (descr) {
        descr->d_getset = getset;
    }
    return (PyObject *)descr;
}

/* A data descriptor (one that can set) goes before an instance's own attribute. */
int PyDescr_IsData(PyObject *descr)
{
    return Py_TYPE(descr)->tp_descr_set != NULL;
}
