// SPDX-License-Identifier: Apache-2.0
/*
 * Taps with a real helper process and a source made for the test, whose descriptors are pipes:
 * what is written into one end by the process with the rights is read as samples by the other.
 * It answers by the tap's rate and name, so that each test can ask for what it wants to see.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/linux/helper.h"
#include "platform/linux/sources.h"
#include "platform/linux/why.h"
#include "tests/test.h"

#define PATIENCE_NS (20 * NM_NS_PER_S)
#define TAPS 3

/* --- the source ------------------------------------------------------------------------------ */

static char trail[] = "/tmp/netmeta-taps.XXXXXX";	/* a line for each thing done with rights */

static void note(const char *what, const char *name)
{
	int fd = open(trail, O_WRONLY | O_APPEND | O_CLOEXEC);

	if (fd < 0 || dprintf(fd, "%s %s\n", what, name) < 0)
		_exit(99);
	close(fd);
}

static bool noted(const char *line)
{
	char text[4096] = "";
	int fd = open(trail, O_RDONLY | O_CLOEXEC);
	bool has = fd >= 0 && read(fd, text, sizeof(text) - 1) > 0 && strstr(text, line);

	close(fd);
	return has;
}

static void forget_notes(void)
{
	if (truncate(trail, 0) < 0)
		abort();
}

static enum nm_err pipe_open(const struct source_open *how, struct source_fds *reader, char *why)
{
	int pair[2];

	note("open", how->instance == 7 ? "seven" : "other");
	if (how->instance == 13)
		return why_say(why, NM_ABSENT, "no readers today");
	if (pipe2(pair, O_CLOEXEC | O_NONBLOCK) < 0)
		return why_errno(why, "pipe");
	reader->fd[0] = pair[0];
	reader->fd[2] = pair[1];		/* place 1 stays empty */
	return NM_OK;
}

static enum nm_err pipe_attach(const struct source_open *how, const struct source_fds *reader,
			       const struct tap_want *want, struct source_fds *tap, char *why)
{
	uint32_t said[2] = { want->index, want->rate };

	(void)how;
	note("attach", want->name);
	if (!strcmp(want->name, "gone"))
		return why_say(why, NM_GONE, "no such interface");
	if (!strcmp(want->name, "crash"))
		abort();
	if (reader->fd[1] != -1 || write(reader->fd[2], said, sizeof(said)) != sizeof(said))
		return why_errno(why, "the reader's descriptors did not come along");
	tap->fd[0] = dup(reader->fd[2]);
	return NM_OK;
}

static enum nm_err pipe_detach(const struct source_open *how, const struct source_fds *reader,
			       const struct tap_want *want, char *why)
{
	(void)how, (void)reader, (void)why;
	note("detach", want->name);
	return NM_OK;
}

static enum nm_err pipe_reconcile(const struct source_open *how, char *why)
{
	(void)why;
	note("reconcile", how->instance == 7 ? "seven" : "other");
	return NM_OK;
}

struct reader { int fd; unsigned added, removed; };

static struct reader *pipe_make(unsigned taps, uint32_t buffer)
{
	struct reader *r = calloc(1, sizeof(*r));

	check(taps == TAPS && buffer == 65536);
	if (r)
		r->fd = -1;
	return r;
}

static enum nm_err pipe_begin(struct reader *r, const struct source_fds *reader, char *why)
{
	(void)why;
	check(reader->fd[0] >= 0 && reader->fd[1] == -1 && reader->fd[2] >= 0);
	r->fd = reader->fd[0];
	return NM_OK;
}

static enum nm_err pipe_add(struct reader *r, unsigned tap, const struct tap_want *want,
			    const struct source_fds *fds, char *why)
{
	r->added++;
	if (want->snap == 99)
		return why_say(why, NM_IO, "cannot be mapped");
	check(tap < TAPS && fds->fd[0] >= 0 && fds->fd[1] == -1);
	return NM_OK;
}

static void pipe_remove(struct reader *r, unsigned tap)
{
	(void)tap;
	r->removed++;
}

static unsigned pipe_drain(struct reader *r, nm_time now, nm_mono mono, sample_fn *got, void *ctx)
{
	uint32_t said[2];
	unsigned n = 0;

	(void)now, (void)mono;
	for (; read(r->fd, said, sizeof(said)) == sizeof(said); n++)
		got(ctx, &(struct sample){ .at_if = said[0], .rate = said[1] });
	return n;
}

static struct tap_losses pipe_losses(const struct reader *r)
{
	return (struct tap_losses){ r->added, r->removed, 0 };
}

static void pipe_free(struct reader *r)
{
	free(r);
}

static const struct source_ops pipe_source = {
	.open = pipe_open, .attach = pipe_attach, .detach = pipe_detach,
	.reconcile = pipe_reconcile, .make = pipe_make, .begin = pipe_begin, .add = pipe_add,
	.remove = pipe_remove, .drain = pipe_drain, .losses = pipe_losses, .free = pipe_free,
};

const struct source_ops *source_ops_of(enum source source)
{
	return source == SOURCE_NFLOG ? &pipe_source : NULL;
}

/* --- a process with a helper ------------------------------------------------------------------ */

static int in_child(void *ctx, struct helper *helper)
{
	void (*test)(struct helper *) = *(void (**)(struct helper *))ctx;

	test(helper);
	return test_bad != 0;
}

static void with_helper(void (*test)(struct helper *helper))
{
	forget_notes();
	check(processes_run(in_child, &test, false) == 0);
}

static struct taps *taps_of(struct helper *helper, uint32_t instance)
{
	char why[NM_WHY];
	struct taps *t = taps_new(&(struct taps_setup){ TAPS, 65536, instance, helper }, why);

	check(t);
	return t;
}

static struct tap_want want_of(const char *name, uint32_t index)
{
	struct tap_want w = { .source = SOURCE_NFLOG, .ingress = true, .index = index,
			      .rate = 10 * index, .snap = 128 };

	strcpy(w.name, name);
	return w;
}

/* Until the tap is so, with a deadline. */
static bool becomes(struct taps *t, unsigned tap, enum tap_state state)
{
	nm_mono deadline = mono_plus(clock_mono(), PATIENCE_NS);

	while (tap_turn(t, tap) != state) {
		if (mono_reached(clock_mono(), deadline))
			return false;
		poll(NULL, 0, 1);
	}
	return true;
}

/* --- tests ---------------------------------------------------------------------------------- */

static void sum_rates(void *ctx, const struct sample *s)
{
	*(uint32_t *)ctx += s->rate + s->at_if;
}

static void up_and_down(struct helper *helper)
{
	struct taps *t = taps_of(helper, 7);
	struct tap_want first = want_of("first", 1), second = want_of("second", 2);
	uint32_t sum = 0;

	tap_begin(t, 0, &first);
	tap_begin(t, 2, &second);
	check(becomes(t, 0, TAP_UP) && becomes(t, 2, TAP_UP));
	check(taps_drain(t, (nm_time){ 1 }, (nm_mono){ 1 }, sum_rates, &sum) == 2 && sum == 33);
	check(noted("reconcile seven") && noted("open seven\nattach "));
	check(taps_losses(t, SOURCE_NFLOG).missing == 2 && !taps_losses(t, SOURCE_TCX).missing);
	tap_end(t, 0);
	check(becomes(t, 0, TAP_OFF) && noted("detach first") && !noted("detach second"));
	taps_end_all(t, PATIENCE_NS);
	check(noted("detach second") && tap_turn(t, 2) == TAP_OFF);
	taps_free(t);
}

static void another_interface(struct helper *helper)
{
	struct taps *t = taps_of(helper, 7);
	struct tap_want old = want_of("old", 1), young = want_of("new", 3);

	tap_begin(t, 1, &old);
	check(becomes(t, 1, TAP_UP));
	tap_begin(t, 1, &young);
	check(becomes(t, 1, TAP_UP) && noted("detach old\nattach new"));
	tap_end(t, 1);
	check(becomes(t, 1, TAP_OFF));
	tap_begin(t, 1, &old);		/* ended while it is still asked for */
	tap_end(t, 1);
	check(becomes(t, 1, TAP_OFF));
	taps_end_all(t, PATIENCE_NS);
	check(noted("attach new\ndetach new"));
	taps_free(t);
}

static void refusals(struct helper *helper)
{
	struct taps *t = taps_of(helper, 7);
	struct tap_want gone = want_of("gone", 5), crash = want_of("crash", 6), w = want_of("x", 1);

	tap_begin(t, 0, &gone);
	check(becomes(t, 0, TAP_REFUSED) && tap_error(t, 0) == NM_GONE);
	check(strstr(tap_why(t, 0), "no such interface"));
	tap_begin(t, 0, &crash);
	check(becomes(t, 0, TAP_REFUSED) && strstr(tap_why(t, 0), "did not answer"));
	w.snap = 99;
	tap_begin(t, 0, &w);
	check(becomes(t, 0, TAP_REFUSED) && strstr(tap_why(t, 0), "cannot be mapped"));
	w.snap = 257;			/* not what the program asks for */
	tap_begin(t, 0, &w);
	check(becomes(t, 0, TAP_REFUSED) && !noted("attach x\nattach x"));
	w.source = SOURCE_TCX;
	tap_begin(t, 0, &w);
	check(becomes(t, 0, TAP_REFUSED) && tap_error(t, 0) == NM_ABSENT);
	w = want_of("fine", 1);		/* and then it works */
	tap_begin(t, 0, &w);
	check(becomes(t, 0, TAP_UP));
	taps_end_all(t, PATIENCE_NS);
	taps_free(t);
}

static void no_reader(struct helper *helper)
{
	struct taps *t = taps_of(helper, 13);
	struct tap_want w = want_of("any", 1);

	tap_begin(t, 0, &w);
	check(becomes(t, 0, TAP_REFUSED) && tap_error(t, 0) == NM_ABSENT);
	check(strstr(tap_why(t, 0), "no readers today") && !noted("attach"));
	forget_notes();
	tap_begin(t, 0, &w);		/* asked once more, as the kernel may have it now */
	check(becomes(t, 0, TAP_REFUSED) && noted("open other"));
	taps_free(t);
}

static void test_up_and_down(void) { with_helper(up_and_down); }
static void test_another(void) { with_helper(another_interface); }
static void test_refusals(void) { with_helper(refusals); }
static void test_no_reader(void) { with_helper(no_reader); }

static void begin(void)
{
	int fd = mkstemp(trail);

	check(fd >= 0);
	close(fd);
}

static void end(void)
{
	check(unlink(trail) == 0);
}

TESTS({ "a place for notes", begin },
      { "taps share a reader, bring samples, and end one by one", test_up_and_down },
      { "a tap moves to another interface, and one under way ends", test_another },
      { "what is refused says why, and the next try may work", test_refusals },
      { "a reader that cannot be opened refuses its taps, and is tried again", test_no_reader },
      { "the notes are gone", end })
