/* SPDX-License-Identifier: MIT
 *
 * The arena: memory and objects that live exactly as long as one tree.
 *
 *     Arena -> Chunk (newest) -> Chunk -> ... -> Chunk (oldest)
 *              [head | used bytes ........ | free ]
 *     objects: a growing C array of strong references
 *
 * I1  Every block is zeroed and 8-byte aligned; nothing is freed before the whole arena is.
 * I2  Requests larger than a quarter chunk get a chunk of their own, put behind the newest one so
 *     that its free space is not lost.
 *
 * Chunks double from 8 KB to 256 KB, less what the allocator adds, so that one takes whole pages.
 * Objects are dropped in the order in which they were added.
 */
#include "ast/ast.h"

#include <stdlib.h>

typedef struct Chunk {
    struct Chunk *next;     /* older chunk */
    size_t used, size;      /* bytes of data: handed out, and in all */
    char data[];
} Chunk;

struct Arena {
    Chunk *chunks;          /* newest first, never NULL */
    PyObject **objects;     /* strong */
    Py_ssize_t nobjects, capacity; /* of objects */
};

enum { FIRST_CHUNK = 8 * 1024 - 64, MAX_CHUNK = 256 * 1024 - 64 };

static Chunk *arena_new_chunk(size_t size)
{
    Chunk *chunk = PyMem_RawCalloc(1, sizeof(Chunk) + size);
    if (chunk)
        chunk->size = size;
    return chunk;
}

Arena *arena_new(void)
{
    Arena *arena = PyMem_RawCalloc(1, sizeof(Arena));
    if (!arena || !(arena->chunks = arena_new_chunk(FIRST_CHUNK))) {
        PyMem_RawFree(arena);
        PyErr_NoMemory();
        return NULL;
    }
    return arena;
}

void arena_free(Arena *arena)
{
    if (!arena)
        return;
    for (Chunk *chunk = arena->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        PyMem_RawFree(chunk);
    }
    for (Py_ssize_t i = 0; i < arena->nobjects; i++)
        Py_DECREF(arena->objects[i]);
    PyMem_RawFree(arena->objects);
    PyMem_RawFree(arena);
}

/* The newest chunk is full: a new one. */
static void *arena_alloc_slow(Arena *arena, size_t size)
{
    Chunk *top = arena->chunks;
    if (size > MAX_CHUNK / 4) { /* I2 */
        Chunk *own = arena_new_chunk(size);
        if (!own)
            return PyErr_NoMemory();
        own->used = size;
        own->next = top->next;
        top->next = own;
        return own->data;
    }
    size_t want = top->size * 2 < MAX_CHUNK ? top->size * 2 : MAX_CHUNK;
    Chunk *chunk = arena_new_chunk(want < size ? size : want);
    if (!chunk)
        return PyErr_NoMemory();
    chunk->next = top;
    chunk->used = size;
    arena->chunks = chunk;
    return chunk->data;
}

void *arena_alloc(Arena *arena, size_t size)
{
    Chunk *top = arena->chunks;
    size = (size + 7) & ~(size_t)7;
    if (UNLIKELY(size > top->size - top->used))
        return arena_alloc_slow(arena, size);
    void *block = top->data + top->used;
    top->used += size;
    return block;
}

int arena_add_object(Arena *arena, PyObject *obj)
{
    if (arena->nobjects == arena->capacity) {
        Py_ssize_t capacity = arena->capacity ? arena->capacity * 2 : 64;
        PyObject **objects = PyMem_RawRealloc(arena->objects, capacity * sizeof(PyObject *));
        if (!objects) {
            Py_DECREF(obj);
            PyErr_NoMemory();
            return -1;
        }
        arena->objects = objects;
        arena->capacity = capacity;
    }
    arena->objects[arena->nobjects++] = obj;
    return 0;
}

void *seq_alloc(Arena *arena, size_t head, size_t item, Py_ssize_t n)
{
    if (n < 0 || (size_t)n > (PY_SSIZE_T_MAX - head) / item)
        return PyErr_NoMemory();
    Py_ssize_t *seq = arena_alloc(arena, head + item * n);
    if (seq)
        *seq = n;
    return seq;
}

/* -- C API ----------------------------------------------------------------------------------- */

EXPORT Arena *_PyArena_New(void);
EXPORT void _PyArena_Free(Arena *arena);
EXPORT void *_PyArena_Malloc(Arena *arena, size_t size);
EXPORT int _PyArena_AddPyObject(Arena *arena, PyObject *obj);

Arena *_PyArena_New(void) { return arena_new(); }
void _PyArena_Free(Arena *arena) { arena_free(arena); }
void *_PyArena_Malloc(Arena *arena, size_t size) { return arena_alloc(arena, size); }

/* STEALS obj, but only when it succeeds. */
int _PyArena_AddPyObject(Arena *arena, PyObject *obj)
{
    Py_INCREF(obj);
    if (arena_add_object(arena, obj) < 0)
        return -1;
    Py_DECREF(obj);
    return 0;
}
