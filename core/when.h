/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two kinds of time that cannot be mixed up: the wall clock, which may step,
 * and the monotonic clock that timers run on. Both are arguments everywhere;
 * core/ never asks for either. Also: RFC 3339 text, and the clock's sanity.
 */
#ifndef NM_WHEN_H
#define NM_WHEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NM_NS_PER_US 1000
#define NM_NS_PER_MS 1000000
#define NM_NS_PER_S  ((int64_t)1000000000)

typedef struct { int64_t ns; } nm_time;	/* since 1970, UTC; 0: absent */
typedef struct { int64_t ns; } nm_mono;	/* since boot, suspend included */

static inline nm_time time_of_s(int64_t s) { return (nm_time){ s * NM_NS_PER_S }; }
static inline nm_time time_plus(nm_time t, int64_t ns) { return (nm_time){ t.ns + ns }; }
static inline int64_t time_since(nm_time now, nm_time then) { return now.ns - then.ns; }
static inline nm_mono mono_plus(nm_mono t, int64_t ns) { return (nm_mono){ t.ns + ns }; }
static inline int64_t mono_since(nm_mono now, nm_mono then) { return now.ns - then.ns; }
static inline bool mono_reached(nm_mono now, nm_mono then) { return now.ns >= then.ns; }
static inline nm_mono mono_first(nm_mono a, nm_mono b) { return a.ns < b.ns ? a : b; }

#define NM_MONO_NEVER ((nm_mono){ INT64_MAX })

/* "2026-11-25T01:35:34.000000000Z"; room for NM_TIME_TEXT bytes. Returns `text`. */
#define NM_TIME_TEXT 31
char *time_text(nm_time t, char text[NM_TIME_TEXT]);

#endif
