/* SPDX-License-Identifier: MIT
 *
 * The inside of f-strings (PEP 498).
 *
 *   body = (text | '{{' | '}}' | '{' expression ['='] ['!' conversion] [':' spec] '}')*
 *   spec = body without doubled braces, one level deep
 *
 * An expression is found by scanning for the character that ends it (outside quotes and brackets),
 * then read by an inner parser from the text "(" expression ")"; its nodes get the positions they
 * have in the file. All other nodes of an f-string take the position of the whole concatenation,
 * except a spec and the text that ends it, which take that of their token (as 3.11 has it).
 */
#include "parse/parse_impl.h"

/* A cursor over the body of one f-string token. */
typedef struct {
    const char *s, *end;    /* what is left of the body */
    bool raw;
    int depth;              /* 0: body, 1: spec, 2: spec of a spec */
    Token *t;               /* the token: places and warnings */
    const char *counted;    /* lines are counted up to here, from the token's beginning: */
    int lines;              /* how many ended, and */
    const char *line;       /* where the last one did, or the token's beginning */
} Scan;

/* -- Text ------------------------------------------------------------------------------------ */

bool fstring_add_text(Parser *p, struct FString *f, PyObject *text)
{
    if (!text)
        return false;
    if (PyUnicode_GET_LENGTH(text) == 0)
        Py_DECREF(text);
    else if (!f->literal)
        f->literal = text;
    else {
        PyUnicode_AppendAndDel(&f->literal, text);
        return f->literal != NULL;
    }
    return true;
}

bool fstring_flush(Parser *p, struct FString *f, Pos pos, PyObject *kind)
{
    PyObject *text = f->literal;
    f->literal = NULL;
    if (!text)
        return true;
    if (!parse_own(p, text))
        return false;
    parse_push(p, EXPR(p, Constant, pos, .value = text, .kind = kind));
    return !p->error;
}

/* Behind a backslash in text that is not raw: skips what must not be taken for braces. */
static bool fstring_skip_escape(Parser *p, Scan *scan)
{
    char c = *scan->s++;
    if (c == 'N') { /* \N{name} */
        if (scan->s < scan->end && *scan->s++ == '{')
            while (scan->s < scan->end && *scan->s++ != '}') {}
        return true;
    }
    if (c != '{' && c != '}')
        return true;
    scan->s--; /* a brace counts even here */
    return c != '{' || parse_warn_escape(p, scan->s, scan->t) == 0;
}

/* Reads text up to a brace that means something, or the end. *again: a doubled brace ended it, more
 * text follows. */
static bool fstring_text(Parser *p, Scan *scan, struct FString *f, bool *again)
{
    const char *begin = scan->s, *stop = NULL;
    *again = false;
    while (scan->s < scan->end) {
        char c = *scan->s++;
        if (!scan->raw && c == '\\' && scan->s < scan->end) {
            if (!fstring_skip_escape(p, scan))
                return false;
            continue;
        }
        if (c != '{' && c != '}')
            continue;
        if (scan->depth == 0) {
            if (scan->s < scan->end && *scan->s == c) {
                stop = scan->s++;
                *again = true;
                break;
            }
            if (c == '}')
                return RAISE(p, "f-string: single '}' is not allowed");
        }
        scan->s--;
        break;
    }
    if (!stop)
        stop = scan->s;
    return stop == begin
           || fstring_add_text(p, f, parse_decode_text(p, scan->raw, begin, stop - begin, scan->t));
}

/* -- Finding an expression ------------------------------------------------------------------- */

/* Length of a run of the quote at s, as an opening (1 or 3). */
static int fstring_quote_size(const char *s, const char *end)
{
    return s + 2 < end && s[1] == s[0] && s[2] == s[0] ? 3 : 1;
}

/* Does the character at s end an expression (when no bracket is open)? *size: what to step over if
 * not. */
static bool fstring_ends_expression(const char *s, const char *end, int *size)
{
    *size = 1;
    if (!strchr("!:}=<>", *s))
        return false;
    if (s + 1 < end && s[1] == '=' && strchr("!=<>", *s)) {
        *size = 2;
        return false;
    }
    return *s != '<' && *s != '>';
}

/* Leaves scan->s behind the expression; false with an error. */
static bool fstring_find_end(Parser *p, Scan *scan)
{
    char open[MAX_BRACKETS], quote = 0;
    int depth = 0, quote_size = 0, size;
    for (; scan->s < scan->end; scan->s += size) {
        char c = *scan->s;
        size = 1;
        if (c == '\\')
            return RAISE(p, "f-string expression part cannot include a backslash");
        if (quote) {
            if (c == quote && (quote_size == 1 || fstring_quote_size(scan->s, scan->end) == 3)) {
                size = quote_size;
                quote = 0;
            }
        }
        else if (c == '\'' || c == '"') {
            quote = c;
            size = quote_size = fstring_quote_size(scan->s, scan->end);
        }
        else if (c == '[' || c == '{' || c == '(') {
            if (depth >= MAX_BRACKETS)
                return RAISE(p, "f-string: too many nested parenthesis");
            open[depth++] = c;
        }
        else if (c == '#')
            return RAISE(p, "f-string expression part cannot include '#'");
        else if (depth == 0 && fstring_ends_expression(scan->s, scan->end, &size))
            break;
        else if (c == ']' || c == '}' || c == ')') {
            if (depth == 0)
                return RAISE(p, "f-string: unmatched '%c'", c);
            char match = open[--depth];
            if (c != (match == '(' ? ')' : match == '[' ? ']' : '}'))
                return RAISE(
                    p, "f-string: closing parenthesis '%c' does not match opening parenthesis '%c'",
                    c, match);
        }
    }
    if (quote)
        return RAISE(p, "f-string: unterminated string");
    if (depth)
        return RAISE(p, "f-string: unmatched '%c'", open[depth - 1]);
    if (scan->s >= scan->end)
        return RAISE(p, "f-string: expecting '}'");
    return true;
}

/* Line and column shift of the nodes of the expression that begins at `begin` (behind its
   brace). Lines are counted on from the last call, not from the token's beginning: linear. */
static void fstring_location(Scan *scan, const char *begin, int *lines, int *col)
{
    const char *brace = begin - 1, *s = begin;
    for (; scan->counted < brace; scan->counted++)
        if (*scan->counted == '\n') {
            scan->lines++;
            scan->line = scan->counted;
        }
    *lines = scan->lines;
    *col = 0;
    while (*s == ' ' || *s == '\t' || *s == '\f')
        s++;
    if (*s != '\n' && *s != '}') /* else a newline follows the brace and columns start anew */
        *col = (int)(brace - scan->line) - (*scan->line == '\n');
}

/* -- Expressions ----------------------------------------------------------------------------- */

static bool fstring_is_blank(const char *s, const char *end)
{
    while (s < end && (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\f' || *s == '\r'))
        s++;
    return s == end;
}

/* Parses the expression s[..end). */
static expr fstring_expression(Parser *p, Scan *scan, const char *s, const char *end)
{
    Token *t = scan->t;
    if (fstring_is_blank(s, end)) {
        if (*end == '!' || *end == ':' || *end == '=')
            return RAISE(p, "f-string: expression required before '%c'", *end);
        return RAISE(p, "f-string: empty expression not allowed");
    }
    size_t n = end - s;
    char *text = PyMem_Malloc(n + 3);
    if (!text) {
        PyErr_NoMemory();
        return parse_fail(p);
    }
    text[0] = '(';
    memcpy(text + 1, s, n);
    strcpy(text + n + 1, ")");
    int lines, col;
    fstring_location(scan, s, &lines, &col);
    expr e = NULL;
    Lexer *lex = lex_new_string(text, true, false, p->lex->filename);
    PyMem_Free(text);
    Parser *inner =
        lex ? parse_new_inner(p, lex, t->pos.lineno + lines, lines ? col : t->pos.col_offset + col)
            : NULL;
    if (inner) {
        e = parse_run(inner);
        p->fatal |= inner->fatal || lex->fatal;
        parse_free(inner);
    }
    lex_free(lex);
    return e ? e : parse_fail(p);
}

/* The text of `{expr=}` goes into the string; true unless memory is short. */
static bool fstring_self_documenting(Parser *p, Scan *scan, struct FString *f, const char *begin,
                                     bool *documented)
{
    *documented = false;
    if (*scan->s != '=')
        return true;
    if (p->feature_version < 8)
        return RAISE(
            p,
            "f-string: self documenting expressions are only supported in Python 3.8 and greater");
    scan->s++;
    while (scan->s < scan->end && Py_ISSPACE(*scan->s))
        scan->s++;
    if (scan->s >= scan->end)
        return RAISE(p, "f-string: expecting '}'");
    *documented = true;
    return fstring_add_text(p, f, PyUnicode_DecodeUTF8(begin, scan->s - begin, NULL));
}

/* ['!' conversion]: the character, -1, or 0 after an error */
static int fstring_conversion(Parser *p, Scan *scan)
{
    if (*scan->s != '!')
        return -1;
    scan->s++;
    if (scan->s >= scan->end) {
        RAISE(p, "f-string: expecting '}'");
        return 0;
    }
    int c = (unsigned char)*scan->s++;
    if (c != 's' && c != 'r' && c != 'a') {
        RAISE(p, "f-string: invalid conversion character: expected 's', 'r', or 'a'");
        return 0;
    }
    return c;
}

static bool fstring_body(Parser *p, Scan *scan, struct FString *f);

/* [':' spec] */
static bool fstring_spec(Parser *p, Scan *scan, struct FString *f, expr *spec)
{
    *spec = NULL;
    if (scan->s < scan->end && *scan->s == ':') {
        scan->s++;
        if (scan->s >= scan->end)
            return RAISE(p, "f-string: expecting '}'");
        struct FString inner = {NULL, f->pos, f->kind};
        int base = p->top;
        scan->depth++;
        bool ok = fstring_body(p, scan, &inner) && fstring_flush(p, &inner, scan->t->pos, NULL);
        scan->depth--;
        if (!ok) {
            Py_XDECREF(inner.literal);
            parse_cut(p, base);
            return false;
        }
        expr_seq *values = parse_seq(p, base);
        *spec = EXPR(p, JoinedStr, scan->t->pos, .values = values);
    }
    if (scan->s >= scan->end || *scan->s != '}')
        return RAISE(p, "f-string: expecting '}'");
    scan->s++;
    return true;
}

/* '{' expression ['='] ['!' conversion] [':' spec] '}' */
static bool fstring_replacement(Parser *p, Scan *scan, struct FString *f)
{
    if (scan->depth >= 2)
        return RAISE(p, "f-string: expressions nested too deeply");
    const char *begin = ++scan->s;
    if (!fstring_find_end(p, scan))
        return false;
    expr value = fstring_expression(p, scan, begin, scan->s), spec;
    bool documented;
    if (!value || !fstring_self_documenting(p, scan, f, begin, &documented))
        return false;
    int conversion = fstring_conversion(p, scan);
    if (conversion == 0 || !fstring_spec(p, scan, f, &spec))
        return false;
    if (documented && !spec && conversion == -1)
        conversion = 'r';
    if (!fstring_flush(p, f, f->pos, f->kind))
        return false;
    parse_push(p, EXPR(p, FormattedValue, f->pos, .value = value, .conversion = conversion,
                       .format_spec = spec));
    return !p->error;
}

/* Text and replacements up to the end (or, in a spec, up to the '}' behind it). */
static bool fstring_body(Parser *p, Scan *scan, struct FString *f)
{
    for (;;) {
        bool again;
        if (!fstring_text(p, scan, f, &again))
            return false;
        if (again)
            continue;
        if (scan->s >= scan->end || *scan->s == '}')
            break;
        if (!fstring_replacement(p, scan, f))
            return false;
    }
    if (scan->depth && (scan->s >= scan->end || *scan->s != '}'))
        return RAISE(p, "f-string: expecting '}'");
    return true;
}

bool fstring_add_body(Parser *p, struct FString *f, const char *s, size_t n, bool raw, Token *t)
{
    const char *text = token_text(p, t);
    Scan scan = {s, s + n, raw, 0, t, text, 0, text};
    return fstring_body(p, &scan, f);
}
