// SPDX-License-Identifier: GPL-2.0-only
/*
 * To be preloaded by xskxceiver, which is meant for real machines.
 *
 * A time of day that passes ten times slower, for its deadlines. And its sender begins when the
 * receiver has told the kernel of its buffers: on one processor it may be done before the receiver
 * runs again, and what comes when there is no buffer is lost.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SLOWER		10
#define USEC_PER_SEC	1000000LL
#define LOOK_USEC	1000
/* a receiver that is not to receive never tells */
#define LOOKS		1000

/* the receiver is ready but has not told the kernel so; it has */
static atomic_bool met, told;

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

/* where the receiver and who starts the sender meet */
int pthread_barrier_wait(pthread_barrier_t *barrier)
{
	int (*real)(pthread_barrier_t *barrier) = dlsym(RTLD_NEXT, "pthread_barrier_wait");

	told = false;
	met = true;
	return real(barrier);
}

ssize_t recvfrom(int fd, void *restrict data, size_t len, int flags,
		 struct sockaddr *restrict from, socklen_t *restrict from_len)
{
	ssize_t (*real)(int fd, void *data, size_t len, int flags, struct sockaddr *from,
			socklen_t *from_len) = dlsym(RTLD_NEXT, "recvfrom");
	ssize_t ret = real(fd, data, len, flags, from, from_len);

	told = true;
	return ret;
}

int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attr,
		   void *(*start)(void *arg), void *restrict arg)
{
	int (*real)(pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *arg),
		    void *arg) = dlsym(RTLD_NEXT, "pthread_create");

	for (int i = 0; met && !told && i < LOOKS; i++)
		usleep(LOOK_USEC);
	met = false;
	return real(thread, attr, start, arg);
}
