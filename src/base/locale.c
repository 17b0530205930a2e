/* SPDX-License-Identifier: MIT
 *
 * Bytes of the C locale to wchar_t (UCS-4 here) and back, for arguments, environment and paths.
 * Bytes that do not decode become lone surrogates U+DC80..U+DCFF (surrogateescape, PEP 383) and
 * return as the same bytes.
 *
 *   UTF-8 mode (PEP 540)            -> utf8.c
 *   C locale that announces ASCII   -> decode_ascii, encode_ascii
 *   any other locale                -> decode_by_libc, encode_by_libc
 *
 * current_locale != 0 asks for the locale as it is, without the first two rows: time.strftime and
 * localeconv give text in whatever setlocale chose.
 *
 * In the C locale some systems decode as Latin-1 while announcing ASCII; then ASCII is forced so
 * that both ways agree.
 *
 * Only strict and surrogateescape are known; the others need objects. Return values and ownership:
 * see fileutils.h. Thread rule: LC_CTYPE must not be changed meanwhile.
 */
#include "base/fileutils.h"
#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <unistd.h>
#include <wchar.h>

_Py_error_handler _Py_GetErrorHandler(const char *errors)
{
    static const char *const names[] = {
        "", "strict", "surrogateescape", "replace", "ignore", "backslashreplace",
        "surrogatepass", "xmlcharrefreplace",
    };
    if (errors == NULL) {
        return _Py_ERROR_STRICT;
    }
    for (int i = 1; i < (int)COUNT_OF(names); i++) {
        if (strcmp(errors, names[i]) == 0) {
            return (_Py_error_handler)i;
        }
    }
    return _Py_ERROR_OTHER;
}

/* Only two handlers make sense here. */
static bool escape_flag(_Py_error_handler errors, bool *escape)
{
    *escape = errors == _Py_ERROR_SURROGATEESCAPE;
    return *escape || errors == _Py_ERROR_STRICT;
}

/* -- Forced ASCII ---------------------------------------------------------------------------- */

/* -1: not known; start-up is single-threaded, later the lock guards it */
static int force_ascii = -1;

/* 1 when the locale is C, says ASCII, and decodes some byte above 127 nevertheless. */
static int ascii_check(void)
{
    const char *loc = setlocale(LC_CTYPE, NULL);
    if (loc == NULL) {
        return 1;
    }
    if (strcmp(loc, "C") != 0 && strcmp(loc, "POSIX") != 0) {
        return 0;
    }
    const char *codeset = nl_langinfo(CODESET);
    if (codeset == NULL || *codeset == '\0') {
        return 1;
    }
    static const char *const ascii[] = {
        "ascii", "646", "ansi_x3.4_1968", "ansi_x3.4-1968", "us-ascii", "us_ascii", "iso646_us",
        "cp367",
    };
    bool is_ascii = false;
    for (size_t i = 0; i < COUNT_OF(ascii); i++) {
        is_ascii |= PyOS_mystricmp(codeset, ascii[i]) == 0;
    }
    if (!is_ascii) {
        return 0;
    }
    for (int c = 0x80; c < 0x100; c++) {
        char s[2] = {(char)c, 0};
        wchar_t w[2];
        if (mbstowcs(w, s, 1) != (size_t)-1) {
            return 1; /* decodes what it should not */
        }
    }
    return 0;
}

int _Py_GetForceASCII(void)
{
    if (force_ascii == -1) {
        force_ascii = ascii_check();
    }
    return force_ascii;
}

void _Py_ResetForceASCII(void) { force_ascii = -1; }

/* -- Decoding -------------------------------------------------------------------------------- */

/* Always -2, for `return`; frees `res`. */
static int decode_error(wchar_t *res, size_t at, size_t *wlen, const char **reason)
{
    PyMem_RawFree(res);
    if (wlen) {
        *wlen = at;
    }
    if (reason) {
        *reason = "decoding error";
    }
    return -2;
}

static int decode_ascii(const char *arg, wchar_t **wstr, size_t *wlen, const char **reason,
                        bool escape)
{
    size_t n = strlen(arg);
    wchar_t *res = PyMem_RawMalloc((n + 1) * sizeof(*res));
    if (res == NULL) {
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        unsigned char ch = (unsigned char)arg[i];
        if (ch >= 128 && !escape) {
            return decode_error(res, i, wlen, reason);
        }
        res[i] = ch < 128 ? ch : 0xdc00 + ch;
    }
    res[n] = 0;
    if (wlen) {
        *wlen = n;
    }
    *wstr = res;
    return 0;
}

/* Character by character, with the conversion state of the encoding. A sequence that libc rejects
   gives one escaped byte and starts the state anew; one that it accepts but that is no character of
   Python's (a surrogate, or above U+10FFFF) gives all its bytes escaped. */
static int decode_by_libc(const char *arg, wchar_t **wstr, size_t *wlen, const char **reason,
                          bool escape)
{
    size_t n = strlen(arg), done = 0, i = 0;
    wchar_t *res = PyMem_RawMalloc((n + 1) * sizeof(*res));
    if (res == NULL) {
        return -1;
    }
    mbstate_t state;
    memset(&state, 0, sizeof(state));
    const char *codeset = nl_langinfo(CODESET);
    /* In these two a byte below 128 is always itself: most text never calls mbrtowc. */
    bool ascii_inside = strcmp(codeset, "UTF-8") == 0 || strcmp(codeset, "ANSI_X3.4-1968") == 0;
    while (i < n) {
        wchar_t w;
        if (ascii_inside && (signed char)arg[i] > 0) {
            res[done++] = arg[i++];
            continue;
        }
        size_t used = mbrtowc(&w, arg + i, n - i, &state);
        if (used == 0) {
            break;
        }
        bool bad = used == (size_t)-1 || used == (size_t)-2;
        if (!bad && !Py_UNICODE_IS_SURROGATE((Py_UCS4)w) && (Py_UCS4)w <= 0x10ffff) {
            res[done++] = w;
            i += used;
            continue;
        }
        if (!escape) {
            return decode_error(res, i, wlen, reason);
        }
        for (size_t k = bad ? 1 : used; k > 0; k--) {
            res[done++] = 0xdc00 + (unsigned char)arg[i++];
        }
        memset(&state, 0, sizeof(state));
    }
    res[done] = 0;
    if (wlen) {
        *wlen = done;
    }
    *wstr = res;
    return 0;
}

int _Py_DecodeLocaleEx(const char *arg, wchar_t **wstr, size_t *wlen, const char **reason,
                       int current_locale, _Py_error_handler errors)
{
    bool escape;
    if (!current_locale && Py_UTF8Mode == 1) {
        return _Py_DecodeUTF8Ex(arg, (Py_ssize_t)strlen(arg), wstr, wlen, reason, errors);
    }
    if (!escape_flag(errors, &escape)) {
        return -3;
    }
    if (!current_locale && _Py_GetForceASCII()) {
        return decode_ascii(arg, wstr, wlen, reason, escape);
    }
    return decode_by_libc(arg, wstr, wlen, reason, escape);
}

/* For PyMem_RawFree; NULL with *wlen -1 for no memory, -2 for a decoding error. */
wchar_t *Py_DecodeLocale(const char *arg, size_t *wlen)
{
    wchar_t *wstr;
    int r = _Py_DecodeLocaleEx(arg, &wstr, wlen, NULL, 0, _Py_ERROR_SURROGATEESCAPE);
    if (r != 0) {
        if (wlen) {
            *wlen = (size_t)r;
        }
        return NULL;
    }
    return wstr;
}

/* -- Encoding -------------------------------------------------------------------------------- */

static char *encode_alloc(size_t n, bool raw) { return raw ? PyMem_RawMalloc(n) : PyMem_Malloc(n); }

/* Always -2, for `return`; frees `bytes`. */
static int encode_error(char *bytes, bool raw, size_t at, size_t *error_pos, const char **reason)
{
    if (raw) {
        PyMem_RawFree(bytes);
    } else {
        PyMem_Free(bytes);
    }
    if (error_pos) {
        *error_pos = at;
    }
    if (reason) {
        *reason = "encoding error";
    }
    return -2;
}

static inline bool is_escaped_byte(wchar_t ch) { return 0xdc80 <= ch && ch <= 0xdcff; }

static int encode_ascii(const wchar_t *text, char **str, size_t *error_pos, const char **reason,
                        bool raw, bool escape)
{
    size_t n = wcslen(text);
    char *bytes = encode_alloc(n + 1, raw);
    if (bytes == NULL) {
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        wchar_t ch = text[i];
        if (ch >= 0 && ch < 128) {
            bytes[i] = (char)ch;
        } else if (escape && is_escaped_byte(ch)) {
            bytes[i] = (char)(ch - 0xdc00);
        } else {
            return encode_error(bytes, raw, i, error_pos, reason);
        }
    }
    bytes[n] = '\0';
    *str = bytes;
    return 0;
}

static int encode_by_libc(const wchar_t *text, char **str, size_t *error_pos, const char **reason,
                          bool raw, bool escape)
{
    size_t n = wcslen(text);
    char *bytes = encode_alloc(n * (size_t)MB_CUR_MAX + MB_CUR_MAX + 1, raw), *p = bytes;
    if (bytes == NULL) {
        return -1;
    }
    mbstate_t state;
    memset(&state, 0, sizeof(state));
    for (size_t i = 0; i < n; i++) {
        if (is_escaped_byte(text[i])) {
            if (!escape) {
                return encode_error(bytes, raw, i, error_pos, reason);
            }
            *p++ = (char)(text[i] - 0xdc00);
            continue;
        }
        size_t len = wcrtomb(p, text[i], &state);
        if (len == (size_t)-1) {
            return encode_error(bytes, raw, i, error_pos, reason);
        }
        p += len;
    }
    *p = '\0';
    *str = bytes;
    return 0;
}

static int encode_locale(const wchar_t *text, char **str, size_t *error_pos, const char **reason,
                         bool raw, int current_locale, _Py_error_handler errors)
{
    bool escape;
    if (!current_locale && Py_UTF8Mode == 1) {
        return _Py_EncodeUTF8Ex(text, str, error_pos, reason, raw, errors);
    }
    if (!escape_flag(errors, &escape)) {
        return -3;
    }
    if (!current_locale && _Py_GetForceASCII()) {
        return encode_ascii(text, str, error_pos, reason, raw, escape);
    }
    return encode_by_libc(text, str, error_pos, reason, raw, escape);
}

int _Py_EncodeLocaleEx(const wchar_t *text, char **str, size_t *error_pos, const char **reason,
                       int current_locale, _Py_error_handler errors)
{
    return encode_locale(text, str, error_pos, reason, true, current_locale, errors);
}

static char *encode_simple(const wchar_t *text, size_t *error_pos, bool raw)
{
    char *str;
    int r = encode_locale(text, &str, error_pos, NULL, raw, 0, _Py_ERROR_SURROGATEESCAPE);
    if (r != -2 && error_pos) {
        *error_pos = (size_t)-1;
    }
    return r == 0 ? str : NULL;
}

/* For PyMem_Free. */
char *Py_EncodeLocale(const wchar_t *text, size_t *error_pos)
{
    return encode_simple(text, error_pos, false);
}
/* For PyMem_RawFree. */
char *_Py_EncodeLocaleRaw(const wchar_t *text, size_t *error_pos)
{
    return encode_simple(text, error_pos, true);
}

/* -- Encoding names -------------------------------------------------------------------------- */

wchar_t *_Py_GetLocaleEncoding(void)
{
    const char *name = nl_langinfo(CODESET);
    if (name == NULL || name[0] == '\0') {
        name = "utf-8";
    }
    wchar_t *wstr;
    return decode_by_libc(name, &wstr, NULL, NULL, true) == 0 ? wstr : NULL;
}

PyObject *_Py_GetLocaleEncodingObject(void)
{
    wchar_t *name = _Py_GetLocaleEncoding();
    if (name == NULL) {
        return PyErr_NoMemory();
    }
    PyObject *str = PyUnicode_FromWideChar(name, -1);
    PyMem_RawFree(name);
    return str;
}

PyObject *_Py_device_encoding(int fd)
{
    int valid;
    Py_BEGIN_ALLOW_THREADS
    valid = isatty(fd);
    Py_END_ALLOW_THREADS
    if (!valid) {
        Py_RETURN_NONE;
    }
    if (Py_UTF8Mode == 1) {
        return PyUnicode_FromString("utf-8");
    }
    return _Py_GetLocaleEncodingObject();
}

/* Is s empty or one ASCII character: the same text in every encoding? */
static bool is_ascii_char(const char *s) { return strlen(s) <= 1 && (unsigned char)s[0] <= 127; }

int _Py_GetLocaleconvNumeric(struct lconv *lc, PyObject **decimal_point, PyObject **thousands_sep)
{
    /* The strings are in LC_NUMERIC's encoding: switch LC_CTYPE to it when they are not ASCII. */
    char *saved = NULL;
    bool change = !is_ascii_char(lc->decimal_point) || !is_ascii_char(lc->thousands_sep);
    if (change) {
        const char *old = setlocale(LC_CTYPE, NULL);
        saved = old ? strdup(old) : NULL;
        const char *numeric = setlocale(LC_NUMERIC, NULL);
        if (saved && numeric && strcmp(numeric, saved) != 0) {
            setlocale(LC_CTYPE, numeric);
        }
    }
    int r = -1;
    *decimal_point = PyUnicode_DecodeLocale(lc->decimal_point, NULL);
    if (*decimal_point) {
        *thousands_sep = PyUnicode_DecodeLocale(lc->thousands_sep, NULL);
        r = *thousands_sep ? 0 : -1;
        if (r < 0) {
            Py_CLEAR(*decimal_point);
        }
    }
    if (saved) {
        setlocale(LC_CTYPE, saved);
        free(saved);
    }
    return r;
}
