/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A place for text or bytes that somebody else owns. What does not fit is
 * left out whole and sets `full`, which stays set: write everything, ask once.
 * Text is not terminated; out_end() terminates it.
 */
#ifndef NM_OUT_H
#define NM_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct out {
	uint8_t *start, *p, *end;
	bool full;
};

static inline struct out out_of(void *at, size_t size)
{
	return (struct out){ at, at, (uint8_t *)at + size, false };
}

static inline size_t out_len(const struct out *o)
{
	return (size_t)(o->p - o->start);
}

static inline void out_bytes(struct out *o, const void *bytes, size_t len)
{
	if (o->full || len > (size_t)(o->end - o->p)) {
		o->full = true;
		return;
	}
	memcpy(o->p, bytes, len);
	o->p += len;
}

static inline void out_byte(struct out *o, uint8_t byte) { out_bytes(o, &byte, 1); }
static inline void out_text(struct out *o, const char *text) { out_bytes(o, text, strlen(text)); }

/* snprintf's formats, integers and strings only. Needs one byte more than its text. */
void out_format(struct out *o, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A JSON string with its quotes; control characters escaped, invalid UTF-8 as \ufffd. */
void out_json(struct out *o, const char *text, size_t len);

/* Terminate the text; its last byte goes when there is no room (size >= 1). Returns its start. */
char *out_end(struct out *o);

#endif
