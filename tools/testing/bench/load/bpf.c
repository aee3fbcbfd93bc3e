// SPDX-License-Identifier: GPL-2.0-only
/* bpf - XDP programs of a few instructions, on a netdev until the process ends. */

#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "load.h"

#define INSN(c, d, s, o, i) \
	((struct bpf_insn){ .code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) })
#define MOV(dst, imm) INSN(BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, imm)
#define MOVR(dst, src) INSN(BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0)
#define ADD(dst, imm) INSN(BPF_ALU64 | BPF_ADD | BPF_K, dst, 0, 0, imm)
#define LOAD(size, dst, src, off) INSN(BPF_LDX | BPF_MEM | (size), dst, src, off, 0)
#define STORE(size, dst, off, src) INSN(BPF_STX | BPF_MEM | (size), dst, src, off, 0)
#define STORE_IMM(size, dst, off, imm) INSN(BPF_ST | BPF_MEM | (size), dst, 0, off, imm)
#define IF_ABOVE(a, b, off) INSN(BPF_JMP | BPF_JGT | BPF_X, a, b, off, 0)
#define CALL(number) INSN(BPF_JMP | BPF_CALL, 0, 0, 0, number)
#define EXIT INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

/* two instructions */
#define MAP_FD(dst, fd) \
	INSN(BPF_LD | BPF_DW | BPF_IMM, dst, BPF_PSEUDO_MAP_FD, 0, fd), INSN(0, 0, 0, 0, 0)

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int map_new(int type)
{
	union bpf_attr attr = { .map_type = type, .key_size = 4, .value_size = 4,
				.max_entries = 1 };
	int fd = bpf(BPF_MAP_CREATE, &attr);

	if (fd < 0)
		fail("BPF_MAP_CREATE");
	return fd;
}

static void map_set(int map, uint32_t key, uint32_t value)
{
	union bpf_attr attr = { .map_fd = map, .key = (uintptr_t)&key, .value = (uintptr_t)&value };

	if (bpf(BPF_MAP_UPDATE_ELEM, &attr))
		fail("BPF_MAP_UPDATE_ELEM");
}

int xskmap_new(void)
{
	return map_new(BPF_MAP_TYPE_XSKMAP);
}

void xskmap_set(int map, uint32_t queue, int fd)
{
	map_set(map, queue, fd);
}

void mac_parse(const char *text, uint8_t *mac)
{
	if (sscanf(text, "%hhx:%hhx:%hhx:%hhx:%hhx:%hhx", mac, mac + 1, mac + 2, mac + 3, mac + 4,
		   mac + 5) != 6)
		fail(text);
}

static int prog_load(const struct bpf_insn *insns, size_t count)
{
	static char log[65536];
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_XDP, .insn_cnt = count, .insns = (uintptr_t)insns,
		.license = (uintptr_t)"GPL",
		.log_buf = (uintptr_t)log, .log_size = sizeof(log), .log_level = 1,
	};
	int fd = bpf(BPF_PROG_LOAD, &attr);

	if (fd < 0) {
		fputs(log, stderr);
		fail("BPF_PROG_LOAD");
	}
	return fd;
}

static int load_drop(void)
{
	const struct bpf_insn insns[] = { MOV(0, XDP_DROP), EXIT };

	return prog_load(insns, 2);
}

/* the frame goes back to whoever sent it */
static int load_tx(void)
{
	const struct bpf_insn insns[] = {
		MOV(0, XDP_ABORTED),
		LOAD(BPF_W, 2, 1, offsetof(struct xdp_md, data)),
		LOAD(BPF_W, 3, 1, offsetof(struct xdp_md, data_end)),
		MOVR(4, 2), ADD(4, 14), IF_ABOVE(4, 3, 9),
		LOAD(BPF_W, 4, 2, 0), LOAD(BPF_H, 5, 2, 4),
		LOAD(BPF_W, 6, 2, 6), LOAD(BPF_H, 7, 2, 10),
		STORE(BPF_W, 2, 0, 6), STORE(BPF_H, 2, 4, 7),
		STORE(BPF_W, 2, 6, 4), STORE(BPF_H, 2, 10, 5),
		MOV(0, XDP_TX), EXIT,
	};

	return prog_load(insns, sizeof(insns) / sizeof(*insns));
}

/* out by another netdev, to an address */
static int load_redirect(const struct verdict *v)
{
	int map = map_new(BPF_MAP_TYPE_DEVMAP);
	uint8_t mac[6];
	int32_t first;
	int16_t rest;

	map_set(map, 0, v->out);
	mac_parse(v->mac, mac);
	memcpy(&first, mac, 4);
	memcpy(&rest, mac + 4, 2);
	const struct bpf_insn insns[] = {
		MOV(0, XDP_ABORTED),
		LOAD(BPF_W, 2, 1, offsetof(struct xdp_md, data)),
		LOAD(BPF_W, 3, 1, offsetof(struct xdp_md, data_end)),
		MOVR(4, 2), ADD(4, 14), IF_ABOVE(4, 3, 7),
		STORE_IMM(BPF_W, 2, 0, first), STORE_IMM(BPF_H, 2, 4, rest),
		MAP_FD(1, map), MOV(2, 0), MOV(3, 0), CALL(BPF_FUNC_redirect_map),
		EXIT,
	};

	return prog_load(insns, sizeof(insns) / sizeof(*insns));
}

static int load_xsk(int map)
{
	const struct bpf_insn insns[] = {
		LOAD(BPF_W, 2, 1, offsetof(struct xdp_md, rx_queue_index)),
		MAP_FD(1, map), MOV(3, XDP_PASS), CALL(BPF_FUNC_redirect_map), EXIT,
	};

	return prog_load(insns, sizeof(insns) / sizeof(*insns));
}

static int load(const struct verdict *v)
{
	if (!strcmp(v->name, "drop"))
		return load_drop();
	if (!strcmp(v->name, "tx"))
		return load_tx();
	if (!strcmp(v->name, "redirect"))
		return load_redirect(v);
	return load_xsk(v->xskmap);
}

/* mode: "native" or "generic" */
int xdp_attach(const struct verdict *v, int ifindex, const char *mode)
{
	union bpf_attr attr = { .link_create = {
		.prog_fd = load(v), .target_ifindex = ifindex, .attach_type = BPF_XDP,
		.flags = strcmp(mode, "generic") ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE } };
	int link = bpf(BPF_LINK_CREATE, &attr);

	if (link < 0)
		fail("BPF_LINK_CREATE");
	return link;
}

/* xdp NETDEV MODE VERDICT [OUT MAC]: until the end of the standard input */
int cmd_xdp(int argc, char **argv)
{
	struct verdict v = { 0 };

	if (argc < 3)
		return 2;
	v.name = argv[2];
	if (argc == 5) {
		v.out = if_nametoindex(argv[3]);
		v.mac = argv[4];
	}
	xdp_attach(&v, if_nametoindex(argv[0]), argv[1]);
	puts("ready");
	getchar();
	return 0;
}
