/* SPDX-License-Identifier: MIT
 *
 * Exception groups (PEP 654): a message and a tuple of exceptions, possibly groups again;
 * splitting; except*.
 *
 * split walks the tree; each part keeps the shape of the tree, and traceback, context, cause and
 * notes of the group that it was cut from. except* matches every clause against what is left, and
 * prep_reraise_star puts together again what was not handled, told apart from newly raised
 * exceptions by their metadata being unchanged.
 */
#include "objects/exceptions/exc_impl.h"

#define SELF(o) ((PyBaseExceptionGroupObject *)(o))
#define IS_GROUP(o) PyObject_TypeCheck(o, &exc_BaseExceptionGroup)

static PyObject *class_ExceptionGroup; /* borrowed from exceptions.c */

/* -- Making ---------------------------------------------------------------------------------- */

/* Not empty, all exceptions; *nested_base: one of them is no Exception. */
static int check_items(PyObject *excs, bool *nested_base)
{
    Py_ssize_t n = PyTuple_GET_SIZE(excs);
    *nested_base = false;
    if (n == 0) {
        PyErr_SetString(PyExc_ValueError,
                        "second argument (exceptions) must be a non-empty sequence");
        return -1;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *exc = PyTuple_GET_ITEM(excs, i);
        if (!PyExceptionInstance_Check(exc)) {
            PyErr_Format(PyExc_ValueError,
                         "Item %d of second argument (exceptions) is not an exception", (int)i);
            return -1;
        }
        int ok = PyObject_IsInstance(exc, PyExc_Exception);
        if (ok < 0)
            return -1;
        *nested_base |= !ok;
    }
    return 0;
}

/* BORROWED: the class to make: BaseExceptionGroup of plain exceptions becomes ExceptionGroup. */
static PyTypeObject *choose_class(PyTypeObject *cls, bool nested_base)
{
    PyTypeObject *eg = (PyTypeObject *)class_ExceptionGroup;
    if (cls == &exc_BaseExceptionGroup)
        return nested_base ? cls : eg;
    if (!nested_base)
        return cls;
    if (cls == eg) {
        PyErr_SetString(PyExc_TypeError, "Cannot nest BaseExceptions in an ExceptionGroup");
        return NULL;
    }
    int plain = PyObject_IsSubclass((PyObject *)cls, PyExc_Exception);
    if (plain > 0)
        PyErr_Format(PyExc_TypeError, "Cannot nest BaseExceptions in '%.200s'", cls->tp_name);
    return plain ? NULL : cls;
}

/* BaseExceptionGroup of Exceptions only makes an ExceptionGroup. */
static PyObject *group_new(PyTypeObject *cls, PyObject *args, PyObject *kwds)
{
    PyObject *msg, *seq;
    bool nested_base;
    if (!PyArg_ParseTuple(args, "UO:BaseExceptionGroup.__new__", &msg, &seq))
        return NULL;
    if (!PySequence_Check(seq)) {
        PyErr_SetString(PyExc_TypeError, "second argument (exceptions) must be a sequence");
        return NULL;
    }
    PyObject *excs = PySequence_Tuple(seq);
    if (!excs)
        return NULL;
    if (check_items(excs, &nested_base) < 0 || !(cls = choose_class(cls, nested_base))) {
        Py_DECREF(excs);
        return NULL;
    }
    PyObject *self = base_exception_new(cls, args, kwds);
    if (!self) {
        Py_DECREF(excs);
        return NULL;
    }
    SELF(self)->msg = Py_NewRef(msg);
    SELF(self)->excs = excs;
    return self;
}

static int group_init(PyObject *self, PyObject *args, PyObject *kwds)
{
    return _PyArg_NoKeywords(Py_TYPE(self)->tp_name, kwds) ? base_exception_init(self, args, kwds)
                                                           : -1;
}

PyObject *_PyExc_CreateExceptionGroup(const char *msg_text, PyObject *excs)
{
    PyObject *msg = PyUnicode_FromString(msg_text);
    PyObject *args = msg ? PyTuple_Pack(2, msg, excs) : NULL;
    PyObject *group = args ? PyObject_CallObject(PyExc_BaseExceptionGroup, args) : NULL;
    Py_XDECREF(msg);
    Py_XDECREF(args);
    return group;
}

static int group_clear(PyObject *self)
{
    Py_CLEAR(SELF(self)->msg);
    Py_CLEAR(SELF(self)->excs);
    return base_exception_clear(self);
}

static int group_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(SELF(self)->msg);
    Py_VISIT(SELF(self)->excs);
    return base_exception_traverse(self, visit, arg);
}

static PyObject *group_str(PyObject *self)
{
    Py_ssize_t n = PyTuple_GET_SIZE(SELF(self)->excs);
    return PyUnicode_FromFormat("%S (%zd sub-exception%s)", SELF(self)->msg, n, n > 1 ? "s" : "");
}

/* -- Cutting --------------------------------------------------------------------------------- */

static PyObject *group_derive(PyObject *self, PyObject *excs)
{
    PyObject *args = PyTuple_Pack(2, SELF(self)->msg, excs);
    PyObject *res = args ? PyObject_CallObject(PyExc_BaseExceptionGroup, args) : NULL;
    Py_XDECREF(args);
    return res;
}

/* A list of its own, so that add_note on one part leaves the other alone. */
static int copy_notes(PyObject *from, PyObject *to)
{
    PyObject *notes;
    if (_PyObject_LookupAttr(from, ID(__notes__), &notes) < 0)
        return -1;
    if (!notes)
        return 0;
    int res = 0;
    if (PySequence_Check(notes)) {
        PyObject *copy = PySequence_List(notes);
        res = copy ? PyObject_SetAttr(to, ID(__notes__), copy) : -1;
        Py_XDECREF(copy);
    }
    Py_DECREF(notes);
    return res;
}

/* A group like `orig` of the list `excs` (NULL result without error when it is empty). */
static int subset(PyObject *orig, PyObject *excs, PyObject **out)
{
    *out = NULL;
    if (PySequence_Size(excs) == 0)
        return 0;
    PyObject *part = PyObject_CallMethodOneArg(orig, ID2(derive), excs);
    if (!part)
        return -1;
    if (!IS_GROUP(part)) {
        PyErr_SetString(PyExc_TypeError, "derive must return an instance of BaseExceptionGroup");
        goto fail;
    }
    PyObject *tb = PyException_GetTraceback(orig);
    if (tb) {
        int res = PyException_SetTraceback(part, tb);
        Py_DECREF(tb);
        if (res < 0)
            goto fail;
    }
    PyException_SetContext(part, PyException_GetContext(orig));
    PyException_SetCause(part, PyException_GetCause(orig));
    if (copy_notes(orig, part) < 0)
        goto fail;
    *out = part;
    return 0;
fail:
    Py_DECREF(part);
    return -1;
}

/* What a condition is: a class or tuple of them, or a function. */
enum match_kind { MATCH_TYPE, MATCH_CALL };

/* TypeError for anything else. */
static int matcher_kind(PyObject *value, enum match_kind *kind)
{
    if (PyFunction_Check(value)) {
        *kind = MATCH_CALL;
        return 0;
    }
    if (PyExceptionClass_Check(value)) {
        *kind = MATCH_TYPE;
        return 0;
    }
    bool ok = PyTuple_CheckExact(value);
    for (Py_ssize_t i = 0; ok && i < PyTuple_GET_SIZE(value); i++)
        ok = PyExceptionClass_Check(PyTuple_GET_ITEM(value, i));
    if (ok) {
        *kind = MATCH_TYPE;
        return 0;
    }
    PyErr_SetString(PyExc_TypeError,
                    "expected a function, exception type or tuple of exception types");
    return -1;
}

/* Same traceback, notes, cause and context: the two descend from the same raise. */
static bool same_metadata(PyObject *a, PyObject *b)
{
    PyBaseExceptionObject *x = (PyBaseExceptionObject *)a, *y = (PyBaseExceptionObject *)b;
    return x->notes == y->notes && x->traceback == y->traceback && x->cause == y->cause
           && x->context == y->context;
}

static int matches(PyObject *exc, enum match_kind kind, PyObject *matcher)
{
    if (kind == MATCH_TYPE)
        return PyErr_GivenExceptionMatches(exc, matcher);
    PyObject *res = PyObject_CallOneArg(matcher, exc);
    int truth = res ? PyObject_IsTrue(res) : -1;
    Py_XDECREF(res);
    return truth;
}

struct split { PyObject *match, *rest; }; /* owned, may be NULL */

static int split_group(PyObject *exc, enum match_kind kind, PyObject *matcher, bool want_rest,
                       struct split *out);

/* Splits one member and appends its parts. */
static int split_member(PyObject *exc, enum match_kind kind, PyObject *matcher, PyObject *match,
                        PyObject *rest)
{
    struct split part;
    if (split_group(exc, kind, matcher, rest != NULL, &part) < 0)
        return -1;
    int res = 0;
    if (part.match)
        res = PyList_Append(match, part.match);
    if (res == 0 && part.rest && rest)
        res = PyList_Append(rest, part.rest);
    Py_XDECREF(part.match);
    Py_XDECREF(part.rest);
    return res;
}

/* Depth first. A part that has everything is the group itself; an empty one is NULL. */
static int split_group(PyObject *exc, enum match_kind kind, PyObject *matcher, bool want_rest,
                       struct split *out)
{
    *out = (struct split){0};
    int is_match = matches(exc, kind, matcher);
    if (is_match < 0)
        return -1;
    if (is_match) {
        out->match = Py_NewRef(exc);
        return 0;
    }
    if (!IS_GROUP(exc)) {
        if (want_rest)
            out->rest = Py_NewRef(exc);
        return 0;
    }
    PyObject *match = PyList_New(0), *rest = want_rest ? PyList_New(0) : NULL;
    PyObject *excs = Py_NewRef(SELF(exc)->excs);
    int res = match && (rest || !want_rest) ? 0 : -1;
    for (Py_ssize_t i = 0; res == 0 && i < PyTuple_GET_SIZE(excs); i++) {
        if (Py_EnterRecursiveCall(" in exceptiongroup_split_recursive")) {
            res = -1;
            break;
        }
        res = split_member(PyTuple_GET_ITEM(excs, i), kind, matcher, match, rest);
        Py_LeaveRecursiveCall();
    }
    if (res == 0)
        res = subset(exc, match, &out->match);
    if (res == 0 && rest && (res = subset(exc, rest, &out->rest)) < 0)
        Py_CLEAR(out->match);
    Py_DECREF(excs);
    Py_XDECREF(match);
    Py_XDECREF(rest);
    return res;
}

/* (match, rest), None for an empty part. */
static PyObject *group_split(PyObject *self, PyObject *condition)
{
    enum match_kind kind;
    struct split s;
    if (matcher_kind(condition, &kind) < 0 || split_group(self, kind, condition, true, &s) < 0)
        return NULL;
    PyObject *res = PyTuple_Pack(2, s.match ? s.match : Py_None, s.rest ? s.rest : Py_None);
    Py_XDECREF(s.match);
    Py_XDECREF(s.rest);
    return res;
}

static PyObject *group_subgroup(PyObject *self, PyObject *condition)
{
    enum match_kind kind;
    struct split s;
    if (matcher_kind(condition, &kind) < 0 || split_group(self, kind, condition, false, &s) < 0)
        return NULL;
    return s.match ? s.match : Py_NewRef(Py_None);
}

/* -- except* --------------------------------------------------------------------------------- */

/* Adds the leaves of exc to the list. */
static int collect_leaves(PyObject *exc, PyObject *list)
{
    if (exc == Py_None)
        return 0;
    if (!IS_GROUP(exc))
        return PyList_Append(list, exc);
    PyObject *excs = SELF(exc)->excs;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(excs); i++) {
        if (Py_EnterRecursiveCall(" in collect_exception_group_leaves"))
            return -1;
        int res = collect_leaves(PyTuple_GET_ITEM(excs, i), list);
        Py_LeaveRecursiveCall();
        if (res < 0)
            return -1;
    }
    return 0;
}

/* Is exc one of the leaves, by identity? */
static bool in_list(PyObject *list, PyObject *exc)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(list); i++)
        if (PyList_GET_ITEM(list, i) == exc)
            return true;
    return false;
}

/* The part of `orig` made of the leaves kept in `keep`; out NULL when none. */
static int project(PyObject *orig, PyObject *keep, PyObject **out)
{
    *out = NULL;
    if (!IS_GROUP(orig)) {
        if (in_list(keep, orig))
            *out = Py_NewRef(orig);
        return 0;
    }
    PyObject *excs = SELF(orig)->excs, *list = PyList_New(0);
    int res = list ? 0 : -1;
    for (Py_ssize_t i = 0; res == 0 && i < PyTuple_GET_SIZE(excs); i++) {
        PyObject *part;
        res = project(PyTuple_GET_ITEM(excs, i), keep, &part);
        if (res == 0 && part)
            res = PyList_Append(list, part);
        Py_XDECREF(part);
    }
    if (res == 0)
        res = subset(orig, list, out);
    Py_XDECREF(list);
    return res;
}

static int sort_raised(PyObject *orig, PyObject *excs, PyObject *raised, PyObject *reraised)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(excs); i++) {
        PyObject *e = PyList_GET_ITEM(excs, i);
        if (e != Py_None && PyList_Append(same_metadata(e, orig) ? reraised : raised, e) < 0)
            return -1;
    }
    return 0;
}

/* What an except* statement raises in the end: `orig` was caught,
   `excs` are the clauses' results and the rest. */
PyObject *_PyExc_PrepReraiseStar(PyObject *orig, PyObject *excs)
{
    PyObject *raised = NULL, *reraised = NULL, *leaves = NULL, *kept = NULL, *result = NULL;
    if (PyList_GET_SIZE(excs) == 0)
        return Py_NewRef(Py_None);
    if (!IS_GROUP(orig)) {
        /* A naked exception that was wrapped: at most one clause saw it. */
        PyObject *exc = PyList_GET_ITEM(excs, 0);
        if (exc != Py_None || PyList_GET_SIZE(excs) == 1)
            return Py_NewRef(exc);
    }
    raised = PyList_New(0);
    reraised = PyList_New(0);
    leaves = PyList_New(0);
    if (!raised || !reraised || !leaves || sort_raised(orig, excs, raised, reraised) < 0)
        goto done;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(reraised); i++)
        if (collect_leaves(PyList_GET_ITEM(reraised, i), leaves) < 0)
            goto done;
    if (project(orig, leaves, &kept) < 0)
        goto done;
    if (PyList_GET_SIZE(raised) == 0) {
        result = Py_NewRef(kept ? kept : Py_None);
    } else {
        if (kept && PyList_Append(raised, kept) < 0)
            goto done;
        result = _PyExc_CreateExceptionGroup("", raised);
    }
done:
    Py_XDECREF(raised);
    Py_XDECREF(reraised);
    Py_XDECREF(leaves);
    Py_XDECREF(kept);
    return result;
}

/* -- Type ------------------------------------------------------------------------------------ */

static PyMemberDef group_members[] = {
    {"message", T_OBJECT, offsetof(PyBaseExceptionGroupObject, msg), READONLY, "exception message"},
    {"exceptions", T_OBJECT, offsetof(PyBaseExceptionGroupObject, excs), READONLY,
     "nested exceptions"},
    {NULL},
};

static PyMethodDef group_methods[] = {
    {"__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, "See PEP 585"},
    {"derive", group_derive, METH_O, NULL},
    {"split", group_split, METH_O, NULL},
    {"subgroup", group_subgroup, METH_O, NULL},
    {NULL},
};

const struct exc_kind kind_group = {
    .size = sizeof(PyBaseExceptionGroupObject),
    .new = group_new,
    .init = group_init,
    .dealloc = exc_dealloc,
    .traverse = group_traverse,
    .clear = group_clear,
    .str = group_str,
    .methods = group_methods,
    .members = group_members,
};

int group_init_type(PyObject **exception_group)
{
    PyObject *bases = PyTuple_Pack(2, PyExc_BaseExceptionGroup, PyExc_Exception);
    PyObject *cls = bases ? PyErr_NewException("builtins.ExceptionGroup", bases, NULL) : NULL;
    Py_XDECREF(bases);
    *exception_group = class_ExceptionGroup = cls;
    return cls ? 0 : -1;
}
