/* SPDX-License-Identifier: MIT
 *
 * Results of splitting, collected in an array that starts on the C stack and becomes a list at the
 * end, so that the common short results cost one list and no growing. The list has the room it has
 * in 3.11: sys.getsizeof shows it. Also: finding the next separator, which is near.
 *
 * Ownership: the array owns its items until pieces_list takes them.
 */
#ifndef VITRO_PIECES_H
#define VITRO_PIECES_H

#include "vitro.h"

typedef struct {
    PyObject **items;       /* strong */
    Py_ssize_t n, room;
    /* room of 3.11's list before the first item; -1: exactly n in the end */
    Py_ssize_t first;
    PyObject *few[16];
} Pieces;

/* At most `max` splits will be made; -1: appends to an empty list. */
static inline void pieces_init(Pieces *p, Py_ssize_t max)
{
    p->first = max >= 12 ? 12 : max + 1;
    p->items = p->few;
    p->n = 0;
    p->room = COUNT_OF(p->few);
}

static __attribute__((noinline, unused)) int pieces_grow(Pieces *p)
{
    Py_ssize_t room = p->room * 4;
    PyObject **items = PyMem_Realloc(p->items == p->few ? NULL : p->items,
                                     (size_t)room * sizeof *items);
    if (!items) {
        PyErr_NoMemory();
        return -1;
    }
    if (p->items == p->few)
        memcpy(items, p->few, (size_t)p->n * sizeof *items);
    p->items = items;
    p->room = room;
    return 0;
}

/* STEALS s (MAYBE_NULL: an error). */
static inline int pieces_add_steal(Pieces *p, PyObject *s)
{
    if (UNLIKELY(!s || (p->n == p->room && pieces_grow(p) < 0))) {
        Py_XDECREF(s);
        return -1;
    }
    p->items[p->n++] = s;
    return 0;
}

static inline void pieces_drop(Pieces *p, Py_ssize_t from)
{
    for (Py_ssize_t i = from; i < p->n; i++)
        Py_DECREF(p->items[i]);
    if (p->items != p->few)
        PyMem_Free(p->items);
}

/* What appending one by one would have made of the room. */
static inline Py_ssize_t pieces_list_room(const Pieces *p)
{
    Py_ssize_t room = p->first < 0 ? p->n : p->first;
    while (room < p->n)
        room = (room + 1 + ((room + 1) >> 3) + 6) & ~(Py_ssize_t)3;
    return room;
}

static inline PyObject *pieces_list(Pieces *p, int failed)
{
    PyListObject *list = failed ? NULL : (PyListObject *)PyList_New(0);
    Py_ssize_t room = pieces_list_room(p);
    if (list && room && !(list->ob_item = PyMem_New(PyObject *, (size_t)room))) {
        Py_CLEAR(list);
        PyErr_NoMemory();
    }
    if (!list) {
        pieces_drop(p, 0);
        return NULL;
    }
    if (p->n)
        memcpy(list->ob_item, p->items, (size_t)p->n * sizeof(PyObject *));
    list->allocated = room;
    Py_SET_SIZE(list, p->n);
    pieces_drop(p, p->n);
    return (PyObject *)list;
}

static inline PyObject *pieces_list_reversed(Pieces *p, int failed)
{
    for (Py_ssize_t i = 0, j = p->n - 1; i < j; i++, j--) {
        PyObject *t = p->items[i];
        p->items[i] = p->items[j];
        p->items[j] = t;
    }
    return pieces_list(p, failed);
}

/* First c in [p, end), or NULL: memchr, but quick when it is near. */
static inline const char *near_char(const char *p, const char *end, char c)
{
    const char *near = end - p > 24 ? p + 24 : end;
    for (; p < near; p++)
        if (*p == c)
            return p;
    return p == end ? NULL : memchr(p, c, (size_t)(end - p));
}

#endif
