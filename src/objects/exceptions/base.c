/* SPDX-License-Identifier: MIT
 *
 * BaseException: args, notes, traceback, context and cause; and the small kinds that add a field or
 * a str().
 *
 * Ownership: every pointer field of PyBaseExceptionObject is strong and may be NULL, but args,
 * which is a tuple. A chain of contexts may be as long as a program runs: deallocation uses the
 * trash can.
 */
#include "mem/gc.h"
#include "objects/contain.h"
#include "objects/exceptions/exc_impl.h"

#define SELF(o) ((PyBaseExceptionObject *)(o))

/* -- Life ------------------------------------------------------------------------------------ */

PyObject *base_exception_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    PyBaseExceptionObject *self = SELF(type->tp_alloc(type, 0));
    if (self)
        self->args = args ? Py_NewRef(args) : Py_NewRef(EMPTY_TUPLE);
    return (PyObject *)self;
}

int exc_init_args(PyObject *self, PyObject *args)
{
    Py_XSETREF(SELF(self)->args, Py_NewRef(args));
    return 0;
}

int base_exception_init(PyObject *self, PyObject *args, PyObject *kwds)
{
    return _PyArg_NoKeywords(Py_TYPE(self)->tp_name, kwds) ? exc_init_args(self, args) : -1;
}

/* For types with both functions above: without a tuple that is thrown away. */
PyObject *base_exception_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                    PyObject *kwnames)
{
    PyTypeObject *t = (PyTypeObject *)type;
    if (!_PyArg_NoKwnames(t->tp_name, kwnames))
        return NULL;
    PyBaseExceptionObject *self = SELF(t->tp_alloc(t, 0));
    if (self && !(self->args = _PyTuple_FromArray(args, PyVectorcall_NARGS(nargsf))))
        Py_CLEAR(self);
    return (PyObject *)self;
}

int base_exception_clear(PyObject *self)
{
    PyBaseExceptionObject *e = SELF(self);
    Py_CLEAR(e->dict);
    Py_CLEAR(e->args);
    Py_CLEAR(e->notes);
    Py_CLEAR(e->traceback);
    Py_CLEAR(e->context);
    Py_CLEAR(e->cause);
    return 0;
}

int base_exception_traverse(PyObject *self, visitproc visit, void *arg)
{
    PyBaseExceptionObject *e = SELF(self);
    Py_VISIT(e->dict);
    Py_VISIT(e->args);
    Py_VISIT(e->notes);
    Py_VISIT(e->traceback);
    Py_VISIT(e->context);
    Py_VISIT(e->cause);
    return 0;
}

/* For all static exception classes. */
void exc_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    TRASH_BEGIN(self, exc_dealloc)
    /* The nearest static class knows the fields; a heap class has a
       tp_clear of its own that would come back here. */
    PyTypeObject *type = Py_TYPE(self);
    while (type->tp_flags & Py_TPFLAGS_HEAPTYPE)
        type = type->tp_base;
    type->tp_clear(self);
    Py_TYPE(self)->tp_free(self);
    TRASH_END
}

/* -- repr, str, methods ---------------------------------------------------------------------- */

static PyObject *base_exception_repr(PyObject *self)
{
    const char *name = _PyType_Name(Py_TYPE(self));
    PyObject *args = SELF(self)->args;
    return PyTuple_GET_SIZE(args) == 1
               ? PyUnicode_FromFormat("%s(%R)", name, PyTuple_GET_ITEM(args, 0))
               : PyUnicode_FromFormat("%s%R", name, args);
}

PyObject *base_exception_str(PyObject *self)
{
    PyObject *args = SELF(self)->args;
    switch (PyTuple_GET_SIZE(args)) {
    case 0: return Py_NewRef(EMPTY_STR);
    case 1: return PyObject_Str(PyTuple_GET_ITEM(args, 0));
    default: return PyObject_Str(args);
    }
}

static PyObject *base_exception_reduce(PyObject *self, PyObject *ignored)
{
    PyBaseExceptionObject *e = SELF(self);
    return e->args && e->dict ? PyTuple_Pack(3, Py_TYPE(self), e->args, e->dict)
                              : PyTuple_Pack(2, Py_TYPE(self), e->args);
}

/* Attributes from a pickle, in the order of the dict. */
static PyObject *base_exception_setstate(PyObject *self, PyObject *state)
{
    Py_ssize_t i = 0;
    PyObject *key, *value;
    if (state == Py_None)
        Py_RETURN_NONE;
    if (!PyDict_Check(state)) {
        PyErr_SetString(PyExc_TypeError, "state is not a dictionary");
        return NULL;
    }
    while (PyDict_Next(state, &i, &key, &value)) {
        Py_INCREF(key);
        Py_INCREF(value);
        int res = PyObject_SetAttr(self, key, value);
        Py_DECREF(value);
        Py_DECREF(key);
        if (res < 0)
            return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *base_exception_with_traceback(PyObject *self, PyObject *tb)
{
    return PyException_SetTraceback(self, tb) < 0 ? NULL : Py_NewRef(self);
}

/* __notes__ is made when first needed; anything else than a list there is a TypeError. */
static PyObject *base_exception_add_note(PyObject *self, PyObject *note)
{
    PyObject *notes;
    if (!PyUnicode_Check(note)) {
        PyErr_Format(PyExc_TypeError, "note must be a str, not '%s'", Py_TYPE(note)->tp_name);
        return NULL;
    }
    if (_PyObject_LookupAttr(self, ID(__notes__), &notes) < 0)
        return NULL;
    if (!notes) {
        notes = PyList_New(0);
        if (!notes || PyObject_SetAttr(self, ID(__notes__), notes) < 0) {
            Py_XDECREF(notes);
            return NULL;
        }
    } else if (!PyList_Check(notes)) {
        Py_DECREF(notes);
        PyErr_SetString(PyExc_TypeError, "Cannot add note: __notes__ is not a list");
        return NULL;
    }
    int res = PyList_Append(notes, note);
    Py_DECREF(notes);
    if (res < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* -- Attributes ------------------------------------------------------------------------------ */

static PyObject *get_args(PyObject *self, void *closure)
{
    PyObject *args = SELF(self)->args;
    return Py_NewRef(args ? args : Py_None);
}

static int set_args(PyObject *self, PyObject *value, void *closure)
{
    if (!value) {
        PyErr_SetString(PyExc_TypeError, "args may not be deleted");
        return -1;
    }
    PyObject *seq = PySequence_Tuple(value);
    if (!seq)
        return -1;
    Py_XSETREF(SELF(self)->args, seq);
    return 0;
}

static PyObject *get_traceback(PyObject *self, void *closure)
{
    PyObject *tb = SELF(self)->traceback;
    return Py_NewRef(tb ? tb : Py_None);
}

/* None clears it. */
static int set_traceback(PyObject *self, PyObject *tb, void *closure)
{
    if (!tb) {
        PyErr_SetString(PyExc_TypeError, "__traceback__ may not be deleted");
        return -1;
    }
    if (tb != Py_None && !PyTraceBack_Check(tb)) {
        PyErr_SetString(PyExc_TypeError, "__traceback__ must be a traceback or None");
        return -1;
    }
    Py_XSETREF(SELF(self)->traceback, tb == Py_None ? NULL : Py_NewRef(tb));
    return 0;
}

static PyObject *get_context(PyObject *self, void *closure)
{
    PyObject *res = PyException_GetContext(self);
    return res ? res : Py_NewRef(Py_None);
}

static PyObject *get_cause(PyObject *self, void *closure)
{
    PyObject *res = PyException_GetCause(self);
    return res ? res : Py_NewRef(Py_None);
}

/* The value as SetContext and SetCause want it: owned or
   NULL for None in *out; -1 with TypeError. */
static int chain_value(PyObject *value, const char *attr, const char *word, PyObject **out)
{
    *out = NULL;
    if (!value) {
        PyErr_Format(PyExc_TypeError, "%s may not be deleted", attr);
        return -1;
    }
    if (value == Py_None)
        return 0;
    if (!PyExceptionInstance_Check(value)) {
        PyErr_Format(PyExc_TypeError, "exception %s must be None or derive from BaseException",
                     word);
        return -1;
    }
    *out = Py_NewRef(value);
    return 0;
}

static int set_context(PyObject *self, PyObject *value, void *closure)
{
    PyObject *context;
    if (chain_value(value, "__context__", "context", &context) < 0)
        return -1;
    PyException_SetContext(self, context);
    return 0;
}

static int set_cause(PyObject *self, PyObject *value, void *closure)
{
    PyObject *cause;
    if (chain_value(value, "__cause__", "cause", &cause) < 0)
        return -1;
    PyException_SetCause(self, cause);
    return 0;
}

static PyMethodDef base_exception_methods[] = {
    {"__reduce__", base_exception_reduce, METH_NOARGS, NULL},
    {"__setstate__", base_exception_setstate, METH_O, NULL},
    {"with_traceback", base_exception_with_traceback, METH_O,
     "Exception.with_traceback(tb) --\n    the exception itself, with tb as its traceback."},
    {"add_note", base_exception_add_note, METH_O,
     "Exception.add_note(note) --\n"
     "    put a note behind the message"},
    {NULL},
};

static PyGetSetDef base_exception_getset[] = {
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL},
    {"args", get_args, set_args, NULL, NULL},
    {"__traceback__", get_traceback, set_traceback, NULL, NULL},
    {"__context__", get_context, set_context, "exception context", NULL},
    {"__cause__", get_cause, set_cause, "exception cause", NULL},
    {NULL},
};

static PyMemberDef base_exception_members[] = {
    {"__suppress_context__", T_BOOL, offsetof(PyBaseExceptionObject, suppress_context), 0, NULL},
    {NULL},
};

reprfunc base_exception_repr_slot = base_exception_repr;
const struct exc_kind kind_base = {
    .size = sizeof(PyBaseExceptionObject), .new = base_exception_new, .init = base_exception_init,
    .dealloc = exc_dealloc, .traverse = base_exception_traverse, .clear = base_exception_clear,
    .str = base_exception_str, .methods = base_exception_methods, .members = base_exception_members,
    .getset = base_exception_getset,
};

/* -- C API ----------------------------------------------------------------------------------- */

#undef PyExceptionClass_Name
const char *PyExceptionClass_Name(PyObject *cls) { return ((PyTypeObject *)cls)->tp_name; }

PyObject *PyException_GetTraceback(PyObject *self) { return Py_XNewRef(SELF(self)->traceback); }
int PyException_SetTraceback(PyObject *self, PyObject *tb) { return set_traceback(self, tb, NULL); }
PyObject *PyException_GetCause(PyObject *self) { return Py_XNewRef(SELF(self)->cause); }
PyObject *PyException_GetContext(PyObject *self) { return Py_XNewRef(SELF(self)->context); }
void PyException_SetContext(PyObject *self, PyObject *context /* STEALS */)
{
    Py_XSETREF(SELF(self)->context, context);
}

void PyException_SetCause(PyObject *self, PyObject *cause /* STEALS */)
{
    SELF(self)->suppress_context = 1;
    Py_XSETREF(SELF(self)->cause, cause);
}

/* -- KeyError -------------------------------------------------------------------------------- */

/* The repr of a lone argument: KeyError('') must not print as nothing. */
static PyObject *key_error_str(PyObject *self)
{
    PyObject *args = SELF(self)->args;
    return PyTuple_GET_SIZE(args) == 1 ? PyObject_Repr(PyTuple_GET_ITEM(args, 0))
                                       : base_exception_str(self);
}

const struct exc_kind kind_key = {.init = base_exception_init, .str = key_error_str};

/* -- Kinds with a few object fields ---------------------------------------------------------- */

/* Defines clear and traverse of a struct with two object fields (the same one twice: only one). */
#define FIELDS_2(kind, Struct, a, b) \
    static int kind##_clear(PyObject *self) \
    { \
        Py_CLEAR(((Struct *)self)->a); \
        Py_CLEAR(((Struct *)self)->b); \
        return base_exception_clear(self); \
    } \
    static int kind##_traverse(PyObject *self, visitproc visit, void *arg) \
    { \
        Py_VISIT(((Struct *)self)->a); \
        if ((void *)&((Struct *)self)->a != (void *)&((Struct *)self)->b) \
            Py_VISIT(((Struct *)self)->b); \
        return base_exception_traverse(self, visit, arg); \
    }

/* What all kinds with fields of their own share. */
#define KIND_SLOTS(kind, Struct) \
    .size = sizeof(Struct), .init = kind##_init, .dealloc = exc_dealloc, \
    .traverse = kind##_traverse, .clear = kind##_clear

FIELDS_2(stop, PyStopIterationObject, value, value)
static int stop_init(PyObject *self, PyObject *args, PyObject *kwds)
{
    if (base_exception_init(self, args, kwds) < 0)
        return -1;
    PyObject *value = PyTuple_GET_SIZE(args) ? PyTuple_GET_ITEM(args, 0) : Py_None;
    Py_XSETREF(((PyStopIterationObject *)self)->value, Py_NewRef(value));
    return 0;
}
static PyMemberDef stop_members[] = {
    {"value", T_OBJECT, offsetof(PyStopIterationObject, value), 0, "generator return value"},
    {NULL},
};
const struct exc_kind kind_stop = {KIND_SLOTS(stop, PyStopIterationObject),
                                   .members = stop_members};

FIELDS_2(exit, PySystemExitObject, code, code)
/* code is the argument, or the tuple of several. */
static int exit_init(PyObject *self, PyObject *args, PyObject *kwds)
{
    if (base_exception_init(self, args, kwds) < 0)
        return -1;
    Py_ssize_t n = PyTuple_GET_SIZE(args);
    if (n > 0)
        Py_XSETREF(((PySystemExitObject *)self)->code,
                   Py_NewRef(n == 1 ? PyTuple_GET_ITEM(args, 0) : args));
    return 0;
}
static PyMemberDef exit_members[] = {
    {"code", T_OBJECT, offsetof(PySystemExitObject, code), 0, "exception code"},
    {NULL},
};
const struct exc_kind kind_exit = {KIND_SLOTS(exit, PySystemExitObject), .members = exit_members};

FIELDS_2(name, PyNameErrorObject, name, name)
/* name= is for suggestions. */
static int name_init(PyObject *self, PyObject *args, PyObject *kwds)
{
    static char *names[] = {"name", NULL};
    PyObject *name = NULL;
    if (base_exception_init(self, args, NULL) < 0
        || !PyArg_ParseTupleAndKeywords(EMPTY_TUPLE, kwds, "|$O:NameError", names, &name))
        return -1;
    Py_XSETREF(((PyNameErrorObject *)self)->name, Py_XNewRef(name));
    return 0;
}
static PyMemberDef name_members[] = {
    {"name", T_OBJECT, offsetof(PyNameErrorObject, name), 0, "name"},
    {NULL},
};
const struct exc_kind kind_name = {KIND_SLOTS(name, PyNameErrorObject), .str = base_exception_str,
                                   .members = name_members};

FIELDS_2(attribute, PyAttributeErrorObject, obj, name)
/* name= and obj= are for suggestions. */
static int attribute_init(PyObject *self, PyObject *args, PyObject *kwds)
{
    static char *names[] = {"name", "obj", NULL};
    PyObject *name = NULL, *obj = NULL;
    if (base_exception_init(self, args, NULL) < 0
        || !PyArg_ParseTupleAndKeywords(EMPTY_TUPLE, kwds, "|$OO:AttributeError", names, &name,
                                        &obj))
        return -1;
    Py_XSETREF(((PyAttributeErrorObject *)self)->name, Py_XNewRef(name));
    Py_XSETREF(((PyAttributeErrorObject *)self)->obj, Py_XNewRef(obj));
    return 0;
}
static PyMemberDef attribute_members[] = {
    {"name", T_OBJECT, offsetof(PyAttributeErrorObject, name), 0, "attribute name"},
    {"obj", T_OBJECT, offsetof(PyAttributeErrorObject, obj), 0, "object"},
    {NULL},
};
const struct exc_kind kind_attribute = {
    KIND_SLOTS(attribute, PyAttributeErrorObject),
    .str = base_exception_str,
    .members = attribute_members,
};

/* -- ImportError ----------------------------------------------------------------------------- */

static int import_clear(PyObject *self)
{
    PyImportErrorObject *e = (PyImportErrorObject *)self;
    Py_CLEAR(e->msg);
    Py_CLEAR(e->name);
    Py_CLEAR(e->path);
    return base_exception_clear(self);
}

static int import_traverse(PyObject *self, visitproc visit, void *arg)
{
    PyImportErrorObject *e = (PyImportErrorObject *)self;
    Py_VISIT(e->msg);
    Py_VISIT(e->name);
    Py_VISIT(e->path);
    return base_exception_traverse(self, visit, arg);
}

static int import_init(PyObject *self, PyObject *args, PyObject *kwds)
{
    static char *names[] = {"name", "path", NULL};
    PyImportErrorObject *e = (PyImportErrorObject *)self;
    PyObject *name = NULL, *path = NULL;
    if (base_exception_init(self, args, NULL) < 0
        || !PyArg_ParseTupleAndKeywords(EMPTY_TUPLE, kwds, "|$OO:ImportError", names, &name, &path))
        return -1;
    Py_XSETREF(e->name, Py_XNewRef(name));
    Py_XSETREF(e->path, Py_XNewRef(path));
    Py_XSETREF(e->msg, PyTuple_GET_SIZE(args) == 1 ? Py_NewRef(PyTuple_GET_ITEM(args, 0)) : NULL);
    return 0;
}

static PyObject *import_str(PyObject *self)
{
    PyObject *msg = ((PyImportErrorObject *)self)->msg;
    return msg && PyUnicode_CheckExact(msg) ? Py_NewRef(msg) : base_exception_str(self);
}

/* The instance dict with name and path added; the dict itself or
   None when there is nothing to add. Owned. */
static PyObject *import_state(PyImportErrorObject *e)
{
    if (!e->name && !e->path)
        return Py_NewRef(e->dict ? e->dict : Py_None);
    PyObject *dict = e->dict ? PyDict_Copy(e->dict) : PyDict_New();
    if (dict && ((e->name && PyDict_SetItem(dict, ID(name), e->name) < 0)
                 || (e->path && PyDict_SetItem(dict, ID(path), e->path) < 0)))
        Py_CLEAR(dict);
    return dict;
}

static PyObject *import_reduce(PyObject *self, PyObject *ignored)
{
    PyObject *state = import_state((PyImportErrorObject *)self), *args = SELF(self)->args;
    if (!state)
        return NULL;
    PyObject *res = state == Py_None ? PyTuple_Pack(2, Py_TYPE(self), args)
                                     : PyTuple_Pack(3, Py_TYPE(self), args, state);
    Py_DECREF(state);
    return res;
}

static PyMemberDef import_members[] = {
    {"msg", T_OBJECT, offsetof(PyImportErrorObject, msg), 0, "exception message"},
    {"name", T_OBJECT, offsetof(PyImportErrorObject, name), 0, "module name"},
    {"path", T_OBJECT, offsetof(PyImportErrorObject, path), 0, "module path"},
    {NULL},
};
static PyMethodDef import_methods[] = {
    {"__reduce__", import_reduce, METH_NOARGS, NULL},
    {NULL},
};
const struct exc_kind kind_import = {
    KIND_SLOTS(import, PyImportErrorObject),
    .str = import_str,
    .methods = import_methods,
    .members = import_members,
};

/* -- MemoryError ----------------------------------------------------------------------------- */

/* Raising one must not need memory: instances are kept ready, and one that dies goes back to the
   list. */

/* A few instances are kept ready, since there may be no memory to make one when it is needed. They
   are linked through `dict`. Only exact instances come from and go to the list. */
#define MEMORY_ERRORS_KEPT 16

/* From the list while there are any; `may_allocate`: else a new one. */
static PyObject *memory_error_take(bool may_allocate, PyObject *args)
{
    PyInterpreterState *interp = interp_get();
    PyBaseExceptionObject *self = SELF(interp->MemoryError_freelist);
    if (!self) {
        if (may_allocate)
            return base_exception_new(&exc_MemoryError, args ? args : EMPTY_TUPLE, NULL);
        /* immortal: better than nothing */
        static struct { PyGC_Head gc; PyBaseExceptionObject e; } last_resort;
        if (!last_resort.e.args) {
            last_resort.e.args = EMPTY_TUPLE;
            Py_SET_TYPE(&last_resort.e, &exc_MemoryError);
            Py_SET_REFCNT(&last_resort.e, IMMORTAL_REFCNT);
        }
        return Py_NewRef((PyObject *)&last_resort.e);
    }
    interp->MemoryError_freelist = self->dict;
    interp->memerrors_numfree--;
    self->dict = NULL;
    self->args = Py_NewRef(args ? args : EMPTY_TUPLE);
    _Py_NewReference((PyObject *)self);
    PyObject_GC_Track(self);
    return (PyObject *)self;
}

static PyObject *memory_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    return type == &exc_MemoryError ? memory_error_take(true, args)
                                    : base_exception_new(type, args, kwds);
}

static void memory_dealloc(PyObject *self)
{
    PyInterpreterState *interp = interp_get();
    if (!Py_IS_TYPE(self, &exc_MemoryError)) {
        exc_dealloc(self);
        return;
    }
    PyObject_GC_UnTrack(self);
    base_exception_clear(self);
    if (interp->memerrors_numfree >= MEMORY_ERRORS_KEPT) {
        Py_TYPE(self)->tp_free(self);
        return;
    }
    SELF(self)->dict = interp->MemoryError_freelist;
    interp->MemoryError_freelist = self;
    interp->memerrors_numfree++;
}

const struct exc_kind kind_memory = {.new = memory_new,
                                     .init = base_exception_init,
                                     .dealloc = memory_dealloc};

int memory_error_prepare(void)
{
    PyObject *made[MEMORY_ERRORS_KEPT];
    for (int i = 0; i < MEMORY_ERRORS_KEPT; i++)
        if (!(made[i] = base_exception_new(&exc_MemoryError, EMPTY_TUPLE, NULL)))
            return -1;
    for (int i = 0; i < MEMORY_ERRORS_KEPT; i++)
        Py_DECREF(made[i]);
    return 0;
}

void memory_error_drain(PyInterpreterState *interp)
{
    PyObject *e;
    while ((e = interp->MemoryError_freelist)) {
        interp->MemoryError_freelist = SELF(e)->dict;
        SELF(e)->dict = NULL;
        Py_TYPE(e)->tp_free(e);
    }
    interp->memerrors_numfree = 0;
}

EXPORT PyObject *_PyErr_NoMemory(PyThreadState *tstate)
{
    EXPORT void _PyErr_Restore(PyThreadState *, PyObject *, PyObject *, PyObject *);
    if (!(exc_MemoryError.tp_flags & Py_TPFLAGS_READY))
        Py_FatalError("Out of memory and PyExc_MemoryError is not initialized yet");
    PyObject *err = memory_error_take(false, NULL);
    _PyErr_Restore(tstate, Py_NewRef(PyExc_MemoryError), err, NULL);
    return NULL;
}

PyObject *PyErr_NoMemory(void) { return _PyErr_NoMemory(tstate_get()); }
