/* SPDX-License-Identifier: MIT
 *
 * Lexer: source text in, tokens out. A Lexer owns a buffer of UTF-8 text with '\n' line ends;
 * tokens are pointers into it, valid until the next call of lex_next (interactive input may move
 * the buffer).
 *
 * Entry points in reading order: lex_new_string, lex_new_utf8, lex_new_file; lex_next; lex_free.
 * Errors: lex_next returns ERRORTOKEN. Either an exception is set (done == E_ERROR, E_DECODE) or
 * `done` has one of the codes of <errcode.h>, and the parser words the message (only it knows
 * whether a bracket is open). Thread rule: one owner.
 */
#ifndef VITRO_LEX_H
#define VITRO_LEX_H

#include "vitro.h"
#include <errcode.h>

/* Token numbers are those of module `token`; <token.h> needs Py_BUILD_CORE, so they stand here. */
enum {
#define TOKEN(name) name,
#define EXACT(name, text) name,
#include "lex/tokens.def"
#undef TOKEN
#undef EXACT
    N_TOKENS = 64
};

/* Their names; the ones no source text spells (ERRORTOKEN and later) stand in angle brackets. */
extern EXPORT const char *const _PyParser_TokenNames[];

/* Limits that programs can meet: "too many nested parentheses", "too many levels of indentation".
   A tab goes on to the next multiple of TAB_SIZE (language reference, 2.1.8). */
enum { MAX_BRACKETS = 200, MAX_INDENTS = 100, TAB_SIZE = 8 };

/* Where more text comes from. */
enum lex_source { LEX_STRING, LEX_FILE, LEX_INTERACTIVE };

/* State of one source. The text and the pointers into it:
 *
 *     text      buf       start   cur       inp                 end
 *      | read ... | lines of the token | line's rest | not yet seen | NUL
 *
 * In a string or file everything up to `end` is there from the start; typed input ends at `inp`. */
typedef struct Lexer {
    char *cur;              /* next character */
    char *inp;              /* end of the lines handed out so far */
    char *line_start;       /* of the current line */
    char *start;            /* of the token being read, NULL between tokens */
    char *buf;              /* first line that still belongs to the current token */
    char *multi_line_start; /* line in which a string literal began */
    char *text;             /* owned; everything read so far */
    char *end;              /* its terminating NUL */
    size_t capacity;        /* of text (interactive input) */

    int done;               /* E_OK, E_EOF or the error */
    int lineno;
    int lineno_base;        /* lineno before the first line */
    int first_lineno;       /* of a string literal */
    int level;              /* open brackets */
    bool atbol;             /* at the beginning of a line */
    int pendin;             /* INDENT (>0) or DEDENT (<0) tokens still to give */
    int indent;             /* top of the two stacks */
    int indents[MAX_INDENTS], alt_indents[MAX_INDENTS]; /* columns with tab size 8, and 1 */
    char bracket[MAX_BRACKETS];                                     /* which: ( [ or { */
    int bracket_line[MAX_BRACKETS], bracket_col[MAX_BRACKETS];      /* where each was opened */

    bool type_comments;     /* give TYPE_COMMENT and TYPE_IGNORE */
    bool report_warnings;   /* false: numbers do not warn (an f-string that has warned already) */
    char *warned;           /* numbers up to here have warned already (lex_rewind) */
    bool fatal;             /* a warning became an error: do not read the source again */
    bool stop_interactive;  /* do not ask for more input, end with E_INTERACT_STOP */
    bool typed_eof;         /* typed input has ended: do not ask again after lex_rewind */
    bool interactive;       /* input is typed: errors show lines kept here, not the file */
    /* async and await were names before 3.7 unless inside `async def` (feature_version < 7) */
    bool async_hacks;       /* such an old grammar was asked for */
    bool async_def;         /* inside an `async def`: they are keywords */
    bool async_def_nl;      /* its first line has ended */
    int async_def_indent;   /* the block ends at this indentation */

    enum lex_source source;
    FILE *fp;               /* borrowed; only read while the Lexer is made, or for typed lines */
    const char *prompt, *next_prompt; /* borrowed; NULL when not interactive */
    char *encoding;         /* owned; NULL: text was a str, columns are bytes */
    bool utf8_checked;      /* lines of a file are known to be good UTF-8 */
    PyObject *filename;     /* strong; str or NULL */
} Lexer;

/* `bytes` is NUL-terminated source text whose encoding is to be found (BOM, PEP 263), or UTF-8 when
   `utf8`. `exec`: a missing last newline is added. NULL with an exception. */
Lexer *lex_new_string(const char *bytes, bool exec, bool utf8, PyObject *filename);
/* Reads the whole of `fp` unless prompts are given. `enc` may be NULL. */
Lexer *lex_new_file(FILE *fp, const char *enc, const char *ps1, const char *ps2,
                    PyObject *filename);
void lex_free(Lexer *lex);
/* Back to the first character, as after lex_new_*: input typed so far is read again. */
void lex_rewind(Lexer *lex);

/* Next token's type. *start and *end are its text, NULL for a token that has none (DEDENT,
   ENDMARKER). */
int lex_next(Lexer *lex, const char **start, const char **end);

/* -- Inside the folder ----------------------------------------------------------------------- */

/* Makes one more line available: 1, or 0 with done set. */
int lex_underflow(Lexer *lex);
/* Raises SyntaxError at the current place (columns -1: end of the text read); ERRORTOKEN. */
int lex_error(Lexer *lex, const char *format, ...);
int lex_error_range(Lexer *lex, int col, int end_col, const char *format, ...);

#endif
