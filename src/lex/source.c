/* SPDX-License-Identifier: MIT
 *
 * Bytes to lines of UTF-8: byte order mark, PEP 263 cookie, decoding, newline translation, and the
 * three sources of lines (a string, a file, a terminal).
 *
 *     bytes ─ BOM? ─ '\r\n', '\r' -> '\n' ─ cookie? ─ decode, encode as UTF-8 ─> text
 *                                                         lex_underflow: one line more is visible
 *
 * A string or file is decoded as a whole when the Lexer is made; lex_underflow only moves `inp` to
 * the end of the next line. Typed input is appended to `text` line by line and kept, so error
 * messages can quote it.
 *
 * `encoding` stays NULL for bytes without BOM or cookie. Such text is taken as UTF-8 without being
 * checked as a whole; a bad byte is reported where it hurts (in a name, a literal), or per line
 * when it comes from a file.
 *
 * Ownership: the Lexer owns text, encoding and a reference to the filename; fp and prompts are the
 * caller's. Failure: SyntaxError about the encoding, MemoryError, what a codec raises.
 *
 * Rejected: decoding line by line. It needs an incremental decoder and a buffer that moves, and
 * saves nothing: the parser reads to the end anyway, and a second time when there is an error.
 */
#include "lex/lex.h"
#include "state.h"

#include <string.h>
#include <unistd.h>

/* -- Cookie ---------------------------------------------------------------------------------- */

/* `name` is `base`, or `base` with a dash and more behind it ("utf-8-unix"). */
static bool lex_same_or_dashed(const char *name, const char *base)
{
    size_t n = strlen(base);
    return !strncmp(name, base, n) && (name[n] == 0 || name[n] == '-');
}

/* Spellings of UTF-8 and Latin-1 get one name, any other stays as it is. `name` has room for it. */
static void lex_normal_encoding(char *name)
{
    char low[13];
    size_t i;
    for (i = 0; i < 12 && name[i]; i++)
        low[i] = name[i] == '_' ? '-' : Py_TOLOWER(name[i]);
    low[i] = 0;
    if (lex_same_or_dashed(low, "utf-8"))
        strcpy(name, "utf-8");
    else if (lex_same_or_dashed(low, "latin-1") || lex_same_or_dashed(low, "iso-8859-1")
             || lex_same_or_dashed(low, "iso-latin-1"))
        strcpy(name, "iso-8859-1");
}

/* The encoding named by a cookie in line[0..n), owned (PyMem), or NULL; *code: the line holds more
 * than a comment. PEP 263: the line matches ^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+). */
static char *lex_line_cookie(const char *line, size_t n, bool *code)
{
    size_t i = 0;
    *code = false;
    while (i < n && (line[i] == ' ' || line[i] == '\t' || line[i] == '\f'))
        i++;
    if (i == n || line[i] == '\n' || line[i] == '\r')
        return NULL;
    if (line[i] != '#') {
        *code = true;
        return NULL;
    }
    for (; i + 6 < n; i++) {
        if (memcmp(line + i, "coding", 6) || (line[i + 6] != ':' && line[i + 6] != '='))
            continue;
        size_t begin = i + 7;
        while (begin < n && (line[begin] == ' ' || line[begin] == '\t'))
            begin++;
        size_t end = begin;
        while (
            end < n
            && (Py_ISALNUM(line[end]) || line[end] == '-' || line[end] == '_' || line[end] == '.'))
            end++;
        if (end == begin)
            continue;
        char *name = PyMem_Malloc(end - begin + 12);
        if (!name)
            return (char *)PyErr_NoMemory();
        memcpy(name, line + begin, end - begin);
        name[end - begin] = 0;
        lex_normal_encoding(name);
        return name;
    }
    return NULL;
}

/* Cookie of the first two lines, or NULL (maybe with an exception). */
static char *lex_cookie(const char *text)
{
    for (int line = 0; line < 2; line++) {
        size_t n = strcspn(text, "\n");
        bool code;
        if (!text[n]) /* only whole lines are looked at */
            break;
        char *name = lex_line_cookie(text, n, &code);
        if (name || code || PyErr_Occurred())
            return name;
        text += n + 1;
    }
    return NULL;
}

static char *lex_strdup(const char *s)
{
    char *copy = PyMem_Malloc(strlen(s) + 1);
    return copy ? strcpy(copy, s) : (char *)PyErr_NoMemory();
}

/* -- Text ------------------------------------------------------------------------------------ */

/* Copies `s` with every line end as '\n'; `exec`: and one at the end. Owned (PyMem). */
static char *lex_translate_newlines(const char *s, size_t n, bool exec)
{
    char *copy = PyMem_Malloc(n + 2), *to = copy;
    if (!copy)
        return (char *)PyErr_NoMemory();
    const char *stop = s + n;
    char last = 0;
    while (s < stop) {
        const char *cr = memchr(s, '\r', stop - s);
        size_t run = (cr ? cr : stop) - s;
        memcpy(to, s, run);
        to += run;
        if (run)
            last = to[-1];
        s += run;
        if (!cr)
            break;
        *to++ = last = '\n';
        s++;
        if (s < stop && *s == '\n') {
            s++;
            if (s == stop) /* as 3.11: a final CR LF counts as a line end without a character behind
                            */
                last = 0;
        }
    }
    if (exec && last != '\n')
        *to++ = '\n';
    *to = 0;
    return copy;
}

/* Decodes as a stream is decoded: there UTF-16 must open with a byte order mark. */
static PyObject *lex_decode_stream(const char *text, const char *encoding)
{
    PyObject *decoder = PyCodec_IncrementalDecoder(encoding, "strict");
    PyObject *str = decoder ? PyObject_CallMethod(decoder, "decode", "yi", text, 1) : NULL;
    Py_XDECREF(decoder);
    if (str && !PyUnicode_Check(str)) {
        PyErr_SetString(PyExc_TypeError, "decoder should return a string result");
        Py_CLEAR(str);
    }
    return str;
}

/* Text in `encoding` to UTF-8, owned (PyMem). STEALS text. */
static char *lex_recode(char *text, const char *encoding, bool stream)
{
    char *result = NULL;
    PyObject *str = stream ? lex_decode_stream(text, encoding)
                           : PyUnicode_Decode(text, strlen(text), encoding, NULL);
    PyMem_Free(text);
    Py_ssize_t n;
    const char *utf8 = str ? PyUnicode_AsUTF8AndSize(str, &n) : NULL;
    if (utf8 && (result = PyMem_Malloc(n + 1)))
        memcpy(result, utf8, n + 1);
    else if (utf8)
        PyErr_NoMemory();
    Py_XDECREF(str);
    return result;
}

/* STEALS text: all of it at once, nothing read yet. */
static void lex_set_text(Lexer *lex, char *text)
{
    lex->text = text;
    lex->end = text + strlen(text);
    lex->capacity = lex->end - text + 1;
    lex_rewind(lex);
}

void lex_rewind(Lexer *lex)
{
    lex->buf = lex->cur = lex->inp = lex->line_start = lex->multi_line_start = lex->text;
    lex->start = NULL;
    lex->done = E_OK;
    lex->lineno = lex->first_lineno = lex->lineno_base;
    lex->level = lex->pendin = lex->indent = 0;
    lex->atbol = true;
    lex->async_def = lex->async_def_nl = false;
}

/* Finds out the encoding of `bytes` and makes the text: 0 or -1. */
static int lex_decode(Lexer *lex, const char *bytes, size_t n, bool exec)
{
    bool bom = n >= 3 && !memcmp(bytes, "\xEF\xBB\xBF", 3);
    if (bom)
        bytes += 3, n -= 3;
    char *text = lex_translate_newlines(bytes, n, exec);
    if (!text)
        return -1;
    char *cookie = lex->encoding ? NULL : lex_cookie(text);
    if (!cookie && PyErr_Occurred())
        goto fail;
    if (bom && cookie && strcmp(cookie, "utf-8")) {
        PyErr_Format(PyExc_SyntaxError, "encoding problem: %s with BOM", cookie);
        goto fail;
    }
    if (bom && !cookie && !(cookie = lex_strdup("utf-8")))
        goto fail;
    if (cookie) {
        PyMem_Free(lex->encoding);
        lex->encoding = cookie;
        cookie = NULL;
    }
    if (lex->encoding && strcmp(lex->encoding, "utf-8")
        && !(text = lex_recode(text, lex->encoding, lex->source == LEX_FILE)))
        return -1;
    lex_set_text(lex, text);
    return 0;
fail:
    PyMem_Free(cookie);
    PyMem_Free(text);
    return -1;
}

/* -- Making and freeing ---------------------------------------------------------------------- */

/* Zeroed, but for what every source has. */
static Lexer *lex_new(enum lex_source source, PyObject *filename)
{
    Lexer *lex = PyMem_Calloc(1, sizeof(Lexer));
    if (!lex)
        return (Lexer *)PyErr_NoMemory();
    lex->source = source;
    lex->report_warnings = true;
    Py_XINCREF(filename);
    lex->filename = filename;
    return lex;
}

void lex_free(Lexer *lex)
{
    if (!lex)
        return;
    PyMem_Free(lex->text);
    PyMem_Free(lex->encoding);
    Py_XDECREF(lex->filename);
    PyMem_Free(lex);
}

Lexer *lex_new_string(const char *bytes, bool exec, bool utf8, PyObject *filename)
{
    Lexer *lex = lex_new(LEX_STRING, filename);
    if (!lex)
        return NULL;
    if (!utf8) {
        if (lex_decode(lex, bytes, strlen(bytes), exec) < 0)
            goto fail;
        return lex;
    }
    char *text = lex_translate_newlines(bytes, strlen(bytes), exec);
    if (!text)
        goto fail;
    lex_set_text(lex, text);
    if ((lex->encoding = lex_strdup("utf-8")))
        return lex;
fail:
    lex_free(lex);
    return NULL;
}

/* All bytes of `fp`, owned (PyMem), with a NUL behind; *n their number. */
static char *lex_read_all(FILE *fp, size_t *n)
{
    size_t capacity = 16384, used = 0, got;
    char *data = PyMem_Malloc(capacity);
    while (data && (got = fread(data + used, 1, capacity - used - 1, fp)) > 0) {
        used += got;
        if (used + 1 < capacity)
            continue;
        char *grown = PyMem_Realloc(data, capacity *= 2);
        if (!grown)
            PyMem_Free(data);
        data = grown;
    }
    if (!data)
        return (char *)PyErr_NoMemory();
    data[used] = 0;
    *n = used;
    return data;
}

/* The bytes of [from, end) that a read of `room` bytes takes: to the end of the line at most. */
static size_t lex_piece(const char *from, const char *end, size_t room)
{
    size_t left = end - from, most = left < room ? left : room;
    for (size_t i = 0; i < most; i++)
        if (from[i] == '\n' || from[i] == '\r')
            return i + 1 + (from[i] == '\r' && i + 1 < left && from[i + 1] == '\n');
    return most;
}

/* A NUL hides the rest of what is read at once: of its line, or of a piece of BUFSIZ bytes or
   more of a long one, as when lines are read into C strings. A line that begins with one is
   passed over. */
static void lex_drop_nuls(char *data, size_t n)
{
    char *to = data, *end = data + n, *line = data;
    size_t room = BUFSIZ;
    for (const char *from = data; from < end;) {
        size_t used = to - line, grown = used + (used / 2 > BUFSIZ ? used / 2 : BUFSIZ);
        if (grown > room)
            room = grown;
        size_t piece = lex_piece(from, end, room - used - 1), kept = strnlen(from, piece);
        memmove(to, from, kept);
        to += kept;
        from += piece;
        if (to > line && (to[-1] == '\n' || to[-1] == '\r'))
            line = to;
    }
    *to = 0;
}

/* The text did not decode: 3.11 names the encoding, not the reason. */
static void lex_raise_encoding(const Lexer *lex)
{
    if (!lex->encoding || PyErr_ExceptionMatches(PyExc_MemoryError))
        return;
    PyErr_Clear();
    PyErr_Format(PyExc_SyntaxError, "encoding problem: %s", lex->encoding);
}

/* Reads fp to its end and decodes it: 0, or -1 with an exception. */
static int lex_read_file(Lexer *lex)
{
    size_t n = 0;
    char *data = lex_read_all(lex->fp, &n);
    if (!data)
        return -1;
    if (strlen(data) != n)
        lex_drop_nuls(data, n);
    int result = lex_decode(lex, data, strlen(data), true);
    /* 3.11 changes to a declared encoding by going back in the file: a pipe cannot. */
    if (result == 0 && lex->encoding && strcmp(lex->encoding, "utf-8")
        && lseek(fileno(lex->fp), 0, SEEK_CUR) < 0)
        result = -1;
    if (result < 0)
        lex_raise_encoding(lex);
    else if (n == 0) /* no line at all, not an empty one */
        lex->end = lex->text, *lex->text = 0;
    PyMem_Free(data);
    return result;
}

Lexer *lex_new_file(FILE *fp, const char *enc, const char *ps1, const char *ps2, PyObject *filename)
{
    bool typed = ps1 || ps2;
    Lexer *lex = lex_new(typed ? LEX_INTERACTIVE : LEX_FILE, filename);
    if (!lex)
        return NULL;
    lex->fp = fp;
    lex->prompt = ps1;
    lex->next_prompt = ps2;
    if (enc && !(lex->encoding = lex_strdup(enc)))
        goto fail;
    lex->interactive =
        typed || (filename && PyUnicode_CompareWithASCIIString(filename, "<stdin>") == 0);
    if (typed) {
        char *text = PyMem_Calloc(1, 256);
        if (!text) {
            PyErr_NoMemory();
            goto fail;
        }
        lex_set_text(lex, text);
        lex->capacity = 256;
    }
    else if (lex_read_file(lex) < 0)
        goto fail;
    return lex;
fail:
    lex_free(lex);
    return NULL;
}

/* -- Lines ----------------------------------------------------------------------------------- */

/* First byte of line[0..n) that is not part of valid UTF-8, or -1. */
static int lex_bad_utf8(const unsigned char *s, const unsigned char *end)
{
    while (s < end) {
        unsigned char c = *s;
        int more = c < 0x80 ? 0 : c < 0xc2 ? -1 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : c < 0xf5 ? 3 : -1;
        if (more < 0 || s + more >= end + (more == 0))
            return c;
        unsigned char low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
        unsigned char high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
        for (int i = 1; i <= more; i++) {
            if (s[i] < low || s[i] > high)
                return c;
            low = 0x80, high = 0xbf;
        }
        s += more + 1;
    }
    return -1;
}

/* 1, or 0 with SyntaxError: the line is not UTF-8 and nothing said that it would be otherwise. */
static int lex_check_utf8_line(Lexer *lex, const char *line, const char *end)
{
    int bad = lex_bad_utf8((const unsigned char *)line, (const unsigned char *)end);
    if (bad < 0)
        return 1;
    PyErr_Format(
        PyExc_SyntaxError,
        "Non-UTF-8 code starting with '\\x%.2x' in file %U on line %i, but no encoding declared; "
        "see https://peps.python.org/pep-0263/ for details",
        bad, lex->filename, lex->lineno);
    lex->done = E_DECODE;
    return 0;
}

/* Shows one more line of the text: 1, or 0 at its end (done E_EOF) or after an error. */
static int lex_next_line(Lexer *lex)
{
    if (lex->inp == lex->end) {
        if (lex->source == LEX_FILE && !lex->start)
            lex->buf = lex->cur;
        lex->done = E_EOF;
        return 0;
    }
    char *line = lex->inp, *eol = memchr(line, '\n', lex->end - line);
    if (!lex->start)
        lex->buf = lex->cur;
    lex->line_start = lex->cur;
    lex->lineno++;
    char *inp = eol ? eol + 1 : lex->end;
    if (lex->source == LEX_FILE && !lex->encoding && !lex_check_utf8_line(lex, line, inp))
        return 0;
    lex->inp = inp;
    return 1;
}

/* Appends typed text: 1, or 0 without memory. Pointers into the buffer follow when it moves. */
static int lex_append(Lexer *lex, const char *line)
{
    size_t used = lex->end - lex->text, more = strlen(line);
    if (used + more + 1 > lex->capacity) {
        size_t capacity = (used + more + 1) * 2;
        char *old = lex->text, *text = PyMem_Realloc(old, capacity);
        if (!text) {
            lex->done = E_NOMEM;
            return 0;
        }
        char **pointers[] = {&lex->cur,   &lex->inp, &lex->line_start,
                             &lex->start, &lex->buf, &lex->multi_line_start, &lex->warned};
        for (size_t i = 0; i < COUNT_OF(pointers); i++)
            if (*pointers[i])
                *pointers[i] = text + (*pointers[i] - old);
        lex->text = text;
        lex->capacity = capacity;
        lex->end = text + used;
    }
    memcpy(lex->end, line, more + 1);
    lex->end += more;
    return 1;
}

/* A typed line, translated to UTF-8 with '\n' ends, owned (PyMem); NULL with done set. */
static char *lex_ask(Lexer *lex)
{
    char *typed = PyOS_Readline(lex->fp ? lex->fp : stdin, stdout, lex->prompt);
    if (!typed) {
        lex->done = E_INTR;
        return NULL;
    }
    char *line = lex_translate_newlines(typed, strlen(typed), false);
    PyMem_Free(typed);
    if (line && lex->encoding && *line && strcmp(lex->encoding, "utf-8"))
        line = lex_recode(line, lex->encoding, false);
    if (lex->next_prompt)
        lex->prompt = lex->next_prompt;
    if (!line)
        lex->done = E_DECODE;
    return line;
}

/* One more typed line: asks for it unless it is there already (after lex_rewind). 1; 0 with done
   set. An empty answer is the end of the input (Ctrl-D), for good. */
static int lex_typed_line(Lexer *lex)
{
    if (lex->inp < lex->end) /* again, after lex_rewind */
        return lex_next_line(lex);
    if (lex->stop_interactive) {
        lex->done = E_INTERACT_STOP;
        return 1;
    }
    char *line = lex->typed_eof ? NULL : lex_ask(lex);
    if (!line && !lex->typed_eof) {
        PySys_WriteStderr("\n");
        return 0;
    }
    if (lex->typed_eof || !*line) {
        if (!lex->typed_eof)
            PySys_WriteStderr("\n"); /* the prompt's line ends */
        PyMem_Free(line);
        lex->typed_eof = true;
        lex->done = E_EOF;
        return 0;
    }
    int ok = lex_append(lex, line);
    PyMem_Free(line);
    return ok && lex_next_line(lex);
}

int lex_underflow(Lexer *lex)
{
    return lex->source == LEX_INTERACTIVE ? lex_typed_line(lex) : lex_next_line(lex);
}
