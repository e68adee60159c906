// SPDX-License-Identifier: Apache-2.0
/* The name of a batch, as the server's views take it apart. */
#include "core/identity.h"
#include "tests/test.h"

static void a_name(void)
{
	struct identity id = { "router-1", { { 0, 1, 0x7f, 0x80, 0xff, [15] = 0xa } }, 2 };
	char text[IDENTITY_TEXT];

	check(!strcmp(identity_text(&id, STREAM_FLOWS, 17, text),
		      "router-1-00017f80ff000000000000000000000a-2-flows-17"));
	check(!strcmp(identity_text(&id, STREAM_LEDGER, UINT64_MAX, text),
		      "router-1-00017f80ff000000000000000000000a-2-ledger-18446744073709551615"));
}

static void the_longest_name(void)
{
	struct identity id = { .worker = UINT32_MAX };
	char text[IDENTITY_TEXT];

	memset(id.agent, 'a', sizeof(id.agent) - 1);
	identity_text(&id, STREAM_EVENTS, UINT64_MAX, text);
	check(strlen(text) == 63 + 1 + 32 + 1 + 10 + 1 + 6 + 1 + 20);
	check(!strcmp(text + strlen(text) - 28, "-events-18446744073709551615"));
}

TESTS({ "a batch's name is agent, incarnation, worker, stream and number", a_name },
      { "the longest name fits", the_longest_name })
