/* SPDX-License-Identifier: MIT
 *
 * types.GenericAlias (list[int]): an origin and its arguments. Attributes that are not the alias's
 * own come from the origin, and calling it calls the origin (PEP 585).
 *
 * Type variables are whatever has __typing_subst__; nested generics have __parameters__. A type
 * variable tuple takes several arguments (__typing_prepare_subst__ gathers them), a starred alias
 * or one with __typing_unpacked_tuple_args__ stands for several (PEP 646).
 *
 * Substitution, alias[items]:   unpack_args     items, with starred ones spread out
 *                               prepare_args    each parameter may gather or default
 *                               substitute_one  each argument: a variable replaced, a nested
 *                                                                             generic
 *                                               substituted inside, anything else kept
 *
 * params_collect, params_substitute and params_write_name are shared with union.c.
 * Ownership: an alias never changes after it was made, but for `parameters`, computed when first
 * asked.
 */
#include "objects/genericalias.h"
#include "base/cstack.h"
#include "mem/gc.h"

typedef struct {
    PyObject_HEAD
    PyObject *origin;     /* strong */
    PyObject *args;       /* strong tuple */
    PyObject *parameters; /* strong tuple, made on demand */
    PyObject *weaklist; /* weak references */
    bool starred;         /* *tuple[int, str] */
    vectorcallfunc vectorcall; /* alias(…) without a tuple of arguments */
} AliasObject;

typedef struct {
    PyObject_HEAD
    PyObject *obj; /* strong; NULL when exhausted */
} AliasIter;

/* -- Growing tuples -------------------------------------------------------------------------- */

/* By identity; -1 when it is not there. */
static Py_ssize_t tuple_index(PyObject *tuple, PyObject *item)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple); i++) {
        if (PyTuple_GET_ITEM(tuple, i) == item) {
            return i;
        }
    }
    return -1;
}

static int list_add_once(PyObject *list, PyObject *item)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++) {
        if (PyList_GET_ITEM(list, i) == item) {
            return 0;
        }
    }
    return PyList_Append(list, item);
}

static int list_extend_tuple(PyObject *list, PyObject *tuple)
{
    return PyList_SetSlice(list, PyList_GET_SIZE(list), PyList_GET_SIZE(list), tuple);
}

static PyObject *list_to_tuple_steal(PyObject *list)
{
    PyObject *tuple = list ? PyList_AsTuple(list) : NULL;
    Py_XDECREF(list);
    return tuple;
}

/* -- Type variables -------------------------------------------------------------------------- */

/* Adds the variables of one argument, in order, each once. */
static int collect_one(PyObject *list, PyObject *arg)
{
    PyObject *subst, *params;
    if (PyType_Check(arg)) {
        return 0; /* a class's __parameters__ may be a descriptor */
    }
    if (_PyObject_LookupAttr(arg, ID(__typing_subst__), &subst) < 0) {
        return -1;
    }
    if (subst) {
        Py_DECREF(subst);
        return list_add_once(list, arg);
    }
    if (_PyObject_LookupAttr(arg, ID(__parameters__), &params) < 0) {
        return -1;
    }
    int r = 0;
    if (params && PyTuple_Check(params)) {
        for (Py_ssize_t i = 0; r == 0 && i < PyTuple_GET_SIZE(params); i++) {
            r = list_add_once(list, PyTuple_GET_ITEM(params, i));
        }
    }
    Py_XDECREF(params);
    return r;
}

/* The tuple of type variables in `args`, in order of first appearance. */
PyObject *params_collect(PyObject *args)
{
    PyObject *list = PyList_New(0);
    for (Py_ssize_t i = 0; list && i < PyTuple_GET_SIZE(args); i++) {
        if (collect_one(list, PyTuple_GET_ITEM(args, i)) < 0) {
            Py_CLEAR(list);
        }
    }
    return list_to_tuple_steal(list);
}

/* Substitutes inside a nested generic: obj[…] with its own parameters replaced. */
static PyObject *substitute_nested(PyObject *obj, PyObject *params, PyObject *items)
{
    PyObject *nested;
    if (_PyObject_LookupAttr(obj, ID(__parameters__), &nested) < 0) {
        return NULL;
    }
    if (nested == NULL || !PyTuple_Check(nested) || PyTuple_GET_SIZE(nested) == 0) {
        Py_XDECREF(nested);
        return Py_NewRef(obj);
    }
    PyObject *list = PyList_New(0), *result = NULL;
    for (Py_ssize_t i = 0; list && i < PyTuple_GET_SIZE(nested); i++) {
        PyObject *arg = PyTuple_GET_ITEM(nested, i);
        Py_ssize_t index = tuple_index(params, arg);
        int r;
        if (index >= 0) {
            PyObject *param = PyTuple_GET_ITEM(params, index);
            arg = PyTuple_GET_ITEM(items, index);
            /* A type variable tuple is iterable, and its item is the tuple of what it took. */
            r = Py_TYPE(param)->tp_iter && PyTuple_Check(arg) ? list_extend_tuple(list, arg)
                                                              : PyList_Append(list, arg);
        }
        else {
            r = PyList_Append(list, arg);
        }
        if (r < 0) {
            Py_CLEAR(list);
        }
    }
    Py_DECREF(nested);
    PyObject *args = list_to_tuple_steal(list);
    if (args) {
        result = PyObject_GetItem(obj, args);
        Py_DECREF(args);
    }
    return result;
}

static int is_unpacked_typevartuple(PyObject *arg)
{
    PyObject *flag;
    if (PyType_Check(arg)) {
        return 0;
    }
    int r = _PyObject_LookupAttr(arg, ID(__typing_is_unpacked_typevartuple__), &flag);
    if (r > 0) {
        r = PyObject_IsTrue(flag);
        Py_DECREF(flag);
    }
    return r;
}

/* The arguments that `item` stands for when it is unpacked; NULL without error when it is not. */
static PyObject *unpacked_tuple_args(PyObject *item)
{
    PyObject *result;
    if (Py_IS_TYPE(item, &Py_GenericAliasType) && ((AliasObject *)item)->starred
        && ((AliasObject *)item)->origin == (PyObject *)&PyTuple_Type) {
        return Py_NewRef(((AliasObject *)item)->args);
    }
    if (_PyObject_LookupAttr(item, ID(__typing_unpacked_tuple_args__), &result) > 0) {
        if (result == Py_None) {
            Py_CLEAR(result);
        }
        return result;
    }
    return NULL;
}

static int append_unpacked(PyObject *list, PyObject *item)
{
    if (PyType_Check(item)) {
        return PyList_Append(list, item);
    }
    PyObject *sub = unpacked_tuple_args(item);
    if (sub == NULL && PyErr_Occurred()) {
        return -1;
    }
    Py_ssize_t n = sub && PyTuple_Check(sub) ? PyTuple_GET_SIZE(sub) : 0;
    bool expand = sub && PyTuple_Check(sub) && !(n && PyTuple_GET_ITEM(sub, n - 1) == Py_Ellipsis);
    int r = expand ? list_extend_tuple(list, sub) : PyList_Append(list, item);
    Py_XDECREF(sub);
    return r;
}

static PyObject *unpack_args(PyObject *item)
{
    PyObject *list = PyList_New(0);
    Py_ssize_t n = PyTuple_Check(item) ? PyTuple_GET_SIZE(item) : 1;
    for (Py_ssize_t i = 0; list && i < n; i++) {
        if (append_unpacked(list, PyTuple_Check(item) ? PyTuple_GET_ITEM(item, i) : item) < 0) {
            Py_CLEAR(list);
        }
    }
    return list_to_tuple_steal(list);
}

/* Lets each parameter prepare the arguments: variable ones
   gather theirs, defaults are filled in. */
static PyObject *prepare_args_steal(PyObject *self, PyObject *params, PyObject *items)
{
    for (Py_ssize_t i = 0; items && i < PyTuple_GET_SIZE(params); i++) {
        PyObject *prepare;
        if (_PyObject_LookupAttr(PyTuple_GET_ITEM(params, i), ID(__typing_prepare_subst__),
                                 &prepare)
            < 0) {
            Py_CLEAR(items);
            break;
        }
        if (prepare && prepare != Py_None) {
            PyObject *tuple = PyTuple_Check(items) ? Py_NewRef(items) : PyTuple_Pack(1, items);
            PyObject *next = tuple ? PyObject_CallFunctionObjArgs(prepare, self, tuple, NULL)
                                   : NULL;
            Py_XDECREF(tuple);
            Py_SETREF(items, next);
        }
        Py_XDECREF(prepare);
    }
    if (items && !PyTuple_Check(items)) {
        Py_SETREF(items, PyTuple_Pack(1, items));
    }
    return items;
}

/* Appends what `arg` becomes: one item, or several for an unpacked variable. */
static int substitute_one(PyObject *list, PyObject *arg, PyObject *params, PyObject *items)
{
    PyObject *subst, *value;
    if (PyType_Check(arg)) {
        return PyList_Append(list, arg);
    }
    int unpack = is_unpacked_typevartuple(arg);
    if (unpack < 0 || _PyObject_LookupAttr(arg, ID(__typing_subst__), &subst) < 0) {
        return -1;
    }
    if (subst) {
        value = PyObject_CallOneArg(subst, PyTuple_GET_ITEM(items, tuple_index(params, arg)));
        Py_DECREF(subst);
    }
    else {
        value = substitute_nested(arg, params, items);
    }
    if (value == NULL) {
        return -1;
    }
    int r = unpack ? list_extend_tuple(list, value) : PyList_Append(list, value);
    Py_DECREF(value);
    return r;
}

/* See "Substitution" above. TypeError when the number of items does not fit. */
PyObject *params_substitute(PyObject *self, PyObject *args, PyObject *params, PyObject *item)
{
    Py_ssize_t n = PyTuple_GET_SIZE(params);
    if (n == 0) {
        return PyErr_Format(PyExc_TypeError, "%R is not a generic class", self);
    }
    PyObject *items = prepare_args_steal(self, params, unpack_args(item)), *list = NULL;
    if (items == NULL) {
        return NULL;
    }
    Py_ssize_t given = PyTuple_GET_SIZE(items);
    if (given != n) {
        PyErr_Format(PyExc_TypeError, "Too %s arguments for %R; actual %zd, expected %zd",
                     given > n ? "many" : "few", self, given, n);
    }
    else {
        list = PyList_New(0);
    }
    for (Py_ssize_t i = 0; list && i < PyTuple_GET_SIZE(args); i++) {
        if (substitute_one(list, PyTuple_GET_ITEM(args, i), params, items) < 0) {
            Py_CLEAR(list);
        }
    }
    Py_DECREF(items);
    return list_to_tuple_steal(list);
}

/* -- Text ------------------------------------------------------------------------------------ */

/* How a type shows inside of another's repr: module.qualname, without "builtins.". */
static PyObject *type_text(PyObject *arg)
{
    PyObject *origin, *args, *qualname = NULL, *module = NULL, *result = NULL;
    if (_PyObject_LookupAttr(arg, ID(__origin__), &origin) < 0) {
        return NULL;
    }
    if (origin) {
        Py_DECREF(origin);
        if (_PyObject_LookupAttr(arg, ID(__args__), &args) < 0) {
            return NULL;
        }
        if (args) {
            Py_DECREF(args);
            return PyObject_Repr(arg);
        }
    }
    if (_PyObject_LookupAttr(arg, ID(__qualname__), &qualname) < 0) {
        return NULL;
    }
    if (qualname == NULL) {
        return PyObject_Repr(arg);
    }
    if (_PyObject_LookupAttr(arg, ID(__module__), &module) < 0) {
        Py_DECREF(qualname);
        return NULL;
    }
    if (module == NULL || module == Py_None) {
        result = PyObject_Repr(arg);
    }
    else if (PyUnicode_Check(module) && _PyUnicode_EqualToASCIIString(module, "builtins")) {
        result = PyObject_Str(qualname);
    }
    else {
        result = PyUnicode_FromFormat("%S.%S", module, qualname);
    }
    Py_DECREF(qualname);
    Py_XDECREF(module);
    return result;
}

int params_write_name(_PyUnicodeWriter *writer, PyObject *arg)
{
    if (arg == Py_Ellipsis) {
        return _PyUnicodeWriter_WriteASCIIString(writer, "...", 3);
    }
    PyObject *text = type_text(arg);
    int r = text ? _PyUnicodeWriter_WriteStr(writer, text) : -1;
    Py_XDECREF(text);
    return r;
}

static int write_alias(_PyUnicodeWriter *writer, AliasObject *self)
{
    Py_ssize_t n = PyTuple_GET_SIZE(self->args);
    if ((self->starred && _PyUnicodeWriter_WriteASCIIString(writer, "*", 1) < 0)
        || params_write_name(writer, self->origin) < 0
        || _PyUnicodeWriter_WriteASCIIString(writer, "[", 1) < 0) {
        return -1;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        if ((i && _PyUnicodeWriter_WriteASCIIString(writer, ", ", 2) < 0)
            || params_write_name(writer, PyTuple_GET_ITEM(self->args, i)) < 0) {
            return -1;
        }
    }
    if (n == 0 && _PyUnicodeWriter_WriteASCIIString(writer, "()", 2) < 0) {
        return -1;
    }
    return _PyUnicodeWriter_WriteASCIIString(writer, "]", 1);
}

static PyObject *alias_repr(AliasObject *self)
{
    _PyUnicodeWriter writer;
    _PyUnicodeWriter_Init(&writer);
    if (write_alias(&writer, self) < 0) {
        _PyUnicodeWriter_Dealloc(&writer);
        return NULL;
    }
    return _PyUnicodeWriter_Finish(&writer);
}

/* -- Slots ----------------------------------------------------------------------------------- */

static void alias_dealloc(AliasObject *self)
{
    PyObject_GC_UnTrack(self);
    if (self->weaklist) {
        PyObject_ClearWeakRefs((PyObject *)self);
    }
    Py_XDECREF(self->origin);
    Py_XDECREF(self->args);
    Py_XDECREF(self->parameters);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static int alias_traverse(AliasObject *self, visitproc visit, void *arg)
{
    Py_VISIT(self->origin);
    Py_VISIT(self->args);
    Py_VISIT(self->parameters);
    return 0;
}

static PyObject *alias_parameters(AliasObject *self, void *closure)
{
    if (self->parameters == NULL && cstack_allows(" in a generic alias")) {
        self->parameters = params_collect(self->args);
    }
    return Py_XNewRef(self->parameters);
}

static PyObject *alias_getitem(AliasObject *self, PyObject *item)
{
    PyObject *params = alias_parameters(self, NULL);
    PyObject *args = params ? params_substitute((PyObject *)self, self->args, params, item) : NULL;
    Py_XDECREF(params);
    if (args == NULL) {
        return NULL;
    }
    PyObject *result = Py_GenericAlias(self->origin, args);
    Py_DECREF(args);
    if (result) {
        ((AliasObject *)result)->starred = self->starred;
    }
    return result;
}

static Py_hash_t alias_hash(AliasObject *self)
{
    if (!cstack_allows(" while hashing a generic alias")) {
        return -1;
    }
    Py_hash_t a = PyObject_Hash(self->origin);
    if (a == -1) {
        return -1;
    }
    Py_hash_t b = PyObject_Hash(self->args);
    if (b == -1) {
        return -1;
    }
    return a ^ b;
}

/* Instances remember the alias they were made by, if they can. */
static PyObject *set_orig_class(PyObject *obj, PyObject *self)
{
    if (obj && PyObject_SetAttr(obj, ID(__orig_class__), self) < 0) {
        if (!PyErr_ExceptionMatches(PyExc_AttributeError)
            && !PyErr_ExceptionMatches(PyExc_TypeError)) {
            Py_DECREF(obj);
            return NULL;
        }
        PyErr_Clear();
    }
    return obj;
}

static PyObject *alias_call(AliasObject *self, PyObject *args, PyObject *kwds)
{
    return set_orig_class(PyObject_Call(self->origin, args, kwds), (PyObject *)self);
}

static PyObject *alias_vectorcall(PyObject *self, PyObject *const *args, size_t nargsf,
                                  PyObject *kwnames)
{
    return set_orig_class(PyObject_Vectorcall(((AliasObject *)self)->origin, args, nargsf, kwnames),
                          self);
}

/* Attributes of the alias itself; all others are the origin's. */
static const char *const own_attributes[] = {
    "__class__",       "__origin__",     "__args__",
    "__unpacked__",    "__parameters__", "__typing_unpacked_tuple_args__",
    "__mro_entries__", "__reduce_ex__",  "__reduce__",
    "__copy__",        "__deepcopy__",
};

/* Own names first, then the origin's; dunders are never forwarded. */
static PyObject *alias_getattro(PyObject *self, PyObject *name)
{
    if (PyUnicode_Check(name)) {
        for (size_t i = 0; i < COUNT_OF(own_attributes); i++) {
            if (_PyUnicode_EqualToASCIIString(name, own_attributes[i])) {
                return PyObject_GenericGetAttr(self, name);
            }
        }
    }
    return cstack_allows(" in a generic alias")
               ? PyObject_GetAttr(((AliasObject *)self)->origin, name)
               : NULL;
}

static PyObject *alias_richcompare(PyObject *a, PyObject *b, int op)
{
    if (!GENERICALIAS_CHECK(a) || !GENERICALIAS_CHECK(b) || (op != Py_EQ && op != Py_NE)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    AliasObject *x = (AliasObject *)a, *y = (AliasObject *)b;
    int equal = x->starred == y->starred;
    if (equal) {
        equal = PyObject_RichCompareBool(x->origin, y->origin, Py_EQ);
        if (equal > 0) {
            equal = PyObject_RichCompareBool(x->args, y->args, Py_EQ);
        }
    }
    return equal < 0 ? NULL : PyBool_FromLong(equal == (op == Py_EQ));
}

static PyObject *alias_iter(PyObject *self)
{
    extern PyTypeObject genericalias_iter_type;
    AliasIter *it = PyObject_GC_New(AliasIter, &genericalias_iter_type);
    if (it) {
        it->obj = Py_NewRef(self);
        gc_track((PyObject *)it);
    }
    return (PyObject *)it;
}

/* -- Methods --------------------------------------------------------------------------------- */

static PyObject *alias_mro_entries(PyObject *self, PyObject *bases)
{
    return PyTuple_Pack(1, ((AliasObject *)self)->origin);
}

static PyObject *alias_instancecheck(PyObject *self, PyObject *unused)
{
    return PyErr_Format(PyExc_TypeError,
                        "isinstance() argument 2 cannot be a parameterized generic");
}

static PyObject *alias_subclasscheck(PyObject *self, PyObject *unused)
{
    return PyErr_Format(PyExc_TypeError,
                        "issubclass() argument 2 cannot be a parameterized generic");
}

static PyObject *alias_reduce(PyObject *op, PyObject *unused)
{
    AliasObject *self = (AliasObject *)op;
    if (!self->starred) {
        return Py_BuildValue("O(OO)", Py_TYPE(self), self->origin, self->args);
    }
    PyObject *plain = Py_GenericAlias(self->origin, self->args);
    PyObject *iter = plain ? PyObject_GetIter(plain) : NULL;
    Py_XDECREF(plain);
    return iter ? Py_BuildValue("N(N)", _PyEval_GetBuiltin(ID(next)), iter) : NULL;
}

static PyObject *alias_dir(PyObject *self, PyObject *unused)
{
    PyObject *names = PyObject_Dir(((AliasObject *)self)->origin);
    for (size_t i = 0; names && i < COUNT_OF(own_attributes); i++) {
        PyObject *name = PyUnicode_FromString(own_attributes[i]);
        int r = name ? PySequence_Contains(names, name) : -1;
        if (r == 0) {
            r = PyList_Append(names, name);
        }
        Py_XDECREF(name);
        if (r < 0) {
            Py_CLEAR(names);
        }
    }
    return names;
}

static PyObject *alias_unpacked(PyObject *op, void *closure)
{
    AliasObject *self = (AliasObject *)op;
    if (self->starred && self->origin == (PyObject *)&PyTuple_Type) {
        return Py_NewRef(self->args);
    }
    Py_RETURN_NONE;
}

static PyMethodDef alias_methods[] = {
    {"__mro_entries__", alias_mro_entries, METH_O, NULL},
    {"__instancecheck__", alias_instancecheck, METH_O, NULL},
    {"__subclasscheck__", alias_subclasscheck, METH_O, NULL},
    {"__reduce__", alias_reduce, METH_NOARGS, NULL},
    {"__dir__", alias_dir, METH_NOARGS, NULL},
    {NULL},
};

static PyMemberDef alias_members[] = {
    {"__origin__", T_OBJECT, offsetof(AliasObject, origin), READONLY},
    {"__args__", T_OBJECT, offsetof(AliasObject, args), READONLY},
    {"__unpacked__", T_BOOL, offsetof(AliasObject, starred), READONLY},
    {NULL},
};

static PyGetSetDef alias_getsets[] = {
    {"__parameters__", (getter)alias_parameters, NULL, "Type variables among the arguments."},
    {"__typing_unpacked_tuple_args__", alias_unpacked, NULL, NULL},
    {NULL},
};

static PyNumberMethods alias_as_number = {.nb_or = union_type_or};
static PyMappingMethods alias_as_mapping = {.mp_subscript = (binaryfunc)alias_getitem};

/* -- Construction ---------------------------------------------------------------------------- */

/* A single argument is a tuple of one. */
static int alias_set(AliasObject *self, PyObject *origin, PyObject *args)
{
    args = PyTuple_Check(args) ? Py_NewRef(args) : PyTuple_Pack(1, args);
    if (args == NULL) {
        return -1;
    }
    self->origin = Py_NewRef(origin);
    self->args = args;
    self->parameters = NULL;
    self->weaklist = NULL;
    self->starred = false;
    self->vectorcall = PyVectorcall_Function(origin) ? alias_vectorcall : NULL;
    return 0;
}

static PyObject *alias_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    if (!_PyArg_NoKeywords("GenericAlias", kwds)
        || !_PyArg_CheckPositional("GenericAlias", PyTuple_GET_SIZE(args), 2, 2)) {
        return NULL;
    }
    AliasObject *self = (AliasObject *)type->tp_alloc(type, 0);
    if (self && alias_set(self, PyTuple_GET_ITEM(args, 0), PyTuple_GET_ITEM(args, 1)) < 0) {
        Py_CLEAR(self);
    }
    return (PyObject *)self;
}

PyObject *Py_GenericAlias(PyObject *origin, PyObject *args)
{
    AliasObject *self = (AliasObject *)type_alloc_no_track(&Py_GenericAliasType, 0);
    if (self == NULL) {
        return NULL;
    }
    if (alias_set(self, origin, args) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    gc_track((PyObject *)self);
    return (PyObject *)self;
}

PyTypeObject Py_GenericAliasType = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "types.GenericAlias",
    .tp_basicsize = sizeof(AliasObject),
    .tp_dealloc = (destructor)alias_dealloc,
    .tp_vectorcall_offset = offsetof(AliasObject, vectorcall),
    .tp_repr = (reprfunc)alias_repr,
    .tp_as_number = &alias_as_number,
    .tp_as_mapping = &alias_as_mapping,
    .tp_hash = (hashfunc)alias_hash,
    .tp_call = (ternaryfunc)alias_call,
    .tp_getattro = alias_getattro,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE
                | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_doc = "A type with type arguments (PEP 585).\n\n"
              "For t = list[int], t.__origin__ is list and t.__args__ is (int,).",
    .tp_traverse = (traverseproc)alias_traverse,
    .tp_richcompare = alias_richcompare,
    .tp_weaklistoffset = offsetof(AliasObject, weaklist),
    .tp_iter = alias_iter,
    .tp_methods = alias_methods,
    .tp_members = alias_members,
    .tp_getset = alias_getsets,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = alias_new,
    .tp_free = PyObject_GC_Del,
};

/* -- Iterator: one item, the starred alias --------------------------------------------------- */

static PyObject *aliasiter_next(PyObject *op)
{
    AliasIter *it = (AliasIter *)op;
    if (it->obj == NULL) {
        return NULL;
    }
    AliasObject *alias = (AliasObject *)it->obj;
    PyObject *starred = Py_GenericAlias(alias->origin, alias->args);
    if (starred) {
        ((AliasObject *)starred)->starred = true;
    }
    Py_CLEAR(it->obj);
    return starred;
}

static void aliasiter_dealloc(PyObject *op)
{
    PyObject_GC_UnTrack(op);
    Py_XDECREF(((AliasIter *)op)->obj);
    PyObject_GC_Del(op);
}

static int aliasiter_traverse(PyObject *op, visitproc visit, void *arg)
{
    Py_VISIT(((AliasIter *)op)->obj);
    return 0;
}

static int aliasiter_clear(PyObject *op)
{
    Py_CLEAR(((AliasIter *)op)->obj);
    return 0;
}

static PyObject *aliasiter_reduce(PyObject *op, PyObject *unused)
{
    PyObject *iter = _PyEval_GetBuiltin(ID(iter)), *obj = ((AliasIter *)op)->obj;
    return obj ? Py_BuildValue("N(O)", iter, obj) : Py_BuildValue("N(())", iter);
}

static PyMethodDef aliasiter_methods[] = {{"__reduce__", aliasiter_reduce, METH_NOARGS, NULL},
                                          {NULL}};

PyTypeObject genericalias_iter_type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "generic_alias_iterator",
    .tp_basicsize = sizeof(AliasIter),
    .tp_dealloc = aliasiter_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = aliasiter_traverse,
    .tp_clear = aliasiter_clear,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = aliasiter_next,
    .tp_methods = aliasiter_methods,
};
