/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs of the command line: each a file, each takes what follows its name. */
#ifndef NM_VERB_H
#define NM_VERB_H

/* Exit statuses, the same for all verbs. */
enum { EXIT_OK, EXIT_FAILED, EXIT_USAGE };	/* EXIT_USAGE: words or configuration */

int verb_run(int argc, char **argv);
int verb_check(int argc, char **argv);
int verb_decode(int argc, char **argv);
int verb_replay(int argc, char **argv);
int verb_sources(int argc, char **argv);
int verb_status(int argc, char **argv);

#endif
