// SPDX-License-Identifier: Apache-2.0
/*
 * Options from the environment, for containers: NETMETA_UPLINK_URL is the url of the first uplink
 * (and makes one when the file has none), NETMETA_UPLINK_CENTRE_URL that of the one named centre.
 * A variable that means nothing is never an error: it may be somebody else's.
 */
#include <string.h>

#include "core/conf_private.h"

#define PREFIX   "NETMETA_"
#define VARIABLE 96			/* no variable of ours is longer */

/* The variable's name, and in small letters what stands behind the prefix. */
struct variable { char name[VARIABLE], word[VARIABLE]; const char *value; };

static bool split_variable(const char *entry, struct variable *v)
{
	size_t len = strcspn(entry, "="), prefix = strlen(PREFIX);

	if (strncmp(entry, PREFIX, prefix) || len >= VARIABLE || entry[len] != '=')
		return false;
	memset(v, 0, sizeof(*v));
	memcpy(v->name, entry, len);
	for (size_t i = prefix; i < len; i++)
		v->word[i - prefix] = entry[i] >= 'A' && entry[i] <= 'Z'
				    ? (char)(entry[i] - 'A' + 'a') : entry[i];
	v->value = entry + len + 1;
	return true;
}

/* What follows `head` and an underscore, in any case of `head`; NULL: does not begin so. */
static const char *behind(const char *word, const char *head)
{
	for (; *head; head++, word++)
		if (*word != (*head >= 'A' && *head <= 'Z' ? *head - 'A' + 'a' : *head))
			return NULL;
	return *word == '_' ? word + 1 : NULL;
}

static enum conf_section_id id_of(const struct conf_section *section)
{
	return (enum conf_section_id)(section - conf_sections);
}

/* Which element and option `word` (OPTION or NAME_OPTION) means; NULL: none. */
static const struct conf_option *find(struct conf_reader *r, const struct conf_section *section,
				      const char *word, struct conf_element **element)
{
	const struct conf_option *o = conf_option_find(id_of(section), word);

	if (o) {
		*element = conf_first(r, section);
		if (!*element)
			*element = conf_begin(r, section, "");
		return o;
	}
	for (unsigned i = 0; i < r->count && !o; i++) {
		const char *rest = behind(word, r->elements[i].at);

		*element = &r->elements[i];
		if (rest && r->elements[i].section == section)
			o = conf_option_find(id_of(section), rest);
	}
	return o;
}

static void read_variable(struct conf_reader *r, const struct variable *v)
{
	const struct conf_option *o = NULL;
	struct conf_element *e = NULL;
	char why[CONF_WHY];
	enum nm_err err;

	for (int id = 0; id < CONF_SECTIONS && !o; id++) {
		const char *rest = behind(v->word, conf_sections[id].word);

		if (rest)
			o = find(r, &conf_sections[id], rest, &e);
	}
	if (!o || !e) {
		conf_tell(r, true, NM_KEY, 0, v->name, "means nothing here");
		return;
	}
	err = conf_value(o, e->at, v->value, true, why);
	e->given[o - conf_options] = CONF_BY_ENVIRONMENT;
	if (err)
		conf_tell(r, false, err, 0, v->name, "%s", why);
}

void conf_read_environment(struct conf_reader *r)
{
	struct variable v;

	for (const char *const *entry = r->from->environment; *entry; entry++)
		if (split_variable(*entry, &v))
			read_variable(r, &v);
}
