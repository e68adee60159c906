// SPDX-License-Identifier: Apache-2.0
/* A build without TLS: an https uplink is refused at start, never sent in clear text. */
#include "platform/linux/tls.h"
#include "platform/linux/why.h"

struct tls *tls_new(const struct link_target *to, char why[NM_WHY])
{
	why_say(why, NM_TLS, "this netmeta is built without TLS: %s cannot be reached by https",
		to->host);
	return NULL;
}

/* Nothing below is ever called, because there is no struct tls; the linker wants a name. */

enum nm_err tls_begin(struct tls *t, int fd, char why[NM_WHY])
{
	(void)t;
	(void)fd;
	(void)why;
	return NM_TLS;
}

long tls_shake(struct tls *t, char why[NM_WHY])
{
	(void)t;
	(void)why;
	return -NM_TLS;
}

long tls_write(struct tls *t, const void *bytes, size_t len, char why[NM_WHY])
{
	(void)t;
	(void)bytes;
	(void)len;
	(void)why;
	return -NM_TLS;
}

long tls_read(struct tls *t, void *at, size_t size, char why[NM_WHY])
{
	(void)t;
	(void)at;
	(void)size;
	(void)why;
	return -NM_TLS;
}

unsigned tls_wants(const struct tls *t)
{
	(void)t;
	return 0;
}

void tls_end(struct tls *t)
{
	(void)t;
}

void tls_free(struct tls *t)
{
	(void)t;
}
