/* SPDX-License-Identifier: MIT
 *
 * The exported hash table against an array that says what must be in it.
 */
#include "base/hashtable.h"
#include "unit.h"

enum { KEYS = 3000 };
static uintptr_t model[KEYS]; /* value of key i + 1; 0: absent */
static int destroyed_keys, destroyed_values;

static void *key_of(int i) { return (void *)(uintptr_t)(i + 1); }
static void destroy_key(void *key) { destroyed_keys++; }
static void destroy_value(void *value) { destroyed_values++; }
static Py_uhash_t hash_badly(const void *key) { return (uintptr_t)key & 3; }

static int count_and_compare(_Py_hashtable_t *table, const void *key, const void *value, void *data)
{
    ++*(int *)data;
    return model[(uintptr_t)key - 1] == (uintptr_t)value ? 0 : -7;
}

static void random_work(_Py_hashtable_hash_func hash, int steps)
{
    _Py_hashtable_t *table = _Py_hashtable_new(hash, _Py_hashtable_compare_direct);
    uint64_t state = 99;
    size_t size = 0;
    memset(model, 0, sizeof(model));
    for (int step = 0; step < steps; step++) {
        /* the first half mostly inserts, the second mostly removes: the table grows and shrinks */
        int i = (int)(unit_random(&state) % KEYS);
        bool insert = unit_random(&state) % 10 < (step < steps / 2 ? 8 : 2);
        CHECK(_Py_hashtable_get(table, key_of(i)) == (void *)model[i]);
        if (insert && model[i] == 0) {
            model[i] = (uintptr_t)step + 1;
            CHECK_EQ(_Py_hashtable_set(table, key_of(i), (void *)model[i]), 0);
            size++;
        } else if (!insert) {
            CHECK(_Py_hashtable_steal(table, key_of(i)) == (void *)model[i]);
            size -= model[i] != 0;
            model[i] = 0;
        }
    }
    CHECK_EQ(table->nentries, size);
    CHECK((table->nbuckets & (table->nbuckets - 1)) == 0);
    CHECK(_Py_hashtable_size(table) >= table->nbuckets * sizeof(*table->buckets)); /* bytes */
    int seen = 0;
    CHECK_EQ(_Py_hashtable_foreach(table, count_and_compare, &seen), 0);
    CHECK_EQ(seen, size);
    _Py_hashtable_destroy(table);
}

static void agrees_with_a_model(void) { random_work(_Py_hashtable_hash_ptr, 40000); }
static void agrees_when_all_keys_collide(void) { random_work(hash_badly, 3000); }

static void a_walk_stops_at_the_first_refusal(void)
{
    _Py_hashtable_t *table = _Py_hashtable_new(_Py_hashtable_hash_ptr, _Py_hashtable_compare_direct);
    memset(model, 0, sizeof(model));
    for (int i = 0; i < 10; i++) {
        CHECK_EQ(_Py_hashtable_set(table, key_of(i), key_of(i)), 0);
    }
    int seen = 0;
    CHECK_EQ(_Py_hashtable_foreach(table, count_and_compare, &seen), -7);
    CHECK_EQ(seen, 1);
    _Py_hashtable_destroy(table);
}

static void owners_are_told_once(void)
{
    _Py_hashtable_t *table = _Py_hashtable_new_full(_Py_hashtable_hash_ptr, _Py_hashtable_compare_direct,
                                                    destroy_key, destroy_value, NULL);
    for (int i = 0; i < 100; i++) {
        CHECK_EQ(_Py_hashtable_set(table, key_of(i), key_of(i)), 0);
    }
    for (int i = 0; i < 30; i++) {
        _Py_hashtable_steal(table, key_of(i));
    }
    CHECK_EQ(destroyed_keys, 0);
    _Py_hashtable_clear(table);
    CHECK_EQ(destroyed_keys, 70);
    CHECK_EQ(destroyed_values, 70);
    CHECK_EQ(table->nentries, 0);
    CHECK_EQ(_Py_hashtable_set(table, key_of(5), key_of(5)), 0);
    _Py_hashtable_destroy(table);
    CHECK_EQ(destroyed_values, 71);
}

TESTS(agrees_with_a_model, agrees_when_all_keys_collide, a_walk_stops_at_the_first_refusal, owners_are_told_once)
