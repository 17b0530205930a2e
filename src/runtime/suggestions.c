/* SPDX-License-Identifier: MIT
 *
 * "Did you mean": the name nearest to one that was not found, by edit distance with cheap changes
 * of case.
 */
#include "runtime/rt.h"

#define MAX_CANDIDATES 750 /* names looked at; more are too slow to compare */
#define MAX_NAME 40 /* longer names are not compared */
#define MOVE_COST 2 /* of inserting, dropping or replacing a character */
#define CASE_COST 1 /* of another case */

/* -- Distance -------------------------------------------------------------------------------- */

static size_t substitution_cost(char a, char b)
{
    if ((a & 31) != (b & 31))
        return MOVE_COST;
    if (a == b)
        return 0;
    return Py_TOLOWER((unsigned char)a) == Py_TOLOWER((unsigned char)b) ? CASE_COST : MOVE_COST;
}

/* Levenshtein distance of two strings without common ends, a not longer than b; above max: max + 1.
   One row of the matrix is kept. */
static Py_ssize_t distance(const char *a, size_t na, const char *b, size_t nb, size_t max)
{
    size_t row[MAX_NAME], result = 0;
    for (size_t i = 0; i < na; i++)
        row[i] = (i + 1) * MOVE_COST;
    for (size_t j = 0; j < nb; j++) {
        size_t diagonal = result = j * MOVE_COST, least = SIZE_MAX;
        for (size_t i = 0; i < na; i++) {
            size_t replace = diagonal + substitution_cost(b[j], a[i]);
            diagonal = row[i];
            size_t move = Py_MIN(result, diagonal) + MOVE_COST;
            result = Py_MIN(move, replace);
            row[i] = result;
            least = Py_MIN(least, result);
        }
        if (least > max)
            return (Py_ssize_t)max + 1;
    }
    return (Py_ssize_t)result;
}

/* Common ends cost nothing and are cut off first. max + 1 stands for "more than max". */
static Py_ssize_t edit_cost(const char *a, size_t na, const char *b, size_t nb, size_t max)
{
    if (a == b)
        return 0;
    while (na && nb && a[0] == b[0])
        a++, b++, na--, nb--;
    while (na && nb && a[na - 1] == b[nb - 1])
        na--, nb--;
    if (na == 0 || nb == 0)
        return (Py_ssize_t)((na + nb) * MOVE_COST);
    if (na > MAX_NAME || nb > MAX_NAME)
        return (Py_ssize_t)max + 1;
    if (nb < na) {
        const char *t = a;
        size_t n = na;
        a = b, na = nb, b = t, nb = n;
    }
    if ((nb - na) * MOVE_COST > max)
        return (Py_ssize_t)max + 1;
    return distance(a, na, b, nb, max);
}

EXPORT Py_ssize_t _Py_UTF8_Edit_Cost(PyObject *a, PyObject *b, Py_ssize_t max)
{
    Py_ssize_t na, nb;
    const char *sa = PyUnicode_AsUTF8AndSize(a, &na),
               *sb = sa ? PyUnicode_AsUTF8AndSize(b, &nb) : NULL;
    if (!sb)
        return -1;
    if (max == -1)
        max = MOVE_COST * Py_MAX(na, nb);
    return edit_cost(sa, (size_t)na, sb, (size_t)nb, (size_t)max);
}

/* -- Choosing -------------------------------------------------------------------------------- */

/* The best name of the list; owned, NULL without error when none is near. */
static PyObject *nearest(PyObject *names, PyObject *name)
{
    Py_ssize_t size, best_cost = PY_SSIZE_T_MAX, n = PyList_GET_SIZE(names);
    const char *text = n < MAX_CANDIDATES ? PyUnicode_AsUTF8AndSize(name, &size) : NULL;
    PyObject *best = NULL;
    if (!text)
        return NULL;
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *item = PyList_GET_ITEM(names, i);
        Py_ssize_t item_size;
        const char *item_text = PyUnicode_Check(item) ? PyUnicode_AsUTF8AndSize(item, &item_size)
                                                      : NULL;
        if (!item_text)
            return NULL;
        if (PyUnicode_Compare(name, item) == 0)
            continue; /* the name itself: not found for another reason */
        Py_ssize_t max = (size + item_size + 3) * MOVE_COST / 6;
        max = Py_MIN(max, best_cost - 1);
        Py_ssize_t cost = edit_cost(text, (size_t)size, item_text, (size_t)item_size, (size_t)max);
        if (cost > max)
            continue;
        best = item;
        best_cost = cost;
    }
    return Py_XNewRef(best);
}

/* STEALS names (an iterable or NULL). */
static PyObject *nearest_in(PyObject *names, PyObject *name)
{
    PyObject *list = names ? PySequence_List(names) : NULL,
             *res = list ? nearest(list, name) : NULL;
    Py_XDECREF(names);
    Py_XDECREF(list);
    return res;
}

static PyObject *for_attribute_error(PyAttributeErrorObject *e)
{
    if (!e->name || !e->obj || !PyUnicode_CheckExact(e->name))
        return NULL;
    return nearest_in(PyObject_Dir(e->obj), e->name);
}

/* Locals, globals and builtins of the frame that raised. */
static PyObject *for_name_error(PyNameErrorObject *e)
{
    PyTracebackObject *tb = (PyTracebackObject *)e->traceback;
    if (!e->name || !tb || !PyUnicode_CheckExact(e->name))
        return NULL;
    while (tb->tb_next)
        tb = tb->tb_next;
    PyCodeObject *code = PyFrame_GetCode(tb->tb_frame);
    PyObject *res = nearest_in(PyCode_GetVarnames(code), e->name);
    Py_DECREF(code);
    if (!res && !PyErr_Occurred())
        res = nearest_in(PyFrame_GetGlobals(tb->tb_frame), e->name);
    if (!res && !PyErr_Occurred())
        res = nearest_in(PyFrame_GetBuiltins(tb->tb_frame), e->name);
    return res;
}

/* Leaves no exception, whatever goes wrong. */
PyObject *suggest_for_error(PyObject *exc)
{
    PyObject *res = NULL;
    if (Py_IS_TYPE(exc, (PyTypeObject *)PyExc_AttributeError))
        res = for_attribute_error((PyAttributeErrorObject *)exc);
    else if (Py_IS_TYPE(exc, (PyTypeObject *)PyExc_NameError))
        res = for_name_error((PyNameErrorObject *)exc);
    if (!res)
        PyErr_Clear();
    return res;
}
