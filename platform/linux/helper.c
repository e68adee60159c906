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

/* A message with one descriptor beside it. */
struct parcel {
	struct iovec bytes;
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
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

int helper_pair(int pair[2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair);
}

/* --- asking ------------------------------------------------------------------- */

static bool send_question(int to, struct helper_question *question, int fd)
{
	struct parcel p;

	pack(&p, question, sizeof(*question));
	p.beside.header.cmsg_level = SOL_SOCKET;
	p.beside.header.cmsg_type = SCM_RIGHTS;
	p.beside.header.cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(&p.beside.header), &fd, sizeof(fd));
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
	ssize_t n = recv(fd, answer, sizeof(*answer), 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	return n == sizeof(*answer) && answer->addresses <= HELPER_ADDRESSES ? 1 : -1;
}

/* --- answering ---------------------------------------------------------------- */

static void (*const duties[DUTY_COUNT])(const struct helper_question *, struct helper_answer *) = {
	[DUTY_RESOLVE] = resolve,
};

/* The question and its answer's descriptor; -1 when there is none or it makes no sense. */
static int take_question(int from, struct helper_question *question)
{
	struct parcel p;
	ssize_t n;
	int fd;

	pack(&p, question, sizeof(*question));
	n = recvmsg(from, &p.message, MSG_CMSG_CLOEXEC);
	if (n < 0 || p.message.msg_controllen < CMSG_LEN(sizeof(fd)) ||
	    p.beside.header.cmsg_type != SCM_RIGHTS)
		return -1;
	memcpy(&fd, CMSG_DATA(&p.beside.header), sizeof(fd));
	if (n == sizeof(*question) && question->duty < DUTY_COUNT &&
	    memchr(question->text, 0, sizeof(question->text)))
		return fd;
	close(fd);
	return -1;
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
	/* When nobody waits for it any more, it is not needed any more. */
	if (send(fd, &answer, sizeof(answer), MSG_NOSIGNAL) < 0)
		_exit(1);
	_exit(0);
}

int helper_serve(int from)
{
	struct helper_question question;
	int fd = take_question(from, &question);
	pid_t pid;

	if (fd < 0)
		return 0;
	pid = fork();
	if (pid == 0)
		do_duty(fd, &question);
	close(fd);			/* without a process the asker reads the end */
	return pid > 0 ? pid : 0;
}
