/* SPDX-License-Identifier: MIT
 *
 * Heap types from C: PyType_FromSpec and its kin, and what extension modules ask such types.
 *
 *     PyType_Spec ─> read_members, read_bases ─> allocate ─> fill_slots ─> PyType_Ready ─>
 *     dispatchers
 *
 * A slot number of typeslots.h is an index into slot_offsets: the place of that slot in
 * PyHeapTypeObject, whose suites of methods lie inside the type. Members named __dictoffset__,
 * __weaklistoffset__ and __vectorcalloffset__ are no attributes: they say where those fields are.
 * The spec is borrowed for the call only: name, doc and members are copied.
 */
#include "objects/type/type_impl.h"

#include <string.h>

#define TP(slot) offsetof(PyHeapTypeObject, ht_type.slot)
#define AM(slot) offsetof(PyHeapTypeObject, as_async.slot)
#define NB(slot) offsetof(PyHeapTypeObject, as_number.slot)
#define MP(slot) offsetof(PyHeapTypeObject, as_mapping.slot)
#define SQ(slot) offsetof(PyHeapTypeObject, as_sequence.slot)
#define BF(slot) offsetof(PyHeapTypeObject, as_buffer.slot)

static const short slot_offsets[] = {
    [Py_bf_getbuffer] = BF(bf_getbuffer),
    [Py_bf_releasebuffer] = BF(bf_releasebuffer),
    [Py_mp_ass_subscript] = MP(mp_ass_subscript),
    [Py_mp_length] = MP(mp_length),
    [Py_mp_subscript] = MP(mp_subscript),
    [Py_nb_absolute] = NB(nb_absolute),
    [Py_nb_add] = NB(nb_add),
    [Py_nb_and] = NB(nb_and),
    [Py_nb_bool] = NB(nb_bool),
    [Py_nb_divmod] = NB(nb_divmod),
    [Py_nb_float] = NB(nb_float),
    [Py_nb_floor_divide] = NB(nb_floor_divide),
    [Py_nb_index] = NB(nb_index),
    [Py_nb_inplace_add] = NB(nb_inplace_add),
    [Py_nb_inplace_and] = NB(nb_inplace_and),
    [Py_nb_inplace_floor_divide] = NB(nb_inplace_floor_divide),
    [Py_nb_inplace_lshift] = NB(nb_inplace_lshift),
    [Py_nb_inplace_multiply] = NB(nb_inplace_multiply),
    [Py_nb_inplace_or] = NB(nb_inplace_or),
    [Py_nb_inplace_power] = NB(nb_inplace_power),
    [Py_nb_inplace_remainder] = NB(nb_inplace_remainder),
    [Py_nb_inplace_rshift] = NB(nb_inplace_rshift),
    [Py_nb_inplace_subtract] = NB(nb_inplace_subtract),
    [Py_nb_inplace_true_divide] = NB(nb_inplace_true_divide),
    [Py_nb_inplace_xor] = NB(nb_inplace_xor),
    [Py_nb_int] = NB(nb_int),
    [Py_nb_invert] = NB(nb_invert),
    [Py_nb_lshift] = NB(nb_lshift),
    [Py_nb_multiply] = NB(nb_multiply),
    [Py_nb_negative] = NB(nb_negative),
    [Py_nb_or] = NB(nb_or),
    [Py_nb_positive] = NB(nb_positive),
    [Py_nb_power] = NB(nb_power),
    [Py_nb_remainder] = NB(nb_remainder),
    [Py_nb_rshift] = NB(nb_rshift),
    [Py_nb_subtract] = NB(nb_subtract),
    [Py_nb_true_divide] = NB(nb_true_divide),
    [Py_nb_xor] = NB(nb_xor),
    [Py_nb_matrix_multiply] = NB(nb_matrix_multiply),
    [Py_nb_inplace_matrix_multiply] = NB(nb_inplace_matrix_multiply),
    [Py_sq_ass_item] = SQ(sq_ass_item),
    [Py_sq_concat] = SQ(sq_concat),
    [Py_sq_contains] = SQ(sq_contains),
    [Py_sq_inplace_concat] = SQ(sq_inplace_concat),
    [Py_sq_inplace_repeat] = SQ(sq_inplace_repeat),
    [Py_sq_item] = SQ(sq_item),
    [Py_sq_length] = SQ(sq_length),
    [Py_sq_repeat] = SQ(sq_repeat),
    [Py_tp_alloc] = TP(tp_alloc),
    [Py_tp_base] = TP(tp_base),
    [Py_tp_bases] = TP(tp_bases),
    [Py_tp_call] = TP(tp_call),
    [Py_tp_clear] = TP(tp_clear),
    [Py_tp_dealloc] = TP(tp_dealloc),
    [Py_tp_del] = TP(tp_del),
    [Py_tp_descr_get] = TP(tp_descr_get),
    [Py_tp_descr_set] = TP(tp_descr_set),
    [Py_tp_doc] = TP(tp_doc),
    [Py_tp_getattr] = TP(tp_getattr),
    [Py_tp_getattro] = TP(tp_getattro),
    [Py_tp_hash] = TP(tp_hash),
    [Py_tp_init] = TP(tp_init),
    [Py_tp_is_gc] = TP(tp_is_gc),
    [Py_tp_iter] = TP(tp_iter),
    [Py_tp_iternext] = TP(tp_iternext),
    [Py_tp_methods] = TP(tp_methods),
    [Py_tp_new] = TP(tp_new),
    [Py_tp_repr] = TP(tp_repr),
    [Py_tp_richcompare] = TP(tp_richcompare),
    [Py_tp_setattr] = TP(tp_setattr),
    [Py_tp_setattro] = TP(tp_setattro),
    [Py_tp_str] = TP(tp_str),
    [Py_tp_traverse] = TP(tp_traverse),
    [Py_tp_members] = TP(tp_members),
    [Py_tp_getset] = TP(tp_getset),
    [Py_tp_free] = TP(tp_free),
    [Py_tp_finalize] = TP(tp_finalize),
    [Py_am_await] = AM(am_await),
    [Py_am_aiter] = AM(am_aiter),
    [Py_am_anext] = AM(am_anext),
    [Py_am_send] = AM(am_send),
};

/* -- Reading the spec ------------------------------------------------------------------------ */

struct spec_reader {
    PyType_Spec *spec; /* BORROWED */
    PyObject *bases;                  /* owned tuple, or NULL while unknown */
    PyTypeObject *base;               /* borrowed */
    Py_ssize_t nmembers;              /* rows of `members`, the special ones too */
    Py_ssize_t weaklistoffset, dictoffset, vectorcalloffset; /* what those say, 0: nothing */
    PyMemberDef *members; /* BORROWED from the spec, or NULL */
};

/* A special member of another kind than read-only T_PYSSIZET is a bug of the extension. */
static int read_members(struct spec_reader *r, PyMemberDef *members)
{
    r->members = members;
    for (PyMemberDef *m = members; m->name; m++) {
        r->nmembers++;
        Py_ssize_t *special = strcmp(m->name, "__weaklistoffset__") == 0   ? &r->weaklistoffset
                              : strcmp(m->name, "__dictoffset__") == 0     ? &r->dictoffset
                              : strcmp(m->name, "__vectorcalloffset__") == 0 ? &r->vectorcalloffset
                                                                           : NULL;
        if (special) {
            /* These say where, not what. */
            assert(m->type == T_PYSSIZET && m->flags == READONLY);
            *special = m->offset;
        }
    }
    return 0;
}

/* From the argument, else Py_tp_bases or Py_tp_base, else object. */
static int read_bases(struct spec_reader *r, PyObject *given)
{
    PyTypeObject *base = NULL;
    if (given != NULL) {
        r->bases = PyTuple_Check(given) ? Py_NewRef(given) : PyTuple_Pack(1, given);
    }
    else {
        for (PyType_Slot *s = r->spec->slots; s->slot; s++) {
            if (s->slot == Py_tp_base) {
                base = s->pfunc;
            }
            else if (s->slot == Py_tp_bases) {
                given = s->pfunc;
            }
        }
    }
    if (r->bases == NULL && given == NULL) {
        r->bases = PyTuple_Pack(1, base ? base : &PyBaseObject_Type);
    }
    else if (r->bases == NULL && PyTuple_Check(given)) {
        r->bases = Py_NewRef(given);
    }
    else if (r->bases == NULL) {
        PyErr_SetString(PyExc_SystemError, "Py_tp_bases is not a tuple");
    }
    if (r->bases == NULL) {
        return -1;
    }
    r->base = type_best_base(r->bases);
    return r->base ? 0 : -1;
}

static const char *short_name(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}

/* The doc without its signature line goes to __doc__; the type keeps the whole. */
static int copy_doc(PyTypeObject *type, const char *doc)
{
    if (doc == NULL) {
        type->tp_doc = NULL;
        return 0;
    }
    size_t n = strlen(doc) + 1;
    char *copy = PyObject_Malloc(n);
    if (copy == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    type->tp_doc = memcpy(copy, doc, n);
    return 0;
}

/* Slots that are not plain pointers (doc, members) were or will be handled apart. */
static int fill_slots(struct spec_reader *r, PyHeapTypeObject *et)
{
    PyTypeObject *type = &et->ht_type;
    for (PyType_Slot *s = r->spec->slots; s->slot; s++) {
        if (s->slot < 0 || (size_t)s->slot >= COUNT_OF(slot_offsets)) {
            PyErr_SetString(PyExc_RuntimeError, "invalid slot offset");
            return -1;
        }
        switch (s->slot) {
        case Py_tp_base:
        case Py_tp_bases: break;
        case Py_tp_doc:
            if (copy_doc(type, s->pfunc) < 0) {
                return -1;
            }
            break;
        case Py_tp_members:
            memcpy(heap_type_members(et), s->pfunc, sizeof(PyMemberDef) * (size_t)r->nmembers);
            type->tp_members = heap_type_members(et);
            break;
        default: *(void **)((char *)et + slot_offsets[s->slot]) = s->pfunc;
        }
    }
    return 0;
}

static int set_spec_name(PyHeapTypeObject *et, const char *name)
{
    size_t n = strlen(name) + 1;
    et->_ht_tpname = PyMem_Malloc(n);
    if (et->_ht_tpname == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    et->ht_type.tp_name = memcpy(et->_ht_tpname, name, n);
    et->ht_name = PyUnicode_FromString(short_name(name));
    et->ht_qualname = Py_XNewRef(et->ht_name);
    return et->ht_name ? 0 : -1;
}

/* From the part of the name before the last dot; without one a DeprecationWarning. */
static int set_spec_module(PyTypeObject *type, const char *name)
{
    const char *dot = strrchr(name, '.');
    int has = PyDict_Contains(type->tp_dict, ID(__module__));
    if (has) {
        return has < 0 ? -1 : 0;
    }
    if (dot == NULL) {
        return PyErr_WarnFormat(PyExc_DeprecationWarning, 1,
                                "builtin type %.200s has no __module__ attribute", name);
    }
    PyObject *module = PyUnicode_FromStringAndSize(name, dot - name);
    if (module == NULL) {
        return -1;
    }
    int r = PyDict_SetItem(type->tp_dict, ID(__module__), module);
    Py_DECREF(module);
    return r;
}

/* The order matters: slots before names, names before PyType_Ready. */
static int build(struct spec_reader *r, PyHeapTypeObject *et, PyObject *module)
{
    PyType_Spec *spec = r->spec;
    PyTypeObject *type = &et->ht_type;
    type->tp_flags = spec->flags | Py_TPFLAGS_HEAPTYPE;
    type->tp_as_async = &et->as_async;
    type->tp_as_number = &et->as_number;
    type->tp_as_sequence = &et->as_sequence;
    type->tp_as_mapping = &et->as_mapping;
    type->tp_as_buffer = &et->as_buffer;
    et->ht_module = Py_XNewRef(module);
    type->tp_base = (PyTypeObject *)Py_NewRef(r->base);
    type->tp_bases = Py_NewRef(r->bases);
    type->tp_basicsize = spec->basicsize;
    type->tp_itemsize = spec->itemsize;
    type->tp_dealloc = NULL;
    if (set_spec_name(et, spec->name) < 0 || fill_slots(r, et) < 0) {
        return -1;
    }
    if (type->tp_dealloc == NULL) {
        type->tp_dealloc = subtype_dealloc;
    }
    type->tp_vectorcall_offset = r->vectorcalloffset;
    type->tp_weaklistoffset = r->weaklistoffset;
    type->tp_dictoffset = r->dictoffset;
    /* The members have done their work: programs do not see
       the two offsets, only __vectorcalloffset__. */
    if (PyType_Ready(type) < 0
        || (r->weaklistoffset && PyDict_DelItemString(type->tp_dict, "__weaklistoffset__") < 0)
        || (r->dictoffset && PyDict_DelItemString(type->tp_dict, "__dictoffset__") < 0)) {
        return -1;
    }
    if (r->nmembers) {
        Py_SET_SIZE(type, r->nmembers);
    }
    return set_spec_module(type, spec->name);
}

/* `module` is what PyType_GetModule will give; may be NULL. */
PyObject *PyType_FromModuleAndSpec(PyObject *module, PyType_Spec *spec, PyObject *bases)
{
    struct spec_reader r = {.spec = spec};
    PyHeapTypeObject *et = NULL;
    for (PyType_Slot *s = spec->slots; s->slot; s++) {
        if (s->slot == Py_tp_members && read_members(&r, s->pfunc) < 0) {
            return NULL;
        }
    }
    if (spec->name == NULL) {
        PyErr_SetString(PyExc_SystemError, "Type spec does not define the name field.");
        return NULL;
    }
    if (read_bases(&r, bases) == 0) {
        et = (PyHeapTypeObject *)PyType_GenericAlloc(&PyType_Type, r.nmembers);
        if (et && build(&r, et, module) < 0) {
            Py_CLEAR(et);
        }
    }
    Py_XDECREF(r.bases);
    return (PyObject *)et;
}

PyObject *PyType_FromSpecWithBases(PyType_Spec *spec, PyObject *bases)
{
    return PyType_FromModuleAndSpec(NULL, spec, bases);
}

PyObject *PyType_FromSpec(PyType_Spec *spec)
{
    return PyType_FromModuleAndSpec(NULL, spec, NULL);
}

/* -- Asking ---------------------------------------------------------------------------------- */

/* Of a static type as well; NULL when it lacks that suite. */
void *PyType_GetSlot(PyTypeObject *type, int slot)
{
    if (slot < 0 || (size_t)slot >= COUNT_OF(slot_offsets) || slot == 0) {
        PyErr_BadInternalCall();
        return NULL;
    }
    size_t offset = (size_t)slot_offsets[slot];
    if (offset < sizeof(PyTypeObject)) {
        return *(void **)((char *)type + offset);
    }
    /* A static type has its suites elsewhere. */
    char *suite;
    if (offset >= offsetof(PyHeapTypeObject, as_buffer)) {
        suite = (char *)type->tp_as_buffer;
        offset -= offsetof(PyHeapTypeObject, as_buffer);
    }
    else if (offset >= offsetof(PyHeapTypeObject, as_sequence)) {
        suite = (char *)type->tp_as_sequence;
        offset -= offsetof(PyHeapTypeObject, as_sequence);
    }
    else if (offset >= offsetof(PyHeapTypeObject, as_mapping)) {
        suite = (char *)type->tp_as_mapping;
        offset -= offsetof(PyHeapTypeObject, as_mapping);
    }
    else if (offset >= offsetof(PyHeapTypeObject, as_number)) {
        suite = (char *)type->tp_as_number;
        offset -= offsetof(PyHeapTypeObject, as_number);
    }
    else {
        suite = (char *)type->tp_as_async;
        offset -= offsetof(PyHeapTypeObject, as_async);
    }
    return suite ? *(void **)(suite + offset) : NULL;
}

/* BORROWED */
PyObject *PyType_GetModule(PyTypeObject *type)
{
    if (!HAS(type, Py_TPFLAGS_HEAPTYPE)) {
        PyErr_Format(PyExc_TypeError, "PyType_GetModule: Type '%s' is not a heap type",
                     type->tp_name);
        return NULL;
    }
    PyObject *module = ((PyHeapTypeObject *)type)->ht_module;
    if (module == NULL) {
        PyErr_Format(PyExc_TypeError, "PyType_GetModule: Type '%s' has no associated module",
                     type->tp_name);
    }
    return module;
}

void *PyType_GetModuleState(PyTypeObject *type)
{
    PyObject *module = PyType_GetModule(type);
    return module ? PyModule_GetState(module) : NULL;
}

/* The module of the first class in the MRO that was made
   with a module of this definition; BORROWED. */
PyObject *PyType_GetModuleByDef(PyTypeObject *type, PyModuleDef *def)
{
    PyObject *mro = type->tp_mro;
    for (Py_ssize_t i = 0; mro && i < PyTuple_GET_SIZE(mro); i++) {
        PyTypeObject *super = (PyTypeObject *)PyTuple_GET_ITEM(mro, i);
        if (!HAS(super, Py_TPFLAGS_HEAPTYPE)) {
            continue; /* static types may lie between heap types */
        }
        PyObject *module = ((PyHeapTypeObject *)super)->ht_module;
        if (module && PyModule_Check(module) && PyModule_GetDef(module) == def) {
            return module;
        }
    }
    PyErr_Format(PyExc_TypeError,
                 "PyType_GetModuleByDef: No superclass of '%s' has the given module",
                 type->tp_name);
    return NULL;
}
