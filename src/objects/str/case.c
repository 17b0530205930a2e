/* SPDX-License-Identifier: MIT
 *
 * Case conversion and the is...() predicates.
 *
 * ASCII text takes vectorised byte loops. Other text goes through the full mappings of Unicode (one
 * to three code points each) into an array of UCS4 that is then narrowed. Lower-casing knows one
 * context rule: capital sigma at the end of a word (SpecialCasing.txt, Final_Sigma).
 */
#include "str_impl.h"

typedef Py_ssize_t (*case_fill)(int kind, const void *data, Py_ssize_t n, Py_UCS4 *out);

/* -- Conversion of any text ------------------------------------------------------------------ */

/* Through an array of UCS4 with room for three code points each. */
static PyObject *convert(PyObject *s, case_fill fill)
{
    Py_ssize_t n = str_len(s);
    if (n > PY_SSIZE_T_MAX / (3 * (Py_ssize_t)sizeof(Py_UCS4))) {
        PyErr_SetString(PyExc_OverflowError, "string is too long");
        return NULL;
    }
    Py_UCS4 few[96];
    Py_UCS4 *out = n <= 32 ? few : PyMem_Malloc(3 * n * sizeof(Py_UCS4));
    if (!out)
        return PyErr_NoMemory();
    Py_ssize_t m = fill(str_kind(s), str_data(s), n, out);
    PyObject *r = str_alloc(m, m ? run_max(4, out, m) : 0);
    if (r && m)
        run_copy(str_kind(r), str_data(r), 4, out, m);
    if (out != few)
        PyMem_Free(out);
    return r;
}

/* Sigma is final when a cased letter stands before it and none
   after it, case-ignorable ones not counting. */
static Py_UCS4 lower_sigma(int kind, const void *data, Py_ssize_t n, Py_ssize_t i)
{
    Py_ssize_t j = i - 1;
    while (j >= 0 && _PyUnicode_IsCaseIgnorable(READ(kind, data, j)))
        j--;
    bool final = j >= 0 && _PyUnicode_IsCased(READ(kind, data, j));
    if (final) {
        for (j = i + 1; j < n && _PyUnicode_IsCaseIgnorable(READ(kind, data, j));)
            j++;
        final = j == n || !_PyUnicode_IsCased(READ(kind, data, j));
    }
    return final ? 0x3c2 : 0x3c3;
}

static int lower_char(int kind, const void *data, Py_ssize_t n, Py_ssize_t i, Py_UCS4 *out)
{
    Py_UCS4 c = READ(kind, data, i);
    if (c == 0x3a3) {
        out[0] = lower_sigma(kind, data, n, i);
        return 1;
    }
    return _PyUnicode_ToLowerFull(c, out);
}

static Py_ssize_t fill_lower(int kind, const void *data, Py_ssize_t n, Py_UCS4 *out)
{
    Py_ssize_t m = 0;
    for (Py_ssize_t i = 0; i < n; i++)
        m += lower_char(kind, data, n, i, out + m);
    return m;
}

static Py_ssize_t fill_upper(int kind, const void *data, Py_ssize_t n, Py_UCS4 *out)
{
    Py_ssize_t m = 0;
    for (Py_ssize_t i = 0; i < n; i++)
        m += _PyUnicode_ToUpperFull(READ(kind, data, i), out + m);
    return m;
}

static Py_ssize_t fill_fold(int kind, const void *data, Py_ssize_t n, Py_UCS4 *out)
{
    Py_ssize_t m = 0;
    for (Py_ssize_t i = 0; i < n; i++)
        m += _PyUnicode_ToFoldedFull(READ(kind, data, i), out + m);
    return m;
}

static Py_ssize_t fill_title(int kind, const void *data, Py_ssize_t n, Py_UCS4 *out)
{
    Py_ssize_t m = 0;
    bool in_word = false;
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_UCS4 c = READ(kind, data, i);
        m += in_word ? lower_char(kind, data, n, i, out + m) : _PyUnicode_ToTitleFull(c, out + m);
        in_word = _PyUnicode_IsCased(c);
    }
    return m;
}

static Py_ssize_t fill_capitalize(int kind, const void *data, Py_ssize_t n, Py_UCS4 *out)
{
    Py_ssize_t m = _PyUnicode_ToTitleFull(READ(kind, data, 0), out);
    for (Py_ssize_t i = 1; i < n; i++)
        m += lower_char(kind, data, n, i, out + m);
    return m;
}

static Py_ssize_t fill_swapcase(int kind, const void *data, Py_ssize_t n, Py_UCS4 *out)
{
    Py_ssize_t m = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_UCS4 c = READ(kind, data, i);
        if (Py_UNICODE_ISUPPER(c))
            m += lower_char(kind, data, n, i, out + m);
        else if (Py_UNICODE_ISLOWER(c))
            m += _PyUnicode_ToUpperFull(c, out + m);
        else
            out[m++] = c;
    }
    return m;
}

/* -- ASCII ----------------------------------------------------------------------------------- */

/* The usual case: same length, one byte at a time, in loops that compilers make vector code of. */

static inline bool ascii_is_upper(uint8_t c) { return (uint8_t)(c - 'A') < 26; }
static inline bool ascii_is_lower(uint8_t c) { return (uint8_t)(c - 'a') < 26; }

VECTORISE static void ascii_lower(uint8_t *restrict out, const uint8_t *restrict in, Py_ssize_t n)
{
    for (Py_ssize_t i = 0; i < n; i++)
        out[i] = in[i] + (ascii_is_upper(in[i]) ? 32 : 0);
}

VECTORISE static void ascii_upper(uint8_t *restrict out, const uint8_t *restrict in, Py_ssize_t n)
{
    for (Py_ssize_t i = 0; i < n; i++)
        out[i] = in[i] - (ascii_is_lower(in[i]) ? 32 : 0);
}

VECTORISE static void ascii_swapcase(uint8_t *restrict out, const uint8_t *restrict in,
                                     Py_ssize_t n)
{
    for (Py_ssize_t i = 0; i < n; i++)
        out[i] = in[i] ^ (ascii_is_lower(in[i] | 32) ? 32 : 0);
}

static void ascii_title(uint8_t *restrict out, const uint8_t *restrict in, Py_ssize_t n)
{
    bool in_word = false;
    for (Py_ssize_t i = 0; i < n; i++) {
        bool letter = ascii_is_lower(in[i] | 32);
        out[i] = !letter ? in[i] : in_word ? in[i] | 32 : in[i] & ~32;
        in_word = letter;
    }
}

static void ascii_capitalize(uint8_t *restrict out, const uint8_t *restrict in, Py_ssize_t n)
{
    ascii_upper(out, in, 1);
    ascii_lower(out + 1, in + 1, n - 1);
}

/* `ascii` for ASCII text, `fill` for any other. */
static PyObject *change(PyObject *s,
                        void (*ascii)(uint8_t *restrict, const uint8_t *restrict, Py_ssize_t),
                        case_fill fill)
{
    if (PyUnicode_READY(s) < 0)
        return NULL;
    Py_ssize_t n = str_len(s);
    if (n == 0)
        return str_unchanged(s);
    if (!str_is_ascii(s))
        return convert(s, fill);
    PyObject *r = str_alloc(n, 0x7f);
    if (r)
        ascii(str_data(r), str_data(s), n);
    return r;
}

PyObject *str_lower(PyObject *s, PyObject *unused) { return change(s, ascii_lower, fill_lower); }
PyObject *str_upper(PyObject *s, PyObject *unused) { return change(s, ascii_upper, fill_upper); }
PyObject *str_casefold(PyObject *s, PyObject *unused) { return change(s, ascii_lower, fill_fold); }
PyObject *str_title(PyObject *s, PyObject *unused) { return change(s, ascii_title, fill_title); }
PyObject *str_capitalize(PyObject *s, PyObject *unused)
{
    return change(s, ascii_capitalize, fill_capitalize);
}

PyObject *str_swapcase(PyObject *s, PyObject *unused)
{
    return change(s, ascii_swapcase, fill_swapcase);
}

/* -- Predicates ------------------------------------------------------------------------------ */

/* `when_empty`: the answer for no characters. */
static PyObject *all_are(PyObject *s, int (*is)(Py_UCS4), bool when_empty)
{
    if (PyUnicode_READY(s) < 0)
        return NULL;
    int kind = str_kind(s);
    const void *data = str_data(s);
    Py_ssize_t n = str_len(s);
    bool all = n > 0 || when_empty;
    for (Py_ssize_t i = 0; all && i < n; i++)
        all = is(READ(kind, data, i));
    return PyBool_FromLong(all);
}

static int is_space_char(Py_UCS4 c) { return Py_UNICODE_ISSPACE(c); }
static int is_alnum_char(Py_UCS4 c) { return Py_UNICODE_ISALNUM(c); }

PyObject *str_isspace(PyObject *s, PyObject *unused) { return all_are(s, is_space_char, false); }
PyObject *str_isalpha(PyObject *s, PyObject *unused)
{
    return all_are(s, _PyUnicode_IsAlpha, false);
}

PyObject *str_isalnum(PyObject *s, PyObject *unused) { return all_are(s, is_alnum_char, false); }
PyObject *str_isdecimal(PyObject *s, PyObject *unused)
{
    return all_are(s, _PyUnicode_IsDecimalDigit, false);
}

PyObject *str_isdigit(PyObject *s, PyObject *unused)
{
    return all_are(s, _PyUnicode_IsDigit, false);
}

PyObject *str_isnumeric(PyObject *s, PyObject *unused)
{
    return all_are(s, _PyUnicode_IsNumeric, false);
}

PyObject *str_isprintable(PyObject *s, PyObject *unused)
{
    return all_are(s, _PyUnicode_IsPrintable, true);
}

PyObject *str_isascii(PyObject *s, PyObject *unused)
{
    return PyUnicode_READY(s) < 0 ? NULL : PyBool_FromLong(str_is_ascii(s));
}

/* Some letter has the wanted case, and none the other (or title case). */
static PyObject *all_cased(PyObject *s, int (*wanted)(Py_UCS4), int (*other)(Py_UCS4))
{
    if (PyUnicode_READY(s) < 0)
        return NULL;
    int kind = str_kind(s);
    const void *data = str_data(s);
    bool some = false;
    for (Py_ssize_t i = 0, n = str_len(s); i < n; i++) {
        Py_UCS4 c = READ(kind, data, i);
        if (other(c) || Py_UNICODE_ISTITLE(c))
            Py_RETURN_FALSE;
        some = some || wanted(c);
    }
    return PyBool_FromLong(some);
}

PyObject *str_islower(PyObject *s, PyObject *unused)
{
    return all_cased(s, _PyUnicode_IsLowercase, _PyUnicode_IsUppercase);
}

PyObject *str_isupper(PyObject *s, PyObject *unused)
{
    return all_cased(s, _PyUnicode_IsUppercase, _PyUnicode_IsLowercase);
}

PyObject *str_istitle(PyObject *s, PyObject *unused)
{
    if (PyUnicode_READY(s) < 0)
        return NULL;
    int kind = str_kind(s);
    const void *data = str_data(s);
    bool some = false, in_word = false;
    for (Py_ssize_t i = 0, n = str_len(s); i < n; i++) {
        Py_UCS4 c = READ(kind, data, i);
        bool upper = Py_UNICODE_ISUPPER(c) || Py_UNICODE_ISTITLE(c);
        bool lower = !upper && Py_UNICODE_ISLOWER(c);
        if ((upper && in_word) || (lower && !in_word))
            Py_RETURN_FALSE;
        in_word = upper || lower;
        some = some || in_word;
    }
    return PyBool_FromLong(some);
}

/* -- Identifiers ----------------------------------------------------------------------------- */

Py_ssize_t _PyUnicode_ScanIdentifier(PyObject *s)
{
    if (PyUnicode_READY(s) < 0)
        return -1;
    int kind = str_kind(s);
    const void *data = str_data(s);
    Py_ssize_t n = str_len(s), i = 1;
    if (n == 0)
        return 0;
    Py_UCS4 c = READ(kind, data, 0);
    if (!_PyUnicode_IsXidStart(c) && c != '_')
        return 0;
    while (i < n && _PyUnicode_IsXidContinue(READ(kind, data, i)))
        i++;
    return i;
}

int PyUnicode_IsIdentifier(PyObject *s)
{
    if (!PyUnicode_IS_READY(s)) {
        if (PyUnicode_READY(s) < 0) {
            PyErr_Clear();
            return 0;
        }
    }
    return str_len(s) && _PyUnicode_ScanIdentifier(s) == str_len(s);
}

PyObject *str_isidentifier(PyObject *s, PyObject *unused)
{
    return PyBool_FromLong(PyUnicode_IsIdentifier(s));
}
