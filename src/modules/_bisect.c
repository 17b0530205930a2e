/* SPDX-License-Identifier: MIT
 *
 * _bisect: binary search and insertion in sorted sequences.
 */
#include "objects/compare.h"
#include "modules/args.h"

/* Where x belongs: the first position whose item is greater (right), or not less (left). -1 on
 * error. */
static Py_ssize_t bisect(PyObject *a, PyObject *x, Py_ssize_t lo, Py_ssize_t hi, PyObject *key,
                         bool right)
{
    if (lo < 0) {
        PyErr_SetString(PyExc_ValueError, "lo must be non-negative");
        return -1;
    }
    if (hi == -1 && (hi = PySequence_Size(a)) < 0) {
        return -1;
    }
    PySequenceMethods *m = Py_TYPE(a)->tp_as_sequence;
    ssizeargfunc item_of = m && m->sq_item && lo >= 0 && hi >= 0 ? m->sq_item : PySequence_GetItem;
    while (lo < hi) {
        Py_ssize_t mid = (Py_ssize_t)(((size_t)lo + (size_t)hi) / 2);
        PyObject *item = PyList_CheckExact(a) && mid < PyList_GET_SIZE(a)
                             ? Py_NewRef(PyList_GET_ITEM(a, mid))
                             : item_of(a, mid);
        if (item && key != Py_None) {
            Py_SETREF(item, PyObject_CallOneArg(key, item));
        }
        if (item == NULL) {
            return -1;
        }
        int less = right ? compare_bool(x, item, Py_LT) : compare_bool(item, x, Py_LT);
        Py_DECREF(item);
        if (less < 0) {
            return -1;
        }
        if (right ? less : !less) {
            hi = mid;
        } else {
            lo = mid + 1;
        }
    }
    return lo;
}

/* *out stays when the argument is not given; false with an exception. */
static bool read_index(PyObject *o, Py_ssize_t *out)
{
    if (o == NULL) {
        return true;
    }
    PyObject *index = PyLong_CheckExact(o) ? Py_NewRef(o) : PyNumber_Index(o);
    if (index == NULL) {
        return false;
    }
    *out = PyLong_AsSsize_t(index);
    Py_DECREF(index);
    return *out != -1 || !PyErr_Occurred();
}

/* The same for what may be None. */
static bool read_bound(PyObject *o, Py_ssize_t *out)
{
    if (o == NULL || o == Py_None) {
        return true;
    }
    if (!PyIndex_Check(o)) {
        PyErr_Format(PyExc_TypeError, "argument should be integer or None, not '%.200s'",
                     Py_TYPE(o)->tp_name);
        return false;
    }
    *out = PyNumber_AsSsize_t(o, PyExc_OverflowError);
    return *out != -1 || !PyErr_Occurred();
}

#define BISECT_ARGS(name) \
    ARGS("OO|nO$O:" name, "a", "x", "lo", "hi", "key"); \
    PyObject *row[5]; \
    Py_ssize_t lo = 0, hi = -1; \
    if (!ROW(row, 2, 4) || !read_index(row[2], &lo) \
        || !read_bound(row[3], &hi)) { \
        return NULL; \
    } \
    PyObject *a = row[0], *x = row[1], *key = row[4] ? row[4] : Py_None;

static PyObject *position(PyObject *a, PyObject *x, Py_ssize_t lo, Py_ssize_t hi, PyObject *key,
                          bool right)
{
    Py_ssize_t i = bisect(a, x, lo, hi, key, right);
    return i < 0 ? NULL : PyLong_FromSsize_t(i);
}

/* The key is asked once for x; bisect asks it for the items that it looks at. */
static PyObject *insort(PyObject *a, PyObject *x, Py_ssize_t lo, Py_ssize_t hi, PyObject *key,
                        bool right)
{
    Py_ssize_t i;
    if (key == Py_None) {
        i = bisect(a, x, lo, hi, key, right);
    } else {
        PyObject *value = PyObject_CallOneArg(key, x);
        if (value == NULL) {
            return NULL;
        }
        i = bisect(a, value, lo, hi, key, right);
        Py_DECREF(value);
    }
    if (i < 0) {
        return NULL;
    }
    if (PyList_CheckExact(a)) {
        return PyList_Insert(a, i, x) < 0 ? NULL : Py_NewRef(Py_None);
    }
    PyObject *r = PyObject_CallMethod(a, "insert", "nO", i, x);
    if (r == NULL) {
        return NULL;
    }
    Py_DECREF(r);
    Py_RETURN_NONE;
}

static PyObject *bisect_bisect_right(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                                     PyObject *kwnames)
{
    BISECT_ARGS("bisect_right")
    return position(a, x, lo, hi, key, true);
}
static PyObject *bisect_bisect_left(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                                    PyObject *kwnames)
{
    BISECT_ARGS("bisect_left")
    return position(a, x, lo, hi, key, false);
}
static PyObject *bisect_insort_right(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                                     PyObject *kwnames)
{
    BISECT_ARGS("insort_right")
    return insort(a, x, lo, hi, key, true);
}
static PyObject *bisect_insort_left(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                                    PyObject *kwnames)
{
    BISECT_ARGS("insort_left")
    return insort(a, x, lo, hi, key, false);
}

#define SIGNATURE "($module, /, a, x, lo=0, hi=None, *, key=None)\n--\n\n"
#define BOUNDS "\n\nlo and hi bound the part of a that is searched; key is applied to its items."
static PyMethodDef bisect_methods[] = {
    {"bisect_right", _PyCFunction_CAST(bisect_bisect_right), METH_FASTCALL | METH_KEYWORDS,
     "bisect_right" SIGNATURE "Where x belongs in the sorted list a, behind items equal to it.\n\n"
     "Items before it are <= x, items from it on are > x." BOUNDS},
    {"insort_right", _PyCFunction_CAST(bisect_insort_right), METH_FASTCALL | METH_KEYWORDS,
     "insort_right" SIGNATURE
     "Puts x into the sorted list a where it belongs, behind items equal to it." BOUNDS},
    {"bisect_left", _PyCFunction_CAST(bisect_bisect_left), METH_FASTCALL | METH_KEYWORDS,
     "bisect_left" SIGNATURE "Where x belongs in the sorted list a, before items equal to it.\n\n"
     "Items before it are < x, items from it on are >= x." BOUNDS},
    {"insort_left", _PyCFunction_CAST(bisect_insort_left), METH_FASTCALL | METH_KEYWORDS,
     "insort_left" SIGNATURE
     "Puts x into the sorted list a where it belongs, before items equal to it." BOUNDS},
    {NULL},
};

PyDoc_STRVAR(bisect_doc, "Bisection algorithms.\n\nSearching a sorted list by halving, and "
                         "inserting so that it stays sorted.");

static struct PyModuleDef bisect_module = {
    PyModuleDef_HEAD_INIT, .m_name = "_bisect", .m_doc = bisect_doc, .m_methods = bisect_methods,
};

PyMODINIT_FUNC PyInit__bisect(void) { return PyModuleDef_Init(&bisect_module); }
