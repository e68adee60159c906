// SPDX-License-Identifier: Apache-2.0
/*
 * A name for this machine that people recognise and that no other machine has: its host
 * name and eight hexadecimal digits made from what outlives a reboot and a new firmware.
 * That is /etc/machine-id, or on boxes without one the smallest MAC address of a real
 * network device. Neither is told as it is: machine-id(5) asks for a hash of it.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "platform/platform.h"

#define MAC_TEXT 18

static bool read_line(const char *path, char *at, size_t size)
{
	char why[NM_WHY];
	size_t len;

	if (file_read(path, at, size, &len, why))
		return false;
	at[strcspn(at, "\n")] = 0;
	return *at;
}

/* The smallest of them, so that the order of devices does not matter. */
static void board_mac(char mac[MAC_TEXT])
{
	char path[300], found[32];
	struct dirent *device;
	DIR *devices = opendir("/sys/class/net");

	*mac = 0;
	while (devices && (device = readdir(devices))) {
		/* Bridges, tunnels and virtual pairs have no device behind them. */
		snprintf(path, sizeof(path), "/sys/class/net/%s/device", device->d_name);
		if (device->d_name[0] == '.' || access(path, F_OK) < 0)
			continue;
		snprintf(path, sizeof(path), "/sys/class/net/%s/address", device->d_name);
		if (!read_line(path, found, sizeof(found)) || strlen(found) != MAC_TEXT - 1)
			continue;
		if (!*mac || strcmp(found, mac) < 0)
			memcpy(mac, found, MAC_TEXT);
	}
	if (devices)
		closedir(devices);
}

/* FNV-1a, 64 bits folded to 32. */
static uint32_t hash(const char *text)
{
	uint64_t h = 0xcbf29ce484222325;

	for (; *text; text++)
		h = (h ^ (uint8_t)*text) * 0x100000001b3;
	return (uint32_t)(h ^ h >> 32);
}

/* The first label of the host name, in characters that fit into any name. */
static void host_label(char *label, size_t size)
{
	static const char fine[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

	if (gethostname(label, size) < 0)
		*label = 0;
	label[size - 1] = 0;
	label[strcspn(label, ".")] = 0;
	for (char *p = label; *p; p++) {
		if (*p >= 'A' && *p <= 'Z')
			*p += 'a' - 'A';
		if (!strchr(fine, *p))
			*p = '-';
	}
	if (!*label)
		snprintf(label, size, "netmeta");
}

void machine_id(char id[64])
{
	char host[48], seed[64];

	host_label(host, sizeof(host));
	if (!read_line("/etc/machine-id", seed, sizeof(seed)))
		board_mac(seed);
	if (!*seed)
		snprintf(seed, sizeof(seed), "%s", host);
	snprintf(id, 64, "%s-%08x", host, (unsigned)hash(seed));
}
