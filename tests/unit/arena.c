/* SPDX-License-Identifier: MIT
 *
 * The arena of a tree: I1 (zeroed, aligned, stays) and I2 (large requests) of src/ast/arena.c, and owned objects.
 */
#include "ast/ast.h"
#include "unit.h"

static void blocks_are_zeroed_aligned_and_apart(void)
{
    enum { N = 5000 };
    static unsigned char *block[N];
    static size_t size[N];
    uint64_t state = 1;
    Arena *arena = arena_new();
    for (int i = 0; i < N; i++) {
        size[i] = 1 + unit_random(&state) % (i % 100 == 0 ? 100000 : 200);
        block[i] = arena_alloc(arena, size[i]);
        CHECK(block[i] != NULL && (uintptr_t)block[i] % 8 == 0);
        size_t set = 0;
        for (size_t k = 0; k < size[i]; k++) {
            set += block[i][k] != 0;
        }
        CHECK_EQ(set, 0);
        memset(block[i], i & 255, size[i]);
    }
    for (int i = 0; i < N; i++) { /* nothing that came later wrote into it */
        size_t other = 0;
        for (size_t k = 0; k < size[i]; k++) {
            other += block[i][k] != (i & 255);
        }
        CHECK_EQ(other, 0);
    }
    arena_free(arena);
}

static void sequences_know_their_length(void)
{
    Arena *arena = arena_new();
    expr_seq *seq = seq_new(expr, arena, 3);
    CHECK_EQ(seq_len(seq), 3);
    CHECK(seq->at[0] == NULL && seq->at[2] == NULL);
    CHECK_EQ(seq_len(seq_new(expr, arena, 0)), 0);
    arena_free(arena);
}

static void impossible_sizes_raise(void)
{
    Arena *arena = arena_new();
    CHECK(arena_alloc(arena, (size_t)PY_SSIZE_T_MAX - 64) == NULL);
    CHECK(PyErr_ExceptionMatches(PyExc_MemoryError));
    PyErr_Clear();
    CHECK(seq_new(expr, arena, PY_SSIZE_T_MAX / 4) == NULL);
    CHECK(PyErr_ExceptionMatches(PyExc_MemoryError));
    PyErr_Clear();
    CHECK(arena_alloc(arena, 8) != NULL);
    arena_free(arena);
}

static void objects_live_as_long_as_the_arena(void)
{
    PyObject *obj = PyList_New(0);
    Arena *arena = arena_new();
    for (int i = 0; i < 1000; i++) {
        CHECK_EQ(arena_add_object(arena, Py_NewRef(obj)), 0);
    }
    CHECK_EQ(Py_REFCNT(obj), 1001);
    arena_free(arena);
    CHECK_EQ(Py_REFCNT(obj), 1);
    Py_DECREF(obj);
    arena_free(NULL);
}

TESTS(unit_start_interpreter, blocks_are_zeroed_aligned_and_apart, sequences_know_their_length,
      impossible_sizes_raise, objects_live_as_long_as_the_arena)
