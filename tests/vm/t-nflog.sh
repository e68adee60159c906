#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Sampling by NFLOG on other kernels
# make: tests/linux/pick-nflog
PICK=$O/tests/linux/pick-nflog exec tests/linux/nflog.sh
