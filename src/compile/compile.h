/* SPDX-License-Identifier: MIT
 *
 * Tree to code object. The one door of the back half of the front end.
 *
 * Ownership: the result is owned; the tree and its arena stay the caller's, but constant folding
 * changes the tree. Thread rule: needs the lock; compile_dump is set by -X dump before threads
 * start.
 */
#ifndef VITRO_COMPILE_H
#define VITRO_COMPILE_H

#include "ast/ast.h"

/* Compiles a tree (validated, not yet optimised). optimize: -1 takes the interpreter's -O level.
   Stores future flags into flags->cf_flags. */
PyCodeObject *compile_tree(mod tree, PyObject *filename, PyCompilerFlags *flags, int optimize,
                           Arena *arena);

/* -X dump: while these are not NULL, compile_tree writes scopes, graphs and code of what it
   compiles to them. */
struct compile_dump { FILE *symtable, *cfg, *bytecode; };
extern struct compile_dump compile_dump;

#endif
