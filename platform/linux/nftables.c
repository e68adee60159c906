// SPDX-License-Identifier: Apache-2.0
/*
 * One batch: a table, and for each hook a chain with a rule. All its messages are tried, also
 * behind one that is refused, so the first error is the one that says what is wrong.
 */
#define _GNU_SOURCE
#include "platform/linux/nftables.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "platform/linux/why.h"

#define PROTO_NETDEV 5			/* NFPROTO_NETDEV */
#define PRIORITY     (-500)		/* in front of everything else, flow offload too (0) */
#define OWNER        2u			/* NFT_TABLE_F_OWNER */

enum { HOOK_INGRESS, HOOK_EGRESS };	/* older headers lack the second */
static const char *const chains[] = { "ingress", "egress" };

/* --- the batch ----------------------------------------------------------------- */

/* The steps of the batch, in their order: what to say when one is refused. */
enum step { STEP_BATCH, STEP_TABLE, STEP_CHAIN, STEP_RULE, STEP_CHAIN_OUT, STEP_RULE_OUT };

static struct nfgenmsg own_header(uint8_t family, uint16_t resource)
{
	return (struct nfgenmsg){ .nfgen_family = family, .version = NFNETLINK_V0,
				  .res_id = htons(resource) };
}

static void put_edge(struct nl *nl, uint16_t type)
{
	struct nfgenmsg own = own_header(0, NFNL_SUBSYS_NFTABLES);

	if (type == NFNL_MSG_BATCH_BEGIN)
		nl_begin(nl, type, 0, &own, sizeof(own));
	else
		nl_more(nl, type, 0, &own, sizeof(own));
}

static void put_message(struct nl *nl, uint16_t type, uint16_t flags)
{
	struct nfgenmsg own = own_header(PROTO_NETDEV, 0);

	nl_more(nl, NFNL_SUBSYS_NFTABLES << 8 | type, NLM_F_CREATE | flags, &own, sizeof(own));
}

static void put_table(struct nl *nl, const struct nft_sampling *what)
{
	put_message(nl, NFT_MSG_NEWTABLE, NLM_F_EXCL);
	nl_text(nl, NFTA_TABLE_NAME, what->table);
	nl_be32(nl, NFTA_TABLE_FLAGS, OWNER);
}

static void put_chain(struct nl *nl, const struct nft_sampling *what, uint32_t hook)
{
	struct nlattr *nest;

	put_message(nl, NFT_MSG_NEWCHAIN, 0);
	nl_text(nl, NFTA_CHAIN_TABLE, what->table);
	nl_text(nl, NFTA_CHAIN_NAME, chains[hook]);
	nl_text(nl, NFTA_CHAIN_TYPE, "filter");
	nest = nl_nest(nl, NFTA_CHAIN_HOOK);
	nl_be32(nl, NFTA_HOOK_HOOKNUM, hook);
	nl_be32(nl, NFTA_HOOK_PRIORITY, (uint32_t)PRIORITY);
	nl_text(nl, NFTA_HOOK_DEV, what->device);
	nl_end(nl, nest);
}

/* --- the rule ------------------------------------------------------------------ */

struct expression { struct nlattr *whole, *data; };

static struct expression begin_expression(struct nl *nl, const char *name)
{
	struct expression e;

	e.whole = nl_nest(nl, NFTA_LIST_ELEM);
	nl_text(nl, NFTA_EXPR_NAME, name);
	e.data = nl_nest(nl, NFTA_EXPR_DATA);
	return e;
}

static void end_expression(struct nl *nl, struct expression e)
{
	nl_end(nl, e.data);
	nl_end(nl, e.whole);
}

/* Go on with one packet in so many: a random number below `rate` that is 0. */
static void put_chance(struct nl *nl, uint32_t rate)
{
	struct expression e = begin_expression(nl, "numgen");
	struct nlattr *value;

	nl_be32(nl, NFTA_NG_DREG, NFT_REG32_00);
	nl_be32(nl, NFTA_NG_MODULUS, rate);
	nl_be32(nl, NFTA_NG_TYPE, NFT_NG_RANDOM);
	end_expression(nl, e);
	e = begin_expression(nl, "cmp");
	nl_be32(nl, NFTA_CMP_SREG, NFT_REG32_00);
	nl_be32(nl, NFTA_CMP_OP, NFT_CMP_EQ);
	value = nl_nest(nl, NFTA_CMP_DATA);
	nl_be32(nl, NFTA_DATA_VALUE, 0);
	nl_end(nl, value);
	end_expression(nl, e);
}

/* Without a queue threshold: the group's own holds. */
static void put_log(struct nl *nl, const struct nft_sampling *what)
{
	struct expression e = begin_expression(nl, "log");

	nl_u16(nl, NFTA_LOG_GROUP, htons(what->group));
	nl_be32(nl, NFTA_LOG_SNAPLEN, what->snap);
	nl_text(nl, NFTA_LOG_PREFIX, what->prefix);
	end_expression(nl, e);
}

/* The answer to the last rule is the answer to all. */
static void put_rule(struct nl *nl, const struct nft_sampling *what, uint32_t hook, bool last)
{
	struct nlattr *list;

	put_message(nl, NFT_MSG_NEWRULE, NLM_F_APPEND | (last ? NLM_F_ACK : 0));
	nl_text(nl, NFTA_RULE_TABLE, what->table);
	nl_text(nl, NFTA_RULE_CHAIN, chains[hook]);
	list = nl_nest(nl, NFTA_RULE_EXPRESSIONS);
	if (what->rate > 1)
		put_chance(nl, what->rate);
	put_log(nl, what);
	nl_end(nl, list);
}

/* --- what was refused ------------------------------------------------------------- */

/* The messages of a batch by number: what each was to make, and what that takes. */
static const struct { const char *what, *takes; } steps[] = {
	{ "a batch of rules", "nf_tables" },
	{ "a table with an owner", "Linux 5.12 or later, with tables of the family netdev" },
	{ "a chain at the hook", "that hook; the one of egress is in Linux since 5.16" },
	{ "a rule that logs", "numgen, log and nfnetlink_log" },
	{ "a chain at the second hook, egress", "Linux 5.16 or later" },
	{ "a second rule that logs", "numgen, log and nfnetlink_log" },
};

/*
 * EPERM is one of two things: of the batch it is a right that is missing; of a table it is that
 * somebody else owns it. ENOENT of a chain is the device, on kernels before 6.16, or the hook.
 */
static enum nm_err refused(const struct nl *nl, const struct nft_sampling *what, enum nm_err err,
			   char why[NM_WHY])
{
	unsigned step = nl->failed < sizeof(steps) / sizeof(steps[0]) ? nl->failed : 0;

	if (!nl->error)
		return err;
	if (nl->error == EPERM && step > 0)
		return why_say(why, NM_LOCKED, "nftables: table %s belongs to another process",
			       what->table);
	if (!if_nametoindex(what->device))
		return why_say(why, NM_GONE, "there is no interface %s", what->device);
	if (err == NM_ABSENT || (nl->error == EINVAL && step == 1))
		return why_say(why, NM_ABSENT, "nftables refused %s (%s): it takes %s",
			       steps[step].what, strerror(nl->error), steps[step].takes);
	return err;
}

enum nm_err nft_sample(struct nl *nl, const struct nft_sampling *what, char why[NM_WHY])
{
	char words[96];
	enum nm_err err;

	put_edge(nl, NFNL_MSG_BATCH_BEGIN);
	put_table(nl, what);
	if (what->ingress)
		put_chain(nl, what, HOOK_INGRESS);
	if (what->ingress)
		put_rule(nl, what, HOOK_INGRESS, !what->egress);
	if (what->egress)
		put_chain(nl, what, HOOK_EGRESS);
	if (what->egress)
		put_rule(nl, what, HOOK_EGRESS, true);
	put_edge(nl, NFNL_MSG_BATCH_END);
	snprintf(words, sizeof(words), "nftables refused rules for %s", what->device);
	err = nl_ask(nl, NULL, NULL, words, why);
	return err ? refused(nl, what, err, why) : NM_OK;
}
