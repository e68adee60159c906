// SPDX-License-Identifier: Apache-2.0
/*
 * Explanations of NetFlow v9 and IPFIX written by hand; offsets are counted by hand too, from the
 * lengths that RFC 3954 and RFC 7011 give to headers and fields.
 */
#include "tests/saying.h"

static void a_message_is_explained_line_by_line(void)
{
	start();
	put_ipfix(&pen, 7, 5);
	set_begin(&pen, 2);
	put_template(&pen, 256, "8/4 1/4");
	set_end(&pen);
	set_begin(&pen, 256);
	put(&pen, 4, 0x0a000001);
	put(&pen, 4, 1000);
	put(&pen, 1, 0);
	set_end(&pen);
	feed_ipfix();
	check(!strcmp(said,
"\n"
"datagram 1: 2023-11-14T22:13:21.500000000Z from 192.0.2.1, 45 bytes, IPFIX, domain 5, "
"sequence 7, expected any\n"
"  @0 header: 16 bytes, message of 45 bytes, exported 2023-11-14T22:13:20.000000000Z\n"
"  @16 set 2: 16 bytes, templates\n"
"    @20 template 256: 2 fields, new\n"
"      @24 field 1: 8 sourceIPv4Address, 4 bytes at 0, to SrcAddr\n"
"      @28 field 2: 1 octetDeltaCount, 4 bytes at 4, to Bytes\n"
"      decoder: BytesTemplates 12, TemplatesLearned 1; ok\n"
"  @32 set 256: 13 bytes, data\n"
"    records of 8 bytes, template of datagram 1 @20\n"
"    @36 record 1\n"
"      @36 8 sourceIPv4Address, 4 bytes: 0a000001 = 10.0.0.1, to SrcAddr\n"
"      @40 1 octetDeltaCount, 4 bytes: 000003e8 = 1000, to Bytes\n"
"    @44 behind the records: 1 bytes: 00\n"
"    decoder: BytesDecoded 8, BytesPadding 1, RecordsDecoded 1; ok\n"
"  in all: Datagrams 1, BytesReceived 45, BytesHeaders 24, BytesTemplates 12, BytesDecoded 8, "
"BytesPadding 1, RecordsDecoded 1, TemplatesLearned 1; ok\n"));
	put_ipfix(&pen, 9, 5);
	feed_ipfix();
	has("datagram 2: 2023-11-14T22:13:21.500000000Z from 192.0.2.1, 16 bytes, IPFIX, domain 5, "
	    "sequence 9, expected 8");
	has("  in all: Datagrams 1, BytesReceived 16, BytesHeaders 16, SequenceMissing 1; ok");
}

static void a_field_that_goes_nowhere_says_why(void)
{
	start();
	explaining.decoder.templates->keep_unknown = false;
	explaining_whole.templates.keep_unknown = false;
	put_ipfix(&pen, 0, 5);
	set_begin(&pen, 2);
	put_template(&pen, 256, "8/4 8/4 8/4 210/3 5000/2 7/8/9999 27/4 82/v 85/8 1/4 12/0 "
				"9/8/29305");
	set_end(&pen);
	feed_ipfix();
	has("      @24 field 1: 8 sourceIPv4Address, 4 bytes at 0, to SrcAddr");
	has("      @28 field 2: 8 sourceIPv4Address, 4 bytes at 4, to InnerSrcAddr");
	has("      @32 field 3: 8 sourceIPv4Address, 4 bytes at 8, to nothing: another field of "
	    "the template says it");
	has("      @36 field 4: 210 paddingOctets, 3 bytes at 12, to nothing: padding");
	has("      @40 field 5: 5000 unknown, 2 bytes at 15, to nothing: an element that is not "
	    "known here");
	has("      @44 field 6: 9999/7 unknown, 8 bytes at 17, to nothing: an enterprise's element "
	    "that is not known here");
	has("      @52 field 7: 27 sourceIPv6Address, 4 bytes at 25, to nothing: it cannot have "
	    "this length");
	has("      @56 field 8: 82 interfaceName, variable length at 29, to nothing: only options "
	    "tell it");
	has("      @60 field 9: 85 octetTotalCount, 8 bytes at 0 behind the variable field, "
	    "to nothing: another field of the template says it");
	has("      @64 field 10: 1 octetDeltaCount, 4 bytes at 8 behind the variable field, "
	    "to Bytes");
	has("      @68 field 11: 12 destinationIPv4Address, 0 bytes at 12 behind the variable "
	    "field, to nothing: it has no bytes");
	has("      @72 field 12: 29305/9 reverse sourceIPv4PrefixLength, 8 bytes at 12 behind the "
	    "variable field, to nothing: of the way back only bytes and packets are kept");
}

static void what_is_not_known_may_be_kept(void)
{
	start();
	put_ipfix(&pen, 0, 5);
	set_begin(&pen, 2);
	put_template(&pen, 256, "5000/2 40001/3/9 8/4 27/16");
	set_end(&pen);
	feed_ipfix();
	has("      @24 field 1: 5000 unknown, 2 bytes at 0, to Unknown");
	has("      @28 field 2: 9/7233 unknown, 3 bytes at 2, to Unknown");
	has("      @40 field 4: 27 sourceIPv6Address, 16 bytes at 9, to SrcAddr, if there is no "
	    "IPv4");
}

static void options_have_scopes(void)
{
	start();
	put_v9(&pen, 1, 0, 5);
	set_begin(&pen, 1);
	put(&pen, 2, 257);
	put(&pen, 2, 4);			/* bytes of scopes, and of options */
	put(&pen, 2, 12);
	put_fields(&pen, "2/4 34/4 8/4 82/4");
	put(&pen, 2, 0);
	set_end(&pen);
	feed();
	has("  @20 set 1: 28 bytes, options templates");
	has("    @24 options template 257: 4 fields, 1 of them scopes, new");
	has("      @30 field 1: 2 interface (scope), 4 bytes at 0, to InIf");
	has("      @34 field 2: 34 samplingInterval, 4 bytes at 4, to SamplingRate");
	has("      @38 field 3: 8 sourceIPv4Address, 4 bytes at 8, to nothing: of options it is "
	    "not looked at");
	has("      @42 field 4: 82 interfaceName, 4 bytes at 12, to the stream of names");
	has("    @46 padding: 2 bytes");
	put_v9(&pen, 1, 1, 5);
	set_begin(&pen, 257);
	put(&pen, 4, 3);
	put(&pen, 4, 100);
	put(&pen, 4, 0);
	put(&pen, 4, 0x65006900);
	set_end(&pen);
	feed();
	has("    records of 16 bytes, template of datagram 1 @24");
	has("      @24 2 interface (scope), 4 bytes: 00000003 = 3, to InIf");
	has("      @28 34 samplingInterval, 4 bytes: 00000064 = 100, to SamplingRate");
	has("      @36 82 interfaceName, 4 bytes: 65006900 = \"e\\u0000i\\u0000\", to the stream "
	    "of names");
	has("    decoder: BytesOptions 16, RecordsDecoded 1; ok");
}

static void templates_are_new_or_not_and_are_withdrawn(void)
{
	start();
	for (int i = 0; i < 3; i++) {
		put_ipfix(&pen, 0, 5);
		set_begin(&pen, 2);
		put_template(&pen, 300, i < 2 ? "8/4" : "12/4");
		set_end(&pen);
		feed_ipfix();
		has(i == 0 ? "    @20 template 300: 1 fields, new" :
		    i == 1 ? "    @20 template 300: 1 fields, sent again" :
			     "    @20 template 300: 1 fields, redefined");
	}
	put_ipfix(&pen, 0, 5);
	set_begin(&pen, 2);
	put(&pen, 4, 300u << 16);
	put(&pen, 4, 2u << 16);
	set_end(&pen);
	set_begin(&pen, 300);
	put(&pen, 4, 1);
	set_end(&pen);
	feed_ipfix();
	has("    @20 withdrawal of template 300: this one");
	has("    @24 withdrawal of template 2: all of its kind");
	has("    @32 template not seen yet: 4 bytes: 00000001");
	has("    decoder: BytesNoTemplate 4, SetsNoTemplate 1; template not seen yet");
}

static void lengths_that_cannot_be_are_shown_where_they_are(void)
{
	start();
	put_ipfix(&pen, 0, 5);
	set_begin(&pen, 2);
	put_template(&pen, 256, "82/v 1/4");
	set_end(&pen);
	set_begin(&pen, 256);
	put_hex(&pen, "02 6869 00000001");		/* two letters */
	put_hex(&pen, "ff 0001 21 00000002");		/* one, its length in three bytes */
	put_hex(&pen, "09 6869 00000003");		/* nine that are not there */
	set_end(&pen);
	feed_ipfix();
	has("    records of at least 5 bytes, template of datagram 1 @20");
	has("      @37 82 interfaceName, 2 bytes: 6869 = \"hi\", to nothing");
	has("      @39 1 octetDeltaCount, 4 bytes: 00000001 = 1, to Bytes");
	has("      @46 82 interfaceName, 1 bytes: 21 = \"!\", to nothing");
	has("    @51 record 3");
	has("      @51 82 interfaceName, 9 bytes: cut off");
	has("    decoder: BytesDecoded 15, BytesTruncated 7, RecordsDecoded 2; ends early");

	put_v9(&pen, 1, 0, 5);
	set_begin(&pen, 0);
	put(&pen, 4, 256u << 16 | 3);
	put(&pen, 4, 8u << 16 | 4);
	set_end(&pen);
	put(&pen, 4, 7u << 16 | 4);
	put(&pen, 4, 256u << 16 | 99);
	put(&pen, 2, 1);
	feed();
	has("    @24 template 256: 3 fields, cut off");
	has("      @28 field 1: 8 sourceIPv4Address, 4 bytes at 0, to SrcAddr");
	has("  @32 set 7: 4 bytes, an id that means nothing here");
	has("  @36 set 256: 99 bytes, data, of which 6 are here");
	has("    decoder: BytesTruncated 2; ends early");
}

static void a_template_with_too_many_fields_is_not_at_hand(void)
{
	enum { FIELDS = EXPLAIN_FIELDS / 4 + 1 };

	start();
	put_ipfix(&pen, 0, 5);
	set_begin(&pen, 2);
	put(&pen, 2, 256);
	put(&pen, 2, FIELDS);
	for (int i = 0; i < FIELDS; i++)
		put(&pen, 4, 210u << 16 | 1);
	set_end(&pen);
	feed_ipfix();
	put_ipfix(&pen, 0, 5);
	set_begin(&pen, 256);
	put(&pen, 4, 0xdeadbeef);
	set_end(&pen);
	feed_ipfix();
	has("    records of 513 bytes");
	has("    @20 the template's fields are not at hand: 4 bytes: deadbeef");
}

static void values_are_read_as_their_element_is(void)
{
	start();
	put_ipfix(&pen, 0, 5);
	set_begin(&pen, 2);
	put_template(&pen, 256, "150/4 153/8 154/8 27/16 56/6 6/2 32/2 70/3 159/4 22/4 371/5 "
				"313/34");
	set_end(&pen);
	set_begin(&pen, 256);
	put_hex(&pen, "6553f100 0000018bcfe5687b 83aa7e80 80000000");
	put_hex(&pen, "20010db8 00000000 00000000 00000001 0200000000aa 0012 0301 00064f");
	put_hex(&pen, "000003e8 00002710 1b5b324a22");
	for (int i = 0; i < 34; i++)
		put(&pen, 1, 0x45);
	set_end(&pen);
	feed_ipfix();
	has("      @76 150 flowStartSeconds, 4 bytes: 6553f100 = 2023-11-14T22:13:20.000000000Z, "
	    "to TimeFlowStart");
	has("      @80 153 flowEndMilliseconds, 8 bytes: 0000018bcfe5687b = "
	    "2023-11-14T22:13:20.123000000Z, to TimeFlowEnd");
	has("      @88 154 flowStartMicroseconds, 8 bytes: 83aa7e8080000000 = "
	    "1970-01-01T00:00:00.500000000Z, to nothing");
	has("      @96 27 sourceIPv6Address, 16 bytes: 20010db8000000000000000000000001 = "
	    "2001:db8::1, to SrcAddr");
	has("      @112 56 sourceMacAddress, 6 bytes: 0200000000aa = 02:00:00:00:00:aa, to SrcMac");
	has("      @118 6 tcpControlBits, 2 bytes: 0012 = ...A..S., to TCPFlags");
	has("      @120 32 icmpTypeCodeIPv4, 2 bytes: 0301 = type 3 code 1, to IcmpType");
	has("      @122 70 mplsTopLabelStackSection, 3 bytes: 00064f = label 100, to MplsLabels");
	has("      @125 159 flowEndDeltaMicroseconds, 4 bytes: 000003e8 = 1000 us before the "
	    "export, to nothing");
	has("      @129 22 flowStartSysUpTime, 4 bytes: 00002710 = 10000 ms of uptime, to nothing");
	has("      @133 371 userName, 5 bytes: 1b5b324a22 = \"\\u001b[2J\\\"\", to SrcUser");
	has("      @138 313 ipHeaderPacketSection, 34 bytes: "
	    "4545454545454545454545454545454545454545454545454545454545454545..., "
	    "to what the packet's headers say");
}

TESTS({ "a message is explained line by line", a_message_is_explained_line_by_line },
      { "a field that goes nowhere says why", a_field_that_goes_nowhere_says_why },
      { "what is not known may be kept", what_is_not_known_may_be_kept },
      { "options have scopes", options_have_scopes },
      { "templates are new or not, and are withdrawn",
	templates_are_new_or_not_and_are_withdrawn },
      { "lengths that cannot be are shown where they are",
	lengths_that_cannot_be_are_shown_where_they_are },
      { "a template with too many fields is not at hand",
	a_template_with_too_many_fields_is_not_at_hand },
      { "values are read as their element is", values_are_read_as_their_element_is })
