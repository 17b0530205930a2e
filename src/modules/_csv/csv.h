/* SPDX-License-Identifier: MIT
 *
 * What the files of module _csv share: its state and the Dialect. Everything runs under the lock.
 */
#ifndef VITRO_CSV_H
#define VITRO_CSV_H

#include "modules/args.h"
#include "state.h"

/* No character: an option that is None. */
#define NOT_SET ((Py_UCS4)-1)

enum quoting { QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC, QUOTE_NONE };

struct csv_state {
    PyTypeObject *dialect, *reader, *writer; /* strong */
    PyObject *error;                         /* strong: _csv.Error */
    PyObject *dialects;                      /* strong dict: name -> Dialect */
    long field_limit;                        /* longest field that a reader accepts */
};

typedef struct {
    PyObject_HEAD
    bool doublequote; /* "" in a quoted field means " */
    bool skipinitialspace;          /* spaces after a delimiter do not count */
    bool strict;                    /* raise for bad input */
    int quoting;                    /* enum quoting */
    Py_UCS4 delimiter;
    Py_UCS4 quotechar;        /* or NOT_SET */
    Py_UCS4 escapechar;       /* or NOT_SET */
    PyObject *lineterminator; /* strong str */
} Dialect;

extern PyModuleDef csv_module;
extern PyType_Spec csv_dialect_spec, csv_reader_spec, csv_writer_spec;

static inline struct csv_state *csv_state_of(PyObject *module) { return PyModule_GetState(module); }

/* A Dialect made of `dialect` (object, name or NULL) and the options in `kwargs` (or NULL). */
PyObject *csv_dialect_from(struct csv_state *state, PyObject *dialect, PyObject *kwargs);
/* The dialect registered under a name. */
PyObject *csv_dialect_get(struct csv_state *state, PyObject *name);
PyObject *csv_reader_new(PyObject *module, PyObject *args, PyObject *kwargs);
PyObject *csv_writer_new(PyObject *module, PyObject *args, PyObject *kwargs);

#endif
