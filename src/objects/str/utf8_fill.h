/* SPDX-License-Identifier: MIT
 *
 * Filling a string of one character type from UTF-8: define CH and FN(name), then include. See
 * utf8.c.
 */

typedef CH FN(Widened) __attribute__((vector_size(BLOCK_BYTES * sizeof(CH)), aligned(sizeof(CH)),
                                      may_alias));

/* One sequence that does not begin below 0x80. NULL: a misfit. */
static const uint8_t *FN(take)(CH *out, const uint8_t *p, const uint8_t *end)
{
    uint8_t c = *p;
    if (c < 0xe0) {
        if (c < 0xc2 || end - p < 2 || !is_cont(p[1]))
            return NULL;
        *out = (CH)((c & 0x1f) << 6 | (p[1] & 0x3f));
        return p + 2;
    }
    if (sizeof(CH) == 1)
        return NULL;
    if (c < 0xf0) {
        if (end - p < 3 || !is_cont(p[1]) || !is_cont(p[2]))
            return NULL;
        Py_UCS4 v = (Py_UCS4)(c & 0x0f) << 12 | (p[1] & 0x3f) << 6 | (p[2] & 0x3f);
        *out = (CH)v;
        return v < 0x800 || (v & 0xf800) == 0xd800 ? NULL : p + 3;
    }
    Py_UCS4 v = 0;
    int good, len = sizeof(CH) == 2 ? SEQ_START : decode_one(p, end, &v, &good);
    if (len < 0)
        return NULL;
    *out = (CH)v;
    return p + len;
}

/* A character takes one byte that is no continuation, so `out` cannot run over what was counted. */
static bool FN(fill)(CH *out, Py_ssize_t n, const uint8_t *p, const uint8_t *end)
{
    CH *full = out + n;
    while (p < end) {
        if (*p >= 0x80) {
            /* Four bytes in a word: most sequences are checked and decoded as one number. */
            uint32_t w = end - p >= 4 ? little32(p) : 0;
            if ((w & 0xc0e0) == 0x80c0 && (w & 0x1e)) {
                *out++ = (CH)((w & 0x1f) << 6 | (w >> 8 & 0x3f));
                p += 2;
                continue;
            }
            uint32_t v = (w & 0x0f) << 12 | (w >> 2 & 0xfc0) | (w >> 16 & 0x3f);
            if (sizeof(CH) > 1 && (w & 0xc0c0f0) == 0x8080e0 && v >= 0x800
                && (v & 0xf800) != 0xd800) {
                *out++ = (CH)v;
                p += 3;
                continue;
            }
            if (!(p = FN(take)(out, p, end)))
                return false;
            out++;
        }
        else if (full - out >= BLOCK_BYTES && end - p >= BLOCK_BYTES && p[1] < 0x80) {
            ByteBlock b = *(const ByteBlock *)p;
            uint32_t high = bits_of((BlockBits)b);
            *(FN(Widened) *)out = __builtin_convertvector(b, FN(Widened));
            int run = high ? __builtin_ctz(high) : BLOCK_BYTES; /* the rest is overwritten */
            out += run;
            p += run;
        }
        else {
            *out++ = *p++;
        }
    }
    assert(out == full);
    return true;
}

#undef CH
#undef FN
