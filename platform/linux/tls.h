/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TLS over a connected descriptor, as a client that always checks whom it talks to. One
 * implementation is linked: tls_mbedtls.c, or tls_none.c when CONFIG_TLS is off. The same
 * struct serves one connection after the other and resumes sessions.
 */
#ifndef NM_LINUX_TLS_H
#define NM_LINUX_TLS_H

#include "platform/platform.h"

struct tls;

/* Reads the CA file, allocates; before the loop. `to` is borrowed for good. NULL: see why. */
struct tls *tls_new(const struct link_target *to, char why[NM_WHY]);

/* A new connection on fd; what a former one left is forgotten, its session is not. */
enum nm_err tls_begin(struct tls *t, int fd, char why[NM_WHY]) NM_MUST_CHECK;

/*
 * The next three go as far as they can: > 0 done or so many bytes, 0 not now,
 * < 0 -(enum nm_err) with the sentence in why; the connection is of no more use then.
 */
long tls_shake(struct tls *t, char why[NM_WHY]);
long tls_write(struct tls *t, const void *bytes, size_t len, char why[NM_WHY]);
long tls_read(struct tls *t, void *at, size_t size, char why[NM_WHY]);

/* What to wait for now: LOOP_READ, and LOOP_WRITE while bytes are held back. */
unsigned tls_wants(const struct tls *t);

/* Say goodbye if that needs no waiting. The descriptor stays the caller's. */
void tls_end(struct tls *t);
void tls_free(struct tls *t);

#endif
