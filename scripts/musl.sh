#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# musl.sh SOURCE HOME TARGET PREFIX FLAGS: builds musl for TARGET (in gcc -dumpmachine's words) with
# PREFIXgcc, for size, and installs it to HOME together with the kernel's headers. A build of the
# same sources with the same flags is kept.
set -eu
source=$1 home=$2 target=$3 prefix=$4 flags=$5
unset MAKEFLAGS MFLAGS MAKELEVEL

key="$source $target $prefix $flags $(cksum < "$0")"
exec 9> "$home.lock"
flock 9
if [ "$(cat "$home/key" 2> /dev/null)" = "$key" ]; then
	touch "$home/lib/libc.a"
	exit 0
fi

for include in "/usr/$target/include" /usr/include; do	# a cross compiler's, the machine's own
	[ -f "$include/linux/netlink.h" ] && break
done
asm=$include/asm
[ -d "$asm" ] || asm=$include/$target/asm
[ -d "$asm" ] || {
	echo "musl.sh: no kernel headers for $target (on Debian: scripts/apt.sh build mips aarch64 armhf)" >&2
	exit 1
}

rm -rf "$home" "$home.build"
mkdir -p "$home.build"
cd "$home.build"
{
	CC="${prefix}gcc" AR="${prefix}ar" RANLIB="${prefix}ranlib" \
	CFLAGS="-Os -ffunction-sections -fdata-sections $flags" "$source/configure" \
		--target="$(echo "$target" | sed 's/gnu/musl/')" --prefix="$home" \
		--disable-shared --enable-wrapper=gcc
	# Start files for plain static programs only: the others are compiled as PIC, which a
	# target's flags may rule out.
	make -j"$(nproc)" install CRT_LIBS='lib/crt1.o lib/crti.o lib/crtn.o'
} > log 2>&1 < /dev/null || {
	tail -n 20 log >&2
	echo "musl.sh: failed; the whole log is $PWD/log" >&2
	exit 1
}
sed -i 's/Scrt1/crt1/; s/crtbeginS/crtbeginT/; s/crtendS/crtend/' "$home/lib/musl-gcc.specs"
ln -s "$include/linux" "$include/asm-generic" "$asm" "$home/include/"
echo "$key" > "$home/key"
rm -rf "$home.build"
