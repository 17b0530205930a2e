/* SPDX-License-Identifier: MIT
 *
 * Tokens by name and by spelling, for whoever stands outside the lexer: module `_tokenize`,
 * dumps, the C API.
 */
#include "lex/lex.h"

static_assert(ERRORTOKEN == 60 && OP == 54, "numbers of module token");

const char *const _PyParser_TokenNames[] = {
#define TOKEN(name) name == ERRORTOKEN ? "<" #name ">" : #name,
#define EXACT(name, text) #name,
#include "lex/tokens.def"
#undef TOKEN
#undef EXACT
    "<COMMENT>", "<NL>", "<ENCODING>", "<N_TOKENS>",
};

/* Searched from the front: 47 spellings, and only tools ask. */
static const struct { char text[4]; unsigned char type; } exact_tokens[] = {
#define TOKEN(name)
#define EXACT(name, text) {text, name},
#include "lex/tokens.def"
#undef TOKEN
#undef EXACT
};

/* The token spelt exactly `a` `b` `c` (a NUL ends it early); OP when there is none. */
static int token_spelt(int a, int b, int c)
{
    for (size_t i = 0; i < COUNT_OF(exact_tokens); i++) {
        const char *text = exact_tokens[i].text;
        if (text[0] == a && text[1] == b && (!b || text[2] == c))
            return exact_tokens[i].type;
    }
    return OP;
}

/* -- C API ----------------------------------------------------------------------------------- */

/* No installed header declares them; extension modules have used them for long. */
EXPORT int PyToken_OneChar(int);
EXPORT int PyToken_TwoChars(int, int);
EXPORT int PyToken_ThreeChars(int, int, int);

int PyToken_OneChar(int a)
{
    return a ? token_spelt(a, 0, 0) : OP;
}

/* "<>" is "!=" under `from __future__ import barry_as_FLUFL` (PEP 401). */
int PyToken_TwoChars(int a, int b)
{
    if (a == '<' && b == '>')
        return NOTEQUAL;
    return a && b ? token_spelt(a, b, 0) : OP;
}

int PyToken_ThreeChars(int a, int b, int c)
{
    return a && b && c ? token_spelt(a, b, c) : OP;
}
