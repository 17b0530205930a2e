/* SPDX-License-Identifier: MIT
 *
 * Any bytes as source: tokens until the end or an error. Each token's text must lie inside the
 * lexer's buffer.
 */
#include "fuzz.h"
#include "lex/lex.h"

static void tokens(Lexer *lex)
{
    const char *start, *end;
    for (;;) {
        int type = lex_next(lex, &start, &end);
        if (start && (start < lex->buf || end < start || end > lex->inp)) {
            fprintf(stderr, "fuzz: token %d outside of the text\n", type);
            abort();
        }
        if (type == ENDMARKER || type == ERRORTOKEN)
            return;
    }
}

void fuzz_one(const char *data, size_t size)
{
    PyObject *name = PyUnicode_FromString("<fuzz>");
    Lexer *lex = lex_new_string(data, true, false, name);
    if (lex) {
        tokens(lex);
        lex_free(lex);
    }
    PyErr_Clear();
    Py_DECREF(name);
}
