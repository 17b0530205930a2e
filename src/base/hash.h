/* SPDX-License-Identifier: MIT
 *
 * The process's hash secret.
 */
#ifndef VITRO_HASH_H
#define VITRO_HASH_H

#include "vitro.h"

/* Fills _Py_HashSecret from the configuration: random, or fixed by a seed (0: all zero). Returns -1 when the
   system gives no random bytes. */
int hash_init(const PyConfig *config);
/* 24 bytes of the generator that a numeric PYTHONHASHSEED expands with. */
/* siphash13 with `key` instead of the process secret: for the hashes in .pyc files. */
uint64_t hash_keyed(uint64_t key, const void *src, Py_ssize_t n);
void hash_expand_seed(unsigned int seed, unsigned char *out, size_t size);
uint64_t _Py_KeyedHash(uint64_t key, const void *src, Py_ssize_t n);

#endif
