/* SPDX-License-Identifier: MIT
 *
 * tp_traverse with the visitor inlined, for the types that most tracked objects have: lists, tuples,
 * dicts, functions, methods and cells, and instances of classes that have only Python classes and
 * object as bases. A pass over the heap is little else than this loop; others go through
 * tp_traverse.
 */
#ifndef VITRO_TRAVERSE_H
#define VITRO_TRAVERSE_H

#include "objects/dict/dict.h"
#include "objects/type/type_impl.h"

#define VISIT(op, visit, arg)                                                                      \
    if (op) {                                                                                      \
        visit(op, arg);                                                                            \
    }

static inline __attribute__((always_inline)) void
traverse_values(PyDictValues *values, PyDictKeysObject *keys, visitproc visit, void *arg)
{
    for (Py_ssize_t i = 0, n = keys->dk_nentries; i < n; i++) {
        VISIT(values->values[i], visit, arg);
    }
}

/* What subtype_traverse visits, in its order; false, and nothing visited, when a base has a tp_traverse
   of its own. */
static inline __attribute__((always_inline)) bool
traverse_instance(PyObject *op, PyTypeObject *type, visitproc visit, void *arg)
{
    PyTypeObject *base = type;
    bool slots = false;
    for (; base->tp_traverse == subtype_traverse; base = base->tp_base) {
        slots |= Py_SIZE(base) != 0;
    }
    if (base != &PyBaseObject_Type
        || (type->tp_dictoffset != 0 && !(type->tp_flags & Py_TPFLAGS_MANAGED_DICT))) {
        return false;
    }
    for (base = type; slots && base != &PyBaseObject_Type; base = base->tp_base) {
        PyMemberDef *member = heap_type_members((PyHeapTypeObject *)base);
        for (Py_ssize_t i = 0, n = Py_SIZE(base); i < n; i++) {
            if (member[i].type == T_OBJECT_EX) {
                VISIT(*(PyObject **)((char *)op + member[i].offset), visit, arg);
            }
        }
    }
    if (type->tp_flags & Py_TPFLAGS_MANAGED_DICT) {
        if (*object_values_slot(op)) {
            traverse_values(*object_values_slot(op), ((PyHeapTypeObject *)type)->ht_cached_keys,
                            visit, arg);
        }
        VISIT(*object_dict_slot(op), visit, arg);
    }
    visit((PyObject *)type, arg);
    return true;
}

/* For a visitor that always returns 0. */
static inline __attribute__((always_inline)) void traverse(PyObject *op, visitproc visit, void *arg)
{
    PyTypeObject *type = Py_TYPE(op);
    if (type == &PyList_Type || type == &PyTuple_Type) {
        PyObject **items =
            type == &PyList_Type ? ((PyListObject *)op)->ob_item : ((PyTupleObject *)op)->ob_item;
        for (Py_ssize_t i = Py_SIZE(op); --i >= 0;) {
            VISIT(items[i], visit, arg);
        }
    } else if (type == &PyDict_Type && DK_IS_UNICODE(((PyDictObject *)op)->ma_keys)) {
        PyDictObject *dict = (PyDictObject *)op;
        if (dict->ma_values) {
            traverse_values(dict->ma_values, dict->ma_keys, visit, arg);
            return;
        }
        DictUnicodeEntry *entries = DK_UNICODE_ENTRIES(dict->ma_keys);
        for (Py_ssize_t i = 0, n = dict->ma_keys->dk_nentries; i < n; i++) {
            VISIT(entries[i].me_value, visit, arg);
        }
    } else if (type == &PyFunction_Type) {
        PyFunctionObject *func = (PyFunctionObject *)op; /* code objects have no words in front */
        VISIT(func->func_globals, visit, arg);
        VISIT(func->func_builtins, visit, arg);
        VISIT(func->func_module, visit, arg);
        VISIT(func->func_defaults, visit, arg);
        VISIT(func->func_kwdefaults, visit, arg);
        VISIT(func->func_doc, visit, arg);
        VISIT(func->func_name, visit, arg);
        VISIT(func->func_dict, visit, arg);
        VISIT(func->func_closure, visit, arg);
        VISIT(func->func_annotations, visit, arg);
        VISIT(func->func_qualname, visit, arg);
    } else if (type == &PyMethod_Type) {
        VISIT(((PyMethodObject *)op)->im_func, visit, arg);
        VISIT(((PyMethodObject *)op)->im_self, visit, arg);
    } else if (type == &PyCell_Type) {
        VISIT(((PyCellObject *)op)->ob_ref, visit, arg);
    } else if (type->tp_traverse != subtype_traverse || !traverse_instance(op, type, visit, arg)) {
        type->tp_traverse(op, visit, arg);
    }
}

#undef VISIT
#endif
