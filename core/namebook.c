// SPDX-License-Identifier: Apache-2.0
/* A hash of rows with few lines each: a name is in its row or nowhere. */
#include "core/namebook.h"

static uint32_t mix(uint32_t h, uint32_t word)
{
	h = (h ^ word) * 0x9e3779b1u;
	return h ^ h >> 15;
}

static uint32_t mix_text(uint32_t h, const struct text *t)
{
	for (uint16_t i = 0; i < t->len; i++)
		h = mix(h, t->p[i]);
	return mix(h, t->len);
}

static bool is_of(const struct name_line *l, uint32_t slot, const struct name_told *name)
{
	return l->told.ns && l->id == name->id && l->exporter == slot && l->kind == name->kind;
}

/* The name's line, else the one of its row that was told longest ago or never. */
static struct name_line *find(struct namebook *b, uint32_t slot, const struct name_told *name)
{
	uint32_t h = mix(mix(mix(slot, name->kind), (uint32_t)name->id),
			 (uint32_t)(name->id >> 32));
	struct name_line *row = &b->lines[h & (b->size - NAMEBOOK_ROW)], *oldest = row;

	for (struct name_line *l = row; l < row + NAMEBOOK_ROW; l++) {
		if (is_of(l, slot, name))
			return l;
		if (l->told.ns < oldest->told.ns)
			oldest = l;
	}
	return oldest;
}

bool namebook_is_news(struct namebook *b, uint32_t slot, const struct name_told *name)
{
	uint32_t text = mix_text(mix_text(0, &name->name), &name->description);
	struct name_line *l = find(b, slot, name);
	int64_t age = time_since(name->seen, l->told);

	if (is_of(l, slot, name) && l->text == text && age >= 0 && age < NAMEBOOK_AGAIN)
		return false;
	*l = (struct name_line){ .id = name->id, .exporter = slot, .text = text,
				 .told = name->seen, .kind = name->kind };
	return true;
}
