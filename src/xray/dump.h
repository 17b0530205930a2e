/* SPDX-License-Identifier: MIT
 *
 * -X dump=STAGE,...: the stages of the main program as text on stderr. The format: docs/dump.md.
 *
 * Whoever compiles a main program asks dump_wanted() once and hands the set to the functions
 * below in pipeline order: dump_tokens_*, dump_compile, dump_ops. None of them changes what the
 * program does. Programs that module runpy starts (-m, folders, zip files) only need
 * dump_module_main().
 */
#ifndef VITRO_DUMP_H
#define VITRO_DUMP_H

#include "ast/ast.h"

enum dump_stage {
    DUMP_TOKENS = 1,
    DUMP_AST = 2,
    DUMP_SYMTABLE = 4,
    DUMP_CFG = 8,
    DUMP_BYTECODE = 16,
    DUMP_OPS = 32
};

/* The stages that the -X options of this interpreter ask for. An unknown stage ends the process
   with status 2. */
unsigned dump_wanted(void);

/* Prints the tokens when `stages` has DUMP_TOKENS. An error in the text is left to the parser to
   report. */
void dump_tokens_string(unsigned stages, const char *source, PyObject *filename,
                        PyCompilerFlags *flags);
/* `fp` is put back to where it was. */
void dump_tokens_file(unsigned stages, FILE *fp, PyObject *filename);

/* compile_tree at the interpreter's -O level, printing the tree before and scopes, graphs and
   code after. */
PyCodeObject *dump_compile(unsigned stages, mod tree, PyObject *filename, PyCompilerFlags *flags,
                           Arena *arena);

/* For a program without source: says so for the early stages and prints its bytecode. */
void dump_code(unsigned stages, PyCodeObject *co);

/* Makes module runpy (just imported) print the stages of the program that it is about to run. */
int dump_module_main(PyObject *runpy);

/* Prints the code as it is after the run, specialised; an exception that is set stays. */
void dump_ops(unsigned stages, PyCodeObject *co);

#endif
