/* SPDX-License-Identifier: Apache-2.0 */
/* errno becomes words here, once, at the edge: "what name: No such file or directory". */
#ifndef NM_LINUX_WHY_H
#define NM_LINUX_WHY_H

#include "platform/platform.h"

/* Write the sentence of printf's words into `why`; returns err, so that one line can fail. */
enum nm_err why_say(char why[NM_WHY], enum nm_err err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same with ": " and the words of errno behind it; returns NM_IO. */
enum nm_err why_errno(char why[NM_WHY], const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
