/* SPDX-License-Identifier: MIT
 *
 * list.sort: a stable merge sort that uses the order it finds.
 *
 * The list is cut into runs, ascending or strictly descending (these are turned around); short ones
 * are extended by binary insertion to a minimal length. Runs are merged pairwise in the order of
 * Munro and Wild's "powersort": the power of the border between two runs is the depth at which a
 * perfectly balanced merge tree would have split there, and a border is merged before every border
 * of a smaller power. A merge copies the shorter run out, and once one side keeps winning it
 * gallops: it looks for the other side's next item by doubling steps.
 *
 * Comparisons are chosen once: if all keys are of one type, its tp_richcompare is called directly,
 * and strs of one byte a character, small ints, floats and tuples are compared without making a
 * bool object.
 *
 *  S1 at every call of foreign code the arrays hold each item exactly once, but for those of a
 *     merge in progress, which the merge puts back when the comparison fails;
 *  S2 while the sort runs the list looks empty and has allocated == -1, so that changes to it are
 *     noticed.
 *
 * When there is a key function, keys[] are sorted and values[] (the items) move along; else values
 * is NULL.
 */
#include "objects/compare.h"
#include "objects/list_impl.h"

/* Parallel arrays: keys are compared, values move with them (NULL: the keys are the items). */
typedef struct {
    PyObject **keys, **values;
} Slice;

/* A sorted stretch that waits to be merged. */
typedef struct {
    Slice base;     /* where it starts */
    Py_ssize_t len; /* items in it */
    int power;      /* of the border to the run behind it; 0 for the last one */
} Run;

#define MAX_PENDING 85 /* powers on the stack grow strictly, bounded by the bits of a size */
#define MIN_GALLOP 7   /* wins in a row after which a merge gallops */
#define TEMP_SIZE 256  /* items that a merge can copy out without allocation */

typedef struct Sort Sort;
struct Sort {
    /* x < y: 1, 0, or -1 with an exception; what choose_comparison found to fit all keys */
    int (*less)(PyObject *, PyObject *, Sort *);
    /* of the first items, when keys are tuples */
    int (*tuple_less)(PyObject *, PyObject *, Sort *);
    PyObject *(*richcompare)(PyObject *, PyObject *, int); /* of the one type that all keys have */
    PyObject **base;      /* start of the keys */
    Py_ssize_t total; /* items to sort */
    Py_ssize_t min_gallop; /* falls while galloping pays, rises when it does not */
    Slice temp; /* where a merge copies the shorter run */
    Py_ssize_t temp_size; /* items that temp has room for */
    int npending; /* runs on the stack */
    Run pending[MAX_PENDING]; /* lengths and powers see push_run */
    PyObject *space[TEMP_SIZE]; /* temp of small merges */
};

#define LESS(x, y) (s->less((x), (y), s))

/* -- Comparisons ------------------------------------------------------------------------------ */

/* The comparison that is always right; the others are short cuts for keys that choose_comparison
   looked at. */
static int less_any(PyObject *v, PyObject *w, Sort *s)
{
    return PyObject_RichCompareBool(v, w, Py_LT);
}

/* tp_richcompare without the search for a reflected method, which one type does not need. */
static int less_same_type(PyObject *v, PyObject *w, Sort *s)
{
    if (Py_TYPE(v)->tp_richcompare != s->richcompare) { /* a comparison changed the type */
        return PyObject_RichCompareBool(v, w, Py_LT);
    }
    PyObject *res = s->richcompare(v, w, Py_LT);
    if (res == Py_NotImplemented) {
        Py_DECREF(res);
        return PyObject_RichCompareBool(v, w, Py_LT);
    }
    if (res == NULL) {
        return -1;
    }
    int truth = PyBool_Check(res) ? res == Py_True : PyObject_IsTrue(res);
    Py_DECREF(res);
    return truth;
}

/* The first eight bytes of a compact str as a number that orders like them, padded with zeros. A
   block has that many bytes behind the header, whatever the length. */
__attribute__((no_sanitize("address")))
static inline uint64_t latin1_prefix(const unsigned char *p, Py_ssize_t n)
{
    uint64_t word;
    memcpy(&word, p, sizeof(word));
    word = __builtin_bswap64(word);
    return n >= 8 ? word : word & ~(~UINT64_C(0) >> (8 * n));
}

/* Most strings differ in the first eight bytes: one load and one comparison of numbers. */
static int less_latin1(PyObject *v, PyObject *w, Sort *s)
{
    Py_ssize_t n = PyUnicode_GET_LENGTH(v), m = PyUnicode_GET_LENGTH(w);
    const unsigned char *a = PyUnicode_DATA(v), *b = PyUnicode_DATA(w);
    uint64_t x = latin1_prefix(a, n), y = latin1_prefix(b, m);
    if (LIKELY(x != y)) {
        return x < y;
    }
    Py_ssize_t common = n < m ? n : m, seen = sizeof(x);
    int cmp = common > seen ? memcmp(a + seen, b + seen, (size_t)(common - seen)) : 0;
    return cmp ? cmp < 0 : n < m;
}

static inline long small_value(PyObject *v)
{
    PyLongObject *n = (PyLongObject *)v;
    return Py_SIZE(n) == 0 ? 0 : (long)Py_SIZE(n) * (long)n->ob_digit[0];
}

static int less_small_int(PyObject *v, PyObject *w, Sort *s)
{
    return small_value(v) < small_value(w);
}

static int less_float(PyObject *v, PyObject *w, Sort *s)
{
    return PyFloat_AS_DOUBLE(v) < PyFloat_AS_DOUBLE(w);
}

/* The first items that differ decide. Only those at index 0 are known to be of one type. */
static int less_tuple(PyObject *v, PyObject *w, Sort *s)
{
    Py_ssize_t n = PyTuple_GET_SIZE(v), m = PyTuple_GET_SIZE(w), i;
    for (i = 0; i < n && i < m; i++) {
        PyObject *a = PyTuple_GET_ITEM(v, i), *b = PyTuple_GET_ITEM(w, i);
        int same = a == b ? 1 : compare_bool(a, b, Py_EQ);
        if (same < 0) {
            return -1;
        }
        if (!same) {
            break;
        }
    }
    if (i >= n || i >= m) {
        return n < m;
    }
    if (i == 0) {
        return s->tuple_less(PyTuple_GET_ITEM(v, 0), PyTuple_GET_ITEM(w, 0), s);
    }
    return compare_bool(PyTuple_GET_ITEM(v, i), PyTuple_GET_ITEM(w, i), Py_LT);
}

/* Looks at all keys and settles s->less. */
static void choose_comparison(Sort *s, PyObject **keys, Py_ssize_t n)
{
    bool in_tuples = Py_IS_TYPE(keys[0], &PyTuple_Type) && Py_SIZE(keys[0]) > 0;
    PyTypeObject *type = Py_TYPE(in_tuples ? PyTuple_GET_ITEM(keys[0], 0) : keys[0]);
    bool same = true, latin = type == &PyUnicode_Type, small = type == &PyLong_Type;
    s->less = less_any;
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *key = keys[i];
        if (in_tuples) {
            if (!Py_IS_TYPE(key, &PyTuple_Type) || Py_SIZE(key) == 0) {
                in_tuples = same = false;
                break;
            }
            key = PyTuple_GET_ITEM(key, 0);
        }
        if (!Py_IS_TYPE(key, type)) {
            same = false;
            if (!in_tuples) {
                break;
            }
        }
        if (same) {
            small = small && Py_ABS(Py_SIZE(key)) <= 1;
            latin = latin && PyUnicode_KIND(key) == PyUnicode_1BYTE_KIND
                    && PyUnicode_IS_COMPACT(key);
        }
    }
    if (same) {
        if (type == &PyUnicode_Type && latin) {
            s->less = less_latin1;
        } else if (type == &PyLong_Type && small) {
            s->less = less_small_int;
        } else if (type == &PyFloat_Type) {
            s->less = less_float;
        } else if ((s->richcompare = type->tp_richcompare) != NULL) {
            s->less = less_same_type;
        }
    }
    if (in_tuples) {
        /* Tuples within tuples could have items of any kind. */
        s->tuple_less = type == &PyTuple_Type ? less_any : s->less;
        s->less = less_tuple;
    }
}

/* -- Slices ----------------------------------------------------------------------------------- */

static inline void slice_set(Slice to, Py_ssize_t i, Slice from, Py_ssize_t j)
{
    to.keys[i] = from.keys[j];
    if (to.values) {
        to.values[i] = from.values[j];
    }
}

static inline void slice_move(Slice to, Py_ssize_t i, Slice from, Py_ssize_t j, Py_ssize_t n)
{
    memmove(to.keys + i, from.keys + j, (size_t)n * sizeof(PyObject *));
    if (to.values) {
        memmove(to.values + i, from.values + j, (size_t)n * sizeof(PyObject *));
    }
}

static inline Slice slice_at(Slice a, Py_ssize_t i)
{
    return (Slice){a.keys + i, a.values ? a.values + i : NULL};
}

void list_reverse_range(PyObject **items, Py_ssize_t n)
{
    for (Py_ssize_t i = 0, j = n - 1; i < j; i++, j--) {
        PyObject *t = items[i];
        items[i] = items[j];
        items[j] = t;
    }
}

static void slice_reverse(Slice a, Py_ssize_t n)
{
    list_reverse_range(a.keys, n);
    if (a.values) {
        list_reverse_range(a.values, n);
    }
}

/* -- Runs ------------------------------------------------------------------------------------- */

/* Sorts a[0:n), of which a[0:start) is sorted. */
static int insertion_sort(Sort *s, Slice a, Py_ssize_t n, Py_ssize_t start)
{
    for (Py_ssize_t i = start ? start : 1; i < n; i++) {
        Py_ssize_t lo = 0, hi = i;
        PyObject *pivot = a.keys[i];
        while (lo < hi) {
            Py_ssize_t mid = lo + ((hi - lo) >> 1);
            int less = LESS(pivot, a.keys[mid]);
            if (less < 0) {
                return -1;
            }
            if (less) {
                hi = mid;
            } else {
                lo = mid + 1;
            }
        }
        PyObject *value = a.values ? a.values[i] : NULL;
        slice_move(a, lo + 1, a, lo, i - lo);
        a.keys[lo] = pivot;
        if (a.values) {
            a.values[lo] = value;
        }
    }
    return 0;
}

/* Length of the run at the start of a[0:n), -1 on error. */
static Py_ssize_t count_run(Sort *s, Slice a, Py_ssize_t n, bool *descending)
{
    *descending = false;
    if (n < 2) {
        return n;
    }
    int less = LESS(a.keys[1], a.keys[0]);
    if (less < 0) {
        return -1;
    }
    *descending = less;
    Py_ssize_t i;
    for (i = 2; i < n; i++) {
        less = LESS(a.keys[i], a.keys[i - 1]);
        if (less < 0) {
            return -1;
        }
        if ((bool)less != *descending) {
            break;
        }
    }
    return i;
}

/* Between 32 and 64, such that n divided by it is a power of two or a little less. */
static Py_ssize_t minimal_run(Py_ssize_t n)
{
    Py_ssize_t odd = 0;
    while (n >= 64) {
        odd |= n & 1;
        n >>= 1;
    }
    return n + odd;
}

/* -- Galloping -------------------------------------------------------------------------------- */

/* Binary search in a(lo:hi): with `left` the first place whose item is not less than key, else the
   first whose item is greater. */
static Py_ssize_t narrow(Sort *s, PyObject *key, PyObject **a, Py_ssize_t lo, Py_ssize_t hi,
                         bool left)
{
    while (lo < hi) {
        Py_ssize_t mid = lo + ((hi - lo) >> 1);
        int less = left ? LESS(a[mid], key) : LESS(key, a[mid]);
        if (less < 0) {
            return -1;
        }
        if (left == (bool)less) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo;
}

/* Place of `key` in sorted a[0:n), searched from `hint` outwards:
   in front of equal items (left) or behind them. */
static Py_ssize_t gallop(Sort *s, PyObject *key, PyObject **a, Py_ssize_t n, Py_ssize_t hint,
                         bool left)
{
    Py_ssize_t last = 0, ofs = 1;
    int less = left ? LESS(a[hint], key) : LESS(key, a[hint]);
    if (less < 0) {
        return -1;
    }
    if (left == (bool)less) { /* the place is right of hint */
        Py_ssize_t max = n - hint;
        while (ofs < max) {
            less = left ? LESS(a[hint + ofs], key) : LESS(key, a[hint + ofs]);
            if (less < 0) {
                return -1;
            }
            if (left != (bool)less) {
                break;
            }
            last = ofs;
            ofs = ofs > (PY_SSIZE_T_MAX >> 1) ? max : (ofs << 1) + 1;
        }
        ofs = ofs > max ? max : ofs;
        return narrow(s, key, a, hint + last + 1, hint + ofs, left);
    }
    Py_ssize_t max = hint + 1;
    while (ofs < max) {
        less = left ? LESS(a[hint - ofs], key) : LESS(key, a[hint - ofs]);
        if (less < 0) {
            return -1;
        }
        if (left == (bool)less) {
            break;
        }
        last = ofs;
        ofs = ofs > (PY_SSIZE_T_MAX >> 1) ? max : (ofs << 1) + 1;
    }
    ofs = ofs > max ? max : ofs;
    return narrow(s, key, a, hint - ofs + 1, hint - last, left);
}

/* -- Merging ---------------------------------------------------------------------------------- */

static void temp_free(Sort *s)
{
    if (s->temp.keys != s->space) {
        PyMem_Free(s->temp.keys);
    }
}

/* Room for `need` keys (and values). Never copied: between merges the space is empty. */
static int temp_ensure(Sort *s, Py_ssize_t need, bool values)
{
    if (need <= s->temp_size) {
        return 0;
    }
    size_t factor = values ? 2 : 1;
    temp_free(s);
    s->temp.keys = s->space; /* should the allocation fail */
    s->temp_size = 0;
    PyObject **block = (size_t)need > (size_t)PY_SSIZE_T_MAX / sizeof(PyObject *) / factor
                           ? NULL : PyMem_Malloc(factor * (size_t)need * sizeof(PyObject *));
    if (block == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    s->temp = (Slice){block, values ? block + need : NULL};
    s->temp_size = need;
    return 0;
}

/* Merges a[0:na) and the b[0:nb) right behind it, na <= nb; a's first item is greater than b's,
   a's last than all of b.
   t = copy of a   │ i … na │          a + b   │ done … d │ room │ j … nb │
   As many items are left in t as there is room between d and b[j], so nothing is overwritten. One
   by one while both sides win by turns; by galloping once a side won min_gallop times in a row.
   Kept in one piece: the ends are reached from both modes. */
static int merge_low(Sort *s, Slice a, Py_ssize_t na, Slice b, Py_ssize_t nb)
{
    if (temp_ensure(s, na, a.values != NULL) < 0) {
        return -1;
    }
    Slice t = s->temp;
    Py_ssize_t d = 0, i = 0, j = 0, gallop_at = s->min_gallop, k;
    int result = -1, less;
    slice_move(t, 0, a, 0, na);
    slice_set(a, d++, b, j++);
    if (j == nb) {
        goto succeed;
    }
    if (na == 1) {
        goto copy_b;
    }
    for (;;) {
        Py_ssize_t wins_a = 0, wins_b = 0;
        do {
            less = LESS(b.keys[j], t.keys[i]);
            if (less < 0) {
                goto fail;
            }
            if (less) {
                slice_set(a, d++, b, j++);
                wins_b++;
                wins_a = 0;
                if (j == nb) {
                    goto succeed;
                }
            } else {
                slice_set(a, d++, t, i++);
                wins_a++;
                wins_b = 0;
                if (i == na - 1) {
                    goto copy_b;
                }
            }
        } while (wins_a < gallop_at && wins_b < gallop_at);
        gallop_at++;
        do {
            gallop_at -= gallop_at > 1;
            s->min_gallop = gallop_at;
            k = gallop(s, b.keys[j], t.keys + i, na - i, 0, false);
            if (k < 0) {
                goto fail;
            }
            wins_a = k;
            slice_move(a, d, t, i, k);
            d += k;
            i += k;
            if (i == na - 1) {
                goto copy_b;
            }
            if (i == na) { /* only with inconsistent comparisons */
                goto succeed;
            }
            slice_set(a, d++, b, j++);
            if (j == nb) {
                goto succeed;
            }
            k = gallop(s, t.keys[i], b.keys + j, nb - j, 0, true);
            if (k < 0) {
                goto fail;
            }
            wins_b = k;
            slice_move(a, d, b, j, k);
            d += k;
            j += k;
            if (j == nb) {
                goto succeed;
            }
            slice_set(a, d++, t, i++);
            if (i == na - 1) {
                goto copy_b;
            }
        } while (wins_a >= MIN_GALLOP || wins_b >= MIN_GALLOP);
        gallop_at++; /* leaving costs: it was not worth it */
        s->min_gallop = gallop_at;
    }
succeed:
    result = 0;
fail: /* S1 */
    slice_move(a, d, t, i, na - i);
    return result;
copy_b: /* the last item of a belongs behind all of b */
    slice_move(a, d, b, j, nb - j);
    slice_set(a, d + nb - j, t, i);
    return 0;
}

/* The same from the right, for na >= nb. */
static int merge_high(Sort *s, Slice a, Py_ssize_t na, Slice b, Py_ssize_t nb)
{
    if (temp_ensure(s, nb, a.values != NULL) < 0) {
        return -1;
    }
    Slice t = s->temp;
    /* a[0:i] and t[0:j] are to be merged into what ends at a[d]. */
    Py_ssize_t i = na - 1, j = nb - 1, d = na + nb - 1, gallop_at = s->min_gallop, k;
    int result = -1, less;
    slice_move(t, 0, b, 0, nb);
    slice_set(a, d--, a, i--);
    if (i < 0) {
        goto succeed;
    }
    if (nb == 1) {
        goto copy_a;
    }
    for (;;) {
        Py_ssize_t wins_a = 0, wins_b = 0;
        do {
            less = LESS(t.keys[j], a.keys[i]);
            if (less < 0) {
                goto fail;
            }
            if (less) {
                slice_set(a, d--, a, i--);
                wins_a++;
                wins_b = 0;
                if (i < 0) {
                    goto succeed;
                }
            } else {
                slice_set(a, d--, t, j--);
                wins_b++;
                wins_a = 0;
                if (j == 0) {
                    goto copy_a;
                }
            }
        } while (wins_a < gallop_at && wins_b < gallop_at);
        gallop_at++;
        do {
            gallop_at -= gallop_at > 1;
            s->min_gallop = gallop_at;
            k = gallop(s, t.keys[j], a.keys, i + 1, i, false);
            if (k < 0) {
                goto fail;
            }
            wins_a = k = i + 1 - k;
            d -= k;
            i -= k;
            slice_move(a, d + 1, a, i + 1, k);
            if (i < 0) {
                goto succeed;
            }
            slice_set(a, d--, t, j--);
            if (j == 0) {
                goto copy_a;
            }
            k = gallop(s, a.keys[i], t.keys, j + 1, j, true);
            if (k < 0) {
                goto fail;
            }
            wins_b = k = j + 1 - k;
            d -= k;
            j -= k;
            slice_move(a, d + 1, t, j + 1, k);
            if (j == 0) {
                goto copy_a;
            }
            if (j < 0) { /* only with inconsistent comparisons */
                goto succeed;
            }
            slice_set(a, d--, a, i--);
            if (i < 0) {
                goto succeed;
            }
        } while (wins_a >= MIN_GALLOP || wins_b >= MIN_GALLOP);
        gallop_at++;
        s->min_gallop = gallop_at;
    }
succeed:
    result = 0;
fail: /* S1 */
    slice_move(a, d - j, t, 0, j + 1);
    return result;
copy_a: /* the first item of b belongs in front of all that is left of a */
    d -= i + 1;
    slice_move(a, d + 1, a, 0, i + 1);
    slice_set(a, d, t, 0);
    return 0;
}

/* Merges the pending runs i and i+1. */
static int merge_at(Sort *s, int i)
{
    Run *p = s->pending;
    Slice a = p[i].base, b = p[i + 1].base;
    Py_ssize_t na = p[i].len, nb = p[i + 1].len;
    p[i].len = na + nb;
    if (i == s->npending - 3) {
        p[i + 1] = p[i + 2];
    }
    s->npending--;
    Py_ssize_t k = gallop(s, b.keys[0], a.keys, na, 0, false); /* a[0:k) is in place */
    if (k < 0) {
        return -1;
    }
    a = slice_at(a, k);
    na -= k;
    if (na == 0) {
        return 0;
    }
    nb = gallop(s, a.keys[na - 1], b.keys, nb, nb - 1, true); /* b[nb:) is in place */
    if (nb <= 0) {
        return (int)nb;
    }
    return na <= nb ? merge_low(s, a, na, b, nb) : merge_high(s, a, na, b, nb);
}

/* Power of the border between the run at `start` of n1 items and its successor of n2: the number of
   leading binary digits after the point up to which the two middles, as fractions of `total`,
   agree, plus one. */
static int border_power(Py_ssize_t start, Py_ssize_t n1, Py_ssize_t n2, Py_ssize_t total)
{
    Py_ssize_t a = 2 * start + n1, b = a + n1 + n2; /* twice the middles */
    int power = 0;
    for (;;) {
        power++;
        if (a >= total) {
            a -= total;
            b -= total;
        } else if (b >= total) {
            return power;
        }
        a <<= 1;
        b <<= 1;
    }
}

/* Merges what the powers say must come first, then pushes. Powers on the stack grow strictly, so
   it holds no more runs than a size has bits. (Munro & Wild, "Nearly-Optimal Mergesorts", ESA
   2018.) */
static int push_run(Sort *s, Slice base, Py_ssize_t len)
{
    Run *p = s->pending;
    if (s->npending) {
        Run *top = &p[s->npending - 1];
        int power = border_power(top->base.keys - s->base, top->len, len, s->total);
        while (s->npending > 1 && p[s->npending - 2].power > power) {
            if (merge_at(s, s->npending - 2) < 0) {
                return -1;
            }
        }
        p[s->npending - 1].power = power;
    }
    p[s->npending++] = (Run){base, len, 0};
    return 0;
}

/* What is left at the end, shorter neighbour first. */
static int merge_all(Sort *s)
{
    while (s->npending > 1) {
        int i = s->npending - 2;
        if (i > 0 && s->pending[i - 1].len < s->pending[i + 1].len) {
            i--;
        }
        if (merge_at(s, i) < 0) {
            return -1;
        }
    }
    return 0;
}

/* -- The method ------------------------------------------------------------------------------- */

/* Finds runs from left to right, extends short ones, pushes each, and merges the rest. */
static int sort_slice(Sort *s, Slice a, Py_ssize_t n)
{
    s->base = a.keys;
    s->total = n;
    s->min_gallop = MIN_GALLOP;
    s->npending = 0;
    /* The space serves for keys and values when both move. */
    s->temp = (Slice){s->space, a.values ? s->space + TEMP_SIZE / 2 : NULL};
    s->temp_size = a.values ? TEMP_SIZE / 2 : TEMP_SIZE;
    choose_comparison(s, a.keys, n);
    Py_ssize_t least = minimal_run(n);
    int err = 0;
    while (n > 0 && err == 0) {
        bool descending;
        Py_ssize_t run = count_run(s, a, n, &descending);
        if (run < 0) {
            err = -1;
            break;
        }
        if (descending) {
            slice_reverse(a, run);
        }
        if (run < least) {
            Py_ssize_t force = n <= least ? n : least;
            err = insertion_sort(s, a, force, run);
            run = force;
        }
        if (err == 0) {
            err = push_run(s, a, run);
        }
        a = slice_at(a, run);
        n -= run;
    }
    if (err == 0) {
        err = merge_all(s);
    }
    temp_free(s);
    return err;
}

/* keys[i] = keyfunc(items[i]); NULL on error. */
static PyObject **make_keys(PyObject *keyfunc, PyObject **items, Py_ssize_t n)
{
    PyObject **keys = PyMem_Malloc((size_t)n * sizeof(PyObject *));
    if (keys == NULL) {
        return (PyObject **)PyErr_NoMemory();
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        keys[i] = PyObject_CallOneArg(keyfunc, items[i]);
        if (keys[i] == NULL) {
            while (--i >= 0) {
                Py_DECREF(keys[i]);
            }
            PyMem_Free(keys);
            return NULL;
        }
    }
    return keys;
}

/* Keys are made before anything moves, and dropped when everything is in place. */
static int sort_items(PyObject **items, Py_ssize_t n, PyObject *keyfunc, bool reverse)
{
    PyObject **keys = NULL;
    if (n > 0 && keyfunc != NULL && (keys = make_keys(keyfunc, items, n)) == NULL) {
        return -1;
    }
    Slice a = keys ? (Slice){keys, items} : (Slice){items, NULL};
    int err = 0;
    if (n > 1) {
        Sort sort;
        if (reverse) { /* turning around twice keeps equal items in order */
            slice_reverse(a, n);
        }
        err = sort_slice(&sort, a, n);
    }
    if (keys != NULL) {
        for (Py_ssize_t i = 0; i < n; i++) {
            Py_DECREF(keys[i]);
        }
        PyMem_Free(keys);
    }
    if (reverse && n > 1) {
        list_reverse_range(items, n);
    }
    return err;
}

/* S2. ValueError when somebody touched the list meanwhile; its items are then the sorted ones all
   the same, and what was put in is dropped last. */
static int list_sort_impl(PyListObject *self, PyObject *keyfunc, bool reverse)
{
    Py_ssize_t n = Py_SIZE(self), allocated = self->allocated;
    PyObject **items = self->ob_item;
    Py_SET_SIZE(self, 0); /* S2 */
    self->ob_item = NULL;
    self->allocated = -1;
    int err = sort_items(items, n, keyfunc == Py_None ? NULL : keyfunc, reverse);
    if (self->allocated != -1 && err == 0) {
        PyErr_SetString(PyExc_ValueError, "list modified during sort");
        err = -1;
    }
    PyObject **stray = self->ob_item;
    Py_ssize_t nstray = Py_SIZE(self);
    Py_SET_SIZE(self, n);
    self->ob_item = items;
    self->allocated = allocated;
    if (stray != NULL) {
        while (--nstray >= 0) {
            Py_XDECREF(stray[nstray]);
        }
        PyMem_Free(stray);
    }
    return err;
}

PyObject *list_sort(PyObject *self, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    PyObject *key = Py_None;
    int reverse = 0;
    if (nargs > 0) {
        PyErr_SetString(PyExc_TypeError, "sort() takes no positional arguments");
        return NULL;
    }
    for (Py_ssize_t i = 0, n = kwnames ? PyTuple_GET_SIZE(kwnames) : 0; i < n; i++) {
        PyObject *name = PyTuple_GET_ITEM(kwnames, i);
        if (_PyUnicode_EqualToASCIIString(name, "key")) {
            key = args[i];
        } else if (_PyUnicode_EqualToASCIIString(name, "reverse")) {
            reverse = _PyLong_AsInt(args[i]);
            if (reverse == -1 && PyErr_Occurred()) {
                return NULL;
            }
        } else {
            PyErr_Format(PyExc_TypeError, "'%S' is an invalid keyword argument for sort()", name);
            return NULL;
        }
    }
    if (list_sort_impl((PyListObject *)self, key, reverse != 0) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

int PyList_Sort(PyObject *v)
{
    if (v == NULL || !PyList_Check(v)) {
        PyErr_BadInternalCall();
        return -1;
    }
    return list_sort_impl((PyListObject *)v, NULL, false);
}
