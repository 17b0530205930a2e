/* SPDX-License-Identifier: MIT
 *
 * Module gc: the collector's switches and views. Nothing here knows how garbage is found.
 */
#include "mem/gc_impl.h"

static struct gc_state *state_of_gc(void)
{
    return &interp_get()->gc;
}

/* -- Switches -------------------------------------------------------------------------------- */

static PyObject *gc_enable(PyObject *module, PyObject *unused)
{
    PyGC_Enable();
    Py_RETURN_NONE;
}

static PyObject *gc_disable(PyObject *module, PyObject *unused)
{
    PyGC_Disable();
    Py_RETURN_NONE;
}

static PyObject *gc_isenabled(PyObject *module, PyObject *unused)
{
    return PyBool_FromLong(PyGC_IsEnabled());
}

static PyObject *gc_set_debug(PyObject *module, PyObject *arg)
{
    int flags = _PyLong_AsInt(arg);
    if (flags == -1 && PyErr_Occurred()) {
        return NULL;
    }
    state_of_gc()->debug = flags;
    Py_RETURN_NONE;
}

static PyObject *gc_get_debug(PyObject *module, PyObject *unused)
{
    return PyLong_FromLong(state_of_gc()->debug);
}

static PyObject *gc_set_threshold(PyObject *module, PyObject *args)
{
    struct gc_state *gc = state_of_gc();
    if (!PyArg_ParseTuple(args, "i|ii:set_threshold", &gc->generations[0].threshold,
                          &gc->generations[1].threshold, &gc->generations[2].threshold)) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *gc_get_threshold(PyObject *module, PyObject *unused)
{
    struct gc_state *gc = state_of_gc();
    return Py_BuildValue("(iii)", gc->generations[0].threshold, gc->generations[1].threshold,
                         gc->generations[2].threshold);
}

static PyObject *gc_get_count(PyObject *module, PyObject *unused)
{
    struct gc_state *gc = state_of_gc();
    return Py_BuildValue("(iii)", gc->generations[0].count, gc->generations[1].count,
                         gc->generations[2].count);
}

/* -- Collecting ------------------------------------------------------------------------------ */

/* Inside a collection (a finaliser that asks for another) nothing happens. */
static PyObject *gc_collect_py(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                               PyObject *kwnames)
{
    static const char *const keywords[] = {"generation", NULL};
    static _PyArg_Parser parser = {.keywords = keywords, .fname = "collect"};
    int generation = NUM_GENERATIONS - 1;
    if (nargs || kwnames) {
        PyObject *slot[1];
        args = _PyArg_UnpackKeywords(args, nargs, NULL, kwnames, &parser, 0, 1, 0, slot);
        if (args == NULL) {
            return NULL;
        }
        if (args[0]) {
            generation = _PyLong_AsInt(args[0]);
            if (generation == -1 && PyErr_Occurred()) {
                return NULL;
            }
        }
    }
    if (generation < 0 || generation >= NUM_GENERATIONS) {
        PyErr_SetString(PyExc_ValueError, "invalid generation");
        return NULL;
    }
    PyThreadState *tstate = tstate_get();
    struct gc_state *gc = &tstate->interp->gc;
    Py_ssize_t n = 0;
    if (!gc->collecting) {
        gc->collecting = 1;
        n = gc_collect(tstate, generation);
        gc->collecting = 0;
    }
    return PyLong_FromSsize_t(n);
}

static PyObject *gc_get_stats(PyObject *module, PyObject *unused)
{
    struct gc_stats stats[NUM_GENERATIONS];
    struct gc_state *gc = state_of_gc();
    for (int i = 0; i < NUM_GENERATIONS; i++) {
        stats[i] = gc->stats[i]; /* what we allocate below may collect */
    }
    PyObject *result = PyList_New(0);
    for (int i = 0; result && i < NUM_GENERATIONS; i++) {
        PyObject *dict = Py_BuildValue("{snsnsn}", "collections", stats[i].collections, "collected",
                                       stats[i].collected, "uncollectable", stats[i].uncollectable);
        if (dict == NULL || PyList_Append(result, dict) < 0) {
            Py_CLEAR(result);
        }
        Py_XDECREF(dict);
    }
    return result;
}

/* -- Looking --------------------------------------------------------------------------------- */

static int append_list(PyObject *result, PyGC_Head *list)
{
    for (PyGC_Head *g = gc_next(list); g != list; g = gc_next(g)) {
        PyObject *op = FROM_GC(g);
        if (op != result && PyList_Append(result, op) < 0) {
            return -1;
        }
    }
    return 0;
}

static PyObject *objects_of(Py_ssize_t first, Py_ssize_t last)
{
    struct gc_state *gc = state_of_gc();
    PyObject *result = PyList_New(0);
    for (Py_ssize_t i = first; result && i <= last; i++) {
        if (append_list(result, &gc->generations[i].head) < 0) {
            Py_CLEAR(result);
        }
    }
    return result;
}

/* "O?" of an argument that may be None or an int. */
static int generation_argument(PyObject *arg, Py_ssize_t *generation)
{
    if (arg == NULL || arg == Py_None) {
        return 0;
    }
    if (!PyIndex_Check(arg)) {
        PyErr_Format(PyExc_TypeError, "argument should be integer or None, not '%.200s'",
                     Py_TYPE(arg)->tp_name);
        return -1;
    }
    *generation = PyNumber_AsSsize_t(arg, PyExc_OverflowError);
    if (*generation == -1 && PyErr_Occurred()) {
        return -1;
    }
    if (*generation >= NUM_GENERATIONS) {
        PyErr_Format(PyExc_ValueError,
                     "generation parameter must be less than the number of "
                     "available generations (%i)",
                     NUM_GENERATIONS);
        return -1;
    }
    if (*generation < -1) { /* -1 stands for None */
        PyErr_SetString(PyExc_ValueError, "generation parameter cannot be negative");
        return -1;
    }
    return 0;
}

static PyObject *gc_get_objects(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                                PyObject *kwnames)
{
    static const char *const keywords[] = {"generation", NULL};
    static _PyArg_Parser parser = {.keywords = keywords, .fname = "get_objects"};
    Py_ssize_t generation = -1;
    PyObject *slot[1];
    if (nargs > 0 || kwnames != NULL) { /* without arguments nothing would be filled in */
        args = _PyArg_UnpackKeywords(args, nargs, NULL, kwnames, &parser, 0, 1, 0, slot);
        if (args == NULL || generation_argument(args[0], &generation) < 0) {
            return NULL;
        }
    }
    if (PySys_Audit("gc.get_objects", "n", generation) < 0) {
        return NULL;
    }
    return generation == -1 ? objects_of(0, NUM_GENERATIONS - 1)
                            : objects_of(generation, generation);
}

static int visit_is_one_of(PyObject *op, void *arg)
{
    PyObject *objs = arg;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(objs); i++) {
        if (PyTuple_GET_ITEM(objs, i) == op) {
            return 1;
        }
    }
    return 0;
}

static int append_referrers(PyObject *objs, PyGC_Head *list, PyObject *result)
{
    for (PyGC_Head *g = gc_next(list); g != list; g = gc_next(g)) {
        PyObject *op = FROM_GC(g);
        if (op == objs || op == result) {
            continue;
        }
        if (Py_TYPE(op)->tp_traverse(op, visit_is_one_of, objs) && PyList_Append(result, op) < 0) {
            return -1;
        }
    }
    return 0;
}

static PyObject *gc_get_referrers(PyObject *module, PyObject *args)
{
    if (PySys_Audit("gc.get_referrers", "(O)", args) < 0) {
        return NULL;
    }
    struct gc_state *gc = state_of_gc();
    PyObject *result = PyList_New(0);
    for (int i = 0; result && i < NUM_GENERATIONS; i++) {
        if (append_referrers(args, &gc->generations[i].head, result) < 0) {
            Py_CLEAR(result);
        }
    }
    return result;
}

static int visit_append(PyObject *op, void *list)
{
    return PyList_Append(list, op) < 0;
}

static PyObject *gc_get_referents(PyObject *module, PyObject *args)
{
    if (PySys_Audit("gc.get_referents", "(O)", args) < 0) {
        return NULL;
    }
    PyObject *result = PyList_New(0);
    for (Py_ssize_t i = 0; result && i < PyTuple_GET_SIZE(args); i++) {
        PyObject *op = PyTuple_GET_ITEM(args, i);
        if (!object_is_gc(op) || Py_TYPE(op)->tp_traverse == NULL) {
            continue;
        }
        if (Py_TYPE(op)->tp_traverse(op, visit_append, result)) {
            Py_CLEAR(result);
        }
    }
    return result;
}

static PyObject *gc_is_tracked_py(PyObject *module, PyObject *op)
{
    return PyBool_FromLong(object_is_gc(op) && gc_is_tracked(op));
}

static PyObject *gc_is_finalized(PyObject *module, PyObject *op)
{
    return PyBool_FromLong(PyObject_GC_IsFinalized(op));
}

/* -- The permanent generation ---------------------------------------------------------------- */

static PyObject *gc_freeze(PyObject *module, PyObject *unused)
{
    struct gc_state *gc = state_of_gc();
    for (int i = 0; i < NUM_GENERATIONS; i++) {
        gc_list_merge(&gc->generations[i].head, &gc->permanent.head);
        gc->generations[i].count = 0;
    }
    Py_RETURN_NONE;
}

static PyObject *gc_unfreeze(PyObject *module, PyObject *unused)
{
    struct gc_state *gc = state_of_gc();
    gc_list_merge(&gc->permanent.head, &gc->generations[NUM_GENERATIONS - 1].head);
    Py_RETURN_NONE;
}

static PyObject *gc_get_freeze_count(PyObject *module, PyObject *unused)
{
    return PyLong_FromSsize_t(gc_list_size(&state_of_gc()->permanent.head));
}

/* -- Module ---------------------------------------------------------------------------------- */

static PyMethodDef gc_methods[] = {
    {"enable", gc_enable, METH_NOARGS,
     "enable($module, /)\n--\n\nEnable automatic garbage collection."},
    {"disable", gc_disable, METH_NOARGS,
     "disable($module, /)\n--\n\nDisable automatic garbage collection."},
    {"isenabled", gc_isenabled, METH_NOARGS,
     "isenabled($module, /)\n--\n\nWhether cycles are collected automatically."},
    {"set_debug", gc_set_debug, METH_O,
     "set_debug($module, flags, /)\n--\n\nSet the garbage collection debugging flags.\n\n"
     "  flags\n"
     "    Any of these bits:\n"
     "      DEBUG_STATS - Print numbers during collection.\n"
     "      DEBUG_COLLECTABLE - Print the objects that will be collected.\n"
     "      DEBUG_UNCOLLECTABLE - Print unreachable objects that cannot be.\n"
     "      DEBUG_SAVEALL - Put unreachable objects into gc.garbage.\n"
     "      DEBUG_LEAK - All but DEBUG_STATS.\n\n"
     "Debugging information is written to sys.stderr."},
    {"get_debug", gc_get_debug, METH_NOARGS,
     "get_debug($module, /)\n--\n\nGet the garbage collection debugging flags."},
    {"get_count", gc_get_count, METH_NOARGS,
     "get_count($module, /)\n--\n\n"
     "How far each generation is on its way to the next collection, as a tuple of three."},
    {"set_threshold", gc_set_threshold, METH_VARARGS,
     "set_threshold(threshold0, [threshold1, threshold2]) -> None\n\n"
     "Set how many allocations start a collection of each generation.\n"
     "Zero for threshold0 disables collection.\n"},
    {"get_threshold", gc_get_threshold, METH_NOARGS,
     "get_threshold($module, /)\n--\n\nReturn the current collection thresholds."},
    {"collect", (PyCFunction)(void (*)(void))gc_collect_py, METH_FASTCALL | METH_KEYWORDS,
     "collect($module, /, generation=2)\n--\n\nRun the garbage collector.\n\n"
     "Collects the given generation and the younger ones; all of them by default.\n"
     "ValueError is raised for a generation that does not exist.\n\n"
     "The number of unreachable objects is returned."},
    {"get_objects", (PyCFunction)(void (*)(void))gc_get_objects, METH_FASTCALL | METH_KEYWORDS,
     "get_objects($module, /, generation=None)\n"
     "--\n"
     "\n"
     "All objects that the collector knows, in a list (which itself is not in it).\n"
     "\n"
     "  generation\n"
     "    Take only the objects of this generation."},
    {"get_stats", gc_get_stats, METH_NOARGS,
     "get_stats($module, /)\n--\n\n"
     "What the collector has done so far: one dictionary of numbers for each generation."},
    {"is_tracked", gc_is_tracked_py, METH_O,
     "is_tracked($module, obj, /)\n"
     "--\n"
     "\n"
     "Whether the collector watches this object.\n"
     "\n"
     "What cannot be part of a cycle, such as a number, is not watched."},
    {"is_finalized", gc_is_finalized, METH_O,
     "is_finalized($module, obj, /)\n--\n\n"
     "Whether the collector has already run the finaliser of this object."},
    {"get_referrers", gc_get_referrers, METH_VARARGS,
     "get_referrers(*objs) -> list\n\nWhich tracked objects refer to any of these."},
    {"get_referents", gc_get_referents, METH_VARARGS,
     "get_referents(*objs) -> list\n\n"
     "What these objects refer to, as far as the collector is told."},
    {"freeze", gc_freeze, METH_NOARGS,
     "freeze($module, /)\n"
     "--\n"
     "\n"
     "Set all objects that exist aside: later collections leave them alone.\n"
     "\n"
     "Useful before a POSIX fork(): the child then shares more pages."},
    {"unfreeze", gc_unfreeze, METH_NOARGS,
     "unfreeze($module, /)\n--\n\nUnfreeze all objects in the permanent generation.\n\n"
     "They return to the oldest generation."},
    {"get_freeze_count", gc_get_freeze_count, METH_NOARGS,
     "get_freeze_count($module, /)\n--\n\nHow many objects freeze() has set aside."},
    {NULL},
};

static int gc_exec(PyObject *module)
{
    struct gc_state *gc = state_of_gc();
    if (gc_ready(interp_get()) < 0 || PyModule_AddObjectRef(module, "garbage", gc->garbage) < 0
        || PyModule_AddObjectRef(module, "callbacks", gc->callbacks) < 0) {
        return -1;
    }
    static const struct { const char *name; int value; } constants[] = {
        {"DEBUG_STATS", GC_DEBUG_STATS},
        {"DEBUG_COLLECTABLE", GC_DEBUG_COLLECTABLE},
        {"DEBUG_UNCOLLECTABLE", GC_DEBUG_UNCOLLECTABLE},
        {"DEBUG_SAVEALL", GC_DEBUG_SAVEALL},
        {"DEBUG_LEAK", GC_DEBUG_LEAK},
    };
    for (size_t i = 0; i < COUNT_OF(constants); i++) {
        if (PyModule_AddIntConstant(module, constants[i].name, constants[i].value) < 0) {
            return -1;
        }
    }
    return 0;
}

static PyModuleDef_Slot gc_slots[] = {{Py_mod_exec, gc_exec}, {0, NULL}};

static struct PyModuleDef gc_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "gc",
    .m_doc = "The collector of reference cycles.\n"
             "\n"
             "enable(), disable(), isenabled() -- Switch automatic collection.\n"
             "collect() -- Collect now.\n"
             "get_count(), get_stats() -- Numbers of the collector.\n"
             "set_debug(), get_debug() -- Debugging flags.\n"
             "set_threshold(), get_threshold() -- When to collect.\n"
             "get_objects(), get_referrers(), get_referents() -- Walk the object graph.\n"
             "is_tracked(), is_finalized() -- Ask about an object.\n"
             "freeze(), unfreeze(), get_freeze_count() -- Exclude what exists from collection.\n",
    .m_size = 0,
    .m_methods = gc_methods,
    .m_slots = gc_slots,
};

PyMODINIT_FUNC PyInit_gc(void)
{
    return PyModuleDef_Init(&gc_module);
}
