/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A datapath of one queue pair without hardware, for KUnit: register writes go nowhere.
 *
 * Owns: the rings. Never touches: a netdev that is registered.
 * Locks: none; a test is alone.
 */
#ifndef _KAWELA_RING_FAKE_RING_H
#define _KAWELA_RING_FAKE_RING_H

#include <kunit/test.h>
#include <linux/filter.h>

#include "../qp.h"

#define FAKE_COUNT	KAWELA_RING_MIN
#define FAKE_COPY_DMA	0x10000

/**
 * struct fake_ring - the datapath
 * @dp: datapath, running
 * @io: removed register window
 * @qp: its queue pair
 * @tx: its transmit ring, empty
 * @dev: device for DMA, after fake_ring_map()
 */
struct fake_ring {
	struct kawela_dp dp;
	struct kawela_io io;
	struct kawela_qp *qp;
	struct kawela_tx_ring *tx;
	struct device *dev;
};

/**
 * fake_ring_init - make it, as test->priv
 * @test: test
 *
 * Return: 0.
 */
int fake_ring_init(struct kunit *test);

/**
 * fake_ring_map - let it map memory
 * @test: test
 */
void fake_ring_map(struct kunit *test);

/**
 * fake_ring_napi - let a queue pair be polled; never enabled
 * @test: test
 * @qp: queue pair
 */
void fake_ring_napi(struct kunit *test, struct kawela_qp *qp);

/**
 * fake_ring_program - a program of XDP
 * @test: test
 * @func: what it does
 *
 * Return: the program; the test ends if there is no memory.
 */
struct bpf_prog *fake_ring_program(struct kunit *test, bpf_func_t func);

/**
 * fake_ring_limit - the stack's limit of what is in the empty transmit ring
 * @tx: transmit ring
 * @bytes: the limit
 */
void fake_ring_limit(struct kawela_tx_ring *tx, unsigned int bytes);

#endif /* _KAWELA_RING_FAKE_RING_H */
