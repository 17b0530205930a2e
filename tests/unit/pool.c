/* SPDX-License-Identifier: MIT
 *
 * The small-block allocator: what P1–P4 of src/mem/pool.c promise, seen from outside and by its own checker.
 */
#include "mem/pool.h"
#include "unit.h"

enum { N = 20000 };
static struct { unsigned char *at; size_t size; } block[N];

static void check_pools(void)
{
    char text[200] = "";
    if (!pool_check(text, sizeof(text))) {
        printf("    %s\n", text);
        CHECK(false);
    }
    unit_claims++;
}

static bool holds(int i)
{
    for (size_t k = 0; k < block[i].size; k++) {
        if (block[i].at[k] != (unsigned char)i) {
            return false;
        }
    }
    return true;
}

static void sizes_are_aligned_and_apart(void)
{
    Py_ssize_t before = pool_count_blocks();
    unsigned char *last[600];
    for (size_t size = 0; size < 600; size++) {
        last[size] = pool_malloc(NULL, size);
        CHECK((uintptr_t)last[size] % POOL_ALIGNMENT == 0);
        memset(last[size], (int)size, size);
    }
    for (size_t size = 0; size < 600; size++) {
        CHECK(size == 0 || (last[size][0] == (unsigned char)size && last[size][size - 1] == (unsigned char)size));
    }
    CHECK(pool_count_blocks() - before >= POOL_MAX_SMALL);
    for (size_t size = 0; size < 600; size++) {
        pool_free(NULL, last[size]);
    }
    CHECK_EQ(pool_count_blocks(), before);
}

static void a_freed_block_comes_back_first(void)
{
    void *keeps_the_pool = pool_malloc(NULL, 40), *a = pool_malloc(NULL, 40), *b;
    pool_free(NULL, a);
    CHECK(pool_malloc(NULL, 48) == a); /* the same class: 33…48 */
    pool_free(NULL, a);
    CHECK((b = pool_malloc(NULL, 49)) != a);
    pool_free(NULL, b);
    pool_free(NULL, keeps_the_pool);
}

static void random_work_keeps_contents_and_invariants(void)
{
    uint64_t state = 5;
    Py_ssize_t before = pool_count_blocks();
    for (int step = 0; step < 300000; step++) {
        int i = (int)(unit_random(&state) % N);
        size_t size = unit_random(&state) % (step % 50 == 0 ? 2000 : 300);
        if (block[i].at == NULL) {
            block[i].at = step & 1 ? pool_malloc(NULL, size) : pool_calloc(NULL, 1, size);
            block[i].size = size;
        } else if (step % 3 == 0) {
            CHECK(holds(i));
            block[i].at = pool_realloc(NULL, block[i].at, size);
            block[i].size = size < block[i].size ? size : block[i].size;
            CHECK(holds(i)); /* what was there moved along */
            block[i].size = size;
        } else {
            CHECK(holds(i));
            pool_free(NULL, block[i].at);
            block[i].at = NULL;
            continue;
        }
        memset(block[i].at, i, block[i].size);
        if (step % 50000 == 0) {
            check_pools();
        }
    }
    check_pools();
    for (int i = 0; i < N; i++) {
        if (block[i].at != NULL) {
            CHECK(holds(i));
            pool_free(NULL, block[i].at);
            block[i].at = NULL;
        }
    }
    check_pools();
    CHECK_EQ(pool_count_blocks(), before);
}

static void cleared_memory_is_clear(void)
{
    for (size_t size = 1; size <= 600; size += 7) {
        unsigned char *p = pool_malloc(NULL, size);
        memset(p, 255, size);
        pool_free(NULL, p);
        p = pool_calloc(NULL, size, 1);
        size_t set = 0;
        for (size_t k = 0; k < size; k++) {
            set += p[k];
        }
        CHECK_EQ(set, 0);
        pool_free(NULL, p);
    }
}

static void products_that_overflow_are_refused(void)
{
    CHECK(pool_calloc(NULL, SIZE_MAX / 2, 3) == NULL);
    CHECK(pool_malloc(NULL, (size_t)PY_SSIZE_T_MAX) == NULL);
    void *p = pool_malloc(NULL, 32);
    memset(p, 7, 32);
    CHECK(pool_realloc(NULL, p, (size_t)PY_SSIZE_T_MAX) == NULL); /* and the old one stays */
    CHECK_EQ(((unsigned char *)p)[31], 7);
    pool_free(NULL, p);
    pool_free(NULL, NULL);
}

static void addresses_are_told_apart(void)
{
    bool fresh;
    char local;
    static char global;
    char *p = pool_malloc(NULL, 100), *large = pool_malloc(NULL, 100000);
    CHECK(pool_block_at(p, &fresh) == p && !fresh);
    CHECK(pool_block_at(p + 99, &fresh) == p);
    CHECK(pool_block_at(&local, &fresh) == NULL);
    CHECK(pool_block_at(&global, &fresh) == NULL);
    CHECK(pool_block_at(large, &fresh) == NULL);
    CHECK(pool_block_at((void *)(uintptr_t)1, &fresh) == NULL);
    CHECK(pool_block_at((void *)UINTPTR_MAX, &fresh) == NULL);
    pool_free(NULL, p);
    pool_free(NULL, large);
}

static size_t seen_used, seen_free;
static void count_pool(const PoolView *pool, void *arg)
{
    uint32_t bits = 0;
    for (uint32_t i = 0; pool->block_size != 0 && i < pool->capacity; i++) {
        bits += pool->in_use[i >> 3] >> (i & 7) & 1;
    }
    if (pool->block_size != 0) {
        CHECK_EQ(bits, pool->used);
        CHECK(pool->used > 0 && pool->used <= pool->capacity);
        CHECK(pool->block_size % POOL_ALIGNMENT == 0);
    }
    seen_used += bits;
}

static void count_free(void *p, void *arg) { seen_free++; }

static void the_view_counts_what_is_there(void)
{
    Py_ssize_t before;
    void *some[1000];
    pool_view(count_pool, NULL);
    before = (Py_ssize_t)seen_used;
    for (int i = 0; i < 1000; i++) {
        some[i] = pool_malloc(NULL, 64);
    }
    seen_used = 0;
    pool_view(count_pool, NULL);
    CHECK_EQ(seen_used, before + 1000);
    for (int i = 0; i < 1000; i += 2) {
        pool_free(NULL, some[i]);
    }
    pool_visit_free(count_free, NULL);
    CHECK(seen_free >= 400); /* but for pools that became empty */
    for (int i = 1; i < 1000; i += 2) {
        pool_free(NULL, some[i]);
    }
    seen_used = 0;
    pool_view(count_pool, NULL);
    CHECK_EQ(seen_used, before);
}

TESTS(sizes_are_aligned_and_apart, a_freed_block_comes_back_first, random_work_keeps_contents_and_invariants,
      cleared_memory_is_clear, products_that_overflow_are_refused, addresses_are_told_apart,
      the_view_counts_what_is_there)
