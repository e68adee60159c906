/* SPDX-License-Identifier: Apache-2.0 */
/* A TCP connection in the making: begin, wait until the descriptor is writable, ask. */
#ifndef NM_LINUX_TCP_H
#define NM_LINUX_TCP_H

#include "platform/platform.h"

/* A non-blocking descriptor that is connecting, or -1 and errno. */
int tcp_begin(const struct addr *to, uint16_t port);

enum tcp_progress { TCP_CONNECTING, TCP_CONNECTED, TCP_REFUSED };

/* How far it has come; with TCP_REFUSED errno says why. */
enum tcp_progress tcp_progress(int fd);

/* Both ends of a connection. */
bool tcp_ends(int fd, struct link_ends *ends);

#endif
