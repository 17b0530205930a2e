/* SPDX-License-Identifier: MIT
 *
 * The methods that bytes and bytearray share, written once: each works on any of the two and makes
 * its result of the same kind as its object. bytes.c and bytearray.c join them to their own.
 */
#ifndef VITRO_BYTES_METHODS_H
#define VITRO_BYTES_METHODS_H

#include "modules/args.h"
#include "state.h"

static inline const char *byteslike_data(PyObject *self)
{
    return PyBytes_Check(self) ? PyBytes_AS_STRING(self) : PyByteArray_AS_STRING(self);
}

static inline Py_ssize_t byteslike_size(PyObject *self) { return Py_SIZE(self); }
/* A bytes or bytearray, whichever `self` is; data may be NULL for uninitialised memory. */
PyObject *byteslike_new(PyObject *self, const char *data, Py_ssize_t n);
static inline char *byteslike_buffer(PyObject *self) { return (char *)byteslike_data(self); }
/* The object itself when it is an exact bytes, else a copy. */
PyObject *byteslike_same(PyObject *self);

/* First or last occurrence of needle in [0, n), or -1; linear. */
Py_ssize_t bytes_find_in(const char *hay, Py_ssize_t n, const char *needle, Py_ssize_t m);
Py_ssize_t bytes_rfind_in(const char *hay, Py_ssize_t n, const char *needle, Py_ssize_t m);

PyObject *byteslike_join(PyObject *sep, PyObject *iterable);
int byteslike_contains(PyObject *self, PyObject *item);
PyObject *byteslike_repeat(PyObject *self, Py_ssize_t n);
/* New bytes object of n bytes that are not set; never a shared one. */
PyObject *bytes_alloc(Py_ssize_t n);
/* repr of the content with the quotes 3.11 chooses, between prefix and suffix. smartquotes: 0
   always ', 1 the quote that needs no escapes, 2 likewise but ' is escaped anyway (bytearray). */
PyObject *bytes_repr_of(const char *data, Py_ssize_t n, const char *prefix, const char *suffix,
                        int smartquotes);
/* `format % args`: a bytes or (use_bytearray) bytearray. In bytes_format.c. */
PyObject *bytes_format(const char *format, Py_ssize_t n, PyObject *args, int use_bytearray);
/* Bytes of a hexadecimal str, spaces skipped, of type bytes or bytearray. */
PyObject *bytes_from_hex(PyObject *string, int use_bytearray);

/* Copies the shared methods and the closing NULL behind a
   type's own (BYTESLIKE_METHODS entries). */
void byteslike_methods_join(PyMethodDef *to);
enum { BYTESLIKE_METHODS = 48 };
PyObject *byteslike_maketrans(PyObject *unused, PyObject *const *args, Py_ssize_t nargs);

#endif
