#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# apt.sh SET|PACKAGE...: installs the Debian packages that are missing, and only those. A set is
# what one purpose needs. Needs no network when nothing is missing.
set -eu

packages_of() {
	case $1 in
	build)   echo gcc libc6-dev linux-libc-dev make xz-utils bzip2 git ca-certificates ;;
	mips)    echo gcc-mips-linux-gnu libc6-dev-mips-cross linux-libc-dev-mips-cross qemu-user-static ;;
	aarch64) echo gcc-aarch64-linux-gnu libc6-dev-arm64-cross linux-libc-dev-arm64-cross \
			qemu-user-static ;;
	armhf)   echo gcc-arm-linux-gnueabihf libc6-dev-armhf-cross linux-libc-dev-armhf-cross \
			qemu-user-static ;;
	bench)   echo nfdump nfdump-sflow valgrind python3 openssl ;;
	fuzz)    echo clang libclang-rt-14-dev llvm ;;
	vm)      echo kmod busybox-static iproute2 nftables python3 ;;
	develop) echo shellcheck kconfig-frontends-nox pkg-config nanopb protobuf-compiler \
			python3 python3-protobuf ;;
	*)       echo "$1" ;;
	esac
}

missing=
for word; do
	for package in $(packages_of "$word"); do
		dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2> /dev/null | grep -q '^ii' ||
			missing="$missing $package"
	done
done
[ "$missing" ] || exit 0
if [ "$(id -u)" != 0 ]; then
	echo "apt.sh: not root; somebody who is must install:$missing" >&2
	exit 1
fi

# Debian starts the services of a package that it installs; here they would only be in the way.
without_services() {
	policy=/usr/sbin/policy-rc.d status=0
	[ ! -e $policy ] || { "$@"; return; }
	printf '#!/bin/sh\nexit 101\n' > $policy
	chmod +x $policy
	"$@" || status=$?
	rm -f $policy
	return $status
}

# The index may be absent or old, and another apt may hold the lock.
install() {
	# shellcheck disable=SC2086,SC2317 # a list; called by its name
	DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
		-o Acquire::Retries=3 -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 install $missing
}
echo "  APT    $missing"
log=$(mktemp)
for _ in 1 2 3; do
	if without_services install > "$log" 2>&1 < /dev/null; then
		rm "$log"
		exit 0
	fi
	apt-get -qq -o Acquire::Retries=3 update >> "$log" 2>&1 || true
done
tail -n 20 "$log" >&2
rm "$log"
exit 1
