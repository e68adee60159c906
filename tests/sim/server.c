// SPDX-License-Identifier: Apache-2.0
/*
 * Reading requests and answering them. It is written without any code of ours, so that both
 * would have to be wrong in the same way.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/sim/sim.h"
#include "tests/sim/server.h"

#define TEXT 2048

void server_complain(struct server *s, const char *format, ...)
{
	va_list args;

	s->complaints++;
	printf("    the server complains: ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

/* --- taking a request apart ---------------------------------------------------------- */

static int hex(char c)
{
	return c <= '9' ? c - '0' : (c & 15) + 9;
}

/* The parameter's value, decoded; "" when there is none. */
static const char *param(const struct server *s, const char *name, char value[TEXT])
{
	const char *end = strstr(s->head, " HTTP/1.1\r\n"), *at;
	char mark[100];
	size_t len = 0;

	for (unsigned i = 0; i < 2; i++) {
		snprintf(mark, sizeof(mark), "%c%s=", "?&"[i], name);
		at = strstr(s->head, mark);
		if (at && at < end)
			break;
	}
	value[0] = '\0';
	if (!at || at > end)
		return value;
	for (at += strlen(mark); at < end && *at != '&' && len < TEXT - 1; at++) {
		value[len++] = *at == '%' ? (char)(hex(at[1]) << 4 | hex(at[2])) : *at;
		at += *at == '%' ? 2 : 0;
	}
	value[len] = '\0';
	return value;
}

static const char *header(const struct server *s, const char *name, char value[TEXT])
{
	char mark[100];
	const char *at;

	snprintf(mark, sizeof(mark), "\r\n%s: ", name);
	at = strstr(s->head, mark);
	value[0] = '\0';
	if (at)
		sscanf(at + strlen(mark), "%2000[^\r]", value);
	return value;
}

static void expect_param(struct server *s, const char *name, const char *want)
{
	char value[TEXT];

	if (strcmp(param(s, name, value), want))
		server_complain(s, "%s is \"%s\", not \"%s\"", name, value, want);
}

/* --- answers --------------------------------------------------------------------------- */

static void say(struct server *s, const char *text)
{
	size_t len = strlen(text);

	if (!s->drip_ns)
		sim_say(text, len, 0);
	for (size_t i = 0; s->drip_ns && i < len; i++)
		sim_say(text + i, 1, (int64_t)(i + 1) * s->drip_ns);
	if (s->closes_after_answer)
		sim_close(0);
}

/* As ClickHouse 26.7 writes it: chunked, with the query's id. */
static void respond(struct server *s, unsigned status, unsigned code, const char *body)
{
	char id[TEXT], text[3 * TEXT], exception[80] = "", chunk[600] = "";

	if (!*param(s, "query_id", id))
		snprintf(id, sizeof(id), "6d7a2a7b-8a2c-4b9e-9d4f-2f6f0c1f9f11");
	if (code)
		snprintf(exception, sizeof(exception), "X-ClickHouse-Exception-Code: %u\r\n", code);
	if (*body)
		snprintf(chunk, sizeof(chunk), "%zx\r\n%s\r\n", strlen(body), body);
	snprintf(text, sizeof(text),
		 "HTTP/1.1 %u Words\r\nDate: Wed, 25 Nov 2026 00:00:00 GMT\r\n"
		 "Connection: %s\r\nTransfer-Encoding: chunked\r\n"
		 "X-ClickHouse-Query-Id: %s\r\n%sKeep-Alive: timeout=30\r\n\r\n%s0\r\n\r\n",
		 status, s->says_close ? "close" : "Keep-Alive", id, exception, chunk);
	say(s, text);
	s->deaf |= s->says_close;
}

static void refuse(struct server *s, unsigned status, unsigned code)
{
	char body[200];

	snprintf(body, sizeof(body), "Code: %u. DB::Exception: something is wrong.\n", code);
	respond(s, status, code, body);
}

static void refuse_as_proxy(struct server *s, unsigned status)
{
	char text[300];
	const char *body = "<html>nginx</html>";

	snprintf(text, sizeof(text), "HTTP/1.1 %u Words\r\nServer: nginx\r\n"
		 "%sContent-Length: %zu\r\n\r\n%s", status,
		 status == 413 || status == 411 ? "Connection: close\r\n" : "", strlen(body), body);
	say(s, text);
}

static void misbehave(struct server *s, const struct answer *a)
{
	char body[200];

	switch (a->how) {
	case ANSWER_CODE:
		refuse(s, a->status, a->code);
		break;
	case ANSWER_STATUS:
		refuse_as_proxy(s, a->status);
		break;
	case ANSWER_EXCEPTION_IN_200:
		snprintf(body, sizeof(body), "__exception__\r\nCode: %u. DB::Exception: late.",
			 a->code);
		respond(s, 200, 0, body);
		break;
	case ANSWER_RAW:
		say(s, a->text);
		sim_close(0);
		break;
	case ANSWER_LOST:
		sim_break();
		break;
	default:
		break;
	}
}

/* --- inserts ------------------------------------------------------------------------------- */

static void check_insert(struct server *s, const char *name)
{
	static const struct { const char *query, *schema; } kinds[] = {
		{ "INSERT INTO flows_in FORMAT Protobuf",  "netmeta:FlowMessage" },
		{ "INSERT INTO events_in FORMAT Protobuf", "netmeta:EventMessage" },
		{ "INSERT INTO ledger_in FORMAT Protobuf", "netmeta:LedgerMessage" },
	};
	const unsigned count = sizeof(kinds) / sizeof(kinds[0]);
	char query[TEXT];
	unsigned kind = 0;

	param(s, "query", query);
	while (kind < count && strcmp(query, kinds[kind].query))
		kind++;
	if (kind == count)
		server_complain(s, "the query is \"%s\"", query);
	else
		expect_param(s, "format_schema", kinds[kind].schema);
	expect_param(s, "database", "netmeta");
	expect_param(s, "insert_deduplication_token", name);
	expect_param(s, "deduplicate_blocks_in_dependent_materialized_views", "1");
	expect_param(s, "async_insert", "0");
	expect_param(s, "wait_end_of_query", "1");
	if (!*name || !s->body_len)
		server_complain(s, "an insert without a name or a body");
}

static struct answer next_answer(struct server *s)
{
	struct answer a = s->nexts ? s->next[0] : s->always;

	if (s->nexts)
		memmove(s->next, s->next + 1, --s->nexts * sizeof(s->next[0]));
	return a;
}

static void insert(struct server *s)
{
	char name[TEXT];
	struct answer a = next_answer(s);
	struct server_batch *b;

	s->inserts++;
	if (!strcmp(header(s, "Content-Encoding", name), "lz4"))
		server_unpack(s);
	param(s, "query_id", name);
	check_insert(s, name);
	b = server_recognise(s, name);
	if (s->lacks_tables) {
		refuse(s, 404, 60);
	} else if (server_read(s, false) == UINT64_MAX) {
		server_complain(s, "%s is not made of records", name);
		refuse(s, 500, 33);
	} else if (!server_can_read(s)) {
		refuse(s, 500, 33);
	} else if (a.how == ANSWER_CODE || a.how == ANSWER_STATUS ||
		   a.how == ANSWER_EXCEPTION_IN_200 || a.how == ANSWER_RAW) {
		misbehave(s, &a);
	} else {
		server_store(s, b);
		if (a.how == ANSWER_GOOD)
			respond(s, 200, 0, "");
		else
			misbehave(s, &a);
	}
}

/* --- questions ---------------------------------------------------------------------- */

static void question(struct server *s)
{
	char query[TEXT], name[TEXT] = "", text[64];
	unsigned whole = 0, all = 0;

	s->questions++;
	param(s, "query", query);
	if (sscanf(query, "SELECT countIf(Batch = '%2000[^']'), count() FROM batches WHERE ",
		   name) != 1)
		server_complain(s, "the question is \"%s\"", query);
	if (s->forbids_questions) {
		refuse(s, 500, 497);
		return;
	}
	server_find(s, name, &whole, &all);
	snprintf(text, sizeof(text), "%u\t%u\n", whole, all);
	respond(s, 200, 0, text);
}

/* --- connections -------------------------------------------------------------------- */

static bool is_logged_in(struct server *s)
{
	char user[TEXT], password[TEXT];

	header(s, "X-ClickHouse-User", user);
	header(s, "X-ClickHouse-Key", password);
	return !strcmp(user, s->user) && !strcmp(password, s->password);
}

static void process(struct server *s)
{
	char host[TEXT];

	if (strcmp(header(s, "Host", host), "clickhouse.example:8443"))
		server_complain(s, "Host is \"%s\"", host);
	if (!is_logged_in(s)) {
		s->refused_logins++;
		refuse(s, 403, 516);
	} else if (!strncmp(s->head, "POST /?", 7)) {
		insert(s);
	} else if (!strncmp(s->head, "GET /?", 6)) {
		question(s);
	} else {
		server_complain(s, "a request that is neither: %.60s", s->head);
	}
	s->head_len = s->body_len = s->body_wants = 0;
	s->in_body = false;
}

static void head_byte(struct server *s, char byte)
{
	char length[TEXT];

	if (s->head_len == sizeof(s->head) - 1) {
		server_complain(s, "an endless head");
		s->head_len = 0;
	}
	s->head[s->head_len++] = byte;
	s->head[s->head_len] = '\0';
	if (s->head_len < 4 || strcmp(s->head + s->head_len - 4, "\r\n\r\n"))
		return;
	if (s->wants_length && *header(s, "Transfer-Encoding", length)) {
		if (strcmp(header(s, "Content-Encoding", length), "lz4"))
			server_complain(s, "a body in chunks for no reason");
		refuse_as_proxy(s, 411);
		s->deaf = s->in_body = true;
		return;
	}
	s->in_body = true;
	s->in_chunks = s->in_size = !strcmp(header(s, "Transfer-Encoding", length), "chunked");
	s->chunk = 0;
	if (!*header(s, "Content-Length", length) && !s->in_chunks)
		server_complain(s, "a request without a length");
	s->body_wants = (size_t)strtoull(length, NULL, 10);
	if (s->largest && s->body_wants > s->largest) {
		s->too_large++;		/* as nginx: at once, and hears nothing any more */
		refuse_as_proxy(s, 413);
		s->deaf = true;
	} else if (s->is_hasty) {
		respond(s, 200, 0, "");
		s->deaf = true;
	}
}

void server_received(void *ctx, const uint8_t *bytes, size_t len)
{
	struct server *s = ctx;

	while (len && !s->deaf) {
		if (!s->in_body) {
			head_byte(s, (char)*bytes++);
			len--;
		} else if (s->in_chunks) {
			s->in_chunks = !server_chunk_byte(s, *bytes++);
			s->body_wants = s->body_len;
			len--;
		} else {
			size_t wants = s->body_wants - s->body_len;
			size_t some = len < wants ? len : wants;

			memcpy(s->body + s->body_len, bytes, some);
			s->body_len += some;
			bytes += some;
			len -= some;
		}
		if (s->in_body && !s->in_chunks && s->body_len == s->body_wants && !s->deaf)
			process(s);
	}
}

void server_accepted(void *ctx)
{
	struct server *s = ctx;

	s->connections++;
}

/* What had come of a request is nothing. */
void server_left(void *ctx)
{
	struct server *s = ctx;

	s->head_len = s->body_len = 0;
	s->in_body = s->deaf = false;
}

void server_start(struct server *s)
{
	memset(s, 0, sizeof(*s));
	strcpy(s->user, "agent");
	strcpy(s->password, "secret");
	s->unreadable = -1;
	s->remembers_ns = 3600 * NM_NS_PER_S;
}
