// SPDX-License-Identifier: Apache-2.0
/*
 * Packets against what others dissected of them: a capture and a table, one row a packet. Every
 * row and every column that the table has must agree; tests/GOLDEN lists where we know better.
 *
 * tests/data holds our own cases (HEADERS names them), and of those every truncation is tried:
 * whatever is still read of a packet that was cut must be what the whole packet says. The many
 * others are not ours to copy: they lie in $NETMETA_TESTDATA, or beside the tree.
 */
#include <unistd.h>

#include "core/packet_text.h"
#include "tests/dissected.h"
#include "tests/table.h"

#define MOST_SHOWN 5			/* differences shown of a case */

/* --- a case ---------------------------------------------------------------------------- */

struct tally { unsigned fields, ignored, differ; };

static void compare(const struct golden_case *c, const struct line *head, const struct line *row,
		    const struct dissected *d, struct tally *t)
{
	char have[FIELD_TEXT];

	for (size_t i = 0; i < head->count && i < row->count; i++) {
		const struct field *f = fields, *end = fields + sizeof(fields) / sizeof(fields[0]);

		while (f < end && strcmp(f->name, head->field[i]))
			f++;
		if (f == end)
			continue;
		t->fields++;
		field_text(f, d, have);
		if (field_same(f, row->field[i], have))
			continue;
		if (listed(c->ignored, f->name))
			t->ignored++;
		else if (t->differ++ < MOST_SHOWN)
			printf("  %s, packet %u: %s is %s, should be %s\n", c->name, d->number,
			       f->name, have, row->field[i]);
	}
}

/* A number only where layer.def says that there is one. */
static bool numbers_sound(const struct packet *p)
{
	enum { NONE, SHOWN, KEPT, HEX, WHERE };
	static const uint8_t numbers[] = {
#define LAYER(name, word, number, reader) number,
#include "core/layer.def"
#undef LAYER
	};

	for (uint8_t i = 0; i < p->layer_count; i++)
		if (p->layers[i].id && numbers[p->layers[i].kind] == NONE)
			return false;
	return true;
}

/*
 * What is missing must be said, in the place of the layer that is missing; but for what is only
 * guessed at, behind these.
 */
static bool missing_said(const struct dissected *cut, const struct dissected *whole)
{
	static const uint8_t guessed[] = { LAYER_MPLS, LAYER_UDP, LAYER_GTPU, LAYER_L2TP };
	uint8_t count = cut->p.layer_count;
	uint8_t last = count ? cut->p.layers[count - 1].kind : LAYER_END;

	return count >= whole->p.layer_count || last == LAYER_CUT ||
	       memchr(guessed, last, sizeof(guessed));
}

/* Is what was read of a packet that was cut nothing but a part of what the whole one says? */
static bool part_of(const struct dissected *cut, const struct dissected *whole)
{
	static const struct layer none;
	size_t same = cut->p.layer_count;
	const struct layer *last = same ? &cut->p.layers[same - 1] : &none;
	bool in_extensions = last->kind == LAYER_CUT && (uint8_t)last->id == LAYER_EXTENSION;
	char have[FIELD_TEXT], want[FIELD_TEXT];

	if (last->kind == LAYER_CUT)
		same--;
	for (size_t i = 0; i < same; i++)
		if (i >= whole->p.layer_count || cut->p.layers[i].kind != whole->p.layers[i].kind ||
		    cut->p.layers[i].id != whole->p.layers[i].id)
			return false;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (fields[i].form == TEXT || !strncmp(fields[i].name, "inner_", 6))
			continue;	/* in a deep nest the innermost is another */
		if (in_extensions && !strcmp(fields[i].name, "proto"))
			continue;	/* the extension header's own number */
		field_text(&fields[i], cut, have);
		field_text(&fields[i], whole, want);
		if (strcmp(have, want) && !field_same(&fields[i], "", have))
			return false;
	}
	return true;
}

static bool truncate_all(const char *name, const struct dissected *whole, size_t len)
{
	static struct dissected cut;
	bool good = true;

	for (size_t i = 0; i < len && good; i++) {
		cut.number = whole->number;
		cut.frame = whole->frame;
		dissect(&cut, room, i);
		good = part_of(&cut, whole) && missing_said(&cut, whole);
		if (!good)
			fail("%s, packet %u, cut to %zu bytes: %s", name, cut.number, i,
			     cut.layers);
	}
	return good;
}

static bool run_case(const struct golden_case *c, const char *capture, const char *table, bool cut,
		     struct tally *t)
{
	struct words file = text_read(capture), rows = text_read(table);
	struct line head = { 0 }, row = { 0 };
	static struct dissected d;
	char *at = rows.bytes;
	struct frames frames;
	bool good = at && file.bytes && frames_open(&frames, buf_of(file.bytes, file.len)) &&
		    line_next(&at, &head);

	for (d.number = 1; good && frames_next(&frames, &d.frame); d.number++) {
		size_t len = frame_prepare(&d.frame, room);

		if (!line_next(&at, &row)) {
			good = fail("%s: a packet without a row", c->name);
			break;
		}
		dissect(&d, room, len);
		compare(c, &head, &row, &d, t);
		good = numbers_sound(&d.p) && (!cut || truncate_all(c->name, &d, len));
	}
	if (good && (line_next(&at, &row) || d.number == 1))
		good = fail("%s: a row without a packet, or none at all", c->name);
	free(file.bytes);
	free(rows.bytes);
	return good && !t->differ;
}

struct sums { unsigned passed, failed, skipped; uint64_t fields, ignored, differ; };

static void judge(struct sums *sums, const struct golden_case *c, const struct tally *t, bool good)
{
	good ? sums->passed++ : sums->failed++;
	sums->fields += t->fields;
	sums->ignored += t->ignored;
	sums->differ += t->differ;
	if (!good)
		printf("FAIL the case %s agrees in every field, %u of %u differ\n", c->name,
		       t->differ, t->fields);
}

static void own_cases(struct sums *sums, const char *folder)
{
	struct words cases = text_read(join(folder, "/HEADERS", ""));
	struct line row = { 0 };
	char *at = cases.bytes;

	while (at && line_next(&at, &row)) {
		struct golden_case c = { .name = row.field[0] };
		struct tally t = { 0 };

		if (*c.name != '#')
			judge(sums, &c, &t,
			      run_case(&c, join(folder, "/", c.name, ".pcap", ""),
				       join(folder, "/", c.name, ".headers.tsv", ""), true, &t));
	}
	if (!sums->passed) {
		fail("%s: no cases", folder);
		sums->failed++;
	}
	free(cases.bytes);
}

/* A capture's name ends in .pcap or .pcapng. */
static const char *capture_of(const char *folder, const char *name)
{
	const char *path = join(folder, "/headers/", name, ".pcap", "");

	return access(path, R_OK) ? join(folder, "/headers/", name, ".pcapng", "") : path;
}

static void shared_cases(struct sums *sums, const char *folder, struct words *list)
{
	struct words cases = text_read(join(folder, "/HEADERS.tsv", ""));
	struct line row = { 0 };
	char *at = cases.bytes;

	if (!at) {
		printf("SKIP the header cases agree in every field: no test data at %s\n", folder);
		sums->skipped++;
		return;
	}
	while (line_next(&at, &row)) {
		struct golden_case c = { .name = row.field[0] };
		struct tally t = { 0 };

		if (row.number == 1)
			continue;
		golden_look_up(list, &c);
		judge(sums, &c, &t, run_case(&c, capture_of(folder, c.name),
			join(folder, "/headers/expected/", c.name, ".tsv", ""), false, &t));
	}
	printf("golden: %u of %u header cases agree in every field; of %" PRIu64 " fields %" PRIu64
	       " differ, %" PRIu64 " more for the reasons of tests/GOLDEN\n", sums->passed,
	       sums->passed + sums->failed, sums->fields, sums->differ, sums->ignored);
	free(cases.bytes);
}

/* The tree that this file was compiled from. */
static const char *tree(void)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s", __FILE__);
	path[strlen(path) - strlen("/tests/golden-headers.c")] = '\0';
	return path;
}

int main(void)
{
	const char *beside = getenv("NETMETA_TESTDATA");
	struct sums shared = { 0 }, own = { 0 };
	struct words list;

	if (chdir(tree())) {
		perror(tree());
		return 1;
	}
	list = text_read("tests/GOLDEN");
	own_cases(&own, "tests/data");
	shared_cases(&shared, beside ? beside : "../shared/testdata", &list);
	free(list.bytes);
	printf("%u passed, %u failed, %u skipped\n", own.passed + shared.passed,
	       own.failed + shared.failed, own.skipped + shared.skipped);
	return own.failed + shared.failed != 0;
}
