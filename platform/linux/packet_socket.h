/* SPDX-License-Identifier: Apache-2.0 */
/* Packet sockets: what needs a right, before their rings are read (packet.c). */
#ifndef NM_LINUX_PACKET_SOCKET_H
#define NM_LINUX_PACKET_SOCKET_H

#include "platform/linux/source.h"

/* Of a tap's ring: bytes of a block, and how many there are. */
struct packet_geometry { uint32_t block, blocks; };

struct packet_geometry packet_geometry(uint32_t buffer);

/* As in struct source_ops. A tap has one descriptor. */
enum nm_err packet_attach(const struct source_open *how, const struct source_fds *reader,
			  const struct tap_want *want, struct source_fds *tap, char why[NM_WHY]);
enum nm_err packet_probe(char why[NM_WHY]);

#endif
