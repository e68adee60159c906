#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Interfaces and routes, held against ip
#
# netdevs.py says what is tested. LINKS= names another program.
set -u
cd "$(dirname "$0")/../.." || exit 1
if [ "$(id -u)" != 0 ]; then
	echo 'SKIP not root'
	echo '0 passed, 0 failed, 1 skipped'
	exit 0
fi
scripts/apt.sh build python3 iproute2 || exit 1
[ "${LINKS-}" ] || make -s "$PWD"/build/native/tests/linux/links || exit 1
exec /usr/bin/python3 tests/linux/netdevs.py \
	"$(realpath "${LINKS:-build/native/tests/linux/links}")" "$@"
