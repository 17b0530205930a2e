/* SPDX-License-Identifier: MIT
 *
 * Blocks about to be freed because their contents moved into larger ones. All of it needs the lock.
 */
#ifndef VITRO_OUTGROWN_H
#define VITRO_OUTGROWN_H

#include "vitro.h"

/* Blocks up to this size are the C library's own to keep when freed (program.c), larger ones go back
   to the system. */
enum { MEM_KEPT = 8 << 20 };

extern size_t mem_outgrown_max; /* the largest block whose pages were given back */
void mem_outgrown_slow(void *block, size_t size);

/* What the block holds from its second page on is garbage afterwards; the caller frees it. */
static inline void mem_outgrown(void *block, size_t size)
{
    if (UNLIKELY(size > mem_outgrown_max)) {
        mem_outgrown_slow(block, size);
    }
}

/* PyMem_RawRealloc; but when the block becomes too large to be kept, the one it leaves is outgrown. */
void *mem_realloc_large(void *block, size_t size);

#endif
