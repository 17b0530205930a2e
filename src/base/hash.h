/* SPDX-License-Identifier: MIT
 *
 * The process's hash secret, and hashes under other keys. Hashing itself has its declarations in
 * <pyhash.h>. hash_init runs once, before other threads exist; the rest may be called from
 * anywhere.
 */
#ifndef VITRO_HASH_H
#define VITRO_HASH_H

#include "vitro.h"

/* Fills _Py_HashSecret from the configuration: random, or fixed by a seed (0: all zero). Returns -1
   when the system gives no random bytes. */
int hash_init(const PyConfig *config);
/* The generator that a numeric PYTHONHASHSEED is expanded with: the first `size` bytes. */
void hash_expand_seed(unsigned int seed, unsigned char *out, size_t size);
/* SipHash-1-3 with `key` instead of the process's secret: for the hashes in .pyc files. */
uint64_t hash_keyed(uint64_t key, const void *src, Py_ssize_t n);
/* The same under the name that others know. */
uint64_t _Py_KeyedHash(uint64_t key, const void *src, Py_ssize_t n);

#endif
