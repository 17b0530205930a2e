/* SPDX-License-Identifier: MIT
 *
 * int to and from text in any base. Short numbers go through machine words; long decimal ones
 * through GMP's subquadratic conversions; powers of two by shifting bits.
 *
 * The interpreter limits decimal (and every non power of two) conversions to int_max_str_digits
 * digits, since their cost is more than linear: a request of a megabyte of digits must not stop a
 * server. A cheap bound on the digits decides most cases before any work is done; the exact count
 * decides the rest.
 */
#include "objects/int/int_impl.h"

#define DIGITS_THRESHOLD 640 /* conversions of at most so many digits are never refused */

/* What a character counts as a digit in bases up to 36; 37 and more: it is none. */
EXPORT unsigned char _PyLong_DigitValue[256] = {
    [0 ... '0' - 1] = 37,
    ['0'] = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ['9' + 1 ... 'A' - 1] = 37,
    ['A'] = 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
            23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,
    ['Z' + 1 ... 'a' - 1] = 37,
    ['a'] = 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
            23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,
    ['z' + 1 ... 255] = 37,
};

/* -- To text --------------------------------------------------------------------------------- */

/* Words print two decimal digits a step; power-of-two bases are shifts; long decimals go to GMP. */

/* "00" to "99": two digits a step. */
static const char digit_pairs[] =
    "00010203040506070809" "10111213141516171819" "20212223242526272829" "30313233343536373839"
    "40414243444546474849" "50515253545556575859" "60616263646566676869" "70717273747576777879"
    "80818283848586878889" "90919293949596979899";

/* Writes v so that it ends before `end`; returns its first character. */
static char *write_decimal(uint64_t v, char *end)
{
    while (v >= 100) {
        unsigned pair = (unsigned)(v % 100) * 2;
        v /= 100;
        *--end = digit_pairs[pair + 1];
        *--end = digit_pairs[pair];
    }
    if (v >= 10) {
        *--end = digit_pairs[v * 2 + 1];
        *--end = digit_pairs[v * 2];
    } else {
        *--end = (char)('0' + v);
    }
    return end;
}

static void raise_too_long(int limit)
{
    PyErr_Format(PyExc_ValueError,
                 "Exceeds the limit (%d digits) for integer string conversion; "
                 "use sys.set_int_max_str_digits() to increase the limit", limit);
}

static int max_str_digits(void) { return interp_get()->int_max_str_digits; }

/* In decimal. The limit is applied by the number of bits before the work, and by the exact count
   after it. */
static int text_of_limbs(PyObject *v, IntText *out)
{
    Py_ssize_t n = NDIGITS(v), bits = int_bits(v);
    int limit = max_str_digits();
    if (n >= 10 * DIGITS_THRESHOLD / (3 * SHIFT) + 2 && limit > 0
        && limit / (3 * SHIFT) <= (n - 11) / 10) {
        raise_too_long(limit);
        return -1;
    }
    size_t room = (size_t)(bits / 3 + 4);
    mp_limb_t *limbs = PyMem_New(mp_limb_t, (size_t)LIMBS_FOR(n) + 1);
    out->owned = PyMem_Malloc(room);
    if (limbs == NULL || out->owned == NULL) {
        PyMem_Free(limbs);
        PyMem_Free(out->owned);
        PyErr_NoMemory();
        return -1;
    }
    size_t len = (size_t)bits * 30103 / 100000 + 1;
    char *p = out->owned + 1;
    if (int_text_is_long(len)) {
        PyMem_Free(limbs);
        if (int_digits_long(v, p, len) < 0) {
            PyMem_Free(out->owned);
            return -1;
        }
    } else {
        len = mpn_get_str((unsigned char *)p, 10, limbs, int_to_limbs(DIGITS(v), n, limbs));
        PyMem_Free(limbs);
    }
    while (len > 1 && *p == 0) {
        p++;
        len--;
    }
    for (size_t i = 0; i < len; i++) {
        p[i] += '0';
    }
    if (len > DIGITS_THRESHOLD && limit > 0 && len > (size_t)limit) {
        PyMem_Free(out->owned);
        raise_too_long(limit);
        return -1;
    }
    if (IS_NEGATIVE(v)) {
        *--p = '-';
        len++;
    }
    out->text = p;
    out->len = (Py_ssize_t)len;
    return 0;
}

/* In decimal, up to four digits of ours: 120 bits. */
static void text_of_few(PyObject *v, IntText *out)
{
    const uint64_t low_part = 10000000000000000000u; /* the largest power of ten in 64 bits */
    unsigned __int128 x = 0;
    for (Py_ssize_t i = NDIGITS(v); i-- > 0;) {
        x = x << SHIFT | DIGITS(v)[i];
    }
    char *end = out->small + sizeof(out->small), *p;
    if (x >> 63 == 0) {
        p = write_decimal((uint64_t)x, end);
    } else {
        p = write_decimal((uint64_t)(x % low_part), end);
        if (x >= low_part) {
            while (end - p < 19) {
                *--p = '0';
            }
            p = write_decimal((uint64_t)(x / low_part), p);
        }
    }
    if (IS_NEGATIVE(v)) {
        *--p = '-';
    }
    out->text = p;
    out->len = end - p;
}

/* The eight lowest bits of x as characters, the highest first: a multiplication puts a copy of them
   into each byte, shifted so that its own bit is the top one. */
static inline void put_eight_bits(char *p, uint64_t x)
{
    uint64_t each = ((x & 0xff) * 0x8040201008040201u >> 7 & 0x0101010101010101u)
                    | 0x3030303030303030u;
    if (PY_BIG_ENDIAN) {
        each = __builtin_bswap64(each);
    }
    memcpy(p, &each, sizeof each);
}

/* In base 2, 8 or 16, from the low bits up. */
static int text_of_bits(PyObject *v, int base, bool prefix, IntText *out)
{
    const int shift = base == 16 ? 4 : base == 8 ? 3 : 1;
    Py_ssize_t n = NDIGITS(v), bits = int_bits(v), count = n ? (bits + shift - 1) / shift : 1;
    size_t room = (size_t)count + 11; /* "-0x", and bits are written eight at a time */
    char *start = out->small;
    if (room > sizeof(out->small)) {
        start = out->owned = PyMem_Malloc(room);
        if (start == NULL) {
            PyErr_NoMemory();
            return -1;
        }
    }
    char *end = start + room, *p = end;
    uint64_t pending = 0; /* `held` bits not written yet */
    int held = 0;
    for (Py_ssize_t i = 0; i < n; i++, bits -= SHIFT) {
        pending |= (uint64_t)DIGITS(v)[i] << held;
        held += (int)Py_MIN(bits, SHIFT);
        for (; base == 2 && held >= 8; held -= 8, pending >>= 8) {
            put_eight_bits(p -= 8, pending);
        }
        for (; base != 2 && held >= shift; held -= shift, pending >>= shift) {
            *--p = Py_hexdigits[pending & (uint64_t)(base - 1)];
        }
    }
    if (base == 2 && held > 0) {
        put_eight_bits(p - 8, pending);
    } else if (held > 0 || n == 0) {
        p[-1] = Py_hexdigits[pending];
    }
    p = end - count;
    if (prefix) {
        *--p = base == 16 ? 'x' : base == 8 ? 'o' : 'b';
        *--p = '0';
    }
    if (IS_NEGATIVE(v)) {
        *--p = '-';
    }
    out->text = p;
    out->len = end - p;
    return 0;
}

/* Text in base 2, 8, 10 or 16, with sign, and with 0b, 0o or 0x when `prefix`. */
int int_text(PyObject *v, int base, bool prefix, IntText *out)
{
    out->owned = NULL;
    if (base != 10) {
        return text_of_bits(v, base, prefix, out);
    }
    if (NDIGITS(v) > 4) {
        return text_of_limbs(v, out);
    }
    text_of_few(v, out);
    return 0;
}

static PyObject *ascii_str(const char *p, Py_ssize_t n)
{
    PyObject *s = PyUnicode_New(n, 127);
    if (s) {
        memcpy(PyUnicode_1BYTE_DATA(s), p, (size_t)n);
    }
    return s;
}

static PyObject *int_to_str(PyObject *v, int base, bool prefix)
{
    IntText text;
    if (int_text(v, base, prefix, &text) < 0) {
        return NULL;
    }
    PyObject *s = ascii_str(text.text, text.len);
    if (text.owned) {
        PyMem_Free(text.owned);
    }
    return s;
}

PyObject *int_repr(PyObject *v) { return int_to_str(v, 10, false); }

EXPORT PyObject *_PyLong_Format(PyObject *v, int base)
{
    if (!PyLong_Check(v)) {
        PyErr_BadInternalCall();
        return NULL;
    }
    return int_to_str(v, base, true);
}

EXPORT int _PyLong_FormatWriter(_PyUnicodeWriter *writer, PyObject *v, int base, int alternate)
{
    IntText text;
    if (int_text(v, base, alternate != 0, &text) < 0) {
        return -1;
    }
    int r = _PyUnicodeWriter_WriteASCIIString(writer, text.text, text.len);
    PyMem_Free(text.owned);
    return r;
}

EXPORT char *_PyLong_FormatBytesWriter(_PyBytesWriter *writer, char *str, PyObject *v, int base,
                                       int alternate)
{
    IntText text;
    if (int_text(v, base, alternate != 0, &text) < 0) {
        return NULL;
    }
    str = _PyBytesWriter_Prepare(writer, str, text.len);
    if (str) {
        memcpy(str, text.text, (size_t)text.len);
        str += text.len;
    }
    PyMem_Free(text.owned);
    return str;
}

/* -- From text ------------------------------------------------------------------------------- */

/* scan_digits checks and counts first, so that the limit is enforced before any work is done and
   conversion need not check again. */

static PyObject *from_digits_short(const char *p, const char *end, int base, bool negative)
{
    uint64_t x = 0;
    for (; p < end; p++) {
        if (*p != '_') {
            x = x * (unsigned)base + _PyLong_DigitValue[(unsigned char)*p];
        }
    }
    return int_from_u64_signed(x, negative);
}

static PyObject *from_digits_long(const char *p, const char *end, Py_ssize_t ndigits, int base,
                                  bool negative)
{
    unsigned char *values = PyMem_Malloc((size_t)ndigits);
    /* log2(36) < 5.17: five and a quarter bits for each digit are enough */
    Py_ssize_t room = ndigits / 64 * 6 + 8;
    mp_limb_t *limbs = PyMem_New(mp_limb_t, (size_t)room);
    PyObject *r = NULL;
    if (values == NULL || limbs == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    size_t n = 0;
    for (; p < end; p++) {
        if (*p != '_') {
            values[n++] = _PyLong_DigitValue[(unsigned char)*p];
        }
    }
    size_t skip = 0;
    while (skip < n && values[skip] == 0) {
        skip++;
    }
    if (base == 10 && int_text_is_long(n)) {
        r = int_from_places(values, n);
        if (r != NULL && negative) {
            Py_SETREF(r, int_negate(r));
        }
        goto done;
    }
    mp_size_t used = n > skip ? mpn_set_str(limbs, values + skip, n - skip, base) : 0;
    r = int_from_limbs(limbs, used, negative);
done:
    PyMem_Free(values);
    PyMem_Free(limbs);
    return r;
}

/* End of the run of digits with single underscores between
   them; NULL when misplaced. Counts digits. */
static const char *scan_digits(const char *p, int base, Py_ssize_t *ndigits)
{
    char previous = 0;
    Py_ssize_t n = 0;
    for (;; p++) {
        if (*p == '_') {
            if (previous == '_') {
                return NULL;
            }
        } else if (_PyLong_DigitValue[(unsigned char)*p] < base) {
            n++;
        } else {
            break;
        }
        previous = *p;
    }
    *ndigits = n;
    return previous == '_' ? NULL : p;
}

static char prefix_letter(int base)
{
    return base == 16 ? 'x' : base == 8 ? 'o' : base == 2 ? 'b' : 0;
}

/* True with ValueError: so many digits in a base that is no power of two would take too long. */
static bool exceeds_limit(Py_ssize_t ndigits, int base)
{
    int limit = ndigits > DIGITS_THRESHOLD && (base & (base - 1)) ? max_str_digits() : 0;
    if (limit <= 0 || ndigits <= limit) {
        return false;
    }
    PyErr_Format(PyExc_ValueError,
                 "Exceeds the limit (%d digits) for integer string conversion: value has "
                 "%zd digits; use sys.set_int_max_str_digits() to increase the limit",
                 limit, ndigits);
    return true;
}

static void raise_bad_literal(const char *start, int base)
{
    PyObject *text = PyUnicode_FromStringAndSize(start, (Py_ssize_t)strnlen(start, 200));
    if (text) {
        PyErr_Format(PyExc_ValueError, "invalid literal for int() with base %d: %.200R", base,
                     text);
        Py_DECREF(text);
    }
}

/* [space][sign][prefix]digits[space], digits with single underscores between them ("Integer
   literals" of the language reference). With `pend` text may follow, whose place it gets: NULL when
   an exception other than that for a bad literal is raised. */
PyObject *PyLong_FromString(const char *str, char **pend, int base)
{
    const char *start = str, *p = str;
    bool negative = false, zeros_only = false;
    if ((base != 0 && base < 2) || base > 36) {
        PyErr_SetString(PyExc_ValueError, "int() arg 2 must be >= 2 and <= 36");
        return NULL;
    }
    while (Py_ISSPACE(*p)) {
        p++;
    }
    if (*p == '+' || *p == '-') {
        negative = *p++ == '-';
    }
    if (base == 0) {
        int letter = *p == '0' ? Py_TOLOWER(p[1]) : 0;
        base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 10;
        zeros_only = base == 10 && *p == '0'; /* "old" octal is an error; only zero may begin so */
    }
    if (*p == '0' && prefix_letter(base) && Py_TOLOWER(p[1]) == prefix_letter(base)) {
        p += 2;
        if (*p == '_') {
            p++; /* one underscore may follow the prefix */
        }
    }
    Py_ssize_t ndigits = 0;
    const char *digits = p, *end = *p == '_' ? NULL : scan_digits(p, base, &ndigits);
    if (pend) {
        *pend = (char *)(end ? end : p);
    }
    if (end == NULL || ndigits == 0) {
        goto bad;
    }
    PyObject *v = exceeds_limit(ndigits, base) ? NULL
                  : ndigits <= 12              ? from_digits_short(digits, end, base, negative)
                                  : from_digits_long(digits, end, ndigits, base, negative);
    if (v == NULL) {
        if (pend) {
            *pend = NULL;
        }
        return NULL;
    }
    if (zeros_only && Py_SIZE(v) != 0) {
        Py_DECREF(v);
        goto bad;
    }
    while (Py_ISSPACE(*end)) {
        end++;
    }
    if (pend) {
        *pend = (char *)end;
    }
    if (*end == '\0') {
        return v;
    }
    Py_DECREF(v);
bad:
    raise_bad_literal(start, base);
    return NULL;
}

EXPORT PyObject *_PyLong_FromBytes(const char *s, Py_ssize_t len, int base)
{
    char *end = NULL;
    PyObject *v = PyLong_FromString(s, &end, base);
    if (end == NULL || (v && end == s + len)) {
        return v;
    }
    Py_XDECREF(v);
    PyObject *bytes = PyBytes_FromStringAndSize(s, Py_MIN(len, 200));
    if (bytes) {
        PyErr_Format(PyExc_ValueError, "invalid literal for int() with base %d: %.200R", base,
                     bytes);
        Py_DECREF(bytes);
    }
    return NULL;
}

PyObject *PyLong_FromUnicodeObject(PyObject *u, int base)
{
    extern EXPORT PyObject *_PyUnicode_TransformDecimalAndSpaceToASCII(PyObject *);
    PyObject *ascii = _PyUnicode_TransformDecimalAndSpaceToASCII(u);
    if (ascii == NULL) {
        return NULL;
    }
    Py_ssize_t len;
    const char *s = PyUnicode_AsUTF8AndSize(ascii, &len);
    char *end = NULL;
    PyObject *v = s ? PyLong_FromString(s, &end, base) : NULL;
    bool done = s == NULL || end == NULL || (v && end == s + len);
    Py_DECREF(ascii);
    if (done) {
        return v;
    }
    Py_XDECREF(v);
    PyErr_Format(PyExc_ValueError, "invalid literal for int() with base %d: %.200R", base, u);
    return NULL;
}
