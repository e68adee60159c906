// SPDX-License-Identifier: Apache-2.0
/* Asking drivers for speeds, and keeping their answers. */
#include "platform/linux/speed.h"

#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>

#define MODE_WORDS 127			/* of its three lists of modes; the kernel's limit */
#define MBIT       1000000u

union request {
	struct ethtool_link_settings settings;
	uint32_t words[sizeof(struct ethtool_link_settings) / 4 + 3 * MODE_WORDS];
};

static bool ask(int fd, const char *name, union request *r)
{
	struct ifreq device = { .ifr_data = (void *)r };

	memcpy(device.ifr_name, name, INTERFACE_NAME);
	return ioctl(fd, SIOCETHTOOL, &device) == 0;
}

/* The first answer is how long the lists of modes are, as a negative number; the second all. */
static uint64_t driver_speed(int fd, const char *name)
{
	union request r = { .settings.cmd = ETHTOOL_GLINKSETTINGS };
	int words;

	if (!ask(fd, name, &r) || r.settings.link_mode_masks_nwords >= 0)
		return 0;
	words = -r.settings.link_mode_masks_nwords;
	memset(&r, 0, sizeof(r));
	r.settings.cmd = ETHTOOL_GLINKSETTINGS;
	r.settings.link_mode_masks_nwords = (int8_t)words;
	if (words > MODE_WORDS || !ask(fd, name, &r) ||
	    r.settings.speed == (uint32_t)SPEED_UNKNOWN)
		return 0;
	return (uint64_t)r.settings.speed * MBIT;
}

/* Their speed is the sum of their ports', which come and go while they stay up. */
static bool is_sum(const char *kind)
{
	return !strcmp(kind, "bond") || !strcmp(kind, "team");
}

uint64_t speed_of(struct speeds *s, int fd, const struct interface *i)
{
	const bool is_up = i->flags & IFF_RUNNING;
	unsigned slot = i->index % SPEEDS;

	if (s->slots[slot].index != i->index || s->slots[slot].is_up != is_up || is_sum(i->kind)) {
		s->slots[slot].index = i->index;
		s->slots[slot].is_up = is_up;
		s->slots[slot].speed = is_up ? driver_speed(fd, i->name) : 0;
	}
	return s->slots[slot].speed;
}

void speed_forget(struct speeds *s, uint32_t index)
{
	if (s->slots[index % SPEEDS].index == index)
		s->slots[index % SPEEDS].index = 0;
}
