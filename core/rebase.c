// SPDX-License-Identifier: Apache-2.0
/* A walk over Protobuf fields (encoding.html: tag = number << 3 | wire type). */
#include <stdbool.h>

#include "core/rebase.h"

#define FIELD_SECONDS     2
#define FIELD_NANOSECONDS 110

enum wire_type { VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5 };

struct walk { uint8_t *p, *end; };

static bool get_varint(struct walk *w, uint64_t *v)
{
	*v = 0;
	for (unsigned shift = 0; w->p < w->end && shift < 64; shift += 7) {
		uint8_t byte = *w->p++;

		*v |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return true;
	}
	return false;
}

/* Write v over the varint at [at, end), if it takes just as many bytes. */
static void patch_varint(uint8_t *at, const uint8_t *end, uint64_t v)
{
	size_t room = (size_t)(end - at), need = 1;

	for (uint64_t rest = v; rest >>= 7;)
		need++;
	if (need != room)
		return;
	for (; at < end - 1; v >>= 7)
		*at++ = (uint8_t)(v | 0x80);
	*at = (uint8_t)v;
}

static bool skip(struct walk *w, unsigned type)
{
	uint64_t len = type == FIXED64 ? 8 : 4;

	if (type == BYTES && !get_varint(w, &len))
		return false;
	if ((type != BYTES && type != FIXED64 && type != FIXED32) ||
	    len > (uint64_t)(w->end - w->p))
		return false;
	w->p += len;
	return true;
}

static void rebase_message(struct walk w, nm_time guessed, nm_time real)
{
	uint64_t tag, v;

	while (w.p < w.end && get_varint(&w, &tag)) {
		uint8_t *at = w.p;
		int64_t unit = tag >> 3 == FIELD_SECONDS ? NM_NS_PER_S : 1;

		if ((tag & 7) != VARINT) {
			if (!skip(&w, tag & 7))
				return;
			continue;
		}
		if (!get_varint(&w, &v))
			return;
		if (tag >> 3 != FIELD_SECONDS && tag >> 3 != FIELD_NANOSECONDS)
			continue;
		if (v <= (uint64_t)(guessed.ns / unit))
			patch_varint(at, w.p, v + (uint64_t)(time_since(real, guessed) / unit));
	}
}

void rebase_records(uint8_t *records, size_t len, nm_time guessed, nm_time real)
{
	struct walk w = { records, records + len };
	uint64_t size;

	while (w.p < w.end && get_varint(&w, &size) && size <= (uint64_t)(w.end - w.p)) {
		rebase_message((struct walk){ w.p, w.p + size }, guessed, real);
		w.p += size;
	}
}
