/* SPDX-License-Identifier: MIT
 *
 * _PyAccu: joining many small str. Pieces gather in `small`, which is joined into one entry of
 * `large` now and then, so that few objects live at a time.
 */
#include "capi/capi.h"

typedef struct {
    PyObject *large; /* strong list of joined strs, NULL: none yet */
    PyObject *small; /* strong list of pieces, NULL after the end */
} _PyAccu;

#define SMALL_MAX 100000 /* pieces gathered before they are joined */

EXPORT int _PyAccu_Init(_PyAccu *acc)
{
    acc->large = NULL; /* made when needed */
    acc->small = PyList_New(0);
    return acc->small ? 0 : -1;
}

static int flush(_PyAccu *acc)
{
    Py_ssize_t n = PyList_GET_SIZE(acc->small);
    if (n == 0) {
        return 0;
    }
    if (acc->large == NULL && (acc->large = PyList_New(0)) == NULL) {
        return -1;
    }
    PyObject *joined = PyUnicode_Join(EMPTY_STR, acc->small);
    if (joined == NULL) {
        return -1;
    }
    int r = PyList_SetSlice(acc->small, 0, n, NULL);
    if (r == 0) {
        r = PyList_Append(acc->large, joined);
    }
    Py_DECREF(joined);
    return r;
}

EXPORT int _PyAccu_Accumulate(_PyAccu *acc, PyObject *unicode)
{
    if (PyList_Append(acc->small, unicode) < 0) {
        return -1;
    }
    return PyList_GET_SIZE(acc->small) < SMALL_MAX ? 0 : flush(acc);
}

EXPORT PyObject *_PyAccu_FinishAsList(_PyAccu *acc)
{
    int r = flush(acc);
    Py_CLEAR(acc->small);
    if (r < 0) {
        Py_CLEAR(acc->large);
        return NULL;
    }
    PyObject *list = acc->large;
    acc->large = NULL;
    return list;
}

EXPORT PyObject *_PyAccu_Finish(_PyAccu *acc)
{
    PyObject *list;
    if (acc->large == NULL) {
        list = acc->small;
        acc->small = NULL;
    } else {
        list = _PyAccu_FinishAsList(acc);
        if (list == NULL) {
            return NULL;
        }
    }
    PyObject *result = PyUnicode_Join(EMPTY_STR, list);
    Py_DECREF(list);
    return result;
}

EXPORT void _PyAccu_Destroy(_PyAccu *acc)
{
    Py_CLEAR(acc->small);
    Py_CLEAR(acc->large);
}
