#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# OpenWrt: both packages, built by their Makefile
#
# sdk/ stands for OpenWrt's build system, musl for its C library. The libraries of its staging folder
# are made here, Mbed TLS in its own configuration.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/verdict.sh
scripts/apt.sh build pkg-config || exit 1
scripts/deps.sh > /dev/null 2>&1 || exit 1
ls build/deps/x86_64-linux-musl-*/lib/libc.a > /dev/null 2>&1 || make -s STATIC=1 > /dev/null || exit 1
unset WERROR
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
top=$PWD
deps=$top/build/deps

staging=$scratch/staging
cc="gcc -specs $(echo "$deps"/x86_64-linux-musl-*/lib/musl-gcc.specs) -fno-pie -no-pie"

# library NAME VERSION OBJECT...: as a package of OpenWrt leaves it for others
library() {
	name=$1 of=$2
	shift 2
	ar -rc "$staging/lib/lib$name.a" "$@"
	printf 'Name: %s\nDescription: staged\nVersion: %s\nCflags: -I%s\nLibs: -L%s -l%s\n' "$name" \
		"$of" "$staging/include" "$staging/lib" "$name" > "$staging/lib/pkgconfig/$name.pc"
}

stage() {
	mbedtls=$(echo "$deps"/mbedtls-3*) lz4=$(echo "$deps"/lz4-*)
	mkdir -p "$staging/lib/pkgconfig" "$scratch/mbedtls" "$scratch/lz4"
	cp -r "$mbedtls/include" "$staging/include"
	cp "$lz4/lib/lz4.h" "$staging/include"
	# shellcheck disable=SC2086 # the compiler's words
	(cd "$scratch/mbedtls" && printf '%s\n' "$mbedtls"/library/*.c |
		xargs -n 8 -P "$(nproc)" $cc -w -I "$staging/include" -c)
	# shellcheck disable=SC2086
	(cd "$scratch/lz4" && $cc -w -c "$lz4/lib/lz4.c")
	library mbedtls "${mbedtls##*-}" "$scratch"/mbedtls/*.o
	cp "$staging/lib/pkgconfig/mbedtls.pc" "$staging/lib/pkgconfig/mbedx509.pc"
	cp "$staging/lib/pkgconfig/mbedtls.pc" "$staging/lib/pkgconfig/mbedcrypto.pc"
	library lz4 "${lz4##*-}" "$scratch/lz4/lz4.o"
	mv "$staging/lib/pkgconfig/lz4.pc" "$staging/lib/pkgconfig/liblz4.pc"
	# Who it is from does not matter here.
	cp -r platform/linux/mnl/libmnl "$staging/include"
	# shellcheck disable=SC2086
	$cc -c -I "$staging/include" -o "$scratch/mnl.o" platform/linux/mnl/mnl.c
	library mnl 1.0.5 "$scratch/mnl.o"
	mv "$staging/lib/pkgconfig/mnl.pc" "$staging/lib/pkgconfig/libmnl.pc"
}

# package VARIANT WORDS...: builds and installs it into $scratch/VARIANT/root
package() {
	variant=$1
	shift
	mkdir -p "$scratch/$variant/root"
	PKG_CONFIG_LIBDIR=$staging/lib/pkgconfig make -C openwrt/netmeta \
		TOPDIR="$top/tests/openwrt/sdk" DL_DIR="$scratch/dl" BUILD_DIR="$scratch/build" \
		ROOT="$scratch/$variant/root" BUILD_VARIANT="$variant" TARGET_CC="$cc" "$@" \
		> "$scratch/$variant/log" 2>&1
	status=$?
	[ $status = 0 ] || tail -n 30 "$scratch/$variant/log"
	verdict $status "the $variant variant is built"
	program=$scratch/$variant/root/usr/bin/netmeta
	"$program" --version > "$scratch/version"
}

# A release, and around all of it a repository that is not ours, as OpenWrt's is.
version=$(cat VERSION)
mkdir "$scratch/dl"
git ls-files --cached --others --exclude-standard |
	tar -c -z --transform "s|^|netmeta-$version/|" -f "$scratch/dl/netmeta-$version.tar.gz" -T - 2> /dev/null
cp "$deps"/dl/nanopb_*.orig.tar.gz "$scratch/dl"
git -C "$scratch" init -q
git -C "$scratch" -c user.name=a -c user.email=a@b.example commit -q --allow-empty -m other

stage

# There are no shared libraries here: it is linked to the others.
package dynamic CONFIG_NETMETA_LZ4=y TARGET_LDFLAGS=-static
[ "$(cat "$scratch/dynamic/name")" = netmeta ]
verdict $? 'and called netmeta'
head -n 1 "$scratch/version" | grep -qx "netmeta $version"
verdict $? 'it tells its version, and no commit of the repository around it'
grep -q ' lz4' "$scratch/version" && ! grep -q gzip "$scratch/version"
verdict $? 'it has LZ4, which was chosen, and not gzip'
grep -q '^C library of x86_64-linux-gnu,' "$scratch/version"
verdict $? 'it does not take the C library of this machine for its own'
grep -q 'libmnl 1\.0\.5$' "$scratch/version"
verdict $? 'it has the libmnl of the staging folder'
[ "$(cd "$scratch/dynamic/root" && find . -type f -printf '%m %p\n' | sort)" = "$(sort << 'END'
600 ./etc/config/netmeta
644 ./etc/capabilities/netmeta.json
644 ./lib/upgrade/keep.d/netmeta
644 ./usr/share/rpcd/acl.d/netmeta.json
755 ./etc/init.d/netmeta
755 ./etc/uci-defaults/50-netmeta
755 ./usr/bin/netmeta
755 ./usr/libexec/rpcd/netmeta
END
)" ]
verdict $? 'its files are in their places'
! grep -qF "$scratch" "$program"
verdict $? 'no path of the build is in it'

package static CONFIG_NETMETA_LZ4=y
[ "$(cat "$scratch/static/name")" = netmeta-static ]
verdict $? 'and called netmeta-static'
! readelf -l "$program" | grep -q INTERP
verdict $? 'it needs no library'
grep -q 'libmnl: own$' "$scratch/version"
verdict $? 'and no libmnl, whose licence asks for more when it is in the program'
! grep -q ' lz4' "$scratch/version"
verdict $? 'it has no LZ4, of which there is no library to link'
sums
