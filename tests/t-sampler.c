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

	stage_open(&st, BOTH);
	stage_add(&st, 5, "lan", "");
	stage_run(&st, SECOND);
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
	strcpy(st.interface[0].kind, "bridge");
	stage_news(&st, 4, false);
	stage_run(&st, 60 * SECOND);
	stage_sample(&st, 4, DIRECTION_INGRESS, "192.0.2.2", "198.51.100.2");
	stage_sample(&st, 4, DIRECTION_EGRESS, "192.0.2.2", "198.51.100.2");
	stage_run(&st, 60 * SECOND);
	check(st.told[st.tolds - 1].in.estimated == 50 * 100);
	check(st.told[st.tolds - 1].out.estimated == 64 * 100);
	stage_close(&st);
}

/* An interface that refuses everything is told of once. */
static void told_once(void)
{
	stage_open(&st, BASIC);
	for (enum source i = 0; i < SOURCE_COUNT; i++)
		st.refused[i] = "not today";
	stage_add(&st, 4, "wan", "");
	stage_run(&st, 200 * SECOND);
	check(st.events == 1 && st.tap[0].state == TAP_REFUSED);
	check(stage_has_event(&st, EVENT_SOURCE_REFUSED, "wan", "today; cls-bpf: not today"));
	stage_close(&st);
}

/* The address that the configuration gives, or one that the id makes: FNV-1a of "router", twice. */
static void own_address(void)
{
	struct addr given;
	char text[NM_ADDR_TEXT];

	stage_open(&st, BASIC);
	addr_text(&st.sampler.address, text);
	check(!strcmp(text, "fd6e:6574:6d65:7461:4c1b:5704:bda4:cc81"));
	stage_close(&st);
	check(!addr_parse("192.0.2.7", &given));
	stage_open(&st, "config agent\n\toption address '192.0.2.7'\n" BASIC);
	check(addr_same(&st.sampler.address, &given));
	stage_close(&st);
}

TESTS({ "auto takes the first source that works, and says what was refused", first_that_works },
      { "a source that is named and refused is an event, and is tried again", one_that_is_named },
      { "patterns name interfaces, exclusions take them out, lo is meant by name", patterns },
      { "an interface is waited for, and one with a new number is sampled at once", come_and_go },
      { "a name decides, also when news were lost", renamed },
      { "another name of the same pattern is another tap", renamed_within_a_pattern },
      { "samples are held against the counters of each window", windows },
      { "a direction that is not sampled has no verdict", one_direction },
      { "the status tells what is sampled, and how much", status },
      { "there is room for so many, and more are counted", too_many },
      { "counters of software devices count in their own way", counters_of_software },
      { "what is refused everywhere is told once", told_once },
      { "the agent has an address of its own", own_address })
