/* SPDX-License-Identifier: MIT
 *
 * Shared by the files of this folder: scope.c (the object), build.c (walks the tree), analyze.c
 * (decides).
 */
#ifndef VITRO_SYMTABLE_IMPL_H
#define VITRO_SYMTABLE_IMPL_H

#include "symtable/symtable.h"
#include "state.h"

/* A new Scope, entered in st->blocks; the stack is the caller's business. */
Scope *scope_new(SymTable *st, PyObject *name, BlockType type, void *node, Pos pos);
/* Flags of an unmangled name in `scope`, 0 when unknown; -1 with an exception set. */
long scope_lookup(SymTable *st, Scope *scope, PyObject *name);
/* Gives every name of every block its scope. False with an exception set. */
bool sym_analyze(SymTable *st);

#endif
