/* SPDX-License-Identifier: MIT
 *
 * What all hash modules share: reading the data, and a lock for hashes that let other threads run
 * meanwhile.
 */
#ifndef VITRO_HASHING_H
#define VITRO_HASHING_H

#include "args.h"

extern EXPORT PyObject *_Py_strhex(const char *data, const Py_ssize_t n);

/* Data of this size is hashed without the interpreter's lock. */
#define HASHING_LARGE 2048

/* Opens a bytes-like object for reading; the caller releases it. */
static inline int hashing_open(PyObject *object, Py_buffer *data)
{
    if (PyUnicode_Check(object)) {
        PyErr_SetString(PyExc_TypeError, "Strings must be encoded before hashing");
        return -1;
    }
    if (!PyObject_CheckBuffer(object)) {
        PyErr_SetString(PyExc_TypeError, "object supporting the buffer API required");
        return -1;
    }
    if (PyObject_GetBuffer(object, data, PyBUF_SIMPLE) < 0)
        return -1;
    if (data->ndim > 1) {
        PyErr_SetString(PyExc_BufferError, "Buffer must be single dimension");
        PyBuffer_Release(data);
        return -1;
    }
    return 0;
}

/* A hash's own lock: NULL until the first large update, since before that the interpreter's lock is
 * enough. */
typedef PyThread_type_lock HashLock;

static inline void hashing_lock(HashLock lock)
{
    if (lock && !PyThread_acquire_lock(lock, NOWAIT_LOCK))
        UNLOCKED(PyThread_acquire_lock(lock, WAIT_LOCK));
}
static inline void hashing_unlock(HashLock lock)
{
    if (lock)
        PyThread_release_lock(lock);
}

/* Feeds `object` to the hash `self`. No thread sees a hash between two blocks. */
static inline int hashing_update(void *self, HashLock *lock, PyObject *object,
                                 void (*feed)(void *self, const unsigned char *from, size_t n))
{
    Py_buffer data;
    if (hashing_open(object, &data) < 0)
        return -1;
    if (!*lock && data.len >= HASHING_LARGE)
        *lock = PyThread_allocate_lock();
    if (*lock) {
        Py_BEGIN_ALLOW_THREADS PyThread_acquire_lock(*lock, WAIT_LOCK);
        feed(self, data.buf, (size_t)data.len);
        PyThread_release_lock(*lock);
        Py_END_ALLOW_THREADS
    } else {
        feed(self, data.buf, (size_t)data.len);
    }
    PyBuffer_Release(&data);
    return 0;
}

#endif
