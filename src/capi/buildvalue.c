/* SPDX-License-Identifier: MIT
 *
 * Py_BuildValue and relatives: C values to objects by a format, and adding things to modules.
 *
 *     "(sN)", "name", object      a tuple of a str and the object, whose reference goes into it
 *     "ii"                        several units without parentheses are a tuple
 *     ""                          None
 *
 *  I1 an 'N' argument is stolen even when building fails: after the first error the rest of the
 *     format is still walked so that every N is released.
 *  I2 the walk and the conversion take the same C arguments from the va_list, unit by unit.
 *
 * Units are those of "Building values" in the C API reference.
 */
#include "capi/capi.h"

#define FLAG_SIZE_T 1

static PyObject *build_value(const char **format, va_list *va, int flags);

/* Number of units up to the matching end. -1 with SystemError when parentheses do not match. */
static Py_ssize_t count_units(const char *format, char end)
{
    Py_ssize_t n = 0;
    int level = 0;
    for (; level > 0 || *format != end; format++) {
        switch (*format) {
        case '\0':
            PyErr_SetString(PyExc_SystemError, "unmatched paren in format");
            return -1;
        case '(': case '[': case '{':
            if (level++ == 0) {
                n++;
            }
            break;
        case ')': case ']': case '}':
            level--;
            break;
        case '#': case '&': case ',': case ':': case ' ': case '\t':
            break;
        default:
            if (level == 0) {
                n++;
            }
        }
    }
    return n;
}

/* Steps over the end of a group. */
static bool close_group(const char **format, char end)
{
    if (**format != end) {
        PyErr_SetString(PyExc_SystemError, "Unmatched paren in format");
        return false;
    }
    if (end) {
        ++*format;
    }
    return true;
}

/* I1: walks n units for their N arguments, keeping the exception that is set. */
static void build_ignored(const char **format, va_list *va, char end, Py_ssize_t n, int flags)
{
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *type, *value, *tb;
        PyErr_Fetch(&type, &value, &tb);
        PyObject *w = build_value(format, va, flags);
        PyErr_Restore(type, value, tb);
        Py_XDECREF(w);
    }
    if (**format != end) {
        PyErr_SetString(PyExc_SystemError, "Unmatched paren in format");
    } else if (end) {
        ++*format;
    }
}

/* Fills the n items of a new tuple or list, MAYBE_NULL, and gives it back. */
static PyObject *build_items(const char **format, va_list *va, char end, PyObject *v,
                             PyObject **items, Py_ssize_t n, int flags)
{
    if (v == NULL) {
        build_ignored(format, va, end, n, flags);
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        items[i] = build_value(format, va, flags);
        if (items[i] == NULL) {
            build_ignored(format, va, end, n - i - 1, flags);
            Py_DECREF(v);
            return NULL;
        }
    }
    if (!close_group(format, end)) {
        Py_CLEAR(v);
    }
    return v;
}

/* Of n units; -1: count_units failed. */
static PyObject *build_tuple(const char **format, va_list *va, char end, Py_ssize_t n, int flags)
{
    if (n < 0) {
        return NULL;
    }
    PyObject *v = PyTuple_New(n);
    return build_items(format, va, end, v, v ? ((PyTupleObject *)v)->ob_item : NULL, n, flags);
}

static PyObject *build_list(const char **format, va_list *va, char end, Py_ssize_t n, int flags)
{
    if (n < 0) {
        return NULL;
    }
    PyObject *v = PyList_New(n);
    return build_items(format, va, end, v, v ? ((PyListObject *)v)->ob_item : NULL, n, flags);
}

/* Units are keys and values by turns. */
static PyObject *build_dict(const char **format, va_list *va, char end, Py_ssize_t n, int flags)
{
    if (n < 0) {
        return NULL;
    }
    if (n % 2) {
        PyErr_SetString(PyExc_SystemError, "Bad dict format");
        build_ignored(format, va, end, n, flags);
        return NULL;
    }
    PyObject *d = PyDict_New();
    if (d == NULL) {
        build_ignored(format, va, end, n, flags);
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i += 2) {
        PyObject *k = build_value(format, va, flags);
        if (k == NULL) {
            build_ignored(format, va, end, n - i - 1, flags);
            Py_DECREF(d);
            return NULL;
        }
        PyObject *v = build_value(format, va, flags);
        if (v == NULL || PyDict_SetItem(d, k, v) < 0) {
            build_ignored(format, va, end, n - i - 2, flags);
            Py_DECREF(k);
            Py_XDECREF(v);
            Py_DECREF(d);
            return NULL;
        }
        Py_DECREF(k);
        Py_DECREF(v);
    }
    if (!close_group(format, end)) {
        Py_CLEAR(d);
    }
    return d;
}

/* -- One unit -------------------------------------------------------------------------------- */

/* The length after '#': -1 when absent, -2 when the caller's integers are not Py_ssize_t. */
static Py_ssize_t sized(const char **format, va_list *va, int flags)
{
    if (**format != '#') {
        return -1;
    }
    ++*format;
    if (!(flags & FLAG_SIZE_T)) {
        PyErr_SetString(PyExc_SystemError,
                        "PY_SSIZE_T_CLEAN macro must be defined for '#' formats");
        (void)va_arg(*va, int);
        return -2;
    }
    return va_arg(*va, Py_ssize_t);
}

/* s z U y, with or without '#'. NULL text is None. */
static PyObject *build_text(char unit, const char **format, va_list *va, int flags)
{
    const void *s = va_arg(*va, const void *);
    Py_ssize_t n = sized(format, va, flags);
    if (n == -2) {
        return NULL;
    }
    if (s == NULL) {
        Py_RETURN_NONE;
    }
    if (unit == 'u') {
        return PyUnicode_FromWideChar(s, n);
    }
    if (n < 0) {
        size_t len = strlen(s);
        if (len > PY_SSIZE_T_MAX) {
            PyErr_SetString(PyExc_OverflowError, unit == 'y' ? "string too long for Python bytes"
                                                             : "string too long for Python string");
            return NULL;
        }
        n = (Py_ssize_t)len;
    }
    return unit == 'y' ? PyBytes_FromStringAndSize(s, n) : PyUnicode_FromStringAndSize(s, n);
}

/* O S N (N steals), O& (by the caller's converter). NULL is an error, unless one is set. */
static PyObject *build_object(char unit, const char **format, va_list *va)
{
    if (**format == '&') {
        typedef PyObject *(*converter)(void *);
        converter func = va_arg(*va, converter);
        void *arg = va_arg(*va, void *);
        ++*format;
        return func(arg);
    }
    PyObject *v = va_arg(*va, PyObject *);
    if (v == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_SystemError, "NULL object passed to Py_BuildValue");
        }
    } else if (unit != 'N') {
        Py_INCREF(v);
    }
    return v;
}

/* One unit or group; blanks, commas and colons between units mean nothing. */
static PyObject *build_value(const char **format, va_list *va, int flags)
{
    for (;;) {
        char unit = *(*format)++;
        switch (unit) {
        case '(':
            return build_tuple(format, va, ')', count_units(*format, ')'), flags);
        case '[':
            return build_list(format, va, ']', count_units(*format, ']'), flags);
        case '{':
            return build_dict(format, va, '}', count_units(*format, '}'), flags);
        case 'b': case 'B': case 'h': case 'i':
            return PyLong_FromLong((long)va_arg(*va, int));
        case 'H':
            return PyLong_FromLong((long)va_arg(*va, unsigned int));
        case 'I':
            return PyLong_FromUnsignedLong(va_arg(*va, unsigned int));
        case 'n':
            return PyLong_FromSsize_t(va_arg(*va, Py_ssize_t));
        case 'l':
            return PyLong_FromLong(va_arg(*va, long));
        case 'k':
            return PyLong_FromUnsignedLong(va_arg(*va, unsigned long));
        case 'L':
            return PyLong_FromLongLong(va_arg(*va, long long));
        case 'K':
            return PyLong_FromUnsignedLongLong(va_arg(*va, unsigned long long));
        case 'u': case 's': case 'z': case 'U': case 'y':
            return build_text(unit, format, va, flags);
        case 'd': case 'f':
            return PyFloat_FromDouble(va_arg(*va, double));
        case 'D':
            return PyComplex_FromCComplex(*va_arg(*va, Py_complex *));
        case 'c': {
            char c = (char)va_arg(*va, int);
            return PyBytes_FromStringAndSize(&c, 1);
        }
        case 'C':
            return PyUnicode_FromOrdinal(va_arg(*va, int));
        case 'N': case 'S': case 'O':
            return build_object(unit, format, va);
        case ',': case ':': case ' ': case '\t':
            break;
        default:
            PyErr_SetString(PyExc_SystemError, "bad format char passed to Py_BuildValue");
            return NULL;
        }
    }
}

/* The outermost level: none, one, or a tuple of values. */
static PyObject *build(const char *format, va_list va_in, int flags)
{
    Py_ssize_t n = count_units(format, '\0');
    if (n < 0) {
        return NULL;
    }
    if (n == 0) {
        Py_RETURN_NONE;
    }
    va_list va;
    va_copy(va, va_in);
    PyObject *v = n == 1 ? build_value(&format, &va, flags)
                         : build_tuple(&format, &va, '\0', n, flags);
    va_end(va);
    return v;
}

#undef Py_BuildValue
#undef Py_VaBuildValue
#undef _Py_VaBuildStack

EXPORT PyObject *Py_VaBuildValue(const char *format, va_list va) { return build(format, va, 0); }
EXPORT PyObject *_Py_VaBuildValue_SizeT(const char *format, va_list va)
{
    return build(format, va, FLAG_SIZE_T);
}

EXPORT PyObject *Py_BuildValue(const char *format, ...)
{
    va_list va;
    va_start(va, format);
    PyObject *v = build(format, va, 0);
    va_end(va);
    return v;
}

EXPORT PyObject *_Py_BuildValue_SizeT(const char *format, ...)
{
    va_list va;
    va_start(va, format);
    PyObject *v = build(format, va, FLAG_SIZE_T);
    va_end(va);
    return v;
}

/* -- Argument arrays ------------------------------------------------------------------------- */

/* An array of owned objects: `small` when they fit, otherwise for PyMem_Free. */
static PyObject **build_stack(PyObject **small, Py_ssize_t small_len, const char *format,
                              va_list va_in, int flags, Py_ssize_t *nargs)
{
    Py_ssize_t n = count_units(format, '\0');
    *nargs = 0;
    if (n < 0) {
        return NULL;
    }
    if (n == 0) {
        return small;
    }
    PyObject **stack = small;
    if (n > small_len) {
        stack = PyMem_Malloc((size_t)n * sizeof(PyObject *));
        if (stack == NULL) {
            PyErr_NoMemory();
            return NULL;
        }
    }
    va_list va;
    va_copy(va, va_in);
    for (Py_ssize_t i = 0; i < n; i++) {
        stack[i] = build_value(&format, &va, flags);
        if (stack[i] == NULL) {
            build_ignored(&format, &va, '\0', n - i - 1, flags);
            while (--i >= 0) {
                Py_DECREF(stack[i]);
            }
            if (stack != small) {
                PyMem_Free(stack);
            }
            va_end(va);
            return NULL;
        }
    }
    va_end(va);
    *nargs = n;
    return stack;
}

EXPORT PyObject **_Py_VaBuildStack(PyObject **small, Py_ssize_t small_len, const char *format,
                                   va_list va, Py_ssize_t *nargs)
{
    return build_stack(small, small_len, format, va, 0, nargs);
}

EXPORT PyObject **_Py_VaBuildStack_SizeT(PyObject **small, Py_ssize_t small_len, const char *format,
                                         va_list va, Py_ssize_t *nargs)
{
    return build_stack(small, small_len, format, va, FLAG_SIZE_T, nargs);
}

/* -- Modules --------------------------------------------------------------------------------- */

/* Borrows value. value NULL passes on the exception that it stands for. */
int PyModule_AddObjectRef(PyObject *mod, const char *name, PyObject *value)
{
    if (!PyModule_Check(mod)) {
        PyErr_SetString(PyExc_TypeError, "PyModule_AddObjectRef() first argument must be a module");
        return -1;
    }
    if (value == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_SystemError,
                            "PyModule_AddObjectRef() must be called with an exception raised if "
                            "value is NULL");
        }
        return -1;
    }
    PyObject *dict = PyModule_GetDict(mod);
    if (dict == NULL) {
        PyErr_Format(PyExc_SystemError, "module '%s' has no __dict__", PyModule_GetName(mod));
        return -1;
    }
    return PyDict_SetItemString(dict, name, value);
}

/* STEALS value on success. */
int PyModule_AddObject(PyObject *mod, const char *name, PyObject *value)
{
    int r = PyModule_AddObjectRef(mod, name, value);
    if (r == 0) {
        Py_DECREF(value);
    }
    return r;
}

/* STEALS value, on failure too. */
static int add_and_drop(PyObject *mod, const char *name, PyObject *value)
{
    if (value == NULL) {
        return -1;
    }
    int r = PyModule_AddObjectRef(mod, name, value);
    Py_DECREF(value);
    return r;
}

int PyModule_AddIntConstant(PyObject *mod, const char *name, long value)
{
    return add_and_drop(mod, name, PyLong_FromLong(value));
}

int PyModule_AddStringConstant(PyObject *mod, const char *name, const char *value)
{
    return add_and_drop(mod, name, PyUnicode_FromString(value));
}

int PyModule_AddType(PyObject *mod, PyTypeObject *type)
{
    extern EXPORT const char *_PyType_Name(PyTypeObject *);
    if (PyType_Ready(type) < 0) {
        return -1;
    }
    return PyModule_AddObjectRef(mod, _PyType_Name(type), (PyObject *)type);
}
