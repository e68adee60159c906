// SPDX-License-Identifier: Apache-2.0
/*
 * netmeta check [FILE]: reads a configuration as `run` would, the environment with it, but takes
 * nothing for granted: what run leaves out with a warning is an error here.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "firmware/settings.h"
#include "firmware/verb.h"

/* One line a finding, on stderr: FILE:LINE: WORD: sentence. */
static void tell(void *ctx, const struct conf_finding *finding)
{
	char line[CONF_TEXT_MAX + sizeof(*finding)];
	struct out o = out_of(line, sizeof(line));

	conf_put_finding(&o, *(const char **)ctx, finding);
	fprintf(stderr, "%s%s\n", out_end(&o), finding->warning ? " (a warning)" : "");
}

/* The machine that runs it may be another one, so a file that cannot be read is no error here. */
static void look_for(const char *path, const char *word, const char *file)
{
	if (file[0] && access(file, R_OK))
		fprintf(stderr, "%s: %s: %s: %s (a warning)\n", path, word, file, strerror(errno));
}

static void look_for_files(const char *path, const struct conf *conf)
{
	for (const struct conf_uplink *u = conf->uplink; u < conf->uplink + conf->uplinks; u++) {
		look_for(path, "password_file", u->password_file);
		look_for(path, "ca_file", u->ca_file);
	}
}

static int check_file(const char *path)
{
	static const char *const ends[] = { "", "s" };
	struct conf conf;

	if (settings_check(path, &conf, tell))
		return EXIT_USAGE;
	look_for_files(path, &conf);
	if (!conf.uplinks)
		fprintf(stderr, "%s: uplink: there is none, so records are counted and go nowhere"
				" (a warning)\n", path);
	printf("%s: good, %u listener%s, %u uplink%s\n", path, conf.listens,
	       ends[conf.listens != 1], conf.uplinks, ends[conf.uplinks != 1]);
	return EXIT_OK;
}

int verb_check(int argc, char **argv)
{
	const char *path = argc == 1 ? argv[0] : settings_default();

	if (argc > 1 || (argc == 1 && argv[0][0] == '-')) {
		fprintf(stderr, "netmeta check [FILE]\n");
		return EXIT_USAGE;
	}
	if (!path) {
		fprintf(stderr, "netmeta check: no file is named, and none is in its place\n");
		return EXIT_USAGE;
	}
	return check_file(path);
}
