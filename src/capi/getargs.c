/* SPDX-License-Identifier: MIT
 *
 * Positional argument parsing: PyArg_Parse, PyArg_ParseTuple and the checks that generated code
 * calls.
 *
 *     format  "O|i(dd):name"        head     O required, i and a pair optional, fname "name"
 *     va_list  &o, &i, &x, &y       one C address or more a unit, in order
 *
 * A call tries convert_all_quickly first (getargs.h): units that a look at the type settles.
 * Whatever it does not know, or must refuse, goes through the whole machinery from the first unit
 * on, which alone raises. Units are converted in getargs_convert.c, keywords are in
 * getargs_keywords.c.
 *
 * Ownership: results are borrowed from the arguments unless the unit says otherwise (es, s*); those
 * are undone when a later unit fails (Cleanups). All functions return 1, or 0 with an exception.
 */
#include "capi/getargs.h"

/* -- Reading the format ---------------------------------------------------------------------- */

typedef struct {
    const char *fname;   /* after ':' */
    const char *message; /* after ';' */
    int min, max;        /* arguments, a group in parentheses counting as one */
    bool nested;         /* an outermost parenthesis was seen */
} FormatHead;

/* Counts the units. Parentheses that do not match are fatal: no call could ever succeed. */
static int format_scan(const char *format, FormatHead *head)
{
    int level = 0;
    *head = (FormatHead){.min = -1};
    for (;; format++) {
        char c = *format;
        if (c == '\0') {
            break;
        } else if (c == '(') {
            if (level == 0) {
                head->max++;
            }
            level++;
            if (level >= 30) {
                Py_FatalError("too many tuple nesting levels in argument format string");
            }
        } else if (c == ')') {
            if (level == 0) {
                Py_FatalError("excess ')' in getargs format");
            }
            level--;
        } else if (c == ':') {
            head->fname = format + 1;
            break;
        } else if (c == ';') {
            head->message = format + 1;
            break;
        } else if (level == 0) {
            if (Py_ISALPHA(c)) {
                head->max++;
            } else if (c == '|') {
                head->min = head->max;
            }
        }
        /* "es" and "et" are one unit */
        if (level == 0 && c == 'e' && format[1] && format[1] != ':' && format[1] != ';') {
            format++;
        }
    }
    if (level != 0) {
        Py_FatalError("missing ')' in getargs format");
    }
    if (head->min < 0) {
        head->min = head->max;
    }
    return 0;
}

/* The message after ';' replaces the standard one. */
static void raise_count(const FormatHead *head, Py_ssize_t nargs)
{
    if (head->message) {
        PyErr_SetString(PyExc_TypeError, head->message);
        return;
    }
    int bound = nargs < head->min ? head->min : head->max;
    PyErr_Format(PyExc_TypeError, "%.150s%s takes %s %d argument%s (%zd given)",
                 head->fname ? head->fname : "function", head->fname ? "()" : "",
                 head->min == head->max ? "exactly"
                 : nargs < head->min    ? "at least"
                                        : "at most",
                 bound, bound == 1 ? "" : "s", nargs);
}

/* PyArg_Parse: the object itself is the only argument. */
static int parse_compat(PyObject *arg, const char *format, const FormatHead *head, va_list *va,
                        int flags, Cleanups *cleanups)
{
    int levels[LEVELS];
    char buf[256];
    if (head->max == 0) {
        if (arg == NULL) {
            return 1;
        }
        PyErr_Format(PyExc_TypeError, "%.200s%s takes no arguments",
                     head->fname ? head->fname : "function", head->fname ? "()" : "");
        return 0;
    }
    if (head->min != 1 || head->max != 1) {
        PyErr_SetString(PyExc_SystemError, "old style getargs format uses new features");
        return 0;
    }
    if (arg == NULL) {
        PyErr_Format(PyExc_TypeError, "%.200s%s takes at least one argument",
                     head->fname ? head->fname : "function", head->fname ? "()" : "");
        return 0;
    }
    const char *message = convert_item(arg, &format, va, flags, levels, buf, sizeof(buf), cleanups);
    if (message == NULL) {
        return 1;
    }
    raise_item(levels[0], message, levels + 1, head->fname, head->message);
    return 0;
}

/* `compat`: the bare object of PyArg_Parse, `stack` the arguments otherwise. */
static int parse_array(PyObject *compat, PyObject *const *stack, Py_ssize_t nargs,
                       const char *format, va_list *va, int flags)
{
    FormatHead head;
    Cleanups cleanups;
    int levels[LEVELS];
    char buf[256];
    format_scan(format, &head);
    if (cleanups_init(&cleanups, head.max) < 0) {
        return 0;
    }
    if (flags & FLAG_COMPAT) {
        return cleanups_finish(&cleanups,
                               parse_compat(compat, format, &head, va, flags, &cleanups));
    }
    if (nargs < head.min || head.max < nargs) {
        if ((flags & FLAG_AS_INT) && head.message == NULL && !(head.min == 1 && head.max == 1)) {
            _PyArg_CheckPositional(head.fname, nargs, head.min, head.max);
        } else {
            raise_count(&head, nargs);
        }
        return cleanups_finish(&cleanups, 0);
    }
    for (Py_ssize_t i = 0; i < nargs; i++) {
        if (*format == '|') {
            format++;
        }
        if (convert_quickly(stack[i], &format, va)) {
            continue;
        }
        const char *message = convert_item(stack[i], &format, va, flags, levels, buf, sizeof(buf),
                                           &cleanups);
        if (message) {
            bool only = (flags & FLAG_AS_INT) && head.min == 1 && head.max == 1;
            raise_item(only ? 0 : i + 1, message, levels, head.fname, head.message);
            return cleanups_finish(&cleanups, 0);
        }
    }
    if (*format != '\0' && !Py_ISALPHA(*format) && *format != '(' && *format != '|'
        && *format != ':' && *format != ';') {
        PyErr_Format(PyExc_SystemError, "bad format string: %.200s", format);
        return cleanups_finish(&cleanups, 0);
    }
    return cleanups_finish(&cleanups, 1);
}

static int parse_tuple(PyObject *args, const char *format, va_list *va, int flags)
{
    if (args == NULL || !PyTuple_Check(args)) {
        PyErr_SetString(PyExc_SystemError, "new style getargs format but argument is not a tuple");
        return 0;
    }
    return parse_array(NULL, ((PyTupleObject *)args)->ob_item, PyTuple_GET_SIZE(args), format, va,
                       flags);
}

/* -- Entry points ---------------------------------------------------------------------------- */

#undef PyArg_Parse
#undef PyArg_ParseTuple
#undef PyArg_VaParse
#undef _PyArg_ParseStack

/* A variadic entry point around one call. */
#define ENTRY(signature, last, call) \
    EXPORT int signature \
    { \
        va_list va; \
        va_start(va, last); \
        int r = call; \
        va_end(va); \
        return r; \
    }
ENTRY(PyArg_Parse(PyObject *arg, const char *format, ...), format,
      parse_array(arg, NULL, 0, format, &va, FLAG_COMPAT))
ENTRY(_PyArg_Parse_SizeT(PyObject *arg, const char *format, ...), format,
      parse_array(arg, NULL, 0, format, &va, FLAG_COMPAT | FLAG_SIZE_T))

/* The same for arguments that convert_all_quickly may settle at once. */
#define QUICK_ENTRY(signature, is_array, items, n, call) \
    signature \
    { \
        const char *rest; \
        va_list va; \
        va_start(va, format); \
        int r = is_array && convert_all_quickly(items, n, format, &va, &rest); \
        va_end(va); \
        if (UNLIKELY(!r)) { \
            va_list again; \
            va_start(again, format); \
            r = call; \
            va_end(again); \
        } \
        return r; \
    }
#define TUPLE_ENTRY(name, flags) \
    QUICK_ENTRY(EXPORT int name(PyObject *args, const char *format, ...), \
                args != NULL && PyTuple_Check(args), \
                ((PyTupleObject *)args)->ob_item, PyTuple_GET_SIZE(args), \
                parse_tuple(args, format, &again, flags))
#define STACK_ENTRY(name, flags) \
    QUICK_ENTRY(int name(PyObject *const *args, Py_ssize_t nargs, const char *format, ...), true, \
                args, nargs, parse_array(NULL, args, nargs, format, &again, flags))
TUPLE_ENTRY(PyArg_ParseTuple, 0)
TUPLE_ENTRY(_PyArg_ParseTuple_SizeT, FLAG_SIZE_T)
EXPORT STACK_ENTRY(_PyArg_ParseStack, 0)
EXPORT STACK_ENTRY(_PyArg_ParseStack_SizeT, FLAG_SIZE_T)
STACK_ENTRY(args_parse_stack, FLAG_AS_INT)

EXPORT int PyArg_VaParse(PyObject *args, const char *format, va_list va)
{
    va_list copy;
    va_copy(copy, va);
    int r = parse_tuple(args, format, &copy, 0);
    va_end(copy);
    return r;
}

EXPORT int _PyArg_VaParse_SizeT(PyObject *args, const char *format, va_list va)
{
    va_list copy;
    va_copy(copy, va);
    int r = parse_tuple(args, format, &copy, FLAG_SIZE_T);
    va_end(copy);
    return r;
}

/* -- Counts ---------------------------------------------------------------------------------- */

#undef _PyArg_CheckPositional
/* For callables that unpack by hand; name NULL means an unpacked tuple. */
int _PyArg_CheckPositional(const char *name, Py_ssize_t nargs, Py_ssize_t min, Py_ssize_t max)
{
    if (min <= nargs && nargs <= max) {
        return 1;
    }
    Py_ssize_t bound = nargs < min ? min : max;
    const char *how = nargs < min ? (min == max ? "" : "at least ")
                                  : (min == max ? "" : "at most ");
    if (name) {
        PyErr_Format(PyExc_TypeError, "%.200s expected %s%zd argument%s, got %zd", name, how, bound,
                     bound == 1 ? "" : "s", nargs);
    } else {
        PyErr_Format(PyExc_TypeError, "unpacked tuple should have %s%zd element%s, but has %zd",
                     how, bound, bound == 1 ? "" : "s", nargs);
    }
    return 0;
}

static int unpack(PyObject *const *args, Py_ssize_t nargs, const char *name, Py_ssize_t min,
                  Py_ssize_t max, va_list va)
{
    if (!_PyArg_CheckPositional(name, nargs, min, max)) {
        return 0;
    }
    for (Py_ssize_t i = 0; i < nargs; i++) {
        *va_arg(va, PyObject **) = args[i];
    }
    return 1;
}

int PyArg_UnpackTuple(PyObject *args, const char *name, Py_ssize_t min, Py_ssize_t max, ...)
{
    if (!PyTuple_Check(args)) {
        PyErr_SetString(PyExc_SystemError, "PyArg_UnpackTuple() argument list is not a tuple");
        return 0;
    }
    va_list va;
    va_start(va, max);
    int r = unpack(((PyTupleObject *)args)->ob_item, PyTuple_GET_SIZE(args), name, min, max, va);
    va_end(va);
    return r;
}

int _PyArg_UnpackStack(PyObject *const *args, Py_ssize_t nargs, const char *name, Py_ssize_t min,
                       Py_ssize_t max, ...)
{
    va_list va;
    va_start(va, max);
    int r = unpack(args, nargs, name, min, max, va);
    va_end(va);
    return r;
}

#undef _PyArg_NoKeywords
#undef _PyArg_NoKwnames
#undef _PyArg_NoPositional
int _PyArg_NoKeywords(const char *funcname, PyObject *kwargs)
{
    if (kwargs == NULL) {
        return 1;
    }
    if (!PyDict_CheckExact(kwargs)) {
        PyErr_BadInternalCall();
        return 0;
    }
    if (PyDict_GET_SIZE(kwargs) == 0) {
        return 1;
    }
    PyErr_Format(PyExc_TypeError, "%.200s() takes no keyword arguments", funcname);
    return 0;
}

int _PyArg_NoKwnames(const char *funcname, PyObject *kwnames)
{
    if (kwnames == NULL || PyTuple_GET_SIZE(kwnames) == 0) {
        return 1;
    }
    PyErr_Format(PyExc_TypeError, "%s() takes no keyword arguments", funcname);
    return 0;
}

int _PyArg_NoPositional(const char *funcname, PyObject *args)
{
    if (args == NULL) {
        return 1;
    }
    if (!PyTuple_CheckExact(args)) {
        PyErr_BadInternalCall();
        return 0;
    }
    if (PyTuple_GET_SIZE(args) == 0) {
        return 1;
    }
    PyErr_Format(PyExc_TypeError, "%.200s() takes no positional arguments", funcname);
    return 0;
}

void _PyArg_BadArgument(const char *fname, const char *displayname, const char *expected,
                        PyObject *arg)
{
    PyErr_Format(PyExc_TypeError, "%.200s() %.200s must be %.50s, not %.50s", fname, displayname,
                 expected, arg == Py_None ? "None" : Py_TYPE(arg)->tp_name);
}
