// SPDX-License-Identifier: Apache-2.0
/* The machine, the sender that does nothing, and the datagrams. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/json.h"
#include "firmware/alarm.h"
#include "generated/version.h"
#include "tests/linux/agent_stage.h"

#define ANSWER 262144

struct machine machine;
struct agent agent;

struct sender_status stage_sender;

static char folder[64];

/* --- the machine ---------------------------------------- */

nm_time clock_now(void)
{
	return machine.time;
}

nm_mono clock_mono(void)
{
	if (machine.looked)
		machine.looked();
	return machine.mono;
}

bool clock_synchronised(void)
{
	return machine.synchronised;
}

void log_level(enum conf_log level)
{
	(void)level;
}

void log_line(enum conf_log level, const char *format, ...)
{
	size_t len = strlen(machine.log), room = sizeof(machine.log) - len;
	va_list args;

	(void)level;
	va_start(args, format);
	vsnprintf(machine.log + len, room, format, args);
	va_end(args);
	strncat(machine.log, "\n", sizeof(machine.log) - strlen(machine.log) - 1);
}

enum nm_err rights_drop(const char *user, char why[NM_WHY])
{
	(void)user, (void)why;
	return NM_OK;
}

/* --- uplinks that deliver nothing ---------------------------------------- */

struct sender { bool unused; };

struct sender *sender_new(const struct sender_setup *setup, char why[NM_WHY])
{
	(void)setup, (void)why;
	return calloc(1, sizeof(struct sender));
}

void sender_free(struct sender *s)
{
	free(s);
}

nm_mono sender_turn(struct sender *s, nm_mono mono, nm_time time, bool clock_is_sane)
{
	(void)s, (void)mono, (void)time, (void)clock_is_sane;
	return NM_MONO_NEVER;
}

bool sender_ends(const struct sender *s, struct link_ends *ends)
{
	(void)s, (void)ends;
	return false;
}

struct link_wait sender_wait(const struct sender *s)
{
	(void)s;
	return (struct link_wait){ -1, 0 };
}

struct sender_status sender_status(const struct sender *s, nm_mono mono, nm_time time)
{
	(void)s, (void)mono, (void)time;
	return stage_sender;
}

/* --- life ---------------------------------------- */

static void fail(const char *what)
{
	printf("    %s\n", what);
	exit(1);
}

static void clean(void)
{
	static const char *const files[] = { "spool", "spool.templates" };
	char path[80];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
		unlink(path);
	}
	rmdir(folder);
}

void stage_machine(void)
{
	if (folder[0])
		clean();
	else
		atexit(clean);
	strcpy(folder, "/tmp/netmeta-agent-XXXXXX");
	if (!mkdtemp(folder))
		fail("no folder can be made");
	machine = (struct machine){
		.mono = { 60 * NM_NS_PER_S },
		.time = time_of_s(NM_BUILD_EPOCH + 86400), .synchronised = true,
	};
}

static void found(void *ctx, const struct conf_finding *finding)
{
	(void)ctx;
	printf("    line %u: %s: %s\n", finding->line, finding->word, finding->text);
}

void stage_start(const char *conf)
{
	char text[4096], why[NM_WHY] = "";
	struct conf_source from = { .text = text, .found = found };

	memset(&agent, 0, sizeof(agent));
	stage_sender = (struct sender_status){
		.state = "idle", .verdict = "", .why = "", .compression = "lz4",
	};
	from.len = (size_t)snprintf(text, sizeof(text), "config agent\n\toption spool '%s/spool'\n"
				    "\toption spool_size 4M\n\toption control ''\n"
				    "\toption id 'stage'\n%s", folder, conf);
	if (conf_read(&agent.conf, &from))
		fail("the configuration is wrong");
	for (unsigned i = 0; i < agent.conf.listens; i++) {
		agent.conf.listen[i].port[0] = 0;
		agent.conf.listen[i].ports = 1;
	}
	if (agent_listen(&agent, why) || agent_start(&agent, NULL, why))
		fail(why);
}

void stage_kill(void)
{
	agent_close(&agent);
}

void stage_pass(int64_t ns)
{
	machine.mono = mono_plus(machine.mono, ns);
	machine.time = time_plus(machine.time, ns);
	agent_wait(&agent, machine.mono);
}

/* --- datagrams ---------------------------------------- */

static void put32(uint8_t *at, uint32_t value)
{
	value = htonl(value);
	memcpy(at, &value, sizeof(value));
}

void stage_send(unsigned listener, const char *from, uint32_t sequence, int64_t ahead)
{
	uint8_t d[72] = { 0, 5, 0, 1, [24] = 10, 0, 0, 1, 10, 0, 0, 2 };
	struct datagram dg = { .seen = agent_stamp(&agent), .listener = (uint16_t)listener };

	put32(d + 8, (uint32_t)(dg.seen.ns / NM_NS_PER_S + ahead));
	put32(d + 16, sequence);
	if (addr_parse(from, &dg.from))
		fail("this is no address");
	(void)!chain_datagram(&agent.chain, buf_of(d, sizeof(d)), &dg);
}

/* --- what there is ---------------------------------------- */

static unsigned finds_in(enum stream stream, struct buf in, const char *words)
{
	static char text[8192];
	unsigned found = 0;

	while (buf_left(&in)) {
		struct out o = out_of(text, sizeof(text));

		if (json_record(&o, stream, &in, false))
			fail("a record cannot be read");
		found += strstr(out_end(&o), words) != NULL;
	}
	return found;
}

unsigned stage_finds(enum stream stream, const char *words)
{
	struct buf piece[SPOOL_PIECES];
	struct spool_batch b = { 0 };
	unsigned found = 0;

	spool_seal_all(&agent.spool);
	for (;;) {
		b = spool_after(&agent.spool, agent.uplink[0].slot, stream, b.number);
		if (b.segment == SPOOL_NONE)
			return found;
		for (unsigned i = 0, n = spool_pieces(&agent.spool, b.segment, piece); i < n; i++)
			found += finds_in(stream, piece[i], words);
	}
}

static bool shows(void (*report)(const struct agent *a, struct out *o), const char *words)
{
	static char answer[ANSWER];
	struct out o = out_of(answer, sizeof(answer));

	report(&agent, &o);
	if (strstr(out_end(&o), words))
		return true;
	printf("    \"%s\" is not in:\n%s\n", words, answer);
	return false;
}

bool stage_shows(const char *words)
{
	return shows(report_text, words);
}

bool stage_alarms(const char *words)
{
	return shows(alarm_summary, words);
}

bool stage_shows_json(const char *words)
{
	return shows(report_json, words);
}
