/* SPDX-License-Identifier: MIT
 *
 * The buffer protocol's C functions (PEP 3118): getting, filling, walking and copying buffers of
 * any shape.
 *
 * A Py_buffer is a loan: `obj` is the exporter, held by a reference until PyBuffer_Release. shape
 * NULL means one dimension of len bytes, strides NULL means C order, suboffsets NULL means no
 * pointers to follow (memoryview.c draws it). Copies between layouts walk the indices as an
 * odometer does, one item at a time; equal contiguous layouts are one memcpy.
 */
#include "state.h"

/* -- Getting and releasing ------------------------------------------------------------------- */

int PyObject_CheckBuffer(PyObject *obj)
{
    PyBufferProcs *pb = Py_TYPE(obj)->tp_as_buffer;
    return pb && pb->bf_getbuffer;
}

/* BufferError or TypeError from the exporter; view->obj is set on success. */
int PyObject_GetBuffer(PyObject *obj, Py_buffer *view, int flags)
{
    PyBufferProcs *pb = Py_TYPE(obj)->tp_as_buffer;
    if (!pb || !pb->bf_getbuffer) {
        PyErr_Format(PyExc_TypeError, "a bytes-like object is required, not '%.100s'",
                     Py_TYPE(obj)->tp_name);
        return -1;
    }
    return pb->bf_getbuffer(obj, view, flags);
}

void PyBuffer_Release(Py_buffer *view)
{
    PyObject *obj = view->obj;
    if (!obj)
        return;
    PyBufferProcs *pb = Py_TYPE(obj)->tp_as_buffer;
    if (pb && pb->bf_releasebuffer)
        pb->bf_releasebuffer(obj, view);
    view->obj = NULL;
    Py_DECREF(obj);
}

/* For exporters of plain bytes. */
int PyBuffer_FillInfo(Py_buffer *view, PyObject *obj, void *buf, Py_ssize_t len, int readonly,
                      int flags)
{
    if (!view) {
        PyErr_SetString(PyExc_BufferError, "PyBuffer_FillInfo: view==NULL argument is obsolete");
        return -1;
    }
    if ((flags & PyBUF_WRITABLE) == PyBUF_WRITABLE && readonly == 1) {
        PyErr_SetString(PyExc_BufferError, "Object is not writable.");
        return -1;
    }
    view->obj = Py_XNewRef(obj);
    view->buf = buf;
    view->len = len;
    view->readonly = readonly;
    view->itemsize = 1;
    view->format = (flags & PyBUF_FORMAT) == PyBUF_FORMAT ? "B" : NULL;
    view->ndim = 1;
    view->shape = (flags & PyBUF_ND) == PyBUF_ND ? &view->len : NULL;
    view->strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? &view->itemsize : NULL;
    view->suboffsets = NULL;
    view->internal = NULL;
    return 0;
}

/* -- Shape ----------------------------------------------------------------------------------- */

static bool empty_shape(const Py_buffer *view)
{
    for (int i = 0; view->shape && i < view->ndim; i++)
        if (view->shape[i] == 0)
            return true;
    return false;
}

/* C order: the last dimension moves fastest; fortran: the first. */
static bool contiguous(const Py_buffer *view, bool fortran)
{
    Py_ssize_t step = view->itemsize;
    if (view->len == 0 || empty_shape(view))
        return true;
    if (!view->strides)
        return !fortran;
    for (int k = 0; k < view->ndim; k++) {
        int i = fortran ? k : view->ndim - 1 - k;
        if (view->shape[i] > 1 && view->strides[i] != step)
            return false;
        step *= view->shape[i];
    }
    return true;
}

static bool fortran_without_strides(const Py_buffer *view)
{
    int wide = 0;
    for (int i = 0; i < view->ndim; i++)
        wide += view->shape && view->shape[i] > 1;
    return view->ndim <= 1 || wide <= 1;
}

/* 'C', 'F', or 'A' for either. */
int PyBuffer_IsContiguous(const Py_buffer *view, char order)
{
    if (view->suboffsets)
        return 0;
    bool f = view->strides || view->len == 0 ? contiguous(view, true)
                                             : fortran_without_strides(view);
    return order == 'C'   ? contiguous(view, false)
           : order == 'F' ? f
           : order == 'A' ? f || contiguous(view, false)
                          : 0;
}

void *PyBuffer_GetPointer(const Py_buffer *view, const Py_ssize_t *indices)
{
    char *pointer = view->buf;
    for (int i = 0; i < view->ndim; i++) {
        pointer += view->strides[i] * indices[i];
        if (view->suboffsets && view->suboffsets[i] >= 0)
            pointer = *((char **)pointer) + view->suboffsets[i];
    }
    return pointer;
}

void PyBuffer_FillContiguousStrides(int nd, Py_ssize_t *shape, Py_ssize_t *strides, int itemsize,
                                    char fort)
{
    Py_ssize_t step = itemsize;
    for (int k = 0; k < nd; k++) {
        int i = fort == 'F' ? k : nd - 1 - k;
        strides[i] = step;
        step *= shape[i];
    }
}

Py_ssize_t PyBuffer_SizeFromFormat(const char *format)
{
    PyObject *module = PyImport_ImportModule("struct");
    PyObject *size = module ? PyObject_CallMethod(module, "calcsize", "s", format) : NULL;
    Py_ssize_t n = size ? PyLong_AsSsize_t(size) : -1;
    Py_XDECREF(size);
    Py_XDECREF(module);
    return n;
}

/* -- Copying --------------------------------------------------------------------------------- */

/* Next index in C or Fortran order. */
static void advance(int nd, Py_ssize_t *index, const Py_ssize_t *shape, bool fortran)
{
    for (int n = 0; n < nd; n++) {
        int k = fortran ? n : nd - 1 - n;
        if (++index[k] < shape[k])
            return;
        index[k] = 0;
    }
}

void _Py_add_one_to_index_C(int nd, Py_ssize_t *index, const Py_ssize_t *shape)
{
    advance(nd, index, shape, false);
}

void _Py_add_one_to_index_F(int nd, Py_ssize_t *index, const Py_ssize_t *shape)
{
    advance(nd, index, shape, true);
}

/* Copies items between `flat` and the view; to_view says in which direction. */
static int copy_items(const Py_buffer *view, char *flat, Py_ssize_t len, bool fortran, bool to_view)
{
    Py_ssize_t strides_space[PyBUF_MAX_NDIM], index[PyBUF_MAX_NDIM] = { 0 };
    Py_buffer local = *view;
    if (len > view->len)
        len = view->len;
    if (!local.strides) {
        if (!local.shape)
            local.shape = &local.len;
        PyBuffer_FillContiguousStrides(local.ndim, local.shape, strides_space, (int)local.itemsize,
                                       'C');
        local.strides = strides_space;
    }
    for (Py_ssize_t n = local.itemsize ? len / local.itemsize : 0; n > 0;
         n--, flat += local.itemsize) {
        char *item = PyBuffer_GetPointer(&local, index);
        memcpy(to_view ? item : flat, to_view ? flat : item, (size_t)local.itemsize);
        advance(local.ndim, index, local.shape, fortran);
    }
    return 0;
}

int PyBuffer_FromContiguous(const Py_buffer *view, const void *buf, Py_ssize_t len, char fort)
{
    if (len > view->len)
        len = view->len;
    if (PyBuffer_IsContiguous(view, fort)) {
        memcpy(view->buf, buf, (size_t)len);
        return 0;
    }
    return copy_items(view, (char *)buf, len, fort == 'F', true);
}

int PyBuffer_ToContiguous(void *buf, const Py_buffer *src, Py_ssize_t len, char order)
{
    if (len != src->len) {
        PyErr_SetString(PyExc_ValueError, "PyBuffer_ToContiguous: len != view->len");
        return -1;
    }
    if (PyBuffer_IsContiguous(src, order)) {
        memcpy(buf, src->buf, (size_t)len);
        return 0;
    }
    return copy_items(src, buf, len,
                      order == 'F' || (order == 'A' && PyBuffer_IsContiguous(src, 'F')), false);
}

/* dest must be writable and at least as long. */
int PyObject_CopyData(PyObject *dest, PyObject *src)
{
    Py_buffer to, from;
    if (!PyObject_CheckBuffer(dest) || !PyObject_CheckBuffer(src)) {
        PyErr_SetString(PyExc_TypeError, "both destination and source must be bytes-like objects");
        return -1;
    }
    if (PyObject_GetBuffer(dest, &to, PyBUF_FULL) != 0)
        return -1;
    if (PyObject_GetBuffer(src, &from, PyBUF_FULL_RO) != 0) {
        PyBuffer_Release(&to);
        return -1;
    }
    int rc = -1;
    char *flat = NULL;
    if (to.len < from.len)
        PyErr_SetString(PyExc_BufferError, "destination is too small to receive data from source");
    else if ((flat = PyMem_Malloc((size_t)from.len + 1)))
        rc = PyBuffer_ToContiguous(flat, &from, from.len, 'C') < 0
                 ? -1
                 : PyBuffer_FromContiguous(&to, flat, from.len, 'C');
    else
        PyErr_NoMemory();
    PyMem_Free(flat);
    PyBuffer_Release(&to);
    PyBuffer_Release(&from);
    return rc;
}

/* -- Old buffer API, still exported ---------------------------------------------------------- */

/* The pointer outlives the buffer at the caller's risk: that is why the API is old. */
static int old_buffer(PyObject *obj, const void **buffer, Py_ssize_t *len, int flags)
{
    Py_buffer view;
    if (!obj || !buffer || !len) {
        PyErr_SetString(PyExc_SystemError, "null argument to internal routine");
        return -1;
    }
    if (PyObject_GetBuffer(obj, &view, flags) != 0)
        return -1;
    *buffer = view.buf;
    *len = view.len;
    PyBuffer_Release(&view);
    return 0;
}
int PyObject_AsCharBuffer(PyObject *obj, const char **buffer, Py_ssize_t *len)
{
    return old_buffer(obj, (const void **)buffer, len, PyBUF_SIMPLE);
}

int PyObject_AsReadBuffer(PyObject *obj, const void **buffer, Py_ssize_t *len)
{
    return old_buffer(obj, buffer, len, PyBUF_SIMPLE);
}

int PyObject_AsWriteBuffer(PyObject *obj, void **buffer, Py_ssize_t *len)
{
    return old_buffer(obj, (const void **)buffer, len, PyBUF_WRITABLE);
}

int PyObject_CheckReadBuffer(PyObject *obj)
{
    Py_buffer view;
    if (!PyObject_CheckBuffer(obj) || PyObject_GetBuffer(obj, &view, PyBUF_SIMPLE) == -1) {
        PyErr_Clear();
        return 0;
    }
    PyBuffer_Release(&view);
    return 1;
}
