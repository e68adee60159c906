#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# An agent on a router, on other kernels: what this one may not have, or all with NETMETA_VM=deep
part='psample:'
[ "${NETMETA_VM-}" != deep ] || part=
exec /usr/bin/python3 tests/linux/router.py "$O/netmeta" "$part"
