/* SPDX-License-Identifier: MIT
 *
 * Functions: code plus globals, defaults and closure. Calls go through _PyFunction_Vectorcall
 * (src/vm/call.c); the machine's own calls never come here but push a frame.
 *
 *  F1 func_version, 0 at first, is handed out when a cache wants to name "this code with these
 *     defaults"; setting __code__, __defaults__ or __kwdefaults__ drops it, and a version is never
 *     used twice.
 *  F2 func_defaults is a tuple, func_kwdefaults a dict, func_closure a tuple of as many cells as
 *     the code has free variables; NULL where there are none.
 *  F3 func_annotations is a dict, or still the tuple that MAKE_FUNCTION left.
 */
#include "modules/args.h"
#include "vm/vm_impl.h"

static uint32_t next_version = 1; /* process wide: versions are compared across interpreters too */

/* F1. 0: not to be cached. */
uint32_t function_version(PyFunctionObject *func)
{
    if (func->func_version == 0 && func->vectorcall == _PyFunction_Vectorcall
        && next_version != 0) {
        func->func_version = next_version++;
    }
    return func->func_version;
}

/* -- Making ------------------------------------------------------------------------------------ */

static PyFunctionObject *function_alloc(void)
{
    PyFunctionObject *func = PyObject_GC_New(PyFunctionObject, &PyFunction_Type);
    if (func != NULL) {
        func->func_doc = func->func_dict = func->func_weakreflist = NULL;
        func->func_module = func->func_annotations = NULL;
        func->vectorcall = _PyFunction_Vectorcall;
        func->func_version = 0;
    }
    return func;
}

/* For PyEval_EvalCodeEx, whose caller has all parts in hand. */
PyFunctionObject *function_from_parts(PyFrameConstructor *parts)
{
    PyFunctionObject *func = function_alloc();
    if (func == NULL) {
        return NULL;
    }
    func->func_globals = Py_XNewRef(parts->fc_globals);
    func->func_builtins = Py_XNewRef(parts->fc_builtins);
    func->func_name = Py_XNewRef(parts->fc_name);
    func->func_qualname = Py_XNewRef(parts->fc_qualname);
    func->func_code = Py_XNewRef(parts->fc_code);
    func->func_defaults = Py_XNewRef(parts->fc_defaults);
    func->func_kwdefaults = Py_XNewRef(parts->fc_kwdefaults);
    func->func_closure = Py_XNewRef(parts->fc_closure);
    PyObject_GC_Track(func);
    return func;
}

/* MAKE_FUNCTION. Builtins are looked up once here, not at each call. */
PyObject *PyFunction_NewWithQualName(PyObject *code_obj, PyObject *globals, PyObject *qualname)
{
    PyThreadState *tstate = tstate_get();
    PyCodeObject *code = (PyCodeObject *)code_obj;
    PyObject *module = PyDict_GetItemWithError(globals, ID(__name__));
    if (module == NULL && PyErr_Occurred()) {
        return NULL;
    }
    PyObject *builtins = vm_builtins_of(tstate, globals);
    if (builtins == NULL) {
        return NULL;
    }
    PyFunctionObject *func = function_alloc();
    if (func == NULL) {
        return NULL;
    }
    PyObject *doc = PyTuple_GET_SIZE(code->co_consts) > 0 ? PyTuple_GET_ITEM(code->co_consts, 0)
                                                          : Py_None;
    func->func_globals = Py_NewRef(globals);
    func->func_builtins = Py_NewRef(builtins);
    func->func_name = Py_NewRef(code->co_name);
    func->func_qualname = Py_NewRef(qualname != NULL ? qualname : code->co_qualname);
    func->func_code = Py_NewRef(code_obj);
    func->func_defaults = func->func_kwdefaults = func->func_closure = NULL;
    func->func_doc = Py_NewRef(PyUnicode_Check(doc) ? doc : Py_None);
    func->func_module = Py_XNewRef(module);
    PyObject_GC_Track(func);
    return (PyObject *)func;
}

PyObject *PyFunction_New(PyObject *code, PyObject *globals)
{
    return PyFunction_NewWithQualName(code, globals, NULL);
}

/* -- Attributes -------------------------------------------------------------------------------- */

static PyObject *func_get_code(PyFunctionObject *func, void *closure)
{
    if (PySys_Audit("object.__getattr__", "Os", func, "__code__") < 0) {
        return NULL;
    }
    return Py_NewRef(func->func_code);
}

/* F1, F2: the new code must have as many free variables. */
static int func_set_code(PyFunctionObject *func, PyObject *value, void *closure)
{
    if (value == NULL || !PyCode_Check(value)) {
        PyErr_SetString(PyExc_TypeError, "__code__ must be set to a code object");
        return -1;
    }
    if (PySys_Audit("object.__setattr__", "OsO", func, "__code__", value) < 0) {
        return -1;
    }
    Py_ssize_t want = ((PyCodeObject *)value)->co_nfreevars;
    Py_ssize_t have = func->func_closure == NULL ? 0 : PyTuple_GET_SIZE(func->func_closure);
    if (want != have) {
        PyErr_Format(PyExc_ValueError, "%U() requires a code object with %zd free vars, not %zd",
                     func->func_name, have, want);
        return -1;
    }
    func->func_version = 0;
    Py_INCREF(value);
    Py_XSETREF(func->func_code, value);
    return 0;
}

static PyObject *func_get_name(PyFunctionObject *func, void *closure)
{
    return Py_NewRef(func->func_name);
}

static PyObject *func_get_qualname(PyFunctionObject *func, void *closure)
{
    return Py_NewRef(func->func_qualname);
}

static int func_set_str(PyObject **slot, PyObject *value, const char *what)
{
    if (value == NULL || !PyUnicode_Check(value)) {
        PyErr_Format(PyExc_TypeError, "%s must be set to a string object", what);
        return -1;
    }
    Py_INCREF(value);
    Py_XSETREF(*slot, value);
    return 0;
}

static int func_set_name(PyFunctionObject *func, PyObject *value, void *closure)
{
    return func_set_str(&func->func_name, value, "__name__");
}

static int func_set_qualname(PyFunctionObject *func, PyObject *value, void *closure)
{
    return func_set_str(&func->func_qualname, value, "__qualname__");
}

static PyObject *func_get_defaults(PyFunctionObject *func, void *closure)
{
    if (PySys_Audit("object.__getattr__", "Os", func, "__defaults__") < 0) {
        return NULL;
    }
    return Py_NewRef(func->func_defaults != NULL ? func->func_defaults : Py_None);
}

static PyObject *func_get_kwdefaults(PyFunctionObject *func, void *closure)
{
    if (PySys_Audit("object.__getattr__", "Os", func, "__kwdefaults__") < 0) {
        return NULL;
    }
    return Py_NewRef(func->func_kwdefaults != NULL ? func->func_kwdefaults : Py_None);
}

static int func_audit_set(PyFunctionObject *func, const char *name, PyObject *value)
{
    return value != NULL ? PySys_Audit("object.__setattr__", "OsO", func, name, value)
                         : PySys_Audit("object.__delattr__", "Os", func, name);
}

static int func_set_defaults(PyFunctionObject *func, PyObject *value, void *closure)
{
    value = value == Py_None ? NULL : value;
    if (value != NULL && !PyTuple_Check(value)) {
        PyErr_SetString(PyExc_TypeError, "__defaults__ must be set to a tuple object");
        return -1;
    }
    if (func_audit_set(func, "__defaults__", value) < 0) {
        return -1;
    }
    func->func_version = 0;
    Py_XINCREF(value);
    Py_XSETREF(func->func_defaults, value);
    return 0;
}

static int func_set_kwdefaults(PyFunctionObject *func, PyObject *value, void *closure)
{
    value = value == Py_None ? NULL : value;
    if (value != NULL && !PyDict_Check(value)) {
        PyErr_SetString(PyExc_TypeError, "__kwdefaults__ must be set to a dict object");
        return -1;
    }
    if (func_audit_set(func, "__kwdefaults__", value) < 0) {
        return -1;
    }
    func->func_version = 0;
    Py_XINCREF(value);
    Py_XSETREF(func->func_kwdefaults, value);
    return 0;
}

/* MAKE_FUNCTION leaves a tuple name, value, name, value ...; the
   dict is made when somebody looks. BORROWED. */
static PyObject *function_annotations(PyFunctionObject *func)
{
    PyObject *notes = func->func_annotations;
    if (notes == NULL || !PyTuple_CheckExact(notes)) {
        return notes;
    }
    PyObject *dict = PyDict_New();
    if (dict == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i + 1 < PyTuple_GET_SIZE(notes); i += 2) {
        if (PyDict_SetItem(dict, PyTuple_GET_ITEM(notes, i), PyTuple_GET_ITEM(notes, i + 1)) < 0) {
            Py_DECREF(dict);
            return NULL;
        }
    }
    Py_SETREF(func->func_annotations, dict);
    return dict;
}

static PyObject *func_get_annotations(PyFunctionObject *func, void *closure)
{
    if (func->func_annotations == NULL && (func->func_annotations = PyDict_New()) == NULL) {
        return NULL;
    }
    return Py_XNewRef(function_annotations(func));
}

static int func_set_annotations(PyFunctionObject *func, PyObject *value, void *closure)
{
    value = value == Py_None ? NULL : value;
    if (value != NULL && !PyDict_Check(value)) {
        PyErr_SetString(PyExc_TypeError, "__annotations__ must be set to a dict object");
        return -1;
    }
    func->func_version = 0;
    Py_XINCREF(value);
    Py_XSETREF(func->func_annotations, value);
    return 0;
}

static PyMemberDef func_members[] = {
    {"__closure__", T_OBJECT, offsetof(PyFunctionObject, func_closure), READONLY, NULL},
    {"__doc__", T_OBJECT, offsetof(PyFunctionObject, func_doc), 0, NULL},
    {"__globals__", T_OBJECT, offsetof(PyFunctionObject, func_globals), READONLY, NULL},
    {"__module__", T_OBJECT, offsetof(PyFunctionObject, func_module), 0, NULL},
    {"__builtins__", T_OBJECT, offsetof(PyFunctionObject, func_builtins), READONLY, NULL},
    {0},
};

static PyGetSetDef func_getset[] = {
    {"__code__", (getter)func_get_code, (setter)func_set_code, NULL, NULL},
    {"__defaults__", (getter)func_get_defaults, (setter)func_set_defaults, NULL, NULL},
    {"__kwdefaults__", (getter)func_get_kwdefaults, (setter)func_set_kwdefaults, NULL, NULL},
    {"__annotations__", (getter)func_get_annotations, (setter)func_set_annotations, NULL, NULL},
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL},
    {"__name__", (getter)func_get_name, (setter)func_set_name, NULL, NULL},
    {"__qualname__", (getter)func_get_qualname, (setter)func_set_qualname, NULL, NULL},
    {0},
};

/* -- function(code, globals, ...) -------------------------------------------------------------- */

PyDoc_STRVAR(func_doc,
"function(code, globals, name=None, argdefs=None, closure=None)\n"
"--\n"
"\n"
"A function made by hand.\n"
"\n"
"  code\n"
"    what it does, a code object\n"
"  globals\n"
"    the dictionary of the module that it sees\n"
"  name\n"
"    its name, by default that of the code\n"
"  argdefs\n"
"    defaults of its last positional parameters, a tuple\n"
"  closure\n"
"    one cell for each free variable of the code, a tuple");

/* F2 */
static int func_check_closure(PyCodeObject *code, PyObject *closure)
{
    Py_ssize_t want = code->co_nfreevars;
    if (!PyTuple_Check(closure)) {
        if (want && closure == Py_None) {
            PyErr_SetString(PyExc_TypeError, "arg 5 (closure) must be tuple");
            return -1;
        }
        if (closure != Py_None) {
            PyErr_SetString(PyExc_TypeError, "arg 5 (closure) must be None or tuple");
            return -1;
        }
    }
    Py_ssize_t have = closure == Py_None ? 0 : PyTuple_GET_SIZE(closure);
    if (want != have) {
        PyErr_Format(PyExc_ValueError, "%U requires closure of length %zd, not %zd", code->co_name,
                     want, have);
        return -1;
    }
    for (Py_ssize_t i = 0; i < have; i++) {
        PyObject *cell = PyTuple_GET_ITEM(closure, i);
        if (!PyCell_Check(cell)) {
            PyErr_Format(PyExc_TypeError, "arg 5 (closure) expected cell, found %s",
                         Py_TYPE(cell)->tp_name);
            return -1;
        }
    }
    return 0;
}

/* function(code, globals, …); the number of cells is checked. */
static PyObject *func_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    ARGS("OO|OOO:function", "code", "globals", "name", "argdefs", "closure");
    PyObject *row[5];
    if (!ROW_TUPLE(row, 2, 5)) {
        return NULL;
    }
    if (!PyCode_Check(row[0]) || !PyDict_Check(row[1])) {
        bool first = !PyCode_Check(row[0]);
        _PyArg_BadArgument("function", first ? "argument 'code'" : "argument 'globals'",
                           first ? "code" : "dict", row[first ? 0 : 1]);
        return NULL;
    }
    PyCodeObject *code = (PyCodeObject *)row[0];
    PyObject *globals = row[1], *name = row[2] ? row[2] : Py_None,
             *defaults = row[3] ? row[3] : Py_None, *closure = row[4] ? row[4] : Py_None;
    if (name != Py_None && !PyUnicode_Check(name)) {
        PyErr_SetString(PyExc_TypeError, "arg 3 (name) must be None or string");
        return NULL;
    }
    if (defaults != Py_None && !PyTuple_Check(defaults)) {
        PyErr_SetString(PyExc_TypeError, "arg 4 (defaults) must be None or tuple");
        return NULL;
    }
    if (func_check_closure(code, closure) < 0
        || PySys_Audit("function.__new__", "O", code) < 0) {
        return NULL;
    }
    PyFunctionObject *func = (PyFunctionObject *)PyFunction_New((PyObject *)code, globals);
    if (func == NULL) {
        return NULL;
    }
    if (name != Py_None) {
        Py_SETREF(func->func_name, Py_NewRef(name));
    }
    if (defaults != Py_None) {
        func->func_defaults = Py_NewRef(defaults);
    }
    if (closure != Py_None) {
        func->func_closure = Py_NewRef(closure);
    }
    return (PyObject *)func;
}

/* -- Slots ------------------------------------------------------------------------------------- */

/* Name and qualified name become empty strings instead of NULL: repr may still be asked. */
static int func_clear(PyFunctionObject *func)
{
    func->func_version = 0;
    Py_CLEAR(func->func_globals);
    Py_CLEAR(func->func_builtins);
    Py_CLEAR(func->func_module);
    Py_CLEAR(func->func_defaults);
    Py_CLEAR(func->func_kwdefaults);
    Py_CLEAR(func->func_doc);
    Py_CLEAR(func->func_dict);
    Py_CLEAR(func->func_closure);
    Py_CLEAR(func->func_annotations);
    /* Whoever still sees a cleared function may ask for these: strings give way to empty ones
       (subclasses of str can be part of a cycle), the code stays. */
    Py_SETREF(func->func_name, Py_NewRef(EMPTY_STR));
    Py_SETREF(func->func_qualname, Py_NewRef(EMPTY_STR));
    return 0;
}

static void func_dealloc(PyFunctionObject *func)
{
    PyObject_GC_UnTrack(func);
    if (func->func_weakreflist != NULL) {
        PyObject_ClearWeakRefs((PyObject *)func);
    }
    (void)func_clear(func);
    Py_DECREF(func->func_code);
    Py_DECREF(func->func_name);
    Py_DECREF(func->func_qualname);
    PyObject_GC_Del(func);
}

static PyObject *func_repr(PyFunctionObject *func)
{
    return PyUnicode_FromFormat("<function %U at %p>", func->func_qualname, func);
}

static int func_traverse(PyFunctionObject *func, visitproc visit, void *arg)
{
    Py_VISIT(func->func_code);
    Py_VISIT(func->func_globals);
    Py_VISIT(func->func_builtins);
    Py_VISIT(func->func_module);
    Py_VISIT(func->func_defaults);
    Py_VISIT(func->func_kwdefaults);
    Py_VISIT(func->func_doc);
    Py_VISIT(func->func_name);
    Py_VISIT(func->func_dict);
    Py_VISIT(func->func_closure);
    Py_VISIT(func->func_annotations);
    Py_VISIT(func->func_qualname);
    return 0;
}

static PyObject *func_descr_get(PyObject *func, PyObject *obj, PyObject *type)
{
    return obj == NULL || obj == Py_None ? Py_NewRef(func) : PyMethod_New(func, obj);
}

PyTypeObject PyFunction_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "function",
    .tp_basicsize = sizeof(PyFunctionObject),
    .tp_dealloc = (destructor)func_dealloc,
    .tp_vectorcall_offset = offsetof(PyFunctionObject, vectorcall),
    .tp_repr = (reprfunc)func_repr,
    .tp_call = PyVectorcall_Call,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL
                | Py_TPFLAGS_METHOD_DESCRIPTOR,
    .tp_doc = func_doc,
    .tp_traverse = (traverseproc)func_traverse,
    .tp_clear = (inquiry)func_clear,
    .tp_weaklistoffset = offsetof(PyFunctionObject, func_weakreflist),
    .tp_members = func_members,
    .tp_getset = func_getset,
    .tp_descr_get = func_descr_get,
    .tp_dictoffset = offsetof(PyFunctionObject, func_dict),
    .tp_new = func_new,
};

/* -- C API ------------------------------------------------------------------------------------- */

/* Declares func, or leaves the function with SystemError. The getters below give BORROWED
   references. */
#define FUNCTION_OR_FAIL(op, failure)     \
    if (!PyFunction_Check(op)) {          \
        PyErr_BadInternalCall();          \
        return failure;                   \
    }                                     \
    PyFunctionObject *func = (PyFunctionObject *)(op)

PyObject *PyFunction_GetCode(PyObject *op) { FUNCTION_OR_FAIL(op, NULL); return func->func_code; }
PyObject *PyFunction_GetGlobals(PyObject *op)
{
    FUNCTION_OR_FAIL(op, NULL);
    return func->func_globals;
}
PyObject *PyFunction_GetModule(PyObject *op)
{
    FUNCTION_OR_FAIL(op, NULL);
    return func->func_module;
}
PyObject *PyFunction_GetDefaults(PyObject *op)
{
    FUNCTION_OR_FAIL(op, NULL);
    return func->func_defaults;
}
PyObject *PyFunction_GetKwDefaults(PyObject *op)
{
    FUNCTION_OR_FAIL(op, NULL);
    return func->func_kwdefaults;
}
PyObject *PyFunction_GetClosure(PyObject *op)
{
    FUNCTION_OR_FAIL(op, NULL);
    return func->func_closure;
}
PyObject *PyFunction_GetAnnotations(PyObject *op)
{
    FUNCTION_OR_FAIL(op, NULL);
    return function_annotations(func);
}

/* Shared by the setters: None means NULL; anything else must be of the given kind. */
static int function_set(PyFunctionObject *func, PyObject **slot, PyObject *value, int ok,
                        const char *message)
{
    if (value == Py_None) {
        value = NULL;
    }
    else if (value == NULL || !ok) {
        PyErr_Format(PyExc_SystemError, message, value != NULL ? Py_TYPE(value)->tp_name : "NULL");
        return -1;
    }
    func->func_version = 0;
    Py_XINCREF(value);
    Py_XSETREF(*slot, value);
    return 0;
}

int PyFunction_SetDefaults(PyObject *op, PyObject *value)
{
    FUNCTION_OR_FAIL(op, -1);
    return function_set(func, &func->func_defaults, value, value && PyTuple_Check(value),
                        "non-tuple default args");
}

int PyFunction_SetKwDefaults(PyObject *op, PyObject *value)
{
    FUNCTION_OR_FAIL(op, -1);
    return function_set(func, &func->func_kwdefaults, value, value && PyDict_Check(value),
                        "non-dict keyword only default args");
}

int PyFunction_SetClosure(PyObject *op, PyObject *value)
{
    FUNCTION_OR_FAIL(op, -1);
    return function_set(func, &func->func_closure, value, value && PyTuple_Check(value),
                        "expected tuple for closure, got '%.100s'");
}

int PyFunction_SetAnnotations(PyObject *op, PyObject *value)
{
    FUNCTION_OR_FAIL(op, -1);
    return function_set(func, &func->func_annotations, value, value && PyDict_Check(value),
                        "non-dict annotations");
}
