// SPDX-License-Identifier: Apache-2.0
/*
 * The control socket: a client writes one line and reads one answer until its end. The
 * loop never waits for a client: there is a place for a few of them, and when all are taken
 * the one that came first has to go.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "platform/linux/owner.h"
#include "platform/linux/why.h"

#define CLIENTS     8
#define REQUEST_MAX 256
#define ANSWER_MAX  (1024 * 1024)	/* memory is spent when it is written to */
#define ASK_SECONDS 5

struct client {
	struct control *control;
	int fd;				/* -1: the place is free */
	uint64_t order;			/* of arrival */
	size_t asked;			/* bytes of the request so far */
	size_t len, sent;		/* of the answer */
	char request[REQUEST_MAX];
	char answer[ANSWER_MAX];
};

struct control {
	int fd;
	struct loop *loop;		/* NULL: not watched yet */
	control_fn *answer;
	void *ctx;
	uint64_t arrivals;
	struct sockaddr_un name;
	struct client client[CLIENTS];
};

/* --- clients -------------------------------------------------------------------- */

static void hang_up(struct client *c)
{
	/* Closing would do for the kernel, but the loop keeps a note as well. */
	if (loop_watch(c->control->loop, c->fd, 0, NULL, NULL))
		log_line(CONF_LOG_DEBUG, "control: descriptor %d was not watched", c->fd);
	close(c->fd);
	c->fd = -1;
}

static void send_answer(struct client *c)
{
	ssize_t n = 1;

	while (c->sent < c->len && n > 0) {
		n = send(c->fd, c->answer + c->sent, c->len - c->sent, MSG_NOSIGNAL);
		if (n > 0)
			c->sent += (size_t)n;
	}
	if (c->sent == c->len || (errno != EAGAIN && errno != EINTR))
		hang_up(c);
}

static void send_more(void *ctx, unsigned ready)
{
	(void)ready;
	send_answer(ctx);
}

static void answer_request(struct client *c)
{
	struct control *control = c->control;

	c->sent = 0;
	c->len = control->answer(control->ctx, c->request, c->answer, sizeof(c->answer));
	if (loop_watch(control->loop, c->fd, LOOP_WRITE, send_more, c))
		hang_up(c);
	else
		send_answer(c);
}

static void read_request(void *ctx, unsigned ready)
{
	struct client *c = ctx;
	ssize_t n = recv(c->fd, c->request + c->asked, REQUEST_MAX - 1 - c->asked, 0);
	char *end;

	(void)ready;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {			/* gone, or a line that does not fit */
		hang_up(c);
		return;
	}
	c->asked += (size_t)n;
	c->request[c->asked] = 0;
	end = strchr(c->request, '\n');
	if (!end)
		return;
	*end = 0;
	answer_request(c);
}

static struct client *free_place(struct control *control)
{
	struct client *first = &control->client[0];

	for (unsigned i = 0; i < CLIENTS; i++) {
		struct client *c = &control->client[i];

		if (c->fd < 0)
			return c;
		if (c->order < first->order)
			first = c;
	}
	hang_up(first);
	return first;
}

static void got_client(void *ctx, unsigned ready)
{
	struct control *control = ctx;
	int fd = accept4(control->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct client *c;

	(void)ready;
	if (fd < 0)
		return;
	c = free_place(control);
	c->control = control;
	c->fd = fd;
	c->order = control->arrivals++;
	c->asked = 0;
	if (loop_watch(control->loop, fd, LOOP_READ, read_request, c))
		hang_up(c);
}

/* --- opening and closing -------------------------------------------------------- */

static enum nm_err name_of(const char *path, struct sockaddr_un *name, char why[NM_WHY])
{
	*name = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(name->sun_path))
		return why_say(why, NM_RANGE, "%s is longer than a socket's path may be", path);
	memcpy(name->sun_path, path, strlen(path) + 1);
	return NM_OK;
}

static int connect_to(const struct sockaddr_un *name)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)name, sizeof(*name)) < 0) {
		int kept = errno;

		close(fd);
		errno = kept;
		return -1;
	}
	return fd;
}

/* Remove what a killed agent left, and only that. */
static enum nm_err clear_path(const struct sockaddr_un *name, char why[NM_WHY])
{
	struct stat st;
	int fd;

	if (lstat(name->sun_path, &st) < 0)
		return NM_OK;
	if (!S_ISSOCK(st.st_mode))
		return why_say(why, NM_FOREIGN, "%s is not a socket", name->sun_path);
	fd = connect_to(name);
	if (fd >= 0) {
		close(fd);
		return why_say(why, NM_LOCKED, "another process answers at %s", name->sun_path);
	}
	if (errno == ECONNREFUSED && unlink(name->sun_path) == 0)
		return NM_OK;
	return why_errno(why, "%s cannot be replaced", name->sun_path);
}

static enum nm_err open_socket(struct control *c, const char *user, char why[NM_WHY])
{
	const char *path = c->name.sun_path;
	struct owner owner;
	enum nm_err err = owner_find(user, &owner, why);
	mode_t kept;
	int bound;

	if (!err)
		err = owner_folder(&owner, path, why);
	if (!err)
		err = clear_path(&c->name, why);
	if (err)
		return err;
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	kept = umask(0117);		/* mode 0660 from the first moment on */
	bound = bind(c->fd, (const struct sockaddr *)&c->name, sizeof(c->name));
	umask(kept);
	if (bound < 0 || listen(c->fd, CLIENTS) < 0)
		return why_errno(why, "%s", path);
	if (geteuid() == 0 && lchown(path, owner.uid, owner.gid) < 0)
		return why_errno(why, "%s cannot be given to its user", path);
	return NM_OK;
}

struct control *control_listen(const char *path, const char *user, control_fn *answer, void *ctx,
			       char why[NM_WHY])
{
	struct control *c = calloc(1, sizeof(*c));

	if (!c) {
		why_errno(why, "control");
		return NULL;
	}
	c->fd = -1;
	c->answer = answer;
	c->ctx = ctx;
	for (unsigned i = 0; i < CLIENTS; i++)
		c->client[i].fd = -1;
	if (name_of(path, &c->name, why) || open_socket(c, user, why)) {
		if (c->fd >= 0)
			close(c->fd);
		free(c);
		return NULL;
	}
	return c;
}

enum nm_err control_watch(struct control *c, struct loop *l)
{
	c->loop = l;
	return loop_watch(l, c->fd, LOOP_READ, got_client, c);
}

void control_close(struct control *c)
{
	if (!c)
		return;
	for (unsigned i = 0; i < CLIENTS; i++) {
		if (c->client[i].fd >= 0)
			hang_up(&c->client[i]);
	}
	/* Forgetting a descriptor that is closed next cannot matter. */
	if (c->loop && loop_watch(c->loop, c->fd, 0, NULL, NULL))
		log_line(CONF_LOG_DEBUG, "control: the socket was not watched");
	close(c->fd);
	unlink(c->name.sun_path);
	free(c);
}

/* --- the asking side -------------------------------------------------------------- */

static enum nm_err exchange(int fd, const char *request, char *at, size_t size, char why[NM_WHY])
{
	char line[REQUEST_MAX];
	int len = snprintf(line, sizeof(line), "%s\n", request);
	size_t got = 0;
	ssize_t n;

	if (len < 0 || (size_t)len >= sizeof(line))
		return why_say(why, NM_RANGE, "the request is too long");
	if (send(fd, line, (size_t)len, MSG_NOSIGNAL) != len)
		return why_errno(why, "the agent does not listen");
	while ((n = recv(fd, at + got, size - got, 0)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return why_errno(why, "the agent does not answer");
		got += (size_t)n;
		if (got == size)
			return why_say(why, NM_FULL, "the answer exceeds %zu bytes", size - 1);
	}
	at[got] = 0;
	return got ? NM_OK : why_say(why, NM_CLOSED, "the agent gave no answer");
}

enum nm_err control_ask(const char *path, const char *request, char *at, size_t size,
			char why[NM_WHY])
{
	struct timeval limit = { .tv_sec = ASK_SECONDS };
	struct sockaddr_un name;
	enum nm_err err = name_of(path, &name, why);
	int fd;

	if (err)
		return err;
	fd = connect_to(&name);
	if (fd < 0)
		return why_errno(why, "no agent answers at %s", path);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) < 0)
		err = why_errno(why, "no agent can be asked");
	else
		err = exchange(fd, request, at, size, why);
	close(fd);
	return err;
}
