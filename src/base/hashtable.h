/* SPDX-License-Identifier: MIT
 *
 * The exported chained hash table; layout as shipped modules know it.
 */
#ifndef VITRO_HASHTABLE_H
#define VITRO_HASHTABLE_H

#include "vitro.h"

typedef struct _Py_slist_item_s { struct _Py_slist_item_s *next; } _Py_slist_item_t;
typedef struct { _Py_slist_item_t *head; } _Py_slist_t;
typedef struct { _Py_slist_item_t item; Py_uhash_t key_hash; void *key, *value; } _Py_hashtable_entry_t;
typedef struct _Py_hashtable_t _Py_hashtable_t;

typedef Py_uhash_t (*_Py_hashtable_hash_func)(const void *key);
typedef int (*_Py_hashtable_compare_func)(const void *a, const void *b);
typedef void (*_Py_hashtable_destroy_func)(void *);
typedef _Py_hashtable_entry_t *(*_Py_hashtable_get_entry_func)(_Py_hashtable_t *, const void *key);
typedef int (*_Py_hashtable_foreach_func)(_Py_hashtable_t *, const void *key, const void *value, void *data);
typedef struct { void *(*malloc)(size_t); void (*free)(void *); } _Py_hashtable_allocator_t;

struct _Py_hashtable_t {
    size_t nentries, nbuckets; /* nbuckets is a power of two */
    _Py_slist_t *buckets;
    _Py_hashtable_get_entry_func get_entry_func;
    _Py_hashtable_hash_func hash_func;
    _Py_hashtable_compare_func compare_func;
    _Py_hashtable_destroy_func key_destroy_func, value_destroy_func; /* may be NULL */
    _Py_hashtable_allocator_t alloc;
};

extern EXPORT Py_uhash_t _Py_hashtable_hash_ptr(const void *key);
extern EXPORT int _Py_hashtable_compare_direct(const void *a, const void *b);
extern EXPORT _Py_hashtable_t *_Py_hashtable_new(_Py_hashtable_hash_func, _Py_hashtable_compare_func);
extern EXPORT _Py_hashtable_t *_Py_hashtable_new_full(_Py_hashtable_hash_func, _Py_hashtable_compare_func,
                                                      _Py_hashtable_destroy_func, _Py_hashtable_destroy_func,
                                                      _Py_hashtable_allocator_t *);
extern EXPORT void _Py_hashtable_destroy(_Py_hashtable_t *);
extern EXPORT void _Py_hashtable_clear(_Py_hashtable_t *);
extern EXPORT int _Py_hashtable_foreach(_Py_hashtable_t *, _Py_hashtable_foreach_func, void *data);
extern EXPORT size_t _Py_hashtable_size(const _Py_hashtable_t *);
/* The key must be absent. */
extern EXPORT int _Py_hashtable_set(_Py_hashtable_t *, const void *key, void *value);
extern EXPORT void *_Py_hashtable_get(_Py_hashtable_t *, const void *key);
/* Removes without destroying key or value. */
extern EXPORT void *_Py_hashtable_steal(_Py_hashtable_t *, const void *key);

#endif
