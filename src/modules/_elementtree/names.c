/* SPDX-License-Identifier: MIT
 *
 * The names that a parser met: expat's UTF-8 to the str of a tag or attribute, "uri}local" to
 * "{uri}local".
 *
 * An open hash table with linear probing, at most two thirds full. A slot points into the UTF-8 of
 * its str.
 */
#include "names.h"

#define FIRST_SLOTS 64

struct slot {
    PyObject *name;   /* strong; NULL: free */
    const char *utf8; /* in `name`, without the brace that opens it */
    size_t length;
    Py_hash_t hash;
};

struct name_table {
    size_t used, mask; /* slots in use; slots - 1, a power of two less one */
    struct slot *slots;
};

struct name_table *names_new(void)
{
    struct name_table *table = PyMem_Malloc(sizeof *table);
    struct slot *slots = table ? PyMem_Calloc(FIRST_SLOTS, sizeof *slots) : NULL;
    if (!slots) {
        PyMem_Free(table);
        PyErr_NoMemory();
        return NULL;
    }
    *table = (struct name_table){.mask = FIRST_SLOTS - 1, .slots = slots};
    return table;
}

void names_free(struct name_table *table)
{
    for (size_t i = 0; table && i <= table->mask; i++)
        Py_XDECREF(table->slots[i].name);
    if (table)
        PyMem_Free(table->slots);
    PyMem_Free(table);
}

static struct slot *find(struct name_table *table, const char *utf8, size_t length, Py_hash_t hash)
{
    for (size_t i = (size_t)hash & table->mask;; i = (i + 1) & table->mask) {
        struct slot *slot = &table->slots[i];
        if (!slot->name ||
            (slot->hash == hash && slot->length == length && !memcmp(slot->utf8, utf8, length)))
            return slot;
    }
}

static int grow(struct name_table *table)
{
    struct name_table bigger = {.used = table->used, .mask = 2 * table->mask + 1};
    bigger.slots = PyMem_Calloc(bigger.mask + 1, sizeof *bigger.slots);
    if (!bigger.slots) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t i = 0; i <= table->mask; i++) {
        struct slot *slot = &table->slots[i];
        if (slot->name)
            *find(&bigger, slot->utf8, slot->length, slot->hash) = *slot;
    }
    PyMem_Free(table->slots);
    *table = bigger;
    return 0;
}

/* The str for a name that is not in the table. */
static PyObject *make_name(const char *utf8, size_t length, bool qualified)
{
    if (!qualified)
        return PyUnicode_DecodeUTF8(utf8, (Py_ssize_t)length, "strict");
    char *braced = PyMem_Malloc(length + 1);
    if (!braced)
        return PyErr_NoMemory();
    braced[0] = '{';
    memcpy(braced + 1, utf8, length);
    PyObject *name = PyUnicode_DecodeUTF8(braced, (Py_ssize_t)length + 1, "strict");
    PyMem_Free(braced);
    return name;
}

/* Expat writes a qualified name "URI}name"; the str gets the brace in front. The slot keeps the
   UTF-8 that the str holds, so no second copy lives. */
PyObject *names_get(struct name_table *table, const char *utf8)
{
    size_t length = strlen(utf8);
    Py_hash_t hash = _Py_HashBytes(utf8, (Py_ssize_t)length);
    struct slot *slot = find(table, utf8, length, hash);
    if (slot->name)
        return Py_NewRef(slot->name);
    if (3 * (table->used + 1) > 2 * table->mask) {
        if (grow(table) < 0)
            return NULL;
        slot = find(table, utf8, length, hash);
    }
    bool qualified = memchr(utf8, '}', length) != NULL;
    PyObject *name = make_name(utf8, length, qualified);
    const char *kept = name ? PyUnicode_AsUTF8(name) : NULL;
    if (!kept) {
        Py_XDECREF(name);
        return NULL;
    }
    *slot = (struct slot){name, kept + qualified, length, hash};
    table->used++;
    return Py_NewRef(name);
}
