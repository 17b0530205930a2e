/* SPDX-License-Identifier: MIT
 *
 * _thread._local: an object whose attributes differ by thread.
 *
 *   local.dummies: {weakref(dummy) -> dict}        thread's dict: {local.key -> dummy}
 *
 * A thread owns, in its own dict, a dummy object; the local keeps a dict of attributes for each
 * dummy, found through a weak reference. When the thread ends, its dict and so the dummy go, and
 * the weak reference's callback removes the attributes; when the local goes, it takes its key out
 * of all threads' dicts.
 */
#include "modules/_thread.h"
#include "runtime/rt.h"

typedef struct {
    PyObject_HEAD
    PyObject *localdict; /* borrowed from the local's dummies: a reference would hide
                                          cycles from the collector */
    PyObject *weakrefs;
} Dummy;

typedef struct {
    PyObject_HEAD
    PyObject *key;               /* strong str, unique */
    PyObject *args, *kw;         /* strong, for calling __init__ in each thread */
    PyObject *weakrefs;
    PyObject *dummies;           /* strong dict: weakref(Dummy) -> attribute dict */
    PyObject *callback;          /* strong: called when a dummy goes */
} Local;

/* The module's state through a local's class, which may be a subclass. */
static struct thread_state *state_of(Local *self)
{
    PyObject *m = PyType_GetModuleByDef(Py_TYPE(self), &thread_module_def);
    return m ? PyModule_GetState(m) : NULL;
}

/* -- Dummy ----------------------------------------------------------------------------------- */

static void dummy_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    if (((Dummy *)op)->weakrefs)
        PyObject_ClearWeakRefs(op);
    type->tp_free(op);
    Py_DECREF(type);
}

static PyMemberDef dummy_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Dummy, weakrefs), READONLY},
    {NULL},
};
static PyType_Slot dummy_slots[] = {
    {Py_tp_dealloc, dummy_dealloc},
    {Py_tp_doc, "Thread-local dummy"},
    {Py_tp_members, dummy_members},
    {0, NULL},
};
static PyType_Spec dummy_spec = {
    "_thread._localdummy", sizeof(Dummy), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE, dummy_slots,
};

/* -- Local ----------------------------------------------------------------------------------- */

/* A dummy went: its attributes go. self is a weak reference to the local. */
static PyObject *dummy_destroyed(PyObject *localweakref, PyObject *dummyweakref)
{
    PyObject *obj = PyWeakref_GET_OBJECT(localweakref);
    if (obj == Py_None)
        Py_RETURN_NONE;
    Local *self = (Local *)Py_NewRef(obj);
    if (self->dummies) {
        PyObject *dict = PyDict_GetItemWithError(self->dummies, dummyweakref);
        if (dict)
            PyDict_DelItem(self->dummies, dummyweakref);
        if (PyErr_Occurred())
            PyErr_WriteUnraisable(obj);
    }
    Py_DECREF(self);
    Py_RETURN_NONE;
}

static PyMethodDef callback_def = {"_localdummy_destroyed", dummy_destroyed, METH_O, NULL};

/* Makes this thread's attribute dict. BORROWED from self->dummies. */
static PyObject *dict_make(Local *self)
{
    PyObject *tdict = PyThreadState_GetDict(), *dict = NULL, *ref = NULL, *result = NULL;
    if (!tdict) {
        PyErr_SetString(PyExc_SystemError, "Couldn't get thread-state dictionary");
        return NULL;
    }
    struct thread_state *st = state_of(self);
    Dummy *dummy = st ? (Dummy *)st->dummy_type->tp_alloc(st->dummy_type, 0) : NULL;
    if (!dummy || !(dict = dummy->localdict = PyDict_New()))
        goto done;
    if (!(ref = PyWeakref_NewRef((PyObject *)dummy, self->callback)) ||
        PyDict_SetItem(self->dummies, ref, dict) < 0 ||
        PyDict_SetItem(tdict, self->key, (PyObject *)dummy) < 0)
        goto done;
    result = dict;
done:
    Py_XDECREF(ref);
    Py_XDECREF(dict);
    Py_XDECREF(dummy);
    return result;
}

/* This thread's attribute dict, BORROWED; on first use in a thread __init__ runs. */
static PyObject *dict_get(Local *self)
{
    PyObject *tdict = PyThreadState_GetDict();
    if (!tdict) {
        PyErr_SetString(PyExc_SystemError, "Couldn't get thread-state dictionary");
        return NULL;
    }
    PyObject *dummy = PyDict_GetItemWithError(tdict, self->key);
    if (dummy)
        return ((Dummy *)dummy)->localdict;
    if (PyErr_Occurred())
        return NULL;
    PyObject *dict = dict_make(self);
    if (!dict)
        return NULL;
    if (Py_TYPE(self)->tp_init != PyBaseObject_Type.tp_init
        && Py_TYPE(self)->tp_init((PyObject *)self, self->args, self->kw) < 0) {
        PyObject *t, *v, *tb; /* take it back so that the next use tries again */
        PyErr_Fetch(&t, &v, &tb);
        PyDict_DelItem(tdict, self->key);
        PyErr_Clear();
        PyErr_Restore(t, v, tb);
        return NULL;
    }
    return dict;
}

static bool given(PyObject *args, PyObject *kw)
{
    return (args && PyTuple_GET_SIZE(args)) || (kw && PyDict_Check(kw) && PyDict_GET_SIZE(kw));
}

static PyObject *local_new(PyTypeObject *type, PyObject *args, PyObject *kw)
{
    if (type->tp_init == PyBaseObject_Type.tp_init && given(args, kw)) {
        PyErr_SetString(PyExc_TypeError, "Initialization arguments are not supported");
        return NULL;
    }
    Local *self = (Local *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    PyObject *ref = NULL;
    self->args = Py_XNewRef(args);
    self->kw = Py_XNewRef(kw);
    self->key = PyUnicode_FromFormat("thread.local.%p", self);
    if (self->key && (self->dummies = PyDict_New()) &&
        (ref = PyWeakref_NewRef((PyObject *)self, NULL)) &&
        (self->callback = PyCFunction_New(&callback_def, ref)) && dict_make(self)) {
        Py_DECREF(ref);
        return (PyObject *)self;
    }
    Py_XDECREF(ref);
    Py_DECREF(self);
    return NULL;
}

static int local_traverse(PyObject *op, visitproc visit, void *arg)
{
    Local *self = (Local *)op;
    Py_VISIT(Py_TYPE(op));
    Py_VISIT(self->args);
    Py_VISIT(self->kw);
    Py_VISIT(self->dummies);
    return 0;
}

/* Takes the values out of every thread's dict. The head of the list is locked only while a step is
   made: dropping a value runs code. */
static int local_clear(PyObject *op)
{
    Local *self = (Local *)op;
    Py_CLEAR(self->args);
    Py_CLEAR(self->kw);
    Py_CLEAR(self->dummies);
    Py_CLEAR(self->callback);
    if (!self->key)
        return 0;
    PyThreadState *tstate = tstate_get();
    HEAD_LOCK();
    PyThreadState *t = tstate && tstate->interp ? tstate->interp->threads.head : NULL;
    HEAD_UNLOCK();
    while (t) {
        if (t->dict) {
            PyObject *v = _PyDict_Pop(t->dict, self->key, Py_None);
            if (v)
                Py_DECREF(v);
            else
                PyErr_Clear();
        }
        HEAD_LOCK();
        t = t->next;
        HEAD_UNLOCK();
    }
    return 0;
}

static void local_dealloc(PyObject *op)
{
    PyObject_GC_UnTrack(op);
    if (((Local *)op)->weakrefs)
        PyObject_ClearWeakRefs(op);
    local_clear(op);
    Py_XDECREF(((Local *)op)->key);
    PyTypeObject *type = Py_TYPE(op);
    type->tp_free(op);
    Py_DECREF(type);
}

static PyObject *local_getattro(PyObject *op, PyObject *name)
{
    Local *self = (Local *)op;
    PyObject *dict = dict_get(self);
    if (!dict)
        return NULL;
    int is_dict = PyObject_RichCompareBool(name, ID(__dict__), Py_EQ);
    if (is_dict)
        return is_dict < 0 ? NULL : Py_NewRef(dict);
    struct thread_state *st = state_of(self);
    if (!st)
        return NULL;
    if (!Py_IS_TYPE(op, st->local_type))
        return _PyObject_GenericGetAttrWithDict(op, name, dict, 0);
    PyObject *value = PyDict_GetItemWithError(dict, name);
    if (value || PyErr_Occurred())
        return Py_XNewRef(value);
    return _PyObject_GenericGetAttrWithDict(op, name, dict, 0);
}

static int local_setattro(PyObject *op, PyObject *name, PyObject *value)
{
    PyObject *dict = dict_get((Local *)op);
    if (!dict)
        return -1;
    int is_dict = PyObject_RichCompareBool(name, ID(__dict__), Py_EQ);
    if (is_dict < 0)
        return -1;
    if (is_dict) {
        PyErr_Format(PyExc_AttributeError, "'%.50s' object attribute '%U' is read-only",
                     Py_TYPE(op)->tp_name, name);
        return -1;
    }
    return _PyObject_GenericSetAttrWithDict(op, name, value, dict);
}

static PyMemberDef local_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Local, weakrefs), READONLY},
    {NULL},
};
static PyType_Slot local_slots[] = {
    {Py_tp_dealloc, local_dealloc},
    {Py_tp_getattro, local_getattro},
    {Py_tp_setattro, local_setattro},
    {Py_tp_doc, "Thread-local data"},
    {Py_tp_traverse, local_traverse},
    {Py_tp_clear, local_clear},
    {Py_tp_new, local_new},
    {Py_tp_members, local_members},
    {0, NULL},
};
static PyType_Spec local_spec = {
    "_thread._local",
    sizeof(Local),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    local_slots,
};

int thread_local_init(PyObject *module)
{
    struct thread_state *st = PyModule_GetState(module);
    st->dummy_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &dummy_spec, NULL);
    st->local_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &local_spec, NULL);
    return st->dummy_type && st->local_type ? PyModule_AddType(module, st->local_type) : -1;
}
