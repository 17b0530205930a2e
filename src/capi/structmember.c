/* SPDX-License-Identifier: MIT
 *
 * C struct members as attributes: reading and writing one field by its PyMemberDef.
 *
 * The type codes are those of structmember.h: T_INT and so on for C numbers, T_STRING for a char *
 * that nobody owns (read-only), T_OBJECT for an owned reference that reads as None when NULL,
 * T_OBJECT_EX for one that raises AttributeError then (__slots__ are these). Narrowing an int that
 * does not fit is a RuntimeWarning, not an error, as in 3.11.
 */
#include "capi/capi.h"

/* Owned. `obj` is the object's address. */
PyObject *PyMember_GetOne(const char *obj, PyMemberDef *def)
{
    const char *addr = obj + def->offset;
    if (def->flags & PY_AUDIT_READ) {
        if (PySys_Audit("object.__getattr__", "Os", (PyObject *)obj, def->name) < 0) {
            return NULL;
        }
    }
    switch (def->type) {
    case T_BOOL: return PyBool_FromLong(*(const char *)addr);
    case T_BYTE: return PyLong_FromLong(*(const signed char *)addr);
    case T_UBYTE: return PyLong_FromUnsignedLong(*(const unsigned char *)addr);
    case T_SHORT: return PyLong_FromLong(*(const short *)addr);
    case T_USHORT: return PyLong_FromUnsignedLong(*(const unsigned short *)addr);
    case T_INT: return PyLong_FromLong(*(const int *)addr);
    case T_UINT: return PyLong_FromUnsignedLong(*(const unsigned int *)addr);
    case T_LONG: return PyLong_FromLong(*(const long *)addr);
    case T_ULONG: return PyLong_FromUnsignedLong(*(const unsigned long *)addr);
    case T_PYSSIZET: return PyLong_FromSsize_t(*(const Py_ssize_t *)addr);
    case T_LONGLONG: return PyLong_FromLongLong(*(const long long *)addr);
    case T_ULONGLONG: return PyLong_FromUnsignedLongLong(*(const unsigned long long *)addr);
    case T_FLOAT: return PyFloat_FromDouble(*(const float *)addr);
    case T_DOUBLE: return PyFloat_FromDouble(*(const double *)addr);
    case T_STRING: {
        const char *s = *(const char *const *)addr;
        return s ? PyUnicode_FromString(s) : Py_NewRef(Py_None);
    }
    case T_STRING_INPLACE: return PyUnicode_FromString(addr);
    case T_CHAR: return PyUnicode_FromStringAndSize(addr, 1);
    case T_OBJECT: {
        PyObject *v = *(PyObject *const *)addr;
        return Py_NewRef(v ? v : Py_None);
    }
    case T_OBJECT_EX: {
        PyObject *v = *(PyObject *const *)addr;
        if (v == NULL) {
            PyErr_Format(PyExc_AttributeError, "'%.200s' object has no attribute '%s'",
                         Py_TYPE((PyObject *)obj)->tp_name, def->name);
        }
        return Py_XNewRef(v);
    }
    case T_NONE: Py_RETURN_NONE;
    }
    PyErr_SetString(PyExc_SystemError, "bad memberdescr type");
    return NULL;
}

static int warn_truncation(const char *message)
{
    return PyErr_WarnEx(PyExc_RuntimeWarning, message, 1) < 0 ? -1 : 0;
}

/* Signed members narrower than long: stored, then a warning when the value changed. */
static int set_narrow(char *addr, int type, PyObject *v)
{
    long value = PyLong_AsLong(v);
    if (value == -1 && PyErr_Occurred()) {
        if (type == T_LONG)
            *(long *)addr = -1; /* as 3.11 leaves it */
        return -1;
    }
    switch (type) {
    case T_BYTE:
        *(signed char *)addr = (signed char)value;
        return value > CHAR_MAX || value < CHAR_MIN ? warn_truncation("Truncation of value to char")
                                                    : 0;
    case T_UBYTE:
        *(unsigned char *)addr = (unsigned char)value;
        return value > UCHAR_MAX || value < 0
                   ? warn_truncation("Truncation of value to unsigned char")
                   : 0;
    case T_SHORT:
        *(short *)addr = (short)value;
        return value > SHRT_MAX || value < SHRT_MIN
                   ? warn_truncation("Truncation of value to short")
                   : 0;
    case T_USHORT:
        *(unsigned short *)addr = (unsigned short)value;
        return value > USHRT_MAX || value < 0
                   ? warn_truncation("Truncation of value to unsigned short")
                   : 0;
    case T_INT:
        *(int *)addr = (int)value;
        return value > INT_MAX || value < INT_MIN ? warn_truncation("Truncation of value to int")
                                                  : 0;
    default:
        *(long *)addr = value;
        return 0;
    }
}

/* Unsigned int and unsigned long take negative values with a warning. */
static int set_unsigned(char *addr, int type, PyObject *v)
{
    unsigned long value = PyLong_AsUnsignedLong(v);
    bool negative = false, failed = false;
    if (value == (unsigned long)-1 && PyErr_Occurred()) {
        PyErr_Clear();
        value = (unsigned long)PyLong_AsLong(v);
        failed = value == (unsigned long)-1 && PyErr_Occurred();
        negative = !failed;
    }
    if (type == T_ULONG)
        *(unsigned long *)addr = value;
    else if (!failed)
        *(unsigned int *)addr = (unsigned int)value;
    if (failed || (negative && warn_truncation("Writing negative value into unsigned field") < 0))
        return -1;
    return type == T_UINT && value > UINT_MAX
               ? warn_truncation("Truncation of value to unsigned int")
               : 0;
}

/* float and double. On failure a double becomes -1.0 as in 3.11, a float keeps its value. */
static int set_float(char *addr, int type, PyObject *v)
{
    double d = PyFloat_AsDouble(v);
    bool failed = d == -1 && PyErr_Occurred();
    if (type == T_DOUBLE) {
        *(double *)addr = d;
    } else if (!failed) {
        *(float *)addr = (float)d;
    }
    return failed ? -1 : 0;
}

/* A str of one ASCII character. */
static int set_char(char *addr, PyObject *v)
{
    Py_ssize_t n;
    const char *s = PyUnicode_AsUTF8AndSize(v, &n);
    if (s == NULL || n != 1) {
        PyErr_BadArgument();
        return -1;
    }
    *addr = s[0];
    return 0;
}

/* Only references can be deleted; T_OBJECT_EX says so when there is none. */
static int check_delete(const char *addr, const PyMemberDef *def)
{
    if (def->type == T_OBJECT || (def->type == T_OBJECT_EX && *(PyObject **)addr)) {
        return 0;
    }
    if (def->type == T_OBJECT_EX) {
        PyErr_SetString(PyExc_AttributeError, def->name);
    } else {
        PyErr_SetString(PyExc_TypeError, "can't delete numeric/char attribute");
    }
    return -1;
}

/* v NULL deletes, which only object members allow. */
int PyMember_SetOne(char *obj, PyMemberDef *def, PyObject *v)
{
    char *addr = obj + def->offset;
    if (def->flags & READONLY) {
        PyErr_SetString(PyExc_AttributeError, "readonly attribute");
        return -1;
    }
    if (v == NULL && check_delete(addr, def) < 0) {
        return -1;
    }
    switch (def->type) {
    case T_BOOL:
        if (!PyBool_Check(v)) {
            PyErr_SetString(PyExc_TypeError, "attribute value type must be bool");
            return -1;
        }
        *addr = v == Py_True;
        return 0;
    case T_BYTE: case T_UBYTE: case T_SHORT: case T_USHORT: case T_INT: case T_LONG:
        return set_narrow(addr, def->type, v);
    case T_UINT: case T_ULONG:
        return set_unsigned(addr, def->type, v);
    case T_PYSSIZET: {
        Py_ssize_t n = PyLong_AsSsize_t(v);
        *(Py_ssize_t *)addr = n;
        return n == -1 && PyErr_Occurred() ? -1 : 0;
    }
    case T_FLOAT: case T_DOUBLE:
        return set_float(addr, def->type, v);
    case T_OBJECT: case T_OBJECT_EX: {
        PyObject *old = *(PyObject **)addr;
        *(PyObject **)addr = Py_XNewRef(v);
        Py_XDECREF(old);
        return 0;
    }
    case T_CHAR:
        return set_char(addr, v);
    case T_STRING: case T_STRING_INPLACE:
        PyErr_SetString(PyExc_TypeError, "readonly attribute");
        return -1;
    case T_LONGLONG: {
        long long value = PyLong_AsLongLong(v);
        *(long long *)addr = value;
        return value == -1 && PyErr_Occurred() ? -1 : 0;
    }
    case T_ULONGLONG: {
        unsigned long long value = PyLong_Check(v) ? PyLong_AsUnsignedLongLong(v)
                                                   : (unsigned long long)PyLong_AsLong(v);
        *(unsigned long long *)addr = value;
        return value == (unsigned long long)-1 && PyErr_Occurred() ? -1 : 0;
    }
    }
    PyErr_Format(PyExc_SystemError, "bad memberdescr type for %s", def->name);
    return -1;
}
