// SPDX-License-Identifier: Apache-2.0
/* Which addresses of a server are understood, and what is said about the others. */
#include "core/url.h"
#include "tests/guard.h"
#include "tests/test.h"

static struct url parsed(const char *text)
{
	const char *why = NULL;
	struct url url;

	if (!check(!url_parse(guarded(text, strlen(text) + 1), &url, &why)))
		printf("%s %s\n", text, why);
	return url;
}

static bool refused(const char *text, const char *reason)
{
	const char *why = NULL;
	struct url url;
	enum nm_err err = url_parse(guarded(text, strlen(text) + 1), &url, &why);

	if (err == NM_SYNTAX && why && strstr(why, reason))
		return true;
	printf("%s: %s, not because it %s\n", text, nm_strerror(err), reason);
	return false;
}

static const char *host_header(const char *text)
{
	static char room[300];
	struct out o = out_of(room, sizeof(room));
	struct url url = parsed(text);

	url_host(&o, &url);
	return out_end(&o);
}

static void parts(void)
{
	struct url url = parsed("https://click_house-1.example:8443/a/b");

	check(url.tls && !url.literal && url.port == 8443);
	check(!strcmp(url.host, "click_house-1.example") && !strcmp(url.path, "/a/b"));
	url = parsed("HTTP://192.0.2.1:1");
	check(!url.tls && url.port == 1 && !strcmp(url.host, "192.0.2.1"));
	check(!strcmp(url.path, "/"));
}

static void presets(void)
{
	check(parsed("https://h").port == 443 && parsed("https://h/").port == 443);
	check(parsed("http://h").port == 80 && parsed("https://h:65535/").port == 65535);
}

static void literals(void)
{
	struct url url = parsed("https://[2001:db8::1]:8443/x");

	check(url.literal && !strcmp(url.host, "2001:db8::1") && url.port == 8443);
	check(!strcmp(url.path, "/x"));
	check(refused("https://[2001:db8::1", "has no ]"));
	check(refused("https://[", "has no ]"));
	check(refused("https://[]/", "has no IPv6 address"));
	check(refused("https://[192.0.2.1]/", "has no IPv6 address"));
	check(refused("https://[fe80::1%eth0]/", "has no IPv6 address"));
	check(refused("https://[::1]x/", "behind the host"));
	check(refused("https://2001:db8::1/", "port"));
}

static void host_headers(void)
{
	check(!strcmp(host_header("https://h.example/x"), "h.example"));
	check(!strcmp(host_header("https://h.example:443"), "h.example"));
	check(!strcmp(host_header("https://h.example:80"), "h.example:80"));
	check(!strcmp(host_header("http://h.example:80"), "h.example"));
	check(!strcmp(host_header("https://[::1]:8443"), "[::1]:8443"));
}

static void wrong(void)
{
	check(refused("", "begin"));
	check(refused("h.example:8443", "begin"));
	check(refused("ftp://h/", "begin"));
	check(refused("https:/h/", "begin"));
	check(refused("https://", "has no host"));
	check(refused("https:///x", "has no host"));
	check(refused("https://:443/", "has no host"));
	check(refused("https://h ost/", "character"));
	check(refused("https://h\xc3\xbc/", "character"));
	check(refused("https://a..b/", "empty part"));
	check(refused("https://.b/", "empty part"));
	check(refused("https://b./", "ends in a dot"));
}

static void wrong_ports(void)
{
	check(refused("https://h:/", "port"));
	check(refused("https://h:0/", "port"));
	check(refused("https://h:65536/", "port"));
	check(refused("https://h:99999999999999999999/", "port"));
	check(refused("https://h:80x/", "port"));
	check(refused("https://h:-1/", "port"));
}

static void wrong_paths(void)
{
	check(refused("https://h/?user=x", "query"));
	check(refused("https://h?user=x", "query"));
	check(refused("https://h/#x", "fragment"));
	check(refused("https://h/a b", "%XX"));
	check(refused("https://h/a\r\nX: y", "%XX"));
	check(refused("https://h/\xff", "%XX"));
}

static void logins(void)
{
	check(refused("https://user@h/", "login"));
	check(refused("https://user:secret@h:8443/", "login"));
	check(refused("https://user@[::1]/", "login"));
	check(!strcmp(parsed("https://h:1/a@b").path, "/a@b"));
}

static void lengths(void)
{
	char text[1024] = "https://";
	struct url url;
	size_t len = strlen(text);

	for (int i = 0; i < 253; i++)
		text[len++] = i % 64 == 63 ? '.' : 'a';
	text[len] = '\0';
	url = parsed(text);
	check(strlen(url.host) == 253);
	strcat(text, "a");
	check(refused(text, "too long"));
	strcpy(text, "https://");
	memset(text + strlen(text), 'a', 64);
	check(refused(text, "too long"));
	strcpy(text, "https://h/");
	memset(text + strlen(text), 'p', 254);
	url = parsed(text);
	check(strlen(url.path) == 255);
	strcat(text, "p");
	check(refused(text, "path that is too long"));
}

TESTS({ "scheme, host, port and path are told apart", parts },
      { "without a port it is 443 or 80", presets },
      { "an IPv6 address stands in brackets", literals },
      { "the Host header has brackets and a port where they belong", host_headers },
      { "what is no address of a server is refused", wrong },
      { "a port is 1 to 65535", wrong_ports },
      { "queries, fragments and raw characters are refused", wrong_paths },
      { "a login in the address is refused", logins },
      { "hosts and paths have a limit", lengths })
