/* SPDX-License-Identifier: MIT
 *
 * Where all state hangs: the process (_PyRuntime), an interpreter (PyInterpreterState). The thread
 * state is the public struct _ts. Offsets marked ABI are compiled into shipped modules; tests/abi
 * pins them.
 *
 *     _PyRuntime ── interpreters.head ──> struct _is ── threads.head ──> struct _ts ── cframe ──┐
 *         │ constant objects                  │ modules                         │ exception     │
 *         │ gilstate.tstate_current: the      │ codecs                          │ data stack    v
 *         │ thread state that holds the       │ collector                                    Frame
 *         └ lock (GIL)
 *
 * Thread rule: everything here is guarded by the lock (GIL) unless its comment says otherwise.
 * Ownership: PyObject pointers are strong unless marked BORROWED, and may be NULL before start-up
 * is through and after the interpreter was cleared.
 * Constant names: ID(name) is a str object (immortal, interned, hashed at start-up), never owned or
 * dropped.
 */
#ifndef VITRO_STATE_H
#define VITRO_STATE_H

#include "vitro.h"
#include <pthread.h>

/* -- Constant strings ------------------------------------------------------------------------ */

/* The layout of a compact ASCII str, as a struct of its own size. */
#define STATIC_STR(text) struct { PyASCIIObject head; uint8_t data[sizeof(text)]; }

/* The two words in front of every collected object (src/mem/gc.c says what they hold). */
typedef struct { uintptr_t _gc_next, _gc_prev; } PyGC_Head;
#define AS_GC(o) ((PyGC_Head *)(o) - 1)
#define FROM_GC(g) ((PyObject *)((PyGC_Head *)(g) + 1))

/* One field a row of ids.def: texts that are no identifiers (STR), identifiers (ID); the third
   struct has those of more_ids.def, which may grow, since nobody outside knows its layout. */
struct rt_literals {
#define STR(name, text) STATIC_STR(text) s_##name;
#define ID(name)
#include "runtime/ids.def"
#undef STR
#undef ID
};
struct rt_identifiers {
#define STR(name, text)
#define ID(name) STATIC_STR(#name) s_##name;
#include "runtime/ids.def"
#undef STR
#undef ID
};
struct rt_more_identifiers {
#define ID(name) STATIC_STR(#name) s_##name;
#include "runtime/more_ids.def"
#undef ID
};

/* -- The process ----------------------------------------------------------------------------- */

/* ints from -5 to 256 are shared */
#define SMALL_INT_NEG 5
#define SMALL_INT_POS 257

/* The process. A field without a comment is one that 3.11 has at this place and that is needed for
   the offsets of what follows it. */
typedef struct pyruntimestate {
    int _initialized;                     /* locks and numbers are there */
    /* how far start-up came; each goes back to 0 at the end */
    int preinitializing, preinitialized, core_initialized, initialized;
    PyThreadState *finalizing;            /* thread that shuts the process down, or NULL */
    struct {
        /* guards the lists of interpreters and of their threads */
        void *mutex;
        PyInterpreterState *head, *main;  /* newest first; the first one made */
        int64_t next_id;
    } interpreters;
    struct {
        void *mutex;
        void *head;                       /* registrations of src/capi/crossinterp.c */
    } xidregistry;
    unsigned long main_thread;            /* where signal handlers run */
    void (*exitfuncs[32])(void);          /* Py_AtExit; run last first */
    int nexitfuncs;
    char ceval[216] __attribute__((aligned(8))); /* a struct gil_state (src/runtime/rt.h) */
    struct {
        int check_enabled;                /* PyGILState_Check may answer: one interpreter only */
        PyThreadState *tstate_current;    /* ABI: who holds the lock; atomic */
        PyInterpreterState *auto_interpreter; /* where PyGILState_Ensure makes thread states */
        Py_tss_t auto_tss;                /* each thread's own state */
    } gilstate;
    PyPreConfig preconfig;                /* locale, UTF-8 mode, allocator as applied */
    Py_OpenCodeHookFunction open_code_hook; /* PyFile_SetOpenCodeHook, or NULL */
    void *open_code_userdata;
    void *audit_hook_head;                /* C audit hooks of the process (src/modules/sys) */
    struct {
        void *lock;
        Py_ssize_t next_index;            /* of the next _Py_Identifier that is used */
    } unicode_ids;
    /* ABI: singletons at fixed places */
    union { struct _longobject value; char slot[32]; } small_ints[SMALL_INT_NEG + SMALL_INT_POS];
    PyBytesObject bytes_empty;
    struct { PyBytesObject ob; char eos; } bytes_characters[256];
    struct rt_literals literals;
    struct rt_identifiers identifiers;
    struct { PyASCIIObject head; uint8_t data[2]; } ascii[128];
    struct { PyCompactUnicodeObject head; uint8_t data[2]; } latin1[128];
    PyGC_Head tuple_empty_gc;
    struct { PyObject_VAR_HEAD PyObject *item[1]; } tuple_empty;
    char main_interpreter_space[107752] __attribute__((aligned(8))); /* a struct _is */
} _PyRuntimeState;

extern EXPORT _PyRuntimeState _PyRuntime;
extern struct rt_more_identifiers rt_more_ids;

static_assert(offsetof(_PyRuntimeState, main_thread) == 80, "ABI");
static_assert(offsetof(_PyRuntimeState, gilstate) == 568, "ABI");
static_assert(offsetof(_PyRuntimeState, preconfig) == 600, "ABI");
static_assert(offsetof(_PyRuntimeState, small_ints) == 680, "ABI");
static_assert(offsetof(_PyRuntimeState, bytes_empty) == 9064, "ABI");
static_assert(offsetof(_PyRuntimeState, bytes_characters) == 9104, "ABI");
static_assert(offsetof(_PyRuntimeState, literals) == 21392, "ABI");
static_assert(offsetof(_PyRuntimeState, identifiers) == 22656, "ABI");
static_assert(offsetof(_PyRuntimeState, ascii) == 41480, "ABI");
static_assert(offsetof(_PyRuntimeState, latin1) == 48648, "ABI");
static_assert(offsetof(_PyRuntimeState, tuple_empty) == 58904, "ABI");
static_assert(sizeof(_PyRuntimeState) == 166688, "ABI");

/* ID(name): a name of ids.def; ID2(name): one of
   more_ids.def; LITERAL(name): a STR row of ids.def. */
#define ID(name) ((PyObject *)&_PyRuntime.identifiers.s_##name)
#define ID2(name) ((PyObject *)&rt_more_ids.s_##name)
#define LITERAL(name) ((PyObject *)&_PyRuntime.literals.s_##name)
#define SMALL_INT(i) ((PyObject *)&_PyRuntime.small_ints[SMALL_INT_NEG + (i)])
#define EMPTY_TUPLE ((PyObject *)&_PyRuntime.tuple_empty)
#define EMPTY_BYTES ((PyObject *)&_PyRuntime.bytes_empty)
#define EMPTY_STR LITERAL(empty)
/* Shared str of one Latin-1 character. */
static inline PyObject *latin1_char(unsigned char c)
{
    return c < 128 ? (PyObject *)&_PyRuntime.ascii[c] : (PyObject *)&_PyRuntime.latin1[c - 128];
}
/* Count given to objects that are never freed. */
#define IMMORTAL_REFCNT 999999999

/* -- An interpreter -------------------------------------------------------------------------- */

#define NUM_GENERATIONS 3

struct gc_generation {
    PyGC_Head head; /* of the ring of its objects */
    int threshold;  /* collect when count exceeds it; 0: never */
    int count;      /* allocations less deallocations, or collections of the younger generation */
};
struct gc_stats { /* gc.get_stats() */
    Py_ssize_t collections, collected, uncollectable;
};
struct gc_state {
    int enabled, debug, collecting;       /* gc.enable, gc.set_debug; a collection is under way */
    struct gc_generation generations[NUM_GENERATIONS];
    struct gc_generation permanent;       /* gc.freeze: never looked at */
    struct gc_stats stats[NUM_GENERATIONS];
    PyObject *garbage;            /* list of uncollectable objects */
    PyObject *callbacks;          /* list, gc.callbacks */
    Py_ssize_t long_lived_total, long_lived_pending; /* the 25 % rule */
    /* What -X check, stress and log hang in here (src/xray/watch.c); NULL: nothing. */
    void (*on_alloc)(PyThreadState *tstate); /* a collected object was allocated, not yet filled */
    void (*on_collect)(int generation, Py_ssize_t examined, Py_ssize_t collected,
                       Py_ssize_t uncollectable, double seconds);
};

#define PENDING_CALLS_MAX 32
struct pending_calls {
    pthread_mutex_t mutex;        /* guards what follows; not the lock */
    int calls_to_do;              /* atomic */
    int async_exc;                /* some thread has an asynchronous exception to raise */
    struct { int (*func)(void *); void *arg; } calls[PENDING_CALLS_MAX]; /* a ring */
    int first, last;              /* places in it; equal: empty */
};

/* Builtins that the specialiser recognises by identity. */
struct callable_cache { PyObject *isinstance, *len, *list_append; };

/* An interpreter. */
struct _is {
    PyInterpreterState *next;     /* guarded by _PyRuntime.interpreters.mutex, as is `threads` */
    struct {
        uint64_t next_unique_id;  /* of a thread state; never used twice */
        PyThreadState *head;      /* newest first */
        long count;               /* threads that _thread started and that still run */
        size_t stacksize;         /* of new threads, 0: the system's */
    } threads;
    _PyRuntimeState *runtime;
    int64_t id, id_refcount;      /* ABI; the count is -1 until an InterpreterID exists */
    int requires_idref;           /* ends with its last InterpreterID */
    PyThread_type_lock id_mutex;  /* guards id_refcount */
    int _initialized;
    int finalizing;               /* its end has begun */
    bool _static;                 /* lies in _PyRuntime */
    int recursion_limit __attribute__((aligned(8))); /* ABI 96 */
    int eval_breaker;             /* ABI 100; atomic: any reason to leave the fast path */
    int gil_drop_request;         /* atomic */
    struct pending_calls pending;

    struct gc_state gc;

    /* import and builtins */
    PyObject *modules;            /* sys.modules */
    PyObject *modules_by_index;   /* list of modules by m_index */
    PyObject *sysdict; /* dict of module sys */
    PyObject *builtins;           /* dict of builtins */
    PyObject *builtins_copy; /* of the dict as it was after start-up */
    PyObject *importlib;          /* module _frozen_importlib */
    PyObject *import_func;        /* builtins.__import__ as made */
    int override_frozen_modules; /* > 0 use them, < 0 do not, 0 as configured (_imp) */
    int dlopenflags; /* sys.setdlopenflags */
    PyObject *dict;               /* PyInterpreterState_GetDict */

    PyConfig config;
    _PyFrameEvalFunction eval_frame; /* PEP 523; NULL: the built-in machine */
    Py_ssize_t co_extra_user_count; /* entries of co_extra_freefuncs (PEP 523) */
    freefunc co_extra_freefuncs[255];

    /* codecs */
    PyObject *codec_search_path, *codec_search_cache, *codec_error_registry;
    int codecs_initialized; /* the standard encodings can be had */

    /* fork, audit, atexit, warnings */
    PyObject *before_forkers, *after_forkers_parent, *after_forkers_child;
    PyObject *audit_hooks; /* list of sys.addaudithook */
    void *atexit;                 /* struct of src/modules/atexit.c */
    /* src/modules/_warnings.c */
    struct { PyObject *filters, *once_registry, *default_action; long filters_version; } warnings;

    /* objects */
    struct callable_cache callable_cache;
    int int_max_str_digits; /* limit of int <-> str conversions, 0: none */
    PyObject *MemoryError_freelist; /* instances kept ready, chained by their dict field */
    int memerrors_numfree; /* how many */
    PySliceObject *slice_cache;   /* one dead slice, untracked, or NULL */
    PyObject *fs_codec_encoding_obj; /* sys.getfilesystemencoding() */
    /* how file names are coded; encoding NULL: by the locale, as yet */
    struct { char *encoding; int utf8; char *errors; int error_handler; } fs_codec;

    /* Each subsystem's own state: a struct it defines and allocates at start-up, or NULL. */
    void *types;                  /* src/objects/type: method cache, subclass bookkeeping */
    void *dicts;                  /* unused */
    void *text;                   /* src/objects/str */
    void *floats;                 /* free lists of float, tuple, list, slice … */
    void *contexts;               /* contextvars: free list */
    void *async_gens;
    void *ast;                    /* classes of module _ast */
    void *xray;                   /* -X dump, log, check */
    void *more[8];
};

static_assert(offsetof(struct _is, id) == 48, "ABI");
static_assert(offsetof(struct _is, eval_breaker) == 100, "ABI");

/* The configuration of the current interpreter (BORROWED). */
extern EXPORT const PyConfig *_Py_GetConfig(void);

/* The thread that holds the lock, and its interpreter: one load each. */
static inline PyThreadState *tstate_get(void)
{
    return __atomic_load_n(&_PyRuntime.gilstate.tstate_current, __ATOMIC_RELAXED);
}

static inline PyInterpreterState *interp_get(void)
{
    return tstate_get()->interp;
}

#endif
