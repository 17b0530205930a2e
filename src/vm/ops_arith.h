/* SPDX-License-Identifier: MIT
 *
 * Operators, comparisons, subscripts. A fragment of the loop.
 *
 * A float or one-digit int whose only reference is its stack slot dies with the operation, so its
 * box is written over instead of being freed while a new one is allocated.
 *
 *      left   right   next instruction stores into left's local
 *      2 refs   any   yes      left's box gets the result, the store is skipped
 *      1 ref    any   -        left's box
 *      -      1 ref   -        right's box
 *      -        -     -        a new object
 *
 * Nobody can see the difference: an object that only the stack knows has no identity for a program.
 */

#define UNARY(NAME, CALL)                 \
    TARGET(NAME) {                        \
        PyObject *value = TOP();          \
        PyObject *result = CALL(value);   \
        Py_DECREF(value);                 \
        TOP() = result;                   \
        if (result == NULL) {             \
            sp--;                         \
            goto error;                   \
        }                                 \
        NEXT();                           \
    }
UNARY(UNARY_POSITIVE, PyNumber_Positive)
UNARY(UNARY_NEGATIVE, PyNumber_Negative)
UNARY(UNARY_INVERT, PyNumber_Invert)
#undef UNARY

TARGET(UNARY_NOT) {
    PyObject *value = TOP();
    int truth = PyObject_IsTrue(value);
    sp--;
    Py_DECREF(value);
    if (truth < 0) {
        goto error;
    }
    PUSH(Py_NewRef(truth ? Py_False : Py_True));
    NEXT();
}

/* -- Binary operators -------------------------------------------------------------------------- */

TARGET(BINARY_OP) {
    PyObject *right = POP(), *left = TOP();
    PyObject *result = binary_ops[oparg](left, right);
    Py_DECREF(left);
    Py_DECREF(right);
    TOP() = result;
    if (result == NULL) {
        sp--;
        goto error;
    }
    ip += CACHES_BINARY_OP;
    NEXT();
}

ADAPTIVE(BINARY_OP, {
    spec_binary_op(PEEK(2), TOP(), ip, oparg, &LOCAL(0));
})

#define BOTH_EXACT(type) \
    MISS_IF(!Py_IS_TYPE(PEEK(2), &type) || !Py_IS_TYPE(TOP(), &type), BINARY_OP)

/* Is the result about to be stored into the local that holds `left`? With two references, ours and
   the local's, its box may then be written over and the store skipped. */
#define STORED_BACK(left)                                                      \
    (op_deopt[_Py_OPCODE(ip[1 + CACHES_BINARY_OP])] == OP_STORE_FAST           \
     && LOCAL(_Py_OPARG(ip[1 + CACHES_BINARY_OP])) == (left))
#define FINISH_STORED_BACK()                                                                \
    do {                                                                                    \
        Py_SET_REFCNT(left, 1);                                                             \
        sp -= 2;                                                                            \
        DROP_NUMBER(right);                                                                 \
        NEXT_AFTER(CACHES_BINARY_OP + 1);                                                   \
    } while (0)

/* Ends an operation on floats (or a float and an int): finds a box for r. DROP_NUMBER is what drops
   an operand: known to be a float, or not. */
#define FLOAT_RESULT(r)                                                                     \
    do {                                                                                    \
        if (Py_REFCNT(left) == 2 && PyFloat_CheckExact(left) && STORED_BACK(left)) {        \
            ((PyFloatObject *)left)->ob_fval = (r);                                         \
            FINISH_STORED_BACK();                                                           \
        }                                                                                   \
        sp--;                                                                               \
        if (Py_REFCNT(left) == 1 && PyFloat_CheckExact(left)) {                             \
            ((PyFloatObject *)left)->ob_fval = (r);                                         \
            DROP_NUMBER(right);                                                             \
            NEXT_AFTER(CACHES_BINARY_OP);                                                   \
        }                                                                                   \
        if (Py_REFCNT(right) == 1 && PyFloat_CheckExact(right)) {                           \
            ((PyFloatObject *)right)->ob_fval = (r);                                        \
            TOP() = right;                                                                  \
            DROP_NUMBER(left);                                                              \
            NEXT_AFTER(CACHES_BINARY_OP);                                                   \
        }                                                                                   \
        PyObject *result = float_make(r);                                                   \
        if (UNLIKELY(result == NULL)) {                                                     \
            sp++;                                                                           \
            goto spec_error;                                                                \
        }                                                                                   \
        DROP_NUMBER(left);                                                                  \
        DROP_NUMBER(right);                                                                 \
        TOP() = result;                                                                     \
        NEXT_AFTER(CACHES_BINARY_OP);                                                       \
    } while (0)

#define FLOAT_OP(NAME, OPERATOR)                                                            \
    SPECIAL(NAME) {                                                                         \
        BOTH_EXACT(PyFloat_Type);                                                           \
        PyObject *right = TOP(), *left = PEEK(2);                                           \
        double r = PyFloat_AS_DOUBLE(left) OPERATOR PyFloat_AS_DOUBLE(right);               \
        FLOAT_RESULT(r);                                                                    \
    }
#define DROP_NUMBER float_drop
FLOAT_OP(BINARY_OP_ADD_FLOAT, +)
FLOAT_OP(BINARY_OP_SUBTRACT_FLOAT, -)
FLOAT_OP(BINARY_OP_MULTIPLY_FLOAT, *)
#undef FLOAT_OP
#undef DROP_NUMBER
#define DROP_NUMBER Py_DECREF

SPECIAL(BINARY_OP_FLOAT) {
    PyObject *right = TOP(), *left = PEEK(2);
    double a, b, r;
    MISS_IF(!box_number(left, &a) || !box_number(right, &b), BINARY_OP);
    MISS_IF(!PyFloat_CheckExact(left) && !PyFloat_CheckExact(right) && oparg != NB_TRUE_DIVIDE
            && oparg != NB_INPLACE_TRUE_DIVIDE, BINARY_OP);
    MISS_IF(!float_op((int)oparg, a, b, &r), BINARY_OP);
    FLOAT_RESULT(r);
}
#undef FLOAT_RESULT
#undef DROP_NUMBER
#define DROP_NUMBER int_drop

/* The same for ints; falls through with `result` made when there is no box to write over. */
#define INT_RESULT(r)                                                                       \
    do {                                                                                    \
        if (Py_REFCNT(left) <= 2 && int_fits_box(left, r)) {                                \
            if (Py_REFCNT(left) == 1) {                                                     \
                int_box_set(left, r);                                                       \
                sp--;                                                                       \
                int_drop(right);                                                            \
                NEXT_AFTER(CACHES_BINARY_OP);                                               \
            }                                                                               \
            if (STORED_BACK(left)) {                                                        \
                int_box_set(left, r);                                                       \
                FINISH_STORED_BACK();                                                       \
            }                                                                               \
        }                                                                                   \
        sp--;                                                                               \
        if (Py_REFCNT(right) == 1 && int_fits_box(right, r)) {                              \
            int_box_set(right, r);                                                          \
            TOP() = right;                                                                  \
            int_drop(left);                                                                 \
            NEXT_AFTER(CACHES_BINARY_OP);                                                   \
        }                                                                                   \
        result = int_make(r);                                                               \
    } while (0)

/* After the result of two ints is made; sp is at it. */
#define INT_FINISH()                                                                        \
    do {                                                                                    \
        if (UNLIKELY(result == NULL)) {                                                     \
            sp++;                                                                           \
            goto spec_error;                                                                \
        }                                                                                   \
        int_drop(left);                                                                     \
        int_drop(right);                                                                    \
        TOP() = result;                                                                     \
        NEXT_AFTER(CACHES_BINARY_OP);                                                       \
    } while (0)

/* One digit, two digits, or any size through the type's own slot. */
#define INT_OP(NAME, OPERATOR, OVERFLOWS, SLOT)                                             \
    SPECIAL(NAME) {                                                                         \
        BOTH_EXACT(PyLong_Type);                                                            \
        PyObject *right = TOP(), *left = PEEK(2), *result;                                  \
        if (LIKELY(int_is_digit(left) && int_is_digit(right))) {                            \
            int64_t r = int_digit_value(left) OPERATOR int_digit_value(right);              \
            INT_RESULT(r);                                                                  \
        }                                                                                   \
        else {                                                                              \
            int64_t r;                                                                      \
            if (int_is_word(left) && int_is_word(right)                                     \
                && !OVERFLOWS(int_word_value(left), int_word_value(right), &r)) {           \
                if (Py_REFCNT(left) == 2 && int_fits_pair(left, r) && STORED_BACK(left)) {  \
                    int_pair_set(left, r);                                                  \
                    FINISH_STORED_BACK();                                                   \
                }                                                                           \
                result = int_make(r);                                                       \
            }                                                                               \
            else {                                                                          \
                result = PyLong_Type.tp_as_number->SLOT(left, right);                       \
            }                                                                               \
            sp--;                                                                           \
        }                                                                                   \
        INT_FINISH();                                                                       \
    }
INT_OP(BINARY_OP_ADD_INT, +, __builtin_add_overflow, nb_add)
INT_OP(BINARY_OP_SUBTRACT_INT, -, __builtin_sub_overflow, nb_subtract)
INT_OP(BINARY_OP_MULTIPLY_INT, *, __builtin_mul_overflow, nb_multiply)
#undef INT_OP

SPECIAL(BINARY_OP_INT) {
    BOTH_EXACT(PyLong_Type);
    PyObject *right = TOP(), *left = PEEK(2), *result;
    MISS_IF(!int_is_word(left) || !int_is_word(right), BINARY_OP);
    int64_t r;
    MISS_IF(!int_word_op((int)oparg, int_word_value(left), int_word_value(right), &r), BINARY_OP);
    int next = _Py_OPCODE(ip[1 + CACHES_BINARY_OP]);
    /* only its truth matters */
    if (next == OP_POP_JUMP_FORWARD_IF_FALSE || next == OP_POP_JUMP_FORWARD_IF_TRUE) {
        Py_ssize_t distance = _Py_OPARG(ip[1 + CACHES_BINARY_OP]);
        sp -= 2;
        int_drop(left);
        int_drop(right);
        ip += 2 + CACHES_BINARY_OP;
        if ((r != 0) == (next == OP_POP_JUMP_FORWARD_IF_TRUE)) {
            ip += distance;
        }
        NEXT();
    }
    INT_RESULT(r);
    INT_FINISH();
}
#undef INT_RESULT
#undef INT_FINISH
#undef DROP_NUMBER

SPECIAL(BINARY_OP_ADD_UNICODE) {
    BOTH_EXACT(PyUnicode_Type);
    frame->prev_instr = ip;
    PyObject *right = TOP(), *left = PEEK(2);
    PyObject *result = PyUnicode_Concat(left, right);
    sp--;
    Py_DECREF(left);
    TOP() = result;
    if (result == NULL) {
        TOP() = right;
        goto spec_error;
    }
    Py_DECREF(right);
    NEXT_AFTER(CACHES_BINARY_OP);
}

/* s = s + t with s a local: the local lets go first, so that the string may grow in place. */
SPECIAL(BINARY_OP_INPLACE_ADD_UNICODE) {
    BOTH_EXACT(PyUnicode_Type);
    _Py_CODEUNIT store = ip[1 + CACHES_BINARY_OP];
    PyObject **target = &LOCAL(_Py_OPARG(store)), *right = TOP(), *left = PEEK(2);
    MISS_IF(*target != left, BINARY_OP);
    frame->prev_instr = ip;
    Py_DECREF(left); /* the stack's reference; the local keeps it alive */
    sp -= 2;
    PyUnicode_Append(target, right);
    Py_DECREF(right);
    if (*target == NULL) {
        goto error;
    }
    NEXT_AFTER(CACHES_BINARY_OP + 1); /* the store is done */
}

/* The same with s a name: the stack and the namespace hold it. */
SPECIAL(BINARY_OP_EXTEND_NAME) {
    BOTH_EXACT(PyUnicode_Type);
    _Py_CODEUNIT store = ip[1 + CACHES_BINARY_OP];
    PyObject *namespace = _Py_OPCODE(store) == OP_STORE_NAME ? frame->f_locals : frame->f_globals;
    PyObject *right = TOP(), *left = PEEK(2), *grown;
    Py_ssize_t ix =
        Py_REFCNT(left) == 2 ? dict_find_name(namespace, NAME(_Py_OPARG(store))) : DKIX_EMPTY;
    frame->prev_instr = ip;
    if (ix < 0 || dict_name_at(namespace, ix) != left
        || (grown = str_extend(left, right, 2)) == NULL) {
        if (UNLIKELY(tstate->curexc_type != NULL)) {
            goto spec_error;
        }
        goto L_BINARY_OP_ADD_UNICODE;
    }
    dict_moved_at(namespace, ix, grown);
    Py_DECREF(grown); /* the stack's */
    sp -= 2;
    Py_DECREF(right);
    NEXT_AFTER(CACHES_BINARY_OP + 1);
}
#undef BOTH_EXACT

/* -- Comparisons ------------------------------------------------------------------------------- */

TARGET(COMPARE_OP) {
    PyObject *right = POP(), *left = TOP();
    PyObject *result = PyObject_RichCompare(left, right, oparg);
    Py_DECREF(left);
    Py_DECREF(right);
    TOP() = result;
    if (result == NULL) {
        sp--;
        goto error;
    }
    ip += CACHES_COMPARE;
    NEXT();
}

ADAPTIVE(COMPARE_OP, {
    spec_compare_op(PEEK(2), TOP(), ip, oparg);
})

/* The jump that follows is taken here as well; which bits of the cached mask say "jump" was worked
   out from both. */
#define COMPARE_AND_JUMP(BIT, DROP_VALUE)                                                   \
    {                                                                                       \
        uint16_t jump_mask = ((struct cache_compare *)(ip + 1))->mask;                      \
        Py_ssize_t distance = _Py_OPARG(ip[1 + CACHES_COMPARE]);                            \
        int outcome = (BIT);                                                                \
        sp -= 2;                                                                            \
        DROP_VALUE(left);                                                                   \
        DROP_VALUE(right);                                                                  \
        ip += 2 + CACHES_COMPARE;                                                           \
        if (jump_mask & outcome) {                                                          \
            if (UNLIKELY(jump_mask & COMPARE_JUMPS_BACK)) {                                 \
                frame->prev_instr = ip - 1;                                                 \
                ip -= distance;                                                             \
                CHECK_BREAKER();                                                            \
            }                                                                               \
            else {                                                                          \
                ip += distance;                                                             \
            }                                                                               \
        }                                                                                   \
        NEXT();                                                                             \
    }
#define COMPARE_AND_PUSH(BIT, DROP_VALUE)                                                   \
    {                                                                                       \
        uint16_t true_mask = ((struct cache_compare *)(ip + 1))->mask;                      \
        PyObject *truth = true_mask & (BIT) ? Py_True : Py_False;                           \
        sp--;                                                                               \
        DROP_VALUE(left);                                                                   \
        DROP_VALUE(right);                                                                  \
        TOP() = Py_NewRef(truth);                                                           \
        NEXT_AFTER(CACHES_COMPARE);                                                         \
    }

SPECIAL(COMPARE_OP_FLOAT_JUMP) {
    PyObject *right = TOP(), *left = PEEK(2);
    MISS_IF(!PyFloat_CheckExact(left) || !PyFloat_CheckExact(right), COMPARE_OP);
    COMPARE_AND_JUMP(float_compare_bit(PyFloat_AS_DOUBLE(left), PyFloat_AS_DOUBLE(right)),
                     float_drop)
}

SPECIAL(COMPARE_OP_MIXED_JUMP) {
    PyObject *right = TOP(), *left = PEEK(2);
    double a, b;
    MISS_IF(!box_number(left, &a) || !box_number(right, &b), COMPARE_OP);
    COMPARE_AND_JUMP(float_compare_bit(a, b), Py_DECREF)
}

SPECIAL(COMPARE_OP_FLOAT) {
    PyObject *right = TOP(), *left = PEEK(2);
    double a, b;
    MISS_IF(!box_number(left, &a) || !box_number(right, &b), COMPARE_OP);
    COMPARE_AND_PUSH(float_compare_bit(a, b), Py_DECREF)
}

SPECIAL(COMPARE_OP_INT_JUMP) {
    PyObject *right = TOP(), *left = PEEK(2);
    MISS_IF(!PyLong_CheckExact(left) || !PyLong_CheckExact(right), COMPARE_OP);
    COMPARE_AND_JUMP(int_compare_bit(left, right), int_drop)
}

SPECIAL(COMPARE_OP_INT) {
    PyObject *right = TOP(), *left = PEEK(2);
    MISS_IF(!PyLong_CheckExact(left) || !PyLong_CheckExact(right), COMPARE_OP);
    COMPARE_AND_PUSH(int_compare_bit(left, right), int_drop)
}

SPECIAL(COMPARE_OP_STR_JUMP) {
    PyObject *right = TOP(), *left = PEEK(2);
    MISS_IF(!PyUnicode_CheckExact(left) || !PyUnicode_CheckExact(right), COMPARE_OP);
    COMPARE_AND_JUMP(str_equal(left, right) ? 2 : 1, Py_DECREF)
}

SPECIAL(COMPARE_OP_STR) {
    PyObject *right = TOP(), *left = PEEK(2);
    MISS_IF(!PyUnicode_CheckExact(left) || !PyUnicode_CheckExact(right), COMPARE_OP);
    COMPARE_AND_PUSH(str_equal(left, right) ? 2 : 1, Py_DECREF)
}
#undef COMPARE_AND_JUMP
#undef COMPARE_AND_PUSH

TARGET(IS_OP) {
    PyObject *right = POP(), *left = POP();
    PyObject *result = (left == right) ^ oparg ? Py_True : Py_False;
    Py_DECREF(left);
    Py_DECREF(right);
    PUSH(Py_NewRef(result));
    NEXT();
}

/* A jump on the result is taken at once, without making a bool. */
TARGET(CONTAINS_OP) {
    PyObject *right = POP(), *left = POP();
    int is = PySequence_Contains(right, left);
    Py_DECREF(left);
    Py_DECREF(right);
    if (is < 0) {
        goto error;
    }
    is ^= (int)oparg;
    int next = _Py_OPCODE(*ip) | cframe.use_tracing;
    if (next == OP_POP_JUMP_FORWARD_IF_FALSE || next == OP_POP_JUMP_FORWARD_IF_TRUE) {
        Py_ssize_t distance = _Py_OPARG(*ip++);
        if (is == (next == OP_POP_JUMP_FORWARD_IF_TRUE)) {
            ip += distance;
        }
        NEXT();
    }
    PUSH(Py_NewRef(is ? Py_True : Py_False));
    NEXT();
}

/* -- Subscripts -------------------------------------------------------------------------------- */

TARGET(BINARY_SUBSCR) {
    PyObject *key = POP(), *container = TOP();
    PyObject *result = PyObject_GetItem(container, key);
    Py_DECREF(container);
    Py_DECREF(key);
    TOP() = result;
    if (result == NULL) {
        sp--;
        goto error;
    }
    ip += CACHES_SUBSCR;
    NEXT();
}

ADAPTIVE(BINARY_SUBSCR, {
    spec_binary_subscr(PEEK(2), TOP(), ip);
})

/* `index` from the int `key`, counted from the end when negative. */
#define SUBSCR_INDEX(size, base)                                    \
    MISS_IF(!int_is_digit(key), base);                              \
    Py_ssize_t index = int_digit_value(key), size_ = (size);        \
    if (index < 0) {                                                \
        index += size_;                                             \
    }                                                               \
    MISS_IF((size_t)index >= (size_t)size_, base)

SPECIAL(BINARY_SUBSCR_LIST_INT) {
    PyObject *key = TOP(), *list = PEEK(2);
    MISS_IF(!PyLong_CheckExact(key) || !PyList_CheckExact(list), BINARY_SUBSCR);
    SUBSCR_INDEX(PyList_GET_SIZE(list), BINARY_SUBSCR);
    PyObject *value = Py_NewRef(PyList_GET_ITEM(list, index));
    sp--;
    TOP() = value;
    int_drop(key);
    DROP_AT(list);
    NEXT_AFTER(CACHES_SUBSCR);
}

SPECIAL(BINARY_SUBSCR_TUPLE_INT) {
    PyObject *key = TOP(), *tuple = PEEK(2);
    MISS_IF(!PyLong_CheckExact(key) || !PyTuple_CheckExact(tuple), BINARY_SUBSCR);
    SUBSCR_INDEX(PyTuple_GET_SIZE(tuple), BINARY_SUBSCR);
    PyObject *value = Py_NewRef(PyTuple_GET_ITEM(tuple, index));
    sp--;
    TOP() = value;
    int_drop(key);
    DROP_AT(tuple);
    NEXT_AFTER(CACHES_SUBSCR);
}

SPECIAL(BINARY_SUBSCR_STR_INT) {
    PyObject *key = TOP(), *text = PEEK(2);
    MISS_IF(!PyLong_CheckExact(key) || !PyUnicode_CheckExact(text), BINARY_SUBSCR);
    SUBSCR_INDEX(PyUnicode_GET_LENGTH(text), BINARY_SUBSCR);
    Py_UCS4 c = PyUnicode_READ_CHAR(text, index);
    MISS_IF(c > 255, BINARY_SUBSCR);
    sp--;
    int_drop(key);
    Py_DECREF(text);
    TOP() = Py_NewRef(latin1_char((unsigned char)c));
    NEXT_AFTER(CACHES_SUBSCR);
}

SPECIAL(BINARY_SUBSCR_BYTE) {
    PyObject *key = TOP(), *bytes = PEEK(2);
    MISS_IF(!PyLong_CheckExact(key), BINARY_SUBSCR);
    bool fixed = PyBytes_CheckExact(bytes);
    MISS_IF(!fixed && !PyByteArray_CheckExact(bytes), BINARY_SUBSCR);
    SUBSCR_INDEX(Py_SIZE(bytes), BINARY_SUBSCR);
    unsigned char c =
        (unsigned char)(fixed ? PyBytes_AS_STRING(bytes) : PyByteArray_AS_STRING(bytes))[index];
    sp--;
    int_drop(key);
    DROP_AT(bytes);
    TOP() = Py_NewRef(SMALL_INT(c));
    NEXT_AFTER(CACHES_SUBSCR);
}

SPECIAL(BINARY_SUBSCR_DICT) {
    PyObject *key = TOP(), *dict = PEEK(2);
    MISS_IF(!PyDict_CheckExact(dict), BINARY_SUBSCR);
    frame->prev_instr = ip;
    PyObject *value = PyDict_GetItemWithError(dict, key);
    if (value == NULL) {
        if (!ERROR_IS_SET()) {
            _PyErr_SetKeyError(key);
        }
        goto error;
    }
    Py_INCREF(value);
    sp--;
    TOP() = value;
    Py_DECREF(key);
    Py_DECREF(dict);
    NEXT_AFTER(CACHES_SUBSCR);
}

/* container[key] as a call of container.__getitem__: the two operands are its first locals. */
SPECIAL(BINARY_SUBSCR_GETITEM) {
    struct cache_subscr *cache = (struct cache_subscr *)(ip + 1);
    PyObject *container = PEEK(2);
    PyTypeObject *type = Py_TYPE(container);
    MISS_IF(type->tp_version_tag != cache_u32(cache->type_version), BINARY_SUBSCR);
    PyFunctionObject *getitem = (PyFunctionObject *)((PyHeapTypeObject *)type)->_spec_cache.getitem;
    MISS_IF(getitem == NULL || getitem->func_version != cache->func_version, BINARY_SUBSCR);
    PyCodeObject *code = (PyCodeObject *)getitem->func_code;
    MISS_IF(tstate->interp->eval_frame != NULL, BINARY_SUBSCR);
    Frame *callee = vm_stack_alloc(tstate, frame_words(code));
    if (callee == NULL) {
        frame->prev_instr = ip;
        goto error;
    }
    frame_init(callee, (PyFunctionObject *)Py_NewRef((PyObject *)getitem), NULL, code);
    sp -= 2;
    callee->localsplus[0] = sp[0];
    callee->localsplus[1] = sp[1];
    for (int i = 2; i < code->co_nlocalsplus; i++) {
        callee->localsplus[i] = NULL;
    }
    frame->prev_instr = ip + CACHES_SUBSCR;
    ENTER_FRESH(callee, code);
}

TARGET(STORE_SUBSCR) {
    PyObject *key = TOP(), *container = PEEK(2), *value = PEEK(3);
    sp -= 3;
    int failed = PyObject_SetItem(container, key, value);
    Py_DECREF(value);
    Py_DECREF(container);
    Py_DECREF(key);
    if (failed) {
        goto error;
    }
    ip += CACHES_STORE_SUBSCR;
    NEXT();
}

ADAPTIVE(STORE_SUBSCR, {
    spec_store_subscr(PEEK(2), TOP(), ip);
})

SPECIAL(STORE_SUBSCR_LIST_INT) {
    PyObject *key = TOP(), *list = PEEK(2);
    MISS_IF(!PyLong_CheckExact(key) || !PyList_CheckExact(list), STORE_SUBSCR);
    SUBSCR_INDEX(PyList_GET_SIZE(list), STORE_SUBSCR);
    PyObject *old = PyList_GET_ITEM(list, index);
    PyList_SET_ITEM(list, index, PEEK(3));
    sp -= 3;
    int_drop(key);
    DROP_AT(old);
    DROP_AT(list);
    NEXT_AFTER(CACHES_STORE_SUBSCR);
}

SPECIAL(STORE_SUBSCR_BYTE) {
    PyObject *key = TOP(), *bytes = PEEK(2), *value = PEEK(3);
    MISS_IF(!PyLong_CheckExact(key) || !PyByteArray_CheckExact(bytes) || !PyLong_CheckExact(value),
            STORE_SUBSCR);
    SUBSCR_INDEX(Py_SIZE(bytes), STORE_SUBSCR);
    MISS_IF(!int_is_digit(value) || (uint64_t)int_digit_value(value) > 255, STORE_SUBSCR);
    PyByteArray_AS_STRING(bytes)[index] = (char)int_digit_value(value);
    sp -= 3;
    int_drop(key);
    int_drop(value);
    DROP_AT(bytes);
    NEXT_AFTER(CACHES_STORE_SUBSCR);
}

SPECIAL(STORE_SUBSCR_DICT) {
    PyObject *key = TOP(), *dict = PEEK(2), *value = PEEK(3);
    MISS_IF(!PyDict_CheckExact(dict), STORE_SUBSCR);
    frame->prev_instr = ip;
    sp -= 3;
    int failed = PyDict_SetItem(dict, key, value);
    Py_DECREF(value);
    Py_DECREF(key);
    Py_DECREF(dict);
    if (failed) {
        goto error;
    }
    NEXT_AFTER(CACHES_STORE_SUBSCR);
}

TARGET(DELETE_SUBSCR) {
    PyObject *key = TOP(), *container = PEEK(2);
    sp -= 2;
    int failed = PyObject_DelItem(container, key);
    Py_DECREF(container);
    Py_DECREF(key);
    if (failed) {
        goto error;
    }
    NEXT();
}
