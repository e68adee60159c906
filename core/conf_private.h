/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the configuration share: text becomes statements (conf_lex.c), option.def says
 * what may stand in them (conf_option.c), values become members (conf_value.c), conf.c and
 * conf_environment.c put them in their places, conf_check.c looks at the whole.
 */
#ifndef NM_CONF_PRIVATE_H
#define NM_CONF_PRIVATE_H

#include <limits.h>

#include "core/conf.h"

/* --- the grammar --------------------------------------------------------------- */

#define CONF_WORDS 4			/* one more than any statement has */

struct conf_lexer {
	const char *p, *end;
	unsigned line;
};

struct conf_statement {
	unsigned line;			/* where its first word is */
	unsigned words;
	char word[CONF_WORDS][CONF_TEXT_MAX];
	const char *fault;		/* why its last word cannot be read, or NULL */
};

struct conf_lexer conf_lexer_of(const char *text, size_t len);
/* The next statement with a word in it; false at the end. After a fault it goes on a line later. */
bool conf_lex(struct conf_lexer *l, struct conf_statement *s);

/* --- the table -------------------------------------------------------------------- */

#define SECTION(word, type, array, most, words) CONF_SECTION_##word,
enum conf_section_id {
#include "core/option.def"
	CONF_SECTIONS
};

#define KIND(name, reader, words) CONF_KIND_##name,
enum conf_kind {
#include "core/option.def"
	CONF_KINDS
};

#define OPTION(section, word, kind, member, min, max, preset, words) CONF_OPTION_##section##_##word,
enum conf_option_id {
#include "core/option.def"
	CONF_OPTIONS
};

struct conf_section {
	const char *word;
	size_t array, size;		/* in struct conf; of one element */
	unsigned most;
};

struct conf_option {
	const char *word, *min, *max;
	const char *preset;		/* NULL: must be given */
	uint16_t offset, size;		/* of the member, in its element */
	uint8_t section, kind;
};

extern const struct conf_section conf_sections[CONF_SECTIONS];
extern const struct conf_option conf_options[CONF_OPTIONS];

/* NULL when there is none. */
const struct conf_section *conf_section_find(const char *word);
const struct conf_option *conf_option_find(enum conf_section_id section, const char *word);
/* The known word that somebody may have meant, or NULL when nothing is near. */
const char *conf_section_near(const char *word);
const char *conf_option_near(enum conf_section_id section, const char *word);

/* --- values --------------------------------------------------------------------------- */

#define CONF_WHY sizeof(((struct conf_finding *)0)->text)

/*
 * Read `text` into the option's member of `element`; a list begins anew when `first`.
 * When it does not fit, the sentence in `why` says what would.
 */
enum nm_err conf_value(const struct conf_option *option, void *element, const char *text,
		       bool first, char why[CONF_WHY]) NM_MUST_CHECK;

/* It may be given several times, and takes several words at once. */
bool conf_is_list(const struct conf_option *option);

/* --- the reader ------------------------------------------------------------------------- */

/* How many sections there can be, all kinds together. */
#define SECTION(word, type, array, most, words) + most
enum { CONF_ELEMENTS = 0
#include "core/option.def"
};

#define CONF_BY_ENVIRONMENT UINT_MAX	/* instead of a line */

/* A section of the file, or one that is there without it. */
struct conf_element {
	const struct conf_section *section;
	char *at;			/* in struct conf; its name comes first */
	unsigned line;			/* where it begins; 0: not in the file */
	unsigned given[CONF_OPTIONS];	/* the line of each option; 0: has its preset */
};

struct conf_reader {
	struct conf *conf;
	const struct conf_source *from;
	enum nm_err first;		/* the first error */
	struct conf_element *element;	/* options belong to it; NULL: to nothing known */
	bool began;			/* there was a section, known or not */
	struct conf_element elements[CONF_ELEMENTS];
	unsigned count;
};

/* Tell a finding. Only an error (not a warning) makes conf_read() fail. */
void conf_tell(struct conf_reader *r, bool warning, enum nm_err err, unsigned line,
	       const char *word, const char *format, ...) __attribute__((format(printf, 6, 7)));

/* One more section with all its presets; NULL when there are as many as there can be. */
struct conf_element *conf_begin(struct conf_reader *r, const struct conf_section *section,
				const char *name);
/* The first section of that kind, or NULL. */
struct conf_element *conf_first(struct conf_reader *r, const struct conf_section *section);

void conf_read_environment(struct conf_reader *r);
/* What no single option shows: required ones, and those that contradict each other. */
void conf_check(struct conf_reader *r);

#endif
