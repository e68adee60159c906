// SPDX-License-Identifier: Apache-2.0
/* Users, and folders that belong to them. */
#define _GNU_SOURCE
#include "platform/linux/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/linux/why.h"

enum nm_err owner_find(const char *user, struct owner *owner, char why[NM_WHY])
{
	const struct passwd *entry;

	*owner = (struct owner){ geteuid(), getegid() };
	if (owner->uid != 0 || !user || !*user)
		return NM_OK;
	entry = getpwnam(user);
	if (!entry)
		return why_say(why, NM_MISSING, "user %s does not exist on this machine", user);
	*owner = (struct owner){ entry->pw_uid, entry->pw_gid };
	return NM_OK;
}

enum nm_err owner_folder(const struct owner *owner, const char *path, char why[NM_WHY])
{
	const char *slash = strrchr(path, '/');
	char folder[CONF_TEXT_MAX];

	if (!slash || slash == path)
		return NM_OK;
	snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
	if (mkdir(folder, 0750) < 0) {
		if (errno == EEXIST)
			return NM_OK;
		return why_errno(why, "folder %s cannot be made", folder);
	}
	if (geteuid() == 0 && lchown(folder, owner->uid, owner->gid) < 0)
		return why_errno(why, "folder %s cannot be given to its user", folder);
	return NM_OK;
}
