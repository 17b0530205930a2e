/* SPDX-License-Identifier: MIT
 *
 * Interpreter states and thread states: making, linking, switching, clearing, deleting.
 *
 *   _PyRuntime.interpreters.head -> interp -> interp -> …
 *                                     |
 *                                   threads.head <-> tstate <-> tstate …
 *
 * The lists are guarded by HEAD_LOCK, not by the GIL. A thread state is cleared with the GIL held
 * (destructors run) and then deleted, which runs no Python code. Deleting releases its data stack
 * and its trace of `gilstate`.
 */
#include "runtime/rt.h"
#include "ast/classes.h"
#include "base/cstack.h"
#include "mem/gc.h"
#include "objects/frame.h"
#include "objects/str/str.h"
#include "objects/type/type.h"
#include "vm/vm.h"
#include <dlfcn.h>

#define DEFAULT_RECURSION_LIMIT 1000

EXPORT PyObject *_PyInterpreterState_GetIDObject(PyInterpreterState *interp);

/* -- Interpreters ---------------------------------------------------------------------------- */

PyStatus _PyInterpreterState_Enable(_PyRuntimeState *runtime)
{
    if (!runtime->interpreters.mutex && !(runtime->interpreters.mutex = PyThread_allocate_lock()))
        return STATUS_ERR("Can't initialize threads for interpreter");
    runtime->interpreters.next_id = 0;
    return STATUS_OK();
}

static void interp_link(PyInterpreterState *interp)
{
    HEAD_LOCK();
    interp->id = _PyRuntime.interpreters.next_id++;
    interp->next = _PyRuntime.interpreters.head;
    _PyRuntime.interpreters.head = interp;
    if (!_PyRuntime.interpreters.main)
        _PyRuntime.interpreters.main = interp;
    HEAD_UNLOCK();
}

/* The main interpreter lies in _PyRuntime: threads that end during
   shutdown may still write its flags (gil_take). */
static PyInterpreterState *interp_alloc(void)
{
    PyInterpreterState *interp = (PyInterpreterState *)_PyRuntime.main_interpreter_space;
    static_assert(sizeof *interp <= sizeof _PyRuntime.main_interpreter_space
                      && _Alignof(PyInterpreterState) <= 8,
                  "room for the main interpreter");
    if (_PyRuntime.interpreters.main)
        return PyMem_RawCalloc(1, sizeof *interp);
    memset(interp, 0, sizeof *interp);
    interp->_static = true;
    return interp;
}

/* No thread state yet. NULL: no memory, or an audit hook refused. */
PyInterpreterState *PyInterpreterState_New(void)
{
    PyThreadState *tstate = tstate_get();
    if (PySys_Audit("cpython.PyInterpreterState_New", NULL) < 0)
        return NULL;
    PyInterpreterState *interp = interp_alloc();
    if (!interp)
        return NULL;
    interp->runtime = &_PyRuntime;
    interp->id_refcount = -1;
    interp->recursion_limit = DEFAULT_RECURSION_LIMIT;
    interp->dlopenflags = RTLD_NOW;
    pthread_mutex_init(&interp->pending.mutex, NULL);
    PyConfig_InitPythonConfig(&interp->config);
    gc_init(interp);
    interp_link(interp);
    (void)tstate;
    interp->_initialized = 1;
    return interp;
}

/* What an interpreter owns, but for sys and builtins. */
static void clear_members(PyInterpreterState *interp)
{
    Py_CLEAR(interp->codec_search_path);
    Py_CLEAR(interp->codec_search_cache);
    Py_CLEAR(interp->codec_error_registry);
    Py_CLEAR(interp->modules);
    Py_CLEAR(interp->modules_by_index);
    Py_CLEAR(interp->builtins_copy);
    Py_CLEAR(interp->importlib);
    Py_CLEAR(interp->import_func);
    Py_CLEAR(interp->callable_cache.isinstance);
    Py_CLEAR(interp->callable_cache.len);
    Py_CLEAR(interp->callable_cache.list_append);
    Py_CLEAR(interp->dict);
    Py_CLEAR(interp->before_forkers);
    Py_CLEAR(interp->after_forkers_parent);
    Py_CLEAR(interp->after_forkers_child);
    ast_classes_clear(interp);
}

/* sys and builtins go last: what the other members' destructors run may need them. */
void interp_clear(PyThreadState *tstate)
{
    PyInterpreterState *interp = tstate->interp;
    if (PySys_Audit("cpython.PyInterpreterState_Clear", NULL) < 0)
        PyErr_Clear();
    Py_CLEAR(interp->audit_hooks);
    for (PyThreadState *p = interp->threads.head; p; p = p->next)
        PyThreadState_Clear(p);
    PyConfig_Clear(&interp->config);
    clear_members(interp);
    warnings_fini(interp);
    atexit_fini(interp);
    gc_collect_final(tstate);
    PyDict_Clear(interp->sysdict);
    PyDict_Clear(interp->builtins);
    Py_CLEAR(interp->sysdict);
    Py_CLEAR(interp->builtins);
    if (interp != _PyRuntime.interpreters.main)
        gc_collect_final(tstate); /* the process goes on: classes of _io, which sys held */
}

void PyInterpreterState_Clear(PyInterpreterState *interp)
{
    PyThreadState *tstate = tstate_get();
    assert(tstate->interp == interp);
    interp_clear(tstate);
}

static void delete_threads(PyInterpreterState *interp)
{
    PyThreadState *p;
    while ((p = interp->threads.head))
        PyThreadState_Delete(p);
}

/* All its thread states are cleared by then. Runs no Python code. */
void PyInterpreterState_Delete(PyInterpreterState *interp)
{
    delete_threads(interp);
    HEAD_LOCK();
    PyInterpreterState **p = &_PyRuntime.interpreters.head;
    while (*p && *p != interp)
        p = &(*p)->next;
    if (!*p)
        Py_FatalError("NULL interpreter");
    *p = interp->next;
    if (_PyRuntime.interpreters.main == interp) {
        _PyRuntime.interpreters.main = NULL;
        if (_PyRuntime.interpreters.head)
            Py_FatalError("remaining subinterpreters");
    }
    HEAD_UNLOCK();
    if (interp->id_mutex)
        PyThread_free_lock(interp->id_mutex);
    pthread_mutex_destroy(&interp->pending.mutex);
    if (!interp->_static)
        PyMem_RawFree(interp);
}

/* In the child of a fork only the interpreter that forked (the main one) goes on. */
void interp_delete_others_after_fork(PyInterpreterState *keep)
{
    PyThreadState *tstate = _PyThreadState_Swap(NULL, NULL);
    PyInterpreterState *next;
    for (PyInterpreterState *p = _PyRuntime.interpreters.head; p; p = next) {
        next = p->next;
        if (p == keep)
            continue;
        if (p->threads.head)
            _PyThreadState_Swap(NULL, p->threads.head);
        PyInterpreterState_Clear(p);
        _PyThreadState_Swap(NULL, NULL);
        PyInterpreterState_Delete(p);
    }
    _PyRuntime.interpreters.head = keep;
    _PyThreadState_Swap(NULL, tstate);
}

PyInterpreterState *PyInterpreterState_Get(void)
{
    PyThreadState *tstate = tstate_get();
    if (!tstate)
        _Py_FatalError_TstateNULL(__func__);
    return tstate->interp;
}

PyInterpreterState *PyInterpreterState_Main(void) { return _PyRuntime.interpreters.main; }
PyInterpreterState *PyInterpreterState_Head(void) { return _PyRuntime.interpreters.head; }
PyInterpreterState *PyInterpreterState_Next(PyInterpreterState *interp) { return interp->next; }
PyThreadState *PyInterpreterState_ThreadHead(PyInterpreterState *interp)
{
    return interp->threads.head;
}

PyObject *PyInterpreterState_GetDict(PyInterpreterState *interp)
{
    if (!interp->dict && !(interp->dict = PyDict_New()))
        PyErr_Clear();
    return interp->dict;
}

int64_t PyInterpreterState_GetID(PyInterpreterState *interp)
{
    if (interp)
        return interp->id;
    PyErr_SetString(PyExc_RuntimeError, "no interpreter provided");
    return -1;
}

/* RuntimeError when there is none. */
PyInterpreterState *_PyInterpreterState_LookUpID(int64_t id)
{
    PyInterpreterState *found = NULL;
    HEAD_LOCK();
    for (PyInterpreterState *p = _PyRuntime.interpreters.head; p && !found; p = p->next)
        if (p->id == id)
            found = p;
    HEAD_UNLOCK();
    if (!found && !PyErr_Occurred())
        PyErr_Format(PyExc_RuntimeError, "unrecognized interpreter ID %lld", (long long)id);
    return found;
}

int _PyInterpreterState_IDInitref(PyInterpreterState *interp)
{
    if (interp->id_mutex)
        return 0;
    if (!(interp->id_mutex = PyThread_allocate_lock())) {
        PyErr_SetString(PyExc_RuntimeError, "failed to create init interpreter ID mutex");
        return -1;
    }
    interp->id_refcount = 0;
    return 0;
}

int _PyInterpreterState_IDIncref(PyInterpreterState *interp)
{
    if (_PyInterpreterState_IDInitref(interp) < 0)
        return -1;
    PyThread_acquire_lock(interp->id_mutex, WAIT_LOCK);
    interp->id_refcount++;
    PyThread_release_lock(interp->id_mutex);
    return 0;
}

/* The last ID of an interpreter that asked for it (requires_idref) ends it. */
void _PyInterpreterState_IDDecref(PyInterpreterState *interp)
{
    PyThread_acquire_lock(interp->id_mutex, WAIT_LOCK);
    int64_t count = --interp->id_refcount;
    PyThread_release_lock(interp->id_mutex);
    if (count != 0 || !interp->requires_idref)
        return;
    PyThreadState *save = _PyThreadState_Swap(NULL, interp->threads.head);
    Py_EndInterpreter(interp->threads.head);
    _PyThreadState_Swap(NULL, save);
}

int _PyInterpreterState_RequiresIDRef(PyInterpreterState *interp) { return interp->requires_idref; }
void _PyInterpreterState_RequireIDRef(PyInterpreterState *interp, int required)
{
    interp->requires_idref = required != 0;
}

PyObject *_PyInterpreterState_GetMainModule(PyInterpreterState *interp)
{
    if (!interp->modules) {
        PyErr_SetString(PyExc_RuntimeError, "interpreter not initialized");
        return NULL;
    }
    return PyMapping_GetItemString(interp->modules, "__main__");
}

/* -- Thread states: life --------------------------------------------------------------------- */

/* made (linked) ─> bound to a thread ─> cleared (lock held, destructors run) ─> deleted (no
   Python code). An interpreter's end clears all of them before it deletes any. */

/* Linked, not yet any thread's own. */
static PyThreadState *tstate_make(PyInterpreterState *interp)
{
    PyThreadState *t = PyMem_RawCalloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->interp = interp;
    t->recursion_limit = interp->recursion_limit;
    t->recursion_remaining = interp->recursion_limit;
    t->cframe = &t->root_cframe;
    t->exc_info = &t->exc_state;
    cstack_note(); /* a thread that _thread starts does so itself */
    t->thread_id = PyThread_get_thread_ident();
    t->native_thread_id = PyThread_get_thread_native_id();
    t->context_ver = 1;
    HEAD_LOCK();
    t->id = ++interp->threads.next_unique_id;
    t->next = interp->threads.head;
    if (t->next)
        t->next->prev = t;
    interp->threads.head = t;
    interp->threads.count++;
    HEAD_UNLOCK();
    t->_initialized = 1;
    return t;
}

/* Remembers the state as this thread's own, for PyGILState_Ensure, unless it has one. */
static void gilstate_note(PyThreadState *tstate)
{
    if (!_PyRuntime.gilstate.auto_interpreter)
        return;
    if (PyThread_tss_get(&_PyRuntime.gilstate.auto_tss) == NULL
        && PyThread_tss_set(&_PyRuntime.gilstate.auto_tss, tstate) != 0)
        Py_FatalError("Couldn't create autoTSSkey mapping");
    tstate->gilstate_counter = 1;
}

PyThreadState *PyThreadState_New(PyInterpreterState *interp)
{
    PyThreadState *t = tstate_make(interp);
    if (t)
        gilstate_note(t);
    return t;
}

PyThreadState *_PyThreadState_Prealloc(PyInterpreterState *interp) { return tstate_make(interp); }
void _PyThreadState_Init(PyThreadState *tstate) { gilstate_note(tstate); }
void _PyThreadState_SetCurrent(PyThreadState *tstate) { gilstate_note(tstate); }

/* Needs the lock: destructors run. */
void PyThreadState_Clear(PyThreadState *t)
{
    if (t->interp->config.verbose && t->cframe->current_frame)
        fprintf(stderr, "PyThreadState_Clear: warning: thread still has a frame\n");
    Py_CLEAR(t->dict);
    Py_CLEAR(t->async_exc);
    Py_CLEAR(t->curexc_type);
    Py_CLEAR(t->curexc_value);
    Py_CLEAR(t->curexc_traceback);
    Py_CLEAR(t->exc_state.exc_value);
    t->c_profilefunc = t->c_tracefunc = NULL;
    Py_CLEAR(t->c_profileobj);
    Py_CLEAR(t->c_traceobj);
    Py_CLEAR(t->async_gen_firstiter);
    Py_CLEAR(t->async_gen_finalizer);
    Py_CLEAR(t->context);
    if (t->on_delete)
        t->on_delete(t->on_delete_data);
    t->_initialized = 0;
}

static void tstate_unlink(PyThreadState *t)
{
    HEAD_LOCK();
    if (t->prev)
        t->prev->next = t->next;
    else
        t->interp->threads.head = t->next;
    if (t->next)
        t->next->prev = t->prev;
    t->interp->threads.count--;
    HEAD_UNLOCK();
}

static void tstate_free(PyThreadState *t)
{
    vm_stack_free(t);
    PyMem_RawFree(t);
}

/* Takes it out of the lists and of this thread's PyGILState. */
static void tstate_forget(PyThreadState *t)
{
    if (!t)
        _Py_FatalError_TstateNULL("PyThreadState_Delete");
    if (!t->interp)
        Py_FatalError("NULL interpreter");
    tstate_unlink(t);
    if (_PyRuntime.gilstate.auto_interpreter
        && PyThread_tss_get(&_PyRuntime.gilstate.auto_tss) == t)
        PyThread_tss_set(&_PyRuntime.gilstate.auto_tss, NULL);
}

void PyThreadState_Delete(PyThreadState *t)
{
    if (t == tstate_get())
        _Py_FatalErrorFormat(__func__, "tstate %p is still current", t);
    tstate_forget(t);
    tstate_free(t);
}

/* Lets go of the lock in the same step: nothing may run in between. */
void _PyThreadState_DeleteCurrent(PyThreadState *t)
{
    tstate_forget(t);
    __atomic_store_n(&_PyRuntime.gilstate.tstate_current, NULL, __ATOMIC_RELAXED);
    gil_drop(NULL);
    tstate_free(t);
}

void PyThreadState_DeleteCurrent(void) { _PyThreadState_DeleteCurrent(tstate_get()); }

/* Ends every other thread's state of this interpreter: at the end
   of the process, or in the child of a fork. */
void _PyThreadState_DeleteExcept(_PyRuntimeState *runtime, PyThreadState *keep)
{
    PyInterpreterState *interp = keep->interp;
    (void)runtime;
    HEAD_LOCK();
    PyThreadState *list = interp->threads.head;
    if (list == keep)
        list = keep->next;
    if (keep->prev)
        keep->prev->next = keep->next;
    if (keep->next)
        keep->next->prev = keep->prev;
    keep->prev = keep->next = NULL;
    interp->threads.head = keep;
    HEAD_UNLOCK();
    for (PyThreadState *p = list, *next; p; p = next) {
        next = p->next;
        PyThreadState_Clear(p);
        tstate_free(p);
    }
}

/* -- Thread states: current and listed ------------------------------------------------------- */

PyThreadState *_PyThreadState_Swap(void *gilstate, PyThreadState *newts)
{
    (void)gilstate;
    return __atomic_exchange_n(&_PyRuntime.gilstate.tstate_current, newts, __ATOMIC_RELAXED);
}

PyThreadState *PyThreadState_Swap(PyThreadState *newts) { return _PyThreadState_Swap(NULL, newts); }
PyThreadState *_PyThreadState_UncheckedGet(void) { return tstate_get(); }

PyThreadState *PyThreadState_Get(void)
{
    PyThreadState *tstate = tstate_get();
    if (!tstate)
        _Py_FatalError_TstateNULL(__func__);
    return tstate;
}

PyObject *_PyThreadState_GetDict(PyThreadState *tstate)
{
    if (!tstate->dict && !(tstate->dict = PyDict_New()))
        _PyErr_Clear(tstate);
    return tstate->dict;
}

PyObject *PyThreadState_GetDict(void)
{
    PyThreadState *tstate = tstate_get();
    return tstate ? _PyThreadState_GetDict(tstate) : NULL;
}

PyInterpreterState *PyThreadState_GetInterpreter(PyThreadState *tstate) { return tstate->interp; }
uint64_t PyThreadState_GetID(PyThreadState *tstate) { return tstate->id; }
PyThreadState *PyThreadState_Next(PyThreadState *tstate) { return tstate->next; }

/* Asks the thread of that id to raise exc (NULL: not to) when it next leaves the fast path. */
int PyThreadState_SetAsyncExc(unsigned long id, PyObject *exc)
{
    PyInterpreterState *interp = interp_get();
    PyObject *old = NULL;
    int found = 0;
    HEAD_LOCK();
    for (PyThreadState *p = interp->threads.head; p && !found; p = p->next) {
        if (p->thread_id != id)
            continue;
        old = p->async_exc;
        p->async_exc = Py_XNewRef(exc);
        found = 1;
    }
    HEAD_UNLOCK();
    Py_XDECREF(old);
    if (found)
        rt_async_exc_signal(interp);
    return found;
}

/* dict of thread id -> what value() gives (owned; NULL skips the thread). */
static PyObject *thread_dict(const char *event, PyObject *(*value)(PyThreadState *))
{
    if (PySys_Audit(event, NULL) < 0)
        return NULL;
    PyObject *result = PyDict_New();
    if (!result)
        return NULL;
    HEAD_LOCK(); /* destructors that need this lock cannot run here: everything inserted is new */
    for (PyInterpreterState *i = _PyRuntime.interpreters.head; i && result; i = i->next) {
        for (PyThreadState *t = i->threads.head; t && result; t = t->next) {
            PyObject *v = value(t);
            PyObject *id = v ? PyLong_FromUnsignedLong(t->thread_id) : NULL;
            if (v && (!id || PyDict_SetItem(result, id, v) < 0))
                Py_CLEAR(result);
            Py_XDECREF(id);
            Py_XDECREF(v);
        }
    }
    HEAD_UNLOCK();
    return result;
}

static PyObject *thread_frame(PyThreadState *t)
{
    Frame *f = frame_current(t);
    PyFrameObject *view = f ? frame_object_ensure(f) : NULL;
    return Py_XNewRef((PyObject *)view);
}

static PyObject *thread_exception(PyThreadState *t)
{
    _PyErr_StackItem *item = _PyErr_GetTopmostException(t);
    return item ? _PyErr_StackItemToExcInfoTuple(item) : NULL;
}

PyObject *_PyThread_CurrentFrames(void) { return thread_dict("sys._current_frames", thread_frame); }
PyObject *_PyThread_CurrentExceptions(void)
{
    return thread_dict("sys._current_exceptions", thread_exception);
}
