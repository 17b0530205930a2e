/* SPDX-License-Identifier: MIT
 *
 * Module _elementtree: the fast half of xml.etree.ElementTree.
 *
 * It is made once for an interpreter, since its types are static; their functions find its state
 * through the interpreter.
 */
#include "elementtree.h"

struct PyExpat_CAPI *elementtree_expat; /* in a capsule of pyexpat, which stays loaded */

static PyObject *set_factories(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    State *state = PyModule_GetState(module);
    if (!_PyArg_CheckPositional("_set_factories", nargs, 2, 2))
        return NULL;
    for (int i = 0; i < 2; i++)
        if (args[i] != Py_None && !PyCallable_Check(args[i]))
            return PyErr_Format(PyExc_TypeError, "%s factory must be callable, not %.100s",
                                i ? "PI" : "Comment", Py_TYPE(args[i])->tp_name);
    PyObject *old = PyTuple_Pack(2, state->comment_factory ? state->comment_factory : Py_None,
                                 state->pi_factory ? state->pi_factory : Py_None);
    if (!old)
        return NULL;
    Py_XSETREF(state->comment_factory, args[0] == Py_None ? NULL : Py_NewRef(args[0]));
    Py_XSETREF(state->pi_factory, args[1] == Py_None ? NULL : Py_NewRef(args[1]));
    return old;
}

static PyMethodDef methods[] = {
    {"SubElement", (PyCFunction)(void (*)(void))element_SubElement, METH_VARARGS | METH_KEYWORDS,
     NULL},
    {"_set_factories", FAST(set_factories),
     "_set_factories($module, comment_factory, pi_factory, /)\n--\n\n"
     "Says what makes comments and processing instructions; answers with what did before."},
    {NULL, NULL, 0, NULL},
};

static int traverse_module(PyObject *module, visitproc visit, void *arg)
{
    State *state = PyModule_GetState(module);
    Py_VISIT(state->parse_error);
    Py_VISIT(state->deepcopy);
    Py_VISIT(state->element_path);
    Py_VISIT(state->comment_factory);
    Py_VISIT(state->pi_factory);
    return 0;
}

static int clear_module(PyObject *module)
{
    State *state = PyModule_GetState(module);
    Py_CLEAR(state->parse_error);
    Py_CLEAR(state->deepcopy);
    Py_CLEAR(state->element_path);
    Py_CLEAR(state->comment_factory);
    Py_CLEAR(state->pi_factory);
    return 0;
}

static void free_module(void *module) { clear_module(module); }

PyModuleDef elementtree_module = {
    PyModuleDef_HEAD_INIT, .m_name = "_elementtree",      .m_size = sizeof(State),
    .m_methods = methods,  .m_traverse = traverse_module, .m_clear = clear_module,
    .m_free = free_module,
};

/* Finds what the module uses of others. */
static int import_others(State *state)
{
    PyObject *copy = PyImport_ImportModule("copy");
    if (!copy)
        return -1;
    state->deepcopy = PyObject_GetAttr(copy, ID2(deepcopy));
    Py_DECREF(copy);
    if (!state->deepcopy || !(state->element_path = PyImport_ImportModule("xml.etree.ElementPath")))
        return -1;
    elementtree_expat = PyCapsule_Import(PyExpat_CAPSULE_NAME, 0);
    if (!elementtree_expat)
        return -1;
    if (strcmp(elementtree_expat->magic, PyExpat_CAPI_MAGIC) != 0 ||
        (size_t)elementtree_expat->size < sizeof *elementtree_expat ||
        elementtree_expat->MAJOR_VERSION != XML_MAJOR_VERSION ||
        elementtree_expat->MINOR_VERSION != XML_MINOR_VERSION ||
        elementtree_expat->MICRO_VERSION != XML_MICRO_VERSION) {
        PyErr_SetString(PyExc_ImportError, "pyexpat version is incompatible");
        return -1;
    }
    return 0;
}

static int fill_module(PyObject *module)
{
    static PyTypeObject *const types[] = {&element_type, &treebuilder_type, &xmlparser_type};
    State *state = PyModule_GetState(module);
    if (PyType_Ready(&element_iter_type) < 0 || import_others(state) < 0)
        return -1;
    state->parse_error =
        PyErr_NewException("xml.etree.ElementTree.ParseError", PyExc_SyntaxError, NULL);
    if (!state->parse_error || PyModule_AddObjectRef(module, "ParseError", state->parse_error) < 0)
        return -1;
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (PyModule_AddType(module, types[i]) < 0)
            return -1;
    return 0;
}

PyMODINIT_FUNC PyInit__elementtree(void)
{
    PyObject *module = PyState_FindModule(&elementtree_module);
    if (module)
        return Py_NewRef(module);
    module = PyModule_Create(&elementtree_module);
    if (module && fill_module(module) < 0)
        Py_CLEAR(module);
    return module;
}
