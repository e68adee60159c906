// SPDX-License-Identifier: Apache-2.0
/*
 * Questions to the process that kept the rights, and its answers. Each is answered by a
 * process of its own: a duty may block (a name server that is silent) or crash (on what
 * a name server sent) without holding up the supervisor.
 */
#define _GNU_SOURCE
#include "platform/linux/helper.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/linux/why.h"

#define DUTY_SECONDS 30			/* then the question stays without an answer */

#define PARCEL_FDS (1 + SOURCE_FDS)

/* A message with descriptors beside it. */
struct parcel {
	struct iovec bytes;
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(PARCEL_FDS * sizeof(int))];
	} beside;
	struct msghdr message;
};

static void pack(struct parcel *p, void *bytes, size_t len)
{
	memset(p, 0, sizeof(*p));
	p->bytes = (struct iovec){ bytes, len };
	p->message = (struct msghdr){
		.msg_iov = &p->bytes, .msg_iovlen = 1,
		.msg_control = &p->beside, .msg_controllen = sizeof(p->beside),
	};
}

/* Put these descriptors beside it. */
static void pack_fds(struct parcel *p, const int *fd, unsigned count)
{
	p->message.msg_controllen = count ? CMSG_SPACE(count * sizeof(int)) : 0;
	p->beside.header.cmsg_level = SOL_SOCKET;
	p->beside.header.cmsg_type = SCM_RIGHTS;
	p->beside.header.cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(&p->beside.header), fd, count * sizeof(int));
}

/* How many were beside it. */
static unsigned unpack_fds(struct parcel *p, int fd[PARCEL_FDS])
{
	size_t len = p->beside.header.cmsg_len;

	if (p->message.msg_controllen < CMSG_LEN(sizeof(int)) ||
	    p->beside.header.cmsg_type != SCM_RIGHTS || len > CMSG_LEN(PARCEL_FDS * sizeof(int)))
		return 0;
	memcpy(fd, CMSG_DATA(&p->beside.header), len - CMSG_LEN(0));
	return (unsigned)((len - CMSG_LEN(0)) / sizeof(int));
}

static unsigned append_fds(int *fd, const struct helper_fds *fds)
{
	unsigned count = 0;

	for (unsigned i = 0; i < SOURCE_FDS; i++)
		if (fds->mask & 1u << i)
			fd[count++] = fds->fd[i];
	return count;
}

/* Numbers of the other process become ours; false when they are not as many as the mask says. */
static bool number_fds(struct helper_fds *fds, const int *fd, unsigned count)
{
	unsigned used = 0;

	for (unsigned i = 0; i < SOURCE_FDS; i++)
		if (fds->mask & 1u << i)
			fds->fd[i] = used < count ? fd[used++] : -1;
	return used == count && !(fds->mask >> SOURCE_FDS) &&
	       (unsigned)__builtin_popcount(fds->mask) == count;
}

static void close_fds(const int *fd, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		close(fd[i]);
}

struct helper_fds helper_fds_of(const struct source_fds *fds)
{
	struct helper_fds h = { 0 };

	for (unsigned i = 0; i < SOURCE_FDS; i++) {
		h.fd[i] = fds->fd[i];
		h.mask |= fds->fd[i] >= 0 ? 1u << i : 0;
	}
	return h;
}

struct source_fds source_fds_of(const struct helper_fds *fds)
{
	struct source_fds s;

	for (unsigned i = 0; i < SOURCE_FDS; i++)
		s.fd[i] = fds->mask & 1u << i ? fds->fd[i] : -1;
	return s;
}

int helper_pair(int pair[2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair);
}

/* --- asking ------------------------------------------------------------------- */

static bool send_question(int to, struct helper_question *question, int fd)
{
	int beside[PARCEL_FDS] = { fd };
	struct parcel p;

	pack(&p, question, sizeof(*question));
	pack_fds(&p, beside, 1 + append_fds(beside + 1, &question->reader));
	return sendmsg(to, &p.message, MSG_NOSIGNAL) >= 0;
}

int helper_ask(struct helper *h, const struct helper_question *question, char why[NM_WHY])
{
	struct helper_question copy = *question;
	bool sent;
	int pair[2];

	if (helper_pair(pair) < 0) {
		why_errno(why, "the helper cannot be asked");
		return -1;
	}
	sent = send_question(h->fd, &copy, pair[0]);
	if (!sent) {
		why_errno(why, "the helper cannot be asked");
		if (errno == EPIPE || errno == ECONNRESET)
			raise(SIGTERM);
		close(pair[1]);
	}
	close(pair[0]);
	return sent ? pair[1] : -1;
}

int helper_answer(int fd, struct helper_answer *answer)
{
	int beside[PARCEL_FDS];
	struct parcel p;
	unsigned fds;
	ssize_t n;

	pack(&p, answer, sizeof(*answer));
	n = recvmsg(fd, &p.message, MSG_CMSG_CLOEXEC);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	fds = n < 0 ? 0 : unpack_fds(&p, beside);
	if (n == sizeof(*answer) && answer->addresses <= HELPER_ADDRESSES &&
	    number_fds(&answer->made, beside, fds) && memchr(answer->why, 0, sizeof(answer->why)))
		return 1;
	close_fds(beside, fds);
	return -1;
}

/* --- answering ---------------------------------------------------------------- */

static duty_fn *const duties[DUTY_COUNT] = {
	[DUTY_RESOLVE] = resolve,
#ifdef CONFIG_SAMPLING
	[DUTY_OPEN] = source_duty, [DUTY_ATTACH] = source_duty,
	[DUTY_DETACH] = source_duty, [DUTY_RECONCILE] = source_duty,
#endif
};

static bool makes_sense(const struct helper_question *question)
{
	return question->duty < DUTY_COUNT && duties[question->duty] &&
	       memchr(question->text, 0, sizeof(question->text)) &&
	       question->source < SOURCE_COUNT &&
	       memchr(question->want.name, 0, sizeof(question->want.name));
}

/* The question and its answer's descriptor; -1 when there is none or it makes no sense. */
static int take_question(int from, struct helper_question *question)
{
	int beside[PARCEL_FDS];
	struct parcel p;
	unsigned fds;
	ssize_t n;

	pack(&p, question, sizeof(*question));
	n = recvmsg(from, &p.message, MSG_CMSG_CLOEXEC);
	fds = n < 0 ? 0 : unpack_fds(&p, beside);
	if (n == sizeof(*question) && fds && makes_sense(question) &&
	    number_fds(&question->reader, beside + 1, fds - 1))
		return beside[0];
	close_fds(beside, fds);
	return -1;
}

/* What was made goes with the answer; when nobody waits for it any more, it is not needed. */
static bool send_answer(int to, struct helper_answer *answer)
{
	int beside[PARCEL_FDS];
	struct parcel p;

	pack(&p, answer, sizeof(*answer));
	pack_fds(&p, beside, append_fds(beside, &answer->made));
	return sendmsg(to, &p.message, MSG_NOSIGNAL) >= 0;
}

static void do_duty(int fd, const struct helper_question *question)
{
	struct helper_answer answer;
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	alarm(DUTY_SECONDS);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	memset(&answer, 0, sizeof(answer));
	duties[question->duty](question, &answer);
	_exit(!send_answer(fd, &answer));
}

int helper_serve(int from)
{
	struct helper_question question;
	int fd = take_question(from, &question), beside[SOURCE_FDS];
	pid_t pid;

	if (fd < 0)
		return 0;
	pid = fork();
	if (pid == 0)
		do_duty(fd, &question);
	close(fd);			/* without a process the asker reads the end */
	close_fds(beside, append_fds(beside, &question.reader));
	return pid > 0 ? pid : 0;
}
