// SPDX-License-Identifier: Apache-2.0
/*
 * Any bytes as a configuration: it must be read or refused with words, and what was read must keep
 * the promises of conf.h. The first byte chooses strict or not; what stands before the first byte
 * 01 is a variable of the environment, the rest is the file. For libFuzzer:
 *
 *	clang -g -O1 -fsanitize=fuzzer,address,undefined -I. tests/fuzz/fuzz-conf.c \
 *		core/conf*.c core/url.c core/out.c core/addr.c core/err.c -o fuzz-conf
 *	./fuzz-conf -max_total_time=60 NEW-CASES tests/fuzz/seeds/conf
 */
#include <string.h>

#include "core/conf.h"
#include "core/url.h"

#define must(promise) ((promise) ? (void)0 : __builtin_trap())

struct heard { unsigned errors, lines; enum nm_err first; };

static bool is_printable(const char *text, size_t size)
{
	must(memchr(text, '\0', size));
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

static void found(void *ctx, const struct conf_finding *f)
{
	struct heard *heard = ctx;
	char room[32];
	struct out o = out_of(room, sizeof(room));

	must(f->err != NM_OK && f->line <= heard->lines && f->text[0]);
	must(is_printable(f->word, sizeof(f->word)) && is_printable(f->text, sizeof(f->text)));
	if (!f->warning && !heard->errors++)
		heard->first = f->err;
	conf_put_finding(&o, "file", f);
	must(strlen(out_end(&o)) < sizeof(room));
}

static void check_listen(const struct conf_listen *l)
{
	must(memchr(l->name, '\0', sizeof(l->name)) && l->name[0]);
	must(l->ports >= 1 && l->ports <= CONF_PORTS);
	for (unsigned i = 0; i < l->ports; i++)
		must(l->port[i] > 0);
}

static void check_uplink(const struct conf *conf, unsigned i)
{
	const struct conf_uplink *u = &conf->uplink[i];
	const char *why;
	struct url url;

	must(memchr(u->name, '\0', sizeof(u->name)) && u->name[0]);
	for (unsigned k = 0; k < i; k++)
		must(strcmp(conf->uplink[k].name, u->name));
	must(!url_parse(u->url, &url, &why) && (url.tls || u->insecure));
	must(url.port > 0 && url.host[0] && url.path[0] == '/');
	must(is_printable(u->user, sizeof(u->user)) && u->database[0]);
	must(u->retry_min_ms > 0 && u->retry_min_ms <= u->retry_max_ms);
	must(u->timeout_ms > 0 && u->horizon_s > 0 && u->tls_time <= CONF_TLS_AFTER_BUILD);
}

static void check_conf(const struct conf *conf)
{
	const struct conf_agent *a = &conf->agent;

	must(a->spool[0] == '/' && a->user[0] && a->log <= CONF_LOG_DEBUG);
	must(a->spool_size >= 1 << 20 && a->seal_bytes > 0 && a->seal_bytes * 4 <= a->spool_size);
	must(a->exporters >= 2 && !(a->exporters & (a->exporters - 1)));
	must(a->templates >= 2 && !(a->templates & (a->templates - 1)));
	must(conf->listens >= 1 && conf->listens <= CONF_LISTENS);
	must(conf->uplinks <= CONF_UPLINKS);
	for (unsigned i = 0; i < conf->listens; i++)
		check_listen(&conf->listen[i]);
	for (unsigned i = 0; i < conf->uplinks; i++)
		check_uplink(conf, i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char variable[256] = "NETMETA_";
	const char *const environment[] = { variable, NULL };
	const uint8_t *mark = memchr(data, 1, size);
	struct heard heard = { .lines = 1 };
	struct conf_source from = { .environment = environment, .found = found, .ctx = &heard };
	static struct conf conf;
	enum nm_err err;

	if (size == 0)
		return 0;
	if (mark && (size_t)(mark - data) < sizeof(variable) - strlen(variable) && mark > data)
		memcpy(variable + strlen(variable), data + 1, (size_t)(mark - data) - 1);
	from.strict = data[0] & 1;
	from.text = (const char *)(mark ? mark + 1 : data + 1);
	from.len = (size_t)(data + size - (const uint8_t *)from.text);
	for (size_t i = 0; i < from.len; i++)
		heard.lines += from.text[i] == '\n';
	err = conf_read(&conf, &from);
	must(err == heard.first);
	if (!err)
		check_conf(&conf);
	return 0;
}
