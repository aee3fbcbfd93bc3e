// SPDX-License-Identifier: GPL-2.0-only
/*
 * The carrier: up while the port has link, the PF says that we are clear to send, and the queues
 * run with all filters in place.
 *
 * Owns: the carrier of the netdev. Never touches: the mailbox's words, queues.
 * Locks: vf->link_lock around every change of the carrier.
 */
#include <linux/bitfield.h>
#include <linux/ethtool.h>

#include "vf.h"

/* The administrator's word about the link, if he said one, else the port's. */
static bool vf_link_wanted(struct kawela_vf *vf)
{
	u32 link = READ_ONCE(vf->host.link);
	u32 status = kawela_rd32(&vf->io, KW_STATUS);

	if (kawela_io_removed(&vf->io))
		return false;
	return link & KAWELA_LINK_FORCED ? link & KAWELA_LINK_UP : status & KW_STATUS_LU;
}

/**
 * kawela_vf_link_up - whether frames could pass
 * @vf: VF
 *
 * STATUS.LU is the port's link as the PF sees it; without clear-to-send the switch is closed to us.
 *
 * Context: any.
 * Return: true if so.
 */
bool kawela_vf_link_up(struct kawela_vf *vf)
{
	return vf_link_wanted(vf) && kawela_mbx_vf_connected(vf->mbx);
}

/**
 * kawela_vf_link_speed - speed and duplex of the port
 * @vf: VF
 * @speed: Mb/s; SPEED_UNKNOWN when the link is one only because the host says so
 * @duplex: DUPLEX_*
 *
 * Context: any.
 */
void kawela_vf_link_speed(struct kawela_vf *vf, u32 *speed, u8 *duplex)
{
	u32 status = kawela_rd32(&vf->io, KW_STATUS);

	/* The registers of a port without a link say nothing of it. */
	if (READ_ONCE(vf->host.link) & KAWELA_LINK_FORCED && !READ_ONCE(vf->host.speed)) {
		*speed = SPEED_UNKNOWN;
		*duplex = DUPLEX_UNKNOWN;
		return;
	}

	switch (FIELD_GET(KW_STATUS_SPEED, status)) {
	case KW_STATUS_SPEED_10:
		*speed = SPEED_10;
		break;
	case KW_STATUS_SPEED_100:
		*speed = SPEED_100;
		break;
	default:
		*speed = SPEED_1000;
		break;
	}
	*duplex = status & KW_STATUS_FD ? DUPLEX_FULL : DUPLEX_HALF;
}

static void vf_link_report(struct kawela_vf *vf, bool up)
{
	u32 speed;
	u8 duplex;

	if (!up) {
		netdev_info(vf->netdev, "link is down\n");
		return;
	}
	kawela_vf_link_speed(vf, &speed, &duplex);
	if (speed == SPEED_UNKNOWN) {
		netdev_info(vf->netdev, "link is up, for the host says so\n");
		return;
	}
	netdev_info(vf->netdev, "link is up: %u Mb/s, %s duplex\n", speed,
		    duplex == DUPLEX_FULL ? "full" : "half");
}

/**
 * kawela_vf_link_gate - allow or forbid the carrier, and move it
 * @vf: VF
 * @open: whether packets can flow as far as the driver is concerned
 *
 * Opening it for a netdev that was closed in the meantime does nothing.
 *
 * Context: process or bottom half.
 */
void kawela_vf_link_gate(struct kawela_vf *vf, bool open)
{
	bool up, change;

	spin_lock_bh(&vf->link_lock);
	vf->link_gate = open && vf->open && !test_bit(KAWELA_VF_F_RESTART, &vf->flags);
	up = vf->link_gate && kawela_vf_link_up(vf);
	change = up != netif_carrier_ok(vf->netdev);
	if (change && up) {
		netif_carrier_on(vf->netdev);
		kawela_dp_kick(&vf->dp);
	} else if (change) {
		netif_carrier_off(vf->netdev);
	}
	spin_unlock_bh(&vf->link_lock);

	if (!change)
		return;
	set_bit(KAWELA_VF_F_ANNOUNCE, &vf->flags);
	vf_link_report(vf, up);
}
