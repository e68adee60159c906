/* SPDX-License-Identifier: Apache-2.0 */
/* The streams of stream.def. A segment holds one stream and becomes one batch. */
#ifndef NM_STREAM_H
#define NM_STREAM_H

#define STREAM(name, word, message, quota) STREAM_##name,
enum stream {
#include "core/stream.def"
	STREAM_COUNT
};
#undef STREAM

#define STREAM_MAX 16			/* slots in the spool's layout */

const char *stream_word(enum stream s);
unsigned stream_quota(enum stream s);

#endif
