/* SPDX-License-Identifier: MIT
 *
 * The abstract protocols: numbers, sequences, mappings, iterators, attributes.
 */
#include "capi.h"

O_OO(PyNumber_Add) O_OO(PyNumber_Subtract) O_OO(PyNumber_Multiply)
O_OO(PyNumber_MatrixMultiply) O_OO(PyNumber_FloorDivide) O_OO(PyNumber_TrueDivide)
O_OO(PyNumber_Remainder) O_OO(PyNumber_Divmod) O_OO(PyNumber_Lshift) O_OO(PyNumber_Rshift)
O_OO(PyNumber_And) O_OO(PyNumber_Xor) O_OO(PyNumber_Or) O_OO(PyNumber_InPlaceAdd)
O_OO(PyNumber_InPlaceSubtract) O_OO(PyNumber_InPlaceMultiply)
O_OO(PyNumber_InPlaceMatrixMultiply) O_OO(PyNumber_InPlaceFloorDivide)
O_OO(PyNumber_InPlaceTrueDivide) O_OO(PyNumber_InPlaceRemainder) O_OO(PyNumber_InPlaceLshift)
O_OO(PyNumber_InPlaceRshift) O_OO(PyNumber_InPlaceAnd) O_OO(PyNumber_InPlaceXor)
O_OO(PyNumber_InPlaceOr) O_OO(PySequence_Concat) O_OO(PySequence_InPlaceConcat)
O_OO(PyObject_GetItem) O_OO(PyObject_GetAttr) O_OO(PyObject_Format)
O_OOO(PyNumber_Power) O_OOO(PyNumber_InPlacePower)
O_O(PyNumber_Negative) O_O(PyNumber_Positive) O_O(PyNumber_Absolute) O_O(PyNumber_Invert)
O_O(PyNumber_Long) O_O(PyNumber_Float) O_O(PyNumber_Index) O_O(PySequence_List)
O_O(PySequence_Tuple) O_O(PyMapping_Keys) O_O(PyMapping_Values) O_O(PyMapping_Items)
O_O(PyObject_Repr) O_O(PyObject_Str) O_O(PyObject_ASCII) O_O(PyObject_Bytes) O_O(PyObject_Dir)
O_O(PyObject_GetIter) O_O(PyObject_GetAIter) O_O(PyObject_Type) O_O(PyIter_Next)
O_O(_PyObject_FunctionStr)
N_O(PyNumber_Check) N_O(PyIndex_Check) N_O(PySequence_Check) N_O(PyMapping_Check)
N_O(PyIter_Check) N_O(PyAIter_Check) N_O(PyCallable_Check) N_O(PyObject_CheckBuffer)
N_O(PyObject_IsTrue) N_O(PyObject_Not) N_O(PyObject_Size) N_O(PySequence_Size)
N_O(PyMapping_Size) N_O(PyObject_Hash) N_O(PyObject_HashNotImplemented)
O_OZ(PySequence_Repeat) O_OZ(PySequence_InPlaceRepeat) O_OZ(PySequence_GetItem)
O_OZZ(PySequence_GetSlice)
O_OS(PyMapping_GetItemString) O_OS(PyObject_GetAttrString)
N_OO(PySequence_Count) N_OO(PySequence_Contains) N_OO(PySequence_Index)
N_OO(PyMapping_HasKey) N_OO(PyObject_IsInstance) N_OO(PyObject_IsSubclass)
N_OO(PyObject_DelItem) N_OO(PyObject_HasAttr)
N_OOO(PyObject_SetItem) N_OOO(PyObject_SetAttr)
N_OS(PyMapping_HasKeyString) N_OS(PyObject_HasAttrString) N_OS(PyObject_DelItemString)
N_OSO(PyMapping_SetItemString) N_OSO(PyObject_SetAttrString)
N_OZ(PySequence_DelItem) N_OZ(PyObject_LengthHint)
N_OZO(PySequence_SetItem)
N_OZZ(PySequence_DelSlice)
N_OZZO(PySequence_SetSlice)

#undef PySequence_In /* the macro: the exported function of that name is tested */
extern int PySequence_In(PyObject *, PyObject *);
N_OO(PySequence_In)

static PyObject *to_base(PyObject *module, PyObject *args)
{
    PyObject *o;
    int base;
    return PyArg_ParseTuple(args, "Oi", &o, &base) ? owned(PyNumber_ToBase(o, base)) : NULL;
}

static PyObject *as_ssize(PyObject *module, PyObject *args)
{
    PyObject *o, *error;
    if (!PyArg_ParseTuple(args, "OO", &o, &error))
        return NULL;
    return number(PyNumber_AsSsize_t(o, error == Py_None ? NULL : error));
}

static PyObject *compare(PyObject *module, PyObject *args)
{
    PyObject *a, *b;
    int op;
    if (!PyArg_ParseTuple(args, "OOi", &a, &b, &op))
        return NULL;
    PyObject *full = PyObject_RichCompare(a, b, op);
    if (!full)
        return NULL;
    int truth = PyObject_RichCompareBool(a, b, op);
    return truth < 0 ? (Py_DECREF(full), NULL) : Py_BuildValue("(Ni)", full, truth);
}

static PyObject *fast(PyObject *module, PyObject *args)
{
    PyObject *o;
    if (!PyArg_ParseTuple(args, "O", &o))
        return NULL;
    PyObject *seq = PySequence_Fast(o, "wanted something to iterate");
    if (!seq)
        return NULL;
    PyObject *copy = PyList_New(0);
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(seq); i++)
        PyList_Append(copy, PySequence_Fast_GET_ITEM(seq, i));
    return Py_BuildValue("(ONO)", Py_TYPE(seq), copy, seq == o ? Py_True : Py_False);
}

static PyObject *send(PyObject *module, PyObject *args)
{
    PyObject *it, *value, *result = NULL;
    if (!PyArg_ParseTuple(args, "OO", &it, &value))
        return NULL;
    PySendResult how = PyIter_Send(it, value, &result);
    return how == PYGEN_ERROR ? NULL : Py_BuildValue("(iN)", how, result);
}

static PyMethodDef methods[] = {
    OWN(to_base) OWN(as_ssize) OWN(compare) OWN(fast) OWN(send)
    METHOD(PyNumber_Add) METHOD(PyNumber_Subtract) METHOD(PyNumber_Multiply)
    METHOD(PyNumber_MatrixMultiply) METHOD(PyNumber_FloorDivide) METHOD(PyNumber_TrueDivide)
    METHOD(PyNumber_Remainder) METHOD(PyNumber_Divmod) METHOD(PyNumber_Lshift)
    METHOD(PyNumber_Rshift) METHOD(PyNumber_And) METHOD(PyNumber_Xor) METHOD(PyNumber_Or)
    METHOD(PyNumber_InPlaceAdd) METHOD(PyNumber_InPlaceSubtract) METHOD(PyNumber_InPlaceMultiply)
    METHOD(PyNumber_InPlaceMatrixMultiply) METHOD(PyNumber_InPlaceFloorDivide)
    METHOD(PyNumber_InPlaceTrueDivide) METHOD(PyNumber_InPlaceRemainder)
    METHOD(PyNumber_InPlaceLshift) METHOD(PyNumber_InPlaceRshift) METHOD(PyNumber_InPlaceAnd)
    METHOD(PyNumber_InPlaceXor) METHOD(PyNumber_InPlaceOr) METHOD(PySequence_Concat)
    METHOD(PySequence_InPlaceConcat) METHOD(PyObject_GetItem) METHOD(PyObject_GetAttr)
    METHOD(PyObject_Format) METHOD(PyNumber_Power) METHOD(PyNumber_InPlacePower)
    METHOD(PyNumber_Negative) METHOD(PyNumber_Positive) METHOD(PyNumber_Absolute)
    METHOD(PyNumber_Invert) METHOD(PyNumber_Long) METHOD(PyNumber_Float) METHOD(PyNumber_Index)
    METHOD(PySequence_List) METHOD(PySequence_Tuple) METHOD(PyMapping_Keys)
    METHOD(PyMapping_Values) METHOD(PyMapping_Items) METHOD(PyObject_Repr) METHOD(PyObject_Str)
    METHOD(PyObject_ASCII) METHOD(PyObject_Bytes) METHOD(PyObject_Dir) METHOD(PyObject_GetIter)
    METHOD(PyObject_GetAIter) METHOD(PyObject_Type) METHOD(PyIter_Next)
    METHOD(_PyObject_FunctionStr) METHOD(PyNumber_Check) METHOD(PyIndex_Check)
    METHOD(PySequence_Check) METHOD(PyMapping_Check) METHOD(PyIter_Check) METHOD(PyAIter_Check)
    METHOD(PyCallable_Check) METHOD(PyObject_CheckBuffer) METHOD(PyObject_IsTrue)
    METHOD(PyObject_Not) METHOD(PyObject_Size) METHOD(PySequence_Size) METHOD(PyMapping_Size)
    METHOD(PyObject_Hash) METHOD(PyObject_HashNotImplemented) METHOD(PySequence_Repeat)
    METHOD(PySequence_InPlaceRepeat) METHOD(PySequence_GetItem) METHOD(PySequence_GetSlice)
    METHOD(PyMapping_GetItemString) METHOD(PyObject_GetAttrString) METHOD(PySequence_Count)
    METHOD(PySequence_Contains) METHOD(PySequence_Index) METHOD(PySequence_In)
    METHOD(PyMapping_HasKey) METHOD(PyObject_IsInstance) METHOD(PyObject_IsSubclass)
    METHOD(PyObject_DelItem) METHOD(PyObject_HasAttr) METHOD(PyObject_SetItem)
    METHOD(PyObject_SetAttr) METHOD(PyMapping_HasKeyString) METHOD(PyObject_HasAttrString)
    METHOD(PyObject_DelItemString) METHOD(PyMapping_SetItemString) METHOD(PyObject_SetAttrString)
    METHOD(PySequence_DelItem) METHOD(PyObject_LengthHint) METHOD(PySequence_SetItem)
    METHOD(PySequence_DelSlice) METHOD(PySequence_SetSlice)
    {NULL}
};
MODULE(c_abstract, methods)
