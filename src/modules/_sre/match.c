/* SPDX-License-Identifier: MIT
 *
 * The matcher, instantiated for three widths of characters; categories and sets; the state's
 * memory.
 */
#include "modules/_sre/sre.h"
#include "objects/str/str.h"
#include <ctype.h>
#include <wchar.h>

/* Kinds of steps; choices and barriers first, undo records from FIRST_UNDO on. TAIL and BODY also
   change a repeat, but one that was entered above the same barrier: the LEAVE record that a commit
   keeps forgets that repeat altogether. */
enum {
    STEP_BRANCH,
    STEP_ONE,
    STEP_MIN_ONE,
    STEP_ASSERT,
    STEP_ASSERT_NOT,
    STEP_ATOMIC,
    STEP_POSSESSIVE,
    STEP_COUNT,
    STEP_TAIL,
    STEP_BODY,
    STEP_LESS,
    STEP_MARK,
    STEP_CURRENT,
    STEP_LEAVE,
    FIRST_UNDO = STEP_LESS
};

/* -- Categories and sets --------------------------------------------------------------------- */

Py_UCS4 sre_lower_ascii(Py_UCS4 c) { return c < 128 ? (Py_UCS4)Py_TOLOWER(c) : c; }
static inline Py_UCS4 lower_locale(Py_UCS4 c) { return c < 256 ? (Py_UCS4)tolower((int)c) : c; }
static inline Py_UCS4 lower_unicode(Py_UCS4 c)
{
    return c < 128 ? (Py_UCS4)Py_TOLOWER(c) : Py_UNICODE_TOLOWER(c);
}
static inline Py_UCS4 upper_locale(Py_UCS4 c) { return c < 256 ? (Py_UCS4)toupper((int)c) : c; }

static inline bool ascii_word(Py_UCS4 c) { return c < 128 && (Py_ISALNUM(c) || c == '_'); }
static inline bool unicode_word(Py_UCS4 c)
{
    return c < 128 ? ascii_word(c) : Py_UNICODE_ISALNUM(c);
}
static inline bool locale_word(Py_UCS4 c) { return (c < 256 && isalnum((int)c)) || c == '_'; }

/* The ASCII ones are for bytes patterns and re.ASCII, LOC ones for re.LOCALE. */
bool sre_category(Code category, Py_UCS4 c)
{
    switch (category) {
    case CAT_DIGIT: return c < 128 && Py_ISDIGIT(c);
    case CAT_NOT_DIGIT: return !(c < 128 && Py_ISDIGIT(c));
    case CAT_SPACE: return c < 128 && Py_ISSPACE(c);
    case CAT_NOT_SPACE: return !(c < 128 && Py_ISSPACE(c));
    case CAT_WORD: return ascii_word(c);
    case CAT_NOT_WORD: return !ascii_word(c);
    case CAT_LINEBREAK: return c == '\n';
    case CAT_NOT_LINEBREAK: return c != '\n';
    case CAT_LOC_WORD: return locale_word(c);
    case CAT_LOC_NOT_WORD: return !locale_word(c);
    case CAT_UNI_DIGIT: return c < 128 ? Py_ISDIGIT(c) : Py_UNICODE_ISDECIMAL(c);
    case CAT_UNI_NOT_DIGIT: return !(c < 128 ? Py_ISDIGIT(c) : Py_UNICODE_ISDECIMAL(c));
    case CAT_UNI_SPACE: return Py_UNICODE_ISSPACE(c);
    case CAT_UNI_NOT_SPACE: return !Py_UNICODE_ISSPACE(c);
    case CAT_UNI_WORD: return unicode_word(c);
    case CAT_UNI_NOT_WORD: return !unicode_word(c);
    case CAT_UNI_LINEBREAK: return Py_UNICODE_ISLINEBREAK(c);
    case CAT_UNI_NOT_LINEBREAK: return !Py_UNICODE_ISLINEBREAK(c);
    default: return false;
    }
}

/* Is c in the set? NEGATE turns the answer of what follows round. */
bool sre_in_set(const Code *set, Py_UCS4 c)
{
    bool found = true;
    for (;;) {
        switch (*set++) {
        case OP_FAILURE:
            return !found;
        case OP_LITERAL:
            if (c == set[0])
                return found;
            set++;
            break;
        case OP_CATEGORY:
            if (sre_category(set[0], c))
                return found;
            set++;
            break;
        case OP_CHARSET:
            if (c < 256 && (set[c >> 5] >> (c & 31) & 1))
                return found;
            set += 8;
            break;
        case OP_RANGE:
            if (c - set[0] <= set[1] - set[0])
                return found;
            set += 2;
            break;
        case OP_RANGE_UNI_IGNORE: {
            Py_UCS4 upper;
            if (set[0] <= c && c <= set[1])
                return found;
            upper = Py_UNICODE_TOUPPER(c);
            if (set[0] <= upper && upper <= set[1])
                return found;
            set += 2;
            break;
        }
        case OP_NEGATE:
            found = !found;
            break;
        case OP_BIGCHARSET: {
            Py_ssize_t blocks = *set++;
            if (c < 0x10000) {
                unsigned block = ((const unsigned char *)set)[c >> 8];
                const Code *bits = set + 64 + block * 8;
                if (bits[(c & 255) >> 5] >> (c & 31) & 1)
                    return found;
            }
            set += 64 + blocks * 8;
            break;
        }
        default:
            return false;
        }
    }
}

/* Which of the first 256 characters are in a set, made at its first use; NULL when that depends on
   the locale. */
static __attribute__((noinline)) const Code *set_bits_make(State *s, const Code *set)
{
    uint16_t *numbers = pattern_bitmap_numbers(s->pattern);
    if (s->pattern->flags & FLAG_LOCALE || numbers[0] == UINT16_MAX)
        return NULL;
    unsigned number = ++numbers[0];
    Code *bits = pattern_bitmap(s->pattern, number);
    for (Py_UCS4 c = 0; c < 256; c++)
        bits[c >> 5] |= (Code)sre_in_set(set, c) << (c & 31);
    numbers[set - s->pattern->code] = (uint16_t)number;
    return bits;
}

static inline const Code *set_bits(State *s, const Code *set)
{
    if (set[0] == OP_CHARSET && set[9] == OP_FAILURE)
        return set + 1;
    unsigned number = pattern_bitmap_numbers(s->pattern)[set - s->pattern->code];
    return LIKELY(number) ? pattern_bitmap(s->pattern, number) : set_bits_make(s, set);
}

/* Is c in the set whose bitmap is `bits`? */
static inline bool in_set(const Code *bits, const Code *set, Py_UCS4 c)
{
    return LIKELY(c < 256 && bits) ? bits[c >> 5] >> (c & 31) & 1 : sre_in_set(set, c);
}

/* One-character item against c. */
static bool match_item(const Code *item, Py_UCS4 c)
{
    switch (item[0]) {
    case OP_ANY: return c != '\n';
    case OP_ANY_ALL: return true;
    case OP_LITERAL: return c == item[1];
    case OP_NOT_LITERAL: return c != item[1];
    case OP_IN: return sre_in_set(item + 2, c);
    case OP_IN_IGNORE: return sre_in_set(item + 2, sre_lower_ascii(c));
    case OP_IN_UNI_IGNORE: return sre_in_set(item + 2, lower_unicode(c));
    case OP_IN_LOC_IGNORE:
        return sre_in_set(item + 2, lower_locale(c)) || sre_in_set(item + 2, upper_locale(c));
    case OP_LITERAL_IGNORE: return sre_lower_ascii(c) == item[1];
    case OP_NOT_LITERAL_IGNORE: return sre_lower_ascii(c) != item[1];
    case OP_LITERAL_UNI_IGNORE: return lower_unicode(c) == item[1];
    case OP_NOT_LITERAL_UNI_IGNORE: return lower_unicode(c) != item[1];
    case OP_LITERAL_LOC_IGNORE:
        return c == item[1] || lower_locale(c) == item[1] || upper_locale(c) == item[1];
    case OP_NOT_LITERAL_LOC_IGNORE:
        return !(c == item[1] || lower_locale(c) == item[1] || upper_locale(c) == item[1]);
    default: return false;
    }
}

/* match_item, for an item that is tried often. */
static inline bool match_item_of(State *s, const Code *item, Py_UCS4 c)
{
    return item[0] == OP_IN ? in_set(set_bits(s, item + 2), item + 2, c) : match_item(item, c);
}

/* The item that every match must begin with, or NULL: what lets a search pass over hopeless starts.
 */
static const Code *first_item(const Code *p)
{
    while (p[0] == OP_MARK || p[0] == OP_AT)
        p += 2;
    switch (p[0]) {
    case OP_LITERAL:
    case OP_NOT_LITERAL:
    case OP_IN:
    case OP_IN_IGNORE:
    case OP_IN_UNI_IGNORE:
    case OP_IN_LOC_IGNORE:
    case OP_LITERAL_IGNORE:
    case OP_NOT_LITERAL_IGNORE:
    case OP_LITERAL_UNI_IGNORE:
    case OP_NOT_LITERAL_UNI_IGNORE:
    case OP_LITERAL_LOC_IGNORE: case OP_NOT_LITERAL_LOC_IGNORE:
        return p;
    case OP_REPEAT_ONE: case OP_MIN_REPEAT_ONE: case OP_POSSESSIVE_REPEAT_ONE:
        return p[2] > 0 && p[4] != OP_ANY_ALL ? p + 4 : NULL;
    default:
        return NULL;
    }
}

/* -- The three matchers ---------------------------------------------------------------------- */

static inline Py_ssize_t find_char_u1(const Py_UCS1 *p, Py_ssize_t n, Py_UCS4 c)
{
    const Py_UCS1 *hit = n > 0 ? memchr(p, (int)c, n) : NULL;
    return hit ? hit - p : -1;
}

static inline Py_ssize_t find_char_u2(const Py_UCS2 *p, Py_ssize_t n, Py_UCS4 c)
{
    for (Py_ssize_t i = 0; i < n; i++)
        if (p[i] == c)
            return i;
    return -1;
}

static inline Py_ssize_t find_char_u4(const Py_UCS4 *p, Py_ssize_t n, Py_UCS4 c)
{
    const wchar_t *hit = n > 0 ? wmemchr((const wchar_t *)p, (wchar_t)c, n) : NULL;
    return hit ? (const Py_UCS4 *)hit - p : -1;
}

#define CH Py_UCS1
#define FN(name) name##_u1
#include "modules/_sre/match_kind.h"
#define CH Py_UCS2
#define FN(name) name##_u2
#include "modules/_sre/match_kind.h"
#define CH Py_UCS4
#define FN(name) name##_u4
#include "modules/_sre/match_kind.h"

int sre_match(State *s, const Code *code)
{
    state_reset(s);
    s->ptr = s->start;
    return s->width == 1 ? run_u1(s, code) : s->width == 2 ? run_u2(s, code) : run_u4(s, code);
}

int sre_search(State *s, const Code *code)
{
    return s->width == 1   ? search_u1(s, code)
           : s->width == 2 ? search_u2(s, code)
                           : search_u4(s, code);
}

/* -- Memory of the state --------------------------------------------------------------------- */

static void *grow(void *items, void *few, Py_ssize_t *room, Py_ssize_t n, size_t size)
{
    Py_ssize_t more = *room * 2;
    void *p = (size_t)more > PY_SSIZE_T_MAX / size
                  ? NULL
                  : PyMem_Realloc(items == few ? NULL : items, more * size);
    if (!p) {
        PyErr_NoMemory();
        return NULL;
    }
    if (items == few)
        memcpy(p, few, n * size);
    *room = more;
    return p;
}

int state_grow_steps(State *s)
{
    Step *p = grow(s->steps, s->few_steps, &s->room, s->n_steps, sizeof *p);
    if (!p)
        return -1;
    s->steps = p;
    return 0;
}

int state_grow_repeats(State *s)
{
    Repeat *p = grow(s->repeats, s->few_repeats, &s->repeats_room, s->n_repeats, sizeof *p);
    if (!p)
        return -1;
    s->repeats = p;
    return 0;
}

/* Characters of a str or bytes-like object. */
static int open_string(State *s, PyObject *string, Py_ssize_t *length)
{
    s->has_buffer = false;
    if (PyUnicode_Check(string)) {
        if (PyUnicode_READY(string) < 0)
            return -1;
        *length = PyUnicode_GET_LENGTH(string);
        s->width = PyUnicode_KIND(string);
        s->data = PyUnicode_DATA(string);
        s->isbytes = 0;
        return 0;
    }
    if (PyObject_GetBuffer(string, &s->buffer, PyBUF_SIMPLE) < 0) {
        PyErr_Format(PyExc_TypeError, "expected string or bytes-like object, got '%.200s'",
                     Py_TYPE(string)->tp_name);
        return -1;
    }
    s->has_buffer = true;
    *length = s->buffer.len;
    s->width = 1;
    s->data = s->buffer.buf;
    s->isbytes = 1;
    if (!s->data) {
        PyErr_SetString(PyExc_ValueError, "Buffer is NULL");
        PyBuffer_Release(&s->buffer);
        s->has_buffer = false;
        return -1;
    }
    return 0;
}

/* The first FEW_… steps, repeats and marks live in the State itself, on the C stack. */
int state_init(State *s, Pattern *p, PyObject *string, Py_ssize_t pos, Py_ssize_t endpos)
{
    Py_ssize_t length;
    if (open_string(s, string, &length) < 0)
        return -1;
    s->pattern = p;
    s->string = Py_NewRef(string);
    s->steps = s->few_steps;
    s->room = FEW_STEPS;
    s->repeats = s->few_repeats;
    s->repeats_room = FEW_REPEATS;
    s->n_marks = 2 * p->groups;
    s->mark = s->few_marks;
    s->n_steps = s->n_repeats = 0;
    s->ticks = 0;
    s->match_all = s->must_advance = false;
    if (p->isbytes == 0 && s->isbytes) {
        PyErr_SetString(PyExc_TypeError, "cannot use a string pattern on a bytes-like object");
        goto fail;
    }
    if (p->isbytes > 0 && !s->isbytes) {
        PyErr_SetString(PyExc_TypeError, "cannot use a bytes pattern on a string-like object");
        goto fail;
    }
    if (s->n_marks > FEW_MARKS) {
        s->mark = PyMem_New(Py_ssize_t, s->n_marks);
        if (!s->mark) {
            s->mark = s->few_marks;
            PyErr_NoMemory();
            goto fail;
        }
    }
    pos = Py_MIN(Py_MAX(pos, 0), length);
    endpos = Py_MIN(Py_MAX(endpos, 0), length);
    s->start = s->ptr = s->pos = pos;
    s->end = s->endpos = endpos;
    state_reset(s);
    return 0;
fail:
    state_clear(s);
    return -1;
}

void state_clear(State *s)
{
    if (s->steps != s->few_steps)
        PyMem_Free(s->steps);
    if (s->repeats != s->few_repeats)
        PyMem_Free(s->repeats);
    if (s->mark != s->few_marks)
        PyMem_Free(s->mark);
    if (s->has_buffer)
        PyBuffer_Release(&s->buffer);
    Py_CLEAR(s->string);
}

PyObject *sre_slice(int isbytes, const void *data, PyObject *string, Py_ssize_t from, Py_ssize_t to)
{
    if (!isbytes)
        return PyUnicode_Substring(string, from, to);
    if (PyBytes_CheckExact(string) && from == 0 && to == PyBytes_GET_SIZE(string))
        return Py_NewRef(string);
    return PyBytes_FromStringAndSize((const char *)data + from, to - from);
}

PyObject *state_slice(State *s, Py_ssize_t group, bool empty)
{
    Py_ssize_t i = 2 * (group - 1), from = -1, to = -1;
    if (s->string != Py_None && i + 1 < s->n_marks) {
        from = s->mark[i];
        to = s->mark[i + 1];
    }
    if (from < 0 || to < from) {
        if (!empty)
            return Py_NewRef(Py_None);
        from = to = 0;
    }
    return sre_slice(s->isbytes, s->data, s->string, from, to);
}
