// SPDX-License-Identifier: Apache-2.0
/*
 * HTTP answers as servers, proxies and enemies write them (RFC 9112), whole and in pieces of
 * every size, and the head of a request. Wanted values are read off the texts by hand.
 */
#include "core/http.h"
#include "tests/guard.h"
#include "tests/test.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What becomes of one answer: `rest` bytes behind it are left, -1 for NM_PROTOCOL. */
struct sample {
	const char *text;
	unsigned status;
	int keep, rest;
	const char *body;		/* the beginning that is kept */
};

static const struct sample good[] = {
	{ "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, 1, 0, "hello" },
	{ "HTTP/1.1 200 OK\r\ncontent-LENGTH:5\r\n\r\nhello", 200, 1, 0, "hello" },
	{ "HTTP/1.1 200 OK\r\nContent-Length:  \t5  \r\n\r\nhello", 200, 1, 0, "hello" },
	{ "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", 200, 1, 0, "hello" },
	{ "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200, 1, 0, "" },
	{ "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", 200, 1, 0, "ok" },
	{ "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1", 200, 1, 8, "ok" },
	{ "HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n", 200, 0, 0, "" },
	{ "HTTP/1.1 200 OK\r\nConnection: x, close\r\nContent-Length: 0\r\n\r\n", 200, 0, 0, "" },
	{ "HTTP/1.1 200 OK\r\nConnection: closet\r\nContent-Length: 0\r\n\r\n", 200, 1, 0, "" },
	{ "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", 200, 0, 0, "" },
	{ "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", 200, 1, 0, "" },
	{ "HTTP/1.1 204 No Content\r\n\r\n", 204, 1, 0, "" },
	{ "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 304, 1, 0, "" },
	{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	  "5\r\nhello\r\n6;name=value\r\n world\r\n0\r\n\r\n", 200, 1, 0, "hello world" },
	{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\nA\r\n0123456789\r\n0\r\n"
	  "Trailer: yes\r\nContent-Length: 99\r\n\r\n", 200, 1, 0, "0123456789" },
	{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n"
	  "1\r\nx\r\n0\r\n\r\n", 200, 0, 0, "x" },
	{ "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"
	  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, 1, 0, "ok" },
	{ "HTTP/1.1 599 \r\nContent-Length: 0\r\n\r\n", 599, 1, 0, "" },
};

static const char *const bad[] = {
	"SSH-2.0-OpenSSH_9.2p1\r\n",
	"<html>\r\n",
	"\r\nHTTP/1.1 200 OK\r\n",
	"http/1.1 200 OK\r\n",
	"HTTP/2.0 200 OK\r\n",
	"HTTP/1.1200 OK\r\n",
	"HTTP/1.1  200 OK\r\n",
	"HTTP/1.1 20 OK\r\n",
	"HTTP/1.1 2000 OK\r\n",
	"HTTP/1.1 099 OK\r\n",
	"HTTP/1.1 600 OK\r\n",
	"HTTP/1.1 -20 OK\r\n",
	"HTTP/1.1 101 Switching Protocols\r\n\r\n",
	"HTTP/1.1 200 OK\r\nno colon\r\n",
	"HTTP/1.1 200 OK\r\n: no name\r\n",
	"HTTP/1.1 200 OK\r\nContent-Length : 5\r\n",
	"HTTP/1.1 200 OK\r\nX-Long: a\r\n continued\r\n",
	"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n",
	"HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n",
	"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n",
	"HTTP/1.1 200 OK\r\nContent-Length: +5\r\n",
	"HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n",
	"HTTP/1.1 200 OK\r\nContent-Length: \r\n",
	"HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n",
	"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5g\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello0\r\n",
};

/* Feed it in pieces of `size` bytes, each at the end of readable memory. */
static enum nm_err feed(struct http_answer *a, const char *text, size_t len, size_t size, int *rest)
{
	enum nm_err err = NM_OK;
	size_t at = 0;

	http_answer_start(a);
	*rest = 0;
	while (!err && at < len && a->stage != HTTP_DONE) {
		size_t some = len - at < size ? len - at : size;
		struct buf in = buf_of(guarded(text + at, some), some);

		err = http_answer_feed(a, &in);
		at += some - buf_left(&in);
	}
	*rest = (int)(len - at);
	return err;
}

static void good_answers(void)
{
	for (size_t i = 0; i < COUNT(good); i++) {
		const struct sample *s = &good[i];
		size_t len = strlen(s->text), body = strlen(s->body);

		for (size_t size = 1; size <= len; size++) {
			struct http_answer a;
			int rest;

			if (!check(feed(&a, s->text, len, size, &rest) == NM_OK) ||
			    !check(a.stage == HTTP_DONE) || !check(a.status == s->status) ||
			    !check(a.keep == s->keep) || !check(rest == s->rest) ||
			    !check(a.kept == body && a.body_bytes == body) ||
			    !check(!memcmp(a.body, s->body, body))) {
				printf("  in pieces of %zu: %s\n", size, s->text);
				return;
			}
		}
	}
}

static void cut_answers(void)
{
	for (size_t i = 0; i < COUNT(good); i++) {
		size_t len = strlen(good[i].text) - (size_t)good[i].rest;

		for (size_t cut = 0; cut < len; cut++) {
			struct http_answer a;
			int rest;

			check(feed(&a, good[i].text, cut, 7, &rest) == NM_OK);
			if (!check(a.stage != HTTP_DONE) ||
			    !check(http_answer_ends(&a) == NM_CLOSED))
				printf("  cut after %zu: %s\n", cut, good[i].text);
		}
	}
}

static void bad_answers(void)
{
	for (size_t i = 0; i < COUNT(bad); i++) {
		size_t len = strlen(bad[i]);

		for (size_t size = 1; size <= len; size++) {
			struct http_answer a;
			int rest;

			if (!check(feed(&a, bad[i], len, size, &rest) == NM_PROTOCOL)) {
				printf("  in pieces of %zu: %s\n", size, bad[i]);
				break;
			}
		}
	}
}

static void a_zero_in_a_line(void)
{
	static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\0 6\r\n\r\nhello";
	struct http_answer a;
	int rest;

	check(feed(&a, text, sizeof(text) - 1, 9, &rest) == NM_PROTOCOL);
}

static void until_closed(void)
{
	static const char text[] = "HTTP/1.1 500 Oops\r\n\r\nCode: 241.";
	struct http_answer a;
	int rest;

	check(feed(&a, text, sizeof(text) - 1, 3, &rest) == NM_OK);
	check(a.stage != HTTP_DONE);
	check(http_answer_ends(&a) == NM_OK);
	check(a.stage == HTTP_DONE && !a.keep && a.status == 500);
	check(a.kept == 10 && !memcmp(a.body, "Code: 241.", 10));
}

static void notes(void)
{
	static const char text[] =
		"HTTP/1.1 200 OK\r\nX-ClickHouse-Query-Id: r1-00-0-flows-17\r\n"
		"x-clickhouse-query-id: another\r\nTransfer-Encoding: chunked\r\n\r\n"
		"0\r\nX-ClickHouse-Exception-Code: 241\r\n\r\n";
	struct http_answer a;
	int rest;

	check(feed(&a, text, sizeof(text) - 1, 11, &rest) == NM_OK && a.stage == HTTP_DONE);
	check(!strcmp(a.note[HTTP_QUERY_ID], "r1-00-0-flows-17"));
	check(!strcmp(a.note[HTTP_EXCEPTION_CODE], "241"));
}

/* As much of `what` as anybody could send, behind `head`. */
static enum nm_err flood(struct http_answer *a, const char *head, const char *what)
{
	struct buf in = buf_of(head, strlen(head));
	enum nm_err err;

	http_answer_start(a);
	err = http_answer_feed(a, &in);
	for (unsigned i = 0; !err && i < 10000000 && a->stage != HTTP_DONE; i++) {
		in = buf_of(what, strlen(what));
		err = http_answer_feed(a, &in);
	}
	return err;
}

static void floods(void)
{
	static const char chunks[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
	struct http_answer a;

	check(flood(&a, "HTTP/1.1 200 ", "long") == NM_PROTOCOL);
	check(flood(&a, "HTTP/1.1 200 OK\r\n", "X: y\r\n") == NM_PROTOCOL);
	check(flood(&a, "HTTP/1.1 200 OK\r\nX: ", "yyyy") == NM_PROTOCOL);
	check(flood(&a, "", "HTTP/1.1 100 Continue\r\n\r\n") == NM_PROTOCOL);
	check(flood(&a, "HTTP/1.1 200 OK\r\n\r\n", "body") == NM_PROTOCOL);
	check(flood(&a, chunks, "1\r\nx\r\n") == NM_PROTOCOL);
	check(flood(&a, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "T: x\r\n") ==
	      NM_PROTOCOL);
}

static void long_header(void)
{
	char text[4096] = "HTTP/1.1 200 OK\r\nX-ClickHouse-Summary: ";
	struct http_answer a;
	int rest;

	memset(text + strlen(text), 'x', 3000);
	strcat(text, "\r\nContent-Length: 2\r\n\r\nok");
	check(feed(&a, text, strlen(text), 100, &rest) == NM_OK && a.stage == HTTP_DONE);
}

static void long_body(void)
{
	static char text[70000] = "HTTP/1.1 500 Oops\r\nContent-Length: 66000\r\n\r\n";
	size_t head = strlen(text);
	struct http_answer a;
	int rest;

	memset(text + head, 'x', 66000);
	check(feed(&a, text, head + 66000, 1400, &rest) == NM_OK && a.stage == HTTP_DONE);
	check(a.body_bytes == 66000 && a.kept == HTTP_BODY);
}

/* Pieces of answers in a random order: nothing but bounds are promised. */
static void random_answers(void)
{
	uint32_t chance = 1;

	for (unsigned n = 0; n < 20000; n++) {
		struct http_answer a;
		char text[600];
		size_t len = 0;
		int rest;

		while (len < 400) {
			const char *from;
			size_t at, some;

			chance = chance * 1664525 + 1013904223;
			from = chance >> 31 ? good[(chance >> 8) % COUNT(good)].text :
					      bad[(chance >> 8) % COUNT(bad)];
			at = (chance >> 16) % strlen(from);
			some = strnlen(from + at, 1 + (chance >> 4) % 60);
			memcpy(text + len, from + at, some);
			len += some;
		}
		(void)!feed(&a, text, len, 1 + (chance >> 12) % 50, &rest);
		if (!check(a.kept <= HTTP_BODY && a.line_len < HTTP_LINE))
			return;
	}
}

static void request_head(void)
{
	static const struct http_param params[] = {
		{ "query", "INSERT INTO t FORMAT Protobuf" }, { "a/b", "1&2=3%'\xc3\xa9~-._" },
	};
	static const char want[] =
		"POST /ch/?query=INSERT%20INTO%20t%20FORMAT%20Protobuf"
		"&a%2Fb=1%262%3D3%25%27%C3%A9~-._ HTTP/1.1\r\nHost: example\r\n"
		"Content-Length: 18446744073709551615\r\n\r\n";
	char text[300];
	struct out o = out_of(text, sizeof(text));

	http_line(&o, "POST", "/ch/", params, 2);
	http_header(&o, "Host", "example");
	http_end(&o, UINT64_MAX);
	check(!o.full && out_len(&o) == sizeof(want) - 1);
	check(!memcmp(text, want, sizeof(want) - 1));
}

static void header_values(void)
{
	check(http_is_value("pa ss:wörd") && http_is_value(""));
	check(!http_is_value("a\r\nX-Evil: 1") && !http_is_value("a\n") && !http_is_value("\x7f"));
}

TESTS({ "good answers are read in pieces of every size", good_answers },
      { "an answer that is cut off anywhere never counts", cut_answers },
      { "what is not HTTP, or ambiguous, is refused", bad_answers },
      { "a zero in a line is refused", a_zero_in_a_line },
      { "without a length the end of the connection ends the body", until_closed },
      { "noted headers come from the head and from trailers, the first counts", notes },
      { "floods are refused", floods },
      { "a long header that nobody reads does no harm", long_header },
      { "of a long body the beginning is kept", long_body },
      { "shuffled answers keep the bounds", random_answers },
      { "a request's line is percent-encoded", request_head },
      { "a header's value cannot bring a header of its own", header_values })
