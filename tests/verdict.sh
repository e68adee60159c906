# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
# For tests written in shell: . tests/verdict.sh, then a verdict a test, and sums as the last thing.
passed=0 failed=0 skipped=0

# verdict STATUS SENTENCE: the sentence is true if the status is 0
verdict() {
	if [ "$1" = 0 ]; then
		passed=$((passed + 1))
		echo "ok   $2"
	else
		failed=$((failed + 1))
		echo "FAIL $2"
	fi
}

# skip REASON: one test cannot be run here; tests/SKIPS must list the reason
skip() {
	skipped=$((skipped + 1))
	echo "SKIP $1"
}

# The last line; the status for `exit`.
sums() {
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" = 0 ]
}
