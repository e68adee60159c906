// SPDX-License-Identifier: Apache-2.0
/*
 * netmeta decode [--all | --explain] FILE.pcap | PORT: the chain of `run` with the terminal in
 * place of the spool. One JSON object a flow record; with --all events and the closing ledger
 * too, each object with its stream; with --explain each datagram's structure instead.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/encode.h"
#include "core/json.h"
#include "firmware/capture.h"
#include "firmware/chain.h"
#include "firmware/explainer.h"
#include "firmware/verb.h"
#include "platform/platform.h"

#define EXPORTERS 1024
#define TEMPLATES 4096
#define PARK      (1u << 20)
#define LINE_MOST (16 * SPOOL_RECORD)	/* names are longer than their tags, texts escaped */
#define RECEIVE_BUFFER (4u << 20)

struct printer {
	struct store store;		/* first: the chain's calls come back to us */
	struct chain chain;
	struct explainer *explainer;	/* NULL: records are printed */
	bool all, explain, failed;
	uint8_t record[SPOOL_RECORD];
	char line[LINE_MOST];
};

/* --- the terminal as a store -------------------------------------------------------------- */

static struct printer *printer_of(struct store *s)
{
	return container_of(s, struct printer, store);
}

static uint8_t *print_room(struct store *s, enum stream stream)
{
	(void)stream;
	return printer_of(s)->record;
}

static void print_record(struct store *s, enum stream stream, size_t len)
{
	struct printer *p = printer_of(s);
	struct out o = out_of(p->line, sizeof(p->line));
	struct buf in = buf_of(p->record, len);
	unsigned parts = p->all ? JSON_STREAM | JSON_WORDS : JSON_WORDS;

	if (p->explain || (!p->all && stream != STREAM_FLOWS))
		return;
	if (json_record(&o, stream, &in, parts) || o.full)
		p->failed = true;
	else if (puts(out_end(&o)) < 0)
		p->failed = true;
}

/* There is always room. */
static void print_lost(struct store *s, enum stream stream, size_t len)
{
	(void)s, (void)stream, (void)len;
}

static void print_commit(struct store *s, uint32_t slot, const struct exporter *e)
{
	(void)s, (void)slot, (void)e;
}

static void print_ledger(struct printer *p)
{
	chain_end(&p->chain);
	for (uint32_t i = 0; i < p->chain.exporters.size; i++) {
		const struct exporter *e = &p->chain.exporters.slots[i];
		struct ledger_row row = { .kind = LEDGER_EXPORTER, .when = p->chain.now,
					  .name = "", .exporter = e };

		if (e->counts.n[COUNT_DATAGRAMS])
			print_record(&p->store, STREAM_LEDGER, encode_ledger(&row, p->record));
	}
}

/* --- sources ------------------------------------------------------------------------------ */

static void take_datagram(struct printer *p, struct buf bytes, const struct datagram *dg)
{
	const struct chain *c = &p->chain;
	enum nm_err err = chain_datagram(&p->chain, bytes, dg);

	if (p->explain && !explainer_see(p->explainer, bytes, dg, c->current,
					 chain_slot(c, c->current), err))
		p->failed = true;
}

static int decode_file(struct printer *p, const char *path)
{
	struct pcap_datagram d;
	struct capture c;
	char why[NM_WHY];

	if (capture_open(&c, path, why)) {
		fprintf(stderr, "netmeta decode: %s\n", why);
		return EXIT_FAILED;
	}
	while (!p->failed && pcap_next(&c.pcap, &d)) {
		struct datagram dg = { .seen = d.at, .from = d.from };

		take_datagram(p, d.payload, &dg);
	}
	print_ledger(p);
	capture_close(&c, path);
	return p->failed ? EXIT_FAILED : EXIT_OK;
}

static void got_datagram(void *ctx, struct buf bytes, const struct datagram *dg)
{
	take_datagram(ctx, bytes, dg);
}

struct socket { struct printer *printer; struct udp *udp; };

static void on_datagrams(void *ctx, unsigned ready)
{
	struct socket *s = ctx;

	(void)ready;
	udp_drain(s->udp, clock_now(), got_datagram, s->printer);
	if (fflush(stdout) < 0)
		s->printer->failed = true;
}

static int decode_port(struct printer *p, uint16_t port)
{
	struct addr any = { { 0 } };
	char why[NM_WHY] = "no loop";
	struct socket s = { p, udp_open(&any, port, RECEIVE_BUFFER, 0, why) };
	struct loop *loop = s.udp ? loop_new() : NULL;

	if (!loop || loop_watch(loop, udp_fd(s.udp), LOOP_READ, on_datagrams, &s)) {
		fprintf(stderr, "netmeta decode: %s\n", why);
		return EXIT_FAILED;
	}
	while (!loop_stopping(loop) && !p->failed)
		loop_turn(loop, NM_MONO_NEVER);
	print_ledger(p);
	loop_free(loop);
	udp_close(s.udp);
	return p->failed ? EXIT_FAILED : EXIT_OK;
}

/* --- the verb ------------------------------------------------------------------------------- */

static bool is_port(const char *text, uint16_t *port)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	*port = (uint16_t)n;
	return *text >= '0' && *text <= '9' && !*end && n > 0 && n < 65536;
}

static int decode(struct printer *p, const char *from)
{
	const struct chain_sizes sizes = { EXPORTERS, TEMPLATES, PARK };
	uint16_t port;
	int status;

	p->store = (struct store){ print_room, print_record, print_lost, print_commit };
	p->explainer = p->explain ? explainer_new(&sizes) : NULL;
	if (p->explain && !p->explainer)
		return EXIT_FAILED;
	if (!chain_start(&p->chain, &sizes, &p->store)) {
		perror("netmeta decode");
		return EXIT_FAILED;
	}
	chain_keep_unknown(&p->chain, true);
	chain_clock(&p->chain, true, 0);
	status = is_port(from, &port) ? decode_port(p, port) : decode_file(p, from);
	chain_stop(&p->chain);
	explainer_free(p->explainer);
	return status;
}

int verb_decode(int argc, char **argv)
{
	bool all = argc == 2 && !strcmp(argv[0], "--all");
	bool explain = argc == 2 && !strcmp(argv[0], "--explain");
	struct printer *p;
	int status;

	if (argc != 1 + (all || explain) || argv[argc - 1][0] == '-') {
		fprintf(stderr, "netmeta decode [--all | --explain] FILE.pcap | PORT\n");
		return EXIT_USAGE;
	}
	p = calloc(1, sizeof(*p));
	if (!p) {
		perror("netmeta decode");
		return EXIT_FAILED;
	}
	p->all = all;
	p->explain = explain;
	log_level(CONF_LOG_WARN);
	status = decode(p, argv[argc - 1]);
	free(p);
	return status;
}
