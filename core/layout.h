/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a template says, compiled once when it arrives: steps that carry the bytes of a record
 * into a struct draft without looking anything up. Fields that go nowhere cost no step.
 */
#ifndef NM_LAYOUT_H
#define NM_LAYOUT_H

#include "core/buf.h"
#include "core/err.h"
#include "core/flow.h"

/* What a record says that is no member of the flow, but decides some. */
struct notes {
	uint64_t interval, random_interval;		/* 1 in N */
	uint64_t packet_interval, packet_space;		/* so many taken, so many left out */
	uint64_t size, population;			/* so many out of so many */
	uint64_t boot_ms;				/* since 1970 */
	uint32_t start_uptime, end_uptime;		/* ms, for want of a clock */
	uint32_t labels[FLOW_LABELS];			/* 3 bytes: label, EXP, bottom of stack */
};

/* IPv6's side of a record that has both families. */
struct six {
	struct addr src, dst, next_hop, bgp_next_hop, nat_src, nat_dst;
	uint8_t src_net, dst_net, icmp_type, icmp_code;
};

struct draft {
	struct flow flow;
	struct notes notes;
	struct six six;
};

/* How a field's bytes become a member's value; steps.c has a case for each. */
enum op {
	OP_SKIP,		/* a variable field that goes nowhere */
	/* Met in most records. */
	OP_U8, OP_U16, OP_U32, OP_U64,			/* as wide as the member */
	OP_U8_16, OP_U16_32, OP_U32_64,			/* narrower than the member */
	OP_ADDR4, OP_HOP4,	/* 4 bytes; of a hop zero is none */
	OP_ADDR16,
	OP_DIRECTION,
	OP_MILLIS_8, OP_UPTIME_4,			/* of the usual length */
	/* Of any length: the last 8 bytes, the low bits of them. */
	OP_UINT, OP_SECONDS, OP_MILLIS,			/* since 1970 */
	OP_NTP,			/* 8 bytes: since 1900, 32.32 bits */
	OP_DELTA,		/* microseconds before the export */
	OP_UPTIME,		/* milliseconds on the exporter's uptime */
	OP_OBSERVED,		/* MILLIS to start and end */
	OP_ICMP,		/* type * 256 + code */
	OP_IPVERSION, OP_VLAN, OP_TTL,
};

struct step {
	uint16_t from;		/* offset in the record, behind its last variable field so far */
	uint16_t to;		/* offset in struct draft */
	uint8_t len;		/* bytes; 0: the length is in the record */
	uint8_t op;		/* enum op */
	uint8_t size;		/* of the member, for OP_UINT; else the bytes that op must have */
};

/* What a record names, by which a rate can be found that options told. */
enum {
	NAMES_SAMPLER   = 1 << 0,
	NAMES_INTERFACE = 1 << 1,	/* the ingress interface */
};

/* What is left to do when all steps have run. */
enum {
	FINISH_RATE   = 1 << 0,
	FINISH_START  = 1 << 1,	/* from boot_ms and start_uptime */
	FINISH_END    = 1 << 2,
	FINISH_LABELS = 1 << 3,
	FINISH_FAMILY = 1 << 4,	/* IPv4 or IPv6 */
	FINISH_ETYPE  = 1 << 5,	/* by the family of the source */
};

#define LAYOUT_STEPS 128

struct layout {
	struct step steps[LAYOUT_STEPS];
	uint16_t count;
	uint16_t min_len;	/* the shortest record, at least 1 */
	uint16_t tail;		/* fixed bytes behind the last variable field */
	uint16_t etype;		/* of all records, 0 when it depends on the record */
	uint8_t finish;
	uint8_t names;
	bool variable;
};

struct fields {
	struct buf bytes;	/* field specifiers, nothing else */
	bool v9;		/* no enterprises, and times on the uptime are known */
	bool options;		/* only what tells of sampling and of the uptime is stored */
	uint16_t scopes;	/* of options, so many fields at the start */
};

/* NM_BADTPL: no length, or more than a datagram holds. NM_FULL: more than LAYOUT_STEPS. */
enum nm_err layout_compile(const struct fields *fields, struct layout *l) NM_MUST_CHECK;

#endif
