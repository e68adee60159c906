#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# config-doc.sh [FOLDER]: makes what is made from core/option.def, in the source tree or a FOLDER:
# the tables of docs/CONFIGURATION.md, the lists of packaging/netmeta.conf.5, packaging/netmeta.conf,
# the validation in OpenWrt's init script.
set -eu
top=$(dirname "$(dirname "$(realpath "$0")")")
to=${1:-$top}
table=$top/core/option.def

made() {		# file, script, what it reads besides the table
	file=$1 script=$2
	shift 2
	mkdir -p "$to/$(dirname "$file")"
	awk -f "$top/scripts/option-def.awk" -f "$top/scripts/$script" "$table" "$@" > "$to/$file.new"
	mv "$to/$file.new" "$to/$file"
}

made docs/CONFIGURATION.md      config-doc.awk  "$top/docs/CONFIGURATION.md"
made packaging/netmeta.conf.5   config-doc.awk  "$top/packaging/netmeta.conf.5"
made packaging/netmeta.conf     config-file.awk
made openwrt/netmeta/files/netmeta.init config-validate.awk \
	"$top/openwrt/netmeta/files/netmeta.init"
