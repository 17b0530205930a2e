/* SPDX-License-Identifier: MIT
 *
 * Making datetime objects: the constructor, the clock, time stamps, strptime and combine.
 */
#include "dt.h"

/* -- From fields ----------------------------------------------------------------------------- */

static PyObject *datetime_create(PyTypeObject *type, PyObject *tzinfo, int fold)
{
    bool aware = tzinfo != Py_None;
    PyDateTime_DateTime *self = (PyDateTime_DateTime *)type->tp_alloc(type, aware);
    if (self) {
        self->hashcode = -1;
        self->hastzinfo = aware;
        self->fold = (unsigned char)fold;
        if (aware)
            self->tzinfo = Py_NewRef(tzinfo);
    }
    return (PyObject *)self;
}

PyObject *dt_datetime_new(const struct civil *c, PyObject *tzinfo, int fold, PyTypeObject *type)
{
    if (!dt_check_date(c->year, c->month, c->day) ||
        !dt_check_time(c->hour, c->minute, c->second, c->us, fold) || !dt_check_tzinfo(tzinfo))
        return NULL;
    PyObject *self = datetime_create(type, tzinfo, fold);
    if (self) {
        unsigned char *data = AS_DATETIME(self)->data;
        data[0] = (unsigned char)(c->year >> 8);
        data[1] = (unsigned char)c->year;
        data[2] = (unsigned char)c->month;
        data[3] = (unsigned char)c->day;
        data[4] = (unsigned char)c->hour;
        data[5] = (unsigned char)c->minute;
        data[6] = (unsigned char)c->second;
        data[7] = (unsigned char)(c->us >> 16);
        data[8] = (unsigned char)(c->us >> 8);
        data[9] = (unsigned char)c->us;
    }
    return self;
}

PyObject *dt_datetime_make(const struct civil *c, PyObject *tzinfo, int fold, PyObject *cls)
{
    if (cls == (PyObject *)&dt_datetime_type)
        return dt_datetime_new(c, tzinfo, fold, &dt_datetime_type);
    return PyObject_CallFunction(cls, "iiiiiiiO", c->year, c->month, c->day, c->hour, c->minute,
                                 c->second, c->us, tzinfo);
}

/* -- The constructor ------------------------------------------------------------------------- */

static bool datetime_state_is_sane(Py_UCS4 month) { return (month & 0x7f) - 1u < 12; }

static PyObject *datetime_from_state(PyTypeObject *type, PyObject *state, PyObject *tzinfo)
{
    PyObject *self = NULL;
    if (tzinfo != Py_None && !IS_TZINFO(tzinfo))
        PyErr_SetString(PyExc_TypeError, "bad tzinfo state arg");
    else if ((self = datetime_create(type, tzinfo, 0))) {
        unsigned char *data = AS_DATETIME(self)->data;
        memcpy(data, PyBytes_AS_STRING(state), _PyDateTime_DATETIME_DATASIZE);
        AS_DATETIME(self)->fold = data[2] >> 7;
        data[2] &= 0x7f;
    }
    Py_DECREF(state);
    return self;
}

char *dt_datetime_fields[] = {"year",   "month",       "day",    "hour", "minute",
                              "second", "microsecond", "tzinfo", "fold", NULL};

/* datetime(state) and datetime(state, tzinfo) are calls of pickle: the first argument is ten bytes,
   or a str from Python 2. */
PyObject *dt_datetime_type_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    struct civil c = {0};
    PyObject *tzinfo = Py_None;
    int fold = 0;
    Py_ssize_t nargs = PyTuple_GET_SIZE(args);
    if (nargs == 1 || nargs == 2) {
        bool bad;
        PyObject *state = dt_pickle_state(PyTuple_GET_ITEM(args, 0), _PyDateTime_DATETIME_DATASIZE,
                                          2, datetime_state_is_sane, "datetime", &bad);
        if (bad)
            return NULL;
        if (state)
            return datetime_from_state(type, state,
                                       nargs == 2 ? PyTuple_GET_ITEM(args, 1) : Py_None);
    }
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "iii|iiiiO$i", dt_datetime_fields, &c.year,
                                     &c.month, &c.day, &c.hour, &c.minute, &c.second, &c.us,
                                     &tzinfo, &fold))
        return NULL;
    return dt_datetime_new(&c, tzinfo, fold, type);
}

PyObject *dt_datetime_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                 PyObject *kwnames)
{
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    struct civil c = {0};
    PyObject *tzinfo = Py_None;
    bool zone_named =
        kwnames && PyTuple_GET_SIZE(kwnames) == 1 && PyTuple_GET_ITEM(kwnames, 0) == ID2(tzinfo);
    if (zone_named || nargs == 8)
        tzinfo = args[zone_named ? nargs : 7];
    if (nargs >= 3 && nargs + zone_named <= 8 && (!kwnames || zone_named) &&
        dt_plain_ints(args, Py_MIN(nargs, 7), &c.year))
        return dt_datetime_new(&c, tzinfo, 0, &dt_datetime_type);
    return dt_call_new((PyTypeObject *)type, args, nargs, kwnames);
}

/* -- From a clock ---------------------------------------------------------------------------- */

typedef int (*breakdown)(time_t, struct tm *); /* _PyTime_localtime or _PyTime_gmtime */

/* Without a zone, a local time says by its fold which of two equal times it is. */
static PyObject *datetime_from_seconds(PyObject *cls, breakdown fn, time_t when, int us,
                                       PyObject *tzinfo)
{
    struct tm tm;
    int fold = 0;
    if (fn(when, &tm) != 0)
        return NULL;
    /* a leap second counts as the one before */
    struct civil c = {tm.tm_year + 1900, tm.tm_mon + 1,         tm.tm_mday, tm.tm_hour,
                      tm.tm_min,         Py_MIN(59, tm.tm_sec), us};
    if (tzinfo == Py_None && fn == _PyTime_localtime) {
        fold = dt_local_fold(when, &c);
        if (fold < 0)
            return NULL;
    }
    return dt_datetime_make(&c, tzinfo, fold, cls);
}

static PyObject *datetime_from_clock(PyObject *cls, breakdown fn, PyObject *tzinfo)
{
    time_t seconds;
    int us;
    if (_PyTime_AsTimevalTime_t(_PyTime_GetSystemClock(), &seconds, &us, _PyTime_ROUND_FLOOR) < 0)
        return NULL;
    return datetime_from_seconds(cls, fn, seconds, us, tzinfo);
}

static PyObject *datetime_from_timestamp(PyObject *cls, breakdown fn, PyObject *timestamp,
                                         PyObject *tzinfo)
{
    time_t seconds;
    long us;
    if (_PyTime_ObjectToTimeval(timestamp, &seconds, &us, _PyTime_ROUND_HALF_EVEN) < 0)
        return NULL;
    return datetime_from_seconds(cls, fn, seconds, (int)us, tzinfo);
}

/* tzinfo.fromutc(utc). STEALS utc. */
static PyObject *zone_fromutc(PyObject *utc, PyObject *tzinfo)
{
    if (!utc || tzinfo == Py_None)
        return utc;
    PyObject *res = PyObject_CallMethodOneArg(tzinfo, ID2(fromutc), utc);
    Py_DECREF(utc);
    return res;
}

PyObject *dt_datetime_now(PyObject *cls, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames)
{
    ARGS("|O:now", "tz");
    PyObject *tz = Py_None;
    if (!PARSE(&tz) || !dt_check_tzinfo(tz))
        return NULL;
    return zone_fromutc(
        datetime_from_clock(cls, tz == Py_None ? _PyTime_localtime : _PyTime_gmtime, tz), tz);
}

PyObject *dt_datetime_utcnow(PyObject *cls, PyObject *ignored)
{
    return datetime_from_clock(cls, _PyTime_gmtime, Py_None);
}

PyObject *dt_datetime_fromtimestamp(PyObject *cls, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"timestamp", "tz", NULL};
    PyObject *timestamp, *tz = Py_None;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|O:fromtimestamp", names, &timestamp, &tz) ||
        !dt_check_tzinfo(tz))
        return NULL;
    breakdown fn = tz == Py_None ? _PyTime_localtime : _PyTime_gmtime;
    return zone_fromutc(datetime_from_timestamp(cls, fn, timestamp, tz), tz);
}

PyObject *dt_datetime_utcfromtimestamp(PyObject *cls, PyObject *args)
{
    PyObject *timestamp;
    if (!PyArg_ParseTuple(args, "O:utcfromtimestamp", &timestamp))
        return NULL;
    return datetime_from_timestamp(cls, _PyTime_gmtime, timestamp, Py_None);
}

/* -- From text and parts ----------------------------------------------------------------------- */

PyObject *dt_datetime_strptime(PyObject *cls, PyObject *args)
{
    PyObject *string, *format;
    if (!PyArg_ParseTuple(args, "UU:strptime", &string, &format))
        return NULL;
    PyObject *module = PyImport_ImportModule("_strptime");
    if (!module)
        return NULL;
    PyObject *res =
        PyObject_CallMethodObjArgs(module, ID2(_strptime_datetime), cls, string, format, NULL);
    Py_DECREF(module);
    return res;
}

PyObject *dt_datetime_combine(PyObject *cls, PyObject *const *args, Py_ssize_t nargs,
                              PyObject *kwnames)
{
    ARGS("O!O!|O:combine", "date", "time", "tzinfo");
    PyObject *date, *time, *tzinfo = NULL;
    if (!PARSE(&dt_date_type, &date, &dt_time_type, &time, &tzinfo))
        return NULL;
    struct civil c = {PyDateTime_GET_YEAR(date),
                      PyDateTime_GET_MONTH(date),
                      PyDateTime_GET_DAY(date),
                      PyDateTime_TIME_GET_HOUR(time),
                      PyDateTime_TIME_GET_MINUTE(time),
                      PyDateTime_TIME_GET_SECOND(time),
                      PyDateTime_TIME_GET_MICROSECOND(time)};
    return dt_datetime_make(&c, tzinfo ? tzinfo : dt_time_tzinfo(time),
                            PyDateTime_TIME_GET_FOLD(time), cls);
}

/* -- Module time ----------------------------------------------------------------------------- */

PyObject *dt_time_attribute(PyObject *name)
{
    PyObject *module = PyImport_GetModule(ID2(time));
    if (!module && !PyErr_Occurred())
        module = PyImport_ImportModule("time");
    PyObject *attribute = module ? PyObject_GetAttr(module, name) : NULL;
    Py_XDECREF(module);
    return attribute;
}

PyObject *dt_time_time(void)
{
    PyObject *function = dt_time_attribute(ID2(time));
    PyObject *now = function ? PyObject_CallNoArgs(function) : NULL;
    Py_XDECREF(function);
    return now;
}

PyObject *dt_struct_time(const struct civil *c, int dst)
{
    PyObject *type = dt_time_attribute(ID2(struct_time));
    if (!type)
        return NULL;
    int day_of_year = dt_ymd_to_ord(c->year, c->month, c->day) - dt_ymd_to_ord(c->year, 1, 1) + 1;
    PyObject *res =
        PyObject_CallFunction(type, "((iiiiiiiii))", c->year, c->month, c->day, c->hour, c->minute,
                              c->second, dt_weekday(c->year, c->month, c->day), day_of_year, dst);
    Py_DECREF(type);
    return res;
}
