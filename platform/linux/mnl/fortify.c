// SPDX-License-Identifier: Apache-2.0
/*
 * Debian compiles its libmnl for glibc, with checks of formats. Other C libraries lack the one
 * function that these call; it prints as fprintf does.
 */
#include <stdarg.h>
#include <stdio.h>

#ifndef __GLIBC__
int __fprintf_chk(FILE *to, int flag, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

int __fprintf_chk(FILE *to, int flag, const char *format, ...)
{
	va_list args;
	int len;

	(void)flag;
	va_start(args, format);
	len = vfprintf(to, format, args);
	va_end(args);
	return len;
}
#endif
