/* SPDX-License-Identifier: MIT
 *
 * Weak references and proxies.
 *
 * An object that can be weakly referenced keeps a list of its references, linked both ways; the
 * head is in the object, at its type's tp_weaklistoffset.
 *
 *     object ──> plain ref ⇄ plain proxy ⇄ other ⇄ other …
 *                reusable, at most     with a callback, or of
 *                one of each           a subclass of ref
 *
 *  W1 A plain reference or proxy (exact type, no callback) exists once an object; asking again
 *     gives the same one. They stand at the head, the ref first.
 *  W2 wr_object is borrowed; Py_None once the object is dead, borrowed as well. wr_callback is
 *     strong.
 *  W3 When an object dies all its references are cleared first, then the callbacks run, newest
 *     reference first: none of them can reach the object through another reference.
 *  W4 A proxy holds a strong reference to the object during each operation, since what it calls may
 *     drop the last one.
 */
#include "base/cstack.h"
#include "mem/gc.h"
#include "objects/type/type.h"

static inline PyWeakReference **weakref_list(PyObject *op)
{
    return (PyWeakReference **)((char *)op + Py_TYPE(op)->tp_weaklistoffset);
}

static inline bool is_proxy(PyObject *op)
{
    return PyWeakref_CheckProxy(op);
}

/* -- The list -------------------------------------------------------------------------------- */

/* Insertion keeps W1: [ref] [proxy] others. Removing a reference is O(1), finding the head needs
   the object. */

/* Length of a list: O(n). */
Py_ssize_t _PyWeakref_GetWeakrefCount(PyWeakReference *head)
{
    Py_ssize_t n = 0;
    for (; head; head = head->wr_next) {
        n++;
    }
    return n;
}

static PyObject *weakref_vectorcall(PyObject *self, PyObject *const *args, size_t nargsf,
                                    PyObject *kwnames);

static void init_weakref(PyWeakReference *self, PyObject *op, PyObject *callback)
{
    self->hash = -1;
    self->wr_object = op;
    self->wr_prev = NULL;
    self->wr_next = NULL;
    self->wr_callback = Py_XNewRef(callback);
    self->vectorcall = weakref_vectorcall;
}

/* Not in a list yet. */
static PyWeakReference *new_weakref(PyTypeObject *type, PyObject *op, PyObject *callback)
{
    PyWeakReference *self = PyObject_GC_New(PyWeakReference, type);
    if (self) {
        init_weakref(self, op, callback);
        gc_track((PyObject *)self);
    }
    return self;
}

/* Unlinks and, unless the caller keeps it, drops the callback. */
static void clear_weakref(PyWeakReference *self)
{
    PyObject *callback = self->wr_callback;
    if (self->wr_object != Py_None) {
        PyWeakReference **list = weakref_list(self->wr_object);
        if (*list == self) {
            *list = self->wr_next;
        }
        self->wr_object = Py_None;
        if (self->wr_prev) {
            self->wr_prev->wr_next = self->wr_next;
        }
        if (self->wr_next) {
            self->wr_next->wr_prev = self->wr_prev;
        }
        self->wr_prev = self->wr_next = NULL;
    }
    if (callback) {
        self->wr_callback = NULL;
        Py_DECREF(callback);
    }
}

/* The collector clears without dropping the callback: it may have to call it. */
void _PyWeakref_ClearRef(PyWeakReference *self)
{
    PyObject *callback = self->wr_callback;
    self->wr_callback = NULL;
    clear_weakref(self);
    self->wr_callback = callback;
}

/* The reusable references without callback at the head of the list; BORROWED MAYBE_NULL. */
static void basic_refs(PyWeakReference *head, PyWeakReference **ref, PyWeakReference **proxy)
{
    *ref = *proxy = NULL;
    if (head && head->wr_callback == NULL) {
        if (PyWeakref_CheckRefExact(head)) {
            *ref = head;
            head = head->wr_next;
        }
        if (head && head->wr_callback == NULL && is_proxy((PyObject *)head)) {
            *proxy = head;
        }
    }
}

static void insert_after(PyWeakReference *self, PyWeakReference *prev)
{
    self->wr_prev = prev;
    self->wr_next = prev->wr_next;
    if (prev->wr_next) {
        prev->wr_next->wr_prev = self;
    }
    prev->wr_next = self;
}

/* Only for a plain reference, or a plain proxy without one (W1). */
static void insert_head(PyWeakReference *self, PyWeakReference **list)
{
    PyWeakReference *next = *list;
    self->wr_prev = NULL;
    self->wr_next = next;
    if (next) {
        next->wr_prev = self;
    }
    *list = self;
}

/* Not the basic reference or proxy: goes behind those. */
static void insert_other(PyWeakReference *self, PyWeakReference **list, PyWeakReference *ref,
                         PyWeakReference *proxy)
{
    PyWeakReference *prev = proxy ? proxy : ref;
    if (prev) {
        insert_after(self, prev);
    }
    else {
        insert_head(self, list);
    }
}

static bool check_referent(PyObject *op)
{
    if (Py_TYPE(op)->tp_weaklistoffset > 0) {
        return true;
    }
    PyErr_Format(PyExc_TypeError, "cannot create weak reference to '%s' object",
                 Py_TYPE(op)->tp_name);
    return false;
}

/* -- weakref.ref ----------------------------------------------------------------------------- */

static int weakref_traverse(PyWeakReference *self, visitproc visit, void *arg)
{
    Py_VISIT(self->wr_callback);
    return 0;
}

static int weakref_clear(PyWeakReference *self)
{
    clear_weakref(self);
    return 0;
}

static void weakref_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    clear_weakref((PyWeakReference *)self);
    Py_TYPE(self)->tp_free(self);
}

static PyObject *weakref_vectorcall(PyObject *self, PyObject *const *args, size_t nargsf,
                                    PyObject *kwnames)
{
    if (!_PyArg_NoKwnames("weakref", kwnames)
        || !_PyArg_CheckPositional("weakref", PyVectorcall_NARGS(nargsf), 0, 0)) {
        return NULL;
    }
    return Py_NewRef(PyWeakref_GET_OBJECT(self));
}

/* The object's, kept so that a dead reference stays findable in a dict. */
static Py_hash_t weakref_hash(PyWeakReference *self)
{
    if (self->hash != -1) {
        return self->hash;
    }
    PyObject *op = PyWeakref_GET_OBJECT((PyObject *)self);
    if (op == Py_None) {
        PyErr_SetString(PyExc_TypeError, "weak object has gone away");
        return -1;
    }
    if (!cstack_allows(" while hashing a weak reference")) {
        return -1;
    }
    Py_INCREF(op);
    self->hash = PyObject_Hash(op);
    Py_DECREF(op);
    return self->hash;
}

static PyObject *weakref_repr(PyObject *self)
{
    PyObject *op = PyWeakref_GET_OBJECT(self), *name, *result;
    if (op == Py_None) {
        return PyUnicode_FromFormat("<weakref at %p; dead>", self);
    }
    Py_INCREF(op);
    if (_PyObject_LookupAttr(op, ID(__name__), &name) < 0) {
        Py_DECREF(op);
        return NULL;
    }
    result = name && PyUnicode_Check(name)
                 ? PyUnicode_FromFormat("<weakref at %p; to '%s' at %p (%U)>", self,
                                        Py_TYPE(op)->tp_name, op, name)
                 : PyUnicode_FromFormat("<weakref at %p; to '%s' at %p>", self,
                                        Py_TYPE(op)->tp_name, op);
    Py_XDECREF(name);
    Py_DECREF(op);
    return result;
}

/* Live references compare as their objects do, dead ones by identity. */
static PyObject *weakref_richcompare(PyObject *self, PyObject *other, int op)
{
    if ((op != Py_EQ && op != Py_NE) || !PyWeakref_Check(self) || !PyWeakref_Check(other)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    PyObject *a = PyWeakref_GET_OBJECT(self), *b = PyWeakref_GET_OBJECT(other);
    if (a == Py_None || b == Py_None) {
        return PyBool_FromLong((self == other) == (op == Py_EQ));
    }
    Py_INCREF(a);
    Py_INCREF(b);
    PyObject *result = PyObject_RichCompare(a, b, op);
    Py_DECREF(a);
    Py_DECREF(b);
    return result;
}

static bool parse_init(const char *func, PyObject *args, PyObject **op, PyObject **callback)
{
    *callback = NULL;
    return PyArg_UnpackTuple(args, func, 1, 2, op, callback);
}

/* W1. Allocation may run the collector, which may have cleared what was found: the list is looked
   at again afterwards. callback MAYBE_NULL. */
static PyObject *weakref_make(PyTypeObject *type, PyObject *op, PyObject *callback)
{
    PyWeakReference *ref, *proxy;
    if (!check_referent(op)) {
        return NULL;
    }
    if (callback == Py_None) {
        callback = NULL;
    }
    PyWeakReference **list = weakref_list(op);
    basic_refs(*list, &ref, &proxy);
    if (callback == NULL && type == &_PyWeakref_RefType && ref) {
        return Py_NewRef(ref);
    }
    PyWeakReference *self = (PyWeakReference *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    init_weakref(self, op, callback);
    if (callback == NULL && type == &_PyWeakref_RefType) {
        insert_head(self, list);
    }
    else {
        /* The allocation may have collected, and with it the basic references. */
        basic_refs(*list, &ref, &proxy);
        insert_other(self, list, ref, proxy);
    }
    return (PyObject *)self;
}

static PyObject *weakref_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    PyObject *op, *callback;
    return parse_init("__new__", args, &op, &callback) ? weakref_make(type, op, callback) : NULL;
}

/* Keywords are refused where __init__ would: behind the rest. */
static PyObject *weakref_type_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                         PyObject *kwnames)
{
    Py_ssize_t n = PyVectorcall_NARGS(nargsf);
    PyObject *self = _PyArg_CheckPositional("__new__", n, 1, 2)
                         ? weakref_make((PyTypeObject *)type, args[0], n > 1 ? args[1] : NULL)
                         : NULL;
    if (self && !_PyArg_NoKwnames("ref", kwnames)) {
        Py_CLEAR(self);
    }
    return self;
}

/* Everything was done by weakref_new; this checks the arguments of a subclass's
   super().__init__. */
static int weakref_init(PyObject *self, PyObject *args, PyObject *kwds)
{
    PyObject *op, *callback;
    if (!_PyArg_NoKeywords("ref", kwds)) {
        return -1;
    }
    return parse_init("__init__", args, &op, &callback) ? 0 : -1;
}

static PyMemberDef weakref_members[] = {
    {"__callback__", T_OBJECT, offsetof(PyWeakReference, wr_callback), READONLY},
    {NULL},
};

static PyMethodDef weakref_methods[] = {
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, "See PEP 585"},
    {NULL},
};

PyTypeObject _PyWeakref_RefType = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "weakref.ReferenceType",
    .tp_basicsize = sizeof(PyWeakReference),
    .tp_dealloc = weakref_dealloc,
    .tp_vectorcall_offset = offsetof(PyWeakReference, vectorcall),
    .tp_call = PyVectorcall_Call,
    .tp_repr = weakref_repr,
    .tp_hash = (hashfunc)weakref_hash,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL
                | Py_TPFLAGS_BASETYPE,
    .tp_traverse = (traverseproc)weakref_traverse,
    .tp_clear = (inquiry)weakref_clear,
    .tp_richcompare = weakref_richcompare,
    .tp_methods = weakref_methods,
    .tp_members = weakref_members,
    .tp_init = weakref_init,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = weakref_new,
    .tp_free = PyObject_GC_Del,
    .tp_vectorcall = weakref_type_vectorcall,
};

/* -- Proxies --------------------------------------------------------------------------------- */

/* Every slot that an operator or builtin may use is forwarded with the proxy replaced by its
   object, on either side of a binary operation. What a proxy is not: hashable. */

static bool proxy_alive(PyObject *proxy)
{
    if (PyWeakref_GET_OBJECT(proxy) != Py_None) {
        return true;
    }
    PyErr_SetString(PyExc_ReferenceError, "weakly-referenced object no longer exists");
    return false;
}

/* The referent, or the object itself if it is no proxy: owned; NULL with ReferenceError. */
static PyObject *unwrap(PyObject *op)
{
    if (!is_proxy(op)) {
        return Py_NewRef(op);
    }
    return proxy_alive(op) ? Py_NewRef(PyWeakref_GET_OBJECT(op)) : NULL;
}

/* An operation on the referent (W4); of a binary one both operands may be proxies. */
#define PROXY_UNARY(name, func)                                                                    \
    static PyObject *name(PyObject *x)                                                             \
    {                                                                                              \
        x = unwrap(x);                                                                             \
        if (x == NULL) {                                                                           \
            return NULL;                                                                           \
        }                                                                                          \
        PyObject *result = func(x);                                                                \
        Py_DECREF(x);                                                                              \
        return result;                                                                             \
    }

#define PROXY_BINARY(name, func)                                                                   \
    static PyObject *name(PyObject *x, PyObject *y)                                                \
    {                                                                                              \
        x = unwrap(x);                                                                             \
        y = x ? unwrap(y) : NULL;                                                                  \
        if (y == NULL) {                                                                           \
            Py_XDECREF(x);                                                                         \
            return NULL;                                                                           \
        }                                                                                          \
        PyObject *result = func(x, y);                                                             \
        Py_DECREF(x);                                                                              \
        Py_DECREF(y);                                                                              \
        return result;                                                                             \
    }

/* z NULL: a call without keywords. */
static PyObject *ternary(PyObject *(*func)(PyObject *, PyObject *, PyObject *), PyObject *x,
                         PyObject *y, PyObject *z)
{
    PyObject *result = NULL;
    x = unwrap(x);
    y = x ? unwrap(y) : NULL;
    z = y ? (z ? unwrap(z) : NULL) : NULL;
    if (x && y && (z || !PyErr_Occurred())) {
        result = func(x, y, z);
    }
    Py_XDECREF(x);
    Py_XDECREF(y);
    Py_XDECREF(z);
    return result;
}

#define PROXY_TERNARY(name, func)                                                                  \
    static PyObject *name(PyObject *x, PyObject *y, PyObject *z)                                   \
    {                                                                                              \
        return ternary(func, x, y, z);                                                             \
    }

#define PROXY_METHOD(name, special)                                                                \
    static PyObject *name(PyObject *x, PyObject *unused)                                           \
    {                                                                                              \
        x = unwrap(x);                                                                             \
        if (x == NULL) {                                                                           \
            return NULL;                                                                           \
        }                                                                                          \
        PyObject *result = PyObject_CallMethodNoArgs(x, ID(special));                              \
        Py_DECREF(x);                                                                              \
        return result;                                                                             \
    }

PROXY_BINARY(proxy_getattr, PyObject_GetAttr)
PROXY_UNARY(proxy_str, PyObject_Str)
PROXY_TERNARY(proxy_call, PyObject_Call)
PROXY_BINARY(proxy_add, PyNumber_Add)
PROXY_BINARY(proxy_sub, PyNumber_Subtract)
PROXY_BINARY(proxy_mul, PyNumber_Multiply)
PROXY_BINARY(proxy_floor_div, PyNumber_FloorDivide)
PROXY_BINARY(proxy_true_div, PyNumber_TrueDivide)
PROXY_BINARY(proxy_mod, PyNumber_Remainder)
PROXY_BINARY(proxy_divmod, PyNumber_Divmod)
PROXY_TERNARY(proxy_pow, PyNumber_Power)
PROXY_UNARY(proxy_neg, PyNumber_Negative)
PROXY_UNARY(proxy_pos, PyNumber_Positive)
PROXY_UNARY(proxy_abs, PyNumber_Absolute)
PROXY_UNARY(proxy_invert, PyNumber_Invert)
PROXY_BINARY(proxy_lshift, PyNumber_Lshift)
PROXY_BINARY(proxy_rshift, PyNumber_Rshift)
PROXY_BINARY(proxy_and, PyNumber_And)
PROXY_BINARY(proxy_xor, PyNumber_Xor)
PROXY_BINARY(proxy_or, PyNumber_Or)
PROXY_UNARY(proxy_int, PyNumber_Long)
PROXY_UNARY(proxy_float, PyNumber_Float)
PROXY_BINARY(proxy_iadd, PyNumber_InPlaceAdd)
PROXY_BINARY(proxy_isub, PyNumber_InPlaceSubtract)
PROXY_BINARY(proxy_imul, PyNumber_InPlaceMultiply)
PROXY_BINARY(proxy_ifloor_div, PyNumber_InPlaceFloorDivide)
PROXY_BINARY(proxy_itrue_div, PyNumber_InPlaceTrueDivide)
PROXY_BINARY(proxy_imod, PyNumber_InPlaceRemainder)
PROXY_TERNARY(proxy_ipow, PyNumber_InPlacePower)
PROXY_BINARY(proxy_ilshift, PyNumber_InPlaceLshift)
PROXY_BINARY(proxy_irshift, PyNumber_InPlaceRshift)
PROXY_BINARY(proxy_iand, PyNumber_InPlaceAnd)
PROXY_BINARY(proxy_ixor, PyNumber_InPlaceXor)
PROXY_BINARY(proxy_ior, PyNumber_InPlaceOr)
PROXY_UNARY(proxy_index, PyNumber_Index)
PROXY_BINARY(proxy_matmul, PyNumber_MatrixMultiply)
PROXY_BINARY(proxy_imatmul, PyNumber_InPlaceMatrixMultiply)
PROXY_BINARY(proxy_getitem, PyObject_GetItem)
PROXY_METHOD(proxy_bytes, __bytes__)
PROXY_METHOD(proxy_reversed, __reversed__)

static PyObject *proxy_repr(PyWeakReference *proxy)
{
    PyObject *op = PyWeakref_GET_OBJECT((PyObject *)proxy);
    return PyUnicode_FromFormat("<weakproxy at %p to %s at %p>", proxy, Py_TYPE(op)->tp_name, op);
}

static int proxy_setattr(PyObject *proxy, PyObject *name, PyObject *value)
{
    if (!proxy_alive(proxy)) {
        return -1;
    }
    PyObject *op = Py_NewRef(PyWeakref_GET_OBJECT(proxy));
    int r = PyObject_SetAttr(op, name, value);
    Py_DECREF(op);
    return r;
}

static PyObject *proxy_richcompare(PyObject *x, PyObject *y, int op)
{
    x = unwrap(x);
    y = x ? unwrap(y) : NULL;
    PyObject *result = y ? PyObject_RichCompare(x, y, op) : NULL;
    Py_XDECREF(x);
    Py_XDECREF(y);
    return result;
}

static int proxy_bool(PyObject *proxy)
{
    PyObject *op = unwrap(proxy);
    int r = op ? PyObject_IsTrue(op) : -1;
    Py_XDECREF(op);
    return r;
}

static Py_ssize_t proxy_length(PyObject *proxy)
{
    PyObject *op = unwrap(proxy);
    Py_ssize_t n = op ? PyObject_Length(op) : -1;
    Py_XDECREF(op);
    return n;
}

static int proxy_contains(PyObject *proxy, PyObject *value)
{
    PyObject *op = unwrap(proxy);
    int r = op ? PySequence_Contains(op, value) : -1;
    Py_XDECREF(op);
    return r;
}

static int proxy_setitem(PyObject *proxy, PyObject *key, PyObject *value)
{
    PyObject *op = unwrap(proxy);
    int r = op == NULL ? -1 : value ? PyObject_SetItem(op, key, value) : PyObject_DelItem(op, key);
    Py_XDECREF(op);
    return r;
}

static PyObject *proxy_iter(PyObject *proxy)
{
    PyObject *op = unwrap(proxy);
    PyObject *result = op ? PyObject_GetIter(op) : NULL;
    Py_XDECREF(op);
    return result;
}

static PyObject *proxy_iternext(PyObject *proxy)
{
    PyObject *op = unwrap(proxy), *result = NULL;
    if (op == NULL) {
        return NULL;
    }
    if (PyIter_Check(op)) {
        result = PyIter_Next(op);
    }
    else {
        PyErr_Format(PyExc_TypeError, "Weakref proxy referenced a non-iterator '%.200s' object",
                     Py_TYPE(op)->tp_name);
    }
    Py_DECREF(op);
    return result;
}

static void proxy_dealloc(PyWeakReference *self)
{
    PyObject_GC_UnTrack(self);
    clear_weakref(self);
    PyObject_GC_Del(self);
}

static PyMethodDef proxy_methods[] = {
    {"__bytes__", proxy_bytes, METH_NOARGS, NULL},
    {"__reversed__", proxy_reversed, METH_NOARGS, NULL},
    {NULL},
};

static PyNumberMethods proxy_as_number = {
    .nb_add = proxy_add,
    .nb_subtract = proxy_sub,
    .nb_multiply = proxy_mul,
    .nb_remainder = proxy_mod,
    .nb_divmod = proxy_divmod,
    .nb_power = proxy_pow,
    .nb_negative = proxy_neg,
    .nb_positive = proxy_pos,
    .nb_absolute = proxy_abs,
    .nb_bool = proxy_bool,
    .nb_invert = proxy_invert,
    .nb_lshift = proxy_lshift,
    .nb_rshift = proxy_rshift,
    .nb_and = proxy_and,
    .nb_xor = proxy_xor,
    .nb_or = proxy_or,
    .nb_int = proxy_int,
    .nb_float = proxy_float,
    .nb_inplace_add = proxy_iadd,
    .nb_inplace_subtract = proxy_isub,
    .nb_inplace_multiply = proxy_imul,
    .nb_inplace_remainder = proxy_imod,
    .nb_inplace_power = proxy_ipow,
    .nb_inplace_lshift = proxy_ilshift,
    .nb_inplace_rshift = proxy_irshift,
    .nb_inplace_and = proxy_iand,
    .nb_inplace_xor = proxy_ixor,
    .nb_inplace_or = proxy_ior,
    .nb_floor_divide = proxy_floor_div,
    .nb_true_divide = proxy_true_div,
    .nb_inplace_floor_divide = proxy_ifloor_div,
    .nb_inplace_true_divide = proxy_itrue_div,
    .nb_index = proxy_index,
    .nb_matrix_multiply = proxy_matmul,
    .nb_inplace_matrix_multiply = proxy_imatmul,
};

static PySequenceMethods proxy_as_sequence = {.sq_length = proxy_length,
                                              .sq_contains = proxy_contains};
static PyMappingMethods proxy_as_mapping = {proxy_length, proxy_getitem, proxy_setitem};

PyTypeObject _PyWeakref_ProxyType = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "weakref.ProxyType",
    .tp_basicsize = sizeof(PyWeakReference),
    .tp_dealloc = (destructor)proxy_dealloc,
    .tp_repr = (reprfunc)proxy_repr,
    .tp_as_number = &proxy_as_number,
    .tp_as_sequence = &proxy_as_sequence,
    .tp_as_mapping = &proxy_as_mapping,
    .tp_str = proxy_str,
    .tp_getattro = proxy_getattr,
    .tp_setattro = proxy_setattr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = (traverseproc)weakref_traverse,
    .tp_clear = (inquiry)weakref_clear,
    .tp_richcompare = proxy_richcompare,
    .tp_iter = proxy_iter,
    .tp_iternext = proxy_iternext,
    .tp_methods = proxy_methods,
};

PyTypeObject _PyWeakref_CallableProxyType = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "weakref.CallableProxyType",
    .tp_basicsize = sizeof(PyWeakReference),
    .tp_dealloc = (destructor)proxy_dealloc,
    .tp_repr = (reprfunc)proxy_repr,
    .tp_as_number = &proxy_as_number,
    .tp_as_sequence = &proxy_as_sequence,
    .tp_as_mapping = &proxy_as_mapping,
    .tp_call = proxy_call,
    .tp_str = proxy_str,
    .tp_getattro = proxy_getattr,
    .tp_setattro = proxy_setattr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = (traverseproc)weakref_traverse,
    .tp_clear = (inquiry)weakref_clear,
    .tp_richcompare = proxy_richcompare,
    .tp_iter = proxy_iter,
    .tp_iternext = proxy_iternext,
};

/* -- C API ----------------------------------------------------------------------------------- */

/* W1. callback may be NULL or None. */
PyObject *PyWeakref_NewRef(PyObject *op, PyObject *callback)
{
    PyWeakReference *ref, *proxy;
    if (!check_referent(op)) {
        return NULL;
    }
    if (callback == Py_None) {
        callback = NULL;
    }
    PyWeakReference **list = weakref_list(op);
    basic_refs(*list, &ref, &proxy);
    if (callback == NULL && ref) {
        return Py_NewRef(ref);
    }
    PyWeakReference *self = new_weakref(&_PyWeakref_RefType, op, callback);
    if (self == NULL) {
        return NULL;
    }
    basic_refs(*list, &ref, &proxy); /* the allocation may have collected */
    if (callback == NULL && ref) {
        Py_DECREF(self);
        return Py_NewRef(ref);
    }
    if (callback == NULL) {
        insert_head(self, list);
    }
    else {
        insert_other(self, list, ref, proxy);
    }
    return (PyObject *)self;
}

/* W1, for proxies; a callable object gets a proxy that can be called. */
PyObject *PyWeakref_NewProxy(PyObject *op, PyObject *callback)
{
    PyWeakReference *ref, *proxy;
    if (!check_referent(op)) {
        return NULL;
    }
    if (callback == Py_None) {
        callback = NULL;
    }
    PyWeakReference **list = weakref_list(op);
    basic_refs(*list, &ref, &proxy);
    if (callback == NULL && proxy) {
        return Py_NewRef(proxy);
    }
    PyTypeObject *type = PyCallable_Check(op) ? &_PyWeakref_CallableProxyType
                                              : &_PyWeakref_ProxyType;
    PyWeakReference *self = new_weakref(type, op, callback);
    if (self == NULL) {
        return NULL;
    }
    basic_refs(*list, &ref, &proxy);
    if (callback == NULL && proxy) {
        Py_DECREF(self);
        return Py_NewRef(proxy);
    }
    insert_other(self, list, ref, callback ? proxy : NULL);
    return (PyObject *)self;
}

/* BORROWED: the caller keeps it from dying at its own risk. */
PyObject *PyWeakref_GetObject(PyObject *ref)
{
    if (ref == NULL || !PyWeakref_Check(ref)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    return PyWeakref_GET_OBJECT(ref);
}

/* There is nobody to raise to: an exception is reported by sys.unraisablehook. */
static void call_callback(PyWeakReference *ref, PyObject *callback)
{
    PyObject *result = PyObject_CallOneArg(callback, (PyObject *)ref);
    if (result == NULL) {
        PyErr_WriteUnraisable(callback);
    }
    Py_XDECREF(result);
}

/* Clears all first: no callback can reach the dying object through another reference. */
static void clear_and_call(PyWeakReference **list)
{
    Py_ssize_t n = _PyWeakref_GetWeakrefCount(*list);
    PyObject *pairs = PyTuple_New(n * 2);
    if (pairs == NULL) {
        _PyErr_ChainExceptions(NULL, NULL, NULL);
        return;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        PyWeakReference *current = *list;
        PyObject *callback = current->wr_callback;
        current->wr_callback = NULL;
        clear_weakref(current);
        /* A reference that is being deallocated itself gets no call. */
        bool alive = Py_REFCNT(current) > 0;
        PyTuple_SET_ITEM(pairs, 2 * i, alive ? Py_NewRef(current) : NULL);
        PyTuple_SET_ITEM(pairs, 2 * i + 1, alive ? callback : NULL);
        if (!alive) {
            Py_XDECREF(callback);
        }
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *callback = PyTuple_GET_ITEM(pairs, 2 * i + 1);
        if (callback) {
            call_callback((PyWeakReference *)PyTuple_GET_ITEM(pairs, 2 * i), callback);
        }
    }
    Py_DECREF(pairs);
}

/* W3. Called by the deallocator of the object; an exception that is under way survives. */
void PyObject_ClearWeakRefs(PyObject *op)
{
    if (op == NULL || Py_TYPE(op)->tp_weaklistoffset <= 0 || Py_REFCNT(op) != 0) {
        PyErr_BadInternalCall();
        return;
    }
    PyWeakReference **list = weakref_list(op);
    /* The basic reference and proxy have no callback. */
    while (*list && (*list)->wr_callback == NULL) {
        clear_weakref(*list);
    }
    if (*list == NULL) {
        return;
    }
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if ((*list)->wr_next == NULL) {
        PyWeakReference *current = *list;
        PyObject *callback = current->wr_callback;
        current->wr_callback = NULL;
        clear_weakref(current);
        if (Py_REFCNT(current) > 0) {
            call_callback(current, callback);
        }
        Py_DECREF(callback);
    }
    else {
        clear_and_call(list);
    }
    PyErr_Restore(type, value, traceback);
}
