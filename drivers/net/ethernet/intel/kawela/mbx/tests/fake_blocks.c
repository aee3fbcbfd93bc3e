// SPDX-License-Identifier: GPL-2.0-only
/* Config blocks of a PF driver; see fake_blocks.h. */
#include <linux/string.h>

#include "fake_blocks.h"

struct fake_block *fake_block(struct fake_pair *p, enum fake_block_index i)
{
	struct fake_block *blocks = p->more;

	return &blocks[i];
}

static int block_read(struct fake_pair *p, u16 vf, struct fake_block *b, u8 *buf)
{
	b->reads++;
	if (b->hook)
		b->hook(p, vf);
	if (b->err)
		return b->err;

	memcpy(buf, b->data, b->len);
	return b->len;
}

static int block_write(struct fake_pair *p, u16 vf, struct fake_block *b, const u8 *buf,
		       unsigned int len)
{
	b->writes++;
	if (b->hook)
		b->hook(p, vf);
	if (b->err)
		return b->err;

	memcpy(b->written, buf, len);
	b->written_len = len;
	return 0;
}

static int read_only(void *priv, u16 vf, u8 buf[KAWELA_ABI_BLOCK_MAX])
{
	return block_read(priv, vf, fake_block(priv, FAKE_READ), buf);
}

static int both_read(void *priv, u16 vf, u8 buf[KAWELA_ABI_BLOCK_MAX])
{
	return block_read(priv, vf, fake_block(priv, FAKE_BOTH), buf);
}

static int read_63(void *priv, u16 vf, u8 buf[KAWELA_ABI_BLOCK_MAX])
{
	return block_read(priv, vf, fake_block(priv, FAKE_63), buf);
}

static int read_64(void *priv, u16 vf, u8 buf[KAWELA_ABI_BLOCK_MAX])
{
	return block_read(priv, vf, fake_block(priv, FAKE_64), buf);
}

static int high_read(void *priv, u16 vf, u8 buf[KAWELA_ABI_BLOCK_MAX])
{
	return block_read(priv, vf, fake_block(priv, FAKE_HIGH), buf);
}

static int write_only(void *priv, u16 vf, const u8 *buf, unsigned int len)
{
	return block_write(priv, vf, fake_block(priv, FAKE_WRITE), buf, len);
}

static int both_write(void *priv, u16 vf, const u8 *buf, unsigned int len)
{
	return block_write(priv, vf, fake_block(priv, FAKE_BOTH), buf, len);
}

static int high_write(void *priv, u16 vf, const u8 *buf, unsigned int len)
{
	return block_write(priv, vf, fake_block(priv, FAKE_HIGH), buf, len);
}

const struct kawela_mbx_block fake_blocks[FAKE_NUM_BLOCKS] = {
	[FAKE_READ]	= { .id = 1, .read = read_only },
	[FAKE_WRITE]	= { .id = 2, .write = write_only, .min_write = FAKE_MIN_WRITE },
	[FAKE_BOTH]	= { .id = 3, .read = both_read, .write = both_write },
	[FAKE_63]	= { .id = 63, .read = read_63 },
	[FAKE_64]	= { .id = 64, .read = read_64 },
	[FAKE_HIGH]	= { .id = 0x80000003, .read = high_read, .write = high_write },
};

void fake_block_fill(u8 *buf, unsigned int len, u8 start)
{
	unsigned int i;

	/* No two bytes that could be taken for each other are alike. */
	for (i = 0; i < len; i++)
		buf[i] = start + i;
}

/* The pair of ends, with these blocks. */
int fake_blocks_init(struct kunit *test)
{
	struct fake_block *blocks;
	struct fake_pair *p;
	unsigned int i;

	fake_pair_init(test, fake_blocks, FAKE_NUM_BLOCKS);
	p = test->priv;
	blocks = kunit_kcalloc(test, FAKE_NUM_BLOCKS, sizeof(*blocks), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, blocks);
	p->more = blocks;
	for (i = 0; i < FAKE_NUM_BLOCKS; i++) {
		blocks[i].len = KAWELA_ABI_BLOCK_MAX;
		fake_block_fill(blocks[i].data, KAWELA_ABI_BLOCK_MAX, 1 + i);
	}
	return 0;
}
