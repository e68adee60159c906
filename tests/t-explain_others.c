// SPDX-License-Identifier: Apache-2.0
/*
 * Explanations of other datagrams, likewise by hand, from the page on NetFlow v5 and
 * sflow_version_5.txt; and of those that nobody can read.
 */
#include "tests/saying.h"

static void records_of_v5_have_their_places(void)
{
	start();
	pen.len = 0;
	put_hex(&pen, "0005 0002 000186a0 6553f100 00000064 00000009 0102 4064");
	put_hex(&pen, "0a010001 0a020002 0a000009 0001 0002 0000000a 000003e8 00015f90 00017318");
	put_hex(&pen, "04d2 0050 00 1b 06 08 fbf4 fbf5 18 10 0000");
	put_hex(&pen, "abcdef");
	feed();
	has("datagram 1: 2023-11-14T22:13:21.500000000Z from 192.0.2.1, 75 bytes, NetFlow v5, "
	    "domain 258, sequence 9, expected any");
	has("  @0 header: 24 bytes, 2 records, uptime 100000 ms, exported "
	    "2023-11-14T22:13:20.000000100Z, engine type 1 id 2, sampling 1 in 100 mode 1");
	has("  @24 record 1: 48 bytes");
	has("    @24 0a010001 = 10.1.0.1, to SrcAddr");
	has("    @56 04d2 = 1234, to SrcPort");
	has("    @60 00 = 0, to nothing: padding");
	has("    @61 1b = 27, to TCPFlags");
	has("    @69 10 = 16, to DstNet");
	has("  @72 left over: 3 bytes: abcdef");
	has("  decoder: BytesDecoded 48, BytesTruncated 3, RecordsDecoded 1; ends early");
	has_not("record 2");
}

/* A flow sample with an unknown record and a header, an unknown sample, and half of another. */
static void samples_of_sflow_are_taken_apart(void)
{
	start();
	pen.len = 0;
	put_hex(&pen, "00000005 00000001 c000024d 00000003 00000007 00001388 00000003");
	put_hex(&pen, "00000001 00000068 00000001 00000005 000003e8 00001388 00000000 00000005 "
		      "80000002 00000002");
	put_hex(&pen, "00009007 00000002 abcd 0000");
	put_hex(&pen, "00000001 00000034 00000001 00000064 00000004 00000024 "
		      "02000000000a 02000000000b 8100 001e 0800 "
		      "45000054 00010000 40010000 0a010001 0a02");
	put_hex(&pen, "00009001 00000004 01020304");
	put_hex(&pen, "00000002 00000040 00000001");
	feed();
	has("datagram 1: 2023-11-14T22:13:21.500000000Z from 192.0.2.1, 164 bytes, sFlow v5 agent "
	    "192.0.2.77, domain 3, sequence 7, expected any");
	has("  @0 header: 28 bytes, uptime 5000 ms, 3 samples");
	has("  @28 sample 0:1 flow_sample, 104 bytes, sequence 1, source class 0, source index 5, "
	    "rate 1 in 1000, pool 5000, drops 0, in 5, out 2147483650, records 2");
	has("    @68 record 9:7 unknown, skipped, 2 bytes and 2 of padding");
	has("    @80 record 0:1 sampled_header, 52 bytes");
	has("      @104 packet: header protocol 1, frame of 100 bytes, 4 stripped, 36 sampled");
	has("        @104 layer eth");
	has("        @118 layer vlan.30");
	has("        @122 layer trunc@ip4");
	has("        @122 rest of the packet: 18 bytes");
	has("  @140 sample 9:1 unknown, skipped, 4 bytes");
	has("    @148 behind the records: 4 bytes: 01020304");
	has("    decoder: BytesUnknownSet 4; ok");
	has("  @152 samples: 1 more should be here");
	has("  @152 left over: 12 bytes: 000000020000004000000001");
	has("    decoder: BytesTruncated 12; ends early");
}

static void what_is_no_datagram_of_ours_is_said_to_be_none(void)
{
	start();
	pen.len = 0;
	feed();
	has("datagram 1: 2023-11-14T22:13:21.500000000Z from 192.0.2.1, 0 bytes, no protocol that "
	    "is read here");
	put_hex(&pen, "0008 0001");
	feed();
	has("  @0 bytes: 00080001");
	has("  decoder: BytesUnknownVersion 4; unknown protocol or version");
	pen.len = 0;
	put_hex(&pen, "000a 0010 00");
	feed();
	has("datagram 3: 2023-11-14T22:13:21.500000000Z from 192.0.2.1, 5 bytes, IPFIX, cut off "
	    "within its header");
	has("  in all: Datagrams 1, BytesReceived 5, BytesTruncated 5; ends early");
	pen.len = 0;
	put_hex(&pen, "00000005 00000003 00000000 00000000 00000000 00000000 00000000");
	feed();
	has("datagram 4: 2023-11-14T22:13:21.500000000Z from 192.0.2.1, 28 bytes, sFlow v5, its "
	    "agent's address is of no kind that is known");
}

static void whom_there_is_no_room_for_is_not_looked_at(void)
{
	start();
	for (uint32_t domain = 0; domain < EXPLAINING_EXPORTERS; domain++) {
		put_ipfix(&pen, 0, domain);
		set_begin(&pen, 2);
		put_template(&pen, 300, "8/4");
		set_end(&pen);
		feed_ipfix();
	}
	has("  @16 not looked at: 12 bytes: 0002000c012c000100080004");
	has("  decoder: BytesNoExporter 28; no room");
}

/* An empty datagram makes an exporter as well, so the tables are full at the same time. */
static void empty_datagrams_fill_the_table_too(void)
{
	struct datagram dg = { .seen = { 1700000001500000000 } };

	start();
	for (uint8_t number = 1; number <= EXPLAINING_EXPORTERS; number++) {
		dg.from = addr_v4((const uint8_t[]){ 192, 0, 2, number });
		said_len = 0;
		check(explaining_feed("", 0, &dg));
	}
	check(explaining_feed("\0\x08", 2, &dg));
	has("  decoder: BytesNoExporter 2; unknown protocol or version");
}

TESTS({ "records of v5 have their places", records_of_v5_have_their_places },
      { "samples of sFlow are taken apart", samples_of_sflow_are_taken_apart },
      { "what is no datagram of ours is said to be none",
	what_is_no_datagram_of_ours_is_said_to_be_none },
      { "whom there is no room for is not looked at",
	whom_there_is_no_room_for_is_not_looked_at },
      { "empty datagrams fill the table too", empty_datagrams_fill_the_table_too })
