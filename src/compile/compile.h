/* SPDX-License-Identifier: MIT
 *
 * Tree to code object. The one door of the back half of the front end.
 */
#ifndef VITRO_COMPILE_H
#define VITRO_COMPILE_H

#include "ast/ast.h"

/* Compiles a tree (validated, not yet optimised). optimize: -1 takes the interpreter's -O level. Stores future
   flags into flags->cf_flags. */
PyCodeObject *compile_tree(mod tree, PyObject *filename, PyCompilerFlags *flags, int optimize, Arena *arena);

#endif
