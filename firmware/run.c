// SPDX-License-Identifier: Apache-2.0
/*
 * netmeta run [-c FILE]: the parent reads the configuration and binds the ports, then
 * stays behind to supervise and to resolve names; the child maps the spool, gives up
 * its rights and runs the loop. The sockets belong to both, so a child that dies costs
 * no datagram.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "firmware/agent.h"
#include "firmware/settings.h"
#include "firmware/verb.h"

static int run_child(void *ctx, struct helper *helper)
{
	struct agent *a = ctx;
	char why[NM_WHY] = "";

	if (agent_start(a, helper, why)) {
		log_line(CONF_LOG_ERROR, "agent: %s", why);
		return EXIT_USAGE;
	}
	agent_run(a);
	agent_close(a);
	return EXIT_OK;
}

static int run_with(struct agent *a, const char *path)
{
	char why[NM_WHY] = "";
	int status;

	if (settings_read(path, &a->conf))
		return EXIT_USAGE;
	log_level((enum conf_log)a->conf.agent.log);
	if (!a->conf.uplinks)
		log_line(CONF_LOG_WARN, "agent: no uplink: records are counted and go nowhere");
	if (agent_listen(a, why)) {
		log_line(CONF_LOG_ERROR, "agent: %s", why);
		return EXIT_USAGE;
	}
	status = processes_run(run_child, a, true);
	agent_unlisten(a);
	return status;
}

int verb_run(int argc, char **argv)
{
	bool has_path = argc == 2 && !strcmp(argv[0], "-c");
	struct agent *a;
	int status;

	if (argc && !has_path) {
		fprintf(stderr, "netmeta run [-c FILE]\n");
		return EXIT_USAGE;
	}
	a = calloc(1, sizeof(*a));
	if (!a) {
		perror("netmeta run");
		return EXIT_FAILED;
	}
	status = run_with(a, has_path ? argv[1] : NULL);
	free(a);
	return status;
}
