// SPDX-License-Identifier: Apache-2.0
/* Counters of the listening sockets, kept in the spool so that they never go back. */
#include <string.h>

#include "core/spool_private.h"

unsigned spool_listener(struct spool *sp, const char *name)
{
	struct spool_head *h = sp->head;
	struct spool_listener fresh = { .name = "" };
	unsigned i = 0;

	while (i < SPOOL_LISTENERS - 1 && h->listener[i].name[0] &&
	       strncmp(h->listener[i].name, name, SPOOL_LISTENER_NAME))
		i++;
	if (!strncmp(h->listener[i].name, name, SPOOL_LISTENER_NAME))
		return i;
	strncpy(fresh.name, name, SPOOL_LISTENER_NAME - 1);
	SPOOL_CHANGE(h, &h->listener[i], &fresh);
	spool_apply(h);
	return i;
}

void spool_hear(struct spool *sp, unsigned listener, uint64_t datagrams, uint64_t bytes,
		uint64_t socket_drops)
{
	struct spool_head *h = sp->head;
	struct spool_listener l = h->listener[listener];

	if (socket_drops < l.socket_drops)
		l.socket_drops = 0;
	l.heard.datagrams += datagrams;
	l.heard.bytes += bytes;
	l.heard.drops += socket_drops - l.socket_drops;
	l.socket_drops = socket_drops;
	SPOOL_CHANGE(h, &h->listener[listener], &l);
	spool_apply(h);
}

struct spool_heard spool_heard(const struct spool *sp, unsigned listener)
{
	return sp->head->listener[listener].heard;
}
