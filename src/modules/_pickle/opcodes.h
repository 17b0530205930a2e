/* SPDX-License-Identifier: MIT
 *
 * Opcodes of the pickle machine, by protocol. pickletools.dis prints a stream; its table says what
 * each does.
 */
#ifndef VITRO_PICKLE_OPCODES_H
#define VITRO_PICKLE_OPCODES_H

enum pickle_op {
    /* 0: text */
    OP_MARK = '(', OP_STOP = '.', OP_POP = '0', OP_DUP = '2', OP_FLOAT = 'F', OP_INT = 'I',
    OP_LONG = 'L', OP_NONE = 'N', OP_PERSID = 'P', OP_REDUCE = 'R', OP_STRING = 'S',
    OP_UNICODE = 'V', OP_APPEND = 'a', OP_BUILD = 'b', OP_GLOBAL = 'c', OP_DICT = 'd',
    OP_GET = 'g', OP_INST = 'i', OP_LIST = 'l', OP_PUT = 'p', OP_SETITEM = 's', OP_TUPLE = 't',
    /* 1: binary */
    OP_POP_MARK = '1', OP_BININT = 'J', OP_BININT1 = 'K', OP_BININT2 = 'M', OP_BINPERSID = 'Q',
    OP_BINSTRING = 'T', OP_SHORT_BINSTRING = 'U', OP_BINUNICODE = 'X', OP_APPENDS = 'e',
    OP_BINGET = 'h', OP_LONG_BINGET = 'j', OP_EMPTY_LIST = ']', OP_OBJ = 'o', OP_BINPUT = 'q',
    OP_LONG_BINPUT = 'r', OP_EMPTY_TUPLE = ')', OP_SETITEMS = 'u', OP_EMPTY_DICT = '}',
    OP_BINFLOAT = 'G',
    /* 2 */
    OP_PROTO = 0x80, OP_NEWOBJ, OP_EXT1, OP_EXT2, OP_EXT4, OP_TUPLE1, OP_TUPLE2, OP_TUPLE3,
    OP_NEWTRUE, OP_NEWFALSE, OP_LONG1, OP_LONG4,
    /* 3 */
    OP_BINBYTES = 'B', OP_SHORT_BINBYTES = 'C',
    /* 4 */
    OP_SHORT_BINUNICODE = 0x8c, OP_BINUNICODE8, OP_BINBYTES8, OP_EMPTY_SET, OP_ADDITEMS,
    OP_FROZENSET, OP_NEWOBJ_EX, OP_STACK_GLOBAL, OP_MEMOIZE, OP_FRAME,
    /* 5 */
    OP_BYTEARRAY8 = 0x96, OP_NEXT_BUFFER, OP_READONLY_BUFFER,
};

enum {
    PICKLE_HIGHEST = 5, PICKLE_DEFAULT = 4,
    PICKLE_BATCH = 1000,              /* items between a MARK and its APPENDS, SETITEMS, ADDITEMS */
    PICKLE_FRAME_TARGET = 64 * 1024,  /* a frame is closed when it has this many bytes */
    PICKLE_FRAME_MIN = 4,             /* shorter ones are written without their head */
    PICKLE_FRAME_HEAD = 9,
    PICKLE_WRITE_BUFFER = 4096,
    PICKLE_PREFETCH = 128 * 1024,     /* asked of peek() */
    PICKLE_FAST_DEPTH = 50,           /* nesting from which fast mode looks for cycles */
};

static_assert(OP_LONG4 == 0x8b && OP_FRAME == 0x95 && OP_READONLY_BUFFER == 0x98,
              "numbers of the format");

#endif
