// SPDX-License-Identifier: Apache-2.0
/* What is said to ClickHouse, and verdicts of answers as version 26.7 gives them. */
#include "core/clickhouse.h"
#include "tests/test.h"

#define NAME "r1-00000000000000000000000000000000-0-flows-17"

static const struct clickhouse server = { "ch.example:8443", "/", "agent", "s3cret", "netmeta" };
static const struct identity sender = { .agent = "r1" };

static const struct clickhouse_body as_it_is = { NULL, 1000 };

static void an_insert(void)
{
	static const char want[] =
		"POST /?database=netmeta&query=INSERT%20INTO%20flows_in%20FORMAT%20Protobuf"
		"&format_schema=netmeta%3AFlowMessage&query_id=" NAME
		"&insert_deduplication_token=" NAME
		"&deduplicate_blocks_in_dependent_materialized_views=1&async_insert=0"
		"&wait_end_of_query=1 HTTP/1.1\r\nHost: ch.example:8443\r\nUser-Agent: netmeta\r\n"
		"X-ClickHouse-User: agent\r\nX-ClickHouse-Key: s3cret\r\n"
		"Content-Type: application/octet-stream\r\nContent-Length: 1000\r\n\r\n";
	char text[2048];
	struct out o = out_of(text, sizeof(text));

	check(clickhouse_insert(&o, &server, STREAM_FLOWS, NAME, as_it_is) == NM_OK);
	check(out_len(&o) == sizeof(want) - 1 && !memcmp(text, want, sizeof(want) - 1));
}

static void streams_and_messages(void)
{
	static const char *const want[STREAM_COUNT][2] = {
		[STREAM_FLOWS] = { "%20flows_in%20", "=netmeta%3AFlowMessage&" },
		[STREAM_DROPS] = { "%20drops_in%20", "=netmeta%3AFlowMessage&" },
		[STREAM_COUNTERS] = { "%20counters_in%20", "=netmeta%3ACounterMessage&" },
		[STREAM_NAMES] = { "%20names_in%20", "=netmeta%3ANameMessage&" },
		[STREAM_INTERFACES] = { "%20interfaces_in%20", "=netmeta%3AInterfaceMessage&" },
		[STREAM_EVENTS] = { "%20events_in%20", "=netmeta%3AEventMessage&" },
		[STREAM_LEDGER] = { "%20ledger_in%20", "=netmeta%3ALedgerMessage&" },
	};

	for (enum stream s = 0; s < STREAM_COUNT; s++) {
		char text[2048];
		struct out o = out_of(text, sizeof(text));

		check(clickhouse_insert(&o, &server, s, NAME, as_it_is) == NM_OK);
		out_end(&o);
		check(strstr(text, want[s][0]) && strstr(text, want[s][1]));
	}
}

static void a_question(void)
{
	static const char want[] =
		"GET /?database=netmeta&query=SELECT%20countIf%28Batch%20%3D%20%27" NAME ".2%27%29"
		"%2C%20count%28%29%20FROM%20batches%20WHERE%20Agent%20%3D%20%27r1%27"
		"%20AND%20Incarnation%20%3D%20%2700000000000000000000000000000000%27"
		"%20AND%20Worker%20%3D%200%20AND%20Stream%20%3D%20%27flows%27"
		"%20AND%20Number%20%3D%2017"
		"%20AND%20startsWith%28Batch%2C%20%27" NAME ".2%27%29%20FORMAT%20TabSeparated"
		"&wait_end_of_query=1 HTTP/1.1\r\n";
	char text[2048];
	struct out o = out_of(text, sizeof(text));

	check(clickhouse_ask(&o, &server, &sender, STREAM_FLOWS, 17, NAME ".2") == NM_OK);
	check(!memcmp(text, want, sizeof(want) - 1));
}

static void names_with_quotes(void)
{
	struct identity odd = { .agent = "it's \\" };
	char text[2048];
	struct out o = out_of(text, sizeof(text));

	check(clickhouse_ask(&o, &server, &odd, STREAM_FLOWS, 1, "x") == NM_OK);
	out_end(&o);
	check(strstr(text, "Agent%20%3D%20%27it%5C%27s%20%5C%5C%27%20AND"));
}

static void logins_that_cannot_be_sent(void)
{
	struct clickhouse to = server;
	char text[2048];
	struct out o = out_of(text, sizeof(text)), small = out_of(text, 100);

	to.password = "two\r\nlines";
	check(clickhouse_insert(&o, &to, STREAM_FLOWS, NAME, as_it_is) == NM_RANGE);
	check(clickhouse_insert(&small, &server, STREAM_FLOWS, NAME, as_it_is) == NM_FULL);
	to.user = to.password = "";
	o = out_of(text, sizeof(text));
	check(clickhouse_insert(&o, &to, STREAM_FLOWS, NAME, as_it_is) == NM_OK);
	out_end(&o);
	check(!strstr(text, "X-ClickHouse-User") && !strstr(text, "X-ClickHouse-Key"));
}

/* The answer to a request named NAME; `code` is the header's, "" for none. */
static struct http_answer answer(unsigned status, const char *code, const char *id,
				 const char *body)
{
	struct http_answer a = { .stage = HTTP_DONE, .status = status };

	a.kept = a.body_bytes = strlen(body);
	memcpy(a.body, body, a.kept);
	strcpy(a.note[HTTP_EXCEPTION_CODE], code);
	strcpy(a.note[HTTP_QUERY_ID], id);
	return a;
}

static const struct {
	unsigned status;
	const char *code, *id, *body;
	enum verdict_class class;
	int unknown;
} inserts[] = {
	{ 200, "", NAME, "", VERDICT_ACKNOWLEDGED, 0 },
	/* 200 of something else, or too much of it */
	{ 200, "", "", "", VERDICT_CONFIGURATION, 1 },
	{ 200, "", "", "<html>Please log in</html>", VERDICT_CONFIGURATION, 1 },
	{ 200, "", "another-id", "", VERDICT_LOAD, 1 },
	{ 200, "", NAME, "what?", VERDICT_LOAD, 1 },
	{ 200, "241", NAME, "", VERDICT_LOAD, 1 },
	{ 200, "", NAME, "Code: 241. DB::Exception: Memory limit", VERDICT_LOAD, 1 },
	{ 200, "", NAME, "__exception__\r\nCode: 516. DB::Exception: x", VERDICT_CONFIGURATION, 0 },
	{ 204, "", NAME, "", VERDICT_CONFIGURATION, 0 },
	/* the code decides, not the status */
	{ 500, "33", NAME, "", VERDICT_DATA, 0 },
	{ 500, "", NAME, "Code: 33. DB::Exception: Cannot read all data", VERDICT_DATA, 0 },
	{ 400, "436", NAME, "", VERDICT_DATA, 0 },
	{ 403, "516", NAME, "", VERDICT_CONFIGURATION, 0 },
	{ 404, "60", NAME, "", VERDICT_CONFIGURATION, 0 },
	{ 500, "497", NAME, "", VERDICT_CONFIGURATION, 0 },
	{ 500, "252", NAME, "", VERDICT_LOAD, 1 },
	{ 404, "216", NAME, "", VERDICT_LOAD, 1 },
	/* codes that the table does not know */
	{ 500, "99999", NAME, "", VERDICT_LOAD, 1 },
	{ 400, "99999", NAME, "", VERDICT_CONFIGURATION, 0 },
	/* proxies */
	{ 301, "", "", "", VERDICT_CONFIGURATION, 0 },
	{ 401, "", "", "", VERDICT_CONFIGURATION, 0 },
	{ 404, "", "", "", VERDICT_CONFIGURATION, 0 },
	{ 408, "", "", "", VERDICT_LOAD, 1 },
	{ 413, "", "", "", VERDICT_LARGE, 0 },
	{ 429, "", "", "", VERDICT_LOAD, 1 },
	{ 502, "", "", "<html>Bad Gateway</html>", VERDICT_LOAD, 1 },
	{ 504, "", "", "", VERDICT_LOAD, 1 },
};

static void verdicts_of_inserts(void)
{
	for (size_t i = 0; i < sizeof(inserts) / sizeof(inserts[0]); i++) {
		struct http_answer a = answer(inserts[i].status, inserts[i].code, inserts[i].id,
					      inserts[i].body);
		struct verdict v = clickhouse_inserted(&a, NAME);

		if (!check(v.class == inserts[i].class && v.unknown == inserts[i].unknown &&
			   v.words && v.status == inserts[i].status))
			printf("  line %zu: %s, %s\n", i, verdict_name(v.class), v.words);
	}
}

static enum verdict_class told(unsigned status, const char *code, const char *body)
{
	struct http_answer a = answer(status, code, "some-id", body);

	return clickhouse_told(&a).class;
}

static void verdicts_of_questions(void)
{
	check(told(200, "", "1\t1\n") == VERDICT_ACKNOWLEDGED);
	check(told(200, "", "0\t0\n") == VERDICT_ABSENT);
	check(told(200, "", "0\t2\n") == VERDICT_PARTS);
	check(told(200, "", "1\t3\n") == VERDICT_ACKNOWLEDGED);
	check(told(500, "497", "") == VERDICT_MUTE);
	check(told(404, "60", "") == VERDICT_MUTE);
	check(told(403, "516", "") == VERDICT_CONFIGURATION);
	check(told(500, "202", "") == VERDICT_LOAD);
	check(told(200, "", "") == VERDICT_LOAD);
	check(told(200, "", "\t1\n") == VERDICT_LOAD);
	check(told(200, "", "1\t1") == VERDICT_LOAD);
	check(told(200, "", "<html>\t\n") == VERDICT_LOAD);
	check(told(502, "", "") == VERDICT_LOAD);
}

TESTS({ "an insert carries identity, settings and login where they belong", an_insert },
      { "each stream goes into its table as its message", streams_and_messages },
      { "a question finds the batch by the table's key", a_question },
      { "quotes in a name stay inside the literal", names_with_quotes },
      { "a login that a header cannot carry is not sent", logins_that_cannot_be_sent },
      { "an insert's answer is judged by code, then by status", verdicts_of_inserts },
      { "a question's answer is two numbers or none", verdicts_of_questions })
