/* SPDX-License-Identifier: MIT
 *
 * Module _vitro: what lib/vitro/memory shows of the heap, as the allocator and the collector see
 * it.
 *
 *   pools()         every pool of every arena, with a bit for each block
 *   objects()       every object that tracked objects lead to, themselves included
 *   attributes(x)   what an instance's dict would hold, without making one; None: there is a dict,
 *                   or can be none
 *   places(list)    a number for each object, the same for the same traceback; 0: not traced
 *   unreachable()   what a full collection would find now; nothing is collected
 *   record(on)      whether collections are noted; collections() gives the notes
 *   still(on)       while it is on, allocations do not bring a collection closer
 *
 * Each looks first, with the C library's memory alone, and makes Python objects afterwards: the
 * view does not show itself. Between the two nothing can run, so that the addresses that were noted
 * are alive when they are counted.
 */
#include "base/hashtable.h"
#include "mem/gc_impl.h"
#include "mem/pool.h"
#include "mem/tracemalloc.h"
#include "modules/args.h"
#include "objects/dict/dict.h"
#include "state.h"
#include "xray/view.h"
#include "xray/watch.h"

#include <stdlib.h>
#include <time.h>

/* -- Rows of fixed size ---------------------------------------------------------------------- */

/* A growing array in C memory. */
typedef struct {
    char *rows;               /* owned */
    size_t row, length, room; /* bytes of a row; rows used, and allocated */
    bool failed; /* no memory: rows are missing */
} Rows;

/* Room for one more row; NULL: no memory, which `failed` remembers. */
static void *rows_add(Rows *rows)
{
    if (rows->length == rows->room) {
        size_t room = rows->room ? rows->room * 2 : 1024;
        char *more = realloc(rows->rows, room * rows->row);
        if (!more) {
            rows->failed = true;
            return NULL;
        }
        rows->rows = more;
        rows->room = room;
    }
    return rows->rows + rows->row * rows->length++;
}

/* A list with what `make` makes of each row; frees the rows. */
static PyObject *rows_list(Rows *rows, PyObject *(*make)(const void *row))
{
    PyObject *list = rows->failed ? PyErr_NoMemory() : PyList_New((Py_ssize_t)rows->length);
    for (size_t i = 0; list && i < rows->length; i++) {
        PyObject *item = make(rows->rows + rows->row * i);
        if (!item)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, (Py_ssize_t)i, item);
    }
    free(rows->rows);
    return list;
}

static PyObject *new_reference(const void *row) { return Py_NewRef(*(PyObject *const *)row); }

/* The collector rests while the references are only noted. */
static PyObject *object_list(Rows *rows)
{
    struct gc_state *gc = &interp_get()->gc;
    int enabled = gc->enabled;
    gc->enabled = 0;
    PyObject *list = rows_list(rows, new_reference);
    gc->enabled = enabled;
    return list;
}

/* -- Pools ----------------------------------------------------------------------------------- */

static void note_pool(const PoolView *pool, void *rows)
{
    PoolView *row = rows_add(rows);
    if (row)
        *row = *pool;
}

static PyObject *pool_row(const void *row)
{
    const PoolView *p = row;
    return Py_BuildValue("KIIIIy#", (unsigned long long)(uintptr_t)p->arena, p->index,
                         p->block_size, p->capacity, p->used, p->in_use,
                         (Py_ssize_t)(p->capacity + 7) / 8);
}

/* -> [(arena, index, block size, blocks, used, bits)] */
static PyObject *vitro_pools(PyObject *module, PyObject *unused)
{
    Rows rows = {.row = sizeof(PoolView)};
    pool_view(note_pool, &rows);
    return rows_list(&rows, pool_row);
}

/* -- Objects --------------------------------------------------------------------------------- */

static _Py_hashtable_t *table_new(void)
{
    _Py_hashtable_allocator_t alloc = {malloc, free};
    return _Py_hashtable_new_full(_Py_hashtable_hash_ptr, _Py_hashtable_compare_direct, NULL, NULL,
                                  &alloc);
}

/* Calls `each` for what every collector's list holds, the permanent one's too. */
static void each_tracked(void (*each)(PyObject *op, void *arg), void *arg)
{
    struct gc_state *gc = &interp_get()->gc;
    for (int i = 0; i <= NUM_GENERATIONS; i++) {
        PyGC_Head *list = i < NUM_GENERATIONS ? &gc->generations[i].head : &gc->permanent.head;
        for (PyGC_Head *g = gc_next(list); g != list; g = gc_next(g))
            each(FROM_GC(g), arg);
    }
}

typedef struct {
    _Py_hashtable_t *seen;
    Rows found;
} Census;

/* visitproc: notes an object when it is met first. */
static int meet(PyObject *op, void *arg)
{
    Census *census = arg;
    if (_Py_hashtable_get(census->seen, op))
        return 0;
    PyObject **row = rows_add(&census->found);
    if (!row || _Py_hashtable_set(census->seen, op, op) < 0)
        census->found.failed = true;
    else
        *row = op;
    return 0;
}

static void meet_tracked(PyObject *op, void *census) { meet(op, census); }

static PyObject *vitro_objects(PyObject *module, PyObject *unused)
{
    Census census = {table_new(), {.row = sizeof(PyObject *)}};
    if (!census.seen)
        return PyErr_NoMemory();
    each_tracked(meet_tracked, &census);
    for (size_t i = 0; i < census.found.length && !census.found.failed; i++) {
        PyObject *op = ((PyObject **)census.found.rows)[i];
        if (Py_TYPE(op)->tp_traverse && object_is_gc(op))
            Py_TYPE(op)->tp_traverse(op, meet, &census);
    }
    _Py_hashtable_destroy(census.seen);
    return object_list(&census.found);
}

static PyObject *vitro_attributes(PyObject *module, PyObject *op)
{
    PyDictValues *values =
        PyType_HasFeature(Py_TYPE(op), Py_TPFLAGS_MANAGED_DICT) ? *object_values_slot(op) : NULL;
    if (!values)
        Py_RETURN_NONE;
    PyDictKeysObject *keys = ((PyHeapTypeObject *)Py_TYPE(op))->ht_cached_keys;
    PyObject *dict = PyDict_New();
    for (Py_ssize_t i = 0; dict && i < keys->dk_nentries; i++)
        if (values->values[i]
            && PyDict_SetItem(dict, DK_UNICODE_ENTRIES(keys)[i].me_key, values->values[i]) < 0)
            Py_CLEAR(dict);
    return dict;
}

static PyObject *vitro_places(PyObject *module, PyObject *objects)
{
    if (!PyList_Check(objects)) {
        PyErr_Format(PyExc_TypeError, "places() argument must be a list, not %.200s",
                     Py_TYPE(objects)->tp_name);
        return NULL;
    }
    PyObject *list = PyList_New(PyList_GET_SIZE(objects));
    for (Py_ssize_t i = 0; list && i < PyList_GET_SIZE(list); i++) {
        PyObject *op = PyList_GET_ITEM(objects, i);
        PyObject *place = PyLong_FromVoidPtr(
            (void *)tracemalloc_traceback_of((char *)op - type_pre_header_size(Py_TYPE(op))));
        if (!place)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, i, place);
    }
    return list;
}

/* -- Garbage --------------------------------------------------------------------------------- */

/* The table counts, for each tracked object, the references that come from outside: first all, then
 * without those that tracked objects show. What has some is reachable, and so is what it leads to.
 * Counts are stored one higher, so that
 * 0 means that the object is not in the table; REACHED once it is known to be reachable. */
#define REACHED ((void *)(intptr_t)-1)

typedef struct {
    _Py_hashtable_t *outside;
    Rows tracked, reached;
} Search;

static void *outside_get(Search *search, PyObject *op)
{
    return _Py_hashtable_get(search->outside, op);
}

static void outside_set(Search *search, PyObject *op, void *count)
{
    search->outside->get_entry_func(search->outside, op)->value = count;
}

static void count_references(PyObject *op, void *arg)
{
    Search *search = arg;
    PyObject **row = rows_add(&search->tracked);
    if (row)
        *row = op;
    if (_Py_hashtable_set(search->outside, op, (void *)(Py_REFCNT(op) + 1)) < 0)
        search->tracked.failed = true;
}

/* visitproc: a reference from inside is none from outside. */
static int subtract(PyObject *op, void *arg)
{
    intptr_t count = (intptr_t)outside_get(arg, op);
    if (count > 1)
        outside_set(arg, op, (void *)(count - 1));
    return 0;
}

/* visitproc: notes an object as reachable; find_reachable goes on to what it refers to. */
static int reach(PyObject *op, void *arg)
{
    Search *search = arg;
    void *count = outside_get(search, op);
    if (!count || count == REACHED)
        return 0;
    outside_set(search, op, REACHED);
    PyObject **row = rows_add(&search->reached);
    if (row)
        *row = op;
    return 0;
}

/* tp_traverse of each object noted. */
static void traverse_all(Rows *objects, visitproc visit, void *arg)
{
    for (size_t i = 0; i < objects->length; i++) {
        PyObject *op = ((PyObject **)objects->rows)[i];
        Py_TYPE(op)->tp_traverse(op, visit, arg);
    }
}

static void find_reachable(Search *search)
{
    traverse_all(&search->tracked, subtract, search);
    PyObject **tracked = (PyObject **)search->tracked.rows;
    for (size_t i = 0; i < search->tracked.length; i++)
        if ((intptr_t)outside_get(search, tracked[i]) > 1)
            reach(tracked[i], search);
    traverse_all(&search->reached, reach, search); /* grows while it is walked */
}

static PyObject *vitro_unreachable(PyObject *module, PyObject *unused)
{
    Search search = {table_new(), {.row = sizeof(PyObject *)}, {.row = sizeof(PyObject *)}};
    if (!search.outside)
        return PyErr_NoMemory();
    each_tracked(count_references, &search);
    if (!search.tracked.failed)
        find_reachable(&search);
    PyObject **tracked = (PyObject **)search.tracked.rows;
    size_t n = 0;
    for (size_t i = 0; i < search.tracked.length && !search.tracked.failed; i++)
        if (outside_get(&search, tracked[i]) != REACHED)
            tracked[n++] = tracked[i];
    search.tracked.length = n;
    search.tracked.failed |= search.reached.failed;
    free(search.reached.rows);
    _Py_hashtable_destroy(search.outside);
    return object_list(&search.tracked);
}

/* -- Collections ----------------------------------------------------------------------------- */

#define COLLECTIONS_MAX 200000 /* then only counted in gc.get_stats() */

typedef struct {
    int generation;
    Py_ssize_t examined, collected, uncollectable, blocks;
    double at, seconds; /* start, since recording began; pause */
} Collection;

/* Of the interpreter that records; the hook that was there before is called too. */
static struct {
    PyInterpreterState *interp;
    void (*before)(int, Py_ssize_t, Py_ssize_t, Py_ssize_t, double);
    double began;
    Rows rows;
} recording = {.rows = {.row = sizeof(Collection)}};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void note_collection(int generation, Py_ssize_t examined, Py_ssize_t collected,
                            Py_ssize_t uncollectable, double seconds)
{
    Collection *row = recording.rows.length < COLLECTIONS_MAX ? rows_add(&recording.rows) : NULL;
    if (row)
        *row = (Collection){generation, examined, collected, uncollectable, pool_count_blocks(),
                            now() - seconds - recording.began, seconds};
    if (recording.before)
        recording.before(generation, examined, collected, uncollectable, seconds);
}

static PyObject *vitro_record(PyObject *module, PyObject *arg)
{
    PyInterpreterState *interp = interp_get();
    int on = PyObject_IsTrue(arg);
    if (on < 0)
        return NULL;
    if (recording.interp && recording.interp != interp) {
        PyErr_SetString(PyExc_RuntimeError, "another interpreter records its collections");
        return NULL;
    }
    if (on && !recording.interp) {
        recording.interp = interp;
        recording.before = interp->gc.on_collect;
        recording.rows.length = 0;
        recording.began = now();
        interp->gc.on_collect = note_collection;
    }
    else if (!on && recording.interp) {
        interp->gc.on_collect = recording.before;
        recording.interp = NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *collection_row(const void *row)
{
    const Collection *c = row;
    return Py_BuildValue("idnnndn", c->generation, c->at, c->examined, c->collected,
                         c->uncollectable, c->seconds, c->blocks);
}

static PyObject *vitro_collections(PyObject *module, PyObject *unused)
{
    Rows copy = recording.rows;
    copy.rows = malloc(copy.length * copy.row + 1);
    if (!copy.rows)
        return PyErr_NoMemory();
    memcpy(copy.rows, recording.rows.rows ? recording.rows.rows : "", copy.length * copy.row);
    return rows_list(&copy, collection_row);
}

/* -- Looking without moving ------------------------------------------------------------------ */

static struct {
    bool on;
    int enabled, counts[NUM_GENERATIONS];
} stillness;

static PyObject *vitro_still(PyObject *module, PyObject *arg)
{
    struct gc_state *gc = &interp_get()->gc;
    int on = PyObject_IsTrue(arg);
    if (on < 0)
        return NULL;
    for (int i = 0; i < NUM_GENERATIONS && on != stillness.on; i++)
        if (on)
            stillness.counts[i] = gc->generations[i].count;
        else
            gc->generations[i].count = stillness.counts[i];
    if (on && !stillness.on) {
        stillness.enabled = gc->enabled;
        gc->enabled = 0;
    }
    else if (!on && stillness.on)
        gc->enabled = stillness.enabled;
    stillness.on = on;
    Py_RETURN_NONE;
}

/* -- Allocations that fail ------------------------------------------------------------------- */

/* Allocates nothing before it has effect: it ends what it has begun. */
static PyObject *vitro_stress_oom(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    unsigned long first = 0, last, step = 1;
    int each = 0;
    if (!PARSEP("k|kkp:stress_oom", &first, &last, &step, &each))
        return NULL;
    if (nargs < 2)
        last = first;
    if (!step) {
        PyErr_SetString(PyExc_ValueError, "step must be positive");
        return NULL;
    }
    struct watch_oom oom = {.first = first, .last = last, .step = step, .each = each};
    return PyLong_FromUnsignedLong(watch_oom(&oom));
}

/* -- Module ---------------------------------------------------------------------------------- */

static PyMethodDef functions[] = {
    {"pools", vitro_pools, METH_NOARGS,
     "pools($module, /)\n--\n\n"
     "A list of tuples (arena, index, block size, blocks, blocks used, bits), a pool each.\n\n"
     "arena is its address, index the pool's number in it, block size in bytes; bits are bytes\n"
     "in which bit i of byte j says whether block 8*j + i is in use. A free pool has blocks of\n"
     "size 0."},
    {"objects", vitro_objects, METH_NOARGS,
     "objects($module, /)\n--\n\n"
     "A list of the objects that the collector tracks and of all that they refer to.\n\n"
     "Taken before the list is made, which is not in it."},
    {"attributes", vitro_attributes, METH_O,
     "attributes($module, object, /)\n--\n\n"
     "A dict of the attributes that an instance holds without a dict of its own.\n\n"
     "None when it has a dict already, or cannot have one."},
    {"places", vitro_places, METH_O,
     "places($module, objects, /)\n--\n\n"
     "A list of ints, one for each object of a list: equal for equal tracebacks.\n\n"
     "The traceback is the one tracemalloc keeps of the allocation; 0 when it keeps none.\n"
     "TypeError when objects is not a list."},
    {"unreachable", vitro_unreachable, METH_NOARGS,
     "unreachable($module, /)\n--\n\n"
     "A list of the objects that only cycles keep alive: what a full collection would find.\n\n"
     "Nothing is collected and no finaliser runs; the list keeps them alive."},
    {"record", vitro_record, METH_O,
     "record($module, on, /)\n--\n\n"
     "Start or stop noting collections; starting anew forgets the old notes.\n\n"
     "RuntimeError while another interpreter records."},
    {"still", vitro_still, METH_O,
     "still($module, on, /)\n--\n\n"
     "Keep the collector from starting by itself.\n\n"
     "Switched off, it goes on as if nothing had been allocated in between."},
    {"collections", vitro_collections, METH_NOARGS,
     "collections($module, /)\n--\n\n"
     "A list of tuples (generation, start, examined, collected, uncollectable, pause, blocks).\n\n"
     "start is in seconds since record(True), pause in seconds; the three between are numbers of\n"
     "objects, blocks those in use afterwards. After 200,000 collections no more are noted."},
    {"stress_oom", (PyCFunction)vitro_stress_oom, METH_FASTCALL,
     "stress_oom($module, first, last=first, step=1, each=False, /)\n--\n\n"
     "Let allocations first to last from here on fail (0: none), as -X stress=oom does.\n\n"
     "With each, every one fails in a process of its own, forked from this one. Returns which "
     "one\nfailed last since the call before, or 0."},
    {NULL},
};

static PyModuleDef_Slot slots[] = {{0}};

static PyModuleDef vitro_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_vitro",
    .m_doc = "The heap as allocator and collector see it; module vitro.memory shows it.",
    .m_methods = functions,
    .m_slots = slots,
};

PyObject *view_module_init(void) { return PyModuleDef_Init(&vitro_module); }
