// SPDX-License-Identifier: Apache-2.0
/* A netmeta without any kind of uplink: one that is configured is refused at the start. */
#include <stdio.h>

#include "firmware/sender.h"

struct sender *sender_new(const struct sender_setup *setup, char why[NM_WHY])
{
	snprintf(why, NM_WHY, "uplink %s: this netmeta was built without uplinks",
		 setup->conf->name);
	return NULL;
}

void sender_free(struct sender *s)
{
	(void)s;
}

nm_mono sender_turn(struct sender *s, nm_mono mono, nm_time time, bool clock_is_sane)
{
	(void)s, (void)mono, (void)time, (void)clock_is_sane;
	return NM_MONO_NEVER;
}

struct link_wait sender_wait(const struct sender *s)
{
	(void)s;
	return (struct link_wait){ -1, 0 };
}

struct sender_status sender_status(const struct sender *s, nm_mono mono, nm_time time)
{
	(void)s, (void)mono, (void)time;
	return (struct sender_status){
		.state = "", .verdict = "", .why = "", .compression = "none",
	};
}

bool sender_ends(const struct sender *s, struct link_ends *ends)
{
	(void)s, (void)ends;
	return false;
}
