/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file beside the spool in which templates and rates outlive the process. Whatever is wrong
 * with it, the agent runs: exporters tell their templates again.
 */
#ifndef NM_RECALL_FILE_H
#define NM_RECALL_FILE_H

#include "core/conf.h"
#include "core/decode.h"
#include "core/recall.h"
#include "platform/platform.h"

#define RECALL_SUFFIX ".templates"	/* behind the spool's path */

struct recall_file {
	struct mapping mapping;
	struct recall recall;		/* no blocks: there is no such file */
};

/*
 * Open it or make it, teach the decoder what it says of the exporters that it knows by now, and
 * note there what they teach from here on.
 */
void recall_file_open(struct recall_file *f, struct decoder *d, const struct conf_agent *conf,
		      nm_time now);
/* After the decoder's last datagram. */
void recall_file_close(struct recall_file *f);

#endif
