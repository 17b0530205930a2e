/* SPDX-License-Identifier: MIT
 *
 * `from __future__ import ...`: only a docstring and other such statements may come before it. A
 * later one is found by the compiler, except on the same line, where it is found here.
 *
 * Reference: language reference, 7.11.1; PEP 236.
 */
#include "symtable/symtable_impl.h"

/* Features with a meaning; the others have become the language. */
static const struct { const char *name; int flag; } known[] = {
    {FUTURE_NESTED_SCOPES, 0},    {FUTURE_GENERATORS, 0},
    {FUTURE_DIVISION, 0},         {FUTURE_ABSOLUTE_IMPORT, 0},
    {FUTURE_WITH_STATEMENT, 0},   {FUTURE_PRINT_FUNCTION, 0},
    {FUTURE_UNICODE_LITERALS, 0}, {FUTURE_BARRY_AS_BDFL, CO_FUTURE_BARRY_AS_BDFL},
    {FUTURE_GENERATOR_STOP, 0},   {FUTURE_ANNOTATIONS, CO_FUTURE_ANNOTATIONS},
};

/* "braces" has its own answer. */
static int add_feature(Future *future, const char *name)
{
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (strcmp(name, known[i].name) == 0) {
            future->features |= known[i].flag;
            return 0;
        }
    if (strcmp(name, "braces") == 0)
        PyErr_SetString(PyExc_SyntaxError, "not a chance");
    else
        PyErr_Format(PyExc_SyntaxError, "future feature %.100s is not defined", name);
    return -1;
}

static int add_features(stmt s, PyObject *filename, Future *future)
{
    alias_seq *names = s->v.ImportFrom.names;
    for (Py_ssize_t i = 0; i < seq_len(names); i++) {
        const char *name = PyUnicode_AsUTF8(names->at[i]->name);
        if (name == NULL)
            return -1;
        if (add_feature(future, name) < 0) {
            PyErr_SyntaxLocationObject(filename, s->pos.lineno, s->pos.col_offset + 1);
            return -1;
        }
    }
    future->lineno = s->pos.lineno;
    return 0;
}

static bool is_future_import(stmt s)
{
    return s->kind == ImportFrom_kind && s->v.ImportFrom.module &&
           PyUnicode_CompareWithASCIIString(s->v.ImportFrom.module, "__future__") == 0;
}

int sym_future(mod tree, PyObject *filename, Future *future)
{
    *future = (Future){0, -1};
    if (tree->kind != Module_kind && tree->kind != Interactive_kind)
        return 0;
    stmt_seq *body = tree->kind == Module_kind ? tree->v.Module.body : tree->v.Interactive.body;
    bool done = false;
    int previous_line = 0;
    for (Py_ssize_t i = ast_docstring(body) ? 1 : 0; i < seq_len(body); i++) {
        stmt s = body->at[i];
        if (done && s->pos.lineno > previous_line)
            return 0;
        previous_line = s->pos.lineno;
        if (!is_future_import(s)) {
            done = true;
            continue;
        }
        if (done) {
            PyErr_SetString(PyExc_SyntaxError,
                            "from __future__ imports must occur at the beginning of the file");
            PyErr_SyntaxLocationObject(filename, s->pos.lineno, s->pos.col_offset);
            return -1;
        }
        if (add_features(s, filename, future) < 0)
            return -1;
    }
    return 0;
}
