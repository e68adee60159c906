/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Netlink: asking the kernel, and listening to what it tells by itself. The bytes are libmnl's
 * matter; here stand requests and answers. A request is put together in the socket's own room,
 * asked, and its answers are given to a callback until the kernel says that it is done:
 *
 *	nl_begin(nl, RTM_GETLINK, NLM_F_DUMP, &ifi, sizeof(ifi));
 *	nl_u32(nl, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
 *	err = nl_ask(nl, take, ctx, "interfaces cannot be read", why);
 *
 * Room is asked about once, by nl_ask. Nothing here allocates but nl_open.
 */
#ifndef NM_LINUX_NL_H
#define NM_LINUX_NL_H

#include <libmnl/libmnl.h>

#include "platform/platform.h"

#define NL_ASK    4096			/* bytes of a request */
#define NL_ANSWER 16384			/* of one part of an answer */

struct nl {
	struct mnl_socket *socket;
	uint32_t first, last;		/* numbers of the request's messages */
	uint32_t until;			/* the one whose answer is the end */
	uint16_t flags;			/* of that one */
	bool full;			/* the request did not fit */
	size_t begins;			/* of the last message */
	unsigned failed;		/* which message the kernel refused, from 0 ... */
	int error;			/* ... and by which errno; of the last request, 0: none */
	_Alignas(8) uint8_t ask[NL_ASK];
	_Alignas(8) uint8_t answer[NL_ANSWER];
};

typedef void nl_fn(void *ctx, const struct nlmsghdr *h);

/*
 * A socket of a bus, NETLINK_ROUTE for example. Who has a patience waits so long for each part
 * of an answer; with 0 nothing waits: the answer has to be there when the request was sent, as
 * rtnetlink's are.
 */
enum nm_err nl_open(struct nl *nl, int bus, int patience_ms, char why[NM_WHY]) NM_MUST_CHECK;
/* The same under a number of our own choice; NM_LOCKED: it is taken. 0: the kernel chooses. */
enum nm_err nl_open_as(struct nl *nl, int bus, uint32_t number, int patience_ms,
		       char why[NM_WHY]) NM_MUST_CHECK;
int nl_fd(const struct nl *nl);
void nl_close(struct nl *nl);		/* also of one that was not opened, when it is zeroed */

/*
 * A new request: its first message, with the header of its family (own[own_len]) behind the
 * common one. NLM_F_REQUEST is set by itself. One of NLM_F_ACK and NLM_F_DUMP says how the answer
 * ends; with neither, with the first message that comes.
 */
void nl_begin(struct nl *nl, uint16_t type, uint16_t flags, const void *own, size_t own_len);
/*
 * One more message of the same request, for nf_tables' batches. The last one with NLM_F_ACK is
 * the one that is waited for; an error of any of them is the request's.
 */
void nl_more(struct nl *nl, uint16_t type, uint16_t flags, const void *own, size_t own_len);
/* Attributes of the last message; numbers in host order. */
void nl_bytes(struct nl *nl, uint16_t type, const void *bytes, size_t len);
void nl_text(struct nl *nl, uint16_t type, const char *text);	/* with its 0 */
void nl_u8(struct nl *nl, uint16_t type, uint8_t value);
void nl_u16(struct nl *nl, uint16_t type, uint16_t value);
void nl_u32(struct nl *nl, uint16_t type, uint32_t value);
void nl_be32(struct nl *nl, uint16_t type, uint32_t value);	/* in network order */
struct nlattr *nl_nest(struct nl *nl, uint16_t type);	/* what follows is inside ... */
void nl_end(struct nl *nl, struct nlattr *nest);	/* ... up to here */

/*
 * Send it and take all of the answer; got may be NULL. `what` begins the sentence: "interfaces
 * cannot be read". NM_RIGHTS: CAP_NET_ADMIN is missing; NM_ABSENT: the kernel has no such thing;
 * NM_GONE: there is no such interface; NM_LOCKED: it is there already, or busy; NM_TIMEOUT;
 * NM_FULL; NM_IO. An answer that changes took the ground from is asked for again, so got may see
 * things twice.
 */
enum nm_err nl_ask(struct nl *nl, nl_fn *got, void *ctx, const char *what,
		   char why[NM_WHY]) NM_MUST_CHECK;

/* --- what the kernel tells by itself ------------------------------------------------- */

enum nm_err nl_join(struct nl *nl, uint32_t group, char why[NM_WHY]) NM_MUST_CHECK;
/* Ask for a receive buffer; without CAP_NET_ADMIN it is no larger than net.core.rmem_max. */
void nl_buffer(int fd, uint32_t bytes);
/* Losses are counted (nl_drops) and no longer reported as errors. */
void nl_no_enobufs(int fd);
/* Messages that found no room so far; the kernel counts in 32 bits, *drops in 64. */
uint64_t nl_drops(int fd, uint64_t *drops);
/*
 * The next datagram: its length; 0 when there is none. `*lost` is set when something
 * before it is lost, or the datagram itself, which is larger than `size`.
 */
int nl_receive(int fd, void *at, size_t size, bool *lost);

#endif
