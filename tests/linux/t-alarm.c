// SPDX-License-Identifier: Apache-2.0
/*
 * What status says of a running agent: each alarm begins and ends in its text, its JSON and the
 * answer for monitoring. And what the configuration says of exporters, up to the stored records.
 */
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/linux/agent_stage.h"
#include "tests/test.h"

#define CENTRE "config uplink 'centre'\n\toption url 'https://clickhouse.example/'\n"

static bool is_quiet(void)
{
	return stage_alarms("OK: no alarm\n") && stage_shows_json("\"alarms\":[],");
}

/* The one alarm there is, wherever it is shown. */
static bool alarms(const char *subject, const char *words)
{
	char text[300], json[300];

	snprintf(text, sizeof(text), "ALARM %s: %s\n", subject, words);
	snprintf(json, sizeof(json), "\"alarms\":[{\"subject\":\"%s\",\"text\":\"%s\"}],", subject,
		 words);
	return stage_alarms("CRITICAL: 1 alarm\n") && stage_alarms(text) && stage_shows(text) &&
	       stage_shows_json(json);
}

static void start(const char *conf)
{
	stage_machine();
	stage_start(conf);
	stage_pass(NM_NS_PER_S);
	check(is_quiet());
}

/* --- alarms ---------------------------------------- */

static void of_the_clock(void)
{
	nm_time right;

	start(CENTRE);
	right = machine.time;
	machine.synchronised = false;
	machine.time = time_of_s(0);
	stage_pass(NM_NS_PER_S);
	check(alarms("clock", "it is not known to be right: uplinks wait for it"));
	machine.synchronised = true;
	machine.time = right;
	stage_pass(NM_NS_PER_S);
	check(is_quiet());
	stage_kill();
}

static void of_an_uplink(void)
{
	start(CENTRE);
	stage_sender.alarm = true;
	stage_sender.state = "held";
	stage_sender.why = "flows batch 1: user or password is wrong (code 516, HTTP 403)";
	check(alarms("uplink centre",
		     "held: flows batch 1: user or password is wrong (code 516, HTTP 403)"));
	stage_sender.alarm = false;
	check(is_quiet());
	stage_kill();
}

static void of_drops_in_the_spool(void)
{
	start(CENTRE);
	spool_lost(&agent.spool, STREAM_COUNTERS, 100);
	spool_commit(&agent.spool);
	stage_pass(NM_NS_PER_S);
	check(alarms("uplink centre", "the spool dropped records within the last minute"));
	stage_pass(58 * NM_NS_PER_S);
	check(alarms("uplink centre", "the spool dropped records within the last minute"));
	stage_pass(2 * NM_NS_PER_S);
	check(is_quiet());
	stage_kill();
	stage_start(CENTRE);			/* what was dropped before is history */
	stage_pass(NM_NS_PER_S);
	check(is_quiet());
	stage_kill();
}

static void of_drops_in_the_kernel(void)
{
	start(CENTRE);
	spool_hear(&agent.spool, agent.listener[0].place, 0, 0, 7);
	stage_pass(NM_NS_PER_S);
	check(alarms("listener udp:0", "the kernel dropped datagrams within the last minute"));
	check(stage_finds(STREAM_EVENTS, "the kernel dropped 7 datagrams") == 1);
	stage_pass(60 * NM_NS_PER_S);
	check(is_quiet());
	stage_kill();
}

static void of_a_full_table(void)
{
	char from[] = "192.0.2.10";

	start("\toption exporters 2\n" CENTRE);
	for (; from[9] < '4'; from[9]++)
		stage_send(0, from, 0, 0);
	check(alarms("exporters", "their table is full, newcomers are refused"));
	check(stage_finds(STREAM_EVENTS, "EVENT_EXPORTERS_FULL") == 1);
	stage_pass(59 * NM_NS_PER_S);
	check(alarms("exporters", "their table is full, newcomers are refused"));
	stage_pass(2 * NM_NS_PER_S);
	check(is_quiet());
	check(stage_finds(STREAM_EVENTS, "nobody is refused for want of room any more") == 1);
	stage_kill();
}

static void of_an_exporters_clock(void)
{
	start(CENTRE);
	for (uint32_t i = 0; i < 5; i++, stage_pass(NM_NS_PER_S))
		stage_send(0, "192.0.2.1", i, -100);
	check(alarms("exporter 192.0.2.1 domain 0", "its clock is 100 s behind ours"));
	check(stage_finds(STREAM_EVENTS, "its clock is 100 s behind ours") == 1);
	for (uint32_t i = 5; i < 9; i++, stage_pass(40 * NM_NS_PER_S))
		stage_send(0, "192.0.2.1", i, 0);
	check(is_quiet());
	check(stage_finds(STREAM_EVENTS, "its clock agrees with ours again") == 1);
	stage_kill();
}

/* NetFlow v9 with 40 templates of one field, for a table of 16. */
static void of_templates(void)
{
	uint8_t d[20 + 4 + 40 * 8] = { 0, 9, 0, 40, [20] = 0, 0, 1, 68 };
	struct datagram dg = { 0 };

	start("\toption templates 16\n" CENTRE);
	for (size_t i = 0; i < 40; i++)
		memcpy(d + 24 + 8 * i, (uint8_t[]){ 1, (uint8_t)i, 0, 1, 0, 8, 0, 4 }, 8);
	dg.seen = agent_stamp(&agent);
	check(!addr_parse("192.0.2.1", &dg.from));
	(void)!chain_datagram(&agent.chain, buf_of(d, sizeof(d)), &dg);
	check(alarms("exporter 192.0.2.1 domain 0", "there is no room for templates of it"));
	stage_pass(59 * NM_NS_PER_S);
	check(alarms("exporter 192.0.2.1 domain 0", "there is no room for templates of it"));
	stage_pass(2 * NM_NS_PER_S);
	check(is_quiet());
	stage_kill();
}

/* --- the rest of status ---------------------------------------- */

static void compression(void)
{
	start(CENTRE);
	check(stage_shows("  compression lz4\n"));
	check(stage_shows_json("\"compression\":\"lz4\",\"compression_refused\":false,"));
	stage_sender.compression = "none";
	stage_sender.plain = true;
	check(stage_shows("  compression none: the server refused another\n"));
	check(stage_shows_json("\"compression\":\"none\",\"compression_refused\":true,"));
	stage_kill();
}

/* --- who may send, and what is configured ---------------------------------------- */

static void send_to(unsigned listener, unsigned datagrams)
{
	static const uint8_t flow[72] = { 0, 5, 0, 1 };
	struct sockaddr_storage to;
	socklen_t len = sizeof(to);
	int fd;

	check(!getsockname(udp_fd(agent.listener[listener].udp), (struct sockaddr *)&to, &len));
	fd = socket(to.ss_family, SOCK_DGRAM, 0);
	check(!connect(fd, (struct sockaddr *)&to, len));
	while (datagrams--)
		check(send(fd, flow, sizeof(flow), 0) == sizeof(flow));
	close(fd);
}

/* Through the sockets, which the agent empties when it stops. */
static void denied_datagrams(void)
{
	start("\toption drain_time 0s\n" CENTRE
	      "config listen\n\toption address 127.0.0.1\n\tlist allow 192.0.2.0/24\n"
	      "config listen\n\toption address 127.0.0.2\n\tlist allow 127.0.0.0/8\n");
	send_to(0, 5);
	send_to(1, 3);
	agent_finish(&agent);
	check(agent.listener[0].denied == 5 && agent.listener[1].denied == 0);
	check(stage_shows("udp:127.0.0.1:0 5 datagrams, 360 bytes, 0 dropped by the kernel; "
			  "5 datagrams not allowed since the start\n"));
	check(stage_shows("udp:127.0.0.2:0 3 datagrams, 216 bytes, 0 dropped by the kernel\n"));
	check(stage_shows_json("\"datagrams\":5,\"bytes\":360,\"kernel_drops\":0,"
			       "\"denied_since_start\":5}"));
	check(stage_finds(STREAM_FLOWS, "{") == 3);
	check(stage_finds(STREAM_LEDGER, "\"BytesNotAllowed\":360") == 1);
	stage_kill();
}

static void rates_of_the_configuration(void)
{
	start(CENTRE
	      "config exporter 'edge'\n\toption address 192.0.2.0/24\n\toption rate 512\n"
	      "config exporter 'core'\n\toption address 192.0.2.9\n\toption rate 7\n"
	      "\toption rate_force 1\n");
	stage_send(0, "192.0.2.1", 0, 0);
	stage_send(0, "192.0.2.9", 0, 0);
	stage_send(0, "198.51.100.1", 0, 0);
	check(stage_finds(STREAM_FLOWS, "\"SamplingRate\":512,") == 1);
	check(stage_finds(STREAM_FLOWS, "\"RATE_CONFIGURED\"") == 1);
	check(stage_finds(STREAM_FLOWS, "\"SamplingRate\":7,") == 1);
	check(stage_finds(STREAM_FLOWS, "\"RATE_FORCED\"") == 1);
	check(stage_finds(STREAM_FLOWS, "\"SamplingRate\":1,") == 1);
	check(stage_shows("  edge  last seen ") && stage_shows("1 in 7 (forced)"));
	check(stage_shows_json("\"name\":\"core\",\"address\":\"192.0.2.9\""));
	stage_kill();
}

TESTS({ "a clock that is not known is an alarm", of_the_clock },
      { "so is an uplink that is held, with its reason", of_an_uplink },
      { "so is what the spool dropped within a minute", of_drops_in_the_spool },
      { "so is what the kernel dropped within a minute", of_drops_in_the_kernel },
      { "so is a table of exporters without room, until a minute after", of_a_full_table },
      { "so is an exporter's clock that is far off, until it is near", of_an_exporters_clock },
      { "so is a table of templates without room, for a minute", of_templates },
      { "status shows the compression, and that the server refused it", compression },
      { "who is not allowed is counted by listener, and nothing of it is decoded",
	denied_datagrams },
      { "rates and names of the configuration reach records and status",
	rates_of_the_configuration })
