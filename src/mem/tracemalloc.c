/* SPDX-License-Identifier: MIT
 *
 * Where each memory block was allocated.
 *
 *   traces       {address -> size, traceback}, one table per domain (0 is Python's, others are C
 *                libraries')
 *   tracebacks   set of traceback: frames (filename, line), each stored once
 *   filenames    set of str, strong
 *
 * While tracing, hooks wrap the functions of the raw, mem and object domains. A thread-local flag
 * stops a hook from tracing what it allocates itself. Tables use the C library's malloc;
 * `tables_lock` guards traces and the counters, since raw blocks come and go without the lock
 * (GIL). Tracebacks and filenames are touched with the GIL only.
 */
#include "mem/tracemalloc.h"
#include "base/hashtable.h"
#include "bytecode/code.h"
#include "mem/domains.h"
#include "mem/gc.h"
#include "objects/box.h"
#include "objects/frame.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_DOMAIN 0

EXPORT struct _PyTraceMalloc_Config _Py_tracemalloc_config = {TRACEMALLOC_NOT_INITIALIZED, 0, 1};

typedef struct {
    PyObject *filename; /* borrowed from `filenames` */
    unsigned int lineno;
} TraceFrame;

typedef struct {
    Py_uhash_t hash;
    uint16_t nframe;       /* frames stored */
    uint16_t total_nframe; /* frames there were */
    TraceFrame frames[];
} Traceback;

typedef struct {
    size_t size;          /* bytes asked for */
    Traceback *traceback; /* borrowed from `tracebacks` */
} Trace;

static struct {
    PyMemAllocatorEx raw, mem, obj;         /* what the hooks wrap */
    size_t traced, peak;                    /* bytes in traced blocks: now, at most */
    _Py_hashtable_t *filenames, *tracebacks;
    _Py_hashtable_t *traces;                /* of domain 0 */
    _Py_hashtable_t *domains;               /* of the others: {domain -> its table} */
    Traceback *scratch;                     /* room to build one before it is looked up */
} state;

static pthread_mutex_t tables_lock = PTHREAD_MUTEX_INITIALIZER;
static __thread bool reentrant; /* a hook of this thread is at work */

/* Of blocks allocated where no Python frame runs. */
static const Traceback no_traceback = {.nframe = 0, .total_nframe = 0};

#define LOCK() pthread_mutex_lock(&tables_lock)
#define UNLOCK() pthread_mutex_unlock(&tables_lock)

/* -- Tables ---------------------------------------------------------------------------------- */

static Py_uhash_t filename_hash(const void *key)
{
    return (Py_uhash_t)PyObject_Hash((PyObject *)key);
}

static int filename_equal(const void *a, const void *b)
{
    return a == b ||
           (PyUnicode_Check((PyObject *)a) && PyUnicode_Compare((PyObject *)a, (PyObject *)b) == 0);
}

static Py_uhash_t traceback_hash_of(const void *key)
{
    return ((const Traceback *)key)->hash;
}

static int traceback_equal(const void *a, const void *b)
{
    const Traceback *x = a, *y = b;
    if (x->nframe != y->nframe || x->total_nframe != y->total_nframe) {
        return 0;
    }
    for (int i = 0; i < x->nframe; i++) {
        if (x->frames[i].lineno != y->frames[i].lineno ||
            x->frames[i].filename != y->frames[i].filename) {
            return 0;
        }
    }
    return 1;
}

static void drop_filename(void *filename)
{
    Py_DECREF((PyObject *)filename);
}

static void destroy_table(void *table)
{
    _Py_hashtable_destroy(table);
}

static _Py_hashtable_t *table_new(_Py_hashtable_hash_func hash, _Py_hashtable_compare_func compare,
                                  _Py_hashtable_destroy_func drop_key,
                                  _Py_hashtable_destroy_func drop_value)
{
    static _Py_hashtable_allocator_t libc = {malloc, free};
    return _Py_hashtable_new_full(hash, compare, drop_key, drop_value, &libc);
}

static _Py_hashtable_t *traces_new(void)
{
    return table_new(_Py_hashtable_hash_ptr, _Py_hashtable_compare_direct, NULL, free);
}

/* -- Tracebacks ------------------------------------------------------------------------------ */

static Py_uhash_t traceback_hash(const Traceback *tb)
{
    Py_uhash_t h = 0x345678UL;
    for (int i = 0; i < tb->nframe; i++) {
        h = (h ^ (Py_uhash_t)PyObject_Hash(tb->frames[i].filename) ^ tb->frames[i].lineno) *
            1000003UL;
    }
    return h ^ tb->total_nframe;
}

/* The stored str equal to a file name; BORROWED, NULL when memory ran out. */
static PyObject *intern_filename(PyObject *filename)
{
    if (filename == NULL || !PyUnicode_CheckExact(filename)) {
        return LITERAL(anon_unknown);
    }
    PyObject *known = _Py_hashtable_get(state.filenames, filename);
    if (known) {
        return known;
    }
    if (_Py_hashtable_set(state.filenames, Py_NewRef(filename), filename) < 0) {
        Py_DECREF(filename);
        return LITERAL(anon_unknown);
    }
    return filename;
}

/* What the last lookups for running frames gave: line tables are read from their start, and the
 * frames further out stand still while the innermost allocates (6 frames of one 100-line function:
 * 12 µs an allocation without, 0.4 with). Valid while no code object died, since another may take
 * its address, and while file names and tracebacks are kept. */
#define LINES_KEPT 1024

typedef struct {
    PyCodeObject *code;
    int lasti;
    TraceFrame frame;
    Traceback *alone; /* the last stored one of this frame alone, or NULL */
} KnownLine;

static KnownLine lines[LINES_KEPT];
static unsigned long lines_deaths; /* code_deaths when they were looked up */

static void forget_lines(void)
{
    memset(lines, 0, sizeof lines);
    lines_deaths = code_deaths;
}

static KnownLine *frame_line(Frame *f)
{
    PyCodeObject *code = f->f_code;
    int lasti = frame_lasti(f);
    KnownLine *known =
        &lines[((uintptr_t)code >> 4 ^ (uintptr_t)code >> 14 ^ (unsigned)lasti) % LINES_KEPT];
    if (known->code != code || known->lasti != lasti) {
        int line = PyCode_Addr2Line(code, lasti * (int)sizeof(_Py_CODEUNIT));
        TraceFrame frame = {.filename = intern_filename(code->co_filename),
                            .lineno = line < 0 ? 0 : (unsigned)line};
        *known = (KnownLine){code, lasti, frame, NULL};
    }
    return known;
}

/* Newest frame first. The lines that were looked up hold while no code object dies. */
static void fill_scratch(Traceback *tb)
{
    PyThreadState *tstate = PyGILState_GetThisThreadState();
    tb->nframe = tb->total_nframe = 0;
    if (tstate == NULL) {
        return;
    }
    if (lines_deaths != code_deaths) {
        forget_lines();
    }
    for (Frame *f = frame_current(tstate); f; f = frame_caller(f)) {
        if (tb->nframe < _Py_tracemalloc_config.max_nframe) {
            tb->frames[tb->nframe++] = frame_line(f)->frame;
        }
        if (tb->total_nframe < UINT16_MAX) {
            tb->total_nframe++;
        }
    }
}

/* The stored equal of a traceback; NULL when memory ran out. */
static Traceback *traceback_store(Traceback *tb)
{
    tb->hash = traceback_hash(tb);
    Traceback *known = _Py_hashtable_get(state.tracebacks, tb);
    if (known) {
        return known;
    }
    size_t size = sizeof(Traceback) + tb->nframe * sizeof(TraceFrame);
    known = malloc(size);
    if (known) {
        memcpy(known, tb, size);
        if (_Py_hashtable_set(state.tracebacks, known, known) < 0) {
            free(known);
            known = NULL;
        }
    }
    return known;
}

/* With one frame kept, the usual case, it is most often the traceback that the frame's last
 * allocation had. */
static Traceback *traceback_of_one(Frame *f)
{
    unsigned total = 0;
    for (Frame *outer = f; outer && total < UINT16_MAX; outer = frame_caller(outer)) {
        total++;
    }
    KnownLine *known = frame_line(f);
    if (known->alone == NULL || known->alone->total_nframe != total) {
        Traceback *tb = state.scratch;
        tb->nframe = 1;
        tb->total_nframe = (uint16_t)total;
        tb->frames[0] = known->frame;
        known->alone = traceback_store(tb);
    }
    return known->alone;
}

/* The stored traceback of the running frames; NULL when memory ran out. */
static Traceback *current_traceback(void)
{
    Traceback *tb = state.scratch;
    if (_Py_tracemalloc_config.max_nframe == 1) {
        PyThreadState *tstate = PyGILState_GetThisThreadState();
        Frame *f = tstate ? frame_current(tstate) : NULL;
        if (lines_deaths != code_deaths) {
            forget_lines();
        }
        return f ? traceback_of_one(f) : (Traceback *)&no_traceback;
    }
    fill_scratch(tb);
    return tb->nframe ? traceback_store(tb) : (Traceback *)&no_traceback;
}

/* -- Traces ---------------------------------------------------------------------------------- */

static _Py_hashtable_t *traces_of(unsigned int domain)
{
    return domain == DEFAULT_DOMAIN ? state.traces
                                    : _Py_hashtable_get(state.domains, (void *)(uintptr_t)domain);
}

static void remove_trace(unsigned int domain, uintptr_t p)
{
    _Py_hashtable_t *traces = traces_of(domain);
    Trace *trace = traces ? _Py_hashtable_steal(traces, (void *)p) : NULL;
    if (trace) {
        state.traced -= trace->size;
        free(trace);
    }
}

static _Py_hashtable_t *traces_ensure(unsigned int domain)
{
    _Py_hashtable_t *traces = traces_of(domain);
    if (traces == NULL) {
        traces = traces_new();
        if (traces && _Py_hashtable_set(state.domains, (void *)(uintptr_t)domain, traces) < 0) {
            _Py_hashtable_destroy(traces);
            traces = NULL;
        }
    }
    return traces;
}

/* Needs the GIL (for the traceback) and tables_lock. */
static int add_trace(unsigned int domain, uintptr_t p, size_t size)
{
    Traceback *tb = current_traceback();
    _Py_hashtable_t *traces = tb ? traces_ensure(domain) : NULL;
    if (traces == NULL) {
        return -1;
    }
    Trace *trace = _Py_hashtable_get(traces, (void *)p);
    if (trace) {
        state.traced -= trace->size;
        *trace = (Trace){size, tb};
    }
    else {
        trace = malloc(sizeof(Trace));
        if (trace == NULL) {
            return -1;
        }
        *trace = (Trace){size, tb};
        if (_Py_hashtable_set(traces, (void *)p, trace) < 0) {
            free(trace);
            return -1;
        }
    }
    state.traced += size;
    if (state.traced > state.peak) {
        state.peak = state.traced;
    }
    return 0;
}

/* -- Hooks ----------------------------------------------------------------------------------- */

static void *traced_alloc(PyMemAllocatorEx *inner, bool zeroed, size_t count, size_t size)
{
    void *p =
        zeroed ? inner->calloc(inner->ctx, count, size) : inner->malloc(inner->ctx, count * size);
    if (p == NULL) {
        return NULL;
    }
    LOCK();
    int r = add_trace(DEFAULT_DOMAIN, (uintptr_t)p, count * size);
    UNLOCK();
    if (r < 0) {
        inner->free(inner->ctx, p);
        return NULL;
    }
    return p;
}

/* A block that moved has lost its old trace for good, so failing to make the new one cannot be
   undone. */
static void *traced_realloc(PyMemAllocatorEx *inner, void *p, size_t size)
{
    void *moved = inner->realloc(inner->ctx, p, size);
    if (moved == NULL) {
        return NULL;
    }
    LOCK();
    if (p && moved != p) {
        remove_trace(DEFAULT_DOMAIN, (uintptr_t)p);
    }
    int r = add_trace(DEFAULT_DOMAIN, (uintptr_t)moved, size);
    UNLOCK();
    if (r < 0) {
        if (p) {
            Py_FatalError("tracemalloc_realloc() failed to allocate a trace");
        }
        inner->free(inner->ctx, moved);
        return NULL;
    }
    return moved;
}

static void hook_free(void *ctx, void *p)
{
    PyMemAllocatorEx *inner = ctx;
    if (p) {
        inner->free(inner->ctx, p);
        LOCK();
        remove_trace(DEFAULT_DOMAIN, (uintptr_t)p);
        UNLOCK();
    }
}

static void *hook_alloc(PyMemAllocatorEx *inner, bool zeroed, size_t count, size_t size)
{
    if (reentrant) {
        return zeroed ? inner->calloc(inner->ctx, count, size)
                      : inner->malloc(inner->ctx, count * size);
    }
    reentrant = true;
    void *p = traced_alloc(inner, zeroed, count, size);
    reentrant = false;
    return p;
}

static void *hook_malloc(void *ctx, size_t size)
{
    return hook_alloc(ctx, false, 1, size);
}

static void *hook_calloc(void *ctx, size_t count, size_t size)
{
    return hook_alloc(ctx, true, count, size);
}

static void *untraced_realloc(PyMemAllocatorEx *inner, void *p, size_t size)
{
    void *moved = inner->realloc(inner->ctx, p, size);
    if (moved && p) {
        LOCK();
        remove_trace(DEFAULT_DOMAIN, (uintptr_t)p);
        UNLOCK();
    }
    return moved;
}

static void *hook_realloc(void *ctx, void *p, size_t size)
{
    if (reentrant) {
        return untraced_realloc(ctx, p, size);
    }
    reentrant = true;
    void *moved = traced_realloc(ctx, p, size);
    reentrant = false;
    return moved;
}

/* The raw domain is used without the GIL: take it for the traceback. */
static void *raw_alloc(PyMemAllocatorEx *inner, bool zeroed, size_t count, size_t size)
{
    if (reentrant) {
        return zeroed ? inner->calloc(inner->ctx, count, size)
                      : inner->malloc(inner->ctx, count * size);
    }
    reentrant = true;
    PyGILState_STATE gil = PyGILState_Ensure();
    void *p = traced_alloc(inner, zeroed, count, size);
    PyGILState_Release(gil);
    reentrant = false;
    return p;
}

static void *raw_hook_malloc(void *ctx, size_t size)
{
    return raw_alloc(ctx, false, 1, size);
}

static void *raw_hook_calloc(void *ctx, size_t count, size_t size)
{
    return raw_alloc(ctx, true, count, size);
}

static void *raw_hook_realloc(void *ctx, void *p, size_t size)
{
    if (reentrant) {
        return untraced_realloc(ctx, p, size);
    }
    reentrant = true;
    PyGILState_STATE gil = PyGILState_Ensure();
    void *moved = traced_realloc(ctx, p, size);
    PyGILState_Release(gil);
    reentrant = false;
    return moved;
}

/* -- Start and stop -------------------------------------------------------------------------- */

/* Those that there are: making them may have stopped midway. */
static void destroy_tables(void)
{
    _Py_hashtable_t **tables[] = {&state.tracebacks, &state.filenames, &state.traces,
                                  &state.domains};
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        if (*tables[i]) {
            _Py_hashtable_destroy(*tables[i]);
            *tables[i] = NULL;
        }
    }
}

static int init_tables(void)
{
    if (_Py_tracemalloc_config.initialized == TRACEMALLOC_FINALIZED) {
        PyErr_SetString(PyExc_RuntimeError, "the tracemalloc module has been unloaded");
        return -1;
    }
    if (_Py_tracemalloc_config.initialized == TRACEMALLOC_INITIALIZED) {
        return 0;
    }
    state.filenames = table_new(filename_hash, filename_equal, drop_filename, NULL);
    state.tracebacks = table_new(traceback_hash_of, traceback_equal, NULL, free);
    state.traces = traces_new();
    state.domains =
        table_new(_Py_hashtable_hash_ptr, _Py_hashtable_compare_direct, NULL, destroy_table);
    if (!state.filenames || !state.tracebacks || !state.traces || !state.domains) {
        destroy_tables();
        PyErr_NoMemory();
        return -1;
    }
    _Py_tracemalloc_config.initialized = TRACEMALLOC_INITIALIZED;
    return 0;
}

/* box_free_limit(0): every float and int is a block of its own while traces are kept. */
int tracemalloc_start(int max_nframe)
{
    if (max_nframe < 1 || max_nframe > TRACEMALLOC_MAX_NFRAME) {
        PyErr_Format(PyExc_ValueError, "the number of frames must be in range [1; %lu]",
                     (unsigned long)TRACEMALLOC_MAX_NFRAME);
        return -1;
    }
    if (init_tables() < 0) {
        return -1;
    }
    if (_Py_tracemalloc_config.tracing) {
        return 0;
    }
    _Py_tracemalloc_config.max_nframe = max_nframe;
    state.scratch = malloc(sizeof(Traceback) + (size_t)max_nframe * sizeof(TraceFrame));
    if (state.scratch == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    PyMem_GetAllocator(PYMEM_DOMAIN_RAW, &state.raw);
    PyMem_GetAllocator(PYMEM_DOMAIN_MEM, &state.mem);
    PyMem_GetAllocator(PYMEM_DOMAIN_OBJ, &state.obj);
    PyMemAllocatorEx raw = {&state.raw, raw_hook_malloc, raw_hook_calloc, raw_hook_realloc,
                            hook_free};
    PyMemAllocatorEx mem = {&state.mem, hook_malloc, hook_calloc, hook_realloc, hook_free};
    PyMemAllocatorEx obj = {&state.obj, hook_malloc, hook_calloc, hook_realloc, hook_free};
    PyMem_SetAllocator(PYMEM_DOMAIN_RAW, &raw);
    PyMem_SetAllocator(PYMEM_DOMAIN_MEM, &mem);
    PyMem_SetAllocator(PYMEM_DOMAIN_OBJ, &obj);
    box_free_limit(0);
    _Py_tracemalloc_config.tracing = 1;
    return 0;
}

static void clear_tables(void)
{
    reentrant = true;
    LOCK();
    _Py_hashtable_clear(state.traces);
    _Py_hashtable_clear(state.domains);
    state.traced = state.peak = 0;
    UNLOCK();
    _Py_hashtable_clear(state.tracebacks);
    _Py_hashtable_clear(state.filenames);
    forget_lines();
    reentrant = false;
}

void tracemalloc_clear_traces(void)
{
    if (_Py_tracemalloc_config.tracing) {
        clear_tables();
    }
}

void tracemalloc_stop(void)
{
    if (!_Py_tracemalloc_config.tracing) {
        return;
    }
    _Py_tracemalloc_config.tracing = 0;
    box_free_limit(BOX_FREE_MAX);
    PyMem_SetAllocator(PYMEM_DOMAIN_RAW, &state.raw);
    PyMem_SetAllocator(PYMEM_DOMAIN_MEM, &state.mem);
    PyMem_SetAllocator(PYMEM_DOMAIN_OBJ, &state.obj);
    clear_tables();
    free(state.scratch);
    state.scratch = NULL;
}

int _PyTraceMalloc_Init(int max_nframe)
{
    return max_nframe == 0 ? 0 : tracemalloc_start(max_nframe);
}

void _PyTraceMalloc_Fini(void)
{
    if (_Py_tracemalloc_config.initialized != TRACEMALLOC_INITIALIZED) {
        return;
    }
    tracemalloc_stop();
    _Py_tracemalloc_config.initialized = TRACEMALLOC_FINALIZED;
    destroy_tables();
}

/* -- Numbers --------------------------------------------------------------------------------- */

void tracemalloc_reset_peak(void)
{
    LOCK();
    state.peak = state.traced;
    UNLOCK();
}

void tracemalloc_traced_memory(size_t *current, size_t *peak)
{
    LOCK();
    *current = state.traced;
    *peak = state.peak;
    UNLOCK();
}

static int add_table_size(_Py_hashtable_t *table, const void *key, const void *value, void *total)
{
    *(size_t *)total += _Py_hashtable_size(value);
    return 0;
}

size_t tracemalloc_own_memory(void)
{
    if (_Py_tracemalloc_config.initialized != TRACEMALLOC_INITIALIZED) {
        return 0;
    }
    size_t n = _Py_hashtable_size(state.tracebacks) + _Py_hashtable_size(state.filenames);
    LOCK();
    n += _Py_hashtable_size(state.traces);
    _Py_hashtable_foreach(state.domains, add_table_size, &n);
    UNLOCK();
    return n;
}

/* -- As Python objects ----------------------------------------------------------------------- */

static PyObject *frames_to_tuple(const Traceback *tb)
{
    PyObject *frames = PyTuple_New(tb->nframe);
    for (int i = 0; frames && i < tb->nframe; i++) {
        PyObject *frame = Py_BuildValue("(OI)", tb->frames[i].filename, tb->frames[i].lineno);
        if (frame == NULL) {
            Py_CLEAR(frames);
        }
        else {
            PyTuple_SET_ITEM(frames, i, frame);
        }
    }
    return frames;
}

/* Traces change while Python objects are made from them: they are copied first. */
struct trace_copy { unsigned int domain; Trace trace; };
struct trace_list { struct trace_copy *items; size_t n, capacity; unsigned int domain; };

static int copy_trace(_Py_hashtable_t *table, const void *key, const void *value, void *arg)
{
    struct trace_list *list = arg;
    if (list->n == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 1024;
        void *items = realloc(list->items, capacity * sizeof(*list->items));
        if (items == NULL) {
            return 1;
        }
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->n++] = (struct trace_copy){list->domain, *(const Trace *)value};
    return 0;
}

static int copy_domain(_Py_hashtable_t *table, const void *key, const void *value, void *arg)
{
    ((struct trace_list *)arg)->domain = (unsigned int)(uintptr_t)key;
    return _Py_hashtable_foreach((_Py_hashtable_t *)value, copy_trace, arg);
}

static int append_trace(PyObject *result, struct trace_copy *copy, PyObject *known)
{
    /* One tuple for each distinct traceback. */
    PyObject *key = PyLong_FromVoidPtr(copy->trace.traceback);
    PyObject *frames = key ? Py_XNewRef(PyDict_GetItemWithError(known, key)) : NULL;
    if (frames == NULL && !PyErr_Occurred()) {
        frames = frames_to_tuple(copy->trace.traceback);
        if (frames && PyDict_SetItem(known, key, frames) < 0) {
            Py_CLEAR(frames);
        }
    }
    Py_XDECREF(key);
    PyObject *row = frames ? Py_BuildValue("(InNi)", copy->domain, (Py_ssize_t)copy->trace.size,
                                           frames, (int)copy->trace.traceback->total_nframe)
                           : NULL;
    int r = row ? PyList_Append(result, row) : -1;
    Py_XDECREF(row);
    return r;
}

PyObject *tracemalloc_get_traces(void)
{
    PyObject *result = PyList_New(0);
    if (result == NULL || !_Py_tracemalloc_config.tracing) {
        return result;
    }
    struct trace_list list = {NULL, 0, 0, DEFAULT_DOMAIN};
    reentrant = true; /* what we make here is not traced */
    LOCK();
    int r = _Py_hashtable_foreach(state.traces, copy_trace, &list)
            || _Py_hashtable_foreach(state.domains, copy_domain, &list);
    UNLOCK();
    PyObject *known = r ? NULL : PyDict_New();
    if (r) {
        PyErr_NoMemory();
    }
    for (size_t i = 0; known && i < list.n; i++) {
        if (append_trace(result, &list.items[i], known) < 0) {
            Py_CLEAR(known);
        }
    }
    if (known == NULL) {
        Py_CLEAR(result);
    }
    Py_XDECREF(known);
    reentrant = false;
    free(list.items);
    return result;
}

static const Traceback *traceback_at(unsigned int domain, uintptr_t p)
{
    if (!_Py_tracemalloc_config.tracing) {
        return NULL;
    }
    LOCK();
    _Py_hashtable_t *traces = traces_of(domain);
    Trace *trace = traces ? _Py_hashtable_get(traces, (void *)p) : NULL;
    const Traceback *tb = trace ? trace->traceback : NULL;
    UNLOCK();
    return tb;
}

const void *tracemalloc_traceback_of(const void *block)
{
    return traceback_at(DEFAULT_DOMAIN, (uintptr_t)block);
}

void tracemalloc_dump(FILE *out, const void *p)
{
    const Traceback *tb = traceback_at(DEFAULT_DOMAIN, (uintptr_t)p);
    if (!_Py_tracemalloc_config.tracing) {
        fputs("Enable tracemalloc to get the memory block allocation traceback\n\n", out);
        return;
    }
    if (tb == NULL) {
        return;
    }
    fputs("Memory block allocated at (most recent call first):\n", out);
    for (int i = 0; i < tb->nframe; i++) {
        const char *name = PyUnicode_AsUTF8(tb->frames[i].filename);
        fprintf(out, "  File \"%s\", line %u\n", name ? name : "???", tb->frames[i].lineno);
    }
    fputc('\n', out);
}

/* -- C API ----------------------------------------------------------------------------------- */

void tracemalloc_new_reference(PyObject *op)
{
    uintptr_t p = (uintptr_t)op - type_pre_header_size(Py_TYPE(op));
    if (reentrant || !PyGILState_Check()) {
        return;
    }
    LOCK();
    Trace *trace = _Py_hashtable_get(state.traces, (void *)p);
    if (trace) {
        Traceback *tb = current_traceback();
        if (tb) {
            trace->traceback = tb;
        }
    }
    UNLOCK();
}

int PyTraceMalloc_Track(unsigned int domain, uintptr_t p, size_t size)
{
    if (!_Py_tracemalloc_config.tracing) {
        return -2;
    }
    PyGILState_STATE gil = PyGILState_Ensure();
    bool was = reentrant;
    reentrant = true;
    LOCK();
    int r = add_trace(domain, p, size);
    UNLOCK();
    reentrant = was;
    PyGILState_Release(gil);
    return r;
}

int PyTraceMalloc_Untrack(unsigned int domain, uintptr_t p)
{
    if (!_Py_tracemalloc_config.tracing) {
        return -2;
    }
    LOCK();
    remove_trace(domain, p);
    UNLOCK();
    return 0;
}

PyObject *_PyTraceMalloc_GetTraceback(unsigned int domain, uintptr_t p)
{
    const Traceback *tb = traceback_at(domain, p);
    return tb ? frames_to_tuple(tb) : Py_NewRef(Py_None);
}
