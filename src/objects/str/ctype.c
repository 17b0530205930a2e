/* SPDX-License-Identifier: MIT
 *
 * Facts about single code points: predicates, case mappings, digits and numeric values, from the
 * tables that tools/unicode_tables.pl writes into the build directory.
 *
 * A code point's record number is type_data[type_index[c >> 7] * 128 + (c & 127)]; about 400
 * records serve all of Unicode, because case mappings are stored as differences.
 */
#include "str_impl.h"
#include "unicode_types.h"

const unsigned char _Py_ascii_whitespace[128] = {
    [9] = 1,  [10] = 1, [11] = 1, [12] = 1, [13] = 1,
    [28] = 1, [29] = 1, [30] = 1, [31] = 1, [32] = 1,
};

static inline const TypeRecord *record(Py_UCS4 c)
{
    if (UNLIKELY(c > MAX_UNICODE))
        return &type_records[type_data[(type_index[MAX_UNICODE >> type_SHIFT] << type_SHIFT)
                                       + 127]];
    return &type_records[type_data[(type_index[c >> type_SHIFT] << type_SHIFT)
                                   + (c & ((1 << type_SHIFT) - 1))]];
}

#define PREDICATE(name, flag) \
    int name(Py_UCS4 c) { return (record(c)->flags & (flag)) != 0; }
PREDICATE(_PyUnicode_IsLowercase, CT_LOWER)
PREDICATE(_PyUnicode_IsUppercase, CT_UPPER)
PREDICATE(_PyUnicode_IsTitlecase, CT_TITLE)
PREDICATE(_PyUnicode_IsXidStart, CT_XID_START)
PREDICATE(_PyUnicode_IsXidContinue, CT_XID_CONTINUE)
PREDICATE(_PyUnicode_IsPrintable, CT_PRINTABLE)
PREDICATE(_PyUnicode_IsAlpha, CT_ALPHA)
PREDICATE(_PyUnicode_IsNumeric, CT_NUMERIC)
PREDICATE(_PyUnicode_IsCased, CT_CASED)
PREDICATE(_PyUnicode_IsCaseIgnorable, CT_CASE_IGNORABLE)
PREDICATE(_PyUnicode_IsWhitespace, CT_SPACE)
PREDICATE(_PyUnicode_IsLinebreak, CT_LINEBREAK)
PREDICATE(_PyUnicode_IsDecimalDigit, CT_DECIMAL)
PREDICATE(_PyUnicode_IsDigit, CT_DIGIT)

/* The full mapping number 'which' (lower, title, upper,
   folded) of a record; at most three code points. */
static int full_mapping(const TypeRecord *r, int which, Py_UCS4 *out)
{
    const uint32_t *p = type_full + r->full;
    while (which-- > 0)
        p += *p + 1;
    int n = (int)*p++;
    for (int i = 0; i < n; i++)
        out[i] = p[i];
    return n;
}

#define FULL(name, which, simple) \
    int name(Py_UCS4 c, Py_UCS4 *res) \
    { \
        const TypeRecord *r = record(c); \
        if (UNLIKELY(r->full)) \
            return full_mapping(r, which, res); \
        res[0] = c + r->simple; \
        return 1; \
    }
FULL(_PyUnicode_ToLowerFull, 0, lower)
FULL(_PyUnicode_ToTitleFull, 1, title)
FULL(_PyUnicode_ToUpperFull, 2, upper)
FULL(_PyUnicode_ToFoldedFull, 3, lower)

/* Where the full mapping is longer, 3.11's simple functions give its first code point. */
#define SIMPLE(name, which, simple) \
    Py_UCS4 name(Py_UCS4 c) \
    { \
        const TypeRecord *r = record(c); \
        Py_UCS4 out[3]; \
        if (LIKELY(!r->full)) \
            return c + r->simple; \
        full_mapping(r, which, out); \
        return out[0]; \
    }
SIMPLE(_PyUnicode_ToLowercase, 0, lower)
SIMPLE(_PyUnicode_ToTitlecase, 1, title)
SIMPLE(_PyUnicode_ToUppercase, 2, upper)

int _PyUnicode_ToDecimalDigit(Py_UCS4 c)
{
    const TypeRecord *r = record(c);
    return r->flags & CT_DECIMAL ? r->decimal : -1;
}

int _PyUnicode_ToDigit(Py_UCS4 c)
{
    const TypeRecord *r = record(c);
    return r->flags & CT_DIGIT ? r->digit : -1;
}

double _PyUnicode_ToNumeric(Py_UCS4 c)
{
    if (!(record(c)->flags & CT_NUMERIC))
        return -1.0;
    size_t low = 0, high = COUNT_OF(numeric_code);
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (numeric_code[mid] < c)
            low = mid + 1;
        else
            high = mid;
    }
    return numeric_value[low];
}
