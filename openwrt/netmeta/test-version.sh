#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# For the feed's tests: test-version.sh PACKAGE VERSION. The plugin of rpcd has no version of its own.
case $1 in
netmeta | netmeta-static) netmeta --version | grep -F "netmeta $2" ;;
esac
