/* SPDX-License-Identifier: Apache-2.0 */
/* Sentences for what can go wrong in TLS besides certificates. */
#ifndef NM_LINUX_TLS_WHY_H
#define NM_LINUX_TLS_WHY_H

#include "platform/platform.h"

/*
 * Say what mbedTLS's `error` means for a connection to `host`; `alert` is the server's last
 * word (RFC 8446 section 6), 0 when it is not known. Returns NM_CLOSED or NM_TLS.
 */
enum nm_err tls_say(char why[NM_WHY], const char *host, int error, uint8_t alert);

#endif
