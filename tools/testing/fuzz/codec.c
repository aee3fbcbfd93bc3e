// SPDX-License-Identifier: GPL-2.0-only
/*
 * libFuzzer's way into the codecs of the mailbox.
 *
 * Owns: what must hold for any 16 words, and for any message. Never touches: sessions, registers.
 * No locks. The sanitizers find what is read or written out of bounds: words and messages are
 * pieces of the heap of exactly their size.
 */
#include <stdlib.h>

#include <net/kawela/mbx.h>

#define CHECK(x)				\
	do {					\
		if (!(x))			\
			abort();		\
	} while (0)

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void *copy_of(const void *from, size_t size)
{
	void *to = malloc(size);

	CHECK(to);
	memcpy(to, from, size);
	return to;
}

static bool same(const struct kawela_block_msg *a, const struct kawela_block_msg *b)
{
	return a->id == b->id && a->seq == b->seq && a->block == b->block && a->len == b->len &&
	       a->offset == b->offset && a->mask == b->mask &&
	       !memcmp(a->data, b->data, sizeof(a->data));
}

/* What was understood makes words that are understood the same way, and are the same again. */
static void block_words(const u32 *w)
{
	struct kawela_block_msg *msg = calloc(1, sizeof(*msg)), *back = calloc(1, sizeof(*back));
	u32 *one = malloc(sizeof(u32[KAWELA_ABI_WORDS]));
	u32 *two = malloc(sizeof(u32[KAWELA_ABI_WORDS]));
	int err = kawela_block_decode(w, msg);

	CHECK(!err || err == -EOPNOTSUPP || err == -EMSGSIZE);
	if (!err) {
		if (msg->id != KAWELA_MSG_BLOCK_INVALID) {
			CHECK(msg->len >= 1 && msg->len <= KAWELA_ABI_BLOCK_MAX);
			CHECK(msg->offset < msg->len);
			CHECK(msg->offset % KAWELA_ABI_BLOCK_DATA == 0);
		}
		CHECK(!kawela_block_encode(msg, one));
		CHECK(one[0] == (w[0] & (KAWELA_ABI_INFO | KAWELA_ABI_ID)));
		CHECK(one[1] == w[1] && one[2] == w[2]);
		CHECK(!kawela_block_decode(one, back));
		CHECK(same(msg, back));
		CHECK(!kawela_block_encode(back, two));
		CHECK(!memcmp(one, two, sizeof(u32[KAWELA_ABI_WORDS])));
	}
	free(two);
	free(one);
	free(back);
	free(msg);
}

static void block_msg(const u8 *data, size_t size)
{
	struct kawela_block_msg *msg = calloc(1, sizeof(*msg)), *back = calloc(1, sizeof(*back));
	u32 *w = malloc(sizeof(u32[KAWELA_ABI_WORDS]));

	memcpy(msg, data, size < sizeof(*msg) ? size : sizeof(*msg));
	if (!kawela_block_encode(msg, w)) {
		CHECK(!kawela_block_decode(w, back));
		CHECK(back->id == msg->id && back->seq == msg->seq);
	}
	free(w);
	free(back);
	free(msg);
}

static void legacy_words(const u32 *w)
{
	struct kawela_msg *msg = calloc(1, sizeof(*msg)), *back = calloc(1, sizeof(*back));
	u32 *one = malloc(sizeof(u32[KAWELA_ABI_WORDS]));
	u32 *two = malloc(sizeof(u32[KAWELA_ABI_WORDS]));
	int n, err = kawela_mbx_decode(w, msg);

	CHECK(!err || err == -EOPNOTSUPP || err == -EBADMSG);
	if (!err) {
		n = kawela_mbx_encode(msg, one);
		CHECK(n >= 1 && n <= KAWELA_ABI_WORDS);
		CHECK(!kawela_mbx_decode(one, back));
		CHECK(kawela_mbx_encode(back, two) == n);
		CHECK(!memcmp(one, two, sizeof(u32[KAWELA_ABI_WORDS])));
		CHECK(!kawela_mbx_decode_reply(w[0], kawela_mbx_reply_word(w[0], 0)));
		CHECK(kawela_mbx_decode_reply(w[0], kawela_mbx_reply_word(w[0], -1)) == -EPERM);
	}
	free(two);
	free(one);
	free(back);
	free(msg);
}

static void legacy_msg(const u8 *data, size_t size)
{
	struct kawela_msg *msg = calloc(1, sizeof(*msg)), *back = calloc(1, sizeof(*back));
	u32 *w = malloc(sizeof(u32[KAWELA_ABI_WORDS]));
	bool add = size & 1;

	memcpy(msg, data, size < sizeof(*msg) ? size : sizeof(*msg));
	if (msg->id == KAWELA_MSG_SET_VLAN)
		msg->vlan.add = add;
	if (kawela_mbx_encode(msg, w) > 0)
		CHECK(!kawela_mbx_decode(w, back) && back->id == msg->id);
	free(w);
	free(back);
	free(msg);
}

static void replies(const u32 *w)
{
	u32 *three = copy_of(w, sizeof(u32[KAWELA_ABI_RESET_REPLY_WORDS]));
	u8 *mac = malloc(ETH_ALEN);
	int err;

	err = kawela_mbx_decode_reset_reply(three, mac);
	CHECK(err == 0 ? is_valid_ether_addr(mac) : is_zero_ether_addr(mac));
	CHECK(kawela_mbx_encode_reset_reply(mac, three) == KAWELA_ABI_RESET_REPLY_WORDS);
	kawela_mbx_decode_reply(w[0], w[1]);

	err = kawela_block_errno(w[1]);
	CHECK(err <= 0 && kawela_block_errno(kawela_block_status(err)) == err);
	CHECK(kawela_block_status((int)w[2]) <= KAWELA_STATUS_FAILED);
	free(mac);
	free(three);
}

/* The same words bent to what is nearly a message of a transfer. */
static void bend(u32 *w)
{
	u32 len = (w[2] >> 16) % 140, offset = (w[2] & 0xffff) % 4;

	w[0] = (w[0] & ~KAWELA_ABI_ID) | (KAWELA_MSG_BLOCK_READ + w[0] % 2);
	w[2] = len << 16 | (offset * KAWELA_ABI_BLOCK_DATA);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u32 words[KAWELA_ABI_WORDS] = {}, *w;

	memcpy(words, data, size < sizeof(words) ? size : sizeof(words));
	w = copy_of(words, sizeof(words));
	block_words(w);
	legacy_words(w);
	replies(w);
	bend(w);
	block_words(w);
	free(w);
	block_msg(data, size);
	legacy_msg(data, size);
	return 0;
}
