/* SPDX-License-Identifier: MIT
 *
 * Module atexit: functions called at the end, last registered first. Each interpreter has its own
 * list.
 */
#include "runtime/rt.h"

struct callback {
    PyObject *func, *args, *kwargs;
}; /* strong; kwargs may be NULL; func NULL: unregistered */
struct atexit_list { struct callback *items; Py_ssize_t n, cap; };

static struct atexit_list *list_of(PyInterpreterState *interp) { return interp->atexit; }

int atexit_init(PyInterpreterState *interp)
{
    if (!interp->atexit)
        interp->atexit = PyMem_RawCalloc(1, sizeof(struct atexit_list));
    return interp->atexit ? 0 : -1;
}

static void callback_drop(struct callback *cb)
{
    struct callback old = *cb;
    *cb = (struct callback){0};
    Py_XDECREF(old.func);
    Py_XDECREF(old.args);
    Py_XDECREF(old.kwargs);
}

static void list_clear(struct atexit_list *list)
{
    Py_ssize_t n = list->n;
    list->n = 0;
    while (n > 0)
        callback_drop(&list->items[--n]);
}

void atexit_fini(PyInterpreterState *interp)
{
    struct atexit_list *list = list_of(interp);
    if (!list)
        return;
    list_clear(list);
    PyMem_RawFree(list->items);
    PyMem_RawFree(list);
    interp->atexit = NULL;
}

/* What a function raises is reported, and the others still run. */
void atexit_call(PyInterpreterState *interp)
{
    struct atexit_list *list = list_of(interp);
    if (!list || list->n == 0)
        return;
    for (Py_ssize_t i = list->n - 1; i >= 0; i--) {
        if (i >= list->n || !list->items[i].func)
            continue;
        PyObject *func = Py_NewRef(list->items[i].func);
        PyObject *res = PyObject_Call(func, list->items[i].args, list->items[i].kwargs);
        if (!res)
            _PyErr_WriteUnraisableMsg("in atexit callback", func);
        Py_XDECREF(res);
        Py_DECREF(func);
    }
    list_clear(list);
    if (PyErr_Occurred())
        PyErr_WriteUnraisable(NULL);
}

/* -- Functions ------------------------------------------------------------------------------- */

/* The positional arguments are sliced off once; calls get them as they are. */
static PyObject *atexit_register(PyObject *module, PyObject *args, PyObject *kwargs)
{
    if (PyTuple_GET_SIZE(args) == 0) {
        PyErr_SetString(PyExc_TypeError, "register() takes at least 1 argument (0 given)");
        return NULL;
    }
    PyObject *func = PyTuple_GET_ITEM(args, 0);
    if (!PyCallable_Check(func)) {
        PyErr_SetString(PyExc_TypeError, "the first argument must be callable");
        return NULL;
    }
    struct atexit_list *list = list_of(interp_get());
    if (list->n == list->cap) {
        Py_ssize_t cap = list->cap ? list->cap * 2 : 16;
        struct callback *items = PyMem_RawRealloc(list->items, (size_t)cap * sizeof *items);
        if (!items)
            return PyErr_NoMemory();
        list->items = items;
        list->cap = cap;
    }
    PyObject *rest = PyTuple_GetSlice(args, 1, PyTuple_GET_SIZE(args));
    if (!rest)
        return NULL;
    list->items[list->n++] = (struct callback){Py_NewRef(func), rest, Py_XNewRef(kwargs)};
    return Py_NewRef(func);
}

static PyObject *atexit_unregister(PyObject *module, PyObject *func)
{
    struct atexit_list *list = list_of(interp_get());
    for (Py_ssize_t i = 0; i < list->n; i++) {
        if (!list->items[i].func)
            continue;
        int eq = PyObject_RichCompareBool(list->items[i].func, func, Py_EQ);
        if (eq < 0)
            return NULL;
        if (eq)
            callback_drop(&list->items[i]);
    }
    Py_RETURN_NONE;
}

static PyObject *atexit_run(PyObject *module, PyObject *ignored)
{
    atexit_call(interp_get());
    Py_RETURN_NONE;
}

static PyObject *atexit_clear_all(PyObject *module, PyObject *ignored)
{
    list_clear(list_of(interp_get()));
    Py_RETURN_NONE;
}

static PyObject *atexit_count(PyObject *module, PyObject *ignored)
{
    return PyLong_FromSsize_t(list_of(interp_get())->n);
}

static PyMethodDef methods[] = {
    {"register", (PyCFunction)(void (*)(void))atexit_register, METH_VARARGS | METH_KEYWORDS,
     "register(func, *args, **kwargs) -> func\n\n"
     "Have func(*args, **kwargs) called when the interpreter ends.\n\n"
     "func is returned so that this can be used as a decorator."},
    {"_clear", atexit_clear_all, METH_NOARGS,
     "_clear() -> None\n\nForget all registered functions."},
    {"unregister", atexit_unregister, METH_O,
     "unregister(func) -> None\n\nForget a function; nothing happens when it was not registered."},
    {"_run_exitfuncs", atexit_run, METH_NOARGS,
     "_run_exitfuncs() -> None\n\nCall all registered functions now."},
    {"_ncallbacks", atexit_count, METH_NOARGS,
     "_ncallbacks() -> int\n\nNumber of registered functions."},
    {NULL},
};

static PyModuleDef module = {
    PyModuleDef_HEAD_INIT, .m_name = "atexit",
    .m_doc = "Functions to be called when the interpreter ends.\n\n"
             "register(func, *args, **kwargs) adds one, unregister(func) takes it away.",
    .m_methods = methods, .m_slots = (PyModuleDef_Slot[]){{0, NULL}},
};

PyMODINIT_FUNC PyInit_atexit(void) { return PyModuleDef_Init(&module); }
