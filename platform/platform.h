/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All the agent asks of a machine. linux/ answers with system calls, sim/
 * answers from a script; nothing above this line knows which. Descriptors are
 * numbers to wait on and nothing else. Functions that can fail say why in a
 * sentence (`why`, NM_WHY bytes), because errno is turned into words only here.
 */
#ifndef NM_PLATFORM_H
#define NM_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/conf.h"
#include "core/decode.h"
#include "core/err.h"
#include "core/interface.h"
#include "core/route.h"
#include "core/sample.h"
#include "core/source.h"
#include "core/when.h"

#define NM_WHY 400

/* --- clock and chance ------------------------------------------------------ */

nm_time clock_now(void);
nm_mono clock_mono(void);
bool clock_synchronised(void);		/* the kernel says so */
void random_fill(void *at, size_t len);

/* --- log: one line to stderr, "level subject: words" ----------------------- */

void log_level(enum conf_log level);	/* what is said from here on; before the loop */
void log_line(enum conf_log level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* --- files ------------------------------------------------------------------ */

/* Read a whole file of at most size - 1 bytes and terminate it; *len without the 0. */
enum nm_err file_read(const char *path, char *at, size_t size, size_t *len,
		      char why[NM_WHY]) NM_MUST_CHECK;

/*
 * Map `*size` bytes of the file shared, creating it (and its folder, owned by
 * `user` when root) filled with zeros when it is not there; an existing file keeps
 * its size, which is told in *size. NM_LOCKED when another process has it.
 */
struct mapping { void *at; size_t size; bool is_new; int fd; };
enum nm_err file_map(const char *path, size_t size, const char *user, struct mapping *m,
		     char why[NM_WHY]) NM_MUST_CHECK;
/* Give a mapping of an empty or unwanted spool another size; contents zeroed. */
enum nm_err file_remap(struct mapping *m, size_t size, char why[NM_WHY]) NM_MUST_CHECK;
/* Unmap it and rename the file to `path`.damaged, so that a new one can take its place. */
enum nm_err file_set_aside(struct mapping *m, const char *path, char why[NM_WHY]) NM_MUST_CHECK;
void file_unmap(struct mapping *m);

/* Map a whole existing file for reading. */
enum nm_err file_view(const char *path, struct mapping *m, char why[NM_WHY]) NM_MUST_CHECK;

/* An id for this machine that survives re-flashing: board MAC or machine-id, hashed. */
void machine_id(char id[64]);

/* --- loop: epoll and signals ------------------------------------------------ */

#define LOOP_READ  1u
#define LOOP_WRITE 2u
typedef void loop_fn(void *ctx, unsigned ready);

struct loop;
struct loop *loop_new(void);		/* catches SIGTERM, SIGINT, SIGHUP from here on */
/* Watch fd, or change what is watched (0: forget it). */
enum nm_err loop_watch(struct loop *l, int fd, unsigned what, loop_fn *fn, void *ctx) NM_MUST_CHECK;
void loop_turn(struct loop *l, nm_mono until);	/* wait for events or `until`, call back */
bool loop_stopping(const struct loop *l);	/* SIGTERM or SIGINT came */
void loop_free(struct loop *l);

/* --- datagrams ---------------------------------------------------------------- */

struct udp;
typedef void udp_fn(void *ctx, struct buf bytes, const struct datagram *dg);

/* Bind each port; an address that is absent means all of IPv6 and IPv4. */
struct udp *udp_open(const struct addr *address, uint16_t port, uint32_t receive_buffer,
		     uint16_t listener, char why[NM_WHY]);
int udp_fd(const struct udp *u);
unsigned udp_drain(struct udp *u, nm_time now, udp_fn *got, void *ctx);	/* one burst */
uint64_t udp_drops(struct udp *u);	/* by the kernel so far, for want of room */
void udp_close(struct udp *u);

/* --- links: one connection to an uplink's server, plain TCP or TLS ------------ */

struct link_target {
	char host[CONF_TEXT_MAX];
	uint16_t port;
	bool tls;
	char ca_file[CONF_TEXT_MAX];	/* empty: the system's bundle */
	enum conf_tls_time tls_time;
	nm_time build;			/* for CONF_TLS_AFTER_BUILD */
};

enum link_state { LINK_CLOSED, LINK_OPENING, LINK_UP, LINK_FAILED };

struct helper;
struct link;
/* Before the loop. `helper` resolves names; NULL when the host is an address. */
struct link *link_new(const struct link_target *to, struct helper *helper, char why[NM_WHY]);
void link_open(struct link *l);		/* resolve, connect, shake hands: in the background */
enum link_state link_turn(struct link *l);	/* go on with it as far as it goes now */
/*
 * > 0: so many bytes; 0: not now; < 0: -(enum nm_err), the link is gone. Read until it gives
 * 0: what TLS has unpacked already makes no descriptor ready.
 */
long link_write(struct link *l, const void *bytes, size_t len);
long link_read(struct link *l, void *at, size_t size);
void link_close(struct link *l);
enum nm_err link_error(const struct link *l);	/* of the last failure */
const char *link_why(const struct link *l);	/* and the sentence */
/* Both ends of a connection that is up: false when there is none. */
struct link_ends { struct addr local, remote; uint16_t local_port, remote_port; };
bool link_ends(const struct link *l, struct link_ends *ends);
/* What to wait for before the next link_turn/read/write; fd -1: nothing. */
struct link_wait { int fd; unsigned what; };
struct link_wait link_wait(const struct link *l);
void link_free(struct link *l);

/* --- processes ------------------------------------------------------------------ */

/*
 * Fork: the caller's side stays the parent, which keeps the rights and resolves
 * names; `child` runs in its own process. With `again` it is started again, after a
 * growing pause, when it dies or fails; a status of 0 is final, and so is 2 (configuration)
 * of the first one. Returns the exit status for main().
 */
typedef int process_fn(void *ctx, struct helper *helper);
int processes_run(process_fn *child, void *ctx, bool again);
/* In the child: give up every right, become `user` (ignored when not root). */
enum nm_err rights_drop(const char *user, char why[NM_WHY]) NM_MUST_CHECK;

/* --- interfaces and routes of this machine --------------------------------------- */

/* What the kernel told of an interface: as it is now; or that it is gone (only its index holds). */
typedef void netdev_fn(void *ctx, const struct interface *i, bool gone);

struct netdevs;				/* needs no right */
struct netdevs *netdevs_open(char why[NM_WHY]);
int netdevs_fd(const struct netdevs *n);
/*
 * What has changed since: false when the kernel had to drop news, so that all is to be asked for.
 * `*routes_changed` is set when routes, rules, addresses or interfaces are not what they were.
 * Call it when the descriptor is ready, and before a round of questions for routes: news of routes,
 * which may be thousands a second, wake nobody.
 */
bool netdevs_drain(struct netdevs *n, netdev_fn *told, bool *routes_changed, void *ctx);
/* All of them with their counters, now. The kernel's answer is there at once. */
enum nm_err netdevs_all(struct netdevs *n, netdev_fn *told, void *ctx) NM_MUST_CHECK;
/* Where would a packet to `dst` go; `vrf` is a VRF's interface or 0. About 6 us. */
struct route netdevs_route(struct netdevs *n, uint32_t vrf, const struct addr *dst);
void netdevs_close(struct netdevs *n);

/* --- picking packets of interfaces ------------------------------------------------- */

typedef void sample_fn(void *ctx, const struct sample *s);

enum tap_state { TAP_OFF, TAP_ASKED, TAP_UP, TAP_REFUSED, TAP_ENDING };

/* What is wanted of one interface. */
struct tap_want {
	uint8_t source;			/* enum source */
	bool ingress, egress;
	bool promiscuous;		/* PACKET: a mirror port */
	uint32_t index;
	char name[INTERFACE_NAME];
	uint32_t rate;			/* one packet in so many */
	uint32_t snap;			/* bytes of each */
};

/* Taps are numbered 0 ... most - 1 by the caller. */
struct taps_setup {
	unsigned most;
	uint32_t buffer;		/* bytes for samples between two drains, each reader */
	/* Told apart from other agents of this machine by this: what is left of an earlier process
	 * with the same number is taken away at the start. */
	uint32_t instance;
	struct helper *helper;
};

struct taps;
struct taps *taps_new(const struct taps_setup *setup, char why[NM_WHY]);
/* Ask for it: in the background. A tap that is up ends before. */
void tap_begin(struct taps *t, unsigned tap, const struct tap_want *want);
enum tap_state tap_turn(struct taps *t, unsigned tap);	/* go on as far as it goes now */
/*
 * Of TAP_REFUSED: the sentence, and the error: NM_RIGHTS; NM_ABSENT: this kernel has no such thing;
 * NM_GONE: there is no such interface; NM_LOCKED: somebody else is in the way; or another.
 */
enum nm_err tap_error(const struct taps *t, unsigned tap);
const char *tap_why(const struct taps *t, unsigned tap);
void tap_end(struct taps *t, unsigned tap);
/* Waits until nothing of ours is left in the kernel, `patience_ns` at the most. */
void taps_end_all(struct taps *t, int64_t patience_ns);
/* Everything that was picked, of all taps; a bounded burst of each reader. How many samples. */
unsigned taps_drain(struct taps *t, nm_time now, nm_mono mono, sample_fn *got, void *ctx);
/* Samples lost since the start: by gaps in numbers, and as the kernel counts them itself. */
struct tap_losses { uint64_t missing, dropped, bad; };	/* bad: could not be read */
struct tap_losses taps_losses(const struct taps *t, enum source source);
void taps_free(struct taps *t);

/*
 * Without a loop, for `netmeta sources`: whether a source would work here; it is tried on the
 * loopback interface for a moment. The sentence when it would not.
 */
enum nm_err source_probe(enum source source, char why[NM_WHY]) NM_MUST_CHECK;

/* --- control socket: one request line, one answer ------------------------------- */

struct control;
/* Write the answer to `request` into at[size]; returns its length. */
typedef size_t control_fn(void *ctx, const char *request, char *at, size_t size);
struct control *control_listen(const char *path, const char *user, control_fn *answer, void *ctx,
			       char why[NM_WHY]);
enum nm_err control_watch(struct control *c, struct loop *l) NM_MUST_CHECK;
void control_close(struct control *c);
/* The other side: ask, read the whole answer. */
enum nm_err control_ask(const char *path, const char *request, char *at, size_t size,
			char why[NM_WHY]) NM_MUST_CHECK;

#endif
