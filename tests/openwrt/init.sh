#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# OpenWrt: what the init script asks of procd
#
# Each file of cases/ has parts that begin with `=== NAME`: netmeta, network, firewall (UCI files),
# devices, rules, remove (files that are not there), action, and calls: what is expected to be called.
# Parts that are left out are those of cases/preset. --update writes anew what is expected.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/verdict.sh
. tests/openwrt/router.sh
[ "$(id -u)" = 0 ] || { skip 'not root: a root folder cannot be made'; sums; exit; }
scripts/apt.sh busybox-static || exit 1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
root=$scratch/root

has_part() {
	grep -q "^=== $2\$" "$1"
}

# part_or_preset CASE NAME
part_or_preset() {
	if has_part "$1" "$2"; then
		part "$1" "$2"
	else
		part tests/openwrt/cases/preset "$2"
	fi
}

# All that could be in flash: names, modes, owners and contents.
flash() (
	cd "$root" || exit 1
	find . \( -path ./var -o -path ./dev \) -prune -o -printf '%p %m %u %l\n' | sort
	find . \( -path ./var -o -path ./dev \) -prune -o -type f -print0 | sort -z | xargs -0 md5sum
)

run_case() {
	case=$1
	router_make "$root"
	for name in netmeta network firewall; do
		part_or_preset "$case" $name > "$root/etc/config/$name"
	done
	for name in devices rules; do
		part_or_preset "$case" $name > "$root/stand_in/$name"
	done
	for name in $(part "$case" remove); do
		rm "$root/$name"
	done
	flash > "$scratch/before"
	chroot "$root" /etc/init.d/netmeta "$(part_or_preset "$case" action)" > "$scratch/calls" 2>&1
	flash > "$scratch/after"
}

for case in tests/openwrt/cases/*.case; do
	name=$(basename "$case" .case)
	run_case "$case"
	if [ "${1-}" = --update ]; then
		{ sed '/^=== calls$/,$d' "$case"; echo '=== calls'; cat "$scratch/calls"; } > "$case.new"
		mv "$case.new" "$case"
	fi
	part "$case" calls | diff -u - "$scratch/calls"
	verdict $? "$name: $(sed -n '1s/^# *//p' "$case")"
	diff "$scratch/before" "$scratch/after"
	verdict $? "$name: nothing is written outside of /var"
done

# The agent's own folder, as the last case that starts has made it.
run_case tests/openwrt/cases/router.case
[ "$(stat -c '%a %u' "$root/var/run/netmeta")" = '750 411' ]
verdict $? 'the folder in memory belongs to the user netmeta'
[ "$(cd "$root/var" && find . ! -type d)" = '' ]
verdict $? 'nothing is in it yet'
sums
