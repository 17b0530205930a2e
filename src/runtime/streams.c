/* SPDX-License-Identifier: MIT
 *
 * The file system encoding, and sys.stdin, stdout, stderr: from C to the io module.
 *
 * Before io works, sys.stderr is a small printer so that errors at start can be seen.
 */
#include "runtime/rt.h"
#include "objects/str/str.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

const char *Py_FileSystemDefaultEncoding = NULL;
int Py_HasFileSystemDefaultEncoding = 0;
const char *Py_FileSystemDefaultEncodeErrors = NULL;
int _Py_HasFileSystemDefaultEncodeErrors = 0;

/* -- File system encoding -------------------------------------------------------------------- */

/* The codec's own name for an encoding replaces it ("utf-8" for UTF8, ...). */
static int canonical_name(wchar_t **encoding)
{
    EXPORT PyObject *_PyCodec_Lookup(const char *encoding);
    char *name = _Py_EncodeLocaleRaw(*encoding, NULL);
    PyObject *codec = name ? _PyCodec_Lookup(name) : NULL;
    PyMem_RawFree(name);
    PyObject *str = codec ? PyObject_GetAttr(codec, ID(name)) : NULL;
    wchar_t *wide = str ? PyUnicode_AsWideCharString(str, NULL) : NULL;
    wchar_t *raw = wide ? rt_wcsdup(wide) : NULL;
    Py_XDECREF(codec);
    Py_XDECREF(str);
    PyMem_Free(wide);
    if (!raw)
        return -1;
    PyMem_RawFree(*encoding);
    *encoding = raw;
    return 0;
}

/* The first use of the codec registry: importing 'encodings' shows whether the library is where
   it should be. */
PyStatus rt_init_fs_encoding(PyThreadState *tstate)
{
    PyInterpreterState *interp = tstate->interp;
    if (canonical_name(&interp->config.filesystem_encoding) < 0) {
        config_dump_paths(tstate);
        return STATUS_ERR_IN("init_fs_encoding",
                             "failed to get the Python codec of the filesystem encoding");
    }
    if (str_init_fs_codec(interp) < 0)
        return STATUS_NO_MEMORY();
    if (interp != _PyRuntime.interpreters.main)
        return STATUS_OK();
    Py_FileSystemDefaultEncoding = interp->fs_codec.encoding;
    Py_HasFileSystemDefaultEncoding = 0;
    Py_FileSystemDefaultEncodeErrors = interp->fs_codec.errors;
    _Py_HasFileSystemDefaultEncodeErrors = 0;
    return STATUS_OK();
}

/* -- Streams --------------------------------------------------------------------------------- */

static char *forced_encoding, *forced_errors; /* Py_SetStandardStreamEncoding, before start */

/* Only before start; -1 too late, -2 and -3 no memory. */
int Py_SetStandardStreamEncoding(const char *encoding, const char *errors)
{
    if (Py_IsInitialized())
        return -1;
    if (encoding && !(forced_encoding = strdup(encoding)))
        return -2;
    if (errors && !(forced_errors = strdup(errors)))
        return -3;
    return 0;
}

EXPORT void _Py_ClearStandardStreamEncoding(void)
{
    free(forced_encoding);
    free(forced_errors);
    forced_encoding = forced_errors = NULL;
}

static bool fd_is_open(int fd) { return fd >= 0 && fcntl(fd, F_GETFD) >= 0; }

/* io.open without the text layer; *raw is the FileIO below. Both owned. */
static PyObject *open_binary(PyObject *io, int fd, bool write, bool buffered, PyObject **raw)
{
    int buffering = !buffered && write ? 0 : -1;
    PyObject *buf = PyObject_CallMethod(io, "open", "isiOOOO", fd, write ? "wb" : "rb", buffering,
                                        Py_None, Py_None, Py_None, Py_False);
    *raw = !buf ? NULL : buffering ? PyObject_GetAttr(buf, ID(raw)) : Py_NewRef(buf);
    if (!*raw)
        Py_CLEAR(buf);
    return buf;
}

static int is_tty(PyObject *raw)
{
    PyObject *res = PyObject_CallMethodNoArgs(raw, ID(isatty));
    int tty = res ? PyObject_IsTrue(res) : -1;
    Py_XDECREF(res);
    return tty;
}

/* Line ends pass unchanged on output. */
static PyObject *wrap_text(PyObject *io, PyObject *buf, int fd, const wchar_t *encoding,
                           const wchar_t *errors, bool write_through, bool line_buffering)
{
    PyObject *enc = PyUnicode_FromWideChar(encoding, -1),
             *err = enc ? PyUnicode_FromWideChar(errors, -1) : NULL;
    PyObject *stream = !err ? NULL
                            : PyObject_CallMethod(io, "TextIOWrapper", "OOOsOO", buf, enc, err,
                                                  "\n", line_buffering ? Py_True : Py_False,
                                                  write_through ? Py_True : Py_False);
    Py_XDECREF(enc);
    Py_XDECREF(err);
    return stream;
}

/* Python's stream on fd; None when fd is not open. */
static PyObject *make_stream(const PyConfig *config, PyObject *io, int fd, bool write,
                             const char *name, const wchar_t *encoding, const wchar_t *errors)
{
    PyObject *raw = NULL, *buf = NULL, *stream = NULL, *label = NULL;
    if (!fd_is_open(fd))
        Py_RETURN_NONE;
    bool buffered = config->buffered_stdio != 0;
    if (!(buf = open_binary(io, fd, write, buffered, &raw)))
        goto done;
    label = PyUnicode_FromString(name);
    if (!label || PyObject_SetAttr(raw, ID(name), label) < 0)
        goto done;
    int tty = is_tty(raw);
    if (tty < 0)
        goto done;
    bool lines = buffered && (tty || fd == fileno(stderr));
    stream = wrap_text(io, buf, fd, encoding, errors, !buffered, lines);
    if (stream) {
        PyObject *mode = PyUnicode_FromString(write ? "w" : "r");
        if (!mode || PyObject_SetAttr(stream, ID(mode), mode) < 0)
            Py_CLEAR(stream);
        Py_XDECREF(mode);
    }
done:
    Py_XDECREF(buf);
    Py_XDECREF(raw);
    Py_XDECREF(label);
    if (!stream && PyErr_ExceptionMatches(PyExc_OSError) && !fd_is_open(fd)) {
        PyErr_Clear(); /* closed under our feet */
        Py_RETURN_NONE;
    }
    return stream;
}

static int install(const char *name, const char *dunder, PyObject *stream)
{
    int res = stream && PySys_SetObject(dunder, stream) == 0 && PySys_SetObject(name, stream) == 0
                  ? 0
                  : -1;
    Py_XDECREF(stream);
    return res;
}

static int apply_forced(PyConfig *config)
{
    if (forced_encoding) {
        PyConfig_SetBytesString(config, &config->stdio_encoding, forced_encoding);
        if (!forced_errors)
            PyConfig_SetBytesString(config, &config->stdio_errors, "strict");
    }
    if (forced_errors)
        PyConfig_SetBytesString(config, &config->stdio_errors, forced_errors);
    _Py_ClearStandardStreamEncoding();
    return 0;
}

/* A closed descriptor gives None. */
PyStatus rt_init_sys_streams(PyThreadState *tstate)
{
    PyConfig *config = &tstate->interp->config;
    struct stat st;
    if (_Py_fstat_noraise(fileno(stdin), &st) == 0 && S_ISDIR(st.st_mode))
        return STATUS_ERR_IN("init_sys_streams", "<stdin> is a directory, cannot continue");
    apply_forced(config);
    if (canonical_name(&config->stdio_encoding) < 0)
        return STATUS_ERR_IN("init_stdio_encoding",
                             "failed to get the Python codec name of the stdio encoding");
    PyObject *io = PyImport_ImportModule("io");
    bool ok = io != NULL;
    ok = ok
         && install("stdin", "__stdin__",
                    make_stream(config, io, fileno(stdin), false, "<stdin>", config->stdio_encoding,
                                config->stdio_errors))
                == 0;
    ok = ok
         && install("stdout", "__stdout__",
                    make_stream(config, io, fileno(stdout), true, "<stdout>",
                                config->stdio_encoding, config->stdio_errors))
                == 0;
    ok = ok
         && install("stderr", "__stderr__",
                    make_stream(config, io, fileno(stderr), true, "<stderr>",
                                config->stdio_encoding, L"backslashreplace"))
                == 0;
    Py_XDECREF(io);
    return ok ? STATUS_OK()
              : STATUS_ERR_IN("init_sys_streams", "can't initialize sys standard streams");
}

PyStatus rt_set_preliminary_stderr(PyThreadState *tstate)
{
    PyObject *printer = PyFile_NewStdPrinter(fileno(stderr));
    if (!printer)
        return STATUS_ERR("can't set preliminary stderr");
    return install("stderr", "__stderr__", printer) == 0
               ? STATUS_OK()
               : STATUS_ERR("can't set preliminary stderr");
}

/* -- Flushing -------------------------------------------------------------------------------- */

static bool stream_closed(PyObject *f)
{
    PyObject *closed = PyObject_GetAttrString(f, "closed");
    int res = closed ? PyObject_IsTrue(closed) : -1;
    Py_XDECREF(closed);
    if (res < 0)
        PyErr_Clear();
    return res > 0;
}

static int flush_stream(const char *name, bool report)
{
    PyObject *f = sys_get(name);
    if (!f || f == Py_None || stream_closed(f))
        return 0;
    PyObject *res = PyObject_CallMethodNoArgs(f, ID(flush));
    if (!res) {
        if (report)
            PyErr_WriteUnraisable(f);
        else
            PyErr_Clear();
        return -1;
    }
    Py_DECREF(res);
    return 0;
}

int rt_flush_std_files(void)
{
    int a = flush_stream("stdout", true), b = flush_stream("stderr", false);
    return a < 0 || b < 0 ? -1 : 0;
}
