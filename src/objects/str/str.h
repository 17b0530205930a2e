/* SPDX-License-Identifier: MIT
 *
 * What the text part offers the other parts beside the C API: start-up and shutdown hooks, and the
 * few internal functions that save a detour. Thread rule: the lock is held. Ownership: results
 * owned, arguments borrowed.
 */
#ifndef VITRO_STR_H
#define VITRO_STR_H

#include "state.h"

/* Hashes every constant string of _PyRuntime and of more_ids and interns them. Needs PyUnicode_Type
   ready, the hash secret chosen. -1 with an exception set. */
int str_intern_static(void);

/* intern.c: the interned str of this text, BORROWED, or NULL. */
PyObject *str_interned(PyObject *s);
/* Makes none when the text is interned already. */
PyObject *str_intern_latin1(const char *text, Py_ssize_t n);
void str_intern_forget(PyObject *s); /* the last reference went */

/* Takes the name table of _Py_Identifier down. Call after the last str user. */
void str_fini(PyInterpreterState *interp);

/* Chooses the codec behind PyUnicode_EncodeFSDefault from interp->config.filesystem_encoding and
   _errors and fills interp->fs_codec. Safe to call as soon as the configuration is known. */
int str_init_fs_codec(PyInterpreterState *interp);

/* Iterator over a compact ASCII string (the general one is PyUnicodeIter_Type). */
extern PyTypeObject str_ascii_iter_type;

/* type(s) is str, no subclass. */
static inline bool str_is_exact(PyObject *s) { return Py_IS_TYPE(s, &PyUnicode_Type); }

/* left + right in left's own block, which moves: whoever holds one of left's `owners` references gets
   the result for it. NULL and nothing changed: others hold left, it is hashed, right is wider or a
   side is empty (no error), or no memory. Both ready. */
PyObject *str_extend(PyObject *left, PyObject *right, Py_ssize_t owners);

/* Search in n characters of `kind` bytes each for one character or m >= 1
   others: index or -1, linear; how many there are. */
Py_ssize_t run_find_char(int kind, const void *data, Py_ssize_t n, Py_UCS4 c);
Py_ssize_t run_find(int kind, const void *s, Py_ssize_t n, const void *p, Py_ssize_t m);
Py_ssize_t run_rfind(int kind, const void *s, Py_ssize_t n, const void *p, Py_ssize_t m);
Py_ssize_t run_count(int kind, const void *s, Py_ssize_t n, const void *p, Py_ssize_t m,
                     Py_ssize_t max);

/* Parsing of "sub[, start[, end]]" with 3.11's messages. */
int str_parse_find_args(const char *name, PyObject *const *args, Py_ssize_t n, PyObject **sub,
                        Py_ssize_t *start, Py_ssize_t *end);

/* (done, next) of the value in 'spec' language; see format_spec.c. Used by complex.__format__. */
int str_format_complex(_PyUnicodeWriter *w, PyObject *obj, PyObject *spec, Py_ssize_t start,
                       Py_ssize_t end);

/* format(obj, spec) by one of the ..._FormatAdvancedWriter functions. */
typedef int str_formatter(_PyUnicodeWriter *, PyObject *, PyObject *, Py_ssize_t, Py_ssize_t);
extern EXPORT str_formatter _PyFloat_FormatAdvancedWriter, _PyLong_FormatAdvancedWriter;
PyObject *str_format_builtin(PyObject *obj, PyObject *spec, str_formatter *formatter);

/* Implementation of _string.formatter_parser and formatter_field_name_split. */
PyObject *str_formatter_parser(PyObject *module, PyObject *text);
PyObject *str_formatter_field_name_split(PyObject *module, PyObject *text);

#endif
