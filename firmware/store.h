/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where encoded records go: into the spool when the agent runs, onto the terminal
 * when it decodes. The chain before it is the same.
 */
#ifndef NM_STORE_H
#define NM_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "core/exporter.h"
#include "core/stream.h"

struct store {
	/* Room for one record of SPOOL_RECORD bytes; NULL: there is none. */
	uint8_t *(*reserve)(struct store *s, enum stream stream);
	void (*put)(struct store *s, enum stream stream, size_t len);
	void (*lost)(struct store *s, enum stream stream, size_t len);
	/* What was put until now belongs to this exporter (NULL: to none) and stays. */
	void (*commit)(struct store *s, uint32_t slot, const struct exporter *e);
};

#endif
