/* SPDX-License-Identifier: MIT
 *
 * The sequence protocol: items and slices by position, concatenation, repetition, conversion to
 * list and tuple, and searching by iteration. Negative indices are moved by the length here, before
 * the slot sees them.
 */
#include "capi/capi.h"

static inline PySequenceMethods *seq_slots(PyObject *s) { return Py_TYPE(s)->tp_as_sequence; }
static inline PyMappingMethods *map_slots(PyObject *s) { return Py_TYPE(s)->tp_as_mapping; }

/* -- Checks and size ------------------------------------------------------------------------- */

int PySequence_Check(PyObject *s)
{
    return !PyDict_Check(s) && seq_slots(s) && seq_slots(s)->sq_item;
}

Py_ssize_t PySequence_Size(PyObject *s)
{
    if (s == NULL) {
        return raise_null_int();
    }
    if (seq_slots(s) && seq_slots(s)->sq_length) {
        return seq_slots(s)->sq_length(s);
    }
    raise_type(map_slots(s) && map_slots(s)->mp_length ? "%.200s is not a sequence"
                                                       : "object of type '%.200s' has no len()", s);
    return -1;
}

#undef PySequence_Length
Py_ssize_t PySequence_Length(PyObject *s) { return PySequence_Size(s); }

/* -- Concatenation and repetition ------------------------------------------------------------ */

/* v op w through the number slot, for user types whose __add__ is no sq_concat. */
static PyObject *by_number(PyObject *v, PyObject *w, size_t slot, size_t fallback)
{
    for (int pass = 0; pass < 2; pass++) {
        PyNumberMethods *m = Py_TYPE(v)->tp_as_number;
        size_t offset = pass == 0 && slot ? slot : fallback;
        binaryfunc f = m ? *(binaryfunc *)((char *)m + offset) : NULL;
        if (f) {
            PyObject *r = f(v, w);
            if (r != Py_NotImplemented) {
                return r;
            }
            Py_DECREF(r);
        }
        if (slot == 0) {
            break;
        }
    }
    return Py_NewRef(Py_NotImplemented);
}

/* sq_concat, else nb_add when both are sequences. */
PyObject *PySequence_Concat(PyObject *s, PyObject *o)
{
    if (s == NULL || o == NULL) {
        return raise_null();
    }
    if (seq_slots(s) && seq_slots(s)->sq_concat) {
        return seq_slots(s)->sq_concat(s, o);
    }
    if (PySequence_Check(s) && PySequence_Check(o)) {
        PyObject *r = by_number(s, o, 0, offsetof(PyNumberMethods, nb_add));
        if (r != Py_NotImplemented) {
            return r;
        }
        Py_DECREF(r);
    }
    return raise_type("'%.200s' object can't be concatenated", s);
}

/* sq_repeat, else nb_multiply. */
PyObject *PySequence_Repeat(PyObject *s, Py_ssize_t count)
{
    if (s == NULL) {
        return raise_null();
    }
    if (seq_slots(s) && seq_slots(s)->sq_repeat) {
        return seq_slots(s)->sq_repeat(s, count);
    }
    if (PySequence_Check(s)) {
        PyObject *n = PyLong_FromSsize_t(count);
        if (n == NULL) {
            return NULL;
        }
        PyObject *r = by_number(s, n, 0, offsetof(PyNumberMethods, nb_multiply));
        Py_DECREF(n);
        if (r != Py_NotImplemented) {
            return r;
        }
        Py_DECREF(r);
    }
    return raise_type("'%.200s' object can't be repeated", s);
}

/* sq_inplace_concat, sq_concat, else the number slots. */
PyObject *PySequence_InPlaceConcat(PyObject *s, PyObject *o)
{
    if (s == NULL || o == NULL) {
        return raise_null();
    }
    PySequenceMethods *m = seq_slots(s);
    if (m && m->sq_inplace_concat) {
        return m->sq_inplace_concat(s, o);
    }
    if (m && m->sq_concat) {
        return m->sq_concat(s, o);
    }
    if (PySequence_Check(s) && PySequence_Check(o)) {
        PyObject *r = by_number(s, o, offsetof(PyNumberMethods, nb_inplace_add),
                                offsetof(PyNumberMethods, nb_add));
        if (r != Py_NotImplemented) {
            return r;
        }
        Py_DECREF(r);
    }
    return raise_type("'%.200s' object can't be concatenated", s);
}

PyObject *PySequence_InPlaceRepeat(PyObject *s, Py_ssize_t count)
{
    if (s == NULL) {
        return raise_null();
    }
    PySequenceMethods *m = seq_slots(s);
    if (m && m->sq_inplace_repeat) {
        return m->sq_inplace_repeat(s, count);
    }
    if (m && m->sq_repeat) {
        return m->sq_repeat(s, count);
    }
    if (PySequence_Check(s)) {
        PyObject *n = PyLong_FromSsize_t(count);
        if (n == NULL) {
            return NULL;
        }
        PyObject *r = by_number(s, n, offsetof(PyNumberMethods, nb_inplace_multiply),
                                offsetof(PyNumberMethods, nb_multiply));
        Py_DECREF(n);
        if (r != Py_NotImplemented) {
            return r;
        }
        Py_DECREF(r);
    }
    return raise_type("'%.200s' object can't be repeated", s);
}

/* -- Items ----------------------------------------------------------------------------------- */

/* Moves a negative index by the length; -1 with an exception when the length fails. */
static int index_wrap(PyObject *s, Py_ssize_t *i)
{
    if (*i < 0 && seq_slots(s)->sq_length) {
        Py_ssize_t n = seq_slots(s)->sq_length(s);
        if (n < 0) {
            return -1;
        }
        *i += n;
    }
    return 0;
}

PyObject *PySequence_GetItem(PyObject *s, Py_ssize_t i)
{
    if (s == NULL) {
        return raise_null();
    }
    if (seq_slots(s) && seq_slots(s)->sq_item) {
        return index_wrap(s, &i) < 0 ? NULL : seq_slots(s)->sq_item(s, i);
    }
    return raise_type(map_slots(s) && map_slots(s)->mp_subscript
                          ? "%.200s is not a sequence"
                          : "'%.200s' object does not support indexing",
                      s);
}

/* value NULL deletes; `error` has one %s for the type. */
static int seq_assign(PyObject *s, Py_ssize_t i, PyObject *value, const char *error)
{
    if (seq_slots(s) && seq_slots(s)->sq_ass_item) {
        return index_wrap(s, &i) < 0 ? -1 : seq_slots(s)->sq_ass_item(s, i, value);
    }
    raise_type(map_slots(s) && map_slots(s)->mp_ass_subscript ? "%.200s is not a sequence" : error,
               s);
    return -1;
}

int PySequence_SetItem(PyObject *s, Py_ssize_t i, PyObject *value)
{
    return s ? seq_assign(s, i, value, "'%.200s' object does not support item assignment")
             : raise_null_int();
}

int PySequence_DelItem(PyObject *s, Py_ssize_t i)
{
    return s ? seq_assign(s, i, NULL, "'%.200s' object doesn't support item deletion")
             : raise_null_int();
}

/* -- Slices ---------------------------------------------------------------------------------- */

extern EXPORT PyObject *_PySlice_FromIndices(Py_ssize_t start, Py_ssize_t stop);

/* By a slice object: types know no other slicing. */
PyObject *PySequence_GetSlice(PyObject *s, Py_ssize_t i1, Py_ssize_t i2)
{
    if (s == NULL) {
        return raise_null();
    }
    if (map_slots(s) && map_slots(s)->mp_subscript) {
        PyObject *slice = _PySlice_FromIndices(i1, i2);
        if (slice == NULL) {
            return NULL;
        }
        PyObject *r = map_slots(s)->mp_subscript(s, slice);
        Py_DECREF(slice);
        return r;
    }
    return raise_type("'%.200s' object is unsliceable", s);
}

static int slice_assign(PyObject *s, Py_ssize_t i1, Py_ssize_t i2, PyObject *value,
                        const char *error)
{
    if (map_slots(s) && map_slots(s)->mp_ass_subscript) {
        PyObject *slice = _PySlice_FromIndices(i1, i2);
        if (slice == NULL) {
            return -1;
        }
        int r = map_slots(s)->mp_ass_subscript(s, slice, value);
        Py_DECREF(slice);
        return r;
    }
    raise_type(error, s);
    return -1;
}

int PySequence_SetSlice(PyObject *s, Py_ssize_t i1, Py_ssize_t i2, PyObject *value)
{
    return s ? slice_assign(s, i1, i2, value, "'%.200s' object doesn't support slice assignment")
             : raise_null_int();
}

int PySequence_DelSlice(PyObject *s, Py_ssize_t i1, Py_ssize_t i2)
{
    return s ? slice_assign(s, i1, i2, NULL, "'%.200s' object doesn't support slice deletion")
             : raise_null_int();
}

/* -- Conversion ------------------------------------------------------------------------------ */

/* Fills an owned tuple of capacity *n from iter; grows by
   half. Returns items stored, -1 on error. */
static Py_ssize_t tuple_fill(PyObject *iter, PyObject **tuple, Py_ssize_t capacity)
{
    iternextfunc next = Py_TYPE(iter)->tp_iternext;
    for (Py_ssize_t n = 0;; n++) {
        PyObject *item = next(iter);
        if (item == NULL) {
            if (PyErr_Occurred()) {
                if (!PyErr_ExceptionMatches(PyExc_StopIteration)) {
                    return -1;
                }
                PyErr_Clear();
            }
            return n;
        }
        if (n >= capacity) {
            size_t wanted = (size_t)capacity + 10;
            wanted += wanted >> 2;
            if (wanted > PY_SSIZE_T_MAX) {
                PyErr_NoMemory();
                Py_DECREF(item);
                return -1;
            }
            capacity = (Py_ssize_t)wanted;
            if (_PyTuple_Resize(tuple, capacity) < 0) {
                Py_DECREF(item);
                return -1;
            }
        }
        PyTuple_SET_ITEM(*tuple, n, item);
    }
}

/* Lists are copied, other iterables collected; the length hint sizes the first room. */
PyObject *PySequence_Tuple(PyObject *v)
{
    if (v == NULL) {
        return raise_null();
    }
    if (PyTuple_CheckExact(v)) {
        return Py_NewRef(v);
    }
    if (PyList_CheckExact(v)) {
        return PyList_AsTuple(v);
    }
    PyObject *iter = PyObject_GetIter(v), *tuple = NULL;
    if (iter == NULL) {
        return NULL;
    }
    Py_ssize_t n = PyObject_LengthHint(v, 10);
    if (n < 0 || (tuple = PyTuple_New(n ? n : 1)) == NULL) {
        goto fail;
    }
    n = tuple_fill(iter, &tuple, n ? n : 1);
    if (n < 0) {
        goto fail;
    }
    if (n == 0) {
        Py_SETREF(tuple, Py_NewRef(EMPTY_TUPLE));
    } else if (n < PyTuple_GET_SIZE(tuple) && _PyTuple_Resize(&tuple, n) < 0) {
        goto fail;
    }
    Py_DECREF(iter);
    return tuple;
fail:
    Py_XDECREF(tuple);
    Py_DECREF(iter);
    return NULL;
}

extern EXPORT PyObject *_PyList_Extend(PyListObject *, PyObject *);

/* Always a new list. */
PyObject *PySequence_List(PyObject *v)
{
    if (v == NULL) {
        return raise_null();
    }
    PyObject *list = PyList_New(0);
    if (list == NULL) {
        return NULL;
    }
    PyObject *none = _PyList_Extend((PyListObject *)list, v);
    if (none == NULL) {
        Py_DECREF(list);
        return NULL;
    }
    Py_DECREF(none);
    return list;
}

/* A list or tuple as it is, anything else as a list. TypeError with `message` when not iterable. */
PyObject *PySequence_Fast(PyObject *v, const char *message)
{
    if (v == NULL) {
        return raise_null();
    }
    if (PyList_CheckExact(v) || PyTuple_CheckExact(v)) {
        return Py_NewRef(v);
    }
    PyObject *iter = PyObject_GetIter(v);
    if (iter == NULL) {
        if (PyErr_ExceptionMatches(PyExc_TypeError)) {
            PyErr_SetString(PyExc_TypeError, message);
        }
        return NULL;
    }
    PyObject *list = PySequence_List(iter);
    Py_DECREF(iter);
    return list;
}

/* -- Searching ------------------------------------------------------------------------------- */

/* One pass for count, index and containment; -1 with an
   exception, also when index() finds nothing. */
Py_ssize_t _PySequence_IterSearch(PyObject *seq, PyObject *o, int operation)
{
    if (seq == NULL || o == NULL) {
        return raise_null_int();
    }
    PyObject *iter = PyObject_GetIter(seq);
    if (iter == NULL) {
        if (PyErr_ExceptionMatches(PyExc_TypeError)) {
            raise_type("argument of type '%.200s' is not iterable", seq);
        }
        return -1;
    }
    Py_ssize_t n = 0; /* matches, or position */
    bool wrapped = false;
    for (;;) {
        PyObject *item = PyIter_Next(iter);
        if (item == NULL) {
            if (PyErr_Occurred()) {
                goto fail;
            }
            break;
        }
        int same = PyObject_RichCompareBool(item, o, Py_EQ);
        Py_DECREF(item);
        if (same < 0) {
            goto fail;
        }
        if (same && operation == PY_ITERSEARCH_COUNT) {
            if (n == PY_SSIZE_T_MAX) {
                PyErr_SetString(PyExc_OverflowError, "count exceeds C integer size");
                goto fail;
            }
            n++;
        } else if (same && operation == PY_ITERSEARCH_INDEX) {
            if (wrapped) {
                PyErr_SetString(PyExc_OverflowError, "index exceeds C integer size");
                goto fail;
            }
            goto done;
        } else if (same) {
            n = 1;
            goto done;
        }
        if (operation == PY_ITERSEARCH_INDEX) {
            wrapped |= n == PY_SSIZE_T_MAX;
            n++;
        }
    }
    if (operation != PY_ITERSEARCH_INDEX) {
        goto done;
    }
    PyErr_SetString(PyExc_ValueError, "sequence.index(x): x not in sequence");
fail:
    n = -1;
done:
    Py_DECREF(iter);
    return n;
}

Py_ssize_t PySequence_Count(PyObject *s, PyObject *o)
{
    return _PySequence_IterSearch(s, o, PY_ITERSEARCH_COUNT);
}

Py_ssize_t PySequence_Index(PyObject *s, PyObject *o)
{
    return _PySequence_IterSearch(s, o, PY_ITERSEARCH_INDEX);
}

int PySequence_Contains(PyObject *seq, PyObject *o)
{
    PySequenceMethods *m = seq_slots(seq);
    if (m && m->sq_contains) {
        return m->sq_contains(seq, o);
    }
    return (int)_PySequence_IterSearch(seq, o, PY_ITERSEARCH_CONTAINS);
}

#undef PySequence_In
int PySequence_In(PyObject *seq, PyObject *o) { return PySequence_Contains(seq, o); }

/* -- Arrays of C strings --------------------------------------------------------------------- */

void _Py_FreeCharPArray(char *const array[])
{
    for (Py_ssize_t i = 0; array[i] != NULL; i++) {
        PyMem_Free(array[i]);
    }
    PyMem_Free((void *)array);
}

/* For execve: PyMem_Malloc'ed copies, NULL at the end. ValueError for a NUL inside. */
char *const *_PySequence_BytesToCharpArray(PyObject *self)
{
    Py_ssize_t n = PySequence_Size(self);
    if (n < 0) {
        return NULL;
    }
    char **array = PyMem_New(char *, n + 1);
    if (array == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        array[i] = NULL;
        PyObject *item = PySequence_GetItem(self, i);
        char *data;
        Py_ssize_t size;
        bool ok = item && PyBytes_AsStringAndSize(item, &data, NULL) >= 0;
        if (ok) {
            size = PyBytes_GET_SIZE(item) + 1;
            array[i] = PyMem_Malloc((size_t)size);
            ok = array[i] != NULL;
            if (ok) {
                memcpy(array[i], data, (size_t)size);
            } else {
                PyErr_NoMemory();
            }
        }
        Py_XDECREF(item);
        if (!ok) {
            array[i] = NULL;
            _Py_FreeCharPArray(array);
            return NULL;
        }
    }
    array[n] = NULL;
    return array;
}
