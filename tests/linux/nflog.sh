#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Sampling by NFLOG: rules of nftables
#
# nflog.py says what is tested. PICK= names another program.
set -u
cd "$(dirname "$0")/../.." || exit 1
if [ "$(id -u)" != 0 ]; then
	echo 'SKIP not root'
	echo '0 passed, 0 failed, 1 skipped'
	exit 0
fi
scripts/apt.sh build python3 iproute2 nftables || exit 1
[ "${PICK-}" ] || make -s "$PWD"/build/native/tests/linux/pick-nflog || exit 1
exec /usr/bin/python3 tests/linux/nflog.py "$(realpath "${PICK:-build/native/tests/linux/pick-nflog}")" "$@"
