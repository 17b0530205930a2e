/* SPDX-License-Identifier: MIT
 *
 * Characters to tokens.
 *
 *   lex_next:  a line's beginning?  ── lex_line_begin: white space -> INDENT / DEDENTs to give
 *              pending ones?        ── give one
 *              spaces, comment      ── skipped (or TYPE_COMMENT, PEP 484)
 *              first character      ── lex_name  lex_number  lex_string  lex_dot  lex_operator
 *              '\n'                 ── NEWLINE, unless the line was blank or a bracket is open
 *              '\\' '\n'            ── on with the next line
 *              end of text          ── ENDMARKER (the parser makes the DEDENTs before it)
 *
 * I1  buf <= start <= cur <= inp <= end; line_start <= cur. Text beyond inp is not looked at: a
 *     line becomes visible by lex_underflow, which also counts it, so errors see exactly the lines
 *     that were read.
 * I2  indents[0..indent] grows strictly; alt_indents (tabs count 1) must agree, else the file mixes
 *     tabs and spaces in a way that depends on the tab size (TabError).
 * I3  Columns are byte offsets from line_start.
 *
 * A character is a non-negative int, or EOF (-1). Grammar: language reference, chapter 2; names
 * PEP 3131, underscores in numbers PEP 515.
 *
 * Failure: ERRORTOKEN; lex.h says who words the message. Nothing is allocated for a token.
 */
#include "lex/lex.h"
#include "state.h"

#include <string.h>

/* -- Characters ------------------------------------------------------------------------------ */

/* Classes of bytes. All bytes above 127 pass for letters here; lex_verify_identifier looks at the
   finished name. */
enum {
    C_START = 1, /* begins a name */
    C_IDENT = 2, /* goes on in a name */
    C_DIGIT = 4, /* 0-9 */
    C_HEX = 8    /* 0-9 a-f A-F */
};
static const uint8_t lex_class[256] = {
    ['a' ... 'f'] = C_START | C_IDENT | C_HEX,
    ['g' ... 'z'] = C_START | C_IDENT,
    ['A' ... 'F'] = C_START | C_IDENT | C_HEX,
    ['G' ... 'Z'] = C_START | C_IDENT,
    ['_'] = C_START | C_IDENT,
    ['0' ... '9'] = C_IDENT | C_DIGIT | C_HEX,
    [128 ... 255] = C_START | C_IDENT,
};

static inline bool is_class(int c, int class)
{
    return c >= 0 && (lex_class[c] & class);
}

/* At the end of the visible text: the first character of the next line, or EOF. */
static int lex_getc_slow(Lexer *lex)
{
    if (lex->done != E_OK)
        return EOF;
    if (!lex_underflow(lex)) {
        lex->cur = lex->inp;
        return EOF;
    }
    lex->line_start = lex->cur;
    if (lex->cur == lex->inp) /* typed input was stopped */
        return EOF;
    return (unsigned char)*lex->cur++;
}

static inline int lex_getc(Lexer *lex)
{
    return LIKELY(lex->cur != lex->inp) ? (unsigned char)*lex->cur++ : lex_getc_slow(lex);
}

static inline void lex_ungetc(Lexer *lex, int c)
{
    if (c != EOF)
        lex->cur--;
}

static inline int lex_peekc(Lexer *lex)
{
    int c = lex_getc(lex);
    lex_ungetc(lex, c);
    return c;
}

/* -- Errors ---------------------------------------------------------------------------------- */

/* SyntaxError(message, (filename, line, col, text, line, end_col)); columns in characters from 1,
   -1: behind what was read of the line. The text is the whole line. */
static void lex_raise(Lexer *lex, int col, int end_col, const char *format, va_list args)
{
    PyObject *value = NULL, *text = NULL, *message = PyUnicode_FromFormatV(format, args);
    if (!message)
        goto done;
    text = PyUnicode_DecodeUTF8(lex->line_start, lex->cur - lex->line_start, "replace");
    if (!text)
        goto done;
    if (col == -1)
        col = (int)PyUnicode_GET_LENGTH(text);
    if (end_col == -1)
        end_col = col;
    size_t length = strcspn(lex->line_start, "\n");
    if (lex->line_start + length != lex->cur) {
        Py_SETREF(text, PyUnicode_DecodeUTF8(lex->line_start, length, "replace"));
        if (!text)
            goto done;
    }
    PyObject *filename = lex->filename ? lex->filename : Py_None;
    value = Py_BuildValue("(O(OiiOii))", message, filename, lex->lineno, col, text, lex->lineno,
                          end_col);
    if (value)
        PyErr_SetObject(PyExc_SyntaxError, value);
done:
    Py_XDECREF(value);
    Py_XDECREF(text);
    Py_XDECREF(message);
    lex->done = E_ERROR;
}

int lex_error(Lexer *lex, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    lex_raise(lex, -1, -1, format, args);
    va_end(args);
    return ERRORTOKEN;
}

int lex_error_range(Lexer *lex, int col, int end_col, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    lex_raise(lex, col, end_col, format, args);
    va_end(args);
    return ERRORTOKEN;
}

/* Gives up the rest of the line; the parser words the error. */
static int lex_fail(Lexer *lex, int code)
{
    lex->done = code;
    lex->cur = lex->inp;
    return ERRORTOKEN;
}

/* 0, or -1 when the warning became an error. */
static int lex_warn(Lexer *lex, PyObject *category, const char *format, const char *what)
{
    if (!lex->report_warnings || lex->cur <= lex->warned)
        return 0;
    lex->warned = lex->cur;
    PyObject *message = PyUnicode_FromFormat(format, what);
    if (!message)
        goto fail;
    int result =
        PyErr_WarnExplicitObject(category, message, lex->filename, lex->lineno, NULL, NULL);
    if (result < 0 && PyErr_ExceptionMatches(category)) {
        PyErr_Clear();
        lex_error(lex, "%U", message);
    }
    Py_DECREF(message);
    if (result == 0)
        return 0;
fail:
    lex->done = E_ERROR;
    lex->fatal = true;
    return -1;
}

/* -- Indentation ----------------------------------------------------------------------------- */

/* After a backslash: the next line's first character (peeked), or -1 with done set. */
static int lex_continuation(Lexer *lex)
{
    int c = lex_getc(lex);
    if (c != '\n') {
        lex->done = E_LINECONT;
        return -1;
    }
    c = lex_getc(lex);
    if (c == EOF) {
        lex->done = E_EOF;
        lex->cur = lex->inp;
        return -1;
    }
    lex_ungetc(lex, c);
    return c;
}

/* Compares a line's column with the stacks and leaves pending tokens: 0 or ERRORTOKEN. */
static int lex_set_indent(Lexer *lex, int col, int alt)
{
    int top = lex->indents[lex->indent];
    if (col == top)
        return alt == lex->alt_indents[lex->indent] ? 0 : lex_fail(lex, E_TABSPACE); /* I2 */
    if (col > top) {
        if (lex->indent + 1 >= MAX_INDENTS)
            return lex_fail(lex, E_TOODEEP);
        if (alt <= lex->alt_indents[lex->indent])
            return lex_fail(lex, E_TABSPACE);
        lex->pendin++;
        lex->indents[++lex->indent] = col;
        lex->alt_indents[lex->indent] = alt;
        return 0;
    }
    while (lex->indent > 0 && col < lex->indents[lex->indent]) {
        lex->pendin--;
        lex->indent--;
    }
    if (col != lex->indents[lex->indent])
        return lex_fail(lex, E_DEDENT);
    return alt == lex->alt_indents[lex->indent] ? 0 : lex_fail(lex, E_TABSPACE);
}

/* Measures the white space that opens a line: 0 or ERRORTOKEN. *blank: the line has no statement,
 * so it gives no NEWLINE and does not touch the indentation. `col` counts with tabs of TAB_SIZE,
 * `alt` with tabs of one (I2). A form feed starts both anew. */
static int lex_line_begin(Lexer *lex, bool *blank)
{
    int c, col = 0, alt = 0, first_col = 0;
    lex->atbol = false;
    for (;;) {
        c = lex_getc(lex);
        if (c == ' ')
            col++, alt++;
        else if (c == '\t')
            col = (col / TAB_SIZE + 1) * TAB_SIZE, alt++;
        else if (c == '\f')
            col = alt = 0;
        else if (c == '\\') { /* the first of several joined lines decides the column */
            first_col = first_col ? first_col : col;
            if (lex_continuation(lex) == -1)
                return ERRORTOKEN;
        }
        else
            break;
    }
    lex_ungetc(lex, c);
    if (c == '#' || c == '\n') {
        if (col == 0 && c == '\n' && lex->prompt) /* an empty line ends a typed block */
            *blank = false;
        else if (lex->prompt
                 && lex->lineno == 1) { /* a first line of spaces or comment: give NEWLINE */
            *blank = false;
            col = alt = 0;
        }
        else
            *blank = true;
    }
    if (*blank || lex->level > 0)
        return 0;
    return lex_set_indent(lex, first_col ? first_col : col, first_col ? first_col : alt);
}

/* -- Comments -------------------------------------------------------------------------------- */

/* Past "# type: " when the comment has that form (spaces may vary), else NULL. */
static const char *lex_type_comment(const Lexer *lex)
{
    const char *p = lex->start;
    for (const char *prefix = "# type: "; *prefix; prefix++) {
        if (*prefix == ' ')
            while (*p == ' ' || *p == '\t')
                p++;
        else if (p < lex->cur && *p == *prefix)
            p++;
        else
            return NULL;
        if (p >= lex->cur && prefix[1] && prefix[1] != ' ')
            return NULL;
    }
    return p;
}

/* Skips a comment; 0, or TYPE_COMMENT / TYPE_IGNORE with the token's bounds. *c is the character
 * behind it. */
static int lex_comment(Lexer *lex, int *c, bool blank, const char **start, const char **end)
{
    while (*c != EOF && *c != '\n')
        *c = lex_getc(lex);
    const char *p = lex->type_comments ? lex_type_comment(lex) : NULL;
    if (!p)
        return 0;
    lex_ungetc(lex, *c);
    *end = lex->cur;
    if (lex->cur - p >= 6 && !memcmp(p, "ignore", 6)
        && (lex->cur - p == 6 || !((unsigned char)p[6] >= 128 || Py_ISALNUM(p[6])))) {
        *start = p + 6;
        if (blank) { /* alone in its line: the newline goes too */
            lex_getc(lex);
            lex->atbol = true;
        }
        return TYPE_IGNORE;
    }
    *start = p;
    return TYPE_COMMENT;
}

/* -- Names ----------------------------------------------------------------------------------- */

/* Checks that a token with bytes above 127 is an identifier (PEP 3131): 0 or -1. */
static int lex_verify_identifier(Lexer *lex)
{
    PyObject *s = PyUnicode_DecodeUTF8(lex->start, lex->cur - lex->start, NULL);
    if (!s) {
        if (PyErr_ExceptionMatches(PyExc_UnicodeDecodeError))
            lex->done = E_DECODE;
        else
            lex->done = E_ERROR;
        return -1;
    }
    Py_ssize_t invalid = _PyUnicode_ScanIdentifier(s), length = PyUnicode_GET_LENGTH(s);
    if (invalid >= length) {
        Py_DECREF(s);
        return 0;
    }
    Py_UCS4 ch = PyUnicode_READ_CHAR(s, invalid);
    if (invalid + 1 < length) { /* the error points right behind the offender */
        PyObject *head = PyUnicode_Substring(s, 0, invalid + 1);
        Py_ssize_t size;
        const char *utf8 = head ? PyUnicode_AsUTF8AndSize(head, &size) : NULL;
        if (utf8)
            lex->cur = lex->start + size;
        Py_XDECREF(head);
        if (!utf8) {
            Py_DECREF(s);
            lex->done = E_ERROR;
            return -1;
        }
    }
    Py_DECREF(s);
    char hex[12];
    snprintf(hex, sizeof hex, "%04X", (unsigned)ch);
    if (_PyUnicode_IsPrintable(ch))
        lex_error(lex, "invalid character '%c' (U+%s)", (int)ch, hex);
    else
        lex_error(lex, "invalid non-printable character U+%s", hex);
    return -1;
}

/* `async def` is looked for ahead when async is not yet a keyword (feature_version < 7). */
static bool lex_def_follows(const Lexer *lex)
{
    const char *p = lex->cur;
    if (*p != ' ' && *p != '\t')
        return false;
    while (*p == ' ' || *p == '\t' || *p == '\f')
        p++;
    return !strncmp(p, "def", 3) && !(lex_class[(unsigned char)p[3]] & C_IDENT);
}

/* NAME, or the keyword tokens ASYNC and AWAIT. */
static int lex_name_type(Lexer *lex)
{
    if (lex->cur - lex->start != 5 || lex->start[0] != 'a')
        return NAME;
    bool async = !memcmp(lex->start, "async", 5), await = !memcmp(lex->start, "await", 5);
    if (!async && !await)
        return NAME;
    if (!lex->async_hacks || lex->async_def)
        return async ? ASYNC : AWAIT;
    if (async && lex_def_follows(lex)) {
        lex->async_def = true;
        lex->async_def_indent = lex->indent;
        return ASYNC;
    }
    return NAME;
}

/* -- Numbers --------------------------------------------------------------------------------- */

/* Does `word` come next, as a whole word of this line? */
static bool lex_lookahead(const Lexer *lex, const char *word)
{
    size_t n = strlen(word);
    return (size_t)(lex->inp - lex->cur) >= n && !memcmp(lex->cur, word, n)
        && !(lex_class[(unsigned char)lex->cur[n]] & C_IDENT);
}

/* Is the number that ends before `c` followed by a keyword that may follow a number (`1if x else
 * y`)? */
static bool lex_keyword_after_number(const Lexer *lex, int c)
{
    switch (c) {
    case 'a': return lex_lookahead(lex, "nd");
    case 'e': return lex_lookahead(lex, "lse");
    case 'f': return lex_lookahead(lex, "or");
    case 'i': return *lex->cur == 'f' || *lex->cur == 'n' || *lex->cur == 's';
    case 'o': return lex_lookahead(lex, "r");
    case 'n': return lex_lookahead(lex, "ot");
    default: return false;
    }
}

/* `c` was read behind a number. 0, or ERRORTOKEN. */
static int lex_number_end(Lexer *lex, int c, const char *kind)
{
    if (!is_class(c, C_IDENT)) {
        lex_ungetc(lex, c);
        return 0;
    }
    bool keyword = lex_keyword_after_number(lex, c);
    lex_ungetc(lex, c);
    if (!keyword)
        return lex_error(lex, "invalid %s literal", kind);
    return lex_warn(lex, PyExc_SyntaxWarning, "invalid %s literal", kind) < 0 ? ERRORTOKEN : 0;
}

/* Digits with single underscores between them; the character behind, or 0 after an error. */
static int lex_decimal_tail(Lexer *lex)
{
    for (;;) {
        int c;
        do
            c = lex_getc(lex);
        while (is_class(c, C_DIGIT));
        if (c != '_')
            return c;
        c = lex_getc(lex);
        if (!is_class(c, C_DIGIT)) {
            lex_ungetc(lex, c);
            lex_error(lex, "invalid decimal literal");
            return 0;
        }
    }
}

/* Digits of base 2 and 8 are consecutive characters. */
static bool lex_radix_digit(int c, int radix)
{
    return radix == 16 ? is_class(c, C_HEX) : c >= '0' && c < '0' + radix;
}

/* After 0x, 0o, 0b. */
static int lex_radix(Lexer *lex, int radix, const char *kind)
{
    int c = lex_getc(lex);
    do {
        if (c == '_')
            c = lex_getc(lex);
        if (!lex_radix_digit(c, radix)) {
            if (radix != 16 && is_class(c, C_DIGIT))
                return lex_error(lex, "invalid digit '%c' in %s literal", c, kind);
            lex_ungetc(lex, c);
            return lex_error(lex, "invalid %s literal", kind);
        }
        do
            c = lex_getc(lex);
        while (lex_radix_digit(c, radix));
    } while (c == '_');
    if (is_class(c, C_DIGIT))
        return lex_error(lex, "invalid digit '%c' in %s literal", c, kind);
    return lex_number_end(lex, c, kind) ? ERRORTOKEN : NUMBER;
}

/* `c` stands behind the digits (or behind the fraction): exponent, j, end. */
static int lex_number_tail(Lexer *lex, int c)
{
    if (c == 'e' || c == 'E') {
        int e = c;
        c = lex_getc(lex);
        if (c == '+' || c == '-') {
            c = lex_getc(lex);
            if (!is_class(c, C_DIGIT)) {
                lex_ungetc(lex, c);
                return lex_error(lex, "invalid decimal literal");
            }
        }
        else if (!is_class(c, C_DIGIT)) {
            lex_ungetc(lex, c);
            return lex_number_end(lex, e, "decimal") ? ERRORTOKEN : NUMBER;
        }
        c = lex_decimal_tail(lex);
        if (c == 0)
            return ERRORTOKEN;
    }
    if (c == 'j' || c == 'J')
        return lex_number_end(lex, lex_getc(lex), "imaginary") ? ERRORTOKEN : NUMBER;
    return lex_number_end(lex, c, "decimal") ? ERRORTOKEN : NUMBER;
}

/* After the point. */
static int lex_fraction(Lexer *lex, int c)
{
    if (is_class(c, C_DIGIT)) {
        c = lex_decimal_tail(lex);
        if (c == 0)
            return ERRORTOKEN;
    }
    return lex_number_tail(lex, c);
}

/* A number that begins with 0: radix prefix, zeros, or a float. */
static int lex_zero(Lexer *lex)
{
    int c = lex_getc(lex);
    if (c == 'x' || c == 'X')
        return lex_radix(lex, 16, "hexadecimal");
    if (c == 'o' || c == 'O')
        return lex_radix(lex, 8, "octal");
    if (c == 'b' || c == 'B')
        return lex_radix(lex, 2, "binary");
    for (;;) {
        if (c == '_') {
            c = lex_getc(lex);
            if (!is_class(c, C_DIGIT)) {
                lex_ungetc(lex, c);
                return lex_error(lex, "invalid decimal literal");
            }
        }
        if (c != '0')
            break;
        c = lex_getc(lex);
    }
    char *zeros_end = lex->cur;
    bool nonzero = is_class(c, C_DIGIT);
    if (nonzero) {
        c = lex_decimal_tail(lex);
        if (c == 0)
            return ERRORTOKEN;
    }
    if (c == '.')
        return lex_fraction(lex, lex_getc(lex));
    if (c == 'e' || c == 'E' || c == 'j' || c == 'J' || !nonzero)
        return lex_number_tail(lex, c);
    lex_ungetc(lex, c);
    return lex_error_range(lex, (int)(lex->start + 1 - lex->line_start),
                           (int)(zeros_end - lex->line_start),
                           "leading zeros in decimal integer literals are not permitted; "
                           "use an 0o prefix for octal integers");
}

/* number: '0' zeros-or-radix | digits ['.' [digits]] [exponent] ['j'] */
static int lex_number(Lexer *lex, int c)
{
    if (c == '0')
        return lex_zero(lex);
    c = lex_decimal_tail(lex);
    if (c == 0)
        return ERRORTOKEN;
    if (c == '.')
        return lex_fraction(lex, lex_getc(lex));
    return lex_number_tail(lex, c);
}

/* -- Strings --------------------------------------------------------------------------------- */

/* A literal ended without its quote: at the line's end (c is '\n') or at the source's. */
static int lex_unterminated(Lexer *lex, int c, bool triple)
{
    int last = lex->lineno; /* the error points at the quote that opened the literal */
    lex->cur = lex->start + 1;
    lex->line_start = lex->multi_line_start;
    lex->lineno = lex->first_lineno;
    lex_error(lex, triple ? "unterminated triple-quoted string literal (detected at line %d)"
                          : "unterminated string literal (detected at line %d)", last);
    if (c != '\n')
        lex->done = triple ? E_EOFS : E_EOLS;
    return ERRORTOKEN;
}

/* After the opening quote of a literal with the prefix from `start` on. Escapes are not looked at,
   but that a backslash protects the character behind it, also in raw literals. */
static int lex_string(Lexer *lex, int quote)
{
    int size = 1, closing = 0;
    lex->first_lineno = lex->lineno;
    lex->multi_line_start = lex->line_start;
    int c = lex_getc(lex);
    if (c == quote) {
        c = lex_getc(lex);
        if (c == quote)
            size = 3;
        else
            closing = 1; /* empty */
    }
    if (c != quote)
        lex_ungetc(lex, c);
    while (closing != size) {
        c = lex_getc(lex);
        if (lex->done == E_DECODE || (c == EOF && lex->done == E_ERROR && PyErr_Occurred()))
            return ERRORTOKEN;
        if (c == EOF || (size == 1 && c == '\n'))
            return lex_unterminated(lex, c, size == 3);
        if (c == quote)
            closing++;
        else {
            closing = 0;
            if (c == '\\')
                lex_getc(lex);
        }
    }
    return STRING;
}

/* Name, or a string with prefix b, r, u, f, br, fr in any case. */
static int lex_name(Lexer *lex, int c)
{
    bool b = false, r = false, u = false, f = false, high = false;
    for (;;) {
        int lower = c | 0x20;
        if (c >= 128)
            break;
        if (lower == 'b' && !(b || u || f))
            b = true;
        else if (lower == 'u' && !(b || u || r || f))
            u = true;
        else if (lower == 'r' && !(r || u))
            r = true;
        else if (lower == 'f' && !(f || b || u))
            f = true;
        else
            break;
        c = lex_getc(lex);
        if (c == '"' || c == '\'')
            return lex_string(lex, c);
    }
    while (is_class(c, C_IDENT)) {
        high |= c >= 128;
        c = lex_getc(lex);
    }
    lex_ungetc(lex, c);
    if (high && lex_verify_identifier(lex) < 0)
        return ERRORTOKEN;
    return lex_name_type(lex);
}

/* -- Operators ------------------------------------------------------------------------------- */

/* Brackets are kept on a stack, to say in an error where the open one stands. */
static int lex_open(Lexer *lex, int c, int type)
{
    if (lex->level >= MAX_BRACKETS)
        return lex_error(lex, "too many nested parentheses");
    lex->bracket[lex->level] = (char)c;
    lex->bracket_line[lex->level] = lex->lineno;
    lex->bracket_col[lex->level] = (int)(lex->start - lex->line_start);
    lex->level++;
    return type;
}

static int lex_close(Lexer *lex, int c, int type)
{
    if (!lex->level)
        return lex_error(lex, "unmatched '%c'", c);
    lex->level--;
    int open = lex->bracket[lex->level], line = lex->bracket_line[lex->level];
    if (c == (open == '(' ? ')' : open == '[' ? ']' : '}'))
        return type;
    if (line != lex->lineno)
        return lex_error(
            lex, "closing parenthesis '%c' does not match opening parenthesis '%c' on line %d", c,
            open, line);
    return lex_error(lex, "closing parenthesis '%c' does not match opening parenthesis '%c'", c,
                     open);
}

/* `plain`, or `with` when '=' follows. */
static inline int lex_maybe_equal(Lexer *lex, int plain, int with)
{
    if (*lex->cur != '=')
        return plain;
    lex->cur++;
    return with;
}

static inline bool lex_accept(Lexer *lex, char c)
{
    if (*lex->cur != c)
        return false;
    lex->cur++;
    return true;
}

/* A line's text always ends before `inp` in '\n' or NUL, so looking at *cur is safe. */
static int lex_operator(Lexer *lex, int c)
{
    switch (c) {
    case '(': return lex_open(lex, c, LPAR);
    case '[': return lex_open(lex, c, LSQB);
    case '{': return lex_open(lex, c, LBRACE);
    case ')': return lex_close(lex, c, RPAR);
    case ']': return lex_close(lex, c, RSQB);
    case '}': return lex_close(lex, c, RBRACE);
    case ':': return lex_maybe_equal(lex, COLON, COLONEQUAL);
    case ',': return COMMA;
    case ';': return SEMI;
    case '~': return TILDE;
    case '+': return lex_maybe_equal(lex, PLUS, PLUSEQUAL);
    case '-': return lex_accept(lex, '>') ? RARROW : lex_maybe_equal(lex, MINUS, MINEQUAL);
    case '*': return lex_accept(lex, '*') ? lex_maybe_equal(lex, DOUBLESTAR, DOUBLESTAREQUAL)
                                          : lex_maybe_equal(lex, STAR, STAREQUAL);
    case '/': return lex_accept(lex, '/') ? lex_maybe_equal(lex, DOUBLESLASH, DOUBLESLASHEQUAL)
                                          : lex_maybe_equal(lex, SLASH, SLASHEQUAL);
    case '|': return lex_maybe_equal(lex, VBAR, VBAREQUAL);
    case '&': return lex_maybe_equal(lex, AMPER, AMPEREQUAL);
    case '^': return lex_maybe_equal(lex, CIRCUMFLEX, CIRCUMFLEXEQUAL);
    case '%': return lex_maybe_equal(lex, PERCENT, PERCENTEQUAL);
    case '@': return lex_maybe_equal(lex, AT, ATEQUAL);
    case '=': return lex_maybe_equal(lex, EQUAL, EQEQUAL);
    case '!': return lex_maybe_equal(lex, OP, NOTEQUAL);
    case '<': return lex_accept(lex, '<') ? lex_maybe_equal(lex, LEFTSHIFT, LEFTSHIFTEQUAL)
                  : lex_accept(lex, '>') ? NOTEQUAL : lex_maybe_equal(lex, LESS, LESSEQUAL);
    case '>': return lex_accept(lex, '>') ? lex_maybe_equal(lex, RIGHTSHIFT, RIGHTSHIFTEQUAL)
                                          : lex_maybe_equal(lex, GREATER, GREATEREQUAL);
    default: return OP;
    }
}

static int lex_unprintable(Lexer *lex, int c)
{
    char hex[12];
    snprintf(hex, sizeof hex, "%04X", (unsigned)c);
    return lex_error(lex, "invalid non-printable character U+%s", hex);
}

static int lex_dot(Lexer *lex)
{
    int c = lex_getc(lex);
    if (is_class(c, C_DIGIT))
        return lex_fraction(lex, c);
    if (c == '.' && *lex->cur == '.') {
        lex->cur++;
        return ELLIPSIS;
    }
    lex_ungetc(lex, c);
    return DOT;
}

/* -- Tokens ---------------------------------------------------------------------------------- */

/* Leaves `async def` mode when its block has ended (feature_version < 7); `c` comes next. */
static void lex_leave_async(Lexer *lex, int c)
{
    if (c != '\n' && lex->level == 0 && lex->async_def_nl && lex->async_def_indent >= lex->indent) {
        lex->async_def = lex->async_def_nl = false;
        lex->async_def_indent = 0;
    }
}

int lex_next(Lexer *lex, const char **start, const char **end)
{
    bool blank;
    int c, type;
next_line:
    *start = *end = NULL;
    lex->start = NULL;
    blank = false;
    if (lex->atbol && lex_line_begin(lex, &blank))
        return ERRORTOKEN;
    lex->start = lex->cur;
    if (lex->pendin) {
        type = lex->pendin < 0 ? DEDENT : INDENT;
        lex->pendin += type == DEDENT ? 1 : -1;
        return type;
    }
    if (lex->async_def && !blank)
        lex_leave_async(lex, lex_peekc(lex));
again:
    lex->start = NULL;
    do
        c = lex_getc(lex);
    while (c == ' ' || c == '\t' || c == '\f');
    lex->start = lex->cur == lex->text ? lex->cur : lex->cur - 1;
    if (c == '#') {
        type = lex_comment(lex, &c, blank, start, end);
        if (type)
            return type;
    }
    if (lex->done == E_INTERACT_STOP)
        return ENDMARKER;
    if (c == EOF)
        return lex->level || lex->done != E_EOF ? ERRORTOKEN : ENDMARKER;
    if (lex_class[c] & C_START)
        type = lex_name(lex, c);
    else if (c == '\n') {
        lex->atbol = true;
        if (blank || lex->level > 0)
            goto next_line;
        *start = lex->start;
        *end = lex->cur - 1;
        if (lex->async_def)
            lex->async_def_nl = true;
        return NEWLINE;
    }
    else if (c == '.')
        type = lex_dot(lex);
    else if (lex_class[c] & C_DIGIT)
        type = lex_number(lex, c);
    else if (c == '\'' || c == '"')
        type = lex_string(lex, c);
    else if (c == '\\') {
        if (lex_continuation(lex) == -1)
            return ERRORTOKEN;
        goto again;
    }
    else if (c < 32 || c == 127)
        type = lex_unprintable(lex, c);
    else {
        type = lex_operator(lex, c);
        if (lex->cur == lex->inp && type != ERRORTOKEN)
            lex_peekc(lex); /* an operator that ends the source has seen its end (done is E_EOF) */
    }
    if (type != ERRORTOKEN) {
        *start = lex->start;
        *end = lex->cur;
    }
    return type;
}
