#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# the viewer's modules: macros, units, times, series, layout
cd "$(dirname "$0")" || exit 1
exec ./run macros.test.mjs variables.test.mjs units.test.mjs time.test.mjs series.test.mjs \
	layout.test.mjs dashboards.test.mjs
