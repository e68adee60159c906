// SPDX-License-Identifier: Apache-2.0
/*
 * Reads a configuration: each statement of the file finds its place in struct conf by the table.
 * It never stops at a mistake, so that one run names them all.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/conf_private.h"

/* --- findings -------------------------------------------------------------------- */

/* What comes from a file goes to terminals and logs: no control characters. */
static void make_printable(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
}

void conf_tell(struct conf_reader *r, bool warning, enum nm_err err, unsigned line,
	       const char *word, const char *format, ...)
{
	struct conf_finding f = {
		.err = err, .warning = warning, .line = line == CONF_BY_ENVIRONMENT ? 0 : line,
	};
	va_list args;

	snprintf(f.word, sizeof(f.word), "%s", word);
	va_start(args, format);
	vsnprintf(f.text, sizeof(f.text), format, args);
	va_end(args);
	make_printable(f.word);
	make_printable(f.text);
	if (!warning && !r->first)
		r->first = err;
	if (r->from->found)
		r->from->found(r->from->ctx, &f);
}

void conf_put_finding(struct out *o, const char *file, const struct conf_finding *f)
{
	bool of_file = file && strncmp(f->word, "NETMETA_", 8) != 0;

	if (of_file)
		out_format(o, "%s:", file);
	if (f->line)
		out_format(o, "%u:", f->line);
	out_format(o, "%s%s: %s", of_file ? " " : "", f->word, f->text);
}

/* --- sections ----------------------------------------------------------------------- */

static unsigned count_of(const struct conf_reader *r, enum conf_section_id id)
{
	unsigned n = 0;

	for (unsigned i = 0; i < r->count; i++)
		n += r->elements[i].section == &conf_sections[id];
	return n;
}

struct conf_element *conf_first(struct conf_reader *r, const struct conf_section *section)
{
	for (unsigned i = 0; i < r->count; i++)
		if (r->elements[i].section == section)
			return &r->elements[i];
	return NULL;
}

static void preset(struct conf_reader *r, struct conf_element *e)
{
	enum conf_section_id id = (enum conf_section_id)(e->section - conf_sections);
	char why[CONF_WHY];

	for (const struct conf_option *o = conf_options; o < conf_options + CONF_OPTIONS; o++)
		if (o->section == id && o->preset && conf_value(o, e->at, o->preset, true, why))
			conf_tell(r, false, NM_RANGE, e->line, o->word, "preset %s", why);
}

struct conf_element *conf_begin(struct conf_reader *r, const struct conf_section *section,
				const char *name)
{
	unsigned n = count_of(r, (enum conf_section_id)(section - conf_sections));
	struct conf_element *e = &r->elements[r->count];

	if (n == section->most)
		return NULL;
	r->count++;
	e->section = section;
	e->at = (char *)r->conf + section->array + n * section->size;
	if (*name)
		snprintf(e->at, CONF_NAME, "%s", name);
	else
		snprintf(e->at, CONF_NAME, "%s%u", section->word, n + 1);
	preset(r, e);
	return e;
}

/* --- statements ----------------------------------------------------------------------- */

static bool is_name_free(struct conf_reader *r, const struct conf_statement *s, const char *name)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

	if (strlen(name) >= CONF_NAME || name[strspn(name, allowed)]) {
		conf_tell(r, false, NM_SYNTAX, s->line, name,
			  "a section's name has up to %d letters, digits and underscores",
			  CONF_NAME - 1);
		return false;
	}
	for (unsigned i = 0; *name && i < r->count; i++)
		if (!strcmp(r->elements[i].at, name)) {
			conf_tell(r, false, NM_RANGE, s->line, name,
				  "is the name of another section already (line %u)",
				  r->elements[i].line);
			return false;
		}
	return true;
}

static void unknown_section(struct conf_reader *r, const struct conf_statement *s)
{
	const char *near = conf_section_near(s->word[1]);

	if (near)
		conf_tell(r, !r->from->strict, NM_KEY, s->line, s->word[1],
			  "there is no such section; perhaps %s is meant", near);
	else
		conf_tell(r, !r->from->strict, NM_KEY, s->line, s->word[1],
			  "there is no such section");
}

static void read_config(struct conf_reader *r, const struct conf_statement *s)
{
	const struct conf_section *section = conf_section_find(s->word[1]);
	const char *name = s->words > 2 ? s->word[2] : "";

	r->began = true;
	r->element = NULL;
	if (!section) {
		unknown_section(r, s);
		return;
	}
	if (!is_name_free(r, s, name))
		name = "";
	r->element = conf_begin(r, section, name);
	if (r->element)
		r->element->line = s->line;
	else
		conf_tell(r, false, NM_FULL, s->line, section->word,
			  "there can be only %u of these sections", section->most);
}

static void unknown_option(struct conf_reader *r, const struct conf_statement *s)
{
	const struct conf_section *in = r->element->section;
	const char *near = conf_option_near((enum conf_section_id)(in - conf_sections), s->word[1]);

	for (int id = 0; id < CONF_SECTIONS; id++)
		if (conf_option_find((enum conf_section_id)id, s->word[1])) {
			conf_tell(r, !r->from->strict, NM_KEY, s->line, s->word[1],
				  "is an option of section %s, not of %s",
				  conf_sections[id].word, in->word);
			return;
		}
	if (near)
		conf_tell(r, !r->from->strict, NM_KEY, s->line, s->word[1],
			  "section %s has no such option; perhaps %s is meant", in->word, near);
	else
		conf_tell(r, !r->from->strict, NM_KEY, s->line, s->word[1],
			  "section %s has no such option", in->word);
}

/* The option that the statement names, or NULL after telling why not. */
static const struct conf_option *find_option(struct conf_reader *r, const struct conf_statement *s)
{
	const struct conf_option *o;

	if (!r->began)
		conf_tell(r, false, NM_SYNTAX, s->line, s->word[1], "stands before any section");
	if (!r->element)
		return NULL;
	o = conf_option_find((enum conf_section_id)(r->element->section - conf_sections),
			     s->word[1]);
	if (!o)
		unknown_option(r, s);
	return o;
}

static void read_value(struct conf_reader *r, const struct conf_statement *s,
		       const struct conf_option *o, bool first)
{
	unsigned *given = &r->element->given[o - conf_options];
	char why[CONF_WHY];
	enum nm_err err = conf_value(o, r->element->at, s->word[2], first, why);

	*given = s->line;
	if (err)
		conf_tell(r, false, err, s->line, s->word[1], "%s", why);
}

static void read_option(struct conf_reader *r, const struct conf_statement *s)
{
	const struct conf_option *o = find_option(r, s);
	unsigned earlier = o ? r->element->given[o - conf_options] : 0;

	if (!o)
		return;
	if (earlier)
		conf_tell(r, !r->from->strict, NM_RANGE, s->line, s->word[1],
			  "is given twice (first in line %u); the last one counts", earlier);
	read_value(r, s, o, true);
}

static void read_list(struct conf_reader *r, const struct conf_statement *s)
{
	const struct conf_option *o = find_option(r, s);

	if (!o)
		return;
	if (!conf_is_list(o))
		conf_tell(r, false, NM_SYNTAX, s->line, s->word[1],
			  "is no list: write option %s", o->word);
	else
		read_value(r, s, o, !r->element->given[o - conf_options]);
}

/* "uci export" begins with it; there is only one package here. */
static void read_package(struct conf_reader *r, const struct conf_statement *s)
{
	(void)r;
	(void)s;
}

static const struct {
	const char *word, *letter, *form;
	unsigned least, most;
	void (*read)(struct conf_reader *r, const struct conf_statement *s);
} statements[] = {
	{ "config",  "c", "config SECTION ['NAME']", 2, 3, read_config },
	{ "option",  "o", "option NAME 'VALUE'",     3, 3, read_option },
	{ "list",    "l", "list NAME 'VALUE'",       3, 3, read_list },
	{ "package", "p", "package NAME",            2, 2, read_package },
};

static void read_statement(struct conf_reader *r, const struct conf_statement *s)
{
	const char *word = s->word[0];

	if (s->fault) {
		conf_tell(r, false, NM_SYNTAX, s->line, s->word[s->words - 1], "%s", s->fault);
		return;
	}
	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++) {
		if (strcmp(word, statements[i].word) && strcmp(word, statements[i].letter))
			continue;
		if (s->words >= statements[i].least && s->words <= statements[i].most)
			statements[i].read(r, s);
		else
			conf_tell(r, false, NM_SYNTAX, s->line, s->word[s->words > 1],
				  "has too %s words behind it: %s",
				  s->words > statements[i].most ? "many" : "few",
				  statements[i].form);
		return;
	}
	conf_tell(r, false, NM_SYNTAX, s->line, word, "is neither config, option nor list");
}

static bool has(struct conf_reader *r, enum conf_section_id id)
{
	return conf_first(r, &conf_sections[id]);
}

/*
 * Sections that are there with their presets when nobody wrote them. Who samples packets and
 * says nothing of listening opens no port.
 */
static void begin_missing(struct conf_reader *r)
{
	bool samples = has(r, CONF_SECTION_sample) || has(r, CONF_SECTION_mirror);

	if (!has(r, CONF_SECTION_agent))
		conf_begin(r, &conf_sections[CONF_SECTION_agent], "");
	if (!has(r, CONF_SECTION_listen) && !samples)
		conf_begin(r, &conf_sections[CONF_SECTION_listen], "");
}

enum nm_err conf_read(struct conf *conf, const struct conf_source *from)
{
	struct conf_reader r = { .conf = conf, .from = from };
	struct conf_lexer lexer = conf_lexer_of(from->text, from->len);
	struct conf_statement statement;

	memset(conf, 0, sizeof(*conf));
	while (conf_lex(&lexer, &statement))
		read_statement(&r, &statement);
	if (from->environment)
		conf_read_environment(&r);
	begin_missing(&r);
	conf->listens = count_of(&r, CONF_SECTION_listen);
	conf->uplinks = count_of(&r, CONF_SECTION_uplink);
	conf->exporters = count_of(&r, CONF_SECTION_exporter);
	conf->samples = count_of(&r, CONF_SECTION_sample);
	conf->mirrors = count_of(&r, CONF_SECTION_mirror);
	conf_check(&r);
	return r.first;
}
