// SPDX-License-Identifier: Apache-2.0
/* What several ways to pick packets need. */
#define _GNU_SOURCE
#include "platform/linux/source.h"

#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum packet_link source_link(const char *name)
{
	struct ifreq ask = { .ifr_name = "" };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool known;

	memccpy(ask.ifr_name, name, 0, sizeof(ask.ifr_name) - 1);
	known = fd >= 0 && ioctl(fd, SIOCGIFHWADDR, &ask) == 0;
	if (fd >= 0)
		close(fd);
	return known ? sample_link(ask.ifr_hwaddr.sa_family) : LINK_UNKNOWN;
}

enum nm_err source_remedy(enum source source, enum nm_err err, char why[NM_WHY])
{
	const struct source_row *row = source_row(source);
	size_t len = strlen(why);

	if (err == NM_ABSENT)
		snprintf(why + len, NM_WHY - len, "; kernel: %s; OpenWrt: %s", row->kernel,
			 row->openwrt);
	return err;
}
