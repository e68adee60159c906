#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Action sample beside others, and left-overs
# make: tests/linux/pick-psample
PICK=$O/tests/linux/pick-psample exec tests/linux/psample-life.sh
