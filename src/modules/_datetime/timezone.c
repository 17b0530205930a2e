/* SPDX-License-Identifier: MIT
 *
 * The type timezone: a fixed offset from UTC of less than a day, perhaps with a name. The offset 0
 * without a name is always the one object timezone.utc.
 */
#include "dt.h"

#define AS_ZONE(o) ((TimeZone *)(o))

PyObject *dt_utc;

/* -- Making ---------------------------------------------------------------------------------- */

static PyObject *timezone_create(PyObject *offset, PyObject *name)
{
    TimeZone *self = (TimeZone *)dt_timezone_type.tp_alloc(&dt_timezone_type, 0);
    if (self) {
        self->offset = Py_NewRef(offset);
        self->name = Py_XNewRef(name);
    }
    return (PyObject *)self;
}

PyObject *dt_timezone_new(PyObject *offset, PyObject *name)
{
    PyDateTime_Delta *delta = AS_DELTA(offset);
    if (!name && dt_utc && dt_delta_is_zero(offset))
        return Py_NewRef(dt_utc);
    if (delta->days > 0 || delta->days < -1 ||
        (delta->days == -1 && !delta->seconds && delta->microseconds < 1)) {
        PyErr_Format(PyExc_ValueError,
                     "offset must be a timedelta strictly between -timedelta(hours=24) and "
                     "timedelta(hours=24), not %R.",
                     offset);
        return NULL;
    }
    return timezone_create(offset, name);
}

static PyObject *timezone_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    static char *names[] = {"offset", "name", NULL};
    PyObject *offset, *name = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O!|U:timezone", names, &dt_delta_type, &offset,
                                     &name))
        return NULL;
    return dt_timezone_new(offset, name);
}

static void timezone_dealloc(TimeZone *self)
{
    Py_CLEAR(self->offset);
    Py_CLEAR(self->name);
    Py_TYPE(self)->tp_free(self);
}

/* -- Comparison, text ------------------------------------------------------------------------ */

static PyObject *timezone_richcompare(TimeZone *self, PyObject *other, int op)
{
    if ((op != Py_EQ && op != Py_NE) || !PyObject_TypeCheck(other, &dt_timezone_type))
        Py_RETURN_NOTIMPLEMENTED;
    bool equal = dt_delta_cmp(AS_DELTA(self->offset), AS_DELTA(AS_ZONE(other)->offset)) == 0;
    return PyBool_FromLong(equal == (op == Py_EQ));
}

static Py_hash_t timezone_hash(TimeZone *self) { return PyObject_Hash(self->offset); }

static PyObject *timezone_repr(TimeZone *self)
{
    if ((PyObject *)self == dt_utc)
        return PyUnicode_FromString("datetime.timezone.utc");
    if (!self->name)
        return PyUnicode_FromFormat("%s(%R)", Py_TYPE(self)->tp_name, self->offset);
    return PyUnicode_FromFormat("%s(%R, %R)", Py_TYPE(self)->tp_name, self->offset, self->name);
}

static PyObject *timezone_str(TimeZone *self)
{
    char text[3 + OFFSET_TEXT] = "UTC";
    if (self->name)
        return Py_NewRef(self->name);
    char *end = text + 3;
    if (!dt_delta_is_zero(self->offset)) {
        end = dt_put_offset(end, ":", (PyObject *)self, Py_None);
        if (!end)
            return NULL;
    }
    return PyUnicode_FromStringAndSize(text, end - text);
}

/* -- The methods of a zone -------------------------------------------------------------------- */

static bool timezone_check_argument(PyObject *dt, const char *method)
{
    if (dt == Py_None || IS_DATETIME(dt))
        return true;
    PyErr_Format(PyExc_TypeError, "%s(dt) argument must be a datetime instance or None, not %.200s",
                 method, Py_TYPE(dt)->tp_name);
    return false;
}

static PyObject *timezone_tzname(TimeZone *self, PyObject *dt)
{
    return timezone_check_argument(dt, "tzname") ? timezone_str(self) : NULL;
}

static PyObject *timezone_utcoffset(TimeZone *self, PyObject *dt)
{
    return timezone_check_argument(dt, "utcoffset") ? Py_NewRef(self->offset) : NULL;
}

static PyObject *timezone_dst(TimeZone *self, PyObject *dt)
{
    return timezone_check_argument(dt, "dst") ? Py_NewRef(Py_None) : NULL;
}

static PyObject *timezone_fromutc(TimeZone *self, PyObject *dt)
{
    if (!IS_DATETIME(dt)) {
        PyErr_SetString(PyExc_TypeError, "fromutc: argument must be a datetime");
        return NULL;
    }
    if (dt_datetime_tzinfo(dt) != (PyObject *)self) {
        PyErr_SetString(PyExc_ValueError, "fromutc: dt.tzinfo is not self");
        return NULL;
    }
    return dt_datetime_add_delta(dt, self->offset, 1);
}

static PyObject *timezone_getinitargs(TimeZone *self, PyObject *ignored)
{
    return self->name ? PyTuple_Pack(2, self->offset, self->name) : PyTuple_Pack(1, self->offset);
}

static PyMethodDef timezone_methods[] = {
    METHOD("tzname", timezone_tzname, METH_O,
           "The name given to the zone, else the offset as 'UTC(+|-)HH:MM'."),
    METHOD("utcoffset", timezone_utcoffset, METH_O, "The offset."),
    METHOD("dst", timezone_dst, METH_O, "None."),
    METHOD("fromutc", timezone_fromutc, METH_O, "A datetime whose fields are UTC, in local time."),
    METHOD("__getinitargs__", timezone_getinitargs, METH_NOARGS, "pickle support"),
    {NULL, NULL, 0, NULL},
};

PyTypeObject dt_timezone_type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "datetime.timezone",
    .tp_doc = "A time zone with a fixed offset from UTC.",
    .tp_basicsize = sizeof(TimeZone),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_base = &dt_tzinfo_type,
    .tp_new = timezone_new,
    .tp_dealloc = (destructor)timezone_dealloc,
    .tp_richcompare = (richcmpfunc)timezone_richcompare,
    .tp_hash = (hashfunc)timezone_hash,
    .tp_repr = (reprfunc)timezone_repr,
    .tp_str = (reprfunc)timezone_str,
    .tp_methods = timezone_methods,
};
