// SPDX-License-Identifier: Apache-2.0
/*
 * Packet sections. A section of a fixed length may hold less than that, and one that does not
 * begin where its headers do tells nothing here.
 */
#include "core/packet.h"
#include "core/section.h"

#define FRAME_ETHERNET 1		/* of dataLinkFrameType; 0: not told */

static const struct { uint16_t at; uint8_t link; } sections[] = {
	{ offsetof(struct notes, frame),   LINK_ETHERNET },
	{ offsetof(struct notes, packet),  LINK_IP },
	{ offsetof(struct notes, stack),   LINK_MPLS },
	{ offsetof(struct notes, payload), LINK_IP },
};

#define FLOW(kind, type, member, field, help) { offsetof(struct flow, member), sizeof(type) },
static const struct { uint16_t at; uint8_t size; } members[] = {
#include "core/flow.def"
};
#undef FLOW

static bool is_absent(const uint8_t *p, size_t len)
{
	struct buf b = buf_of(p, len);

	return buf_is_zero(&b);
}

/* Take from `more` what the flow has not. */
static void fill(struct flow *f, const struct flow *more)
{
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		uint8_t *at = (uint8_t *)f + members[i].at;

		if (is_absent(at, members[i].size))
			memcpy(at, (const uint8_t *)more + members[i].at, members[i].size);
	}
	if (f->label_count)
		return;
	memcpy(f->labels, more->labels, sizeof(f->labels));
	f->label_count = more->label_count;
}

static void read_section(const struct notes *n, const struct text *t, enum packet_link link,
			 struct flow *f)
{
	size_t len = n->section_size && n->section_size < t->len ? n->section_size : t->len;
	struct flow seen = { 0 };
	struct packet packet;

	if (link == LINK_ETHERNET && n->frame_type > FRAME_ETHERNET)
		return;
	packet_dissect(buf_of(t->p, len), link, &packet);
	packet_to_flow(&packet, &seen);
	fill(f, &seen);
}

static bool is_nobody(const struct addr *a)
{
	return addr_is_absent(a) || (addr_is_v4(a) && is_absent(a->b + 12, 4));
}

/* Addresses of zeros are room that was not used, and so is the family they seem to tell. */
static void forget_zeros(struct flow *f)
{
	if (!is_nobody(&f->src) || !is_nobody(&f->dst))
		return;
	if (addr_is_v4(&f->src) || addr_is_v4(&f->dst))
		f->etype = 0;
	memset(&f->src, 0, sizeof(f->src));
	memset(&f->dst, 0, sizeof(f->dst));
}

void section_fill(const struct notes *n, struct flow *f)
{
	bool counted = f->bytes || f->packets;

	forget_zeros(f);
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		struct text t;

		memcpy(&t, (const uint8_t *)n + sections[i].at, sizeof(t));
		if (t.len && !n->section_offset)
			read_section(n, &t, (enum packet_link)sections[i].link, f);
	}
	if (counted)
		return;
	f->bytes = f->ip_length ? f->ip_length : n->frame_size;
	f->packets = 1;
}
