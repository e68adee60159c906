// SPDX-License-Identifier: Apache-2.0
/* Whole configurations: where values end up, and which findings come of mistakes. */
#include "core/conf.h"
#include "tests/guard.h"
#include "tests/test.h"

static struct conf conf;
static char findings[4096];		/* one a line, as a user sees them */

static void found(void *ctx, const struct conf_finding *f)
{
	struct out o = out_of(findings + strlen(findings), sizeof(findings) - strlen(findings));

	(void)ctx;
	out_text(&o, f->warning ? "warning " : "");
	conf_put_finding(&o, "f", f);
	out_text(&o, "\n");
	out_end(&o);
}

static enum nm_err read_bytes(const char *text, size_t len, const char *const *environment,
			      bool strict)
{
	struct conf_source from = {
		.text = guarded(text, len), .len = len, .environment = environment,
		.strict = strict, .found = found,
	};

	findings[0] = '\0';
	memset(&conf, 0xa5, sizeof(conf));
	return conf_read(&conf, &from);
}

#define READ(text)  read_bytes(text, sizeof(text) - 1, NULL, true)
#define START(text) read_bytes(text, sizeof(text) - 1, NULL, false)

static bool said(const char *expected)
{
	if (!strcmp(findings, expected))
		return true;
	printf("said     %sexpected %s", findings, expected);
	return false;
}

#define UPLINK "config uplink 'a'\n option url 'https://h/'\n"

static void presets(void)
{
	const struct conf_agent *a = &conf.agent;

	check(!READ("") && said(""));
	check(!strcmp(a->id, "") && !strcmp(a->user, "nobody"));
	check(!strcmp(a->spool, "/run/netmeta/spool"));
	check(!strcmp(a->control, "/run/netmeta/control"));
	check(a->spool_size == 16777216 && a->seal_bytes == 524288 && a->seal_ms == 2000);
	check(a->ledger_s == 60 && a->drain_s == 5 && a->exporters == 64 && a->templates == 512);
	check(a->log == CONF_LOG_INFO && !a->keep_unknown);
	check(conf.uplinks == 0 && conf.listens == 1);
	check(addr_is_absent(&conf.listen[0].address) && conf.listen[0].receive_buffer == 2097152);
	check(conf.listen[0].ports == 3 && conf.listen[0].port[0] == 2055);
	check(conf.listen[0].port[1] == 4739 && conf.listen[0].port[2] == 6343);
	check(!READ(UPLINK) && conf.uplinks == 1);
	check(!conf.uplink[0].insecure && !conf.uplink[0].user[0] && !conf.uplink[0].ca_file[0]);
	check(!conf.uplink[0].password_file[0] && !strcmp(conf.uplink[0].database, "netmeta"));
	check(conf.uplink[0].tls_time == CONF_TLS_STRICT && conf.uplink[0].timeout_ms == 30000);
	check(conf.uplink[0].retry_min_ms == 500 && conf.uplink[0].retry_max_ms == 60000);
	check(conf.uplink[0].horizon_s == 600);
}

static void whole_file(void)
{
	check(!READ("package netmeta\r\n\r\n"
		    "config agent 'main'\r\n\toption id 'r1.example'\r\n\toption log debug\r\n"
		    "\toption control ''\r\n\toption keep_unknown yes\r\n"
		    "config listen\r\n\tlist port '9995'\r\n\tlist port '9996'\r\n"
		    "config listen 'lab'\r\n\toption address '2001:db8::1'\r\n"
		    "\toption port '9997 1'\r\n"
		    "config uplink 'centre'\r\n\toption url \"https://h:8443/x\" # here\r\n"
		    "\toption user agent; option password_file /etc/p\r\n"));
	check(said(""));
	check(!strcmp(conf.agent.name, "main") && !strcmp(conf.agent.id, "r1.example"));
	check(conf.agent.log == CONF_LOG_DEBUG && !conf.agent.control[0]);
	check(conf.agent.keep_unknown);
	check(conf.listens == 2 && conf.uplinks == 1);
}

static void arrays(void)
{
	check(START("config listen\nlist port 1\nlist port 2\nconfig listen lab\noption port 3\n"
		    "config uplink\noption url 'https://a'\n"
		    "config uplink b\noption url 'https://b'\noption retry_min 2s\n") == NM_OK);
	check(!strcmp(conf.listen[0].name, "listen1") && !strcmp(conf.listen[1].name, "lab"));
	check(conf.listen[0].ports == 2 && conf.listen[0].port[1] == 2);
	check(conf.listen[1].ports == 1 && conf.listen[1].port[0] == 3);
	check(!strcmp(conf.uplink[0].name, "uplink1") && !strcmp(conf.uplink[1].name, "b"));
	check(!strcmp(conf.uplink[0].url, "https://a"));
	check(!strcmp(conf.uplink[1].url, "https://b"));
	check(conf.uplink[0].retry_min_ms == 500 && conf.uplink[1].retry_min_ms == 2000);
}

static void unknown(void)
{
	check(READ("config uplnik\noption x 1\nconfig wifi\noption y 2\nconfig agent\n"
		   "option logg debug\noption colour red\noption port 1\n") == NM_KEY);
	check(said("f:1: uplnik: there is no such section; perhaps uplink is meant\n"
		   "f:3: wifi: there is no such section\n"
		   "f:6: logg: section agent has no such option; perhaps log is meant\n"
		   "f:7: colour: section agent has no such option\n"
		   "f:8: port: is an option of section listen, not of agent\n"));
}

static void unknown_at_start(void)
{
	check(START("config wifi\noption url 'x'\n"
		    "config agent\noption colour red\noption log warn\n") == NM_OK);
	check(said("warning f:1: wifi: there is no such section\n"
		   "warning f:4: colour: section agent has no such option\n"));
	check(conf.agent.log == CONF_LOG_WARN && conf.uplinks == 0);
}

static void all_mistakes(void)
{
	check(READ("option log debug\nconfgi agent\nconfig agent\noption log 'debug\n"
		   "option log\noption log a b\nlist log info\nconfig\noption spool_size 1K\n"
		   "option \x01\x7f 1\n") == NM_SYNTAX);
	check(said("f:1: log: stands before any section\n"
		   "f:2: confgi: is neither config, option nor list\n"
		   "f:4: debug: a quote is not closed on its line\n"
		   "f:5: log: has too few words behind it: option NAME 'VALUE'\n"
		   "f:6: log: has too many words behind it: option NAME 'VALUE'\n"
		   "f:7: log: is no list: write option log\n"
		   "f:8: config: has too few words behind it: config SECTION ['NAME']\n"
		   "f:9: spool_size: '1K' is out of range: 1M to 1T\n"
		   "f:10: ??: section agent has no such option\n"));
}

static void wrong_at_start(void)
{
	check(START("config agent\noption log loud\n") == NM_SYNTAX);
	check(said("f:2: log: 'loud' is not error, warn, info or debug\n"));
	check(read_bytes("config a\0b\n", 11, NULL, false) == NM_SYNTAX);
	check(said("f:1: a: there is a NUL byte in it\n"));
}

static void twice(void)
{
	check(START("config agent\noption log warn\noption log debug\n") == NM_OK);
	check(said("warning f:3: log: is given twice (first in line 2); the last one counts\n"));
	check(conf.agent.log == CONF_LOG_DEBUG);
	check(READ("config agent\noption log warn\noption log debug\n") == NM_RANGE);
	check(START("config listen\nlist port 1\noption port 5\nlist port 6\n") == NM_OK);
	check(conf.listen[0].ports == 2 && conf.listen[0].port[0] == 5);
}

static void section_names(void)
{
	check(READ("config agent x\nconfig listen x\noption port 1\nconfig uplink 'a-b'\n"
		   "option url 'https://h'\nconfig listen a2345678901234567890123456789012\n"
		   "option port 2\nconfig listen a234567890123456789012345678901\noption port 3\n")
	      == NM_RANGE);
	check(said("f:2: x: is the name of another section already (line 1)\n"
		   "f:4: a-b: a section's name has up to 31 letters, digits and underscores\n"
		   "f:6: a2345678901234567890123456789012: "
		   "a section's name has up to 31 letters, digits and underscores\n"));
	check(!strcmp(conf.listen[2].name, "a234567890123456789012345678901"));
}

static void too_many(void)
{
	check(READ("config agent\nconfig agent\noption log loud\n" UPLINK
		   "config uplink b\noption url 'https://h/'\n"
		   "config uplink c\noption url 'https://h/'\n"
		   "config uplink d\noption url 'https://h/'\n"
		   "config uplink e\noption url 'https://h/'\n") == NM_FULL);
	check(said("f:2: agent: there can be only 1 of these sections\n"
		   "f:12: uplink: there can be only 4 of these sections\n"));
	check(conf.uplinks == 4 && !strcmp(conf.uplink[3].name, "d"));
}

static void missing(void)
{
	check(READ("\nconfig uplink\noption user u\nconfig uplink\noption url 'h'\n") == NM_SYNTAX);
	check(said("f:5: url: 'h' does not begin with https:// or http://\n"
		   "f:2: url: is missing: every section uplink needs it\n"));
}

static void clear_text(void)
{
	check(READ("config uplink\noption url 'http://h'\n") == NM_RANGE);
	check(said("f:2: url: would send everything readable: "
		   "use https://, or say insecure '1'\n"));
	check(!READ("config uplink\noption url 'http://h'\noption insecure 1\n"));
	check(conf.uplink[0].insecure);
	check(!READ("config uplink\noption url 'https://h'\noption insecure 1\n"));
}

static void contradictions(void)
{
	check(READ("config agent\noption spool_size 2M\noption seal_bytes 513K\n"
		   "config uplink\noption url 'https://h'\noption password_file /p\n"
		   "option retry_max 1s\noption retry_min 2s\n") == NM_RANGE);
	check(said("f:3: seal_bytes: is more than a quarter of spool_size\n"
		   "f:6: password_file: needs a user to go with it\n"
		   "f:8: retry_min: is longer than retry_max\n"));
	check(READ("config uplink\noption url 'https://h'\noption retry_min 90s\n") == NM_RANGE);
	check(READ("config agent\noption spool_size 1M\noption exporters 65536\n") == NM_RANGE);
	check(strstr(findings, "f:3: exporters: need ") == findings);
}

static void seal_follows(void)
{
	check(!READ("config agent\noption spool_size 1M\n") && conf.agent.seal_bytes == 262144);
	check(!READ("config agent\noption spool_size 2M\noption seal_bytes 512K\n"));
}

static void port_conflicts(void)
{
	check(READ("config listen\noption port '1 2 1'\n") == NM_RANGE);
	check(said("f:2: port: 1 is listened on twice\n"));
	check(READ("config listen\noption port 1\nconfig listen\noption address 192.0.2.1\n"
		   "option port '2 1'\n") == NM_RANGE);
	check(said("f:5: port: 1 is listened on twice\n"));
	check(!READ("config listen\noption address 192.0.2.2\noption port 1\n"
		    "config listen\noption address 192.0.2.1\noption port 1\n"));
	check(READ("config listen\nconfig listen\n") == NM_RANGE);
	check(strstr(findings, "f:2: port: 2055 is listened on twice\n") == findings);
}

static void exporters(void)
{
	check(!READ("config exporter 'edge'\noption address 192.0.2.0/24\noption rate 512\n"
		    "config exporter\noption address 192.0.2.9\noption rate 9\n"
		    "option rate_force 1\n") && said(""));
	check(conf.exporters == 2 && !strcmp(conf.exporter[0].name, "edge"));
	check(conf.exporter[0].rate == 512 && !conf.exporter[0].rate_force);
	check(!strcmp(conf.exporter[1].name, "exporter2") && conf.exporter[1].rate_force);
	check(!READ("") && conf.exporters == 0);
}

static void wrong_exporters(void)
{
	check(READ("config exporter a\noption rate_force 1\n"
		   "config exporter b\noption address 192.0.2.1\n"
		   "config exporter c\noption address 192.0.2.1/32\n") == NM_MISSING);
	check(said("f:1: address: is missing: every section exporter needs it\n"
		   "f:2: rate_force: needs a rate to go with it\n"
		   "f:6: address: is that of b already\n"));
}

static void environment(void)
{
	static const char text[] =
		"config agent\noption log warn\nconfig uplink\nconfig uplink B_c\n";
	static const char *const variables[] = {
		"PATH=/bin", "NETMETA_AGENT_LOG=debug", "NETMETA_LISTEN_PORT=1 2",
		"NETMETA_UPLINK_URL=https://first", "NETMETA_UPLINK_B_C_URL=https://second",
		"NETMETA_UPLINK_UPLINK1_USER=u=v", NULL,
	};

	check(!read_bytes(text, strlen(text), variables, true) && said(""));
	check(conf.agent.log == CONF_LOG_DEBUG && conf.listens == 1 && conf.listen[0].ports == 2);
	check(conf.uplinks == 2 && !strcmp(conf.uplink[0].url, "https://first"));
	check(!strcmp(conf.uplink[1].url, "https://second") && !strcmp(conf.uplink[0].user, "u=v"));
}

static void environment_alone(void)
{
	static const char *const variables[] = { "NETMETA_UPLINK_URL=https://h", NULL };
	struct conf_source from = { .environment = variables };

	check(!conf_read(&conf, &from));
	check(conf.uplinks == 1 && !strcmp(conf.uplink[0].url, "https://h"));
	check(!strcmp(conf.uplink[0].name, "uplink1") && conf.listens == 1);
}

static void wrong_environment(void)
{
	static const char *const variables[] = {
		"NETMETA_AGENT_LOG=loud", "NETMETA_LISTEN_PORT=", "NETMETA_UPLINK_B_URL=https://h",
		"NETMETA_HOME=/x", "NETMETA_", "NETMETA_AGENT=1", "NETMETA_AGENT_LOG",
		"NETMETA_UPLINK_URL=http://h", NULL,
	};

	check(read_bytes("", 0, variables, true) == NM_SYNTAX);
	check(said("NETMETA_AGENT_LOG: 'loud' is not error, warn, info or debug\n"
		   "NETMETA_LISTEN_PORT: must not be empty\n"
		   "warning NETMETA_UPLINK_B_URL: means nothing here\n"
		   "warning NETMETA_HOME: means nothing here\n"
		   "warning NETMETA_AGENT: means nothing here\n"
		   "f: url: would send everything readable: use https://, or say insecure '1'\n"));
}

static void truncations(void)
{
	static const char text[] = "package netmeta\nconfig agent 'main'\n\toption id \"r\\1\"\n"
		"config listen\n\tlist port '1'\n\toption address '::1' # x\nconfig uplink a\n"
		"\toption url 'https://h:8443/x';option user u\\\n\noption password_file /etc/p\n";

	check(!read_bytes(text, strlen(text), NULL, true) && said(""));
	for (size_t len = 0; len < sizeof(text); len++)
		for (int strict = 0; strict < 2; strict++)
			if (read_bytes(text, len, NULL, strict))
				check(findings[0] && !strstr(findings, ": \n"));
}

TESTS({ "an empty file gives the presets and one listener", presets },
      { "exporters have names and rates", exporters },
      { "an exporter has an address of its own, and a forced rate is a rate", wrong_exporters },
      { "a whole file with comments, quotes and other line ends is read", whole_file },
      { "repeated sections become elements, in their order", arrays },
      { "check refuses what is unknown and guesses what was meant", unknown },
      { "at start what is unknown is a warning and left out", unknown_at_start },
      { "every mistake of a file is told in one run, with line and word", all_mistakes },
      { "a wrong value is an error at start, too", wrong_at_start },
      { "of an option given twice the last one counts, and check complains", twice },
      { "names of sections are words and unique", section_names },
      { "there is a limit to the sections of each kind", too_many },
      { "an option that is required and not given is told at its section", missing },
      { "http:// must be asked for on purpose", clear_text },
      { "options that contradict each other are told", contradictions },
      { "a preset gives way to the spool's size", seal_follows },
      { "no port is listened on twice at one address", port_conflicts },
      { "the environment overrides the file, by section or by name", environment },
      { "the environment can be the whole configuration", environment_alone },
      { "of the environment a wrong value is an error, an unknown name a warning",
	wrong_environment },
      { "a file that ends anywhere is read up to there", truncations })
