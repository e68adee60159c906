// SPDX-License-Identifier: Apache-2.0
/* Layers as text, for the verbs that show packets to people; the table is layer.def. */
#include "core/packet_text.h"

enum number { NONE, SHOWN, KEPT, HEX, WHERE };

static const struct { const char *word; enum number number; } layers[LAYER_COUNT] = {
#define LAYER(name, word, number, reader) { word, number },
#include "core/layer.def"
#undef LAYER
};

const char *layer_word(enum layer_kind kind)
{
	return layers[kind].word;
}

static void where_text(struct out *o, uint32_t where)
{
	uint8_t kind = (uint8_t)where;

	out_format(o, "@%s", layer_word(kind));
	if (kind == LAYER_EXTENSION)
		out_format(o, "%u", (unsigned)(where >> 8));
}

void layer_text(struct out *o, const struct layer *layer)
{
	unsigned id = layer->id;

	out_text(o, layer_word(layer->kind));
	switch (layers[layer->kind].number) {
	case SHOWN:
		out_format(o, ".%u", id);
		break;
	case HEX:
		out_format(o, ".%04x", id);
		break;
	case WHERE:
		where_text(o, layer->id);
		break;
	case KEPT:
	case NONE:
		break;
	}
}

void packet_text(struct out *o, const struct packet *p)
{
	for (size_t i = 0; i < p->layer_count; i++) {
		if (i)
			out_byte(o, '>');
		layer_text(o, &p->layers[i]);
	}
}
