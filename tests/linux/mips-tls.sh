#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The same by the static big-endian program, on a MIPS 24Kc
#
# The emulated processor has no floating-point unit: one such instruction ends the program.
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
run='qemu-mips-static -cpu 24Kc'

if ! "$top/scripts/apt.sh" build mips; then
	echo 'SKIP no MIPS compiler or no emulator'
	echo '0 passed, 0 failed, 1 skipped'
	exit 0
fi
output=${O:-$top/build/mips-linux-musl}
make -s -C "$top" STATIC=1 CROSS_COMPILE=mips-linux-gnu- O="$output" \
	"$output/tests/linux/client" || exit 1
CLIENT="$run $output/tests/linux/client" exec "$here/tls.sh"
