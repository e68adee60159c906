/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The configuration: OpenWrt's UCI syntax, read by one parser everywhere,
 * checked against one table (option.def), filled into one plain struct.
 *
 *	config uplink 'centre'
 *		option url 'https://clickhouse.example:8443/'
 *		option ca_file '/etc/ssl/certs/own-ca.pem'
 *
 * Sections may repeat; each repeat is one element of an array in struct conf.
 */
#ifndef NM_CONF_H
#define NM_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/addr.h"
#include "core/err.h"
#include "core/interface.h"
#include "core/out.h"
#include "core/prefix.h"
#include "core/source.h"

#define CONF_LISTENS  8
#define CONF_PORTS    8
#define CONF_ALLOWS   32
#define CONF_EXPORTERS 64
#define CONF_UPLINKS  4
#define CONF_SAMPLES  16
#define CONF_MIRRORS  8
#define CONF_PATTERNS 16
#define CONF_NAME     32
#define CONF_TEXT_MAX 256

enum conf_log { CONF_LOG_ERROR, CONF_LOG_WARN, CONF_LOG_INFO, CONF_LOG_DEBUG };
enum conf_tls_time { CONF_TLS_STRICT, CONF_TLS_AFTER_BUILD };
enum conf_compression {
	CONF_COMPRESSION_AUTO, CONF_COMPRESSION_NONE, CONF_COMPRESSION_LZ4, CONF_COMPRESSION_GZIP,
};

enum conf_direction { CONF_BOTH, CONF_INGRESS, CONF_EGRESS };

/* Names of interfaces, in which * stands for any characters. */
struct conf_patterns { char text[CONF_PATTERNS][INTERFACE_NAME]; uint8_t count; };

struct conf_agent {			/* config agent */
	char name[CONF_NAME];		/* as the file says; nothing depends on it */
	char id[64];			/* empty: derived from the machine */
	char user[CONF_NAME];		/* whose rights the loop runs with */
	char spool[CONF_TEXT_MAX];	/* path of the spool file */
	uint64_t spool_size;		/* bytes; "16M" */
	uint64_t seal_bytes;
	uint32_t seal_ms;
	uint32_t ledger_s;		/* a ledger every so many seconds */
	uint32_t drain_s;		/* at most so long to deliver after SIGTERM */
	uint32_t exporters;		/* slots, a power of two */
	uint32_t templates;		/* slots, a power of two */
	uint32_t park;			/* bytes for data without template; 0: none waits */
	bool keep_unknown;		/* elements without a field go with the flow */
	char control[CONF_TEXT_MAX];	/* path of the control socket; empty: none */
	uint8_t log;			/* enum conf_log */
	struct addr address;		/* of this agent in records; absent: made from its id */
	uint32_t window_s;		/* samples are held against counters so often */
	uint32_t sample_buffer;		/* bytes for samples not yet read */
};

struct conf_listen {			/* config listen, repeats */
	char name[CONF_NAME];
	struct addr address;		/* absent: all */
	uint16_t port[CONF_PORTS];	/* list port */
	uint8_t ports;
	uint32_t receive_buffer;	/* bytes asked of the kernel */
	struct prefix allow[CONF_ALLOWS];	/* who may send */
	uint8_t allows;
};

struct conf_uplink {			/* config uplink, repeats */
	char name[CONF_NAME];		/* never empty and unique: the spool knows it by this */
	char url[CONF_TEXT_MAX];	/* url_parse() has accepted it */
	bool insecure;			/* http:// was asked for on purpose */
	char user[64];
	char password_file[CONF_TEXT_MAX];
	char database[64];
	char ca_file[CONF_TEXT_MAX];	/* own CA or bundle; empty: the system's */
	uint8_t tls_time;		/* enum conf_tls_time */
	uint8_t compression;		/* enum conf_compression */
	uint32_t timeout_ms;		/* an answer must come within */
	uint32_t retry_min_ms, retry_max_ms;
	uint32_t horizon_s;		/* how long the server remembers tokens */
};

struct conf_exporter {			/* config exporter, repeats */
	char name[CONF_NAME];		/* what people call it */
	struct prefix address;		/* of the datagrams' source; may stand for several */
	uint32_t rate;			/* one packet in so many is sampled; 0: nothing is said */
	bool rate_force;		/* whatever the exporter says */
};

struct conf_sample {			/* config sample, repeats */
	char name[CONF_NAME];
	struct conf_patterns interface, exclude;
	uint8_t source;			/* enum source, SOURCE_AUTO */
	uint8_t direction;		/* enum conf_direction */
	uint32_t rate;			/* one packet in so many is picked */
	uint32_t snap;			/* bytes of each that are looked at */
};

struct conf_mirror {			/* config mirror, repeats */
	char name[CONF_NAME];
	char rx[INTERFACE_NAME];	/* brings what the mirrored port receives */
	char tx[INTERFACE_NAME];	/* brings what it sends; empty: rx brings both */
	uint32_t rate, snap;
	uint32_t index;			/* of the mirrored port in records; 0: that of rx and tx */
	bool promiscuous;
};

struct conf {
	struct conf_agent agent;
	struct conf_listen listen[CONF_LISTENS];
	struct conf_uplink uplink[CONF_UPLINKS];
	struct conf_exporter exporter[CONF_EXPORTERS];
	struct conf_sample sample[CONF_SAMPLES];
	struct conf_mirror mirror[CONF_MIRRORS];
	unsigned listens, uplinks, exporters, samples, mirrors;
};

/* One finding: an error, or a warning about something that was left out. */
struct conf_finding {
	enum nm_err err;
	bool warning;			/* reading succeeds all the same */
	unsigned line;			/* 0: an environment variable, or the whole file */
	char word[64];			/* the section, option or variable it is about */
	char text[160];			/* the sentence, without file, line and word */
};

/* Called for each finding: by line, then the environment, then what does not fit together. */
typedef void conf_found(void *ctx, const struct conf_finding *finding);

struct conf_source {
	const char *text;		/* the file, or NULL */
	size_t len;
	const char *const *environment;	/* "NETMETA_UPLINK_URL=..." NULL-terminated, or NULL */
	bool strict;			/* what is unknown or given twice is an error */
	conf_found *found;
	void *ctx;
};

/*
 * Presets, then the file, then NETMETA_<SECTION>_<OPTION> (first section of that
 * kind, or NETMETA_<SECTION>_<NAME>_<OPTION> for a named one; lists by blanks).
 * Without a listen section there is one of presets, unless packets are sampled or a port
 * is mirrored; without an uplink there is none.
 * Returns the first error, after everything has been looked at.
 */
enum nm_err conf_read(struct conf *conf, const struct conf_source *from) NM_MUST_CHECK;

/* "FILE:LINE: WORD: sentence", or without what a finding does not have (file may be NULL). */
void conf_put_finding(struct out *o, const char *file, const struct conf_finding *finding);

#endif
