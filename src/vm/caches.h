/* SPDX-License-Identifier: MIT
 *
 * Inline caches: 16-bit units that follow an instruction. The first is a counter, high twelve bits
 * how often to wait, low four the exponent of the back-off. Adaptive forms wait that often before
 * they try to specialise; specialised forms forgive that many misses before they turn adaptive
 * again.
 *
 *      instr │ counter │ version (2 units) │ index │          e.g. LOAD_ATTR
 *              wait 12, exponent 4
 *
 *      ADAPTIVE ── counter 0 ──> spec_*: fits ──> special form ── MISSES_FORGIVEN misses ──>
 *                                   ADAPTIVE │ no: wait twice as long, up to 2^BACKOFF_MAX
 *
 * Values in caches are numbers and borrowed pointers; the version beside them says whether they
 * still hold. Thread rule: written under the lock, by the thread that runs the code.
 */
#ifndef VITRO_VM_CACHES_H
#define VITRO_VM_CACHES_H

#include "vm/vm_impl.h"

/* index: of the value in the key table that the form names. */
struct cache_global { uint16_t counter, index, module_version[2], builtin_version; };
/* BINARY_OP, PRECALL, STORE_SUBSCR, UNPACK_SEQUENCE */
struct cache_counter { uint16_t counter; };
/* mask, of outcomes that jump: less 1, equal 2, greater 4, unordered 8; and the jump's direction */
struct cache_compare { uint16_t counter, mask; };
#define COMPARE_JUMPS_BACK 0x8000
/* A class with __getitem__ in Python, and that function's version. */
struct cache_subscr { uint16_t counter, type_version[2], func_version; };
/* version: of the type or of the key table; index: of the value, or its offset. */
struct cache_attr { uint16_t counter, version[2], index; };
/* descr: the method itself, borrowed. */
struct cache_method { uint16_t counter, type_version[2], dict_offset, keys_version[2], descr[4]; };
/* PRECALL_SUPER_METHOD pushes: the method and self; the class's method and the class; NULL and a
   value; NULL and what a staticmethod holds; NULL and the method bound to self. */
enum super_binding { SUPER_SELF, SUPER_CLASS, SUPER_VALUE, SUPER_HELD, SUPER_BOUND };
/* min_args: for forms that fill in defaults; spec_super.c has another use. */
struct cache_call { uint16_t counter, func_version[2], min_args; };

#define CACHE_UNITS(type) ((int)(sizeof(struct type) / sizeof(_Py_CODEUNIT)))
/* Cache units of each instruction, as opcodes.def has them. */
enum {
    CACHES_GLOBAL = CACHE_UNITS(cache_global),
    CACHES_BINARY_OP = 1,
    CACHES_COMPARE = CACHE_UNITS(cache_compare),
    CACHES_SUBSCR = CACHE_UNITS(cache_subscr),
    CACHES_ATTR = CACHE_UNITS(cache_attr),
    CACHES_METHOD = CACHE_UNITS(cache_method),
    CACHES_CALL = CACHE_UNITS(cache_call),
    CACHES_PRECALL = 1,
    CACHES_STORE_SUBSCR = 1,
    CACHES_UNPACK = 1,
};

/* Values wider than a unit are not aligned. */
static inline uint32_t cache_u32(const uint16_t *p) { uint32_t v; memcpy(&v, p, 4); return v; }
static inline void cache_set_u32(uint16_t *p, uint32_t v) { memcpy(p, &v, 4); }
static inline PyObject *cache_object(const uint16_t *p) { PyObject *o; memcpy(&o, p, 8); return o; }
static inline void cache_set_object(uint16_t *p, PyObject *o) { memcpy(p, &o, 8); }

#define COUNTER_BITS 4
#define COUNTER_ONE (1 << COUNTER_BITS)
/* 53 misses are forgiven, as in 3.11. */
enum { BACKOFF_MAX = 12, BACKOFF_FIRST = 1, MISSES_FORGIVEN = 53 };
#define COUNTER(value, exponent) ((uint16_t)((value) << COUNTER_BITS | (exponent)))
#define COUNTER_START COUNTER(1, BACKOFF_FIRST)

static inline bool counter_done(uint16_t counter) { return counter < COUNTER_ONE; }
static inline uint16_t counter_backoff(uint16_t counter)
{
    int exponent = (counter & (COUNTER_ONE - 1)) + 1;
    exponent = exponent > BACKOFF_MAX ? BACKOFF_MAX : exponent;
    return COUNTER((1 << exponent) - 1, exponent);
}

/* Only the opcode's byte: the operand stays. */
static inline void instr_set_op(_Py_CODEUNIT *instr, int op) { *(uint8_t *)instr = (uint8_t)op; }
static inline void spec_succeed(_Py_CODEUNIT *instr, int op)
{
    instr_set_op(instr, op);
    instr[1] = COUNTER(MISSES_FORGIVEN, BACKOFF_FIRST);
}
static inline void spec_fail(_Py_CODEUNIT *instr) { instr[1] = counter_backoff(instr[1]); }

/* A specialised form met other operands than it was made for. */
static inline void spec_miss(_Py_CODEUNIT *instr)
{
    if (counter_done(instr[1])) {
        instr_set_op(instr, op_adaptive[op_deopt[*(uint8_t *)instr]]);
        instr[1] = COUNTER_START;
    }
    else {
        instr[1] -= COUNTER_ONE;
    }
}

/* Each looks at the operands and rewrites the instruction or backs off. Never raise. */
void spec_load_attr(PyObject *owner, _Py_CODEUNIT *instr, PyObject *name);
void spec_store_attr(PyObject *owner, _Py_CODEUNIT *instr, PyObject *name);
void spec_load_method(PyObject *owner, _Py_CODEUNIT *instr, PyObject *name);
void spec_load_global(PyObject *globals, PyObject *builtins, _Py_CODEUNIT *instr, PyObject *name);
void spec_binary_subscr(PyObject *container, PyObject *key, _Py_CODEUNIT *instr);
void spec_store_subscr(PyObject *container, PyObject *key, _Py_CODEUNIT *instr);
void spec_precall(PyThreadState *tstate, PyObject *callable, _Py_CODEUNIT *instr, int nargs,
                  PyObject *kwnames, int oparg);
void spec_call(PyThreadState *tstate, PyObject *callable, _Py_CODEUNIT *instr, int nargs,
               PyObject *kwnames);
/* The form of PRECALL for a call super(), or 0. */
int spec_super(PyThreadState *tstate, _Py_CODEUNIT *instr);
void spec_binary_op(PyObject *left, PyObject *right, _Py_CODEUNIT *instr, int oparg,
                    PyObject **locals);
void spec_compare_op(PyObject *left, PyObject *right, _Py_CODEUNIT *instr, int oparg);
void spec_unpack_sequence(PyObject *seq, _Py_CODEUNIT *instr, int oparg);

/* A run or a loop turn of code that is not quickened yet. */
static inline void vm_warm_up(PyCodeObject *code)
{
    if (code->co_warmup != 0 && ++code->co_warmup == 0) {
        spec_quicken(code);
    }
}

#endif
