/* SPDX-License-Identifier: MIT
 *
 * Module _tracemalloc: the Python face of mem/tracemalloc.c.
 */
#include "mem/gc.h"
#include "mem/tracemalloc.h"

static PyObject *tracemalloc_is_tracing(PyObject *module, PyObject *unused)
{
    return PyBool_FromLong(_Py_tracemalloc_config.tracing);
}

static PyObject *tracemalloc_clear(PyObject *module, PyObject *unused)
{
    tracemalloc_clear_traces();
    Py_RETURN_NONE;
}

static PyObject *tracemalloc__get_traces(PyObject *module, PyObject *unused)
{
    return tracemalloc_get_traces();
}

static PyObject *tracemalloc_object_traceback(PyObject *module, PyObject *op)
{
    return _PyTraceMalloc_GetTraceback(0, (uintptr_t)op - type_pre_header_size(Py_TYPE(op)));
}

static PyObject *tracemalloc_start_py(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    int nframe = 1;
    if (!_PyArg_CheckPositional("start", nargs, 0, 1)) {
        return NULL;
    }
    if (nargs) {
        nframe = _PyLong_AsInt(args[0]);
        if (nframe == -1 && PyErr_Occurred()) {
            return NULL;
        }
    }
    return tracemalloc_start(nframe) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *tracemalloc_stop_py(PyObject *module, PyObject *unused)
{
    tracemalloc_stop();
    Py_RETURN_NONE;
}

static PyObject *tracemalloc_limit(PyObject *module, PyObject *unused)
{
    return PyLong_FromLong(_Py_tracemalloc_config.max_nframe);
}

static PyObject *tracemalloc_memory(PyObject *module, PyObject *unused)
{
    return PyLong_FromSize_t(tracemalloc_own_memory());
}

static PyObject *tracemalloc_traced(PyObject *module, PyObject *unused)
{
    size_t current = 0, peak = 0;
    if (_Py_tracemalloc_config.tracing) {
        tracemalloc_traced_memory(&current, &peak);
    }
    return Py_BuildValue("nn", (Py_ssize_t)current, (Py_ssize_t)peak);
}

static PyObject *tracemalloc_reset(PyObject *module, PyObject *unused)
{
    if (_Py_tracemalloc_config.tracing) {
        tracemalloc_reset_peak();
    }
    Py_RETURN_NONE;
}

static PyMethodDef tracemalloc_functions[] = {
    {"is_tracing", tracemalloc_is_tracing, METH_NOARGS,
     "is_tracing($module, /)\n--\n\nWhether allocations are being traced."},
    {"clear_traces", tracemalloc_clear, METH_NOARGS,
     "clear_traces($module, /)\n--\n\nForget all blocks allocated so far."},
    {"_get_traces", tracemalloc__get_traces, METH_NOARGS,
     "_get_traces($module, /)\n"
     "--\n"
     "\n"
     "All blocks that are traced, as a list of (domain, size, frames, number of frames).\n"
     "\n"
     "A frame is a pair (filename, line). The list is empty when nothing is traced."},
    {"_get_object_traceback", tracemalloc_object_traceback, METH_O,
     "_get_object_traceback($module, obj, /)\n"
     "--\n"
     "\n"
     "Where obj was allocated: a tuple of (filename, line number) pairs.\n"
     "\n"
     "None when nobody was tracing then."},
    {"start", (PyCFunction)(void (*)(void))tracemalloc_start_py, METH_FASTCALL,
     "start($module, nframe=1, /)\n--\n\nStart tracing Python memory allocations.\n\n"
     "Up to nframe frames are stored for each of them."},
    {"stop", tracemalloc_stop_py, METH_NOARGS,
     "stop($module, /)\n--\n\nStop tracing Python memory allocations.\n\nThe traces are cleared "
     "too."},
    {"get_traceback_limit", tracemalloc_limit, METH_NOARGS,
     "get_traceback_limit($module, /)\n--\n\nHow many frames are kept of each block at most."},
    {"get_tracemalloc_memory", tracemalloc_memory, METH_NOARGS,
     "get_tracemalloc_memory($module, /)\n--\n\nBytes that tracing itself takes."},
    {"get_traced_memory", tracemalloc_traced, METH_NOARGS,
     "get_traced_memory($module, /)\n--\n\nBytes in traced blocks: (now, most at one time)."},
    {"reset_peak", tracemalloc_reset, METH_NOARGS,
     "reset_peak($module, /)\n--\n\nBegin anew to look for the most memory in use, at what is in "
     "use now."},
    {NULL},
};

static PyModuleDef tracemalloc_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_tracemalloc",
    .m_doc = "Remembers where the memory blocks of a program were allocated.",
    .m_size = 0,
    .m_methods = tracemalloc_functions,
};

PyMODINIT_FUNC PyInit__tracemalloc(void)
{
    return PyModule_Create(&tracemalloc_module);
}
