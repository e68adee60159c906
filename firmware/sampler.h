/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sampler: which interfaces of this machine are sampled, how, and what becomes of the samples.
 * It follows the interfaces as they come and go, tries one source after the other until one
 * works, completes each sample to a record, and holds what the samples say against what the
 * interfaces count.
 */
#ifndef NM_SAMPLER_H
#define NM_SAMPLER_H

#include "core/conf.h"
#include "core/interface.h"
#include "core/out.h"
#include "core/route.h"
#include "core/source.h"
#include "core/truth.h"
#include "firmware/chain.h"
#include "platform/platform.h"

#define SAMPLER_TAPS       64		/* interfaces sampled at once */
#define SAMPLER_INTERFACES 1024		/* interfaces known at once */
#define SAMPLER_ROUTES     1024		/* destinations whose route is remembered */
#define SAMPLER_WHY        200

/* What happened: an event and a log line. */
typedef void sampler_tell(void *ctx, enum event_kind kind, const char *name, int64_t value,
			  const char *text);

struct sampler_setup {
	const struct conf *conf;	/* all borrowed for the sampler's life */
	const char *agent;		/* its id */
	struct chain *chain;
	struct helper *helper;
	sampler_tell *tell;
	void *ctx;
};

/* One direction of a sampled interface: the window under way, and what the last one said. */
struct sampled_side { struct truth truth; struct truth_verdict verdict; uint64_t samples; };

/* One interface that is sampled, or would be. */
struct sampled {
	const struct conf_sample *sample;	/* why: one of these two */
	const struct conf_mirror *mirror;
	uint32_t index;				/* 0: nothing is here */
	char name[INTERFACE_NAME];
	bool ingress, egress, brings_tx;
	uint8_t source;				/* enum source: in use, or being tried */
	enum tap_state state;
	nm_mono retry;				/* all sources refused: try again then */
	char why[SAMPLER_WHY];			/* what was refused, and why */
	/* Of the interface, kept here because every sample needs it: */
	uint8_t link;				/* enum packet_link */
	uint8_t in_header, out_header;		/* bytes its counters leave out of each packet */
	bool is_hardware;
	bool again;				/* stands above another one that is sampled */
	uint32_t vrf;
	uint64_t mac, master_mac;
	struct sampled_side in, out;
	nm_mono window;				/* when the window under way began */
	int64_t window_ns;			/* of the verdicts; 0: there are none */
};

struct sampler {
	struct sampler_setup setup;
	struct taps *taps;
	struct netdevs *netdevs;
	struct interfaces interfaces;
	struct routes routes;
	struct sampled sampled[SAMPLER_TAPS];
	struct addr address;			/* of this agent in its records */
	struct link_ends own[CONF_UPLINKS];	/* its connections */
	unsigned owns;
	nm_mono next_tick, next_window, next_minute;
	uint64_t strays;			/* samples of interfaces not sampled any more */
	uint64_t no_room;			/* interfaces that found none */
	struct tap_losses lost[SOURCE_COUNT];	/* as they were told last */
	nm_mono dump;				/* when all interfaces were asked for last */
	bool changed;				/* news of interfaces came */
	nm_time now;				/* stamp of the drain under way */
};

/* Memory and sockets, before the rights are given up; false: `why` says it. */
bool sampler_start(struct sampler *s, const struct sampler_setup *setup, char why[NM_WHY]);
/* Whether the configuration asks for anything. */
bool sampler_is_wanted(const struct conf *conf);
/* Samples, windows, sources that have to be tried: returns when to come again. */
nm_mono sampler_turn(struct sampler *s, nm_mono now, nm_time stamp);
/* What the loop should wait on: something about interfaces has changed. */
int sampler_fd(const struct sampler *s);
void sampler_news(struct sampler *s, nm_mono now, nm_time stamp);
/* These are the connections of the agent's own uplinks. */
void sampler_own(struct sampler *s, const struct link_ends *ends, unsigned count);
/* The last samples; then nothing of ours is left in the kernel. */
void sampler_end(struct sampler *s, nm_time stamp);
void sampler_stop(struct sampler *s);

/* For `netmeta status`: a list of objects; lines of text. */
void sampler_json(const struct sampler *s, struct out *o);
void sampler_text(const struct sampler *s, struct out *o);
/* What somebody has to do something about. */
typedef void sampler_alarm(void *ctx, const char *subject, const char *words);
void sampler_alarms(const struct sampler *s, sampler_alarm *found, void *ctx);

#endif
