#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs the README's commands as somebody new would: on a bare Debian 12, from a clean clone of what
# is committed here. Needs debootstrap and root; a machine is a folder that is deleted afterwards.
#   scripts/fresh.sh [--keep] [COMMAND...]
#	COMMAND   instead of scripts/demo.sh --once 30 and scripts/check.sh
#	--keep    leave the folder, and say where it is
# Mounts and processes of the machine are in namespaces of their own and end with it. Where one was
# still running after a command, that counts as a failure.
set -eu
cd "$(dirname "$0")/.."

# --- inside: the first process of the machine, whose root is still ours ------------------------
if [ "${1:-}" = --inside ]; then
	machine=$2
	shift 2
	mount -t proc proc "$machine/proc"
	mount -t sysfs -o ro sysfs "$machine/sys"
	mount --rbind /dev "$machine/dev"
	status=0
	chroot "$machine" env -i HOME=/root TERM="${TERM:-dumb}" LANG=C.UTF-8 \
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
		sh -c 'cd /root/netmeta && exec "$@"' sh "$@" || status=$?
	for process in "$machine"/proc/[0-9]*; do
		pid=${process##*/}
		case $(tr '\0' ' ' < "$process/cmdline") in
		'' | *fresh.sh*--inside*) ;;
		*) echo "fresh.sh: still runs: $pid $(tr '\0' ' ' < "$process/cmdline")" >&2
		   status=1 ;;
		esac
	done
	exit $status
fi

# --- outside -------------------------------------------------------------------------------------
keep=
[ "${1:-}" != --keep ] || { keep=y; shift; }
[ "$(id -u)" = 0 ] || { echo 'fresh.sh: debootstrap needs root' >&2; exit 1; }
scripts/apt.sh debootstrap git
machine=$(mktemp -d)
chmod 755 "$machine"	# its root folder; others than root live there too
clean_up() {
	if [ "$keep" ]; then
		echo "the machine is in $machine"
	else
		rm -rf --one-file-system "$machine"
	fi
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

size() {
	du -smx "$machine" | cut -f 1
}

# within(command...): as the machine's only processes
within() {
	unshare --mount --propagation private --pid --fork --kill-child \
		scripts/fresh.sh --inside "$machine" "$@"
}

# timed(command...): runs it on the machine, then says how long and how large
timed() {
	echo "--- $*"
	before=$(size) since=$(date +%s) status=0
	within "$@" || status=$?
	echo "--- $*: exit status $status, $(($(date +%s) - since)) s," \
		"$(($(size) - before)) MB more on the disk"
	[ $status = 0 ] || failed=y
}

since=$(date +%s)
debootstrap --variant=minbase bookworm "$machine" > "$machine.log" 2>&1 ||
	{ tail -n 20 "$machine.log"; exit 1; }
rm "$machine.log"
cp /etc/resolv.conf /etc/hosts "$machine/etc/"
[ ! -d /usr/local/share/ca-certificates ] ||
	cp -r /usr/local/share/ca-certificates "$machine/usr/local/share/"
git clone -q "file://$PWD" "$machine/root/netmeta"
echo "--- a Debian 12 in $machine: $(($(date +%s) - since)) s, $(size) MB;" \
	"commit $(git -C "$machine/root/netmeta" log -1 --format='%h %s')"
failed=
if [ $# != 0 ]; then
	timed "$@"
else
	timed scripts/demo.sh --once 30
	timed scripts/check.sh
fi
[ ! "$failed" ]
