#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# qemu.sh [TEST...]: runs tests in Debian's kernel 6.12, on a processor that QEMU emulates
#
# It is ten times slower than the real one, so tests are brief, unless VM_TESTS=deep.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/vm/vm.sh
vm_here qemu-system-x86 busybox-static cpio
kernel=$(tests/vm/kernel.sh) || vm_skip 'no kernel 6.12 from this archive'
VM_TESTS=${VM_TESTS:-brief}
vm_prepare "$kernel" "$@"

# The first file system in memory: a shell, and the modules by which the machine reads this one's.
first=$vm_scratch/first
mkdir -p "$first/proc" "$first/dev" "$first/host"
cp "$(command -v busybox)" "$first/busybox"
for module in $(modprobe -d "$kernel" -S "$(basename "$kernel"/lib/modules/*)" -D -a 9pnet_virtio 9p |
	awk '$1 == "insmod" && !seen[$2]++ { print $2 }'); do
	name=$(basename "$module" .xz)
	case $module in
	*.xz) xz -dc "$module" > "$first/$name" ;;
	*)    cp "$module" "$first/$name" ;;
	esac
	echo "/busybox insmod /$name"
done > "$vm_scratch/insmod"
cat - "$vm_scratch/insmod" > "$first/init" << 'END'
#!/busybox sh
/busybox mount -t devtmpfs dev /dev
END
cat >> "$first/init" << 'END'
/busybox mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=262144,cache=loose host /host
/busybox mount -o move /dev /host/dev
exec /busybox chroot /host "$vm_init"
END
chmod +x "$first/init"
(cd "$first" && find . | cpio -o -H newc --quiet | gzip -1) > "$vm_scratch/initrd"

timeout -k 10 $vm_seconds qemu-system-x86_64 -M q35 -accel tcg -cpu max -smp 1 -m 512 -display none \
	-serial stdio -monitor none -no-reboot -nic none -kernel "$kernel"/boot/vmlinuz-* \
	-initrd "$vm_scratch/initrd" -append "console=ttyS0 quiet loglevel=1 panic=-1 mitigations=off \
	vm_job=$vm_job vm_init=$PWD/tests/vm/init.sh" -virtfs \
	local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap \
	< /dev/null > "$vm_log" 2>&1
vm_judge
