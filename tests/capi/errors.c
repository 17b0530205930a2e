/* SPDX-License-Identifier: MIT
 *
 * Exceptions: setting, matching, fetching, chaining, warnings, OSError from errno, tracebacks, unraisable, recursion.
 */
#include "capi.h"
#include <errno.h>
#include <frameobject.h>

static PyObject *set(PyObject *module, PyObject *args)
{
    int how;
    PyObject *o;
    if (!PyArg_ParseTuple(args, "iO", &how, &o))
        return NULL;
    switch (how) {
    case 0: PyErr_SetNone(o); return NULL;
    case 1: PyErr_SetObject(PyExc_ValueError, o); return NULL;
    case 2: PyErr_SetString(PyExc_ValueError, "plain"); return NULL;
    case 3: PyErr_SetString(PyExc_ValueError, "caf\xc3\xa9"); return NULL;
    case 4: return PyErr_NoMemory();
    case 5: PyErr_BadArgument(); return NULL;
    case 6: PyErr_BadInternalCall(); return NULL;
    case 7: errno = ENOENT; return PyErr_SetFromErrno(PyExc_OSError);
    case 8: errno = EACCES; return PyErr_SetFromErrnoWithFilename(PyExc_OSError, "the name");
    case 9: errno = EEXIST; return PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, o);
    case 10: errno = EPIPE; return PyErr_SetFromErrnoWithFilenameObjects(PyExc_OSError, o, o);
    case 11: errno = ENOENT; return PyErr_SetFromErrno(PyExc_ValueError);
    case 12: return PyErr_SetImportError(PyUnicode_FromString("message"), PyUnicode_FromString("name"), PyUnicode_FromString("path"));
    case 13: return PyErr_SetImportErrorSubclass(PyExc_ModuleNotFoundError, o, NULL, NULL);
    case 14: return PyErr_SetImportErrorSubclass(PyExc_ValueError, o, NULL, NULL);
    case 15: return PyErr_SetImportError(NULL, NULL, NULL);
    case 16: PyErr_SetObject((PyObject *)&PyLong_Type, o); return NULL;
    case 17: PyErr_SetObject(o, o); return NULL;
    case 18: return Py_NewRef(o); /* an error was left set, or a result without one */
    case 19: return NULL;         /* no result, no error */
    case 20: PyErr_SetString(PyExc_KeyError, "left"); return Py_NewRef(o);
    case 21: PyErr_Restore(Py_NewRef(PyExc_TypeError), PyUnicode_FromString("not normal"), NULL); return NULL;
    case 22: PyErr_Restore(Py_NewRef(PyExc_TypeError), Py_BuildValue("(ii)", 1, 2), NULL); return NULL;
    case 23: return Py_NewRef(o);
    case 24: PyErr_SetString(PyExc_KeyError, "cause"); return _PyErr_FormatFromCause(PyExc_RuntimeError, "from %R", o);
    case 25: PyErr_SetString(PyExc_KeyError, "first"); _PyErr_TrySetFromCause("prefix %d", 5); return NULL;
    case 26: PyErr_SetNone(PyExc_SyntaxError); PyErr_SyntaxLocation("file.py", 3); return NULL;
    case 27: PyErr_SetString(PyExc_SyntaxError, "bad"); PyErr_SyntaxLocationEx("nofile.py", 3, 7); return NULL;
    case 28: _PyErr_SetKeyError(o); return NULL;
    case 29: _PyErr_BadInternalCall("elsewhere.c", 12); return NULL;
    case 30: Py_EnterRecursiveCall(" in the test"); Py_LeaveRecursiveCall(); return Py_NewRef(o);
    }
    return PyErr_Format(PyExc_IndexError, "end");
}

static PyObject *fetch(PyObject *module, PyObject *args)
{
    PyObject *f, *t, *v, *tb;
    if (!PyArg_ParseTuple(args, "O", &f))
        return NULL;
    PyObject *r = PyObject_CallNoArgs(f);
    if (r) { Py_DECREF(r); return PyUnicode_FromString("no error"); }
    PyErr_Fetch(&t, &v, &tb);
    int cleared = PyErr_Occurred() == NULL, same = PyType_Check(v ? (PyObject *)Py_TYPE(v) : t) && PyObject_IsInstance(v ? v : t, t);
    PyErr_NormalizeException(&t, &v, &tb);
    if (tb)
        PyException_SetTraceback(v, tb);
    PyErr_Restore(Py_NewRef(t), Py_NewRef(v), Py_XNewRef(tb));
    int matches = PyErr_ExceptionMatches(PyExc_LookupError), given = PyErr_GivenExceptionMatches(v, PyExc_ArithmeticError);
    PyObject *both = PyTuple_Pack(2, PyExc_KeyError, PyExc_ValueError);
    int tuple = PyErr_GivenExceptionMatches(t, both);
    PyErr_Clear();
    return Py_BuildValue("(NNiiiiiN)", t, v, tb != NULL, cleared, same, matches, given, PyLong_FromLong(tuple));
}

static PyObject *handled(PyObject *module, PyObject *args)
{
    PyObject *t, *v, *tb, *now = PyErr_GetHandledException();
    PyErr_GetExcInfo(&t, &v, &tb);
    PyObject *r = Py_BuildValue("(OOOi)", t ? t : Py_None, v ? v : Py_None, now ? now : Py_None, tb && tb != Py_None);
    PyErr_SetExcInfo(t, v, tb);
    PyErr_SetHandledException(now);
    Py_XDECREF(now);
    return r;
}

/* What is handled once each of the values was set, by both functions: None is kept apart from nothing. */
static PyObject *handled_kinds(PyObject *module, PyObject *args)
{
    PyObject *values[] = {Py_None, NULL, PyTuple_GET_ITEM(args, 0), Py_None}, *list = PyList_New(0);
    PyObject *t0, *v0, *tb0;
    PyErr_GetExcInfo(&t0, &v0, &tb0);
    for (int i = 0; i < 8; i++) {
        if (i < 4)
            PyErr_SetHandledException(values[i]);
        else
            PyErr_SetExcInfo(NULL, Py_XNewRef(values[i - 4]), NULL);
        PyObject *t, *v, *tb, *now = PyErr_GetHandledException();
        PyErr_GetExcInfo(&t, &v, &tb);
        PyObject *shown = Py_BuildValue("(NsON)", t, v == NULL ? "nothing" : Py_TYPE(v)->tp_name, now ? now : Py_None, tb);
        PyList_Append(list, shown);
        Py_DECREF(shown);
        Py_XDECREF(v);
        Py_XDECREF(now);
    }
    PyErr_SetExcInfo(t0, v0, tb0);
    return list;
}

static PyObject *chain(PyObject *module, PyObject *args)
{
    PyObject *e, *cause, *context;
    if (!PyArg_ParseTuple(args, "OOO", &e, &cause, &context))
        return NULL;
    PyException_SetCause(e, Py_NewRef(cause));
    PyException_SetContext(e, Py_NewRef(context));
    PyObject *a = PyException_GetCause(e), *b = PyException_GetContext(e), *c = PyException_GetTraceback(e);
    int r = PyException_SetTraceback(e, Py_None);
    return Py_BuildValue("(NNNis)", a, b, c ? c : Py_NewRef(Py_None), r, PyExceptionClass_Name((PyObject *)Py_TYPE(e)));
}

static PyObject *chain_exceptions(PyObject *module, PyObject *args)
{
    PyErr_SetString(PyExc_KeyError, "first");
    PyObject *t, *v, *tb;
    PyErr_Fetch(&t, &v, &tb);
    PyErr_SetString(PyExc_ValueError, "second");
    _PyErr_ChainExceptions(t, v, tb);
    return NULL;
}

static PyObject *warn(PyObject *module, PyObject *args)
{
    int how;
    if (!PyArg_ParseTuple(args, "i", &how))
        return NULL;
    int r = how == 0 ? PyErr_WarnEx(PyExc_UserWarning, "plain", 1) : how == 1 ? PyErr_WarnEx(NULL, "default", 1)
          : how == 2 ? PyErr_WarnFormat(PyExc_DeprecationWarning, 1, "format %d", 5) : how == 3 ? PyErr_WarnExplicit(PyExc_UserWarning, "explicit", "a file.py", 12, "mod", NULL)
          : how == 4 ? PyErr_ResourceWarning(module, 1, "resource %s", "x") : how == 5 ? PyErr_WarnEx(PyExc_UserWarning, "level two", 2) : PyErr_WarnEx((PyObject *)&PyLong_Type, "bad category", 1);
    return r < 0 ? NULL : PyLong_FromLong(r);
}

static PyObject *new_exception(PyObject *module, PyObject *args)
{
    const char *name, *doc;
    PyObject *base, *dict;
    if (!PyArg_ParseTuple(args, "szOO", &name, &doc, &base, &dict))
        return NULL;
    return owned(PyErr_NewExceptionWithDoc(name, doc, base == Py_None ? NULL : base, dict == Py_None ? NULL : dict));
}

static PyObject *unraisable(PyObject *module, PyObject *args)
{
    PyObject *o = PyTuple_GET_ITEM(args, 0);
    PyErr_SetString(PyExc_ValueError, "not raised");
    PyErr_WriteUnraisable(o == Py_None ? NULL : o);
    return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
}

static PyObject *print(PyObject *module, PyObject *args)
{
    PyErr_SetString(PyExc_ValueError, "printed");
    PyErr_PrintEx(PyObject_IsTrue(PyTuple_GET_ITEM(args, 0)));
    PyObject *last = PySys_GetObject("last_value");
    PySys_WriteStderr("to %s\n", "stderr");
    PySys_FormatStdout("to %R\n", last ? last : Py_None);
    return Py_XNewRef(last ? last : Py_None);
}

static PyObject *unicode_error(PyObject *module, PyObject *args)
{
    PyObject *e = PyUnicodeDecodeError_Create("codec", "by\xff" "tes", 6, 2, 3, "reason");
    Py_ssize_t a, b;
    PyUnicodeDecodeError_GetStart(e, &a);
    PyUnicodeDecodeError_GetEnd(e, &b);
    PyObject *before = PyObject_Str(e);
    PyUnicodeDecodeError_SetStart(e, 0); PyUnicodeDecodeError_SetEnd(e, 2); PyUnicodeDecodeError_SetReason(e, "other");
    return Py_BuildValue("(NnnNNNNN)", e, a, b, before, PyObject_Str(e), PyUnicodeDecodeError_GetEncoding(e), PyUnicodeDecodeError_GetObject(e), PyUnicodeDecodeError_GetReason(e));
}
static PyObject *handlers(PyObject *module, PyObject *args)
{
    PyObject *e = PyUnicodeDecodeError_Create("codec", "by\xff" "tes", 6, 2, 3, "reason");
    PyObject *f = PyObject_CallFunction(PyExc_UnicodeEncodeError, "ssnns", "codec", "a\xe2\x82\xac", (Py_ssize_t)1, (Py_ssize_t)2, "why");
    return Py_BuildValue("(NNNNNN)", PyCodec_IgnoreErrors(e), PyCodec_ReplaceErrors(e), PyCodec_BackslashReplaceErrors(e), PyCodec_XMLCharRefReplaceErrors(f), PyCodec_NameReplaceErrors(f), PyCodec_ReplaceErrors(f));
}
static PyObject *recursion(PyObject *module, PyObject *args)
{
    if (Py_EnterRecursiveCall(" while going down"))
        return NULL;
    PyObject *r = recursion(module, args);
    Py_LeaveRecursiveCall();
    return r;
}
/* A traceback entry for C code, as Cython makes it. */
static PyObject *add_traceback(PyObject *module, PyObject *args)
{
    PyCodeObject *code = PyCode_NewEmpty("made_up.pyx", "made_up_function", 42);
    PyObject *globals = PyDict_New();
    PyErr_SetString(PyExc_ValueError, "from there");
    PyFrameObject *frame = PyFrame_New(PyThreadState_Get(), code, globals, NULL);
    if (frame) {
        PyTraceBack_Here(frame);
        Py_DECREF(frame);
    }
    Py_DECREF(code);
    Py_DECREF(globals);
    _PyTraceback_Add("other_function", "other.c", 7);
    return NULL;
}
static PyObject *signals(PyObject *module, PyObject *args)
{
    PyErr_SetInterruptEx(2);
    return PyErr_CheckSignals() < 0 ? NULL : PyUnicode_FromString("nothing");
}
static PyMethodDef methods[] = {OWN(set) OWN(fetch) OWN(handled) OWN(handled_kinds) OWN(chain) OWN(chain_exceptions) OWN(warn) OWN(new_exception) OWN(unraisable) OWN(print)
                                OWN(unicode_error) OWN(handlers) OWN(recursion) OWN(add_traceback) OWN(signals) {NULL}};
MODULE(c_errors, methods)
