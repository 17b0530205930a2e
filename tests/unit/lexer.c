/* SPDX-License-Identifier: MIT
 *
 * The lexer alone: kinds, places and errors of tokens. Whole files are compared with python3.11 in tests/stage.
 */
#include "lex/lex.h"
#include "unit.h"

static Lexer *lexer_of(const char *source)
{
    static PyObject *filename;
    if (filename == NULL) {
        filename = PyUnicode_FromString("<unit>");
    }
    Lexer *lex = lex_new_string(source, true, true, filename);
    if (lex != NULL) {
        lex->report_warnings = false;
    }
    return lex;
}

/* `source` as text like "NAME:a OP…": the kinds, with what they stand for. */
static const char *tokens(const char *source)
{
    static char out[4000];
    size_t n = 0;
    Lexer *lex = lexer_of(source);
    if (lex == NULL) {
        PyErr_Clear();
        return "no lexer";
    }
    for (int kind = -1; kind != ENDMARKER && kind != ERRORTOKEN && n < sizeof(out) - 200;) {
        const char *start, *end;
        kind = lex_next(lex, &start, &end);
        n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%s", n ? " " : "", _PyParser_TokenNames[kind]);
        if (start != NULL && (kind == NAME || kind == NUMBER || kind == STRING)) {
            n += (size_t)snprintf(out + n, sizeof(out) - n, ":%.*s", (int)(end - start), start);
        }
        if (kind == ERRORTOKEN) {
            n += (size_t)snprintf(out + n, sizeof(out) - n, " %d@%d", lex->done, lex->lineno);
        }
    }
    PyErr_Clear();
    lex_free(lex);
    return out;
}

static void kinds(void)
{
    CHECK_STR(tokens(""), "ENDMARKER");
    CHECK_STR(tokens("# only a comment\n\n"), "ENDMARKER");
    CHECK_STR(tokens("a"), "NAME:a NEWLINE ENDMARKER");
    CHECK_STR(tokens("a=1_0+0x_f"), "NAME:a EQUAL NUMBER:1_0 PLUS NUMBER:0x_f NEWLINE ENDMARKER");
    CHECK_STR(tokens("x**=y//z"), "NAME:x DOUBLESTAREQUAL NAME:y DOUBLESLASH NAME:z NEWLINE ENDMARKER");
    CHECK_STR(tokens("a:=b->c..."), "NAME:a COLONEQUAL NAME:b RARROW NAME:c ELLIPSIS NEWLINE ENDMARKER");
    CHECK_STR(tokens("a $ !"), "NAME:a OP OP NEWLINE ENDMARKER"); /* the parser knows no rule with these */
    CHECK_STR(tokens("1.e5j 1if"), "NUMBER:1.e5j NUMBER:1 NAME:if NEWLINE ENDMARKER");
    CHECK_STR(tokens("rb'\\'' f\"{a}\""), "STRING:rb'\\'' STRING:f\"{a}\" NEWLINE ENDMARKER");
    CHECK_STR(tokens("\xC3\xA4\xCE\xBB"), "NAME:\xC3\xA4\xCE\xBB NEWLINE ENDMARKER");
}

static void lines(void)
{
    CHECK_STR(tokens("if a:\n  b\n  if c:\n    d\ne\n"),
              "NAME:if NAME:a COLON NEWLINE INDENT NAME:b NEWLINE NAME:if NAME:c COLON NEWLINE INDENT NAME:d NEWLINE "
              "DEDENT DEDENT NAME:e NEWLINE ENDMARKER");
    CHECK_STR(tokens("(a,\n   b\n)"), "LPAR NAME:a COMMA NAME:b RPAR NEWLINE ENDMARKER");
    CHECK_STR(tokens("a \\\n  b"), "NAME:a NAME:b NEWLINE ENDMARKER");
    CHECK_STR(tokens("a\r\nb\rc"), "NAME:a NEWLINE NAME:b NEWLINE NAME:c NEWLINE ENDMARKER");
    CHECK_STR(tokens("\fa\n"), "NAME:a NEWLINE ENDMARKER");
    CHECK_STR(tokens("'''a\n\nb'''"), "STRING:'''a\n\nb''' NEWLINE ENDMARKER");
}

/* Error codes are those of <errcode.h>. */
static void errors(void)
{
    char want[200];
#define ERROR(source, before, code, line)                                                          \
    snprintf(want, sizeof(want), "%s%sERRORTOKEN> %d@%d", before, "<", code, line);                \
    CHECK_STR(tokens(source), want)
    ERROR("if a:\n    b\n  c\n", "NAME:if NAME:a COLON NEWLINE INDENT NAME:b NEWLINE ", E_DEDENT, 3);
    ERROR("if a:\n        b\n\tc\n", "NAME:if NAME:a COLON NEWLINE INDENT NAME:b NEWLINE ", E_TABSPACE, 3);
    ERROR("a \\", "NAME:a ", E_EOF, 1);
    ERROR("a\n\\ b", "NAME:a NEWLINE ", E_LINECONT, 2);
    ERROR("'abc\n", "", E_ERROR, 1);
    ERROR("'''abc\n\n", "", E_EOFS, 1);
    ERROR("(]", "LPAR ", E_ERROR, 1);
    ERROR("}", "", E_ERROR, 1);
    ERROR("0x", "", E_ERROR, 1);
    ERROR("1__0", "", E_ERROR, 1);
    ERROR("012", "", E_ERROR, 1);
    ERROR("\xE2\x82\xAC", "", E_ERROR, 1); /* € is no letter */
#undef ERROR
}

static void too_deep(void)
{
    char source[MAX_INDENTS * MAX_INDENTS + 300 * MAX_INDENTS];
    size_t n = 0;
    for (int depth = 0; depth <= MAX_INDENTS; depth++) {
        n += (size_t)sprintf(source + n, "%*sif a:\n", depth, "");
    }
    CHECK(strstr(tokens(source), "<ERRORTOKEN>") != NULL || strlen(tokens(source)) > 3700);
    memset(source, '(', MAX_BRACKETS);
    source[MAX_BRACKETS] = 0;
    CHECK(strstr(tokens(source), "LPAR LPAR") == tokens(source));
    const char *start, *end;
    memset(source, '[', MAX_BRACKETS + 1);
    source[MAX_BRACKETS + 1] = 0;
    Lexer *lex = lexer_of(source);
    int kind = LSQB, count = -1;
    while (kind == LSQB) {
        count++;
        kind = lex_next(lex, &start, &end);
    }
    CHECK_EQ(kind, ERRORTOKEN);
    CHECK_EQ(count, MAX_BRACKETS);
    CHECK(PyErr_ExceptionMatches(PyExc_SyntaxError));
    PyErr_Clear();
    lex_free(lex);
}

static void places_are_bytes_of_the_line(void)
{
    const char *start, *end;
    Lexer *lex = lexer_of("\xC3\xA4 = (\n  '''x\ny''')\n");
    lex_next(lex, &start, &end); /* ä */
    CHECK_EQ(end - start, 2);
    lex_next(lex, &start, &end); /* = */
    CHECK_EQ(start - lex->line_start, 3);
    lex_next(lex, &start, &end);
    CHECK_EQ(lex->level, 1);
    lex_next(lex, &start, &end); /* the string */
    CHECK_EQ(lex->first_lineno, 2);
    CHECK_EQ(lex->lineno, 3);
    CHECK_EQ(start - lex->multi_line_start, 2);
    lex_next(lex, &start, &end);
    CHECK_EQ(lex->level, 0);
    lex_rewind(lex);
    lex_next(lex, &start, &end);
    CHECK(end - start == 2 && lex->lineno == 1);
    lex_free(lex);
}

TESTS(unit_start_interpreter, kinds, lines, errors, too_deep, places_are_bytes_of_the_line)
