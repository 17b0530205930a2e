/* SPDX-License-Identifier: MIT
 *
 * Functions and calls. A fragment of the loop.
 *
 * Before PRECALL/CALL n the stack holds
 *
 *     method self args...      or      NULL callable args...        with n values above
 *
 * PRECALL n only rearranges (or, specialised, makes the whole call and skips CALL); CALL n calls.
 * KW_NAMES before them leaves the keyword names in `kwnames`.
 *
 * Python functions and plain classes: a frame is pushed and the loop goes on in it. C functions: by
 * vectorcall, or straight through ml_meth in the specialised forms. Bound methods are taken apart
 * by PRECALL, so that the function is seen.
 */

TARGET(MAKE_FUNCTION) {
    PyObject *code = POP();
    PyFunctionObject *func = (PyFunctionObject *)PyFunction_New(code, frame->f_globals);
    Py_DECREF(code);
    if (func == NULL) {
        goto error;
    }
    if (oparg & 8) {
        func->func_closure = POP();
    }
    if (oparg & 4) {
        func->func_annotations = POP();
    }
    if (oparg & 2) {
        func->func_kwdefaults = POP();
    }
    if (oparg & 1) {
        func->func_defaults = POP();
    }
    PUSH((PyObject *)func);
    NEXT();
}

TARGET_LIGHT(PRECALL) {
    PyObject *callable = PEEK(oparg + 1);
    if (PEEK(oparg + 2) == NULL && Py_IS_TYPE(callable, &PyMethod_Type)) {
        PEEK(oparg + 1) = Py_NewRef(PyMethod_GET_SELF(callable));
        PEEK(oparg + 2) = Py_NewRef(PyMethod_GET_FUNCTION(callable));
        DROP(callable);
    }
    ip += CACHES_PRECALL;
    NEXT();
}

ADAPTIVE(PRECALL, {
    int is_method = PEEK(oparg + 2) != NULL;
    int nargs = oparg + is_method;
    spec_precall(tstate, PEEK(nargs + 1), ip, nargs, kwnames, oparg);
})

SPECIAL(PRECALL_PYFUNC) {
    int nargs = oparg + (PEEK(oparg + 2) != NULL);
    MISS_IF(!Py_IS_TYPE(PEEK(nargs + 1), &PyFunction_Type), PRECALL);
    ip += 1 + CACHES_PRECALL;
    if (LIKELY(_Py_OPCODE(*ip) == OP_CALL_PY_EXACT_ARGS)) { /* of the same operand */
        goto L_CALL_PY_EXACT_ARGS;
    }
    NEXT();
}

SPECIAL(PRECALL_BOUND_METHOD) {
    PyObject *callable = PEEK(oparg + 1);
    MISS_IF(PEEK(oparg + 2) != NULL || !Py_IS_TYPE(callable, &PyMethod_Type), PRECALL);
    PEEK(oparg + 1) = Py_NewRef(PyMethod_GET_SELF(callable));
    PEEK(oparg + 2) = Py_NewRef(PyMethod_GET_FUNCTION(callable));
    DROP_AT(callable);
    NEXT_AFTER(CACHES_PRECALL);
}

TARGET(CALL) {
    int total = oparg + (PEEK(oparg + 2) != NULL);
    int positional = total - KWNAMES_COUNT();
    PyObject *callable = PEEK(total + 1);
    if (CAN_PUSH_FRAME(callable)) {
        PyFunctionObject *func = (PyFunctionObject *)callable;
        int flags = ((PyCodeObject *)func->func_code)->co_flags;
        PyObject *locals = flags & CO_OPTIMIZED ? NULL : Py_NewRef(func->func_globals);
        sp -= total;
        Frame *callee = vm_push_call(tstate, func, locals, sp, (size_t)positional, kwnames);
        kwnames = NULL;
        sp -= total == oparg ? 2 : 1;
        if (callee == NULL) {
            goto error;
        }
        frame->prev_instr = ip + CACHES_CALL - 1;
        ENTER_FRAME(callee);
    }
    if (Py_IS_TYPE(callable, &PyMethod_Type) && total > oparg && kwnames == NULL
        && CAN_PUSH_FRAME(PyMethod_GET_FUNCTION(callable))) { /* __exit__, at the end of a with */
        PyObject *func = Py_NewRef(PyMethod_GET_FUNCTION(callable));
        sp -= total + 1;
        sp[0] = Py_NewRef(PyMethod_GET_SELF(callable));
        Frame *callee =
            vm_push_held(tstate, (PyFunctionObject *)func, callable, sp, (size_t)total + 1);
        if (callee == NULL) {
            goto error;
        }
        frame->prev_instr = ip + CACHES_CALL - 1;
        ENTER_FRAME(callee);
    }
    PyFunctionObject *init;
    if (PyType_Check(callable) && tstate->interp->eval_frame == NULL && !cframe.use_tracing
        && (init = construct_init_of((PyTypeObject *)callable)) != NULL) {
        if (vm_recursion_enter(tstate, " while calling a Python object")) {
            goto error;
        }
        sp -= total + 1;
        Frame *callee =
            construct_push(tstate, (PyTypeObject *)callable, init, sp, positional, kwnames);
        kwnames = NULL;
        sp -= total == oparg; /* the NULL below the callable */
        Py_DECREF(callable);
        if (callee == NULL) {
            vm_recursion_leave(tstate);
            goto error;
        }
        /* prev_instr stays at CALL, as in a call of C code */
        frame->stacktop = (int)(sp - frame->localsplus);
        callee->previous->previous = frame;
        cframe.current_frame = frame = callee;
        goto start_frame;
    }
    size_t nargsf = (size_t)positional | PY_VECTORCALL_ARGUMENTS_OFFSET;
    PyObject *result = cframe.use_tracing
                           ? vm_call_traced(tstate, frame, callable, sp - total, nargsf, kwnames)
                           : PyObject_Vectorcall(callable, sp - total, nargsf, kwnames);
    kwnames = NULL;
    Py_DECREF(callable);
    for (int i = total; i > 0; i--) {
        PyObject *arg = PEEK(i);
        Py_DECREF(arg);
    }
    sp -= oparg + 2;
    if (result == NULL) {
        goto error;
    }
    PUSH(result);
    ip += CACHES_CALL;
    CHECK_BREAKER();
    NEXT();
}

/* The shim's only instruction: __init__ has returned, the instance lies below its result. */
SPECIAL(INIT_RETURN) {
    PyObject *result = POP();
    if (!construct_check_result(tstate, result)) {
        Py_DECREF(result);
        goto error;
    }
    Py_DECREF_IMMORTAL(result);
    PyObject *self = POP();
    Frame *shim = frame;
    shim->stacktop = 0;
    vm_recursion_leave(tstate);
    frame = cframe.current_frame = shim->previous;
    vm_frame_drop(tstate, shim);
    LOAD_FRAME();
    ip += CACHES_CALL;
    PUSH(self);
    NEXT();
}

ADAPTIVE(CALL, {
    int is_method = PEEK(oparg + 2) != NULL;
    int nargs = oparg + is_method;
    spec_call(tstate, PEEK(nargs + 1), ip, nargs, kwnames);
})

/* The arguments are the callee's first locals as they lie: copied, not bound. */
SPECIAL(CALL_PY_EXACT_ARGS) {
    struct cache_call *cache = (struct cache_call *)(ip + 1);
    int is_method = PEEK(oparg + 2) != NULL, nargs = oparg + is_method;
    PyFunctionObject *func = (PyFunctionObject *)PEEK(nargs + 1);
    MISS_IF(!Py_IS_TYPE(func, &PyFunction_Type)
                || func->func_version != cache_u32(cache->func_version),
            CALL);
    MISS_IF(tstate->interp->eval_frame != NULL || kwnames != NULL, CALL);
    PyCodeObject *code = (PyCodeObject *)func->func_code;
    MISS_IF(code->co_argcount != nargs, CALL);
    Frame *callee = vm_stack_alloc(tstate, frame_words(code));
    if (UNLIKELY(callee == NULL)) {
        goto spec_error;
    }
    frame_init(callee, func, NULL, code);
    sp -= nargs;
    PyObject **slots = callee->localsplus;
    int i = 0;
    for (; i < nargs; i++) {
        slots[i] = sp[i];
    }
    for (; i < code->co_nlocalsplus; i++) {
        slots[i] = NULL;
    }
    sp -= 2 - is_method;
    frame->prev_instr = ip + CACHES_CALL;
    ENTER_FRESH(callee, code);
}

SPECIAL(CALL_PY_WITH_DEFAULTS) {
    struct cache_call *cache = (struct cache_call *)(ip + 1);
    int is_method = PEEK(oparg + 2) != NULL, nargs = oparg + is_method;
    PyFunctionObject *func = (PyFunctionObject *)PEEK(nargs + 1);
    MISS_IF(!Py_IS_TYPE(func, &PyFunction_Type)
                || func->func_version != cache_u32(cache->func_version),
            CALL);
    MISS_IF(tstate->interp->eval_frame != NULL || kwnames != NULL, CALL);
    PyCodeObject *code = (PyCodeObject *)func->func_code;
    MISS_IF(nargs > code->co_argcount || nargs < cache->min_args, CALL);
    Frame *callee = vm_stack_alloc(tstate, frame_words(code));
    if (UNLIKELY(callee == NULL)) {
        goto spec_error;
    }
    frame_init(callee, func, NULL, code);
    sp -= nargs;
    PyObject **slots = callee->localsplus;
    int i = 0, min_args = cache->min_args;
    for (; i < nargs; i++) {
        slots[i] = sp[i];
    }
    for (; i < code->co_argcount; i++) {
        slots[i] = Py_NewRef(PyTuple_GET_ITEM(func->func_defaults, i - min_args));
    }
    for (; i < code->co_nlocalsplus; i++) {
        slots[i] = NULL;
    }
    sp -= 2 - is_method;
    frame->prev_instr = ip + CACHES_CALL;
    ENTER_FRESH(callee, code);
}

/* -- super().name (spec_super.c) --------------------------------------------------------------- */

/* The frame's first argument and the content of its cell __class__. */
#define SUPER_OPERANDS()                                                                        \
    struct cache_call *call_cache = (struct cache_call *)(ip + 1 + CACHES_PRECALL + 1);         \
    MISS_IF(TOP() != (PyObject *)&PySuper_Type || PEEK(2) != NULL, PRECALL);                    \
    PyObject *self = frame->localsplus[0];                                                      \
    PyObject *cls = PyCell_GET(frame->localsplus[call_cache->min_args]);                        \
    MISS_IF(self == NULL || cls == NULL || !PyType_Check(cls), PRECALL)
#define LOAD_AFTER_SUPER (1 + CACHES_PRECALL + 1 + CACHES_CALL)

SPECIAL(PRECALL_SUPER_METHOD) {
    SUPER_OPERANDS();
    struct cache_method *cache = (struct cache_method *)(ip + LOAD_AFTER_SUPER + 1);
    bool of_instance = cache->dict_offset == SUPER_SELF || cache->dict_offset == SUPER_BOUND;
    MISS_IF(!of_instance && !PyType_Check(self), PRECALL);
    PyTypeObject *start = of_instance ? Py_TYPE(self) : (PyTypeObject *)self;
    MISS_IF(start->tp_version_tag != cache_u32(cache->type_version)
                || ((PyTypeObject *)cls)->tp_version_tag != cache_u32(cache->keys_version),
            PRECALL);
    PyObject *method = cache_object(cache->descr);
    if (cache->dict_offset == SUPER_BOUND) {
        frame->prev_instr = ip + LOAD_AFTER_SUPER;
        TOP() = Py_TYPE(method)->tp_descr_get(method, self, (PyObject *)start);
        Py_DECREF(&PySuper_Type);
        if (UNLIKELY(TOP() == NULL)) {
            sp -= 2;
            goto error;
        }
    }
    else {
        bool with_self = cache->dict_offset == SUPER_SELF || cache->dict_offset == SUPER_CLASS;
        Py_INCREF(method);
        Py_DECREF(&PySuper_Type);
        PEEK(2) = with_self ? method : NULL;
        TOP() = with_self ? Py_NewRef(self) : method;
    }
    ip += LOAD_AFTER_SUPER;
    NEXT_AFTER(CACHES_METHOD);
}

SPECIAL(PRECALL_SUPER_ATTR) {
    SUPER_OPERANDS();
    PyObject *name = NAME(_Py_OPARG(ip[LOAD_AFTER_SUPER]));
    frame->prev_instr = ip + LOAD_AFTER_SUPER;
    PyObject *value = super_attribute((PyTypeObject *)cls, self, name);
    if (UNLIKELY(value == NULL)) {
        if (PyErr_Occurred()) {
            goto error;
        }
        goto miss;
    }
    Py_DECREF(&PySuper_Type);
    sp -= 2;
    PUSH(value);
    ip += LOAD_AFTER_SUPER;
    NEXT_AFTER(CACHES_ATTR);
}
#undef SUPER_OPERANDS

/* -- Specialised calls of C code: PRECALL does everything, CALL is skipped -------------------- */

#define AFTER_CALL (1 + CACHES_PRECALL + 1 + CACHES_CALL)

/* Ends such a call: the result replaces `count` values whose references are gone. */
#define FINISH_CALL(result, count)        \
    do {                                  \
        sp -= (count);                    \
        if (UNLIKELY((result) == NULL)) { \
            goto error;                   \
        }                                 \
        PUSH(result);                     \
        ip += AFTER_CALL;                 \
        CHECK_BREAKER();                  \
        NEXT();                           \
    } while (0)

/* type, str and tuple know what they return without calling anything that could ask where we are
   (type), or sync. */
SPECIAL(PRECALL_NO_KW_TYPE_1) {
    PyObject *arg = TOP();
    MISS_IF(PEEK(3) != NULL || PEEK(2) != (PyObject *)&PyType_Type || oparg != 1, PRECALL);
    PyObject *result = Py_NewRef((PyObject *)Py_TYPE(arg));
    sp -= 3;
    PUSH(result);
    Py_DECREF(&PyType_Type);
    DROP_AT(arg);
    ip += AFTER_CALL;
    NEXT();
}

#define ONE_ARG_CLASS(NAME, TYPE, MAKE)                                                 \
    SPECIAL(NAME) {                                                                     \
        PyObject *arg = TOP();                                                          \
        MISS_IF(PEEK(3) != NULL || PEEK(2) != (PyObject *)&TYPE || oparg != 1, PRECALL); \
        frame->prev_instr = ip;                                                         \
        PyObject *result = MAKE(arg);                                                   \
        Py_DECREF(&TYPE);                                                               \
        Py_DECREF(arg);                                                                 \
        FINISH_CALL(result, 3);                                                         \
    }
ONE_ARG_CLASS(PRECALL_NO_KW_STR_1, PyUnicode_Type, PyObject_Str)
ONE_ARG_CLASS(PRECALL_NO_KW_TUPLE_1, PyTuple_Type, PySequence_Tuple)
#undef ONE_ARG_CLASS

SPECIAL(PRECALL_BUILTIN_CLASS) {
    int is_method = PEEK(oparg + 2) != NULL, nargs = oparg + is_method;
    PyTypeObject *type = (PyTypeObject *)PEEK(nargs + 1);
    MISS_IF(!Py_IS_TYPE(type, &PyType_Type) || type->tp_vectorcall == NULL, PRECALL);
    frame->prev_instr = ip;
    PyObject *result = type->tp_vectorcall((PyObject *)type, sp - nargs,
                                           (size_t)(nargs - KWNAMES_COUNT()), kwnames);
    kwnames = NULL;
    DROP_ARGS(nargs);
    Py_DECREF(type);
    FINISH_CALL(result, oparg + 2);
}

SPECIAL(PRECALL_NO_KW_BUILTIN_O) {
    int is_method = PEEK(oparg + 2) != NULL, nargs = oparg + is_method;
    PyObject *callable = PEEK(nargs + 1), *arg = TOP();
    MISS_IF(nargs != 1 || !PyCFunction_CheckExact(callable) || kwnames != NULL, PRECALL);
    MISS_IF((PyCFunction_GET_FLAGS(callable) & CALL_CONVENTION) != METH_O, PRECALL);
    frame->prev_instr = ip;
    if (vm_recursion_enter(tstate, " while calling a Python object")) {
        goto error;
    }
    PyObject *result = PyCFunction_GET_FUNCTION(callable)(PyCFunction_GET_SELF(callable), arg);
    vm_recursion_leave(tstate);
    Py_DECREF(arg);
    Py_DECREF(callable);
    FINISH_CALL(result, oparg + 2);
}

SPECIAL(PRECALL_NO_KW_BUILTIN_FAST) {
    int is_method = PEEK(oparg + 2) != NULL, nargs = oparg + is_method;
    PyObject *callable = PEEK(nargs + 1);
    MISS_IF(!PyCFunction_CheckExact(callable) || kwnames != NULL, PRECALL);
    MISS_IF((PyCFunction_GET_FLAGS(callable) & CALL_CONVENTION) != METH_FASTCALL, PRECALL);
    frame->prev_instr = ip;
    _PyCFunctionFast meth = (_PyCFunctionFast)(void (*)(void))PyCFunction_GET_FUNCTION(callable);
    PyObject *result = meth(PyCFunction_GET_SELF(callable), sp - nargs, nargs);
    DROP_ARGS(nargs);
    Py_DECREF(callable);
    FINISH_CALL(result, oparg + 2);
}

SPECIAL(PRECALL_BUILTIN_FAST_WITH_KEYWORDS) {
    int is_method = PEEK(oparg + 2) != NULL, nargs = oparg + is_method;
    PyObject *callable = PEEK(nargs + 1);
    MISS_IF(!PyCFunction_CheckExact(callable), PRECALL);
    MISS_IF((PyCFunction_GET_FLAGS(callable) & CALL_CONVENTION)
                != (METH_FASTCALL | METH_KEYWORDS), PRECALL);
    frame->prev_instr = ip;
    _PyCFunctionFastWithKeywords meth =
        (_PyCFunctionFastWithKeywords)(void (*)(void))PyCFunction_GET_FUNCTION(callable);
    PyObject *result =
        meth(PyCFunction_GET_SELF(callable), sp - nargs, nargs - KWNAMES_COUNT(), kwnames);
    kwnames = NULL;
    DROP_ARGS(nargs);
    Py_DECREF(callable);
    FINISH_CALL(result, oparg + 2);
}

SPECIAL(PRECALL_NO_KW_LEN) {
    int nargs = oparg + (PEEK(oparg + 2) != NULL);
    PyObject *callable = PEEK(nargs + 1), *arg = TOP();
    MISS_IF(nargs != 1 || callable != tstate->interp->callable_cache.len || kwnames != NULL,
            PRECALL);
    frame->prev_instr = ip;
    Py_ssize_t length = PyObject_Length(arg);
    if (length < 0) {
        goto error;
    }
    PyObject *result = PyLong_FromSsize_t(length);
    Py_DECREF(arg);
    Py_DECREF(callable);
    FINISH_CALL(result, oparg + 2);
}

SPECIAL(PRECALL_NO_KW_ISINSTANCE) {
    int nargs = oparg + (PEEK(oparg + 2) != NULL);
    PyObject *callable = PEEK(nargs + 1), *cls = TOP();
    MISS_IF(nargs != 2 || callable != tstate->interp->callable_cache.isinstance || kwnames != NULL,
            PRECALL);
    frame->prev_instr = ip;
    PyObject *object = PEEK(2);
    int is = PyObject_IsInstance(object, cls);
    if (is < 0) {
        goto error;
    }
    PyObject *result = Py_NewRef(is ? Py_True : Py_False);
    Py_DECREF(object);
    Py_DECREF(cls);
    Py_DECREF(callable);
    FINISH_CALL(result, oparg + 2);
}

/* list.append whose None goes straight to POP_TOP: that instruction is skipped too. */
SPECIAL(PRECALL_NO_KW_LIST_APPEND) {
    PyObject *callable = PEEK(oparg + 2), *list = PEEK(2), *item = TOP();
    MISS_IF(oparg != 1 || callable != tstate->interp->callable_cache.list_append, PRECALL);
    MISS_IF(!PyList_Check(list), PRECALL);
    frame->prev_instr = ip;
    sp--;
    if (list_append_item((PyListObject *)list, item) < 0) {
        goto error;
    }
    sp -= 2;
    Py_DECREF(list);
    Py_DECREF(callable);
    ip += AFTER_CALL + 1;
    NEXT();
}

/* Methods of C types: callable is the descriptor, args[0] the object it must accept. */
#define METHOD_DESCRIPTOR(FLAGS)                                                               \
    int is_method = PEEK(oparg + 2) != NULL, nargs = oparg + is_method;                        \
    PyMethodDescrObject *descr = (PyMethodDescrObject *)PEEK(nargs + 1);                       \
    MISS_IF(!Py_IS_TYPE(descr, &PyMethodDescr_Type), PRECALL);                                 \
    PyMethodDef *method = descr->d_method;                                                     \
    MISS_IF((method->ml_flags & CALL_CONVENTION) != (FLAGS) || nargs == 0, PRECALL);           \
    PyObject *self = PEEK(nargs);                                                              \
    MISS_IF(!PyObject_TypeCheck(self, descr->d_common.d_type), PRECALL);                       \
    frame->prev_instr = ip

SPECIAL(PRECALL_NO_KW_METHOD_DESCRIPTOR_NOARGS) {
    METHOD_DESCRIPTOR(METH_NOARGS);
    MISS_IF(nargs != 1 || kwnames != NULL, PRECALL);
    if (vm_recursion_enter(tstate, " while calling a Python object")) {
        goto error;
    }
    PyObject *result = method->ml_meth(self, NULL);
    vm_recursion_leave(tstate);
    Py_DECREF(self);
    Py_DECREF(descr);
    FINISH_CALL(result, oparg + 2);
}

SPECIAL(PRECALL_NO_KW_METHOD_DESCRIPTOR_O) {
    METHOD_DESCRIPTOR(METH_O);
    MISS_IF(nargs != 2 || kwnames != NULL, PRECALL);
    PyObject *arg = TOP();
    if (vm_recursion_enter(tstate, " while calling a Python object")) {
        goto error;
    }
    PyObject *result = method->ml_meth(self, arg);
    vm_recursion_leave(tstate);
    Py_DECREF(self);
    Py_DECREF(arg);
    Py_DECREF(descr);
    FINISH_CALL(result, oparg + 2);
}

SPECIAL(PRECALL_NO_KW_METHOD_DESCRIPTOR_FAST) {
    METHOD_DESCRIPTOR(METH_FASTCALL);
    MISS_IF(kwnames != NULL, PRECALL);
    _PyCFunctionFast meth = (_PyCFunctionFast)(void (*)(void))method->ml_meth;
    PyObject *result = meth(self, sp - nargs + 1, nargs - 1);
    DROP_ARGS(nargs);
    Py_DECREF(descr);
    FINISH_CALL(result, oparg + 2);
}

SPECIAL(PRECALL_METHOD_DESCRIPTOR_FAST_WITH_KEYWORDS) {
    METHOD_DESCRIPTOR(METH_FASTCALL | METH_KEYWORDS);
    _PyCFunctionFastWithKeywords meth =
        (_PyCFunctionFastWithKeywords)(void (*)(void))method->ml_meth;
    PyObject *result = meth(self, sp - nargs + 1, nargs - 1 - KWNAMES_COUNT(), kwnames);
    kwnames = NULL;
    DROP_ARGS(nargs);
    Py_DECREF(descr);
    FINISH_CALL(result, oparg + 2);
}
#undef METHOD_DESCRIPTOR

/* -- f(*args, **kwargs) ------------------------------------------------------------------------ */

TARGET(CALL_FUNCTION_EX) {
    PyObject *kwargs = NULL;
    if (oparg & 1) {
        kwargs = TOP();
        if (!PyDict_CheckExact(kwargs)) {
            PyObject *dict = PyDict_New();
            if (dict == NULL) {
                goto error;
            }
            if (_PyDict_MergeEx(dict, kwargs, 2) < 0) {
                Py_DECREF(dict);
                vm_error_kwargs(tstate, PEEK(3), kwargs);
                goto error;
            }
            Py_DECREF(kwargs);
            TOP() = kwargs = dict;
        }
        sp--;
    }
    PyObject *args = TOP(), *callable = PEEK(2);
    if (!PyTuple_CheckExact(args)) {
        PyObject *tuple =
            vm_check_args_iterable(tstate, callable, args) < 0 ? NULL : PySequence_Tuple(args);
        if (tuple == NULL) {
            Py_XDECREF(kwargs);
            goto error;
        }
        Py_DECREF(args);
        TOP() = args = tuple;
    }
    sp -= 3; /* NULL below the callable has no reference */
    if (CAN_PUSH_FRAME(callable)
        || (Py_IS_TYPE(callable, &PyMethod_Type)
            && CAN_PUSH_FRAME(PyMethod_GET_FUNCTION(callable)))) {
        Frame *callee = vm_push_call_ex(tstate, callable, args, kwargs);
        if (callee == NULL) {
            goto error;
        }
        ENTER_FRAME(callee);
    }
    PyObject *result = cframe.use_tracing ? vm_call_ex_traced(tstate, frame, callable, args, kwargs)
                                          : PyObject_Call(callable, args, kwargs);
    Py_DECREF(callable);
    Py_DECREF(args);
    Py_XDECREF(kwargs);
    if (result == NULL) {
        goto error;
    }
    PUSH(result);
    CHECK_BREAKER();
    NEXT();
}
