/* SPDX-License-Identifier: MIT
 *
 * Checks that code given to _sre.compile is well formed, so that the matcher can trust skips,
 * groups and sets.
 */
#include "modules/_sre/sre.h"

typedef struct { const Code *p, *end; Py_ssize_t groups; } Walk;

static bool block_ok(const Code *p, const Code *end, Py_ssize_t groups);

static inline bool take(Walk *w, Code *out)
{
    if (w->p >= w->end)
        return false;
    *out = *w->p++;
    return true;
}

/* A skip word: it stays inside, counted from itself; w->p is then behind the word. */
static bool take_skip(Walk *w, Code *skip, Code least)
{
    const Code *at = w->p;
    return take(w, skip) && *skip >= least && (size_t)*skip <= (size_t)(w->end - at);
}

/* The members of a set, between p and end. A BIGCHARSET is a table from high byte to one of *p
   blocks of 256 bits. */
static bool set_ok(const Code *p, const Code *end)
{
    while (p < end) {
        Code op = *p++;
        size_t left = (size_t)(end - p);
        switch (op) {
        case OP_NEGATE:
            break;
        case OP_LITERAL:
            if (left < 1)
                return false;
            p++;
            break;
        case OP_CATEGORY:
            if (left < 1 || *p > CAT_LAST)
                return false;
            p++;
            break;
        case OP_RANGE:
        case OP_RANGE_UNI_IGNORE:
            if (left < 2)
                return false;
            p += 2;
            break;
        case OP_CHARSET:
            if (left < 8)
                return false;
            p += 8;
            break;
        case OP_BIGCHARSET: {
            if (left < 65 || *p > 256 || left < 65 + (size_t)*p * 8)
                return false;
            for (int i = 0; i < 256; i++)
                if (((const unsigned char *)(p + 1))[i] >= *p)
                    return false;
            p += 65 + *p * 8;
            break;
        }
        default:
            return false;
        }
    }
    return true;
}

/* Set ending in FAILURE that fills [p, end). */
static bool closed_set_ok(const Code *p, const Code *end)
{
    return end > p && end[-1] == OP_FAILURE && set_ok(p, end - 1);
}

/* flags, least and greatest width; then a literal prefix with its overlap table, or a set of
   possible first characters. */
static bool info_ok(const Code *p, const Code *end)
{
    if (end - p < 3)
        return false;
    Code flags = p[0];
    if (flags & ~(Code)(INFO_PREFIX | INFO_LITERAL | INFO_CHARSET) ||
        ((flags & INFO_PREFIX) && (flags & INFO_CHARSET)) ||
        ((flags & INFO_LITERAL) && !(flags & INFO_PREFIX)))
        return false;
    p += 3;
    if (flags & INFO_PREFIX) {
        if (end - p < 2)
            return false;
        size_t n = p[0];
        p += 2;
        if (n < 1 || (size_t)(end - p) != 2 * n)
            return false;
        for (size_t i = 0; i < n; i++)
            if (p[n + i] >= n)
                return false;
        return true;
    }
    return flags & INFO_CHARSET ? closed_set_ok(p, end) : p == end;
}

static bool is_unit(Code op)
{
    switch (op) {
    case OP_ANY:
    case OP_ANY_ALL:
    case OP_IN:
    case OP_IN_IGNORE:
    case OP_IN_LOC_IGNORE:
    case OP_IN_UNI_IGNORE:
    case OP_LITERAL:
    case OP_NOT_LITERAL:
    case OP_LITERAL_IGNORE:
    case OP_NOT_LITERAL_IGNORE:
    case OP_LITERAL_LOC_IGNORE:
    case OP_NOT_LITERAL_LOC_IGNORE: case OP_LITERAL_UNI_IGNORE: case OP_NOT_LITERAL_UNI_IGNORE:
        return true;
    default:
        return false;
    }
}

/* skip min max inner END; 'behind' words of the skip lie behind the inner part's end mark. */
static bool repeat_ok(Walk *w, Code op)
{
    const Code *at = w->p;
    Code skip, min, max;
    bool one = op == OP_REPEAT_ONE || op == OP_MIN_REPEAT_ONE || op == OP_POSSESSIVE_REPEAT_ONE;
    if (!take_skip(w, &skip, one ? 4 : 3) || !take(w, &min) || !take(w, &max) || min > max)
        return false;
    const Code *inner_end = at + skip - (one ? 1 : 0);
    if (inner_end >= w->end || inner_end < w->p || !block_ok(w->p, inner_end, w->groups))
        return false;
    if (one && (inner_end == w->p || !is_unit(*w->p)))
        return false;
    if (one || op == OP_POSSESSIVE_REPEAT) {
        if (*inner_end != OP_SUCCESS)
            return false;
    }
    else if (*inner_end != OP_MAX_UNTIL && *inner_end != OP_MIN_UNTIL)
        return false;
    w->p = inner_end + 1;
    return true;
}

static bool branch_ok(Walk *w)
{
    const Code *target = NULL;
    Code skip;
    for (;;) {
        const Code *at = w->p;
        if (!take(w, &skip))
            return false;
        if (skip == 0)
            return target == NULL || target == w->p;
        if (skip < 3 || (size_t)skip > (size_t)(w->end - at))
            return false;
        const Code *jump = at + skip - 2;
        if (jump[0] != OP_JUMP || !block_ok(w->p, jump, w->groups) ||
            (size_t)jump[1] > (size_t)(w->end - (jump + 1)))
            return false;
        if (target && target != jump + 1 + jump[1])
            return false;
        target = jump + 1 + jump[1];
        w->p = at + skip;
    }
}

/* group skip yes [JUMP skipno no]: which of the two shapes only the contents can tell. */
static bool conditional_ok(Walk *w)
{
    const Code *at = w->p;
    Code group, skip;
    if (!take(w, &group) || !take(w, &skip) || (Py_ssize_t)group >= w->groups || skip < 2 ||
        (size_t)skip > (size_t)(w->end - at))
        return false;
    const Code *otherwise = at + skip;
    if (skip >= 4 && otherwise[-2] == OP_JUMP && otherwise[-1] >= 1 &&
        (size_t)otherwise[-1] <= (size_t)(w->end - (otherwise - 1)) &&
        block_ok(w->p, otherwise - 2, w->groups) &&
        block_ok(otherwise, otherwise - 1 + otherwise[-1], w->groups)) {
        w->p = otherwise - 1 + otherwise[-1];
        return true;
    }
    if (!block_ok(w->p, otherwise, w->groups))
        return false;
    w->p = otherwise;
    return true;
}

/* skip [back] inner SUCCESS */
static bool submatch_ok(Walk *w, bool has_back)
{
    const Code *at = w->p;
    Code skip, back;
    if (!take_skip(w, &skip, has_back ? 3 : 2) ||
        (has_back && (!take(w, &back) || back & 0x80000000u)))
        return false;
    const Code *inner_end = at + skip - 1;
    if (*inner_end != OP_SUCCESS || !block_ok(w->p, inner_end, w->groups))
        return false;
    w->p = inner_end + 1;
    return true;
}

/* Checks one instruction and moves w->p behind its arguments. */
static bool op_ok(Walk *w, Code op)
{
    Code arg;
    const Code *at = w->p;
    switch (op) {
    case OP_MARK:
        return take(w, &arg) && (Py_ssize_t)arg < 2 * w->groups;
    case OP_LITERAL:
    case OP_NOT_LITERAL:
    case OP_LITERAL_IGNORE:
    case OP_NOT_LITERAL_IGNORE:
    case OP_LITERAL_LOC_IGNORE:
    case OP_NOT_LITERAL_LOC_IGNORE: case OP_LITERAL_UNI_IGNORE: case OP_NOT_LITERAL_UNI_IGNORE:
        return take(w, &arg);
    case OP_SUCCESS: case OP_FAILURE: case OP_ANY: case OP_ANY_ALL:
        return true;
    case OP_AT:
        return take(w, &arg) && arg <= AT_LAST;
    case OP_CATEGORY:
        return take(w, &arg) && arg <= CAT_LAST;
    case OP_IN: case OP_IN_IGNORE: case OP_IN_LOC_IGNORE: case OP_IN_UNI_IGNORE:
        if (!take_skip(w, &arg, 2) || !closed_set_ok(w->p, at + arg))
            return false;
        w->p = at + arg;
        return true;
    case OP_INFO:
        if (!take_skip(w, &arg, 4) || !info_ok(w->p, at + arg))
            return false;
        w->p = at + arg;
        return true;
    case OP_BRANCH:
        return branch_ok(w);
    case OP_REPEAT_ONE:
    case OP_MIN_REPEAT_ONE:
    case OP_POSSESSIVE_REPEAT_ONE:
    case OP_REPEAT:
    case OP_POSSESSIVE_REPEAT:
        return repeat_ok(w, op);
    case OP_ATOMIC_GROUP:
        return submatch_ok(w, false);
    case OP_ASSERT: case OP_ASSERT_NOT:
        return submatch_ok(w, true);
    case OP_GROUPREF:
    case OP_GROUPREF_IGNORE:
    case OP_GROUPREF_LOC_IGNORE:
    case OP_GROUPREF_UNI_IGNORE:
        return take(w, &arg) && (Py_ssize_t)arg < w->groups;
    case OP_GROUPREF_EXISTS:
        return conditional_ok(w);
    default:
        return false;
    }
}

static bool block_ok(const Code *p, const Code *end, Py_ssize_t groups)
{
    Walk w = { p, end, groups };
    if (p > end)
        return false;
    while (w.p < w.end) {
        Code op = *w.p++;
        if (!op_ok(&w, op))
            return false;
    }
    return true;
}

bool sre_validate(const Code *code, Py_ssize_t n, Py_ssize_t groups)
{
    return n > 0 && code[n - 1] == OP_SUCCESS && groups >= 0 && groups <= SRE_MAXGROUPS &&
           block_ok(code, code + n - 1, groups);
}
