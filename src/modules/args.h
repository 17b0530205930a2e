/* SPDX-License-Identifier: MIT
 *
 * Shorthand for functions that take their arguments from the caller's stack (METH_FASTCALL).
 *
 * ARGS declares the format and the keyword names of the function around it ("" for
 * positional-only), PARSE reads them; PARSEP reads positional arguments only. Both are false with
 * TypeError set.
 */
#ifndef VITRO_ARGS_H
#define VITRO_ARGS_H

#include "vitro.h"

/* As _PyArg_ParseStack, _PyArg_ParseTupleAndKeywordsFast and _PyArg_ParseStackAndKeywords, but
   mistakes are told as by functions of 3.11 whose parsing was generated. */
int args_parse_stack(PyObject *const *args, Py_ssize_t nargs, const char *format, ...);
int args_parse_tuple(PyObject *args, PyObject *kwargs, struct _PyArg_Parser *parser, ...);
int args_parse_keywords(PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames,
                        struct _PyArg_Parser *parser, ...);

#define ARGS(format_, ...) \
    static const char *const keywords[] = { __VA_ARGS__, NULL }; \
    static _PyArg_Parser parser = { .format = format_, .keywords = keywords }
#define PARSE(...) args_parse_keywords(args, nargs, kwnames, &parser, __VA_ARGS__)
#define PARSEP(...) args_parse_stack(args, nargs, __VA_ARGS__)
/* For tp_new and tp_init, whose parameters are args and kwargs. */
#define PARSE_TUPLE(...) args_parse_tuple(args, kwargs, &parser, __VA_ARGS__)
/* Arguments by parameter instead of by format, for callables that only take objects: row[i] is
   BORROWED, NULL when not given. The first `least` must be given, the first `most` may be by
   position. ROW_TUPLE is for tp_new and tp_init, ROW for METH_FASTCALL | METH_KEYWORDS; false with
   TypeError set. */
bool args_row_by_names(PyObject **row, int width, PyObject *const *items, Py_ssize_t n,
                       PyObject *kwargs, PyObject *kwnames, struct _PyArg_Parser *parser, int least,
                       int most);
static inline bool args_row(PyObject **row, int width, PyObject *const *items, Py_ssize_t n,
                            PyObject *kwargs, PyObject *kwnames, struct _PyArg_Parser *parser,
                            int least, int most)
{
    if (UNLIKELY(kwargs != NULL || kwnames != NULL || n < least || n > most)) {
        return args_row_by_names(row, width, items, n, kwargs, kwnames, parser, least, most);
    }
    for (int i = 0; i < width; i++) {
        row[i] = i < n ? items[i] : NULL;
    }
    return true;
}
#define ROW_TUPLE(row, least, most)                                                                \
    args_row(row, COUNT_OF(row), ((PyTupleObject *)args)->ob_item, PyTuple_GET_SIZE(args), kwargs, \
             NULL, &parser, least, most)
#define ROW(row, least, most) \
    args_row(row, COUNT_OF(row), args, nargs, NULL, kwnames, &parser, least, most)
/* The words of the format parser, where 3.11 left the parsing to it. */
#define PARSE_PLAIN(...) _PyArg_ParseStackAndKeywords(args, nargs, kwnames, &parser, __VA_ARGS__)
#define PARSEP_PLAIN(...) _PyArg_ParseStack(args, nargs, __VA_ARGS__)

/* Methods that are told their class, which shows in the type of a bound one: OF_CLASS are their
   flags, OF_CLASS_NONE and OF_CLASS_ONE define method_of_class from a method without argument, or
   with one. */
#define OF_CLASS (METH_METHOD | METH_FASTCALL | METH_KEYWORDS)
#define OF_CLASS_PARAMETERS                                                                        \
    PyTypeObject *cls, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames
#define OF_CLASS_NONE(Self, method, name) \
    static PyObject *method##_of_class(Self *self, OF_CLASS_PARAMETERS) \
    { \
        if (nargs != 0) { \
            PyErr_SetString(PyExc_TypeError, name "() takes no arguments"); \
            return NULL; \
        } \
        return method(self, NULL); \
    }
#define OF_CLASS_ONE(Self, method, name) \
    static PyObject *method##_of_class(Self *self, OF_CLASS_PARAMETERS) \
    { \
        ARGS("O:" name, ""); \
        PyObject *arg; \
        return PARSE(&arg) ? method(self, arg) : NULL; \
    }

/* Runs `expr` without the lock. */
#define UNLOCKED(expr) do { Py_BEGIN_ALLOW_THREADS expr; Py_END_ALLOW_THREADS } while (0)
/* Runs `rc = expr` without the lock, again while a signal interrupts it and its handler does not
   raise (PEP 475). Afterwards `signalled` says that the handler raised. */
#define RETRY_EINTR(rc, signalled, expr)                                                           \
    do {                                                                                           \
        UNLOCKED(rc = expr);                                                                       \
    } while ((rc) < 0 && errno == EINTR && !((signalled) = PyErr_CheckSignals()))

#endif
