#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# the viewer in a browser, against the real stack
cd "$(dirname "$0")" || exit 1
../../scripts/apt.sh nodejs chromium fonts-dejavu-core || exit 1
exec ./run browser.test.mjs
