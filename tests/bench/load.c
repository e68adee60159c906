// SPDX-License-Identifier: Apache-2.0
/*
 * Packets at a steady rate: load INTERFACE MAC PACKETS-A-SECOND SECONDS. UDP over IPv4 of 300 bytes
 * in 10,000 flows, from 192.168.77.2 to 198.51.100.2, past queues and without checksums. At the
 * end it prints how many were sent.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define BURST 32
#define FRAME 300
#define FLOWS 10000
#define NS_PER_S 1000000000ull

struct load {
	int fd;
	uint64_t sent;
	uint8_t frame[BURST][FRAME];
	struct iovec window[BURST];
	struct mmsghdr message[BURST];
};

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

/* The header's own checksum (RFC 1071). */
static uint16_t checksum(const uint8_t *b, size_t len)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < len; i += 2)
		sum += (uint32_t)b[i] << 8 | b[i + 1];
	sum = (sum >> 16) + (sum & 0xffff);
	return (uint16_t)~(sum + (sum >> 16));
}

static void fill(uint8_t *b, const uint8_t mac[6])
{
	static const uint8_t ip[20] = { 0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0,
					192, 168, 77, 2, 198, 51, 100, 2 };
	uint16_t sum;

	memcpy(b, mac, 6);
	b[6] = 0x02;
	b[12] = 0x08;
	memcpy(b + 14, ip, sizeof(ip));
	b[16] = (FRAME - 14) >> 8;
	b[17] = (FRAME - 14) & 0xff;
	sum = checksum(b + 14, sizeof(ip));
	b[24] = (uint8_t)(sum >> 8);
	b[25] = (uint8_t)sum;
	b[38] = (FRAME - 34) >> 8;
	b[39] = (FRAME - 34) & 0xff;
}

static int open_load(struct load *l, const char *interface, const uint8_t mac[6])
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET };
	int on = 1;

	l->fd = socket(AF_PACKET, SOCK_RAW, 0);		/* which receives nothing */
	at.sll_ifindex = (int)if_nametoindex(interface);
	if (l->fd < 0 || setsockopt(l->fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof(on)) < 0 ||
	    bind(l->fd, (struct sockaddr *)&at, sizeof(at)) < 0)
		return -1;
	for (int i = 0; i < BURST; i++) {
		fill(l->frame[i], mac);
		l->window[i] = (struct iovec){ l->frame[i], FRAME };
		l->message[i].msg_hdr = (struct msghdr){ .msg_iov = &l->window[i],
							 .msg_iovlen = 1 };
	}
	return 0;
}

static void send_burst(struct load *l)
{
	int n;

	for (int i = 0; i < BURST; i++) {
		uint64_t flow = (l->sent + (uint64_t)i) % FLOWS;

		l->frame[i][34] = (uint8_t)(flow >> 8);
		l->frame[i][35] = (uint8_t)flow;
		l->frame[i][37] = 80;
	}
	n = sendmmsg(l->fd, l->message, BURST, 0);
	l->sent += n > 0 ? (uint64_t)n : 0;
}

static void send_all(struct load *l, uint64_t rate, uint64_t seconds)
{
	const struct timespec pause = { 0, 100000 };
	uint64_t begun = now_ns(), since;

	while ((since = now_ns() - begun) < seconds * NS_PER_S) {
		if (l->sent < since / 1000 * rate / 1000000)
			send_burst(l);
		else
			nanosleep(&pause, NULL);
	}
}

int main(int argc, char **argv)
{
	static struct load l;
	unsigned mac[6];
	uint8_t bytes[6];

	if (argc != 5 || sscanf(argv[2], "%x:%x:%x:%x:%x:%x", &mac[0], &mac[1], &mac[2], &mac[3],
				&mac[4], &mac[5]) != 6) {
		fprintf(stderr, "load INTERFACE MAC PACKETS-A-SECOND SECONDS\n");
		return 2;
	}
	for (int i = 0; i < 6; i++)
		bytes[i] = (uint8_t)mac[i];
	if (open_load(&l, argv[1], bytes) < 0) {
		perror("load");
		return 1;
	}
	send_all(&l, strtoull(argv[3], NULL, 10), strtoull(argv[4], NULL, 10));
	printf("%llu\n", (unsigned long long)l.sent);
	return 0;
}
