/* SPDX-License-Identifier: MIT
 *
 * Local time as the system's C library knows it (TZ): its folds and gaps, and the local zone at a
 * moment.
 *
 * Seconds are counted from the day before 0001-01-01, so that all valid ones are positive and -1
 * means an exception. Turning local time into UTC needs no inverse of localtime(): the offset at a
 * moment is localtime(moment) - moment, and no zone changes its offset twice within a day
 * (FOLD_SECONDS), so two offsets are candidates: the one found near the time and the one a day to
 * the side that the fold asks for.
 */
#include "dt.h"

#define FOLD_SECONDS (24 * 3600)

long long dt_utc_seconds(const struct civil *c)
{
    if (c->year < MINYEAR || c->year > MAXYEAR) {
        PyErr_Format(PyExc_ValueError, "year %i is out of range", c->year);
        return -1;
    }
    long long days = dt_ymd_to_ord(c->year, c->month, c->day);
    return ((days * 24 + c->hour) * 60 + c->minute) * 60 + c->second;
}

/* The local time at a moment, both as seconds. */
static long long local_at(long long moment)
{
    struct tm tm;
    if (_PyTime_localtime((time_t)(moment - DT_EPOCH_SECONDS), &tm) < 0)
        return -1;
    struct civil c = {tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
                      tm.tm_min,         tm.tm_sec,     0};
    return dt_utc_seconds(&c);
}

int dt_local_fold(long long when, const struct civil *c)
{
    long long local = dt_utc_seconds(c), moment = DT_EPOCH_SECONDS + when;
    if (local == -1)
        return -1;
    long long day_before = local_at(moment - FOLD_SECONDS);
    if (day_before == -1)
        return -1;
    /* how far clocks were set back (negative) since yesterday */
    long long shift = local - day_before - FOLD_SECONDS;
    if (shift >= 0)
        return 0;
    long long earlier = local_at(moment + shift);
    return earlier == -1 ? -1 : earlier == local;
}

long long dt_local_seconds(const struct civil *c, int fold)
{
    long long t = dt_utc_seconds(c), local, a, b, u1, u2, t1, t2;
    if (t == -1 || (local = local_at(t)) == -1)
        return -1;
    a = local - t;
    u1 = t - a;
    if ((t1 = local_at(u1)) == -1)
        return -1;
    if (t1 == t) { /* a solution; there is another one if the offset on the fold's side differs */
        u2 = u1 + (fold ? FOLD_SECONDS : -FOLD_SECONDS);
        if ((local = local_at(u2)) == -1)
            return -1;
        b = local - u2;
        if (a == b)
            return u1;
    } else
        b = t1 - u1;
    u2 = t - b;
    if ((t2 = local_at(u2)) == -1)
        return -1;
    if (t2 == t)
        return u2;
    if (t1 == t)
        return u1;
    return fold ? Py_MIN(u1, u2) : Py_MAX(u1, u2); /* t lies in a gap */
}

/* -- The local zone -------------------------------------------------------------------------- */

static PyObject *local_timezone_at(time_t when)
{
    struct tm tm;
    if (_PyTime_localtime(when, &tm) != 0)
        return NULL;
    PyObject *offset = dt_delta_new(0, (int)tm.tm_gmtoff, 0, true, &dt_delta_type), *zone = NULL;
    PyObject *name =
        offset && tm.tm_zone ? PyUnicode_DecodeLocale(tm.tm_zone, "surrogateescape") : NULL;
    if (offset && (name || !tm.tm_zone))
        zone = dt_timezone_new(offset, name);
    Py_XDECREF(name);
    Py_XDECREF(offset);
    return zone;
}

PyObject *dt_local_timezone(PyObject *utc)
{
    PyObject *delta = dt_datetime_difference(utc, dt_epoch);
    if (!delta)
        return NULL;
    time_t when = (time_t)AS_DELTA(delta)->days * SECONDS_A_DAY + AS_DELTA(delta)->seconds;
    Py_DECREF(delta);
    return local_timezone_at(when);
}

PyObject *dt_local_timezone_from_local(PyObject *local)
{
    struct civil c = dt_civil(local);
    long long moment = dt_local_seconds(&c, PyDateTime_DATE_GET_FOLD(local));
    return moment == -1 ? NULL : local_timezone_at((time_t)(moment - DT_EPOCH_SECONDS));
}
