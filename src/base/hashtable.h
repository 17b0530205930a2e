/* SPDX-License-Identifier: MIT
 *
 * A hash table of void pointers with chained entries, for C code; exported, and with the layout
 * that shipped modules know (_hashlib is compiled with it). Pointer keys by
 * identity, or any key with functions of the owner's.
 *
 * Reading order: _Py_hashtable_new_full; set, get, steal; foreach; clear, destroy.
 * Ownership: the table owns keys and values exactly when it was given destroy functions.
 * Thread rule: none of its own; the owner's.
 */
#ifndef VITRO_HASHTABLE_H
#define VITRO_HASHTABLE_H

#include "vitro.h"

/* A link of a chain; the first member of an entry. */
typedef struct _Py_slist_item_s { struct _Py_slist_item_s *next; } _Py_slist_item_t;
typedef struct { _Py_slist_item_t *head; } _Py_slist_t; /* a bucket */
typedef struct {
    _Py_slist_item_t item;
    Py_uhash_t key_hash; /* kept, so that growing calls no hash function */
    void *key, *value;
} _Py_hashtable_entry_t;
typedef struct _Py_hashtable_t _Py_hashtable_t;

typedef Py_uhash_t (*_Py_hashtable_hash_func)(const void *key);
/* Nonzero: equal. */
typedef int (*_Py_hashtable_compare_func)(const void *a, const void *b);
typedef void (*_Py_hashtable_destroy_func)(void *);
typedef _Py_hashtable_entry_t *(*_Py_hashtable_get_entry_func)(_Py_hashtable_t *, const void *key);
/* Nonzero stops the walk and becomes its result. The table must not change meanwhile. */
typedef int (*_Py_hashtable_foreach_func)(_Py_hashtable_t *, const void *key, const void *value,
                                          void *data);
typedef struct { void *(*malloc)(size_t); void (*free)(void *); } _Py_hashtable_allocator_t;

struct _Py_hashtable_t {
    size_t nentries;
    size_t nbuckets; /* a power of two */
    _Py_slist_t *buckets; /* owned */
    _Py_hashtable_get_entry_func get_entry_func; /* a shorter search when keys are pointers */
    _Py_hashtable_hash_func hash_func;
    _Py_hashtable_compare_func compare_func;
    _Py_hashtable_destroy_func key_destroy_func, value_destroy_func; /* NULL: not owned */
    _Py_hashtable_allocator_t alloc; /* for the table, its buckets and its entries */
};

extern EXPORT Py_uhash_t _Py_hashtable_hash_ptr(const void *key);
extern EXPORT int _Py_hashtable_compare_direct(const void *a, const void *b);
/* NULL without memory, with no exception set: the allocator may be one that needs no lock. */
extern EXPORT _Py_hashtable_t *_Py_hashtable_new(_Py_hashtable_hash_func,
                                                 _Py_hashtable_compare_func);
extern EXPORT _Py_hashtable_t *_Py_hashtable_new_full(_Py_hashtable_hash_func,
                                                      _Py_hashtable_compare_func,
                                                      _Py_hashtable_destroy_func,
                                                      _Py_hashtable_destroy_func,
                                                      _Py_hashtable_allocator_t *);
/* Both call the destroy functions for every entry. */
extern EXPORT void _Py_hashtable_destroy(_Py_hashtable_t *);
extern EXPORT void _Py_hashtable_clear(_Py_hashtable_t *);
extern EXPORT int _Py_hashtable_foreach(_Py_hashtable_t *, _Py_hashtable_foreach_func, void *data);
/* Bytes that the table takes, with its entries. */
/* Bytes that the table takes, keys and values apart. */
extern EXPORT size_t _Py_hashtable_size(const _Py_hashtable_t *);
/* The key must be absent. -1 without memory. */
extern EXPORT int _Py_hashtable_set(_Py_hashtable_t *, const void *key, void *value);
/* The value, or NULL. */
extern EXPORT void *_Py_hashtable_get(_Py_hashtable_t *, const void *key);
/* Removes without destroying key or value: returns the value, or NULL when the key is absent. */
extern EXPORT void *_Py_hashtable_steal(_Py_hashtable_t *, const void *key);

#endif
