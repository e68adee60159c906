// SPDX-License-Identifier: Apache-2.0
/*
 * What can only be seen when everything has been read: options that were needed and not given,
 * and those that contradict each other. Findings name the line that was given last of the two.
 */
#include <string.h>

#include "core/conf_private.h"
#include "core/exporter.h"
#include "core/url.h"

/* The line of the option, else of its section. */
static unsigned line_of(const struct conf_element *e, enum conf_option_id id)
{
	return e->given[id] ? e->given[id] : e->line;
}

static void check_required(struct conf_reader *r, struct conf_element *e)
{
	for (int id = 0; id < CONF_OPTIONS; id++) {
		const struct conf_option *o = &conf_options[id];

		if (&conf_sections[o->section] == e->section && !o->preset && !e->given[id])
			conf_tell(r, false, NM_MISSING, e->line, o->word,
				  "is missing: every section %s needs it", e->section->word);
	}
}

/* A batch must leave room for others; a preset gives way, a wish does not. */
static void check_spool(struct conf_reader *r, struct conf_element *e)
{
	struct conf_agent *agent = &r->conf->agent;
	bool wished = e->given[CONF_OPTION_agent_seal_bytes];

	if (agent->spool_size > SIZE_MAX / 2)
		conf_tell(r, false, NM_RANGE, line_of(e, CONF_OPTION_agent_spool_size),
			  "spool_size", "is more than a program on this machine can map");
	if (agent->seal_bytes > agent->spool_size / 4 && wished)
		conf_tell(r, false, NM_RANGE, line_of(e, CONF_OPTION_agent_seal_bytes),
			  "seal_bytes", "is more than a quarter of spool_size");
	else if (agent->seal_bytes > agent->spool_size / 4)
		agent->seal_bytes = agent->spool_size / 4;
	if ((uint64_t)agent->exporters * sizeof(struct exporter) > agent->spool_size / 4)
		conf_tell(r, false, NM_RANGE, line_of(e, CONF_OPTION_agent_exporters), "exporters",
			  "need %u bytes each in the spool, together more than a quarter of it",
			  (unsigned)sizeof(struct exporter));
}

/* The first listener, up to `until`, that takes this port on an address in common. */
static bool is_taken(struct conf_reader *r, const struct conf_listen *until, unsigned ports,
		     uint16_t port)
{
	for (const struct conf_listen *l = r->conf->listen; l <= until; l++) {
		bool common = addr_is_absent(&l->address) || addr_is_absent(&until->address) ||
			      addr_same(&l->address, &until->address);

		for (unsigned i = 0; i < (l == until ? ports : l->ports); i++)
			if (common && l->port[i] == port)
				return true;
	}
	return false;
}

static void check_ports(struct conf_reader *r, struct conf_element *e)
{
	const struct conf_listen *l = (const void *)e->at;

	for (unsigned i = 0; i < l->ports; i++)
		if (is_taken(r, l, i, l->port[i]))
			conf_tell(r, false, NM_RANGE, line_of(e, CONF_OPTION_listen_port), "port",
				  "%u is listened on twice", l->port[i]);
}

static void check_uplink(struct conf_reader *r, struct conf_element *e)
{
	const struct conf_uplink *u = (const void *)e->at;
	const char *why;
	struct url url;

	if (u->url[0] && !url_parse(u->url, &url, &why) && !url.tls && !u->insecure)
		conf_tell(r, false, NM_RANGE, line_of(e, CONF_OPTION_uplink_url), "url",
			  "would send everything readable: use https://, or say insecure '1'");
	if (u->password_file[0] && !u->user[0])
		conf_tell(r, false, NM_MISSING, line_of(e, CONF_OPTION_uplink_password_file),
			  "password_file", "needs a user to go with it");
	if (u->retry_min_ms > u->retry_max_ms)
		conf_tell(r, false, NM_RANGE,
			  line_of(e, e->given[CONF_OPTION_uplink_retry_min] ?
				     CONF_OPTION_uplink_retry_min : CONF_OPTION_uplink_retry_max),
			  "retry_min", "is longer than retry_max");
}

static void check_exporter(struct conf_reader *r, struct conf_element *e)
{
	const struct conf_exporter *x = (const void *)e->at;

	if (x->rate_force && !x->rate)
		conf_tell(r, false, NM_MISSING, line_of(e, CONF_OPTION_exporter_rate_force),
			  "rate_force", "needs a rate to go with it");
	for (const struct conf_exporter *other = r->conf->exporter; other < x; other++)
		if (e->given[CONF_OPTION_exporter_address] &&
		    prefix_same(&other->address, &x->address))
			conf_tell(r, false, NM_RANGE, line_of(e, CONF_OPTION_exporter_address),
				  "address", "is that of %s already", other->name);
}

static bool is_mirrored(const struct conf_mirror *m, const char *name)
{
	return *name && (!strcmp(m->rx, name) || !strcmp(m->tx, name));
}

/* What an interface brings belongs to one port. */
static void check_mirror(struct conf_reader *r, struct conf_element *e)
{
	const struct conf_mirror *m = (const void *)e->at;

	if (*m->tx && !strcmp(m->rx, m->tx))
		conf_tell(r, false, NM_RANGE, line_of(e, CONF_OPTION_mirror_tx), "tx",
			  "is rx as well: leave it out when one interface brings both");
	for (const struct conf_mirror *other = r->conf->mirror; other < m; other++)
		if (is_mirrored(other, m->rx) || is_mirrored(other, m->tx))
			conf_tell(r, false, NM_RANGE, line_of(e, CONF_OPTION_mirror_rx), "rx",
				  "or tx belongs to mirror %s already", other->name);
}

static void check_nothing(struct conf_reader *r, struct conf_element *e)
{
	(void)r, (void)e;
}

static void (*const checks[CONF_SECTIONS])(struct conf_reader *r, struct conf_element *e) = {
	[CONF_SECTION_agent] = check_spool,
	[CONF_SECTION_listen] = check_ports,
	[CONF_SECTION_uplink] = check_uplink,
	[CONF_SECTION_exporter] = check_exporter,
	[CONF_SECTION_sample] = check_nothing,
	[CONF_SECTION_mirror] = check_mirror,
};

void conf_check(struct conf_reader *r)
{
	for (unsigned i = 0; i < r->count; i++) {
		check_required(r, &r->elements[i]);
		checks[r->elements[i].section - conf_sections](r, &r->elements[i]);
	}
}
