/* SPDX-License-Identifier: MIT
 *
 * The type datetime, a subclass of date: its methods and the type object. Constructors are in
 * datetime_make.c, arithmetic, comparison and zones in datetime_ops.c.
 */
#include "dt.h"

#define FOLD PyDateTime_DATE_GET_FOLD

/* Set in the byte of the month of a pickled state whose fold is 1. */
#define FOLD_BIT 0x80

static void datetime_dealloc(PyDateTime_DateTime *self)
{
    if (self->hastzinfo)
        Py_XDECREF(self->tzinfo);
    Py_TYPE(self)->tp_free(self);
}

/* -- Zones ----------------------------------------------------------------------------------- */

PyObject *dt_datetime_utcoffset(PyObject *self, PyObject *ignored)
{
    return dt_utcoffset(dt_datetime_tzinfo(self), self);
}

static PyObject *datetime_dst(PyObject *self, PyObject *ignored)
{
    return dt_dst(dt_datetime_tzinfo(self), self);
}
static PyObject *datetime_tzname(PyObject *self, PyObject *ignored)
{
    return dt_tzname(dt_datetime_tzinfo(self), self);
}

/* -- Text ------------------------------------------------------------------------------------ */

static PyObject *datetime_repr(PyObject *self)
{
    struct civil c = dt_civil(self);
    char numbers[80];
    int n = sprintf(numbers, "%d, %d, %d, %d, %d", c.year, c.month, c.day, c.hour, c.minute);
    if (c.second || c.us)
        n += sprintf(numbers + n, ", %d", c.second);
    if (c.us)
        sprintf(numbers + n, ", %d", c.us);
    PyObject *repr = PyUnicode_FromFormat("%s(%s)", Py_TYPE(self)->tp_name, numbers);
    return dt_repr_keywords(repr, dt_datetime_tzinfo(self), FOLD(self), true);
}

static PyObject *datetime_format_iso(PyObject *self, int separator, const char *spec)
{
    char text[32 + OFFSET_TEXT], *time = text + 11;
    struct civil c = dt_civil(self);
    dt_put_date(text, c.year, c.month, c.day);
    text[10] = (char)separator;
    char *end = dt_put_time(time, &c, spec);
    if (end)
        end = dt_put_offset(end, ":", dt_datetime_tzinfo(self), self);
    if (!end)
        return NULL;
    if (separator < 128)
        return PyUnicode_FromStringAndSize(text, end - text);
    *end = text[10] = '\0';
    return PyUnicode_FromFormat("%s%c%s", text, separator, time);
}

static PyObject *datetime_isoformat(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                                    PyObject *kwnames)
{
    ARGS("|Cs:isoformat", "sep", "timespec");
    int separator = 'T';
    const char *spec = NULL;
    if ((nargs || kwnames) && !PARSE(&separator, &spec))
        return NULL;
    return datetime_format_iso(self, separator, spec);
}

static PyObject *datetime_str(PyObject *self)
{
    if (Py_IS_TYPE(self, &dt_datetime_type))
        return datetime_format_iso(self, ' ', NULL);
    return PyObject_CallMethodOneArg(self, ID2(isoformat), latin1_char(' '));
}

static PyObject *datetime_ctime(PyObject *self, PyObject *ignored)
{
    struct civil c = dt_civil(self);
    return dt_ctime(&c);
}

/* -- Parts ----------------------------------------------------------------------------------- */

static PyObject *datetime_date(PyObject *self, PyObject *ignored)
{
    return dt_date_new(PyDateTime_GET_YEAR(self), PyDateTime_GET_MONTH(self),
                       PyDateTime_GET_DAY(self), &dt_date_type);
}

static PyObject *time_part(PyObject *self, PyObject *tzinfo)
{
    struct civil c = dt_civil(self);
    return dt_time_new(c.hour, c.minute, c.second, c.us, tzinfo, FOLD(self), &dt_time_type);
}

static PyObject *datetime_time(PyObject *self, PyObject *ignored)
{
    return time_part(self, Py_None);
}
static PyObject *datetime_timetz(PyObject *self, PyObject *ignored)
{
    return time_part(self, dt_datetime_tzinfo(self));
}

static PyObject *datetime_timetuple(PyObject *self, PyObject *ignored)
{
    struct civil c = dt_civil(self);
    int flag = -1;
    PyObject *dst = datetime_dst(self, NULL);
    if (!dst)
        return NULL;
    if (dst != Py_None)
        flag = !dt_delta_is_zero(dst);
    Py_DECREF(dst);
    return dt_struct_time(&c, flag);
}

static PyObject *datetime_replace(PyObject *self, PyObject *args, PyObject *kwargs)
{
    struct civil c = dt_civil(self);
    PyObject *tzinfo = dt_datetime_tzinfo(self);
    int fold = FOLD(self);
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|iiiiiiiO$i:replace", dt_datetime_fields,
                                     &c.year, &c.month, &c.day, &c.hour, &c.minute, &c.second,
                                     &c.us, &tzinfo, &fold))
        return NULL;
    if (fold != 0 && fold != 1) {
        PyErr_SetString(PyExc_ValueError, "fold must be either 0 or 1");
        return NULL;
    }
    return dt_datetime_new(&c, tzinfo, fold, Py_TYPE(self));
}

/* -- Pickling -------------------------------------------------------------------------------- */

static PyObject *datetime_state(PyObject *self, int protocol)
{
    PyObject *state =
        PyBytes_FromStringAndSize((char *)AS_DATETIME(self)->data, _PyDateTime_DATETIME_DATASIZE);
    PyObject *tzinfo = dt_datetime_tzinfo(self);
    if (!state)
        return NULL;
    if (protocol > 3 && FOLD(self))
        PyBytes_AS_STRING(state)[2] |= (char)FOLD_BIT;
    PyObject *res = tzinfo == Py_None ? PyTuple_Pack(1, state) : PyTuple_Pack(2, state, tzinfo);
    Py_DECREF(state);
    return res;
}

static PyObject *datetime_reduce_ex(PyObject *self, PyObject *args)
{
    int protocol;
    if (!PyArg_ParseTuple(args, "i:__reduce_ex__", &protocol))
        return NULL;
    return dt_reduce(self, datetime_state(self, protocol));
}

static PyObject *datetime_reduce(PyObject *self, PyObject *ignored)
{
    return dt_reduce(self, datetime_state(self, 2));
}

/* -- The type -------------------------------------------------------------------------------- */

#define FIELD(name, NAME)                                                                          \
    static PyObject *datetime_##name(PyObject *self, void *ignored)                                \
    {                                                                                              \
        return PyLong_FromLong(PyDateTime_DATE_GET_##NAME(self));                                  \
    }
FIELD(hour, HOUR)
FIELD(minute, MINUTE)
FIELD(second, SECOND)
FIELD(microsecond, MICROSECOND)
FIELD(fold, FOLD)
static PyObject *datetime_tzinfo(PyObject *self, void *ignored)
{
    return Py_NewRef(dt_datetime_tzinfo(self));
}

static PyMethodDef datetime_methods[] = {
    METHOD("now", dt_datetime_now, KW | METH_CLASS,
           "now($type, /, tz=None)\n--\n\nThe current time in the zone tz, or local time without a "
           "zone."),
    METHOD("utcnow", dt_datetime_utcnow, METH_NOARGS | METH_CLASS,
           "The current time in UTC, without a zone."),
    METHOD("fromtimestamp", dt_datetime_fromtimestamp, METH_VARARGS | METH_KEYWORDS | METH_CLASS,
           "timestamp[, tz] -> the time of a POSIX timestamp in tz, or local time."),
    METHOD("utcfromtimestamp", dt_datetime_utcfromtimestamp, METH_VARARGS | METH_CLASS,
           "The time of a POSIX timestamp in UTC, without a zone."),
    METHOD("strptime", dt_datetime_strptime, METH_VARARGS | METH_CLASS,
           "string, format -> the time that a text names, in a format of time.strptime()."),
    METHOD("combine", dt_datetime_combine, KW | METH_CLASS,
           "date, time -> a datetime with the fields of both."),
    METHOD("fromisoformat", dt_datetime_fromisoformat, METH_O | METH_CLASS,
           "The time that a text in one of the formats of ISO 8601 names."),
    METHOD("date", datetime_date, METH_NOARGS, "The date."),
    METHOD("time", datetime_time, METH_NOARGS, "The time of day, without a zone."),
    METHOD("timetz", datetime_timetz, METH_NOARGS, "The time of day with the same zone."),
    METHOD("ctime", datetime_ctime, METH_NOARGS, "Text in the style of ctime()."),
    METHOD("timetuple", datetime_timetuple, METH_NOARGS,
           "A struct_time, as from time.localtime()."),
    METHOD("timestamp", dt_datetime_timestamp, METH_NOARGS, "The POSIX timestamp, a float."),
    METHOD("utctimetuple", dt_datetime_utctimetuple, METH_NOARGS, "A struct_time in UTC."),
    METHOD("isoformat", datetime_isoformat, KW,
           "[sep] -> text in ISO 8601 format, YYYY-MM-DDT[HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].\n"
           "sep stands between date and time instead of 'T'; timespec says how much of the time is "
           "shown: 'auto',\n"
           "'hours', 'minutes', 'seconds', 'milliseconds' or 'microseconds'."),
    METHOD("utcoffset", dt_datetime_utcoffset, METH_NOARGS, "tzinfo.utcoffset(self), or None."),
    METHOD("tzname", datetime_tzname, METH_NOARGS, "tzinfo.tzname(self), or None."),
    METHOD("dst", datetime_dst, METH_NOARGS, "tzinfo.dst(self), or None."),
    METHOD("replace", datetime_replace, METH_VARARGS | METH_KEYWORDS,
           "A datetime with some fields changed."),
    METHOD("astimezone", dt_datetime_astimezone, KW,
           "tz -> the same moment in another zone, or in local time.\n"),
    METHOD("__reduce_ex__", datetime_reduce_ex, METH_VARARGS,
           "__reduce_ex__(proto) -> (cls, state)"),
    METHOD("__reduce__", datetime_reduce, METH_NOARGS, "__reduce__() -> (cls, state)"),
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef datetime_getset[] = {
    {"hour", datetime_hour, NULL, NULL, NULL},
    {"minute", datetime_minute, NULL, NULL, NULL},
    {"second", datetime_second, NULL, NULL, NULL},
    {"microsecond", datetime_microsecond, NULL, NULL, NULL},
    {"tzinfo", datetime_tzinfo, NULL, NULL, NULL},
    {"fold", datetime_fold, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyNumberMethods datetime_number = {.nb_add = dt_datetime_add,
                                          .nb_subtract = dt_datetime_subtract};

static PyObject *datetime_alloc(PyTypeObject *type, Py_ssize_t aware)
{
    size_t size = aware ? sizeof(PyDateTime_DateTime) : sizeof(_PyDateTime_BaseDateTime);
    PyObject *self = PyObject_Malloc(size);
    return self ? PyObject_Init(self, type) : PyErr_NoMemory();
}

static Py_hash_t datetime_hash(PyObject *self)
{
    PyDateTime_DateTime *dt = AS_DATETIME(self);
    if (dt->hashcode == -1) {
        PyObject *key = dt_datetime_hash_object(self);
        if (!key)
            return -1;
        dt->hashcode = key == Py_None ? dt_hash_bytes(dt->data, _PyDateTime_DATETIME_DATASIZE)
                                      : PyObject_Hash(key);
        Py_DECREF(key);
    }
    return dt->hashcode;
}

PyTypeObject dt_datetime_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "datetime.datetime",
    .tp_doc =
        "datetime(year, month, day[, hour[, minute[, second[, microsecond[,tzinfo]]]]])\n\n"
        "tzinfo is None or an instance of a subclass of tzinfo; the other arguments are ints.\n",
    .tp_basicsize = sizeof(PyDateTime_DateTime),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_base = &dt_date_type,
    .tp_alloc = datetime_alloc,
    .tp_new = dt_datetime_type_new,
    .tp_vectorcall = dt_datetime_vectorcall,
    .tp_dealloc = (destructor)datetime_dealloc,
    .tp_repr = datetime_repr,
    .tp_str = datetime_str,
    .tp_hash = datetime_hash,
    .tp_richcompare = dt_datetime_richcompare,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_as_number = &datetime_number,
    .tp_methods = datetime_methods,
    .tp_getset = datetime_getset,
};
