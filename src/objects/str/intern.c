/* SPDX-License-Identifier: MIT
 *
 * Interning: a hash table of all interned strings. A slot holds a string's address with the upper
 * 16 bits of its hash above it, so that a probe reads the string only when they agree:
 *
 *    slot:  | 16 bits of the hash | 48 bits of address |     0: empty
 *
 *  T1  Between a string's home slot (hash & mask) and the slot where it is, none is empty.
 *  T2  At most two thirds of the slots are used.
 *  T3  The table keeps nothing alive: str_dealloc takes the string out.
 *
 * Constant strings (ID, LITERAL) are entered at start-up, a shared character when it first serves
 * as a name (.pyc files tell); where a constant name and a character spell the same, the name is
 * the interned one, so that `'a' is chr(97)` is False as in 3.11, whose frozen modules bring such
 * names.
 *
 * Also here: _Py_Identifier, whose strings live in a table of the interpreter indexed by a
 * process-wide number.
 */
#include "str_impl.h"

extern EXPORT Py_hash_t _Py_HashBytes(const void *src, Py_ssize_t len);

typedef struct {
    PyObject **array;   /* strong, NULL where unused */
    Py_ssize_t size;
} IdTable;

/* -- Interning ------------------------------------------------------------------------------- */

/* One table for the process: names that static types and the constants hold outlive any
   interpreter, and must be the same objects in the next one. */
static struct { uint64_t *slots; size_t mask, used; } table;

#define ADDRESS_BITS 48
#define TAG_MASK (~(uint64_t)0 << ADDRESS_BITS)
#define SLOTS_AT_START 4096

static inline uint64_t slot_for(PyObject *s, Py_hash_t hash)
{
    assert(((uintptr_t)s & TAG_MASK) == 0);
    return ((uint64_t)hash & TAG_MASK) | (uintptr_t)s;
}

static inline PyObject *slot_str(uint64_t slot)
{
    return (PyObject *)(uintptr_t)(slot & ~TAG_MASK);
}

static inline bool str_is_run(PyObject *s, int kind, const void *data, Py_ssize_t n)
{
    return str_len(s) == n && str_kind(s) == kind
           && memcmp(str_data(s), data, (size_t)n * (size_t)kind) == 0;
}

/* The interned str of a run with this hash, borrowed, or NULL. */
static PyObject *table_find(Py_hash_t hash, int kind, const void *data, Py_ssize_t n)
{
    if (UNLIKELY(table.slots == NULL))
        return NULL;
    uint64_t tag = (uint64_t)hash & TAG_MASK, slot;
    for (size_t i = (size_t)hash & table.mask; (slot = table.slots[i]); i = (i + 1) & table.mask) {
        if ((slot & TAG_MASK) == tag && str_is_run(slot_str(slot), kind, data, n))
            return slot_str(slot);
    }
    return NULL;
}

static void table_put(uint64_t *slots, size_t mask, PyObject *s)
{
    Py_hash_t hash = A(s)->hash;
    size_t i = (size_t)hash & mask;
    while (slots[i])
        i = (i + 1) & mask;
    slots[i] = slot_for(s, hash);
}

static bool table_grow(void)
{
    size_t size = table.slots ? 2 * (table.mask + 1) : SLOTS_AT_START;
    uint64_t *slots = PyMem_RawCalloc(size, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; table.slots && i <= table.mask; i++) {
        if (table.slots[i])
            table_put(slots, size - 1, slot_str(table.slots[i]));
    }
    PyMem_RawFree(table.slots);
    table.slots = slots;
    table.mask = size - 1;
    return true;
}

/* `s` is hashed and not in the table. Without memory it stays as it is. */
static void table_add(PyObject *s)
{
    if (UNLIKELY(!table.slots || table.used * 3 >= table.mask * 2) && !table_grow())
        return; /* T2 */
    table_put(table.slots, table.mask, s);
    table.used++;
    A(s)->state.interned = SSTATE_INTERNED_MORTAL;
}

/* Those behind it move up, as far as their own place allows (T1). */
static void table_remove(PyObject *s)
{
    uint64_t *slots = table.slots;
    size_t mask = table.mask, i = (size_t)A(s)->hash & mask;
    while (slot_str(slots[i]) != s) {
        assert(slots[i]);
        i = (i + 1) & mask;
    }
    for (size_t j = (i + 1) & mask; slots[j]; j = (j + 1) & mask) {
        size_t home = (size_t)A(slot_str(slots[j]))->hash & mask;
        if (((j - home) & mask) >= ((j - i) & mask)) {
            slots[i] = slots[j];
            i = j;
        }
    }
    slots[i] = 0;
    table.used--;
}

PyObject *str_interned(PyObject *s)
{
    return table_find(PyObject_Hash(s), str_kind(s), str_data(s), str_len(s));
}

PyObject *str_intern_latin1(const char *text, Py_ssize_t n)
{
    Py_hash_t hash = _Py_HashBytes(text, n);
    PyObject *s = table_find(hash, PyUnicode_1BYTE_KIND, text, n);
    if (s)
        return Py_NewRef(s);
    s = PyUnicode_FromKindAndData(PyUnicode_1BYTE_KIND, text, n);
    if (s && !A(s)->state.interned) {
        A(s)->hash = hash;
        table_add(s);
    }
    return s;
}

void str_intern_forget(PyObject *s)
{
    table_remove(s);
    A(s)->state.interned = SSTATE_NOT_INTERNED;
}

/* STEALS *p and leaves the interned str there. Never fails: without memory the string stays as it
   is. */
void PyUnicode_InternInPlace(PyObject **p)
{
    PyObject *s = *p;
    if (!s || !str_is_exact(s) || A(s)->state.interned)
        return;
    if (PyUnicode_READY(s) < 0) {
        PyErr_Clear();
        return;
    }
    PyObject *known = str_interned(s);
    if (known)
        Py_SETREF(*p, Py_NewRef(known));
    else
        table_add(s);
}

void PyUnicode_InternImmortal(PyObject **p)
{
    if (PyErr_WarnEx(PyExc_DeprecationWarning, "PyUnicode_InternImmortal() is deprecated; "
                     "use PyUnicode_InternInPlace() instead", 1) < 0)
        return;
    PyUnicode_InternInPlace(p);
    if (PyUnicode_CHECK_INTERNED(*p) == SSTATE_INTERNED_MORTAL) {
        ((PyASCIIObject *)*p)->state.interned = SSTATE_INTERNED_IMMORTAL;
        Py_INCREF(*p);
    }
}

PyObject *PyUnicode_InternFromString(const char *text)
{
    PyObject *s = PyUnicode_FromString(text);
    if (s)
        PyUnicode_InternInPlace(&s);
    return s;
}

static void intern_constant(PyObject *s)
{
    PyObject *found = Py_NewRef(s);
    PyObject_Hash(s);
    PyUnicode_InternInPlace(&found);
    Py_DECREF(found);
}

/* The names of _PyRuntime, once at the start. */
int str_intern_static(void)
{
/* Names of code objects in angle brackets are no identifiers;
   .pyc files show that they are not interned. */
#define STR(name, text)                                                                            \
    if ((text)[0] != '<')                                                                          \
        intern_constant(LITERAL(name));
#pragma push_macro("ID")
#undef ID
#define ID(name)
#include "runtime/ids.def"
#undef STR
#undef ID
#define STR(name, text)
#define ID(name) intern_constant((PyObject *)&_PyRuntime.identifiers.s_##name);
#include "runtime/ids.def"
#undef STR
#undef ID
#define ID(name) intern_constant((PyObject *)&rt_more_ids.s_##name);
#include "runtime/more_ids.def"
#undef ID
#pragma pop_macro("ID")
    return PyErr_Occurred() ? -1 : 0;
}

/* -- _Py_Identifier -------------------------------------------------------------------------- */

static IdTable *id_table(void)
{
    PyInterpreterState *interp = interp_get();
    if (!interp->text)
        interp->text = PyMem_RawCalloc(1, sizeof(IdTable));
    return interp->text;
}

static int id_table_reserve(IdTable *t, Py_ssize_t index)
{
    if (index < t->size)
        return 0;
    Py_ssize_t size = Py_MAX(index + 1, t->size * 2 + 16);
    PyObject **array = PyMem_RawRealloc(t->array, size * sizeof *array);
    if (!array)
        return -1;
    memset(array + t->size, 0, (size - t->size) * sizeof *array);
    t->array = array;
    t->size = size;
    return 0;
}

/* Result borrowed. */
PyObject *_PyUnicode_FromId(_Py_Identifier *id)
{
    IdTable *t = id_table();
    if (id->index < 0)
        id->index = __atomic_fetch_add(&_PyRuntime.unicode_ids.next_index, 1, __ATOMIC_RELAXED);
    if (!t || id_table_reserve(t, id->index) < 0)
        return PyErr_NoMemory();
    PyObject **slot = &t->array[id->index];
    if (!*slot)
        *slot = PyUnicode_InternFromString(id->string);
    return *slot;
}

int _PyUnicode_EqualToASCIIId(PyObject *left, _Py_Identifier *right)
{
    return _PyUnicode_EqualToASCIIString(left, right->string);
}

/* -- Shutdown -------------------------------------------------------------------------------- */

void str_fini(PyInterpreterState *interp)
{
    IdTable *t = interp->text;
    if (t) {
        for (Py_ssize_t i = 0; i < t->size; i++)
            Py_XDECREF(t->array[i]);
        PyMem_RawFree(t->array);
        PyMem_RawFree(t);
        interp->text = NULL;
    }
    PyMem_RawFree(interp->fs_codec.encoding);
    PyMem_RawFree(interp->fs_codec.errors);
    memset(&interp->fs_codec, 0, sizeof interp->fs_codec);
}
