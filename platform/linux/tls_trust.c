// SPDX-License-Identifier: Apache-2.0
/*
 * Checking a server's certificate. mbedTLS checks the chain, the name and the dates; two
 * things it cannot know are added in its verify callback. With `after-build` the dates
 * are judged by the later of clock and build date, because a router without a battery
 * boots in the past. And an address instead of a name is looked for among the
 * certificate's addresses here, because mbedTLS would also send it as a server name,
 * which RFC 6066 section 3 forbids. The callback only ever takes the date's findings
 * back; chain, name and usage stand as they are.
 */
#define _GNU_SOURCE
#include "platform/linux/tls_trust.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/linux/why.h"

#define CA_FILE_MAX (4 * 1024 * 1024)

#define SAN_KIND    0x1f		/* of a tag: which kind of name follows */
#define SAN_ADDRESS 7			/* RFC 5280 section 4.2.1.6 */

/* --- authorities -------------------------------------------------------------------- */

static const char *system_bundle(void)
{
	static const char *const places[] = {
		"/etc/ssl/certs/ca-certificates.crt",	/* Debian, OpenWrt, Alpine, Arch */
		"/etc/pki/tls/certs/ca-bundle.crt",	/* Fedora, RHEL */
		"/etc/ssl/cert.pem",			/* OpenWrt's small bundle, the BSDs */
	};

	for (unsigned i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (access(places[i], R_OK) == 0)
			return places[i];
	}
	return NULL;
}

static enum nm_err parse(struct trust *trust, const char *pem, size_t len, char why[NM_WHY])
{
	int bad = mbedtls_x509_crt_parse(&trust->authorities, (const uint8_t *)pem, len + 1);

	if (bad < 0)
		return why_say(why, NM_TLS, "%s holds no usable certificate (mbedTLS -0x%04x)",
			       trust->file, (unsigned)-bad);
	if (bad > 0)
		log_line(CONF_LOG_INFO, "tls: %d certificates of %s cannot be used", bad,
			 trust->file);
	return NM_OK;
}

enum nm_err trust_load(struct trust *trust, const struct link_target *to, char why[NM_WHY])
{
	struct stat st;
	enum nm_err err;
	size_t len;
	char *pem;

	*trust = (struct trust){ .to = to };
	mbedtls_x509_crt_init(&trust->authorities);
	trust->literal = addr_parse(to->host, &trust->address) == NM_OK;
	trust->file = *to->ca_file ? to->ca_file : system_bundle();
	if (!trust->file)
		return why_say(why, NM_TLS, "no bundle of certificate authorities is installed: "
			       "install ca-certificates or set ca_file");
	if (stat(trust->file, &st) < 0)
		return why_errno(why, "%s", trust->file);
	if (st.st_size > CA_FILE_MAX)
		return why_say(why, NM_FULL, "%s is too large for a CA file", trust->file);
	pem = malloc((size_t)st.st_size + 2);
	if (!pem)
		return why_errno(why, "%s", trust->file);
	err = file_read(trust->file, pem, (size_t)st.st_size + 2, &len, why);
	if (!err)
		err = parse(trust, pem, len, why);
	free(pem);
	return err;
}

void trust_free(struct trust *trust)
{
	mbedtls_x509_crt_free(&trust->authorities);
}

/* --- what is wrong with a certificate --------------------------------------------- */

static const struct { uint32_t flag; const char *words; } faults[] = {
	{ MBEDTLS_X509_BADCERT_CN_MISMATCH,   "it is for another name" },
	{ MBEDTLS_X509_BADCERT_BAD_KEY,       "its key is too weak" },
	{ MBEDTLS_X509_BADCERT_BAD_MD,        "it is signed with a hash that is too weak" },
	{ MBEDTLS_X509_BADCERT_BAD_PK,        "it is signed with an algorithm we do not take" },
	{ MBEDTLS_X509_BADCERT_KEY_USAGE,     "its key may not be used for this (keyUsage)" },
	{ MBEDTLS_X509_BADCERT_EXT_KEY_USAGE, "it is not made for a server (extendedKeyUsage)" },
	{ MBEDTLS_X509_BADCERT_MISSING,       "the server sent none" },
	{ MBEDTLS_X509_BADCERT_OTHER,         "it cannot be checked" },
};

static void say_date(struct trust *trust, const char *words, const mbedtls_x509_time *date)
{
	nm_time now = clock_now();
	char text[NM_TIME_TEXT];

	why_say(trust->finding, NM_TLS,
		"certificate of %s refused: %s %04d-%02d-%02d; here it is %.10s", trust->to->host,
		words, date->year, date->mon, date->day, time_text(now, text));
}

static void say_untrusted(struct trust *trust, const mbedtls_x509_crt *crt)
{
	char issuer[80];

	if (mbedtls_x509_dn_gets(issuer, sizeof(issuer), &crt->issuer) < 0)
		memcpy(issuer, "its issuer", sizeof("its issuer"));
	why_say(trust->finding, NM_TLS, "certificate of %s refused: no authority in %s vouches "
		"for it (issuer %s)", trust->to->host, trust->file, issuer);
}

void trust_say(struct trust *trust, uint32_t flags)
{
	for (unsigned i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		if (flags & faults[i].flag) {
			why_say(trust->finding, NM_TLS, "certificate of %s refused: %s",
				trust->to->host, faults[i].words);
			return;
		}
	}
	why_say(trust->finding, NM_TLS, "certificate of %s refused (mbedTLS flags 0x%x)",
		trust->to->host, (unsigned)flags);
}

static void say_finding(struct trust *trust, const mbedtls_x509_crt *crt, uint32_t flags)
{
	if (flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED)
		say_untrusted(trust, crt);
	else if (flags & MBEDTLS_X509_BADCERT_EXPIRED)
		say_date(trust, "it expired on", &crt->valid_to);
	else if (flags & MBEDTLS_X509_BADCERT_FUTURE)
		say_date(trust, "it begins on", &crt->valid_from);
	else
		trust_say(trust, flags);
}

/* --- the checks that mbedTLS cannot do ---------------------------------------------- */

static void judge_dates(const struct trust *trust, const mbedtls_x509_crt *crt, uint32_t *flags)
{
	nm_time now = clock_now();
	mbedtls_x509_time judged;

	if (trust->to->tls_time != CONF_TLS_AFTER_BUILD || now.ns >= trust->to->build.ns)
		return;
	if (mbedtls_x509_time_gmtime((mbedtls_time_t)(trust->to->build.ns / NM_NS_PER_S), &judged))
		return;
	*flags &= ~(uint32_t)(MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE);
	if (mbedtls_x509_time_cmp(&judged, &crt->valid_from) < 0)
		*flags |= MBEDTLS_X509_BADCERT_FUTURE;
	if (mbedtls_x509_time_cmp(&judged, &crt->valid_to) > 0)
		*flags |= MBEDTLS_X509_BADCERT_EXPIRED;
}

static bool has_address(const mbedtls_x509_crt *crt, const struct addr *address)
{
	bool v4 = addr_is_v4(address);
	const uint8_t *bytes = v4 ? address->b + 12 : address->b;
	size_t len = v4 ? 4 : 16;

	for (const mbedtls_x509_sequence *s = &crt->subject_alt_names; s; s = s->next) {
		if ((s->buf.tag & SAN_KIND) == SAN_ADDRESS && s->buf.len == len &&
		    !memcmp(s->buf.p, bytes, len))
			return true;
	}
	return false;
}

/* For each certificate of the chain, from the authority down to the server's own (depth 0). */
static int look_at(void *ctx, mbedtls_x509_crt *crt, int depth, uint32_t *flags)
{
	struct trust *trust = ctx;

	judge_dates(trust, crt, flags);
	if (depth == 0 && trust->literal && !has_address(crt, &trust->address))
		*flags |= MBEDTLS_X509_BADCERT_CN_MISMATCH;
	if (*flags && !*trust->finding)
		say_finding(trust, crt, *flags);
	return 0;
}

void trust_apply(struct trust *trust, mbedtls_ssl_config *config)
{
	mbedtls_ssl_conf_authmode(config, MBEDTLS_SSL_VERIFY_REQUIRED);
	mbedtls_ssl_conf_ca_chain(config, &trust->authorities, NULL);
	mbedtls_ssl_conf_verify(config, look_at, trust);
}
