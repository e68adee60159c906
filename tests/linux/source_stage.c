// SPDX-License-Identifier: Apache-2.0
/* One source in one process; what it picks becomes lines. */
#define _GNU_SOURCE
#include <inttypes.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/linux/source_stage.h"

#define TAPS 8

struct tap {
	struct tap_want want;
	uint16_t type;			/* ARPHRD_... */
	struct source_fds fds;
};

struct stage {
	const struct source_ops *ops;
	struct source_open how;
	struct source_fds fds;
	struct reader *reader;
	struct tap taps[TAPS];
	unsigned count;
	uint64_t rate, snap, buffer, instance, promiscuous, quiet, seconds;
	char why[NM_WHY];
};

static volatile sig_atomic_t stopping, renewing;

static void on_signal(int number)
{
	if (number == SIGHUP)
		renewing = 1;
	else
		stopping = 1;
}

static void fail(const struct stage *s, enum nm_err err)
{
	printf("error %s %s\n", nm_errlabel(err), s->why);
	exit(1);
}

/* --- words ---------------------------------------------------------------------- */

static bool take_number(struct stage *s, const char *word)
{
	const struct { const char *name; uint64_t *at; } numbers[] = {
		{ "rate=", &s->rate }, { "snap=", &s->snap }, { "buffer=", &s->buffer },
		{ "instance=", &s->instance }, { "promiscuous=", &s->promiscuous },
		{ "quiet=", &s->quiet }, { "seconds=", &s->seconds },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		size_t len = strlen(numbers[i].name);

		if (strncmp(word, numbers[i].name, len))
			continue;
		*numbers[i].at = strtoull(word + len, NULL, 0);
		return true;
	}
	return false;
}

static void take_interface(struct stage *s, enum source source, const char *word)
{
	size_t len = strcspn(word, ":");
	const char *way = word[len] ? word + len + 1 : "both";
	struct tap_want *want = &s->taps[s->count].want;
	bool in = !strcmp(way, "in"), out = !strcmp(way, "out");

	if (s->count == TAPS || len >= sizeof(want->name) || (!in && !out && strcmp(way, "both"))) {
		fprintf(stderr, "not an interface, or one too many: %s\n", word);
		exit(2);
	}
	memcpy(want->name, word, len);
	want->source = (uint8_t)source;
	want->ingress = !out;
	want->egress = !in;
	want->rate = (uint32_t)s->rate;
	want->snap = (uint32_t)s->snap;
	s->count++;
}

static enum source source_named(const char *word)
{
	unsigned i = 0;

	while (i < SOURCE_COUNT && strcmp(word, source_row(i)->word))
		i++;
	return i;
}

/* --- taps ------------------------------------------------------------------------ */

static void begin(struct stage *s)
{
	enum nm_err err = s->ops->open ? s->ops->open(&s->how, &s->fds, s->why) : NM_OK;

	if (err)
		fail(s, err);
	s->reader = s->ops->make(TAPS, s->how.buffer);
	if (!s->reader) {
		strcpy(s->why, "no memory");
		fail(s, NM_FULL);
	}
	err = s->ops->begin(s->reader, &s->fds, s->why);
	if (err)
		fail(s, err);
}

static uint16_t device_type(const char *name)
{
	struct ifreq ask = { .ifr_name = "" };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	memcpy(ask.ifr_name, name, strlen(name));
	if (ioctl(fd, SIOCGIFHWADDR, &ask) < 0)
		ask.ifr_hwaddr.sa_family = ARPHRD_VOID;
	close(fd);
	return ask.ifr_hwaddr.sa_family;
}

static void attach(struct stage *s, unsigned i)
{
	struct tap *tap = &s->taps[i];
	enum nm_err err;

	tap->fds = (struct source_fds){ { -1, -1, -1 } };
	tap->want.promiscuous = s->promiscuous != 0;
	tap->want.index = if_nametoindex(tap->want.name);
	tap->type = device_type(tap->want.name);
	err = s->ops->attach(&s->how, &s->fds, &tap->want, &tap->fds, s->why);
	if (!err && s->ops->add)
		err = s->ops->add(s->reader, i, &tap->want, &tap->fds, s->why);
	if (err)
		fail(s, err);
	printf("up %s\n", tap->want.name);
}

static void detach(struct stage *s, unsigned i)
{
	struct tap *tap = &s->taps[i];
	enum nm_err err = NM_OK;

	if (s->ops->remove)
		s->ops->remove(s->reader, i);
	for (unsigned fd = 0; fd < SOURCE_FDS; fd++)
		if (tap->fds.fd[fd] >= 0)
			close(tap->fds.fd[fd]);
	if (s->ops->detach)
		err = s->ops->detach(&s->how, &s->fds, &tap->want, s->why);
	if (err)
		fail(s, err);
}

static void for_all(struct stage *s, void (*what)(struct stage *s, unsigned i))
{
	for (unsigned i = 0; i < s->count; i++)
		what(s, i);
}

/* --- samples ----------------------------------------------------------------------- */

struct printing {
	const struct stage *stage;
	nm_time now;
};

static enum packet_link link_of(const struct stage *stage, uint32_t index)
{
	for (unsigned i = 0; i < stage->count; i++)
		if (stage->taps[i].want.index == index)
			return sample_link(stage->taps[i].type);
	return LINK_UNKNOWN;
}

static void print_sample(const struct sample *s)
{
	static const char *const ways[] = { "none", "in", "out" };

	printf("sample at=%u in=%u out=%u way=%s length=%u link_len=%u segments=%u/%u told=%d "
	       "rate=%u mark=%u etype=%04x source=%u captured=%zu", s->at_if, s->in_if, s->out_if,
	       ways[s->direction % 3], s->length, s->link_len, s->segments, s->segment_size,
	       s->told_segments, s->rate, s->mark, s->etype, s->source, buf_left(&s->bytes));
	if (s->tagged)
		printf(" tag=%u", s->vlan);
}

/* What becomes of it. */
static void print_flow(const struct flow *f, const struct sample_size *size)
{
	char src[NM_ADDR_TEXT], dst[NM_ADDR_TEXT];

	printf(" packets=%" PRIu64 " wire=%" PRIu64 " handled=%" PRIu64 " approximate=%d",
	       size->packets, size->bytes, size->handled, size->approximate);
	printf(" type=%04x vlan=%u src=%s dst=%s proto=%u ports=%u,%u", f->etype, f->vlan,
	       addr_text(&f->src, src), addr_text(&f->dst, dst), f->proto, f->src_port,
	       f->dst_port);
}

static void print(void *ctx, const struct sample *s)
{
	const struct printing *p = ctx;
	struct sample_size size;
	struct flow f;

	sample_to_flow(s, link_of(p->stage, s->at_if), &f, &size);
	print_sample(s);
	print_flow(&f, &size);
	if (s->seen.ns)
		printf(" age_ms=%" PRId64, time_since(p->now, s->seen) / NM_NS_PER_MS);
	printf(" bytes=");
	for (const uint8_t *b = s->bytes.p; b < s->bytes.end; b++)
		printf("%02x", *b);
	putchar('\n');
}

static unsigned drain(struct stage *s)
{
	struct printing p = { s, clock_now() };
	unsigned n = s->ops->drain(s->reader, p.now, clock_mono(), print, &p);

	fflush(stdout);
	return n;
}

/* Until nothing has come for so long. */
static void drain_all(struct stage *s, uint64_t quiet_ms)
{
	const struct timespec pause = { 0, 5 * NM_NS_PER_MS };
	nm_mono last = clock_mono();

	while (mono_since(clock_mono(), last) <= (int64_t)quiet_ms * NM_NS_PER_MS) {
		if (drain(s))
			last = clock_mono();
		else
			nanosleep(&pause, NULL);
	}
}

static void run(struct stage *s)
{
	const struct timespec pause = { 0, 5 * NM_NS_PER_MS };
	nm_mono end = mono_plus(clock_mono(), (int64_t)s->seconds * NM_NS_PER_S);

	while (!stopping && !mono_reached(clock_mono(), end)) {
		if (renewing) {
			renewing = 0;
			for_all(s, detach);
			for_all(s, attach);
			printf("ready\n");
		}
		if (!drain(s))
			nanosleep(&pause, NULL);
	}
}

static void finish(struct stage *s)
{
	struct tap_losses lost;

	drain_all(s, s->quiet);
	for_all(s, detach);
	drain_all(s, 0);
	lost = s->ops->losses(s->reader);
	printf("lost missing=%" PRIu64 " dropped=%" PRIu64 " bad=%" PRIu64 "\ngone\n", lost.missing,
	       lost.dropped, lost.bad);
	s->ops->free(s->reader);
}

/* --- the whole ----------------------------------------------------------------------- */

static int do_word(struct stage *s, const char *word)
{
	enum nm_err err = NM_OK;

	if (!strcmp(word, "probe"))
		err = s->ops->probe(s->why);
	else if (s->ops->reconcile)
		err = s->ops->reconcile(&s->how, s->why);
	if (err)
		fail(s, err);
	printf("ok\n");
	return 0;
}

int stage_main(int argc, char **argv, const struct source_ops *const ops[SOURCE_COUNT])
{
	static struct stage s = {
		.rate = 1, .snap = 128, .buffer = 1 << 18, .instance = 1, .quiet = 250,
		.seconds = 30,
	};
	enum source source = argc > 2 ? source_named(argv[1]) : SOURCE_COUNT;
	struct sigaction act = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	if (source == SOURCE_COUNT || !ops[source]) {
		fprintf(stderr, "usage: %s SOURCE [word=number]... INTERFACE[:in|:out]...\n",
			argv[0]);
		return 2;
	}
	s.ops = ops[source];
	for (unsigned i = 0; i < SOURCE_FDS; i++)
		s.fds.fd[i] = -1;
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGHUP, &act, NULL);
	for (int i = 2; i < argc; i++) {
		s.how = (struct source_open){ (uint32_t)s.instance, (uint32_t)s.buffer };
		if (!strcmp(argv[i], "probe") || !strcmp(argv[i], "reconcile"))
			return do_word(&s, argv[i]);
		if (!take_number(&s, argv[i]))
			take_interface(&s, source, argv[i]);
	}
	s.how = (struct source_open){ (uint32_t)s.instance, (uint32_t)s.buffer };
	begin(&s);
	for_all(&s, attach);
	printf("ready\n");
	fflush(stdout);
	run(&s);
	finish(&s);
	return 0;
}
