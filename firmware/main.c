// SPDX-License-Identifier: Apache-2.0
/* netmeta: the command line is a table of verbs. */
#include <stdio.h>
#include <string.h>

#include "firmware/verb.h"
#include "generated/version.h"

struct verb {
	const char *name, *words, *help;
	int (*run)(int argc, char **argv);
};

static const struct verb verbs[] = {
	{ "run", "[-c FILE]", "collect, spool and forward until told to stop", verb_run },
	{ "check", "[FILE]", "check a configuration, name every fault", verb_check },
#ifdef CONFIG_VERB_DECODE
	{ "decode", "[--all|--explain] FILE.pcap|PORT", "print records as JSON, datagrams in words",
	  verb_decode },
#endif
#ifdef CONFIG_VERB_REPLAY
	{ "replay", "[-c FILE] [--speed X] FILE.pcap", "send a capture through the whole chain",
	  verb_replay },
#endif
#ifdef CONFIG_SAMPLING
	{ "sources", "[--explain]", "how packets of this machine can be sampled", verb_sources },
#endif
#ifdef CONFIG_VERB_STATUS
	{ "status", "[--json | --alarms] [-c FILE]", "ask a running agent how it is", verb_status },
#endif
};

#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

static int help(FILE *to)
{
	fprintf(to, "netmeta collects flow records and forwards them; "
		    "nothing is lost silently.\n\n");
	for (const struct verb *v = verbs; v < verbs + VERBS; v++)
		fprintf(to, "  netmeta %-7s %-32s %s\n", v->name, v->words, v->help);
	fprintf(to, "  netmeta --version\n  netmeta --help\n\n"
		    "Exit status: 0 done, 1 failed, 2 wrong words or configuration.\n");
	return to == stdout ? EXIT_OK : EXIT_USAGE;
}

static const char *const features[] = {
#ifdef CONFIG_NETFLOW5
	"netflow5",
#endif
#ifdef CONFIG_IPFIX
	"netflow9", "ipfix",
#endif
#ifdef CONFIG_SAMPLING
	"sampling",
#endif
#ifdef CONFIG_CLICKHOUSE
	"clickhouse",
#endif
#ifdef CONFIG_TLS
	"tls",
#endif
#ifdef CONFIG_COMPRESS_LZ4
	"lz4",
#endif
#ifdef CONFIG_COMPRESS_GZIP
	"gzip",
#endif
	NULL
};

static int version(void)
{
	printf("netmeta %s\n%s\nfeatures:", NM_VERSION, NM_LIBRARIES);
	for (const char *const *f = features; *f; f++)
		printf(" %s", *f);
	return puts("") < 0 ? EXIT_FAILED : EXIT_OK;
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";

	for (const struct verb *v = verbs; v < verbs + VERBS; v++)
		if (!strcmp(name, v->name))
			return v->run(argc - 2, argv + 2);
	if (!strcmp(name, "--version"))
		return version();
	if (!strcmp(name, "--help"))
		return help(stdout);
	if (*name)
		fprintf(stderr, "netmeta: no verb '%s'\n\n", name);
	return help(stderr);
}
