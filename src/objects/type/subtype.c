/* SPDX-License-Identifier: MIT
 *
 * Instances of heap types: allocation, traversal, clearing, deallocation, and their __dict__ and
 * __weakref__.
 *
 * A class made by type.__new__ adds to its C base: slots, maybe a dict, maybe a weak reference
 * list. The functions below do that part and then call the nearest base that has other functions in
 * the same C slot.
 */
#include "mem/gc.h"
#include "objects/type/type_impl.h"

#include <string.h>

/* -- Allocation ------------------------------------------------------------------------------ */

/* Zeroed; takes a reference to a heap type. Words in front of the object are zeroed too. */
PyObject *type_alloc_no_track(PyTypeObject *type, Py_ssize_t nitems)
{
    size_t presize = type_pre_header_size(type);
    /* One item more: variable-size types may rely on a trailing zero. */
    size_t size = _PyObject_VAR_SIZE(type, nitems + 1);
    char *mem = PyObject_Malloc(size + presize);
    if (mem == NULL) {
        return PyErr_NoMemory();
    }
    PyObject *obj = (PyObject *)(mem + presize);
    if (presize) {
        memset(mem, 0, presize);
        if (PyType_IS_GC(type)) {
            gc_link(obj);
        }
    }
    memset(obj, 0, size);
    if (type->tp_itemsize) {
        PyObject_InitVar((PyVarObject *)obj, type, nitems);
    }
    else {
        PyObject_Init(obj, type);
    }
    return obj;
}

PyObject *PyType_GenericAlloc(PyTypeObject *type, Py_ssize_t nitems)
{
    PyObject *obj = type_alloc_no_track(type, nitems);
    if (obj && PyType_IS_GC(type)) {
        gc_track(obj);
    }
    return obj;
}

PyObject *PyType_GenericNew(PyTypeObject *type, PyObject *args, PyObject *kwds)
{
    return type->tp_alloc(type, 0);
}

/* -- Slots ----------------------------------------------------------------------------------- */

#define IS_SLOT(m) ((m)->type == T_OBJECT_EX && !((m)->flags & READONLY))

/* The slots that this class adds; bases have their own. */
static int slots_traverse(PyTypeObject *type, PyObject *self, visitproc visit, void *arg)
{
    PyMemberDef *m = heap_type_members((PyHeapTypeObject *)type);
    for (Py_ssize_t i = 0, n = Py_SIZE(type); i < n; i++, m++) {
        if (m->type == T_OBJECT_EX) {
            Py_VISIT(*(PyObject **)((char *)self + m->offset));
        }
    }
    return 0;
}

static void slots_clear(PyTypeObject *type, PyObject *self)
{
    PyMemberDef *m = heap_type_members((PyHeapTypeObject *)type);
    for (Py_ssize_t i = 0, n = Py_SIZE(type); i < n; i++, m++) {
        if (IS_SLOT(m)) {
            Py_CLEAR(*(PyObject **)((char *)self + m->offset));
        }
    }
}

/* -- The collector's view -------------------------------------------------------------------- */

/* Slots of every Python class up to the first base with another function, then that. */
int subtype_traverse(PyObject *self, visitproc visit, void *arg)
{
    PyTypeObject *type = Py_TYPE(self), *base = type;
    traverseproc basetraverse;
    while ((basetraverse = base->tp_traverse) == subtype_traverse) {
        if (Py_SIZE(base)) {
            int r = slots_traverse(base, self, visit, arg);
            if (r) {
                return r;
            }
        }
        base = base->tp_base;
    }
    if (HAS(type, Py_TPFLAGS_MANAGED_DICT)) {
        if (*object_values_slot(self)) {
            int r = object_values_visit(self, visit, arg);
            if (r) {
                return r;
            }
        }
        Py_VISIT(*object_dict_slot(self));
    }
    else if (type->tp_dictoffset != base->tp_dictoffset) {
        PyObject **dict = object_dict_pointer(self);
        if (dict) {
            Py_VISIT(*dict);
        }
    }
    /* A heap type with its own traverse visits the type itself. */
    if (HAS(type, Py_TPFLAGS_HEAPTYPE)
        && (basetraverse == NULL || !HAS(base, Py_TPFLAGS_HEAPTYPE))) {
        Py_VISIT(type);
    }
    return basetraverse ? basetraverse(self, visit, arg) : 0;
}

/* The base's part last. */
int subtype_clear(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self), *base = type;
    inquiry baseclear;
    while ((baseclear = base->tp_clear) == subtype_clear) {
        if (Py_SIZE(base)) {
            slots_clear(base, self);
        }
        base = base->tp_base;
    }
    if (HAS(type, Py_TPFLAGS_MANAGED_DICT)) {
        if (*object_values_slot(self)) {
            object_values_clear(self);
        }
        Py_CLEAR(*object_dict_slot(self));
    }
    else if (type->tp_dictoffset != base->tp_dictoffset) {
        PyObject **dict = object_dict_pointer(self);
        if (dict) {
            Py_CLEAR(*dict);
        }
    }
    return baseclear ? baseclear(self) : 0;
}

/* -- Deallocation ---------------------------------------------------------------------------- */

/* The nearest base with another tp_dealloc. */
static PyTypeObject *dealloc_base(PyTypeObject *type)
{
    while (type->tp_dealloc == subtype_dealloc) {
        type = type->tp_base;
    }
    return type;
}

/* Hands self to the C base. The base's dealloc drops the type's
   reference only if it is a heap type itself. */
static void dealloc_by_base(PyObject *self, PyTypeObject *base)
{
    PyTypeObject *type = Py_TYPE(self);
    bool drop_type = HAS(type, Py_TPFLAGS_HEAPTYPE) && !HAS(base, Py_TPFLAGS_HEAPTYPE);
    base->tp_dealloc(self);
    if (drop_type) {
        Py_DECREF(type);
    }
}

/* For the rare subtype without the collector: no dict, no slots of its own. */
static void dealloc_untracked(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    if (type->tp_finalize && PyObject_CallFinalizerFromDealloc(self) < 0) {
        return;
    }
    if (type->tp_del) {
        type->tp_del(self);
        if (Py_REFCNT(self) > 0) {
            return;
        }
    }
    dealloc_by_base(self, dealloc_base(type));
}

/* Finalisers and weak references; false when self came back to life. */
static bool dealloc_say_goodbye(PyObject *self, PyTypeObject *type, PyTypeObject *base)
{
    bool own_weaklist = type->tp_weaklistoffset && !base->tp_weaklistoffset;
    if (type->tp_finalize) {
        gc_track(self);
        if (PyObject_CallFinalizerFromDealloc(self) < 0) {
            return false;
        }
        gc_untrack(self);
    }
    if (own_weaklist) {
        PyObject_ClearWeakRefs(self);
    }
    if (type->tp_del) {
        gc_track(self);
        type->tp_del(self);
        if (Py_REFCNT(self) > 0) {
            return false;
        }
        gc_untrack(self);
    }
    /* Weak references made by the finaliser: no callbacks, self is half gone. */
    if (own_weaklist && (type->tp_finalize || type->tp_del)) {
        PyWeakReference **list = (PyWeakReference **)((char *)self + type->tp_weaklistoffset);
        while (*list) {
            _PyWeakref_ClearRef(*list);
        }
    }
    return true;
}

/* Only if this class, not its C base, brought the dict. */
static void dealloc_drop_dict(PyObject *self, PyTypeObject *type, PyTypeObject *base)
{
    if (HAS(type, Py_TPFLAGS_MANAGED_DICT)) {
        if (*object_values_slot(self)) {
            object_values_free(self);
            *object_values_slot(self) = NULL;
        }
        Py_CLEAR(*object_dict_slot(self));
    }
    else if (type->tp_dictoffset && !base->tp_dictoffset) {
        PyObject **dict = object_dict_pointer(self);
        if (dict) {
            Py_CLEAR(*dict);
        }
    }
}

/* In the order of 3.11, which programs see: __del__, weak references, slots, dict, base, then the
   reference to the class. */
void subtype_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    if (!PyType_IS_GC(type)) {
        dealloc_untracked(self);
        return;
    }
    PyObject_GC_UnTrack(self);
    TRASH_BEGIN(self, subtype_dealloc)
    PyTypeObject *base = dealloc_base(type);
    if (!dealloc_say_goodbye(self, type, base)) {
        goto done;
    }
    for (PyTypeObject *t = type; t != base; t = t->tp_base) {
        if (Py_SIZE(t)) {
            slots_clear(t, self);
        }
    }
    dealloc_drop_dict(self, type, base);
    if (PyType_IS_GC(base)) {
        gc_track(self);
    }
    dealloc_by_base(self, base);
done:;
    TRASH_END
}

/* -- __dict__ and __weakref__ ---------------------------------------------------------------- */

/* The nearest static type in the bases that has a dict: its
   own __dict__ descriptor must be used. */
static PyTypeObject *static_base_with_dict(PyTypeObject *type)
{
    for (; type->tp_base; type = type->tp_base) {
        if (type->tp_dictoffset != 0 && !HAS(type, Py_TPFLAGS_HEAPTYPE)) {
            return type;
        }
    }
    return NULL;
}

static PyObject *dict_descriptor_of(PyTypeObject *type)
{
    PyObject *descr = _PyType_Lookup(type, ID(__dict__));
    return descr && PyDescr_IsData(descr) ? descr : NULL;
}

static void raise_no_dict(PyObject *obj)
{
    PyErr_Format(PyExc_TypeError, "this __dict__ descriptor does not support '%.200s' objects",
                 Py_TYPE(obj)->tp_name);
}

/* A C base with a dict of its own answers for it. */
static PyObject *subtype_get_dict(PyObject *obj, void *closure)
{
    PyTypeObject *base = static_base_with_dict(Py_TYPE(obj));
    if (base == NULL) {
        return PyObject_GenericGetDict(obj, closure);
    }
    PyObject *descr = dict_descriptor_of(base);
    descrgetfunc get = descr ? Py_TYPE(descr)->tp_descr_get : NULL;
    if (get == NULL) {
        raise_no_dict(obj);
        return NULL;
    }
    return get(descr, obj, (PyObject *)Py_TYPE(obj));
}

/* value NULL deletes: the next use makes an empty one. */
static int subtype_set_dict(PyObject *obj, PyObject *value, void *closure)
{
    PyTypeObject *base = static_base_with_dict(Py_TYPE(obj));
    if (base) {
        PyObject *descr = dict_descriptor_of(base);
        descrsetfunc set = descr ? Py_TYPE(descr)->tp_descr_set : NULL;
        if (set == NULL) {
            raise_no_dict(obj);
            return -1;
        }
        return set(descr, obj, value);
    }
    PyObject **slot = _PyObject_GetDictPtr(obj);
    if (slot == NULL) {
        PyErr_SetString(PyExc_AttributeError, "This object has no __dict__");
        return -1;
    }
    if (value && !PyDict_Check(value)) {
        PyErr_Format(PyExc_TypeError, "__dict__ must be set to a dictionary, not a '%.200s'",
                     Py_TYPE(value)->tp_name);
        return -1;
    }
    Py_XSETREF(*slot, Py_XNewRef(value));
    return 0;
}

/* No __dict__ override in the way. */
bool object_has_plain_values(PyObject *obj)
{
    PyTypeObject *type = Py_TYPE(obj);
    if (!HAS(type, Py_TPFLAGS_MANAGED_DICT) || type->tp_getattro != PyObject_GenericGetAttr
        || !*object_values_slot(obj)) {
        return false;
    }
    PyObject *descr = _PyType_Lookup(type, ID(__dict__));
    return descr && Py_IS_TYPE(descr, &PyGetSetDescr_Type)
           && ((PyGetSetDescrObject *)descr)->d_getset->get == subtype_get_dict
           && static_base_with_dict(type) == NULL;
}

static PyObject *subtype_get_weakref(PyObject *obj, void *closure)
{
    PyTypeObject *type = Py_TYPE(obj);
    if (type->tp_weaklistoffset == 0) {
        PyErr_SetString(PyExc_AttributeError, "This object has no __weakref__");
        return NULL;
    }
    PyObject *first = *(PyObject **)((char *)obj + type->tp_weaklistoffset);
    return Py_NewRef(first ? first : Py_None);
}

#define DICT_GETSET                                                                                \
    {"__dict__", subtype_get_dict, subtype_set_dict,                                               \
     "dictionary for instance variables (if defined)", NULL}
#define WEAKREF_GETSET                                                                             \
    {"__weakref__", subtype_get_weakref, NULL,                                                     \
     "list of weak references to the object (if defined)", NULL}

PyGetSetDef subtype_getsets_full[] = {DICT_GETSET, WEAKREF_GETSET, {NULL}};
PyGetSetDef subtype_getsets_dict_only[] = {DICT_GETSET, {NULL}};
PyGetSetDef subtype_getsets_weakref_only[] = {WEAKREF_GETSET, {NULL}};
