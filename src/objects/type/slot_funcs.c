/* SPDX-License-Identifier: MIT
 *
 * Dispatchers: what stands in the C slots of classes written in Python. Each finds the special
 * method in the type (never in the instance) and calls it, without making a bound method when the
 * method is a plain function.
 *
 *     a + b ─> nb_add of type(a) = slot_nb_add ─> slot_binary ─> type(a).__add__(a, b)
 *                                                             └> type(b).__radd__(b, a)
 *
 * What a missing method means depends on the slot: NotImplemented for operators, the default of
 * object for repr and hash, AttributeError where the slot exists only because the method did (it
 * was deleted from the class in between, or set to None).
 */
#include "capi/capi.h"
#include "objects/int/int.h"
#include "objects/type/slot_funcs.h"

/* -- Finding and calling --------------------------------------------------------------------- */

/* args[0] is self; it is left out of the call when the method came bound. */
static PyObject *call_found(PyObject *method, int unbound, PyObject *const *args, Py_ssize_t nargs)
{
    size_t n = (size_t)nargs;
    if (!unbound) {
        args++;
        n = (n - 1) | PY_VECTORCALL_ARGUMENTS_OFFSET;
    }
    if (LIKELY(PyFunction_Check(method))) {
        return ((PyFunctionObject *)method)->vectorcall(method, args, n, NULL);
    }
    return PyObject_Vectorcall(method, args, n, NULL);
}

PyObject *slot_call(PyObject *name, PyObject *const *args, Py_ssize_t nargs)
{
    int unbound;
    PyObject *method = type_lookup_method(args[0], name, &unbound);
    if (method == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_SetObject(PyExc_AttributeError, name);
        }
        return NULL;
    }
    PyObject *result = call_found(method, unbound, args, nargs);
    Py_DECREF(method);
    return result;
}

/* The same; NotImplemented when there is no such method. */
static PyObject *slot_call_maybe(PyObject *name, PyObject *const *args, Py_ssize_t nargs)
{
    int unbound;
    PyObject *method = type_lookup_method(args[0], name, &unbound);
    if (method == NULL) {
        if (!PyErr_Occurred()) {
            Py_RETURN_NOTIMPLEMENTED;
        }
        return NULL;
    }
    PyObject *result = call_found(method, unbound, args, nargs);
    Py_DECREF(method);
    return result;
}

#define CALL0(name) slot_call(name, (PyObject *[]){self}, 1)
#define CALL1(name, a) slot_call(name, (PyObject *[]){self, a}, 2)
#define CALL2(name, a, b) slot_call(name, (PyObject *[]){self, a, b}, 3)

/* -1 with an exception, or 0; drops the result. */
static int finish(PyObject *result)
{
    if (result == NULL) {
        return -1;
    }
    Py_DECREF(result);
    return 0;
}

/* -- Numbers --------------------------------------------------------------------------------- */

#define UNARY_SLOT(slot, name)                                                                     \
    PyObject *slot_##slot(PyObject *self)                                                          \
    {                                                                                              \
        return CALL0(ID(name));                                                                    \
    }

#define BINARY_SLOT(slot, name, rname)                                                             \
    PyObject *slot_##slot(PyObject *self, PyObject *other)                                         \
    {                                                                                              \
        return slot_binary(self, other, offsetof(PyNumberMethods, slot), slot_##slot, ID(name),    \
                           ID(rname));                                                             \
    }

#define INPLACE_SLOT(slot, name)                                                                   \
    PyObject *slot_##slot(PyObject *self, PyObject *other)                                         \
    {                                                                                              \
        return CALL1(ID(name), other);                                                             \
    }

/* Whether the types of the two operands give different attributes under `name`. */
static int method_is_overloaded(PyObject *left, PyObject *right, PyObject *name)
{
    PyObject *a, *b;
    if (_PyObject_LookupAttr((PyObject *)Py_TYPE(right), name, &b) < 0) {
        return -1;
    }
    if (b == NULL) {
        return 0;
    }
    if (_PyObject_LookupAttr((PyObject *)Py_TYPE(left), name, &a) < 0) {
        Py_DECREF(b);
        return -1;
    }
    if (a == NULL) {
        Py_DECREF(b);
        return 1;
    }
    int differ = PyObject_RichCompareBool(a, b, Py_NE);
    Py_DECREF(a);
    Py_DECREF(b);
    return differ;
}

static bool has_slot(PyObject *op, size_t offset, binaryfunc func)
{
    PyNumberMethods *nb = Py_TYPE(op)->tp_as_number;
    return nb && *(binaryfunc *)((char *)nb + offset) == func;
}

/* One slot serves both operands: it may be called for the left one, the right one, or both. The
   right one goes first when its type derives from the left one's and overrides the reflected
   method. */
static PyObject *slot_binary(PyObject *self, PyObject *other, size_t offset, binaryfunc func,
                             PyObject *name, PyObject *rname)
{
    PyObject *result;
    bool do_other = !Py_IS_TYPE(self, Py_TYPE(other)) && has_slot(other, offset, func);
    if (has_slot(self, offset, func)) {
        if (do_other && PyType_IsSubtype(Py_TYPE(other), Py_TYPE(self))) {
            int overloaded = method_is_overloaded(self, other, rname);
            if (overloaded < 0) {
                return NULL;
            }
            if (overloaded) {
                result = slot_call_maybe(rname, (PyObject *[]){other, self}, 2);
                if (result != Py_NotImplemented) {
                    return result;
                }
                Py_DECREF(result);
                do_other = false;
            }
        }
        result = slot_call_maybe(name, (PyObject *[]){self, other}, 2);
        if (result != Py_NotImplemented || Py_IS_TYPE(other, Py_TYPE(self))) {
            return result;
        }
        Py_DECREF(result);
    }
    if (do_other) {
        return slot_call_maybe(rname, (PyObject *[]){other, self}, 2);
    }
    Py_RETURN_NOTIMPLEMENTED;
}

BINARY_SLOT(nb_add, __add__, __radd__)
BINARY_SLOT(nb_subtract, __sub__, __rsub__)
BINARY_SLOT(nb_multiply, __mul__, __rmul__)
BINARY_SLOT(nb_remainder, __mod__, __rmod__)
BINARY_SLOT(nb_divmod, __divmod__, __rdivmod__)
BINARY_SLOT(nb_lshift, __lshift__, __rlshift__)
BINARY_SLOT(nb_rshift, __rshift__, __rrshift__)
BINARY_SLOT(nb_and, __and__, __rand__)
BINARY_SLOT(nb_xor, __xor__, __rxor__)
BINARY_SLOT(nb_or, __or__, __ror__)
BINARY_SLOT(nb_floor_divide, __floordiv__, __rfloordiv__)
BINARY_SLOT(nb_true_divide, __truediv__, __rtruediv__)
BINARY_SLOT(nb_matrix_multiply, __matmul__, __rmatmul__)
INPLACE_SLOT(nb_inplace_add, __iadd__)
INPLACE_SLOT(nb_inplace_subtract, __isub__)
INPLACE_SLOT(nb_inplace_multiply, __imul__)
INPLACE_SLOT(nb_inplace_remainder, __imod__)
INPLACE_SLOT(nb_inplace_lshift, __ilshift__)
INPLACE_SLOT(nb_inplace_rshift, __irshift__)
INPLACE_SLOT(nb_inplace_and, __iand__)
INPLACE_SLOT(nb_inplace_xor, __ixor__)
INPLACE_SLOT(nb_inplace_or, __ior__)
INPLACE_SLOT(nb_inplace_floor_divide, __ifloordiv__)
INPLACE_SLOT(nb_inplace_true_divide, __itruediv__)
INPLACE_SLOT(nb_inplace_matrix_multiply, __imatmul__)
UNARY_SLOT(nb_negative, __neg__)
UNARY_SLOT(nb_positive, __pos__)
UNARY_SLOT(nb_absolute, __abs__)
UNARY_SLOT(nb_invert, __invert__)
UNARY_SLOT(nb_int, __int__)
UNARY_SLOT(nb_float, __float__)
UNARY_SLOT(nb_index, __index__)

static PyObject *power_binary(PyObject *self, PyObject *other)
{
    return slot_binary(self, other, offsetof(PyNumberMethods, nb_power),
                       (binaryfunc)(void (*)(void))slot_nb_power, ID(__pow__), ID(__rpow__));
}

PyObject *slot_nb_power(PyObject *self, PyObject *other, PyObject *modulus)
{
    if (modulus == Py_None) {
        return power_binary(self, other);
    }
    /* The dispatcher may be called for another operand than self, which then has no __pow__. */
    PyNumberMethods *nb = Py_TYPE(self)->tp_as_number;
    if (nb && nb->nb_power == slot_nb_power) {
        return CALL2(ID(__pow__), other, modulus);
    }
    Py_RETURN_NOTIMPLEMENTED;
}

PyObject *slot_nb_inplace_power(PyObject *self, PyObject *other, PyObject *modulus)
{
    return CALL1(ID(__ipow__), other);
}

/* __bool__, else __len__; neither: true. */
int slot_nb_bool(PyObject *self)
{
    int unbound;
    bool by_length = false;
    PyObject *method = type_lookup_method(self, ID(__bool__), &unbound);
    if (method == NULL) {
        if (PyErr_Occurred()) {
            return -1;
        }
        method = type_lookup_method(self, ID(__len__), &unbound);
        if (method == NULL) {
            return PyErr_Occurred() ? -1 : 1;
        }
        by_length = true;
    }
    PyObject *value = call_found(method, unbound, (PyObject *[]){self}, 1);
    Py_DECREF(method);
    if (value == NULL) {
        return -1;
    }
    int result = -1;
    if (by_length) {
        result = PyObject_IsTrue(value);
    }
    else if (PyBool_Check(value)) {
        result = value == Py_True;
    }
    else {
        PyErr_Format(PyExc_TypeError, "__bool__ should return bool, returned %s",
                     Py_TYPE(value)->tp_name);
    }
    Py_DECREF(value);
    return result;
}

/* -- Sequences and mappings ------------------------------------------------------------------ */

/* Any index object of at most PY_SSIZE_T_MAX; negative is a ValueError. */
Py_ssize_t slot_sq_length(PyObject *self)
{
    PyObject *result = CALL0(ID(__len__));
    if (result == NULL) {
        return -1;
    }
    Py_ssize_t n = -1;
    if (LIKELY(PyLong_CheckExact(result) && int_is_compact(result) && Py_SIZE(result) >= 0)) {
        n = int_compact(result);
        Py_DECREF(result);
        return n;
    }
    Py_SETREF(result, PyNumber_Index(result));
    if (result == NULL) {
        return -1;
    }
    if (_PyLong_Sign(result) < 0) {
        PyErr_SetString(PyExc_ValueError, "__len__() should return >= 0");
    }
    else {
        n = PyNumber_AsSsize_t(result, PyExc_OverflowError);
    }
    Py_DECREF(result);
    return n;
}

PyObject *slot_sq_item(PyObject *self, Py_ssize_t i)
{
    PyObject *index = PyLong_FromSsize_t(i);
    if (index == NULL) {
        return NULL;
    }
    PyObject *result = CALL1(ID(__getitem__), index);
    Py_DECREF(index);
    return result;
}

int slot_mp_ass_subscript(PyObject *self, PyObject *key, PyObject *value)
{
    return finish(value ? CALL2(ID(__setitem__), key, value) : CALL1(ID(__delitem__), key));
}

int slot_sq_ass_item(PyObject *self, Py_ssize_t i, PyObject *value)
{
    PyObject *index = PyLong_FromSsize_t(i);
    if (index == NULL) {
        return -1;
    }
    int r = slot_mp_ass_subscript(self, index, value);
    Py_DECREF(index);
    return r;
}

/* Of classes that have list's or dict's method: the call counts as one level of recursion, as that
   of any method does. */
static inline PyObject *subscript_of(PyTypeObject *base, PyObject *self, PyObject *key)
{
    PyThreadState *tstate = tstate_get();
    if (recursion_enter(tstate, " while calling a Python object")) {
        return NULL;
    }
    PyObject *result = base->tp_as_mapping->mp_subscript(self, key);
    recursion_leave(tstate);
    return result;
}

PyObject *slot_list_subscript(PyObject *self, PyObject *key)
{
    return subscript_of(&PyList_Type, self, key);
}
PyObject *slot_dict_subscript(PyObject *self, PyObject *key)
{
    return subscript_of(&PyDict_Type, self, key);
}

PyObject *slot_mp_subscript(PyObject *self, PyObject *key)
{
    return CALL1(ID(__getitem__), key);
}

/* Without __contains__, by iteration; None forbids both. */
int slot_sq_contains(PyObject *self, PyObject *value)
{
    int unbound;
    PyObject *method = type_lookup_method(self, ID(__contains__), &unbound);
    if (method == Py_None) {
        Py_DECREF(method);
        PyErr_Format(PyExc_TypeError, "'%.200s' object is not a container", Py_TYPE(self)->tp_name);
        return -1;
    }
    if (method == NULL) {
        return PyErr_Occurred() ? -1
                                : (int)_PySequence_IterSearch(self, value, PY_ITERSEARCH_CONTAINS);
    }
    PyObject *result = call_found(method, unbound, (PyObject *[]){self, value}, 2);
    Py_DECREF(method);
    if (result == NULL) {
        return -1;
    }
    int r = PyObject_IsTrue(result);
    Py_DECREF(result);
    return r;
}

/* -- Type slots ------------------------------------------------------------------------------ */

PyObject *slot_tp_repr(PyObject *self)
{
    int unbound;
    PyObject *method = type_lookup_method(self, ID(__repr__), &unbound);
    if (method == NULL) {
        PyErr_Clear();
        return PyUnicode_FromFormat("<%s object at %p>", Py_TYPE(self)->tp_name, self);
    }
    PyObject *result = call_found(method, unbound, (PyObject *[]){self}, 1);
    Py_DECREF(method);
    return result;
}

PyObject *slot_tp_str(PyObject *self)
{
    return CALL0(ID(__str__));
}

/* A number too wide for Py_hash_t is reduced as int's own hash would be; -1 becomes -2. */
Py_hash_t slot_tp_hash(PyObject *self)
{
    int unbound;
    PyObject *method = type_lookup_method(self, ID(__hash__), &unbound);
    if (method == Py_None) {
        Py_CLEAR(method);
    }
    if (method == NULL) {
        return PyObject_HashNotImplemented(self);
    }
    PyObject *result = call_found(method, unbound, (PyObject *[]){self}, 1);
    Py_DECREF(method);
    if (result == NULL) {
        return -1;
    }
    if (!PyLong_Check(result)) {
        PyErr_SetString(PyExc_TypeError, "__hash__ method should return an integer");
        Py_DECREF(result);
        return -1;
    }
    /* Reduce what does not fit, as hash(int) does; -1 means an error in C. */
    Py_hash_t h = int_is_compact(result) ? int_compact(result) : PyLong_AsSsize_t(result);
    if (h == -1 && PyErr_Occurred()) {
        PyErr_Clear();
        h = PyLong_Type.tp_hash(result);
    }
    Py_DECREF(result);
    return h == -1 ? -2 : h;
}

PyObject *slot_tp_call(PyObject *self, PyObject *args, PyObject *kwds)
{
    int unbound;
    PyObject *method = type_lookup_method(self, ID(__call__), &unbound);
    if (method == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_SetObject(PyExc_AttributeError, ID(__call__));
        }
        return NULL;
    }
    PyObject *result = unbound ? _PyObject_Call_Prepend(tstate_get(), method, self, args, kwds)
                               : PyObject_Call(method, args, kwds);
    Py_DECREF(method);
    return result;
}

PyObject *slot_tp_getattro(PyObject *self, PyObject *name)
{
    return CALL1(ID(__getattribute__), name);
}

/* Calls __getattr__ or __getattribute__ as found in the type. */
static PyObject *call_attribute(PyObject *self, PyObject *attr, PyObject *name)
{
    if (HAS(Py_TYPE(attr), Py_TPFLAGS_METHOD_DESCRIPTOR)) {
        PyObject *args[] = {self, name};
        Py_INCREF(self); /* counts as the bound method of 3.11 does */
        PyObject *result = PyObject_Vectorcall(attr, args, 2, NULL);
        Py_DECREF(self);
        return result;
    }
    PyObject *bound = NULL;
    descrgetfunc get = Py_TYPE(attr)->tp_descr_get;
    if (get) {
        bound = get(attr, self, (PyObject *)Py_TYPE(self));
        if (bound == NULL) {
            return NULL;
        }
        attr = bound;
    }
    PyObject *result = PyObject_CallOneArg(attr, name);
    Py_XDECREF(bound);
    return result;
}

/* For classes with __getattr__. A plain __getattribute__ is not called but done in place, and asked
   to fail without making an exception that nobody would see. */
PyObject *slot_tp_getattr_hook(PyObject *self, PyObject *name)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject *getattr = _PyType_Lookup(type, ID(__getattr__));
    if (getattr == NULL) {
        type->tp_getattro = slot_tp_getattro;
        return slot_tp_getattro(self, name);
    }
    Py_INCREF(getattr);
    PyObject *getattribute = _PyType_Lookup(type, ID(__getattribute__)), *result;
    if (getattribute == NULL
        || (Py_IS_TYPE(getattribute, &PyWrapperDescr_Type)
            && ((PyWrapperDescrObject *)getattribute)->d_wrapped
                   == (void *)PyObject_GenericGetAttr)) {
        result = _PyObject_GenericGetAttrWithDict(self, name, NULL, 1);
    } else {
        Py_INCREF(getattribute);
        result = call_attribute(self, getattribute, name);
        Py_DECREF(getattribute);
        if (result == NULL && PyErr_ExceptionMatches(PyExc_AttributeError)) {
            PyErr_Clear();
        }
    }
    if (result == NULL && !PyErr_Occurred()) {
        result = call_attribute(self, getattr, name);
    }
    Py_DECREF(getattr);
    return result;
}

int slot_tp_setattro(PyObject *self, PyObject *name, PyObject *value)
{
    return finish(value ? CALL2(ID(__setattr__), name, value) : CALL1(ID(__delattr__), name));
}

PyObject *slot_tp_richcompare(PyObject *self, PyObject *other, int op)
{
    PyObject *const names[] = {ID(__lt__), ID(__le__), ID(__eq__),
                               ID(__ne__), ID(__gt__), ID(__ge__)};
    int unbound;
    PyObject *method = type_lookup_method(self, names[op], &unbound);
    if (method == NULL) {
        PyErr_Clear();
        Py_RETURN_NOTIMPLEMENTED;
    }
    PyObject *result = call_found(method, unbound, (PyObject *[]){self, other}, 2);
    Py_DECREF(method);
    return result;
}

/* Without __iter__ the old protocol of __getitem__ from 0 on; None forbids both. */
PyObject *slot_tp_iter(PyObject *self)
{
    int unbound;
    PyObject *method = type_lookup_method(self, ID(__iter__), &unbound);
    if (method == Py_None) {
        Py_DECREF(method);
        PyErr_Format(PyExc_TypeError, "'%.200s' object is not iterable", Py_TYPE(self)->tp_name);
        return NULL;
    }
    if (method) {
        PyObject *result = call_found(method, unbound, (PyObject *[]){self}, 1);
        Py_DECREF(method);
        return result;
    }
    PyErr_Clear();
    method = type_lookup_method(self, ID(__getitem__), &unbound);
    if (method == NULL) {
        PyErr_Format(PyExc_TypeError, "'%.200s' object is not iterable", Py_TYPE(self)->tp_name);
        return NULL;
    }
    Py_DECREF(method);
    return PySeqIter_New(self);
}

PyObject *slot_tp_iternext(PyObject *self)
{
    return CALL0(ID(__next__));
}

PyObject *slot_tp_descr_get(PyObject *self, PyObject *obj, PyObject *type)
{
    PyTypeObject *tp = Py_TYPE(self);
    PyObject *get = _PyType_Lookup(tp, ID(__get__));
    if (get == NULL) {
        /* Lost since the slot was filled: stop asking. */
        if (tp->tp_descr_get == slot_tp_descr_get) {
            tp->tp_descr_get = NULL;
        }
        return Py_NewRef(self);
    }
    PyObject *args[] = {self, obj ? obj : Py_None, type ? type : Py_None};
    Py_INCREF(get);
    PyObject *result = PyObject_Vectorcall(get, args, 3, NULL);
    Py_DECREF(get);
    return result;
}

int slot_tp_descr_set(PyObject *self, PyObject *obj, PyObject *value)
{
    return finish(value ? CALL2(ID(__set__), obj, value) : CALL1(ID(__delete__), obj));
}

/* The method __init__ of self; NULL with an exception. */
static PyObject *init_of(PyObject *self, int *unbound)
{
    PyObject *method = type_lookup_method(self, ID(__init__), unbound);
    if (method == NULL && !PyErr_Occurred()) {
        PyErr_SetObject(PyExc_AttributeError, ID(__init__));
    }
    return method;
}

/* TypeError unless __init__ gave None. STEALS result (MAYBE_NULL). */
static int init_result(PyObject *result)
{
    if (result == NULL) {
        return -1;
    }
    if (result != Py_None) {
        PyErr_Format(PyExc_TypeError, "__init__() should return None, not '%.200s'",
                     Py_TYPE(result)->tp_name);
        Py_DECREF(result);
        return -1;
    }
    Py_DECREF(result);
    return 0;
}

int slot_tp_init(PyObject *self, PyObject *args, PyObject *kwds)
{
    int unbound;
    PyObject *method = init_of(self, &unbound);
    if (method == NULL) {
        return -1;
    }
    PyObject *result = unbound ? _PyObject_Call_Prepend(tstate_get(), method, self, args, kwds)
                               : PyObject_Call(method, args, kwds);
    Py_DECREF(method);
    return init_result(result);
}

/* stack: self and the arguments, those by name last. */
int slot_tp_init_vector(PyObject *const *stack, Py_ssize_t nargs, PyObject *kwnames)
{
    int unbound;
    PyObject *method = init_of(stack[0], &unbound);
    if (method == NULL) {
        return -1;
    }
    PyObject *result =
        unbound ? PyObject_Vectorcall(method, stack, (size_t)nargs + 1, kwnames)
                : PyObject_Vectorcall(method, stack + 1,
                                      (size_t)nargs | PY_VECTORCALL_ARGUMENTS_OFFSET, kwnames);
    Py_DECREF(method);
    return init_result(result);
}

PyObject *slot_tp_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    PyObject *func = PyObject_GetAttr((PyObject *)type, ID(__new__));
    if (func == NULL) {
        return NULL;
    }
    PyObject *result = _PyObject_Call_Prepend(tstate_get(), func, (PyObject *)type, args, kwds);
    Py_DECREF(func);
    return result;
}

/* An exception of __del__ is unraisable; one that is under way is kept. */
void slot_tp_finalize(PyObject *self)
{
    PyObject *type, *value, *traceback;
    int unbound;
    PyErr_Fetch(&type, &value, &traceback);
    PyObject *del = type_lookup_method(self, ID(__del__), &unbound);
    if (del) {
        PyObject *result = call_found(del, unbound, (PyObject *[]){self}, 1);
        if (result == NULL) {
            PyErr_WriteUnraisable(del);
        }
        Py_XDECREF(result);
        Py_DECREF(del);
    }
    PyErr_Restore(type, value, traceback);
}

/* -- Coroutines ------------------------------------------------------------------------------ */

static PyObject *async_call(PyObject *self, PyObject *name)
{
    int unbound;
    PyObject *method = type_lookup_method(self, name, &unbound);
    if (method == NULL) {
        PyErr_Format(PyExc_AttributeError, "object %.50s does not have %U method",
                     Py_TYPE(self)->tp_name, name);
        return NULL;
    }
    PyObject *result = call_found(method, unbound, (PyObject *[]){self}, 1);
    Py_DECREF(method);
    return result;
}

PyObject *slot_am_await(PyObject *self) { return async_call(self, ID(__await__)); }
PyObject *slot_am_aiter(PyObject *self) { return async_call(self, ID(__aiter__)); }
PyObject *slot_am_anext(PyObject *self) { return async_call(self, ID(__anext__)); }
