#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# configuration.sh [--build] NAME: netmeta builds with these features, and its unit tests pass
# unless it is only to be built. NAME is all-on, all-off, no-FEATURE or a file of configs/; --list
# names them all.
set -eu
cd "$(dirname "$0")/.."
output=build/check/configuration		# one for all, so that mbedTLS is compiled once
features=$(sed -n 's/^config //p' Kconfig)

if [ "$1" = --list ]; then
	for feature in $features; do echo "no-$feature"; done
	echo all-on all-off
	ls configs
	exit
fi

goals='all check'
if [ "$1" = --build ]; then
	goals=all
	shift
fi

answers() {
	case $1 in
	all-on)  for feature in $features; do echo "CONFIG_$feature=y"; done ;;
	all-off) for feature in $features; do
			[ "$feature" = PLATFORM_LINUX ] || echo "# CONFIG_$feature is not set"
		 done ;;
	no-*)    echo "# CONFIG_${1#no-} is not set" ;;
	*)       cat "configs/$1" ;;
	esac
}

mkdir -p "$output"
answers "$1" > "$output/.config"
make O="$output" olddefconfig
cat "$output/.config"
for goal in $goals; do
	make O="$output" "$goal"
done
