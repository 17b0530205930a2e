/* SPDX-License-Identifier: MIT
 *
 * Hexadecimal text of bytes, as str or ASCII bytes, with optional separators between groups.
 */
#include "state.h"

/* sep NULL: none. group > 0 counts from the right, < 0 from
   the left. as_bytes: the result is bytes. */
static PyObject *hex_text(const char *data, Py_ssize_t n, PyObject *sep, int group, bool as_bytes)
{
    static const char digits[] = "0123456789abcdef";
    Py_UCS4 sep_char = 0;
    Py_ssize_t seps = 0, size = group < 0 ? -(Py_ssize_t)group : group;
    if (sep) {
        Py_ssize_t length = PyObject_Length(sep);
        if (length < 0)
            return NULL;
        if (length != 1)
            return PyErr_Format(PyExc_ValueError, "sep must be length 1.");
        if (PyUnicode_Check(sep)) {
            if (PyUnicode_READY(sep) < 0)
                return NULL;
            sep_char = PyUnicode_READ_CHAR(sep, 0);
            if (sep_char > 127)
                return PyErr_Format(PyExc_ValueError, "sep must be ASCII.");
        } else if (PyBytes_Check(sep)) {
            sep_char = (unsigned char)PyBytes_AS_STRING(sep)[0];
            if (sep_char > 127 && !as_bytes)
                return PyErr_Format(PyExc_ValueError, "sep must be ASCII.");
        } else {
            return PyErr_Format(PyExc_TypeError, "sep must be str or bytes.");
        }
        if (size && n)
            seps = (n - 1) / size;
    }
    if (n > (PY_SSIZE_T_MAX - seps) / 2)
        return PyErr_NoMemory();
    PyObject *res = as_bytes ? PyBytes_FromStringAndSize(NULL, 2 * n + seps)
                             : PyUnicode_New(2 * n + seps, 127);
    if (!res)
        return NULL;
    char *out = as_bytes ? PyBytes_AS_STRING(res) : (char *)PyUnicode_1BYTE_DATA(res);
    for (Py_ssize_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)data[i];
        if (seps && i && (group < 0 ? i : n - i) % size == 0)
            *out++ = (char)sep_char;
        *out++ = digits[c >> 4];
        *out++ = digits[c & 15];
    }
    return res;
}

EXPORT PyObject *_Py_strhex(const char *data, const Py_ssize_t n)
{
    return hex_text(data, n, NULL, 0, false);
}

EXPORT PyObject *_Py_strhex_bytes(const char *data, const Py_ssize_t n)
{
    return hex_text(data, n, NULL, 0, true);
}

EXPORT PyObject *_Py_strhex_with_sep(const char *data, const Py_ssize_t n, PyObject *sep,
                                     const int group)
{
    return hex_text(data, n, sep, group, false);
}

EXPORT PyObject *_Py_strhex_bytes_with_sep(const char *data, const Py_ssize_t n, PyObject *sep,
                                           const int group)
{
    return hex_text(data, n, sep, group, true);
}
