// SPDX-License-Identifier: GPL-2.0-only
/*
 * To be preloaded: a time of day that passes ten times slower, for programs whose deadlines
 * are meant for real machines.
 */
#define _GNU_SOURCE
#include <sys/time.h>
#include <time.h>

#define SLOWER		10
#define USEC_PER_SEC	1000000LL

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	struct timespec time;
	long long usecs;

	(void)zone;
	clock_gettime(CLOCK_MONOTONIC, &time);
	usecs = (time.tv_sec * USEC_PER_SEC + time.tv_nsec / 1000) / SLOWER;
	now->tv_sec = usecs / USEC_PER_SEC;
	now->tv_usec = usecs % USEC_PER_SEC;

	return 0;
}
