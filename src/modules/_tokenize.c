/* SPDX-License-Identifier: MIT
 *
 * Module _tokenize: TokenizerIter(source), an iterator over the lexer's tokens as tuples
 * (text, type, line, end line, column, end column, source line). Columns are UTF-8 byte offsets.
 */
#include "lex/lex.h"
#include "modules/args.h"

typedef struct { PyObject_HEAD Lexer *lex; } TokenizerIter;

static PyObject *tokenizeriter_new(PyTypeObject *type, PyObject *args, PyObject *kwargs)
{
    ARGS("s:tokenizeriter", "source");
    const char *source;
    if (!PARSE_TUPLE(&source))
        return NULL;
    PyObject *filename = PyUnicode_FromString("<string>");
    TokenizerIter *self = filename ? (TokenizerIter *)type->tp_alloc(type, 0) : NULL;
    if (self && !(self->lex = lex_new_string(source, true, true, filename)))
        Py_CLEAR(self);
    Py_XDECREF(filename);
    return (PyObject *)self;
}

static void tokenizeriter_dealloc(TokenizerIter *self)
{
    PyTypeObject *type = Py_TYPE(self);
    lex_free(self->lex);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *tokenizeriter_tuple(Lexer *lex, int type, const char *start, const char *end)
{
    PyObject *text = start && end ? PyUnicode_FromStringAndSize(start, end - start)
                                  : PyUnicode_FromStringAndSize("", 0);
    PyObject *line = text ? PyUnicode_DecodeUTF8(lex->buf, lex->inp - lex->buf, "replace") : NULL;
    if (!line) {
        Py_XDECREF(text);
        return NULL;
    }
    const char *first = type == STRING ? lex->multi_line_start : lex->line_start;
    return Py_BuildValue("(NiiiiiN)", text, type, type == STRING ? lex->first_lineno : lex->lineno,
                         lex->lineno, start && start >= first ? (int)(start - first) : -1,
                         end && end >= lex->line_start ? (int)(end - lex->line_start) : -1, line);
}

static PyObject *tokenizeriter_iternext(TokenizerIter *self)
{
    const char *start, *end;
    int type = lex_next(self->lex, &start, &end);
    if (type == ERRORTOKEN && PyErr_Occurred())
        return NULL;
    if (type == ERRORTOKEN || type == ENDMARKER) {
        PyErr_SetString(PyExc_StopIteration, "EOF");
        return NULL;
    }
    return tokenizeriter_tuple(self->lex, type, start, end);
}

static PyType_Slot tokenizeriter_slots[] = {
    {Py_tp_new, tokenizeriter_new},
    {Py_tp_dealloc, tokenizeriter_dealloc},
    {Py_tp_getattro, PyObject_GenericGetAttr},
    {Py_tp_iter, PyObject_SelfIter},
    {Py_tp_iternext, tokenizeriter_iternext},
    {0, NULL},
};

static PyType_Spec tokenizeriter_spec = {
    "_tokenize.TokenizerIter",
    sizeof(TokenizerIter),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    tokenizeriter_slots,
};

static int mod_exec(PyObject *module)
{
    PyObject *type = PyType_FromModuleAndSpec(module, &tokenizeriter_spec, NULL);
    int result = type ? PyModule_AddType(module, (PyTypeObject *)type) : -1;
    Py_XDECREF(type);
    return result;
}

static PyModuleDef_Slot mod_slots[] = {
    {Py_mod_exec, mod_exec},
    {0, NULL},
};

static struct PyModuleDef mod_def = {
    PyModuleDef_HEAD_INIT, .m_name = "_tokenize", .m_size = 0, .m_slots = mod_slots,
};

PyMODINIT_FUNC PyInit__tokenize(void)
{
    return PyModuleDef_Init(&mod_def);
}
