// SPDX-License-Identifier: Apache-2.0
/* Which file is taken over, which is begun anew, and which is put aside first. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/recollect.h"
#include "firmware/recall_file.h"

#define BLOCKS_A_TEMPLATE  3		/* two hold one of 20 fields */
#define BLOCKS_AN_EXPORTER 4		/* a rate takes one */
#define SHARE_OF_ONE       4		/* an exporter may take a quarter of all */

static size_t size_for(const struct conf_agent *conf)
{
	size_t blocks = 1 + (size_t)conf->templates * BLOCKS_A_TEMPLATE +
			(size_t)conf->exporters * BLOCKS_AN_EXPORTER;

	return blocks * RECALL_BLOCK;
}

static enum nm_err read_file(struct recall_file *f, size_t wanted)
{
	const struct mapping *m = &f->mapping;
	uint8_t *seen = calloc(1, m->size / RECALL_BLOCK + 1);
	enum nm_err err = NM_FULL;

	if (seen)
		err = recall_open(&f->recall, m->at, m->size, seen);
	free(seen);
	return !err && m->size != wanted ? NM_LAYOUT : err;
}

/* It cannot be used; a file with its name that can takes its place. */
static enum nm_err begin_anew(struct recall_file *f, const char *path, size_t size,
			      const char *user, enum nm_err bad, char why[NM_WHY])
{
	enum nm_err err;

	if (bad == NM_LAYOUT) {
		err = file_remap(&f->mapping, size, why);
		if (!err)
			log_line(CONF_LOG_INFO, "templates %s: of another size or version; "
				 "begun anew", path);
	} else {
		err = file_set_aside(&f->mapping, path, why);
		if (!err)
			err = file_map(path, size, user, &f->mapping, why);
		if (!err)
			log_line(CONF_LOG_ERROR, "templates %s: was damaged; renamed to "
				 "%s.damaged, begun anew", path, path);
	}
	if (!err)
		recall_create(&f->recall, f->mapping.at, f->mapping.size);
	return err;
}

static enum nm_err open_file(struct recall_file *f, const char *path, const struct conf_agent *conf,
			     char why[NM_WHY])
{
	size_t size = size_for(conf);
	enum nm_err err = file_map(path, size, conf->user, &f->mapping, why);

	if (err)
		return err;
	if (f->mapping.is_new) {
		recall_create(&f->recall, f->mapping.at, f->mapping.size);
		return NM_OK;
	}
	err = read_file(f, size);
	return err ? begin_anew(f, path, size, conf->user, err, why) : NM_OK;
}

static void say(const char *path, const struct recollected *said)
{
	if (said->templates || said->rates || said->left_out)
		log_line(CONF_LOG_INFO, "templates %s: %" PRIu32 " templates and %" PRIu32
			 " sampling rates are known from before, %" PRIu32 " left out", path,
			 said->templates, said->rates, said->left_out);
}

void recall_file_open(struct recall_file *f, struct decoder *d, const struct conf_agent *conf,
		      nm_time now)
{
	char path[sizeof(conf->spool) + sizeof(RECALL_SUFFIX)], why[NM_WHY] = "not enough memory";
	struct recollected said;

	snprintf(path, sizeof(path), "%s" RECALL_SUFFIX, conf->spool);
	f->recall = (struct recall){
		.exporters = d->exporters,
		.held = calloc(d->exporters->size, sizeof(uint32_t)),
		.per_exporter = (uint32_t)(size_for(conf) / RECALL_BLOCK / SHARE_OF_ONE),
	};
	f->mapping.fd = -1;
	if (!f->recall.held || open_file(f, path, conf, why)) {
		log_line(CONF_LOG_WARN, "templates: %s; after a restart exporters have to tell "
			 "theirs again", why);
		recall_file_close(f);
		return;
	}
	said = recollect(&f->recall, d, now);
	say(path, &said);
}

void recall_file_close(struct recall_file *f)
{
	if (!f->recall.held)		/* never opened */
		return;
	file_unmap(&f->mapping);
	free(f->recall.held);
	f->recall = (struct recall){ 0 };
}
