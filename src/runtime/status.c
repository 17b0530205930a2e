/* SPDX-License-Identifier: MIT
 *
 * PyStatus and PyWideStringList: how start-up reports trouble and keeps text before there are
 * objects.
 *
 * A list owns its array and its items, all in raw memory. A status is a plain value; its strings
 * are static.
 */
#include "runtime/rt.h"

/* -- PyStatus -------------------------------------------------------------------------------- */

PyStatus PyStatus_Ok(void) { return STATUS_OK(); }

PyStatus PyStatus_Error(const char *err_msg)
{
    assert(err_msg != NULL);
    return (PyStatus){._type = _PyStatus_TYPE_ERROR, .err_msg = err_msg};
}

PyStatus PyStatus_NoMemory(void) { return PyStatus_Error("memory allocation failed"); }
PyStatus PyStatus_Exit(int exitcode) { return STATUS_EXIT(exitcode); }
int PyStatus_IsError(PyStatus status) { return status._type == _PyStatus_TYPE_ERROR; }
int PyStatus_IsExit(PyStatus status) { return status._type == _PyStatus_TYPE_EXIT; }
int PyStatus_Exception(PyStatus status) { return status._type != _PyStatus_TYPE_OK; }

/* -- Wide strings ---------------------------------------------------------------------------- */

wchar_t *rt_wcsdup(const wchar_t *s)
{
    size_t size = (wcslen(s) + 1) * sizeof(wchar_t);
    wchar_t *copy = PyMem_RawMalloc(size);
    return copy ? memcpy(copy, s, size) : NULL;
}

void _PyWideStringList_Clear(PyWideStringList *list)
{
    for (Py_ssize_t i = 0; i < list->length; i++)
        PyMem_RawFree(list->items[i]);
    PyMem_RawFree(list->items);
    *list = (PyWideStringList){0};
}

int _PyWideStringList_Copy(PyWideStringList *list, const PyWideStringList *from)
{
    PyWideStringList copy = {0};
    if (STATUS_FAILED(_PyWideStringList_Extend(&copy, from))) {
        _PyWideStringList_Clear(&copy);
        return -1;
    }
    _PyWideStringList_Clear(list);
    *list = copy;
    return 0;
}

/* An index behind the end means the end. */
PyStatus PyWideStringList_Insert(PyWideStringList *list, Py_ssize_t index, const wchar_t *item)
{
    if (list->length == PY_SSIZE_T_MAX)
        return STATUS_NO_MEMORY();
    if (index < 0)
        return STATUS_ERR("PyWideStringList_Insert index must be >= 0");
    if (index > list->length)
        index = list->length;
    wchar_t *copy = rt_wcsdup(item);
    wchar_t **items =
        copy ? PyMem_RawRealloc(list->items, (size_t)(list->length + 1) * sizeof(*items)) : NULL;
    if (!items) {
        PyMem_RawFree(copy);
        return STATUS_NO_MEMORY();
    }
    memmove(items + index + 1, items + index, (size_t)(list->length - index) * sizeof(*items));
    items[index] = copy;
    list->items = items;
    list->length++;
    return STATUS_OK();
}

PyStatus PyWideStringList_Append(PyWideStringList *list, const wchar_t *item)
{
    return PyWideStringList_Insert(list, list->length, item);
}

PyStatus _PyWideStringList_Extend(PyWideStringList *list, const PyWideStringList *from)
{
    for (Py_ssize_t i = 0; i < from->length; i++)
        TRY(PyWideStringList_Append(list, from->items[i]));
    return STATUS_OK();
}

PyObject *_PyWideStringList_AsList(const PyWideStringList *list)
{
    PyObject *result = PyList_New(list->length);
    for (Py_ssize_t i = 0; result && i < list->length; i++) {
        PyObject *item = PyUnicode_FromWideChar(list->items[i], -1);
        if (!item) {
            Py_CLEAR(result);
            break;
        }
        PyList_SET_ITEM(result, i, item);
    }
    return result;
}
