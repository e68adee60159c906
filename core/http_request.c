// SPDX-License-Identifier: Apache-2.0
/* The head of a request (RFC 9112 3, RFC 3986 2). */
#include <inttypes.h>

#include "core/http.h"

static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("-._~", c));
}

static void percent_encoded(struct out *o, const char *text)
{
	static const char hex[] = "0123456789ABCDEF";

	for (; *text; text++) {
		uint8_t c = (uint8_t)*text;

		if (is_unreserved(*text)) {
			out_byte(o, c);
			continue;
		}
		out_byte(o, '%');
		out_byte(o, (uint8_t)hex[c >> 4]);
		out_byte(o, (uint8_t)hex[c & 15]);
	}
}

void http_line(struct out *o, const char *method, const char *path,
	       const struct http_param *params, unsigned n)
{
	out_text(o, method);
	out_byte(o, ' ');
	out_text(o, path);
	for (unsigned i = 0; i < n; i++) {
		out_byte(o, i ? '&' : '?');
		percent_encoded(o, params[i].name);
		out_byte(o, '=');
		percent_encoded(o, params[i].value);
	}
	out_text(o, " HTTP/1.1\r\n");
}

void http_header(struct out *o, const char *name, const char *value)
{
	out_text(o, name);
	out_text(o, ": ");
	out_text(o, value);
	out_text(o, "\r\n");
}

void http_end(struct out *o, uint64_t content_length)
{
	out_format(o, "Content-Length: %" PRIu64 "\r\n\r\n", content_length);
}

void http_end_chunked(struct out *o)
{
	out_text(o, "Transfer-Encoding: chunked\r\n\r\n");
}

bool http_is_value(const char *text)
{
	for (; *text; text++)
		if ((uint8_t)*text < 0x20 || *text == 0x7f)
			return false;
	return true;
}
