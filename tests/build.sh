#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# make keeps its promises: it builds what has changed and nothing else, where it is told to.
cd "$(dirname "$0")/.." || exit 1
. tests/verdict.sh

top=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset WERROR
tarballs=${DEPS_SRC_DIR:-$top/build/deps/dl}
unset DEPS_SRC_DIR

# All happens in a copy of the tree, which shares the third-party sources to begin with.
tree=$work/tree
mkdir -p "$tree/build"
git ls-files --cached --others --exclude-standard | tar -c -T - 2> /dev/null | tar -x -C "$tree"
ln -s "$top/build/deps" "$tree/build/deps"
cd "$tree" || exit 1
output=$work/output

# made WORDS...: does make, given the words, compile or link anything? What it did is in $work/said.
made() {
	make O="$output" "$@" > "$work/said" 2>&1 || { cat "$work/said"; return 2; }
	grep -qE '^  (CC|LD|STRIP|MUSL) ' "$work/said"
}
compiled() {
	sed -n 's/^  CC  *//p' "$work/said" | sort | tr '\n' ' '
}

made all "$output/tests/t-guard" || cat "$work/said"
! made all "$output/tests/t-guard"
verdict $? 'a second make does nothing'

touch core/err.h && made all && compiled | grep -q 'core/err.o' && ! compiled | grep -q tests/t-guard
verdict $? 'a newer header compiles its users again, and no others'

touch tests/guard.h && made "$output/tests/t-guard" && [ "$(compiled)" = 'tests/t-guard.o ' ]
verdict $? 'a header of one user compiles one object'

made CFLAGS='-O1 -g' all && compiled | grep -q deps/mbedtls/aes.o && compiled | grep -q core/err.o
verdict $? 'other flags compile everything again'
! made CFLAGS='-O1 -g' all
verdict $? 'the same flags compile nothing again'

sed -i 's/^CONFIG_NETFLOW5=y/# CONFIG_NETFLOW5 is not set/' "$output/.config"
made CFLAGS='-O1 -g' all && compiled | grep -q core/ && ! compiled | grep -q deps/
verdict $? 'another feature compiles the agent again, and no third-party code'

made CFLAGS='-O1 -g' V=1 LDFLAGS=-Wl,-O1 all
grep -q 'gcc .* -O1 -g -Wl,--gc-sections .*-Wl,-O1 ' "$work/said"
verdict $? 'V=1 shows whole commands'

make O="$work/tiny" tiny_defconfig > /dev/null
grep -q '^# CONFIG_PCAP is not set' "$work/tiny/.config" &&
	grep -q '^CONFIG_TLS=y' "$work/tiny/.config" && grep -q '^CONFIG_PCAP=y' "$output/.config"
verdict $? 'two output folders have two configurations'

make O="$work/a folder" all > "$work/said" 2>&1
[ $? = 2 ] && grep -q 'a path with blanks' "$work/said"
verdict $? 'an output path with a blank is refused in words'
mkdir "$work/a folder" && cp -r Makefile Kconfig scripts configs "$work/a folder"
make -C "$work/a folder" help > "$work/said" 2>&1
[ $? = 2 ] && grep -q 'a path with blanks' "$work/said"
verdict $? 'a source path with a blank is refused in words'

make O="$output" CFLAGS='-O1 -g' DESTDIR="$work/root" PREFIX=/usr install > /dev/null &&
	[ -x "$work/root/usr/bin/netmeta" ] && [ -s "$work/root/usr/share/doc/netmeta/LICENSE" ] &&
	[ -s "$work/root/usr/share/doc/netmeta/NOTICE" ] &&
	[ -s "$work/root/usr/share/doc/netmeta/netmeta.conf" ] &&
	[ -s "$work/root/usr/share/man/man1/netmeta.1" ] &&
	[ -s "$work/root/usr/share/man/man5/netmeta.conf.5" ] &&
	diff packaging/netmeta.service "$work/root/usr/lib/systemd/system/netmeta.service"
verdict $? 'install puts the program, its manual, its licences and its unit under DESTDIR'

# --- where third-party code comes from ----------------------------------------------------
rm build/deps
DEPS_SRC_DIR=$tarballs scripts/deps.sh > "$work/said" 2>&1 &&
	[ "$(sort build/deps/sources.mk)" = "$(sort "$top/build/deps/sources.mk")" ] &&
	[ ! -e build/deps/dl ]
verdict $? 'DEPS_SRC_DIR gives tarballs by hand'

# A tarball of libmnl as its project makes them, with our own code in it.
mkdir -p "$work/libmnl-1.0.9/src" "$work/given"
cp -r platform/linux/mnl "$work/libmnl-1.0.9/include"
echo 'AC_INIT([libmnl], [1.0.9])' > "$work/libmnl-1.0.9/configure.ac"
touch "$work/libmnl-1.0.9/src/attr.c" "$work/libmnl-1.0.9/src/callback.c" "$work/libmnl-1.0.9/src/nlmsg.c"
{ echo '#include "config.h"'; cat platform/linux/mnl/mnl.c; } > "$work/libmnl-1.0.9/src/socket.c"
tar -c -z -C "$work" -f "$work/given/libmnl-1.0.9.tar.gz" libmnl-1.0.9
target=$(cc -dumpmachine)
DEPS_SRC_DIR=$work/given scripts/deps.sh libmnl "$target" > "$work/said" 2>&1 &&
	make O="$output" "$output/tests/linux/t-mnl" > "$work/said" 2>&1 &&
	[ -e "$output/deps/libmnl/socket.o" ] && "$output/tests/linux/t-mnl" > "$work/said" &&
	grep -q 'libmnl 1.0.9' "$output/include/generated/version.h"
status=$?
[ $status = 0 ] || tail -n 20 "$work/said"
verdict $status 'a tarball of libmnl comes before Debian'\''s library'
DEPS_SRC_DIR=$work/old scripts/deps.sh libmnl mips-linux-gnu > "$work/said" 2>&1 &&
	rm -r build/deps/libmnl-1.0.9 && grep -q 1.0.9 build/deps/libmnl-mips-linux-gnu.mk &&
	DEPS_SRC_DIR=$work/old scripts/deps.sh libmnl mips-linux-gnu > "$work/said" 2>&1 &&
	! grep mnl build/deps/libmnl-mips-linux-gnu.mk && grep -q 'none, platform' "$work/said"
verdict $? 'a target for which there is no libmnl gets ours'

rm -rf build
mkdir "$work/old" "$work/mbedtls-2.28.3"
mkdir -p "$work/mbedtls-2.28.3/include/mbedtls"
echo '#define MBEDTLS_VERSION_STRING         "2.28.3"' > "$work/mbedtls-2.28.3/include/mbedtls/build_info.h"
tar -c -z -C "$work" -f "$work/old/mbedtls-2.28.3.tar.gz" mbedtls-2.28.3
! DEPS_SRC_DIR=$work/old scripts/deps.sh > "$work/said" 2>&1 &&
	grep -q 'no fitting mbedtls' "$work/said"
verdict $? 'an mbedTLS before 3.6 is refused'

# A staging folder as a distribution makes it: the library with its own configuration.
mbedtls=$(echo "$top"/build/deps/mbedtls-*) nanopb=$(echo "$top"/build/deps/nanopb-*)
lz4=$(echo "$top"/build/deps/lz4-*) zlib=$(echo "$top"/build/deps/zlib-*)
version=${mbedtls#*mbedtls-}
mkdir -p "$work/objects" "$work/staging/lib/pkgconfig"
cp -r "$mbedtls/include" "$work/staging/include"
cp "$lz4/lib/lz4.h" "$zlib/zlib.h" "$zlib/zconf.h" "$work/staging/include"
(cd "$work/objects" && printf '%s\n' "$mbedtls"/library/*.c "$lz4/lib/lz4.c" \
	"$zlib/deflate.c" "$zlib/trees.c" "$zlib/zutil.c" "$zlib/crc32.c" "$zlib/adler32.c" |
	xargs -n 8 -P "$(nproc)" cc -w -I "$work/staging/include" -c)
ar -rc "$work/staging/lib/libmbedtls.a" "$work"/objects/*.o
for library in mbedtls mbedx509 mbedcrypto liblz4 zlib; do
	printf 'Name: %s\nDescription: staged\nVersion: %s\nCflags: -I%s\nLibs: %s\n' $library \
		"$version" "$work/staging/include" "-L$work/staging/lib -lmbedtls" \
		> "$work/staging/lib/pkgconfig/$library.pc"
done
rm -rf build
export PKG_CONFIG_PATH="$work/staging/lib/pkgconfig"
make DEPS=pkg NANOPB_DIR="$nanopb" all > "$work/said" 2>&1 &&
	[ ! -e build/deps ] && [ ! -e build/native/deps/mbedtls ] &&
	build/native/netmeta --version > "$work/said" && grep -q "$version" "$work/said"
status=$?
[ $status = 0 ] || tail -n 20 "$work/said"
verdict $status 'DEPS=pkg builds with a library that is there, and fetches nothing'
unset PKG_CONFIG_PATH
make DEPS=pkg NANOPB_DIR="$nanopb" all > "$work/said" 2>&1
[ $? = 2 ] && grep -q 'finds no mbedtls of version 3.6' "$work/said"
verdict $? 'DEPS=pkg without the library says so'

# --- the configuration --------------------------------------------------------------------
for answers in configs/* /dev/null; do
	awk -f scripts/kconfig.awk "$answers" Kconfig | grep CONFIG_ > "$work/ours"
	cp "$answers" "$work/theirs"
	KCONFIG_CONFIG=$work/theirs kconfig-conf --olddefconfig Kconfig > "$work/said" 2>&1
	grep CONFIG_ "$work/theirs" | diff "$work/ours" -
	verdict $? "kconfig.awk answers like kconfig itself: $answers"
done
sums
