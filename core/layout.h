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
	/* Sections of the packet looked at: what they begin with is in section.c. */
	struct text frame, packet, stack, payload;
	uint16_t frame_size, frame_type;
	uint16_t section_offset, section_size;		/* the part of a section that counts */
};

/* IPv6's side of a record that has both families. */
struct six {
	struct addr src, dst, next_hop, bgp_next_hop, nat_src, nat_dst;
	uint8_t src_net, dst_net, icmp_type, icmp_code;
};

/* What options say of the things that they name by number. */
struct told {
	struct text interface_name, interface_words, vrf_name, application_name, application_words,
		    sampler_name;
};

struct draft {
	struct flow flow;
	struct notes notes;
	struct six six;
	struct flow_more more;		/* only used with FINISH_MORE */
	struct told told;		/* only used of options */
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
	OP_SEGMENT,		/* 8 bytes: kind of the network, and its number */
	/* Bytes as they are, of any length. */
	OP_TEXT,		/* up to the first zero */
	OP_BYTES,
	OP_KEEP,		/* an unknown element; `to` is which of the template's */
	OP_ELEMENT,		/* no step: an unknown element, see element_of_step() */
};

struct step {
	uint16_t from;		/* offset in the record, behind its last variable field so far */
	uint16_t to;		/* offset in struct draft */
	uint16_t len;		/* bytes; 0: the length is in the record */
	uint8_t op;		/* enum op */
	uint8_t size;		/* of the member, for OP_UINT; else the bytes that op must have */
};

/* An element as templates name it, and how it is kept behind the steps of its template. */
struct element { uint32_t enterprise; uint16_t id; };

static inline struct step step_of_element(const struct element *e)
{
	return (struct step){ .from = e->id, .to = (uint16_t)(e->enterprise >> 16),
			      .len = (uint16_t)e->enterprise, .op = OP_ELEMENT };
}

static inline struct element element_of_step(const struct step *s)
{
	return (struct element){ (uint32_t)s->to << 16 | s->len, s->from };
}

/* What a record names, by which a rate can be found that options told. */
enum {
	NAMES_SAMPLER   = 1 << 0,
	NAMES_INTERFACE = 1 << 1,	/* the ingress interface */
	NAMES_TOLD      = 1 << 2,	/* options: what it is called */
};

/* What is left to do when all steps have run. */
enum {
	FINISH_RATE   = 1 << 0,
	FINISH_START  = 1 << 1,	/* from boot_ms and start_uptime */
	FINISH_END    = 1 << 2,
	FINISH_LABELS = 1 << 3,
	FINISH_FAMILY = 1 << 4,	/* IPv4 or IPv6 */
	FINISH_ETYPE  = 1 << 5,	/* by the family of the source */
	FINISH_KEPT   = 1 << 6,	/* say which elements were kept */
	/* These are done by whoever reads the records. */
	FINISH_MORE    = 1 << 7,	/* the flow has a flow_more */
	FINISH_SECTION = 1 << 8,	/* headers of a packet, in notes */
};

#define LAYOUT_STEPS   128
#define LAYOUT_UNKNOWN 64		/* listed; the others are only counted */

struct layout {
	struct step steps[LAYOUT_STEPS + LAYOUT_UNKNOWN];	/* unknown elements behind them */
	uint16_t count;
	uint16_t unknown;	/* so many unknown elements are listed */
	uint16_t unlisted;	/* and so many are not */
	uint16_t min_len;	/* the shortest record, at least 1 */
	uint16_t tail;		/* fixed bytes behind the last variable field */
	uint16_t etype;		/* of all records, 0 when it depends on the record */
	uint16_t finish;
	uint8_t names;
	bool variable;
};

struct fields {
	struct buf bytes;	/* field specifiers, nothing else */
	bool v9;		/* no enterprises, and times on the uptime are known */
	bool options;		/* only sampling, uptime and names are stored */
	bool keep;		/* unknown elements go to the flow as they are */
	uint16_t scopes;	/* of options, so many fields at the start */
};

/* NM_BADTPL: no length, or more than a datagram holds. NM_FULL: more than LAYOUT_STEPS. */
enum nm_err layout_compile(const struct fields *fields, struct layout *l) NM_MUST_CHECK;

#endif
