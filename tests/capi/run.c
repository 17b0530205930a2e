/* SPDX-License-Identifier: MIT
 *
 * Running code from C: PyRun_*, compile, eval, frames, functions, code objects, import, sys, files, tracing, audit.
 */
#include "capi.h"
#include <frameobject.h>

static PyObject *run(PyObject *module, PyObject *args)
{
    const char *source;
    int start;
    PyObject *globals, *locals;
    if (!PyArg_ParseTuple(args, "siOO", &source, &start, &globals, &locals))
        return NULL;
    return owned(PyRun_String(source, start, globals, locals));
}
static PyObject *simple(PyObject *module, PyObject *args)
{
    const char *source;
    return PyArg_ParseTuple(args, "s", &source) ? number(PyRun_SimpleString(source)) : NULL;
}
static PyObject *file(PyObject *module, PyObject *args)
{
    const char *name;
    int how;
    if (!PyArg_ParseTuple(args, "si", &name, &how))
        return NULL;
    FILE *fp = fopen(name, "r");
    PyObject *globals = PyDict_New();
    if (how == 0)
        return owned(PyRun_FileEx(fp, name, Py_file_input, globals, globals, 1));
    if (how == 1)
        return number(PyRun_SimpleFileEx(fp, name, 1));
    if (how == 2)
        return number(PyRun_AnyFileExFlags(fp, name, 1, NULL));
    return number(PyRun_InteractiveLoop(fp, name) + fclose(fp));
}
static PyObject *compile(PyObject *module, PyObject *args)
{
    const char *source;
    int start, flags, optimize;
    if (!PyArg_ParseTuple(args, "siii", &source, &start, &flags, &optimize))
        return NULL;
    PyCompilerFlags cf = {flags, PY_MINOR_VERSION};
    PyObject *code = Py_CompileStringExFlags(source, "made_up.py", start, &cf, optimize);
    if (!code || !PyCode_Check(code))
        return code;
    PyObject *globals = PyDict_New(), *r = PyEval_EvalCode(code, globals, globals);
    Py_DECREF(code);
    if (!r) { Py_DECREF(globals); return NULL; }
    PyDict_DelItemString(globals, "__builtins__");
    return Py_BuildValue("(NNi)", r, globals, cf.cf_flags);
}
static PyObject *eval_ex(PyObject *module, PyObject *args)
{
    PyObject *f;
    if (!PyArg_ParseTuple(args, "O!", &PyFunction_Type, &f))
        return NULL;
    PyObject *values[2] = {PyLong_FromLong(1), PyLong_FromLong(2)}, *kw[2] = {PyUnicode_FromString("c"), PyLong_FromLong(3)}, *defaults[1] = {PyLong_FromLong(9)};
    return owned(PyEval_EvalCodeEx(PyFunction_GetCode(f), PyFunction_GetGlobals(f), NULL, values, 2, kw, 1, defaults, 1, NULL, PyFunction_GetClosure(f)));
}
static PyObject *function(PyObject *module, PyObject *args)
{
    PyObject *f;
    if (!PyArg_ParseTuple(args, "O", &f))
        return NULL;
    if (!PyFunction_Check(f))
        return PyFunction_GetCode(f);
    PyObject *again = PyFunction_NewWithQualName(PyFunction_GetCode(f), PyFunction_GetGlobals(f), PyUnicode_FromString("qual.name"));
    PyFunction_SetDefaults(again, PyFunction_GetDefaults(f) ? PyFunction_GetDefaults(f) : Py_None);
    PyFunction_SetKwDefaults(again, PyFunction_GetKwDefaults(f) ? PyFunction_GetKwDefaults(f) : Py_None);
    PyFunction_SetAnnotations(again, Py_BuildValue("{s:O}", "x", &PyLong_Type));
    if (PyFunction_GetClosure(f))
        PyFunction_SetClosure(again, PyFunction_GetClosure(f));
    return Py_BuildValue("(NOOO)", again, PyFunction_GetModule(f), PyFunction_GetAnnotations(f) ? PyFunction_GetAnnotations(f) : Py_None, PyFunction_SetDefaults(again, module) < 0 ? (PyErr_Clear(), Py_True) : Py_False);
}
static PyObject *frame(PyObject *module, PyObject *args)
{
    PyFrameObject *f = PyEval_GetFrame();
    if (!f)
        return PyErr_Format(PyExc_RuntimeError, "no frame");
    PyCodeObject *code = PyFrame_GetCode(f);
    PyFrameObject *back = PyFrame_GetBack(f);
    PyObject *locals = PyFrame_GetLocals(f), *globals = PyFrame_GetGlobals(f), *builtins = PyFrame_GetBuiltins(f), *gen = PyFrame_GetGenerator(f);
    PyObject *r = Py_BuildValue("(ONiiOiiiOii)", code->co_name, PyMapping_Keys(locals), PyFrame_GetLineNumber(f) > 0, PyFrame_GetLasti(f) >= 0, back ? PyFrame_GetCode(back)->co_name : Py_None,
                                globals == PyEval_GetGlobals(), builtins == PyEval_GetBuiltins(), gen != NULL, PyEval_GetLocals() == locals ? Py_True : Py_False,
                                PyCode_Addr2Line(code, PyFrame_GetLasti(f)) == PyFrame_GetLineNumber(f), PyEval_MergeCompilerFlags(&(PyCompilerFlags){0, 11}));
    Py_DECREF(code); Py_XDECREF(back); Py_DECREF(locals); Py_DECREF(globals); Py_DECREF(builtins); Py_XDECREF(gen);
    return r;
}
static PyObject *func_name(PyObject *module, PyObject *args)
{
    PyObject *o = PyTuple_GET_ITEM(args, 0);
    return Py_BuildValue("(ss)", PyEval_GetFuncName(o), PyEval_GetFuncDesc(o));
}
static PyObject *code(PyObject *module, PyObject *args)
{
    PyCodeObject *c;
    if (!PyArg_ParseTuple(args, "O!", &PyCode_Type, &c))
        return NULL;
    PyObject *bytes = PyCode_GetCode(c);
    int a = -1, b = -1, x = -1, y = -1;
    PyCode_Addr2Location(c, 4, &a, &x, &b, &y);
    PyCodeObject *empty = PyCode_NewEmpty("file", "name", 7);
    PyObject *copy = (PyObject *)PyCode_New(c->co_argcount, c->co_kwonlyargcount, c->co_nlocals, c->co_stacksize, c->co_flags, bytes, c->co_consts, c->co_names,
                                            PyCode_GetVarnames(c), PyCode_GetFreevars(c), PyCode_GetCellvars(c), c->co_filename, c->co_name, c->co_qualname, c->co_firstlineno, c->co_linetable, c->co_exceptiontable);
    return Py_BuildValue("(iiiiiNNNnNOi)", a >= 1, x, b >= 1, y, PyObject_RichCompareBool(copy ? copy : Py_None, (PyObject *)c, Py_EQ), PyCode_GetVarnames(c), PyCode_GetCellvars(c), PyCode_GetFreevars(c),
                         PyCode_GetNumFree(c), bytes, empty->co_name, empty->co_firstlineno);
}
static PyObject *import(PyObject *module, PyObject *args)
{
    int how;
    const char *name;
    if (!PyArg_ParseTuple(args, "is", &how, &name))
        return NULL;
    PyObject *o = PyUnicode_FromString(name), *r;
    switch (how) {
    case 0: return owned(PyImport_ImportModule(name));
    case 1: return owned(PyImport_Import(o));
    case 2: return borrowed(PyImport_AddModule(name));
    case 3: return owned(PyImport_ImportModuleNoBlock(name));
    case 4: return owned(PyImport_GetModule(o));
    case 5: return owned(PyImport_ImportModuleLevel(name, NULL, NULL, Py_BuildValue("(s)", "path"), 0));
    case 6: r = PyImport_ImportModule(name); return r ? owned(PyImport_ReloadModule(r)) : NULL;
    case 7: r = Py_CompileString("value = 5\nname = __name__", "made.py", Py_file_input); return owned(PyImport_ExecCodeModule(name, r));
    case 8: r = Py_CompileString("import nothing_there", "made.py", Py_file_input); return owned(PyImport_ExecCodeModuleEx(name, r, "there.py"));
    case 9: return number(PyImport_ImportFrozenModule(name));
    case 10: return Py_BuildValue("(Ols)", PyImport_GetModuleDict() == PySys_GetObject("modules") ? Py_True : Py_False, PyImport_GetMagicNumber(), PyImport_GetMagicTag());
    case 11: return owned(PyImport_GetImporter(o));
    case 12: return owned(PyEval_GetBuiltins() ? PyMapping_GetItemString(PyEval_GetBuiltins(), name) : NULL);
    case 13: return owned(_PyImport_GetModuleAttrString(name, "path"));
    }
    return PyErr_Format(PyExc_IndexError, "end");
}
static PyObject *sys(PyObject *module, PyObject *args)
{
    const char *name;
    PyObject *value;
    if (!PyArg_ParseTuple(args, "sO", &name, &value))
        return NULL;
    PyObject *before = PySys_GetObject(name);
    Py_XINCREF(before);
    int r = PySys_SetObject(name, value == Py_None ? NULL : value);
    return Py_BuildValue("(NiO)", before ? before : Py_NewRef(Py_None), r, PySys_GetObject(name) ? PySys_GetObject(name) : Py_None);
}
static int tracer(PyObject *o, PyFrameObject *f, int what, PyObject *arg)
{
    PyCodeObject *c = PyFrame_GetCode(f);
    PyObject *entry = Py_BuildValue("(iON)", what, c->co_name, arg ? PyObject_Repr((PyObject *)Py_TYPE(arg)) : Py_NewRef(Py_None));
    int r = PyList_Append(o, entry);
    Py_DECREF(entry);
    Py_DECREF(c);
    return r;
}
static PyObject *traced(PyObject *module, PyObject *args)
{
    int profile;
    PyObject *f, *list = PyList_New(0);
    if (!PyArg_ParseTuple(args, "iO", &profile, &f))
        return NULL;
    (profile ? PyEval_SetProfile : PyEval_SetTrace)(tracer, list);
    PyObject *r = PyObject_CallNoArgs(f);
    (profile ? PyEval_SetProfile : PyEval_SetTrace)(NULL, NULL);
    if (!r)
        PyErr_Clear();
    Py_XDECREF(r);
    return list;
}
static PyObject *audited;
static int hook(const char *event, PyObject *args, void *data)
{
    if (audited && !strncmp(event, "capi.", 5)) {
        PyObject *e = Py_BuildValue("(sO)", event, args);
        PyList_Append(audited, e);
        Py_DECREF(e);
        if (!strcmp(event, "capi.refused"))
            return PyErr_SetString(PyExc_PermissionError, "refused"), -1;
    }
    return 0;
}
static PyObject *audit(PyObject *module, PyObject *args)
{
    if (!audited) {
        audited = PyList_New(0);
        PySys_AddAuditHook(hook, NULL);
    }
    if (PySys_Audit("capi.event", "is", 5, "x") < 0 || PySys_Audit("capi.none", NULL) < 0)
        return NULL;
    int r = PySys_Audit("capi.refused", "O", Py_None);
    PyErr_Clear();
    return Py_BuildValue("(Oi)", audited, r);
}
static PyObject *eval_hook(PyThreadState *ts, struct _PyInterpreterFrame *f, int throwing);
static int evaluated;
static PyObject *eval_hook(PyThreadState *ts, struct _PyInterpreterFrame *f, int throwing) { evaluated++; return _PyEval_EvalFrameDefault(ts, f, throwing); }
static PyObject *frame_hook(PyObject *module, PyObject *args)
{
    PyObject *f = PyTuple_GET_ITEM(args, 0);
    PyInterpreterState *is = PyInterpreterState_Get();
    _PyFrameEvalFunction before = _PyInterpreterState_GetEvalFrameFunc(is);
    evaluated = 0;
    _PyInterpreterState_SetEvalFrameFunc(is, eval_hook);
    PyObject *r = PyObject_CallNoArgs(f);
    _PyInterpreterState_SetEvalFrameFunc(is, before);
    return r ? Py_BuildValue("(Nii)", r, evaluated, _PyInterpreterState_GetEvalFrameFunc(is) == before) : NULL;
}
static PyObject *file_object(PyObject *module, PyObject *args)
{
    PyObject *f;
    if (!PyArg_ParseTuple(args, "O", &f))
        return NULL;
    PyObject *line = PyFile_GetLine(f, -1);
    if (!line)
        return NULL;
    int fd = PyObject_AsFileDescriptor(f);
    PyErr_Clear();
    PyFile_WriteString("written by name\n", f);
    PyErr_Clear();
    PyFile_WriteObject(line, f, Py_PRINT_RAW);
    PyErr_Clear();
    return Py_BuildValue("(Ni)", line, fd >= 0);
}
static PyObject *modules_api(PyObject *module, PyObject *args)
{
    PyObject *m = PyModule_New("fresh"), *r = PyList_New(0);
    PyModule_AddIntConstant(m, "one", 1); PyModule_AddStringConstant(m, "text", "t"); PyModule_AddObject(m, "stolen", PyList_New(0)); PyModule_AddObjectRef(m, "kept", Py_None);
    PyModule_AddType(m, &PyDict_Type); PyModule_SetDocString(m, "the doc");
    int bad = PyModule_AddObjectRef(m, "null", NULL); PyErr_Clear();
    return Py_BuildValue("(NNNsiOO)", m, PyMapping_Keys(PyModule_GetDict(m)), PyModule_GetNameObject(m), PyModule_GetName(m), bad, PyModule_GetDef(m) ? Py_True : Py_False, PyModule_GetFilename(m) ? Py_True : (PyErr_Clear(), Py_False));
}
static PyMethodDef methods[] = {OWN(run) OWN(simple) OWN(file) OWN(compile) OWN(eval_ex) OWN(function) OWN(frame) OWN(func_name) OWN(code) OWN(import) OWN(sys) OWN(traced) OWN(audit)
                                OWN(frame_hook) OWN(file_object) OWN(modules_api) {NULL}};
MODULE(c_run, methods)
