/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decoders: a datagram in, records out. They are told everything they need in
 * one struct and keep nothing but templates, what options said and what waits
 * for its template. Each payload byte ends in exactly one counter of its exporter
 * (count.def), whatever it is.
 */
#ifndef NM_DECODE_H
#define NM_DECODE_H

#include "core/buf.h"
#include "core/err.h"
#include "core/exporter.h"
#include "core/flow.h"

struct datasources;
struct park;
struct rate_told;
struct sampling;
struct templates;
struct unknown;

struct decoder {
	struct exporters *exporters;
	struct templates *templates;	/* NULL when CONFIG_IPFIX is off */
	struct park *park;		/* NULL: what has no template yet is lost */
	struct sampling *sampling;	/* NULL: what options say is counted, not used */
	struct unknown *unknown;	/* NULL: what is not known is not counted one by one */
	struct datasources *sources;	/* NULL: sFlow's samples are not followed by number */
	struct flow_sink *sink;
	/* Told once a datagram, before anything else is counted; may be NULL. */
	void (*seen)(struct decoder *d, struct exporter *e, bool is_new);
	/* Options told another rate than `was`, for the records that follow; may be NULL. */
	void (*rate_changed)(struct decoder *d, struct exporter *e, const struct rate_told *told,
			     uint64_t was);
};

struct datagram {
	nm_time seen;
	struct addr from;
	uint16_t listener;
};

/*
 * Tell the protocol by its first bytes, decode, count. Returns the exporter it
 * was counted on (never NULL) and in *err the first thing wrong with it.
 */
struct exporter *datagram_decode(struct decoder *d, struct buf bytes,
				 const struct datagram *dg, enum nm_err *err);

/* What a decoder learned from a header before it looks at the data. */
struct origin {
	enum flow_source source;
	uint32_t domain;		/* sFlow: the sub-agent */
	struct addr agent;		/* sFlow: the agent's address; absent for the others */
	nm_time exported;		/* sent then, by the exporter's clock; absent: not told */
	uint32_t sequence, units;	/* as for sequence_advance */
	bool numbered;			/* `units` are known, so the sequence can be followed */
};

/*
 * What every decoder does with a header: find the exporter, count the datagram
 * of `size` bytes, follow the sequence, tell d->seen. Slot 0 means that there is
 * no room for the exporter: all bytes are counted and nothing is left to do.
 */
struct exporter *decode_begin(struct decoder *d, const struct datagram *dg,
			      const struct origin *origin, size_t size);

/*
 * Records of the other streams: counted as decoded and given to the sink, when it wants such.
 * Flows go by flow_put(), which is called too often to count one by one.
 */
void decode_drop(struct decoder *d, struct exporter *e, const struct flow *flow);
void decode_counters(struct decoder *d, struct exporter *e, const struct counters *counters);
void decode_name(struct decoder *d, struct exporter *e, const struct name_told *name);

/* Not even a header: count all bytes as `what` on the address alone. */
struct exporter *decode_refuse(struct decoder *d, const struct datagram *dg,
			       enum count what, size_t size);

/* Nobody whom the listener allows: counted on slot 0, looked at no further. */
struct exporter *decode_deny(struct decoder *d, const struct datagram *dg, size_t size);

/* One protocol each, called by datagram_decode with the version not yet read. */
struct exporter *netflow5_decode(struct decoder *d, struct buf in,
				 const struct datagram *dg, enum nm_err *err);
struct exporter *ipfix_decode(struct decoder *d, struct buf in,
			      const struct datagram *dg, enum nm_err *err);	/* and v9 */
struct exporter *sflow_decode(struct decoder *d, struct buf in,
			      const struct datagram *dg, enum nm_err *err);

#endif
