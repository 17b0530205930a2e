/* SPDX-License-Identifier: MIT
 *
 * Exceptions and with statements. A fragment of the loop.
 *
 * The value stack in a handler (entered by `unwind` in loop.c):
 *
 *      ... [lasti] exc          as the exception table says, lasti only where it is asked for
 *      PUSH_EXC_INFO            ... [lasti] old exc         exc is the one that sys.exc_info shows
 *      POP_EXCEPT               ... drops old, restores it
 *      RERAISE n                raises exc again, as if at lasti when n says so
 */

TARGET(RAISE_VARARGS) {
    PyObject *cause = oparg == 2 ? POP() : NULL;
    PyObject *exc = oparg >= 1 ? POP() : NULL;
    if (vm_raise(tstate, exc, cause)) {
        UNWIND_FROM(ip - 1); /* a re-raise adds no traceback entry */
    }
    goto error;
}

TARGET(RERAISE) {
    _Py_CODEUNIT *here = ip - 1;
    if (oparg) {
        PyObject *lasti = PEEK(oparg + 1);
        if (!PyLong_Check(lasti)) {
            _PyErr_SetString(tstate, PyExc_SystemError, "lasti is not an int");
            goto error;
        }
        frame->prev_instr = FRAME_CODE_START(frame->f_code) + PyLong_AsLong(lasti);
    }
    PyObject *value = POP();
    PyObject *tb = PyException_GetTraceback(value);
    _PyErr_Restore(tstate, Py_NewRef((PyObject *)Py_TYPE(value)), value, tb);
    UNWIND_FROM(here);
}

TARGET(PUSH_EXC_INFO) {
    PyObject *value = TOP();
    _PyErr_StackItem *info = tstate->exc_info;
    TOP() = info->exc_value != NULL ? info->exc_value : Py_NewRef(Py_None);
    PUSH(Py_NewRef(value));
    info->exc_value = value;
    NEXT();
}

TARGET(POP_EXCEPT) {
    _PyErr_StackItem *info = tstate->exc_info;
    PyObject *value = info->exc_value;
    info->exc_value = POP();
    Py_XDECREF(value);
    NEXT();
}

TARGET(CHECK_EXC_MATCH) {
    PyObject *type = TOP();
    if (vm_check_except_type(tstate, type) < 0) {
        goto error;
    }
    int is = PyErr_GivenExceptionMatches(PEEK(2), type);
    Py_DECREF(type);
    TOP() = Py_NewRef(is ? Py_True : Py_False);
    NEXT();
}

TARGET(CHECK_EG_MATCH) {
    PyObject *type = TOP(), *exc = PEEK(2), *match = NULL, *rest = NULL;
    if (vm_check_except_star_type(tstate, type) < 0
        || vm_match_group(exc, type, &match, &rest) < 0) {
        goto error;
    }
    PEEK(2) = rest;
    TOP() = match;
    Py_DECREF(exc);
    Py_DECREF(type);
    if (match != Py_None) {
        PyErr_SetHandledException(match);
    }
    NEXT();
}

TARGET(PREP_RERAISE_STAR) {
    PyObject *excs = POP(), *original = TOP();
    PyObject *value = _PyExc_PrepReraiseStar(original, excs);
    Py_DECREF(excs);
    Py_DECREF(original);
    TOP() = value;
    if (value == NULL) {
        sp--;
        goto error;
    }
    NEXT();
}

TARGET(END_ASYNC_FOR) {
    PyObject *value = POP();
    if (PyErr_GivenExceptionMatches(value, PyExc_StopAsyncIteration)) {
        PyObject *ait = POP();
        Py_DECREF(value);
        Py_DECREF(ait);
        NEXT();
    }
    PyObject *tb = PyException_GetTraceback(value);
    _PyErr_Restore(tstate, Py_NewRef((PyObject *)Py_TYPE(value)), value, tb);
    UNWIND_FROM(ip - 1);
}

/* -- with -------------------------------------------------------------------------------------- */

/* __enter__ written in Python gets a frame here; the manager's reference is kept where 3.11 has a
   bound method. */
#define BEFORE_WITH_STATEMENT(NAME, ENTER, EXIT, PROTOCOL)                                      \
    TARGET(NAME) {                                                                              \
        PyObject *manager = TOP();                                                              \
        int unbound;                                                                            \
        PyObject *enter = type_lookup_method(manager, ENTER, &unbound);                         \
        if (enter == NULL) {                                                                    \
            if (!ERROR_IS_SET()) {                                                              \
                _PyErr_Format(tstate, PyExc_TypeError,                                          \
                              "'%.200s' object does not support the " PROTOCOL                  \
                              " protocol", Py_TYPE(manager)->tp_name);                          \
            }                                                                                   \
            goto error;                                                                         \
        }                                                                                       \
        PyObject *exit = _PyObject_LookupSpecial(manager, EXIT);                                \
        if (exit == NULL) {                                                                     \
            if (!ERROR_IS_SET()) {                                                              \
                _PyErr_Format(tstate, PyExc_TypeError,                                          \
                              "'%.200s' object does not support the " PROTOCOL                  \
                              " protocol (missed %U method)", Py_TYPE(manager)->tp_name, EXIT); \
            }                                                                                   \
            Py_DECREF(enter);                                                                   \
            goto error;                                                                         \
        }                                                                                       \
        TOP() = exit;                                                                           \
        if (unbound && CAN_PUSH_FRAME(enter)) {                                                 \
            sp[0] = Py_NewRef(manager);                                                         \
            Frame *callee =                                                                     \
                vm_push_held(tstate, (PyFunctionObject *)enter, manager, sp, 1);                \
            if (callee == NULL) {                                                               \
                goto error;                                                                     \
            }                                                                                   \
            ENTER_FRAME(callee);                                                                \
        }                                                                                       \
        PyObject *self[] = {NULL, manager};                                                     \
        PyObject *result =                                                                      \
            PyObject_Vectorcall(enter, self + 1 + !unbound,                                     \
                                (size_t)unbound | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);        \
        Py_DECREF(manager);                                                                     \
        Py_DECREF(enter);                                                                       \
        if (result == NULL) {                                                                   \
            goto error;                                                                         \
        }                                                                                       \
        PUSH(result);                                                                           \
        NEXT();                                                                                 \
    }
BEFORE_WITH_STATEMENT(BEFORE_WITH, ID(__enter__), ID(__exit__), "context manager")
BEFORE_WITH_STATEMENT(BEFORE_ASYNC_WITH, ID(__aenter__), ID(__aexit__),
                      "asynchronous context manager")
#undef BEFORE_WITH_STATEMENT

TARGET(WITH_EXCEPT_START) {
    PyObject *value = TOP(), *exit = PEEK(4);
    PyObject *tb = PyException_GetTraceback(value);
    Py_XDECREF(tb); /* the exception keeps it */
    PyObject *args[4] = {NULL, (PyObject *)Py_TYPE(value), value, tb != NULL ? tb : Py_None};
    PyObject *result =
        PyObject_Vectorcall(exit, args + 1, 3 | PY_VECTORCALL_ARGUMENTS_OFFSET, NULL);
    if (result == NULL) {
        goto error;
    }
    PUSH(result);
    NEXT();
}
