/* SPDX-License-Identifier: MIT
 *
 * Frame objects: the view of a running or finished frame, made when somebody asks.
 *
 *     Frame (data stack, generator)          PyFrameObject
 *     ┌───────────┐  <──── f_frame ────  ┌──────────────────┐
 *     │ frame_obj │  ──── strong ──────> │ _f_frame_data …  │
 *     └───────────┘                      └──────────────────┘
 *
 * While the Frame lives on a data stack or in a generator the object only points at it. When the
 * Frame ends and the object has other owners, the object takes the contents over into its own tail
 * (_f_frame_data) and f_back becomes a real reference.
 *
 *  O1 f_frame is never NULL.
 *  O2 an object is tracked by the collector only once it owns its Frame.
 *  O3 frames that are not complete yet (their prologue has not run) are never shown.
 */
#include "mem/gc.h"
#include "vm/vm_impl.h"
#include <frameobject.h>

#define FIRST_TRACEABLE(code) (FRAME_CODE_START(code) + (code)->_co_firsttraceable)

/* -- Records ----------------------------------------------------------------------------------- */

int frame_line(Frame *frame)
{
    return PyCode_Addr2Line(frame->f_code, frame_lasti(frame) * (int)sizeof(_Py_CODEUNIT));
}

/* What a Frame refers to, for its owner's traverse function. */
int frame_visit(Frame *frame, visitproc visit, void *arg)
{
    Py_VISIT(frame->frame_obj);
    Py_VISIT(frame->f_locals);
    Py_VISIT(frame->f_func);
    Py_VISIT(frame->f_code);
    for (int i = 0; i < frame->stacktop; i++) {
        Py_VISIT(frame->localsplus[i]);
    }
    return 0;
}

void frame_copy(Frame *src, Frame *dest)
{
    memcpy(dest, src, offsetof(Frame, localsplus) + (size_t)src->stacktop * sizeof(PyObject *));
    dest->held = false;
}

/* With room for a whole Frame of this code. */
static PyFrameObject *frame_object_alloc(PyCodeObject *code)
{
    Py_ssize_t words = code->co_nlocalsplus + code->co_stacksize;
    PyFrameObject *f = PyObject_GC_NewVar(PyFrameObject, &PyFrame_Type, words);
    if (f != NULL) {
        f->f_back = NULL;
        f->f_trace = NULL;
        f->f_lineno = 0;
        f->f_trace_lines = 1;
        f->f_trace_opcodes = 0;
        f->f_fast_as_locals = 0;
    }
    return f;
}

/* Keeps an exception that is being raised: tracebacks are made then. */
static PyFrameObject *frame_object_make(Frame *frame)
{
    PyObject *type, *value, *tb;
    PyErr_Fetch(&type, &value, &tb);
    PyFrameObject *f = frame_object_alloc(frame->f_code);
    if (f == NULL) {
        Py_XDECREF(type);
        Py_XDECREF(value);
        Py_XDECREF(tb);
        return NULL;
    }
    PyErr_Restore(type, value, tb);
    if (frame->frame_obj != NULL) {
        /* The collection inside the allocation ran code that asked for the same view. */
        PyObject_GC_Del(f);
        return frame->frame_obj;
    }
    f->f_frame = frame;
    frame->frame_obj = f;
    return f;
}

PyFrameObject *frame_object_ensure(Frame *frame)
{
    return frame->frame_obj != NULL ? frame->frame_obj : frame_object_make(frame);
}

/* The Frame moves into the object; whoever held the record has nothing left to drop. */
static void frame_object_take(PyFrameObject *f, Frame *frame)
{
    Frame *own = (Frame *)f->_f_frame_data;
    frame_copy(frame, own);
    f->f_frame = own;
    own->owner = FRAME_OWNED_BY_FRAME_OBJECT;
    if (frame_is_incomplete(own)) {
        /* a generator that dies before its first run */
        own->prev_instr = FIRST_TRACEABLE(own->f_code);
    }
    Frame *previous = frame->previous;
    while (previous != NULL && frame_is_incomplete(previous)) {
        previous = previous->previous;
    }
    if (previous != NULL) {
        PyObject *type, *value, *tb;
        PyErr_Fetch(&type, &value, &tb); /* the frame may be on its way out with an exception */
        PyFrameObject *back = frame_object_ensure(previous);
        /* NULL, memory is short: the chain ends here */
        f->f_back = (PyFrameObject *)Py_XNewRef((PyObject *)back);
        PyErr_Restore(type, value, tb);
    }
    own->previous = NULL;
    PyObject_GC_Track(f);
}

/* The Frame ends: hands its contents to the object if somebody else holds that, else drops them. */
void frame_clear(Frame *frame)
{
    PyFrameObject *f = frame->frame_obj;
    if (UNLIKELY(f != NULL)) {
        frame->frame_obj = NULL;
        if (Py_REFCNT(f) > 1) {
            frame_object_take(f, frame);
            Py_DECREF(f);
            return;
        }
        Py_DECREF(f);
    }
    for (int i = 0; i < frame->stacktop; i++) {
        Py_XDECREF(frame->localsplus[i]);
    }
    Py_XDECREF(frame->f_locals);
    Py_DECREF(frame->f_func);
    Py_DECREF(frame->f_code);
}

Frame *frame_current(PyThreadState *tstate)
{
    Frame *frame = tstate->cframe->current_frame;
    while (frame != NULL && frame_is_incomplete(frame)) {
        frame = frame->previous;
    }
    return frame;
}

Frame *frame_caller(const Frame *frame)
{
    Frame *below = frame->previous;
    while (below != NULL && frame_is_incomplete(below)) {
        below = below->previous;
    }
    return below;
}

/* -- Slots ------------------------------------------------------------------------------------- */

static int frame_traverse(PyFrameObject *f, visitproc visit, void *arg)
{
    Py_VISIT(f->f_back);
    Py_VISIT(f->f_trace);
    return f->f_frame->owner == FRAME_OWNED_BY_FRAME_OBJECT ? frame_visit(f->f_frame, visit, arg)
                                                            : 0;
}

/* Locals go, code and globals stay for whoever looks. */
static int frame_tp_clear(PyFrameObject *f)
{
    Py_CLEAR(f->f_trace);
    Frame *frame = f->f_frame;
    int count = frame->stacktop;
    frame->stacktop = 0;
    for (int i = 0; i < count; i++) {
        Py_CLEAR(frame->localsplus[i]);
    }
    return 0;
}

static void frame_dealloc(PyFrameObject *f)
{
    if (PyObject_GC_IsTracked((PyObject *)f)) {
        PyObject_GC_UnTrack(f);
    }
    TRASH_BEGIN(f, frame_dealloc)
    PyObject *code = NULL;
    if (f->f_frame->owner == FRAME_OWNED_BY_FRAME_OBJECT) {
        Frame *frame = (Frame *)f->_f_frame_data;
        code = (PyObject *)frame->f_code; /* last: others look at it to know their own extent */
        frame->f_code = NULL;
        Py_CLEAR(frame->f_func);
        Py_CLEAR(frame->f_locals);
        for (int i = 0; i < frame->stacktop; i++) {
            Py_CLEAR(frame->localsplus[i]);
        }
    }
    Py_CLEAR(f->f_back);
    Py_CLEAR(f->f_trace);
    PyObject_GC_Del(f);
    Py_XDECREF(code);
    TRASH_END
}

static PyObject *frame_repr(PyFrameObject *f)
{
    PyCodeObject *code = f->f_frame->f_code;
    return PyUnicode_FromFormat("<frame at %p, file %R, line %d, code %S>", f, code->co_filename,
                                PyFrame_GetLineNumber(f), code->co_name);
}

/* -- Attributes -------------------------------------------------------------------------------- */

static PyObject *frame_get_locals(PyFrameObject *f, void *closure)
{
    if (PySys_Audit("object.__getattr__", "Os", f, "f_locals") < 0) {
        return NULL;
    }
    return PyFrame_GetLocals(f);
}

static PyObject *frame_get_lineno(PyFrameObject *f, void *closure)
{
    int line = PyFrame_GetLineNumber(f);
    if (line < 0) {
        Py_RETURN_NONE;
    }
    return PyLong_FromLong(line);
}

static PyObject *frame_get_lasti(PyFrameObject *f, void *closure)
{
    return PyLong_FromLong(PyFrame_GetLasti(f));
}

static PyObject *frame_get_globals(PyFrameObject *f, void *closure)
{
    return PyFrame_GetGlobals(f);
}

static PyObject *frame_get_builtins(PyFrameObject *f, void *closure)
{
    return PyFrame_GetBuiltins(f);
}

static PyObject *frame_get_code(PyFrameObject *f, void *closure)
{
    if (PySys_Audit("object.__getattr__", "Os", f, "f_code") < 0) {
        return NULL;
    }
    return (PyObject *)PyFrame_GetCode(f);
}

static PyObject *frame_get_back(PyFrameObject *f, void *closure)
{
    PyObject *back = (PyObject *)PyFrame_GetBack(f);
    if (back == NULL && PyErr_Occurred()) {
        return NULL;
    }
    return back != NULL ? back : Py_NewRef(Py_None);
}

static PyObject *frame_get_trace(PyFrameObject *f, void *closure)
{
    return Py_NewRef(f->f_trace != NULL ? f->f_trace : Py_None);
}

static int frame_set_trace(PyFrameObject *f, PyObject *value, void *closure)
{
    if (value == Py_None) {
        value = NULL;
    }
    Py_XINCREF(value);
    Py_XSETREF(f->f_trace, value);
    return 0;
}

/* f_lineno = n while tracing: src/vm/jump.c. */
int frame_set_lineno(PyFrameObject *f, PyObject *value, void *closure);

static PyMemberDef frame_members[] = {
    {"f_trace_lines", T_BOOL, offsetof(PyFrameObject, f_trace_lines), 0, NULL},
    {"f_trace_opcodes", T_BOOL, offsetof(PyFrameObject, f_trace_opcodes), 0, NULL},
    {0},
};

static PyGetSetDef frame_getset[] = {
    {"f_back", (getter)frame_get_back, NULL, NULL, NULL},
    {"f_locals", (getter)frame_get_locals, NULL, NULL, NULL},
    {"f_lineno", (getter)frame_get_lineno, (setter)frame_set_lineno, NULL, NULL},
    {"f_trace", (getter)frame_get_trace, (setter)frame_set_trace, NULL, NULL},
    {"f_lasti", (getter)frame_get_lasti, NULL, NULL, NULL},
    {"f_globals", (getter)frame_get_globals, NULL, NULL, NULL},
    {"f_builtins", (getter)frame_get_builtins, NULL, NULL, NULL},
    {"f_code", (getter)frame_get_code, NULL, NULL, NULL},
    {0},
};

/* -- Methods ----------------------------------------------------------------------------------- */

/* A suspended generator is closed; a running frame is a RuntimeError. */
static PyObject *frame_clear_method(PyFrameObject *f, PyObject *ignored)
{
    char owner = f->f_frame->owner;
    if (owner == FRAME_OWNED_BY_GENERATOR
        && frame_generator(f->f_frame)->gi_frame_state != FRAME_EXECUTING) {
        _PyGen_Finalize((PyObject *)frame_generator(f->f_frame));
    } else if (owner == FRAME_OWNED_BY_FRAME_OBJECT) {
        (void)frame_tp_clear(f);
    } else {
        PyErr_SetString(PyExc_RuntimeError, "cannot clear an executing frame");
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *frame_sizeof(PyFrameObject *f, PyObject *ignored)
{
    PyCodeObject *code = f->f_frame->f_code;
    size_t tail = ((size_t)code->co_nlocalsplus + code->co_stacksize) * sizeof(PyObject *);
    return PyLong_FromSize_t(offsetof(PyFrameObject, _f_frame_data) + offsetof(Frame, localsplus)
                             + tail);
}

static PyMethodDef frame_methods[] = {
    {"clear", (PyCFunction)frame_clear_method, METH_NOARGS,
     "F.clear(): drop most of what the frame refers to"},
    {"__sizeof__", (PyCFunction)frame_sizeof, METH_NOARGS,
     "F.__sizeof__() -> bytes that F takes in memory"},
    {0},
};

PyTypeObject PyFrame_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "frame",
    .tp_basicsize = offsetof(PyFrameObject, _f_frame_data) + offsetof(Frame, localsplus),
    .tp_itemsize = sizeof(PyObject *),
    .tp_dealloc = (destructor)frame_dealloc,
    .tp_repr = (reprfunc)frame_repr,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_setattro = PyObject_GenericSetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = (traverseproc)frame_traverse,
    .tp_clear = (inquiry)frame_tp_clear,
    .tp_methods = frame_methods,
    .tp_members = frame_members,
    .tp_getset = frame_getset,
};

/* -- C API ------------------------------------------------------------------------------------- */

/* A frame that nobody runs: for tracebacks made by C code (Cython, pyexpat). */
PyFrameObject *PyFrame_New(PyThreadState *tstate, PyCodeObject *code, PyObject *globals,
                           PyObject *locals)
{
    PyObject *builtins = vm_builtins_of(tstate, globals);
    if (builtins == NULL) {
        return NULL;
    }
    PyFrameConstructor parts = {
        .fc_globals = globals, .fc_builtins = builtins, .fc_name = code->co_name,
        .fc_qualname = code->co_name, .fc_code = (PyObject *)code,
    };
    PyFunctionObject *func = function_from_parts(&parts);
    if (func == NULL) {
        return NULL;
    }
    PyFrameObject *f = frame_object_alloc(code);
    if (f == NULL) {
        Py_DECREF(func);
        return NULL;
    }
    Frame *frame = (Frame *)f->_f_frame_data;
    frame_init(frame, func, Py_XNewRef(locals), code);
    for (int i = 0; i < code->co_nlocalsplus; i++) {
        frame->localsplus[i] = NULL;
    }
    frame->previous = NULL;
    frame->owner = FRAME_OWNED_BY_FRAME_OBJECT;
    frame->prev_instr = FIRST_TRACEABLE(code); /* anybody may look at it */
    f->f_frame = frame;
    PyObject_GC_Track(f);
    return f;
}

int PyFrame_GetLineNumber(PyFrameObject *f)
{
    return f->f_lineno != 0 ? f->f_lineno : frame_line(f->f_frame);
}

PyCodeObject *PyFrame_GetCode(PyFrameObject *f)
{
    return (PyCodeObject *)Py_NewRef((PyObject *)f->f_frame->f_code);
}

/* Made on demand, like every frame object. O3 */
PyFrameObject *PyFrame_GetBack(PyFrameObject *f)
{
    PyFrameObject *back = f->f_back;
    if (back == NULL) {
        Frame *previous = f->f_frame->previous;
        while (previous != NULL && frame_is_incomplete(previous)) {
            previous = previous->previous;
        }
        if (previous != NULL) {
            back = frame_object_ensure(previous);
        }
    }
    return (PyFrameObject *)Py_XNewRef((PyObject *)back);
}

PyObject *PyFrame_GetLocals(PyFrameObject *f)
{
    if (PyFrame_FastToLocalsWithError(f) < 0) {
        return NULL;
    }
    return Py_NewRef(f->f_frame->f_locals);
}

PyObject *PyFrame_GetGlobals(PyFrameObject *f)
{
    PyObject *globals = f->f_frame->f_globals;
    return Py_NewRef(globals != NULL ? globals : Py_None);
}

PyObject *PyFrame_GetBuiltins(PyFrameObject *f)
{
    PyObject *builtins = f->f_frame->f_builtins;
    return Py_NewRef(builtins != NULL ? builtins : Py_None);
}

PyObject *PyFrame_GetGenerator(PyFrameObject *f)
{
    if (f->f_frame->owner != FRAME_OWNED_BY_GENERATOR) {
        return NULL;
    }
    return Py_NewRef((PyObject *)frame_generator(f->f_frame));
}

int PyFrame_GetLasti(PyFrameObject *f)
{
    int lasti = frame_lasti(f->f_frame);
    return lasti < 0 ? -1 : lasti * (int)sizeof(_Py_CODEUNIT);
}

int _PyFrame_IsEntryFrame(PyFrameObject *f)
{
    return f->f_frame->is_entry;
}
