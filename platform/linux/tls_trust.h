/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom TLS trusts: certificate authorities from a file, the server's name or address, and
 * the time by which dates are judged. Only tls_mbedtls.c and the files beside it see this.
 */
#ifndef NM_LINUX_TLS_TRUST_H
#define NM_LINUX_TLS_TRUST_H

#include <mbedtls/ssl.h>

#include "platform/platform.h"

struct trust {
	const struct link_target *to;
	const char *file;		/* where the authorities come from */
	mbedtls_x509_crt authorities;
	bool literal;			/* the host is an address, not a name */
	struct addr address;
	char finding[NM_WHY];		/* what the last check found wrong; empty: nothing */
};

/* Read the authorities; `to` is borrowed for good. */
enum nm_err trust_load(struct trust *trust, const struct link_target *to,
		       char why[NM_WHY]) NM_MUST_CHECK;

/* Have every certificate checked; the first finding of a connection ends in trust->finding. */
void trust_apply(struct trust *trust, mbedtls_ssl_config *config);

/* Say what mbedTLS found by itself, outside the chain: what a key may be used for. */
void trust_say(struct trust *trust, uint32_t flags);

void trust_free(struct trust *trust);

#endif
