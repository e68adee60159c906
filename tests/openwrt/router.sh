# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
# A root folder like OpenWrt's, for tests: busybox, our package's files in their places, and the
# stand-in for OpenWrt's scripts. From the top of the tree: . tests/openwrt/router.sh

router_files=openwrt/netmeta/files

# router_install FILE PLACE MODE
router_install() {
	install -D -m "$3" "$1" "$router_root$2"
}

# router_make FOLDER: makes it anew
router_make() {
	router_root=$1
	rm -rf "$router_root"
	mkdir -p "$router_root/bin" "$router_root/dev" "$router_root/tmp" "$router_root/var/run" \
		"$router_root/lib/functions" "$router_root/etc/config" "$router_root/stand_in"
	cp "$(command -v busybox)" "$router_root/bin/busybox"
	for applet in sh awk cat chmod chown cut env grep head logger md5sum mkdir mktemp printf rm sed \
		sleep sort tr; do
		ln -s busybox "$router_root/bin/$applet"
	done
	printf 'root:x:0:0:root:/:/bin/sh\nnetmeta:x:411:411:netmeta:/:/bin/false\n' \
		> "$router_root/etc/passwd"
	printf 'root:x:0:\nnetmeta:x:411:\n' > "$router_root/etc/group"
	echo '127.0.0.1 localhost' > "$router_root/etc/hosts"
	touch "$router_root/lib/functions.sh" "$router_root/lib/functions/network.sh" "$router_root/dev/null"
	printf '#!/bin/sh\n' > "$router_root/ujail"
	router_install "$router_root/ujail" /sbin/ujail 755
	rm "$router_root/ujail"
	router_install tests/openwrt/stand_in.sh /etc/rc.common 755
	router_install $router_files/netmeta.init /etc/init.d/netmeta 755
	router_install $router_files/netmeta.config /etc/config/netmeta 644
	router_install $router_files/netmeta.capabilities /etc/capabilities/netmeta.json 644
	router_install $router_files/netmeta.rpcd /usr/libexec/rpcd/netmeta 755
}

# part CASE NAME: of a file of cases/
part() {
	awk -v wanted="$2" '/^=== / { on = $2 == wanted; next } on' "$1"
}
