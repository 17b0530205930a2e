/* SPDX-License-Identifier: MIT
 *
 * Memory and what lives in it: domains and allocators, the collector's protocol, buffers, capsules, reference counts.
 */
#include "capi.h"
#include <structmember.h>

/* -- Domains --------------------------------------------------------------------------------- */

static struct { PyMemAllocatorEx before; int mallocs, callocs, reallocs, frees; } counts[3];
static void *h_malloc(void *c, size_t n) { counts[(intptr_t)c].mallocs++; PyMemAllocatorEx *a = &counts[(intptr_t)c].before; return a->malloc(a->ctx, n); }
static void *h_calloc(void *c, size_t n, size_t m) { counts[(intptr_t)c].callocs++; PyMemAllocatorEx *a = &counts[(intptr_t)c].before; return a->calloc(a->ctx, n, m); }
static void *h_realloc(void *c, void *p, size_t n) { counts[(intptr_t)c].reallocs++; PyMemAllocatorEx *a = &counts[(intptr_t)c].before; return a->realloc(a->ctx, p, n); }
static void h_free(void *c, void *p) { counts[(intptr_t)c].frees++; PyMemAllocatorEx *a = &counts[(intptr_t)c].before; a->free(a->ctx, p); }
static PyObject *domains(PyObject *module, PyObject *args)
{
    PyObject *r = PyList_New(0);
    for (int d = 0; d < 3; d++) {
        memset(&counts[d], 0, sizeof(counts[d]));
        PyMem_GetAllocator((PyMemAllocatorDomain)d, &counts[d].before);
        PyMemAllocatorEx hook = {(void *)(intptr_t)d, h_malloc, h_calloc, h_realloc, h_free};
        PyMem_SetAllocator((PyMemAllocatorDomain)d, &hook);
        void *a, *b, *c;
        if (d == PYMEM_DOMAIN_RAW) { a = PyMem_RawMalloc(0); b = PyMem_RawCalloc(3, 5); a = PyMem_RawRealloc(a, 1000); c = PyMem_RawMalloc((size_t)PY_SSIZE_T_MAX + 1); }
        else if (d == PYMEM_DOMAIN_MEM) { a = PyMem_Malloc(0); b = PyMem_Calloc(3, 5); a = PyMem_Realloc(a, 1000); c = PyMem_Malloc((size_t)PY_SSIZE_T_MAX + 1); }
        else { a = PyObject_Malloc(0); b = PyObject_Calloc(3, 5); a = PyObject_Realloc(a, 1000); c = PyObject_Malloc((size_t)PY_SSIZE_T_MAX + 1); }
        int zero = 1;
        for (int i = 0; i < 15; i++)
            zero &= ((char *)b)[i] == 0;
        int aligned = ((uintptr_t)a % 16) == 0 && ((uintptr_t)b % 16) == 0;
        if (d == PYMEM_DOMAIN_RAW) { PyMem_RawFree(a); PyMem_RawFree(b); PyMem_RawFree(NULL); }
        else if (d == PYMEM_DOMAIN_MEM) { PyMem_Free(a); PyMem_Free(b); PyMem_Free(NULL); }
        else { PyObject_Free(a); PyObject_Free(b); PyObject_Free(NULL); }
        PyMem_SetAllocator((PyMemAllocatorDomain)d, &counts[d].before);
        PyObject *e = Py_BuildValue("(iiiiiii)", counts[d].mallocs, counts[d].callocs, counts[d].reallocs, counts[d].frees, zero, aligned, c == NULL);
        PyList_Append(r, e);
        Py_DECREF(e);
    }
    PyList_Append(r, PyUnicode_FromString(_PyMem_GetCurrentAllocatorName()));
    return r;
}
/* What allocates from where: objects of each kind made while the object domain is counted. */
static PyObject *counted(PyObject *module, PyObject *args)
{
    PyObject *f;
    if (!PyArg_ParseTuple(args, "O", &f))
        return NULL;
    memset(&counts[2], 0, sizeof(counts[2]));
    PyMem_GetAllocator(PYMEM_DOMAIN_OBJ, &counts[2].before);
    PyMemAllocatorEx hook = {(void *)2, h_malloc, h_calloc, h_realloc, h_free};
    PyMem_SetAllocator(PYMEM_DOMAIN_OBJ, &hook);
    PyObject *r = PyObject_CallNoArgs(f);
    PyMem_SetAllocator(PYMEM_DOMAIN_OBJ, &counts[2].before);
    if (!r)
        return NULL;
    Py_DECREF(r);
    return PyBool_FromLong(counts[2].mallocs + counts[2].callocs > 0);
}
static PyObject *strdups(PyObject *module, PyObject *args)
{
    wchar_t *w = _PyMem_RawWcsdup(L"wide");
    char *s = _PyMem_RawStrdup("narrow"), *t = _PyMem_Strdup("mem");
    PyObject *r = Py_BuildValue("(uss)", w, s, t);
    PyMem_RawFree(w); PyMem_RawFree(s); PyMem_Free(t);
    int *p = PyMem_New(int, 3);
    PyMem_Resize(p, int, 50);
    PyMem_Del(p);
    return r;
}
static PyObject *track(PyObject *module, PyObject *args)
{
    int a = PyTraceMalloc_Track(77, 0x1234, 5000), b = PyTraceMalloc_Untrack(77, 0x1234);
    return Py_BuildValue("(ii)", a, b);
}

/* -- The collector --------------------------------------------------------------------------- */

typedef struct { PyObject_HEAD PyObject *link; } Node;
static int cleared;
static PyTypeObject NodeType;
static int node_traverse(PyObject *o, visitproc visit, void *arg) { Py_VISIT(((Node *)o)->link); return 0; }
static int node_clear(PyObject *o) { cleared++; Py_CLEAR(((Node *)o)->link); return 0; }
static void node_dealloc(PyObject *o)
{
    PyObject_GC_UnTrack(o);
    Py_TRASHCAN_BEGIN(o, node_dealloc)
    Py_CLEAR(((Node *)o)->link);
    PyObject_GC_Del(o);
    Py_TRASHCAN_END
}
static PyMemberDef node_members[] = {{"link", T_OBJECT, offsetof(Node, link)}, {NULL}};
static PyTypeObject NodeType = {PyVarObject_HEAD_INIT(NULL, 0).tp_name = "c_memory.Node", .tp_basicsize = sizeof(Node), .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
                                .tp_traverse = node_traverse, .tp_clear = node_clear, .tp_dealloc = node_dealloc, .tp_members = node_members, .tp_new = PyType_GenericNew};
static PyObject *collect(PyObject *module, PyObject *args)
{
    int was = PyGC_IsEnabled(), off = PyGC_Disable(), is = PyGC_IsEnabled(), on = PyGC_Enable();
    PyGC_Collect();
    cleared = 0;
    Node *a = PyObject_GC_New(Node, &NodeType), *b = PyObject_GC_New(Node, &NodeType);
    a->link = (PyObject *)b; b->link = (PyObject *)a;
    int tracked_before = PyObject_GC_IsTracked((PyObject *)a);
    PyObject_GC_Track(a); PyObject_GC_Track(b);
    int tracked = PyObject_GC_IsTracked((PyObject *)a), finalized = PyObject_GC_IsFinalized((PyObject *)a), gc = PyObject_IS_GC((PyObject *)a), not_gc = PyObject_IS_GC(Py_None);
    Py_ssize_t found = PyGC_Collect();
    return Py_BuildValue("(iiiiiiiiiii)", was, off, is, on, tracked_before, tracked, finalized, gc, not_gc, found >= 2, cleared);
}
static PyObject *long_chain(PyObject *module, PyObject *args)
{
    PyObject *head = NULL;
    for (int i = 0; i < 300000; i++) {
        Node *n = PyObject_GC_New(Node, &NodeType);
        n->link = head;
        PyObject_GC_Track(n);
        head = (PyObject *)n;
    }
    Py_DECREF(head);
    return PyLong_FromLong(1);
}
static PyObject *counts_of(PyObject *module, PyObject *args)
{
    PyObject *o = PyList_New(0);
    Py_ssize_t a = Py_REFCNT(o);
    PyObject *t = PyTuple_Pack(2, o, o);
    Py_ssize_t b = Py_REFCNT(o);
    PyObject *l = PySequence_List(t);
    Py_ssize_t c = Py_REFCNT(o);
    Py_DECREF(t); Py_DECREF(l);
    Py_ssize_t d = Py_REFCNT(o), e = Py_REFCNT(PyTuple_GET_ITEM(args, 0)), none = Py_REFCNT(args);
    Py_IncRef(o); Py_DecRef(o);
    PyObject *x = Py_NewRef(o);
    Py_SETREF(x, PyLong_FromLong(5)); Py_CLEAR(x); Py_XSETREF(x, o);
    return Py_BuildValue("(nnnnnnN)", a, b, c, d, e, none, x);
}

/* -- Buffers --------------------------------------------------------------------------------- */

typedef struct { PyObject_HEAD int data[2][3]; Py_ssize_t shape[2], strides[2]; int exports, released; } Matrix;
static int matrix_get(PyObject *o, Py_buffer *view, int flags)
{
    Matrix *m = (Matrix *)o;
    if (!(flags & PyBUF_FORMAT) && (flags & PyBUF_STRIDES) == PyBUF_STRIDES && (flags & PyBUF_WRITABLE))
        return PyErr_SetString(PyExc_BufferError, "no writable strides without a format"), view->obj = NULL, -1;
    *view = (Py_buffer){.buf = m->data, .obj = Py_NewRef(o), .len = sizeof(m->data), .itemsize = sizeof(int), .readonly = 0, .ndim = 2,
                        .format = flags & PyBUF_FORMAT ? "i" : NULL, .shape = flags & PyBUF_ND ? m->shape : NULL, .strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? m->strides : NULL};
    if (!(flags & PyBUF_ND))
        view->ndim = 1;
    m->exports++;
    return 0;
}
static void matrix_release(PyObject *o, Py_buffer *view) { ((Matrix *)o)->released++; }
static PyObject *matrix_new(PyTypeObject *t, PyObject *args, PyObject *kwds)
{
    Matrix *m = (Matrix *)t->tp_alloc(t, 0);
    for (int i = 0; i < 6; i++)
        m->data[i / 3][i % 3] = i * 10;
    m->shape[0] = 2; m->shape[1] = 3; m->strides[0] = 12; m->strides[1] = 4;
    return (PyObject *)m;
}
static PyMemberDef matrix_members[] = {{"exports", T_INT, offsetof(Matrix, exports), READONLY}, {"released", T_INT, offsetof(Matrix, released), READONLY}, {NULL}};
static PyType_Slot matrix_slots[] = {{Py_bf_getbuffer, matrix_get}, {Py_bf_releasebuffer, matrix_release}, {Py_tp_new, matrix_new}, {Py_tp_members, matrix_members}, {0}};
static PyType_Spec matrix_spec = {"c_memory.Matrix", sizeof(Matrix), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, matrix_slots};
static PyObject *view_of(PyObject *module, PyObject *args)
{
    PyObject *o;
    int flags;
    Py_buffer v;
    if (!PyArg_ParseTuple(args, "Oi", &o, &flags) || PyObject_GetBuffer(o, &v, flags) < 0)
        return NULL;
    PyObject *shape = PyList_New(0), *strides = PyList_New(0);
    for (int i = 0; v.shape && i < v.ndim; i++) PyList_Append(shape, PyLong_FromSsize_t(v.shape[i]));
    for (int i = 0; v.strides && i < v.ndim; i++) PyList_Append(strides, PyLong_FromSsize_t(v.strides[i]));
    PyObject *r = Py_BuildValue("(nniziNNiiiiO)", v.len, v.itemsize, v.readonly, v.format, v.ndim, shape, strides, v.suboffsets != NULL, PyBuffer_IsContiguous(&v, 'C'),
                                PyBuffer_IsContiguous(&v, 'F'), PyBuffer_IsContiguous(&v, 'A'), v.obj ? (PyObject *)Py_TYPE(v.obj) : Py_None);
    PyBuffer_Release(&v);
    PyBuffer_Release(&v); /* a second time does nothing */
    return r;
}
static PyObject *flat(PyObject *module, PyObject *args)
{
    PyObject *o;
    int order;
    Py_buffer v;
    if (!PyArg_ParseTuple(args, "OC", &o, &order) || PyObject_GetBuffer(o, &v, PyBUF_FULL_RO) < 0)
        return NULL;
    PyObject *b = PyBytes_FromStringAndSize(NULL, v.len);
    int r = PyBuffer_ToContiguous(PyBytes_AS_STRING(b), &v, v.len, (char)order);
    PyBuffer_Release(&v);
    return r < 0 ? NULL : b;
}
static PyObject *unflat(PyObject *module, PyObject *args)
{
    PyObject *o;
    Py_buffer v, from;
    int order;
    if (!PyArg_ParseTuple(args, "Oy*C", &o, &from, &order) || PyObject_GetBuffer(o, &v, PyBUF_FULL) < 0)
        return NULL;
    int r = PyBuffer_FromContiguous(&v, from.buf, from.len, (char)order);
    PyBuffer_Release(&v);
    PyBuffer_Release(&from);
    return r < 0 ? NULL : Py_NewRef(o);
}
static PyObject *fill_info(PyObject *module, PyObject *args)
{
    static char data[] = "memory";
    Py_buffer v;
    int flags, readonly;
    if (!PyArg_ParseTuple(args, "ii", &readonly, &flags) || PyBuffer_FillInfo(&v, NULL, data, 6, readonly, flags) < 0)
        return NULL;
    PyObject *m = PyMemoryView_FromBuffer(&v);
    return m ? Py_BuildValue("(Nizii)", m, v.readonly, v.format, v.shape != NULL, v.strides != NULL) : NULL;
}
O_O(PyMemoryView_FromObject) N_OO(PyObject_CopyData)
static PyObject *memory_view(PyObject *module, PyObject *args)
{
    static char data[] = "0123456789";
    PyObject *m = PyMemoryView_FromMemory(data, 10, PyBUF_READ), *w = PyMemoryView_FromMemory(data, 10, PyBUF_WRITE);
    Py_buffer *v = PyMemoryView_GET_BUFFER(w);
    return Py_BuildValue("(NNniO)", m, w, v->len, v->readonly, PyMemoryView_GET_BASE(m) ? Py_True : Py_False);
}
static PyObject *contiguous(PyObject *module, PyObject *args)
{
    PyObject *o;
    int kind, order;
    return PyArg_ParseTuple(args, "OiC", &o, &kind, &order) ? owned(PyMemoryView_GetContiguous(o, kind, (char)order)) : NULL;
}
static PyObject *sizes(PyObject *module, PyObject *args)
{
    const char *f;
    if (!PyArg_ParseTuple(args, "s", &f))
        return NULL;
    return number(PyBuffer_SizeFromFormat(f));
}

/* -- Capsules -------------------------------------------------------------------------------- */

static int destroyed;
static void capsule_destroy(PyObject *c) { destroyed += PyCapsule_IsValid(c, PyCapsule_GetName(c)); }
static int secret = 4321;
static PyObject *capsule(PyObject *module, PyObject *args)
{
    destroyed = 0;
    PyObject *c = PyCapsule_New(&secret, "c_memory.a_capsule", capsule_destroy), *r = PyList_New(0);
#define SAY_INT(v) do { PyObject *x = PyLong_FromLong(v); PyList_Append(r, x); Py_DECREF(x); } while (0)
#define SAY_ERROR() do { PyObject *t, *v, *tb; PyErr_Fetch(&t, &v, &tb); PyErr_NormalizeException(&t, &v, &tb); if (v) { PyObject *x = PyObject_Repr(v); PyList_Append(r, x); Py_DECREF(x); } else PyList_Append(r, Py_None); Py_XDECREF(t); Py_XDECREF(v); Py_XDECREF(tb); } while (0)
    SAY_INT(*(int *)PyCapsule_GetPointer(c, "c_memory.a_capsule"));
    PyCapsule_GetPointer(c, "other"); SAY_ERROR();
    PyCapsule_GetPointer(c, NULL); SAY_ERROR();
    PyCapsule_GetPointer(Py_None, "other"); SAY_ERROR();
    SAY_INT(PyCapsule_IsValid(c, "other")); SAY_INT(PyCapsule_IsValid(Py_None, NULL)); SAY_INT(PyCapsule_CheckExact(c));
    SAY_INT(PyCapsule_SetContext(c, &secret)); SAY_INT(PyCapsule_GetContext(c) == &secret); SAY_INT(PyCapsule_GetDestructor(c) == capsule_destroy);
    PyModule_AddObjectRef(module, "a_capsule", c);
    SAY_INT(*(int *)PyCapsule_Import("c_memory.a_capsule", 0));
    PyCapsule_Import("c_memory.missing", 0); SAY_ERROR();
    PyCapsule_Import("no_such_module.x", 0); SAY_ERROR();
    PyCapsule_Import("no_such_module.x", 1); SAY_ERROR();
    PyCapsule_SetName(c, NULL); SAY_INT(PyCapsule_IsValid(c, NULL)); SAY_INT(PyCapsule_GetName(c) == NULL);
    PyCapsule_SetPointer(c, NULL); SAY_ERROR();
    PyCapsule_New(NULL, "x", NULL); SAY_ERROR();
    PyCapsule_GetContext(Py_None); SAY_ERROR();
    PyObject *dict = PyModule_GetDict(module);
    PyDict_DelItemString(dict, "a_capsule");
    Py_DECREF(c);
    SAY_INT(destroyed);
    return r;
}
static PyObject *plain_capsule(PyObject *module, PyObject *args) { return PyCapsule_New(&secret, PyTuple_GET_SIZE(args) ? "named" : NULL, NULL); }

static PyMethodDef methods[] = {OWN(domains) OWN(counted) OWN(strdups) OWN(track) OWN(collect) OWN(long_chain) OWN(counts_of) OWN(view_of) OWN(flat) OWN(unflat) OWN(fill_info)
                                METHOD(PyMemoryView_FromObject) METHOD(PyObject_CopyData) OWN(memory_view) OWN(contiguous) OWN(sizes) OWN(capsule) OWN(plain_capsule) {NULL}};
static int exec(PyObject *m)
{
    PyObject *matrix = PyType_FromSpec(&matrix_spec);
    return PyType_Ready(&NodeType) < 0 || PyModule_AddObjectRef(m, "Node", (PyObject *)&NodeType) < 0 || PyModule_AddObject(m, "Matrix", matrix) < 0 ? -1 : 0;
}
static PyModuleDef_Slot slots[] = {{Py_mod_exec, exec}, {0}};
static struct PyModuleDef def = {PyModuleDef_HEAD_INIT, "c_memory", NULL, 0, methods, slots};
PyMODINIT_FUNC PyInit_c_memory(void) { return PyModuleDef_Init(&def); }
