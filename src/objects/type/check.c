/* SPDX-License-Identifier: MIT
 *
 * For the heap checker (-X check=heap): whether a type is what the invariants of this folder say.
 */
#include "objects/type/type_impl.h"

static bool mro_has(PyTypeObject *type, PyObject *base)
{
    PyObject *mro = type->tp_mro;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(mro); i++) {
        if (PyTuple_GET_ITEM(mro, i) == base) {
            return true;
        }
    }
    return false;
}

/* L3: the base knows the type. */
static bool is_subclass_of(PyTypeObject *type, PyTypeObject *base)
{
    PyObject *ref, *subclasses = base->tp_subclasses;
    Py_ssize_t pos = 0;
    while (subclasses && PyDict_Next(subclasses, &pos, NULL, &ref)) {
        if (PyWeakref_CheckRef(ref) && PyWeakref_GET_OBJECT(ref) == (PyObject *)type) {
            return true;
        }
    }
    return false;
}

/* Sizes grow from base to type, and every base is in the MRO. */
static const char *bases_fault(PyTypeObject *type)
{
    PyObject *bases = type->tp_bases;
    if (type->tp_base && type->tp_basicsize < type->tp_base->tp_basicsize) {
        return "type smaller than its base";
    }
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(bases); i++) {
        PyObject *base = PyTuple_GET_ITEM(bases, i);
        if (!PyType_Check(base)) {
            return "base that is no type";
        }
        if (!is_subclass_of(type, (PyTypeObject *)base)) {
            return "type that its base does not list";
        }
        if (HAS(type, Py_TPFLAGS_VALID_VERSION_TAG) &&
            !HAS((PyTypeObject *)base, Py_TPFLAGS_VALID_VERSION_TAG)) {
            return "version tag, but none in a base"; /* L1 */
        }
    }
    return NULL;
}

/* L2: what the method cache says about the type is what a walk finds. */
static const char *cache_fault(PyTypeObject *type)
{
    struct type_state *state = interp_get()->types;
    int error;
    if (state == NULL || !HAS(type, Py_TPFLAGS_VALID_VERSION_TAG)) {
        return NULL;
    }
    for (size_t i = 0; i < COUNT_OF(state->cache); i++) {
        if (state->cache[i].version == type->tp_version_tag && state->cache[i].name &&
            type_find_in_mro(type, state->cache[i].name, &error) != state->cache[i].value) {
            return "method cache with an old entry";
        }
    }
    return NULL;
}

/* What is wrong with the type, or NULL. Runs no code. */
const char *type_fault(PyTypeObject *type)
{
    if (!HAS(type, Py_TPFLAGS_READY) || HAS(type, Py_TPFLAGS_READYING)) {
        return NULL; /* still being made */
    }
    if (type->tp_mro == NULL || type->tp_dict == NULL || type->tp_bases == NULL) {
        return NULL; /* cleared, or a custom mro() runs */
    }
    if (!PyTuple_Check(type->tp_mro) || !PyDict_Check(type->tp_dict) ||
        !PyTuple_Check(type->tp_bases)) {
        return "MRO, bases or dict of a wrong type";
    }
    if (HAS(type, Py_TPFLAGS_VALID_VERSION_TAG) && type->tp_version_tag == 0) {
        return "valid version tag 0";
    }
    if (PyType_IS_GC(type) && type->tp_traverse == NULL) {
        return "collected type without tp_traverse";
    }
    if (Py_IS_TYPE(type, &PyType_Type) && !mro_has(type, (PyObject *)type)) {
        return "type missing in its own MRO";
    }
    const char *fault = bases_fault(type);
    return fault ? fault : cache_fault(type);
}
