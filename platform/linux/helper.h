/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the loop's process may ask of the one that kept the rights. A question goes over
 * a socket pair, together with one end of a fresh pair on which the answer comes: so every
 * question in flight has its own descriptor to wait on, and closing that forgets it.
 */
#ifndef NM_LINUX_HELPER_H
#define NM_LINUX_HELPER_H

#include "platform/linux/source.h"

/* The duties; helper.c has a row for each. */
enum duty {
	DUTY_RESOLVE,
	DUTY_OPEN, DUTY_ATTACH, DUTY_DETACH, DUTY_RECONCILE,	/* of a source: source.h */
	DUTY_COUNT,
};

/* Descriptors that go with a question or an answer: those whose bit is set. */
struct helper_fds { uint32_t mask; int fd[SOURCE_FDS]; };

struct helper_question {
	uint32_t duty;			/* enum duty */
	char text[CONF_TEXT_MAX];	/* resolve: a host name or an address */
	uint32_t source;		/* of the others: enum source */
	struct source_open how;
	struct tap_want want;		/* attach, detach */
	struct helper_fds reader;	/* attach, detach: what open made; borrowed */
};

#define HELPER_ADDRESSES 8

struct helper_answer {
	uint32_t err;			/* enum nm_err */
	uint32_t addresses;
	struct addr address[HELPER_ADDRESSES];	/* in the order to try them */
	struct helper_fds made;		/* open, attach; the asker's from here on */
	char why[NM_WHY];
};

/* The asking side of the pair, in the loop's process. */
struct helper {
	int fd;
};

/*
 * Ask; returns the descriptor that becomes readable with the answer, or -1. A helper that
 * is gone is a request to stop: the process is sent SIGTERM.
 */
int helper_ask(struct helper *h, const struct helper_question *question, char why[NM_WHY]);

/* 1: the answer is there; 0: not yet; -1: it will never come. */
int helper_answer(int fd, struct helper_answer *answer);

/* Non-blocking pair for questions; [0] is the helper's. */
int helper_pair(int pair[2]);

/* In the helper: take one question; forks a process that answers it. Its pid, or 0. */
int helper_serve(int fd);

/* The duties, where blocking is allowed (resolve.c, source.c). */
typedef void duty_fn(const struct helper_question *question, struct helper_answer *answer);
duty_fn resolve, source_duty;

/* The two ways to write down which descriptors there are. */
struct helper_fds helper_fds_of(const struct source_fds *fds);
struct source_fds source_fds_of(const struct helper_fds *fds);

#endif
