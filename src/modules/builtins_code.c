/* SPDX-License-Identifier: MIT
 *
 * Built-in functions that make and run code: compile, eval, exec, __build_class__, __import__.
 */
#include "ast/ast.h"
#include "compile/compile.h"
#include "modules/builtins.h"
#include "objects/contain.h"
#include "parse/parse.h"
#include "vm/vm.h"

extern EXPORT const char *_Py_SourceAsString(PyObject *cmd, const char *funcname, const char *what,
                                             PyCompilerFlags *cf, PyObject **cmd_copy);

/* -- compile --------------------------------------------------------------------------------- */

enum { MODE_EXEC, MODE_EVAL, MODE_SINGLE, MODE_FUNC_TYPE };
static const int start_symbols[] = {Py_file_input, Py_eval_input, Py_single_input,
                                    Py_func_type_input};

static int mode_number(const char *mode, int flags)
{
    static const char *const names[] = { "exec", "eval", "single", "func_type" };
    for (int i = 0; i < 4; i++)
        if (!strcmp(mode, names[i])) {
            if (i == MODE_FUNC_TYPE && !(flags & PyCF_ONLY_AST)) {
                PyErr_SetString(PyExc_ValueError,
                                "compile() mode 'func_type' requires flag PyCF_ONLY_AST");
                return -1;
            }
            return i;
        }
    PyErr_SetString(PyExc_ValueError,
                    flags & PyCF_ONLY_AST
                        ? "compile() mode must be 'exec', 'eval', 'single' or 'func_type'"
                        : "compile() mode must be 'exec', 'eval' or 'single'");
    return -1;
}

static PyObject *compile_ast(PyObject *source, PyObject *filename, int mode, PyCompilerFlags *cf,
                             int optimize)
{
    if (cf->cf_flags & PyCF_ONLY_AST)
        return Py_NewRef(source);
    Arena *arena = arena_new();
    if (!arena)
        return NULL;
    PyObject *code = NULL;
    mod tree = ast_from_object(source, arena, mode);
    if (tree && ast_validate(tree) == 0)
        code = (PyObject *)compile_tree(tree, filename, cf, optimize, arena);
    arena_free(arena);
    return code;
}

static PyObject *compile_source(PyObject *source, PyObject *filename, int mode, PyCompilerFlags *cf,
                                int optimize)
{
    PyObject *copy;
    const char *text = _Py_SourceAsString(source, "compile", "string, bytes or AST", cf, &copy);
    PyObject *res =
        text ? Py_CompileStringObject(text, filename, start_symbols[mode], cf, optimize) : NULL;
    Py_XDECREF(copy);
    return res;
}

/* Flags of the caller's __future__ statements are merged in unless dont_inherit. */
static PyObject *builtin_compile(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                                 PyObject *kwnames)
{
    ARGS("OO&s|ipi$i:compile", "source", "filename", "mode", "flags", "dont_inherit", "optimize",
         "_feature_version");
    PyObject *source, *filename, *res = NULL;
    const char *mode_name;
    int flags = 0, dont_inherit = 0, optimize = -1, feature_version = -1;
    PyCompilerFlags cf = _PyCompilerFlags_INIT;
    if (!PARSE(&source, PyUnicode_FSDecoder, &filename, &mode_name, &flags, &dont_inherit,
               &optimize, &feature_version))
        return NULL;
    cf.cf_flags = flags | PyCF_SOURCE_IS_UTF8;
    if (feature_version >= 0 && (flags & PyCF_ONLY_AST))
        cf.cf_feature_version = feature_version;
    if (flags & ~(PyCF_MASK | PyCF_MASK_OBSOLETE | PyCF_COMPILE_MASK)) {
        PyErr_SetString(PyExc_ValueError, "compile(): unrecognised flags");
        goto done;
    }
    if (optimize < -1 || optimize > 2) {
        PyErr_SetString(PyExc_ValueError, "compile(): invalid optimize value");
        goto done;
    }
    if (!dont_inherit)
        PyEval_MergeCompilerFlags(&cf);
    int mode = mode_number(mode_name, flags);
    if (mode < 0)
        goto done;
    int is_ast = ast_is_instance(source);
    if (is_ast < 0)
        goto done;
    res = is_ast ? compile_ast(source, filename, mode, &cf, optimize)
                 : compile_source(source, filename, mode, &cf, optimize);
done:
    Py_DECREF(filename);
    return res;
}

/* -- eval, exec ------------------------------------------------------------------------------ */

/* Fills in the namespaces that the caller left out, from the running frame; 0, or -1. BORROWED
 * results. */
static int default_namespaces(PyObject **globals, PyObject **locals, const char *name)
{
    if (*globals == Py_None) {
        *globals = PyEval_GetGlobals();
        if (*locals == Py_None) {
            *locals = PyEval_GetLocals();
            if (!*locals && PyErr_Occurred())
                return -1;
        }
        if (!*globals || !*locals) {
            if (!PyErr_Occurred())
                PyErr_Format(
                    !strcmp(name, "eval") ? PyExc_TypeError : PyExc_SystemError,
                    !strcmp(name, "eval")
                        ? "eval must be given globals and locals when called without a frame"
                        : "globals and locals cannot be NULL");
            return -1;
        }
    } else if (*locals == Py_None) {
        *locals = *globals;
    }
    return 0;
}

static int ensure_builtins(PyObject *globals)
{
    int has = PyDict_Contains(globals, ID(__builtins__));
    return has ? (has < 0 ? -1 : 0)
               : PyDict_SetItem(globals, ID(__builtins__), PyEval_GetBuiltins());
}

static PyObject *builtin_eval(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("eval", nargs, 1, 3))
        return NULL;
    PyObject *source = args[0], *globals = nargs > 1 ? args[1] : Py_None,
             *locals = nargs > 2 ? args[2] : Py_None, *copy;
    PyCompilerFlags cf = _PyCompilerFlags_INIT;
    if (locals != Py_None && !PyMapping_Check(locals))
        return PyErr_Format(PyExc_TypeError, "locals must be a mapping");
    if (globals != Py_None && !PyDict_Check(globals))
        return PyErr_Format(PyExc_TypeError,
                            PyMapping_Check(globals)
                                ? "globals must be a real dict; try eval(code, {}, mapping)"
                                : "globals must be a dict");
    if (default_namespaces(&globals, &locals, "eval") < 0 || ensure_builtins(globals) < 0)
        return NULL;
    if (PyCode_Check(source)) {
        if (PySys_Audit("exec", "O", source) < 0)
            return NULL;
        if (PyCode_GetNumFree((PyCodeObject *)source) > 0)
            return PyErr_Format(PyExc_TypeError,
                                "code object passed to eval() may not contain free variables");
        return PyEval_EvalCode(source, globals, locals);
    }
    cf.cf_flags = PyCF_SOURCE_IS_UTF8;
    const char *text = _Py_SourceAsString(source, "eval", "string, bytes or code", &cf, &copy);
    if (!text)
        return NULL;
    while (*text == ' ' || *text == '\t')
        text++;
    PyEval_MergeCompilerFlags(&cf);
    PyObject *res = PyRun_StringFlags(text, Py_eval_input, globals, locals, &cf);
    Py_XDECREF(copy);
    return res;
}

/* exec's closure argument must fit the code's free variables; *closure becomes NULL for none. */
static int check_closure(PyObject *source, PyObject **closure)
{
    Py_ssize_t nfree = PyCode_GetNumFree((PyCodeObject *)source);
    if (*closure == Py_None)
        *closure = NULL;
    if (nfree == 0) {
        if (*closure) {
            PyErr_SetString(PyExc_TypeError, "cannot use a closure with this code object");
            return -1;
        }
        return 0;
    }
    bool ok = *closure && PyTuple_CheckExact(*closure) && PyTuple_GET_SIZE(*closure) == nfree;
    for (Py_ssize_t i = 0; ok && i < nfree; i++)
        ok = PyCell_Check(PyTuple_GET_ITEM(*closure, i));
    if (!ok)
        PyErr_Format(PyExc_TypeError, "code object requires a closure of exactly length %zd",
                     nfree);
    return ok ? 0 : -1;
}

/* A closure goes with a code object only, one cell for each of its free variables. */
static PyObject *builtin_exec(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                              PyObject *kwnames)
{
    ARGS("O|OO$O:exec", "", "", "", "closure");
    PyObject *source, *globals = Py_None, *locals = Py_None, *closure = Py_None, *res, *copy;
    if (!PARSE(&source, &globals, &locals, &closure) ||
        default_namespaces(&globals, &locals, "exec") < 0)
        return NULL;
    if (!PyDict_Check(globals))
        return PyErr_Format(PyExc_TypeError, "exec() globals must be a dict, not %.100s",
                            Py_TYPE(globals)->tp_name);
    if (!PyMapping_Check(locals))
        return PyErr_Format(PyExc_TypeError, "locals must be a mapping or None, not %.100s",
                            Py_TYPE(locals)->tp_name);
    if (ensure_builtins(globals) < 0)
        return NULL;
    if (PyCode_Check(source)) {
        if (check_closure(source, &closure) < 0 || PySys_Audit("exec", "O", source) < 0)
            return NULL;
        res = closure ? PyEval_EvalCodeEx(source, globals, locals, NULL, 0, NULL, 0, NULL, 0, NULL,
                                          closure)
                      : PyEval_EvalCode(source, globals, locals);
    } else {
        PyCompilerFlags cf = _PyCompilerFlags_INIT;
        if (closure != Py_None)
            return PyErr_Format(PyExc_TypeError,
                                "closure can only be used when source is a code object");
        cf.cf_flags = PyCF_SOURCE_IS_UTF8;
        const char *text = _Py_SourceAsString(source, "exec", "string, bytes or code", &cf, &copy);
        if (!text)
            return NULL;
        res = PyEval_MergeCompilerFlags(&cf)
                  ? PyRun_StringFlags(text, Py_file_input, globals, locals, &cf)
                  : PyRun_String(text, Py_file_input, globals, locals);
        Py_XDECREF(copy);
    }
    if (!res)
        return NULL;
    Py_DECREF(res);
    Py_RETURN_NONE;
}

/* -- Classes --------------------------------------------------------------------------------- */

/* bases with every non-type that has __mro_entries__ replaced by what that returns (PEP 560):
 * owned. */
static PyObject *resolve_bases(PyObject *bases, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *list = NULL;
    for (Py_ssize_t i = 0; i < nargs; i++) {
        PyObject *base = args[i], *method, *more;
        if (PyType_Check(base)) {
            if (list && PyList_Append(list, base) < 0)
                goto fail;
            continue;
        }
        if (_PyObject_LookupAttr(base, ID(__mro_entries__), &method) < 0)
            goto fail;
        if (!method) {
            if (list && PyList_Append(list, base) < 0)
                goto fail;
            continue;
        }
        more = PyObject_CallOneArg(method, bases);
        Py_DECREF(method);
        if (!more)
            goto fail;
        if (!PyTuple_Check(more)) {
            PyErr_SetString(PyExc_TypeError, "__mro_entries__ must return a tuple");
            Py_DECREF(more);
            goto fail;
        }
        if (!list) {
            list = PyList_New(i);
            for (Py_ssize_t j = 0; list && j < i; j++)
                PyList_SET_ITEM(list, j, Py_NewRef(args[j]));
        }
        int rc =
            list ? PyList_SetSlice(list, PyList_GET_SIZE(list), PyList_GET_SIZE(list), more) : -1;
        Py_DECREF(more);
        if (rc < 0)
            goto fail;
    }
    if (!list)
        return Py_NewRef(bases);
    PyObject *res = PyList_AsTuple(list);
    Py_DECREF(list);
    return res;
fail:
    Py_XDECREF(list);
    return NULL;
}

/* The metaclass named by a keyword (removed from mkw) or by the bases: owned; *is_class says that
 * it is a type. */
static PyObject *find_metaclass(PyObject *bases, PyObject *mkw, bool *is_class)
{
    PyObject *meta = mkw ? PyDict_GetItemWithError(mkw, ID(metaclass)) : NULL;
    if (meta) {
        Py_INCREF(meta);
        if (PyDict_DelItem(mkw, ID(metaclass)) < 0) {
            Py_DECREF(meta);
            return NULL;
        }
        *is_class = PyType_Check(meta);
    } else {
        if (PyErr_Occurred())
            return NULL;
        meta = PyTuple_GET_SIZE(bases) ? (PyObject *)Py_TYPE(PyTuple_GET_ITEM(bases, 0))
                                       : (PyObject *)&PyType_Type;
        Py_INCREF(meta);
        *is_class = true;
    }
    if (*is_class) {
        extern EXPORT PyTypeObject *_PyType_CalculateMetaclass(PyTypeObject *, PyObject *);
        PyTypeObject *winner = _PyType_CalculateMetaclass((PyTypeObject *)meta, bases);
        if (!winner) {
            Py_DECREF(meta);
            return NULL;
        }
        Py_SETREF(meta, Py_NewRef((PyObject *)winner));
    }
    return meta;
}

static PyObject *prepare_namespace(PyObject *meta, bool is_class, PyObject *name, PyObject *bases,
                                   PyObject *mkw)
{
    PyObject *prepare, *ns;
    if (_PyObject_LookupAttr(meta, ID(__prepare__), &prepare) < 0)
        return NULL;
    if (!prepare)
        return PyDict_New();
    PyObject *pargs[] = { name, bases };
    ns = PyObject_VectorcallDict(prepare, pargs, 2, mkw);
    Py_DECREF(prepare);
    if (ns && !PyMapping_Check(ns)) {
        PyErr_Format(PyExc_TypeError, "%.200s.__prepare__() must return a mapping, not %.200s",
                     is_class ? ((PyTypeObject *)meta)->tp_name : "<metaclass>",
                     Py_TYPE(ns)->tp_name);
        Py_CLEAR(ns);
    }
    return ns;
}

/* The body returned the cell for __class__: type.__new__ must have filled it with this class. */
static int check_class_cell(PyObject *cell, PyObject *cls, PyObject *name)
{
    if (!cell || !PyType_Check(cls) || !PyCell_Check(cell))
        return 0;
    PyObject *filled = PyCell_GET(cell);
    if (filled == cls)
        return 0;
    if (!filled)
        PyErr_Format(PyExc_RuntimeError,
                     "__class__ not set defining %.200R as %.200R. Was __classcell__ propagated to "
                     "type.__new__?",
                     name, cls);
    else
        PyErr_Format(PyExc_TypeError, "__class__ set to %.200R defining %.200R as %.200R", filled,
                     name, cls);
    return -1;
}

/* __build_class__(function, name, *bases, metaclass, **keywords): PEP 3115. The function fills the
   namespace and gives back the cell of __class__, which type.__new__ must have set. */
static PyObject *builtin___build_class__(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                                         PyObject *kwnames)
{
    PyObject *func, *name, *orig_bases = NULL, *bases = NULL, *mkw = NULL, *meta = NULL, *ns = NULL,
                           *cell = NULL, *cls = NULL;
    bool is_class = false;
    if (nargs < 2)
        return PyErr_Format(PyExc_TypeError, "__build_class__: not enough arguments");
    func = args[0];
    name = args[1];
    if (!PyFunction_Check(func))
        return PyErr_Format(PyExc_TypeError, "__build_class__: func must be a function");
    if (!PyUnicode_Check(name))
        return PyErr_Format(PyExc_TypeError, "__build_class__: name is not a string");
    if (!(orig_bases = _PyTuple_FromArray(args + 2, nargs - 2)) ||
        !(bases = resolve_bases(orig_bases, args + 2, nargs - 2)))
        goto done;
    if (kwnames) {
        if (!(mkw = PyDict_New()))
            goto done;
        for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(kwnames); i++)
            if (PyDict_SetItem(mkw, PyTuple_GET_ITEM(kwnames, i), args[nargs + i]) < 0)
                goto done;
    }
    if (!(meta = find_metaclass(bases, mkw, &is_class)) ||
        !(ns = prepare_namespace(meta, is_class, name, bases, mkw)))
        goto done;
    PyThreadState *tstate = tstate_get();
    cell = vm_call_function(tstate, (PyFunctionObject *)func, ns, NULL, 0, NULL);
    if (!cell ||
        (bases != orig_bases && PyMapping_SetItemString(ns, "__orig_bases__", orig_bases) < 0))
        goto done;
    PyObject *margs[] = { name, bases, ns };
    cls = PyObject_VectorcallDict(meta, margs, 3, mkw);
    if (cls && check_class_cell(cell, cls, name) < 0)
        Py_CLEAR(cls);
done:
    Py_XDECREF(cell);
    Py_XDECREF(ns);
    Py_XDECREF(meta);
    Py_XDECREF(mkw);
    Py_XDECREF(orig_bases);
    Py_XDECREF(bases);
    return cls;
}

/* -- Import ---------------------------------------------------------------------------------- */

static PyObject *builtin___import__(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                                    PyObject *kwnames)
{
    ARGS("O|OOOi:__import__", "name", "globals", "locals", "fromlist", "level");
    PyObject *name, *globals = NULL, *locals = NULL, *fromlist = NULL;
    int level = 0;
    return PARSE(&name, &globals, &locals, &fromlist, &level)
               ? PyImport_ImportModuleLevelObject(name, globals, locals, fromlist, level)
               : NULL;
}

PyMethodDef builtins_code_methods[] = {
    {"__build_class__", (PyCFunction)(void (*)(void))builtin___build_class__,
     METH_FASTCALL | METH_KEYWORDS,
     "__build_class__(func, name, /, *bases, [metaclass], **kwds) -> class\n\nWhat a class "
     "statement calls to make the class."},
    FASTKW(__import__,
           "($module, /, name, globals=None, locals=None, fromlist=(),\n           level=0)",
           "Import a module, as the import statement does. importlib.import_module() is for "
           "programs."),
    FASTKW(
        compile,
        "($module, /, source, filename, mode, flags=0,\n        dont_inherit=False, optimize=-1, "
        "*, _feature_version=-1)",
        "Compile source (str, bytes or AST) into a code object.\n\nmode: 'exec' for a module, "
        "'single' for one interactive statement, 'eval' for an expression.\nflags and dont_inherit "
        "control future statements and what is returned; optimize is the -O level."),
    FAST(eval, "($module, source, globals=None, locals=None, /)",
         "Evaluate an expression or a code object in the given namespaces."),
    FASTKW(exec, "($module, source, globals=None, locals=None, /, *, closure=None)",
           "Execute statements or a code object in the given namespaces."),
    {NULL},
};
