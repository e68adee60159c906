/* SPDX-License-Identifier: Apache-2.0 */
/* Messages of NetFlow v9 and IPFIX for tests: a template, its records, and a decoder. */
#ifndef NM_MESSAGES_H
#define NM_MESSAGES_H

#define DECODING_WITH ipfix_decode
#include "tests/decoding.h"
#include "tests/teaching.h"

static struct pen pen;
static struct addr exporter;

static inline void start(void)
{
	static const uint8_t b[4] = { 192, 0, 2, 1 };

	exporter = addr_v4(b);
	decoding_start(DECODING_EXPORTERS);
	teaching_start(&decoding_exporters, TEACHING_SLOTS, TEACHING_CHUNKS, TEACHING_SLOTS);
	decoding.templates = &teaching;
	decoding.sampling = &teaching_sampling;
}

static inline enum nm_err feed(void)
{
	return decoding_feed(&exporter, pen.bytes, pen.len);
}

static inline enum nm_err feed_ipfix(void)
{
	ipfix_end(&pen);
	return feed();
}

/* Template 256 of 13 bytes: addresses, protocol, bytes; as a set of its own, 28 bytes long. */
static inline void put_template_set(bool v9)
{
	set_begin(&pen, v9 ? 0 : 2);
	put_template(&pen, 256, "8/4 12/4 4/1 1/4");
	set_end(&pen);
}

static inline void put_record(uint8_t last, uint32_t bytes)
{
	put(&pen, 4, 0x0a000000u + last);
	put(&pen, 4, 0xc0000201);
	put(&pen, 1, 6);
	put(&pen, 4, bytes);
}

/* So many records in a set, 4 + 13 bytes each. */
static inline void put_data_set(uint16_t id, unsigned records)
{
	set_begin(&pen, id);
	for (unsigned i = 0; i < records; i++)
		put_record((uint8_t)(i + 1), 1000 + i);
	set_end(&pen);
}

static inline void teach(bool v9)
{
	start();
	v9 ? put_v9(&pen, 1, 0, 7) : put_ipfix(&pen, 0, 7);
	put_template_set(v9);
	check((v9 ? feed() : feed_ipfix()) == NM_OK);
}

static inline bool is(const struct addr *a, const char *text)
{
	char have[NM_ADDR_TEXT];

	return !strcmp(addr_text(a, have), text);
}

#endif
