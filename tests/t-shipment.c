// SPDX-License-Identifier: Apache-2.0
/* Batches on their way: every story ends with "stored once", or says that it may be twice. */
#include "core/shipment.h"
#include "tests/test.h"

#define HORIZON (600 * NM_NS_PER_S)

static const struct spool_batch fresh = { .segment = 3, .number = 17, .records = 8, .bytes = 800 };
static const struct verdict yes = { VERDICT_ACKNOWLEDGED, 0, 200, false, "" };
static const struct verdict busy = { VERDICT_LOAD, 252, 500, true, "" };
static const struct verdict gone = { VERDICT_GONE, 0, 0, true, "" };
static const struct verdict barred = { VERDICT_CONFIGURATION, 516, 403, false, "" };
static const struct verdict bad = { VERDICT_DATA, 33, 500, false, "" };
static const struct verdict large = { VERDICT_LARGE, 0, 413, false, "" };
static const struct verdict absent = { VERDICT_ABSENT, 0, 200, false, "" };
static const struct verdict parts = { VERDICT_PARTS, 0, 200, false, "" };
static const struct verdict mute = { VERDICT_MUTE, 497, 500, false, "" };

static struct shipment sh;

static struct moment after_s(int64_t s)
{
	return (struct moment){ { (1000 + s) * NM_NS_PER_S }, { (1700000000 + s) * NM_NS_PER_S } };
}

static void start(void)
{
	shipment_start(&sh, &fresh, false, after_s(0).mono);
}

/* An earlier process tried it at second 0. */
static void inherit(void)
{
	struct spool_batch b = fresh;

	b.tried = after_s(0).time;
	shipment_start(&sh, &b, true, after_s(10).mono);
}

/* The next errand at that second must be this one; then its verdict. */
static enum shipment_end send_at(int64_t s, const struct verdict *v)
{
	check(shipment_errand(&sh, HORIZON, after_s(s)) == ERRAND_INSERT);
	return shipment_verdict(&sh, ERRAND_INSERT, true, v);
}

static enum shipment_end ask_at(int64_t s, const struct verdict *v)
{
	check(shipment_errand(&sh, HORIZON, after_s(s)) == ERRAND_ASK);
	return shipment_verdict(&sh, ERRAND_ASK, true, v);
}

static void retries_within_the_horizon(void)
{
	start();
	check(send_at(0, &gone) == SHIPMENT_DELAYED);
	check(send_at(1, &busy) == SHIPMENT_DELAYED);
	check(send_at(599, &yes) == SHIPMENT_STORED);
	check(!sh.doubted);
}

static void asks_beyond_the_horizon(void)
{
	start();
	check(send_at(0, &gone) == SHIPMENT_DELAYED);
	check(ask_at(601, &yes) == SHIPMENT_STORED);
	start();
	check(send_at(0, &gone) == SHIPMENT_DELAYED);
	check(ask_at(601, &gone) == SHIPMENT_DELAYED);
	check(ask_at(650, &absent) == SHIPMENT_GOES_ON);
	check(send_at(651, &gone) == SHIPMENT_DELAYED);
	check(send_at(700, &yes) == SHIPMENT_STORED);	/* a new horizon began */
	check(!sh.doubted);
}

static void asks_when_the_clock_went_back(void)
{
	struct moment back = { after_s(5).mono, { after_s(0).time.ns - 1 } };

	start();
	check(send_at(0, &gone) == SHIPMENT_DELAYED);
	check(shipment_errand(&sh, HORIZON, back) == ERRAND_ASK);
	back = (struct moment){ after_s(700).mono, after_s(5).time };	/* was set back since */
	check(shipment_errand(&sh, HORIZON, back) == ERRAND_ASK);
}

static void no_question_without_doubt(void)
{
	start();
	check(send_at(0, &barred) == SHIPMENT_STUCK);
	check(send_at(9000, &barred) == SHIPMENT_STUCK);
	check(shipment_errand(&sh, HORIZON, after_s(20000)) == ERRAND_INSERT);
	check(shipment_verdict(&sh, ERRAND_INSERT, false, &gone) == SHIPMENT_DELAYED);
	check(send_at(30000, &yes) == SHIPMENT_STORED);	/* it was never sent whole before */
	check(!sh.doubted);
}

static void doubted_when_it_may_not_ask(void)
{
	start();
	check(send_at(0, &gone) == SHIPMENT_DELAYED);
	check(ask_at(601, &barred) == SHIPMENT_STUCK);	/* a wrong password is no answer */
	check(ask_at(602, &mute) == SHIPMENT_GOES_ON);
	check(send_at(602, &yes) == SHIPMENT_STORED);
	check(sh.doubted);
}

static void inherited_batches(void)
{
	inherit();
	check(ask_at(10, &absent) == SHIPMENT_GOES_ON);
	check(send_at(10, &yes) == SHIPMENT_STORED);
	check(!sh.doubted);
	inherit();
	check(ask_at(10, &mute) == SHIPMENT_GOES_ON);
	check(send_at(10, &yes) == SHIPMENT_STORED);
	check(!sh.doubted);				/* within the horizon */
	inherit();
	check(ask_at(900, &mute) == SHIPMENT_GOES_ON);
	check(send_at(900, &yes) == SHIPMENT_STORED);
	check(sh.doubted);
}

static void parts_in_order(void)
{
	start();
	check(send_at(0, &large) == SHIPMENT_GOES_ON && sh.part == 2);
	check(send_at(1, &large) == SHIPMENT_GOES_ON && sh.part == 4);
	check(send_at(2, &yes) == SHIPMENT_GOES_ON && sh.part == 5);
	check(send_at(3, &gone) == SHIPMENT_DELAYED && sh.part == 5);
	check(send_at(4, &yes) == SHIPMENT_GOES_ON && sh.part == 3);
	check(send_at(5, &yes) == SHIPMENT_STORED);
}

static void parts_without_trying_the_whole(void)
{
	start();
	check(!shipment_fit(&sh, 800, 0) && !shipment_fit(&sh, 800, 801));
	check(shipment_fit(&sh, 800, 300) && sh.part == 2);
	check(shipment_fit(&sh, 400, 300) && sh.part == 4);
	check(!shipment_fit(&sh, 200, 300));
	start();
	check(send_at(0, &gone) == SHIPMENT_DELAYED);
	check(!shipment_fit(&sh, 800, 300));		/* the whole may be stored */
}

static void never_divided_in_doubt(void)
{
	start();
	check(send_at(0, &gone) == SHIPMENT_DELAYED);
	check(send_at(1, &large) == SHIPMENT_GOES_ON);
	check(ask_at(1, &yes) == SHIPMENT_STORED);
	start();
	check(send_at(0, &gone) == SHIPMENT_DELAYED);
	check(send_at(1, &large) == SHIPMENT_GOES_ON);
	check(ask_at(1, &absent) == SHIPMENT_GOES_ON);
	check(send_at(1, &large) == SHIPMENT_GOES_ON && sh.part == 2 && !sh.doubted);
	start();
	check(send_at(0, &gone) == SHIPMENT_DELAYED);
	check(send_at(1, &large) == SHIPMENT_GOES_ON);
	check(ask_at(1, &mute) == SHIPMENT_GOES_ON);
	check(send_at(1, &large) == SHIPMENT_GOES_ON && sh.part == 2 && sh.doubted);
}

static void a_restart_among_parts(void)
{
	inherit();
	check(ask_at(10, &parts) == SHIPMENT_GOES_ON && sh.part == 2);
	check(ask_at(10, &yes) == SHIPMENT_GOES_ON && sh.part == 3);
	check(ask_at(10, &parts) == SHIPMENT_GOES_ON && sh.part == 6);
	check(ask_at(10, &yes) == SHIPMENT_GOES_ON && sh.part == 7);
	check(ask_at(10, &absent) == SHIPMENT_GOES_ON);
	check(send_at(10, &yes) == SHIPMENT_STORED);
	check(!sh.doubted);
}

static void a_record_that_is_too_large(void)
{
	struct spool_batch one = fresh;

	one.records = 1;
	shipment_start(&sh, &one, false, after_s(0).mono);
	check(send_at(0, &large) == SHIPMENT_STUCK);
}

static void refused_as_bad_data(void)
{
	start();
	check(send_at(0, &bad) == SHIPMENT_REFUSED);
	check(shipment_give_up(&sh, 800) == SHIPMENT_GIVEN_UP && sh.given_up.records == 8);
	start();
	check(send_at(0, &gone) == SHIPMENT_DELAYED);
	check(send_at(1, &bad) == SHIPMENT_GOES_ON);	/* the first attempt may be stored */
	check(ask_at(1, &absent) == SHIPMENT_GOES_ON);
	check(send_at(1, &bad) == SHIPMENT_REFUSED && !sh.doubted);
}

static void a_bad_part(void)
{
	start();
	check(send_at(0, &large) == SHIPMENT_GOES_ON);
	check(send_at(1, &bad) == SHIPMENT_REFUSED);
	check(shipment_give_up(&sh, 410) == SHIPMENT_GOES_ON && sh.part == 3);
	check(send_at(2, &yes) == SHIPMENT_STORED);
	check(sh.given_up.records == 4 && sh.given_up.bytes == 410);
	start();
	check(send_at(0, &large) == SHIPMENT_GOES_ON);
	check(send_at(1, &yes) == SHIPMENT_GOES_ON);
	check(send_at(2, &bad) == SHIPMENT_REFUSED);
	check(shipment_give_up(&sh, 390) == SHIPMENT_STORED && sh.given_up.records == 4);
	start();
	check(send_at(0, &large) == SHIPMENT_GOES_ON);
	check(send_at(1, &bad) == SHIPMENT_REFUSED);
	check(shipment_give_up(&sh, 410) == SHIPMENT_GOES_ON);
	check(send_at(2, &bad) == SHIPMENT_REFUSED);
	check(shipment_give_up(&sh, 390) == SHIPMENT_GIVEN_UP && sh.given_up.records == 8);
}

TESTS({ "within the horizon a batch is simply repeated", retries_within_the_horizon },
      { "beyond the horizon the server is asked first", asks_beyond_the_horizon },
      { "a clock that went back proves nothing", asks_when_the_clock_went_back },
      { "what was refused or never sent whole is not asked for", no_question_without_doubt },
      { "a server that may not be asked makes a doubted batch", doubted_when_it_may_not_ask },
      { "a batch of an earlier process is asked for first", inherited_batches },
      { "a batch that is too large goes in halves, in order", parts_in_order },
      { "what was too large once is not tried again", parts_without_trying_the_whole },
      { "a batch that may be stored is not divided", never_divided_in_doubt },
      { "a restart goes on with the parts", a_restart_among_parts },
      { "one record that is too large is held", a_record_that_is_too_large },
      { "a batch that is bad data is given up when it is certain", refused_as_bad_data },
      { "of a batch in parts only the bad ones are given up", a_bad_part })
