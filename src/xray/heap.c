/* SPDX-License-Identifier: MIT
 *
 * The heap checker. One walk
 *
 *   1  checks pools and arenas (pool_check) and notes the blocks that are free,
 *   2  checks the links and flags of the collector's lists,
 *   3  counts the references that tp_traverse shows from every tracked object, and looks at each
 *      object met,
 *   4  compares: no object may have fewer references than were found,
 *   5  checks the free lists of the types.
 *
 * More references than found are normal: C code, frames that run and static data hold some that
 * nothing shows. The table of objects lives in the C library's memory, so that the walk does not
 * change what it looks at.
 *
 * A fault is printed and counted, never raised; the walk goes on as long as it safely can: an
 * address is looked into only after it proved to be no free memory (check_identity).
 */
#include "xray/heap.h"
#include "mem/gc.h"
#include "mem/pool.h"
#include "objects/box.h"
#include "objects/contain.h"
#include "objects/dict/dict.h"
#include "objects/set.h"
#include "objects/str/str.h"
#include "objects/type/type.h"

#include <stdarg.h>
#include <stdlib.h>

#define FAULTS_SHOWN 20
#define REFERRERS_SHOWN 6

/* -- Table of addresses ---------------------------------------------------------------------- */

/* An open-addressed set of addresses, each with a count. */
typedef struct {
    void *address; /* NULL: the slot is free */
    size_t found;  /* references seen so far */
} Entry;
typedef struct {
    Entry *entries;
    size_t mask, used; /* slots - 1, a power of two less one; slots taken */
} Table;

/* Where the address is, or belongs. */
static Entry *table_slot(const Table *table, const void *address)
{
    size_t i = ((uintptr_t)address >> 4) * 0x9E3779B97F4A7C15u >> 20 & table->mask;
    while (table->entries[i].address && table->entries[i].address != address)
        i = (i + 1) & table->mask;
    return &table->entries[i];
}

/* False: no memory. */
static bool table_make(Table *table, size_t size)
{
    *table = (Table){calloc(size, sizeof(Entry)), size - 1, 0};
    return table->entries != NULL;
}

static bool table_grow(Table *table)
{
    Table larger;
    if (!table_make(&larger, (table->mask + 1) * 2))
        return false;
    for (size_t i = 0; i <= table->mask; i++)
        if (table->entries[i].address)
            *table_slot(&larger, table->entries[i].address) = table->entries[i];
    larger.used = table->used;
    free(table->entries);
    *table = larger;
    return true;
}

/* The entry of an address; *fresh: made just now. NULL: no memory. */
static Entry *table_enter(Table *table, void *address, bool *fresh)
{
    if (table->used * 2 > table->mask && !table_grow(table))
        return NULL;
    Entry *entry = table_slot(table, address);
    *fresh = entry->address == NULL;
    table->used += *fresh;
    entry->address = address;
    return entry;
}

/* -- Reports --------------------------------------------------------------------------------- */

typedef struct {
    PyThreadState *tstate;
    const char *when;      /* for the messages */
    int faults;            /* found so far; only the first are shown */
    bool complete;         /* C memory sufficed */
    Table objects;         /* met objects -> references found */
    Table free_blocks;
    PyObject *parent;      /* whose tp_traverse runs */
} Walk;

__attribute__((format(printf, 2, 3))) static void fault(Walk *walk, const char *format, ...)
{
    va_list args;
    if (++walk->faults > FAULTS_SHOWN)
        return;
    fprintf(stderr, "check=heap, %s: ", walk->when);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

/* A fault of an object that is one: it may be described. */
static void object_fault(Walk *walk, PyObject *op, const char *what)
{
    fault(walk, "<%s at %p, %zd references>: %s", Py_TYPE(op)->tp_name, (void *)op, Py_REFCNT(op),
          what);
    if (walk->faults <= FAULTS_SHOWN && PyUnicode_Check(op) && PyUnicode_IS_READY(op) &&
        PyUnicode_IS_ASCII(op))
        fprintf(stderr, "    '%.60s'\n", (const char *)PyUnicode_1BYTE_DATA(op));
    if (walk->faults <= FAULTS_SHOWN && PyType_Check(op))
        fprintf(stderr, "    class %.60s\n", ((PyTypeObject *)op)->tp_name);
}

/* -- One object ------------------------------------------------------------------------------ */

/* Does p lie in a block that the allocator has back? */
static bool is_free_memory(Walk *walk, const void *p)
{
    bool fresh;
    void *block = pool_block_at(p, &fresh);
    return block && (fresh || table_slot(&walk->free_blocks, block)->address);
}

/* The *_fault functions: what is wrong with an object of a type, or NULL. */
static const char *str_fault(Walk *walk, PyObject *op)
{
    PyASCIIObject *s = (PyASCIIObject *)op;
    if (!s->state.ready)
        return NULL;
    int kind = PyUnicode_KIND(op);
    if ((kind != 1 && kind != 2 && kind != 4) || s->length < 0 || (s->state.ascii && kind != 1))
        return "str of unknown shape";
    if (PyUnicode_READ(kind, PyUnicode_DATA(op), s->length) != 0)
        return "str without its final zero";
    if (s->hash != -1 && s->hash != _Py_HashBytes(PyUnicode_DATA(op), s->length * kind))
        return "str that changed after it was hashed";
    if (s->state.interned && str_interned(op) != op)
        return "interned str that is not in the table";
    return NULL;
}

static const char *bytes_fault(PyBytesObject *b)
{
    if (Py_SIZE(b) < 0 || b->ob_sval[Py_SIZE(b)] != 0)
        return "bytes without a final zero";
    if (b->ob_shash != -1 && b->ob_shash != _Py_HashBytes(b->ob_sval, Py_SIZE(b)))
        return "bytes that changed after they were hashed";
    return NULL;
}

static const char *int_fault(PyLongObject *v)
{
    Py_ssize_t n = Py_ABS(Py_SIZE(v));
    for (Py_ssize_t i = 0; i < n; i++)
        if (v->ob_digit[i] > PyLong_MASK)
            return "int with a digit that is too large";
    return n && v->ob_digit[n - 1] == 0 ? "int with a leading zero digit" : NULL;
}

static const char *list_fault(PyListObject *list)
{
    if (list->allocated == -1) /* being sorted */
        return NULL;
    if (Py_SIZE(list) < 0 || Py_SIZE(list) > list->allocated)
        return "list with more items than room";
    return list->allocated && !list->ob_item ? "list without items" : NULL;
}

/* What only its own type knows. */
static const char *content_fault(Walk *walk, PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    const char *what = NULL;
    if (PyUnicode_Check(op))
        what = str_fault(walk, op);
    else if (PyBytes_Check(op))
        what = bytes_fault((PyBytesObject *)op);
    else if (PyLong_Check(op))
        what = int_fault((PyLongObject *)op);
    else if (PyDict_Check(op))
        what = dict_fault((PyDictObject *)op);
    else if (PyList_Check(op))
        what = list_fault((PyListObject *)op);
    else if (PyTuple_Check(op))
        what = Py_SIZE(op) < 0 ? "tuple of negative size" : NULL;
    else if (PyAnySet_Check(op))
        what = set_fault((PySetObject *)op);
    else if (PyType_Check(op))
        what = type_fault((PyTypeObject *)op);
    if (!what && PyType_HasFeature(type, Py_TPFLAGS_MANAGED_DICT))
        what = object_values_fault(op);
    return what;
}

/* The same of what the parent refers to. */
static void reference_fault(Walk *walk, PyObject *op, const char *what)
{
    if (op == walk->parent)
        fault(walk, "a collector list holds %p, which is %s", (void *)op, what);
    else
        fault(walk, "<%s at %p, %zd references> refers to %p, which is %s",
              Py_TYPE(walk->parent)->tp_name, (void *)walk->parent, Py_REFCNT(walk->parent),
              (void *)op, what);
}

/* Whether it is an object at all: only then may its type be asked anything. */
static bool check_identity(Walk *walk, PyObject *op)
{
    PyTypeObject *type;
    const char *what = NULL;
    if ((uintptr_t)op & 7)
        what = "no address of an object";
    else if (is_free_memory(walk, op))
        what = "free memory";
    else if (!(type = Py_TYPE(op)) || is_free_memory(walk, type) || !Py_TYPE(type) ||
             is_free_memory(walk, Py_TYPE(type)) || !PyType_Check(type))
        what = "no object: its type is none";
    if (what)
        reference_fault(walk, op, what);
    else if (Py_REFCNT(op) < 1)
        object_fault(walk, op, what = "met, though its count is not positive");
    return !what;
}

/* Entry of an object; what it is made of is looked at the first time. */
static Entry *meet(Walk *walk, PyObject *op)
{
    bool fresh;
    Entry *entry = table_enter(&walk->objects, op, &fresh);
    if (!entry) {
        walk->complete = false;
        return NULL;
    }
    if (fresh && check_identity(walk, op)) {
        const char *what = content_fault(walk, op);
        if (what)
            object_fault(walk, op, what);
    }
    return entry;
}

/* -- References ------------------------------------------------------------------------------ */

/* visitproc: one more reference to op. */
static int count_reference(PyObject *op, void *arg)
{
    Entry *entry = meet(arg, op);
    if (entry)
        entry->found++;
    return 0;
}

/* Calls `visit` for what each tracked object refers to. */
static void each_reference(Walk *walk, PyGC_Head *list, visitproc visit, void *arg)
{
    for (PyGC_Head *g = gc_next(list); g != list; g = gc_next(g)) {
        walk->parent = FROM_GC(g);
        Py_TYPE(walk->parent)->tp_traverse(walk->parent, visit, arg);
    }
}

/* Generations from youngest to oldest, then the permanent one. */
static PyGC_Head *collector_list(Walk *walk, int i)
{
    struct gc_state *gc = &walk->tstate->interp->gc;
    return i < NUM_GENERATIONS ? &gc->generations[i].head : &gc->permanent.head;
}

typedef struct {
    Walk *walk;
    PyObject *wanted, *last;
    int shown;
} Search;

/* visitproc: prints who refers to an object with too few references. */
static int show_referrer(PyObject *op, void *arg)
{
    Search *search = arg;
    PyObject *parent = search->walk->parent;
    if (op != search->wanted || parent == search->last || search->shown >= REFERRERS_SHOWN)
        return 0;
    search->last = parent;
    search->shown++;
    fprintf(stderr, "    from <%s at %p, %zd references>\n", Py_TYPE(parent)->tp_name,
            (void *)parent, Py_REFCNT(parent));
    return 0;
}

/* Step 4. */
static void compare_counts(Walk *walk)
{
    for (size_t i = 0; i <= walk->objects.mask; i++) {
        Entry *entry = &walk->objects.entries[i];
        PyObject *op = entry->address;
        if (!op || entry->found <= (size_t)Py_REFCNT(op) || is_free_memory(walk, op))
            continue;
        char what[80];
        snprintf(what, sizeof what, "%zu references found", entry->found);
        object_fault(walk, op, what);
        Search search = {walk, op, NULL, 0};
        for (int k = 0; walk->faults <= FAULTS_SHOWN && k <= NUM_GENERATIONS; k++)
            each_reference(walk, collector_list(walk, k), show_referrer, &search);
    }
}

/* -- Collector lists ------------------------------------------------------------------------- */

/* False: the list cannot be walked. */
static bool check_list(Walk *walk, PyGC_Head *list, int number)
{
    PyGC_Head *prev = list;
    for (PyGC_Head *g = gc_next(list); g != list; prev = g, g = gc_next(g)) {
        if (!g || is_free_memory(walk, g) || gc_prev(g) != prev) {
            fault(walk, "collector list %d is broken at %p", number, (void *)g);
            return false;
        }
        if ((g->_gc_prev & GC_COLLECTING) || (g->_gc_next & GC_UNREACHABLE))
            fault(walk, "collector list %d: flags of a collection at %p", number,
                  (void *)g); /* G1 */
        walk->parent = FROM_GC(g);
        if (!check_identity(walk, walk->parent))
            return false;
        if (!object_is_gc(walk->parent) || !Py_TYPE(walk->parent)->tp_traverse)
            object_fault(walk, walk->parent, "tracked, but the collector cannot follow it");
    }
    if (gc_prev(list) != prev)
        fault(walk, "collector list %d does not end where it says", number);
    return true;
}

/* -- Free lists ------------------------------------------------------------------------------ */

/* Length of a chain of blocks whose next is at `offset`; more than `most` means a loop. */
static int chain_length(const void *block, size_t offset, int most)
{
    int n = 0;
    for (; block && n <= most; n++)
        block = *(void *const *)((const char *)block + offset);
    return n;
}

static void check_chain(Walk *walk, const char *what, const void *head, size_t offset, int count,
                        int most)
{
    int n = chain_length(head, offset, most);
    if (n != count || count > most)
        fault(walk, "free list of %s: %d blocks counted as %d", what, n, count);
}

/* Step 5. */
static void check_free_lists(Walk *walk)
{
    struct free_lists *lists = free_lists_get();
    check_chain(walk, "int", int_free.head, sizeof(PyObject), int_free.count, BOX_FREE_MAX);
    check_chain(walk, "float", float_free.head, sizeof(PyObject), float_free.count, BOX_FREE_MAX);
    for (int i = 0; i < TUPLE_FREE_SIZES; i++)
        check_chain(walk, "tuple", lists->tuple[i], offsetof(PyTupleObject, ob_item),
                    lists->ntuple[i], TUPLE_FREE_MAX);
    for (int i = 0; i < lists->nlist; i++)
        if (!lists->list[i] || is_free_memory(walk, lists->list[i]))
            fault(walk, "free list of list: %p is no block of ours", (void *)lists->list[i]);
    for (int i = 0; i < lists->ndict; i++)
        if (!lists->dict[i] || is_free_memory(walk, lists->dict[i]))
            fault(walk, "free list of dict: %p is no block of ours", (void *)lists->dict[i]);
    for (int i = 0; i < lists->nkeys; i++)
        if (!lists->keys[i] || is_free_memory(walk, lists->keys[i]))
            fault(walk, "free list of key tables: %p is no block of ours", (void *)lists->keys[i]);
}

/* -- The walk -------------------------------------------------------------------------------- */

static void note_free_block(void *block, void *arg)
{
    Walk *walk = arg;
    bool fresh;
    walk->complete &= table_enter(&walk->free_blocks, block, &fresh) != NULL;
}

/* Step 1. */
static bool check_pools(Walk *walk)
{
    char text[200];
    if (!pool_check(text, sizeof text)) {
        fault(walk, "%s", text);
        return false;
    }
    pool_visit_free(note_free_block, walk);
    return walk->complete;
}

/* Steps 2 and 3. */
static void check_objects(Walk *walk)
{
    for (int i = 0; i <= NUM_GENERATIONS; i++)
        if (!check_list(walk, collector_list(walk, i), i))
            return;
    for (int i = 0; i <= NUM_GENERATIONS; i++) {
        PyGC_Head *list = collector_list(walk, i);
        for (PyGC_Head *g = gc_next(list); g != list; g = gc_next(g)) {
            walk->parent = FROM_GC(g);
            meet(walk, walk->parent);
        }
    }
    for (int i = 0; i <= NUM_GENERATIONS && !walk->faults;
         i++) /* what is broken had better not be traversed */
        each_reference(walk, collector_list(walk, i), count_reference, walk);
    if (walk->complete && !walk->faults)
        compare_counts(walk);
}

int heap_check(PyThreadState *tstate, const char *when)
{
    Walk walk = {.tstate = tstate, .when = when, .complete = true};
    if (table_make(&walk.objects, 1 << 14) && table_make(&walk.free_blocks, 1 << 14)) {
        if (check_pools(&walk)) {
            check_objects(&walk);
            check_free_lists(&walk);
        }
    }
    free(walk.objects.entries);
    free(walk.free_blocks.entries);
    if (walk.faults > FAULTS_SHOWN)
        fprintf(stderr, "check=heap, %s: %d faults in all\n", when, walk.faults);
    return walk.faults;
}
