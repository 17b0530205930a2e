/* SPDX-License-Identifier: MIT
 *
 * What can be done with any object: text forms, comparison, hash, truth, attributes, dir(). Each
 * function is a dispatch on one or two type slots plus the checks of what came back.
 *
 *   function               slots, in the order asked
 *   PyObject_Repr          tp_repr
 *   PyObject_Str           tp_str, else repr
 *   PyObject_RichCompare   tp_richcompare of a subclass on the right, of the left, of the right
 *   PyObject_Hash          tp_hash
 *   PyObject_IsTrue        nb_bool, mp_length, sq_length; none of them: true
 *   PyObject_GetAttr       tp_getattro, tp_getattr
 *
 * Functions that call into types check for signals or recursion where 3.11 does, so that a loop of
 * such calls can be interrupted and a deep one ends in RecursionError.
 */
#include "objects/compare.h"
#include "objects/module.h"
#include "objects/type/type.h"

/* -- Text ------------------------------------------------------------------------------------ */

/* STEALS text; TypeError when a method gave something else than a str. */
static PyObject *checked_text(PyObject *text, const char *method)
{
    if (text && !PyUnicode_Check(text)) {
        PyErr_Format(PyExc_TypeError, "%s returned non-string (type %.200s)", method,
                     Py_TYPE(text)->tp_name);
        Py_CLEAR(text);
    }
    return text;
}

/* TypeError unless it is a str. NULL op: "<NULL>", for debuggers. */
PyObject *PyObject_Repr(PyObject *op)
{
    if (PyErr_CheckSignals()) {
        return NULL;
    }
    if (op == NULL) {
        return PyUnicode_FromString("<NULL>");
    }
    if (Py_TYPE(op)->tp_repr == NULL) {
        return PyUnicode_FromFormat("<%s object at %p>", Py_TYPE(op)->tp_name, op);
    }
    if (Py_EnterRecursiveCall(" while getting the repr of an object")) {
        return NULL;
    }
    PyObject *text = Py_TYPE(op)->tp_repr(op);
    Py_LeaveRecursiveCall();
    return checked_text(text, "__repr__");
}

/* An exact str is itself. */
PyObject *PyObject_Str(PyObject *op)
{
    if (op == NULL) {
        return PyUnicode_FromString("<NULL>");
    }
    if (PyUnicode_CheckExact(op)) {
        return Py_NewRef(op);
    }
    if (Py_TYPE(op)->tp_str == NULL) {
        return PyObject_Repr(op);
    }
    if (Py_EnterRecursiveCall(" while getting the str of an object")) {
        return NULL;
    }
    PyObject *text = Py_TYPE(op)->tp_str(op);
    Py_LeaveRecursiveCall();
    return checked_text(text, "__str__");
}

/* repr() with everything beyond ASCII escaped. */
PyObject *PyObject_ASCII(PyObject *op)
{
    PyObject *repr = PyObject_Repr(op);
    if (repr == NULL || PyUnicode_IS_ASCII(repr)) {
        return repr;
    }
    static const char digits[] = "0123456789abcdef";
    Py_ssize_t n = PyUnicode_GET_LENGTH(repr), size = 0;
    int kind = PyUnicode_KIND(repr);
    const void *s = PyUnicode_DATA(repr);
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, s, i);
        size += c < 128 ? 1 : c < 256 ? 4 : c < 65536 ? 6 : 10;
    }
    PyObject *result = size < 0 ? PyErr_NoMemory() : PyUnicode_New(size, 127);
    Py_UCS1 *out = result ? PyUnicode_1BYTE_DATA(result) : NULL;
    for (Py_ssize_t i = 0; result && i < n; i++) {
        Py_UCS4 c = PyUnicode_READ(kind, s, i);
        if (c < 128) {
            *out++ = (Py_UCS1)c;
            continue;
        }
        int places = c < 256 ? 2 : c < 65536 ? 4 : 8;
        *out++ = '\\';
        *out++ = places == 2 ? 'x' : places == 4 ? 'u' : 'U';
        while (places-- > 0) {
            *out++ = (Py_UCS1)digits[c >> (4 * places) & 15];
        }
    }
    Py_DECREF(repr);
    return result;
}

/* __bytes__, else bytes(op). */
PyObject *PyObject_Bytes(PyObject *op)
{
    if (op == NULL) {
        return PyBytes_FromString("<NULL>");
    }
    if (PyBytes_CheckExact(op)) {
        return Py_NewRef(op);
    }
    PyObject *func = _PyObject_LookupSpecial(op, ID(__bytes__));
    if (func == NULL) {
        return PyErr_Occurred() ? NULL : PyBytes_FromObject(op);
    }
    PyObject *result = PyObject_CallNoArgs(func);
    Py_DECREF(func);
    if (result && !PyBytes_Check(result)) {
        PyErr_Format(PyExc_TypeError, "__bytes__ returned non-bytes (type %.200s)",
                     Py_TYPE(result)->tp_name);
        Py_CLEAR(result);
    }
    return result;
}

/* "module.qualname()" of a function, for messages. */
PyObject *_PyObject_FunctionStr(PyObject *func)
{
    PyObject *qualname, *module, *result = NULL;
    int r = _PyObject_LookupAttr(func, ID(__qualname__), &qualname);
    if (qualname == NULL) {
        return r < 0 ? NULL : PyObject_Str(func);
    }
    r = _PyObject_LookupAttr(func, ID(__module__), &module);
    if (r >= 0 && module && module != Py_None) {
        r = PyObject_RichCompareBool(module, ID(builtins), Py_NE);
        if (r > 0) {
            result = PyUnicode_FromFormat("%S.%S()", module, qualname);
            goto done;
        }
    }
    if (r >= 0) {
        result = PyUnicode_FromFormat("%S()", qualname);
    }
done:
    Py_DECREF(qualname);
    Py_XDECREF(module);
    return result;
}

static int print_text(PyObject *op, FILE *fp, int flags)
{
    PyObject *text = flags & Py_PRINT_RAW ? PyObject_Str(op) : PyObject_Repr(op);
    PyObject *bytes = text ? PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace") : NULL;
    Py_XDECREF(text);
    if (bytes == NULL) {
        return -1;
    }
    fwrite(PyBytes_AS_STRING(bytes), 1, (size_t)PyBytes_GET_SIZE(bytes), fp);
    Py_DECREF(bytes);
    return 0;
}

/* To a C stream; errors of the stream become OSError. */
int PyObject_Print(PyObject *op, FILE *fp, int flags)
{
    int r = 0;
    if (PyErr_CheckSignals()) {
        return -1;
    }
    clearerr(fp);
    if (op == NULL) {
        fputs("<nil>", fp);
    }
    else if (Py_REFCNT(op) <= 0) {
        fprintf(fp, "<refcnt %zd at %p>", Py_REFCNT(op), (void *)op);
    }
    else {
        r = print_text(op, fp, flags);
    }
    if (r == 0 && ferror(fp)) {
        PyErr_SetFromErrno(PyExc_OSError);
        clearerr(fp);
        r = -1;
    }
    return r;
}

/* -- Recursive containers -------------------------------------------------------------------- */

/* A container that holds itself would print for ever. Its repr enters itself into a list of the
   thread first and leaves it at the end; meeting itself again it prints "[...]". */

/* 1: repr of this object is being made already; the objects
   in work are a list in the thread's dict. */
int Py_ReprEnter(PyObject *op)
{
    PyObject *dict = PyThreadState_GetDict();
    if (dict == NULL) {
        return 0;
    }
    PyObject *list = PyDict_GetItemWithError(dict, ID(Py_Repr));
    if (list == NULL) {
        if (PyErr_Occurred() || (list = PyList_New(0)) == NULL) {
            return -1;
        }
        int r = PyDict_SetItem(dict, ID(Py_Repr), list);
        Py_DECREF(list);
        if (r < 0) {
            return -1;
        }
    }
    for (Py_ssize_t i = PyList_GET_SIZE(list); i-- > 0;) {
        if (PyList_GET_ITEM(list, i) == op) {
            return 1;
        }
    }
    return PyList_Append(list, op);
}

/* Keeps an exception that is set: repr may have failed. */
void Py_ReprLeave(PyObject *op)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyObject *dict = PyThreadState_GetDict();
    PyObject *list = dict ? PyDict_GetItemWithError(dict, ID(Py_Repr)) : NULL;
    if (list && PyList_Check(list)) {
        for (Py_ssize_t i = PyList_GET_SIZE(list); i-- > 0;) {
            if (PyList_GET_ITEM(list, i) == op) {
                PyList_SetSlice(list, i, i + 1, NULL);
                break;
            }
        }
    }
    PyErr_Restore(type, value, traceback);
}

/* -- Comparison ------------------------------------------------------------------------------ */

/* The operator that means the same with operands exchanged. */
EXPORT int _Py_SwappedOp[] = {Py_GT, Py_GE, Py_EQ, Py_NE, Py_LT, Py_LE};

static const char *const op_names[] = {"<", "<=", "==", "!=", ">", ">="};

/* == and != fall back on identity, the others raise TypeError. A right operand of a subclass is
   asked first, so that it can refine what its base does. */
static PyObject *compare(PyObject *v, PyObject *w, int op)
{
    richcmpfunc f;
    bool tried_reverse = false;
    if (!Py_IS_TYPE(v, Py_TYPE(w)) && PyType_IsSubtype(Py_TYPE(w), Py_TYPE(v))
        && (f = Py_TYPE(w)->tp_richcompare) != NULL) {
        tried_reverse = true;
        PyObject *r = f(w, v, _Py_SwappedOp[op]);
        if (r != Py_NotImplemented) {
            return r;
        }
        Py_DECREF(r);
    }
    if ((f = Py_TYPE(v)->tp_richcompare) != NULL) {
        PyObject *r = f(v, w, op);
        if (r != Py_NotImplemented) {
            return r;
        }
        Py_DECREF(r);
    }
    if (!tried_reverse && (f = Py_TYPE(w)->tp_richcompare) != NULL) {
        PyObject *r = f(w, v, _Py_SwappedOp[op]);
        if (r != Py_NotImplemented) {
            return r;
        }
        Py_DECREF(r);
    }
    switch (op) {
    case Py_EQ: return Py_NewRef(v == w ? Py_True : Py_False);
    case Py_NE: return Py_NewRef(v != w ? Py_True : Py_False);
    }
    PyErr_Format(PyExc_TypeError, "'%s' not supported between instances of '%.100s' and '%.100s'",
                 op_names[op], Py_TYPE(v)->tp_name, Py_TYPE(w)->tp_name);
    return NULL;
}

/* Common types are compared without the recursion check (compare.h). */
PyObject *PyObject_RichCompare(PyObject *v, PyObject *w, int op)
{
    if (v == NULL || w == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_BadInternalCall();
        }
        return NULL;
    }
    int simple = compare_simple(v, w, op);
    if (simple >= 0) {
        return Py_NewRef(simple ? Py_True : Py_False);
    }
    if (Py_EnterRecursiveCall(" in comparison")) {
        return NULL;
    }
    PyObject *result = compare(v, w, op);
    Py_LeaveRecursiveCall();
    return result;
}

/* An object equals itself here, whatever its __eq__ says: containers rely on it. 1, 0, -1. */
int PyObject_RichCompareBool(PyObject *v, PyObject *w, int op)
{
    if (v == w) {
        if (op == Py_EQ) {
            return 1;
        }
        if (op == Py_NE) {
            return 0;
        }
    }
    if (LIKELY(v != NULL && w != NULL)) {
        int simple = compare_simple(v, w, op);
        if (simple >= 0) {
            return simple;
        }
        if (PyUnicode_CheckExact(v) && PyUnicode_CheckExact(w) && PyUnicode_IS_READY(v)
            && PyUnicode_IS_READY(w)) {
            return compare_sign(PyUnicode_Compare(v, w), op);
        }
    }
    PyObject *result = PyObject_RichCompare(v, w, op);
    if (result == NULL) {
        return -1;
    }
    int r = PyBool_Check(result) ? result == Py_True : PyObject_IsTrue(result);
    Py_DECREF(result);
    return r;
}

/* -- Hash and truth -------------------------------------------------------------------------- */

Py_hash_t PyObject_HashNotImplemented(PyObject *op)
{
    PyErr_Format(PyExc_TypeError, "unhashable type: '%.200s'", Py_TYPE(op)->tp_name);
    return -1;
}

/* -1 is always an error. */
Py_hash_t PyObject_Hash(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    if (LIKELY(type->tp_hash != NULL)) {
        return type->tp_hash(op);
    }
    /* A static type that nobody readied inherits its hash first. */
    if (type->tp_dict == NULL) {
        if (PyType_Ready(type) < 0) {
            return -1;
        }
        if (type->tp_hash) {
            return type->tp_hash(op);
        }
    }
    return PyObject_HashNotImplemented(op);
}

/* 1, 0, -1. */
int PyObject_IsTrue(PyObject *op)
{
    if (op == Py_True) {
        return 1;
    }
    if (op == Py_False || op == Py_None) {
        return 0;
    }
    PyTypeObject *type = Py_TYPE(op);
    Py_ssize_t r;
    if (type == &PyLong_Type) {
        return Py_SIZE(op) != 0;
    }
    if (type->tp_as_number && type->tp_as_number->nb_bool) {
        r = type->tp_as_number->nb_bool(op);
    }
    else if (type->tp_as_mapping && type->tp_as_mapping->mp_length) {
        r = type->tp_as_mapping->mp_length(op);
    }
    else if (type->tp_as_sequence && type->tp_as_sequence->sq_length) {
        r = type->tp_as_sequence->sq_length(op);
    }
    else {
        return 1;
    }
    return r > 0 ? 1 : Py_SAFE_DOWNCAST(r, Py_ssize_t, int);
}

int PyObject_Not(PyObject *op)
{
    int r = PyObject_IsTrue(op);
    return r < 0 ? r : !r;
}

int PyCallable_Check(PyObject *op)
{
    return op != NULL && Py_TYPE(op)->tp_call != NULL;
}

PyObject *PyObject_SelfIter(PyObject *op)
{
    return Py_NewRef(op);
}

PyObject *_PyObject_NextNotImplemented(PyObject *op)
{
    PyErr_Format(PyExc_TypeError, "'%.200s' object is not iterable", Py_TYPE(op)->tp_name);
    return NULL;
}

/* -- Attributes ------------------------------------------------------------------------------ */

/* Public entry points around tp_getattro and tp_setattro. The lookups that may fail quietly
   (_PyObject_LookupAttr) avoid making an exception that would only be thrown away: hasattr and
   getattr with a default are frequent. */

static bool check_name(PyObject *name)
{
    if (UNLIKELY(!PyUnicode_Check(name))) {
        PyErr_Format(PyExc_TypeError, "attribute name must be string, not '%.200s'",
                     Py_TYPE(name)->tp_name);
        return false;
    }
    return true;
}

/* An AttributeError is told name and object, for suggestions. */
PyObject *PyObject_GetAttr(PyObject *op, PyObject *name)
{
    PyTypeObject *type = Py_TYPE(op);
    PyObject *result = NULL;
    if (!check_name(name)) {
        return NULL;
    }
    if (LIKELY(type->tp_getattro != NULL)) {
        result = type->tp_getattro(op, name);
    }
    else if (type->tp_getattr) {
        const char *text = PyUnicode_AsUTF8(name);
        if (text == NULL) {
            return NULL;
        }
        result = type->tp_getattr(op, (char *)text);
    }
    else {
        PyErr_Format(PyExc_AttributeError, "'%.50s' object has no attribute '%U'", type->tp_name,
                     name);
    }
    if (UNLIKELY(result == NULL)) {
        attribute_error_set_context(op, name);
    }
    return result;
}

/* 1: *result is the attribute; 0: there is none; -1: error. No
   AttributeError is made where that can be avoided. */
int _PyObject_LookupAttr(PyObject *op, PyObject *name, PyObject **result)
{
    PyTypeObject *type = Py_TYPE(op);
    if (!check_name(name)) {
        *result = NULL;
        return -1;
    }
    if (type->tp_getattro == PyObject_GenericGetAttr) {
        *result = _PyObject_GenericGetAttrWithDict(op, name, NULL, 1);
    }
    else if (type->tp_getattro == (getattrofunc)type_getattro) {
        *result = type_getattro_quiet((PyTypeObject *)op, name);
    }
    else if (type->tp_getattro == (getattrofunc)module_getattro) {
        *result = module_getattro_quiet((PyModuleObject *)op, name);
    }
    else if (type->tp_getattro) {
        *result = type->tp_getattro(op, name);
    }
    else if (type->tp_getattr) {
        const char *text = PyUnicode_AsUTF8(name);
        *result = text ? type->tp_getattr(op, (char *)text) : NULL;
    }
    else {
        *result = NULL;
        return 0;
    }
    if (*result) {
        return 1;
    }
    if (!PyErr_Occurred()) {
        return 0;
    }
    if (!PyErr_ExceptionMatches(PyExc_AttributeError)) {
        return -1;
    }
    PyErr_Clear();
    return 0;
}

int _PyObject_LookupAttrId(PyObject *op, _Py_Identifier *id, PyObject **result)
{
    PyObject *name = _PyUnicode_FromId(id);
    if (name == NULL) {
        *result = NULL;
        return -1;
    }
    return _PyObject_LookupAttr(op, name, result);
}

/* Swallows every exception, as documented. */
int PyObject_HasAttr(PyObject *op, PyObject *name)
{
    PyObject *value;
    if (_PyObject_LookupAttr(op, name, &value) < 0) {
        PyErr_Clear();
        return 0;
    }
    Py_XDECREF(value);
    return value != NULL;
}

/* value NULL deletes. The name is interned: it may become a key. */
int PyObject_SetAttr(PyObject *op, PyObject *name, PyObject *value)
{
    PyTypeObject *type = Py_TYPE(op);
    int r;
    if (!check_name(name)) {
        return -1;
    }
    Py_INCREF(name);
    if (UNLIKELY(!PyUnicode_CHECK_INTERNED(name))) {
        PyUnicode_InternInPlace(&name);
    }
    if (LIKELY(type->tp_setattro != NULL)) {
        r = type->tp_setattro(op, name, value);
    }
    else if (type->tp_setattr) {
        const char *text = PyUnicode_AsUTF8(name);
        r = text ? type->tp_setattr(op, (char *)text, value) : -1;
    }
    else {
        const char *how = value ? "assign to" : "del";
        PyErr_Format(PyExc_TypeError,
                     type->tp_getattr == NULL && type->tp_getattro == NULL
                         ? "'%.100s' object has no attributes (%s .%U)"
                         : "'%.100s' object has only read-only attributes (%s .%U)",
                     type->tp_name, how, name);
        r = -1;
    }
    Py_DECREF(name);
    return r;
}

PyObject *PyObject_GetAttrString(PyObject *op, const char *text)
{
    if (Py_TYPE(op)->tp_getattr) {
        return Py_TYPE(op)->tp_getattr(op, (char *)text);
    }
    PyObject *name = PyUnicode_FromString(text);
    PyObject *result = name ? PyObject_GetAttr(op, name) : NULL;
    Py_XDECREF(name);
    return result;
}

int PyObject_HasAttrString(PyObject *op, const char *text)
{
    PyObject *value = PyObject_GetAttrString(op, text);
    if (value == NULL) {
        PyErr_Clear();
        return 0;
    }
    Py_DECREF(value);
    return 1;
}

int PyObject_SetAttrString(PyObject *op, const char *text, PyObject *value)
{
    if (Py_TYPE(op)->tp_setattr) {
        return Py_TYPE(op)->tp_setattr(op, (char *)text, value);
    }
    PyObject *name = PyUnicode_InternFromString(text);
    int r = name ? PyObject_SetAttr(op, name, value) : -1;
    Py_XDECREF(name);
    return r;
}

PyObject *_PyObject_GetAttrId(PyObject *op, _Py_Identifier *id)
{
    PyObject *name = _PyUnicode_FromId(id);
    return name ? PyObject_GetAttr(op, name) : NULL;
}

int _PyObject_SetAttrId(PyObject *op, _Py_Identifier *id, PyObject *value)
{
    PyObject *name = _PyUnicode_FromId(id);
    return name ? PyObject_SetAttr(op, name, value) : -1;
}

/* -- dir() ----------------------------------------------------------------------------------- */

/* dir() without an argument. */
static PyObject *dir_locals(void)
{
    PyObject *locals = PyEval_GetLocals();
    PyObject *names = locals ? PyMapping_Keys(locals) : NULL;
    if (names && !PyList_Check(names)) {
        PyErr_Format(PyExc_TypeError, "dir(): expected keys() of locals to be a list, not '%.200s'",
                     Py_TYPE(names)->tp_name);
        Py_CLEAR(names);
    }
    return names;
}

static PyObject *dir_object(PyObject *op)
{
    PyObject *func = _PyObject_LookupSpecial(op, ID(__dir__));
    if (func == NULL) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_TypeError, "object does not provide __dir__");
        }
        return NULL;
    }
    PyObject *names = PyObject_CallNoArgs(func);
    Py_DECREF(func);
    if (names) {
        Py_SETREF(names, PySequence_List(names));
    }
    return names;
}

PyObject *PyObject_Dir(PyObject *op)
{
    PyObject *names = op ? dir_object(op) : dir_locals();
    if (names && PyList_Sort(names) < 0) {
        Py_CLEAR(names);
    }
    return names;
}

/* -- For debugging --------------------------------------------------------------------------- */

EXPORT void _Py_NO_RETURN _Py_FatalErrorFunc(const char *func, const char *message);

void _Py_BreakPoint(void)
{
}

static bool pointer_is_freed(const void *p)
{
    uintptr_t v = (uintptr_t)p;
    return v == 0 || v == (uintptr_t)0xCDCDCDCDCDCDCDCD || v == (uintptr_t)0xDDDDDDDDDDDDDDDD
           || v == (uintptr_t)0xFDFDFDFDFDFDFDFD;
}

int _PyObject_IsFreed(PyObject *op)
{
    return pointer_is_freed(op) || pointer_is_freed(Py_TYPE(op));
}

/* For gdb: may be called on anything that looks like an object. */
void _PyObject_Dump(PyObject *op)
{
    if (_PyObject_IsFreed(op)) {
        fprintf(stderr, "<object at %p is freed>\n", (void *)op);
        fflush(stderr);
        return;
    }
    fprintf(stderr, "object address  : %p\n", (void *)op);
    fprintf(stderr, "object refcount : %zd\n", Py_REFCNT(op));
    fflush(stderr);
    fprintf(stderr, "object type     : %p\n", (void *)Py_TYPE(op));
    fprintf(stderr, "object type name: %s\n", Py_TYPE(op)->tp_name);
    fprintf(stderr, "object repr     : ");
    fflush(stderr);
    PyGILState_STATE lock = PyGILState_Ensure();
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    (void)PyObject_Print(op, stderr, 0);
    fflush(stderr);
    PyErr_Restore(type, value, traceback);
    PyGILState_Release(lock);
    fputc('\n', stderr);
    fflush(stderr);
}

void _PyObject_AssertFailed(PyObject *op, const char *expr, const char *msg, const char *file,
                            int line, const char *function)
{
    fprintf(stderr, "%s:%d: ", file, line);
    if (function) {
        fprintf(stderr, "%s: ", function);
    }
    fflush(stderr);
    if (expr) {
        fprintf(stderr, "Assertion \"%s\" failed", expr);
    }
    else {
        fprintf(stderr, "Assertion failed");
    }
    if (msg) {
        fprintf(stderr, ": %s", msg);
    }
    fputc('\n', stderr);
    fflush(stderr);
    if (_PyObject_IsFreed(op)) {
        fprintf(stderr, "<object at %p is freed>\n", (void *)op);
    }
    else {
        _PyObject_Dump(op);
    }
    fputc('\n', stderr);
    fflush(stderr);
    _Py_FatalErrorFunc("_PyObject_AssertFailed", "_PyObject_AssertFailed");
}

int _PyObject_CheckConsistency(PyObject *op, int check_content)
{
    _PyObject_ASSERT_WITH_MSG(op, !_PyObject_IsFreed(op), "object is freed");
    _PyObject_ASSERT(op, Py_REFCNT(op) >= 1);
    return 1;
}

EXPORT void _PyFloat_DebugMallocStats(FILE *out);

void _PyObject_DebugTypeStats(FILE *out)
{
    _PyDict_DebugMallocStats(out);
    _PyFloat_DebugMallocStats(out);

    _PyList_DebugMallocStats(out);
    _PyTuple_DebugMallocStats(out);
}

PyObject **PyObject_GET_WEAKREFS_LISTPTR(PyObject *op)
{
    return (PyObject **)((char *)op + Py_TYPE(op)->tp_weaklistoffset);
}
