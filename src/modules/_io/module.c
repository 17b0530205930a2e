/* SPDX-License-Identifier: MIT
 *
 * Module _io: open(), which stacks the layers, and the types.
 */
#include "io_impl.h"

/* -- Shared helpers -------------------------------------------------------------------------- */

typedef struct { PyObject *unsupported_operation; } IoState;
static PyModuleDef io_module;

PyObject *io_unsupported_operation(void)
{
    PyObject *module = PyState_FindModule(&io_module);
    IoState *state = module ? PyModule_GetState(module) : NULL;
    /* Gone at shutdown: its base says the same. */
    return state && state->unsupported_operation ? state->unsupported_operation : PyExc_OSError;
}

PyObject *io_unsupported(const char *message)
{
    PyErr_SetString(io_unsupported_operation(), message);
    return NULL;
}

int size_converter(PyObject *o, void *p)
{
    if (o == Py_None)
        return 1;
    if (!PyIndex_Check(o)) {
        PyErr_Format(PyExc_TypeError, "argument should be integer or None, not '%.200s'",
                     Py_TYPE(o)->tp_name);
        return 0;
    }
    Py_ssize_t n = PyNumber_AsSsize_t(o, PyExc_OverflowError);
    if (n == -1 && PyErr_Occurred())
        return 0;
    *(Py_ssize_t *)p = n;
    return 1;
}

off_t off_from_object(PyObject *o, PyObject *error)
{
    PyObject *index = PyNumber_Index(o);
    if (!index)
        return -1;
    int overflow;
    long value = PyLong_AsLongAndOverflow(index, &overflow);
    Py_DECREF(index);
    if (!overflow)
        return value;
    if (error) {
        PyErr_Format(error, "cannot fit '%.200s' into an offset-sized integer",
                     Py_TYPE(o)->tp_name);
        return -1;
    }
    return overflow < 0 ? INT64_MIN : INT64_MAX;
}

bool io_trap_eintr(void)
{
    PyObject *type, *value, *tb;
    if (!PyErr_ExceptionMatches(PyExc_OSError))
        return false;
    PyErr_Fetch(&type, &value, &tb);
    PyErr_NormalizeException(&type, &value, &tb);
    PyObject *number = ((PyOSErrorObject *)value)->myerrno;
    if (number && PyLong_Check(number) && PyLong_AsLong(number) == EINTR) {
        Py_XDECREF(type);
        Py_XDECREF(value);
        Py_XDECREF(tb);
        return PyErr_CheckSignals() == 0;
    }
    PyErr_Restore(type, value, tb);
    return false;
}

/* -- open ------------------------------------------------------------------------------------ */

typedef struct { bool creating, reading, writing, appending, updating, text, binary; } OpenMode;

static int parse_mode(const char *mode, OpenMode *m)
{
    *m = (OpenMode){ 0 };
    for (const char *p = mode; *p; p++) {
        bool *flag = *p == 'x'   ? &m->creating
                     : *p == 'r' ? &m->reading
                     : *p == 'w' ? &m->writing
                     : *p == 'a' ? &m->appending
                     : *p == '+' ? &m->updating
                     : *p == 't' ? &m->text
                     : *p == 'b' ? &m->binary
                                 : NULL;
        /* Unknown or repeated. */
        if (!flag || *flag) {
            PyErr_Format(PyExc_ValueError, "invalid mode: '%s'", mode);
            return -1;
        }
        *flag = true;
    }
    const char *error = m->text && m->binary ? "can't have text and binary mode at once"
                        : m->creating + m->reading + m->writing + m->appending != 1
                            ? "must have exactly one of create/read/write/append mode" : NULL;
    if (error) {
        PyErr_SetString(PyExc_ValueError, error);
        return -1;
    }
    return 0;
}

static int check_binary_arguments(const OpenMode *m, const char *encoding, const char *errors,
                                  const char *newline, int buffering)
{
    const char *error = !m->binary ? NULL
                        : encoding ? "binary mode doesn't take an encoding argument"
                        : errors   ? "binary mode doesn't take an errors argument"
                        : newline  ? "binary mode doesn't take a newline argument" : NULL;
    if (error) {
        PyErr_SetString(PyExc_ValueError, error);
        return -1;
    }
    if (m->binary && buffering == 1)
        return PyErr_WarnEx(PyExc_RuntimeWarning,
                            "line buffering (buffering=1) isn't supported in binary mode, the "
                            "default buffer size will be used",
                            1);
    return 0;
}

/* The buffer size for a raw stream; sets *line_buffering for terminals. -1 with an exception. */
static int choose_buffering(PyObject *raw, int buffering, bool *line_buffering)
{
    PyObject *tty = PyObject_CallMethodNoArgs(raw, ID(isatty));
    int is_tty = tty ? PyObject_IsTrue(tty) : -1;
    Py_XDECREF(tty);
    if (is_tty < 0)
        return -2;
    *line_buffering = buffering == 1 || (is_tty && buffering < 0);
    if (buffering >= 0 && buffering != 1)
        return buffering;
    PyObject *size = PyObject_GetAttr(raw, ID(_blksize));
    if (!size)
        return -2;
    long n = PyLong_AsLong(size);
    Py_DECREF(size);
    return n == -1 && PyErr_Occurred() ? -2 : (int)n;
}

/* Builds the layers from below; when one fails, the highest that exists is closed, which closes
   those below it. */
static PyObject *open_layers(PyObject *file, const char *mode, int buffering, const char *encoding,
                             const char *errors, const char *newline, int closefd, PyObject *opener)
{
    OpenMode m;
    char raw_mode[6], *r = raw_mode;
    bool line_buffering;
    PyObject *result = NULL, *raw = NULL, *buffer, *wrapper, *mode_object;

    if (parse_mode(mode, &m) < 0 ||
        check_binary_arguments(&m, encoding, errors, newline, buffering) < 0)
        return NULL;
    if (m.creating) *r++ = 'x';
    if (m.reading) *r++ = 'r';
    if (m.writing) *r++ = 'w';
    if (m.appending) *r++ = 'a';
    if (m.updating) *r++ = '+';
    *r = 0;

    raw = PyObject_CallFunction((PyObject *)&PyFileIO_Type, "OsOO", file, raw_mode,
                                closefd ? Py_True : Py_False, opener);
    if (!raw)
        return NULL;
    result = raw;
    buffering = choose_buffering(raw, buffering, &line_buffering);
    if (buffering == -2)
        goto fail;
    if (buffering == 0) {
        if (!m.binary) {
            PyErr_SetString(PyExc_ValueError, "can't have unbuffered text I/O");
            goto fail;
        }
        return result;
    }
    buffer = PyObject_CallFunction((PyObject *)(m.updating ? &PyBufferedRandom_Type
                                                : m.creating || m.writing || m.appending
                                                    ? &PyBufferedWriter_Type
                                                    : &PyBufferedReader_Type),
                                   "Oi", raw, buffering);
    if (!buffer)
        goto fail;
    result = buffer;
    Py_DECREF(raw);
    if (m.binary)
        return result;
    wrapper = PyObject_CallFunction((PyObject *)&PyTextIOWrapper_Type, "OsssO", buffer, encoding,
                                    errors, newline, line_buffering ? Py_True : Py_False);
    if (!wrapper)
        goto fail;
    result = wrapper;
    Py_DECREF(buffer);
    mode_object = PyUnicode_FromString(mode);
    int rc = mode_object ? PyObject_SetAttr(wrapper, ID(mode), mode_object) : -1;
    Py_XDECREF(mode_object);
    if (rc == 0)
        return result;
fail: {
    PyObject *type, *value, *tb;
    PyErr_Fetch(&type, &value, &tb);
    PyObject *closed = PyObject_CallMethodNoArgs(result, ID(close));
    _PyErr_ChainExceptions(type, value, tb);
    Py_XDECREF(closed);
    Py_DECREF(result);
    return NULL;
}
}

static PyObject *io_open(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                         PyObject *kwnames)
{
    ARGS("O|sizzzpO:open", "file", "mode", "buffering", "encoding", "errors", "newline", "closefd",
         "opener");
    PyObject *file, *opener = Py_None;
    const char *mode = "r", *encoding = NULL, *errors = NULL, *newline = NULL;
    int buffering = -1, closefd = 1;
    if (!PARSE(&file, &mode, &buffering, &encoding, &errors, &newline, &closefd, &opener))
        return NULL;
    /* A descriptor goes down as it is; anything else must be a path. */
    file = PyNumber_Check(file) ? Py_NewRef(file) : PyOS_FSPath(file);
    if (!file)
        return NULL;
    PyObject *res = open_layers(file, mode, buffering, encoding, errors, newline, closefd, opener);
    Py_DECREF(file);
    return res;
}

static PyObject *io_open_code(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                              PyObject *kwnames)
{
    ARGS("U:open_code", "path");
    PyObject *path;
    return PARSE(&path) ? PyFile_OpenCodeObject(path) : NULL;
}

static PyObject *io_text_encoding(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *encoding;
    int stacklevel = 2;
    if (!PARSEP("O|i:text_encoding", &encoding, &stacklevel))
        return NULL;
    if (encoding && encoding != Py_None)
        return Py_NewRef(encoding);
    const PyConfig *config = _Py_GetConfig();
    if (config->warn_default_encoding &&
        PyErr_WarnEx(PyExc_EncodingWarning, "'encoding' argument not specified", stacklevel) < 0)
        return NULL;
    return PyUnicode_FromString(_PyRuntime.preconfig.utf8_mode ? "utf-8" : "locale");
}

/* -- Module ---------------------------------------------------------------------------------- */

static PyMethodDef io_methods[] = {
    METHODK(io, open,
            "($module, /, file, mode='r', buffering=-1, encoding=None,\n     errors=None, "
            "newline=None, closefd=True, opener=None)",
            "Open a file and return a stream: text by default, bytes with 'b' in mode.\n\n"
            "mode: 'r' read, 'w' write anew, 'x' create, 'a' append; '+' both ways; 't' text, 'b' "
            "bytes.\n"
            "buffering: 0 none (bytes only), 1 lines (text only), larger a size in bytes, -1 the "
            "file's block size.\n"
            "encoding, errors, newline: how text is decoded, see io.TextIOWrapper.\n"
            "closefd: False keeps a given descriptor open. opener(name, flags) may make the "
            "descriptor."),
    METHODF(io, text_encoding, "($module, encoding, stacklevel=2, /)",
            "The encoding to use when a caller passed None: 'locale', or 'utf-8' in UTF-8 mode.\n\n"
            "Emits EncodingWarning under -X warn_default_encoding (PEP 597)."),
    METHODK(io, open_code, "($module, /, path)",
            "Open a file whose content is to be executed (PEP 578)."),
    {NULL},
};

static int io_clear(PyObject *module)
{
    IoState *state = PyModule_GetState(module);
    if (state)
        Py_CLEAR(state->unsupported_operation);
    return 0;
}

static void io_free(void *module) { io_clear(module); }

static int io_traverse(PyObject *module, visitproc visit, void *arg)
{
    IoState *state = PyModule_GetState(module);
    if (state)
        Py_VISIT(state->unsupported_operation);
    return 0;
}

static PyModuleDef io_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "io",
    .m_doc = "Streams: raw, buffered and text. See module io.",
    .m_size = sizeof(IoState),
    .m_methods = io_methods,
    .m_traverse = io_traverse,
    .m_clear = io_clear,
    .m_free = io_free,
};

static PyTypeObject *const io_types[] = {
    &PyIOBase_Type,
    &PyRawIOBase_Type,
    &PyBufferedIOBase_Type,
    &PyTextIOBase_Type,
    &PyFileIO_Type,
    &PyBytesIO_Type,
    &PyStringIO_Type,
    &PyBufferedReader_Type,
    &PyBufferedWriter_Type,
    &PyBufferedRWPair_Type,
    &PyBufferedRandom_Type,
    &PyTextIOWrapper_Type,
    &PyIncrementalNewlineDecoder_Type,
};

PyMODINIT_FUNC PyInit__io(void)
{
    PyObject *module = PyModule_Create(&io_module);
    if (!module)
        return NULL;
    IoState *state = PyModule_GetState(module);
    state->unsupported_operation =
        PyObject_CallFunction((PyObject *)&PyType_Type, "s(OO){}", "UnsupportedOperation",
                              PyExc_OSError, PyExc_ValueError);
    PyObject *io = state->unsupported_operation ? PyUnicode_FromString("io") : NULL;
    if (!io || PyObject_SetAttr(state->unsupported_operation, ID(__module__), io) < 0 ||
        PyModule_AddObjectRef(module, "UnsupportedOperation", state->unsupported_operation) < 0 ||
        PyModule_AddObjectRef(module, "BlockingIOError", PyExc_BlockingIOError) < 0 ||
        PyModule_AddIntConstant(module, "DEFAULT_BUFFER_SIZE", DEFAULT_BUFFER_SIZE) < 0)
        goto fail;
    Py_DECREF(io);
    for (size_t i = 0; i < COUNT_OF(io_types); i++)
        if (PyModule_AddType(module, io_types[i]) < 0)
            goto fail;
    if (PyType_Ready(&_PyBytesIOBuffer_Type) < 0)
        goto fail;
    return module;
fail:
    Py_XDECREF(io);
    Py_DECREF(module);
    return NULL;
}
