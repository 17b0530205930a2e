/* SPDX-License-Identifier: MIT
 *
 * Shared by the files of this folder.
 *
 *     unit.c graph.c          what is being compiled: units, blocks, names, constants, errors
 *     compile.c scopes.c stmt.c unwind.c expr.c call.c comprehension.c match.c check.c
 *                             tree + scopes -> graph
 *     cfg.c cfg_block.c cfg_lines.c
 *                             graph -> better graph
 *     depth.c assemble.c      graph -> code object
 *
 * Every function that returns bool returns false with an exception set.
 *
 * I1  Blocks of a unit form two lists: `list`, newest first, all that were ever made; `next`, the
 *     order of the code.
 * I2  A jump is the last instruction of its block; code after it goes to a fresh block (cg_op
 *     sees to that).
 * I3  Until the assembler, jumps are direction-free (JUMP, POP_JUMP_IF_…) and handlers are marked
 *     by SETUP_… and POP_BLOCK; these pseudo-instructions have numbers from 256 and are gone in
 *     the end.
 */
#ifndef VITRO_COMPILE_IMPL_H
#define VITRO_COMPILE_IMPL_H

#include "bytecode/code.h"
#include "bytecode/opcodes.h"
#include "compile/compile.h"
#include "state.h"
#include "symtable/symtable.h"

/* I3 */
enum pseudo_opcode {
    OP_SETUP_FINALLY = 256,  /* handler: pushes the exception */
    OP_SETUP_CLEANUP,        /* handler: pushes instruction and exception */
    OP_SETUP_WITH,           /* same, below the result of __enter__ */
    OP_POP_BLOCK,            /* end of the part that the last SETUP_ protects */
    OP_JUMP,                 /* direction-free forms of 3.11's jumps */
    OP_JUMP_NO_INTERRUPT,
    OP_POP_JUMP_IF_FALSE,
    OP_POP_JUMP_IF_TRUE,
    OP_POP_JUMP_IF_NONE,
    OP_POP_JUMP_IF_NOT_NONE,
};

/* -- The graph -------------------------------------------------------------------------------- */

typedef struct Block Block;

/* One instruction. */
typedef struct {
    int op;          /* enum opcode or pseudo_opcode */
    int arg;
    Block *target;   /* of jumps and SETUP_… */
    Block *handler;  /* what catches here, set by depth.c */
    Pos pos;         /* lineno -1: artificial */
} Instr;

/* A run of instructions that is entered at its start only. */
struct Block {
    Block *list;         /* I1 */
    Block *next;         /* I1 */
    Instr *instr;        /* owned array: `used` of `room` */
    int used, room;
    int predecessors;    /* counted by cfg.c */
    int depth;           /* stack depth at its start */
    int offset;          /* first code unit */
    bool returns;        /* ends in RETURN_VALUE */
    bool exits;          /* leaves the frame */
    bool no_fallthrough; /* control never goes on to `next` */
    bool keeps_lasti;    /* is a handler that gets the instruction pushed */
    bool visited;        /* by the walk that runs */
    struct handler_stack *handlers; /* while depth.c runs */
};

static inline Instr *block_last(Block *b) { return b->used ? &b->instr[b->used - 1] : NULL; }
static inline bool is_setup(int op) { return op >= OP_SETUP_FINALLY && op <= OP_SETUP_WITH; }
static inline bool is_jump(int op) { return op >= OP_JUMP || (op < 256 && op_is_jump(op)); }
static inline bool has_target(int op) { return is_setup(op) || is_jump(op); }
/* Units of an instruction with its EXTENDED_ARGs and caches. */
int instr_size(const Instr *i);

/* -- Units ------------------------------------------------------------------------------------ */

enum unit_type {
    UNIT_MODULE,
    UNIT_CLASS,
    UNIT_FUNCTION,
    UNIT_ASYNC_FUNCTION,
    UNIT_LAMBDA,
    UNIT_COMPREHENSION
};

/* What a return, break or continue has to undo on its way out. */
enum frame_block_type {
    FB_WHILE_LOOP,
    FB_FOR_LOOP,                /* its iterator is on the stack */
    FB_TRY_EXCEPT,              /* body of try … except */
    FB_FINALLY_TRY,             /* body of try … finally: the finally body must run */
    FB_FINALLY_END,             /* finally body after an exception, which is on the stack */
    FB_WITH,                    /* __exit__ must be called */
    FB_ASYNC_WITH,
    FB_HANDLER_CLEANUP,         /* body of an except clause; its name goes away */
    FB_POP_VALUE,               /* a return value waits on the stack */
    FB_EXCEPTION_HANDLER,       /* between the clauses of except */
    FB_EXCEPTION_GROUP_HANDLER, /* in except*: nothing may leave it */
    FB_ASYNC_COMPREHENSION,     /* while an item is awaited */
};
typedef struct {
    enum frame_block_type type;
    Block *block;   /* where `continue` goes */
    Block *exit;    /* where `break` goes */
    void *datum;    /* the finally body, the with statement, the handler's name */
} FrameBlock;

/* What becomes one code object (unit.c). Pointers to objects are strong. */
typedef struct Unit {
    struct Unit *outer;     /* the unit around it, NULL for a module */
    Scope *scope;
    enum unit_type type;
    PyObject *name, *qualname;
    PyObject *consts;       /* dict: key of the constant -> index */
    PyObject *names, *varnames, *cellvars, *freevars; /* dicts: name -> index */
    PyObject *private_name; /* class for mangling, or NULL */
    int argcount, posonlyargcount, kwonlyargcount;
    Block *blocks;          /* I1, newest */
    Block *current;         /* instructions go here */
    FrameBlock frame_blocks[CO_MAXBLOCKS];
    int n_frame_blocks;
    int firstlineno;        /* co_firstlineno */
    Pos pos;                /* given to the instructions being made */
} Unit;

/* One compilation. Everything is borrowed but st and const_cache. */
typedef struct {
    PyObject *filename;
    SymTable *st;
    Future future;
    PyCompilerFlags *flags;
    int optimize;
    bool interactive;       /* values of expression statements are printed */
    int nest_level;         /* units around and including u */
    PyObject *const_cache;  /* dict: key -> key, one object for equal constants of the file */
    Unit *u;                /* the innermost unit */
    FILE *dump;             /* -X dump=cfg, or NULL */
} Compiler;

/* -- Entry points, by file -------------------------------------------------------------------- */

/* unit.c */
bool unit_enter(Compiler *c, PyObject *name, enum unit_type type, void *node, int lineno);
void unit_leave(Compiler *c);
/* CO_… */
int unit_code_flags(Compiler *c);
bool unit_is_top_level_await(Compiler *c);
/* Index of an object in a dict of names; -1 on error. */
Py_ssize_t unit_index(PyObject *dict, PyObject *o);
Py_ssize_t unit_const(Compiler *c, PyObject *o);
/* One object for equal constants of the file; *o is replaced. */
bool unit_merge_const(Compiler *c, PyObject **o);
/* The constants in the order of their indices; owned list. */
PyObject *unit_const_list(PyObject *consts);
/* Raises SyntaxError at the unit's position. Always false. */
bool cg_error(Compiler *c, const char *format, ...);
bool cg_warn(Compiler *c, const char *format, ...);
/* False with SyntaxError set for __debug__. */
bool cg_allowed_name(Compiler *c, PyObject *name, expr_context ctx);

/* graph.c */
/* A new block of the unit, not in the code yet. */
Block *cg_block(Compiler *c);
/* The code goes on in `b`: it follows the current block. */
void cg_use(Compiler *c, Block *b);
/* A zeroed instruction at the end, or before the one at `at`. */
Instr *block_add(Block *b);
bool block_insert(Block *b, int at, const Instr *instr);
/* Instructions at c->u->pos; the _noline forms have no position. */
bool cg_op(Compiler *c, int op);
bool cg_op_arg(Compiler *c, int op, Py_ssize_t arg);
bool cg_jump(Compiler *c, int op, Block *target);
bool cg_op_noline(Compiler *c, int op);
bool cg_op_arg_noline(Compiler *c, int op, Py_ssize_t arg);
bool cg_jump_noline(Compiler *c, int op, Block *target);
bool cg_const(Compiler *c, PyObject *o);
bool cg_const_steal(Compiler *c, PyObject *o);      /* STEALS o; NULL: an exception is set */
bool cg_op_name(Compiler *c, int op, PyObject *name);      /* mangled, in names */
bool cg_op_plain_name(Compiler *c, int op, PyObject *name); /* as it is */
bool cg_name(Compiler *c, PyObject *name, expr_context ctx);
bool cg_call(Compiler *c, Py_ssize_t nargs);        /* PRECALL, CALL */
bool cg_yield_from(Compiler *c, bool await);
bool cg_await(Compiler *c, int where);              /* GET_AWAITABLE where, None, SEND loop */

/* Where the next instructions are: at a node, or nowhere. */
#define NO_POS ((Pos){-1, -1, -1, -1})
#define AT(c, node) ((c)->u->pos = (node)->pos)
#define NOWHERE(c) ((c)->u->pos = NO_POS)

/* compile.c */
bool cg_body(Compiler *c, stmt_seq *body);

/* scopes.c: functions, classes, lambdas */
bool cg_function(Compiler *c, stmt s, bool is_async);
bool cg_class(Compiler *c, stmt s);
bool cg_lambda(Compiler *c, expr e);
bool cg_make_function(Compiler *c, PyCodeObject *co, int flags);
bool cg_annotation(Compiler *c, expr annotation);

/* stmt.c */
bool cg_stmt(Compiler *c, stmt s);
bool cg_stmts(Compiler *c, stmt_seq *seq);

/* unwind.c: try, with, leaving loops */
bool cg_push_block(Compiler *c, enum frame_block_type type, Block *block, Block *exit, void *datum);
void cg_pop_block(Compiler *c);
bool cg_unwind(Compiler *c, bool keep_top, FrameBlock **loop);
bool cg_unwind_one(Compiler *c, FrameBlock *fb, bool keep_top);
bool cg_try(Compiler *c, stmt s);
bool cg_with(Compiler *c, stmt s, bool is_async);

/* expr.c */
bool cg_expr(Compiler *c, expr e);
bool cg_exprs(Compiler *c, expr_seq *seq);
bool cg_jump_if(Compiler *c, expr e, Block *target, bool when);
bool cg_attr_pos(Compiler *c, expr attr);
bool cg_compare_op(Compiler *c, cmpop op);
bool cg_binary(Compiler *c, operator op, bool inplace);
bool cg_star_build(Compiler *c, expr_seq *elts, Py_ssize_t pushed, int build, int add, int extend,
                   bool tuple);
bool cg_all_const(expr_seq *seq, Py_ssize_t begin, Py_ssize_t end);
enum { STACK_USE_GUIDELINE = 30 };

/* call.c */
bool cg_call_expr(Compiler *c, expr e);
bool cg_call_args(Compiler *c, Py_ssize_t n, expr_seq *args, keyword_seq *keywords);

/* comprehension.c, match.c */
bool cg_comprehension(Compiler *c, expr e);
bool cg_yield(Compiler *c);
bool cg_match(Compiler *c, stmt s);

/* check.c: warnings about code that cannot mean what it says */
bool check_compare(Compiler *c, expr e);
bool check_caller(Compiler *c, expr e);
bool check_subscript(Compiler *c, expr value, expr slice);

/* cfg.c, cfg_block.c, cfg_lines.c */
bool cfg_normalize(Compiler *c);
bool cfg_optimize(Compiler *c, Block *entry, PyObject *consts);
bool cfg_optimize_block(Compiler *c, Block *b, PyObject *consts);
void cfg_remove_nops(Block *b);
void cfg_trim_consts(Block *entry, PyObject *consts);
bool cfg_duplicate_exits(Compiler *c, Block *entry);
void cfg_propagate_lines(Block *entry, int firstlineno);
void cfg_dump(FILE *out, Block *entry);

/* depth.c */
int cfg_stack_depth(Compiler *c, Block *entry);
bool cfg_label_handlers(Block *entry);

/* assemble.c */
PyCodeObject *asm_unit(Compiler *c, bool add_none);

#endif
