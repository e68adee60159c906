// SPDX-License-Identifier: Apache-2.0
/* The table of exporters and what their sequence numbers tell. */
#include "core/exporter.h"
#include "core/flow.h"
#include "tests/test.h"

#define SIZE 16

static struct exporter slots[SIZE];
static struct exporters all;

static void empty_table(uint32_t size)
{
	memset(slots, 0, sizeof(slots));
	all = (struct exporters){ .slots = slots, .size = size };
}

static struct exporter *find(const char *address, uint8_t source, uint32_t domain, bool *is_new)
{
	struct addr a;

	return check(!addr_parse(address, &a)) ?
		exporter_find(&all, &(struct exporter_key){ a, { { 0 } }, domain, source },
			      is_new) : NULL;
}

static void identity(void)
{
	bool is_new;
	struct exporter *e, *other;

	empty_table(SIZE);
	e = find("192.0.2.1", FLOW_NETFLOW9, 7, &is_new);
	check(is_new && e != slots && e->domain == 7 && e->source == FLOW_NETFLOW9);
	check(find("192.0.2.1", FLOW_NETFLOW9, 7, &is_new) == e && !is_new);
	other = find("192.0.2.1", FLOW_NETFLOW9, 8, &is_new);
	check(is_new && other != e);
	other = find("192.0.2.1", FLOW_IPFIX, 7, &is_new);
	check(is_new && other != e);
	other = find("192.0.2.2", FLOW_NETFLOW9, 7, &is_new);
	check(is_new && other != e && all.used == 4);
}

/* One box may relay for several agents, and an agent have several sub-agents. */
static void agents(void)
{
	struct exporter_key key = { .domain = 1, .source = FLOW_SFLOW };
	struct exporter *e, *other;
	bool is_new;

	empty_table(SIZE);
	check(!addr_parse("192.0.2.1", &key.address) && !addr_parse("10.0.0.1", &key.agent));
	e = exporter_find(&all, &key, &is_new);
	check(is_new && e != slots && addr_same(&e->agent, &key.agent));
	check(exporter_find(&all, &key, &is_new) == e && !is_new);
	check(!addr_parse("10.0.0.2", &key.agent));
	other = exporter_find(&all, &key, &is_new);
	check(is_new && other != e && other != slots);
	key.domain = 2;
	other = exporter_find(&all, &key, &is_new);
	check(is_new && other != e && other != slots && all.used == 3);
}

static void full(void)
{
	struct exporter *e = NULL;
	bool is_new;

	empty_table(SIZE);
	for (uint32_t i = 0; i < SIZE; i++)
		e = find("192.0.2.1", FLOW_IPFIX, i, &is_new);
	check(e == slots && !is_new);
	check(all.used == 13);			/* 7/8 of 16, less slot 0 */
	for (uint32_t i = 0; i < 13; i++)
		check(find("192.0.2.1", FLOW_IPFIX, i, &is_new) != slots && !is_new);
}

static void smallest(void)
{
	bool is_new;

	empty_table(2);
	check(find("192.0.2.1", FLOW_IPFIX, 0, &is_new) == slots + 1 && is_new);
	check(find("192.0.2.2", FLOW_IPFIX, 0, &is_new) == slots && !is_new);
	check(find("192.0.2.1", FLOW_IPFIX, 0, &is_new) == slots + 1 && !is_new);
}

static void no_address(void)
{
	bool is_new;

	empty_table(SIZE);
	check(find("::", FLOW_IPFIX, 0, &is_new) == slots && !is_new && all.used == 0);
}

/* Each row: a number that arrives, what it carries, and what is told. */
struct arrival { uint32_t got, units, missing, late; bool reset; uint32_t options; };

static void arrivals(uint8_t source, const struct arrival *rows, size_t count)
{
	struct exporter e = { .source = source };

	for (const struct arrival *a = rows; a < rows + count; a++) {
		struct counts before = e.counts;

		if (source == FLOW_IPFIX)
			sequence_records(&e, a->got, a->units, a->options);
		else
			sequence_advance(&e, a->got, a->units);
		before.n[COUNT_SEQUENCE_MISSING] += a->missing;
		before.n[COUNT_SEQUENCE_LATE] += a->late;
		before.n[COUNT_SEQUENCE_RESETS] += a->reset;
		if (!check(!memcmp(&before, &e.counts, sizeof(before))))
			printf("  row %zu\n", (size_t)(a - rows));
	}
}

#define ARRIVALS(source, ...)                                                      \
	do {                                                                       \
		static const struct arrival rows[] = { __VA_ARGS__ };              \
		arrivals(source, rows, sizeof(rows) / sizeof(rows[0]));            \
	} while (0)

static void in_order(void)
{
	ARRIVALS(FLOW_NETFLOW5, { 1000, 30, 0, 0, 0, 0 }, { 1030, 30, 0, 0, 0, 0 },
		 { 1060, 0, 0, 0, 0, 0 }, { 1060, 5, 0, 0, 0, 0 });
}

static void gaps(void)
{
	ARRIVALS(FLOW_NETFLOW9, { 5, 1, 0, 0, 0, 0 }, { 8, 1, 2, 0, 0, 0 }, { 9, 1, 0, 0, 0, 0 },
		 { 1000000, 1, 999990, 0, 0, 0 });
}

static void wraps(void)
{
	ARRIVALS(FLOW_NETFLOW5, { 0xfffffff0, 30, 0, 0, 0, 0 }, { 14, 30, 0, 0, 0, 0 });
	ARRIVALS(FLOW_NETFLOW9, { 0xffffffff, 1, 0, 0, 0, 0 }, { 0, 1, 0, 0, 0, 0 },
		 { 2, 1, 1, 0, 0, 0 }, { 1, 1, 0, 1, 0, 0 });
	ARRIVALS(FLOW_NETFLOW9, { 0xfffffffe, 1, 0, 0, 0, 0 }, { 3, 1, 4, 0, 0, 0 },
		 { 0xffffffff, 1, 0, 1, 0, 0 });
}

static void overtaken(void)
{
	ARRIVALS(FLOW_NETFLOW5, { 0, 30, 0, 0, 0, 0 }, { 60, 30, 30, 0, 0, 0 },
		 { 30, 30, 0, 30, 0, 0 }, { 90, 30, 0, 0, 0, 0 });
}

static void doubled(void)
{
	ARRIVALS(FLOW_NETFLOW9, { 5, 1, 0, 0, 0, 0 }, { 5, 1, 0, 0, 0, 0 }, { 6, 1, 0, 0, 0, 0 },
		 { 6, 1, 0, 0, 0, 0 }, { 8, 1, 1, 0, 0, 0 }, { 7, 1, 0, 1, 0, 0 },
		 { 7, 1, 0, 0, 0, 0 });
}

/* Behind the number expected: 64 datagrams, or 64 times 32 records; then the same and one more. */
static void latest(void)
{
	ARRIVALS(FLOW_NETFLOW9, { 0, 1, 0, 0, 0, 0 }, { 101, 1, 100, 0, 0, 0 },
		 { 38, 1, 0, 1, 0, 0 }, { 37, 1, 0, 0, 1, 0 }, { 38, 1, 0, 0, 0, 0 });
	ARRIVALS(FLOW_NETFLOW5, { 0, 30, 0, 0, 0, 0 }, { 3030, 30, 3000, 0, 0, 0 },
		 { 1012, 30, 0, 30, 0, 0 }, { 1011, 30, 0, 0, 1, 0 }, { 1041, 30, 0, 0, 0, 0 });
}

static void restarts(void)
{
	ARRIVALS(FLOW_NETFLOW9, { 500000, 1, 0, 0, 0, 0 }, { 0, 1, 0, 0, 1, 0 },
		 { 1, 1, 0, 0, 0, 0 });
	ARRIVALS(FLOW_NETFLOW9, { 3000000000, 1, 0, 0, 0, 0 }, { 0, 1, 0, 0, 1, 0 },
		 { 2, 1, 1, 0, 0, 0 });
	ARRIVALS(FLOW_IPFIX, { 5000, 0, 0, 0, 0, 0 }, { 0, 0, 0, 0, 1, 0 });
}

/* As RFC 7011 says: the number of records before this message. */
static void records(void)
{
	ARRIVALS(FLOW_IPFIX, { 100, 10, 0, 0, 0, 0 }, { 110, 5, 0, 0, 0, 0 },
		 { 135, 5, 20, 0, 0, 0 }, { 115, 20, 0, 20, 0, 0 }, { 140, 7, 0, 0, 0, 0 },
		 { 147, 0, 0, 0, 0, 0 }, { 147, 3, 0, 0, 0, 0 });
}

/* As softflowd 1.1.0 was seen to count: 24, 56, 88 ... with 24, 32, 32 records. */
static void records_included(void)
{
	ARRIVALS(FLOW_IPFIX, { 24, 24, 0, 0, 0, 0 }, { 56, 32, 0, 0, 0, 0 },
		 { 88, 32, 0, 0, 0, 0 }, { 93, 5, 0, 0, 0, 0 }, { 125, 32, 0, 0, 0, 0 },
		 { 127, 2, 0, 0, 0, 0 }, { 191, 32, 32, 0, 0, 0 }, { 159, 32, 0, 32, 0, 0 },
		 { 192, 1, 0, 0, 0, 0 }, { 216, 25, 0, 0, 0, 1 }, { 248, 32, 0, 0, 0, 0 });
}

/* With the options records, as the RFC wants it, and without them. */
static void options_records(void)
{
	ARRIVALS(FLOW_IPFIX, { 0, 12, 0, 0, 0, 2 }, { 12, 5, 0, 0, 0, 0 }, { 17, 3, 0, 0, 0, 3 },
		 { 20, 1, 0, 0, 0, 0 });
	ARRIVALS(FLOW_IPFIX, { 0, 12, 0, 0, 0, 2 }, { 10, 5, 0, 0, 0, 0 }, { 15, 3, 0, 0, 0, 3 },
		 { 15, 1, 0, 0, 0, 0 }, { 17, 1, 1, 0, 0, 0 });
}

/* 30 lost where 2 + 30 = 32 follow looks like the other way, until the next one tells. */
static void a_doubted_loss(void)
{
	ARRIVALS(FLOW_IPFIX, { 0, 2, 0, 0, 0, 0 }, { 32, 32, 0, 0, 0, 0 }, { 64, 32, 0, 0, 0, 0 },
		 { 96, 7, 30, 0, 0, 0 }, { 103, 7, 0, 0, 0, 0 });
}

/* Twice in a row: 30 lost before 32, 8 before 40. What then goes on by the RFC is not missing. */
static void taken_for_another(void)
{
	ARRIVALS(FLOW_IPFIX, { 0, 2, 0, 0, 0, 0 }, { 32, 32, 0, 0, 0, 0 }, { 72, 40, 0, 0, 0, 0 },
		 { 112, 7, 0, 0, 0, 0 }, { 119, 5, 0, 0, 0, 0 }, { 126, 5, 2, 0, 0, 0 });
}

static void uncounted(void)
{
	struct exporter e = { .source = FLOW_IPFIX };

	sequence_records(&e, 100, 10, 0);
	sequence_forget(&e, 110);		/* in order, of unknown length */
	sequence_records(&e, 190, 10, 0);
	check(!e.counts.n[COUNT_SEQUENCE_MISSING] && !e.counts.n[COUNT_SEQUENCE_RESETS]);
	sequence_records(&e, 201, 3, 0);
	check(e.counts.n[COUNT_SEQUENCE_MISSING] == 1);
	sequence_forget(&e, 704);		/* 500 of them were lost before it */
	check(e.counts.n[COUNT_SEQUENCE_MISSING] == 501);
}

TESTS({ "an exporter is an address, a protocol and a domain", identity },
      { "agents and sub-agents behind one address are kept apart", agents },
      { "a full table gives slot 0 and still finds what it has", full },
      { "a table of two slots holds one exporter", smallest },
      { "no address is no exporter", no_address },
      { "numbers in order tell nothing", in_order },
      { "a jump ahead is what is missing", gaps },
      { "numbers wrap", wraps },
      { "a datagram overtaken on the way is late, not lost", overtaken },
      { "a doubled datagram is not counted as late", doubled },
      { "what is farther behind than late datagrams is a reset", latest },
      { "an exporter that starts anew is a reset, not a loss", restarts },
      { "IPFIX counts the records before a message", records },
      { "an exporter that counts its own records too is found out", records_included },
      { "options records may be counted or not", options_records },
      { "a loss that looks like it is counted a little later", a_doubted_loss },
      { "an exporter taken for one that counts its own records is believed again",
	taken_for_another },
      { "what cannot be counted is not missing", uncounted })
