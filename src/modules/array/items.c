/* SPDX-License-Identifier: MIT
 *
 * The kinds of items: how each is read as an object and stored from one.
 *
 * A value out of range is an OverflowError, one of the wrong type a TypeError; then nothing is
 * stored.
 */
#include "array.h"
#include "objects/int/int.h"
#include <wchar.h>

/* -- Item types ------------------------------------------------------------------------------ */

static int overflow(const char *message)
{
    PyErr_SetString(PyExc_OverflowError, message);
    return -1;
}

#define GETTER(name, type, make) \
    static PyObject *name##_get(const char *p) { type v; memcpy(&v, p, sizeof(v)); return make(v); }
GETTER(b, signed char, PyLong_FromLong)
GETTER(ub, unsigned char, PyLong_FromLong)
GETTER(h, short, PyLong_FromLong)
GETTER(uh, unsigned short, PyLong_FromLong)
GETTER(i, int, PyLong_FromLong)
GETTER(ui, unsigned int, PyLong_FromUnsignedLong)
GETTER(l, long, PyLong_FromLong)
GETTER(ul, unsigned long, PyLong_FromUnsignedLong)
GETTER(q, long long, PyLong_FromLongLong)
GETTER(uq, unsigned long long, PyLong_FromUnsignedLongLong)
GETTER(f, float, PyFloat_FromDouble)
GETTER(d, double, PyFloat_FromDouble)

static PyObject *u_get(const char *p)
{
    wchar_t c;
    memcpy(&c, p, sizeof(c));
    return PyUnicode_FromWideChar(&c, 1);
}

#define STORE(type, value)                                                                         \
    do {                                                                                           \
        type v_ = (type)(value);                                                                   \
        memcpy(p, &v_, sizeof(v_));                                                                \
        return 0;                                                                                  \
    } while (0)

/* An exact int of one digit within bounds is stored; others go on to the conversion below. */
#define STORE_COMPACT(type, low, high)                                                             \
    do {                                                                                           \
        if (LIKELY(PyLong_CheckExact(v) && int_is_compact(v) && int_compact(v) >= (low)            \
                   && int_compact(v) <= (high))) {                                                 \
            STORE(type, int_compact(v));                                                           \
        }                                                                                          \
    } while (0)
#define ANY_COMPACT (Py_ssize_t)PyLong_MASK

static int b_set(char *p, PyObject *v)
{
    STORE_COMPACT(signed char, SCHAR_MIN, SCHAR_MAX);
    short x;
    if (!PyArg_Parse(v, "h;array item must be integer", &x)) {
        return -1;
    }
    if (x < -128) {
        return overflow("signed char is less than minimum");
    }
    if (x > 127) {
        return overflow("signed char is greater than maximum");
    }
    STORE(signed char, x);
}

static int ub_set(char *p, PyObject *v)
{
    STORE_COMPACT(unsigned char, 0, UCHAR_MAX);
    unsigned char x;
    if (!PyArg_Parse(v, "b;array item must be integer", &x)) {
        return -1;
    }
    STORE(unsigned char, x);
}

static int h_set(char *p, PyObject *v)
{
    STORE_COMPACT(short, SHRT_MIN, SHRT_MAX);
    short x;
    if (!PyArg_Parse(v, "h;array item must be integer", &x)) {
        return -1;
    }
    STORE(short, x);
}

static int uh_set(char *p, PyObject *v)
{
    STORE_COMPACT(unsigned short, 0, USHRT_MAX);
    int x;
    if (!PyArg_Parse(v, "i;array item must be integer", &x)) {
        return -1;
    }
    if (x < 0) {
        return overflow("unsigned short is less than minimum");
    }
    if (x > USHRT_MAX) {
        return overflow("unsigned short is greater than maximum");
    }
    STORE(unsigned short, x);
}

static int i_set(char *p, PyObject *v)
{
    STORE_COMPACT(int, -ANY_COMPACT, ANY_COMPACT);
    int x;
    if (!PyArg_Parse(v, "i;array item must be integer", &x)) {
        return -1;
    }
    STORE(int, x);
}

static int l_set(char *p, PyObject *v)
{
    STORE_COMPACT(long, -ANY_COMPACT, ANY_COMPACT);
    long x = PyLong_AsLong(v);
    if (x == -1 && PyErr_Occurred()) {
        return -1;
    }
    STORE(long, x);
}

static int q_set(char *p, PyObject *v)
{
    STORE_COMPACT(long long, -ANY_COMPACT, ANY_COMPACT);
    long long x = PyLong_AsLongLong(v);
    if (x == -1 && PyErr_Occurred()) {
        return -1;
    }
    STORE(long long, x);
}

/* The int behind v, owned. */
static PyObject *as_int(PyObject *v) { return PyLong_Check(v) ? Py_NewRef(v) : PyNumber_Index(v); }

static int ui_set(char *p, PyObject *v)
{
    STORE_COMPACT(unsigned int, 0, ANY_COMPACT);
    PyObject *n = as_int(v);
    unsigned long x = n ? PyLong_AsUnsignedLong(n) : (unsigned long)-1;
    Py_XDECREF(n);
    if (x == (unsigned long)-1 && PyErr_Occurred()) {
        return -1;
    }
    if (x > UINT_MAX) {
        return overflow("unsigned int is greater than maximum");
    }
    STORE(unsigned int, x);
}

static int ul_set(char *p, PyObject *v)
{
    STORE_COMPACT(unsigned long, 0, ANY_COMPACT);
    PyObject *n = as_int(v);
    unsigned long x = n ? PyLong_AsUnsignedLong(n) : (unsigned long)-1;
    Py_XDECREF(n);
    if (x == (unsigned long)-1 && PyErr_Occurred()) {
        return -1;
    }
    STORE(unsigned long, x);
}

static int uq_set(char *p, PyObject *v)
{
    STORE_COMPACT(unsigned long long, 0, ANY_COMPACT);
    PyObject *n = as_int(v);
    unsigned long long x = n ? PyLong_AsUnsignedLongLong(n) : (unsigned long long)-1;
    Py_XDECREF(n);
    if (x == (unsigned long long)-1 && PyErr_Occurred()) {
        return -1;
    }
    STORE(unsigned long long, x);
}

static int f_set(char *p, PyObject *v)
{
    double x = PyFloat_AsDouble(v);
    if (x == -1.0 && PyErr_Occurred()) {
        return -1;
    }
    STORE(float, x);
}

static int d_set(char *p, PyObject *v)
{
    double x = PyFloat_AsDouble(v);
    if (x == -1.0 && PyErr_Occurred()) {
        return -1;
    }
    STORE(double, x);
}

static int u_set(char *p, PyObject *v)
{
    wchar_t w[2];
    if (!PyUnicode_Check(v) || PyUnicode_AsWideChar(v, w, 2) != 1) {
        if (!PyErr_Occurred()) {
            PyErr_SetString(PyExc_TypeError, "array item must be unicode character");
        }
        return -1;
    }
    STORE(wchar_t, w[0]);
}

const Item array_kinds[ARRAY_KINDS] = {
    {'b', sizeof(char), b_get, b_set, "b", true, true},
    {'B', sizeof(char), ub_get, ub_set, "B", true, false},
    {'u', sizeof(wchar_t), u_get, u_set, "w", false, false},
    {'h', sizeof(short), h_get, h_set, "h", true, true},
    {'H', sizeof(short), uh_get, uh_set, "H", true, false},
    {'i', sizeof(int), i_get, i_set, "i", true, true},
    {'I', sizeof(int), ui_get, ui_set, "I", true, false},
    {'l', sizeof(long), l_get, l_set, "l", true, true},
    {'L', sizeof(long), ul_get, ul_set, "L", true, false},
    {'q', sizeof(long long), q_get, q_set, "q", true, true},
    {'Q', sizeof(long long), uq_get, uq_set, "Q", true, false},
    {'f', sizeof(float), f_get, f_set, "f", false, false},
    {'d', sizeof(double), d_get, d_set, "d", false, false},
};

const Item *array_item_for(int code)
{
    for (size_t i = 0; i < ARRAY_KINDS; i++) {
        if (array_kinds[i].code == code) {
            return &array_kinds[i];
        }
    }
    return NULL;
}
