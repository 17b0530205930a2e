/* SPDX-License-Identifier: MIT
 *
 * The parser's machinery: reading tokens, the memo, allocating nodes and sequences, identifiers.
 *
 *      tokens[] 0 ........ mark ........ fill read by parse_fill, one at a time, from lex stack[] 0
 *      ... base ... top items of the sequence being read token ──> memo ──> memo ──> NULL (rule,
 *      node, mark behind it)
 *
 * I1  tokens[0..fill) are read; mark <= fill except after an error. Tokens never move, so pointers
 *     to them stay valid.
 * I2  A memo entry belongs to the token at which its rule began and to the grammar of the faithful
 *     passes; the list is empty at the beginning of a pass.
 * I3  After parse_fail every token's type has bit 20 set: no rule can match, none loops.
 *
 * Cost: a token is read once a pass, a remembered rule runs once a token. The name cache saves most
 * identifiers, which programs repeat, from being decoded and interned again.
 */
#include "parse/parse_impl.h"

/* -- Reading tokens -------------------------------------------------------------------------- */

/* A switch over the first letter, then at most three comparisons: as quick as a perfect hash and
   readable. */
#define KEYWORD(word, type)                                                                        \
    if (len == (int)sizeof(word) - 1 && !memcmp(s, word, sizeof(word) - 1))                        \
        return type;

/* Type of a name: its own, or NAME. */
static int parse_keyword(const char *s, int len)
{
    if (len < 2 || len > 8)
        return NAME;
    switch (s[0]) {
    case 'F': KEYWORD("False", KW_FALSE) break;
    case 'N': KEYWORD("None", KW_NONE) break;
    case 'T': KEYWORD("True", KW_TRUE) break;
    case 'a': KEYWORD("and", KW_AND) KEYWORD("as", KW_AS) KEYWORD("assert", KW_ASSERT) break;
    case 'b': KEYWORD("break", KW_BREAK) break;
    case 'c': KEYWORD("class", KW_CLASS) KEYWORD("continue", KW_CONTINUE) break;
    case 'd': KEYWORD("def", KW_DEF) KEYWORD("del", KW_DEL) break;
    case 'e': KEYWORD("else", KW_ELSE) KEYWORD("elif", KW_ELIF) KEYWORD("except", KW_EXCEPT) break;
    case 'f': KEYWORD("for", KW_FOR) KEYWORD("from", KW_FROM) KEYWORD("finally", KW_FINALLY) break;
    case 'g': KEYWORD("global", KW_GLOBAL) break;
    case 'i':
        KEYWORD("if", KW_IF)
        KEYWORD("in", KW_IN) KEYWORD("is", KW_IS) KEYWORD("import", KW_IMPORT) break;
    case 'l': KEYWORD("lambda", KW_LAMBDA) break;
    case 'n': KEYWORD("not", KW_NOT) KEYWORD("nonlocal", KW_NONLOCAL) break;
    case 'o': KEYWORD("or", KW_OR) break;
    case 'p': KEYWORD("pass", KW_PASS) break;
    case 'r': KEYWORD("return", KW_RETURN) KEYWORD("raise", KW_RAISE) break;
    case 't': KEYWORD("try", KW_TRY) break;
    case 'w': KEYWORD("with", KW_WITH) KEYWORD("while", KW_WHILE) break;
    case 'y': KEYWORD("yield", KW_YIELD) break;
    }
    return NAME;
}

/* The slot behind the last token read, zeroed; NULL with MemoryError. */
static Token *parse_new_token(Parser *p)
{
    if (p->fill == p->capacity) {
        int capacity = p->capacity ? p->capacity * 2 : 64;
        Token **tokens = PyMem_Realloc(p->tokens, capacity * sizeof(Token *));
        if (!tokens) {
            PyErr_NoMemory();
            return NULL;
        }
        memset(tokens + p->capacity, 0, (capacity - p->capacity) * sizeof(Token *));
        p->tokens = tokens;
        p->capacity = capacity;
    }
    Token **slot = &p->tokens[p->fill];
    if (*slot) /* left over from the fast pass */
        memset(*slot, 0, sizeof(Token));
    else
        *slot = arena_alloc(p->arena, sizeof(Token));
    return *slot;
}

/* Remembers a `# type: ignore` for Module.type_ignores. */
static bool parse_note_ignore(Parser *p, const char *start, const char *end)
{
    if ((p->nignores & (p->nignores + 1)) == 0) { /* grow at 0, 1, 3, 7 ... */
        void *grown = PyMem_Realloc(p->ignores, (2 * p->nignores + 1) * sizeof *p->ignores);
        if (!grown) {
            PyErr_NoMemory();
            return false;
        }
        p->ignores = grown;
    }
    char *tag = arena_alloc(p->arena, end - start + 1);
    if (!tag)
        return false;
    memcpy(tag, start, end - start);
    p->ignores[p->nignores].lineno = p->lex->lineno;
    p->ignores[p->nignores++].tag = tag;
    return true;
}

/* Fills in what the lexer has just read. A string spans lines: its place begins where it did. */
static void parse_set_token(Parser *p, Token *t, int type, const char *start, const char *end)
{
    Lexer *lex = p->lex;
    const char *line = type == STRING ? lex->multi_line_start : lex->line_start;
    int shift = lex->lineno == p->starting_lineno ? p->starting_col : 0;
    t->at = start ? start - lex->text : 0;
    t->len = start ? (int)(end - start) : 0;
    t->type = type == NAME ? parse_keyword(start, t->len) : type;
    t->level = lex->level;
    t->pos.lineno = type == STRING ? lex->first_lineno : lex->lineno;
    t->pos.col_offset = (start && start >= line ? (int)(start - line) : -1) + shift;
    t->pos.end_lineno = lex->lineno;
    t->pos.end_col_offset =
        (end && end >= lex->line_start ? (int)(end - lex->line_start) : -1) + shift;
}

/* Reads one more token; false after an error. */
bool parse_fill(Parser *p)
{
    if (p->error)
        return false;
    const char *start, *end;
    int type = lex_next(p->lex, &start, &end);
    while (type == TYPE_IGNORE) {
        if (!parse_note_ignore(p, start, end))
            return parse_fail(p);
        type = lex_next(p->lex, &start, &end);
    }
    if (p->start_rule == Py_single_input && type == ENDMARKER && p->single_started) {
        type = NEWLINE; /* the statement may end without one */
        p->single_started = false;
        if (p->lex->indent && !(p->flags & PyCF_DONT_IMPLY_DEDENT)) {
            p->lex->pendin = -p->lex->indent;
            p->lex->indent = 0;
        }
    }
    else
        p->single_started = true;
    Token *t = parse_new_token(p);
    if (!t)
        return parse_fail(p);
    parse_set_token(p, t, type, start, end);
    p->fill++;
    return type != ERRORTOKEN || parse_lexer_error(p);
}

void *parse_fail(Parser *p)
{
    p->error = true;
    for (int i = 0; i < p->fill; i++)
        p->tokens[i]->type |= 1 << 20; /* matches nothing; the error's own texts are made already */
    return NULL;
}

int peek_type(Parser *p, int n)
{
    int mark = p->mark;
    p->mark += n;
    while (p->fill <= p->mark)
        if (!parse_fill(p)) {
            p->mark = mark;
            return ERRORTOKEN;
        }
    int type = p->tokens[p->mark]->type;
    p->mark = mark;
    return type;
}

Token *parse_force(Parser *p, int type, const char *what)
{
    Token *t = peek(p);
    if (p->error)
        return NULL;
    if (t->type == type) {
        p->mark++;
        return t;
    }
    return RAISE_AT(p, t, "expected '%s'", what);
}

bool token_is(Parser *p, const Token *t, const char *word)
{
    size_t n = strlen(word);
    return t->len == (int)n && !memcmp(token_text(p, t), word, n);
}

bool at_word(Parser *p, const char *word)
{
    Token *t = peek(p);
    return t->type == NAME && token_is(p, t, word);
}

Token *take_word(Parser *p, const char *word)
{
    return at_word(p, word) ? p->tokens[p->mark++] : NULL;
}

Token *last_token(Parser *p)
{
    int i = (p->mark < p->fill ? p->mark : p->fill) - 1;
    for (; i > 0; i--) {
        int type = p->tokens[i]->type;
        if (type != ENDMARKER && (type < NEWLINE || type > DEDENT))
            break;
    }
    return i >= 0 ? p->tokens[i] : &p->poison;
}

/* -- Memo ------------------------------------------------------------------------------------ */

/* Linear search: few rules begin at the same token, and a correct program never gets here. */
void *parse_memo_slow(Parser *p, int id, Rule rule)
{
    Token *t = peek(p);
    if (p->error)
        return NULL;
    for (Memo *m = t->memo; m; m = m->next)
        if (m->id == id) {
            p->mark = m->end;
            return m->node;
        }
    int mark = p->mark;
    void *node = rule(p);
    if (p->error)
        return NULL;
    if (!node)
        p->mark = mark;
    Memo *m = arena_alloc(p->arena, sizeof(Memo));
    if (!m)
        return parse_fail(p);
    *m = (Memo){t->memo, id, p->mark, node};
    t->memo = m;
    return node;
}

/* -- Nodes ----------------------------------------------------------------------------------- */

void *parse_alloc(Parser *p, size_t size)
{
    void *block = arena_alloc(p->arena, size);
    if (LIKELY(block != NULL))
        return block;
    if (!p->error)
        parse_fail(p);
    return &p->scratch;
}

expr parse_new_expr(Parser *p, const struct expr_node *proto)
{
    expr e = parse_alloc(p, sizeof *e);
    *e = *proto;
    return e;
}

stmt parse_new_stmt(Parser *p, const struct stmt_node *proto)
{
    stmt s = parse_alloc(p, sizeof *s);
    *s = *proto;
    return s;
}

pattern parse_new_pattern(Parser *p, const struct pattern_node *proto)
{
    pattern node = parse_alloc(p, sizeof *node);
    *node = *proto;
    return node;
}

PyObject *parse_own(Parser *p, PyObject *obj)
{
    if (!obj || arena_add_object(p->arena, obj) < 0)
        return parse_fail(p);
    return obj;
}

/* -- Sequences ------------------------------------------------------------------------------- */

void parse_push(Parser *p, void *item)
{
    if (UNLIKELY(p->top == p->stack_size)) {
        int size = p->stack_size ? p->stack_size * 2 : 256;
        void **stack = PyMem_Realloc(p->stack, size * sizeof(void *));
        if (!stack) {
            if (!p->error) {
                PyErr_NoMemory();
                parse_fail(p);
            }
            return;
        }
        p->stack = stack;
        p->stack_size = size;
    }
    p->stack[p->top++] = item;
}

void *parse_seq(Parser *p, int base)
{
    int n = p->top - base;
    if (n <= 0)
        return NULL;
    expr_seq *seq = parse_alloc(p, sizeof(expr_seq) + n * sizeof(void *));
    if ((void *)seq == (void *)&p->scratch)
        n = 0;
    seq->n = n;
    memcpy(seq->at, p->stack + base, n * sizeof(void *));
    p->top = base;
    return seq;
}

void *parse_seq1(Parser *p, void *item)
{
    expr_seq *seq = parse_alloc(p, sizeof(expr_seq) + sizeof(void *));
    seq->n = 1;
    seq->at[0] = item;
    return seq;
}

/* -- Identifiers ----------------------------------------------------------------------------- */

/* NFKC form of a name with characters beyond ASCII (PEP 3131). STEALS id. */
static PyObject *parse_normalize(Parser *p, PyObject *id)
{
    if (!p->normalize) {
        PyObject *module = PyImport_ImportModule("unicodedata");
        p->normalize = module ? PyObject_GetAttrString(module, "normalize") : NULL;
        Py_XDECREF(module);
    }
    PyObject *result = p->normalize ? PyObject_CallFunction(p->normalize, "sO", "NFKC", id) : NULL;
    Py_DECREF(id);
    if (result && !PyUnicode_CheckExact(result)) {
        PyErr_Format(PyExc_TypeError, "unicodedata.normalize() must return a string, not %.200s",
                     Py_TYPE(result)->tp_name);
        Py_CLEAR(result);
    }
    return result;
}

identifier parse_new_identifier(Parser *p, const char *text, int len)
{
    if (p->error)
        return NULL;
    uint32_t hash = (uint32_t)len;
    for (int i = 0; i < len; i++)
        hash = hash * 31 + (unsigned char)text[i];
    uint32_t slot = (hash ^ hash >> 9) & (NAME_CACHE - 1);
    if (p->names->at[slot].id && p->names->at[slot].len == len
        && !memcmp(p->names->at[slot].text, text, len))
        return p->names->at[slot].id;
    PyObject *id = PyUnicode_DecodeUTF8(text, len, NULL);
    if (id && !PyUnicode_IS_ASCII(id))
        id = parse_normalize(p, id);
    if (id)
        PyUnicode_InternInPlace(&id);
    char *copy = parse_own(p, id) ? arena_alloc(p->arena, len + 1) : NULL;
    if (copy) {
        memcpy(copy, text, len);
        p->names->at[slot].text = copy;
        p->names->at[slot].len = len;
        p->names->at[slot].id = id;
    }
    return p->error ? NULL : id;
}

identifier parse_token_id(Parser *p, Token *t)
{
    if (!t->id)
        t->id = parse_new_identifier(p, token_text(p, t), t->len);
    return t->id;
}

expr parse_name_expr(Parser *p, Token *t, expr_context ctx)
{
    return EXPR(p, Name, t->pos, .id = parse_token_id(p, t), .ctx = ctx);
}

/* Every item in another context, as a new sequence. */
static expr_seq *parse_seq_with_context(Parser *p, expr_seq *seq, expr_context ctx)
{
    int base = p->top;
    for (Py_ssize_t i = 0; i < seq_len(seq); i++)
        parse_push(p, parse_with_context(p, seq->at[i], ctx));
    return parse_seq(p, base);
}

expr parse_with_context(Parser *p, expr e, expr_context ctx)
{
    expr copy = parse_new_expr(p, e);
    switch (e->kind) {
    case Name_kind: copy->v.Name.ctx = ctx; break;
    case Attribute_kind: copy->v.Attribute.ctx = ctx; break;
    case Subscript_kind: copy->v.Subscript.ctx = ctx; break;
    case Starred_kind:
        copy->v.Starred.ctx = ctx;
        copy->v.Starred.value = parse_with_context(p, e->v.Starred.value, ctx);
        break;
    case Tuple_kind:
        copy->v.Tuple.ctx = ctx;
        copy->v.Tuple.elts = parse_seq_with_context(p, e->v.Tuple.elts, ctx);
        break;
    case List_kind:
        copy->v.List.ctx = ctx;
        copy->v.List.elts = parse_seq_with_context(p, e->v.List.elts, ctx);
        break;
    default: break;
    }
    return copy;
}

void *parse_check_version(Parser *p, int version, const char *what, void *node)
{
    if (node && p->feature_version < version)
        return RAISE(p, "%s only supported in Python 3.%i and greater", what, version);
    return node;
}
