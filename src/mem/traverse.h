/* SPDX-License-Identifier: MIT
 *
 * tp_traverse with the visitor inlined, for the types that most tracked objects have: lists, tuples,
 * dicts and functions, and instances of Python classes that add only attributes. A pass over the
 * heap is little else than this loop; the others, and bases with members of their own, go through
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

static inline bool is_plain_instance(PyTypeObject *type)
{
    return type->tp_traverse == subtype_traverse && type->tp_base == &PyBaseObject_Type &&
           (type->tp_flags & Py_TPFLAGS_MANAGED_DICT) && Py_SIZE(type) == 0;
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
    } else if (is_plain_instance(type)) {
        if (*object_values_slot(op)) {
            traverse_values(*object_values_slot(op), ((PyHeapTypeObject *)type)->ht_cached_keys,
                            visit, arg);
        }
        VISIT(*object_dict_slot(op), visit, arg);
        visit((PyObject *)type, arg);
    } else {
        type->tp_traverse(op, visit, arg);
    }
}

#undef VISIT
#endif
