/* SPDX-License-Identifier: MIT
 *
 * What the files of module _datetime share. Object layouts are those of the public <datetime.h>,
 * which C extensions compile in. Everything runs under the lock; results are owned; NULL, false or
 * -1 mean that an exception is set.
 *
 * Reading order: calendar, types, making, zones, text.
 */
#ifndef VITRO_DT_H
#define VITRO_DT_H

#define _PY_DATETIME_IMPL
#include "modules/args.h"
#include "objects/int/int.h"
#include "state.h"
#include <datetime.h>

#define MINYEAR 1
#define MAXYEAR 9999
#define MAXORDINAL 3652059 /* 9999-12-31 */
#define MAX_DELTA_DAYS 999999999
#define SECONDS_A_DAY 86400
#define US_A_SECOND 1000000

/* A date and a time of day, not necessarily in range. */
struct civil {
    int year, month, day, hour, minute, second,
        us; /* in the order of the constructor's arguments, which fills them */
};

/* -- Calendar -------------------------------------------------------------------------------- */

int dt_days_in_month(int year, int month);
/* Days since 0000-12-31. */
int dt_ymd_to_ord(int year, int month, int day);
void dt_ord_to_ymd(int ordinal, int *year, int *month, int *day);
/* Monday is 0. */
int dt_weekday(int year, int month, int day);
/* The ordinal of the Monday that starts week 1. */
int dt_iso_week1_monday(int year);
void dt_iso_calendar(int year, int month, int day, int *iso_year, int *week, int *weekday);
/* 0, or what is wrong: -4 year, -2 week, -3 day. */
int dt_iso_to_ymd(int iso_year, int week, int weekday, int *year, int *month, int *day);
bool dt_check_date(int year, int month, int day);
bool dt_check_time(int hour, int minute, int second, int us, int fold);
/* Brings a day, then all fields after addition, into range; OverflowError if the date does not
 * exist. */
bool dt_normalize_date(int *year, int *month, int *day);
bool dt_normalize(struct civil *c);
/* Quotient of floor division; the remainder, in [0, by), in *rest. */
static inline int dt_divmod(int value, int by, int *rest)
{
    int quotient = value / by, r = value % by;
    if (r < 0) {
        r += by;
        quotient--;
    }
    *rest = r;
    return quotient;
}

/* -- Types ----------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    PyObject *offset; /* strong timedelta, less than a day */
    PyObject *name;                 /* strong str or NULL */
} TimeZone;

extern PyTypeObject dt_delta_type, dt_tzinfo_type, dt_timezone_type, dt_date_type,
    dt_isocalendar_type, dt_time_type, dt_datetime_type;
extern PyObject *dt_utc;   /* timezone.utc */
extern PyObject *dt_epoch; /* 1970-01-01 00:00 UTC */

#define AS_DELTA(o) ((PyDateTime_Delta *)(o))
#define AS_DATETIME(o) ((PyDateTime_DateTime *)(o))
#define AS_TIME(o) ((PyDateTime_Time *)(o))
#define IS_DELTA(o) PyObject_TypeCheck(o, &dt_delta_type)
#define IS_DATE(o) PyObject_TypeCheck(o, &dt_date_type)
#define IS_DATETIME(o) PyObject_TypeCheck(o, &dt_datetime_type)
#define IS_TIME(o) PyObject_TypeCheck(o, &dt_time_type)
#define IS_TZINFO(o) PyObject_TypeCheck(o, &dt_tzinfo_type)

/* The zone of a time or datetime: BORROWED, None if there is none. */
static inline PyObject *dt_datetime_tzinfo(PyObject *o) { return PyDateTime_DATE_GET_TZINFO(o); }
static inline PyObject *dt_time_tzinfo(PyObject *o) { return PyDateTime_TIME_GET_TZINFO(o); }

static inline struct civil dt_civil(PyObject *o)
{
    return (struct civil){PyDateTime_GET_YEAR(o),
                          PyDateTime_GET_MONTH(o),
                          PyDateTime_GET_DAY(o),
                          PyDateTime_DATE_GET_HOUR(o),
                          PyDateTime_DATE_GET_MINUTE(o),
                          PyDateTime_DATE_GET_SECOND(o),
                          PyDateTime_DATE_GET_MICROSECOND(o)};
}

/* -- Making ---------------------------------------------------------------------------------- */

/* With `normalize`, seconds and microseconds may have any value that does not overflow an int. */
PyObject *dt_delta_new(int days, int seconds, int us, bool normalize, PyTypeObject *type);
/* `_new` makes an object without its class being asked; `_make` calls a subclass, which does not
 * learn of the fold. */
PyObject *dt_date_new(int year, int month, int day, PyTypeObject *type);
PyObject *dt_date_make(int year, int month, int day, PyObject *cls);
PyObject *dt_time_new(int hour, int minute, int second, int us, PyObject *tzinfo, int fold,
                      PyTypeObject *type);
PyObject *dt_datetime_new(const struct civil *c, PyObject *tzinfo, int fold, PyTypeObject *type);
PyObject *dt_datetime_make(const struct civil *c, PyObject *tzinfo, int fold, PyObject *cls);
PyObject *dt_timezone_new(PyObject *offset, PyObject *name);
/* The values of positional arguments that all are ints of one digit, as almost always; false (no
 * exception) if not. */
static inline bool dt_plain_ints(PyObject *const *args, Py_ssize_t nargs, int *values)
{
    for (Py_ssize_t i = 0; i < nargs; i++) {
        if (!PyLong_CheckExact(args[i]) || !int_is_compact(args[i]))
            return false;
        values[i] = (int)int_compact(args[i]);
    }
    return true;
}
/* tp_new with arguments from the stack. */
PyObject *dt_call_new(PyTypeObject *type, PyObject *const *args, Py_ssize_t nargs,
                      PyObject *kwnames);
/* What time.time() and time.struct_time((...)) return. */
PyObject *dt_time_time(void);
PyObject *dt_struct_time(const struct civil *c, int dst);
/* The attribute of module time. */
PyObject *dt_time_attribute(PyObject *name);
/* The bytes of a pickled state of `size` bytes whose byte `probe` is sane. NULL: the argument is no
   state, unless `bad` says that there is an exception. */
PyObject *dt_pickle_state(PyObject *arg, Py_ssize_t size, int probe, bool (*is_sane)(Py_UCS4),
                          const char *what, bool *bad);
/* (cls, state). STEALS state, which may be NULL. */
PyObject *dt_reduce(PyObject *self, PyObject *state);
/* Hash of the packed fields. */
static inline Py_hash_t dt_hash_bytes(const unsigned char *data, Py_ssize_t n)
{
    return _Py_HashBytes(data, n);
}

PyObject *dt_delta_from_us(__int128 us, PyTypeObject *type);
__int128 dt_delta_us(const PyDateTime_Delta *delta);
int dt_delta_cmp(const PyDateTime_Delta *a, const PyDateTime_Delta *b);
bool dt_delta_is_zero(PyObject *delta);
PyObject *dt_delta_minus(PyObject *a, PyObject *b);
PyObject *dt_delta_total_seconds(PyObject *self, PyObject *ignored);
extern PyNumberMethods dt_delta_number;

/* -- Zones ----------------------------------------------------------------------------------- */

bool dt_check_tzinfo(PyObject *tzinfo);
/* The zone's answer for a datetime or None: a timedelta of less than a day, or None. */
PyObject *dt_utcoffset(PyObject *tzinfo, PyObject *arg);
PyObject *dt_dst(PyObject *tzinfo, PyObject *arg);
PyObject *dt_tzname(PyObject *tzinfo, PyObject *arg);
/* datetime + sign * delta, of the same class and zone. */
PyObject *dt_datetime_add_delta(PyObject *datetime, PyObject *delta, int sign);
PyObject *dt_datetime_difference(PyObject *left, PyObject *right);
PyObject *dt_datetime_utcoffset(PyObject *self, PyObject *ignored);
PyObject *dt_datetime_hash_object(PyObject *self);
PyObject *dt_datetime_astimezone(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                                 PyObject *kwnames);
PyObject *dt_datetime_timestamp(PyObject *self, PyObject *ignored);
PyObject *dt_datetime_utctimetuple(PyObject *self, PyObject *ignored);
PyObject *dt_datetime_richcompare(PyObject *self, PyObject *other, int op);
PyObject *dt_datetime_add(PyObject *left, PyObject *right);
PyObject *dt_datetime_subtract(PyObject *left, PyObject *right);

/* Seconds since 0001-01-01 plus a day, as if in UTC; -1 with an exception. */
long long dt_utc_seconds(const struct civil *c);
/* The same for a local time, in UTC. */
long long dt_local_seconds(const struct civil *c, int fold);
#define DT_EPOCH_SECONDS (719163LL * SECONDS_A_DAY)
/* 0 or 1: the local time of `when` happens for the first or the second time; -1 with an exception.
 */
int dt_local_fold(long long when, const struct civil *c);
PyObject *dt_local_timezone(PyObject *utc);
PyObject *dt_local_timezone_from_local(PyObject *local);

/* -- Class methods and constructors of datetime (datetime_make.c) ------------------------------ */

extern char *dt_datetime_fields[]; /* the constructor's parameters */
PyObject *dt_datetime_type_new(PyTypeObject *type, PyObject *args, PyObject *kwargs);
PyObject *dt_datetime_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                 PyObject *kwnames);
PyObject *dt_datetime_now(PyObject *cls, PyObject *const *args, Py_ssize_t nargs,
                          PyObject *kwnames);
PyObject *dt_datetime_utcnow(PyObject *cls, PyObject *ignored);
PyObject *dt_datetime_fromtimestamp(PyObject *cls, PyObject *args, PyObject *kwargs);
PyObject *dt_datetime_utcfromtimestamp(PyObject *cls, PyObject *args);
PyObject *dt_datetime_strptime(PyObject *cls, PyObject *args);
PyObject *dt_datetime_combine(PyObject *cls, PyObject *const *args, Py_ssize_t nargs,
                              PyObject *kwnames);
PyObject *dt_date_fromtimestamp(PyObject *cls, PyObject *timestamp);
PyObject *dt_isocalendar_new(int year, int week, int weekday);

/* -- Text ------------------------------------------------------------------------------------ */

/* Longest text of an offset, "+HH:MM:SS.uuuuuu". */
#define OFFSET_TEXT 20
/* Write into p; the end. */
char *dt_put(char *p, int value, int digits);
char *dt_put_date(char *p, int year, int month, int day);
/* `spec` as isoformat() names it, NULL for "auto"; NULL with ValueError for another. */
char *dt_put_time(char *p, const struct civil *c, const char *spec);
/* The offset that the zone gives for arg, nothing for None; NULL with an exception. */
char *dt_put_offset(char *p, const char *separator, PyObject *tzinfo, PyObject *arg);
PyObject *dt_ctime(const struct civil *c);
/* strftime with %z, %Z and %f; the zone is asked about arg. */
PyObject *dt_strftime(PyObject *object, PyObject *format, PyObject *timetuple, PyObject *arg);
/* repr with the keywords tzinfo and fold before the closing parenthesis, in the order of
   the type. STEALS repr. */
PyObject *dt_repr_keywords(PyObject *repr, PyObject *tzinfo, int fold, bool fold_first);
/* object.__format__: str() or strftime(). */
PyObject *dt_format(PyObject *self, PyObject *args);

/* -1: malformed. The first `length` bytes of a NUL-terminated text. */
int dt_parse_date(const char *text, Py_ssize_t length, int *year, int *month, int *day);
PyObject *dt_date_fromisoformat(PyObject *cls, PyObject *text);
PyObject *dt_time_fromisoformat(PyObject *cls, PyObject *text);
PyObject *dt_datetime_fromisoformat(PyObject *cls, PyObject *text);

/* Method table rows; those of module _datetime have no text signature. */
#define METHOD(name, function, flags, doc)                                                         \
    {                                                                                              \
        name, (PyCFunction)(void (*)(void))(function), flags, doc                                  \
    }
#define KW (METH_FASTCALL | METH_KEYWORDS)

#endif
