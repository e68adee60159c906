#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Monitoring, and a child that cannot start again
#
# A whole agent: what `netmeta status --alarms` ends with, and what its supervisor does when the
# control socket's place is taken after the child was killed. NETMETA= names another program.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/verdict.sh
scripts/apt.sh build python3 || exit 1
[ "${NETMETA-}" ] || make -s > /dev/null || exit 1
netmeta=$(realpath "${NETMETA:-build/native/netmeta}")
scratch=$(mktemp -d)
chmod 755 "$scratch"		# the loop's user lives in it
agent='' server=''
trap 'kill $agent $server 2> /dev/null; wait; rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
cd "$scratch" || exit 1

# until_true COMMAND...: within 20 seconds
until_true() {
	tries=0
	until "$@" > /dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 200 ] || return 1
		sleep 0.1
	done
}

# alarms STATUS FIRST-LINE: what monitoring gets
alarms() {
	"$netmeta" status --alarms -c conf > answer 2> words
	[ $? = "$1" ] && [ "$(head -n 1 answer)" = "$2" ]
}

# child NOT-THIS: its pid, when there is another one than this
child() {
	pid=$(cat "/proc/$agent/task/$agent/children") && pid=${pid%% *}
	[ "$pid" ] && [ "$pid" != "$1" ]
}

# A server that knows no POST: whatever is sent to it, the uplink is held.
/usr/bin/python3 -u -m http.server --bind 127.0.0.1 0 > server 2>&1 &
server=$!
until_true grep -q 'port [0-9]' server
port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' server | head -n 1)
udp=$(/usr/bin/python3 -c 'import socket; s = socket.socket(type=socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat > conf << END
config agent
	option spool '$scratch/run/spool'
	option control '$scratch/run/control'
	option drain_time '0s'
config listen
	option address '127.0.0.1'
	option port '$udp'
END

alarms 3 ''
verdict $? 'an agent that cannot be asked is unknown to monitoring'
"$netmeta" status -c conf > answer 2> words
verdict $(($? != 1)) 'and a failure to others'
"$netmeta" status --alarms --json -c conf > answer 2> words
verdict $(($? != 3)) 'so are wrong words'

"$netmeta" run -c conf 2> log &
agent=$!
until_true alarms 0 'OK: no alarm'
verdict $? 'without an alarm it is well'

# --- a child that was killed, and one that cannot start --------------------------------------
until_true child 0
first=$pid
rm run/control
mkdir run/control			# in its place
kill -9 "$first"
# shellcheck disable=SC2016 # the other shell expands it
until_true sh -c '[ "$(grep -c "ended by status 2; starting it again" log)" -ge 2 ]'
verdict $? 'a later child that cannot start is tried again'
kill -0 "$agent"
verdict $? 'the supervisor stays'
rmdir run/control
until_true alarms 0 'OK: no alarm'
verdict $? 'when the place is free the agent is back'
kill "$agent"
wait "$agent"
verdict $? 'and ends in order'

# --- at the very start it is the end ----------------------------------------------------------
mkdir -p run/control
timeout 20 "$netmeta" run -c conf 2> log
verdict $(($? != 2)) 'a first child that cannot start is the end'
rmdir run/control

# --- an alarm ---------------------------------------------------------------------------------
cat >> conf << END
config uplink 'centre'
	option url 'http://127.0.0.1:$port/'
	option insecure 1
END
"$netmeta" run -c conf 2> log &
agent=$!
until_true alarms 2 'CRITICAL: 1 alarm'
verdict $? 'an uplink that is held is critical'
grep -q '^ALARM uplink centre: held: events batch 1: the server does not support this' answer
verdict $? 'and says why'
"$netmeta" status -c conf | grep -q '^ALARM uplink centre: held: '
verdict $? 'status shows it, too'
"$netmeta" status -c conf > /dev/null
verdict $? 'and ends with 0 all the same'
sums
