#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# netmeta replay: a capture goes through the whole chain once, whatever the uplink does
#   tests/replay.sh	(NETMETA=program to test another one than build/native/netmeta)
set -u
cd "$(dirname "$0")/.." || exit 1
netmeta=${NETMETA:-build/native/netmeta}
[ "${NETMETA-}" ] || make -s > /dev/null || exit 1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 755 "$scratch"		# the loop's user reads in it
passed=0 failed=0

check() {
	name=$1
	shift
	if "$@"; then
		echo "ok   $name"
		passed=$((passed + 1))
	else
		echo "FAIL $name"
		failed=$((failed + 1))
	fi
}

# Nobody listens on the discard port: everything stays in the spool.
cat > "$scratch/conf" << END
config agent
	option spool '$scratch/spool/file'
	option spool_size '2M'
	option control ''
	option drain_time '1s'
config uplink 'nobody'
	option url 'https://127.0.0.1:9/'
END

capture=tests/data/nf5-plain.pcap
datagrams=$(awk '$1 == "Datagrams" { print $2 }' tests/data/nf5-plain.counts.tsv)
timeout 20 "$netmeta" replay -c "$scratch/conf" "$capture" > "$scratch/out" 2> "$scratch/log"
status=$?
check 'records that wait are a failure' [ $status = 1 ]
check 'the capture is replayed once' [ "$(grep -c "^$datagrams datagrams replayed" "$scratch/out")" = 1 ]
check 'what waits is told' grep -q 'wait in the spool' "$scratch/out"
check 'the loop is not started again' sh -c "! grep -q supervisor '$scratch/log'"

timeout 20 "$netmeta" replay -c "$scratch/conf" tests/data/nf9-samplers.pcap > "$scratch/out" 2> "$scratch/log"
check 'another sampling rate is told once' [ "$(grep -c 'sampler 1 samples 1 in 200, before 1 in 100' "$scratch/log")" = 1 ]

timeout 20 "$netmeta" replay -c "$scratch/conf" "$scratch/conf" > "$scratch/out" 2> "$scratch/log"
check 'a file that is no capture is refused in words' [ $? = 1 ]
timeout 20 "$netmeta" replay -c "$scratch/conf" --speed 0 "$capture" > "$scratch/out" 2> "$scratch/log"
check 'a speed of nothing is a wrong word' [ $? = 2 ]

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
