/* SPDX-License-Identifier: MIT
 *
 * Jumps, loops, entering and leaving frames. A fragment of the loop.
 *
 * Leaving: RETURN_VALUE, YIELD_VALUE and RETURN_GENERATOR hand a value to the frame below, or to
 * C when this frame was entered from there (is_entry). What the frame below was doing tells how it
 * goes on:
 *
 *      CALL          the value is pushed, on behind the caches
 *      FOR_ITER (a generator resumed inline) yielded: pushed; returned: jumps to the loop's end
 *      SEND the same with the result left on the stack
 *
 * Backward jumps and RESUME look at the eval breaker: so every loop and every call does.
 */

TARGET(RESUME) {
    vm_warm_up(frame->f_code);
    if (oparg < 2) {
        CHECK_BREAKER();
    }
    NEXT();
}

TARGET(RESUME_QUICK) {
    if (oparg < 2) {
        CHECK_BREAKER();
    }
    NEXT();
}

TARGET_LIGHT(JUMP_FORWARD) {
    ip += oparg;
    NEXT();
}

TARGET(JUMP_BACKWARD) {
    vm_warm_up(frame->f_code);
    ip -= oparg;
    CHECK_BREAKER();
    NEXT();
}

TARGET(JUMP_BACKWARD_QUICK) {
    ip -= oparg;
    CHECK_BREAKER();
    NEXT();
}

TARGET_LIGHT(JUMP_BACKWARD_NO_INTERRUPT) {
    /* between SEND and YIELD_VALUE no signal may arrive, or an awaitable could be lost */
    ip -= oparg;
    NEXT();
}

/* -- Conditional jumps: bools need no call, everything else asks PyObject_IsTrue -------------- */

#define JUMP_ON_TRUTH(NAME, WANTED, MOVE)                     \
    TARGET_LIGHT(NAME) {                                      \
        PyObject *value = POP();                              \
        if (value == WANTED) {                                \
            Py_DECREF_IMMORTAL(value);                        \
            MOVE;                                             \
        }                                                     \
        else if (LIKELY(PyBool_Check(value))) {               \
            Py_DECREF_IMMORTAL(value);                        \
        }                                                     \
        else {                                                \
            frame->prev_instr = ip - 1;                       \
            int truth = truth_of(value);                      \
            Py_DECREF(value);                                 \
            if (truth < 0) {                                  \
                goto error;                                   \
            }                                                 \
            if (truth == (WANTED == Py_True)) {               \
                MOVE;                                         \
            }                                                 \
        }                                                     \
        NEXT();                                               \
    }
#define FORWARD ip += oparg
#define BACKWARD                    \
    frame->prev_instr = ip - 1;     \
    ip -= oparg;                    \
    CHECK_BREAKER()
JUMP_ON_TRUTH(POP_JUMP_FORWARD_IF_FALSE, Py_False, FORWARD)
JUMP_ON_TRUTH(POP_JUMP_FORWARD_IF_TRUE, Py_True, FORWARD)
JUMP_ON_TRUTH(POP_JUMP_BACKWARD_IF_FALSE, Py_False, BACKWARD)
JUMP_ON_TRUTH(POP_JUMP_BACKWARD_IF_TRUE, Py_True, BACKWARD)
#undef JUMP_ON_TRUTH

#define JUMP_ON_NONE(NAME, CONDITION, MOVE) \
    TARGET_LIGHT(NAME) {                    \
        PyObject *value = POP();            \
        bool jump = CONDITION;              \
        DROP(value);                        \
        if (jump) {                         \
            MOVE;                           \
        }                                   \
        NEXT();                             \
    }
JUMP_ON_NONE(POP_JUMP_FORWARD_IF_NONE, value == Py_None, FORWARD)
JUMP_ON_NONE(POP_JUMP_FORWARD_IF_NOT_NONE, value != Py_None, FORWARD)
JUMP_ON_NONE(POP_JUMP_BACKWARD_IF_NONE, value == Py_None, BACKWARD)
JUMP_ON_NONE(POP_JUMP_BACKWARD_IF_NOT_NONE, value != Py_None, BACKWARD)
#undef JUMP_ON_NONE
#undef FORWARD
#undef BACKWARD

#define JUMP_OR_POP(NAME, WANTED)                                           \
    TARGET(NAME) {                                                          \
        PyObject *value = TOP();                                            \
        int truth = value == Py_True ? 1 : value == Py_False ? 0 : truth_of(value); \
        if (truth < 0) {                                                    \
            goto error;                                                     \
        }                                                                   \
        if (truth == WANTED) {                                              \
            ip += oparg;                                                    \
        }                                                                   \
        else {                                                              \
            sp--;                                                           \
            Py_DECREF(value);                                               \
        }                                                                   \
        NEXT();                                                             \
    }
JUMP_OR_POP(JUMP_IF_FALSE_OR_POP, 0)
JUMP_OR_POP(JUMP_IF_TRUE_OR_POP, 1)
#undef JUMP_OR_POP

/* -- Iteration --------------------------------------------------------------------------------- */

TARGET(GET_ITER) {
    PyObject *iterable = TOP();
    PyObject *it = PyObject_GetIter(iterable);
    Py_DECREF(iterable);
    TOP() = it;
    if (it == NULL) {
        sp--;
        goto error;
    }
    NEXT();
}

/* Goes on with the item of a loop: into the local that it is stored into next, or, a pair that is
   unpacked next, as those of zip, enumerate and items are, in two. */
#define FOR_ITEM(value)                                                                     \
    do {                                                                                    \
        int next_ = op_deopt[_Py_OPCODE(*ip)];                                              \
        if (next_ == OP_STORE_FAST && LIKELY(cframe.use_tracing == 0)) {                    \
            PyObject **slot_ = &LOCAL(_Py_OPARG(*ip)), *old_ = *slot_;                      \
            *slot_ = (value);                                                               \
            ip++;                                                                           \
            XDROP(old_);                                                                    \
            NEXT();                                                                         \
        }                                                                                   \
        if (next_ == OP_UNPACK_SEQUENCE && PyTuple_CheckExact(value)                        \
            && PyTuple_GET_SIZE(value) == 2                                                 \
            && _Py_OPARG(*ip) == 2 && LIKELY(cframe.use_tracing == 0)) {                    \
            PUSH(Py_NewRef(PyTuple_GET_ITEM(value, 1)));                                    \
            PUSH(Py_NewRef(PyTuple_GET_ITEM(value, 0)));                                    \
            frame->prev_instr = ip;                                                         \
            Py_DECREF(value);                                                               \
            NEXT_AFTER(CACHES_UNPACK);                                                      \
        }                                                                                   \
        PUSH(value);                                                                        \
        NEXT();                                                                             \
    } while (0)

/* A generator's frame is entered like a call; LEAVE_GENERATOR comes back here by way of
   prev_instr. */
TARGET(FOR_ITER) {
    PyObject *it = TOP();
    if (PyGen_CheckExact(it) && CAN_RESUME_INLINE((PyGenObject *)it)) {
        RESUME_GENERATOR((PyGenObject *)it, Py_NewRef(Py_None));
    }
    PyObject *value;
    if (Py_IS_TYPE(it, &PyListIter_Type)) {
        struct list_iterator *walk = (struct list_iterator *)it;
        if (walk->list != NULL && (size_t)walk->index < (size_t)PyList_GET_SIZE(walk->list)) {
            value = Py_NewRef(PyList_GET_ITEM(walk->list, walk->index++));
            FOR_ITEM(value);
        }
    }
    else if (Py_IS_TYPE(it, &PyRangeIter_Type)) {
        struct range_iter *range = (struct range_iter *)it;
        if (range->index < range->length) {
            int64_t number = range->start + range->index++ * range->step;
            if (op_deopt[_Py_OPCODE(*ip)] == OP_STORE_FAST && cframe.use_tracing == 0) {
                /* the last turn's number, if nobody kept it */
                PyObject *old = LOCAL(_Py_OPARG(*ip));
                if (old != NULL && PyLong_CheckExact(old) && Py_REFCNT(old) == 1
                    && int_is_digit(old) && int_fits_box(old, number)) {
                    int_box_set(old, number);
                    ip++;
                    NEXT();
                }
            }
            value = int_make(number);
            if (value == NULL) {
                goto error;
            }
            PUSH(value);
            NEXT();
        }
    }
    value = Py_TYPE(it)->tp_iternext(it);
    if (LIKELY(value != NULL)) {
        FOR_ITEM(value);
    }
    if (ERROR_IS_SET()) {
        if (!_PyErr_ExceptionMatches(tstate, PyExc_StopIteration)) {
            goto error;
        }
        if (tstate->c_tracefunc != NULL) {
            trace_exception(tstate, frame);
        }
        _PyErr_Clear(tstate);
    }
    sp--;
    Py_DECREF(it);
    ip += oparg;
    NEXT();
}

/* -- Leaving ----------------------------------------------------------------------------------- */

/* The frame is dropped before the result is pushed: its destructors run first. */
TARGET(RETURN_VALUE) {
    PyObject *result = POP();
    frame->stacktop = (int)(sp - frame->localsplus);
    if (UNLIKELY(cframe.use_tracing) && trace_leave_function(tstate, frame, result)) {
        Py_DECREF(result);
        goto exit_unwind;
    }
    if (frame->is_entry) {
        vm_recursion_leave(tstate);
        tstate->cframe = cframe.previous;
        tstate->cframe->use_tracing = cframe.use_tracing;
        return result;
    }
    Frame *callee = frame;
    frame = cframe.current_frame = callee->previous;
    if (UNLIKELY(callee->owner == FRAME_OWNED_BY_GENERATOR)) {
        vm_recursion_leave(tstate);
        gen_frame_done(tstate, callee);
        LOAD_FRAME();
        int from = _Py_OPCODE(*frame->prev_instr), distance = _Py_OPARG(*frame->prev_instr);
        PyObject *receiver = TOP();
        ip += distance;
        if (from == OP_SEND) {
            TOP() = result;
        }
        else {
            sp--;
            Py_DECREF(result); /* a for loop does not look at it */
        }
        Py_DECREF(receiver);
        NEXT();
    }
    frame_leave(tstate, callee);
    LOAD_FRAME();
    PUSH(result);
    NEXT();
}

/* The frame moves into the generator; what is left on the data stack is popped. */
TARGET(RETURN_GENERATOR) {
    frame->stacktop = (int)(sp - frame->localsplus);
    PyObject *gen = gen_from_frame(frame->f_func, frame);
    if (gen == NULL) {
        frame->stacktop = -1;
        goto error;
    }
    vm_recursion_leave(tstate);
    if (frame->is_entry) {
        /* Our caller drops the frame: leave it something to drop. */
        frame->stacktop = 0;
        frame->f_locals = NULL;
        Py_INCREF(frame->f_func);
        Py_INCREF(frame->f_code);
        tstate->cframe = cframe.previous;
        tstate->cframe->use_tracing = cframe.use_tracing;
        return gen;
    }
    Frame *moved = frame;
    frame = cframe.current_frame = moved->previous;
    if (UNLIKELY(moved->held)) {
        vm_held_drop(moved);
    }
    vm_stack_pop(tstate, moved);
    LOAD_FRAME();
    PUSH(gen);
    NEXT();
}

/* The frame stays in its generator; only the links to what runs are cut. */
TARGET(YIELD_VALUE) {
    PyObject *value = POP();
    PyGenObject *gen = frame_generator(frame);
    gen->gi_frame_state = FRAME_SUSPENDED;
    frame->stacktop = (int)(sp - frame->localsplus);
    if (UNLIKELY(cframe.use_tracing) && trace_leave_function(tstate, frame, value)) {
        Py_DECREF(value);
        goto exit_unwind;
    }
    vm_recursion_leave(tstate);
    if (frame->is_entry) {
        tstate->cframe = cframe.previous;
        tstate->cframe->use_tracing = cframe.use_tracing;
        return value;
    }
    tstate->exc_info = gen->gi_exc_state.previous_item;
    gen->gi_exc_state.previous_item = NULL;
    Frame *suspended = frame;
    frame = cframe.current_frame = suspended->previous;
    suspended->previous = NULL;
    LOAD_FRAME();
    PUSH(value);
    NEXT();
}

/* -- Prefixes ---------------------------------------------------------------------------------- */

/* We might be tracing, or in code that is not quickened: the next instruction runs in its base
   form. */
TARGET_LIGHT(EXTENDED_ARG) {
    oparg = oparg << 8 | _Py_OPARG(*ip);
    opcode = op_deopt[_Py_OPCODE(*ip)];
    DISPATCH_OPCODE();
}

TARGET_LIGHT(EXTENDED_ARG_QUICK) {
    oparg = oparg << 8 | _Py_OPARG(*ip);
    opcode = _Py_OPCODE(*ip);
    DISPATCH_OPCODE();
}

/* -- Tracing: every instruction comes through here first -------------------------------------- */

SPECIAL(DO_TRACING) {
    if (tstate->tracing == 0
        && ip - FRAME_CODE_START(frame->f_code) >= frame->f_code->_co_firsttraceable) {
        int instr_prev = frame_lasti(frame);
        frame->prev_instr = ip;
        opcode = op_deopt[_Py_OPCODE(*ip)];
        oparg = _Py_OPARG(*ip);
        if (opcode == OP_RESUME) {
            if (oparg < 2 && UNLIKELY(BREAKER_SET()) && rt_handle_eval_breaker(tstate) != 0) {
                goto error;
            }
            if (trace_enter_function(tstate, frame)) {
                goto error;
            }
        }
        else if (cframe.use_tracing && tstate->c_tracefunc != NULL && !tstate->tracing) {
            frame->stacktop = (int)(sp - frame->localsplus);
            int failed = trace_line(tstate, frame, instr_prev);
            sp = frame->localsplus + frame->stacktop; /* a tracer that set f_lineno has moved us */
            frame->stacktop = -1;
            if (failed) {
                goto error;
            }
            ip = frame->prev_instr;
        }
    }
    if (_Py_OPCODE(*ip) == OP_INIT_RETURN) {
        goto L_INIT_RETURN;
    }
    opcode = op_deopt[_Py_OPCODE(*ip)];
    oparg = _Py_OPARG(*ip);
    DISPATCH_OPCODE();
}
