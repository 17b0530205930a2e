/* SPDX-License-Identifier: MIT
 *
 * The marshal format: one type byte, then a payload; little-endian. Shared by writer, reader and
 * module.
 *
 * Bit 7 of the type byte (FLAG_REF) says: number this object, a later `r` with that number means it
 * again. Versions: 0 historical, 1 interned strings, 2 binary floats, 3 references, 4 short ASCII
 * strings and tuples.
 */
#ifndef VITRO_MARSHAL_H
#define VITRO_MARSHAL_H

#include "vitro.h"
#include <marshal.h>

enum marshal_type {
    MT_NULL = '0',                  /* ends a dict */
    MT_NONE = 'N',
    MT_FALSE = 'F',
    MT_TRUE = 'T',
    MT_STOPITER = 'S',              /* the class StopIteration */
    MT_ELLIPSIS = '.',
    MT_INT = 'i',                   /* 32 bits */
    MT_INT64 = 'I',                 /* read only: 64 bits */
    MT_LONG = 'l',                  /* count (its sign is the number's), digits of 15 bits */
    MT_FLOAT = 'f',                 /* a byte of length, decimal text */
    MT_BINARY_FLOAT = 'g',          /* 8 bytes */
    MT_COMPLEX = 'x',               /* two of the same */
    MT_BINARY_COMPLEX = 'y',
    MT_STRING = 's',                /* bytes */
    MT_UNICODE = 'u',               /* UTF-8, surrogates passed */
    MT_INTERNED = 't',
    MT_ASCII = 'a',                 /* the next two with a 4-byte length, those after with one */
    MT_ASCII_INTERNED = 'A',
    MT_SHORT_ASCII = 'z',
    MT_SHORT_ASCII_INTERNED = 'Z',
    MT_REF = 'r',                   /* number of an object that came before */
    MT_TUPLE = '(',
    MT_SMALL_TUPLE = ')',           /* a byte of length */
    MT_LIST = '[',
    MT_DICT = '{',                  /* keys and values, then MT_NULL */
    MT_SET = '<',
    MT_FROZENSET = '>',
    MT_CODE = 'c',
    MT_UNKNOWN = '?',               /* what could not be marshalled */
};
/* Depth of nesting, so that hostile data cannot overflow the C stack; digits of MT_LONG. */
enum { FLAG_REF = 0x80, MARSHAL_MAX_DEPTH = 2000, MARSHAL_SHIFT = 15, MARSHAL_BASE = 1 << 15 };
#define MARSHAL_RATIO (PyLong_SHIFT / MARSHAL_SHIFT)
#define MARSHAL_MAX_SIZE 0x7FFFFFFF

/* marshal.load(): an object with readinto(). */
PyObject *marshal_read_stream(PyObject *file);
/* marshal.loads(). */
PyObject *marshal_read_bytes(const char *data, Py_ssize_t n);

#endif
