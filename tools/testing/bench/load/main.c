// SPDX-License-Identifier: GPL-2.0-only
/*
 * load - the bench's generators and receivers. In C, so that their own share of what is
 * counted is small and always the same.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "load.h"

void fail(const char *what)
{
	perror(what);
	exit(1);
}

uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 3 && !strcmp(argv[1], "spin"))
		return spin(argv[2]);
	if (argc > 3 && !strcmp(argv[1], "xdp"))
		return cmd_xdp(argc - 2, argv + 2);
	if (argc > 3 && !strcmp(argv[1], "xsk"))
		return cmd_xsk(argc - 2, argv + 2);
	if (argc > 3 && !strcmp(argv[1], "stream"))
		return cmd_stream(argc - 2, argv + 2);
	fprintf(stderr, "usage: load spin|xdp|xsk|stream ...\n");
	return 2;
}
