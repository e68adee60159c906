// SPDX-License-Identifier: Apache-2.0
/*
 * An exporter that sends as fast as it is told, over loopback, and says what it has sent.
 *	generate KIND PORT RATE RECORDS
 * RATE is in records a second, 0 as fast as it goes. The datagrams are made beforehand and sent in
 * a circle that is longer than any collector's compression looks back; their sequence numbers go
 * on. Who falls behind because the machine was busy does not hurry afterwards: a burst would
 * measure the machine and not the collector.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>

#include "tests/bench/traffic.h"

#define CIRCLE    2048
#define BATCH     16			/* datagrams a system call, at the most */
#define SECOND_NS 1000000000ull
#define LATE_NS   (SECOND_NS / 100)
#define LEARN_NS  (SECOND_NS / 5)	/* for a template to be heard before its data */

static struct traffic traffic;
static struct traffic_datagram circle[CIRCLE];
static uint64_t sent_bytes;

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * SECOND_NS + (uint64_t)t.tv_nsec;
}

static void sleep_until(uint64_t ns)
{
	struct timespec t = { (time_t)(ns / SECOND_NS), (long)(ns % SECOND_NS) };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

static int open_socket(uint16_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port),
				  .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0) {
		perror("generate: socket");
		exit(1);
	}
	return fd;
}

static void send_template(int fd)
{
	struct traffic_datagram d;

	if (!traffic_template(&traffic, &d))
		return;
	if (send(fd, d.bytes, d.len, 0) < 0) {
		perror("generate: template");
		exit(1);
	}
	sleep_until(now_ns() + LEARN_NS);
}

/* Numbered `first` and on; they stand in the circle one behind the other, or at its begin again. */
static void send_batch(int fd, uint32_t first, unsigned n, uint32_t second)
{
	struct mmsghdr message[BATCH] = { 0 };
	struct iovec part[BATCH];
	unsigned done = 0;

	for (unsigned i = 0; i < n; i++) {
		struct traffic_datagram *d = &circle[(first + i) % CIRCLE];

		traffic_number(&traffic, d, first + i, second);
		part[i] = (struct iovec){ d->bytes, d->len };
		message[i].msg_hdr = (struct msghdr){ .msg_iov = &part[i], .msg_iovlen = 1 };
		sent_bytes += d->len;
	}
	while (done < n) {
		int sent = sendmmsg(fd, message + done, n - done, 0);

		if (sent < 0) {
			perror("generate: send");
			exit(1);
		}
		done += (unsigned)sent;
	}
}

/* When the datagram number `before` is due; the schedule moves on when we are late. */
static void pace(uint64_t *begun, uint64_t before, uint64_t rate)
{
	uint64_t due = *begun + before * traffic.kind->records * SECOND_NS / rate, now = now_ns();

	if (now < due)
		sleep_until(due);
	else if (now - due > LATE_NS)
		*begun += now - due;
}

/* So many datagrams at once as are due in a millisecond. */
static unsigned batch_of(uint64_t rate)
{
	uint64_t n = rate / traffic.kind->records / 1000;

	return !rate || n > BATCH ? BATCH : n ? (unsigned)n : 1;
}

static void run(int fd, uint64_t rate, uint64_t datagrams)
{
	unsigned most = batch_of(rate);
	uint64_t begun = now_ns(), first = begun, took;

	for (uint64_t sent = 0; sent < datagrams; sent += most) {
		unsigned n = datagrams - sent < most ? (unsigned)(datagrams - sent) : most;

		if (rate)
			pace(&begun, sent, rate);
		send_batch(fd, (uint32_t)sent, n, (uint32_t)time(NULL));
	}
	took = now_ns() - first;
	printf("{\"records\": %llu, \"datagrams\": %llu, \"bytes\": %llu, \"ns\": %llu}\n",
	       (unsigned long long)(datagrams * traffic.kind->records),
	       (unsigned long long)datagrams, (unsigned long long)sent_bytes,
	       (unsigned long long)(took ? took : 1));
}

int main(int argc, char **argv)
{
	const struct traffic_kind *kind = argc == 5 ? traffic_kind(argv[1]) : NULL;
	uint64_t records = argc == 5 ? strtoull(argv[4], NULL, 10) : 0;
	int fd;

	if (!kind || !records) {
		fprintf(stderr, "generate KIND PORT RATE RECORDS\nkinds: %s\n", traffic_names());
		return 2;
	}
	prctl(PR_SET_TIMERSLACK, 1);
	traffic = traffic_of(kind, (uint64_t)time(NULL) * 1000);
	for (unsigned i = 0; i < CIRCLE; i++)
		traffic_next(&traffic, &circle[i]);
	fd = open_socket((uint16_t)strtoul(argv[2], NULL, 10));
	send_template(fd);
	run(fd, strtoull(argv[3], NULL, 10), (records + kind->records - 1) / kind->records);
	return 0;
}
