// SPDX-License-Identifier: Apache-2.0
/* Clocks, chance, the log and the one file of the simulated machine. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "platform/sim/sim_private.h"

static struct sim *here;

struct sim *sim_here(void)
{
	return here;
}

void sim_use(struct sim *sim)
{
	here = sim;
	sim_forget_link();
}

void sim_advance(int64_t ns)
{
	here->mono = mono_plus(here->mono, ns);
	here->time = time_plus(here->time, ns);
}

nm_time clock_now(void)
{
	return here->time;
}

nm_mono clock_mono(void)
{
	return here->mono;
}

bool clock_synchronised(void)
{
	return here->synchronised;
}

void random_fill(void *at, size_t len)
{
	for (uint8_t *p = at; len--; p++) {
		here->chance = here->chance * 1664525 + 1013904223;
		*p = (uint8_t)(here->chance >> 24);
	}
}

void log_level(enum conf_log level)
{
	(void)level;
}

void log_line(enum conf_log level, const char *format, ...)
{
	va_list args;

	here->warnings += level <= CONF_LOG_WARN;
	if (!here->prints_log)
		return;
	printf("    %6lld ms  ", (long long)(here->mono.ns / NM_NS_PER_MS));
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

enum nm_err file_read(const char *path, char *at, size_t size, size_t *len, char why[NM_WHY])
{
	*len = strlen(here->file);
	if (*len >= size) {
		snprintf(why, NM_WHY, "%s is too long", path);
		return NM_FULL;
	}
	memcpy(at, here->file, *len + 1);
	return NM_OK;
}
