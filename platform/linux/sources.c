// SPDX-License-Identifier: Apache-2.0
/* The sources that this program was built with. */
#include "platform/linux/sources.h"
#include "platform/linux/why.h"

static const struct source_ops *const sources[SOURCE_COUNT] = {
#ifdef CONFIG_SOURCE_BPF
	[SOURCE_TCX] = &bpf_tcx_source,
	[SOURCE_CLS_BPF] = &bpf_cls_source,
#endif
#ifdef CONFIG_SOURCE_PSAMPLE
	[SOURCE_PSAMPLE] = &psample_source,
#endif
#ifdef CONFIG_SOURCE_NFLOG
	[SOURCE_NFLOG] = &nflog_source,
#endif
#ifdef CONFIG_SOURCE_PACKET
	[SOURCE_PACKET] = &packet_source,
#endif
};

const struct source_ops *source_ops_of(enum source source)
{
	return sources[source];
}

enum nm_err source_probe(enum source source, char why[NM_WHY])
{
	if (!sources[source])
		return why_say(why, NM_ABSENT, "this netmeta was built without it");
	return sources[source]->probe(why);
}
