/* SPDX-License-Identifier: MIT
 *
 * The end: of the process and of an interpreter.
 *
 *   other threads joined -> pending calls -> atexit -> (no other thread takes the lock any more) ->
 *   streams flushed -> signals off -> garbage collected -> modules torn down -> streams flushed ->
 *   interpreter cleared and freed -> C exit functions
 *
 * The order is visible: destructors, atexit functions and weakref callbacks run at these points.
 */
#include "runtime/rt.h"
#include "capi/capi.h"
#include "mem/gc.h"
#include "objects/str/str.h"
#include "objects/type/type.h"
#include "xray/watch.h"
#include <signal.h>
#include <unistd.h>

EXPORT int _PyMem_SetDefaultAllocator(PyMemAllocatorDomain domain, PyMemAllocatorEx *old);
EXPORT void _PyTraceMalloc_Fini(void) __attribute__((weak));

/* Joins the threads that are not daemons. */
static void wait_for_threads(PyThreadState *tstate)
{
    PyObject *threading = PyImport_GetModule(ID(threading));
    if (!threading) {
        if (tstate->curexc_type)
            PyErr_WriteUnraisable(NULL);
        return;
    }
    PyObject *res = PyObject_CallMethodNoArgs(threading, ID(_shutdown));
    if (!res)
        PyErr_WriteUnraisable(threading);
    Py_XDECREF(res);
    Py_DECREF(threading);
}

/* Frees what the object folders keep for an interpreter. Objects that outlive it, static types'
   dicts above all, leave the collector's lists. No Python code runs after this. */
static void interp_fini_objects(PyInterpreterState *interp)
{
    exceptions_fini(interp);
    str_fini(interp);
    gc_fini(interp);
    type_interp_fini(interp);
}

/* Frees what hangs off the interpreter after its modules are gone. */
static void clear_interpreter(PyThreadState *tstate)
{
    PyInterpreterState *interp = tstate->interp;
    bool is_main = interp == _PyRuntime.interpreters.main;
    int verbose = interp->config.verbose;
    interp_clear(tstate);
    if (is_main)
        getargs_fini();
    interp_fini_objects(interp);
    if (is_main) {
        if (verbose)
            fprintf(stderr, "# clear sys.audit hooks\n");
        sys_clear_audit_hooks(tstate);
        _Py_ClearArgcArgv();
        import_fini();
    }
}

static void delete_interpreter(PyInterpreterState *interp)
{
    if (interp == _PyRuntime.interpreters.main)
        gilstate_fini();
    _PyThreadState_Swap(NULL, NULL);
    PyInterpreterState_Delete(interp);
}

/* -1 when flushing the standard streams failed. */
int Py_FinalizeEx(void)
{
    int status = 0;
    if (!_PyRuntime.initialized)
        return 0;
    PyThreadState *tstate = tstate_get();
    PyInterpreterState *interp = tstate->interp;
    wait_for_threads(tstate);
    rt_finish_pending_calls(tstate);
    atexit_call(interp);
    watch_finish(tstate, WATCH_EXIT);
    bool malloc_stats = interp->config.malloc_stats;

    __atomic_store_n(&_PyRuntime.finalizing, tstate, __ATOMIC_RELAXED);
    _PyRuntime.initialized = _PyRuntime.core_initialized = 0;
    interp->finalizing = 1;
    _PyThreadState_DeleteExcept(&_PyRuntime, tstate);
    if (rt_flush_std_files() < 0)
        status = -1;
    signals_fini();
    PyGC_Collect();
    rt_finalize_modules(tstate);
    if (rt_flush_std_files() < 0)
        status = -1;
    watch_finish(tstate, WATCH_MODULES_GONE);
    if (_PyTraceMalloc_Fini)
        _PyTraceMalloc_Fini();
    faulthandler_fini();
    if (malloc_stats)
        rt_mem_debug_print();
    clear_interpreter(tstate);
    watch_finish(tstate, WATCH_END);
    delete_interpreter(interp);
    rt_call_ll_exitfuncs();
    _PyRuntime_Finalize();
    return status;
}

void Py_Finalize(void) { Py_FinalizeEx(); }

void rt_mem_debug_print(void)
{
    EXPORT int _PyObject_DebugMallocStats(FILE *out);
    _PyObject_DebugMallocStats(stderr);
}

/* The last thread of the interpreter, which must have no other. */
void Py_EndInterpreter(PyThreadState *tstate)
{
    PyInterpreterState *interp = tstate->interp;
    if (tstate != tstate_get())
        Py_FatalError("thread is not current");
    if (tstate->cframe->current_frame)
        Py_FatalError("thread still has a frame");
    interp->finalizing = 1;
    wait_for_threads(tstate);
    atexit_call(interp);
    if (tstate != interp->threads.head || tstate->next)
        Py_FatalError("not the last thread");
    rt_finalize_modules(tstate);
    interp_clear(tstate);
    interp_fini_objects(interp);
    _PyThreadState_Swap(NULL, NULL);
    PyInterpreterState_Delete(interp);
}

void _PyRuntimeState_Fini(_PyRuntimeState *runtime)
{
    /* The locks were made before an allocator was chosen. */
    PyMemAllocatorEx chosen;
    _PyMem_SetDefaultAllocator(PYMEM_DOMAIN_RAW, &chosen);
    PyThread_free_lock(runtime->interpreters.mutex);
    PyThread_free_lock(runtime->xidregistry.mutex);
    PyThread_free_lock(runtime->unicode_ids.lock);
    PyMem_SetAllocator(PYMEM_DOMAIN_RAW, &chosen);
    runtime->interpreters.mutex = runtime->xidregistry.mutex = runtime->unicode_ids.lock = NULL;
    runtime->_initialized = 0;
    runtime->preinitialized = 0;
}

void _PyRuntime_Finalize(void) { _PyRuntimeState_Fini(&_PyRuntime); }

/* -- C exit functions ------------------------------------------------------------------------ */

int Py_AtExit(void (*func)(void))
{
    if (_PyRuntime.nexitfuncs >= (int)COUNT_OF(_PyRuntime.exitfuncs))
        return -1;
    _PyRuntime.exitfuncs[_PyRuntime.nexitfuncs++] = func;
    return 0;
}

/* Last registered first. */
void rt_call_ll_exitfuncs(void)
{
    while (_PyRuntime.nexitfuncs > 0) {
        void (*func)(void) = _PyRuntime.exitfuncs[--_PyRuntime.nexitfuncs];
        _PyRuntime.exitfuncs[_PyRuntime.nexitfuncs] = NULL;
        func();
    }
    fflush(stdout);
    fflush(stderr);
}

void Py_Exit(int status)
{
    if (Py_FinalizeEx() < 0)
        status = 120;
    exit(status);
}

/* Signals that Python ignores for itself must not stay ignored in a program that it runs. */
void _Py_RestoreSignals(void)
{
    PyOS_setsig(SIGPIPE, SIG_DFL);
    PyOS_setsig(SIGXFSZ, SIG_DFL);
}
