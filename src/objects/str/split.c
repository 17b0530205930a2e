/* SPDX-License-Identifier: MIT
 *
 * Taking strings apart and putting them together: split, rsplit, splitlines, partition, strip,
 * join.
 *
 * Parts are collected in a Pieces (objects/pieces.h), which makes the list at the end. ASCII
 * strings and separators of one character have loops of their own. White space is what Unicode
 * says, line ends are those of str.splitlines (more than \n and \r). Parts of exact strings that
 * are the whole string are the string itself.
 */
#include "str_impl.h"
#include "objects/block.h"
#include "objects/pieces.h"

/* Owned part [a, b) of s. */
static inline PyObject *piece(PyObject *s, int kind, const void *data, Py_ssize_t a, Py_ssize_t b)
{
    if (UNLIKELY(a == 0 && b == str_len(s)))
        return str_unchanged(s);
    if (str_is_ascii(s))
        return _PyUnicode_FromASCII((const char *)data + a, b - a);
    return str_from_run(kind, run_at(kind, data, a), b - a);
}

/* -- split ----------------------------------------------------------------------------------- */

static inline bool is_space(Py_UCS4 c) { return Py_UNICODE_ISSPACE(c); }

/* New str of n ASCII characters. */
static inline PyObject *piece_ascii(const char *data, Py_ssize_t n)
{
    if (n <= 1)
        return n == 0 ? str_empty_get() : str_latin1_get((unsigned char)*data);
    PyObject *s = str_alloc(n, 0x7f);
    if (LIKELY(s != NULL))
        memcpy((PyASCIIObject *)s + 1, data, (size_t)n);
    return s;
}

static PyObject *split_space_ascii(PyObject *s, Py_ssize_t max)
{
    Pieces p;
    pieces_init(&p, max);
    const unsigned char *at = str_data(s), *start = at, *end = at + str_len(s);
    int failed = 0;
    while (!failed) {
        while (at < end && _Py_ascii_whitespace[*at])
            at++;
        if (at == end)
            break;
        const unsigned char *from = at;
        if (max-- <= 0)
            at = end;
        else
            while (at < end && !_Py_ascii_whitespace[*at])
                at++;
        PyObject *part = from == start && at == end ? str_unchanged(s)
                                                    : piece_ascii((const char *)from, at - from);
        failed = pieces_add_steal(&p, part) < 0;
    }
    return pieces_list(&p, failed);
}

/* At runs of white space, no empty parts. */
static PyObject *split_space(PyObject *s, Py_ssize_t max)
{
    if (str_is_ascii(s))
        return split_space_ascii(s, max);
    Pieces p;
    pieces_init(&p, max);
    int kind = str_kind(s), failed = 0;
    const void *data = str_data(s);
    Py_ssize_t n = str_len(s), i = 0;
    while (!failed) {
        while (i < n && is_space(READ(kind, data, i)))
            i++;
        if (i == n)
            break;
        Py_ssize_t from = i;
        if (max-- <= 0) { /* the rest in one piece */
            failed = pieces_add_steal(&p, piece(s, kind, data, from, n)) < 0;
            break;
        }
        while (i < n && !is_space(READ(kind, data, i)))
            i++;
        failed = pieces_add_steal(&p, piece(s, kind, data, from, i)) < 0;
    }
    return pieces_list(&p, failed);
}

static PyObject *rsplit_space(PyObject *s, Py_ssize_t max)
{
    Pieces p;
    pieces_init(&p, max);
    int kind = str_kind(s), failed = 0;
    const void *data = str_data(s);
    Py_ssize_t i = str_len(s);
    while (!failed) {
        while (i > 0 && is_space(READ(kind, data, i - 1)))
            i--;
        if (i == 0)
            break;
        Py_ssize_t to = i;
        if (max-- <= 0) {
            failed = pieces_add_steal(&p, piece(s, kind, data, 0, to)) < 0;
            break;
        }
        while (i > 0 && !is_space(READ(kind, data, i - 1)))
            i--;
        failed = pieces_add_steal(&p, piece(s, kind, data, i, to)) < 0;
    }
    return pieces_list_reversed(&p, failed);
}

/* The separator in the kind of s; NULL with *failed when memory
   is short; NULL alone when it cannot occur. */
static const void *separator(PyObject *s, PyObject *sep, int *failed)
{
    *failed = 0;
    if (str_kind(sep) > str_kind(s) || str_len(sep) > str_len(s))
        return NULL;
    if (str_kind(sep) == str_kind(s))
        return str_data(sep);
    void *p = run_widen(str_kind(s), str_kind(sep), str_data(sep), str_len(sep));
    *failed = !p;
    return p;
}

/* ASCII text at one ASCII character. */
static PyObject *split_char_ascii(PyObject *s, char sep, Py_ssize_t max)
{
    Pieces p;
    pieces_init(&p, max);
    const char *from = str_data(s), *end = from + str_len(s), *hit;
    if (from == end)
        p.first = -1;
    int failed = 0;
    while (!failed && max-- > 0 && (hit = near_char(from, end, sep))) {
        failed = pieces_add_steal(&p, piece_ascii(from, hit - from)) < 0;
        from = hit + 1;
    }
    if (!failed)
        failed = pieces_add_steal(&p, p.n == 0 ? str_unchanged(s) : piece_ascii(from, end - from))
                 < 0;
    return pieces_list(&p, failed);
}

/* From either end; backwards the list is turned around at the end. */
static PyObject *split_sep(PyObject *s, PyObject *sep, Py_ssize_t max, bool backwards)
{
    if (str_is_ascii(s) && !backwards && str_len(sep) == 1 && str_is_ascii(sep))
        return split_char_ascii(s, *(const char *)str_data(sep), max);
    Pieces p;
    pieces_init(&p, max);
    int kind = str_kind(s), failed;
    const char *data = str_data(s);
    Py_ssize_t m = str_len(sep), from = 0, to = str_len(s);
    if (m == 0) {
        PyErr_SetString(PyExc_ValueError, "empty separator");
        return NULL;
    }
    const void *needle = separator(s, sep, &failed);
    if (!needle)
        p.first = -1;
    while (!failed && needle && max-- > 0) {
        Py_ssize_t hit = backwards ? run_rfind(kind, data, to, needle, m)
                                   : run_find(kind, data + from * kind, to - from, needle, m);
        if (hit < 0)
            break;
        if (backwards) {
            failed = pieces_add_steal(&p, piece(s, kind, data, hit + m, to)) < 0;
            to = hit;
        }
        else {
            failed = pieces_add_steal(&p, piece(s, kind, data, from, from + hit)) < 0;
            from += hit + m;
        }
    }
    if (!failed)
        failed = pieces_add_steal(&p, piece(s, kind, data, from, to)) < 0;
    if (needle && needle != str_data(sep))
        PyMem_Free((void *)needle);
    return backwards ? pieces_list_reversed(&p, failed) : pieces_list(&p, failed);
}

PyObject *str_split(PyObject *s, PyObject *sep, Py_ssize_t max)
{
    max = max < 0 ? PY_SSIZE_T_MAX : max;
    return sep ? split_sep(s, sep, max, false) : split_space(s, max);
}

PyObject *str_rsplit(PyObject *s, PyObject *sep, Py_ssize_t max)
{
    max = max < 0 ? PY_SSIZE_T_MAX : max;
    return sep ? split_sep(s, sep, max, true) : rsplit_space(s, max);
}

static inline bool is_break(Py_UCS4 c)
{
    if (c < 0x80)
        return (c >= 0x0a && c <= 0x0d) || (c >= 0x1c && c <= 0x1e);
    return c == 0x85 || c == 0x2028 || c == 0x2029;
}

/* Where the line that place i of s is in ends: the next break, or n. */
static Py_ssize_t find_break(int kind, const void *data, Py_ssize_t i, Py_ssize_t n)
{
    if (kind == 1) {
        const uint8_t *s = data;
        for (; n - i >= BLOCK_BYTES; i += BLOCK_BYTES) {
            ByteBlock b = *(const ByteBlock *)(s + i);
            uint32_t bits = bits_of((BlockBits)((b <= 0x1e) | (b == 0x85)));
            for (; bits; bits &= bits - 1) /* a tab, for one, is no break */
                if (is_break(s[i + __builtin_ctz(bits)]))
                    return i + __builtin_ctz(bits);
        }
    }
    while (i < n && !is_break(READ(kind, data, i)))
        i++;
    return i;
}

/* `keep`: with their ends. \r\n is one end. */
PyObject *str_splitlines(PyObject *s, int keep)
{
    Pieces p;
    pieces_init(&p, -1);
    int kind = str_kind(s), failed = 0;
    const void *data = str_data(s);
    Py_ssize_t n = str_len(s), i = 0;
    while (i < n && !failed) {
        Py_ssize_t from = i;
        Py_ssize_t to = i = find_break(kind, data, i, n);
        if (i < n) {
            i += READ(kind, data, i) == '\r' && i + 1 < n && READ(kind, data, i + 1) == '\n' ? 2
                                                                                             : 1;
            if (keep)
                to = i;
        }
        failed = pieces_add_steal(&p, piece(s, kind, data, from, to)) < 0;
    }
    return pieces_list(&p, failed);
}

/* -- partition ------------------------------------------------------------------------------- */

/* direction > 0: at the first separator. */
static PyObject *partition(PyObject *s, PyObject *sep, int direction)
{
    if (str_ensure(s) < 0 || str_ensure(sep) < 0)
        return NULL;
    Py_ssize_t n = str_len(s), m = str_len(sep);
    if (m == 0) {
        PyErr_SetString(PyExc_ValueError, "empty separator");
        return NULL;
    }
    Py_ssize_t at = str_find(s, sep, 0, n, direction);
    if (at == -2)
        return NULL;
    PyObject *head, *mid, *tail;
    if (at < 0) {
        PyObject *whole = Py_NewRef(s); /* even of a subclass */
        head = direction > 0 ? whole : str_empty_get();
        mid = str_empty_get();
        tail = direction > 0 ? str_empty_get() : whole;
    }
    else {
        head = str_slice(s, 0, at);
        mid = Py_NewRef(sep);
        tail = str_slice(s, at + m, n);
    }
    PyObject *t = head && tail ? PyTuple_New(3) : NULL;
    if (!t) {
        Py_XDECREF(head);
        Py_DECREF(mid);
        Py_XDECREF(tail);
        return NULL;
    }
    PyTuple_SET_ITEM(t, 0, head);
    PyTuple_SET_ITEM(t, 1, mid);
    PyTuple_SET_ITEM(t, 2, tail);
    return t;
}

PyObject *PyUnicode_Partition(PyObject *s, PyObject *sep) { return partition(s, sep, 1); }
PyObject *PyUnicode_RPartition(PyObject *s, PyObject *sep) { return partition(s, sep, -1); }

PyObject *PyUnicode_Split(PyObject *s, PyObject *sep, Py_ssize_t max)
{
    return str_ensure(s) < 0 || (sep && str_ensure(sep) < 0) ? NULL : str_split(s, sep, max);
}

PyObject *PyUnicode_RSplit(PyObject *s, PyObject *sep, Py_ssize_t max)
{
    return str_ensure(s) < 0 || (sep && str_ensure(sep) < 0) ? NULL : str_rsplit(s, sep, max);
}

PyObject *PyUnicode_Splitlines(PyObject *s, int keep)
{
    return str_ensure(s) < 0 ? NULL : str_splitlines(s, keep);
}

/* -- strip ----------------------------------------------------------------------------------- */

static bool in_set(int kind, const void *set, Py_ssize_t n, uint64_t bloom, Py_UCS4 c)
{
    return (bloom >> (c & 63) & 1) && run_find_char(kind, set, n, c) >= 0;
}

/* `which`: 0 left, 1 right, 2 both. A 64-bit filter by the low bits of the characters rules out
   most of those not in the set. */
PyObject *_PyUnicode_XStrip(PyObject *s, int which, PyObject *chars)
{
    if (PyUnicode_READY(s) < 0 || PyUnicode_READY(chars) < 0)
        return NULL;
    int kind = str_kind(s), ckind = str_kind(chars);
    const void *data = str_data(s), *set = str_data(chars);
    Py_ssize_t n = str_len(s), m = str_len(chars), a = 0, b = n;
    uint64_t bloom = 0;
    for (Py_ssize_t i = 0; i < m; i++)
        bloom |= UINT64_C(1) << (READ(ckind, set, i) & 63);
    if (which != 1)
        while (a < b && in_set(ckind, set, m, bloom, READ(kind, data, a)))
            a++;
    if (which != 0)
        while (b > a && in_set(ckind, set, m, bloom, READ(kind, data, b - 1)))
            b--;
    return str_slice(s, a, b);
}

PyObject *str_strip(PyObject *s, int which, PyObject *chars)
{
    if (chars && chars != Py_None) {
        if (PyUnicode_Check(chars))
            return _PyUnicode_XStrip(s, which, chars);
        PyErr_Format(PyExc_TypeError, "%s arg must be None or str",
                     which == 0   ? "lstrip"
                     : which == 1 ? "rstrip"
                                  : "strip");
        return NULL;
    }
    int kind = str_kind(s);
    const void *data = str_data(s);
    Py_ssize_t a = 0, b = str_len(s);
    if (which != 1)
        while (a < b && is_space(READ(kind, data, a)))
            a++;
    if (which != 0)
        while (b > a && is_space(READ(kind, data, b - 1)))
            b--;
    return str_slice(s, a, b);
}

/* -- join ------------------------------------------------------------------------------------ */

static PyObject *join_bad_item(Py_ssize_t i, PyObject *item)
{
    PyErr_Format(PyExc_TypeError, "sequence item %zd: expected str instance, %.80s found", i,
                 Py_TYPE(item)->tp_name);
    return NULL;
}

/* Size and class of the result, all items checked and ready. */
static int join_measure(PyObject *const *items, Py_ssize_t n, Py_ssize_t sep_len, Py_ssize_t *size,
                        Py_UCS4 *max)
{
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *item = items[i];
        if (!PyUnicode_Check(item)) {
            join_bad_item(i, item);
            return -1;
        }
        if (PyUnicode_READY(item) < 0)
            return -1;
        Py_ssize_t add = str_len(item) + (i ? sep_len : 0);
        if (add < 0 || *size > PY_SSIZE_T_MAX - add) {
            PyErr_SetString(PyExc_OverflowError, "join() result is too long for a Python string");
            return -1;
        }
        *size += add;
        *max = Py_MAX(*max, str_max_class(item));
    }
    return 0;
}

/* memcpy, but up to sixteen bytes without a call: two pieces of a size, which may overlap. */
static inline void copy_short(char *to, const char *from, size_t n)
{
#define TWO_PIECES(type) \
    do { \
        type head, tail; \
        memcpy(&head, from, sizeof head); \
        memcpy(&tail, from + n - sizeof tail, sizeof tail); \
        memcpy(to, &head, sizeof head); \
        memcpy(to + n - sizeof tail, &tail, sizeof tail); \
    } while (0)
    if (n > 16)
        memcpy(to, from, n);
    else if (n >= 8)
        TWO_PIECES(uint64_t);
    else if (n >= 4)
        TWO_PIECES(uint32_t);
    else if (n >= 2)
        TWO_PIECES(uint16_t);
    else if (n == 1)
        *to = *from;
#undef TWO_PIECES
}

static inline char *join_put(char *out, int kind, PyObject *s)
{
    Py_ssize_t n = str_len(s);
    if (LIKELY(str_kind(s) == kind))
        copy_short(out, str_data(s), (size_t)(n * kind));
    else
        run_copy(kind, out, str_kind(s), str_data(s), n);
    return out + n * kind;
}

/* separator NULL: a blank. A single exact str is returned as it is. */
PyObject *_PyUnicode_JoinArray(PyObject *separator, PyObject *const *items, Py_ssize_t n)
{
    if (n == 0)
        return str_empty_get();
    if (n == 1 && str_is_exact(items[0]))
        return Py_NewRef(items[0]);
    PyObject *sep = separator ? separator : latin1_char(' ');
    if (!PyUnicode_Check(sep)) {
        PyErr_Format(PyExc_TypeError, "separator: expected str instance, %.80s found",
                     Py_TYPE(sep)->tp_name);
        return NULL;
    }
    if (PyUnicode_READY(sep) < 0)
        return NULL;
    Py_ssize_t size = 0, sep_len = str_len(sep);
    Py_UCS4 max = n > 1 && sep_len ? str_max_class(sep) : 0x7f;
    if (join_measure(items, n, sep_len, &size, &max) < 0)
        return NULL;
    PyObject *r = str_alloc(size, max);
    if (!r || size == 0)
        return r;
    int kind = str_kind(r);
    char *out = str_data(r);
    for (Py_ssize_t i = 0; i < n; i++) {
        if (i && sep_len)
            out = join_put(out, kind, sep);
        out = join_put(out, kind, items[i]);
    }
    return r;
}

PyObject *PyUnicode_Join(PyObject *separator, PyObject *iterable)
{
    PyObject *fast = PySequence_Fast(iterable, "can only join an iterable");
    if (!fast)
        return NULL;
    PyObject *r = _PyUnicode_JoinArray(separator, PySequence_Fast_ITEMS(fast),
                                       PySequence_Fast_GET_SIZE(fast));
    Py_DECREF(fast);
    return r;
}
