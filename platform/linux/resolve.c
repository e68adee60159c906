// SPDX-License-Identifier: Apache-2.0
/* The duty "resolve": a host's addresses, by whatever means the C library has. Blocks. */
#define _GNU_SOURCE
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "platform/linux/helper.h"
#include "platform/linux/why.h"

static void keep(const struct sockaddr *at, struct helper_answer *answer)
{
	struct addr *a = &answer->address[answer->addresses];

	if (at->sa_family == AF_INET6) {
		const struct sockaddr_in6 *v6 = (const void *)at;

		memcpy(a, &v6->sin6_addr, sizeof(*a));
		answer->addresses++;
	} else if (at->sa_family == AF_INET) {
		const struct sockaddr_in *v4 = (const void *)at;

		*a = addr_v4((const uint8_t *)&v4->sin_addr);
		answer->addresses++;
	}
}

void resolve(const struct helper_question *question, struct helper_answer *answer)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found = NULL;
	int err = getaddrinfo(question->text, NULL, &hints, &found);

	if (err == EAI_SYSTEM) {
		why_errno(answer->why, "%s does not resolve", question->text);
		answer->err = NM_RESOLVE;
	} else if (err) {
		answer->err = why_say(answer->why, NM_RESOLVE, "%s does not resolve: %s",
				      question->text, gai_strerror(err));
	}
	for (const struct addrinfo *a = found; a && answer->addresses < HELPER_ADDRESSES;
	     a = a->ai_next)
		keep(a->ai_addr, answer);
	if (found)
		freeaddrinfo(found);
}
