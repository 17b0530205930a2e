/* SPDX-License-Identifier: MIT
 *
 * Code of match statements.
 *
 * A pattern finds its subject on top of the stack and consumes it; on failure it jumps to a block
 * that pops all that is left and goes on with the next case. Captured values stay on the stack,
 * below what is still being matched, until the whole pattern has matched; `stores` lists their
 * names, the top one first.
 *
 *     [… captured …  values still needed (on_top) …  subject]
 *
 * fail_pop[n] is the block that pops n values; they fall through each other down to fail_pop[0].
 */
#include "base/cstack.h"
#include "compile/compile_impl.h"

/* State of one case, or of one alternative of an or-pattern. */
typedef struct {
    PyObject *stores;         /* list of names, owned by who made it */
    bool allow_irrefutable;   /* may a pattern here match everything? */
    Block **fail_pop;         /* owned array; the blocks are the unit's */
    Py_ssize_t fail_pop_size;
    Py_ssize_t on_top;        /* values above the captures that a failure must pop */
} Match;

static bool cg_pattern(Compiler *c, pattern p, Match *m);

/* `_`: matches anything, captures nothing. */
static bool is_wildcard(pattern p)
{
    return p->kind == MatchAs_kind && p->v.MatchAs.name == NULL;
}

/* `*_` in a sequence. */
static bool is_star_wildcard(pattern p)
{
    return p->kind == MatchStar_kind && p->v.MatchStar.name == NULL;
}

/* -- Failing ---------------------------------------------------------------------------------- */

/* Blocks fail_pop[0..pops] exist. */
static bool fail_ensure(Compiler *c, Match *m, Py_ssize_t pops)
{
    if (pops < m->fail_pop_size)
        return true;
    Block **blocks = PyMem_Realloc(m->fail_pop, (size_t)(pops + 1) * sizeof *blocks);
    if (blocks == NULL) {
        PyErr_NoMemory();
        return false;
    }
    m->fail_pop = blocks;
    while (m->fail_pop_size <= pops) {
        Block *b = cg_block(c);
        if (b == NULL)
            return false;
        m->fail_pop[m->fail_pop_size++] = b;
    }
    return true;
}

/* Jumps to the block that pops what is on the stack at this point. */
static bool fail_jump(Compiler *c, Match *m, int op)
{
    Py_ssize_t pops = m->on_top + PyList_GET_SIZE(m->stores);
    return fail_ensure(c, m, pops) && cg_jump(c, op, m->fail_pop[pops]);
}

/* Lays out the blocks that pop; what follows is where a failure arrives. */
static bool fail_emit(Compiler *c, Match *m)
{
    bool ok = true;
    if (m->fail_pop_size == 0)
        return true;
    while (ok && --m->fail_pop_size) {
        cg_use(c, m->fail_pop[m->fail_pop_size]);
        ok = cg_op(c, OP_POP_TOP);
    }
    if (ok)
        cg_use(c, m->fail_pop[0]);
    m->fail_pop_size = 0;
    PyMem_Free(m->fail_pop);
    m->fail_pop = NULL;
    return ok;
}

/* -- Captures --------------------------------------------------------------------------------- */

/* Puts the top below the next count - 1 values. */
static bool cg_rotate(Compiler *c, Py_ssize_t count)
{
    while (count > 1)
        if (!cg_op_arg(c, OP_SWAP, count--))
            return false;
    return true;
}

static bool fail_duplicate(Compiler *c, PyObject *name)
{
    return cg_error(c, "multiple assignments to name %R in pattern", name);
}

/* NULL: the subject is just popped. */
static bool cg_capture(Compiler *c, PyObject *name, Match *m)
{
    if (name == NULL)
        return cg_op(c, OP_POP_TOP);
    if (!cg_allowed_name(c, name, Store))
        return false;
    int again = PySequence_Contains(m->stores, name);
    if (again)
        return again > 0 && fail_duplicate(c, name);
    return cg_rotate(c, m->on_top + PyList_GET_SIZE(m->stores) + 1) &&
           PyList_Append(m->stores, name) == 0;
}

/* A part of a pattern may match anything: only the whole case must not. */
static bool cg_subpattern(Compiler *c, pattern p, Match *m)
{
    bool saved = m->allow_irrefutable;
    m->allow_irrefutable = true;
    bool ok = cg_pattern(c, p, m);
    m->allow_irrefutable = saved;
    return ok;
}

/* A capture, a wildcard, or pattern `as` name: the subject is copied for the inner pattern. */
static bool pattern_as(Compiler *c, pattern p, Match *m)
{
    PyObject *name = p->v.MatchAs.name;
    if (p->v.MatchAs.pattern == NULL) {
        if (m->allow_irrefutable)
            return cg_capture(c, name, m);
        return name ? cg_error(c, "name capture %R makes remaining patterns unreachable", name)
                    : cg_error(c, "wildcard makes remaining patterns unreachable");
    }
    m->on_top++;
    if (!cg_op_arg(c, OP_COPY, 1) || !cg_pattern(c, p->v.MatchAs.pattern, m))
        return false;
    m->on_top--;
    return cg_capture(c, name, m);
}

/* -- Values ----------------------------------------------------------------------------------- */

/* [subject] -> fails unless subject == value. */
static bool pattern_value(Compiler *c, pattern p, Match *m)
{
    expr value = p->v.MatchValue.value;
    if (value->kind != Constant_kind && value->kind != Attribute_kind)
        return cg_error(c, "patterns may only match literals and attribute lookups");
    return cg_expr(c, value) && cg_compare_op(c, Eq) && fail_jump(c, m, OP_POP_JUMP_IF_FALSE);
}

static bool pattern_singleton(Compiler *c, pattern p, Match *m)
{
    return cg_const(c, p->v.MatchSingleton.value) && cg_compare_op(c, Is) &&
           fail_jump(c, m, OP_POP_JUMP_IF_FALSE);
}

/* -- Sequences -------------------------------------------------------------------------------- */

/* [subject] -> fails unless len(subject) op n. */
static bool cg_check_length(Compiler *c, Py_ssize_t n, cmpop op, Match *m)
{
    return cg_op(c, OP_GET_LEN) && cg_const_steal(c, PyLong_FromSsize_t(n)) &&
           cg_compare_op(c, op) && fail_jump(c, m, OP_POP_JUMP_IF_FALSE);
}

/* UNPACK_SEQUENCE, or UNPACK_EX when there is a star. */
static bool cg_unpack_patterns(Compiler *c, pattern_seq *seq)
{
    Py_ssize_t n = seq_len(seq);
    bool starred = false;
    for (Py_ssize_t i = 0; i < n; i++) {
        if (seq->at[i]->kind != MatchStar_kind)
            continue;
        if (starred)
            return cg_error(c, "multiple starred expressions in sequence pattern");
        if (i >= 1 << 8 || n - i - 1 >= INT_MAX >> 8)
            return cg_error(c, "too many expressions in star-unpacking sequence pattern");
        if (!cg_op_arg(c, OP_UNPACK_EX, i + ((n - i - 1) << 8)))
            return false;
        starred = true;
    }
    return starred || cg_op_arg(c, OP_UNPACK_SEQUENCE, n);
}

/* Every item goes to its pattern. */
static bool sequence_by_unpacking(Compiler *c, pattern_seq *seq, Match *m)
{
    if (!cg_unpack_patterns(c, seq))
        return false;
    m->on_top += seq_len(seq);
    for (Py_ssize_t i = 0; i < seq_len(seq); i++) {
        m->on_top--;
        if (!cg_subpattern(c, seq->at[i], m))
            return false;
    }
    return true;
}

/* With `*_` the middle need not be looked at. */
static bool sequence_by_index(Compiler *c, pattern_seq *seq, Py_ssize_t star, Match *m)
{
    Py_ssize_t n = seq_len(seq);
    m->on_top++;
    for (Py_ssize_t i = 0; i < n; i++) {
        pattern p = seq->at[i];
        if (is_wildcard(p) || i == star)
            continue;
        if (!cg_op_arg(c, OP_COPY, 1))
            return false;
        if (i < star ? !cg_const_steal(c, PyLong_FromSsize_t(i))
                     : !cg_op(c, OP_GET_LEN) || !cg_const_steal(c, PyLong_FromSsize_t(n - i)) ||
                           !cg_binary(c, Sub, false))
            return false;
        if (!cg_op(c, OP_BINARY_SUBSCR) || !cg_subpattern(c, p, m))
            return false;
    }
    m->on_top--;
    return cg_op(c, OP_POP_TOP);
}

/* First the type, then the length, then the items: each test is cheaper than the next. */
static bool pattern_sequence(Compiler *c, pattern p, Match *m)
{
    pattern_seq *seq = p->v.MatchSequence.patterns;
    Py_ssize_t n = seq_len(seq), star = -1;
    bool only_wildcards = true, star_wildcard = false;
    for (Py_ssize_t i = 0; i < n; i++) {
        pattern e = seq->at[i];
        if (e->kind != MatchStar_kind) {
            only_wildcards &= is_wildcard(e);
            continue;
        }
        if (star >= 0)
            return cg_error(c, "multiple starred names in sequence pattern");
        star_wildcard = is_star_wildcard(e);
        only_wildcards &= star_wildcard;
        star = i;
    }
    m->on_top++;
    if (!cg_op(c, OP_MATCH_SEQUENCE) || !fail_jump(c, m, OP_POP_JUMP_IF_FALSE))
        return false;
    if (star < 0 ? !cg_check_length(c, n, Eq, m) : n > 1 && !cg_check_length(c, n - 1, GtE, m))
        return false;
    m->on_top--;
    if (only_wildcards)
        return cg_op(c, OP_POP_TOP);
    return star_wildcard ? sequence_by_index(c, seq, star, m) : sequence_by_unpacking(c, seq, m);
}

/* -- Mappings --------------------------------------------------------------------------------- */

/* Pushes one key; a literal twice is an error. */
static bool mapping_key(Compiler *c, expr key, PyObject *seen)
{
    if (key->kind == Constant_kind) {
        PyObject *value = key->v.Constant.value;
        int again = PySet_Contains(seen, value);
        if (again)
            return again > 0 && cg_error(c, "mapping pattern checks duplicate key (%R)", value);
        if (PySet_Add(seen, value) < 0)
            return false;
    }
    else if (key->kind != Attribute_kind)
        return cg_error(c, "mapping pattern keys may only match literals and attribute lookups");
    return cg_expr(c, key);
}

/* Pushes all keys. */
static bool mapping_keys(Compiler *c, pattern p)
{
    expr_seq *keys = p->v.MatchMapping.keys;
    PyObject *seen = PySet_New(NULL);
    bool ok = seen != NULL;
    for (Py_ssize_t i = 0; ok && i < seq_len(keys); i++) {
        if (keys->at[i] == NULL) {
            AT(c, p->v.MatchMapping.patterns->at[i]);
            ok = cg_error(c, "can't use NULL keys in MatchMapping (set 'rest' parameter instead)");
        }
        else
            ok = mapping_key(c, keys->at[i], seen);
    }
    Py_XDECREF(seen);
    return ok;
}

/* [values|None] copy it, fail when it is None. */
static bool cg_fail_if_none(Compiler *c, Match *m)
{
    return cg_op_arg(c, OP_COPY, 1) && cg_const(c, Py_None) && cg_op_arg(c, OP_IS_OP, 1) &&
           fail_jump(c, m, OP_POP_JUMP_IF_FALSE);
}

/* [subject keys] -> a dict of what has not been matched. */
static bool mapping_rest(Compiler *c, Py_ssize_t n)
{
    if (!cg_op_arg(c, OP_BUILD_MAP, 0) || !cg_op_arg(c, OP_SWAP, 3) ||
        !cg_op_arg(c, OP_DICT_UPDATE, 2) || !cg_op_arg(c, OP_UNPACK_SEQUENCE, n))
        return false;
    for (; n; n--)
        if (!cg_op_arg(c, OP_COPY, 1 + n) || !cg_op_arg(c, OP_SWAP, 2) ||
            !cg_op(c, OP_DELETE_SUBSCR))
            return false;
    return true;
}

/* [subject] -> keys, their values to their patterns, `**rest`. */
static bool mapping_values(Compiler *c, pattern p, Match *m)
{
    pattern_seq *patterns = p->v.MatchMapping.patterns;
    Py_ssize_t n = seq_len(patterns);
    PyObject *rest = p->v.MatchMapping.rest;
    if (!mapping_keys(c, p) || !cg_op_arg(c, OP_BUILD_TUPLE, n) || !cg_op(c, OP_MATCH_KEYS))
        return false;
    m->on_top += 2;
    if (!cg_fail_if_none(c, m) || !cg_op_arg(c, OP_UNPACK_SEQUENCE, n))
        return false;
    m->on_top += n - 1;
    for (Py_ssize_t i = 0; i < n; i++) {
        m->on_top--;
        if (!cg_subpattern(c, patterns->at[i], m))
            return false;
    }
    m->on_top -= 2;
    if (rest)
        return mapping_rest(c, n) && cg_capture(c, rest, m);
    return cg_op(c, OP_POP_TOP) && cg_op(c, OP_POP_TOP);
}

/* First the type, then the number of keys, then MATCH_KEYS. */
static bool pattern_mapping(Compiler *c, pattern p, Match *m)
{
    Py_ssize_t n = seq_len(p->v.MatchMapping.keys), npatterns = seq_len(p->v.MatchMapping.patterns);
    if (n != npatterns)
        return cg_error(c, "keys (%d) / patterns (%d) length mismatch in mapping pattern", (int)n,
                        (int)npatterns);
    m->on_top++;
    if (!cg_op(c, OP_MATCH_MAPPING) || !fail_jump(c, m, OP_POP_JUMP_IF_FALSE))
        return false;
    if (n == 0 && p->v.MatchMapping.rest == NULL) {
        m->on_top--;
        return cg_op(c, OP_POP_TOP);
    }
    if (n && !cg_check_length(c, n, GtE, m))
        return false;
    if (INT_MAX < n - 1)
        return cg_error(c, "too many sub-patterns in mapping pattern");
    return mapping_values(c, p, m);
}

/* -- Classes ---------------------------------------------------------------------------------- */

/* No attribute twice, none called __debug__. */
static bool check_class_attributes(Compiler *c, identifier_seq *names, pattern_seq *patterns)
{
    for (Py_ssize_t i = 0; i < seq_len(names); i++) {
        AT(c, patterns->at[i]);
        if (!cg_allowed_name(c, names->at[i], Store))
            return false;
        for (Py_ssize_t j = i + 1; j < seq_len(names); j++)
            if (PyUnicode_Compare(names->at[i], names->at[j]) == 0) {
                AT(c, patterns->at[j]);
                return cg_error(c, "attribute name repeated in class pattern: %U", names->at[i]);
            }
    }
    return true;
}

static PyObject *identifier_tuple(identifier_seq *names)
{
    PyObject *tuple = PyTuple_New(seq_len(names));
    for (Py_ssize_t i = 0; tuple && i < seq_len(names); i++)
        PyTuple_SET_ITEM(tuple, i, Py_NewRef(names->at[i]));
    return tuple;
}

/* The attributes that MATCH_CLASS found lie on the stack, the first on top. */
static bool class_subpatterns(Compiler *c, pattern p, Match *m)
{
    pattern_seq *positional = p->v.MatchClass.patterns, *by_name = p->v.MatchClass.kwd_patterns;
    Py_ssize_t nargs = seq_len(positional), n = nargs + seq_len(by_name);
    for (Py_ssize_t i = 0; i < n; i++) {
        pattern e = i < nargs ? positional->at[i] : by_name->at[i - nargs];
        m->on_top--;
        if (is_wildcard(e) ? !cg_op(c, OP_POP_TOP) : !cg_subpattern(c, e, m))
            return false;
    }
    return true;
}

/* cls, names of keyword patterns, MATCH_CLASS: a tuple of attributes, or None. */
static bool pattern_class(Compiler *c, pattern p, Match *m)
{
    identifier_seq *names = p->v.MatchClass.kwd_attrs;
    Py_ssize_t nargs = seq_len(p->v.MatchClass.patterns), nattrs = seq_len(names);
    Py_ssize_t nkwd = seq_len(p->v.MatchClass.kwd_patterns);
    if (nattrs != nkwd)
        return cg_error(c, "kwd_attrs (%d) / kwd_patterns (%d) length mismatch in class pattern",
                        (int)nattrs, (int)nkwd);
    if (INT_MAX < nargs || INT_MAX < nargs + nattrs - 1)
        return cg_error(c, "too many sub-patterns in class pattern %R", p->v.MatchClass.cls);
    if (nattrs) {
        if (!check_class_attributes(c, names, p->v.MatchClass.kwd_patterns))
            return false;
        AT(c, p);
    }
    if (!cg_expr(c, p->v.MatchClass.cls) || !cg_const_steal(c, identifier_tuple(names)) ||
        !cg_op_arg(c, OP_MATCH_CLASS, nargs) || !cg_op_arg(c, OP_COPY, 1) ||
        !cg_const(c, Py_None) || !cg_op_arg(c, OP_IS_OP, 1))
        return false;
    m->on_top++;
    if (!fail_jump(c, m, OP_POP_JUMP_IF_FALSE) || !cg_op_arg(c, OP_UNPACK_SEQUENCE, nargs + nattrs))
        return false;
    m->on_top += nargs + nattrs - 1;
    return class_subpatterns(c, p, m);
}

/* -- Alternatives ----------------------------------------------------------------------------- */

static bool fail_different(Compiler *c)
{
    return cg_error(c, "alternative patterns bind different names");
}

/* stores[:n] moves to stores[to:to + n], in the list and on the stack. */
static bool move_stores(Compiler *c, PyObject *stores, Py_ssize_t n, Py_ssize_t from, Py_ssize_t to)
{
    PyObject *moved = PyList_GetSlice(stores, 0, n);
    bool ok = moved && PyList_SetSlice(stores, 0, n, NULL) == 0 &&
              PyList_SetSlice(stores, to - from, to - from, moved) == 0;
    Py_XDECREF(moved);
    for (; ok && n; n--)
        ok = cg_rotate(c, to + 1);
    return ok;
}

/* Brings the captures of an alternative into the order of the first one's. */
static bool align_stores(Compiler *c, PyObject *stores, PyObject *control)
{
    Py_ssize_t n = PyList_GET_SIZE(stores);
    if (n != PyList_GET_SIZE(control))
        return fail_different(c);
    while (n-- > 0) {
        Py_ssize_t at = PySequence_Index(stores, PyList_GET_ITEM(control, n));
        if (at < 0) {
            PyErr_Clear();
            return fail_different(c);
        }
        if (at != n && !move_stores(c, stores, at + 1, at, n))
            return false;
    }
    return true;
}

/* Compiles one alternative with a Match of its own; *control is the first one's list of names. */
static bool cg_alternative(Compiler *c, pattern p, bool irrefutable, Block *end, PyObject **control)
{
    Match m = {.stores = PyList_New(0), .allow_irrefutable = irrefutable};
    AT(c, p);
    bool ok = m.stores && cg_op_arg(c, OP_COPY, 1) && cg_pattern(c, p, &m);
    if (ok && *control == NULL)
        *control = Py_NewRef(m.stores);
    else
        ok = ok && align_stores(c, m.stores, *control);
    ok = ok && cg_jump(c, OP_JUMP, end) && fail_emit(c, &m);
    PyMem_Free(m.fail_pop);
    Py_XDECREF(m.stores);
    return ok;
}

/* Moves the captures of an alternative, which are on top, below the subject and all that must
   stay. */
static bool adopt_stores(Compiler *c, PyObject *control, Match *m)
{
    Py_ssize_t n = PyList_GET_SIZE(control),
               rotate = n + 1 + m->on_top + PyList_GET_SIZE(m->stores);
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *name = PyList_GET_ITEM(control, i);
        if (!cg_rotate(c, rotate))
            return false;
        int again = PySequence_Contains(m->stores, name);
        if (again)
            return again > 0 && fail_duplicate(c, name);
        if (PyList_Append(m->stores, name) < 0)
            return false;
    }
    return true;
}

/* Each alternative from a copy of the subject; all capture the same names. */
static bool pattern_or(Compiler *c, pattern p, Match *m)
{
    pattern_seq *seq = p->v.MatchOr.patterns;
    Py_ssize_t n = seq_len(seq);
    PyObject *control = NULL;
    Block *end = cg_block(c);
    bool ok = end != NULL;
    for (Py_ssize_t i = 0; ok && i < n; i++)
        ok = cg_alternative(c, seq->at[i], i == n - 1 && m->allow_irrefutable, end, &control);
    ok = ok && cg_op(c, OP_POP_TOP) && fail_jump(c, m, OP_JUMP);
    if (ok)
        cg_use(c, end);
    ok = ok && adopt_stores(c, control, m) && cg_op(c, OP_POP_TOP);
    Py_XDECREF(control);
    return ok;
}

/* -- The statement ---------------------------------------------------------------------------- */

static bool cg_pattern(Compiler *c, pattern p, Match *m)
{
    if (!cstack_allows(" during compilation"))
        return false;
    AT(c, p);
    switch (p->kind) {
    case MatchValue_kind: return pattern_value(c, p, m);
    case MatchSingleton_kind: return pattern_singleton(c, p, m);
    case MatchSequence_kind: return pattern_sequence(c, p, m);
    case MatchMapping_kind: return pattern_mapping(c, p, m);
    case MatchClass_kind: return pattern_class(c, p, m);
    case MatchStar_kind: return cg_capture(c, p->v.MatchStar.name, m);
    case MatchAs_kind: return pattern_as(c, p, m);
    case MatchOr_kind: return pattern_or(c, p, m);
    default:
        PyErr_Format(PyExc_SystemError, "invalid match pattern node in AST (kind=%d)", p->kind);
        return false;
    }
}

/* The pattern matched: the captures are stored, then the guard decides, then the body runs. */
static bool cg_case_body(Compiler *c, match_case mc, Match *m, bool is_last, Block *end)
{
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(m->stores); i++)
        if (!cg_name(c, PyList_GET_ITEM(m->stores, i), Store))
            return false;
    if (mc->guard && (!fail_ensure(c, m, 0) || !cg_jump_if(c, mc->guard, m->fail_pop[0], false)))
        return false;
    if ((!is_last && !cg_op(c, OP_POP_TOP)) || !cg_stmts(c, mc->body) || !cg_jump(c, OP_JUMP, end))
        return false;
    AT(c, mc->pattern); /* popping belongs to the pattern that failed, not to the body above */
    return fail_emit(c, m);
}

/* One case. is_last: it may consume the subject; is_final: it may match everything. */
static bool cg_case(Compiler *c, match_case mc, bool is_last, bool is_final, Block *end)
{
    Match m = {.stores = PyList_New(0), .allow_irrefutable = mc->guard || is_final};
    AT(c, mc->pattern);
    bool ok = m.stores && (is_last || cg_op_arg(c, OP_COPY, 1)) && cg_pattern(c, mc->pattern, &m) &&
              cg_case_body(c, mc, &m, is_last, end);
    PyMem_Free(m.fail_pop);
    Py_XDECREF(m.stores);
    return ok;
}

/* A final `case _` needs no test: its body follows the others. */
bool cg_match(Compiler *c, stmt s)
{
    match_case_seq *cases = s->v.Match.cases;
    Py_ssize_t n = seq_len(cases);
    if (!cg_expr(c, s->v.Match.subject))
        return false;
    Block *end = cg_block(c);
    if (end == NULL)
        return false;
    match_case last = cases->at[n - 1];
    bool has_default = n > 1 && is_wildcard(last->pattern);
    Py_ssize_t tested = n - has_default;
    for (Py_ssize_t i = 0; i < tested; i++)
        if (!cg_case(c, cases->at[i], i == tested - 1, i == n - 1, end))
            return false;
    if (has_default) { /* the subject is gone already; the NOP is there for line coverage */
        AT(c, last->pattern);
        if (!cg_op(c, OP_NOP) || (last->guard && !cg_jump_if(c, last->guard, end, false)) ||
            !cg_stmts(c, last->body))
            return false;
    }
    cg_use(c, end);
    return true;
}
