/* SPDX-License-Identifier: Apache-2.0 */
/* A packet's layers as people write them, from the outside inwards: eth>vlan.30>ip4>tcp. */
#ifndef NM_PACKET_TEXT_H
#define NM_PACKET_TEXT_H

#include "core/out.h"
#include "core/packet.h"

#define PACKET_TEXT (PACKET_LAYERS * 16)	/* room for any packet's */

void packet_text(struct out *o, const struct packet *p);

/* One layer: "vlan.30". */
void layer_text(struct out *o, const struct layer *layer);

/* The word of one layer, as in layer.def. */
const char *layer_word(enum layer_kind kind);

#endif
