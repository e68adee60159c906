// SPDX-License-Identifier: Apache-2.0
/* Values of every kind, and what is said about those that do not fit; and option.def itself. */
#include "core/conf_private.h"
#include "tests/guard.h"
#include "tests/test.h"

union element {
	struct conf_agent agent;
	struct conf_listen listen;
	struct conf_uplink uplink;
	struct conf_exporter exporter;
	struct conf_sample sample;
	struct conf_mirror mirror;
};

static union element e;
static char why[CONF_WHY];

static enum nm_err value(enum conf_option_id id, const char *text)
{
	memset(why, 0, sizeof(why));
	return conf_value(&conf_options[id], &e, guarded(text, strlen(text) + 1), true, why);
}

/* Refused with this error, for this reason, and the element is as it was. */
static bool refused(enum conf_option_id id, const char *text, enum nm_err expected,
		    const char *reason)
{
	union element before = e;
	enum nm_err err = value(id, text);

	if (err == expected && strstr(why, reason) && !memcmp(&before, &e, sizeof(e)))
		return true;
	printf("'%s': %s, %s\n", text, nm_strerror(err), why);
	return false;
}

static void sizes(void)
{
	check(!value(CONF_OPTION_agent_spool_size, "1048576") && e.agent.spool_size == 1048576);
	check(!value(CONF_OPTION_agent_spool_size, "2048K") && e.agent.spool_size == 2097152);
	check(!value(CONF_OPTION_agent_spool_size, "16M") && e.agent.spool_size == 16777216);
	check(!value(CONF_OPTION_agent_spool_size, "5G") && e.agent.spool_size == 5368709120);
	check(!value(CONF_OPTION_agent_spool_size, "1T") && e.agent.spool_size == 1099511627776);
	check(!value(CONF_OPTION_listen_receive_buffer, "64K") && e.listen.receive_buffer == 65536);
}

static void wrong_sizes(void)
{
	enum conf_option_id id = CONF_OPTION_agent_spool_size;

	check(refused(id, "", NM_SYNTAX, "'' is not a number of bytes"));
	check(refused(id, "M", NM_SYNTAX, "K, M, G or T"));
	check(refused(id, "16m", NM_SYNTAX, "'16m'"));
	check(refused(id, "16 M", NM_SYNTAX, "'16 M'"));
	check(refused(id, "16MB", NM_SYNTAX, "'16MB'"));
	check(refused(id, "1.5M", NM_SYNTAX, "'1.5M'"));
	check(refused(id, "-1", NM_SYNTAX, "'-1'"));
	check(refused(id, "+1", NM_SYNTAX, "'+1'"));
	check(refused(id, "0x100000", NM_SYNTAX, "'0x100000'"));
	check(refused(id, "1048575", NM_RANGE, "out of range: 1M to 1T"));
	check(refused(id, "1099511627777", NM_RANGE, "out of range"));
	check(refused(id, "18446744073709551616", NM_RANGE, "out of range"));
	check(refused(id, "16777217T", NM_RANGE, "out of range"));
	check(refused(id, "99999999999999999999999999M", NM_RANGE, "out of range"));
}

static void times(void)
{
	check(!value(CONF_OPTION_agent_seal_time, "2s") && e.agent.seal_ms == 2000);
	check(!value(CONF_OPTION_agent_seal_time, "150ms") && e.agent.seal_ms == 150);
	check(!value(CONF_OPTION_agent_seal_time, "2m") && e.agent.seal_ms == 120000);
	check(!value(CONF_OPTION_uplink_retry_max, "24h") && e.uplink.retry_max_ms == 86400000);
	check(!value(CONF_OPTION_agent_drain_time, "0s") && e.agent.drain_s == 0);
	check(!value(CONF_OPTION_uplink_horizon, "10m") && e.uplink.horizon_s == 600);
	check(!value(CONF_OPTION_uplink_horizon, "2h") && e.uplink.horizon_s == 7200);
	check(refused(CONF_OPTION_agent_seal_time, "2", NM_SYNTAX, "with ms, s, m or h"));
	check(refused(CONF_OPTION_agent_seal_time, "99ms", NM_RANGE, "100ms to 10m"));
	check(refused(CONF_OPTION_uplink_horizon, "90000ms", NM_SYNTAX, "with s, m or h"));
}

static void slots(void)
{
	check(!value(CONF_OPTION_agent_exporters, "64") && e.agent.exporters == 64);
	check(!value(CONF_OPTION_agent_exporters, "65") && e.agent.exporters == 128);
	check(!value(CONF_OPTION_agent_exporters, "65536") && e.agent.exporters == 65536);
	check(!value(CONF_OPTION_agent_exporters, "2") && e.agent.exporters == 2);
	check(refused(CONF_OPTION_agent_exporters, "1", NM_RANGE, "2 to 65536"));
	check(refused(CONF_OPTION_agent_exporters, "65537", NM_RANGE, "2 to 65536"));
	check(refused(CONF_OPTION_agent_exporters, "1K", NM_SYNTAX, "not a plain number"));
}

static void choices(void)
{
	check(!value(CONF_OPTION_agent_log, "debug") && e.agent.log == CONF_LOG_DEBUG);
	check(!value(CONF_OPTION_agent_log, "error") && e.agent.log == CONF_LOG_ERROR);
	check(!value(CONF_OPTION_uplink_tls_time, "after-build") &&
	      e.uplink.tls_time == CONF_TLS_AFTER_BUILD);
	check(!value(CONF_OPTION_uplink_insecure, "1") && e.uplink.insecure);
	check(!value(CONF_OPTION_uplink_insecure, "off") && !e.uplink.insecure);
	check(refused(CONF_OPTION_agent_log, "loud", NM_SYNTAX, "error, warn, info or debug"));
	check(refused(CONF_OPTION_agent_log, "ms", NM_SYNTAX, "not error"));
	check(refused(CONF_OPTION_uplink_insecure, "2", NM_SYNTAX, "not 0 or 1"));
	check(refused(CONF_OPTION_uplink_insecure, "", NM_SYNTAX, "not 0 or 1"));
}

static void texts(void)
{
	char text[CONF_TEXT_MAX + 1];

	check(!value(CONF_OPTION_uplink_user, "J\xc3\xb6rg's agent") &&
	      !strcmp(e.uplink.user, "J\xc3\xb6rg's agent"));
	check(!value(CONF_OPTION_uplink_user, "") && !e.uplink.user[0]);
	check(refused(CONF_OPTION_uplink_user, "a\r\nX-Header: b", NM_SYNTAX, "control"));
	check(refused(CONF_OPTION_uplink_user, "\x7f", NM_SYNTAX, "control"));
	memset(text, 'a', sizeof(text));
	text[63] = '\0';
	check(!value(CONF_OPTION_uplink_user, text) && strlen(e.uplink.user) == 63);
	text[63] = 'a';
	text[64] = '\0';
	check(refused(CONF_OPTION_uplink_user, text, NM_RANGE, "longer than 63 bytes"));
	check(!value(CONF_OPTION_uplink_database, "net_meta-1.x"));
	check(refused(CONF_OPTION_uplink_database, "", NM_RANGE, "must not be empty"));
	check(refused(CONF_OPTION_uplink_database, "a b", NM_SYNTAX, "letters, digits"));
	check(refused(CONF_OPTION_uplink_database, "a;b", NM_SYNTAX, "letters, digits"));
}

static void paths(void)
{
	check(!value(CONF_OPTION_agent_control, "/run/x y") &&
	      !strcmp(e.agent.control, "/run/x y"));
	check(!value(CONF_OPTION_agent_control, "") && !e.agent.control[0]);
	check(refused(CONF_OPTION_agent_control, "run/x", NM_SYNTAX, "begins with a slash"));
	check(refused(CONF_OPTION_agent_spool, "", NM_RANGE, "must not be empty"));
}

static void urls(void)
{
	check(!value(CONF_OPTION_uplink_url, "https://h:8443/") &&
	      !strcmp(e.uplink.url, "https://h:8443/"));
	check(refused(CONF_OPTION_uplink_url, "h:8443", NM_SYNTAX, "does not begin with https://"));
	check(refused(CONF_OPTION_uplink_url, "", NM_RANGE, "must not be empty"));
}

static void addresses(void)
{
	static const struct addr v4 = { { [10] = 0xff, [11] = 0xff, 192, 0, 2, 1 } };
	static const struct addr v6 = { { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 } };

	check(!value(CONF_OPTION_listen_address, "192.0.2.1") && addr_same(&e.listen.address, &v4));
	check(!value(CONF_OPTION_listen_address, "2001:db8::1") &&
	      addr_same(&e.listen.address, &v6));
	check(!value(CONF_OPTION_listen_address, "all") && addr_is_absent(&e.listen.address));
	check(refused(CONF_OPTION_listen_address, "", NM_SYNTAX, "or all"));
	check(refused(CONF_OPTION_listen_address, "eth0", NM_SYNTAX, "or all"));
	check(refused(CONF_OPTION_listen_address, "192.0.2.1:80", NM_SYNTAX, "or all"));
}

static void ports(void)
{
	const struct conf_option *o = &conf_options[CONF_OPTION_listen_port];

	check(!value(CONF_OPTION_listen_port, " 2055\t4739  6343 ") && e.listen.ports == 3);
	check(e.listen.port[0] == 2055 && e.listen.port[2] == 6343);
	check(!conf_value(o, &e, "1", false, why) && e.listen.ports == 4 && e.listen.port[3] == 1);
	check(!value(CONF_OPTION_listen_port, "65535") && e.listen.ports == 1);
	check(!value(CONF_OPTION_listen_port, "1 2 3 4 5 6 7 8") && e.listen.ports == 8);
	check(conf_value(o, &e, "9", false, why) == NM_FULL && strstr(why, "up to 8"));
	check(e.listen.ports == 8);
	check(value(CONF_OPTION_listen_port, "0") == NM_RANGE && strstr(why, "1 to 65535"));
	check(value(CONF_OPTION_listen_port, "65536") == NM_RANGE && strstr(why, "'65536'"));
	check(value(CONF_OPTION_listen_port, "1,2") == NM_SYNTAX && strstr(why, "UDP ports"));
	check(value(CONF_OPTION_listen_port, " ") == NM_RANGE && strstr(why, "empty"));
}

static void prefixes(void)
{
	enum conf_option_id id = CONF_OPTION_exporter_address;
	char text[NM_PREFIX_TEXT];

	check(!value(id, "192.0.2.0/24"));
	check(!strcmp(prefix_text(&e.exporter.address, text), "192.0.2.0/24"));
	check(!value(id, "2001:db8::1"));
	check(!strcmp(prefix_text(&e.exporter.address, text), "2001:db8::1/128"));
	check(refused(id, "router1", NM_SYNTAX, "not an address, or a prefix such as"));
	check(refused(id, "192.0.2.1/24", NM_RANGE, "behind its length: 192.0.2.0/24 is"));
	check(refused(id, "192.0.2.0/33", NM_RANGE, "longer than an address"));
	check(!value(CONF_OPTION_exporter_rate, "4294967295"));
	check(e.exporter.rate == 4294967295);
	check(refused(CONF_OPTION_exporter_rate, "1:100", NM_SYNTAX, "plain number"));
}

static void who_may_send(void)
{
	const struct conf_option *o = &conf_options[CONF_OPTION_listen_allow];

	check(!value(CONF_OPTION_listen_allow, "192.0.2.1 2001:db8::/32") && e.listen.allows == 2);
	check(!conf_value(o, &e, "10.0.0.0/8", false, why) && e.listen.allows == 3);
	check(!value(CONF_OPTION_listen_allow, "all") && e.listen.allows == 2);
	check(!value(CONF_OPTION_listen_allow, "10.0.0.1"));
	for (int i = 1; i < CONF_ALLOWS; i++)
		check(!conf_value(o, &e, "10.0.0.1", false, why));
	check(conf_value(o, &e, "10.0.0.1", false, why) == NM_FULL && strstr(why, "up to 32"));
	check(value(CONF_OPTION_listen_allow, "10.0.0.1/8") == NM_RANGE &&
	      strstr(why, "10.0.0.0/8 is the prefix"));
	check(value(CONF_OPTION_listen_allow, " ") == NM_RANGE && strstr(why, "empty"));
}

static void interfaces(void)
{
	const struct conf_option *o = &conf_options[CONF_OPTION_sample_interface];

	check(!value(CONF_OPTION_sample_interface, "wan eth*") && e.sample.interface.count == 2);
	check(!strcmp(e.sample.interface.text[0], "wan"));
	check(!strcmp(e.sample.interface.text[1], "eth*"));
	check(!value(CONF_OPTION_sample_interface, "abcdefghijklmno"));
	check(value(CONF_OPTION_sample_interface, "abcdefghijklmnop") == NM_RANGE);
	check(value(CONF_OPTION_sample_interface, "a/b") == NM_SYNTAX);
	check(value(CONF_OPTION_sample_interface, "") == NM_RANGE);
	check(!value(CONF_OPTION_sample_exclude, "") && e.sample.exclude.count == 0);
	check(!value(CONF_OPTION_sample_interface, "eth0"));
	for (int i = 1; i < CONF_PATTERNS; i++)
		check(!conf_value(o, &e, "br-lan", false, why));
	check(conf_value(o, &e, "br-lan", false, why) == NM_FULL && strstr(why, "up to 16"));
	check(!value(CONF_OPTION_mirror_tx, "") && !value(CONF_OPTION_mirror_rx, "tap0"));
	check(value(CONF_OPTION_mirror_rx, "") == NM_RANGE);
	check(value(CONF_OPTION_mirror_rx, "a b") == NM_SYNTAX);
}

static void table(void)
{
	for (int id = 0; id < CONF_OPTIONS; id++) {
		const struct conf_option *o = &conf_options[id];
		bool is_number = o->kind == CONF_KIND_SIZE || o->kind == CONF_KIND_MILLISECONDS ||
				 o->kind == CONF_KIND_SECONDS || o->kind == CONF_KIND_SLOTS ||
				 o->kind == CONF_KIND_PORTS || o->kind == CONF_KIND_NUMBER;

		check(conf_option_find(o->section, o->word) == o);
		if (o->preset)
			check(!value(id, o->preset));
		if (is_number)
			check(!value(id, o->min) && !value(id, o->max));
		if (o->size > sizeof(uint64_t) && !is_number && o->max[0])
			check((unsigned long)o->size > strtoul(o->max, NULL, 10));
	}
}

/* The largest number of each option goes into its member and comes out of it again. */
static void maxima(void)
{
	check(!value(CONF_OPTION_listen_receive_buffer, "1G") &&
	      e.listen.receive_buffer == 1073741824);
	check(!value(CONF_OPTION_agent_seal_bytes, "2M") && e.agent.seal_bytes == 2097152);
	check(!value(CONF_OPTION_agent_seal_time, "10m") && e.agent.seal_ms == 600000);
	check(!value(CONF_OPTION_uplink_horizon, "168h") && e.uplink.horizon_s == 604800);
	check(!value(CONF_OPTION_listen_port, "65535") && e.listen.port[0] == 65535);
}

static void guesses(void)
{
	check(!strcmp(conf_section_near("uplnik"), "uplink"));
	check(!strcmp(conf_section_near("listener"), "listen"));
	check(!conf_section_near("system") && !conf_section_near(""));
	check(!strcmp(conf_option_near(CONF_SECTION_uplink, "passwort_file"), "password_file"));
	check(!strcmp(conf_option_near(CONF_SECTION_uplink, "ulr"), "url"));
	check(!strcmp(conf_option_near(CONF_SECTION_agent, "spool-size"), "spool_size"));
	check(!conf_option_near(CONF_SECTION_agent, "url"));
	check(!conf_option_near(CONF_SECTION_agent,
				"a_word_that_is_longer_than_any_that_is_known_here"));
}

TESTS({ "sizes are bytes, plain or with K, M, G or T", sizes },
      { "anything else is no size, and says so", wrong_sizes },
      { "times need a unit and are kept in the unit of their member", times },
      { "slots are rounded up to a power of two", slots },
      { "choices are words of their own kind", choices },
      { "texts and names have a length and an alphabet", texts },
      { "a path begins with a slash, and some may be empty", paths },
      { "a url must be one that the uplink understands", urls },
      { "an address is IPv4, IPv6 or all", addresses },
      { "a list takes words by blanks and goes on, up to its limit", ports },
      { "an exporter is an address or a prefix, and has a rate", prefixes },
      { "who may send is a list, and all is everybody", who_may_send },
      { "interfaces are names or patterns; a list is empty only where it may be", interfaces },
      { "every row of the table accepts its own preset and limits", table },
      { "the largest number of a row fits its member", maxima },
      { "a slip of the pen is recognised, another word is not", guesses })
