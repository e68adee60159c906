/* SPDX-License-Identifier: Apache-2.0 */
/* The spool's file: taken over when it is ours, made when there is none, never overwritten. */
#ifndef NM_SPOOL_FILE_H
#define NM_SPOOL_FILE_H

#include "core/conf.h"
#include "core/spool.h"
#include "platform/platform.h"

/*
 * Map the file and open the spool in it. Another size in the configuration takes
 * effect when nothing waits in it. On failure `why` is a sentence with the path and
 * what to do; the file is as it was.
 */
enum nm_err spool_file_open(struct spool *sp, struct mapping *m, const struct conf_agent *conf,
			    char why[NM_WHY]) NM_MUST_CHECK;

#endif
