#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# version.sh LIBC MBEDTLS NANOPB LZ4 ZLIB LIBMNL: writes generated/version.h, what `netmeta --version`
# tells. The last three may be empty: not built in. LIBMNL comes with its name.
# The build epoch is the earliest time that can be now: the agent judges an unset clock by it.
# It comes from SOURCE_DATE_EPOCH, else from the last commit, else it is the start of today.
set -eu
cd "$(dirname "$0")/.."

# A release may lie inside of another repository, whose commits are not ours.
GIT_CEILING_DIRECTORIES=$(dirname "$PWD")
export GIT_CEILING_DIRECTORIES

version=$(cat VERSION)
if commit=$(git rev-parse --short HEAD 2> /dev/null); then
	git describe --exact-match --match "v$version" HEAD > /dev/null 2>&1 ||
		version=$version-g$commit
	git diff --quiet HEAD 2> /dev/null || version=$version-modified
fi
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2> /dev/null || true)}
now=$(date +%s)
epoch=${epoch:-$((now - now % 86400))}
libc=${1:-$(getconf GNU_LIBC_VERSION 2> /dev/null || echo 'C library of the system')}

cat << END
/* SPDX-License-Identifier: Apache-2.0 */
/* Made by scripts/version.sh. */
#ifndef NM_GENERATED_VERSION_H
#define NM_GENERATED_VERSION_H

#define NM_VERSION         "$version"
#define NM_BUILD_EPOCH     ${epoch}LL	/* seconds since 1970 */
#define NM_LIBRARIES       "$libc, mbedTLS $2, nanopb $3${4:+, LZ4 $4}${5:+, zlib $5}${6:+, $6}"

#endif
END
