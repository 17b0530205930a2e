/* SPDX-License-Identifier: MIT
 *
 * Allocation traces (module _tracemalloc). `tracing` is 0 unless somebody started it.
 */
#ifndef VITRO_TRACEMALLOC_H
#define VITRO_TRACEMALLOC_H

#include "vitro.h"

struct _PyTraceMalloc_Config {
    enum {
        TRACEMALLOC_NOT_INITIALIZED,
        TRACEMALLOC_INITIALIZED,
        TRACEMALLOC_FINALIZED,
    } initialized;
    int tracing;
    int max_nframe;
};

extern EXPORT struct _PyTraceMalloc_Config _Py_tracemalloc_config;

#define TRACEMALLOC_MAX_NFRAME UINT16_MAX

/* A block from a free list became a new object: its trace is renewed. */
void tracemalloc_new_reference(PyObject *op);

/* Start and stop hooking the three memory domains. */
int tracemalloc_start(int max_nframe);
void tracemalloc_stop(void);
void tracemalloc_clear_traces(void);
void tracemalloc_reset_peak(void);
void tracemalloc_traced_memory(size_t *current, size_t *peak);
size_t tracemalloc_own_memory(void);
/* [(domain, size, ((filename, lineno), …), total number of frames), …] */
PyObject *tracemalloc_get_traces(void);
/* What all blocks with the same traceback have in common; NULL: not traced. */
const void *tracemalloc_traceback_of(const void *block);
/* Prints where the block at p was allocated, for the debug hooks. */
void tracemalloc_dump(FILE *out, const void *p);

int _PyTraceMalloc_Init(int max_nframe);
void _PyTraceMalloc_Fini(void);

#endif
