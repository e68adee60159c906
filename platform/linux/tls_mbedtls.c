// SPDX-License-Identifier: Apache-2.0
/*
 * TLS 1.2 and 1.3 by mbedTLS 3.6, non-blocking, with the session kept in memory and
 * resumed at the next connection.
 *
 * mbedTLS takes memory from malloc. The large pieces, record buffers and authorities, are
 * taken once, in tls_new: 40 kB with one authority, 450 kB with a whole system bundle
 * (measured on x86_64). A handshake takes 3 to 6 kB more and gives them back, all but the
 * 2 to 6 kB of a session. What a server can make us take is bounded by the one message its
 * certificates have to fit in, 16 kB. When there is no memory, the handshake fails and the
 * uplink tries again later.
 *
 * What the socket does not take at once is held here, never inside mbedTLS: that would want
 * the same write repeated, and when a TLS 1.3 ticket arrives between the two it sends the
 * bytes twice (seen with 3.6.7).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <psa/crypto.h>

#include "platform/linux/tls.h"
#include "platform/linux/tls_trust.h"
#include "platform/linux/tls_why.h"
#include "platform/linux/why.h"

#define HELD_MAX 8192			/* a flight of a handshake, or one record */
#define TRIES    8			/* two for each of the tickets that servers send */

struct tls {
	const struct link_target *to;
	struct trust trust;
	mbedtls_ssl_config config;
	mbedtls_ssl_context ssl;
	mbedtls_ssl_session session;
	bool resumable;			/* session holds one */
	int fd;
	uint8_t alert;			/* the last thing received in clear, if it was an alert */
	size_t held_from, held_until;
	uint8_t held[HELD_MAX];		/* encrypted, for the socket */
};

/* --- what mbedTLS calls -------------------------------------------------------------- */

static int give_random(void *ctx, uint8_t *at, size_t len)
{
	(void)ctx;
	random_fill(at, len);
	return 0;
}

static bool holds(const struct tls *t)
{
	return t->held_from < t->held_until;
}

/* How many of the bytes the socket takes now; < 0: the connection is broken. */
static int send_some(const struct tls *t, const uint8_t *bytes, size_t len)
{
	ssize_t n = send(t->fd, bytes, len, MSG_NOSIGNAL);

	if (n >= 0)
		return (int)n;
	return errno == EAGAIN || errno == EINTR ? 0 : MBEDTLS_ERR_NET_CONN_RESET;
}

/* Send what is held, as far as that goes now; < 0: the connection is broken. */
static int send_held(struct tls *t)
{
	int n = 1;

	while (holds(t) && n > 0) {
		n = send_some(t, t->held + t->held_from, t->held_until - t->held_from);
		t->held_from += n > 0 ? (size_t)n : 0;
	}
	if (!holds(t))
		t->held_from = t->held_until = 0;
	return n < 0 ? n : 0;
}

static int send_bytes(void *ctx, const uint8_t *bytes, size_t len)
{
	struct tls *t = ctx;
	size_t room = HELD_MAX - t->held_until, rest;
	int n = holds(t) ? 0 : send_some(t, bytes, len);

	if (n < 0)
		return n;
	rest = len - (size_t)n < room ? len - (size_t)n : room;
	memcpy(t->held + t->held_until, bytes + n, rest);
	t->held_until += rest;
	n += (int)rest;
	return n ? n : MBEDTLS_ERR_SSL_WANT_WRITE;
}

/*
 * Alerts of a refused handshake come unencrypted: after a record's head mbedTLS asks for
 * exactly their two bytes, level and description. It does not tell them by itself.
 */
static int receive_bytes(void *ctx, uint8_t *at, size_t len)
{
	struct tls *t = ctx;
	ssize_t n = recv(t->fd, at, len, 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return MBEDTLS_ERR_SSL_WANT_READ;
	if (n < 0)
		return MBEDTLS_ERR_NET_CONN_RESET;
	t->alert = len == 2 && n == 2 && at[0] == MBEDTLS_SSL_ALERT_LEVEL_FATAL ? at[1] : 0;
	return (int)n;			/* 0: the end */
}

/* --- making ---------------------------------------------------------------------------- */

static int set_up(struct tls *t)
{
	int bad = mbedtls_ssl_config_defaults(&t->config, MBEDTLS_SSL_IS_CLIENT,
					      MBEDTLS_SSL_TRANSPORT_STREAM,
					      MBEDTLS_SSL_PRESET_DEFAULT);

	if (bad)
		return bad;
	mbedtls_ssl_conf_rng(&t->config, give_random, NULL);
	mbedtls_ssl_conf_tls13_enable_signal_new_session_tickets(
		&t->config, MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED);
	trust_apply(&t->trust, &t->config);
	bad = mbedtls_ssl_setup(&t->ssl, &t->config);
	if (bad)
		return bad;
	mbedtls_ssl_set_bio(&t->ssl, t, send_bytes, receive_bytes, NULL);
	/* An address is checked in tls_trust.c, and must not be sent as a name. */
	return mbedtls_ssl_set_hostname(&t->ssl, t->trust.literal ? NULL : t->to->host);
}

struct tls *tls_new(const struct link_target *to, char why[NM_WHY])
{
	struct tls *t = calloc(1, sizeof(*t));
	int bad;

	if (!t) {
		why_errno(why, "tls");
		return NULL;
	}
	t->to = to;
	t->fd = -1;
	mbedtls_ssl_init(&t->ssl);
	mbedtls_ssl_config_init(&t->config);
	mbedtls_ssl_session_init(&t->session);
	if (trust_load(&t->trust, to, why)) {
		tls_free(t);
		return NULL;
	}
	bad = psa_crypto_init() == PSA_SUCCESS ? set_up(t) : MBEDTLS_ERR_SSL_INTERNAL_ERROR;
	if (bad) {
		tls_say(why, to->host, bad, 0);
		tls_free(t);
		return NULL;
	}
	return t;
}

void tls_free(struct tls *t)
{
	if (!t)
		return;
	mbedtls_ssl_session_free(&t->session);
	mbedtls_ssl_free(&t->ssl);
	mbedtls_ssl_config_free(&t->config);
	trust_free(&t->trust);
	free(t);
}

/* --- sessions ------------------------------------------------------------------------- */

static void forget_session(struct tls *t)
{
	mbedtls_ssl_session_free(&t->session);
	mbedtls_ssl_session_init(&t->session);
	t->resumable = false;
}

static void keep_session(struct tls *t)
{
	forget_session(t);
	t->resumable = mbedtls_ssl_get_session(&t->ssl, &t->session) == 0;
}

/*
 * Reading or writing came across a ticket, which takes mbedTLS two calls, the first of which
 * pretends that the socket is empty: call again.
 */
static bool met_ticket(struct tls *t, int result)
{
	if (result == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET) {
		keep_session(t);
		return true;
	}
	return result == MBEDTLS_ERR_SSL_WANT_READ && mbedtls_ssl_check_pending(&t->ssl);
}

/* --- a connection ------------------------------------------------------------------------ */

/* What mbedTLS returned besides success: 0 for waiting, or a sentence. */
static long wait_or_fail(struct tls *t, int result, char why[NM_WHY])
{
	if (result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE ||
	    result == MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET)
		return 0;
	if (result == MBEDTLS_ERR_SSL_BAD_CERTIFICATE && !*t->trust.finding)
		trust_say(&t->trust, mbedtls_ssl_get_verify_result(&t->ssl));
	if (*t->trust.finding)
		return -(long)why_say(why, NM_TLS, "%s", t->trust.finding);
	return -(long)tls_say(why, t->to->host, result, t->alert);
}

enum nm_err tls_begin(struct tls *t, int fd, char why[NM_WHY])
{
	int bad = mbedtls_ssl_session_reset(&t->ssl);

	t->fd = fd;
	t->held_from = t->held_until = 0;
	t->alert = 0;
	t->trust.finding[0] = 0;
	if (!bad && t->resumable)
		bad = mbedtls_ssl_set_session(&t->ssl, &t->session);
	return bad ? tls_say(why, t->to->host, bad, 0) : NM_OK;
}

long tls_shake(struct tls *t, char why[NM_WHY])
{
	int result = send_held(t);
	long waits;

	if (result == 0)
		result = mbedtls_ssl_handshake(&t->ssl);
	if (result == 0) {
		/* TLS 1.3 tickets come later, among what is read. */
		if (mbedtls_ssl_get_version_number(&t->ssl) == MBEDTLS_SSL_VERSION_TLS1_2)
			keep_session(t);
		return 1;
	}
	waits = wait_or_fail(t, result, why);
	if (waits < 0)
		forget_session(t);	/* the next one starts from nothing */
	return waits;
}

/* One record a call, and none while the one before is still held. */
long tls_write(struct tls *t, const void *bytes, size_t len, char why[NM_WHY])
{
	int n = send_held(t);

	if (n < 0 || holds(t))
		return n < 0 ? wait_or_fail(t, n, why) : 0;
	for (unsigned i = 0; i < TRIES; i++) {
		n = mbedtls_ssl_write(&t->ssl, bytes, len);
		if (!met_ticket(t, n))
			break;
	}
	return n >= 0 ? n : wait_or_fail(t, n, why);
}

long tls_read(struct tls *t, void *at, size_t size, char why[NM_WHY])
{
	int n = send_held(t);

	if (n < 0)
		return wait_or_fail(t, n, why);
	for (unsigned i = 0; i < TRIES; i++) {
		n = mbedtls_ssl_read(&t->ssl, at, size);
		if (!met_ticket(t, n))
			break;
	}
	return n > 0 ? n : wait_or_fail(t, n ? n : MBEDTLS_ERR_SSL_CONN_EOF, why);
}

unsigned tls_wants(const struct tls *t)
{
	return holds(t) ? LOOP_READ | LOOP_WRITE : LOOP_READ;
}

void tls_end(struct tls *t)
{
	int result = mbedtls_ssl_close_notify(&t->ssl);

	(void)result;			/* a goodbye that does not get out changes nothing */
}
