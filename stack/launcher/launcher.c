/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs ClickHouse from libchdb.so, the engine as one shared library: hands its own arguments to
 * the library's command line and prints what that answers. With --query "SYSTEM START LISTEN ..."
 * the engine serves its usual network interfaces until the query ends. NETMETA_LIBCHDB names the
 * library. Exit status: 0, 1 when the query failed, 2 when the library cannot be used.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The result of query_stable_v2, as the library's header lays it out. */
struct result {
	char *buffer;
	size_t length;
	void *owner;
	double elapsed_seconds;
	uint64_t rows_read;
	uint64_t bytes_read;
	char *error;
};

typedef struct result *query_function(int argc, char **argv);

static query_function *load(const char *path)
{
	void *library = dlopen(path, RTLD_NOW);
	query_function *query = NULL;

	if (library)
		*(void **)&query = dlsym(library, "query_stable_v2");
	if (!query)
		fprintf(stderr, "launcher: %s\n", dlerror());
	return query;
}

int main(int argc, char **argv)
{
	const char *path = getenv("NETMETA_LIBCHDB");
	query_function *query = load(path ? path : "libchdb.so");
	struct result *result;

	if (!query)
		return 2;
	result = query(argc, argv);
	if (!result || result->error) {
		fprintf(stderr, "launcher: %s\n", result ? result->error : "no result");
		return 1;
	}
	fwrite(result->buffer, 1, result->length, stdout);
	return 0;
}
