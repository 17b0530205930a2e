/* SPDX-License-Identifier: MIT
 *
 * PyThread_*: threads, locks and thread-specific values on POSIX threads. None of it needs the lock
 * (GIL).
 *
 * A PyThread lock is a semaphore of one: it may be released by another thread than its taker, and a
 * wait for it can be broken by a signal.
 */
#include "base/cstack.h"
#include "runtime/rt.h"
#include <semaphore.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* -- Threads --------------------------------------------------------------------------------- */

#define THREAD_STACK_MIN 0x8000

void PyThread_init_thread(void) {}
unsigned long PyThread_get_thread_ident(void) { return (unsigned long)pthread_self(); }
unsigned long PyThread_get_thread_native_id(void) { return (unsigned long)syscall(SYS_gettid); }

void _Py_NO_RETURN PyThread_exit_thread(void)
{
    if (gil_created())
        pthread_exit(NULL);
    exit(0);
}

/* What a new thread is to do; it frees this. */
struct start {
    void (*func)(void *);
    void *arg;
};

static void *thread_main(void *arg)
{
    struct start s = *(struct start *)arg;
    PyMem_RawFree(arg);
    cstack_note();
    s.func(s.arg);
    return NULL;
}

/* Detached; PYTHREAD_INVALID_THREAD_ID when it cannot be made. */
unsigned long PyThread_start_new_thread(void (*func)(void *), void *arg)
{
    pthread_attr_t attr;
    pthread_t thread;
    struct start *s = PyMem_RawMalloc(sizeof *s);
    if (!s || pthread_attr_init(&attr) != 0) {
        PyMem_RawFree(s);
        return PYTHREAD_INVALID_THREAD_ID;
    }
    *s = (struct start){func, arg};
    PyThreadState *tstate = tstate_get();
    size_t stacksize = tstate ? tstate->interp->threads.stacksize : 0;
    int status = stacksize ? pthread_attr_setstacksize(&attr, stacksize) : 0;
    if (status == 0) {
        pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
        status = pthread_create(&thread, &attr, thread_main, s);
    }
    pthread_attr_destroy(&attr);
    if (status != 0) {
        PyMem_RawFree(s);
        return PYTHREAD_INVALID_THREAD_ID;
    }
    return (unsigned long)thread;
}

size_t PyThread_get_stacksize(void) { return interp_get()->threads.stacksize; }

/* 0: the system's. -1: too small. */
int PyThread_set_stacksize(size_t size)
{
    pthread_attr_t attr;
    if (size == 0) {
        interp_get()->threads.stacksize = 0;
        return 0;
    }
    if (size < THREAD_STACK_MIN || pthread_attr_init(&attr) != 0)
        return -1;
    int res = pthread_attr_setstacksize(&attr, size);
    pthread_attr_destroy(&attr);
    if (res != 0)
        return -1;
    interp_get()->threads.stacksize = size;
    return 0;
}

/* -- Locks ----------------------------------------------------------------------------------- */

/* NULL when there is none. */
PyThread_type_lock PyThread_allocate_lock(void)
{
    sem_t *sem = PyMem_RawMalloc(sizeof *sem);
    if (sem && sem_init(sem, 0, 1) != 0) {
        perror("sem_init");
        PyMem_RawFree(sem);
        return NULL;
    }
    return sem;
}

void PyThread_free_lock(PyThread_type_lock lock)
{
    if (!lock)
        return;
    sem_destroy(lock);
    PyMem_RawFree(lock);
}

/* On the monotonic clock, so that setting the time of day harms nothing. */
static struct timespec deadline(PY_TIMEOUT_T us)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    long long sec = us / 1000000, nsec = us % 1000000 * 1000 + ts.tv_nsec;
    if (sec > (long long)INT32_MAX * 1024)
        sec = (long long)INT32_MAX * 1024;
    ts.tv_sec += (time_t)(sec + nsec / 1000000000);
    ts.tv_nsec = (long)(nsec % 1000000000);
    return ts;
}

/* us < 0: without end. intr_flag: a signal ends the wait. */
PyLockStatus PyThread_acquire_lock_timed(PyThread_type_lock lock, PY_TIMEOUT_T us, int intr_flag)
{
    struct timespec until = {0};
    int res;
    if (us == 0) {
        while ((res = sem_trywait(lock)) != 0 && errno == EINTR) {}
        return res == 0 ? PY_LOCK_ACQUIRED : PY_LOCK_FAILURE;
    }
    if (us > 0)
        until = deadline(us);
    do {
        res = us > 0 ? sem_clockwait(lock, CLOCK_MONOTONIC, &until) : sem_wait(lock);
    } while (res != 0 && errno == EINTR && !intr_flag);
    if (res == 0)
        return PY_LOCK_ACQUIRED;
    return intr_flag && errno == EINTR ? PY_LOCK_INTR : PY_LOCK_FAILURE;
}

int PyThread_acquire_lock(PyThread_type_lock lock, int waitflag)
{
    return PyThread_acquire_lock_timed(lock, waitflag ? -1 : 0, 0) == PY_LOCK_ACQUIRED;
}

void PyThread_release_lock(PyThread_type_lock lock) { sem_post(lock); }

/* The lock may be in any state, but nobody of this process waits for it: make it anew where it
   lies, so that it is freed by the allocator that it came from. */
int _PyThread_at_fork_reinit(PyThread_type_lock *lock) { return sem_init(*lock, 0, 1); }

/* -- Thread-specific values ------------------------------------------------------------------ */

Py_tss_t *PyThread_tss_alloc(void) { return PyMem_RawCalloc(1, sizeof(Py_tss_t)); }

void PyThread_tss_free(Py_tss_t *key)
{
    if (!key)
        return;
    PyThread_tss_delete(key);
    PyMem_RawFree(key);
}

int PyThread_tss_is_created(Py_tss_t *key) { return key->_is_initialized; }

int PyThread_tss_create(Py_tss_t *key)
{
    if (key->_is_initialized)
        return 0;
    if (pthread_key_create(&key->_key, NULL) != 0)
        return -1;
    key->_is_initialized = 1;
    return 0;
}

void PyThread_tss_delete(Py_tss_t *key)
{
    if (!key->_is_initialized)
        return;
    pthread_key_delete(key->_key);
    key->_is_initialized = 0;
}

int PyThread_tss_set(Py_tss_t *key, void *value)
{
    return pthread_setspecific(key->_key, value) == 0 ? 0 : -1;
}

void *PyThread_tss_get(Py_tss_t *key) { return pthread_getspecific(key->_key); }

/* The older interface, with int keys. */
int PyThread_create_key(void)
{
    pthread_key_t key;
    if (pthread_key_create(&key, NULL) != 0)
        return -1;
    if (key > INT_MAX) {
        pthread_key_delete(key);
        errno = ENOMEM;
        return -1;
    }
    return (int)key;
}

void PyThread_delete_key(int key) { pthread_key_delete((pthread_key_t)key); }
void PyThread_delete_key_value(int key) { pthread_setspecific((pthread_key_t)key, NULL); }
int PyThread_set_key_value(int key, void *value)
{
    return pthread_setspecific((pthread_key_t)key, value) ? -1 : 0;
}

void *PyThread_get_key_value(int key) { return pthread_getspecific((pthread_key_t)key); }
void PyThread_ReInitTLS(void) {}

/* -- sys.thread_info ------------------------------------------------------------------------- */

PyDoc_STRVAR(info_doc, "sys.thread_info\n\nHow threads and locks are made here.");
static PyStructSequence_Field info_fields[] = {
    {"name", "name of the thread library"},
    {"lock", "what locks are made of"},
    {"version", "thread library and its version"},
    {NULL},
};
static PyStructSequence_Desc info_desc = {"sys.thread_info", info_doc, info_fields, 3};
static PyTypeObject info_type;

static PyObject *library_version(void)
{
    char buffer[255];
    size_t n = confstr(_CS_GNU_LIBPTHREAD_VERSION, buffer, sizeof buffer);
    return n > 1 && n < sizeof buffer ? PyUnicode_DecodeFSDefaultAndSize(buffer, (Py_ssize_t)n - 1)
                                      : Py_NewRef(Py_None);
}

PyObject *PyThread_GetInfo(void)
{
    if (!info_type.tp_name && PyStructSequence_InitType2(&info_type, &info_desc) < 0)
        return NULL;
    PyObject *info = PyStructSequence_New(&info_type);
    if (!info)
        return NULL;
    PyStructSequence_SET_ITEM(info, 0, PyUnicode_FromString("pthread"));
    PyStructSequence_SET_ITEM(info, 1, PyUnicode_FromString("semaphore"));
    PyStructSequence_SET_ITEM(info, 2, library_version());
    if (PyErr_Occurred())
        Py_CLEAR(info);
    return info;
}
