#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Sampling by BPF: filters of tc in Linux 6.1, tcx in 6.12
#
# Both machines have VLAN devices, and the first one has no tcx. In the other, where all is slow, it is
# what the devices tell: a router, a frame, a VLAN, a device without link header, a bridge.
# make: tests/linux/pick-bpf
case $(uname -r) in
6.1.*) part='cls-bpf:' ;;
*)     part='tcx: a ' ;;
esac
PICK=$O/tests/linux/pick-bpf exec tests/linux/bpf.sh "$part"
