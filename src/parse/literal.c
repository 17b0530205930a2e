/* SPDX-License-Identifier: MIT
 *
 * Numbers and strings: token text to Constant (or JoinedStr, with fstring.c).
 *
 *      "a" 'b' rb"" f"{x}"   ── literal_strings: adjacent tokens are one literal
 *        first is bytes      ── literal_concat_bytes  all must be
 *        one plain token     ── literal_constant
 *        otherwise           ── literal_concat_str    text is gathered in an FString
 *
 * Tokens are worked on from left to right, so the first error wins.
 *
 * Escapes of text: literal_decode writes UTF-8 for the plain ones, and hands everything to the
 * codec (literal_decode_slow) at the first that is not: \N{...}, a surrogate, a mistake. So the
 * common case makes no detour and messages come from one place.
 *
 * Reference: language reference, 2.4; warnings for invalid escapes since 3.6.
 */
#include "parse/parse_impl.h"

/* -- Numbers --------------------------------------------------------------------------------- */

/* Value of a number without underscores. */
static PyObject *literal_number(const char *s, size_t n)
{
    char last = s[n - 1];
    bool radix =
        n > 1 && s[0] == '0'
        && (s[1] == 'x' || s[1] == 'X' || s[1] == 'o' || s[1] == 'O' || s[1] == 'b' || s[1] == 'B');
    if (!radix && (last == 'j' || last == 'J')) {
        double imag = PyOS_string_to_double(s, (char **)&s, NULL);
        return imag == -1.0 && PyErr_Occurred() ? NULL : PyComplex_FromDoubles(0.0, imag);
    }
    if (!radix && (memchr(s, '.', n) || memchr(s, 'e', n) || memchr(s, 'E', n))) {
        double value = PyOS_string_to_double(s, NULL, NULL);
        return value == -1.0 && PyErr_Occurred() ? NULL : PyFloat_FromDouble(value);
    }
    if (!radix && s[0] == '0') /* nothing but zeros, of which there may be any number */
        return Py_NewRef(SMALL_INT(0));
    if (radix || n > 18)
        return PyLong_FromString(s, NULL, 0);
    long value = 0;
    for (size_t i = 0; i < n; i++)
        value = value * 10 + (s[i] - '0');
    return PyLong_FromLong(value);
}

/* An int with too many digits: the error tells what to do. */
static expr literal_number_error(Parser *p, Token *t)
{
    if (PyErr_ExceptionMatches(PyExc_ValueError)) {
        PyObject *type, *value, *tb;
        PyErr_Fetch(&type, &value, &tb);
        parse_raise_at(p, PyExc_SyntaxError, t->pos.lineno, -1, t->pos.end_lineno, -1,
                       "%S - Consider hexadecimal for huge integer literals to avoid decimal "
                       "conversion limits.",
                       value);
        Py_XDECREF(type);
        Py_XDECREF(value);
        Py_XDECREF(tb);
    }
    return parse_fail(p);
}

/* NUMBER */
expr parse_number(Parser *p)
{
    Token *t = take(p, NUMBER);
    if (!t)
        return NULL;
    const char *s = token_text(p, t);
    char small[64], *copy = t->len < (int)sizeof small ? small : PyMem_Malloc(t->len + 1);
    if (!copy) {
        PyErr_NoMemory();
        return parse_fail(p);
    }
    size_t n = 0;
    for (int i = 0; i < t->len; i++)
        if (s[i] != '_')
            copy[n++] = s[i];
    copy[n] = 0;
    PyObject *value = NULL;
    if ((int)n < t->len && p->feature_version < 6)
        RAISE(p, "Underscores in numeric literals are only supported in Python 3.6 and greater");
    else
        value = literal_number(copy, n);
    if (copy != small)
        PyMem_Free(copy);
    if (!value)
        return p->error ? NULL : literal_number_error(p, t);
    return parse_own(p, value) ? EXPR(p, Constant, t->pos, .value = value) : NULL;
}

/* -- Escapes --------------------------------------------------------------------------------- */

/* Exactly `digits` hexadecimal digits: 0, or -1. */
static int literal_hex(const char *s, const char *end, int digits, uint32_t *value)
{
    if (end - s < digits)
        return -1;
    *value = 0;
    for (int i = 0; i < digits; i++) {
        if (!Py_ISXDIGIT(s[i]))
            return -1;
        *value = *value * 16 + (uint32_t)(s[i] <= '9' ? s[i] - '0' : (s[i] | 32) - 'a' + 10);
    }
    return 0;
}

/* Surrogates never come here. Returns the end. */
static char *literal_put_utf8(char *to, uint32_t ch)
{
    if (ch < 0x80)
        *to++ = (char)ch;
    else if (ch < 0x800) {
        *to++ = (char)(0xc0 | ch >> 6);
        *to++ = (char)(0x80 | (ch & 63));
    }
    else {
        if (ch < 0x10000)
            *to++ = (char)(0xe0 | ch >> 12);
        else {
            *to++ = (char)(0xf0 | ch >> 18);
            *to++ = (char)(0x80 | (ch >> 12 & 63));
        }
        *to++ = (char)(0x80 | (ch >> 6 & 63));
        *to++ = (char)(0x80 | (ch & 63));
    }
    return to;
}

/* The escape behind a backslash, written as UTF-8. NULL: not one of the plain ones (name,
 * surrogate, mistake). */
static const char *literal_plain_escape(const char *s, const char *end, char **to)
{
    uint32_t ch;
    char c = *s++;
    switch (c) {
    case '\n': return s;
    case '\\': case '\'': case '"': ch = (unsigned char)c; break;
    case 'a': ch = 7; break;
    case 'b': ch = 8; break;
    case 'f': ch = 12; break;
    case 'n': ch = 10; break;
    case 'r': ch = 13; break;
    case 't': ch = 9; break;
    case 'v': ch = 11; break;
    case '0' ... '7':
        ch = (uint32_t)(c - '0');
        for (int i = 0; i < 2 && s < end && *s >= '0' && *s <= '7'; i++)
            ch = ch * 8 + (uint32_t)(*s++ - '0');
        if (ch > 0377)
            return NULL;
        break;
    case 'x': case 'u': case 'U': {
        int digits = c == 'x' ? 2 : c == 'u' ? 4 : 8;
        if (literal_hex(s, end, digits, &ch) < 0 || ch > 0x10ffff || (ch >= 0xd800 && ch < 0xe000))
            return NULL;
        s += digits;
        break;
    }
    default: return NULL;
    }
    *to = literal_put_utf8(*to, ch);
    return s;
}

/* What stands behind the first backslash that begins no known escape (or an octal one above 0o377),
 * or NULL. */
static const char *literal_invalid_escape(const char *s, const char *end, bool bytes)
{
    for (; (s = memchr(s, '\\', end - s)) && s + 1 < end; s += 2) {
        char c = s[1];
        if (c >= '4' && c <= '7') {
            if (end - s > 3 && s[2] >= '0' && s[2] <= '7' && s[3] >= '0' && s[3] <= '7')
                return s + 1;
        }
        else if (!(c & 0x80)
                 && !strchr(bytes ? "\n\\'\"abfnrtvx0123" : "\n\\'\"abfnrtvx0123uUN", c))
            return s + 1;
    }
    return NULL;
}

/* Warns about `invalid`, if there is one. STEALS result. */
static PyObject *literal_warn(Parser *p, PyObject *result, const char *invalid, Token *t)
{
    if (result && invalid && parse_warn_escape(p, invalid, t) < 0)
        Py_CLEAR(result);
    return result;
}

/* The codec does it: for \N{...}, surrogates, and to raise errors. Text beyond ASCII is rewritten
   as \U escapes first, because the codec reads Latin-1. */
static PyObject *literal_decode_slow(Parser *p, const char *s, size_t n, Token *t)
{
    PyObject *result = NULL, *text = NULL;
    char *buffer = PyMem_Malloc(n * 10 + 1), *to = buffer;
    if (!buffer)
        return PyErr_NoMemory();
    const char *end = s + n, *ignored, *invalid = literal_invalid_escape(s, end, false);
    while (s < end) {
        if (*s == '\\') {
            *to++ = *s++;
            if (s < end && !(*s & 0x80))
                *to++ = *s++;
            else { /* keep the backslash as a character of its own */
                memcpy(to, "u005c", 5);
                to += 5;
            }
            continue;
        }
        if (!(*s & 0x80)) {
            *to++ = *s++;
            continue;
        }
        const char *run = s;
        while (s < end && (*s & 0x80))
            s++;
        if (!(text = PyUnicode_DecodeUTF8(run, s - run, NULL)))
            goto done;
        for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(text); i++)
            to += sprintf(to, "\\U%08x", (unsigned)PyUnicode_READ_CHAR(text, i));
        Py_CLEAR(text);
    }
    result = _PyUnicode_DecodeUnicodeEscapeInternal(buffer, to - buffer, NULL, NULL, &ignored);
    result = literal_warn(p, result, invalid, t);
done:
    PyMem_Free(buffer);
    return result;
}

/* Text with escapes, not raw: owned str. */
static PyObject *literal_decode(Parser *p, const char *s, size_t n, Token *t)
{
    char small[512], *buffer = n < sizeof small ? small : PyMem_Malloc(n + 1), *to = buffer;
    if (!buffer)
        return PyErr_NoMemory();
    const char *at = s, *end = s + n;
    PyObject *result = NULL;
    while (at < end) {
        const char *slash = memchr(at, '\\', end - at);
        size_t run = (slash ? slash : end) - at;
        memcpy(to, at, run);
        to += run;
        if (!slash)
            break;
        at = slash + 1 < end ? literal_plain_escape(slash + 1, end, &to) : NULL;
        if (!at)
            goto slow;
    }
    result = PyUnicode_DecodeUTF8(buffer, to - buffer, NULL);
    if (buffer != small)
        PyMem_Free(buffer);
    return result;
slow:
    if (buffer != small)
        PyMem_Free(buffer);
    return literal_decode_slow(p, s, n, t);
}

PyObject *parse_decode_text(Parser *p, bool raw, const char *s, size_t n, Token *t)
{
    return raw || !memchr(s, '\\', n) ? PyUnicode_DecodeUTF8(s, n, NULL)
                                      : literal_decode(p, s, n, t);
}

/* -- Strings --------------------------------------------------------------------------------- */

/* A string token without prefix and quotes. */
struct Body {
    const char *s; /* in the lexer's text */
    size_t n;
    bool bytes, raw, format; /* b, r, f */
};

/* Splits a token into prefix and body. */
static struct Body literal_body(Parser *p, Token *t)
{
    struct Body b = {token_text(p, t), 0, false, false, false};
    const char *end = b.s + t->len;
    for (; *b.s != '"' && *b.s != '\''; b.s++) {
        char c = *b.s | 32;
        b.bytes |= c == 'b';
        b.raw |= c == 'r';
        b.format |= c == 'f';
    }
    int quotes = end - b.s >= 6 && b.s[1] == b.s[0] && b.s[2] == b.s[0] ? 3 : 1;
    b.s += quotes;
    b.n = end - quotes - b.s;
    return b;
}

/* Before a token is evaluated: it warns once for the first two passes, and once for the third. */
static void literal_begin(Parser *p, Token *t)
{
    p->warn = !p->quiet && t->at > p->warned;
    if (t->at > p->warned)
        p->warned = t->at;
}

/* The value of one bytes token, owned. */
static PyObject *literal_bytes(Parser *p, const struct Body *b, Token *t)
{
    for (size_t i = 0; i < b->n; i++)
        if (b->s[i] & 0x80)
            return RAISE(p, "bytes can only contain ASCII literal characters");
    if (b->raw || !memchr(b->s, '\\', b->n))
        return PyBytes_FromStringAndSize(b->s, b->n);
    const char *ignored;
    PyObject *result = _PyBytes_DecodeEscape(b->s, b->n, NULL, &ignored);
    return literal_warn(p, result, literal_invalid_escape(b->s, b->s + b->n, true), t);
}

/* STEALS value (NULL: an exception is set). */
static expr literal_constant(Parser *p, PyObject *value, Pos pos, PyObject *kind)
{
    if (!value || PyErr_Occurred()) {
        Py_XDECREF(value);
        return NULL;
    }
    return parse_own(p, value) ? EXPR(p, Constant, pos, .value = value, .kind = kind) : NULL;
}

/* A str behind bytes: an error, but one of its own goes first. */
static bool literal_may_follow_bytes(Parser *p, const struct Body *b, Token *t)
{
    if (b->format && !parse_check_version(p, 6, "Format strings are", p))
        return false;
    PyObject *text = b->format ? Py_None : parse_decode_text(p, b->raw, b->s, b->n, t);
    if (!text)
        return false;
    if (text != Py_None)
        Py_DECREF(text);
    return RAISE(p, "cannot mix bytes and nonbytes literals");
}

static expr literal_concat_bytes(Parser *p, Token **tokens, int n, Pos pos)
{
    PyObject *all = NULL;
    for (int i = 0; i < n; i++) {
        struct Body b = literal_body(p, tokens[i]);
        literal_begin(p, tokens[i]);
        if (!b.bytes && !literal_may_follow_bytes(p, &b, tokens[i])) {
            Py_XDECREF(all);
            return NULL;
        }
        PyObject *one = p->error ? NULL : literal_bytes(p, &b, tokens[i]);
        if (!one) {
            Py_XDECREF(all);
            return NULL;
        }
        if (all)
            PyBytes_ConcatAndDel(&all, one);
        else
            all = one;
        if (!all)
            return NULL;
    }
    return literal_constant(p, all, pos, NULL);
}

/* Adds one token of a concatenation of text; *format: it was an f-string. */
static bool literal_add(Parser *p, struct FString *f, Token *t, bool *format)
{
    struct Body b = literal_body(p, t);
    literal_begin(p, t);
    if (b.format && !parse_check_version(p, 6, "Format strings are", p))
        return false;
    if (b.bytes) {
        Py_XDECREF(literal_bytes(p, &b, t));
        if (!PyErr_Occurred())
            RAISE(p, "cannot mix bytes and nonbytes literals");
        return false;
    }
    if (!b.format)
        return fstring_add_text(p, f, parse_decode_text(p, b.raw, b.s, b.n, t));
    *format = true;
    return fstring_add_body(p, f, b.s, b.n, b.raw || !memchr(b.s, '\\', b.n), t);
}

static expr literal_concat_str(Parser *p, Token **tokens, int n, Pos pos, PyObject *kind)
{
    struct FString f = {NULL, pos, kind};
    bool format = false;
    int base = p->top;
    for (int i = 0; i < n; i++)
        if (!literal_add(p, &f, tokens[i], &format))
            goto fail;
    if (!format)
        return literal_constant(p, f.literal ? f.literal : PyUnicode_FromStringAndSize("", 0), pos,
                                kind);
    if (!fstring_flush(p, &f, pos, kind))
        goto fail;
    expr_seq *values = parse_seq(p, base);
    return EXPR(p, JoinedStr, pos, .values = values);
fail:
    Py_XDECREF(f.literal);
    parse_cut(p, base);
    return NULL;
}

/* tokens[0..n) as one literal. kind "u" is that of the first token, for all. */
static expr literal_concat(Parser *p, Token **tokens, int n)
{
    Pos pos = pos_range(tokens[0]->pos, tokens[n - 1]->pos);
    struct Body first = literal_body(p, tokens[0]);
    if (first.bytes)
        return literal_concat_bytes(p, tokens, n, pos);
    PyObject *kind = *token_text(p, tokens[0]) == 'u' ? parse_new_identifier(p, "u", 1) : NULL;
    if (n > 1 || first.format)
        return literal_concat_str(p, tokens, n, pos, kind);
    literal_begin(p, tokens[0]);
    PyObject *text = parse_decode_text(p, first.raw, first.s, first.n, tokens[0]);
    return literal_constant(p, text, pos, kind);
}

static void *literal_strings(Parser *p)
{
    int begin = p->mark;
    if (!take(p, STRING))
        return NULL;
    while (take(p, STRING)) {}
    if (p->error)
        return NULL;
    expr e = literal_concat(p, p->tokens + begin, p->mark - begin);
    if (e)
        return e;
    if (!p->error)
        parse_raise_decode(p);
    return parse_fail(p);
}

/* strings (memo): STRING+ */
expr parse_strings(Parser *p)
{
    return parse_memo(p, MEMO_STRINGS, literal_strings);
}
