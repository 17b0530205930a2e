/* SPDX-License-Identifier: MIT
 *
 * Two or three instructions at once. A fragment of the loop.
 *
 * spec_quicken marks the first instruction of a group; the others stay as they are, for jumps to
 * them and for the way through the group one by one. What the group saves besides dispatching is
 * references: operands that lie in locals and constants are read where they are, and a result goes
 * straight into the local that it is stored into.
 *
 *   LOAD_FAST a, LOAD_FAST b (or LOAD_CONST b), X    FAST_FAST_… (FAST_CONST_…): X an operator,
 *                                                    comparison or subscript
 *   LOAD_FAST o, LOAD_ATTR (STORE_ATTR) name         LOAD_FAST__LOAD_ATTR (…STORE_ATTR)
 *   LOAD_FAST v (LOAD_CONST v), RETURN_VALUE         LOAD_FAST__RETURN_VALUE (LOAD_CONST__…)
 *   POP_TOP, JUMP_BACKWARD; RESUME, POP_TOP          what loops of calls, and of yields, do
 *   LIST_APPEND, JUMP_BACKWARD                       the end of a comprehension's turn
 *   COPY, COPY; SWAP, SWAP                           what o[i] += v does
 *
 * A triple's first form looks how X is specialised and becomes the form for that; whatever the form
 * cannot do goes the long way, in which X counts its misses, and when X has changed the form
 * becomes the first one again.
 *
 *      FAST_FAST ── X is BINARY_OP_ADD_INT ──> FAST_FAST_ADD_INT ── other operands ──> the long way
 *          ^────────── X has become another form ──────────┘
 *
 * A body gets two words: MISS takes the long way and looks whether the group still fits, LEAVE only
 * takes it (the operands are right, the result is not for this form).
 */

/* The long way: the pair of loads, then X. */
#define FUSED_MISS(PLAIN, BOTH, GROUP)              \
    do {                                            \
        if (_Py_OPCODE(ip[2]) != OP_##PLAIN) {      \
            instr_set_op(ip, OP_##GROUP);           \
        }                                           \
        goto L_##BOTH;                              \
    } while (0)

/* The form that a group starts in. */
#define FUSED_FIRST(GROUP, BOTH, TABLE)             \
    SPECIAL(GROUP) {                                \
        int form = TABLE[_Py_OPCODE(ip[2])];        \
        if (form != 0) {                            \
            instr_set_op(ip, form);                 \
            opcode = form;                          \
            DISPATCH_OPCODE();                      \
        }                                           \
        goto L_##BOTH;                              \
    }
FUSED_FIRST(FAST_FAST, LOAD_FAST__LOAD_FAST, fused_with_fast)
FUSED_FIRST(FAST_CONST, LOAD_FAST__LOAD_CONST, fused_with_const)
#undef FUSED_FIRST

/* Each form twice: b a local, b a constant. */
#define FUSED(NAME, PLAIN, BODY)                                                                \
    SPECIAL(FAST_FAST_##NAME) {                                                                 \
        PyObject *a = LOCAL(oparg), *b = LOCAL(_Py_OPARG(ip[1]));                               \
        if (UNLIKELY(a == NULL || b == NULL)) {                                                 \
            goto L_LOAD_FAST__LOAD_FAST;                                                        \
        }                                                                                       \
        BODY(FUSED_MISS(PLAIN, LOAD_FAST__LOAD_FAST, FAST_FAST), goto L_LOAD_FAST__LOAD_FAST)   \
    }                                                                                           \
    SPECIAL(FAST_CONST_##NAME) {                                                                \
        PyObject *a = LOCAL(oparg), *b = CONST(_Py_OPARG(ip[1]));                               \
        if (UNLIKELY(a == NULL)) {                                                              \
            goto L_LOAD_FAST__LOAD_CONST;                                                       \
        }                                                                                       \
        BODY(FUSED_MISS(PLAIN, LOAD_FAST__LOAD_CONST, FAST_CONST), goto L_LOAD_FAST__LOAD_CONST) \
    }

/* -- Arithmetic -------------------------------------------------------------------------------- */

/* The instruction behind the group, and whether it stores. */
#define FUSED_NEXT(CACHES) (ip + 2 + 1 + (CACHES))
#define IS_STORE(unit) (op_deopt[_Py_OPCODE(unit)] == OP_STORE_FAST)

/* The number goes into a local, maybe over a box that dies by it, or on the stack. */
#define FUSED_NUMBER(r, CHECK, FITS, SET, MAKE)                                     \
    {                                                                               \
        _Py_CODEUNIT *next = FUSED_NEXT(CACHES_BINARY_OP);                          \
        PyObject *result;                                                           \
        if (IS_STORE(*next)) {                                                      \
            PyObject **slot = &LOCAL(_Py_OPARG(*next)), *old = *slot;               \
            if (old != NULL && CHECK(old) && Py_REFCNT(old) == 1 && FITS(old, r)) { \
                SET(old, r);                                                        \
                ip = next + 1;                                                      \
                NEXT();                                                             \
            }                                                                       \
            result = MAKE(r);                                                       \
            if (UNLIKELY(result == NULL)) {                                         \
                ip += 2;                                                            \
                goto spec_error;                                                    \
            }                                                                       \
            *slot = result;                                                         \
            ip = next + 1;                                                          \
            if (old != NULL) {                                                      \
                DROP_WITH(old, next);                                               \
            }                                                                       \
            NEXT();                                                                 \
        }                                                                           \
        result = MAKE(r);                                                           \
        if (UNLIKELY(result == NULL)) {                                             \
            ip += 2;                                                                \
            goto spec_error;                                                        \
        }                                                                           \
        PUSH(result);                                                               \
        ip = next;                                                                  \
        NEXT();                                                                     \
    }
#define INT_NUMBER(r) FUSED_NUMBER(r, PyLong_CheckExact, int_fits_box, int_box_set, int_make)
#define FLOAT_FITS(box, r) true
#define FLOAT_SET(box, r) (((PyFloatObject *)(box))->ob_fval = (r))
#define FLOAT_NUMBER(r) FUSED_NUMBER(r, PyFloat_CheckExact, FLOAT_FITS, FLOAT_SET, float_make)

/* Operands of one digit: the result fits a machine word whatever the operator. */
#define FUSED_INT(OPERATOR, MISS, LEAVE)                                    \
    if (UNLIKELY(!PyLong_CheckExact(a) || !PyLong_CheckExact(b))) {         \
        MISS;                                                               \
    }                                                                       \
    if (UNLIKELY(!int_is_digit(a) || !int_is_digit(b))) {                   \
        LEAVE;                                                              \
    }                                                                       \
    int64_t r = int_digit_value(a) OPERATOR int_digit_value(b);             \
    INT_NUMBER(r)
#define ADD_INT(MISS, LEAVE) FUSED_INT(+, MISS, LEAVE)
#define SUBTRACT_INT(MISS, LEAVE) FUSED_INT(-, MISS, LEAVE)
#define MULTIPLY_INT(MISS, LEAVE) FUSED_INT(*, MISS, LEAVE)
FUSED(ADD_INT, BINARY_OP_ADD_INT, ADD_INT)
FUSED(SUBTRACT_INT, BINARY_OP_SUBTRACT_INT, SUBTRACT_INT)
FUSED(MULTIPLY_INT, BINARY_OP_MULTIPLY_INT, MULTIPLY_INT)
#undef ADD_INT
#undef SUBTRACT_INT
#undef MULTIPLY_INT
#undef FUSED_INT

/* The operators without a form of their own; a jump on the result's truth is taken at once. */
#define FUSED_WORD(MISS, LEAVE)                                                          \
    if (UNLIKELY(!PyLong_CheckExact(a) || !PyLong_CheckExact(b))) {                      \
        MISS;                                                                            \
    }                                                                                    \
    int64_t r;                                                                           \
    if (UNLIKELY(!int_is_digit(a) || !int_is_digit(b))                                   \
        || !int_word_op(_Py_OPARG(ip[2]), int_digit_value(a), int_digit_value(b), &r)) { \
        LEAVE;                                                                           \
    }                                                                                    \
    int after = _Py_OPCODE(*FUSED_NEXT(CACHES_BINARY_OP));                               \
    if (after == OP_POP_JUMP_FORWARD_IF_FALSE || after == OP_POP_JUMP_FORWARD_IF_TRUE) { \
        ip = FUSED_NEXT(CACHES_BINARY_OP);                                               \
        Py_ssize_t distance = _Py_OPARG(*ip);                                            \
        ip += (r != 0) == (after == OP_POP_JUMP_FORWARD_IF_TRUE) ? 1 + distance : 1;     \
        NEXT();                                                                          \
    }                                                                                    \
    INT_NUMBER(r)
FUSED(BINARY_INT, BINARY_OP_INT, FUSED_WORD)
#undef FUSED_WORD

#define FUSED_FLOAT(OPERATOR, MISS)                                         \
    if (UNLIKELY(!PyFloat_CheckExact(a) || !PyFloat_CheckExact(b))) {       \
        MISS;                                                               \
    }                                                                       \
    double r = PyFloat_AS_DOUBLE(a) OPERATOR PyFloat_AS_DOUBLE(b);          \
    FLOAT_NUMBER(r)
#define ADD_FLOAT(MISS, LEAVE) FUSED_FLOAT(+, MISS)
#define SUBTRACT_FLOAT(MISS, LEAVE) FUSED_FLOAT(-, MISS)
#define MULTIPLY_FLOAT(MISS, LEAVE) FUSED_FLOAT(*, MISS)
FUSED(ADD_FLOAT, BINARY_OP_ADD_FLOAT, ADD_FLOAT)
FUSED(SUBTRACT_FLOAT, BINARY_OP_SUBTRACT_FLOAT, SUBTRACT_FLOAT)
FUSED(MULTIPLY_FLOAT, BINARY_OP_MULTIPLY_FLOAT, MULTIPLY_FLOAT)
#undef ADD_FLOAT
#undef SUBTRACT_FLOAT
#undef MULTIPLY_FLOAT
#undef FUSED_FLOAT

/* -- Comparisons with their jumps ------------------------------------------------------------- */

/* BIT: the outcome; the mask says which outcomes jump, and where to. */
#define FUSED_JUMP(BIT, MISS)                                                                   \
    if (UNLIKELY(_Py_OPCODE(ip[2]) != expected)) { /* the mask in its cache is not for a jump */ \
        MISS;                                                                                   \
    }                                                                                           \
    uint16_t jump_mask = ((struct cache_compare *)(ip + 3))->mask;                              \
    Py_ssize_t distance = _Py_OPARG(*FUSED_NEXT(CACHES_COMPARE));                               \
    int outcome = (BIT);                                                                        \
    ip = FUSED_NEXT(CACHES_COMPARE) + 1;                                                        \
    if (jump_mask & outcome) {                                                                  \
        if (UNLIKELY(jump_mask & COMPARE_JUMPS_BACK)) {                                         \
            frame->prev_instr = ip - 1;                                                         \
            ip -= distance;                                                                     \
            CHECK_BREAKER();                                                                    \
        }                                                                                       \
        else {                                                                                  \
            ip += distance;                                                                     \
        }                                                                                       \
    }                                                                                           \
    NEXT();
#define INT_JUMP(MISS, LEAVE)                                               \
    const int expected = OP_COMPARE_OP_INT_JUMP;                            \
    if (UNLIKELY(!PyLong_CheckExact(a) || !PyLong_CheckExact(b))) {         \
        MISS;                                                               \
    }                                                                       \
    FUSED_JUMP(int_compare_bit(a, b), MISS)
#define FLOAT_JUMP(MISS, LEAVE)                                             \
    const int expected = OP_COMPARE_OP_FLOAT_JUMP;                          \
    if (UNLIKELY(!PyFloat_CheckExact(a) || !PyFloat_CheckExact(b))) {       \
        MISS;                                                               \
    }                                                                       \
    FUSED_JUMP(float_compare_bit(PyFloat_AS_DOUBLE(a), PyFloat_AS_DOUBLE(b)), MISS)
FUSED(COMPARE_INT_JUMP, COMPARE_OP_INT_JUMP, INT_JUMP)
FUSED(COMPARE_FLOAT_JUMP, COMPARE_OP_FLOAT_JUMP, FLOAT_JUMP)
#undef INT_JUMP
#undef FLOAT_JUMP
#undef FUSED_JUMP

/* -- list[i], tuple[i] ------------------------------------------------------------------------ */

/* An index out of range goes the long way, to raise. */
#define FUSED_ITEM(CHECK, ITEM, MISS, LEAVE)                                \
    if (UNLIKELY(!CHECK(a) || !PyLong_CheckExact(b))) {                     \
        MISS;                                                               \
    }                                                                       \
    if (UNLIKELY(!int_is_digit(b))) {                                       \
        LEAVE;                                                              \
    }                                                                       \
    Py_ssize_t index = int_digit_value(b), size = Py_SIZE(a);               \
    index += index < 0 ? size : 0;                                          \
    if (UNLIKELY((size_t)index >= (size_t)size)) {                          \
        LEAVE;                                                              \
    }                                                                       \
    PUSH(Py_NewRef(ITEM(a, index)));                                        \
    ip = FUSED_NEXT(CACHES_SUBSCR);                                         \
    NEXT();
#define LIST_ITEM(MISS, LEAVE) FUSED_ITEM(PyList_CheckExact, PyList_GET_ITEM, MISS, LEAVE)
#define TUPLE_ITEM(MISS, LEAVE) FUSED_ITEM(PyTuple_CheckExact, PyTuple_GET_ITEM, MISS, LEAVE)
FUSED(LIST_ITEM, BINARY_SUBSCR_LIST_INT, LIST_ITEM)
FUSED(TUPLE_ITEM, BINARY_SUBSCR_TUPLE_INT, TUPLE_ITEM)
#undef LIST_ITEM
#undef TUPLE_ITEM
#undef FUSED_ITEM
#undef FUSED
#undef FUSED_MISS

/* -- Attributes of an object in a local ------------------------------------------------------- */

/* Reads the cache of the LOAD_ATTR behind it; the owner is never put on the stack. */
SPECIAL(LOAD_FAST__LOAD_ATTR) {
    struct cache_attr *cache = (struct cache_attr *)(ip + 2);
    PyObject *owner = LOCAL(oparg), *value;
    int form = _Py_OPCODE(ip[1]);
    if (owner == NULL || (form != OP_LOAD_ATTR_INSTANCE_VALUE && form != OP_LOAD_ATTR_SLOT)
        || Py_TYPE(owner)->tp_version_tag != cache_u32(cache->version)) {
        goto L_LOAD_FAST;
    }
    if (form == OP_LOAD_ATTR_SLOT) {
        value = *(PyObject **)((char *)owner + cache->index);
    }
    else {
        PyDictValues *values = *object_values_slot(owner);
        value = values == NULL ? NULL : values->values[cache->index];
    }
    if (UNLIKELY(value == NULL)) {
        goto L_LOAD_FAST;
    }
    PUSH(Py_NewRef(value));
    ip += 2 + CACHES_ATTR;
    NEXT();
}

SPECIAL(LOAD_FAST__STORE_ATTR) {
    struct cache_attr *cache = (struct cache_attr *)(ip + 2);
    PyObject *owner = LOCAL(oparg), **place;
    int form = _Py_OPCODE(ip[1]);
    if (owner == NULL || (form != OP_STORE_ATTR_INSTANCE_VALUE && form != OP_STORE_ATTR_SLOT)
        || Py_TYPE(owner)->tp_version_tag != cache_u32(cache->version)) {
        goto L_LOAD_FAST;
    }
    if (form == OP_STORE_ATTR_SLOT) {
        place = (PyObject **)((char *)owner + cache->index);
    }
    else {
        PyDictValues *values = *object_values_slot(owner);
        if (UNLIKELY(values == NULL)) {
            goto L_LOAD_FAST;
        }
        place = &values->values[cache->index];
        if (*place == NULL) {
            dict_values_note_insert(values, cache->index);
        }
    }
    PyObject *old = *place;
    *place = POP();
    ip += 2 + CACHES_ATTR;
    if (old != NULL) {
        DROP_WITH(old, ip - 1 - CACHES_ATTR);
    }
    NEXT();
}

/* -- Returning -------------------------------------------------------------------------------- */

SPECIAL(LOAD_FAST__RETURN_VALUE) {
    PyObject *value = LOCAL(oparg);
    if (UNLIKELY(value == NULL)) {
        goto L_LOAD_FAST;
    }
    PUSH(Py_NewRef(value));
    ip++;
    goto L_RETURN_VALUE;
}

SPECIAL(LOAD_CONST__RETURN_VALUE) {
    PyObject *value = CONST(oparg);
    PUSH(Py_NewRef(value));
    ip++;
    goto L_RETURN_VALUE;
}

/* -- Round the loop --------------------------------------------------------------------------- */

SPECIAL(POP_TOP__JUMP_BACKWARD) {
    PyObject *value = POP();
    DROP_AT(value);
    ip++;
    oparg = _Py_OPARG(*ip);
    frame->prev_instr = ip++;
    ip -= oparg;
    CHECK_BREAKER();
    NEXT();
}

SPECIAL(RESUME__POP_TOP) {
    frame->prev_instr = ip++;
    if (oparg < 2) {
        CHECK_BREAKER();
    }
    PyObject *value = POP();
    frame->prev_instr = ip++;
    Py_DECREF(value);
    if (_Py_OPCODE(*ip) == OP_JUMP_BACKWARD_QUICK && cframe.use_tracing == 0) {
        oparg = _Py_OPARG(*ip);
        goto L_JUMP_BACKWARD_QUICK;
    }
    NEXT();
}

SPECIAL(LIST_APPEND__JUMP_BACKWARD) {
    frame->prev_instr = ip++;
    PyObject *value = POP();
    if (list_append_item((PyListObject *)PEEK(oparg), value) < 0) {
        goto error;
    }
    oparg = _Py_OPARG(*ip);
    frame->prev_instr = ip++;
    ip -= oparg;
    CHECK_BREAKER();
    NEXT();
}

/* -- o[i] += v -------------------------------------------------------------------------------- */

SPECIAL(COPY__COPY) {
    PyObject *value = PEEK(oparg);
    PUSH(Py_NewRef(value));
    value = PEEK(_Py_OPARG(ip[1]));
    PUSH(Py_NewRef(value));
    ip += 2;
    NEXT();
}

SPECIAL(SWAP__SWAP) {
    Py_ssize_t second = _Py_OPARG(ip[1]);
    PyObject *top = TOP(), *other = PEEK(oparg);
    PEEK(oparg) = top;
    PyObject *last = second == 1 ? other : PEEK(second);
    PEEK(second) = other;
    TOP() = last;
    ip += 2;
    NEXT();
}
