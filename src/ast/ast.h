/* SPDX-License-Identifier: MIT
 *
 * The tree: structs made from nodes.def, an arena they live in, and the operations on whole trees.
 *
 * Every node is allocated in one Arena and freed with it at once; objects in a tree (identifiers,
 * constants) are owned by the arena (arena_add_object), pointers in nodes are borrowed. Sequences
 * may be NULL, which means empty. Enumerations are named Kind_Name: expr nodes `Name_kind`, enums
 * as `Load`, `Add`, `NotIn`. Thread rule: a tree belongs to the thread that holds the lock while it
 * builds it.
 *
 * Reading order: Arena, node structs, ast_validate, ast_optimize, ast_to_object / ast_from_object,
 * ast_unparse.
 */
#ifndef VITRO_AST_H
#define VITRO_AST_H

#include "vitro.h"

/* -- Arena ----------------------------------------------------------------------------------- */

typedef struct Arena Arena;
Arena *arena_new(void);
void arena_free(Arena *arena);
/* `size` zeroed bytes, 8-byte aligned, NULL with MemoryError set. */
void *arena_alloc(Arena *arena, size_t size);
/* STEALS `obj`: the arena drops it when it is freed. 0, or -1 with MemoryError set (obj dropped).
 */
int arena_add_object(Arena *arena, PyObject *obj);

/* -- Enumerations and nodes ------------------------------------------------------------------ */

/* Object fields of nodes, all borrowed from the arena. */
typedef PyObject *identifier; /* interned str */
typedef PyObject *string;     /* str, or bytes in trees that a program built */
typedef PyObject *constant;   /* what a literal can be: see validate.c */

/* Values start at 1 so that 0 is never a valid enumerator. */
typedef enum { expr_context_none, Load, Store, Del } expr_context;
typedef enum { boolop_none, And, Or } boolop;
typedef enum {
    operator_none,
    Add,
    Sub,
    Mult,
    MatMult,
    Div,
    Mod,
    Pow,
    LShift,
    RShift,
    BitOr,
    BitXor,
    BitAnd,
    FloorDiv
}
operator;
typedef enum { unaryop_none, Invert, Not, UAdd, USub } unaryop;
typedef enum { cmpop_none, Eq, NotEq, Lt, LtE, Gt, GtE, Is, IsNot, In, NotIn } cmpop;

/* Kinds: Module_kind, ... one enum for each sum type. */
#define SUM(g) enum g##_kind { g##_none,
#define END(g) };
#define NODE(g, n, doc) n##_kind,
#define ENDNODE(g, n)
#include "ast/nodes.def"

/* Every type X gets `X` (a pointer to its struct) and `X_seq` (a length and the items). */
#define SUM(g) typedef struct g##_node *g; typedef struct g##_seq { Py_ssize_t n; g at[]; } g##_seq;
#define END(g)
#define PRODUCT(g, a)                                                                              \
    typedef struct g##_node *g;                                                                    \
    typedef struct g##_seq {                                                                       \
        Py_ssize_t n;                                                                              \
        g at[];                                                                                    \
    } g##_seq;
#define ENDPRODUCT(n)
#include "ast/nodes.def"
typedef struct identifier_seq { Py_ssize_t n; identifier at[]; } identifier_seq;
typedef struct cmpop_seq { Py_ssize_t n; cmpop at[]; } cmpop_seq;

/* Length of a sequence that may be NULL. */
#define seq_len(s) ((s) ? (s)->n : 0)
/* A zeroed sequence of n items in `arena`, or NULL with MemoryError set (n > 0). */
#define seq_new(type, arena, count)                                                                \
    ((type##_seq *)seq_alloc((arena), sizeof(type##_seq), sizeof(((type##_seq *)0)->at[0]),        \
                             (count)))
void *seq_alloc(Arena *arena, size_t head, size_t item, Py_ssize_t n);

/* Source position: 1-based lines, 0-based UTF-8 byte columns; end is exclusive. */
typedef struct { int lineno, col_offset, end_lineno, end_col_offset; } Pos;

/* Records (`args->vararg`) and sums (`e->kind == Name_kind`, `e->v.Name.id`, `e->pos.lineno`). */
#define ONE(t, n) t n;
#define OPT(t, n) t n;
#define SEQ(t, n) t##_seq *n;
#define PRODUCT(n, attrs) struct n##_node {
#define ENDPRODUCT(n) Pos pos; };
#define SUM(g) struct g##_node { enum g##_kind kind; Pos pos; union {
#define END(g) } v; };
#define NODE(g, n, doc) struct {
#define ENDNODE(g, n) } n;
#include "ast/nodes.def"

/* -- Operations on whole trees --------------------------------------------------------------- */

/* 0, or -1 with ValueError/TypeError set when a tree built by a program breaks a rule of the
 * grammar. */
int ast_validate(mod tree);
/* Folds constants in place as 3.11's optimiser does at tree level; `optimize` is the -O level, ff
 * the future flags. */
int ast_optimize(mod tree, Arena *arena, int optimize, int ff_features);
/* The docstring of a body (BORROWED), or NULL without an error. */
PyObject *ast_docstring(stmt_seq *body);
/* Tree <-> instances of the classes of module _ast. mode: 0 exec, 1 eval, 2 single, as compile()
 * names them. */
PyObject *ast_to_object(mod tree);
mod ast_from_object(PyObject *obj, Arena *arena, int mode);
/* 1 for an instance of ast.AST, 0, or -1. */
int ast_is_instance(PyObject *obj);
/* Source text of an expression as `from __future__ import annotations` stores it. */
PyObject *ast_unparse_expr(expr e);

#endif
