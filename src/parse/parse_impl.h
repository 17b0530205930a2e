/* SPDX-License-Identifier: MIT
 *
 * Shared by the files of this folder: the Parser, its tokens, and the grammar's functions.
 *
 * A source is parsed in up to three passes.
 *
 *   fast      decides by the next token, builds targets by converting expressions, keeps no memo.
 *             It accepts exactly the language. Nearly every parse ends here.
 *   faithful  only after a failure: tries the alternatives in the order of the reference grammar,
 *             with memo, and so reads exactly as many tokens as 3.11 does. Its last token is where
 *             "invalid syntax" points.
 *   invalid   the faithful pass again, with the rules that describe common mistakes (invalid*.c)
 *             switched on.
 *
 * Why not one pass: PEP 617's grammar is defined by ordered alternatives and a memo, and its error
 * messages depend on how far they read. Following it literally means trying and undoing much that a
 * look at the next token decides; correct programs need not pay for it.
 *
 * Conventions of every rule function
 *
 * - The comment above it is its production: 'word' a token, "word" a soft keyword, [x] or x? zero
 *   or one, x* any number, x+ at least one, s.x+ x separated by s, &x and !x lookahead, &&x "must
 *   be" (raises), ~ no other alternative behind this point, (memo) remembered.
 * - It returns a node, or NULL when the rule does not match. A failing rule may leave `mark`
 *   anywhere; the caller that tries another alternative resets it. (So: alternatives reset,
 *   sequences need not.)
 * - After an error is raised (parse_fail) no token matches any more, so every rule soon fails;
 *   results that a rule still returns are ignored at the top. Raising a second error does nothing.
 * - Nodes live in the arena. Items of sequences are collected on `stack`; a rule that pushed and
 *   fails must cut the stack back (parse_cut).
 * - Memory exhaustion raises MemoryError and gives the scratch node, so allocation results need no
 *   check.
 *
 * Thread rule: a Parser belongs to one call. Ownership: arena and lexer are the caller's.
 */
#ifndef VITRO_PARSE_IMPL_H
#define VITRO_PARSE_IMPL_H

#include "ast/ast.h"
#include "base/cstack.h"
#include "lex/lex.h"
#include "parse/parse.h"
#include "state.h"

#include <string.h>



/* Keywords are token types of their own, behind those of the lexer. Soft keywords (match, case, _)
 * are NAMEs that the rules look at. */
enum {
    KW_FALSE = N_TOKENS,
    KW_NONE,
    KW_TRUE,
    KW_AND,
    KW_AS,
    KW_ASSERT,
    KW_BREAK,
    KW_CLASS,
    KW_CONTINUE,
    KW_DEF,
    KW_DEL,
    KW_ELIF,
    KW_ELSE,
    KW_EXCEPT,
    KW_FINALLY,
    KW_FOR,
    KW_FROM,
    KW_GLOBAL,
    KW_IF,
    KW_IMPORT,
    KW_IN,
    KW_IS,
    KW_LAMBDA,
    KW_NONLOCAL,
    KW_NOT,
    KW_OR,
    KW_PASS,
    KW_RAISE,
    KW_RETURN,
    KW_TRY,
    KW_WHILE,
    KW_WITH,
    KW_YIELD
};

/* What a rule gave at a token; a list, since few rules begin at the same place. */
typedef struct Memo {
    struct Memo *next;
    int id;                 /* MEMO_* */
    int end;                /* mark behind it */
    void *node;             /* NULL: does not match here */
} Memo;

/* A token as it was read. Lives in the arena and never moves; a later pass uses it again. */
typedef struct Token {
    int type;               /* token, KW_*, ERRORTOKEN; with bit 20 set after an error */
    int level;              /* open brackets behind it */
    Pos pos;                /* col_offset may be -1 */
    Py_ssize_t at;          /* offset of its text in lex->text */
    int len;                /* in bytes */
    Memo *memo;             /* of the rules tried here (faithful passes) */
    identifier id;          /* of a NAME, once made; borrowed from the arena */
} Token;

/* Rules that are remembered (faithful passes). */
enum {
    MEMO_SIMPLE_STMT,
    MEMO_BLOCK,
    MEMO_EXPRESSION,
    MEMO_STAR_EXPRESSION,
    MEMO_DISJUNCTION,
    MEMO_CONJUNCTION,
    MEMO_INVERSION,
    MEMO_BITWISE_OR,
    MEMO_PRIMARY,
    MEMO_AWAIT_PRIMARY,
    MEMO_FACTOR,
    MEMO_STRINGS,
    MEMO_ARGUMENTS,
    MEMO_STAR_TARGET,
    MEMO_TARGET_WITH_STAR_ATOM,
    MEMO_T_PRIMARY,
    MEMO_DEL_TARGET,
    MEMO_LAMBDEF,
    MEMO_INVALID_NAMED,
    MEMO_STAR_PATTERN,
    MEMO_CLOSED_PATTERN,
    MEMO_DOTTED,
    MEMO_ATTR,
    MEMO_POISON
};

/* MAX_LEVEL is 3.11's limit of the nesting of rules, so that the same input is too deep. */
enum { NAME_CACHE = 512, MAX_LEVEL = 6000 };

/* Names seen before, by hash of their bytes. */
struct NameCache {
    struct {
        const char *text;
        int len;
        identifier id;
    } at[NAME_CACHE]; /* text in the arena */
};

/* One parse, over all its passes. */
typedef struct Parser {
    Lexer *lex;             /* borrowed */
    Arena *arena;           /* borrowed */
    Token **tokens;         /* owned array; `fill` of them are read */
    int mark;               /* the next one to look at */
    int fill, capacity;
    bool error;             /* an exception is set */
    bool fatal;             /* ... that a further pass must not replace */
    bool fast;              /* first pass */
    bool invalid;           /* the rules of invalid.c are on */
    bool quiet;             /* f-string expression of a token that has warned in an earlier pass */
    bool warn;              /* the string token being evaluated gives warnings */
    Py_ssize_t warned;      /* string tokens up to this offset have warned already */
    bool single_started;    /* interactive: a token was read since the last ENDMARKER */
    int level;              /* nesting of rules, up to MAX_LEVEL */
    int start_rule;         /* Py_file_input ... or START_FSTRING */
    int flags;              /* PyCF_* */
    int feature_version;    /* minor version of the grammar asked for */
    int starting_lineno, starting_col; /* f-string expression: where it stands in its file */
    Token *known_error;     /* errors point here instead of at the last token */
    int *errcode;           /* MAYBE_NULL */
    void **stack;           /* owned; items of sequences under construction */
    int top, stack_size;
    struct { int lineno; char *tag; } *ignores; /* `# type: ignore` comments; tags in the arena */
    int nignores;
    PyObject *normalize;    /* strong: unicodedata.normalize, once needed */
    Token poison;           /* what peek gives after an error */
    struct NameCache *names; /* owned unless of an f-string's expression */
    /* what an allocation gives when memory has run out: written, not read */
    union {
        struct expr_node e;
        struct stmt_node s;
        struct pattern_node p;
        char room[256];
    } scratch;
} Parser;

/* -- Tokens (core.c) ------------------------------------------------------------------------- */

bool parse_fill(Parser *p);
/* The error state: no token matches from here on. NULL. */
void *parse_fail(Parser *p);

/* The next token; one of type ERRORTOKEN after an error. */
static inline Token *peek(Parser *p)
{
    if (UNLIKELY(p->mark >= p->fill) && !parse_fill(p))
        return &p->poison;
    return p->tokens[p->mark];
}
static inline bool at(Parser *p, int type) { return peek(p)->type == type; }
/* Consumes a token of this type, or NULL. */
static inline Token *take(Parser *p, int type)
{
    Token *t = peek(p);
    if (t->type != type)
        return NULL;
    p->mark++;
    return t;
}
/* Type of the token `n` behind the next one, without consuming. */
int peek_type(Parser *p, int n);
/* As take, but raises "expected 'what'" ("&&" in the grammar). */
Token *parse_force(Parser *p, int type, const char *what);
static inline const char *token_text(Parser *p, const Token *t) { return p->lex->text + t->at; }
/* Is this the token's text? */
bool token_is(Parser *p, const Token *t, const char *word);
/* Is the next token this soft keyword? */
bool at_word(Parser *p, const char *word);
Token *take_word(Parser *p, const char *word);
Token *last_token(Parser *p); /* last consumed one that is not NEWLINE, INDENT, DEDENT, ENDMARKER */

typedef void *(*Rule)(Parser *p);
void *parse_memo_slow(Parser *p, int id, Rule rule);
/* Runs a rule through the memo (never in the fast pass). */
static inline void *parse_memo(Parser *p, int id, Rule rule)
{
    return p->fast ? rule(p) : parse_memo_slow(p, id, rule);
}

/* -- Nodes (core.c) -------------------------------------------------------------------------- */

static inline Pos pos_from(Parser *p, const Token *start)
{
    const Pos *end = &last_token(p)->pos;
    return (Pos){start->pos.lineno, start->pos.col_offset, end->end_lineno, end->end_col_offset};
}
static inline Pos pos_range(Pos a, Pos b)
{
    return (Pos){a.lineno, a.col_offset, b.end_lineno, b.end_col_offset};
}
/* Zeroed memory of the arena. */
void *parse_alloc(Parser *p, size_t size);
expr parse_new_expr(Parser *p, const struct expr_node *proto);
stmt parse_new_stmt(Parser *p, const struct stmt_node *proto);
pattern parse_new_pattern(Parser *p, const struct pattern_node *proto);
/* EXPR(p, BinOp, pos, .left = a, .op = Add, .right = b) */
#define EXPR(p, K, position, ...)                                                                  \
    parse_new_expr((p),                                                                            \
                   &(struct expr_node){.kind = K##_kind, .pos = (position), .v.K = {__VA_ARGS__}})
#define STMT(p, K, position, ...)                                                                  \
    parse_new_stmt((p),                                                                            \
                   &(struct stmt_node){.kind = K##_kind, .pos = (position), .v.K = {__VA_ARGS__}})
#define PATTERN(p, K, position, ...)                                                               \
    parse_new_pattern(                                                                             \
        (p), &(struct pattern_node){.kind = K##_kind, .pos = (position), .v.K = {__VA_ARGS__}})
/* Gives `obj` (STEALS; NULL: an exception is set) to the arena and returns it borrowed. */
PyObject *parse_own(Parser *p, PyObject *obj);

void parse_push(Parser *p, void *item);
static inline void parse_cut(Parser *p, int base) { p->top = base; }
/* The items above `base` as a sequence (of pointers; NULL when there are none), which leave the
 * stack. */
void *parse_seq(Parser *p, int base);
/* A sequence of one. */
void *parse_seq1(Parser *p, void *item);
#define seq_last(s) ((s)->at[(s)->n - 1])

/* Identifiers are interned, normalised (PEP 3131) and belong to the arena. */
identifier parse_token_id(Parser *p, Token *t);
identifier parse_new_identifier(Parser *p, const char *text, int len);
expr parse_name_expr(Parser *p, Token *t, expr_context ctx);
/* A copy of `e` (and of what is inside, for containers) in another context. */
expr parse_with_context(Parser *p, expr e, expr_context ctx);
/* NULL with SyntaxError when feature_version is older; else `node`. */
void *parse_check_version(Parser *p, int version, const char *what, void *node);

/* -- Errors (error.c) ------------------------------------------------------------------------ */

enum { POS_CURRENT = -5 }; /* "where the lexer is" */
/* The RAISE family: NULL always, so that a rule can return it. Places are given by tokens or nodes:
 * RAISE the last token read, AT one of them, FROM one to where the lexer is, RANGE two of them. */
void *parse_raise(Parser *p, PyObject *type, const char *format, ...);
void *parse_raise_at(Parser *p, PyObject *type, int lineno, int col, int end_lineno, int end_col,
                     const char *format, ...);
#define RAISE(p, ...) parse_raise((p), PyExc_SyntaxError, __VA_ARGS__)
#define RAISE_INDENT(p, ...) parse_raise((p), PyExc_IndentationError, __VA_ARGS__)
#define RAISE_FROM(p, x, ...)                                                                      \
    parse_raise_at((p), PyExc_SyntaxError, (x)->pos.lineno, (x)->pos.col_offset, POS_CURRENT,      \
                   POS_CURRENT, __VA_ARGS__)
#define RAISE_RANGE(p, x, y, ...)                                                                  \
    parse_raise_at((p), PyExc_SyntaxError, (x)->pos.lineno, (x)->pos.col_offset,                   \
                   (y)->pos.end_lineno, (y)->pos.end_col_offset, __VA_ARGS__)
#define RAISE_AT(p, x, ...) RAISE_RANGE(p, x, x, __VA_ARGS__)
enum target_kind { STAR_TARGETS, DEL_TARGETS, FOR_TARGETS };
/* "cannot assign to ..." when `e` holds something that is no target; NULL always. */
void *parse_raise_invalid_target(Parser *p, enum target_kind kind, expr e);
/* "function call", "literal" ...: how messages call an expression. */
const char *parse_expr_name(expr e);
/* After an ERRORTOKEN: raises what the lexer left unsaid. False always. */
bool parse_lexer_error(Parser *p);
/* Turns a decoding error into SyntaxError "(unicode error) ..." . */
void parse_raise_decode(Parser *p);
/* After the last pass: "invalid syntax" at `last`, unless something better is known. */
void parse_set_syntax_error(Parser *p, Token *last);
/* DeprecationWarning "invalid escape sequence"; -1 when it became an error. */
int parse_warn_escape(Parser *p, const char *escape, Token *t);

/* -- Literals (literal.c, fstring.c) --------------------------------------------------------- */

expr parse_number(Parser *p);
expr parse_strings(Parser *p);
/* Text between quotes with its escapes decoded; owned. */
PyObject *parse_decode_text(Parser *p, bool raw, const char *s, size_t n, Token *t);
/* Values of a concatenation with f-strings: constants and FormattedValues are pushed on the
 * parser's stack. */
struct FString {
    PyObject *literal;      /* strong, MAYBE_NULL: text that is not pushed yet */
    Pos pos;                /* of the whole concatenation */
    PyObject *kind;         /* "u" or NULL */
};
/* Adds text (STEALS; NULL: an exception is set). */
bool fstring_add_text(Parser *p, struct FString *f, PyObject *text);
/* Adds the body s[0..n) of an f-string token. */
bool fstring_add_body(Parser *p, struct FString *f, const char *s, size_t n, bool raw, Token *t);
/* Pushes pending text as a constant at `pos`. */
bool fstring_flush(Parser *p, struct FString *f, Pos pos, PyObject *kind);

/* -- Parsers (parse.c) ----------------------------------------------------------------------- */

Parser *parse_new(Lexer *lex, int start_rule, int flags, int feature_version, int *errcode,
                  Arena *arena);
/* For an expression inside an f-string of `outer`. */
Parser *parse_new_inner(Parser *outer, Lexer *lex, int lineno, int col);
void parse_free(Parser *p);
/* Runs all passes: a mod, or an expr for an f-string's expression. */
void *parse_run(Parser *p);
enum { START_FSTRING = 800 }; /* start rule of the expressions inside f-strings */

/* -- Nesting --------------------------------------------------------------------------------- */

/* Counts nesting so that deep input ends in MemoryError, not in a crash. `weight`: the rules that
 * the reference grammar goes through between two levels. False: too deep (an error is set). Either
 * way parse_leave follows. */
static inline bool parse_enter(Parser *p, int weight)
{
    if (LIKELY((p->level += weight) < MAX_LEVEL) && !cstack_short())
        return true;
    if (!p->error) {
        PyErr_NoMemory();
        p->fatal = true;
        parse_fail(p);
    }
    return false;
}
static inline void parse_leave(Parser *p, int weight) { p->level -= weight; }

/* -- Grammar --------------------------------------------------------------------------------- */

/* Next alternative of an invalid_* rule: back to its beginning, unless one has raised already. */
static inline bool begin(Parser *p, int mark)
{
    p->mark = mark;
    return !p->error;
}

/* stmt.c, compound.c */
stmt_seq *parse_statements(Parser *p);
stmt_seq *parse_simple_stmts(Parser *p);
stmt_seq *parse_block(Parser *p);
stmt parse_compound_stmt(Parser *p);
stmt parse_match_stmt(Parser *p);
stmt_seq *parse_statement_newline(Parser *p);
bool parse_decorators(Parser *p, expr_seq **decorators);
stmt parse_class_def_raw(Parser *p, expr_seq *decorators);
stmt parse_function_def_raw(Parser *p, expr_seq *decorators);
excepthandler parse_except_block(Parser *p);
excepthandler parse_except_star_block(Parser *p);
PyObject *parse_type_comment(Parser *p); /* MAYBE_NULL, borrowed */
operator parse_augassign(Parser *p);     /* 0: none */
alias_seq *parse_import_from_as_names(Parser *p);

/* params.c; `lambda` selects the rules for lambda */
arguments parse_params(Parser *p, bool lambda);
arguments parse_empty_arguments(Parser *p);
struct Param { arg arg; expr value; }; /* value: the default, NULL without */
bool parse_param_no_default(Parser *p, bool lambda, struct Param *param);
bool parse_param_with_default(Parser *p, bool lambda, struct Param *param);
bool parse_param_maybe_default(Parser *p, bool lambda);
bool parse_slash_no_default(Parser *p, bool lambda);
bool parse_slash_with_default(Parser *p, bool lambda);
arg parse_param(Parser *p, bool lambda);

/* expr.c, atom.c */
expr parse_expressions(Parser *p);
expr parse_expression(Parser *p);
expr parse_star_expressions(Parser *p);
expr parse_star_expression(Parser *p);
expr parse_star_named_expression(Parser *p);
expr_seq *parse_star_named_expressions(Parser *p);
expr parse_named_expression(Parser *p);
expr parse_assignment_expression(Parser *p);
expr parse_disjunction(Parser *p);
expr parse_bitwise_or(Parser *p);
expr parse_primary(Parser *p);
expr parse_atom(Parser *p);
expr parse_yield_expr(Parser *p);
expr parse_lambdef(Parser *p);
expr parse_slices(Parser *p);
expr parse_genexp(Parser *p);
expr parse_list(Parser *p);
expr parse_tuple(Parser *p);
expr parse_starred_expression(Parser *p);
comprehension_seq *parse_for_if_clauses(Parser *p);
bool parse_double_starred_kvpair(Parser *p, expr *key, expr *value);
expr parse_dotted_name(Parser *p);

/* call.c: argument lists are Call nodes whose func is NULL */
expr parse_arguments(Parser *p);
expr parse_args(Parser *p);
expr parse_fast_call(Parser *p, expr func, Token *start);

/* target.c */
expr parse_star_targets(Parser *p);
expr parse_star_target(Parser *p);
expr parse_single_target(Parser *p);
expr parse_single_subscript_attribute_target(Parser *p);
expr_seq *parse_del_targets(Parser *p);
expr parse_fast_target(Parser *p, expr_context ctx);
/* Turns an expression into a target in place when it is one (starred parts allowed with `star`). */
bool parse_set_target(expr e, expr_context ctx, bool star);

/* pattern.c */
pattern parse_patterns(Parser *p);
expr parse_name_or_attr(Parser *p);
pattern parse_or_pattern(Parser *p);
expr parse_guard(Parser *p);
expr parse_subject_expr(Parser *p);
bool parse_positional_patterns(Parser *p); /* pushes them */
bool parse_keyword_patterns(Parser *p);    /* pushes (identifier, pattern) pairs */

/* invalid*.c: each tries to recognise a mistake and raise; they return nothing and leave `mark` as
 * it was. */
void invalid_expression(Parser *p);
void invalid_named_expression(Parser *p);
void invalid_assignment(Parser *p);
void invalid_del_stmt(Parser *p);
void invalid_block(Parser *p);
void invalid_comprehension(Parser *p);
void invalid_dict_comprehension(Parser *p);
void invalid_parameters(Parser *p, bool lambda);
void invalid_star_etc(Parser *p, bool lambda);
void invalid_kwds(Parser *p, bool lambda);
void invalid_default(Parser *p);
void invalid_with_item(Parser *p);
void invalid_for_target(Parser *p);
void invalid_group(Parser *p);
void invalid_import_from_targets(Parser *p);
void invalid_with_stmt(Parser *p);
void invalid_with_stmt_indent(Parser *p);
void invalid_try_stmt(Parser *p);
void invalid_except_stmt(Parser *p);
void invalid_except_stmt_indent(Parser *p);
void invalid_except_star_stmt_indent(Parser *p);
void invalid_match_stmt(Parser *p);
void invalid_case_block(Parser *p);
void invalid_as_pattern(Parser *p);
void invalid_class_pattern(Parser *p);
/* if, elif, while, else, finally: a keyword, a condition or none, a colon, a block. */
void invalid_condition_stmt(Parser *p, int keyword, const char *word);
void invalid_bare_stmt(Parser *p, int keyword, const char *word);
void invalid_for_stmt(Parser *p);
void invalid_def_raw(Parser *p);
void invalid_class_def_raw(Parser *p);
void invalid_double_starred_kvpairs(Parser *p);
void invalid_arguments(Parser *p);
void invalid_kwarg(Parser *p);
void invalid_double_type_comments(Parser *p);

#endif
