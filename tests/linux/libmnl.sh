#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every libmnl there is, and ours, do the same
#
# The same tests of netlink with our own code, with Debian's library linked in, and with the shared
# one of this machine; what --version says of each.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/verdict.sh
scripts/apt.sh build pkg-config libmnl-dev || exit 1
programs='t-mnl t-nl t-nl_attr t-rtnl t-nflog_read t-psample_read'
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# same PROVIDER WORDS MAKE-ARGUMENT...: all programs pass, and the version says the words
same() {
	provider=$1 words=$2
	shift 2
	output=$PWD/build/check/libmnl-$provider${1:+-static}
	made=
	for program in $programs; do
		made="$made $output/tests/linux/$program"
	done
	# shellcheck disable=SC2086 # a list
	make "$@" O="$output" LIBMNL="$provider" $made > "$log" 2>&1 &&
		scripts/unit.sh '' $made > "$log" 2>&1
	status=$?
	[ $status = 0 ] || tail -n 20 "$log"
	verdict $status "libmnl of $provider${1:+, static}"
	grep -q "^#define NM_LIBRARIES .*, $words\"" "$output/include/generated/version.h"
	verdict $? "and --version says it"
}

same own 'libmnl: own'
same own 'libmnl: own' STATIC=1
same debian 'libmnl 1\.[0-9.]*'
same debian 'libmnl 1\.[0-9.]*' STATIC=1
same pkg "libmnl $(pkg-config --modversion libmnl)"
readelf -d build/check/libmnl-pkg/tests/linux/t-mnl | grep -q 'NEEDED.*libmnl\.so'
verdict $? 'the one of pkg-config is shared'
! readelf -s build/check/libmnl-pkg/tests/linux/t-mnl | grep -q 'FUNC.*GLOBAL.*[0-9] mnl_attr_put_check'
verdict $? 'and ours is not beside it'
sums
