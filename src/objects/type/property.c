/* SPDX-License-Identifier: MIT
 *
 * The type `property`: a data descriptor that calls functions. Subclasses keep __doc__ in their
 * instance dict, since the class attribute __doc__ would hide the member.
 */
#include "base/cstack.h"
#include "modules/args.h"
#include "objects/type/type_impl.h"

typedef struct {
    PyObject_HEAD
    PyObject *get, *set, *del; /* strong, may be NULL */
    PyObject *doc;             /* strong, may be NULL */
    PyObject *name;            /* strong, may be NULL: what __set_name__ said */
    /* doc was taken from the getter: a copy with another getter takes that one's */
    int getter_doc;
} PropertyObject;

PyObject *property_fget(PyObject *property) { return ((PropertyObject *)property)->get; }

static PyMemberDef property_members[] = {
    {"fget", T_OBJECT, offsetof(PropertyObject, get), READONLY},
    {"fset", T_OBJECT, offsetof(PropertyObject, set), READONLY},
    {"fdel", T_OBJECT, offsetof(PropertyObject, del), READONLY},
    {"__doc__", T_OBJECT, offsetof(PropertyObject, doc), 0},
    {NULL},
};

static void property_dealloc(PropertyObject *self)
{
    PyObject_GC_UnTrack(self);
    Py_XDECREF(self->get);
    Py_XDECREF(self->set);
    Py_XDECREF(self->del);
    Py_XDECREF(self->doc);
    Py_XDECREF(self->name);
    Py_TYPE(self)->tp_free(self);
}

static int property_traverse(PropertyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(self->get);
    Py_VISIT(self->set);
    Py_VISIT(self->del);
    Py_VISIT(self->doc);
    Py_VISIT(self->name);
    return 0;
}

static int property_clear(PropertyObject *self)
{
    Py_CLEAR(self->doc);
    return 0;
}

/* -- Access ---------------------------------------------------------------------------------- */

/* "property 'x' of 'C' object has no setter" */
static void raise_missing(PropertyObject *self, PyObject *obj, const char *what)
{
    PyObject *qualname = PyType_GetQualName(Py_TYPE(obj));
    if (self->name && qualname) {
        PyErr_Format(PyExc_AttributeError, "property %R of %R object has no %s", self->name,
                     qualname, what);
    }
    else if (qualname) {
        PyErr_Format(PyExc_AttributeError, "property of %R object has no %s", qualname, what);
    }
    else {
        PyErr_Format(PyExc_AttributeError, "property has no %s", what);
    }
    Py_XDECREF(qualname);
}

/* In the class the property itself. */
static PyObject *property_descr_get(PropertyObject *self, PyObject *obj, PyObject *type)
{
    if (obj == NULL || obj == Py_None) {
        return Py_NewRef(self);
    }
    if (self->get == NULL) {
        raise_missing(self, obj, "getter");
        return NULL;
    }
    return PyObject_CallOneArg(self->get, obj);
}

/* value NULL deletes. */
static int property_descr_set(PropertyObject *self, PyObject *obj, PyObject *value)
{
    PyObject *func = value ? self->set : self->del;
    if (func == NULL) {
        raise_missing(self, obj, value ? "setter" : "deleter");
        return -1;
    }
    PyObject *args[] = {NULL, obj, value};
    PyObject *result = PyObject_Vectorcall(func, args + 1,
                                           (value ? 2 : 1) | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    Py_XDECREF(result);
    return result ? 0 : -1;
}

/* -- Construction ---------------------------------------------------------------------------- */

/* Takes over the getter's docstring. */
static int take_getter_doc(PropertyObject *self, PyObject *getter)
{
    PyObject *doc;
    int r = _PyObject_LookupAttr(getter, ID(__doc__), &doc);
    if (r <= 0) {
        return r;
    }
    if (Py_IS_TYPE(self, &PyProperty_Type)) {
        Py_XSETREF(self->doc, doc);
    }
    else {
        r = PyObject_SetAttr((PyObject *)self, ID(__doc__), doc);
        Py_DECREF(doc);
        if (r < 0) {
            return -1;
        }
    }
    self->getter_doc = 1;
    return 0;
}

/* May be called again; doc NULL is taken from the getter. */
static int property_init(PropertyObject *self, PyObject *args, PyObject *kwargs)
{
    ARGS("|OOOO:property", "fget", "fset", "fdel", "doc");
    PyObject *row[4];
    if (!ROW_TUPLE(row, 0, 4)) {
        return -1;
    }
    PyObject *get = row[0] == Py_None ? NULL : row[0];
    PyObject *set = row[1] == Py_None ? NULL : row[1];
    PyObject *del = row[2] == Py_None ? NULL : row[2];
    PyObject *doc = row[3];
    Py_XSETREF(self->get, Py_XNewRef(get));
    Py_XSETREF(self->set, Py_XNewRef(set));
    Py_XSETREF(self->del, Py_XNewRef(del));
    Py_XSETREF(self->doc, Py_XNewRef(doc));
    Py_CLEAR(self->name);
    self->getter_doc = 0;
    return (doc == NULL || doc == Py_None) && get ? take_getter_doc(self, get) : 0;
}

/* A property of the same type with one function replaced. */
static PyObject *property_copy(PropertyObject *self, PyObject *get, PyObject *set, PyObject *del)
{
#define OR_NONE(p) ((p) ? (p) : Py_None)
    get = get == NULL || get == Py_None ? OR_NONE(self->get) : get;
    set = set == NULL || set == Py_None ? OR_NONE(self->set) : set;
    del = del == NULL || del == Py_None ? OR_NONE(self->del) : del;
    PyObject *doc = self->getter_doc && get != Py_None ? Py_None : OR_NONE(self->doc);
#undef OR_NONE
    PyObject *copy = PyObject_CallFunctionObjArgs((PyObject *)Py_TYPE(self), get, set, del, doc,
                                                  NULL);
    if (copy && PyObject_TypeCheck(copy, &PyProperty_Type)) {
        Py_XSETREF(((PropertyObject *)copy)->name, Py_XNewRef(self->name));
    }
    return copy;
}

static PyObject *property_getter(PropertyObject *self, PyObject *func)
{
    return property_copy(self, func, NULL, NULL);
}

static PyObject *property_setter(PropertyObject *self, PyObject *func)
{
    return property_copy(self, NULL, func, NULL);
}

static PyObject *property_deleter(PropertyObject *self, PyObject *func)
{
    return property_copy(self, NULL, NULL, func);
}

static PyObject *property_set_name(PropertyObject *self, PyObject *args)
{
    if (PyTuple_GET_SIZE(args) != 2) {
        PyErr_Format(PyExc_TypeError,
                     "__set_name__() takes 2 positional arguments but %d were given",
                     (int)PyTuple_GET_SIZE(args));
        return NULL;
    }
    Py_XSETREF(self->name, Py_NewRef(PyTuple_GET_ITEM(args, 1)));
    Py_RETURN_NONE;
}

/* -- Abstract methods ------------------------------------------------------------------------ */

/* 1, 0, -1; NULL counts as no. */
int _PyObject_IsAbstract(PyObject *obj)
{
    PyObject *flag;
    if (obj == NULL) {
        return 0;
    }
    int r = cstack_allows(" in an abstract method")
                ? _PyObject_LookupAttr(obj, ID(__isabstractmethod__), &flag)
                : -1;
    if (r > 0) {
        r = PyObject_IsTrue(flag);
        Py_DECREF(flag);
    }
    return r;
}

static PyObject *property_isabstract(PropertyObject *self, void *closure)
{
    PyObject *funcs[] = {self->get, self->set, self->del};
    for (size_t i = 0; i < COUNT_OF(funcs); i++) {
        int r = _PyObject_IsAbstract(funcs[i]);
        if (r) {
            return r < 0 ? NULL : Py_NewRef(Py_True);
        }
    }
    Py_RETURN_FALSE;
}

static PyGetSetDef property_getsets[] = {{"__isabstractmethod__", (getter)property_isabstract},
                                         {NULL}};

static PyMethodDef property_methods[] = {
    {"getter", (PyCFunction)property_getter, METH_O,
     "Decorator: the same property with this function to get."},
    {"setter", (PyCFunction)property_setter, METH_O,
     "Decorator: the same property with this function to set."},
    {"deleter", (PyCFunction)property_deleter, METH_O,
     "Decorator: the same property with this function to delete."},
    {"__set_name__", (PyCFunction)property_set_name, METH_VARARGS,
     "Told by type.__new__ what the property is called."},
    {NULL},
};

PyTypeObject PyProperty_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "property",
    .tp_basicsize = sizeof(PropertyObject),
    .tp_dealloc = (destructor)property_dealloc,
    .tp_getattro = PyObject_GenericGetAttr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
    .tp_doc = "property(fget=None, fset=None, fdel=None, doc=None)\n"
              "--\n"
              "\n"
              "An attribute whose value is computed.\n"
              "\n"
              "  fget\n"
              "    called for the value\n"
              "  fset\n"
              "    called with a new value\n"
              "  fdel\n"
              "    called by del\n"
              "  doc\n"
              "    its docstring, by default that of fget\n"
              "\n"
              "Usually written as a decorator:\n"
              "\n"
              "class C:\n"
              "    @property\n"
              "    def x(self):\n"
              "        \"the getter's docstring is the property's\"\n"
              "        return self._x\n"
              "    @x.setter\n"
              "    def x(self, value):\n"
              "        self._x = value\n"
              "    @x.deleter\n"
              "    def x(self):\n"
              "        del self._x",
    .tp_traverse = (traverseproc)property_traverse,
    .tp_clear = (inquiry)property_clear,
    .tp_methods = property_methods,
    .tp_members = property_members,
    .tp_getset = property_getsets,
    .tp_descr_get = (descrgetfunc)property_descr_get,
    .tp_descr_set = (descrsetfunc)property_descr_set,
    .tp_init = (initproc)property_init,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = PyType_GenericNew,
    .tp_free = PyObject_GC_Del,
};
