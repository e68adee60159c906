/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A machine for tests of the sampler: interfaces that come and go, sources that work or refuse,
 * samples as the test makes them; and the end of the chain, where records and what is told of
 * interfaces are kept to be looked at.
 */
#ifndef NM_TESTS_SAMPLER_STAGE_H
#define NM_TESTS_SAMPLER_STAGE_H

#include "firmware/sampler.h"

#define STAGE_INTERFACES 80
#define STAGE_RECORDS    16
#define STAGE_TOLD       64
#define STAGE_EVENTS     80

struct stage_tap { enum tap_state state; struct tap_want want; const char *why; enum nm_err err; };
struct stage_event { enum event_kind kind; char name[INTERFACE_NAME]; char text[160]; };

struct stage {
	struct conf conf;
	struct sampler sampler;
	nm_mono now;
	/* The machine: */
	struct interface interface[STAGE_INTERFACES];
	unsigned interfaces;
	bool overrun;				/* the kernel dropped news */
	bool routes_changed;
	struct { uint32_t index; bool gone; } news[STAGE_INTERFACES];
	unsigned newses;
	const char *refused[SOURCE_COUNT];	/* why a source refuses; NULL: it works */
	enum nm_err refusal[SOURCE_COUNT];
	struct tap_losses losses[SOURCE_COUNT];
	struct stage_tap tap[SAMPLER_TAPS];
	struct { struct addr dst; struct route route; } route[8];
	unsigned routes, asked;			/* how often a route was asked for */
	struct sample waiting[STAGE_RECORDS];	/* samples not yet read */
	unsigned waits;
	/* What came of it: */
	struct flow record[STAGE_RECORDS];
	unsigned records, unwanted;
	struct interface told_interface[STAGE_TOLD];
	struct interface_told told[STAGE_TOLD];
	unsigned tolds;
	struct stage_event event[STAGE_EVENTS];
	unsigned events;
	uint64_t missing, dropped, bad;
};

/* One stage at a time. The configuration is text; NULL: it is in st->conf already. */
void stage_open(struct stage *st, const char *configuration);
/* An interface that is there from now on, and news of it; of the kind "" with an address. */
struct interface *stage_add(struct stage *st, uint32_t index, const char *name, const char *kind);
void stage_news(struct stage *st, uint32_t index, bool gone);
void stage_remove(struct stage *st, uint32_t index);
/* Hear the news; time passes, and the sampler has its turn after each tenth of a second. */
void stage_run(struct stage *st, int64_t ns);
/* A UDP packet of so many bytes (an Ethernet frame) between these addresses waits to be read. */
struct sample *stage_sample(struct stage *st, uint32_t at_if, enum flow_direction direction,
			    const char *src, const char *dst);
const struct flow *stage_last(const struct stage *st);
bool stage_has_event(const struct stage *st, enum event_kind kind, const char *name,
		     const char *words);
/* What is sampled under this name; NULL: nothing. */
const struct sampled *stage_sampled(const struct stage *st, const char *name);
void stage_close(struct stage *st);

#endif
