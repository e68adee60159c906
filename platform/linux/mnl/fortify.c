// SPDX-License-Identifier: Apache-2.0
/*
 * Debian compiles its libmnl for glibc, with checks of formats and, on 32-bit machines, with times
 * of 64 bits. Other C libraries lack the functions that these call. One prints as fprintf does; the
 * others are calls of sockets by another name, because times in musl always have 64 bits.
 */
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>

#ifndef __GLIBC__
int __fprintf_chk(FILE *to, int flag, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

int __fprintf_chk(FILE *to, int flag, const char *format, ...)
{
	va_list args;
	int len;

	(void)flag;
	va_start(args, format);
	len = vfprintf(to, format, args);
	va_end(args);
	return len;
}

#if __SIZEOF_LONG__ == 4
ssize_t __recvmsg64(int fd, struct msghdr *message, int flags);
int __setsockopt64(int fd, int level, int name, const void *value, socklen_t len);
int __getsockopt64(int fd, int level, int name, void *value, socklen_t *len);

ssize_t __recvmsg64(int fd, struct msghdr *message, int flags)
{
	return recvmsg(fd, message, flags);
}

int __setsockopt64(int fd, int level, int name, const void *value, socklen_t len)
{
	return setsockopt(fd, level, name, value, len);
}

int __getsockopt64(int fd, int level, int name, void *value, socklen_t *len)
{
	return getsockopt(fd, level, name, value, len);
}
#endif
#endif
