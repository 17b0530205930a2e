/* SPDX-License-Identifier: MIT
 *
 * _PyRuntime: the process state, and the constant objects inside it.
 *
 * Constant names are written at compile time, so ID(name) is an address; the regular tables (ints,
 * characters) are filled by a loop, which is smaller and no slower than relocating a thousand
 * static structs. All of them carry IMMORTAL_REFCNT: they are never freed, but their counts move
 * like any other's.
 */
#include "runtime/singletons.h"

#undef ID /* here the word opens rows of the tables */

#define ASCII_HEAD(text) \
    { .ob_base = { .ob_refcnt = IMMORTAL_REFCNT, .ob_type = &PyUnicode_Type }, \
      .length = sizeof(text) - 1, .hash = -1, \
      .state = { .kind = PyUnicode_1BYTE_KIND, .compact = 1, .ascii = 1, .ready = 1 } }

_PyRuntimeState _PyRuntime = {
    .bytes_empty = {.ob_base = {.ob_base = {.ob_refcnt = IMMORTAL_REFCNT, .ob_type = &PyBytes_Type},
                                .ob_size = 0},
                    .ob_shash = -1},
    .tuple_empty = {.ob_base = {.ob_base = {.ob_refcnt = IMMORTAL_REFCNT, .ob_type = &PyTuple_Type},
                                .ob_size = 0}},
    .literals =
        {
#define STR(name, text) .s_##name = { ASCII_HEAD(text), text },
#define ID(name)
#include "runtime/ids.def"
#undef STR
#undef ID
        },
    .identifiers =
        {
#define STR(name, text)
#define ID(name) .s_##name = { ASCII_HEAD(#name), #name },
#include "runtime/ids.def"
#undef STR
#undef ID
        },
};

struct rt_more_identifiers rt_more_ids = {
#define ID(name) .s_##name = { ASCII_HEAD(#name), #name },
#include "runtime/more_ids.def"
#undef ID
};

static void small_ints_init(void)
{
    for (int i = -SMALL_INT_NEG; i < SMALL_INT_POS; i++) {
        struct _longobject *v = &_PyRuntime.small_ints[SMALL_INT_NEG + i].value;
        Py_SET_REFCNT(v, IMMORTAL_REFCNT);
        Py_SET_TYPE(v, &PyLong_Type);
        Py_SET_SIZE(v, i < 0 ? -1 : i > 0);
        v->ob_digit[0] = (digit)(i < 0 ? -i : i);
    }
}

static void bytes_characters_init(void)
{
    for (int i = 0; i < 256; i++) {
        PyBytesObject *b = &_PyRuntime.bytes_characters[i].ob;
        Py_SET_REFCNT(b, IMMORTAL_REFCNT);
        Py_SET_TYPE(b, &PyBytes_Type);
        Py_SET_SIZE(b, 1);
        b->ob_sval[0] = (char)i; /* the byte after it is zero already: static storage */
        b->ob_shash = -1;
    }
}

static void character_init(PyASCIIObject *head, uint8_t *data, int c)
{
    Py_SET_REFCNT(head, IMMORTAL_REFCNT);
    Py_SET_TYPE(head, &PyUnicode_Type);
    head->length = 1;
    head->hash = -1;
    head->state.kind = PyUnicode_1BYTE_KIND;
    head->state.compact = 1;
    head->state.ascii = c < 128;
    head->state.ready = 1;
    data[0] = (uint8_t)c;
    data[1] = 0;
}

void singletons_init(void)
{
    small_ints_init();
    bytes_characters_init();
    for (int c = 0; c < 128; c++)
        character_init(&_PyRuntime.ascii[c].head, _PyRuntime.ascii[c].data, c);
    for (int c = 128; c < 256; c++)
        character_init(&_PyRuntime.latin1[c - 128].head._base, _PyRuntime.latin1[c - 128].data, c);
}
