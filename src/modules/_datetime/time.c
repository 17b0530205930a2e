/* SPDX-License-Identifier: MIT
 *
 * The type time: a time of day, perhaps with a zone. Objects without one are allocated without the
 * field (D2); the fields lie packed in six bytes, so that times of one zone compare with one
 * memcmp.
 */
#include "dt.h"

#define HOUR PyDateTime_TIME_GET_HOUR
#define MINUTE PyDateTime_TIME_GET_MINUTE
#define SECOND PyDateTime_TIME_GET_SECOND
#define MICROSECOND PyDateTime_TIME_GET_MICROSECOND
#define FOLD PyDateTime_TIME_GET_FOLD

/* Set in the first byte of a pickled state whose fold is 1. */
#define FOLD_BIT 0x80

/* -- Making ---------------------------------------------------------------------------------- */

static PyObject *time_alloc(PyTypeObject *type, Py_ssize_t aware)
{
    size_t size = aware ? sizeof(PyDateTime_Time) : sizeof(_PyDateTime_BaseTime);
    PyObject *self = PyObject_Malloc(size);
    return self ? PyObject_Init(self, type) : PyErr_NoMemory();
}

/* The zone and the rest of a new object, whose packed fields are still missing. */
static PyObject *time_create(PyTypeObject *type, PyObject *tzinfo, int fold)
{
    bool aware = tzinfo != Py_None;
    PyDateTime_Time *self = (PyDateTime_Time *)type->tp_alloc(type, aware);
    if (self) {
        self->hashcode = -1;
        self->hastzinfo = aware;
        self->fold = (unsigned char)fold;
        if (aware)
            self->tzinfo = Py_NewRef(tzinfo);
    }
    return (PyObject *)self;
}

PyObject *dt_time_new(int hour, int minute, int second, int us, PyObject *tzinfo, int fold,
                      PyTypeObject *type)
{
    if (!dt_check_time(hour, minute, second, us, fold) || !dt_check_tzinfo(tzinfo))
        return NULL;
    PyObject *self = time_create(type, tzinfo, fold);
    if (self) {
        unsigned char *data = AS_TIME(self)->data;
        data[0] = (unsigned char)hour;
        data[1] = (unsigned char)minute;
        data[2] = (unsigned char)second;
        data[3] = (unsigned char)(us >> 16);
        data[4] = (unsigned char)(us >> 8);
        data[5] = (unsigned char)us;
    }
    return self;
}

static bool time_state_is_sane(Py_UCS4 hour) { return (hour & 0x7f) < 24; }

static PyObject *time_from_state(PyTypeObject *type, PyObject *state, PyObject *tzinfo)
{
    PyObject *self = NULL;
    if (tzinfo != Py_None && !IS_TZINFO(tzinfo))
        PyErr_SetString(PyExc_TypeError, "bad tzinfo state arg");
    else if ((self = time_create(type, tzinfo, 0))) {
        memcpy(AS_TIME(self)->data, PyBytes_AS_STRING(state), _PyDateTime_TIME_DATASIZE);
        AS_TIME(self)->fold = (AS_TIME(self)->data[0] & FOLD_BIT) != 0;
        AS_TIME(self)->data[0] &= (unsigned char)~FOLD_BIT;
    }
    Py_DECREF(state);
    return self;
}

static char *time_fields[] = {"hour", "minute", "second", "microsecond", "tzinfo", "fold", NULL};

static PyObject *time_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    int hour = 0, minute = 0, second = 0, us = 0, fold = 0;
    PyObject *tzinfo = Py_None;
    Py_ssize_t nargs = PyTuple_GET_SIZE(args);
    if (nargs == 1 || nargs == 2) {
        bool bad;
        PyObject *state = dt_pickle_state(PyTuple_GET_ITEM(args, 0), _PyDateTime_TIME_DATASIZE, 0,
                                          time_state_is_sane, "time", &bad);
        if (bad)
            return NULL;
        if (state)
            return time_from_state(type, state, nargs == 2 ? PyTuple_GET_ITEM(args, 1) : Py_None);
    }
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|iiiiO$i", time_fields, &hour, &minute, &second,
                                     &us, &tzinfo, &fold))
        return NULL;
    return dt_time_new(hour, minute, second, us, tzinfo, fold, type);
}

static PyObject *time_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                 PyObject *kwnames)
{
    Py_ssize_t nargs = PyVectorcall_NARGS(nargsf);
    int plain[4] = {0};
    if (nargs <= 4 && !kwnames && dt_plain_ints(args, nargs, plain))
        return dt_time_new(plain[0], plain[1], plain[2], plain[3], Py_None, 0, &dt_time_type);
    return dt_call_new((PyTypeObject *)type, args, nargs, kwnames);
}

static void time_dealloc(PyDateTime_Time *self)
{
    if (self->hastzinfo)
        Py_XDECREF(self->tzinfo);
    Py_TYPE(self)->tp_free(self);
}

/* -- Comparison and hash --------------------------------------------------------------------- */

static PyObject *time_utcoffset(PyObject *self, PyObject *ignored)
{
    return dt_utcoffset(dt_time_tzinfo(self), Py_None);
}

static PyObject *time_dst(PyObject *self, PyObject *ignored)
{
    return dt_dst(dt_time_tzinfo(self), Py_None);
}
static PyObject *time_tzname(PyObject *self, PyObject *ignored)
{
    return dt_tzname(dt_time_tzinfo(self), Py_None);
}

static int seconds_of_day(PyObject *time)
{
    return HOUR(time) * 3600 + MINUTE(time) * 60 + SECOND(time);
}

static int delta_seconds(PyObject *delta)
{
    return AS_DELTA(delta)->days * SECONDS_A_DAY + AS_DELTA(delta)->seconds;
}

static PyObject *time_compare_aware(PyObject *self, PyObject *other, PyObject *a, PyObject *b,
                                    int op)
{
    int diff;
    if (a == b || (a != Py_None && b != Py_None && dt_delta_cmp(AS_DELTA(a), AS_DELTA(b)) == 0))
        diff = memcmp(AS_TIME(self)->data, AS_TIME(other)->data, _PyDateTime_TIME_DATASIZE);
    else if (a != Py_None && b != Py_None) {
        diff = seconds_of_day(self) - delta_seconds(a) - (seconds_of_day(other) - delta_seconds(b));
        if (!diff)
            diff = MICROSECOND(self) - MICROSECOND(other);
    } else if (op == Py_EQ || op == Py_NE)
        return PyBool_FromLong(op == Py_NE);
    else {
        PyErr_SetString(PyExc_TypeError, "can't compare offset-naive and offset-aware times");
        return NULL;
    }
    Py_RETURN_RICHCOMPARE(diff, 0, op);
}

static PyObject *time_richcompare(PyObject *self, PyObject *other, int op)
{
    if (!IS_TIME(other))
        Py_RETURN_NOTIMPLEMENTED;
    if (dt_time_tzinfo(self) == dt_time_tzinfo(other)) {
        int diff = memcmp(AS_TIME(self)->data, AS_TIME(other)->data, _PyDateTime_TIME_DATASIZE);
        Py_RETURN_RICHCOMPARE(diff, 0, op);
    }
    PyObject *a = time_utcoffset(self, NULL), *res = NULL;
    PyObject *b = a ? time_utcoffset(other, NULL) : NULL;
    if (b)
        res = time_compare_aware(self, other, a, b, op);
    Py_XDECREF(a);
    Py_XDECREF(b);
    return res;
}

/* Equal times have equal hashes: the time in UTC, as a duration. The fold does not count. */
static Py_hash_t time_hash(PyDateTime_Time *self)
{
    PyObject *o = (PyObject *)self;
    if (self->hashcode != -1)
        return self->hashcode;
    PyObject *offset = time_utcoffset(o, NULL);
    if (!offset)
        return -1;
    if (offset == Py_None)
        self->hashcode = dt_hash_bytes(self->data, _PyDateTime_TIME_DATASIZE);
    else {
        PyObject *time = dt_delta_new(0, seconds_of_day(o), MICROSECOND(o), true, &dt_delta_type);
        PyObject *utc = time ? dt_delta_minus(time, offset) : NULL;
        if (utc)
            self->hashcode = PyObject_Hash(utc);
        Py_XDECREF(utc);
        Py_XDECREF(time);
    }
    Py_DECREF(offset);
    return self->hashcode;
}

/* -- Text ------------------------------------------------------------------------------------ */

static PyObject *time_repr(PyObject *self)
{
    const char *name = Py_TYPE(self)->tp_name;
    int hour = HOUR(self), minute = MINUTE(self), second = SECOND(self), us = MICROSECOND(self);
    PyObject *repr;
    if (us)
        repr = PyUnicode_FromFormat("%s(%d, %d, %d, %d)", name, hour, minute, second, us);
    else if (second)
        repr = PyUnicode_FromFormat("%s(%d, %d, %d)", name, hour, minute, second);
    else
        repr = PyUnicode_FromFormat("%s(%d, %d)", name, hour, minute);
    return dt_repr_keywords(repr, dt_time_tzinfo(self), FOLD(self), false);
}

static PyObject *time_format_iso(PyObject *self, const char *spec)
{
    char text[16 + OFFSET_TEXT];
    struct civil c = {0, 0, 0, HOUR(self), MINUTE(self), SECOND(self), MICROSECOND(self)};
    char *end = dt_put_time(text, &c, spec);
    if (end)
        end = dt_put_offset(end, ":", dt_time_tzinfo(self), Py_None);
    return end ? PyUnicode_FromStringAndSize(text, end - text) : NULL;
}

static PyObject *time_isoformat(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                                PyObject *kwnames)
{
    ARGS("|s:isoformat", "timespec");
    const char *spec = NULL;
    return PARSE(&spec) ? time_format_iso(self, spec) : NULL;
}

static PyObject *time_str(PyObject *self)
{
    return Py_IS_TYPE(self, &dt_time_type) ? time_format_iso(self, NULL)
                                           : PyObject_CallMethodNoArgs(self, ID2(isoformat));
}

static PyObject *time_strftime(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                               PyObject *kwnames)
{
    ARGS("U:strftime", "format");
    PyObject *format;
    if (!PARSE(&format))
        return NULL;
    /* 1900 is the first year that every C library formats */
    PyObject *tuple =
        Py_BuildValue("iiiiiiiii", 1900, 1, 1, HOUR(self), MINUTE(self), SECOND(self), 0, 1, -1);
    if (!tuple)
        return NULL;
    PyObject *res = dt_strftime(self, format, tuple, Py_None);
    Py_DECREF(tuple);
    return res;
}

/* -- Other methods --------------------------------------------------------------------------- */

static PyObject *time_replace(PyObject *self, PyObject *args, PyObject *kwargs)
{
    int hour = HOUR(self), minute = MINUTE(self), second = SECOND(self), us = MICROSECOND(self),
        fold = FOLD(self);
    PyObject *tzinfo = dt_time_tzinfo(self);
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "|iiiiO$i:replace", time_fields, &hour, &minute,
                                     &second, &us, &tzinfo, &fold))
        return NULL;
    if (fold != 0 && fold != 1) {
        PyErr_SetString(PyExc_ValueError, "fold must be either 0 or 1");
        return NULL;
    }
    return dt_time_new(hour, minute, second, us, tzinfo, fold, Py_TYPE(self));
}

static PyObject *time_state(PyObject *self, int protocol)
{
    PyObject *state =
        PyBytes_FromStringAndSize((char *)AS_TIME(self)->data, _PyDateTime_TIME_DATASIZE);
    PyObject *tzinfo = dt_time_tzinfo(self);
    if (!state)
        return NULL;
    if (protocol > 3 && FOLD(self))
        PyBytes_AS_STRING(state)[0] |= (char)FOLD_BIT;
    PyObject *res = tzinfo == Py_None ? PyTuple_Pack(1, state) : PyTuple_Pack(2, state, tzinfo);
    Py_DECREF(state);
    return res;
}

static PyObject *time_reduce_ex(PyObject *self, PyObject *args)
{
    int protocol;
    if (!PyArg_ParseTuple(args, "i:__reduce_ex__", &protocol))
        return NULL;
    return dt_reduce(self, time_state(self, protocol));
}

static PyObject *time_reduce(PyObject *self, PyObject *ignored)
{
    return dt_reduce(self, time_state(self, 2));
}

static PyObject *time_hour(PyObject *self, void *ignored) { return PyLong_FromLong(HOUR(self)); }
static PyObject *time_minute(PyObject *self, void *ignored)
{
    return PyLong_FromLong(MINUTE(self));
}
static PyObject *time_second(PyObject *self, void *ignored)
{
    return PyLong_FromLong(SECOND(self));
}
static PyObject *time_microsecond(PyObject *self, void *ignored)
{
    return PyLong_FromLong(MICROSECOND(self));
}
static PyObject *time_tzinfo(PyObject *self, void *ignored)
{
    return Py_NewRef(dt_time_tzinfo(self));
}
static PyObject *time_fold(PyObject *self, void *ignored) { return PyLong_FromLong(FOLD(self)); }

static PyMethodDef time_methods[] = {
    METHOD("isoformat", time_isoformat, KW,
           "The time as ISO 8601 writes it: [HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].\n"
           "\n"
           "timespec says how much: 'auto', 'hours', 'minutes', 'seconds', 'milliseconds' or "
           "'microseconds'.\n"),
    METHOD("strftime", time_strftime, KW, "Text in a format of strftime()."),
    METHOD("__format__", dt_format, METH_VARARGS, "strftime() with the format, or str() without."),
    METHOD("utcoffset", time_utcoffset, METH_NOARGS, "tzinfo.utcoffset(None), or None."),
    METHOD("tzname", time_tzname, METH_NOARGS, "tzinfo.tzname(None), or None."),
    METHOD("dst", time_dst, METH_NOARGS, "tzinfo.dst(None), or None."),
    METHOD("replace", time_replace, METH_VARARGS | METH_KEYWORDS,
           "A time with some fields changed."),
    METHOD("fromisoformat", dt_time_fromisoformat, METH_O | METH_CLASS,
           "The time that a text in ISO 8601 format names."),
    METHOD("__reduce_ex__", time_reduce_ex, METH_VARARGS, "__reduce_ex__(proto) -> (cls, state)"),
    METHOD("__reduce__", time_reduce, METH_NOARGS, "__reduce__() -> (cls, state)"),
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef time_getset[] = {
    {"hour", time_hour, NULL, NULL, NULL},
    {"minute", time_minute, NULL, NULL, NULL},
    {"second", time_second, NULL, NULL, NULL},
    {"microsecond", time_microsecond, NULL, NULL, NULL},
    {"tzinfo", time_tzinfo, NULL, NULL, NULL},
    {"fold", time_fold, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

PyTypeObject dt_time_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "datetime.time",
    .tp_doc =
        "time([hour[, minute[, second[, microsecond[, tzinfo]]]]]) --> a time object\n\n"
        "All arguments may be left out. tzinfo is None or an instance of a subclass of tzinfo.",
    .tp_basicsize = sizeof(PyDateTime_Time),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .tp_alloc = time_alloc,
    .tp_new = time_new,
    .tp_vectorcall = time_vectorcall,
    .tp_dealloc = (destructor)time_dealloc,
    .tp_repr = time_repr,
    .tp_str = time_str,
    .tp_hash = (hashfunc)time_hash,
    .tp_richcompare = time_richcompare,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_methods = time_methods,
    .tp_getset = time_getset,
};
