/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was kept of names and counters as the lines of NAME.names.tsv and NAME.counters.tsv, in
 * which all of it stands: tests/data/make.py writes them by hand.
 */
#ifndef NM_LINES_H
#define NM_LINES_H

#include <stdio.h>

#include "core/out.h"
#include "tests/keeping.h"

#define LINE_TEXT 8192

static inline void line_addr(struct out *o, const struct addr *a)
{
	char text[NM_ADDR_TEXT];

	out_format(o, "\t%s", addr_is_absent(a) ? "" : addr_text(a, text));
}

static inline void line_name(size_t i, struct out *o)
{
	static const char *const kinds[] = {
		"", "exporter", "interface", "vrf", "application", "sampler",
	};
	const struct seen_name *n = &kept.names[i];
	const struct name_told *t = &n->told;

	out_format(o, "%u", n->packet);
	line_addr(o, &t->exporter);
	line_addr(o, &t->agent);
	out_format(o, "\t%u\t%u\t%s\t%llu\t", (unsigned)t->source, (unsigned)t->domain,
		   kinds[t->kind], (unsigned long long)t->id);
	out_bytes(o, t->name.p, t->name.len);
	out_byte(o, '\t');
	out_bytes(o, t->description.p, t->description.len);
}

static inline void line_counters(size_t i, struct out *o)
{
	const struct seen_counters *s = &kept.counters[i];
	const struct counters *c = &s->counters;

	out_format(o, "%u", s->packet);
	line_addr(o, &c->exporter);
	line_addr(o, &c->agent);
	out_format(o, "\t%u\t%u\t%u\t%u\t%u\t%s\t", (unsigned)c->domain, (unsigned)c->sequence,
		   (unsigned)c->uptime_ms, (unsigned)c->source_class, (unsigned)c->source_index,
		   c->group);
	for (uint8_t v = 0; v < c->count; v++)
		out_format(o, v ? ",%s=%llu" : "%s=%llu", c->values[v].name,
			   (unsigned long long)c->values[v].value);
	out_byte(o, '\t');
	for (uint8_t t = 0; t < c->text_count; t++) {
		out_format(o, t ? ",%s=" : "%s=", c->texts[t].name);
		out_bytes(o, c->texts[t].text.p, c->texts[t].text.len);
	}
}

#endif
