// SPDX-License-Identifier: Apache-2.0
/* The decisions about one batch; see the promise in shipment.h. */
#include "core/shipment.h"

void shipment_start(struct shipment *sh, const struct spool_batch *batch, bool inherited,
		    nm_mono now)
{
	*sh = (struct shipment){
		.batch = *batch, .part = PART_WHOLE, .unknown = inherited, .inherited = inherited,
		.tried = batch->tried, .tried_mono = now,
	};
}

/* The server may have forgotten the name; a clock that went back proves nothing. */
static bool is_beyond(const struct shipment *sh, int64_t horizon_ns, struct moment now)
{
	int64_t age = time_since(now.time, sh->tried);

	return age < 0 || age > horizon_ns || mono_since(now.mono, sh->tried_mono) > horizon_ns;
}

enum errand shipment_errand(struct shipment *sh, int64_t horizon_ns, struct moment now)
{
	bool beyond = sh->unknown && is_beyond(sh, horizon_ns, now);

	if (sh->unknown && !sh->mute && (sh->inherited || sh->ask || beyond))
		return ERRAND_ASK;
	if (!sh->unknown) {
		sh->tried = now.time;
		sh->tried_mono = now.mono;
	}
	sh->doubted |= beyond;
	return ERRAND_INSERT;
}

/* Turn to a part that this process has not tried. */
static enum shipment_end turn_to(struct shipment *sh, unsigned part)
{
	sh->part = part;
	sh->ask = false;
	sh->unknown = sh->inherited;
	return SHIPMENT_GOES_ON;
}

bool shipment_fit(struct shipment *sh, uint64_t bytes, uint64_t refused_bytes)
{
	if (!refused_bytes || bytes < refused_bytes || sh->unknown ||
	    !part_is_divisible(sh->part, sh->batch.records))
		return false;
	turn_to(sh, 2 * sh->part);
	return true;
}

/* Before something is done that would make a stored part a second time, or nobody's. */
static bool must_ask(struct shipment *sh)
{
	sh->ask = sh->unknown && !sh->mute;
	sh->doubted |= sh->unknown && sh->mute;
	return sh->ask;
}

static enum shipment_end too_large(struct shipment *sh)
{
	if (!part_is_divisible(sh->part, sh->batch.records))
		return SHIPMENT_STUCK;
	return must_ask(sh) ? SHIPMENT_GOES_ON : turn_to(sh, 2 * sh->part);
}

static enum shipment_end refused(struct shipment *sh)
{
	return must_ask(sh) ? SHIPMENT_GOES_ON : SHIPMENT_REFUSED;
}

/* The part is done with. */
static enum shipment_end advance(struct shipment *sh)
{
	unsigned next = part_next(sh->part);

	if (next != PART_WHOLE)
		return turn_to(sh, next);
	return sh->some ? SHIPMENT_STORED : SHIPMENT_GIVEN_UP;
}

static enum shipment_end stored(struct shipment *sh)
{
	sh->some = true;
	return advance(sh);
}

enum shipment_end shipment_give_up(struct shipment *sh, uint64_t bytes)
{
	sh->given_up.records += part_records(sh->part, sh->batch.records);
	sh->given_up.bytes += bytes;
	return advance(sh);
}

/* Neither this part nor a part of it is stored: as if it had never been tried. */
static enum shipment_end absent(struct shipment *sh)
{
	sh->inherited &= sh->part != PART_WHOLE;
	sh->unknown = sh->ask = false;
	return SHIPMENT_GOES_ON;
}

/* An earlier process had divided it. */
static enum shipment_end in_parts(struct shipment *sh)
{
	if (!part_is_divisible(sh->part, sh->batch.records))
		return SHIPMENT_STUCK;
	sh->inherited = true;
	return turn_to(sh, 2 * sh->part);
}

static enum shipment_end inserted(struct shipment *sh, bool whole, const struct verdict *v)
{
	sh->unknown |= whole && v->unknown;
	switch (v->class) {
	case VERDICT_ACKNOWLEDGED:
		return stored(sh);
	case VERDICT_LARGE:
		return too_large(sh);
	case VERDICT_PLAIN:
		return SHIPMENT_GOES_ON;
	case VERDICT_DATA:
		return refused(sh);
	case VERDICT_CONFIGURATION:
		return SHIPMENT_STUCK;
	default:
		return SHIPMENT_DELAYED;
	}
}

static enum shipment_end told(struct shipment *sh, const struct verdict *v)
{
	switch (v->class) {
	case VERDICT_ACKNOWLEDGED:
		return stored(sh);
	case VERDICT_ABSENT:
		return absent(sh);
	case VERDICT_PARTS:
		return in_parts(sh);
	case VERDICT_MUTE:
		sh->mute = true;
		return SHIPMENT_GOES_ON;
	case VERDICT_LOAD:
	case VERDICT_GONE:
		return SHIPMENT_DELAYED;
	default:
		return SHIPMENT_STUCK;
	}
}

enum shipment_end shipment_verdict(struct shipment *sh, enum errand errand, bool whole,
				   const struct verdict *v)
{
	return errand == ERRAND_INSERT ? inserted(sh, whole, v) : told(sh, v);
}
