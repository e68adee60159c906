// SPDX-License-Identifier: Apache-2.0
/*
 * The agent as it is wired: times that were stamped before the clock was known, what was before a
 * restart, and an end that does not wait for ever.
 */
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/linux/agent_stage.h"
#include "tests/test.h"

#define CENTRE "config uplink 'centre'\n\toption url 'https://clickhouse.example/'\n"
#define BRANCH "config uplink 'branch'\n\toption url 'https://branch.example/'\n"

static const struct exporter *only(void)
{
	const struct exporter *found = NULL;

	for (uint32_t i = 1; i < agent.chain.exporters.size; i++)
		if (agent.chain.exporters.slots[i].used)
			found = &agent.chain.exporters.slots[i];
	return found;
}

/* The words of a record that was stamped then. */
static const char *stamped(nm_time when)
{
	static char words[64];

	snprintf(words, sizeof(words), "\"TimeReceivedNs\":%lld,", (long long)when.ns);
	return words;
}

/* --- the clock ---------------------------------------- */

/* Like a router without one: it booted in 1970, and nobody has set the clock yet. */
static void begin_without_clock(void)
{
	stage_machine();
	machine.time = time_of_s(0);
	machine.synchronised = false;
	stage_start(CENTRE);
}

static void set_clock(nm_time right)
{
	machine.time = right;
	machine.synchronised = true;
}

static void exporters_are_corrected(void)
{
	nm_time right = time_of_s(1900000000);

	begin_without_clock();
	stage_send(0, "192.0.2.1", 0, 0);
	stage_pass(5 * NM_NS_PER_S);
	stage_send(0, "192.0.2.1", 1, 0);
	stage_pass(2 * NM_NS_PER_S);
	check(only()->last_seen.ns < right.ns - 86400 * NM_NS_PER_S);
	set_clock(right);
	stage_pass(NM_NS_PER_S);
	check(time_since(right, only()->last_seen) == 2 * NM_NS_PER_S);
	check(time_since(right, only()->first_seen) == 7 * NM_NS_PER_S);
	check(stage_finds(STREAM_FLOWS, stamped(only()->last_seen)) == 1);
	check(stage_finds(STREAM_FLOWS, stamped(only()->first_seen)) == 1);
	stage_pass(100 * NM_NS_PER_S);
	check(time_since(right, only()->last_seen) == 2 * NM_NS_PER_S);	/* and only once */
	stage_kill();
}

/* A row cannot be corrected when it is sent. */
static void no_guess_in_the_ledger(void)
{
	begin_without_clock();
	stage_send(0, "192.0.2.1", 0, 0);
	agent_ledger(&agent, agent_stamp(&agent));
	check(stage_finds(STREAM_LEDGER, "LEDGER_EXPORTER") == 1);
	check(stage_finds(STREAM_LEDGER, "LastSeenNs") == 0);
	set_clock(time_of_s(1900000000));
	stage_pass(NM_NS_PER_S);
	agent_ledger(&agent, agent_stamp(&agent));
	check(stage_finds(STREAM_LEDGER, "LastSeenNs") == 1);
	stage_kill();
}

static void corrected_behind_a_restart(void)
{
	nm_time right = time_of_s(1900000000);

	begin_without_clock();
	stage_send(0, "192.0.2.1", 0, 0);
	stage_pass(5 * NM_NS_PER_S);
	stage_kill();
	set_clock(right);			/* while no agent looked */
	stage_start(CENTRE);
	check(time_since(right, only()->last_seen) == 5 * NM_NS_PER_S);
	check(stage_finds(STREAM_FLOWS, stamped(only()->last_seen)) == 1);
	stage_kill();
	stage_start(CENTRE);
	check(time_since(right, only()->last_seen) == 5 * NM_NS_PER_S);
	stage_kill();
}

/* A guess of the boot before last is no later than now, however long that one was up. */
static void corrected_behind_a_reboot(void)
{
	nm_time right = time_of_s(1900000000);

	begin_without_clock();
	machine.mono = mono_plus(machine.mono, 3600 * NM_NS_PER_S);
	stage_send(0, "192.0.2.1", 0, 0);
	stage_kill();
	machine.mono = (nm_mono){ 10 * NM_NS_PER_S };
	set_clock(right);
	stage_start(CENTRE);
	check(only()->last_seen.ns == right.ns);
	stage_kill();
}

/* True stamps are not touched, though the machine is up for longer than this program is old. */
static void true_stamps_stay(void)
{
	nm_time seen;

	stage_machine();
	machine.mono = mono_plus(machine.mono, 365 * 86400 * NM_NS_PER_S);
	stage_start(CENTRE);
	stage_send(0, "192.0.2.1", 0, 0);
	seen = machine.time;
	stage_pass(NM_NS_PER_S);
	stage_kill();
	stage_start(CENTRE);
	check(only()->last_seen.ns == seen.ns && only()->first_seen.ns == seen.ns);
	check(stage_finds(STREAM_FLOWS, stamped(seen)) == 1);
	stage_kill();
}

/* What was stamped right does not share a segment with guesses, or it would be corrected, too. */
static void a_clock_that_is_lost(void)
{
	nm_time right, seen;

	stage_machine();
	right = machine.time;
	stage_start(CENTRE);
	stage_send(0, "192.0.2.1", 0, 0);
	seen = right;
	machine.time = time_of_s(0);
	machine.synchronised = false;
	stage_pass(NM_NS_PER_S);
	stage_send(0, "192.0.2.1", 1, 0);
	stage_pass(NM_NS_PER_S);
	set_clock(time_plus(right, 2 * NM_NS_PER_S));
	stage_pass(NM_NS_PER_S);
	check(stage_finds(STREAM_FLOWS, stamped(seen)) == 1);
	check(stage_finds(STREAM_FLOWS, stamped(only()->last_seen)) == 1);
	check(only()->first_seen.ns == seen.ns);
	stage_kill();
}

/* --- before and after ---------------------------------------- */

static void retired_uplinks_are_told(void)
{
	stage_machine();
	stage_start(CENTRE BRANCH);
	for (uint32_t i = 0; i < 7; i++)
		stage_send(0, "192.0.2.1", i, 0);
	stage_kill();
	machine.log[0] = '\0';
	stage_start(CENTRE);
	/* seven flows, and what was told of the exporter and the start */
	check(stage_finds(STREAM_EVENTS, "this uplink is configured no more: 9 records") == 1);
	check(strstr(machine.log, "branch: this uplink is configured no more") != NULL);
	check(stage_finds(STREAM_EVENTS, "\"Name\":\"branch\"") == 1);
	stage_kill();
	stage_start(CENTRE);
	check(stage_finds(STREAM_EVENTS, "configured no more") == 1);	/* once */
	stage_kill();
}

static void listeners_have_names(void)
{
	stage_machine();
	stage_start(CENTRE "config listen\n\toption address 127.0.0.1\n"
		    "config listen\n\toption address 127.0.0.2\n");
	check(!strcmp(agent.listener[0].name, "udp:127.0.0.1:0"));
	check(!strcmp(agent.listener[1].name, "udp:127.0.0.2:0"));
	check(agent.listener[0].place != agent.listener[1].place);
	stage_kill();
	stage_start(CENTRE);
	check(!strcmp(agent.listener[0].name, "udp:0"));
	stage_kill();
}

static void as_many_exporters_as_configured(void)
{
	char from[] = "192.0.2.100";

	stage_machine();
	stage_start("\toption exporters 16\n" CENTRE);
	for (unsigned i = 0; i < 16; i++) {
		from[9] = (char)('0' + i / 10);
		from[10] = (char)('0' + i % 10);
		stage_send(0, from, 0, 0);
	}
	check(agent.chain.exporters.used >= 16);
	check(agent.chain.exporters.slots[0].counts.n[COUNT_DATAGRAMS] == 0);
	check(!agent.chain.full.alarm);
	stage_kill();
}

/* --- what is told now and then ---------------------------------------- */

static void lose(uint64_t records)
{
	while (records--)
		spool_lost(&agent.spool, STREAM_FLOWS, 100);
	spool_commit(&agent.spool);
}

static void drops_are_told_with_a_pause(void)
{
	stage_machine();
	stage_start(CENTRE);
	lose(3);
	stage_pass(NM_NS_PER_S);
	check(stage_finds(STREAM_EVENTS, "the spool was full: 3 flow records dropped") == 1);
	for (unsigned i = 0; i < 8; i++) {
		lose(10);
		stage_pass(NM_NS_PER_S);
	}
	check(stage_finds(STREAM_EVENTS, "the spool was full") == 1);
	stage_pass(3 * NM_NS_PER_S);
	check(stage_finds(STREAM_EVENTS, "the spool was full: 80 flow records dropped") == 1);
	stage_kill();
}

/* An exporter that starts anew with each datagram, as one behind a balancer seems to. */
static void restarts_are_told_with_a_pause(void)
{
	stage_machine();
	stage_start(CENTRE);
	stage_send(0, "192.0.2.1", 0, 0);
	for (uint32_t i = 1; i <= 9; i++) {
		stage_send(0, "192.0.2.1", i << 30, 0);
		stage_pass(NM_NS_PER_S);
	}
	check(stage_finds(STREAM_EVENTS, "EVENT_EXPORTER_RESTART") == 1);
	stage_pass(2 * NM_NS_PER_S);
	check(stage_finds(STREAM_EVENTS, "EVENT_EXPORTER_RESTART") == 2);
	check(stage_finds(STREAM_EVENTS, "sequence started anew\",\"Value\":8,") == 1);
	machine.time = time_plus(machine.time, -3600 * NM_NS_PER_S);
	stage_pass(NM_NS_PER_S);
	stage_send(0, "192.0.2.1", 77, 0);	/* a clock that is set back silences nobody */
	check(stage_finds(STREAM_EVENTS, "EVENT_EXPORTER_RESTART") == 3);
	stage_kill();
}

/* --- the end ---------------------------------------- */

static int flood;			/* a socket that sends; 0: nobody does */
static unsigned flooded;

/* Whenever the agent looks at the clock 10 ms are over, and another datagram has come. */
static void go_on_flooding(void)
{
	machine.mono = mono_plus(machine.mono, 10 * NM_NS_PER_MS);
	if (flooded++ < 20000)
		check(send(flood, "x", 1, 0) == 1);
}

static void a_stop_under_a_flood(void)
{
	struct sockaddr_storage to;
	socklen_t len = sizeof(to);
	nm_mono begun;

	stage_machine();
	stage_start("\toption drain_time 4s\n" CENTRE
		    "config listen\n\toption address 127.0.0.1\n");
	check(getsockname(udp_fd(agent.listener[0].udp), (struct sockaddr *)&to, &len) == 0);
	flood = socket(to.ss_family, SOCK_DGRAM, 0);
	check(connect(flood, (struct sockaddr *)&to, len) == 0);
	check(send(flood, "x", 1, 0) == 1);
	begun = machine.mono;
	flooded = 0;
	machine.looked = go_on_flooding;
	agent_finish(&agent);
	machine.looked = NULL;
	check(flooded < 1000);
	check(mono_since(machine.mono, begun) >= 2 * NM_NS_PER_S);
	check(mono_since(machine.mono, begun) < 6 * NM_NS_PER_S);
	check(stage_finds(STREAM_EVENTS, "stopping, ") == 1);
	close(flood);
	stage_kill();
}

TESTS({ "when the clock is known, times of exporters are corrected, once",
	exporters_are_corrected },
      { "while it is not known, the ledger leaves them out", no_guess_in_the_ledger },
      { "a clock that became right while no agent ran corrects them, too",
	corrected_behind_a_restart },
      { "a guess of an earlier boot is not corrected into the future", corrected_behind_a_reboot },
      { "what was stamped right is never corrected", true_stamps_stay },
      { "a clock that is lost and found corrects only the guesses between", a_clock_that_is_lost },
      { "what waited for an uplink that is configured no more is told", retired_uplinks_are_told },
      { "a listener's name has its address, if it has one", listeners_have_names },
      { "as many exporters fit as are configured", as_many_exporters_as_configured },
      { "drops of the spool are told with a pause, and their sum", drops_are_told_with_a_pause },
      { "restarts of an exporter are told with a pause, and their sum",
	restarts_are_told_with_a_pause },
      { "a stop ends in its time, though datagrams keep coming", a_stop_under_a_flood })
