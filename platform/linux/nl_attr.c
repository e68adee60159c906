// SPDX-License-Identifier: Apache-2.0
/* The reader of attributes. It sees bytes only, so that it is tested without a socket. */
#include "platform/linux/nl_attr.h"

#include <limits.h>
#include <string.h>

static bool host_number(const void *at, size_t len, uint64_t *value)
{
	uint16_t two;
	uint32_t four;

	switch (len) {
	case 1: *value = *(const uint8_t *)at; return true;
	case 2: memcpy(&two, at, 2); *value = two; return true;
	case 4: memcpy(&four, at, 4); *value = four; return true;
	case 8: memcpy(value, at, 8); return true;
	default: return false;
	}
}

static bool net_number(const void *at, size_t len, uint64_t *value)
{
	struct buf b = buf_of(at, len);

	*value = buf_uint(&b, len);
	return len == 1 || len == 2 || len == 4 || len == 8;
}

/* False when the member is too small for it. */
static bool store(uint64_t value, void *member, size_t size)
{
	uint16_t two = (uint16_t)value;
	uint32_t four = (uint32_t)value;

	if (size < 8 && value >> 8 * size)
		return false;
	switch (size) {
	case 1: *(uint8_t *)member = (uint8_t)value; return true;
	case 2: memcpy(member, &two, 2); return true;
	case 4: memcpy(member, &four, 4); return true;
	default: memcpy(member, &value, 8); return true;
	}
}

static bool text(const char *at, size_t len, char *member, size_t size)
{
	size_t end = strnlen(at, len);

	if (end >= size)
		end = size - 1;
	memcpy(member, at, end);
	memset(member + end, 0, size - end);
	return true;
}

static bool read_one(const struct nl_attr *row, const struct nlattr *a, void *into)
{
	const void *at = mnl_attr_get_payload(a);
	size_t len = mnl_attr_get_payload_len(a);
	void *member = (char *)into + row->offset;
	const struct buf bytes = buf_of(at, len);
	uint64_t value;

	switch ((enum nl_kind)row->kind) {
	case NL_NUMBER: return host_number(at, len, &value) && store(value, member, row->size);
	case NL_NET:    return net_number(at, len, &value) && store(value, member, row->size);
	case NL_TEXT:   return text(at, len, member, row->size);
	case NL_BYTES:  memcpy(member, &bytes, sizeof(bytes)); return true;
	case NL_FLAG:   *(bool *)member = true; return true;
	case NL_NEST:   return nl_attrs(row->nest, at, len, into);
	case NL_SKIP:
	case NL_END:    break;
	}
	return true;
}

/* Looked for from `from` on, round about: the kernel's order is most often the table's. */
static const struct nl_attr *row_of(const struct nl_attr *table, const struct nl_attr *from,
				    uint16_t type)
{
	const struct nl_attr *row = from;

	while (row->kind != NL_END && row->type != type)
		row++;
	if (row->kind == NL_END)
		for (row = table; row < from && row->type != type;)
			row++;
	return row->kind != NL_END && row->type == type ? row : NULL;
}

bool nl_attrs(const struct nl_attr *table, const void *at, size_t len, void *into)
{
	const struct nl_attr *row, *next = table;
	const struct nlattr *a = at;
	const char *end;
	bool good = true;

	if (!len || len > INT_MAX)	/* of nothing there may be no place either */
		return !len;
	end = (const char *)at + len;
	for (; mnl_attr_ok(a, (int)(end - (const char *)a)); a = mnl_attr_next(a)) {
		row = row_of(table, next, mnl_attr_get_type(a));
		if (!row)
			continue;
		good &= read_one(row, a, into);
		next = row + 1;
	}
	/* Nothing but padding may be left over. */
	return good && (const char *)a >= end;
}

bool nl_message_attrs(const struct nl_attr *table, const struct nlmsghdr *h, size_t own_len,
		      void *into)
{
	const char *at = mnl_nlmsg_get_payload(h);
	size_t len = mnl_nlmsg_get_payload_len(h), skip = MNL_ALIGN(own_len);

	if (len < own_len)
		return false;
	if (skip > len)
		skip = len;
	return nl_attrs(table, at + skip, len - skip, into);
}
