/* SPDX-License-Identifier: MIT
 *
 * Module _symtable: the scopes of a piece of source, for module symtable.
 */
#include "parse/parse.h"
#include "symtable/symtable.h"
#include "state.h"

/* In src/runtime: the text of a str, bytes or buffer argument. */
extern const char *_Py_SourceAsString(PyObject *cmd, const char *funcname, const char *what,
                                      PyCompilerFlags *cf, PyObject **copy);

static Scope *build(const char *source, PyObject *filename, int start, PyCompilerFlags *flags)
{
    Arena *arena = arena_new();
    if (arena == NULL)
        return NULL;
    Scope *top = NULL;
    Future future;
    mod tree = parse_string(source, filename, start, flags, arena);
    if (tree && sym_future(tree, filename, &future) == 0) {
        future.features |= flags->cf_flags;
        SymTable *st = sym_build(tree, filename, &future);
        if (st) {
            top = (Scope *)Py_NewRef((PyObject *)st->top);
            sym_free(st);
        }
    }
    arena_free(arena);
    return top;
}

PyDoc_STRVAR(symtable_doc,
"symtable($module, source, filename, startstr, /)\n--\n\n"
"The top symbol table entry of source; startstr is 'exec', 'eval' or 'single'.");

static int start_symbol(const char *word)
{
    if (strcmp(word, "exec") == 0)
        return Py_file_input;
    if (strcmp(word, "eval") == 0)
        return Py_eval_input;
    if (strcmp(word, "single") == 0)
        return Py_single_input;
    PyErr_SetString(PyExc_ValueError, "symtable() arg 3 must be 'exec' or 'eval' or 'single'");
    return -1;
}

/* (source, filename, "exec" or "eval" or "single"): the scope of the module, as symtable.py wraps
   it. */
static PyObject *symtable_symtable(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *filename = NULL, *copy = NULL;
    Scope *top = NULL;
    if (!_PyArg_CheckPositional("symtable", nargs, 3, 3) ||
        !PyUnicode_FSDecoder(args[1], &filename))
        return NULL;
    if (!PyUnicode_Check(args[2])) {
        _PyArg_BadArgument("symtable", "argument 3", "str", args[2]);
        goto done;
    }
    Py_ssize_t n;
    const char *word = PyUnicode_AsUTF8AndSize(args[2], &n);
    if (word == NULL)
        goto done;
    if (strlen(word) != (size_t)n) {
        PyErr_SetString(PyExc_ValueError, "embedded null character");
        goto done;
    }
    PyCompilerFlags flags = _PyCompilerFlags_INIT;
    flags.cf_flags = PyCF_SOURCE_IS_UTF8;
    const char *source = _Py_SourceAsString(args[0], "symtable", "string or bytes", &flags, &copy);
    int start = source ? start_symbol(word) : -1;
    if (start >= 0)
        top = build(source, filename, start, &flags);
done:
    Py_XDECREF(copy);
    Py_XDECREF(filename);
    return (PyObject *)top;
}

static PyMethodDef symtable_methods[] = {
    {"symtable", (PyCFunction)(void (*)(void))symtable_symtable, METH_FASTCALL, symtable_doc},
    {NULL},
};

static const struct { const char *name; int value; } constants[] = {
    {"USE", USE},
    {"DEF_GLOBAL", DEF_GLOBAL},
    {"DEF_NONLOCAL", DEF_NONLOCAL},
    {"DEF_LOCAL", DEF_LOCAL},
    {"DEF_PARAM", DEF_PARAM},
    {"DEF_FREE", DEF_FREE},
    {"DEF_FREE_CLASS", DEF_FREE_CLASS},
    {"DEF_IMPORT", DEF_IMPORT},
    {"DEF_BOUND", DEF_BOUND},
    {"DEF_ANNOT", DEF_ANNOT},
    {"TYPE_FUNCTION", FUNCTION_BLOCK},
    {"TYPE_CLASS", CLASS_BLOCK},
    {"TYPE_MODULE", MODULE_BLOCK},
    {"LOCAL", SCOPE_LOCAL},
    {"GLOBAL_EXPLICIT", SCOPE_GLOBAL_EXPLICIT},
    {"GLOBAL_IMPLICIT", SCOPE_GLOBAL_IMPLICIT},
    {"FREE", SCOPE_FREE},
    {"CELL", SCOPE_CELL},
    {"SCOPE_OFF", SCOPE_OFFSET},
    {"SCOPE_MASK", SCOPE_MASK},
};

static int symtable_exec(PyObject *module)
{
    for (size_t i = 0; i < COUNT_OF(constants); i++)
        if (PyModule_AddIntConstant(module, constants[i].name, constants[i].value) < 0)
            return -1;
    return 0;
}

static PyModuleDef_Slot symtable_slots[] = {{Py_mod_exec, symtable_exec}, {0, NULL}};

static struct PyModuleDef symtable_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_symtable",
    .m_methods = symtable_methods,
    .m_slots = symtable_slots,
};

PyMODINIT_FUNC PyInit__symtable(void)
{
    return PyModuleDef_Init(&symtable_module);
}
