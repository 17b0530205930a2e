/* SPDX-License-Identifier: MIT
 *
 * BLAKE2b: words of 64 bits. The initial words are those of SHA-512.
 */
#include "vitro.h"

#define NAME(x) Blake2b##x
#define Blake2b_start blake2b_start
#define Blake2b_feed blake2b_feed
#define Blake2b_finish blake2b_finish
#define WORD uint64_t
#define ROUNDS 12
#define ROTATIONS {32, 24, 16, 63}

static const uint64_t initial[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

#include "blake2.h"
