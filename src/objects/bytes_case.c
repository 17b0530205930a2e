/* SPDX-License-Identifier: MIT
 *
 * Methods of bytes and bytearray that treat them as ASCII text: case, classes of characters,
 * padding, tabs. Bytes of 128 and above belong to no class.
 */
#include "objects/bytes_methods_impl.h"

#include <string.h>

/* -- Case, classes --------------------------------------------------------------------------- */

static inline __attribute__((always_inline)) PyObject *map_bytes(PyObject *self,
                                                                 int (*f)(int, bool *))
{
    Py_ssize_t n = byteslike_size(self);
    PyObject *res = byteslike_new(self, NULL, n);
    bool in_word = false;
    const unsigned char *s = (const unsigned char *)byteslike_data(self);
    char *out = res ? byteslike_buffer(res) : NULL;
    for (Py_ssize_t i = 0; res && i < n; i++)
        out[i] = (char)f(s[i], &in_word);
    return res;
}

static inline int to_lower(int c, bool *w) { return Py_TOLOWER(c); }
static inline int to_upper(int c, bool *w) { return Py_TOUPPER(c); }
static inline int to_swapped(int c, bool *w)
{
    return Py_ISLOWER(c) ? Py_TOUPPER(c) : Py_TOLOWER(c);
}

static inline int to_capitalized(int c, bool *started)
{
    bool first = !*started;
    *started = true;
    return first ? Py_TOUPPER(c) : Py_TOLOWER(c);
}
static inline int to_title(int c, bool *in_word)
{
    int r = !Py_ISALPHA(c) ? c : *in_word ? Py_TOLOWER(c) : Py_TOUPPER(c);
    *in_word = Py_ISALPHA(c);
    return r;
}
PyObject *byteslike_lower(PyObject *self, PyObject *unused)
{
    return map_bytes(self, to_lower);
}

PyObject *byteslike_upper(PyObject *self, PyObject *unused)
{
    return map_bytes(self, to_upper);
}

PyObject *byteslike_swapcase(PyObject *self, PyObject *unused)
{
    return map_bytes(self, to_swapped);
}

PyObject *byteslike_capitalize(PyObject *self, PyObject *unused)
{
    return map_bytes(self, to_capitalized);
}

PyObject *byteslike_title(PyObject *self, PyObject *unused)
{
    return map_bytes(self, to_title);
}

/* True when there are bytes and all have the property. */
static PyObject *all_have(PyObject *self, unsigned flag)
{
    const unsigned char *s = (const unsigned char *)byteslike_data(self);
    Py_ssize_t n = byteslike_size(self);
    for (Py_ssize_t i = 0; i < n; i++)
        if (!(_Py_ctype_table[s[i]] & flag))
            Py_RETURN_FALSE;
    return PyBool_FromLong(n > 0);
}
PyObject *byteslike_isalpha(PyObject *self, PyObject *unused)
{
    return all_have(self, PY_CTF_ALPHA);
}

PyObject *byteslike_isdigit(PyObject *self, PyObject *unused)
{
    return all_have(self, PY_CTF_DIGIT);
}

PyObject *byteslike_isalnum(PyObject *self, PyObject *unused)
{
    return all_have(self, PY_CTF_ALNUM);
}

PyObject *byteslike_isspace(PyObject *self, PyObject *unused)
{
    return all_have(self, PY_CTF_SPACE);
}

PyObject *byteslike_isascii(PyObject *self, PyObject *unused)
{
    const unsigned char *s = (const unsigned char *)byteslike_data(self);
    for (Py_ssize_t i = 0, n = byteslike_size(self); i < n; i++)
        if (s[i] > 127)
            Py_RETURN_FALSE;
    Py_RETURN_TRUE;
}

/* At least one byte of the wanted case and none of the other. */
static PyObject *all_case(PyObject *self, unsigned wanted, unsigned other)
{
    const unsigned char *s = (const unsigned char *)byteslike_data(self);
    bool found = false;
    for (Py_ssize_t i = 0, n = byteslike_size(self); i < n; i++) {
        if (_Py_ctype_table[s[i]] & other)
            Py_RETURN_FALSE;
        found |= (_Py_ctype_table[s[i]] & wanted) != 0;
    }
    return PyBool_FromLong(found);
}
PyObject *byteslike_islower(PyObject *self, PyObject *unused)
{
    return all_case(self, PY_CTF_LOWER, PY_CTF_UPPER);
}

PyObject *byteslike_isupper(PyObject *self, PyObject *unused)
{
    return all_case(self, PY_CTF_UPPER, PY_CTF_LOWER);
}

PyObject *byteslike_istitle(PyObject *self, PyObject *unused)
{
    const unsigned char *s = (const unsigned char *)byteslike_data(self);
    bool cased = false, previous = false;
    for (Py_ssize_t i = 0, n = byteslike_size(self); i < n; i++) {
        if (Py_ISUPPER(s[i]) ? previous : Py_ISLOWER(s[i]) && !previous)
            Py_RETURN_FALSE;
        previous = Py_ISALPHA(s[i]);
        cased |= previous;
    }
    return PyBool_FromLong(cased);
}

/* -- Padding --------------------------------------------------------------------------------- */

/* left and right fill bytes around; a copy when both are 0 or less. */
static PyObject *pad(PyObject *self, Py_ssize_t left, Py_ssize_t right, char fill)
{
    if (left < 0)
        left = 0;
    if (right < 0)
        right = 0;
    if (left == 0 && right == 0)
        return byteslike_same(self);
    Py_ssize_t n = byteslike_size(self);
    PyObject *res = byteslike_new(self, NULL, left + n + right);
    if (res) {
        char *out = byteslike_buffer(res);
        memset(out, fill, (size_t)left);
        memcpy(out + left, byteslike_data(self), (size_t)n);
        memset(out + left + n, fill, (size_t)right);
    }
    return res;
}

PyObject *byteslike_ljust(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t width;
    char fill = ' ';
    return PARSEP("n|c:ljust", &width, &fill) ? pad(self, 0, width - byteslike_size(self), fill)
                                              : NULL;
}

PyObject *byteslike_rjust(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t width;
    char fill = ' ';
    return PARSEP("n|c:rjust", &width, &fill) ? pad(self, width - byteslike_size(self), 0, fill)
                                              : NULL;
}

PyObject *byteslike_center(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Py_ssize_t width;
    char fill = ' ';
    if (!PARSEP("n|c:center", &width, &fill))
        return NULL;
    Py_ssize_t space = width - byteslike_size(self), left = space / 2 + (space & width & 1);
    return space <= 0 ? byteslike_same(self) : pad(self, left, space - left, fill);
}

PyObject *byteslike_zfill(PyObject *self, PyObject *arg)
{
    PyObject *index = _PyNumber_Index(arg);
    Py_ssize_t width = index ? PyLong_AsSsize_t(index) : -1, n = byteslike_size(self);
    Py_XDECREF(index);
    if (width == -1 && PyErr_Occurred())
        return NULL;
    PyObject *res = width <= n ? byteslike_same(self) : pad(self, width - n, 0, '0');
    if (res && width > n && n) {
        char *s = byteslike_buffer(res);
        if (s[width - n] == '+' || s[width - n] == '-') {
            s[0] = s[width - n];
            s[width - n] = '0';
        }
    }
    return res;
}

/* Two walks: the size, which may overflow, then the copy. Columns start anew at each line end. */
PyObject *byteslike_expandtabs(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                               PyObject *kwnames)
{
    ARGS("|i:expandtabs", "tabsize");
    int tab = 8;
    if (!PARSE(&tab))
        return NULL;
    const char *s = byteslike_data(self);
    Py_ssize_t n = byteslike_size(self), total = 0, column = 0;
    PyObject *res = NULL;
    /* Two passes: measure, write. */
    for (int pass = 0; pass < 2; pass++) {
        char *out = NULL;
        if (pass) {
            if (!(res = byteslike_new(self, NULL, total)))
                return NULL;
            out = byteslike_buffer(res);
        }
        column = 0;
        for (Py_ssize_t i = 0; i < n; i++) {
            Py_ssize_t width = s[i] != '\t' ? 1 : tab > 0 ? tab - column % tab : 0;
            if (!pass && total > PY_SSIZE_T_MAX - width) {
                PyErr_SetString(PyExc_OverflowError, "result too long");
                return NULL;
            }
            if (!pass)
                total += width;
            else if (s[i] == '\t')
                out = (char *)memset(out, ' ', (size_t)width) + width;
            else
                *out++ = s[i];
            column = s[i] == '\n' || s[i] == '\r' ? 0 : column + width;
        }
    }
    return res;
}
