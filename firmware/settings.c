// SPDX-License-Identifier: Apache-2.0
/* OpenWrt keeps its files in /etc/config; elsewhere it is /etc/netmeta.conf. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <unistd.h>

#include "firmware/settings.h"
#include "platform/platform.h"

#define FILE_MOST (256 * 1024)		/* a configuration with every option is 5 KB */

const char *settings_default(void)
{
	static const char *const places[] = { "/etc/config/netmeta", "/etc/netmeta.conf" };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (!access(places[i], F_OK))
			return places[i];
	return NULL;
}

static void tell(void *ctx, const struct conf_finding *finding)
{
	char line[CONF_TEXT_MAX + sizeof(*finding)];
	struct out o = out_of(line, sizeof(line));

	conf_put_finding(&o, *(const char **)ctx, finding);
	log_line(finding->warning ? CONF_LOG_WARN : CONF_LOG_ERROR, "%s", out_end(&o));
}

static enum nm_err read_from(const char *path, struct conf *conf, struct conf_source *from)
{
	char *text = malloc(FILE_MOST), why[NM_WHY];
	enum nm_err err = text ? NM_OK : NM_FULL;

	from->environment = (const char *const *)environ;
	from->ctx = &path;
	if (path && !err) {
		err = file_read(path, text, FILE_MOST, &from->len, why);
		from->text = text;
		if (err)
			log_line(CONF_LOG_ERROR, "%s", why);
	}
	if (!err)
		err = conf_read(conf, from);
	free(text);
	return err;
}

enum nm_err settings_read(const char *path, struct conf *conf)
{
	return read_from(path ? path : settings_default(), conf,
			 &(struct conf_source){ .found = tell });
}

enum nm_err settings_check(const char *path, struct conf *conf, conf_found *found)
{
	return read_from(path, conf, &(struct conf_source){ .found = found, .strict = true });
}
