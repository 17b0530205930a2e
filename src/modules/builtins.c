/* SPDX-License-Identifier: MIT
 *
 * Module builtins: its making, and the functions that ask objects something.
 *
 * Each interpreter has a module of its own; the functions are in three more files (builtins.h). Its
 * names may be replaced at any time: the machine's caches notice.
 */
#include "objects/int/int.h"
#include "modules/builtins.h"
#include "runtime/rt.h"

/* -- Numbers, text --------------------------------------------------------------------------- */

static PyObject *builtin_abs(PyObject *module, PyObject *x) { return PyNumber_Absolute(x); }
static PyObject *builtin_bin(PyObject *module, PyObject *x) { return PyNumber_ToBase(x, 2); }
static PyObject *builtin_oct(PyObject *module, PyObject *x) { return PyNumber_ToBase(x, 8); }
static PyObject *builtin_hex(PyObject *module, PyObject *x) { return PyNumber_ToBase(x, 16); }
static PyObject *builtin_repr(PyObject *module, PyObject *obj) { return PyObject_Repr(obj); }
static PyObject *builtin_ascii(PyObject *module, PyObject *obj) { return PyObject_ASCII(obj); }
static PyObject *builtin_callable(PyObject *module, PyObject *obj)
{
    return PyBool_FromLong(PyCallable_Check(obj));
}

static PyObject *builtin_chr(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    int i;
    return PARSEP("i:chr", &i) ? PyUnicode_FromOrdinal(i) : NULL;
}

static PyObject *builtin_chr_one(PyObject *module, PyObject *arg)
{
    return PyLong_CheckExact(arg) && int_is_compact(arg)
               ? PyUnicode_FromOrdinal((int)int_compact(arg))
               : builtin_chr(module, &arg, 1);
}

static PyObject *builtin_ord(PyObject *module, PyObject *c)
{
    Py_ssize_t n;
    if (PyUnicode_Check(c)) {
        if (PyUnicode_READY(c) < 0)
            return NULL;
        n = PyUnicode_GET_LENGTH(c);
        if (n == 1)
            return PyLong_FromLong((long)PyUnicode_READ_CHAR(c, 0));
    } else if (PyBytes_Check(c)) {
        n = PyBytes_GET_SIZE(c);
        if (n == 1)
            return PyLong_FromLong((unsigned char)PyBytes_AS_STRING(c)[0]);
    } else if (PyByteArray_Check(c)) {
        n = PyByteArray_GET_SIZE(c);
        if (n == 1)
            return PyLong_FromLong((unsigned char)PyByteArray_AS_STRING(c)[0]);
    } else {
        return PyErr_Format(PyExc_TypeError, "ord() expected string of length 1, but %.200s found",
                            Py_TYPE(c)->tp_name);
    }
    return PyErr_Format(PyExc_TypeError,
                        "ord() expected a character, but string of length %zd found", n);
}

static PyObject *builtin_divmod(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    return _PyArg_CheckPositional("divmod", nargs, 2, 2) ? PyNumber_Divmod(args[0], args[1]) : NULL;
}

static PyObject *builtin_pow(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                             PyObject *kwnames)
{
    ARGS("OO|O:pow", "base", "exp", "mod");
    PyObject *base, *exp, *mod = Py_None;
    return PARSE(&base, &exp, &mod) ? PyNumber_Power(base, exp, mod) : NULL;
}

/* The method of a special name bound to obj: owned; NULL, without an exception when the type lacks
 * it. */
static PyObject *special_method(PyObject *obj, PyObject *name)
{
    PyObject *func = _PyType_Lookup(Py_TYPE(obj), name);
    if (!func)
        return NULL;
    descrgetfunc get = Py_TYPE(func)->tp_descr_get;
    return get ? get(func, obj, (PyObject *)Py_TYPE(obj)) : Py_NewRef(func);
}

static PyObject *builtin_round(PyObject *module, PyObject *const *args, Py_ssize_t nargs,
                               PyObject *kwnames)
{
    ARGS("O|O:round", "number", "ndigits");
    PyObject *number, *ndigits = Py_None;
    if (!PARSE(&number, &ndigits))
        return NULL;
    PyObject *func = _PyType_Lookup(Py_TYPE(number), ID(__round__));
    if (func && Py_IS_TYPE(func, &PyMethodDescr_Type)) {
        /* A C function is called with its object, not bound first. */
        PyObject *both[] = {number, ndigits};
        Py_INCREF(func);
        PyObject *rounded = PyObject_Vectorcall(func, both, ndigits == Py_None ? 1 : 2, NULL);
        Py_DECREF(func);
        return rounded;
    }
    PyObject *method = special_method(number, ID(__round__));
    if (!method)
        return PyErr_Occurred()
                   ? NULL
                   : PyErr_Format(PyExc_TypeError, "type %.100s doesn't define __round__ method",
                                  Py_TYPE(number)->tp_name);
    PyObject *res =
        ndigits == Py_None ? PyObject_CallNoArgs(method) : PyObject_CallOneArg(method, ndigits);
    Py_DECREF(method);
    return res;
}

static PyObject *builtin_format(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("format", nargs, 1, 2))
        return NULL;
    if (nargs == 2 && !PyUnicode_Check(args[1])) {
        _PyArg_BadArgument("format", "argument 2", "str", args[1]);
        return NULL;
    }
    return PyObject_Format(args[0], nargs == 2 ? args[1] : NULL);
}

/* -- Objects --------------------------------------------------------------------------------- */

static PyObject *builtin_id(PyObject *self, PyObject *v)
{
    PyObject *id = PyLong_FromVoidPtr(v);
    if (id && PySys_Audit("builtins.id", "O", id) < 0)
        Py_CLEAR(id);
    return id;
}

static PyObject *builtin_hash(PyObject *module, PyObject *obj)
{
    Py_hash_t h = PyObject_Hash(obj);
    return h == -1 ? NULL : PyLong_FromSsize_t(h);
}

static PyObject *builtin_len(PyObject *module, PyObject *obj)
{
    Py_ssize_t n = PyObject_Size(obj);
    return n < 0 ? NULL : PyLong_FromSsize_t(n);
}

static bool name_is_str(PyObject *name)
{
    if (PyUnicode_Check(name))
        return true;
    PyErr_Format(PyExc_TypeError, "attribute name must be string, not '%.200s'",
                 Py_TYPE(name)->tp_name);
    return false;
}

static PyObject *builtin_getattr(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *res;
    if (!_PyArg_CheckPositional("getattr", nargs, 2, 3) || !name_is_str(args[1]))
        return NULL;
    if (nargs == 2)
        return PyObject_GetAttr(args[0], args[1]);
    int found = _PyObject_LookupAttr(args[0], args[1], &res);
    return found < 0 ? NULL : found ? res : Py_NewRef(args[2]);
}

static PyObject *builtin_hasattr(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    PyObject *res;
    if (!_PyArg_CheckPositional("hasattr", nargs, 2, 2) || !name_is_str(args[1]))
        return NULL;
    int found = _PyObject_LookupAttr(args[0], args[1], &res);
    if (found > 0)
        Py_DECREF(res);
    return found < 0 ? NULL : PyBool_FromLong(found);
}

static PyObject *builtin_setattr(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("setattr", nargs, 3, 3) ||
        PyObject_SetAttr(args[0], args[1], args[2]) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *builtin_delattr(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("delattr", nargs, 2, 2) ||
        PyObject_SetAttr(args[0], args[1], NULL) < 0)
        return NULL;
    Py_RETURN_NONE;
}

static PyObject *builtin_isinstance(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    int r = _PyArg_CheckPositional("isinstance", nargs, 2, 2)
                ? PyObject_IsInstance(args[0], args[1])
                : -1;
    return r < 0 ? NULL : PyBool_FromLong(r);
}

static PyObject *builtin_issubclass(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    int r = _PyArg_CheckPositional("issubclass", nargs, 2, 2)
                ? PyObject_IsSubclass(args[0], args[1])
                : -1;
    return r < 0 ? NULL : PyBool_FromLong(r);
}

static PyObject *builtin_dir(PyObject *self, PyObject *args)
{
    PyObject *arg = NULL;
    return PyArg_UnpackTuple(args, "dir", 0, 1, &arg) ? PyObject_Dir(arg) : NULL;
}

static PyObject *builtin_globals(PyObject *module, PyObject *unused)
{
    return Py_XNewRef(PyEval_GetGlobals());
}
static PyObject *builtin_locals(PyObject *module, PyObject *unused)
{
    return Py_XNewRef(PyEval_GetLocals());
}

static PyObject *builtin_vars(PyObject *self, PyObject *args)
{
    PyObject *v = NULL, *d;
    if (!PyArg_UnpackTuple(args, "vars", 0, 1, &v))
        return NULL;
    if (!v)
        return Py_XNewRef(PyEval_GetLocals());
    if (_PyObject_LookupAttr(v, ID(__dict__), &d) == 0)
        PyErr_SetString(PyExc_TypeError, "vars() argument must have __dict__ attribute");
    return d;
}

static PyObject *builtin_breakpoint(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                                    PyObject *keywords)
{
    PyObject *hook = PySys_GetObject("breakpointhook");
    if (!hook) {
        PyErr_SetString(PyExc_RuntimeError, "lost sys.breakpointhook");
        return NULL;
    }
    if (PySys_Audit("builtins.breakpoint", "O", hook) < 0)
        return NULL;
    Py_INCREF(hook);
    PyObject *res = PyObject_Vectorcall(hook, args, (size_t)nargs, keywords);
    Py_DECREF(hook);
    return res;
}

/* -- Module ---------------------------------------------------------------------------------- */

static PyMethodDef builtins_methods[] = {
    ONEARG(abs, "($module, x, /)",
           "The number without its sign; for a complex one, its magnitude."),
    ONEARG(ascii, "($module, obj, /)", "Like repr(), with characters outside ASCII escaped."),
    ONEARG(bin, "($module, number, /)",
           "Binary text of an integer.\n\n   >>> bin(10)\n   '0b1010'"),
    {"breakpoint", (PyCFunction)(void (*)(void))builtin_breakpoint, METH_FASTCALL | METH_KEYWORDS,
     "breakpoint(*args, **kws)\n"
     "\n"
     "Hands its arguments to sys.breakpointhook(), which starts the debugger pdb by default."},
    ONEARG(callable, "($module, obj, /)",
           "True when the object can be called; classes can, and instances with __call__."),
    {"chr", builtin_chr_one, METH_O,
     "chr($module, i, /)\n--\n\nThe str of one character with code point i."},
    FAST(delattr, "($module, obj, name, /)", "delattr(x, 'y') is del x.y."),
    {"dir", builtin_dir, METH_VARARGS,
     "dir([object]) -> list of strings\n\nNames in the current scope, or the attributes of an "
     "object as its __dir__ gives them."},
    FAST(divmod, "($module, x, y, /)", "Return the tuple (x//y, x%y)."),
    FAST(format, "($module, value, format_spec='', /)", "value.__format__(format_spec)."),
    {"getattr", (PyCFunction)(void (*)(void))builtin_getattr, METH_FASTCALL,
     "getattr(object, name[, default]) -> value\n\ngetattr(x, 'y') is x.y; default is returned "
     "when the attribute does not exist."},
    NOARG(globals, "The dictionary of the current scope's global variables."),
    FAST(hasattr, "($module, obj, name, /)", "True when the object has the attribute."),
    ONEARG(hash, "($module, obj, /)", "Hash of the object; equal objects have equal hashes."),
    ONEARG(hex, "($module, number, /)",
           "Hexadecimal text of an integer.\n\n   >>> hex(-10)\n   '-0xa'"),
    ONEARG(id, "($module, obj, /)", "Identity of an object, unique while it lives: its address."),
    FAST(isinstance, "($module, obj, class_or_tuple, /)",
         "True when obj is an instance of the class, or of one in a tuple or union."),
    FAST(issubclass, "($module, cls, class_or_tuple, /)",
         "True when cls is derived from the class, or from one in a tuple or union."),
    ONEARG(len, "($module, obj, /)", "Number of items in a container."),
    NOARG(locals, "A dictionary of the current scope's local variables."),
    ONEARG(oct, "($module, number, /)", "Octal text of an integer.\n\n   >>> oct(10)\n   '0o12'"),
    ONEARG(ord, "($module, c, /)", "Code point of a str of one character."),
    FASTKW(pow, "($module, /, base, exp, mod=None)",
           "base ** exp, or base ** exp % mod computed efficiently."),
    ONEARG(repr, "($module, obj, /)", "Canonical text of an object."),
    FASTKW(round, "($module, /, number, ndigits=None)",
           "Round to ndigits decimal digits; to an int without ndigits."),
    FAST(setattr, "($module, obj, name, value, /)", "setattr(x, 'y', v) is x.y = v."),
    {"vars", builtin_vars, METH_VARARGS,
     "vars([object]) -> dictionary\n\nlocals(), or the object's __dict__."},
    {NULL},
};

static PyModuleDef builtins_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "builtins",
    .m_doc = "The names that every program has without an import; None is the `nil' object.",
    .m_size = -1,
    .m_methods = builtins_methods,
};

static const struct {
    const char *name;
    PyObject *value;
} names[] = {
    {"None", Py_None},
    {"Ellipsis", &_Py_EllipsisObject},
    {"NotImplemented", &_Py_NotImplementedStruct},
    {"False", (PyObject *)&_Py_FalseStruct},
    {"True", (PyObject *)&_Py_TrueStruct},
    {"bool", (PyObject *)&PyBool_Type},
    {"memoryview", (PyObject *)&PyMemoryView_Type},
    {"bytearray", (PyObject *)&PyByteArray_Type},
    {"bytes", (PyObject *)&PyBytes_Type},
    {"classmethod", (PyObject *)&PyClassMethod_Type},
    {"complex", (PyObject *)&PyComplex_Type},
    {"dict", (PyObject *)&PyDict_Type},
    {"enumerate", (PyObject *)&PyEnum_Type},
    {"filter", (PyObject *)&PyFilter_Type},
    {"float", (PyObject *)&PyFloat_Type},
    {"frozenset", (PyObject *)&PyFrozenSet_Type},
    {"property", (PyObject *)&PyProperty_Type},
    {"int", (PyObject *)&PyLong_Type},
    {"list", (PyObject *)&PyList_Type},
    {"map", (PyObject *)&PyMap_Type},
    {"object", (PyObject *)&PyBaseObject_Type},
    {"range", (PyObject *)&PyRange_Type},
    {"reversed", (PyObject *)&PyReversed_Type},
    {"set", (PyObject *)&PySet_Type},
    {"slice", (PyObject *)&PySlice_Type},
    {"staticmethod", (PyObject *)&PyStaticMethod_Type},
    {"str", (PyObject *)&PyUnicode_Type},
    {"super", (PyObject *)&PySuper_Type},
    {"tuple", (PyObject *)&PyTuple_Type},
    {"type", (PyObject *)&PyType_Type},
    {"zip", (PyObject *)&PyZip_Type},
};

/* Makes the module and hangs its dictionary on the interpreter. BORROWED (sys.modules owns it). */
PyObject *builtins_create(PyThreadState *tstate)
{
    PyInterpreterState *interp = tstate->interp;
    PyObject *module = _PyModule_CreateInitialized(&builtins_module, PYTHON_API_VERSION);
    if (!module || PyModule_AddFunctions(module, builtins_iter_methods) < 0 ||
        PyModule_AddFunctions(module, builtins_code_methods) < 0 ||
        PyModule_AddFunctions(module, builtins_io_methods) < 0)
        return NULL;
    PyObject *dict = PyModule_GetDict(module);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (PyDict_SetItemString(dict, names[i].name, names[i].value) < 0)
            return NULL;
    PyObject *debug = PyBool_FromLong(interp->config.optimization_level == 0);
    int rc = PyDict_SetItemString(dict, "__debug__", debug);
    Py_DECREF(debug);
    if (rc < 0 || _PyImport_FixupBuiltin(module, "builtins", interp->modules) < 0)
        return NULL;
    interp->builtins = Py_NewRef(dict);
    interp->import_func = Py_XNewRef(PyDict_GetItemWithError(dict, ID(__import__)));
    interp->callable_cache.isinstance = Py_XNewRef(PyDict_GetItemString(dict, "isinstance"));
    interp->callable_cache.len = Py_XNewRef(PyDict_GetItemString(dict, "len"));
    interp->callable_cache.list_append = Py_XNewRef(_PyType_Lookup(&PyList_Type, ID(append)));
    return interp->import_func ? module : NULL;
}
