# shellcheck shell=sh disable=SC2034,SC2154
# SPDX-License-Identifier: Apache-2.0
# A small network for demo.sh: four client networks and a server network behind a router, and a
# network over which the router exports what it sees.
#
#   office 198.51.100.0/26, 2001:db8:1::/64 --+
#   wlan  198.51.100.64/26, 2001:db8:2::/64 --+-- router -- servers 203.0.113.0/24, 2001:db8:f::/64
#   guest 198.51.100.128/26, 2001:db8:3::/64 -+     |
#   lab 198.51.100.192/26, 2001:db8:4::/64 ---+     |
#                                                  hub 192.0.2.0/24
#                                                 /   \
#                                        collector     witness
#
# The hub is a bridge that learns nothing. So every datagram for the collector reaches the witness
# too, unchanged and from the same source: the two have the same addresses. What they count, they
# count from the same datagrams.
#
# A namespace lives as long as the process that was started in it. It has no name and no mount:
# nothing of it can be left behind, and it works in a chroot. The machine's own network gets no
# interface, no address and no rule.

client_networks='office wlan guest lab'
server_addresses='203.0.113.10 203.0.113.11 203.0.113.25 203.0.113.53 203.0.113.80 203.0.113.123
	2001:db8:f::10 2001:db8:f::53 2001:db8:f::80'
client_addresses_office='198.51.100.2 198.51.100.3 198.51.100.7 198.51.100.8 198.51.100.20
	2001:db8:1::2 2001:db8:1::7'
client_addresses_wlan='198.51.100.66 198.51.100.67 198.51.100.81 198.51.100.90
	2001:db8:2::2 2001:db8:2::51 2001:db8:2::5a'
client_addresses_guest='198.51.100.130 198.51.100.131 198.51.100.150
	2001:db8:3::2 2001:db8:3::16'
client_addresses_lab='198.51.100.194 198.51.100.195 198.51.100.210
	2001:db8:4::2 2001:db8:4::99'

# namespace(name): makes one, and sets ns_NAME to the process that keeps it
namespace() {
	background "namespace-$1" unshare --net sleep infinity
	eval "ns_$1=$last"
	poll "namespace $1" is_namespace "$last"
	inside "$1" ip link set lo up
}
is_namespace() {
	[ "$(readlink "/proc/$1/ns/net")" != "$(readlink "/proc/$$/ns/net")" ]
}

# entry(name): the command that runs another one inside that namespace
entry() {
	eval "echo nsenter --net=/proc/\$ns_$1/ns/net"
}
inside() {
	entered=$(entry "$1")
	shift
	$entered "$@"
}

# cable(name): from the router's interface NAME to eth0 in namespace NAME. Without segmentation
# offload the router sees the packets that a wire would carry.
cable() {
	eval "far=\$ns_$1"
	inside router ip link add "$1" type veth peer name eth0 netns "$far"
	inside router ip link set "$1" gso_max_segs 1 up
	inside "$1" ip link set eth0 gso_max_segs 1 up
}

# address(namespace, interface, address/bits...); no detection of duplicates: it takes a second
address() {
	where=$1 interface=$2
	shift 2
	for word; do
		case $word in
		*:*) inside "$where" ip address add "$word" dev "$interface" nodad ;;
		*)   inside "$where" ip address add "$word" dev "$interface" ;;
		esac
	done
}

# network(name, IPv4 bits, router's IPv4 address, router's IPv6 address, its machines...)
network() {
	name=$1 bits=$2 router4=$3 router6=$4
	shift 4
	namespace "$name"
	cable "$name"
	address router "$name" "$router4/$bits" "$router6/64"
	for machine; do
		case $machine in
		*:*) address "$name" eth0 "$machine/64" ;;
		*)   address "$name" eth0 "$machine/$bits" ;;
		esac
	done
	inside "$name" ip route add default via "$router4"
	inside "$name" ip route add default via "$router6"
}

# The router takes another source address for each of the collector's addresses: so the exporters,
# which differ in where they send to, differ in where they come from.
hub() {
	inside router ip link add hub type bridge ageing_time 0 mcast_snooping 0
	for listener in collector witness; do
		namespace $listener
		cable $listener
		inside router ip link set $listener master hub
		inside $listener ip link set eth0 address 02:00:00:00:02:01
		address $listener eth0 192.0.2.1/24 192.0.2.2/24 192.0.2.3/24 192.0.2.4/24
	done
	inside router ip link set hub up
	address router hub 192.0.2.11/24 192.0.2.12/24 192.0.2.13/24 192.0.2.14/24
	for number in 1 2 3 4; do
		inside router ip route add 192.0.2.$number dev hub src 192.0.2.1$number
	done
}

make_network() {
	namespace router
	inside router sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward
		echo 1 > /proc/sys/net/ipv6/conf/all/forwarding'
	# shellcheck disable=SC2086 # lists
	{
		network office 26 198.51.100.1 2001:db8:1::1 $client_addresses_office
		network wlan 26 198.51.100.65 2001:db8:2::1 $client_addresses_wlan
		network guest 26 198.51.100.129 2001:db8:3::1 $client_addresses_guest
		network lab 26 198.51.100.193 2001:db8:4::1 $client_addresses_lab
		network servers 24 203.0.113.1 2001:db8:f::1 $server_addresses
	}
	hub
}
