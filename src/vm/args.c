/* SPDX-License-Identifier: MIT
 *
 * Argument binding: from the caller's value stack straight into the callee's slots.
 *
 *   args:   positional ... | values of keywords, in the order of kwnames
 *              │                  │
 *   slots:  positional | keyword-only | *args | **kwargs | other locals, cells, free variables
 *           0            co_argcount    total_args
 *
 * All references in args are ours (they moved off the caller's stack): each ends in a slot, in
 * *args, in **kwargs, or is dropped. Every failure says what 3.11 says, in 3.11's order: keywords
 * are looked at before a surplus of positional arguments, which goes before missing ones.
 */
#include "vm/vm_impl.h"

/* One call being bound. */
struct binding {
    PyThreadState *tstate;
    PyFunctionObject *func;
    PyCodeObject *code;
    PyObject **slots;       /* localsplus of the new frame */
    PyObject *const *args;  /* all references owned until `taken` says otherwise */
    Py_ssize_t argcount;    /* positional ones given */
    PyObject *kwnames;      /* borrowed tuple, or NULL */
    Py_ssize_t total_args;  /* named parameters, keyword-only ones included */
};

/* -- Messages ---------------------------------------------------------------------------------- */

/* "'a'", "'a' and 'b'", "'a', 'b', and 'c'" from a list of reprs. */
static PyObject *names_in_words(PyObject *names)
{
    Py_ssize_t n = PyList_GET_SIZE(names);
    if (n == 1) {
        return Py_NewRef(PyList_GET_ITEM(names, 0));
    }
    PyObject *tail =
        PyUnicode_FromFormat(n == 2 ? "%U and %U" : ", %U, and %U", PyList_GET_ITEM(names, n - 2),
                             PyList_GET_ITEM(names, n - 1));
    if (n == 2 || tail == NULL) {
        return tail;
    }
    PyObject *result = NULL, *comma = PyUnicode_FromString(", "),
             *head = PyList_GetSlice(names, 0, n - 2);
    if (comma != NULL && head != NULL) {
        PyObject *joined = PyUnicode_Join(comma, head);
        if (joined != NULL) {
            result = PyUnicode_Concat(joined, tail);
            Py_DECREF(joined);
        }
    }
    Py_XDECREF(head);
    Py_XDECREF(comma);
    Py_DECREF(tail);
    return result;
}

/* Parameters first..last-1 that are still unbound are missing; those with a default in `kwdefaults`
   never come here. */
static void error_missing(struct binding *b, const char *kind, Py_ssize_t first, Py_ssize_t last)
{
    PyObject *names = PyList_New(0), *words = NULL;
    for (Py_ssize_t i = first; names != NULL && i < last; i++) {
        if (b->slots[i] == NULL) {
            PyObject *repr = PyObject_Repr(PyTuple_GET_ITEM(b->code->co_localsplusnames, i));
            if (repr == NULL || PyList_Append(names, repr) < 0) {
                Py_CLEAR(names);
            }
            Py_XDECREF(repr);
        }
    }
    if (names != NULL && (words = names_in_words(names)) != NULL) {
        Py_ssize_t n = PyList_GET_SIZE(names);
        _PyErr_Format(b->tstate, PyExc_TypeError, "%U() missing %zd required %s argument%s: %U",
                      b->func->func_qualname, n, kind, n == 1 ? "" : "s", words);
    }
    Py_XDECREF(words);
    Py_XDECREF(names);
}

/* "f() takes 2 positional arguments but 3 were given", with the variants that defaults and
   keyword-only arguments ask for. */
static void error_too_many(struct binding *b)
{
    PyCodeObject *code = b->code;
    Py_ssize_t given = b->argcount, takes = code->co_argcount, kwonly_given = 0;
    for (Py_ssize_t i = takes; i < b->total_args; i++) {
        kwonly_given += b->slots[i] != NULL;
    }
    PyObject *defaults = b->func->func_defaults;
    Py_ssize_t ndefaults = defaults == NULL ? 0 : PyTuple_GET_SIZE(defaults);
    bool plural = ndefaults > 0 || takes != 1;
    PyObject *range = ndefaults > 0
                          ? PyUnicode_FromFormat("from %zd to %zd", takes - ndefaults, takes)
                          : PyUnicode_FromFormat("%zd", takes);
    PyObject *extra = kwonly_given == 0
                          ? PyUnicode_FromString("")
                          : PyUnicode_FromFormat(
                              " positional argument%s (and %zd keyword-only argument%s)",
                              given != 1 ? "s" : "", kwonly_given, kwonly_given != 1 ? "s" : "");
    if (range != NULL && extra != NULL) {
        _PyErr_Format(b->tstate, PyExc_TypeError,
                      "%U() takes %U positional argument%s but %zd%U %s given",
                      b->func->func_qualname, range, plural ? "s" : "", given, extra,
                      given == 1 && kwonly_given == 0 ? "was" : "were");
    }
    Py_XDECREF(range);
    Py_XDECREF(extra);
}

/* Position of parameter `name` among the keywords of this call: 1 found, 0 not, -1 error. */
static int is_among_keywords(PyObject *name, PyObject *kwnames)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(kwnames); i++) {
        PyObject *keyword = PyTuple_GET_ITEM(kwnames, i);
        int same = keyword == name ? 1 : PyObject_RichCompareBool(name, keyword, Py_EQ);
        if (same != 0) {
            return same;
        }
    }
    return 0;
}

/* True when an error was set: some keywords name positional-only parameters. */
static bool error_positional_only(struct binding *b)
{
    PyObject *found = PyList_New(0), *comma = NULL, *joined = NULL;
    bool raised = found == NULL;
    for (Py_ssize_t i = 0; !raised && i < b->code->co_posonlyargcount; i++) {
        PyObject *name = PyTuple_GET_ITEM(b->code->co_localsplusnames, i);
        int is = is_among_keywords(name, b->kwnames);
        raised = is < 0 || (is > 0 && PyList_Append(found, name) < 0);
    }
    if (!raised && PyList_GET_SIZE(found) > 0) {
        raised = true;
        comma = PyUnicode_FromString(", ");
        joined = comma == NULL ? NULL : PyUnicode_Join(comma, found);
        if (joined != NULL) {
            _PyErr_Format(
                b->tstate, PyExc_TypeError,
                "%U() got some positional-only arguments passed as keyword arguments: '%U'",
                b->func->func_qualname, joined);
        }
    }
    Py_XDECREF(joined);
    Py_XDECREF(comma);
    Py_XDECREF(found);
    return raised;
}

/* -- Binding ----------------------------------------------------------------------------------- */

/* Slot of the parameter called `keyword`; total_args when there is none, -1 error. */
static Py_ssize_t find_parameter(struct binding *b, PyObject *keyword)
{
    PyObject **names = ((PyTupleObject *)b->code->co_localsplusnames)->ob_item;
    Py_ssize_t first = b->code->co_posonlyargcount;
    for (Py_ssize_t i = first; i < b->total_args; i++) {
        if (names[i] == keyword) {
            return i; /* names are interned: nearly always here */
        }
    }
    if (PyUnicode_CheckExact(keyword) && PyUnicode_CHECK_INTERNED(keyword)) {
        return b->total_args; /* two interned strings that are not the same object differ */
    }
    for (Py_ssize_t i = first; i < b->total_args; i++) {
        int same = PyObject_RichCompareBool(keyword, names[i], Py_EQ);
        if (same != 0) {
            return same < 0 ? -1 : i;
        }
    }
    return b->total_args;
}

/* STEALS value. */
static int bind_keyword(struct binding *b, PyObject *keyword, PyObject *value, PyObject *kwdict)
{
    PyObject *qualname = b->func->func_qualname;
    if (keyword == NULL || !PyUnicode_Check(keyword)) {
        _PyErr_Format(b->tstate, PyExc_TypeError, "%U() keywords must be strings", qualname);
        goto fail;
    }
    Py_ssize_t slot = find_parameter(b, keyword);
    if (slot < 0) {
        goto fail;
    }
    if (slot < b->total_args) {
        if (b->slots[slot] != NULL) {
            _PyErr_Format(b->tstate, PyExc_TypeError, "%U() got multiple values for argument '%S'",
                          qualname, keyword);
            goto fail;
        }
        b->slots[slot] = value;
        return 0;
    }
    if (kwdict == NULL) {
        if (b->code->co_posonlyargcount == 0 || !error_positional_only(b)) {
            _PyErr_Format(b->tstate, PyExc_TypeError,
                          "%U() got an unexpected keyword argument '%S'", qualname, keyword);
        }
        goto fail;
    }
    if (PyDict_SetItem(kwdict, keyword, value) == 0) {
        Py_DECREF(value);
        return 0;
    }
fail:
    Py_DECREF(value);
    return -1;
}

/* All keywords; after a failure the values not bound yet are dropped. */
static int bind_keywords(struct binding *b, PyObject *kwdict)
{
    Py_ssize_t n = PyTuple_GET_SIZE(b->kwnames);
    for (Py_ssize_t i = 0; i < n; i++) {
        if (bind_keyword(b, PyTuple_GET_ITEM(b->kwnames, i), b->args[b->argcount + i], kwdict)
            < 0) {
            while (++i < n) {
                Py_DECREF(b->args[b->argcount + i]);
            }
            return -1;
        }
    }
    return 0;
}

/* Positional parameters that got nothing. */
static int bind_defaults(struct binding *b)
{
    Py_ssize_t takes = b->code->co_argcount;
    PyObject *defaults = b->func->func_defaults;
    Py_ssize_t ndefaults = defaults == NULL ? 0 : PyTuple_GET_SIZE(defaults);
    Py_ssize_t required = takes - ndefaults;
    for (Py_ssize_t i = b->argcount; i < required; i++) {
        if (b->slots[i] == NULL) {
            error_missing(b, "positional", b->argcount, required);
            return -1;
        }
    }
    Py_ssize_t from = b->argcount > required ? b->argcount : required;
    for (Py_ssize_t i = from < 0 ? 0 : from; i < takes; i++) {
        if (b->slots[i] == NULL) {
            b->slots[i] = Py_NewRef(PyTuple_GET_ITEM(defaults, i - required));
        }
    }
    return 0;
}

/* Keyword-only ones likewise. */
static int bind_keyword_defaults(struct binding *b)
{
    PyObject *kwdefaults = b->func->func_kwdefaults;
    bool missing = false;
    for (Py_ssize_t i = b->code->co_argcount; i < b->total_args; i++) {
        if (b->slots[i] != NULL) {
            continue;
        }
        if (kwdefaults != NULL) {
            PyObject *value = PyDict_GetItemWithError(
                kwdefaults, PyTuple_GET_ITEM(b->code->co_localsplusnames, i));
            if (value != NULL) {
                b->slots[i] = Py_NewRef(value);
                continue;
            }
            if (b->tstate->curexc_type != NULL) {
                return -1;
            }
        }
        missing = true;
    }
    if (missing) {
        error_missing(b, "keyword-only", b->code->co_argcount, b->total_args);
        return -1;
    }
    return 0;
}

/* STEALS the items, even when there is no memory. */
static PyObject *tuple_steal(PyObject *const *items, Py_ssize_t n)
{
    PyObject *tuple = PyTuple_New(n);
    for (Py_ssize_t i = 0; i < n; i++) {
        if (tuple != NULL) {
            PyTuple_SET_ITEM(tuple, i, items[i]);
        }
        else {
            Py_DECREF(items[i]);
        }
    }
    return tuple;
}

static void drop_args(PyObject *const *args, Py_ssize_t n)
{
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_DECREF(args[i]);
    }
}

int vm_bind_args(PyThreadState *tstate, PyFunctionObject *func, PyObject **slots,
                 PyObject *const *args, Py_ssize_t argcount, PyObject *kwnames)
{
    PyCodeObject *code = (PyCodeObject *)func->func_code;
    struct binding b = {tstate, func, code, slots, args, argcount, kwnames,
                        (Py_ssize_t)code->co_argcount + code->co_kwonlyargcount};
    Py_ssize_t nkw = kwnames == NULL ? 0 : PyTuple_GET_SIZE(kwnames);
    Py_ssize_t n = argcount < code->co_argcount ? argcount : code->co_argcount;
    Py_ssize_t surplus = argcount - n;
    if (n > 0) {
        memcpy(slots, args, (size_t)n * sizeof(PyObject *));
    }
    for (Py_ssize_t i = n; i < code->co_nlocalsplus; i++) {
        slots[i] = NULL;
    }
    PyObject *kwdict = NULL;
    if (code->co_flags & CO_VARKEYWORDS) {
        if ((kwdict = PyDict_New()) == NULL) {
            drop_args(args + n, surplus + nkw);
            return -1;
        }
        slots[b.total_args + !!(code->co_flags & CO_VARARGS)] = kwdict;
    }
    if (code->co_flags & CO_VARARGS) {
        PyObject *rest = surplus == 0 ? Py_NewRef(EMPTY_TUPLE) : tuple_steal(args + n, surplus);
        surplus = 0;
        if (rest == NULL) {
            drop_args(args + argcount, nkw);
            return -1;
        }
        slots[b.total_args] = rest;
    }
    if (nkw != 0 && bind_keywords(&b, kwdict) < 0) {
        drop_args(args + n, surplus);
        return -1;
    }
    if (surplus > 0) {
        error_too_many(&b);
        drop_args(args + n, surplus);
        return -1;
    }
    if (argcount < code->co_argcount && bind_defaults(&b) < 0) {
        return -1;
    }
    return code->co_kwonlyargcount > 0 ? bind_keyword_defaults(&b) : 0;
}
