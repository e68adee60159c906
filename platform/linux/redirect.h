/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Does tc take packets away here (action mirred, to redirect)? SQM does, by way of an ifb. Such a
 * packet passes nftables' hook neither where it came in nor, when it comes back, where it goes out:
 * the kernel marks it as one that has been there.
 */
#ifndef NM_LINUX_REDIRECT_H
#define NM_LINUX_REDIRECT_H

#include <stdbool.h>

/* Of this network namespace; needs no right. A kernel that cannot be asked has none. */
bool tc_redirects(void);

#endif
