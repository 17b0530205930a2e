/* SPDX-License-Identifier: MIT
 *
 * The number protocol: choosing whose slot answers a binary operator, and the conversions to int
 * and float.
 *
 * For v OP w: the left type's slot is asked first, unless the right type is a proper subtype with
 * another slot; NotImplemented passes the question on; in-place slots come before both; `+` and `*`
 * then try the sequence slots. An equal slot on both sides is asked once.
 */
#include "capi/capi.h"
#include "objects/int/int.h"

#define SLOT(name) offsetof(PyNumberMethods, name)

static inline binaryfunc binary_slot(PyObject *o, size_t slot)
{
    PyNumberMethods *m = Py_TYPE(o)->tp_as_number;
    return m ? *(binaryfunc *)((char *)m + slot) : NULL;
}
static inline ternaryfunc ternary_slot(PyObject *o, size_t slot)
{
    PyNumberMethods *m = Py_TYPE(o)->tp_as_number;
    return m ? *(ternaryfunc *)((char *)m + slot) : NULL;
}

int PyNumber_Check(PyObject *o)
{
    if (o == NULL) {
        return 0;
    }
    PyNumberMethods *m = Py_TYPE(o)->tp_as_number;
    return (m && (m->nb_index || m->nb_int || m->nb_float)) || PyComplex_Check(o);
}

/* -- Binary dispatch ------------------------------------------------------------------------- */

/* Owned result, maybe NotImplemented. */
static ALWAYS_INLINE PyObject *binary_try(PyObject *v, PyObject *w, size_t slot)
{
    binaryfunc left = binary_slot(v, slot), right = NULL;
    if (!Py_IS_TYPE(w, Py_TYPE(v))) {
        right = binary_slot(w, slot);
        if (right == left) {
            right = NULL;
        }
    }
    if (left) {
        PyObject *r;
        if (right && PyType_IsSubtype(Py_TYPE(w), Py_TYPE(v))) {
            r = right(v, w);
            if (r != Py_NotImplemented) {
                return r;
            }
            Py_DECREF(r);
            right = NULL;
        }
        r = left(v, w);
        if (r != Py_NotImplemented) {
            return r;
        }
        Py_DECREF(r);
    }
    return right ? right(v, w) : Py_NewRef(Py_NotImplemented);
}

/* Owned result, maybe NotImplemented. */
static PyObject *inplace_try(PyObject *v, PyObject *w, size_t islot, size_t slot)
{
    binaryfunc f = binary_slot(v, islot);
    if (f) {
        PyObject *r = f(v, w);
        if (r != Py_NotImplemented) {
            return r;
        }
        Py_DECREF(r);
    }
    return binary_try(v, w, slot);
}

/* "unsupported operand type(s) for +: 'int' and 'str'" */
static PyObject *operand_error(PyObject *v, PyObject *w, const char *op)
{
    PyErr_Format(PyExc_TypeError, "unsupported operand type(s) for %.100s: '%.100s' and '%.100s'",
                 op, Py_TYPE(v)->tp_name, Py_TYPE(w)->tp_name);
    return NULL;
}

static PyObject *binary_op(PyObject *v, PyObject *w, size_t slot, const char *op)
{
    if (v == NULL || w == NULL) {
        return raise_null();
    }
    PyObject *r = binary_try(v, w, slot);
    if (r == Py_NotImplemented) {
        Py_DECREF(r);
        return operand_error(v, w, op);
    }
    return r;
}

static PyObject *inplace_op(PyObject *v, PyObject *w, size_t islot, size_t slot, const char *op)
{
    if (v == NULL || w == NULL) {
        return raise_null();
    }
    PyObject *r = inplace_try(v, w, islot, slot);
    if (r == Py_NotImplemented) {
        Py_DECREF(r);
        return operand_error(v, w, op);
    }
    return r;
}

/* One public function for each operator. */
#define BINARY(name, slot, op) \
    PyObject *PyNumber_##name(PyObject *v, PyObject *w) { return binary_op(v, w, SLOT(slot), op); }
#define INPLACE(name, slot, op) \
    PyObject *PyNumber_InPlace##name(PyObject *v, PyObject *w) \
    { return inplace_op(v, w, SLOT(nb_inplace_##slot), SLOT(nb_##slot), op); }

BINARY(Or, nb_or, "|")
BINARY(Xor, nb_xor, "^")
BINARY(And, nb_and, "&")
BINARY(Lshift, nb_lshift, "<<")
BINARY(Subtract, nb_subtract, "-")
BINARY(Divmod, nb_divmod, "divmod()")
BINARY(MatrixMultiply, nb_matrix_multiply, "@")
BINARY(FloorDivide, nb_floor_divide, "//")
BINARY(TrueDivide, nb_true_divide, "/")
BINARY(Remainder, nb_remainder, "%")
INPLACE(Or, or, "|=")
INPLACE(Xor, xor, "^=")
INPLACE(And, and, "&=")
INPLACE(Lshift, lshift, "<<=")
INPLACE(Rshift, rshift, ">>=")
INPLACE(Subtract, subtract, "-=")
INPLACE(MatrixMultiply, matrix_multiply, "@=")
INPLACE(FloorDivide, floor_divide, "//=")
INPLACE(TrueDivide, true_divide, "/=")
INPLACE(Remainder, remainder, "%=")

/* `print >> file` is a habit of Python 2: the message helps. */
PyObject *PyNumber_Rshift(PyObject *v, PyObject *w)
{
    if (v == NULL || w == NULL) {
        return raise_null();
    }
    PyObject *r = binary_try(v, w, SLOT(nb_rshift));
    if (r != Py_NotImplemented) {
        return r;
    }
    Py_DECREF(r);
    if (PyCFunction_CheckExact(v)
        && strcmp(((PyCFunctionObject *)v)->m_ml->ml_name, "print") == 0) {
        PyErr_Format(PyExc_TypeError,
                     "unsupported operand type(s) for %.100s: '%.100s' and '%.100s'. "
                     "Did you mean \"print(<message>, file=<output_stream>)\"?",
                     ">>", Py_TYPE(v)->tp_name, Py_TYPE(w)->tp_name);
        return NULL;
    }
    return operand_error(v, w, ">>");
}

/* -- + and * ---------------------------------------------------------------------------------- */

/* These two have a second meaning for sequences, tried only when no number slot answers. */

PyObject *PyNumber_Add(PyObject *v, PyObject *w)
{
    if (v == NULL || w == NULL) {
        return raise_null();
    }
    PyObject *r = binary_try(v, w, SLOT(nb_add));
    if (r != Py_NotImplemented) {
        return r;
    }
    Py_DECREF(r);
    PySequenceMethods *m = Py_TYPE(v)->tp_as_sequence;
    return m && m->sq_concat ? m->sq_concat(v, w) : operand_error(v, w, "+");
}

PyObject *PyNumber_InPlaceAdd(PyObject *v, PyObject *w)
{
    if (v == NULL || w == NULL) {
        return raise_null();
    }
    PyObject *r = inplace_try(v, w, SLOT(nb_inplace_add), SLOT(nb_add));
    if (r != Py_NotImplemented) {
        return r;
    }
    Py_DECREF(r);
    PySequenceMethods *m = Py_TYPE(v)->tp_as_sequence;
    binaryfunc f = m == NULL ? NULL : m->sq_inplace_concat ? m->sq_inplace_concat : m->sq_concat;
    return f ? f(v, w) : operand_error(v, w, "+=");
}

/* seq * n. */
static PyObject *sequence_repeat(ssizeargfunc f, PyObject *seq, PyObject *n)
{
    if (!is_index(n)) {
        return raise_type("can't multiply sequence by non-int of type '%.200s'", n);
    }
    Py_ssize_t count = PyNumber_AsSsize_t(n, PyExc_OverflowError);
    return count == -1 && PyErr_Occurred() ? NULL : f(seq, count);
}

/* After the number slots, sequence * int on either side. */
PyObject *PyNumber_Multiply(PyObject *v, PyObject *w)
{
    if (v == NULL || w == NULL) {
        return raise_null();
    }
    PyObject *r = binary_try(v, w, SLOT(nb_multiply));
    if (r != Py_NotImplemented) {
        return r;
    }
    Py_DECREF(r);
    PySequenceMethods *mv = Py_TYPE(v)->tp_as_sequence, *mw = Py_TYPE(w)->tp_as_sequence;
    if (mv && mv->sq_repeat) {
        return sequence_repeat(mv->sq_repeat, v, w);
    }
    if (mw && mw->sq_repeat) {
        return sequence_repeat(mw->sq_repeat, w, v);
    }
    return operand_error(v, w, "*");
}

PyObject *PyNumber_InPlaceMultiply(PyObject *v, PyObject *w)
{
    if (v == NULL || w == NULL) {
        return raise_null();
    }
    PyObject *r = inplace_try(v, w, SLOT(nb_inplace_multiply), SLOT(nb_multiply));
    if (r != Py_NotImplemented) {
        return r;
    }
    Py_DECREF(r);
    PySequenceMethods *mv = Py_TYPE(v)->tp_as_sequence, *mw = Py_TYPE(w)->tp_as_sequence;
    if (mv && (mv->sq_inplace_repeat || mv->sq_repeat)) {
        return sequence_repeat(mv->sq_inplace_repeat ? mv->sq_inplace_repeat : mv->sq_repeat, v, w);
    }
    /* The right operand must not change: plain repetition, unless
       the left one is some kind of sequence too. */
    if (!mv && mw && mw->sq_repeat) {
        return sequence_repeat(mw->sq_repeat, w, v);
    }
    return operand_error(v, w, "*=");
}

/* -- Power ----------------------------------------------------------------------------------- */

static PyObject *power_error(PyObject *v, PyObject *w, PyObject *z, const char *op)
{
    if (z == Py_None) {
        return operand_error(v, w, op);
    }
    PyErr_Format(PyExc_TypeError,
                 "unsupported operand type(s) for %.100s: '%.100s', '%.100s', '%.100s'", op,
                 Py_TYPE(v)->tp_name, Py_TYPE(w)->tp_name, Py_TYPE(z)->tp_name);
    return NULL;
}

/* As binary_try with a third operand, whose type may have the answer too. */
static PyObject *power_op(PyObject *v, PyObject *w, PyObject *z, const char *op)
{
    ternaryfunc left = ternary_slot(v, SLOT(nb_power)), right = NULL, third;
    PyObject *r;
    if (!Py_IS_TYPE(w, Py_TYPE(v))) {
        right = ternary_slot(w, SLOT(nb_power));
        if (right == left) {
            right = NULL;
        }
    }
    ternaryfunc slotw = right; /* what the modulus's slot must differ from */
    if (left) {
        if (right && PyType_IsSubtype(Py_TYPE(w), Py_TYPE(v))) {
            r = right(v, w, z);
            if (r != Py_NotImplemented) {
                return r;
            }
            Py_DECREF(r);
            right = NULL;
        }
        r = left(v, w, z);
        if (r != Py_NotImplemented) {
            return r;
        }
        Py_DECREF(r);
    }
    if (right) {
        r = right(v, w, z);
        if (r != Py_NotImplemented) {
            return r;
        }
        Py_DECREF(r);
    }
    third = ternary_slot(z, SLOT(nb_power));
    if (third && third != left && third != slotw) {
        r = third(v, w, z);
        if (r != Py_NotImplemented) {
            return r;
        }
        Py_DECREF(r);
    }
    return power_error(v, w, z, op);
}

PyObject *PyNumber_Power(PyObject *v, PyObject *w, PyObject *z)
{
    return v && w && z ? power_op(v, w, z, "** or pow()") : raise_null();
}

PyObject *PyNumber_InPlacePower(PyObject *v, PyObject *w, PyObject *z)
{
    if (v == NULL || w == NULL || z == NULL) {
        return raise_null();
    }
    ternaryfunc f = ternary_slot(v, SLOT(nb_inplace_power));
    if (f) {
        PyObject *r = f(v, w, z);
        if (r != Py_NotImplemented) {
            return r;
        }
        Py_DECREF(r);
    }
    return power_op(v, w, z, "**=");
}

/* -- Unary ----------------------------------------------------------------------------------- */

static PyObject *unary_op(PyObject *o, size_t slot, const char *error)
{
    if (o == NULL) {
        return raise_null();
    }
    PyNumberMethods *m = Py_TYPE(o)->tp_as_number;
    unaryfunc f = m ? *(unaryfunc *)((char *)m + slot) : NULL;
    return f ? f(o) : raise_type(error, o);
}

PyObject *PyNumber_Negative(PyObject *o)
{
    return unary_op(o, SLOT(nb_negative), "bad operand type for unary -: '%.200s'");
}

PyObject *PyNumber_Positive(PyObject *o)
{
    return unary_op(o, SLOT(nb_positive), "bad operand type for unary +: '%.200s'");
}

PyObject *PyNumber_Invert(PyObject *o)
{
    return unary_op(o, SLOT(nb_invert), "bad operand type for unary ~: '%.200s'");
}

PyObject *PyNumber_Absolute(PyObject *o)
{
    return unary_op(o, SLOT(nb_absolute), "bad operand type for abs(): '%.200s'");
}

/* -- Index ----------------------------------------------------------------------------------- */

int PyIndex_Check(PyObject *o) { return is_index(o); }

#define SUBCLASS_DEPRECATED(owner, type) \
    owner " returned non-" type " (type %.200s).  The ability to return an instance of a strict "  \
    "subclass of " type " is deprecated, and may not be supported in a future version of Python."

/* `result` of a conversion (stolen) checked to be an int; a
   subclass is passed on with a warning. */
static PyObject *int_result(PyObject *result, const char *error, const char *warning)
{
    if (result == NULL || PyLong_CheckExact(result)) {
        return result;
    }
    if (!PyLong_Check(result)) {
        raise_type(error, result);
        Py_CLEAR(result);
    } else if (PyErr_WarnFormat(PyExc_DeprecationWarning, 1, warning, Py_TYPE(result)->tp_name)
               < 0) {
        Py_CLEAR(result);
    }
    return result;
}

/* As PyNumber_Index, but may give an instance of a subclass of int. */
EXPORT PyObject *_PyNumber_Index(PyObject *o)
{
    if (o == NULL) {
        return raise_null();
    }
    if (PyLong_Check(o)) {
        return Py_NewRef(o);
    }
    if (!is_index(o)) {
        return raise_type("'%.200s' object cannot be interpreted as an integer", o);
    }
    return int_result(Py_TYPE(o)->tp_as_number->nb_index(o),
                      "__index__ returned non-int (type %.200s)",
                      SUBCLASS_DEPRECATED("__index__", "int"));
}

/* Replaces an instance of a subclass (stolen) by a plain int. */
static PyObject *int_exact(PyObject *v)
{
    if (v && !PyLong_CheckExact(v)) {
        Py_SETREF(v, _PyLong_Copy((PyLongObject *)v));
    }
    return v;
}

PyObject *PyNumber_Index(PyObject *o) { return int_exact(_PyNumber_Index(o)); }

/* Out of range: `error` raised, or clipped when that is NULL. */
Py_ssize_t PyNumber_AsSsize_t(PyObject *o, PyObject *error)
{
    if (LIKELY(o != NULL && PyLong_Check(o) && int_is_compact(o))) {
        return int_compact(o);
    }
    PyObject *value = _PyNumber_Index(o);
    if (value == NULL) {
        return -1;
    }
    Py_ssize_t n = PyLong_AsSsize_t(value);
    if (n == -1 && PyErr_Occurred() && PyErr_ExceptionMatches(PyExc_OverflowError)) {
        PyErr_Clear();
        if (error == NULL) {
            n = _PyLong_Sign(value) < 0 ? PY_SSIZE_T_MIN : PY_SSIZE_T_MAX;
        } else {
            PyErr_Format(error, "cannot fit '%.200s' into an index-sized integer",
                         Py_TYPE(o)->tp_name);
        }
    }
    Py_DECREF(value);
    return n;
}

/* -- int() ----------------------------------------------------------------------------------- */

/* The old way of int(x), deprecated. */
static PyObject *long_from_trunc(PyObject *o, PyObject *method)
{
    if (PyErr_WarnEx(PyExc_DeprecationWarning,
                     "The delegation of int() to __trunc__ is deprecated.", 1)) {
        return NULL;
    }
    PyObject *result = PyObject_CallNoArgs(method);
    if (result == NULL || PyLong_CheckExact(result)) {
        return result;
    }
    if (PyLong_Check(result)) {
        return int_exact(result);
    }
    if (!is_index(result)) {
        raise_type("__trunc__ returned non-Integral (type %.200s)", result);
        Py_DECREF(result);
        return NULL;
    }
    Py_SETREF(result, _PyNumber_Index(result));
    return int_exact(result);
}

static PyObject *long_from_buffer(PyObject *o)
{
    Py_buffer view;
    if (PyObject_GetBuffer(o, &view, PyBUF_SIMPLE) < 0) {
        PyErr_Clear();
        return raise_type("int() argument must be a string, a bytes-like object or a real number, "
                          "not '%.200s'", o);
    }
    PyObject *bytes = PyBytes_FromStringAndSize(view.buf, view.len), *result = NULL;
    if (bytes) {
        result = _PyLong_FromBytes(PyBytes_AS_STRING(bytes), PyBytes_GET_SIZE(bytes), 10);
        Py_DECREF(bytes);
    }
    PyBuffer_Release(&view);
    return result;
}

/* __int__, __index__, __trunc__, then text: str, bytes, buffers. */
PyObject *PyNumber_Long(PyObject *o)
{
    if (o == NULL) {
        return raise_null();
    }
    if (PyLong_CheckExact(o)) {
        return Py_NewRef(o);
    }
    PyNumberMethods *m = Py_TYPE(o)->tp_as_number;
    if (m && m->nb_int) {
        return int_exact(int_result(m->nb_int(o), "__int__ returned non-int (type %.200s)",
                                    SUBCLASS_DEPRECATED("__int__", "int")));
    }
    if (m && m->nb_index) {
        return PyNumber_Index(o);
    }
    PyObject *trunc = _PyObject_LookupSpecial(o, ID(__trunc__));
    if (trunc) {
        PyObject *result = long_from_trunc(o, trunc);
        Py_DECREF(trunc);
        return result;
    }
    if (PyErr_Occurred()) {
        return NULL;
    }
    if (PyUnicode_Check(o)) {
        return PyLong_FromUnicodeObject(o, 10);
    }
    if (PyBytes_Check(o)) {
        return _PyLong_FromBytes(PyBytes_AS_STRING(o), PyBytes_GET_SIZE(o), 10);
    }
    if (PyByteArray_Check(o)) {
        return _PyLong_FromBytes(PyByteArray_AS_STRING(o), PyByteArray_GET_SIZE(o), 10);
    }
    return long_from_buffer(o);
}

/* -- float() --------------------------------------------------------------------------------- */

/* __float__, __index__, then text. */
PyObject *PyNumber_Float(PyObject *o)
{
    if (o == NULL) {
        return raise_null();
    }
    if (PyFloat_CheckExact(o)) {
        return Py_NewRef(o);
    }
    PyNumberMethods *m = Py_TYPE(o)->tp_as_number;
    if (m && m->nb_float) {
        PyObject *r = m->nb_float(o);
        if (r == NULL || PyFloat_CheckExact(r)) {
            return r;
        }
        if (!PyFloat_Check(r)) {
            PyErr_Format(PyExc_TypeError, "%.50s.__float__ returned non-float (type %.50s)",
                         Py_TYPE(o)->tp_name, Py_TYPE(r)->tp_name);
        } else if (!PyErr_WarnFormat(PyExc_DeprecationWarning, 1,
                                     "%.50s.__float__ returned non-float (type %.50s).  The "
                                     "ability to return an instance of a strict subclass of float "
                                     "is deprecated, and may not be supported in a future version "
                                     "of Python.",
                                     Py_TYPE(o)->tp_name, Py_TYPE(r)->tp_name)) {
            double value = PyFloat_AS_DOUBLE(r);
            Py_DECREF(r);
            return PyFloat_FromDouble(value);
        }
        Py_DECREF(r);
        return NULL;
    }
    if (m && m->nb_index) {
        PyObject *index = _PyNumber_Index(o);
        if (index == NULL) {
            return NULL;
        }
        double value = PyLong_AsDouble(index);
        Py_DECREF(index);
        return value == -1.0 && PyErr_Occurred() ? NULL : PyFloat_FromDouble(value);
    }
    if (PyFloat_Check(o)) {
        return PyFloat_FromDouble(PyFloat_AS_DOUBLE(o));
    }
    return PyFloat_FromString(o);
}

PyObject *PyNumber_ToBase(PyObject *n, int base)
{
    if (base != 2 && base != 8 && base != 10 && base != 16) {
        PyErr_SetString(PyExc_SystemError, "PyNumber_ToBase: base must be 2, 8, 10 or 16");
        return NULL;
    }
    PyObject *index = _PyNumber_Index(n);
    if (index == NULL) {
        return NULL;
    }
    PyObject *r = _PyLong_Format(index, base);
    Py_DECREF(index);
    return r;
}

/* None, or an index, for optional Py_ssize_t parameters: None leaves the default. */
int _Py_convert_optional_to_ssize_t(PyObject *o, void *result)
{
    Py_ssize_t n;
    if (o == Py_None) {
        return 1;
    }
    if (!is_index(o)) {
        PyErr_Format(PyExc_TypeError, "argument should be integer or None, not %.200s",
                     Py_TYPE(o)->tp_name);
        return 0;
    }
    n = PyNumber_AsSsize_t(o, PyExc_OverflowError);
    if (n == -1 && PyErr_Occurred()) {
        return 0;
    }
    *(Py_ssize_t *)result = n;
    return 1;
}
