#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Interfaces and routes in this kernel, held against ip
#
# make: tests/linux/links
modprobe -q ipv6		# where it is a module, nobody else asks for it
exec /usr/bin/python3 tests/linux/netdevs.py "$O/tests/linux/links"
