/* SPDX-License-Identifier: MIT
 *
 * What is known about opcodes, made from opcodes.def: numbers (OP_...), names, operand kinds, cache
 * sizes, the base of a quickened form, stack effects. Constant tables; no thread rule, nothing to
 * own.
 */
#ifndef VITRO_OPCODES_H
#define VITRO_OPCODES_H

#include "vitro.h"

enum opcode {
#define OP(number, name, operand, pops, pushes, caches, flags, picture, sentence)                  \
    OP_##name = number,
#define SPEC(number, name, base, sentence) OP_##name = number,
#include "bytecode/opcodes.def"
};

/* Opcodes from here have an operand that means something. */
enum { OP_HAVE_ARGUMENT = 90 };

/* Meaning of the operand. GLOBAL: name index in the upper bits. FREE: slot of a cell in
   localsplus. */
enum op_operand {
    OPK_NONE,          /* nothing */
    OPK_CONST,         /* index of co_consts */
    OPK_NAME,          /* index of co_names */
    OPK_GLOBAL,
    OPK_LOCAL,         /* slot of a local */
    OPK_FREE,
    OPK_COUNT,         /* number of values */
    OPK_DEPTH,         /* how far below the top */
    OPK_FLAG,          /* 0 or 1 */
    OPK_FLAGS,         /* bits, or a code of the instruction's own */
    OPK_COMPARE,       /* Py_LT ... */
    OPK_BINARY,        /* NB_ADD ... */
    OPK_EXTENDED,      /* the next instruction's higher bits */
    OPK_JUMP_FORWARD,  /* units from the next instruction */
    OPK_JUMP_BACKWARD,
};

enum op_flags {
    OPF_RAISE = 1,  /* may raise */
    OPF_CALL = 2,   /* may run code we did not write (a destructor counts) */
    OPF_EXIT = 4,   /* control never goes on to the next instruction */
    OPF_JUMPS = 8,  /* has a target */
    OPF_KNOWN = 16, /* a 3.11 instruction, not a quickened form or a hole */
};

/* Operands of BINARY_OP; NB_INPLACE_x = NB_x + NB_INPLACE_ADD. (<opcode.h> has them too, but also a
   macro for every instruction's name.) */
enum {
    NB_ADD,
    NB_AND,
    NB_FLOOR_DIVIDE,
    NB_LSHIFT,
    NB_MATRIX_MULTIPLY,
    NB_MULTIPLY,
    NB_REMAINDER,
    NB_OR,
    NB_POWER,
    NB_RSHIFT,
    NB_SUBTRACT,
    NB_TRUE_DIVIDE,
    NB_XOR,
    NB_INPLACE_ADD,
    NB_INPLACE_AND,
    NB_INPLACE_FLOOR_DIVIDE,
    NB_INPLACE_LSHIFT,
    NB_INPLACE_MATRIX_MULTIPLY,
    NB_INPLACE_MULTIPLY,
    NB_INPLACE_REMAINDER,
    NB_INPLACE_OR,
    NB_INPLACE_POWER,
    NB_INPLACE_RSHIFT,
    NB_INPLACE_SUBTRACT,
    NB_INPLACE_TRUE_DIVIDE,
    NB_INPLACE_XOR,
};

/* One row for every number 0…255; holes have name NULL. */
struct op_info {
    const char *name;
    const char *picture;
    const char *sentence;
    uint8_t operand;  /* enum op_operand */
    uint8_t flags;    /* enum op_flags */
    uint8_t caches;   /* inline cache units */
    uint8_t base;     /* the instruction this is a form of, or its own number */
};
extern const struct op_info op_table[256];

/* The two tables that loops over code need most, on their own for density. */
extern const uint8_t op_caches[256];
extern const uint8_t op_deopt[256]; /* quickened number -> base number; others map to themselves */
/* base number -> its _ADAPTIVE form, 0 when there is none (also RESUME, JUMP_BACKWARD -> _QUICK are
   not here) */
extern const uint8_t op_adaptive[256];
/* quickened forms of ours -> the 3.11 form that stands for them outside */
extern const uint8_t op_shown[256];

/* Change of stack depth; jump: 1 taken, 0 not taken, -1 the larger of both. OP_NO_EFFECT for
   unknown opcodes. */
enum { OP_NO_EFFECT = INT_MAX };
int op_stack_effect(int opcode, int oparg, int jump);

static inline bool op_has_arg(int op) { return op >= OP_HAVE_ARGUMENT; }
static inline bool op_is_jump(int op) { return op_table[op].flags & OPF_JUMPS; }
static inline bool op_is_backward(int op) { return op_table[op].operand == OPK_JUMP_BACKWARD; }
static inline bool op_is_exit(int op) { return op_table[op].flags & OPF_EXIT; }

#endif
