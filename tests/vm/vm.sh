# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
# What uml.sh and qemu.sh share. A virtual machine here is another kernel on this machine's own file
# system, which it cannot write to: programs under test are those of the build folder, a test is a
# script or a program as any other, and boots within seconds.
#	vm_here PACKAGE...	can there be one? Otherwise the step ends here, skipped
#	vm_prepare MODULES TEST...	makes what the tests need, and writes the job for init.sh; MODULES is
#				the folder of lib/modules; without tests all of tests/vm are run
#	(boot with vm_job=$vm_job in the kernel's command line, what the console says into $vm_log)
#	vm_judge		shows what the tests said, their sums last
# Tests find in VM_TESTS how much is wanted: brief (only those are run that have a short form, which
# are those that speak of it), deep (also when they were named), or nothing.
# shellcheck disable=SC2034 # the others use it
vm_seconds=1400		# a machine that hangs ends here

vm_skip() {
	echo "SKIP $1"
	echo '0 passed, 0 failed, 1 skipped'
	exit 0
}

vm_here() {
	[ "$(uname -m)" = x86_64 ] || vm_skip 'no virtual machine on this processor'
	scripts/apt.sh build vm "$@" || vm_skip 'no virtual machine without its packages'
	vm_scratch=$(mktemp -d)
	trap 'rm -rf "$vm_scratch"' EXIT
	trap 'exit 1' HUP INT TERM
	vm_job=$vm_scratch/job vm_log=$vm_scratch/log
}

vm_prepare() {
	modules=$(realpath "$1")
	shift
	case $#-${VM_TESTS-} in
	0-brief)
		# shellcheck disable=SC2046 # names of files
		set -- $(grep -l 'VM_TESTS' tests/vm/t-*.sh) ;;
	0-*)    set -- tests/vm/t-*.sh ;;
	*)      VM_TESTS=deep ;;
	esac
	output=${O:-$PWD/build/native}
	# A script says in a comment what it needs of the build folder: make: FILE...
	# shellcheck disable=SC2046 # names of files
	make -s O="$output" all $(sed -n "s|^# make: *|$output/|p" "$@" | sort -u) > /dev/null || exit 1
	cat > "$vm_job" <<-END
		top='$PWD' output='$(realpath "$output")' modules='$modules'
		tests='$(realpath "$@" | tr '\n' ' ')'
		export VM_TESTS='${VM_TESTS-}'
	END
}

vm_judge() {
	tr -d '\r' < "$vm_log" | sed '1,/^VM-BEGIN$/d' > "$vm_scratch/said"
	if grep -qx VM-END "$vm_scratch/said"; then
		sed '/^VM-END$/,$d' "$vm_scratch/said"
	else
		tail -n 40 "$vm_log"
		echo 'FAIL the machine ended before its tests did'
		echo '0 passed, 1 failed, 0 skipped'
	fi > "$vm_scratch/shown"
	cat "$vm_scratch/shown"
	tail -n 1 "$vm_scratch/shown" | grep -q ' 0 failed, '
}
