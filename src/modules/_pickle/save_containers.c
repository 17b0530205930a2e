/* SPDX-License-Identifier: MIT
 *
 * Containers. Mutable ones enter the memo before their items, so that cycles end there; tuples and
 * frozensets can only enter it afterwards: if their items brought them in, the copy on the stack is
 * dropped and the memo's taken.
 *
 * Items are held while they are saved, since saving may run code that changes the container.
 */
#include "modules/_pickle/pickle_impl.h"

#define WHERE " while pickling an object"

/* -- Fast mode ------------------------------------------------------------------------------- */

/* Fast mode has no memo: deep nesting is searched for the object itself. fast_nesting -1: failed.
 */
static int fast_enter(Pickler *p, PyObject *obj)
{
    if (!p->fast || ++p->fast_nesting < PICKLE_FAST_DEPTH)
        return 0;
    PyObject *key = NULL;
    int rc = -1;
    if (p->fast_memo || (p->fast_memo = PyDict_New()))
        key = PyLong_FromVoidPtr(obj);
    if (key) {
        rc = PyDict_Contains(p->fast_memo, key);
        if (rc > 0)
            PyErr_Format(
                PyExc_ValueError,
                "fast mode: can't pickle cyclic objects including object type %.200s at %p",
                Py_TYPE(obj)->tp_name, obj);
        else if (rc == 0)
            rc = PyDict_SetItem(p->fast_memo, key, Py_None);
        Py_DECREF(key);
    }
    if (rc)
        p->fast_nesting = -1;
    return rc ? -1 : 0;
}

static int fast_leave(Pickler *p, PyObject *obj, int rc)
{
    if (!p->fast || p->fast_nesting-- < PICKLE_FAST_DEPTH)
        return rc;
    PyObject *key = PyLong_FromVoidPtr(obj);
    int deleted = key && p->fast_memo ? PyDict_DelItem(p->fast_memo, key) : -1;
    Py_XDECREF(key);
    return deleted < 0 ? -1 : rc;
}

/* -- tuple ----------------------------------------------------------------------------------- */

static int save_items(Pickler *p, PyObject *tuple, Py_ssize_t n)
{
    for (Py_ssize_t i = 0; i < n; i++)
        if (pickle_save(p, PyTuple_GET_ITEM(tuple, i)) < 0)
            return -1;
    return 0;
}

/* Drops `n` objects and takes the one in the memo. */
static int pop_and_get(Pickler *p, Py_ssize_t n, Py_ssize_t id)
{
    for (; n > 0; n--)
        if (pickle_op(p, OP_POP) < 0)
            return -1;
    return pickle_memo_get(p, id);
}

static int save_short_tuple(Pickler *p, PyObject *obj, Py_ssize_t n)
{
    if (save_items(p, obj, n) < 0)
        return -1;
    Py_ssize_t id = pickle_memo_find(p->memo, obj);
    if (id >= 0)
        return pop_and_get(p, n, id);
    return pickle_op(p, OP_TUPLE1 + (int)n - 1) < 0 ? -1 : pickle_memo_put(p, obj);
}

int pickle_save_tuple(Pickler *p, PyObject *obj)
{
    Py_ssize_t n = PyTuple_GET_SIZE(obj);
    if (n == 0)
        return p->binary ? pickle_op(p, OP_EMPTY_TUPLE) : pickle_put(p, "(t", 2);
    if (n <= 3 && p->protocol >= 2)
        return save_short_tuple(p, obj, n);
    if (pickle_op(p, OP_MARK) < 0 || save_items(p, obj, n) < 0)
        return -1;
    Py_ssize_t id = pickle_memo_find(p->memo, obj);
    if (id < 0)
        return pickle_op(p, OP_TUPLE) < 0 ? -1 : pickle_memo_put(p, obj);
    if (p->binary)
        return pickle_op(p, OP_POP_MARK) < 0 ? -1 : pickle_memo_get(p, id);
    return pop_and_get(p, n + 1, id);
}

/* -- Items from iterators -------------------------------------------------------------------- */

/* Writes one item that an iterator gave: an object, or the two of a pair. STEALS item. */
typedef int (*save_item_fn)(Pickler *p, PyObject *item);

static int save_one(Pickler *p, PyObject *item)
{
    int rc = pickle_save(p, item);
    Py_DECREF(item);
    return rc;
}

static int save_pair(Pickler *p, PyObject *item)
{
    int rc = -1;
    if (!PyTuple_Check(item) || PyTuple_GET_SIZE(item) != 2)
        PyErr_SetString(PyExc_TypeError, "dict items iterator must return 2-tuples");
    else
        rc = save_items(p, item, 2);
    Py_DECREF(item);
    return rc;
}

/* Protocol 0: one opcode an item. */
static int batch_single(Pickler *p, PyObject *iterator, save_item_fn save_item, int op)
{
    PyObject *item;
    while ((item = PyIter_Next(iterator)))
        if (save_item(p, item) < 0 || pickle_op(p, op) < 0)
            return -1;
    return PyErr_Occurred() ? -1 : 0;
}

/* Batches of up to PICKLE_BATCH between a mark and `many`; a lone item ends with `one`. */
static int batch(Pickler *p, PyObject *iterator, save_item_fn save_item, int one, int many)
{
    PyObject *first, *item;
    if (p->protocol == 0)
        return batch_single(p, iterator, save_item, one);
    for (;;) {
        first = PyIter_Next(iterator);
        if (!first)
            return PyErr_Occurred() ? -1 : 0;
        item = PyIter_Next(iterator);
        if (!item) {
            if (PyErr_Occurred()) {
                Py_DECREF(first);
                return -1;
            }
            return save_item(p, first) < 0 ? -1 : pickle_op(p, one);
        }
        if (pickle_op(p, OP_MARK) < 0 || save_item(p, first) < 0) {
            Py_DECREF(item);
            return -1;
        }
        int n = 1;
        while (item) {
            if (save_item(p, item) < 0)
                return -1;
            item = ++n < PICKLE_BATCH ? PyIter_Next(iterator) : NULL;
        }
        if (PyErr_Occurred() || pickle_op(p, many) < 0)
            return -1;
        if (n < PICKLE_BATCH)
            return 0;
    }
}

int pickle_batch_list(Pickler *p, PyObject *iterator)
{
    return batch(p, iterator, save_one, OP_APPEND, OP_APPENDS);
}
int pickle_batch_dict(Pickler *p, PyObject *iterator)
{
    return batch(p, iterator, save_pair, OP_SETITEM, OP_SETITEMS);
}

/* -- list ------------------------------------------------------------------------------------ */

static int save_list_item(Pickler *p, PyObject *list, Py_ssize_t i)
{
    return save_one(p, Py_NewRef(PyList_GET_ITEM(list, i)));
}

static int batch_exact_list(Pickler *p, PyObject *list)
{
    if (PyList_GET_SIZE(list) == 1)
        return save_list_item(p, list, 0) < 0 ? -1 : pickle_op(p, OP_APPEND);
    Py_ssize_t i = 0;
    do {
        if (pickle_op(p, OP_MARK) < 0)
            return -1;
        for (int n = 0; n < PICKLE_BATCH && i < PyList_GET_SIZE(list); n++, i++)
            if (save_list_item(p, list, i) < 0)
                return -1;
        if (pickle_op(p, OP_APPENDS) < 0)
            return -1;
    } while (i < PyList_GET_SIZE(list));
    return 0;
}

static int batch_any_list(Pickler *p, PyObject *list)
{
    if (p->protocol > 0)
        return batch_exact_list(p, list);
    PyObject *iterator = PyObject_GetIter(list);
    int rc = iterator ? pickle_batch_list(p, iterator) : -1;
    Py_XDECREF(iterator);
    return rc;
}

/* The opcodes of an empty container. */
static int begin(Pickler *p, PyObject *obj, int op, const char *text)
{
    int rc = p->binary ? pickle_op(p, op) : pickle_put(p, text, 2);
    return rc < 0 ? -1 : pickle_memo_put(p, obj);
}

int pickle_save_list(Pickler *p, PyObject *obj)
{
    if (fast_enter(p, obj) < 0)
        return -1;
    int rc = begin(p, obj, OP_EMPTY_LIST, "(l");
    if (rc == 0 && PyList_GET_SIZE(obj) > 0) {
        rc = Py_EnterRecursiveCall(WHERE) ? -1 : 0;
        if (rc == 0) {
            rc = batch_any_list(p, obj);
            Py_LeaveRecursiveCall();
        }
    }
    return fast_leave(p, obj, rc);
}

/* -- dict ------------------------------------------------------------------------------------ */

static int save_entry(Pickler *p, PyObject *key, PyObject *value)
{
    Py_INCREF(key);
    Py_INCREF(value);
    int rc = pickle_save(p, key) < 0 || pickle_save(p, value) < 0 ? -1 : 0;
    Py_DECREF(value);
    Py_DECREF(key);
    return rc;
}

/* Items in batches between MARK and SETITEMS. Saving runs code, so the size is checked. */
static int batch_exact_dict(Pickler *p, PyObject *dict)
{
    PyObject *key, *value;
    Py_ssize_t pos = 0, size = PyDict_GET_SIZE(dict);
    int n;
    if (size == 1) {
        PyDict_Next(dict, &pos, &key, &value);
        return save_entry(p, key, value) < 0 ? -1 : pickle_op(p, OP_SETITEM);
    }
    do {
        if (pickle_op(p, OP_MARK) < 0)
            return -1;
        for (n = 0; n < PICKLE_BATCH && PyDict_Next(dict, &pos, &key, &value); n++)
            if (save_entry(p, key, value) < 0)
                return -1;
        if (pickle_op(p, OP_SETITEMS) < 0)
            return -1;
        if (PyDict_GET_SIZE(dict) != size) {
            PyErr_Format(PyExc_RuntimeError, "dictionary changed size during iteration");
            return -1;
        }
    } while (n == PICKLE_BATCH);
    return 0;
}

static int batch_any_dict(Pickler *p, PyObject *dict)
{
    if (p->protocol > 0)
        return batch_exact_dict(p, dict);
    PyObject *items = PyObject_CallMethodNoArgs(dict, ID(items)),
             *iterator = items ? PyObject_GetIter(items) : NULL;
    int rc = iterator ? pickle_batch_dict(p, iterator) : -1;
    Py_XDECREF(iterator);
    Py_XDECREF(items);
    return rc;
}

int pickle_save_dict(Pickler *p, PyObject *obj)
{
    if (fast_enter(p, obj) < 0)
        return -1;
    int rc = begin(p, obj, OP_EMPTY_DICT, "(d");
    if (rc == 0 && PyDict_GET_SIZE(obj) > 0) {
        rc = Py_EnterRecursiveCall(WHERE) ? -1 : 0;
        if (rc == 0) {
            rc = batch_any_dict(p, obj);
            Py_LeaveRecursiveCall();
        }
    }
    return fast_leave(p, obj, rc);
}

/* -- set, frozenset -------------------------------------------------------------------------- */

/* Before protocol 4: type([items]). */
static int save_set_as_call(Pickler *p, PyObject *obj)
{
    PyObject *items = PySequence_List(obj);
    int rc =
        items ? pickle_save_call(p, (PyObject *)Py_TYPE(obj), PyTuple_Pack(1, items), obj) : -1;
    Py_XDECREF(items);
    return rc;
}

/* As batch_exact_dict. Protocols below 4 have no opcode for sets: set(list). */
int pickle_save_set(Pickler *p, PyObject *obj)
{
    PyObject *item;
    Py_hash_t hash;
    Py_ssize_t pos = 0, size = PySet_GET_SIZE(obj);
    int n;
    if (p->protocol < 4)
        return save_set_as_call(p, obj);
    if (pickle_op(p, OP_EMPTY_SET) < 0 || pickle_memo_put(p, obj) < 0)
        return -1;
    if (size == 0)
        return 0;
    do {
        if (pickle_op(p, OP_MARK) < 0)
            return -1;
        for (n = 0; n < PICKLE_BATCH && _PySet_NextEntry(obj, &pos, &item, &hash); n++)
            if (save_one(p, Py_NewRef(item)) < 0)
                return -1;
        if (pickle_op(p, OP_ADDITEMS) < 0)
            return -1;
        if (PySet_GET_SIZE(obj) != size) {
            PyErr_Format(PyExc_RuntimeError, "set changed size during iteration");
            return -1;
        }
    } while (n == PICKLE_BATCH);
    return 0;
}

static int save_frozenset_items(Pickler *p, PyObject *obj)
{
    PyObject *item;
    Py_hash_t hash;
    Py_ssize_t pos = 0;
    if (pickle_op(p, OP_MARK) < 0)
        return -1;
    while (_PySet_NextEntry(obj, &pos, &item, &hash))
        if (save_one(p, Py_NewRef(item)) < 0)
            return -1;
    Py_ssize_t id = pickle_memo_find(p->memo, obj);
    if (id >= 0)
        return pickle_op(p, OP_POP_MARK) < 0 ? -1 : pickle_memo_get(p, id);
    return pickle_op(p, OP_FROZENSET) < 0 ? -1 : pickle_memo_put(p, obj);
}

int pickle_save_frozenset(Pickler *p, PyObject *obj)
{
    if (fast_enter(p, obj) < 0)
        return -1;
    int rc = p->protocol < 4 ? save_set_as_call(p, obj) : save_frozenset_items(p, obj);
    return fast_leave(p, obj, rc);
}
