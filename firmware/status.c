// SPDX-License-Identifier: Apache-2.0
/* netmeta status [--json] [-c FILE]: asks the agent behind the control socket how it is. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firmware/settings.h"
#include "firmware/verb.h"
#include "platform/platform.h"

#define ANSWER_MOST (1024 * 1024)	/* 1,000 exporters take about 900 KB */

struct words { const char *path; bool json, wrong; };

static struct words words_of(int argc, char **argv)
{
	struct words w = { 0 };

	for (int i = 0; i < argc; i++) {
		if (!strcmp(argv[i], "--json"))
			w.json = true;
		else if (!strcmp(argv[i], "-c") && i + 1 < argc)
			w.path = argv[++i];
		else
			w.wrong = true;
	}
	return w;
}

static int ask(const char *control, bool json)
{
	char *answer = malloc(ANSWER_MOST), why[NM_WHY];
	int status = EXIT_FAILED;

	if (!answer)
		perror("netmeta status");
	else if (control_ask(control, json ? "status json" : "status", answer, ANSWER_MOST, why))
		fprintf(stderr, "netmeta status: %s\n", why);
	else
		status = fputs(answer, stdout) < 0 || !strncmp(answer, "{\"error", 7) ?
			EXIT_FAILED : EXIT_OK;
	free(answer);
	return status;
}

int verb_status(int argc, char **argv)
{
	struct words w = words_of(argc, argv);
	struct conf conf;

	if (w.wrong) {
		fprintf(stderr, "netmeta status [--json] [-c FILE]\n");
		return EXIT_USAGE;
	}
	log_level(CONF_LOG_ERROR);
	if (settings_read(w.path, &conf))
		return EXIT_USAGE;
	if (!conf.agent.control[0]) {
		fprintf(stderr, "netmeta status: the configuration names no control socket\n");
		return EXIT_USAGE;
	}
	return ask(conf.agent.control, w.json);
}
