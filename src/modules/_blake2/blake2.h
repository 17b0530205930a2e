/* SPDX-License-Identifier: MIT
 *
 * BLAKE2 (RFC 7693) for one size of word: included twice, by blake2b.c and blake2s.c.
 *
 * The includer defines NAME(x), WORD (the type), ROUNDS and ROTATIONS (a list of four). A block is
 * 16 words. The last block is compressed with another flag, so a full block waits until more data
 * comes. A hash starts from the initial words xored with the parameter block, 8 words whose layout
 * for trees section 2.8 leaves to the BLAKE2 paper.
 */
#ifndef BLAKE2_API
#define BLAKE2_API

#include "modules/hashing.h"

#define BLAKE2_STATE(word) \
    struct { \
        word h[8];                        /* chained value */ \
        word count[2];                    /* bytes compressed, low word first */ \
        unsigned char block[16 * sizeof(word)]; \
        unsigned fill;                    /* bytes in block */ \
        unsigned char size;               /* of the digest in bytes */ \
        unsigned char last_node;          /* the rightmost node of its level in a tree */ \
    }
typedef BLAKE2_STATE(uint64_t) Blake2bState;
typedef BLAKE2_STATE(uint32_t) Blake2sState;

extern void blake2b_start(void *state, const unsigned char *parameters);
extern void blake2b_feed(void *state, const unsigned char *from, size_t n);
extern void blake2b_finish(void *state, unsigned char *to);
extern void blake2s_start(void *state, const unsigned char *parameters);
extern void blake2s_feed(void *state, const unsigned char *from, size_t n);
extern void blake2s_finish(void *state, unsigned char *to);

#endif

#ifdef WORD

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "words are read from and written to bytes in their little-endian order"
#endif

/* Which word of the message each half step of a round takes; after ten rounds the rows repeat. */
static const unsigned char sigma[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};
static const unsigned char rotations[4] = ROTATIONS;

static inline WORD rotate(WORD x, int n) { return x >> n | x << (8 * (int)sizeof x - n); }

/* One column or diagonal of the 4x4 words. */
static inline void mix(WORD *a, WORD *b, WORD *c, WORD *d, WORD x, WORD y)
{
    *a += *b + x;
    *d = rotate(*d ^ *a, rotations[0]);
    *c += *d;
    *b = rotate(*b ^ *c, rotations[1]);
    *a += *b + y;
    *d = rotate(*d ^ *a, rotations[2]);
    *c += *d;
    *b = rotate(*b ^ *c, rotations[3]);
}

/* The rounds are unrolled: places in the message become constants and the 16 words registers, which
   doubles the speed. */
static void compress(NAME(State) *state, const unsigned char *block, bool last)
{
    WORD v[16], m[16];
    memcpy(m, block, sizeof m);
    for (int i = 0; i < 8; i++)
        v[i] = state->h[i], v[i + 8] = initial[i];
    v[12] ^= state->count[0];
    v[13] ^= state->count[1];
    if (last)
        v[14] = ~v[14];
    if (last && state->last_node)
        v[15] = ~v[15];
    #pragma GCC unroll 12
    for (int round = 0; round < ROUNDS; round++) {
        const unsigned char *s = sigma[round % 10];
        #pragma GCC unroll 4
        for (int i = 0; i < 4; i++)
            mix(&v[i], &v[4 + i], &v[8 + i], &v[12 + i], m[s[2 * i]], m[s[2 * i + 1]]);
        #pragma GCC unroll 4
        for (int i = 0; i < 4; i++)
            mix(&v[i], &v[4 + (i + 1) % 4], &v[8 + (i + 2) % 4], &v[12 + (i + 3) % 4],
                m[s[8 + 2 * i]], m[s[9 + 2 * i]]);
    }
    for (int i = 0; i < 8; i++)
        state->h[i] ^= v[i] ^ v[i + 8];
}

static void count(NAME(State) *state, unsigned n)
{
    state->count[0] += n;
    state->count[1] += state->count[0] < n;
}

/* `parameters`: the parameter block, of 8 words, whose first byte is the size of the digest. */
void NAME(_start)(void *hash, const unsigned char *parameters)
{
    NAME(State) *state = hash;
    WORD words[8];
    memcpy(words, parameters, sizeof words);
    memset(state, 0, sizeof *state);
    for (int i = 0; i < 8; i++)
        state->h[i] = initial[i] ^ words[i];
    state->size = parameters[0];
}

void NAME(_feed)(void *hash, const unsigned char *from, size_t n)
{
    NAME(State) *state = hash;
    const unsigned size = sizeof state->block;
    if (n > size - state->fill) {
        unsigned part = size - state->fill;
        memcpy(state->block + state->fill, from, part);
        count(state, size);
        compress(state, state->block, false);
        state->fill = 0;
        from += part;
        n -= part;
        for (; n > size; n -= size, from += size) {
            count(state, size);
            compress(state, from, false);
        }
    }
    if (n)
        memcpy(state->block + state->fill, from, n);
    state->fill += (unsigned)n;
}

/* Writes the digest and leaves a state that is of no more use. */
void NAME(_finish)(void *hash, unsigned char *to)
{
    NAME(State) *state = hash;
    memset(state->block + state->fill, 0, sizeof state->block - state->fill);
    count(state, state->fill);
    compress(state, state->block, true);
    memcpy(to, state->h, state->size);
}

#endif
