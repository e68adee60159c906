// SPDX-License-Identifier: Apache-2.0
/* pick-psample psample ...: the source psample on a stage (source_stage.h). */
#include "tests/linux/source_stage.h"

int main(int argc, char **argv)
{
	static const struct source_ops *const ops[SOURCE_COUNT] = {
		[SOURCE_PSAMPLE] = &psample_source,
	};

	return stage_main(argc, argv, ops);
}
