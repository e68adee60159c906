/* SPDX-License-Identifier: Apache-2.0 */
/* In place of nl.c: requests go nowhere, and the answer to each is what the test says. */
#ifndef NM_TEST_NL_STAGE_H
#define NM_TEST_NL_STAGE_H

#include "platform/linux/nl.h"

extern struct buf nl_stage_answer;	/* messages, at a multiple of four */

#endif
