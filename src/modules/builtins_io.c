/* SPDX-License-Identifier: MIT
 *
 * print and input. Both look sys.stdout and its like up anew in each call; a stream that is None
 * swallows what print gives, and makes input fail.
 */
#include "modules/builtins.h"

/* -- print ----------------------------------------------------------------------------------- */

static int text_or_none(PyObject **text, const char *name)
{
    if (*text == Py_None)
        *text = NULL;
    if (!*text || PyUnicode_Check(*text))
        return 0;
    PyErr_Format(PyExc_TypeError, "%s must be None or a string, not %.200s", name,
                 Py_TYPE(*text)->tp_name);
    return -1;
}

static PyObject *builtin_print(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                               PyObject *kwnames)
{
    static const char *const keywords[] = { "sep", "end", "file", "flush", NULL };
    static _PyArg_Parser parser = { .fname = "print", .keywords = keywords };
    PyObject *sep = NULL, *end = NULL, *file = NULL;
    int flush = 0;
    if (kwnames) {
        /* The values are not printed by way of the surplus tuple: args holds them. */
        PyObject *found[5];
        if (!_PyArg_UnpackKeywordsWithVararg(args + nargs, 0, NULL, kwnames, &parser, 0, 0, 0, 0,
                                             found))
            return NULL;
        Py_DECREF(found[0]);
        sep = found[1];
        end = found[2];
        file = found[3];
        flush = found[4] ? PyObject_IsTrue(found[4]) : 0;
        if (flush < 0)
            return NULL;
    }
    if (!file || file == Py_None) {
        file = PySys_GetObject("stdout");
        if (!file) {
            PyErr_SetString(PyExc_RuntimeError, "lost sys.stdout");
            return NULL;
        }
        if (file == Py_None)
            Py_RETURN_NONE;
    }
    if (text_or_none(&sep, "sep") < 0 || text_or_none(&end, "end") < 0)
        return NULL;
    /* The stream may be replaced while it prints. */
    Py_INCREF(file);
    int rc = 0;
    for (Py_ssize_t i = 0; i < nargs; i++)
        Py_INCREF(args[i]); /* as a tuple of arguments holds them */
    for (Py_ssize_t i = 0; rc == 0 && i < nargs; i++) {
        if (i)
            rc = sep ? PyFile_WriteObject(sep, file, Py_PRINT_RAW)
                     : PyFile_WriteObject(latin1_char(' '), file, Py_PRINT_RAW);
        if (rc == 0)
            rc = PyFile_WriteObject(args[i], file, Py_PRINT_RAW);
    }
    if (rc == 0)
        rc = PyFile_WriteObject(end ? end : latin1_char('\n'), file, Py_PRINT_RAW);
    if (rc == 0 && flush) {
        PyObject *res = PyObject_CallMethodNoArgs(file, ID(flush));
        rc = res ? 0 : -1;
        Py_XDECREF(res);
    }
    for (Py_ssize_t i = nargs; i > 0; i--)
        Py_DECREF(args[i - 1]);
    Py_DECREF(file);
    return rc < 0 ? NULL : Py_NewRef(Py_None);
}

/* -- input ----------------------------------------------------------------------------------- */

/* A stream that is the process's own terminal on that descriptor: 1, 0; errors count as 0. */
static int is_real_terminal(PyObject *stream, int expected)
{
    PyObject *number = PyObject_CallMethodNoArgs(stream, ID(fileno));
    if (!number) {
        PyErr_Clear();
        return 0;
    }
    long fd = PyLong_AsLong(number);
    Py_DECREF(number);
    if (fd == -1 && PyErr_Occurred())
        PyErr_Clear();
    return fd == expected && isatty((int)fd);
}

static int flush_stream(PyObject *stream)
{
    PyObject *res = PyObject_CallMethodNoArgs(stream, ID(flush));
    Py_XDECREF(res);
    return res ? 0 : -1;
}

/* A str attribute as UTF-8: BORROWED from *holder, which is owned. */
static const char *stream_text(PyObject *stream, PyObject *name, PyObject **holder)
{
    *holder = PyObject_GetAttr(stream, name);
    return *holder && PyUnicode_Check(*holder) ? PyUnicode_AsUTF8(*holder) : NULL;
}

/* Through readline, with editing. `prompt` may be NULL. */
static PyObject *input_from_terminal(PyObject *in, PyObject *out, PyObject *prompt)
{
    PyObject *in_enc = NULL, *in_err = NULL, *out_enc = NULL, *out_err = NULL, *text = NULL,
             *bytes = NULL, *res = NULL;
    const char *ie = stream_text(in, ID(encoding), &in_enc),
               *ir = ie ? stream_text(in, ID(errors), &in_err) : NULL;
    if (!ir || flush_stream(out) < 0)
        goto done;
    const char *prompt_bytes = "";
    if (prompt) {
        const char *oe = stream_text(out, ID(encoding), &out_enc),
                   * or = oe ? stream_text(out, ID(errors), &out_err) : NULL;
        text = or ? PyObject_Str(prompt) : NULL;
        bytes = text ? PyUnicode_AsEncodedString(text, oe, or) : NULL;
        if (!bytes)
            goto done;
        prompt_bytes = PyBytes_AS_STRING(bytes);
        if (strlen(prompt_bytes) != (size_t)PyBytes_GET_SIZE(bytes)) {
            PyErr_SetString(PyExc_ValueError,
                            "input: prompt string cannot contain null characters");
            goto done;
        }
    }
    char *line = PyOS_Readline(stdin, stdout, prompt_bytes);
    if (!line) {
        PyErr_CheckSignals();
        if (!PyErr_Occurred())
            PyErr_SetNone(PyExc_KeyboardInterrupt);
        goto done;
    }
    size_t n = strlen(line);
    if (n == 0)
        PyErr_SetNone(PyExc_EOFError);
    else if (n > PY_SSIZE_T_MAX)
        PyErr_SetString(PyExc_OverflowError, "input: input too long");
    else
        res = PyUnicode_Decode(line, (Py_ssize_t)n - (line[n - 1] == '\n'), ie, ir);
    PyMem_Free(line);
done:
    Py_XDECREF(in_enc);
    Py_XDECREF(in_err);
    Py_XDECREF(out_enc);
    Py_XDECREF(out_err);
    Py_XDECREF(text);
    Py_XDECREF(bytes);
    if (res && PySys_Audit("builtins.input/result", "O", res) < 0)
        Py_CLEAR(res);
    else if (!res && !PyErr_Occurred())
        PyErr_SetString(PyExc_RuntimeError, "input(): lost sys.stdin");
    return res;
}

static PyObject *lost(const char *name)
{
    return PyErr_Format(PyExc_RuntimeError, "input(): lost sys.%s", name);
}

/* Editing and history come from readline, which needs the real terminal on both ends; otherwise
   sys.stdout and sys.stdin are used as files. An unwritable stderr is no reason to fail. */
static PyObject *builtin_input(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *in = PySys_GetObject("stdin"), *out = PySys_GetObject("stdout"),
             *err = PySys_GetObject("stderr");
    PyObject *prompt = nargs ? args[0] : NULL;
    if (!_PyArg_CheckPositional("input", nargs, 0, 1))
        return NULL;
    if (!in || in == Py_None)
        return lost("stdin");
    if (!out || out == Py_None)
        return lost("stdout");
    if (!err || err == Py_None)
        return lost("stderr");
    if (PySys_Audit("builtins.input", "O", prompt ? prompt : Py_None) < 0)
        return NULL;
    if (flush_stream(err) < 0)
        PyErr_Clear();
    if (is_real_terminal(in, fileno(stdin)) && is_real_terminal(out, fileno(stdout)))
        return input_from_terminal(in, out, prompt);
    if (prompt && PyFile_WriteObject(prompt, out, Py_PRINT_RAW) < 0)
        return NULL;
    if (flush_stream(out) < 0)
        PyErr_Clear();
    PyObject *res = PyFile_GetLine(in, -1);
    if (res && PySys_Audit("builtins.input/result", "O", res) < 0)
        Py_CLEAR(res);
    return res;
}

PyMethodDef builtins_io_methods[] = {
    FAST(input, "($module, prompt='', /)",
         "Read a line from standard input, without its newline; EOFError at the end.\n\nThe prompt "
         "is written first. readline is used when it is available."),
    {"print", (PyCFunction)(void (*)(void))builtin_print, METH_FASTCALL | METH_KEYWORDS,
     "print($module, /, *args, sep=' ', end='\\n', file=None, flush=False)\n--\n\nPrint values to "
     "a stream, sys.stdout by default.\n\nsep stands between values, end after the last; flush "
     "writes the stream out at once."},
    {NULL},
};
