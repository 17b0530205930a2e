/* SPDX-License-Identifier: MIT
 *
 * Operators and methods of set and frozenset: union, intersection, difference, symmetric difference
 * and the comparisons.
 *
 * A method takes any iterables, its operator sets only (NotImplemented otherwise). The result has
 * the type of the left operand's base, set or frozenset: a subclass is not called. Forms that
 * change the set (|=, update) build the result beside it where a comparison may look at the set
 * meanwhile, then exchange the contents (set_swap_bodies).
 *
 * Costs are those of the smaller side where the operation allows it: intersection and isdisjoint
 * walk the smaller set, difference the other one unless that is more than eight times as large.
 */
#include "modules/args.h"
#include "objects/set.h"

/* The result of a method that returns None. */
static PyObject *none_or_null(int rc) { return rc < 0 ? NULL : Py_NewRef(Py_None); }

static PyObject *set_copy(PySetObject *so, PyObject *unused)
{
    return set_make_base(Py_TYPE(so), (PyObject *)so);
}

static PyObject *frozenset_copy(PySetObject *so, PyObject *unused)
{
    return PyFrozenSet_CheckExact(so) ? Py_NewRef((PyObject *)so) : set_copy(so, NULL);
}

/* -- Single keys ----------------------------------------------------------------------------- */

static PyObject *set_add(PySetObject *so, PyObject *key)
{
    return none_or_null(set_add_key(so, key));
}

/* Runs an operation on a key; a set that is unhashable is tried as a frozenset. */
static int with_key(int (*operation)(PySetObject *, PyObject *), PySetObject *so, PyObject *key)
{
    int rc = operation(so, key);
    if (rc >= 0 || !PySet_Check(key) || !PyErr_ExceptionMatches(PyExc_TypeError))
        return rc;
    PyErr_Clear();
    PyObject *frozen = set_make(&PyFrozenSet_Type, key);
    rc = frozen ? operation(so, frozen) : -1;
    Py_XDECREF(frozen);
    return rc;
}

static PyObject *set_direct_contains(PySetObject *so, PyObject *key)
{
    int rc = with_key(set_contains_key, so, key);
    return rc < 0 ? NULL : PyBool_FromLong(rc);
}

static PyObject *set_discard(PySetObject *so, PyObject *key)
{
    return none_or_null(with_key(set_discard_key, so, key));
}

/* KeyError carries the key itself, not the frozenset it was tried as. */
static PyObject *set_remove(PySetObject *so, PyObject *key)
{
    int rc = with_key(set_discard_key, so, key);
    if (rc == 0)
        _PyErr_SetKeyError(key);
    return rc <= 0 ? NULL : Py_NewRef(Py_None);
}

/* Takes the first key after the last one popped, so that emptying a set is linear. */
PyObject *set_pop(PySetObject *so, PyObject *unused)
{
    if (so->used == 0) {
        PyErr_SetString(PyExc_KeyError, "pop from an empty set");
        return NULL;
    }
    Py_ssize_t pos = so->finger & so->mask;
    setentry *entry;
    if (!set_next(so, &pos, &entry)) {
        pos = 0;
        set_next(so, &pos, &entry);
    }
    PyObject *key = entry->key; /* its reference goes to the caller */
    so->finger = entry - so->table + 1;
    set_take_entry(so, entry);
    return key;
}

static PyObject *set_clear(PySetObject *so, PyObject *unused)
{
    return none_or_null(set_clear_table(so));
}

/* -- Union ----------------------------------------------------------------------------------- */

static PyObject *set_update(PySetObject *so, PyObject *args)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(args); i++)
        if (set_update_from(so, PyTuple_GET_ITEM(args, i)) < 0)
            return NULL;
    Py_RETURN_NONE;
}

static PyObject *set_union(PySetObject *so, PyObject *args)
{
    PyObject *res = set_copy(so, NULL);
    for (Py_ssize_t i = 0; res && i < PyTuple_GET_SIZE(args); i++)
        if (PyTuple_GET_ITEM(args, i) != (PyObject *)so
            && set_update_from((PySetObject *)res, PyTuple_GET_ITEM(args, i)) < 0)
            Py_CLEAR(res);
    return res;
}

static PyObject *set_or(PyObject *a, PyObject *b)
{
    if (!PyAnySet_Check(a) || !PyAnySet_Check(b))
        Py_RETURN_NOTIMPLEMENTED;
    PyObject *res = set_copy((PySetObject *)a, NULL);
    if (res && a != b && set_update_from((PySetObject *)res, b) < 0)
        Py_CLEAR(res);
    return res;
}

static PyObject *set_ior(PyObject *a, PyObject *b)
{
    if (!PyAnySet_Check(b))
        Py_RETURN_NOTIMPLEMENTED;
    return set_update_from((PySetObject *)a, b) < 0 ? NULL : Py_NewRef(a);
}

/* -- Intersection ---------------------------------------------------------------------------- */

/* A new set of what is in both; `other` is any iterable. */
static PyObject *intersect(PySetObject *so, PyObject *other)
{
    if ((PyObject *)so == other)
        return set_copy(so, NULL);
    PySetObject *res = (PySetObject *)set_make_base(Py_TYPE(so), NULL);
    if (!res)
        return NULL;
    if (PyAnySet_Check(other)) {
        /* Walk the smaller one. */
        PySetObject *small = (PySetObject *)other, *large = so;
        if (small->used > large->used) {
            small = so;
            large = (PySetObject *)other;
        }
        setentry *entry;
        for (Py_ssize_t pos = 0; set_next(small, &pos, &entry);) {
            PyObject *key = Py_NewRef(entry->key);
            Py_hash_t hash = entry->hash;
            int rc = set_contains_entry(large, key, hash);
            if (rc > 0)
                rc = set_add_entry(res, key, hash);
            Py_DECREF(key);
            if (rc < 0)
                goto fail;
        }
        return (PyObject *)res;
    }
    PyObject *key, *it = PyObject_GetIter(other);
    if (!it)
        goto fail;
    while ((key = PyIter_Next(it))) {
        Py_hash_t hash = PyObject_Hash(key);
        int rc = hash == -1 ? -1 : set_contains_entry(so, key, hash);
        if (rc > 0)
            rc = set_add_entry(res, key, hash);
        Py_DECREF(key);
        if (rc < 0)
            break;
    }
    Py_DECREF(it);
    if (!PyErr_Occurred())
        return (PyObject *)res;
fail:
    Py_DECREF(res);
    return NULL;
}

static PyObject *set_intersection(PySetObject *so, PyObject *args)
{
    if (PyTuple_GET_SIZE(args) == 0)
        return set_copy(so, NULL);
    PyObject *res = Py_NewRef((PyObject *)so);
    for (Py_ssize_t i = 0; res && i < PyTuple_GET_SIZE(args); i++)
        Py_SETREF(res, intersect((PySetObject *)res, PyTuple_GET_ITEM(args, i)));
    return res;
}

static PyObject *set_intersection_update(PySetObject *so, PyObject *args)
{
    PyObject *res = set_intersection(so, args);
    if (!res)
        return NULL;
    set_swap_bodies(so, (PySetObject *)res);
    Py_DECREF(res);
    Py_RETURN_NONE;
}

static PyObject *set_and(PyObject *a, PyObject *b)
{
    if (!PyAnySet_Check(a) || !PyAnySet_Check(b))
        Py_RETURN_NOTIMPLEMENTED;
    return intersect((PySetObject *)a, b);
}

static PyObject *set_iand(PyObject *a, PyObject *b)
{
    if (!PyAnySet_Check(b))
        Py_RETURN_NOTIMPLEMENTED;
    PyObject *res = intersect((PySetObject *)a, b);
    if (!res)
        return NULL;
    set_swap_bodies((PySetObject *)a, (PySetObject *)res);
    Py_DECREF(res);
    return Py_NewRef(a);
}

/* Stops at the first common key. */
static PyObject *set_isdisjoint(PySetObject *so, PyObject *other)
{
    int found = 0;
    if ((PyObject *)so == other)
        return PyBool_FromLong(so->used == 0);
    if (PyAnySet_CheckExact(other)) {
        PySetObject *small = (PySetObject *)other, *large = so;
        setentry *entry;
        if (small->used > large->used) {
            small = so;
            large = (PySetObject *)other;
        }
        for (Py_ssize_t pos = 0; !found && set_next(small, &pos, &entry);) {
            PyObject *key = Py_NewRef(entry->key);
            found = set_contains_entry(large, key, entry->hash);
            Py_DECREF(key);
        }
        return found < 0 ? NULL : PyBool_FromLong(!found);
    }
    PyObject *key, *it = PyObject_GetIter(other);
    if (!it)
        return NULL;
    while (!found && (key = PyIter_Next(it))) {
        found = set_contains_key(so, key);
        Py_DECREF(key);
    }
    Py_DECREF(it);
    return found < 0 || PyErr_Occurred() ? NULL : PyBool_FromLong(!found);
}

/* -- Difference ------------------------------------------------------------------------------ */

/* so -= other. */
static int subtract_set(PySetObject *so, PyObject *other)
{
    setentry *entry;
    int rc = 0;
    /* The other may change while comparisons run; of a much
       larger one only the common part is gone through. */
    other = PySet_GET_SIZE(other) >> 3 > so->used ? intersect(so, other) : Py_NewRef(other);
    if (!other)
        return -1;
    for (Py_ssize_t pos = 0; rc >= 0 && set_next((PySetObject *)other, &pos, &entry);) {
        PyObject *key = Py_NewRef(entry->key);
        rc = set_discard_entry(so, key, entry->hash);
        Py_DECREF(key);
    }
    Py_DECREF(other);
    return rc < 0 ? -1 : 0;
}

static int subtract_iterable(PySetObject *so, PyObject *other)
{
    PyObject *key, *it = PyObject_GetIter(other);
    if (!it)
        return -1;
    while ((key = PyIter_Next(it))) {
        int rc = set_discard_key(so, key);
        Py_DECREF(key);
        if (rc < 0)
            break;
    }
    Py_DECREF(it);
    return PyErr_Occurred() ? -1 : 0;
}

/* so -= other, any iterable; the purge keeps a set that is drained by difference from staying
   full of dummies. */
static int subtract(PySetObject *so, PyObject *other)
{
    if ((PyObject *)so == other)
        return set_clear_table(so);
    int rc = PyAnySet_Check(other) ? subtract_set(so, other) : subtract_iterable(so, other);
    return rc < 0 ? -1 : set_purge(so);
}

static PyObject *copy_and_subtract(PySetObject *so, PyObject *other)
{
    PyObject *res = set_copy(so, NULL);
    if (res && subtract((PySetObject *)res, other) < 0)
        Py_CLEAR(res);
    return res;
}

/* A new set of what is in `so` only. */
static PyObject *difference(PySetObject *so, PyObject *other)
{
    setentry *entry;
    bool is_set = PyAnySet_Check(other), is_dict = PyDict_CheckExact(other);
    Py_ssize_t n = is_set ? PySet_GET_SIZE(other) : is_dict ? PyDict_GET_SIZE(other) : 0;
    /* Few keys to take away: copy and discard them. */
    if ((!is_set && !is_dict) || (so->used >> 2) > n)
        return copy_and_subtract(so, other);
    PySetObject *res = (PySetObject *)set_make_base(Py_TYPE(so), NULL);
    for (Py_ssize_t pos = 0; res && set_next(so, &pos, &entry);) {
        PyObject *key = Py_NewRef(entry->key);
        Py_hash_t hash = entry->hash;
        int rc = is_dict ? _PyDict_Contains_KnownHash(other, key, hash)
                         : set_contains_entry((PySetObject *)other, key, hash);
        if (rc == 0)
            rc = set_add_entry(res, key, hash);
        Py_DECREF(key);
        if (rc < 0)
            Py_CLEAR(res);
    }
    return (PyObject *)res;
}

static PyObject *set_difference(PySetObject *so, PyObject *args)
{
    if (PyTuple_GET_SIZE(args) == 0)
        return set_copy(so, NULL);
    PyObject *res = difference(so, PyTuple_GET_ITEM(args, 0));
    for (Py_ssize_t i = 1; res && i < PyTuple_GET_SIZE(args); i++)
        if (subtract((PySetObject *)res, PyTuple_GET_ITEM(args, i)) < 0)
            Py_CLEAR(res);
    return res;
}

static PyObject *set_difference_update(PySetObject *so, PyObject *args)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(args); i++)
        if (subtract(so, PyTuple_GET_ITEM(args, i)) < 0)
            return NULL;
    Py_RETURN_NONE;
}

static PyObject *set_sub(PyObject *a, PyObject *b)
{
    if (!PyAnySet_Check(a) || !PyAnySet_Check(b))
        Py_RETURN_NOTIMPLEMENTED;
    return difference((PySetObject *)a, b);
}

static PyObject *set_isub(PyObject *a, PyObject *b)
{
    if (!PyAnySet_Check(b))
        Py_RETURN_NOTIMPLEMENTED;
    return subtract((PySetObject *)a, b) < 0 ? NULL : Py_NewRef(a);
}

/* -- Symmetric difference -------------------------------------------------------------------- */

/* Takes a key out or puts it in. */
static int toggle(PySetObject *so, PyObject *key, Py_hash_t hash)
{
    Py_INCREF(key);
    int rc = set_discard_entry(so, key, hash);
    if (rc == 0)
        rc = set_add_entry(so, key, hash);
    Py_DECREF(key);
    return rc;
}

/* An iterable is made a set first: a key given twice would come back. */
static PyObject *set_symmetric_difference_update(PySetObject *so, PyObject *other)
{
    if ((PyObject *)so == other)
        return set_clear(so, NULL);
    if (PyDict_CheckExact(other)) {
        PyObject *key, *value;
        Py_hash_t hash;
        for (Py_ssize_t pos = 0; _PyDict_Next(other, &pos, &key, &value, &hash);)
            if (toggle(so, key, hash) < 0)
                return NULL;
        Py_RETURN_NONE;
    }
    PyObject *others = PyAnySet_Check(other) ? Py_NewRef(other) : set_make_base(Py_TYPE(so), other);
    if (!others)
        return NULL;
    setentry *entry;
    int rc = 0;
    for (Py_ssize_t pos = 0; rc >= 0 && set_next((PySetObject *)others, &pos, &entry);)
        rc = toggle(so, entry->key, entry->hash);
    Py_DECREF(others);
    return none_or_null(rc);
}

static PyObject *set_symmetric_difference(PySetObject *so, PyObject *other)
{
    PyObject *res = set_make_base(Py_TYPE(so), other);
    PyObject *none = res ? set_symmetric_difference_update((PySetObject *)res, (PyObject *)so)
                         : NULL;
    if (!none)
        Py_CLEAR(res);
    Py_XDECREF(none);
    return res;
}

static PyObject *set_xor(PyObject *a, PyObject *b)
{
    if (!PyAnySet_Check(a) || !PyAnySet_Check(b))
        Py_RETURN_NOTIMPLEMENTED;
    return set_symmetric_difference((PySetObject *)a, b);
}

static PyObject *set_ixor(PyObject *a, PyObject *b)
{
    if (!PyAnySet_Check(b))
        Py_RETURN_NOTIMPLEMENTED;
    PyObject *none = set_symmetric_difference_update((PySetObject *)a, b);
    Py_XDECREF(none);
    return none ? Py_NewRef(a) : NULL;
}

/* -- Comparison ------------------------------------------------------------------------------ */

/* 1 when all of a is in b. */
static int is_subset(PySetObject *a, PySetObject *b)
{
    setentry *entry;
    if (a->used > b->used)
        return 0;
    for (Py_ssize_t pos = 0; set_next(a, &pos, &entry);) {
        PyObject *key = Py_NewRef(entry->key);
        int rc = set_contains_entry(b, key, entry->hash);
        Py_DECREF(key);
        if (rc <= 0)
            return rc;
    }
    return 1;
}

static PyObject *bool_or_null(int rc) { return rc < 0 ? NULL : PyBool_FromLong(rc); }

static PyObject *set_issubset(PySetObject *so, PyObject *other)
{
    if (PyAnySet_Check(other))
        return bool_or_null(is_subset(so, (PySetObject *)other));
    PyObject *common = intersect(so, other);
    if (!common)
        return NULL;
    int rc = PySet_GET_SIZE(common) == so->used;
    Py_DECREF(common);
    return PyBool_FromLong(rc);
}

static PyObject *set_issuperset(PySetObject *so, PyObject *other)
{
    if (PyAnySet_Check(other))
        return bool_or_null(is_subset((PySetObject *)other, so));
    PyObject *key, *it = PyObject_GetIter(other);
    int rc = 1;
    if (!it)
        return NULL;
    while (rc > 0 && (key = PyIter_Next(it))) {
        rc = set_contains_key(so, key);
        Py_DECREF(key);
    }
    Py_DECREF(it);
    return PyErr_Occurred() ? NULL : bool_or_null(rc);
}

PyObject *set_richcompare(PyObject *v, PyObject *w, int op)
{
    if (!PyAnySet_Check(w))
        Py_RETURN_NOTIMPLEMENTED;
    PySetObject *a = (PySetObject *)v, *b = (PySetObject *)w;
    int rc;
    switch (op) {
    case Py_EQ:
    case Py_NE:
        if (a->used != b->used || (a->hash != -1 && b->hash != -1 && a->hash != b->hash))
            rc = 0;
        else
            rc = is_subset(a, b);
        return rc < 0 ? NULL : PyBool_FromLong(op == Py_EQ ? rc : !rc);
    case Py_LE: return bool_or_null(is_subset(a, b));
    case Py_GE: return bool_or_null(is_subset(b, a));
    case Py_LT: return a->used >= b->used ? Py_NewRef(Py_False) : bool_or_null(is_subset(a, b));
    case Py_GT: return a->used <= b->used ? Py_NewRef(Py_False) : bool_or_null(is_subset(b, a));
    }
    Py_RETURN_NOTIMPLEMENTED;
}

/* -- Pickling, size -------------------------------------------------------------------------- */

static PyObject *set_reduce(PySetObject *so, PyObject *unused)
{
    PyObject *keys = PySequence_List((PyObject *)so),
             *state = keys ? _PyObject_GetState((PyObject *)so) : NULL;
    if (!state) {
        Py_XDECREF(keys);
        return NULL;
    }
    return Py_BuildValue("O(N)N", Py_TYPE(so), keys, state);
}

static PyObject *set_sizeof(PySetObject *so, PyObject *unused)
{
    size_t n = (size_t)Py_TYPE(so)->tp_basicsize;
    if (so->table != so->smalltable)
        n += ((size_t)so->mask + 1) * sizeof(setentry);
    return PyLong_FromSize_t(n);
}

#define COMMON_METHODS \
    { "__contains__", (PyCFunction)set_direct_contains, METH_O | METH_COEXIST, \
      "x.__contains__(y) <==> y in x." }, \
    { "difference", (PyCFunction)set_difference, METH_VARARGS, \
      "New set of the elements that none of the others has." }, \
    { "intersection", (PyCFunction)set_intersection, METH_VARARGS, \
      "New set of the elements that all others have, too." }, \
    { "isdisjoint", (PyCFunction)set_isdisjoint, METH_O, "Whether no element is in both." }, \
    { "issubset", (PyCFunction)set_issubset, METH_O, \
      "Test whether every element in the set is in other." }, \
    { "issuperset", (PyCFunction)set_issuperset, METH_O, \
      "Test whether every element in other is in the set." }, \
    { "__reduce__", (PyCFunction)set_reduce, METH_NOARGS, "What pickle stores." }, \
    { "__sizeof__", (PyCFunction)set_sizeof, METH_NOARGS, \
      "S.__sizeof__() -> bytes of memory that S takes" }, \
    { "symmetric_difference", (PyCFunction)set_symmetric_difference, METH_O, \
      "New set of the elements that only one of the two has." }, \
    { "union", (PyCFunction)set_union, METH_VARARGS, "New set of the elements of all." }, \
    { "__class_getitem__", Py_GenericAlias, METH_O | METH_CLASS, "See PEP 585" }

PyMethodDef set_methods[] = {
    COMMON_METHODS,
    { "add", (PyCFunction)set_add, METH_O, "Puts an element in unless an equal one is there." },
    { "clear", (PyCFunction)set_clear, METH_NOARGS, "Leaves the set empty." },
    { "copy", (PyCFunction)set_copy, METH_NOARGS, "A new set of the same elements." },
    { "discard", (PyCFunction)set_discard, METH_O,
      "Take an element out of the set.\n\nNothing happens when it is not there." },
    { "difference_update", (PyCFunction)set_difference_update, METH_VARARGS,
      "Takes out what the others have." },
    { "intersection_update", (PyCFunction)set_intersection_update, METH_VARARGS,
      "Takes out what not all others have." },
    { "pop", (PyCFunction)set_pop, METH_NOARGS,
      "Takes out some element; KeyError when there is none." },
    { "remove", (PyCFunction)set_remove, METH_O,
      "Take an element out of the set.\n\nKeyError when it is not there." },
    { "symmetric_difference_update", (PyCFunction)set_symmetric_difference_update, METH_O,
      "Takes out what the other has, puts in what only it has." },
    { "update", (PyCFunction)set_update, METH_VARARGS, "Puts in what the others have." },
    { NULL },
};
PyMethodDef frozenset_methods[] = {
    COMMON_METHODS,
    { "copy", (PyCFunction)frozenset_copy, METH_NOARGS, "A new set of the same elements." },
    { NULL },
};
PyNumberMethods set_as_number = {
    .nb_subtract = set_sub,
    .nb_and = set_and,
    .nb_xor = set_xor,
    .nb_or = set_or,
    .nb_inplace_subtract = set_isub,
    .nb_inplace_and = set_iand,
    .nb_inplace_xor = set_ixor,
    .nb_inplace_or = set_ior,
};
PyNumberMethods frozenset_as_number = {.nb_subtract = set_sub,
                                       .nb_and = set_and,
                                       .nb_xor = set_xor,
                                       .nb_or = set_or};
