/* SPDX-License-Identifier: MIT
 *
 * The classes of module _ast, and nodes.def as data: what a conversion must know about each class.
 *
 *      rows         SUM expr | NODE BoolOp | ONE op | SEQ values | END | NODE NamedExpr | ...
 *      AstClass     expr        BoolOp ─ fields ──┘                      NamedExpr
 *      first[T_expr] ┘          first + kind
 *
 * One AstClasses hangs off the interpreter (interp->ast), made when first needed. Reading order:
 * type codes, rows, AstClass, AstClasses. Thread rule: needs the lock.
 */
#ifndef VITRO_AST_CLASSES_H
#define VITRO_AST_CLASSES_H

#include "ast/ast.h"

/* Type of a field. */
enum ast_type {
    T_identifier, T_string, T_constant, T_int,
    T_expr_context, T_boolop, T_operator, T_unaryop, T_cmpop,
#define SUM(g) T_##g,
#define PRODUCT(n, attrs) T_##n,
#include "ast/nodes.def"
    N_TYPES
};
#define ast_is_enum(t) ((t) >= T_expr_context && (t) <= T_cmpop)

/* A row of nodes.def. */
enum ast_row_kind { ROW_SUM, ROW_NODE, ROW_PRODUCT, ROW_ENUM, ROW_ONE, ROW_OPT, ROW_SEQ, ROW_END };
typedef struct {
    enum ast_row_kind kind;
    int type;               /* of the field; the sum, product or enum that the row belongs to */
    const char *name;
    const char *doc;        /* of a class; a field's type; an enumerator's source text */
    int value; /* NODE: kind; ENUM: value; PRODUCT: has positions; END: offset of a product's pos */
} AstRow;

enum { MAX_FIELDS = 7 }; /* `arguments` has them */

/* One class. */
typedef struct {
    PyTypeObject *type;     /* strong */
    const AstRow *row;      /* ROW_SUM, ROW_NODE, ROW_PRODUCT or ROW_ENUM */
    const AstRow *fields;   /* nfields rows */
    int nfields;
    PyObject *names;        /* strong: tuple _fields */
    uint8_t offset[MAX_FIELDS]; /* of the fields in a node's struct */
    int pos;                /* offset of the positions, -1: none */
    bool end_optional;      /* end_lineno and end_col_offset may be missing */
    PyObject *singleton;    /* strong; of an enumerator */
} AstClass;

/* Attributes of nodes with positions, in the order of Pos. */
enum { ATTR_LINENO, ATTR_COL, ATTR_END_LINENO, ATTR_END_COL, N_ATTRS };
enum { MAX_CLASSES = 128 };
typedef struct {
    PyTypeObject *AST;      /* strong */
    PyObject *attributes[N_ATTRS]; /* strong; their names */
    int n;                  /* classes in use */
    AstClass classes[MAX_CLASSES]; /* in the order of nodes.def */
    int first[N_TYPES];     /* index of a type's own class; its nodes or enumerators follow it */
    int count[N_TYPES];     /* how many follow */
} AstClasses;

/* The interpreter's classes (BORROWED), made on first use. */
AstClasses *ast_classes(void);
/* Drops them at shutdown. */
void ast_classes_clear(PyInterpreterState *interp);

#endif
