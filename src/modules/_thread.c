/* SPDX-License-Identifier: MIT
 *
 * Module _thread: starting threads, locks, recursive locks. Thread-local data is in
 * _thread_local.c.
 *
 * A thread's end: its thread state is cleared, which releases the sentinel lock that
 * threading.Thread.join waits for, then deleted together with the GIL. The sentinel is held through
 * a weak reference, so that dropping the last one at that point cannot run code.
 */
#include "runtime/rt.h"
#include "modules/_thread.h"
#include "modules/args.h"

static struct thread_state *state_of(PyObject *m) { return PyModule_GetState(m); }

/* -- Waiting --------------------------------------------------------------------------------- */

/* Takes a lock, with the GIL released while it waits; signal handlers run in between (PEP 475). */
static PyLockStatus acquire_timed(PyThread_type_lock lock, _PyTime_t timeout)
{
    _PyTime_t end = timeout > 0 ? _PyDeadline_Init(timeout) : 0;
    PyLockStatus r;
    do {
        _PyTime_t us = _PyTime_AsMicroseconds(timeout, _PyTime_ROUND_CEILING);
        r = PyThread_acquire_lock_timed(lock, 0, 0);
        if (r == PY_LOCK_FAILURE && us != 0)
            UNLOCKED(r = PyThread_acquire_lock_timed(lock, us, 1));
        if (r == PY_LOCK_INTR) {
            if (Py_MakePendingCalls() < 0)
                return PY_LOCK_INTR;
            if (timeout > 0) {
                timeout = _PyDeadline_Get(end);
                if (timeout < 0)
                    r = PY_LOCK_FAILURE;
            }
        }
    } while (r == PY_LOCK_INTR);
    return r;
}

/* acquire(blocking=True, timeout=-1) */
static int parse_acquire(PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames,
                         _PyTime_t *timeout)
{
    ARGS("|iO:acquire", "blocking", "timeout");
    int blocking = 1;
    PyObject *timeout_obj = NULL;
    const _PyTime_t unset = _PyTime_FromSeconds(-1);
    *timeout = unset;
    if (!PARSE(&blocking, &timeout_obj))
        return -1;
    if (timeout_obj && _PyTime_FromSecondsObject(timeout, timeout_obj, _PyTime_ROUND_TIMEOUT) < 0)
        return -1;
    if (!blocking && *timeout != unset) {
        PyErr_SetString(PyExc_ValueError, "can't specify a timeout for a non-blocking call");
        return -1;
    }
    if (*timeout < 0 && *timeout != unset) {
        PyErr_SetString(PyExc_ValueError, "timeout value must be positive");
        return -1;
    }
    if (!blocking) {
        *timeout = 0;
    } else if (*timeout != unset &&
               _PyTime_AsMicroseconds(*timeout, _PyTime_ROUND_TIMEOUT) > PY_TIMEOUT_MAX) {
        PyErr_SetString(PyExc_OverflowError, "timeout value is too large");
        return -1;
    }
    return 0;
}

/* -- lock ------------------------------------------------------------------------------------ */

typedef struct {
    PyObject_HEAD
    PyThread_type_lock lock;
    PyObject *weakrefs;
    char locked; /* for the checks that a semaphore does not make */
} Lock;

static int lock_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    return 0;
}

static void lock_dealloc(PyObject *op)
{
    Lock *self = (Lock *)op;
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    if (self->weakrefs)
        PyObject_ClearWeakRefs(op);
    if (self->lock) {
        if (self->locked)
            PyThread_release_lock(self->lock);
        PyThread_free_lock(self->lock);
    }
    type->tp_free(op);
    Py_DECREF(type);
}

static PyObject *lock_make(PyTypeObject *type)
{
    Lock *self = (Lock *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    self->locked = 0;
    self->weakrefs = NULL;
    self->lock = PyThread_allocate_lock();
    if (!self->lock) {
        Py_DECREF(self);
        PyErr_SetString(PyExc_RuntimeError, "can't allocate lock");
        return NULL;
    }
    return (PyObject *)self;
}

static PyObject *lock_acquire(PyObject *op, PyObject *const *args, Py_ssize_t nargs,
                              PyObject *kwnames)
{
    Lock *self = (Lock *)op;
    _PyTime_t timeout = _PyTime_FromSeconds(-1);
    if ((nargs || kwnames) && parse_acquire(args, nargs, kwnames, &timeout) < 0)
        return NULL;
    PyLockStatus r = acquire_timed(self->lock, timeout);
    if (r == PY_LOCK_INTR)
        return NULL;
    if (r == PY_LOCK_ACQUIRED)
        self->locked = 1;
    return PyBool_FromLong(r == PY_LOCK_ACQUIRED);
}

static PyObject *lock_release(PyObject *op, PyObject *ignored)
{
    Lock *self = (Lock *)op;
    if (!self->locked) {
        PyErr_SetString(PyExc_RuntimeError, "release unlocked lock");
        return NULL;
    }
    self->locked = 0;
    PyThread_release_lock(self->lock);
    Py_RETURN_NONE;
}

static PyObject *lock_exit(PyObject *op, PyObject *const *args, Py_ssize_t nargs)
{
    return lock_release(op, NULL);
}
static PyObject *lock_locked(PyObject *op, PyObject *ignored)
{
    return PyBool_FromLong(((Lock *)op)->locked);
}

static PyObject *lock_repr(PyObject *op)
{
    return PyUnicode_FromFormat("<%s %s object at %p>",
                                ((Lock *)op)->locked ? "locked" : "unlocked", Py_TYPE(op)->tp_name,
                                op);
}

static PyObject *lock_at_fork(PyObject *op, PyObject *ignored)
{
    Lock *self = (Lock *)op;
    if (_PyThread_at_fork_reinit(&self->lock) < 0) {
        PyErr_SetString(PyExc_RuntimeError, "failed to reinitialize lock at fork");
        return NULL;
    }
    self->locked = 0;
    Py_RETURN_NONE;
}

#define FAST(f) (PyCFunction)(void (*)(void))(f)
#define ACQUIRE_DOC "acquire(blocking=True, timeout=-1) -> bool\n\n" \
    "Take the lock; with blocking false or a timeout in seconds give up and return False.\n" \
    "Waiting can be interrupted by signals."
static PyMethodDef lock_methods[] = {
    {"acquire_lock", FAST(lock_acquire), METH_FASTCALL | METH_KEYWORDS, ACQUIRE_DOC},
    {"acquire", FAST(lock_acquire), METH_FASTCALL | METH_KEYWORDS, ACQUIRE_DOC},
    {"release_lock", lock_release, METH_NOARGS,
     "release()\n\nGive the lock back; any thread may do so."},
    {"release", lock_release, METH_NOARGS,
     "release()\n\nGive the lock back; any thread may do so."},
    {"locked_lock", lock_locked, METH_NOARGS, "locked() -> bool\n\nIs the lock taken?"},
    {"locked", lock_locked, METH_NOARGS, "locked() -> bool\n\nIs the lock taken?"},
    {"__enter__", FAST(lock_acquire), METH_FASTCALL | METH_KEYWORDS, ACQUIRE_DOC},
    {"__exit__", FAST(lock_exit), METH_FASTCALL,
     "release()\n\nGive the lock back; any thread may do so."},
    {"_at_fork_reinit", lock_at_fork, METH_NOARGS, NULL},
    {NULL},
};

static PyMemberDef lock_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Lock, weakrefs), READONLY},
    {NULL},
};

static PyType_Slot lock_slots[] = {
    {Py_tp_dealloc, lock_dealloc},
    {Py_tp_repr, lock_repr},
    {Py_tp_methods, lock_methods},
    {Py_tp_doc,
     "A lock: taken by one thread at a time, given back by any.\n\n"
     "threading.Lock() makes one. acquire() waits for it, release() gives it back, locked() asks."},
    {Py_tp_traverse, lock_traverse},
    {Py_tp_members, lock_members},
    {0, NULL},
};
static PyType_Spec lock_spec = {
    "_thread.lock",
    sizeof(Lock),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION |
        Py_TPFLAGS_IMMUTABLETYPE,
    lock_slots,
};

/* -- RLock ----------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    PyThread_type_lock lock;
    unsigned long owner; /* thread that holds it */
    unsigned long count; /* times it was acquired */
    PyObject *weakrefs;
} RLock;

static bool rlock_owned(const RLock *self)
{
    return self->count > 0 && self->owner == PyThread_get_thread_ident();
}

static PyObject *rlock_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    RLock *self = (RLock *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    self->lock = PyThread_allocate_lock();
    if (!self->lock) {
        Py_DECREF(self);
        PyErr_SetString(PyExc_RuntimeError, "can't allocate lock");
        return NULL;
    }
    return (PyObject *)self;
}

static void rlock_dealloc(PyObject *op)
{
    RLock *self = (RLock *)op;
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    if (self->weakrefs)
        PyObject_ClearWeakRefs(op);
    if (self->lock) {
        if (self->count > 0)
            PyThread_release_lock(self->lock);
        PyThread_free_lock(self->lock);
    }
    type->tp_free(op);
    Py_DECREF(type);
}

static PyObject *rlock_acquire(PyObject *op, PyObject *const *args, Py_ssize_t nargs,
                               PyObject *kwnames)
{
    RLock *self = (RLock *)op;
    _PyTime_t timeout = _PyTime_FromSeconds(-1);
    if ((nargs || kwnames) && parse_acquire(args, nargs, kwnames, &timeout) < 0)
        return NULL;
    if (rlock_owned(self)) {
        if (self->count + 1 <= self->count) {
            PyErr_SetString(PyExc_OverflowError, "Internal lock count overflowed");
            return NULL;
        }
        self->count++;
        Py_RETURN_TRUE;
    }
    PyLockStatus r = acquire_timed(self->lock, timeout);
    if (r == PY_LOCK_INTR)
        return NULL;
    if (r == PY_LOCK_ACQUIRED) {
        self->owner = PyThread_get_thread_ident();
        self->count = 1;
    }
    return PyBool_FromLong(r == PY_LOCK_ACQUIRED);
}

static PyObject *rlock_release(PyObject *op, PyObject *ignored)
{
    RLock *self = (RLock *)op;
    if (!rlock_owned(self)) {
        PyErr_SetString(PyExc_RuntimeError, "cannot release un-acquired lock");
        return NULL;
    }
    if (--self->count == 0) {
        self->owner = 0;
        PyThread_release_lock(self->lock);
    }
    Py_RETURN_NONE;
}

static PyObject *rlock_exit(PyObject *op, PyObject *const *args, Py_ssize_t nargs)
{
    return rlock_release(op, NULL);
}

static PyObject *rlock_acquire_restore(PyObject *op, PyObject *args)
{
    RLock *self = (RLock *)op;
    unsigned long owner, count;
    if (!PyArg_ParseTuple(args, "(kk):_acquire_restore", &count, &owner))
        return NULL;
    int ok = PyThread_acquire_lock(self->lock, 0);
    if (!ok)
        UNLOCKED(ok = PyThread_acquire_lock(self->lock, 1));
    if (!ok) {
        PyErr_SetString(PyExc_RuntimeError, "couldn't acquire lock");
        return NULL;
    }
    self->owner = owner;
    self->count = count;
    Py_RETURN_NONE;
}

static PyObject *rlock_release_save(PyObject *op, PyObject *ignored)
{
    RLock *self = (RLock *)op;
    if (self->count == 0) {
        PyErr_SetString(PyExc_RuntimeError, "cannot release un-acquired lock");
        return NULL;
    }
    unsigned long owner = self->owner, count = self->count;
    self->count = self->owner = 0;
    PyThread_release_lock(self->lock);
    return Py_BuildValue("kk", count, owner);
}

static PyObject *rlock_is_owned(PyObject *op, PyObject *ignored)
{
    return PyBool_FromLong(rlock_owned((RLock *)op));
}

static PyObject *rlock_repr(PyObject *op)
{
    RLock *self = (RLock *)op;
    return PyUnicode_FromFormat("<%s %s object owner=%ld count=%lu at %p>",
                                self->count ? "locked" : "unlocked", Py_TYPE(op)->tp_name,
                                self->owner, self->count, op);
}

static PyObject *rlock_at_fork(PyObject *op, PyObject *ignored)
{
    RLock *self = (RLock *)op;
    if (_PyThread_at_fork_reinit(&self->lock) < 0) {
        PyErr_SetString(PyExc_RuntimeError, "failed to reinitialize lock at fork");
        return NULL;
    }
    self->owner = self->count = 0;
    Py_RETURN_NONE;
}

#define RLOCK_ACQUIRE_DOC                                                                          \
    "acquire(blocking=True) -> bool\n\n"                                                           \
    "Take the lock, which its owner may do again; with blocking false or a timeout in seconds "    \
    "give up and return False."
static PyMethodDef rlock_methods[] = {
    {"acquire", FAST(rlock_acquire), METH_FASTCALL | METH_KEYWORDS, RLOCK_ACQUIRE_DOC},
    {"release", rlock_release, METH_NOARGS,
     "release()\n\nGive the lock back once; only its owner may."},
    {"_is_owned", rlock_is_owned, METH_NOARGS, "_is_owned() -> bool\n\nFor threading.Condition."},
    {"_acquire_restore", rlock_acquire_restore, METH_VARARGS,
     "_acquire_restore(state) -> None\n\nFor threading.Condition."},
    {"_release_save", rlock_release_save, METH_NOARGS,
     "_release_save() -> tuple\n\nFor threading.Condition."},
    {"__enter__", FAST(rlock_acquire), METH_FASTCALL | METH_KEYWORDS, RLOCK_ACQUIRE_DOC},
    {"__exit__", FAST(rlock_exit), METH_FASTCALL,
     "release()\n\nGive the lock back once; only its owner may."},
    {"_at_fork_reinit", rlock_at_fork, METH_NOARGS, NULL},
    {NULL},
};

static PyMemberDef rlock_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(RLock, weakrefs), READONLY},
    {NULL},
};

static PyType_Slot rlock_slots[] = {
    {Py_tp_dealloc, rlock_dealloc}, {Py_tp_repr, rlock_repr}, {Py_tp_methods, rlock_methods},
    {Py_tp_alloc, PyType_GenericAlloc}, {Py_tp_new, rlock_new}, {Py_tp_members, rlock_members},
    {Py_tp_traverse, lock_traverse}, {0, NULL},
};
static PyType_Spec rlock_spec = {
    "_thread.RLock",
    sizeof(RLock),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    rlock_slots,
};

/* -- Threads --------------------------------------------------------------------------------- */

struct boot {
    PyInterpreterState *interp;
    PyObject *func, *args, *kwargs; /* strong; kwargs may be NULL */
    PyThreadState *tstate;          /* made by the parent, so that failing to is its error */
};

static void thread_run(void *arg)
{
    struct boot *boot = arg;
    PyThreadState *tstate = boot->tstate;
    PyEval_AcquireThread(
        tstate); /* first: when the process ends, the state is gone and this does not return */
    tstate->thread_id = PyThread_get_thread_ident();
    tstate->native_thread_id = PyThread_get_thread_native_id();
    _PyThreadState_SetCurrent(tstate);
    PyObject *res = PyObject_Call(boot->func, boot->args, boot->kwargs);
    if (!res) {
        if (PyErr_ExceptionMatches(PyExc_SystemExit))
            PyErr_Clear(); /* ends the thread in silence */
        else
            _PyErr_WriteUnraisableMsg("in thread started by", boot->func);
    } else {
        Py_DECREF(res);
    }
    Py_DECREF(boot->func);
    Py_DECREF(boot->args);
    Py_XDECREF(boot->kwargs);
    PyMem_Free(boot);
    thread_count_add(tstate->interp, -1);
    PyThreadState_Clear(tstate);
    _PyThreadState_DeleteCurrent(tstate);
    PyThread_exit_thread(); /* an application may have its own idea of how a thread ends */
}

/* threads.count of the interpreter counts states, not started threads; this does. Guarded by the
 * GIL. */
static long started;
void thread_count_add(PyInterpreterState *interp, int n) { started += n; }

/* The thread state is made here, so that lack of memory is this thread's error, not the new
   one's. */
static PyObject *thread_start(PyObject *m, PyObject *fargs)
{
    PyObject *func, *args, *kwargs = NULL;
    if (!PyArg_UnpackTuple(fargs, "start_new_thread", 2, 3, &func, &args, &kwargs))
        return NULL;
    if (!PyCallable_Check(func)) {
        PyErr_SetString(PyExc_TypeError, "first arg must be callable");
        return NULL;
    }
    if (!PyTuple_Check(args)) {
        PyErr_SetString(PyExc_TypeError, "2nd arg must be a tuple");
        return NULL;
    }
    if (kwargs && !PyDict_Check(kwargs)) {
        PyErr_SetString(PyExc_TypeError, "optional 3rd arg must be a dictionary");
        return NULL;
    }
    PyInterpreterState *interp = interp_get();
    if (PySys_Audit("_thread.start_new_thread", "OOO", func, args, kwargs ? kwargs : Py_None) < 0)
        return NULL;
    if (interp->config._isolated_interpreter) {
        PyErr_SetString(PyExc_RuntimeError, "thread is not supported for isolated subinterpreters");
        return NULL;
    }
    struct boot *boot = PyMem_Malloc(sizeof *boot);
    if (!boot)
        return PyErr_NoMemory();
    *boot = (struct boot){interp, Py_NewRef(func), Py_NewRef(args), Py_XNewRef(kwargs),
                          _PyThreadState_Prealloc(interp)};
    if (!boot->tstate) {
        PyErr_NoMemory();
        goto fail;
    }
    thread_count_add(interp, 1);
    unsigned long id = PyThread_start_new_thread(thread_run, boot);
    if (id != PYTHREAD_INVALID_THREAD_ID)
        return PyLong_FromUnsignedLong(id);
    thread_count_add(interp, -1);
    PyErr_SetString(PyExc_RuntimeError, "can't start new thread");
    PyThreadState_Clear(boot->tstate);
    PyThreadState_Delete(boot->tstate);
fail:
    Py_DECREF(boot->func);
    Py_DECREF(boot->args);
    Py_XDECREF(boot->kwargs);
    PyMem_Free(boot);
    return NULL;
}

static PyObject *thread_exit(PyObject *m, PyObject *ignored)
{
    PyErr_SetNone(PyExc_SystemExit);
    return NULL;
}

static PyObject *thread_interrupt_main(PyObject *m, PyObject *args)
{
    int signum = 2; /* SIGINT */
    if (!PyArg_ParseTuple(args, "|i:signum", &signum))
        return NULL;
    if (PyErr_SetInterruptEx(signum) < 0) {
        PyErr_SetString(PyExc_ValueError, "signal number out of range");
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *thread_allocate_lock(PyObject *m, PyObject *ignored)
{
    return lock_make(state_of(m)->lock_type);
}
static PyObject *thread_get_ident(PyObject *m, PyObject *i)
{
    return PyLong_FromUnsignedLong(PyThread_get_thread_ident());
}

static PyObject *thread_native_id(PyObject *m, PyObject *ignored)
{
    return PyLong_FromUnsignedLong(PyThread_get_thread_native_id());
}

static PyObject *thread_count(PyObject *m, PyObject *ignored) { return PyLong_FromLong(started); }

/* At the end of the thread: releases the lock if it still lives. Runs with the GIL; must not run
 * Python code. */
static void release_sentinel(void *weakref)
{
    PyObject *obj = PyWeakref_GET_OBJECT((PyObject *)weakref);
    if (obj != Py_None) {
        Lock *lock = (Lock *)obj;
        if (lock->locked) {
            lock->locked = 0;
            PyThread_release_lock(lock->lock);
        }
    }
    Py_DECREF((PyObject *)weakref);
}

static PyObject *thread_set_sentinel(PyObject *m, PyObject *ignored)
{
    PyThreadState *tstate = tstate_get();
    if (tstate->on_delete_data) {
        /* A second call, as when a thread state is used again after a fork. */
        PyObject *old = tstate->on_delete_data;
        tstate->on_delete = NULL;
        tstate->on_delete_data = NULL;
        Py_DECREF(old);
    }
    PyObject *lock = lock_make(state_of(m)->lock_type),
             *ref = lock ? PyWeakref_NewRef(lock, NULL) : NULL;
    if (!ref) {
        Py_XDECREF(lock);
        return NULL;
    }
    tstate->on_delete_data = ref;
    tstate->on_delete = release_sentinel;
    return lock;
}

static PyObject *thread_stack_size(PyObject *m, PyObject *args)
{
    Py_ssize_t size = 0;
    if (!PyArg_ParseTuple(args, "|n:stack_size", &size))
        return NULL;
    if (size < 0) {
        PyErr_SetString(PyExc_ValueError, "size must be 0 or a positive value");
        return NULL;
    }
    size_t old = PyThread_get_stacksize();
    if (PyThread_set_stacksize((size_t)size) == -1) {
        PyErr_Format(PyExc_ValueError, "size not valid: %zd bytes", size);
        return NULL;
    }
    return PyLong_FromSsize_t((Py_ssize_t)old);
}

/* -- Uncaught exceptions --------------------------------------------------------------------- */

/* Part of the excepthook: name of the thread (its number when it has none), then the traceback. */
static int report(PyObject *file, PyObject *type, PyObject *value, PyObject *tb, PyObject *thread)
{
    PyObject *name = NULL;
    if (thread != Py_None && _PyObject_LookupAttr(thread, ID(name), &name) < 0)
        return -1;
    int res = PyFile_WriteString("Exception in thread ", file);
    if (res == 0 && name) {
        res = PyFile_WriteObject(name, file, Py_PRINT_RAW);
        if (res < 0) {
            PyErr_Clear();
            res = 0;
        }
    } else if (res == 0) {
        PyObject *id = PyLong_FromUnsignedLong(PyThread_get_thread_ident());
        PyObject *str = id ? PyObject_Str(id) : NULL;
        res = str ? PyFile_WriteObject(str, file, Py_PRINT_RAW) : -1;
        Py_XDECREF(id);
        Py_XDECREF(str);
    }
    Py_XDECREF(name);
    if (res < 0 || PyFile_WriteString(":\n", file) < 0)
        return -1;
    _PyErr_Display(file, type, value, tb);
    PyObject *flushed = PyObject_CallMethodNoArgs(file, ID(flush));
    Py_XDECREF(flushed);
    return flushed ? 0 : -1;
}

static PyObject *thread_excepthook(PyObject *m, PyObject *args)
{
    if (!Py_IS_TYPE(args, state_of(m)->excepthook_type)) {
        PyErr_SetString(PyExc_TypeError, "_thread.excepthook argument type must be ExceptHookArgs");
        return NULL;
    }
    PyObject *type = PyStructSequence_GET_ITEM(args, 0),
             *value = PyStructSequence_GET_ITEM(args, 1);
    PyObject *tb = PyStructSequence_GET_ITEM(args, 2), *thread = PyStructSequence_GET_ITEM(args, 3);
    if (type == PyExc_SystemExit)
        Py_RETURN_NONE;
    PyObject *file = sys_get("stderr");
    if (!file || file == Py_None) {
        if (thread == Py_None)
            Py_RETURN_NONE;
        file = PyObject_GetAttr(thread, ID2(_stderr)); /* the stderr of when the thread was made */
        if (!file)
            return NULL;
        if (file == Py_None)
            return file;
    } else {
        Py_INCREF(file);
    }
    int res = report(file, type, value, tb, thread);
    Py_DECREF(file);
    if (res < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyStructSequence_Field hook_fields[] = {
    {"exc_type", "Exception type"},
    {"exc_value", "Exception value"},
    {"exc_traceback", "Exception traceback"},
    {"thread", "Thread"},
    {NULL},
};
static PyStructSequence_Desc hook_desc = {
    "_thread._ExceptHookArgs",
    "ExceptHookArgs\n\nWhat threading.excepthook is called with.",
    hook_fields,
    4,
};

/* -- Module ---------------------------------------------------------------------------------- */

#define START_DOC                                                                                  \
    "start_new_thread(function, args[, kwargs])\n\n"                                               \
    "Run function(*args, **kwargs) in a new thread and return its number.\nSystemExit ends the "   \
    "thread in silence."
static PyMethodDef methods[] = {
    {"start_new_thread", thread_start, METH_VARARGS, START_DOC},
    {"start_new", thread_start, METH_VARARGS, START_DOC},
    {"allocate_lock", thread_allocate_lock, METH_NOARGS,
     "allocate_lock() -> lock object\n\nMake a lock."},
    {"allocate", thread_allocate_lock, METH_NOARGS,
     "allocate_lock() -> lock object\n\nMake a lock."},
    {"exit_thread", thread_exit, METH_NOARGS, "exit()\n\nEnd this thread: raises SystemExit."},
    {"exit", thread_exit, METH_NOARGS, "exit()\n\nEnd this thread: raises SystemExit."},
    {"interrupt_main", thread_interrupt_main, METH_VARARGS,
     "interrupt_main(signum=signal.SIGINT, /)\n\nHave the main thread act as if the signal had "
     "arrived."},
    {"get_ident", thread_get_ident, METH_NOARGS,
     "get_ident() -> integer\n\nA number of this thread; may be used again."},
    {"get_native_id", thread_native_id, METH_NOARGS,
     "get_native_id() -> integer\n\nThe system's number of this thread."},
    {"_count", thread_count, METH_NOARGS,
     "_count() -> integer\n\nNumber of started threads that have not ended."},
    {"stack_size", thread_stack_size, METH_VARARGS,
     "stack_size([size]) -> size\n\nSet the stack size of threads to come (0: the system's); gives "
     "the old one."},
    {"_set_sentinel", thread_set_sentinel, METH_NOARGS,
     "_set_sentinel() -> lock\n\nA lock that is released when this thread ends."},
    {"_excepthook", thread_excepthook, METH_O,
     "excepthook(exc_type, exc_value, exc_traceback, thread)\n\n"
     "Report what Thread.run() did not catch."},
    {NULL},
};

static int thread_exec(PyObject *m)
{
    struct thread_state *st = state_of(m);
    st->lock_type = (PyTypeObject *)PyType_FromModuleAndSpec(m, &lock_spec, NULL);
    st->rlock_type = (PyTypeObject *)PyType_FromModuleAndSpec(m, &rlock_spec, NULL);
    st->excepthook_type = PyStructSequence_NewType(&hook_desc);
    if (!st->lock_type || !st->rlock_type || !st->excepthook_type || thread_local_init(m) < 0)
        return -1;
    double max = (double)PY_TIMEOUT_MAX * 1e-6;
    PyObject *limit = PyFloat_FromDouble(max < 9223372036.0 ? max : 9223372036.0);
    int res = limit && PyModule_AddObjectRef(m, "TIMEOUT_MAX", limit) == 0
              && PyModule_AddObjectRef(m, "error", PyExc_RuntimeError) == 0
              && PyModule_AddObjectRef(m, "LockType", (PyObject *)st->lock_type) == 0
              && PyModule_AddType(m, st->rlock_type) == 0
              && PyModule_AddType(m, st->excepthook_type) == 0 ? 0 : -1;
    Py_XDECREF(limit);
    return res;
}

static int thread_traverse(PyObject *m, visitproc visit, void *arg)
{
    Py_VISIT(state_of(m)->lock_type);
    Py_VISIT(state_of(m)->rlock_type);
    Py_VISIT(state_of(m)->excepthook_type);
    Py_VISIT(state_of(m)->local_type);
    Py_VISIT(state_of(m)->dummy_type);
    return 0;
}

static int thread_clear(PyObject *m)
{
    Py_CLEAR(state_of(m)->lock_type);
    Py_CLEAR(state_of(m)->rlock_type);
    Py_CLEAR(state_of(m)->excepthook_type);
    Py_CLEAR(state_of(m)->local_type);
    Py_CLEAR(state_of(m)->dummy_type);
    return 0;
}

static void thread_free(void *m) { thread_clear(m); }

static PyModuleDef_Slot slots[] = {{Py_mod_exec, thread_exec}, {0, NULL}};
struct PyModuleDef thread_module_def = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_thread",
    .m_size = sizeof(struct thread_state),
    .m_doc = "Threads and locks; module threading makes them convenient.",
    .m_methods = methods,
    .m_slots = slots,
    .m_traverse = thread_traverse,
    .m_clear = thread_clear,
    .m_free = thread_free,
};

PyMODINIT_FUNC PyInit__thread(void) { return PyModuleDef_Init(&thread_module_def); }
