/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who shall own what is made before the rights are given up: files, folders and
 * sockets made as root belong to the user that the loop becomes.
 */
#ifndef NM_LINUX_OWNER_H
#define NM_LINUX_OWNER_H

#include <sys/types.h>

#include "platform/platform.h"

struct owner {
	uid_t uid;
	gid_t gid;
};

/* This process's own ids when it is not root or `user` is empty; NM_MISSING: no such user. */
enum nm_err owner_find(const char *user, struct owner *owner, char why[NM_WHY]) NM_MUST_CHECK;

/* Make the folder that `path` lies in when it is not there (one level), mode 0750. */
enum nm_err owner_folder(const struct owner *owner, const char *path,
			 char why[NM_WHY]) NM_MUST_CHECK;

#endif
