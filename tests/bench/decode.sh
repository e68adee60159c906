#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What decoding a record, and dissecting a packet, costs: in time and (with valgrind there) in
# instructions.
#   tests/bench/decode.sh [O=FOLDER]
set -eu
cd "$(dirname "$0")/../.."
out=build/native
case ${1:-} in O=*) out=${1#O=} ;; esac
programs=$(realpath -m "$out")/tests/bench
make -s O="$out" "$programs/decode" "$programs/dissect"

# instructions ROUNDS PROGRAM KIND: of the whole program
instructions() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$2" "$3" "$1" 2>&1 |
		sed -n 's/.*Collected : //p'
}

# measure PROGRAM KIND WHAT: a WHAT of this kind
measure() {
	"$1" "$2" 2000 > /dev/null		# warm
	best=
	for _ in 1 2 3 4 5; do
		ps=$("$1" "$2" 20000 | sed 's/.* \([0-9]*\) ps.*/\1/')
		[ "$best" ] && [ "$best" -le "$ps" ] || best=$ps
	done
	printf '%-6s %4d.%d ns/%s' "$2" $((best / 1000)) $((best % 1000 / 100)) "$3"
	if command -v valgrind > /dev/null; then
		per=$("$1" "$2" 1 | cut -d ' ' -f 1)
		printf ' %5d instructions/%s' \
			$((($(instructions 200 "$1" "$2") - $(instructions 100 "$1" "$2")) / 100 / per)) "$3"
	fi
	echo
}

for kind in v5 v9 ipfix dual names; do
	measure "$programs/decode" $kind record
done
for kind in tcp4 tcp6 qinq udp4 vxlan; do
	measure "$programs/dissect" $kind packet
done
