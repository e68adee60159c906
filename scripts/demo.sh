#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Shows NetMeta at work on one machine: builds it, starts ClickHouse, makes a small network with
# real traffic and real exporters, and tells where to look. Until Ctrl-C; then nothing is left.
#   scripts/demo.sh [--once SECONDS] [--screenshot FILE.png] [--https-port N] [--http-port N]
#	--once        ends after so long, with exit status 0 only if every record that a witness
#	              (nfcapd, sfcapd) counted from the same datagrams is stored, for each exporter
#	--screenshot  pictures of the page at the end (with --once: build/demo.png, demo-interfaces.png)
#	--https-port  where the page is (8443)
#	--http-port   the same without TLS, for this machine only (8123)
set -eu
cd "$(dirname "$0")/.."

usage() {
	sed -n '5,10s/^# \{0,1\}//p' scripts/demo.sh
	exit 2
}

once='' screenshot='' https_port=8443 http_port=8123
while [ $# -gt 0 ]; do
	[ $# -gt 1 ] || usage
	case $1 in
	--once)       once=$2 ;;
	--screenshot) screenshot=$2 ;;
	--https-port) https_port=$2 ;;
	--http-port)  http_port=$2 ;;
	*)            usage ;;
	esac
	shift 2
done
case $once$https_port$http_port in *[!0-9]*) usage ;; esac
[ ! "$once" ] || screenshot=${screenshot:-build/demo.png}

work=$PWD/build/demo		# all of this demo, deleted at its end
stack=$work/stack
netmeta=build/x86_64-linux-musl/netmeta
. scripts/demo/steps.sh
. scripts/demo/network.sh
. scripts/demo/chain.sh

# --- ending ------------------------------------------------------------------------------------
# The logs of a demo that failed stay until the next one. A step that was interrupted has failed as
# well, and the shell may see that first; so it is not believed before a signal could be heard.
ending='' interrupted=''
interrupt() {
	interrupted=y
	[ "$ending" ] || exit 130
}
clean_up() {
	trap '' INT TERM HUP
	if [ "$interrupted" ]; then
		echo "  interrupted" >&3
	elif [ "$1" != 0 ]; then
		failed_step
	fi
	# shellcheck disable=SC2086 # a list
	stop $pids
	[ ! -e "$stack/settings.json" ] ||
		stack/netmeta-stack down --delete --dir "$stack" >> "$work/log/steps.log" 2>&1 || true
	if [ "$1" = 0 ] || [ "$interrupted" ]; then
		rm -rf "$work"
	else
		rm -rf "$work/run" "$work/witness"
		echo "  the logs are in $work/log" >&3
	fi
}

# One at a time: what another one left that was killed is cleared away first.
mkdir -p build
exec 9< build
flock -n 9 || { echo 'demo.sh: another demo runs in this folder' >&2; exit 1; }
[ "$(id -u)" = 0 ] || { echo 'demo.sh: makes network namespaces, so it must be root' >&2; exit 1; }
[ ! -e "$stack/settings.json" ] || stack/netmeta-stack down --delete --dir "$stack" || true
for port in "--https-port $https_port" "--http-port $http_port"; do
	grep -qE ":$(printf %04X "${port#* }") .* 0A " /proc/net/tcp /proc/net/tcp6 || continue
	echo "demo.sh: port ${port#* } is taken, by another demo perhaps: choose one with ${port% *}" >&2
	exit 1
done
rm -rf "$work"
mkdir -p "$work/log" "$work/run" "$work/witness"
begun=$(date +%s)
trap 'status=$?; ending=y; clean_up $status' EXIT
trap interrupt INT TERM HUP

# --- the demo ------------------------------------------------------------------------------------
echo 'NetMeta, from routers to a picture:'
step 'packages that are missing'                        provide_packages
step 'the static binary'                                make -j"$(nproc)" STATIC=1
step 'ClickHouse with TLS, tables and the page'         start_stack
step 'a network: four client networks, router, servers' make_network
step 'netmeta, and beside it nfcapd and sfcapd'         start_collectors
step 'another netmeta on the router, sampling its ports'  start_router
step 'exporters: softflowd v5, v9, IPFIX; pmacctd sFlow' start_exporters
step 'traffic: web, DNS, mail, ICMP; IPv4 and IPv6'     start_traffic
cat <<END_OF_TEXT

  The page:   http://127.0.0.1:$http_port/view/
  with TLS:   https://127.0.0.1:$https_port/, by an authority of the demo's own
  The agent:  $netmeta status -c build/demo/netmeta.conf

END_OF_TEXT
watch_live
[ ! "$screenshot" ] || step "a picture of the page: $screenshot" take_picture
step 'end of the traffic; the last flows are exported'  stop_exporters
step 'netmeta has delivered everything'                 stop_collectors
echo
account
echo "  $(($(date +%s) - begun)) seconds in all"
