#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Action sample beside others, and left-overs
#
# life.py says what is tested. PICK= names another program.
set -u
cd "$(dirname "$0")/../.." || exit 1
if [ "$(id -u)" != 0 ]; then
	echo 'SKIP not root'
	echo '0 passed, 0 failed, 1 skipped'
	exit 0
fi
scripts/apt.sh build python3 iproute2 util-linux || exit 1
[ "${PICK-}" ] || make -s "$PWD"/build/native/tests/linux/pick-psample || exit 1
exec /usr/bin/python3 tests/linux/life.py \
	"$(realpath "${PICK:-build/native/tests/linux/pick-psample}")" psample "$@"
