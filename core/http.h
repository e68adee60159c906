/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTP/1.1 as a client speaks it (RFC 9112): the head of a request into a struct
 * out, and an answer out of the bytes as they come, in pieces of any size.
 *
 * Of an answer is kept what decides about a batch: the status, a few headers, and
 * the beginning of the body. The rest is counted. Whatever the bytes are, the parser
 * takes bounded memory and ends with HTTP_DONE or NM_PROTOCOL.
 */
#ifndef NM_HTTP_H
#define NM_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/err.h"
#include "core/out.h"

/* --- request ------------------------------------------------------------------ */

struct http_param { const char *name, *value; };

/* "POST /path?name=value&... HTTP/1.1"; names and values are percent-encoded. */
void http_line(struct out *o, const char *method, const char *path,
	       const struct http_param *params, unsigned n);
void http_header(struct out *o, const char *name, const char *value);
/* The last header and the empty line; or when the body comes in chunks. */
void http_end(struct out *o, uint64_t content_length);
void http_end_chunked(struct out *o);
/* May this text be a header's value? (no control characters: RFC 9110 5.5) */
bool http_is_value(const char *text);

/* --- answer --------------------------------------------------------------------- */

#define HTTP_LINE 256			/* of a longer line only so much is looked at */
#define HTTP_HEAD 16384u		/* bytes of an answer besides its body, at the most */
#define HTTP_BODY 512			/* bytes of the body that are kept */
#define HTTP_BODY_MAX (1u << 20)	/* a longer body is not an answer to us */
#define HTTP_NOTE 192			/* room for a header's value */

enum http_stage {
	HTTP_STATUS, HTTP_HEADERS, HTTP_SIZED, HTTP_TO_THE_END, HTTP_CHUNK, HTTP_CHUNK_DATA,
	HTTP_CHUNK_END, HTTP_TRAILERS, HTTP_DONE,
};

/* Headers whose values are kept, from the head or from the trailers; the first counts. */
enum http_note { HTTP_EXCEPTION_CODE, HTTP_QUERY_ID, HTTP_NOTES };

struct http_answer {
	enum http_stage stage;
	unsigned status;
	bool keep;			/* the connection can carry another request */
	char note[HTTP_NOTES][HTTP_NOTE];	/* "": not there */
	uint64_t body_bytes;		/* all of them */
	size_t kept;			/* of them, in body[] */
	uint8_t body[HTTP_BODY];
	/* the parser's own */
	uint32_t head_bytes;
	bool sized, chunked;
	uint64_t left;			/* of the body or chunk */
	size_t line_len;
	char line[HTTP_LINE];
};

void http_answer_start(struct http_answer *a);
/*
 * Go on with these bytes; what is left in `in` after HTTP_DONE belongs to no answer.
 * NM_PROTOCOL: this is not HTTP, or not of a size that we take.
 */
enum nm_err http_answer_feed(struct http_answer *a, struct buf *in) NM_MUST_CHECK;
/* The connection ended: NM_CLOSED unless that completes the answer. */
enum nm_err http_answer_ends(struct http_answer *a) NM_MUST_CHECK;

#endif
