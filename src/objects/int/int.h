/* SPDX-License-Identifier: MIT
 *
 * What others may use of int besides the C API: making small values, compact access, and the
 * operations as plain functions.
 */
#ifndef VITRO_INT_H
#define VITRO_INT_H

#include "vitro.h"
#include "state.h"

/* A value of at most one digit: |v| < 2^30. */
static inline bool int_is_compact(const PyObject *o)
{
    return (size_t)(Py_SIZE(o) + 1) < 3;
}

static inline Py_ssize_t int_compact(const PyObject *o)
{
    return Py_SIZE(o) * (Py_ssize_t)((const PyLongObject *)o)->ob_digit[0];
}

static inline bool int_is_small(int64_t v) { return -SMALL_INT_NEG <= v && v < SMALL_INT_POS; }

/* Exported names that no public header declares. */
extern EXPORT int _PyLong_FormatWriter(_PyUnicodeWriter *, PyObject *, int base, int alternate);
extern EXPORT char *_PyLong_FormatBytesWriter(_PyBytesWriter *, char *, PyObject *, int base,
                                              int alternate);
extern EXPORT unsigned char _PyLong_DigitValue[256];
/* Owned; operands must be int (any subclass). */
PyObject *int_add(PyObject *a, PyObject *b);
PyObject *int_sub(PyObject *a, PyObject *b);
PyObject *int_mul(PyObject *a, PyObject *b);
PyObject *int_from_i64(int64_t v);

/* A number's text: in `small`, or for PyMem_Free when `owned` is not NULL. With `prefix`, bases 2,
   8 and 16 show 0b, 0o, 0x. */
typedef struct {
    char *text;     /* the first character, sign or prefix included; not terminated */
    Py_ssize_t len; /* characters */
    char *owned;    /* block for PyMem_Free, or NULL */
    char small[88]; /* room for any 64-bit value in base 2 */
} IntText;
int int_text(PyObject *v, int base, bool prefix, IntText *out);

#endif
