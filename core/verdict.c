// SPDX-License-Identifier: Apache-2.0
/* The tables of verdict.def, looked through from the top. */
#include "core/verdict.h"

#define VERDICT(name, words)
#define CODE(code, class, words) { code, VERDICT_##class, words },
#define STATUS(from, to, class, words)
static const struct { unsigned code; enum verdict_class class; const char *words; } codes[] = {
#include "core/verdict.def"
};
#undef CODE
#undef STATUS

#define CODE(code, class, words)
#define STATUS(from, to, class, words) { from, to, VERDICT_##class, words },
static const struct {
	unsigned from, to;
	enum verdict_class class;
	const char *words;
} statuses[] = {
#include "core/verdict.def"
};
#undef VERDICT
#undef STATUS

#define VERDICT(name, words) words,
#define STATUS(from, to, class, words)
static const char *const names[VERDICT_CLASSES] = {
#include "core/verdict.def"
};

struct verdict verdict_of(unsigned code, unsigned status)
{
	struct verdict v = { VERDICT_LOAD, code, status, true, "the server failed" };

	for (unsigned i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (code == codes[i].code) {
			v.class = codes[i].class;
			v.unknown = v.class == VERDICT_LOAD;
			v.words = codes[i].words;
			return v;
		}
	}
	for (unsigned i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		if (status >= statuses[i].from && status <= statuses[i].to) {
			v.class = statuses[i].class;
			v.unknown = v.class == VERDICT_LOAD;
			v.words = code ? "the server reports an error" : statuses[i].words;
			return v;
		}
	}
	return v;
}

struct verdict verdict_of_error(enum nm_err err)
{
	return (struct verdict){ err == NM_TLS ? VERDICT_CONFIGURATION : VERDICT_GONE, 0, 0, true,
				 nm_strerror(err) };
}

const char *verdict_name(enum verdict_class class)
{
	return names[class];
}
