// SPDX-License-Identifier: Apache-2.0
/* Which fields of a template become steps, and which of several that say the same. */
#include "tests/guard.h"
#include "tests/teaching.h"
#include "tests/test.h"

#define TO(member) offsetof(struct draft, member)

static struct layout layout;

static enum nm_err compile(bool v9, const char *spec)
{
	static struct pen pen;
	struct fields fields = { .v9 = v9 };

	pen.len = 0;
	put_fields(&pen, spec);
	fields.bytes = buf_of(guarded(pen.bytes, pen.len), pen.len);
	return layout_compile(&fields, &layout);
}

/* Where in the record is the field that goes to this member? -1: none does. */
static int from(size_t to)
{
	for (uint16_t i = 0; i < layout.count; i++)
		if (layout.steps[i].op != OP_SKIP && layout.steps[i].to == to)
			return layout.steps[i].from;
	return -1;
}

static void skipped_fields_cost_nothing(void)
{
	check(!compile(false, "8/4 210/3 999/200 12/4 4/1"));
	check(layout.count == 3 && layout.min_len == 212 && !layout.variable);
	check(from(TO(flow.src)) == 0 && from(TO(flow.dst)) == 207 && from(TO(flow.proto)) == 211);
}

static void the_first_of_equals(void)
{
	check(!compile(false, "7/2 8/4 7/2 8/4"));
	check(layout.count == 4 && from(TO(flow.src_port)) == 0 && from(TO(flow.src)) == 2);
	check(from(TO(flow.inner_src_port)) == 6 && from(TO(flow.inner_src)) == 8);
	check(!compile(false, "7/2 7/2 7/2") && layout.count == 2);
}

static void the_preferred_of_several(void)
{
	check(!compile(false, "352/8 23/8 85/8 1/8 231/8"));
	check(layout.count == 1 && from(TO(flow.bytes)) == 24);
	check(!compile(false, "352/8 23/8 231/8"));
	check(from(TO(flow.bytes)) == 16);
	check(!compile(true, "22/4 150/4 152/8 21/4"));
	check(from(TO(flow.start)) == 8 && from(TO(flow.end)) == 16);
}

static void lengths_that_do_not_fit(void)
{
	check(!compile(false, "8/50 12/4 27/4 28/15"));
	check(layout.count == 1 && from(TO(flow.dst)) == 50 && layout.min_len == 73);
	check(!compile(false, "8/0 8/4 1/0 85/8"));
	check(from(TO(flow.src)) == 0 && from(TO(flow.bytes)) == 4);
}

static void enterprises(void)
{
	check(!compile(false, "1/8/9 8/4/9 1/8/29305 4/1"));
	check(layout.count == 2);
	check(from(TO(flow.reverse_bytes)) == 12 && from(TO(flow.proto)) == 20);
	check(!compile(true, "32769/8 32776/4 4/1"));
	check(layout.count == 1 && from(TO(flow.proto)) == 12);
}

static void times_on_the_uptime(void)
{
	check(!compile(false, "22/4 21/4"));
	check(layout.count == 2 && layout.min_len == 8);
	check(layout.finish == (FINISH_START | FINISH_END));	/* with what options say */
	check(!compile(false, "22/4 21/4 160/8"));
	check(layout.finish == (FINISH_START | FINISH_END));
	check(from(TO(notes.start_uptime)) == 0 && from(TO(notes.end_uptime)) == 4);
	check(!compile(true, "22/4 21/4"));
	check(layout.finish == 0 && from(TO(flow.start)) == 0);
}

static void the_time_of_an_event(void)
{
	check(!compile(false, "323/8 4/1"));
	check(from(TO(flow.start)) == 0);
	check(!compile(false, "323/8 152/8"));
	check(layout.count == 1 && from(TO(flow.start)) == 8);
	check(!compile(false, "323/8 153/8"));
	check(layout.count == 1 && from(TO(flow.start)) == -1);
}

static void families(void)
{
	check(!compile(false, "8/4 12/4"));
	check(layout.etype == 0x0800 && layout.finish == 0);
	check(!compile(false, "27/16 28/16 29/1"));
	check(layout.etype == 0x86dd && layout.finish == 0 && from(TO(flow.src)) == 0);
	check(from(TO(flow.src_net)) == 32);
	check(!compile(false, "8/4 27/16 62/16"));
	check(layout.etype == 0 && layout.finish == (FINISH_FAMILY | FINISH_ETYPE));
	check(from(TO(flow.src)) == 0 && from(TO(six.src)) == 4 && from(TO(flow.next_hop)) == 20);
	check(!compile(false, "8/4 27/16 60/1"));
	check(layout.finish == FINISH_FAMILY && from(TO(flow.etype)) == 20);
}

static void variable_fields(void)
{
	check(!compile(true, "8/4 82/v 12/4 210/5"));
	check(layout.variable && layout.count == 3 && layout.min_len == 14 && layout.tail == 9);
	check(layout.steps[1].op == OP_SKIP && layout.steps[1].from == 4);
	check(layout.steps[2].from == 0);
}

static enum nm_err compile_options(bool v9, uint16_t scopes, const char *spec)
{
	static struct pen pen;
	struct fields fields = { .v9 = v9, .options = true, .scopes = scopes };

	pen.len = 0;
	put_fields(&pen, spec);
	fields.bytes = buf_of(guarded(pen.bytes, pen.len), pen.len);
	return layout_compile(&fields, &layout);
}

static void options(void)
{
	check(!compile_options(false, 1, "149/4 34/4 82/v 160/8 8/4 1/8 22/4"));
	check(layout.count == 3 && layout.min_len == 33 && layout.etype == 0);
	check(layout.finish == FINISH_RATE && layout.names == NAMES_TOLD);
	check(from(TO(notes.interval)) == 4 && from(TO(notes.boot_ms)) == 0);
	check(from(TO(told.interface_name)) == 8);
	check(!compile_options(false, 1, "302/8 305/4 306/4 304/2"));
	check(layout.names == NAMES_SAMPLER && from(TO(flow.sampler)) == 0 && layout.count == 3);
}

static void interfaces_of_options(void)
{
	check(!compile_options(true, 2, "1/4 2/2 34/4"));
	check(layout.names == NAMES_INTERFACE && from(TO(flow.in_if)) == 4);
	check(!compile_options(true, 1, "1/4 2/4 10/4 34/4"));	/* 2 counts packets, no scope */
	check(layout.names == 0 && layout.count == 2);
	check(!compile_options(true, 1, "48/1 34/4"));		/* no scope of RFC 3954 */
	check(layout.names == NAMES_SAMPLER);
	check(!compile_options(false, 1, "2/4 34/4") && layout.names == 0);
	check(!compile_options(false, 1, "10/4 14/4 34/4") && layout.names == NAMES_INTERFACE);
	check(!compile_options(false, 0, "10/4 34/4") && layout.names == 0);
}

static void what_names_a_rate(void)
{
	check(!compile(true, "8/4 12/4") && layout.names == 0);
	check(!compile(true, "8/4 10/4 48/1"));
	check(layout.names == (NAMES_SAMPLER | NAMES_INTERFACE));
	check(!compile(false, "252/4 302/v"));
	check(layout.names == (NAMES_SAMPLER | NAMES_INTERFACE));
}

static struct element unknown(unsigned i)
{
	return element_of_step(&layout.steps[layout.count + i]);
}

static void unknown_elements(void)
{
	check(!compile(false, "8/4 999/200 8/4/9 210/3 148/4 82/v 6/1/29305 31000/2/29305"));
	check(layout.unknown == 3 && layout.unlisted == 0);
	check(unknown(0).id == 999 && unknown(0).enterprise == 0);
	check(unknown(1).id == 8 && unknown(1).enterprise == 9);
	check(unknown(2).id == 31000 && unknown(2).enterprise == 29305);
	check(!compile(true, "8/4 1/4 40001/4 43/2"));
	check(layout.unknown == 2 && unknown(0).id == 40001 && unknown(1).id == 43);
}

static void templates_of_no_use(void)
{
	static char many[5 * LAYOUT_STEPS + 6];

	check(compile(false, "") == NM_BADTPL);
	check(compile(false, "8/0 12/0") == NM_BADTPL);
	check(compile(false, "999/65534 998/1") == NM_OK && layout.min_len == 65535);
	check(compile(false, "999/65534 998/2") == NM_BADTPL);
	for (int i = 0; i < LAYOUT_STEPS; i++)
		strcat(many, "82/v ");
	check(compile(false, many) == NM_OK && layout.count == LAYOUT_STEPS);
	strcat(many, "82/v ");
	check(compile(false, many) == NM_FULL);
}

static void many_fields(void)
{
	static char many[5000 * 6 + 1];
	size_t at = 0;

	for (int i = 0; i < 5000; i++)
		at += (size_t)snprintf(many + at, sizeof(many) - at, "%d/4 ", i % 500 + 1);
	check(compile(false, many) == NM_OK && layout.min_len == 20000);
	check(from(TO(flow.src)) == 4 * 7);
	check(layout.unknown == LAYOUT_UNKNOWN && layout.unlisted > 1000);
}

TESTS({ "fields that go nowhere cost no step", skipped_fields_cost_nothing },
      { "of equal elements the first counts", the_first_of_equals },
      { "of several elements for one member the preferred counts", the_preferred_of_several },
      { "a length that does not fit costs the field and no more", lengths_that_do_not_fit },
      { "elements of enterprises fill nothing but the reverse counters", enterprises },
      { "times on the uptime need to know when it began", times_on_the_uptime },
      { "the time of an event counts when there is no other", the_time_of_an_event },
      { "a template with both families lets the record decide", families },
      { "fields behind a variable one are found from its end", variable_fields },
      { "of options only rates, names and the uptime's beginning are read", options },
      { "an interface counts in options when it is a scope", interfaces_of_options },
      { "sampler and interface name a rate", what_names_a_rate },
      { "unknown elements are listed behind the steps", unknown_elements },
      { "a template without length or beyond measure is refused", templates_of_no_use },
      { "a template may have thousands of fields", many_fields })
