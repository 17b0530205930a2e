/* SPDX-License-Identifier: MIT
 *
 * The tables of opcodes.h, each an include of opcodes.def, and the API functions that answer from
 * them. _PyOpcode_* and PyCompile_OpcodeStackEffect* are 3.11's names for the same facts.
 */
#include "bytecode/opcodes.h"

#define RAISE OPF_RAISE
#define CALL OPF_CALL
#define EXIT OPF_EXIT
#define JUMPS OPF_JUMPS

/* The facts of a base instruction under a name, so that a SPEC row can take them over. DO_TRACING
   is a form of itself. */
enum {
#define OP(number, name, operand, pops, pushes, caches, flags, picture, sentence)                  \
    CACHES_##name = caches, OPERAND_##name = OPK_##operand, FLAGS_##name = (flags),
#include "bytecode/opcodes.def"
    CACHES_DO_TRACING = 0, OPERAND_DO_TRACING = OPK_NONE, FLAGS_DO_TRACING = 0,
};

const struct op_info op_table[256] = {
#define OP(number, name, operand, pops, pushes, caches, flags, picture, sentence) \
    [number] = {#name, picture, sentence, OPK_##operand, (flags) | OPF_KNOWN, caches, number},
#define SPEC(number, name, base, sentence) \
    [number] = {#name, "", sentence, OPERAND_##base, FLAGS_##base, CACHES_##base, OP_##base},
#include "bytecode/opcodes.def"
};

const uint8_t op_caches[256] = {
#define OP(number, name, operand, pops, pushes, caches, flags, picture, sentence) [number] = caches,
#define SPEC(number, name, base, sentence) [number] = CACHES_##base,
#include "bytecode/opcodes.def"
};

/* Holes stay 0 (CACHE), which no valid code contains. */
const uint8_t op_deopt[256] = {
#define OP(number, name, operand, pops, pushes, caches, flags, picture, sentence) [number] = number,
#define SPEC(number, name, base, sentence) [number] = OP_##base,
#include "bytecode/opcodes.def"
};

const uint8_t op_shown[256] = {
#define OP(number, name, operand, pops, pushes, caches, flags, picture, sentence) [number] = number,
#define SPEC(number, name, base, sentence) [number] = number,
#define OWN(number, name, base, shown, sentence) [number] = OP_##shown,
#include "bytecode/opcodes.def"
};

/* The eleven families that specialise. */
const uint8_t op_adaptive[256] = {
    [OP_BINARY_OP] = OP_BINARY_OP_ADAPTIVE,
    [OP_BINARY_SUBSCR] = OP_BINARY_SUBSCR_ADAPTIVE,
    [OP_CALL] = OP_CALL_ADAPTIVE,
    [OP_COMPARE_OP] = OP_COMPARE_OP_ADAPTIVE,
    [OP_LOAD_ATTR] = OP_LOAD_ATTR_ADAPTIVE,
    [OP_LOAD_GLOBAL] = OP_LOAD_GLOBAL_ADAPTIVE,
    [OP_LOAD_METHOD] = OP_LOAD_METHOD_ADAPTIVE,
    [OP_PRECALL] = OP_PRECALL_ADAPTIVE,
    [OP_STORE_ATTR] = OP_STORE_ATTR_ADAPTIVE,
    [OP_STORE_SUBSCR] = OP_STORE_SUBSCR_ADAPTIVE,
    [OP_UNPACK_SEQUENCE] = OP_UNPACK_SEQUENCE_ADAPTIVE,
};

/* -- Stack effects ---------------------------------------------------------------------------- */

/* The table's expressions are about `oparg` and `jump`. */
static int effect_one(int opcode, int oparg, int jump)
{
    (void)jump;
    switch (opcode) {
#define OP(number, name, operand, pops, pushes, caches, flags, picture, sentence) \
    case number: return (pushes) - (pops);
#include "bytecode/opcodes.def"
    default: return OP_NO_EFFECT;
    }
}

int op_stack_effect(int opcode, int oparg, int jump)
{
    if (jump >= 0)
        return effect_one(opcode, oparg, jump > 0);
    int stay = effect_one(opcode, oparg, 0), taken = effect_one(opcode, oparg, 1);
    return stay > taken ? stay : taken;
}

/* -- C API ------------------------------------------------------------------------------------ */

int PyCompile_OpcodeStackEffectWithJump(int opcode, int oparg, int jump)
{
    return op_stack_effect(opcode, oparg, jump);
}

int PyCompile_OpcodeStackEffect(int opcode, int oparg)
{
    return op_stack_effect(opcode, oparg, -1);
}
