#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# make: tests/linux/pick-psample
exec /usr/bin/python3 tests/linux/psample.py "$O/tests/linux/pick-psample" "$@"
