/* SPDX-License-Identifier: MIT
 *
 * Shared by the files of the regular expression engine: opcodes of re/_constants.py (magic
 * 20220615), the state of one match, the three object types. The code is an array of 32-bit words;
 * a skip counts from its own word.
 */
#ifndef VITRO_SRE_H
#define VITRO_SRE_H

#include "vitro.h"
#include "modules/args.h"
#include <string.h>

typedef uint32_t Code;
#define SRE_MAGIC 20220615
#define SRE_MAXREPEAT UINT32_MAX
#define SRE_MAXGROUPS (INT32_MAX / 2)

enum sre_op {
    OP_FAILURE,
    OP_SUCCESS,
    OP_ANY,
    OP_ANY_ALL,
    OP_ASSERT,
    OP_ASSERT_NOT,
    OP_AT,
    OP_BRANCH,
    OP_CATEGORY,
    OP_CHARSET,
    OP_BIGCHARSET,
    OP_GROUPREF,
    OP_GROUPREF_EXISTS,
    OP_IN,
    OP_INFO,
    OP_JUMP,
    OP_LITERAL,
    OP_MARK,
    OP_MAX_UNTIL,
    OP_MIN_UNTIL,
    OP_NOT_LITERAL,
    OP_NEGATE,
    OP_RANGE,
    OP_REPEAT,
    OP_REPEAT_ONE,
    OP_SUBPATTERN,
    OP_MIN_REPEAT_ONE,
    OP_ATOMIC_GROUP,
    OP_POSSESSIVE_REPEAT,
    OP_POSSESSIVE_REPEAT_ONE,
    OP_GROUPREF_IGNORE,
    OP_IN_IGNORE,
    OP_LITERAL_IGNORE,
    OP_NOT_LITERAL_IGNORE,
    OP_GROUPREF_LOC_IGNORE,
    OP_IN_LOC_IGNORE,
    OP_LITERAL_LOC_IGNORE,
    OP_NOT_LITERAL_LOC_IGNORE,
    OP_GROUPREF_UNI_IGNORE,
    OP_IN_UNI_IGNORE,
    OP_LITERAL_UNI_IGNORE,
    OP_NOT_LITERAL_UNI_IGNORE,
    OP_RANGE_UNI_IGNORE
};

enum sre_at {
    AT_BEGINNING,
    AT_BEGINNING_LINE,
    AT_BEGINNING_STRING,
    AT_BOUNDARY,
    AT_NON_BOUNDARY,
    AT_END,
    AT_END_LINE,
    AT_END_STRING,
    AT_LOC_BOUNDARY,
    AT_LOC_NON_BOUNDARY,
    AT_UNI_BOUNDARY,
    AT_UNI_NON_BOUNDARY,
    AT_LAST = AT_UNI_NON_BOUNDARY
};

enum sre_category {
    CAT_DIGIT,
    CAT_NOT_DIGIT,
    CAT_SPACE,
    CAT_NOT_SPACE,
    CAT_WORD,
    CAT_NOT_WORD,
    CAT_LINEBREAK,
    CAT_NOT_LINEBREAK,
    CAT_LOC_WORD,
    CAT_LOC_NOT_WORD,
    CAT_UNI_DIGIT,
    CAT_UNI_NOT_DIGIT,
    CAT_UNI_SPACE,
    CAT_UNI_NOT_SPACE,
    CAT_UNI_WORD,
    CAT_UNI_NOT_WORD,
    CAT_UNI_LINEBREAK,
    CAT_UNI_NOT_LINEBREAK,
    CAT_LAST = CAT_UNI_NOT_LINEBREAK
};

enum { INFO_PREFIX = 1, INFO_LITERAL = 2, INFO_CHARSET = 4 };
enum {
    FLAG_TEMPLATE = 1,
    FLAG_IGNORECASE = 2,
    FLAG_LOCALE = 4,
    FLAG_MULTILINE = 8,
    FLAG_DOTALL = 16,
    FLAG_UNICODE = 32,
    FLAG_VERBOSE = 64,
    FLAG_DEBUG = 128,
    FLAG_ASCII = 256
};

/* -- Objects --------------------------------------------------------------------------------- */

typedef struct {
    PyObject_VAR_HEAD          /* ob_size: number of code words */
    Py_ssize_t groups;    /* without group 0 */
    PyObject *groupindex; /* dict name -> number */
    PyObject *indexgroup; /* tuple number -> name or None */
    PyObject *pattern;    /* str, bytes or None */
    int flags;
    PyObject *weakreflist;
    int isbytes;          /* 1 bytes, 0 str, -1 unknown (pattern is None) */
    Code code[1];         /* behind its ob_size words: the sets' bitmaps (see set_bits) */
} Pattern;

/* Behind the code: for each of its words a number, 0 or that of the bitmap of the set that begins
   there; then the bitmaps, made when first asked for. The number at word 0, where no set begins,
   tells how many there are. */
static inline uint16_t *pattern_bitmap_numbers(Pattern *p)
{
    return (uint16_t *)(p->code + Py_SIZE(p));
}
static inline Code *pattern_bitmap(Pattern *p, unsigned number)
{
    return p->code + Py_SIZE(p) + (Py_SIZE(p) + 1) / 2 + (number - 1) * 8;
}

typedef struct {
    PyObject_VAR_HEAD
    PyObject *string;
    PyObject *regs;         /* cached spans or NULL */
    Pattern *pattern;
    Py_ssize_t pos, endpos; /* as asked for */
    Py_ssize_t lastindex;   /* -1: none */
    Py_ssize_t groups;      /* group 0 included */
    Py_ssize_t mark[1];     /* start and end of each group; -1 unset */
} Match;

typedef struct { PyTypeObject *pattern, *match, *scanner; } SreTypes;
SreTypes *sre_types(PyObject *o);    /* of the module that made o's type */

/* -- The state of a match -------------------------------------------------------------------- */

/* One entry of the backtracking stack (match_kind.h says which fields mean what). */
typedef struct { uint32_t kind, a; Py_ssize_t p, q; } Step;
/* A repeat in progress. */
typedef struct { const Code *pc; Py_ssize_t prev, count, last; } Repeat;

#define FEW_STEPS 48
#define FEW_MARKS 24
#define FEW_REPEATS 4

typedef struct {
    Pattern *pattern;       /* borrowed: it outlives the run */
    const void *data;       /* whole string */
    int width;              /* bytes a character */
    Py_ssize_t end;         /* endpos */
    Py_ssize_t start;       /* where the search or match starts; then, where the match began */
    Py_ssize_t ptr;         /* where the match ended */
    Py_ssize_t pos, endpos; /* as asked for */
    PyObject *string;       /* strong */
    Py_buffer buffer;       /* of what is no str; has_buffer says that it is held */
    bool has_buffer;
    int isbytes;            /* 0 for a str */
    bool match_all;         /* fullmatch */
    bool must_advance;      /* an empty match at start does not count */
    Py_ssize_t lastindex;   /* group closed last, -1: none */
    Py_ssize_t *mark;       /* 2 * groups */
    Py_ssize_t n_marks;
    Step *steps;            /* what to go back to, as a stack */
    Py_ssize_t n_steps, room;
    Repeat *repeats;        /* repeats that are open */
    Py_ssize_t n_repeats, repeats_room;
    unsigned ticks;         /* until the next look for signals */
    Py_ssize_t few_marks[FEW_MARKS]; /* first room for the three arrays */
    Repeat few_repeats[FEW_REPEATS];
    Step few_steps[FEW_STEPS];
} State;

enum { SRE_NO = 0, SRE_YES = 1, SRE_ERROR = -1 };

int state_init(State *s, Pattern *p, PyObject *string, Py_ssize_t pos, Py_ssize_t endpos);
void state_clear(State *s);
/* Forgets groups: before every attempt. */
static inline void state_reset(State *s)
{
    s->lastindex = -1;
    s->n_steps = s->n_repeats = 0;
    for (Py_ssize_t i = 0; i < s->n_marks; i++)
        s->mark[i] = -1;
}
int state_grow_steps(State *s);
int state_grow_repeats(State *s);
/* Part of the string as an object of its kind. */
PyObject *sre_slice(int isbytes, const void *data, PyObject *string, Py_ssize_t from,
                    Py_ssize_t to);
PyObject *state_slice(State *s, Py_ssize_t group, bool empty);

int sre_match(State *s, const Code *code);
int sre_search(State *s, const Code *code);
bool sre_category(Code category, Py_UCS4 c);
bool sre_in_set(const Code *set, Py_UCS4 c);
bool sre_validate(const Code *code, Py_ssize_t n, Py_ssize_t groups);
Py_UCS4 sre_lower_ascii(Py_UCS4 c);

/* New match object of a state, None when status is 0, NULL when it is an error. */
PyObject *match_from_state(Pattern *p, State *s, int status);
extern PyType_Spec sre_pattern_spec, sre_match_spec, sre_scanner_spec;
PyObject *pattern_scanner(Pattern *self, PyTypeObject *cls, PyObject *const *args, Py_ssize_t n,
                          PyObject *kwnames);
/* string, pos, endpos of the matching methods. */
int sre_parse_span(const char *method, PyObject *const *args, Py_ssize_t n, PyObject *kwnames,
                   PyObject **string, Py_ssize_t *pos, Py_ssize_t *endpos);
PyObject *sre_compile(PyObject *module, PyObject *const *args, Py_ssize_t n, PyObject *kwnames);
/* re.<function>(...) with the arguments of a tuple, which it STEALS. */
PyObject *sre_call_re(const char *function, PyObject *args);

#endif
