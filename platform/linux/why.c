// SPDX-License-Identifier: Apache-2.0
/* Sentences about what went wrong. */
#include "platform/linux/why.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum nm_err why_say(char why[NM_WHY], enum nm_err err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, NM_WHY, format, args);
	va_end(args);
	return err;
}

enum nm_err why_errno(char why[NM_WHY], const char *format, ...)
{
	const char *words = strerror(errno);
	va_list args;
	size_t len;

	va_start(args, format);
	vsnprintf(why, NM_WHY, format, args);
	va_end(args);
	len = strlen(why);
	snprintf(why + len, NM_WHY - len, ": %s", words);
	return NM_IO;
}
