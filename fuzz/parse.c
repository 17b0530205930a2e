/* SPDX-License-Identifier: MIT
 *
 * Source to tree to objects of module ast, and those back through validation to code. The first
 * byte chooses the start symbol, type comments and the feature version.
 */
#include "fuzz.h"

static PyObject *parse(const char *text, size_t mode)
{
    static const int starts[] = {Py_file_input, Py_eval_input, Py_single_input, Py_func_type_input};
    PyCompilerFlags flags = {.cf_flags = PyCF_ONLY_AST | PyCF_IGNORE_COOKIE
                                         | (mode & 4 ? PyCF_TYPE_COMMENTS : 0),
                             .cf_feature_version = mode & 8 ? 5 : PY_MINOR_VERSION};
    return Py_CompileStringExFlags(text, "<fuzz>", starts[mode & 3], &flags, 0);
}

static PyObject *compile_tree(PyObject *tree, size_t mode)
{
    static const char *const words[] = { "exec", "eval", "single" };
    return PyObject_CallFunction(PyDict_GetItemString(PyEval_GetBuiltins(), "compile"), "Oss", tree,
                                 "<fuzz>", words[mode & 3]);
}

void fuzz_one(const char *data, size_t size)
{
    if (size == 0)
        return;
    size_t mode = (unsigned char)data[0];
    PyObject *tree = parse(data + 1, mode);
    if (tree && (mode & 3) != 3)
        fuzz_settle(compile_tree(tree, mode));
    fuzz_settle(tree);
}
