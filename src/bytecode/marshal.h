/* SPDX-License-Identifier: MIT
 *
 * The marshal format: one type byte, then a payload; little-endian. Shared by writer, reader and module.
 *
 * Bit 7 of the type byte (FLAG_REF) says: number this object, a later `r` with that number means it again.
 * Versions: 0 historical, 1 interned strings, 2 binary floats, 3 references, 4 short ASCII strings and tuples.
 */
#ifndef VITRO_MARSHAL_H
#define VITRO_MARSHAL_H

#include "vitro.h"
#include <marshal.h>

enum marshal_type {
    MT_NULL = '0',
    MT_NONE = 'N',
    MT_FALSE = 'F',
    MT_TRUE = 'T',
    MT_STOPITER = 'S',
    MT_ELLIPSIS = '.',
    MT_INT = 'i',
    MT_INT64 = 'I',
    MT_LONG = 'l',
    MT_FLOAT = 'f',
    MT_BINARY_FLOAT = 'g',
    MT_COMPLEX = 'x',
    MT_BINARY_COMPLEX = 'y',
    MT_STRING = 's',
    MT_UNICODE = 'u',
    MT_INTERNED = 't',
    MT_ASCII = 'a',
    MT_ASCII_INTERNED = 'A',
    MT_SHORT_ASCII = 'z',
    MT_SHORT_ASCII_INTERNED = 'Z',
    MT_REF = 'r',
    MT_TUPLE = '(',
    MT_SMALL_TUPLE = ')',
    MT_LIST = '[',
    MT_DICT = '{',
    MT_SET = '<',
    MT_FROZENSET = '>',
    MT_CODE = 'c',
    MT_UNKNOWN = '?',
};
enum { FLAG_REF = 0x80, MARSHAL_MAX_DEPTH = 2000, MARSHAL_SHIFT = 15, MARSHAL_BASE = 1 << 15 };
#define MARSHAL_RATIO (PyLong_SHIFT / MARSHAL_SHIFT)
#define MARSHAL_MAX_SIZE 0x7FFFFFFF

/* marshal.load(): an object with readinto(). */
PyObject *marshal_read_stream(PyObject *file);
/* marshal.loads(). */
PyObject *marshal_read_bytes(const char *data, Py_ssize_t n);

#endif
