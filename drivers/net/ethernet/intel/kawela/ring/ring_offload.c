// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the stack may leave to the hardware of a packet that is to be sent, and packets in tunnels,
 * which the hardware does not know of.
 *
 * Owns: nothing. Never touches: registers, rings. Locks: none.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <net/checksum.h>

#include "../compat/module.h"
#include "qp.h"

void kawela_dp_tunnel_setup(struct net_device *netdev)
{
	/*
	 * Off to begin with: QEMU's model looks for TCP behind the outer IP header, and where it
	 * finds none, what it sends is damaged.
	 */
	netdev->hw_features |= NETIF_F_GSO_PARTIAL | KAWELA_DP_TUNNELS;
	netdev->features |= NETIF_F_GSO_PARTIAL;
	netdev->gso_partial_features = KAWELA_DP_TUNNELS;
	netdev->hw_enc_features |= KAWELA_DP_OFFLOADS;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_tunnel_setup, "KAWELA");

/*
 * Whether the hardware is to cut a packet in a tunnel. It counts up the identification of the outer
 * header only; with an inner one of IPv4 that must be allowed.
 */
static bool features_cut_tunnel(const struct sk_buff *skb, const struct net_device *netdev,
				netdev_features_t features)
{
	unsigned int type = skb_shinfo(skb)->gso_type;
	unsigned int tunnel = type & (KAWELA_DP_TUNNELS >> NETIF_F_GSO_SHIFT);

	if ((type & SKB_GSO_TCPV4) && !(features & NETIF_F_TSO_MANGLEID))
		return false;

	return tunnel && net_gso_ok(netdev->features, tunnel);
}

netdev_features_t kawela_dp_features_check(struct sk_buff *skb, struct net_device *netdev,
					   netdev_features_t features)
{
	if (unlikely(skb_network_offset(skb) > KAWELA_TX_MAX_MACLEN))
		return features & ~(NETIF_F_CSUM_MASK | NETIF_F_SCTP_CRC | NETIF_F_ALL_TSO |
				    NETIF_F_HW_VLAN_CTAG_TX);

	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return features;

	if (unlikely((unsigned int)(skb_checksum_start_offset(skb) - skb_network_offset(skb)) >
		     KAWELA_TX_MAX_IPLEN ||
		     (skb->encapsulation && !features_cut_tunnel(skb, netdev, features))))
		features &= ~(NETIF_F_CSUM_MASK | NETIF_F_SCTP_CRC | NETIF_F_ALL_TSO);

	return features;
}
EXPORT_SYMBOL_NS_GPL(kawela_dp_features_check, "KAWELA");

void kawela_ring_tso_tunnel(struct sk_buff *skb, struct kawela_tx_offload *off)
{
	struct tcphdr *th = (struct tcphdr *)skb_checksum_start(skb);
	unsigned int start = skb_checksum_start_offset(skb);
	struct iphdr *iph = ip_hdr(skb);

	/* For the hardware all that follows the outer header up to TCP are options. */
	if (iph->version == 4) {
		void *rest = (void *)iph + iph->ihl * 4;

		iph->tot_len = 0;
		iph->check = csum_fold(csum_partial(rest, (void *)th - rest, 0));
		off->flags |= KAWELA_TX_IPV4;
	} else {
		ipv6_hdr(skb)->payload_len = 0;
	}
	/* The hardware adds the length of each piece. */
	csum_replace_by_diff(&th->check, (__force __wsum)htonl(skb->len - start));

	off->ip_len = start - skb_network_offset(skb);
	off->l4_len = th->doff * 4;
}
