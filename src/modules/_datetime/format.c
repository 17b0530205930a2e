/* SPDX-License-Identifier: MIT
 *
 * Text of dates and times: ISO 8601, ctime, and strftime with the directives that the C library
 * does not know.
 */
#include "dt.h"

/* -- ISO 8601 -------------------------------------------------------------------------------- */

char *dt_put(char *p, int value, int digits)
{
    for (int i = digits - 1; i >= 0; i--, value /= 10)
        p[i] = (char)('0' + value % 10);
    return p + digits;
}

static char *put2(char *p, char before, int value)
{
    p[0] = before;
    p[1] = (char)('0' + value / 10);
    p[2] = (char)('0' + value % 10);
    return p + 3;
}

char *dt_put_date(char *p, int year, int month, int day)
{
    return put2(put2(dt_put(p, year, 4), '-', month), '-', day);
}

enum { SPEC_HOURS, SPEC_MINUTES, SPEC_SECONDS, SPEC_MILLISECONDS, SPEC_MICROSECONDS };

/* -1 with ValueError. */
static int read_timespec(const char *spec, int us)
{
    static const char *const names[] = {"hours", "minutes", "seconds", "milliseconds",
                                        "microseconds"};
    if (!spec || strcmp(spec, "auto") == 0)
        return us ? SPEC_MICROSECONDS : SPEC_SECONDS;
    for (int i = 0; i < (int)COUNT_OF(names); i++)
        if (strcmp(spec, names[i]) == 0)
            return i;
    PyErr_SetString(PyExc_ValueError, "Unknown timespec value");
    return -1;
}

char *dt_put_time(char *p, const struct civil *c, const char *spec)
{
    int level = read_timespec(spec, c->us);
    if (level < 0)
        return NULL;
    p = dt_put(p, c->hour, 2);
    if (level >= SPEC_MINUTES)
        p = put2(p, ':', c->minute);
    if (level >= SPEC_SECONDS)
        p = put2(p, ':', c->second);
    if (level >= SPEC_MILLISECONDS) {
        *p++ = '.';
        p = level == SPEC_MILLISECONDS ? dt_put(p, c->us / 1000, 3) : dt_put(p, c->us, 6);
    }
    return p;
}

/* ±HH:MM[:SS[.ffffff]] with that separator; nothing for a naive object. The new end, NULL with an
   exception. */
char *dt_put_offset(char *p, const char *separator, PyObject *tzinfo, PyObject *arg)
{
    PyObject *offset = dt_utcoffset(tzinfo, arg);
    if (!offset)
        return NULL;
    if (offset != Py_None) {
        long long us = (long long)dt_delta_us(AS_DELTA(offset)), size = us < 0 ? -us : us;
        int seconds = (int)(size / US_A_SECOND), rest = (int)(size % US_A_SECOND);
        p = put2(p, us < 0 ? '-' : '+', seconds / 3600);
        p = dt_put(stpcpy(p, separator), seconds / 60 % 60, 2);
        if (seconds % 60 || rest)
            p = dt_put(stpcpy(p, separator), seconds % 60, 2);
        if (rest) {
            *p++ = '.';
            p = dt_put(p, rest, 6);
        }
    }
    Py_DECREF(offset);
    return p;
}

PyObject *dt_repr_keywords(PyObject *repr, PyObject *tzinfo, int fold, bool fold_first)
{
    if (!repr || (tzinfo == Py_None && !fold))
        return repr;
    PyObject *body = PyUnicode_Substring(repr, 0, PyUnicode_GET_LENGTH(repr) - 1), *res = NULL;
    const char *before = fold && fold_first ? ", fold=1" : "",
               *after = fold && !fold_first ? ", fold=1" : "";
    if (body && tzinfo != Py_None)
        res = PyUnicode_FromFormat("%U%s, tzinfo=%R%s)", body, before, tzinfo, after);
    else if (body)
        res = PyUnicode_FromFormat("%U, fold=1)", body);
    Py_XDECREF(body);
    Py_DECREF(repr);
    return res;
}

/* -- ctime ----------------------------------------------------------------------------------- */

PyObject *dt_ctime(const struct civil *c)
{
    static const char days[] = "MonTueWedThuFriSatSun",
                      months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    return PyUnicode_FromFormat(
        "%.3s %.3s %2d %02d:%02d:%02d %04d", days + 3 * dt_weekday(c->year, c->month, c->day),
        months + 3 * (c->month - 1), c->day, c->hour, c->minute, c->second, c->year);
}

/* -- strftime -------------------------------------------------------------------------------- */

static PyObject *object_tzinfo(PyObject *object)
{
    return IS_DATETIME(object) ? dt_datetime_tzinfo(object)
           : IS_TIME(object)   ? dt_time_tzinfo(object)
                               : Py_None;
}

/* %z */
static PyObject *offset_text(PyObject *object, PyObject *arg)
{
    char text[OFFSET_TEXT], *end = dt_put_offset(text, "", object_tzinfo(object), arg);
    return end ? PyUnicode_FromStringAndSize(text, end - text) : NULL;
}

/* %Z: the name, with its percent signs doubled, since strftime() reads it. Must be encodable, as
 * the format must. */
static PyObject *name_text(PyObject *object, PyObject *arg)
{
    PyObject *name = dt_tzname(object_tzinfo(object), arg);
    if (name == Py_None) {
        Py_DECREF(name);
        return Py_NewRef(EMPTY_STR);
    }
    if (!name)
        return NULL;
    PyObject *res = PyObject_CallMethod(name, "replace", "ss", "%", "%%");
    Py_DECREF(name);
    if (res && !PyUnicode_Check(res)) {
        PyErr_SetString(PyExc_TypeError, "tzname.replace() did not return a string");
        Py_CLEAR(res);
    }
    if (res && !PyUnicode_AsUTF8(res))
        Py_CLEAR(res);
    return res;
}

/* %f */
static PyObject *us_text(PyObject *object)
{
    char text[6];
    dt_put(text,
           IS_DATETIME(object) ? PyDateTime_DATE_GET_MICROSECOND(object)
           : IS_TIME(object)   ? PyDateTime_TIME_GET_MICROSECOND(object)
                               : 0,
           6);
    return PyUnicode_FromStringAndSize(text, sizeof text);
}

/* What stands for %c; each kind is asked for once. Borrowed from `cache`. */
static PyObject *replacement(PyObject *object, char c, PyObject *arg, PyObject *cache[3])
{
    int i = c == 'z' ? 0 : c == 'Z' ? 1 : 2;
    if (!cache[i])
        cache[i] = i == 0   ? offset_text(object, arg)
                   : i == 1 ? name_text(object, arg)
                            : us_text(object);
    return cache[i];
}

/* Copies UTF-8 text with %z, %Z and %f replaced; like C's, a format ends at the first NUL. */
static PyObject *expand_format(PyObject *object, const char *format, PyObject *arg)
{
    _PyUnicodeWriter writer;
    PyObject *cache[3] = {NULL}, *piece, *res = NULL;
    _PyUnicodeWriter_Init(&writer);
    writer.overallocate = 1;
    for (const char *p = format, *start = format;; p++) {
        bool special = p[0] == '%' && (p[1] == 'z' || p[1] == 'Z' || p[1] == 'f');
        if (p[0] && !special) {
            if (p[0] == '%' && p[1])
                p++;
            continue;
        }
        if (p > start) {
            piece = PyUnicode_FromStringAndSize(start, p - start);
            int failed = !piece || _PyUnicodeWriter_WriteStr(&writer, piece) < 0;
            Py_XDECREF(piece);
            if (failed)
                goto done;
        }
        if (!special)
            break;
        piece = replacement(object, *++p, arg, cache);
        if (!piece || _PyUnicodeWriter_WriteStr(&writer, piece) < 0)
            goto done;
        start = p + 1;
    }
    res = _PyUnicodeWriter_Finish(&writer);
done:
    if (!res)
        _PyUnicodeWriter_Dealloc(&writer);
    for (int i = 0; i < 3; i++)
        Py_XDECREF(cache[i]);
    return res;
}

static bool needs_expansion(const char *p, Py_ssize_t length)
{
    for (Py_ssize_t i = 0; i < length; i++)
        if (p[i] == '\0' ||
            (p[i] == '%' && (p[i + 1] == 'z' || p[i + 1] == 'Z' || p[i + 1] == 'f')))
            return true;
    return false;
}

/* %z, %Z and %f are replaced first, then time.strftime does the rest. */
PyObject *dt_strftime(PyObject *object, PyObject *format, PyObject *timetuple, PyObject *arg)
{
    Py_ssize_t length;
    const char *utf8 = PyUnicode_AsUTF8AndSize(format, &length);
    PyObject *expanded = NULL, *function = NULL, *res = NULL;
    if (!utf8)
        return NULL;
    expanded = needs_expansion(utf8, length) ? expand_format(object, utf8, arg) : Py_NewRef(format);
    if (expanded)
        function = dt_time_attribute(ID2(strftime));
    if (function) {
        PyObject *args[] = {expanded, timetuple};
        res = PyObject_Vectorcall(function, args, 2, NULL);
    }
    Py_XDECREF(function);
    Py_XDECREF(expanded);
    return res;
}
