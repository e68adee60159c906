// SPDX-License-Identifier: Apache-2.0
/*
 * Requests and verdicts for ClickHouse (verdict.def has the numbers).
 *
 * A batch counts as stored only after a 200 with our own query id in it, no
 * exception anywhere and no body: a captive portal or a misdirected proxy says 200
 * too, and an exception after the headers were sent stands in the body.
 */
#include <inttypes.h>

#include "core/clickhouse.h"

#define QUERY 512

/* The message of each stream, as format_schema wants it. */
#define STREAM(name, word, message, quota) "netmeta:" #message,
static const char *const schemas[STREAM_COUNT] = {
#include "core/stream.def"
};
#undef STREAM

/* --- requests ------------------------------------------------------------------- */

static void login(struct out *o, const struct clickhouse *to)
{
	http_header(o, "Host", to->host);
	http_header(o, "User-Agent", "netmeta");
	if (to->user[0])
		http_header(o, "X-ClickHouse-User", to->user);
	if (to->password[0])
		http_header(o, "X-ClickHouse-Key", to->password);
}

static enum nm_err written(const struct out *o, const struct clickhouse *to)
{
	if (!http_is_value(to->user) || !http_is_value(to->password))
		return NM_RANGE;
	return o->full ? NM_FULL : NM_OK;
}

enum nm_err clickhouse_insert(struct out *o, const struct clickhouse *to, enum stream stream,
			      const char *identity, struct clickhouse_body body)
{
	char query[QUERY];
	const struct http_param params[] = {
		{ "database", to->database },
		{ "query", query },
		{ "format_schema", schemas[stream] },
		{ "query_id", identity },
		{ "insert_deduplication_token", identity },
		{ "deduplicate_blocks_in_dependent_materialized_views", "1" },
		{ "async_insert", "0" },
		{ "wait_end_of_query", "1" },
	};
	struct out q = out_of(query, sizeof(query));

	out_format(&q, "INSERT INTO %s_in FORMAT Protobuf", stream_word(stream));
	out_end(&q);
	http_line(o, "POST", to->path, params, sizeof(params) / sizeof(params[0]));
	login(o, to);
	http_header(o, "Content-Type", "application/octet-stream");
	if (body.compression) {
		http_header(o, "Content-Encoding", body.compression);
		http_end_chunked(o);
	} else {
		http_end(o, body.bytes);
	}
	return written(o, to);
}

/* A string literal of ClickHouse's SQL. */
static void literal(struct out *o, const char *text)
{
	out_byte(o, '\'');
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			out_byte(o, '\\');
		out_byte(o, (uint8_t)*text);
	}
	out_byte(o, '\'');
}

/* By the columns of the table's key first: it may have millions of rows. */
enum nm_err clickhouse_ask(struct out *o, const struct clickhouse *to,
			   const struct identity *sender, enum stream stream, uint64_t number,
			   const char *identity)
{
	char query[2 * QUERY], incarnation[INCARNATION_HEX];
	const struct http_param params[] = {
		{ "database", to->database },
		{ "query", query },
		{ "wait_end_of_query", "1" },
	};
	struct out q = out_of(query, sizeof(query));

	out_text(&q, "SELECT countIf(Batch = ");
	literal(&q, identity);
	out_text(&q, "), count() FROM batches WHERE Agent = ");
	literal(&q, sender->agent);
	out_format(&q, " AND Incarnation = '%s' AND Worker = %u AND Stream = '%s'",
		   incarnation_hex(&sender->incarnation, incarnation), sender->worker,
		   stream_word(stream));
	out_format(&q, " AND Number = %" PRIu64 " AND startsWith(Batch, ", number);
	literal(&q, identity);
	out_text(&q, ") FORMAT TabSeparated");
	out_end(&q);
	if (q.full)
		return NM_FULL;
	http_line(o, "GET", to->path, params, sizeof(params) / sizeof(params[0]));
	login(o, to);
	http_end(o, 0);
	return written(o, to);
}

/* --- answers ---------------------------------------------------------------------- */

static unsigned digits(const char *text)
{
	unsigned n = 0;

	for (; *text >= '0' && *text <= '9' && n < 100000; text++)
		n = n * 10 + (unsigned)(*text - '0');
	return n;
}

/* The number in "Code: 241. DB::Exception: ...", wherever it stands in the body. */
static unsigned code_in_body(const struct http_answer *a)
{
	static const char mark[] = "Code: ";
	char body[HTTP_BODY + 1];
	const char *at;

	memcpy(body, a->body, a->kept);
	body[a->kept] = '\0';
	for (size_t i = 0; i < a->kept; i++)
		if (!body[i])
			body[i] = ' ';
	at = strstr(body, mark);
	return at ? digits(at + sizeof(mark) - 1) : 0;
}

static unsigned exception_of(const struct http_answer *a)
{
	unsigned code = digits(a->note[HTTP_EXCEPTION_CODE]);

	return code ? code : code_in_body(a);
}

/* A 200 that is none: whether something is stored cannot be known. */
static struct verdict doubtful(const char *words)
{
	return (struct verdict){ VERDICT_LOAD, 0, 200, true, words };
}

/* ... or something between us and the server takes its headers away. */
static struct verdict not_clickhouse(void)
{
	struct verdict v = verdict_of(0, 200);

	v.unknown = true;
	return v;
}

struct verdict clickhouse_inserted(const struct http_answer *a, const char *identity)
{
	unsigned code = exception_of(a);

	if (code || a->status != 200)
		return verdict_of(code, a->status);
	if (!a->note[HTTP_QUERY_ID][0])
		return not_clickhouse();
	if (strcmp(a->note[HTTP_QUERY_ID], identity))
		return doubtful("the answer belongs to another request");
	if (a->body_bytes)
		return doubtful("the answer has a body that says nothing known");
	return (struct verdict){ VERDICT_ACKNOWLEDGED, 0, 200, false, "stored" };
}

/* "1\t1\n": the batch itself, and with it everything found. */
struct verdict clickhouse_told(const struct http_answer *a)
{
	unsigned code = exception_of(a), whole, all;
	char line[16] = { 0 };

	if (code == 497 || code == 60)
		return (struct verdict){ VERDICT_MUTE, code, a->status, false,
					 "the server does not let itself be asked" };
	if (code || a->status != 200)
		return verdict_of(code, a->status);
	if (!a->note[HTTP_QUERY_ID][0])
		return not_clickhouse();
	memcpy(line, a->body, a->kept < sizeof(line) - 1 ? a->kept : sizeof(line) - 1);
	if (!strchr("0123456789", line[0]) || !strchr(line, '\t') || !strchr(line, '\n'))
		return doubtful("the answer is not two numbers");
	whole = digits(line);
	all = digits(strchr(line, '\t') + 1);
	if (whole)
		return (struct verdict){ VERDICT_ACKNOWLEDGED, 0, 200, false,
					 "was stored before" };
	return (struct verdict){ all ? VERDICT_PARTS : VERDICT_ABSENT, 0, 200, false,
				 all ? "is stored in parts" : "was not stored" };
}
