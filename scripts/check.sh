#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds everything and runs every test there is.
#   scripts/check.sh [--deep] [--only NAME]... [--list]
#	--deep   also the steps that take many minutes
#	--only   only steps of that name, or with '*' in it of that kind; may be repeated
#	--list   names the steps and runs none
# A step is a program. It has passed when it exits with 0; if it ends with `N passed, N failed,
# N skipped`, those are counted instead of the step. What it says is kept in build/check/NAME.log.
# The last line sums up. Exit status 0: nothing failed, and what was skipped is listed in tests/SKIPS.
set -u

# --- the table: what is run, in this order -------------------------------------------------
# step NAME WHAT COMMAND...; deep_step the same for --deep only. A step makes what it needs (make
# does nothing twice), so that it can run alone.
steps() {
	mips='CROSS_COMPILE=mips-linux-gnu-'

	step packages     'the Debian packages that are needed'   scripts/apt.sh build mips aarch64 armhf develop
	step sources      'third-party sources'                   scripts/deps.sh
	step native       'native build, unit tests'              tests/output.sh
	step style        'gate: how the code looks'              make style
	step shell        'gate: shellcheck of all shell scripts' tests/shell.sh
	step layers       'gate: who may include and call whom'   make layers
	step gates        'the gates catch planted faults'        tests/gates.sh
	step build        'make keeps its promises'               tests/build.sh
	step generated    'made files are current'                tests/generated.sh
	step stack        'central stack: up, down, migrate, page' tests/stack/lifecycle.py
	step stack-schema 'every field reaches its column'        tests/stack/schema.py
	step stack-contract 'batches stored once, rights, logins' tests/stack/contract.py
	step stack-closure 'acknowledged = batches = rows'        tests/stack/closure.py
	step stack-streams 'sent = stored, each stream and packing' tests/stack/streams.py
	step stack-migration 'from the first version to the newest' tests/stack/migration.py
	step stack-reading 'latest names, rates, words of reasons' tests/stack/reading.py
	step config-doc   'documents of the options are current'  tests/config-doc.sh
	step check-verb   'netmeta check'                         tests/check-verb.sh
	step replay       'netmeta replay'                        tests/replay.sh
	step decode       'netmeta decode'                        tests/decode.sh
	step bench        'the bench counts right, untimed'       tests/bench/bench.py --smoke
	step packed       'lz4 and gzip, read by others'          tests/packed.py
	step sanitizers   'unit tests with ASan and UBSan'        tests/output.sh SAN=1
	step static       'static x86_64: unit tests, size'       tests/output.sh STATIC=1
	step mips         'static MIPS 24Kc: unit tests, size'    tests/output.sh STATIC=1 $mips
	golden=--golden
	[ ! "$deep" ] || golden=
	step aarch64      'static aarch64: golden, size'          tests/output.sh $golden STATIC=1 \
		CROSS_COMPILE=aarch64-linux-gnu-
	step armhf        'static armhf: golden, size'            tests/output.sh $golden STATIC=1 \
		CROSS_COMPILE=arm-linux-gnueabihf-
	step float        'gate: no floating point on MIPS'       make STATIC=1 $mips float
	for configuration in $(tests/configuration.sh --list); do
		# Others run the tests of the presets and of configs/static.
		case $deep$configuration in
		no-* | all-on | default | static | central) step "config-$configuration" 'builds' \
			tests/configuration.sh --build "$configuration" ;;
		*)    step "config-$configuration" 'builds, unit tests' \
			tests/configuration.sh "$configuration" ;;
		esac
	done
	for test in tests/python/*.sh tests/linux/*.sh tests/sim/*.sh tests/stack/*.sh tests/view/*.sh \
		tests/openwrt/*.sh; do
		[ -x "$test" ] && step "$(name_of "$test")" "$(what_of "$test")" "$test"
	done
	step vm-uml       'kernel 6.1, in User Mode Linux'        env VM_TESTS="${deep:+deep}" \
		tests/vm/uml.sh
	step vm-qemu      'kernel 6.12, in QEMU'                  env VM_TESTS="${deep:+deep}" \
		tests/vm/qemu.sh
	step fault-kill   'kill -9 under load'                    tests/faults/kill.py ${deep:+--deep}
	step fault-server 'the server stops in mid-POST'          tests/faults/server.py ${deep:+--deep}
	step fault-restart 'templates outlive the agent'          tests/faults/restart.py
	step fault-overflow 'the spool overflows'                 tests/faults/overflow.py
	step fault-refusal 'bad certificates, passwords, files'   tests/faults/refusal.py
	step fuzz-packages 'clang and its runtime'                scripts/apt.sh fuzz
	step fuzz         'every fuzz target, half a minute'      tests/fuzz/run.py
	step demo         'the demo, counted by nfcapd; Ctrl-C'   tests/demo.sh
	deep_step encoder 'ten million records, fast = nanopb' tests/encoder.sh
	deep_step bent    'own captures, all values of every byte' env NETMETA_BENT=all tests/bent.sh
	deep_step fuzz-deep 'the same, five minutes, 95 % of lines' tests/fuzz/run.py --seconds 300 \
		--lines 95
	deep_step coverage 'lines and branches reached in core/' tests/coverage.py
	deep_step mutation 'do the tests notice small faults?'    tests/mutation/mutate.py
}

# tests/stack/overflow.sh is the step stack-overflow, explained by the first comment behind SPDX.
name_of() {
	basename "$(dirname "$1")-$(basename "$1" .sh)"
}
what_of() {
	sed -n '3s/^# *//p' "$1" | cut -c 1-42
}

# --- one step --------------------------------------------------------------------------------
step_seconds=1500	# no step takes so long; one that hangs ends here

wanted_step() {
	[ ! "$only" ] && return 0
	name=$1
	set -f		# a pattern names no files
	# shellcheck disable=SC2086 # it is a list
	set -- $only
	set +f
	for pattern; do
		# shellcheck disable=SC2254 # it is a pattern
		case $name in $pattern) return 0 ;; esac
	done
	return 1
}

deep_step() {
	[ ! "$deep" ] || step "$@"
}

step() {
	name=$1 what=$2
	shift 2
	wanted_step "$name" || return 0
	steps_done=$((steps_done + 1))
	if [ "$list" ]; then
		printf '  %-24s %-42s %s\n' "$name" "$what" "$*"
		return
	fi
	log=$logs/$name.log
	begun=$(date +%s)
	printf '[%2d] %-24s %-42s' $steps_done "$name" "$what"
	timeout -k 20 $step_seconds "$@" > "$log" 2>&1 < /dev/null &
	running=$!
	wait $running
	status=$?
	running=
	count "$status" "$log"
	printf ' %5d s  %s\n' $(($(date +%s) - begun)) "$verdict"
	explain "$log"
}

# count(status, log): the step's sums, its verdict in words, and the totals
count() {
	sums=$(tail -n 1 "$2" | grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$')
	case $sums in
	'') [ "$1" = 0 ] && sums='1 passed, 0 failed, 0 skipped' || sums='0 passed, 1 failed, 0 skipped'
	    verdict=ok ;;
	*)  verdict=$sums ;;
	esac
	read -r p _ f _ s _ <<-END
		$sums
	END
	if [ "$1" != 0 ]; then
		[ "$f" != 0 ] || f=1
		verdict="FAILED (exit status $1)"
	fi
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

# explain(log): what failed, and what was skipped
explain() {
	if [ "$f" != 0 ]; then
		grep -vE '^  (CC|LD|GEN|TEST|ok) |^ok ' "$1" | tail -n 40 | sed 's/^/     | /'
		echo "     the whole log: $1"
	fi
	sed -n 's/^ *SKIP  *//p' "$1" | while IFS= read -r reason; do
		if allowed_skip "$reason"; then
			echo "     skipped: $reason"
		else
			echo "     skipped, but not in tests/SKIPS: $reason"
			touch "$logs/unexpected"
		fi
	done
}

# Is there a line of tests/SKIPS whose text is in the reason? (FEATURE, a tab, the text)
allowed_skip() {
	while IFS='	' read -r feature text; do
		case $feature in '#'* | '') continue ;; esac
		case $1 in *"$text"*) return 0 ;; esac
	done < tests/SKIPS
	return 1
}

# --- all ---------------------------------------------------------------------------------------
deep='' only='' list=''
while [ $# -gt 0 ]; do
	case $1 in
	--deep) deep=y ;;
	--list) list=y ;;
	--only) only="$only ${2:?--only needs a name}"; shift ;;
	*)      sed -n '3,10s/^# \{0,1\}//p' "$0"; exit 2 ;;
	esac
	shift
done
cd "$(dirname "$0")/.." || exit 1
logs=build/check
passed=0 failed=0 skipped=0 steps_done=0 running='' verdict='' f=0
MAKEFLAGS=-j$(nproc)
export MAKEFLAGS WERROR=1
[ "$list" ] || { mkdir -p "$logs"; rm -f "$logs"/*.log "$logs/unexpected"; }
trap '[ ! "$running" ] || kill "$running"; exit 130' INT TERM HUP

steps
[ $steps_done != 0 ] || { echo "no step has that name:$only" >&2; exit 2; }
[ ! "$list" ] || exit 0
if [ -e "$logs/unexpected" ]; then
	echo 'a test was skipped that tests/SKIPS does not list: this counts as failed'
	failed=$((failed + 1))
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
