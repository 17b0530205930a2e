/* SPDX-License-Identifier: MIT
 *
 * Errors with more to them: errno, ImportError, new classes, positions of syntax errors, unraisable
 * exceptions.
 */
#include "runtime/rt.h"
#include <sys/stat.h>

/* -- errno ----------------------------------------------------------------------------------- */

static PyObject *errno_message(int code)
{
    if (code == 0)
        return PyUnicode_FromString("Error");
    return PyUnicode_DecodeLocale(strerror(code), "surrogateescape");
}

/* Always NULL. EINTR runs signal handlers first, whose exception counts. */
PyObject *PyErr_SetFromErrnoWithFilenameObjects(PyObject *exc, PyObject *name, PyObject *name2)
{
    int code = errno;
    if (code == EINTR && PyErr_CheckSignals() != 0)
        return NULL;
    PyObject *message = errno_message(code), *args;
    if (!message)
        return NULL;
    if (name && name2)
        args = Py_BuildValue("(iOOiO)", code, message, name, 0, name2);
    else if (name)
        args = Py_BuildValue("(iOO)", code, message, name);
    else
        args = Py_BuildValue("(iO)", code, message);
    Py_DECREF(message);
    PyObject *err = args ? PyObject_Call(exc, args, NULL) : NULL;
    Py_XDECREF(args);
    if (err) {
        PyErr_SetObject((PyObject *)Py_TYPE(err), err);
        Py_DECREF(err);
    }
    return NULL;
}

PyObject *PyErr_SetFromErrnoWithFilenameObject(PyObject *exc, PyObject *name)
{
    return PyErr_SetFromErrnoWithFilenameObjects(exc, name, NULL);
}

PyObject *PyErr_SetFromErrnoWithFilename(PyObject *exc, const char *filename)
{
    int saved = errno; /* decoding may change it */
    PyObject *name = filename ? PyUnicode_DecodeFSDefault(filename) : NULL;
    if (filename && !name)
        return NULL;
    errno = saved;
    PyErr_SetFromErrnoWithFilenameObjects(exc, name, NULL);
    Py_XDECREF(name);
    return NULL;
}

PyObject *PyErr_SetFromErrno(PyObject *exc)
{
    return PyErr_SetFromErrnoWithFilenameObjects(exc, NULL, NULL);
}

/* -- ImportError ----------------------------------------------------------------------------- */

/* Always NULL. name and path may be NULL: None. */
PyObject *PyErr_SetImportErrorSubclass(PyObject *exc, PyObject *msg, PyObject *name, PyObject *path)
{
    int sub = PyObject_IsSubclass(exc, PyExc_ImportError);
    if (sub < 0)
        return NULL;
    if (!sub || !msg) {
        PyErr_SetString(PyExc_TypeError,
                        sub ? "expected a message argument" : "expected a subclass of ImportError");
        return NULL;
    }
    PyObject *kwargs = PyDict_New(), *err = NULL;
    if (kwargs && PyDict_SetItem(kwargs, ID(name), name ? name : Py_None) == 0
        && PyDict_SetItem(kwargs, ID(path), path ? path : Py_None) == 0)
        err = PyObject_VectorcallDict(exc, &msg, 1, kwargs);
    Py_XDECREF(kwargs);
    if (err) {
        PyErr_SetObject((PyObject *)Py_TYPE(err), err);
        Py_DECREF(err);
    }
    return NULL;
}

PyObject *PyErr_SetImportError(PyObject *msg, PyObject *name, PyObject *path)
{
    return PyErr_SetImportErrorSubclass(PyExc_ImportError, msg, name, path);
}

/* -- New classes ----------------------------------------------------------------------------- */

/* `name` is "module.class"; base NULL: Exception; dict borrowed or NULL. */
PyObject *PyErr_NewException(const char *name, PyObject *base, PyObject *dict)
{
    const char *dot = strrchr(name, '.');
    PyObject *own_dict = NULL, *bases = NULL, *result = NULL;
    if (!dot) {
        PyErr_SetString(PyExc_SystemError, "PyErr_NewException: name must be module.class");
        return NULL;
    }
    if (!base)
        base = PyExc_Exception;
    if (!dict && !(dict = own_dict = PyDict_New()))
        return NULL;
    int has = PyDict_Contains(dict, ID(__module__));
    if (has < 0)
        goto done;
    if (!has) {
        PyObject *module = PyUnicode_FromStringAndSize(name, dot - name);
        int res = module ? PyDict_SetItem(dict, ID(__module__), module) : -1;
        Py_XDECREF(module);
        if (res < 0)
            goto done;
    }
    bases = PyTuple_Check(base) ? Py_NewRef(base) : PyTuple_Pack(1, base);
    if (bases)
        result = PyObject_CallFunction((PyObject *)&PyType_Type, "sOO", dot + 1, bases, dict);
done:
    Py_XDECREF(bases);
    Py_XDECREF(own_dict);
    return result;
}

PyObject *PyErr_NewExceptionWithDoc(const char *name, const char *doc, PyObject *base,
                                    PyObject *dict)
{
    PyObject *own_dict = NULL, *result = NULL;
    if (!dict && !(dict = own_dict = PyDict_New()))
        return NULL;
    if (doc) {
        PyObject *text = PyUnicode_FromString(doc);
        int res = text ? PyDict_SetItem(dict, ID(__doc__), text) : -1;
        Py_XDECREF(text);
        if (res < 0)
            goto done;
    }
    result = PyErr_NewException(name, base, dict);
done:
    Py_XDECREF(own_dict);
    return result;
}

/* -- Positions of syntax errors -------------------------------------------------------------- */

/* Sets an attribute of the exception; trouble doing so is
   dropped, the exception matters more. STEALS value. */
static void set_attr(PyObject *exc, PyObject *name, PyObject *value)
{
    if (!value || PyObject_SetAttr(exc, name, value) < 0)
        PyErr_Clear();
    Py_XDECREF(value);
}

static PyObject *int_or_none(int n, bool given)
{
    return given ? PyLong_FromLong(n) : Py_NewRef(Py_None);
}

/* Sets what is not there. */
static void ensure_attr(PyObject *exc, PyObject *name, PyObject *value /* BORROWED */)
{
    PyObject *old;
    if (_PyObject_LookupAttr(exc, name, &old) < 0)
        PyErr_Clear();
    else if (!old)
        set_attr(exc, name, Py_NewRef(value));
    else
        Py_DECREF(old);
}

/* Gives the raised exception the attributes of a SyntaxError. */
static void syntax_location(PyObject *filename, int lineno, int col, int end_lineno, int end_col)
{
    PyThreadState *tstate = tstate_get();
    PyObject *type, *exc, *tb;
    _PyErr_Fetch(tstate, &type, &exc, &tb);
    _PyErr_NormalizeException(tstate, &type, &exc, &tb);
    set_attr(exc, ID(lineno), PyLong_FromLong(lineno));
    set_attr(exc, ID(offset), int_or_none(col, col >= 0));
    set_attr(exc, ID(end_lineno), int_or_none(end_lineno, end_lineno >= 0));
    set_attr(exc, ID(end_offset), int_or_none(end_col, end_col >= 0));
    if (filename) {
        set_attr(exc, ID(filename), Py_NewRef(filename));
        PyObject *text = PyErr_ProgramTextObject(filename, lineno);
        if (!text && !PyErr_Occurred())
            text = Py_NewRef(Py_None);
        set_attr(exc, ID(text), text);
    }
    if (type != PyExc_SyntaxError) {
        ensure_attr(exc, ID(msg), Py_None);
        ensure_attr(exc, ID(print_file_and_line), Py_None);
    }
    _PyErr_Restore(tstate, type, exc, tb);
}

void PyErr_SyntaxLocationObject(PyObject *filename, int lineno, int col)
{
    syntax_location(filename, lineno, col, lineno, -1);
}

void PyErr_RangedSyntaxLocationObject(PyObject *filename, int lineno, int col, int end_lineno,
                                      int end_col)
{
    syntax_location(filename, lineno, col, end_lineno, end_col);
}

void PyErr_SyntaxLocationEx(const char *filename, int lineno, int col)
{
    PyObject *name = filename ? PyUnicode_DecodeFSDefault(filename) : NULL;
    if (filename && !name)
        PyErr_Clear();
    PyErr_SyntaxLocationObject(name, lineno, col);
    Py_XDECREF(name);
}

void PyErr_SyntaxLocation(const char *filename, int lineno)
{
    PyErr_SyntaxLocationEx(filename, lineno, -1);
}

/* Line `lineno` of the file as str, NULL without error when there is none. Closes fp. */
static PyObject *line_of_file(FILE *fp, int lineno, const char *encoding)
{
    char *line = NULL;
    size_t cap = 0;
    ssize_t n = -1;
    if (!fp)
        return NULL;
    for (int i = 0; i < lineno && (n = getline(&line, &cap, fp)) >= 0; i++) {}
    fclose(fp);
    PyObject *res = NULL;
    if (n >= 0) {
        const char *start = line;
        if (lineno == 1 && n >= 3 && memcmp(start, "\xef\xbb\xbf", 3) == 0)
            start += 3, n -= 3;
        res = encoding ? PyUnicode_Decode(start, n, encoding, "replace")
                       : PyUnicode_DecodeUTF8(start, n, "replace");
        if (!res)
            PyErr_Clear();
    }
    free(line);
    return res;
}

PyObject *_PyErr_ProgramDecodedTextObject(PyObject *filename, int lineno, const char *encoding)
{
    if (!filename || lineno <= 0)
        return NULL;
    FILE *fp = _Py_fopen_obj(filename, "r");
    if (!fp)
        PyErr_Clear();
    return line_of_file(fp, lineno, encoding);
}

PyObject *PyErr_ProgramTextObject(PyObject *filename, int lineno)
{
    return _PyErr_ProgramDecodedTextObject(filename, lineno, NULL);
}

PyObject *PyErr_ProgramText(const char *filename, int lineno)
{
    PyObject *name = filename && *filename && lineno > 0 ? PyUnicode_DecodeFSDefault(filename)
                                                         : NULL;
    PyObject *text = name ? PyErr_ProgramTextObject(name, lineno) : NULL;
    if (!name)
        PyErr_Clear();
    Py_XDECREF(name);
    return text;
}
