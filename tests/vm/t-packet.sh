#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Sampling by packet sockets on other kernels
# make: tests/linux/pick-packet
PICK=$O/tests/linux/pick-packet exec tests/linux/packet.sh
