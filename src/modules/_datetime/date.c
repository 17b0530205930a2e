/* SPDX-License-Identifier: MIT
 *
 * The type date. Year, month and day lie packed in four bytes, so that comparison is one memcmp.
 *
 * Methods that make another date follow CPython: arithmetic and class methods call the subclass,
 * replace() does not.
 */
#include "dt.h"
#include "objects/contain.h"

extern EXPORT PyObject *_PyStack_AsDict(PyObject *const *values, PyObject *kwnames);

#define YEAR PyDateTime_GET_YEAR
#define MONTH PyDateTime_GET_MONTH
#define DAY PyDateTime_GET_DAY
#define AS_DATE(o) ((PyDateTime_Date *)(o))

/* -- Making ---------------------------------------------------------------------------------- */

PyObject *dt_date_new(int year, int month, int day, PyTypeObject *type)
{
    if (!dt_check_date(year, month, day))
        return NULL;
    PyDateTime_Date *self = (PyDateTime_Date *)type->tp_alloc(type, 0);
    if (self) {
        self->hashcode = -1;
        self->data[0] = (unsigned char)(year >> 8);
        self->data[1] = (unsigned char)year;
        self->data[2] = (unsigned char)month;
        self->data[3] = (unsigned char)day;
    }
    return (PyObject *)self;
}

PyObject *dt_date_make(int year, int month, int day, PyObject *cls)
{
    if (cls == (PyObject *)&dt_date_type)
        return dt_date_new(year, month, day, &dt_date_type);
    if (cls == (PyObject *)&dt_datetime_type) {
        struct civil c = {.year = year, .month = month, .day = day};
        return dt_datetime_new(&c, Py_None, 0, &dt_datetime_type);
    }
    return PyObject_CallFunction(cls, "iii", year, month, day);
}

static bool date_state_is_sane(Py_UCS4 month) { return month - 1u < 12; }

/* The state of a pickle in bytes, or in the string that Python 2 pickles decode to. */
PyObject *dt_pickle_state(PyObject *arg, Py_ssize_t size, int probe, bool (*is_sane)(Py_UCS4),
                          const char *what, bool *bad)
{
    *bad = false;
    if (PyBytes_Check(arg)) {
        bool fits =
            PyBytes_GET_SIZE(arg) == size && is_sane((unsigned char)PyBytes_AS_STRING(arg)[probe]);
        return fits ? Py_NewRef(arg) : NULL;
    }
    if (!PyUnicode_Check(arg))
        return NULL;
    if (PyUnicode_READY(arg) < 0) {
        *bad = true;
        return NULL;
    }
    if (PyUnicode_GET_LENGTH(arg) != size || !is_sane(PyUnicode_READ_CHAR(arg, probe)))
        return NULL;
    PyObject *state = PyUnicode_AsLatin1String(arg);
    if (!state) {
        *bad = true;
        if (PyErr_ExceptionMatches(PyExc_UnicodeEncodeError))
            PyErr_Format(PyExc_ValueError,
                         "Failed to encode latin1 string when unpickling a %s object. "
                         "pickle.load(data, encoding='latin1') is assumed.",
                         what);
    }
    return state;
}

static PyObject *date_from_state(PyTypeObject *type, PyObject *state)
{
    PyDateTime_Date *self = (PyDateTime_Date *)type->tp_alloc(type, 0);
    if (self) {
        memcpy(self->data, PyBytes_AS_STRING(state), _PyDateTime_DATE_DATASIZE);
        self->hashcode = -1;
    }
    Py_DECREF(state);
    return (PyObject *)self;
}

static char *date_fields[] = {"year", "month", "day", NULL};

static PyObject *date_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    int year, month, day;
    if (PyTuple_GET_SIZE(args) == 1) {
        bool bad;
        PyObject *state = dt_pickle_state(PyTuple_GET_ITEM(args, 0), _PyDateTime_DATE_DATASIZE, 2,
                                          date_state_is_sane, "date", &bad);
        if (state || bad)
            return state ? date_from_state(type, state) : NULL;
    }
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "iii", date_fields, &year, &month, &day))
        return NULL;
    return dt_date_new(year, month, day, type);
}

/* tp_new with arguments from the stack. */
PyObject *dt_call_new(PyTypeObject *type, PyObject *const *args, Py_ssize_t nargs,
                      PyObject *kwnames)
{
    PyObject *tuple = _PyTuple_FromArray(args, nargs), *kwargs = NULL, *self = NULL;
    if (tuple && kwnames)
        kwargs = _PyStack_AsDict(args + nargs, kwnames);
    if (tuple && (kwargs || !kwnames))
        self = type->tp_new(type, tuple, kwargs);
    Py_XDECREF(kwargs);
    Py_XDECREF(tuple);
    return self;
}

static PyObject *date_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                 PyObject *kwnames)
{
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    int plain[3];
    if (nargs == 3 && !kwnames && dt_plain_ints(args, 3, plain))
        return dt_date_new(plain[0], plain[1], plain[2], &dt_date_type);
    return dt_call_new((PyTypeObject *)type, args, nargs, kwnames);
}

/* -- Class methods --------------------------------------------------------------------------- */

static PyObject *date_fromtimestamp(PyObject *cls, PyObject *timestamp)
{
    time_t when;
    struct tm tm;
    if (_PyTime_ObjectToTime_t(timestamp, &when, _PyTime_ROUND_FLOOR) < 0 ||
        _PyTime_localtime(when, &tm) < 0)
        return NULL;
    return dt_date_make(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, cls);
}

PyObject *dt_date_fromtimestamp(PyObject *cls, PyObject *args)
{
    PyObject *timestamp;
    return PyArg_UnpackTuple(args, "fromtimestamp", 1, 1, &timestamp)
               ? date_fromtimestamp(cls, timestamp)
               : NULL;
}

/* Through the method of the class, which a subclass may have overridden. */
static PyObject *date_today(PyObject *cls, PyObject *ignored)
{
    PyObject *now = dt_time_time();
    if (!now)
        return NULL;
    PyObject *today = PyObject_CallMethodOneArg(cls, ID2(fromtimestamp), now);
    Py_DECREF(now);
    return today;
}

static PyObject *date_fromordinal(PyObject *cls, PyObject *args)
{
    int ordinal, year, month, day;
    if (!PyArg_ParseTuple(args, "i:fromordinal", &ordinal))
        return NULL;
    if (ordinal < 1) {
        PyErr_SetString(PyExc_ValueError, "ordinal must be >= 1");
        return NULL;
    }
    dt_ord_to_ymd(ordinal, &year, &month, &day);
    return dt_date_make(year, month, day, cls);
}

/* The words of the errors are those of the first part that is out of range. */
static PyObject *date_fromisocalendar(PyObject *cls, PyObject *const *args, Py_ssize_t nargs,
                                      PyObject *kwnames)
{
    ARGS("iii:fromisocalendar", "year", "week", "day");
    int iso_year, week, weekday, year, month, day;
    if (!PARSE(&iso_year, &week, &weekday)) {
        if (PyErr_ExceptionMatches(PyExc_OverflowError))
            PyErr_SetString(PyExc_ValueError, "ISO calendar component out of range");
        return NULL;
    }
    switch (dt_iso_to_ymd(iso_year, week, weekday, &year, &month, &day)) {
    case 0:
        return dt_date_make(year, month, day, cls);
    case -4:
        return PyErr_Format(PyExc_ValueError, "Year is out of range: %d", iso_year);
    case -2:
        return PyErr_Format(PyExc_ValueError, "Invalid week: %d", week);
    default:
        return PyErr_Format(PyExc_ValueError, "Invalid day: %d (range is [1, 7])", weekday);
    }
}

/* -- Arithmetic ------------------------------------------------------------------------------ */

static PyObject *date_add_delta(PyObject *date, PyObject *delta, int sign)
{
    int year = YEAR(date), month = MONTH(date), day = DAY(date) + sign * AS_DELTA(delta)->days;
    if (!dt_normalize_date(&year, &month, &day))
        return NULL;
    return dt_date_make(year, month, day, (PyObject *)Py_TYPE(date));
}

static PyObject *date_add(PyObject *left, PyObject *right)
{
    if (IS_DATETIME(left) || IS_DATETIME(right))
        Py_RETURN_NOTIMPLEMENTED;
    if (IS_DATE(left) && IS_DELTA(right))
        return date_add_delta(left, right, 1);
    if (IS_DELTA(left) && IS_DATE(right))
        return date_add_delta(right, left, 1);
    Py_RETURN_NOTIMPLEMENTED;
}

static int date_ordinal(PyObject *date)
{
    return dt_ymd_to_ord(YEAR(date), MONTH(date), DAY(date));
}

static PyObject *date_subtract(PyObject *left, PyObject *right)
{
    if (IS_DATETIME(left) || IS_DATETIME(right) || !IS_DATE(left))
        Py_RETURN_NOTIMPLEMENTED;
    if (IS_DATE(right))
        return dt_delta_new(date_ordinal(left) - date_ordinal(right), 0, 0, false, &dt_delta_type);
    if (IS_DELTA(right))
        return date_add_delta(left, right, -1);
    Py_RETURN_NOTIMPLEMENTED;
}

static PyObject *date_richcompare(PyObject *self, PyObject *other, int op)
{
    if (!IS_DATE(other))
        Py_RETURN_NOTIMPLEMENTED;
    int diff = memcmp(AS_DATE(self)->data, AS_DATE(other)->data, _PyDateTime_DATE_DATASIZE);
    Py_RETURN_RICHCOMPARE(diff, 0, op);
}

static Py_hash_t date_hash(PyDateTime_Date *self)
{
    if (self->hashcode == -1)
        self->hashcode = dt_hash_bytes(self->data, _PyDateTime_DATE_DATASIZE);
    return self->hashcode;
}

/* -- Text ------------------------------------------------------------------------------------ */

static PyObject *date_repr(PyObject *self)
{
    return PyUnicode_FromFormat("%s(%d, %d, %d)", Py_TYPE(self)->tp_name, YEAR(self), MONTH(self),
                                DAY(self));
}

static PyObject *date_isoformat(PyObject *self, PyObject *ignored)
{
    char text[10];
    dt_put_date(text, YEAR(self), MONTH(self), DAY(self));
    return PyUnicode_FromStringAndSize(text, sizeof text);
}

static PyObject *date_str(PyObject *self)
{
    return Py_IS_TYPE(self, &dt_date_type) ? date_isoformat(self, NULL)
                                           : PyObject_CallMethodNoArgs(self, ID2(isoformat));
}

static struct civil date_civil(PyObject *self)
{
    return (struct civil){.year = YEAR(self), .month = MONTH(self), .day = DAY(self)};
}

static PyObject *date_ctime(PyObject *self, PyObject *ignored)
{
    struct civil c = date_civil(self);
    return dt_ctime(&c);
}

static PyObject *date_timetuple(PyObject *self, PyObject *ignored)
{
    struct civil c = date_civil(self);
    return dt_struct_time(&c, -1);
}

static PyObject *date_strftime(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                               PyObject *kwnames)
{
    ARGS("U:strftime", "format");
    PyObject *format;
    if (!PARSE(&format))
        return NULL;
    PyObject *tuple = PyObject_CallMethodNoArgs(self, ID2(timetuple));
    if (!tuple)
        return NULL;
    PyObject *res = dt_strftime(self, format, tuple, self);
    Py_DECREF(tuple);
    return res;
}

PyObject *dt_format(PyObject *self, PyObject *args)
{
    PyObject *format;
    if (!PyArg_ParseTuple(args, "U:__format__", &format))
        return NULL;
    if (PyUnicode_GetLength(format) == 0)
        return PyObject_Str(self);
    return PyObject_CallMethodOneArg(self, ID2(strftime), format);
}

/* -- Other methods --------------------------------------------------------------------------- */

static PyObject *date_weekday(PyObject *self, PyObject *ignored)
{
    return PyLong_FromLong(dt_weekday(YEAR(self), MONTH(self), DAY(self)));
}

static PyObject *date_isoweekday(PyObject *self, PyObject *ignored)
{
    return PyLong_FromLong(dt_weekday(YEAR(self), MONTH(self), DAY(self)) + 1);
}

static PyObject *date_toordinal(PyObject *self, PyObject *ignored)
{
    return PyLong_FromLong(date_ordinal(self));
}

static PyObject *date_isocalendar(PyObject *self, PyObject *ignored)
{
    int year, week, weekday;
    dt_iso_calendar(YEAR(self), MONTH(self), DAY(self), &year, &week, &weekday);
    return dt_isocalendar_new(year, week, weekday);
}

static PyObject *date_replace(PyObject *self, PyObject *args, PyObject *kwargs)
{
    int year = YEAR(self), month = MONTH(self), day = DAY(self);
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|iii:replace", date_fields, &year, &month,
                                     &day))
        return NULL;
    return dt_date_new(year, month, day, Py_TYPE(self));
}

/* (cls, state). STEALS state, which may be NULL. */
PyObject *dt_reduce(PyObject *self, PyObject *state)
{
    PyObject *res = state ? PyTuple_Pack(2, Py_TYPE(self), state) : NULL;
    Py_XDECREF(state);
    return res;
}

static PyObject *date_reduce(PyObject *self, PyObject *ignored)
{
    return dt_reduce(
        self, Py_BuildValue("(y#)", AS_DATE(self)->data, (Py_ssize_t)_PyDateTime_DATE_DATASIZE));
}

static PyObject *date_year(PyObject *self, void *ignored) { return PyLong_FromLong(YEAR(self)); }
static PyObject *date_month(PyObject *self, void *ignored) { return PyLong_FromLong(MONTH(self)); }
static PyObject *date_day(PyObject *self, void *ignored) { return PyLong_FromLong(DAY(self)); }

static PyMethodDef date_methods[] = {
    METHOD("fromtimestamp", date_fromtimestamp, METH_O | METH_CLASS,
           "fromtimestamp($type, timestamp, /)\n--\n\nThe local date at a POSIX timestamp."),
    METHOD("fromordinal", date_fromordinal, METH_VARARGS | METH_CLASS,
           "The date with a proleptic Gregorian ordinal."),
    METHOD("fromisoformat", dt_date_fromisoformat, METH_O | METH_CLASS,
           "The date that a text in ISO 8601 format names."),
    METHOD("fromisocalendar", date_fromisocalendar, KW | METH_CLASS,
           "The date of an ISO year, week and weekday, the inverse of isocalendar()."),
    METHOD("today", date_today, METH_NOARGS | METH_CLASS,
           "The local date, as fromtimestamp(time.time()) gives it."),
    METHOD("ctime", date_ctime, METH_NOARGS, "Text in the style of ctime()."),
    METHOD("strftime", date_strftime, KW, "Text in a format of strftime()."),
    METHOD("__format__", dt_format, METH_VARARGS, "strftime() with the format, or str() without."),
    METHOD("timetuple", date_timetuple, METH_NOARGS, "A struct_time, as from time.localtime()."),
    METHOD("isocalendar", date_isocalendar, METH_NOARGS,
           "ISO year, week number and weekday, a named tuple."),
    METHOD("isoformat", date_isoformat, METH_NOARGS, "The date as text: YYYY-MM-DD."),
    METHOD("isoweekday", date_isoweekday, METH_NOARGS,
           "The day of the week, Monday 1 to Sunday 7."),
    METHOD("toordinal", date_toordinal, METH_NOARGS,
           "The proleptic Gregorian ordinal: 1 is the first day of year 1."),
    METHOD("weekday", date_weekday, METH_NOARGS, "The day of the week, Monday 0 to Sunday 6."),
    METHOD("replace", date_replace, METH_VARARGS | METH_KEYWORDS,
           "A date with some fields changed."),
    METHOD("__reduce__", date_reduce, METH_NOARGS, "__reduce__() -> (cls, state)"),
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef date_getset[] = {
    {"year", date_year, NULL, NULL, NULL},
    {"month", date_month, NULL, NULL, NULL},
    {"day", date_day, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyNumberMethods date_number = {.nb_add = date_add, .nb_subtract = date_subtract};

PyTypeObject dt_date_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "datetime.date",
    .tp_doc = "date(year, month, day) --> date object",
    .tp_basicsize = sizeof(PyDateTime_Date),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_new = date_new,
    .tp_vectorcall = date_vectorcall,
    .tp_repr = date_repr,
    .tp_str = date_str,
    .tp_hash = (hashfunc)date_hash,
    .tp_richcompare = date_richcompare,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_as_number = &date_number,
    .tp_methods = date_methods,
    .tp_getset = date_getset,
};
