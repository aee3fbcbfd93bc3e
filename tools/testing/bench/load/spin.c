// SPDX-License-Identifier: GPL-2.0-only
/*
 * spin - fills the time in which the processor has nothing else to do, and counts it:
 * turns of a loop of two instructions, each a nanosecond of the machine's clock. What
 * others see of the clock less that is what was worked.
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "load.h"

#define INSTRUCTIONS_PER_TURN 2

static volatile uint64_t *turns;

static void map_turns(const char *path, int flags)
{
	int fd = open(path, flags, 0600);

	if (fd < 0 || ftruncate(fd, 4096))
		fail(path);
	turns = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (turns == MAP_FAILED)
		fail("mmap");
	close(fd);
}

int spin(const char *path)
{
	struct sched_param param = { 0 };

	map_turns(path, O_CREAT | O_TRUNC | O_RDWR);
	*turns = 0;
	if (sched_setscheduler(0, SCHED_IDLE, &param))
		fail("SCHED_IDLE");
	puts("ready");
	asm volatile("1: incq (%0)\n\tjmp 1b" : : "r"(turns) : "memory");
	return 0;
}

void spun_open(const char *path)
{
	map_turns(path, O_RDWR);
}

/* the time so far, without that of the spinner */
uint64_t busy(void)
{
	return now() - INSTRUCTIONS_PER_TURN * *turns;
}
