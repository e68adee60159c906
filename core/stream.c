// SPDX-License-Identifier: Apache-2.0
/* The words and quotas of stream.def. */
#include "core/stream.h"

#define STREAM(name, word, message, quota) { #word, quota },
static const struct { const char *word; unsigned quota; } streams[STREAM_COUNT] = {
#include "core/stream.def"
};
#undef STREAM

const char *stream_word(enum stream s)
{
	return streams[s].word;
}

unsigned stream_quota(enum stream s)
{
	return streams[s].quota;
}
