/* SPDX-License-Identifier: MIT
 *
 * What all buffered streams share: the object's life, its lock, the raw stream's position,
 * flushing, seeking. See buffered.h for the picture and the invariants.
 */
#include "buffered.h"

/* -- Checks and lock ------------------------------------------------------------------------- */

int buffered_check_ready(Buffered *self)
{
    if (self->ok)
        return 0;
    PyErr_SetString(PyExc_ValueError, self->detached ? "raw stream has been detached"
                                                     : "I/O operation on uninitialized object");
    return -1;
}

/* 1 closed, 0 open, -1 error. */
static int buffered_is_closed(Buffered *self)
{
    if (buffered_check_ready(self) < 0)
        return -1;
    return io_is_closed(self->raw);
}

int buffered_check_open(Buffered *self, const char *message)
{
    int closed =
        self->fast_closed && self->ok ? fileio_is_closed(self->raw) : buffered_is_closed(self);
    if (closed > 0)
        PyErr_SetString(PyExc_ValueError, message);
    return closed ? -1 : 0;
}

/* Slow half of buffered_lock: somebody holds it. */
static int buffered_wait(Buffered *self)
{
    if (self->owner == PyThread_get_thread_ident()) {
        PyErr_Format(PyExc_RuntimeError, "reentrant call inside %R", self);
        return -1;
    }
    PyLockStatus got;
    if (!_Py_IsFinalizing()) {
        UNLOCKED(got = PyThread_acquire_lock(self->lock, WAIT_LOCK) ? PY_LOCK_ACQUIRED
                                                                    : PY_LOCK_FAILURE);
    } else {
        /* At shutdown a daemon thread may hold it for ever. */
        got = PyThread_acquire_lock_timed(self->lock, (PY_TIMEOUT_T)1000000, 0);
    }
    if (got == PY_LOCK_ACQUIRED)
        return 0;
    PyObject *repr = PyObject_Repr((PyObject *)self);
    const char *text = repr ? PyUnicode_AsUTF8(repr) : "<buffered stream>";
    _Py_FatalErrorFormat(
        "_enter_buffered_busy",
        "could not acquire lock for %s at interpreter shutdown, possibly due to daemon threads",
        text);
}

int buffered_lock(Buffered *self)
{
    if (!PyThread_acquire_lock(self->lock, 0) && buffered_wait(self) < 0)
        return -1;
    self->owner = PyThread_get_thread_ident();
    return 0;
}

/* -- Life ------------------------------------------------------------------------------------ */

/* May be called again (__init__): `ok` is false until all is in place. */
int buffered_setup(Buffered *self, PyObject *raw, Py_ssize_t size, bool readable, bool writable)
{
    self->ok = self->detached = false;
    if (readable && iobase_check_readable(raw) < 0)
        return -1;
    if (writable && iobase_check_writable(raw) < 0)
        return -1;
    if (size <= 0) {
        PyErr_SetString(PyExc_ValueError, "buffer size must be strictly positive");
        return -1;
    }
    Py_XSETREF(self->raw, Py_NewRef(raw));
    self->readable = readable;
    self->writable = writable;
    self->buffer_size = size;
    PyMem_Free(self->buffer);
    self->buffer = PyMem_Malloc((size_t)size);
    if (!self->buffer) {
        PyErr_NoMemory();
        return -1;
    }
    if (self->lock)
        PyThread_free_lock(self->lock);
    self->lock = PyThread_allocate_lock();
    if (!self->lock) {
        PyErr_SetString(PyExc_RuntimeError, "can't allocate read lock");
        return -1;
    }
    self->owner = 0;
    self->pos = 0;
    self->read_end = self->write_end = -1;
    self->write_pos = self->raw_pos = 0;
    self->abs_pos = 0;
    if (buffered_raw_tell(self) < 0)
        PyErr_Clear();
    self->fast_closed = Py_IS_TYPE(raw, &PyFileIO_Type);
    self->ok = true;
    return 0;
}

int buffered_traverse(Buffered *self, visitproc visit, void *arg)
{
    Py_VISIT(self->raw);
    Py_VISIT(self->dict);
    return 0;
}

int buffered_clear(Buffered *self)
{
    self->ok = false;
    Py_CLEAR(self->raw);
    Py_CLEAR(self->dict);
    return 0;
}

void buffered_dealloc(Buffered *self)
{
    self->finalizing = 1;
    if (iobase_finalize_from_dealloc((PyObject *)self) < 0)
        return;
    PyObject_GC_UnTrack(self);
    self->ok = false;
    if (self->weakreflist)
        PyObject_ClearWeakRefs((PyObject *)self);
    PyMem_Free(self->buffer);
    if (self->lock)
        PyThread_free_lock(self->lock);
    Py_CLEAR(self->raw);
    Py_CLEAR(self->dict);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

PyObject *buffered_dealloc_warn(Buffered *self, PyObject *source)
{
    if (self->ok && self->raw) {
        PyObject *res = PyObject_CallMethodOneArg(self->raw, ID(_dealloc_warn), source);
        if (!res)
            PyErr_Clear();
        Py_XDECREF(res);
    }
    Py_RETURN_NONE;
}

/* -- Delegation ------------------------------------------------------------------------------ */

static PyObject *ask_raw(Buffered *self, PyObject *method)
{
    return buffered_check_ready(self) < 0 ? NULL : PyObject_CallMethodNoArgs(self->raw, method);
}

PyObject *buffered_simple_flush(Buffered *self, PyObject *unused)
{
    return ask_raw(self, ID(flush));
}
PyObject *buffered_seekable(Buffered *self, PyObject *unused)
{
    return ask_raw(self, ID(seekable));
}
PyObject *buffered_readable(Buffered *self, PyObject *unused)
{
    return ask_raw(self, ID(readable));
}
PyObject *buffered_writable(Buffered *self, PyObject *unused)
{
    return ask_raw(self, ID(writable));
}
PyObject *buffered_fileno(Buffered *self, PyObject *unused) { return ask_raw(self, ID(fileno)); }
PyObject *buffered_isatty(Buffered *self, PyObject *unused) { return ask_raw(self, ID(isatty)); }

static PyObject *get_raw_attribute(Buffered *self, PyObject *name)
{
    return buffered_check_ready(self) < 0 ? NULL : PyObject_GetAttr(self->raw, name);
}
static PyObject *buffered_get_closed(Buffered *self, void *unused)
{
    return get_raw_attribute(self, ID(closed));
}
static PyObject *buffered_get_name(Buffered *self, void *unused)
{
    return get_raw_attribute(self, ID(name));
}
static PyObject *buffered_get_mode(Buffered *self, void *unused)
{
    return get_raw_attribute(self, ID(mode));
}

PyObject *buffered_sizeof(Buffered *self, PyObject *unused)
{
    return PyLong_FromSsize_t(Py_TYPE(self)->tp_basicsize + (self->buffer ? self->buffer_size : 0));
}

PyObject *buffered_repr(Buffered *self)
{
    PyObject *name, *res = NULL;
    if (_PyObject_LookupAttr((PyObject *)self, ID(name), &name) < 0) {
        if (!PyErr_ExceptionMatches(PyExc_ValueError))
            return NULL;
        /* Ignore "raw stream has been detached". */
        PyErr_Clear();
        name = NULL;
    }
    if (!name)
        return PyUnicode_FromFormat("<%s>", Py_TYPE(self)->tp_name);
    int status = Py_ReprEnter((PyObject *)self);
    if (status == 0) {
        res = PyUnicode_FromFormat("<%s name=%R>", Py_TYPE(self)->tp_name, name);
        Py_ReprLeave((PyObject *)self);
    } else if (status > 0) {
        PyErr_Format(PyExc_RuntimeError, "reentrant call inside %s.__repr__",
                     Py_TYPE(self)->tp_name);
    }
    Py_DECREF(name);
    return res;
}

/* -- Raw stream ------------------------------------------------------------------------------ */

static off_t checked_position(Buffered *self, PyObject *res, const char *what)
{
    if (!res)
        return -1;
    off_t n = off_from_object(res, PyExc_ValueError);
    Py_DECREF(res);
    if (n < 0) {
        if (!PyErr_Occurred())
            PyErr_Format(PyExc_OSError, "Raw stream returned invalid position %lld", (long long)n);
        return -1;
    }
    return self->abs_pos = n;
}

off_t buffered_raw_tell(Buffered *self)
{
    self->abs_pos = -1;
    return checked_position(self, PyObject_CallMethodNoArgs(self->raw, ID(tell)), "tell");
}

static off_t raw_tell_cached(Buffered *self)
{
    return self->abs_pos != -1 ? self->abs_pos : buffered_raw_tell(self);
}

off_t buffered_raw_seek(Buffered *self, off_t target, int whence)
{
    PyObject *offset = PyLong_FromLongLong(target), *res = NULL;
    self->abs_pos = -1;
    if (offset) {
        res = PyObject_VectorcallMethod(
            ID(seek), (PyObject *[]){self->raw, offset, SMALL_INT(whence)}, 3, NULL);
        Py_DECREF(offset);
    }
    return checked_position(self, res, "seek");
}

/* A memoryview over part of our buffer for readinto()/write() of the raw stream. */
static PyObject *raw_call(Buffered *self, PyObject *method, char *start, Py_ssize_t n, int writable)
{
    PyObject *view = PyMemoryView_FromMemory(start, n, writable ? PyBUF_WRITE : PyBUF_READ), *res;
    if (!view)
        return NULL;
    do {
        res = PyObject_CallMethodOneArg(self->raw, method, view);
    } while (!res && io_trap_eintr());
    Py_DECREF(view);
    return res;
}

/* -2: it would block. What the raw stream says is not believed unchecked: it may be any object. */
Py_ssize_t buffered_raw_read(Buffered *self, char *start, Py_ssize_t size)
{
    PyObject *res = raw_call(self, ID(readinto), start, size, 1);
    if (!res)
        return -1;
    if (res == Py_None) {
        Py_DECREF(res);
        return -2;
    }
    Py_ssize_t n = PyNumber_AsSsize_t(res, PyExc_ValueError);
    Py_DECREF(res);
    if (n == -1 && PyErr_Occurred()) {
        _PyErr_FormatFromCause(PyExc_OSError, "raw readinto() failed");
        return -1;
    }
    if (n < 0 || n > size) {
        PyErr_Format(
            PyExc_OSError,
            "raw readinto() returned invalid length %zd (should have been between 0 and %zd)", n,
            size);
        return -1;
    }
    if (n > 0 && self->abs_pos != -1)
        self->abs_pos += n;
    return n;
}

Py_ssize_t buffered_raw_write(Buffered *self, char *start, Py_ssize_t size)
{
    errno = 0;
    PyObject *res = raw_call(self, ID(write), start, size, 0);
    if (!res)
        return -1;
    if (res == Py_None) {
        /* What the stream said about it goes into the exception. */
        int number = errno;
        Py_DECREF(res);
        errno = number;
        return -2;
    }
    Py_ssize_t n = PyNumber_AsSsize_t(res, PyExc_ValueError);
    Py_DECREF(res);
    if (n < 0 || n > size) {
        if (!(n == -1 && PyErr_Occurred()))
            PyErr_Format(
                PyExc_OSError,
                "raw write() returned invalid length %zd (should have been between 0 and %zd)", n,
                size);
        return -1;
    }
    if (n > 0 && self->abs_pos != -1)
        self->abs_pos += n;
    return n;
}

void buffered_reset_read(Buffered *self) { self->read_end = -1; }

/* Moves the program's position; data read is kept as far as it reaches. */
void buffered_adjust_position(Buffered *self, Py_ssize_t pos)
{
    self->pos = pos;
    if (VALID_READ(self) && self->read_end < pos)
        self->read_end = pos;
}

/* -- Flushing -------------------------------------------------------------------------------- */

static void set_blocking_error(const char *message, Py_ssize_t written)
{
    PyObject *error = PyObject_CallFunction(PyExc_BlockingIOError, "isn", errno, message, written);
    if (error)
        PyErr_SetObject(PyExc_BlockingIOError, error);
    Py_XDECREF(error);
}

int buffered_flush_write(Buffered *self)
{
    if (VALID_WRITE(self) && self->write_pos < self->write_end) {
        /* Bring the raw stream to where the data belongs. */
        Py_ssize_t rewind = buffered_raw_offset(self) + (self->pos - self->write_pos);
        if (rewind != 0) {
            if (buffered_raw_seek(self, -rewind, 1) < 0)
                return -1;
            self->raw_pos -= rewind;
        }
        while (self->write_pos < self->write_end) {
            Py_ssize_t n = buffered_raw_write(self, self->buffer + self->write_pos,
                                              self->write_end - self->write_pos);
            if (n == -1)
                return -1;
            if (n == -2) {
                set_blocking_error("write could not complete without blocking", 0);
                return -1;
            }
            /* The program's own place stays: only the raw stream moved. */
            self->write_pos += n;
            self->raw_pos = self->write_pos;
            /* Writes may be cut short by signals. */
            if (PyErr_CheckSignals() < 0)
                return -1;
        }
    }
    self->write_pos = 0;
    self->write_end = -1;
    return 0;
}

int buffered_flush_and_rewind(Buffered *self)
{
    if (buffered_flush_write(self) < 0)
        return -1;
    if (self->readable) {
        /* Read-ahead is given back so that the raw position is the program's. */
        off_t n = buffered_raw_seek(self, -buffered_raw_offset(self), 1);
        buffered_reset_read(self);
        if (n < 0)
            return -1;
    }
    return 0;
}

PyObject *buffered_flush(Buffered *self, PyObject *unused)
{
    if (buffered_check_ready(self) < 0 || buffered_check_open(self, "flush of closed file") < 0 ||
        buffered_lock(self) < 0)
        return NULL;
    int rc = buffered_flush_and_rewind(self);
    buffered_unlock(self);
    return rc < 0 ? NULL : Py_NewRef(Py_None);
}

/* -- Closing --------------------------------------------------------------------------------- */

PyObject *buffered_close(Buffered *self, PyObject *unused)
{
    PyObject *res = NULL, *type = NULL, *value = NULL, *tb = NULL;
    if (buffered_check_ready(self) < 0 || buffered_lock(self) < 0)
        return NULL;
    int closed = buffered_is_closed(self);
    if (closed) {
        buffered_unlock(self);
        return closed < 0 ? NULL : Py_NewRef(Py_None);
    }
    if (self->finalizing) {
        PyObject *none = buffered_dealloc_warn(self, (PyObject *)self);
        Py_XDECREF(none);
    }
    /* flush() takes the lock itself. */
    buffered_unlock(self);
    res = PyObject_CallMethodNoArgs((PyObject *)self, ID(flush));
    if (!res)
        PyErr_Fetch(&type, &value, &tb);
    Py_XDECREF(res);
    res = NULL;
    if (buffered_lock(self) < 0) {
        _PyErr_ChainExceptions(type, value, tb);
        return NULL;
    }
    res = PyObject_CallMethodNoArgs(self->raw, ID(close));
    PyMem_Free(self->buffer);
    self->buffer = NULL;
    if (type) {
        _PyErr_ChainExceptions(type, value, tb);
        Py_CLEAR(res);
    }
    self->read_end = 0;
    self->pos = 0;
    buffered_unlock(self);
    return res;
}

PyObject *buffered_detach(Buffered *self, PyObject *unused)
{
    if (buffered_check_ready(self) < 0)
        return NULL;
    PyObject *res = PyObject_CallMethodNoArgs((PyObject *)self, ID(flush));
    if (!res)
        return NULL;
    Py_DECREF(res);
    PyObject *raw = self->raw;
    self->raw = NULL;
    self->detached = true;
    self->ok = false;
    return raw;
}

/* -- Positions ------------------------------------------------------------------------------- */

PyObject *buffered_tell(Buffered *self, PyObject *unused)
{
    if (buffered_check_ready(self) < 0)
        return NULL;
    off_t pos = buffered_raw_tell(self);
    if (pos == -1)
        return NULL;
    pos -= buffered_raw_offset(self);
    if (pos < 0)
        pos = 0;
    return PyLong_FromLongLong(pos);
}

/* A target that lies in what is buffered needs no call: true when done. */
static bool seek_in_buffer(Buffered *self, off_t target, int whence, off_t *result)
{
    if (buffered_readahead(self) == 0)
        return false; /* the raw stream is not asked where it stands */
    off_t current = raw_tell_cached(self), offset;
    if (current == -1) {
        PyErr_Clear();
        return false;
    }
    current -= buffered_raw_offset(self);
    offset = whence == 0 ? target - current : target;
    if (offset < -self->pos || offset > buffered_readahead(self))
        return false;
    self->pos += offset;
    *result = current + offset;
    return true;
}

PyObject *buffered_seek(Buffered *self, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *target_object, *res = NULL;
    int whence = 0;
    off_t target, n;
    if (nargs == 1)
        target_object = args[0];
    else if (!IO_ARGS(1, 2, "O|i:seek", &target_object, &whence))
        return NULL;
    if (buffered_check_ready(self) < 0)
        return NULL;
    if (whence < 0 || (whence > 2 && whence != 3 && whence != 4))
        return PyErr_Format(PyExc_ValueError, "whence value %d unsupported", whence);
    if (buffered_check_open(self, "seek of closed file") < 0)
        return NULL;
    /* Whether a stream can be positioned is asked once per seek, before anything moves. */
    if (iobase_check_seekable(self->raw) < 0)
        return NULL;
    target = off_from_object(target_object, PyExc_ValueError);
    if (target == -1 && PyErr_Occurred())
        return NULL;
    if ((whence == 0 || whence == 1) && self->readable && seek_in_buffer(self, target, whence, &n))
        return PyLong_FromLongLong(n);
    if (buffered_lock(self) < 0)
        return NULL;
    if (self->writable && buffered_flush_write(self) < 0)
        goto done;
    if (whence == 1)
        target -= buffered_raw_offset(self);
    n = buffered_raw_seek(self, target, whence);
    if (n == -1)
        goto done;
    self->raw_pos = -1;
    if (self->readable)
        buffered_reset_read(self);
    res = PyLong_FromLongLong(n);
done:
    buffered_unlock(self);
    return res;
}

PyObject *buffered_truncate(Buffered *self, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *pos = Py_None, *res = NULL;
    if (!IO_ARGS(0, 1, "|O:truncate", &pos) || buffered_check_ready(self) < 0 ||
        buffered_check_open(self, "truncate of closed file") < 0)
        return NULL;
    if (!self->writable)
        return io_unsupported("truncate");
    if (buffered_lock(self) < 0)
        return NULL;
    if (buffered_flush_and_rewind(self) < 0)
        goto done;
    res = PyObject_CallMethodOneArg(self->raw, ID(truncate), pos);
    /* The raw position may have moved. */
    if (res && buffered_raw_tell(self) == -1)
        PyErr_Clear();
done:
    buffered_unlock(self);
    return res;
}

PyMemberDef buffered_members[] = {
    { "raw", T_OBJECT, offsetof(Buffered, raw), READONLY, NULL },
    { "_finalizing", T_BOOL, offsetof(Buffered, finalizing), 0, NULL },
    { NULL },
};
PyGetSetDef buffered_getset[] = {
    { "closed", (getter)buffered_get_closed, NULL, NULL, NULL },
    { "name", (getter)buffered_get_name, NULL, NULL, NULL },
    { "mode", (getter)buffered_get_mode, NULL, NULL, NULL },
    { NULL },
};
