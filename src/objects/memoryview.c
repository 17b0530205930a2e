/* SPDX-License-Identifier: MIT
 *
 * memoryview: a window on another object's buffer, with shape, strides and format (PEP 3118).
 *
 * One managed buffer holds the exporter's Py_buffer and is shared by all views made from it
 * (slices, casts); the exporter is let go when the last of them is released. Each view has a
 * geometry of its own, in room behind the object:
 *
 *     exporter <── master ── managed buffer <── mbuf ── view, view[::2], view.cast("B") …
 *
 *     view.shape ──────> ob_array[0 .. ndim)
 *     view.strides ────> ob_array[ndim .. 2 ndim)
 *     view.suboffsets ─> ob_array[2 ndim .. 3 ndim), or NULL: no dimension goes through a pointer
 *
 * Address of item (i, j, …): add i * strides[0]; if suboffsets[0] >= 0 the place holds a pointer,
 * which is followed and suboffsets[0] added; then the same for j (follow(), element()).
 *
 * Invariants
 *  M1 A released view (its flag, or that of its managed buffer) is never looked into: whatever may
 *     run foreign code is followed by another check_released.
 *  M2 `exports` of a view counts the buffers taken from it; while there are any release() fails.
 *  M3 `exports` of a managed buffer counts its views that are not released.
 *  M4 The flags C, FORTRAN, PIL and SCALAR describe the present geometry: set_flags after a change.
 *
 * Formats are memoryview_format.c's. Sub-views and slices of several dimensions raise
 * NotImplementedError, as in 3.11.
 */
#include "objects/int/int.h"
#include "objects/memoryview_impl.h"

/* M1 */
#define RELEASED(mv)                                                                               \
    ((mv)->flags & _Py_MEMORYVIEW_RELEASED                                                         \
     || (mv)->mbuf->flags & _Py_MANAGED_BUFFER_RELEASED)
#define MV(o) ((PyMemoryViewObject *)(o))

/* Raises ValueError for a released view: -1. */
static int check_released(PyMemoryViewObject *mv)
{
    if (!RELEASED(mv))
        return 0;
    PyErr_SetString(PyExc_ValueError, "operation forbidden on released memoryview object");
    return -1;
}

/* -- Managed buffer -------------------------------------------------------------------------- */

/* With an empty master, which the caller fills; no view yet. */
static _PyManagedBufferObject *mbuf_new(void)
{
    _PyManagedBufferObject *mbuf = PyObject_GC_New(_PyManagedBufferObject, &_PyManagedBuffer_Type);
    if (mbuf) {
        mbuf->flags = 0;
        mbuf->exports = 0;
        mbuf->master.obj = NULL;
        PyObject_GC_Track(mbuf);
    }
    return mbuf;
}

/* Gives the buffer back to its exporter, once; views that are left find themselves released. */
static void mbuf_release(_PyManagedBufferObject *mbuf)
{
    if (mbuf->flags & _Py_MANAGED_BUFFER_RELEASED)
        return;
    mbuf->flags |= _Py_MANAGED_BUFFER_RELEASED;
    PyObject_GC_UnTrack(mbuf);
    PyBuffer_Release(&mbuf->master);
}

static void mbuf_dealloc(_PyManagedBufferObject *mbuf)
{
    mbuf_release(mbuf);
    if (mbuf->flags & _Py_MANAGED_BUFFER_FREE_FORMAT)
        PyMem_Free(mbuf->master.format);
    PyObject_GC_Del(mbuf);
}

static int mbuf_traverse(_PyManagedBufferObject *mbuf, visitproc visit, void *arg)
{
    Py_VISIT(mbuf->master.obj);
    return 0;
}

static int mbuf_clear(_PyManagedBufferObject *mbuf)
{
    mbuf_release(mbuf);
    return 0;
}

PyTypeObject _PyManagedBuffer_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "managedbuffer",
    .tp_basicsize = sizeof(_PyManagedBufferObject),
    .tp_dealloc = (destructor)mbuf_dealloc,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = (traverseproc)mbuf_traverse,
    .tp_clear = (inquiry)mbuf_clear,
};

/* -- Construction ---------------------------------------------------------------------------- */

/* M4. The released flag stays as it is. */
static void set_flags(PyMemoryViewObject *mv)
{
    const Py_buffer *view = &mv->view;
    mv->flags &= _Py_MEMORYVIEW_RELEASED;
    if (view->ndim == 0) {
        mv->flags |= _Py_MEMORYVIEW_SCALAR | _Py_MEMORYVIEW_C | _Py_MEMORYVIEW_FORTRAN;
    } else if (view->ndim == 1) { /* also an empty view must have the right stride */
        if (view->shape[0] == 1 || view->strides[0] == view->itemsize)
            mv->flags |= _Py_MEMORYVIEW_C | _Py_MEMORYVIEW_FORTRAN;
    } else {
        mv->flags |= PyBuffer_IsContiguous(view, 'C') ? _Py_MEMORYVIEW_C : 0;
        mv->flags |= PyBuffer_IsContiguous(view, 'F') ? _Py_MEMORYVIEW_FORTRAN : 0;
    }
    if (view->suboffsets)
        mv->flags = (mv->flags & ~(_Py_MEMORYVIEW_C | _Py_MEMORYVIEW_FORTRAN)) | _Py_MEMORYVIEW_PIL;
}

/* A view of ndim dimensions on nothing: geometry not set, no managed buffer yet. */
static PyMemoryViewObject *view_alloc(int ndim)
{
    PyMemoryViewObject *mv = PyObject_GC_NewVar(PyMemoryViewObject, &PyMemoryView_Type, 3 * ndim);
    if (!mv)
        return NULL;
    mv->mbuf = NULL;
    mv->hash = -1;
    mv->flags = 0;
    mv->exports = 0;
    mv->weakreflist = NULL;
    mv->view.ndim = ndim;
    mv->view.shape = mv->ob_array;
    mv->view.strides = mv->ob_array + ndim;
    mv->view.suboffsets = mv->ob_array + 2 * ndim;
    PyObject_GC_Track(mv);
    return mv;
}

/* A view over a managed buffer with the geometry of src; NULL stands for that of the master.
   Format and exporter are borrowed from src: the managed buffer keeps both alive. ValueError
   above 64 dimensions. */
static PyObject *view_add(_PyManagedBufferObject *mbuf, const Py_buffer *src)
{
    Py_buffer s = src ? *src : mbuf->master;
    if (s.ndim > PyBUF_MAX_NDIM) {
        PyErr_SetString(PyExc_ValueError, "memoryview: number of dimensions must not exceed 64");
        return NULL;
    }
    PyMemoryViewObject *mv = view_alloc(s.ndim);
    if (!mv)
        return NULL;
    Py_buffer *v = &mv->view;
    v->obj = s.obj;
    v->buf = s.buf;
    v->len = s.len;
    v->itemsize = s.itemsize;
    v->readonly = s.readonly;
    v->format = s.format ? s.format : "B";
    v->internal = s.internal;
    for (int i = 0; i < s.ndim; i++) {
        v->shape[i] = s.shape ? s.shape[i] : s.len / s.itemsize;
        if (s.strides)
            v->strides[i] = s.strides[i];
        if (s.suboffsets)
            v->suboffsets[i] = s.suboffsets[i];
    }
    if (!s.strides)
        PyBuffer_FillContiguousStrides(s.ndim, v->shape, v->strides, (int)v->itemsize, 'C');
    if (!s.suboffsets)
        v->suboffsets = NULL;
    if (s.ndim == 0)
        v->shape = v->strides = v->suboffsets = NULL;
    mv->mbuf = (_PyManagedBufferObject *)Py_NewRef((PyObject *)mbuf);
    mbuf->exports++;
    set_flags(mv);
    return (PyObject *)mv;
}

/* Nobody owns the memory: the caller sees to it that it outlives the view. */
PyObject *PyMemoryView_FromMemory(char *mem, Py_ssize_t size, int flags)
{
    _PyManagedBufferObject *mbuf = mbuf_new();
    if (!mbuf)
        return NULL;
    (void)PyBuffer_FillInfo(&mbuf->master, NULL, mem, size, flags != PyBUF_WRITE, PyBUF_FULL_RO);
    PyObject *mv = view_add(mbuf, NULL);
    Py_DECREF(mbuf);
    return mv;
}

/* The caller keeps the duty to release `info`, hence master.obj is NULL. */
PyObject *PyMemoryView_FromBuffer(const Py_buffer *info)
{
    if (!info->buf) {
        PyErr_SetString(PyExc_ValueError, "PyMemoryView_FromBuffer(): info->buf must not be NULL");
        return NULL;
    }
    _PyManagedBufferObject *mbuf = mbuf_new();
    if (!mbuf)
        return NULL;
    mbuf->master = *info;
    mbuf->master.obj = NULL;
    PyObject *mv = view_add(mbuf, NULL);
    Py_DECREF(mbuf);
    return mv;
}

/* A view of a view shares the managed buffer, so the exporter is asked once only. */
PyObject *PyMemoryView_FromObject(PyObject *v)
{
    if (PyMemoryView_Check(v))
        return check_released(MV(v)) < 0 ? NULL : view_add(MV(v)->mbuf, &MV(v)->view);
    if (!PyObject_CheckBuffer(v))
        return PyErr_Format(PyExc_TypeError,
                            "memoryview: a bytes-like object is required, not '%.200s'",
                            Py_TYPE(v)->tp_name);
    _PyManagedBufferObject *mbuf = mbuf_new();
    if (!mbuf)
        return NULL;
    PyObject *mv = NULL;
    if (PyObject_GetBuffer(v, &mbuf->master, PyBUF_FULL_RO) < 0) {
        mbuf->master.obj = NULL;
        mbuf->flags |= _Py_MANAGED_BUFFER_RELEASED;
        PyObject_GC_UnTrack(mbuf);
    } else {
        mv = view_add(mbuf, NULL);
    }
    Py_DECREF(mbuf);
    return mv;
}

/* A view whose items lie in `order` ('C', 'F', 'A'): of obj itself when they do already, else of
   a bytes copy. To write (PyBUF_WRITE) into a copy would be lost, so that is a BufferError. */
PyObject *PyMemoryView_GetContiguous(PyObject *obj, int type, char order)
{
    PyObject *mv = PyMemoryView_FromObject(obj), *bytes, *res;
    if (!mv)
        return NULL;
    Py_buffer *view = &MV(mv)->view;
    if (type == PyBUF_WRITE && view->readonly) {
        PyErr_SetString(PyExc_BufferError, "underlying buffer is not writable");
        Py_DECREF(mv);
        return NULL;
    }
    if (PyBuffer_IsContiguous(view, order))
        return mv;
    if (type == PyBUF_WRITE) {
        PyErr_SetString(PyExc_BufferError,
                        "writable contiguous buffer requested for a non-contiguous object.");
        Py_DECREF(mv);
        return NULL;
    }
    bytes = PyBytes_FromStringAndSize(NULL, view->len);
    if (!bytes || PyBuffer_ToContiguous(PyBytes_AS_STRING(bytes), view, view->len, order) < 0) {
        Py_XDECREF(bytes);
        Py_DECREF(mv);
        return NULL;
    }
    /* A view over the copy with the shape of the original. */
    _PyManagedBufferObject *mbuf = mbuf_new();
    res = NULL;
    if (mbuf && PyObject_GetBuffer(bytes, &mbuf->master, PyBUF_FULL_RO) == 0) {
        Py_buffer shape = *view;
        Py_ssize_t strides[PyBUF_MAX_NDIM];
        PyBuffer_FillContiguousStrides(view->ndim, view->shape, strides, (int)view->itemsize,
                                       order);
        shape.buf = mbuf->master.buf;
        shape.obj = mbuf->master.obj;
        shape.readonly = 1;
        shape.strides = strides;
        shape.suboffsets = NULL;
        if (strlen(view->format ? view->format : "B")
            && (mbuf->master.format = PyMem_Malloc(strlen(view->format) + 1))) {
            strcpy(mbuf->master.format, view->format);
            mbuf->flags |= _Py_MANAGED_BUFFER_FREE_FORMAT;
            shape.format = mbuf->master.format;
        }
        res = view_add(mbuf, &shape);
    }
    Py_XDECREF(mbuf);
    Py_DECREF(bytes);
    Py_DECREF(mv);
    return res;
}

static PyObject *memory_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    static char *keywords[] = { "object", NULL };
    PyObject *object;
    return PyArg_ParseTupleAndKeywords(args, kwds, "O:memoryview", keywords, &object)
               ? PyMemoryView_FromObject(object)
               : NULL;
}

static PyObject *memory_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                   PyObject *kwnames)
{
    Py_ssize_t n = PyVectorcall_NARGS(nargsf);
    if (n != 1 || kwnames)
        return _PyObject_MakeTpCall(tstate_get(), type, args, n, kwnames);
    PyObject *object = Py_NewRef(args[0]); /* as a tuple of arguments holds it */
    PyObject *view = PyMemoryView_FromObject(object);
    Py_DECREF(object);
    return view;
}

/* -- Release --------------------------------------------------------------------------------- */

/* BufferError while buffers are exported (M2). Releasing twice is nothing. */
static int release(PyMemoryViewObject *mv)
{
    if (mv->flags & _Py_MEMORYVIEW_RELEASED)
        return 0;
    if (mv->exports > 0) {
        PyErr_Format(PyExc_BufferError, "memoryview has %zd exported buffer%s", mv->exports,
                     mv->exports == 1 ? "" : "s");
        return -1;
    }
    mv->flags |= _Py_MEMORYVIEW_RELEASED;
    if (--mv->mbuf->exports == 0)
        mbuf_release(mv->mbuf);
    return 0;
}

static PyObject *memory_release(PyMemoryViewObject *mv, PyObject *unused)
{
    return release(mv) < 0 ? NULL : Py_NewRef(Py_None);
}

static PyObject *memory_enter(PyObject *self, PyObject *unused)
{
    return check_released(MV(self)) < 0 ? NULL : Py_NewRef(self);
}

static PyObject *memory_exit(PyMemoryViewObject *mv, PyObject *args)
{
    return memory_release(mv, NULL);
}

static void memory_dealloc(PyMemoryViewObject *mv)
{
    PyObject_GC_UnTrack(mv);
    if (mv->mbuf) {
        (void)release(mv);
        Py_CLEAR(mv->mbuf);
    }
    if (mv->weakreflist)
        PyObject_ClearWeakRefs((PyObject *)mv);
    PyObject_GC_Del(mv);
}

static int memory_traverse(PyMemoryViewObject *mv, visitproc visit, void *arg)
{
    Py_VISIT(mv->mbuf);
    return 0;
}

static int memory_clear(PyMemoryViewObject *mv)
{
    if (mv->mbuf && release(mv) == 0)
        Py_CLEAR(mv->mbuf);
    return 0;
}

/* The flags say what the consumer can cope with; each rung that it lacks is refused with its own
   message if the view needs it, and left out of the answer otherwise. */
static int memory_getbuffer(PyMemoryViewObject *mv, Py_buffer *view, int flags)
{
    if (check_released(mv) < 0)
        return -1;
    *view = mv->view;
    view->obj = NULL;
    const char *error =
        (flags & PyBUF_WRITABLE) == PyBUF_WRITABLE && view->readonly
            ? "memoryview: underlying buffer is not writable"
        : (flags & PyBUF_C_CONTIGUOUS) == PyBUF_C_CONTIGUOUS && !(mv->flags & _Py_MEMORYVIEW_C)
            ? "memoryview: underlying buffer is not C-contiguous"
        : (flags & PyBUF_F_CONTIGUOUS) == PyBUF_F_CONTIGUOUS
                && !(mv->flags & _Py_MEMORYVIEW_FORTRAN)
            ? "memoryview: underlying buffer is not Fortran contiguous"
        : (flags & PyBUF_ANY_CONTIGUOUS) == PyBUF_ANY_CONTIGUOUS
                && !(mv->flags & (_Py_MEMORYVIEW_C | _Py_MEMORYVIEW_FORTRAN))
            ? "memoryview: underlying buffer is not contiguous"
        : (flags & PyBUF_INDIRECT) != PyBUF_INDIRECT && (mv->flags & _Py_MEMORYVIEW_PIL)
            ? "memoryview: underlying buffer requires suboffsets"
        : (flags & PyBUF_STRIDES) != PyBUF_STRIDES && !(mv->flags & _Py_MEMORYVIEW_C)
            ? "memoryview: underlying buffer is not C-contiguous"
        : (flags & PyBUF_ND) != PyBUF_ND && (flags & PyBUF_FORMAT) == PyBUF_FORMAT
            ? "memoryview: cannot cast to unsigned bytes if the format flag is present"
            : NULL;
    if (error) {
        PyErr_SetString(PyExc_BufferError, error);
        return -1;
    }
    if ((flags & PyBUF_FORMAT) != PyBUF_FORMAT)
        view->format = NULL;
    if ((flags & PyBUF_STRIDES) != PyBUF_STRIDES)
        view->strides = NULL;
    if ((flags & PyBUF_ND) != PyBUF_ND) {
        view->ndim = 1;
        view->shape = NULL;
    }
    view->obj = Py_NewRef((PyObject *)mv);
    mv->exports++;
    return 0;
}

static void memory_releasebuffer(PyMemoryViewObject *mv, Py_buffer *view) { mv->exports--; }

/* -- Items ----------------------------------------------------------------------------------- */

/* Follows the pointer at p if the dimension has a suboffset. */
static char *follow(char *p, const Py_buffer *view, int dim)
{
    return view->suboffsets && view->suboffsets[dim] >= 0 ? *(char **)p + view->suboffsets[dim] : p;
}

/* Address of element `index` of a dimension; NULL with IndexError. */
static char *element(char *p, const Py_buffer *view, int dim, Py_ssize_t index)
{
    Py_ssize_t n = view->shape[dim];
    if (index < 0)
        index += n;
    if (index < 0 || index >= n) {
        PyErr_Format(PyExc_IndexError, "index out of bounds on dimension %d", dim + 1);
        return NULL;
    }
    return follow(p + view->strides[dim] * index, view, dim);
}

/* Converts and stores an item. The conversion may run code that releases the view. */
static int store_item(PyMemoryViewObject *mv, char *p, PyObject *item)
{
    char bytes[sizeof(long long)];
    const char *format = mv->view.format;
    if (memory_pack_item(bytes, item, format + (format[0] == '@')) < 0 || check_released(mv) < 0)
        return -1;
    memcpy(p, bytes, (size_t)mv->view.itemsize);
    return 0;
}

/* Address of view[i, j, …]; with fewer indices than dimensions, that of a sub-view. The indices'
   __index__ may release the view, hence the check in the loop. */
static char *element_at_tuple(PyMemoryViewObject *mv, PyObject *tuple)
{
    Py_ssize_t n = PyTuple_GET_SIZE(tuple);
    char *p = mv->view.buf;
    if (n > mv->view.ndim) {
        PyErr_Format(PyExc_TypeError, "cannot index %d-dimension view with %zd-element tuple",
                     mv->view.ndim, n);
        return NULL;
    }
    for (int i = 0; p && i < n; i++) {
        Py_ssize_t index = PyNumber_AsSsize_t(PyTuple_GET_ITEM(tuple, i), PyExc_IndexError);
        if ((index == -1 && PyErr_Occurred()) || check_released(mv) < 0)
            return NULL;
        p = element(p, &mv->view, i, index);
    }
    return p;
}

static int all_are(PyObject *tuple, int (*check)(PyObject *))
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple); i++)
        if (!check(PyTuple_GET_ITEM(tuple, i)))
            return 0;
    return 1;
}
static int is_index(PyObject *o) { return PyIndex_Check(o); }
static int is_slice(PyObject *o) { return PySlice_Check(o); }

/* One dimension of adjacent items. */
static inline bool is_plain(const Py_buffer *view)
{
    return view->ndim == 1 && view->strides[0] == view->itemsize
           && (view->suboffsets == NULL || view->suboffsets[0] < 0);
}

/* Such items, each a byte of format 'B'. */
static inline bool is_plain_bytes(const Py_buffer *view)
{
    return is_plain(view) && view->itemsize == 1
           && (view->format == NULL || (view->format[0] == 'B' && view->format[1] == '\0'));
}

/* Where in a view of plain bytes the index points; NULL: ask element(), which may raise. */
static inline unsigned char *plain_byte(const Py_buffer *view, PyObject *index)
{
    if (!PyLong_CheckExact(index) || !int_is_compact(index) || !is_plain_bytes(view))
        return NULL;
    Py_ssize_t i = int_compact(index);
    if (i < 0)
        i += view->shape[0];
    return (size_t)i < (size_t)view->shape[0] ? (unsigned char *)view->buf + i : NULL;
}

/* view[index] of one dimension; a negative index counts from the end. */
static PyObject *memory_item(PyMemoryViewObject *mv, Py_ssize_t index)
{
    if (check_released(mv) < 0 || memory_check_single(mv->view.format) < 0)
        return NULL;
    if (mv->view.ndim == 0)
        return PyErr_Format(PyExc_TypeError, "invalid indexing of 0-dim memory");
    if (mv->view.ndim > 1)
        return PyErr_Format(PyExc_NotImplementedError,
                            "multi-dimensional sub-views are not implemented");
    char *p = element(mv->view.buf, &mv->view, 0, index);
    return p ? memory_unpack_item(p, mv->view.format) : NULL;
}

/* Cuts the first dimension. */
static int cut(Py_buffer *view, PyObject *slice)
{
    Py_ssize_t start, stop, step;
    if (PySlice_Unpack(slice, &start, &stop, &step) < 0)
        return -1;
    Py_ssize_t n = PySlice_AdjustIndices(view->shape[0], &start, &stop, step);
    view->buf = (char *)view->buf + view->strides[0] * start;
    view->shape[0] = n;
    view->strides[0] *= step;
    view->len = view->itemsize;
    for (int i = 0; i < view->ndim; i++)
        view->len *= view->shape[i];
    return 0;
}

/* view[index], view[slice], view[i, j, …], and view[...] or view[()] of a view without
   dimensions. */
static PyObject *memory_subscript(PyMemoryViewObject *mv, PyObject *key)
{
    Py_buffer *view = &mv->view;
    if (check_released(mv) < 0)
        return NULL;
    const unsigned char *byte = plain_byte(view, key);
    if (byte)
        return Py_NewRef(SMALL_INT(*byte));
    if (view->ndim == 0) {
        if (PyTuple_Check(key) && PyTuple_GET_SIZE(key) == 0)
            return memory_unpack_item(view->buf, view->format);
        if (key == Py_Ellipsis)
            return Py_NewRef((PyObject *)mv);
        return PyErr_Format(PyExc_TypeError, "invalid indexing of 0-dim memory");
    }
    if (PyIndex_Check(key)) {
        Py_ssize_t index = PyNumber_AsSsize_t(key, PyExc_IndexError);
        return index == -1 && PyErr_Occurred() ? NULL : memory_item(mv, index);
    }
    if (PySlice_Check(key)) {
        PyObject *res = view_add(mv->mbuf, view);
        if (res && cut(&MV(res)->view, key) < 0)
            Py_CLEAR(res);
        if (res)
            set_flags(MV(res));
        return res;
    }
    if (PyTuple_Check(key) && all_are(key, is_index)) {
        if (memory_check_single(view->format) < 0)
            return NULL;
        if (PyTuple_GET_SIZE(key) < view->ndim)
            return PyErr_Format(PyExc_NotImplementedError, "sub-views are not implemented");
        char *p = element_at_tuple(mv, key);
        return p ? memory_unpack_item(p, view->format) : NULL;
    }
    if (PyTuple_Check(key) && all_are(key, is_slice))
        return PyErr_Format(PyExc_NotImplementedError,
                            "multi-dimensional slicing is not implemented");
    return PyErr_Format(PyExc_TypeError, "memoryview: invalid slice key");
}

/* Format, item size and shape agree; sizes behind a dimension of zero items do not matter. */
static bool same_structure(const Py_buffer *a, const Py_buffer *b)
{
    if (strcmp(a->format + (a->format[0] == '@'), b->format + (b->format[0] == '@'))
        || a->itemsize != b->itemsize || a->ndim != b->ndim)
        return false;
    for (int i = 0; i < a->ndim; i++) {
        if (a->shape[i] != b->shape[i])
            return false;
        if (a->shape[i] == 0)
            break;
    }
    return true;
}

/* Copies one dimension; through a scratch copy when the regions may overlap. */
static int copy_one_dimension(const Py_buffer *to, const Py_buffer *from)
{
    Py_ssize_t n = to->shape[0], size = to->itemsize;
    char *scratch = PyMem_Malloc((size_t)(n * size) + 1);
    if (!scratch) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < n; i++)
        memcpy(scratch + i * size, follow((char *)from->buf + i * from->strides[0], from, 0),
               (size_t)size);
    for (Py_ssize_t i = 0; i < n; i++)
        memcpy(follow((char *)to->buf + i * to->strides[0], to, 0), scratch + i * size,
               (size_t)size);
    PyMem_Free(scratch);
    return 0;
}

/* Bytes into as many adjacent plain ones: 1 done, 0 not that, -1 error. */
static int assign_bytes(PyMemoryViewObject *mv, PyObject *slice, PyObject *bytes)
{
    Py_ssize_t start, stop, step;
    if (PySlice_Unpack(slice, &start, &stop, &step) < 0)
        return -1;
    if (RELEASED(mv) || step != 1
        || PySlice_AdjustIndices(mv->view.shape[0], &start, &stop, step) != Py_SIZE(bytes))
        return 0;
    if (Py_SIZE(bytes))
        memcpy((char *)mv->view.buf + start, PyBytes_AS_STRING(bytes), (size_t)Py_SIZE(bytes));
    return 1;
}

/* view[slice] = value: one dimension, and the same structure on both sides. */
static int assign_slice(PyMemoryViewObject *mv, PyObject *slice, PyObject *value)
{
    int rc = -1;
    if (PyBytes_CheckExact(value) && is_plain_bytes(&mv->view)
        && (rc = assign_bytes(mv, slice, value)) != 0)
        return rc < 0 ? -1 : 0;
    rc = -1;
    if (!PyObject_CheckBuffer(value))
        return PyErr_Format(PyExc_TypeError, "a bytes-like object is required, not '%.200s'",
                            Py_TYPE(value)->tp_name),
               rc;
    PyObject *source = PyMemoryView_FromObject(value),
             *target = source ? view_add(mv->mbuf, &mv->view) : NULL;
    if (target && cut(&MV(target)->view, slice) == 0 && check_released(mv) == 0) {
        if (MV(source)->view.ndim != 1 || !same_structure(&MV(target)->view, &MV(source)->view))
            PyErr_SetString(PyExc_ValueError,
                            "memoryview assignment: lvalue and rvalue have different structures");
        else
            rc = copy_one_dimension(&MV(target)->view, &MV(source)->view);
    }
    Py_XDECREF(source);
    Py_XDECREF(target);
    return rc;
}

/* Forms of keys as in memory_subscript. */
static int memory_ass_sub(PyMemoryViewObject *mv, PyObject *key, PyObject *value)
{
    Py_buffer *view = &mv->view;
    char *p;
    if (check_released(mv) < 0)
        return -1;
    if (memory_check_single(view->format) < 0)
        return -1;
    if (view->readonly) {
        PyErr_SetString(PyExc_TypeError, "cannot modify read-only memory");
        return -1;
    }
    if (!value) {
        PyErr_SetString(PyExc_TypeError, "cannot delete memory");
        return -1;
    }
    if (view->ndim == 0) {
        if (key == Py_Ellipsis || (PyTuple_Check(key) && PyTuple_GET_SIZE(key) == 0))
            return store_item(mv, view->buf, value);
        PyErr_SetString(PyExc_TypeError, "invalid indexing of 0-dim memory");
        return -1;
    }
    unsigned char *byte = plain_byte(view, key);
    if (byte && PyLong_CheckExact(value) && int_is_compact(value)
        && (size_t)int_compact(value) < 256) {
        *byte = (unsigned char)int_compact(value);
        return 0;
    }
    if (PyIndex_Check(key)) {
        if (view->ndim > 1) {
            PyErr_SetString(PyExc_NotImplementedError, "sub-views are not implemented");
            return -1;
        }
        Py_ssize_t index = PyNumber_AsSsize_t(key, PyExc_IndexError);
        if ((index == -1 && PyErr_Occurred()) || check_released(mv) < 0)
            return -1;
        p = element(view->buf, view, 0, index);
        return p ? store_item(mv, p, value) : -1;
    }
    if (PySlice_Check(key) && view->ndim == 1)
        return assign_slice(mv, key, value);
    if (PyTuple_Check(key) && all_are(key, is_index)) {
        if (PyTuple_GET_SIZE(key) < view->ndim) {
            PyErr_SetString(PyExc_NotImplementedError, "sub-views are not implemented");
            return -1;
        }
        p = element_at_tuple(mv, key);
        return p ? store_item(mv, p, value) : -1;
    }
    if (PySlice_Check(key) || (PyTuple_Check(key) && all_are(key, is_slice)))
        PyErr_SetString(PyExc_NotImplementedError,
                        "memoryview slice assignments are currently restricted to ndim = 1");
    else
        PyErr_SetString(PyExc_TypeError, "memoryview: invalid slice key");
    return -1;
}

static Py_ssize_t memory_length(PyMemoryViewObject *mv)
{
    return check_released(mv) < 0 ? -1 : mv->view.ndim == 0 ? 1 : mv->view.shape[0];
}

/* -- Conversion ------------------------------------------------------------------------------ */

/* Nested lists of the dimensions from `dim` on, p being the first item. */
static PyObject *to_list(const Py_buffer *view, char *p, int dim)
{
    if (dim == view->ndim)
        return memory_unpack_item(p, view->format);
    PyObject *list = PyList_New(view->shape[dim]);
    if (list && dim == view->ndim - 1 && !view->suboffsets
        && memory_native_char(view->format) == 'B') {
        for (Py_ssize_t i = 0; i < view->shape[dim]; i++, p += view->strides[dim])
            PyList_SET_ITEM(list, i, Py_NewRef(SMALL_INT(*(unsigned char *)p)));
        return list;
    }
    for (Py_ssize_t i = 0; list && i < view->shape[dim]; i++) {
        char *at = follow(p + i * view->strides[dim], view, dim);
        PyObject *item = dim == view->ndim - 1 ? memory_unpack_item(at, view->format)
                                               : to_list(view, at, dim + 1);
        if (!item)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, i, item);
    }
    return list;
}

static PyObject *memory_tolist(PyMemoryViewObject *mv, PyObject *unused)
{
    return check_released(mv) < 0 || memory_check_single(mv->view.format) < 0
               ? NULL
               : to_list(&mv->view, mv->view.buf, 0);
}

static PyObject *memory_tobytes(PyMemoryViewObject *mv, PyObject *const *args, Py_ssize_t nargs,
                                PyObject *kwnames)
{
    ARGS("|z:tobytes", "order");
    const char *order = NULL;
    if (!PARSE(&order) || check_released(mv) < 0)
        return NULL;
    if (order && strcmp(order, "C") && strcmp(order, "F") && strcmp(order, "A"))
        return PyErr_Format(PyExc_ValueError, "order must be 'C', 'F' or 'A'");
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, mv->view.len);
    if (!bytes || mv->view.len == 0)
        return bytes;
    if (is_plain(&mv->view))
        memcpy(PyBytes_AS_STRING(bytes), mv->view.buf, (size_t)mv->view.len);
    else if (PyBuffer_ToContiguous(PyBytes_AS_STRING(bytes), &mv->view, mv->view.len,
                                 order ? order[0] : 'C')
               < 0) {
        Py_CLEAR(bytes);
    }
    return bytes;
}

extern EXPORT PyObject *_Py_strhex_with_sep(const char *data, const Py_ssize_t n, PyObject *sep,
                                            const int group);

static PyObject *memory_hex(PyMemoryViewObject *mv, PyObject *const *args, Py_ssize_t nargs,
                            PyObject *kwnames)
{
    ARGS("|Oi:hex", "sep", "bytes_per_sep");
    PyObject *sep = NULL;
    int group = 1;
    if ((nargs != 0 || kwnames) && !PARSE(&sep, &group))
        return NULL;
    if (check_released(mv) < 0)
        return NULL;
    if (mv->flags & _Py_MEMORYVIEW_C)
        return _Py_strhex_with_sep(mv->view.buf, mv->view.len, sep, group);
    PyObject *bytes = memory_tobytes(mv, NULL, 0, NULL);
    PyObject *res = bytes ? _Py_strhex_with_sep(PyBytes_AS_STRING(bytes), PyBytes_GET_SIZE(bytes),
                                                sep, group)
                          : NULL;
    Py_XDECREF(bytes);
    return res;
}

static PyObject *memory_toreadonly(PyMemoryViewObject *mv, PyObject *unused)
{
    PyObject *res = check_released(mv) < 0 ? NULL : view_add(mv->mbuf, &mv->view);
    if (res)
        MV(res)->view.readonly = 1;
    return res;
}

static inline bool is_byte_format(char c) { return c == 'b' || c == 'B' || c == 'c'; }

/* The first half of a cast: flat, in another format; one side must be bytes, so that no item of
   one width is taken for another by chance. */
static int cast_format(PyMemoryViewObject *mv, const char *format)
{
    const char *to = memory_static_format(format);
    char from = memory_native_char(mv->view.format);
    if (!to) {
        PyErr_SetString(PyExc_ValueError, "memoryview: destination format must be a native single "
                                          "character format prefixed with an optional '@'");
        return -1;
    }
    char c = memory_native_char(to);
    if (!is_byte_format(c) && !is_byte_format(from)) {
        PyErr_SetString(PyExc_TypeError, "memoryview: cannot cast between two non-byte formats");
        return -1;
    }
    if (mv->view.len % memory_native_size(c)) {
        PyErr_SetString(PyExc_TypeError, "memoryview: length is not a multiple of itemsize");
        return -1;
    }
    mv->view.format = (char *)to;
    mv->view.itemsize = memory_native_size(c);
    mv->view.ndim = 1;
    mv->view.shape[0] = mv->view.len / mv->view.itemsize;
    mv->view.strides[0] = mv->view.itemsize;
    mv->view.suboffsets = NULL;
    return 0;
}

/* Gives a one-dimensional view the shape of a sequence of ints. */
static int cast_shape(PyMemoryViewObject *mv, PyObject *shape)
{
    Py_ssize_t ndim = PySequence_Fast_GET_SIZE(shape), len = mv->view.itemsize;
    for (Py_ssize_t i = 0; i < ndim; i++) {
        PyObject *item = PySequence_Fast_GET_ITEM(shape, i);
        if (!PyLong_Check(item)) {
            PyErr_SetString(PyExc_TypeError,
                            "memoryview.cast(): elements of shape must be integers");
            return -1;
        }
        Py_ssize_t n = PyLong_AsSsize_t(item);
        if (n == -1 && PyErr_Occurred())
            return -1;
        if (n <= 0) {
            PyErr_Format(PyExc_ValueError,
                         "memoryview.cast(): elements of shape must be integers > 0");
            return -1;
        }
        if (n > PY_SSIZE_T_MAX / len) {
            PyErr_Format(PyExc_ValueError, "memoryview.cast(): product(shape) > SSIZE_MAX");
            return -1;
        }
        len *= n;
        mv->view.shape[i] = n;
    }
    if (len != mv->view.len) {
        PyErr_SetString(PyExc_TypeError, "memoryview: product(shape) * itemsize != buffer size");
        return -1;
    }
    mv->view.ndim = (int)ndim;
    PyBuffer_FillContiguousStrides((int)ndim, mv->view.shape, mv->view.strides,
                                   (int)mv->view.itemsize, 'C');
    return 0;
}

/* A cast is 1-D to 1-D with another format, then perhaps 1-D to N-D; N-D goes to 1-D on the way. */
static PyObject *memory_cast(PyMemoryViewObject *mv, PyObject *const *args, Py_ssize_t nargs,
                             PyObject *kwnames)
{
    ARGS("U|O:cast", "format", "shape");
    PyObject *format, *shape = NULL, *seq = NULL;
    Py_ssize_t ndim = 1;
    if (!PARSE(&format, &shape) || check_released(mv) < 0)
        return NULL;
    if (!(mv->flags & _Py_MEMORYVIEW_C))
        return PyErr_Format(PyExc_TypeError,
                            "memoryview: casts are restricted to C-contiguous views");
    for (int i = 0; (shape || mv->view.ndim != 1) && i < mv->view.ndim; i++)
        if (mv->view.shape[i] == 0)
            return PyErr_Format(PyExc_TypeError,
                                "memoryview: cannot cast view with zeros in shape or strides");
    if (shape) {
        if (!PyList_Check(shape) && !PyTuple_Check(shape))
            return PyErr_Format(PyExc_TypeError, "shape must be a list or a tuple");
        seq = Py_NewRef(shape);
        ndim = PySequence_Fast_GET_SIZE(seq);
        const char *error = ndim > PyBUF_MAX_NDIM
                                ? "memoryview: number of dimensions must not exceed 64"
                            : mv->view.ndim != 1 && ndim != 1
                                ? "memoryview: cast must be 1D -> ND or ND -> 1D"
                                : NULL;
        if (error) {
            PyErr_SetString(ndim > PyBUF_MAX_NDIM ? PyExc_ValueError : PyExc_TypeError, error);
            Py_DECREF(seq);
            return NULL;
        }
    }
    const char *name = PyUnicode_IS_ASCII(format) ? PyUnicode_AsUTF8(format) : NULL;
    if (!PyUnicode_IS_ASCII(format))
        Py_XDECREF(PyUnicode_AsASCIIString(format)); /* raises */
    PyMemoryViewObject *res = name ? view_alloc((int)(ndim < 1 ? 1 : ndim)) : NULL;
    if (res) {
        Py_ssize_t *dims = res->view.shape, *strides = res->view.strides;
        res->view = mv->view;
        res->view.shape = dims;
        res->view.strides = strides;
        res->mbuf = (_PyManagedBufferObject *)Py_NewRef((PyObject *)mv->mbuf);
        mv->mbuf->exports++;
        if (cast_format(res, name) < 0 || (seq && cast_shape(res, seq) < 0))
            Py_CLEAR(res);
        else
            set_flags(res);
    }
    Py_XDECREF(seq);
    return (PyObject *)res;
}

/* -- Comparison, hash, text ------------------------------------------------------------------ */

/* An item of either kind of format: a tuple of one field counts as the field. */
static PyObject *item_value(const char *p, const Py_buffer *view, PyObject *unpacker)
{
    if (!unpacker)
        return memory_unpack_item(p, view->format);
    PyObject *bytes = PyBytes_FromStringAndSize(p, view->itemsize),
             *tuple = bytes ? PyObject_CallOneArg(unpacker, bytes) : NULL;
    Py_XDECREF(bytes);
    if (tuple && PyTuple_GET_SIZE(tuple) == 1)
        Py_SETREF(tuple, Py_NewRef(PyTuple_GET_ITEM(tuple, 0)));
    return tuple;
}

/* Items from dimension `dim` on. `bytes`: equal bytes mean equal values, so memcmp decides. */
static int equal_items(const Py_buffer *a, char *p, PyObject *ua, const Py_buffer *b, char *q,
                       PyObject *ub, int dim, bool bytes)
{
    if (dim == a->ndim) {
        if (bytes)
            return memcmp(p, q, (size_t)a->itemsize) == 0;
        PyObject *x = item_value(p, a, ua), *y = x ? item_value(q, b, ub) : NULL;
        int eq = y ? PyObject_RichCompareBool(x, y, Py_EQ) : -1;
        /* nan differs from itself even when it is one object. */
        if (eq > 0 && x == y && PyFloat_Check(x) && PyFloat_AS_DOUBLE(x) != PyFloat_AS_DOUBLE(x))
            eq = 0;
        Py_XDECREF(x);
        Py_XDECREF(y);
        return eq;
    }
    if (bytes && dim + 1 == a->ndim && a->strides[dim] == a->itemsize
        && b->strides[dim] == a->itemsize && !a->suboffsets && !b->suboffsets)
        return a->shape[dim] == 0
               || memcmp(p, q, (size_t)(a->shape[dim] * a->itemsize)) == 0;
    for (Py_ssize_t i = 0; i < a->shape[dim]; i++) {
        int eq = equal_items(a, follow(p + i * a->strides[dim], a, dim), ua, b,
                             follow(q + i * b->strides[dim], b, dim), ub, dim + 1, bytes);
        if (eq <= 0)
            return eq;
    }
    return 1;
}

/* Same shape and equal values; formats may differ (1 == 1.0). 1, 0, or -1 with an exception. */
static int views_equal(const Py_buffer *a, const Py_buffer *b)
{
    PyObject *ua = NULL, *ub = NULL;
    if (a->ndim != b->ndim)
        return 0;
    for (int i = 0; i < a->ndim; i++) {
        if (a->shape[i] != b->shape[i])
            return 0;
        if (a->shape[i] == 0)
            break;
    }
    char ca = memory_native_char(a->format), cb = memory_native_char(b->format);
    bool bytes = ca && ca == cb && !strchr("fde", ca) && ca != '?';
    if ((!ca && !(ua = memory_struct_unpacker(a->format)))
        || (!cb && !(ub = memory_struct_unpacker(b->format)))) {
        /* A format that struct does not know compares unequal. */
        Py_XDECREF(ua);
        if (PyErr_ExceptionMatches(PyExc_MemoryError))
            return -1;
        PyErr_Clear();
        return 0;
    }
    int eq = equal_items(a, a->buf, ua, b, b->buf, ub, 0, bytes);
    Py_XDECREF(ua);
    Py_XDECREF(ub);
    return eq;
}

/* A released view equals itself alone. */
static PyObject *memory_richcompare(PyObject *v, PyObject *w, int op)
{
    if (op != Py_EQ && op != Py_NE)
        Py_RETURN_NOTIMPLEMENTED;
    int eq;
    if (RELEASED(MV(v)) || (PyMemoryView_Check(w) && RELEASED(MV(w)))) {
        eq = v == w;
    } else {
        if (PyBytes_CheckExact(w) && is_plain_bytes(&MV(v)->view)) {
            const Py_buffer *view = &MV(v)->view;
            eq = view->len == Py_SIZE(w)
                 && (view->len == 0
                     || memcmp(view->buf, PyBytes_AS_STRING(w), (size_t)view->len) == 0);
            return PyBool_FromLong(op == Py_EQ ? eq : !eq);
        }
        PyObject *other = PyMemoryView_Check(w) ? Py_NewRef(w) : PyMemoryView_FromObject(w);
        if (!other) {
            PyErr_Clear();
            Py_RETURN_NOTIMPLEMENTED;
        }
        eq = views_equal(&MV(v)->view, &MV(other)->view);
        Py_DECREF(other);
    }
    return eq < 0 ? NULL : PyBool_FromLong(op == Py_EQ ? eq : !eq);
}

extern EXPORT Py_hash_t _Py_HashBytes(const void *src, Py_ssize_t len);

/* The hash of the same bytes in a bytes object, since the two compare equal. */
static Py_hash_t memory_hash(PyMemoryViewObject *mv)
{
    if (mv->hash != -1)
        return mv->hash;
    if (check_released(mv) < 0)
        return -1;
    if (!mv->view.readonly) {
        PyErr_SetString(PyExc_ValueError, "cannot hash writable memoryview object");
        return -1;
    }
    char c = memory_native_char(mv->view.format);
    if (!is_byte_format(c)) {
        PyErr_SetString(PyExc_ValueError,
                        "memoryview: hashing is restricted to formats 'B', 'b' or 'c'");
        return -1;
    }
    /* An exporter that cannot be hashed may change. */
    if (mv->view.obj && PyObject_Hash(mv->view.obj) == -1)
        return -1;
    PyObject *bytes = memory_tobytes(mv, NULL, 0, NULL);
    if (bytes)
        mv->hash = _Py_HashBytes(PyBytes_AS_STRING(bytes), PyBytes_GET_SIZE(bytes));
    Py_XDECREF(bytes);
    return mv->hash;
}

static PyObject *memory_repr(PyMemoryViewObject *mv)
{
    return PyUnicode_FromFormat(mv->flags & _Py_MEMORYVIEW_RELEASED ? "<released memory at %p>"
                                                                    : "<memory at %p>",
                                mv);
}

/* -- Iterator -------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    Py_ssize_t index; /* of the next item */
    PyMemoryViewObject *view; /* strong; NULL when exhausted */
    Py_ssize_t length; /* items when it was made */
    const char *format; /* BORROWED from the view's exporter */
} MemoryIter;

extern PyTypeObject memoryview_iter_type;

/* Items of one dimension; the length is fixed when the iteration starts. */
static PyObject *memory_iter(PyObject *self)
{
    PyMemoryViewObject *mv = MV(self);
    if (check_released(mv) < 0)
        return NULL;
    if (mv->view.ndim == 0)
        return PyErr_Format(PyExc_TypeError, "invalid indexing of 0-dim memory");
    if (mv->view.ndim != 1)
        return PyErr_Format(PyExc_NotImplementedError,
                            "multi-dimensional sub-views are not implemented");
    if (memory_check_single(mv->view.format) < 0)
        return NULL;
    MemoryIter *it = PyObject_GC_New(MemoryIter, &memoryview_iter_type);
    if (!it)
        return NULL;
    it->index = 0;
    it->view = (PyMemoryViewObject *)Py_NewRef(self);
    it->length = mv->view.shape[0];
    it->format = mv->view.format;
    PyObject_GC_Track(it);
    return (PyObject *)it;
}

static PyObject *memory_iter_next(PyObject *self)
{
    MemoryIter *it = (MemoryIter *)self;
    PyMemoryViewObject *mv = it->view;
    if (!mv)
        return NULL;
    if (it->index < it->length) {
        if (check_released(mv) < 0)
            return NULL;
        char *p = element(mv->view.buf, &mv->view, 0, it->index++);
        return p ? memory_unpack_item(p, it->format) : NULL;
    }
    it->view = NULL;
    Py_DECREF(mv);
    return NULL;
}

static void memory_iter_dealloc(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    Py_XDECREF(((MemoryIter *)self)->view);
    PyObject_GC_Del(self);
}

static int memory_iter_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((MemoryIter *)self)->view);
    return 0;
}

PyTypeObject memoryview_iter_type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "memory_iterator",
    .tp_basicsize = sizeof(MemoryIter),
    .tp_dealloc = memory_iter_dealloc,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .tp_traverse = memory_iter_traverse,
    .tp_iter = PyObject_SelfIter,
    .tp_iternext = memory_iter_next,
};

/* -- Attributes ------------------------------------------------------------------------------ */

/* A tuple of ndim sizes, () for NULL. */
static PyObject *size_tuple(PyMemoryViewObject *mv, const Py_ssize_t *items)
{
    PyObject *tuple = PyTuple_New(items ? mv->view.ndim : 0);
    for (int i = 0; tuple && items && i < mv->view.ndim; i++) {
        PyObject *n = PyLong_FromSsize_t(items[i]);
        if (!n)
            Py_CLEAR(tuple);
        else
            PyTuple_SET_ITEM(tuple, i, n);
    }
    return tuple;
}

#define GETTER(name, expr)                                                   \
    static PyObject *memory_get_##name(PyMemoryViewObject *mv, void *unused) \
    {                                                                        \
        return check_released(mv) < 0 ? NULL : (expr);                       \
    }
GETTER(obj, Py_NewRef(mv->view.obj ? mv->view.obj : Py_None))
GETTER(nbytes, PyLong_FromSsize_t(mv->view.len))
GETTER(readonly, PyBool_FromLong(mv->view.readonly))
GETTER(itemsize, PyLong_FromSsize_t(mv->view.itemsize))
GETTER(format, PyUnicode_FromString(mv->view.format))
GETTER(ndim, PyLong_FromLong(mv->view.ndim))
GETTER(shape, size_tuple(mv, mv->view.shape))
GETTER(strides, size_tuple(mv, mv->view.strides))
GETTER(suboffsets, size_tuple(mv, mv->view.suboffsets))
GETTER(c_contiguous, PyBool_FromLong(mv->flags & _Py_MEMORYVIEW_C))
GETTER(f_contiguous, PyBool_FromLong(mv->flags & _Py_MEMORYVIEW_FORTRAN))
GETTER(contiguous, PyBool_FromLong(mv->flags & (_Py_MEMORYVIEW_C | _Py_MEMORYVIEW_FORTRAN)))

#define ATTRIBUTE(name, doc) { #name, (getter)memory_get_##name, NULL, doc, NULL }
static PyGetSetDef memory_getset[] = {
    ATTRIBUTE(obj, "The object whose memory is viewed."),
    ATTRIBUTE(nbytes, "Bytes of all items together, as tobytes() has them."),
    ATTRIBUTE(readonly, "Whether items cannot be assigned."),
    ATTRIBUTE(itemsize, "Bytes of an item."),
    ATTRIBUTE(format, "Format of each element, as module struct writes it."),
    ATTRIBUTE(ndim, "Number of dimensions."),
    ATTRIBUTE(shape, "A tuple of ndim integers: the number of elements in each dimension."),
    ATTRIBUTE(strides, "A tuple of ndim integers: bytes between elements of each dimension."),
    ATTRIBUTE(suboffsets, "Offsets to follow behind pointers, for arrays of pointers to arrays."),
    ATTRIBUTE(c_contiguous, "Whether items lie one after another, last index fastest."),
    ATTRIBUTE(f_contiguous, "Whether items lie one after another, first index fastest."),
    ATTRIBUTE(contiguous, "Whether items lie without gaps in either order."),
    { NULL },
};

#define METHODKW(name, sig, doc)                                                                   \
    { #name, (PyCFunction)(void (*)(void))memory_##name, METH_FASTCALL | METH_KEYWORDS,            \
      #name sig "\n--\n\n" doc }
static PyMethodDef memory_methods[] = {
    {"release", (PyCFunction)memory_release, METH_NOARGS,
     "release($self, /)\n--\n\n"
     "Lets go of the object's memory; the view is of no use afterwards."},
    METHODKW(tobytes, "($self, /, order='C')",
             "The data as bytes, in C ('C'), Fortran ('F') or the view's own order ('A')."),
    METHODKW(hex, "($self, /, sep=<unrepresentable>, bytes_per_sep=1)",
             "The data as hexadecimal text.\n\n"
             ">>> value = memoryview(b'glass')\n"
             ">>> value.hex()\n'676c617373'\n>>> value.hex(':')\n'67:6c:61:73:73'\n"
             ">>> value.hex(':', 2)\n'67:6c61:7373'\n>>> value.hex(':', -2)\n'676c:6173:73'"),
    {"tolist", (PyCFunction)memory_tolist, METH_NOARGS,
     "tolist($self, /)\n--\n\n"
     "The data as a list of items, nested for several dimensions."},
    METHODKW(cast, "($self, /, format, shape=<unrepresentable>)",
             "A view of the same bytes with another format or shape."),
    {"toreadonly", (PyCFunction)memory_toreadonly, METH_NOARGS,
     "toreadonly($self, /)\n--\n\n"
     "A read-only view."},
    {"__enter__", memory_enter, METH_NOARGS, NULL},
    {"__exit__", (PyCFunction)memory_exit, METH_VARARGS, NULL},
    {NULL},
};

static PyMappingMethods memory_as_mapping = {(lenfunc)memory_length, (binaryfunc)memory_subscript,
                                             (objobjargproc)memory_ass_sub};
static PySequenceMethods memory_as_sequence = {.sq_length = (lenfunc)memory_length,
                                               .sq_item = (ssizeargfunc)memory_item};
static PyBufferProcs memory_as_buffer = {(getbufferproc)memory_getbuffer,
                                         (releasebufferproc)memory_releasebuffer};

PyTypeObject PyMemoryView_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "memoryview",
    .tp_basicsize = offsetof(PyMemoryViewObject, ob_array),
    .tp_itemsize = sizeof(Py_ssize_t),
    .tp_dealloc = (destructor)memory_dealloc,
    .tp_repr = (reprfunc)memory_repr,
    .tp_as_sequence = &memory_as_sequence,
    .tp_as_mapping = &memory_as_mapping,
    .tp_hash = (hashfunc)memory_hash,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_as_buffer = &memory_as_buffer,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_SEQUENCE,
    .tp_doc = "memoryview(object)\n--\n\nA view of the memory that object exports.",
    .tp_traverse = (traverseproc)memory_traverse,
    .tp_clear = (inquiry)memory_clear,
    .tp_richcompare = memory_richcompare,
    .tp_weaklistoffset = offsetof(PyMemoryViewObject, weakreflist),
    .tp_iter = memory_iter,
    .tp_methods = memory_methods,
    .tp_getset = memory_getset,
    .tp_new = memory_new,
    .tp_vectorcall = memory_vectorcall,
};
