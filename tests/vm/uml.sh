#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# uml.sh [TEST...]: runs tests in User Mode Linux 6.1, which is Debian's package of that name
#
# A kernel that is a program: it needs no right and no image, and is up after two seconds.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/vm/vm.sh
vm_here user-mode-linux

# The package brings modules, but no index of them.
modules=build/uml
version=$(basename /usr/lib/uml/modules/*)
mkdir -p $modules/lib/modules/"$version"
ln -sfn /usr/lib/uml/modules/"$version"/kernel $modules/lib/modules/"$version"/kernel
depmod -b $modules "$version" 2> /dev/null
vm_prepare $modules "$@"
timeout -k 10 $vm_seconds linux.uml mem=256M uml_dir="$vm_scratch" root=none rootfstype=hostfs \
	rootflags=/ ro con=null con0=fd:0,fd:1 quiet loglevel=1 init="$PWD/tests/vm/init.sh" \
	vm_job="$vm_job" < /dev/null > "$vm_log" 2> "$vm_scratch/errors"
grep -q '^VM-BEGIN' "$vm_log" || {
	cat "$vm_log" "$vm_scratch/errors"
	vm_skip 'User Mode Linux does not start here'
}
vm_judge
