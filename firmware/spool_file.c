// SPDX-License-Identifier: Apache-2.0
/* Which file may be used as it is, which may be laid out anew, and which is left alone. */
#include <stdio.h>

#include "firmware/spool_file.h"

/* So many exporters fit for certain: the table is hashed and not to be filled. */
static uint32_t slots_for(const struct conf_agent *conf)
{
	return conf->exporters * 2;
}

static enum nm_err lay_out(struct spool *sp, const struct mapping *m,
			   const struct conf_agent *conf)
{
	struct spool_shape shape = { m->size, slots_for(conf) };
	struct incarnation incarnation;

	random_fill(&incarnation, sizeof(incarnation));
	return spool_create(sp, m->at, &shape, incarnation);
}

static bool is_as_configured(const struct spool *sp, const struct conf_agent *conf)
{
	struct spool_shape shape = spool_shape(sp);

	return shape.size == conf->spool_size && shape.exporters == slots_for(conf);
}

/* The file is a spool of another shape: change it when it is empty, else let it be. */
static enum nm_err reshape(struct spool *sp, struct mapping *m, const struct conf_agent *conf,
			   char why[NM_WHY])
{
	enum nm_err err;

	if (!spool_is_empty(sp)) {
		log_line(CONF_LOG_WARN, "spool %s: holds records, so it keeps its %zu bytes",
			 conf->spool, m->size);
		return NM_OK;
	}
	err = file_remap(m, conf->spool_size, why);
	return err ? err : lay_out(sp, m, conf);
}

static const char *advice(enum nm_err err)
{
	switch (err) {
	case NM_FOREIGN:
		return "it is left alone: move it away or set another path";
	case NM_LAYOUT:
		return "let the version that wrote it deliver what it holds, or move it away";
	default:
		return "set a larger spool_size";
	}
}

/* Ours, but its tables are not whole: a disk lost power. What it held cannot be trusted. */
static enum nm_err replace(struct spool *sp, struct mapping *m, const struct conf_agent *conf,
			   char why[NM_WHY])
{
	enum nm_err err = file_set_aside(m, conf->spool, why);

	if (!err)
		err = file_map(conf->spool, conf->spool_size, conf->user, m, why);
	if (!err)
		log_line(CONF_LOG_ERROR, "spool %s: was damaged; renamed to %s.damaged, begun anew",
			 conf->spool, conf->spool);
	return err ? err : lay_out(sp, m, conf);
}

enum nm_err spool_file_open(struct spool *sp, struct mapping *m, const struct conf_agent *conf,
			    char why[NM_WHY])
{
	enum nm_err err = file_map(conf->spool, conf->spool_size, conf->user, m, why);

	if (err)
		return err;
	*why = 0;
	err = spool_open(sp, m->at, m->size);
	if (err == NM_MISSING)
		err = lay_out(sp, m, conf);
	else if (err == NM_LENGTH)
		err = replace(sp, m, conf, why);
	if (!err && !is_as_configured(sp, conf))
		err = reshape(sp, m, conf, why);
	if (!err)
		return NM_OK;
	if (!*why)
		snprintf(why, NM_WHY, "spool %s: %s; %s", conf->spool, nm_strerror(err),
			 advice(err));
	file_unmap(m);
	return err;
}
