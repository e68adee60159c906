/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Interfaces of this machine: what they are, and a table of them by number. Plain data; the
 * platform fills it, the sampler and the encoder read it.
 */
#ifndef NM_INTERFACE_H
#define NM_INTERFACE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/addr.h"
#include "core/truth.h"
#include "core/when.h"

#define INTERFACE_NAME  16		/* with its 0, as the kernel has it */
#define INTERFACE_ALIAS 64
#define INTERFACE_KIND  16

/* Since the device is there; what the kernel counts (rtnl_link_stats64). */
struct interface_counters {
	uint64_t bytes, packets, errors, drops;
};

struct interface {
	uint32_t index;			/* 0: none */
	uint32_t master;		/* bridge, bond or VRF it belongs to; 0: none */
	uint32_t parent;		/* device below it: of a VLAN, a macvlan ...; 0: none */
	uint32_t mtu;
	uint32_t flags;			/* IFF_UP ... */
	uint64_t speed;			/* bits per second; 0: not known */
	uint64_t mac;			/* 48 bits; 0: none */
	uint16_t type;			/* ARPHRD_ETHER ... */
	uint16_t vlan;			/* its VLAN id; 0: it is no VLAN device */
	uint8_t oper;			/* operational state (RFC 2863, IF_OPER_UP is 6) */
	char name[INTERFACE_NAME];
	char alias[INTERFACE_ALIAS];
	char kind[INTERFACE_KIND];	/* "vlan", "bridge", "veth"; empty: a device of hardware */
	char master_kind[INTERFACE_KIND];	/* of what it is a port of */
	struct interface_counters in, out;
	nm_mono counted;		/* when the counters were read */
};

/* What is told of one (InterfaceMessage). */
struct interface_told {
	const struct interface *interface;
	struct addr exporter;		/* the agent itself, as in its flows */
	nm_time seen;
	bool gone;
	const char *sampling;		/* word of the source; "": it is not sampled */
	uint32_t rate;
	int64_t window_ns;		/* of the verdicts; 0: there are none */
	struct truth_verdict in, out;
};

struct interfaces {
	struct interface *slots;	/* the owner's memory, zeroed before first use */
	uint32_t size, used;		/* used: slots with an index, in no order, at the front */
};

/* The interface of that number or name, NULL when there is none. */
struct interface *interface_find(const struct interfaces *all, uint32_t index);
struct interface *interface_named(const struct interfaces *all, const char *name);
/* Keep a copy; NULL: there is no room. */
struct interface *interface_put(struct interfaces *all, const struct interface *of);
/* Forget it; the last slot moves into its place. */
void interface_remove(struct interfaces *all, uint32_t index);
/* Does it stand above `below`: a VLAN of it, a bridge it is a port of, any number of steps? */
bool interface_is_above(const struct interfaces *all, const struct interface *above,
			const struct interface *below);
/* Of VRF devices: the one that packets from this interface are routed in; 0: the main table. */
uint32_t interface_vrf(const struct interfaces *all, const struct interface *of);

#endif
