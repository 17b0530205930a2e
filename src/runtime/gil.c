/* SPDX-License-Identifier: MIT
 *
 * The one lock, and handing it over.
 *
 *   holder                             waiter
 *   runs                               waits on `cond` for at most the interval (5 ms)
 *   sees eval_breaker  <-------------  still the same holder: sets gil_drop_request
 *   drops the lock, wakes `cond`
 *   waits on `switch_cond`   <-------  took the lock: last_holder changed
 *
 * I1 locked, last_holder and switch_number change only under `mutex`.
 * I2 A holder that was asked to drop does not come back before somebody else had the lock:
 *    otherwise it would win the race on most systems and the waiter would starve.
 * I3 Once finalisation begins, a thread that wants the lock ends instead (rt_must_exit).
 *    _PyRuntime.finalizing stays set until the next start: such a thread may come at any time, and
 *    its tstate and interpreter are gone.
 */
#include "runtime/rt.h"
#include <time.h>

#define DEFAULT_INTERVAL_US 5000

/* -- Making ---------------------------------------------------------------------------------- */

int gil_created(void) { return __atomic_load_n(&gil_state()->locked, __ATOMIC_ACQUIRE) >= 0; }

static void cond_make(pthread_cond_t *cond)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attr);
    pthread_condattr_destroy(&attr);
}

/* The mutex and the conditions are never unmade: threads that end
   at shutdown may still be about to use them. */
void gil_create(void)
{
    struct gil_state *gil = gil_state();
    if (!gil->made) {
        pthread_mutex_init(&gil->mutex, NULL);
        cond_make(&gil->cond);
        cond_make(&gil->switch_cond);
        gil->made = 1;
    }
    if (!gil->interval_us)
        gil->interval_us = DEFAULT_INTERVAL_US;
    gil->last_holder = NULL;
    __atomic_store_n(&gil->locked, 0, __ATOMIC_RELEASE);
}

/* In the child of a fork the old lock may be held by a thread
   that is gone: make a new one and take it. */
void gil_reinit_after_fork(PyThreadState *tstate)
{
    gil_state()->made = 0;
    gil_create();
    gil_take(tstate);
}

/* -- Taking and dropping --------------------------------------------------------------------- */

bool rt_must_exit(PyThreadState *tstate)
{
    PyThreadState *finalizing = __atomic_load_n(&_PyRuntime.finalizing, __ATOMIC_RELAXED);
    return finalizing && finalizing != tstate;
}

/* False when the time ran out. */
static bool wait_interval(struct gil_state *gil)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    uint64_t ns = (uint64_t)until.tv_nsec + (uint64_t)gil->interval_us * 1000;
    until.tv_sec += (time_t)(ns / 1000000000);
    until.tv_nsec = (long)(ns % 1000000000);
    return pthread_cond_timedwait(&gil->cond, &gil->mutex, &until) == 0;
}

static void ask_for_drop(PyInterpreterState *interp)
{
    __atomic_store_n(&interp->gil_drop_request, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&interp->eval_breaker, 1, __ATOMIC_RELAXED);
}

/* `asked`: the thread had requested a drop. Nobody will take the lock for it: without the reset the
   holder would drop it and wait for a switch for ever (I2). Other waiters ask again when their
   interval is over. */
static void exit_instead(struct gil_state *gil, PyInterpreterState *interp, bool asked)
{
    if (asked)
        __atomic_store_n(&interp->gil_drop_request, 0, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&gil->mutex);
    PyThread_exit_thread();
}

/* I3. Keeps errno. */
void gil_take(PyThreadState *tstate)
{
    int saved_errno = errno;
    struct gil_state *gil = gil_state();
    if (rt_must_exit(tstate))
        PyThread_exit_thread(); /* I3; tstate may be freed already */
    PyInterpreterState *interp = tstate->interp;
    bool asked = false;
    pthread_mutex_lock(&gil->mutex);
    while (gil->locked) {
        unsigned long seen = gil->switch_number;
        if (!wait_interval(gil) && gil->locked && gil->switch_number == seen) {
            if (rt_must_exit(tstate))
                exit_instead(gil, interp, asked);
            ask_for_drop(interp);
            asked = true;
        }
    }
    __atomic_store_n(&gil->locked, 1, __ATOMIC_RELAXED);
    if (gil->last_holder != tstate) {
        gil->last_holder = tstate;
        gil->switch_number++;
    }
    pthread_cond_signal(&gil->switch_cond);
    pthread_mutex_unlock(&gil->mutex);
    if (rt_must_exit(tstate)) {
        gil_drop(NULL);
        PyThread_exit_thread();
    }
    if (__atomic_load_n(&interp->gil_drop_request, __ATOMIC_RELAXED))
        __atomic_store_n(&interp->gil_drop_request, 0, __ATOMIC_RELAXED);
    rt_eval_breaker_recompute(interp);
    if (tstate->async_exc)
        rt_async_exc_signal(interp);
    errno = saved_errno;
}

/* tstate NULL: the dropping thread's state is gone already, so nobody waits for a switch. */
void gil_drop(PyThreadState *tstate)
{
    struct gil_state *gil = gil_state();
    if (!gil->locked)
        Py_FatalError("drop_gil: GIL is not locked");
    pthread_mutex_lock(&gil->mutex);
    if (tstate)
        gil->last_holder = tstate;
    __atomic_store_n(&gil->locked, 0, __ATOMIC_RELAXED);
    pthread_cond_signal(&gil->cond);
    if (tstate && __atomic_load_n(&tstate->interp->gil_drop_request, __ATOMIC_RELAXED)
        && gil->last_holder == tstate) {
        __atomic_store_n(&tstate->interp->gil_drop_request, 0, __ATOMIC_RELAXED);
        rt_eval_breaker_recompute(tstate->interp);
        pthread_cond_wait(&gil->switch_cond, &gil->mutex); /* I2 */
    }
    pthread_mutex_unlock(&gil->mutex);
}

/* -- C API ----------------------------------------------------------------------------------- */

void _PyEval_SetSwitchInterval(unsigned long us) { gil_state()->interval_us = us ? us : 1; }
unsigned long _PyEval_GetSwitchInterval(void) { return gil_state()->interval_us; }

PyThreadState *PyEval_SaveThread(void)
{
    PyThreadState *tstate = _PyThreadState_Swap(NULL, NULL);
    if (!tstate)
        _Py_FatalError_TstateNULL(__func__);
    gil_drop(tstate);
    return tstate;
}

void PyEval_RestoreThread(PyThreadState *tstate)
{
    if (!tstate)
        _Py_FatalError_TstateNULL(__func__);
    gil_take(tstate);
    _PyThreadState_Swap(NULL, tstate);
}

void PyEval_AcquireThread(PyThreadState *tstate)
{
    if (!tstate)
        _Py_FatalError_TstateNULL(__func__);
    gil_take(tstate);
    if (_PyThreadState_Swap(NULL, tstate) != NULL)
        Py_FatalError("non-NULL old thread state");
}

void PyEval_ReleaseThread(PyThreadState *tstate)
{
    if (_PyThreadState_Swap(NULL, NULL) != tstate)
        Py_FatalError("wrong thread state");
    gil_drop(tstate);
}

void PyEval_AcquireLock(void)
{
    PyThreadState *tstate = tstate_get();
    if (!tstate)
        _Py_FatalError_TstateNULL(__func__);
    gil_take(tstate);
}

void PyEval_ReleaseLock(void) { gil_drop(tstate_get()); }
void PyEval_InitThreads(void) {}
int PyEval_ThreadsInitialized(void) { return gil_created(); }
