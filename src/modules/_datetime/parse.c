/* SPDX-License-Identifier: MIT
 *
 * fromisoformat(): ISO 8601 texts in basic and extended format.
 *
 *   date:  YYYY-MM-DD  YYYYMMDD  YYYY-Www[-D]  YYYYWww[D]
 *   time:  HH[[:]MM[[:]SS[(.|,)fraction]]], then Z or (+|-) and an offset in the same formats
 *   datetime: a date, any one character, a time
 *
 * Texts are read in UTF-8 and end with a NUL, which no rule accepts, so that reading stops there.
 */
#include "dt.h"

#define MALFORMED (-1)

/* -- Numbers --------------------------------------------------------------------------------- */

static bool is_digit(char c) { return (unsigned)(c - '0') < 10; }

/* Reads exactly `count` digits; NULL if there are fewer. */
static const char *read_digits(const char *p, int *value, size_t count)
{
    for (*value = 0; count; count--, p++) {
        if (!is_digit(*p))
            return NULL;
        *value = *value * 10 + *p - '0';
    }
    return p;
}

/* -- Dates ----------------------------------------------------------------------------------- */

static int parse_week_date(const char *p, const char *end, bool separated, int *year, int *month,
                           int *day)
{
    int week, weekday = 1;
    if (!(p = read_digits(p, &week, 2)))
        return MALFORMED;
    if (p < end) {
        if (separated && *p++ != '-')
            return MALFORMED;
        if (!read_digits(p, &weekday, 1))
            return MALFORMED;
    }
    return dt_iso_to_ymd(*year, week, weekday, year, month, day) ? MALFORMED : 0;
}

int dt_parse_date(const char *text, Py_ssize_t length, int *year, int *month, int *day)
{
    const char *p = read_digits(text, year, 4);
    if (!p)
        return MALFORMED;
    bool separated = *p == '-';
    p += separated;
    if (*p == 'W')
        return parse_week_date(p + 1, text + length, separated, year, month, day);
    if (!(p = read_digits(p, month, 2)) || (separated && *p++ != '-'))
        return MALFORMED;
    return read_digits(p, day, 2) ? 0 : MALFORMED;
}

/* -- Times ----------------------------------------------------------------------------------- */

/* Digits after the sixth are read and dropped. 1: something follows. */
static int parse_fraction(const char *p, const char *end, int *us)
{
    static const int scale[] = {1, 100000, 10000, 1000, 100, 10, 1};
    size_t digits = end - p < 6 ? (size_t)(end - p) : 6;
    if (!(p = read_digits(p, us, digits)))
        return MALFORMED;
    *us *= scale[digits];
    while (is_digit(*p))
        p++;
    return *p != '\0';
}

/* Reads [p, end). 1: something follows. A fraction may follow any field, and a colon may stand for
   its point: laxer than the standard, and what CPython accepts. */
static int parse_clock(const char *p, const char *end, struct civil *c)
{
    int *fields[] = {&c->hour, &c->minute, &c->second};
    bool separated = true;
    for (int i = 0; i < 3; i++) {
        if (!(p = read_digits(p, fields[i], 2)))
            return MALFORMED;
        char next = *p++;
        if (i == 0)
            separated = next == ':';
        if (p >= end)
            return next != '\0';
        if (separated && next == ':')
            continue;
        if (next == '.' || next == ',')
            break;
        if (separated)
            return MALFORMED;
        p--;
    }
    return parse_fraction(p, end, &c->us);
}

struct clock {
    struct civil time;
    bool aware;                    /* an offset was given */
    int offset_seconds, offset_us; /* east of UTC */
};

/* The offset is read by the same rules as the time. */
static int parse_time(const char *p, Py_ssize_t length, struct clock *clock)
{
    const char *end = p + length, *zone = p;
    while (zone < end && *zone != '+' && *zone != '-' && *zone != 'Z')
        zone++;
    clock->aware = zone < end;
    int rest = parse_clock(p, zone, &clock->time);
    if (rest < 0 || (zone == end && rest))
        return MALFORMED;
    if (zone == end)
        return 0;
    if (*zone == 'Z')
        return zone[1] ? MALFORMED : 0;
    struct civil offset = {0};
    if (parse_clock(zone + 1, end, &offset))
        return MALFORMED;
    int sign = *zone == '-' ? -1 : 1;
    clock->offset_seconds = sign * (offset.hour * 3600 + offset.minute * 60 + offset.second);
    clock->offset_us = sign * offset.us;
    return 0;
}

static PyObject *clock_zone(const struct clock *clock)
{
    if (!clock->aware)
        Py_RETURN_NONE;
    if (!clock->offset_seconds) /* CPython drops the microseconds of such an offset, too */
        return Py_NewRef(dt_utc);
    PyObject *offset =
        dt_delta_new(0, clock->offset_seconds, clock->offset_us, true, &dt_delta_type);
    PyObject *zone = offset ? dt_timezone_new(offset, NULL) : NULL;
    Py_XDECREF(offset);
    return zone;
}

/* -- The class methods ------------------------------------------------------------------------ */

static bool check_text(PyObject *text)
{
    if (PyUnicode_Check(text))
        return true;
    PyErr_SetString(PyExc_TypeError, "fromisoformat: argument must be str");
    return false;
}

static PyObject *invalid_text(PyObject *text)
{
    return PyErr_Format(PyExc_ValueError, "Invalid isoformat string: %R", text);
}

PyObject *dt_date_fromisoformat(PyObject *cls, PyObject *text)
{
    int year, month, day;
    Py_ssize_t length;
    if (!check_text(text))
        return NULL;
    const char *p = PyUnicode_AsUTF8AndSize(text, &length);
    if (!p || (length != 7 && length != 8 && length != 10) ||
        dt_parse_date(p, length, &year, &month, &day) < 0)
        return invalid_text(text);
    return dt_date_make(year, month, day, cls);
}

PyObject *dt_time_fromisoformat(PyObject *cls, PyObject *text)
{
    struct clock clock = {0};
    Py_ssize_t length;
    if (!check_text(text))
        return NULL;
    const char *p = PyUnicode_AsUTF8AndSize(text, &length);
    if (!p)
        return invalid_text(text);
    if (*p == 'T') {
        p++;
        length--;
    }
    if (parse_time(p, length, &clock) < 0)
        return invalid_text(text);
    PyObject *zone = clock_zone(&clock), *self;
    if (!zone)
        return NULL;
    const struct civil *c = &clock.time;
    if (cls == (PyObject *)&dt_time_type)
        self = dt_time_new(c->hour, c->minute, c->second, c->us, zone, 0, &dt_time_type);
    else
        self = PyObject_CallFunction(cls, "iiiiO", c->hour, c->minute, c->second, c->us, zone);
    Py_DECREF(zone);
    return self;
}

/* Where the date ends. The first six characters tell the formats apart, except that a week date
   without separators may go on with the digits of its weekday and then with those of a time whose
   separator is a digit. -1: malformed. */
static Py_ssize_t find_separator(const char *text, Py_ssize_t length)
{
    if (length == 7)
        return 7;
    if (text[4] == '-') {
        if (text[5] != 'W')
            return 10; /* YYYY-MM-DD */
        if (length <= 8 || text[8] != '-')
            return 8; /* YYYY-Www */
        if (length == 9)
            return -1;
        /* YYYY-Www-## is taken for a week with '-' as separator of an hour */
        return length > 10 && is_digit(text[10]) ? 8 : 10;
    }
    if (text[4] != 'W')
        return 8; /* YYYYMMDD */
    Py_ssize_t end = 7;
    while (end < length && is_digit(text[end]))
        end++;
    if (end < 9)
        return end;
    return end % 2 ? 8 : 7;
}

static size_t utf8_length(unsigned char lead)
{
    return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/* The text with a surrogate in the place of the separator, the only one where it may stand, made
 * 'T'. */
static PyObject *replace_surrogate(PyObject *text)
{
    static const Py_ssize_t places[] = {7, 8, 10};
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    for (size_t i = 0; i < COUNT_OF(places) && places[i] < length; i++)
        if (Py_UNICODE_IS_SURROGATE(PyUnicode_READ_CHAR(text, places[i]))) {
            PyObject *copy = _PyUnicode_Copy(text);
            if (copy && PyUnicode_WriteChar(copy, places[i], 'T') < 0)
                Py_CLEAR(copy);
            return copy;
        }
    return Py_NewRef(text);
}

/* 0, or MALFORMED, perhaps with an exception of no interest. */
static int parse_datetime(const char *p, Py_ssize_t length, struct clock *clock)
{
    struct civil *c = &clock->time;
    Py_ssize_t separator = find_separator(p, length);
    if (separator < 0 || dt_parse_date(p, separator, &c->year, &c->month, &c->day) < 0)
        return MALFORMED;
    if (length <= separator)
        return 0;
    Py_ssize_t start = separator + (Py_ssize_t)utf8_length((unsigned char)p[separator]);
    return parse_time(p + start, length - start, clock);
}

/* The separator may be any one character, even a lone surrogate, which has no UTF-8:
   replace_surrogate makes it a plain one. */
PyObject *dt_datetime_fromisoformat(PyObject *cls, PyObject *text)
{
    struct clock clock = {0};
    Py_ssize_t length;
    if (!check_text(text) || PyUnicode_READY(text) < 0)
        return NULL;
    if (PyUnicode_GET_LENGTH(text) < 7)
        return invalid_text(text);
    PyObject *clean = replace_surrogate(text);
    if (!clean)
        return NULL;
    const char *p = PyUnicode_AsUTF8AndSize(clean, &length);
    if (!p && !PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) {
        Py_DECREF(clean);
        return NULL;
    }
    int res = p ? parse_datetime(p, length, &clock) : MALFORMED;
    Py_DECREF(clean);
    if (res < 0)
        return invalid_text(text);
    PyObject *zone = clock_zone(&clock);
    if (!zone)
        return NULL;
    PyObject *self = dt_datetime_make(&clock.time, zone, 0, cls);
    Py_DECREF(zone);
    return self;
}
