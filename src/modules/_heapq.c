/* SPDX-License-Identifier: MIT
 *
 * _heapq: binary heaps in lists. heap[k] <= heap[2k+1] and heap[k] <= heap[2k+2] (>= for the _max
 * functions).
 *
 * A comparison may run any code: after each one the list's size is checked and its array read
 * afresh.
 */
#include "vitro.h"

/* 1 when a goes above b: a < b, or b < a in a max-heap. */
static inline int goes_above(PyObject *a, PyObject *b, bool max)
{
    Py_INCREF(a);
    Py_INCREF(b);
    int r = max ? PyObject_RichCompareBool(b, a, Py_LT) : PyObject_RichCompareBool(a, b, Py_LT);
    Py_DECREF(a);
    Py_DECREF(b);
    return r;
}

static int size_unchanged(PyListObject *heap, Py_ssize_t size)
{
    if (PyList_GET_SIZE(heap) == size) {
        return 0;
    }
    PyErr_SetString(PyExc_RuntimeError, "list changed size during iteration");
    return -1;
}

static inline void swap_items(PyListObject *heap, Py_ssize_t i, Py_ssize_t j)
{
    PyObject *t = heap->ob_item[i];
    heap->ob_item[i] = heap->ob_item[j];
    heap->ob_item[j] = t;
}

/* Moves the item at pos up while it goes above its parent. */
static int sift_up_to(PyListObject *heap, Py_ssize_t start, Py_ssize_t pos, bool max)
{
    Py_ssize_t size = PyList_GET_SIZE(heap);
    if (pos >= size) {
        PyErr_SetString(PyExc_IndexError, "index out of range");
        return -1;
    }
    while (pos > start) {
        Py_ssize_t parent = (pos - 1) >> 1;
        int above = goes_above(heap->ob_item[pos], heap->ob_item[parent], max);
        if (above < 0 || size_unchanged(heap, size) < 0) {
            return -1;
        }
        if (!above) {
            break;
        }
        swap_items(heap, parent, pos);
        pos = parent;
    }
    return 0;
}

/* Sinks the item at pos to a leaf along the upper children, then lets it rise: fewer comparisons,
   since it usually belongs near the bottom. */
static int sift_down(PyListObject *heap, Py_ssize_t pos, bool max)
{
    Py_ssize_t size = PyList_GET_SIZE(heap), start = pos, limit = size >> 1;
    if (pos >= size) {
        PyErr_SetString(PyExc_IndexError, "index out of range");
        return -1;
    }
    while (pos < limit) {
        Py_ssize_t child = 2 * pos + 1;
        if (child + 1 < size) {
            int above = goes_above(heap->ob_item[child], heap->ob_item[child + 1], max);
            if (above < 0 || size_unchanged(heap, size) < 0) {
                return -1;
            }
            child += !above;
        }
        swap_items(heap, child, pos);
        pos = child;
    }
    return sift_up_to(heap, start, pos, max);
}

static bool need_list(const char *name, PyObject *heap)
{
    if (PyList_Check(heap)) {
        return true;
    }
    _PyArg_BadArgument(name, "argument", "list", heap);
    return false;
}

static bool need_list_and_item(const char *name, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional(name, nargs, 2, 2)) {
        return false;
    }
    if (!PyList_Check(args[0])) {
        _PyArg_BadArgument(name, "argument 1", "list", args[0]);
        return false;
    }
    return true;
}

static PyObject *heapq_heappush(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!need_list_and_item("heappush", args, nargs) || PyList_Append(args[0], args[1]) < 0
        || sift_up_to((PyListObject *)args[0], 0, PyList_GET_SIZE(args[0]) - 1, false) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* The last item takes the root's place and sinks from there. */
static PyObject *pop(PyObject *heap, bool max)
{
    Py_ssize_t n = PyList_GET_SIZE(heap);
    if (n == 0) {
        PyErr_SetString(PyExc_IndexError, "index out of range");
        return NULL;
    }
    PyObject *last = Py_NewRef(PyList_GET_ITEM(heap, n - 1));
    if (PyList_SetSlice(heap, n - 1, n, NULL) < 0) {
        Py_DECREF(last);
        return NULL;
    }
    if (n == 1) {
        return last;
    }
    PyObject *top = PyList_GET_ITEM(heap, 0);
    PyList_SET_ITEM(heap, 0, last);
    if (sift_down((PyListObject *)heap, 0, max) < 0) {
        Py_DECREF(top);
        return NULL;
    }
    return top;
}

static PyObject *replace(PyObject *heap, PyObject *item, bool max)
{
    if (PyList_GET_SIZE(heap) == 0) {
        PyErr_SetString(PyExc_IndexError, "index out of range");
        return NULL;
    }
    PyObject *top = PyList_GET_ITEM(heap, 0);
    PyList_SET_ITEM(heap, 0, Py_NewRef(item));
    if (sift_down((PyListObject *)heap, 0, max) < 0) {
        Py_DECREF(top);
        return NULL;
    }
    return top;
}

static PyObject *heapq_heappop(PyObject *module, PyObject *heap)
{
    return need_list("heappop", heap) ? pop(heap, false) : NULL;
}
static PyObject *heapq_heappop_max(PyObject *module, PyObject *heap)
{
    return need_list("_heappop_max", heap) ? pop(heap, true) : NULL;
}
static PyObject *heapq_heapreplace(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    return need_list_and_item("heapreplace", args, nargs) ? replace(args[0], args[1], false) : NULL;
}
static PyObject *heapq_heapreplace_max(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    return need_list_and_item("_heapreplace_max", args, nargs) ? replace(args[0], args[1], true)
                                                               : NULL;
}

static PyObject *heapq_heappushpop(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!need_list_and_item("heappushpop", args, nargs)) {
        return NULL;
    }
    PyObject *heap = args[0], *item = args[1];
    if (PyList_GET_SIZE(heap) == 0) {
        return Py_NewRef(item);
    }
    int above = goes_above(PyList_GET_ITEM(heap, 0), item, false);
    if (above <= 0) {
        return above < 0 ? NULL : Py_NewRef(item);
    }
    return replace(heap, item, false);
}

/* Parents are sifted from the last upwards. For a long heap they are taken in an order that
   finishes subtrees early, so that their items are still in the processor's cache. */
static int heapify_cached(PyListObject *heap, bool max)
{
    Py_ssize_t m = PyList_GET_SIZE(heap) >> 1, leftmost = 1;
    while (leftmost * 2 <= m) {
        leftmost *= 2; /* first node of the lowest row of parents, counted from 1 */
    }
    leftmost--;
    Py_ssize_t half = m >> 1;
    for (Py_ssize_t i = leftmost - 1; i >= half; i--) {
        for (Py_ssize_t j = i;;) {
            if (sift_down(heap, j, max) < 0) {
                return -1;
            }
            if (!(j & 1)) {
                break;
            }
            j >>= 1;
        }
    }
    for (Py_ssize_t i = m - 1; i >= leftmost; i--) {
        for (Py_ssize_t j = i;;) {
            if (sift_down(heap, j, max) < 0) {
                return -1;
            }
            if (!(j & 1)) {
                break;
            }
            j >>= 1;
        }
    }
    return 0;
}

static PyObject *heapify(PyObject *heap, bool max)
{
    Py_ssize_t n = PyList_GET_SIZE(heap);
    if (n > 2500) {
        return heapify_cached((PyListObject *)heap, max) < 0 ? NULL : Py_NewRef(Py_None);
    }
    for (Py_ssize_t i = (n >> 1) - 1; i >= 0; i--) {
        if (sift_down((PyListObject *)heap, i, max) < 0) {
            return NULL;
        }
    }
    Py_RETURN_NONE;
}

static PyObject *heapq_heapify(PyObject *module, PyObject *heap)
{
    return need_list("heapify", heap) ? heapify(heap, false) : NULL;
}
static PyObject *heapq_heapify_max(PyObject *module, PyObject *heap)
{
    return need_list("_heapify_max", heap) ? heapify(heap, true) : NULL;
}

static PyMethodDef heapq_methods[] = {
    {"heappush", _PyCFunction_CAST(heapq_heappush), METH_FASTCALL,
     "heappush($module, heap, item, /)\n--\n\nAdd an item to a heap, which stays one."},
    {"heappushpop", _PyCFunction_CAST(heapq_heappushpop), METH_FASTCALL,
     "heappushpop($module, heap, item, /)\n"
     "--\n"
     "\n"
     "Add an item to a heap and take its smallest out.\n"
     "\n"
     "Faster than heappush() and heappop() one after the other."},
    {"heappop", heapq_heappop, METH_O,
     "heappop($module, heap, /)\n--\n\nTakes the smallest item out of a heap, which stays one."},
    {"heapreplace", _PyCFunction_CAST(heapq_heapreplace), METH_FASTCALL,
     "heapreplace($module, heap, item, /)\n"
     "--\n"
     "\n"
     "Take the smallest item out of a heap and add a new one.\n"
     "\n"
     "What it gives may be larger than item: the new one is not looked at first."},
    {"heapify", heapq_heapify, METH_O,
     "heapify($module, heap, /)\n--\n\nOrders a list so that it is a heap, in linear time."},
    {"_heappop_max", heapq_heappop_max, METH_O,
     "_heappop_max($module, heap, /)\n--\n\nMaxheap variant of heappop."},
    {"_heapify_max", heapq_heapify_max, METH_O,
     "_heapify_max($module, heap, /)\n--\n\nMaxheap variant of heapify."},
    {"_heapreplace_max", _PyCFunction_CAST(heapq_heapreplace_max), METH_FASTCALL,
     "_heapreplace_max($module, heap, item, /)\n--\n\nMaxheap variant of heapreplace."},
    {NULL},
};

PyDoc_STRVAR(heapq_doc,
"Heap queue algorithm (a.k.a. priority queue).\n\n"
"A heap is a list in which every item is at most as large as its two children:\n"
"heap[k] <= heap[2*k+1] and heap[k] <= heap[2*k+2]. The smallest is heap[0].");

PyDoc_STRVAR(heapq_about, "Heap queues\n\nItem k's children are at 2k+1 and 2k+2. Pushing and "
                          "popping take time proportional\n"
                          "to the logarithm of the length, building a heap takes linear time.");

static int heapq_exec(PyObject *module)
{
    PyObject *about = PyUnicode_FromString(heapq_about);
    if (PyModule_AddObjectRef(module, "__about__", about) < 0) {
        Py_XDECREF(about);
        return -1;
    }
    Py_DECREF(about);
    return 0;
}

static PyModuleDef_Slot heapq_slots[] = {{Py_mod_exec, heapq_exec}, {0, NULL}};
static struct PyModuleDef heapq_module = {
    PyModuleDef_HEAD_INIT, .m_name = "_heapq", .m_doc = heapq_doc, .m_methods = heapq_methods,
    .m_slots = heapq_slots,
};

PyMODINIT_FUNC PyInit__heapq(void) { return PyModuleDef_Init(&heapq_module); }
