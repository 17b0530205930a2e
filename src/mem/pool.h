/* SPDX-License-Identifier: MIT
 *
 * The small-block allocator behind the mem and object domains. All of it needs the lock (GIL).
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
/* `what = value` in the columns of those tables, with thousands commas. */
void pool_print_line(FILE *out, const char *what, size_t value);

/* For the heap checker. Whether the pools are as P1-P4 (pool.c) say: else false, and `text` says
 * what is wrong. */
bool pool_check(char *text, size_t size);
/* Calls visit for every block that came back and waits for reuse. */
void pool_visit_free(void (*visit)(void *block, void *arg), void *arg);
/* A pool as the memory view shows it. */
typedef struct {
    const void *arena;
    uint32_t index;               /* in the arena */
    uint32_t block_size;          /* 0: a free pool; nothing follows */
    uint32_t capacity, used;      /* blocks */
    uint8_t in_use[1 << 7];       /* a bit for each block, lowest first: handed out */
} PoolView;
/* Calls visit for every pool of every arena, in order of addresses within an arena. */
void pool_view(void (*visit)(const PoolView *pool, void *arg), void *arg);
/* Start of the block that holds the address; NULL outside all pools. *fresh: it was never handed
 * out. */
void *pool_block_at(const void *p, bool *fresh);

#endif
