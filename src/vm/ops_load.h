/* SPDX-License-Identifier: MIT
 *
 * Stack shuffling, constants, variables. A fragment of the loop (loop.c says what the words mean).
 *
 * Where a variable lies: a slot of the frame (fast), a cell in such a slot (deref), the namespace
 * of a class body or module (name), the globals and built-ins (global).
 */

TARGET_LIGHT(NOP) {
    NEXT();
}

TARGET_LIGHT(POP_TOP) {
    PyObject *value = POP();
    DROP(value);
    NEXT();
}

TARGET_LIGHT(PUSH_NULL) {
    PUSH(NULL);
    NEXT();
}

TARGET_LIGHT(SWAP) {
    PyObject *top = TOP();
    TOP() = PEEK(oparg);
    PEEK(oparg) = top;
    NEXT();
}

TARGET_LIGHT(COPY) {
    PyObject *value = PEEK(oparg);
    PUSH(Py_NewRef(value));
    NEXT();
}

TARGET_LIGHT(LOAD_CONST) {
    PyObject *value = CONST(oparg);
    PUSH(Py_NewRef(value));
    NEXT();
}

TARGET_LIGHT(KW_NAMES) {
    kwnames = CONST(oparg);
    NEXT();
}

/* -- Fast locals ------------------------------------------------------------------------------- */

/* A closure is the cell itself, which lies in a slot like any value. */
LABEL(LOAD_CLOSURE) goto L_LOAD_FAST;

TARGET_LIGHT(LOAD_FAST) {
    PyObject *value = LOCAL(oparg);
    if (UNLIKELY(value == NULL)) {
        goto unbound_local;
    }
    PUSH(Py_NewRef(value));
    NEXT();
}

TARGET_LIGHT(STORE_FAST) {
    PyObject *old = LOCAL(oparg);
    LOCAL(oparg) = POP();
    XDROP(old);
    NEXT();
}

TARGET_LIGHT(DELETE_FAST) {
    PyObject *old = LOCAL(oparg);
    if (UNLIKELY(old == NULL)) {
        goto unbound_local;
    }
    LOCAL(oparg) = NULL;
    DROP(old);
    NEXT();
}

/* Joined pairs: the second operand lies in the next unit. An unbound local is reported with ip
   behind the one that was read. */
TARGET_LIGHT(LOAD_FAST__LOAD_FAST) {
    PyObject *value = LOCAL(oparg);
    if (UNLIKELY(value == NULL)) {
        goto unbound_local;
    }
    PUSH(Py_NewRef(value));
    oparg = _Py_OPARG(*ip++);
    value = LOCAL(oparg);
    if (UNLIKELY(value == NULL)) {
        goto unbound_local;
    }
    PUSH(Py_NewRef(value));
    NEXT();
}

TARGET_LIGHT(LOAD_FAST__LOAD_CONST) {
    PyObject *value = LOCAL(oparg);
    if (UNLIKELY(value == NULL)) {
        goto unbound_local;
    }
    PUSH(Py_NewRef(value));
    value = CONST(_Py_OPARG(*ip++));
    PUSH(Py_NewRef(value));
    NEXT();
}

TARGET_LIGHT(LOAD_CONST__LOAD_FAST) {
    PyObject *value = CONST(oparg);
    PUSH(Py_NewRef(value));
    oparg = _Py_OPARG(*ip++);
    value = LOCAL(oparg);
    if (UNLIKELY(value == NULL)) {
        goto unbound_local;
    }
    PUSH(Py_NewRef(value));
    NEXT();
}

TARGET_LIGHT(STORE_FAST__LOAD_FAST) {
    PyObject *old = LOCAL(oparg);
    LOCAL(oparg) = POP();
    XDROP(old);
    oparg = _Py_OPARG(*ip++);
    PyObject *value = LOCAL(oparg);
    if (UNLIKELY(value == NULL)) {
        goto unbound_local;
    }
    PUSH(Py_NewRef(value));
    NEXT();
}

TARGET_LIGHT(STORE_FAST__STORE_FAST) {
    PyObject *old = LOCAL(oparg);
    LOCAL(oparg) = POP();
    XDROP(old);
    oparg = _Py_OPARG(*ip++);
    old = LOCAL(oparg);
    LOCAL(oparg) = POP();
    XDROP(old);
    NEXT();
}

/* -- Cells ------------------------------------------------------------------------------------- */

TARGET(MAKE_CELL) {
    PyObject *cell = PyCell_New(LOCAL(oparg));
    if (cell == NULL) {
        goto error;
    }
    Py_XDECREF(LOCAL(oparg));
    LOCAL(oparg) = cell;
    NEXT();
}

TARGET(LOAD_DEREF) {
    PyObject *value = PyCell_GET(LOCAL(oparg));
    if (UNLIKELY(value == NULL)) {
        vm_error_unbound_deref(tstate, frame->f_code, oparg);
        goto error;
    }
    PUSH(Py_NewRef(value));
    NEXT();
}

TARGET(STORE_DEREF) {
    PyObject *cell = LOCAL(oparg), *old = PyCell_GET(cell);
    PyCell_SET(cell, POP());
    Py_XDECREF(old);
    NEXT();
}

TARGET(DELETE_DEREF) {
    PyObject *cell = LOCAL(oparg), *old = PyCell_GET(cell);
    if (old == NULL) {
        vm_error_unbound_deref(tstate, frame->f_code, oparg);
        goto error;
    }
    PyCell_SET(cell, NULL);
    Py_DECREF(old);
    NEXT();
}

/* A class body's namespace first, then the enclosing function's variable. */
TARGET(LOAD_CLASSDEREF) {
    PyObject *name = PyTuple_GET_ITEM(frame->f_code->co_localsplusnames, oparg), *value;
    if (PyDict_CheckExact(frame->f_locals)) {
        value = Py_XNewRef(PyDict_GetItemWithError(frame->f_locals, name));
        if (value == NULL && ERROR_IS_SET()) {
            goto error;
        }
    }
    else {
        value = PyObject_GetItem(frame->f_locals, name);
        if (value == NULL) {
            if (!_PyErr_ExceptionMatches(tstate, PyExc_KeyError)) {
                goto error;
            }
            _PyErr_Clear(tstate);
        }
    }
    if (value == NULL) {
        value = Py_XNewRef(PyCell_GET(LOCAL(oparg)));
        if (value == NULL) {
            vm_error_unbound_deref(tstate, frame->f_code, oparg);
            goto error;
        }
    }
    PUSH(value);
    NEXT();
}

TARGET(COPY_FREE_VARS) {
    PyObject *closure = frame->f_func->func_closure;
    PyObject **to = &LOCAL(frame->f_code->co_nlocalsplus - oparg);
    for (int i = 0; i < oparg; i++) {
        to[i] = Py_NewRef(PyTuple_GET_ITEM(closure, i));
    }
    NEXT();
}

/* -- Names ------------------------------------------------------------------------------------- */

TARGET(LOAD_NAME) {
    PyObject *name = NAME(oparg), *namespace = frame->f_locals, *value;
    Py_ssize_t ix = dict_find_name(namespace, name);
    if (LIKELY(ix >= 0)) {
        value = Py_NewRef(dict_name_at(namespace, ix));
    }
    else if ((value = vm_load_name(tstate, frame, name, ix == DKIX_EMPTY)) == NULL) {
        goto error;
    }
    PUSH(value);
    NEXT();
}

/* Gives a name the namespace holds already its new value; other cases go on behind it. */
#define REPLACE_NAME(namespace, name, value)                     \
    {                                                            \
        Py_ssize_t ix = dict_find_name(namespace, name);         \
        if (LIKELY(ix >= 0 && gc_is_tracked(namespace))) {       \
            Py_DECREF(dict_replace_at(namespace, ix, value));    \
            NEXT();                                              \
        }                                                        \
    }

TARGET(STORE_NAME) {
    PyObject *name = NAME(oparg), *value = POP(), *namespace = frame->f_locals;
    if (UNLIKELY(namespace == NULL)) {
        _PyErr_Format(tstate, PyExc_SystemError, "no locals found when storing %R", name);
        Py_DECREF(value);
        goto error;
    }
    REPLACE_NAME(namespace, name, value)
    int failed = PyDict_CheckExact(namespace) ? PyDict_SetItem(namespace, name, value)
                                              : PyObject_SetItem(namespace, name, value);
    Py_DECREF(value);
    if (failed) {
        goto error;
    }
    NEXT();
}

TARGET(DELETE_NAME) {
    PyObject *name = NAME(oparg), *namespace = frame->f_locals;
    if (namespace == NULL) {
        _PyErr_Format(tstate, PyExc_SystemError, "no locals when deleting %R", name);
        goto error;
    }
    if (PyObject_DelItem(namespace, name) != 0) {
        vm_error_name(tstate, PyExc_NameError, "name '%.200s' is not defined", name);
        goto error;
    }
    NEXT();
}

/* The NULL is written in any case and counted only if oparg & 1: no branch. */
TARGET(LOAD_GLOBAL) {
    PyObject *value = vm_load_global_slow(tstate, frame, NAME(oparg >> 1));
    if (value == NULL) {
        goto error;
    }
    sp[0] = NULL;
    sp += oparg & 1;
    PUSH(value);
    ip += CACHES_GLOBAL;
    NEXT();
}

ADAPTIVE(LOAD_GLOBAL, {
    spec_load_global(frame->f_globals, frame->f_builtins, ip, NAME(oparg >> 1));
})

/* The versions of key tables change when names come or go, not when values change: so the index
   holds, and the value is read afresh. */
SPECIAL(LOAD_GLOBAL_MODULE) {
    struct cache_global *cache = (struct cache_global *)(ip + 1);
    MISS_IF(!PyDict_CheckExact(frame->f_globals), LOAD_GLOBAL);
    PyDictKeysObject *keys = ((PyDictObject *)frame->f_globals)->ma_keys;
    MISS_IF(keys->dk_version != cache_u32(cache->module_version), LOAD_GLOBAL);
    PyObject *value = DK_UNICODE_ENTRIES(keys)[cache->index].me_value;
    MISS_IF(value == NULL, LOAD_GLOBAL);
    sp[0] = NULL;
    sp += oparg & 1;
    PUSH(Py_NewRef(value));
    NEXT_AFTER(CACHES_GLOBAL);
}

SPECIAL(LOAD_GLOBAL_BUILTIN) {
    struct cache_global *cache = (struct cache_global *)(ip + 1);
    MISS_IF(!PyDict_CheckExact(frame->f_globals) || !PyDict_CheckExact(frame->f_builtins),
            LOAD_GLOBAL);
    PyDictKeysObject *module = ((PyDictObject *)frame->f_globals)->ma_keys;
    PyDictKeysObject *builtin = ((PyDictObject *)frame->f_builtins)->ma_keys;
    MISS_IF(module->dk_version != cache_u32(cache->module_version), LOAD_GLOBAL);
    MISS_IF(builtin->dk_version != cache->builtin_version, LOAD_GLOBAL);
    PyObject *value = DK_UNICODE_ENTRIES(builtin)[cache->index].me_value;
    MISS_IF(value == NULL, LOAD_GLOBAL);
    sp[0] = NULL;
    sp += oparg & 1;
    PUSH(Py_NewRef(value));
    NEXT_AFTER(CACHES_GLOBAL);
}

TARGET(STORE_GLOBAL) {
    PyObject *value = POP();
    REPLACE_NAME(frame->f_globals, NAME(oparg), value)
    int failed = PyDict_SetItem(frame->f_globals, NAME(oparg), value);
    Py_DECREF(value);
    if (failed) {
        goto error;
    }
    NEXT();
}

TARGET(DELETE_GLOBAL) {
    PyObject *name = NAME(oparg);
    if (PyDict_DelItem(frame->f_globals, name) != 0) {
        if (_PyErr_ExceptionMatches(tstate, PyExc_KeyError)) {
            vm_error_name(tstate, PyExc_NameError, "name '%.200s' is not defined", name);
        }
        goto error;
    }
    NEXT();
}

TARGET(LOAD_BUILD_CLASS) {
    PyObject *builtins = frame->f_builtins, *value;
    if (PyDict_CheckExact(builtins)) {
        value = Py_XNewRef(PyDict_GetItemWithError(builtins, ID(__build_class__)));
    }
    else {
        value = PyObject_GetItem(builtins, ID(__build_class__));
        if (value == NULL && _PyErr_ExceptionMatches(tstate, PyExc_KeyError)) {
            _PyErr_Clear(tstate);
        }
    }
    if (value == NULL) {
        if (!ERROR_IS_SET()) {
            _PyErr_SetString(tstate, PyExc_NameError, "__build_class__ not found");
        }
        goto error;
    }
    PUSH(value);
    NEXT();
}

TARGET(LOAD_ASSERTION_ERROR) {
    PUSH(Py_NewRef(PyExc_AssertionError));
    NEXT();
}

TARGET(SETUP_ANNOTATIONS) {
    if (vm_setup_annotations(tstate, frame) < 0) {
        goto error;
    }
    NEXT();
}
