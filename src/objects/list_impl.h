/* SPDX-License-Identifier: MIT
 *
 * What list.c, list_iter.c and list_sort.c share.
 */
#ifndef VITRO_LIST_IMPL_H
#define VITRO_LIST_IMPL_H

#include "objects/contain.h"

/* Sets ob_size; new items are not set. */
int list_resize(PyListObject *self, Py_ssize_t newsize);
int list_tp_clear(PyObject *self);
int list_extend(PyListObject *self, PyObject *iterable);
PyObject *list_slice(PyListObject *a, Py_ssize_t low, Py_ssize_t high); /* bounds within the list */
int list_ass_slice(PyListObject *a, Py_ssize_t low, Py_ssize_t high, PyObject *v);
PyObject *list_iter(PyObject *self);
PyObject *list_reversed(PyObject *self, PyObject *unused);
void list_reverse_range(PyObject **items, Py_ssize_t n);
PyObject *list_sort(PyObject *self, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames);

#endif
