// SPDX-License-Identifier: Apache-2.0
/* Which interfaces are sampled and how, and what records say of where a packet came and went. */
#include <stdlib.h>
#include <string.h>

#include "tests/sampler_stage.h"
#include "tests/test.h"

#define SECOND NM_NS_PER_S

static struct stage st;

#define BASIC "config sample\n\toption interface 'wan'\n\toption rate '100'\n"
#define BOTH "config sample\n\toption interface '*'\n\toption rate '100'\n"

/* --- choice -------------------------------------------------------------------------- */

static void first_that_works(void)
{
	stage_open(&st, BASIC);
	st.refused[SOURCE_TCX] = "kernel is too old";
	st.refused[SOURCE_CLS_BPF] = "no filter";
	stage_add(&st, 4, "wan", "");
	stage_add(&st, 5, "lan", "bridge");
	stage_run(&st, SECOND);
	check(stage_sampled(&st, "wan")->state == TAP_UP);
	check(stage_sampled(&st, "wan")->source == SOURCE_PSAMPLE && !stage_sampled(&st, "lan"));
	check(stage_has_event(&st, EVENT_SOURCE_ATTACHED, "wan", "in 100 is picked by psample"));
	check(stage_has_event(&st, EVENT_SOURCE_ATTACHED, "wan", "tcx: kernel is too old; cls-"));
	check(st.tap[0].want.index == 4 && st.tap[0].want.ingress && st.tap[0].want.egress);
	check(st.tap[0].want.rate == 100 && st.tap[0].want.snap == 128);
	stage_close(&st);
}

static void one_that_is_named(void)
{
	stage_open(&st, BASIC "\toption source 'nflog'\n\toption direction 'ingress'\n");
	st.refused[SOURCE_NFLOG] = "nfnetlink_log is missing";
	stage_add(&st, 4, "wan", "");
	stage_run(&st, SECOND);
	check(stage_sampled(&st, "wan")->state == TAP_REFUSED && st.events == 1);
	check(stage_has_event(&st, EVENT_SOURCE_REFUSED, "wan", "nflog: nfnetlink_log is missing"));
	check(!st.tap[0].want.egress);
	st.refused[SOURCE_NFLOG] = NULL;
	stage_run(&st, 30 * SECOND);
	check(stage_sampled(&st, "wan")->state == TAP_REFUSED);
	stage_run(&st, 31 * SECOND);
	check(stage_sampled(&st, "wan")->state == TAP_UP && st.events == 2);
	stage_close(&st);
}

static void patterns(void)
{
	stage_open(&st, "config sample\n\tlist interface 'eth*'\n\tlist interface 'ppp*wan'\n"
		   "\tlist exclude 'eth0*'\n\toption rate '7'\n"
		   "config sample\n\toption interface '*1'\n\toption rate '9'\n");
	stage_add(&st, 1, "lo", "");
	stage_add(&st, 2, "eth0.5", "vlan");
	stage_add(&st, 3, "eth1", "");
	stage_add(&st, 4, "ppp0-x-wan", "ppp");
	stage_add(&st, 5, "ppp0-wan2", "ppp");
	stage_add(&st, 6, "eth01", "");
	stage_run(&st, SECOND);
	check(!stage_sampled(&st, "lo") && !stage_sampled(&st, "eth0.5"));
	check(!stage_sampled(&st, "ppp0-wan2") && stage_sampled(&st, "ppp0-x-wan"));
	check(st.tap[0].want.index == 3 && st.tap[0].want.rate == 7);
	check(stage_sampled(&st, "eth01")->sample->rate == 9);	/* the second section has it */
	stage_close(&st);
	stage_open(&st, "config sample\n\tlist interface 'lo'\n\toption rate '7'\n");
	stage_add(&st, 1, "lo", "");
	stage_run(&st, SECOND);
	check(stage_sampled(&st, "lo"));
	stage_close(&st);
}

/* --- interfaces come and go ---------------------------------------------------------- */

static void count(void *ctx, const char *subject, const char *words)
{
	*(unsigned *)ctx += !strcmp(subject, "interface wan") && strstr(words, "waited for");
}

static void come_and_go(void)
{
	unsigned alarms = 0;

	stage_open(&st, BASIC);
	stage_run(&st, SECOND);
	sampler_alarms(&st.sampler, count, &alarms);
	check(alarms == 1 && !st.events);
	stage_add(&st, 4, "wan", "ppp");
	stage_run(&st, SECOND);
	sampler_alarms(&st.sampler, count, &alarms);
	check(alarms == 1 && stage_sampled(&st, "wan")->state == TAP_UP);
	stage_remove(&st, 4);			/* it dials in again, and has another number */
	stage_add(&st, 9, "wan", "ppp");
	stage_run(&st, SECOND);
	check(stage_has_event(&st, EVENT_SOURCE_LOST, "wan", "it is gone"));
	check(stage_sampled(&st, "wan")->index == 9 && stage_sampled(&st, "wan")->state == TAP_UP);
	check(st.told[st.tolds - 1].interface->index == 9);
	stage_close(&st);
	check(st.tap[0].state != TAP_UP && st.tap[1].state != TAP_UP);
}

static void renamed(void)
{
	struct interface *i;

	stage_open(&st, BASIC);
	i = stage_add(&st, 4, "wan", "");
	stage_run(&st, SECOND);
	strcpy(i->name, "old");
	stage_news(&st, 4, false);
	stage_run(&st, SECOND);
	check(!stage_sampled(&st, "wan") && !stage_sampled(&st, "old"));
	check(stage_has_event(&st, EVENT_SOURCE_LOST, "wan", "another name"));
	strcpy(i->name, "wan");
	st.overrun = true;			/* and the news of it were dropped, of routes too */
	st.sampler.routes.age = 7;
	stage_run(&st, SECOND);
	check(st.sampler.routes.age == 8);
	check(stage_sampled(&st, "wan")->state == TAP_UP);
	stage_remove(&st, 4);
	st.overrun = true;
	stage_run(&st, SECOND);
	check(!stage_sampled(&st, "wan") && !interface_find(&st.sampler.interfaces, 4));
	stage_close(&st);
}

static void renamed_within_a_pattern(void)
{
	struct interface *i;

	stage_open(&st, "config sample\n\tlist interface 'wan*'\n\toption rate '7'\n");
	i = stage_add(&st, 4, "wan0", "");
	stage_run(&st, SECOND);
	strcpy(i->name, "wan1");
	stage_news(&st, 4, false);
	stage_run(&st, SECOND);
	check(!stage_sampled(&st, "wan0") && stage_sampled(&st, "wan1")->state == TAP_UP);
	check(!strcmp(st.tap[0].want.name, "wan1") && st.tap[0].want.index == 4);
	check(st.tap[1].state == TAP_OFF);
	stage_close(&st);
}

/* --- records ------------------------------------------------------------------------- */

static void route_to(const char *dst, enum route_kind kind, uint32_t out_if)
{
	check(!addr_parse(dst, &st.route[st.routes].dst));
	st.route[st.routes++].route = (struct route){ .kind = (uint8_t)kind, .out_if = out_if,
						      .prefix = 24 };
}

static void two_interfaces(void)
{
	stage_open(&st, BOTH);
	stage_add(&st, 4, "wan", "");
	stage_add(&st, 5, "lan", "");
	stage_run(&st, SECOND);
	route_to("198.51.100.2", ROUTE_FORWARD, 4);
	route_to("192.0.2.2", ROUTE_FORWARD, 5);
	route_to("192.0.2.1", ROUTE_LOCAL, 0);
}

static void incoming(void)
{
	two_interfaces();
	stage_sample(&st, 5, DIRECTION_INGRESS, "192.0.2.2", "198.51.100.2");
	stage_sample(&st, 5, DIRECTION_INGRESS, "192.0.2.2", "198.51.100.2");
	stage_run(&st, SECOND / 10);
	check(stage_last(&st)->in_if == 5 && stage_last(&st)->out_if == 4);
	check(stage_last(&st)->coverage == COVERAGE_COUNTS && stage_last(&st)->dst_net == 24);
	check(st.records == 2 && st.asked == 1);	/* and remembered */
	check(stage_last(&st)->source == FLOW_BPF && stage_last(&st)->rate == 100);
	check(stage_last(&st)->bytes == 64 && stage_last(&st)->packets == 1);
	check(addr_same(&stage_last(&st)->exporter, &st.sampler.address));
	st.routes_changed = true;	/* which nobody is woken for */
	stage_sample(&st, 5, DIRECTION_INGRESS, "192.0.2.2", "198.51.100.2");
	sampler_turn(&st.sampler, st.now, time_of_s(1800000000));
	st.now = mono_plus(st.now, SECOND / 10);
	check(st.records == 3 && st.asked == 2);
	stage_sample(&st, 5, DIRECTION_INGRESS, "192.0.2.2", "192.0.2.1");
	stage_run(&st, SECOND / 10);
	check(stage_last(&st)->out_if == 0 && stage_last(&st)->out_if_kind == INTERFACE_INTERNAL);
	stage_sample(&st, 5, DIRECTION_INGRESS, "192.0.2.2", "198.51.100.2");
	((uint8_t *)(uintptr_t)st.waiting[0].bytes.p)[5] = 0x77;	/* not to us: bridged */
	stage_run(&st, SECOND / 10);
	check(stage_last(&st)->in_if == 5 && stage_last(&st)->out_if == 0 &&
	      stage_last(&st)->out_if_kind == INTERFACE_INDEX);
	stage_close(&st);
}

static void outgoing(void)
{
	two_interfaces();
	stage_sample(&st, 4, DIRECTION_EGRESS, "192.0.2.2", "198.51.100.2")->in_if = 5;
	stage_run(&st, SECOND / 10);
	check(stage_last(&st)->in_if == 5 && stage_last(&st)->out_if == 4);
	check(stage_last(&st)->coverage == COVERAGE_AGAIN);	/* it counts where it came in */
	stage_sample(&st, 4, DIRECTION_EGRESS, "192.0.2.1", "198.51.100.2");
	stage_run(&st, SECOND / 10);
	check(stage_last(&st)->in_if_kind == INTERFACE_INTERNAL && stage_last(&st)->in_if == 0);
	check(stage_last(&st)->coverage == COVERAGE_COUNTS);
	stage_sample(&st, 4, DIRECTION_EGRESS, "192.0.2.2", "198.51.100.2");
	stage_run(&st, SECOND / 10);		/* the kernel would tell where it came in */
	check(stage_last(&st)->in_if_kind == INTERFACE_INTERNAL);
	stage_sample(&st, 4, DIRECTION_EGRESS, "192.0.2.2", "198.51.100.2")->source = FLOW_NFLOG;
	stage_run(&st, SECOND / 10);
	check(stage_last(&st)->in_if == 0 && stage_last(&st)->in_if_kind == INTERFACE_INDEX);
	check(stage_last(&st)->coverage == COVERAGE_AGAIN);	/* its source is reached by lan */
	stage_sample(&st, 4, DIRECTION_EGRESS, "192.0.2.1", "198.51.100.2")->source = FLOW_NFLOG;
	stage_run(&st, SECOND / 10);
	check(stage_last(&st)->in_if_kind == INTERFACE_INTERNAL &&
	      stage_last(&st)->coverage == COVERAGE_COUNTS);
	stage_close(&st);
}

/* Of what nobody told where it came in, the way back has to be a way, and a sampled one. */
static void unknown_ways(void)
{
	two_interfaces();
	stage_sample(&st, 4, DIRECTION_EGRESS, "203.0.113.9", "198.51.100.2")->source = FLOW_NFLOG;
	stage_run(&st, SECOND / 10);
	check(stage_last(&st)->coverage == COVERAGE_COUNTS);
	st.route[1].route.out_if = 77;
	st.routes_changed = true;
	stage_sample(&st, 4, DIRECTION_EGRESS, "192.0.2.2", "198.51.100.2")->source = FLOW_NFLOG;
	stage_run(&st, SECOND / 10);
	check(stage_last(&st)->coverage == COVERAGE_COUNTS);
	stage_sample(&st, 5, DIRECTION_INGRESS, "192.0.2.2", "203.0.113.9");
	stage_run(&st, SECOND / 10);
	check(stage_last(&st)->out_if == 0 && stage_last(&st)->out_if_kind == INTERFACE_DISCARDED);
	route_to("224.0.0.9", ROUTE_MULTICAST, 0);
	stage_sample(&st, 5, DIRECTION_INGRESS, "192.0.2.2", "224.0.0.9");
	stage_run(&st, SECOND / 10);
	check(stage_last(&st)->out_if_kind == INTERFACE_MULTIPLE);
	stage_close(&st);
}

/* Where only the way out is sampled, that is where packets count. */
static void one_side(void)
{
	stage_open(&st, BASIC);
	stage_add(&st, 4, "wan", "");
	stage_add(&st, 5, "lan", "");
	stage_run(&st, SECOND);
	stage_sample(&st, 4, DIRECTION_EGRESS, "192.0.2.2", "198.51.100.2")->in_if = 5;
	stage_run(&st, SECOND / 10);
	check(stage_last(&st)->in_if == 5 && stage_last(&st)->coverage == COVERAGE_COUNTS);
	stage_close(&st);
}

static void stacked(void)
{
	stage_open(&st, BOTH);
	stage_add(&st, 4, "wan", "");
	stage_add(&st, 6, "wan.7", "vlan")->parent = 4;
	stage_run(&st, SECOND);
	check(stage_sampled(&st, "wan.7")->again && !stage_sampled(&st, "wan")->again);
	stage_sample(&st, 6, DIRECTION_INGRESS, "192.0.2.2", "198.51.100.2");
	stage_run(&st, SECOND / 10);
	check(stage_last(&st)->in_if == 6 && stage_last(&st)->coverage == COVERAGE_AGAIN);
	stage_sample(&st, 4, DIRECTION_INGRESS, "192.0.2.2", "198.51.100.2");
	stage_run(&st, SECOND / 10);
	check(stage_last(&st)->in_if == 4 && stage_last(&st)->coverage == COVERAGE_COUNTS);
	stage_close(&st);
}

static void own_traffic(void)
{
	struct link_ends ends = { .local_port = 1000, .remote_port = 2000 };

	two_interfaces();
	check(!addr_parse("198.51.100.2", &ends.remote) && !addr_parse("10.0.0.1", &ends.local));
	sampler_own(&st.sampler, &ends, 1);
	stage_sample(&st, 4, DIRECTION_EGRESS, "192.0.2.1", "198.51.100.2");
	stage_run(&st, SECOND / 10);
	check(stage_last(&st)->own);		/* behind a translation it is ours all the same */
	stage_sample(&st, 4, DIRECTION_EGRESS, "192.0.2.1", "198.51.100.3");
	stage_run(&st, SECOND / 10);
	check(!stage_last(&st)->own);
	ends.local_port = 1001;
	sampler_own(&st.sampler, &ends, 1);
	stage_sample(&st, 4, DIRECTION_EGRESS, "192.0.2.1", "198.51.100.2");
	stage_run(&st, SECOND / 10);
	check(!stage_last(&st)->own);
	stage_close(&st);
}

static void strays(void)
{
	two_interfaces();
	stage_sample(&st, 77, DIRECTION_INGRESS, "192.0.2.2", "198.51.100.2");
	st.losses[SOURCE_TCX] = (struct tap_losses){ 5, 6, 7 };
	stage_run(&st, SECOND);
	check(st.records == 0 && st.unwanted == 1 && st.sampler.strays == 1);
	check(st.missing == 5 && st.dropped == 6 && st.bad == 7);	/* once */
	stage_close(&st);
}

/* --- mirrors ------------------------------------------------------------------------- */

static void mirrors(void)
{
	stage_open(&st, "config mirror\n\toption rx 'tap0'\n\toption tx 'tap1'\n"
		   "\toption index '70'\n"
		   "config mirror\n\toption rx 'tap2'\n\toption promiscuous '0'\n" BOTH);
	stage_add(&st, 10, "tap0", "");
	stage_add(&st, 11, "tap1", "");
	stage_add(&st, 12, "tap2", "");
	stage_run(&st, SECOND);
	check(stage_sampled(&st, "tap1")->source == SOURCE_PACKET);
	check(st.tap[0].want.promiscuous && !st.tap[0].want.egress && !st.tap[2].want.promiscuous);
	check(st.tap[0].want.ingress && st.tap[1].want.ingress);
	stage_sample(&st, 10, DIRECTION_INGRESS, "192.0.2.2", "198.51.100.2");
	stage_run(&st, SECOND / 10);
	check(stage_last(&st)->source == FLOW_MIRROR && stage_last(&st)->in_if == 70);
	check(stage_last(&st)->out_if == 0 && stage_last(&st)->direction == DIRECTION_INGRESS);
	stage_sample(&st, 11, DIRECTION_INGRESS, "192.0.2.2", "198.51.100.2");
	stage_run(&st, SECOND / 10);
	check(stage_last(&st)->in_if == 0 && stage_last(&st)->out_if == 70);
	check(stage_last(&st)->direction == DIRECTION_EGRESS && st.asked == 0);
	stage_sample(&st, 12, DIRECTION_INGRESS, "192.0.2.2", "198.51.100.2");
	stage_run(&st, SECOND / 10);
	check(stage_last(&st)->in_if == 12 && stage_last(&st)->direction == DIRECTION_UNKNOWN);
	stage_close(&st);
}

/* --- windows ------------------------------------------------------------------------- */

/* 3 samples of 64 bytes at 1 in 100 against 20,000 bytes counted; the rest by hand. */
static void windows(void)
{
	const struct interface_told *told;
	struct interface *i;

	stage_open(&st, BASIC);
	i = stage_add(&st, 4, "wan", "");
	stage_run(&st, 61 * SECOND);		/* the first is not whole */
	for (int n = 0; n < 3; n++)
		stage_sample(&st, 4, DIRECTION_INGRESS, "192.0.2.2", "198.51.100.2");
	i->in.bytes += 20000;
	stage_run(&st, 60 * SECOND);
	told = &st.told[st.tolds - 1];
	check(told->window_ns == 60 * SECOND && told->rate == 100);
	check(!strcmp(told->sampling, "tcx"));
	check(told->in.samples == 3 && told->in.estimated == 3 * 64 * 100);
	check(told->in.counted == 20000 && told->out.counted == 0);
	/* 1.96 * sqrt(100 * 99 * 3) * 64 * sqrt(20000 / 19200) is 22064; roots are whole. */
	check(told->in.band == 22061);
	stage_close(&st);
}

/* What is not sampled has no verdict; interfaces nobody samples are told every minute. */
static void one_direction(void)
{
	const struct interface_told *told;
	unsigned others = 0;

	stage_open(&st, BASIC "\toption direction 'ingress'\n"
		   "config agent\n\toption truth_window '5s'\n");
	stage_add(&st, 4, "wan", "")->out.bytes = 1;
	stage_add(&st, 5, "lan", "");
	stage_run(&st, 6 * SECOND);
	stage_sample(&st, 4, DIRECTION_INGRESS, "192.0.2.2", "198.51.100.2");
	st.interface[0].in.bytes += 64;
	st.interface[0].out.bytes += 1000;
	stage_run(&st, 50 * SECOND);
	for (unsigned i = 0; i < st.tolds; i++) {
		told = &st.told[i];
		others += told->interface->index == 5;
		if (told->in.samples)
			check(told->in.counted == 64 && told->out.counted == 0);
	}
	check(others == 2);			/* as news, and the first minute */
	check(stage_sampled(&st, "wan")->in.samples == 1);
	stage_close(&st);
}

static void status(void)
{
	char text[4096];
	struct out o = out_of(text, sizeof(text));

	two_interfaces();
	stage_sample(&st, 5, DIRECTION_INGRESS, "192.0.2.2", "198.51.100.2");
	stage_sample(&st, 77, DIRECTION_INGRESS, "192.0.2.2", "198.51.100.2");
	stage_run(&st, SECOND / 10);
	sampler_text(&st.sampler, &o);
	sampler_json(&st.sampler, &o);
	out_end(&o);
	check(strstr(text, "lan               5  up by tcx, 1 in 100  1 in, 0 out\n"));
	check(strstr(text, "\n1 samples of interfaces that were not sampled any more\n"));
	check(strstr(text, "\"name\":\"lan\",\"index\":5,\"state\":\"up\",\"source\":\"tcx\","));
	check(strstr(text, "\"in\":{\"samples\":1},\"out\":{\"samples\":0}}"));
	stage_close(&st);
}

/* A table that is full is told, and what found no place is not sampled. */
static void too_many(void)
{
	char name[INTERFACE_NAME];

	stage_open(&st, BOTH);
	for (unsigned i = 0; i < SAMPLER_TAPS + 3; i++) {
		snprintf(name, sizeof(name), "port%u", i);
		stage_add(&st, 10 + i, name, "");
		stage_run(&st, SECOND / 10);
	}
	check(st.sampler.no_room == 3 && !stage_sampled(&st, "port64"));
	check(stage_sampled(&st, "port63")->state == TAP_UP);
	stage_close(&st);
}

/* A VLAN's counter leaves the link header out of what it receives. */
static void counters_of_software(void)
{
	stage_open(&st, BASIC);
	stage_add(&st, 4, "wan", "vlan");
	stage_run(&st, 61 * SECOND);
	stage_sample(&st, 4, DIRECTION_INGRESS, "192.0.2.2", "198.51.100.2");
	stage_sample(&st, 4, DIRECTION_EGRESS, "192.0.2.2", "198.51.100.2");
	stage_run(&st, 60 * SECOND);
	check(st.told[st.tolds - 1].in.estimated == 50 * 100);
	check(st.told[st.tolds - 1].out.estimated == 64 * 100);
	stage_close(&st);
}

TESTS({ "auto takes the first source that works, and says what was refused", first_that_works },
      { "a source that is named and refused is an event, and is tried again", one_that_is_named },
      { "patterns name interfaces, exclusions take them out, lo is meant by name", patterns },
      { "an interface is waited for, and one with a new number is sampled at once", come_and_go },
      { "a name decides, also when news were lost", renamed },
      { "another name of the same pattern is another tap", renamed_within_a_pattern },
      { "what comes in goes out where the routes say, unless it is bridged", incoming },
      { "what goes out came in where the kernel says, and counts there", outgoing },
      { "where nobody told, the routes decide, and what they say is told", unknown_ways },
      { "what goes out counts when nobody samples where it came in", one_side },
      { "what is seen on a VLAN and on its device counts on the device", stacked },
      { "traffic of an uplink is marked", own_traffic },
      { "samples of nobody are counted, and losses once", strays },
      { "a mirror tells the direction by the interface that brings it", mirrors },
      { "samples are held against the counters of each window", windows },
      { "a direction that is not sampled has no verdict", one_direction },
      { "the status tells what is sampled, and how much", status },
      { "there is room for so many, and more are counted", too_many },
      { "counters of software devices count in their own way", counters_of_software })
