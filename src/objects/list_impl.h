/* SPDX-License-Identifier: MIT
 *
 * What list.c, list_iter.c and list_sort.c share. Thread rule: under the lock. Indices are within
 * the list unless said otherwise: wrapping negative ones and raising IndexError is the slots' work.
 * Reading order: list_resize, list_slice and list_ass_slice (list.c), then the iterators, the sort.
 */
#ifndef VITRO_LIST_IMPL_H
#define VITRO_LIST_IMPL_H

#include "objects/contain.h"

/* Sets ob_size; new items are not set, dropped ones not released. -1 with MemoryError, the list
   as before. */
int list_resize(PyListObject *self, Py_ssize_t newsize);
/* tp_clear and list.clear(): empty first, then the references go (L2). */
int list_tp_clear(PyObject *self);
/* self += iterable. What was added stays when the iterable raises. */
int list_extend(PyListObject *self, PyObject *iterable);
PyObject *list_slice(PyListObject *a, Py_ssize_t low, Py_ssize_t high); /* bounds within the list */
/* a[low:high] = v, or del with v NULL; v may be a itself. */
int list_ass_slice(PyListObject *a, Py_ssize_t low, Py_ssize_t high, PyObject *v);
/* __iter__ and __reversed__. */
PyObject *list_iter(PyObject *self);
PyObject *list_reversed(PyObject *self, PyObject *unused);
/* Turns n items around in place. */
void list_reverse_range(PyObject **items, Py_ssize_t n);
PyObject *list_sort(PyObject *self, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames);

#endif
