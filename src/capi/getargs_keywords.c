/* SPDX-License-Identifier: MIT
 *
 * Argument parsing with keywords, in three forms:
 *
 *   PyArg_ParseTupleAndKeywords    tuple + dict, names as C strings: compared at each call
 *   _PyArg_Parse…Fast, …Stack…     a static _PyArg_Parser: names interned once, then found by
 *   identity
 *   _PyArg_UnpackKeywords          the same parser, no conversion: spreads objects by parameter
 *
 * In a list of names leading empty ones are positional-only parameters. In a format '|' begins the
 * optional ones and '$' the keyword-only ones:
 *
 *     keywords  {"", "key", "reverse", NULL}     format  "O|O$p:name"
 *
 *  K1 A parameter takes its positional argument first; a keyword of the same name is then an error.
 *  K2 `found` counts keywords that no parameter has taken yet. When it is 0 the rest of the
 *     parameters need not be looked up, and a call is right only if it ends at 0.
 *  K3 A static parser is filled once (parser_init) and linked into static_parsers, which
 *     getargs_fini empties, so that an interpreter may be started again in the same process.
 *
 * Errors are told in the order that 3.11 tells them: too many positional, missing, unknown keyword,
 * given twice. Helpers return 1, or 0 with an exception.
 */
#include "capi/getargs.h"

/* "3 arguments (4 given)" and relatives; `kind` goes before the noun. */
static void raise_takes(const char *fname, const char *how, Py_ssize_t bound, const char *kind,
                        Py_ssize_t given)
{
    PyErr_Format(PyExc_TypeError, "%.200s%s takes %s %zd %sargument%s (%zd given)",
                 fname ? fname : "function", fname ? "()" : "", how, bound, kind,
                 bound == 1 ? "" : "s", given);
}

static void raise_no_positional(const char *fname)
{
    PyErr_Format(PyExc_TypeError, "%.200s%s takes no positional arguments",
                 fname ? fname : "function", fname ? "()" : "");
}

static void raise_unknown_keyword(const char *fname, PyObject *keyword)
{
    PyErr_Format(PyExc_TypeError, "'%S' is an invalid keyword argument for %.200s%s", keyword,
                 fname ? fname : "this function", fname ? "()" : "");
}

/* A keyword is left over that equals a parameter's name,
   though looking that name up did not find it. */
static void raise_odd_keyword(const char *fname)
{
    PyErr_Format(PyExc_TypeError, "invalid keyword argument for %.200s%s",
                 fname ? fname : "this function", fname ? "()" : "");
}

/* Too many positional arguments for `max` of which `min` are required. */
static void raise_too_many_positional(const char *fname, Py_ssize_t min, Py_ssize_t max,
                                      Py_ssize_t nargs)
{
    if (max == 0) {
        raise_no_positional(fname);
    } else {
        raise_takes(fname, min < max ? "at most" : "exactly", max, "positional ", nargs);
    }
}

/* -- With C names ---------------------------------------------------------------------------- */

/* One call of the first form. */
typedef struct {
    PyObject *args, *kwargs;    /* BORROWED; kwargs may be NULL */
    const char *fname, *custom; /* name after ':', message after ';' */
    char **names;               /* of all parameters, NULL at the end */
    int len, pos;               /* names; leading empty ones */
    Py_ssize_t nargs, nkwargs;  /* arguments given */
    int flags;                  /* FLAG_… */
} KeywordCall;

/* Sets fname or custom. */
static void head_of_format(const char *format, KeywordCall *call)
{
    const char *p = strchr(format, ':');
    if (p) {
        call->fname = p + 1;
        return;
    }
    p = strchr(format, ';');
    if (p) {
        call->custom = p + 1;
    }
}

/* The first keyword that names no parameter, or that is no str, as the exception. */
static int check_unknown(const KeywordCall *call)
{
    Py_ssize_t j = 0;
    PyObject *key, *value;
    while (PyDict_Next(call->kwargs, &j, &key, &value)) {
        if (!PyUnicode_Check(key)) {
            PyErr_SetString(PyExc_TypeError, "keywords must be strings");
            return -1;
        }
        bool match = false;
        for (int i = call->pos; i < call->len && !match; i++) {
            match = _PyUnicode_EqualToASCIIString(key, call->names[i]);
        }
        if (!match) {
            raise_unknown_keyword(call->fname, key);
            return -1;
        }
    }
    raise_odd_keyword(call->fname);
    return -1;
}

/* How many of the leading positional arguments were also given by name: the error for the first. */
static int check_given_twice(const KeywordCall *call, Py_ssize_t nargs)
{
    for (Py_ssize_t i = call->pos; i < nargs; i++) {
        PyObject *value = _PyDict_GetItemStringWithError(call->kwargs, call->names[i]);
        if (value) {
            PyErr_Format(PyExc_TypeError,
                         "argument for %.200s%s given by name ('%s') and position (%zd)",
                         call->fname ? call->fname : "function", call->fname ? "()" : "",
                         call->names[i], i + 1);
            return -1;
        }
        if (PyErr_Occurred()) {
            return -1;
        }
    }
    return 0;
}

/* Where the marks of the format stand: the number of the
   parameter behind them, INT_MAX: none yet. */
typedef struct {
    int min; /* '|': the first optional one */
    int max; /* '$': the first that goes by keyword only */
} Marks;

/* Steps over the marks before parameter i. */
static int read_marks(const KeywordCall *call, const char **format, int i, Marks *m)
{
    const char *fault = NULL;
    if (**format == '|') {
        fault = m->min != INT_MAX   ? "Invalid format string (| specified twice)"
                : m->max != INT_MAX ? "Invalid format string ($ before |)"
                                    : NULL;
        m->min = i;
        ++*format;
    }
    if (!fault && **format == '$') {
        fault = m->max != INT_MAX ? "Invalid format string ($ specified twice)"
                : i < call->pos   ? "Empty parameter name after $"
                                  : NULL;
        m->max = i;
        ++*format;
    }
    if (fault) {
        PyErr_SetString(PyExc_SystemError, fault);
        return 0;
    }
    return 1;
}

/* BORROWED MAYBE_NULL: what was given for parameter i. K1, K2 */
static inline PyObject *argument_of(const KeywordCall *call, int i, Py_ssize_t *found)
{
    if (i < call->nargs) {
        return PyTuple_GET_ITEM(call->args, i);
    }
    if (!*found || i < call->pos) {
        return NULL;
    }
    PyObject *arg = _PyDict_GetItemStringWithError(call->kwargs, call->names[i]);
    *found -= arg != NULL;
    return arg;
}

/* All parameters were gone through: nothing of the format or of the call may be left over. */
static int check_rest(const KeywordCall *call, const char *format, Py_ssize_t found)
{
    if (!IS_END_OF_FORMAT(*format) && *format != '|' && *format != '$') {
        PyErr_Format(PyExc_SystemError,
                     "more argument specifiers than keyword list entries (remaining format:'%s')",
                     format);
        return 0;
    }
    return found == 0 || (check_given_twice(call, call->nargs) == 0 && check_unknown(call) == 0);
}

/* Gives each parameter its argument. When a positional-only one is missing, the rest is stepped
   over (`skip`) to learn from the marks how many the message must ask for. */
static int parse_by_names(KeywordCall *call, const char *format, va_list *va, Cleanups *cleanups)
{
    Marks m = {INT_MAX, INT_MAX};
    int levels[LEVELS], i;
    bool skip = false;
    char buf[512];
    Py_ssize_t found = call->nkwargs;
    const char *message;
    for (i = 0; i < call->len; i++) {
        if (UNLIKELY(*format == '|' || *format == '$') && !read_marks(call, &format, i, &m)) {
            return 0;
        }
        if (m.max == i && skip) {
            break;
        }
        if (m.max == i && i < call->nargs) {
            raise_too_many_positional(call->fname, m.min == INT_MAX ? i : -1, i, call->nargs);
            return 0;
        }
        if (IS_END_OF_FORMAT(*format)) {
            PyErr_Format(PyExc_SystemError,
                         "More keyword list entries (%d) than format specifiers (%d)", call->len,
                         i);
            return 0;
        }
        if (!skip) {
            PyObject *arg = argument_of(call, i, &found);
            if (arg) {
                if (convert_quickly(arg, &format, va)) {
                    continue;
                }
                message = convert_item(arg, &format, va, call->flags, levels, buf, sizeof(buf),
                                       cleanups);
                if (message) {
                    raise_item(i + 1, message, levels, call->fname, call->custom);
                    return 0;
                }
                continue;
            }
            if (found && PyErr_Occurred()) {
                return 0;
            }
            if (i < m.min) {
                if (i < call->pos) {
                    skip = true;
                } else {
                    PyErr_Format(PyExc_TypeError,
                                 "%.200s%s missing required argument '%s' (pos %i)",
                                 call->fname ? call->fname : "function", call->fname ? "()" : "",
                                 call->names[i], i + 1);
                    return 0;
                }
            }
            if (!found && !skip) {
                return 1; /* the rest keeps its defaults */
            }
        }
        message = skip_item(&format, va, call->flags);
        if (message) {
            PyErr_Format(PyExc_SystemError, "%s: '%s'", message, format);
            return 0;
        }
    }
    if (skip) {
        int wanted = call->pos < m.min ? call->pos : m.min;
        raise_takes(call->fname, wanted < i ? "at least" : "exactly", wanted, "positional ",
                    call->nargs);
        return 0;
    }
    return check_rest(call, format, found);
}

static ALWAYS_INLINE bool is_empty(PyObject *kwargs)
{
    return PyDict_Check(kwargs) && PyDict_GET_SIZE(kwargs) == 0;
}

/* Arguments by position alone that a look at their types settles, of which none is missing: no name
   matters. */
static ALWAYS_INLINE bool parse_positions(PyObject *args, PyObject *kwargs, const char *format,
                                          char **names, va_list *va)
{
    if (args == NULL || !PyTuple_Check(args) || format == NULL || names == NULL
        || (kwargs && !is_empty(kwargs))) {
        return false;
    }
    Py_ssize_t nargs = PyTuple_GET_SIZE(args), named = 0;
    const char *rest;
    while (named <= nargs && names[named]) {
        named++;
    }
    return convert_all_quickly(((PyTupleObject *)args)->ob_item, nargs, format, va, &rest)
           && rest[0] != '$' && (rest[0] != '|' || rest[1] != '$')
           && (named == nargs ? IS_END_OF_FORMAT(*rest) || *rest == '|'
                              : named > nargs && !IS_END_OF_FORMAT(*rest));
}

/* Checks what is given, finds the positional-only names, goes through the parameters. */
static int parse_keywords(PyObject *args, PyObject *kwargs, const char *format, char **names,
                          va_list va_in, int flags)
{
    if (args == NULL || !PyTuple_Check(args) || (kwargs && !PyDict_Check(kwargs)) || format == NULL
        || names == NULL) {
        PyErr_BadInternalCall();
        return 0;
    }
    KeywordCall call = {.args = args, .kwargs = kwargs, .names = names, .flags = flags};
    head_of_format(format, &call);
    while (names[call.pos] && !*names[call.pos]) {
        call.pos++;
    }
    for (call.len = call.pos; names[call.len]; call.len++) {
        if (!*names[call.len]) {
            PyErr_SetString(PyExc_SystemError, "Empty keyword parameter name");
            return 0;
        }
    }
    call.nargs = PyTuple_GET_SIZE(args);
    call.nkwargs = kwargs ? PyDict_GET_SIZE(kwargs) : 0;
    if (call.nargs + call.nkwargs > call.len) {
        raise_takes(call.fname, "at most", call.len, call.nargs == 0 ? "keyword " : "",
                    call.nargs + call.nkwargs);
        return 0;
    }
    Cleanups cleanups;
    if (cleanups_init(&cleanups, call.len) < 0) {
        return 0;
    }
    va_list va;
    va_copy(va, va_in);
    int ok = parse_by_names(&call, format, &va, &cleanups);
    va_end(va);
    return cleanups_finish(&cleanups, ok);
}

#undef PyArg_ParseTupleAndKeywords
#undef PyArg_VaParseTupleAndKeywords

#define KEYWORD_ENTRY(name, flags) \
    EXPORT int name(PyObject *args, PyObject *kwargs, const char *format, char **names, ...) \
    { \
        va_list va; \
        va_start(va, names); \
        int r = parse_positions(args, kwargs, format, names, &va); \
        va_end(va); \
        if (UNLIKELY(!r)) { \
            va_list again; \
            va_start(again, names); \
            r = parse_keywords(args, kwargs, format, names, again, flags); \
            va_end(again); \
        } \
        return r; \
    }
#define KEYWORD_VA_ENTRY(name, flags) \
    EXPORT int name(PyObject *args, PyObject *kwargs, const char *format, char **names, \
                    va_list va) \
    { \
        return parse_keywords(args, kwargs, format, names, va, flags); \
    }
KEYWORD_ENTRY(PyArg_ParseTupleAndKeywords, 0)
KEYWORD_ENTRY(_PyArg_ParseTupleAndKeywords_SizeT, FLAG_SIZE_T)
KEYWORD_VA_ENTRY(PyArg_VaParseTupleAndKeywords, 0)
KEYWORD_VA_ENTRY(_PyArg_VaParseTupleAndKeywords_SizeT, FLAG_SIZE_T)

/* For callables that take any keywords. */
int PyArg_ValidateKeywordArguments(PyObject *kwargs)
{
    extern EXPORT int _PyDict_HasOnlyStringKeys(PyObject *);
    if (!PyDict_Check(kwargs)) {
        PyErr_BadInternalCall();
        return 0;
    }
    if (!_PyDict_HasOnlyStringKeys(kwargs)) {
        PyErr_SetString(PyExc_TypeError, "keywords must be strings");
        return 0;
    }
    return 1;
}

/* -- Static parsers -------------------------------------------------------------------------- */

/* Generated code and modules/args.h keep a static parser for each function. The first call
   interns its names into a tuple; later calls compare addresses first, which nearly always
   suffices, since call sites intern theirs too. */

static struct _PyArg_Parser *static_parsers; /* every parser whose kwtuple was made */

/* min and max from the format: units before '|', units before '$'. */
static int parser_scan_format(struct _PyArg_Parser *parser, int len)
{
    const char *format = parser->format, *message;
    parser->min = parser->max = INT_MAX;
    for (int i = 0; i < len; i++) {
        if (*format == '|') {
            if (parser->min != INT_MAX || parser->max != INT_MAX) {
                PyErr_SetString(PyExc_SystemError, parser->min != INT_MAX
                                                       ? "Invalid format string (| specified twice)"
                                                       : "Invalid format string ($ before |)");
                return -1;
            }
            parser->min = i;
            format++;
        }
        if (*format == '$') {
            if (parser->max != INT_MAX) {
                PyErr_SetString(PyExc_SystemError, "Invalid format string ($ specified twice)");
                return -1;
            }
            if (i < parser->pos) {
                PyErr_SetString(PyExc_SystemError, "Empty parameter name after $");
                return -1;
            }
            parser->max = i;
            format++;
        }
        if (IS_END_OF_FORMAT(*format)) {
            PyErr_Format(PyExc_SystemError,
                         "More keyword list entries (%d) than format specifiers (%d)", len, i);
            return -1;
        }
        message = skip_item(&format, NULL, FLAG_SIZE_T);
        if (message) {
            PyErr_Format(PyExc_SystemError, "%s: '%s'", message, format);
            return -1;
        }
    }
    if (!IS_END_OF_FORMAT(*format)) {
        PyErr_Format(PyExc_SystemError,
                     "more argument specifiers than keyword list entries (remaining format:'%s')",
                     format);
        return -1;
    }
    if (parser->min > len) {
        parser->min = len;
    }
    if (parser->max > len) {
        parser->max = len;
    }
    return 0;
}

/* K3. Interns the names that are not positional-only. */
static int parser_init_slow(struct _PyArg_Parser *parser)
{
    const char *const *names = parser->keywords;
    int len = 0, pos = 0;
    while (names[pos] && !*names[pos]) {
        pos++;
    }
    for (len = pos; names[len]; len++) {
        if (!*names[len]) {
            PyErr_SetString(PyExc_SystemError, "Empty keyword parameter name");
            return -1;
        }
    }
    parser->pos = pos;
    if (parser->format) {
        const char *p = strchr(parser->format, ':');
        if (p) {
            parser->fname = p + 1;
        } else if ((p = strchr(parser->format, ';'))) {
            parser->custom_msg = p + 1;
        }
        if (parser_scan_format(parser, len) < 0) {
            return -1;
        }
    }
    PyObject *tuple = PyTuple_New(len - pos);
    if (tuple == NULL) {
        return -1;
    }
    for (int i = pos; i < len; i++) {
        PyObject *str = PyUnicode_InternFromString(names[i]);
        if (str == NULL) {
            Py_DECREF(tuple);
            return -1;
        }
        PyTuple_SET_ITEM(tuple, i - pos, str);
    }
    parser->kwtuple = tuple;
    parser->next = static_parsers;
    static_parsers = parser;
    return 0;
}

static inline int parser_init(struct _PyArg_Parser *parser)
{
    return LIKELY(parser->kwtuple != NULL) ? 0 : parser_init_slow(parser);
}

void getargs_fini(void);
/* K3 */
void getargs_fini(void)
{
    struct _PyArg_Parser *parser = static_parsers;
    while (parser) {
        struct _PyArg_Parser *next = parser->next;
        parser->next = NULL;
        Py_CLEAR(parser->kwtuple);
        parser = next;
    }
    static_parsers = NULL;
}

/* BORROWED MAYBE_NULL: the value after the nargs positional
   ones whose name in kwnames equals key. */
static PyObject *keyword_find(PyObject *kwnames, PyObject *const *values, PyObject *key)
{
    Py_ssize_t n = PyTuple_GET_SIZE(kwnames);
    for (Py_ssize_t i = 0; i < n; i++) {
        if (PyTuple_GET_ITEM(kwnames, i) == key) {
            return values[i];
        }
    }
    for (Py_ssize_t i = 0; i < n; i++) {
        if (_PyUnicode_EQ(PyTuple_GET_ITEM(kwnames, i), key)) {
            return values[i];
        }
    }
    return NULL;
}

/* BORROWED, NULL with or without an exception. */
static PyObject *keyword_get(PyObject *kwargs, PyObject *kwnames, PyObject *const *values,
                             PyObject *key)
{
    return kwargs ? PyDict_GetItemWithError(kwargs, key) : keyword_find(kwnames, values, key);
}

/* Names the first keyword that is no parameter. */
static void unexpected_keyword(PyObject *kwargs, PyObject *kwnames, PyObject *kwtuple,
                               const char *fname)
{
    Py_ssize_t i = 0;
    PyObject *key, *value;
    for (;;) {
        if (kwargs) {
            if (!PyDict_Next(kwargs, &i, &key, &value)) {
                break;
            }
        } else {
            if (i >= PyTuple_GET_SIZE(kwnames)) {
                break;
            }
            key = PyTuple_GET_ITEM(kwnames, i++);
        }
        if (!PyUnicode_Check(key)) {
            PyErr_SetString(PyExc_TypeError, "keywords must be strings");
            return;
        }
        int known = PySequence_Contains(kwtuple, key);
        if (known < 0) {
            return;
        }
        if (!known) {
            raise_unknown_keyword(fname, key);
            return;
        }
    }
    raise_odd_keyword(fname);
}

/* After all parameters took theirs, keywords are left: one was given twice, or is unknown. */
static void raise_leftover(struct _PyArg_Parser *parser, Py_ssize_t nargs, PyObject *kwargs,
                           PyObject *kwnames, PyObject *const *values)
{
    Py_ssize_t n = PyTuple_GET_SIZE(parser->kwtuple) + parser->pos;
    for (Py_ssize_t i = parser->pos; i < nargs && i < n; i++) {
        PyObject *key = PyTuple_GET_ITEM(parser->kwtuple, i - parser->pos);
        if (keyword_get(kwargs, kwnames, values, key)) {
            PyErr_Format(PyExc_TypeError,
                         "argument for %.200s%s given by name ('%U') and position (%zd)",
                         parser->fname ? parser->fname : "function", parser->fname ? "()" : "", key,
                         i + 1);
            return;
        }
        if (PyErr_Occurred()) {
            return;
        }
    }
    unexpected_keyword(kwargs, kwnames, parser->kwtuple, parser->fname);
}

static void raise_missing(struct _PyArg_Parser *parser, Py_ssize_t i)
{
    PyErr_Format(PyExc_TypeError, "%.200s%s missing required argument '%U' (pos %zd)",
                 parser->fname ? parser->fname : "function", parser->fname ? "()" : "",
                 PyTuple_GET_ITEM(parser->kwtuple, i - parser->pos), i + 1);
}

/* Generated code looks at all names before it converts anything:
   what is missing or unknown is told first. */
static int check_names(struct _PyArg_Parser *parser, PyObject *const *args, Py_ssize_t nargs,
                       PyObject *kwargs, PyObject *kwnames)
{
    Py_ssize_t len = parser->pos + PyTuple_GET_SIZE(parser->kwtuple);
    Py_ssize_t found = kwargs ? PyDict_GET_SIZE(kwargs) : kwnames ? PyTuple_GET_SIZE(kwnames) : 0;
    Py_ssize_t needed = Py_MIN(parser->pos, parser->min);
    if (nargs < needed) {
        raise_takes(parser->fname, needed < parser->max ? "at least" : "exactly", needed,
                    "positional ", nargs);
        return 0;
    }
    for (Py_ssize_t i = Py_MAX(nargs, parser->pos); i < len && (found || i < parser->min); i++) {
        if (found
            && keyword_get(kwargs, kwnames, args + nargs,
                           PyTuple_GET_ITEM(parser->kwtuple, i - parser->pos))) {
            found--;
        } else if (PyErr_Occurred()) {
            return 0;
        } else if (i < parser->min) {
            raise_missing(parser, i);
            return 0;
        }
    }
    if (found > 0) {
        raise_leftover(parser, nargs, kwargs, kwnames, args + nargs);
        return 0;
    }
    return 1;
}

/* What convert_item said about parameter i. Generated code names a parameter that has a name. */
static void raise_parameter(struct _PyArg_Parser *parser, Py_ssize_t i, const char *message,
                            const int *levels, int flags)
{
    if ((flags & FLAG_AS_INT) && i >= parser->pos && levels[0] <= 0 && message[0] == 'm'
        && !PyErr_Occurred()) {
        PyErr_Format(PyExc_TypeError, "%.200s() argument '%U' %.256s", parser->fname,
                     PyTuple_GET_ITEM(parser->kwtuple, i - parser->pos), message);
        return;
    }
    raise_item(i + 1, message, levels, parser->fname, parser->custom_msg);
}

/* One parameter after the other, reading the format along. K1, K2. */
static int parse_fast_items(PyObject *const *args, Py_ssize_t nargs, PyObject *kwargs,
                            PyObject *kwnames, struct _PyArg_Parser *parser, va_list *va, int flags,
                            Cleanups *cleanups)
{
    Py_ssize_t len = parser->pos + PyTuple_GET_SIZE(parser->kwtuple);
    Py_ssize_t found = kwargs ? PyDict_GET_SIZE(kwargs) : kwnames ? PyTuple_GET_SIZE(kwnames) : 0;
    PyObject *const *values = kwnames ? args + nargs : NULL;
    const char *format = parser->format, *message;
    int levels[LEVELS];
    char buf[512];
    for (Py_ssize_t i = 0; i < len; i++) {
        if (*format == '|') {
            format++;
        }
        if (*format == '$') {
            format++;
        }
        PyObject *arg = NULL;
        if (i < nargs) {
            arg = args[i];
        } else if (found && i >= parser->pos) {
            arg = keyword_get(kwargs, kwnames, values,
                              PyTuple_GET_ITEM(parser->kwtuple, i - parser->pos));
            if (arg) {
                found--;
            } else if (PyErr_Occurred()) {
                return 0;
            }
        }
        if (arg) {
            if (LIKELY(convert_quickly(arg, &format, va))) {
                continue;
            }
            message = convert_item(arg, &format, va, flags, levels, buf, sizeof(buf), cleanups);
            if (message) {
                raise_parameter(parser, i, message, levels, flags);
                return 0;
            }
            continue;
        }
        if (i < parser->min) {
            if (i < parser->pos) {
                Py_ssize_t min = Py_MIN(parser->pos, parser->min);
                raise_takes(parser->fname, min < parser->max ? "at least" : "exactly", min,
                            "positional ", nargs);
            } else {
                raise_missing(parser, i);
            }
            return 0;
        }
        if (!found) {
            return 1;
        }
        message = skip_item(&format, va, flags);
        if (message) {
            PyErr_Format(PyExc_SystemError, "%s: '%s'", message, format);
            return 0;
        }
    }
    if (found > 0) {
        raise_leftover(parser, nargs, kwargs, kwnames, values);
        return 0;
    }
    return 1;
}

/* Positional calls of simple units are settled by this. */
static ALWAYS_INLINE bool parse_fast_positions(PyObject *const *args, Py_ssize_t nargs,
                                               bool keywords, struct _PyArg_Parser *parser,
                                               va_list *va)
{
    const char *rest;
    return !keywords && parser != NULL && parser->kwtuple != NULL && parser->min <= nargs
           && nargs <= parser->max
           && convert_all_quickly(args, nargs, parser->format, va, &rest);
}

static int parse_fast(PyObject *const *args, Py_ssize_t nargs, PyObject *kwargs, PyObject *kwnames,
                      struct _PyArg_Parser *parser, va_list va_in, int flags)
{
    if (parser == NULL || (kwargs && !PyDict_Check(kwargs))) {
        PyErr_BadInternalCall();
        return 0;
    }
    if (parser_init(parser) < 0) {
        return 0;
    }
    Py_ssize_t len = parser->pos + PyTuple_GET_SIZE(parser->kwtuple);
    Py_ssize_t nkwargs = kwargs ? PyDict_GET_SIZE(kwargs) : kwnames ? PyTuple_GET_SIZE(kwnames) : 0;
    if (nargs + nkwargs > len) {
        raise_takes(parser->fname, "at most", len, nargs == 0 ? "keyword " : "", nargs + nkwargs);
        return 0;
    }
    if (parser->max < nargs) {
        raise_too_many_positional(parser->fname, parser->min, parser->max, nargs);
        return 0;
    }
    if ((flags & FLAG_AS_INT) && (nkwargs || nargs < parser->min)
        && !check_names(parser, args, nargs, kwargs, kwnames)) {
        return 0;
    }
    Cleanups cleanups;
    if (cleanups_init(&cleanups, len) < 0) {
        return 0;
    }
    va_list va;
    va_copy(va, va_in);
    int ok = parse_fast_items(args, nargs, kwargs, kwnames, parser, &va, flags, &cleanups);
    va_end(va);
    return cleanups_finish(&cleanups, ok);
}

#undef _PyArg_ParseTupleAndKeywordsFast
#undef _PyArg_ParseStackAndKeywords
#undef _PyArg_VaParseTupleAndKeywordsFast

#define FAST_TUPLE(name, flags) \
    EXPORT int name(PyObject *args, PyObject *kwargs, struct _PyArg_Parser *parser, ...) \
    { \
        PyObject *const *items = ((PyTupleObject *)args)->ob_item; \
        Py_ssize_t nargs = PyTuple_GET_SIZE(args); \
        va_list va; \
        va_start(va, parser); \
        int r = parse_fast_positions(items, nargs, kwargs && !is_empty(kwargs), parser, &va); \
        va_end(va); \
        if (UNLIKELY(!r)) { \
            va_list again; \
            va_start(again, parser); \
            r = parse_fast(items, nargs, kwargs, NULL, parser, again, flags); \
            va_end(again); \
        } \
        return r; \
    }
#define FAST_VA_TUPLE(name, flags) \
    EXPORT int name(PyObject *args, PyObject *kwargs, struct _PyArg_Parser *parser, va_list va) \
    { \
        return parse_fast(((PyTupleObject *)args)->ob_item, PyTuple_GET_SIZE(args), kwargs, NULL, \
                          parser, va, flags); \
    }
#define FAST_STACK(name, flags) \
    int name(PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames, \
             struct _PyArg_Parser *parser, ...) \
    { \
        va_list va; \
        va_start(va, parser); \
        int r = parse_fast_positions(args, nargs, kwnames && PyTuple_GET_SIZE(kwnames), parser, \
                                     &va); \
        va_end(va); \
        if (UNLIKELY(!r)) { \
            va_list again; \
            va_start(again, parser); \
            r = parse_fast(args, nargs, NULL, kwnames, parser, again, flags); \
            va_end(again); \
        } \
        return r; \
    }
FAST_TUPLE(_PyArg_ParseTupleAndKeywordsFast, 0)
FAST_TUPLE(_PyArg_ParseTupleAndKeywordsFast_SizeT, FLAG_SIZE_T)
FAST_VA_TUPLE(_PyArg_VaParseTupleAndKeywordsFast, 0)
FAST_VA_TUPLE(_PyArg_VaParseTupleAndKeywordsFast_SizeT, FLAG_SIZE_T)
EXPORT FAST_STACK(_PyArg_ParseStackAndKeywords, 0)
EXPORT FAST_STACK(_PyArg_ParseStackAndKeywords_SizeT, FLAG_SIZE_T)
FAST_STACK(args_parse_keywords, FLAG_AS_INT)
#undef EXPORT
#define EXPORT
FAST_TUPLE(args_parse_tuple, FLAG_AS_INT)

/* -- Unpacking for generated code ------------------------------------------------------------ */

#undef _PyArg_UnpackKeywords

/* Spreads arguments into buf by parameter (NULL: not given); args itself when that is already
   right, which costs nothing. Of the parameters `minpos` must and `maxpos` may be given by
   position, and the first minpos + minkw must be given at all. Items are BORROWED; NULL with
   TypeError. */
PyObject *const *_PyArg_UnpackKeywords(PyObject *const *args, Py_ssize_t nargs, PyObject *kwargs,
                                       PyObject *kwnames, struct _PyArg_Parser *parser, int minpos,
                                       int maxpos, int minkw, PyObject **buf)
{
    if (parser == NULL || (kwargs && !PyDict_Check(kwargs))) {
        PyErr_BadInternalCall();
        return NULL;
    }
    if (args == NULL && nargs == 0) {
        args = buf;
    }
    if (parser_init(parser) < 0) {
        return NULL;
    }
    PyObject *kwtuple = parser->kwtuple;
    int posonly = parser->pos, minposonly = Py_MIN(posonly, minpos);
    Py_ssize_t maxargs = posonly + PyTuple_GET_SIZE(kwtuple);
    PyObject *const *values = NULL;
    Py_ssize_t found = 0;
    if (kwargs) {
        found = PyDict_GET_SIZE(kwargs);
    } else if (kwnames) {
        found = PyTuple_GET_SIZE(kwnames);
        values = args + nargs;
    }
    if (found == 0 && minkw == 0 && minpos <= nargs && nargs <= maxpos) {
        if (nargs == 0 && args == buf) { /* callers take buf for filled */
            memset(buf, 0, (size_t)maxargs * sizeof(PyObject *));
        }
        return args;
    }
    if (nargs + found > maxargs) {
        raise_takes(parser->fname, "at most", maxargs, nargs == 0 ? "keyword " : "", nargs + found);
        return NULL;
    }
    if (nargs > maxpos) {
        raise_too_many_positional(parser->fname, minpos, maxpos, nargs);
        return NULL;
    }
    if (nargs < minposonly) {
        raise_takes(parser->fname, minposonly < maxpos ? "at least" : "exactly", minposonly,
                    "positional ", nargs);
        return NULL;
    }
    memcpy(buf, args, (size_t)nargs * sizeof(PyObject *));
    Py_ssize_t reqlimit = minkw ? maxpos + minkw : minpos;
    for (Py_ssize_t i = Py_MAX(nargs, posonly); i < maxargs; i++) {
        PyObject *arg = NULL;
        if (found) {
            arg = keyword_get(kwargs, kwnames, values, PyTuple_GET_ITEM(kwtuple, i - posonly));
            if (arg == NULL && PyErr_Occurred()) {
                return NULL;
            }
        } else if (i >= reqlimit) {
            for (; i < maxargs; i++) {
                buf[i] = NULL;
            }
            break;
        }
        buf[i] = arg;
        if (arg) {
            found--;
        } else if (i < minpos || (maxpos <= i && i < reqlimit)) {
            raise_missing(parser, i);
            return NULL;
        }
    }
    for (Py_ssize_t i = nargs; i < posonly; i++) {
        buf[i] = NULL;
    }
    if (found > 0) {
        raise_leftover(parser, nargs, kwargs, kwnames, values);
        return NULL;
    }
    return buf;
}

bool args_row_by_names(PyObject **row, int width, PyObject *const *items, Py_ssize_t n,
                       PyObject *kwargs, PyObject *kwnames, struct _PyArg_Parser *parser, int least,
                       int most)
{
    PyObject *const *given =
        _PyArg_UnpackKeywords(items, n, kwargs, kwnames, parser, least, most, 0, row);
    if (given == NULL) {
        return false;
    }
    for (int i = 0; given != row && i < width; i++) { /* no keyword after all */
        row[i] = i < n ? given[i] : NULL;
    }
    return true;
}

/* As above for a function with *args: buf[vararg] owns the
   tuple of surplus positional arguments. */
PyObject *const *_PyArg_UnpackKeywordsWithVararg(PyObject *const *args, Py_ssize_t nargs,
                                                 PyObject *kwargs, PyObject *kwnames,
                                                 struct _PyArg_Parser *parser, int minpos,
                                                 int maxpos, int minkw, int vararg, PyObject **buf)
{
    if (parser == NULL || (kwargs && !PyDict_Check(kwargs))) {
        PyErr_BadInternalCall();
        return NULL;
    }
    if (args == NULL && nargs == 0) {
        args = buf;
    }
    if (parser_init(parser) < 0) {
        return NULL;
    }
    PyObject *kwtuple = parser->kwtuple;
    int posonly = parser->pos, minposonly = Py_MIN(posonly, minpos);
    Py_ssize_t maxargs = posonly + PyTuple_GET_SIZE(kwtuple), found = 0;
    PyObject *const *values = NULL;
    if (kwargs) {
        found = PyDict_GET_SIZE(kwargs);
    } else if (kwnames) {
        found = PyTuple_GET_SIZE(kwnames);
        values = args + nargs;
    }
    if (nargs < minposonly) {
        raise_takes(parser->fname, minposonly < maxpos ? "at least" : "exactly", minposonly,
                    "positional ", nargs);
        return NULL;
    }
    Py_ssize_t nsurplus = Py_MAX(nargs - vararg, 0);
    PyObject *surplus = PyTuple_New(nsurplus);
    if (surplus == NULL) {
        return NULL;
    }
    for (Py_ssize_t i = 0; i < nsurplus; i++) {
        PyTuple_SET_ITEM(surplus, i, Py_NewRef(args[vararg + i]));
    }
    Py_ssize_t direct = Py_MIN(nargs, vararg);
    memcpy(buf, args, (size_t)direct * sizeof(PyObject *));
    buf[vararg] = surplus;
    /* Parameter i (without the vararg) lives at buf[i] before it and at buf[i + 1] after it. */
    Py_ssize_t given = direct;
    for (Py_ssize_t i = Py_MAX(given, posonly); i < maxargs; i++) {
        PyObject *arg = NULL;
        Py_ssize_t slot = i < vararg ? i : i + 1;
        if (found) {
            arg = keyword_get(kwargs, kwnames, values, PyTuple_GET_ITEM(kwtuple, i - posonly));
            if (arg == NULL && PyErr_Occurred()) {
                goto fail;
            }
        }
        if (slot < maxargs + 1) {
            buf[slot] = arg;
        }
        if (arg) {
            found--;
        } else if (i < minpos || (maxpos <= i && i < maxpos + minkw)) {
            raise_missing(parser, i);
            goto fail;
        }
    }
    for (Py_ssize_t i = given; i < posonly; i++) {
        buf[i] = NULL;
    }
    if (found > 0) {
        raise_leftover(parser, given, kwargs, kwnames, values);
        goto fail;
    }
    return buf;
fail:
    Py_DECREF(surplus);
    return NULL;
}
