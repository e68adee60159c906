#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What is made from core/option.def (documents, default file) is what its script makes now.
cd "$(dirname "$0")/.." || exit 1
. tests/verdict.sh
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

scripts/config-doc.sh "$scratch"
verdict $? 'the generator runs'
for file in docs/CONFIGURATION.md packaging/netmeta.conf packaging/netmeta.conf.5 \
	openwrt/netmeta/files/netmeta.init; do
	diff -u "$file" "$scratch/$file"
	verdict $? "$file is what the generator makes"
done

# Not by the generator's own parser: the words of the rows, looked for in what was made.
options=$(sed -n 's/^OPTION([a-z]*, *\([a-z_]*\),.*/\1/p' core/option.def)
for option in $options; do
	grep -q "^| \`$option\` | [a-zA-Z0-9]" docs/CONFIGURATION.md &&
		grep -qE "^	#(option|list) $option '" packaging/netmeta.conf &&
		grep -q "^\.It Cm $option\$" packaging/netmeta.conf.5 &&
		grep -q "^		'$option:[a-z]" openwrt/netmeta/files/netmeta.init
	verdict $? "$option is explained in each of them"
done
sums
