/* SPDX-License-Identifier: MIT
 *
 * Warnings about expressions that cannot work: `1 is x`, `"a"(b)`, `[1][2, 3]` where a comma is
 * missing. SyntaxWarning at the unit's position; check_* is false only when a warning became an
 * error.
 */
#include "compile/compile_impl.h"

/* False for a literal that `is` should not be used with. */
static bool has_identity(expr e)
{
    if (e->kind != Constant_kind)
        return true;
    PyObject *v = e->v.Constant.value;
    return v == Py_None || v == Py_False || v == Py_True || v == Py_Ellipsis;
}

/* `is` compares identity, which literals share or not as the compiler likes. */
bool check_compare(Compiler *c, expr e)
{
    bool left = has_identity(e->v.Compare.left);
    for (Py_ssize_t i = 0; i < seq_len(e->v.Compare.ops); i++) {
        cmpop op = e->v.Compare.ops->at[i];
        bool right = has_identity(e->v.Compare.comparators->at[i]);
        if ((op == Is || op == IsNot) && (!left || !right))
            return cg_warn(c, op == Is ? "\"is\" with a literal. Did you mean \"==\"?"
                                       : "\"is not\" with a literal. Did you mean \"!=\"?");
        left = right;
    }
    return true;
}

/* Type that an expression has for sure, or NULL. */
static PyTypeObject *certain_type(expr e)
{
    switch (e->kind) {
    case Tuple_kind: return &PyTuple_Type;
    case List_kind: case ListComp_kind: return &PyList_Type;
    case Dict_kind: case DictComp_kind: return &PyDict_Type;
    case Set_kind: case SetComp_kind: return &PySet_Type;
    case GeneratorExp_kind: return &PyGen_Type;
    case Lambda_kind: return &PyFunction_Type;
    case JoinedStr_kind: case FormattedValue_kind: return &PyUnicode_Type;
    case Constant_kind: return Py_TYPE(e->v.Constant.value);
    default: return NULL;
    }
}

bool check_caller(Compiler *c, expr e)
{
    PyTypeObject *type = e->kind == Lambda_kind ? NULL : certain_type(e);
    return type == NULL ||
           cg_warn(c, "'%.200s' object is not callable; perhaps you missed a comma?",
                   type->tp_name);
}

/* No literal of this kind can be subscripted. */
static bool is_unsubscriptable(expr e)
{
    switch (e->kind) {
    case Constant_kind: {
        PyObject *v = e->v.Constant.value;
        return v == Py_None || v == Py_Ellipsis || PyLong_Check(v) || PyFloat_Check(v) ||
               PyComplex_Check(v) || PyAnySet_Check(v);
    }
    case Set_kind: case SetComp_kind: case GeneratorExp_kind: case Lambda_kind:
        return true;
    default:
        return false;
    }
}

/* Only by an int or a slice. */
static bool is_indexed_by_int(expr e)
{
    switch (e->kind) {
    case Constant_kind: {
        PyObject *v = e->v.Constant.value;
        return PyUnicode_Check(v) || PyBytes_Check(v) || PyTuple_Check(v);
    }
    case Tuple_kind:
    case List_kind:
    case ListComp_kind:
    case JoinedStr_kind:
    case FormattedValue_kind:
        return true;
    default:
        return false;
    }
}

bool check_subscript(Compiler *c, expr value, expr slice)
{
    if (is_unsubscriptable(value) &&
        !cg_warn(c, "'%.200s' object is not subscriptable; perhaps you missed a comma?",
                 certain_type(value)->tp_name))
        return false;
    PyTypeObject *index = certain_type(slice);
    if (index == NULL || PyType_FastSubclass(index, Py_TPFLAGS_LONG_SUBCLASS) ||
        index == &PySlice_Type || !is_indexed_by_int(value))
        return true;
    return cg_warn(
        c, "%.200s indices must be integers or slices, not %.200s; perhaps you missed a comma?",
        certain_type(value)->tp_name, index->tp_name);
}
