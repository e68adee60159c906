#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# All shell scripts of the tree pass shellcheck, and dash can parse them.
cd "$(dirname "$0")/.." || exit 1
. tests/verdict.sh

for file in $(git ls-files --cached --others --exclude-standard); do
	[ -f "$file" ] || continue
	head -n 1 "$file" | grep -qE '^#!/bin/sh|^# shellcheck shell=' || continue
	shellcheck --external-sources "$file"
	verdict $? "shellcheck finds nothing in $file"
done
sums
