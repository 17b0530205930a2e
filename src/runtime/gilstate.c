/* SPDX-License-Identifier: MIT
 *
 * PyGILState_*: any C thread may call Python: it gets a thread state on first use and keeps it
 * while calls nest.
 *
 * A thread-specific value (auto_tss) holds the thread's state; gilstate_counter counts nested
 * Ensures and is 1 for states that Python made itself, so that Release never deletes those.
 */
#include "runtime/rt.h"

void gilstate_init(PyInterpreterState *interp, PyThreadState *tstate)
{
    if (PyThread_tss_create(&_PyRuntime.gilstate.auto_tss) != 0)
        Py_FatalError("failed to set autoTSSkey");
    _PyRuntime.gilstate.auto_interpreter = interp;
    _PyThreadState_SetCurrent(tstate);
}

void gilstate_fini(void)
{
    PyThread_tss_delete(&_PyRuntime.gilstate.auto_tss);
    _PyRuntime.gilstate.auto_interpreter = NULL;
}

void gilstate_reinit_after_fork(void)
{
    PyThreadState *tstate = PyGILState_GetThisThreadState();
    PyThread_tss_delete(&_PyRuntime.gilstate.auto_tss);
    if (PyThread_tss_create(&_PyRuntime.gilstate.auto_tss) != 0)
        Py_FatalError("no memory for the thread's state after fork");
    if (tstate)
        PyThread_tss_set(&_PyRuntime.gilstate.auto_tss, tstate);
}

PyInterpreterState *_PyGILState_GetInterpreterStateUnsafe(void)
{
    return _PyRuntime.gilstate.auto_interpreter;
}

PyThreadState *PyGILState_GetThisThreadState(void)
{
    return _PyRuntime.gilstate.auto_interpreter ? PyThread_tss_get(&_PyRuntime.gilstate.auto_tss)
                                                : NULL;
}

int PyGILState_Check(void)
{
    if (!_PyRuntime.gilstate.check_enabled
        || !PyThread_tss_is_created(&_PyRuntime.gilstate.auto_tss))
        return 1;
    PyThreadState *tstate = tstate_get();
    return tstate && tstate == PyGILState_GetThisThreadState();
}

/* UNLOCKED: Release has to let go of the lock. */
PyGILState_STATE PyGILState_Ensure(void)
{
    PyThreadState *tstate = PyThread_tss_get(&_PyRuntime.gilstate.auto_tss);
    bool held = tstate && tstate == tstate_get();
    if (!tstate) {
        tstate = PyThreadState_New(_PyRuntime.gilstate.auto_interpreter);
        if (!tstate)
            Py_FatalError("Couldn't create thread-state for new thread");
        tstate->gilstate_counter = 0; /* Release deletes it */
    }
    if (!held)
        PyEval_RestoreThread(tstate);
    tstate->gilstate_counter++;
    return held ? PyGILState_LOCKED : PyGILState_UNLOCKED;
}

/* The last one of a thread that Python did not make deletes its state. */
void PyGILState_Release(PyGILState_STATE old)
{
    PyThreadState *tstate = PyThread_tss_get(&_PyRuntime.gilstate.auto_tss);
    if (!tstate)
        Py_FatalError("auto-releasing thread-state, but no thread-state for this thread");
    if (tstate != tstate_get())
        _Py_FatalErrorFormat(__func__, "thread state %p must be current when releasing", tstate);
    if (--tstate->gilstate_counter == 0) {
        tstate->gilstate_counter = 1; /* destructors in Clear may Ensure again */
        PyThreadState_Clear(tstate);
        tstate->gilstate_counter = 0;
        _PyThreadState_DeleteCurrent(tstate);
    } else if (old == PyGILState_UNLOCKED) {
        PyEval_SaveThread();
    }
}
