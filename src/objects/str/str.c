/* SPDX-License-Identifier: MIT
 *
 * str objects: layout, making, sharing, resizing, and the C API that touches one string at a time.
 *
 *   PyASCIIObject           length hash state wstr │ chars … 0
 *                             compact, all < 128; the UTF-8 form is the data
 *   PyCompactUnicodeObject  … utf8_length utf8 wstr_length │ chars … 0
 *                             compact, 1, 2 or 4 bytes each
 *   PyUnicodeObject         … data ──> chars … 0
 *                             legacy and str subclasses: own block
 *
 * I1  A ready string uses the narrowest kind that holds its largest code point; equal strings have
 *     equal kinds.
 * I2  "" and every one-character Latin-1 string returned by these functions is the shared constant.
 * I3  The data ends in a zero of its kind, which is not counted.
 * I4  utf8 and wstr are caches: separate blocks (PyObject_Malloc) unless they point into the data.
 * I5  A string may be changed in place only while nobody else can see it: one reference, exact
 *     type, not interned, never hashed.
 *
 * "Legacy" strings come from the wchar_t API that 3.12 removed: they are born as a wstr block and
 * get their canonical form at PyUnicode_READY. Every public function that takes a str therefore
 * readies it first; internal ones rely on that.
 */
#include "str_impl.h"
#include "objects/contain.h"
#include <wchar.h>

/* This file defines the deprecated wchar_t API. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

#define C(s) ((PyCompactUnicodeObject *)(s))
#define U(s) ((PyUnicodeObject *)(s))

/* -- Allocation ------------------------------------------------------------------------------ */

/* A ready, compact string's state in one store, since it is soon read as a whole. */
static inline void str_set_state(PyASCIIObject *a, int kind, bool ascii)
{
    static_assert(sizeof a->state == sizeof(uint32_t), "the state is one word");
    uint32_t word = (uint32_t)kind << 2 | 1 << 5 /* compact */ | (uint32_t)ascii << 6 | 1 << 7;
    memcpy(&a->state, &word, sizeof word);
    assert(a->state.kind == (unsigned)kind && a->state.compact && a->state.ascii == ascii
           && a->state.ready && !a->state.interned);
}

/* A compact string with its final zero (I3), contents not set. n >= 1. */
static PyObject *str_alloc_checked(Py_ssize_t n, Py_UCS4 max)
{
    bool ascii = max < 0x80;
    int kind = kind_for(max);
    size_t head = ascii ? sizeof(PyASCIIObject) : sizeof(PyCompactUnicodeObject);
    if (UNLIKELY(n > (PY_SSIZE_T_MAX - (Py_ssize_t)head) / kind - 1))
        return PyErr_NoMemory();
    PyObject *s = PyObject_Malloc(head + (n + 1) * kind);
    if (UNLIKELY(!s))
        return PyErr_NoMemory();
    Py_SET_TYPE(s, &PyUnicode_Type);
    object_renew(s);
    PyASCIIObject *a = A(s);
    a->length = n;
    a->hash = -1;
    a->wstr = NULL;
    str_set_state(a, kind, ascii);
    if (ascii) {
        ((char *)(a + 1))[n] = 0;
        return s;
    }
    C(s)->utf8 = NULL;
    C(s)->utf8_length = 0;
    C(s)->wstr_length = 0;
    if (kind == 4) {
        C(s)->wstr_length = n;
        a->wstr = (wchar_t *)(C(s) + 1);
    }
    WRITE(kind, C(s) + 1, n, 0);
    return s;
}

PyObject *str_alloc(Py_ssize_t n, Py_UCS4 max)
{
    return n == 0 ? str_empty_get() : str_alloc_checked(n, max);
}

PyObject *str_alloc_ascii(Py_ssize_t n, char **data)
{
    PyObject *s = str_alloc(n, 0x7f);
    if (s)
        *data = str_data(s);
    return s;
}

/* Contents to be filled by the caller; with maxchar too high I1 is broken. */
PyObject *PyUnicode_New(Py_ssize_t size, Py_UCS4 maxchar)
{
    if (size == 0)
        return str_empty_get();
    if (maxchar > MAX_UNICODE) {
        PyErr_SetString(PyExc_SystemError, "invalid maximum character passed to PyUnicode_New");
        return NULL;
    }
    if (size < 0) {
        PyErr_SetString(PyExc_SystemError, "Negative size passed to PyUnicode_New");
        return NULL;
    }
    return str_alloc_checked(size, maxchar);
}

static bool has_utf8_block(PyObject *s)
{
    return !PyUnicode_IS_COMPACT_ASCII(s) && C(s)->utf8 && (char *)str_data(s) != C(s)->utf8;
}

static bool has_wstr_block(PyObject *s)
{
    return A(s)->wstr && (!A(s)->state.ready || A(s)->wstr != str_data(s));
}

/* I4 */
static void drop_caches(PyObject *s)
{
    if (has_utf8_block(s)) {
        PyObject_Free(C(s)->utf8);
        C(s)->utf8 = NULL;
        C(s)->utf8_length = 0;
    }
    if (has_wstr_block(s)) {
        PyObject_Free(A(s)->wstr);
        A(s)->wstr = NULL;
        if (!PyUnicode_IS_COMPACT_ASCII(s))
            C(s)->wstr_length = 0;
    }
}

void str_dealloc(PyObject *s)
{
    if (LIKELY(PyUnicode_CheckExact(s) && PyUnicode_IS_COMPACT_ASCII(s)
               && !A(s)->state.interned && !A(s)->wstr)) {
        PyObject_Free(s);
        return;
    }
    if (A(s)->state.interned == SSTATE_INTERNED_MORTAL)
        str_intern_forget(s);
    else if (UNLIKELY(A(s)->state.interned == SSTATE_INTERNED_IMMORTAL))
        Py_FatalError("Immortal interned string died");
    if (!PyUnicode_IS_COMPACT_ASCII(s) || A(s)->wstr)
        drop_caches(s);
    if (!A(s)->state.compact && U(s)->data.any)
        PyObject_Free(U(s)->data.any);
    Py_TYPE(s)->tp_free(s);
}


/* -- Making from runs ------------------------------------------------------------------------ */

/* Every way from an array of code points to a str: find the largest, allocate the narrowest form,
   copy (I1, I2). */

/* I2 */
PyObject *str_from_char(Py_UCS4 c)
{
    if (c < 256)
        return str_latin1_get((unsigned char)c);
    PyObject *s = str_alloc_checked(1, c);
    if (s)
        WRITE(str_kind(s), str_data(s), 0, c);
    return s;
}

/* Narrows to the kind that I1 wants, however wide the source is. Linear. */
PyObject *str_from_run(int kind, const void *data, Py_ssize_t n)
{
    if (n == 0)
        return str_empty_get();
    if (n == 1)
        return str_from_char(READ(kind, data, 0));
    PyObject *s = str_alloc_checked(n, run_max(kind, data, n));
    if (s)
        run_copy(str_kind(s), str_data(s), kind, data, n);
    return s;
}

PyObject *PyUnicode_FromKindAndData(int kind, const void *buffer, Py_ssize_t size)
{
    if (size < 0) {
        PyErr_SetString(PyExc_ValueError, "size must be positive");
        return NULL;
    }
    if (kind != 1 && kind != 2 && kind != 4) {
        PyErr_SetString(PyExc_SystemError, "invalid kind");
        return NULL;
    }
    return str_from_run(kind, buffer, size);
}

PyObject *_PyUnicode_FromASCII(const char *buffer, Py_ssize_t size)
{
    if (size == 1)
        return str_latin1_get((unsigned char)buffer[0]);
    PyObject *s = str_alloc(size, 0x7f);
    if (s && size)
        memcpy(str_data(s), buffer, size);
    return s;
}

PyObject *PyUnicode_FromOrdinal(int ordinal)
{
    if (ordinal < 0 || ordinal > MAX_UNICODE) {
        PyErr_SetString(PyExc_ValueError, "chr() arg not in range(0x110000)");
        return NULL;
    }
    return str_from_char((Py_UCS4)ordinal);
}

PyObject *PyUnicode_FromString(const char *u)
{
    size_t n = strlen(u);
    if (n > PY_SSIZE_T_MAX) {
        PyErr_SetString(PyExc_OverflowError, "input too long");
        return NULL;
    }
    return PyUnicode_DecodeUTF8Stateful(u, (Py_ssize_t)n, NULL, NULL);
}

/* Legacy: a string whose wchar_t block the caller will fill. */
static PyObject *legacy_new(Py_ssize_t n)
{
    if (n == 0)
        return str_empty_get();
    if (n > PY_SSIZE_T_MAX / (Py_ssize_t)sizeof(wchar_t) - 1)
        return PyErr_NoMemory();
    PyUnicodeObject *s = PyObject_New(PyUnicodeObject, &PyUnicode_Type);
    if (!s)
        return NULL;
    memset((char *)s + sizeof(PyObject), 0, sizeof *s - sizeof(PyObject));
    A(s)->hash = -1;
    C(s)->wstr_length = n;
    A(s)->wstr = PyObject_Malloc((n + 1) * sizeof(wchar_t));
    if (!A(s)->wstr) {
        Py_DECREF(s);
        return PyErr_NoMemory();
    }
    A(s)->wstr[0] = A(s)->wstr[n] = 0;
    return (PyObject *)s;
}

PyObject *PyUnicode_FromStringAndSize(const char *u, Py_ssize_t size)
{
    if (size < 0) {
        PyErr_SetString(PyExc_SystemError, "Negative size passed to PyUnicode_FromStringAndSize");
        return NULL;
    }
    if (u)
        return PyUnicode_DecodeUTF8Stateful(u, size, NULL, NULL);
    if (size > 0
        && PyErr_WarnEx(PyExc_DeprecationWarning,
                        "PyUnicode_FromStringAndSize(NULL, size) is deprecated; "
                        "use PyUnicode_New() instead",
                        1)
               < 0)
        return NULL;
    return legacy_new(size);
}

PyObject *PyUnicode_FromUnicode(const Py_UNICODE *u, Py_ssize_t size)
{
    if (u)
        return PyUnicode_FromWideChar(u, size);
    if (size > 0
        && PyErr_WarnEx(PyExc_DeprecationWarning,
                        "PyUnicode_FromUnicode(NULL, size) is deprecated; "
                        "use PyUnicode_New() instead",
                        1)
               < 0)
        return NULL;
    return legacy_new(size);
}

PyObject *PyUnicode_FromWideChar(const wchar_t *w, Py_ssize_t size)
{
    if (!w && size) {
        PyErr_BadInternalCall();
        return NULL;
    }
    if (size == -1)
        size = (Py_ssize_t)wcslen(w);
    Py_UCS4 max = 0;
    for (Py_ssize_t i = 0; i < size; i++)
        if ((Py_UCS4)w[i] > max)
            max = (Py_UCS4)w[i];
    if (max > MAX_UNICODE) {
        PyErr_Format(PyExc_ValueError, "character U+%x is not in range [U+0000; U+10ffff]", max);
        return NULL;
    }
    return str_from_run(4, w, size);
}

/* Fills the canonical form of a legacy string from its wchar_t block. */
int _PyUnicode_Ready(PyObject *s)
{
    if (A(s)->state.ready)
        return 0;
    const wchar_t *w = A(s)->wstr;
    Py_ssize_t n = C(s)->wstr_length;
    Py_UCS4 max = 0;
    for (Py_ssize_t i = 0; i < n; i++)
        if ((Py_UCS4)w[i] > max)
            max = (Py_UCS4)w[i];
    if (max > MAX_UNICODE) {
        PyErr_Format(PyExc_ValueError, "character U+%x is not in range [U+0000; U+10ffff]", max);
        return -1;
    }
    int kind = kind_for(max);
    if (kind == 4) {
        U(s)->data.any = A(s)->wstr;
    }
    else {
        void *data = PyObject_Malloc((n + 1) * kind);
        if (!data) {
            PyErr_NoMemory();
            return -1;
        }
        run_copy(kind, data, 4, w, n);
        WRITE(kind, data, n, 0);
        U(s)->data.any = data;
        PyObject_Free(A(s)->wstr);
        A(s)->wstr = NULL;
        C(s)->wstr_length = 0;
    }
    A(s)->length = n;
    A(s)->state.kind = kind;
    A(s)->state.ascii = max < 0x80;
    if (max < 0x80) {
        C(s)->utf8 = U(s)->data.any;
        C(s)->utf8_length = n;
    }
    A(s)->state.ready = 1;
    return 0;
}

/* -- Copies, slices -------------------------------------------------------------------------- */

/* For arguments from outside: TypeError, or made ready. */
int str_ensure(PyObject *o)
{
    if (LIKELY(PyUnicode_Check(o)))
        return PyUnicode_READY(o);
    PyErr_Format(PyExc_TypeError, "must be str, not %.100s", Py_TYPE(o)->tp_name);
    return -1;
}

PyObject *_PyUnicode_Copy(PyObject *s)
{
    if (!PyUnicode_Check(s)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    if (PyUnicode_READY(s) < 0)
        return NULL;
    PyObject *copy = str_alloc(str_len(s), str_max_class(s));
    if (copy && str_len(s))
        memcpy(str_data(copy), str_data(s), str_len(s) * str_kind(s));
    return copy;
}

PyObject *str_unchanged(PyObject *s)
{
    if (PyUnicode_READY(s) < 0)
        return NULL;
    if (str_is_exact(s))
        return Py_NewRef(s);
    return str_len(s) <= 1 ? str_from_run(str_kind(s), str_data(s), str_len(s))
                           : _PyUnicode_Copy(s);
}

PyObject *str_share_short_steal(PyObject *s)
{
    if (!s || str_len(s) > 1 || (str_len(s) == 1 && str_kind(s) != 1))
        return s;
    PyObject *shared = str_from_run(str_kind(s), str_data(s), str_len(s));
    Py_DECREF(s);
    return shared;
}

/* The result is in the narrowest kind (I1), which may have to be looked for. */
PyObject *str_slice(PyObject *s, Py_ssize_t start, Py_ssize_t end)
{
    if (start == 0 && end == str_len(s))
        return str_unchanged(s);
    Py_ssize_t n = end - start;
    if (n <= 0)
        return str_empty_get();
    int kind = str_kind(s);
    const void *from = run_at(kind, str_data(s), start);
    if (n == 1)
        return str_from_char(READ(kind, from, 0));
    if (!str_is_ascii(s))
        return str_from_run(kind, from, n);
    PyObject *r = str_alloc_checked(n, 0x7f);
    if (r)
        memcpy(str_data(r), from, n);
    return r;
}

PyObject *PyUnicode_Substring(PyObject *self, Py_ssize_t start, Py_ssize_t end)
{
    if (PyUnicode_READY(self) < 0)
        return NULL;
    end = Py_MIN(end, str_len(self));
    if (start < 0 || end < 0) {
        PyErr_SetString(PyExc_IndexError, "string index out of range");
        return NULL;
    }
    return str_slice(self, start, end);
}

PyObject *PyUnicode_FromObject(PyObject *o)
{
    if (PyUnicode_Check(o))
        return str_unchanged(o);
    PyErr_Format(PyExc_TypeError, "Can't convert '%.100s' object to str implicitly",
                 Py_TYPE(o)->tp_name);
    return NULL;
}

Py_UCS4 _PyUnicode_FindMaxChar(PyObject *s, Py_ssize_t start, Py_ssize_t end)
{
    if (start >= end)
        return 127;
    if (str_is_ascii(s))
        return 127;
    if (start == 0 && end == str_len(s))
        return str_max_class(s);
    return run_max(str_kind(s), run_at(str_kind(s), str_data(s), start), end - start);
}

/* -- Changing in place ----------------------------------------------------------------------- */

/* The API lets a maker write into its own string (I5). Whoever calls these on a string that
   others can see gets SystemError, not a changed string. */

bool str_is_modifiable(PyObject *s) /* I5 */
{
    return Py_REFCNT(s) == 1 && A(s)->hash == -1 && !A(s)->state.interned && str_is_exact(s);
}

PyObject *str_resize_compact(PyObject *s, Py_ssize_t n)
{
    int kind = str_kind(s);
    bool wide_shared = A(s)->wstr && !has_wstr_block(s);
    drop_caches(s);
    size_t head = str_is_ascii(s) ? sizeof(PyASCIIObject) : sizeof(PyCompactUnicodeObject);
    if (n > (PY_SSIZE_T_MAX - (Py_ssize_t)head) / kind - 1)
        return PyErr_NoMemory();
    PyObject *r = PyObject_Realloc(s, head + (n + 1) * kind);
    if (!r)
        return PyErr_NoMemory();
    A(r)->length = n;
    if (wide_shared) {
        A(r)->wstr = str_data(r);
        C(r)->wstr_length = n;
    }
    WRITE(kind, str_data(r), n, 0);
    return r;
}

/* Both forms of a legacy string, as far as they exist. */
static int resize_legacy(PyObject *s, Py_ssize_t n)
{
    if (!A(s)->state.ready) {
        wchar_t *w = n > PY_SSIZE_T_MAX / 4 - 1
                         ? NULL
                         : PyObject_Realloc(A(s)->wstr, (n + 1) * sizeof(wchar_t));
        if (!w) {
            PyErr_NoMemory();
            return -1;
        }
        w[n] = 0;
        A(s)->wstr = w;
        C(s)->wstr_length = n;
        return 0;
    }
    int kind = str_kind(s);
    bool shared_wstr = A(s)->wstr == U(s)->data.any;
    bool shared_utf8 = C(s)->utf8 == U(s)->data.any;
    drop_caches(s);
    void *data = n > PY_SSIZE_T_MAX / kind - 1 ? NULL
                                               : PyObject_Realloc(U(s)->data.any, (n + 1) * kind);
    if (!data) {
        PyErr_NoMemory();
        return -1;
    }
    U(s)->data.any = data;
    A(s)->length = n;
    WRITE(kind, data, n, 0);
    if (shared_wstr) {
        A(s)->wstr = data;
        C(s)->wstr_length = n;
    }
    if (shared_utf8) {
        C(s)->utf8 = data;
        C(s)->utf8_length = n;
    }
    return 0;
}

static Py_ssize_t any_length(PyObject *s)
{
    return A(s)->state.ready ? A(s)->length : C(s)->wstr_length;
}

/* STEALS *p and leaves the result there; unchanged on failure. A string that others see is
   copied. */
int PyUnicode_Resize(PyObject **p, Py_ssize_t n)
{
    PyObject *s = p ? *p : NULL;
    if (!s || !PyUnicode_Check(s) || n < 0) {
        PyErr_BadInternalCall();
        return -1;
    }
    Py_ssize_t old = any_length(s);
    if (old == n)
        return 0;
    if (n == 0) {
        Py_SETREF(*p, str_empty_get());
        return 0;
    }
    if (!str_is_modifiable(s)) {
        PyObject *copy = str_alloc(n, A(s)->state.ready ? str_max_class(s) : MAX_UNICODE);
        if (!copy)
            return -1;
        Py_ssize_t keep = Py_MIN(n, old);
        if (A(s)->state.ready)
            run_copy(str_kind(copy), str_data(copy), str_kind(s), str_data(s), keep);
        else
            run_copy(4, str_data(copy), 4, A(s)->wstr, keep);
        Py_SETREF(*p, copy);
        return 0;
    }
    if (!A(s)->state.compact)
        return resize_legacy(s, n);
    s = str_resize_compact(s, n);
    if (!s)
        return -1;
    *p = s;
    return 0;
}

static int check_modifiable(PyObject *s)
{
    if (str_is_modifiable(s))
        return 0;
    PyErr_SetString(PyExc_SystemError, "Cannot modify a string currently used");
    return -1;
}

int PyUnicode_WriteChar(PyObject *s, Py_ssize_t index, Py_UCS4 ch)
{
    if (!PyUnicode_Check(s) || !PyUnicode_IS_COMPACT(s)) {
        PyErr_BadArgument();
        return -1;
    }
    if (index < 0 || index >= str_len(s)) {
        PyErr_SetString(PyExc_IndexError, "string index out of range");
        return -1;
    }
    if (check_modifiable(s) < 0)
        return -1;
    if (ch > str_max_class(s)) {
        PyErr_SetString(PyExc_ValueError, "character out of range");
        return -1;
    }
    WRITE(str_kind(s), str_data(s), index, ch);
    return 0;
}

Py_UCS4 PyUnicode_ReadChar(PyObject *s, Py_ssize_t index)
{
    if (!PyUnicode_Check(s)) {
        PyErr_BadArgument();
        return (Py_UCS4)-1;
    }
    if (PyUnicode_READY(s) < 0)
        return (Py_UCS4)-1;
    if (index < 0 || index >= str_len(s)) {
        PyErr_SetString(PyExc_IndexError, "string index out of range");
        return (Py_UCS4)-1;
    }
    return str_get(s, index);
}

void _PyUnicode_FastFill(PyObject *s, Py_ssize_t start, Py_ssize_t n, Py_UCS4 c)
{
    run_fill(str_kind(s), run_at(str_kind(s), str_data(s), start), c, n);
}

Py_ssize_t PyUnicode_Fill(PyObject *s, Py_ssize_t start, Py_ssize_t n, Py_UCS4 c)
{
    if (!PyUnicode_Check(s)) {
        PyErr_BadInternalCall();
        return -1;
    }
    if (PyUnicode_READY(s) < 0 || check_modifiable(s) < 0)
        return -1;
    if (start < 0) {
        PyErr_SetString(PyExc_IndexError, "string index out of range");
        return -1;
    }
    if (c > str_max_class(s)) {
        PyErr_SetString(PyExc_ValueError,
                        "fill character is bigger than the string maximum character");
        return -1;
    }
    n = Py_MIN(n, str_len(s) - start);
    if (n <= 0)
        return 0;
    _PyUnicode_FastFill(s, start, n, c);
    return n;
}

void _PyUnicode_FastCopyCharacters(PyObject *to, Py_ssize_t to_start, PyObject *from,
                                   Py_ssize_t from_start, Py_ssize_t n)
{
    if (n > 0)
        run_copy(str_kind(to), run_at(str_kind(to), str_data(to), to_start), str_kind(from),
                 run_at(str_kind(from), str_data(from), from_start), n);
}

/* Characters copied; SystemError when the target's kind cannot hold them. */
Py_ssize_t PyUnicode_CopyCharacters(PyObject *to, Py_ssize_t to_start, PyObject *from,
                                    Py_ssize_t from_start, Py_ssize_t n)
{
    if (!PyUnicode_Check(from) || !PyUnicode_Check(to)) {
        PyErr_BadInternalCall();
        return -1;
    }
    if (PyUnicode_READY(from) < 0 || PyUnicode_READY(to) < 0)
        return -1;
    if ((size_t)from_start > (size_t)str_len(from) || (size_t)to_start > (size_t)str_len(to)) {
        PyErr_SetString(PyExc_IndexError, "string index out of range");
        return -1;
    }
    if (n < 0) {
        PyErr_SetString(PyExc_SystemError, "how_many cannot be negative");
        return -1;
    }
    n = Py_MIN(str_len(from) - from_start, n);
    if (to_start + n > str_len(to)) {
        PyErr_Format(PyExc_SystemError,
                     "Cannot write %zi characters at %zi in a string of %zi characters", n,
                     to_start, str_len(to));
        return -1;
    }
    if (n == 0)
        return 0;
    if (check_modifiable(to) < 0)
        return -1;
    if (str_max_class(from) > str_max_class(to) &&
        _PyUnicode_FindMaxChar(from, from_start, from_start + n) > str_max_class(to)) {
        PyErr_Format(PyExc_SystemError, "Cannot copy %s characters into a string of %s characters",
                     str_kind(from) == 1   ? "latin1"
                     : str_kind(from) == 2 ? "UCS2"
                                           : "UCS4",
                     str_is_ascii(to)    ? "ascii"
                     : str_kind(to) == 1 ? "latin1"
                     : str_kind(to) == 2 ? "UCS2"
                                         : "UCS4");
        return -1;
    }
    _PyUnicode_FastCopyCharacters(to, to_start, from, from_start, n);
    return n;
}

/* -- Joining two ----------------------------------------------------------------------------- */

/* a += b is quadratic unless the left string can grow in place, which PyUnicode_Append does when
   it has the only reference and the same width will do. */

/* left + right; an empty side gives the other one. */
PyObject *PyUnicode_Concat(PyObject *left, PyObject *right)
{
    if (str_ensure(left) < 0)
        return NULL;
    if (!PyUnicode_Check(right)) {
        PyErr_Format(PyExc_TypeError, "can only concatenate str (not \"%.200s\") to str",
                     Py_TYPE(right)->tp_name);
        return NULL;
    }
    if (PyUnicode_READY(right) < 0)
        return NULL;
    Py_ssize_t n1 = str_len(left), n2 = str_len(right);
    if (n1 == 0)
        return PyUnicode_FromObject(right);
    if (n2 == 0)
        return PyUnicode_FromObject(left);
    if (n1 > PY_SSIZE_T_MAX - n2) {
        PyErr_SetString(PyExc_OverflowError, "strings are too large to concat");
        return NULL;
    }
    PyObject *r = str_alloc_checked(n1 + n2, Py_MAX(str_max_class(left), str_max_class(right)));
    if (!r)
        return NULL;
    _PyUnicode_FastCopyCharacters(r, 0, left, 0, n1);
    _PyUnicode_FastCopyCharacters(r, n1, right, 0, n2);
    return r;
}

PyObject *str_extend(PyObject *left, PyObject *right, Py_ssize_t owners)
{
    bool own = Py_REFCNT(left) == owners && A(left)->hash == -1 && !A(left)->state.interned
               && str_is_exact(left) && A(left)->state.compact;
    if (!own || str_kind(right) > str_kind(left) || (str_is_ascii(left) && !str_is_ascii(right))) {
        return NULL;
    }
    Py_ssize_t n1 = str_len(left), n2 = str_len(right);
    if (n1 == 0 || n2 == 0 || n1 > PY_SSIZE_T_MAX - n2) {
        return NULL;
    }
    PyObject *grown = str_resize_compact(left, n1 + n2);
    if (grown) {
        _PyUnicode_FastCopyCharacters(grown, n1, right, 0, n2);
    }
    return grown;
}

/* *p += right, growing the left string's own block when nobody else sees it. */
void PyUnicode_Append(PyObject **p, PyObject *right)
{
    PyObject *left = p ? *p : NULL;
    if (!left || !right || !PyUnicode_Check(left) || !PyUnicode_Check(right)) {
        if (!PyErr_Occurred())
            PyErr_BadInternalCall();
        goto fail;
    }
    if (PyUnicode_READY(left) < 0 || PyUnicode_READY(right) < 0)
        goto fail;
    Py_ssize_t n1 = str_len(left), n2 = str_len(right);
    if (n2 == 0 && (n1 || str_is_exact(left)))
        return;
    if (n1 == 0 && str_is_exact(right)) {
        Py_SETREF(*p, Py_NewRef(right));
        return;
    }
    if (n1 > PY_SSIZE_T_MAX - n2) {
        PyErr_SetString(PyExc_OverflowError, "strings are too large to concat");
        goto fail;
    }
    PyObject *r = str_extend(left, right, 1);
    if (r) {
        *p = r;
        return;
    }
    if (PyErr_Occurred() || !(r = PyUnicode_Concat(left, right)))
        goto fail;
    Py_SETREF(*p, r);
    return;
fail:
    if (p)
        Py_CLEAR(*p);
}

void PyUnicode_AppendAndDel(PyObject **p, PyObject *right)
{
    PyUnicode_Append(p, right);
    Py_XDECREF(right);
}

/* -- Equality and order ---------------------------------------------------------------------- */

/* Equal strings have equal kinds (I1), so equality is one memcmp. Order compares code points and
   needs both widths. */

bool str_eq(PyObject *a, PyObject *b)
{
    return a == b
           || (str_len(a) == str_len(b) && str_kind(a) == str_kind(b)
               && memcmp(str_data(a), str_data(b), str_len(a) * str_kind(a)) == 0);
}

int _PyUnicode_EQ(PyObject *a, PyObject *b)
{
    return str_eq(a, b);
}

int _PyUnicode_Equal(PyObject *a, PyObject *b)
{
    if (a == b)
        return 1;
    if (PyUnicode_READY(a) < 0 || PyUnicode_READY(b) < 0)
        return -1;
    return str_eq(a, b);
}

int PyUnicode_Compare(PyObject *a, PyObject *b)
{
    if (!PyUnicode_Check(a) || !PyUnicode_Check(b)) {
        PyErr_Format(PyExc_TypeError, "Can't compare %.100s and %.100s", Py_TYPE(a)->tp_name,
                     Py_TYPE(b)->tp_name);
        return -1;
    }
    if (PyUnicode_READY(a) < 0 || PyUnicode_READY(b) < 0)
        return -1;
    return a == b ? 0
                  : run_compare(str_kind(a), str_data(a), str_len(a), str_kind(b), str_data(b),
                                str_len(b));
}

int PyUnicode_CompareWithASCIIString(PyObject *s, const char *text)
{
    Py_ssize_t n = (Py_ssize_t)strlen(text);
    if (!A(s)->state.ready)
        return run_compare(4, A(s)->wstr, C(s)->wstr_length, 1, text, n);
    return run_compare(str_kind(s), str_data(s), str_len(s), 1, text, n);
}

int _PyUnicode_EqualToASCIIString(PyObject *s, const char *text)
{
    if (PyUnicode_READY(s) < 0) {
        PyErr_Clear();
        return PyUnicode_CompareWithASCIIString(s, text) == 0;
    }
    size_t n = strlen(text);
    return str_is_ascii(s) && (size_t)str_len(s) == n && memcmp(str_data(s), text, n) == 0;
}

/* Equality looks at length and kind first (I1); order goes by code points. */
PyObject *PyUnicode_RichCompare(PyObject *a, PyObject *b, int op)
{
    if (!PyUnicode_Check(a) || !PyUnicode_Check(b))
        Py_RETURN_NOTIMPLEMENTED;
    if (PyUnicode_READY(a) < 0 || PyUnicode_READY(b) < 0)
        return NULL;
    if (op == Py_EQ || op == Py_NE)
        return Py_NewRef((a == b || str_eq(a, b)) == (op == Py_EQ) ? Py_True : Py_False);
    int c = a == b ? 0
                   : run_compare(str_kind(a), str_data(a), str_len(a), str_kind(b), str_data(b),
                                 str_len(b));
    Py_RETURN_RICHCOMPARE(c, 0, op);
}

/* -- Lengths and copies out ------------------------------------------------------------------ */

Py_ssize_t PyUnicode_GetLength(PyObject *s)
{
    if (!PyUnicode_Check(s)) {
        PyErr_BadArgument();
        return -1;
    }
    return PyUnicode_READY(s) < 0 ? -1 : str_len(s);
}

Py_ssize_t PyUnicode_GetSize(PyObject *s)
{
    Py_ssize_t n;
    if (!PyUnicode_Check(s)) {
        PyErr_BadArgument();
        return -1;
    }
    return PyUnicode_AsUnicodeAndSize(s, &n) ? n : -1;
}

/* Into the caller's buffer, or a fresh one (PyMem_Malloc) when target is NULL. */
Py_UCS4 *PyUnicode_AsUCS4(PyObject *s, Py_UCS4 *target, Py_ssize_t targetsize, int copy_null)
{
    if (!target || targetsize < 0) {
        PyErr_BadInternalCall();
        return NULL;
    }
    if (PyUnicode_READY(s) < 0)
        return NULL;
    if (targetsize < str_len(s) + (copy_null ? 1 : 0)) {
        PyErr_SetString(PyExc_SystemError, "string is longer than the buffer");
        if (copy_null && targetsize > 0)
            target[0] = 0;
        return NULL;
    }
    run_copy(4, target, str_kind(s), str_data(s), str_len(s));
    if (copy_null)
        target[str_len(s)] = 0;
    return target;
}

Py_UCS4 *PyUnicode_AsUCS4Copy(PyObject *s)
{
    if (PyUnicode_READY(s) < 0)
        return NULL;
    Py_UCS4 *p = run_widen(4, str_kind(s), str_data(s), str_len(s) + 1);
    return p;
}

/* BORROWED: the wstr cache of s, made at the first call. */
Py_UNICODE *PyUnicode_AsUnicodeAndSize(PyObject *s, Py_ssize_t *size)
{
    if (!PyUnicode_Check(s)) {
        PyErr_BadArgument();
        return NULL;
    }
    if (!A(s)->wstr) {
        Py_ssize_t n = str_len(s);
        wchar_t *w = n > PY_SSIZE_T_MAX / 4 - 1 ? NULL : PyObject_Malloc((n + 1) * sizeof(wchar_t));
        if (!w) {
            PyErr_NoMemory();
            return NULL;
        }
        run_copy(4, w, str_kind(s), str_data(s), n + 1);
        A(s)->wstr = w;
        if (!PyUnicode_IS_COMPACT_ASCII(s))
            C(s)->wstr_length = n;
    }
    if (size)
        *size = PyUnicode_IS_COMPACT_ASCII(s) ? str_len(s) : C(s)->wstr_length;
    return A(s)->wstr;
}

Py_UNICODE *PyUnicode_AsUnicode(PyObject *s)
{
    return PyUnicode_AsUnicodeAndSize(s, NULL);
}

const Py_UNICODE *_PyUnicode_AsUnicode(PyObject *s)
{
    Py_ssize_t n;
    const Py_UNICODE *w = PyUnicode_AsUnicodeAndSize(s, &n);
    if (w && wcslen(w) != (size_t)n) {
        PyErr_SetString(PyExc_ValueError, "embedded null character");
        return NULL;
    }
    return w;
}

Py_ssize_t PyUnicode_AsWideChar(PyObject *s, wchar_t *w, Py_ssize_t size)
{
    if (!s) {
        PyErr_BadInternalCall();
        return -1;
    }
    if (!PyUnicode_Check(s)) {
        PyErr_BadArgument();
        return -1;
    }
    if (PyUnicode_READY(s) < 0)
        return -1;
    Py_ssize_t n = str_len(s);
    if (!w)
        return n + 1;
    Py_ssize_t copy = size > n ? n + 1 : size;
    run_copy(4, w, str_kind(s), str_data(s), copy);
    return size > n ? n : size;
}

/* PyMem_Malloc'ed; with size NULL an embedded NUL is a ValueError. */
wchar_t *PyUnicode_AsWideCharString(PyObject *s, Py_ssize_t *size)
{
    if (!s) {
        PyErr_BadInternalCall();
        return NULL;
    }
    if (!PyUnicode_Check(s)) {
        PyErr_BadArgument();
        return NULL;
    }
    if (PyUnicode_READY(s) < 0)
        return NULL;
    wchar_t *w = run_widen(4, str_kind(s), str_data(s), str_len(s) + 1);
    if (!w)
        return NULL;
    if (size)
        *size = str_len(s);
    else if (wcslen(w) != (size_t)str_len(s)) {
        PyMem_Free(w);
        PyErr_SetString(PyExc_ValueError, "embedded null character");
        return NULL;
    }
    return w;
}

int _PyUnicode_WideCharString_Converter(PyObject *o, void *ptr)
{
    wchar_t **p = ptr;
    if (!o) {
        PyMem_Free(*p);
        *p = NULL;
        return 1;
    }
    if (!PyUnicode_Check(o)) {
        PyErr_Format(PyExc_TypeError, "argument must be str, not %.50s", Py_TYPE(o)->tp_name);
        return 0;
    }
    *p = PyUnicode_AsWideCharString(o, NULL);
    return *p ? Py_CLEANUP_SUPPORTED : 0;
}

int _PyUnicode_WideCharString_Opt_Converter(PyObject *o, void *ptr)
{
    wchar_t **p = ptr;
    if (!o) {
        PyMem_Free(*p);
        *p = NULL;
        return 1;
    }
    if (o == Py_None) {
        *p = NULL;
        return 1;
    }
    if (!PyUnicode_Check(o)) {
        PyErr_Format(PyExc_TypeError, "argument must be str or None, not %.50s",
                     Py_TYPE(o)->tp_name);
        return 0;
    }
    *p = PyUnicode_AsWideCharString(o, NULL);
    return *p ? Py_CLEANUP_SUPPORTED : 0;
}

/* -- UTF-8 cache ----------------------------------------------------------------------------- */

/* BORROWED: the data of an ASCII str, else the cache, which is made when there is none.
   UnicodeEncodeError for surrogates. */
const char *str_utf8_peek(PyObject *s, Py_ssize_t *n)
{
    if (PyUnicode_READY(s) < 0)
        return NULL;
    if (PyUnicode_IS_COMPACT_ASCII(s)) {
        *n = str_len(s);
        return str_data(s);
    }
    if (!C(s)->utf8) {
        PyObject *bytes = _PyUnicode_AsUTF8String(s, NULL);
        if (!bytes)
            return NULL;
        Py_ssize_t size = PyBytes_GET_SIZE(bytes);
        char *copy = PyObject_Malloc(size + 1);
        if (!copy) {
            Py_DECREF(bytes);
            PyErr_NoMemory();
            return NULL;
        }
        memcpy(copy, PyBytes_AS_STRING(bytes), size + 1);
        C(s)->utf8 = copy;
        C(s)->utf8_length = size;
        Py_DECREF(bytes);
    }
    *n = C(s)->utf8_length;
    return C(s)->utf8;
}

/* BORROWED: the UTF-8 cache of s, made at the first call; ASCII needs none. */
const char *PyUnicode_AsUTF8AndSize(PyObject *s, Py_ssize_t *size)
{
    Py_ssize_t n;
    if (!PyUnicode_Check(s)) {
        PyErr_BadArgument();
        return NULL;
    }
    const char *p = str_utf8_peek(s, &n);
    if (p && size)
        *size = n;
    return p;
}

const char *PyUnicode_AsUTF8(PyObject *s)
{
    return PyUnicode_AsUTF8AndSize(s, NULL);
}

/* -- Consistency ----------------------------------------------------------------------------- */

/* A failed check names itself and ends the process. */
#define HOLDS(what) \
    do { \
        if (!(what)) \
            _PyObject_AssertFailed(s, #what, NULL, __FILE__, __LINE__, __func__); \
    } while (0)

int _PyUnicode_CheckConsistency(PyObject *s, int check_content)
{
    HOLDS(PyUnicode_Check(s));
    PyASCIIObject *a = A(s);
    if (!a->state.ready) {
        HOLDS(a->state.kind == 0 && !a->state.compact && a->wstr && a->length == 0
              && a->hash == -1);
        return 1;
    }
    HOLDS(a->state.kind == 1 || a->state.kind == 2 || a->state.kind == 4);
    HOLDS(!a->state.ascii || a->state.kind == 1);
    HOLDS(a->length >= 0);
    HOLDS(READ(str_kind(s), str_data(s), str_len(s)) == 0); /* I3 */
    if (check_content)
        HOLDS(run_max(str_kind(s), str_data(s), str_len(s)) == str_max_class(s)); /* I1 */
    return 1;
}
