/* SPDX-License-Identifier: MIT
 *
 * From C slot to Python method: the functions behind wrapper descriptors (int.__add__,
 * object.__init__, …). Each checks and converts the arguments of the Python call, calls the slot
 * function `wrapped` and converts its result.
 *
 * A name says the slot's signature and, where one signature serves several methods, the method:
 * binaryfunc_l is __add__, binaryfunc_r __radd__ with the operands exchanged. A slot that sets and
 * deletes has two wrappers (setattr and delattr, descr_set and descr_delete).
 */
#include "objects/type/type_impl.h"

/* The slot function as its type. */
#define CALL(kind) ((kind)wrapped)

/* Exactly n, with 3.11's message. */
static bool check_args(PyObject *args, Py_ssize_t n)
{
    if (!PyTuple_CheckExact(args)) {
        PyErr_SetString(PyExc_SystemError, "PyArg_UnpackTuple() argument list is not a tuple");
        return false;
    }
    if (PyTuple_GET_SIZE(args) == n) {
        return true;
    }
    PyErr_Format(PyExc_TypeError, "expected %zd argument%s, got %zd", n, n == 1 ? "" : "s",
                 PyTuple_GET_SIZE(args));
    return false;
}

#define ARG(i) PyTuple_GET_ITEM(args, i)

static PyObject *none_unless(int failed)
{
    return failed ? NULL : Py_NewRef(Py_None);
}

WRAPPER(lenfunc)
{
    if (!check_args(args, 0)) {
        return NULL;
    }
    Py_ssize_t n = CALL(lenfunc)(self);
    return n < 0 && PyErr_Occurred() ? NULL : PyLong_FromSsize_t(n);
}

WRAPPER(inquirypred)
{
    if (!check_args(args, 0)) {
        return NULL;
    }
    int r = CALL(inquiry)(self);
    return r == -1 && PyErr_Occurred() ? NULL : PyBool_FromLong(r);
}

WRAPPER(binaryfunc)
{
    return check_args(args, 1) ? CALL(binaryfunc)(self, ARG(0)) : NULL;
}

WRAPPER(binaryfunc_l)
{
    return check_args(args, 1) ? CALL(binaryfunc)(self, ARG(0)) : NULL;
}

WRAPPER(binaryfunc_r)
{
    return check_args(args, 1) ? CALL(binaryfunc)(ARG(0), self) : NULL;
}

WRAPPER(ternaryfunc)
{
    PyObject *other, *third = Py_None; /* pow() alone uses it */
    return PyArg_UnpackTuple(args, "", 1, 2, &other, &third) ? CALL(ternaryfunc)(self, other, third)
                                                             : NULL;
}

WRAPPER(ternaryfunc_r)
{
    PyObject *other, *third = Py_None;
    return PyArg_UnpackTuple(args, "", 1, 2, &other, &third) ? CALL(ternaryfunc)(other, self, third)
                                                             : NULL;
}

WRAPPER(unaryfunc)
{
    return check_args(args, 0) ? CALL(unaryfunc)(self) : NULL;
}

WRAPPER(indexargfunc)
{
    PyObject *arg;
    if (!PyArg_UnpackTuple(args, "", 1, 1, &arg)) {
        return NULL;
    }
    Py_ssize_t i = PyNumber_AsSsize_t(arg, PyExc_OverflowError);
    return i == -1 && PyErr_Occurred() ? NULL : CALL(ssizeargfunc)(self, i);
}

/* A sequence's index as the slot wants it: negative ones counted from the end. */
static Py_ssize_t sequence_index(PyObject *self, PyObject *arg)
{
    Py_ssize_t i = PyNumber_AsSsize_t(arg, PyExc_OverflowError);
    if (i < 0) {
        PySequenceMethods *sq = Py_TYPE(self)->tp_as_sequence;
        if (i == -1 && PyErr_Occurred()) {
            return -1;
        }
        if (sq && sq->sq_length) {
            Py_ssize_t n = sq->sq_length(self);
            if (n < 0) {
                return -1;
            }
            i += n;
        }
    }
    return i;
}

WRAPPER(sq_item)
{
    if (!check_args(args, 1)) {
        return NULL;
    }
    Py_ssize_t i = sequence_index(self, ARG(0));
    return i == -1 && PyErr_Occurred() ? NULL : CALL(ssizeargfunc)(self, i);
}

WRAPPER(sq_setitem)
{
    PyObject *arg, *value;
    if (!PyArg_UnpackTuple(args, "", 2, 2, &arg, &value)) {
        return NULL;
    }
    Py_ssize_t i = sequence_index(self, arg);
    if (i == -1 && PyErr_Occurred()) {
        return NULL;
    }
    return none_unless(CALL(ssizeobjargproc)(self, i, value) == -1 && PyErr_Occurred());
}

WRAPPER(sq_delitem)
{
    if (!check_args(args, 1)) {
        return NULL;
    }
    Py_ssize_t i = sequence_index(self, ARG(0));
    if (i == -1 && PyErr_Occurred()) {
        return NULL;
    }
    return none_unless(CALL(ssizeobjargproc)(self, i, NULL) == -1 && PyErr_Occurred());
}

WRAPPER(objobjproc)
{
    if (!check_args(args, 1)) {
        return NULL;
    }
    int r = CALL(objobjproc)(self, ARG(0));
    return r == -1 && PyErr_Occurred() ? NULL : PyBool_FromLong(r);
}

WRAPPER(objobjargproc)
{
    PyObject *key, *value;
    if (!PyArg_UnpackTuple(args, "", 2, 2, &key, &value)) {
        return NULL;
    }
    return none_unless(CALL(objobjargproc)(self, key, value) == -1 && PyErr_Occurred());
}

WRAPPER(delitem)
{
    if (!check_args(args, 1)) {
        return NULL;
    }
    return none_unless(CALL(objobjargproc)(self, ARG(0), NULL) == -1 && PyErr_Occurred());
}

/* object.__setattr__(some_class, …) must not bypass a more
   special C implementation such as type.__setattr__. */
static bool setattr_allowed(PyObject *self, setattrofunc func, const char *what)
{
    PyTypeObject *type = Py_TYPE(self), *definer = type;
    PyObject *mro = type->tp_mro;
    if (mro == NULL) {
        return true;
    }
    for (Py_ssize_t i = PyTuple_GET_SIZE(mro) - 1; i >= 0; i--) {
        PyTypeObject *base = (PyTypeObject *)PyTuple_GET_ITEM(mro, i);
        if (base->tp_setattro != slot_tp_setattro && base->tp_setattro == type->tp_setattro) {
            definer = base;
            break;
        }
    }
    for (PyTypeObject *base = definer; base; base = base->tp_base) {
        if (base->tp_setattro == func) {
            break;
        }
        if (base->tp_setattro != slot_tp_setattro) {
            PyErr_Format(PyExc_TypeError, "can't apply this %s to %s object", what, type->tp_name);
            return false;
        }
    }
    return true;
}

WRAPPER(setattr)
{
    PyObject *name, *value;
    if (!PyArg_UnpackTuple(args, "", 2, 2, &name, &value)
        || !setattr_allowed(self, CALL(setattrofunc), "__setattr__")) {
        return NULL;
    }
    return none_unless(CALL(setattrofunc)(self, name, value) < 0);
}

WRAPPER(delattr)
{
    if (!check_args(args, 1) || !setattr_allowed(self, CALL(setattrofunc), "__delattr__")) {
        return NULL;
    }
    return none_unless(CALL(setattrofunc)(self, ARG(0), NULL) < 0);
}

WRAPPER(hashfunc)
{
    if (!check_args(args, 0)) {
        return NULL;
    }
    Py_hash_t h = CALL(hashfunc)(self);
    return h == -1 && PyErr_Occurred() ? NULL : PyLong_FromSsize_t(h);
}

WRAPPER(del)
{
    if (!check_args(args, 0)) {
        return NULL;
    }
    CALL(destructor)(self);
    Py_RETURN_NONE;
}

#define COMPARISON(name, op)                                                                       \
    WRAPPER(name)                                                                                  \
    {                                                                                              \
        return check_args(args, 1) ? CALL(richcmpfunc)(self, ARG(0), op) : NULL;                   \
    }

COMPARISON(lt, Py_LT)
COMPARISON(le, Py_LE)
COMPARISON(eq, Py_EQ)
COMPARISON(ne, Py_NE)
COMPARISON(gt, Py_GT)
COMPARISON(ge, Py_GE)

/* A slot may end without an exception, a method may not. */
WRAPPER(next)
{
    if (!check_args(args, 0)) {
        return NULL;
    }
    PyObject *value = CALL(unaryfunc)(self);
    if (value == NULL && !PyErr_Occurred()) {
        PyErr_SetNone(PyExc_StopIteration);
    }
    return value;
}

WRAPPER(descr_get)
{
    PyObject *obj, *type = NULL;
    if (!PyArg_UnpackTuple(args, "", 1, 2, &obj, &type)) {
        return NULL;
    }
    obj = obj == Py_None ? NULL : obj;
    type = type == Py_None ? NULL : type;
    if (type == NULL && obj == NULL) {
        PyErr_SetString(PyExc_TypeError, "__get__(None, None) is invalid");
        return NULL;
    }
    return CALL(descrgetfunc)(self, obj, type);
}

WRAPPER(descr_set)
{
    PyObject *obj, *value;
    if (!PyArg_UnpackTuple(args, "", 2, 2, &obj, &value)) {
        return NULL;
    }
    return none_unless(CALL(descrsetfunc)(self, obj, value) < 0);
}

WRAPPER(descr_delete)
{
    return check_args(args, 1) ? none_unless(CALL(descrsetfunc)(self, ARG(0), NULL) < 0) : NULL;
}

PyObject *wrap_call(PyObject *self, PyObject *args, void *wrapped, PyObject *kwds)
{
    return CALL(ternaryfunc)(self, args, kwds);
}

PyObject *wrap_init(PyObject *self, PyObject *args, void *wrapped, PyObject *kwds)
{
    return none_unless(CALL(initproc)(self, args, kwds) < 0);
}
