/* SPDX-License-Identifier: MIT
 *
 * Module _datetime: the attributes of its types, the names of the module, and the capsule
 * datetime_CAPI.
 *
 * The types are static objects and, like the constants, shared by all interpreters; the capsule's
 * table is static too, since extensions keep a pointer to it.
 */
#include "dt.h"

PyObject *dt_epoch;

/* -- The C API ------------------------------------------------------------------------------- */

static PyObject *api_datetime_with_fold(int year, int month, int day, int hour, int minute,
                                        int second, int us, PyObject *tzinfo, int fold,
                                        PyTypeObject *type)
{
    struct civil c = {year, month, day, hour, minute, second, us};
    return dt_datetime_new(&c, tzinfo, fold, type);
}

static PyObject *api_datetime(int year, int month, int day, int hour, int minute, int second,
                              int us, PyObject *tzinfo, PyTypeObject *type)
{
    return api_datetime_with_fold(year, month, day, hour, minute, second, us, tzinfo, 0, type);
}

static PyObject *api_time(int hour, int minute, int second, int us, PyObject *tzinfo,
                          PyTypeObject *type)
{
    return dt_time_new(hour, minute, second, us, tzinfo, 0, type);
}

static PyObject *api_delta(int days, int seconds, int us, int normalize, PyTypeObject *type)
{
    return dt_delta_new(days, seconds, us, normalize, type);
}

static PyDateTime_CAPI capi = {
    .DateType = &dt_date_type,
    .DateTimeType = &dt_datetime_type,
    .TimeType = &dt_time_type,
    .DeltaType = &dt_delta_type,
    .TZInfoType = &dt_tzinfo_type,
    .Date_FromDate = dt_date_new,
    .DateTime_FromDateAndTime = api_datetime,
    .Time_FromTime = api_time,
    .Delta_FromDelta = api_delta,
    .TimeZone_FromTimeZone = dt_timezone_new,
    .DateTime_FromTimestamp = dt_datetime_fromtimestamp,
    .Date_FromTimestamp = dt_date_fromtimestamp,
    .DateTime_FromDateAndTimeAndFold = api_datetime_with_fold,
    .Time_FromTimeAndFold = dt_time_new,
};

/* -- Attributes of the types ------------------------------------------------------------------ */

/* STEALS value, which may be NULL. */
static bool set_attribute(PyTypeObject *type, const char *name, PyObject *value)
{
    int res = value ? PyDict_SetItemString(type->tp_dict, name, value) : -1;
    Py_XDECREF(value);
    return res == 0;
}

static PyObject *delta(int days, int seconds, int us)
{
    return dt_delta_new(days, seconds, us, false, &dt_delta_type);
}

/* A zone some minutes away from UTC. */
static PyObject *minutes_zone(int minutes)
{
    PyObject *offset = dt_delta_new(0, 60 * minutes, 0, true, &dt_delta_type);
    PyObject *zone = offset ? dt_timezone_new(offset, NULL) : NULL;
    Py_XDECREF(offset);
    return zone;
}

static bool set_attributes(void)
{
    const struct civil first = {1, 1, 1, 0, 0, 0, 0},
                       last = {9999, 12, 31, 23, 59, 59, US_A_SECOND - 1};
    return set_attribute(&dt_delta_type, "resolution", delta(0, 0, 1)) &&
           set_attribute(&dt_delta_type, "min", delta(-MAX_DELTA_DAYS, 0, 0)) &&
           set_attribute(&dt_delta_type, "max",
                         delta(MAX_DELTA_DAYS, SECONDS_A_DAY - 1, US_A_SECOND - 1)) &&
           set_attribute(&dt_date_type, "min", dt_date_new(1, 1, 1, &dt_date_type)) &&
           set_attribute(&dt_date_type, "max", dt_date_new(9999, 12, 31, &dt_date_type)) &&
           set_attribute(&dt_date_type, "resolution", delta(1, 0, 0)) &&
           set_attribute(&dt_time_type, "min",
                         dt_time_new(0, 0, 0, 0, Py_None, 0, &dt_time_type)) &&
           set_attribute(&dt_time_type, "max",
                         dt_time_new(23, 59, 59, US_A_SECOND - 1, Py_None, 0, &dt_time_type)) &&
           set_attribute(&dt_time_type, "resolution", delta(0, 0, 1)) &&
           set_attribute(&dt_datetime_type, "min",
                         dt_datetime_new(&first, Py_None, 0, &dt_datetime_type)) &&
           set_attribute(&dt_datetime_type, "max",
                         dt_datetime_new(&last, Py_None, 0, &dt_datetime_type)) &&
           set_attribute(&dt_datetime_type, "resolution", delta(0, 0, 1)) &&
           set_attribute(&dt_timezone_type, "utc", Py_NewRef(dt_utc)) &&
           set_attribute(&dt_timezone_type, "min", minutes_zone(-(23 * 60 + 59))) &&
           set_attribute(&dt_timezone_type, "max", minutes_zone(23 * 60 + 59));
}

/* timezone.utc and the epoch, once for the process. */
static bool make_constants(void)
{
    const struct civil epoch = {1970, 1, 1, 0, 0, 0, 0};
    if (!dt_utc) {
        PyObject *zero = delta(0, 0, 0);
        dt_utc = zero ? dt_timezone_new(zero, NULL) : NULL;
        Py_XDECREF(zero);
    }
    if (dt_utc && !dt_epoch)
        dt_epoch = dt_datetime_new(&epoch, dt_utc, 0, &dt_datetime_type);
    capi.TimeZone_UTC = dt_utc;
    return dt_utc && dt_epoch;
}

/* -- The module ------------------------------------------------------------------------------ */

static int datetime_exec(PyObject *module)
{
    PyTypeObject *const types[] = {&dt_date_type,  &dt_datetime_type, &dt_time_type,
                                   &dt_delta_type, &dt_tzinfo_type,   &dt_timezone_type};
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (PyModule_AddType(module, types[i]) < 0)
            return -1;
    if (PyType_Ready(&dt_isocalendar_type) < 0 || !make_constants() || !set_attributes())
        return -1;
    PyType_Modified(&dt_delta_type);
    if (PyModule_AddIntMacro(module, MINYEAR) < 0 || PyModule_AddIntMacro(module, MAXYEAR) < 0 ||
        PyModule_AddObjectRef(module, "UTC", dt_utc) < 0)
        return -1;
    PyObject *capsule = PyCapsule_New(&capi, PyDateTime_CAPSULE_NAME, NULL);
    int res = capsule ? PyModule_AddObjectRef(module, "datetime_CAPI", capsule) : -1;
    Py_XDECREF(capsule);
    return res;
}

static PyModuleDef_Slot datetime_slots[] = {{Py_mod_exec, datetime_exec}, {0, NULL}};
static PyModuleDef datetime_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_datetime",
    .m_doc = "Dates, times, durations and time zones; module datetime is its front.",
    .m_size = 0,
    .m_slots = datetime_slots,
};

PyMODINIT_FUNC PyInit__datetime(void) { return PyModuleDef_Init(&datetime_module); }
