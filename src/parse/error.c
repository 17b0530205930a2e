/* SPDX-License-Identifier: MIT
 *
 * Raising SyntaxError with 3.11's message, place and quoted line.
 *
 * A place is (line, column): lines from 1; columns arrive as byte offsets from 1 and leave as
 * characters when the encoding of the text is known, as in 3.11. The quoted line comes from the
 * file of that name when a whole file is parsed (even if the text came as a string: the traceback
 * shows what is on disk), else from the lexer.
 *
 *      rule ── RAISE, RAISE_AT ... ──> error_raise ──> error_set      message, place, line
 *      ERRORTOKEN ── parse_lexer_error ─┘
 *      all passes failed ── parse_set_syntax_error    "invalid syntax", or what the lexer finds in
 *                                                     the rest of the text (error_prefer_lexer)
 *
 * I1  The first error stays: raising with an exception set does nothing.
 * I2  Every way out leaves the parser in the error state (parse_fail) or an exception set.
 */
#include "parse/parse_impl.h"

/* -- The quoted line ------------------------------------------------------------------------- */

/* Line `lineno` of the text in memory, decoded; "" if there is none. */
static PyObject *error_line_in_memory(Parser *p, int lineno)
{
    Lexer *lex = p->lex;
    const char *line = lex->text, *stop = lex->source == LEX_INTERACTIVE ? lex->end : lex->inp;
    int skip = (p->starting_lineno ? lineno - p->starting_lineno + 1 : lineno) - 1;
    for (int i = 0; i < skip; i++) {
        const char *eol = strchr(line, '\n');
        if (!eol || eol + 1 > stop)
            break;
        line = eol + 1;
    }
    return PyUnicode_DecodeUTF8(line, strcspn(line, "\n"), "replace");
}

/* Bytes of line `lineno` of an open file; owned bytes or NULL without an exception. Of a longer
   line 3.11 shows the last of its pieces of PIECE bytes. */
static PyObject *error_read_line(FILE *fp, int lineno)
{
    enum { PIECE = 999 };
    char *line = NULL;
    size_t capacity = 0;
    ssize_t n = -1;
    for (int i = 0; i < lineno && (n = getline(&line, &capacity, fp)) >= 0;)
        i++;
    if (n >= 2 && line[n - 1] == '\n' && line[n - 2] == '\r')
        line[--n - 1] = '\n';
    if (n >= 0)
        n = (ssize_t)strlen(line);
    ssize_t skip = n > 0 ? (n - 1) / PIECE * PIECE : 0;
    PyObject *bytes = n >= 0 ? PyBytes_FromStringAndSize(line + skip, n - skip) : NULL;
    free(line);
    return bytes;
}

/* Line `lineno` of the file named like the source, or NULL (no exception) if it cannot be read. */
static PyObject *error_line_on_disk(Parser *p, int lineno)
{
    if (!p->lex->filename)
        return NULL;
    FILE *fp = _Py_fopen_obj(p->lex->filename, "r");
    PyObject *bytes = NULL, *line = NULL;
    if (fp) {
        bytes = error_read_line(fp, lineno);
        fclose(fp);
    }
    if (bytes) {
        const char *encoding = p->lex->encoding ? p->lex->encoding : "utf-8";
        line = PyUnicode_Decode(PyBytes_AS_STRING(bytes), PyBytes_GET_SIZE(bytes), encoding,
                                "replace");
        Py_DECREF(bytes);
    }
    if (!line)
        PyErr_Clear();
    return line;
}

/* The line to quote: owned str, or NULL with an exception. */
static PyObject *error_line(Parser *p, int lineno)
{
    Lexer *lex = p->lex;
    PyObject *line = NULL;
    if (lex->interactive && lex->source == LEX_INTERACTIVE)
        return error_line_in_memory(p, lineno);
    if (p->start_rule == Py_file_input)
        line = error_line_on_disk(p, lineno);
    if (line || PyErr_Occurred())
        return line;
    if (lex->lineno <= lineno && lex->inp > lex->buf)
        return PyUnicode_DecodeUTF8(lex->buf, lex->inp - lex->buf, "replace");
    if (lex->source == LEX_STRING || lex->interactive)
        return error_line_in_memory(p, lineno);
    return PyUnicode_FromStringAndSize("", 0);
}

/* -- Columns --------------------------------------------------------------------------------- */

/* Characters before byte `offset` of a line. */
static Py_ssize_t error_column(PyObject *line, Py_ssize_t offset)
{
    const char *utf8 = offset < 0 ? NULL : PyUnicode_AsUTF8(line);
    if (offset < 0)
        return -1;
    if (!utf8)
        return -1;
    Py_ssize_t size = (Py_ssize_t)strlen(utf8);
    if (offset > size + 1)
        offset = size + 1;
    PyObject *head = PyUnicode_DecodeUTF8(utf8, offset, "replace");
    if (!head)
        return -1;
    Py_ssize_t n = PyUnicode_GET_LENGTH(head);
    Py_DECREF(head);
    return n;
}

/* -- Raising --------------------------------------------------------------------------------- */

/* Sets type(message, (filename, line, column, text, end line, end column)). */
static void error_set(Parser *p, PyObject *type, PyObject *message, int lineno, int col,
                      int end_lineno, int end_col)
{
    PyObject *value, *line = error_line(p, lineno);
    if (!line)
        return;
    if (p->start_rule == START_FSTRING) {
        col -= p->starting_col;
        end_col -= p->starting_col;
    }
    Py_ssize_t column = col, end_column = end_col;
    if (p->lex->encoding) {
        column = error_column(line, col);
        if (column >= 0 && end_column > 0)
            end_column = error_column(line, end_column);
        if (column < 0 && PyErr_Occurred())
            goto done;
    }
    PyObject *filename = p->lex->filename ? p->lex->filename : Py_None;
    value = Py_BuildValue("(O(OinOin))", message, filename, lineno, column, line, end_lineno,
                          end_column);
    if (value)
        PyErr_SetObject(type, value);
    Py_XDECREF(value);
done:
    Py_DECREF(line);
}

/* Columns count from 1 here, -1: unknown. */
static void *error_raise(Parser *p, PyObject *type, int lineno, int col, int end_lineno,
                         int end_col, const char *format, va_list args)
{
    if (p->error && PyErr_Occurred())
        return NULL;
    if (end_lineno == POS_CURRENT)
        end_lineno = p->lex->lineno;
    if (end_col == POS_CURRENT)
        end_col = (int)(p->lex->cur - p->lex->line_start);
    PyObject *message = PyUnicode_FromFormatV(format, args);
    if (message && p->start_rule == START_FSTRING)
        Py_SETREF(message, PyUnicode_FromFormat("f-string: %U", message));
    if (message)
        error_set(p, type, message, lineno, col, end_lineno, end_col);
    Py_XDECREF(message);
    return parse_fail(p);
}

static void *error_raise_at(Parser *p, PyObject *type, int lineno, int col, int end_lineno,
                            int end_col, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    error_raise(p, type, lineno, col, end_lineno, end_col, format, args);
    va_end(args);
    return NULL;
}

/* A place given by offsets from 0. */
void *parse_raise_at(Parser *p, PyObject *type, int lineno, int col, int end_lineno, int end_col,
                     const char *format, ...)
{
    va_list args;
    va_start(args, format);
    error_raise(p, type, lineno, col == POS_CURRENT ? col : col + 1, end_lineno,
                end_col == POS_CURRENT ? end_col : end_col + 1, format, args);
    va_end(args);
    return NULL;
}

/* The innermost bracket that is open. */
static void *error_unclosed(Parser *p)
{
    Lexer *lex = p->lex;
    int top = lex->level - 1, line = lex->bracket_line[top], col = lex->bracket_col[top];
    return parse_raise_at(p, PyExc_SyntaxError, line, col, line, -1, "'%c' was never closed",
                          lex->bracket[top]);
}

/* An error at the last token read. */
void *parse_raise(Parser *p, PyObject *type, const char *format, ...)
{
    if (p->error && PyErr_Occurred())
        return NULL;
    Lexer *lex = p->lex;
    va_list args;
    va_start(args, format);
    if (p->fill == 0) {
        error_raise(p, type, 0, 0, 0, -1, format, args);
        va_end(args);
        return NULL;
    }
    Token *t = p->known_error ? p->known_error : p->tokens[p->fill - 1];
    int col, end_col = -1;
    if (t->type == ERRORTOKEN && lex->done == E_EOF) {
        va_end(args);
        return lex->level ? error_unclosed(p)
                          : error_raise_at(
                                p, PyExc_SyntaxError, t->pos.lineno,
                                lex->cur == lex->buf ? 0 : (int)(lex->cur - lex->line_start),
                                t->pos.end_lineno, -1, "unexpected EOF while parsing");
    }
    if (t->pos.col_offset == -1)
        col = lex->cur == lex->buf ? 0 : (int)(lex->cur - lex->line_start);
    else
        col = t->pos.col_offset + 1;
    if (t->pos.end_col_offset != -1)
        end_col = t->pos.end_col_offset + 1;
    error_raise(p, type, t->pos.lineno, col, t->pos.end_lineno, end_col, format, args);
    va_end(args);
    return NULL;
}

/* -- Lexer errors ---------------------------------------------------------------------------- */

void parse_raise_decode(Parser *p)
{
    const char *kind = PyErr_ExceptionMatches(PyExc_UnicodeError) ? "unicode error"
                     : PyErr_ExceptionMatches(PyExc_ValueError) ? "value error" : NULL;
    if (!kind)
        return;
    PyObject *type, *value, *tb;
    PyErr_Fetch(&type, &value, &tb);
    PyObject *text = PyObject_Str(value);
    if (text)
        RAISE(p, "(%s) %U", kind, text);
    else {
        PyErr_Clear();
        RAISE(p, "(%s) unknown error", kind);
    }
    Py_XDECREF(text);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(tb);
}

/* The exception for an ERRORTOKEN; false. At the end of input it may be none: a rule may still find
 * better words. */
bool parse_lexer_error(Parser *p)
{
    Lexer *lex = p->lex;
    PyObject *type = PyExc_SyntaxError;
    const char *message;
    int col = -1;
    if (lex->done == E_DECODE)
        parse_raise_decode(p);
    if (PyErr_Occurred())
        return parse_fail(p);
    switch (lex->done) {
    case E_TOKEN: message = "invalid token"; break;
    case E_EOF:
        if (lex->level)
            error_unclosed(p);
        else
            RAISE(p, "unexpected EOF while parsing");
        return parse_fail(p);
    case E_DEDENT:
        RAISE_INDENT(p, "unindent does not match any outer indentation level");
        return parse_fail(p);
    case E_INTR:
        PyErr_SetNone(PyExc_KeyboardInterrupt);
        return parse_fail(p);
    case E_NOMEM:
        PyErr_NoMemory();
        return parse_fail(p);
    case E_TABSPACE:
        type = PyExc_TabError;
        message = "inconsistent use of tabs and spaces in indentation";
        break;
    case E_TOODEEP:
        type = PyExc_IndentationError;
        message = "too many levels of indentation";
        break;
    case E_LINECONT:
        col = (int)(lex->cur - lex->buf - 1);
        message = "unexpected character after line continuation character";
        break;
    default: message = "unknown parsing error";
    }
    parse_raise_at(p, type, lex->lineno, col >= 0 ? col : 0, lex->lineno, -1, "%s", message);
    return parse_fail(p);
}

/* Looks through the rest of the source: a lexer error, or a bracket left open before the error,
   explains more than the error at hand, which it then replaces. */
static void error_prefer_lexer(Parser *p)
{
    if (p->lex->prompt)
        return;
    PyObject *type, *value, *tb;
    PyErr_Fetch(&type, &value, &tb);
    Lexer *lex = p->lex;
    int line = p->tokens[p->fill - 1]->pos.lineno, token;
    const char *start, *end;
    p->error = false;
    do
        token = lex_next(lex, &start, &end);
    while (token != ERRORTOKEN && token != ENDMARKER);
    if (token == ERRORTOKEN && !PyErr_Occurred() && lex->level
        && line > lex->bracket_line[lex->level - 1])
        error_unclosed(p);
    p->error = true;
    if (PyErr_Occurred()) {
        Py_XDECREF(type);
        Py_XDECREF(value);
        Py_XDECREF(tb);
    }
    else
        PyErr_Restore(type, value, tb);
}

/* After the last pass failed; `last` is the last token of the pass before it. */
void parse_set_syntax_error(Parser *p, Token *last)
{
    int done = p->lex->done, type = last ? last->type & 0xffff : ERRORTOKEN;
    if (PyErr_Occurred()) {
        if ((done == E_DONE || done == E_OK || done == E_EOF)
            && PyErr_ExceptionMatches(PyExc_SyntaxError) && done != E_EOF)
            error_prefer_lexer(p);
        return;
    }
    if (p->fill == 0)
        RAISE(p, "error at start before reading any input");
    else if (type == ERRORTOKEN && done == E_EOF) {
        if (p->lex->level)
            error_unclosed(p);
        else
            RAISE(p, "unexpected EOF while parsing");
    }
    else if (type == INDENT || type == DEDENT)
        RAISE_INDENT(p, type == INDENT ? "unexpected indent" : "unexpected unindent");
    else {
        RAISE_AT(p, last, "invalid syntax");
        error_prefer_lexer(p);
    }
}

/* -- Words for expressions and targets ------------------------------------------------------- */

/* The singletons go by their names. */
static const char *error_constant_name(PyObject *value)
{
    return value == Py_None ? "None" : value == Py_False ? "False" : value == Py_True ? "True"
         : value == Py_Ellipsis ? "ellipsis" : "literal";
}

const char *parse_expr_name(expr e)
{
    switch (e->kind) {
    case Attribute_kind: return "attribute";
    case Subscript_kind: return "subscript";
    case Starred_kind: return "starred";
    case Name_kind: return "name";
    case List_kind: return "list";
    case Tuple_kind: return "tuple";
    case Lambda_kind: return "lambda";
    case Call_kind: return "function call";
    case BoolOp_kind: case BinOp_kind: case UnaryOp_kind: return "expression";
    case GeneratorExp_kind: return "generator expression";
    case Yield_kind: case YieldFrom_kind: return "yield expression";
    case Await_kind: return "await expression";
    case ListComp_kind: return "list comprehension";
    case SetComp_kind: return "set comprehension";
    case DictComp_kind: return "dict comprehension";
    case Dict_kind: return "dict literal";
    case Set_kind: return "set display";
    case JoinedStr_kind: case FormattedValue_kind: return "f-string expression";
    case Constant_kind: return error_constant_name(e->v.Constant.value);
    case Compare_kind: return "comparison";
    case IfExp_kind: return "conditional expression";
    case NamedExpr_kind: return "named expression";
    default: return "expression";
    }
}

static expr error_invalid_target(expr e, enum target_kind kind);

/* The first bad item of a display. */
static expr error_invalid_in(expr_seq *elts, enum target_kind kind)
{
    for (Py_ssize_t i = 0; i < seq_len(elts); i++) {
        expr bad = error_invalid_target(elts->at[i], kind);
        if (bad)
            return bad;
    }
    return NULL;
}

/* The first part of `e` that cannot be a target, or NULL. */
static expr error_invalid_target(expr e, enum target_kind kind)
{
    switch (e->kind) {
    case List_kind: return error_invalid_in(e->v.List.elts, kind);
    case Tuple_kind: return error_invalid_in(e->v.Tuple.elts, kind);
    case Starred_kind:
        return kind == DEL_TARGETS ? e : error_invalid_target(e->v.Starred.value, kind);
    case Compare_kind: /* `for a in b` was read as the comparison `a in b` */
        if (kind == FOR_TARGETS)
            return e->v.Compare.ops->at[0] == In ? error_invalid_target(e->v.Compare.left, kind)
                                                 : NULL;
        return e;
    case Name_kind: case Subscript_kind: case Attribute_kind: return NULL;
    default: return e;
    }
}

void *parse_raise_invalid_target(Parser *p, enum target_kind kind, expr e)
{
    expr bad = error_invalid_target(e, kind);
    if (bad)
        RAISE_AT(p, bad, kind == DEL_TARGETS ? "cannot delete %s" : "cannot assign to %s",
                 parse_expr_name(bad));
    return NULL;
}

/* -- Warnings -------------------------------------------------------------------------------- */

int parse_warn_escape(Parser *p, const char *escape, Token *t)
{
    if (!p->warn)
        return 0;
    unsigned char c = (unsigned char)*escape;
    PyObject *message = c >= '4' && c <= '7'
                            ? PyUnicode_FromFormat("invalid octal escape sequence '\\%.3s'", escape)
                            : PyUnicode_FromFormat("invalid escape sequence '\\%c'", c);
    if (!message)
        goto fail;
    int result = PyErr_WarnExplicitObject(PyExc_DeprecationWarning, message, p->lex->filename,
                                          t->pos.lineno, NULL, NULL);
    if (result < 0 && PyErr_ExceptionMatches(PyExc_DeprecationWarning)) {
        PyErr_Clear();
        p->known_error = t;
        RAISE(p, "%U", message);
    }
    Py_DECREF(message);
    if (result == 0)
        return 0;
fail:
    p->fatal = true;
    parse_fail(p);
    return -1;
}
