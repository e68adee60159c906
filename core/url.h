/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where an uplink goes: https://host[:port]/path or http://… (RFC 3986, the part
 * of it that a base address needs). No user, query or fragment: a login travels in
 * headers, and what is asked is appended by the uplink.
 */
#ifndef NM_URL_H
#define NM_URL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "core/out.h"

#define URL_HOST 254			/* RFC 1035: 253 characters, and the 0 */
#define URL_PATH 256

struct url {
	bool tls;			/* https */
	bool literal;			/* host is an IPv6 address (its brackets are gone) */
	char host[URL_HOST];
	uint16_t port;			/* 443 or 80 when none is given */
	char path[URL_PATH];		/* begins with a slash */
};

/* NM_SYNTAX: *why says what is wrong with it, a static sentence. */
enum nm_err url_parse(const char *text, struct url *url, const char **why) NM_MUST_CHECK;

/* The value of the Host header: brackets where they belong, the port unless it is the preset. */
void url_host(struct out *o, const struct url *url);

#endif
