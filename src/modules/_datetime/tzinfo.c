/* SPDX-License-Identifier: MIT
 *
 * The abstract type tzinfo, and the questions that dates and times ask of a zone.
 *
 * A zone answers with a timedelta (or a string) or None; answers are checked here, so that the rest
 * of the module can rely on them. timezone objects are asked directly, without a method call.
 */
#include "dt.h"

/* -- Asking a zone --------------------------------------------------------------------------- */

bool dt_check_tzinfo(PyObject *tzinfo)
{
    if (tzinfo == Py_None || IS_TZINFO(tzinfo))
        return true;
    PyErr_Format(PyExc_TypeError,
                 "tzinfo argument must be None or of a tzinfo subclass, not type '%s'",
                 Py_TYPE(tzinfo)->tp_name);
    return false;
}

/* -1 day < delta < 1 day. */
static bool is_offset(PyDateTime_Delta *delta)
{
    return delta->days == 0 || (delta->days == -1 && (delta->seconds || delta->microseconds));
}

static PyObject *tzinfo_ask(PyObject *tzinfo, PyObject *name, PyObject *arg)
{
    PyObject *offset = PyObject_CallMethodOneArg(tzinfo, name, arg);
    if (!offset || offset == Py_None)
        return offset;
    if (!IS_DELTA(offset)) {
        PyErr_Format(PyExc_TypeError, "tzinfo.%U() must return None or timedelta, not '%.200s'",
                     name, Py_TYPE(offset)->tp_name);
        Py_CLEAR(offset);
    } else if (!is_offset(AS_DELTA(offset))) {
        PyErr_SetString(PyExc_ValueError,
                        "offset must be a timedelta strictly between -timedelta(hours=24) and "
                        "timedelta(hours=24).");
        Py_CLEAR(offset);
    }
    return offset;
}

PyObject *dt_utcoffset(PyObject *tzinfo, PyObject *arg)
{
    if (tzinfo == Py_None)
        Py_RETURN_NONE;
    if (Py_IS_TYPE(tzinfo, &dt_timezone_type))
        return Py_NewRef(((TimeZone *)tzinfo)->offset);
    return tzinfo_ask(tzinfo, ID2(utcoffset), arg);
}

PyObject *dt_dst(PyObject *tzinfo, PyObject *arg)
{
    if (tzinfo == Py_None || Py_IS_TYPE(tzinfo, &dt_timezone_type))
        Py_RETURN_NONE;
    return tzinfo_ask(tzinfo, ID2(dst), arg);
}

PyObject *dt_tzname(PyObject *tzinfo, PyObject *arg)
{
    if (tzinfo == Py_None)
        Py_RETURN_NONE;
    PyObject *name = PyObject_CallMethodOneArg(tzinfo, ID2(tzname), arg);
    if (!name || name == Py_None || PyUnicode_Check(name))
        return name;
    PyErr_Format(PyExc_TypeError, "tzinfo.tzname() must return None or a string, not '%s'",
                 Py_TYPE(name)->tp_name);
    Py_DECREF(name);
    return NULL;
}

/* -- The abstract type ------------------------------------------------------------------------ */

static PyObject *not_implemented(const char *name)
{
    PyErr_Format(PyExc_NotImplementedError, "a tzinfo subclass must implement %s()", name);
    return NULL;
}

static PyObject *tzinfo_tzname(PyObject *self, PyObject *dt) { return not_implemented("tzname"); }
static PyObject *tzinfo_utcoffset(PyObject *self, PyObject *dt)
{
    return not_implemented("utcoffset");
}
static PyObject *tzinfo_dst(PyObject *self, PyObject *dt) { return not_implemented("dst"); }

static PyObject *value_fail(const char *message)
{
    PyErr_SetString(PyExc_ValueError, message);
    return NULL;
}

/* dt + delta, then + dst of the result. */
static PyObject *tzinfo_shift(PyObject *dt, PyObject *delta)
{
    PyObject *shifted = dt_datetime_add_delta(dt, delta, 1);
    PyObject *dst = shifted ? dt_dst(dt_datetime_tzinfo(dt), shifted) : NULL;
    if (dst == Py_None) {
        Py_CLEAR(shifted);
        value_fail("fromutc: tz.dst() gave inconsistent results; cannot convert");
    } else if (dst && !dt_delta_is_zero(dst))
        Py_SETREF(shifted, dt_datetime_add_delta(shifted, dst, 1));
    else if (!dst)
        Py_CLEAR(shifted);
    Py_XDECREF(dst);
    return shifted;
}

/* The standard offset is utcoffset() - dst(), which must not change; add it, then the dst() of that
 * time. */
static PyObject *tzinfo_fromutc(PyObject *self, PyObject *dt)
{
    PyObject *res = NULL, *dst = NULL, *delta;
    if (!IS_DATETIME(dt)) {
        PyErr_SetString(PyExc_TypeError, "fromutc: argument must be a datetime");
        return NULL;
    }
    if (dt_datetime_tzinfo(dt) != self)
        return value_fail("fromutc: dt.tzinfo is not self");
    PyObject *offset = dt_datetime_utcoffset(dt, NULL);
    if (!offset)
        return NULL;
    if (offset == Py_None) {
        value_fail("fromutc: non-None utcoffset() result required");
        goto done;
    }
    dst = dt_dst(self, dt);
    if (!dst)
        goto done;
    if (dst == Py_None) {
        value_fail("fromutc: non-None dst() result required");
        goto done;
    }
    delta = dt_delta_minus(offset, dst);
    if (delta) {
        res = tzinfo_shift(dt, delta);
        Py_DECREF(delta);
    }
done:
    Py_XDECREF(dst);
    Py_DECREF(offset);
    return res;
}

/* (class, what __getinitargs__ gives if there is one, state). */
static PyObject *tzinfo_reduce(PyObject *self, PyObject *ignored)
{
    PyObject *method, *args, *state;
    if (_PyObject_LookupAttr(self, ID(__getinitargs__), &method) < 0)
        return NULL;
    if (method) {
        args = PyObject_CallNoArgs(method);
        Py_DECREF(method);
    } else
        args = Py_NewRef(EMPTY_TUPLE);
    if (!args)
        return NULL;
    state = PyObject_CallMethodNoArgs(self, ID(__getstate__));
    if (!state) {
        Py_DECREF(args);
        return NULL;
    }
    return Py_BuildValue("ONN", Py_TYPE(self), args, state);
}

static PyMethodDef tzinfo_methods[] = {
    METHOD("tzname", tzinfo_tzname, METH_O, "The name of the zone at a datetime."),
    METHOD("utcoffset", tzinfo_utcoffset, METH_O,
           "The distance from UTC at a datetime, a timedelta, positive in the east."),
    METHOD("dst", tzinfo_dst, METH_O,
           "The part of the offset that is daylight saving, a timedelta."),
    METHOD("fromutc", tzinfo_fromutc, METH_O, "A datetime whose fields are UTC, in local time."),
    METHOD("__reduce__", tzinfo_reduce, METH_NOARGS, "-> (cls, state)"),
    {NULL, NULL, 0, NULL},
};

PyTypeObject dt_tzinfo_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "datetime.tzinfo",
    .tp_doc = "Abstract base class of time zones.",
    .tp_basicsize = sizeof(PyDateTime_TZInfo),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_new = PyType_GenericNew,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_methods = tzinfo_methods,
};
