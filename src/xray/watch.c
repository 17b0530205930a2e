/* SPDX-License-Identifier: MIT
 *
 * Memory under observation: when to check the heap, when to collect, which allocation fails, what
 * is logged.
 *
 *      collector ── on_alloc, each collected object ──> check=heap:N, stress=gc
 *                ── on_collect, behind a collection ──> log=gc
 *      domains ── tap_malloc ... ──> the functions that were there before stress=oom, log=alloc
 *                      └─ oom:each: a process of its own for each allocation that fails
 *
 * Hooks are set only for what was asked. Options and counters are the process's, as the domains
 * are; an embedded sub-interpreter has its collector hooked too.
 *
 * Raw allocations happen without the lock: counters that they touch are atomic.
 */
#include "xray/watch.h"
#include "mem/gc_impl.h"
#include "mem/pool.h"
#include "xray/heap.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wchar.h>

static struct {
    bool check;                /* check=heap: at the end */
    unsigned long check_every; /* check=heap:N: and at each N-th collected object */
    unsigned long since_check;
    bool collect;             /* stress=gc: a young collection at every collected object */
    unsigned long full_every; /* stress=gc:N: each N-th is full; 0: by the size of the heap */
    unsigned long since_full;
    bool log_gc, log_alloc;    /* log=gc, log=alloc */
    struct watch_oom oom;      /* stress=oom */
    bool oom_from_main;        /* counted from the start of the main program */
    bool counting;             /* the count runs */
    unsigned long allocations; /* atomic; while counting */
    unsigned long refused;     /* the last one that failed; 0: none */
} watch;

/* -- Options --------------------------------------------------------------------------------- */

_Noreturn static void unknown_word(const wchar_t *option, const wchar_t *word, size_t n)
{
    fprintf(stderr, "vitro: unknown word '%.*ls' in -X %ls\n", (int)n, word, option);
    exit(2);
}

/* Whether the word is `name` or `name:argument`; *argument: what follows the colon, or NULL. */
static bool word_is(const wchar_t *word, size_t n, const wchar_t *name, const wchar_t **argument)
{
    size_t m = wcslen(name);
    if (n < m || wcsncmp(word, name, m) != 0 || (n > m && word[m] != L':'))
        return false;
    *argument = n > m ? word + m + 1 : NULL;
    return true;
}

/* A positive number; *end: behind it. False: there is none. */
static bool number(const wchar_t *text, unsigned long *value, const wchar_t **end)
{
    wchar_t *stop;
    if (!text || *text < L'0' || *text > L'9')
        return false;
    *value = wcstoul(text, &stop, 10);
    *end = stop;
    return *value > 0;
}

/* read_*: one word of an option; false: not understood. */
static bool read_check(const wchar_t *word, size_t n)
{
    const wchar_t *argument, *end = word + n;
    if (!word_is(word, n, L"heap", &argument))
        return false;
    watch.check = true;
    return !argument || (number(argument, &watch.check_every, &end) && end == word + n);
}

/* N, N-M, N-; behind the last two /STEP */
static bool read_range(const wchar_t *text, const wchar_t *stop, struct watch_oom *oom)
{
    const wchar_t *end;
    oom->step = 1;
    if (!number(text, &oom->first, &end))
        return false;
    oom->last = oom->first;
    if (end < stop && *end == L'-') {
        oom->last = (unsigned long)-1;
        end++;
        if (end < stop && *end != L'/' && !number(end, &oom->last, &end))
            return false;
        if (end < stop && *end == L'/' && !number(end + 1, &oom->step, &end))
            return false;
    }
    return end == stop;
}

static bool prefix_skip(const wchar_t **text, const wchar_t *prefix)
{
    size_t n = wcslen(prefix);
    bool found = wcsncmp(*text, prefix, n) == 0;
    *text += found ? n : 0;
    return found;
}

static bool read_stress(const wchar_t *word, size_t n)
{
    const wchar_t *argument, *end = word + n;
    if (word_is(word, n, L"gc", &argument)) {
        watch.collect = true;
        return !argument || (number(argument, &watch.full_every, &end) && end == word + n);
    }
    if (!word_is(word, n, L"oom", &argument) || !argument)
        return false;
    watch.oom_from_main = prefix_skip(&argument, L"main:");
    watch.oom.each = prefix_skip(&argument, L"each:");
    return read_range(argument, word + n, &watch.oom);
}

static bool read_log(const wchar_t *word, size_t n)
{
    const wchar_t *argument;
    if (word_is(word, n, L"gc", &argument) && !argument)
        return watch.log_gc = true;
    return word_is(word, n, L"alloc", &argument) && !argument && (watch.log_alloc = true);
}

static const struct {
    const wchar_t *name;
    bool (*read)(const wchar_t *word, size_t n);
} options[] = {
    {L"check", read_check},
    {L"stress", read_stress},
    {L"log", read_log},
};

/* The words of -X name=word,word. */
static void read_words(const wchar_t *name, bool (*read)(const wchar_t *, size_t),
                       const wchar_t *list)
{
    for (;;) {
        size_t n = wcscspn(list, L",");
        if (!read(list, n))
            unknown_word(name, list, n);
        if (!list[n])
            return;
        list += n + 1;
    }
}

static void read_options(const PyWideStringList *given)
{
    for (Py_ssize_t i = 0; i < given->length; i++)
        for (size_t k = 0; k < COUNT_OF(options); k++) {
            size_t n = wcslen(options[k].name);
            if (wcsncmp(given->items[i], options[k].name, n) == 0 && given->items[i][n] == L'=')
                read_words(options[k].name, options[k].read, given->items[i] + n + 1);
        }
}

/* -- Memory domains -------------------------------------------------------------------------- */

enum { SIZES = 12 };
static const size_t size_limits[SIZES] = {16,   32,   64,    128,   256,     512,
                                          1024, 4096, 16384, 65536, 1 << 20, (size_t)-1};

typedef struct {
    const char *name;
    PyMemAllocatorEx inner;
    unsigned long mallocs, callocs, reallocs, frees, refused; /* atomic */
    unsigned long bytes;                                      /* asked for */
    unsigned long sizes[SIZES];
} Tap;

static Tap taps[] = {{.name = "raw"}, {.name = "mem"}, {.name = "object"}};

#define COUNT(field, n) __atomic_fetch_add(&(field), (n), __ATOMIC_RELAXED)

/* oom:each: true in a new process, where this allocation fails and no other will; false in the old
   one, when the new one has ended. One that hangs is ended by the alarm. */
static bool refused_in_child(unsigned long number)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        watch.oom = (struct watch_oom){.first = number, .last = number, .step = 1};
        alarm(120);
        return true;
    }
    if (child < 0 || waitpid(child, &status, 0) < 0)
        Py_FatalError("stress=oom:each: no process for an allocation");
    fprintf(stderr, "oom: allocation %lu ended with %d\n", number,
            WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status));
    return false;
}

/* Whether this allocation is one that shall fail. */
static bool refused(Tap *tap, size_t size)
{
    int i = 0;
    while (size > size_limits[i])
        i++;
    COUNT(tap->sizes[i], 1);
    COUNT(tap->bytes, size);
    if (!watch.counting)
        return false;
    const struct watch_oom *oom = &watch.oom;
    unsigned long number = COUNT(watch.allocations, 1) + 1;
    if (!oom->first || number < oom->first || number > oom->last
        || (number - oom->first) % oom->step)
        return false;
    if (oom->each && !refused_in_child(number))
        return false;
    COUNT(tap->refused, 1);
    watch.refused = number;
    if (watch.log_alloc)
        fprintf(stderr, "alloc: allocation %lu, %zu bytes, domain %s, is refused\n", number, size,
                tap->name);
    return true;
}

static void *tap_malloc(void *ctx, size_t size)
{
    Tap *tap = ctx;
    COUNT(tap->mallocs, 1);
    return refused(tap, size) ? NULL : tap->inner.malloc(tap->inner.ctx, size);
}

static void *tap_calloc(void *ctx, size_t count, size_t size)
{
    Tap *tap = ctx;
    COUNT(tap->callocs, 1);
    return refused(tap, count * size) ? NULL : tap->inner.calloc(tap->inner.ctx, count, size);
}

static void *tap_realloc(void *ctx, void *p, size_t size)
{
    Tap *tap = ctx;
    COUNT(tap->reallocs, 1);
    return refused(tap, size) ? NULL : tap->inner.realloc(tap->inner.ctx, p, size);
}

static void tap_free(void *ctx, void *p)
{
    Tap *tap = ctx;
    if (p)
        COUNT(tap->frees, 1);
    tap->inner.free(tap->inner.ctx, p);
}

static PyObjectArenaAllocator arenas;

static void *arena_alloc(void *ctx, size_t size)
{
    void *p = arenas.alloc(arenas.ctx, size);
    fprintf(stderr, "alloc: %zu KiB mapped at %p\n", size >> 10, p);
    return p;
}

static void arena_free(void *ctx, void *p, size_t size)
{
    fprintf(stderr, "alloc: %zu KiB at %p given back\n", size >> 10, p);
    arenas.free(arenas.ctx, p, size);
}

/* Puts the taps before the domains' functions. */
static void tap_domains(void)
{
    static const PyMemAllocatorDomain domains[] = {PYMEM_DOMAIN_RAW, PYMEM_DOMAIN_MEM,
                                                   PYMEM_DOMAIN_OBJ};
    for (size_t i = 0; i < COUNT_OF(domains); i++) {
        PyMemAllocatorEx hooked = {&taps[i], tap_malloc, tap_calloc, tap_realloc, tap_free};
        PyMem_GetAllocator(domains[i], &taps[i].inner);
        PyMem_SetAllocator(domains[i], &hooked);
    }
    if (watch.log_alloc) {
        PyObjectArenaAllocator logged = {NULL, arena_alloc, arena_free};
        PyObject_GetArenaAllocator(&arenas);
        PyObject_SetArenaAllocator(&logged);
    }
}

static void print_sizes(void)
{
    size_t from = 0;
    for (int i = 0; i < SIZES; i++) {
        unsigned long n = 0;
        for (size_t k = 0; k < COUNT_OF(taps); k++)
            n += taps[k].sizes[i];
        if (n && i < SIZES - 1)
            fprintf(stderr, "alloc: %7zu to %8zu bytes %12lu times\n", from, size_limits[i], n);
        else if (n)
            fprintf(stderr, "alloc: above   %8zu bytes %12lu times\n", size_limits[i - 1], n);
        from = size_limits[i] + 1;
    }
}

static void print_allocations(void)
{
    fprintf(stderr, "alloc: domain        malloc       calloc      realloc         free      "
                    "refused      bytes asked\n");
    for (size_t i = 0; i < COUNT_OF(taps); i++)
        fprintf(stderr, "alloc: %-6s %13lu %12lu %12lu %12lu %12lu %16lu\n", taps[i].name,
                taps[i].mallocs, taps[i].callocs, taps[i].reallocs, taps[i].frees, taps[i].refused,
                taps[i].bytes);
    print_sizes();
    fprintf(stderr, "alloc: %zd blocks left at the end\n", pool_count_blocks());
}

/* -- The collector --------------------------------------------------------------------------- */

static void check_now(PyThreadState *tstate, const char *when)
{
    if (heap_check(tstate, when))
        Py_FatalError("check=heap found faults");
}

/* Without N a full collection costs the allocations before it a fixed amount each: the N-th of a
 * large heap would look at everything over and over. */
static bool full_is_due(const struct gc_state *gc)
{
    enum { LEAST = 1000, OBJECTS_EACH = 16 };
    unsigned long every = watch.full_every;
    if (!every) {
        every = (unsigned long)gc->long_lived_total / OBJECTS_EACH;
        every = every > LEAST ? every : LEAST;
    }
    return ++watch.since_full >= every;
}

/* Collects as the collector does when it is due: not while an exception is set, not when switched
 * off. */
static void collect_now(PyThreadState *tstate)
{
    struct gc_state *gc = &tstate->interp->gc;
    if (!gc->enabled || !gc->generations[0].threshold || tstate->curexc_type)
        return;
    int generation = 0;
    if (full_is_due(gc)) {
        watch.since_full = 0;
        generation = NUM_GENERATIONS - 1;
    }
    gc->collecting = 1;
    gc_collect(tstate, generation);
    gc->collecting = 0;
}

/* May collect or check: the object that is being made is not in any list yet. */
static void on_alloc(PyThreadState *tstate)
{
    if (tstate->interp->gc.collecting)
        return;
    if (watch.check_every && _PyRuntime.core_initialized &&
        ++watch.since_check >= watch.check_every) {
        watch.since_check = 0;
        check_now(tstate, "while running");
    }
    if (watch.collect)
        collect_now(tstate);
}

static void on_collect(int generation, Py_ssize_t examined, Py_ssize_t collected,
                       Py_ssize_t uncollectable, double seconds)
{
    fprintf(stderr, "gc: generation %d: %zd objects, %zd collected, %zd uncollectable, %.3f ms\n",
            generation, examined, collected, uncollectable, seconds * 1e3);
}

/* -- Life ------------------------------------------------------------------------------------ */

void watch_start(PyInterpreterState *interp)
{
    if (interp == _PyRuntime.interpreters.main) {
        memset(&watch, 0, sizeof watch);
        read_options(&interp->config.xoptions);
        watch.counting = watch.oom.first && !watch.oom_from_main;
        if ((watch.oom.first || watch.log_alloc) && !taps[0].inner.malloc)
            tap_domains();
    }
    if (watch.check_every || watch.collect)
        interp->gc.on_alloc = on_alloc;
    if (watch.log_gc)
        interp->gc.on_collect = on_collect;
}

void watch_main(void) { watch.counting = watch.oom.first != 0; }

unsigned long watch_oom(const struct watch_oom *oom)
{
    unsigned long last = watch.refused;
    if (oom->first && !taps[0].inner.malloc)
        tap_domains();
    watch.oom = *oom;
    watch.allocations = watch.refused = 0;
    watch.counting = oom->first != 0;
    return last;
}

void watch_finish(PyThreadState *tstate, enum watch_stage stage)
{
    if (watch.check && stage != WATCH_END)
        check_now(tstate, stage == WATCH_EXIT ? "at exit" : "after the modules");
    if (stage != WATCH_END || tstate->interp != _PyRuntime.interpreters.main)
        return;
    if (watch.oom.first && watch.allocations < watch.oom.first)
        fprintf(stderr, "oom: only %lu allocations\n", watch.allocations);
    watch.counting = false;
    if (watch.log_alloc)
        print_allocations();
}
