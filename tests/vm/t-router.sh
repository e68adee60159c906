#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# An agent on a router, on other kernels: what this one may not have, or all with VM_TESTS=deep
case $VM_TESTS in
deep)  part='' ;;
brief) part='psample: software flow' ;;
*)     part='psample:' ;;
esac
exec /usr/bin/python3 tests/linux/router.py "$O/netmeta" "$part"
