/* SPDX-License-Identifier: MIT
 *
 * Coroutines, and the iterator that coro.__await__() gives (coroutine_wrapper). They are generators
 * that only await may drive; the machine's part is in generator.c.
 */
#include "objects/generator.h"
#include <frameobject.h>

/* -- await ------------------------------------------------------------------------------------- */

static bool gen_is_coroutine(PyObject *o)
{
    return PyGen_CheckExact(o) && (((PyGenObject *)o)->gi_code->co_flags & CO_ITERABLE_COROUTINE);
}

/* What `await o` iterates over: coroutines themselves (also generators of types.coroutine), else
   __await__, which must give an iterator that is no coroutine. */
PyObject *coro_await_iter(PyObject *o)
{
    if (PyCoro_CheckExact(o) || gen_is_coroutine(o)) {
        return Py_NewRef(o);
    }
    PyTypeObject *type = Py_TYPE(o);
    if (type->tp_as_async == NULL || type->tp_as_async->am_await == NULL) {
        PyErr_Format(PyExc_TypeError, "object %.100s can't be used in 'await' expression",
                     type->tp_name);
        return NULL;
    }
    PyObject *it = type->tp_as_async->am_await(o);
    if (it == NULL) {
        return NULL;
    }
    if (PyCoro_CheckExact(it) || gen_is_coroutine(it)) {
        PyErr_SetString(PyExc_TypeError, "__await__() returned a coroutine");
        Py_CLEAR(it);
    }
    else if (!PyIter_Check(it)) {
        PyErr_Format(PyExc_TypeError, "__await__() returned non-iterator of type '%.100s'",
                     Py_TYPE(it)->tp_name);
        Py_CLEAR(it);
    }
    return it;
}

/* -- Origin ------------------------------------------------------------------------------------ */

static Frame *complete_frame(Frame *frame)
{
    while (frame != NULL && frame_is_incomplete(frame)) {
        frame = frame->previous;
    }
    return frame;
}

/* For sys.set_coroutine_origin_tracking_depth: (file, line, function) of the frames that made the
   coroutine, innermost first. */
PyObject *coro_origin(int depth, Frame *frame)
{
    int count = 0;
    for (Frame *f = complete_frame(frame); f != NULL && count < depth;
         f = complete_frame(f->previous)) {
        count++;
    }
    PyObject *origin = PyTuple_New(count);
    frame = complete_frame(frame);
    for (int i = 0; origin != NULL && i < count; i++, frame = complete_frame(frame->previous)) {
        PyCodeObject *code = frame->f_code;
        PyObject *entry = Py_BuildValue("OiO", code->co_filename, frame_line(frame), code->co_name);
        if (entry == NULL) {
            Py_CLEAR(origin);
            break;
        }
        PyTuple_SET_ITEM(origin, i, entry);
    }
    return origin;
}

/* -- coroutine_wrapper ------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    PyCoroObject *coro; /* strong */
} CoroWrapper;

/* The iterator that coro.__await__() gives. */
static PyObject *coro_await(PyCoroObject *coro)
{
    CoroWrapper *w = PyObject_GC_New(CoroWrapper, &_PyCoroWrapper_Type);
    if (w == NULL) {
        return NULL;
    }
    w->coro = (PyCoroObject *)Py_NewRef((PyObject *)coro);
    PyObject_GC_Track(w);
    return (PyObject *)w;
}

static void coro_wrapper_dealloc(CoroWrapper *w)
{
    PyObject_GC_UnTrack(w);
    Py_CLEAR(w->coro);
    PyObject_GC_Del(w);
}

static int coro_wrapper_traverse(CoroWrapper *w, visitproc visit, void *arg)
{
    Py_VISIT(w->coro);
    return 0;
}

static PyObject *coro_wrapper_iternext(CoroWrapper *w)
{
    return gen_iternext((PyGenObject *)w->coro);
}

static PyObject *coro_wrapper_send(CoroWrapper *w, PyObject *arg)
{
    return gen_send_ex((PyGenObject *)w->coro, arg, false, false);
}

static PyObject *coro_wrapper_throw(CoroWrapper *w, PyObject *const *args, Py_ssize_t nargs)
{
    return gen_throw_method((PyGenObject *)w->coro, args, nargs);
}

static PyObject *coro_wrapper_close(CoroWrapper *w, PyObject *ignored)
{
    return gen_close((PyGenObject *)w->coro);
}

#define DOC_SEND "send(arg) -> 'arg' goes into coroutine as what its innermost await gives;\n" \
                 "returns what is yielded next, or raises StopIteration."
#define DOC_THROW "throw(value)\n" \
                  "throw(type[,value[,traceback]])\n" \
                  "\n" \
                  "Raises in coroutine, at the await where it stands; returns what is\n" \
                  "yielded next, or raises StopIteration."
#define DOC_CLOSE "close() -> raise GeneratorExit inside coroutine, where it waits."

static PyMethodDef coro_wrapper_methods[] = {
    {"send", (PyCFunction)coro_wrapper_send, METH_O, DOC_SEND},
    {"throw", (PyCFunction)(void (*)(void))coro_wrapper_throw, METH_FASTCALL, DOC_THROW},
    {"close", (PyCFunction)coro_wrapper_close, METH_NOARGS, DOC_CLOSE},
    {0},
};

PyTypeObject _PyCoroWrapper_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "coroutine_wrapper",
    .tp_basicsize = sizeof(CoroWrapper),
    .tp_dealloc = (destructor)coro_wrapper_dealloc,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_doc = "Iterates over a coroutine, for code that cannot await.",
    .tp_traverse = (traverseproc)coro_wrapper_traverse,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = (iternextfunc)coro_wrapper_iternext,
    .tp_methods = coro_wrapper_methods,
};

/* -- coroutine --------------------------------------------------------------------------------- */

static PyObject *coro_repr(PyCoroObject *coro)
{
    return PyUnicode_FromFormat("<coroutine object %S at %p>", coro->cr_qualname, coro);
}

static PyObject *coro_get_frame(PyGenObject *coro, void *closure)
{
    return gen_frame_view(coro, "cr_frame");
}

static PyGetSetDef coro_getset[] = {
    {"__name__", (getter)gen_get_name, (setter)gen_set_name, "name of the coroutine", NULL},
    {"__qualname__", (getter)gen_get_qualname, (setter)gen_set_qualname,
     "qualified name of the coroutine", NULL},
    {"cr_await", (getter)gen_get_yield_from, NULL, "object that is awaited, or None", NULL},
    {"cr_running", (getter)gen_get_running, NULL, NULL, NULL},
    {"cr_frame", (getter)coro_get_frame, NULL, NULL, NULL},
    {"cr_suspended", (getter)gen_get_suspended, NULL, NULL, NULL},
    {0},
};
static PyMemberDef coro_members[] = {
    {"cr_code", T_OBJECT, offsetof(PyCoroObject, cr_code), READONLY | PY_AUDIT_READ, NULL},
    {"cr_origin", T_OBJECT, offsetof(PyCoroObject, cr_origin_or_finalizer), READONLY, NULL},
    {0},
};
static PyMethodDef coro_methods[] = {
    {"send", (PyCFunction)gen_send_method, METH_O, DOC_SEND},
    {"throw", (PyCFunction)(void (*)(void))gen_throw_method, METH_FASTCALL, DOC_THROW},
    {"close", (PyCFunction)gen_close_method, METH_NOARGS, DOC_CLOSE},
    {"__sizeof__", (PyCFunction)gen_sizeof, METH_NOARGS,
     "gen.__sizeof__() -> bytes that gen takes in memory"},
    {0},
};

static PyAsyncMethods coro_as_async = {.am_await = (unaryfunc)coro_await, .am_send = gen_am_send};

PyTypeObject PyCoro_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "coroutine",
    .tp_basicsize = offsetof(PyGenObject, gi_iframe) + offsetof(Frame, localsplus),
    .tp_itemsize = sizeof(PyObject *),
    .tp_dealloc = (destructor)gen_dealloc,
    .tp_as_async = &coro_as_async,
    .tp_repr = (reprfunc)coro_repr,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = (traverseproc)gen_traverse,
    .tp_weaklistoffset = offsetof(PyCoroObject, cr_weakreflist),
    .tp_methods = coro_methods,
    .tp_members = coro_members,
    .tp_getset = coro_getset,
    .tp_finalize = _PyGen_Finalize,
};
