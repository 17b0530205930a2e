/* SPDX-License-Identifier: MIT
 *
 * The data stack: frames of one thread lie one after another in chunks, so a Python-to-Python call
 * moves a pointer. A frame never straddles chunks; popping the first frame of a chunk returns the
 * chunk.
 *
 *   chunk: previous | size in bytes | top when it was left | data ...
 *
 * The first chunk keeps its word 0 unused, so that its address never equals a frame and it is never
 * given back before the thread ends (vm_stack_free).
 */
#include "vm/vm_impl.h"

enum { CHUNK_BYTES = 16 * 1024 };

/* Chunks come from the arena allocator: greenlet gives those of a dead greenlet back there
   itself. */
static _PyStackChunk *chunk_new(size_t bytes, _PyStackChunk *previous)
{
    PyObjectArenaAllocator arenas;
    PyObject_GetArenaAllocator(&arenas);
    _PyStackChunk *chunk = arenas.alloc(arenas.ctx, bytes);
    if (chunk == NULL) {
        return NULL;
    }
    chunk->previous = previous;
    chunk->size = bytes;
    chunk->top = 0;
    return chunk;
}

static void chunk_free(_PyStackChunk *chunk)
{
    PyObjectArenaAllocator arenas;
    PyObject_GetArenaAllocator(&arenas);
    arenas.free(arenas.ctx, chunk, chunk->size);
}

/* A chunk on top; the first record in it takes `words`. */
static PyObject **chunk_push(PyThreadState *tstate, size_t words)
{
    size_t bytes = CHUNK_BYTES;
    while (bytes < sizeof(PyObject *) * (words + 1024)) {
        bytes *= 2;
    }
    _PyStackChunk *chunk = chunk_new(bytes, tstate->datastack_chunk);
    if (chunk == NULL) {
        return NULL;
    }
    if (tstate->datastack_chunk != NULL) {
        tstate->datastack_chunk->top = tstate->datastack_top - &tstate->datastack_chunk->data[0];
    }
    tstate->datastack_chunk = chunk;
    tstate->datastack_limit = (PyObject **)((char *)chunk + bytes);
    PyObject **first = &chunk->data[chunk->previous == NULL];
    tstate->datastack_top = first + words;
    return first;
}

Frame *vm_stack_grow(PyThreadState *tstate, size_t words)
{
    Frame *frame =
        words > (size_t)INT_MAX / sizeof(PyObject *) ? NULL : (Frame *)chunk_push(tstate, words);
    if (frame == NULL) {
        PyErr_NoMemory();
    }
    return frame;
}

void vm_stack_pop(PyThreadState *tstate, Frame *frame)
{
    PyObject **base = (PyObject **)frame;
    _PyStackChunk *chunk = tstate->datastack_chunk;
    if (LIKELY(base != &chunk->data[0])) {
        tstate->datastack_top = base;
        return;
    }
    _PyStackChunk *previous = chunk->previous;
    tstate->datastack_chunk = previous;
    tstate->datastack_top = &previous->data[previous->top];
    tstate->datastack_limit = (PyObject **)((char *)previous + previous->size);
    chunk_free(chunk);
}

/* For the end of a thread: gives all chunks back. */
void vm_stack_free(PyThreadState *tstate)
{
    _PyStackChunk *chunk = tstate->datastack_chunk;
    tstate->datastack_chunk = NULL;
    tstate->datastack_top = tstate->datastack_limit = NULL;
    while (chunk != NULL) {
        _PyStackChunk *previous = chunk->previous;
        chunk_free(chunk);
        chunk = previous;
    }
}

void vm_frame_drop(PyThreadState *tstate, Frame *frame)
{
    tstate->recursion_remaining--; /* destructors run one level deeper, as the frame itself did */
    if (UNLIKELY(frame->held)) {
        /* says where the held words are */
        PyCodeObject *code = (PyCodeObject *)Py_NewRef(frame->f_code);
        frame_clear(frame);
        frame->f_code = code;
        vm_held_drop(frame);
        Py_DECREF(code);
    }
    else {
        frame_clear(frame);
    }
    tstate->recursion_remaining++;
    vm_stack_pop(tstate, frame);
}
