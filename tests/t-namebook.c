// SPDX-License-Identifier: Apache-2.0
/* Which names are news. */
#include "core/namebook.h"
#include "tests/test.h"

#define SIZE 16
#define NOON 1900000000

static struct name_line lines[SIZE];
static struct namebook book;

static void blank(void)
{
	memset(lines, 0, sizeof(lines));
	book = (struct namebook){ lines, SIZE };
}

static struct text text_of(const char *s)
{
	return (struct text){ (const uint8_t *)s, (uint16_t)strlen(s) };
}

static bool news(int64_t when, uint32_t slot, enum name_kind kind, uint64_t id, const char *name)
{
	struct name_told told = { .seen = time_of_s(NOON + when), .kind = (uint8_t)kind, .id = id,
				  .name = text_of(name) };

	return namebook_is_news(&book, slot, &told);
}

static void once(void)
{
	blank();
	check(news(0, 1, NAME_INTERFACE, 3, "eth3"));
	check(!news(0, 1, NAME_INTERFACE, 3, "eth3"));
	check(!news(599, 1, NAME_INTERFACE, 3, "eth3"));
	check(news(600, 1, NAME_INTERFACE, 3, "eth3"));
	check(!news(1199, 1, NAME_INTERFACE, 3, "eth3"));
}

static void changed(void)
{
	struct name_told told = { .seen = time_of_s(NOON), .name = text_of("eth3"), .id = 3,
				  .kind = NAME_INTERFACE, .description = text_of("to A") };

	blank();
	check(namebook_is_news(&book, 1, &told) && !namebook_is_news(&book, 1, &told));
	told.description = text_of("to B");
	check(namebook_is_news(&book, 1, &told) && !namebook_is_news(&book, 1, &told));
	told.name = text_of("eth3t");
	told.description = text_of("o B");	/* the same letters, another name */
	check(namebook_is_news(&book, 1, &told));
}

static void kept_apart(void)
{
	blank();
	check(news(0, 1, NAME_INTERFACE, 3, "x"));
	check(news(0, 2, NAME_INTERFACE, 3, "x"));
	check(news(0, 1, NAME_VRF, 3, "x"));
	check(news(0, 1, NAME_INTERFACE, 3 + (1ull << 32), "x"));
	check(!news(0, 1, NAME_INTERFACE, 3, "x") && !news(0, 2, NAME_INTERFACE, 3, "x"));
	check(!news(0, 1, NAME_VRF, 3, "x"));
}

/* What makes room is told again; nothing is ever kept back that was not told. */
static void full(void)
{
	unsigned told = 0;

	blank();
	for (unsigned i = 0; i < 100; i++)
		told += news(i, 1, NAME_INTERFACE, i, "x");
	check(told == 100);
	check(!news(100, 1, NAME_INTERFACE, 99, "x"));
	check(news(100, 1, NAME_INTERFACE, 0, "x"));
}

static void clock_set_back(void)
{
	blank();
	check(news(5000, 1, NAME_EXPORTER, 0, "edge"));
	check(news(0, 1, NAME_EXPORTER, 0, "edge"));
	check(!news(1, 1, NAME_EXPORTER, 0, "edge"));
}

static void no_text(void)
{
	blank();
	check(news(0, 1, NAME_EXPORTER, 0, "") && !news(1, 1, NAME_EXPORTER, 0, ""));
}

TESTS({ "a name is news once in ten minutes", once },
      { "a changed name is news", changed },
      { "exporters, kinds and numbers are kept apart", kept_apart },
      { "in a full book the oldest makes room", full },
      { "a clock that is set back silences nothing", clock_set_back },
      { "a name may be empty", no_text })
