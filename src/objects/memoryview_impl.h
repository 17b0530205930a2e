/* SPDX-License-Identifier: MIT
 *
 * What memoryview_format.c does for memoryview.c: formats, and single items by format. Thread rule:
 * under the lock. A format is a C string that somebody else owns; p points at an item of it.
 */
#ifndef VITRO_MEMORYVIEW_IMPL_H
#define VITRO_MEMORYVIEW_IMPL_H

#include "modules/args.h"
#include "state.h"

/* The format's one native character, or 0 when it is something else. */
char memory_native_char(const char *format);

/* Bytes of an item of a native character. */
Py_ssize_t memory_native_size(char c);

/* -1 with NotImplementedError unless the format is one character; whether that is a known one shows
   when an item is converted. */
int memory_check_single(const char *format);

/* A native format as a constant, so that a view need not own it. */
const char *memory_static_format(const char *format);

PyObject *memory_unpack_item(const char *p, const char *format);

/* Stores an item; -1 with TypeError or ValueError. May run code of the item. */
int memory_pack_item(char *p, PyObject *item, const char *format);

/* struct.Struct(format).unpack, for a format that is not native. */
PyObject *memory_struct_unpacker(const char *format);

#endif
