/* SPDX-License-Identifier: MIT
 *
 * Module marshal: the door to src/bytecode/marshal_read.c and marshal_write.c.
 */
#include "bytecode/marshal.h"
#include "state.h"

PyDoc_STRVAR(dump_doc,
"dump($module, value, file, version=version, /)\n--\n\n"
"Write a value to an open binary file.\n\n"
"value must be of a supported type; file needs a write() method.  ValueError is raised for an\n"
"unsupported type, after rubbish may have been written.");

PyDoc_STRVAR(load_doc,
"load($module, file, /)\n--\n\n"
"Read one value from an open binary file.\n\n"
"EOFError, ValueError or TypeError is raised when there is no valid value.");

PyDoc_STRVAR(dumps_doc,
"dumps($module, value, version=version, /)\n--\n\n"
"The bytes that dump() would write.");

PyDoc_STRVAR(loads_doc,
"loads($module, bytes, /)\n--\n\n"
"Turn bytes back into a value; what follows it is ignored.");

/* args[i] as the version, or the default. False with an exception set. */
static bool version_argument(PyObject *const *args, Py_ssize_t nargs, Py_ssize_t i, int *version)
{
    *version = Py_MARSHAL_VERSION;
    if (nargs <= i)
        return true;
    *version = _PyLong_AsInt(args[i]);
    return *version != -1 || !PyErr_Occurred();
}

static PyObject *marshal_dump(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    int version;
    if (!_PyArg_CheckPositional("dump", nargs, 2, 3) || !version_argument(args, nargs, 2, &version))
        return NULL;
    PyObject *bytes = PyMarshal_WriteObjectToString(args[0], version);
    if (bytes == NULL)
        return NULL;
    PyObject *result = PyObject_CallMethodOneArg(args[1], ID(write), bytes);
    Py_DECREF(bytes);
    return result;
}

static PyObject *marshal_load(PyObject *module, PyObject *file)
{
    PyObject *data = PyObject_CallMethod(file, "read", "i", 0);
    if (data == NULL)
        return NULL;
    PyObject *result = NULL;
    if (PyBytes_Check(data))
        result = marshal_read_stream(file);
    else
        PyErr_Format(PyExc_TypeError, "file.read() returned not bytes but %.100s",
                     Py_TYPE(data)->tp_name);
    Py_DECREF(data);
    return result;
}

static PyObject *marshal_dumps(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    int version;
    if (!_PyArg_CheckPositional("dumps", nargs, 1, 2) ||
        !version_argument(args, nargs, 1, &version))
        return NULL;
    return PyMarshal_WriteObjectToString(args[0], version);
}

static PyObject *marshal_loads(PyObject *module, PyObject *arg)
{
    Py_buffer view;
    if (PyObject_GetBuffer(arg, &view, PyBUF_SIMPLE) < 0)
        return NULL;
    PyObject *result = NULL;
    if (PyBuffer_IsContiguous(&view, 'C'))
        result = marshal_read_bytes(view.buf, view.len);
    else
        _PyArg_BadArgument("loads", "argument", "contiguous buffer", arg);
    PyBuffer_Release(&view);
    return result;
}

static PyMethodDef marshal_methods[] = {
    {"dump", (PyCFunction)(void (*)(void))marshal_dump, METH_FASTCALL, dump_doc},
    {"load", marshal_load, METH_O, load_doc},
    {"dumps", (PyCFunction)(void (*)(void))marshal_dumps, METH_FASTCALL, dumps_doc},
    {"loads", marshal_loads, METH_O, loads_doc},
    {NULL},
};

PyDoc_STRVAR(module_doc,
             "Reads and writes values in the binary format of .pyc files: specific to Python, "
             "independent of the machine.\n\n"
             "Supported are None, Ellipsis, StopIteration, bool, int, float, complex, str, bytes, "
             "bytearray, tuple, list,\n"
             "set, frozenset, dict and code objects, containers as long as their items are.  "
             "Versions: 0 historical,\n"
             "1 interned strings, 2 binary floats, 3 shared references, 4 short strings.\n\n"
             "dump(), dumps() -- a value into a file, or as bytes\n"
             "load(), loads() -- the value in a file, or in bytes");

static int marshal_exec(PyObject *module)
{
    return PyModule_AddIntConstant(module, "version", Py_MARSHAL_VERSION);
}

static PyModuleDef_Slot marshal_slots[] = {{Py_mod_exec, marshal_exec}, {0, NULL}};

static struct PyModuleDef marshal_module = {
    PyModuleDef_HEAD_INIT, .m_name = "marshal", .m_doc = module_doc, .m_methods = marshal_methods,
    .m_slots = marshal_slots,
};

PyMODINIT_FUNC PyMarshal_Init(void)
{
    return PyModuleDef_Init(&marshal_module);
}
