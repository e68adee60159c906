// SPDX-License-Identifier: Apache-2.0
/*
 * A restart, as far as templates, rates and uptimes are concerned: the exporters and the region
 * stay, all else begins anew. What an exporter sent before has to be enough for data alone.
 */
#include "core/recollect.h"
#include "tests/messages.h"

#define BLOCKS 256
#define NOW    time_of_s(1700000100)

/* The template of flows: addresses, bytes, selector, ingress interface, start on the uptime. */
#define FLOWS      "8/4 12/4 1/4 302/8 10/4 22/4"
#define FLOW(last) "0a0000" last " c0000201 00000400 0000000000000001 00000003 00001000"
#define BOOT_MS    0x18bcfe56800ll	/* 1,700,000,000 s */

static _Alignas(RECALL_BLOCK) uint8_t region[BLOCKS * RECALL_BLOCK], copy[sizeof(region)];
static uint32_t held[DECODING_EXPORTERS];
static uint8_t seen[BLOCKS];
static struct recall recall;

static void begin(void)
{
	start();
	memset(region, 0, sizeof(region));
	memset(held, 0, sizeof(held));
	recall = (struct recall){ .exporters = &decoding_exporters, .held = held,
				  .per_exporter = BLOCKS };
	recall_create(&recall, region, sizeof(region));
	teaching.recall = teaching_sampling.recall = &recall;
}

/* The tables are empty again, and of this size; then what the region says. */
static struct recollected restart(uint32_t templates)
{
	memset(held, 0, sizeof(held));
	memset(seen, 0, sizeof(seen));
	teaching_start(&decoding_exporters, templates, TEACHING_CHUNKS, TEACHING_SLOTS);
	check(recall_open(&recall, region, sizeof(region), seen) == NM_OK);
	return recollect(&recall, &decoding, NOW);
}

/* One message of one set. */
static void send(uint16_t set, const char *words, const char *digits)
{
	put_ipfix(&pen, 0, 7);
	set_begin(&pen, set);
	if (words)
		put_template(&pen, 256, words);
	put_hex(&pen, digits);
	set_end(&pen);
	check(feed_ipfix() == NM_OK);
}

/* Options: selector 1 takes one in 100, interface 4 one in 50, all else one in 10; the uptime. */
static void tell(void)
{
	send(3, NULL, "012c 0002 0001 012e0008 00220004");
	send(300, NULL, "0000000000000001 00000064");
	send(3, NULL, "012d 0002 0001 000a0004 00220004");
	send(301, NULL, "00000004 00000032");
	send(3, NULL, "012e 0003 0001 00950004 00220004 00a00008");
	send(302, NULL, "00000007 0000000a 0000018bcfe56800");
}

static const struct flow *flow_of(const char *digits)
{
	send(256, NULL, digits);
	return &decoding_flows[decoding_count - 1];
}

static bool is_same(const struct flow *a, const struct flow *b)
{
	return addr_same(&a->src, &b->src) && addr_same(&a->dst, &b->dst) &&
	       a->bytes == b->bytes && a->in_if == b->in_if && a->rate == b->rate &&
	       a->rate_source == b->rate_source && a->start.ns == b->start.ns;
}

static void data_alone_is_read_as_before(void)
{
	struct recollected said;
	struct counts counts;
	struct flow first;

	begin();
	send(2, FLOWS, "");
	tell();
	first = *flow_of(FLOW("05"));
	check(first.rate == 100 && first.rate_source == RATE_OPTIONS_ID);
	check(first.start.ns == (BOOT_MS + 0x1000) * (int64_t)NM_NS_PER_MS);
	counts = decoding_last->counts;
	said = restart(TEACHING_SLOTS);
	check(said.templates == 4 && said.rates == 3 && said.left_out == 0);
	check(!memcmp(&counts, &decoding_last->counts, sizeof(counts)));
	check(decoding_last->templates == 4 && teaching.used == 4);
	check(is_same(flow_of(FLOW("05")), &first) && decoding_count == 2);
	check(sampling_find(&teaching_sampling, (uint32_t)(decoding_last - decoding_slots),
			    SCOPE_INTERFACE, 4) == 50);
	check(flow_of("0a000001 0a000002 00000001 0000000000000009 00000004 00000000")->rate == 10);
}

/* ... and when the process ends again before anybody told anything. */
static void it_lasts(void)
{
	struct flow first;

	begin();
	send(2, FLOWS, "");
	tell();
	first = *flow_of(FLOW("05"));
	for (int i = 0; i < 5; i++)
		check(restart(TEACHING_SLOTS).templates == 4);
	check(is_same(flow_of(FLOW("05")), &first));
	check(held[decoding_last - decoding_slots] == recall.used && held[0] == 0);
}

static void what_is_told_again_is_not_noted_again(void)
{
	begin();
	send(2, FLOWS, "");
	tell();
	restart(TEACHING_SLOTS);
	memcpy(copy, region, sizeof(region));
	recall.per_exporter = 0;			/* noting would be refused */
	send(2, FLOWS, "");
	tell();
	flow_of(FLOW("05"));
	check(!memcmp(copy, region, sizeof(region)) && !recall.refused);
	recall.per_exporter = BLOCKS;
	send(300, NULL, "0000000000000001 000000c8");		/* another rate */
	check(memcmp(copy, region, sizeof(region)));
	restart(TEACHING_SLOTS);
	check(flow_of(FLOW("05"))->rate == 200);
}

/* Two notes of one rate would be read in the order of their blocks, and the first block is free. */
static void of_a_rate_the_last_is_read(void)
{
	begin();
	send(2, NULL, "0101 0001 00010004");
	send(2, FLOWS, "");
	tell();
	send(2, NULL, "0101 0000");
	tell();						/* the same once more */
	send(300, NULL, "0000000000000001 000000c8");
	check(restart(TEACHING_SLOTS).rates == 3);
	check(flow_of(FLOW("05"))->rate == 200);
}

static void what_is_gone_stays_away(void)
{
	begin();
	send(2, FLOWS, "");
	send(2, "8/4 12/4 1/4", "");			/* another one in its place */
	send(2, NULL, "0101 0001 00010004");
	send(2, NULL, "0101 0000");			/* withdrawn */
	send(2, NULL, "0102 0001 00010004");
	check(restart(TEACHING_SLOTS).templates == 2);
	check(flow_of("0a000001 0a000002 00000007")->bytes == 7);
	put_ipfix(&pen, 0, 7);
	put_data_set(257, 1);
	check(feed_ipfix() == NM_TEMPLATE);
}

static void an_uptime_alone_is_no_rate(void)
{
	begin();
	send(3, NULL, "012e 0002 0001 00950004 00a00008");
	send(302, NULL, "00000007 0000018bcfe56800");
	check(restart(TEACHING_SLOTS).rates == 0);
	check(teaching_sampled[decoding_last - decoding_slots].boot_ms == BOOT_MS);
}

/* A template that nobody used for half an hour makes room, in the region as well. */
static void what_is_forgotten_stays_away(void)
{
	nm_time late = time_of_s(1700000100 + 31 * 60);
	struct lesson lesson = { .e = NULL, .seen = late };
	bool changed;
	struct buf in;

	begin();
	send(2, NULL, "0101 0001 00010004");
	restart(2);					/* room for one */
	lesson.e = decoding_last;
	pen.len = 0;
	put_template(&pen, 300, "8/4");
	in = buf_of(pen.bytes, pen.len);
	check(template_learn(&teaching, &lesson, &in, &changed) == NM_OK && changed);
	check(restart(TEACHING_SLOTS).templates == 1);
	check(template_find(&teaching, decoding_last, 300, late));
	check(!template_find(&teaching, decoding_last, 257, late));
}

static void of_strangers_nothing_is_learned(void)
{
	begin();
	send(2, FLOWS, "");
	tell();
	memset(decoding_slots, 0, sizeof(decoding_slots));
	decoding_exporters.used = 0;
	check(restart(TEACHING_SLOTS).left_out == 7 && recall.used == 0);
	check(teaching.used == 0 && teaching_sampling.used == 0);
	check(restart(TEACHING_SLOTS).left_out == 0);
}

static void smaller_tables_take_what_they_hold(void)
{
	struct recollected said;

	begin();
	send(2, NULL, "0101 0001 00010004 0102 0001 00020004 0103 0001 00080004");
	said = restart(3);				/* room for two */
	check(said.templates == 2 && said.left_out == 1 && teaching.used == 2);
	check(restart(TEACHING_SLOTS).templates == 2);
}

/* Each domain of an address, and each protocol, is an exporter of its own. */
static void exporters_are_kept_apart(void)
{
	begin();
	send(2, "8/4 12/4 1/4", "");
	put_ipfix(&pen, 0, 8);
	set_begin(&pen, 2);
	put_template(&pen, 256, "1/4 8/4 12/4");
	set_end(&pen);
	check(feed_ipfix() == NM_OK);
	put_v9(&pen, 1, 0, 7);
	set_begin(&pen, 0);
	put_template(&pen, 256, "8/4 1/4 12/4");
	set_end(&pen);
	check(feed() == NM_OK);
	check(restart(TEACHING_SLOTS).templates == 3);
	check(flow_of("00000001 00000002 00000003")->bytes == 3);
	put_v9(&pen, 1, 1, 7);
	set_begin(&pen, 256);
	put_hex(&pen, "00000001 00000002 00000003");
	set_end(&pen);
	check(feed() == NM_OK && decoding_flows[decoding_count - 1].bytes == 2);
	put_ipfix(&pen, 0, 8);
	set_begin(&pen, 256);
	put_hex(&pen, "00000001 00000002 00000003");
	set_end(&pen);
	check(feed_ipfix() == NM_OK && decoding_flows[decoding_count - 1].bytes == 1);
}

static void without_room_it_is_known_until_the_end(void)
{
	begin();
	recall.per_exporter = 0;
	send(2, FLOWS, "");
	check(recall.refused == 1 && flow_of(FLOW("05"))->bytes == 1024);
	check(restart(TEACHING_SLOTS).templates == 0);
}

/* --- any templates ------------------------------------------------------------------------ */

/* A template of any kind, as an exporter may send it; some are no good. */
static void put_any_template(bool v9, bool options, uint16_t id, unsigned *seed)
{
	unsigned fields = 1 + (unsigned)rand_r(seed) % 40, scopes = options ? 1 : 0;

	put(&pen, 2, id);
	put(&pen, 2, options && v9 ? 4 * scopes : fields);
	if (options)
		put(&pen, 2, v9 ? 4 * (fields - scopes) : scopes);
	for (unsigned i = 0; i < fields; i++) {
		bool enterprise = !v9 && rand_r(seed) % 8 == 0;

		put(&pen, 2, (unsigned)rand_r(seed) % 400 + (enterprise ? 0x8000u : 0u));
		put(&pen, 2, rand_r(seed) % 9 ? 1u << rand_r(seed) % 5 : 0xffffu);
		if (enterprise)
			put(&pen, 4, rand_r(seed) % 2 ? 29305 : 9);
	}
}

static bool is_compiled_alike(const struct templates *ts, const struct template *a,
			      const struct template *b)
{
	uint32_t i = a->chunk, k = b->chunk;

	for (unsigned left = a->steps + a->unknown; left;) {
		size_t n = left < CHUNK_STEPS ? left : CHUNK_STEPS;

		if (memcmp(ts->chunks[i].steps, ts->chunks[k].steps, n * sizeof(struct step)))
			return false;
		left -= (unsigned)n;
		i = ts->chunks[i].next;
		k = ts->chunks[k].next;
	}
	return a->min_len == b->min_len && a->tail == b->tail && a->etype == b->etype &&
	       a->finish == b->finish && a->unlisted == b->unlisted && a->steps == b->steps &&
	       a->unknown == b->unknown && a->names == b->names && a->variable == b->variable &&
	       a->options == b->options;
}

/* Learn it, restart, and learn the same under another id: both are compiled alike. */
static void any_template_is_compiled_as_before(void)
{
	unsigned seed = 11, learned = 0;

	for (unsigned round = 0; round < 2000; round++) {
		bool v9 = round & 1, options = round & 2;
		unsigned same = seed;

		begin();
		for (unsigned at = 0; at < 2; at++) {
			seed = same;
			v9 ? put_v9(&pen, 1, at, 7) : put_ipfix(&pen, 0, 7);
			set_begin(&pen, (uint16_t)(v9 ? options : 2 + options));
			put_any_template(v9, options, (uint16_t)(300 + at), &seed);
			set_end(&pen);
			(void)!(v9 ? feed() : feed_ipfix());
			if (!at)
				learned += restart(TEACHING_SLOTS).templates;
		}
		if (teaching.used && !check(teaching.used == 2 && is_compiled_alike(
				&teaching, template_find(&teaching, decoding_last, 300, NOW),
				template_find(&teaching, decoding_last, 301, NOW))))
			return;
	}
	check(learned > 1000);
}

/* Notes that no version wrote, but with a good checksum. */
static void nonsense_is_left_out(void)
{
	static const char *const nonsense[] = { "", "01", "0100", "01000001", "01000000",
						"00020000", "0001 0001 00010004" };
	struct recollected said;
	uint32_t of;

	begin();
	send(2, FLOWS, "");
	of = (uint32_t)(decoding_last - decoding_slots);
	for (unsigned kind = 0; kind < 8; kind++)
		for (size_t i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++) {
			pen.len = 0;
			put_hex(&pen, nonsense[i]);
			recall_keep(&recall, 0, &(struct recall_note){
					    of, (enum recall_kind)kind, pen.bytes, pen.len });
		}
	said = restart(TEACHING_SLOTS);
	check(said.left_out >= 55 && said.templates <= 1 && said.rates == 0);
	check(recall.used == held[decoding_last - decoding_slots]);
}

TESTS({ "data alone is read as before, with rates and times", data_alone_is_read_as_before },
      { "it lasts over several restarts", it_lasts },
      { "what is told again is not noted again", what_is_told_again_is_not_noted_again },
      { "a rate told twice and then another one has one note", of_a_rate_the_last_is_read },
      { "what was replaced or withdrawn stays away", what_is_gone_stays_away },
      { "what was forgotten stays away", what_is_forgotten_stays_away },
      { "an uptime alone is no rate", an_uptime_alone_is_no_rate },
      { "of exporters that are not known nothing is learned", of_strangers_nothing_is_learned },
      { "smaller tables take what they hold", smaller_tables_take_what_they_hold },
      { "exporters are kept apart", exporters_are_kept_apart },
      { "without room a template is known until the end", without_room_it_is_known_until_the_end },
      { "any template is compiled as before", any_template_is_compiled_as_before },
      { "nonsense is left out", nonsense_is_left_out })
