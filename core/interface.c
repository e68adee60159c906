// SPDX-License-Identifier: Apache-2.0
/*
 * The table of interfaces is searched from its front: there are tens of them, and who asks for
 * every packet keeps what it found. The kernel keeps devices free of circles; numbers that
 * are used again may look like one here for a moment, so every walk ends.
 */
#include "core/interface.h"

#include <string.h>

#define STACKED 8			/* the kernel allows as many devices above each other */
#define MASTERS 4			/* bridges and bonds among them */

struct interface *interface_find(const struct interfaces *all, uint32_t index)
{
	for (uint32_t i = 0; index && i < all->used; i++)
		if (all->slots[i].index == index)
			return &all->slots[i];
	return NULL;
}

struct interface *interface_named(const struct interfaces *all, const char *name)
{
	for (uint32_t i = 0; i < all->used; i++)
		if (!strcmp(all->slots[i].name, name))
			return &all->slots[i];
	return NULL;
}

struct interface *interface_put(struct interfaces *all, const struct interface *of)
{
	struct interface *i = interface_find(all, of->index);

	if (!i && of->index && all->used < all->size)
		i = &all->slots[all->used++];
	if (i)
		*i = *of;
	return i;
}

void interface_remove(struct interfaces *all, uint32_t index)
{
	struct interface *i = interface_find(all, index);

	if (!i)
		return;
	*i = all->slots[--all->used];
	all->slots[all->used].index = 0;
}

/* --- who stands above whom --------------------------------------------------------- */

/*
 * A device knows its master and its parent, not its ports and its VLANs. So a way up is walked
 * from both ends: from the lower one by masters, from the upper one by parents.
 */
static bool is_met(const struct interfaces *all, uint32_t upper, const struct interface *below)
{
	for (int i = 0; below && i < STACKED; i++) {
		if (below->index == upper)
			return true;
		below = interface_find(all, below->master);
	}
	return false;
}

static bool reaches(const struct interfaces *all, const struct interface *above,
		    const struct interface *below, int masters);

/* By a port of it: the bond below a VLAN below the bridge that it belongs to. */
static bool reaches_by_port(const struct interfaces *all, const struct interface *above,
			    const struct interface *below, int masters)
{
	for (uint32_t i = 0; masters && i < all->used; i++)
		if (all->slots[i].master == above->index &&
		    reaches(all, &all->slots[i], below, masters - 1))
			return true;
	return false;
}

static bool reaches(const struct interfaces *all, const struct interface *above,
		    const struct interface *below, int masters)
{
	for (int i = 0; above && i < STACKED; i++) {
		if (is_met(all, above->index, below) ||
		    reaches_by_port(all, above, below, masters))
			return true;
		above = interface_find(all, above->parent);
	}
	return false;
}

bool interface_is_above(const struct interfaces *all, const struct interface *above,
			const struct interface *below)
{
	return above->index != below->index && reaches(all, above, below, MASTERS);
}

/* What comes in by a port is routed as its bridge's, so the nearest VRF above it counts. */
uint32_t interface_vrf(const struct interfaces *all, const struct interface *of)
{
	for (int i = 0; of && i < STACKED; i++) {
		if (!strcmp(of->kind, "vrf"))
			return of->index;
		if (!strcmp(of->master_kind, "vrf"))
			return of->master;
		of = interface_find(all, of->master);
	}
	return 0;
}
