/* SPDX-License-Identifier: MIT
 *
 * The types `classmethod` and `staticmethod`: one callable (strong) and a dict that shows its name,
 * module and doc.
 */
#include "base/cstack.h"
#include "objects/type/type_impl.h"

typedef struct {
    PyObject_HEAD
    PyObject *callable; /* strong; NULL before __init__ */
    PyObject *dict;     /* strong, may be NULL */
} MethodHolder;

PyObject *method_held(PyObject *holder) { return ((MethodHolder *)holder)->callable; }

static void holder_dealloc(MethodHolder *self)
{
    PyObject_GC_UnTrack(self);
    Py_XDECREF(self->callable);
    Py_XDECREF(self->dict);
    Py_TYPE(self)->tp_free(self);
}

static int holder_traverse(MethodHolder *self, visitproc visit, void *arg)
{
    Py_VISIT(self->dict);
    Py_VISIT(self->callable);
    return 0;
}

static int holder_clear(MethodHolder *self)
{
    Py_CLEAR(self->callable);
    Py_CLEAR(self->dict);
    return 0;
}

/* Shows the callable's own attributes, as functools.wraps does. */
static int copy_attributes(PyObject *self, PyObject *callable)
{
    PyObject *const names[] = {ID(__module__), ID(__name__), ID(__qualname__), ID(__doc__),
                               ID(__annotations__)};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        PyObject *value;
        if (_PyObject_LookupAttr(callable, names[i], &value) < 0) {
            return -1;
        }
        if (value) {
            int r = PyObject_SetAttr(self, names[i], value);
            Py_DECREF(value);
            if (r < 0) {
                return -1;
            }
        }
    }
    return 0;
}

static int holder_init(MethodHolder *self, PyObject *args, PyObject *kwds, const char *name)
{
    PyObject *callable;
    if (!_PyArg_NoKeywords(name, kwds) || !PyArg_UnpackTuple(args, name, 1, 1, &callable)) {
        return -1;
    }
    Py_XSETREF(self->callable, Py_NewRef(callable));
    return copy_attributes((PyObject *)self, callable);
}

static PyObject *holder_isabstract(MethodHolder *self, void *closure)
{
    int r = _PyObject_IsAbstract(self->callable);
    return r < 0 ? NULL : PyBool_FromLong(r);
}

static PyMemberDef holder_members[] = {
    {"__func__", T_OBJECT, offsetof(MethodHolder, callable), READONLY},
    {"__wrapped__", T_OBJECT, offsetof(MethodHolder, callable), READONLY},
    {NULL},
};

static PyGetSetDef holder_getsets[] = {
    {"__isabstractmethod__", (getter)holder_isabstract},
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict},
    {NULL},
};

/* Without the wrapped one's attributes: only __init__ copies them. `type` may not be ready yet. */
static PyObject *holder_new(PyTypeObject *type, PyObject *callable)
{
    MethodHolder *self = (MethodHolder *)PyType_GenericAlloc(type, 0);
    if (self) {
        self->callable = Py_NewRef(callable);
    }
    return (PyObject *)self;
}

/* -- classmethod ----------------------------------------------------------------------------- */

static int classmethod_init(MethodHolder *self, PyObject *args, PyObject *kwds)
{
    return holder_init(self, args, kwds, "classmethod");
}

/* What the callable's own __get__ makes of the class, else a bound method. */
static PyObject *classmethod_descr_get(MethodHolder *self, PyObject *obj, PyObject *type)
{
    if (self->callable == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "uninitialized classmethod object");
        return NULL;
    }
    if (type == NULL) {
        type = (PyObject *)Py_TYPE(obj);
    }
    if (!cstack_allows(" in a class method")) {
        return NULL;
    }
    descrgetfunc get = Py_TYPE(self->callable)->tp_descr_get;
    return get ? get(self->callable, type, type) : PyMethod_New(self->callable, type);
}

static PyObject *classmethod_repr(MethodHolder *self)
{
    return PyUnicode_FromFormat("<classmethod(%R)>", self->callable);
}

PyTypeObject PyClassMethod_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "classmethod",
    .tp_basicsize = sizeof(MethodHolder),
    .tp_dealloc = (destructor)holder_dealloc,
    .tp_repr = (reprfunc)classmethod_repr,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .tp_doc = "classmethod(function) -> method\n"
              "\n"
              "A method of the class: its first argument is the class, not the instance.\n"
              "\n"
              "  class C:\n"
              "      @classmethod\n"
              "      def f(cls, arg1, arg2, argN):\n"
              "          ...\n"
              "\n"
              "C.f() and C().f() are the same call; of the instance only its class counts.\n"
              "Called through a derived class it receives that class.\n"
              "\n"
              "See staticmethod for functions that receive neither.",
    .tp_traverse = (traverseproc)holder_traverse,
    .tp_clear = (inquiry)holder_clear,
    .tp_members = holder_members,
    .tp_getset = holder_getsets,
    .tp_descr_get = (descrgetfunc)classmethod_descr_get,
    .tp_dictoffset = offsetof(MethodHolder, dict),
    .tp_init = (initproc)classmethod_init,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = PyType_GenericNew,
    .tp_free = PyObject_GC_Del,
};

PyObject *PyClassMethod_New(PyObject *callable)
{
    return holder_new(&PyClassMethod_Type, callable);
}

/* -- staticmethod ---------------------------------------------------------------------------- */

static int staticmethod_init(MethodHolder *self, PyObject *args, PyObject *kwds)
{
    return holder_init(self, args, kwds, "staticmethod");
}

static PyObject *staticmethod_descr_get(MethodHolder *self, PyObject *obj, PyObject *type)
{
    if (self->callable == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "uninitialized staticmethod object");
        return NULL;
    }
    return Py_NewRef(self->callable);
}

static PyObject *staticmethod_call(MethodHolder *self, PyObject *args, PyObject *kwds)
{
    return PyObject_Call(self->callable, args, kwds);
}

static PyObject *staticmethod_repr(MethodHolder *self)
{
    return PyUnicode_FromFormat("<staticmethod(%R)>", self->callable);
}

PyTypeObject PyStaticMethod_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "staticmethod",
    .tp_basicsize = sizeof(MethodHolder),
    .tp_dealloc = (destructor)holder_dealloc,
    .tp_repr = (reprfunc)staticmethod_repr,
    .tp_call = (ternaryfunc)staticmethod_call,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .tp_doc = "staticmethod(function) -> method\n"
              "\n"
              "A function in a class that gets neither instance nor class.\n"
              "\n"
              "     class C:\n"
              "         @staticmethod\n"
              "         def f(arg1, arg2, argN):\n"
              "             ...\n"
              "\n"
              "C.f() and C().f() are the same call.\n"
              "\n"
              "See classmethod for methods that receive the class.",
    .tp_traverse = (traverseproc)holder_traverse,
    .tp_clear = (inquiry)holder_clear,
    .tp_members = holder_members,
    .tp_getset = holder_getsets,
    .tp_descr_get = (descrgetfunc)staticmethod_descr_get,
    .tp_dictoffset = offsetof(MethodHolder, dict),
    .tp_init = (initproc)staticmethod_init,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = PyType_GenericNew,
    .tp_free = PyObject_GC_Del,
};

PyObject *PyStaticMethod_New(PyObject *callable)
{
    return holder_new(&PyStaticMethod_Type, callable);
}
