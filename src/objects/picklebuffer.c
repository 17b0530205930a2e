/* SPDX-License-Identifier: MIT
 *
 * pickle.PickleBuffer: wraps a buffer for out-of-band pickling (PEP 574).
 */
#include "state.h"

typedef struct {
    PyObject_HEAD
    Py_buffer view; /* of the wrapped object; obj NULL: released */
    PyObject *weakreflist;
} PickleBuffer;

static int check_released(PickleBuffer *self)
{
    if (self->view.obj)
        return 0;
    PyErr_SetString(PyExc_ValueError, "operation forbidden on released PickleBuffer object");
    return -1;
}

static PyObject *pickle_buffer_make(PyTypeObject *type, PyObject *base)
{
    PickleBuffer *self = (PickleBuffer *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    self->view.obj = NULL;
    self->weakreflist = NULL;
    if (PyObject_GetBuffer(base, &self->view, PyBUF_FULL_RO) < 0)
        Py_CLEAR(self);
    return (PyObject *)self;
}

PyObject *PyPickleBuffer_FromObject(PyObject *base)
{
    return pickle_buffer_make(&PyPickleBuffer_Type, base);
}

const Py_buffer *PyPickleBuffer_GetBuffer(PyObject *obj)
{
    if (!PyPickleBuffer_Check(obj)) {
        PyErr_Format(PyExc_TypeError, "expected PickleBuffer, %.200s found", Py_TYPE(obj)->tp_name);
        return NULL;
    }
    return check_released((PickleBuffer *)obj) < 0 ? NULL : &((PickleBuffer *)obj)->view;
}

int PyPickleBuffer_Release(PyObject *obj)
{
    if (!PyPickleBuffer_Check(obj)) {
        PyErr_Format(PyExc_TypeError, "expected PickleBuffer, %.200s found", Py_TYPE(obj)->tp_name);
        return -1;
    }
    PyBuffer_Release(&((PickleBuffer *)obj)->view);
    return 0;
}

static PyObject *picklebuf_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    static char *keywords[] = { "", NULL };
    PyObject *base;
    return PyArg_ParseTupleAndKeywords(args, kwds, "O:PickleBuffer", keywords, &base)
               ? pickle_buffer_make(type, base)
               : NULL;
}

static int picklebuf_traverse(PickleBuffer *self, visitproc visit, void *arg)
{
    Py_VISIT(self->view.obj);
    return 0;
}

static int picklebuf_clear(PickleBuffer *self)
{
    PyBuffer_Release(&self->view);
    return 0;
}

static void picklebuf_dealloc(PickleBuffer *self)
{
    PyObject_GC_UnTrack(self);
    if (self->weakreflist)
        PyObject_ClearWeakRefs((PyObject *)self);
    PyBuffer_Release(&self->view);
    Py_TYPE(self)->tp_free((PyObject *)self);
}

static int picklebuf_getbuffer(PickleBuffer *self, Py_buffer *view, int flags)
{
    /* The view's obj is the base object: releasing it needs nothing from us. */
    return check_released(self) < 0 ? -1 : PyObject_GetBuffer(self->view.obj, view, flags);
}

/* The bytes as one dimension of format B; Fortran order will do as well. */
static PyObject *picklebuf_raw(PickleBuffer *self, PyObject *unused)
{
    static char format[] = "B";
    if (check_released(self) < 0)
        return NULL;
    if (self->view.suboffsets || !PyBuffer_IsContiguous(&self->view, 'A')) {
        PyErr_SetString(PyExc_BufferError, "cannot extract raw buffer from non-contiguous buffer");
        return NULL;
    }
    PyObject *m = PyMemoryView_FromObject((PyObject *)self);
    if (!m)
        return NULL;
    /* One dimension of bytes, in memory order. */
    Py_buffer *x = PyMemoryView_GET_BUFFER(m);
    x->format = format;
    x->ndim = 1;
    x->itemsize = 1;
    x->shape = &x->len; /* a view of no dimension has no room of its own for them */
    x->strides = &x->itemsize;
    x->suboffsets = NULL;
    ((PyMemoryViewObject *)m)->flags = _Py_MEMORYVIEW_C | _Py_MEMORYVIEW_FORTRAN;
    return m;
}

static PyObject *picklebuf_release(PickleBuffer *self, PyObject *unused)
{
    PyBuffer_Release(&self->view);
    Py_RETURN_NONE;
}

static PyBufferProcs picklebuf_as_buffer = { .bf_getbuffer = (getbufferproc)picklebuf_getbuffer };
static PyMethodDef picklebuf_methods[] = {
    { "raw", (PyCFunction)picklebuf_raw, METH_NOARGS,
      "raw($self, /)\n--\n\n"
      "A memoryview of the raw bytes: one dimension, format 'B'. BufferError when not "
      "contiguous." },
    { "release", (PyCFunction)picklebuf_release, METH_NOARGS,
      "release($self, /)\n--\n\n"
      "Releases the underlying buffer." },
    { NULL },
};

PyTypeObject PyPickleBuffer_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "pickle.PickleBuffer",
    .tp_basicsize = sizeof(PickleBuffer),
    .tp_dealloc = (destructor)picklebuf_dealloc,
    .tp_as_buffer = &picklebuf_as_buffer,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_doc = "A buffer that pickle may keep out of its stream",
    .tp_traverse = (traverseproc)picklebuf_traverse,
    .tp_clear = (inquiry)picklebuf_clear,
    .tp_weaklistoffset = offsetof(PickleBuffer, weakreflist),
    .tp_methods = picklebuf_methods,
    .tp_new = picklebuf_new,
    .tp_free = PyObject_GC_Del,
    .tp_alloc = PyType_GenericAlloc,
};
