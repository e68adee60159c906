#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# the captures of tests/data are what make.py makes
exec /usr/bin/python3 -B "$(dirname "$0")/../data/make.py" --check
