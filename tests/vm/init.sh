#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The first program of a virtual machine: makes it a machine, runs the tests of the job, and turns
# it off. What stands between VM-BEGIN and VM-END is theirs.
# shellcheck disable=SC1090,SC2154 # the job is a file, which the kernel's command line names
export PATH=/run/bin:/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs run /run
. "$vm_job"
cd "$top" || exit 1

# The kernel asks for its modules itself.
mkdir -p /run/bin /run/tmp /run/netns
printf '#!/bin/sh\nexec /sbin/modprobe -d %s "$@"\n' "$modules" > /run/bin/modprobe
chmod +x /run/bin/modprobe
echo /run/bin/modprobe > /proc/sys/kernel/modprobe
modprobe -qa ipv6 tun
ip link set lo up

export HOME=/run/tmp TMPDIR=/run/tmp PYTHONDONTWRITEBYTECODE=1 LC_ALL=C.UTF-8
export O="$output"
printf '\nVM-BEGIN\n'
# shellcheck disable=SC2086 # a list
scripts/unit.sh '' $tests 2>&1
echo VM-END
echo o > /proc/sysrq-trigger
sleep 60	# the kernel panics when its first program ends
