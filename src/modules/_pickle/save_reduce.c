/* SPDX-License-Identifier: MIT
 *
 * (callable, arguments, state, list items, dict items, state setter): what __reduce__ and its kin
 * answer with.
 *
 * copyreg.__newobj__ and __newobj_ex__ as callable, known by their name, have opcodes of their own
 * from protocol 2 and 4 on.
 */
#include "modules/_pickle/pickle_impl.h"

/* All BORROWED from the tuple; NULL: absent or None. */
typedef struct {
    PyObject *callable, *args, *state, *list_items, *dict_items, *setter;
} Reduction;

static int fail(Pickler *p, const char *format, PyObject *culprit)
{
    PyErr_Format(p->state->PicklingError, format, culprit ? Py_TYPE(culprit)->tp_name : NULL);
    return -1;
}

static PyObject *element(PyObject *value, Py_ssize_t i)
{
    PyObject *item = i < PyTuple_GET_SIZE(value) ? PyTuple_GET_ITEM(value, i) : NULL;
    return item == Py_None ? NULL : item;
}

/* Takes the tuple apart and checks each part; all stay borrowed from it. */
static int reduction_read(Pickler *p, PyObject *value, Reduction *r)
{
    if (PyTuple_GET_SIZE(value) < 2 || PyTuple_GET_SIZE(value) > 6)
        return fail(p, "tuple returned by __reduce__ must contain 2 through 6 elements", NULL);
    *r = (Reduction){PyTuple_GET_ITEM(value, 0), PyTuple_GET_ITEM(value, 1), element(value, 2),
                     element(value, 3),          element(value, 4),          element(value, 5)};
    if (!PyCallable_Check(r->callable))
        return fail(p, "first item of the tuple returned by __reduce__ must be callable", NULL);
    if (!PyTuple_Check(r->args))
        return fail(p, "second item of the tuple returned by __reduce__ must be a tuple", NULL);
    if (r->list_items && !PyIter_Check(r->list_items))
        return fail(
            p, "fourth element of the tuple returned by __reduce__ must be an iterator, not %s",
            r->list_items);
    if (r->dict_items && !PyIter_Check(r->dict_items))
        return fail(p,
                    "fifth element of the tuple returned by __reduce__ must be an iterator, not %s",
                    r->dict_items);
    if (r->setter && !PyCallable_Check(r->setter))
        return fail(p,
                    "sixth element of the tuple returned by __reduce__ must be a function, not %s",
                    r->setter);
    return 0;
}

/* -- How to make the object ------------------------------------------------------------------ */

enum maker { MAKE_CALL, MAKE_NEWOBJ, MAKE_NEWOBJ_EX };

/* -1 with an exception. */
static int choose_maker(Pickler *p, PyObject *callable)
{
    PyObject *name;
    if (p->protocol < 2)
        return MAKE_CALL;
    if (_PyObject_LookupAttr(callable, ID(__name__), &name) < 0)
        return -1;
    int maker = MAKE_CALL;
    if (name && PyUnicode_Check(name)) {
        if (_PyUnicode_Equal(name, ID(__newobj_ex__)))
            maker = MAKE_NEWOBJ_EX;
        else if (_PyUnicode_Equal(name, ID(__newobj__)))
            maker = MAKE_NEWOBJ;
    }
    Py_XDECREF(name);
    return maker;
}

/* functools.partial(cls.__new__, cls, *args, **kwargs)() : protocols 2 and 3 have no opcode for
 * keywords. */
static int save_partial_new(Pickler *p, PyObject *cls, PyObject *args, PyObject *kwargs)
{
    Py_ssize_t n = PyTuple_GET_SIZE(args);
    PyObject *all = PyTuple_New(n + 2),
             *new_method = all ? PyObject_GetAttr(cls, ID(__new__)) : NULL, *call = NULL;
    if (new_method) {
        PyTuple_SET_ITEM(all, 0, new_method);
        PyTuple_SET_ITEM(all, 1, Py_NewRef(cls));
        for (Py_ssize_t i = 0; i < n; i++)
            PyTuple_SET_ITEM(all, i + 2, Py_NewRef(PyTuple_GET_ITEM(args, i)));
        call = PyObject_Call(p->state->partial, all, kwargs);
    }
    Py_XDECREF(all);
    int rc = call && pickle_save(p, call) == 0 && pickle_save(p, EMPTY_TUPLE) == 0
                 ? pickle_op(p, OP_REDUCE)
                 : -1;
    Py_XDECREF(call);
    return rc;
}

/* copyreg.__newobj_ex__: __new__ with keywords. Below protocol 4 it becomes a call of a partial. */
static int save_newobj_ex(Pickler *p, PyObject *from)
{
    if (PyTuple_GET_SIZE(from) != 3) {
        PyErr_Format(p->state->PicklingError,
                     "length of the NEWOBJ_EX argument tuple must be exactly 3, not %zd",
                     PyTuple_GET_SIZE(from));
        return -1;
    }
    PyObject *cls = PyTuple_GET_ITEM(from, 0), *args = PyTuple_GET_ITEM(from, 1),
             *kwargs = PyTuple_GET_ITEM(from, 2);
    if (!PyType_Check(cls))
        return fail(p, "first item from NEWOBJ_EX argument tuple must be a class, not %.200s", cls);
    if (!PyTuple_Check(args))
        return fail(p, "second item from NEWOBJ_EX argument tuple must be a tuple, not %.200s",
                    args);
    if (!PyDict_Check(kwargs))
        return fail(p, "third item from NEWOBJ_EX argument tuple must be a dict, not %.200s",
                    kwargs);
    if (p->protocol < 4)
        return save_partial_new(p, cls, args, kwargs);
    if (pickle_save(p, cls) < 0 || pickle_save(p, args) < 0 || pickle_save(p, kwargs) < 0)
        return -1;
    return pickle_op(p, OP_NEWOBJ_EX);
}

/* obj.__class__ is the class that is named first. */
static int check_class(Pickler *p, PyObject *cls, PyObject *obj)
{
    PyObject *actual;
    if (!obj)
        return 0;
    if (_PyObject_LookupAttr(obj, ID(__class__), &actual) < 0)
        return -1;
    bool same = (actual ? actual : (PyObject *)Py_TYPE(obj)) == cls;
    Py_XDECREF(actual);
    return same ? 0 : fail(p, "args[0] from __newobj__ args has the wrong class", NULL);
}

static int save_newobj(Pickler *p, PyObject *from, PyObject *obj)
{
    if (PyTuple_GET_SIZE(from) < 1)
        return fail(p, "__newobj__ arglist is empty", NULL);
    PyObject *cls = PyTuple_GET_ITEM(from, 0);
    if (!PyType_Check(cls))
        return fail(p, "args[0] from __newobj__ args is not a type", NULL);
    if (check_class(p, cls, obj) < 0 || pickle_save(p, cls) < 0)
        return -1;
    PyObject *args = PyTuple_GetSlice(from, 1, PyTuple_GET_SIZE(from));
    int rc = args && pickle_save(p, args) == 0 ? pickle_op(p, OP_NEWOBJ) : -1;
    Py_XDECREF(args);
    return rc;
}

static int save_maker(Pickler *p, const Reduction *r, PyObject *obj)
{
    int maker = choose_maker(p, r->callable);
    if (maker < 0)
        return -1;
    if (maker == MAKE_NEWOBJ_EX)
        return save_newobj_ex(p, r->args);
    if (maker == MAKE_NEWOBJ)
        return save_newobj(p, r->args, obj);
    if (pickle_save(p, r->callable) < 0 || pickle_save(p, r->args) < 0)
        return -1;
    return pickle_op(p, OP_REDUCE);
}

/* -- What it holds --------------------------------------------------------------------------- */

static int save_state(Pickler *p, const Reduction *r, PyObject *obj)
{
    if (!r->setter)
        return pickle_save(p, r->state) < 0 ? -1 : pickle_op(p, OP_BUILD);
    /* setter(obj, state), its result dropped: the object stays on top. */
    if (pickle_save(p, r->setter) < 0 || pickle_save(p, obj) < 0 || pickle_save(p, r->state) < 0)
        return -1;
    static const char ops[] = {(char)OP_TUPLE2, OP_REDUCE, OP_POP};
    return pickle_put(p, ops, sizeof ops);
}

int pickle_save_reduce(Pickler *p, PyObject *value, PyObject *obj)
{
    Reduction r = {0};
    if (reduction_read(p, value, &r) < 0 || save_maker(p, &r, obj) < 0)
        return -1;
    if (obj) {
        /* Its own arguments led back to it: the memo has the object, the one just made goes. */
        Py_ssize_t id = pickle_memo_find(p->memo, obj);
        if (id >= 0)
            return pickle_op(p, OP_POP) < 0 ? -1 : pickle_memo_get(p, id);
        if (pickle_memo_put(p, obj) < 0)
            return -1;
    }
    if (r.list_items && pickle_batch_list(p, r.list_items) < 0)
        return -1;
    if (r.dict_items && pickle_batch_dict(p, r.dict_items) < 0)
        return -1;
    return r.state ? save_state(p, &r, obj) : 0;
}

int pickle_save_call(Pickler *p, PyObject *callable, PyObject *args, PyObject *obj)
{
    PyObject *value = args ? PyTuple_Pack(2, callable, args) : NULL;
    Py_XDECREF(args);
    int rc = value ? pickle_save_reduce(p, value, obj) : -1;
    Py_XDECREF(value);
    return rc;
}
