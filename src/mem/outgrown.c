/* SPDX-License-Identifier: MIT
 *
 * Tables that grew. main tells the C library to keep what is freed (program.c), but a table that
 * moved to one twice as large leaves a gap which no later table of its growth fits into: all the
 * gaps together would be as large as the last table. So the pages of a large one go back before its
 * block is freed. Only the first of each size: where tables grow like that again, the gaps are
 * filled again, and a page fault for every 4 KiB would be the dearer part.
 */
#include "mem/outgrown.h"
#include "mem/domains.h"

#include <malloc.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE ((uintptr_t)4096)

size_t mem_outgrown_max = 256 << 10;

void mem_outgrown_slow(void *block, size_t size)
{
    /* not the first: a header of the table may still be read */
    uintptr_t start = ((uintptr_t)block + PAGE) & ~(PAGE - 1);
    uintptr_t end = ((uintptr_t)block + size) & ~(PAGE - 1);
    madvise((void *)start, end - start, MADV_DONTNEED);
    mem_outgrown_max = size;
}

/* Mappings lie above the heap. The block's size is known only if no hook stands in front of the C
   library. */
void *mem_realloc_large(void *block, size_t size)
{
    size_t old;
    if (LIKELY(size <= MEM_KEPT) || !mem_raw_is_libc() || (char *)block >= (char *)sbrk(0)
        || (old = malloc_usable_size(block)) <= mem_outgrown_max || old >= size) {
        return PyMem_RawRealloc(block, size);
    }
    void *moved = PyMem_RawMalloc(size);
    if (moved != NULL) {
        memcpy(moved, block, old);
        mem_outgrown(block, old);
        PyMem_RawFree(block);
    }
    return moved;
}
