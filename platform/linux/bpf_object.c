// SPDX-License-Identifier: Apache-2.0
/* What bpf(2) makes: maps, programs and links, and words for what it refuses. */
#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "platform/linux/bpf_private.h"
#include "platform/linux/why.h"

/* Of Linux 6.6; headers of older ones do not name them. */
#define TCX_INGRESS 46
#define TCX_EGRESS  47

#define LOG_SIZE  4096
#define LOG_STATS 4			/* what is wrong, and statistics; not each instruction */

/* A descriptor, or -1. The kernel sets FD_CLOEXEC by itself. */
static int bpf(int command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/* `absent` says what a kernel lacks that answers so. */
static enum nm_err refused(const char *what, const char *absent, char why[NM_WHY])
{
	switch (errno) {
	case EPERM:
		return why_say(why, NM_RIGHTS, "%s: CAP_BPF and CAP_NET_ADMIN are needed", what);
	case ENODEV:
		return why_say(why, NM_GONE, "%s: there is no such interface", what);
	case ENOSYS:
		return why_say(why, NM_ABSENT, "%s: this kernel has no BPF", what);
	case EINVAL:
	case EOPNOTSUPP:
		return why_say(why, NM_ABSENT, "%s: %s", what, absent);
	default:
		return why_errno(why, "%s", what);
	}
}

/* --- maps ------------------------------------------------------------------------------ */

/* Until Linux 5.11 maps are locked memory, of which there may be little even for root. */
static int map_new(union bpf_attr *attr)
{
	const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	int fd = bpf(BPF_MAP_CREATE, attr);

	if (fd < 0 && errno == EPERM && setrlimit(RLIMIT_MEMLOCK, &all) == 0)
		fd = bpf(BPF_MAP_CREATE, attr);
	return fd;
}

enum nm_err bpf_ring_new(uint32_t size, int *fd, char why[NM_WHY])
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_RINGBUF, .map_name = "netmeta_ring", .max_entries = size,
	};

	*fd = map_new(&attr);
	if (*fd >= 0)
		return NM_OK;
	return refused("BPF ring", "this kernel has none: it is older than 5.8", why);
}

/* Mapped, because reading a map by bpf(2) needs rights. */
enum nm_err bpf_counts_new(int *fd, char why[NM_WHY])
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY, .map_name = "netmeta_counts",
		.map_flags = BPF_F_MMAPABLE,
		.key_size = sizeof(uint32_t), .value_size = sizeof(uint64_t), .max_entries = 1,
	};

	*fd = map_new(&attr);
	if (*fd >= 0)
		return NM_OK;
	return refused("BPF map", "this kernel is older than 5.5", why);
}

/* --- programs --------------------------------------------------------------------------- */

static uint64_t address_of(const void *p)
{
	return (uintptr_t)p;
}

/* The verifier's last line but its statistics. */
static const char *last_words(char *log)
{
	static const char *const statistics[] = { "verification ", "stack depth ", "processed " };
	const char *said = "", *line = log;

	for (char *end = strchr(log, '\n'); end; end = strchr(line, '\n')) {
		bool is_said = end > line;

		for (unsigned i = 0; i < 3; i++)
			is_said = is_said && strncmp(line, statistics[i], strlen(statistics[i]));
		*end = 0;
		said = is_said ? line : said;
		line = end + 1;
	}
	return said;
}

enum nm_err bpf_program_load(const struct bpf_want *want, int *fd, char why[NM_WHY])
{
	struct bpf_insn code[BPF_INSTRUCTIONS] = { { 0 } };
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_SCHED_CLS, .prog_name = "netmeta",
		.insns = address_of(code), .license = address_of("Apache-2.0"),
	};
	char log[LOG_SIZE] = "";

	attr.insn_cnt = bpf_program(want, code);
	*fd = bpf(BPF_PROG_LOAD, &attr);
	if (*fd >= 0)
		return NM_OK;
	if (errno != EACCES && errno != EINVAL)
		return refused("BPF program", "", why);
	attr.log_level = LOG_STATS;	/* the verifier refused it, and says why when it is asked */
	attr.log_buf = address_of(log);
	attr.log_size = sizeof(log);
	*fd = bpf(BPF_PROG_LOAD, &attr);
	return why_say(why, NM_ABSENT, "BPF program: this kernel refuses it: %s", last_words(log));
}

/* --- links -------------------------------------------------------------------------------- */

enum nm_err bpf_link_new(int program, uint32_t ifindex, bool egress, int *fd, char why[NM_WHY])
{
	union bpf_attr attr = { .link_create = {
		.prog_fd = (uint32_t)program, .target_ifindex = ifindex,
		.attach_type = egress ? TCX_EGRESS : TCX_INGRESS,
	} };

	*fd = bpf(BPF_LINK_CREATE, &attr);
	if (*fd >= 0)
		return NM_OK;
	return refused("BPF link", "this kernel has no tcx: it is older than 6.6, or built "
		       "without CONFIG_NET_XGRESS", why);
}
