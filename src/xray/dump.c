/* SPDX-License-Identifier: MIT
 *
 * -X dump: the option, the printers of tokens and trees, and the order of the stages.
 *
 * Scopes, graphs and code have printers of their own beside what they print; they come through
 * compile_dump into memory first, since the compiler meets them interleaved and each stage has
 * its own heading.
 */
#include "xray/dump.h"
#include "ast/classes.h"
#include "bytecode/code.h"
#include "compile/compile.h"
#include "lex/lex.h"
#include "state.h"

#include <wchar.h>

/* -- The option ------------------------------------------------------------------------------ */

static const struct { const wchar_t *word; unsigned stage; } stages_by_word[] = {
    {L"tokens", DUMP_TOKENS}, {L"ast", DUMP_AST}, {L"symtable", DUMP_SYMTABLE},
    {L"cfg", DUMP_CFG}, {L"bytecode", DUMP_BYTECODE}, {L"ops", DUMP_OPS},
};

static unsigned stage_of(const wchar_t *word, size_t n)
{
    for (size_t i = 0; i < sizeof(stages_by_word) / sizeof(stages_by_word[0]); i++)
        if (wcslen(stages_by_word[i].word) == n && wcsncmp(stages_by_word[i].word, word, n) == 0)
            return stages_by_word[i].stage;
    fprintf(stderr, "vitro: unknown stage '%.*ls' in -X dump\n", (int)n, word);
    Py_Exit(2);
}

/* The set of a list "a,b". */
static unsigned stages_of(const wchar_t *list)
{
    unsigned stages = 0;
    for (;;) {
        size_t n = wcscspn(list, L",");
        stages |= stage_of(list, n);
        if (!list[n])
            return stages;
        list += n + 1;
    }
}

unsigned dump_wanted(void)
{
    const PyWideStringList *options = &interp_get()->config.xoptions;
    unsigned stages = 0;
    for (Py_ssize_t i = 0; i < options->length; i++)
        if (wcsncmp(options->items[i], L"dump=", 5) == 0)
            stages |= stages_of(options->items[i] + 5);
    return stages;
}

static void heading(const char *stage)
{
    fprintf(stderr, "== %s ==\n", stage);
}

/* Never raises: "?" stands for what has no repr. */
static void print_repr(FILE *out, PyObject *o)
{
    PyObject *repr = PyObject_Repr(o);
    PyObject *bytes = repr ? PyUnicode_AsEncodedString(repr, "utf-8", "backslashreplace") : NULL;
    fputs(bytes ? PyBytes_AS_STRING(bytes) : "?", out);
    if (!bytes)
        PyErr_Clear();
    Py_XDECREF(bytes);
    Py_XDECREF(repr);
}

/* -- Tokens ---------------------------------------------------------------------------------- */

/* Characters between two places in UTF-8 text. */
static int columns(const char *from, const char *to)
{
    int n = 0;
    for (; from < to; from++)
        n += ((unsigned char)*from & 0xC0) != 0x80;
    return n;
}

static void print_token(int line, int col, int end_line, int end_col, int type, PyObject *text)
{
    char range[64];
    snprintf(range, sizeof(range), "%d,%d-%d,%d:", line, col, end_line, end_col);
    fprintf(stderr, "%-20s%-15s", range, _PyParser_TokenNames[type]);
    print_repr(stderr, text);
    fputc('\n', stderr);
}

/* Tokens that stand for layout have no text of their own in the lexer: their places are those of
   module tokenize. */
static void print_layout(const Lexer *lex, int type, int last_line)
{
    const char *text = "", *begin = lex->line_start, *end = begin;
    size_t n = 0;
    int line = lex->lineno;
    if (type == ENDMARKER || (type == DEDENT && lex->cur >= lex->end)) {
        line = last_line + 1;
    } else {
        while (*end == ' ' || *end == '\t' || *end == '\f')
            end++;
        if (type == INDENT)
            text = begin, n = (size_t)(end - begin);
        else
            begin = end;
    }
    PyObject *s = PyUnicode_FromStringAndSize(text, (Py_ssize_t)n);
    if (s)
        print_token(line, columns(lex->line_start, begin), line, columns(lex->line_start, end),
                    type, s);
    Py_XDECREF(s);
}

static void print_text(const Lexer *lex, int type, const char *start, const char *end)
{
    bool several = type == STRING;
    if (type == NEWLINE) { /* begins before a comment in the lexer */
        start += strcspn(start, "\n");
        end = start + 1;
    }
    PyObject *s = type == NEWLINE ? PyUnicode_FromString("\n")
                                  : PyUnicode_DecodeUTF8(start, end - start, "replace");
    if (s)
        print_token(several ? lex->first_lineno : lex->lineno,
                    columns(several ? lex->multi_line_start : lex->line_start, start), lex->lineno,
                    columns(lex->line_start, end), type, s);
    Py_XDECREF(s);
}

/* Lines of the text. */
static int lines_of(const Lexer *lex)
{
    int n = lex->lineno_base;
    for (const char *p = lex->text; p < lex->end; p++)
        n += *p == '\n';
    return n + (lex->end > lex->text && lex->end[-1] != '\n');
}

/* STEALS lex, which may be NULL. */
static void print_tokens(Lexer *lex)
{
    int type = lex ? ENDMARKER + 1 : ENDMARKER;
    heading("tokens");
    if (lex)
        lex->report_warnings = false;
    while (type != ENDMARKER) {
        const char *start = NULL, *end = NULL;
        type = lex_next(lex, &start, &end);
        if (type == ERRORTOKEN)
            break;
        if (type == INDENT || type == DEDENT || type == ENDMARKER || !start)
            print_layout(lex, type, lines_of(lex));
        else
            print_text(lex, type, start, end);
    }
    PyErr_Clear();
    if (lex)
        lex_free(lex);
}

void dump_tokens_string(unsigned stages, const char *source, PyObject *filename,
                        PyCompilerFlags *flags)
{
    if (stages & DUMP_TOKENS)
        print_tokens(lex_new_string(source, true,
                                    flags && (flags->cf_flags & PyCF_IGNORE_COOKIE), filename));
}

void dump_tokens_file(unsigned stages, FILE *fp, PyObject *filename)
{
    if (!(stages & DUMP_TOKENS))
        return;
    long at = ftell(fp);
    if (at < 0) { /* a pipe: its text can be read only once */
        heading("tokens");
        fputs("(none: the program comes from a pipe)\n", stderr);
        return;
    }
    print_tokens(lex_new_file(fp, NULL, NULL, NULL, filename));
    clearerr(fp);
    fseek(fp, at, SEEK_SET);
}

/* -- Tree ------------------------------------------------------------------------------------ */

static bool is_object(int type) { return type <= T_constant; }

static const AstClass *class_of(int type, int kind)
{
    const AstClasses *all = ast_classes();
    return &all->classes[all->first[type] + kind];
}

static const AstClass *node_class(int type, const char *node)
{
    return class_of(type, ast_classes()->count[type] ? *(const int *)node : 0);
}

/* A field that ast.dump leaves out. */
static bool is_absent(const AstRow *field, const char *at)
{
    return field->kind == ROW_OPT && field->type != T_int && !*(void *const *)at;
}

static int shown_fields(const AstClass *c, const char *node)
{
    int n = 0;
    for (int i = 0; i < c->nfields; i++)
        n += !is_absent(&c->fields[i], node + c->offset[i]);
    return n;
}

static bool is_simple_field(const AstRow *field, const char *at)
{
    if (field->kind == ROW_SEQ)
        return seq_len(*(const expr_seq *const *)at) == 0;
    if (field->type == T_int || is_object(field->type) || ast_is_enum(field->type))
        return true;
    const char *node = *(const char *const *)at;
    return !node || shown_fields(node_class(field->type, node), node) == 0;
}

/* ast.dump writes a node in one line when it has at most three fields without inner structure. */
static bool is_one_line(const AstClass *c, const char *node)
{
    enum { IN_ONE_LINE = 3 };
    for (int i = 0; i < c->nfields; i++)
        if (!is_absent(&c->fields[i], node + c->offset[i])
            && !is_simple_field(&c->fields[i], node + c->offset[i]))
            return false;
    return shown_fields(c, node) <= IN_ONE_LINE;
}

static void print_node(FILE *out, int type, const char *node, int level);

static void new_line(FILE *out, int level)
{
    fprintf(out, "\n%*s", 2 * level, "");
}

static void print_pointer(FILE *out, int type, const void *value, int level)
{
    if (!value)
        fputs("None", out);
    else if (is_object(type))
        print_repr(out, (PyObject *)value);
    else
        print_node(out, type, value, level);
}

static void print_list(FILE *out, int type, const expr_seq *seq, int level)
{
    fputc('[', out);
    for (Py_ssize_t i = 0; i < seq_len(seq); i++) {
        fputs(i ? "," : "", out);
        new_line(out, level + 1);
        if (ast_is_enum(type))
            fprintf(out, "%s()", class_of(type, (int)((const cmpop_seq *)seq)->at[i])->row->name);
        else
            print_pointer(out, type, seq->at[i], level + 1);
    }
    fputc(']', out);
}

static void print_field(FILE *out, const AstRow *field, const char *at, int level)
{
    fprintf(out, "%s=", field->name);
    if (field->kind == ROW_SEQ)
        print_list(out, field->type, *(const expr_seq *const *)at, level);
    else if (field->type == T_int)
        fprintf(out, "%d", *(const int *)at);
    else if (ast_is_enum(field->type))
        fprintf(out, "%s()", class_of(field->type, *(const int *)at)->row->name);
    else
        print_pointer(out, field->type, *(void *const *)at, level);
}

/* As ast.dump(node, indent=4) writes it. */
static void print_node(FILE *out, int type, const char *node, int level)
{
    const AstClass *c = node_class(type, node);
    bool one_line = is_one_line(c, node), first = true;
    fprintf(out, "%s(", c->row->name);
    for (int i = 0; i < c->nfields; i++) {
        if (is_absent(&c->fields[i], node + c->offset[i]))
            continue;
        fputs(first ? "" : one_line ? ", " : ",", out);
        if (!one_line)
            new_line(out, level + 1);
        print_field(out, &c->fields[i], node + c->offset[i], level + 1);
        first = false;
    }
    fputc(')', out);
}

static void print_tree(mod tree)
{
    heading("ast");
    if (!ast_classes()) { /* no memory: the compiler will meet it too */
        PyErr_Clear();
        return;
    }
    print_node(stderr, T_mod, (const char *)tree, 0);
    fputc('\n', stderr);
}

/* -- Scopes, graphs, code -------------------------------------------------------------------- */

struct capture { const char *stage; char *text; size_t size; FILE *out; };

static FILE *capture_begin(struct capture *c, bool wanted, const char *stage)
{
    *c = (struct capture){.stage = stage};
    return c->out = wanted ? open_memstream(&c->text, &c->size) : NULL;
}

static void capture_end(struct capture *c)
{
    if (!c->out)
        return;
    fclose(c->out);
    heading(c->stage);
    fwrite(c->text, 1, c->size, stderr);
    free(c->text);
}

PyCodeObject *dump_compile(unsigned stages, mod tree, PyObject *filename, PyCompilerFlags *flags,
                           Arena *arena)
{
    struct capture symtable, cfg, bytecode;
    struct compile_dump outer = compile_dump; /* a warning's import may compile meanwhile */
    if (stages & DUMP_AST)
        print_tree(tree);
    compile_dump.symtable = capture_begin(&symtable, stages & DUMP_SYMTABLE, "symtable");
    compile_dump.cfg = capture_begin(&cfg, stages & DUMP_CFG, "cfg");
    compile_dump.bytecode = capture_begin(&bytecode, stages & DUMP_BYTECODE, "bytecode");
    PyCodeObject *co = compile_tree(tree, filename, flags, -1, arena);
    compile_dump = outer;
    capture_end(&symtable);
    capture_end(&cfg);
    capture_end(&bytecode);
    return co;
}

void dump_code(unsigned stages, PyCodeObject *co)
{
    for (size_t i = 0; i < sizeof(stages_by_word) / sizeof(stages_by_word[0]); i++)
        if ((stages & stages_by_word[i].stage) && stages_by_word[i].stage < DUMP_BYTECODE)
            fprintf(stderr, "== %ls ==\n(none: the program has no source)\n",
                    stages_by_word[i].word);
    if (stages & DUMP_BYTECODE) {
        heading("bytecode");
        op_dump(stderr, co, false);
    }
}

void dump_ops(unsigned stages, PyCodeObject *co)
{
    PyObject *type, *value, *tb;
    if (!(stages & DUMP_OPS))
        return;
    PyErr_Fetch(&type, &value, &tb);
    heading("ops");
    op_dump(stderr, co, true);
    PyErr_Restore(type, value, tb);
}
