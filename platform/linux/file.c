// SPDX-License-Identifier: Apache-2.0
/*
 * Files: a small one read whole, and the spool's, mapped and locked. The loop's user
 * owns the spool's folder, so root trusts nothing in it: no link is followed, and
 * only a file made in this very call is given away.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "platform/linux/owner.h"
#include "platform/linux/why.h"

/* --- reading ------------------------------------------------------------------ */

enum nm_err file_read(const char *path, char *at, size_t size, size_t *len, char why[NM_WHY])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = 1;

	*len = 0;
	if (fd < 0)
		return why_errno(why, "%s", path);
	while (n > 0 && *len < size) {
		n = read(fd, at + *len, size - *len);
		if (n > 0)
			*len += (size_t)n;
		else if (n < 0 && errno == EINTR)
			n = 1;
	}
	if (n < 0)
		why_errno(why, "%s", path);
	close(fd);
	if (n < 0)
		return NM_IO;
	if (*len == size)
		return why_say(why, NM_FULL, "%s is larger than %zu bytes", path, size - 1);
	at[*len] = 0;
	return NM_OK;
}

enum nm_err file_view(const char *path, struct mapping *m, char why[NM_WHY])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat is;
	void *at;

	if (fd < 0 || fstat(fd, &is) < 0) {
		why_errno(why, "%s", path);
		if (fd >= 0)
			close(fd);
		return NM_IO;
	}
	at = mmap(NULL, is.st_size ? (size_t)is.st_size : 1, PROT_READ, MAP_PRIVATE, fd, 0);
	if (at == MAP_FAILED) {
		why_errno(why, "%s", path);
		close(fd);
		return NM_IO;
	}
	*m = (struct mapping){ .at = at, .size = (size_t)is.st_size, .fd = fd };
	return NM_OK;
}

/* --- mapping ------------------------------------------------------------------ */

/* Open or make it; *made tells which. */
static int open_file(const char *path, const struct owner *owner, bool *made, char why[NM_WHY])
{
	int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
	int fd = open(path, flags | O_CREAT | O_EXCL, 0600);

	*made = fd >= 0;
	if (fd < 0 && errno == EEXIST)
		fd = open(path, flags);
	if (fd < 0)
		why_errno(why, "%s", path);
	else if (*made && geteuid() == 0 && fchown(fd, owner->uid, owner->gid) < 0) {
		why_errno(why, "%s cannot be given to its user", path);
		close(fd);
		unlink(path);
		return -1;
	}
	return fd;
}

/* A plain file that nobody else uses; its size in *size. */
/* A process that was killed just now may hold the lock for a moment more. */
static bool lock(int fd)
{
	const struct timespec pause = { 0, 100 * NM_NS_PER_MS };

	for (unsigned tries = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; tries++) {
		if (errno != EWOULDBLOCK || tries == 20)
			return false;
		nanosleep(&pause, NULL);
	}
	return true;
}

static enum nm_err claim(int fd, const char *path, size_t *size, char why[NM_WHY])
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return why_errno(why, "%s", path);
	if (!S_ISREG(st.st_mode) || st.st_nlink != 1)
		return why_say(why, NM_FOREIGN, "%s is not a plain file with one name", path);
	if ((uint64_t)st.st_size > SIZE_MAX)
		return why_say(why, NM_FOREIGN, "%s is too large to be mapped", path);
	*size = (size_t)st.st_size;
	if (lock(fd))
		return NM_OK;
	if (errno == EWOULDBLOCK)
		return why_say(why, NM_LOCKED, "%s is in use by another process", path);
	return why_errno(why, "%s cannot be locked", path);
}

/*
 * The space is reserved now: writing into a hole of a full file system later would be a
 * SIGBUS. Where a file system cannot reserve, the size alone is set.
 */
static enum nm_err map(struct mapping *m, char why[NM_WHY])
{
	int err;

	if (m->is_new && ftruncate(m->fd, (off_t)m->size) < 0)
		return why_errno(why, "the file cannot be made %zu bytes long", m->size);
	err = posix_fallocate(m->fd, 0, (off_t)m->size);
	if (err && err != EOPNOTSUPP && err != EINVAL) {
		errno = err;
		return why_errno(why, "there is no room for %zu bytes", m->size);
	}
	m->at = mmap(NULL, m->size, PROT_READ | PROT_WRITE, MAP_SHARED, m->fd, 0);
	if (m->at == MAP_FAILED) {
		m->at = NULL;
		return why_errno(why, "%zu bytes cannot be mapped", m->size);
	}
	return NM_OK;
}

enum nm_err file_map(const char *path, size_t size, const char *user, struct mapping *m,
		     char why[NM_WHY])
{
	struct owner owner;
	bool made = false;
	enum nm_err err;

	*m = (struct mapping){ .fd = -1 };
	err = owner_find(user, &owner, why);
	if (!err)
		err = owner_folder(&owner, path, why);
	if (err)
		return err;
	m->fd = open_file(path, &owner, &made, why);
	if (m->fd < 0)
		return NM_IO;
	err = claim(m->fd, path, &m->size, why);
	if (!err) {
		m->is_new = m->size == 0;
		if (m->is_new)
			m->size = size;
		err = map(m, why);
	}
	if (err) {
		if (made)
			unlink(path);
		file_unmap(m);
	}
	return err;
}

enum nm_err file_remap(struct mapping *m, size_t size, char why[NM_WHY])
{
	if (m->at)
		munmap(m->at, m->size);
	m->at = NULL;
	m->size = size;
	m->is_new = true;
	if (ftruncate(m->fd, 0) < 0)
		return why_errno(why, "the file cannot be emptied");
	return map(m, why);
}

enum nm_err file_set_aside(struct mapping *m, const char *path, char why[NM_WHY])
{
	char aside[2 * CONF_TEXT_MAX];

	snprintf(aside, sizeof(aside), "%s.damaged", path);
	file_unmap(m);
	return rename(path, aside) < 0 ? why_errno(why, "%s", aside) : NM_OK;
}

void file_unmap(struct mapping *m)
{
	if (m->at)
		munmap(m->at, m->size);
	if (m->fd >= 0)
		close(m->fd);
	*m = (struct mapping){ .fd = -1 };
}
