#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# unit.sh RUNNER TEST...: runs test programs, by way of RUNNER if that is not empty, shows what they
# say besides their sums, and sums up. A program that ends without its sums counts as one failure.
runner=$1
shift
passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

for program; do
	name=$(basename "$program")
	echo "  TEST    $name"
	# shellcheck disable=SC2086 # a command with arguments
	$runner "$program" > "$log" 2>&1
	status=$?
	sums=$(tail -n 1 "$log" | grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$')
	if [ "$sums" ]; then
		sed '$d' "$log"
		read -r p _ f _ s _ <<-END
			$sums
		END
		[ $status = 0 ] || [ "$f" != 0 ] || f=1
	else
		cat "$log"
		p=0 f=1 s=0
	fi
	[ "$f" = 0 ] || echo "FAIL $name (exit status $status)"
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
