/* SPDX-License-Identifier: MIT
 *
 * Debug hooks around the memory domains (PYTHONMALLOC=debug, -X dev). A block of n bytes becomes
 *
 *   p-16      p-8   p-7            p          p+n
 *   | n, BE  | api | FD × 7       | n bytes  | FD × 8 |
 *
 * Fresh bytes are CD, freed ones DD. `api` is the domain's letter (r, m, o), so that freeing with
 * another domain's function is seen. Every error is fatal, after the block has been described on
 * stderr.
 */
#include "mem/domains.h"
#include "mem/tracemalloc.h"
#include "state.h"

#include <string.h>

#define CLEAN_BYTE 0xCD
#define DEAD_BYTE 0xDD
#define FORBIDDEN_BYTE 0xFD
#define WORD sizeof(size_t)
#define HEAD (2 * WORD)
#define EXTRA (3 * WORD)

EXPORT void _Py_NO_RETURN _Py_FatalErrorFunc(const char *func, const char *message);
EXPORT void _Py_NO_RETURN _Py_FatalErrorFormat(const char *func, const char *format, ...);

typedef struct { char api; PyMemAllocatorEx inner; } DebugHook;

static struct { DebugHook raw, mem, obj; } hooks = {{'r', {0}}, {'m', {0}}, {'o', {0}}};

/* -- Checking -------------------------------------------------------------------------------- */

static size_t read_size(const uint8_t *p)
{
    size_t n = 0;
    for (size_t i = 0; i < WORD; i++) {
        n = n << 8 | p[i];
    }
    return n;
}

static void write_size(uint8_t *p, size_t n)
{
    for (size_t i = WORD; i-- > 0; n >>= 8) {
        p[i] = (uint8_t)n;
    }
}

static bool all_forbidden(const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] != FORBIDDEN_BYTE) {
            return false;
        }
    }
    return true;
}

static void describe_pads(const uint8_t *pads, size_t n, const char *label, int offset)
{
    for (size_t i = 0; i < n; i++) {
        fprintf(stderr, "        at %s%+d: 0x%02x", label, offset + (int)i, pads[i]);
        fputs(pads[i] != FORBIDDEN_BYTE ? " *** OUCH\n" : "\n", stderr);
    }
}

/* The first eight bytes and the last eight. */
static void describe_data(const uint8_t *p, size_t n)
{
    if (n == 0) {
        return;
    }
    fputs("    Data at p:", stderr);
    for (size_t i = 0; i < n && i < 8; i++) {
        fprintf(stderr, " %02x", p[i]);
    }
    if (n > 8) {
        if (n > 16) {
            fputs(" ...", stderr);
        }
        for (size_t i = n > 16 ? n - 8 : 8; i < n; i++) {
            fprintf(stderr, " %02x", p[i]);
        }
    }
    fputc('\n', stderr);
}

/* Says what is known of a block, with pads and data. The size in front of it may be damaged: what
   needs it comes last. */
static void describe_block(const uint8_t *p)
{
    fprintf(stderr, "Debug memory block at address p=%p:", (const void *)p);
    if (p == NULL) {
        fputc('\n', stderr);
        return;
    }
    size_t n = read_size(p - HEAD);
    fprintf(stderr, " API '%c'\n    %zu bytes originally requested\n", p[-(int)WORD], n);
    fprintf(stderr, "    The %d pad bytes at p-%d are ", (int)WORD - 1, (int)WORD - 1);
    if (all_forbidden(p - WORD + 1, WORD - 1)) {
        fputs("FORBIDDENBYTE, as expected.\n", stderr);
    }
    else {
        fprintf(stderr, "not all FORBIDDENBYTE (0x%02x):\n", FORBIDDEN_BYTE);
        describe_pads(p - WORD + 1, WORD - 1, "p", -(int)(WORD - 1));
        fputs("    Because memory is corrupted at the start, the count of bytes requested\n"
              "       may be bogus, and checking the trailing pad bytes may segfault.\n", stderr);
    }
    const uint8_t *tail = p + n;
    fprintf(stderr, "    The %d pad bytes at tail=%p are ", (int)WORD, (const void *)tail);
    if (all_forbidden(tail, WORD)) {
        fputs("FORBIDDENBYTE, as expected.\n", stderr);
    }
    else {
        fprintf(stderr, "not all FORBIDDENBYTE (0x%02x):\n", FORBIDDEN_BYTE);
        describe_pads(tail, WORD, "tail", 0);
    }
    describe_data(p, n);
    fputc('\n', stderr);
    tracemalloc_dump(stderr, p);
    fflush(stderr);
}

static void check_address(const char *func, char api, const void *ptr)
{
    const uint8_t *p = ptr;
    if (p[-(int)WORD] != api) {
        describe_block(p);
        _Py_FatalErrorFormat(func, "bad ID: Allocated using API '%c', verified using API '%c'",
                             p[-(int)WORD], api);
    }
    if (!all_forbidden(p - WORD + 1, WORD - 1)) {
        describe_block(p);
        _Py_FatalErrorFunc(func, "bad leading pad byte");
    }
    if (!all_forbidden(p + read_size(p - HEAD), WORD)) {
        describe_block(p);
        _Py_FatalErrorFunc(func, "bad trailing pad byte");
    }
}

static void check_lock(const char *func)
{
    if (!PyGILState_Check()) {
        _Py_FatalErrorFunc(func, "Python memory allocator called without holding the GIL");
    }
}

/* -- The hooks ------------------------------------------------------------------------------- */

static void *dress(DebugHook *hook, uint8_t *block, size_t n, bool zeroed)
{
    if (block == NULL) {
        return NULL;
    }
    write_size(block, n);
    block[WORD] = (uint8_t)hook->api;
    memset(block + WORD + 1, FORBIDDEN_BYTE, WORD - 1);
    if (!zeroed) {
        memset(block + HEAD, CLEAN_BYTE, n);
    }
    memset(block + HEAD + n, FORBIDDEN_BYTE, WORD);
    return block + HEAD;
}

static void *debug_raw_malloc(void *ctx, size_t n)
{
    DebugHook *hook = ctx;
    return n > (size_t)PY_SSIZE_T_MAX - EXTRA
               ? NULL
               : dress(hook, hook->inner.malloc(hook->inner.ctx, n + EXTRA), n, false);
}

static void *debug_raw_calloc(void *ctx, size_t count, size_t size)
{
    DebugHook *hook = ctx;
    size_t n = count * size;
    return n > (size_t)PY_SSIZE_T_MAX - EXTRA
               ? NULL
               : dress(hook, hook->inner.calloc(hook->inner.ctx, 1, n + EXTRA), n, true);
}

static void debug_raw_free(void *ctx, void *p)
{
    DebugHook *hook = ctx;
    if (p == NULL) {
        return;
    }
    check_address("_PyMem_DebugRawFree", hook->api, p);
    uint8_t *block = (uint8_t *)p - HEAD;
    memset(block, DEAD_BYTE, read_size(block) + EXTRA);
    hook->inner.free(hook->inner.ctx, block);
}

static void *debug_raw_realloc(void *ctx, void *p, size_t n)
{
    DebugHook *hook = ctx;
    if (p == NULL) {
        return debug_raw_malloc(ctx, n);
    }
    check_address("_PyMem_DebugRawRealloc", hook->api, p);
    size_t old = read_size((uint8_t *)p - HEAD), kept = old < n ? old : n;
    uint8_t *moved = debug_raw_malloc(ctx, n);
    if (moved == NULL) {
        return NULL;
    }
    memcpy(moved, p, kept);
    debug_raw_free(ctx, p);
    return moved;
}

static void *debug_malloc(void *ctx, size_t n)
{
    check_lock("_PyMem_DebugMalloc");
    return debug_raw_malloc(ctx, n);
}

static void *debug_calloc(void *ctx, size_t count, size_t size)
{
    check_lock("_PyMem_DebugCalloc");
    return debug_raw_calloc(ctx, count, size);
}

static void *debug_realloc(void *ctx, void *p, size_t n)
{
    check_lock("_PyMem_DebugRealloc");
    return debug_raw_realloc(ctx, p, n);
}

static void debug_free(void *ctx, void *p)
{
    check_lock("_PyMem_DebugFree");
    debug_raw_free(ctx, p);
}

bool mem_debug_peel(PyMemAllocatorEx *set)
{
    if (set->malloc != debug_raw_malloc && set->malloc != debug_malloc) {
        return false;
    }
    *set = ((DebugHook *)set->ctx)->inner;
    return true;
}

/* -- C API ----------------------------------------------------------------------------------- */

/* Wraps what is installed at the moment; a second call changes nothing. */
void PyMem_SetupDebugHooks(void)
{
    if (mem_domains.raw.malloc != debug_raw_malloc) {
        hooks.raw.inner = mem_domains.raw;
        mem_domains.raw = (PyMemAllocatorEx){&hooks.raw, debug_raw_malloc, debug_raw_calloc,
                                             debug_raw_realloc, debug_raw_free};
    }
    if (mem_domains.mem.malloc != debug_malloc) {
        hooks.mem.inner = mem_domains.mem;
        mem_domains.mem =
            (PyMemAllocatorEx){&hooks.mem, debug_malloc, debug_calloc, debug_realloc, debug_free};
    }
    if (mem_domains.obj.malloc != debug_malloc) {
        hooks.obj.inner = mem_domains.obj;
        mem_domains.obj =
            (PyMemAllocatorEx){&hooks.obj, debug_malloc, debug_calloc, debug_realloc, debug_free};
    }
}
