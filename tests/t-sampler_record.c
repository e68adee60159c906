// SPDX-License-Identifier: Apache-2.0
/* What records of sampled packets say: where they came from, where they go, whether they count. */
#include <stdlib.h>
#include <string.h>

#include "tests/sampler_stage.h"
#include "tests/test.h"

#define SECOND NM_NS_PER_S

static struct stage st;

#define BASIC "config sample\n\toption interface 'wan'\n\toption rate '100'\n"
#define BOTH "config sample\n\toption interface '*'\n\toption rate '100'\n"

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

TESTS({ "what comes in goes out where the routes say, unless it is bridged", incoming },
      { "what goes out came in where the kernel says, and counts there", outgoing },
      { "where nobody told, the routes decide, and what they say is told", unknown_ways },
      { "what goes out counts when nobody samples where it came in", one_side },
      { "what is seen on a VLAN and on its device counts on the device", stacked },
      { "traffic of an uplink is marked", own_traffic },
      { "samples of nobody are counted, and losses once", strays },
      { "a mirror tells the direction by the interface that brings it", mirrors })
