/* SPDX-License-Identifier: MIT
 *
 * Delegation: yield from, await, async for. A fragment of the loop.
 *
 *      send:  SEND exit            [receiver value] -> [receiver yielded], or jumps with [result]
 *             YIELD_VALUE          out to the caller, comes back with what is sent
 *             RESUME
 *             JUMP_BACKWARD_NO_INTERRUPT send
 *
 * A generator or coroutine as receiver is entered as a frame (RESUME_GENERATOR); its YIELD_VALUE
 * and RETURN_VALUE come back to SEND, which prev_instr still names.
 */

TARGET(SEND) {
    PyObject *value = TOP(), *receiver = PEEK(2), *result;
    if ((PyGen_CheckExact(receiver) || PyCoro_CheckExact(receiver))
        && CAN_RESUME_INLINE((PyGenObject *)receiver)
        /* others are held here until the receiver answers: reference counts show it */
        && value == Py_None) {
        sp--;
        RESUME_GENERATOR((PyGenObject *)receiver, value);
    }
    PySendResult status = tstate->c_tracefunc == NULL
                              ? PyIter_Send(receiver, value, &result)
                              : vm_send_traced(tstate, frame, receiver, value, &result);
    if (status == PYGEN_ERROR) {
        goto error;
    }
    Py_DECREF(value);
    if (status == PYGEN_NEXT) {
        TOP() = result;
        NEXT();
    }
    sp--;
    TOP() = result;
    Py_DECREF(receiver);
    ip += oparg;
    NEXT();
}

TARGET(ASYNC_GEN_WRAP) {
    PyObject *value = TOP();
    PyObject *wrapped = asyncgen_wrap(value);
    if (wrapped == NULL) {
        goto error;
    }
    TOP() = wrapped;
    Py_DECREF(value);
    NEXT();
}

/* A coroutine may only be delegated to by another one. */
TARGET(GET_YIELD_FROM_ITER) {
    PyObject *iterable = TOP();
    if (PyCoro_CheckExact(iterable)) {
        if (!(frame->f_code->co_flags & (CO_COROUTINE | CO_ITERABLE_COROUTINE))) {
            _PyErr_SetString(tstate, PyExc_TypeError,
                             "cannot 'yield from' a coroutine object in a non-coroutine generator");
            goto error;
        }
    }
    else if (!PyGen_CheckExact(iterable)) {
        PyObject *it = PyObject_GetIter(iterable);
        if (it == NULL) {
            goto error;
        }
        TOP() = it;
        Py_DECREF(iterable);
    }
    NEXT();
}

/* A coroutine that somebody awaits already is an error. */
TARGET(GET_AWAITABLE) {
    PyObject *awaitable = TOP();
    PyObject *it = coro_await_iter(awaitable);
    if (it == NULL) {
        vm_error_awaitable(tstate, Py_TYPE(awaitable), oparg);
        goto error;
    }
    if (PyCoro_CheckExact(it)) {
        PyObject *delegate = gen_yield_from((PyGenObject *)it);
        if (delegate != NULL) {
            Py_DECREF(delegate);
            Py_DECREF(it);
            _PyErr_SetString(tstate, PyExc_RuntimeError, "coroutine is being awaited already");
            goto error;
        }
    }
    TOP() = it;
    Py_DECREF(awaitable);
    NEXT();
}

TARGET(GET_AITER) {
    PyObject *object = TOP(), *it;
    PyTypeObject *type = Py_TYPE(object);
    unaryfunc getter = type->tp_as_async != NULL ? type->tp_as_async->am_aiter : NULL;
    if (getter == NULL) {
        _PyErr_Format(tstate, PyExc_TypeError,
                      "'async for' requires an object with __aiter__ method, got %.100s",
                      type->tp_name);
        goto error;
    }
    it = getter(object);
    if (it == NULL) {
        goto error;
    }
    if (Py_TYPE(it)->tp_as_async == NULL || Py_TYPE(it)->tp_as_async->am_anext == NULL) {
        _PyErr_Format(tstate, PyExc_TypeError,
                      "'async for' received an object from __aiter__"
                      " that does not implement __anext__: %.100s",
                      Py_TYPE(it)->tp_name);
        Py_DECREF(it);
        goto error;
    }
    TOP() = it;
    Py_DECREF(object);
    NEXT();
}

TARGET(GET_ANEXT) {
    PyObject *ait = TOP(), *next;
    PyTypeObject *type = Py_TYPE(ait);
    if (PyAsyncGen_CheckExact(ait)) {
        next = type->tp_as_async->am_anext(ait);
    }
    else {
        next = vm_anext_awaitable(tstate, ait);
    }
    if (next == NULL) {
        goto error;
    }
    PUSH(next);
    NEXT();
}
