/* SPDX-License-Identifier: MIT
 *
 * Py_BuildValue and its like, PyObject_CallFunction's formats, PyUnicode_FromFormat, PyErr_Format.
 */
#include "capi.h"

static PyObject *give_seven(void *p) { return p ? PyLong_FromLong(*(int *)p) : PyErr_NoMemory(); }

/* All results of fixed formats, by number; NULL past the last one. */
static PyObject *build(PyObject *module, PyObject *args)
{
    int n, seven = 7;
    Py_complex z = {1.5, -2};
    wchar_t wide[] = L"w\u20acde";
    if (!PyArg_ParseTuple(args, "i", &n))
        return NULL;
    switch (n) {
    case 0: return Py_BuildValue("");
    case 1: return Py_BuildValue("i", -5);
    case 2: return Py_BuildValue("(i)", -5);
    case 3: return Py_BuildValue("ii", 1, 2);
    case 4: return Py_BuildValue("()");
    case 5: return Py_BuildValue("[]");
    case 6: return Py_BuildValue("{}");
    case 7: return Py_BuildValue("[i,i]", 1, 2);
    case 8: return Py_BuildValue("{s:i, s:(ii)}", "a", 1, "b", 2, 3);
    case 9: return Py_BuildValue("bBhHiIlkLKn", -1, 255, -2, 65535, -3, 4000000000u, -4L, 5UL, -6LL, ~0ULL, (Py_ssize_t)-7);
    case 10: return Py_BuildValue("fdD", 1.5, 2.5, &z);
    case 11: return Py_BuildValue("cC", 'x', 0x20AC);
    case 12: return Py_BuildValue("szyU", "s", "z", "y", "U");
    case 13: return Py_BuildValue("zzs", NULL, NULL, NULL);
    case 14: return Py_BuildValue("s#z#y#U#", "abc", (Py_ssize_t)2, "abc", (Py_ssize_t)0, "a\0c", (Py_ssize_t)3, "xyz", (Py_ssize_t)1);
    case 15: return Py_BuildValue("uu#", wide, wide, (Py_ssize_t)2);
    case 16: return Py_BuildValue("OSN", Py_None, Py_True, PyLong_FromLong(3));
    case 17: return Py_BuildValue("O&", give_seven, &seven);
    case 18: return Py_BuildValue("(O&i)", give_seven, NULL, 3);
    case 19: return Py_BuildValue("O", NULL);
    case 20: return Py_BuildValue("(iN)", 1, NULL);
    case 21: return Py_BuildValue("((ii)[(i)]{i:(i)})", 1, 2, 3, 4, 5);
    case 22: return Py_BuildValue(" i , i ", 1, 2);
    case 23: return Py_BuildValue("(i", 1);
    case 24: return Py_BuildValue("w", 1);
    case 25: return Py_BuildValue("{i}", 1);
    case 26: return Py_BuildValue("s", "\xff bad");
    case 27: return Py_BuildValue("[i)", 1);
    case 28: return Py_BuildValue("{Oi}", PyList_Type.tp_dict, 1);
    case 29: return Py_BuildValue("C", 0x110000);
    }
    return PyErr_Format(PyExc_IndexError, "%d", n);
}

static PyObject *format(PyObject *module, PyObject *args)
{
    int n;
    PyObject *o;
    if (!PyArg_ParseTuple(args, "iO", &n, &o))
        return NULL;
    switch (n) {
    case 0: return PyUnicode_FromFormat("plain %% %s|%10s|%-10s|%.2s|%10.2s", "abc", "abc", "abc", "abc", "abc");
    case 1: return PyUnicode_FromFormat("%d|%5d|%05d|%.5d|%-5d|%i|%u", -42, -42, -42, -42, -42, 7, 4000000000u);
    case 2: return PyUnicode_FromFormat("%ld|%lld|%zd|%lu|%llu|%zu", -1L, -1LL, (Py_ssize_t)-1, ~0UL, ~0ULL, ~(size_t)0);
    case 3: return PyUnicode_FromFormat("%x|%8x|%08x|%lx|%zx|%llx", 255, 255, 255, 255L, (size_t)255, 255LL);
    case 4: return PyUnicode_FromFormat("%c|%c|%c", 'x', 0xE9, 0x1F600);
    case 5: return PyUnicode_FromFormat("%A|%S|%R|%U", o, o, o, PyUnicode_FromString("leak"));
    case 6: return PyUnicode_FromFormat("%V|%V|%V", PyUnicode_FromString("given"), "other", NULL, "other", NULL, "\xff");
    case 7: return PyUnicode_FromFormat("%20R|%.3R|%20.3S|%.2U|%10A", o, o, o, PyUnicode_FromString("leak"), o);
    case 8: return PyUnicode_FromFormat("%s", "caf\xc3\xa9 \xff!");
    case 9: return PyUnicode_FromFormat("%.3s|%.4s|%8.4s", "caf\xc3\xa9", "caf\xc3\xa9", "caf\xc3\xa9");
    case 10: return PyUnicode_FromFormat("%q", 1);
    case 11: return PyUnicode_FromFormat("%c", 0x110000);
    case 12: return PyUnicode_FromFormat("end %");
    case 13: return PyUnicode_FromFormat("%S", NULL) ? NULL : NULL;
    case 14: return PyUnicode_FromFormat("\xe9");
    case 15: return PyBytes_FromFormat("%s|%d|%c|%x|%ld|%zd|%u|%i|%%|%.2s|%q", "abc", -5, 'x', 255, 7L, (Py_ssize_t)8, 9u, 10, "xyz");
    case 16: return PyBytes_FromFormat("%c", 300);
    case 17: return PyErr_Format(PyExc_ValueError, "%s %R %d%%", "text", o, 5);
    case 18: return PyErr_Format(PyExc_KeyError, "%.200s", "key");
    }
    return PyErr_Format(PyExc_IndexError, "%d", n);
}

static PyObject *call(PyObject *module, PyObject *args)
{
    int n;
    PyObject *f;
    if (!PyArg_ParseTuple(args, "iO", &n, &f))
        return NULL;
    PyObject *name = PyUnicode_FromString("count");
    switch (n) {
    case 0: return PyObject_CallFunction(f, NULL);
    case 1: return PyObject_CallFunction(f, "i", 5);
    case 2: return PyObject_CallFunction(f, "(i)", 5);
    case 3: return PyObject_CallFunction(f, "is#", 5, "abc", (Py_ssize_t)2);
    case 4: return PyObject_CallFunction(f, "O", PyTuple_New(0));
    case 5: return PyObject_CallFunctionObjArgs(f, Py_None, Py_True, NULL);
    case 6: return PyObject_CallMethod(f, "count", "i", 5);
    case 7: return PyObject_CallMethod(f, "missing", NULL);
    case 8: return PyObject_CallMethodObjArgs(f, name, Py_None, NULL);
    case 9: return PyObject_CallNoArgs(f);
    case 10: return PyObject_CallOneArg(f, Py_None);
    case 11: return PyObject_CallMethodNoArgs(f, name);
    case 12: return PyObject_CallMethodOneArg(f, name, Py_None);
    case 13: return PyObject_CallFunction(f, "q", 1);
    case 14: return _PyObject_CallFunction_SizeT(f, "s#", "abc", (Py_ssize_t)2);
    case 15: return PyObject_CallObject(f, NULL);
    case 16: return PyObject_CallObject(f, Py_None);
    case 17: return PyObject_Call(f, PyTuple_New(0), NULL);
    case 18: return PyEval_CallObjectWithKeywords(f, NULL, NULL);
    case 19: return PyEval_CallFunction(f, "(ii)", 1, 2);
    case 20: return PyEval_CallMethod(f, "count", "(i)", 5);
    }
    return PyErr_Format(PyExc_IndexError, "%d", n);
}

static PyObject *vectors(PyObject *module, PyObject *args)
{
    PyObject *f, *space[5] = {NULL, Py_None, Py_True, Py_False, NULL}, **a = space + 1;
    if (!PyArg_ParseTuple(args, "O", &f))
        return NULL;
    PyObject *names = Py_BuildValue("(s)", "key"), *dict = Py_BuildValue("{s:i}", "key", 5);
    PyObject *r = PyList_New(0);
#define STEP(call) do { \
        PyObject *x = call; \
        if (!x) { \
            PyObject *t, *v, *tb; \
            PyErr_Fetch(&t, &v, &tb); \
            PyErr_NormalizeException(&t, &v, &tb); \
            x = PyObject_Repr(v); \
            Py_XDECREF(t); Py_XDECREF(v); Py_XDECREF(tb); \
        } \
        PyList_Append(r, x); Py_DECREF(x); } while (0)
    STEP(PyObject_Vectorcall(f, a, 0, NULL));
    STEP(PyObject_Vectorcall(f, a, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL));
    STEP(PyObject_Vectorcall(f, a, 1, names));
    STEP(PyObject_VectorcallDict(f, a, 1, dict));
    STEP(PyObject_VectorcallDict(f, a, 1 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL));
    STEP(PyVectorcall_NARGS(3 | PY_VECTORCALL_ARGUMENTS_OFFSET) == 3 ? Py_NewRef(Py_True) : NULL);
    STEP(PyVectorcall_Function(f) ? Py_NewRef(Py_True) : Py_NewRef(Py_False));
    a[0] = f;
    STEP(PyObject_VectorcallMethod(PyUnicode_FromString("__call__"), a, 2 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL));
    STEP(PyObject_VectorcallMethod(PyUnicode_FromString("absent"), a, 1, NULL));
    if (PyVectorcall_Function(f)) {
        PyObject *t = Py_BuildValue("(ii)", 1, 2);
        STEP(PyVectorcall_Call(f, t, dict));
        Py_DECREF(t);
    }
    Py_DECREF(names);
    Py_DECREF(dict);
    return r;
}

static PyMethodDef methods[] = {OWN(build) OWN(format) OWN(call) OWN(vectors) {NULL}};
MODULE(c_build, methods)
