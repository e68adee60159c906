# shellcheck shell=sh disable=SC2034,SC2154
# SPDX-License-Identifier: Apache-2.0
# How demo.sh tells what it does, starts processes and ends: steps with a tick and seconds, the
# noise in files, and on any way out everything that was started is stopped.
#
# A step that fails ends the script (set -e), and the trap tells which one it was; so no step may
# stand where the shell looks at its status. Descriptor 3 is what the user sees.

pids=''			# what runs, the newest first
now_at='' log=''	# the step at work, and the log with its last words
back=''
[ ! -t 1 ] || back='\r'
exec 3>&1

# step(sentence, command...): runs it in this shell, because it may start processes
step() {
	now_at=$1 log=$work/log/steps.log
	shift
	[ ! "$back" ] || printf '  … %s' "$now_at" >&3
	step_begun=$(date +%s)
	echo "--- $now_at" >> "$log"
	"$@" >> "$log" 2>&1
	printf "$back"'  ✓ %-58s %4d s\n' "$now_at" $(($(date +%s) - step_begun)) >&3
	now_at=''
}

# failed_step(): tells which one it was, and what it said
failed_step() {
	[ "$now_at" ] || return 0
	printf "$back"'  ✗ %s: this did not work\n' "$now_at" >&3
	awk '/^--- / { said = ""; next } { said = said "    | " $0 "\n" } END { printf "%s", said }' \
		"$log" | tail -n 15 >&3
}

# background(name, command...): starts it with a log of its own; sets `last`. In a session of its
# own, so that Ctrl-C reaches this script only, which then ends all in the right order; and killed
# by the kernel, should this script be killed. Descriptor 9 is the demo's lock.
background() {
	log=$work/log/$1.log
	shift
	setsid setpriv --pdeathsig KILL -- "$@" >> "$log" 2>&1 < /dev/null 3>&- 9>&- &
	last=$!
	pids="$last $pids"
}

# stop(pid...): asks them to end, waits until they have, and forgets them
stop() {
	for pid; do
		kill "$pid" 2> /dev/null || true
	done
	for pid; do
		wait "$pid" 2> /dev/null || true
		pids=$(echo " $pids " | sed "s/ $pid / /")
	done
}

# poll(what, command...): until it succeeds, 20 seconds at most
poll() {
	awaited=$1
	shift
	tries=0
	until "$@" > /dev/null 2>&1; do
		tries=$((tries + 1))
		[ $tries -lt 200 ] || { echo "$awaited: not within 20 s"; return 1; }
		sleep 0.1
	done
}
