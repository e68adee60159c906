/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Speeds of interfaces. rtnetlink does not tell them. The driver is asked by the ioctl of ethtool,
 * which needs no right, no mounted /sys and no further socket: since Linux 4.11 a netlink socket
 * takes it as well. The driver may have to ask its hardware, so it is asked when a link comes up
 * and not each time the counters are read.
 */
#ifndef NM_LINUX_SPEED_H
#define NM_LINUX_SPEED_H

#include "core/interface.h"

#define SPEEDS 1024			/* interfaces whose speed is kept; others are asked again */

struct speeds {
	struct { uint32_t index; bool is_up; uint64_t speed; } slots[SPEEDS];
};

/* Bits per second, 0 when it is down or not known; `fd` is any socket of the namespace. */
uint64_t speed_of(struct speeds *s, int fd, const struct interface *i);
void speed_forget(struct speeds *s, uint32_t index);

#endif
