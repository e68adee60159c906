/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Alarms: all that somebody should look after now, in one place, for `netmeta status` and for
 * monitoring. An alarm is a state and ends by itself; what happened once is an event.
 */
#ifndef NM_ALARM_H
#define NM_ALARM_H

#include "core/out.h"

#define ALARM_MINUTE (60 * NM_NS_PER_S)	/* so long what was dropped is an alarm */

struct agent;

/* Called for each alarm: what it is about ("uplink centre"), and a sentence. */
typedef void alarm_fn(void *ctx, const char *subject, const char *words);
void alarm_each(const struct agent *a, alarm_fn *found, void *ctx);

/* "ALARM uplink centre: ..." a line. */
void alarm_text(const struct agent *a, struct out *o);
/* A JSON array of objects with subject and text. */
void alarm_json(const struct agent *a, struct out *o);
/* As plugins for monitoring answer: a line that begins with OK or CRITICAL, then one for each. */
void alarm_summary(const struct agent *a, struct out *o);

#endif
