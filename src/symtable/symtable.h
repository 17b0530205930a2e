/* SPDX-License-Identifier: MIT
 *
 * Tree to scopes: which name means what in which block (LEGB: local, enclosing, global, builtin).
 *
 * A Scope is a Python object (module symtable shows it) for one block: module, class body,
 * function, lambda, comprehension. Its dict `symbols` maps mangled names to flags: how the block
 * uses the name (DEF_...), and, once analysed, its scope in the bits from SCOPE_OFFSET on.
 *
 * Thread rule: a table belongs to the thread that builds it.
 * Entry points in reading order: sym_build, PySymtable_Lookup, sym_scope_of, sym_free.
 */
#ifndef VITRO_SYMTABLE_H
#define VITRO_SYMTABLE_H

#include "ast/ast.h"

/* How a block uses a name. */
enum {
    DEF_GLOBAL = 1,            /* global statement */
    DEF_LOCAL = 2,             /* assigned in the block */
    DEF_PARAM = 4,             /* formal parameter */
    DEF_NONLOCAL = 8,          /* nonlocal statement */
    USE = 16,                  /* read */
    DEF_FREE = 32,             /* used but not bound in a nested block */
    DEF_FREE_CLASS = 64,       /* bound in a class and free in a method */
    DEF_IMPORT = 128,          /* bound by import */
    DEF_ANNOT = 256,           /* annotated */
    DEF_COMP_ITER = 512,       /* target of a comprehension's for */
    DEF_BOUND = DEF_LOCAL | DEF_PARAM | DEF_IMPORT,
};

/* What the name therefore is. */
enum {
    SCOPE_LOCAL = 1,           /* of this block */
    SCOPE_GLOBAL_EXPLICIT,     /* declared global */
    SCOPE_GLOBAL_IMPLICIT,     /* bound nowhere around: global or built-in, looked up at run time */
    SCOPE_FREE,                /* a cell of an enclosing function */
    SCOPE_CELL                 /* of this block, and used by a nested one */
};
/* A symbol is flags | scope << SCOPE_OFFSET. */
enum { SCOPE_OFFSET = 11, SCOPE_MASK = DEF_GLOBAL | DEF_LOCAL | DEF_PARAM | DEF_NONLOCAL };

/* ANNOTATION_BLOCK: an annotation that becomes a string; nobody asks for its names. */
typedef enum { FUNCTION_BLOCK, CLASS_BLOCK, MODULE_BLOCK, ANNOTATION_BLOCK } BlockType;
typedef enum {
    NO_COMPREHENSION,
    LIST_COMPREHENSION,
    DICT_COMPREHENSION,
    SET_COMPREHENSION,
    GENERATOR_EXPRESSION
} ComprehensionType;

/* Future features of a file. */
typedef struct {
    int features; /* CO_FUTURE_... */
    int lineno; /* last line of a future statement */
} Future;

/* One block. Pointers are strong unless marked. */
typedef struct _symtable_entry {
    PyObject_HEAD
    PyObject *id;               /* int: the node's address, key in SymTable.blocks */
    PyObject *symbols;          /* dict: mangled name -> int */
    PyObject *name;             /* str */
    PyObject *varnames;         /* list: parameters in order */
    PyObject *children;         /* list of Scope */
    PyObject *directives;       /* list of (name, position…) of global and nonlocal statements, or
                                   NULL */
    BlockType type;
    int nested;                 /* inside a function */
    ComprehensionType comprehension; /* which, when it is one */
    bool has_free;              /* some name is free here */
    bool child_has_free;        /* some name is free in a child */
    bool generator, coroutine;  /* holds yield; is async def, or holds await or an async for */
    bool varargs, varkeywords;  /* *args, **kwargs */
    bool returns_value;         /* `return x` */
    bool needs_class_closure;   /* class block: a method uses __class__ */
    bool in_target;             /* while a comprehension's target is visited */
    int in_iterable;            /* depth of comprehension iterables being visited */
    Pos pos;                    /* of the node */
    struct symtable *table;     /* borrowed; read by the two passes only */
} Scope;

/* The table of one tree, and the state of the walk that builds it. */
typedef struct symtable {
    PyObject *filename;         /* borrowed str */
    Scope *current;             /* borrowed from stack */
    Scope *top;                 /* borrowed from blocks: the module's */
    PyObject *blocks;           /* dict: node address -> Scope */
    PyObject *stack;            /* list of Scope */
    PyObject *global_symbols;   /* borrowed: top->symbols */
    PyObject *private_name;     /* borrowed: class whose names are mangled, or NULL */
    Future *future;             /* borrowed */
    int recursion_depth, recursion_limit; /* levels of the tree */
} SymTable;

extern PyTypeObject scope_type;

/* Which features a file asks for. 0, or -1 with SyntaxError set. */
int sym_future(mod tree, PyObject *filename, Future *future);
/* The table of a tree, NULL with an exception set. */
SymTable *sym_build(mod tree, PyObject *filename, Future *future);
void sym_free(SymTable *st);
/* Scope of a block by its node, owned; NULL, maybe without an exception, when there is none. */
EXPORT Scope *PySymtable_Lookup(SymTable *st, void *node);
/* DEF_… flags of a mangled name, 0 when unknown; -1 with an exception set. */
long sym_flags_of(Scope *scope, PyObject *mangled);
/* SCOPE_… of a mangled name, 0 when unknown. */
int sym_scope_of(Scope *scope, PyObject *mangled);
/* __name in class `private_name` (NULL: no class) becomes _Class__name. Owned. */
PyObject *sym_mangle(PyObject *private_name, PyObject *name);
/* Raises SyntaxError with a position of the file. */
void sym_error_at(PyObject *filename, Pos pos);
/* -X dump=symtable */
void sym_dump(FILE *out, SymTable *st);

/* Depth and limit that nested trees are measured against: Python's own recursion counts as three.
   */
enum { SYM_FRAME_SCALE = 3 };
void sym_recursion_bounds(int *depth, int *limit);

#endif
