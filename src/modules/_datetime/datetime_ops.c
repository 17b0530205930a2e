/* SPDX-License-Identifier: MIT
 *
 * Arithmetic, comparison and hash of datetime, and its conversion between zones.
 *
 * Two datetimes of the same zone object are compared and subtracted by their fields, without asking
 * the zone. Those of different zones are compared in UTC, and never equal if one of them stands at
 * a time whose offset depends on the fold (PEP 495): its zone would not let equality survive a
 * conversion.
 */
#include "dt.h"

#define FOLD PyDateTime_DATE_GET_FOLD

/* -- Arithmetic ------------------------------------------------------------------------------ */

PyObject *dt_datetime_add_delta(PyObject *datetime, PyObject *delta, int sign)
{
    struct civil c = dt_civil(datetime);
    c.day += sign * AS_DELTA(delta)->days;
    c.second += sign * AS_DELTA(delta)->seconds;
    c.us += sign * AS_DELTA(delta)->microseconds;
    if (!dt_normalize(&c))
        return NULL;
    return dt_datetime_make(&c, dt_datetime_tzinfo(datetime), 0, (PyObject *)Py_TYPE(datetime));
}

PyObject *dt_datetime_add(PyObject *left, PyObject *right)
{
    if (IS_DATETIME(left) && IS_DELTA(right))
        return dt_datetime_add_delta(left, right, 1);
    if (IS_DELTA(left) && IS_DATETIME(right))
        return dt_datetime_add_delta(right, left, 1);
    Py_RETURN_NOTIMPLEMENTED;
}

/* The difference of the fields. */
static PyObject *fields_minus(PyObject *left, PyObject *right)
{
    struct civil a = dt_civil(left), b = dt_civil(right);
    int days = dt_ymd_to_ord(a.year, a.month, a.day) - dt_ymd_to_ord(b.year, b.month, b.day);
    int seconds = (a.hour - b.hour) * 3600 + (a.minute - b.minute) * 60 + a.second - b.second;
    return dt_delta_new(days, seconds, a.us - b.us, true, &dt_delta_type);
}

/* left - right, where their zones gave the offsets a and b. */
static PyObject *difference_with_offsets(PyObject *left, PyObject *right, PyObject *a, PyObject *b)
{
    if ((a == Py_None) != (b == Py_None)) {
        PyErr_SetString(PyExc_TypeError, "can't subtract offset-naive and offset-aware datetimes");
        return NULL;
    }
    PyObject *delta = fields_minus(left, right);
    if (!delta || a == b || dt_delta_cmp(AS_DELTA(a), AS_DELTA(b)) == 0)
        return delta;
    PyObject *shift = dt_delta_minus(a, b), *res = shift ? dt_delta_minus(delta, shift) : NULL;
    Py_XDECREF(shift);
    Py_DECREF(delta);
    return res;
}

PyObject *dt_datetime_difference(PyObject *left, PyObject *right)
{
    if (dt_datetime_tzinfo(left) == dt_datetime_tzinfo(right))
        return fields_minus(left, right);
    PyObject *a = dt_datetime_utcoffset(left, NULL), *res = NULL;
    PyObject *b = a ? dt_datetime_utcoffset(right, NULL) : NULL;
    if (b)
        res = difference_with_offsets(left, right, a, b);
    Py_XDECREF(a);
    Py_XDECREF(b);
    return res;
}

PyObject *dt_datetime_subtract(PyObject *left, PyObject *right)
{
    if (IS_DATETIME(left) && IS_DATETIME(right))
        return dt_datetime_difference(left, right);
    if (IS_DATETIME(left) && IS_DELTA(right))
        return dt_datetime_add_delta(left, right, -1);
    Py_RETURN_NOTIMPLEMENTED;
}

/* -- Comparison ------------------------------------------------------------------------------ */

/* Whether the offset would differ with the other fold; -1 with an exception. */
static int depends_on_fold(PyObject *self, PyObject *offset)
{
    struct civil c = dt_civil(self);
    PyObject *tzinfo = dt_datetime_tzinfo(self);
    if (Py_IS_TYPE(tzinfo, &dt_timezone_type))
        return 0;
    PyObject *flipped = dt_datetime_new(&c, tzinfo, !FOLD(self), &dt_datetime_type);
    PyObject *other = flipped ? dt_datetime_utcoffset(flipped, NULL) : NULL;
    int res = -1;
    if (other) {
        res = other != offset;
        if (res && other != Py_None && offset != Py_None)
            res = dt_delta_cmp(AS_DELTA(other), AS_DELTA(offset)) != 0;
    }
    Py_XDECREF(other);
    Py_XDECREF(flipped);
    return res;
}

static int either_depends_on_fold(PyObject *self, PyObject *other, PyObject *a, PyObject *b)
{
    int res = depends_on_fold(self, a);
    return res ? res : depends_on_fold(other, b);
}

/* The order of two datetimes with offsets a and b: *diff. False with an exception. */
static bool order_with_offsets(PyObject *self, PyObject *other, PyObject *a, PyObject *b, int *diff)
{
    if (a == b || (a != Py_None && b != Py_None && dt_delta_cmp(AS_DELTA(a), AS_DELTA(b)) == 0)) {
        *diff = memcmp(AS_DATETIME(self)->data, AS_DATETIME(other)->data,
                       _PyDateTime_DATETIME_DATASIZE);
        return true;
    }
    PyObject *delta = difference_with_offsets(self, other, a, b);
    if (!delta)
        return false;
    *diff = AS_DELTA(delta)->days;
    if (!*diff)
        *diff = AS_DELTA(delta)->seconds | AS_DELTA(delta)->microseconds;
    Py_DECREF(delta);
    return true;
}

/* a and b are the offsets, None for naive ones: those are never equal to aware ones, and cannot be
   ordered with them. */
static PyObject *compare_with_offsets(PyObject *self, PyObject *other, PyObject *a, PyObject *b,
                                      int op)
{
    bool equality = op == Py_EQ || op == Py_NE;
    int diff;
    if ((a == Py_None) != (b == Py_None)) {
        if (equality)
            return PyBool_FromLong(op == Py_NE);
        PyErr_SetString(PyExc_TypeError, "can't compare offset-naive and offset-aware datetimes");
        return NULL;
    }
    if (!order_with_offsets(self, other, a, b, &diff))
        return NULL;
    if (equality && diff == 0) {
        diff = either_depends_on_fold(self, other, a, b);
        if (diff < 0)
            return NULL;
    }
    Py_RETURN_RICHCOMPARE(diff, 0, op);
}

PyObject *dt_datetime_richcompare(PyObject *self, PyObject *other, int op)
{
    if (!IS_DATETIME(other)) {
        if (!IS_DATE(other))
            Py_RETURN_NOTIMPLEMENTED;
        /* a date is not a datetime at midnight, though its fields compare */
        if (op == Py_EQ || op == Py_NE)
            return PyBool_FromLong(op == Py_NE);
        return PyErr_Format(PyExc_TypeError, "can't compare %s to %s", Py_TYPE(self)->tp_name,
                            Py_TYPE(other)->tp_name);
    }
    if (dt_datetime_tzinfo(self) == dt_datetime_tzinfo(other)) {
        int diff = memcmp(AS_DATETIME(self)->data, AS_DATETIME(other)->data,
                          _PyDateTime_DATETIME_DATASIZE);
        Py_RETURN_RICHCOMPARE(diff, 0, op);
    }
    PyObject *a = dt_datetime_utcoffset(self, NULL), *res = NULL;
    PyObject *b = a ? dt_datetime_utcoffset(other, NULL) : NULL;
    if (b)
        res = compare_with_offsets(self, other, a, b, op);
    Py_XDECREF(a);
    Py_XDECREF(b);
    return res;
}

/* The offset of the same time with fold 0: equal datetimes must have equal hashes. */
static PyObject *offset_without_fold(PyObject *self)
{
    if (!FOLD(self))
        return dt_datetime_utcoffset(self, NULL);
    struct civil c = dt_civil(self);
    PyObject *first = dt_datetime_new(&c, dt_datetime_tzinfo(self), 0, Py_TYPE(self));
    PyObject *offset = first ? dt_datetime_utcoffset(first, NULL) : NULL;
    Py_XDECREF(first);
    return offset;
}

/* What the hash is made of: None for the fields, else the UTC time as a duration. */
PyObject *dt_datetime_hash_object(PyObject *self)
{
    PyObject *offset = offset_without_fold(self);
    if (!offset || offset == Py_None)
        return offset;
    struct civil c = dt_civil(self);
    PyObject *time =
        dt_delta_new(dt_ymd_to_ord(c.year, c.month, c.day),
                     c.hour * 3600 + c.minute * 60 + c.second, c.us, true, &dt_delta_type);
    PyObject *utc = time ? dt_delta_minus(time, offset) : NULL;
    Py_XDECREF(time);
    Py_DECREF(offset);
    return utc;
}

/* -- Zones ----------------------------------------------------------------------------------- */

/* self - offset with the zone UTC. */
static PyObject *datetime_to_utc(PyObject *self, PyObject *offset)
{
    PyObject *utc = dt_datetime_add_delta(self, offset, -1);
    if (!utc)
        return NULL;
    if (AS_DATETIME(utc)->hastzinfo) {
        Py_SETREF(AS_DATETIME(utc)->tzinfo, Py_NewRef(dt_utc));
        return utc;
    }
    struct civil c = dt_civil(utc);
    Py_SETREF(utc, dt_datetime_new(&c, dt_utc, FOLD(utc), Py_TYPE(utc)));
    return utc;
}

/* The offset of self, and in *zone (owned) the zone it stands in: without one, or when the zone
 * knows none, local. */
static PyObject *datetime_zone_offset(PyObject *self, PyObject **zone)
{
    if (dt_datetime_tzinfo(self) != Py_None) {
        *zone = Py_NewRef(dt_datetime_tzinfo(self));
        PyObject *offset = dt_utcoffset(*zone, self);
        if (!offset || offset != Py_None)
            return offset;
        Py_DECREF(offset);
        Py_CLEAR(*zone);
    }
    *zone = dt_local_timezone_from_local(self);
    return *zone ? dt_utcoffset(*zone, self) : NULL;
}

/* A naive self is in local time. The target zone's fromutc does the work, so subclasses decide. */
PyObject *dt_datetime_astimezone(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                                 PyObject *kwnames)
{
    ARGS("|O:astimezone", "tz");
    PyObject *tz = Py_None, *zone = NULL, *offset, *utc = NULL, *res = NULL;
    if (!PARSE(&tz) || !dt_check_tzinfo(tz))
        return NULL;
    if (tz != Py_None && dt_datetime_tzinfo(self) == tz)
        return Py_NewRef(self);
    offset = datetime_zone_offset(self, &zone);
    if (offset && zone == tz)
        res = Py_NewRef(self);
    else if (offset && (utc = datetime_to_utc(self, offset))) {
        PyObject *target = tz == Py_None ? dt_local_timezone(utc) : Py_NewRef(tz);
        if (target) {
            Py_SETREF(AS_DATETIME(utc)->tzinfo, Py_NewRef(target));
            res = PyObject_CallMethodOneArg(target, ID2(fromutc), utc);
        }
        Py_XDECREF(target);
    }
    Py_XDECREF(utc);
    Py_XDECREF(offset);
    Py_XDECREF(zone);
    return res;
}

PyObject *dt_datetime_timestamp(PyObject *self, PyObject *ignored)
{
    if (dt_datetime_tzinfo(self) != Py_None) {
        PyObject *delta = dt_datetime_difference(self, dt_epoch);
        PyObject *res = delta ? dt_delta_total_seconds(delta, NULL) : NULL;
        Py_XDECREF(delta);
        return res;
    }
    struct civil c = dt_civil(self);
    long long seconds = dt_local_seconds(&c, FOLD(self));
    if (seconds == -1)
        return NULL;
    return PyFloat_FromDouble((double)(seconds - DT_EPOCH_SECONDS) + c.us / 1e6);
}

PyObject *dt_datetime_utctimetuple(PyObject *self, PyObject *ignored)
{
    PyObject *offset = dt_datetime_utcoffset(self, NULL), *utc;
    if (!offset)
        return NULL;
    utc = offset == Py_None ? Py_NewRef(self) : dt_datetime_add_delta(self, offset, -1);
    Py_DECREF(offset);
    if (!utc)
        return NULL;
    struct civil c = dt_civil(utc);
    Py_DECREF(utc);
    return dt_struct_time(&c, 0);
}
