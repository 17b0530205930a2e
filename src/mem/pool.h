/* SPDX-License-Identifier: MIT
 *
 * The small-block allocator behind the mem and object domains. Everything here needs the lock (GIL).
 */
#ifndef VITRO_POOL_H
#define VITRO_POOL_H

#include "vitro.h"

#define POOL_ALIGNMENT 16
#define POOL_MAX_SMALL 512
#define POOL_CLASSES (POOL_MAX_SMALL / POOL_ALIGNMENT)

/* The four functions of an allocator; sizes above POOL_MAX_SMALL go to the raw domain. */
void *pool_malloc(void *ctx, size_t size);
void *pool_calloc(void *ctx, size_t count, size_t size);
void *pool_realloc(void *ctx, void *block, size_t size);
void pool_free(void *ctx, void *block);

/* Blocks in use, large ones included. */
Py_ssize_t pool_count_blocks(void);
/* Prints the state of every size class and arena; returns whether the pools are in use at all. */
int pool_print_stats(FILE *out);

#endif
