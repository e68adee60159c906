/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program that drives one source of packets (platform/linux/source.h) in a single process,
 * without helper and loop, for scripts that make traffic around it:
 *
 *	PROGRAM SOURCE [word=number]... INTERFACE[:in|:out]...
 *	PROGRAM SOURCE probe
 *	PROGRAM SOURCE instance=N reconcile
 *
 * Words: buffer (bytes), instance, promiscuous, quiet (ms), seconds; rate and snap for the
 * interfaces behind them. It says, a line each, when an interface is `up NAME`, when it is `ready`,
 * every `sample at=...`, and at the end `lost missing=N dropped=N bad=N` and `gone`. SIGTERM ends
 * it once nothing has come for `quiet`; SIGHUP takes all interfaces away and asks for them again,
 * by name; SIGKILL is a crash. After `seconds` it ends by itself. What fails is told as
 * `error LABEL SENTENCE`, with status 1.
 */
#ifndef NM_TEST_SOURCE_STAGE_H
#define NM_TEST_SOURCE_STAGE_H

#include "platform/linux/source.h"

/* main(); of the sources that the program has, by number. */
int stage_main(int argc, char **argv, const struct source_ops *const ops[SOURCE_COUNT]);

#endif
