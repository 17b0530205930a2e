/* SPDX-License-Identifier: MIT
 *
 * UTF-8 to wchar_t (UCS-4 here) and back, for text that is read before any object exists:
 * arguments, environment, configuration.
 *
 *   bytes  61   c3 a9    ff            80 .. ff that do not decode, one at a time,
 *   text   a    U+E9     U+DCFF        become U+DC80 .. U+DCFF ("surrogateescape", PEP 383)
 *
 * I1  A failed call has freed its block and sets neither *wstr nor *str.
 * I2  decode(encode(text)) == text for every text that came from decode with the same handler.
 *
 * Ownership: results are the caller's, for PyMem_RawFree (encoding with raw_malloc == 0:
 * PyMem_Free). Only the latter needs the lock. Return values: see fileutils.h.
 *
 * One buffer of the largest possible size is taken and not shrunk: texts are short and die soon.
 */
#include "base/fileutils.h"
#include <wchar.h>

/* The error handler, taken apart; exactly one is set. */
typedef struct {
    bool strict; /* fail at the first bad place */
    bool escape; /* surrogateescape: U+DC80..U+DCFF stand for bytes */
    bool pass;   /* surrogatepass: surrogates are encoded like other characters */
} Errors;

/* False: the handler makes no sense without objects (the caller answers -3). */
static bool handler_flags(_Py_error_handler errors, bool allow_pass, Errors *out)
{
    *out = (Errors){errors == _Py_ERROR_STRICT, errors == _Py_ERROR_SURROGATEESCAPE,
                    allow_pass && errors == _Py_ERROR_SURROGATEPASS};
    return out->strict || out->escape || out->pass;
}

/* -- Decoding -------------------------------------------------------------------------------- */

/* Length of the valid UTF-8 sequence at p and its code point, or 0. Surrogates count when
   `pass`. */
static int utf8_step(const unsigned char *p, const unsigned char *end, Py_UCS4 *ch, bool pass)
{
    Py_UCS4 c = *p;
    int n = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
    if (n == 0 || end - p < n) {
        return 0;
    }
    if (n > 1) {
        c &= 0xff >> (n + 1);
    }
    for (int i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }
        c = c << 6 | (p[i] & 0x3f);
    }
    static const Py_UCS4 least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff && !pass)) {
        return 0;
    }
    *ch = c;
    return n;
}

/* Decodes arg[0..arglen). On -2, *wlen is the offset of the bad byte. One byte at a time is given
   up, so that the next one gets its chance to begin a character. */
int _Py_DecodeUTF8Ex(const char *arg, Py_ssize_t arglen, wchar_t **wstr, size_t *wlen,
                     const char **reason, _Py_error_handler errors)
{
    Errors how;
    if (!handler_flags(errors, true, &how)) {
        return -3;
    }
    wchar_t *res = PyMem_RawMalloc(((size_t)arglen + 1) * sizeof(*res));
    if (res == NULL) {
        return -1;
    }
    const unsigned char *p = (const unsigned char *)arg, *end = p + arglen;
    size_t done = 0;
    while (p < end) {
        Py_UCS4 ch;
        int n = utf8_step(p, end, &ch, how.pass);
        if (n) {
            res[done++] = (wchar_t)ch;
            p += n;
        } else if (how.escape) {
            res[done++] = 0xdc00 + *p++;
        } else {
            PyMem_RawFree(res);
            if (reason) {
                *reason = *p >= 0xc2 && *p <= 0xf4 ? "invalid continuation byte"
                                                   : "invalid start byte";
            }
            if (wlen) {
                *wlen = (size_t)(p - (const unsigned char *)arg);
            }
            return -2;
        }
    }
    res[done] = 0;
    if (wlen) {
        *wlen = done;
    }
    *wstr = res;
    return 0;
}

/* For PyMem_RawFree. NULL with *wlen -1 for no memory; undecodable text does not occur. */
wchar_t *_Py_DecodeUTF8_surrogateescape(const char *arg, Py_ssize_t arglen, size_t *wlen)
{
    wchar_t *wstr;
    int r = _Py_DecodeUTF8Ex(arg, arglen, &wstr, wlen, NULL, _Py_ERROR_SURROGATEESCAPE);
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
static void encode_free(char *p, bool raw)
{
    if (raw) {
        PyMem_RawFree(p);
    } else {
        PyMem_Free(p);
    }
}

/* Always -2, for `return`; frees `bytes`. */
static int encode_error(char *bytes, bool raw, size_t at, size_t *error_pos, const char **reason)
{
    encode_free(bytes, raw);
    if (error_pos) {
        *error_pos = at;
    }
    if (reason) {
        *reason = "encoding error";
    }
    return -2;
}

/* On -2, *error_pos is the index of the character that cannot be encoded. */
int _Py_EncodeUTF8Ex(const wchar_t *text, char **str, size_t *error_pos, const char **reason,
                     int raw_malloc, _Py_error_handler errors)
{
    Errors how;
    if (!handler_flags(errors, true, &how)) {
        return -3;
    }
    size_t n = wcslen(text);
    char *bytes = encode_alloc(n * 4 + 1, raw_malloc), *p = bytes;
    if (bytes == NULL) {
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        Py_UCS4 ch = (Py_UCS4)text[i];
        if (ch < 0x80) {
            *p++ = (char)ch;
        } else if (ch < 0x800) {
            *p++ = (char)(0xc0 | ch >> 6);
            *p++ = (char)(0x80 | (ch & 0x3f));
        } else if (Py_UNICODE_IS_SURROGATE(ch) && !how.pass) {
            if (!how.escape || ch < 0xdc80 || ch > 0xdcff) {
                return encode_error(bytes, raw_malloc, i, error_pos, reason);
            }
            *p++ = (char)(ch & 0xff);
        } else if (ch < 0x10000) {
            *p++ = (char)(0xe0 | ch >> 12);
            *p++ = (char)(0x80 | (ch >> 6 & 0x3f));
            *p++ = (char)(0x80 | (ch & 0x3f));
        } else {
            *p++ = (char)(0xf0 | ch >> 18);
            *p++ = (char)(0x80 | (ch >> 12 & 0x3f));
            *p++ = (char)(0x80 | (ch >> 6 & 0x3f));
            *p++ = (char)(0x80 | (ch & 0x3f));
        }
    }
    *p++ = '\0';
    *str = bytes;
    return 0;
}
