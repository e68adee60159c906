/* SPDX-License-Identifier: Apache-2.0 */
/* Between the sampler's files. */
#ifndef NM_SAMPLER_PRIVATE_H
#define NM_SAMPLER_PRIVATE_H

#include "firmware/sampler.h"

static inline unsigned sampler_tap(const struct sampler *s, const struct sampled *one)
{
	return (unsigned)(one - s->sampled);
}

/* The interface that is sampled under this number, NULL when none is. */
struct sampled *sampler_find(struct sampler *s, uint32_t index);

/* By which section of the configuration this name is meant, and what of it; false: by none. */
bool sampler_wants(const struct conf *conf, const char *name, struct sampled *one);
/* Its first source, and with each look what became of it, or the next. */
void sampler_try(struct sampler *s, struct sampled *one);
void sampler_look(struct sampler *s, struct sampled *one, nm_mono now);
/* Something happened to it. */
void sampler_event(struct sampler *s, const struct sampled *one, enum event_kind kind,
		   const char *format, ...) __attribute__((format(printf, 4, 5)));

/* One sample (ctx is the sampler): it becomes a record, and counts in the window. */
void sampler_sample(void *ctx, const struct sample *sample);

/* Everything that waits in the kernel becomes records; what was lost is counted. */
void sampler_drain(struct sampler *s, nm_mono now, nm_time stamp);

/* The windows of all interfaces end and begin. */
void sampler_window(struct sampler *s, nm_mono now, nm_time stamp);
/* A window begins: it is sampled from now on. */
void sampler_begin_window(struct sampled *one, const struct interface *i, nm_mono now);
/* Tell of one interface; with its verdicts, once. */
void sampler_tell_interface(struct sampler *s, const struct interface *i, bool gone,
			    nm_time stamp);

#endif
