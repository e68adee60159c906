#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The fast encoder of flows against nanopb, on more random records than each build has time for.
set -eu
cd "$(dirname "$0")/.."
make -s "$PWD/build/native/tests/t-encode_flow"
NETMETA_FLOWS=10000000 exec build/native/tests/t-encode_flow
