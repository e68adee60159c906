// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as an answer: the parser keeps its bounds, comes to the same end in pieces as in one
 * go, and whatever it was, a batch counts as stored only when our own query id is in it. The
 * first byte chooses the size of the pieces. For libFuzzer:
 *
 *	clang -g -O1 -fsanitize=fuzzer,address,undefined -I. tests/fuzz/fuzz-http.c \
 *		core/clickhouse.c core/http_request.c core/verdict.c core/identity.c core/stream.c \
 *		core/err.c core/out.c -o fuzz-http
 *	./fuzz-http -max_total_time=60 NEW-CASES tests/fuzz/seeds/http
 */
#include <stdlib.h>

#include "core/clickhouse.h"
#include "core/http.c"

#define must(promise) ((promise) ? (void)0 : __builtin_trap())

static const char name[] = "r1-00000000000000000000000000000000-0-flows-17";

/* Feed a copy of just these bytes; the whole of it is taken unless the answer ends within. */
static enum nm_err feed_piece(struct http_answer *a, const uint8_t *data, size_t size, size_t *left)
{
	uint8_t *copy = malloc(size);
	struct buf in = buf_of(copy, size);
	enum nm_err err;

	must(copy);
	memcpy(copy, data, size);
	err = http_answer_feed(a, &in);
	*left = buf_left(&in);
	must(err || a->stage == HTTP_DONE || !*left);
	free(copy);
	return err;
}

static enum nm_err feed(struct http_answer *a, const uint8_t *data, size_t size, size_t piece)
{
	enum nm_err err = NM_OK;
	size_t left = 0;

	http_answer_start(a);
	for (size_t at = 0; at < size && !err && a->stage != HTTP_DONE; at += piece) {
		size_t some = size - at < piece ? size - at : piece;

		err = feed_piece(a, data + at, some, &left);
		must(a->kept <= HTTP_BODY && a->kept <= a->body_bytes);
		must(a->line_len < HTTP_LINE && a->head_bytes <= 2 * HTTP_HEAD + 1);
		must(a->body_bytes <= HTTP_BODY_MAX || err);
	}
	return err;
}

static void check_verdicts(const struct http_answer *a)
{
	struct verdict v = clickhouse_inserted(a, name);

	must(v.words && v.class < VERDICT_CLASSES);
	must(v.class != VERDICT_ACKNOWLEDGED ||
	     (a->status == 200 && !a->body_bytes && !strcmp(a->note[HTTP_QUERY_ID], name)));
	v = clickhouse_told(a);
	must(v.words && v.class < VERDICT_CLASSES);
	must(v.class != VERDICT_ACKNOWLEDGED || (a->status == 200 && a->note[HTTP_QUERY_ID][0]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_answer whole, pieces;
	enum nm_err err;

	if (size < 2)
		return 0;
	err = feed(&whole, data + 1, size - 1, size - 1);
	must(feed(&pieces, data + 1, size - 1, 1 + data[0] % 64) == err);
	if (err)
		return 0;
	must(whole.stage == pieces.stage && whole.status == pieces.status);
	must(whole.keep == pieces.keep && whole.body_bytes == pieces.body_bytes);
	must(whole.kept == pieces.kept && !memcmp(whole.body, pieces.body, whole.kept));
	must(!memcmp(whole.note, pieces.note, sizeof(whole.note)));
	if (http_answer_ends(&whole) == NM_OK)
		check_verdicts(&whole);
	return 0;
}
