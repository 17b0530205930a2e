/* SPDX-License-Identifier: MIT
 *
 * The table of special methods: name, C slot, function that calls the Python method (slot_…),
 * function that makes the C slot callable from Python (wrap_…), documentation.
 *
 * Two directions:
 *   C -> Python   slots_add_wrappers puts a wrapper descriptor into the dict of a type for each C
 *                 slot that it fills.
 *   Python -> C   slots_fixup_dispatchers / slots_update fill the C slots of a heap type from what
 *                 lookup finds: the base's own C function when the name is still that base's
 *                 wrapper, else the slot_… dispatcher.
 *
 * Rows are in order of their place in PyHeapTypeObject, rows of one slot adjacent; the functions
 * below rely on both. A name may have several rows (__len__: mp_length and sq_length), and a slot
 * several names (nb_add: __add__ and __radd__), so a slot is always decided for all its rows at
 * once.
 *
 * A class statement would look up a hundred names; what a class does not define itself is copied
 * from a base instead (base_of_same_slots), or known to be empty (mark_relevant).
 */
#include "objects/type/type_impl.h"
#include "objects/type/slot_funcs.h"

typedef struct wrapperbase SlotDef;

#define TYPE_OFF(slot) offsetof(PyTypeObject, slot)
#define NB_OFF(slot) (offsetof(PyHeapTypeObject, as_number) + offsetof(PyNumberMethods, slot))
#define MP_OFF(slot) (offsetof(PyHeapTypeObject, as_mapping) + offsetof(PyMappingMethods, slot))
#define SQ_OFF(slot) (offsetof(PyHeapTypeObject, as_sequence) + offsetof(PySequenceMethods, slot))
#define AM_OFF(slot) (offsetof(PyHeapTypeObject, as_async) + offsetof(PyAsyncMethods, slot))

#define ROW(name, off, func, wrap, sig, doc)                                                       \
    {#name, (int)(off), (void *)(func), (wrapperfunc)(void (*)(void))(wrap),                       \
     #name sig "\n--\n\n" doc, 0, NULL}
#define KWROW(name, off, func, wrap, sig, doc)                                                     \
    {#name, (int)(off), (void *)(func), (wrapperfunc)(void (*)(void))(wrap),                       \
     #name sig "\n--\n\n" doc, PyWrapperFlag_KEYWORDS, NULL}
#define BARE(name, off, func) {#name, (int)(off), (void *)(func), NULL, "", 0, NULL}
#define UNARY(name, slot, doc)                                                                     \
    ROW(name, NB_OFF(slot), slot_##slot, wrap_unaryfunc, "($self, /)", doc)
#define BINARY(name, rname, slot, op)                                                              \
    ROW(name, NB_OFF(slot), slot_##slot, wrap_binaryfunc_l, "($self, value, /)",                   \
        "Return self" op "value."),                                                                \
    ROW(rname, NB_OFF(slot), slot_##slot, wrap_binaryfunc_r, "($self, value, /)",                  \
        "Return value" op "self.")
#define INPLACE(name, slot, op)                                                                    \
    ROW(name, NB_OFF(slot), slot_##slot, wrap_binaryfunc, "($self, value, /)",                     \
        "Return self" op "value.")
#define COMPARE(name, wrap, op)                                                                    \
    ROW(name, TYPE_OFF(tp_richcompare), slot_tp_richcompare, wrap, "($self, value, /)", \
        "Return self" op "value.")

static SlotDef slotdefs[] = {
    BARE(__getattribute__, TYPE_OFF(tp_getattr), NULL),
    BARE(__getattr__, TYPE_OFF(tp_getattr), NULL),
    BARE(__setattr__, TYPE_OFF(tp_setattr), NULL),
    BARE(__delattr__, TYPE_OFF(tp_setattr), NULL),
    ROW(__repr__, TYPE_OFF(tp_repr), slot_tp_repr, wrap_unaryfunc, "($self, /)",
        "Return repr(self)."),
    ROW(__hash__, TYPE_OFF(tp_hash), slot_tp_hash, wrap_hashfunc, "($self, /)",
        "Return hash(self)."),
    KWROW(__call__, TYPE_OFF(tp_call), slot_tp_call, wrap_call, "($self, /, *args, **kwargs)",
          "Call self as a function."),
    ROW(__str__, TYPE_OFF(tp_str), slot_tp_str, wrap_unaryfunc, "($self, /)", "Return str(self)."),
    ROW(__getattribute__, TYPE_OFF(tp_getattro), slot_tp_getattr_hook, wrap_binaryfunc,
        "($self, name, /)", "Return getattr(self, name)."),
    BARE(__getattr__, TYPE_OFF(tp_getattro), slot_tp_getattr_hook),
    ROW(__setattr__, TYPE_OFF(tp_setattro), slot_tp_setattro, wrap_setattr,
        "($self, name, value, /)", "Implement setattr(self, name, value)."),
    ROW(__delattr__, TYPE_OFF(tp_setattro), slot_tp_setattro, wrap_delattr, "($self, name, /)",
        "Implement delattr(self, name)."),
    COMPARE(__lt__, wrap_lt, "<"),
    COMPARE(__le__, wrap_le, "<="),
    COMPARE(__eq__, wrap_eq, "=="),
    COMPARE(__ne__, wrap_ne, "!="),
    COMPARE(__gt__, wrap_gt, ">"),
    COMPARE(__ge__, wrap_ge, ">="),
    ROW(__iter__, TYPE_OFF(tp_iter), slot_tp_iter, wrap_unaryfunc, "($self, /)",
        "Implement iter(self)."),
    ROW(__next__, TYPE_OFF(tp_iternext), slot_tp_iternext, wrap_next, "($self, /)",
        "Implement next(self)."),
    ROW(__get__, TYPE_OFF(tp_descr_get), slot_tp_descr_get, wrap_descr_get,
        "($self, instance, owner=None, /)",
        "What an instance of owner has for this attribute."),
    ROW(__set__, TYPE_OFF(tp_descr_set), slot_tp_descr_set, wrap_descr_set,
        "($self, instance, value, /)", "Gives the attribute of instance a value."),
    ROW(__delete__, TYPE_OFF(tp_descr_set), slot_tp_descr_set, wrap_descr_delete,
        "($self, instance, /)", "Delete an attribute of instance."),
    KWROW(__init__, TYPE_OFF(tp_init), slot_tp_init, wrap_init, "($self, /, *args, **kwargs)",
          "Initialize self.  See help(type(self)) for accurate signature."),
    ROW(__new__, TYPE_OFF(tp_new), slot_tp_new, NULL, "(type, /, *args, **kwargs)",
        "Create and return new object.  See help(type) for accurate signature."),
    {"__del__", (int)TYPE_OFF(tp_finalize), (void *)slot_tp_finalize, wrap_del, "", 0, NULL},

    ROW(__await__, AM_OFF(am_await), slot_am_await, wrap_unaryfunc, "($self, /)",
        "The iterator that an await expression runs through."),
    ROW(__aiter__, AM_OFF(am_aiter), slot_am_aiter, wrap_unaryfunc, "($self, /)",
        "The generator itself, to be iterated over."),
    ROW(__anext__, AM_OFF(am_anext), slot_am_anext, wrap_unaryfunc, "($self, /)",
        "Return a value or raise StopAsyncIteration."),
    {"", (int)AM_OFF(am_send), NULL, NULL, "", 0, NULL},

    BINARY(__add__, __radd__, nb_add, "+"),
    BINARY(__sub__, __rsub__, nb_subtract, "-"),
    BINARY(__mul__, __rmul__, nb_multiply, "*"),
    BINARY(__mod__, __rmod__, nb_remainder, "%"),
    ROW(__divmod__, NB_OFF(nb_divmod), slot_nb_divmod, wrap_binaryfunc_l, "($self, value, /)",
        "Return divmod(self, value)."),
    ROW(__rdivmod__, NB_OFF(nb_divmod), slot_nb_divmod, wrap_binaryfunc_r, "($self, value, /)",
        "Return divmod(value, self)."),
    ROW(__pow__, NB_OFF(nb_power), slot_nb_power, wrap_ternaryfunc, "($self, value, mod=None, /)",
        "Return pow(self, value, mod)."),
    ROW(__rpow__, NB_OFF(nb_power), slot_nb_power, wrap_ternaryfunc_r,
        "($self, value, mod=None, /)", "Return pow(value, self, mod)."),
    UNARY(__neg__, nb_negative, "-self"),
    UNARY(__pos__, nb_positive, "+self"),
    UNARY(__abs__, nb_absolute, "abs(self)"),
    ROW(__bool__, NB_OFF(nb_bool), slot_nb_bool, wrap_inquirypred, "($self, /)",
        "True if self else False"),
    UNARY(__invert__, nb_invert, "~self"),
    BINARY(__lshift__, __rlshift__, nb_lshift, "<<"),
    BINARY(__rshift__, __rrshift__, nb_rshift, ">>"),
    BINARY(__and__, __rand__, nb_and, "&"),
    BINARY(__xor__, __rxor__, nb_xor, "^"),
    BINARY(__or__, __ror__, nb_or, "|"),
    UNARY(__int__, nb_int, "int(self)"),
    UNARY(__float__, nb_float, "float(self)"),
    INPLACE(__iadd__, nb_inplace_add, "+="),
    INPLACE(__isub__, nb_inplace_subtract, "-="),
    INPLACE(__imul__, nb_inplace_multiply, "*="),
    INPLACE(__imod__, nb_inplace_remainder, "%="),
    ROW(__ipow__, NB_OFF(nb_inplace_power), slot_nb_inplace_power, wrap_ternaryfunc,
        "($self, value, /)", "Return self**=value."),
    INPLACE(__ilshift__, nb_inplace_lshift, "<<="),
    INPLACE(__irshift__, nb_inplace_rshift, ">>="),
    INPLACE(__iand__, nb_inplace_and, "&="),
    INPLACE(__ixor__, nb_inplace_xor, "^="),
    INPLACE(__ior__, nb_inplace_or, "|="),
    BINARY(__floordiv__, __rfloordiv__, nb_floor_divide, "//"),
    BINARY(__truediv__, __rtruediv__, nb_true_divide, "/"),
    INPLACE(__ifloordiv__, nb_inplace_floor_divide, "//="),
    INPLACE(__itruediv__, nb_inplace_true_divide, "/="),
    ROW(__index__, NB_OFF(nb_index), slot_nb_index, wrap_unaryfunc, "($self, /)",
        "self as an int, for indexing and slicing."),
    BINARY(__matmul__, __rmatmul__, nb_matrix_multiply, "@"),
    INPLACE(__imatmul__, nb_inplace_matrix_multiply, "@="),

    ROW(__len__, MP_OFF(mp_length), slot_mp_length, wrap_lenfunc, "($self, /)",
        "Return len(self)."),
    ROW(__getitem__, MP_OFF(mp_subscript), slot_mp_subscript, wrap_binaryfunc, "($self, key, /)",
        "Return self[key]."),
    ROW(__setitem__, MP_OFF(mp_ass_subscript), slot_mp_ass_subscript, wrap_objobjargproc,
        "($self, key, value, /)", "Set self[key] to value."),
    ROW(__delitem__, MP_OFF(mp_ass_subscript), slot_mp_ass_subscript, wrap_delitem,
        "($self, key, /)", "Delete self[key]."),

    ROW(__len__, SQ_OFF(sq_length), slot_sq_length, wrap_lenfunc, "($self, /)",
        "Return len(self)."),
    /* A heap type has no sq_concat or sq_repeat of its own: + and * go through the number slots. */
    ROW(__add__, SQ_OFF(sq_concat), NULL, wrap_binaryfunc, "($self, value, /)",
        "Return self+value."),
    ROW(__mul__, SQ_OFF(sq_repeat), NULL, wrap_indexargfunc, "($self, value, /)",
        "Return self*value."),
    ROW(__rmul__, SQ_OFF(sq_repeat), NULL, wrap_indexargfunc, "($self, value, /)",
        "Return value*self."),
    ROW(__getitem__, SQ_OFF(sq_item), slot_sq_item, wrap_sq_item, "($self, key, /)",
        "Return self[key]."),
    ROW(__setitem__, SQ_OFF(sq_ass_item), slot_sq_ass_item, wrap_sq_setitem,
        "($self, key, value, /)", "Set self[key] to value."),
    ROW(__delitem__, SQ_OFF(sq_ass_item), slot_sq_ass_item, wrap_sq_delitem, "($self, key, /)",
        "Delete self[key]."),
    ROW(__contains__, SQ_OFF(sq_contains), slot_sq_contains, wrap_objobjproc, "($self, key, /)",
        "Return key in self."),
    ROW(__iadd__, SQ_OFF(sq_inplace_concat), NULL, wrap_binaryfunc, "($self, value, /)",
        "Implement self+=value."),
    ROW(__imul__, SQ_OFF(sq_inplace_repeat), NULL, wrap_indexargfunc, "($self, value, /)",
        "Implement self*=value."),
    {NULL, 0, NULL, NULL, NULL, 0, NULL},
};

#define ROWS (COUNT_OF(slotdefs) - 1)
#define SLOTS_PER_NAME 10 /* more than any name has rows */
#define NAME_TABLE 256    /* a power of two, more than twice the names */

/* From an interned name, by its address, to its rows. Rows are counted from 1; 0 is the end. */
static struct {
    uint8_t first[NAME_TABLE]; /* open addressing: the first row of the name that belongs here */
    uint8_t next[ROWS + 1];    /* a row's next one of the same name */
    uint8_t first_of[ROWS + 1]; /* a row's first one of the same name */
} names;

static_assert(ROWS < 128, "a row is a byte and the table less than half full");

/* Where the name's first row is, or would go. */
static uint8_t *names_place(PyObject *name)
{
    size_t i = (uintptr_t)name >> 4;
    for (;; i++) {
        uint8_t *place = &names.first[i % NAME_TABLE];
        if (*place == 0 || slotdefs[*place - 1].name_strobj == name) {
            return place;
        }
    }
}

static void names_fill(void)
{
    memset(&names, 0, sizeof names);
    for (uint8_t row = ROWS; row > 0; row--) { /* backwards, so that the chains go forwards */
        if (slotdefs[row - 1].name[0]) {
            uint8_t *place = names_place(slotdefs[row - 1].name_strobj);
            names.next[row] = *place;
            *place = row;
        }
    }
    for (uint8_t row = 1; row <= ROWS; row++) {
        names.first_of[row] = *names_place(slotdefs[row - 1].name_strobj);
    }
}

/* Interns the names; they are compared by address from then on. */
int slots_init(void)
{
    for (SlotDef *p = slotdefs; p->name; p++) {
        if (p->name_strobj == NULL
            && (p->name_strobj = PyUnicode_InternFromString(p->name)) == NULL) {
            return -1;
        }
    }
    names_fill();
    return 0;
}

/* Where the type keeps a slot; NULL when it lacks that suite of methods. */
static void **slot_pointer(PyTypeObject *type, size_t offset)
{
    char *base;
    if (offset >= offsetof(PyHeapTypeObject, as_sequence)) {
        base = (char *)type->tp_as_sequence;
        offset -= offsetof(PyHeapTypeObject, as_sequence);
    }
    else if (offset >= offsetof(PyHeapTypeObject, as_mapping)) {
        base = (char *)type->tp_as_mapping;
        offset -= offsetof(PyHeapTypeObject, as_mapping);
    }
    else if (offset >= offsetof(PyHeapTypeObject, as_number)) {
        base = (char *)type->tp_as_number;
        offset -= offsetof(PyHeapTypeObject, as_number);
    }
    else if (offset >= offsetof(PyHeapTypeObject, as_async)) {
        base = (char *)type->tp_as_async;
        offset -= offsetof(PyHeapTypeObject, as_async);
    }
    else {
        base = (char *)type;
    }
    return base ? (void **)(base + offset) : NULL;
}

/* -- C -> Python ----------------------------------------------------------------------------- */

/* A slot that says "unhashable" shows as None. */
int slots_add_wrappers(PyTypeObject *type)
{
    PyObject *dict = type->tp_dict;
    for (SlotDef *p = slotdefs; p->name; p++) {
        void **slot = p->wrapper ? slot_pointer(type, (size_t)p->offset) : NULL;
        if (slot == NULL || *slot == NULL) {
            continue;
        }
        if (dict_peek(dict, p->name_strobj)) {
            continue;
        }
        if (PyErr_Occurred()) {
            return -1;
        }
        PyObject *value = *slot == (void *)PyObject_HashNotImplemented
                              ? Py_NewRef(Py_None)
                              : PyDescr_NewWrapper(type, p, *slot);
        int r = value ? PyDict_SetItem(dict, p->name_strobj, value) : -1;
        Py_XDECREF(value);
        if (r < 0) {
            return -1;
        }
    }
    return 0;
}

/* -- Python -> C ----------------------------------------------------------------------------- */

/* When exactly one slot of this name is filled, that one; NULL when none or several are. */
static void **only_filled_slot(PyTypeObject *type, PyObject *name)
{
    void **found = NULL;
    for (uint8_t row = *names_place(name); row; row = names.next[row]) {
        void **slot = slot_pointer(type, (size_t)slotdefs[row - 1].offset);
        if (slot == NULL || *slot == NULL || slot == found) {
            continue;
        }
        if (found) {
            return NULL;
        }
        found = slot;
    }
    return found;
}

/* What the rows of one slot ask for. */
struct slot_choice {
    void *specific;    /* a C function that can be used directly */
    void *generic;     /* the dispatcher */
    bool use_generic;  /* a Python method is involved, or the C functions differ */
};

/* The __getitem__ of list and dict is a method, not a wrapper, so that calling it is quick; its
   function is that of their slot. */
static bool is_subscript_method(PyTypeObject *type, PyObject *descr)
{
    if (!Py_IS_TYPE(descr, &PyMethodDescr_Type)) {
        return false;
    }
    PyTypeObject *owner = PyDescr_TYPE(descr);
    PyMethodDef *method = ((PyMethodDescrObject *)descr)->d_method;
    return (owner == &PyList_Type || owner == &PyDict_Type)
           && (void *)method->ml_meth == (void *)owner->tp_as_mapping->mp_subscript
           && PyType_IsSubtype(type, owner);
}

/* Adds one row to the choice. */
static void choose(PyTypeObject *type, SlotDef *p, void **slot, struct slot_choice *choice)
{
    int error;
    PyObject *descr = type_find_in_mro(type, p->name_strobj, &error);
    if (descr == NULL) {
        if (error == -1) {
            PyErr_Clear();
        }
        if (slot == (void **)&type->tp_iternext) {
            choice->specific = (void *)_PyObject_NextNotImplemented;
        }
        return;
    }
    if (Py_IS_TYPE(descr, &PyWrapperDescr_Type)
        && ((PyWrapperDescrObject *)descr)->d_base->name_strobj == p->name_strobj) {
        PyWrapperDescrObject *d = (PyWrapperDescrObject *)descr;
        void **only = only_filled_slot(type, p->name_strobj);
        if (only == NULL || only == slot) {
            choice->generic = p->function;
        }
        if ((choice->specific == NULL || choice->specific == d->d_wrapped)
            && d->d_base->wrapper == p->wrapper && PyType_IsSubtype(type, PyDescr_TYPE(d))) {
            choice->specific = d->d_wrapped;
        } else {
            choice->use_generic = true;
        }
    }
    else if (p->function == (void *)slot_mp_subscript && is_subscript_method(type, descr)) {
        choice->specific = PyDescr_TYPE(descr) == &PyList_Type ? (void *)slot_list_subscript
                                                               : (void *)slot_dict_subscript;
    }
    else if (slot == (void **)&type->tp_new && PyCFunction_CheckExact(descr)
             && PyCFunction_GET_FUNCTION(descr) == (PyCFunction)(void (*)(void))type_new_wrapper) {
        choice->specific = (void *)type->tp_new; /* inherited as it is */
    }
    else if (descr == Py_None && slot == (void **)&type->tp_hash) {
        choice->specific = (void *)PyObject_HashNotImplemented;
    }
    else {
        choice->use_generic = true;
        choice->generic = p->function;
        if (p->function == (void *)slot_tp_call) {
            type->tp_flags &= ~Py_TPFLAGS_HAVE_VECTORCALL;
        }
    }
}

/* Decides one slot; returns the first row of the next one. */
static SlotDef *update_slot(PyTypeObject *type, SlotDef *p)
{
    int offset = p->offset;
    void **slot = slot_pointer(type, (size_t)offset);
    struct slot_choice choice = {NULL, NULL, false};
    do {
        if (slot && p->name_strobj && p->name[0]) {
            choose(type, p, slot, &choice);
        }
    } while ((++p)->offset == offset && p->name);
    if (slot && (p - 1)->name[0]) {
        *slot = choice.specific && !choice.use_generic ? choice.specific : choice.generic;
    }
    return p;
}

/* The base whose slots are right for every name that the class does not define itself: lookup finds
   the same there, and what is there was decided by update_slot too, which types made in C choose
   for themselves. NULL: there is none such. */
static PyTypeObject *base_of_same_slots(PyTypeObject *type)
{
    PyTypeObject *base = type->tp_base;
    bool by_statement = PyType_HasFeature(base, Py_TPFLAGS_HEAPTYPE)
                        && ((PyHeapTypeObject *)base)->_ht_tpname == NULL;
    if (PyTuple_GET_SIZE(type->tp_bases) != 1 || (base != &PyBaseObject_Type && !by_statement)) {
        return NULL;
    }
    Py_ssize_t n = PyTuple_GET_SIZE(base->tp_mro);
    if (PyTuple_GET_SIZE(type->tp_mro) != n + 1
        || PyTuple_GET_ITEM(type->tp_mro, 0) != (PyObject *)type) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        if (PyTuple_GET_ITEM(type->tp_mro, i + 1) != PyTuple_GET_ITEM(base->tp_mro, i)) {
            return NULL;
        }
    }
    return base;
}

/* Marks, at their first rows, the names that a class defines itself; false when a key must be
   compared by its text. */
static bool mark_names(PyObject *dict, bool *defined)
{
    PyObject *key, *value;
    for (Py_ssize_t at = 0; PyDict_Next(dict, &at, &key, &value);) {
        if (!PyUnicode_CheckExact(key) || !PyUnicode_CHECK_INTERNED(key)) {
            return false;
        }
        defined[*names_place(key)] = true;
    }
    return true;
}

/* Marks the names to look up, and returns the class whose slots are right for all others: the only
   base when that decided for itself, else `object` when the others' names are marked too. */
static PyTypeObject *mark_relevant(PyTypeObject *type, bool *defined)
{
    PyTypeObject *base = base_of_same_slots(type);
    Py_ssize_t n = PyTuple_GET_SIZE(type->tp_mro) - 1;
    if (base == NULL && PyTuple_GET_ITEM(type->tp_mro, n) != (PyObject *)&PyBaseObject_Type) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < (base ? 1 : n); i++) {
        if (!mark_names(((PyTypeObject *)PyTuple_GET_ITEM(type->tp_mro, i))->tp_dict, defined)) {
            return NULL;
        }
    }
    if (base == NULL) { /* a base may have none where `object` has one */
        defined[*names_place(ID(__new__))] = true;
    }
    return base ? base : &PyBaseObject_Type;
}

/* *slot as it is in the base. */
static void take_slot(PyTypeObject *type, PyTypeObject *base, SlotDef *p, void **slot)
{
    void **theirs = slot_pointer(base, (size_t)p->offset);
    void *value = theirs == NULL ? NULL : *theirs;
    if (slot == (void **)&type->tp_iternext && value == NULL) {
        value = (void *)_PyObject_NextNotImplemented;
    }
    *slot = value;
#ifndef NDEBUG
    update_slot(type, p);
    /* a hook that found no __getattr__ made itself the narrower one in the base */
    assert(*slot == value || (*slot == slot_tp_getattr_hook && value == slot_tp_getattro));
#endif
}

/* One walk over the table. */
void slots_fixup_dispatchers(PyTypeObject *type)
{
    bool defined[ROWS + 1] = {false};
    PyTypeObject *base = mark_relevant(type, defined);
    for (SlotDef *p = slotdefs; p->name;) {
        SlotDef *first = p;
        bool mine = false;
        do {
            mine |= defined[names.first_of[p - slotdefs + 1]];
        } while ((++p)->offset == first->offset && p->name);
        void **slot = slot_pointer(type, (size_t)first->offset);
        if (mine || base == NULL) {
            update_slot(type, first);
        }
        else if (slot != NULL && (p - 1)->name[0]) {
            take_slot(type, base, first, slot);
        }
    }
}

/* Updates the slots that begin at `rows` in the type and in
   subclasses that do not define `name` themselves. */
static int update_recursively(PyTypeObject *type, PyObject *name, SlotDef **rows)
{
    for (SlotDef **row = rows; *row; row++) {
        update_slot(type, *row);
    }
    PyObject *subclasses = type->tp_subclasses ? type_subclasses_list(type) : NULL;
    if (subclasses == NULL) {
        return type->tp_subclasses ? -1 : 0;
    }
    int r = 0;
    for (Py_ssize_t i = 0; r == 0 && i < PyList_GET_SIZE(subclasses); i++) {
        PyTypeObject *sub = (PyTypeObject *)PyList_GET_ITEM(subclasses, i);
        PyObject *dict = sub->tp_dict;
        if (dict && PyDict_Check(dict)) {
            int own = PyDict_Contains(dict, name);
            if (own) {
                r = own < 0 ? -1 : 0;
                continue;
            }
        }
        r = update_recursively(sub, name, rows);
    }
    Py_DECREF(subclasses);
    return r;
}

/* Rows of the name that share a slot are looked at once. */
int slots_update(PyTypeObject *type, PyObject *name)
{
    SlotDef *rows[SLOTS_PER_NAME], **next = rows;
    for (uint8_t row = *names_place(name); row; row = names.next[row]) {
        SlotDef *first = &slotdefs[row - 1];
        while (first > slotdefs && (first - 1)->offset == slotdefs[row - 1].offset) {
            first--;
        }
        if (next == rows || next[-1] != first) {
            *next++ = first;
        }
    }
    *next = NULL;
    return next == rows ? 0 : update_recursively(type, name, rows);
}

/* After a change of bases every name may mean something else. */
void slots_update_all(PyTypeObject *type)
{
    PyType_Modified(type);
    for (SlotDef *p = slotdefs; p->name; p++) {
        if (p->name[0]) {
            slots_update(type, p->name_strobj);
        }
    }
}
