// SPDX-License-Identifier: Apache-2.0
/* The name of a batch, written out. */
#include <inttypes.h>
#include <stdio.h>

#include "core/identity.h"

char *incarnation_hex(const struct incarnation *incarnation, char text[INCARNATION_HEX])
{
	for (size_t i = 0; i < sizeof(incarnation->b); i++)
		snprintf(text + 2 * i, 3, "%02x", incarnation->b[i]);
	return text;
}

char *identity_text(const struct identity *id, enum stream stream, uint64_t number,
		    char text[IDENTITY_TEXT])
{
	char incarnation[INCARNATION_HEX];

	snprintf(text, IDENTITY_TEXT, "%.63s-%s-%u-%s-%" PRIu64, id->agent,
		 incarnation_hex(&id->incarnation, incarnation), id->worker,
		 stream_word(stream), number);
	return text;
}
