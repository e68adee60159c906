#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Sampling by BPF: filters of tc in Linux 6.1, tcx in 6.12
#
# Each machine has VLAN devices, and the first one has no tcx. Both sources in both take minutes.
# make: tests/linux/pick-bpf
case $(uname -r) in
6.1.*) source=cls-bpf ;;
*)     source=tcx ;;
esac
PICK=$O/tests/linux/pick-bpf exec tests/linux/bpf.sh $source:
