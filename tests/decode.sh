#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# netmeta decode: what it prints of every own capture is JSON, and the records that there are
#   tests/decode.sh	(NETMETA=program to test another one than build/native/netmeta)
cd "$(dirname "$0")/.." || exit 1
. tests/verdict.sh
netmeta=${NETMETA:-build/native/netmeta}
[ "${NETMETA-}" ] || make -s > /dev/null || exit 1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

# records CAPTURE: how many it has by its own table that are traffic
records() {
	awk -F '\t' 'NR == 1 { for (i = NF; i && $i != "kind"; i--); next }
		!i || $i != "discard" { n++ }
		END { print n + 0 }' "${1%.pcap}.flows.tsv"
}

bad=
for capture in tests/data/nf*.pcap tests/data/ipfix-*.pcap tests/data/sflow-*.pcap; do
	"$netmeta" decode "$capture" > "$scratch/flows" 2> /dev/null || bad="$bad $capture:status"
	[ "$(grep -c '^{"Type":' "$scratch/flows")" = "$(records "$capture")" ] || bad="$bad $capture:flows"
	! grep -qv '^{"Type":' "$scratch/flows" || bad="$bad $capture:others"
	"$netmeta" decode --all "$capture" > "$scratch/all" 2> /dev/null || bad="$bad $capture:status"
	cat "$scratch/flows" "$scratch/all" >> "$scratch/lines"
	sed -n 's/^{"stream":"flows",/{/p' "$scratch/all" | cmp -s - "$scratch/flows" ||
		bad="$bad $capture:all"
done
[ ! "$bad" ] || echo "$bad"
[ ! "$bad" ]
verdict $? 'without --all flow records are printed, all of them and nothing else'

/usr/bin/python3 -c '
import json, sys
streams = set()
for line in sys.stdin:
    record = json.loads(line)
    assert isinstance(record["Words"], dict)
    streams.add(record.get("stream", ""))
assert streams == {"", "flows", "drops", "counters", "names", "events", "ledger"}, streams
' < "$scratch/lines"
verdict $? 'every line is JSON, and --all prints every stream'

"$netmeta" decode --all tests/data/nf9-orphans.pcap | grep '"stream":"ledger"' > "$scratch/ledger"
grep -q '"BytesNoTemplate":25,' "$scratch/ledger" && ! grep -q BytesParked "$scratch/ledger"
verdict $? 'what still waits for its template at the end has none, says the ledger'

"$netmeta" decode tests/data/sflow-drops.pcap > "$scratch/words"
grep -q '"TCPFlags":18,.*"Words":{.*"TCPFlags":"...A..S."' "$scratch/words" &&
	grep -q '"SamplingRate":"1 in 1000, by the record"' "$scratch/words"
verdict $? 'flags and rates are readable, and their numbers stay'

bad='' held=0
for capture in tests/data/nf*.pcap tests/data/ipfix-*.pcap tests/data/sflow-*.pcap; do
	"$netmeta" decode --explain "$capture" > "$scratch/explained" 2> /dev/null || bad="$bad $capture:status"
	places=$(tests/explained.py "$capture" < "$scratch/explained") || bad="$bad $capture"
	held=$((held + ${places:-0}))
	sed -n 's/^    record flows //p' "$scratch/explained" > "$scratch/records"
	"$netmeta" decode "$capture" 2> /dev/null | cmp -s - "$scratch/records" || bad="$bad $capture:records"
done
[ ! "$bad" ] || echo "$bad"
[ ! "$bad" ] && [ $held -gt 2000 ]
verdict $? "--explain shows bytes where they are, and makes the same records ($held places)"

"$netmeta" decode --al tests/data/nf5-plain.pcap > /dev/null 2>&1
[ $? = 2 ]
verdict $? 'an option that there is not is a wrong word'

sums
