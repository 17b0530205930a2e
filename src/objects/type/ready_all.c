/* SPDX-License-Identifier: MIT
 *
 * Start-up: readies the static types in an order that programs can see (object.__subclasses__()):
 * object and type, then by name, as in 3.11. Exceptions and the types of built-in modules are
 * readied by their owners.
 */
#include "objects/type/type_impl.h"

#define INTERNAL_TYPES(X)                                                                          \
    X(PyAnextAwaitable_Type) X(PyHamt_Type) X(scope_type) X(str_ascii_iter_type)                   \
    X(genericalias_iter_type) X(memoryview_iter_type) X(PyContextTokenMissing_Type)                \
    X(encodingmap_type) X(str_pieces_type) X(str_accessors_type) X(hamt_bitmap_type)               \
    X(hamt_collision_type) X(hamt_keys_type) X(hamt_values_type) X(hamt_items_type)

/* Types with hidden names: absent ones are skipped. */
#define X(name) extern PyTypeObject name __attribute__((weak));
INTERNAL_TYPES(X)
#undef X
extern PyTypeObject _PyAsyncGenASend_Type, _PyAsyncGenAThrow_Type, _PyAsyncGenWrappedValue_Type,
    _PyCoroWrapper_Type, _PyNamespace_Type, _PyManagedBuffer_Type, _PyInterpreterID_Type,
    PyODictItems_Type, PyODictIter_Type, PyODictKeys_Type, PyODictValues_Type, PyPickleBuffer_Type,
    PyStdPrinter_Type;

static PyTypeObject *const static_types[] = {
    &PyBaseObject_Type,
    &PyType_Type,
    &PyAsyncGen_Type,
    &PyByteArrayIter_Type,
    &PyByteArray_Type,
    &PyBytesIter_Type,
    &PyBytes_Type,
    &PyCFunction_Type,
    &PyCallIter_Type,
    &PyCapsule_Type,
    &PyCell_Type,
    &PyClassMethodDescr_Type,
    &PyClassMethod_Type,
    &PyCode_Type,
    &PyComplex_Type,
    &PyContextToken_Type,
    &PyContextVar_Type,
    &PyContext_Type,
    &PyCoro_Type,
    &PyDictItems_Type,
    &PyDictIterItem_Type,
    &PyDictIterKey_Type,
    &PyDictIterValue_Type,
    &PyDictKeys_Type,
    &PyDictProxy_Type,
    &PyDictRevIterItem_Type,
    &PyDictRevIterKey_Type,
    &PyDictRevIterValue_Type,
    &PyDictValues_Type,
    &PyDict_Type,
    &PyEllipsis_Type,
    &PyEnum_Type,
    &PyFilter_Type,
    &PyFloat_Type,
    &PyFrame_Type,
    &PyFrozenSet_Type,
    &PyFunction_Type,
    &PyGen_Type,
    &PyGetSetDescr_Type,
    &PyInstanceMethod_Type,
    &PyListIter_Type,
    &PyListRevIter_Type,
    &PyList_Type,
    &PyLongRangeIter_Type,
    &PyLong_Type,
    &PyMap_Type,
    &PyMemberDescr_Type,
    &PyMemoryView_Type,
    &PyMethodDescr_Type,
    &PyMethod_Type,
    &PyModuleDef_Type,
    &PyModule_Type,
    &PyODictIter_Type,
    &PyPickleBuffer_Type,
    &PyProperty_Type,
    &PyRangeIter_Type,
    &PyRange_Type,
    &PyReversed_Type,
    &scope_type,
    &PySeqIter_Type,
    &PySetIter_Type,
    &PySet_Type,
    &PySlice_Type,
    &PyStaticMethod_Type,
    &PyStdPrinter_Type,
    &PySuper_Type,
    &PyTraceBack_Type,
    &PyTupleIter_Type,
    &PyTuple_Type,
    &PyUnicodeIter_Type,
    &PyUnicode_Type,
    &PyWrapperDescr_Type,
    &PyZip_Type,
    &Py_GenericAliasType,
    &PyAnextAwaitable_Type,
    &_PyAsyncGenASend_Type,
    &_PyAsyncGenAThrow_Type,
    &_PyAsyncGenWrappedValue_Type,
    &PyContextTokenMissing_Type,
    &_PyCoroWrapper_Type,
    &genericalias_iter_type,
    &hamt_items_type,
    &hamt_keys_type,
    &hamt_values_type,
    &hamt_bitmap_type,
    &hamt_collision_type,
    &PyHamt_Type,
    &_PyInterpreterID_Type,
    &_PyManagedBuffer_Type,
    &memoryview_iter_type,
    &_PyMethodWrapper_Type,
    &_PyNamespace_Type,
    &_PyNone_Type,
    &_PyNotImplemented_Type,
    &str_ascii_iter_type,
    &_PyUnion_Type,
    &_PyWeakref_CallableProxyType,
    &_PyWeakref_ProxyType,
    &_PyWeakref_RefType,
    &encodingmap_type,
    &str_accessors_type,
    &str_pieces_type,
    /* subclasses of the above */
    &PyBool_Type,
    &PyCMethod_Type,
    &PyODict_Type,
    &PyODictKeys_Type,
    &PyODictItems_Type,
    &PyODictValues_Type,
};

int type_ready_all(void)
{
    if (type_interp_init(interp_get()) < 0 || slots_init() < 0) {
        return -1;
    }
    for (size_t i = 0; i < COUNT_OF(static_types); i++) {
        if (static_types[i] && PyType_Ready(static_types[i]) < 0) {
            return -1;
        }
    }
    return 0;
}
