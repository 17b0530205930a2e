/* SPDX-License-Identifier: MIT
 *
 * Small blocks. Three levels:
 *
 *   arena   1 MiB, aligned to 1 MiB, from the arena allocator (mmap)
 *   pool    16 KiB of one arena, aligned to 16 KiB, serves one size class
 *   block   16, 32, … 512 bytes
 *
 *   pool:  | head | block | block | free block -> free block | untouched … |
 *
 * Invariants
 *  P1  A pool in classes[c] has at least one free block; a full pool is in no list.
 *  P2  A pool whose last block comes back goes to its arena's free list at once.
 *  P3  An arena with n > 0 free pools is in by_free[n - 1], and bit n - 1 of `nonempty` says that
 *      this list is not empty. New pools come from the arena with the fewest free pools, so that
 *      lightly used arenas drain and are given back. A few entirely free ones are kept: taking
 *      memory anew costs a page fault for every 4 KiB. So do untouched pools, which come last: only
 *      one arena, the one made last, can have some, since one is made when no pool is free.
 *      From 16 arenas on they are mapped in pairs that lie on one huge page, where the system lets
 *      us: 512 page faults become one.
 *  P4  arena_of(p) is NULL exactly for addresses outside all arenas: two table loads, no read of
 *      the page itself.
 *
 * The state is the process's, not an interpreter's: blocks may outlive the interpreter that made
 * them.
 */
#include "mem/outgrown.h"
#include "mem/pool.h"

#include <string.h>
#include <sys/mman.h>

#define ARENA_BITS 20
#define ARENA_SIZE ((size_t)1 << ARENA_BITS)
#define POOL_BITS 14
#define POOL_SIZE ((size_t)1 << POOL_BITS)
#define POOLS_PER_ARENA (ARENA_SIZE / POOL_SIZE)
#define MAP_BITS 14 /* 48 address bits = 20 + 14 + 14 */
#define MAP_SIZE ((size_t)1 << MAP_BITS)

#define FREE_ARENAS_KEPT 16 /* P3 */
#define PAIRS_FROM 16       /* P3: by then half a pair too much is little */
#define PAIR_SIZE (2 * ARENA_SIZE)
#define REFILL 4            /* blocks threaded at a time, see pool_refill */

static_assert(POOLS_PER_ARENA == 64, "one bit of `nonempty` for each count");

typedef struct Block { struct Block *next; } Block;
typedef struct Arena Arena;

typedef struct Pool {
    Block *free;              /* blocks that came back */
    char *untouched;          /* first block never handed out; NULL when none is left */
    struct Pool *next, *prev; /* ring of its class; next alone in the arena's free list */
    Arena *arena;
    uint32_t used;            /* blocks handed out */
    uint32_t size_class;
} Pool;

#define POOL_HEAD ((sizeof(Pool) + POOL_ALIGNMENT - 1) & ~(size_t)(POOL_ALIGNMENT - 1))

struct Arena {
    char *base;          /* aligned start */
    void *memory;        /* what the arena allocator gave; its size */
    size_t memory_size;
    Pool *free;          /* pools that came back */
    char *untouched;     /* first pool never used */
    uint32_t nfree;      /* pools in both */
    Arena *next, *prev;  /* ring of by_free */
    Arena *all_next, *all_prev;
};

static struct {
    Pool *classes[POOL_CLASSES];     /* P1 */
    Arena *by_free[POOLS_PER_ARENA]; /* P3 */
    uint64_t nonempty;               /* P3 */
    Arena *all;                      /* every arena, chained by all_next */
    Arena *spare;                    /* descriptions of no arena, chained by next */
    size_t described;                /* descriptions in all */
    Arena **map[MAP_SIZE];           /* P4: bits 34–47 of the address, then bits 20–33 */
    Py_ssize_t large_blocks;         /* in use, from malloc: sys.getallocatedblocks counts them */
    size_t arenas, arenas_made, arenas_peak; /* now, ever, at most at once */
    uint32_t arenas_free;            /* entirely */
} state;

/* -- Arenas ---------------------------------------------------------------------------------- */

static void *map_aligned(size_t size, size_t alignment)
{
    char *p = mmap(NULL, size + alignment, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) {
        return NULL;
    }
    size_t lead = -(uintptr_t)p & (alignment - 1);
    if (lead) {
        munmap(p, lead);
    }
    munmap(p + lead + size, alignment - lead);
    return p + lead;
}

static char *second_half; /* of a pair, to be the next arena */

/* The machine's stack chunks come from here too and need no alignment. */
static void *arena_map(void *ctx, size_t size)
{
    if (size != ARENA_SIZE) {
        void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        return p == MAP_FAILED ? NULL : p;
    }
    char *p = second_half;
    if (p != NULL) {
        second_half = NULL;
    }
    else if (state.arenas >= PAIRS_FROM && (p = map_aligned(PAIR_SIZE, PAIR_SIZE)) != NULL) {
        madvise(p, PAIR_SIZE, MADV_HUGEPAGE);
        second_half = p + ARENA_SIZE;
    }
    return p ? p : map_aligned(ARENA_SIZE, ARENA_SIZE);
}

static void arena_unmap(void *ctx, void *p, size_t size)
{
    if (second_half != NULL && second_half == (char *)p + size) {
        size = PAIR_SIZE;
        second_half = NULL;
    }
    munmap(p, size);
}

static PyObjectArenaAllocator arena_allocator = {NULL, arena_map, arena_unmap};

static inline Arena *arena_of(const void *p)
{
    uintptr_t a = (uintptr_t)p;
    if (a >> (ARENA_BITS + 2 * MAP_BITS)) {
        return NULL;
    }
    Arena **leaf = state.map[a >> (ARENA_BITS + MAP_BITS)];
    return leaf ? leaf[(a >> ARENA_BITS) & (MAP_SIZE - 1)] : NULL;
}

static bool arena_enter_map(char *base, Arena *arena)
{
    uintptr_t a = (uintptr_t)base;
    Arena ***root = &state.map[a >> (ARENA_BITS + MAP_BITS)];
    if (*root == NULL) {
        *root = PyMem_RawCalloc(MAP_SIZE, sizeof(Arena *));
        if (*root == NULL) {
            return false;
        }
    }
    (*root)[(a >> ARENA_BITS) & (MAP_SIZE - 1)] = arena;
    return true;
}

static void arena_list_add(Arena *arena)
{
    Arena **head = &state.by_free[arena->nfree - 1];
    arena->prev = NULL;
    arena->next = *head;
    if (*head) {
        (*head)->prev = arena;
    }
    *head = arena;
    state.nonempty |= (uint64_t)1 << (arena->nfree - 1); /* P3 */
}

static void arena_list_remove(Arena *arena)
{
    uint32_t i = arena->nfree - 1;
    if (arena->prev) {
        arena->prev->next = arena->next;
    }
    else {
        state.by_free[i] = arena->next;
    }
    if (arena->next) {
        arena->next->prev = arena->prev;
    }
    if (state.by_free[i] == NULL) {
        state.nonempty &= ~((uint64_t)1 << i);
    }
}

/* A foreign arena allocator need not align: then ask for twice as much, use the aligned middle. */
static bool arena_get_memory(Arena *arena)
{
    size_t size = ARENA_SIZE;
    char *p = arena_allocator.alloc(arena_allocator.ctx, size);
    if (p && ((uintptr_t)p & (ARENA_SIZE - 1))) {
        arena_allocator.free(arena_allocator.ctx, p, size);
        size *= 2;
        p = arena_allocator.alloc(arena_allocator.ctx, size);
    }
    if (p == NULL) {
        return false;
    }
    arena->memory = p;
    arena->memory_size = size;
    arena->base = (char *)(((uintptr_t)p + ARENA_SIZE - 1) & ~(uintptr_t)(ARENA_SIZE - 1));
    return true;
}

/* Descriptions come in rows, each twice as long as the last, and are kept: one allocated with each
   arena would lie behind every large block of its time, and the C library could not give those
   back. */
static Arena *arena_describe(void)
{
    if (state.spare == NULL) {
        size_t n = state.described ? state.described : 16;
        Arena *row = PyMem_RawCalloc(n, sizeof(Arena));
        if (row == NULL) {
            return NULL;
        }
        state.described += n;
        while (n-- > 0) {
            row[n].next = state.spare;
            state.spare = &row[n];
        }
    }
    Arena *arena = state.spare;
    state.spare = arena->next;
    memset(arena, 0, sizeof *arena);
    return arena;
}

static void arena_forget(Arena *arena)
{
    arena->next = state.spare;
    state.spare = arena;
}

/* Listed with all its pools free (P3). */
static Arena *arena_new(void)
{
    Arena *arena = arena_describe();
    if (arena == NULL) {
        return NULL;
    }
    if (!arena_get_memory(arena)) {
        arena_forget(arena);
        return NULL;
    }
    if (!arena_enter_map(arena->base, arena)) {
        arena_allocator.free(arena_allocator.ctx, arena->memory, arena->memory_size);
        arena_forget(arena);
        return NULL;
    }
    arena->untouched = arena->base;
    arena->nfree = POOLS_PER_ARENA;
    state.arenas_free++;
    arena->all_next = state.all;
    if (state.all) {
        state.all->all_prev = arena;
    }
    state.all = arena;
    arena_list_add(arena);
    state.arenas_made++;
    if (++state.arenas > state.arenas_peak) {
        state.arenas_peak = state.arenas;
    }
    return arena;
}

static void arena_release(Arena *arena)
{
    arena_enter_map(arena->base, NULL);
    if (arena->all_prev) {
        arena->all_prev->all_next = arena->all_next;
    }
    else {
        state.all = arena->all_next;
    }
    if (arena->all_next) {
        arena->all_next->all_prev = arena->all_prev;
    }
    arena_allocator.free(arena_allocator.ctx, arena->memory, arena->memory_size);
    arena_forget(arena);
    state.arenas--;
}

/* -- Pools ----------------------------------------------------------------------------------- */

static inline size_t class_size(uint32_t c)
{
    return (size_t)(c + 1) * POOL_ALIGNMENT;
}

static inline Pool *pool_of(void *block)
{
    return (Pool *)((uintptr_t)block & ~(uintptr_t)(POOL_SIZE - 1));
}

static void pool_link(Pool *pool)
{
    Pool **head = &state.classes[pool->size_class];
    pool->prev = NULL;
    pool->next = *head;
    if (*head) {
        (*head)->prev = pool;
    }
    *head = pool;
}

static void pool_unlink(Pool *pool)
{
    if (pool->prev) {
        pool->prev->next = pool->next;
    }
    else {
        state.classes[pool->size_class] = pool->next;
    }
    if (pool->next) {
        pool->next->prev = pool->prev;
    }
}

/* The arena with the fewest free pools, unless they are all untouched and another has some (P3). */
static Arena *arena_choose(void)
{
    Arena *arena = state.by_free[__builtin_ctzll(state.nonempty)];
    if (arena->free == NULL) {
        uint64_t rest = state.nonempty & (state.nonempty - 1);
        return arena->next ? arena->next : rest ? state.by_free[__builtin_ctzll(rest)] : arena;
    }
    return arena;
}

/* A pool of a class. Its blocks are threaded later (pool_refill). */
static Pool *pool_new(uint32_t size_class)
{
    Arena *arena = state.nonempty ? arena_choose() : arena_new();
    if (arena == NULL) {
        return NULL;
    }
    arena_list_remove(arena);
    Pool *pool = arena->free;
    if (pool) {
        arena->free = pool->next;
    }
    else {
        pool = (Pool *)arena->untouched;
        arena->untouched += POOL_SIZE;
    }
    state.arenas_free -= arena->nfree == POOLS_PER_ARENA;
    if (--arena->nfree) {
        arena_list_add(arena);
    }
    pool->arena = arena;
    pool->free = NULL;
    pool->untouched = (char *)pool + POOL_HEAD;
    pool->used = 0;
    pool->size_class = size_class;
    pool_link(pool);
    return pool;
}

/* P2. An arena that is entirely free goes back when enough others wait. */
static void pool_release(Pool *pool)
{
    Arena *arena = pool->arena;
    pool_unlink(pool);
    if (arena->nfree) {
        arena_list_remove(arena);
    }
    pool->next = arena->free;
    arena->free = pool;
    if (++arena->nfree == POOLS_PER_ARENA) {
        if (state.arenas_free >= FREE_ARENAS_KEPT) {
            arena_release(arena);
            return;
        }
        state.arenas_free++;
    }
    arena_list_add(arena);
}

/* Finds the pool's next free blocks after its free list ran empty, or takes it out of its class. A
   few at a time, so that a row of allocations from fresh memory does not come here for each. */
static void pool_refill(Pool *pool)
{
    if (pool->untouched == NULL) {
        pool_unlink(pool); /* P1 */
        return;
    }
    size_t size = class_size(pool->size_class);
    char *end = (char *)pool + POOL_SIZE - size;
    Block **link = &pool->free;
    for (int i = 0; i < REFILL && pool->untouched <= end; i++) {
        *link = (Block *)pool->untouched;
        link = &(*link)->next;
        pool->untouched += size;
    }
    *link = NULL;
    if (pool->untouched > end) {
        pool->untouched = NULL;
    }
}

/* -- Blocks ---------------------------------------------------------------------------------- */

/* The paths that leave the free list alone are out of line: the rest needs no stack. */
static __attribute__((noinline)) void *taken_last(Pool *pool, Block *block)
{
    pool_refill(pool);
    return block;
}

/* Small: a new pool. Large, or no memory for a pool: the C library. A size of 0 is a block of the
   smallest class, since NULL would mean failure. */
static __attribute__((noinline)) void *pool_malloc_slow(size_t size)
{
    if (size - 1 < POOL_MAX_SMALL) {
        Pool *pool = pool_new((uint32_t)((size - 1) / POOL_ALIGNMENT));
        if (pool != NULL) {
            pool_refill(pool);
            return pool_malloc(NULL, size);
        }
    }
    else if (size == 0) {
        return pool_malloc(NULL, 1);
    }
    void *p = PyMem_RawMalloc(size);
    if (p) {
        state.large_blocks++;
    }
    return p;
}

void *pool_malloc(void *ctx, size_t size)
{
    if (LIKELY(size - 1 < POOL_MAX_SMALL)) {
        Pool *pool = state.classes[(size - 1) / POOL_ALIGNMENT];
        if (LIKELY(pool != NULL)) {
            Block *block = pool->free;
            pool->used++;
            pool->free = block->next;
            return LIKELY(pool->free != NULL) ? block : taken_last(pool, block);
        }
    }
    return pool_malloc_slow(size);
}

void *pool_calloc(void *ctx, size_t count, size_t size)
{
    size_t bytes = count * size;
    if (bytes <= POOL_MAX_SMALL) {
        void *p = pool_malloc(ctx, bytes);
        return p ? memset(p, 0, bytes) : NULL;
    }
    void *p = PyMem_RawCalloc(count, size);
    if (p) {
        state.large_blocks++;
    }
    return p;
}

/* Block p was put in front of `rest`: the pool was full, or has become empty. */
static __attribute__((noinline)) void given_edge(Pool *pool, Block *rest)
{
    if (rest == NULL) {
        pool_link(pool);
    }
    if (pool->used == 0) {
        pool_release(pool); /* P2 */
    }
}

static __attribute__((noinline)) void pool_free_large(void *p)
{
    if (p != NULL) {
        PyMem_RawFree(p);
        state.large_blocks--;
    }
}

void pool_free(void *ctx, void *p)
{
    if (UNLIKELY(arena_of(p) == NULL)) {
        pool_free_large(p);
        return;
    }
    Pool *pool = pool_of(p);
    Block *block = p, *rest = pool->free;
    block->next = rest;
    pool->free = block;
    if (UNLIKELY(--pool->used == 0 || rest == NULL)) {
        given_edge(pool, rest);
    }
}

/* Keeps a small block in place when it stays in its class or would waste less than a quarter. */
void *pool_realloc(void *ctx, void *p, size_t size)
{
    if (p == NULL) {
        return pool_malloc(ctx, size);
    }
    if (arena_of(p) == NULL) {
        return mem_realloc_large(p, size);
    }
    size_t old = class_size(pool_of(p)->size_class);
    if (size <= old) {
        if (4 * size > 3 * old) {
            return p;
        }
        old = size;
    }
    void *moved = pool_malloc(ctx, size);
    if (moved) {
        memcpy(moved, p, old);
        pool_free(ctx, p);
    }
    return moved;
}

/* -- Looking --------------------------------------------------------------------------------- */

/* Calls visit for every pool in use. */
static void pools_visit(void (*visit)(Pool *, void *), void *arg)
{
    for (Arena *arena = state.all; arena; arena = arena->all_next) {
        uint64_t idle = 0;
        for (Pool *p = arena->free; p; p = p->next) {
            idle |= (uint64_t)1 << (((char *)p - arena->base) / POOL_SIZE);
        }
        for (char *p = arena->base; p < arena->untouched; p += POOL_SIZE) {
            if (!(idle >> ((p - arena->base) / POOL_SIZE) & 1)) {
                visit((Pool *)p, arg);
            }
        }
    }
}

static void count_used(Pool *pool, void *arg)
{
    *(Py_ssize_t *)arg += pool->used;
}

Py_ssize_t pool_count_blocks(void)
{
    Py_ssize_t n = state.large_blocks;
    pools_visit(count_used, &n);
    return n;
}

struct class_stats { size_t pools[POOL_CLASSES], used[POOL_CLASSES]; };

static void count_class(Pool *pool, void *arg)
{
    struct class_stats *stats = arg;
    stats->pools[pool->size_class]++;
    stats->used[pool->size_class] += pool->used;
}

void pool_print_line(FILE *out, const char *what, size_t value)
{
    char digits[32], *to = digits + sizeof(digits) - 1;
    *to = '\0';
    for (int n = 0; n == 0 || value; n++, value /= 10) {
        if (n && n % 3 == 0) {
            *--to = ',';
        }
        *--to = (char)('0' + value % 10);
    }
    fprintf(out, "%-35s=%21s\n", what, to);
}

int pool_print_stats(FILE *out)
{
    struct class_stats stats = {0};
    size_t in_use = 0, available = 0, heads = 0, waste = 0, free_pools = 0;
    pools_visit(count_class, &stats);
    fprintf(out, "Small block threshold = %d, in %d size classes.\n\n", POOL_MAX_SMALL,
            POOL_CLASSES);
    fputs("class   size   num pools   blocks in use  avail blocks\n"
          "-----   ----   ---------   -------------  ------------\n", out);
    for (uint32_t c = 0; c < POOL_CLASSES; c++) {
        size_t size = class_size(c), capacity = (POOL_SIZE - POOL_HEAD) / size;
        if (stats.pools[c] == 0) {
            continue;
        }
        size_t idle = stats.pools[c] * capacity - stats.used[c];
        fprintf(out, "%5u %6zu %11zu %15zu %13zu\n", c, size, stats.pools[c], stats.used[c], idle);
        in_use += stats.used[c] * size;
        available += idle * size;
        heads += stats.pools[c] * POOL_HEAD;
        waste += stats.pools[c] * (POOL_SIZE - POOL_HEAD - capacity * size);
    }
    for (Arena *arena = state.all; arena; arena = arena->all_next) {
        free_pools += arena->nfree;
    }
    fputc('\n', out);
    pool_print_line(out, "# arenas allocated total", state.arenas_made);
    pool_print_line(out, "# arenas reclaimed", state.arenas_made - state.arenas);
    pool_print_line(out, "# arenas highwater mark", state.arenas_peak);
    pool_print_line(out, "# arenas allocated current", state.arenas);
    char what[64];
    snprintf(what, sizeof(what), "%zu arenas * %zu bytes/arena", state.arenas, ARENA_SIZE);
    pool_print_line(out, what, state.arenas * ARENA_SIZE);
    fputc('\n', out);
    pool_print_line(out, "# bytes in allocated blocks", in_use);
    pool_print_line(out, "# bytes in available blocks", available);
    snprintf(what, sizeof(what), "%zu unused pools * %zu bytes", free_pools, POOL_SIZE);
    pool_print_line(out, what, free_pools * POOL_SIZE);
    pool_print_line(out, "# bytes lost to pool headers", heads);
    pool_print_line(out, "# bytes lost to quantization", waste);
    pool_print_line(out, "Total", in_use + available + heads + waste + free_pools * POOL_SIZE);
    return 1;
}

/* -- Checking -------------------------------------------------------------------------------- */

#define FAULT(...) return snprintf(text, size, __VA_ARGS__), false

/* Blocks of a pool: how many there are, and whether `p` is the start of one. */
static size_t pool_capacity(const Pool *pool)
{
    return (POOL_SIZE - POOL_HEAD) / class_size(pool->size_class);
}

static bool pool_has_block(const Pool *pool, const void *p)
{
    size_t offset = (size_t)((const char *)p - (const char *)pool) - POOL_HEAD;
    return (const char *)p >= (const char *)pool + POOL_HEAD &&
           (const char *)p < (const char *)pool + POOL_SIZE &&
           offset % class_size(pool->size_class) == 0;
}

struct pool_walk { char *text; size_t size; bool ok; size_t with_room; };

/* P1 as far as one pool shows it: used, free and untouched blocks are all there are. */
static bool check_pool(const Pool *pool, char *text, size_t size)
{
    if (pool->size_class >= POOL_CLASSES) {
        FAULT("pool %p: size class %u", (void *)pool, pool->size_class);
    }
    size_t capacity = pool_capacity(pool), idle = 0, fresh = 0;
    for (const Block *b = pool->free; b; b = b->next) {
        if (!pool_has_block(pool, b) || ++idle > capacity) {
            FAULT("pool %p of %zu-byte blocks: broken free list at %p", (void *)pool,
                  class_size(pool->size_class), (void *)b);
        }
    }
    if (pool->untouched) {
        fresh = (size_t)((char *)pool + POOL_SIZE - pool->untouched) / class_size(pool->size_class);
    }
    if (pool->used == 0 || pool->used + idle + fresh != capacity) {
        FAULT("pool %p of %zu-byte blocks: %u used, %zu free, %zu fresh of %zu", (void *)pool,
              class_size(pool->size_class), pool->used, idle, fresh, capacity);
    }
    return true;
}

static void check_pool_visit(Pool *pool, void *arg)
{
    struct pool_walk *walk = arg;
    walk->ok = walk->ok && check_pool(pool, walk->text, walk->size);
    walk->with_room += pool->free != NULL;
}

/* P1: the pools with room are those in the lists. */
static bool check_classes(size_t with_room, char *text, size_t size)
{
    size_t listed = 0;
    for (uint32_t c = 0; c < POOL_CLASSES; c++) {
        Pool *prev = NULL;
        for (Pool *p = state.classes[c]; p; prev = p, p = p->next) {
            if (p->size_class != c || p->prev != prev || p->free == NULL || ++listed > with_room) {
                FAULT("pool %p does not belong into the list of class %u", (void *)p, c);
            }
        }
    }
    if (listed != with_room) {
        FAULT("%zu pools have room, %zu are listed", with_room, listed);
    }
    return true;
}

/* P3, P4 */
static bool check_arenas(char *text, size_t size)
{
    size_t arenas = 0, with_free = 0, listed = 0, unused = 0;
    for (Arena *a = state.all; a; a = a->all_next) {
        size_t nfree = (size_t)(a->base + ARENA_SIZE - a->untouched) / POOL_SIZE;
        if (nfree && a != state.all) {
            FAULT("arena %p is not the last one made and has untouched pools", (void *)a->base);
        }
        for (Pool *p = a->free; p; p = p->next) {
            nfree++;
        }
        if (nfree != a->nfree || arena_of(a->base) != a) {
            FAULT("arena %p: %zu free pools counted as %u", (void *)a->base, nfree, a->nfree);
        }
        arenas++;
        with_free += nfree > 0;
        unused += nfree == POOLS_PER_ARENA;
    }
    for (uint32_t i = 0; i < POOLS_PER_ARENA; i++) {
        if ((state.by_free[i] != NULL) != (state.nonempty >> i & 1)) {
            FAULT("arenas with %u free pools: list and bit differ", i + 1);
        }
        for (Arena *a = state.by_free[i]; a; a = a->next) {
            if (a->nfree != i + 1 || ++listed > with_free) {
                FAULT("arena %p with %u free pools is listed under %u", (void *)a->base, a->nfree,
                      i + 1);
            }
        }
    }
    if (listed != with_free || arenas != state.arenas || unused != state.arenas_free) {
        FAULT("%zu arenas, %zu listed of %zu, %zu unused; counted %zu and %u", arenas, listed,
              with_free, unused, state.arenas, state.arenas_free);
    }
    return true;
}

bool pool_check(char *text, size_t size)
{
    struct pool_walk walk = {text, size, true, 0};
    if (!check_arenas(text, size)) {
        return false;
    }
    pools_visit(check_pool_visit, &walk);
    return walk.ok && check_classes(walk.with_room, text, size);
}

struct free_walk { void (*visit)(void *, void *); void *arg; };

static void visit_free_blocks(Pool *pool, void *arg)
{
    struct free_walk *walk = arg;
    for (Block *b = pool->free; b; b = b->next) {
        walk->visit(b, walk->arg);
    }
}

void pool_visit_free(void (*visit)(void *block, void *arg), void *arg)
{
    struct free_walk walk = {visit, arg};
    pools_visit(visit_free_blocks, &walk);
}

static_assert((POOL_SIZE - POOL_HEAD) / POOL_ALIGNMENT <= 8 * sizeof((PoolView){0}.in_use),
              "a bit for each block");

static void fill_view(const Pool *pool, PoolView *view)
{
    view->block_size = (uint32_t)class_size(pool->size_class);
    view->capacity = (uint32_t)pool_capacity(pool);
    view->used = pool->used;
    const char *start = (const char *)pool + POOL_HEAD, *end = pool->untouched;
    uint32_t touched = end ? (uint32_t)((size_t)(end - start) / view->block_size) : view->capacity;
    for (uint32_t i = 0; i < touched; i++) {
        view->in_use[i >> 3] |= (uint8_t)(1 << (i & 7));
    }
    for (const Block *b = pool->free; b; b = b->next) {
        uint32_t i = (uint32_t)((size_t)((const char *)b - start) / view->block_size);
        view->in_use[i >> 3] &= (uint8_t)~(1 << (i & 7));
    }
}

void pool_view(void (*visit)(const PoolView *pool, void *arg), void *arg)
{
    for (Arena *arena = state.all; arena; arena = arena->all_next) {
        uint64_t idle = 0;
        for (Pool *p = arena->free; p; p = p->next) {
            idle |= (uint64_t)1 << (((char *)p - arena->base) / POOL_SIZE);
        }
        for (uint32_t i = 0; i < POOLS_PER_ARENA; i++) {
            PoolView view = {.arena = arena->base, .index = i};
            char *p = arena->base + i * POOL_SIZE;
            if (p < arena->untouched && !(idle >> i & 1)) {
                fill_view((Pool *)p, &view);
            }
            visit(&view, arg);
        }
    }
}

void *pool_block_at(const void *p, bool *fresh)
{
    if (arena_of(p) == NULL) {
        return NULL;
    }
    Pool *pool = pool_of((void *)p);
    size_t size = class_size(pool->size_class);
    char *start = (char *)pool + POOL_HEAD;
    start += (size_t)((const char *)p - start) / size * size;
    *fresh = pool->untouched && start >= pool->untouched;
    return start;
}

/* -- C API ----------------------------------------------------------------------------------- */

void PyObject_GetArenaAllocator(PyObjectArenaAllocator *allocator)
{
    *allocator = arena_allocator;
}

void PyObject_SetArenaAllocator(PyObjectArenaAllocator *allocator)
{
    arena_allocator = *allocator;
}
