/* SPDX-License-Identifier: MIT
 *
 * Birth and death of objects: allocation with the words in front, first reference, deallocation,
 * the bound on nested deallocations, finalisers.
 *
 *   | values | dict |            managed-dict types only
 *   | _gc_next | _gc_prev |      collected types only
 *   | ob_refcnt | ob_type | …    <- PyObject *
 *
 * Nested deallocation: a container's tp_dealloc runs its body inside TRASH_BEGIN/TRASH_END or, in
 * extension modules, _PyTrash_begin/_PyTrash_end. At depth TRASH_DEPTH the object is put on the
 * thread's list instead (linked through _gc_prev; it is untracked already), and the outermost
 * _PyTrash_end destroys the list in a loop. Types without such brackets may nest until the C stack
 * is scarce; from there on _Py_Dealloc destroys one object after the other.
 */
#include "base/cstack.h"
#include "mem/gc.h"
#include "mem/tracemalloc.h"

#include <string.h>

/* -- References ------------------------------------------------------------------------------ */

void _Py_NewReference(PyObject *op)
{
    if (UNLIKELY(_Py_tracemalloc_config.tracing)) {
        tracemalloc_new_reference(op);
    }
    Py_SET_REFCNT(op, 1);
}

/* Objects that die while the C stack is scarce: they wait for the first of them to be gone.
   Linked as the trash is; GC_COLLECTING says that the object is to be tracked again. */
static __thread struct { PyObject *last; bool busy; } flat;

static void flat_put(PyObject *op)
{
    PyGC_Head *gc = AS_GC(op);
    bool tracked = gc_is_tracked(op);
    if (tracked) {
        gc_untrack(op); /* nobody may meet it with no references */
    }
    gc_set_prev(gc, (PyGC_Head *)flat.last);
    gc->_gc_prev |= tracked ? GC_COLLECTING : 0;
    flat.last = op;
}

static PyObject *flat_take(void)
{
    PyObject *op = flat.last;
    PyGC_Head *gc = AS_GC(op);
    bool tracked = gc->_gc_prev & GC_COLLECTING;
    flat.last = (PyObject *)gc_prev(gc);
    gc->_gc_prev &= GC_FINALIZED;
    if (tracked) {
        gc_track(op);
    }
    return op;
}

static __attribute__((noinline)) void dealloc_flat(PyObject *op)
{
    if (!PyObject_IS_GC(op)) {
        Py_TYPE(op)->tp_dealloc(op);
        return;
    }
    flat_put(op);
    if (flat.busy) {
        return;
    }
    flat.busy = true;
    while (flat.last) {
        op = flat_take();
        Py_TYPE(op)->tp_dealloc(op);
    }
    flat.busy = false;
}

void _Py_Dealloc(PyObject *op)
{
    if (cstack_scarce()) {
        dealloc_flat(op);
        return;
    }
    Py_TYPE(op)->tp_dealloc(op);
}

void Py_IncRef(PyObject *op) { Py_XINCREF(op); }
void Py_DecRef(PyObject *op) { Py_XDECREF(op); }
void _Py_IncRef(PyObject *op) { Py_INCREF(op); }
void _Py_DecRef(PyObject *op) { Py_DECREF(op); }

#undef Py_NewRef
#undef Py_XNewRef
#undef Py_Is
#undef Py_IsNone
#undef Py_IsTrue
#undef Py_IsFalse

PyObject *Py_NewRef(PyObject *op) { return _Py_NewRef(op); }
PyObject *Py_XNewRef(PyObject *op) { return _Py_XNewRef(op); }
int Py_Is(PyObject *x, PyObject *y) { return x == y; }
int Py_IsNone(PyObject *x) { return x == Py_None; }
int Py_IsTrue(PyObject *x) { return x == Py_True; }
int Py_IsFalse(PyObject *x) { return x == Py_False; }

/* -- Plain objects --------------------------------------------------------------------------- */

static inline void object_init(PyObject *op, PyTypeObject *type)
{
    Py_SET_TYPE(op, type);
    if (PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE)) {
        Py_INCREF(type);
    }
    _Py_NewReference(op);
}

PyObject *PyObject_Init(PyObject *op, PyTypeObject *type)
{
    if (op == NULL) {
        return PyErr_NoMemory();
    }
    object_init(op, type);
    return op;
}

PyVarObject *PyObject_InitVar(PyVarObject *op, PyTypeObject *type, Py_ssize_t size)
{
    if (op == NULL) {
        return (PyVarObject *)PyErr_NoMemory();
    }
    Py_SET_SIZE(op, size);
    object_init((PyObject *)op, type);
    return op;
}

PyObject *_PyObject_New(PyTypeObject *type)
{
    PyObject *op = PyObject_Malloc((size_t)type->tp_basicsize);
    return PyObject_Init(op, type);
}

PyVarObject *_PyObject_NewVar(PyTypeObject *type, Py_ssize_t n)
{
    PyVarObject *op = PyObject_Malloc(_PyObject_VAR_SIZE(type, n));
    return PyObject_InitVar(op, type, n);
}

/* -- Collected objects ----------------------------------------------------------------------- */

static PyObject *gc_alloc(size_t basicsize, size_t presize)
{
    if (basicsize > (size_t)PY_SSIZE_T_MAX - presize) {
        return PyErr_NoMemory();
    }
    char *mem = PyObject_Malloc(presize + basicsize);
    if (mem == NULL) {
        return PyErr_NoMemory();
    }
    memset(mem, 0, presize);
    PyObject *op = (PyObject *)(mem + presize);
    gc_link(op);
    return op;
}

PyObject *_PyObject_GC_New(PyTypeObject *type)
{
    PyObject *op = gc_alloc((size_t)type->tp_basicsize, type_pre_header_size(type));
    if (op) {
        object_init(op, type);
    }
    return op;
}

PyVarObject *_PyObject_GC_NewVar(PyTypeObject *type, Py_ssize_t n)
{
    if (n < 0) {
        PyErr_BadInternalCall();
        return NULL;
    }
    PyVarObject *op =
        (PyVarObject *)gc_alloc(_PyObject_VAR_SIZE(type, n), type_pre_header_size(type));
    if (op) {
        Py_SET_SIZE(op, n);
        object_init((PyObject *)op, type);
    }
    return op;
}

PyVarObject *_PyObject_GC_Resize(PyVarObject *op, Py_ssize_t n)
{
    PyTypeObject *type = Py_TYPE(op);
    size_t presize = type_pre_header_size(type), size = _PyObject_VAR_SIZE(type, n);
    if (size > (size_t)PY_SSIZE_T_MAX - presize) {
        return (PyVarObject *)PyErr_NoMemory();
    }
    char *mem = PyObject_Realloc((char *)op - presize, presize + size);
    if (mem == NULL) {
        return (PyVarObject *)PyErr_NoMemory();
    }
    op = (PyVarObject *)(mem + presize);
    Py_SET_SIZE(op, n);
    return op;
}

void PyObject_GC_Del(void *op)
{
    size_t presize = type_pre_header_size(Py_TYPE(op));
    if (gc_is_tracked(op)) {
        gc_untrack(op);
    }
    struct gc_generation *young = &interp_get()->gc.generations[0];
    if (young->count > 0) {
        young->count--;
    }
    PyObject_Free((char *)op - presize);
}

void PyObject_GC_Track(void *p)
{
    PyObject *op = p;
    if (UNLIKELY(gc_is_tracked(op))) {
        _PyObject_ASSERT_FAILED_MSG(op, "object already tracked by the garbage collector");
    }
    gc_track(op);
}

void PyObject_GC_UnTrack(void *op)
{
    if (gc_is_tracked(op)) {
        gc_untrack(op);
    }
}

int PyObject_GC_IsTracked(PyObject *op)
{
    return object_is_gc(op) && gc_is_tracked(op);
}

int PyObject_GC_IsFinalized(PyObject *op)
{
    return object_is_gc(op) && (AS_GC(op)->_gc_prev & GC_FINALIZED) != 0;
}

int PyObject_IS_GC(PyObject *op)
{
    return object_is_gc(op);
}

/* -- Nested deallocation --------------------------------------------------------------------- */

void trash_put(PyThreadState *tstate, PyObject *op)
{
    gc_set_prev(AS_GC(op), (PyGC_Head *)tstate->trash_delete_later);
    tstate->trash_delete_later = op;
}

void trash_empty(PyThreadState *tstate)
{
    tstate->trash_delete_nesting++;
    while (tstate->trash_delete_later) {
        PyObject *op = tstate->trash_delete_later;
        tstate->trash_delete_later = (PyObject *)gc_prev(AS_GC(op));
        AS_GC(op)->_gc_prev &= GC_FINALIZED;
        Py_TYPE(op)->tp_dealloc(op);
    }
    tstate->trash_delete_nesting--;
}

int _PyTrash_begin(PyThreadState *tstate, PyObject *op)
{
    if (tstate->trash_delete_nesting >= TRASH_DEPTH) {
        trash_put(tstate, op);
        return 1;
    }
    tstate->trash_delete_nesting++;
    return 0;
}

void _PyTrash_end(PyThreadState *tstate)
{
    tstate->trash_delete_nesting--;
    if (UNLIKELY(tstate->trash_delete_later != NULL) && tstate->trash_delete_nesting <= 0) {
        trash_empty(tstate);
    }
}

int _PyTrash_cond(PyObject *op, destructor dealloc)
{
    return Py_TYPE(op)->tp_dealloc == dealloc;
}

/* -- Finalisers ------------------------------------------------------------------------------ */

void PyObject_CallFinalizer(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    if (type->tp_finalize == NULL) {
        return;
    }
    if (PyType_IS_GC(type) && (AS_GC(self)->_gc_prev & GC_FINALIZED)) {
        return;
    }
    type->tp_finalize(self);
    if (PyType_IS_GC(type)) {
        AS_GC(self)->_gc_prev |= GC_FINALIZED;
    }
}

/* 0: go on destroying; -1: the finaliser brought the object back. */
int PyObject_CallFinalizerFromDealloc(PyObject *self)
{
    if (Py_REFCNT(self) != 0) {
        _PyObject_ASSERT_FAILED_MSG(
            self, "PyObject_CallFinalizerFromDealloc called on object with a non-zero refcount");
    }
    Py_SET_REFCNT(self, 1);
    PyObject_CallFinalizer(self);
    Py_SET_REFCNT(self, Py_REFCNT(self) - 1);
    if (Py_REFCNT(self) == 0) {
        return 0;
    }
    Py_ssize_t refcnt = Py_REFCNT(self);
    _Py_NewReference(self);
    Py_SET_REFCNT(self, refcnt);
    return -1;
}
