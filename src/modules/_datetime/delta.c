/* SPDX-License-Identifier: MIT
 *
 * The type timedelta: making, comparison, text and pickling. Arithmetic is in delta_ops.c.
 *
 * The constructor adds its seven arguments up in microseconds. Integers and the whole parts of
 * floats are added exactly, in 128 bits or, when that overflows, as int objects; what the floats
 * leave over is less than a microsecond each and rounded once, half to even.
 */
#include "dt.h"
#include <math.h>

#define DAY_US ((__int128)SECONDS_A_DAY * US_A_SECOND)

/* -- Making ---------------------------------------------------------------------------------- */

/* Without `normalize` seconds and microseconds are within their ranges already. */
PyObject *dt_delta_new(int days, int seconds, int us, bool normalize, PyTypeObject *type)
{
    if (normalize) {
        seconds += dt_divmod(us, US_A_SECOND, &us);
        days += dt_divmod(seconds, SECONDS_A_DAY, &seconds);
    }
    if (days < -MAX_DELTA_DAYS || days > MAX_DELTA_DAYS) {
        PyErr_Format(PyExc_OverflowError, "days=%d; must have magnitude <= %d", days,
                     MAX_DELTA_DAYS);
        return NULL;
    }
    PyDateTime_Delta *self = (PyDateTime_Delta *)type->tp_alloc(type, 0);
    if (self) {
        self->hashcode = -1;
        self->days = days;
        self->seconds = seconds;
        self->microseconds = us;
    }
    return (PyObject *)self;
}

__int128 dt_delta_us(const PyDateTime_Delta *delta)
{
    return delta->days * DAY_US + (int64_t)delta->seconds * US_A_SECOND + delta->microseconds;
}

PyObject *dt_delta_from_us(__int128 us, PyTypeObject *type)
{
    __int128 days = us / DAY_US;
    int64_t rest = (int64_t)(us % DAY_US);
    if (rest < 0) {
        rest += (int64_t)DAY_US;
        days--;
    }
    if (days != (int)days) {
        PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C int");
        return NULL;
    }
    return dt_delta_new((int)days, (int)(rest / US_A_SECOND), (int)(rest % US_A_SECOND), false,
                        type);
}

/* -- The constructor ------------------------------------------------------------------------- */

enum { PARTS = 7 };
/* In the order in which arguments are added; `arg` is the position among the parameters. */
static const struct {
    const char *name;
    int arg;
    int64_t us; /* microseconds in one */
} delta_parts[PARTS] = {
    {"microseconds", 2, 1},
    {"milliseconds", 3, 1000},
    {"seconds", 1, US_A_SECOND},
    {"minutes", 4, 60LL * US_A_SECOND},
    {"hours", 5, 3600LL * US_A_SECOND},
    {"days", 0, 86400LL * US_A_SECOND},
    {"weeks", 6, 604800LL * US_A_SECOND},
};

/* Adds part * unit to *sum, and to *left what is not whole. 1: does not fit in 128 bits; -1 with an
 * exception. */
static int delta_add_part(PyObject *part, int which, __int128 *sum, double *left)
{
    int64_t unit = delta_parts[which].us;
    __int128 product;
    if (PyLong_Check(part)) {
        int overflow;
        long long value = PyLong_AsLongLongAndOverflow(part, &overflow);
        if (overflow)
            return 1;
        product = (__int128)value * unit;
        return __builtin_add_overflow(*sum, product, sum);
    }
    if (PyFloat_Check(part)) {
        double whole, fraction = modf(PyFloat_AS_DOUBLE(part), &whole), more;
        if (!(fabs(whole) < 0x1p62))
            return 1;
        product = (__int128)whole * unit;
        fraction = modf((double)unit * fraction, &more);
        *left += fraction;
        return __builtin_add_overflow(*sum, product + (__int128)more, sum);
    }
    PyErr_Format(PyExc_TypeError, "unsupported type for timedelta %s component: %s",
                 delta_parts[which].name, Py_TYPE(part)->tp_name);
    return -1;
}

/* The nearest whole number of microseconds, given that `sum` is added to it: a tie makes the sum
 * even. */
static long long round_left(double left, bool sum_is_odd)
{
    double whole = round(left);
    if (fabs(whole - left) == 0.5)
        whole = 2.0 * round((left + sum_is_odd) * 0.5) - sum_is_odd;
    return (long long)whole;
}

/* sum += value * unit with int objects. STEALS value and sum, both may be NULL. */
static PyObject *big_add(PyObject *sum, PyObject *value, int64_t unit)
{
    PyObject *factor = PyLong_FromLongLong(unit), *res = NULL;
    PyObject *product = value && factor ? PyNumber_Multiply(value, factor) : NULL;
    if (sum && product)
        res = PyNumber_Add(sum, product);
    Py_XDECREF(product);
    Py_XDECREF(factor);
    Py_XDECREF(value);
    Py_XDECREF(sum);
    return res;
}

/* The same sum with objects, for numbers of any size. */
static PyObject *delta_sum_big(PyObject *const *args)
{
    PyObject *sum = PyLong_FromLong(0);
    double left = 0.0;
    for (int i = 0; i < PARTS && sum; i++) {
        PyObject *part = args[delta_parts[i].arg];
        if (part && PyLong_Check(part))
            sum = big_add(sum, Py_NewRef(part), delta_parts[i].us);
        else if (part) {
            double whole, more, fraction = modf(PyFloat_AS_DOUBLE(part), &whole);
            sum = big_add(sum, PyLong_FromDouble(whole), delta_parts[i].us);
            left += modf((double)delta_parts[i].us * fraction, &more);
            if (sum)
                sum = big_add(sum, PyLong_FromDouble(more), 1);
        }
    }
    if (sum && left != 0.0) {
        PyObject *one = PyNumber_And(sum, SMALL_INT(1));
        bool odd = one == SMALL_INT(1);
        Py_XDECREF(one);
        sum = big_add(sum, PyLong_FromLongLong(round_left(left, odd)), 1);
    }
    return sum;
}

static PyObject *delta_from_big(PyObject *sum, PyTypeObject *type)
{
    unsigned char bytes[16];
    __int128 us;
    if (!sum)
        return NULL;
    size_t bits = _PyLong_NumBits(sum);
    if (bits > 126) {
        PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C int");
        return NULL;
    }
    if (_PyLong_AsByteArray((PyLongObject *)sum, bytes, sizeof bytes, 1, 1) < 0)
        return NULL;
    memcpy(&us, bytes, sizeof us);
    return dt_delta_from_us(us, type);
}

/* args: days, seconds, microseconds, milliseconds, minutes, hours, weeks; NULL where missing. */
static PyObject *delta_make(PyTypeObject *type, PyObject *const *args)
{
    __int128 sum = 0;
    double left = 0.0;
    int big = 0;
    for (int i = 0; i < PARTS; i++) {
        PyObject *part = args[delta_parts[i].arg];
        int res = part ? delta_add_part(part, i, &sum, &left) : 0;
        if (res < 0)
            return NULL;
        big |= res;
    }
    if (big) {
        PyObject *object = delta_sum_big(args), *res = delta_from_big(object, type);
        Py_XDECREF(object);
        return res;
    }
    if (left != 0.0)
        sum += round_left(left, (int)sum & 1);
    return dt_delta_from_us(sum, type);
}

static PyObject *delta_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"days",    "seconds", "microseconds", "milliseconds",
                            "minutes", "hours",   "weeks",        NULL};
    PyObject *parts[PARTS] = {NULL};
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|OOOOOOO:__new__", names, &parts[0], &parts[1],
                                     &parts[2], &parts[3], &parts[4], &parts[5], &parts[6]))
        return NULL;
    return delta_make(type, parts);
}

static PyObject *delta_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                  PyObject *kwnames)
{
    ARGS("|OOOOOOO:__new__", "days", "seconds", "microseconds", "milliseconds", "minutes", "hours",
         "weeks");
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    PyObject *parts[PARTS] = {NULL};
    if (kwnames || nargs > PARTS) {
        if (!PARSE(&parts[0], &parts[1], &parts[2], &parts[3], &parts[4], &parts[5], &parts[6]))
            return NULL;
    } else
        for (Py_ssize_t i = 0; i < nargs; i++)
            parts[i] = args[i];
    return delta_make((PyTypeObject *)type, parts);
}

/* -- Comparison and hash --------------------------------------------------------------------- */

int dt_delta_cmp(const PyDateTime_Delta *a, const PyDateTime_Delta *b)
{
    int diff = (a->days > b->days) - (a->days < b->days);
    if (!diff)
        diff = a->seconds - b->seconds;
    return diff ? diff : a->microseconds - b->microseconds;
}

static PyObject *delta_richcompare(PyObject *self, PyObject *other, int op)
{
    if (!IS_DELTA(other))
        Py_RETURN_NOTIMPLEMENTED;
    int diff = dt_delta_cmp(AS_DELTA(self), AS_DELTA(other));
    Py_RETURN_RICHCOMPARE(diff, 0, op);
}

static PyObject *delta_state(PyDateTime_Delta *self)
{
    return Py_BuildValue("iii", self->days, self->seconds, self->microseconds);
}

static Py_hash_t delta_hash(PyDateTime_Delta *self)
{
    if (self->hashcode == -1) {
        PyObject *state = delta_state(self);
        if (state) {
            self->hashcode = PyObject_Hash(state);
            Py_DECREF(state);
        }
    }
    return self->hashcode;
}

/* -- Text ------------------------------------------------------------------------------------ */

static PyObject *delta_repr(PyDateTime_Delta *self)
{
    const struct {
        const char *name;
        int value;
    } parts[] = {
        {"days", self->days}, {"seconds", self->seconds}, {"microseconds", self->microseconds}};
    char text[96];
    int n = 0;
    for (int i = 0; i < 3; i++)
        if (parts[i].value)
            n += sprintf(text + n, "%s%s=%d", n ? ", " : "", parts[i].name, parts[i].value);
    return PyUnicode_FromFormat("%s(%s)", Py_TYPE(self)->tp_name, n ? text : "0");
}

static PyObject *delta_str(PyDateTime_Delta *self)
{
    char text[64], *p = text;
    int minutes = self->seconds / 60;
    if (self->days)
        p += sprintf(p, "%d day%s, ", self->days, self->days == 1 || self->days == -1 ? "" : "s");
    p += sprintf(p, "%d:%02d:%02d", minutes / 60, minutes % 60, self->seconds % 60);
    if (self->microseconds) {
        *p++ = '.';
        p = dt_put(p, self->microseconds, 6);
    }
    return PyUnicode_FromStringAndSize(text, p - text);
}

/* -- Methods --------------------------------------------------------------------------------- */

static PyObject *delta_reduce(PyDateTime_Delta *self, PyObject *ignored)
{
    return dt_reduce((PyObject *)self, delta_state(self));
}

static PyMemberDef delta_members[] = {
    {"days", T_INT, offsetof(PyDateTime_Delta, days), READONLY, "Whole days."},
    {"seconds", T_INT, offsetof(PyDateTime_Delta, seconds), READONLY,
     "Seconds of the last day, 0 to 86399."},
    {"microseconds", T_INT, offsetof(PyDateTime_Delta, microseconds), READONLY,
     "Microseconds of the last second, 0 to 999999."},
    {NULL, 0, 0, 0, NULL},
};
static PyMethodDef delta_methods[] = {
    METHOD("total_seconds", dt_delta_total_seconds, METH_NOARGS,
           "The whole duration in seconds, a float."),
    METHOD("__reduce__", delta_reduce, METH_NOARGS, "__reduce__() -> (cls, state)"),
    {NULL, NULL, 0, NULL},
};

PyTypeObject dt_delta_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "datetime.timedelta",
    .tp_doc = "A duration: the difference between two dates or times.\n\n"
              "timedelta(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, "
              "weeks=0)\n\n"
              "Arguments are ints or floats, of either sign.",
    .tp_basicsize = sizeof(PyDateTime_Delta),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_new = delta_new,
    .tp_vectorcall = delta_vectorcall,
    .tp_repr = (reprfunc)delta_repr,
    .tp_str = (reprfunc)delta_str,
    .tp_hash = (hashfunc)delta_hash,
    .tp_richcompare = delta_richcompare,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_as_number = &dt_delta_number,
    .tp_methods = delta_methods,
    .tp_members = delta_members,
};
