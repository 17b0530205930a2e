/* SPDX-License-Identifier: MIT
 *
 * Argument parsing, shared by the files getargs*.c: the conversion of one object by its format
 * unit, and the record of what must be undone when a later unit fails.
 *
 * Flags: FLAG_COMPAT for PyArg_Parse (one bare object), FLAG_SIZE_T when the caller defines
 * PY_SSIZE_T_CLEAN, FLAG_AS_INT when errors are told as by functions of 3.11 that Argument Clinic
 * made: an int out of range for `i` as _PyLong_AsInt does, a parameter by its name, and wrong names
 * before anything is converted.
 */
#ifndef VITRO_GETARGS_H
#define VITRO_GETARGS_H

#include "capi/capi.h"
#include "objects/int/int.h"

#define FLAG_COMPAT 1
#define FLAG_SIZE_T 2
#define FLAG_AS_INT 4

/* For modules/args.h. */
int args_parse_stack(PyObject *const *args, Py_ssize_t nargs, const char *format, ...);
int args_parse_tuple(PyObject *args, PyObject *kwargs, struct _PyArg_Parser *parser, ...);
int args_parse_keywords(PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames,
                        struct _PyArg_Parser *parser, ...);

/* What a failed parse undoes; entries are (what, how). */
typedef int (*cleanup_fn)(PyObject *, void *);
typedef struct {
    void *item;      /* address of the caller's variable */
    cleanup_fn undo; /* called with (NULL, item) */
} CleanupEntry;
typedef struct {
    CleanupEntry *entries; /* small or heap */
    int count, capacity; /* entries in use, room for entries */
    CleanupEntry small[8];
} Cleanups;

int cleanups_init(Cleanups *c, Py_ssize_t capacity);
int cleanups_add(Cleanups *c, void *item, cleanup_fn undo);
/* Frees the record, undoing everything unless `ok`; returns ok. */
int cleanups_finish(Cleanups *c, int ok);

/* Levels of nesting at which a conversion failed: positions, ended by 0. */
#define LEVELS 32

#define IS_END_OF_FORMAT(c) (c == '\0' || c == ';' || c == ':')

/* Converts arg by the unit at *format and advances; NULL, or a
   message (maybe in buf; "" when an exception is set). */
const char *convert_item(PyObject *arg, const char **format, va_list *va, int flags, int *levels,
                         char *buf, size_t size, Cleanups *cleanups);
/* The units that a look at the type settles. False: nothing was done, convert_item must. */
static ALWAYS_INLINE bool convert_quickly(PyObject *arg, const char **format, va_list *va)
{
    const char *unit = *format;
    if (LIKELY(unit[0] == 'O')) { /* most are: no jump through a table for them */
        if (unit[1] == '!' || unit[1] == '&') {
            return false;
        }
        *va_arg(*va, PyObject **) = arg;
        *format = unit + 1;
        return true;
    }
    switch (unit[0]) {
    case 'U':
        if (!PyUnicode_CheckExact(arg) || !PyUnicode_IS_READY(arg)) {
            return false;
        }
        *va_arg(*va, PyObject **) = arg;
        break;
    case 's':
        if (unit[1] == '#' || unit[1] == '*' || !PyUnicode_CheckExact(arg)
            || !PyUnicode_IS_COMPACT_ASCII(arg)
            || strlen(PyUnicode_DATA(arg)) != (size_t)PyUnicode_GET_LENGTH(arg)) {
            return false;
        }
        *va_arg(*va, const char **) = PyUnicode_DATA(arg);
        break;
    case 'd':
        if (!PyFloat_CheckExact(arg)) {
            return false;
        }
        *va_arg(*va, double *) = PyFloat_AS_DOUBLE(arg);
        break;
    case 'n':
        if (!PyLong_CheckExact(arg) || !int_is_compact(arg)) {
            return false;
        }
        *va_arg(*va, Py_ssize_t *) = int_compact(arg);
        break;
    case 'l':
        if (!PyLong_CheckExact(arg) || !int_is_compact(arg)) {
            return false;
        }
        *va_arg(*va, long *) = (long)int_compact(arg);
        break;
    case 'i':
        if (!PyLong_CheckExact(arg) || !int_is_compact(arg)) {
            return false;
        }
        *va_arg(*va, int *) = (int)int_compact(arg);
        break;
    case 'p':
        if (!PyBool_Check(arg)) {
            return false;
        }
        *va_arg(*va, int *) = arg == Py_True;
        break;
    default:
        return false;
    }
    *format = unit + 1;
    return true;
}
/* All of a format for positional arguments that are simple and of the right number; *rest is what
   is left of it. False: nothing was stored that a second pass would not store again; `va` is used
   up. Inlined where the list was begun: a copy of a va_list that was just written waits for its
   parts to leave the store buffer, 20 cycles. */
static ALWAYS_INLINE bool convert_all_quickly(PyObject *const *args, Py_ssize_t nargs,
                                              const char *format, va_list *va, const char **rest)
{
    bool optional = false, ok = true;
    for (Py_ssize_t i = 0; ok && i < nargs; i++) {
        if (*format == '|') {
            optional = true;
            format++;
        }
        ok = convert_quickly(args[i], &format, va);
    }
    *rest = format;
    return ok && (optional || *format == '|' || IS_END_OF_FORMAT(*format));
}
/* Steps over one unit, consuming its C arguments when va is not NULL; NULL or a message. */
const char *skip_item(const char **format, va_list *va, int flags);
/* Raises what convert_item said about argument number `iarg`. */
void raise_item(Py_ssize_t iarg, const char *message, const int *levels, const char *fname,
                const char *custom);

#endif
