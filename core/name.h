/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an exporter calls the things it numbers: interfaces, VRFs, applications, samplers, itself.
 * From options data (v9, IPFIX) and counter samples (sFlow).
 */
#ifndef NM_NAME_H
#define NM_NAME_H

#include "core/flow.h"

/* The numbers of NameMessage's enum; encode.c asserts that they agree. */
enum name_kind {
	NAME_UNKNOWN, NAME_EXPORTER, NAME_INTERFACE, NAME_VRF, NAME_APPLICATION, NAME_SAMPLER,
};

struct name_told {
	nm_time seen;
	struct addr exporter, agent;
	uint32_t domain;
	uint8_t source;			/* enum flow_source */
	uint8_t kind;			/* enum name_kind */
	uint64_t id;			/* what the exporter's records call it; 0 for itself */
	struct text name, description;
};

#endif
