/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A way to pick packets (core/source.def), in two halves. What needs rights happens in a
 * process of the helper's, once, and its results are descriptors; they are sent to the loop's
 * process, which reads samples from them with no rights at all, and ends with them: what the
 * kernel ties to a descriptor is gone when nobody holds it. What it does not tie to one, `detach`
 * and `reconcile` take away.
 *
 * taps.c has one reader a source, opened when the first tap wants it, and one row of
 * this struct a source.
 */
#ifndef NM_LINUX_SOURCE_H
#define NM_LINUX_SOURCE_H

#include <unistd.h>

#include "platform/platform.h"

#define SOURCE_FDS 3			/* of a reader, or of one tap, at the most */

/* A reader's descriptors: what `open` made and `attach` may need. -1: none. */
struct source_fds { int fd[SOURCE_FDS]; };

static inline void source_fds_close(struct source_fds *fds)
{
	for (unsigned i = 0; i < SOURCE_FDS; i++) {
		if (fds->fd[i] >= 0)
			close(fds->fd[i]);
		fds->fd[i] = -1;
	}
}

struct source_open {
	uint32_t instance;		/* taps_setup's */
	uint32_t buffer;		/* bytes, taps_setup's */
};

struct reader;				/* a source's own, in the loop's process */

struct source_ops {
	/* --- in a process of the helper's: may block for a moment --- */
	/* What all taps of the source share. NULL: nothing. */
	enum nm_err (*open)(const struct source_open *how, struct source_fds *reader,
			    char why[NM_WHY]);
	/* One interface. `tap` becomes what has to live as long as it. */
	enum nm_err (*attach)(const struct source_open *how, const struct source_fds *reader,
			      const struct tap_want *want, struct source_fds *tap,
			      char why[NM_WHY]);
	/* Take it away; the interface may be gone. NULL: closing `tap` does. */
	enum nm_err (*detach)(const struct source_open *how, const struct source_fds *reader,
			      const struct tap_want *want, char why[NM_WHY]);
	/* At the start: take away what an earlier process of this instance left. NULL: nothing. */
	enum nm_err (*reconcile)(const struct source_open *how, char why[NM_WHY]);
	/* Would it work? On the loopback interface, for a moment. */
	enum nm_err (*probe)(char why[NM_WHY]);

	/* --- in the loop's process --- */
	/* Before the loop, the memory of a reader for so many taps; NULL: there is none. */
	struct reader *(*make)(unsigned taps, uint32_t buffer);
	/* The descriptors came: map them. They are the reader's from here on. */
	enum nm_err (*begin)(struct reader *r, const struct source_fds *reader, char why[NM_WHY]);
	/* A tap came up, or went (its descriptors are closed behind this). Both may be NULL. */
	enum nm_err (*add)(struct reader *r, unsigned tap, const struct tap_want *want,
			   const struct source_fds *fds, char why[NM_WHY]);
	void (*remove)(struct reader *r, unsigned tap);
	/* One bounded burst. How many samples. */
	unsigned (*drain)(struct reader *r, nm_time now, nm_mono mono, sample_fn *got, void *ctx);
	struct tap_losses (*losses)(const struct reader *r);
	void (*free)(struct reader *r);
};

/* How packets of a device begin; LINK_UNKNOWN of one that is not there. Needs no right. */
enum packet_link source_link(const char *name);
/* With NM_ABSENT, what would bring the source, behind the sentence. Returns err. */
enum nm_err source_remedy(enum source source, enum nm_err err, char why[NM_WHY]);

extern const struct source_ops bpf_tcx_source, bpf_cls_source, psample_source, nflog_source,
	packet_source;

#endif
