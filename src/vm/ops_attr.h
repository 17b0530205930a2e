/* SPDX-License-Identifier: MIT
 *
 * Attributes. A fragment of the loop.
 *
 * Specialised forms first compare the type's version: it changes whenever a lookup on the type
 * could answer differently, so what the cache holds (borrowed) is then still alive and right.
 *
 *      INSTANCE_VALUE   inline values of the instance, by index       no dict was ever asked for
 *      WITH_HINT        the instance's dict, at a remembered entry
 *      SLOT             a __slots__ member, by offset
 *      MODULE, CLASS    the owner's own table or class
 *      PROPERTY         a getter written in Python
 *
 * The owner is dropped after the value is safe on the stack: dropping it may run code.
 */

TARGET(LOAD_ATTR) {
    PyObject *owner = TOP();
    PyObject *value = PyObject_GetAttr(owner, NAME(oparg));
    Py_DECREF(owner);
    TOP() = value;
    if (value == NULL) {
        sp--;
        goto error;
    }
    ip += CACHES_ATTR;
    NEXT();
}

ADAPTIVE(LOAD_ATTR, {
    spec_load_attr(TOP(), ip, NAME(oparg));
})

SPECIAL(LOAD_ATTR_INSTANCE_VALUE) {
    struct cache_attr *cache = (struct cache_attr *)(ip + 1);
    PyObject *owner = TOP();
    MISS_IF(Py_TYPE(owner)->tp_version_tag != cache_u32(cache->version), LOAD_ATTR);
    PyDictValues *values = *object_values_slot(owner);
    MISS_IF(values == NULL, LOAD_ATTR);
    PyObject *value = values->values[cache->index];
    MISS_IF(value == NULL, LOAD_ATTR);
    Py_INCREF(value);
    TOP() = value;
    DROP_AT(owner);
    NEXT_AFTER(CACHES_ATTR);
}

SPECIAL(LOAD_ATTR_MODULE) {
    struct cache_attr *cache = (struct cache_attr *)(ip + 1);
    PyObject *owner = TOP();
    MISS_IF(!PyModule_CheckExact(owner), LOAD_ATTR);
    PyDictKeysObject *keys = ((PyDictObject *)PyModule_GetDict(owner))->ma_keys;
    MISS_IF(keys->dk_version != cache_u32(cache->version), LOAD_ATTR);
    PyObject *value = DK_UNICODE_ENTRIES(keys)[cache->index].me_value;
    MISS_IF(value == NULL, LOAD_ATTR);
    Py_INCREF(value);
    TOP() = value;
    DROP_AT(owner);
    NEXT_AFTER(CACHES_ATTR);
}

SPECIAL(LOAD_ATTR_WITH_HINT) {
    struct cache_attr *cache = (struct cache_attr *)(ip + 1);
    PyObject *owner = TOP();
    MISS_IF(Py_TYPE(owner)->tp_version_tag != cache_u32(cache->version), LOAD_ATTR);
    PyDictObject *dict = *(PyDictObject **)object_dict_slot(owner);
    MISS_IF(dict == NULL, LOAD_ATTR);
    PyObject **place = dict_place(dict, cache->index, NAME(oparg));
    MISS_IF(place == NULL || *place == NULL, LOAD_ATTR);
    PyObject *value = Py_NewRef(*place);
    TOP() = value;
    DROP_AT(owner);
    NEXT_AFTER(CACHES_ATTR);
}

SPECIAL(LOAD_ATTR_SLOT) {
    struct cache_attr *cache = (struct cache_attr *)(ip + 1);
    PyObject *owner = TOP();
    MISS_IF(Py_TYPE(owner)->tp_version_tag != cache_u32(cache->version), LOAD_ATTR);
    PyObject *value = *(PyObject **)((char *)owner + cache->index);
    MISS_IF(value == NULL, LOAD_ATTR);
    Py_INCREF(value);
    TOP() = value;
    DROP_AT(owner);
    NEXT_AFTER(CACHES_ATTR);
}

/* The getter runs as PyObject_GetAttr would run it, without the search for it. */
SPECIAL(LOAD_ATTR_PROPERTY) {
    struct cache_attr *cache = (struct cache_attr *)(ip + 1);
    PyObject *owner = TOP();
    MISS_IF(Py_TYPE(owner)->tp_version_tag != cache_u32(cache->version), LOAD_ATTR);
    PyObject *getter = property_fget(_PyType_Lookup(Py_TYPE(owner), NAME(oparg)));
    MISS_IF(getter == NULL || !Py_IS_TYPE(getter, &PyFunction_Type), LOAD_ATTR);
    frame->prev_instr = ip;
    PyObject *value = ((PyFunctionObject *)getter)->vectorcall(getter, &owner, 1, NULL);
    Py_DECREF(owner);
    TOP() = value;
    if (value == NULL) {
        sp--;
        goto error;
    }
    NEXT_AFTER(CACHES_ATTR);
}

SPECIAL(LOAD_ATTR_CLASS) {
    struct cache_attr *cache = (struct cache_attr *)(ip + 1);
    PyObject *owner = TOP();
    MISS_IF(!PyType_Check(owner)
                || ((PyTypeObject *)owner)->tp_version_tag != cache_u32(cache->version),
            LOAD_ATTR);
    PyObject *value = Py_NewRef(_PyType_Lookup((PyTypeObject *)owner, NAME(oparg)));
    TOP() = value;
    DROP_AT(owner);
    NEXT_AFTER(CACHES_ATTR);
}

TARGET(STORE_ATTR) {
    PyObject *owner = TOP(), *value = PEEK(2);
    sp -= 2;
    int failed = PyObject_SetAttr(owner, NAME(oparg), value);
    Py_DECREF(value);
    Py_DECREF(owner);
    if (failed) {
        goto error;
    }
    ip += CACHES_ATTR;
    NEXT();
}

ADAPTIVE(STORE_ATTR, {
    spec_store_attr(TOP(), ip, NAME(oparg));
})

SPECIAL(STORE_ATTR_INSTANCE_VALUE) {
    struct cache_attr *cache = (struct cache_attr *)(ip + 1);
    PyObject *owner = TOP();
    MISS_IF(Py_TYPE(owner)->tp_version_tag != cache_u32(cache->version), STORE_ATTR);
    PyDictValues *values = *object_values_slot(owner);
    MISS_IF(values == NULL, STORE_ATTR);
    PyObject *value = PEEK(2), *old = values->values[cache->index];
    sp -= 2;
    values->values[cache->index] = value;
    if (old == NULL) {
        dict_values_note_insert(values, cache->index);
    }
    else {
        DROP_AT(old);
    }
    DROP_AT(owner);
    NEXT_AFTER(CACHES_ATTR);
}

/* As the dict itself would do it: tracked by the collector when the value is, a new version tag. */
SPECIAL(STORE_ATTR_WITH_HINT) {
    struct cache_attr *cache = (struct cache_attr *)(ip + 1);
    PyObject *owner = TOP();
    MISS_IF(Py_TYPE(owner)->tp_version_tag != cache_u32(cache->version), STORE_ATTR);
    PyDictObject *dict = *(PyDictObject **)object_dict_slot(owner);
    MISS_IF(dict == NULL || !PyDict_CheckExact(dict), STORE_ATTR);
    PyObject **place = dict_place(dict, cache->index, NAME(oparg));
    MISS_IF(place == NULL || *place == NULL, STORE_ATTR);
    PyObject *value = PEEK(2), *old = *place;
    sp -= 2;
    *place = value;
    if (PyType_IS_GC(Py_TYPE(value)) && !PyObject_GC_IsTracked((PyObject *)dict)) {
        PyObject_GC_Track(dict);
    }
    dict->ma_version_tag = dict_version_next();
    DROP_AT(old);
    DROP_AT(owner);
    NEXT_AFTER(CACHES_ATTR);
}

SPECIAL(STORE_ATTR_SLOT) {
    struct cache_attr *cache = (struct cache_attr *)(ip + 1);
    PyObject *owner = TOP();
    MISS_IF(Py_TYPE(owner)->tp_version_tag != cache_u32(cache->version), STORE_ATTR);
    PyObject **place = (PyObject **)((char *)owner + cache->index);
    PyObject *old = *place;
    *place = PEEK(2);
    sp -= 2;
    if (old != NULL) {
        DROP_AT(old);
    }
    DROP_AT(owner);
    NEXT_AFTER(CACHES_ATTR);
}

TARGET(DELETE_ATTR) {
    PyObject *owner = POP();
    int failed = PyObject_SetAttr(owner, NAME(oparg), NULL);
    Py_DECREF(owner);
    if (failed) {
        goto error;
    }
    NEXT();
}

/* -- Methods: leaves `function self` when an unbound function was found, else `NULL value` ---- */

TARGET(LOAD_METHOD) {
    PyObject *owner = TOP(), *method = NULL;
    int is_method = _PyObject_GetMethod(owner, NAME(oparg), &method);
    if (method == NULL) {
        goto error;
    }
    if (is_method) {
        TOP() = method;
        PUSH(owner);
    }
    else {
        TOP() = NULL;
        Py_DECREF(owner);
        PUSH(method);
    }
    ip += CACHES_METHOD;
    NEXT();
}

ADAPTIVE(LOAD_METHOD, {
    spec_load_method(TOP(), ip, NAME(oparg));
})

SPECIAL(LOAD_METHOD_WITH_VALUES) {
    struct cache_method *cache = (struct cache_method *)(ip + 1);
    PyObject *owner = TOP();
    PyTypeObject *type = Py_TYPE(owner);
    MISS_IF(type->tp_version_tag != cache_u32(cache->type_version), LOAD_METHOD);
    MISS_IF(*object_dict_slot(owner) != NULL, LOAD_METHOD);
    PyDictKeysObject *keys = ((PyHeapTypeObject *)type)->ht_cached_keys;
    MISS_IF(keys->dk_version != cache_u32(cache->keys_version), LOAD_METHOD);
    PyObject *method = cache_object(cache->descr);
    TOP() = Py_NewRef(method);
    PUSH(owner);
    NEXT_AFTER(CACHES_METHOD);
}

SPECIAL(LOAD_METHOD_WITH_DICT) {
    struct cache_method *cache = (struct cache_method *)(ip + 1);
    PyObject *owner = TOP();
    MISS_IF(Py_TYPE(owner)->tp_version_tag != cache_u32(cache->type_version), LOAD_METHOD);
    PyObject *dict = *(PyObject **)((char *)owner + (int16_t)cache->dict_offset);
    MISS_IF(dict == NULL, LOAD_METHOD);
    MISS_IF(((PyDictObject *)dict)->ma_keys->dk_version != cache_u32(cache->keys_version),
            LOAD_METHOD);
    PyObject *method = cache_object(cache->descr);
    TOP() = Py_NewRef(method);
    PUSH(owner);
    NEXT_AFTER(CACHES_METHOD);
}

SPECIAL(LOAD_METHOD_UNMADE_DICT) {
    struct cache_method *cache = (struct cache_method *)(ip + 1);
    PyObject *owner = TOP();
    MISS_IF(Py_TYPE(owner)->tp_version_tag != cache_u32(cache->type_version), LOAD_METHOD);
    MISS_IF(*(PyObject **)((char *)owner + (int16_t)cache->dict_offset) != NULL, LOAD_METHOD);
    PyObject *method = cache_object(cache->descr);
    TOP() = Py_NewRef(method);
    PUSH(owner);
    NEXT_AFTER(CACHES_METHOD);
}

SPECIAL(LOAD_METHOD_NO_DICT) {
    struct cache_method *cache = (struct cache_method *)(ip + 1);
    PyObject *owner = TOP();
    MISS_IF(Py_TYPE(owner)->tp_version_tag != cache_u32(cache->type_version), LOAD_METHOD);
    PyObject *method = cache_object(cache->descr);
    TOP() = Py_NewRef(method);
    PUSH(owner);
    NEXT_AFTER(CACHES_METHOD);
}

SPECIAL(LOAD_METHOD_MODULE) {
    struct cache_method *cache = (struct cache_method *)(ip + 1);
    PyObject *owner = TOP();
    MISS_IF(!PyModule_CheckExact(owner), LOAD_METHOD);
    PyDictKeysObject *keys = ((PyDictObject *)PyModule_GetDict(owner))->ma_keys;
    MISS_IF(keys->dk_version != cache_u32(cache->keys_version), LOAD_METHOD);
    PyObject *value = DK_UNICODE_ENTRIES(keys)[cache->dict_offset].me_value;
    MISS_IF(value == NULL, LOAD_METHOD);
    Py_INCREF(value);
    TOP() = NULL;
    PUSH(value);
    DROP_AT(owner);
    NEXT_AFTER(CACHES_METHOD);
}

SPECIAL(LOAD_METHOD_CLASS) {
    struct cache_method *cache = (struct cache_method *)(ip + 1);
    PyObject *owner = TOP();
    MISS_IF(!PyType_Check(owner), LOAD_METHOD);
    MISS_IF(((PyTypeObject *)owner)->tp_version_tag != cache_u32(cache->type_version), LOAD_METHOD);
    PyObject *value = Py_NewRef(cache_object(cache->descr));
    TOP() = NULL;
    PUSH(value);
    DROP_AT(owner);
    NEXT_AFTER(CACHES_METHOD);
}

/* A staticmethod gives what it holds, a classmethod of a function that function with the class as
   self. */
#define PUSH_HELD(holder, CLASS)                                                     \
    {                                                                                \
        PyObject *held = method_held(holder);                                        \
        bool of_class = Py_IS_TYPE(holder, &PyClassMethod_Type);                     \
        MISS_IF(held == NULL || (of_class && !PyFunction_Check(held)), LOAD_METHOD); \
        Py_INCREF(held);                                                             \
        PyObject *self = of_class ? Py_NewRef((PyObject *)(CLASS)) : NULL;           \
        TOP() = of_class ? held : NULL;                                              \
        PUSH(of_class ? self : held);                                                \
        DROP_AT(owner);                                                              \
        NEXT_AFTER(CACHES_METHOD);                                                   \
    }

SPECIAL(LOAD_METHOD_HELD) {
    struct cache_method *cache = (struct cache_method *)(ip + 1);
    PyObject *owner = TOP();
    MISS_IF(!PyType_Check(owner), LOAD_METHOD);
    MISS_IF(((PyTypeObject *)owner)->tp_version_tag != cache_u32(cache->type_version), LOAD_METHOD);
    PUSH_HELD(cache_object(cache->descr), owner)
}

SPECIAL(LOAD_METHOD_HELD_WITH_VALUES) {
    struct cache_method *cache = (struct cache_method *)(ip + 1);
    PyObject *owner = TOP();
    PyTypeObject *type = Py_TYPE(owner);
    MISS_IF(type->tp_version_tag != cache_u32(cache->type_version), LOAD_METHOD);
    MISS_IF(*object_dict_slot(owner) != NULL, LOAD_METHOD);
    PyDictKeysObject *keys = ((PyHeapTypeObject *)type)->ht_cached_keys;
    MISS_IF(keys->dk_version != cache_u32(cache->keys_version), LOAD_METHOD);
    PUSH_HELD(cache_object(cache->descr), type)
}
#undef PUSH_HELD
