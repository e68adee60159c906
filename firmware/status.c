// SPDX-License-Identifier: Apache-2.0
/*
 * netmeta status [--json | --alarms] [-c FILE]: asks the agent behind the control socket how it
 * is. With --alarms it answers and ends as monitoring expects it of its plugins.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firmware/settings.h"
#include "firmware/verb.h"
#include "platform/platform.h"

#define ANSWER_MOST (1024 * 1024)	/* 1,000 exporters take about 900 KB */

/* What plugins end with, whose 1 is a warning. */
enum { PLUGIN_OK, PLUGIN_CRITICAL = 2, PLUGIN_UNKNOWN = 3 };

struct words { const char *path; bool json, alarms, wrong; };

static struct words words_of(int argc, char **argv)
{
	struct words w = { 0 };

	for (int i = 0; i < argc; i++) {
		if (!strcmp(argv[i], "--json"))
			w.json = true;
		else if (!strcmp(argv[i], "--alarms"))
			w.alarms = true;
		else if (!strcmp(argv[i], "-c") && i + 1 < argc)
			w.path = argv[++i];
		else
			w.wrong = true;
	}
	w.wrong |= w.json && w.alarms;
	return w;
}

static int failed(const struct words *w, int status)
{
	return w->alarms ? PLUGIN_UNKNOWN : status;
}

/* What the answer is worth, by its first word. */
static int status_of(const char *answer, const struct words *w)
{
	if (!w->alarms)
		return strncmp(answer, "{\"error", 7) ? EXIT_OK : EXIT_FAILED;
	if (!strncmp(answer, "OK:", 3))
		return PLUGIN_OK;
	return strncmp(answer, "CRITICAL:", 9) ? PLUGIN_UNKNOWN : PLUGIN_CRITICAL;
}

static int ask(const char *control, const struct words *w)
{
	const char *request = w->json ? "status json" : w->alarms ? "status alarms" : "status";
	char *answer = malloc(ANSWER_MOST), why[NM_WHY];
	int status = failed(w, EXIT_FAILED);

	if (!answer)
		perror("netmeta status");
	else if (control_ask(control, request, answer, ANSWER_MOST, why))
		fprintf(stderr, "netmeta status: %s\n", why);
	else if (fputs(answer, stdout) >= 0)
		status = status_of(answer, w);
	free(answer);
	return status;
}

int verb_status(int argc, char **argv)
{
	struct words w = words_of(argc, argv);
	struct conf conf;

	if (w.wrong) {
		fprintf(stderr, "netmeta status [--json | --alarms] [-c FILE]\n");
		return failed(&w, EXIT_USAGE);
	}
	log_level(CONF_LOG_ERROR);
	if (settings_read(w.path, &conf))
		return failed(&w, EXIT_USAGE);
	if (!conf.agent.control[0]) {
		fprintf(stderr, "netmeta status: the configuration names no control socket\n");
		return failed(&w, EXIT_USAGE);
	}
	return ask(conf.agent.control, &w);
}
