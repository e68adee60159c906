/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options data of v9 and IPFIX: what an exporter tells beside its flows, and where it is used. Of
 * rates and of when the uptime began the following records are told; names go to the sink.
 */
#ifndef NM_OPTDATA_H
#define NM_OPTDATA_H

#include "core/decode.h"
#include "core/sampling.h"
#include "core/template.h"

/* Whose options they are. */
struct optdata {
	struct decoder *d;
	struct exporter *e;
	uint32_t slot;			/* of the exporter */
	const struct flow *blank;	/* what all its records begin as */
};

/* Take what a record of options says. NM_FULL: there was no room for a rate. */
enum nm_err optdata_take(const struct optdata *o, const struct template *t,
			 const struct draft *draft) NM_MUST_CHECK;

/* What options said of all records of a set, and how each is to be looked up. */
struct known {
	uint64_t rate;
	uint8_t rate_source;
	enum rate_scope scope;		/* SCOPE_EXPORTER: all have the same rate */
	bool each;			/* optdata_rate() is to be asked for each record */
	uint64_t boot_ms;
};

struct known optdata_known(const struct optdata *o, const struct template *t);

/* The record's own rate comes first, then that of its sampler or interface, then everybody's. */
void optdata_rate(const struct optdata *o, const struct template *t, const struct known *k,
		  struct flow *f);

#endif
