/* SPDX-License-Identifier: MIT
 *
 * Building containers and strings, unpacking, pattern matching's simple tests. A fragment of the
 * loop.
 *
 * BUILD_* takes its items off the stack: tuple and list take the references over, dict, set and str
 * take new ones and the old are dropped. *_ADD, *_APPEND, *_UPDATE leave their container where it
 * is, oparg below the top: comprehensions and displays with stars fill it there.
 */

TARGET(BUILD_TUPLE) {
    PyObject *tuple;
    if (oparg == 0) {
        tuple = Py_NewRef(EMPTY_TUPLE);
    }
    else if ((tuple = PyTuple_New(oparg)) == NULL) {
        goto error;
    }
    sp -= oparg;
    for (int i = 0; i < oparg; i++) {
        PyTuple_SET_ITEM(tuple, i, sp[i]);
    }
    PUSH(tuple);
    NEXT();
}

TARGET(BUILD_LIST) {
    PyObject *list = PyList_New(oparg);
    if (list == NULL) {
        goto error;
    }
    sp -= oparg;
    for (int i = 0; i < oparg; i++) {
        PyList_SET_ITEM(list, i, sp[i]);
    }
    PUSH(list);
    NEXT();
}

TARGET(LIST_TO_TUPLE) {
    PyObject *list = POP();
    PyObject *tuple = PyList_AsTuple(list);
    Py_DECREF(list);
    if (tuple == NULL) {
        goto error;
    }
    PUSH(tuple);
    NEXT();
}

TARGET(LIST_APPEND) {
    PyObject *value = POP();
    if (list_append_item((PyListObject *)PEEK(oparg), value) < 0) {
        goto error;
    }
    NEXT();
}

/* Also for f(*x): the message speaks of the star. */
TARGET(LIST_EXTEND) {
    PyObject *iterable = POP();
    PyObject *none = _PyList_Extend((PyListObject *)PEEK(oparg), iterable);
    if (none == NULL) {
        if (_PyErr_ExceptionMatches(tstate, PyExc_TypeError) && Py_TYPE(iterable)->tp_iter == NULL
            && !PySequence_Check(iterable)) {
            _PyErr_Clear(tstate);
            _PyErr_Format(tstate, PyExc_TypeError, "Value after * must be an iterable, not %.200s",
                          Py_TYPE(iterable)->tp_name);
        }
        Py_DECREF(iterable);
        goto error;
    }
    Py_DECREF(none);
    Py_DECREF(iterable);
    NEXT();
}

/* In the order of the source: with equal items the first one stays. */
TARGET(BUILD_SET) {
    PyObject *set = PySet_New(NULL);
    int failed = set == NULL;
    for (int i = oparg; i > 0; i--) {
        PyObject *item = PEEK(i);
        failed = failed || PySet_Add(set, item);
        Py_DECREF(item);
    }
    sp -= oparg;
    if (failed) {
        Py_XDECREF(set);
        goto error;
    }
    PUSH(set);
    NEXT();
}

TARGET(SET_ADD) {
    PyObject *value = POP();
    int failed = PySet_Add(PEEK(oparg), value);
    Py_DECREF(value);
    if (failed) {
        goto error;
    }
    NEXT();
}

TARGET(SET_UPDATE) {
    PyObject *iterable = POP();
    int failed = _PySet_Update(PEEK(oparg), iterable) < 0;
    Py_DECREF(iterable);
    if (failed) {
        goto error;
    }
    NEXT();
}

TARGET(BUILD_MAP) {
    PyObject *dict = _PyDict_FromItems(&PEEK(2 * oparg), 2, &PEEK(2 * oparg - 1), 2, oparg);
    if (dict == NULL) {
        goto error;
    }
    for (int i = 0; i < 2 * oparg; i++) {
        PyObject *item = POP();
        Py_DECREF(item);
    }
    PUSH(dict);
    NEXT();
}

TARGET(BUILD_CONST_KEY_MAP) {
    PyObject *keys = TOP();
    if (!PyTuple_CheckExact(keys) || PyTuple_GET_SIZE(keys) != oparg) {
        _PyErr_SetString(tstate, PyExc_SystemError, "bad BUILD_CONST_KEY_MAP keys argument");
        goto error;
    }
    PyObject *dict =
        _PyDict_FromItems(((PyTupleObject *)keys)->ob_item, 1, &PEEK(1 + oparg), 1, oparg);
    if (dict == NULL) {
        goto error;
    }
    for (int i = 0; i <= oparg; i++) {
        PyObject *item = POP();
        Py_DECREF(item);
    }
    PUSH(dict);
    NEXT();
}

TARGET(MAP_ADD) {
    PyObject *value = TOP(), *key = PEEK(2);
    sp -= 2;
    int failed = PyDict_SetItem(PEEK(oparg), key, value);
    Py_DECREF(key);
    Py_DECREF(value);
    if (failed) {
        goto error;
    }
    NEXT();
}

TARGET(DICT_UPDATE) {
    PyObject *update = POP();
    if (PyDict_Update(PEEK(oparg), update) < 0) {
        if (_PyErr_ExceptionMatches(tstate, PyExc_AttributeError)) {
            _PyErr_Format(tstate, PyExc_TypeError, "'%.200s' object is not a mapping",
                          Py_TYPE(update)->tp_name);
        }
        Py_DECREF(update);
        goto error;
    }
    Py_DECREF(update);
    NEXT();
}

TARGET(DICT_MERGE) {
    PyObject *update = POP();
    if (_PyDict_MergeEx(PEEK(oparg), update, 2) < 0) {
        vm_error_kwargs(tstate, PEEK(2 + oparg), update);
        Py_DECREF(update);
        goto error;
    }
    Py_DECREF(update);
    NEXT();
}

TARGET(BUILD_STRING) {
    PyObject *text = _PyUnicode_JoinArray(EMPTY_STR, sp - oparg, oparg);
    if (text == NULL) {
        goto error;
    }
    for (int i = 0; i < oparg; i++) {
        PyObject *item = POP();
        Py_DECREF(item);
    }
    PUSH(text);
    NEXT();
}

TARGET(FORMAT_VALUE) {
    PyObject *spec = oparg & FVS_HAVE_SPEC ? POP() : NULL;
    PyObject *value = POP();
    PyObject *text = vm_format_value(value, spec, oparg);
    if (text == NULL) {
        goto error;
    }
    PUSH(text);
    NEXT();
}

/* A slice that is only used as a subscript is not made, for the types that vm_slice_of knows. */
TARGET(BUILD_SLICE) {
    if (oparg == 2 && op_deopt[_Py_OPCODE(*ip)] == OP_BINARY_SUBSCR
        && LIKELY(cframe.use_tracing == 0)) {
        PyObject *part = NULL;
        frame->prev_instr = ip;
        if (vm_slice_of(PEEK(3), PEEK(2), TOP(), &part)) { /* o[i:j] without a slice object */
            if (part == NULL) {
                goto error;
            }
            int_drop_or_none(TOP());
            int_drop_or_none(PEEK(2));
            sp -= 2;
            PyObject *whole = TOP();
            TOP() = part;
            Py_DECREF(whole);
            NEXT_AFTER(CACHES_SUBSCR);
        }
        frame->prev_instr = ip - 1;
    }
    PyObject *step = oparg == 3 ? POP() : NULL, *stop = POP(), *start = TOP();
    PyObject *slice = PySlice_New(start, stop, step);
    Py_DECREF(start);
    Py_DECREF(stop);
    Py_XDECREF(step);
    TOP() = slice;
    if (slice == NULL) {
        sp--;
        goto error;
    }
    NEXT();
}

/* -- Unpacking --------------------------------------------------------------------------------- */

TARGET(UNPACK_SEQUENCE) {
    PyObject *seq = POP();
    PyObject **top = sp + oparg;
    if (!vm_unpack(tstate, seq, oparg, -1, top)) {
        Py_DECREF(seq);
        goto error;
    }
    sp = top;
    Py_DECREF(seq);
    ip += CACHES_UNPACK;
    NEXT();
}

ADAPTIVE(UNPACK_SEQUENCE, {
    spec_unpack_sequence(TOP(), ip, oparg);
})

SPECIAL(UNPACK_SEQUENCE_TWO_TUPLE) {
    PyObject *seq = TOP();
    MISS_IF(!PyTuple_CheckExact(seq) || PyTuple_GET_SIZE(seq) != 2, UNPACK_SEQUENCE);
    TOP() = Py_NewRef(PyTuple_GET_ITEM(seq, 1));
    PUSH(Py_NewRef(PyTuple_GET_ITEM(seq, 0)));
    Py_DECREF(seq);
    NEXT_AFTER(CACHES_UNPACK);
}

SPECIAL(UNPACK_SEQUENCE_TUPLE) {
    PyObject *seq = TOP();
    MISS_IF(!PyTuple_CheckExact(seq) || PyTuple_GET_SIZE(seq) != oparg, UNPACK_SEQUENCE);
    sp--;
    for (int i = oparg; i-- > 0;) {
        PUSH(Py_NewRef(PyTuple_GET_ITEM(seq, i)));
    }
    Py_DECREF(seq);
    NEXT_AFTER(CACHES_UNPACK);
}

SPECIAL(UNPACK_SEQUENCE_LIST) {
    PyObject *seq = TOP();
    MISS_IF(!PyList_CheckExact(seq) || PyList_GET_SIZE(seq) != oparg, UNPACK_SEQUENCE);
    sp--;
    for (int i = oparg; i-- > 0;) {
        PUSH(Py_NewRef(PyList_GET_ITEM(seq, i)));
    }
    DROP_AT(seq);
    NEXT_AFTER(CACHES_UNPACK);
}

TARGET(UNPACK_EX) {
    int before = oparg & 255, after = oparg >> 8;
    PyObject *seq = POP();
    PyObject **top = sp + before + 1 + after;
    if (!vm_unpack(tstate, seq, before, after, top)) {
        Py_DECREF(seq);
        goto error;
    }
    sp = top;
    Py_DECREF(seq);
    NEXT();
}

/* -- Patterns ---------------------------------------------------------------------------------- */

TARGET(GET_LEN) {
    Py_ssize_t length = PyObject_Length(TOP());
    PyObject *value = length < 0 ? NULL : PyLong_FromSsize_t(length);
    if (value == NULL) {
        goto error;
    }
    PUSH(value);
    NEXT();
}

TARGET(MATCH_MAPPING) {
    bool is = PyType_HasFeature(Py_TYPE(TOP()), Py_TPFLAGS_MAPPING);
    PUSH(Py_NewRef(is ? Py_True : Py_False));
    NEXT();
}

TARGET(MATCH_SEQUENCE) {
    bool is = PyType_HasFeature(Py_TYPE(TOP()), Py_TPFLAGS_SEQUENCE);
    PUSH(Py_NewRef(is ? Py_True : Py_False));
    NEXT();
}

TARGET(MATCH_KEYS) {
    PyObject *values = vm_match_keys(tstate, PEEK(2), TOP());
    if (values == NULL) {
        goto error;
    }
    PUSH(values);
    NEXT();
}

TARGET(MATCH_CLASS) {
    PyObject *names = POP(), *type = POP(), *subject = TOP();
    PyObject *attrs = vm_match_class(tstate, subject, type, oparg, names);
    Py_DECREF(names);
    Py_DECREF(type);
    if (attrs == NULL) {
        if (ERROR_IS_SET()) {
            goto error;
        }
        attrs = Py_NewRef(Py_None);
    }
    TOP() = attrs;
    Py_DECREF(subject);
    NEXT();
}

/* -- Import ------------------------------------------------------------------------------------ */

TARGET(IMPORT_NAME) {
    PyObject *fromlist = POP(), *level = TOP();
    PyObject *module = vm_import_name(tstate, frame, NAME(oparg), fromlist, level);
    Py_DECREF(level);
    Py_DECREF(fromlist);
    TOP() = module;
    if (module == NULL) {
        sp--;
        goto error;
    }
    NEXT();
}

TARGET(IMPORT_FROM) {
    PyObject *value = vm_import_from(tstate, TOP(), NAME(oparg));
    if (value == NULL) {
        goto error;
    }
    PUSH(value);
    NEXT();
}

TARGET(IMPORT_STAR) {
    PyObject *module = POP();
    int failed = frame_fast_to_locals(frame);
    if (!failed) {
        failed = vm_import_star(tstate, frame->f_locals, module);
        frame_locals_to_fast(frame, 0);
    }
    Py_DECREF(module);
    if (failed) {
        goto error;
    }
    NEXT();
}

TARGET(PRINT_EXPR) {
    PyObject *value = POP(), *hook = PySys_GetObject("displayhook"), *result = NULL;
    if (hook == NULL) {
        _PyErr_SetString(tstate, PyExc_RuntimeError, "lost sys.displayhook");
    }
    else {
        Py_INCREF(hook);
        result = PyObject_CallOneArg(hook, value);
        Py_DECREF(hook);
    }
    Py_DECREF(value);
    if (result == NULL) {
        goto error;
    }
    Py_DECREF(result);
    NEXT();
}
