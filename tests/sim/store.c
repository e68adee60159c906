// SPDX-License-Identifier: Apache-2.0
/* What the server has: batches by name, and how often each record was stored. */
#include <stdio.h>
#include <string.h>

#include "platform/sim/sim.h"
#include "tests/sim/server.h"

static uint64_t varint(const uint8_t **at, const uint8_t *end)
{
	uint64_t value = 0;

	for (unsigned shift = 0; *at < end && shift < 64; shift += 7) {
		value |= (uint64_t)(**at & 0x7f) << shift;
		if (!(*(*at)++ & 0x80))
			return value;
	}
	return UINT64_MAX;
}

/* Field 4 (SequenceNum) of the records that the scripts feed is their serial number. */
static uint64_t serial_of(const uint8_t *at, const uint8_t *end)
{
	while (at < end) {
		uint64_t tag = varint(&at, end), value = varint(&at, end);

		if (tag == (4 << 3))
			return value;
		if ((tag & 7) == 2 && value > (uint64_t)(end - at))
			break;
		if ((tag & 7) == 2)
			at += value;
	}
	return UINT64_MAX;
}

uint64_t server_read(struct server *s, bool store)
{
	const uint8_t *at = s->body, *end = s->body + s->body_len;
	uint64_t rows = 0;

	for (; at < end; rows++) {
		uint64_t len = varint(&at, end), serial;

		if (len > (uint64_t)(end - at))
			return UINT64_MAX;
		serial = serial_of(at, at + len);
		if (serial >= SERVER_RECORDS)
			return UINT64_MAX;
		s->times_stored[serial] += store;
		at += len;
	}
	return rows;
}

bool server_can_read(const struct server *s)
{
	const uint8_t *at = s->body, *end = s->body + s->body_len;

	while (at < end) {
		uint64_t len = varint(&at, end);

		if (serial_of(at, at + len) == (uint64_t)s->unreadable)
			return false;
		at += len;
	}
	return true;
}

static uint64_t sum_of(const uint8_t *bytes, size_t len)
{
	uint64_t sum = 0xcbf29ce484222325;	/* FNV-1a */

	for (size_t i = 0; i < len; i++)
		sum = (sum ^ bytes[i]) * 0x100000001b3;
	return sum;
}

static struct server_batch *batch_named(struct server *s, const char *name)
{
	for (unsigned i = 0; i < s->batches; i++)
		if (!strcmp(s->batch[i].name, name))
			return &s->batch[i];
	return NULL;
}

struct server_batch *server_recognise(struct server *s, const char *name)
{
	struct server_batch *b = batch_named(s, name);
	uint64_t sum = sum_of(s->body, s->body_len);

	if (!b && s->batches == SERVER_BATCHES) {
		server_complain(s, "more than %u batches", SERVER_BATCHES);
		b = &s->batch[0];
	} else if (!b) {
		b = &s->batch[s->batches++];
		memset(b, 0, sizeof(*b));
		snprintf(b->name, sizeof(b->name), "%.170s", name);
		b->length = s->body_len;
		b->sum = sum;
	} else if (b->length != s->body_len || b->sum != sum) {
		server_complain(s, "the body of %s has changed", name);
	}
	return b;
}

void server_store(struct server *s, struct server_batch *b)
{
	bool known = b->stored && time_since(clock_now(), b->at) <= s->remembers_ns;

	if (known)
		return;
	b->rows += server_read(s, true);
	b->stored = true;
	b->at = clock_now();
}

void server_find(const struct server *s, const char *name, unsigned *whole, unsigned *all)
{
	size_t len = strlen(name);

	*whole = *all = 0;
	for (unsigned i = 0; i < s->batches; i++) {
		const char *stored = s->batch[i].name;

		if (!s->batch[i].stored || strncmp(stored, name, len))
			continue;
		*whole += !stored[len];
		*all += !stored[len] || stored[len] == '.' || strchr(name, '.');
	}
}

uint64_t server_stored(const struct server *s)
{
	uint64_t stored = 0;

	for (unsigned i = 0; i < SERVER_RECORDS; i++)
		stored += s->times_stored[i] > 0;
	return stored;
}

uint64_t server_doubled(const struct server *s)
{
	uint64_t doubled = 0;

	for (unsigned i = 0; i < SERVER_RECORDS; i++)
		doubled += s->times_stored[i] > 1;
	return doubled;
}

/* Is it stored as the batch whose name is so long, or as a part of that? */
static bool is_of(const struct server_batch *b, const char *name, size_t len)
{
	return b->stored && !strncmp(b->name, name, len) && (!b->name[len] || b->name[len] == '.');
}

unsigned server_numbers(const struct server *s)
{
	unsigned numbers = 0;

	for (unsigned i = 0; i < s->batches; i++) {
		size_t len = strcspn(s->batch[i].name, ".");
		unsigned k = 0;

		if (!s->batch[i].stored)
			continue;
		while (k < i && !is_of(&s->batch[k], s->batch[i].name, len))
			k++;
		numbers += k == i;
	}
	return numbers;
}
