/* SPDX-License-Identifier: MIT
 *
 * Specialisation of attribute, method and global access. Works out what a lookup would find, and
 * under which versions (of the type, of the key table) it must find the same again; the handlers
 * only compare those.
 *
 *      type version     changes when any lookup on the class could answer differently
 *      keys version     changes when a key table gets or loses a name (dk_version)
 *      builtin, module  versions of the two key tables that a global name goes through
 *
 * I1  Nothing here may run code of the program or raise: a failed try is just a longer wait.
 * I2  A version of 0 means that they ran out: then nothing is specialised.
 *
 * Not done: several types per instruction. 3.11's caches, whose size is part of the bytecode, have
 * no room for a second one.
 */
#include "vm/caches.h"
#include "objects/dict/dict.h"
#include "objects/type/type.h"

/* -- Key tables -------------------------------------------------------------------------------- */

/* Index of name in a dict with str keys only, or -1 (also when the index does not fit a cache
   unit). */
static Py_ssize_t dict_index(PyObject *dict, PyObject *name)
{
    PyDictKeysObject *keys = ((PyDictObject *)dict)->ma_keys;
    if (!DK_IS_UNICODE(keys)) {
        return -1;
    }
    Py_ssize_t index = dict_keys_find(keys, name);
    return index > UINT16_MAX ? -1 : index;
}

/* Of a dict's key table. */
static uint32_t keys_version(PyObject *dict)
{
    return dict_keys_version_ensure(((PyDictObject *)dict)->ma_keys);
}

/* -- Class objects ----------------------------------------------------------------------------- */

/* A staticmethod or classmethod object. */
static bool is_held(PyObject *value)
{
    return Py_IS_TYPE(value, &PyStaticMethod_Type) || Py_IS_TYPE(value, &PyClassMethod_Type);
}

/* C.name: what the class or a base holds (BORROWED), when neither the metaclass nor a binding rule
   interferes. */
static PyObject *value_in_class(PyObject *owner, PyObject *name)
{
    PyTypeObject *type = (PyTypeObject *)owner;
    if (!Py_IS_TYPE(owner, &PyType_Type) || _PyType_Lookup(&PyType_Type, name) != NULL) {
        return NULL;
    }
    PyObject *value = _PyType_Lookup(type, name);
    if (value == NULL || type->tp_version_tag == 0) {
        return NULL;
    }
    PyTypeObject *kind = Py_TYPE(value);
    bool unbound =
        kind->tp_descr_get == NULL || kind == &PyFunction_Type || kind == &PyMethodDescr_Type;
    return PyType_HasFeature(kind, Py_TPFLAGS_IMMUTABLETYPE) && (unbound || is_held(value)) ? value
                                                                                            : NULL;
}

/* -- Attributes -------------------------------------------------------------------------------- */

/* A name in the module's dict that no __getattr__ stands before. */
static bool attr_of_module(PyObject *module, PyObject *name, Py_ssize_t *index, uint32_t *version)
{
    PyObject *dict = PyModule_GetDict(module);
    if (dict == NULL || !PyDict_CheckExact(dict) || ((PyDictObject *)dict)->ma_values != NULL) {
        return false;
    }
    *index = dict_index(dict, name);
    if (*index < 0) {
        return false;
    }
    *version = keys_version(dict);
    return *version != 0;
}

/* Offset of the slot that `descr` gives access to, when it is a plain object slot of this owner;
   else 0. */
static Py_ssize_t slot_offset(PyObject *owner, PyObject *descr, bool writing)
{
    if (!Py_IS_TYPE(descr, &PyMemberDescr_Type)) {
        return 0;
    }
    PyMemberDef *member = ((PyMemberDescrObject *)descr)->d_member;
    if (!PyObject_TypeCheck(owner, ((PyDescrObject *)descr)->d_type) || member->type != T_OBJECT_EX
        || member->offset <= 0 || member->offset > UINT16_MAX || (member->flags & PY_AUDIT_READ)
        || (writing && (member->flags & READONLY))) {
        return 0;
    }
    return member->offset;
}

/* Chooses between inline values and dict for an attribute in the instance. 0: neither. */
static int instance_place(PyObject *owner, PyObject *name, Py_ssize_t *index, int values_form,
                          int hint_form)
{
    PyTypeObject *type = Py_TYPE(owner);
    if (!PyType_HasFeature(type, Py_TPFLAGS_MANAGED_DICT)) {
        return 0;
    }
    if (*object_values_slot(owner) != NULL) {
        PyDictKeysObject *keys = ((PyHeapTypeObject *)type)->ht_cached_keys;
        *index = keys == NULL ? -1 : dict_keys_find(keys, name);
        return *index < 0 || *index > UINT16_MAX ? 0 : values_form;
    }
    PyObject *dict = *object_dict_slot(owner);
    if (dict == NULL || !PyDict_CheckExact(dict)) {
        return 0;
    }
    *index = dict_index(dict, name);
    return *index < 0 ? 0 : hint_form;
}

/* The form for owner.name; 0: none. */
static int choose_attr(PyObject *owner, PyObject *name, bool writing, Py_ssize_t *index)
{
    PyTypeObject *type = Py_TYPE(owner);
    PyObject *descr = _PyType_Lookup(type, name);
    if (!PyType_HasFeature(type, Py_TPFLAGS_VALID_VERSION_TAG) || type->tp_version_tag == 0) {
        return 0;
    }
    /* The class of the descriptor may become a data descriptor without this type's version
       changing. */
    if (descr != NULL && !PyType_HasFeature(Py_TYPE(descr), Py_TPFLAGS_IMMUTABLETYPE)) {
        return 0;
    }
    if (descr != NULL && name == ID(__class__) && !writing
        && descr == _PyType_Lookup(&PyBaseObject_Type, name)) {
        *index = offsetof(PyObject, ob_type);
        return OP_LOAD_ATTR_SLOT;
    }
    if (descr != NULL && Py_TYPE(descr)->tp_descr_set == NULL
        && !PyType_HasFeature(Py_TYPE(descr), Py_TPFLAGS_IMMUTABLETYPE)) {
        return 0; /* its class may learn __set__ later, which no version of ours would tell */
    }
    if (descr != NULL && Py_IS_TYPE(descr, &PyProperty_Type) && !writing) {
        PyObject *getter = property_fget(descr);
        return getter != NULL && PyFunction_Check(getter) ? OP_LOAD_ATTR_PROPERTY : 0;
    }
    if (descr != NULL && Py_TYPE(descr)->tp_descr_set != NULL) {
        *index = slot_offset(owner, descr, writing);
        return *index == 0 ? 0 : writing ? OP_STORE_ATTR_SLOT : OP_LOAD_ATTR_SLOT;
    }
    return writing ? instance_place(owner, name, index, OP_STORE_ATTR_INSTANCE_VALUE,
                                    OP_STORE_ATTR_WITH_HINT)
                   : instance_place(owner, name, index, OP_LOAD_ATTR_INSTANCE_VALUE,
                                    OP_LOAD_ATTR_WITH_HINT);
}

void spec_load_attr(PyObject *owner, _Py_CODEUNIT *instr, PyObject *name)
{
    struct cache_attr *cache = (struct cache_attr *)(instr + 1);
    Py_ssize_t index = 0;
    uint32_t version = Py_TYPE(owner)->tp_version_tag;
    int form = 0;
    if (PyModule_CheckExact(owner)) {
        form = attr_of_module(owner, name, &index, &version) ? OP_LOAD_ATTR_MODULE : 0;
    }
    else if (PyType_Check(owner)) {
        PyObject *value = value_in_class(owner, name);
        form = value != NULL && !is_held(value) ? OP_LOAD_ATTR_CLASS : 0;
        version = ((PyTypeObject *)owner)->tp_version_tag;
    }
    else if (Py_TYPE(owner)->tp_getattro == PyObject_GenericGetAttr) {
        form = choose_attr(owner, name, false, &index);
        version = Py_TYPE(owner)->tp_version_tag;
    }
    if (form == 0) {
        spec_fail(instr);
        return;
    }
    cache_set_u32(cache->version, version);
    cache->index = (uint16_t)index;
    spec_succeed(instr, form);
}

void spec_store_attr(PyObject *owner, _Py_CODEUNIT *instr, PyObject *name)
{
    struct cache_attr *cache = (struct cache_attr *)(instr + 1);
    Py_ssize_t index = 0;
    int form = 0;
    if (Py_TYPE(owner)->tp_setattro == PyObject_GenericSetAttr && !PyModule_CheckExact(owner)) {
        form = choose_attr(owner, name, true, &index);
    }
    if (form == 0) {
        spec_fail(instr);
        return;
    }
    cache_set_u32(cache->version, Py_TYPE(owner)->tp_version_tag);
    cache->index = (uint16_t)index;
    spec_succeed(instr, form);
}

/* -- Methods ----------------------------------------------------------------------------------- */

static bool method_of_module(PyObject *owner, PyObject *name, struct cache_method *cache)
{
    Py_ssize_t index;
    uint32_t version;
    if (!attr_of_module(owner, name, &index, &version)) {
        return false;
    }
    cache_set_u32(cache->keys_version, version);
    cache->dict_offset = (uint16_t)index;
    return true;
}

/* Form for C.name(...); 0: none. */
static int method_of_class(PyObject *owner, PyObject *name, struct cache_method *cache)
{
    PyObject *value = value_in_class(owner, name);
    if (value == NULL) {
        return 0;
    }
    cache_set_u32(cache->type_version, ((PyTypeObject *)owner)->tp_version_tag);
    cache_set_object(cache->descr, value);
    return is_held(value) ? OP_LOAD_METHOD_HELD : OP_LOAD_METHOD_CLASS;
}

/* Form for a method of an instance: nothing in the instance may hide it. */
static int method_of_instance(PyObject *owner, PyObject *name, struct cache_method *cache)
{
    PyTypeObject *type = Py_TYPE(owner);
    if (type->tp_getattro != PyObject_GenericGetAttr) {
        return 0;
    }
    PyObject *descr = _PyType_Lookup(type, name);
    if (descr == NULL || type->tp_version_tag == 0
        || (!PyType_HasFeature(Py_TYPE(descr), Py_TPFLAGS_METHOD_DESCRIPTOR) && !is_held(descr))) {
        return 0;
    }
    cache_set_u32(cache->type_version, type->tp_version_tag);
    cache_set_object(cache->descr, descr);
    bool managed = PyType_HasFeature(type, Py_TPFLAGS_MANAGED_DICT);
    if (managed && *object_dict_slot(owner) == NULL) {
        PyDictKeysObject *keys = ((PyHeapTypeObject *)type)->ht_cached_keys;
        uint32_t version =
            keys == NULL || dict_keys_find(keys, name) >= 0 ? 0 : dict_keys_version_ensure(keys);
        cache_set_u32(cache->keys_version, version);
        return version == 0     ? 0
               : is_held(descr) ? OP_LOAD_METHOD_HELD_WITH_VALUES
                                : OP_LOAD_METHOD_WITH_VALUES;
    }
    if (is_held(descr)) {
        return 0;
    }
    if (!managed && type->tp_dictoffset == 0) {
        return OP_LOAD_METHOD_NO_DICT;
    }
    Py_ssize_t offset = managed ? -3 * (Py_ssize_t)sizeof(PyObject *) : type->tp_dictoffset;
    if (offset > INT16_MAX || (!managed && offset < 0)) {
        return 0;
    }
    cache->dict_offset = (uint16_t)(int16_t)offset;
    PyObject *dict = *(PyObject **)((char *)owner + offset);
    if (dict == NULL) {
        return OP_LOAD_METHOD_UNMADE_DICT;
    }
    if (!DK_IS_UNICODE(((PyDictObject *)dict)->ma_keys)
        || dict_keys_find(((PyDictObject *)dict)->ma_keys, name) >= 0) {
        return 0;
    }
    uint32_t version = keys_version(dict);
    cache_set_u32(cache->keys_version, version);
    return version == 0 ? 0 : OP_LOAD_METHOD_WITH_DICT;
}

void spec_load_method(PyObject *owner, _Py_CODEUNIT *instr, PyObject *name)
{
    struct cache_method *cache = (struct cache_method *)(instr + 1);
    int form;
    if (PyModule_CheckExact(owner)) {
        form = method_of_module(owner, name, cache) ? OP_LOAD_METHOD_MODULE : 0;
    }
    else if (PyType_Check(owner)) {
        form = method_of_class(owner, name, cache);
    }
    else {
        form = method_of_instance(owner, name, cache);
    }
    if (form != 0) {
        spec_succeed(instr, form);
    }
    else {
        spec_fail(instr);
    }
}

/* -- Globals ----------------------------------------------------------------------------------- */

static int choose_global(PyObject *globals, PyObject *builtins, PyObject *name,
                         struct cache_global *cache)
{
    if (!PyDict_CheckExact(globals) || !DK_IS_UNICODE(((PyDictObject *)globals)->ma_keys)
        || ((PyDictObject *)globals)->ma_values != NULL) {
        return 0;
    }
    Py_ssize_t index = dict_keys_find(((PyDictObject *)globals)->ma_keys, name);
    uint32_t version = keys_version(globals);
    if (version == 0 || index > UINT16_MAX) {
        return 0;
    }
    cache_set_u32(cache->module_version, version);
    if (index >= 0) {
        cache->index = (uint16_t)index;
        return OP_LOAD_GLOBAL_MODULE;
    }
    if (!PyDict_CheckExact(builtins) || ((PyDictObject *)builtins)->ma_values != NULL
        || (index = dict_index(builtins, name)) < 0) {
        return 0;
    }
    version = keys_version(builtins);
    if (version == 0 || version > UINT16_MAX) {
        return 0;
    }
    cache->builtin_version = (uint16_t)version;
    cache->index = (uint16_t)index;
    return OP_LOAD_GLOBAL_BUILTIN;
}

void spec_load_global(PyObject *globals, PyObject *builtins, _Py_CODEUNIT *instr, PyObject *name)
{
    int form = choose_global(globals, builtins, name, (struct cache_global *)(instr + 1));
    if (form != 0) {
        spec_succeed(instr, form);
    }
    else {
        spec_fail(instr);
    }
}
