/* SPDX-License-Identifier: MIT
 *
 * Reads the two packed tables of a code object.
 *
 * Location table: a run of entries, each for 1–8 code units.
 *
 *     1kkkklll    payload…       kkkk kind, lll units - 1; only the first byte of an entry has its
 *                                top bit set
 *     kind 0–9    one byte       0sssssss: same line, column = kind * 8 + (b >> 4), end column =
 *                                column + (b & 15)
 *     kind 10–12  two bytes      line += kind - 10, column, end column
 *     kind 13     varint         signed line delta, no columns
 *     kind 14     varints        signed line delta, end line delta, column + 1, end column + 1
 *                                (0: not known)
 *     kind 15     nothing        no location
 *
 * varint: 6 bits a byte, lowest first, 0x40 says more follows; signed ones keep the sign in bit 0.
 *
 * Exception table: entries sorted by start, each four varints, highest bits first (start, length,
 * target, depth * 2 + push_lasti); the first byte of an entry has 0x80 set, which makes binary
 * search possible.
 *
 * I1  No read goes past the limit: tables may come from a program (CodeType(...), replace(),
 *     unmarshalled data). What a damaged table says is wrong, but harmless.
 * I2  A cursor stands on one entry or before the first; its line is the sum of the deltas so far,
 *     so that walking back subtracts them.
 *
 * The tables are the price of having no line instructions: they are read when an exception, a
 * tracer or a tool asks. A tracer asks for every instruction, so it gets an array
 * (code_line_array_ensure).
 */
#include "bytecode/code.h"
#include "state.h"

#define ENTRY_MARK 0x80
#define UNIT ((int)sizeof(_Py_CODEUNIT))

/* -- Location entries ------------------------------------------------------------------------- */

/* Bits beyond 32 are dropped. */
static unsigned read_varint(const uint8_t **at, const uint8_t *limit)
{
    unsigned value = 0, shift = 0;
    while (*at < limit) {
        uint8_t b = *(*at)++;
        if (shift < 32)
            value |= (unsigned)(b & 63) << shift;
        shift += 6;
        if (!(b & 64))
            break;
    }
    return value;
}

static int read_signed_varint(const uint8_t **at, const uint8_t *limit)
{
    unsigned v = read_varint(at, limit);
    return (v & 1) ? -(int)(v >> 1) : (int)(v >> 1);
}

/* Of the entry whose first byte this is. */
static int entry_kind(const uint8_t *entry) { return (*entry >> 3) & 15; }
static int entry_bytes(const uint8_t *entry) { return ((*entry & 7) + 1) * UNIT; }

static int entry_line_delta(const uint8_t *entry, const uint8_t *limit)
{
    int kind = entry_kind(entry++);
    switch (kind) {
    case PY_CODE_LOCATION_INFO_NONE:
        return 0;
    case PY_CODE_LOCATION_INFO_NO_COLUMNS:
    case PY_CODE_LOCATION_INFO_LONG:
        return read_signed_varint(&entry, limit);
    case PY_CODE_LOCATION_INFO_ONE_LINE0:
    case PY_CODE_LOCATION_INFO_ONE_LINE1:
    case PY_CODE_LOCATION_INFO_ONE_LINE2:
        return kind - PY_CODE_LOCATION_INFO_ONE_LINE0;
    default:
        return 0;
    }
}

/* -- Line cursor ------------------------------------------------------------------------------ */

/* The table with line numbers only (-X no_debug_ranges). */
PyObject *code_strip_columns(PyObject *table)
{
    const uint8_t *at = (const uint8_t *)PyBytes_AS_STRING(table),
                  *limit = at + PyBytes_GET_SIZE(table);
    PyObject *result = PyBytes_FromStringAndSize(NULL, PyBytes_GET_SIZE(table) * 2 + 8);
    if (!result)
        return NULL;
    uint8_t *start = (uint8_t *)PyBytes_AS_STRING(result), *out = start;
    while (at < limit) {
        bool none = entry_kind(at) == PY_CODE_LOCATION_INFO_NONE;
        int delta = entry_line_delta(at, limit);
        int kind = none ? PY_CODE_LOCATION_INFO_NONE : PY_CODE_LOCATION_INFO_NO_COLUMNS;
        *out++ = (uint8_t)(ENTRY_MARK | kind << 3 | (*at & 7));
        unsigned v = delta < 0 ? (unsigned)-delta << 1 | 1 : (unsigned)delta << 1;
        for (; !none && v >= 64; v >>= 6)
            *out++ = (uint8_t)(64 | (v & 63));
        if (!none)
            *out++ = (uint8_t)v;
        for (at++; at < limit && !(*at & ENTRY_MARK); at++) {}
    }
    _PyBytes_Resize(&result, out - start);
    return result;
}

void code_lines_init_raw(const char *table, Py_ssize_t length, int firstlineno,
                         PyCodeAddressRange *range)
{
    range->opaque.lo_next = (const uint8_t *)table;
    range->opaque.limit = (const uint8_t *)table + length;
    range->opaque.computed_line = firstlineno;
    range->ar_start = -1;
    range->ar_end = 0;
    range->ar_line = -1;
}

void code_lines_init(PyCodeObject *co, PyCodeAddressRange *range)
{
    code_lines_init_raw(PyBytes_AS_STRING(co->co_linetable), PyBytes_GET_SIZE(co->co_linetable),
                        co->co_firstlineno, range);
}

static void set_line(PyCodeAddressRange *range, const uint8_t *entry)
{
    range->ar_line =
        entry_kind(entry) == PY_CODE_LOCATION_INFO_NONE ? -1 : range->opaque.computed_line;
}

bool code_lines_next(PyCodeAddressRange *range)
{
    const uint8_t *entry = range->opaque.lo_next, *limit = range->opaque.limit;
    if (entry >= limit)
        return false;
    range->opaque.computed_line += entry_line_delta(entry, limit);
    range->ar_start = range->ar_end;
    range->ar_end += entry_bytes(entry);
    set_line(range, entry);
    do
        entry++;
    while (entry < limit && !(*entry & ENTRY_MARK));
    range->opaque.lo_next = entry;
    return true;
}

/* The entry before `next`, which must not be the first. */
static const uint8_t *entry_before(const uint8_t *next)
{
    do
        next--;
    while (!(*next & ENTRY_MARK));
    return next;
}

bool code_lines_previous(PyCodeAddressRange *range)
{
    if (range->ar_start <= 0)
        return false;
    const uint8_t *now = entry_before(range->opaque.lo_next);
    const uint8_t *before = entry_before(now);
    range->opaque.computed_line -= entry_line_delta(now, range->opaque.limit);
    range->opaque.lo_next = now;
    range->ar_end = range->ar_start;
    range->ar_start -= entry_bytes(before);
    set_line(range, before);
    return true;
}

EXPORT int _PyCode_CheckLineNumber(int lasti, PyCodeAddressRange *bounds)
{
    while (bounds->ar_end <= lasti)
        if (!code_lines_next(bounds))
            return -1;
    while (bounds->ar_start > lasti)
        if (!code_lines_previous(bounds))
            return -1;
    return bounds->ar_line;
}

/* -- Line array ------------------------------------------------------------------------------- */

/* A line for each unit, -1 behind the end of the table. */
static void fill_line_array(PyCodeObject *co, void *array, int entry_size)
{
    PyCodeAddressRange range;
    code_lines_init(co, &range);
    int n = (int)Py_SIZE(co), i = 0;
    while (i < n && code_lines_next(&range)) {
        for (; i < n && i * UNIT < range.ar_end; i++) {
            if (entry_size == 2)
                ((int16_t *)array)[i] = (int16_t)range.ar_line;
            else
                ((int32_t *)array)[i] = range.ar_line;
        }
    }
    for (; i < n; i++) {
        if (entry_size == 2)
            ((int16_t *)array)[i] = -1;
        else
            ((int32_t *)array)[i] = -1;
    }
}

int code_line_array_ensure(PyCodeObject *co)
{
    if (co->_co_linearray)
        return 0;
    PyCodeAddressRange range;
    code_lines_init(co, &range);
    int highest = 0;
    while (code_lines_next(&range))
        if (range.ar_line > highest)
            highest = range.ar_line;
    int entry_size = highest < INT16_MAX ? 2 : 4;
    char *array = PyMem_Malloc((size_t)Py_SIZE(co) * (size_t)entry_size + 1);
    if (array == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    fill_line_array(co, array, entry_size);
    co->_co_linearray_entry_size = (short)entry_size;
    co->_co_linearray = array;
    return 0;
}

int PyCode_Addr2Line(PyCodeObject *co, int addr)
{
    if (addr < 0)
        return co->co_firstlineno;
    if (co->_co_linearray)
        return code_line_at(co, addr / UNIT);
    PyCodeAddressRange range;
    code_lines_init(co, &range);
    return _PyCode_CheckLineNumber(addr, &range);
}

/* -- Positions with columns ------------------------------------------------------------------- */

void code_positions_init(PyCodeObject *co, struct code_position_cursor *cursor)
{
    cursor->at = (const uint8_t *)PyBytes_AS_STRING(co->co_linetable);
    cursor->limit = cursor->at + PyBytes_GET_SIZE(co->co_linetable);
    cursor->line = co->co_firstlineno;
    cursor->now = (struct code_position){0, 0, -1, -1, -1, -1};
}

static uint8_t next_byte(const uint8_t **at, const uint8_t *limit)
{
    return *at < limit ? *(*at)++ : 0;
}

/* The payload at `at` of an entry of this kind. */
static void read_columns(struct code_position_cursor *c, const uint8_t *at, int kind)
{
    struct code_position *p = &c->now;
    p->line = p->end_line = c->line;
    p->column = p->end_column = -1;
    switch (kind) {
    case PY_CODE_LOCATION_INFO_NONE:
        p->line = p->end_line = -1;
        break;
    case PY_CODE_LOCATION_INFO_LONG:
        read_signed_varint(&at, c->limit);
        p->end_line = c->line + (int)read_varint(&at, c->limit);
        p->column = (int)read_varint(&at, c->limit) - 1;
        p->end_column = (int)read_varint(&at, c->limit) - 1;
        break;
    case PY_CODE_LOCATION_INFO_NO_COLUMNS:
        break;
    case PY_CODE_LOCATION_INFO_ONE_LINE0:
    case PY_CODE_LOCATION_INFO_ONE_LINE1:
    case PY_CODE_LOCATION_INFO_ONE_LINE2:
        p->column = next_byte(&at, c->limit);
        p->end_column = next_byte(&at, c->limit);
        break;
    default: {
        uint8_t b = next_byte(&at, c->limit);
        p->column = kind << 3 | b >> 4;
        p->end_column = p->column + (b & 15);
    }
    }
}

bool code_positions_next(struct code_position_cursor *c)
{
    if (c->at >= c->limit)
        return false;
    const uint8_t *entry = c->at;
    c->line += entry_line_delta(entry, c->limit);
    c->now.start = c->now.end;
    c->now.end += entry_bytes(entry);
    read_columns(c, entry + 1, entry_kind(entry));
    do
        c->at++;
    while (c->at < c->limit && !(*c->at & ENTRY_MARK));
    return true;
}

int PyCode_Addr2Location(PyCodeObject *co, int addr, int *line, int *column, int *end_line,
                         int *end_column)
{
    if (addr < 0) {
        *line = *end_line = co->co_firstlineno;
        *column = *end_column = 0;
        return 1;
    }
    struct code_position_cursor cursor;
    code_positions_init(co, &cursor);
    while (cursor.now.end <= addr && code_positions_next(&cursor))
        ;
    *line = cursor.now.line;
    *end_line = cursor.now.end_line;
    *column = cursor.now.column;
    *end_column = cursor.now.end_column;
    return 1;
}

/* -- Exception table -------------------------------------------------------------------------- */

static const uint8_t *read_big_varint(const uint8_t *at, const uint8_t *limit, int *value)
{
    unsigned v = 0;
    while (at < limit) {
        uint8_t b = *at++;
        v = v << 6 | (b & 63);
        if (!(b & 64))
            break;
    }
    *value = (int)v;
    return at;
}

/* One entry; returns what is behind it. */
static const uint8_t *read_handler(const uint8_t *at, const uint8_t *limit,
                                   struct code_handler *out)
{
    int length, packed;
    at = read_big_varint(at, limit, &out->start);
    at = read_big_varint(at, limit, &length);
    at = read_big_varint(at, limit, &out->target);
    at = read_big_varint(at, limit, &packed);
    out->end = out->start + length;
    out->depth = packed >> 1;
    out->push_lasti = packed & 1;
    return at;
}

bool code_next_handler(PyCodeObject *co, const uint8_t **at, struct code_handler *out)
{
    const uint8_t *table = (const uint8_t *)PyBytes_AS_STRING(co->co_exceptiontable);
    const uint8_t *limit = table + PyBytes_GET_SIZE(co->co_exceptiontable);
    if (*at == NULL)
        *at = table;
    if (*at >= limit)
        return false;
    *at = read_handler(*at, limit, out);
    return true;
}
