#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The demo, twice: counted to the end, and ended by Ctrl-C. It leaves nothing behind.
cd "$(dirname "$0")/.." || exit 1
. tests/verdict.sh
if [ "$(id -u)" != 0 ]; then
	skip 'the demo makes network namespaces; not root'
	sums
	exit
fi
said=$(mktemp)
second=$(mktemp)
trap 'rm -f "$said" "$second"' EXIT
ports=$(/usr/bin/python3 -c 'import socket
with socket.create_server(("127.0.0.1", 0)) as a, socket.create_server(("127.0.0.1", 0)) as b:
    print("--https-port", a.getsockname()[1], "--http-port", b.getsockname()[1])')

# Every process that a demo starts inherits this.
LEFT_BY=tests-demo-$$
export LEFT_BY

# left_behind: processes of the demo, and its folder
left_behind() {
	env -u LEFT_BY grep -lsz "^LEFT_BY=$LEFT_BY\$" /proc/[0-9]*/environ |
		while IFS=/ read -r _ _ pid _; do
			echo "$pid $(tr '\0' ' ' < "/proc/$pid/cmdline")"
		done
	ls -d build/demo 2> /dev/null
}

# truth(sentence, file, command...): a verdict; if the command fails, what the file says is shown
truth() {
	sentence=$1 words=$2
	shift 2
	"$@" || { cat "$words"; false; }
	verdict $? "$sentence"
}
# await(command...): until it succeeds, as long as the demo runs
await() {
	until "$@" || ! kill -0 "$demo" 2> /dev/null; do
		sleep 0.1
	done
}
nothing_is_left() {
	left_behind > "$second"
	[ ! -s "$second" ]
}

# --- counted ---------------------------------------------------------------------------------
# shellcheck disable=SC2086 # words
scripts/demo.sh --once 12 $ports > "$said" 2>&1 &
demo=$!
await [ -e build/demo/netmeta.conf ]
# shellcheck disable=SC2086
scripts/demo.sh --once 1 $ports > "$second" 2>&1
truth 'a second demo beside it says that there is one' "$second" \
	grep -q 'another demo runs' "$second"
wait $demo
truth 'what nfcapd and sfcapd counted is stored, of v5, v9, IPFIX and sFlow' "$said" [ $? = 0 ]
sed -n '/  exporter  /,$p' "$said"
truth 'there is a picture' "$said" [ -s build/demo.png ]
truth 'the demo leaves nothing behind' "$second" nothing_is_left

# --- ended by Ctrl-C: timeout passes SIGINT on, which a shell's background process ignores -------
# shellcheck disable=SC2086
timeout 900 scripts/demo.sh $ports > "$said" 2>&1 &
demo=$!
await grep -q '/s   lag' "$said"
kill -INT $demo
wait $demo
truth 'Ctrl-C ends it in order' "$said" [ $? = 0 ]
truth 'after Ctrl-C there is the same account' "$said" grep -q 'the ledger closes' "$said"
truth 'after Ctrl-C nothing is left either' "$second" nothing_is_left
sums
