// SPDX-License-Identifier: Apache-2.0
/*
 * Giving up rights, for good: another user, no groups, no capability in any of the five
 * sets, none to be gained by executing something, no core file or debugger that could
 * show a password. What the kernel was told is checked afterwards, because a silent
 * failure here would be a loop that runs as root.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "platform/linux/owner.h"
#include "platform/linux/why.h"

static void drop_bounding_and_ambient(void)
{
	int capability = 0;

	/* Ends at the first number that this kernel does not know, or when it is not allowed:
	 * without CAP_SETPCAP there is no capability that the bounding set could give. */
	while (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0)
		capability++;
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

static enum nm_err become(const struct owner *owner, char why[NM_WHY])
{
	if (setgroups(0, NULL) < 0)
		return why_errno(why, "the groups of root cannot be left");
	if (setresgid(owner->gid, owner->gid, owner->gid) < 0)
		return why_errno(why, "group %u cannot be entered", (unsigned)owner->gid);
	if (setresuid(owner->uid, owner->uid, owner->uid) < 0)
		return why_errno(why, "user %u cannot be entered", (unsigned)owner->uid);
	return NM_OK;
}

static enum nm_err drop_capabilities(char why[NM_WHY])
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { { .effective = 0 } };

	if (syscall(SYS_capset, &head, none) < 0)
		return why_errno(why, "capabilities cannot be given up");
	return NM_OK;
}

static enum nm_err check_dropped(const struct owner *owner, char why[NM_WHY])
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct left[_LINUX_CAPABILITY_U32S_3];
	uid_t real, effective, saved;
	uint32_t caps = 0;

	if (syscall(SYS_capget, &head, left) < 0 || getresuid(&real, &effective, &saved) < 0)
		return why_errno(why, "the rights that are left cannot be read");
	for (unsigned i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		caps |= left[i].effective | left[i].permitted | left[i].inheritable;
	if (caps || real != owner->uid || effective != owner->uid || saved != owner->uid ||
	    prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return why_say(why, NM_IO, "the kernel left rights that were given up");
	if (owner->uid != 0 && setuid(0) == 0)
		return why_say(why, NM_IO, "the kernel allows to become root again");
	return NM_OK;
}

enum nm_err rights_drop(const char *user, char why[NM_WHY])
{
	int with_parent = 0;
	pid_t parent = getppid();
	struct owner owner;
	enum nm_err err = owner_find(user, &owner, why);

	if (err)
		return err;
	prctl(PR_GET_PDEATHSIG, &with_parent, 0, 0, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return why_errno(why, "new privileges cannot be renounced");
	drop_bounding_and_ambient();
	err = owner.uid != geteuid() ? become(&owner, why) : NM_OK;
	if (!err)
		err = drop_capabilities(why);
	if (!err)
		err = check_dropped(&owner, why);
	if (err)
		return err;
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	/* The kernel forgets the wish to end with the parent when ids change. */
	prctl(PR_SET_PDEATHSIG, with_parent, 0, 0, 0);
	if (with_parent && getppid() != parent)
		raise(with_parent);
	return NM_OK;
}
