/* SPDX-License-Identifier: MIT
 *
 * Built-in functions over iterables: iter, next, all, any, sum, min, max, sorted and their like.
 *
 * They read through a Walk (objects/walk.h), which takes the items of a list or tuple directly and
 * asks everything else for an iterator. sum() adds ints in a machine word and floats in a double
 * for as long as only those come.
 */
#include "modules/builtins.h"
#include "objects/box.h"
#include "objects/compare.h"
#include "objects/walk.h"
#include "vm/vm.h"

/* -- iter, next ------------------------------------------------------------------------------ */

static PyObject *builtin_iter(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("iter", nargs, 1, 2))
        return NULL;
    if (nargs == 1)
        return PyObject_GetIter(args[0]);
    if (!PyCallable_Check(args[0]))
        return PyErr_Format(PyExc_TypeError, "iter(v, w): v must be callable");
    return PyCallIter_New(args[0], args[1]);
}

static PyObject *builtin_next(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("next", nargs, 1, 2))
        return NULL;
    PyObject *it = args[0];
    if (!PyIter_Check(it))
        return PyErr_Format(PyExc_TypeError, "'%.200s' object is not an iterator",
                            Py_TYPE(it)->tp_name);
    PyObject *res = Py_TYPE(it)->tp_iternext(it);
    if (res)
        return res;
    if (nargs == 2) {
        if (PyErr_Occurred()) {
            if (!PyErr_ExceptionMatches(PyExc_StopIteration))
                return NULL;
            PyErr_Clear();
        }
        return Py_NewRef(args[1]);
    }
    if (!PyErr_Occurred())
        PyErr_SetNone(PyExc_StopIteration);
    return NULL;
}

static PyObject *builtin_aiter(PyObject *module, PyObject *iterable)
{
    return PyObject_GetAIter(iterable);
}

static PyObject *builtin_anext(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("anext", nargs, 1, 2))
        return NULL;
    PyTypeObject *type = Py_TYPE(args[0]);
    if (!type->tp_as_async || !type->tp_as_async->am_anext)
        return PyErr_Format(PyExc_TypeError, "'%.200s' object is not an async iterator",
                            type->tp_name);
    PyObject *awaitable = type->tp_as_async->am_anext(args[0]);
    if (!awaitable || nargs == 1)
        return awaitable;
    PyObject *res = anext_awaitable_new(awaitable, args[1]);
    Py_DECREF(awaitable);
    return res;
}

/* -- all, any, sum --------------------------------------------------------------------------- */

/* Stops at the first item whose truth is `until`. */
static PyObject *test_items(PyObject *iterable, int until)
{
    Walk w;
    if (walk_start(&w, iterable) < 0)
        return NULL;
    PyObject *item;
    while ((item = walk_next(&w))) {
        int truth = PyBool_Check(item) ? item == Py_True : PyObject_IsTrue(item);
        Py_DECREF(item);
        if (truth < 0 || truth == until) {
            Py_DECREF(w.source);
            return truth < 0 ? NULL : PyBool_FromLong(until);
        }
    }
    return walk_end(&w) < 0 ? NULL : PyBool_FromLong(!until);
}

static PyObject *builtin_all(PyObject *module, PyObject *iterable)
{
    return test_items(iterable, 0);
}
static PyObject *builtin_any(PyObject *module, PyObject *iterable)
{
    return test_items(iterable, 1);
}

static int sum_refuses(PyObject *start)
{
    const char *message =
        PyUnicode_Check(start)     ? "sum() can't sum strings [use ''.join(seq) instead]"
        : PyBytes_Check(start)     ? "sum() can't sum bytes [use b''.join(seq) instead]"
        : PyByteArray_Check(start) ? "sum() can't sum bytearray [use b''.join(seq) instead]"
                                   : NULL;
    if (message)
        PyErr_SetString(PyExc_TypeError, message);
    return message != NULL;
}

/* Adds the rest with the + operator. *result is replaced. */
static void sum_objects(Walk *w, PyObject **result)
{
    PyObject *item;
    while (*result && (item = walk_next(w))) {
        PyObject *sum = PyNumber_Add(*result, item);
        Py_DECREF(item);
        Py_SETREF(*result, sum);
    }
}

/* One step of sum_ints or sum_floats with something they cannot add: the + operator decides. STEALS
   item and so_far (MAYBE_NULL). *result is replaced; true when that failed. */
static bool sum_give_up(PyObject *so_far, PyObject *item, PyObject **result)
{
    PyObject *next = so_far ? PyNumber_Add(so_far, item) : NULL;
    Py_XDECREF(so_far);
    Py_DECREF(item);
    Py_SETREF(*result, next);
    return next == NULL;
}

/* Adds ints in a machine word while that is exact. *result is replaced; true when the items ended
 * (or + failed). */
static bool sum_ints(Walk *w, PyObject **result)
{
    int overflow;
    long total = PyLong_AsLongAndOverflow(*result, &overflow);
    if (overflow)
        return false;
    for (;;) {
        PyObject *item = walk_next(w);
        if (!item) {
            Py_SETREF(*result, PyLong_FromLong(total));
            return true;
        }
        long sum;
        if (LIKELY(PyLong_CheckExact(item) && int_is_compact(item))
            && !__builtin_add_overflow(total, int_compact(item), &sum)) {
            total = sum;
            int_drop(item);
            continue;
        }
        if (PyLong_CheckExact(item) || PyBool_Check(item)) {
            long b = PyLong_AsLongAndOverflow(item, &overflow);
            if (!overflow && !__builtin_add_overflow(total, b, &sum)) {
                total = sum;
                Py_DECREF(item);
                continue;
            }
        }
        return sum_give_up(PyLong_FromLong(total), item, result);
    }
}

static bool sum_floats(Walk *w, PyObject **result)
{
    double total = PyFloat_AS_DOUBLE(*result);
    for (;;) {
        PyObject *item = walk_next(w);
        if (!item) {
            Py_SETREF(*result, PyFloat_FromDouble(total));
            return true;
        }
        int overflow = 1;
        if (LIKELY(PyFloat_CheckExact(item))) {
            total += PyFloat_AS_DOUBLE(item);
            float_drop(item);
            continue;
        }
        if (PyLong_Check(item)) {
            long value = PyLong_AsLongAndOverflow(item, &overflow);
            if (!overflow)
                total += (double)value;
        }
        if (overflow)
            return sum_give_up(PyFloat_FromDouble(total), item, result);
        Py_DECREF(item);
    }
}

/* The bytes of bytes and bytearray need no boxes. */
static PyObject *sum_bytes(PyObject *bytes, PyObject *start)
{
    const unsigned char *p =
        (const unsigned char *)(PyBytes_Check(bytes) ? PyBytes_AS_STRING(bytes)
                                                     : PyByteArray_AS_STRING(bytes));
    uint64_t total = 0;
    for (Py_ssize_t i = 0, n = Py_SIZE(bytes); i < n; i++)
        total += p[i];
    PyObject *sum = PyLong_FromUnsignedLongLong(total);
    if (sum)
        Py_SETREF(sum, PyNumber_Add(start, sum));
    return sum;
}

static PyObject *builtin_sum(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                             PyObject *kwnames)
{
    ARGS("O|O:sum", "", "start");
    PyObject *iterable, *start = SMALL_INT(0);
    if (LIKELY(nargs == 1 && !kwnames))
        iterable = args[0];
    else if (!PARSE(&iterable, &start))
        return NULL;
    if ((PyBytes_CheckExact(iterable) || PyByteArray_CheckExact(iterable)) &&
        PyLong_CheckExact(start))
        return sum_bytes(iterable, start);
    Walk w;
    if (walk_start(&w, iterable) < 0)
        return NULL;
    PyObject *result = sum_refuses(start) ? NULL : Py_NewRef(start);
    bool ended = !result;
    if (!ended && PyLong_CheckExact(result))
        ended = sum_ints(&w, &result);
    if (!ended && PyFloat_CheckExact(result))
        ended = sum_floats(&w, &result);
    if (!ended)
        sum_objects(&w, &result);
    if (!result)
        Py_DECREF(w.source);
    else if (walk_end(&w) < 0)
        Py_CLEAR(result);
    return result;
}

/* -- min, max -------------------------------------------------------------------------------- */

/* min (op Py_LT) and max (Py_GT): the first of equals stays. */
static PyObject *extreme_of(PyObject *iterable, PyObject *key, int op)
{
    Walk w;
    if (walk_start(&w, iterable) < 0)
        return NULL;
    PyObject *item, *best = NULL, *best_key = NULL;
    int better = 0;
    while (better >= 0 && (item = walk_next(&w))) {
        PyObject *value = key ? PyObject_CallOneArg(key, item) : Py_NewRef(item);
        better = !value ? -1 : !best ? 1 : compare_bool(value, best_key, op);
        if (better > 0) {
            Py_XSETREF(best, item);
            Py_XSETREF(best_key, value);
        } else {
            Py_DECREF(item);
            Py_XDECREF(value);
        }
    }
    if (better < 0)
        Py_DECREF(w.source);
    if (better < 0 || walk_end(&w) < 0)
        Py_CLEAR(best);
    Py_XDECREF(best_key);
    return best;
}

static PyObject *min_max(PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames,
                         const char *name, int op, _PyArg_Parser *parser)
{
    PyObject *key = NULL, *fallback = NULL, *items = NULL, *best;
    if (nargs == 0)
        return PyErr_Format(PyExc_TypeError, "%s expected at least 1 argument, got 0", name);
    if (kwnames && !_PyArg_ParseStackAndKeywords(args + nargs, 0, kwnames, parser, &key, &fallback))
        return NULL;
    if (key == Py_None)
        key = NULL;
    if (nargs > 1 && fallback)
        return PyErr_Format(PyExc_TypeError,
                            "Cannot specify a default for %s() with multiple positional arguments",
                            name);
    if (nargs > 1 && !(items = _PyTuple_FromArray(args, nargs)))
        return NULL;
    if (Py_EnterRecursiveCall(
            " while calling a Python object")) { /* 3.11 counts every call of these */
        Py_XDECREF(items);
        return NULL;
    }
    best = extreme_of(items ? items : args[0], key, op);
    Py_LeaveRecursiveCall();
    Py_XDECREF(items);
    if (!best && !PyErr_Occurred()) {
        if (fallback)
            best = Py_NewRef(fallback);
        else
            PyErr_Format(PyExc_ValueError, "%s() arg is an empty sequence", name);
    }
    return best;
}

static const char *const min_max_keywords[] = { "key", "default", NULL };

static PyObject *builtin_min(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                             PyObject *kwnames)
{
    static _PyArg_Parser parser = { .format = "|$OO:min", .keywords = min_max_keywords };
    return min_max(args, nargs, kwnames, "min", Py_LT, &parser);
}

static PyObject *builtin_max(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                             PyObject *kwnames)
{
    static _PyArg_Parser parser = { .format = "|$OO:max", .keywords = min_max_keywords };
    return min_max(args, nargs, kwnames, "max", Py_GT, &parser);
}

static PyObject *builtin_sorted(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                                PyObject *kwnames)
{
    if (!_PyArg_CheckPositional("sorted", nargs, 1, 1))
        return NULL;
    PyObject *list = PySequence_List(args[0]);
    if (!list)
        return NULL;
    /* list.sort(list, key=..., reverse=...); it has no more keywords */
    PyObject *stack[3] = {list}, *none;
    Py_ssize_t nkw = kwnames ? PyTuple_GET_SIZE(kwnames) : 0;
    if (nkw < (Py_ssize_t)COUNT_OF(stack)) {
        memcpy(stack + 1, args + 1, (size_t)nkw * sizeof *args);
        none = PyObject_VectorcallMethod(ID(sort), stack, 1, kwnames);
    } else {
        PyErr_Format(PyExc_TypeError, "sort() takes at most 2 keyword arguments (%zd given)", nkw);
        none = NULL;
    }
    if (!none)
        Py_CLEAR(list);
    Py_XDECREF(none);
    return list;
}

PyMethodDef builtins_iter_methods[] = {
    ONEARG(aiter, "($module, async_iterable, /)", "The asynchronous iterator of an object."),
    ONEARG(all, "($module, iterable, /)",
           "True when all items are true, also when there are none."),
    FAST(anext, "($module, aiterator, default=<unrepresentable>, /)",
         "An awaitable of the next item; with a default, that is given at the end."),
    ONEARG(any, "($module, iterable, /)", "True when an item is true."),
    {"iter", (PyCFunction)(void (*)(void))builtin_iter, METH_FASTCALL,
     "iter(iterable) -> iterator\niter(callable, sentinel) -> iterator\n\nAn iterator over an "
     "object, or over calls until they give the sentinel."},
    {"max", (PyCFunction)(void (*)(void))builtin_max, METH_FASTCALL | METH_KEYWORDS,
     "max(iterable, *[, default=obj, key=func]) -> value\n"
     "max(arg1, arg2, *args, *[, key=func]) -> value\n"
     "\n"
     "The largest item or argument, of equal ones the first; key says by what.\n"
     "An empty iterable gives default or raises ValueError."},
    {"min", (PyCFunction)(void (*)(void))builtin_min, METH_FASTCALL | METH_KEYWORDS,
     "min(iterable, *[, default=obj, key=func]) -> value\n"
     "min(arg1, arg2, *args, *[, key=func]) -> value\n"
     "\n"
     "The smallest item or argument, of equal ones the first; key says by what.\n"
     "An empty iterable gives default or raises ValueError."},
    {"next", (PyCFunction)(void (*)(void))builtin_next, METH_FASTCALL,
     "next(iterator[, default])\n\nThe next item; at the end the default, or StopIteration."},
    FASTKW(sorted, "($module, iterable, /, *, key=None, reverse=False)",
           "A new list of the items in ascending order; the sort is stable."),
    FASTKW(sum, "($module, iterable, /, start=0)",
           "Return the sum of start and the items, added from left to right.\n"
           "\n"
           "An empty iterable gives start. For numbers: a start that is str or bytes is refused."),
    {NULL},
};
