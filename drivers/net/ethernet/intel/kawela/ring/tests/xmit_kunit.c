// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transmit of short packets, on a ring without hardware: what is copied is the stack's again at
 * once, a report is asked for where somebody waits, and free descriptors are counted right.
 */
#include <kunit/test.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/module.h>
#include <linux/tcp.h>
#include <net/checksum.h>
#include <net/ip.h>

#include "fake_ring.h"

/* A packet of @len bytes 1, 2, 3 ... that the test holds, too. */
static struct sk_buff *packet(struct kunit *test, unsigned int len)
{
	struct sk_buff *skb = alloc_skb(len, GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	for (i = 1; i <= len; i++)
		skb_put_u8(skb, i);

	return skb_get(skb);
}

static netdev_tx_t xmit(struct fake_ring *ring, struct sk_buff *skb)
{
	netdev_tx_t ret;

	local_bh_disable();
	ret = kawela_dp_xmit(&ring->dp, skb);
	local_bh_enable();

	return ret;
}

static void expect_copied(struct kunit *test, unsigned int len)
{
	struct fake_ring *ring = test->priv;
	struct kawela_tx_ring *tx = ring->tx;
	struct sk_buff *skb = packet(test, len);
	u16 i = tx->ntu;

	KUNIT_EXPECT_EQ(test, xmit(ring, skb), NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, refcount_read(&skb->users), 1);
	KUNIT_EXPECT_EQ(test, tx->buf[i].kind, KAWELA_TX_NONE);
	KUNIT_EXPECT_EQ(test, tx->buf[tx->run].eop, i);
	KUNIT_EXPECT_MEMEQ(test, tx->copy + i * KAWELA_TX_COPY, skb->data, len);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(tx->desc[i].addr), FAKE_COPY_DMA + i * 128);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(tx->desc[i].cmd_type_len), 0x23300000 | len);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(tx->desc[i].olinfo_status), len << 14);
	kfree_skb(skb);
}

static void test_copy(struct kunit *test)
{
	struct fake_ring *ring = test->priv;
	unsigned int len, sent = 0;

	for (len = KAWELA_TX_MIN_LEN; len <= KAWELA_TX_COPY; len += 37, sent++)
		expect_copied(test, len);
	expect_copied(test, KAWELA_TX_COPY / 2);
	expect_copied(test, KAWELA_TX_COPY / 2 + 1);
	expect_copied(test, KAWELA_TX_COPY);
	sent += 3;
	KUNIT_EXPECT_EQ(test, ring->tx->ntu, sent);
	KUNIT_EXPECT_EQ(test, ring->tx->room, FAKE_COUNT - 1 - sent);
	KUNIT_EXPECT_EQ(test, ring->tx->c.dropped, 0);
	KUNIT_EXPECT_EQ(test, ring->tx->c.copied, sent);
	KUNIT_EXPECT_EQ(test, ring->tx->c.copied_bytes, ring->tx->buf[0].bytes);
	KUNIT_EXPECT_EQ(test, ring->tx->c.doorbells, sent);
	KUNIT_EXPECT_FALSE(test, kawela_ring_tx_due(ring->tx));
}

/* It is no matter in how many pieces a short packet is. */
static void test_pieces(struct kunit *test)
{
	struct fake_ring *ring = test->priv;
	struct kawela_tx_ring *tx = ring->tx;
	struct sk_buff *skb = packet(test, 66);
	void *page = (void *)get_zeroed_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	memset(page, 0xaa, 2);
	skb_add_rx_frag(skb, 0, virt_to_page(page), 0, 2, PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, xmit(ring, skb), NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, refcount_read(&skb->users), 1);
	KUNIT_EXPECT_EQ(test, tx->ntu, 1);
	KUNIT_EXPECT_MEMEQ(test, tx->copy, skb->data, 66);
	KUNIT_EXPECT_MEMEQ(test, tx->copy + 66, page, 2);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(tx->desc[0].cmd_type_len), 0x23300000 | 68);
	kfree_skb(skb);
}

/* One byte too long to be copied: mapped, and the ring's until it is cleaned. */
static void test_map(struct kunit *test)
{
	struct fake_ring *ring = test->priv;
	struct sk_buff *skb = packet(test, KAWELA_TX_COPY + 1);
	struct kawela_tx_buf *buf = &ring->tx->buf[0];

	fake_ring_map(test);
	KUNIT_EXPECT_EQ(test, xmit(ring, skb), NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, refcount_read(&skb->users), 2);
	KUNIT_EXPECT_EQ(test, buf->kind, KAWELA_TX_SKB);
	KUNIT_EXPECT_PTR_EQ(test, buf->skb, skb);
	KUNIT_EXPECT_EQ(test, buf->len, KAWELA_TX_COPY + 1);
	KUNIT_EXPECT_EQ(test, le64_to_cpu(ring->tx->desc[0].addr), buf->dma);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(ring->tx->desc[0].cmd_type_len), 0x2b300081);
	KUNIT_EXPECT_EQ(test, ring->tx->room, FAKE_COUNT - 2);

	dma_unmap_page(ring->dev, buf->dma, buf->len, DMA_TO_DEVICE);
	kfree_skb(skb);
	kfree_skb(skb);
}

static void send_short(struct kunit *test, unsigned int count)
{
	struct fake_ring *ring = test->priv;

	while (count--) {
		struct sk_buff *skb = packet(test, 60);

		KUNIT_EXPECT_EQ(test, xmit(ring, skb), NETDEV_TX_OK);
		kfree_skb(skb);
	}
}

static bool asks(const struct kawela_tx_ring *tx, u16 i)
{
	return tx->desc[i].cmd_type_len & cpu_to_le32(KW_TXD_RS);
}

static void clean(struct kunit *test, u16 ntc)
{
	struct fake_ring *ring = test->priv;

	local_bh_disable();
	KUNIT_EXPECT_TRUE(test, kawela_ring_tx_clean(ring->qp, 64));
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, ring->tx->ntc, ntc);
}

/* One report for so many short packets; what comes before it is given back with it. */
static void test_quiet(struct kunit *test)
{
	struct fake_ring *ring = test->priv;
	struct kawela_tx_ring *tx = ring->tx;
	unsigned int i;

	send_short(test, KAWELA_TX_QUIET - 1);
	KUNIT_EXPECT_FALSE(test, kawela_ring_tx_due(tx));
	clean(test, 0);

	send_short(test, 2);
	for (i = 0; i <= KAWELA_TX_QUIET; i++)
		KUNIT_EXPECT_EQ(test, asks(tx, i), i == KAWELA_TX_QUIET - 1);
	KUNIT_EXPECT_TRUE(test, kawela_ring_tx_due(tx));
	KUNIT_EXPECT_FALSE(test, kawela_ring_tx_late(tx));
	clean(test, 0);

	tx->desc[KAWELA_TX_QUIET - 1].olinfo_status = cpu_to_le32(KW_TXO_DD);
	KUNIT_EXPECT_TRUE(test, kawela_ring_tx_late(tx));
	clean(test, KAWELA_TX_QUIET);
	KUNIT_EXPECT_FALSE(test, kawela_ring_tx_due(tx));
	KUNIT_EXPECT_EQ(test, tx->reports, 1);
	KUNIT_EXPECT_EQ(test, tx->c.copied, KAWELA_TX_QUIET + 1);
	KUNIT_EXPECT_EQ(test, tx->cc.packets, 0);
}

/* Packets that are given back as one may be at the end of the ring and at its beginning. */
static void test_wrap(struct kunit *test)
{
	const u16 begin = FAKE_COUNT - 2, end = KAWELA_TX_QUIET - 2;
	struct fake_ring *ring = test->priv;
	struct kawela_tx_ring *tx = ring->tx;

	tx->ntu = begin;
	tx->ntc = begin;
	tx->group = begin;
	tx->asked = begin;
	tx->done = begin;
	send_short(test, KAWELA_TX_QUIET);
	KUNIT_EXPECT_EQ(test, tx->ntu, end);
	KUNIT_EXPECT_TRUE(test, asks(tx, end - 1));
	KUNIT_EXPECT_EQ(test, tx->buf[begin].eop, end - 1);
	clean(test, begin);
	tx->desc[end - 1].olinfo_status = cpu_to_le32(KW_TXO_DD);
	clean(test, end);
	KUNIT_EXPECT_EQ(test, tx->txq->dql.num_completed, 60 * KAWELA_TX_QUIET);
	KUNIT_EXPECT_EQ(test, kawela_ring_tx_free(tx), FAKE_COUNT - 1);
}

/* Who waits for a packet need not wait for others to be sent. */
static void test_held(struct kunit *test)
{
	struct fake_ring *ring = test->priv;
	struct kawela_tx_ring *tx = ring->tx;
	struct sk_buff *skb;

	fake_ring_map(test);
	skb = packet(test, KAWELA_TX_COPY + 1);
	send_short(test, 2);
	KUNIT_EXPECT_EQ(test, xmit(ring, skb), NETDEV_TX_OK);
	KUNIT_EXPECT_FALSE(test, asks(tx, 1));
	KUNIT_EXPECT_TRUE(test, asks(tx, 2));
	send_short(test, 1);
	KUNIT_EXPECT_FALSE(test, asks(tx, 3));

	tx->desc[2].olinfo_status = cpu_to_le32(KW_TXO_DD);
	clean(test, 3);
	KUNIT_EXPECT_EQ(test, refcount_read(&skb->users), 1);
	KUNIT_EXPECT_EQ(test, tx->cc.packets, 1);
	KUNIT_EXPECT_EQ(test, tx->cc.bytes, KAWELA_TX_COPY + 1);
	kfree_skb(skb);
}

/* The stack's limit counts what is to be reported, so that a queue it stops goes on. */
static void test_limit(struct kunit *test)
{
	struct fake_ring *ring = test->priv;
	struct kawela_tx_ring *tx = ring->tx;

	fake_ring_limit(tx, 100);
	send_short(test, KAWELA_TX_QUIET - 1);
	KUNIT_EXPECT_FALSE(test, netif_xmit_stopped(tx->txq));
	KUNIT_EXPECT_EQ(test, tx->txq->dql.num_queued, 0);
	send_short(test, 1);
	KUNIT_EXPECT_TRUE(test, netif_xmit_stopped(tx->txq));
	KUNIT_EXPECT_EQ(test, tx->txq->dql.num_queued, 60 * KAWELA_TX_QUIET);
	tx->desc[KAWELA_TX_QUIET - 1].olinfo_status = cpu_to_le32(KW_TXO_DD);
	clean(test, KAWELA_TX_QUIET);
	KUNIT_EXPECT_FALSE(test, netif_xmit_stopped(tx->txq));
	KUNIT_EXPECT_EQ(test, tx->txq->dql.num_completed, 60 * KAWELA_TX_QUIET);
}

/* Of what is in a ring that is emptied, only what somebody held can be lost. */
static void test_emptied(struct kunit *test)
{
	struct fake_ring *ring = test->priv;
	struct kawela_tx_ring *tx = ring->tx;
	struct sk_buff *sent, *unsent;

	fake_ring_map(test);
	sent = packet(test, 200);
	unsent = packet(test, 300);
	KUNIT_EXPECT_EQ(test, xmit(ring, sent), NETDEV_TX_OK);
	send_short(test, 1);
	KUNIT_EXPECT_EQ(test, xmit(ring, unsent), NETDEV_TX_OK);
	send_short(test, 1);
	tx->desc[0].olinfo_status = cpu_to_le32(KW_TXO_DD);
	kawela_ring_tx_drop(ring->qp);
	KUNIT_EXPECT_EQ(test, refcount_read(&sent->users), 1);
	KUNIT_EXPECT_EQ(test, refcount_read(&unsent->users), 1);
	KUNIT_EXPECT_EQ(test, tx->ntc, 4);
	KUNIT_EXPECT_EQ(test, tx->cc.packets, 1);
	KUNIT_EXPECT_EQ(test, tx->cc.bytes, 200);
	KUNIT_EXPECT_EQ(test, tx->cc.dropped, 1);
	KUNIT_EXPECT_EQ(test, tx->c.copied, 2);
	kfree_skb(sent);
	kfree_skb(unsent);
}

/* A clock that takes one packet. */
struct one_stamp {
	struct kawela_dp_stamps stamps;
	struct sk_buff *taken;
};

static bool take_one(struct kawela_dp_stamps *stamps, struct sk_buff *skb)
{
	struct one_stamp *one = container_of(stamps, struct one_stamp, stamps);

	if (one->taken)
		return false;
	one->taken = skb;

	return true;
}

static void send_stamped(struct kunit *test, u8 flags, u8 flags_after, u32 cmd)
{
	struct fake_ring *ring = test->priv;
	struct sk_buff *skb = packet(test, 60);
	u16 i = ring->tx->ntu;

	skb_shinfo(skb)->tx_flags = flags;
	KUNIT_EXPECT_EQ(test, xmit(ring, skb), NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->tx_flags, flags_after);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(ring->tx->desc[i].cmd_type_len), cmd);
	kfree_skb(skb);
}

/* Who asks has his packet marked, if the clock takes it. */
static void test_stamp(struct kunit *test)
{
	const u8 hw = SKBTX_HW_TSTAMP, taken = SKBTX_HW_TSTAMP | SKBTX_IN_PROGRESS;
	struct one_stamp one = { .stamps.tx = take_one };
	struct fake_ring *ring = test->priv;

	send_stamped(test, hw, hw, 0x2330003c);
	ring->dp.stamps = &one.stamps;
	send_stamped(test, 0, 0, 0x2330003c);
	send_stamped(test, SKBTX_SW_TSTAMP, SKBTX_SW_TSTAMP, 0x2330003c);
	send_stamped(test, hw, taken, 0x2338003c);
	send_stamped(test, hw, hw, 0x2330003c);
	ring->dp.stamps = NULL;
}

/* Of a packet in pieces, with a context, the data descriptors are marked. */
static void test_stamp_pieces(struct kunit *test)
{
	struct sk_buff *skb = packet(test, KAWELA_TX_COPY + 1);
	struct one_stamp one = { .stamps.tx = take_one };
	struct fake_ring *ring = test->priv;
	struct kawela_tx_desc *desc = ring->tx->desc;
	struct kawela_tx_buf *buf = ring->tx->buf;
	struct page *page = alloc_page(GFP_KERNEL);
	u16 i;

	KUNIT_ASSERT_NOT_NULL(test, page);
	fake_ring_map(test);
	ring->dp.stamps = &one.stamps;
	skb_add_rx_frag(skb, 0, page, 0, 100, PAGE_SIZE);
	skb_shinfo(skb)->tx_flags = SKBTX_HW_TSTAMP;
	skb_reset_network_header(skb);
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 5);
	KUNIT_EXPECT_EQ(test, xmit(ring, skb), NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(desc[0].cmd_type_len), 0x20200000);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(desc[1].cmd_type_len), 0x62380081);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(desc[2].cmd_type_len), 0x6b380064);

	for (i = 1; i < 3; i++)
		dma_unmap_page(ring->dev, buf[i].dma, buf[i].len, DMA_TO_DEVICE);
	ring->dp.stamps = NULL;
	kfree_skb(skb);
	kfree_skb(skb);
}

#define TUNNEL_PIECES	2
#define TUNNEL_MSS	100

/* As the stack makes it of TCP in VXLAN: Ethernet, @outer, UDP, VXLAN, Ethernet, IPv4. */
static struct sk_buff *tunnelled(struct kunit *test, unsigned int outer)
{
	const unsigned int rest = 8 + 8 + ETH_HLEN + sizeof(struct iphdr);
	const unsigned int tcp = ETH_HLEN + outer + rest;
	struct sk_buff *skb = packet(test, tcp + sizeof(struct tcphdr) +
				     TUNNEL_PIECES * TUNNEL_MSS);
	struct tcphdr *th = (struct tcphdr *)(skb->data + tcp);

	skb_set_network_header(skb, ETH_HLEN);
	skb_set_transport_header(skb, ETH_HLEN + outer);
	th->doff = 5;
	/* The sum of the addresses, the protocol and the length is 0x1234. */
	th->check = htons(0x1234);
	skb->encapsulation = 1;
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + tcp;
	skb->csum_offset = offsetof(struct tcphdr, check);
	skb_shinfo(skb)->gso_size = TUNNEL_MSS;
	skb_shinfo(skb)->gso_segs = TUNNEL_PIECES;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4 | SKB_GSO_UDP_TUNNEL | SKB_GSO_PARTIAL;

	return skb;
}

static void expect_tunnelled(struct kunit *test, struct sk_buff *skb, unsigned int outer,
			     u32 tucmd, u32 olinfo)
{
	const unsigned int ip_len = outer + 8 + 8 + ETH_HLEN + sizeof(struct iphdr);
	struct fake_ring *ring = test->priv;
	const struct kawela_tx_ctx_desc *ctx = &ring->tx->ctx_desc[0];
	const struct kawela_tx_desc *desc = &ring->tx->desc[1];
	const struct tcphdr *th = (struct tcphdr *)skb_checksum_start(skb);
	u32 paylen = TUNNEL_PIECES * TUNNEL_MSS;

	fake_ring_map(test);
	KUNIT_EXPECT_EQ(test, xmit(ring, skb), NETDEV_TX_OK);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(ctx->vlan_macip_lens), ip_len | ETH_HLEN << 9);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(ctx->type_tucmd), tucmd);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(ctx->mss_l4len_idx), TUNNEL_MSS << 16 | 20 << 8);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(desc->olinfo_status), olinfo | paylen << 14);
	KUNIT_EXPECT_EQ(test, ring->tx->buf[0].segs, TUNNEL_PIECES);
	KUNIT_EXPECT_EQ(test, ring->tx->buf[0].bytes, TUNNEL_PIECES * (ETH_HLEN + ip_len + 20 +
								       TUNNEL_MSS));
	/* The length, which is 220, comes from the hardware. */
	KUNIT_EXPECT_EQ(test, ntohs(th->check), 0x1234 - 220);

	dma_unmap_page(ring->dev, ring->tx->buf[1].dma, ring->tx->buf[1].len, DMA_TO_DEVICE);
}

/* All headers are the outer one's to the hardware, whose checksum is right nevertheless. */
static void test_tunnel(struct kunit *test)
{
	struct sk_buff *skb = tunnelled(test, sizeof(struct iphdr));
	struct iphdr *iph = ip_hdr(skb), want;
	unsigned int all = 20 + 8 + 8 + ETH_HLEN + 20;

	iph->version = 4;
	iph->ihl = 5;
	want = *iph;
	want.tot_len = 0;
	want.check = 0;
	expect_tunnelled(test, skb, sizeof(*iph), 0x20200c00, 0x300);
	KUNIT_EXPECT_EQ(test, iph->tot_len, 0);
	KUNIT_EXPECT_EQ(test, ip_compute_csum(iph, all), ip_fast_csum(&want, 5));
	kfree_skb(skb);
	kfree_skb(skb);
}

static void test_tunnel_ipv6(struct kunit *test)
{
	struct sk_buff *skb = tunnelled(test, sizeof(struct ipv6hdr));
	struct ipv6hdr *ip6h = ipv6_hdr(skb);

	ip6h->version = 6;
	expect_tunnelled(test, skb, sizeof(*ip6h), 0x20200800, 0x200);
	KUNIT_EXPECT_EQ(test, ip6h->payload_len, 0);
	kfree_skb(skb);
	kfree_skb(skb);
}

/* What of a packet in a tunnel the stack may leave to the hardware. */
static void expect_left(struct kunit *test, const struct sk_buff *skb, netdev_features_t on,
			bool want)
{
	const netdev_features_t left = NETIF_F_HW_CSUM | NETIF_F_TSO | NETIF_F_SG;
	struct fake_ring *ring = test->priv;
	struct net_device *netdev = ring->dp.netdev;
	netdev_features_t got;

	netdev->features = KAWELA_DP_OFFLOADS | on;
	got = kawela_dp_features_check((struct sk_buff *)skb, netdev, netdev->features);
	KUNIT_EXPECT_EQ(test, got & left, want ? left : NETIF_F_SG);
}

static void test_tunnel_features(struct kunit *test)
{
	const netdev_features_t v4 = NETIF_F_TSO_MANGLEID;
	struct sk_buff *skb = tunnelled(test, sizeof(struct iphdr));

	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4 | SKB_GSO_UDP_TUNNEL;
	expect_left(test, skb, 0, false);
	expect_left(test, skb, v4, false);
	expect_left(test, skb, NETIF_F_GSO_UDP_TUNNEL, false);
	expect_left(test, skb, v4 | NETIF_F_GSO_GRE, false);
	expect_left(test, skb, v4 | NETIF_F_GSO_UDP_TUNNEL, true);
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV6 | SKB_GSO_UDP_TUNNEL;
	expect_left(test, skb, NETIF_F_GSO_UDP_TUNNEL, true);
	/* More headers than the hardware can take for one. */
	skb_set_network_header(skb, 0);
	skb->csum_start = skb_headroom(skb) + KAWELA_TX_MAX_IPLEN;
	expect_left(test, skb, NETIF_F_GSO_UDP_TUNNEL, true);
	skb->csum_start++;
	expect_left(test, skb, NETIF_F_GSO_UDP_TUNNEL, false);
	/* One that is not to be cut. */
	skb->csum_start = skb_headroom(skb) + 100;
	skb_shinfo(skb)->gso_size = 0;
	skb_shinfo(skb)->gso_type = 0;
	expect_left(test, skb, v4 | NETIF_F_GSO_UDP_TUNNEL, false);
	skb->encapsulation = 0;
	expect_left(test, skb, 0, true);
	kfree_skb(skb);
	kfree_skb(skb);
}

static unsigned int send_until_stopped(struct kunit *test)
{
	struct fake_ring *ring = test->priv;
	unsigned int sent = 0;
	struct sk_buff *skb;

	while (!netif_tx_queue_stopped(ring->tx->txq) && sent < FAKE_COUNT) {
		skb = packet(test, 60);
		KUNIT_EXPECT_EQ(test, xmit(ring, skb), NETDEV_TX_OK);
		kfree_skb(skb);
		sent++;
	}

	return sent;
}

/* The queue stops while a packet of any kind still fits, and what was cleaned is found. */
static void test_stop(struct kunit *test)
{
	const unsigned int want = FAKE_COUNT - KAWELA_TX_MAX_DESCS;
	struct fake_ring *ring = test->priv;
	struct kawela_tx_ring *tx = ring->tx;
	struct sk_buff *skb;

	KUNIT_EXPECT_EQ(test, send_until_stopped(test), want);
	KUNIT_EXPECT_EQ(test, tx->c.stop, 1);
	KUNIT_EXPECT_TRUE(test, asks(tx, want - 1));
	KUNIT_EXPECT_EQ(test, tx->room, kawela_ring_tx_free(tx));

	/* A sender who does not care: busy, and the packet stays his. */
	skb = packet(test, 60);
	KUNIT_EXPECT_EQ(test, xmit(ring, skb), NETDEV_TX_BUSY);
	KUNIT_EXPECT_EQ(test, refcount_read(&skb->users), 2);
	kfree_skb(skb);
	kfree_skb(skb);

	/* All but the last are cleaned, over the end of the ring and again. */
	tx->ntc = want - 1;
	netif_tx_start_queue(tx->txq);
	KUNIT_EXPECT_EQ(test, send_until_stopped(test), want - 1);
	KUNIT_EXPECT_EQ(test, tx->ntu, 2 * want - 1 - FAKE_COUNT);
	KUNIT_EXPECT_EQ(test, tx->room, kawela_ring_tx_free(tx));
	KUNIT_EXPECT_EQ(test, tx->c.stop, 2);
}

static struct kunit_case xmit_test_cases[] = {
	KUNIT_CASE(test_copy),
	KUNIT_CASE(test_pieces),
	KUNIT_CASE(test_map),
	KUNIT_CASE(test_quiet),
	KUNIT_CASE(test_wrap),
	KUNIT_CASE(test_held),
	KUNIT_CASE(test_limit),
	KUNIT_CASE(test_emptied),
	KUNIT_CASE(test_stamp),
	KUNIT_CASE(test_stamp_pieces),
	KUNIT_CASE(test_tunnel),
	KUNIT_CASE(test_tunnel_ipv6),
	KUNIT_CASE(test_tunnel_features),
	KUNIT_CASE(test_stop),
	{}
};

static struct kunit_suite xmit_suite = {
	.name = "kawela_ring_xmit",
	.init = fake_ring_init,
	.test_cases = xmit_test_cases,
};

kunit_test_suite(xmit_suite);

MODULE_IMPORT_NS("KAWELA");
