/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text as it comes from the wire, in whatever encoding a device has, and as it goes into a record:
 * printable UTF-8. Whatever is neither becomes a question mark, so that no name is lost for one
 * odd byte and no reader meets a control character.
 */
#ifndef NM_TEXT_H
#define NM_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed from the datagram; whoever writes it calls text_print(). */
struct text { const uint8_t *p; uint16_t len; };

/*
 * Bytes of the UTF-8 character at p[0] (len >= 1); *valid says whether it is one. Of a broken one:
 * its longest beginning that is right, at least one byte (Unicode 15, 3.9, U+FFFD substitution).
 */
size_t text_character(const uint8_t *p, size_t len, bool *valid);

/*
 * Write the text to at most `room` bytes, cut between two characters; returns how many. Zeros at
 * its end are padding.
 */
size_t text_print(struct text text, void *to, size_t room);

#endif
