/* SPDX-License-Identifier: Apache-2.0 */
/* A capture file, its datagrams one after the other, and what was left out of it. */
#ifndef NM_CAPTURE_H
#define NM_CAPTURE_H

#include "core/pcap.h"
#include "platform/platform.h"

struct capture {
	struct mapping file;
	struct pcap pcap;
};

enum nm_err capture_open(struct capture *c, const char *path, char why[NM_WHY]) NM_MUST_CHECK;
/* Close it, and log what was no datagram. */
void capture_close(struct capture *c, const char *path);

#endif
