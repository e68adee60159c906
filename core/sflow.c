// SPDX-License-Identifier: Apache-2.0
/*
 * sFlow v5 (sflow_version_5.txt): a header and samples that say how long they are. Only these
 * lengths are believed: a sample that cannot be read costs its own bytes, and what a sample has
 * behind its last record costs nobody anything.
 */
#include "core/sflow.h"

enum address_type { ADDRESS_UNKNOWN, ADDRESS_V4, ADDRESS_V6 };

void sflow_wrong(struct sflow *s, enum nm_err err)
{
	s->malformed |= err == NM_SHORT || err == NM_LENGTH;
	if (!s->first)
		s->first = err;
}

void sflow_unknown(struct sflow *s, enum unknown_kind kind, uint32_t format, size_t bytes)
{
	sflow_count(s, COUNT_BYTES_UNKNOWN_SET, bytes);
	unknown_add(s->d->unknown, kind, format >> 12, format & 0xfff, 1);
}

/* --- XDR ---------------------------------------------------------------------- */

size_t sflow_padding(const struct buf *in, size_t len)
{
	struct buf pad = *in;
	size_t want = -len & 3;

	if (want > buf_left(in))
		return 0;
	pad.end = pad.p + want;
	return buf_is_zero(&pad) ? want : 0;
}

struct text sflow_text(struct buf *in)
{
	size_t len = buf_u32(in), left = buf_left(in);
	struct text text = { in->p, 0 };

	if (len > left) {
		in->bad = true;
		len = left;
	}
	text.len = (uint16_t)len;		/* a datagram is no longer */
	in->p += len;
	in->p += sflow_padding(in, len);
	return text;
}

/* --- the datagram --------------------------------------------------------------- */

/* What is left of the datagram behind the samples that it says it has, or instead of one. */
static void rest(struct sflow *s, const struct buf *in, bool cut)
{
	if (cut) {
		sflow_count(s, COUNT_BYTES_TRUNCATED, buf_left(in));
		sflow_wrong(s, NM_SHORT);
	} else if (buf_is_zero(in)) {
		sflow_count(s, COUNT_BYTES_PADDING, buf_left(in));
	} else {
		sflow_count(s, COUNT_BYTES_BAD_LENGTH, buf_left(in));
		sflow_wrong(s, NM_LENGTH);
	}
}

static void samples(struct sflow *s, struct buf in, uint32_t count)
{
	struct sflow_frame sample;

	while (count && sflow_frame_next(&in, &sample)) {
		sflow_count(s, COUNT_BYTES_HEADERS, SFLOW_FRAME_LEN);
		sflow_count(s, COUNT_BYTES_PADDING, sample.padding);
		if (!sflow_sample(s, &sample))
			sflow_unknown(s, UNKNOWN_SAMPLE, sample.format, buf_left(&sample.body));
		count--;
	}
	rest(s, &in, count);
}

/* False when the agent's address is of no kind that has a length. */
static bool agent_address(struct buf *in, struct addr *agent)
{
	uint32_t type = buf_u32(in);
	struct buf part;

	if (type > ADDRESS_V6)
		return false;
	part = buf_take(in, type == ADDRESS_V4 ? 4 : type == ADDRESS_V6 ? 16 : 0);
	if (buf_left(&part) == 4)
		*agent = addr_v4(part.p);
	else if (buf_left(&part))
		memcpy(agent->b, part.p, sizeof(agent->b));
	return true;
}

struct exporter *sflow_decode(struct decoder *d, struct buf in, const struct datagram *dg,
			      enum nm_err *err)
{
	struct origin origin = { .source = FLOW_SFLOW, .units = 1, .numbered = true };
	struct sflow s = { .d = d };
	size_t size = buf_left(&in);
	uint32_t count;

	buf_skip(&in, 4);			/* the version */
	*err = NM_LENGTH;
	if (!agent_address(&in, &origin.agent))
		return decode_refuse(d, dg, COUNT_BYTES_BAD_LENGTH, size);
	origin.domain = buf_u32(&in);
	origin.sequence = buf_u32(&in);
	s.uptime_ms = buf_u32(&in);
	count = buf_u32(&in);
	*err = NM_SHORT;
	if (in.bad)
		return decode_refuse(d, dg, COUNT_BYTES_TRUNCATED, size);

	*err = NM_FULL;
	s.e = decode_begin(d, dg, &origin, size);
	if (s.e == d->exporters->slots)
		return s.e;
	s.slot = (uint32_t)(s.e - d->exporters->slots);
	s.blank = (struct flow){
		.seen = dg->seen, .exporter = dg->from, .agent = origin.agent,
		.source = FLOW_SFLOW, .domain = origin.domain, .sequence = origin.sequence,
		.packets = 1, .rate = 1, .rate_source = RATE_ASSUMED,
	};
	sflow_count(&s, COUNT_BYTES_HEADERS, size - buf_left(&in));
	samples(&s, in, count);
	sflow_count(&s, COUNT_RECORDS_DECODED, s.records);
	sflow_count(&s, COUNT_DATAGRAMS_MALFORMED, s.malformed);
	*err = s.first;
	return s.e;
}
