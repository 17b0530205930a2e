/* SPDX-License-Identifier: MIT
 *
 * Order and layout of bases: the C3 linearisation, the "best base" whose C layout a type extends,
 * assignment to __bases__, and the test whether two layouts are interchangeable.
 *
 * C3: merge the bases' MROs and the list of bases itself. Take the first head that is in no other
 *     list's tail, drop it from all lists, repeat; when no head qualifies the order is
 *     inconsistent. (Barrett et al., "A Monotonic Superclass Linearization for Dylan", OOPSLA
 *     1996.)
 *
 * A type's "solid base" is the nearest ancestor (itself included) that adds C fields beyond a dict
 * and a weak reference list. Two bases can be combined when one's solid base derives from the
 * other's.
 *
 * A metaclass may override mro(): its answer is checked for layouts only. Since mro() is Python
 * code it may assign to __bases__ meanwhile; type_mro_compute notices and lets the inner assignment
 * win.
 */
#include "objects/type/type_impl.h"

#include <string.h>

/* -- C3 -------------------------------------------------------------------------------------- */

/* Behind place `head`. */
static bool tail_contains(PyObject *tuple, Py_ssize_t head, PyObject *cls)
{
    for (Py_ssize_t i = head + 1; i < PyTuple_GET_SIZE(tuple); i++) {
        if (PyTuple_GET_ITEM(tuple, i) == cls) {
            return true;
        }
    }
    return false;
}

static PyObject *class_name(PyObject *cls)
{
    PyObject *name;
    if (_PyObject_LookupAttr(cls, ID(__name__), &name) < 0) {
        return NULL;
    }
    return name ? name : PyObject_Repr(cls);
}

/* "duplicate base class X" */
static int check_duplicates(PyObject *bases)
{
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(bases); i++) {
        PyObject *cls = PyTuple_GET_ITEM(bases, i);
        if (tail_contains(bases, i, cls)) {
            PyObject *name = class_name(cls);
            if (name) {
                if (PyUnicode_Check(name)) {
                    PyErr_Format(PyExc_TypeError, "duplicate base class %U", name);
                }
                else {
                    PyErr_SetString(PyExc_TypeError, "duplicate base class");
                }
                Py_DECREF(name);
            }
            return -1;
        }
    }
    return 0;
}

/* The heads that are left name the classes that could not be ordered. */
static void raise_inconsistent(PyObject **lists, Py_ssize_t n, Py_ssize_t *heads)
{
    PyObject *set = PyDict_New();
    for (Py_ssize_t i = 0; set && i < n; i++) {
        if (heads[i] < PyTuple_GET_SIZE(lists[i])
            && PyDict_SetItem(set, PyTuple_GET_ITEM(lists[i], heads[i]), Py_None) < 0) {
            Py_CLEAR(set);
        }
    }
    PyObject *names = set ? PyUnicode_FromString("") : NULL, *cls, *unused;
    Py_ssize_t pos = 0;
    while (names && PyDict_Next(set, &pos, &cls, &unused)) {
        PyObject *name = class_name(cls);
        PyObject *joined =
            name
                ? PyUnicode_FromFormat(PyUnicode_GET_LENGTH(names) ? "%U, %S" : "%U%S", names, name)
                : NULL;
        Py_XDECREF(name);
        Py_SETREF(names, joined);
    }
    if (names) {
        PyErr_Format(PyExc_TypeError,
                     "Cannot create a consistent method resolution\norder (MRO) for bases %U",
                     names);
    }
    Py_XDECREF(names);
    Py_XDECREF(set);
}

/* Appends the merge of `n` tuples to `result`. */
static int c3_merge(PyObject *result, PyObject **lists, Py_ssize_t n)
{
    Py_ssize_t *heads = PyMem_Calloc((size_t)n, sizeof(*heads));
    if (heads == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    int r = -1;
again:;
    Py_ssize_t exhausted = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        if (heads[i] >= PyTuple_GET_SIZE(lists[i])) {
            exhausted++;
            continue;
        }
        PyObject *candidate = PyTuple_GET_ITEM(lists[i], heads[i]);
        bool blocked = false;
        for (Py_ssize_t j = 0; j < n && !blocked; j++) {
            blocked = tail_contains(lists[j], heads[j], candidate);
        }
        if (blocked) {
            continue;
        }
        if (PyList_Append(result, candidate) < 0) {
            goto done;
        }
        for (Py_ssize_t j = 0; j < n; j++) {
            if (heads[j] < PyTuple_GET_SIZE(lists[j])
                && PyTuple_GET_ITEM(lists[j], heads[j]) == candidate) {
                heads[j]++;
            }
        }
        goto again;
    }
    if (exhausted == n) {
        r = 0;
    }
    else {
        raise_inconsistent(lists, n, heads);
    }
done:
    PyMem_Free(heads);
    return r;
}

/* With one base no merge is needed: the type in front of the base's order. */
static PyObject *mro_single(PyTypeObject *type, PyTypeObject *base)
{
    Py_ssize_t n = PyTuple_GET_SIZE(base->tp_mro);
    PyObject *result = PyTuple_New(n + 1);
    if (result) {
        PyTuple_SET_ITEM(result, 0, Py_NewRef(type));
        for (Py_ssize_t i = 0; i < n; i++) {
            PyTuple_SET_ITEM(result, i + 1, Py_NewRef(PyTuple_GET_ITEM(base->tp_mro, i)));
        }
    }
    return result;
}

/* Owned tuple; TypeError when there is no order. O(bases * length) by the search of the tails. */
PyObject *type_mro_default(PyTypeObject *type)
{
    if (type->tp_bases == NULL && PyType_Ready(type) < 0) {
        return NULL;
    }
    PyObject *bases = type->tp_bases;
    Py_ssize_t n = PyTuple_GET_SIZE(bases);
    for (Py_ssize_t i = 0; i < n; i++) {
        PyTypeObject *base = (PyTypeObject *)PyTuple_GET_ITEM(bases, i);
        if (base->tp_mro == NULL) {
            PyErr_Format(PyExc_TypeError, "Cannot extend an incomplete type '%.100s'",
                         base->tp_name);
            return NULL;
        }
    }
    if (n == 1) {
        return mro_single(type, (PyTypeObject *)PyTuple_GET_ITEM(bases, 0));
    }
    if (check_duplicates(bases) < 0) {
        return NULL;
    }
    PyObject **lists = PyMem_Malloc((size_t)(n + 1) * sizeof(*lists));
    if (lists == NULL) {
        return PyErr_NoMemory();
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        lists[i] = ((PyTypeObject *)PyTuple_GET_ITEM(bases, i))->tp_mro;
    }
    lists[n] = bases;
    PyObject *list = PyList_New(0), *result = NULL;
    if (list && PyList_Append(list, (PyObject *)type) == 0 && c3_merge(list, lists, n + 1) == 0) {
        result = PyList_AsTuple(list);
    }
    Py_XDECREF(list);
    PyMem_Free(lists);
    return result;
}

/* -- Solid bases ----------------------------------------------------------------------------- */

/* A dict or weak reference pointer at the end does not count. */
static bool adds_fields(PyTypeObject *type, PyTypeObject *base)
{
    size_t size = (size_t)type->tp_basicsize, base_size = (size_t)base->tp_basicsize;
    if (type->tp_itemsize || base->tp_itemsize) {
        return size != base_size || type->tp_itemsize != base->tp_itemsize;
    }
    if (type->tp_weaklistoffset && base->tp_weaklistoffset == 0
        && (size_t)type->tp_weaklistoffset + sizeof(PyObject *) == size
        && HAS(type, Py_TPFLAGS_HEAPTYPE)) {
        size -= sizeof(PyObject *);
    }
    if (type->tp_dictoffset && base->tp_dictoffset == 0
        && (size_t)type->tp_dictoffset + sizeof(PyObject *) == size
        && HAS(type, Py_TPFLAGS_HEAPTYPE)) {
        size -= sizeof(PyObject *);
    }
    return size != base_size;
}

static PyTypeObject *solid_base(PyTypeObject *type)
{
    PyTypeObject *base = type->tp_base ? solid_base(type->tp_base) : &PyBaseObject_Type;
    return adds_fields(type, base) ? type : base;
}

/* TypeError for layouts that exclude each other ("instance lay-out conflict") and for final
   types. */
PyTypeObject *type_best_base(PyObject *bases)
{
    PyTypeObject *best = NULL, *best_solid = NULL;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(bases); i++) {
        PyTypeObject *base = (PyTypeObject *)PyTuple_GET_ITEM(bases, i);
        if (!PyType_Check(base)) {
            PyErr_SetString(PyExc_TypeError, "bases must be types");
            return NULL;
        }
        if (base->tp_dict == NULL && PyType_Ready(base) < 0) {
            return NULL;
        }
        if (!HAS(base, Py_TPFLAGS_BASETYPE)) {
            PyErr_Format(PyExc_TypeError, "type '%.100s' is not an acceptable base type",
                         base->tp_name);
            return NULL;
        }
        PyTypeObject *candidate = solid_base(base);
        if (best_solid == NULL || PyType_IsSubtype(candidate, best_solid)) {
            if (best_solid == NULL || !PyType_IsSubtype(best_solid, candidate)) {
                best_solid = candidate;
                best = base;
            }
        }
        else if (!PyType_IsSubtype(best_solid, candidate)) {
            PyErr_SetString(PyExc_TypeError, "multiple bases have instance lay-out conflict");
            return NULL;
        }
    }
    return best;
}

/* -- mro() ----------------------------------------------------------------------------------- */

/* Only classes whose solid base the type derives from. */
static int check_custom_mro(PyTypeObject *type, PyObject *mro)
{
    PyTypeObject *solid = solid_base(type);
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(mro); i++) {
        PyObject *cls = PyTuple_GET_ITEM(mro, i);
        if (!PyType_Check(cls)) {
            PyErr_Format(PyExc_TypeError, "mro() returned a non-class ('%.500s')",
                         Py_TYPE(cls)->tp_name);
            return -1;
        }
        if (!PyType_IsSubtype(solid, solid_base((PyTypeObject *)cls))) {
            PyErr_Format(PyExc_TypeError, "mro() returned base with unsuitable layout ('%.500s')",
                         ((PyTypeObject *)cls)->tp_name);
            return -1;
        }
    }
    return 0;
}

/* type's own mro() is not looked up. */
static PyObject *mro_invoke(PyTypeObject *type)
{
    if (Py_IS_TYPE(type, &PyType_Type)) {
        return type_mro_default(type);
    }
    PyObject *args[] = {(PyObject *)type};
    PyObject *result = slot_call(ID(mro), args, 1);
    if (result == NULL) {
        return NULL;
    }
    PyObject *mro = PySequence_Tuple(result);
    Py_DECREF(result);
    if (mro == NULL) {
        return NULL;
    }
    if (PyTuple_GET_SIZE(mro) == 0) {
        PyErr_Format(PyExc_TypeError, "type MRO must not be empty");
        Py_CLEAR(mro);
    }
    else if (check_custom_mro(type, mro) < 0) {
        Py_CLEAR(mro);
    }
    return mro;
}

/* See the head about 0. */
int type_mro_compute(PyTypeObject *type, PyObject **old_mro)
{
    PyObject *old = Py_XNewRef(type->tp_mro);
    PyObject *mro = mro_invoke(type); /* may run code that assigns to __bases__ */
    bool reentered = type->tp_mro != old;
    Py_XDECREF(old);
    if (mro == NULL) {
        return -1;
    }
    if (reentered) {
        Py_DECREF(mro);
        return 0;
    }
    type->tp_mro = mro;
    type_mro_modified(type, mro);
    type_mro_modified(type, type->tp_bases);
    PyType_Modified(type);
    if (old_mro) {
        *old_mro = old;
    }
    else {
        Py_XDECREF(old);
    }
    return 1;
}

/* -- Interchangeable layouts ----------------------------------------------------------------- */

/* obj.__class__ = C and C.__bases__ = … must not change what lies where in an instance: sizes,
   offsets and added slots have to agree. */

/* Same size and same places. */
static bool equivalent_slots(PyTypeObject *a, PyTypeObject *b)
{
    const unsigned long flags = Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_MANAGED_DICT;
    return a->tp_basicsize == b->tp_basicsize && a->tp_itemsize == b->tp_itemsize
           && a->tp_dictoffset == b->tp_dictoffset && a->tp_weaklistoffset == b->tp_weaklistoffset
           && (a->tp_flags & flags) == (b->tp_flags & flags);
}

/* Types that add nothing, or the same slots, to a common base. */
static bool same_slots_added(PyTypeObject *a, PyTypeObject *b)
{
    Py_ssize_t size = a->tp_base->tp_basicsize;
    if (!HAS(a, Py_TPFLAGS_HEAPTYPE) || !HAS(b, Py_TPFLAGS_HEAPTYPE)
        || (a->tp_flags & Py_TPFLAGS_MANAGED_DICT) != (b->tp_flags & Py_TPFLAGS_MANAGED_DICT)) {
        return false;
    }
    if (a->tp_dictoffset == size && b->tp_dictoffset == size) {
        size += (Py_ssize_t)sizeof(PyObject *);
    }
    if (a->tp_weaklistoffset == size && b->tp_weaklistoffset == size) {
        size += (Py_ssize_t)sizeof(PyObject *);
    }
    PyObject *slots_a = ((PyHeapTypeObject *)a)->ht_slots,
             *slots_b = ((PyHeapTypeObject *)b)->ht_slots;
    if (slots_a && slots_b) {
        if (PyObject_RichCompareBool(slots_a, slots_b, Py_EQ) != 1) {
            return false;
        }
        size += (Py_ssize_t)sizeof(PyObject *) * PyTuple_GET_SIZE(slots_a);
    }
    return size == a->tp_basicsize && size == b->tp_basicsize;
}

/* Whether instances of oldto may become instances of newto. */
bool type_layout_compatible(PyTypeObject *newto, PyTypeObject *oldto, const char *attr)
{
    if (newto->tp_free != oldto->tp_free) {
        PyErr_Format(PyExc_TypeError, "%s assignment: '%s' deallocator differs from '%s'", attr,
                     newto->tp_name, oldto->tp_name);
        return false;
    }
    PyTypeObject *a = newto, *b = oldto;
    while (a->tp_base && equivalent_slots(a, a->tp_base)) {
        a = a->tp_base;
    }
    while (b->tp_base && equivalent_slots(b, b->tp_base)) {
        b = b->tp_base;
    }
    if (a != b && (a->tp_base != b->tp_base || !same_slots_added(a, b))) {
        PyErr_Format(PyExc_TypeError, "%s assignment: '%s' object layout differs from '%s'", attr,
                     newto->tp_name, oldto->tp_name);
        return false;
    }
    return true;
}

/* -- __bases__ ------------------------------------------------------------------------------- */

/* A custom mro() that assigns to __bases__ sees tp_base changed before the MRO is. */
static bool derives_by_tp_base(PyTypeObject *a, PyTypeObject *b)
{
    while (a && a != b) {
        a = a->tp_base;
    }
    return a != NULL;
}

/* A tuple of at least one class, none of them derived from the type. Layouts are compared
   afterwards. */
static int bases_check(PyTypeObject *type, PyObject *value)
{
    if (HAS(type, Py_TPFLAGS_IMMUTABLETYPE)) {
        PyErr_Format(PyExc_TypeError, "cannot set '%s' attribute of immutable type '%s'",
                     "__bases__", type->tp_name);
        return -1;
    }
    if (value == NULL) {
        PyErr_Format(PyExc_TypeError, "cannot delete '%s' attribute of immutable type '%s'",
                     "__bases__", type->tp_name);
        return -1;
    }
    if (PySys_Audit("object.__setattr__", "OsO", type, "__bases__", value) < 0) {
        return -1;
    }
    if (!PyTuple_Check(value)) {
        PyErr_Format(PyExc_TypeError, "can only assign tuple to %s.__bases__, not %s",
                     type->tp_name, Py_TYPE(value)->tp_name);
        return -1;
    }
    if (PyTuple_GET_SIZE(value) == 0) {
        PyErr_Format(PyExc_TypeError, "can only assign non-empty tuple to %s.__bases__, not ()",
                     type->tp_name);
        return -1;
    }
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(value); i++) {
        PyObject *base = PyTuple_GET_ITEM(value, i);
        if (!PyType_Check(base)) {
            PyErr_Format(PyExc_TypeError, "%s.__bases__ must be tuple of classes, not '%s'",
                         type->tp_name, Py_TYPE(base)->tp_name);
            return -1;
        }
        if (PyType_IsSubtype((PyTypeObject *)base, type)
            || derives_by_tp_base((PyTypeObject *)base, type)) {
            PyErr_SetString(PyExc_TypeError, "a __bases__ item causes an inheritance cycle");
            return -1;
        }
    }
    return 0;
}

/* Recomputes the MRO of a type and its subclasses; `undo`
   collects (type, new, old) for a failure. */
static int mro_hierarchy(PyTypeObject *type, PyObject *undo)
{
    PyObject *old = NULL;
    int r = type_mro_compute(type, &old);
    if (r <= 0) {
        return r;
    }
    PyObject *row = old ? PyTuple_Pack(3, type, type->tp_mro, old)
                        : PyTuple_Pack(2, type, type->tp_mro);
    r = row ? PyList_Append(undo, row) : -1;
    Py_XDECREF(row);
    Py_XDECREF(old);
    if (r < 0) {
        return r;
    }
    PyObject *subclasses = type_subclasses_list(type);
    if (subclasses == NULL) {
        return -1;
    }
    for (Py_ssize_t i = 0; r == 0 && i < PyList_GET_SIZE(subclasses); i++) {
        r = mro_hierarchy((PyTypeObject *)PyList_GET_ITEM(subclasses, i), undo);
    }
    Py_DECREF(subclasses);
    return r;
}

static void mro_undo(PyObject *undo)
{
    for (Py_ssize_t i = PyList_GET_SIZE(undo) - 1; i >= 0; i--) {
        PyObject *row = PyList_GET_ITEM(undo, i);
        PyTypeObject *type = (PyTypeObject *)PyTuple_GET_ITEM(row, 0);
        if (type->tp_mro == PyTuple_GET_ITEM(row, 1)) {
            PyObject *current = type->tp_mro;
            type->tp_mro = PyTuple_GET_SIZE(row) > 2 ? Py_NewRef(PyTuple_GET_ITEM(row, 2)) : NULL;
            Py_DECREF(current);
        }
    }
}

/* Subclasses get their MRO anew as well; when one of them cannot, all that was changed is changed
   back. */
int type_set_bases(PyTypeObject *type, PyObject *value, void *closure)
{
    if (bases_check(type, value) < 0) {
        return -1;
    }
    PyTypeObject *base = type_best_base(value);
    if (base == NULL || !type_layout_compatible(base, type->tp_base, "__bases__")) {
        return -1;
    }
    PyObject *undo = PyList_New(0);
    if (undo == NULL) {
        return -1;
    }
    PyObject *old_bases = type->tp_bases;
    PyTypeObject *old_base = type->tp_base;
    type->tp_bases = Py_NewRef(value);
    type->tp_base = (PyTypeObject *)Py_NewRef(base);
    if (mro_hierarchy(type, undo) < 0) {
        mro_undo(undo);
        if (type->tp_bases == value) {
            type->tp_bases = old_bases;
            type->tp_base = old_base;
            Py_DECREF(value);
            Py_DECREF(base);
        }
        else {
            Py_DECREF(old_bases);
            Py_DECREF(old_base);
        }
        PyType_Modified(type); /* mro() may have looked up names: tags for bases that are gone */
        Py_DECREF(undo);
        return -1;
    }
    Py_DECREF(undo);
    PyType_Modified(type); /* the new bases did not know it yet when they last changed */
    int r = 0;
    /* A custom mro() may have assigned to __bases__ itself: then it has done the rest. */
    if (type->tp_bases == value) {
        type_subclasses_remove_from_bases(type, old_bases);
        r = type_subclasses_add_to_bases(type, value);
        slots_update_all(type);
    }
    Py_DECREF(old_bases);
    Py_DECREF(old_base);
    return r;
}
