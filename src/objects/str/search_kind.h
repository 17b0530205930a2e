/* SPDX-License-Identifier: MIT
 *
 * Substring search over one character type: define CH and FN(name), then include. See search.c for
 * the method.
 */

#define SHIFT_BITS 8
#define SHIFT_SLOTS (1 << SHIFT_BITS)
#define SLOT(c) ((c) & (SHIFT_SLOTS - 1))

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

static Py_ssize_t FN(find)(const CH *s, Py_ssize_t n, const CH *p, Py_ssize_t m)
{
    if (m > n)
        return -1;
    if (m == 1)
        return FN(find_char)(s, n, p[0]);
    Py_ssize_t last = n - m, at = 0, wasted = 0;
    while (at <= last) {
        /* What is near is found without a call. */
        Py_ssize_t hop = 0, near = Py_MIN(last - at + 1, 16);
        while (hop < near && s[at + hop] != p[0])
            hop++;
        if (hop == near) {
            hop = near > last - at ? -1 : FN(find_char)(s + at + near, last - at - near + 1, p[0]);
            if (hop < 0)
                return -1;
            hop += near;
        }
        at += hop;
        Py_ssize_t i = 1;
        while (i < m && s[at + i] == p[i])
            i++;
        if (i == m)
            return at;
        at++;
        /* Each stop costs a call and i compares; when that
           outweighs the distance covered, change the method. */
        wasted += i + 6 - (hop >> 2);
        if (wasted > 200) {
            Py_ssize_t found = at <= last ? FN(find_twoway)(s + at, n - at, p, m) : -1;
            return found < 0 ? -1 : at + found;
        }
        wasted = Py_MAX(wasted, 0);
    }
    return -1;
}

/* Backwards with Horspool's skip on the first character: quadratic only for contrived text. */
static Py_ssize_t FN(rfind)(const CH *s, Py_ssize_t n, const CH *p, Py_ssize_t m)
{
    if (m > n)
        return -1;
    if (m == 1)
        return FN(rfind_char)(s, n, p[0]);
    uint64_t bloom = 0;
    Py_ssize_t skip = m - 1;
    for (Py_ssize_t i = m - 1; i > 0; i--) {
        bloom |= UINT64_C(1) << (p[i] & 63);
        if (p[i] == p[0])
            skip = i - 1;
    }
    bloom |= UINT64_C(1) << (p[0] & 63);
    for (Py_ssize_t at = n - m; at >= 0; at--) {
        if (s[at] == p[0]) {
            Py_ssize_t i = m - 1;
            while (i > 0 && s[at + i] == p[i])
                i--;
            if (i == 0)
                return at;
            if (at > 0 && !(bloom >> (s[at - 1] & 63) & 1))
                at -= m;
            else
                at -= skip;
        }
        else if (at > 0 && !(bloom >> (s[at - 1] & 63) & 1))
            at -= m;
    }
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

static Py_ssize_t FN(count)(const CH *s, Py_ssize_t n, const CH *p, Py_ssize_t m, Py_ssize_t max)
{
    Py_ssize_t count = 0, at = 0;
    if (m == 1)
        return Py_MIN(FN(count_char)(s, n, p[0]), max);
    while (count < max) {
        Py_ssize_t hop = FN(find)(s + at, n - at, p, m);
        if (hop < 0)
            break;
        count++;
        at += hop + m;
    }
    return count;
}

#undef SHIFT_BITS
#undef SHIFT_SLOTS
#undef SLOT
#undef CH
#undef FN
