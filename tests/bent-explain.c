// SPDX-License-Identifier: Apache-2.0
/* What bent.c does to the decoders, done to those who explain: every cut, and one value a byte. */
#define BENT_FLIPS 0x81
#include "tests/bent.c"
