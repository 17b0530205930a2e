/* SPDX-License-Identifier: MIT
 *
 * Shared inside src/objects/str. A "run" below is (kind, data): an array of 1-, 2- or 4-byte code
 * points.
 *
 * Thread rule: under the lock; runs are plain memory and need none. Strings passed in are ready
 * (PyUnicode_READY was called) unless a comment says otherwise. Indices are in code points.
 * Entry points in reading order: accessors, runs, search, objects, methods by family, codecs,
 * writer.
 */
#ifndef VITRO_STR_IMPL_H
#define VITRO_STR_IMPL_H

#include "objects/str/str.h"
#include <string.h>

#define MAX_UNICODE 0x10ffff
#define A(s) ((PyASCIIObject *)(s))
/* element i of a run as Py_UCS4 */
#define READ(kind, data, i) PyUnicode_READ(kind, data, i)
#define WRITE(kind, data, i, c) PyUnicode_WRITE(kind, data, i, c)

#if defined(__GNUC__) && !defined(__clang__)
#define VECTORISE __attribute__((optimize("O3")))
#else
#define VECTORISE
#endif

/* -- Small accessors ------------------------------------------------------------------------- */

static inline Py_ssize_t str_len(PyObject *s) { return ((PyASCIIObject *)s)->length; }
static inline int str_kind(PyObject *s) { return ((PyASCIIObject *)s)->state.kind; }
static inline bool str_is_ascii(PyObject *s) { return ((PyASCIIObject *)s)->state.ascii; }
static inline void *str_data(PyObject *s)
{
    PyASCIIObject *a = (PyASCIIObject *)s;
    if (LIKELY(a->state.compact))
        return a->state.ascii ? (void *)(a + 1) : (void *)((PyCompactUnicodeObject *)s + 1);
    return ((PyUnicodeObject *)s)->data.any;
}
static inline Py_UCS4 str_get(PyObject *s, Py_ssize_t i)
{
    return READ(str_kind(s), str_data(s), i);
}

/* Value of a decimal digit of any script, -1: none. */
static inline int decimal_digit(Py_UCS4 c)
{
    return c < 128 ? (c - '0' < 10 ? (int)(c - '0') : -1) : Py_UNICODE_TODECIMAL(c);
}

static inline Py_UCS4 str_max_class(PyObject *s) { return PyUnicode_MAX_CHAR_VALUE(s); }
static inline int kind_for(Py_UCS4 max) { return max < 0x100 ? 1 : max < 0x10000 ? 2 : 4; }
/* Largest code point of the narrowest form that holds c. */
static inline Py_UCS4 class_of(Py_UCS4 c)
{
    return c < 0x80 ? 0x7f : c < 0x100 ? 0xff : c < 0x10000 ? 0xffff : MAX_UNICODE;
}

static inline PyObject *str_empty_get(void) { return Py_NewRef(EMPTY_STR); }
static inline PyObject *str_latin1_get(unsigned char c) { return Py_NewRef(latin1_char(c)); }
/* Address of element i of a run. */
static inline void *run_at(int kind, const void *data, Py_ssize_t i)
{
    return (char *)data + i * kind;
}

/* -- Runs (run.c) ---------------------------------------------------------------------------- */

/* Class (0x7f, 0xff, 0xffff, 0x10ffff) of the largest code point. */
Py_UCS4 run_max(int kind, const void *data, Py_ssize_t n);
bool run_is_ascii(const void *data, Py_ssize_t n);
/* Number of leading bytes below 0x80. */
Py_ssize_t run_ascii_prefix(const char *p, Py_ssize_t n);
Py_ssize_t run_count_high(const uint8_t *p, Py_ssize_t n); /* bytes of 0x80 and above */
/* Copies n code points, widening or narrowing; the target kind must hold them. */
void run_copy(int to_kind, void *to, int from_kind, const void *from, Py_ssize_t n);
void run_fill(int kind, void *to, Py_UCS4 c, Py_ssize_t n);
int run_compare(int kind1, const void *a, Py_ssize_t n1, int kind2, const void *b, Py_ssize_t n2);
bool run_equal(int kind1, const void *a, int kind2, const void *b, Py_ssize_t n);
/* PyMem_Malloc'ed copy in the wider kind, or NULL with MemoryError. */
void *run_widen(int to_kind, int from_kind, const void *from, Py_ssize_t n);

/* -- Search (search.c) ----------------------------------------------------------------------- */

Py_ssize_t run_rfind_char(int kind, const void *data, Py_ssize_t n, Py_UCS4 c);
/* direction > 0: first, else last occurrence in s[start:end]; -1 absent, -2 error. */
Py_ssize_t str_find(PyObject *s, PyObject *sub, Py_ssize_t start, Py_ssize_t end, int direction);
Py_ssize_t str_count(PyObject *s, PyObject *sub, Py_ssize_t start, Py_ssize_t end);
/* Whether s[start:end] ends (direction > 0) or begins with sub. */
int str_tailmatch(PyObject *s, PyObject *sub, Py_ssize_t start, Py_ssize_t end, int direction);
PyObject *str_replace(PyObject *s, PyObject *from, PyObject *to, Py_ssize_t max);
/* Bounds as slice notation has them: negative from the end, then clipped. */
void str_clip(Py_ssize_t *start, Py_ssize_t *end, Py_ssize_t len);

/* -- Objects (str.c) ------------------------------------------------------------------------- */

void str_dealloc(PyObject *s);

/* Ready str or TypeError "must be str, not X"; 0 or -1. */
int str_ensure(PyObject *o);
/* s itself when it is an exact str, else an exact copy. */
PyObject *str_unchanged(PyObject *s);
/* s[start:end], bounds within; the whole of an exact str is s itself. */
PyObject *str_slice(PyObject *s, Py_ssize_t start, Py_ssize_t end);
PyObject *str_from_run(int kind, const void *data, Py_ssize_t n);
/* New string of the given class, contents to be filled by the
   caller; never a shared object unless n is 0. */
PyObject *str_alloc(Py_ssize_t n, Py_UCS4 max);
PyObject *str_from_char(Py_UCS4 c);
/* I5 of str.c. */
bool str_is_modifiable(PyObject *s);
/* s must be modifiable and may move. NULL on failure, s as it was. */
PyObject *str_resize_compact(PyObject *s, Py_ssize_t n);
PyObject *str_alloc_ascii(Py_ssize_t n, char **data);
/* One-character results become the shared ones; STEALS s. */
PyObject *str_share_short_steal(PyObject *s);
bool str_eq(PyObject *a, PyObject *b);
/* Strings of a legacy constructor: fills the 1/2/4-byte form. */
const char *str_utf8_peek(PyObject *s, Py_ssize_t *n);

/* -- Methods by family ----------------------------------------------------------------------- */

PyObject *str_split(PyObject *s, PyObject *sep, Py_ssize_t max);
PyObject *str_rsplit(PyObject *s, PyObject *sep, Py_ssize_t max);
PyObject *str_splitlines(PyObject *s, int keep);
PyObject *str_strip(PyObject *s, int which, PyObject *chars);   /* which: 0 left, 1 right, 2 both */
PyObject *str_translate(PyObject *s, PyObject *table, const char *errors);
PyObject *str_pad(PyObject *s, Py_ssize_t left, Py_ssize_t right, Py_UCS4 fill);

PyObject *str_lower(PyObject *s, PyObject *);
PyObject *str_upper(PyObject *s, PyObject *);
PyObject *str_title(PyObject *s, PyObject *);
PyObject *str_capitalize(PyObject *s, PyObject *);
PyObject *str_swapcase(PyObject *s, PyObject *);
PyObject *str_casefold(PyObject *s, PyObject *);

PyObject *str_isascii(PyObject *, PyObject *);
PyObject *str_islower(PyObject *, PyObject *);
PyObject *str_isupper(PyObject *, PyObject *);
PyObject *str_istitle(PyObject *, PyObject *);
PyObject *str_isspace(PyObject *, PyObject *);
PyObject *str_isalpha(PyObject *, PyObject *);
PyObject *str_isalnum(PyObject *, PyObject *);
PyObject *str_isdecimal(PyObject *, PyObject *);
PyObject *str_isdigit(PyObject *, PyObject *);
PyObject *str_isnumeric(PyObject *, PyObject *);
PyObject *str_isprintable(PyObject *, PyObject *);
PyObject *str_isidentifier(PyObject *, PyObject *);

PyObject *str_repr(PyObject *s);
PyObject *str_mod(PyObject *format, PyObject *args);
PyObject *str_format(PyObject *s, PyObject *args, PyObject *kwargs);
PyObject *str_format_map(PyObject *s, PyObject *map);
PyObject *str_format_dunder(PyObject *s, PyObject *spec);
PyObject *str_iter(PyObject *s);
PyObject *str_maketrans(PyObject *null, PyObject *const *args, Py_ssize_t n);

/* -- Codecs ---------------------------------------------------------------------------------- */

/* The built-in error handlers that codecs do themselves, without a call; ERR_OTHER: look the
   handler up in the registry; ERR_UNKNOWN: not settled yet. Same numbers as 3.11's
   _Py_error_handler. */
enum error_mode {
    ERR_UNKNOWN, ERR_STRICT, ERR_SURROGATEESCAPE, ERR_REPLACE, ERR_IGNORE,
    ERR_BACKSLASHREPLACE, ERR_SURROGATEPASS, ERR_XMLCHARREFREPLACE, ERR_OTHER
};
enum error_mode error_mode(const char *errors);

/* A decoder's meeting with bad bytes: keeps the handler and exception object over calls. */
typedef struct {
    const char *errors;        /* handler's name or NULL */
    enum error_mode mode;
    const char *encoding;
    PyObject *handler;         /* strong, NULL until first needed */
    PyObject *exc;             /* strong, UnicodeDecodeError in use */
    PyObject *object;          /* strong: bytes the handler may have replaced, or NULL */
    const char *start, *end;   /* input; moves when a handler replaces exc.object */
} DecodeErrors;
void decode_errors_init(DecodeErrors *e, const char *errors, const char *encoding, const char *s,
                        Py_ssize_t n);
void decode_errors_clear(DecodeErrors *e);
/* Calls the handler for input[*from, to); writes its replacement;
   *from becomes the place to go on. -1 on error. */
int decode_error(DecodeErrors *e, _PyUnicodeWriter *w, const char *reason, Py_ssize_t *from,
                 Py_ssize_t to);

/* The same for an encoder and characters that its encoding lacks. */
typedef struct {
    const char *errors;   /* handler's name or NULL */
    enum error_mode mode;
    const char *encoding; /* for messages */
    PyObject *handler;    /* strong, NULL until first needed */
    PyObject *exc;        /* strong, UnicodeEncodeError in use */
} EncodeErrors;
void encode_errors_init(EncodeErrors *e, const char *errors, const char *encoding);
void encode_errors_clear(EncodeErrors *e);
/* Handler's replacement (str or bytes, owned) for s[start:end); *next = where to go on. */
PyObject *encode_error(EncodeErrors *e, PyObject *s, const char *reason, Py_ssize_t start,
                       Py_ssize_t end, Py_ssize_t *next);
/* Raises UnicodeEncodeError for s[start:end) with the kept exception object. */
void encode_error_raise(EncodeErrors *e, PyObject *s, const char *reason, Py_ssize_t start,
                        Py_ssize_t end);

/* A growing bytes object, made when its size is known or too much for the stack. Stays where it
   is: p points into it. */
typedef struct {
    PyObject *bytes; /* strong; NULL while what is written fits `small`, and after a failure */
    char *p;         /* where the next byte goes */
    char *end;       /* of the room */
    char small[256]; /* the first bytes */
} ByteSink;
/* Room for n bytes. sink_reserve makes it n more; -1 with MemoryError. */
int sink_init(ByteSink *k, Py_ssize_t n);
int sink_grow(ByteSink *k, Py_ssize_t n);
static inline int sink_reserve(ByteSink *k, Py_ssize_t n)
{
    return k->end - k->p >= n ? 0 : sink_grow(k, n);
}

/* Cuts to the bytes written and hands them over; the second way never as a shared byte. */
PyObject *sink_finish(ByteSink *k);
PyObject *sink_finish_unshared(ByteSink *k);
static inline void sink_clear(ByteSink *k) { Py_CLEAR(k->bytes); }
int sink_write(ByteSink *k, const void *p, Py_ssize_t n);

/* \N{...}: the capsule of unicodedata (struct layout is 3.11's). */
typedef struct {
    int (*getname)(Py_UCS4 code, char *buffer, int buflen, int with_alias_and_seq);
    int (*getcode)(const char *name, int namelen, Py_UCS4 *code, int with_named_seq);
} UcnHash;
const UcnHash *ucnhash_get(void);

/* -- Writer fast paths (writer.c) ------------------------------------------------------------ */

static inline int writer_char(_PyUnicodeWriter *w, Py_UCS4 c)
{
    if (_PyUnicodeWriter_Prepare(w, 1, c) < 0)
        return -1;
    WRITE(w->kind, w->data, w->pos, c);
    w->pos++;
    return 0;
}
int writer_fill(_PyUnicodeWriter *w, Py_UCS4 c, Py_ssize_t n);
int writer_run(_PyUnicodeWriter *w, int kind, const void *data, Py_ssize_t n);

#endif
