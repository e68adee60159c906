// SPDX-License-Identifier: Apache-2.0
/* Splits a base address into its parts, strictly: what is odd here would fail oddly later. */
#include <string.h>

#include "core/addr.h"
#include "core/url.h"

static const struct { const char *prefix; bool tls; uint16_t port; } schemes[] = {
	{ "https://", true,  443 },
	{ "http://",  false, 80 },
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_alphanumeric(char c)
{
	return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
}

static bool begins_with(const char *text, const char *prefix)
{
	while (*prefix && lower(*text) == *prefix)
		text++, prefix++;
	return !*prefix;
}

/* Each of these takes its part off the text, or says what is wrong with it. */

static const char *take_scheme(const char **text, struct url *url)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (begins_with(*text, schemes[i].prefix)) {
			*text += strlen(schemes[i].prefix);
			url->tls = schemes[i].tls;
			url->port = schemes[i].port;
			return NULL;
		}
	return "does not begin with https:// or http://";
}

static const char *take_literal(const char **text, struct url *url)
{
	size_t len = strcspn(*text, "]/");
	struct addr ignored;

	if ((*text)[len] != ']')
		return "has no ] behind the IPv6 address";
	if (len - 1 >= sizeof(url->host))
		return "has no IPv6 address in its brackets";
	memcpy(url->host, *text + 1, len - 1);
	if (!strchr(url->host, ':') || addr_parse(url->host, &ignored))
		return "has no IPv6 address in its brackets";
	url->literal = true;
	*text += len + 1;
	return NULL;
}

/* Letters, digits, - and _, in labels of 1 to 63 (RFC 1035); an IPv4 address looks the same. */
static const char *take_host(const char **text, struct url *url)
{
	size_t len = strcspn(*text, ":/?#"), label = 0;

	if (memchr(*text, '@', strcspn(*text, "/?#")))
		return "holds a login: give it as the options user and password_file";
	if (**text == '[')
		return take_literal(text, url);
	if (len == 0)
		return "has no host";
	if (len >= sizeof(url->host))
		return "has a host name that is too long";
	for (size_t i = 0; i < len; i++) {
		char c = url->host[i] = (*text)[i];

		if (c != '.' && c != '-' && c != '_' && !is_alphanumeric(c))
			return "has a host name with a character that cannot be in one";
		label = c == '.' ? 0 : label + 1;
		if (label > 63 || (c == '.' && (i == 0 || url->host[i - 1] == '.')))
			return "has a host name with an empty part, or one that is too long";
	}
	*text += len;
	return label ? NULL : "has a host name that ends in a dot";
}

static const char *take_port(const char **text, struct url *url)
{
	uint32_t port = 0;
	const char *p = *text;

	if (*p != ':')
		return NULL;
	for (p++; *p >= '0' && *p <= '9' && port <= UINT16_MAX; p++)
		port = port * 10 + (uint32_t)(*p - '0');
	if (port == 0 || port > UINT16_MAX || (*p && !strchr("/?#", *p)))
		return "has a port that is not 1 to 65535";
	url->port = (uint16_t)port;
	*text = p;
	return NULL;
}

static const char *take_path(const char **text, struct url *url)
{
	const char *path = **text ? *text : "/";
	size_t len = strlen(path);

	if (strpbrk(path, "?#"))
		return "has a query or a fragment";
	if (*path != '/')
		return "has something behind the host that is neither a port nor a path";
	if (len >= sizeof(url->path))
		return "has a path that is too long";
	for (const char *p = path; *p; p++)
		if (*p <= ' ' || *p > '~' || strchr("\"<>\\^`{|}", *p))
			return "has a path with a character that must be written as %XX";
	memcpy(url->path, path, len);
	return NULL;
}

enum nm_err url_parse(const char *text, struct url *url, const char **why)
{
	static const char *(*const parts[])(const char **, struct url *) = {
		take_scheme, take_host, take_port, take_path,
	};

	memset(url, 0, sizeof(*url));
	*why = NULL;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && !*why; i++)
		*why = parts[i](&text, url);
	return *why ? NM_SYNTAX : NM_OK;
}

void url_host(struct out *o, const struct url *url)
{
	bool usual = false;

	out_format(o, url->literal ? "[%s]" : "%s", url->host);
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		usual |= url->tls == schemes[i].tls && url->port == schemes[i].port;
	if (!usual)
		out_format(o, ":%u", url->port);
}
