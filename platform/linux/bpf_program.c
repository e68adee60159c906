// SPDX-License-Identifier: Apache-2.0
/*
 * The BPF program that picks packets, written for one rate, one size of samples and one
 * direction: so the kernel has nothing to look up. In words:
 *
 *	if (random >= 2^32 / rate) goto out;
 *	event = ringbuf_reserve(ring, size);
 *	if (!event) { counts[0]++; goto out; }
 *	*event = what the packet's context says;
 *	event->captured = min(length, snap);
 *	if (event->captured && skb_load_bytes(packet, 0, event + 1, event->captured))
 *		event->captured = 0;
 *	ringbuf_submit(event, without waking anybody);
 * out:	return -1;
 *
 * -1 is TCX_NEXT and TC_ACT_UNSPEC: whatever else is attached goes on as if this was not there.
 * Waking the reader costs 40 us a sample, so it comes by itself. Everything that is used here is as
 * old as the ring (Linux 5.8) or older, and none of it is kept for programs under the GPL.
 */
#include <stddef.h>

#include "platform/linux/bpf_private.h"

/* Registers: 0 is a result, 1 to 5 are arguments and lost in a call, 6 to 9 are kept. */
enum { CONTEXT = BPF_REG_6, EVENT = BPF_REG_7, LENGTH = BPF_REG_8 };

struct program {
	struct bpf_insn *at;
	unsigned count;
	unsigned out[2], outs;		/* jumps that lead to the end */
};

/* --- instructions ------------------------------------------------------------------ */

static unsigned put(struct program *p, uint8_t code, uint8_t dst, uint8_t src, int16_t off,
		    int32_t imm)
{
	p->at[p->count] = (struct bpf_insn){
		.code = code, .dst_reg = dst & 15, .src_reg = src & 15, .off = off, .imm = imm,
	};
	return p->count++;
}

static void move(struct program *p, uint8_t dst, uint8_t src)
{
	put(p, BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0);
}

static void set(struct program *p, uint8_t dst, int32_t value)
{
	put(p, BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, value);
}

static void add(struct program *p, uint8_t dst, int32_t value)
{
	put(p, BPF_ALU64 | BPF_ADD | BPF_K, dst, 0, 0, value);
}

static void call(struct program *p, int32_t function)
{
	put(p, BPF_JMP | BPF_CALL, 0, 0, 0, function);
}

/* A map, or (kind BPF_PSEUDO_MAP_VALUE) the address of its first value: of two slots. */
static void map(struct program *p, uint8_t dst, uint8_t kind, int fd)
{
	put(p, BPF_LD | BPF_IMM | BPF_DW, dst, kind, 0, fd);
	put(p, 0, 0, 0, 0, 0);
}

/* A jump whose end is not known yet; lands(p, jump) makes it lead here. */
static unsigned jump(struct program *p, uint8_t code, uint8_t reg, int32_t value)
{
	return put(p, code, reg, 0, 0, value);
}

static void lands(struct program *p, unsigned from)
{
	p->at[from].off = (int16_t)(p->count - from - 1);
}

/* --- parts -------------------------------------------------------------------------- */

static void pick(struct program *p, uint32_t rate)
{
	uint64_t share = ((uint64_t)1 << 32) + rate / 2;	/* rounded, not cut off */

	if (rate < 2)
		return;
	call(p, BPF_FUNC_get_prandom_u32);
	p->out[p->outs++] = jump(p, BPF_JMP32 | BPF_JGE | BPF_K, BPF_REG_0,
				 (int32_t)(uint32_t)(share / rate));
}

static void reserve(struct program *p, const struct bpf_want *want)
{
	unsigned there;

	map(p, BPF_REG_1, BPF_PSEUDO_MAP_FD, want->ring);
	set(p, BPF_REG_2, (int32_t)bpf_event_size(want->snap));
	set(p, BPF_REG_3, 0);
	call(p, BPF_FUNC_ringbuf_reserve);
	there = jump(p, BPF_JMP | BPF_JNE | BPF_K, BPF_REG_0, 0);
	map(p, BPF_REG_1, BPF_PSEUDO_MAP_VALUE, want->counts);
	set(p, BPF_REG_2, 1);
	put(p, BPF_STX | BPF_ATOMIC | BPF_DW, BPF_REG_1, BPF_REG_2, 0, BPF_ADD);
	p->out[p->outs++] = jump(p, BPF_JMP | BPF_JA, 0, 0);
	lands(p, there);
	move(p, EVENT, BPF_REG_0);
}

static void describe(struct program *p, const struct bpf_want *want)
{
	static const struct { uint8_t from, to; } words[] = {
#define WORD(from, to) { offsetof(struct __sk_buff, from), offsetof(struct bpf_event, to) }
		WORD(ifindex, at_if),         WORD(ingress_ifindex, came_by),
		WORD(protocol, protocol),     WORD(vlan_present, tagged),
		WORD(vlan_tci, vlan),         WORD(mark, mark),
		WORD(gso_segs, segments),     WORD(gso_size, segment_size),
		WORD(len, length),
#undef WORD
	};
	int32_t last = (int32_t)(want->direction | (uint32_t)want->headless << 16);

	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		last = (int32_t)((uint32_t)want->direction << 16 | want->headless);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		put(p, BPF_LDX | BPF_MEM | BPF_W, LENGTH, CONTEXT, words[i].from, 0);
		put(p, BPF_STX | BPF_MEM | BPF_W, EVENT, LENGTH, words[i].to, 0);
	}
	put(p, BPF_ST | BPF_MEM | BPF_W, EVENT, 0, offsetof(struct bpf_event, rate),
	    (int32_t)want->rate);
	put(p, BPF_ST | BPF_MEM | BPF_W, EVENT, 0, offsetof(struct bpf_event, direction), last);
	call(p, BPF_FUNC_ktime_get_boot_ns);
	put(p, BPF_STX | BPF_MEM | BPF_DW, EVENT, BPF_REG_0, offsetof(struct bpf_event, time), 0);
}

/* The verifier wants to see both ends of the length; before Linux 6.7 "== 0" teaches it none. */
static void capture(struct program *p, uint32_t snap)
{
	unsigned fits = jump(p, BPF_JMP | BPF_JLE | BPF_K, LENGTH, (int32_t)snap), empty, well;

	set(p, LENGTH, (int32_t)snap);
	lands(p, fits);
	put(p, BPF_STX | BPF_MEM | BPF_W, EVENT, LENGTH, offsetof(struct bpf_event, captured), 0);
	empty = jump(p, BPF_JMP | BPF_JLT | BPF_K, LENGTH, 1);
	move(p, BPF_REG_1, CONTEXT);
	set(p, BPF_REG_2, 0);
	move(p, BPF_REG_3, EVENT);
	add(p, BPF_REG_3, sizeof(struct bpf_event));
	move(p, BPF_REG_4, LENGTH);
	call(p, BPF_FUNC_skb_load_bytes);
	well = jump(p, BPF_JMP | BPF_JEQ | BPF_K, BPF_REG_0, 0);
	put(p, BPF_ST | BPF_MEM | BPF_W, EVENT, 0, offsetof(struct bpf_event, captured), 0);
	lands(p, well);
	lands(p, empty);
}

static void submit(struct program *p)
{
	move(p, BPF_REG_1, EVENT);
	set(p, BPF_REG_2, BPF_RB_NO_WAKEUP);
	call(p, BPF_FUNC_ringbuf_submit);
}

/* --- the whole ------------------------------------------------------------------------ */

uint32_t bpf_event_size(uint32_t snap)
{
	return (uint32_t)sizeof(struct bpf_event) + ((snap + 7) & ~7u);
}

unsigned bpf_program(const struct bpf_want *want, struct bpf_insn at[BPF_INSTRUCTIONS])
{
	struct program p = { .at = at };

	move(&p, CONTEXT, BPF_REG_1);
	pick(&p, want->rate);
	reserve(&p, want);
	describe(&p, want);
	capture(&p, want->snap);
	submit(&p);
	while (p.outs)
		lands(&p, p.out[--p.outs]);
	set(&p, BPF_REG_0, -1);
	put(&p, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
	return p.count;
}
