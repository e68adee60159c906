#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# float.sh OBJDUMP OBJECT...: the agent computes with integers only, for routers whose processor has
# no floating point. Reads objects of a MIPS build: no instruction of the FP unit (most of them have
# a format letter behind a dot), and no call of the compiler's helpers that stand in for it.
set -eu
objdump=$1
shift

"$objdump" -f "$1" | grep -q 'architecture: mips' || {
	echo '  FLOAT   only an object of MIPS shows it: make STATIC=1 CROSS_COMPILE=mips-linux-gnu- float'
	exit 1
}
findings=$("$objdump" -dr "$@" | awk -F '\t' '
	/:     file format/ { file = $1; sub(/:.*/, "", file) }
	/^[0-9a-f]+ <.*>:$/ { place = $1; sub(/^[0-9a-f]+ /, "", place) }
	$3 ~ /^([a-z0-9.]+\.[sdw]|[ls][wd]c1|[cm][tf]c1|m[tf]hc1|bc1[tf]l?|[ls][wdu]xc1)[ \t]*$/ ||
	$0 ~ /R_MIPS_.*\t__([a-z]*([sd]f|[sd]f[23])|fix[a-z]*|float[a-z]*|[a-z]+[sdt]f[0-9a-z]*)$/ {
		print "  " file " " place " " $3 ($3 == "" ? $NF : "") }' | sort -u)
if [ "$findings" ]; then
	echo "$findings"
	echo '  FLOAT   floating point (above)'
	exit 1
fi
echo '  FLOAT   none'
