/* SPDX-License-Identifier: GPL-2.0-only */
/* load.h - the bench's own generators and receivers: what they share. */

#ifndef LOAD_H
#define LOAD_H

#include <stdint.h>
#include <stddef.h>

void fail(const char *what) __attribute__((noreturn));
uint64_t now(void);

/* spin.c: whatever of the time the processor had nothing to do */
int spin(const char *path);
void spun_open(const char *path);
uint64_t busy(void);

/* bpf.c */
struct verdict {
	const char *name;
	const char *mac;
	int out;
	int xskmap;
};

int xdp_attach(const struct verdict *v, int ifindex, const char *mode);
int xskmap_new(void);
void xskmap_set(int map, uint32_t queue, int fd);
void mac_parse(const char *text, uint8_t *mac);

/* the commands */
int cmd_xdp(int argc, char **argv);
int cmd_xsk(int argc, char **argv);
int cmd_stream(int argc, char **argv);

#endif
