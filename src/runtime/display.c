/* SPDX-License-Identifier: MIT
 *
 * Printing exceptions: chains of causes and contexts, groups as a tree, syntax errors with their
 * line, notes, suggestions; sys.excepthook and the exit status of SystemExit.
 *
 *     | ExceptionGroup: eg (2 sub-exceptions)
 *     +-+---------------- 1 ----------------
 *       | ValueError: 1
 *       +---------------- 2 ----------------
 *       | TypeError: 2
 *       +------------------------------------
 */
#include "runtime/rt.h"

#define MAX_GROUP_WIDTH 15
#define MAX_GROUP_DEPTH 10
#define TB_HEADER "Traceback (most recent call last):\n"
#define GROUP_HEADER "Exception Group Traceback (most recent call last):\n"

/* One printing of an exception with all that hangs on it. */
struct printer {
    PyObject *file;      /* BORROWED: anything with write() */
    PyObject *seen;      /* set of ids of exceptions printed, or NULL: chains are not followed */
    int depth;           /* nesting of groups */
    bool need_close;     /* the innermost group still needs its closing line */
};

static bool is_group(PyObject *exc)
{
    return PyObject_TypeCheck(exc, (PyTypeObject *)PyExc_BaseExceptionGroup);
}

static int indent_of(const struct printer *p) { return 2 * p->depth; }
static const char *margin_of(const struct printer *p) { return p->depth ? "| " : ""; }

static int write_margin(const struct printer *p)
{
    return _Py_WriteIndentedMargin(indent_of(p), margin_of(p), p->file);
}

static int write_str(const struct printer *p, const char *s)
{
    return PyFile_WriteString(s, p->file);
}

static int write_obj(const struct printer *p, PyObject *o)
{
    return PyFile_WriteObject(o, p->file, Py_PRINT_RAW);
}

/* STEALS text. */
static int write_owned(const struct printer *p, PyObject *text)
{
    int res = text ? write_obj(p, text) : -1;
    Py_XDECREF(text);
    return res;
}

/* -- One exception --------------------------------------------------------------------------- */

/* With its heading; nothing when there is none. */
static int print_traceback(const struct printer *p, PyObject *exc)
{
    PyObject *tb = PyException_GetTraceback(exc);
    if (!tb || tb == Py_None) {
        Py_XDECREF(tb);
        return 0;
    }
    const char *header_margin = is_group(exc) && p->depth == 1 ? "+ " : margin_of(p);
    int res = _PyTraceBack_Print_Indented(tb, indent_of(p), margin_of(p), header_margin,
                                          is_group(exc) ? GROUP_HEADER : TB_HEADER, p->file);
    Py_DECREF(tb);
    return res;
}

/* The attributes of a SyntaxError, owned; numbers count from 1, offsets are in characters. */
struct syntax {
    PyObject *msg, *filename, *text;
    Py_ssize_t lineno, offset, end_lineno, end_offset;
};

static void syntax_drop(struct syntax *s)
{
    Py_CLEAR(s->msg);
    Py_CLEAR(s->filename);
    Py_CLEAR(s->text);
}

/* An int attribute; -1 for None or when `optional` and missing. */
static int int_attr(PyObject *exc, PyObject *name, bool optional, Py_ssize_t *out)
{
    PyObject *v = PyObject_GetAttr(exc, name);
    *out = -1;
    if (!v) {
        if (!optional)
            return -1;
        PyErr_Clear();
        return 0;
    }
    if (v != Py_None)
        *out = PyLong_AsSsize_t(v);
    Py_DECREF(v);
    if (*out != -1 || !PyErr_Occurred())
        return 0;
    if (!optional)
        return -1;
    PyErr_Clear();
    return 0;
}

/* Only a SyntaxError itself is shown with its end, a subclass with its start. */
static int parse_syntax_error(PyObject *exc, struct syntax *s)
{
    bool ends = Py_IS_TYPE(exc, (PyTypeObject *)PyExc_SyntaxError);
    *s = (struct syntax){.end_lineno = -1, .end_offset = -1};
    if (!(s->msg = PyObject_GetAttr(exc, ID(msg)))
        || !(s->filename = PyObject_GetAttr(exc, ID(filename))))
        return -1;
    if (s->filename == Py_None)
        Py_SETREF(s->filename, PyUnicode_FromString("<string>"));
    if (int_attr(exc, ID(lineno), false, &s->lineno) < 0 || s->lineno == -1
        || int_attr(exc, ID(offset), false, &s->offset) < 0
        || (ends && int_attr(exc, ID(end_lineno), true, &s->end_lineno) < 0)
        || (ends && int_attr(exc, ID(end_offset), true, &s->end_offset) < 0)
        || !(s->text = PyObject_GetAttr(exc, ID(text))))
        return -1;
    if (s->end_lineno < 0)
        s->end_lineno = s->lineno;
    if (s->text == Py_None)
        Py_CLEAR(s->text);
    return 0;
}

/* The offending line, and carets below columns offset..end_offset (1-based characters). */
static int print_error_text(const struct printer *p, PyObject *text, Py_ssize_t offset,
                            Py_ssize_t end_offset)
{
    Py_ssize_t from = 0, to = PyUnicode_GET_LENGTH(text), caret = offset >= 0 ? offset - 1 : -1;
    Py_ssize_t caret_end = end_offset - 1;
    while (to > from && PyUnicode_READ_CHAR(text, to - 1) == '\n')
        to--;
    for (;;) { /* the line that the caret is in */
        Py_ssize_t nl = PyUnicode_FindChar(text, '\n', from, to, 1);
        if (nl < 0 || nl - from >= caret)
            break;
        Py_ssize_t skip = nl + 1 - from;
        from += skip;
        caret -= skip;
        caret_end -= skip;
    }
    while (from < to) {
        Py_UCS4 c = PyUnicode_READ_CHAR(text, from);
        if (c != ' ' && c != '\t' && c != '\f')
            break;
        from++;
        caret--;
        caret_end--;
    }
    if (write_margin(p) < 0 || write_str(p, "    ") < 0
        || write_owned(p, PyUnicode_Substring(text, from, to)) < 0 || write_str(p, "\n") < 0)
        return -1;
    if (caret < 0)
        return 0;
    if (caret > to - from) { /* no further than the text has bytes: columns may count them */
        PyObject *shown = PyUnicode_Substring(text, from, to);
        Py_ssize_t size = to - from;
        if (!shown || !PyUnicode_AsUTF8AndSize(shown, &size))
            PyErr_Clear();
        Py_XDECREF(shown);
        caret = Py_MIN(caret, size);
    }
    if (write_margin(p) < 0 || write_str(p, "    ") < 0)
        return -1;
    for (Py_ssize_t i = 0; i < caret; i++)
        if (write_str(p, " ") < 0)
            return -1;
    Py_ssize_t width = caret_end > caret ? caret_end - caret : 1;
    for (Py_ssize_t i = 0; i < width; i++)
        if (write_str(p, "^") < 0)
            return -1;
    return write_str(p, "\n");
}

/* For a SyntaxError: prints where, and makes *value its message. */
static int print_file_and_line(const struct printer *p, PyObject **value)
{
    PyObject *flag;
    struct syntax s;
    int has = _PyObject_LookupAttr(*value, ID(print_file_and_line), &flag);
    if (has <= 0)
        return has;
    Py_DECREF(flag);
    if (parse_syntax_error(*value, &s) < 0) {
        PyErr_Clear();
        syntax_drop(&s);
        return 0;
    }
    Py_SETREF(*value, Py_NewRef(s.msg));
    int res = write_margin(p) == 0
                      && write_owned(p, PyUnicode_FromFormat("  File \"%S\", line %zd\n",
                                                             s.filename, s.lineno))
                             == 0
                  ? 0
                  : -1;
    if (res == 0 && s.text && PyUnicode_Check(s.text) && PyUnicode_READY(s.text) == 0) {
        Py_ssize_t size = 0;
        PyUnicode_AsUTF8AndSize(s.text, &size);
        if (s.end_lineno > s.lineno)
            s.end_offset = size; /* only the first line is shown */
        s.end_offset = Py_MIN(size + 1, s.end_offset);
        res = print_error_text(p, s.text, s.offset, s.end_offset);
    }
    syntax_drop(&s);
    return res;
}

/* "module.Class: text" */
static int print_message(const struct printer *p, PyObject *type, PyObject *value)
{
    if (write_margin(p) < 0)
        return -1;
    PyObject *module = PyObject_GetAttr(type, ID(__module__));
    int res = 0;
    if (!module || !PyUnicode_Check(module)) {
        PyErr_Clear();
        res = write_str(p, "<unknown>.");
    } else if (!_PyUnicode_EqualToASCIIString(module, "builtins")
               && !_PyUnicode_EqualToASCIIString(module, "__main__")) {
        res = write_obj(p, module) < 0 ? -1 : write_str(p, ".");
    }
    Py_XDECREF(module);
    if (res < 0)
        return -1;
    PyObject *name = PyType_GetQualName((PyTypeObject *)type);
    if (!name || !PyUnicode_Check(name)) {
        PyErr_Clear();
        res = write_str(p, "<unknown>");
    } else {
        res = write_obj(p, name);
    }
    Py_XDECREF(name);
    if (res < 0 || value == Py_None)
        return res;
    PyObject *text = PyObject_Str(value);
    if (!text) {
        PyErr_Clear();
        return write_str(p, ": <exception str() failed>");
    }
    if (PyUnicode_GET_LENGTH(text) && write_str(p, ": ") < 0)
        res = -1;
    if (res == 0)
        res = write_obj(p, text);
    Py_DECREF(text);
    return res;
}

static int print_suggestion(const struct printer *p, PyObject *exc)
{
    PyObject *name = suggest_for_error(exc);
    if (!name)
        return 0;
    int res = write_owned(p, PyUnicode_FromFormat(". Did you mean: '%S'?", name));
    Py_DECREF(name);
    return res;
}

/* Line by line, each behind the margin. */
static int print_note(const struct printer *p, PyObject *note)
{
    PyObject *text = PyUnicode_Check(note) ? Py_NewRef(note) : PyObject_Str(note);
    if (!text) {
        PyErr_Clear();
        return write_margin(p) < 0 ? -1 : write_str(p, "<note str() failed>\n");
    }
    PyObject *lines = PyUnicode_Splitlines(text, 1);
    int res = lines ? 0 : -1;
    for (Py_ssize_t i = 0; res == 0 && i < PyList_GET_SIZE(lines); i++)
        res = write_margin(p) < 0 ? -1 : write_obj(p, PyList_GET_ITEM(lines, i));
    if (res == 0)
        res = write_str(p, "\n");
    Py_DECREF(text);
    Py_XDECREF(lines);
    return res;
}

/* A sequence of notes; anything else is shown by repr. */
static int print_notes(const struct printer *p, PyObject *notes)
{
    if (!notes || notes == Py_None)
        return 0;
    if (!PySequence_Check(notes) || PyUnicode_Check(notes) || PyBytes_Check(notes)) {
        PyObject *repr = PyObject_Repr(notes);
        if (!repr)
            PyErr_Clear();
        int res = write_margin(p) < 0 ? -1
                  : repr              ? write_obj(p, repr)
                                      : write_str(p, "<__notes__ repr() failed>");
        Py_XDECREF(repr);
        return res;
    }
    Py_ssize_t n = PySequence_Length(notes);
    int res = n < 0 ? -1 : 0;
    for (Py_ssize_t i = 0; res == 0 && i < n; i++) {
        PyObject *note = PySequence_GetItem(notes, i);
        res = note ? print_note(p, note) : -1;
        Py_XDECREF(note);
    }
    return res;
}

/* Traceback, message, suggestion, notes. */
static int print_one(const struct printer *p, PyObject *exc)
{
    if (!PyExceptionInstance_Check(exc)) {
        if (write_margin(p) < 0)
            return -1;
        return write_owned(p, PyUnicode_FromFormat("TypeError: print_exception(): Exception "
                                                   "expected for value, %s found\n",
                                                   _PyType_Name(Py_TYPE(exc))));
    }
    fflush(stdout);
    PyObject *type = (PyObject *)Py_TYPE(exc), *value = Py_NewRef(exc), *notes = NULL;
    int res = print_traceback(p, exc);
    if (res == 0 && _PyObject_LookupAttr(exc, ID(__notes__), &notes) < 0)
        PyErr_Clear();
    if (res == 0)
        res = print_file_and_line(p, &value);
    if (res == 0)
        res = print_message(p, type, value);
    if (res == 0)
        res = print_suggestion(p, exc);
    if (res == 0)
        res = write_str(p, "\n");
    if (res == 0)
        res = print_notes(p, notes);
    Py_XDECREF(notes);
    Py_DECREF(value);
    return res;
}

/* -- Groups ---------------------------------------------------------------------------------- */

/* A margin of two columns for each level; rules between the members. Beyond MAX_GROUP_WIDTH
   members and MAX_GROUP_DEPTH levels only counts are shown. */

static int print_recursive(struct printer *p, PyObject *exc);

/* One exception of a group between its rules; beyond MAX_GROUP_WIDTH a count of the rest. */
static int print_member(struct printer *p, PyObject *excs, Py_ssize_t i, Py_ssize_t shown,
                        Py_ssize_t total)
{
    bool last = i == shown - 1, truncated = i >= MAX_GROUP_WIDTH;
    if (last)
        p->need_close = true; /* a nested group may close it */
    const char *lead = i == 0 ? "+-" : "  ";
    PyObject *line = truncated
                         ? PyUnicode_FromFormat("%s+---------------- ... ----------------\n", lead)
                         : PyUnicode_FromFormat("%s+---------------- %zd ----------------\n", lead,
                                                i + 1);
    int res = _Py_WriteIndent(indent_of(p), p->file);
    if (res == 0)
        res = write_owned(p, line);
    else
        Py_XDECREF(line);
    p->depth++;
    if (res == 0 && !truncated) {
        res = print_recursive(p, PyTuple_GET_ITEM(excs, i));
    } else if (res == 0) {
        Py_ssize_t left = total - MAX_GROUP_WIDTH;
        res = write_margin(p) < 0
                  ? -1
                  : write_owned(p, PyUnicode_FromFormat("and %zd more exception%s\n", left,
                                                        left > 1 ? "s" : ""));
    }
    if (res == 0 && last && p->need_close) {
        res = _Py_WriteIndent(indent_of(p), p->file);
        if (res == 0)
            res = write_str(p, "+------------------------------------\n");
        p->need_close = false;
    }
    p->depth--;
    return res;
}

/* Deeper than MAX_GROUP_DEPTH: a line that says so. */
static int print_group(struct printer *p, PyObject *exc)
{
    if (p->depth > MAX_GROUP_DEPTH) {
        if (write_margin(p) < 0)
            return -1;
        return write_owned(p,
                           PyUnicode_FromFormat("... (max_group_depth is %d)\n", MAX_GROUP_DEPTH));
    }
    if (p->depth == 0)
        p->depth = 1;
    int res = print_one(p, exc);
    PyObject *excs = ((PyBaseExceptionGroupObject *)exc)->excs;
    Py_ssize_t total = PyTuple_GET_SIZE(excs), shown = Py_MIN(total, MAX_GROUP_WIDTH + 1);
    p->need_close = false;
    for (Py_ssize_t i = 0; res == 0 && i < shown; i++)
        res = print_member(p, excs, i, shown, total);
    if (p->depth == 1)
        p->depth = 0;
    return res;
}

/* -- Chains ---------------------------------------------------------------------------------- */

/* A cause or context, printed before the exception that it led to. */
static int print_linked(struct printer *p, PyObject *exc, const char *message)
{
    bool saved = p->need_close;
    p->need_close = false;
    int res = print_recursive(p, exc);
    p->need_close = saved;
    if (res < 0 || write_margin(p) < 0 || write_str(p, "\n") < 0 || write_margin(p) < 0
        || write_str(p, message) < 0 || write_margin(p) < 0)
        return -1;
    return write_str(p, "\n");
}

/* 1 when exc was not printed yet. */
static int is_new(const struct printer *p, PyObject *exc)
{
    PyObject *id = PyLong_FromVoidPtr(exc);
    int has = id ? PySet_Contains(p->seen, id) : -1;
    Py_XDECREF(id);
    return has < 0 ? -1 : !has;
}

static int mark_seen(const struct printer *p, PyObject *exc)
{
    PyObject *id = PyLong_FromVoidPtr(exc);
    int res = id ? PySet_Add(p->seen, id) : -1;
    Py_XDECREF(id);
    return res;
}

/* __cause__, else __context__ unless it is suppressed. An exception shown already is skipped:
   chains may have cycles. */
static int print_chain(struct printer *p, PyObject *exc)
{
    static const char cause_text[] =
        "The above exception was the direct cause of the following exception:\n";
    static const char context_text[] =
        "During handling of the above exception, another exception occurred:\n";
    if (mark_seen(p, exc) < 0)
        return -1;
    PyObject *cause = PyException_GetCause(exc), *context = PyException_GetContext(exc);
    bool hidden = ((PyBaseExceptionObject *)exc)->suppress_context;
    PyObject *link = cause ? cause : context && !hidden ? context : NULL;
    int res = link ? is_new(p, link) : 0;
    if (res > 0)
        res = print_linked(p, link, cause ? cause_text : context_text);
    Py_XDECREF(cause);
    Py_XDECREF(context);
    return res;
}

/* Chain first, then the exception or group. */
static int print_recursive(struct printer *p, PyObject *exc)
{
    if (Py_EnterRecursiveCall(" in print_exception_recursive"))
        return -1;
    int res = 0;
    if (p->seen && PyExceptionInstance_Check(exc))
        res = print_chain(p, exc);
    if (res == 0)
        res = PyExceptionInstance_Check(exc) && is_group(exc) ? print_group(p, exc)
                                                              : print_one(p, exc);
    Py_LeaveRecursiveCall();
    return res;
}

/* -- Entry points ---------------------------------------------------------------------------- */

/* The last resort: there is nothing that can be written to. */
static void dump_lost(PyObject *value)
{
    _PyObject_Dump(value);
    fprintf(stderr, "lost sys.stderr\n");
}

/* Whatever goes wrong while printing is dropped: there is nowhere to tell it. */
void _PyErr_Display(PyObject *file, PyObject *unused, PyObject *value, PyObject *tb)
{
    if (PyExceptionInstance_Check(value) && tb && PyTraceBack_Check(tb)) {
        PyObject *own = PyException_GetTraceback(value);
        if (!own)
            PyException_SetTraceback(value, tb);
        Py_XDECREF(own);
    }
    struct printer p = {.file = file, .seen = PySet_New(NULL)};
    if (!p.seen)
        PyErr_Clear(); /* chains will not be followed */
    if (print_recursive(&p, value) < 0) {
        PyErr_Clear();
        dump_lost(value);
    }
    Py_XDECREF(p.seen);
    PyObject *res = PyObject_CallMethodNoArgs(file, ID(flush));
    if (!res)
        PyErr_Clear();
    Py_XDECREF(res);
}

void PyErr_Display(PyObject *exception, PyObject *value, PyObject *tb)
{
    PyObject *file = sys_get("stderr");
    if (!file) {
        dump_lost(value);
        return;
    }
    if (file == Py_None)
        return;
    Py_INCREF(file);
    _PyErr_Display(file, exception, value, tb);
    Py_DECREF(file);
}

/* -- SystemExit and sys.excepthook ----------------------------------------------------------- */

/* 1 when the raised exception ends the process: the exception is cleared and *exitcode set. */
int _Py_HandleSystemExit(int *exitcode)
{
    if (Py_InspectFlag || !PyErr_ExceptionMatches(PyExc_SystemExit))
        return 0;
    PyObject *type, *value, *tb;
    PyErr_Fetch(&type, &value, &tb);
    fflush(stdout);
    *exitcode = 0;
    if (value && PyExceptionInstance_Check(value)) {
        PyObject *code = PyObject_GetAttr(value, ID(code));
        if (code)
            Py_SETREF(value, code);
    }
    if (value && value != Py_None) {
        if (PyLong_Check(value)) {
            *exitcode = (int)PyLong_AsLong(value);
        } else {
            PyObject *err = sys_get("stderr");
            PyErr_Clear();
            if (err && err != Py_None)
                PyFile_WriteObject(value, err, Py_PRINT_RAW);
            else
                PyObject_Print(value, stderr, Py_PRINT_RAW), fflush(stderr);
            PySys_WriteStderr("\n");
            *exitcode = 1;
        }
    }
    PyErr_Clear();
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(tb);
    return 1;
}

static void exit_if_asked(void)
{
    int code;
    if (_Py_HandleSystemExit(&code))
        Py_Exit(code);
}

static void set_last(PyObject *type, PyObject *value, PyObject *tb)
{
    if (PySys_SetObject("last_type", type) < 0 || PySys_SetObject("last_value", value) < 0
        || PySys_SetObject("last_traceback", tb ? tb : Py_None) < 0)
        PyErr_Clear();
}

/* Both exceptions are shown, the hook's first. */
static void hook_failed(PyThreadState *tstate, PyObject *type, PyObject *value, PyObject *tb)
{
    PyObject *type2, *value2, *tb2;
    exit_if_asked();
    _PyErr_Fetch(tstate, &type2, &value2, &tb2);
    _PyErr_NormalizeException(tstate, &type2, &value2, &tb2);
    PySys_WriteStderr("Error in sys.excepthook:\n");
    PyErr_Display(type2, value2 ? value2 : Py_None, tb2);
    PySys_WriteStderr("\nOriginal exception was:\n");
    PyErr_Display(type, value, tb);
    Py_XDECREF(type2);
    Py_XDECREF(value2);
    Py_XDECREF(tb2);
}

/* Takes the raised exception through sys.excepthook; SystemExit ends the process. */
static void print_raised(PyThreadState *tstate, int set_sys_last)
{
    PyObject *type, *value, *tb, *hook;
    exit_if_asked();
    _PyErr_Fetch(tstate, &type, &value, &tb);
    if (!type)
        return;
    _PyErr_NormalizeException(tstate, &type, &value, &tb);
    if (!tb)
        tb = Py_NewRef(Py_None);
    PyException_SetTraceback(value, tb);
    if (set_sys_last)
        set_last(type, value, tb);
    hook = sys_get("excepthook");
    if (PySys_Audit("sys.excepthook", "OOOO", hook ? hook : Py_None, type, value ? value : Py_None,
                    tb)
        < 0) {
        if (PyErr_ExceptionMatches(PyExc_RuntimeError)) {
            PyErr_Clear();
            goto done;
        }
        PyErr_WriteUnraisable(hook);
    }
    if (hook) {
        Py_INCREF(hook);
        PyObject *res = PyObject_CallFunctionObjArgs(hook, type, value, tb, NULL);
        if (!res)
            hook_failed(tstate, type, value, tb);
        Py_XDECREF(res);
        Py_DECREF(hook);
    } else {
        PySys_WriteStderr("sys.excepthook is missing\n");
        PyErr_Display(type, value, tb);
    }
done:
    Py_DECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(tb);
}

void _PyErr_Print(PyThreadState *tstate) { print_raised(tstate, 1); }
void PyErr_PrintEx(int set_sys_last) { print_raised(tstate_get(), set_sys_last); }
void PyErr_Print(void) { PyErr_PrintEx(1); }
