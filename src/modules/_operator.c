/* SPDX-License-Identifier: MIT
 *
 * _operator: the operators as functions, and the callables itemgetter, attrgetter and methodcaller.
 *
 * The two getters are one struct: `items` is what to fetch, made ready once (names interned, dotted
 * ones split), `shown` what repr and pickle show. They and methodcaller are called by vectorcall.
 */
#include "vitro.h"

typedef struct { PyTypeObject *itemgetter, *attrgetter, *methodcaller; } OperatorState;
static struct PyModuleDef operator_module;

static inline OperatorState *state_of(PyObject *module) { return PyModule_GetState(module); }

/* -- Operators ------------------------------------------------------------------------------- */

#define UNARY(name, expr) \
    static PyObject *op_##name(PyObject *module, PyObject *a) { return expr; }
#define BINARY(name, expr) \
    static PyObject *op_##name(PyObject *module, PyObject *const *args, Py_ssize_t nargs) \
    { \
        if (!_PyArg_CheckPositional(#name, nargs, 2, 2)) { \
            return NULL; \
        } \
        PyObject *a = args[0], *b = args[1]; \
        return expr; \
    }

static PyObject *bool_or_error(int r) { return r < 0 ? NULL : PyBool_FromLong(r); }
static PyObject *none_or_error(int r) { return r < 0 ? NULL : Py_NewRef(Py_None); }
static PyObject *ssize_or_error(Py_ssize_t n) { return n < 0 ? NULL : PyLong_FromSsize_t(n); }

UNARY(truth, bool_or_error(PyObject_IsTrue(a)))
UNARY(not_, bool_or_error(PyObject_Not(a)))
UNARY(index, PyNumber_Index(a))
UNARY(neg, PyNumber_Negative(a))
UNARY(pos, PyNumber_Positive(a))
UNARY(abs, PyNumber_Absolute(a))
UNARY(inv, PyNumber_Invert(a))
UNARY(invert, PyNumber_Invert(a))
BINARY(add, PyNumber_Add(a, b))
BINARY(sub, PyNumber_Subtract(a, b))
BINARY(mul, PyNumber_Multiply(a, b))
BINARY(matmul, PyNumber_MatrixMultiply(a, b))
BINARY(floordiv, PyNumber_FloorDivide(a, b))
BINARY(truediv, PyNumber_TrueDivide(a, b))
BINARY(mod, PyNumber_Remainder(a, b))
BINARY(lshift, PyNumber_Lshift(a, b))
BINARY(rshift, PyNumber_Rshift(a, b))
BINARY(and_, PyNumber_And(a, b))
BINARY(xor, PyNumber_Xor(a, b))
BINARY(or_, PyNumber_Or(a, b))
BINARY(iadd, PyNumber_InPlaceAdd(a, b))
BINARY(isub, PyNumber_InPlaceSubtract(a, b))
BINARY(imul, PyNumber_InPlaceMultiply(a, b))
BINARY(imatmul, PyNumber_InPlaceMatrixMultiply(a, b))
BINARY(ifloordiv, PyNumber_InPlaceFloorDivide(a, b))
BINARY(itruediv, PyNumber_InPlaceTrueDivide(a, b))
BINARY(imod, PyNumber_InPlaceRemainder(a, b))
BINARY(ilshift, PyNumber_InPlaceLshift(a, b))
BINARY(irshift, PyNumber_InPlaceRshift(a, b))
BINARY(iand, PyNumber_InPlaceAnd(a, b))
BINARY(ixor, PyNumber_InPlaceXor(a, b))
BINARY(ior, PyNumber_InPlaceOr(a, b))
BINARY(pow, PyNumber_Power(a, b, Py_None))
BINARY(ipow, PyNumber_InPlacePower(a, b, Py_None))
BINARY(concat, PySequence_Concat(a, b))
BINARY(iconcat, PySequence_InPlaceConcat(a, b))
BINARY(getitem, PyObject_GetItem(a, b))
BINARY(delitem, none_or_error(PyObject_DelItem(a, b)))
BINARY(contains, bool_or_error(PySequence_Contains(a, b)))
BINARY(indexOf, ssize_or_error(PySequence_Index(a, b)))
BINARY(countOf, ssize_or_error(PySequence_Count(a, b)))
BINARY(is_, PyBool_FromLong(a == b))
BINARY(is_not, PyBool_FromLong(a != b))
BINARY(eq, PyObject_RichCompare(a, b, Py_EQ))
BINARY(ne, PyObject_RichCompare(a, b, Py_NE))
BINARY(lt, PyObject_RichCompare(a, b, Py_LT))
BINARY(le, PyObject_RichCompare(a, b, Py_LE))
BINARY(gt, PyObject_RichCompare(a, b, Py_GT))
BINARY(ge, PyObject_RichCompare(a, b, Py_GE))

static PyObject *op_setitem(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("setitem", nargs, 3, 3)) {
        return NULL;
    }
    return none_or_error(PyObject_SetItem(args[0], args[1], args[2]));
}

static PyObject *op_length_hint(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t fallback = 0;
    if (!_PyArg_CheckPositional("length_hint", nargs, 1, 2)) {
        return NULL;
    }
    if (nargs == 2) {
        PyObject *index = PyNumber_Index(args[1]);
        fallback = index ? PyLong_AsSsize_t(index) : -1;
        Py_XDECREF(index);
        if (fallback == -1 && PyErr_Occurred()) {
            return NULL;
        }
    }
    Py_ssize_t n = PyObject_LengthHint(args[0], fallback);
    return n == -1 && PyErr_Occurred() ? NULL : PyLong_FromSsize_t(n);
}

static PyObject *op_call(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                         PyObject *kwnames)
{
    if (!_PyArg_CheckPositional("call", nargs, 1, PY_SSIZE_T_MAX)) {
        return NULL;
    }
    return PyObject_Vectorcall(args[0], args + 1,
                               (size_t)(nargs - 1) | PY_VECTORCALL_ARGUMENTS_OFFSET, kwnames);
}

/* -- Comparison in constant time ------------------------------------------------------------- */

static bool same_bytes(const volatile unsigned char *a, Py_ssize_t na,
                       const volatile unsigned char *b, Py_ssize_t nb)
{
    /* Always walks b; with unequal lengths compares b with itself and remembers the difference. */
    unsigned char differ = na != nb;
    const volatile unsigned char *left = differ ? b : a;
    for (Py_ssize_t i = 0; i < nb; i++) {
        differ |= left[i] ^ b[i];
    }
    return differ == 0;
}

/* Takes the same time wherever the bytes differ (same_bytes). */
static PyObject *compare_buffers(PyObject *a, PyObject *b)
{
    Py_buffer va, vb;
    if (!PyObject_CheckBuffer(a) && !PyObject_CheckBuffer(b)) {
        PyErr_Format(PyExc_TypeError,
                     "unsupported operand types(s) or combination of types: '%.100s' and '%.100s'",
                     Py_TYPE(a)->tp_name, Py_TYPE(b)->tp_name);
        return NULL;
    }
    if (PyObject_GetBuffer(a, &va, PyBUF_SIMPLE) < 0) {
        return NULL;
    }
    if (PyObject_GetBuffer(b, &vb, PyBUF_SIMPLE) < 0) {
        PyBuffer_Release(&va);
        return NULL;
    }
    PyObject *r = NULL;
    if (va.ndim > 1 || vb.ndim > 1) {
        PyErr_SetString(PyExc_BufferError, "Buffer must be single dimension");
    } else {
        r = PyBool_FromLong(same_bytes(va.buf, va.len, vb.buf, vb.len));
    }
    PyBuffer_Release(&va);
    PyBuffer_Release(&vb);
    return r;
}

static PyObject *op_compare_digest(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("_compare_digest", nargs, 2, 2)) {
        return NULL;
    }
    PyObject *a = args[0], *b = args[1];
    if (!PyUnicode_Check(a) || !PyUnicode_Check(b)) {
        return compare_buffers(a, b);
    }
    if (PyUnicode_READY(a) < 0 || PyUnicode_READY(b) < 0) {
        return NULL;
    }
    if (!PyUnicode_IS_ASCII(a) || !PyUnicode_IS_ASCII(b)) {
        PyErr_SetString(PyExc_TypeError,
                        "comparing strings with non-ASCII characters is not supported");
        return NULL;
    }
    return PyBool_FromLong(same_bytes(PyUnicode_DATA(a), PyUnicode_GET_LENGTH(a), PyUnicode_DATA(b),
                                      PyUnicode_GET_LENGTH(b)));
}

/* -- Shared by the getters ------------------------------------------------------------------- */

/* itemgetter and attrgetter: what to fetch; a single thing is fetched bare, several as a tuple. */
typedef struct {
    PyObject_HEAD
    PyObject *items;         /* tuple: keys, or names (str, or tuple of str for a dotted name) */
    PyObject *shown;         /* tuple: the arguments as given */
    Py_ssize_t index;        /* itemgetter: the only key as an index >= 0, else -1 */
    vectorcallfunc vectorcall;
} Getter;

static int getter_traverse(Getter *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->items);
    Py_VISIT(self->shown);
    return 0;
}

static int getter_clear(Getter *self)
{
    Py_CLEAR(self->items);
    Py_CLEAR(self->shown);
    return 0;
}

static void getter_dealloc(Getter *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    getter_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *getter_repr(Getter *self)
{
    int status = Py_ReprEnter((PyObject *)self);
    if (status != 0) {
        return status < 0 ? NULL : PyUnicode_FromFormat("%s(...)", Py_TYPE(self)->tp_name);
    }
    PyObject *r = PyTuple_GET_SIZE(self->shown) == 1
                      ? PyUnicode_FromFormat("%s(%R)", Py_TYPE(self)->tp_name,
                                             PyTuple_GET_ITEM(self->shown, 0))
                      : PyUnicode_FromFormat("%s%R", Py_TYPE(self)->tp_name, self->shown);
    Py_ReprLeave((PyObject *)self);
    return r;
}

static PyObject *getter_reduce(Getter *self, PyObject *noargs)
{
    return PyTuple_Pack(2, Py_TYPE(self), self->shown);
}

/* Takes a call's only argument. */
static PyObject *only_argument(const char *name, PyObject *const *args, size_t nargsf,
                               PyObject *kwnames)
{
    Py_ssize_t n = PyVectorcall_NARGS(nargsf);
    if (!_PyArg_NoKwnames(name, kwnames) || !_PyArg_CheckPositional(name, n, 1, 1)) {
        return NULL;
    }
    return args[0];
}

typedef PyObject *(*fetch_fn)(PyObject *obj, PyObject *what);

static PyObject *getter_fetch(Getter *self, PyObject *obj, fetch_fn fetch)
{
    Py_ssize_t n = PyTuple_GET_SIZE(self->items);
    if (n == 1) {
        return fetch(obj, PyTuple_GET_ITEM(self->items, 0));
    }
    PyObject *result = PyTuple_New(n);
    for (Py_ssize_t i = 0; result && i < n; i++) {
        PyObject *value = fetch(obj, PyTuple_GET_ITEM(self->items, i));
        if (value == NULL) {
            Py_CLEAR(result);
        } else {
            PyTuple_SET_ITEM(result, i, value);
        }
    }
    return result;
}

static PyMethodDef getter_methods[] = {
    {"__reduce__", (PyCFunction)getter_reduce, METH_NOARGS,
     "Return state information for pickling"},
    {NULL},
};

static PyMemberDef getter_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Getter, vectorcall), READONLY},
    {NULL},
};

/* -- itemgetter ------------------------------------------------------------------------------ */

static PyObject *itemgetter_vectorcall(PyObject *callable, PyObject *const *args, size_t nargsf,
                                       PyObject *kwnames)
{
    Getter *self = (Getter *)callable;
    PyObject *obj = only_argument("itemgetter", args, nargsf, kwnames);
    if (obj == NULL) {
        return NULL;
    }
    if (self->index >= 0 && PyTuple_CheckExact(obj) && self->index < PyTuple_GET_SIZE(obj)) {
        return Py_NewRef(PyTuple_GET_ITEM(obj, self->index));
    }
    return getter_fetch(self, obj, PyObject_GetItem);
}

static PyObject *itemgetter_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Py_ssize_t n = PyTuple_GET_SIZE(args);
    if (!_PyArg_NoKeywords("itemgetter", kwargs)
        || (n == 0 && !_PyArg_CheckPositional("itemgetter", 0, 1, 1))) {
        return NULL;
    }
    Getter *self = (Getter *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->items = Py_NewRef(args);
    self->shown = Py_NewRef(args);
    self->index = -1;
    self->vectorcall = itemgetter_vectorcall;
    if (n == 1 && PyLong_CheckExact(PyTuple_GET_ITEM(args, 0))) {
        int overflow;
        long i = PyLong_AsLongAndOverflow(PyTuple_GET_ITEM(args, 0), &overflow);
        self->index = overflow || i < 0 ? -1 : i;
    }
    return (PyObject *)self;
}

PyDoc_STRVAR(itemgetter_doc,
"itemgetter(item, ...) --> itemgetter object\n\n"
"A callable that fetches the given items from its argument.\n"
"itemgetter(2)(r) is r[2], and itemgetter(2, 5, 3)(r) is (r[2], r[5], r[3]).");

static PyType_Slot itemgetter_slots[] = {
    {Py_tp_doc, (void *)itemgetter_doc},
    {Py_tp_dealloc, getter_dealloc},
    {Py_tp_call, PyVectorcall_Call},
    {Py_tp_traverse, getter_traverse},
    {Py_tp_clear, getter_clear},
    {Py_tp_methods, getter_methods},
    {Py_tp_members, getter_members},
    {Py_tp_new, itemgetter_new},
    {Py_tp_getattro, PyObject_GenericGetAttr},
    {Py_tp_repr, getter_repr},
    {0, NULL},
};
static PyType_Spec itemgetter_spec = {
    .name = "operator.itemgetter",
    .basicsize = sizeof(Getter),
    .slots = itemgetter_slots,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE |
             Py_TPFLAGS_HAVE_VECTORCALL,
};

/* -- attrgetter ------------------------------------------------------------------------------ */

/* The attribute `name`, or along a tuple of names. */
static PyObject *fetch_attribute(PyObject *obj, PyObject *name)
{
    if (PyUnicode_CheckExact(name)) {
        return PyObject_GetAttr(obj, name);
    }
    Py_INCREF(obj);
    for (Py_ssize_t i = 0; obj && i < PyTuple_GET_SIZE(name); i++) {
        PyObject *next = PyObject_GetAttr(obj, PyTuple_GET_ITEM(name, i));
        Py_SETREF(obj, next);
    }
    return obj;
}

static PyObject *attrgetter_vectorcall(PyObject *callable, PyObject *const *args, size_t nargsf,
                                       PyObject *kwnames)
{
    PyObject *obj = only_argument("attrgetter", args, nargsf, kwnames);
    return obj ? getter_fetch((Getter *)callable, obj, fetch_attribute) : NULL;
}

/* An interned str, or a tuple of them for a dotted name. */
static PyObject *attribute_path(PyObject *name)
{
    if (!PyUnicode_Check(name)) {
        PyErr_SetString(PyExc_TypeError, "attribute name must be a string");
        return NULL;
    }
    if (PyUnicode_READY(name) < 0) {
        return NULL;
    }
    Py_ssize_t len = PyUnicode_GET_LENGTH(name);
    if (PyUnicode_FindChar(name, '.', 0, len, 1) < 0) {
        PyObject *plain = PyUnicode_CheckExact(name) ? Py_NewRef(name) : PyUnicode_FromObject(name);
        if (plain) {
            PyUnicode_InternInPlace(&plain);
        }
        return plain;
    }
    PyObject *dot = PyUnicode_FromString("."), *parts = dot ? PyUnicode_Split(name, dot, -1) : NULL,
             *tuple = NULL;
    Py_XDECREF(dot);
    if (parts) {
        for (Py_ssize_t i = 0; i < PyList_GET_SIZE(parts); i++) {
            PyObject *part = Py_NewRef(PyList_GET_ITEM(parts, i));
            PyUnicode_InternInPlace(&part);
            PyList_SetItem(parts, i, part);
        }
        tuple = PyList_AsTuple(parts);
        Py_DECREF(parts);
    }
    return tuple;
}

/* Dotted names become tuples of interned names, once. */
static PyObject *attrgetter_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    Py_ssize_t n = PyTuple_GET_SIZE(args);
    if (!_PyArg_NoKeywords("attrgetter", kwargs)
        || (n == 0 && !_PyArg_CheckPositional("attrgetter", 0, 1, 1))) {
        return NULL;
    }
    PyObject *items = PyTuple_New(n);
    for (Py_ssize_t i = 0; items && i < n; i++) {
        PyObject *path = attribute_path(PyTuple_GET_ITEM(args, i));
        if (path == NULL) {
            Py_CLEAR(items);
        } else {
            PyTuple_SET_ITEM(items, i, path);
        }
    }
    Getter *self = items ? (Getter *)type->tp_alloc(type, 0) : NULL;
    if (self == NULL) {
        Py_XDECREF(items);
        return NULL;
    }
    self->items = items;
    self->shown = Py_NewRef(args);
    self->vectorcall = attrgetter_vectorcall;
    return (PyObject *)self;
}

PyDoc_STRVAR(attrgetter_doc,
"attrgetter(attr, ...) --> attrgetter object\n\n"
"A callable that fetches the given attributes from its argument; names may be\n"
"dotted. attrgetter('name')(r) is r.name, attrgetter('name', 'date')(r) is\n"
"(r.name, r.date), attrgetter('name.first')(r) is r.name.first.");

static PyType_Slot attrgetter_slots[] = {
    {Py_tp_doc, (void *)attrgetter_doc},
    {Py_tp_dealloc, getter_dealloc},
    {Py_tp_call, PyVectorcall_Call},
    {Py_tp_traverse, getter_traverse},
    {Py_tp_clear, getter_clear},
    {Py_tp_methods, getter_methods},
    {Py_tp_members, getter_members},
    {Py_tp_new, attrgetter_new},
    {Py_tp_getattro, PyObject_GenericGetAttr},
    {Py_tp_repr, getter_repr},
    {0, NULL},
};
static PyType_Spec attrgetter_spec = {
    .name = "operator.attrgetter",
    .basicsize = sizeof(Getter),
    .slots = attrgetter_slots,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE |
             Py_TPFLAGS_HAVE_VECTORCALL,
};

/* -- methodcaller ---------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    PyObject *name, *args, *kwargs; /* kwargs may be NULL */
} MethodCaller;

/* The name is interned: the method cache finds methods by the address of the name. */
static PyObject *methodcaller_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    if (PyTuple_GET_SIZE(args) < 1) {
        PyErr_SetString(PyExc_TypeError,
                        "methodcaller needs at least one argument, the method name");
        return NULL;
    }
    PyObject *name = PyTuple_GET_ITEM(args, 0);
    if (!PyUnicode_Check(name)) {
        PyErr_SetString(PyExc_TypeError, "method name must be a string");
        return NULL;
    }
    MethodCaller *self = (MethodCaller *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->name = Py_NewRef(name);
    PyUnicode_InternInPlace(&self->name);
    self->kwargs = Py_XNewRef(kwargs);
    self->args = PyTuple_GetSlice(args, 1, PyTuple_GET_SIZE(args));
    if (self->args == NULL) {
        Py_CLEAR(self);
    }
    return (PyObject *)self;
}

static int methodcaller_traverse(MethodCaller *self, visitproc visit, void *arg)
{
    Py_VISIT(self->name);
    Py_VISIT(self->args);
    Py_VISIT(self->kwargs);
    Py_VISIT(Py_TYPE(self));
    return 0;
}

static int methodcaller_clear(MethodCaller *self)
{
    Py_CLEAR(self->name);
    Py_CLEAR(self->args);
    Py_CLEAR(self->kwargs);
    return 0;
}

static void methodcaller_dealloc(MethodCaller *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    methodcaller_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

enum { METHOD_STACK = 6 };

static PyObject *methodcaller_call(MethodCaller *self, PyObject *args, PyObject *kwargs)
{
    if (!_PyArg_NoKeywords("methodcaller", kwargs)
        || !_PyArg_CheckPositional("methodcaller", PyTuple_GET_SIZE(args), 1, 1)) {
        return NULL;
    }
    PyObject *stack[METHOD_STACK];
    Py_ssize_t n = PyTuple_GET_SIZE(self->args);
    if (self->kwargs == NULL && n < METHOD_STACK) { /* no need of a bound method */
        stack[0] = PyTuple_GET_ITEM(args, 0);
        memcpy(stack + 1, ((PyTupleObject *)self->args)->ob_item, (size_t)n * sizeof(*stack));
        return PyObject_VectorcallMethod(self->name, stack, (size_t)n + 1, NULL);
    }
    PyObject *method = PyObject_GetAttr(PyTuple_GET_ITEM(args, 0), self->name);
    if (method == NULL) {
        return NULL;
    }
    PyObject *r = PyObject_Call(method, self->args, self->kwargs);
    Py_DECREF(method);
    return r;
}

/* The arguments as text, joined by ", ". */
static PyObject *methodcaller_arguments(MethodCaller *self)
{
    PyObject *parts = PyList_New(0), *separator = NULL, *text = NULL, *key, *value;
    Py_ssize_t n = PyTuple_GET_SIZE(self->args), pos = 0;
    if (parts == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = -1; i < n; i++) {
        PyObject *part = PyObject_Repr(i < 0 ? self->name : PyTuple_GET_ITEM(self->args, i));
        if (part == NULL || PyList_Append(parts, part) < 0) {
            Py_XDECREF(part);
            goto done;
        }
        Py_DECREF(part);
    }
    while (self->kwargs && PyDict_Next(self->kwargs, &pos, &key, &value)) {
        PyObject *part = PyUnicode_FromFormat("%U=%R", key, value);
        if (part == NULL || PyList_Append(parts, part) < 0) {
            Py_XDECREF(part);
            goto done;
        }
        Py_DECREF(part);
    }
    separator = PyUnicode_FromString(", ");
    text = separator ? PyUnicode_Join(separator, parts) : NULL;
done:
    Py_XDECREF(separator);
    Py_DECREF(parts);
    return text;
}

static PyObject *methodcaller_repr(MethodCaller *self)
{
    int status = Py_ReprEnter((PyObject *)self);
    if (status != 0) {
        return status < 0 ? NULL : PyUnicode_FromFormat("%s(...)", Py_TYPE(self)->tp_name);
    }
    PyObject *arguments = methodcaller_arguments(self), *r = NULL;
    if (arguments) {
        r = PyUnicode_FromFormat("%s(%U)", Py_TYPE(self)->tp_name, arguments);
        Py_DECREF(arguments);
    }
    Py_ReprLeave((PyObject *)self);
    return r;
}

static PyObject *methodcaller_reduce(MethodCaller *self, PyObject *noargs)
{
    if (self->kwargs == NULL || PyDict_GET_SIZE(self->kwargs) == 0) {
        PyObject *all = PyTuple_New(1 + PyTuple_GET_SIZE(self->args));
        if (all == NULL) {
            return NULL;
        }
        PyTuple_SET_ITEM(all, 0, Py_NewRef(self->name));
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(self->args); i++) {
            PyTuple_SET_ITEM(all, i + 1, Py_NewRef(PyTuple_GET_ITEM(self->args, i)));
        }
        return Py_BuildValue("ON", Py_TYPE(self), all);
    }
    /* Keywords need a partial: partial(methodcaller, name, **kwargs)(*args). */
    PyObject *functools = PyImport_ImportModule("functools"), *result = NULL;
    PyObject *partial = functools ? PyObject_GetAttrString(functools, "partial") : NULL;
    if (partial) {
        PyObject *args[2] = {(PyObject *)Py_TYPE(self), self->name};
        PyObject *constructor = PyObject_VectorcallDict(partial, args, 2, self->kwargs);
        result = constructor ? Py_BuildValue("NO", constructor, self->args) : NULL;
    }
    Py_XDECREF(partial);
    Py_XDECREF(functools);
    return result;
}

static PyMethodDef methodcaller_methods[] = {
    {"__reduce__", (PyCFunction)methodcaller_reduce, METH_NOARGS,
     "Return state information for pickling"},
    {NULL},
};

PyDoc_STRVAR(methodcaller_doc,
"methodcaller(name, ...) --> methodcaller object\n\n"
"A callable that calls a method of its argument: methodcaller('name', 'date',\n"
"foo=1)(r) is r.name('date', foo=1).");

static PyType_Slot methodcaller_slots[] = {
    {Py_tp_doc, (void *)methodcaller_doc}, {Py_tp_dealloc, methodcaller_dealloc},
    {Py_tp_call, methodcaller_call},       {Py_tp_traverse, methodcaller_traverse},
    {Py_tp_clear, methodcaller_clear},     {Py_tp_methods, methodcaller_methods},
    {Py_tp_new, methodcaller_new},         {Py_tp_getattro, PyObject_GenericGetAttr},
    {Py_tp_repr, methodcaller_repr},       {0, NULL},
};
static PyType_Spec methodcaller_spec = {
    .name = "operator.methodcaller", .basicsize = sizeof(MethodCaller), .slots = methodcaller_slots,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
};

/* -- Module ---------------------------------------------------------------------------------- */

#define DEF1(name, doc) {#name, op_##name, METH_O, #name "($module, a, /)\n--\n\n" doc}
#define DEF2(name, doc)                                                                            \
    {                                                                                              \
#name, _PyCFunction_CAST(op_##name), METH_FASTCALL, #name "($module, a, b, /)\n--\n\n" doc \
    }

static PyMethodDef operator_methods[] = {
    DEF1(truth, "bool(a): whether a counts as true."),
    DEF2(contains, "Whether b is in a; mind the order."),
    DEF2(indexOf, "How many items of a come before b; ValueError when there is no b."),
    DEF2(countOf, "How many items of a are b or equal to it."),
    DEF2(is_, "Same as a is b."),
    DEF2(is_not, "Same as a is not b."),
    DEF1(index, "Same as a.__index__()"),
    DEF2(add, "Same as a + b."),
    DEF2(sub, "Same as a - b."),
    DEF2(mul, "Same as a * b."),
    DEF2(matmul, "Same as a @ b."),
    DEF2(floordiv, "Same as a // b."),
    DEF2(truediv, "Same as a / b."),
    DEF2(mod, "Same as a % b."),
    DEF1(neg, "Same as -a."),
    DEF1(pos, "Same as +a."),
    DEF1(abs, "Same as abs(a)."),
    DEF1(inv, "Same as ~a."),
    DEF1(invert, "Same as ~a."),
    DEF2(lshift, "Same as a << b."),
    DEF2(rshift, "Same as a >> b."),
    DEF1(not_, "Same as not a."),
    DEF2(and_, "Same as a & b."),
    DEF2(xor, "Same as a ^ b."),
    DEF2(or_, "Same as a | b."),
    DEF2(iadd, "Same as a += b."),
    DEF2(isub, "Same as a -= b."),
    DEF2(imul, "Same as a *= b."),
    DEF2(imatmul, "Same as a @= b."),
    DEF2(ifloordiv, "Same as a //= b."),
    DEF2(itruediv, "Same as a /= b."),
    DEF2(imod, "Same as a %= b."),
    DEF2(ilshift, "Same as a <<= b."),
    DEF2(irshift, "Same as a >>= b."),
    DEF2(iand, "Same as a &= b."),
    DEF2(ixor, "Same as a ^= b."),
    DEF2(ior, "Same as a |= b."),
    DEF2(concat, "a + b, when a is a sequence."),
    DEF2(iconcat, "a += b, when a is a sequence."),
    DEF2(getitem, "Same as a[b]."),
    {"setitem", _PyCFunction_CAST(op_setitem), METH_FASTCALL,
     "setitem($module, a, b, c, /)\n--\n\nSame as a[b] = c."},
    DEF2(delitem, "Same as del a[b]."),
    DEF2(pow, "Same as a ** b."),
    DEF2(ipow, "Same as a **= b."),
    DEF2(eq, "Same as a == b."),
    DEF2(ne, "Same as a != b."),
    DEF2(lt, "Same as a < b."),
    DEF2(le, "Same as a <= b."),
    DEF2(gt, "Same as a > b."),
    DEF2(ge, "Same as a >= b."),
    {"_compare_digest", _PyCFunction_CAST(op_compare_digest), METH_FASTCALL,
     "_compare_digest($module, a, b, /)\n--\n\nReturn 'a == b', in a time that tells nothing about "
     "the content.\n\n"
     "Both must be str of ASCII only, or bytes-like objects."},
    {"length_hint", _PyCFunction_CAST(op_length_hint), METH_FASTCALL,
     "length_hint($module, obj, default=0, /)\n"
     "--\n"
     "\n"
     "About how many items obj has: its length, what __length_hint__() says, or default."},
    {"call", _PyCFunction_CAST(op_call), METH_FASTCALL | METH_KEYWORDS,
     "call($module, obj, /, *args, **kwargs)\n--\n\nSame as obj(*args, **kwargs)."},
    {NULL},
};

static int operator_exec(PyObject *module)
{
    OperatorState *state = state_of(module);
    state->attrgetter = (PyTypeObject *)PyType_FromModuleAndSpec(module, &attrgetter_spec, NULL);
    if (state->attrgetter == NULL || PyModule_AddType(module, state->attrgetter) < 0) {
        return -1;
    }
    state->itemgetter = (PyTypeObject *)PyType_FromModuleAndSpec(module, &itemgetter_spec, NULL);
    if (state->itemgetter == NULL || PyModule_AddType(module, state->itemgetter) < 0) {
        return -1;
    }
    state->methodcaller =
        (PyTypeObject *)PyType_FromModuleAndSpec(module, &methodcaller_spec, NULL);
    if (state->methodcaller == NULL || PyModule_AddType(module, state->methodcaller) < 0) {
        return -1;
    }
    return 0;
}

static int operator_traverse(PyObject *module, visitproc visit, void *arg)
{
    OperatorState *state = state_of(module);
    Py_VISIT(state->attrgetter);
    Py_VISIT(state->itemgetter);
    Py_VISIT(state->methodcaller);
    return 0;
}

static int operator_clear(PyObject *module)
{
    OperatorState *state = state_of(module);
    Py_CLEAR(state->attrgetter);
    Py_CLEAR(state->itemgetter);
    Py_CLEAR(state->methodcaller);
    return 0;
}

static void operator_free(void *module) { operator_clear(module); }

static PyModuleDef_Slot operator_slots[] = {{Py_mod_exec, operator_exec}, {0, NULL}};

PyDoc_STRVAR(operator_doc, "Operator interface.\n\nFunctions that do what Python's operators do: "
                           "operator.add(x, y) is x + y.");

static struct PyModuleDef operator_module = {
    PyModuleDef_HEAD_INIT,           .m_name = "_operator",         .m_doc = operator_doc,
    .m_size = sizeof(OperatorState), .m_methods = operator_methods, .m_slots = operator_slots,
    .m_traverse = operator_traverse, .m_clear = operator_clear,     .m_free = operator_free,
};

PyMODINIT_FUNC PyInit__operator(void) { return PyModuleDef_Init(&operator_module); }
