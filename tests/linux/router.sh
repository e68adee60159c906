#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# An agent on a router, with every source
#
# router.py says what is tested. NETMETA= names another program.
set -u
cd "$(dirname "$0")/../.." || exit 1
if [ "$(id -u)" != 0 ]; then
	echo 'SKIP not root'
	echo '0 passed, 0 failed, 1 skipped'
	exit 0
fi
scripts/apt.sh build python3 iproute2 || exit 1
[ "${NETMETA-}" ] || make -s -j"$(nproc)" "$PWD"/build/native/netmeta || exit 1
exec /usr/bin/python3 tests/linux/router.py "$(realpath "${NETMETA:-build/native/netmeta}")" "$@"
