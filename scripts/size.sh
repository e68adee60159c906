#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# size.sh READELF NETMETA [LIMIT]: how large the binary is. With a limit, which static outputs have,
# it may not be larger, nor need an interpreter (a program that says it is static may still do).
set -eu
readelf=$1 binary=$2 limit=${3:-}
bytes=$(wc -c < "$binary")

if [ ! "$limit" ]; then
	echo "  SIZE    $bytes bytes"
	exit 0
fi
if "$readelf" -lW "$binary" | grep -q INTERP; then
	echo '  SIZE    the binary is not static: it names an interpreter'
	exit 1
fi
echo "  SIZE    $bytes bytes of at most $limit, static"
[ "$bytes" -le "$limit" ]
