/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the sFlow decoder share: a datagram under way, and how samples and records,
 * which are framed alike, are cut out. The structures themselves are in sflow.def. For whoever
 * explains a datagram there are the names of the structures.
 */
#ifndef NM_SFLOW_H
#define NM_SFLOW_H

#include "core/datasource.h"
#include "core/decode.h"
#include "core/packet.h"
#include "core/unknown.h"

#define SFLOW_FRAME_LEN 8		/* format and length before each sample and record */

/* A number of sFlow's registry: an enterprise in the upper 20 bits, 0 being sFlow.org itself. */
#define SFLOW_FORMAT(enterprise, format) ((uint32_t)(enterprise) << 12 | (uint32_t)(format))

enum sflow_format {
	SFLOW_FLOW_SAMPLE = 1, SFLOW_COUNTER_SAMPLE, SFLOW_FLOW_SAMPLE_EXPANDED,
	SFLOW_COUNTER_SAMPLE_EXPANDED, SFLOW_DROP_SAMPLE,
	SFLOW_SAMPLED_HEADER = 1, SFLOW_SAMPLED_ETHERNET, SFLOW_SAMPLED_IPV4, SFLOW_SAMPLED_IPV6,
	SFLOW_EXTENDED_SWITCH = 1001, SFLOW_SOCKET_IPV4 = 2100, SFLOW_SOCKET_IPV6,
	SFLOW_PORT_NAME = 1005, SFLOW_HOST_DESCRIPTION = 2000,
};

/* A datagram under way. */
struct sflow {
	struct decoder *d;
	struct exporter *e;
	uint32_t slot;			/* of the exporter */
	uint32_t uptime_ms;
	uint64_t records;		/* flows put */
	struct flow blank;		/* what every flow of the datagram begins as */
	enum nm_err first;		/* the first thing wrong */
	bool malformed;
};

static inline void sflow_count(struct sflow *s, enum count what, size_t n)
{
	count_add(&s->e->counts, what, n);
}

void sflow_wrong(struct sflow *s, enum nm_err err);
/* A format nobody here knows; its bytes are counted too. */
void sflow_unknown(struct sflow *s, enum unknown_kind kind, uint32_t format, size_t bytes);

/* A sample of the datagram, or a record of a sample. */
struct sflow_frame {
	uint32_t format;
	struct buf body;
	size_t padding;			/* zeros behind it, up to a multiple of four */
};

/* How many zeros follow data of `len` bytes, up to a multiple of four (RFC 4506 4.10). */
size_t sflow_padding(const struct buf *in, size_t len);

/*
 * Cut the next one off; false when it is not all there, *in is then where it began. Bodies are
 * padded, unless the exporter forgot.
 */
static inline bool sflow_frame_next(struct buf *in, struct sflow_frame *frame)
{
	const uint8_t *p = in->p;
	size_t left = buf_left(in), len;

	if (left < SFLOW_FRAME_LEN)
		return false;
	len = be32(p + 4);
	if (len > left - SFLOW_FRAME_LEN)
		return false;
	frame->format = be32(p);
	frame->body = buf_of(p + SFLOW_FRAME_LEN, len);
	in->p = frame->body.end;
	frame->padding = len & 3 ? sflow_padding(in, len) : 0;
	in->p += frame->padding;
	return true;
}

/* What packets of a header protocol begin with, for those that can be read. */
enum packet_link sflow_link_of(uint32_t protocol);

/* One sample that is all there. False: its format is not known. */
bool sflow_sample(struct sflow *s, const struct sflow_frame *sample);

/* A flow that records fill. */
struct sflow_draft {
	struct flow flow;
	struct text unused;		/* where strings go that nobody wants */
	struct buf header;		/* of the packet, when there was one */
	uint8_t dissected;		/* it could be read, which comes first */
	uint8_t socket, operation;	/* addresses are a socket's; an operation, no packet */
	uint8_t has_more;
	struct flow_more more;
};

/* Read one record into the draft; false when it is shorter than its structure. */
bool sflow_flow_record(struct sflow *s, const struct sflow_frame *record,
		       struct sflow_draft *draft);

/* Whose counters they are, and when. */
struct sflow_counters {
	uint32_t sequence, uptime_ms;
	uint32_t class, index;		/* of the data source */
};

/* Read one record and give it away. */
void sflow_counter_record(struct sflow *s, const struct sflow_frame *record,
			  const struct sflow_counters *whose);

/* XDR's variable data: a length, bytes, and padding; what is cut off is not there. */
struct text sflow_text(struct buf *in);

/* "extended_switch", "generic"; NULL when the format is not known. */
const char *sflow_flow_record_name(uint32_t format);
const char *sflow_counter_record_name(uint32_t format);

#endif
