// SPDX-License-Identifier: Apache-2.0
/* NetFlow v5: every field has its place, so a table says all. */
#include <inttypes.h>

#include "core/explain_private.h"

#define HEADER_LEN 24
#define RECORD_LEN 48

enum { NUMBER, ADDRESS };

static const struct { uint8_t at, len, kind; const char *field; } fields[] = {
	{ 0,  4, ADDRESS, "SrcAddr" },
	{ 4,  4, ADDRESS, "DstAddr" },
	{ 8,  4, ADDRESS, "NextHop" },
	{ 12, 2, NUMBER,  "InIf" },
	{ 14, 2, NUMBER,  "OutIf" },
	{ 16, 4, NUMBER,  "Packets" },
	{ 20, 4, NUMBER,  "Bytes" },
	{ 24, 4, NUMBER,  "TimeFlowStart, ms of uptime" },
	{ 28, 4, NUMBER,  "TimeFlowEnd, ms of uptime" },
	{ 32, 2, NUMBER,  "SrcPort" },
	{ 34, 2, NUMBER,  "DstPort, of ICMP type * 256 + code" },
	{ 36, 1, NUMBER,  "nothing: padding" },
	{ 37, 1, NUMBER,  "TCPFlags" },
	{ 38, 1, NUMBER,  "Proto" },
	{ 39, 1, NUMBER,  "IPTos" },
	{ 40, 2, NUMBER,  "SrcAS" },
	{ 42, 2, NUMBER,  "DstAS" },
	{ 44, 1, NUMBER,  "SrcNet" },
	{ 45, 1, NUMBER,  "DstNet" },
	{ 46, 2, NUMBER,  "nothing: padding" },
};

static void field(struct explain *x, struct buf bytes, uint8_t kind, const char *name)
{
	struct addr a;

	explain_line(x, 2, bytes.p);
	explain_hex(x, bytes);
	out_text(&x->line, " = ");
	if (kind == ADDRESS) {
		a = addr_v4(bytes.p);
		explain_address(x, &a);
	} else {
		out_format(&x->line, "%" PRIu64, buf_uint(&bytes, buf_left(&bytes)));
	}
	out_format(&x->line, ", to %s", name);
	explain_end(x);
}

static void records(struct explain *x, struct buf *in, unsigned count)
{
	for (unsigned n = 1; n <= count && buf_left(in) >= RECORD_LEN; n++) {
		struct buf record = buf_take(in, RECORD_LEN);

		explain_line(x, 1, record.p);
		out_format(&x->line, "record %u: %u bytes", n, RECORD_LEN);
		explain_end(x);
		for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
			field(x, buf_of(record.p + fields[i].at, fields[i].len), fields[i].kind,
			      fields[i].field);
	}
}

/* Returns how many records it says it has. */
static unsigned header(struct explain *x, const uint8_t *p)
{
	unsigned count = be16(p + 2), sampling = be16(p + 22);

	explain_line(x, 1, p);
	out_format(&x->line, "header: %u bytes, %u records, uptime %" PRIu32 " ms, exported ",
		   HEADER_LEN, count, be32(p + 4));
	explain_time(x, time_plus(time_of_s(be32(p + 8)), be32(p + 12)));
	out_format(&x->line, ", engine type %u id %u, sampling 1 in %u mode %u", p[20], p[21],
		   sampling & 0x3fff, sampling >> 14);
	explain_end(x);
	return count;
}

void explain_netflow5(const struct explained *d, struct buf in)
{
	struct explain *x = d->x;
	struct buf all = in;
	const uint8_t *p = buf_take(&in, HEADER_LEN).p;
	unsigned count;

	if (in.bad) {
		out_text(&x->line, "NetFlow v5, cut off within its header");
		explain_end(x);
		explain_as_it_is(d, 1, all);
		return;
	}
	explain_head(d, "NetFlow v5", be16(p + 20), be32(p + 16));
	count = header(x, p);
	records(x, &in, count);
	if (buf_left(&in)) {
		explain_line(x, 1, in.p);
		out_format(&x->line, "left over: %zu bytes: ", buf_left(&in));
		explain_hex(x, in);
		explain_end(x);
	}
	explain_as_it_is(d, 1, all);
}
