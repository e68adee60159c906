/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Correct the agent's own times in encoded records. A router without a clock
 * boots in the past: it stamps the build date plus the time since boot, so that
 * each stamp already has its final width, and corrects it in place when it
 * learns the time. Only TimeReceived (tag 2, seconds) and TimeReceivedNs (tag
 * 110), which all messages share, come from our clock.
 */
#ifndef NM_REBASE_H
#define NM_REBASE_H

#include <stddef.h>
#include <stdint.h>

#include "core/when.h"

/*
 * `len` bytes of records, each a varint length and a message. It is `real` now
 * and the guess would be `guessed`. A stamp later than `guessed` has been
 * corrected before and stays; so does one whose width would change.
 */
void rebase_records(uint8_t *records, size_t len, nm_time guessed, nm_time real);

#endif
