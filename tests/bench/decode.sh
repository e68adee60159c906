#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What decoding a record costs, in time and (with valgrind there) in instructions.
#   tests/bench/decode.sh [O=FOLDER]
set -eu
cd "$(dirname "$0")/../.."
out=build/native
case ${1:-} in O=*) out=${1#O=} ;; esac
make -s O="$out" "$(realpath -m "$out")/tests/bench/decode"
program=$out/tests/bench/decode

# instructions ROUNDS KIND: of the whole program
instructions() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$2" "$1" 2>&1 |
		sed -n 's/.*Collected : //p'
}

for kind in v5 v9 ipfix dual names; do
	"$program" $kind 2000 > /dev/null		# warm
	best=
	for _ in 1 2 3 4 5; do
		ps=$("$program" $kind 20000 | sed 's/.* \([0-9]*\) ps.*/\1/')
		[ "$best" ] && [ "$best" -le "$ps" ] || best=$ps
	done
	printf '%-6s %4d.%d ns/record' $kind $((best / 1000)) $((best % 1000 / 100))
	if command -v valgrind > /dev/null; then
		per=$("$program" $kind 1 | cut -d ' ' -f 1)
		printf ' %5d instructions/record' \
			$((($(instructions 200 $kind) - $(instructions 100 $kind)) / 100 / per))
	fi
	echo
done
