/* SPDX-License-Identifier: MIT
 *
 * Printing tracebacks: File lines, source lines, and the range that failed underlined.
 *
 *   File "x.py", line 3, in f
 *     return a[i] + b(c)
 *            ~^^^
 *
 * An entry's instruction gives a range of columns. When it is a whole binary operation or
 * subscript, the text is parsed again and the operator or the brackets are set off (^) from the
 * operands (~). A range that covers the whole line is not shown. Nothing that goes wrong with a
 * source file is an error: the line is left out.
 */
#include "runtime/rt.h"
#include "parse/parse.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_LIMIT 1000 /* entries shown */
#define REPEAT_CUTOFF 3 /* equal entries shown before they are counted */
#define SOURCE_INDENT 4 /* columns in front of a source line */

/* -- Margins --------------------------------------------------------------------------------- */

int _Py_WriteIndent(int indent, PyObject *f)
{
    char spaces[] = "          ";
    for (; indent > 0; indent -= 10) {
        if (indent < 10)
            spaces[indent] = 0;
        if (PyFile_WriteString(spaces, f) < 0)
            return -1;
    }
    return 0;
}

int _Py_WriteIndentedMargin(int indent, const char *margin, PyObject *f)
{
    if (_Py_WriteIndent(indent, f) < 0)
        return -1;
    return margin ? PyFile_WriteString(margin, f) : 0;
}

/* -- Source lines ---------------------------------------------------------------------------- */

/* Whole file in raw memory, NUL at its end. */
static char *read_file(const char *path, size_t *size)
{
    int fd = _Py_open_noraise(path, O_RDONLY);
    struct stat st;
    char *text = NULL;
    if (fd < 0)
        return NULL;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)
        && (text = PyMem_RawMalloc((size_t)st.st_size + 1))) {
        size_t n = 0;
        ssize_t got;
        while (n < (size_t)st.st_size && (got = read(fd, text + n, (size_t)st.st_size - n)) > 0)
            n += (size_t)got;
        text[n] = 0;
        *size = n;
    }
    close(fd);
    return text;
}

/* A module may have been compiled under a name relative to a folder on sys.path. */
static char *read_on_path(PyObject *filename, size_t *size)
{
    Py_ssize_t n = PyUnicode_GET_LENGTH(filename),
               sep = PyUnicode_FindChar(filename, '/', 0, n, -1);
    PyObject *tail = PyUnicode_Substring(filename, sep + 1, n), *path = sys_get("path");
    char *text = NULL;
    for (Py_ssize_t i = 0; tail && !text && path && PyList_Check(path) && i < PyList_GET_SIZE(path);
         i++) {
        PyObject *dir = PyList_GET_ITEM(path, i);
        if (!PyUnicode_Check(dir))
            continue;
        PyObject *full = PyUnicode_GET_LENGTH(dir) ? PyUnicode_FromFormat("%U/%U", dir, tail)
                                                   : Py_NewRef(tail);
        PyObject *bytes = full ? PyUnicode_EncodeFSDefault(full) : NULL;
        if (bytes)
            text = read_file(PyBytes_AS_STRING(bytes), size);
        Py_XDECREF(full);
        Py_XDECREF(bytes);
    }
    Py_XDECREF(tail);
    PyErr_Clear();
    return text;
}

static const char *line_end(const char *p)
{
    while (*p && *p != '\n' && *p != '\r')
        p++;
    return p;
}

static const char *next_line(const char *end)
{
    return !*end ? end : end[0] == '\r' && end[1] == '\n' ? end + 2 : end + 1;
}

/* The name in a coding cookie of the line, in buf, or false. PEP 263. */
static bool find_cookie(const char *p, const char *end, char *buf, size_t cap)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\f'))
        p++;
    if (p == end || *p != '#')
        return false;
    for (; p + 7 < end; p++) {
        if (memcmp(p, "coding", 6) != 0 || (p[6] != ':' && p[6] != '='))
            continue;
        p += 7;
        while (p < end && (*p == ' ' || *p == '\t'))
            p++;
        size_t n = 0;
        while (p < end && n < cap - 1
               && (Py_ISALNUM((unsigned char)*p) || *p == '-' || *p == '_' || *p == '.'))
            buf[n++] = *p++;
        buf[n] = 0;
        return n > 0;
    }
    return false;
}

/* From a cookie in the first two lines, else UTF-8. */
static void file_encoding(const char *text, char *buf, size_t cap)
{
    const char *end = line_end(text);
    if (find_cookie(text, end, buf, cap))
        return;
    const char *second = next_line(end);
    const char *p = text;
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\f'))
        p++;
    if ((p == end || *p == '#') && find_cookie(second, line_end(second), buf, cap))
        return;
    strcpy(buf, "utf-8");
}

static bool is_pseudo_file(PyObject *name)
{
    Py_ssize_t n = PyUnicode_GET_LENGTH(name);
    return n > 0 && PyUnicode_READ_CHAR(name, 0) == '<' && PyUnicode_READ_CHAR(name, n - 1) == '>';
}

/* 3.11 reads the file as text, in chunks: bad UTF-8 in the one
   where the line ends, or before, hides the line. */
static bool decodes_so_far(const char *text, size_t size, const char *end, const char *encoding)
{
    enum { CHUNK = 8192 };
    size_t n = ((size_t)(end - text) / CHUNK + 1) * CHUNK;
    if (strcmp(encoding, "utf-8") != 0)
        return true;
    Py_ssize_t consumed;
    PyObject *all = PyUnicode_DecodeUTF8Stateful(text, (Py_ssize_t)Py_MIN(n, size), "strict",
                                                 n < size ? &consumed : NULL);
    Py_XDECREF(all);
    return all != NULL;
}

/* 3.11 opens files by module io: when that is gone at exit, or hidden, no lines are shown. */
static bool files_can_be_opened(void)
{
    PyObject *io = PyImport_ImportModule("io");
    Py_XDECREF(io);
    PyErr_Clear();
    return io != NULL;
}

/* Line `lineno` of the file as str without its end; NULL without error when it cannot be had. */
static PyObject *source_line(PyObject *filename, int lineno)
{
    size_t size = 0;
    char encoding[64];
    if (!filename || !PyUnicode_Check(filename) || PyUnicode_READY(filename) < 0
        || is_pseudo_file(filename) || !files_can_be_opened())
        return NULL;
    PyObject *bytes = PyUnicode_EncodeFSDefault(filename);
    char *text = bytes ? read_file(PyBytes_AS_STRING(bytes), &size) : NULL;
    PyErr_Clear();
    Py_XDECREF(bytes);
    if (!text && !(text = read_on_path(filename, &size)))
        return NULL;
    const char *p = text;
    if (size >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
        p += 3;
    file_encoding(p, encoding, sizeof encoding);
    for (int i = 1; i < lineno && *p; i++)
        p = next_line(line_end(p));
    PyObject *line = NULL;
    if (lineno > 0 && (*p || p == text) && decodes_so_far(text, size, line_end(p), encoding))
        line = PyUnicode_Decode(p, line_end(p) - p, encoding, "strict");
    PyMem_RawFree(text);
    if (!line)
        PyErr_Clear();
    return line;
}

static bool is_blank(Py_UCS4 c) { return c == ' ' || c == '\t' || c == '\f'; }

/* Writes the line without its own indentation. *truncation: how far
   a column moved; *out the whole line (owned). */
static int display_source_line(PyObject *f, PyObject *filename, int lineno, int indent,
                               int margin_indent, const char *margin, int *truncation,
                               PyObject **out)
{
    PyObject *line = source_line(filename, lineno);
    if (!line)
        return 0;
    Py_ssize_t n = PyUnicode_GET_LENGTH(line), i = 0;
    while (i < n && is_blank(PyUnicode_READ_CHAR(line, i)))
        i++;
    if (truncation)
        *truncation = (int)i - indent;
    PyObject *shown = i ? PyUnicode_Substring(line, i, n) : Py_NewRef(line);
    int res = shown && _Py_WriteIndentedMargin(margin_indent, margin, f) == 0
                      && _Py_WriteIndent(indent, f) == 0
                      && PyFile_WriteObject(shown, f, Py_PRINT_RAW) == 0
                      && PyFile_WriteString("\n", f) == 0
                  ? 0
                  : -1;
    Py_XDECREF(shown);
    if (out && res == 0)
        *out = line;
    else
        Py_DECREF(line);
    return res;
}

int _Py_DisplaySourceLine(PyObject *f, PyObject *filename, int lineno, int indent, int *truncation,
                          PyObject **line)
{
    return display_source_line(f, filename, lineno, indent, 0, NULL, truncation, line);
}

/* -- Carets ---------------------------------------------------------------------------------- */

/* Characters before byte `offset` of the UTF-8 form. */
static Py_ssize_t char_offset(PyObject *line, Py_ssize_t offset)
{
    Py_ssize_t size, chars = 0;
    const char *text = PyUnicode_AsUTF8AndSize(line, &size);
    if (!text) {
        PyErr_Clear();
        return offset;
    }
    for (Py_ssize_t i = 0; i < offset; i++)
        chars += i >= size || ((unsigned char)text[i] & 0xc0) != 0x80;
    return chars;
}

struct anchors { Py_ssize_t left, right; }; /* characters of the set-off part; -1: none */

/* Byte range of the operator between the operands, of the brackets of a subscript. */
static bool anchors_of_expr(const char *text, expr e, Py_ssize_t *left, Py_ssize_t *right)
{
    if (e->kind == Subscript_kind) {
        *left = e->v.Subscript.value->pos.end_col_offset;
        *right = e->v.Subscript.slice->pos.end_col_offset + 1;
        return true;
    }
    if (e->kind != BinOp_kind)
        return false;
    int from = e->v.BinOp.left->pos.end_col_offset, to = e->v.BinOp.right->pos.col_offset;
    for (int i = from; i < to; i++) {
        if (is_blank((unsigned char)text[i]))
            continue;
        *left = i;
        *right = i + 1;
        if (i + 1 < to && !is_blank((unsigned char)text[i + 1]))
            ++*right; /* two-character operators */
        if (i + 1 < to && text[i] == ')')
            continue;
        break;
    }
    return true;
}

/* Parses the text of the range by itself, as an expression. */
static bool find_anchors(PyObject *filename, PyObject *line, Py_ssize_t start, Py_ssize_t end,
                         struct anchors *out)
{
    *out = (struct anchors){-1, -1};
    PyObject *segment = PyUnicode_Substring(line, start, end);
    const char *text = segment ? PyUnicode_AsUTF8(segment) : NULL;
    Arena *arena = text ? arena_new() : NULL;
    bool found = false;
    Py_ssize_t left = -1, right = -1;
    if (arena) {
        PyCompilerFlags flags = _PyCompilerFlags_INIT;
        mod tree = parse_string(text, filename, Py_file_input, &flags, arena);
        if (tree && ast_optimize(tree, arena, _Py_GetConfig()->optimization_level, 0) < 0)
            tree = NULL;
        stmt_seq *body = tree ? tree->v.Module.body : NULL;
        if (seq_len(body) == 1 && body->at[0]->kind == Expr_kind)
            found = anchors_of_expr(text, body->at[0]->v.Expr.value, &left, &right);
    }
    if (found && left >= 0)
        *out = (struct anchors){char_offset(segment, left) + start,
                                char_offset(segment, right) + start};
    if (arena)
        arena_free(arena);
    Py_XDECREF(segment);
    PyErr_Clear();
    return found;
}

/* `two`: the range has anchors, so the rest of it is shown by ~. */
static int write_carets(PyObject *f, Py_ssize_t offset, Py_ssize_t start, Py_ssize_t end,
                        struct anchors a, bool two)
{
    bool special = a.left != -1 || a.right != -1;
    while (++offset <= end) {
        const char *c = offset <= start ? " "
                        : special && a.left < offset && offset <= a.right ? "^" : two ? "~" : "^";
        if (PyFile_WriteString(c, f) < 0)
            return -1;
    }
    return PyFile_WriteString("\n", f);
}

/* Nothing when the range is the whole line or not known. */
static int display_carets(PyTracebackObject *tb, PyObject *f, PyObject *filename,
                          PyCodeObject *code, PyObject *line, int truncation, int margin_indent,
                          const char *margin)
{
    int start_line, start_col, end_line, end_col;
    if (!PyCode_Addr2Location(code, tb->tb_lasti, &start_line, &start_col, &end_line, &end_col)
        || start_line < 0 || end_line < 0 || start_col < 0 || end_col < 0)
        return 0;
    Py_ssize_t start = char_offset(line, start_col), end, n = PyUnicode_GET_LENGTH(line);
    struct anchors a = {-1, -1};
    bool two = false;
    if (start_line == end_line) {
        end = char_offset(line, end_col);
        two = find_anchors(filename, line, start, end, &a);
    } else {
        end = n;
        while (end > 0 && is_blank(PyUnicode_READ_CHAR(line, end - 1)))
            end--;
    }
    bool special = a.left != -1 || a.right != -1;
    if (end - start == n - truncation - SOURCE_INDENT && !special)
        return 0;
    if (_Py_WriteIndentedMargin(margin_indent, margin, f) < 0)
        return -1;
    return write_carets(f, truncation, start, end, a, two);
}

/* -- Entries --------------------------------------------------------------------------------- */

/* "File …, line …, in …", the source line, the carets. */
static int display_entry(PyTracebackObject *tb, PyObject *f, PyCodeObject *code, int indent,
                         const char *margin)
{
    int truncation = SOURCE_INDENT;
    PyObject *line = NULL,
             *head = PyUnicode_FromFormat("  File \"%U\", line %d, in %U\n", code->co_filename,
                                          tb->tb_lineno, code->co_name);
    int res = head && _Py_WriteIndentedMargin(indent, margin, f) == 0
              && PyFile_WriteObject(head, f, Py_PRINT_RAW) == 0 ? 0 : -1;
    Py_XDECREF(head);
    if (res == 0)
        res = display_source_line(f, code->co_filename, tb->tb_lineno, SOURCE_INDENT, indent,
                                  margin, &truncation, &line);
    if (res == 0 && line)
        res = display_carets(tb, f, code->co_filename, code, line, truncation, indent, margin);
    Py_XDECREF(line);
    return res;
}

static int write_repeated(PyObject *f, long count)
{
    count -= REPEAT_CUTOFF;
    PyObject *line = PyUnicode_FromFormat("  [Previous line repeated %ld more time%s]\n", count,
                                          count > 1 ? "s" : "");
    int res = line ? PyFile_WriteObject(line, f, Py_PRINT_RAW) : -1;
    Py_XDECREF(line);
    return res;
}

/* The last `limit` ones; repeated ones are counted. */
static int print_entries(PyTracebackObject *tb, PyObject *f, long limit, int indent,
                         const char *margin)
{
    PyObject *last_file = NULL, *last_name = NULL; /* borrowed: the entries keep them */
    int last_line = -1, res = 0;
    long depth = 0, count = 0;
    for (PyTracebackObject *t = tb; t; t = t->tb_next)
        depth++;
    while (tb && depth > limit) {
        depth--;
        tb = tb->tb_next;
    }
    for (; tb && res == 0; tb = tb->tb_next) {
        PyCodeObject *code = PyFrame_GetCode(tb->tb_frame);
        if (code->co_filename != last_file || tb->tb_lineno != last_line
            || code->co_name != last_name || last_line == -1) {
            if (count > REPEAT_CUTOFF)
                res = write_repeated(f, count);
            last_file = code->co_filename;
            last_line = tb->tb_lineno;
            last_name = code->co_name;
            count = 0;
        }
        if (res == 0 && ++count <= REPEAT_CUTOFF) {
            res = display_entry(tb, f, code, indent, margin);
            if (res == 0)
                res = PyErr_CheckSignals();
        }
        Py_DECREF(code);
    }
    return res == 0 && count > REPEAT_CUTOFF ? write_repeated(f, count) : res;
}

/* sys.tracebacklimit; 0: print nothing. */
static long traceback_limit(void)
{
    PyObject *v = sys_get("tracebacklimit");
    int overflow;
    if (!v || !PyLong_Check(v))
        return DEFAULT_LIMIT;
    long limit = PyLong_AsLongAndOverflow(v, &overflow);
    return overflow > 0 ? LONG_MAX : limit < 0 || overflow < 0 ? 0 : limit;
}

/* Nothing when sys.tracebacklimit is 0 or less. */
int _PyTraceBack_Print_Indented(PyObject *tb, int indent, const char *margin,
                                const char *header_margin, const char *header, PyObject *f)
{
    if (!tb)
        return 0;
    if (!PyTraceBack_Check(tb)) {
        PyErr_BadInternalCall();
        return -1;
    }
    long limit = traceback_limit();
    if (limit <= 0)
        return 0;
    if (_Py_WriteIndentedMargin(indent, header_margin, f) < 0 || PyFile_WriteString(header, f) < 0)
        return -1;
    return print_entries((PyTracebackObject *)tb, f, limit, indent, margin);
}

int PyTraceBack_Print(PyObject *tb, PyObject *f)
{
    return _PyTraceBack_Print_Indented(tb, 0, NULL, NULL, "Traceback (most recent call last):\n",
                                       f);
}
