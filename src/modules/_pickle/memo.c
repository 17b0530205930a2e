/* SPDX-License-Identifier: MIT
 *
 * The pickler's memo: which objects were written already, by identity; and what the views of both
 * machines' memos share (PicklerMemoProxy, UnpicklerMemoProxy).
 *
 * Open addressing. An address without its alignment bits is the hash: objects made one after the
 * other lie side by side in their pool, so their entries do too. Pools that fall on the same part
 * of the table would make long runs for a linear probe; the perturbed one of dicts leaves them. At
 * most two thirds full, so a free entry ends a probe.
 */
#include "modules/_pickle/pickle_impl.h"

enum { MEMO_MIN = 8 };

static inline MemoEntry *memo_entry(const Memo *memo, PyObject *key)
{
    size_t hash = (size_t)key >> 4, i = hash & memo->mask;
    while (memo->table[i].key && memo->table[i].key != key) {
        hash >>= 5;
        i = (i * 5 + 1 + hash) & memo->mask;
    }
    return &memo->table[i];
}

static MemoEntry *table_new(size_t size)
{
    MemoEntry *table = PyMem_Calloc(size, sizeof *table);
    if (!table)
        PyErr_NoMemory();
    return table;
}

Memo *pickle_memo_new(void)
{
    Memo *memo = PyMem_Malloc(sizeof *memo);
    if (!memo) {
        PyErr_NoMemory();
        return NULL;
    }
    *memo = (Memo){.table = table_new(MEMO_MIN), .mask = MEMO_MIN - 1};
    if (!memo->table) {
        PyMem_Free(memo);
        return NULL;
    }
    return memo;
}

Memo *pickle_memo_copy(const Memo *memo)
{
    Memo *copy = PyMem_Malloc(sizeof *copy);
    if (!copy) {
        PyErr_NoMemory();
        return NULL;
    }
    *copy = (Memo){.table = table_new(memo->mask + 1), .mask = memo->mask, .used = memo->used};
    if (!copy->table) {
        PyMem_Free(copy);
        return NULL;
    }
    memcpy(copy->table, memo->table, (memo->mask + 1) * sizeof *memo->table);
    for (size_t i = 0; i <= copy->mask; i++)
        Py_XINCREF(copy->table[i].key);
    return copy;
}

Py_ssize_t pickle_memo_find(const Memo *memo, PyObject *key)
{
    MemoEntry *entry = memo_entry(memo, key);
    return entry->key ? entry->id : -1;
}

/* Entries move without a change of counts; a table in a C frame is left to it. */
static int memo_resize(Memo *memo, size_t at_least)
{
    size_t size = MEMO_MIN;
    while (size < at_least)
        size <<= 1;
    MemoEntry *old = memo->table, *end = old + memo->mask + 1, *table = table_new(size);
    if (!table)
        return -1;
    memo->table = table;
    memo->mask = size - 1;
    for (MemoEntry *e = old; e < end; e++)
        if (e->key)
            *memo_entry(memo, e->key) = *e;
    if (!memo->borrowed)
        PyMem_Free(old);
    memo->borrowed = false;
    return 0;
}

int pickle_memo_set(Memo *memo, PyObject *key, Py_ssize_t id)
{
    MemoEntry *entry = memo_entry(memo, key);
    if (entry->key) {
        entry->id = id;
        return 0;
    }
    *entry = (MemoEntry){Py_NewRef(key), id};
    memo->used++;
    if (memo->used * 3 < (memo->mask + 1) * 2)
        return 0;
    if (memo_resize(memo, memo->used * (memo->used > 50000 ? 2 : 4)) == 0)
        return 0;
    /* A full table would end no probe: the entry goes again. */
    memo_entry(memo, key)->key = NULL;
    memo->used--;
    Py_DECREF(key);
    return -1;
}

static void table_free(MemoEntry *table, size_t mask, bool borrowed)
{
    for (size_t i = 0; i <= mask; i++)
        Py_XDECREF(table[i].key);
    if (!borrowed)
        PyMem_Free(table);
}

void pickle_memo_clear(Memo *memo)
{
    Memo old = *memo;
    MemoEntry *small = old.borrowed ? NULL : PyMem_Calloc(MEMO_MIN, sizeof *small);
    if (small) {
        *memo = (Memo){.table = small, .mask = MEMO_MIN - 1};
        table_free(old.table, old.mask, false);
        return;
    }
    /* No other table: taken out one by one, since destructors may look. */
    for (size_t i = 0; i <= memo->mask; i++) {
        PyObject *key = memo->table[i].key;
        memo->table[i].key = NULL;
        Py_XDECREF(key);
    }
    memo->used = 0;
}

void pickle_memo_release(Memo *memo) { table_free(memo->table, memo->mask, memo->borrowed); }

void pickle_memo_free(Memo *memo)
{
    if (!memo)
        return;
    pickle_memo_release(memo);
    PyMem_Free(memo);
}

/* -- Views ----------------------------------------------------------------------------------- */

PyObject *pickle_proxy_new(PyTypeObject *type, PyObject *owner)
{
    MemoProxy *proxy = PyObject_GC_New(MemoProxy, type);
    if (!proxy)
        return NULL;
    proxy->owner = Py_NewRef(owner);
    PyObject_GC_Track(proxy);
    return (PyObject *)proxy;
}

void pickle_proxy_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    Py_CLEAR(((MemoProxy *)self)->owner);
    PyObject_GC_Del(self);
}

int pickle_proxy_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((MemoProxy *)self)->owner);
    return 0;
}

/* The owner drops what it holds; a proxy without one would have no memo to show. */
int pickle_proxy_clear(PyObject *self) { return 0; }

PyObject *pickle_proxy_reduce(PyObject *contents)
{
    return contents ? Py_BuildValue("O(N)", &PyDict_Type, contents) : NULL;
}
