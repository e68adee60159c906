#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Sampling by tc's action sample
# make: tests/linux/pick-psample
[ "$VM_TESTS" != brief ] || set -- "a probe|a router's|flow offload"
PICK=$O/tests/linux/pick-psample exec tests/linux/psample.sh "$@"
