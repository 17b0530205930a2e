/* SPDX-License-Identifier: MIT
 *
 * -X dump for programs that module runpy starts: -m MODULE, a folder, a zip file.
 *
 * runpy finds the code object and hands it to its function _run_code. A stand-in takes that place
 * for one call: it prints the stages, runs what runpy would have run, and prints the operations
 * afterwards. The source is asked of the module's loader and compiled again, so that also a
 * program that came from a .pyc file shows all stages; the code object that results is the one
 * that runs, because the operations of the last stage are specialised in it.
 */
#include "xray/dump.h"
#include "parse/parse.h"
#include "state.h"

/* spec.loader.get_source(spec.name), a str, or NULL without an exception. */
static PyObject *source_of(PyObject *spec)
{
    PyObject *loader = PyObject_GetAttrString(spec, "loader");
    PyObject *name = PyObject_GetAttrString(spec, "name");
    PyObject *source = loader && name ? PyObject_CallMethod(loader, "get_source", "O", name) : NULL;
    if (source && !PyUnicode_Check(source))
        Py_CLEAR(source);
    PyErr_Clear(); /* a loader without sources */
    Py_XDECREF(loader);
    Py_XDECREF(name);
    return source;
}

/* The code of `source` with its stages printed up to bytecode; NULL with an exception. */
static PyCodeObject *compile_again(unsigned stages, PyObject *source, PyObject *filename)
{
    PyCompilerFlags flags = _PyCompilerFlags_INIT;
    flags.cf_flags |= PyCF_IGNORE_COOKIE;
    const char *text = PyUnicode_AsUTF8(source);
    Arena *arena = text ? arena_new() : NULL;
    PyCodeObject *code = NULL;
    if (!arena)
        return NULL;
    dump_tokens_string(stages, text, filename, &flags);
    mod tree = parse_string(text, filename, Py_file_input, &flags, arena);
    if (tree)
        code = dump_compile(stages, tree, filename, &flags, arena);
    arena_free(arena);
    return code;
}

/* What runs: `code` (BORROWED) or its equal compiled again. */
static PyCodeObject *show_stages(unsigned stages, PyCodeObject *code, PyObject *spec)
{
    PyObject *source = source_of(spec);
    PyCodeObject *again = source ? compile_again(stages, source, code->co_filename) : NULL;
    Py_XDECREF(source);
    if (again || PyErr_Occurred())
        return again;
    dump_code(stages, code);
    return (PyCodeObject *)Py_NewRef(code);
}

/* _run_code(code, globals, init_globals, mod_name, mod_spec): self is (runpy, its own function). */
static PyObject *run_code(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *runpy = PyTuple_GET_ITEM(self, 0), *original = PyTuple_GET_ITEM(self, 1);
    PyObject *result = NULL;
    unsigned stages = dump_wanted();
    if (PyObject_SetAttrString(runpy, "_run_code", original) < 0)
        return NULL;
    if (nargs != 5 || !PyCode_Check(args[0]))
        return PyObject_Vectorcall(original, args, (size_t)nargs, NULL);
    PyCodeObject *code = show_stages(stages, (PyCodeObject *)args[0], args[4]);
    if (!code)
        return NULL;
    PyObject *changed[] = {(PyObject *)code, args[1], args[2], args[3], args[4]};
    result = PyObject_Vectorcall(original, changed, COUNT_OF(changed), NULL);
    dump_ops(stages, code);
    Py_DECREF(code);
    return result;
}

int dump_module_main(PyObject *runpy)
{
    static PyMethodDef def = {"_run_code", (PyCFunction)(void (*)(void))run_code, METH_FASTCALL,
                              NULL};
    if (!dump_wanted())
        return 0;
    PyObject *original = PyObject_GetAttrString(runpy, "_run_code");
    PyObject *self = original ? PyTuple_Pack(2, runpy, original) : NULL;
    PyObject *stand_in = self ? PyCFunction_New(&def, self) : NULL;
    int res = stand_in ? PyObject_SetAttrString(runpy, "_run_code", stand_in) : -1;
    Py_XDECREF(original);
    Py_XDECREF(self);
    Py_XDECREF(stand_in);
    return res;
}
