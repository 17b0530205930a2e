/* SPDX-License-Identifier: MIT
 *
 * Module _ast: the classes of src/ast/classes.c under their names, and the PyCF_* flags of
 * compile().
 */
#include "ast/classes.h"

static int mod_add_class(PyObject *module, const AstClass *c)
{
    return PyModule_AddObjectRef(module, _PyType_Name(c->type), (PyObject *)c->type);
}

static int mod_exec(PyObject *module)
{
    AstClasses *all = ast_classes();
    if (!all || PyModule_AddObjectRef(module, "AST", (PyObject *)all->AST) < 0
        || PyModule_AddIntMacro(module, PyCF_ALLOW_TOP_LEVEL_AWAIT) < 0
        || PyModule_AddIntMacro(module, PyCF_ONLY_AST) < 0
        || PyModule_AddIntMacro(module, PyCF_TYPE_COMMENTS) < 0)
        return -1;
    for (int i = 0; i < all->n; i++)
        if (mod_add_class(module, &all->classes[i]) < 0)
            return -1;
    return 0;
}

static PyModuleDef_Slot mod_slots[] = {
    {Py_mod_exec, mod_exec},
    {0, NULL},
};

static struct PyModuleDef mod_def = {
    PyModuleDef_HEAD_INIT, .m_name = "_ast", .m_size = 0, .m_slots = mod_slots,
};

PyMODINIT_FUNC PyInit__ast(void)
{
    return PyModuleDef_Init(&mod_def);
}
