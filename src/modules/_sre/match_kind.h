/* SPDX-License-Identifier: MIT
 *
 * The matcher for one width of characters: define CH and FN(name), then include.
 *
 * It runs the code with one stack of steps instead of recursion. A step is either a choice (what to
 * try when the present path fails) or an undo record (what to put back on the way to that choice):
 *
 *   TRY        resume at code a with input p
 *   ONE        greedy single-character repeat: tail at code a, input q, may shrink down to p
 *   MIN_ONE    lazy one: REPEAT op at code a, input p, q characters so far
 *   TAIL       MAX_UNTIL took another turn of repeat a at input p; q: its previous 'last'. Else:
 *              its tail
 *   BODY       MIN_UNTIL took the tail of repeat a at input p. Else: another turn
 *   LESS       undo: repeat a counts one turn less; 'last' becomes p
 *   MARK       undo: mark a becomes p, lastindex q
 *   CURRENT    undo: the current repeat becomes p
 *   LEAVE      undo: repeat a was entered; the current one becomes p
 *   barriers   ASSERT ASSERT_NOT ATOMIC POSSESSIVE: a sub-match runs above it, begun at op a, input
 *              p, q = outer barrier (POSSESSIVE is followed by a COUNT: turns so far)
 *
 * When a sub-match succeeds, its choices are dropped and its undo records kept. Choices restore
 * input and code; undo records restore marks and repeats: so a path that fails leaves nothing
 * behind.
 */

#define PUSH(k, x, y, z) \
    do { \
        if (UNLIKELY(s->n_steps == s->room) && state_grow_steps(s) < 0) \
            return SRE_ERROR; \
        s->steps[s->n_steps++] = (Step){ k, (uint32_t)(x), y, z }; \
    } while (0)

/* How many of at most 'max' characters from 'at' match the one-character item. */
static Py_ssize_t FN(count_item)(State *s, const Code *item, Py_ssize_t at, Py_ssize_t max)
{
    const CH *p = (const CH *)s->data + at, *start = p;
    const CH *end = s->end - at < max ? (const CH *)s->data + s->end : p + max;
    Py_UCS4 c = item[1];
    if (end <= p) /* pos may lie behind endpos */
        return 0;
    switch (item[0]) {
    case OP_ANY_ALL:
        return end - p;
    case OP_ANY: {
        Py_ssize_t hop = FN(find_char)(p, end - p, '\n');
        return hop < 0 ? end - p : hop;
    }
    case OP_LITERAL:
        if (c > (CH)~(CH)0)
            return 0;
        while (p < end && *p == (CH)c)
            p++;
        break;
    case OP_NOT_LITERAL: {
        if (c > (CH)~(CH)0)
            return end - p;
        Py_ssize_t hop = FN(find_char)(p, end - p, c);
        return hop < 0 ? end - p : hop;
    }
    case OP_IN: {
        const Code *bits = set_bits(s, item + 2);
        while (p < end && in_set(bits, item + 2, *p))
            p++;
        break;
    }
    default:
        while (p < end && match_item(item, *p))
            p++;
    }
    return p - start;
}

static inline bool FN(is_at)(State *s, Py_ssize_t at, Code where)
{
    const CH *d = s->data;
    switch (where) {
    case AT_BEGINNING:
    case AT_BEGINNING_STRING:
        return at == 0;
    case AT_BEGINNING_LINE:
        return at == 0 || d[at - 1] == '\n';
    case AT_END:
        return at == s->end || (at + 1 == s->end && d[at] == '\n');
    case AT_END_LINE:
        return at == s->end || d[at] == '\n';
    case AT_END_STRING:
        return at == s->end;
    default: {
        if (s->end == 0)
            return false;
        Code word = where >= AT_UNI_BOUNDARY   ? CAT_UNI_WORD
                    : where >= AT_LOC_BOUNDARY ? CAT_LOC_WORD
                                               : CAT_WORD;
        bool before = at > 0 && sre_category(word, d[at - 1]);
        bool here = at < s->end && sre_category(word, d[at]);
        bool boundary =
            where == AT_BOUNDARY || where == AT_LOC_BOUNDARY || where == AT_UNI_BOUNDARY;
        return (before != here) == boundary;
    }
    }
}

/* Characters equal under the case rule of a GROUPREF op. */
static inline bool FN(same)(Code op, CH a, CH b)
{
    switch (op) {
    case OP_GROUPREF: return a == b;
    case OP_GROUPREF_IGNORE: return sre_lower_ascii(a) == sre_lower_ascii(b);
    case OP_GROUPREF_LOC_IGNORE: return lower_locale(a) == lower_locale(b);
    default: return Py_UNICODE_TOLOWER(a) == Py_UNICODE_TOLOWER(b);
    }
}

/* Drops the choices above a barrier, and the barrier; keeps undo records. */
static void FN(commit)(State *s, Py_ssize_t barrier, Py_ssize_t skip)
{
    Py_ssize_t to = barrier;
    for (Py_ssize_t i = barrier + skip; i < s->n_steps; i++)
        if (s->steps[i].kind >= FIRST_UNDO)
            s->steps[to++] = s->steps[i];
    s->n_steps = to;
}

static int FN(run)(State *s, const Code *base)
{
    const CH *const d = s->data;
    const Py_ssize_t end = s->end;
    const Code *pc = base;
    Py_ssize_t at = s->start, current = -1, barrier = -1;
    Step *t;

    for (;;) {
        switch (*pc++) {
        case OP_INFO:
            if (pc[2] && (size_t)(end - at) < pc[2])
                goto fail;
            pc += pc[0];
            continue;

        case OP_MARK: {
            Code i = *pc++;
            if (s->n_steps)
                PUSH(STEP_MARK, i, s->mark[i], s->lastindex);
            if (i & 1)
                s->lastindex = i / 2 + 1;
            s->mark[i] = at;
            continue;
        }

        case OP_LITERAL:
            if (at >= end || (Code)d[at] != *pc)
                goto fail;
            pc++;
            at++;
            continue;

        case OP_NOT_LITERAL:
            if (at >= end || (Code)d[at] == *pc)
                goto fail;
            pc++;
            at++;
            continue;

        case OP_LITERAL_IGNORE:
        case OP_NOT_LITERAL_IGNORE:
        case OP_LITERAL_LOC_IGNORE:
        case OP_NOT_LITERAL_LOC_IGNORE:
        case OP_LITERAL_UNI_IGNORE: case OP_NOT_LITERAL_UNI_IGNORE:
            if (at >= end || !match_item(pc - 1, d[at]))
                goto fail;
            pc++;
            at++;
            continue;

        case OP_ANY:
            if (at >= end || d[at] == '\n')
                goto fail;
            at++;
            continue;

        case OP_ANY_ALL:
            if (at >= end)
                goto fail;
            at++;
            continue;

        case OP_IN:
            if (at >= end || !in_set(set_bits(s, pc + 1), pc + 1, d[at]))
                goto fail;
            pc += pc[0];
            at++;
            continue;

        case OP_IN_IGNORE: case OP_IN_LOC_IGNORE: case OP_IN_UNI_IGNORE:
            if (at >= end || !match_item(pc - 1, d[at]))
                goto fail;
            pc += pc[0];
            at++;
            continue;

        case OP_CATEGORY:
            if (at >= end || !sre_category(*pc, d[at]))
                goto fail;
            pc++;
            at++;
            continue;

        case OP_AT:
            if (!FN(is_at)(s, at, *pc))
                goto fail;
            pc++;
            continue;

        case OP_GROUPREF:
        case OP_GROUPREF_IGNORE:
        case OP_GROUPREF_LOC_IGNORE:
        case OP_GROUPREF_UNI_IGNORE: {
            Py_ssize_t p = s->mark[2 * pc[0]], e = s->mark[2 * pc[0] + 1];
            if (p < 0 || e < p || (e > p && e - p > end - at))
                goto fail;
            Code op = pc[-1];
            while (p < e && FN(same)(op, d[at], d[p])) {
                at++;
                p++;
            }
            if (p < e)
                goto fail;
            pc++;
            continue;
        }

        case OP_GROUPREF_EXISTS: {
            Py_ssize_t p = s->mark[2 * pc[0]], e = s->mark[2 * pc[0] + 1];
            pc += p < 0 || e < p ? pc[1] : 2;
            continue;
        }

        case OP_JUMP:
            pc += pc[0];
            continue;

        case OP_FAILURE:
            goto fail;

        case OP_BRANCH:
            /* Alternatives that cannot begin here are passed over without a step. */
            for (; pc[0]; pc += pc[0]) {
                if (pc[1] == OP_LITERAL && (at >= end || (Code)d[at] != pc[2]))
                    continue;
                if (pc[1] == OP_IN && (at >= end || !match_item_of(s, pc + 1, d[at])))
                    continue;
                break;
            }
            if (!pc[0])
                goto fail;
            PUSH(STEP_BRANCH, pc + pc[0] - base, at, 0);
            pc++;
            continue;

        case OP_REPEAT_ONE: {
            const Code *tail = pc + pc[0];
            Py_ssize_t min = pc[1];
            if (end - at < min)
                goto fail;
            Py_ssize_t n = FN(count_item)(
                s, pc + 3, at, pc[2] == SRE_MAXREPEAT ? PY_SSIZE_T_MAX : (Py_ssize_t)pc[2]);
            if (n < min)
                goto fail;
            if (tail[0] == OP_SUCCESS && barrier < 0 && !s->match_all &&
                !(s->must_advance && n == 0)) {
                s->ptr = at + n;
                return SRE_YES;
            }
            if (n > min)
                PUSH(STEP_ONE, tail - base, at + min, at + n);
            at += n;
            pc = tail;
            if (n > min && tail[0] == OP_LITERAL && (at >= end || (Code)d[at] != tail[1]))
                goto fail; /* goes straight to the nearest place where the tail can begin */
            continue;
        }

        case OP_MIN_REPEAT_ONE: {
            Py_ssize_t min = pc[1]; /* the shortest first; STEP_MIN_ONE adds to it */
            if (end - at < min || (min && FN(count_item)(s, pc + 3, at, min) < min))
                goto fail;
            at += min;
            if (pc[2] == SRE_MAXREPEAT || min < (Py_ssize_t)pc[2])
                PUSH(STEP_MIN_ONE, pc - base, at, min);
            pc += pc[0];
            continue;
        }

        case OP_POSSESSIVE_REPEAT_ONE: {
            if (end - at < (Py_ssize_t)pc[1])
                goto fail;
            Py_ssize_t n = FN(count_item)(
                s, pc + 3, at, pc[2] == SRE_MAXREPEAT ? PY_SSIZE_T_MAX : (Py_ssize_t)pc[2]);
            if (n < (Py_ssize_t)pc[1])
                goto fail;
            at += n;
            pc += pc[0];
            continue;
        }

        case OP_REPEAT: {
            if (UNLIKELY(s->n_repeats == s->repeats_room) && state_grow_repeats(s) < 0)
                return SRE_ERROR;
            Py_ssize_t i = s->n_repeats;
            PUSH(STEP_LEAVE, i, current, 0);
            s->repeats[i] = (Repeat){ .pc = pc, .prev = current, .count = -1, .last = -1 };
            s->n_repeats++;
            current = i;
            pc += pc[0];
            continue;
        }

        case OP_MAX_UNTIL: {
            Repeat *r = &s->repeats[current];
            Py_ssize_t count = r->count + 1;
            if (count < (Py_ssize_t)r->pc[1]) {
                PUSH(STEP_LESS, current, r->last, 0);
                r->count = count;
                pc = r->pc + 3;
                continue;
            }
            if ((count < (Py_ssize_t)r->pc[2] || r->pc[2] == SRE_MAXREPEAT) && at != r->last) {
                PUSH(STEP_TAIL, current, at, r->last);
                r->count = count;
                r->last = at;
                pc = r->pc + 3;
                continue;
            }
            PUSH(STEP_CURRENT, 0, current, 0);
            current = r->prev;
            continue;
        }

        case OP_MIN_UNTIL: {
            Repeat *r = &s->repeats[current];
            Py_ssize_t count = r->count + 1;
            if (count < (Py_ssize_t)r->pc[1]) {
                PUSH(STEP_LESS, current, r->last, 0);
                r->count = count;
                pc = r->pc + 3;
                continue;
            }
            PUSH(STEP_BODY, current, at, 0);
            current = r->prev;
            continue;
        }

        case OP_ASSERT:
        case OP_ASSERT_NOT:
            if (at < (Py_ssize_t)pc[1]) {
                if (pc[-1] == OP_ASSERT)
                    goto fail;
                pc += pc[0];
                continue;
            }
            PUSH(pc[-1] == OP_ASSERT ? STEP_ASSERT : STEP_ASSERT_NOT, pc - base, at, barrier);
            barrier = s->n_steps - 1;
            at -= pc[1];
            pc += 2;
            continue;

        case OP_ATOMIC_GROUP:
            PUSH(STEP_ATOMIC, pc - base, at, barrier);
            barrier = s->n_steps - 1;
            pc += 1;
            continue;

        case OP_POSSESSIVE_REPEAT:
            if (pc[2] == 0) {
                pc += pc[0] + 1;
                continue;
            }
            PUSH(STEP_POSSESSIVE, pc - base, at, barrier);
            barrier = s->n_steps - 1;
            PUSH(STEP_COUNT, 0, 0, 0);
            pc += 3;
            continue;

        case OP_SUCCESS:
            if (barrier < 0) {
                if ((s->match_all && at != end) || (s->must_advance && at == s->start))
                    goto fail;
                s->ptr = at;
                return SRE_YES;
            }
            t = &s->steps[barrier];
            pc = base + t->a;
            switch (t->kind) {
            case STEP_ASSERT: {
                Py_ssize_t outer = t->q;
                at = t->p;
                FN(commit)(s, barrier, 1);
                barrier = outer;
                pc += pc[0];
                continue;
            }
            case STEP_ASSERT_NOT:
                goto refute;
            case STEP_ATOMIC: {
                Py_ssize_t outer = t->q;
                FN(commit)(s, barrier, 1);
                barrier = outer;
                pc += pc[0];
                continue;
            }
            default: { /* STEP_POSSESSIVE */
                Py_ssize_t outer = t->q, from = t->p, count = t[1].p + 1;
                bool again = count < (Py_ssize_t)pc[1] ||
                             ((pc[2] == SRE_MAXREPEAT || count < (Py_ssize_t)pc[2]) &&
                              (count <= (Py_ssize_t)pc[1] || at != from));
                FN(commit)(s, barrier, 2);
                barrier = outer;
                if (!again) {
                    pc += pc[0] + 1;
                    continue;
                }
                PUSH(STEP_POSSESSIVE, pc - base, at, barrier);
                barrier = s->n_steps - 1;
                PUSH(STEP_COUNT, 0, count, 0);
                pc += 3;
                continue;
            }
            }

        default:
            PyErr_SetString(PyExc_RuntimeError, "internal error in regular expression engine");
            return SRE_ERROR;
        }

    refute:
        /* A negative assertion's inside matched: take everything back, then fail. */
        {
            Py_ssize_t bottom = barrier;
            barrier = s->steps[bottom].q;
            while (s->n_steps > bottom + 1) {
                t = &s->steps[--s->n_steps];
                switch (t->kind) {
                case STEP_MARK: s->mark[t->a] = t->p; s->lastindex = t->q; break;
                case STEP_LESS: s->repeats[t->a].count--; s->repeats[t->a].last = t->p; break;
                case STEP_TAIL: s->repeats[t->a].count--; s->repeats[t->a].last = t->q; break;
                case STEP_CURRENT: current = t->p; break;
                case STEP_BODY: current = t->a; break;
                case STEP_LEAVE: s->n_repeats = t->a; current = t->p; break;
                default: break;
                }
            }
            s->n_steps = bottom;
        }

    fail:
        if (UNLIKELY((++s->ticks & 0xfff) == 0) && PyErr_CheckSignals())
            return SRE_ERROR;
        for (;;) {
            if (s->n_steps == 0)
                return SRE_NO;
            t = &s->steps[--s->n_steps];
            switch (t->kind) {
            case STEP_MARK:
                s->mark[t->a] = t->p;
                s->lastindex = t->q;
                continue;
            case STEP_LESS:
                s->repeats[t->a].count--;
                s->repeats[t->a].last = t->p;
                continue;
            case STEP_CURRENT:
                current = t->p;
                continue;
            case STEP_LEAVE:
                s->n_repeats = t->a;
                current = t->p;
                continue;
            case STEP_COUNT:
                continue;

            case STEP_BRANCH:
                at = t->p;
                pc = base + t->a;
                for (; pc[0]; pc += pc[0]) {
                    if (pc[1] == OP_LITERAL && (at >= end || (Code)d[at] != pc[2]))
                        continue;
                    if (pc[1] == OP_IN && (at >= end || !match_item_of(s, pc + 1, d[at])))
                        continue;
                    break;
                }
                if (!pc[0])
                    continue;
                t->a = (uint32_t)(pc + pc[0] - base);
                s->n_steps++;
                pc++;
                break;

            case STEP_ONE: {
                const Code *tail = base + t->a;
                Py_ssize_t low = t->p, p = t->q - 1;
                if (tail[0] == OP_LITERAL) {
                    while (p >= low && (p >= end || (Code)d[p] != tail[1]))
                        p--;
                    if (p < low)
                        continue;
                }
                if (p > low) {
                    t->q = p;
                    s->n_steps++;
                }
                at = p;
                pc = tail;
                break;
            }

            case STEP_MIN_ONE: {
                const Code *op = base + t->a;
                Py_ssize_t p = t->p, n = t->q;
                const Code *tail = op + op[0];
                Py_ssize_t room = op[2] == SRE_MAXREPEAT ? PY_SSIZE_T_MAX : (Py_ssize_t)op[2] - n;
                if (tail[0] == OP_LITERAL) {
                    /* On to the next place where the tail can begin, through the item's characters.
                     */
                    Py_ssize_t more = 0;
                    if ((op[3] == OP_ANY || op[3] == OP_ANY_ALL) && tail[1] <= (CH)~(CH)0) {
                        Py_ssize_t reach = Py_MIN(room, end - p - 1) + 1;
                        more = reach > 1 ? FN(find_char)(d + p + 1, reach - 1, tail[1]) + 1 : 0;
                        if (more == 0 || (op[3] == OP_ANY && FN(find_char)(d + p, more, '\n') >= 0))
                            more = -1;
                    }
                    else do {
                        if (more >= room || p + more >= end
                            || !match_item_of(s, op + 3, d[p + more])) {
                            more = -1;
                            break;
                        }
                        more++;
                    } while (p + more >= end || (Code)d[p + more] != tail[1]);
                    if (more < 0)
                        continue;
                    p += more;
                    n += more;
                    room -= more;
                }
                else {
                    if (p >= end || !match_item_of(s, op + 3, d[p]))
                        continue;
                    p++;
                    n++;
                    room--;
                }
                if (room > 0) {
                    t->p = p;
                    t->q = n;
                    s->n_steps++;
                }
                at = p;
                pc = tail;
                break;
            }

            case STEP_TAIL: {
                Repeat *r = &s->repeats[t->a];
                r->count--;
                r->last = t->q;
                at = t->p;
                Py_ssize_t i = t->a;
                const Code *op = r->pc;
                Py_ssize_t prev = r->prev;
                t->kind = STEP_CURRENT;
                t->p = i;
                s->n_steps++;
                current = prev;
                pc = op + op[0] + 1;
                break;
            }

            case STEP_BODY: {
                Repeat *r = &s->repeats[t->a];
                Py_ssize_t count = r->count + 1;
                current = t->a;
                at = t->p;
                if ((count >= (Py_ssize_t)r->pc[2] && r->pc[2] != SRE_MAXREPEAT) || at == r->last)
                    continue;
                t->kind = STEP_LESS;
                t->p = r->last;
                s->n_steps++;
                r->count = count;
                r->last = at;
                pc = r->pc + 3;
                break;
            }

            case STEP_ASSERT:
            case STEP_ATOMIC:
                barrier = t->q;
                continue;

            case STEP_ASSERT_NOT:
                barrier = t->q;
                at = t->p;
                pc = base + t->a;
                pc += pc[0];
                break;

            default: { /* STEP_POSSESSIVE: this turn failed; its COUNT lies above it, just popped */
                Py_ssize_t count = s->steps[s->n_steps + 1].p;
                barrier = t->q;
                pc = base + t->a;
                if (count < (Py_ssize_t)pc[1])
                    continue;
                at = t->p;
                pc += pc[0] + 1;
                break;
            }
            }
            break;
        }
    }
}

/* -- Search ---------------------------------------------------------------------------------- */

/* Tries one start. */
static inline int FN(attempt)(State *s, const Code *code, Py_ssize_t at)
{
    s->start = s->ptr = at;
    state_reset(s);
    return FN(run)(s, code);
}

/* Literal prefix: from one occurrence to the next, and only there run the code (or, if the prefix
 * is all, be done). */
static int FN(search_prefix)(State *s, const Code *code, Py_ssize_t at, Py_ssize_t last, bool all)
{
    const CH *d = s->data;
    Py_ssize_t n = code[5];
    const Code *prefix = code + 7;
    CH few[32], *needle = n <= (Py_ssize_t)COUNT_OF(few) ? few : PyMem_New(CH, (size_t)n);
    int result = SRE_NO;
    if (!needle) {
        PyErr_NoMemory();
        return SRE_ERROR;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        needle[i] = (CH)prefix[i];
        if (needle[i] != prefix[i])
            goto done; /* too wide to occur */
    }
    last = Py_MIN(last, s->end - n);
    for (; at <= last && result == SRE_NO; at++) {
        if (n > 1 || d[at] != needle[0]) {
            Py_ssize_t hop = run_find(sizeof(CH), d + at, last + n - at, needle, n);
            if (hop < 0)
                break;
            at += hop;
        }
        if (all) {
            s->start = at;
            s->ptr = at + n;
            state_reset(s);
            result = SRE_YES;
        }
        else {
            result = FN(attempt)(s, code, at);
            s->must_advance = false;
        }
    }
done:
    if (needle != few)
        PyMem_Free(needle);
    return result;
}

static int FN(search)(State *s, const Code *code)
{
    const CH *d = s->data;
    Py_ssize_t at = s->start, last = s->end;
    const Code *set = NULL, *first = code;
    if (at > s->end)
        return SRE_NO;
    if (code[0] == OP_INFO) {
        Code flags = code[2], width = code[3];
        if (width && s->end - at < (Py_ssize_t)width)
            return SRE_NO;
        last -= width;
        if (flags & INFO_PREFIX)
            return FN(search_prefix)(s, code, at, last, (flags & INFO_LITERAL) && !s->match_all);
        if (flags & INFO_CHARSET)
            set = code + 5;
        first = code + 1 + code[1];
    }
    bool anchored =
        first[0] == OP_AT && (first[1] == AT_BEGINNING || first[1] == AT_BEGINNING_STRING);
    const Code *item = set || anchored ? NULL : first_item(first);
    bool on_lines = first[0] == OP_AT && first[1] == AT_BEGINNING_LINE;
    if (item && item[0] == OP_IN)
        set = item + 2;
    const Code *bits = set && !anchored ? set_bits(s, set) : NULL;
    for (; at <= last; at++) {
        if (on_lines && at > 0 && d[at - 1] != '\n') {
            Py_ssize_t hop = FN(find_char)(d + at, last - at, '\n');
            if (hop < 0)
                return SRE_NO;
            at += hop + 1;
            s->must_advance = false;
        }
        if (set && !anchored) {
            while (at <= last && at < s->end && !in_set(bits, set, d[at])) {
                at++;
                s->must_advance = false;
            }
            if (at > last || at >= s->end)
                return SRE_NO;
            if (on_lines && at > 0 && d[at - 1] != '\n') {
                s->must_advance = false;
                continue;
            }
        }
        else if (item) {
            while (at <= last && at < s->end && !match_item(item, d[at])) {
                at++;
                s->must_advance = false;
            }
            if (at > last || at >= s->end)
                return SRE_NO;
        }
        int r = FN(attempt)(s, code, at);
        if (r)
            return r;
        s->must_advance = false;
        if (anchored)
            return SRE_NO;
    }
    return SRE_NO;
}

#undef PUSH
#undef CH
#undef FN
