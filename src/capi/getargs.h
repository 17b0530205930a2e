/* SPDX-License-Identifier: MIT
 *
 * Argument parsing, shared by the files getargs*.c: the conversion of one object by its format unit, and the record
 * of what must be undone when a later unit fails.
 *
 * Flags: FLAG_COMPAT for PyArg_Parse (one bare object), FLAG_SIZE_T when the caller defines PY_SSIZE_T_CLEAN.
 */
#ifndef VITRO_GETARGS_H
#define VITRO_GETARGS_H

#include "capi/capi.h"

#define FLAG_COMPAT 1
#define FLAG_SIZE_T 2

/* What a failed parse undoes; entries are (what, how). */
typedef int (*cleanup_fn)(PyObject *, void *);
typedef struct { void *item; cleanup_fn undo; } CleanupEntry;
typedef struct {
    CleanupEntry *entries; /* small or heap */
    int count, capacity;
    CleanupEntry small[8];
} Cleanups;

int cleanups_init(Cleanups *c, Py_ssize_t capacity);
int cleanups_add(Cleanups *c, void *item, cleanup_fn undo);
/* Frees the record, undoing everything unless `ok`; returns ok. */
int cleanups_finish(Cleanups *c, int ok);

/* Levels of nesting at which a conversion failed: positions, ended by 0. */
#define LEVELS 32

/* Converts arg by the unit at *format and advances; NULL, or a message (maybe in buf; "" when an exception is set). */
const char *convert_item(PyObject *arg, const char **format, va_list *va, int flags, int *levels, char *buf,
                         size_t size, Cleanups *cleanups);
/* Steps over one unit, consuming its C arguments when va is not NULL; NULL or a message. */
const char *skip_item(const char **format, va_list *va, int flags);
/* Raises what convert_item said about argument number `iarg`. */
void raise_item(Py_ssize_t iarg, const char *message, const int *levels, const char *fname,
                const char *custom);
#define IS_END_OF_FORMAT(c) (c == '\0' || c == ';' || c == ':')

#endif
