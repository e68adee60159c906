#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The unit for systemd, as it is installed
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/verdict.sh
scripts/apt.sh build systemd python3 || exit 1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

make -s PREFIX="$scratch" ${O:+O="$O"} install > /dev/null || exit 1
unit=$scratch/lib/systemd/system/netmeta.service
# The manual has to be where man finds it, which is not asked of a scratch folder.
systemd-analyze verify --man=no "$unit" > "$scratch/said" 2>&1 && ! grep netmeta "$scratch/said"
verdict $? 'systemd finds no fault in it'
systemd-analyze security --offline=true --no-pager --threshold=25 "$unit" > "$scratch/said" 2>&1
status=$?
[ $status = 0 ] || cat "$scratch/said"
verdict $status 'what it may reach is little, says systemd'

# The same rights as on OpenWrt, and a stop that is longer than the longest drain_time.
value() {
	sed -n "s/^$1=//p" "$unit"
}
wanted=$(/usr/bin/python3 -c 'import json, sys
print(*json.load(open(sys.argv[1]))["ambient"])' openwrt/netmeta/files/netmeta.capabilities)
[ "$(value AmbientCapabilities)" = "$wanted" ] && [ "$(value CapabilityBoundingSet)" = "$wanted" ]
verdict $? 'it has the capabilities that the package of OpenWrt has'
longest=$(sed -n 's/^OPTION(agent,  drain_time,.*"\([0-9]*\)m", *"5s",.*/\1/p' core/option.def)
[ "$(value TimeoutStopSec)" -gt $((longest * 60)) ]
verdict $? 'it waits for the longest drain_time'
[ "$(value ExecStart)" = "$scratch/bin/netmeta run -c /etc/netmeta.conf" ] && [ -x "$scratch/bin/netmeta" ]
verdict $? 'it starts the program that was installed with it'
sums
