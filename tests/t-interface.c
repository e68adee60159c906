// SPDX-License-Identifier: Apache-2.0
/* The table of interfaces, who stands above whom, and which VRF one is in. */
#include "core/interface.h"
#include "tests/test.h"

static struct interface slots[32];

/* name, index, master, parent, kind, kind of the master */
static void put(struct interfaces *all, const char *name, uint32_t index, uint32_t master,
		uint32_t parent, const char *kind, const char *master_kind)
{
	struct interface i = { .index = index, .master = master, .parent = parent };

	snprintf(i.name, sizeof(i.name), "%s", name);
	snprintf(i.kind, sizeof(i.kind), "%s", kind);
	snprintf(i.master_kind, sizeof(i.master_kind), "%s", master_kind);
	check(interface_put(all, &i));
}

static struct interfaces empty(uint32_t size)
{
	memset(slots, 0, sizeof(slots));
	return (struct interfaces){ .slots = slots, .size = size };
}

static void kept(void)
{
	struct interfaces all = empty(8);
	struct interface changed = { .index = 2, .name = "wan", .mtu = 1492 };

	put(&all, "lo", 1, 0, 0, "", "");
	put(&all, "eth0", 2, 0, 0, "", "");
	check(all.used == 2);
	check(interface_find(&all, 2) == interface_named(&all, "eth0"));
	check(interface_put(&all, &changed) && all.used == 2);
	check(!interface_named(&all, "eth0") && interface_named(&all, "wan")->mtu == 1492);
	check(!interface_find(&all, 3) && !interface_find(&all, 0) && !interface_named(&all, "x"));
}

static void removed(void)
{
	struct interfaces all = empty(8);

	for (uint32_t i = 1; i <= 4; i++)
		put(&all, "x", i, 0, 0, "", "");
	interface_remove(&all, 2);
	interface_remove(&all, 2);
	interface_remove(&all, 9);
	interface_remove(&all, 0);
	check(all.used == 3 && !interface_find(&all, 2));
	check(interface_find(&all, 1) && interface_find(&all, 3) && interface_find(&all, 4));
	interface_remove(&all, 4);
	interface_remove(&all, 3);
	interface_remove(&all, 1);
	check(all.used == 0 && !interface_find(&all, 1));
	put(&all, "new", 5, 0, 0, "", "");
	check(all.used == 1 && interface_find(&all, 5));
}

static void bounded(void)
{
	struct interfaces all = empty(2);
	const struct interface more = { .index = 3 }, none = { .index = 0 },
			       again = { .index = 2, .mtu = 9 };

	put(&all, "a", 1, 0, 0, "", "");
	check(!interface_put(&all, &none) && all.used == 1);
	put(&all, "b", 2, 0, 0, "", "");
	check(!interface_put(&all, &more) && all.used == 2 && !interface_find(&all, 3));
	check(interface_put(&all, &again) && interface_find(&all, 2)->mtu == 9);
}

/* eth0 and eth1 are a bond; its VLAN 10 is a port of a bridge, which has a VLAN 5. */
static void stacked(struct interfaces *all)
{
	*all = empty(32);
	put(all, "eth0", 2, 4, 0, "", "bond");
	put(all, "eth1", 3, 4, 0, "", "bond");
	put(all, "bond0", 4, 0, 0, "bond", "");
	put(all, "bond0.10", 5, 6, 4, "vlan", "bridge");
	put(all, "br0", 6, 0, 0, "bridge", "");
	put(all, "br0.5", 7, 0, 6, "vlan", "");
	put(all, "br0.5.6", 8, 0, 7, "vlan", "");
	put(all, "veth0", 9, 6, 0, "veth", "bridge");
	put(all, "other", 10, 0, 0, "", "");
	put(all, "other.1", 11, 0, 10, "vlan", "");
}

static void above(void)
{
	static const char *const order[] = {
		"eth0", "bond0", "bond0.10", "br0", "br0.5", "br0.5.6",
	};
	struct interfaces all;

	stacked(&all);
	for (int i = 0; i < 6; i++)
		for (int j = 0; j < 6; j++)
			check(interface_is_above(&all, interface_named(&all, order[i]),
						 interface_named(&all, order[j])) == (i > j));
}

static void beside(void)
{
	static const char *const pairs[][2] = {
		{ "eth0", "eth1" }, { "veth0", "eth0" }, { "veth0", "bond0.10" },
		{ "other", "br0.5.6" }, { "other.1", "eth0" },
	};
	struct interfaces all;

	stacked(&all);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const struct interface *a = interface_named(&all, pairs[i][0]);
		const struct interface *b = interface_named(&all, pairs[i][1]);

		check(!interface_is_above(&all, a, b) && !interface_is_above(&all, b, a));
	}
	check(interface_is_above(&all, interface_named(&all, "br0.5"),
				 interface_named(&all, "veth0")));
}

static void circles(void)
{
	struct interfaces all = empty(8);

	put(&all, "a", 1, 2, 3, "", "x");
	put(&all, "b", 2, 1, 1, "", "x");
	put(&all, "c", 3, 3, 3, "", "x");
	put(&all, "d", 4, 0, 0, "", "");
	for (uint32_t i = 1; i <= 3; i++) {
		check(!interface_is_above(&all, interface_find(&all, i), interface_find(&all, 4)));
		check(!interface_is_above(&all, interface_find(&all, 4), interface_find(&all, i)));
		check(interface_vrf(&all, interface_find(&all, i)) == 0);
	}
}

static void unknown_neighbours(void)
{
	struct interfaces all = empty(8);

	put(&all, "eth0", 1, 77, 0, "", "bridge");
	put(&all, "vlan", 2, 0, 78, "vlan", "");
	check(!interface_is_above(&all, interface_find(&all, 2), interface_find(&all, 1)));
	check(interface_vrf(&all, interface_find(&all, 1)) == 0);
}

static void vrf(void)
{
	struct interfaces all = empty(16);

	put(&all, "red", 1, 0, 0, "vrf", "");
	put(&all, "eth0", 2, 1, 0, "", "vrf");
	put(&all, "eth0.1", 3, 0, 2, "vlan", "");	/* a VLAN is in no VRF of its own */
	put(&all, "br0", 4, 1, 0, "bridge", "vrf");
	put(&all, "port", 5, 4, 0, "veth", "bridge");
	put(&all, "free", 6, 0, 0, "", "");
	put(&all, "far", 7, 99, 0, "", "vrf");		/* told before its master was */
	check(interface_vrf(&all, interface_named(&all, "red")) == 1);
	check(interface_vrf(&all, interface_named(&all, "eth0")) == 1);
	check(interface_vrf(&all, interface_named(&all, "eth0.1")) == 0);
	check(interface_vrf(&all, interface_named(&all, "br0")) == 1);
	check(interface_vrf(&all, interface_named(&all, "port")) == 1);
	check(interface_vrf(&all, interface_named(&all, "free")) == 0);
	check(interface_vrf(&all, interface_named(&all, "far")) == 99);
}

TESTS({ "an interface is found by number and by name",            kept },
      { "one that is removed is gone, the others stay",           removed },
      { "a full table takes changes and nothing new",             bounded },
      { "bonds, VLANs and bridges stand above what they are of",  above },
      { "ports of one bridge stand beside each other",            beside },
      { "circles end",                                            circles },
      { "neighbours that are not in the table are nobody",        unknown_neighbours },
      { "the VRF is that of the nearest master",                  vrf })
