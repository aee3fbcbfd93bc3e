/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Register access shared by every kawela room: 32-bit little-endian MMIO that survives the
 * function being pulled out of the bus.
 *
 * A read from a function that is gone returns all ones. Few registers may legally read so, hence
 * an all-ones result is confirmed with STATUS, which never does. From then on the window counts as
 * removed: reads answer all ones without touching the bus, writes go nowhere.
 *
 * A reset of the bus or of the PF looks the same while it lasts, so whoever owns the window may
 * look again and declare it present.
 *
 * Owns: struct kawela_io. Never touches: what a register means (regs.h).
 * Locks: none; the removed flag is set by anyone and cleared by the owner of the window.
 */
#ifndef _NET_KAWELA_IO_H
#define _NET_KAWELA_IO_H

#include <linux/compiler.h>
#include <linux/io.h>
#include <linux/types.h>

#include <net/kawela/regs.h>

#define KAWELA_IO_REMOVED_VALUE	(~0u)

/**
 * struct kawela_io - the register window (BAR 0) of one function
 * @base: mapped BAR 0
 * @removed: the function was seen to be gone
 */
struct kawela_io {
	void __iomem *base;
	bool removed;
};

/**
 * kawela_io_removed - whether the function behind a window is gone
 * @io: register window
 *
 * Context: any.
 * Return: true once a read found the function missing, or kawela_io_mark_removed() was called.
 */
static inline bool kawela_io_removed(const struct kawela_io *io)
{
	return READ_ONCE(io->removed);
}

/**
 * kawela_io_mark_removed - stop all register access
 * @io: register window
 *
 * Context: any.
 */
static inline void kawela_io_mark_removed(struct kawela_io *io)
{
	WRITE_ONCE(io->removed, true);
}

/**
 * kawela_io_mark_present - allow register access again
 * @io: register window
 *
 * The one way back for a window that was given up: the bus was reset and the core says so, or
 * kawela_io_answers() does.
 *
 * Context: process, with queues and mailbox stopped.
 */
static inline void kawela_io_mark_present(struct kawela_io *io)
{
	WRITE_ONCE(io->removed, false);
}

/**
 * kawela_io_answers - look whether there is a function, whatever the window counts as
 * @io: register window
 *
 * Context: any.
 * Return: true if so.
 */
static inline bool kawela_io_answers(const struct kawela_io *io)
{
	return readl(io->base + KW_STATUS) != KAWELA_IO_REMOVED_VALUE;
}

/**
 * kawela_rd32 - read a register
 * @io: register window
 * @reg: byte offset (KW_*)
 *
 * Context: any.
 * Return: the value, or KAWELA_IO_REMOVED_VALUE when the function is gone.
 */
static inline u32 kawela_rd32(struct kawela_io *io, u32 reg)
{
	u32 val;

	if (unlikely(kawela_io_removed(io)))
		return KAWELA_IO_REMOVED_VALUE;

	val = readl(io->base + reg);
	if (unlikely(val == KAWELA_IO_REMOVED_VALUE) && !kawela_io_answers(io))
		kawela_io_mark_removed(io);

	return val;
}

/**
 * kawela_ring_bell - write a register whose address is at hand
 * @io: register window
 * @bell: address in that window
 * @val: value
 *
 * Context: any.
 */
static inline void kawela_ring_bell(struct kawela_io *io, void __iomem *bell, u32 val)
{
	if (likely(!kawela_io_removed(io)))
		writel(val, bell);
}

/**
 * kawela_wr32 - write a register
 * @io: register window
 * @reg: byte offset (KW_*)
 * @val: value
 *
 * Context: any.
 */
static inline void kawela_wr32(struct kawela_io *io, u32 reg, u32 val)
{
	if (likely(!kawela_io_removed(io)))
		writel(val, io->base + reg);
}

/**
 * kawela_rmw32 - change some bits of a register
 * @io: register window
 * @reg: byte offset (KW_*)
 * @clear: bits to clear
 * @set: bits to set afterwards
 *
 * Context: any; the caller serialises writers of @reg.
 */
static inline void kawela_rmw32(struct kawela_io *io, u32 reg, u32 clear, u32 set)
{
	kawela_wr32(io, reg, (kawela_rd32(io, reg) & ~clear) | set);
}

/**
 * kawela_flush - push posted writes to the device
 * @io: register window
 *
 * Context: any.
 */
static inline void kawela_flush(struct kawela_io *io)
{
	kawela_rd32(io, KW_STATUS);
}

#endif /* _NET_KAWELA_IO_H */
