// SPDX-License-Identifier: Apache-2.0
/*
 * Requests and their answers. What belongs to an earlier request, whose answer came too late,
 * has another number and is passed over. The kernel's own words (NLMSGERR_ATTR_MSG) say more than
 * the error's number does: "TC classifier not found" is ENOENT.
 */
#define _GNU_SOURCE
#include "platform/linux/nl.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/time.h>

#include "platform/linux/nl_attr.h"
#include "platform/linux/why.h"

#define TRIES 4				/* at an answer that changes while it is given */

enum { MORE, DONE, AGAIN, FAILED };

/* --- opening ------------------------------------------------------------------- */

static void prepare(struct nl *nl, int patience_ms)
{
	const struct timeval patience = { patience_ms / 1000, patience_ms % 1000 * 1000 };
	int on = 1;

	/* Both since Linux 4.12 and 4.3; without them errors say less. */
	mnl_socket_setsockopt(nl->socket, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(nl->socket, NETLINK_CAP_ACK, &on, sizeof(on));
	if (patience_ms)
		setsockopt(nl_fd(nl), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
}

enum nm_err nl_open_as(struct nl *nl, int bus, uint32_t number, int patience_ms, char why[NM_WHY])
{
	memset(nl, 0, offsetof(struct nl, ask));	/* pages that nobody uses stay away */
	nl->socket = mnl_socket_open2(bus, SOCK_CLOEXEC | (patience_ms ? 0 : SOCK_NONBLOCK));
	if (!nl->socket) {
		why_errno(why, "netlink (bus %d) cannot be opened", bus);
		return errno == EPROTONOSUPPORT || errno == EAFNOSUPPORT ? NM_ABSENT : NM_IO;
	}
	if (mnl_socket_bind(nl->socket, 0, (pid_t)number) < 0) {
		enum nm_err err = errno == EADDRINUSE ? NM_LOCKED : NM_IO;

		why_errno(why, "netlink (bus %d) cannot be opened", bus);
		nl_close(nl);
		return err;
	}
	prepare(nl, patience_ms);
	return NM_OK;
}

enum nm_err nl_open(struct nl *nl, int bus, int patience_ms, char why[NM_WHY])
{
	return nl_open_as(nl, bus, MNL_SOCKET_AUTOPID, patience_ms, why);
}

int nl_fd(const struct nl *nl)
{
	return nl->socket ? mnl_socket_get_fd(nl->socket) : -1;
}

void nl_close(struct nl *nl)
{
	if (nl->socket)
		mnl_socket_close(nl->socket);
	nl->socket = NULL;
}

/* --- putting a request together ----------------------------------------------------- */

static struct nlmsghdr *last_message(struct nl *nl)
{
	return (struct nlmsghdr *)(void *)(nl->ask + nl->begins);
}

static size_t room(const struct nl *nl)
{
	return sizeof(nl->ask) - nl->begins;
}

static void message(struct nl *nl, uint16_t type, uint16_t flags, const void *own, size_t own_len)
{
	struct nlmsghdr *h = last_message(nl);

	if (nl->full || room(nl) < MNL_NLMSG_HDRLEN + MNL_ALIGN(own_len)) {
		nl->full = true;
		return;
	}
	mnl_nlmsg_put_header(h);
	h->nlmsg_type = type;
	h->nlmsg_flags = flags | NLM_F_REQUEST;
	h->nlmsg_seq = ++nl->last;
	if (own_len)
		memcpy(mnl_nlmsg_put_extra_header(h, own_len), own, own_len);
}

void nl_begin(struct nl *nl, uint16_t type, uint16_t flags, const void *own, size_t own_len)
{
	nl->begins = 0;
	nl->full = false;
	nl->first = nl->until = nl->last + 1;
	nl->flags = flags;
	message(nl, type, flags, own, own_len);
}

void nl_more(struct nl *nl, uint16_t type, uint16_t flags, const void *own, size_t own_len)
{
	if (!nl->full)
		nl->begins += MNL_ALIGN(last_message(nl)->nlmsg_len);
	message(nl, type, flags, own, own_len);
	if (flags & NLM_F_ACK) {
		nl->until = nl->last;
		nl->flags = flags;
	}
}

void nl_bytes(struct nl *nl, uint16_t type, const void *bytes, size_t len)
{
	if (!nl->full)
		nl->full = !mnl_attr_put_check(last_message(nl), room(nl), type, len, bytes);
}

void nl_text(struct nl *nl, uint16_t type, const char *text)
{
	nl_bytes(nl, type, text, strlen(text) + 1);
}

void nl_u8(struct nl *nl, uint16_t type, uint8_t value)
{
	nl_bytes(nl, type, &value, sizeof(value));
}

void nl_u16(struct nl *nl, uint16_t type, uint16_t value)
{
	nl_bytes(nl, type, &value, sizeof(value));
}

void nl_u32(struct nl *nl, uint16_t type, uint32_t value)
{
	nl_bytes(nl, type, &value, sizeof(value));
}

void nl_be32(struct nl *nl, uint16_t type, uint32_t value)
{
	nl_u32(nl, type, htonl(value));
}

struct nlattr *nl_nest(struct nl *nl, uint16_t type)
{
	struct nlattr *nest = NULL;

	if (!nl->full)
		nest = mnl_attr_nest_start_check(last_message(nl), room(nl), type);
	nl->full = !nest;
	return nest;
}

void nl_end(struct nl *nl, struct nlattr *nest)
{
	if (!nl->full)
		mnl_attr_nest_end(last_message(nl), nest);
}

/* --- what an error means ---------------------------------------------------------------- */

static const struct { int error; enum nm_err err; } meanings[] = {
	{ EPERM,      NM_RIGHTS }, { EACCES,          NM_RIGHTS },
	{ ENOENT,     NM_ABSENT }, { EOPNOTSUPP,      NM_ABSENT },
	{ EAFNOSUPPORT, NM_ABSENT }, { EPROTONOSUPPORT, NM_ABSENT },
	{ ENODEV,     NM_GONE },   { ENXIO,           NM_GONE },
	{ EEXIST,     NM_LOCKED }, { EBUSY,           NM_LOCKED },
	{ EAGAIN,     NM_TIMEOUT },
};

static enum nm_err refused(int error, const char *words, const char *what, char why[NM_WHY])
{
	enum nm_err err = NM_IO;

	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (meanings[i].error == error)
			err = meanings[i].err;
	if (err == NM_TIMEOUT)
		return why_say(why, err, "%s: the kernel does not answer", what);
	if (!*words)
		words = strerror(error);
	return why_say(why, err, "%s: %s%s", what, words,
		       err == NM_RIGHTS ? " (this needs CAP_NET_ADMIN)" : "");
}

/* The kernel's errors are -1 to -4095 (MAX_ERRNO); of another number nobody knows the meaning. */
static int number_of(int32_t error)
{
	return error < 0 && error >= -4095 ? -error : EPROTO;
}

struct told { char words[128]; };

static const struct nl_attr told_attrs[] = {
	NL_ATTR(NLMSGERR_ATTR_MSG, NL_TEXT, struct told, words),
	{ 0 }
};

/* Behind the error stands the request, whole or only its header, and then what is said about it. */
static void words_of(const struct nlmsghdr *h, const struct nlmsgerr *e, struct told *told)
{
	size_t own = sizeof(*e);

	if (!(h->nlmsg_flags & NLM_F_ACK_TLVS) || e->msg.nlmsg_len < MNL_NLMSG_HDRLEN)
		return;
	if (!(h->nlmsg_flags & NLM_F_CAPPED))
		own += e->msg.nlmsg_len - MNL_NLMSG_HDRLEN;
	nl_message_attrs(told_attrs, h, own, told);
}

/* --- taking the answer -------------------------------------------------------------------- */

struct asking {
	struct nl *nl;
	nl_fn *got;
	void *ctx;
	const char *what;
	char *why;
	bool interrupted;		/* what was told is no whole picture */
	enum nm_err err;
};

static int fail(struct asking *a, enum nm_err err)
{
	a->err = err;
	return FAILED;
}

static int cut(struct asking *a)
{
	return fail(a, why_say(a->why, NM_IO, "%s: the kernel's answer is cut off", a->what));
}

static int take_error(struct asking *a, const struct nlmsghdr *h)
{
	struct nlmsgerr e;
	struct told told = { "" };

	if (mnl_nlmsg_get_payload_len(h) < sizeof(e))
		return cut(a);
	memcpy(&e, mnl_nlmsg_get_payload(h), sizeof(e));
	if (!e.error)
		return h->nlmsg_seq == a->nl->until ? DONE : MORE;
	a->nl->failed = h->nlmsg_seq - a->nl->first;
	a->nl->error = number_of(e.error);
	words_of(h, &e, &told);
	return fail(a, refused(a->nl->error, told.words, a->what, a->why));
}

/* A dump that failed on its way says so here. */
static int take_done(struct asking *a, const struct nlmsghdr *h)
{
	int32_t error = 0;

	if (mnl_nlmsg_get_payload_len(h) >= sizeof(error))
		memcpy(&error, mnl_nlmsg_get_payload(h), sizeof(error));
	if (error < 0)
		return fail(a, refused(number_of(error), "", a->what, a->why));
	return a->interrupted ? AGAIN : DONE;
}

/* One bit of NLM_F_DUMP alone means something else in other requests. */
static bool has_an_end(uint16_t flags)
{
	return flags & NLM_F_ACK || (flags & NLM_F_DUMP) == NLM_F_DUMP;
}

static int take_one(struct asking *a, const struct nlmsghdr *h)
{
	if (h->nlmsg_seq - a->nl->first > a->nl->last - a->nl->first ||
	    h->nlmsg_pid != mnl_socket_get_portid(a->nl->socket))
		return MORE;
	if (h->nlmsg_flags & NLM_F_DUMP_INTR)
		a->interrupted = true;
	if (h->nlmsg_type == NLMSG_ERROR)
		return take_error(a, h);
	if (h->nlmsg_type == NLMSG_DONE)
		return take_done(a, h);
	if (h->nlmsg_type < NLMSG_MIN_TYPE)
		return MORE;
	if (a->got)
		a->got(a->ctx, h);
	return has_an_end(a->nl->flags) ? MORE : DONE;
}

static int take_part(struct asking *a, int len)
{
	const struct nlmsghdr *h = (const void *)a->nl->answer;
	int status = MORE;

	for (; status == MORE && nl_ok(h, len); h = mnl_nlmsg_next(h, &len))
		status = take_one(a, h);
	return status == MORE && len > 0 ? cut(a) : status;
}

static int take_all(struct asking *a)
{
	struct nl *nl = a->nl;
	int status = MORE;

	while (status == MORE) {
		ssize_t len = mnl_socket_recvfrom(nl->socket, nl->answer, sizeof(nl->answer));

		if (len < 0 && errno == ENOSPC)
			return cut(a);
		if (len < 0 && errno != EINTR)
			return fail(a, refused(errno, "", a->what, a->why));
		if (len > 0)
			status = take_part(a, (int)len);
	}
	return status;
}

enum nm_err nl_ask(struct nl *nl, nl_fn *got, void *ctx, const char *what, char why[NM_WHY])
{
	struct asking a = { .nl = nl, .got = got, .ctx = ctx, .what = what, .why = why };
	int status = AGAIN;

	nl->error = 0;
	if (nl->full)
		return why_say(why, NM_FULL, "%s: the request is too long", what);
	for (int tries = 0; status == AGAIN && tries < TRIES; tries++) {
		size_t len = nl->begins + last_message(nl)->nlmsg_len;

		a.interrupted = false;
		if (mnl_socket_sendto(nl->socket, nl->ask, len) < 0)
			return refused(errno, "", what, why);
		status = take_all(&a);
	}
	if (status == AGAIN)
		return why_say(why, NM_IO, "%s: it changes all the time", what);
	return a.err;
}
