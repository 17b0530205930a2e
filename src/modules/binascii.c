/* SPDX-License-Identifier: MIT
 *
 * Module binascii: binary data as text — hexadecimal, base64, uuencode, quoted-printable — and
 * checksums.
 *
 * Decoders accept str (ASCII only) or any buffer. Each writes into a bytes object of the largest
 * possible size and shrinks it at the end.
 */
#include "args.h"
#include "objects/int/int.h"

struct binascii_state {
    PyObject *error, *incomplete; /* strong */
};

static PyObject *fail(PyObject *module, const char *message)
{
    PyErr_SetString(((struct binascii_state *)PyModule_GetState(module))->error, message);
    return NULL;
}

/* Argument converter: a buffer of bytes, or of the characters of an ASCII str. */
static int ascii_buffer(PyObject *object, void *to)
{
    Py_buffer *view = to;
    if (!object) {
        PyBuffer_Release(view);
        return 1;
    }
    if (PyUnicode_Check(object)) {
        if (PyUnicode_READY(object) < 0)
            return 0;
        if (!PyUnicode_IS_ASCII(object)) {
            PyErr_SetString(PyExc_ValueError,
                            "string argument should contain only ASCII characters");
            return 0;
        }
        view->buf = PyUnicode_1BYTE_DATA(object);
        view->len = PyUnicode_GET_LENGTH(object);
        view->obj = NULL;
        return 1;
    }
    if (PyObject_GetBuffer(object, view, PyBUF_SIMPLE) < 0) {
        PyErr_Format(PyExc_TypeError,
                     "argument should be bytes, buffer or ASCII string, not '%.100s'",
                     Py_TYPE(object)->tp_name);
        return 0;
    }
    return Py_CLEANUP_SUPPORTED;
}

/* `res` cut to the bytes up to `end`. */
static PyObject *finish(PyObject *res, unsigned char *end)
{
    _PyBytes_Resize(&res, (char *)end - PyBytes_AS_STRING(res));
    return res;
}

#define FN(name)                                                                                   \
    static PyObject *binascii_##name(PyObject *module, PyObject *const *args, Py_ssize_t nargs,    \
                                     PyObject *kwnames)
#define START(object) ((unsigned char *)PyBytes_AS_STRING(object))

static int hex_value(unsigned char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* -- Hexadecimal ----------------------------------------------------------------------------- */

/* The separator's character; -1 with an exception. */
static int separator(PyObject *sep)
{
    Py_ssize_t length = PyObject_Length(sep);
    if (length < 0)
        return -1;
    if (length != 1) {
        PyErr_SetString(PyExc_ValueError, "sep must be length 1.");
        return -1;
    }
    Py_UCS4 c;
    if (PyUnicode_Check(sep))
        c = PyUnicode_READ_CHAR(sep, 0);
    else if (PyBytes_Check(sep))
        c = (unsigned char)PyBytes_AS_STRING(sep)[0];
    else {
        PyErr_SetString(PyExc_TypeError, "sep must be str or bytes.");
        return -1;
    }
    if (c > 127) {
        PyErr_SetString(PyExc_ValueError, "sep must be ASCII.");
        return -1;
    }
    return (int)c;
}

/* Groups of `group` bytes, counted from the right when positive, from the left when negative. */
static PyObject *hex_encode(Py_buffer *data, PyObject *sep, int group)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *from = data->buf;
    Py_ssize_t n = data->len, size = Py_ABS((Py_ssize_t)group), seps = 0, next = -1;
    int mark = 0;
    if (sep) {
        mark = separator(sep);
        if (mark < 0)
            return NULL;
        if (size && n)
            seps = (n - 1) / size;
    }
    if (n > (PY_SSIZE_T_MAX - seps) / 2)
        return PyErr_NoMemory();
    PyObject *res = PyBytes_FromStringAndSize(NULL, 2 * n + seps);
    if (!res)
        return NULL;
    unsigned char *to = START(res);
    if (seps)
        next = group < 0 ? size : n - seps * size;
    for (Py_ssize_t i = 0; i < n; i++) {
        if (i == next) {
            *to++ = (unsigned char)mark;
            next += size;
        }
        *to++ = digits[from[i] >> 4];
        *to++ = digits[from[i] & 15];
    }
    return res;
}

#define HEXLIFY(name) \
    FN(name) \
    { \
        ARGS("y*|Oi:" #name, "data", "sep", "bytes_per_sep"); \
        Py_buffer data; \
        PyObject *sep = NULL; \
        int group = 1; \
        if (!PARSE(&data, &sep, &group)) \
            return NULL; \
        PyObject *res = hex_encode(&data, sep, group); \
        PyBuffer_Release(&data); \
        return res; \
    }
HEXLIFY(b2a_hex)
HEXLIFY(hexlify)

static PyObject *hex_decode(PyObject *module, Py_buffer *data)
{
    const unsigned char *from = data->buf;
    if (data->len % 2)
        return fail(module, "Odd-length string");
    PyObject *res = PyBytes_FromStringAndSize(NULL, data->len / 2);
    unsigned char *to = res ? START(res) : NULL;
    for (Py_ssize_t i = 0; res && i < data->len; i += 2) {
        unsigned high = _PyLong_DigitValue[from[i]], low = _PyLong_DigitValue[from[i + 1]];
        if ((high | low) > 15) { /* letters behind f have values up to 35, others 37 */
            Py_DECREF(res);
            return fail(module, "Non-hexadecimal digit found");
        }
        *to++ = (unsigned char)(high << 4 | low);
    }
    return res;
}

static PyObject *binascii_a2b_hex(PyObject *module, PyObject *arg)
{
    Py_buffer data = {0};
    if (!ascii_buffer(arg, &data))
        return NULL;
    PyObject *res = hex_decode(module, &data);
    PyBuffer_Release(&data);
    return res;
}

/* -- Base64 ---------------------------------------------------------------------------------- */

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static unsigned char base64_values[256]; /* 64: not a digit; filled when the module is made */

static PyObject *base64_decode(PyObject *module, Py_buffer *data, bool strict)
{
    const unsigned char *from = data->buf;
    Py_ssize_t n = data->len, count = 0;
    int pads = 0;
    unsigned held = 0;
    const char *error = NULL;
    bool padded = false, closed = false;

    if (strict && n && from[0] == '=')
        return fail(module, "Leading padding not allowed");
    PyObject *res = PyBytes_FromStringAndSize(NULL, (n + 3) / 4 * 3);
    if (!res)
        return NULL;
    unsigned char *to = START(res);
    for (Py_ssize_t i = 0; i < n && !closed && !error; i++) {
        if (from[i] == '=') {
            padded = true;
            closed = count % 4 >= 2 && count % 4 + ++pads >= 4;
            if (closed && strict && i + 1 < n)
                error = "Excess data after padding";
            continue;
        }
        unsigned value = base64_values[from[i]];
        if (value == 64) {
            if (strict)
                error = "Only base64 data is allowed";
            continue;
        }
        if (strict && padded)
            error = "Discontinuous padding not allowed";
        pads = 0;
        held = held << 6 | value;
        if (count++ % 4) /* digit k (1..3) of four completes byte k */
            *to++ = (unsigned char)(held >> (6 - 2 * ((count - 1) % 4)));
    }
    if (!error && !closed && count % 4 == 1) {
        PyErr_Format(((struct binascii_state *)PyModule_GetState(module))->error,
                     "Invalid base64-encoded string: number of data characters (%zd) cannot be 1 "
                     "more than a multiple of 4",
                     count);
        Py_DECREF(res);
        return NULL;
    }
    if (!error && !closed && count % 4)
        error = "Incorrect padding";
    if (error) {
        Py_DECREF(res);
        return fail(module, error);
    }
    if (to - START(res) == 1) { /* single bytes are shared */
        Py_SETREF(res, PyBytes_FromStringAndSize(PyBytes_AS_STRING(res), 1));
        return res;
    }
    return finish(res, to);
}

FN(a2b_base64)
{
    ARGS("O&|$p:a2b_base64", "", "strict_mode");
    Py_buffer data = {0};
    int strict = 0;
    PyObject *res = NULL;
    if (PARSE(ascii_buffer, &data, &strict))
        res = base64_decode(module, &data, strict);
    if (data.obj)
        PyBuffer_Release(&data);
    return res;
}

FN(b2a_base64)
{
    ARGS("y*|$p:b2a_base64", "", "newline");
    Py_buffer data;
    int newline = 1;
    if (!PARSE(&data, &newline))
        return NULL;
    const unsigned char *from = data.buf;
    Py_ssize_t n = data.len;
    PyObject *res = n > (PY_SSIZE_T_MAX - 3) / 2
                        ? fail(module, "Too much data for base64 line")
                        : PyBytes_FromStringAndSize(NULL, (n + 2) / 3 * 4 + newline);
    if (res) {
        unsigned char *to = START(res);
        for (; n >= 3; n -= 3, from += 3) {
            unsigned bits = from[0] << 16 | from[1] << 8 | from[2];
            *to++ = base64_digits[bits >> 18];
            *to++ = base64_digits[bits >> 12 & 63];
            *to++ = base64_digits[bits >> 6 & 63];
            *to++ = base64_digits[bits & 63];
        }
        if (n) {
            unsigned bits = from[0] << 16 | (n == 2 ? from[1] << 8 : 0);
            *to++ = base64_digits[bits >> 18];
            *to++ = base64_digits[bits >> 12 & 63];
            *to++ = n == 2 ? base64_digits[bits >> 6 & 63] : '=';
            *to++ = '=';
        }
        if (newline)
            *to++ = '\n';
    }
    PyBuffer_Release(&data);
    return res;
}

/* -- uuencode -------------------------------------------------------------------------------- */

/* The next digit of a line; a line that ends early continues with zeros. -1: not a digit. */
static int uu_digit(const unsigned char **from, const unsigned char *end)
{
    if (*from >= end)
        return 0;
    unsigned char c = *(*from)++;
    if (c == '\n' || c == '\r')
        return 0;
    return c < ' ' || c > ' ' + 64 ? -1 : (c - ' ') & 63;
}

/* The first character says how many bytes follow. Missing digits count as zero. Behind the data
   only padding and line ends may stand. */
static PyObject *uu_decode(PyObject *module, Py_buffer *data)
{
    const unsigned char *from = data->buf, *end = from + data->len;
    Py_ssize_t left = data->len ? (*from++ - ' ') & 63 : 32;
    unsigned held = 0;
    int bits = 0;
    PyObject *res = PyBytes_FromStringAndSize(NULL, left);
    if (!res)
        return NULL;
    unsigned char *to = START(res);
    while (left) {
        int digit = uu_digit(&from, end);
        if (digit < 0) {
            Py_DECREF(res);
            return fail(module, "Illegal char");
        }
        held = held << 6 | (unsigned)digit;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            *to++ = (unsigned char)(held >> bits);
            left--;
        }
    }
    for (; from < end; from++)
        if (*from != ' ' && *from != '`' && *from != '\n' && *from != '\r') {
            Py_DECREF(res);
            return fail(module, "Trailing garbage");
        }
    return res;
}

static PyObject *binascii_a2b_uu(PyObject *module, PyObject *arg)
{
    Py_buffer data = {0};
    if (!ascii_buffer(arg, &data))
        return NULL;
    PyObject *res = uu_decode(module, &data);
    PyBuffer_Release(&data);
    return res;
}

FN(b2a_uu)
{
    ARGS("y*|$p:b2a_uu", "", "backtick");
    Py_buffer data;
    int backtick = 0;
    if (!PARSE(&data, &backtick))
        return NULL;
    const unsigned char *from = data.buf;
    Py_ssize_t n = data.len;
    PyObject *res = n > 45 ? fail(module, "At most 45 bytes at once")
                           : PyBytes_FromStringAndSize(NULL, 2 + (n + 2) / 3 * 4);
    if (res) {
        unsigned char *to = START(res);
        char zero = backtick ? '`' : ' ';
        *to++ = n ? (unsigned char)(' ' + n) : (unsigned char)zero;
        for (Py_ssize_t i = 0; i < n; i += 3) {
            unsigned bits =
                from[i] << 16 | (i + 1 < n ? from[i + 1] << 8 : 0) | (i + 2 < n ? from[i + 2] : 0);
            for (int shift = 18; shift >= 0; shift -= 6)
                *to++ = bits >> shift & 63 ? (unsigned char)(' ' + (bits >> shift & 63))
                                           : (unsigned char)zero;
        }
        *to++ = '\n';
    }
    PyBuffer_Release(&data);
    return res;
}

/* -- Quoted-printable ------------------------------------------------------------------------ */

enum { QP_LINE = 76 };

static PyObject *qp_decode(Py_buffer *data, bool header)
{
    const unsigned char *from = data->buf;
    Py_ssize_t n = data->len, i = 0;
    PyObject *res = PyBytes_FromStringAndSize(NULL, n);
    if (!res)
        return NULL;
    unsigned char *to = START(res);
    while (i < n) {
        unsigned char c = from[i++];
        if (c != '=') {
            *to++ = header && c == '_' ? ' ' : c;
            continue;
        }
        if (i >= n)
            break;
        if (from[i] == '\n' || from[i] == '\r') { /* soft line break */
            while (i < n && from[i] != '\n')
                i++;
            i += i < n;
        } else if (from[i] == '=') {
            *to++ = '=';
            i++;
        } else if (i + 1 < n && hex_value(from[i]) >= 0 && hex_value(from[i + 1]) >= 0) {
            *to++ = (unsigned char)(hex_value(from[i]) << 4 | hex_value(from[i + 1]));
            i += 2;
        } else
            *to++ = '=';
    }
    return finish(res, to);
}

FN(a2b_qp)
{
    ARGS("O&|i:a2b_qp", "data", "header");
    Py_buffer data = {0};
    int header = 0;
    PyObject *res = NULL;
    if (PARSE(ascii_buffer, &data, &header))
        res = qp_decode(&data, header);
    if (data.obj)
        PyBuffer_Release(&data);
    return res;
}

struct qp {
    const unsigned char *from;
    Py_ssize_t n;
    int tabs, text, header; /* quotetabs, istext, header */
};

static bool qp_must_quote(const struct qp *qp, Py_ssize_t i, Py_ssize_t column)
{
    unsigned char c = qp->from[i];
    bool last = i + 1 == qp->n;
    if (c > 126 || c == '=' || (qp->header && c == '_'))
        return true;
    if (c == '.') /* alone on a line it would end a mail */
        return column == 0 &&
               (last || qp->from[i + 1] == '\n' || qp->from[i + 1] == '\r' || qp->from[i + 1] == 0);
    if (c == '\r' || c == '\n')
        return !qp->text;
    if (c == '\t' || c == ' ')
        return last || qp->tabs;
    return c < 33;
}

static unsigned char *qp_quote(unsigned char *to, unsigned char c)
{
    static const char digits[] = "0123456789ABCDEF";
    *to++ = '=';
    *to++ = digits[c >> 4];
    *to++ = digits[c & 15];
    return to;
}

static unsigned char *qp_newline(unsigned char *to, bool crlf)
{
    if (crlf)
        *to++ = '\r';
    *to++ = '\n';
    return to;
}

/* Writes the encoded text; at most 6 bytes come from each byte. */
static unsigned char *qp_encode(const struct qp *qp, unsigned char *start)
{
    const unsigned char *from = qp->from, *line = qp->n ? memchr(from, '\n', (size_t)qp->n) : NULL;
    bool crlf = line && line > from && line[-1] == '\r';
    unsigned char *to = start;
    Py_ssize_t column = 0;
    for (Py_ssize_t i = 0; i < qp->n; i++) {
        unsigned char c = from[i];
        bool last = i + 1 == qp->n;
        if (qp_must_quote(qp, i, column)) {
            if (column + 3 >= QP_LINE) {
                *to++ = '=';
                to = qp_newline(to, crlf);
                column = 0;
            }
            to = qp_quote(to, c);
            column += 3;
        } else if (qp->text && (c == '\n' || (c == '\r' && !last && from[i + 1] == '\n'))) {
            column = 0;
            if (to > start &&
                (to[-1] == ' ' || to[-1] == '\t')) /* no white space before the end of a line */
                to = qp_quote(to - 1, to[-1]);
            to = qp_newline(to, crlf);
            i += c == '\r';
        } else {
            if (!last && from[i + 1] != '\n' && column + 1 >= QP_LINE) {
                *to++ = '=';
                to = qp_newline(to, crlf);
                column = 0;
            }
            column++;
            *to++ = qp->header && c == ' ' ? '_' : c;
        }
    }
    return to;
}

FN(b2a_qp)
{
    ARGS("y*|iii:b2a_qp", "data", "quotetabs", "istext", "header");
    Py_buffer data;
    struct qp qp = {.text = 1};
    if (!PARSE(&data, &qp.tabs, &qp.text, &qp.header))
        return NULL;
    qp.from = data.buf;
    qp.n = data.len;
    PyObject *res = NULL;
    unsigned char *room =
        qp.n > (PY_SSIZE_T_MAX - 8) / 6 ? NULL : PyMem_Malloc((size_t)qp.n * 6 + 8);
    if (!room)
        PyErr_NoMemory();
    else
        res = PyBytes_FromStringAndSize((char *)room, qp_encode(&qp, room) - room);
    PyMem_Free(room);
    PyBuffer_Release(&data);
    return res;
}

/* -- Checksums ------------------------------------------------------------------------------- */

static uint32_t crc_table[8][256]; /* [k][b]: of byte b followed by k zero bytes; filled when the
                                      module is made */
static uint16_t hqx_table[256];

static uint32_t crc32_of(uint32_t crc, const unsigned char *from, size_t n)
{
    crc = ~crc;
    for (; n >= 8; n -= 8, from += 8) {
        uint64_t word;
        memcpy(&word, from, 8);
        word ^= crc;
        crc = 0;
        for (int k = 0; k < 8; k++)
            crc ^= crc_table[7 - k][word >> 8 * k & 255];
    }
    for (; n; n--)
        crc = crc >> 8 ^ crc_table[0][(crc ^ *from++) & 255];
    return ~crc;
}

static PyObject *binascii_crc32(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    Py_buffer data;
    unsigned crc = 0;
    if (!_PyArg_CheckPositional("crc32", nargs, 1, 2) || !PARSEP("y*|I:crc32", &data, &crc))
        return NULL;
    if (data.len > 1024 * 5)
        UNLOCKED(crc = crc32_of(crc, data.buf, (size_t)data.len));
    else
        crc = crc32_of(crc, data.buf, (size_t)data.len);
    PyBuffer_Release(&data);
    return PyLong_FromUnsignedLong(crc);
}

static PyObject *binascii_crc_hqx(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    Py_buffer data;
    unsigned crc;
    if (!_PyArg_CheckPositional("crc_hqx", nargs, 2, 2) || !PARSEP("y*I:crc_hqx", &data, &crc))
        return NULL;
    const unsigned char *from = data.buf;
    crc &= 0xffff;
    for (Py_ssize_t i = 0; i < data.len; i++)
        crc = (crc << 8 & 0xff00) ^ hqx_table[crc >> 8 ^ from[i]];
    PyBuffer_Release(&data);
    return PyLong_FromUnsignedLong(crc);
}

static void fill_tables(void)
{
    memset(base64_values, 64, sizeof base64_values);
    for (int i = 0; i < 64; i++)
        base64_values[(unsigned char)base64_digits[i]] = (unsigned char)i;
    for (unsigned i = 0; i < 256; i++) {
        uint32_t crc = i;
        uint16_t hqx = (uint16_t)(i << 8);
        for (int bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
            hqx = (uint16_t)(hqx << 1 ^ (hqx & 0x8000 ? 0x1021 : 0));
        }
        crc_table[0][i] = crc;
        hqx_table[i] = hqx;
    }
    for (int k = 1; k < 8; k++)
        for (int i = 0; i < 256; i++)
            crc_table[k][i] = crc_table[k - 1][i] >> 8 ^ crc_table[0][crc_table[k - 1][i] & 255];
}

/* -- Module ---------------------------------------------------------------------------------- */

#define M(name, function, flags, signature, doc) \
    {#name, (PyCFunction)(void (*)(void))binascii_##function, flags, #name signature "\n--\n\n" doc}
#define KW (METH_FASTCALL | METH_KEYWORDS)
static PyMethodDef methods[] = {
    M(a2b_uu, a2b_uu, METH_O, "($module, data, /)", "Decodes a uuencoded line."),
    M(b2a_uu, b2a_uu, KW, "($module, data, /, *, backtick=False)", "Uuencodes a line."),
    M(a2b_base64, a2b_base64, KW, "($module, data, /, *, strict_mode=False)",
      "Decodes base64.\n\nIn strict mode, anything but well-formed base64 is an error."),
    M(b2a_base64, b2a_base64, KW, "($module, data, /, *, newline=True)",
      "Encodes as one line of base64."),
    M(a2b_hex, a2b_hex, METH_O, "($module, hexstr, /)", "Bytes from pairs of hexadecimal digits."),
    M(b2a_hex, b2a_hex, KW, "($module, /, data, sep=<unrepresentable>, bytes_per_sep=1)",
      "Hexadecimal digits of the data.\n\n  sep\n    Character put between groups.\n  "
      "bytes_per_sep\n"
      "    Bytes in a group, counted from the right, or from the left when negative."),
    M(hexlify, hexlify, KW, "($module, /, data, sep=<unrepresentable>, bytes_per_sep=1)",
      "Hexadecimal digits of the data; the same as b2a_hex()."),
    M(unhexlify, a2b_hex, METH_O, "($module, hexstr, /)",
      "Bytes from pairs of hexadecimal digits; the same as a2b_hex()."),
    M(crc_hqx, crc_hqx, METH_FASTCALL, "($module, data, crc, /)",
      "The CRC-CCITT checksum, continued from crc."),
    M(crc32, crc32, METH_FASTCALL, "($module, data, crc=0, /)",
      "The CRC-32 checksum, continued from crc."),
    M(a2b_qp, a2b_qp, KW, "($module, /, data, header=False)", "Decodes quoted-printable data."),
    M(b2a_qp, b2a_qp, KW, "($module, /, data, quotetabs=False, istext=True, header=False)",
      "Encodes as quoted-printable.\n\nquotetabs quotes tabs and spaces too; without istext, ends "
      "of lines are quoted;\n"
      "header writes spaces as underscores."),
    {NULL, NULL, 0, NULL},
};

static int binascii_exec(PyObject *module)
{
    struct binascii_state *state = PyModule_GetState(module);
    fill_tables();
    state->error = PyErr_NewException("binascii.Error", PyExc_ValueError, NULL);
    if (!state->error || PyModule_AddObjectRef(module, "Error", state->error) < 0)
        return -1;
    state->incomplete = PyErr_NewException("binascii.Incomplete", NULL, NULL);
    return state->incomplete ? PyModule_AddObjectRef(module, "Incomplete", state->incomplete) : -1;
}

static int binascii_traverse(PyObject *module, visitproc visit, void *arg)
{
    struct binascii_state *state = PyModule_GetState(module);
    Py_VISIT(state->error);
    Py_VISIT(state->incomplete);
    return 0;
}

static int binascii_clear(PyObject *module)
{
    struct binascii_state *state = PyModule_GetState(module);
    Py_CLEAR(state->error);
    Py_CLEAR(state->incomplete);
    return 0;
}

static void binascii_free(void *module) { binascii_clear(module); }

static PyModuleDef_Slot slots[] = {{Py_mod_exec, binascii_exec}, {0, NULL}};
static PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT,
    .m_name = "binascii",
    .m_doc = "Conversion between binary data and ASCII text.",
    .m_size = sizeof(struct binascii_state),
    .m_methods = methods,
    .m_slots = slots,
    .m_traverse = binascii_traverse,
    .m_clear = binascii_clear,
    .m_free = binascii_free,
};

PyMODINIT_FUNC PyInit_binascii(void) { return PyModuleDef_Init(&module_def); }
