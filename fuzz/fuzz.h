/* SPDX-License-Identifier: MIT
 *
 * What the fuzz targets share. A target defines fuzz_one; an interpreter is started once, without
 * site and without reading the environment. A finding is a crash, a sanitizer's report, a hang, or
 * a broken rule of the C API: a result together with an exception, or none without one.
 */
#ifndef VITRO_FUZZ_H
#define VITRO_FUZZ_H

#include "vitro.h"

/* The data has a NUL behind it. */
void fuzz_one(const char *data, size_t size);

/* Ends the process unless exactly one of result and exception is there; drops both. */
void fuzz_settle(PyObject *result);

#endif
