/* SPDX-License-Identifier: MIT
 *
 * Room on the C stack. Objects may nest deeper than the stack reaches: iterators over iterators,
 * tuples in tuples, deallocations of either. Who goes one level down asks first.
 *
 *   lowest address | no calls | no iterators, no hashes | deallocate flat | …  <- stack pointer
 *
 * The zones are equally wide. A stack that is not the thread's own (a coroutine library's) lies
 * outside and is never refused.
 */
#ifndef VITRO_CSTACK_H
#define VITRO_CSTACK_H

#include "vitro.h"

/* What raising an error may use, or code that a finaliser runs. */
#ifdef __SANITIZE_ADDRESS__
#define CSTACK_ROOM ((uintptr_t)512 << 10)
#define CSTACK_LEAST ((uintptr_t)64 << 10)
#else
#define CSTACK_ROOM ((uintptr_t)128 << 10)
#define CSTACK_LEAST ((uintptr_t)12 << 10)
#endif

/* Lowest usable address of this thread's stack and the width of a zone; 0 where they are not
   known. A small stack's zone is a ninth of it, but no narrower than an error needs: CSTACK_LEAST
   or, where that would be too much, a fifth. */
struct cstack {
    uintptr_t bottom, room;
};
extern __thread struct cstack cstack __attribute__((tls_model("initial-exec")));

static ALWAYS_INLINE uintptr_t cstack_left(void)
{
    return (uintptr_t)__builtin_frame_address(0) - cstack.bottom;
}

/* Too little for a call, for a step down a chain of objects, for nested deallocation. */
static ALWAYS_INLINE bool cstack_low(void) { return UNLIKELY(cstack_left() < cstack.room); }
static ALWAYS_INLINE bool cstack_short(void) { return UNLIKELY(cstack_left() < 2 * cstack.room); }
static ALWAYS_INLINE bool cstack_scarce(void) { return UNLIKELY(cstack_left() < 3 * cstack.room); }

void cstack_note(void); /* finds the stack of the calling thread, once */

/* src/vm/api.c: RecursionError, -1; 0 while such an error is made, which may use the last room. */
int cstack_refuse(const char *where);

/* May what has no budget of its own go one level down? Otherwise RecursionError. */
static ALWAYS_INLINE bool cstack_allows(const char *where)
{
    return !cstack_short() || cstack_refuse(where) == 0;
}

/* A step of an iterator that may be one over others. */
static inline PyObject *cstack_iter_next(PyObject *it)
{
    return cstack_allows(" in an iterator") ? Py_TYPE(it)->tp_iternext(it) : NULL;
}

#endif
