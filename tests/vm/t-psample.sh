#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Sampling by tc's action sample
# make: tests/linux/pick-psample
PICK=$O/tests/linux/pick-psample exec tests/linux/psample.sh
