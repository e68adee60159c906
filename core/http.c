// SPDX-License-Identifier: Apache-2.0
/*
 * An answer, byte by byte. A stage either collects a line and has a function for it,
 * or takes bytes of the body. Framing that two readers could see differently
 * (lengths that contradict each other, unknown codings) is refused, because a
 * misread answer may acknowledge a batch.
 */
#include <string.h>

#include "core/http.h"

/* --- words in headers -------------------------------------------------------------- */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Is `text` this word? Case does not count; `word` is in lower case. */
static bool is_word(const char *text, size_t len, const char *word)
{
	if (len != strlen(word))
		return false;
	for (size_t i = 0; i < len; i++)
		if (lower(text[i]) != word[i])
			return false;
	return true;
}

static bool lists(const char *value, const char *word)
{
	while (*value) {
		size_t len;

		value += strspn(value, ", \t");
		len = strcspn(value, ", \t");
		if (is_word(value, len, word))
			return true;
		value += len;
	}
	return false;
}

/* Digits only, and not so many that it could overflow. */
static bool read_number(const char *text, unsigned base, uint64_t *value)
{
	size_t len = strlen(text);

	*value = 0;
	if (!len || len > 15)
		return false;
	for (; *text; text++) {
		char c = lower(*text);
		unsigned digit = c >= '0' && c <= '9' ? (unsigned)(c - '0') :
				 c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : base;

		if (digit >= base)
			return false;
		*value = *value * base + digit;
	}
	return true;
}

/* --- headers we act on --------------------------------------------------------------- */

static enum nm_err content_length(struct http_answer *a, const char *value)
{
	uint64_t length;

	if (!read_number(value, 10, &length) || length > HTTP_BODY_MAX)
		return NM_PROTOCOL;
	if (a->sized && a->left != length)
		return NM_PROTOCOL;
	a->sized = true;
	a->left = length;
	return NM_OK;
}

static enum nm_err transfer_encoding(struct http_answer *a, const char *value)
{
	if (a->chunked || !is_word(value, strlen(value), "chunked"))
		return NM_PROTOCOL;
	a->chunked = true;
	return NM_OK;
}

static enum nm_err connection(struct http_answer *a, const char *value)
{
	if (lists(value, "close"))
		a->keep = false;
	else if (lists(value, "keep-alive"))
		a->keep = true;
	return NM_OK;
}

static enum nm_err note(struct http_answer *a, enum http_note which, const char *value)
{
	size_t len = strlen(value);

	if (len >= HTTP_NOTE)
		return NM_PROTOCOL;
	if (!a->note[which][0])
		memcpy(a->note[which], value, len + 1);
	return NM_OK;
}

static enum nm_err exception_code(struct http_answer *a, const char *value)
{
	return note(a, HTTP_EXCEPTION_CODE, value);
}

static enum nm_err query_id(struct http_answer *a, const char *value)
{
	return note(a, HTTP_QUERY_ID, value);
}

static const struct {
	const char *name;
	enum nm_err (*take)(struct http_answer *a, const char *value);
	bool framing;			/* means nothing in a trailer (RFC 9110 6.5.1) */
} headers[] = {
	{ "content-length",              content_length,    true },
	{ "transfer-encoding",           transfer_encoding, true },
	{ "connection",                  connection,        true },
	{ "x-clickhouse-exception-code", exception_code,    false },
	{ "x-clickhouse-query-id",       query_id,          false },
};

/* --- lines ----------------------------------------------------------------------------- */

/* "HTTP/1.1 200 OK" */
static enum nm_err status_line(struct http_answer *a)
{
	const char *l = a->line;
	char number[4] = { 0 };
	uint64_t status;

	if (strncmp(l, "HTTP/1.", 7) || l[7] < '0' || l[7] > '9' || l[8] != ' ')
		return NM_PROTOCOL;
	memcpy(number, l + 9, strnlen(l + 9, 3));
	if (!read_number(number, 10, &status) || status < 100 || status > 599 ||
	    (l[12] && l[12] != ' '))
		return NM_PROTOCOL;
	a->status = (unsigned)status;
	a->keep = l[7] > '0';
	a->stage = HTTP_HEADERS;
	return NM_OK;
}

static enum nm_err header(struct http_answer *a, bool trailer)
{
	char *colon = strchr(a->line, ':'), *value;
	size_t name_len = strcspn(a->line, ": \t");

	/* A line that begins with a blank would continue the one before: RFC 9112 5.2 */
	if (!colon || colon != a->line + name_len || !name_len)
		return NM_PROTOCOL;
	value = colon + 1 + strspn(colon + 1, " \t");
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		if (is_word(a->line, name_len, headers[i].name))
			return trailer && headers[i].framing ? NM_OK : headers[i].take(a, value);
	return NM_OK;
}

static enum nm_err head_is_over(struct http_answer *a)
{
	if (a->status == 101)		/* to a protocol that nobody asked for */
		return NM_PROTOCOL;
	if (a->status < 200) {		/* the answer comes after this one */
		uint32_t so_far = a->head_bytes;

		http_answer_start(a);
		a->head_bytes = so_far;
	} else if (a->status == 204 || a->status == 304) {
		a->stage = HTTP_DONE;
	} else if (a->chunked) {
		a->keep = a->keep && !a->sized;
		a->stage = HTTP_CHUNK;
	} else if (a->sized) {
		a->stage = a->left ? HTTP_SIZED : HTTP_DONE;
	} else {
		a->keep = false;
		a->stage = HTTP_TO_THE_END;
	}
	return NM_OK;
}

static enum nm_err header_line(struct http_answer *a)
{
	return a->line[0] ? header(a, false) : head_is_over(a);
}

/* "1a4;extension=..." */
static enum nm_err chunk_line(struct http_answer *a)
{
	a->line[strcspn(a->line, "; \t")] = '\0';
	if (!read_number(a->line, 16, &a->left) || a->left > HTTP_BODY_MAX)
		return NM_PROTOCOL;
	a->stage = a->left ? HTTP_CHUNK_DATA : HTTP_TRAILERS;
	return NM_OK;
}

static enum nm_err chunk_end_line(struct http_answer *a)
{
	a->stage = HTTP_CHUNK;
	return a->line[0] ? NM_PROTOCOL : NM_OK;
}

static enum nm_err trailer_line(struct http_answer *a)
{
	if (a->line[0])
		return header(a, true);
	a->stage = HTTP_DONE;
	return NM_OK;
}

/*
 * Collect up to the line's end: "\r\n", or "\n" alone (RFC 9112 2.2). True when the
 * line is whole, without its end and blanks before it. What does not fit is left out.
 */
static bool collect_line(struct http_answer *a, struct buf *in)
{
	const uint8_t *end = memchr(in->p, '\n', buf_left(in));
	size_t len = (size_t)((end ? end : in->end) - in->p);
	size_t room = sizeof(a->line) - 1 - a->line_len, some = len < room ? len : room;

	memcpy(a->line + a->line_len, in->p, some);
	a->line_len += some;
	len += !!end;
	buf_skip(in, len);
	a->head_bytes = len > HTTP_HEAD ? HTTP_HEAD + 1 : a->head_bytes + (uint32_t)len;
	if (!end)
		return false;
	while (a->line_len && memchr("\r\t ", a->line[a->line_len - 1], 3))
		a->line_len--;
	a->line[a->line_len] = '\0';
	return true;
}

static enum nm_err take_line(struct http_answer *a, struct buf *in)
{
	static enum nm_err (*const take[])(struct http_answer *) = {
		[HTTP_STATUS] = status_line, [HTTP_HEADERS] = header_line,
		[HTTP_CHUNK] = chunk_line, [HTTP_CHUNK_END] = chunk_end_line,
		[HTTP_TRAILERS] = trailer_line,
	};
	bool whole = collect_line(a, in);
	size_t len = a->line_len;

	if (a->head_bytes > HTTP_HEAD)
		return NM_PROTOCOL;
	if (!whole)
		return NM_OK;
	a->line_len = 0;
	return strlen(a->line) == len ? take[a->stage](a) : NM_PROTOCOL;
}

/* --- body -------------------------------------------------------------------------------- */

static enum nm_err take_body(struct http_answer *a, struct buf *in)
{
	bool endless = a->stage == HTTP_TO_THE_END;
	size_t len = buf_left(in), room = sizeof(a->body) - a->kept;

	if (!endless && len > a->left)
		len = (size_t)a->left;
	memcpy(a->body + a->kept, in->p, len < room ? len : room);
	a->kept += len < room ? len : room;
	a->body_bytes += len;
	buf_skip(in, len);
	if (a->body_bytes > HTTP_BODY_MAX)
		return NM_PROTOCOL;
	if (endless)
		return NM_OK;
	a->left -= len;
	if (!a->left)
		a->stage = a->stage == HTTP_SIZED ? HTTP_DONE : HTTP_CHUNK_END;
	return NM_OK;
}

void http_answer_start(struct http_answer *a)
{
	memset(a, 0, sizeof(*a));
}

enum nm_err http_answer_feed(struct http_answer *a, struct buf *in)
{
	enum nm_err err = NM_OK;

	while (!err && a->stage != HTTP_DONE && buf_left(in)) {
		if (a->stage == HTTP_SIZED || a->stage == HTTP_TO_THE_END ||
		    a->stage == HTTP_CHUNK_DATA)
			err = take_body(a, in);
		else
			err = take_line(a, in);
	}
	return err;
}

enum nm_err http_answer_ends(struct http_answer *a)
{
	if (a->stage == HTTP_TO_THE_END)
		a->stage = HTTP_DONE;
	a->keep = false;
	return a->stage == HTTP_DONE ? NM_OK : NM_CLOSED;
}
