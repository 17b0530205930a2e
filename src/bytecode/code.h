/* SPDX-License-Identifier: MIT
 *
 * Code objects: construction, the location table, the exception table.
 *
 * The struct is the public PyCodeObject. Instruction positions here are indices of 16-bit units
 * ("index") or byte offsets ("addr", twice the index) as the API has it. A code object is immutable
 * but for its quickened instructions, caches of derived values and co_extra, all guarded by the
 * lock.
 *
 * Reading order: struct _PyCodeConstructor and _PyCode_New, locations, exception table.
 */
#ifndef VITRO_CODE_H
#define VITRO_CODE_H

#include "vitro.h"

/* What a slot of localsplus is; bits combine. */
#define CO_FAST_LOCAL 0x20
#define CO_FAST_CELL 0x40
#define CO_FAST_FREE 0x80

/* co_warmup of fresh code: counts up to 0, then the code is quickened. */
#define CODE_WARMUP_START (-8)

/* Everything a code object is made of; all references borrowed. The names of 3.11's private
   struct. */
struct _PyCodeConstructor {
    PyObject *filename, *name, *qualname;  /* str */
    int flags;
    PyObject *code;                        /* bytes: unquickened instructions */
    int firstlineno;                       /* where deltas of the location table start */
    PyObject *linetable;                   /* bytes */
    PyObject *consts, *names;              /* tuples */
    PyObject *localsplusnames;             /* tuple of str */
    PyObject *localspluskinds;             /* bytes: CO_FAST_... of each */
    int argcount, posonlyargcount, kwonlyargcount;
    int stacksize;                         /* deepest value stack */
    PyObject *exceptiontable;              /* bytes */
};

EXPORT int _PyCode_Validate(struct _PyCodeConstructor *con);
EXPORT PyCodeObject *_PyCode_New(struct _PyCodeConstructor *con);

static inline _Py_CODEUNIT *code_units(PyCodeObject *co)
{
    return (_Py_CODEUNIT *)co->co_code_adaptive;
}
static inline int code_kind(PyCodeObject *co, int slot)
{
    return (unsigned char)PyBytes_AS_STRING(co->co_localspluskinds)[slot];
}
/* co_code for a buffer of our own: `units` copied units turned back into unquickened form. */
void code_deopt(_Py_CODEUNIT *units, Py_ssize_t n);
extern unsigned long code_deaths; /* code objects freed: what remembers their addresses compares */
extern PyTypeObject code_line_iterator_type, code_position_iterator_type;

/* -- Locations ------------------------------------------------------------------------------- */

/* Owned copy of a location table without columns. */
PyObject *code_strip_columns(PyObject *table);
/* A cursor over the location table. After init it stands before the first entry. ar_start and
   ar_end are byte offsets, ar_line is -1 where an instruction has no line. next/previous: false at
   the end. */
void code_lines_init(PyCodeObject *co, PyCodeAddressRange *range);
void code_lines_init_raw(const char *table, Py_ssize_t length, int firstlineno,
                         PyCodeAddressRange *range);
bool code_lines_next(PyCodeAddressRange *range);
bool code_lines_previous(PyCodeAddressRange *range);

/* Where one run of instructions comes from; -1: not known. Columns are 0-based byte offsets. */
struct code_position {
    int start, end; /* byte offsets */
    int line, end_line, column, end_column;
};
struct code_position_cursor {
    const uint8_t *at, *limit; /* the next entry; the table's end */
    int line;                  /* of the entry before */
    struct code_position now;  /* the entry */
};
void code_positions_init(PyCodeObject *co, struct code_position_cursor *cursor);
bool code_positions_next(struct code_position_cursor *cursor);

/* Line of every unit in an array, made on first use, for tracing. 0, or -1 with MemoryError set. */
int code_line_array_ensure(PyCodeObject *co);
/* Line of unit `index` from that array; -1: none. */
static inline int code_line_at(PyCodeObject *co, int index)
{
    return co->_co_linearray_entry_size == 2 ? ((int16_t *)co->_co_linearray)[index]
                                             : ((int32_t *)co->_co_linearray)[index];
}

/* -- Exception table ------------------------------------------------------------------------- */

/* Walks all entries, in units: *at starts as NULL. False at the end. (To find the one for an
   instruction: unwind_find of the machine.) */
struct code_handler {
    int start, end;  /* the units it covers */
    int target;      /* first unit of the handler */
    int depth;       /* of the stack that it finds */
    bool push_lasti; /* the unit is pushed below the exception */
};
bool code_next_handler(PyCodeObject *co, const uint8_t **at, struct code_handler *out);

/* -- Dump ------------------------------------------------------------------------------------ */

/* -X dump=bytecode, or dump=ops when `quickened`. Needs the lock and no exception set. */
void op_dump(FILE *out, PyCodeObject *co, bool quickened);

#endif
