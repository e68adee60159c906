/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server of the scripts: as much of ClickHouse as an uplink can tell from outside, and a
 * strict reader. It stores records by their serial numbers, knows the names of batches for a
 * while, answers questions about them, misbehaves on demand, and complains about any request
 * that is not exactly what it should be.
 */
#ifndef NM_TEST_SERVER_H
#define NM_TEST_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/stream.h"
#include "core/when.h"

#define SERVER_BATCHES 4096
#define SERVER_RECORDS 65536
#define SERVER_BODY    (4u << 20)

/* What the answer to a request is, instead of the right one. */
enum misbehaviour {
	ANSWER_GOOD,
	ANSWER_NOTHING,			/* the request is processed, no byte comes */
	ANSWER_LOST,			/* processed, then the connection breaks */
	ANSWER_CODE,			/* refused with `code` and `status` */
	ANSWER_STATUS,			/* refused with `status`, as a proxy does it */
	ANSWER_EXCEPTION_IN_200,	/* refused with `code` after a 200 was sent */
	ANSWER_RAW,			/* `text`, then the connection is closed */
};

struct answer {
	enum misbehaviour how;
	unsigned code, status;
	char text[200];
};

/* A batch or a part of one as `batches` has it. */
struct server_batch {
	char name[180];
	uint64_t rows;
	nm_time at;
	bool stored;			/* else: only seen, to compare its body */
	uint64_t length, sum;		/* of the body */
};

struct server {
	/* how it is; scripts change it */
	char user[64], password[64];
	struct answer always;		/* to every insert */
	struct answer next[8];		/* to the next requests, before that */
	unsigned nexts;
	uint64_t largest;		/* body it takes; 0: any */
	int64_t unreadable;		/* serial number of a record; -1: it reads all */
	bool wants_length;		/* takes no body in chunks */
	bool lacks_tables, forbids_questions, closes_after_answer;
	bool says_close;		/* in a header, and then does nothing about it */
	bool is_hasty;			/* says 200 to an insert whose body is still to come */
	int64_t remembers_ns;		/* names of batches */
	int64_t drip_ns;		/* between two bytes of an answer */

	/* what came */
	unsigned connections, inserts, questions, refused_logins, too_large, complaints;
	unsigned packed;		/* inserts in lz4 */
	struct server_batch batch[SERVER_BATCHES];
	unsigned batches;
	uint16_t times_stored[SERVER_RECORDS];	/* by serial number */

	/* the request that is coming */
	char head[8192];
	size_t head_len, body_len, body_wants;
	bool in_body, deaf;
	bool in_chunks, in_size, last_chunk;	/* the body; where in it we are */
	size_t chunk;			/* size of the one that comes, then what is left of it */
	uint8_t body[SERVER_BODY];
};

void server_start(struct server *s);
void server_complain(struct server *s, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The other end of the link (struct sim_peer). */
void server_accepted(void *ctx);
void server_received(void *ctx, const uint8_t *bytes, size_t len);
void server_left(void *ctx);

/* --- body.c: what is not sent as it is ------------------------------------------------ */

/* A body in chunks: one byte of it. True: it was the last. */
bool server_chunk_byte(struct server *s, uint8_t byte);
/* Unpack the body. Complains when it is no lz4 frame. */
void server_unpack(struct server *s);

/* --- store.c ------------------------------------------------------------------------ */

/* The records of the body; UINT64_MAX when they are none. Store them, if asked to. */
uint64_t server_read(struct server *s, bool store);
bool server_can_read(const struct server *s);
/* The batch of this name, new or known; complains when its body has changed. */
struct server_batch *server_recognise(struct server *s, const char *name);
/* ... and its records, unless the name is remembered. */
void server_store(struct server *s, struct server_batch *b);
/* Whether it is stored, and how much with its parts. */
void server_find(const struct server *s, const char *name, unsigned *whole, unsigned *all);

/* Records stored at least once, and more than once. */
uint64_t server_stored(const struct server *s);
uint64_t server_doubled(const struct server *s);
/* Batches of which something is stored, parts of one counting as one. */
unsigned server_numbers(const struct server *s);

#endif
