/* SPDX-License-Identifier: MIT
 *
 * The cycle collector: three generations, found garbage by subtracting internal references.
 *
 * Every tracked object is in exactly one doubly linked list: a generation, the permanent generation
 * (gc.freeze), or a list local to a running collection. A collection of a list
 *
 *   1  copies each reference count into _gc_prev (the list is singly linked meanwhile),
 *   2  subtracts one for each reference from inside the list: what stays above 0 is reachable
 *      from outside,
 *   3  walks the list once, moving objects with 0 to `unreachable`; a reachable object pulls its
 *      referents back (1–3: gc_find.c),
 *   4  clears weak references to garbage, calls their callbacks, runs finalisers once,
 *   5  repeats 1–3 for the garbage (a finaliser may have brought some back) and calls tp_clear on
 *      what remains.
 *
 * Invariants
 *  G1  Outside collections no tracked object has GC_COLLECTING or GC_UNREACHABLE set.
 *  G2  In step 1–3, GC_COLLECTING marks the objects of the list that are not yet known to be
 *      reachable.
 *  G3  `unreachable` carries GC_UNREACHABLE in all its _gc_next (head included) until step 3 ends.
 *  G4  Objects with tp_del (none of ours) and what they reach are never cleared: they go to
 *      gc.garbage.
 *
 * A full collection waits until the objects that survived younger ones exceed a quarter of those
 * that survived the last full one: the total work stays linear in the number of objects.
 */
#include "mem/gc.h"
#include "mem/gc_impl.h"
#include "objects/box.h"

#include <time.h>

/* -- Lists ----------------------------------------------------------------------------------- */

void gc_list_init(PyGC_Head *list)
{
    list->_gc_prev = list->_gc_next = (uintptr_t)list;
}

static void gc_list_move(PyGC_Head *node, PyGC_Head *list)
{
    PyGC_Head *prev = gc_prev(node), *next = gc_next(node);
    gc_set_next(prev, next);
    gc_set_prev(next, prev);
    gc_list_append(node, list);
}

void gc_list_merge(PyGC_Head *from, PyGC_Head *to)
{
    if (!gc_list_empty(from)) {
        PyGC_Head *to_last = gc_prev(to), *first = gc_next(from), *last = gc_prev(from);
        gc_set_next(to_last, first);
        gc_set_prev(first, to_last);
        gc_set_next(last, to);
        gc_set_prev(to, last);
    }
    gc_list_init(from);
}

Py_ssize_t gc_list_size(PyGC_Head *list)
{
    Py_ssize_t n = 0;
    for (PyGC_Head *g = gc_next(list); g != list; g = gc_next(g)) {
        n++;
    }
    return n;
}

static void gc_list_clear_collecting(PyGC_Head *list)
{
    for (PyGC_Head *g = gc_next(list); g != list; g = gc_next(g)) {
        g->_gc_prev &= ~GC_COLLECTING;
    }
}

/* -- Objects that cannot be cleared (G4) ----------------------------------------------------- */

static bool has_legacy_finalizer(PyObject *op)
{
    return Py_TYPE(op)->tp_del != NULL;
}

static void move_legacy_finalizers(PyGC_Head *unreachable, PyGC_Head *finalizers)
{
    for (PyGC_Head *g = gc_next(unreachable), *next; g != unreachable; g = next) {
        next = (PyGC_Head *)(g->_gc_next & ~GC_UNREACHABLE);
        g->_gc_next &= ~GC_UNREACHABLE;
        if (has_legacy_finalizer(FROM_GC(g))) {
            g->_gc_prev &= ~GC_COLLECTING;
            gc_list_move(g, finalizers);
        }
    }
}

static int visit_move(PyObject *op, void *list)
{
    if (object_is_gc(op) && is_collecting(AS_GC(op))) {
        gc_list_move(AS_GC(op), list);
        AS_GC(op)->_gc_prev &= ~GC_COLLECTING;
    }
    return 0;
}

static void move_legacy_finalizer_reachable(PyGC_Head *finalizers)
{
    for (PyGC_Head *g = gc_next(finalizers); g != finalizers; g = gc_next(g)) {
        Py_TYPE(FROM_GC(g))->tp_traverse(FROM_GC(g), visit_move, finalizers);
    }
}

/* Those with a legacy finaliser go to gc.garbage; all return to `old`. */
static void keep_uncollectable(struct gc_state *gc, PyGC_Head *finalizers, PyGC_Head *old)
{
    if (gc->garbage == NULL) {
        gc->garbage = PyList_New(0);
        if (gc->garbage == NULL) {
            Py_FatalError("gc couldn't create gc.garbage list");
        }
    }
    for (PyGC_Head *g = gc_next(finalizers); g != finalizers; g = gc_next(g)) {
        PyObject *op = FROM_GC(g);
        if ((gc->debug & GC_DEBUG_SAVEALL) || has_legacy_finalizer(op)) {
            if (PyList_Append(gc->garbage, op) < 0) {
                PyErr_Clear();
                break;
            }
        }
    }
    gc_list_merge(finalizers, old);
}

/* -- Weak references (step 4) ---------------------------------------------------------------- */

/* Clears every weak reference to `op`; those outside the garbage that have a callback are moved to
 * `calls` (owned). */
static void clear_weakrefs_to(PyObject *op, PyGC_Head *calls)
{
    PyWeakReference **list = (PyWeakReference **)PyObject_GET_WEAKREFS_LISTPTR(op);
    while (*list) {
        PyWeakReference *wr = *list;
        _PyWeakref_ClearRef(wr);
        if (wr->wr_callback == NULL || is_collecting(AS_GC(wr))) {
            continue;
        }
        Py_INCREF(wr);
        gc_list_move(AS_GC(wr), calls);
    }
}

/* A weak reference that its callback kept alive goes to `old`. Number of those that died. */
static Py_ssize_t call_weakref_callbacks(PyGC_Head *calls, PyGC_Head *old)
{
    Py_ssize_t freed = 0;
    while (!gc_list_empty(calls)) {
        PyGC_Head *g = gc_next(calls);
        PyObject *op = FROM_GC(g), *callback = ((PyWeakReference *)op)->wr_callback;
        PyObject *result = PyObject_CallOneArg(callback, op);
        if (result == NULL) {
            PyErr_WriteUnraisable(callback);
        }
        Py_XDECREF(result);
        Py_DECREF(op);
        if (gc_next(calls) == g) {
            gc_list_move(g, old);
        }
        else {
            freed++;
        }
    }
    return freed;
}

static Py_ssize_t handle_weakrefs(PyGC_Head *unreachable, PyGC_Head *old)
{
    PyGC_Head calls;
    gc_list_init(&calls);
    for (PyGC_Head *g = gc_next(unreachable), *next; g != unreachable; g = next) {
        PyObject *op = FROM_GC(g);
        next = gc_next(g);
        if (PyWeakref_Check(op)) {
            /* A weak reference in the garbage must not call back later: its callback may be half
             * cleared then. */
            _PyWeakref_ClearRef((PyWeakReference *)op);
        }
        if (Py_TYPE(op)->tp_weaklistoffset > 0) {
            clear_weakrefs_to(op, &calls);
        }
    }
    return call_weakref_callbacks(&calls, old);
}

/* -- Finalisers, clearing (steps 4, 5) ------------------------------------------------------- */

static void finalize_garbage(PyGC_Head *collectable)
{
    PyGC_Head seen;
    gc_list_init(&seen);
    while (!gc_list_empty(collectable)) {
        PyGC_Head *g = gc_next(collectable);
        PyObject *op = FROM_GC(g);
        gc_list_move(g, &seen);
        if (!(g->_gc_prev & GC_FINALIZED) && Py_TYPE(op)->tp_finalize) {
            g->_gc_prev |= GC_FINALIZED;
            Py_INCREF(op);
            Py_TYPE(op)->tp_finalize(op);
            Py_DECREF(op);
        }
    }
    gc_list_merge(&seen, collectable);
}

static void clear_unreachable_mask(PyGC_Head *unreachable)
{
    unreachable->_gc_next &= ~GC_UNREACHABLE;
    for (PyGC_Head *g = gc_next(unreachable); g != unreachable; g = gc_next(g)) {
        g->_gc_next &= ~GC_UNREACHABLE;
    }
}

/* Moves what a finaliser brought back to `old`, the rest to `still`. */
static void separate_resurrected(PyGC_Head *unreachable, PyGC_Head *still, PyGC_Head *old)
{
    gc_list_clear_collecting(unreachable);
    gc_find_unreachable(unreachable, still, NULL);
    clear_unreachable_mask(still);
    gc_list_clear_collecting(still);
    gc_list_merge(unreachable, old);
}

static void delete_garbage(struct gc_state *gc, PyGC_Head *garbage, PyGC_Head *old)
{
    while (!gc_list_empty(garbage)) {
        PyGC_Head *g = gc_next(garbage);
        PyObject *op = FROM_GC(g);
        inquiry clear = Py_TYPE(op)->tp_clear;
        if (gc->debug & GC_DEBUG_SAVEALL) {
            if (gc->garbage && PyList_Append(gc->garbage, op) < 0) {
                PyErr_Clear();
            }
        }
        else if (clear) {
            Py_INCREF(op);
            (void)clear(op);
            if (PyErr_Occurred()) {
                _PyErr_WriteUnraisableMsg("in tp_clear of", (PyObject *)Py_TYPE(op));
            }
            Py_DECREF(op);
        }
        if (gc_next(garbage) == g) {
            gc_list_move(g, old); /* still alive, or dies later */
        }
    }
}

/* -- Reports --------------------------------------------------------------------------------- */

static void debug_objects(PyGC_Head *list, const char *what)
{
    for (PyGC_Head *g = gc_next(list); g != list; g = gc_next(g)) {
        PySys_FormatStderr("gc: %s <%s %p>\n", what, Py_TYPE(FROM_GC(g))->tp_name, FROM_GC(g));
    }
}

static void debug_start(struct gc_state *gc, int generation)
{
    PySys_WriteStderr("gc: collecting generation %d...\n", generation);
    PySys_WriteStderr("gc: objects in each generation: %zd %zd %zd\n",
                      gc_list_size(&gc->generations[0].head),
                      gc_list_size(&gc->generations[1].head),
                      gc_list_size(&gc->generations[2].head));
    PySys_WriteStderr("gc: objects in permanent generation: %zd\n",
                      gc_list_size(&gc->permanent.head));
}

static double clock_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* -- One collection -------------------------------------------------------------------------- */

void gc_freelists_clear(PyInterpreterState *interp)
{
    tuple_freelist_clear(interp);
    list_freelist_clear(interp);
    dict_freelist_clear(interp);
    slice_clear_cache(interp);
    box_free_clear(&float_free);
    box_free_clear(&int_free);
}

/* Moves the survivors on and keeps the numbers of the 25 % rule. */
static void promote_survivors(struct gc_state *gc, int generation, PyGC_Head *young, PyGC_Head *old,
                              struct survivors *survivors)
{
    if (young == old) {
        gc_untrack_late(young, survivors);
        gc->long_lived_pending = 0;
        gc->long_lived_total = survivors->count;
        return;
    }
    if (generation == NUM_GENERATIONS - 2) {
        gc->long_lived_pending += survivors->count;
    }
    gc_list_merge(young, old);
}

static PyGC_Head *merge_younger(struct gc_state *gc, int generation)
{
    if (generation + 1 < NUM_GENERATIONS) {
        gc->generations[generation + 1].count++;
    }
    for (int i = 0; i <= generation; i++) {
        gc->generations[i].count = 0;
    }
    PyGC_Head *young = &gc->generations[generation].head;
    for (int i = 0; i < generation; i++) {
        gc_list_merge(&gc->generations[i].head, young);
    }
    return young;
}

/* No object of ours can be in the lists of another. */
static bool only_interpreter(PyThreadState *tstate)
{
    PyInterpreterState *interp = PyInterpreterState_Head();
    return interp == tstate->interp && PyInterpreterState_Next(interp) == NULL;
}

Py_ssize_t gc_collect_main(PyThreadState *tstate, int generation, Py_ssize_t *n_collected,
                           Py_ssize_t *n_uncollectable, bool nofail)
{
    struct gc_state *gc = &tstate->interp->gc;
    PyGC_Head unreachable, finalizers, garbage;
    Py_ssize_t examined = 0;
    double start = 0;
    if (gc->debug & GC_DEBUG_STATS) {
        debug_start(gc, generation);
    }
    if ((gc->debug & GC_DEBUG_STATS) || gc->on_collect) {
        start = clock_seconds();
    }

    PyGC_Head *young = merge_younger(gc, generation);
    if (gc->on_collect) {
        examined = gc_list_size(young);
    }
    PyGC_Head *old =
        generation < NUM_GENERATIONS - 1 ? &gc->generations[generation + 1].head : young;
    struct survivors survivors;
    survivors.dicts = young == old;
    survivors.whole = young == old && gc_list_empty(&gc->permanent.head) && only_interpreter(tstate);
    survivors.count = survivors.nlate = 0;
    gc_find_unreachable(young, &unreachable, &survivors); /* steps 1 to 3 */
    promote_survivors(gc, generation, young, old, &survivors);

    gc_list_init(&finalizers); /* G4 */
    move_legacy_finalizers(&unreachable, &finalizers);
    move_legacy_finalizer_reachable(&finalizers);
    if (gc->debug & GC_DEBUG_COLLECTABLE) {
        debug_objects(&unreachable, "collectable");
    }

    Py_ssize_t collected = handle_weakrefs(&unreachable, old); /* step 4 */
    finalize_garbage(&unreachable);
    separate_resurrected(&unreachable, &garbage, old); /* step 5 */
    collected += gc_list_size(&garbage);
    delete_garbage(gc, &garbage, old);

    Py_ssize_t uncollectable = gc_list_size(&finalizers);
    if (gc->debug & GC_DEBUG_UNCOLLECTABLE) {
        debug_objects(&finalizers, "uncollectable");
    }
    if (gc->debug & GC_DEBUG_STATS) {
        PySys_WriteStderr("gc: done, %zd unreachable, %zd uncollectable, %.4fs elapsed\n",
                          collected + uncollectable, uncollectable, clock_seconds() - start);
    }
    keep_uncollectable(gc, &finalizers, old);
    if (gc->on_collect) {
        gc->on_collect(generation, examined, collected, uncollectable, clock_seconds() - start);
    }
    if (generation == NUM_GENERATIONS - 1) {
        gc_freelists_clear(tstate->interp);
    }
    if (PyErr_Occurred()) {
        if (nofail) {
            PyErr_Clear();
        }
        else {
            _PyErr_WriteUnraisableMsg("in garbage collection", NULL);
        }
    }
    if (n_collected) {
        *n_collected = collected;
    }
    if (n_uncollectable) {
        *n_uncollectable = uncollectable;
    }
    struct gc_stats *stats = &gc->stats[generation];
    stats->collections++;
    stats->collected += collected;
    stats->uncollectable += uncollectable;
    return collected + uncollectable;
}

/* What a callback raises is reported and dropped; the list may change while they run. */
static void invoke_callbacks(struct gc_state *gc, const char *phase, int generation,
                             Py_ssize_t collected, Py_ssize_t uncollectable)
{
    if (gc->callbacks == NULL || PyList_GET_SIZE(gc->callbacks) == 0) {
        return;
    }
    PyObject *name = PyUnicode_FromString(phase);
    PyObject *info = Py_BuildValue("{sisnsn}", "generation", generation, "collected", collected,
                                   "uncollectable", uncollectable);
    if (name == NULL || info == NULL) {
        PyErr_WriteUnraisable(NULL);
        goto done;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(gc->callbacks); i++) {
        PyObject *callback = Py_NewRef(PyList_GET_ITEM(gc->callbacks, i));
        PyObject *args[] = {NULL, name, info};
        PyObject *result =
            PyObject_Vectorcall(callback, args + 1, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
        if (result == NULL) {
            PyErr_WriteUnraisable(callback);
        }
        Py_XDECREF(result);
        Py_DECREF(callback);
    }
done:
    Py_XDECREF(name);
    Py_XDECREF(info);
}

Py_ssize_t gc_collect(PyThreadState *tstate, int generation)
{
    struct gc_state *gc = &tstate->interp->gc;
    Py_ssize_t collected, uncollectable;
    invoke_callbacks(gc, "start", generation, 0, 0);
    Py_ssize_t n = gc_collect_main(tstate, generation, &collected, &uncollectable, false);
    invoke_callbacks(gc, "stop", generation, collected, uncollectable);
    return n;
}

/* -- When ------------------------------------------------------------------------------------ */

static void collect_due_generation(PyThreadState *tstate)
{
    struct gc_state *gc = &tstate->interp->gc;
    for (int i = NUM_GENERATIONS - 1; i >= 0; i--) {
        if (gc->generations[i].count <= gc->generations[i].threshold) {
            continue;
        }
        if (i == NUM_GENERATIONS - 1 && gc->long_lived_pending < gc->long_lived_total / 4) {
            continue;
        }
        gc_collect(tstate, i);
        return;
    }
}

static __attribute__((noinline)) void link_slow(PyThreadState *tstate)
{
    struct gc_state *gc = &tstate->interp->gc;
    struct gc_generation *young = &gc->generations[0];
    if (young->count > young->threshold && gc->enabled && young->threshold && !gc->collecting
        && tstate->curexc_type == NULL) {
        gc->collecting = 1;
        collect_due_generation(tstate);
        gc->collecting = 0;
    }
    if (gc->on_alloc != NULL) {
        gc->on_alloc(tstate);
    }
}

void gc_link(PyObject *op)
{
    PyThreadState *tstate = tstate_get();
    struct gc_state *gc = &tstate->interp->gc;
    AS_GC(op)->_gc_next = AS_GC(op)->_gc_prev = 0;
    if (UNLIKELY(++gc->generations[0].count > gc->generations[0].threshold ||
                 gc->on_alloc != NULL)) {
        link_slow(tstate);
    }
}

/* -- Life of the collector ------------------------------------------------------------------- */

void gc_init(PyInterpreterState *interp)
{
    static const int thresholds[NUM_GENERATIONS] = {700, 10, 10};
    struct gc_state *gc = &interp->gc;
    gc->enabled = 1;
    for (int i = 0; i < NUM_GENERATIONS; i++) {
        gc_list_init(&gc->generations[i].head);
        gc->generations[i].threshold = thresholds[i];
        gc->generations[i].count = 0;
    }
    gc_list_init(&gc->permanent.head);
}

int gc_ready(PyInterpreterState *interp)
{
    struct gc_state *gc = &interp->gc;
    if (gc->garbage == NULL && (gc->garbage = PyList_New(0)) == NULL) {
        return -1;
    }
    if (gc->callbacks == NULL && (gc->callbacks = PyList_New(0)) == NULL) {
        return -1;
    }
    return 0;
}

Py_ssize_t gc_collect_final(PyThreadState *tstate)
{
    struct gc_state *gc = &tstate->interp->gc;
    if (gc->collecting) {
        return 0;
    }
    gc->collecting = 1;
    Py_ssize_t n = gc_collect_main(tstate, NUM_GENERATIONS - 1, NULL, NULL, true);
    gc->collecting = 0;
    return n;
}

static void print_garbage(PyObject *garbage)
{
    PyObject *repr = PyObject_Repr(garbage);
    PyObject *bytes = repr ? PyUnicode_EncodeFSDefault(repr) : NULL;
    if (bytes) {
        PySys_WriteStderr("      %s\n", PyBytes_AS_STRING(bytes));
    }
    else {
        PyErr_WriteUnraisable(garbage);
    }
    Py_XDECREF(repr);
    Py_XDECREF(bytes);
}

void gc_warn_uncollectable(PyInterpreterState *interp)
{
    struct gc_state *gc = &interp->gc;
    if ((gc->debug & GC_DEBUG_SAVEALL) || gc->garbage == NULL ||
        PyList_GET_SIZE(gc->garbage) == 0) {
        return;
    }
    const char *message =
        gc->debug & GC_DEBUG_UNCOLLECTABLE
            ? "gc: %zd uncollectable objects at shutdown"
            : "gc: %zd uncollectable objects at shutdown; use gc.set_debug(gc.DEBUG_UNCOLLECTABLE) "
              "to list them";
    if (PyErr_WarnExplicitFormat(PyExc_ResourceWarning, "gc", 0, "gc", NULL, message,
                                 PyList_GET_SIZE(gc->garbage))) {
        PyErr_WriteUnraisable(NULL);
    }
    if (gc->debug & GC_DEBUG_UNCOLLECTABLE) {
        print_garbage(gc->garbage);
    }
}

/* Objects that outlive the interpreter are no longer linked to its lists. */
static void forget_list(PyGC_Head *list)
{
    for (PyGC_Head *g = gc_next(list), *next; g != list; g = next) {
        next = gc_next(g);
        g->_gc_next = 0;
        g->_gc_prev &= GC_FINALIZED;
    }
    gc_list_init(list);
}

void gc_fini(PyInterpreterState *interp)
{
    Py_CLEAR(interp->gc.garbage);
    Py_CLEAR(interp->gc.callbacks);
    for (int i = 0; i < NUM_GENERATIONS; i++) {
        forget_list(&interp->gc.generations[i].head);
    }
    forget_list(&interp->gc.permanent.head);
    gc_freelists_clear(interp);
    PyMem_RawFree(interp->dicts);
    interp->dicts = NULL;
}

/* -- C API ----------------------------------------------------------------------------------- */

Py_ssize_t PyGC_Collect(void)
{
    PyThreadState *tstate = tstate_get();
    struct gc_state *gc = &tstate->interp->gc;
    if (!gc->enabled || gc->collecting) {
        return 0;
    }
    PyObject *type, *value, *traceback;
    gc->collecting = 1;
    PyErr_Fetch(&type, &value, &traceback);
    Py_ssize_t n = gc_collect(tstate, NUM_GENERATIONS - 1);
    PyErr_Restore(type, value, traceback);
    gc->collecting = 0;
    return n;
}

int PyGC_Enable(void)
{
    int old = interp_get()->gc.enabled;
    interp_get()->gc.enabled = 1;
    return old;
}

int PyGC_Disable(void)
{
    int old = interp_get()->gc.enabled;
    interp_get()->gc.enabled = 0;
    return old;
}

int PyGC_IsEnabled(void)
{
    return interp_get()->gc.enabled;
}
