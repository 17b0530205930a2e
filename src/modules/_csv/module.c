/* SPDX-License-Identifier: MIT
 *
 * Module _csv: its state, the table of named dialects, and the functions of the module.
 */
#include "csv.h"

/* -- Named dialects -------------------------------------------------------------------------- */

static PyObject *unknown_dialect(struct csv_state *state)
{
    PyErr_SetString(state->error, "unknown dialect");
    return NULL;
}

PyObject *csv_dialect_get(struct csv_state *state, PyObject *name)
{
    PyObject *dialect = PyDict_GetItemWithError(state->dialects, name);
    if (!dialect)
        return PyErr_Occurred() ? NULL : unknown_dialect(state);
    return Py_NewRef(dialect);
}

static PyObject *csv_list_dialects(PyObject *module, PyObject *ignored)
{
    return PyDict_Keys(csv_state_of(module)->dialects);
}

static PyObject *csv_register_dialect(PyObject *module, PyObject *args, PyObject *kwargs)
{
    PyObject *name, *source = NULL;
    struct csv_state *state = csv_state_of(module);
    if (!PyArg_UnpackTuple(args, "", 1, 2, &name, &source))
        return NULL;
    if (!PyUnicode_Check(name)) {
        PyErr_SetString(PyExc_TypeError, "dialect name must be a string");
        return NULL;
    }
    PyObject *dialect = PyUnicode_READY(name) < 0 ? NULL : csv_dialect_from(state, source, kwargs);
    if (!dialect)
        return NULL;
    int res = PyDict_SetItem(state->dialects, name, dialect);
    Py_DECREF(dialect);
    if (res < 0)
        return NULL;
    Py_RETURN_NONE;
}

#define FN(name)                                                                                   \
    static PyObject *csv_##name(PyObject *module, PyObject *const *args, Py_ssize_t nargs,         \
                                PyObject *kwnames)

FN(unregister_dialect)
{
    ARGS("O:unregister_dialect", "name");
    PyObject *name;
    if (!PARSE(&name))
        return NULL;
    struct csv_state *state = csv_state_of(module);
    if (PyDict_DelItem(state->dialects, name) < 0)
        return PyErr_ExceptionMatches(PyExc_KeyError) ? unknown_dialect(state) : NULL;
    Py_RETURN_NONE;
}

FN(get_dialect)
{
    ARGS("O:get_dialect", "name");
    PyObject *name;
    return PARSE(&name) ? csv_dialect_get(csv_state_of(module), name) : NULL;
}

FN(field_size_limit)
{
    ARGS("|O:field_size_limit", "new_limit");
    PyObject *limit = NULL;
    if (!PARSE(&limit))
        return NULL;
    struct csv_state *state = csv_state_of(module);
    long old = state->field_limit;
    if (limit) {
        if (!PyLong_CheckExact(limit)) {
            PyErr_SetString(PyExc_TypeError, "limit must be an integer");
            return NULL;
        }
        long value = PyLong_AsLong(limit);
        if (value == -1 && PyErr_Occurred())
            return NULL;
        state->field_limit = value;
    }
    return PyLong_FromLong(old);
}

/* -- The module ------------------------------------------------------------------------------ */

#define M(name, flags, doc)                                                                        \
    {                                                                                              \
        #name, (PyCFunction)(void (*)(void))csv_##name, flags, doc                                 \
    }
#define KW (METH_FASTCALL | METH_KEYWORDS)

static PyMethodDef csv_methods[] = {
    {"reader", (PyCFunction)(void (*)(void))csv_reader_new, METH_VARARGS | METH_KEYWORDS,
     "    rows = reader(lines [, dialect='excel'] [, options])\n\n"
     "Iterator over the rows that the lines, any iterable of str, hold. Options are those of "
     "Dialect."},
    {"writer", (PyCFunction)(void (*)(void))csv_writer_new, METH_VARARGS | METH_KEYWORDS,
     "    out = writer(file [, dialect='excel'] [, options])\n    out.writerow(fields)\n\n"
     "An object that writes rows to an object with a write method. Options are those of Dialect."},
    M(list_dialects, METH_NOARGS, "list_dialects($module, /)\n--\n\nThe names of all dialects."),
    M(register_dialect, METH_VARARGS | METH_KEYWORDS,
      "Gives a dialect a name: register_dialect(name [, dialect] [, options])."),
    M(unregister_dialect, KW, "unregister_dialect($module, /, name)\n--\n\nForgets a name."),
    M(get_dialect, KW, "get_dialect($module, /, name)\n--\n\nThe Dialect of this name."),
    M(field_size_limit, KW,
      "field_size_limit($module, /, new_limit=<unrepresentable>)\n--\n\n"
      "Sets how long a field may be, if asked to; the limit until now."),
    {NULL, NULL, 0, NULL},
};

/* The type of a spec, known to the module by name. */
static PyTypeObject *csv_add_type(PyObject *module, PyType_Spec *spec, const char *name)
{
    PyTypeObject *type = (PyTypeObject *)PyType_FromModuleAndSpec(module, spec, NULL);
    if (type && PyModule_AddObjectRef(module, name, (PyObject *)type) < 0)
        Py_CLEAR(type);
    return type;
}

/* From a specification and not PyErr_NewException: without a weak reference slot. */
static PyType_Slot csv_error_slots[] = {{0, NULL}};
static PyType_Spec csv_error_spec = {
    .name = "_csv.Error",
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = csv_error_slots,
};

static int csv_exec(PyObject *module)
{
    struct csv_state *state = csv_state_of(module);
    state->field_limit = 128 * 1024;
    if (!(state->dialect = csv_add_type(module, &csv_dialect_spec, "Dialect")) ||
        !(state->reader = csv_add_type(module, &csv_reader_spec, "Reader")) ||
        !(state->writer = csv_add_type(module, &csv_writer_spec, "Writer")))
        return -1;
    state->dialects = PyDict_New();
    state->error = PyType_FromModuleAndSpec(module, &csv_error_spec, PyExc_Exception);
    if (!state->dialects || !state->error ||
        PyModule_AddStringConstant(module, "__version__", "1.0") < 0 ||
        PyModule_AddObjectRef(module, "_dialects", state->dialects) < 0 ||
        PyModule_AddObjectRef(module, "Error", state->error) < 0)
        return -1;
    if (PyModule_AddIntMacro(module, QUOTE_MINIMAL) < 0 ||
        PyModule_AddIntMacro(module, QUOTE_ALL) < 0 ||
        PyModule_AddIntMacro(module, QUOTE_NONNUMERIC) < 0 ||
        PyModule_AddIntMacro(module, QUOTE_NONE) < 0)
        return -1;
    return 0;
}

static int csv_traverse(PyObject *module, visitproc visit, void *arg)
{
    struct csv_state *state = csv_state_of(module);
    Py_VISIT(state->dialect);
    Py_VISIT(state->reader);
    Py_VISIT(state->writer);
    Py_VISIT(state->error);
    Py_VISIT(state->dialects);
    return 0;
}

static int csv_clear(PyObject *module)
{
    struct csv_state *state = csv_state_of(module);
    Py_CLEAR(state->dialect);
    Py_CLEAR(state->reader);
    Py_CLEAR(state->writer);
    Py_CLEAR(state->error);
    Py_CLEAR(state->dialects);
    return 0;
}

static void csv_free(void *module) { csv_clear(module); }

static PyModuleDef_Slot csv_slots[] = {{Py_mod_exec, csv_exec}, {0, NULL}};
PyModuleDef csv_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_csv",
    .m_doc = "Reading and writing of comma-separated values; module csv is its front.",
    .m_size = sizeof(struct csv_state),
    .m_methods = csv_methods,
    .m_slots = csv_slots,
    .m_traverse = csv_traverse,
    .m_clear = csv_clear,
    .m_free = csv_free,
};

PyMODINIT_FUNC PyInit__csv(void) { return PyModuleDef_Init(&csv_module); }
