// SPDX-License-Identifier: Apache-2.0
/*
 * netmeta replay [-c FILE] [--speed X] FILE.pcap: a capture through the whole chain, from
 * the decoders to the uplinks' acknowledgement. Datagrams keep the capture's pace (X
 * times as fast; without --speed as fast as it goes) and are stamped with today's time.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firmware/agent.h"
#include "firmware/capture.h"
#include "firmware/settings.h"
#include "firmware/verb.h"

struct replay {
	struct agent agent;
	struct capture capture;
	const char *path, *conf;
	unsigned long speed;		/* 0: no pause between datagrams */
	uint64_t datagrams;
};

static void feed(struct replay *r)
{
	struct agent *a = &r->agent;
	nm_mono begun = clock_mono();
	struct pcap_datagram d;
	nm_time first = { 0 };

	while (!loop_stopping(a->loop) && pcap_next(&r->capture.pcap, &d)) {
		struct datagram dg = { .from = d.from };
		int64_t after;

		if (!first.ns)
			first = d.at;
		after = r->speed ? time_since(d.at, first) / (int64_t)r->speed : 0;
		agent_wait(a, mono_plus(begun, after));
		dg.seen = agent_stamp(a);
		chain_datagram(&a->chain, d.payload, &dg);
		r->datagrams++;
	}
}

static uint64_t records_given_up(const struct agent *a)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < a->uplinks; i++) {
		struct spool_counts c = spool_counts(&a->spool, a->uplink[i].slot, STREAM_FLOWS);

		n += c.dropped.records + c.quarantined.records;
	}
	return n;
}

static int replay_child(void *ctx, struct helper *helper)
{
	struct replay *r = ctx;
	struct agent *a = &r->agent;
	char why[NM_WHY] = "";
	uint64_t given_up;
	int status;

	a->replaying = true;
	if (agent_start(a, helper, why)) {
		log_line(CONF_LOG_ERROR, "replay: %s", why);
		return EXIT_USAGE;
	}
	given_up = records_given_up(a);
	feed(r);
	agent_finish(a);
	given_up = records_given_up(a) - given_up;
	printf("%" PRIu64 " datagrams replayed, %" PRIu64 " records wait in the spool, %" PRIu64
	       " were dropped or refused\n", r->datagrams, agent_held(a), given_up);
	status = agent_held(a) || given_up ? EXIT_FAILED : EXIT_OK;
	agent_close(a);
	return status;
}

static bool read_words(struct replay *r, int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		char *end = NULL;

		if (!strcmp(argv[i], "-c") && i + 1 < argc)
			r->conf = argv[++i];
		else if (!strcmp(argv[i], "--speed") && i + 1 < argc)
			r->speed = strtoul(argv[++i], &end, 10);
		else if (argv[i][0] != '-' && !r->path)
			r->path = argv[i];
		else
			return false;
		if (end && (*end || !r->speed))
			return false;
	}
	return r->path;
}

static int replay(struct replay *r)
{
	char why[NM_WHY];
	int status;

	if (settings_read(r->conf, &r->agent.conf))
		return EXIT_USAGE;
	log_level((enum conf_log)r->agent.conf.agent.log);
	r->agent.conf.agent.control[0] = 0;	/* a running agent may have it */
	if (capture_open(&r->capture, r->path, why)) {
		fprintf(stderr, "netmeta replay: %s\n", why);
		return EXIT_FAILED;
	}
	status = processes_run(replay_child, r, false);
	capture_close(&r->capture, r->path);
	return status;
}

int verb_replay(int argc, char **argv)
{
	struct replay *r = calloc(1, sizeof(*r));
	int status = EXIT_USAGE;

	if (!r) {
		perror("netmeta replay");
		return EXIT_FAILED;
	}
	if (read_words(r, argc, argv))
		status = replay(r);
	else
		fprintf(stderr, "netmeta replay [-c FILE] [--speed X] FILE.pcap\n");
	free(r);
	return status;
}
