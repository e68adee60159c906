// SPDX-License-Identifier: Apache-2.0
/* The file is mapped, so a large one costs no memory of its own. */
#include <inttypes.h>
#include <stdio.h>

#include "firmware/capture.h"

enum nm_err capture_open(struct capture *c, const char *path, char why[NM_WHY])
{
	enum nm_err err = file_view(path, &c->file, why);

	if (err)
		return err;
	err = pcap_open(&c->pcap, buf_of(c->file.at, c->file.size));
	if (err) {
		snprintf(why, NM_WHY, "%s: %s", path, nm_strerror(err));
		file_unmap(&c->file);
	}
	return err;
}

void capture_close(struct capture *c, const char *path)
{
	const struct pcap *p = &c->pcap;

	if (p->others || p->fragments || p->cut)
		log_line(CONF_LOG_WARN, "%s: left out of %" PRIu64 " packets: %" PRIu64 " no UDP, %"
			 PRIu64 " fragments, %" PRIu64 " cut by the capture",
			 path, p->packets, p->others, p->fragments, p->cut);
	file_unmap(&c->file);
}
