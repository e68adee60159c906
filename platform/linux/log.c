// SPDX-License-Identifier: Apache-2.0
/*
 * Log lines: "level subject: words" to stderr, whole lines in one system call. A
 * service manager stamps them itself, so the time is put in front only when a
 * person reads along at a terminal. What devices and servers say ends up in these
 * lines, so control characters are shown as \xNN and cannot forge a line or move a
 * cursor. The threshold is the C library's own log mask: it belongs to the process.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <syslog.h>
#include <unistd.h>

#include "core/out.h"
#include "platform/platform.h"

#define LINE_MAX_BYTES 1024

static const struct { int priority; const char *word; } levels[] = {
	[CONF_LOG_ERROR] = { LOG_ERR,     "error " },
	[CONF_LOG_WARN]  = { LOG_WARNING, "warn " },
	[CONF_LOG_INFO]  = { LOG_INFO,    "info " },
	[CONF_LOG_DEBUG] = { LOG_DEBUG,   "debug " },
};

void log_level(enum conf_log level)
{
	setlogmask(LOG_UPTO(levels[level].priority));
}

static void put_visible(struct out *out, const char *text)
{
	static const char digits[] = "0123456789abcdef";

	for (; *text; text++) {
		uint8_t c = (uint8_t)*text;
		char shown[4] = { '\\', 'x', digits[c >> 4], digits[c & 15] };

		if (c < 0x20 || c == 0x7f)
			out_bytes(out, shown, sizeof(shown));
		else
			out_byte(out, c);
	}
}

static struct iovec stamp(char text[NM_TIME_TEXT])
{
	size_t seconds = sizeof("2026-11-25T01:35:34") - 1;

	if (!isatty(STDERR_FILENO))
		return (struct iovec){ text, 0 };
	time_text(clock_now(), text);
	memcpy(text + seconds, "Z ", 2);
	return (struct iovec){ text, seconds + 2 };
}

void log_line(enum conf_log level, const char *format, ...)
{
	char words[LINE_MAX_BYTES], shown[LINE_MAX_BYTES], time[NM_TIME_TEXT];
	struct out out = out_of(shown, sizeof(shown));
	struct iovec parts[3];
	va_list args;

	if (!(setlogmask(0) & LOG_MASK(levels[level].priority)))
		return;
	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	put_visible(&out, words);

	parts[0] = stamp(time);
	parts[1] = (struct iovec){ (char *)levels[level].word, strlen(levels[level].word) };
	parts[2] = (struct iovec){ shown, out_len(&out) };
	if (parts[2].iov_len == sizeof(shown))
		parts[2].iov_len--;
	shown[parts[2].iov_len++] = '\n';
	/* Nobody is left to be told when even stderr fails. */
	if (writev(STDERR_FILENO, parts, 3) < 0)
		return;
}
