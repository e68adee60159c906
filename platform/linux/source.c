// SPDX-License-Identifier: Apache-2.0
/*
 * The duties of a source that need rights. They run in a process of the helper's of their own,
 * so they may wait for the kernel, and what they leave open is closed with them unless it goes
 * with the answer.
 */
#include "platform/linux/helper.h"
#include "platform/linux/sources.h"
#include "platform/linux/why.h"

/* A tap as the program itself would ask for one. */
static bool is_sane(const struct helper_question *q)
{
	const struct tap_want *w = &q->want;

	return q->duty == DUTY_OPEN || q->duty == DUTY_RECONCILE ||
	       (w->source == q->source && w->index && w->rate && w->snap && w->snap <= SNAP_MOST &&
		(w->ingress || w->egress));
}

static enum nm_err do_source(const struct helper_question *q, const struct source_ops *ops,
			     struct source_fds *made, char why[NM_WHY])
{
	struct source_fds reader = source_fds_of(&q->reader);

	switch ((int)q->duty) {
	case DUTY_OPEN:
		return ops->open ? ops->open(&q->how, made, why) : NM_OK;
	case DUTY_ATTACH:
		return ops->attach(&q->how, &reader, &q->want, made, why);
	case DUTY_DETACH:
		return ops->detach ? ops->detach(&q->how, &reader, &q->want, why) : NM_OK;
	default:
		return ops->reconcile ? ops->reconcile(&q->how, why) : NM_OK;
	}
}

void source_duty(const struct helper_question *q, struct helper_answer *answer)
{
	const struct source_ops *ops = source_ops_of((enum source)q->source);
	struct source_fds made;

	for (unsigned i = 0; i < SOURCE_FDS; i++)
		made.fd[i] = -1;
	if (!ops || !is_sane(q)) {
		answer->err = why_say(answer->why, NM_ABSENT, "this netmeta was built without it");
		return;
	}
	answer->err = do_source(q, ops, &made, answer->why);
	if (!answer->err)
		answer->made = helper_fds_of(&made);
}
