/* SPDX-License-Identifier: MIT
 *
 * _functools: partial, reduce, cmp_to_key, and the wrapper behind functools.lru_cache.
 *
 * A bounded cache is a dict from keys to links; the links form a ring from least to most recently
 * used, whose root is part of the wrapper object. Links are counted references of the dict alone;
 * the ring borrows them. I1: nothing that can run foreign code (decref, comparison, the user's
 * function) happens while the ring is open.
 */
#include "vitro.h"

typedef struct {
    PyTypeObject *partial, *key, *lru_cache, *link; /* strong */
    PyObject *kwd_mark; /* strong: stands between positional arguments and keywords in a key */
} FunctoolsState;

static struct PyModuleDef functools_module;
static inline FunctoolsState *state_of(PyObject *module) { return PyModule_GetState(module); }

/* -- partial --------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    PyObject *fn, *args, *kw; /* kw: dict, maybe empty */
    PyObject *dict, *weakrefs;
    vectorcallfunc vectorcall;
} Partial;

static PyObject *partial_vectorcall(PyObject *, PyObject *const *, size_t, PyObject *);

static PyObject *partial_call(Partial *self, PyObject *args, PyObject *kwargs)
{
    PyObject *all_kw;
    if (PyDict_GET_SIZE(self->kw) == 0) {
        all_kw = Py_XNewRef(kwargs);
    } else {
        all_kw = PyDict_Copy(self->kw);
        if (all_kw == NULL || (kwargs && PyDict_Merge(all_kw, kwargs, 1) < 0)) {
            Py_XDECREF(all_kw);
            return NULL;
        }
    }
    PyObject *all = PySequence_Concat(self->args, args), *r = NULL;
    if (all) {
        r = PyObject_Call(self->fn, all, all_kw);
        Py_DECREF(all);
    }
    Py_XDECREF(all_kw);
    return r;
}

static PyObject *concat_tuples(PyObject *a, PyObject *const *items, Py_ssize_t n)
{
    Py_ssize_t na = PyTuple_GET_SIZE(a);
    PyObject *t = PyTuple_New(na + n);
    for (Py_ssize_t i = 0; t && i < na + n; i++) {
        PyTuple_SET_ITEM(t, i, Py_NewRef(i < na ? PyTuple_GET_ITEM(a, i) : items[i - na]));
    }
    return t;
}

static PyObject *partial_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    if (PyTuple_GET_SIZE(args) < 1) {
        PyErr_SetString(PyExc_TypeError, "type 'partial' takes at least one argument");
        return NULL;
    }
    PyObject *fn = PyTuple_GET_ITEM(args, 0), *inner_args = NULL, *inner_kw = NULL;
    if (!PyCallable_Check(fn)) {
        PyErr_SetString(PyExc_TypeError, "the first argument must be callable");
        return NULL;
    }
    /* A plain partial of a partial is flattened. */
    if (Py_TYPE(fn)->tp_call == (ternaryfunc)partial_call && ((Partial *)fn)->dict == NULL) {
        inner_args = ((Partial *)fn)->args;
        inner_kw = ((Partial *)fn)->kw;
        fn = ((Partial *)fn)->fn;
    }
    Partial *self = (Partial *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->fn = Py_NewRef(fn);
    self->vectorcall = partial_vectorcall;
    PyObject *const *rest = ((PyTupleObject *)args)->ob_item + 1;
    Py_ssize_t nrest = PyTuple_GET_SIZE(args) - 1;
    if (inner_args) {
        self->args = concat_tuples(inner_args, rest, nrest);
    } else {
        self->args = PyTuple_GetSlice(args, 1, nrest + 1);
    }
    self->kw = inner_kw ? PyDict_Copy(inner_kw) : PyDict_New();
    if (self->args == NULL || self->kw == NULL ||
        (kwargs && PyDict_Merge(self->kw, kwargs, 1) < 0)) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static int partial_clear(Partial *self)
{
    Py_CLEAR(self->fn);
    Py_CLEAR(self->args);
    Py_CLEAR(self->kw);
    Py_CLEAR(self->dict);
    return 0;
}

static int partial_traverse(Partial *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->fn);
    Py_VISIT(self->args);
    Py_VISIT(self->kw);
    Py_VISIT(self->dict);
    return 0;
}

static void partial_dealloc(Partial *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    if (self->weakrefs) {
        PyObject_ClearWeakRefs((PyObject *)self);
    }
    partial_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

enum { PARTIAL_STACK = 8 };

/* A call with positional arguments only, of a partial that has keywords; all fit PARTIAL_STACK. */
static PyObject *partial_with_keywords(Partial *self, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *stack[PARTIAL_STACK], *names = PyTuple_New(PyDict_GET_SIZE(self->kw)), *key, *value;
    Py_ssize_t n = PyTuple_GET_SIZE(self->args), k = 0, pos = 0;
    if (names == NULL) {
        return NULL;
    }
    memcpy(stack, ((PyTupleObject *)self->args)->ob_item, (size_t)n * sizeof(*stack));
    memcpy(stack + n, args, (size_t)nargs * sizeof(*stack));
    n += nargs;
    while (PyDict_Next(self->kw, &pos, &key, &value)) {
        PyTuple_SET_ITEM(names, k, Py_NewRef(key));
        stack[n + k++] = Py_NewRef(value); /* the call may change the dict */
    }
    PyObject *result = PyObject_Vectorcall(self->fn, stack, (size_t)n, names);
    while (k > 0) {
        Py_DECREF(stack[n + --k]);
    }
    Py_DECREF(names);
    return result;
}

/* With one own argument the caller's spare slot in front of the others takes it
   (PY_VECTORCALL_ARGUMENTS_OFFSET), and nothing is copied; otherwise both rows are joined, on
   the C stack if short. Own keywords may be overridden by the call's: partial_with_keywords, or
   tp_call. */
static PyObject *partial_vectorcall(PyObject *callable, PyObject *const *args, size_t nargsf,
                                    PyObject *kwnames)
{
    Partial *self = (Partial *)callable;
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf), nkw = kwnames ? PyTuple_GET_SIZE(kwnames) : 0;
    if (PyDict_GET_SIZE(self->kw)) {
        if (nkw == 0 &&
            nargs + PyTuple_GET_SIZE(self->args) + PyDict_GET_SIZE(self->kw) <= PARTIAL_STACK) {
            return partial_with_keywords(self, args, nargs);
        }
        return _PyObject_MakeTpCall(PyThreadState_Get(), callable, args, nargs, kwnames);
    }
    PyObject *const *own = ((PyTupleObject *)self->args)->ob_item;
    Py_ssize_t nown = PyTuple_GET_SIZE(self->args), total = nargs + nkw;
    if (total == 0) {
        return PyObject_Vectorcall(self->fn, own, (size_t)nown, NULL);
    }
    PyObject *r;
    if (nown == 1 && (nargsf & PY_VECTORCALL_ARGUMENTS_OFFSET)) {
        PyObject **slot = (PyObject **)args - 1, *saved = *slot;
        *slot = own[0];
        r = PyObject_Vectorcall(self->fn, slot, (size_t)nargs + 1, kwnames);
        *slot = saved;
        return r;
    }
    PyObject *small[6], **stack = small;
    if (nown + total > (Py_ssize_t)COUNT_OF(small)) {
        stack = PyMem_New(PyObject *, (size_t)(nown + total));
        if (stack == NULL) {
            return PyErr_NoMemory();
        }
    }
    memcpy(stack, own, (size_t)nown * sizeof(*stack));
    memcpy(stack + nown, args, (size_t)total * sizeof(*stack));
    r = PyObject_Vectorcall(self->fn, stack, (size_t)(nown + nargs), kwnames);
    if (stack != small) {
        PyMem_Free(stack);
    }
    return r;
}

/* Values are held while they are shown: a repr may change the partial. */
static PyObject *partial_repr(Partial *self)
{
    int status = Py_ReprEnter((PyObject *)self);
    if (status != 0) {
        return status < 0 ? NULL : PyUnicode_FromString("...");
    }
    PyObject *list = PyUnicode_FromString(""), *r = NULL, *key, *value;
    Py_ssize_t n = PyTuple_GET_SIZE(self->args), pos = 0;
    for (Py_ssize_t i = 0; list && i < n; i++) {
        Py_SETREF(list, PyUnicode_FromFormat("%U, %R", list, PyTuple_GET_ITEM(self->args, i)));
    }
    while (list && PyDict_Next(self->kw, &pos, &key, &value)) {
        Py_INCREF(value);
        Py_SETREF(list, PyUnicode_FromFormat("%U, %S=%R", list, key, value));
        Py_DECREF(value);
    }
    if (list) {
        r = PyUnicode_FromFormat("%s(%R%U)", Py_TYPE(self)->tp_name, self->fn, list);
        Py_DECREF(list);
    }
    Py_ReprLeave((PyObject *)self);
    return r;
}

static PyObject *partial_reduce(Partial *self, PyObject *noargs)
{
    return Py_BuildValue("O(O)(OOOO)", Py_TYPE(self), self->fn, self->fn, self->args, self->kw,
                         self->dict ? self->dict : Py_None);
}

/* Copies subclasses of tuple and dict: the rest of the type reads them without methods. */
static PyObject *partial_setstate(Partial *self, PyObject *state)
{
    PyObject *fn, *args, *kw, *dict;
    if (!PyTuple_Check(state) || !PyArg_ParseTuple(state, "OOOO", &fn, &args, &kw, &dict)
        || !PyCallable_Check(fn) || !PyTuple_Check(args) || (kw != Py_None && !PyDict_Check(kw))) {
        PyErr_SetString(PyExc_TypeError, "invalid partial state");
        return NULL;
    }
    args = PyTuple_CheckExact(args) ? Py_NewRef(args) : PySequence_Tuple(args);
    if (args == NULL) {
        return NULL;
    }
    kw = kw == Py_None ? PyDict_New() : PyDict_CheckExact(kw) ? Py_NewRef(kw) : PyDict_Copy(kw);
    if (kw == NULL) {
        Py_DECREF(args);
        return NULL;
    }
    Py_XSETREF(self->fn, Py_NewRef(fn));
    Py_XSETREF(self->args, args);
    Py_XSETREF(self->kw, kw);
    Py_XSETREF(self->dict, dict == Py_None ? NULL : Py_NewRef(dict));
    Py_RETURN_NONE;
}

static PyMethodDef partial_methods[] = {
    {"__reduce__", (PyCFunction)partial_reduce, METH_NOARGS},
    {"__setstate__", (PyCFunction)partial_setstate, METH_O},
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, "See PEP 585"},
    {NULL},
};
static PyMemberDef partial_members[] = {
    {"func", T_OBJECT, offsetof(Partial, fn), READONLY, "what a call calls"},
    {"args", T_OBJECT, offsetof(Partial, args), READONLY,
     "arguments that go before those of a call"},
    {"keywords", T_OBJECT, offsetof(Partial, kw), READONLY,
     "keyword arguments added to those of a call"},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Partial, weakrefs), READONLY},
    {"__dictoffset__", T_PYSSIZET, offsetof(Partial, dict), READONLY},
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Partial, vectorcall), READONLY},
    {NULL},
};
static PyGetSetDef partial_getset[] = {
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict}, {NULL}};

PyDoc_STRVAR(partial_doc,
"partial(func, *args, **keywords): a function that calls func with these\n"
"    arguments before its own, and with these keywords.\n");

static PyType_Slot partial_slots[] = {
    {Py_tp_dealloc, partial_dealloc},
    {Py_tp_repr, partial_repr},
    {Py_tp_call, partial_call},
    {Py_tp_getattro, PyObject_GenericGetAttr},
    {Py_tp_setattro, PyObject_GenericSetAttr},
    {Py_tp_doc, (void *)partial_doc},
    {Py_tp_traverse, partial_traverse},
    {Py_tp_clear, partial_clear},
    {Py_tp_methods, partial_methods},
    {Py_tp_members, partial_members},
    {Py_tp_getset, partial_getset},
    {Py_tp_new, partial_new},
    {Py_tp_free, PyObject_GC_Del},
    {0, NULL},
};
static PyType_Spec partial_spec = {
    .name = "functools.partial",
    .basicsize = sizeof(Partial),
    .slots = partial_slots,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE |
             Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_HAVE_VECTORCALL,
};

/* -- cmp_to_key ------------------------------------------------------------------------------ */

typedef struct { PyObject_HEAD PyObject *cmp, *object; } Key;

static int key_clear(Key *self)
{
    Py_CLEAR(self->cmp);
    Py_CLEAR(self->object);
    return 0;
}

static int key_traverse(Key *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->cmp);
    Py_VISIT(self->object);
    return 0;
}

static void key_dealloc(Key *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    key_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static Key *key_make(PyTypeObject *type, PyObject *cmp, PyObject *object)
{
    Key *self = PyObject_GC_New(Key, type);
    if (self) {
        self->cmp = Py_NewRef(cmp);
        self->object = Py_XNewRef(object);
        PyObject_GC_Track(self);
    }
    return self;
}

static PyObject *key_call(Key *self, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"obj", NULL};
    PyObject *object;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O:K", names, &object)) {
        return NULL;
    }
    return (PyObject *)key_make(Py_TYPE(self), self->cmp, object);
}

static PyObject *key_richcompare(PyObject *self, PyObject *other, int op)
{
    if (!Py_IS_TYPE(other, Py_TYPE(self))) {
        PyErr_Format(PyExc_TypeError, "other argument must be K instance");
        return NULL;
    }
    PyObject *x = ((Key *)self)->object, *y = ((Key *)other)->object;
    if (x == NULL || y == NULL) {
        PyErr_Format(PyExc_AttributeError, "object");
        return NULL;
    }
    PyObject *pair[3] = {NULL, x, y};
    PyObject *res =
        PyObject_Vectorcall(((Key *)self)->cmp, pair + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    PyObject *zero = res ? PyLong_FromLong(0) : NULL, *answer = NULL;
    if (zero) {
        answer = PyObject_RichCompare(res, zero, op);
        Py_DECREF(zero);
    }
    Py_XDECREF(res);
    return answer;
}

static PyMemberDef key_members[] = {
    {"obj", T_OBJECT, offsetof(Key, object), 0, "Value wrapped by a key function."},
    {NULL},
};
static PyType_Slot key_slots[] = {
    {Py_tp_dealloc, key_dealloc}, {Py_tp_call, key_call}, {Py_tp_getattro, PyObject_GenericGetAttr},
    {Py_tp_traverse, key_traverse}, {Py_tp_clear, key_clear}, {Py_tp_richcompare, key_richcompare},
    {Py_tp_members, key_members}, {0, NULL},
};
static PyType_Spec key_spec = {
    .name = "functools.KeyWrapper", .basicsize = sizeof(Key), .slots = key_slots,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_HAVE_GC
             | Py_TPFLAGS_IMMUTABLETYPE,
};

static PyObject *functools_cmp_to_key(PyObject *module, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"mycmp", NULL};
    PyObject *cmp;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O:cmp_to_key", names, &cmp)) {
        return NULL;
    }
    return (PyObject *)key_make(state_of(module)->key, cmp, NULL);
}

/* -- reduce ---------------------------------------------------------------------------------- */

static PyObject *functools_reduce(PyObject *module, PyObject *args)
{
    PyObject *func, *seq, *result = NULL;
    if (!PyArg_UnpackTuple(args, "reduce", 2, 3, &func, &seq, &result)) {
        return NULL;
    }
    PyObject *iter = PyObject_GetIter(seq);
    if (iter == NULL) {
        if (PyErr_ExceptionMatches(PyExc_TypeError)) {
            PyErr_SetString(PyExc_TypeError, "reduce() arg 2 must support iteration");
        }
        return NULL;
    }
    Py_XINCREF(result);
    PyObject *item;
    while ((item = PyIter_Next(iter)) != NULL) {
        if (result == NULL) {
            result = item;
            continue;
        }
        PyObject *stack[3] = {NULL, result, item};
        PyObject *next =
            PyObject_Vectorcall(func, stack + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
        Py_DECREF(item);
        Py_SETREF(result, next);
        if (result == NULL) {
            Py_DECREF(iter);
            return NULL;
        }
    }
    Py_DECREF(iter);
    if (PyErr_Occurred()) {
        Py_CLEAR(result);
    } else if (result == NULL) {
        PyErr_SetString(PyExc_TypeError, "reduce() of empty iterable with no initial value");
    }
    return result;
}

/* -- lru_cache ------------------------------------------------------------------------------- */

typedef struct Link {
    PyObject_HEAD
    struct Link *prev, *next; /* borrowed: the cache's ring */
    Py_hash_t hash;
    PyObject *key, *result;   /* strong */
} Link;

static void link_dealloc(Link *self)
{
    PyTypeObject *type = Py_TYPE(self);
    Py_XDECREF(self->key);
    Py_XDECREF(self->result);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyType_Slot link_slots[] = {{Py_tp_dealloc, link_dealloc}, {0, NULL}};
static PyType_Spec link_spec = {
    .name = "functools._lru_list_elem", .basicsize = sizeof(Link), .slots = link_slots,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
};

typedef struct LruCache LruCache;

struct LruCache {
    Link root;       /* must be first: ob_base is the object's head; prev newest, next oldest */
    vectorcallfunc vectorcall; /* lru_uncached, lru_unbounded or lru_bounded */
    int typed;       /* 1 and 1.0 are different keys */
    PyObject *cache; /* dict: key -> result, or key -> Link when bounded */
    Py_ssize_t hits, misses, maxsize; /* maxsize -1: unbounded */
    PyObject *func, *kwd_mark, *cache_info_type;
    PyTypeObject *link_type;
    PyObject *dict, *weakrefs;
};

/* A key that two calls share exactly when their arguments are equal (and of equal types when
   typed). A single str or int is its own key. */
static PyObject *lru_make_key(LruCache *self, PyObject *const *args, Py_ssize_t nargs,
                              PyObject *kwnames)
{
    Py_ssize_t nkw = kwnames ? PyTuple_GET_SIZE(kwnames) : 0, all = nargs + nkw, k = nargs;
    int typed = self->typed;
    if (!typed && all == 1 && nkw == 0 &&
        (PyUnicode_CheckExact(*args) || PyLong_CheckExact(*args))) {
        return Py_NewRef(*args);
    }
    PyObject *tuple = PyTuple_New(nargs + (nkw ? nkw * 2 + 1 : 0) + (typed ? all : 0));
    if (tuple == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < nargs; i++) {
        PyTuple_SET_ITEM(tuple, i, Py_NewRef(args[i]));
    }
    if (nkw) {
        PyTuple_SET_ITEM(tuple, k++, Py_NewRef(self->kwd_mark));
        for (Py_ssize_t i = 0; i < nkw; i++) {
            PyTuple_SET_ITEM(tuple, k++, Py_NewRef(PyTuple_GET_ITEM(kwnames, i)));
            PyTuple_SET_ITEM(tuple, k++, Py_NewRef(args[nargs + i]));
        }
    }
    for (Py_ssize_t i = 0; typed && i < all; i++) {
        PyTuple_SET_ITEM(tuple, k++, Py_NewRef(Py_TYPE(args[i])));
    }
    return tuple;
}

static PyObject *lru_uncached(PyObject *cache, PyObject *const *args, size_t nargsf,
                              PyObject *kwnames)
{
    LruCache *self = (LruCache *)cache;
    self->misses++;
    return PyObject_Vectorcall(self->func, args, nargsf, kwnames);
}

/* No links are kept: nothing is ever thrown out. */
static PyObject *lru_unbounded(PyObject *cache, PyObject *const *args, size_t nargsf,
                               PyObject *kwnames)
{
    LruCache *self = (LruCache *)cache;
    PyObject *key = lru_make_key(self, args, PyVectorcall_NARGS(nargsf), kwnames), *result;
    Py_hash_t hash = key ? PyObject_Hash(key) : -1;
    if (hash == -1) {
        Py_XDECREF(key);
        return NULL;
    }
    result = _PyDict_GetItem_KnownHash(self->cache, key, hash);
    if (result) {
        Py_INCREF(result);
        self->hits++;
        Py_DECREF(key);
        return result;
    }
    if (!PyErr_Occurred()) {
        self->misses++;
        result = PyObject_Vectorcall(self->func, args, nargsf, kwnames);
        if (result && _PyDict_SetItem_KnownHash(self->cache, key, result, hash) < 0) {
            Py_CLEAR(result);
        }
    }
    Py_DECREF(key);
    return result;
}

static void link_extract(Link *link)
{
    link->prev->next = link->next;
    link->next->prev = link->prev;
}

static void link_append(LruCache *self, Link *link)
{
    Link *root = &self->root, *last = root->prev;
    last->next = root->prev = link;
    link->prev = last;
    link->next = root;
}

/* Stores result under key in a fresh link. STEALS key. */
static int lru_insert(LruCache *self, PyObject *key, Py_hash_t hash, PyObject *result)
{
    Link *link = PyObject_New(Link, self->link_type);
    if (link == NULL) {
        Py_DECREF(key);
        return -1;
    }
    link->hash = hash;
    link->key = key;
    link->result = Py_NewRef(result);
    if (_PyDict_SetItem_KnownHash(self->cache, key, (PyObject *)link, hash) < 0) {
        Py_DECREF(link);
        return -1;
    }
    link_append(self, link);
    Py_DECREF(link); /* the dict owns it */
    return 0;
}

/* Reuses the oldest link for key. STEALS key. Returns result, or NULL having dropped it. */
static PyObject *lru_replace_oldest(LruCache *self, PyObject *key, Py_hash_t hash, PyObject *result)
{
    Link *link = self->root.next;
    link_extract(link);
    /* The dict's reference is taken over: look the link up, then delete its entry. */
    Py_INCREF(link);
    PyObject *found = _PyDict_GetItem_KnownHash(self->cache, link->key, link->hash);
    if (found == NULL) {
        if (PyErr_Occurred()) {
            link_append(self, link); /* still the newest state that is consistent */
            Py_DECREF(link);
            Py_DECREF(key);
            Py_DECREF(result);
            return NULL;
        }
        /* The key comparison changed the cache under us: the link is out of the dict already. */
        Py_DECREF(link);
        Py_DECREF(key);
        return result;
    }
    if (_PyDict_DelItem_KnownHash(self->cache, link->key, link->hash) < 0) {
        Py_DECREF(link);
        Py_DECREF(key);
        Py_DECREF(result);
        return NULL;
    }
    PyObject *old_key = link->key, *old_result = link->result;
    link->hash = hash;
    link->key = key;
    link->result = Py_NewRef(result);
    if (_PyDict_SetItem_KnownHash(self->cache, key, (PyObject *)link, hash) < 0) {
        Py_CLEAR(result);
    } else {
        link_append(self, link);
    }
    Py_DECREF(link);
    Py_DECREF(old_key);
    Py_DECREF(old_result);
    return result;
}

static PyObject *lru_bounded(PyObject *cache, PyObject *const *args, size_t nargsf,
                             PyObject *kwnames)
{
    LruCache *self = (LruCache *)cache;
    PyObject *key = lru_make_key(self, args, PyVectorcall_NARGS(nargsf), kwnames);
    Py_hash_t hash = key ? PyObject_Hash(key) : -1;
    if (hash == -1) {
        Py_XDECREF(key);
        return NULL;
    }
    Link *link = (Link *)_PyDict_GetItem_KnownHash(self->cache, key, hash);
    if (link) {
        link_extract(link);
        link_append(self, link);
        self->hits++;
        PyObject *result = Py_NewRef(link->result);
        Py_DECREF(key);
        return result;
    }
    if (PyErr_Occurred()) {
        Py_DECREF(key);
        return NULL;
    }
    self->misses++;
    PyObject *result = PyObject_Vectorcall(self->func, args, nargsf, kwnames);
    if (result == NULL) {
        Py_DECREF(key);
        return NULL;
    }
    /* The call may have stored the same key; then the cache is fresh already. */
    if (_PyDict_GetItem_KnownHash(self->cache, key, hash)) {
        Py_DECREF(key);
        return result;
    }
    if (PyErr_Occurred()) {
        Py_DECREF(key);
        Py_DECREF(result);
        return NULL;
    }
    if (PyDict_GET_SIZE(self->cache) < self->maxsize || self->root.next == &self->root) {
        if (lru_insert(self, key, hash, result) < 0) {
            Py_CLEAR(result);
        }
        return result;
    }
    return lru_replace_oldest(self, key, hash, result);
}

/* The kind of cache is chosen here, once: it is the vectorcall function. */
static PyObject *lru_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"user_function", "maxsize", "typed", "cache_info_type", NULL};
    PyObject *func, *maxsize_o, *cache_info_type;
    int typed;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "OOpO:lru_cache", names, &func, &maxsize_o,
                                     &typed, &cache_info_type)) {
        return NULL;
    }
    if (!PyCallable_Check(func)) {
        PyErr_SetString(PyExc_TypeError, "the first argument must be callable");
        return NULL;
    }
    PyObject *module = PyType_GetModuleByDef(type, &functools_module);
    if (module == NULL) {
        return NULL;
    }
    vectorcallfunc wrapper;
    Py_ssize_t maxsize = -1;
    if (maxsize_o == Py_None) {
        wrapper = lru_unbounded;
    } else if (PyIndex_Check(maxsize_o)) {
        maxsize = PyNumber_AsSsize_t(maxsize_o, PyExc_OverflowError);
        if (maxsize == -1 && PyErr_Occurred()) {
            return NULL;
        }
        maxsize = Py_MAX(maxsize, 0);
        wrapper = maxsize == 0 ? lru_uncached : lru_bounded;
    } else {
        PyErr_SetString(PyExc_TypeError, "maxsize should be integer or None");
        return NULL;
    }
    PyObject *cache = PyDict_New();
    LruCache *self = cache ? (LruCache *)type->tp_alloc(type, 0) : NULL;
    if (self == NULL) {
        Py_XDECREF(cache);
        return NULL;
    }
    FunctoolsState *state = state_of(module);
    self->root.prev = self->root.next = &self->root;
    self->vectorcall = wrapper;
    self->typed = typed;
    self->cache = cache;
    self->maxsize = maxsize;
    self->func = Py_NewRef(func);
    self->kwd_mark = Py_NewRef(state->kwd_mark);
    self->link_type = (PyTypeObject *)Py_NewRef(state->link);
    self->cache_info_type = Py_NewRef(cache_info_type);
    return (PyObject *)self;
}

/* Takes all links out of the ring; returns them as a chain through next, each with a reference. */
static Link *lru_unlink_all(LruCache *self)
{
    Link *root = &self->root, *first = root->next;
    if (first == root) {
        return NULL;
    }
    for (Link *link = first; link != root; link = link->next) {
        Py_INCREF(link);
    }
    root->prev->next = NULL;
    root->next = root->prev = root;
    return first;
}

static void links_drop(Link *link)
{
    while (link) {
        Link *next = link->next;
        Py_DECREF(link);
        link = next;
    }
}

static int lru_clear(LruCache *self)
{
    Link *links = lru_unlink_all(self);
    Py_CLEAR(self->cache);
    links_drop(links);
    Py_CLEAR(self->func);
    Py_CLEAR(self->kwd_mark);
    Py_CLEAR(self->link_type);
    Py_CLEAR(self->cache_info_type);
    Py_CLEAR(self->dict);
    return 0;
}

static void lru_dealloc(LruCache *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    if (self->weakrefs) {
        PyObject_ClearWeakRefs((PyObject *)self);
    }
    lru_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

static int lru_traverse(LruCache *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    for (Link *link = self->root.next; link != &self->root; link = link->next) {
        Py_VISIT(link->key);
        Py_VISIT(link->result);
        Py_VISIT(Py_TYPE(link));
    }
    Py_VISIT(self->cache);
    Py_VISIT(self->func);
    Py_VISIT(self->kwd_mark);
    Py_VISIT(self->link_type);
    Py_VISIT(self->cache_info_type);
    Py_VISIT(self->dict);
    return 0;
}

static PyObject *lru_descr_get(PyObject *self, PyObject *obj, PyObject *type)
{
    return obj == Py_None || obj == NULL ? Py_NewRef(self) : PyMethod_New(self, obj);
}

static PyObject *lru_cache_info(LruCache *self, PyObject *noargs)
{
    if (self->maxsize == -1) {
        return PyObject_CallFunction(self->cache_info_type, "nnOn", self->hits, self->misses,
                                     Py_None, PyDict_GET_SIZE(self->cache));
    }
    return PyObject_CallFunction(self->cache_info_type, "nnnn", self->hits, self->misses,
                                 self->maxsize, PyDict_GET_SIZE(self->cache));
}

static PyObject *lru_cache_clear(LruCache *self, PyObject *noargs)
{
    Link *links = lru_unlink_all(self);
    self->hits = self->misses = 0;
    PyDict_Clear(self->cache);
    links_drop(links);
    Py_RETURN_NONE;
}

static PyObject *lru_reduce(PyObject *self, PyObject *noargs)
{
    return PyObject_GetAttrString(self, "__qualname__");
}
static PyObject *lru_copy(PyObject *self, PyObject *unused) { return Py_NewRef(self); }

static PyMethodDef lru_methods[] = {
    {"cache_info", (PyCFunction)lru_cache_info, METH_NOARGS, "Report cache statistics"},
    {"cache_clear", (PyCFunction)lru_cache_clear, METH_NOARGS,
     "Clear the cache and cache statistics"},
    {"__reduce__", lru_reduce, METH_NOARGS},
    {"__copy__", lru_copy, METH_VARARGS},
    {"__deepcopy__", lru_copy, METH_VARARGS},
    {NULL},
};
static PyGetSetDef lru_getset[] = {{"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict},
                                   {NULL}};
static PyMemberDef lru_members[] = {
    {"__dictoffset__", T_PYSSIZET, offsetof(LruCache, dict), READONLY},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(LruCache, weakrefs), READONLY},
    {NULL},
};

PyDoc_STRVAR(lru_doc, "A callable that remembers results of another function.\n\n"
                      "  user_function\n    that function\n"
                      "  maxsize\n    how many results to keep: 0 none, None all\n"
                      "  typed\n    whether f(3) and f(3.0) are two calls or one\n"
                      "  cache_info_type\n    makes the answer of cache_info() from hits, misses, "
                      "maxsize and currsize\n");

static PyType_Slot lru_slots[] = {
    {Py_tp_dealloc, lru_dealloc}, {Py_tp_call, PyVectorcall_Call}, {Py_tp_doc, (void *)lru_doc},
    {Py_tp_traverse, lru_traverse}, {Py_tp_clear, lru_clear}, {Py_tp_methods, lru_methods},
    {Py_tp_members, lru_members}, {Py_tp_getset, lru_getset}, {Py_tp_descr_get, lru_descr_get},
    {Py_tp_new, lru_new}, {0, NULL},
};
static PyType_Spec lru_spec = {
    .name = "functools._lru_cache_wrapper", .basicsize = sizeof(LruCache), .slots = lru_slots,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_METHOD_DESCRIPTOR
             | Py_TPFLAGS_IMMUTABLETYPE,
};

/* -- Module ---------------------------------------------------------------------------------- */

PyDoc_STRVAR(reduce_doc,
"reduce(function, iterable[, initial], /) -> value\n\n"
"Fold an iterable into one value: the function is called with what it gave\n"
"last and the next item. The initial value goes before the items, and is the\n"
"result for an empty iterable. reduce(lambda x, y: x+y, [1, 2, 3]) is ((1+2)+3).");

static PyMethodDef functools_methods[] = {
    {"reduce", functools_reduce, METH_VARARGS, reduce_doc},
    {"cmp_to_key", _PyCFunction_CAST(functools_cmp_to_key), METH_VARARGS | METH_KEYWORDS,
     "Make of a function that compares two values a key= function for sorting."},
    {NULL},
};

static PyTypeObject *make_type(PyObject *module, PyType_Spec *spec)
{
    return (PyTypeObject *)PyType_FromModuleAndSpec(module, spec, NULL);
}

static int functools_exec(PyObject *module)
{
    FunctoolsState *state = state_of(module);
    state->kwd_mark = PyObject_CallNoArgs((PyObject *)&PyBaseObject_Type);
    if (state->kwd_mark == NULL) {
        return -1;
    }
    if ((state->partial = make_type(module, &partial_spec)) == NULL
        || PyModule_AddType(module, state->partial) < 0
        || (state->lru_cache = make_type(module, &lru_spec)) == NULL
        || PyModule_AddType(module, state->lru_cache) < 0
        || (state->key = make_type(module, &key_spec)) == NULL
        || (state->link = make_type(module, &link_spec)) == NULL) {
        return -1;
    }
    /* Not by a member: 3.11's type shows none. */
    state->lru_cache->tp_vectorcall_offset = offsetof(LruCache, vectorcall);
    state->lru_cache->tp_flags |= Py_TPFLAGS_HAVE_VECTORCALL;
    return 0;
}

static int functools_traverse(PyObject *module, visitproc visit, void *arg)
{
    FunctoolsState *state = state_of(module);
    Py_VISIT(state->kwd_mark);
    Py_VISIT(state->partial);
    Py_VISIT(state->key);
    Py_VISIT(state->lru_cache);
    Py_VISIT(state->link);
    return 0;
}

static int functools_clear(PyObject *module)
{
    FunctoolsState *state = state_of(module);
    Py_CLEAR(state->kwd_mark);
    Py_CLEAR(state->partial);
    Py_CLEAR(state->key);
    Py_CLEAR(state->lru_cache);
    Py_CLEAR(state->link);
    return 0;
}

static void functools_free(void *module) { functools_clear(module); }

static PyModuleDef_Slot functools_slots[] = {{Py_mod_exec, functools_exec}, {0, NULL}};
static struct PyModuleDef functools_module = {
    PyModuleDef_HEAD_INIT, .m_name = "_functools", .m_doc = "Tools that operate on functions.",
    .m_size = sizeof(FunctoolsState), .m_methods = functools_methods, .m_slots = functools_slots,
    .m_traverse = functools_traverse, .m_clear = functools_clear, .m_free = functools_free,
};

PyMODINIT_FUNC PyInit__functools(void) { return PyModuleDef_Init(&functools_module); }
