#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The captures of tests/bent.c under the sanitizers; NETMETA_BENT=all: with all values of a byte.
set -eu
cd "$(dirname "$0")/.."
make -s SAN=1 "$PWD/build/san/tests/bent"
build/san/tests/bent
