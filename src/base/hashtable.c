/* SPDX-License-Identifier: MIT
 *
 * A chained hash table of void pointers for C code (exported as _Py_hashtable_*; shipped modules
 * may read its struct). The contracts are in hashtable.h.
 *
 *   buckets[hash & (nbuckets - 1)] -> entry -> entry -> NULL       entry: next, hash, key, value
 *
 * I1  nbuckets is a power of two, at least MIN_BUCKETS.
 * I2  Every entry hangs in the bucket that its key_hash names; no two keys compare equal.
 *
 * It grows when more than half full and shrinks when less than a tenth is used. A table that cannot
 * grow for want of memory works on with longer chains: only a failed entry is an error.
 */
#include "base/hashtable.h"

#define MIN_BUCKETS 16

#define ENTRY_NEXT(e) ((_Py_hashtable_entry_t *)(e)->item.next)

Py_uhash_t _Py_hashtable_hash_ptr(const void *key) { return (Py_uhash_t)_Py_HashPointerRaw(key); }
int _Py_hashtable_compare_direct(const void *a, const void *b) { return a == b; }

/* The smallest legal number of buckets for n. */
static size_t bucket_count(size_t n)
{
    size_t size = MIN_BUCKETS;
    while (size < n) {
        size <<= 1;
    }
    return size;
}

size_t _Py_hashtable_size(const _Py_hashtable_t *ht)
{
    return sizeof(*ht) + ht->nbuckets * sizeof(_Py_slist_t)
           + ht->nentries * sizeof(_Py_hashtable_entry_t);
}

/* -- Lookup ---------------------------------------------------------------------------------- */

static _Py_hashtable_entry_t *find_generic(_Py_hashtable_t *ht, const void *key)
{
    Py_uhash_t hash = ht->hash_func(key);
    _Py_hashtable_entry_t *e = (_Py_hashtable_entry_t *)ht->buckets[hash & (ht->nbuckets - 1)].head;
    while (e && !(e->key_hash == hash && ht->compare_func(key, e->key))) {
        e = ENTRY_NEXT(e);
    }
    return e;
}

/* With pointers as keys: no call through a function pointer, and no comparison of hashes. */
static _Py_hashtable_entry_t *find_pointer(_Py_hashtable_t *ht, const void *key)
{
    Py_uhash_t hash = _Py_hashtable_hash_ptr(key);
    _Py_hashtable_entry_t *e = (_Py_hashtable_entry_t *)ht->buckets[hash & (ht->nbuckets - 1)].head;
    while (e && e->key != key) {
        e = ENTRY_NEXT(e);
    }
    return e;
}

/* -- Changes --------------------------------------------------------------------------------- */

/* Moves the entries to the number of buckets that their count asks for (a third full). */
static void rehash(_Py_hashtable_t *ht)
{
    size_t n = bucket_count((size_t)((double)ht->nentries * 2.0 / (0.1 + 0.5)));
    if (n == ht->nbuckets) {
        return;
    }
    _Py_slist_t *fresh = ht->alloc.malloc(n * sizeof(*fresh));
    if (fresh == NULL) {
        return; /* slower, but correct */
    }
    memset(fresh, 0, n * sizeof(*fresh));
    for (size_t b = 0; b < ht->nbuckets; b++) {
        _Py_slist_item_t *item = ht->buckets[b].head;
        while (item) {
            _Py_slist_item_t *next = item->next;
            _Py_slist_t *list = &fresh[((_Py_hashtable_entry_t *)item)->key_hash & (n - 1)];
            item->next = list->head;
            list->head = item;
            item = next;
        }
    }
    ht->alloc.free(ht->buckets);
    ht->buckets = fresh;
    ht->nbuckets = n;
}

void *_Py_hashtable_steal(_Py_hashtable_t *ht, const void *key)
{
    Py_uhash_t hash = ht->hash_func(key);
    _Py_slist_item_t **link = &ht->buckets[hash & (ht->nbuckets - 1)].head;
    for (; *link; link = &(*link)->next) {
        _Py_hashtable_entry_t *e = (_Py_hashtable_entry_t *)*link;
        if (e->key_hash == hash && ht->compare_func(key, e->key)) {
            void *value = e->value;
            *link = e->item.next;
            ht->nentries--;
            ht->alloc.free(e);
            if ((double)ht->nentries / (double)ht->nbuckets < 0.1) {
                rehash(ht);
            }
            return value;
        }
    }
    return NULL;
}

int _Py_hashtable_set(_Py_hashtable_t *ht, const void *key, void *value)
{
    _Py_hashtable_entry_t *e = ht->alloc.malloc(sizeof(*e));
    if (e == NULL) {
        return -1;
    }
    e->key_hash = ht->hash_func(key);
    e->key = (void *)key;
    e->value = value;
    ht->nentries++;
    if ((double)ht->nentries / (double)ht->nbuckets > 0.5) {
        rehash(ht);
    }
    _Py_slist_t *list = &ht->buckets[e->key_hash & (ht->nbuckets - 1)];
    e->item.next = list->head;
    list->head = &e->item;
    return 0;
}

void *_Py_hashtable_get(_Py_hashtable_t *ht, const void *key)
{
    _Py_hashtable_entry_t *e = ht->get_entry_func(ht, key);
    return e ? e->value : NULL;
}

int _Py_hashtable_foreach(_Py_hashtable_t *ht, _Py_hashtable_foreach_func func, void *data)
{
    for (size_t b = 0; b < ht->nbuckets; b++) {
        for (_Py_slist_item_t *item = ht->buckets[b].head; item;) {
            _Py_slist_item_t *next = item->next;
            _Py_hashtable_entry_t *e = (_Py_hashtable_entry_t *)item;
            int r = func(ht, e->key, e->value, data);
            if (r) {
                return r;
            }
            item = next;
        }
    }
    return 0;
}

/* -- Making and freeing ---------------------------------------------------------------------- */

_Py_hashtable_t *_Py_hashtable_new_full(_Py_hashtable_hash_func hash_func,
                                        _Py_hashtable_compare_func compare_func,
                                        _Py_hashtable_destroy_func key_destroy,
                                        _Py_hashtable_destroy_func value_destroy,
                                        _Py_hashtable_allocator_t *allocator)
{
    _Py_hashtable_allocator_t alloc = {PyMem_Malloc, PyMem_Free};
    if (allocator) {
        alloc = *allocator;
    }
    _Py_hashtable_t *ht = alloc.malloc(sizeof(*ht));
    if (ht == NULL) {
        return NULL;
    }
    *ht = (_Py_hashtable_t){
        .nbuckets = MIN_BUCKETS,
        .get_entry_func = find_generic,
        .hash_func = hash_func,
        .compare_func = compare_func,
        .key_destroy_func = key_destroy,
        .value_destroy_func = value_destroy,
        .alloc = alloc,
    };
    if (hash_func == _Py_hashtable_hash_ptr && compare_func == _Py_hashtable_compare_direct) {
        ht->get_entry_func = find_pointer;
    }
    ht->buckets = alloc.malloc(MIN_BUCKETS * sizeof(*ht->buckets));
    if (ht->buckets == NULL) {
        alloc.free(ht);
        return NULL;
    }
    memset(ht->buckets, 0, MIN_BUCKETS * sizeof(*ht->buckets));
    return ht;
}

_Py_hashtable_t *_Py_hashtable_new(_Py_hashtable_hash_func hash_func,
                                   _Py_hashtable_compare_func compare_func)
{
    return _Py_hashtable_new_full(hash_func, compare_func, NULL, NULL, NULL);
}

/* A destroy function may look into the table: each chain is cut off before it is walked. */
static void drop_entries(_Py_hashtable_t *ht)
{
    for (size_t b = 0; b < ht->nbuckets; b++) {
        _Py_slist_item_t *item = ht->buckets[b].head;
        ht->buckets[b].head = NULL;
        while (item) {
            _Py_hashtable_entry_t *e = (_Py_hashtable_entry_t *)item;
            item = item->next;
            if (ht->key_destroy_func) {
                ht->key_destroy_func(e->key);
            }
            if (ht->value_destroy_func) {
                ht->value_destroy_func(e->value);
            }
            ht->alloc.free(e);
        }
    }
}

void _Py_hashtable_clear(_Py_hashtable_t *ht)
{
    drop_entries(ht);
    ht->nentries = 0;
    rehash(ht);
}

void _Py_hashtable_destroy(_Py_hashtable_t *ht)
{
    drop_entries(ht);
    ht->alloc.free(ht->buckets);
    ht->alloc.free(ht);
}
