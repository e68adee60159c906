// SPDX-License-Identifier: Apache-2.0
/* What errors and alerts mean to the person who has to mend it. */
#include "platform/linux/tls_why.h"

#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>

#include "platform/linux/why.h"

static const struct { int error; enum nm_err err; const char *words; } errors[] = {
	{ MBEDTLS_ERR_SSL_CONN_EOF,             NM_CLOSED, "closed the connection" },
	{ MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY,    NM_CLOSED, "closed the connection" },
	{ MBEDTLS_ERR_NET_CONN_RESET,           NM_CLOSED, "reset the connection" },
	{ MBEDTLS_ERR_SSL_INVALID_RECORD,       NM_TLS, "does not speak TLS" },
	{ MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION, NM_TLS, "speaks neither TLS 1.2 nor 1.3" },
	{ MBEDTLS_ERR_SSL_HANDSHAKE_FAILURE,    NM_TLS, "has no algorithm in common with us" },
	{ MBEDTLS_ERR_SSL_INVALID_MAC,          NM_TLS, "sent what was changed on its way" },
	{ MBEDTLS_ERR_SSL_ALLOC_FAILED,         NM_TLS, "cannot be talked to: out of memory" },
};

static const struct { uint8_t alert; const char *words; } alerts[] = {
	{ 40,  "no algorithm in common (handshake_failure)" },
	{ 42,  "bad_certificate" },
	{ 48,  "unknown_ca" },
	{ 49,  "access_denied" },
	{ 50,  "decode_error" },
	{ 51,  "decrypt_error" },
	{ 70,  "it wants another version of TLS (protocol_version)" },
	{ 71,  "insufficient_security" },
	{ 80,  "internal_error" },
	{ 112, "it does not know this name (unrecognized_name)" },
	{ 116, "it wants a client's certificate (certificate_required)" },
};

static enum nm_err say_alert(char why[NM_WHY], const char *host, uint8_t alert)
{
	for (unsigned i = 0; i < sizeof(alerts) / sizeof(alerts[0]); i++) {
		if (alerts[i].alert == alert)
			return why_say(why, NM_TLS, "%s refused TLS: %s", host, alerts[i].words);
	}
	if (alert)
		return why_say(why, NM_TLS, "%s refused TLS with alert %u", host, alert);
	return why_say(why, NM_TLS, "%s refused TLS", host);
}

enum nm_err tls_say(char why[NM_WHY], const char *host, int error, uint8_t alert)
{
	if (error == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE)
		return say_alert(why, host, alert);
	for (unsigned i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		if (errors[i].error == error)
			return why_say(why, errors[i].err, "%s %s", host, errors[i].words);
	}
	return why_say(why, NM_TLS, "TLS with %s failed (mbedTLS -0x%04x)", host, (unsigned)-error);
}
