/* SPDX-License-Identifier: MIT
 *
 * Shared inside objects/type. Reading order: lookup.c, mro.c, ready.c, slots.c, new.c, subtype.c,
 * type.c.
 */
#ifndef VITRO_TYPE_IMPL_H
#define VITRO_TYPE_IMPL_H

#include "mem/gc.h"
#include "objects/dict/dict.h"
#include "objects/type/type.h"

EXPORT PyObject *_PyObject_Call_Prepend(PyThreadState *tstate, PyObject *callable, PyObject *obj,
                                        PyObject *args, PyObject *kwds);
EXPORT PyObject *_PyObject_GetState(PyObject *obj);
EXPORT int _PyDict_HasOnlyStringKeys(PyObject *dict);

#define HAS(type, flag) PyType_HasFeature(type, flag)

/* Per interpreter: the method cache (lookup.c). */
#define METHOD_CACHE_BITS 12
struct type_state {
    /* by version and name: what lookup found, BORROWED; a type that changes gets another version */
    struct {
        unsigned int version;   /* tp_version_tag; 0: free */
        PyObject *name, *value; /* value NULL: looked up, not there */
    } cache[1 << METHOD_CACHE_BITS];
};

/* -- lookup.c -- */
/* The attribute in the MRO, BORROWED MAYBE_NULL, *error < 0 with
   an exception, > 0 when the type has no MRO. */
PyObject *type_find_in_mro(PyTypeObject *type, PyObject *name, int *error);
void type_mro_modified(PyTypeObject *type, PyObject *bases);
int type_subclasses_add_to_bases(PyTypeObject *type, PyObject *bases);
void type_subclasses_remove_from_bases(PyTypeObject *type, PyObject *bases);
/* A list of the living direct subclasses. */
PyObject *type_subclasses_list(PyTypeObject *type);

/* -- mro.c -- */
/* Computes tp_mro; *old_mro (owned, MAYBE_NULL) gets the former
   one. 1: set, 0: reentered and superseded, -1. */
int type_mro_compute(PyTypeObject *type, PyObject **old_mro);
PyObject *type_mro_default(PyTypeObject *type);
/* The base whose layout the type extends; BORROWED. */
PyTypeObject *type_best_base(PyObject *bases);
bool type_layout_compatible(PyTypeObject *newto, PyTypeObject *oldto, const char *attr);
int type_set_bases(PyTypeObject *type, PyObject *value, void *closure);

/* -- ready.c -- */
/* A type that is in the middle of PyType_Ready. */
static inline bool type_is_readying(PyTypeObject *t) { return HAS(t, Py_TPFLAGS_READYING); }
PyObject *type_new_wrapper(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
                           PyObject *kwnames);
int type_dict_set_doc(PyTypeObject *type);

/* -- slots.c -- */
int slots_init(void);
int slots_add_wrappers(PyTypeObject *type);
/* Fills the C slots of a fresh heap type from its dict. */
void slots_fixup_dispatchers(PyTypeObject *type);
/* Recomputes the C slots that `name` feeds, in the type and its subclasses. */
int slots_update(PyTypeObject *type, PyObject *name);
void slots_update_all(PyTypeObject *type);
/* Calls method `name` of args[0]; AttributeError when missing. */
PyObject *slot_call(PyObject *name, PyObject *const *args, Py_ssize_t nargs);
PyObject *slot_tp_new(PyTypeObject *type, PyObject *args, PyObject *kwds);
int slot_tp_init(PyObject *self, PyObject *args, PyObject *kwds);
int slot_tp_init_vector(PyObject *const *stack, Py_ssize_t nargs, PyObject *kwnames);
void slot_tp_finalize(PyObject *self);

/* -- wrappers.c: C slot -> Python-visible method -- */
#define WRAPPER(name) PyObject *wrap_##name(PyObject *self, PyObject *args, void *wrapped)
WRAPPER(lenfunc);
WRAPPER(inquirypred);
WRAPPER(binaryfunc);
WRAPPER(binaryfunc_l);
WRAPPER(binaryfunc_r);
WRAPPER(ternaryfunc);
WRAPPER(ternaryfunc_r);
WRAPPER(unaryfunc);
WRAPPER(indexargfunc);
WRAPPER(sq_item);
WRAPPER(sq_setitem);
WRAPPER(sq_delitem);
WRAPPER(objobjproc);
WRAPPER(objobjargproc);
WRAPPER(delitem);
WRAPPER(setattr);
WRAPPER(delattr);
WRAPPER(hashfunc);
WRAPPER(del);
WRAPPER(lt);
WRAPPER(le);
WRAPPER(eq);
WRAPPER(ne);
WRAPPER(gt);
WRAPPER(ge);
WRAPPER(next);
WRAPPER(descr_get);
WRAPPER(descr_set);
WRAPPER(descr_delete);
PyObject *wrap_call(PyObject *self, PyObject *args, void *wrapped, PyObject *kwds);
PyObject *wrap_init(PyObject *self, PyObject *args, void *wrapped, PyObject *kwds);

/* -- Calls -- */
/* What a call of a class keeps for its length: the tuple of the arguments, and the dict of those
   given by name, would each hold a reference to theirs, and sys.getrefcount shows it. */
static inline void args_hold(PyObject *const *args, Py_ssize_t n)
{
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_INCREF(args[i]);
    }
}

static inline void args_let_go(PyObject *const *args, Py_ssize_t n)
{
    for (Py_ssize_t i = 0; i < n; i++) {
        Py_DECREF(args[i]);
    }
}

/* -- new.c, subtype.c -- */
PyObject *type_new(PyTypeObject *metatype, PyObject *args, PyObject *kwds);
void subtype_dealloc(PyObject *self);
int subtype_traverse(PyObject *self, visitproc visit, void *arg);
int subtype_clear(PyObject *self);
extern PyGetSetDef subtype_getsets_full[], subtype_getsets_dict_only[],
    subtype_getsets_weakref_only[];

/* The heap type's member table lies behind its metatype's struct. */
static inline PyMemberDef *heap_type_members(PyHeapTypeObject *et)
{
    return (PyMemberDef *)((char *)et + Py_TYPE(et)->tp_basicsize);
}

/* -- object_type.c, pickle.c -- */
extern PyMethodDef object_methods[];
PyObject *object_reduce(PyObject *self, PyObject *unused);
PyObject *object_reduce_ex(PyObject *self, PyObject *protocol);
PyObject *object_getstate_method(PyObject *self, PyObject *unused);
int object_init(PyObject *self, PyObject *args, PyObject *kwds);
PyObject *object_new(PyTypeObject *type, PyObject *args, PyObject *kwds);
/* dict of `type` and its bases, for dir(). */
int type_merge_dicts(PyObject *dict, PyObject *cls);

/* -- doc.c -- */
const char *doc_without_signature(const char *name, const char *doc);

/* dict[name], BORROWED; NULL without error when missing. */
static inline PyObject *dict_peek(PyObject *dict, PyObject *name)
{
    return PyDict_GetItemWithError(dict, name);
}

static inline bool is_dunder(PyObject *name)
{
    Py_ssize_t n = PyUnicode_GET_LENGTH(name);
    return n > 4 && PyUnicode_READ_CHAR(name, 0) == '_' && PyUnicode_READ_CHAR(name, 1) == '_'
           && PyUnicode_READ_CHAR(name, n - 1) == '_' && PyUnicode_READ_CHAR(name, n - 2) == '_';
}

#endif
