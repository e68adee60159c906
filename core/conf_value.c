// SPDX-License-Identifier: Apache-2.0
/*
 * One value: the text that a file or a variable gives, checked against its row of option.def and
 * stored in the member. What does not fit leaves the member alone (of a list, the words before it
 * stay).
 */
#include <stdio.h>
#include <string.h>

#include "core/conf_private.h"
#include "core/url.h"

/* The words of all kinds, in one row: units with their factors, choices with their values. */
#define WORD(of, name, what) { CONF_KIND_##of, name, what },
static const struct word { enum conf_kind kind; const char *word; uint64_t value; } words[] = {
#include "core/option.def"
};

static const struct word *word_find(enum conf_kind kind, const char *text)
{
	for (const struct word *w = words; w < words + sizeof(words) / sizeof(words[0]); w++)
		if (w->kind == kind && !strcmp(w->word, text))
			return w;
	return NULL;
}

#define KIND(name, reader, what) [CONF_KIND_##name] = what,
static const char *const wanted[CONF_KINDS] = {
#include "core/option.def"
};

static enum nm_err not_wanted(const struct conf_option *o, const char *text, char *why)
{
	snprintf(why, CONF_WHY, "'%.64s' is not %s", text, wanted[o->kind]);
	return NM_SYNTAX;
}

static enum nm_err out_of_range(const struct conf_option *o, const char *text, char *why)
{
	snprintf(why, CONF_WHY, "'%.64s' is out of range: %s to %s", text, o->min, o->max);
	return NM_RANGE;
}

static enum nm_err empty(char *why)
{
	static const char sentence[] = "must not be empty";

	memcpy(why, sentence, sizeof(sentence));
	return NM_RANGE;
}

/* Digits and a unit of this kind. NM_RANGE: more than 64 bits hold. */
static enum nm_err number_of(enum conf_kind kind, const char *text, uint64_t *number)
{
	const struct word *unit;
	uint64_t v = 0;

	if (*text < '0' || *text > '9')
		return NM_SYNTAX;
	for (; *text >= '0' && *text <= '9'; text++) {
		if (v > (UINT64_MAX - 9) / 10)
			return NM_RANGE;
		v = v * 10 + (uint64_t)(*text - '0');
	}
	unit = word_find(kind, text);
	if (!unit)
		return NM_SYNTAX;
	if (v > UINT64_MAX / unit->value)
		return NM_RANGE;
	*number = v * unit->value;
	return NM_OK;
}

/* A limit is written like the values it limits. */
static uint64_t limit_of(enum conf_kind kind, const char *text)
{
	uint64_t limit = 0;

	return number_of(kind, text, &limit) ? 0 : limit;
}

static enum nm_err ranged_number(const struct conf_option *o, const char *text, uint64_t *number,
				 char *why)
{
	enum nm_err err = number_of(o->kind, text, number);

	if (err == NM_SYNTAX)
		return not_wanted(o, text, why);
	if (err || *number < limit_of(o->kind, o->min) || *number > limit_of(o->kind, o->max))
		return out_of_range(o, text, why);
	return NM_OK;
}

/* The table's maximum fits its member: t-conf reads every one of them. */
static void store(const struct conf_option *o, void *element, uint64_t v)
{
	char *at = (char *)element + o->offset;
	uint32_t v32 = (uint32_t)v;
	uint8_t v8 = (uint8_t)v;

	if (o->size == sizeof(v))
		memcpy(at, &v, sizeof(v));
	else if (o->size == sizeof(v32))
		memcpy(at, &v32, sizeof(v32));
	else
		memcpy(at, &v8, sizeof(v8));
}

static enum nm_err read_number(const struct conf_option *o, void *element, const char *text,
			       char *why)
{
	uint64_t v;
	enum nm_err err = ranged_number(o, text, &v, why);

	if (!err)
		store(o, element, v);
	return err;
}

static enum nm_err read_slots(const struct conf_option *o, void *element, const char *text,
			      char *why)
{
	uint64_t v, slots = 1;
	enum nm_err err = ranged_number(o, text, &v, why);

	if (err)
		return err;
	while (slots < v)
		slots *= 2;
	store(o, element, slots);
	return NM_OK;
}

static enum nm_err read_choice(const struct conf_option *o, void *element, const char *text,
			       char *why)
{
	const struct word *w = word_find(o->kind, text);

	if (!w)
		return not_wanted(o, text, why);
	store(o, element, w->value);
	return NM_OK;
}

static enum nm_err read_text(const struct conf_option *o, void *element, const char *text,
			     char *why)
{
	size_t len = strlen(text);

	for (const char *p = text; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return not_wanted(o, text, why);
	if (len == 0 && limit_of(CONF_KIND_SLOTS, o->min) > 0)
		return empty(why);
	if (len > limit_of(CONF_KIND_SLOTS, o->max)) {
		snprintf(why, CONF_WHY, "'%.64s' is longer than %s bytes", text, o->max);
		return NM_RANGE;
	}
	memcpy((char *)element + o->offset, text, len + 1);
	return NM_OK;
}

static enum nm_err read_name(const struct conf_option *o, void *element, const char *text,
			     char *why)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";

	if (text[strspn(text, allowed)])
		return not_wanted(o, text, why);
	return read_text(o, element, text, why);
}

static enum nm_err read_path(const struct conf_option *o, void *element, const char *text,
			     char *why)
{
	if (*text && *text != '/')
		return not_wanted(o, text, why);
	return read_text(o, element, text, why);
}

static enum nm_err read_url(const struct conf_option *o, void *element, const char *text,
			    char *why)
{
	const char *sentence;
	struct url ignored;

	if (*text && url_parse(text, &ignored, &sentence)) {
		snprintf(why, CONF_WHY, "'%.64s' %s", text, sentence);
		return NM_SYNTAX;
	}
	return read_text(o, element, text, why);
}

static enum nm_err read_address(const struct conf_option *o, void *element, const char *text,
				char *why)
{
	struct addr a = { { 0 } };

	if (strcmp(text, "all") && addr_parse(text, &a))
		return not_wanted(o, text, why);
	memcpy((char *)element + o->offset, &a, sizeof(a));
	return NM_OK;
}

static enum nm_err prefix_of(const struct conf_option *o, const char *text, struct prefix *p,
			     char *why)
{
	enum nm_err err = prefix_parse(text, p);
	char meant[NM_PREFIX_TEXT];

	if (err == NM_SYNTAX)
		return not_wanted(o, text, why);
	if (err == NM_LENGTH)
		snprintf(why, CONF_WHY, "'%.64s' has bits behind its length: %s is the prefix",
			 text, prefix_text(p, meant));
	else if (err)
		snprintf(why, CONF_WHY, "'%.64s' is longer than an address", text);
	return err ? NM_RANGE : NM_OK;
}

static enum nm_err read_prefix(const struct conf_option *o, void *element, const char *text,
			       char *why)
{
	struct prefix p;
	enum nm_err err = prefix_of(o, text, &p, why);

	if (!err)
		memcpy((char *)element + o->offset, &p, sizeof(p));
	return err;
}

static enum nm_err no_room(const char *text, const char *noun, int most, char *why)
{
	snprintf(why, CONF_WHY, "'%.64s' is one %s too many: a section has up to %d", text, noun,
		 most);
	return NM_FULL;
}

static enum nm_err one_allowed(const struct conf_option *o, struct conf_listen *listen,
			       const char *text, char *why)
{
	struct prefix p;
	enum nm_err err = prefix_of(o, text, &p, why);

	if (err)
		return err;
	if (listen->allows == CONF_ALLOWS)
		return no_room(text, "prefix", CONF_ALLOWS, why);
	listen->allow[listen->allows++] = p;
	return NM_OK;
}

/* One more of those who may send to a listener; all stands for the prefixes that have everybody. */
static enum nm_err read_prefixes(const struct conf_option *o, void *element, const char *text,
				 char *why)
{
	enum nm_err err;

	if (strcmp(text, "all"))
		return one_allowed(o, element, text, why);
	err = one_allowed(o, element, "0.0.0.0/0", why);
	return err ? err : one_allowed(o, element, "::/0", why);
}

/* One more port of a listener. */
static enum nm_err read_ports(const struct conf_option *o, void *element, const char *text,
			      char *why)
{
	struct conf_listen *listen = element;
	uint64_t port;
	enum nm_err err = ranged_number(o, text, &port, why);

	if (err)
		return err;
	if (listen->ports == CONF_PORTS)
		return no_room(text, "port", CONF_PORTS, why);
	listen->port[listen->ports++] = (uint16_t)port;
	return NM_OK;
}

/* What the kernel takes for a name of a device. */
static enum nm_err read_interface(const struct conf_option *o, void *element, const char *text,
				  char *why)
{
	if (text[strcspn(text, "/: \t")] || !strcmp(text, ".") || !strcmp(text, ".."))
		return not_wanted(o, text, why);
	return read_text(o, element, text, why);
}

/* One more name or pattern of a list. */
static enum nm_err read_interfaces(const struct conf_option *o, void *element, const char *text,
				   char *why)
{
	struct conf_patterns *all = (void *)((char *)element + o->offset);
	struct conf_option one = *o;
	enum nm_err err;

	if (all->count == CONF_PATTERNS)
		return no_room(text, "interface", CONF_PATTERNS, why);
	one.offset = 0;
	err = read_interface(&one, all->text[all->count], text, why);
	all->count += !err;
	return err;
}

#define KIND(name, reader, what) [CONF_KIND_##name] = read_##reader,
static enum nm_err (*const readers[CONF_KINDS])(const struct conf_option *o, void *element,
						const char *text, char *why) = {
#include "core/option.def"
};

/* The words of a list, which stand between blanks. */
static enum nm_err read_list(const struct conf_option *o, void *element, const char *text,
			     char *why)
{
	enum nm_err err = NM_OK;
	char word[CONF_TEXT_MAX];

	if (!text[strspn(text, " \t")])
		return empty(why);
	for (text += strspn(text, " \t"); *text && !err; text += strspn(text, " \t")) {
		size_t len = strcspn(text, " \t");

		if (len >= sizeof(word))
			return not_wanted(o, text, why);
		memcpy(word, text, len);
		word[len] = '\0';
		err = readers[o->kind](o, element, word, why);
		text += len;
	}
	return err;
}

bool conf_is_list(const struct conf_option *o)
{
	return o->kind == CONF_KIND_PORTS || o->kind == CONF_KIND_PREFIXES ||
	       o->kind == CONF_KIND_INTERFACES;
}

/* How many words the option's list has. */
static uint8_t *length_of(const struct conf_option *o, void *element)
{
	struct conf_patterns *patterns = (void *)((char *)element + o->offset);
	struct conf_listen *listen = element;

	switch ((int)o->kind) {
	case CONF_KIND_PORTS:
		return &listen->ports;
	case CONF_KIND_PREFIXES:
		return &listen->allows;
	default:
		return &patterns->count;
	}
}

enum nm_err conf_value(const struct conf_option *o, void *element, const char *text, bool first,
		       char why[CONF_WHY])
{
	if (!conf_is_list(o))
		return readers[o->kind](o, element, text, why);
	if (first)
		*length_of(o, element) = 0;
	if (!*text && o->preset && !*o->preset)	/* it may be empty, as it is by itself */
		return NM_OK;
	return read_list(o, element, text, why);
}
