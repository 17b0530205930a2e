/* SPDX-License-Identifier: MIT
 *
 * Module time: clocks, sleeping, calendar times.
 *
 * Clocks are read as int64 nanoseconds (_PyTime_t). Calendar times go through the C library's
 * struct tm; the values of a time tuple are checked before they do, because strftime and asctime do
 * not.
 */
#include "modules/args.h"
#include "state.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>
#include <wchar.h>

typedef struct { PyTypeObject *struct_time; } TimeState;
static TimeState *time_state(PyObject *module) { return PyModule_GetState(module); }

/* -- Clocks ---------------------------------------------------------------------------------- */

static PyObject *seconds(_PyTime_t t) { return PyFloat_FromDouble(_PyTime_AsSecondsDouble(t)); }

/* Nanoseconds of a POSIX clock; -1 with OSError. */
static int clock_read(clockid_t id, _PyTime_t *t)
{
    struct timespec ts;
    if (clock_gettime(id, &ts) != 0) {
        PyErr_SetFromErrno(PyExc_OSError);
        return -1;
    }
    return _PyTime_FromTimespec(t, &ts);
}

#define CLOCK_FUNCTIONS(name, id) \
    static PyObject *time_##name(PyObject *module, PyObject *unused) \
    { \
        _PyTime_t t; \
        return clock_read(id, &t) < 0 ? NULL : seconds(t); \
    } \
    static PyObject *time_##name##_ns(PyObject *module, PyObject *unused) \
    { \
        _PyTime_t t; \
        return clock_read(id, &t) < 0 ? NULL : _PyTime_AsNanosecondsObject(t); \
    }
CLOCK_FUNCTIONS(time, CLOCK_REALTIME)
CLOCK_FUNCTIONS(monotonic, CLOCK_MONOTONIC)
CLOCK_FUNCTIONS(perf_counter, CLOCK_MONOTONIC)
CLOCK_FUNCTIONS(process_time, CLOCK_PROCESS_CPUTIME_ID)
CLOCK_FUNCTIONS(thread_time, CLOCK_THREAD_CPUTIME_ID)

static PyObject *time_clock_gettime(PyObject *module, PyObject *args)
{
    int id;
    _PyTime_t t;
    return !PyArg_ParseTuple(args, "i:clock_gettime", &id) || clock_read(id, &t) < 0 ? NULL
                                                                                     : seconds(t);
}

static PyObject *time_clock_gettime_ns(PyObject *module, PyObject *args)
{
    int id;
    _PyTime_t t;
    return !PyArg_ParseTuple(args, "i:clock_gettime", &id) || clock_read(id, &t) < 0
               ? NULL
               : _PyTime_AsNanosecondsObject(t);
}

static PyObject *set_clock(int id, _PyTime_t t)
{
    struct timespec ts;
    if (_PyTime_AsTimespec(t, &ts) < 0)
        return NULL;
    return clock_settime(id, &ts) != 0 ? PyErr_SetFromErrno(PyExc_OSError) : Py_NewRef(Py_None);
}

static PyObject *time_clock_settime(PyObject *module, PyObject *args)
{
    int id;
    PyObject *o;
    _PyTime_t t;
    if (!PyArg_ParseTuple(args, "iO:clock_settime", &id, &o) ||
        _PyTime_FromSecondsObject(&t, o, _PyTime_ROUND_FLOOR) < 0)
        return NULL;
    return set_clock(id, t);
}

static PyObject *time_clock_settime_ns(PyObject *module, PyObject *args)
{
    int id;
    PyObject *o;
    _PyTime_t t;
    if (!PyArg_ParseTuple(args, "iO:clock_settime", &id, &o) ||
        _PyTime_FromNanosecondsObject(&t, o) < 0)
        return NULL;
    return set_clock(id, t);
}

static PyObject *time_clock_getres(PyObject *module, PyObject *args)
{
    int id;
    struct timespec ts;
    if (!PyArg_ParseTuple(args, "i:clock_getres", &id))
        return NULL;
    if (clock_getres(id, &ts) != 0)
        return PyErr_SetFromErrno(PyExc_OSError);
    return PyFloat_FromDouble((double)ts.tv_sec + (double)ts.tv_nsec * 1e-9);
}

static PyObject *time_pthread_getcpuclockid(PyObject *module, PyObject *args)
{
    unsigned long id;
    clockid_t clock;
    if (!PyArg_ParseTuple(args, "k:pthread_getcpuclockid", &id))
        return NULL;
    errno = pthread_getcpuclockid((pthread_t)id, &clock);
    return errno ? PyErr_SetFromErrno(PyExc_OSError) : PyLong_FromLong(clock);
}

static const struct {
    const char *name;
    clockid_t id;
    bool monotonic, adjustable; /* as get_clock_info() says */
    const char *implementation;
} clocks[] = {
    {"time", CLOCK_REALTIME, false, true, "clock_gettime(CLOCK_REALTIME)"},
    {"monotonic", CLOCK_MONOTONIC, true, false, "clock_gettime(CLOCK_MONOTONIC)"},
    {"perf_counter", CLOCK_MONOTONIC, true, false, "clock_gettime(CLOCK_MONOTONIC)"},
    {"process_time", CLOCK_PROCESS_CPUTIME_ID, true, false,
     "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)"},
    {"thread_time", CLOCK_THREAD_CPUTIME_ID, true, false, "clock_gettime(CLOCK_THREAD_CPUTIME_ID)"},
};

extern EXPORT PyObject *_PyNamespace_New(PyObject *attributes);

static PyObject *time_get_clock_info(PyObject *module, PyObject *args)
{
    const char *name;
    struct timespec ts;
    if (!PyArg_ParseTuple(args, "s:get_clock_info", &name))
        return NULL;
    for (size_t i = 0; i < COUNT_OF(clocks); i++) {
        if (strcmp(name, clocks[i].name))
            continue;
        if (clock_getres(clocks[i].id, &ts) != 0)
            return PyErr_SetFromErrno(PyExc_OSError);
        PyObject *attributes =
            Py_BuildValue("{ss sO sO sd}", "implementation", clocks[i].implementation, "monotonic",
                          clocks[i].monotonic ? Py_True : Py_False, "adjustable",
                          clocks[i].adjustable ? Py_True : Py_False, "resolution",
                          (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9);
        PyObject *res = attributes ? _PyNamespace_New(attributes) : NULL;
        Py_XDECREF(attributes);
        return res;
    }
    return PyErr_Format(PyExc_ValueError, "unknown clock");
}

/* Sleeps until a deadline on the monotonic clock; signals that do not raise do not end it (PEP
 * 475). */
static PyObject *time_sleep(PyObject *module, PyObject *duration)
{
    _PyTime_t t, now;
    struct timespec deadline;
    if (_PyTime_FromSecondsObject(&t, duration, _PyTime_ROUND_TIMEOUT) < 0)
        return NULL;
    if (t < 0)
        return PyErr_Format(PyExc_ValueError, "sleep length must be non-negative");
    if (clock_read(CLOCK_MONOTONIC, &now) < 0 ||
        _PyTime_AsTimespec(_PyTime_Add(now, t), &deadline) < 0)
        return NULL;
    for (;;) {
        int error;
        UNLOCKED(error = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, NULL));
        if (error == 0)
            Py_RETURN_NONE;
        if (error != EINTR) {
            errno = error;
            return PyErr_SetFromErrno(PyExc_OSError);
        }
        if (PyErr_CheckSignals() < 0)
            return NULL;
    }
}

/* -- struct_time ----------------------------------------------------------------------------- */

static PyStructSequence_Field struct_time_fields[] = {
    {"tm_year", "year, for example, 1993"},
    {"tm_mon", "month of year, range [1, 12]"},
    {"tm_mday", "day of month, range [1, 31]"},
    {"tm_hour", "hours, range [0, 23]"},
    {"tm_min", "minutes, range [0, 59]"},
    {"tm_sec", "seconds, range [0, 61])"},
    {"tm_wday", "weekday: 0 is Monday, 6 Sunday"},
    {"tm_yday", "day of year, range [1, 366]"},
    {"tm_isdst", "summer time: 1 yes, 0 no, -1 not known"},
    {"tm_zone", "abbreviation of timezone name"},
    {"tm_gmtoff", "offset from UTC in seconds"},
    {NULL},
};
static PyStructSequence_Desc struct_time_desc = {
    "time.struct_time",
    "A moment in calendar fields: gmtime(), localtime() and strptime() give it;\n"
    "asctime(), mktime() and strftime() take it, or any tuple of 9 integers.\n"
    "\n"
    " Unlike in C's struct tm, tm_year is the year itself, months and days of the year count from "
    "1, weeks start on Monday.",
    struct_time_fields, 9};

static PyObject *tm_to_object(PyObject *module, const struct tm *p)
{
    PyObject *v = PyStructSequence_New(time_state(module)->struct_time);
    if (!v)
        return NULL;
    const long values[] = {p->tm_year + 1900L,   p->tm_mon + 1,  p->tm_mday,
                           p->tm_hour,           p->tm_min,      p->tm_sec,
                           (p->tm_wday + 6) % 7, p->tm_yday + 1, p->tm_isdst};
    for (int i = 0; i < 9; i++)
        PyStructSequence_SET_ITEM(v, i, PyLong_FromLong(values[i]));
    PyStructSequence_SET_ITEM(v, 9, PyUnicode_DecodeLocale(p->tm_zone, "surrogateescape"));
    PyStructSequence_SET_ITEM(v, 10, PyLong_FromLong(p->tm_gmtoff));
    if (PyErr_Occurred())
        Py_CLEAR(v);
    return v;
}

/* Reads [seconds]: now by default. */
static int seconds_argument(PyObject *args, const char *format, time_t *when)
{
    PyObject *o = NULL;
    if (!PyArg_ParseTuple(args, format, &o))
        return -1;
    if (!o || o == Py_None) {
        *when = time(NULL);
        return 0;
    }
    return _PyTime_ObjectToTime_t(o, when, _PyTime_ROUND_FLOOR);
}

static PyObject *time_gmtime(PyObject *module, PyObject *args)
{
    time_t when;
    struct tm tm;
    if (seconds_argument(args, "|O:gmtime", &when) < 0 || _PyTime_gmtime(when, &tm) < 0)
        return NULL;
    tm.tm_zone = "UTC";
    tm.tm_gmtoff = 0;
    return tm_to_object(module, &tm);
}

static PyObject *time_localtime(PyObject *module, PyObject *args)
{
    time_t when;
    struct tm tm;
    return seconds_argument(args, "|O:localtime", &when) < 0 || _PyTime_localtime(when, &tm) < 0
               ? NULL
               : tm_to_object(module, &tm);
}

/* A struct tm from a 9-tuple or struct_time; 0 with an exception. */
static int tuple_to_tm(PyObject *module, PyObject *args, struct tm *p, const char *format)
{
    int y;
    memset(p, 0, sizeof *p);
    PyObject *t = PyTuple_CheckExact(args)                            ? Py_NewRef(args)
                  : Py_IS_TYPE(args, time_state(module)->struct_time) ? PySequence_Tuple(args)
                                                                      : NULL;
    if (!t) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "Tuple or struct_time argument required");
        return 0;
    }
    int ok = PyArg_ParseTuple(t, format, &y, &p->tm_mon, &p->tm_mday, &p->tm_hour, &p->tm_min,
                              &p->tm_sec, &p->tm_wday, &p->tm_yday, &p->tm_isdst);
    Py_DECREF(t);
    if (!ok)
        return 0;
    if (y < INT_MIN + 1900) {
        PyErr_SetString(PyExc_OverflowError, "year out of range");
        return 0;
    }
    p->tm_year = y - 1900;
    p->tm_mon--;
    p->tm_wday = (p->tm_wday + 1) % 7;
    p->tm_yday--;
    if (Py_IS_TYPE(args, time_state(module)->struct_time)) {
        PyObject *zone = PyStructSequence_GET_ITEM(args, 9),
                 *offset = PyStructSequence_GET_ITEM(args, 10);
        p->tm_zone = zone && zone != Py_None ? PyUnicode_AsUTF8(zone) : NULL;
        p->tm_gmtoff = offset && offset != Py_None ? PyLong_AsLong(offset) : 0;
        if (PyErr_Occurred())
            return 0;
    }
    return 1;
}

/* Zero is allowed for month and days, and means the first. 0 with ValueError when a field is out of
 * range. */
static int check_tm(struct tm *p)
{
    const char *bad = NULL;
    if (p->tm_mon == -1)
        p->tm_mon = 0;
    else if (p->tm_mon < 0 || p->tm_mon > 11)
        bad = "month out of range";
    if (!bad && p->tm_mday == 0)
        p->tm_mday = 1;
    else if (!bad && (p->tm_mday < 0 || p->tm_mday > 31))
        bad = "day of month out of range";
    if (!bad && (p->tm_hour < 0 || p->tm_hour > 23))
        bad = "hour out of range";
    if (!bad && (p->tm_min < 0 || p->tm_min > 59))
        bad = "minute out of range";
    if (!bad && (p->tm_sec < 0 || p->tm_sec > 61))
        bad = "seconds out of range";
    if (!bad && p->tm_wday < 0)
        bad = "day of week out of range";
    if (!bad && p->tm_yday == -1)
        p->tm_yday = 0;
    else if (!bad && (p->tm_yday < 0 || p->tm_yday > 365))
        bad = "day of year out of range";
    if (bad)
        PyErr_SetString(PyExc_ValueError, bad);
    return !bad;
}

/* -- Text ------------------------------------------------------------------------------------ */

static PyObject *asctime_of(const struct tm *p)
{
    static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return PyUnicode_FromFormat("%s %s%3d %.2d:%.2d:%.2d %d", days[p->tm_wday], months[p->tm_mon],
                                p->tm_mday, p->tm_hour, p->tm_min, p->tm_sec, 1900 + p->tm_year);
}

static PyObject *time_asctime(PyObject *module, PyObject *args)
{
    PyObject *tuple = NULL;
    struct tm tm;
    if (!PyArg_UnpackTuple(args, "asctime", 0, 1, &tuple))
        return NULL;
    if (!tuple ? _PyTime_localtime(time(NULL), &tm) < 0
               : !tuple_to_tm(module, tuple, &tm,
                              "iiiiiiiii;asctime(): illegal time tuple argument") ||
                     !check_tm(&tm))
        return NULL;
    return asctime_of(&tm);
}

static PyObject *time_ctime(PyObject *module, PyObject *args)
{
    time_t when;
    struct tm tm;
    return seconds_argument(args, "|O:ctime", &when) < 0 || _PyTime_localtime(when, &tm) < 0
               ? NULL
               : asctime_of(&tm);
}

static PyObject *time_mktime(PyObject *module, PyObject *tuple)
{
    struct tm tm;
    if (!tuple_to_tm(module, tuple, &tm, "iiiiiiiii;mktime(): illegal time tuple argument"))
        return NULL;
    tm.tm_wday = -1; /* tells -1 the time from -1 the error */
    time_t t = mktime(&tm);
    if (t == (time_t)-1 && tm.tm_wday == -1)
        return PyErr_Format(PyExc_OverflowError, "mktime argument out of range");
    return PyFloat_FromDouble((double)t);
}

static PyObject *time_strftime(PyObject *module, PyObject *args)
{
    PyObject *format, *tuple = NULL, *res = NULL;
    struct tm tm;
    memset(&tm, 0, sizeof tm);
    if (!PyArg_ParseTuple(args, "U|O:strftime", &format, &tuple))
        return NULL;
    if (!tuple ? _PyTime_localtime(time(NULL), &tm) < 0
               : !tuple_to_tm(module, tuple, &tm,
                              "iiiiiiiii;strftime(): illegal time tuple argument") ||
                     !check_tm(&tm))
        return NULL;
    tm.tm_isdst = tm.tm_isdst < -1 ? -1 : tm.tm_isdst > 1 ? 1 : tm.tm_isdst;
    /* wide text needs no conversion by the locale and keeps lone surrogates */
    wchar_t small[256], *out = small, *wide = PyUnicode_AsWideCharString(format, NULL);
    if (!wide)
        return NULL;
    size_t length = wcslen(wide);
    for (size_t size = COUNT_OF(small); length; size *= 4) {
        size_t n = wcsftime(out, size, wide, &tm);
        /* 0 means too small, or nothing to write: give up once the text could not be that long. */
        if (n > 0 || size >= 256 * length) {
            res = PyUnicode_FromWideChar(out, (Py_ssize_t)n);
            break;
        }
        if (out != small)
            PyMem_Free(out);
        if (!(out = PyMem_New(wchar_t, 4 * size))) {
            PyErr_NoMemory();
            break;
        }
    }
    if (!length)
        res = Py_NewRef(EMPTY_STR);
    if (out != small)
        PyMem_Free(out);
    PyMem_Free(wide);
    return res;
}

static PyObject *time_strptime(PyObject *module, PyObject *args)
{
    PyObject *parser = PyImport_ImportModule("_strptime"),
             *func = parser ? PyObject_GetAttrString(parser, "_strptime_time") : NULL;
    PyObject *res = func ? PyObject_Call(func, args, NULL) : NULL;
    Py_XDECREF(func);
    Py_XDECREF(parser);
    return res;
}

/* -- Time zone ------------------------------------------------------------------------------- */

static int zone_at(time_t when, long *offset, char name[32])
{
    struct tm tm;
    if (_PyTime_localtime(when, &tm) < 0)
        return -1;
    snprintf(name, 32, "%s", tm.tm_zone ? tm.tm_zone : "   ");
    *offset = tm.tm_gmtoff;
    return 0;
}

/* timezone, altzone, daylight, tzname from winter and summer of this year. */
static int init_timezone(PyObject *module)
{
    const time_t year = (365 * 24 + 6) * 3600;
    char january[32], july[32];
    long o1, o2;
    tzset();
    time_t t = time(NULL) / year * year;
    if (zone_at(t, &o1, january) < 0 || zone_at(t + year / 2, &o2, july) < 0)
        return -1;
    bool south = o1 > o2; /* summer is in January */
    long standard = south ? o2 : o1, summer = south ? o1 : o2;
    PyObject *names = Py_BuildValue("(ss)", south ? july : january, south ? january : july);
    return PyModule_AddIntConstant(module, "timezone", -standard) < 0 ||
                   PyModule_AddIntConstant(module, "altzone", -summer) < 0 ||
                   PyModule_AddIntConstant(module, "daylight", o1 != o2) < 0 || !names ||
                   PyModule_AddObject(module, "tzname", names) < 0
               ? -1
               : 0;
}

static PyObject *time_tzset(PyObject *module, PyObject *unused)
{
    return init_timezone(module) < 0 ? NULL : Py_NewRef(Py_None);
}

/* -- Module ---------------------------------------------------------------------------------- */

#define CLOCK(name, what) { #name, time_##name, METH_NOARGS, #name "() -> " what }
static PyMethodDef time_methods[] = {
    CLOCK(time, "floating point number\n\nSeconds since the Epoch."),
    CLOCK(time_ns, "int\n\nNanoseconds since the Epoch."),
    CLOCK(monotonic, "float\n\nSeconds of a clock that never goes back."),
    CLOCK(monotonic_ns, "int\n\nMonotonic clock in nanoseconds."),
    CLOCK(perf_counter, "float\n\nSeconds of the clock best for measuring short times."),
    CLOCK(perf_counter_ns, "int\n\nPerformance counter in nanoseconds."),
    CLOCK(process_time, "float\n\nProcessor time of the process, in seconds."),
    CLOCK(process_time_ns, "int\n\nProcessor time of the process, in nanoseconds."),
    CLOCK(thread_time, "float\n\nProcessor time of the thread, in seconds."),
    CLOCK(thread_time_ns, "int\n\nProcessor time of the thread, in nanoseconds."),
    {"clock_gettime", time_clock_gettime, METH_VARARGS,
     "clock_gettime(clk_id) -> float\n\nTime of a clock in seconds."},
    {"clock_gettime_ns", time_clock_gettime_ns, METH_VARARGS,
     "clock_gettime_ns(clk_id) -> int\n\nTime of a clock in nanoseconds."},
    {"clock_settime", time_clock_settime, METH_VARARGS,
     "clock_settime(clk_id, time)\n\nSet a clock, in seconds."},
    {"clock_settime_ns", time_clock_settime_ns, METH_VARARGS,
     "clock_settime_ns(clk_id, time)\n\nSet a clock, in nanoseconds."},
    {"clock_getres", time_clock_getres, METH_VARARGS,
     "clock_getres(clk_id) -> floating point number\n\nResolution of a clock in seconds."},
    {"pthread_getcpuclockid", time_pthread_getcpuclockid, METH_VARARGS,
     "pthread_getcpuclockid(thread_id) -> int\n\nClock of a thread's processor time."},
    {"sleep", time_sleep, METH_O, "sleep(seconds)\n\nWait; fractions of seconds are allowed."},
    {"gmtime", time_gmtime, METH_VARARGS,
     "gmtime([seconds]) -> struct_time\n\nSeconds since the Epoch as UTC; now by default."},
    {"localtime", time_localtime, METH_VARARGS,
     "localtime([seconds]) -> struct_time\n\nSeconds since the Epoch as local time; now by "
     "default."},
    {"asctime", time_asctime, METH_VARARGS,
     "asctime([tuple]) -> string\n\nText such as 'Sat Jun 06 16:26:11 1998'; now by default."},
    {"ctime", time_ctime, METH_VARARGS,
     "ctime(seconds) -> string\n\nasctime(localtime(seconds)); now by default."},
    {"mktime", time_mktime, METH_O,
     "mktime(tuple) -> floating point number\n\nSeconds since the Epoch of a local time."},
    {"strftime", time_strftime, METH_VARARGS,
     "strftime(format[, tuple]) -> string\n\nFormat a time; now by default."},
    {"strptime", time_strptime, METH_VARARGS,
     "strptime(string, format) -> struct_time\n\nParse a time by a format."},
    {"tzset", time_tzset, METH_NOARGS,
     "tzset()\n\nTake the time zone from the environment variable TZ again."},
    {"get_clock_info", time_get_clock_info, METH_VARARGS,
     "get_clock_info(name: str) -> dict\n\nFacts about a clock."},
    {NULL},
};

static int time_exec(PyObject *module)
{
    static const struct {
        const char *name;
        int value;
    } constants[] = {
        {"CLOCK_REALTIME", CLOCK_REALTIME},
        {"CLOCK_MONOTONIC", CLOCK_MONOTONIC},
        {"CLOCK_MONOTONIC_RAW", CLOCK_MONOTONIC_RAW},
        {"CLOCK_PROCESS_CPUTIME_ID", CLOCK_PROCESS_CPUTIME_ID},
        {"CLOCK_THREAD_CPUTIME_ID", CLOCK_THREAD_CPUTIME_ID},
        {"CLOCK_BOOTTIME", CLOCK_BOOTTIME},
        {"CLOCK_TAI", CLOCK_TAI},
        {"_STRUCT_TM_ITEMS", 11},
    };
    for (size_t i = 0; i < COUNT_OF(constants); i++)
        if (PyModule_AddIntConstant(module, constants[i].name, constants[i].value) < 0)
            return -1;
    TimeState *state = time_state(module);
    state->struct_time = PyStructSequence_NewType(&struct_time_desc);
    if (!state->struct_time ||
        PyModule_AddObjectRef(module, "struct_time", (PyObject *)state->struct_time) < 0)
        return -1;
    return init_timezone(module);
}

static int time_traverse(PyObject *module, visitproc visit, void *arg)
{
    Py_VISIT(time_state(module)->struct_time);
    return 0;
}

static int time_clear(PyObject *module)
{
    Py_CLEAR(time_state(module)->struct_time);
    return 0;
}

static void time_free(void *module) { time_clear(module); }

static PyModuleDef_Slot time_slots[] = { { Py_mod_exec, time_exec }, { 0, NULL } };
static PyModuleDef time_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "time",
    .m_doc = "Clocks and calendar times.\n\nTimes are seconds since the Epoch (1970-01-01 UTC), or "
             "tuples of nine ints: year, month, day, hours, minutes,\n"
             "seconds, weekday (Monday is 0), day of the year, and the daylight saving flag (1, 0, "
             "or -1 for unknown).",
    .m_size = sizeof(TimeState),
    .m_methods = time_methods,
    .m_slots = time_slots,
    .m_traverse = time_traverse,
    .m_clear = time_clear,
    .m_free = time_free,
};
PyMODINIT_FUNC PyInit_time(void) { return PyModuleDef_Init(&time_module); }
