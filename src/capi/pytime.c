/* SPDX-License-Identifier: MIT
 *
 * Times as 64-bit counts of nanoseconds: conversion from and to objects and C structs with four
 * rounding modes, and the clocks.
 *
 *     float, int seconds ──> (time_t, fraction)  timespec, timeval   object_to_parts
 *           │                       │
 *           └──> _PyTime_t  <───────┘ ──> seconds, ms, µs, timespec, timeval, float
 *
 * 292 years either side of the epoch fit. Functions named *_clamp, and additions, stay within
 * [_PyTime_MIN, _PyTime_MAX]; the others raise OverflowError. Rounding: FLOOR and CEILING,
 * HALF_EVEN as round() does, UP away from zero (time-outs: never wake up too early).
 */
#include "capi/capi.h"
#include <math.h>
#include <time.h>
#include <sys/time.h>

#define NS_PER_SEC 1000000000LL
#define NS_PER_MS 1000000LL
#define NS_PER_US 1000LL

/* -- Errors ---------------------------------------------------------------------------------- */

static int raise_timestamp_overflow(void)
{
    PyErr_SetString(PyExc_OverflowError, "timestamp too large to convert to C _PyTime_t");
    return -1;
}

static int raise_time_t_overflow(void)
{
    PyErr_SetString(PyExc_OverflowError, "timestamp out of range for platform time_t");
    return -1;
}

static int raise_nan(void)
{
    PyErr_SetString(PyExc_ValueError, "Invalid value NaN (not a number)");
    return -1;
}

/* -- Arithmetic ------------------------------------------------------------------------------ */

/* *t += d; false when clamped. */
static bool clamped_add(_PyTime_t *t, _PyTime_t d)
{
    if (__builtin_add_overflow(*t, d, t)) {
        *t = d > 0 ? _PyTime_MAX : _PyTime_MIN;
        return false;
    }
    return true;
}

/* *t *= k; false when clamped. */
static bool clamped_mul(_PyTime_t *t, _PyTime_t k)
{
    _PyTime_t old = *t;
    if (__builtin_mul_overflow(old, k, t)) {
        *t = (old > 0) == (k > 0) ? _PyTime_MAX : _PyTime_MIN;
        return false;
    }
    return true;
}

_PyTime_t _PyTime_Add(_PyTime_t t1, _PyTime_t t2)
{
    clamped_add(&t1, t2);
    return t1;
}

_PyTime_t _PyTime_MulDiv(_PyTime_t ticks, _PyTime_t mul, _PyTime_t div)
{
    _PyTime_t whole = ticks / div, rest = ticks % div * mul / div;
    clamped_mul(&whole, mul);
    return _PyTime_Add(whole, rest);
}

/* To a whole number. volatile: no excess precision. */
static double round_double(double x, _PyTime_round_t round)
{
    volatile double d = x;
    switch (round) {
    case _PyTime_ROUND_HALF_EVEN: {
        double r = __builtin_round(d);
        if (fabs(d - r) == 0.5) {
            r = 2.0 * __builtin_round(d / 2.0);
        }
        return r;
    }
    case _PyTime_ROUND_CEILING: return ceil(d);
    case _PyTime_ROUND_FLOOR: return floor(d);
    default: return d >= 0.0 ? ceil(d) : floor(d);
    }
}

/* t / k with rounding. */
static _PyTime_t divide(_PyTime_t t, _PyTime_t k, _PyTime_round_t round)
{
    _PyTime_t q = t / k, r = t % k;
    switch (round) {
    case _PyTime_ROUND_HALF_EVEN: {
        _PyTime_t abs_r = r < 0 ? -r : r;
        if (abs_r > k / 2 || (abs_r == k / 2 && (q & 1))) {
            q += t >= 0 ? 1 : -1;
        }
        return q;
    }
    case _PyTime_ROUND_CEILING: return r > 0 ? q + 1 : q;
    case _PyTime_ROUND_FLOOR: return r < 0 ? q - 1 : q;
    default: return r == 0 ? q : t >= 0 ? q + 1 : q - 1;
    }
}

/* Quotient and remainder with 0 <= remainder < k; -1 when the
   quotient left the range (it is clamped). */
static int divmod_floor(_PyTime_t t, _PyTime_t k, _PyTime_t *q, _PyTime_t *r)
{
    *q = t / k;
    *r = t % k;
    if (*r < 0) {
        *r += k;
        *q -= 1;
    }
    return 0;
}

/* -- time_t ---------------------------------------------------------------------------------- */

time_t _PyLong_AsTime_t(PyObject *obj)
{
    long long v = PyLong_AsLongLong(obj);
    if (v == -1 && PyErr_Occurred() && PyErr_ExceptionMatches(PyExc_OverflowError)) {
        raise_time_t_overflow();
    }
    return (time_t)v;
}

PyObject *_PyLong_FromTime_t(time_t t) { return PyLong_FromLongLong((long long)t); }

/* 0 <= fraction < denominator, for negative times as well. */
static int double_to_parts(double d, time_t *sec, long *fraction, long denominator,
                           _PyTime_round_t round)
{
    double whole, part = modf(d, &whole);
    part = round_double(part * (double)denominator, round);
    if (part >= (double)denominator) {
        part -= (double)denominator;
        whole += 1.0;
    } else if (part < 0) {
        part += (double)denominator;
        whole -= 1.0;
    }
    if (!(-9223372036854775808.0 <= whole && whole < 9223372036854775808.0)) {
        return raise_time_t_overflow();
    }
    *sec = (time_t)whole;
    *fraction = (long)part;
    return 0;
}

/* float, or anything that is an int by __index__. */
static int object_to_parts(PyObject *obj, time_t *sec, long *fraction, long denominator,
                           _PyTime_round_t round)
{
    if (PyFloat_Check(obj)) {
        double d = PyFloat_AS_DOUBLE(obj);
        if (isnan(d)) {
            *fraction = 0;
            return raise_nan();
        }
        return double_to_parts(d, sec, fraction, denominator, round);
    }
    *sec = _PyLong_AsTime_t(obj);
    *fraction = 0;
    return *sec == -1 && PyErr_Occurred() ? -1 : 0;
}

/* Whole seconds. */
int _PyTime_ObjectToTime_t(PyObject *obj, time_t *sec, _PyTime_round_t round)
{
    if (PyFloat_Check(obj)) {
        double d = PyFloat_AS_DOUBLE(obj);
        if (isnan(d)) {
            return raise_nan();
        }
        d = round_double(d, round);
        double whole;
        (void)modf(d, &whole);
        if (!(-9223372036854775808.0 <= whole && whole < 9223372036854775808.0)) {
            return raise_time_t_overflow();
        }
        *sec = (time_t)whole;
        return 0;
    }
    *sec = _PyLong_AsTime_t(obj);
    return *sec == -1 && PyErr_Occurred() ? -1 : 0;
}

int _PyTime_ObjectToTimespec(PyObject *obj, time_t *sec, long *nsec, _PyTime_round_t round)
{
    return object_to_parts(obj, sec, nsec, 1000000000L, round);
}

int _PyTime_ObjectToTimeval(PyObject *obj, time_t *sec, long *usec, _PyTime_round_t round)
{
    return object_to_parts(obj, sec, usec, 1000000L, round);
}

/* -- To nanoseconds -------------------------------------------------------------------------- */

_PyTime_t _PyTime_FromSeconds(int seconds) { return (_PyTime_t)seconds * NS_PER_SEC; }
_PyTime_t _PyTime_FromNanoseconds(_PyTime_t ns) { return ns; }

int _PyTime_FromNanosecondsObject(_PyTime_t *tp, PyObject *obj)
{
    if (!PyLong_Check(obj)) {
        PyErr_Format(PyExc_TypeError, "expect int, got %s", Py_TYPE(obj)->tp_name);
        return -1;
    }
    long long ns = PyLong_AsLongLong(obj);
    if (ns == -1 && PyErr_Occurred()) {
        return PyErr_ExceptionMatches(PyExc_OverflowError) ? raise_timestamp_overflow() : -1;
    }
    *tp = ns;
    return 0;
}

/* Counted in `unit` nanoseconds. */
static int from_object(_PyTime_t *tp, PyObject *obj, _PyTime_round_t round, _PyTime_t unit)
{
    if (PyFloat_Check(obj)) {
        double d = PyFloat_AsDouble(obj);
        if (isnan(d)) {
            return raise_nan();
        }
        d = round_double(d * (double)unit, round);
        if (!((double)_PyTime_MIN <= d && d < -(double)_PyTime_MIN)) {
            *tp = 0;
            return raise_timestamp_overflow();
        }
        *tp = (_PyTime_t)d;
        return 0;
    }
    long long sec = PyLong_AsLongLong(obj);
    if (sec == -1 && PyErr_Occurred()) {
        return PyErr_ExceptionMatches(PyExc_OverflowError) ? raise_timestamp_overflow() : -1;
    }
    *tp = sec;
    return clamped_mul(tp, unit) ? 0 : raise_timestamp_overflow();
}

int _PyTime_FromSecondsObject(_PyTime_t *tp, PyObject *obj, _PyTime_round_t round)
{
    return from_object(tp, obj, round, NS_PER_SEC);
}

int _PyTime_FromMillisecondsObject(_PyTime_t *tp, PyObject *obj, _PyTime_round_t round)
{
    return from_object(tp, obj, round, NS_PER_MS);
}

static bool from_parts(_PyTime_t *tp, _PyTime_t sec, _PyTime_t ns)
{
    bool ok = clamped_mul(&sec, NS_PER_SEC);
    ok &= clamped_add(&sec, ns);
    *tp = sec;
    return ok;
}

int _PyTime_FromTimespec(_PyTime_t *tp, struct timespec *ts)
{
    return from_parts(tp, ts->tv_sec, ts->tv_nsec) ? 0 : raise_timestamp_overflow();
}

int _PyTime_FromTimeval(_PyTime_t *tp, struct timeval *tv)
{
    return from_parts(tp, tv->tv_sec, tv->tv_usec * NS_PER_US) ? 0 : raise_timestamp_overflow();
}

/* -- From nanoseconds ------------------------------------------------------------------------ */

double _PyTime_AsSecondsDouble(_PyTime_t t)
{
    if (t % NS_PER_SEC == 0) {
        return (double)(t / NS_PER_SEC);
    }
    return (double)t / 1e9;
}

PyObject *_PyTime_AsNanosecondsObject(_PyTime_t t) { return PyLong_FromLongLong(t); }
_PyTime_t _PyTime_AsNanoseconds(_PyTime_t t) { return t; }
_PyTime_t _PyTime_AsMicroseconds(_PyTime_t t, _PyTime_round_t round)
{
    return divide(t, NS_PER_US, round);
}

_PyTime_t _PyTime_AsMilliseconds(_PyTime_t t, _PyTime_round_t round)
{
    return divide(t, NS_PER_MS, round);
}

static void as_timeval(_PyTime_t t, _PyTime_t *sec, int *us, _PyTime_round_t round)
{
    _PyTime_t rest;
    divmod_floor(divide(t, NS_PER_US, round), 1000000, sec, &rest);
    *us = (int)rest;
}

int _PyTime_AsTimeval(_PyTime_t t, struct timeval *tv, _PyTime_round_t round)
{
    _PyTime_AsTimeval_clamp(t, tv, round);
    return 0;
}

void _PyTime_AsTimeval_clamp(_PyTime_t t, struct timeval *tv, _PyTime_round_t round)
{
    _PyTime_t sec;
    int us;
    as_timeval(t, &sec, &us, round);
    tv->tv_sec = (time_t)sec;
    tv->tv_usec = us;
}

int _PyTime_AsTimevalTime_t(_PyTime_t t, time_t *secs, int *us, _PyTime_round_t round)
{
    _PyTime_t sec;
    as_timeval(t, &sec, us, round);
    *secs = (time_t)sec;
    return 0;
}

void _PyTime_AsTimespec_clamp(_PyTime_t t, struct timespec *ts)
{
    _PyTime_t sec, ns;
    divmod_floor(t, NS_PER_SEC, &sec, &ns);
    ts->tv_sec = (time_t)sec;
    ts->tv_nsec = (long)ns;
}

int _PyTime_AsTimespec(_PyTime_t t, struct timespec *ts)
{
    _PyTime_AsTimespec_clamp(t, ts);
    return 0;
}

/* -- Clocks ---------------------------------------------------------------------------------- */

/* A clock that fails gives 0 to callers who cannot be told; those with an error path raise
   OSError. */

/* With `info`, also what time.get_clock_info tells. */
static int read_clock(clockid_t clock, _PyTime_t *tp, _Py_clock_info_t *info, bool raise)
{
    struct timespec ts, res;
    if (clock_gettime(clock, &ts)) {
        if (raise) {
            PyErr_SetFromErrno(PyExc_OSError);
        }
        *tp = 0;
        return -1;
    }
    if (!from_parts(tp, ts.tv_sec, ts.tv_nsec) && raise) {
        return raise_timestamp_overflow();
    }
    if (info) {
        info->monotonic = clock == CLOCK_MONOTONIC;
        info->adjustable = clock == CLOCK_REALTIME;
        info->implementation = clock == CLOCK_MONOTONIC ? "clock_gettime(CLOCK_MONOTONIC)"
                                                        : "clock_gettime(CLOCK_REALTIME)";
        info->resolution = clock_getres(clock, &res)
                               ? 1e-9
                               : (double)res.tv_sec + (double)res.tv_nsec * 1e-9;
    }
    return 0;
}

static _PyTime_t clock_now(clockid_t clock)
{
    _PyTime_t t;
    (void)read_clock(clock, &t, NULL, false);
    return t;
}

_PyTime_t _PyTime_GetSystemClock(void) { return clock_now(CLOCK_REALTIME); }
_PyTime_t _PyTime_GetMonotonicClock(void) { return clock_now(CLOCK_MONOTONIC); }
_PyTime_t _PyTime_GetPerfCounter(void) { return clock_now(CLOCK_MONOTONIC); }

int _PyTime_GetSystemClockWithInfo(_PyTime_t *t, _Py_clock_info_t *info)
{
    return read_clock(CLOCK_REALTIME, t, info, true);
}

int _PyTime_GetMonotonicClockWithInfo(_PyTime_t *t, _Py_clock_info_t *info)
{
    return read_clock(CLOCK_MONOTONIC, t, info, true);
}

int _PyTime_GetPerfCounterWithInfo(_PyTime_t *t, _Py_clock_info_t *info)
{
    return read_clock(CLOCK_MONOTONIC, t, info, true);
}

/* A moment on the monotonic clock, never beyond its end. */
_PyTime_t _PyDeadline_Init(_PyTime_t timeout)
{
    return _PyTime_Add(_PyTime_GetMonotonicClock(), timeout);
}

_PyTime_t _PyDeadline_Get(_PyTime_t deadline)
{
    _PyTime_t now = _PyTime_GetMonotonicClock(), rest;
    if (__builtin_sub_overflow(deadline, now, &rest)) {
        rest = deadline > now ? _PyTime_MAX : _PyTime_MIN;
    }
    return rest;
}

/* The result of localtime_r or gmtime_r: OSError when there is none. */
static int broken_down(struct tm *result)
{
    if (result) {
        return 0;
    }
    if (errno == 0) {
        errno = EINVAL;
    }
    PyErr_SetFromErrno(PyExc_OSError);
    return -1;
}

int _PyTime_localtime(time_t t, struct tm *tm)
{
    errno = 0;
    return broken_down(localtime_r(&t, tm));
}

int _PyTime_gmtime(time_t t, struct tm *tm)
{
    errno = 0;
    return broken_down(gmtime_r(&t, tm));
}
