#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# OpenWrt: the agent in its jail, asked by rpcd
#
# What the init script asks for is done by ujail.py, with the static program: the agent finds all it
# needs, has the capabilities it should, and can write nowhere else. NETMETA= names another program.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/verdict.sh
. tests/openwrt/router.sh
unset NETMETA_TESTDATA		# the agent takes such names for options, and warns
[ "$(id -u)" = 0 ] || { skip 'not root: a root folder cannot be made'; sums; exit; }
scripts/apt.sh build busybox-static python3 iproute2 util-linux || exit 1
[ "${NETMETA-}" ] || make -s STATIC=1 > /dev/null || exit 1
scratch=$(mktemp -d)
chmod 755 "$scratch"
jail=''
trap '[ ! "$jail" ] || kill -9 $jail 2> /dev/null; wait; rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
root=$scratch/root

until_true() {
	tries=0
	until "$@" > /dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 200 ] || return 1
		sleep 0.1
	done
}

router_make "$root"
router_install "${NETMETA:-build/x86_64-linux-musl/netmeta}" /usr/bin/netmeta 755
mkdir -p "$root/etc/ssl/certs"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs"
echo secret > "$root/etc/netmeta.password"
chown 0:411 "$root/etc/netmeta.password"
chmod 640 "$root/etc/netmeta.password"
cp "$root/etc/config/netmeta" "$root/etc/config/netmeta.shipped"
sed -i "/option control/a\\	option drain_time '0s'" "$root/etc/config/netmeta"
cat >> "$root/etc/config/netmeta" << END
config uplink 'centre'
	option url 'https://127.0.0.1:9/'
	option user 'branch_7'
	option password_file '/etc/netmeta.password'
END
printf 'config interface %s\n' "'lan'" "'wan'" > "$root/etc/config/network"
: > "$root/etc/config/firewall"
echo 'wan lo' > "$root/stand_in/devices"
: > "$root/stand_in/rules"

inside() {
	chroot "$root" "$@"
}

# rpcd METHOD: its answer, when that is JSON
rpcd() {
	echo '{}' | inside /usr/libexec/rpcd/netmeta call "$1" > "$scratch/answer" &&
		/usr/bin/python3 -m json.tool "$scratch/answer" > "$scratch/json"
}

# field PATH: of the answer
field() {
	/usr/bin/python3 -c 'import json, sys
value = json.load(open(sys.argv[1]))
for word in sys.argv[2:]: value = value[int(word) if isinstance(value, list) else word]
print(value)' "$scratch/answer" "$@"
}

# --- before it runs -------------------------------------------------------------------------------
inside /usr/bin/netmeta check /etc/config/netmeta.shipped > "$scratch/said" 2>&1
verdict $? 'the configuration of the package is good'
[ "$(inside /usr/libexec/rpcd/netmeta list)" = '{ "status": {}, "sources": {} }' ]
verdict $? 'the plugin of rpcd lists its methods'
rpcd status && field error | grep -q 'no agent answers at /var/run/netmeta/control'
verdict $? 'and says when nobody answers'

# --- what the cases tell it by variables ------------------------------------------------------------
for case in tests/openwrt/cases/*.case; do
	variables=$(part "$case" calls | sed -n 's/^procd_append_param env //p' | tr '\n' ' ')
	[ "$variables" ] || continue
	part "$case" netmeta > "$root/tmp/conf"
	touch "$root/etc/netmeta-ca.pem"
	eval "set -- $variables"
	inside /bin/env "$@" /usr/bin/netmeta check /tmp/conf > "$scratch/said" 2>&1 &&
		[ "$(cut -d , -f 1 "$scratch/said")" = '/tmp/conf: good' ]
	status=$?
	[ $status = 0 ] || cat "$scratch/said"
	verdict $status "$(basename "$case" .case): the agent understands each of them"
done

# --- the tests that the feed runs where the package is installed ------------------------------------
for script in test.sh test-version.sh; do
	router_install openwrt/netmeta/$script /$script 644
	timeout 90 unshare -n -- sh -c "ip link set lo up && exec chroot '$root' sh /$script netmeta '$(cat VERSION)'" \
		> "$scratch/said" 2>&1
	status=$?
	[ $status = 0 ] || cat "$scratch/said"
	verdict $status "$script of the feed passes"
	! inside /bin/sh /$script netmeta 99.9.9 > /dev/null 2>&1
	verdict $? "$script notices another version"
done

# --- in its jail ----------------------------------------------------------------------------------
answers() {
	rpcd status && field agent
}

# jail_begin: what the init script asks for now; $agent is the supervisor
jail_begin() {
	inside /etc/init.d/netmeta start > "$scratch/calls" 2>&1
	/usr/bin/python3 tests/openwrt/ujail.py "$root" "$scratch/calls" > "$scratch/pid" 2> "$scratch/log" &
	jail=$!
	until_true answers || cat "$scratch/log" "$scratch/calls"
	agent=$(cat "$scratch/pid")
}

# jail_end: the status of a stop in order
jail_end() {
	kill $jail
	wait $jail
	status=$?
	jail=''
	return $status
}

jail_begin
answers > /dev/null
verdict $? 'it starts, and rpcd is answered'

# rights PID: user, and capabilities it has and could have
rights() {
	awk '$1 ~ /^(Uid|CapEff|CapPrm|CapBnd|NoNewPrivs):$/ { printf "%s ", $2 }' "/proc/$1/status"
}
three=0000008000003000		# bits 12, 13 and 39
[ "$(rights "$agent")" = "411 $three $three $three 1 " ]
verdict $? 'the supervisor is netmeta, with three capabilities'
loop=$(cat "/proc/$agent/task/$agent/children")
[ "$(rights "${loop% }")" = "411 0000000000000000 0000000000000000 $three 1 " ]
verdict $? 'the loop has none'

awk '$6 ~ /^rw/ { print $5 }' "/proc/$agent/mountinfo" > "$scratch/writable"
[ "$(cat "$scratch/writable")" = /var/run/netmeta ]
verdict $? 'it can write only into its folder in memory'
[ "$(find "$root/var" -type f -printf '%P\n' | sort | xargs)" = \
	'run/netmeta/spool run/netmeta/spool.templates' ]
verdict $? 'where its spool is'
[ "$(cd "/proc/$agent/root/etc" && find . -type f | sort | xargs)" = './config/netmeta ./group ./hosts'\
' ./netmeta.password ./passwd ./ssl/certs/ca-certificates.crt' ]
verdict $? 'of /etc it sees what it needs'

jail_end
verdict $? 'it stops in order'
! [ -e "$root/var/run/netmeta/control" ]
verdict $? 'and takes its socket away'

# --- ways of sampling -------------------------------------------------------------------------------
# Its capabilities have to be enough for each that this kernel has. The namespace of the jail has
# only a loopback interface, which devices of the router call wan.
rpcd sources && field text | grep 'OpenWrt: kmod-sched-bpf\|cls-bpf *works' > /dev/null
verdict $? 'rpcd tells which ways there are, and what would bring others'

# sampled SOURCE: is it that, and has it seen most of 200 datagrams?
sampled() {
	rpcd status && [ "$(field interfaces 0 source)" = "$1" ] &&
		[ "$(field interfaces 0 in samples)" -ge 150 ]
}

send() {
	nsenter -t "$agent" -n -- /usr/bin/python3 -c 'import socket
out = socket.socket(type=socket.SOCK_DGRAM)
for _ in range(200): out.sendto(bytes(100), ("127.0.0.1", 9))'
}

cp "$root/etc/config/netmeta" "$root/etc/config/netmeta.before"
for source in tcx cls-bpf psample nflog packet; do
	if ! inside /usr/bin/netmeta sources | grep -q "^$source *works"; then
		skip "no $source here"
		continue
	fi
	sed "s/option rate '1000'/option rate '1'\n	option source '$source'/" \
		"$root/etc/config/netmeta.before" > "$root/etc/config/netmeta"
	jail_begin
	nsenter -t "$agent" -n -- ip link set lo up
	up() {
		rpcd status && [ "$(field interfaces 0 state)" = up ]
	}
	until_true up && send && until_true sampled "$source"
	status=$?
	[ $status = 0 ] || cat "$scratch/log" "$scratch/json"
	verdict $status "$source samples from inside of the jail"
	jail_end
	verdict $? "$source: and it stops in order"
done
sums
