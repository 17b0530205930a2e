/* SPDX-License-Identifier: MIT
 *
 * Taking modules down at the end, in the order that destructors rely on.
 *
 * 1 sys attributes that keep user objects alive become None, the standard streams are restored
 * 2 every entry of sys.modules becomes None; a weak reference to each module is kept
 * 3 sys.modules is emptied, builtins gets the names it had at start, garbage is collected
 * 4 modules that are still alive are wiped, last imported first
 * 5 sys is wiped, then builtins: last, because destructors need them
 */
#include "runtime/rt.h"
#include "mem/gc.h"

static bool verbose(void) { return interp_get()->config.verbose > 0; }

/* -- 1 --------------------------------------------------------------------------------------- */

static void sys_set_none(const char *name)
{
    if (verbose())
        PySys_WriteStderr("# clear sys.%s\n", name);
    if (PySys_SetObject(name, Py_None) < 0)
        PyErr_WriteUnraisable(NULL);
}

/* Programs hang objects on these. */
static void delete_special(PyInterpreterState *interp)
{
    static const char *const gone[] = {
        "path", "argv", "ps1", "ps2", "last_type", "last_value", "last_traceback", "path_hooks",
        "path_importer_cache", "meta_path", "__interactivehook__",
    };
    static const char *const streams[][2] = {
        {"stdin", "__stdin__"}, {"stdout", "__stdout__"}, {"stderr", "__stderr__"},
    };
    if (verbose())
        PySys_WriteStderr("# clear builtins._\n");
    if (PyDict_SetItemString(interp->builtins, "_", Py_None) < 0)
        PyErr_WriteUnraisable(NULL);
    for (size_t i = 0; i < COUNT_OF(gone); i++)
        sys_set_none(gone[i]);
    for (size_t i = 0; i < COUNT_OF(streams); i++) {
        if (verbose())
            PySys_WriteStderr("# restore sys.%s\n", streams[i][0]);
        PyObject *orig = sys_get(streams[i][1]);
        if (PySys_SetObject(streams[i][0], orig ? orig : Py_None) < 0)
            PyErr_WriteUnraisable(NULL);
    }
}

/* -- 2 --------------------------------------------------------------------------------------- */

static void keep_weakly(PyObject *list, PyObject *name, PyObject *mod)
{
    PyObject *ref = PyWeakref_NewRef(mod, NULL), *pair = ref ? PyTuple_Pack(2, name, ref) : NULL;
    if (!pair || PyList_Append(list, pair) < 0)
        PyErr_WriteUnraisable(NULL);
    Py_XDECREF(pair);
    Py_XDECREF(ref);
}

/* None instead of a missing key: destructors that import get a clear error. */
static void remove_one(PyObject *modules, PyObject *list, PyObject *name, PyObject *mod)
{
    if (!PyModule_Check(mod))
        return;
    if (verbose() && PyUnicode_Check(name))
        PySys_FormatStderr("# cleanup[2] removing %U\n", name);
    if (list)
        keep_weakly(list, name, mod);
    if (PyObject_SetItem(modules, name, Py_None) < 0)
        PyErr_WriteUnraisable(NULL);
}

/* List of (name, weak reference), NULL without memory. */
static PyObject *remove_all(PyObject *modules)
{
    PyObject *list = PyList_New(0);
    if (!list)
        PyErr_WriteUnraisable(NULL);
    if (PyDict_CheckExact(modules)) {
        Py_ssize_t pos = 0;
        PyObject *name, *mod;
        while (PyDict_Next(modules, &pos, &name, &mod))
            remove_one(modules, list, name, mod);
        return list;
    }
    PyObject *items = PyMapping_Items(modules); /* a copy: SetItem may do anything */
    if (!items) {
        PyErr_WriteUnraisable(NULL);
        return list;
    }
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(items); i++) {
        PyObject *item = PyList_GET_ITEM(items, i);
        if (PyTuple_Check(item) && PyTuple_GET_SIZE(item) == 2)
            remove_one(modules, list, PyTuple_GET_ITEM(item, 0), PyTuple_GET_ITEM(item, 1));
    }
    Py_DECREF(items);
    return list;
}

/* -- 3, 4, 5 --------------------------------------------------------------------------------- */

static void empty_modules(PyObject *modules)
{
    if (PyDict_CheckExact(modules)) {
        PyDict_Clear(modules);
        return;
    }
    PyObject *res = PyObject_CallMethodNoArgs(modules, ID(clear));
    if (!res)
        PyErr_WriteUnraisable(NULL);
    Py_XDECREF(res);
}

/* What programs put there goes; print() and the rest are as they were. */
static void restore_builtins(PyInterpreterState *interp)
{
    PyObject *copy = PyDict_Copy(interp->builtins); /* keeps the old values alive meanwhile */
    if (!copy)
        PyErr_Clear();
    PyDict_Clear(interp->builtins);
    if (PyDict_Update(interp->builtins, interp->builtins_copy) < 0)
        PyErr_Clear();
    Py_XDECREF(copy);
}

/* Later modules may use earlier ones, so the last imported goes first; sys and builtins are not
   touched here. */
static void wipe_alive(PyInterpreterState *interp, PyObject *list)
{
    for (Py_ssize_t i = PyList_GET_SIZE(list) - 1; i >= 0; i--) {
        PyObject *pair = PyList_GET_ITEM(list, i);
        PyObject *mod = PyWeakref_GET_OBJECT(PyTuple_GET_ITEM(pair, 1));
        if (mod == Py_None)
            continue;
        PyObject *dict = PyModule_GetDict(mod);
        if (dict == interp->builtins || dict == interp->sysdict)
            continue;
        Py_INCREF(mod);
        if (verbose())
            PySys_FormatStderr("# cleanup[3] wiping %U\n", PyTuple_GET_ITEM(pair, 0));
        _PyModule_Clear(mod);
        Py_DECREF(mod);
    }
}

/* Modules that extension code finds by PyModuleDef hold references of their own. */
static void clear_by_index(PyInterpreterState *interp)
{
    if (!interp->modules_by_index)
        return;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(interp->modules_by_index); i++) {
        PyObject *m = PyList_GET_ITEM(interp->modules_by_index, i);
        PyModuleDef *def = PyModule_Check(m) ? PyModule_GetDef(m) : NULL;
        if (def)
            Py_CLEAR(def->m_base.m_copy);
    }
    PyObject *list = interp->modules_by_index;
    interp->modules_by_index = NULL;
    PyList_SetSlice(list, 0, PyList_GET_SIZE(list), NULL);
    Py_DECREF(list);
}

/* The steps of the head, in order. */
void rt_finalize_modules(PyThreadState *tstate)
{
    PyInterpreterState *interp = tstate->interp;
    PyObject *modules = interp->modules;
    if (!modules)
        return;
    delete_special(interp);
    PyObject *list = remove_all(modules);
    empty_modules(modules);
    restore_builtins(interp);
    gc_collect_final(tstate);
    gc_warn_uncollectable(interp);
    if (list) {
        wipe_alive(interp, list);
        Py_DECREF(list);
    }
    if (verbose())
        PySys_FormatStderr("# cleanup[3] wiping sys\n");
    _PyModule_ClearDict(interp->sysdict);
    if (verbose())
        PySys_FormatStderr("# cleanup[3] wiping builtins\n");
    _PyModule_ClearDict(interp->builtins);
    clear_by_index(interp);
    interp->modules = NULL;
    Py_DECREF(modules);
    gc_collect_final(tstate);
}
