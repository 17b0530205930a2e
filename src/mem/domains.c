/* SPDX-License-Identifier: MIT
 *
 * The three memory domains. Each is a replaceable set of four functions:
 *
 *   raw     PyMem_RawMalloc …   the C library; no lock needed
 *   mem     PyMem_Malloc …      pools
 *   object  PyObject_Malloc …   pools
 *
 * PYTHONMALLOC / -X dev choose other sets (mem_setup), PyMem_SetAllocator lets anybody wrap them.
 * The functions test for the usual set first, so that the usual path is a direct call.
 */
#include "mem/domains.h"
#include "mem/pool.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <wchar.h>

/* -- The C library as a domain --------------------------------------------------------------- */

/* A large block is filled from one end to the other as a rule. On huge pages, where the system lets
   us, that costs a page fault for 2 MiB instead of one for 4 KiB. calloc's blocks may stay empty in
   parts and have no use for it. */
static inline void *expect_filling(void *p, size_t size)
{
    enum { LARGE = 4 << 20, PAGE = 4096 };
    if (UNLIKELY(size >= LARGE) && p != NULL) {
        uintptr_t start = (uintptr_t)p & ~(uintptr_t)(PAGE - 1);
        uintptr_t end = ((uintptr_t)p + size + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
        madvise((void *)start, end - start, MADV_HUGEPAGE);
    }
    return p;
}

static void *libc_malloc(void *ctx, size_t size)
{
    return expect_filling(malloc(size ? size : 1), size);
}

static void *libc_calloc(void *ctx, size_t count, size_t size)
{
    return count && size ? calloc(count, size) : calloc(1, 1);
}

static void *libc_realloc(void *ctx, void *p, size_t size)
{
    return expect_filling(realloc(p, size ? size : 1), size);
}

static void libc_free(void *ctx, void *p)
{
    free(p);
}

#define LIBC_SET {NULL, libc_malloc, libc_calloc, libc_realloc, libc_free}
#define POOL_SET {NULL, pool_malloc, pool_calloc, pool_realloc, pool_free}

static const PyMemAllocatorEx libc_set = LIBC_SET, pool_set = POOL_SET;

struct mem_domains mem_domains = {LIBC_SET, POOL_SET, POOL_SET};

bool mem_raw_is_libc(void) { return mem_domains.raw.realloc == libc_realloc; }

static PyMemAllocatorEx *domain_of(PyMemAllocatorDomain domain)
{
    switch (domain) {
    case PYMEM_DOMAIN_RAW: return &mem_domains.raw;
    case PYMEM_DOMAIN_MEM: return &mem_domains.mem;
    case PYMEM_DOMAIN_OBJ: return &mem_domains.obj;
    }
    return NULL;
}

/* -- Choosing -------------------------------------------------------------------------------- */

static const struct {
    const char *name; /* as in PYTHONMALLOC */
    PyMemAllocatorName value;
} allocator_names[] = {
    {"default", PYMEM_ALLOCATOR_DEFAULT},   {"debug", PYMEM_ALLOCATOR_DEBUG},
    {"pymalloc", PYMEM_ALLOCATOR_PYMALLOC}, {"pymalloc_debug", PYMEM_ALLOCATOR_PYMALLOC_DEBUG},
    {"malloc", PYMEM_ALLOCATOR_MALLOC},     {"malloc_debug", PYMEM_ALLOCATOR_MALLOC_DEBUG},
};

EXPORT int _PyMem_GetAllocatorName(const char *name, PyMemAllocatorName *allocator)
{
    if (name == NULL || *name == '\0') {
        *allocator = PYMEM_ALLOCATOR_DEFAULT;
        return 0;
    }
    for (size_t i = 0; i < COUNT_OF(allocator_names); i++) {
        if (strcmp(name, allocator_names[i].name) == 0) {
            *allocator = allocator_names[i].value;
            return 0;
        }
    }
    return -1;
}

static bool same_set(const PyMemAllocatorEx *a, const PyMemAllocatorEx *b)
{
    return a->malloc == b->malloc && a->calloc == b->calloc && a->realloc == b->realloc
           && a->free == b->free;
}

/* What is right already is not written: a thread that has ended frees its state without the lock,
   while the main thread shuts down. */
static void replace_set(PyMemAllocatorEx *d, const PyMemAllocatorEx *set)
{
    if (d->ctx != set->ctx || !same_set(d, set)) {
        *d = *set;
    }
}

EXPORT int _PyMem_SetDefaultAllocator(PyMemAllocatorDomain domain, PyMemAllocatorEx *old)
{
    PyMemAllocatorEx *d = domain_of(domain);
    if (d == NULL) {
        return -1;
    }
    if (old) {
        *old = *d;
    }
    replace_set(d, domain == PYMEM_DOMAIN_RAW ? &libc_set : &pool_set);
    return 0;
}

/* Only before anything was allocated: blocks of one set must not reach the free of another. */
EXPORT int _PyMem_SetupAllocators(PyMemAllocatorName allocator)
{
    bool pools = false, debug = false;
    switch (allocator) {
    case PYMEM_ALLOCATOR_NOT_SET: return 0;
    case PYMEM_ALLOCATOR_DEFAULT:
    case PYMEM_ALLOCATOR_PYMALLOC: pools = true; break;
    case PYMEM_ALLOCATOR_DEBUG:
    case PYMEM_ALLOCATOR_PYMALLOC_DEBUG: pools = debug = true; break;
    case PYMEM_ALLOCATOR_MALLOC: break;
    case PYMEM_ALLOCATOR_MALLOC_DEBUG: debug = true; break;
    default: return -1;
    }
    mem_domains.raw = libc_set;
    mem_domains.mem = mem_domains.obj = pools ? pool_set : libc_set;
    if (debug) {
        PyMem_SetupDebugHooks();
    }
    return 0;
}

const char *_PyMem_GetCurrentAllocatorName(void)
{
    PyMemAllocatorEx raw = mem_domains.raw, mem = mem_domains.mem, obj = mem_domains.obj;
    bool debug = mem_debug_peel(&raw);
    debug = mem_debug_peel(&mem) && debug; /* each is peeled, whatever the others have */
    debug = mem_debug_peel(&obj) && debug;
    if (!same_set(&raw, &libc_set)) {
        return NULL;
    }
    if (same_set(&mem, &pool_set) && same_set(&obj, &pool_set)) {
        return debug ? "pymalloc_debug" : "pymalloc";
    }
    if (same_set(&mem, &libc_set) && same_set(&obj, &libc_set)) {
        return debug ? "malloc_debug" : "malloc";
    }
    return NULL;
}

void PyMem_GetAllocator(PyMemAllocatorDomain domain, PyMemAllocatorEx *allocator)
{
    PyMemAllocatorEx *d = domain_of(domain);
    if (d) {
        *allocator = *d;
    }
    else {
        memset(allocator, 0, sizeof(*allocator));
    }
}

void PyMem_SetAllocator(PyMemAllocatorDomain domain, PyMemAllocatorEx *allocator)
{
    PyMemAllocatorEx *d = domain_of(domain);
    if (d) {
        replace_set(d, allocator);
    }
}

bool mem_pools_in_use(void)
{
    PyMemAllocatorEx obj = mem_domains.obj;
    mem_debug_peel(&obj);
    return obj.malloc == pool_malloc;
}

EXPORT Py_ssize_t _Py_GetAllocatedBlocks(void)
{
    return pool_count_blocks();
}

EXPORT int _PyObject_DebugMallocStats(FILE *out)
{
    return mem_pools_in_use() ? pool_print_stats(out) : 0;
}

void _PyDebugAllocatorStats(FILE *out, const char *block_name, int num_blocks, size_t sizeof_block)
{
    char what[128], aligned[160];
    snprintf(what, sizeof(what), "%d %ss * %zd bytes each", num_blocks, block_name,
             (Py_ssize_t)sizeof_block);
    snprintf(aligned, sizeof(aligned), "%48s ", what);
    pool_print_line(out, aligned, (size_t)num_blocks * sizeof_block);
}

/* -- C API ----------------------------------------------------------------------------------- */

#define TOO_LARGE(n) UNLIKELY((n) > (size_t)PY_SSIZE_T_MAX)
#define PRODUCT_TOO_LARGE(n, size) UNLIKELY((size) != 0 && (n) > (size_t)PY_SSIZE_T_MAX / (size))

void *PyMem_RawMalloc(size_t size)
{
    return TOO_LARGE(size) ? NULL : mem_domains.raw.malloc(mem_domains.raw.ctx, size);
}

void *PyMem_RawCalloc(size_t count, size_t size)
{
    return PRODUCT_TOO_LARGE(count, size)
               ? NULL
               : mem_domains.raw.calloc(mem_domains.raw.ctx, count, size);
}

void *PyMem_RawRealloc(void *p, size_t size)
{
    return TOO_LARGE(size) ? NULL : mem_domains.raw.realloc(mem_domains.raw.ctx, p, size);
}

void PyMem_RawFree(void *p)
{
    mem_domains.raw.free(mem_domains.raw.ctx, p);
}

#define DEFINE_DOMAIN(prefix, d)                                                                   \
    void *prefix##_Malloc(size_t size)                                                             \
    {                                                                                              \
        if (TOO_LARGE(size)) {                                                                     \
            return NULL;                                                                           \
        }                                                                                          \
        if (LIKELY(mem_domains.d.malloc == pool_malloc)) {                                         \
            return pool_malloc(NULL, size);                                                        \
        }                                                                                          \
        return mem_domains.d.malloc(mem_domains.d.ctx, size);                                      \
    }                                                                                              \
    void *prefix##_Calloc(size_t count, size_t size)                                               \
    {                                                                                              \
        return PRODUCT_TOO_LARGE(count, size)                                                      \
                   ? NULL                                                                          \
                   : mem_domains.d.calloc(mem_domains.d.ctx, count, size);                         \
    }                                                                                              \
    void *prefix##_Realloc(void *p, size_t size)                                                   \
    {                                                                                              \
        return TOO_LARGE(size) ? NULL : mem_domains.d.realloc(mem_domains.d.ctx, p, size);         \
    }                                                                                              \
    void prefix##_Free(void *p)                                                                    \
    {                                                                                              \
        if (LIKELY(mem_domains.d.free == pool_free)) {                                             \
            pool_free(NULL, p);                                                                    \
            return;                                                                                \
        }                                                                                          \
        mem_domains.d.free(mem_domains.d.ctx, p);                                                  \
    }

DEFINE_DOMAIN(PyMem, mem)
DEFINE_DOMAIN(PyObject, obj)

char *_PyMem_RawStrdup(const char *s)
{
    size_t n = strlen(s) + 1;
    char *copy = PyMem_RawMalloc(n);
    return copy ? memcpy(copy, s, n) : NULL;
}

char *_PyMem_Strdup(const char *s)
{
    size_t n = strlen(s) + 1;
    char *copy = PyMem_Malloc(n);
    return copy ? memcpy(copy, s, n) : NULL;
}

wchar_t *_PyMem_RawWcsdup(const wchar_t *s)
{
    size_t n = wcslen(s) + 1;
    if (n > (size_t)PY_SSIZE_T_MAX / sizeof(wchar_t)) {
        return NULL;
    }
    wchar_t *copy = PyMem_RawMalloc(n * sizeof(wchar_t));
    return copy ? memcpy(copy, s, n * sizeof(wchar_t)) : NULL;
}
