// SPDX-License-Identifier: Apache-2.0
/* pick-bpf tcx|cls-bpf ...: the sources of BPF on a stage (source_stage.h). */
#include "tests/linux/source_stage.h"

int main(int argc, char **argv)
{
	static const struct source_ops *const ops[SOURCE_COUNT] = {
		[SOURCE_TCX] = &bpf_tcx_source, [SOURCE_CLS_BPF] = &bpf_cls_source,
	};

	return stage_main(argc, argv, ops);
}
