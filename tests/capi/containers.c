/* SPDX-License-Identifier: MIT
 *
 * The concrete containers: list, tuple, dict, set, slice, bytes, bytearray, structseq, iterators, weak references, cells.
 */
#include "capi.h"
#include <structmember.h>

/* list */
N_O(PyList_Size) B_OZ(PyList_GetItem) N_OO(PyList_Append) N_OZO(PyList_Insert) O_OZZ(PyList_GetSlice) N_OZZO(PyList_SetSlice)
N_O(PyList_Sort) N_O(PyList_Reverse) O_O(PyList_AsTuple)
WRAP(PyList_SetItem, 3, number(PyList_SetItem(a[0], as_size(a[1]), Py_NewRef(a[2]))))
WRAP(PyList_New_filled, 1, ({ Py_ssize_t n = as_size(a[0]); PyObject *l = PyList_New(n); for (Py_ssize_t i = 0; l && i < n; i++) PyList_SET_ITEM(l, i, PyLong_FromSsize_t(i)); owned(l); }))
/* tuple */
N_O(PyTuple_Size) B_OZ(PyTuple_GetItem) O_OZZ(PyTuple_GetSlice)
WRAP(PyTuple_SetItem, 3, ({ PyObject *t = PyTuple_New(3); int r = PyTuple_SetItem(t, as_size(a[1]), Py_NewRef(a[2])); (void)r;
    PyErr_Occurred() ? (Py_DECREF(t), NULL) : (({ for (int i = 0; i < 3; i++) if (!PyTuple_GET_ITEM(t, i)) PyTuple_SET_ITEM(t, i, Py_NewRef(Py_None)); }), t); }))
WRAP(PyTuple_SetItem_shared, 1, number(PyTuple_SetItem(a[0], 0, Py_NewRef(Py_None))))
WRAP(tuple_resize, 1, ({ PyObject *t = Py_BuildValue("(iii)", 1, 2, 3); Py_ssize_t n = as_size(a[0]); _PyTuple_Resize(&t, n);
    for (Py_ssize_t i = 3; t && i < n; i++) PyTuple_SET_ITEM(t, i, PyLong_FromLong(-1)); owned(t); }))
WRAP(PyTuple_Pack, 2, owned(PyTuple_Pack(2, a[0], a[1])))
/* dict */
N_O(PyDict_Size) B_OO(PyDict_GetItem) B_OO(PyDict_GetItemWithError) B_OS(PyDict_GetItemString) N_OOO(PyDict_SetItem) N_OSO(PyDict_SetItemString)
N_OO(PyDict_DelItem) N_OS(PyDict_DelItemString) N_OO(PyDict_Contains) O_O(PyDict_Copy) O_O(PyDict_Keys) O_O(PyDict_Values) O_O(PyDict_Items)
O_O(PyDictProxy_New) N_OO(PyDict_Update)
WRAP(PyDict_SetDefault, 3, borrowed(PyDict_SetDefault(a[0], a[1], a[2])))
WRAP(PyDict_Merge, 3, number(PyDict_Merge(a[0], a[1], PyObject_IsTrue(a[2]))))
WRAP(PyDict_MergeFromSeq2, 3, number(PyDict_MergeFromSeq2(a[0], a[1], PyObject_IsTrue(a[2]))))
WRAP(PyDict_Clear, 1, (PyDict_Clear(a[0]), number(0)))
WRAP(_PyDict_Pop, 3, owned(_PyDict_Pop(a[0], a[1], a[2])))
WRAP(_PyDict_GetItem_KnownHash, 2, borrowed(_PyDict_GetItem_KnownHash(a[0], a[1], PyObject_Hash(a[1]))))
static PyObject *dict_walk(PyObject *module, PyObject *args)
{
    PyObject *d, *k, *v, *r = PyList_New(0);
    Py_ssize_t pos = 0, last = -1;
    if (!PyArg_ParseTuple(args, "O", &d))
        return NULL;
    while (PyDict_Next(d, &pos, &k, &v)) {
        if (pos <= last)
            return PyErr_Format(PyExc_SystemError, "position did not grow");
        last = pos;
        PyList_Append(r, k);
        PyList_Append(r, v);
    }
    return r;
}
/* The version tag changes with every mutation and with nothing else (Cython's caches). */
static PyObject *dict_versions(PyObject *module, PyObject *args)
{
    PyObject *d, *r = PyList_New(0);
    if (!PyArg_ParseTuple(args, "O!", &PyDict_Type, &d))
        return NULL;
    PyObject *one = PyUnicode_FromString("one"), *two = PyUnicode_FromString("two");
#define CHANGES(expr) do { uint64_t before = ((PyDictObject *)d)->ma_version_tag; expr; \
        PyList_Append(r, ((PyDictObject *)d)->ma_version_tag != before ? Py_True : Py_False); } while (0)
    CHANGES(PyDict_SetItem(d, one, Py_None));
    CHANGES(PyDict_SetItem(d, one, Py_True));
    CHANGES(PyDict_GetItem(d, one));
    CHANGES(PyDict_SetItem(d, two, Py_True));
    CHANGES(PyDict_Contains(d, two));
    CHANGES(PyDict_DelItem(d, two));
    CHANGES(PyDict_SetDefault(d, one, two));
    CHANGES(PyDict_SetDefault(d, two, two));
    CHANGES(PyDict_Clear(d));
    CHANGES(PyDict_Clear(d));
    CHANGES(PyDict_Update(d, d));
    return r;
}
/* set */
N_O(PySet_Size) N_OO(PySet_Add) N_OO(PySet_Contains) N_OO(PySet_Discard) O_O(PySet_Pop) N_O(PySet_Clear) O_O(PySet_New) O_O(PyFrozenSet_New) N_OO(_PySet_Update)
static PyObject *set_walk(PyObject *module, PyObject *args)
{
    PyObject *s, *k, *r = PyList_New(0);
    Py_ssize_t pos = 0;
    Py_hash_t h;
    if (!PyArg_ParseTuple(args, "O", &s))
        return NULL;
    while (_PySet_NextEntry(s, &pos, &k, &h)) {
        if (h != PyObject_Hash(k))
            return PyErr_Format(PyExc_SystemError, "wrong hash");
        PyList_Append(r, k);
    }
    PyList_Sort(r);
    return r;
}
static PyObject *frozen_add(PyObject *module, PyObject *x)
{
    PyObject *f = PyFrozenSet_New(NULL);
    return PySet_Add(f, PyTuple_GET_ITEM(x, 0)) < 0 ? (Py_DECREF(f), NULL) : f;
}
/* slice */
WRAP(PySlice_New, 3, owned(PySlice_New(a[0], a[1], a[2])))
static PyObject *slice_indices(PyObject *module, PyObject *args)
{
    PyObject *s;
    Py_ssize_t n, i, j, k, m;
    if (!PyArg_ParseTuple(args, "On", &s, &n))
        return NULL;
    if (PySlice_Unpack(s, &i, &j, &k) < 0)
        return NULL;
    Py_ssize_t u = i, v = j, w = k;
    m = PySlice_AdjustIndices(n, &i, &j, k);
    Py_ssize_t i2 = 0, j2 = 0, k2 = 0, m2 = 0;
    int r = PySlice_GetIndicesEx(s, n, &i2, &j2, &k2, &m2);
    int old = PySlice_GetIndices(s, n, &u, &v, &w);
    PyErr_Clear();
    return Py_BuildValue("(nnnn)(nnnn)ii", i, j, k, m, i2, j2, k2, m2, r, old);
}
/* bytes, bytearray */
N_O(PyBytes_Size) O_O(PyBytes_FromObject) N_O(PyByteArray_Size) O_O(PyByteArray_FromObject) O_OO(PyByteArray_Concat)
WRAP(PyBytes_AsString, 1, ({ const char *s = PyBytes_AsString(a[0]); s ? owned(PyBytes_FromString(s)) : NULL; }))
WRAP(PyBytes_AsStringAndSize, 2, ({ char *s; Py_ssize_t n = -1; int r = PyBytes_AsStringAndSize(a[0], &s, PyObject_IsTrue(a[1]) ? &n : NULL); r < 0 ? NULL : Py_BuildValue("(yn)", s, n); }))
WRAP(bytes_concat, 2, ({ PyObject *b = Py_NewRef(a[0]); PyBytes_Concat(&b, a[1]); owned(b); }))
WRAP(bytes_concat_del, 2, ({ PyObject *b = Py_NewRef(a[0]); PyBytes_ConcatAndDel(&b, Py_NewRef(a[1])); owned(b); }))
WRAP(bytes_resize, 1, ({ PyObject *b = PyBytes_FromStringAndSize("abcdef", 6); Py_ssize_t n = as_size(a[0]); int r = _PyBytes_Resize(&b, n); (void)r; if (b && n > 6) memset(PyBytes_AS_STRING(b) + 6, 'z', n - 6); owned(b); }))
WRAP(PyBytes_Repr, 2, owned(PyBytes_Repr(a[0], PyObject_IsTrue(a[1]))))
WRAP(PyBytes_DecodeEscape, 1, owned(PyBytes_DecodeEscape(PyBytes_AS_STRING(a[0]), PyBytes_GET_SIZE(a[0]), "strict", 0, NULL)))
WRAP(PyByteArray_Resize, 2, ({ Py_ssize_t before = PyByteArray_GET_SIZE(a[0]); int r = PyByteArray_Resize(a[0], as_size(a[1])); if (!r && PyByteArray_GET_SIZE(a[0]) > before) memset(PyByteArray_AS_STRING(a[0]) + before, '.', PyByteArray_GET_SIZE(a[0]) - before); r < 0 ? NULL : Py_NewRef(a[0]); }))
WRAP(PyByteArray_AsString, 1, owned(PyBytes_FromString(PyByteArray_AsString(a[0]))))
WRAP(_PyBytes_Join, 2, owned(_PyBytes_Join(a[0], a[1])))
/* iterators, cells, weak references, methods */
O_O(PySeqIter_New) O_OO(PyCallIter_New) O_OO(PyMethod_New) O_O(PyInstanceMethod_New) O_O(PyStaticMethod_New) O_O(PyClassMethod_New)
O_OO(PyWeakref_NewRef) O_OO(PyWeakref_NewProxy) B_O(PyWeakref_GetObject) O_O(PyCell_New) O_O(PyCell_Get) N_OO(PyCell_Set) O_OO(Py_GenericAlias)
WRAP(PyWeakref_NewRef_plain, 1, owned(PyWeakref_NewRef(a[0], NULL)))
WRAP(PyWeakref_Check, 1, number(PyWeakref_Check(a[0]) * 4 + PyWeakref_CheckRef(a[0]) * 2 + PyWeakref_CheckProxy(a[0])))
/* struct sequences */
static PyStructSequence_Field fields[] = {{"first", "the first"}, {"second", "the second"}, {"unnamed field", "set when first used"}, {"hidden", "not in the tuple"}, {NULL}};
static PyStructSequence_Desc desc = {"c_containers.Seq", "A sequence with names.", fields, 3}, desc2 = {"c_containers.Static", "doc", fields, 2};
static PyTypeObject StaticSeq;
static PyObject *structseq(PyObject *module, PyObject *args)
{
    fields[2].name = PyStructSequence_UnnamedField;
    PyTypeObject *t = PyStructSequence_NewType(&desc);
    PyObject *o = t ? PyStructSequence_New(t) : NULL;
    if (!o)
        return NULL;
    for (int i = 0; i < 4; i++)
        PyStructSequence_SetItem(o, i, PyLong_FromLong(i * 10));
    return Py_BuildValue("(NNN)", t, o, Py_NewRef(PyStructSequence_GetItem(o, 3)));
}
static PyObject *structseq_static(PyObject *module, PyObject *args)
{
    if (!StaticSeq.tp_name && PyStructSequence_InitType2(&StaticSeq, &desc2) < 0)
        return NULL;
    return Py_NewRef((PyObject *)&StaticSeq);
}
/* contextvars */
static PyObject *context(PyObject *module, PyObject *args)
{
    PyObject *d = PyUnicode_FromString("the default"), *var = PyContextVar_New("var", d), *r = PyList_New(0), *v;
#define GET() (PyContextVar_Get(var, NULL, &v) < 0 ? PyErr_Clear() : (void)(PyList_Append(r, v ? v : Py_None)))
    GET();
    PyObject *t1 = PyContextVar_Set(var, Py_True);
    GET();
    PyObject *ctx = PyContext_CopyCurrent();
    PyObject *t2 = PyContextVar_Set(var, Py_False);
    GET();
    PyContext_Enter(ctx);
    GET();
    if (PyContext_Enter(ctx) < 0) { PyList_Append(r, PyExc_RuntimeError); PyErr_Clear(); }
    PyContext_Exit(ctx);
    if (PyContext_Exit(ctx) < 0) { PyList_Append(r, PyExc_RuntimeError); PyErr_Clear(); }
    GET();
    PyContextVar_Reset(var, t2);
    GET();
    if (PyContextVar_Reset(var, t2) < 0) { PyList_Append(r, PyExc_RuntimeError); PyErr_Clear(); }
    PyContextVar_Reset(var, t1);
    GET();
    PyObject *bare = PyContextVar_New("bare", NULL);
    PyContextVar_Get(bare, Py_Ellipsis, &v);
    PyList_Append(r, v);
    PyContextVar_Get(bare, NULL, &v);
    PyList_Append(r, v ? v : Py_None);
    PyObject *copy = PyContext_Copy(ctx), *fresh = PyContext_New();
    PyList_Append(r, PyLong_FromSsize_t(PyObject_Size(copy)));
    PyList_Append(r, PyLong_FromSsize_t(PyObject_Size(fresh)));
    PyList_Append(r, PyLong_FromLong(PyContext_CheckExact(copy) * 4 + PyContextVar_CheckExact(var) * 2 + PyContextToken_CheckExact(t1)));
    return r;
}

#define ALL(_) _(PyList_Size) _(PyList_GetItem) _(PyList_Append) _(PyList_Insert) _(PyList_GetSlice) _(PyList_SetSlice) _(PyList_Sort) _(PyList_Reverse) \
    _(PyList_AsTuple) _(PyList_SetItem) _(PyList_New_filled) _(PyTuple_Size) _(PyTuple_GetItem) _(PyTuple_GetSlice) _(PyTuple_SetItem) \
    _(PyTuple_SetItem_shared) _(tuple_resize) _(PyTuple_Pack) _(PyDict_Size) _(PyDict_GetItem) _(PyDict_GetItemWithError) _(PyDict_GetItemString) \
    _(PyDict_SetItem) _(PyDict_SetItemString) _(PyDict_DelItem) _(PyDict_DelItemString) _(PyDict_Contains) _(PyDict_Copy) _(PyDict_Keys) \
    _(PyDict_Values) _(PyDict_Items) _(PyDictProxy_New) _(PyDict_Update) _(PyDict_SetDefault) _(PyDict_Merge) _(PyDict_MergeFromSeq2) _(PyDict_Clear) \
    _(_PyDict_Pop) _(_PyDict_GetItem_KnownHash) _(PySet_Size) _(PySet_Add) _(PySet_Contains) _(PySet_Discard) _(PySet_Pop) _(PySet_Clear) _(PySet_New) \
    _(PyFrozenSet_New) _(_PySet_Update) _(PySlice_New) _(PyBytes_Size) _(PyBytes_FromObject) _(PyByteArray_Size) _(PyByteArray_FromObject) \
    _(PyByteArray_Concat) _(PyBytes_AsString) _(PyBytes_AsStringAndSize) _(bytes_concat) _(bytes_concat_del) _(bytes_resize) _(PyBytes_Repr) \
    _(PyBytes_DecodeEscape) _(PyByteArray_Resize) _(PyByteArray_AsString) _(_PyBytes_Join) _(PySeqIter_New) _(PyCallIter_New) _(PyMethod_New) \
    _(PyInstanceMethod_New) _(PyStaticMethod_New) _(PyClassMethod_New) _(PyWeakref_NewRef) _(PyWeakref_NewProxy) _(PyWeakref_GetObject) \
    _(PyWeakref_NewRef_plain) _(PyWeakref_Check) _(PyCell_New) _(PyCell_Get) _(PyCell_Set) _(Py_GenericAlias)
static PyMethodDef methods[] = {ALL(METHOD) OWN(dict_walk) OWN(dict_versions) OWN(set_walk) OWN(frozen_add) OWN(slice_indices) OWN(structseq)
                                OWN(structseq_static) OWN(context) {NULL}};
MODULE(c_containers, methods)
