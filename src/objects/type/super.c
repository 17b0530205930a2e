/* SPDX-License-Identifier: MIT
 *
 * The type `super`: attribute lookup that starts behind `type` in the MRO of obj's type.
 *
 * super() without arguments takes the class from the cell __class__ of the running function and the
 * object from its first argument.
 */
#include "objects/type/super.h"
#include "objects/type/type_impl.h"
#include "bytecode/code.h"
#include "objects/frame.h"

typedef struct {
    PyObject_HEAD
    PyTypeObject *type;     /* strong; NULL before __init__ */
    PyObject *obj;          /* strong, may be NULL: unbound */
    PyTypeObject *obj_type; /* strong, NULL with obj */
} SuperObject;

static PyMemberDef super_members[] = {
    {"__thisclass__", T_OBJECT, offsetof(SuperObject, type), READONLY,
     "the class invoking super()"},
    {"__self__", T_OBJECT, offsetof(SuperObject, obj), READONLY,
     "the object that super() was made for, or None"},
    {"__self_class__", T_OBJECT, offsetof(SuperObject, obj_type), READONLY,
     "the type of the object that super() was made for, or None"},
    {NULL},
};

static void super_dealloc(SuperObject *self)
{
    PyObject_GC_UnTrack(self);
    Py_XDECREF(self->obj);
    Py_XDECREF(self->type);
    Py_XDECREF(self->obj_type);
    Py_TYPE(self)->tp_free(self);
}

static int super_traverse(SuperObject *self, visitproc visit, void *arg)
{
    Py_VISIT(self->obj);
    Py_VISIT(self->type);
    Py_VISIT(self->obj_type);
    return 0;
}

static PyObject *super_repr(SuperObject *self)
{
    const char *name = self->type ? self->type->tp_name : "NULL";
    return self->obj_type ? PyUnicode_FromFormat("<super: <class '%s'>, <%s object>>", name,
                                                 self->obj_type->tp_name)
                          : PyUnicode_FromFormat("<super: <class '%s'>, NULL>", name);
}

/* -- Lookup ---------------------------------------------------------------------------------- */

PyObject *super_lookup(PyTypeObject *type, PyTypeObject *obj_type, PyObject *name)
{
    PyObject *mro = obj_type->tp_mro;
    if (mro == NULL) {
        return NULL;
    }
    Py_ssize_t n = PyTuple_GET_SIZE(mro), i = 0;
    while (i < n && PyTuple_GET_ITEM(mro, i) != (PyObject *)type) {
        i++;
    }
    PyObject *found = NULL;
    Py_INCREF(mro);
    for (i++; i < n && found == NULL; i++) {
        PyObject *dict = ((PyTypeObject *)PyTuple_GET_ITEM(mro, i))->tp_dict;
        found = Py_XNewRef(dict_peek(dict, name));
        if (found == NULL && PyErr_Occurred()) {
            break;
        }
    }
    Py_DECREF(mro);
    return found;
}

/* STEALS found. What is found is bound to obj, or to nothing when obj is a class. */
static PyObject *bind(PyObject *found, PyObject *obj, PyTypeObject *obj_type)
{
    descrgetfunc get = Py_TYPE(found)->tp_descr_get;
    if (get) {
        PyObject *instance = obj == (PyObject *)obj_type ? NULL : obj;
        Py_SETREF(found, get(found, instance, (PyObject *)obj_type));
    }
    return found;
}

static PyObject *super_getattro(PyObject *op, PyObject *name)
{
    SuperObject *self = (SuperObject *)op;
    /* __class__ names the class super itself, not what it stands for. */
    if (self->obj_type == NULL || (PyUnicode_Check(name) && _PyUnicode_EQ(name, ID(__class__)))) {
        return PyObject_GenericGetAttr(op, name);
    }
    PyObject *found = super_lookup(self->type, self->obj_type, name);
    if (found) {
        return bind(found, self->obj, self->obj_type);
    }
    return PyErr_Occurred() ? NULL : PyObject_GenericGetAttr(op, name);
}

PyTypeObject *super_start(PyTypeObject *type, PyObject *obj)
{
    if (PyType_Check(obj) && PyType_IsSubtype((PyTypeObject *)obj, type)) {
        return (PyTypeObject *)obj;
    }
    return PyType_IsSubtype(Py_TYPE(obj), type) ? Py_TYPE(obj) : NULL;
}

PyObject *super_attribute(PyTypeObject *type, PyObject *obj, PyObject *name)
{
    PyTypeObject *obj_type = obj == Py_None ? NULL : super_start(type, obj);
    PyObject *found = obj_type ? super_lookup(type, obj_type, name) : NULL;
    if (found) {
        Py_INCREF(obj); /* as a super object would */
        Py_INCREF(obj_type);
        found = bind(found, obj, obj_type);
        Py_DECREF(obj_type);
        Py_DECREF(obj);
    }
    return found;
}

/* The type whose MRO is walked: obj itself if it is a class below
   type, else obj's class (__class__ may lie). */
static PyTypeObject *check_obj(PyTypeObject *type, PyObject *obj)
{
    PyTypeObject *start = super_start(type, obj);
    if (start) {
        return (PyTypeObject *)Py_NewRef(start);
    }
    PyObject *cls;
    if (_PyObject_LookupAttr(obj, ID(__class__), &cls) < 0) {
        return NULL;
    }
    if (cls && PyType_Check(cls) && (PyTypeObject *)cls != Py_TYPE(obj)
        && PyType_IsSubtype((PyTypeObject *)cls, type)) {
        return (PyTypeObject *)cls;
    }
    Py_XDECREF(cls);
    PyErr_SetString(PyExc_TypeError,
                    "super(type, obj): obj must be an instance or subtype of type");
    return NULL;
}

/* -- Construction ---------------------------------------------------------------------------- */

static PyObject *cell_contents(PyObject *cell)
{
    return cell && PyCell_Check(cell) ? PyCell_GET(cell) : NULL;
}

int super_class_index(PyCodeObject *code)
{
    int i = code->co_nlocalsplus - code->co_nfreevars;
    while (i < code->co_nlocalsplus
           && !_PyUnicode_EQ(PyTuple_GET_ITEM(code->co_localsplusnames, i), ID(__class__))) {
        i++;
    }
    return i < code->co_nlocalsplus ? i : -1;
}

/* BORROWED: from the cell that the compiler makes for methods that mention super. */
static PyTypeObject *class_of_frame(Frame *frame, PyCodeObject *code)
{
    int i = super_class_index(code);
    if (i < 0) {
        PyErr_SetString(PyExc_RuntimeError, "super(): __class__ cell not found");
        return NULL;
    }
    PyObject *cell = frame->localsplus[i];
    if (cell == NULL || !PyCell_Check(cell)) {
        PyErr_SetString(PyExc_RuntimeError, "super(): bad __class__ cell");
        return NULL;
    }
    PyObject *cls = PyCell_GET(cell);
    if (cls == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "super(): empty __class__ cell");
        return NULL;
    }
    if (!PyType_Check(cls)) {
        PyErr_Format(PyExc_RuntimeError, "super(): __class__ is not a type (%s)",
                     Py_TYPE(cls)->tp_name);
        return NULL;
    }
    return (PyTypeObject *)cls;
}

/* Both BORROWED. */
static int from_frame(PyTypeObject **type, PyObject **obj)
{
    Frame *frame = frame_current(tstate_get());
    if (frame == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "super(): no current frame");
        return -1;
    }
    PyCodeObject *code = frame->f_code;
    if (code->co_argcount == 0) {
        PyErr_SetString(PyExc_RuntimeError, "super(): no arguments");
        return -1;
    }
    PyObject *first = frame->localsplus[0];
    /* An argument that inner functions use lives in a cell once MAKE_CELL has run. */
    if (first && PyCell_Check(first)
        && (PyBytes_AS_STRING(code->co_localspluskinds)[0] & CO_FAST_CELL)
        && frame_lasti(frame) >= 0) {
        first = cell_contents(first);
    }
    if (first == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "super(): arg[0] deleted");
        return -1;
    }
    *obj = first;
    *type = class_of_frame(frame, code);
    return *type ? 0 : -1;
}

/* obj must be an instance of type, or a subclass of it. */
static int super_set(SuperObject *self, PyTypeObject *type, PyObject *obj)
{
    PyTypeObject *obj_type = NULL;
    if (type == NULL && from_frame(&type, &obj) < 0) {
        return -1;
    }
    if (obj == Py_None) {
        obj = NULL;
    }
    if (obj) {
        obj_type = check_obj(type, obj);
        if (obj_type == NULL) {
            return -1;
        }
    }
    Py_XSETREF(self->type, (PyTypeObject *)Py_NewRef(type));
    Py_XSETREF(self->obj, Py_XNewRef(obj));
    Py_XSETREF(self->obj_type, obj_type);
    return 0;
}

static int super_set_args(SuperObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (!_PyArg_CheckPositional("super()", nargs, 0, 2)) {
        return -1;
    }
    if (nargs > 0 && !PyType_Check(args[0])) {
        PyErr_Format(PyExc_TypeError, "super() argument 1 must be a type, not %.200s",
                     Py_TYPE(args[0])->tp_name);
        return -1;
    }
    return super_set(self, nargs > 0 ? (PyTypeObject *)args[0] : NULL, nargs > 1 ? args[1] : NULL);
}

static int super_init(PyObject *self, PyObject *args, PyObject *kwds)
{
    if (!_PyArg_NoKeywords("super", kwds)) {
        return -1;
    }
    return super_set_args((SuperObject *)self, ((PyTupleObject *)args)->ob_item,
                          PyTuple_GET_SIZE(args));
}

static PyObject *super_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf,
                                  PyObject *kwnames)
{
    if (!_PyArg_NoKwnames("super", kwnames)) {
        return NULL;
    }
    PyObject *self = ((PyTypeObject *)type)->tp_alloc((PyTypeObject *)type, 0);
    if (self && super_set_args((SuperObject *)self, args, PyVectorcall_NARGS(nargsf)) < 0) {
        Py_CLEAR(self);
    }
    return self;
}

/* An unbound super as a class attribute binds like a function. */
static PyObject *super_descr_get(PyObject *op, PyObject *obj, PyObject *type)
{
    SuperObject *self = (SuperObject *)op;
    if (obj == NULL || obj == Py_None || self->obj) {
        return Py_NewRef(op);
    }
    if (!Py_IS_TYPE(self, &PySuper_Type)) {
        return PyObject_CallFunctionObjArgs((PyObject *)Py_TYPE(self), self->type, obj, NULL);
    }
    PyTypeObject *obj_type = check_obj(self->type, obj);
    if (obj_type == NULL) {
        return NULL;
    }
    SuperObject *bound = (SuperObject *)PySuper_Type.tp_alloc(&PySuper_Type, 0);
    if (bound == NULL) {
        Py_DECREF(obj_type);
        return NULL;
    }
    bound->type = (PyTypeObject *)Py_NewRef(self->type);
    bound->obj = Py_NewRef(obj);
    bound->obj_type = obj_type;
    return (PyObject *)bound;
}

PyTypeObject PySuper_Type = {
    PyVarObject_HEAD_INIT(&PyType_Type, 0)
    .tp_name = "super",
    .tp_basicsize = sizeof(SuperObject),
    .tp_dealloc = (destructor)super_dealloc,
    .tp_repr = (reprfunc)super_repr,
    .tp_getattro = super_getattro,
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE,
    .tp_doc = "super() -> same as super(__class__, <first argument>)\n"
              "super(type) -> unbound super object\n"
              "super(type, obj) -> bound super object; requires isinstance(obj, type)\n"
              "super(type, type2) -> bound super object; requires issubclass(type2, type)\n"
              "Calls the next implementation of a method:\n"
              "class C(B):\n"
              "    def meth(self, arg):\n"
              "        super().meth(arg)\n"
              "    @classmethod\n"
              "    def cmeth(cls, arg):\n"
              "        super().cmeth(arg)\n",
    .tp_traverse = (traverseproc)super_traverse,
    .tp_members = super_members,
    .tp_descr_get = super_descr_get,
    .tp_init = super_init,
    .tp_alloc = PyType_GenericAlloc,
    .tp_new = PyType_GenericNew,
    .tp_free = PyObject_GC_Del,
    .tp_vectorcall = super_vectorcall,
};
