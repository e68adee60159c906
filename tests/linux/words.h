/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Netlink messages written by hand, in the order of this machine's bytes: numbers are put one
 * behind the other, and nothing of what reads them is used.
 */
#ifndef NM_WORDS_H
#define NM_WORDS_H

#include <stdint.h>
#include <string.h>

struct words {
	_Alignas(8) uint8_t b[8192];
	size_t len;
};

static inline void w_bytes(struct words *w, const void *bytes, size_t len)
{
	memcpy(w->b + w->len, bytes, len);
	w->len += len;
}

static inline void w8(struct words *w, uint8_t v) { w_bytes(w, &v, sizeof(v)); }
static inline void w16(struct words *w, uint16_t v) { w_bytes(w, &v, sizeof(v)); }
static inline void w32(struct words *w, uint32_t v) { w_bytes(w, &v, sizeof(v)); }
static inline void w64(struct words *w, uint64_t v) { w_bytes(w, &v, sizeof(v)); }

/* Zeros up to a multiple of four. */
static inline void w_pad(struct words *w)
{
	while (w->len % 4)
		w8(w, 0);
}

static inline void w_attr(struct words *w, uint16_t type, const void *bytes, uint16_t len)
{
	w16(w, (uint16_t)(len + 4));
	w16(w, type);
	w_bytes(w, bytes, len);
	w_pad(w);
}

static inline void w_attr32(struct words *w, uint16_t type, uint32_t value)
{
	w_attr(w, type, &value, sizeof(value));
}

/* A header whose length w_finish sets; returns where it stands. */
static inline size_t w_message(struct words *w, uint16_t type, uint16_t flags, uint32_t seq,
			       uint32_t port)
{
	size_t at = w->len;

	w32(w, 0);
	w16(w, type);
	w16(w, flags);
	w32(w, seq);
	w32(w, port);
	return at;
}

static inline void w_finish(struct words *w, size_t at)
{
	uint32_t len = (uint32_t)(w->len - at);

	memcpy(w->b + at, &len, sizeof(len));
}

/* The same for an attribute with attributes in it. */
static inline size_t w_nest(struct words *w, uint16_t type)
{
	size_t at = w->len;

	w16(w, 0);
	w16(w, type);
	return at;
}

static inline void w_end(struct words *w, size_t at)
{
	uint16_t len = (uint16_t)(w->len - at);

	memcpy(w->b + at, &len, sizeof(len));
}

#endif
