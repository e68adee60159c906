/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is said to ClickHouse over HTTP, and what its answers mean.
 *
 * A batch is one INSERT into <stream>_in, its body the spool's bytes, compressed or as they
 * are. The batch's identity is the query id (so two equal inserts cannot run side by side) and
 * the deduplication token (so a repeated one is stored once, in every table behind the
 * views). The login travels in headers. The server finds the schema as
 * `netmeta.proto` in its format_schema_path.
 */
#ifndef NM_CLICKHOUSE_H
#define NM_CLICKHOUSE_H

#include "core/http.h"
#include "core/identity.h"
#include "core/stream.h"
#include "core/verdict.h"

/* Where and as whom. Borrowed texts, none NULL. */
struct clickhouse {
	const char *host;		/* the Host header */
	const char *path;		/* begins with a slash */
	const char *user, *password;	/* "": the server's default user */
	const char *database;
};

/* A request's body. */
struct clickhouse_body {
	const char *compression;	/* Content-Encoding; NULL: as it is */
	uint64_t bytes;			/* when it is as it is; else it comes in chunks */
};

/*
 * NM_RANGE: the login has characters that a header cannot carry; NM_FULL: too long.
 * `identity` names the batch or a part of it.
 */
enum nm_err clickhouse_insert(struct out *o, const struct clickhouse *to, enum stream stream,
			      const char *identity, struct clickhouse_body body) NM_MUST_CHECK;
/* The question whether batch `number` is stored as `identity`, or as parts of that. */
enum nm_err clickhouse_ask(struct out *o, const struct clickhouse *to,
			   const struct identity *sender, enum stream stream, uint64_t number,
			   const char *identity) NM_MUST_CHECK;

/* The whole answer to either. */
struct verdict clickhouse_inserted(const struct http_answer *a, const char *identity);
struct verdict clickhouse_told(const struct http_answer *a);

#endif
