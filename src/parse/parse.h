/* SPDX-License-Identifier: MIT
 *
 * Source text to tree. Errors are raised as SyntaxError, IndentationError or TabError with 3.11's
 * message and positions.
 *
 * Entry points: parse_string; parse_file (interactive: one statement at a time).
 * Ownership: nodes and the objects inside belong to the arena; the caller frees it with them.
 * Thread rule: needs the lock; a call touches nothing shared.
 */
#ifndef VITRO_PARSE_H
#define VITRO_PARSE_H

#include "ast/ast.h"

/* start: Py_file_input, Py_eval_input, Py_single_input, Py_func_type_input. `flags` may be NULL;
   the future features found are stored into flags->cf_flags by the compiler, not here. `filename`
   is a str. */
mod parse_string(const char *source, PyObject *filename, int start, PyCompilerFlags *flags,
                 Arena *arena);
/* Reads from `fp`. interactive: prompts ps1/ps2 are used through PyOS_Readline and *errcode tells
   E_EOF at end of input; enc may be NULL (then cookie/BOM decide). *interactive_src, if asked for,
   gets the source text (owned str). */
mod parse_file(FILE *fp, PyObject *filename, const char *enc, int start, const char *ps1,
               const char *ps2, PyCompilerFlags *flags, int *errcode, PyObject **interactive_src,
               Arena *arena);

#endif
