/* SPDX-License-Identifier: MIT
 *
 * An element as the sequence of its children: length, items, slices.
 *
 * Children are taken out of the array before their references are dropped, since that may run code
 * that looks at it.
 */
#include "elementtree.h"

Py_ssize_t element_length(Element *self) { return self->extra ? self->extra->length : 0; }

PyObject *element_item(PyObject *object, Py_ssize_t i)
{
    Element *self = (Element *)object;
    if (i < 0 || i >= element_length(self)) {
        PyErr_SetString(PyExc_IndexError, "child index out of range");
        return NULL;
    }
    return Py_NewRef(self->extra->children[i]);
}

int element_set_item(PyObject *object, Py_ssize_t i, PyObject *child)
{
    Element *self = (Element *)object;
    if (i < 0 || i >= element_length(self)) {
        PyErr_SetString(PyExc_IndexError, "child assignment index out of range");
        return -1;
    }
    PyObject **children = self->extra->children, *old = children[i];
    if (child) {
        if (!is_element(child))
            return element_refuse(child);
        children[i] = Py_NewRef(child);
    } else {
        self->extra->length--;
        memmove(children + i, children + i + 1,
                (size_t)(self->extra->length - i) * sizeof *children);
    }
    Py_DECREF(old);
    return 0;
}

static int index_value(Element *self, PyObject *key, Py_ssize_t *i)
{
    *i = PyNumber_AsSsize_t(key, PyExc_IndexError);
    if (*i == -1 && PyErr_Occurred())
        return -1;
    if (*i < 0)
        *i += element_length(self);
    return 0;
}

static PyObject *no_index(void)
{
    PyErr_SetString(PyExc_TypeError, "element indices must be integers");
    return NULL;
}

PyObject *element_subscript(PyObject *object, PyObject *key)
{
    Element *self = (Element *)object;
    Py_ssize_t i, stop, step;
    if (PyIndex_Check(key))
        return index_value(self, key, &i) < 0 ? NULL : element_item(object, i);
    if (!PySlice_Check(key))
        return no_index();
    if (PySlice_Unpack(key, &i, &stop, &step) < 0)
        return NULL;
    Py_ssize_t n = PySlice_AdjustIndices(element_length(self), &i, &stop, step);
    PyObject *list = PyList_New(n);
    for (Py_ssize_t j = 0; list && j < n; j++, i += step)
        PyList_SET_ITEM(list, j, Py_NewRef(self->extra->children[i]));
    return list;
}

/* -- Slices ---------------------------------------------------------------------------------- */

/* Deletes `n` > 0 children from `start` on, `step` apart. */
static int delete_slice(Element *self, Py_ssize_t start, Py_ssize_t step, Py_ssize_t n)
{
    ElementExtra *extra = self->extra;
    PyObject **old = PyMem_New(PyObject *, (size_t)n);
    if (!old) {
        PyErr_NoMemory();
        return -1;
    }
    if (step < 0) {
        start += step * (n - 1);
        step = -step;
    }
    Py_ssize_t to = start, taken = 0;
    for (Py_ssize_t i = start; i < extra->length; i++) {
        if (taken < n && i == start + taken * step)
            old[taken++] = extra->children[i];
        else
            extra->children[to++] = extra->children[i];
    }
    extra->length = to;
    for (Py_ssize_t i = 0; i < n; i++)
        Py_DECREF(old[i]);
    PyMem_Free(old);
    return 0;
}

/* Puts `m` new children in place of `n`, which are adjacent if the numbers differ. */
static int replace_slice(Element *self, Py_ssize_t start, Py_ssize_t step, Py_ssize_t n,
                         PyObject **items, Py_ssize_t m)
{
    if (m > n && element_reserve(self, m - n) < 0)
        return -1;
    ElementExtra *extra = self->extra;
    PyObject **old = PyMem_New(PyObject *, (size_t)n + 1);
    if (!old) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < n; i++)
        old[i] = extra->children[start + i * step];
    if (m != n) {
        memmove(extra->children + start + m, extra->children + start + n,
                (size_t)(extra->length - start - n) * sizeof *items);
        extra->length += m - n;
    }
    for (Py_ssize_t i = 0; i < m; i++)
        extra->children[start + i * step] = Py_NewRef(items[i]);
    for (Py_ssize_t i = 0; i < n; i++)
        Py_DECREF(old[i]);
    PyMem_Free(old);
    return 0;
}

/* `sequence`: a list or tuple of the new children. */
static int assign_slice(Element *self, Py_ssize_t start, Py_ssize_t step, Py_ssize_t n,
                        PyObject *sequence)
{
    PyObject **items = PySequence_Fast_ITEMS(sequence);
    Py_ssize_t m = PySequence_Fast_GET_SIZE(sequence);
    if (step != 1 && m != n) {
        PyErr_Format(PyExc_ValueError,
                     "attempt to assign sequence of size %zd to extended slice of size %zd", m, n);
        return -1;
    }
    for (Py_ssize_t i = 0; i < m; i++)
        if (!is_element(items[i]))
            return element_refuse(items[i]);
    return m || n ? replace_slice(self, start, step, n, items, m) : 0;
}

int element_set_subscript(PyObject *object, PyObject *key, PyObject *value)
{
    Element *self = (Element *)object;
    Py_ssize_t i, stop, step;
    if (PyIndex_Check(key))
        return index_value(self, key, &i) < 0 ? -1 : element_set_item(object, i, value);
    if (!PySlice_Check(key)) {
        no_index();
        return -1;
    }
    if (PySlice_Unpack(key, &i, &stop, &step) < 0)
        return -1;
    Py_ssize_t n = PySlice_AdjustIndices(element_length(self), &i, &stop, step);
    if (!value)
        return n ? delete_slice(self, i, step, n) : 0;
    PyObject *sequence = PySequence_Fast(value, "");
    if (!sequence) {
        PyErr_Format(PyExc_TypeError, "expected sequence, not \"%.200s\"", Py_TYPE(value)->tp_name);
        return -1;
    }
    /* Reading the value may have changed the children. */
    PySlice_Unpack(key, &i, &stop, &step);
    n = PySlice_AdjustIndices(element_length(self), &i, &stop, step);
    int res = assign_slice(self, i, step, n, sequence);
    Py_DECREF(sequence);
    return res;
}
