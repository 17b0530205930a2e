/* SPDX-License-Identifier: MIT
 *
 * Names of characters, both ways.
 *
 * A stored name is a row of word numbers (one byte below 128, else two, first with its high bit
 * set; 255 ends it) into a lexicon sorted by frequency. name_hash finds the place of a name by
 * FNV-1a with linear probing; candidates are compared by writing their name out. Names that end in
 * their own number, and Hangul syllables, are computed.
 */
#include "modules/unicodedata.h"
#include <string.h>
#include "unicode_names.h"

/* -- Names by rule --------------------------------------------------------------------------- */

static const struct { Py_UCS4 first, last; const char *prefix; bool exact_case; } numbered[] = {
    { 0x3400, 0x4dbf, "CJK UNIFIED IDEOGRAPH-", true },
    { 0x4e00, 0x9fff, "CJK UNIFIED IDEOGRAPH-", true },
    { 0x20000, 0x2a6df, "CJK UNIFIED IDEOGRAPH-", true },
    { 0x2a700, 0x2b738, "CJK UNIFIED IDEOGRAPH-", true },
    { 0x2b740, 0x2b81d, "CJK UNIFIED IDEOGRAPH-", true },
    { 0x2b820, 0x2cea1, "CJK UNIFIED IDEOGRAPH-", true },
    { 0x2ceb0, 0x2ebe0, "CJK UNIFIED IDEOGRAPH-", true },
    { 0x30000, 0x3134a, "CJK UNIFIED IDEOGRAPH-", true },
    { 0xf900, 0xfa6d, "CJK COMPATIBILITY IDEOGRAPH-", false },
    { 0xfa70, 0xfad9, "CJK COMPATIBILITY IDEOGRAPH-", false },
    { 0x2f800, 0x2fa1d, "CJK COMPATIBILITY IDEOGRAPH-", false },
    { 0x18b00, 0x18cd5, "KHITAN SMALL SCRIPT CHARACTER-", false },
    { 0x1b170, 0x1b2fb, "NUSHU CHARACTER-", false },
};

enum {
    S_BASE = 0xac00,
    L_COUNT = 19,
    V_COUNT = 21,
    T_COUNT = 28,
    S_COUNT = L_COUNT * V_COUNT * T_COUNT
};
static const char syllable_prefix[] = "HANGUL SYLLABLE ";
static const char *const jamo_l[L_COUNT] = {"G",  "GG", "N", "D",  "DD", "R", "M", "B", "BB", "S",
                                            "SS", "",   "J", "JJ", "C",  "K", "T", "P", "H"};
static const char *const jamo_v[V_COUNT] = {"A",   "AE", "YA", "YAE", "EO", "E",  "YEO",
                                            "YE",  "O",  "WA", "WAE", "OE", "YO", "U",
                                            "WEO", "WE", "WI", "YU",  "EU", "YI", "I"};
static const char *const jamo_t[T_COUNT] = {
    "",   "G",  "GG", "GS", "N",  "NJ", "NH", "D",  "L", "LG", "LM", "LB", "LS", "LT",
    "LP", "LH", "M",  "B",  "BS", "S",  "SS", "NG", "J", "C",  "K",  "T",  "P",  "H"};

static int copy_name(char *buffer, int size, const char *name)
{
    if ((int)strlen(name) >= size)
        return 0;
    strcpy(buffer, name);
    return 1;
}

/* 1 written, 0 not by rule, -1 does not fit. */
static int name_by_rule(Py_UCS4 c, char *buffer, int size)
{
    char text[64];
    if (c >= S_BASE && c < S_BASE + S_COUNT) {
        int s = (int)(c - S_BASE);
        snprintf(text, sizeof text, "%s%s%s%s", syllable_prefix, jamo_l[s / (V_COUNT * T_COUNT)],
                 jamo_v[s / T_COUNT % V_COUNT], jamo_t[s % T_COUNT]);
        return copy_name(buffer, size, text) ? 1 : -1;
    }
    for (size_t i = 0; i < COUNT_OF(numbered); i++)
        if (c >= numbered[i].first && c <= numbered[i].last) {
            snprintf(text, sizeof text, "%s%X", numbered[i].prefix, c);
            return copy_name(buffer, size, text) ? 1 : -1;
        }
    return 0;
}

/* Longest of the parts that name begins with, from *at on: its number, or -1. */
static int longest_part(const char *const *parts, int count, const char *name, int n, int *at)
{
    int best = -1, best_len = -1;
    for (int i = 0; i < count; i++) {
        int len = (int)strlen(parts[i]);
        if (len > best_len && len <= n - *at && memcmp(parts[i], name + *at, len) == 0) {
            best = i;
            best_len = len;
        }
    }
    if (best >= 0)
        *at += best_len;
    return best;
}

static int syllable_code(const char *name, int n, Py_UCS4 *code)
{
    int at = (int)sizeof syllable_prefix - 1;
    int l = longest_part(jamo_l, L_COUNT, name, n, &at);
    int v = longest_part(jamo_v, V_COUNT, name, n, &at);
    int t = longest_part(jamo_t, T_COUNT, name, n, &at);
    if (l < 0 || v < 0 || t < 0 || at != n)
        return 0;
    *code = S_BASE + (Py_UCS4)((l * V_COUNT + v) * T_COUNT + t);
    return 1;
}

static bool starts_with(const char *name, int n, const char *prefix, bool exact)
{
    int m = (int)strlen(prefix);
    return n > m && (exact ? memcmp(name, prefix, m) == 0 : PyOS_strnicmp(name, prefix, m) == 0);
}

/* Four or five digits behind a prefix. */
static int numbered_code(const char *name, int n, Py_UCS4 *code)
{
    for (size_t i = 0; i < COUNT_OF(numbered); i++) {
        bool exact = numbered[i].exact_case;
        if (!starts_with(name, n, numbered[i].prefix, exact))
            continue;
        int m = (int)strlen(numbered[i].prefix);
        Py_UCS4 v = 0;
        if (n - m != 4 && n - m != 5)
            return 0;
        for (const char *p = name + m; p < name + n; p++) {
            char c = exact ? *p : (char)Py_TOUPPER(*p);
            if (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'F'))
                return 0;
            v = v << 4 | (Py_UCS4)(c <= '9' ? c - '0' : c - 'A' + 10);
        }
        if (v < numbered[i].first || v > numbered[i].last ||
            (!exact && (n - m == 5) != (v > 0xffff)))
            continue;
        *code = v;
        return 1;
    }
    return 0;
}

/* -- Stored names ---------------------------------------------------------------------------- */

static int stored_name(size_t place, char *buffer, int size)
{
    const uint8_t *p = name_bytes + name_offset[place];
    int n = 0;
    for (; *p != 255; p++) {
        unsigned word = *p < 128 ? *p : (*p & 127u) << 8 | p[1];
        if (*p >= 128)
            p++;
        int len = (int)(name_word_offset[word + 1] - name_word_offset[word]);
        if (n + len + 2 > size)
            return 0;
        if (n)
            buffer[n++] = ' ';
        memcpy(buffer + n, name_lexicon + name_word_offset[word], len);
        n += len;
    }
    if (n >= size)
        return 0;
    buffer[n] = 0;
    return 1;
}

int ucn_name(Py_UCS4 c, char *buffer, int size)
{
    int r = name_by_rule(c, buffer, size);
    if (r)
        return r > 0;
    size_t low = 0, high = COUNT_OF(name_code);
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (name_code[mid] < c)
            low = mid + 1;
        else
            high = mid;
    }
    return low < COUNT_OF(name_code) && name_code[low] == c && stored_name(low, buffer, size);
}

static int stored_code(const char *upper, int n, Py_UCS4 *code)
{
    uint32_t h = 2166136261u;
    for (int i = 0; i < n; i++)
        h = (h ^ (unsigned char)upper[i]) * 16777619u;
    char found[256];
    for (h &= NAME_HASH_SLOTS - 1; name_hash[h]; h = (h + 1) & (NAME_HASH_SLOTS - 1)) {
        size_t place = name_hash[h] - 1u;
        if (stored_name(place, found, sizeof found) && strcmp(found, upper) == 0) {
            *code = name_code[place];
            return 1;
        }
    }
    return 0;
}

static int alias_code(const char *upper, Py_UCS4 *code)
{
    size_t low = 0, high = COUNT_OF(name_aliases);
    while (low < high) {
        size_t mid = (low + high) / 2;
        int c = strcmp(name_aliases[mid].name, upper);
        if (c == 0) {
            *code = name_aliases[mid].code;
            return 1;
        }
        if (c < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return 0;
}

static int sequence_codes(const char *upper, Py_UCS4 *code)
{
    for (size_t i = 0; i < COUNT_OF(named_sequences); i++)
        if (strcmp(named_sequences[i].name, upper) == 0) {
            for (int k = 0; k < named_sequences[i].n; k++)
                code[k] = named_sequences[i].code[k];
            return named_sequences[i].n;
        }
    return 0;
}

int ucn_lookup(const char *name, int n, Py_UCS4 *code, enum ucn_scope scope)
{
    char upper[257];
    if (n >= (int)sizeof syllable_prefix - 1 &&
        memcmp(name, syllable_prefix, sizeof syllable_prefix - 1) == 0)
        return syllable_code(name, n, code);
    if (numbered_code(name, n, code))
        return 1;
    if (n > 256)
        return 0;
    for (int i = 0; i < n; i++)
        upper[i] = (char)Py_TOUPPER(name[i]);
    upper[n] = 0;
    if (n == 0 || (int)strlen(upper) != n)
        return 0;
    if (stored_code(upper, n, code) || (scope >= UCN_ALIASES && alias_code(upper, code)))
        return 1;
    return scope == UCN_SEQUENCES ? sequence_codes(upper, code) : 0;
}
