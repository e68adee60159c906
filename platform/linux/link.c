// SPDX-License-Identifier: Apache-2.0
/*
 * A link: one connection to an uplink's server at a time. It is made in stages (ask the
 * helper for addresses, connect to one after the other, shake hands), each a function that
 * goes as far as it can without waiting. An https target's bytes only ever pass through
 * struct tls; there is no way from there to a plain connection.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/linux/helper.h"
#include "platform/linux/tcp.h"
#include "platform/linux/tls.h"
#include "platform/linux/why.h"

enum stage { CLOSED, RESOLVING, CONNECTING, SHAKING, UP, FAILED };

struct link {
	struct link_target to;
	struct helper *helper;
	struct tls *tls;		/* NULL: plain */
	enum stage stage;
	int fd;				/* the answer of the helper, then the connection */
	bool stuck;			/* the last write gave 0 */
	struct helper_answer found;
	unsigned tried;			/* addresses in this attempt */
	unsigned first;			/* the address to begin with */
	enum nm_err err;
	char why[NM_WHY];
};

static void close_fd(struct link *l)
{
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
}

/* The sentence is in l->why. */
static long fail(struct link *l, enum nm_err err)
{
	close_fd(l);
	l->stage = FAILED;
	l->err = err;
	return -(long)err;
}

/* An address needs no name server, and no helper. */
static bool is_literal(struct link *l)
{
	l->found = (struct helper_answer){ .addresses = 1 };
	return addr_parse(l->to.host, &l->found.address[0]) == NM_OK;
}

struct link *link_new(const struct link_target *to, struct helper *helper, char why[NM_WHY])
{
	struct link *l = calloc(1, sizeof(*l));

	if (!l) {
		why_errno(why, "link");
		return NULL;
	}
	l->to = *to;
	l->helper = helper;
	l->fd = -1;
	if (!helper && !is_literal(l)) {
		why_say(why, NM_RESOLVE, "%s cannot be resolved without a helper", to->host);
		free(l);
		return NULL;
	}
	if (to->tls) {
		l->tls = tls_new(&l->to, why);
		if (!l->tls) {
			free(l);
			return NULL;
		}
	}
	return l;
}

void link_free(struct link *l)
{
	if (!l)
		return;
	link_close(l);
	tls_free(l->tls);
	free(l);
}

/* --- stages ----------------------------------------------------------------------- */

static const struct addr *address(const struct link *l)
{
	return &l->found.address[(l->first + l->tried) % l->found.addresses];
}

/* Begin with the next address that can be begun with at all. */
static void connect_next(struct link *l)
{
	char text[NM_ADDR_TEXT];

	close_fd(l);
	l->stage = CONNECTING;
	while (l->tried < l->found.addresses) {
		l->fd = tcp_begin(address(l), l->to.port);
		if (l->fd >= 0)
			return;
		why_errno(l->why, "%s port %u", addr_text(address(l), text), l->to.port);
		l->tried++;
	}
	fail(l, NM_CONNECT);
}

static void go_resolving(struct link *l)
{
	int came = helper_answer(l->fd, &l->found);

	if (!came)
		return;
	if (came < 0) {
		why_say(l->why, NM_RESOLVE, "%s does not resolve: no name server answers",
			l->to.host);
		fail(l, NM_RESOLVE);
		return;
	}
	if (l->found.err || !l->found.addresses) {
		memcpy(l->why, l->found.why, sizeof(l->why));
		fail(l, NM_RESOLVE);
		return;
	}
	l->tried = 0;
	connect_next(l);
}

static void go_connecting(struct link *l)
{
	char text[NM_ADDR_TEXT];

	switch (tcp_progress(l->fd)) {
	case TCP_CONNECTING:
		return;
	case TCP_REFUSED:
		why_errno(l->why, "%s port %u", addr_text(address(l), text), l->to.port);
		l->tried++;
		connect_next(l);
		return;
	case TCP_CONNECTED:
		break;
	}
	l->first += l->tried;
	l->tried = 0;
	l->stage = l->tls ? SHAKING : UP;
	if (l->tls) {
		enum nm_err err = tls_begin(l->tls, l->fd, l->why);

		if (err)
			fail(l, err);
	}
}

static void go_shaking(struct link *l)
{
	long done = tls_shake(l->tls, l->why);

	if (done < 0) {
		l->first++;		/* another address may be another server */
		fail(l, (enum nm_err)-done);
	} else if (done > 0) {
		l->stage = UP;
	}
}

static const struct {
	void (*go)(struct link *l);	/* NULL: nothing to do */
	enum link_state state;
} stages[] = {
	[CLOSED]     = { NULL,          LINK_CLOSED },
	[RESOLVING]  = { go_resolving,  LINK_OPENING },
	[CONNECTING] = { go_connecting, LINK_OPENING },
	[SHAKING]    = { go_shaking,    LINK_OPENING },
	[UP]         = { NULL,          LINK_UP },
	[FAILED]     = { NULL,          LINK_FAILED },
};

enum link_state link_turn(struct link *l)
{
	enum stage before;

	do {
		before = l->stage;
		if (stages[before].go)
			stages[before].go(l);
	} while (l->stage != before);
	return stages[l->stage].state;
}

void link_open(struct link *l)
{
	struct helper_question question = { .duty = DUTY_RESOLVE };

	link_close(l);
	l->err = NM_OK;
	l->why[0] = 0;
	l->tried = 0;
	if (is_literal(l)) {
		connect_next(l);
		return;
	}
	l->stage = RESOLVING;
	memcpy(question.text, l->to.host, sizeof(question.text));
	l->fd = helper_ask(l->helper, &question, l->why);
	if (l->fd < 0)
		fail(l, NM_RESOLVE);
}

void link_close(struct link *l)
{
	/* Closed for taking too long: the next attempt begins with the next address. */
	if (l->stage == CONNECTING || l->stage == SHAKING)
		l->first += l->tried + 1;
	if (l->tls && l->stage == UP)
		tls_end(l->tls);
	close_fd(l);
	l->tried = 0;
	l->stuck = false;
	l->stage = CLOSED;
}

/* --- bytes -------------------------------------------------------------------------- */

static long plain_write(struct link *l, const void *bytes, size_t len)
{
	ssize_t n = send(l->fd, bytes, len, MSG_NOSIGNAL);

	if (n >= 0)
		return n;
	if (errno == EAGAIN || errno == EINTR)
		return 0;
	why_errno(l->why, "%s", l->to.host);
	return -NM_CLOSED;
}

static long plain_read(struct link *l, void *at, size_t size)
{
	ssize_t n = recv(l->fd, at, size, 0);

	if (n > 0)
		return n;
	if (n == 0)
		why_say(l->why, NM_CLOSED, "%s closed the connection", l->to.host);
	else if (errno == EAGAIN || errno == EINTR)
		return 0;
	else
		why_errno(l->why, "%s", l->to.host);
	return -NM_CLOSED;
}

long link_write(struct link *l, const void *bytes, size_t len)
{
	long n;

	if (l->stage != UP)
		return -NM_CLOSED;
	if (!len)
		return 0;
	n = l->tls ? tls_write(l->tls, bytes, len, l->why) : plain_write(l, bytes, len);
	l->stuck = n == 0;
	return n < 0 ? fail(l, (enum nm_err)-n) : n;
}

long link_read(struct link *l, void *at, size_t size)
{
	long n;

	if (l->stage != UP)
		return -NM_CLOSED;
	n = l->tls ? tls_read(l->tls, at, size, l->why) : plain_read(l, at, size);
	return n < 0 ? fail(l, (enum nm_err)-n) : n;
}

/* --- what is known of it -------------------------------------------------------------- */

enum nm_err link_error(const struct link *l)
{
	return l->err;
}

const char *link_why(const struct link *l)
{
	return l->why;
}

bool link_ends(const struct link *l, struct link_ends *ends)
{
	return (l->stage == UP || l->stage == SHAKING) && tcp_ends(l->fd, ends);
}

struct link_wait link_wait(const struct link *l)
{
	static const unsigned what[] = {
		[RESOLVING] = LOOP_READ, [CONNECTING] = LOOP_WRITE, [UP] = LOOP_READ, [FAILED] = 0,
	};
	struct link_wait wait = { l->fd, what[l->stage] };

	if (l->tls && (l->stage == SHAKING || l->stage == UP))
		wait.what = tls_wants(l->tls);
	else if (l->stage == UP && l->stuck)
		wait.what |= LOOP_WRITE;
	return wait;
}
