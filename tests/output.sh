#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# output.sh [--golden] MAKE-ARGUMENT...: this output of make builds, fits where it must, and passes
# its tests, or those over captures alone.
set -eu
cd "$(dirname "$0")/.."
tests=check
if [ "${1-}" = --golden ]; then
	tests=golden
	shift
fi
make "$@" all
make "$@" size
make "$@" $tests
