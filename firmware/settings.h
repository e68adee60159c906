/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration as a verb gets it: from a file and the environment, faults told. */
#ifndef NM_SETTINGS_H
#define NM_SETTINGS_H

#include "core/conf.h"

/* Where it is looked for when no file is named; NULL: nowhere. */
const char *settings_default(void);

/*
 * Read `path` (NULL: settings_default(), or presets when there is none), lenient;
 * every finding goes to the log. Returns the first error.
 */
enum nm_err settings_read(const char *path, struct conf *conf) NM_MUST_CHECK;

/* The same of a file that must be there, strict; `found` is told, with `path` as its context. */
enum nm_err settings_check(const char *path, struct conf *conf, conf_found *found) NM_MUST_CHECK;

#endif
