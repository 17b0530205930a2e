/* SPDX-License-Identifier: MIT
 *
 * What makes the machine leave its fast path: signals, pending calls, requests for the lock,
 * asynchronous exceptions.
 *
 * interp->eval_breaker is the or of all reasons; the machine tests only that word. Each reason has
 * a word of its own, and every change of one recomputes the or. Signals and pending calls run on
 * the main thread of the main interpreter. Pending calls lie in a ring of 32 guarded by their own
 * mutex, so that any thread may add one without the lock.
 */
#include "runtime/rt.h"
#include "vm/vm.h"

/* -- The word -------------------------------------------------------------------------------- */

static bool on_main_thread(void) { return PyThread_get_thread_ident() == _PyRuntime.main_thread; }

int rt_can_handle_signals(PyInterpreterState *interp)
{
    return on_main_thread() && interp == _PyRuntime.interpreters.main;
}

static int load(int *word) { return __atomic_load_n(word, __ATOMIC_RELAXED); }
static void store(int *word, int value) { __atomic_store_n(word, value, __ATOMIC_RELAXED); }

void rt_eval_breaker_recompute(PyInterpreterState *interp)
{
    int breaker = load(&interp->gil_drop_request) || load(&interp->pending.async_exc);
    if (!breaker && load(&gil_state()->signals_pending))
        breaker = rt_can_handle_signals(interp);
    if (!breaker && load(&interp->pending.calls_to_do))
        breaker = on_main_thread();
    store(&interp->eval_breaker, breaker);
}

void _PyEval_SignalReceived(PyInterpreterState *interp)
{
    store(&gil_state()->signals_pending, 1);
    store(&interp->eval_breaker, 1); /* a handler runs on any thread: let the machine sort it out */
}

void rt_signal_received(PyInterpreterState *interp) { _PyEval_SignalReceived(interp); }

void rt_async_exc_signal(PyInterpreterState *interp)
{
    store(&interp->pending.async_exc, 1);
    store(&interp->eval_breaker, 1);
}

void rt_async_exc_unsignal(PyInterpreterState *interp)
{
    store(&interp->pending.async_exc, 0);
    rt_eval_breaker_recompute(interp);
}

void _PyEval_SignalAsyncExc(PyInterpreterState *interp) { rt_async_exc_signal(interp); }

/* -- Pending calls --------------------------------------------------------------------------- */

/* Under the mutex; -1: full. */
static int ring_push(struct pending_calls *p, int (*func)(void *), void *arg)
{
    int next = (p->last + 1) % PENDING_CALLS_MAX;
    if (next == p->first)
        return -1;
    p->calls[p->last].func = func;
    p->calls[p->last].arg = arg;
    p->last = next;
    return 0;
}

static bool ring_pop(struct pending_calls *p, int (**func)(void *), void **arg)
{
    if (p->first == p->last)
        return false;
    *func = p->calls[p->first].func;
    *arg = p->calls[p->first].arg;
    p->first = (p->first + 1) % PENDING_CALLS_MAX;
    return true;
}

/* From any thread, with or without the lock. -1: the ring is full. */
int _PyEval_AddPendingCall(PyInterpreterState *interp, int (*func)(void *), void *arg)
{
    struct pending_calls *p = &interp->pending;
    pthread_mutex_lock(&p->mutex);
    int res = ring_push(p, func, arg);
    pthread_mutex_unlock(&p->mutex);
    store(&p->calls_to_do, 1);
    store(&interp->eval_breaker, 1);
    return res;
}

int Py_AddPendingCall(int (*func)(void *), void *arg)
{
    PyThreadState *tstate = tstate_get();
    if (!tstate)
        tstate = PyGILState_GetThisThreadState();
    return _PyEval_AddPendingCall(tstate ? tstate->interp : _PyRuntime.interpreters.main, func,
                                  arg);
}

/* no recursion: a pending call may run code that breaks out again; guarded by the lock */
static bool busy;

/* At most PENDING_CALLS_MAX of them, so that calls which add calls do not keep it here. An
   exception stops it (-1); the rest stays for the next time. */
int rt_make_pending_calls(PyThreadState *tstate)
{
    PyInterpreterState *interp = tstate->interp;
    struct pending_calls *p = &interp->pending;
    if (!on_main_thread() || busy)
        return 0;
    busy = true;
    store(&p->calls_to_do, 0);
    rt_eval_breaker_recompute(interp);
    for (int i = 0; i < PENDING_CALLS_MAX; i++) {
        int (*func)(void *) = NULL;
        void *arg = NULL;
        pthread_mutex_lock(&p->mutex);
        bool any = ring_pop(p, &func, &arg);
        pthread_mutex_unlock(&p->mutex);
        if (!any)
            break;
        if (func(arg) != 0) {
            busy = false;
            store(&p->calls_to_do, 1);
            store(&interp->eval_breaker, 1);
            return -1;
        }
    }
    busy = false;
    return 0;
}

/* At the end of the interpreter: nobody can be told. */
void rt_finish_pending_calls(PyThreadState *tstate)
{
    if (!load(&tstate->interp->pending.calls_to_do) || rt_make_pending_calls(tstate) == 0)
        return;
    PyObject *type, *value, *tb;
    PyErr_Fetch(&type, &value, &tb);
    PyErr_BadInternalCall();
    _PyErr_ChainExceptions(type, value, tb);
    _PyErr_Print(tstate);
}

/* On failure the flag stays, so that the rest is looked at later. */
static int handle_signals(PyThreadState *tstate)
{
    if (!rt_can_handle_signals(tstate->interp))
        return 0;
    store(&gil_state()->signals_pending, 0);
    rt_eval_breaker_recompute(tstate->interp);
    if (_PyErr_CheckSignalsTstate(tstate) == 0)
        return 0;
    _PyEval_SignalReceived(tstate->interp); /* others may wait behind the one that raised */
    return -1;
}

int Py_MakePendingCalls(void)
{
    PyThreadState *tstate = tstate_get();
    return handle_signals(tstate) < 0 ? -1 : rt_make_pending_calls(tstate);
}

/* -- The machine's door ---------------------------------------------------------------------- */

static void hand_over(PyThreadState *tstate)
{
    if (_PyThreadState_Swap(NULL, NULL) != tstate)
        Py_FatalError("tstate mix-up");
    gil_drop(tstate);
    gil_take(tstate);
    if (_PyThreadState_Swap(NULL, tstate) != NULL)
        Py_FatalError("orphan tstate");
}

/* In the order of 3.11: signals, pending calls, the lock, an asynchronous exception. */
int rt_handle_eval_breaker(PyThreadState *tstate)
{
    PyInterpreterState *interp = tstate->interp;
    if (load(&gil_state()->signals_pending) && handle_signals(tstate) < 0)
        return -1;
    if (load(&interp->pending.calls_to_do) && rt_make_pending_calls(tstate) < 0)
        return -1;
    if (load(&interp->gil_drop_request))
        hand_over(tstate);
    if (tstate->async_exc) {
        PyObject *exc = tstate->async_exc;
        tstate->async_exc = NULL;
        rt_async_exc_unsignal(interp);
        _PyErr_SetNone(tstate, exc);
        Py_DECREF(exc);
        return -1;
    }
    /* a reason that only the main thread can serve: do not come back at once */
    rt_eval_breaker_recompute(interp);
    return 0;
}
