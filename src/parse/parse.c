/* SPDX-License-Identifier: MIT
 *
 * Entry points, and the three passes over a source (parse_impl.h tells why there are three).
 *
 *   parse_run ── parse_pass  fast ── accepted ──────────────────────────────────────> tree
 *                   │ failed
 *                parse_explain ── parse_restart, parse_pass  faithful ── failed
 *                                  └─ parse_pass  invalid ── raised, or:
 *                                      └─ parse_set_syntax_error  "invalid syntax" at the token
 *                                         that the faithful pass read last
 *
 * An exception other than SyntaxError (memory, a codec, KeyboardInterrupt) ends the run at once, as
 * does a warning that became an error: a further pass would hide it.
 */
#include "parse/parse_impl.h"

/* -- Parser objects -------------------------------------------------------------------------- */

/* A Parser for its first pass; no name cache yet. */
static Parser *parse_new_with(Lexer *lex, int start_rule, int flags, int feature_version,
                              Arena *arena)
{
    Parser *p = PyMem_Calloc(1, sizeof(Parser));
    if (!p)
        return (Parser *)PyErr_NoMemory();
    p->lex = lex;
    p->arena = arena;
    p->start_rule = start_rule;
    p->flags = flags;
    p->feature_version = feature_version;
    p->poison.type = ERRORTOKEN;
    p->fast = true;
    p->warned = -1;
    p->level = 35; /* rules between a file and an expression in the reference grammar */
    return p;
}

Parser *parse_new(Lexer *lex, int start_rule, int flags, int feature_version, int *errcode,
                  Arena *arena)
{
    Parser *p = parse_new_with(lex, start_rule, flags, feature_version, arena);
    if (p && !(p->names = PyMem_Calloc(1, sizeof *p->names))) {
        PyErr_NoMemory();
        PyMem_Free(p);
        return NULL;
    }
    if (!p)
        return NULL;
    p->errcode = errcode;
    lex->type_comments = flags & PyCF_TYPE_COMMENTS;
    lex->async_hacks = feature_version < 7;
    return p;
}

Parser *parse_new_inner(Parser *outer, Lexer *lex, int lineno, int col)
{
    Parser *p =
        parse_new_with(lex, START_FSTRING, outer->flags, outer->feature_version, outer->arena);
    if (!p)
        return NULL;
    p->names = outer->names;
    p->level = outer->level;
    p->quiet = !outer->warn;
    lex->report_warnings = outer->warn;
    p->starting_lineno = lineno;
    p->starting_col = col;
    lex->lineno_base = lineno - 1;
    lex_rewind(lex);
    return p;
}

/* Leaves lexer, arena and, for an inner parser, the outer one's names. */
void parse_free(Parser *p)
{
    if (p->start_rule != START_FSTRING)
        PyMem_Free(p->names);
    PyMem_Free(p->tokens);
    PyMem_Free(p->stack);
    PyMem_Free(p->ignores);
    Py_XDECREF(p->normalize);
    PyMem_Free(p);
}

/* -- Start rules ----------------------------------------------------------------------------- */

static type_ignore_seq *parse_type_ignores(Parser *p)
{
    int base = p->top;
    for (int i = 0; i < p->nignores; i++) {
        const char *tag = p->ignores[i].tag;
        type_ignore node = parse_alloc(p, sizeof *node);
        node->kind = TypeIgnore_kind;
        node->v.TypeIgnore.lineno = p->ignores[i].lineno;
        node->v.TypeIgnore.tag = parse_new_identifier(p, tag, (int)strlen(tag));
        parse_push(p, node);
    }
    return parse_seq(p, base);
}

/* NEWLINE* ENDMARKER */
static bool parse_end(Parser *p)
{
    while (take(p, NEWLINE)) {}
    return take(p, ENDMARKER) != NULL;
}

/* file: [statements] ENDMARKER */
static mod parse_file_input(Parser *p)
{
    stmt_seq *body = parse_statements(p);
    if (!take(p, ENDMARKER))
        return NULL;
    mod m = parse_alloc(p, sizeof *m);
    m->kind = Module_kind;
    m->v.Module.body = body;
    m->v.Module.type_ignores = parse_type_ignores(p);
    return m;
}

/* interactive: statement_newline */
static mod parse_interactive(Parser *p)
{
    stmt_seq *body = parse_statement_newline(p);
    if (!body)
        return NULL;
    mod m = parse_alloc(p, sizeof *m);
    m->kind = Interactive_kind;
    m->v.Interactive.body = body;
    return m;
}

/* eval: expressions NEWLINE* ENDMARKER */
static mod parse_eval(Parser *p)
{
    expr body = parse_expressions(p);
    if (!body || !parse_end(p))
        return NULL;
    mod m = parse_alloc(p, sizeof *m);
    m->kind = Expression_kind;
    m->v.Expression.body = body;
    return m;
}

/* type_expressions: ','.expression+ ',' '*' expression ',' '**' expression
                   | ','.expression+ ',' '*' expression
                   | ','.expression+ ',' '**' expression
                   | '*' expression ',' '**' expression
                   | '*' expression
                   | '**' expression
                   | ','.expression+ */
static expr_seq *parse_type_expressions(Parser *p)
{
    int base = p->top, mark = p->mark, stage = 0; /* 0: plain, 1: behind '*', 2: behind '**' */
    do {
        if (stage < 1 && take(p, STAR))
            stage = 1;
        else if (stage < 2 && take(p, DOUBLESTAR))
            stage = 2;
        else if (stage)
            break;
        expr e = parse_expression(p);
        if (!e)
            break;
        parse_push(p, e);
        mark = p->mark;
    } while (take(p, COMMA));
    p->mark = mark;
    return parse_seq(p, base);
}

/* func_type: '(' [type_expressions] ')' '->' expression NEWLINE* ENDMARKER */
static mod parse_func_type(Parser *p)
{
    if (!take(p, LPAR))
        return NULL;
    expr_seq *argtypes = parse_type_expressions(p);
    expr returns = take(p, RPAR) && take(p, RARROW) ? parse_expression(p) : NULL;
    if (!returns || !parse_end(p))
        return NULL;
    mod m = parse_alloc(p, sizeof *m);
    m->kind = FunctionType_kind;
    m->v.FunctionType.argtypes = argtypes;
    m->v.FunctionType.returns = returns;
    return m;
}

/* The start rule asked for. */
static void *parse_start(Parser *p)
{
    switch (p->start_rule) {
    case Py_file_input: return parse_file_input(p);
    case Py_single_input: return parse_interactive(p);
    case Py_eval_input: return parse_eval(p);
    case Py_func_type_input: return parse_func_type(p);
    case START_FSTRING: return parse_star_expressions(p);
    default:
        PyErr_SetString(PyExc_SystemError, "internal error: unknown start rule of the parser");
        return parse_fail(p);
    }
}

/* -- Passes ---------------------------------------------------------------------------------- */

/* One pass from the first token. */
static void *parse_pass(Parser *p)
{
    int level = p->level;
    p->mark = p->top = 0;
    void *result = parse_start(p);
    p->level = level;
    return p->error ? NULL : result;
}

/* Forgets the tokens; the lexer starts again. */
static void parse_restart(Parser *p)
{
    lex_rewind(p->lex);
    p->fill = 0;
    p->nignores = 0;
    p->single_started = false;
    p->known_error = NULL;
    p->error = p->fast = false;
    if (p->errcode)
        *p->errcode = 0;
}

/* PyCF_ALLOW_INCOMPLETE_INPUT: did the source just stop too early? */
static bool parse_is_incomplete(Parser *p)
{
    int done = p->lex->done;
    return p->flags & PyCF_ALLOW_INCOMPLETE_INPUT
           && (done == E_EOF || done == E_EOFS || done == E_EOLS);
}

/* May a further pass replace what happened? */
static bool parse_only_syntax_error(Parser *p)
{
    return !p->fatal && !p->lex->fatal
           && (!PyErr_Occurred() || PyErr_ExceptionMatches(PyExc_SyntaxError));
}

/* An exception that no further pass replaces; an error in the rest of the text still goes before
   a SyntaxError. */
static void *parse_keep_error(Parser *p)
{
    if (PyErr_ExceptionMatches(PyExc_SyntaxError))
        parse_set_syntax_error(p, NULL);
    return NULL;
}

/* What is wrong, after the fast pass failed. */
static void *parse_explain(Parser *p)
{
    PyErr_Clear();
    parse_restart(p);
    void *result = parse_pass(p);
    if (result)
        return result; /* cannot be, but the faithful pass is right */
    if (parse_is_incomplete(p)) {
        PyErr_Clear();
        p->error = false;
        return RAISE(p, "incomplete input");
    }
    if (!parse_only_syntax_error(p))
        return parse_keep_error(p);
    Token *last = p->fill ? p->tokens[p->fill - 1] : NULL;
    if (!p->error) {
        p->invalid = p->lex->stop_interactive = true;
        p->warned = -1; /* 3.11 evaluates strings once in each of its two passes */
        for (int i = 0; i < p->fill; i++)
            p->tokens[i]->memo = NULL;
        parse_pass(p);
    }
    if (!parse_only_syntax_error(p))
        return parse_keep_error(p);
    parse_set_syntax_error(p, last);
    return NULL;
}

/* Is there more than one statement? Comments and white space may follow. */
static bool parse_is_not_single(Parser *p)
{
    const char *s = p->lex->cur;
    for (;; s++) {
        if (*s == '#')
            while (*s && *s != '\n')
                s++;
        if (*s == 0)
            return false;
        if (*s != ' ' && *s != '\t' && *s != '\n' && *s != '\f')
            return true;
    }
}

void *parse_run(Parser *p)
{
    void *result = parse_pass(p);
    if (!result) {
        if (!parse_only_syntax_error(p))
            return parse_keep_error(p);
        result = parse_explain(p);
        if (!result)
            return NULL;
    }
    if (p->start_rule == Py_single_input && p->lex->source == LEX_STRING
        && parse_is_not_single(p)) {
        p->lex->done = E_BADSINGLE;
        return RAISE(p, "multiple statements found while compiling a single statement");
    }
    return result;
}

/* -- Entry points ---------------------------------------------------------------------------- */

/* ast.parse(feature_version=...) alone can ask for an older grammar. */
static int parse_feature_version(PyCompilerFlags *flags)
{
    return flags && flags->cf_flags & PyCF_ONLY_AST ? flags->cf_feature_version : PY_MINOR_VERSION;
}

/* The lexer could not be made: an unknown encoding, bytes that it does not have. */
static void parse_raise_encoding(PyObject *filename)
{
    if (!PyErr_ExceptionMatches(PyExc_LookupError) && !PyErr_ExceptionMatches(PyExc_SyntaxError)
        && !PyErr_ExceptionMatches(PyExc_ValueError))
        return;
    PyObject *type, *value, *tb, *error = NULL;
    PyErr_Fetch(&type, &value, &tb);
    PyObject *text = PyObject_Str(value);
    if (text)
        error = Py_BuildValue("(O(OiiO))", text, filename ? filename : Py_None, 0, -1, Py_None);
    if (error)
        PyErr_SetObject(PyExc_SyntaxError, error);
    Py_XDECREF(error);
    Py_XDECREF(text);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(tb);
}

mod parse_string(const char *source, PyObject *filename, int start, PyCompilerFlags *flags,
                 Arena *arena)
{
    int cf_flags = flags ? flags->cf_flags : 0;
    if (PySys_Audit("compile", "yO", source, filename) < 0)
        return NULL;
    Lexer *lex =
        lex_new_string(source, start == Py_file_input, cf_flags & PyCF_IGNORE_COOKIE, filename);
    if (!lex) {
        if (PyErr_Occurred())
            parse_raise_encoding(filename);
        return NULL;
    }
    mod result = NULL;
    Parser *p = parse_new(lex, start, cf_flags, parse_feature_version(flags), NULL, arena);
    if (p) {
        result = parse_run(p);
        parse_free(p);
    }
    lex_free(lex);
    return result;
}

mod parse_file(FILE *fp, PyObject *filename, const char *enc, int start, const char *ps1,
               const char *ps2, PyCompilerFlags *flags, int *errcode, PyObject **interactive_src,
               Arena *arena)
{
    if (PySys_Audit("compile", "OO", Py_None, filename) < 0)
        return NULL;
    Lexer *lex = lex_new_file(fp, enc, ps1, ps2, filename);
    if (!lex)
        return NULL;
    mod result = NULL;
    Parser *p =
        parse_new(lex, start, flags ? flags->cf_flags : 0, PY_MINOR_VERSION, errcode, arena);
    if (p) {
        result = parse_run(p);
        parse_free(p);
    }
    if (result && interactive_src && lex->source == LEX_INTERACTIVE)
        *interactive_src = PyUnicode_DecodeUTF8(lex->text, lex->end - lex->text, "replace");
    lex_free(lex);
    return result;
}
