// SPDX-License-Identifier: Apache-2.0
/*
 * links: what netdevs.c says of this machine, as JSON lines, for netdevs.py.
 *	links all                      every interface
 *	links watch                    every interface, then what changes, until the input ends
 *	links route VRF ADDRESS...     where packets to the addresses go
 */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/out.h"
#include "platform/platform.h"

static void show_counters(const char *name, const struct interface_counters *c)
{
	printf(",\"%s\":{\"bytes\":%" PRIu64 ",\"packets\":%" PRIu64 ",\"errors\":%" PRIu64
	       ",\"drops\":%" PRIu64 "}", name, c->bytes, c->packets, c->errors, c->drops);
}

static void show(void *ctx, const struct interface *i, bool gone)
{
	char mac[NM_MAC_TEXT], text[512];
	struct out o = out_of(text, sizeof(text));

	(void)ctx;
	if (gone) {
		printf("{\"gone\":%" PRIu32 "}\n", i->index);
		return;
	}
	out_json(&o, i->alias, strlen(i->alias));
	printf("{\"index\":%" PRIu32 ",\"name\":\"%s\",\"alias\":%s,\"master\":%" PRIu32
	       ",\"parent\":%" PRIu32 ",\"mtu\":%" PRIu32 ",\"flags\":%" PRIu32 ",\"type\":%u"
	       ",\"vlan\":%u,\"oper\":%u,\"kind\":\"%s\",\"master_kind\":\"%s\",\"mac\":\"%s\""
	       ",\"speed\":%" PRIu64 ",\"counted\":%s",
	       i->index, i->name, out_end(&o), i->master, i->parent, i->mtu, i->flags,
	       i->type, i->vlan, i->oper, i->kind, i->master_kind, mac_text(i->mac, mac),
	       i->speed, i->counted.ns ? "true" : "false");
	show_counters("in", &i->in);
	show_counters("out", &i->out);
	printf("}\n");
}

static int all(struct netdevs *n)
{
	enum nm_err err = netdevs_all(n, show, NULL);

	printf("{\"all\":%d}\n", (int)err);
	fflush(stdout);
	return err;
}

static int watch(struct netdevs *n)
{
	struct pollfd wait[] = { { .fd = netdevs_fd(n), .events = POLLIN },
				 { .fd = STDIN_FILENO, .events = POLLIN } };
	char byte;

	if (all(n))
		return 1;
	while (poll(wait, 2, 20) >= 0) {
		bool routes_changed = false;

		if (wait[1].revents && read(STDIN_FILENO, &byte, 1) <= 0)
			return 0;
		if (!netdevs_drain(n, show, &routes_changed, NULL)) {
			printf("{\"lost\":true}\n");
			if (all(n))
				return 1;
		}
		if (routes_changed)
			printf("{\"routes\":true,\"woken\":%s}\n",
			       wait[0].revents ? "true" : "false");
		fflush(stdout);
	}
	return 1;
}

static int routes(struct netdevs *n, int argc, char **argv)
{
	uint32_t vrf = (uint32_t)strtoul(argv[0], NULL, 10);

	for (int i = 1; i < argc; i++) {
		char text[NM_ADDR_TEXT];
		struct addr dst;
		struct route r;

		if (addr_parse(argv[i], &dst))
			return 1;
		r = netdevs_route(n, vrf, &dst);
		printf("{\"dst\":\"%s\",\"kind\":%u,\"out_if\":%" PRIu32 ",\"prefix\":%u"
		       ",\"next_hop\":\"%s\"}\n", argv[i], r.kind, r.out_if, r.prefix,
		       addr_is_absent(&r.next_hop) ? "" : addr_text(&r.next_hop, text));
	}
	return 0;
}

int main(int argc, char **argv)
{
	char why[NM_WHY];
	struct netdevs *n = netdevs_open(why);
	int status = 2;

	if (!n) {
		fprintf(stderr, "links: %s\n", why);
		return 1;
	}
	if (argc == 2 && !strcmp(argv[1], "all"))
		status = all(n);
	else if (argc == 2 && !strcmp(argv[1], "watch"))
		status = watch(n);
	else if (argc > 3 && !strcmp(argv[1], "route"))
		status = routes(n, argc - 2, argv + 2);
	netdevs_close(n);
	return status;
}
