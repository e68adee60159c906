/* SPDX-License-Identifier: Apache-2.0 */
/* Words for numbers of protocols, for the verbs that show records to people; word.def has them. */
#ifndef NM_WORD_H
#define NM_WORD_H

#include <stdint.h>

enum word_set {
	WORD_PROTOCOL, WORD_ETYPE, WORD_ICMP, WORD_ICMP_CODE, WORD_ICMP6, WORD_ICMP6_CODE,
	WORD_FORWARDING, WORD_END_REASON, WORD_NAT_EVENT, WORD_FIREWALL, WORD_BIFLOW, WORD_DROP,
	WORD_RATE,
};

/* NULL when there is none. */
const char *word_of(enum word_set set, uint64_t number);

/*
 * The TCP flags of the low byte as nfdump writes them, "CEUAPRSF" with a dot for each that is
 * not set. Returns `text`.
 */
#define WORD_FLAGS_TEXT 9
char *word_of_flags(uint64_t flags, char text[WORD_FLAGS_TEXT]);

#endif
