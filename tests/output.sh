#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# output.sh MAKE-ARGUMENT...: this output of make builds, fits where it must, and passes its tests.
set -eu
cd "$(dirname "$0")/.."
make "$@" all
make "$@" size
make "$@" check
