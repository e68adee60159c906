#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs test files with Node's own runner and sums up as all our tests do.
#   tests/view/run.sh FILE...
set -u
command -v node > /dev/null || "$(dirname "$0")/../../scripts/apt.sh" nodejs || exit 1

# In TAP a failure's details follow it, up to a line with three points.
NODE_NO_WARNINGS=1 node --test --test-reporter=tap "$@" 2>&1 | awk '
	/^# (pass|fail|cancelled|skipped) / { count[$2] = $3; next }
	/^# (Subtest|tests|suites|todo|duration_ms)/ { next }
	/^# /                               { print }
	/^ *ok .* # SKIP/                   { sub(/^.*# SKIP/, "SKIP"); print }
	/^ *not ok /                        { detail = 1 }
	detail                              { print }
	/^ *\.\.\.$/                        { detail = 0 }
	END {
		failed = count["fail"] + count["cancelled"]
		if (count["pass"] + failed + count["skipped"] == 0)
			failed = 1
		printf "%d passed, %d failed, %d skipped\n", count["pass"], failed, count["skipped"]
		exit failed > 0
	}'
