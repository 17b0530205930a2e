/* SPDX-License-Identifier: MIT
 *
 * OSError: OSError(errno, strerror, filename, winerror, filename2) makes the subclass that stands
 * for the errno.
 *
 * The class is chosen in __new__, so __new__ also sets the fields. A Python subclass that overrides
 * __init__ but not __new__ may take other arguments: for it the fields are set in __init__ only
 * (init_does_it).
 */
#include "objects/exceptions/exc_impl.h"

#define SELF(o) ((PyOSErrorObject *)(o))

static PyObject *errno_map; /* strong dict: int -> class; the same in every interpreter */

/* From the ERRNO rows of exceptions.def. */
int oserror_init_map(void)
{
    if (errno_map)
        return 0;
    if (!(errno_map = PyDict_New()))
        return -1;
    static const struct { PyTypeObject *type; int code; } rows[] = {
#define EXC(name, base, kind, doc)
#define ALIAS(name, target)
#define ERRNO(name, code) {&exc_##name, code},
#include "objects/exceptions/exceptions.def"
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        PyObject *code = PyLong_FromLong(rows[i].code);
        int res = code ? PyDict_SetItem(errno_map, code, (PyObject *)rows[i].type) : -1;
        Py_XDECREF(code);
        if (res < 0)
            return -1;
    }
    return 0;
}


/* -- Making ---------------------------------------------------------------------------------- */

struct os_args { PyObject *myerrno, *strerror, *filename, *filename2; }; /* borrowed, may be NULL */

/* Two to five arguments have meaning, any other number has none. */
static int parse_args(PyObject *args, struct os_args *out)
{
    PyObject *winerror = NULL;
    Py_ssize_t n = PyTuple_GET_SIZE(args);
    *out = (struct os_args){0};
    if (n < 2 || n > 5)
        return 0;
    return PyArg_UnpackTuple(args, "OSError", 2, 5, &out->myerrno, &out->strerror, &out->filename,
                             &winerror, &out->filename2)
               ? 0
               : -1;
}

static bool given(PyObject *o) { return o && o != Py_None; }

/* BlockingIOError's third argument is a count of characters written when it is a number. */
static int set_filename(PyOSErrorObject *self, const struct os_args *a)
{
    if (Py_IS_TYPE(self, &exc_BlockingIOError) && PyNumber_Check(a->filename)) {
        self->written = PyNumber_AsSsize_t(a->filename, PyExc_ValueError);
        return self->written == -1 && PyErr_Occurred() ? -1 : 0;
    }
    Py_XSETREF(self->filename, Py_NewRef(a->filename));
    if (given(a->filename2))
        Py_XSETREF(self->filename2, Py_NewRef(a->filename2));
    return 0;
}

/* With a file name only the first two arguments stay in args. */
static int set_fields(PyOSErrorObject *self, PyObject *args, const struct os_args *a)
{
    PyObject *kept = Py_NewRef(args);
    if (given(a->filename)) {
        if (set_filename(self, a) < 0) {
            Py_DECREF(kept);
            return -1;
        }
        if (!(Py_IS_TYPE(self, &exc_BlockingIOError) && PyNumber_Check(a->filename))) {
            Py_SETREF(kept, PyTuple_GetSlice(args, 0, 2)); /* the file names are not in args */
            if (!kept)
                return -1;
        }
    }
    Py_XSETREF(self->myerrno, Py_XNewRef(a->myerrno));
    Py_XSETREF(self->strerror, Py_XNewRef(a->strerror));
    Py_XSETREF(self->args, kept);
    return 0;
}

static int os_init(PyObject *self, PyObject *args, PyObject *kwds);
static PyObject *os_new(PyTypeObject *type, PyObject *args, PyObject *kwds);

static bool init_does_it(PyTypeObject *type)
{
    return type->tp_init != os_init && type->tp_new == os_new;
}

/* BORROWED: the class for OSError(code), or `type`. */
static PyTypeObject *class_for(PyTypeObject *type, PyObject *code)
{
    if (type != &exc_OSError || !code || !PyLong_Check(code) || !errno_map)
        return type;
    PyObject *found = PyDict_GetItemWithError(errno_map, code);
    return found ? (PyTypeObject *)found : PyErr_Occurred() ? NULL : type;
}

/* OSError itself becomes the subclass for the errno; subclasses never change. */
static PyObject *os_new(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    struct os_args a = {0};
    bool later = init_does_it(type);
    if (!later) {
        if (!_PyArg_NoKeywords(type->tp_name, kwds) || parse_args(args, &a) < 0)
            return NULL;
        if (!(type = class_for(type, a.myerrno)))
            return NULL;
    }
    PyOSErrorObject *self = SELF(type->tp_alloc(type, 0));
    if (!self)
        return NULL;
    self->written = -1;
    if (later) {
        self->args = Py_NewRef(EMPTY_TUPLE);
    } else if (set_fields(self, args, &a) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

static int os_init(PyObject *self, PyObject *args, PyObject *kwds)
{
    struct os_args a;
    if (!init_does_it(Py_TYPE(self)))
        return 0; /* __new__ did */
    if (!_PyArg_NoKeywords(Py_TYPE(self)->tp_name, kwds) || parse_args(args, &a) < 0)
        return -1;
    return set_fields(SELF(self), args, &a);
}

static int os_clear(PyObject *self)
{
    Py_CLEAR(SELF(self)->myerrno);
    Py_CLEAR(SELF(self)->strerror);
    Py_CLEAR(SELF(self)->filename);
    Py_CLEAR(SELF(self)->filename2);
    return base_exception_clear(self);
}

static int os_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(SELF(self)->myerrno);
    Py_VISIT(SELF(self)->strerror);
    Py_VISIT(SELF(self)->filename);
    Py_VISIT(SELF(self)->filename2);
    return base_exception_traverse(self, visit, arg);
}

/* -- str, reduce, attributes ----------------------------------------------------------------- */

static PyObject *or_none(PyObject *o) { return o ? o : Py_None; }

static PyObject *os_str(PyObject *op)
{
    PyOSErrorObject *self = SELF(op);
    PyObject *code = or_none(self->myerrno), *text = or_none(self->strerror);
    if (self->filename && self->filename2)
        return PyUnicode_FromFormat("[Errno %S] %S: %R -> %R", code, text, self->filename,
                                    self->filename2);
    if (self->filename)
        return PyUnicode_FromFormat("[Errno %S] %S: %R", code, text, self->filename);
    if (self->myerrno && self->strerror)
        return PyUnicode_FromFormat("[Errno %S] %S", code, text);
    return base_exception_str(op);
}

/* Puts the file names back into the arguments. */
static PyObject *os_reduce(PyObject *op, PyObject *ignored)
{
    PyOSErrorObject *self = SELF(op);
    PyObject *args = self->args;
    if (PyTuple_GET_SIZE(args) == 2 && self->filename) {
        PyObject *a = PyTuple_GET_ITEM(args, 0), *b = PyTuple_GET_ITEM(args, 1);
        args = self->filename2 ? PyTuple_Pack(5, a, b, self->filename, Py_None, self->filename2)
                               : PyTuple_Pack(3, a, b, self->filename);
        if (!args)
            return NULL;
    } else {
        Py_INCREF(args);
    }
    PyObject *res = self->dict ? PyTuple_Pack(3, Py_TYPE(self), args, self->dict)
                               : PyTuple_Pack(2, Py_TYPE(self), args);
    Py_DECREF(args);
    return res;
}

static PyObject *get_written(PyObject *self, void *closure)
{
    if (SELF(self)->written == -1) {
        PyErr_SetString(PyExc_AttributeError, "characters_written");
        return NULL;
    }
    return PyLong_FromSsize_t(SELF(self)->written);
}

/* characters_written, -1: not set. */
static int set_written(PyObject *self, PyObject *value, void *closure)
{
    if (!value) {
        if (SELF(self)->written == -1) {
            PyErr_SetString(PyExc_AttributeError, "characters_written");
            return -1;
        }
        SELF(self)->written = -1;
        return 0;
    }
    Py_ssize_t n = PyNumber_AsSsize_t(value, PyExc_ValueError);
    if (n == -1 && PyErr_Occurred())
        return -1;
    SELF(self)->written = n;
    return 0;
}

static PyMemberDef os_members[] = {
    {"errno", T_OBJECT, offsetof(PyOSErrorObject, myerrno), 0, "POSIX exception code"},
    {"strerror", T_OBJECT, offsetof(PyOSErrorObject, strerror), 0, "exception strerror"},
    {"filename", T_OBJECT, offsetof(PyOSErrorObject, filename), 0, "exception filename"},
    {"filename2", T_OBJECT, offsetof(PyOSErrorObject, filename2), 0, "second exception filename"},
    {NULL},
};
static PyMethodDef os_methods[] = {
    {"__reduce__", os_reduce, METH_NOARGS, NULL},
    {NULL},
};
static PyGetSetDef os_getset[] = {
    {"characters_written", get_written, set_written, NULL, NULL},
    {NULL},
};

const struct exc_kind kind_os = {
    .size = sizeof(PyOSErrorObject),
    .new = os_new,
    .init = os_init,
    .dealloc = exc_dealloc,
    .traverse = os_traverse,
    .clear = os_clear,
    .str = os_str,
    .methods = os_methods,
    .members = os_members,
    .getset = os_getset,
};
