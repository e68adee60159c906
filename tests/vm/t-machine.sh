#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The virtual machine is what the other tests take it for
set -u
. tests/verdict.sh
uname -r
scratch=$(mktemp -d)

! touch tests/vm/written 2> /dev/null && [ ! -e tests/vm/written ]
verdict $? 'the file system of the machine around it cannot be written to'
echo word > "$scratch/file" && [ "$(cat "$scratch/file")" = word ]
verdict $? 'temporary files can be'
[ "$(/usr/bin/python3 -c 'print(6 * 7)')" = 42 ]
verdict $? 'Python runs'
"$O/netmeta" --version > /dev/null
verdict $? 'the program runs that was built'

ip netns add vm-a && ip netns add vm-b &&
ip link add vm0 netns vm-a type veth peer name vm1 netns vm-b &&
ip -n vm-a address add 192.0.2.1/24 dev vm0 && ip -n vm-a link set vm0 up &&
ip -n vm-b address add 192.0.2.2/24 dev vm1 && ip -n vm-b link set vm1 up &&
ip netns exec vm-a busybox ping -q -c 3 -i 0.1 192.0.2.2 > /dev/null
verdict $? 'two namespaces reach each other'
tc -n vm-b qdisc add dev vm1 clsact &&
tc -n vm-b filter add dev vm1 ingress matchall action sample rate 1 group 5 trunc 128 &&
ip netns exec vm-a busybox ping -q -c 4 -i 0.1 192.0.2.2 > /dev/null &&
tc -s -n vm-b filter show dev vm1 ingress | grep -q 'Sent .* [4-9] pkt'
verdict $? 'the kernel loads the modules of action sample when tc asks, and counts'
sums
