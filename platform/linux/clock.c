// SPDX-License-Identifier: Apache-2.0
/* The two clocks, and whether somebody (NTP, PTP, GPS) keeps the wall clock right. */
#include <sys/timex.h>
#include <time.h>

#include "platform/platform.h"

static int64_t read_clock(clockid_t which)
{
	struct timespec ts;

	clock_gettime(which, &ts);
	return ts.tv_sec * NM_NS_PER_S + ts.tv_nsec;
}

nm_time clock_now(void)
{
	return (nm_time){ read_clock(CLOCK_REALTIME) };
}

nm_mono clock_mono(void)
{
	return (nm_mono){ read_clock(CLOCK_BOOTTIME) };
}

bool clock_synchronised(void)
{
	struct timex state = { .modes = 0 };	/* only asks */

	return adjtimex(&state) >= 0 && !(state.status & STA_UNSYNC);
}
