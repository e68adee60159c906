// SPDX-License-Identifier: Apache-2.0
/*
 * The language of the scripts: a table of patterns, and a function for each. Besides what a
 * script expects, everything must add up at the end of it (in the_end()).
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/play.h"
#include "tests/sim/script.h"
#include "tests/sim/stage.h"

static void wrong(struct play *p, const char *what, const char *detail)
{
	p->wrong++;
	if (p->aloud)
		printf("%s:%u: %s%s\n", p->file, p->line, what, detail);
}

/* --- what happens -------------------------------------------------------------------- */

/* A row of the table gives `what` and `value` to its function. */
struct verb {
	const char *pattern;
	void (*act)(struct play *p, const struct args *a, const struct verb *v);
	size_t what;
	int value;
};

static void *member(struct play *p, const struct verb *v)
{
	return (char *)p->stage + v->what;
}

/* what: the bool's place in struct stage */
static void set_flag(struct play *p, const struct args *a, const struct verb *v)
{
	(void)a;
	*(bool *)member(p, v) = v->value;
}

/* what: the 64-bit number's or duration's place in struct stage */
static void set_number(struct play *p, const struct args *a, const struct verb *v)
{
	*(int64_t *)member(p, v) = a->numbers ? a->n[0] : v->value;
}

static void feed(struct play *p, const struct args *a, const struct verb *v)
{
	size_t bytes = a->numbers > 1 ? (size_t)a->n[1] : 100;

	stage_feed(p->stage, (enum stream)v->value, (uint64_t)a->n[0], bytes);
}

static void feed_batches(struct play *p, const struct args *a, const struct verb *v)
{
	for (int64_t i = 0; i < a->n[0]; i++)
		stage_feed(p->stage, (enum stream)v->value, (uint64_t)a->n[1], 100);
}

static void run(struct play *p, const struct args *a, const struct verb *v)
{
	(void)v;
	stage_run(p->stage, a->n[0]);
}

static void kill_agent(struct play *p, const struct args *a, const struct verb *v)
{
	(void)a, (void)v;
	stage_kill(p->stage);
}

static void compress(struct play *p, const struct args *a, const struct verb *v)
{
	(void)a;
	p->stage->conf.compression = (uint8_t)v->value;
	stage_kill(p->stage);
}

static void password_of_agent(struct play *p, const struct args *a, const struct verb *v)
{
	struct sim *sim = &p->stage->sim;

	(void)v;
	snprintf(sim->file, sizeof(sim->file), "%.100s\n", a->text[0]);
}

static void password_of_server(struct play *p, const struct args *a, const struct verb *v)
{
	struct server *server = &p->stage->server;

	(void)v;
	snprintf(server->password, sizeof(server->password), "%.60s", a->text[0]);
}

static void opens(struct play *p, const struct args *a, const struct verb *v)
{
	(void)a;
	p->stage->sim.open = (enum sim_open)v->value;
	if (v->value == SIM_REFUSED)
		sim_break();
}

static void close_connection(struct play *p, const struct args *a, const struct verb *v)
{
	(void)p, (void)a, (void)v;
	sim_close(0);
}

static void socket_takes(struct play *p, const struct args *a, const struct verb *v)
{
	(void)v;
	p->stage->sim.gulp = (size_t)a->n[0];
	p->stage->sim.gulp_ns = a->n[1];
}

static void clock_jumps(struct play *p, const struct args *a, const struct verb *v)
{
	p->stage->sim.time = time_plus(p->stage->sim.time, v->value * a->n[0]);
}

static struct answer answer_of(const struct args *a, const struct verb *v)
{
	struct answer answer = { .how = (enum misbehaviour)v->value };

	answer.code = answer.how == ANSWER_STATUS ? 0 : (unsigned)a->n[0];
	answer.status = (unsigned)(answer.how == ANSWER_STATUS ? a->n[0] : a->n[1]);
	snprintf(answer.text, sizeof(answer.text), "%s", a->text[0]);
	return answer;
}

static void next(struct play *p, const struct args *a, const struct verb *v)
{
	struct server *server = &p->stage->server;

	if (server->nexts == sizeof(server->next) / sizeof(server->next[0]))
		wrong(p, "too many answers ahead", "");
	else
		server->next[server->nexts++] = answer_of(a, v);
}

static void always(struct play *p, const struct args *a, const struct verb *v)
{
	p->stage->server.always = answer_of(a, v);
}

/* --- what is expected -------------------------------------------------------------------- */

static uint64_t number(struct play *p, const char *name)
{
	uint64_t value = 0;

	if (!stage_number(p->stage, name, &value))
		wrong(p, "there is no number called ", name);
	return value;
}

enum comparison { EQUAL, AT_LEAST, AT_MOST };

static void expect_number(struct play *p, const struct args *a, const struct verb *v)
{
	uint64_t is = number(p, a->text[0]), want = (uint64_t)a->n[0];
	const bool good[] = { is == want, is >= want, is <= want };
	char text[240];

	snprintf(text, sizeof(text), "%s is %llu", a->text[0], (unsigned long long)is);
	if (!good[v->value])
		wrong(p, text, "");
}

static void expect_state(struct play *p, const struct args *a, const struct verb *v)
{
	(void)v;
	const char *state = stage_status(p->stage).state;

	if (strcmp(state, a->text[0]))
		wrong(p, "the state is ", state);
}

static void expect_why(struct play *p, const struct args *a, const struct verb *v)
{
	(void)v;
	struct sender_status status = stage_status(p->stage);

	if (!strstr(status.why, a->text[0]))
		wrong(p, "it says: ", status.why);
}

static void expect_no_why(struct play *p, const struct args *a, const struct verb *v)
{
	struct sender_status status = stage_status(p->stage);

	(void)a, (void)v;
	if (status.why[0])
		wrong(p, "it says: ", status.why);
}

static void expect_alarm(struct play *p, const struct args *a, const struct verb *v)
{
	struct sender_status status = stage_status(p->stage);

	(void)a;
	if (status.alarm != (bool)v->value)
		wrong(p, status.alarm ? "there is an alarm: " : "there is no alarm", status.why);
}

/* --- the language ------------------------------------------------------------------------- */

#define AT(member) offsetof(struct stage, member)

static const struct verb language[] = {
	/* each feeding becomes one batch, if it is not too large for one */
	{ "feed N flow|flows", feed, 0, STREAM_FLOWS },
	{ "feed N flows of N bytes", feed, 0, STREAM_FLOWS },
	{ "feed N batches of N flows", feed_batches, 0, STREAM_FLOWS },
	{ "feed N event|events", feed, 0, STREAM_EVENTS },
	{ "feed N ledger rows", feed, 0, STREAM_LEDGER },
	{ "run D", run, 0, 0 },

	{ "agent has password T", password_of_agent, 0, 0 },
	{ "agent compresses with lz4", compress, 0, CONF_COMPRESSION_LZ4 },
	{ "agent is killed and starts again", kill_agent, 0, 0 },

	{ "server is up", opens, 0, SIM_OPENS },
	{ "server is down", opens, 0, SIM_REFUSED },
	{ "server is silent", opens, 0, SIM_SILENT },
	{ "server has no address", opens, 0, SIM_UNRESOLVED },
	{ "server refuses TLS", opens, 0, SIM_TLS_REFUSED },
	{ "server has password T", password_of_server, 0, 0 },
	{ "server has no tables", set_flag, AT(server.lacks_tables), true },
	{ "server has tables", set_flag, AT(server.lacks_tables), false },
	{ "server takes N bytes at most", set_number, AT(server.largest), 0 },
	{ "server cannot read record N", set_number, AT(server.unreadable), 0 },
	{ "server can read all records", set_number, AT(server.unreadable), -1 },
	{ "server remembers names for D", set_number, AT(server.remembers_ns), 0 },
	{ "server takes no chunks", set_flag, AT(server.wants_length), true },
	{ "server answers no questions", set_flag, AT(server.forbids_questions), true },
	{ "server closes after each answer", set_flag, AT(server.closes_after_answer), true },
	{ "server only says that it closes", set_flag, AT(server.says_close), true },
	{ "server answers before the body", set_flag, AT(server.is_hasty), true },
	{ "server waits for the body", set_flag, AT(server.is_hasty), false },

	{ "connection closes", close_connection, 0, 0 },
	{ "connection breaks after N bytes", set_number, AT(sim.breaks_after), 0 },
	{ "connection takes D", set_number, AT(sim.latency_ns), 0 },
	{ "socket takes N byte|bytes every D", socket_takes, 0, 0 },

	{ "next answer is good", next, 0, ANSWER_GOOD },
	{ "next answer never comes", next, 0, ANSWER_NOTHING },
	{ "next answer is lost", next, 0, ANSWER_LOST },
	{ "next answer is code N with status N", next, 0, ANSWER_CODE },
	{ "next answer is status N", next, 0, ANSWER_STATUS },
	{ "next answer is 200 with code N in the body", next, 0, ANSWER_EXCEPTION_IN_200 },
	{ "next answer is T", next, 0, ANSWER_RAW },
	{ "answers are good", always, 0, ANSWER_GOOD },
	{ "answers are lost", always, 0, ANSWER_LOST },
	{ "answers are code N with status N", always, 0, ANSWER_CODE },
	{ "answers drip a byte every D", set_number, AT(server.drip_ns), 0 },

	{ "clock jumps D forwards", clock_jumps, 0, 1 },
	{ "clock jumps D backwards", clock_jumps, 0, -1 },
	{ "clock is not known", set_flag, AT(sim.synchronised), false },
	{ "clock is known", set_flag, AT(sim.synchronised), true },

	{ "expect T is N", expect_number, 0, EQUAL },
	{ "expect T is at least N", expect_number, 0, AT_LEAST },
	{ "expect T is at most N", expect_number, 0, AT_MOST },
	{ "expect state T", expect_state, 0, 0 },
	{ "expect reason T", expect_why, 0, 0 },
	{ "expect no reason", expect_no_why, 0, 0 },
	{ "expect alarm", expect_alarm, 0, true },
	{ "expect no alarm", expect_alarm, 0, false },
};

static void play_line(struct play *p, char *line)
{
	struct args args;

	line[strcspn(line, "\r\n")] = '\0';
	line += strspn(line, " \t");
	if (*line == '#') {
		line += 1 + strspn(line + 1, " ");
		if (!*p->title && !strstr(line, "SPDX"))
			snprintf(p->title, sizeof(p->title), "%s", line);
		return;
	}
	for (size_t i = 0; *line && i < sizeof(language) / sizeof(language[0]); i++) {
		if (script_match(language[i].pattern, line, &args)) {
			language[i].act(p, &args, &language[i]);
			return;
		}
	}
	if (*line)
		wrong(p, "this is not a line of a script: ", line);
}

/* Whatever the story was: nothing vanished, nothing is told that is not so. */
static void the_end(struct play *p)
{
	uint64_t acknowledged = number(p, "acknowledged"), waiting = number(p, "held");
	uint64_t lost = number(p, "dropped") + number(p, "quarantined");
	uint64_t stored = number(p, "stored");

	if (number(p, "fed") != acknowledged + waiting + lost)
		wrong(p, "fed is not acknowledged + held + dropped + quarantined", "");
	if (acknowledged > stored)
		wrong(p, "more is acknowledged than stored", "");
	if (!waiting && (acknowledged != stored ||
			 number(p, "acknowledged-batches") != number(p, "stored-batches")))
		wrong(p, "acknowledged and stored differ", "");
	if (number(p, "doubled") > number(p, "doubted"))
		wrong(p, "records are stored twice, and nobody doubts them", "");
	if (number(p, "complaints"))
		wrong(p, "the server complained", "");
	if (number(p, "stalls"))
		wrong(p, "the sender spins", "");
}

void play_file(struct play *p, bool prints_log)
{
	FILE *f = fopen(p->file, "r");
	char line[PLAY_LINE];

	if (!f) {
		perror(p->file);
		exit(1);
	}
	stage_open(p->stage, prints_log);
	while (fgets(line, sizeof(line), f)) {
		p->line++;
		play_line(p, line);
	}
	fclose(f);
	the_end(p);
	stage_close(p->stage);
}

