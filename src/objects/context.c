/* SPDX-License-Identifier: MIT
 *
 * contextvars: Context, ContextVar, Token (PEP 567; module _contextvars only re-exports them).
 *
 *     tstate->context ──> Context ──> Hamt: ContextVar → value        immutable, shared by copies
 *                           │ prev
 *                           └──> the context that was current when this one was entered
 *
 *  C1 The current context is made when first needed; a copy is one more reference to the map, so
 *     that starting a task costs O(1). Setting a variable replaces the map: O(log n).
 *  C2 A context is entered at most once at a time.
 *  C3 context_ver changes with every switch and every change: a variable caches its value under
 *     (thread, version), which makes get() two comparisons.
 */
#include "objects/hamt.h"
#include "state.h"

struct _pycontextobject {
    PyObject_HEAD
    PyContext *prev;       /* strong, may be NULL: current context when this was entered */
    Hamt *vars;            /* strong */
    PyObject *weakreflist; /* weak references */
    int entered;           /* C2 */
};

struct _pycontextvarobject {
    PyObject_HEAD
    PyObject *name;          /* strong */
    PyObject *default_value; /* strong, may be NULL */
    PyObject *cached;        /* BORROWED from the map of context version `cached_version` */
    uint64_t cached_thread, cached_version; /* C3 */
    Py_hash_t hash;          /* of address and name, fixed */
};

struct _pycontexttokenobject {
    PyObject_HEAD
    PyContext *context;      /* strong */
    PyContextVar *var;       /* strong */
    PyObject *old;           /* strong, may be NULL: there was none */
    int used;                /* reset() works once */
};

PyTypeObject PyContextTokenMissing_Type;
static PyObject *token_missing(void);

/* -- Contexts ---------------------------------------------------------------------------------- */

static PyContext *context_with(Hamt *vars) /* STEALS vars */
{
    PyContext *ctx = PyObject_GC_New(PyContext, &PyContext_Type);
    if (ctx == NULL) {
        Py_DECREF(vars);
        return NULL;
    }
    ctx->prev = NULL;
    ctx->vars = vars;
    ctx->weakreflist = NULL;
    ctx->entered = 0;
    PyObject_GC_Track(ctx);
    return ctx;
}

static PyContext *context_new_empty(void)
{
    Hamt *vars = hamt_new();
    return vars == NULL ? NULL : context_with(vars);
}

/* The thread's current context, BORROWED; made when there is none. */
static PyContext *context_current(void)
{
    PyThreadState *tstate = tstate_get();
    if (tstate->context == NULL) {
        tstate->context = (PyObject *)context_new_empty();
        tstate->context_ver++;
    }
    return (PyContext *)tstate->context;
}

static PyContext *context_checked(PyObject *o)
{
    if (!PyContext_CheckExact(o)) {
        PyErr_SetString(PyExc_TypeError, "an instance of Context was expected");
        return NULL;
    }
    return (PyContext *)o;
}

static PyContext *context_copy(PyContext *ctx)
{
    return context_with((Hamt *)Py_NewRef((PyObject *)ctx->vars));
}

PyObject *PyContext_New(void) { return (PyObject *)context_new_empty(); }

PyObject *PyContext_Copy(PyObject *o)
{
    PyContext *ctx = context_checked(o);
    return ctx == NULL ? NULL : (PyObject *)context_copy(ctx);
}

PyObject *PyContext_CopyCurrent(void)
{
    PyContext *ctx = context_current();
    return ctx == NULL ? NULL : (PyObject *)context_copy(ctx);
}

/* C2. The reference to the context before moves into `prev`. */
static int context_enter(PyThreadState *tstate, PyContext *ctx)
{
    if (ctx->entered) {
        PyErr_Format(PyExc_RuntimeError, "cannot enter context: %R is already entered", ctx);
        return -1;
    }
    ctx->prev = (PyContext *)tstate->context; /* its reference moves here */
    ctx->entered = 1;
    tstate->context = Py_NewRef((PyObject *)ctx);
    tstate->context_ver++;
    return 0;
}

/* Only the current one can be left. */
static int context_exit(PyThreadState *tstate, PyContext *ctx)
{
    if (!ctx->entered) {
        PyErr_Format(PyExc_RuntimeError, "cannot exit context: %R has not been entered", ctx);
        return -1;
    }
    if (tstate->context != (PyObject *)ctx) {
        PyErr_SetString(PyExc_RuntimeError,
                        "cannot exit context: thread state references a different context object");
        return -1;
    }
    Py_SETREF(tstate->context, (PyObject *)ctx->prev);
    tstate->context_ver++;
    ctx->prev = NULL;
    ctx->entered = 0;
    return 0;
}

int PyContext_Enter(PyObject *o)
{
    PyContext *ctx = context_checked(o);
    return ctx == NULL ? -1 : context_enter(tstate_get(), ctx);
}

int PyContext_Exit(PyObject *o)
{
    PyContext *ctx = context_checked(o);
    return ctx == NULL ? -1 : context_exit(tstate_get(), ctx);
}

/* -- Context: the type ------------------------------------------------------------------------- */

static PyObject *context_tp_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    if (PyTuple_GET_SIZE(args) != 0 || (kwargs != NULL && PyDict_GET_SIZE(kwargs) != 0)) {
        PyErr_SetString(PyExc_TypeError, "Context() does not accept any arguments");
        return NULL;
    }
    return PyContext_New();
}

static int context_tp_clear(PyContext *ctx)
{
    Py_CLEAR(ctx->prev);
    Py_CLEAR(ctx->vars);
    return 0;
}

static int context_tp_traverse(PyContext *ctx, visitproc visit, void *arg)
{
    Py_VISIT(ctx->prev);
    Py_VISIT(ctx->vars);
    return 0;
}

static void context_tp_dealloc(PyContext *ctx)
{
    PyObject_GC_UnTrack(ctx);
    if (ctx->weakreflist != NULL) {
        PyObject_ClearWeakRefs((PyObject *)ctx);
    }
    (void)context_tp_clear(ctx);
    PyObject_GC_Del(ctx);
}

static PyObject *context_tp_iter(PyContext *ctx) { return hamt_keys_iter(ctx->vars); }

static PyObject *context_tp_richcompare(PyObject *a, PyObject *b, int op)
{
    if (!PyContext_CheckExact(a) || !PyContext_CheckExact(b) || (op != Py_EQ && op != Py_NE)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    int equal = hamt_equal(((PyContext *)a)->vars, ((PyContext *)b)->vars);
    return equal < 0 ? NULL : PyBool_FromLong(equal == (op == Py_EQ));
}

static Py_ssize_t context_length(PyContext *ctx) { return ctx->vars->count; }

/* 1, 0, -1; *value BORROWED. TypeError for a key that is no ContextVar. */
static int context_find(PyContext *ctx, PyObject *key, PyObject **value)
{
    if (!PyContextVar_CheckExact(key)) {
        PyErr_Format(PyExc_TypeError, "a ContextVar key was expected, got %R", key);
        return -1;
    }
    return hamt_find(ctx->vars, key, value);
}

static PyObject *context_subscript(PyContext *ctx, PyObject *key)
{
    PyObject *value = NULL;
    int found = context_find(ctx, key, &value);
    if (found == 0) {
        PyErr_SetObject(PyExc_KeyError, key);
    }
    return found > 0 ? Py_NewRef(value) : NULL;
}

static int context_contains(PyContext *ctx, PyObject *key)
{
    PyObject *value;
    return context_find(ctx, key, &value);
}

static PyObject *context_get(PyContext *ctx, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *value = NULL;
    if (!_PyArg_CheckPositional("get", nargs, 1, 2)) {
        return NULL;
    }
    int found = context_find(ctx, args[0], &value);
    return found < 0 ? NULL : Py_NewRef(found ? value : nargs > 1 ? args[1] : Py_None);
}

static PyObject *context_items(PyContext *ctx, PyObject *ignored)
{
    return hamt_items_iter(ctx->vars);
}

static PyObject *context_keys(PyContext *ctx, PyObject *ignored)
{
    return hamt_keys_iter(ctx->vars);
}

static PyObject *context_values(PyContext *ctx, PyObject *ignored)
{
    return hamt_values_iter(ctx->vars);
}

static PyObject *context_copy_method(PyContext *ctx, PyObject *ignored)
{
    return (PyObject *)context_copy(ctx);
}

/* Leaves the context whatever the call does. */
static PyObject *context_run(PyContext *ctx, PyObject *const *args, Py_ssize_t nargs,
                             PyObject *kwnames)
{
    PyThreadState *tstate = tstate_get();
    if (nargs < 1) {
        PyErr_SetString(PyExc_TypeError, "run() missing 1 required positional argument");
        return NULL;
    }
    if (context_enter(tstate, ctx) < 0) {
        return NULL;
    }
    PyObject *result = PyObject_Vectorcall(args[0], args + 1, (size_t)nargs - 1, kwnames);
    if (context_exit(tstate, ctx) < 0) {
        Py_CLEAR(result);
    }
    return result;
}

static PyMethodDef context_methods[] = {
    {"get", (PyCFunction)(void (*)(void))context_get, METH_FASTCALL,
     "get($self, key, default=None, /)\n--\n\n"
     "Return the value of `key` in this context, or `default` when it has none."},
    {"items", (PyCFunction)context_items, METH_NOARGS,
     "items($self, /)\n--\n\nReturn all variables and their values, as pairs."},
    {"keys", (PyCFunction)context_keys, METH_NOARGS,
     "keys($self, /)\n--\n\n"
     "Return all variables of this context."},
    {"values", (PyCFunction)context_values, METH_NOARGS,
     "values($self, /)\n--\n\n"
     "Return the values of all variables."},
    {"copy", (PyCFunction)context_copy_method, METH_NOARGS,
     "copy($self, /)\n--\n\n"
     "Return a shallow copy of the context."},
    {"run", (PyCFunction)(void (*)(void))context_run, METH_FASTCALL | METH_KEYWORDS, NULL},
    {0},
};
static PySequenceMethods context_as_sequence = {.sq_contains = (objobjproc)context_contains};
static PyMappingMethods context_as_mapping = {
    .mp_length = (lenfunc)context_length,
    .mp_subscript = (binaryfunc)context_subscript,
};

PyTypeObject PyContext_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "_contextvars.Context",
    .tp_basicsize = sizeof(PyContext),
    .tp_dealloc = (destructor)context_tp_dealloc,
    .tp_as_sequence = &context_as_sequence,
    .tp_as_mapping = &context_as_mapping,
    .tp_hash = PyObject_HashNotImplemented,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = (traverseproc)context_tp_traverse,
    .tp_clear = (inquiry)context_tp_clear,
    .tp_richcompare = context_tp_richcompare,
    .tp_weaklistoffset = offsetof(PyContext, weakreflist),
    .tp_iter = (getiterfunc)context_tp_iter,
    .tp_methods = context_methods,
    .tp_new = context_tp_new,
};

/* -- Variables --------------------------------------------------------------------------------- */

static PyContextVar *contextvar_new(PyObject *name, PyObject *default_value)
{
    if (!PyUnicode_Check(name)) {
        PyErr_SetString(PyExc_TypeError, "context variable name must be a str");
        return NULL;
    }
    Py_hash_t name_hash = PyObject_Hash(name);
    PyContextVar *var = name_hash == -1 ? NULL : PyObject_GC_New(PyContextVar, &PyContextVar_Type);
    if (var == NULL) {
        return NULL;
    }
    Py_hash_t hash = _Py_HashPointer(var) ^ name_hash;
    var->hash = hash == -1 ? -2 : hash;
    var->name = Py_NewRef(name);
    var->default_value = Py_XNewRef(default_value);
    var->cached = NULL;
    var->cached_thread = var->cached_version = 0;
    PyObject_GC_Track(var);
    return var;
}

static bool contextvar_check(PyObject *o)
{
    if (PyContextVar_CheckExact(o)) {
        return true;
    }
    PyErr_SetString(PyExc_TypeError, "an instance of ContextVar was expected");
    return false;
}

static void contextvar_cache(PyThreadState *tstate, PyContextVar *var, PyObject *value)
{
    var->cached = value;
    var->cached_thread = tstate->id;
    var->cached_version = tstate->context_ver;
}

/* In the current context: BORROWED, NULL when unset; -1 error. */
static int contextvar_lookup(PyThreadState *tstate, PyContextVar *var, PyObject **value)
{
    *value = NULL;
    if (tstate->context == NULL) {
        return 0;
    }
    if (var->cached != NULL && var->cached_thread == tstate->id
        && var->cached_version == tstate->context_ver) {
        *value = var->cached;
        return 0;
    }
    int found = hamt_find(((PyContext *)tstate->context)->vars, (PyObject *)var, value);
    if (found > 0) {
        contextvar_cache(tstate, var, *value);
    }
    else {
        *value = NULL;
    }
    return found < 0 ? -1 : 0;
}

/* In the current context; the cache is dropped first, since replacing may run code. */
static int contextvar_store(PyContextVar *var, PyObject *value)
{
    var->cached = NULL;
    PyContext *ctx = context_current();
    if (ctx == NULL) {
        return -1;
    }
    Hamt *vars = hamt_assoc(ctx->vars, (PyObject *)var, value);
    if (vars == NULL) {
        return -1;
    }
    Py_SETREF(ctx->vars, vars);
    contextvar_cache(tstate_get(), var, value);
    return 0;
}

/* LookupError when it is not set in the current context. */
static int contextvar_delete(PyContextVar *var)
{
    var->cached = NULL;
    PyContext *ctx = context_current();
    if (ctx == NULL) {
        return -1;
    }
    PyObject *value;
    int found = hamt_find(ctx->vars, (PyObject *)var, &value);
    if (found == 0) {
        PyErr_SetObject(PyExc_LookupError, (PyObject *)var);
    }
    Hamt *vars = found <= 0 ? NULL : hamt_without(ctx->vars, (PyObject *)var);
    if (vars == NULL) {
        return -1;
    }
    Py_SETREF(ctx->vars, vars);
    return 0;
}

PyObject *PyContextVar_New(const char *name, PyObject *default_value)
{
    PyObject *text = PyUnicode_FromString(name);
    if (text == NULL) {
        return NULL;
    }
    PyContextVar *var = contextvar_new(text, default_value);
    Py_DECREF(text);
    return (PyObject *)var;
}

/* *value owned: from the context, else default_value, else the variable's own default, else
   NULL. */
int PyContextVar_Get(PyObject *o, PyObject *default_value, PyObject **value)
{
    PyContextVar *var = (PyContextVar *)o;
    *value = NULL;
    if (!contextvar_check(o) || contextvar_lookup(tstate_get(), var, value) < 0) {
        *value = NULL;
        return -1;
    }
    if (*value == NULL) {
        *value = default_value != NULL ? default_value : var->default_value;
    }
    Py_XINCREF(*value);
    return 0;
}

static PyContextToken *token_new(PyContext *ctx, PyContextVar *var, PyObject *old)
{
    PyContextToken *token = PyObject_GC_New(PyContextToken, &PyContextToken_Type);
    if (token == NULL) {
        return NULL;
    }
    token->context = (PyContext *)Py_NewRef((PyObject *)ctx);
    token->var = (PyContextVar *)Py_NewRef((PyObject *)var);
    token->old = Py_XNewRef(old);
    token->used = 0;
    PyObject_GC_Track(token);
    return token;
}

/* The token remembers what was there, for reset. */
PyObject *PyContextVar_Set(PyObject *o, PyObject *value)
{
    PyContextVar *var = (PyContextVar *)o;
    PyContext *ctx;
    PyObject *old = NULL;
    if (!contextvar_check(o) || (ctx = context_current()) == NULL
        || hamt_find(ctx->vars, o, &old) < 0) {
        return NULL;
    }
    PyContextToken *token = token_new(ctx, var, old);
    if (token != NULL && contextvar_store(var, value) < 0) {
        Py_CLEAR(token);
    }
    return (PyObject *)token;
}

/* ValueError for a token of another variable or context. */
int PyContextVar_Reset(PyObject *o, PyObject *token_obj)
{
    PyContextVar *var = (PyContextVar *)o;
    PyContextToken *token = (PyContextToken *)token_obj;
    if (!contextvar_check(o)) {
        return -1;
    }
    if (token->used) {
        PyErr_Format(PyExc_RuntimeError, "%R has already been used once", token);
        return -1;
    }
    if (token->var != var) {
        PyErr_Format(PyExc_ValueError, "%R was created by a different ContextVar", token);
        return -1;
    }
    if (token->context != context_current()) {
        PyErr_Format(PyExc_ValueError, "%R was created in a different Context", token);
        return -1;
    }
    token->used = 1;
    return token->old == NULL ? contextvar_delete(var) : contextvar_store(var, token->old);
}

/* -- ContextVar: the type ---------------------------------------------------------------------- */

static PyObject *contextvar_tp_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *keywords[] = {"", "default", NULL};
    PyObject *name, *default_value = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|$O:ContextVar", keywords, &name,
                                     &default_value)) {
        return NULL;
    }
    return (PyObject *)contextvar_new(name, default_value);
}

static int contextvar_tp_clear(PyContextVar *var)
{
    Py_CLEAR(var->name);
    Py_CLEAR(var->default_value);
    var->cached = NULL;
    var->cached_thread = var->cached_version = 0;
    return 0;
}

static int contextvar_tp_traverse(PyContextVar *var, visitproc visit, void *arg)
{
    Py_VISIT(var->name);
    Py_VISIT(var->default_value);
    return 0;
}

static void contextvar_tp_dealloc(PyContextVar *var)
{
    PyObject_GC_UnTrack(var);
    (void)contextvar_tp_clear(var);
    PyObject_GC_Del(var);
}

static Py_hash_t contextvar_tp_hash(PyContextVar *var) { return var->hash; }

static PyObject *contextvar_tp_repr(PyContextVar *var)
{
    if (var->default_value != NULL) {
        return PyUnicode_FromFormat("<ContextVar name=%R default=%R at %p>", var->name,
                                    var->default_value, var);
    }
    return PyUnicode_FromFormat("<ContextVar name=%R at %p>", var->name, var);
}

static PyObject *contextvar_get(PyContextVar *var, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *value;
    if (!_PyArg_CheckPositional("get", nargs, 0, 1)
        || PyContextVar_Get((PyObject *)var, nargs > 0 ? args[0] : NULL, &value) < 0) {
        return NULL;
    }
    if (value == NULL) {
        PyErr_SetObject(PyExc_LookupError, (PyObject *)var);
    }
    return value;
}

static PyObject *contextvar_set(PyContextVar *var, PyObject *value)
{
    return PyContextVar_Set((PyObject *)var, value);
}

static PyObject *contextvar_reset(PyContextVar *var, PyObject *token)
{
    if (!PyContextToken_CheckExact(token)) {
        PyErr_Format(PyExc_TypeError, "expected an instance of Token, got %R", token);
        return NULL;
    }
    return PyContextVar_Reset((PyObject *)var, token) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyMemberDef contextvar_members[] = {
    {"name", T_OBJECT, offsetof(PyContextVar, name), READONLY, NULL},
    {0},
};
static PyMethodDef contextvar_methods[] = {
    {"get", (PyCFunction)(void (*)(void))contextvar_get, METH_FASTCALL,
     "get($self, default=<unrepresentable>, /)\n--\n\n"
     "Return the variable's value in the current context.\n\n"
     "Where it has none: `default` if given, else the variable's own default,\n"
     "else LookupError is raised."},
    {"set", (PyCFunction)contextvar_set, METH_O,
     "set($self, value, /)\n--\n\nGive the variable a value in the current context.\n\n"
     "Returns a Token with which ContextVar.reset() restores the previous state."},
    {"reset", (PyCFunction)contextvar_reset, METH_O,
     "reset($self, token, /)\n--\n\n"
     "Restore what the variable was before the ContextVar.set() that made the token."},
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, "See PEP 585"},
    {0},
};

PyTypeObject PyContextVar_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "_contextvars.ContextVar",
    .tp_basicsize = sizeof(PyContextVar),
    .tp_dealloc = (destructor)contextvar_tp_dealloc,
    .tp_repr = (reprfunc)contextvar_tp_repr,
    .tp_hash = (hashfunc)contextvar_tp_hash,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = (traverseproc)contextvar_tp_traverse,
    .tp_clear = (inquiry)contextvar_tp_clear,
    .tp_members = contextvar_members,
    .tp_methods = contextvar_methods,
    .tp_new = contextvar_tp_new,
};

/* -- Token ------------------------------------------------------------------------------------- */

static PyObject *token_tp_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    PyErr_SetString(PyExc_RuntimeError, "Tokens can only be created by ContextVars");
    return NULL;
}

static int token_tp_clear(PyContextToken *token)
{
    Py_CLEAR(token->context);
    Py_CLEAR(token->var);
    Py_CLEAR(token->old);
    return 0;
}

static int token_tp_traverse(PyContextToken *token, visitproc visit, void *arg)
{
    Py_VISIT(token->context);
    Py_VISIT(token->var);
    Py_VISIT(token->old);
    return 0;
}

static void token_tp_dealloc(PyContextToken *token)
{
    PyObject_GC_UnTrack(token);
    (void)token_tp_clear(token);
    PyObject_GC_Del(token);
}

static PyObject *token_tp_repr(PyContextToken *token)
{
    return PyUnicode_FromFormat("<Token%s var=%R at %p>", token->used ? " used" : "", token->var,
                                token);
}

static PyObject *token_get_var(PyContextToken *token, void *closure)
{
    return Py_NewRef((PyObject *)token->var);
}

static PyObject *token_get_old(PyContextToken *token, void *closure)
{
    return token->old == NULL ? token_missing() : Py_NewRef(token->old);
}

static PyGetSetDef token_getset[] = {
    {"var", (getter)token_get_var, NULL, NULL, NULL},
    {"old_value", (getter)token_get_old, NULL, NULL, NULL},
    {0},
};
static PyMethodDef token_methods[] = {
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, "See PEP 585"},
    {0},
};

PyTypeObject PyContextToken_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "_contextvars.Token",
    .tp_basicsize = sizeof(PyContextToken),
    .tp_dealloc = (destructor)token_tp_dealloc,
    .tp_repr = (reprfunc)token_tp_repr,
    .tp_hash = PyObject_HashNotImplemented,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = (traverseproc)token_tp_traverse,
    .tp_clear = (inquiry)token_tp_clear,
    .tp_methods = token_methods,
    .tp_getset = token_getset,
    .tp_new = token_tp_new,
};

/* -- Token.MISSING ----------------------------------------------------------------------------- */

static PyObject *missing_tp_repr(PyObject *self) { return PyUnicode_FromString("<Token.MISSING>"); }

PyTypeObject PyContextTokenMissing_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "Token.MISSING",
    .tp_basicsize = sizeof(PyObject),
    .tp_repr = missing_tp_repr,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT,
};

static PyObject missing_object = {_PyObject_EXTRA_INIT IMMORTAL_REFCNT,
                                  &PyContextTokenMissing_Type};

static PyObject *token_missing(void) { return Py_NewRef(&missing_object); }

/* Called once the types are ready: Token.MISSING. */
int context_init_types(void)
{
    if (PyDict_SetItemString(PyContextToken_Type.tp_dict, "MISSING", &missing_object) < 0) {
        return -1;
    }
    PyType_Modified(&PyContextToken_Type);
    return 0;
}

PyObject *_PyContext_NewHamtForTests(void) { return (PyObject *)hamt_new(); }
