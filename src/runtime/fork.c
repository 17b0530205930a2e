/* SPDX-License-Identifier: MIT
 *
 * fork(): hooks before and after, and what must be made anew in the child, where only the forking
 * thread lives on.
 */
#include "runtime/rt.h"

/* Calls every hook; what one raises is reported and does not stop
   the others. `reverse`: last registered first. */
static void run_hooks(PyObject *list, bool reverse)
{
    if (!list)
        return;
    PyObject *copy = PySequence_List(list);
    if (!copy || (reverse && PyList_Reverse(copy) < 0)) {
        Py_XDECREF(copy);
        PyErr_WriteUnraisable(list);
        return;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(copy); i++) {
        PyObject *func = PyList_GET_ITEM(copy, i), *res = PyObject_CallNoArgs(func);
        if (res)
            Py_DECREF(res);
        else
            PyErr_WriteUnraisable(func);
    }
    Py_DECREF(copy);
}

void PyOS_BeforeFork(void)
{
    run_hooks(interp_get()->before_forkers, true);
    _PyImport_AcquireLock();
}

void PyOS_AfterFork_Parent(void)
{
    if (_PyImport_ReleaseLock() <= 0)
        Py_FatalError("failed releasing import lock after fork");
    run_hooks(interp_get()->after_forkers_parent, false);
}

/* Locks that another thread may have held at the fork. */
static void locks_reinit(void)
{
    _PyThread_at_fork_reinit((PyThread_type_lock *)&_PyRuntime.interpreters.mutex);
    if (_PyRuntime.xidregistry.mutex)
        _PyThread_at_fork_reinit((PyThread_type_lock *)&_PyRuntime.xidregistry.mutex);
    PyInterpreterState *main = _PyRuntime.interpreters.main;
    if (main && main->id_mutex)
        _PyThread_at_fork_reinit(&main->id_mutex);
    _PyRuntime.main_thread = PyThread_get_thread_ident();
}

/* In the order of dependence: locks, thread states, the lock, signals, other interpreters. */
void PyOS_AfterFork_Child(void)
{
    PyThreadState *tstate = tstate_get();
    locks_reinit();
    gilstate_reinit_after_fork();
    pthread_mutex_init(&tstate->interp->pending.mutex, NULL);
    tstate->native_thread_id = PyThread_get_thread_native_id();
    gil_reinit_after_fork(tstate);
    import_after_fork();
    signals_after_fork();
    if (tstate->interp == _PyRuntime.interpreters.main)
        interp_delete_others_after_fork(tstate->interp);
    _PyThreadState_DeleteExcept(&_PyRuntime, tstate);
    run_hooks(tstate->interp->after_forkers_child, false);
}

void PyOS_AfterFork(void) { PyOS_AfterFork_Child(); }
