// SPDX-License-Identifier: Apache-2.0
/*
 * Time as text. The calendar is computed here, because core/ asks no C library for the time and
 * a date of a router's log must not depend on its time zone.
 */
#include "core/when.h"

#include <stdio.h>

#define S_PER_DAY      86400
#define DAYS_PER_ERA   146097		/* 400 years of the Gregorian calendar */
#define DAYS_TO_1970   719468		/* from 0000-03-01, where the count begins */

struct date { int year; unsigned month, day; };

/*
 * The date so many days after 1970-01-01. Years begin in March, so that the leap day is the last
 * of its year and month lengths follow (153 * month + 2) / 5.
 */
static struct date date_of_days(int64_t days)
{
	int64_t since = days + DAYS_TO_1970;
	int64_t era = (since >= 0 ? since : since - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
	unsigned day = (unsigned)(since - era * DAYS_PER_ERA);
	unsigned year = (day - day / 1460 + day / 36524 - day / (DAYS_PER_ERA - 1)) / 365;
	unsigned of_year = day - (365 * year + year / 4 - year / 100);
	unsigned month = (5 * of_year + 2) / 153;
	struct date d = { .year = (int)(era * 400 + year) };

	d.day = of_year - (153 * month + 2) / 5 + 1;
	d.month = month < 10 ? month + 3 : month - 9;
	d.year += d.month <= 2;
	return d;
}

char *time_text(nm_time t, char text[NM_TIME_TEXT])
{
	int64_t s = t.ns / NM_NS_PER_S, ns = t.ns % NM_NS_PER_S, days;
	unsigned of_day;
	struct date d;

	if (ns < 0) {
		ns += NM_NS_PER_S;
		s--;
	}
	days = s / S_PER_DAY - (s % S_PER_DAY < 0);
	of_day = (unsigned)(s - days * S_PER_DAY);
	d = date_of_days(days);
	snprintf(text, NM_TIME_TEXT, "%04u-%02u-%02uT%02u:%02u:%02u.%09uZ",
		 (unsigned)d.year % 10000, d.month % 100, d.day % 100,
		 of_day / 3600 % 100, of_day / 60 % 60, of_day % 60, (unsigned)ns % 1000000000);
	return text;
}
