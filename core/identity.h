/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The name of a batch: `agent-incarnation-worker-stream-number`. It is the
 * query id, the deduplication token and the Kafka key, and never changes.
 */
#ifndef NM_IDENTITY_H
#define NM_IDENTITY_H

#include "core/spool.h"

#define IDENTITY_TEXT 160

struct identity {
	char agent[64];
	struct incarnation incarnation;
	unsigned worker;
};

/* 32 hexadecimal digits. Returns `text`. */
#define INCARNATION_HEX 33
char *incarnation_hex(const struct incarnation *incarnation, char text[INCARNATION_HEX]);

/* Returns `text`. */
char *identity_text(const struct identity *id, enum stream stream, uint64_t number,
		    char text[IDENTITY_TEXT]);

#endif
