/* SPDX-License-Identifier: MIT
 *
 * Steps 1 to 3 of a collection (gc.c): which objects of a list are not reachable from outside it.
 *
 *    refs_copy       _gc_prev = reference count            list singly linked from here on
 *    refs_subtract   minus references from inside          0: not held from outside
 *    move            0 → unreachable, others stay          a reachable object pulls referents back
 *
 * The time goes into waiting for memory: objects lie in the list in the order of their birth or
 * rescue, their referents anywhere. So
 *
 *  F1  the next object of the list is fetched while this one is looked at;
 *  F2  the walk that finds the reachable objects also counts them and unlinks what need not be
 *      tracked, instead of walks of their own;
 *  F3  a full collection of the only interpreter needs no refs_copy: whatever is tracked is in the
 *      list, and gets its count when the first reference to it is found;
 *  F4  there, references wait in a queue until their objects came into the cache. Young lists are
 *      in the cache already.
 *
 * The order of the lists is that of a plain walk: `move` empties the queue before it takes an object
 * for unreachable.
 */
#include "mem/gc_impl.h"
#include "mem/traverse.h"
#include "objects/contain.h"

/* -- Counts ---------------------------------------------------------------------------------- */

static inline Py_ssize_t refs_of(PyGC_Head *g) { return (Py_ssize_t)(g->_gc_prev >> GC_PREV_SHIFT); }

static inline void refs_reset(PyGC_Head *g, Py_ssize_t refs)
{
    g->_gc_prev = (g->_gc_prev & GC_FINALIZED) | GC_COLLECTING | ((uintptr_t)refs << GC_PREV_SHIFT);
}

static inline void refs_start(PyGC_Head *g)
{
    refs_reset(g, Py_REFCNT(FROM_GC(g)));
    _PyObject_ASSERT(FROM_GC(g), refs_of(g) != 0);
}

static inline void refs_take_one(PyGC_Head *g)
{
    _PyObject_ASSERT_WITH_MSG(FROM_GC(g), refs_of(g) > 0, "refcount is too small");
    g->_gc_prev -= 1 << GC_PREV_SHIFT;
}

/* -- The queue (F4) -------------------------------------------------------------------------- */

enum { QUEUE_LENGTH = 16 };
struct queue {
    unsigned next;
    PyObject *waiting[QUEUE_LENGTH];
};

/* Starts with, and is emptied by, references to an object the collector has no interest in. */
static inline void queue_init(struct queue *q)
{
    q->next = 0;
    for (int i = 0; i < QUEUE_LENGTH; i++) {
        q->waiting[i] = Py_None;
    }
}

/* `op` takes the place of the reference that waited longest. */
static inline PyObject *queue_exchange(struct queue *q, PyObject *op)
{
    PyObject **slot = &q->waiting[q->next++ % QUEUE_LENGTH], *first = *slot;
    __builtin_prefetch(op);
    __builtin_prefetch((PyGC_Head *)((uintptr_t)op - sizeof(PyGC_Head)));
    *slot = op;
    return first;
}

/* -- Steps 1 and 2 --------------------------------------------------------------------------- */

static void refs_copy(PyGC_Head *list)
{
    for (PyGC_Head *g = gc_next(list); g != list; g = gc_next(g)) {
        refs_start(g);
    }
}

static int visit_subtract(PyObject *op, void *unused)
{
    if (object_is_gc(op) && is_collecting(AS_GC(op))) {
        refs_take_one(AS_GC(op));
    }
    return 0;
}

static void refs_subtract(PyGC_Head *list)
{
    for (PyGC_Head *g = gc_next(list); g != list; g = gc_next(g)) {
        __builtin_prefetch(gc_next(g)); /* F1 */
        traverse(FROM_GC(g), visit_subtract, NULL);
    }
}

/* F3. */
static inline void subtract_whole(PyObject *op)
{
    if (object_is_gc(op) && gc_is_tracked(op)) {
        PyGC_Head *g = AS_GC(op);
        if (!is_collecting(g)) {
            refs_start(g);
        }
        refs_take_one(g);
    }
}

static int visit_subtract_whole(PyObject *op, void *queue)
{
    subtract_whole(queue_exchange(queue, op));
    return 0;
}

static void refs_subtract_whole(PyGC_Head *list)
{
    struct queue q;
    queue_init(&q);
    for (PyGC_Head *g = gc_next(list); g != list; g = gc_next(g)) {
        __builtin_prefetch(gc_next(g));
        if (!is_collecting(g)) {
            refs_start(g);
        }
        traverse(FROM_GC(g), visit_subtract_whole, &q);
    }
    for (int i = 0; i < QUEUE_LENGTH; i++) {
        subtract_whole(q.waiting[i]);
    }
}

/* -- What need not be tracked (F2) ----------------------------------------------------------- */

/* A NULL item means that the maker is still at work. */
static inline bool tuple_is_atomic(PyObject *op)
{
    PyObject **items = ((PyTupleObject *)op)->ob_item;
    for (Py_ssize_t i = 0, n = Py_SIZE(op); i < n; i++) {
        if (items[i] == NULL || may_be_tracked(items[i])) {
            return false;
        }
    }
    return true;
}

static bool dict_is_atomic(PyObject *op, struct survivors *survivors)
{
    PyObject *key, *value;
    Py_ssize_t pos = 0;
    bool late = false;
    while (_PyDict_Next(op, &pos, &key, &value, NULL)) {
        bool of_value = may_be_tracked(value), of_key = may_be_tracked(key);
        if ((of_value && !PyTuple_CheckExact(value)) || (of_key && !PyTuple_CheckExact(key))) {
            return false;
        }
        late |= of_value || of_key;
    }
    if (late && survivors->nlate++ < LATE_DICTS) {
        survivors->late[survivors->nlate - 1] = op;
    }
    return !late;
}

static inline bool is_atomic(PyObject *op, struct survivors *survivors)
{
    return PyTuple_CheckExact(op)  ? tuple_is_atomic(op)
           : PyDict_CheckExact(op) ? survivors->dicts && dict_is_atomic(op, survivors)
                                   : false;
}

static void untrack_late_dict(PyObject *op, struct survivors *survivors)
{
    _PyDict_MaybeUntrack(op);
    survivors->count -= !gc_is_tracked(op);
}

void gc_untrack_late(PyGC_Head *list, struct survivors *survivors)
{
    if (survivors->nlate <= LATE_DICTS) {
        for (Py_ssize_t i = 0; i < survivors->nlate; i++) {
            untrack_late_dict(survivors->late[i], survivors);
        }
        return;
    }
    for (PyGC_Head *g = gc_next(list), *next; g != list; g = next) {
        next = gc_next(g);
        if (PyDict_CheckExact(FROM_GC(g))) {
            untrack_late_dict(FROM_GC(g), survivors);
        }
    }
}

/* -- Step 3 ---------------------------------------------------------------------------------- */

struct reach {
    PyGC_Head *reachable;
    struct queue queue;
};

static inline void reach(PyObject *op, PyGC_Head *reachable)
{
    if (!object_is_gc(op) || !is_collecting(AS_GC(op))) {
        return;
    }
    PyGC_Head *g = AS_GC(op);
    if (g->_gc_next & GC_UNREACHABLE) {
        /* Was thought garbage; both lists are doubly linked there. G3 keeps the flag on its
           neighbours. */
        PyGC_Head *prev = gc_prev(g), *next = (PyGC_Head *)(g->_gc_next & ~GC_UNREACHABLE);
        prev->_gc_next = g->_gc_next;
        gc_set_prev(next, prev);
        gc_list_append(g, reachable);
        refs_reset(g, 1);
    } else if (refs_of(g) == 0) {
        refs_reset(g, 1); /* ahead in the list: known to be reachable when we come there */
    }
}

static int visit_reachable(PyObject *op, void *arg)
{
    reach(op, ((struct reach *)arg)->reachable);
    return 0;
}

static int visit_reachable_later(PyObject *op, void *arg)
{
    struct reach *r = arg;
    reach(queue_exchange(&r->queue, op), r->reachable);
    return 0;
}

static void reach_waiting(struct reach *r)
{
    for (int i = 0; i < QUEUE_LENGTH; i++) {
        reach(queue_exchange(&r->queue, Py_None), r->reachable);
    }
}

/* prev is the one before g in a list that is singly linked. */
static inline void move_to_unreachable(PyGC_Head *g, PyGC_Head *prev, PyGC_Head *unreachable)
{
    prev->_gc_next = g->_gc_next;
    PyGC_Head *last = gc_prev(unreachable);
    last->_gc_next = (uintptr_t)g | GC_UNREACHABLE;
    gc_set_prev(g, last);
    g->_gc_next = (uintptr_t)unreachable | GC_UNREACHABLE;
    unreachable->_gc_prev = (uintptr_t)g;
}

static inline void leave_list(PyGC_Head *g, PyGC_Head *prev)
{
    prev->_gc_next = g->_gc_next;
    g->_gc_next = 0;
    g->_gc_prev &= GC_FINALIZED;
}

/* Leaves the reachable objects in `young`, doubly linked again. */
static inline __attribute__((always_inline)) void
move(PyGC_Head *young, PyGC_Head *unreachable, struct survivors *survivors, const bool queued)
{
    struct reach r = {.reachable = young};
    if (queued) {
        queue_init(&r.queue);
    }
    PyGC_Head *prev = young;
    for (PyGC_Head *g; (g = (PyGC_Head *)prev->_gc_next) != young;) {
        __builtin_prefetch((PyGC_Head *)g->_gc_next);
        if (queued && refs_of(g) == 0) {
            reach_waiting(&r);
        }
        if (refs_of(g) == 0) {
            move_to_unreachable(g, prev, unreachable);
            continue;
        }
        PyObject *op = FROM_GC(g);
        traverse(op, queued ? visit_reachable_later : visit_reachable, &r);
        if (queued && g->_gc_next == (uintptr_t)young) {
            reach_waiting(&r); /* may lengthen the list */
        }
        gc_set_prev(g, prev);
        g->_gc_prev &= ~GC_COLLECTING;
        if (survivors != NULL && is_atomic(op, survivors)) {
            leave_list(g, prev);
        } else {
            prev = g;
            if (survivors != NULL) {
                survivors->count++;
            }
        }
    }
    young->_gc_prev = (uintptr_t)prev;
    unreachable->_gc_next &= ~GC_UNREACHABLE;
}

void gc_find_unreachable(PyGC_Head *base, PyGC_Head *unreachable, struct survivors *survivors)
{
    gc_list_init(unreachable);
    if (survivors != NULL && survivors->whole) {
        refs_subtract_whole(base);
        move(base, unreachable, survivors, true);
    } else {
        refs_copy(base);
        refs_subtract(base);
        move(base, unreachable, survivors, false);
    }
}
