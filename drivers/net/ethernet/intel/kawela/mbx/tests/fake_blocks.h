/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Config blocks of a PF driver, for tests of the mailbox.
 *
 * Owns: what is in the blocks, and what VFs did to them. Never touches: registers, sessions.
 * Locks: none; called by the PF end's service.
 */
#ifndef _KAWELA_MBX_FAKE_BLOCKS_H
#define _KAWELA_MBX_FAKE_BLOCKS_H

#include "fake_pair.h"

/* Which block, and its number. */
enum fake_block_index {
	FAKE_READ,	/* 1: to be read only */
	FAKE_WRITE,	/* 2: to be written only, at least FAKE_MIN_WRITE bytes */
	FAKE_BOTH,	/* 3 */
	FAKE_63,	/* 63: the last one that can be invalidated */
	FAKE_64,	/* 64: the first one that cannot */
	FAKE_HIGH,	/* 0x80000003: as FAKE_BOTH */
	FAKE_NUM_BLOCKS
};

#define FAKE_MIN_WRITE	4

/* All that can be invalid. */
#define FAKE_INVALID_ALL	(BIT_ULL(1) | BIT_ULL(2) | BIT_ULL(3) | BIT_ULL(63))

/**
 * struct fake_block - one of them
 * @data: what is read
 * @len: how much of it there is
 * @err: what the read and write functions say
 * @reads: calls of the read function
 * @writes: calls of the write function
 * @written: what was written last
 * @written_len: how much
 * @hook: called by both functions
 */
struct fake_block {
	u8 data[KAWELA_ABI_BLOCK_MAX];
	unsigned int len;
	int err;
	unsigned int reads;
	unsigned int writes;
	u8 written[KAWELA_ABI_BLOCK_MAX];
	unsigned int written_len;
	void (*hook)(struct fake_pair *p, u16 vf);
};

extern const struct kawela_mbx_block fake_blocks[FAKE_NUM_BLOCKS];

int fake_blocks_init(struct kunit *test);
struct fake_block *fake_block(struct fake_pair *p, enum fake_block_index i);
void fake_block_fill(u8 *buf, unsigned int len, u8 start);

#endif /* _KAWELA_MBX_FAKE_BLOCKS_H */
