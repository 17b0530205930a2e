/* SPDX-License-Identifier: MIT
 *
 * BLAKE2s: words of 32 bits. The initial words are those of SHA-256.
 */
#include "vitro.h"

#define NAME(x) Blake2s##x
#define Blake2s_start blake2s_start
#define Blake2s_feed blake2s_feed
#define Blake2s_finish blake2s_finish
#define WORD uint32_t
#define ROUNDS 10
#define ROTATIONS {16, 12, 8, 7}

static const uint32_t initial[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

#include "blake2.h"
