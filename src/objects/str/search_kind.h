/* SPDX-License-Identifier: MIT
 *
 * Substring search over one character type: define CH and FN(name), then include. See search.c for
 * the method.
 */

#define SHIFT_BITS 8
#define SHIFT_SLOTS (1 << SHIFT_BITS)
#define SLOT(c) ((c) & (SHIFT_SLOTS - 1))
#define NEAR 6 /* places looked at one by one */
#define FEW 4  /* occurrences that are found rather than counted */
#define FIRST_BYTES (UINT32_C(0xffff) / ((1 << sizeof(CH)) - 1)) /* a bit every sizeof(CH) */

/* The two-way method of Crochemore and Perrin (1991): the needle is cut at a critical
   factorisation; its right part is compared forwards, then the left. A table of last occurrences
   skips ahead on most mismatches. */
typedef struct {
    const CH *p;                 /* the needle */
    Py_ssize_t m;                /* its length */
    Py_ssize_t cut;              /* where the right part begins */
    Py_ssize_t period;           /* of the needle, or a safe step when it is not periodic */
    bool periodic;               /* the left part is a piece of what repeats */
    uint32_t shift[SHIFT_SLOTS]; /* by low bits of the text's last character: a safe step */
} FN(TwoWay);

/* Start of the lexicographically greatest suffix (in order 'inverted' or not), and its period. */
static Py_ssize_t FN(greatest_suffix)(const CH *p, Py_ssize_t m, Py_ssize_t *period, bool inverted)
{
    Py_ssize_t cut = 0, candidate = 1, k = 0;
    *period = 1;
    while (candidate + k < m) {
        CH a = p[candidate + k], b = p[cut + k];
        if (inverted ? b < a : a < b) {
            candidate += k + 1;
            k = 0;
            *period = candidate - cut;
        }
        else if (a == b) {
            if (k + 1 == *period) {
                candidate += *period;
                k = 0;
            }
            else
                k++;
        }
        else {
            cut = candidate++;
            k = 0;
            *period = 1;
        }
    }
    return cut;
}

static void FN(twoway_prepare)(FN(TwoWay) *t, const CH *p, Py_ssize_t m)
{
    Py_ssize_t period1, period2;
    Py_ssize_t cut1 = FN(greatest_suffix)(p, m, &period1, false);
    Py_ssize_t cut2 = FN(greatest_suffix)(p, m, &period2, true);
    t->p = p;
    t->m = m;
    t->cut = Py_MAX(cut1, cut2);
    t->period = cut1 > cut2 ? period1 : period2;
    t->periodic = t->cut + t->period <= m && memcmp(p, p + t->period, t->cut * sizeof(CH)) == 0;
    if (!t->periodic)
        t->period = Py_MAX(t->cut, m - t->cut) + 1;
    uint32_t far = (uint32_t)Py_MIN(m, UINT32_MAX);
    for (int i = 0; i < SHIFT_SLOTS; i++)
        t->shift[i] = far;
    for (Py_ssize_t i = Py_MAX(0, m - (Py_ssize_t)far); i < m; i++)
        t->shift[SLOT(p[i])] = (uint32_t)(m - 1 - i);
}

static Py_ssize_t FN(twoway_find)(const FN(TwoWay) *t, const CH *s, Py_ssize_t n)
{
    const CH *p = t->p;
    Py_ssize_t m = t->m, at = 0, memory = 0; /* p[0:memory] is known to match at s[at] */
    while (at + m <= n) {
        Py_ssize_t skip = t->shift[SLOT(s[at + m - 1])];
        if (skip) {
            /* A remembered prefix means the last period holds the
               misfit: nothing can match before it has passed. */
            at += memory && skip < t->period ? m - t->period : skip;
            memory = 0;
            continue;
        }
        Py_ssize_t i = Py_MAX(t->cut, memory);
        while (i < m && p[i] == s[at + i])
            i++;
        if (i < m) {
            at += i - t->cut + 1;
            memory = 0;
            continue;
        }
        i = t->cut;
        while (i > memory && p[i - 1] == s[at + i - 1])
            i--;
        if (i <= memory)
            return at;
        at += t->period;
        memory = t->periodic ? m - t->period : 0;
    }
    return -1;
}

static Py_ssize_t FN(find_twoway)(const CH *s, Py_ssize_t n, const CH *p, Py_ssize_t m)
{
    FN(TwoWay) t;
    FN(twoway_prepare)(&t, p, m);
    return FN(twoway_find)(&t, s, n);
}

/* -- A block of places at once --------------------------------------------------------------- */

typedef CH FN(Block) __attribute__((vector_size(BLOCK_BYTES), aligned(sizeof(CH)), may_alias));

enum { FN(LANES) = BLOCK_BYTES / sizeof(CH) };

/* The places s … s + LANES - 1 where the needle's first two and its last character stand: place i
   is bit i * sizeof(CH). */
static inline uint32_t FN(candidates)(const CH *s, const CH *p, Py_ssize_t m)
{
    const FN(Block) *first = (const FN(Block) *)s, *second = (const FN(Block) *)(s + 1);
    const FN(Block) *last = (const FN(Block) *)(s + m - 1);
    uint32_t bits =
        bits_of((BlockBits)((*first == p[0]) & (*second == p[1]) & (*last == p[m - 1])));
    return bits & FIRST_BYTES;
}

/* How far s agrees with the needle from its second character on; its last is known to agree. */
static inline Py_ssize_t FN(agreement)(const CH *s, const CH *p, Py_ssize_t m)
{
    Py_ssize_t i = 1;
    while (i < m - 1 && s[i] == p[i])
        i++;
    return i;
}

static inline bool FN(stands_at)(const CH *s, const CH *p, Py_ssize_t m)
{
    return s[0] == p[0] && s[m - 1] == p[m - 1] && FN(agreement)(s, p, m) == m - 1;
}

/* A search for every occurrence in turn, none of which overlap. */
typedef struct {
    const CH *s, *p;          /* text and needle */
    Py_ssize_t n, m;          /* their lengths, 2 <= m <= n */
    Py_ssize_t at;            /* the places below are decided, but for those of `hits` */
    Py_ssize_t next;          /* an occurrence begins here or later */
    uint32_t hits;            /* candidates among the LANES places before `at` */
    Py_ssize_t compared;      /* characters compared in vain since `paid` */
    Py_ssize_t paid;          /* where the count of them began */
    int patience;             /* how many blocks without a candidate to bear in succession */
    Py_ssize_t probe;         /* of the needle's first and last character, what to look for then */
} FN(Search);

/* The next occurrence, or -1. Blocks first, whose candidates are compared one by one. Where
   candidates keep failing late, the two-way method takes over; where none come up, memchr looks
   for one character. */
static inline __attribute__((always_inline)) Py_ssize_t FN(search_next)(FN(Search) *f)
{
    const CH *s = f->s, *p = f->p;
    Py_ssize_t m = f->m, end = f->n - m + 1, at = f->at;
    uint32_t hits = f->hits;
    for (;;) {
        for (; hits; hits &= hits - 1) {
            Py_ssize_t place = at - FN(LANES) + __builtin_ctz(hits) / (int)sizeof(CH);
            if (place < f->next)
                continue;
            Py_ssize_t agree = FN(agreement)(s + place, p, m);
            if (agree == m - 1) {
                f->at = at;
                f->hits = hits & (hits - 1);
                f->next = place + m;
                return place;
            }
            f->compared += agree;
        }
        if (f->compared > 4 * (at - f->paid) + 400) {
            Py_ssize_t hop = FN(find_twoway)(s + at, f->n - at, p, m);
            f->at = f->next = f->paid = hop < 0 ? end : at + hop + m;
            f->hits = 0;
            f->compared = 0;
            return hop < 0 ? -1 : f->at - m;
        }
        int empty = 0;
        while (at + FN(LANES) <= end && !(hits = FN(candidates)(s + at, p, m))
               && ++empty < f->patience)
            at += FN(LANES);
        if (at + FN(LANES) > end) {
            if (at >= end || end < FN(LANES))
                break;
            /* the last block lies over places that are decided */
            hits = FN(candidates)(s + end - FN(LANES), p, m);
            hits &= ~UINT32_C(0) << (at - (end - FN(LANES))) * (int)sizeof(CH);
            at = end;
            continue;
        }
        at += FN(LANES);
        if (hits || at >= end)
            continue;
        Py_ssize_t hop = FN(find_char)(s + at + f->probe, end - at, p[f->probe]);
        at = hop < 0 ? end : at + hop;
        if (hop < 8 * FN(LANES)) { /* such a call did not pay here */
            f->probe = m - 1 - f->probe;
            if (f->probe == 0 && f->patience < 64)
                f->patience *= 2;
        }
    }
    for (Py_ssize_t place = Py_MAX(at, f->next); place < end; place++)
        if (FN(stands_at)(s + place, p, m)) {
            f->at = f->next = place + m;
            f->hits = 0;
            return place;
        }
    f->at = end;
    f->hits = 0;
    return -1;
}

static Py_ssize_t FN(find)(const CH *s, Py_ssize_t n, const CH *p, Py_ssize_t m)
{
    if (m > n)
        return -1;
    if (m == 1)
        return FN(find_char)(s, n, p[0]);
    /* What is near is found before a block is set up. */
    Py_ssize_t near = 0, end = Py_MIN(n - m + 1, NEAR);
    for (; near < end; near++)
        if (s[near] == p[0] && FN(stands_at)(s + near, p, m))
            return near;
    if (near > n - m)
        return -1;
    FN(Search) f = { s, p, n, m, .at = near, .paid = near, .patience = 4 };
    return FN(search_next)(&f);
}

/* The last occurrence is the first one in reversed copies: linear. -2: no memory for them. */
static Py_ssize_t FN(rfind_reversed)(const CH *s, Py_ssize_t n, const CH *p, Py_ssize_t m)
{
    CH *copy = PyMem_RawMalloc((size_t)(n + m) * sizeof(CH));
    if (!copy)
        return -2;
    for (Py_ssize_t i = 0; i < n; i++)
        copy[i] = s[n - 1 - i];
    for (Py_ssize_t i = 0; i < m; i++)
        copy[n + i] = p[m - 1 - i];
    Py_ssize_t at = FN(find_twoway)(copy, n, copy + n, m);
    PyMem_RawFree(copy);
    return at < 0 ? -1 : n - m - at;
}

/* As find, from the end. O(n m) only when there is no memory for the copies. */
static Py_ssize_t FN(rfind)(const CH *s, Py_ssize_t n, const CH *p, Py_ssize_t m)
{
    if (m > n)
        return -1;
    if (m == 1)
        return FN(rfind_char)(s, n, p[0]);
    Py_ssize_t at = n - m + 1, compared = 0; /* places below `at` are still to be looked at */
    while (at >= FN(LANES)) {
        at -= FN(LANES);
        uint32_t hits = FN(candidates)(s + at, p, m);
        while (hits) {
            int bit = 31 - __builtin_clz(hits);
            Py_ssize_t place = at + bit / (int)sizeof(CH);
            Py_ssize_t agree = FN(agreement)(s + place, p, m);
            if (agree == m - 1)
                return place;
            compared += agree;
            hits &= ~(UINT32_C(1) << bit);
        }
        if (compared > 4 * (n - at) + 400) {
            Py_ssize_t found = FN(rfind_reversed)(s, at + m - 1, p, m);
            if (found != -2)
                return found;
            compared = PY_SSIZE_T_MIN;
        }
    }
    while (--at >= 0)
        if (FN(stands_at)(s + at, p, m))
            return at;
    return -1;
}

VECTORISE static Py_ssize_t FN(count_char)(const CH *s, Py_ssize_t n, CH c)
{
    Py_ssize_t count = 0;
    for (Py_ssize_t i = 0; i < n;) {
        uint8_t part = 0;
        for (Py_ssize_t end = Py_MIN(n, i + 255); i < end; i++)
            part += s[i] == c;
        count += part;
    }
    return count;
}

/* At most `max`. Where the first `room` begin goes to `places`, unless m is 1. */
static Py_ssize_t FN(count)(const CH *s, Py_ssize_t n, const CH *p, Py_ssize_t m, Py_ssize_t max,
                            Py_ssize_t *places, Py_ssize_t room)
{
    if (m > n)
        return 0;
    if (m == 1 && max > FEW)
        return Py_MIN(FN(count_char)(s, n, p[0]), max);
    Py_ssize_t count = 0;
    if (m == 1) {
        for (Py_ssize_t hop; count < max && (hop = FN(find_char)(s, n, p[0])) >= 0; count++) {
            s += hop + 1;
            n -= hop + 1;
        }
        return count;
    }
    FN(Search) f = { s, p, n, m, .patience = 4 };
    for (Py_ssize_t at; count < max && (at = FN(search_next)(&f)) >= 0; count++)
        if (count < room)
            places[count] = at;
    return count;
}

#undef SHIFT_BITS
#undef SHIFT_SLOTS
#undef SLOT
#undef FIRST_BYTES
#undef NEAR
#undef FEW
#undef CH
#undef FN
