/* SPDX-License-Identifier: MIT
 *
 * What the files of the shared methods offer each other. The methods lie in bytes_search.c,
 * bytes_split.c and bytes_case.c by what they do, the rest and the table in bytes_methods.c.
 */
#ifndef VITRO_BYTES_METHODS_IMPL_H
#define VITRO_BYTES_METHODS_IMPL_H

#include "objects/bytes_methods.h"

/* self[start:end], bounds within. */
static inline PyObject *slice_of(PyObject *self, Py_ssize_t start, Py_ssize_t end)
{
    if (start == 0 && end == byteslike_size(self) && PyBytes_CheckExact(self))
        return Py_NewRef(self);
    return byteslike_new(self, byteslike_data(self) + start, end - start);
}

/* Places without overlap, at most `max`. */
Py_ssize_t bytes_count_in(const char *hay, Py_ssize_t n, const char *needle, Py_ssize_t m,
                          Py_ssize_t max);

/* -- Methods by how they are called ---------------------------------------------------------- */

#define DECLARE(name) PyObject *byteslike_##name(PyObject *self, PyObject *unused);
DECLARE(capitalize) DECLARE(isalnum) DECLARE(isalpha) DECLARE(isascii) DECLARE(isdigit)
DECLARE(islower) DECLARE(isspace) DECLARE(istitle) DECLARE(isupper) DECLARE(lower) DECLARE(swapcase)
DECLARE(title) DECLARE(upper)
#undef DECLARE
#define DECLARE(name) PyObject *byteslike_##name(PyObject *self, PyObject *arg);
DECLARE(partition) DECLARE(removeprefix) DECLARE(removesuffix) DECLARE(rpartition) DECLARE(zfill)
#undef DECLARE
#define DECLARE(name) \
    PyObject *byteslike_##name(PyObject *self, PyObject *const *args, Py_ssize_t nargs);
DECLARE(center) DECLARE(count) DECLARE(endswith) DECLARE(find) DECLARE(index) DECLARE(ljust)
DECLARE(rfind) DECLARE(rindex) DECLARE(rjust) DECLARE(startswith)
#undef DECLARE
#define DECLARE(name) \
    PyObject *byteslike_##name(PyObject *self, PyObject *const *args, Py_ssize_t nargs, \
                               PyObject *kwnames);
DECLARE(expandtabs) DECLARE(rsplit) DECLARE(split) DECLARE(splitlines)
#undef DECLARE

#endif
