/* SPDX-License-Identifier: MIT
 *
 * The executable: everything else is a library.
 */
#include "mem/outgrown.h"
#include <stdlib.h>

/* Freed memory is kept for the next tables, since every 4 KiB taken from the system anew cost a
   page fault. glibc raises its limits to what it saw freed and on, so it is shown a block of that
   size; mallopt would fix them, and memory of larger blocks would then go back each time. A user's
   own settings stand: with them glibc does not learn. */
static void tune_malloc(void)
{
    void *volatile block = malloc(MEM_KEPT);
    free(block);
}

#ifdef __SANITIZE_ADDRESS__
/* Blocks that live until exit are no finding, and a request too
   large for the machine is answered, as malloc does. */
const char *__asan_default_options(void);
__attribute__((visibility("default"))) const char *__asan_default_options(void)
{
    return "detect_leaks=0:allocator_may_return_null=1";
}
#endif

/* A use after free shows only where each block is malloc's own:
   ASan builds have no pools unless they are asked for. */
extern EXPORT int _PyMem_SetupAllocators(PyMemAllocatorName allocator);
static void choose_allocator(void)
{
#ifdef __SANITIZE_ADDRESS__
    _PyMem_SetupAllocators(PYMEM_ALLOCATOR_MALLOC);
#endif
}

int main(int argc, char **argv)
{
    choose_allocator();
    tune_malloc();
    return Py_BytesMain(argc, argv);
}
