/* SPDX-License-Identifier: MIT
 *
 * The proleptic Gregorian calendar: ordinals, weeks, range checks and normalisation of fields.
 *
 * An ordinal counts days; 1 is 0001-01-01. Going back from it, years are counted from March, so
 * that the leap day is the last of its year and the lengths of months follow one linear formula.
 */
#include "dt.h"

static bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int dt_days_in_month(int year, int month)
{
    static const unsigned char days[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month];
}

static int days_before_year(int year)
{
    int y = year - 1;
    return y * 365 + y / 4 - y / 100 + y / 400;
}

int dt_ymd_to_ord(int year, int month, int day)
{
    static const short before[] = {0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    return days_before_year(year) + before[month] + (month > 2 && is_leap(year)) + day;
}

void dt_ord_to_ymd(int ordinal, int *year, int *month, int *day)
{
    uint64_t n = 4 * ((uint64_t)ordinal + 305) + 3; /* quarter days since 0000-03-01 */
    unsigned century = (unsigned)(n / 146097), in_century = (unsigned)(n % 146097) | 3;
    unsigned y = in_century / 1461, day_of_year = in_century % 1461 / 4;
    unsigned m = (5 * day_of_year + 2) / 153; /* 0 is March */
    *day = (int)(day_of_year - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = (int)(100 * century + y + (m >= 10));
}

int dt_weekday(int year, int month, int day) { return (dt_ymd_to_ord(year, month, day) + 6) % 7; }

/* -- ISO weeks: week 1 is the one with the year's first Thursday ------------------------------- */

int dt_iso_week1_monday(int year)
{
    int first_day = dt_ymd_to_ord(year, 1, 1), weekday = (first_day + 6) % 7;
    return first_day - weekday + (weekday > 3 ? 7 : 0);
}

void dt_iso_calendar(int year, int month, int day, int *iso_year, int *week, int *weekday)
{
    int today = dt_ymd_to_ord(year, month, day), in_week,
        in_year = today - dt_iso_week1_monday(year);
    int number = dt_divmod(in_year, 7, &in_week);
    if (number < 0) {
        year--;
        number = dt_divmod(today - dt_iso_week1_monday(year), 7, &in_week);
    } else if (number >= 52 && today >= dt_iso_week1_monday(year + 1)) {
        year++;
        number = 0;
    }
    *iso_year = year;
    *week = number + 1;
    *weekday = in_week + 1;
}

/* Years with 53 weeks start on a Thursday, or on a Wednesday when they are leap years. */
static bool has_53_weeks(int year)
{
    int first = dt_weekday(year, 1, 1);
    return first == 3 || (first == 2 && is_leap(year));
}

int dt_iso_to_ymd(int iso_year, int week, int weekday, int *year, int *month, int *day)
{
    if (iso_year < MINYEAR || iso_year > MAXYEAR)
        return -4;
    if (week < 1 || week > 53 || (week == 53 && !has_53_weeks(iso_year)))
        return -2;
    if (weekday < 1 || weekday > 7)
        return -3;
    dt_ord_to_ymd(dt_iso_week1_monday(iso_year) + (week - 1) * 7 + weekday - 1, year, month, day);
    return 0;
}

/* -- Checks and normalisation ---------------------------------------------------------------- */

static bool range_fail(const char *message)
{
    PyErr_SetString(PyExc_ValueError, message);
    return false;
}

bool dt_check_date(int year, int month, int day)
{
    if (year < MINYEAR || year > MAXYEAR) {
        PyErr_Format(PyExc_ValueError, "year %i is out of range", year);
        return false;
    }
    if (month < 1 || month > 12)
        return range_fail("month must be in 1..12");
    return (day >= 1 && day <= dt_days_in_month(year, month)) ||
           range_fail("day is out of range for month");
}

bool dt_check_time(int hour, int minute, int second, int us, int fold)
{
    return ((hour >= 0 && hour < 24) || range_fail("hour must be in 0..23")) &&
           ((minute >= 0 && minute < 60) || range_fail("minute must be in 0..59")) &&
           ((second >= 0 && second < 60) || range_fail("second must be in 0..59")) &&
           ((us >= 0 && us < US_A_SECOND) || range_fail("microsecond must be in 0..999999")) &&
           ((fold == 0 || fold == 1) || range_fail("fold must be either 0 or 1"));
}

bool dt_normalize_date(int *year, int *month, int *day)
{
    if (*day >= 1 && (*day <= 28 || *day <= dt_days_in_month(*year, *month)))
        return true;
    int ordinal = dt_ymd_to_ord(*year, *month, 1) + *day - 1;
    if (ordinal < 1 || ordinal > MAXORDINAL) {
        PyErr_SetString(PyExc_OverflowError, "date value out of range");
        return false;
    }
    dt_ord_to_ymd(ordinal, year, month, day);
    return true;
}

bool dt_normalize(struct civil *c)
{
    c->second += dt_divmod(c->us, US_A_SECOND, &c->us);
    c->minute += dt_divmod(c->second, 60, &c->second);
    c->hour += dt_divmod(c->minute, 60, &c->minute);
    c->day += dt_divmod(c->hour, 24, &c->hour);
    return dt_normalize_date(&c->year, &c->month, &c->day);
}
