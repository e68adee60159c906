#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# kernel.sh: the folder of a kernel 6.12 and those of its modules that tests need, which is Debian's
# package, unpacked into build/deps. It names it, and downloads it when it is not there.
set -u
cd "$(dirname "$0")/../.." || exit 1
deps=$PWD/build/deps
mkdir -p "$deps"
exec 9> "$deps/kernel.lock"
flock 9

# package: of the newest 6.12; its name has a number that changes, the meta package knows it
package() {
	for meta in linux-image-6.12-amd64 linux-image-amd64; do
		apt-cache depends $meta 2> /dev/null | sed -n 's/^ *Depends: \(linux-image-6\.12[^ ]*\)/\1/p'
	done | head -n 1
}

unpack() {
	package=$(package) new=$deps/kernel.new
	rm -rf "$new"
	[ "$package" ] && mkdir "$new" && (cd "$new" && apt-get -qq -o Acquire::Retries=3 \
		-o APT::Sandbox::User=root download "$package") &&
	dpkg-deb --fsys-tarfile "$new"/*.deb > "$new/tar" &&
	tar -x -C "$new" -f "$new/tar" --wildcards './boot/vmlinuz-*' './lib/modules/*/modules.*' \
		'./lib/modules/*/kernel/net' './lib/modules/*/kernel/crypto' \
		'./lib/modules/*/kernel/lib' './lib/modules/*/kernel/fs/9p' \
		'./lib/modules/*/kernel/fs/netfs' './lib/modules/*/kernel/drivers/net/*.ko*' \
		'./lib/modules/*/kernel/drivers/net/ppp' './lib/modules/*/kernel/drivers/net/vxlan' &&
	rm "$new/tar" "$new"/*.deb &&
	depmod -b "$new" "$(basename "$new"/lib/modules/*)" &&
	mv "$new" "$deps/$package"
}

there() {
	for folder in "$deps"/linux-image-6.12*; do
		[ -e "$folder/boot" ] && echo "$folder" && return
	done
	return 1
}

there && exit
unpack >&2 || { apt-get -qq update && unpack; } >&2
there
