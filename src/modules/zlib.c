/* SPDX-License-Identifier: MIT
 *
 * Module zlib: DEFLATE compression and the CRC-32 and Adler-32 checksums, over the system's zlib.
 *
 * A call feeds its input to the stream in pieces that fit zlib's 32-bit counters and collects the
 * output in one bytes object that grows while the stream fills it, and is cut to length at the end
 * (`struct output`). How much room a stream gets at once decides where it cuts stored (level 0)
 * blocks, so the steps are those of CPython. zlib runs without the interpreter's lock; a stream
 * object has a lock of its own, held for a whole call, so that two threads never run one stream.
 *
 * Invariants:
 *   S1  `live` says that the zlib stream needs deflateEnd or inflateEnd.
 *   S2  unused_data holds what followed the end of the compressed stream; unconsumed_tail what
 *       decompress() could not take because its result was limited.
 */
#include "args.h"
#include "state.h"
#include <limits.h>
#include <stdarg.h>
#include <zlib.h>

#define DEF_BUF_SIZE (16 * 1024)
#define DEF_MEM_LEVEL 8
#define DEFLATED Z_DEFLATED
/* Shorter inputs are not worth letting another thread run. */
#define UNLOCK_MIN (5 * 1024)

struct zlib_state {
    PyTypeObject *compress, *decompress; /* strong */
    PyObject *error;                     /* strong */
};

typedef struct {
    PyObject_HEAD
    z_stream zst;
    PyObject *unused_data, *unconsumed_tail; /* strong bytes, S2 */
    PyObject *zdict;                         /* strong or NULL: the preset dictionary */
    bool eof, live;                          /* S1 */
    PyThread_type_lock lock;
} Stream;

static struct zlib_state *state_of(PyObject *module) { return PyModule_GetState(module); }
static struct zlib_state *stream_state(Stream *self)
{
    return PyType_GetModuleState(Py_TYPE(self));
}

/* -- Errors and memory ----------------------------------------------------------------------- */

/* Raises zlib.error for the result `err` of a zlib function; NULL. */
static PyObject *zlib_fail(struct zlib_state *state, const z_stream *zst, int err, const char *what)
{
    /* after a version mismatch zst->msg was never set */
    const char *detail = err == Z_VERSION_ERROR ? "library version mismatch" : zst->msg;
    if (!detail)
        detail = err == Z_BUF_ERROR      ? "incomplete or truncated stream"
                 : err == Z_STREAM_ERROR ? "inconsistent stream state"
                 : err == Z_DATA_ERROR   ? "invalid input data"
                                         : NULL;
    if (detail)
        PyErr_Format(state->error, "Error %d %s: %.200s", err, what, detail);
    else
        PyErr_Format(state->error, "Error %d %s", err, what);
    return NULL;
}

static PyObject *raise(PyObject *type, const char *message)
{
    PyErr_SetString(type, message);
    return NULL;
}

static void *zlib_alloc(void *ctx, unsigned count, unsigned size)
{
    return size && count > (size_t)PY_SSIZE_T_MAX / size ? NULL
                                                         : PyMem_RawMalloc((size_t)count * size);
}

static void zlib_free(void *ctx, void *block) { PyMem_RawFree(block); }

/* -- Feeding and collecting ------------------------------------------------------------------ */

struct output {
    PyObject *bytes; /* strong; NULL after an error */
    Py_ssize_t max;  /* most that the result may hold; -1: no limit */
    int blocks;      /* how often it was given room */
};

/* The room that is added the n-th time, in KiB; the last stays. */
static const int output_steps[] = {32,       64,       256,       1 << 10,   4 << 10,  8 << 10,
                                   16 << 10, 16 << 10, 32 << 10,  32 << 10,  32 << 10, 32 << 10,
                                   64 << 10, 64 << 10, 128 << 10, 128 << 10, 256 << 10};

static Py_ssize_t output_step(struct output *out)
{
    int n = Py_MIN(out->blocks, (int)COUNT_OF(output_steps) - 1);
    out->blocks++;
    return (Py_ssize_t)output_steps[n] << 10;
}

/* `size` is the first room; -1: the usual. */
static bool output_start(struct output *out, z_stream *zst, Py_ssize_t size, Py_ssize_t max)
{
    out->max = max;
    out->blocks = 0;
    if (size < 0)
        size = output_step(out);
    else
        out->blocks = 1;
    out->bytes = PyBytes_FromStringAndSize(NULL, max >= 0 && max < size ? max : size);
    if (!out->bytes)
        return false;
    zst->next_out = (Bytef *)PyBytes_AS_STRING(out->bytes);
    zst->avail_out = 0;
    return true;
}

static Py_ssize_t output_used(struct output *out, z_stream *zst)
{
    return (char *)zst->next_out - PyBytes_AS_STRING(out->bytes);
}

/* Gives the stream room to write. 0: the limit is reached; -1 with an exception. */
static int output_room(struct output *out, z_stream *zst)
{
    Py_ssize_t used = output_used(out, zst), size = PyBytes_GET_SIZE(out->bytes);
    if (used == size) {
        if (size == out->max)
            return 0;
        Py_ssize_t step = output_step(out);
        if (size > PY_SSIZE_T_MAX - step) {
            PyErr_SetString(PyExc_MemoryError, "Unable to allocate output buffer.");
            return -1;
        }
        size = out->max >= 0 && step > out->max - size ? out->max : size + step;
        if (_PyBytes_Resize(&out->bytes, size) < 0)
            return -1;
        zst->next_out = (Bytef *)PyBytes_AS_STRING(out->bytes) + used;
    }
    zst->avail_out = (uInt)Py_MIN(size - used, (Py_ssize_t)UINT_MAX);
    return 1;
}

static PyObject *output_finish(struct output *out, z_stream *zst)
{
    Py_ssize_t used = output_used(out, zst);
    if (used != PyBytes_GET_SIZE(out->bytes))
        _PyBytes_Resize(&out->bytes, used);
    return out->bytes;
}

/* Hands the next piece of input to the stream; `left` counts what is not handed over yet. */
static void input_feed(z_stream *zst, Py_ssize_t *left)
{
    zst->avail_in = (uInt)Py_MIN(*left, (Py_ssize_t)UINT_MAX);
    *left -= zst->avail_in;
}

static int deflate_unlocked(z_stream *zst, int flush)
{
    int err;
    UNLOCKED(err = deflate(zst, flush));
    return err;
}

static int inflate_unlocked(z_stream *zst, int flush)
{
    int err;
    UNLOCKED(err = inflate(zst, flush));
    return err;
}

/* Compresses the whole input; the last result of deflate in `err`. False with an exception. */
static bool deflate_all(struct output *out, z_stream *zst, const Py_buffer *data, int flush,
                        int *err)
{
    Py_ssize_t left = data ? data->len : 0;
    zst->next_in = data ? data->buf : NULL;
    do {
        input_feed(zst, &left);
        do {
            if (output_room(out, zst) < 0)
                return false;
            *err = deflate_unlocked(zst, left ? Z_NO_FLUSH : flush);
            if (*err == Z_STREAM_ERROR)
                return true;
        } while (zst->avail_out == 0);
    } while (left);
    return true;
}

static int stream_set_dictionary(Stream *self);

/* Decompresses until the input, the room or the stream ends; `err` as above. `self` is NULL for a
   stream without object. What was not consumed lies at zst->next_in. */
static bool inflate_all(struct output *out, z_stream *zst, const Py_buffer *data, Stream *self,
                        bool finish, int *err)
{
    Py_ssize_t left = data->len;
    zst->next_in = data->buf;
    *err = Z_OK;
    do {
        input_feed(zst, &left);
        do {
            int room = output_room(out, zst);
            if (room <= 0)
                return room == 0;
            *err = inflate_unlocked(zst, finish && !left ? Z_FINISH : Z_SYNC_FLUSH);
            if (*err == Z_NEED_DICT && self && self->zdict) {
                if (stream_set_dictionary(self) < 0)
                    return false;
            } else if (*err != Z_OK && *err != Z_BUF_ERROR && *err != Z_STREAM_END)
                return true;
        } while (zst->avail_out == 0 || *err == Z_NEED_DICT);
    } while (*err != Z_STREAM_END && left);
    return true;
}

/* -- Module functions: whole strings --------------------------------------------------------- */

#define FN(prefix, type, name)                                                                     \
    static PyObject *prefix##_##name(type *self, PyObject *const *args, Py_ssize_t nargs,          \
                                     PyObject *kwnames)

/* In one go; output_start's buffer grows as needed. */
static PyObject *compress_bytes(struct zlib_state *state, const Py_buffer *data, int level,
                                int wbits)
{
    z_stream zst = {.zalloc = zlib_alloc, .zfree = zlib_free};
    struct output out;
    int err = deflateInit2(&zst, level, DEFLATED, wbits, DEF_MEM_LEVEL, Z_DEFAULT_STRATEGY);
    if (err == Z_MEM_ERROR)
        return raise(PyExc_MemoryError, "Out of memory while compressing data");
    if (err == Z_STREAM_ERROR)
        return raise(state->error, "Bad compression level");
    if (err != Z_OK) {
        deflateEnd(&zst);
        return zlib_fail(state, &zst, err, "while compressing data");
    }
    if (output_start(&out, &zst, -1, -1) && deflate_all(&out, &zst, data, Z_FINISH, &err)) {
        if (err != Z_STREAM_END)
            zlib_fail(state, &zst, err, "while compressing data");
        else if ((err = deflateEnd(&zst)) != Z_OK)
            zlib_fail(state, &zst, err, "while finishing compression");
        else
            return output_finish(&out, &zst);
    }
    deflateEnd(&zst);
    Py_XDECREF(out.bytes);
    return NULL;
}

FN(zlib, PyObject, compress)
{
    ARGS("y*|ii:compress", "", "level", "wbits");
    Py_buffer data;
    int level = Z_DEFAULT_COMPRESSION, wbits = MAX_WBITS;
    if (!PARSE(&data, &level, &wbits))
        return NULL;
    PyObject *res = compress_bytes(state_of(self), &data, level, wbits);
    PyBuffer_Release(&data);
    return res;
}

/* Input behind the end of the stream is ignored. */
static PyObject *decompress_bytes(struct zlib_state *state, const Py_buffer *data, int wbits,
                                  Py_ssize_t size)
{
    z_stream zst = {.zalloc = zlib_alloc, .zfree = zlib_free};
    struct output out;
    int err = inflateInit2(&zst, wbits);
    if (err == Z_MEM_ERROR)
        return raise(PyExc_MemoryError, "Out of memory while decompressing data");
    if (err != Z_OK) {
        inflateEnd(&zst);
        return zlib_fail(state, &zst, err, "while preparing to decompress data");
    }
    if (output_start(&out, &zst, size, -1) && inflate_all(&out, &zst, data, NULL, true, &err)) {
        if (err == Z_MEM_ERROR)
            PyErr_SetString(PyExc_MemoryError, "Out of memory while decompressing data");
        else if (err != Z_STREAM_END)
            zlib_fail(state, &zst, err, "while decompressing data");
        else if ((err = inflateEnd(&zst)) != Z_OK)
            zlib_fail(state, &zst, err, "while finishing decompression");
        else
            return output_finish(&out, &zst);
    }
    inflateEnd(&zst);
    Py_XDECREF(out.bytes);
    return NULL;
}

FN(zlib, PyObject, decompress)
{
    ARGS("y*|in:decompress", "", "wbits", "bufsize");
    Py_buffer data;
    int wbits = MAX_WBITS;
    Py_ssize_t size = DEF_BUF_SIZE;
    if (!PARSE(&data, &wbits, &size))
        return NULL;
    PyObject *res = size < 0 ? raise(PyExc_ValueError, "bufsize must be non-negative")
                             : decompress_bytes(state_of(self), &data, wbits, size ? size : 1);
    PyBuffer_Release(&data);
    return res;
}

typedef uLong (*checksum_fn)(uLong, const Bytef *, z_size_t);

/* The _z variants take a size_t and need no pieces. */
static PyObject *checksum(PyObject *const *args, Py_ssize_t nargs, const char *name, unsigned value,
                          checksum_fn fn)
{
    Py_buffer data;
    uLong sum;
    if (!_PyArg_CheckPositional(name, nargs, 1, 2))
        return NULL;
    if (PyObject_GetBuffer(args[0], &data, PyBUF_SIMPLE) != 0)
        return NULL;
    if (nargs > 1) {
        value = (unsigned)PyLong_AsUnsignedLongMask(args[1]);
        if (value == (unsigned)-1 && PyErr_Occurred()) {
            PyBuffer_Release(&data);
            return NULL;
        }
    }
    if (data.len > UNLOCK_MIN)
        UNLOCKED(sum = fn(value, data.buf, (z_size_t)data.len));
    else
        sum = fn(value, data.buf, (z_size_t)data.len);
    PyBuffer_Release(&data);
    return PyLong_FromUnsignedLong((unsigned)sum);
}

static PyObject *zlib_adler32(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    return checksum(args, nargs, "adler32", 1, adler32_z);
}

static PyObject *zlib_crc32(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    return checksum(args, nargs, "crc32", 0, crc32_z);
}

/* -- Stream objects -------------------------------------------------------------------------- */

static void stream_lock(Stream *self)
{
    if (!PyThread_acquire_lock(self->lock, NOWAIT_LOCK))
        UNLOCKED(PyThread_acquire_lock(self->lock, WAIT_LOCK));
}

static void stream_unlock(Stream *self) { PyThread_release_lock(self->lock); }

static Stream *stream_new(PyTypeObject *type)
{
    Stream *self = PyObject_New(Stream, type);
    if (!self)
        return NULL;
    self->zst = (z_stream){.zalloc = zlib_alloc, .zfree = zlib_free};
    self->eof = self->live = false;
    self->zdict = NULL;
    self->unused_data = Py_NewRef(EMPTY_BYTES);
    self->unconsumed_tail = Py_NewRef(EMPTY_BYTES);
    self->lock = PyThread_allocate_lock();
    if (!self->lock) {
        Py_DECREF(self);
        PyErr_SetString(PyExc_MemoryError, "Unable to allocate lock");
        return NULL;
    }
    return self;
}

static void stream_dealloc(Stream *self, int (*end)(z_streamp))
{
    PyTypeObject *type = Py_TYPE(self);
    if (self->live)
        end(&self->zst);
    if (self->lock)
        PyThread_free_lock(self->lock);
    Py_XDECREF(self->unused_data);
    Py_XDECREF(self->unconsumed_tail);
    Py_XDECREF(self->zdict);
    PyObject_Free(self);
    Py_DECREF(type);
}

static void compress_dealloc(Stream *self) { stream_dealloc(self, deflateEnd); }
static void decompress_dealloc(Stream *self) { stream_dealloc(self, inflateEnd); }

/* Gives the preset dictionary to an inflating stream. */
static int stream_set_dictionary(Stream *self)
{
    Py_buffer zdict;
    if (PyObject_GetBuffer(self->zdict, &zdict, PyBUF_SIMPLE) < 0)
        return -1;
    if ((size_t)zdict.len > UINT_MAX) {
        PyErr_SetString(PyExc_OverflowError, "zdict length does not fit in an unsigned int");
        PyBuffer_Release(&zdict);
        return -1;
    }
    int err = inflateSetDictionary(&self->zst, zdict.buf, (uInt)zdict.len);
    PyBuffer_Release(&zdict);
    if (err == Z_OK)
        return 0;
    zlib_fail(stream_state(self), &self->zst, err, "while setting zdict");
    return -1;
}

/* A copy of the stream, made by deflateCopy or inflateCopy. */
static PyObject *stream_copy(Stream *self, int (*copy)(z_streamp, z_streamp), bool compressing)
{
    Stream *twin = stream_new(Py_TYPE(self));
    if (!twin)
        return NULL;
    stream_lock(self);
    int err = copy(&twin->zst, &self->zst);
    if (err == Z_OK) {
        Py_SETREF(twin->unused_data, Py_NewRef(self->unused_data));
        Py_SETREF(twin->unconsumed_tail, Py_NewRef(self->unconsumed_tail));
        twin->zdict = Py_XNewRef(self->zdict);
        twin->eof = self->eof;
        twin->live = true;
    } else if (err == Z_STREAM_ERROR)
        PyErr_SetString(PyExc_ValueError, "Inconsistent stream state");
    else if (err == Z_MEM_ERROR)
        PyErr_SetString(PyExc_MemoryError, compressing
                                               ? "Can't allocate memory for compression object"
                                               : "Can't allocate memory for decompression object");
    else
        zlib_fail(stream_state(self), &self->zst, err,
                  compressing ? "while copying compression object"
                              : "while copying decompression object");
    stream_unlock(self);
    if (err != Z_OK)
        Py_CLEAR(twin);
    return (PyObject *)twin;
}

/* -- Compress -------------------------------------------------------------------------------- */

/* Turns the result of deflateInit2 and the dictionary into success or an exception. */
static bool compress_check(struct zlib_state *state, Stream *self, int err, const Py_buffer *zdict)
{
    if (err == Z_MEM_ERROR)
        PyErr_SetString(PyExc_MemoryError, "Can't allocate memory for compression object");
    else if (err == Z_STREAM_ERROR)
        PyErr_SetString(PyExc_ValueError, "Invalid initialization option");
    else if (err != Z_OK)
        zlib_fail(state, &self->zst, err, "while creating compression object");
    else {
        self->live = true;
        if (!zdict->buf)
            return true;
        err = deflateSetDictionary(&self->zst, zdict->buf, (uInt)zdict->len);
        if (err == Z_OK)
            return true;
        PyErr_SetString(PyExc_ValueError,
                        err == Z_STREAM_ERROR ? "Invalid dictionary" : "deflateSetDictionary()");
    }
    return false;
}

FN(zlib, PyObject, compressobj)
{
    ARGS("|iiiiiy*:compressobj", "level", "method", "wbits", "memLevel", "strategy", "zdict");
    int level = Z_DEFAULT_COMPRESSION, method = DEFLATED, wbits = MAX_WBITS,
        mem_level = DEF_MEM_LEVEL;
    int strategy = Z_DEFAULT_STRATEGY;
    Py_buffer zdict = {NULL, NULL};
    Stream *stream = NULL;
    if (!PARSE(&level, &method, &wbits, &mem_level, &strategy, &zdict))
        return NULL;
    struct zlib_state *state = state_of(self);
    if (zdict.buf && (size_t)zdict.len > UINT_MAX)
        PyErr_SetString(PyExc_OverflowError, "zdict length does not fit in an unsigned int");
    else if ((stream = stream_new(state->compress))) {
        int err = deflateInit2(&stream->zst, level, method, wbits, mem_level, strategy);
        if (!compress_check(state, stream, err, &zdict))
            Py_CLEAR(stream);
    }
    if (zdict.obj)
        PyBuffer_Release(&zdict);
    return (PyObject *)stream;
}

static PyObject *compress_compress(Stream *self, PyObject *arg)
{
    Py_buffer data;
    struct output out;
    int err;
    if (PyObject_GetBuffer(arg, &data, PyBUF_SIMPLE) != 0)
        return NULL;
    stream_lock(self);
    if (output_start(&out, &self->zst, -1, -1)) {
        if (!deflate_all(&out, &self->zst, &data, Z_NO_FLUSH, &err))
            Py_CLEAR(out.bytes);
        else if (err == Z_STREAM_ERROR) {
            zlib_fail(stream_state(self), &self->zst, err, "while compressing data");
            Py_CLEAR(out.bytes);
        } else
            output_finish(&out, &self->zst);
    }
    stream_unlock(self);
    PyBuffer_Release(&data);
    return out.bytes;
}

/* Ends the stream when it is finished. False with an exception. */
static bool compress_end(Stream *self, int mode, int err)
{
    const char *what = "while flushing";
    if (err == Z_STREAM_END && mode == Z_FINISH) {
        err = deflateEnd(&self->zst);
        if (err == Z_OK)
            self->live = false;
        what = "while finishing compression";
    }
    if (err != Z_OK && err != Z_BUF_ERROR)
        zlib_fail(stream_state(self), &self->zst, err, what);
    return err == Z_OK || err == Z_BUF_ERROR;
}

static PyObject *compress_flush(Stream *self, OF_CLASS_PARAMETERS)
{
    ARGS("|i:flush", "");
    int mode = Z_FINISH, err;
    struct output out;
    if (!PARSE(&mode))
        return NULL;
    if (mode == Z_NO_FLUSH)
        return Py_NewRef(EMPTY_BYTES);
    stream_lock(self);
    if (output_start(&out, &self->zst, -1, -1)) {
        if (!deflate_all(&out, &self->zst, NULL, mode, &err) || !compress_end(self, mode, err))
            Py_CLEAR(out.bytes);
        else
            output_finish(&out, &self->zst);
    }
    stream_unlock(self);
    return out.bytes;
}

static PyObject *compress_copy(Stream *self, PyObject *ignored)
{
    return stream_copy(self, deflateCopy, true);
}
static PyObject *compress___copy__(Stream *self, PyObject *ignored)
{
    return stream_copy(self, deflateCopy, true);
}
static PyObject *compress___deepcopy__(Stream *self, PyObject *memo)
{
    return stream_copy(self, deflateCopy, true);
}
OF_CLASS_ONE(Stream, compress_compress, "compress")
OF_CLASS_NONE(Stream, compress_copy, "copy")
OF_CLASS_NONE(Stream, compress___copy__, "__copy__")
OF_CLASS_ONE(Stream, compress___deepcopy__, "__deepcopy__")

#define M(prefix, name, flags, signature, doc)                                                     \
    {                                                                                              \
        #name, (PyCFunction)(void (*)(void))prefix##_##name, flags, #name signature "\n--\n\n" doc \
    }
#define KNOWS(prefix, name, signature, doc) /* made by OF_CLASS_ONE, OF_CLASS_NONE */ \
    {                                                                                              \
        #name, (PyCFunction)(void (*)(void))prefix##_##name##_of_class, OF_CLASS,                  \
            #name signature "\n--\n\n" doc                                                      \
    }
#define KW (METH_FASTCALL | METH_KEYWORDS)

static PyMethodDef compress_methods[] = {
    KNOWS(compress, compress, "($self, data, /)",
      "The compressed form of data, as far as it is known yet."),
    M(compress, flush, OF_CLASS, "($self, mode=zlib.Z_FINISH, /)",
      "The rest of the compressed data. With Z_FINISH, the stream ends."),
    KNOWS(compress, copy, "($self, /)", "A stream in the same state."),
    KNOWS(compress, __copy__, "($self, /)", ""),
    KNOWS(compress, __deepcopy__, "($self, memo, /)", ""),
    {NULL, NULL, 0, NULL},
};
static PyType_Slot compress_slots[] = {
    {Py_tp_dealloc, compress_dealloc}, {Py_tp_methods, compress_methods}, {0, NULL}};
static PyType_Spec compress_spec = {
    .name = "zlib.Compress",
    .basicsize = sizeof(Stream),
    .slots = compress_slots,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
};

/* -- Decompress ------------------------------------------------------------------------------ */

FN(zlib, PyObject, decompressobj)
{
    ARGS("|iO:decompressobj", "wbits", "zdict");
    int wbits = MAX_WBITS;
    PyObject *zdict = NULL;
    if (!PARSE(&wbits, &zdict))
        return NULL;
    struct zlib_state *state = state_of(self);
    if (zdict && !PyObject_CheckBuffer(zdict))
        return raise(PyExc_TypeError, "zdict argument must support the buffer protocol");
    Stream *stream = stream_new(state->decompress);
    if (!stream)
        return NULL;
    stream->zdict = Py_XNewRef(zdict);
    int err = inflateInit2(&stream->zst, wbits);
    if (err == Z_OK) {
        stream->live = true;
        /* a raw stream has no header to ask for the dictionary */
        if (!zdict || wbits >= 0 || stream_set_dictionary(stream) == 0)
            return (PyObject *)stream;
    } else if (err == Z_STREAM_ERROR)
        PyErr_SetString(PyExc_ValueError, "Invalid initialization option");
    else if (err == Z_MEM_ERROR)
        PyErr_SetString(PyExc_MemoryError, "Can't allocate memory for decompression object");
    else
        zlib_fail(state, &stream->zst, err, "while creating decompression object");
    Py_DECREF(stream);
    return NULL;
}

/* Keeps the input that was not used (S2). After the end of the stream, a tail that was there before
   is replaced by the unused data instead of being emptied: programs that loop over it see this in
   CPython, too. */
static int decompress_keep(Stream *self, const Py_buffer *data, int err)
{
    const char *rest = (const char *)self->zst.next_in;
    Py_ssize_t left = (const char *)data->buf + data->len - rest;
    bool ended = err == Z_STREAM_END;
    if (ended && left) {
        Py_ssize_t old = PyBytes_GET_SIZE(self->unused_data);
        if (left > PY_SSIZE_T_MAX - old) {
            PyErr_NoMemory();
            return -1;
        }
        PyObject *bytes = PyBytes_FromStringAndSize(NULL, old + left);
        if (!bytes)
            return -1;
        memcpy(PyBytes_AS_STRING(bytes), PyBytes_AS_STRING(self->unused_data), (size_t)old);
        memcpy(PyBytes_AS_STRING(bytes) + old, rest, (size_t)left);
        Py_SETREF(self->unused_data, bytes);
        self->zst.avail_in = 0;
    }
    if ((left && !ended) || PyBytes_GET_SIZE(self->unconsumed_tail)) {
        PyObject *tail = PyBytes_FromStringAndSize(rest, left);
        if (!tail)
            return -1;
        Py_SETREF(self->unconsumed_tail, tail);
    }
    return 0;
}

static PyObject *decompress_step(Stream *self, const Py_buffer *data, Py_ssize_t max)
{
    struct output out;
    struct zlib_state *state = stream_state(self);
    int err;
    if (output_start(&out, &self->zst, -1, max) &&
        inflate_all(&out, &self->zst, data, self, false, &err) &&
        decompress_keep(self, data, err) == 0) {
        if (err == Z_STREAM_END)
            self->eof = true;
        if (err == Z_STREAM_END || err == Z_OK || err == Z_BUF_ERROR)
            return output_finish(&out, &self->zst);
        zlib_fail(state, &self->zst, err, "while decompressing data");
    }
    Py_XDECREF(out.bytes);
    return NULL;
}

static PyObject *decompress_decompress(Stream *self, OF_CLASS_PARAMETERS)
{
    ARGS("y*|n:decompress", "", "max_length");
    Py_buffer data;
    Py_ssize_t max = 0;
    PyObject *res;
    if (!PARSE(&data, &max))
        return NULL;
    if (max < 0)
        res = raise(PyExc_ValueError, "max_length must be non-negative");
    else {
        stream_lock(self);
        res = decompress_step(self, &data, max ? max : -1);
        stream_unlock(self);
    }
    PyBuffer_Release(&data);
    return res;
}

/* Errors in the rest of the data are not reported here: flush() gives what there is. */
static PyObject *decompress_rest(Stream *self, Py_ssize_t size)
{
    struct output out;
    struct zlib_state *state = stream_state(self);
    Py_buffer data;
    int err;
    if (PyObject_GetBuffer(self->unconsumed_tail, &data, PyBUF_SIMPLE) < 0)
        return NULL;
    bool ok = output_start(&out, &self->zst, size, -1) &&
              inflate_all(&out, &self->zst, &data, self, true, &err) &&
              decompress_keep(self, &data, err) == 0;
    if (ok && err == Z_STREAM_END) {
        self->eof = true;
        self->live = false;
        err = inflateEnd(&self->zst);
        if (err != Z_OK) {
            zlib_fail(state, &self->zst, err, "while finishing decompression");
            ok = false;
        }
    }
    PyBuffer_Release(&data);
    if (ok)
        return output_finish(&out, &self->zst);
    Py_XDECREF(out.bytes);
    return NULL;
}

static PyObject *decompress_flush(Stream *self, OF_CLASS_PARAMETERS)
{
    ARGS("|n:flush", "");
    Py_ssize_t size = DEF_BUF_SIZE;
    if (!PARSE(&size))
        return NULL;
    if (size <= 0)
        return raise(PyExc_ValueError, "length must be greater than zero");
    stream_lock(self);
    PyObject *res = decompress_rest(self, size);
    stream_unlock(self);
    return res;
}

static PyObject *decompress_copy(Stream *self, PyObject *ignored)
{
    return stream_copy(self, inflateCopy, false);
}
static PyObject *decompress___copy__(Stream *self, PyObject *ignored)
{
    return stream_copy(self, inflateCopy, false);
}
static PyObject *decompress___deepcopy__(Stream *self, PyObject *memo)
{
    return stream_copy(self, inflateCopy, false);
}
OF_CLASS_NONE(Stream, decompress_copy, "copy")
OF_CLASS_NONE(Stream, decompress___copy__, "__copy__")
OF_CLASS_ONE(Stream, decompress___deepcopy__, "__deepcopy__")

static PyMethodDef decompress_methods[] = {
    M(decompress, decompress, OF_CLASS, "($self, data, /, max_length=0)",
      "The decompressed form of data, at most max_length bytes unless that is 0; unconsumed_tail "
      "holds what is left."),
    M(decompress, flush, OF_CLASS, "($self, length=zlib.DEF_BUF_SIZE, /)",
      "Decompresses the rest of the input. length is the first size of the output buffer."),
    KNOWS(decompress, copy, "($self, /)", "A stream in the same state."),
    KNOWS(decompress, __copy__, "($self, /)", ""),
    KNOWS(decompress, __deepcopy__, "($self, memo, /)", ""),
    {NULL, NULL, 0, NULL},
};
static PyMemberDef decompress_members[] = {
    {"unused_data", T_OBJECT, offsetof(Stream, unused_data), READONLY, NULL},
    {"unconsumed_tail", T_OBJECT, offsetof(Stream, unconsumed_tail), READONLY, NULL},
    {"eof", T_BOOL, offsetof(Stream, eof), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};
static PyType_Slot decompress_slots[] = {{Py_tp_dealloc, decompress_dealloc},
                                         {Py_tp_methods, decompress_methods},
                                         {Py_tp_members, decompress_members},
                                         {0, NULL}};
static PyType_Spec decompress_spec = {
    .name = "zlib.Decompress",
    .basicsize = sizeof(Stream),
    .slots = decompress_slots,
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
};

/* -- The module ------------------------------------------------------------------------------ */

static PyMethodDef zlib_methods[] = {
    M(zlib, adler32, METH_FASTCALL, "($module, data, value=1, /)",
      "The Adler-32 checksum of data, going on from value."),
    M(zlib, compress, KW, "($module, data, /, level=Z_DEFAULT_COMPRESSION, wbits=MAX_WBITS)",
      "The compressed form of data."),
    M(zlib, compressobj, KW,
      "($module, /, level=Z_DEFAULT_COMPRESSION, method=DEFLATED,\n"
      "            wbits=MAX_WBITS, memLevel=DEF_MEM_LEVEL,\n"
      "            strategy=Z_DEFAULT_STRATEGY, zdict=None)",
      "A stream that compresses data given to it in pieces."),
    M(zlib, crc32, METH_FASTCALL, "($module, data, value=0, /)",
      "The CRC-32 checksum of data, going on from value."),
    M(zlib, decompress, KW, "($module, data, /, wbits=MAX_WBITS, bufsize=DEF_BUF_SIZE)",
      "The uncompressed form of data. bufsize is the first size of the output buffer."),
    M(zlib, decompressobj, KW, "($module, /, wbits=MAX_WBITS, zdict=b'')",
      "A stream that decompresses data given to it in pieces."),
    {NULL, NULL, 0, NULL},
};

static const struct {
    const char *name;
    int value;
} zlib_constants[] = {
#define C(name) {#name, name}
    C(MAX_WBITS), C(DEFLATED), C(DEF_MEM_LEVEL), C(DEF_BUF_SIZE),
    C(Z_NO_COMPRESSION), C(Z_BEST_SPEED), C(Z_BEST_COMPRESSION), C(Z_DEFAULT_COMPRESSION),
    C(Z_FILTERED), C(Z_HUFFMAN_ONLY), C(Z_RLE), C(Z_FIXED), C(Z_DEFAULT_STRATEGY),
    C(Z_NO_FLUSH), C(Z_PARTIAL_FLUSH), C(Z_SYNC_FLUSH), C(Z_FULL_FLUSH), C(Z_FINISH),
    C(Z_BLOCK), C(Z_TREES),
#undef C
};

static int zlib_exec(PyObject *module)
{
    struct zlib_state *state = state_of(module);
    state->compress = (PyTypeObject *)PyType_FromModuleAndSpec(module, &compress_spec, NULL);
    state->decompress = (PyTypeObject *)PyType_FromModuleAndSpec(module, &decompress_spec, NULL);
    state->error = PyErr_NewException("zlib.error", NULL, NULL);
    if (!state->compress || !state->decompress || !state->error ||
        PyModule_AddObjectRef(module, "error", state->error) < 0)
        return -1;
    for (size_t i = 0; i < COUNT_OF(zlib_constants); i++)
        if (PyModule_AddIntConstant(module, zlib_constants[i].name, zlib_constants[i].value) < 0)
            return -1;
    PyObject *runtime = PyUnicode_FromString(zlibVersion());
    int res = runtime ? PyModule_AddObjectRef(module, "ZLIB_RUNTIME_VERSION", runtime) : -1;
    Py_XDECREF(runtime);
    if (res < 0 || PyModule_AddStringConstant(module, "ZLIB_VERSION", ZLIB_VERSION) < 0)
        return -1;
    return PyModule_AddStringConstant(module, "__version__", "1.0");
}

static int zlib_traverse(PyObject *module, visitproc visit, void *arg)
{
    struct zlib_state *state = state_of(module);
    Py_VISIT(state->compress);
    Py_VISIT(state->decompress);
    Py_VISIT(state->error);
    return 0;
}

static int zlib_clear(PyObject *module)
{
    struct zlib_state *state = state_of(module);
    Py_CLEAR(state->compress);
    Py_CLEAR(state->decompress);
    Py_CLEAR(state->error);
    return 0;
}

static void zlib_drop(void *module) { zlib_clear(module); }

static PyModuleDef_Slot zlib_slots[] = {{Py_mod_exec, zlib_exec}, {0, NULL}};
static PyModuleDef zlib_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "zlib",
    .m_doc =
        "Compression with DEFLATE, in the formats of zlib, gzip and raw streams, and checksums.",
    .m_size = sizeof(struct zlib_state),
    .m_methods = zlib_methods,
    .m_slots = zlib_slots,
    .m_traverse = zlib_traverse,
    .m_clear = zlib_clear,
    .m_free = zlib_drop,
};

PyMODINIT_FUNC PyInit_zlib(void) { return PyModuleDef_Init(&zlib_module); }
