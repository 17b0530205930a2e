/* SPDX-License-Identifier: MIT
 *
 * PyRun_*, Py_Compile*: source text or a file to a tree, to code, to its effect. The interactive
 * loop.
 *
 *     PyRun_AnyFile ─ terminal ─> interactive loop ─> one statement at a time
 *                   └ file ─────> PyRun_SimpleFile ─ .pyc ─> run_pyc
 *                                                  └ source ─> run_file ─> run_tree ─> run_code
 *     PyRun_SimpleString, PyRun_String ─────────────────────────┘
 *
 * Trees live in an arena that goes when the code object is made. "Simple" functions run in
 * __main__, print what is raised and answer 0 or -1; the others leave the exception to the caller.
 * Stages asked for by -X dump are printed for main programs only.
 */
#include "runtime/rt.h"
#include "compile/compile.h"
#include "parse/parse.h"
#include "xray/dump.h"
#include <errcode.h>
#include <marshal.h>

int _Py_UnhandledKeyboardInterrupt = 0;

/* -- Running --------------------------------------------------------------------------------- */

/* So that output and error messages come in order. Keeps an exception. */
static void flush_io(void)
{
    PyObject *type, *value, *tb;
    static const char *const names[] = {"stderr", "stdout"};
    PyErr_Fetch(&type, &value, &tb);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        PyObject *f = sys_get(names[i]);
        if (!f || f == Py_None)
            continue;
        PyObject *res = PyObject_CallMethodNoArgs(f, ID(flush));
        if (!res)
            PyErr_Clear();
        Py_XDECREF(res);
    }
    PyErr_Restore(type, value, tb);
}

/* Adds __builtins__ to globals that lack it. */
static PyObject *run_code(PyObject *co, PyObject *globals, PyObject *locals)
{
    /* Other threads run code too, some of it (namedtuple) while the main program already ends. */
    bool program = PyThread_get_thread_ident() == _PyRuntime.main_thread;
    if (program)
        _Py_UnhandledKeyboardInterrupt = 0;
    if (globals && !PyDict_GetItemWithError(globals, ID(__builtins__))) {
        if (PyErr_Occurred()
            || PyDict_SetItem(globals, ID(__builtins__), interp_get()->builtins) < 0)
            return NULL;
    }
    PyObject *v = PyEval_EvalCode(co, globals, locals);
    if (!v && program && PyErr_Occurred() == PyExc_KeyboardInterrupt) /* not a subclass */
        _Py_UnhandledKeyboardInterrupt = 1;
    return v;
}

/* dump: stages to print (dump_wanted), 0 for what is not a main program. */
static PyObject *run_tree(mod tree, PyObject *filename, PyObject *globals, PyObject *locals,
                          PyCompilerFlags *flags, Arena *arena, unsigned dump)
{
    PyObject *co = (PyObject *)dump_compile(dump, tree, filename, flags, arena), *v = NULL;
    if (!co)
        return NULL;
    if (PySys_Audit("exec", "O", co) == 0)
        v = run_code(co, globals, locals);
    dump_ops(dump, (PyCodeObject *)co);
    Py_DECREF(co);
    return v;
}

/* BORROWED globals and locals, as below. */
static PyObject *run_string(const char *str, int start, PyObject *globals, PyObject *locals,
                            PyCompilerFlags *flags, unsigned dump)
{
    Arena *arena = arena_new();
    PyObject *v = NULL;
    if (!arena)
        return NULL;
    dump_tokens_string(dump, str, LITERAL(anon_string), flags);
    mod tree = parse_string(str, LITERAL(anon_string), start, flags, arena);
    if (tree)
        v = run_tree(tree, LITERAL(anon_string), globals, locals, flags, arena, dump);
    arena_free(arena);
    return v;
}

PyObject *PyRun_StringFlags(const char *str, int start, PyObject *globals, PyObject *locals,
                            PyCompilerFlags *flags)
{
    return run_string(str, start, globals, locals, flags, 0);
}

/* The file is read whole before anything runs. */
static PyObject *run_file(FILE *fp, PyObject *filename, int start, PyObject *globals,
                          PyObject *locals, int closeit, PyCompilerFlags *flags, unsigned dump)
{
    Arena *arena = arena_new();
    PyObject *v = NULL;
    dump_tokens_file(dump, fp, filename);
    mod tree = arena ? parse_file(fp, filename, NULL, start, NULL, NULL, flags, NULL, NULL, arena)
                     : NULL;
    if (closeit)
        fclose(fp);
    if (tree)
        v = run_tree(tree, filename, globals, locals, flags, arena, dump);
    if (arena)
        arena_free(arena);
    return v;
}

PyObject *PyRun_FileExFlags(FILE *fp, const char *filename, int start, PyObject *globals,
                            PyObject *locals, int closeit, PyCompilerFlags *flags)
{
    PyObject *name = PyUnicode_DecodeFSDefault(filename);
    PyObject *v = name ? run_file(fp, name, start, globals, locals, closeit, flags, 0) : NULL;
    Py_XDECREF(name);
    return v;
}

/* -- __main__ -------------------------------------------------------------------------------- */

/* 0 or -1, the exception printed. */
int PyRun_SimpleStringFlags(const char *command, PyCompilerFlags *flags)
{
    PyObject *m = PyImport_AddModule("__main__"), *d = m ? PyModule_GetDict(m) : NULL;
    if (!d)
        return -1;
    PyObject *v = run_string(command, Py_file_input, d, d, flags, dump_wanted());
    if (!v) {
        PyErr_Print();
        return -1;
    }
    Py_DECREF(v);
    return 0;
}

/* __loader__ of __main__, for tools that ask where the source is. */
static int set_main_loader(PyObject *d, PyObject *filename, const char *loader_name)
{
    PyObject *external = PyObject_GetAttrString(interp_get()->importlib, "_bootstrap_external");
    PyObject *type = external ? PyObject_GetAttrString(external, loader_name) : NULL;
    PyObject *loader = type ? PyObject_CallFunction(type, "sO", "__main__", filename) : NULL;
    int res = loader ? PyDict_SetItemString(d, "__loader__", loader) : -1;
    Py_XDECREF(external);
    Py_XDECREF(type);
    Py_XDECREF(loader);
    return res;
}

/* Is it a compiled file, by its name or its first bytes? */
static bool is_pyc(FILE *fp, PyObject *filename, int closeit)
{
    Py_ssize_t n = PyUnicode_GET_LENGTH(filename);
    if (n >= 4) {
        PyObject *ext = PyUnicode_Substring(filename, n - 4, n);
        bool pyc = ext && _PyUnicode_EqualToASCIIString(ext, ".pyc");
        Py_XDECREF(ext);
        if (pyc)
            return true;
    }
    if (!closeit || ftell(fp) != 0)
        return false; /* only rewindable files are looked into, and not after -x */
    unsigned char buf[2];
    long half = PyImport_GetMagicNumber() & 0xFFFF;
    bool pyc = fread(buf, 1, 2, fp) == 2
               && (((unsigned)buf[1] << 8) | buf[0]) == (unsigned long)half;
    rewind(fp);
    return pyc;
}

/* Magic number, the header's other words, then a marshalled code object. */
static PyObject *run_pyc(FILE *fp, PyObject *globals, PyObject *locals, PyCompilerFlags *flags)
{
    PyObject *co = NULL, *v = NULL;
    long magic = PyMarshal_ReadLongFromFile(fp);
    if (magic != PyImport_GetMagicNumber()) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_RuntimeError, "Bad magic number in .pyc file");
        goto done;
    }
    for (int i = 0; i < 3; i++)
        PyMarshal_ReadLongFromFile(fp); /* flags, time or hash, size */
    if (PyErr_Occurred())
        goto done;
    co = PyMarshal_ReadLastObjectFromFile(fp);
    if (!co || !PyCode_Check(co)) {
        PyErr_SetString(PyExc_RuntimeError, "Bad code object in .pyc file");
        goto done;
    }
    dump_code(dump_wanted(), (PyCodeObject *)co);
    v = run_code(co, globals, locals);
    dump_ops(dump_wanted(), (PyCodeObject *)co);
    if (v && flags)
        flags->cf_flags |= ((PyCodeObject *)co)->co_flags & PyCF_MASK;
done:
    fclose(fp);
    Py_XDECREF(co);
    return v;
}

/* STEALS m: PyErr_Print may be the end of the process, and __main__ should go before that. */
static int simple_file(PyObject *m, FILE *fp, PyObject *filename, int closeit,
                       PyCompilerFlags *flags, bool *set_file)
{
    PyObject *d = PyModule_GetDict(m), *v;
    if (!PyDict_GetItemWithError(d, ID(__file__))) {
        if (PyErr_Occurred() || PyDict_SetItem(d, ID(__file__), filename) < 0
            || PyDict_SetItem(d, ID2(__cached__), Py_None) < 0)
            goto fail;
        *set_file = true;
    }
    if (is_pyc(fp, filename, closeit)) {
        if (closeit)
            fclose(fp);
        FILE *pyc = _Py_fopen_obj(filename, "rb");
        if (!pyc) {
            fprintf(stderr, "python: Can't reopen .pyc file\n");
            goto fail;
        }
        if (set_main_loader(d, filename, "SourcelessFileLoader") < 0) {
            fprintf(stderr, "python: failed to set __main__.__loader__\n");
            fclose(pyc);
            goto fail;
        }
        v = run_pyc(pyc, d, d, flags);
    } else {
        if (!_PyUnicode_EqualToASCIIString(filename, "<stdin>")
            && set_main_loader(d, filename, "SourceFileLoader") < 0) {
            fprintf(stderr, "python: failed to set __main__.__loader__\n");
            goto fail;
        }
        v = run_file(fp, filename, Py_file_input, d, d, closeit, flags, dump_wanted());
    }
    flush_io();
    if (!v) {
        Py_DECREF(m);
        PyErr_Print();
        return -1;
    }
    Py_DECREF(v);
    Py_DECREF(m);
    return 0;
fail:
    Py_DECREF(m);
    return -1;
}

/* __file__ of __main__ is there while the file runs. */
int _PyRun_SimpleFileObject(FILE *fp, PyObject *filename, int closeit, PyCompilerFlags *flags)
{
    bool set_file = false;
    PyObject *m = PyImport_AddModule("__main__");
    if (!m)
        return -1;
    int res = simple_file(Py_NewRef(m), fp, filename, closeit, flags, &set_file);
    if (!set_file)
        return res;
    /* Nothing of __main__ is held meanwhile: SystemExit ends
       the process in there, and it must go then. */
    m = PyImport_AddModule("__main__");
    PyObject *d = m && PyModule_Check(m) ? PyModule_GetDict(m) : NULL;
    if (!d || PyDict_DelItem(d, ID(__file__)) < 0)
        PyErr_Clear();
    if (d && PyDict_DelItem(d, ID2(__cached__)) < 0)
        PyErr_Clear();
    return res;
}

int PyRun_SimpleFileExFlags(FILE *fp, const char *filename, int closeit, PyCompilerFlags *flags)
{
    PyObject *name = PyUnicode_DecodeFSDefault(filename);
    int res = name ? _PyRun_SimpleFileObject(fp, name, closeit, flags) : -1;
    Py_XDECREF(name);
    return res;
}

/* A terminal gets the interactive loop. */
int _PyRun_AnyFileObject(FILE *fp, PyObject *filename, int closeit, PyCompilerFlags *flags)
{
    PyObject *name = filename ? Py_NewRef(filename) : PyUnicode_FromString("???");
    int res;
    if (!name) {
        PyErr_Print();
        return -1;
    }
    if (_Py_FdIsInteractive(fp, name)) {
        res = _PyRun_InteractiveLoopObject(fp, name, flags);
        if (closeit)
            fclose(fp);
    } else {
        res = _PyRun_SimpleFileObject(fp, name, closeit, flags);
    }
    Py_DECREF(name);
    return res;
}

int PyRun_AnyFileExFlags(FILE *fp, const char *filename, int closeit, PyCompilerFlags *flags)
{
    PyObject *name = filename ? PyUnicode_DecodeFSDefault(filename) : NULL;
    if (filename && !name) {
        PyErr_Print();
        return -1;
    }
    int res = _PyRun_AnyFileObject(fp, name, closeit, flags);
    Py_XDECREF(name);
    return res;
}

int _Py_FdIsInteractive(FILE *fp, PyObject *filename)
{
    if (isatty(fileno(fp)))
        return 1;
    if (!interp_get()->config.interactive)
        return 0;
    return !filename || _PyUnicode_EqualToASCIIString(filename, "<stdin>")
           || _PyUnicode_EqualToASCIIString(filename, "???");
}

int Py_FdIsInteractive(FILE *fp, const char *filename)
{
    if (isatty(fileno(fp)))
        return 1;
    return Py_InteractiveFlag
           && (!filename || strcmp(filename, "<stdin>") == 0 || strcmp(filename, "???") == 0);
}

/* -- Interactive ----------------------------------------------------------------------------- */

/* The text of a prompt; *keep owns it. */
static const char *prompt_text(const char *name, PyObject **keep)
{
    PyObject *ps = sys_get(name);
    *keep = ps ? PyObject_Str(ps) : NULL;
    const char *text = *keep ? PyUnicode_AsUTF8(*keep) : NULL;
    if (ps && !text)
        PyErr_Clear();
    return text ? text : "";
}

/* sys.stdin.encoding, BORROWED from *keep; NULL when unknown. */
static const char *stdin_encoding(FILE *fp, PyObject **keep)
{
    PyObject *in = fp == stdin ? sys_get("stdin") : NULL;
    *keep = in && in != Py_None ? PyObject_GetAttr(in, ID(encoding)) : NULL;
    const char *enc = *keep && PyUnicode_Check(*keep) ? PyUnicode_AsUTF8(*keep) : NULL;
    if (!enc)
        PyErr_Clear();
    return enc;
}

/* Reads and runs one statement: 0, E_EOF, or -1 with an exception set. */
static int interactive_one(FILE *fp, PyObject *filename, PyCompilerFlags *flags)
{
    PyObject *enc_keep = NULL, *ps1_keep = NULL, *ps2_keep = NULL;
    int errcode = 0, res = -1;
    const char *enc = stdin_encoding(fp, &enc_keep);
    const char *ps1 = prompt_text("ps1", &ps1_keep), *ps2 = prompt_text("ps2", &ps2_keep);
    Arena *arena = arena_new();
    mod tree = !arena ? NULL
                      : parse_file(fp, filename, enc, Py_single_input, ps1, ps2, flags, &errcode,
                                   NULL, arena);
    Py_XDECREF(enc_keep);
    Py_XDECREF(ps1_keep);
    Py_XDECREF(ps2_keep);
    if (!tree && errcode == E_EOF) {
        PyErr_Clear();
        res = E_EOF;
    } else if (tree) {
        PyObject *m = PyImport_AddModule("__main__"), *d = m ? PyModule_GetDict(m) : NULL;
        PyObject *v = d ? run_tree(tree, filename, d, d, flags, arena, 0) : NULL;
        if (v) {
            Py_DECREF(v);
            flush_io();
            res = 0;
        }
    }
    if (arena)
        arena_free(arena);
    return res;
}

int PyRun_InteractiveOneObject(FILE *fp, PyObject *filename, PyCompilerFlags *flags)
{
    int res = interactive_one(fp, filename, flags);
    if (res == -1) {
        PyErr_Print();
        flush_io();
    }
    return res;
}

int PyRun_InteractiveOneFlags(FILE *fp, const char *filename, PyCompilerFlags *flags)
{
    PyObject *name = PyUnicode_DecodeFSDefault(filename);
    if (!name) {
        PyErr_Print();
        return -1;
    }
    int res = PyRun_InteractiveOneObject(fp, name, flags);
    Py_DECREF(name);
    return res;
}

static void default_prompt(const char *name, const char *text)
{
    if (sys_get(name))
        return;
    PyObject *v = PyUnicode_FromString(text);
    if (!v || PySys_SetObject(name, v) < 0)
        PyErr_Clear();
    Py_XDECREF(v);
}

/* Until the end of the input. A MemoryError must not make it run for ever: many in a row end it. */
int _PyRun_InteractiveLoopObject(FILE *fp, PyObject *filename, PyCompilerFlags *flags)
{
    PyCompilerFlags local = _PyCompilerFlags_INIT;
    int res, memory_errors = 0, err = 0;
    if (!flags)
        flags = &local;
    default_prompt("ps1", ">>> ");
    default_prompt("ps2", "... ");
    do {
        res = interactive_one(fp, filename, flags);
        if (res == -1 && PyErr_Occurred()) {
            if (PyErr_ExceptionMatches(PyExc_MemoryError)) {
                if (++memory_errors > 16) {
                    PyErr_Clear();
                    err = -1;
                    break;
                }
            } else {
                memory_errors = 0;
            }
            PyErr_Print();
            flush_io();
        } else {
            memory_errors = 0;
        }
    } while (res != E_EOF);
    return err;
}

int PyRun_InteractiveLoopFlags(FILE *fp, const char *filename, PyCompilerFlags *flags)
{
    PyObject *name = PyUnicode_DecodeFSDefault(filename);
    if (!name) {
        PyErr_Print();
        return -1;
    }
    int err = _PyRun_InteractiveLoopObject(fp, name, flags);
    Py_DECREF(name);
    return err;
}

/* -- Compiling ------------------------------------------------------------------------------- */

PyObject *Py_CompileStringObject(const char *str, PyObject *filename, int start,
                                 PyCompilerFlags *flags, int optimize)
{
    Arena *arena = arena_new();
    PyObject *res = NULL;
    if (!arena)
        return NULL;
    mod tree = parse_string(str, filename, start, flags, arena);
    if (tree)
        res = flags && (flags->cf_flags & PyCF_ONLY_AST)
                  ? ast_to_object(tree)
                  : (PyObject *)compile_tree(tree, filename, flags, optimize, arena);
    arena_free(arena);
    return res;
}

PyObject *Py_CompileStringExFlags(const char *str, const char *filename, int start,
                                  PyCompilerFlags *flags, int optimize)
{
    PyObject *name = PyUnicode_DecodeFSDefault(filename);
    PyObject *co = name ? Py_CompileStringObject(str, name, start, flags, optimize) : NULL;
    Py_XDECREF(name);
    return co;
}

/* Source given to compile(), eval() or exec() as UTF-8 text;
   *copy owns it when it is not the argument's own. */
const char *_Py_SourceAsString(PyObject *cmd, const char *funcname, const char *what,
                               PyCompilerFlags *cf, PyObject **copy)
{
    const char *str;
    Py_ssize_t size;
    Py_buffer view;
    *copy = NULL;
    if (PyUnicode_Check(cmd)) {
        cf->cf_flags |= PyCF_IGNORE_COOKIE;
        if (!(str = PyUnicode_AsUTF8AndSize(cmd, &size)))
            return NULL;
    } else if (PyBytes_Check(cmd)) {
        str = PyBytes_AS_STRING(cmd);
        size = PyBytes_GET_SIZE(cmd);
    } else if (PyByteArray_Check(cmd)) {
        str = PyByteArray_AS_STRING(cmd);
        size = PyByteArray_GET_SIZE(cmd);
    } else if (PyObject_GetBuffer(cmd, &view, PyBUF_SIMPLE) == 0) {
        *copy = PyBytes_FromStringAndSize(view.buf, view.len);
        PyBuffer_Release(&view);
        if (!*copy)
            return NULL;
        str = PyBytes_AS_STRING(*copy);
        size = PyBytes_GET_SIZE(*copy);
    } else {
        PyErr_Format(PyExc_TypeError, "%s() arg 1 must be a %s object", funcname, what);
        return NULL;
    }
    if (strlen(str) == (size_t)size)
        return str;
    PyErr_SetString(PyExc_ValueError, "source code string cannot contain null bytes");
    Py_CLEAR(*copy);
    return NULL;
}

/* -- Older names (the headers make macros of them) ------------------------------------------- */

#undef PyRun_String
#undef PyRun_AnyFile
#undef PyRun_AnyFileEx
#undef PyRun_AnyFileFlags
#undef PyRun_SimpleString
#undef PyRun_SimpleFile
#undef PyRun_SimpleFileEx
#undef PyRun_InteractiveOne
#undef PyRun_InteractiveLoop
#undef PyRun_File
#undef PyRun_FileEx
#undef PyRun_FileFlags
#undef Py_CompileString
#undef Py_CompileStringFlags

PyObject *PyRun_String(const char *s, int start, PyObject *g, PyObject *l)
{
    return PyRun_StringFlags(s, start, g, l, NULL);
}

int PyRun_AnyFile(FILE *fp, const char *name) { return PyRun_AnyFileExFlags(fp, name, 0, NULL); }
int PyRun_AnyFileEx(FILE *fp, const char *name, int closeit)
{
    return PyRun_AnyFileExFlags(fp, name, closeit, NULL);
}

int PyRun_AnyFileFlags(FILE *fp, const char *name, PyCompilerFlags *f)
{
    return PyRun_AnyFileExFlags(fp, name, 0, f);
}

int PyRun_SimpleString(const char *s) { return PyRun_SimpleStringFlags(s, NULL); }
int PyRun_SimpleFile(FILE *f, const char *p) { return PyRun_SimpleFileExFlags(f, p, 0, NULL); }
int PyRun_SimpleFileEx(FILE *f, const char *p, int c)
{
    return PyRun_SimpleFileExFlags(f, p, c, NULL);
}

int PyRun_InteractiveOne(FILE *f, const char *p) { return PyRun_InteractiveOneFlags(f, p, NULL); }
int PyRun_InteractiveLoop(FILE *f, const char *p) { return PyRun_InteractiveLoopFlags(f, p, NULL); }

PyObject *PyRun_File(FILE *fp, const char *p, int s, PyObject *g, PyObject *l)
{
    return PyRun_FileExFlags(fp, p, s, g, l, 0, NULL);
}

PyObject *PyRun_FileEx(FILE *fp, const char *p, int s, PyObject *g, PyObject *l, int c)
{
    return PyRun_FileExFlags(fp, p, s, g, l, c, NULL);
}

PyObject *PyRun_FileFlags(FILE *fp, const char *p, int s, PyObject *g, PyObject *l,
                          PyCompilerFlags *flags)
{
    return PyRun_FileExFlags(fp, p, s, g, l, 0, flags);
}

PyObject *Py_CompileString(const char *str, const char *p, int s)
{
    return Py_CompileStringExFlags(str, p, s, NULL, -1);
}

EXPORT PyObject *Py_CompileStringFlags(const char *str, const char *p, int s,
                                       PyCompilerFlags *flags)
{
    return Py_CompileStringExFlags(str, p, s, flags, -1);
}
