// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as a packet of any link (the first byte says which): it has no more layers than there
 * is room for, and whatever is told of it was written there; as a sample it is at least one packet,
 * and no smaller than what the kernel handled. For libFuzzer:
 *
 *	clang -g -O1 -fsanitize=fuzzer,address,undefined -I. tests/fuzz/fuzz-packet.c \
 *		core/packet*.c core/tunnel.c core/sample.c core/out.c core/text.c -o fuzz-packet
 *	./fuzz-packet -max_total_time=60 NEW-CASES tests/fuzz/seeds/packet
 */
#include <string.h>

#include "core/packet_text.h"
#include "core/sample.h"

#define must(promise) ((promise) ? (void)0 : __builtin_trap())
#define UNTOUCHED 0xa5

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be_whole(const struct packet *p)
{
	char text[PACKET_TEXT];
	struct out o = out_of(text, sizeof(text));

	must(p->layer_count <= PACKET_LAYERS);
	must(p->vlan_count <= PACKET_VLANS && p->label_count <= FLOW_LABELS);
	must(!p->inner.seen || (p->outer.seen && p->tunnel != TUNNEL_NONE));
	for (uint8_t i = 0; i < p->layer_count; i++)
		must(p->layers[i].kind != LAYER_END && p->layers[i].kind < LAYER_COUNT);
	packet_text(&o, p);
	must(!o.full);
}

/* A second time over other remains: what a flow gets must not depend on them. */
static void must_be_same(const struct flow *f, struct buf in, enum packet_link link)
{
	struct packet p;
	struct flow again;

	memset(&p, UNTOUCHED, sizeof(p));
	memset(&again, 0, sizeof(again));
	packet_dissect(in, link, &p);
	packet_to_flow(&p, &again);
	must(!memcmp(f, &again, sizeof(again)));
}

/* Told in every way that a source can tell; the size of the input chooses. */
static void must_be_measured(struct buf in, enum packet_link link)
{
	size_t way = buf_left(&in);
	struct sample s = {
		.bytes = in, .rate = 1, .link_len = way & 1 ? 14 : 0,
		.length = way & 2 ? 40000 : 0, .segments = way & 4 ? 7 : 0,
		.segment_size = way & 8 ? 1448 : 0, .tagged = way & 16, .vlan = 5,
		.etype = link == LINK_UNKNOWN && way > 2 ? be16(in.p + way - 2) : 0,
	};
	struct sample_size size;
	struct flow f;

	sample_to_flow(&s, link, &f, &size);
	must(size.packets && size.bytes >= size.handled);
	must(!s.length || size.handled == s.length);
	must(!s.segments || size.packets == s.segments);
	must(f.packets == size.packets && f.bytes == size.bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct packet p;
	struct flow f;
	enum packet_link link;
	struct buf in;

	if (!size)
		return 0;
	link = (enum packet_link)(data[0] % (LINK_UNKNOWN + 1));
	in = buf_of(data + 1, size - 1);
	memset(&p, 0, sizeof(p));
	memset(&f, 0, sizeof(f));
	packet_dissect(in, link, &p);
	must_be_whole(&p);
	packet_to_flow(&p, &f);
	must_be_same(&f, in, link);
	must_be_measured(in, link);
	return 0;
}
