// SPDX-License-Identifier: GPL-2.0-only
/* xsk - an AF_XDP socket that drops what it receives, sends, or sends back what it receives. */

#include <errno.h>
#include <linux/if_xdp.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load.h"

#define FRAMES		4096
#define FRAME_SIZE	2048
#define RING		2048
#define BATCH		64
#define LENGTH		60
#define QUIET_MS	300
/* and one to warm up */
#define ROUNDS		4

struct ring {
	uint32_t *producer;
	uint32_t *consumer;
	uint32_t *flags;
	void *desc;
	uint32_t mine;
};

struct xsk {
	int fd;
	uint8_t *umem;
	struct ring fill, done, rx, tx;
	uint64_t free[FRAMES];
	uint32_t nr_free;
};

static uint32_t acquire(uint32_t *p)
{
	return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

static void release(uint32_t *p, uint32_t value)
{
	__atomic_store_n(p, value, __ATOMIC_RELEASE);
}

static void option(int fd, int name, const void *value, size_t size)
{
	if (setsockopt(fd, SOL_XDP, name, value, size))
		fail("setsockopt");
}

static void map_ring(struct ring *ring, int fd, const struct xdp_ring_offset *off, size_t size,
		     uint64_t where)
{
	uint8_t *p = mmap(NULL, off->desc + RING * size, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_POPULATE, fd, where);

	if (p == MAP_FAILED)
		fail("mmap");
	ring->producer = (uint32_t *)(p + off->producer);
	ring->consumer = (uint32_t *)(p + off->consumer);
	ring->flags = (uint32_t *)(p + off->flags);
	ring->desc = p + off->desc;
}

static void map_rings(struct xsk *s)
{
	struct xdp_mmap_offsets off;
	socklen_t size = sizeof(off);

	if (getsockopt(s->fd, SOL_XDP, XDP_MMAP_OFFSETS, &off, &size))
		fail("XDP_MMAP_OFFSETS");
	map_ring(&s->fill, s->fd, &off.fr, 8, XDP_UMEM_PGOFF_FILL_RING);
	map_ring(&s->done, s->fd, &off.cr, 8, XDP_UMEM_PGOFF_COMPLETION_RING);
	map_ring(&s->rx, s->fd, &off.rx, sizeof(struct xdp_desc), XDP_PGOFF_RX_RING);
	map_ring(&s->tx, s->fd, &off.tx, sizeof(struct xdp_desc), XDP_PGOFF_TX_RING);
}

static void open_umem(struct xsk *s)
{
	struct xdp_umem_reg reg = { .len = FRAMES * FRAME_SIZE, .chunk_size = FRAME_SIZE };
	int entries = RING;

	s->umem = mmap(NULL, reg.len, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	reg.addr = (uintptr_t)s->umem;
	s->fd = socket(AF_XDP, SOCK_RAW, 0);
	if (s->fd < 0)
		fail("AF_XDP");
	option(s->fd, XDP_UMEM_REG, &reg, sizeof(reg));
	option(s->fd, XDP_UMEM_FILL_RING, &entries, sizeof(entries));
	option(s->fd, XDP_UMEM_COMPLETION_RING, &entries, sizeof(entries));
	option(s->fd, XDP_RX_RING, &entries, sizeof(entries));
	option(s->fd, XDP_TX_RING, &entries, sizeof(entries));
	map_rings(s);
	for (int i = 0; i < FRAMES; i++)
		s->free[s->nr_free++] = (uint64_t)i * FRAME_SIZE;
}

static void bind_queue(struct xsk *s, int ifindex, int flags)
{
	struct sockaddr_xdp sxdp = { .sxdp_family = AF_XDP, .sxdp_ifindex = ifindex,
				     .sxdp_flags = flags | XDP_USE_NEED_WAKEUP };

	if (bind(s->fd, (struct sockaddr *)&sxdp, sizeof(sxdp))) {
		/* not a fault: not every driver can */
		puts("refused");
		exit(0);
	}
}

static void fill(struct xsk *s)
{
	struct ring *r = &s->fill;
	uint32_t room = RING - (r->mine - acquire(r->consumer));

	while (room-- && s->nr_free)
		((uint64_t *)r->desc)[r->mine++ % RING] = s->free[--s->nr_free];
	release(r->producer, r->mine);
}

static void reap(struct xsk *s)
{
	struct ring *r = &s->done;
	uint32_t end = acquire(r->producer);

	while (r->mine != end)
		s->free[s->nr_free++] = ((uint64_t *)r->desc)[r->mine++ % RING] &
					~(uint64_t)(FRAME_SIZE - 1);
	release(r->consumer, r->mine);
}

static void kick(struct xsk *s)
{
	if (!(*s->tx.flags & XDP_RING_NEED_WAKEUP))
		return;
	if (sendto(s->fd, NULL, 0, MSG_DONTWAIT, NULL, 0) < 0 && errno != EAGAIN &&
	    errno != EBUSY && errno != ENOBUFS)
		fail("sendto");
}

static void put(struct xsk *s, uint64_t addr, uint32_t len)
{
	struct xdp_desc *desc = (struct xdp_desc *)s->tx.desc + s->tx.mine++ % RING;

	*desc = (struct xdp_desc){ .addr = addr, .len = len };
}

/* what came goes to nobody, by the wire */
static void answer(uint8_t *frame, const uint8_t *mac)
{
	memcpy(frame + 6, frame, 6);
	memcpy(frame, mac, 6);
}

/* how many frames came */
static uint32_t receive(struct xsk *s, const uint8_t *mac)
{
	struct ring *r = &s->rx;
	uint32_t end = acquire(r->producer), count = end - r->mine;

	while (r->mine != end) {
		struct xdp_desc *desc = (struct xdp_desc *)r->desc + r->mine++ % RING;

		if (mac) {
			answer(s->umem + desc->addr, mac);
			put(s, desc->addr, desc->len);
		} else {
			s->free[s->nr_free++] = desc->addr & ~(uint64_t)(FRAME_SIZE - 1);
		}
	}
	release(r->consumer, r->mine);
	if (mac) {
		release(s->tx.producer, s->tx.mine);
		kick(s);
		reap(s);
	}
	return count;
}

/* as soon as something comes, it is this process's turn */
static void be_first(void)
{
	struct sched_param param = { .sched_priority = 1 };

	if (sched_setscheduler(0, SCHED_FIFO, &param))
		fail("SCHED_FIFO");
}

/* how many came, once it is all of them or nothing more comes; over and over */
static void receive_all(struct xsk *s, uint64_t wanted, const uint8_t *mac)
{
	struct pollfd pfd = { .fd = s->fd, .events = POLLIN };
	uint64_t got = 0;

	be_first();
	puts("ready");
	for (;;) {
		bool over = poll(&pfd, 1, got ? QUIET_MS : -1) <= 0;

		got += receive(s, mac);
		fill(s);
		if (over || got >= wanted) {
			printf("%llu\n", (unsigned long long)got);
			got = 0;
		}
	}
}

static void send_batch(struct xsk *s, uint32_t count)
{
	while (count-- && s->nr_free)
		put(s, s->free[--s->nr_free], LENGTH);
	release(s->tx.producer, s->tx.mine);
	kick(s);
	reap(s);
}

static void make_frames(struct xsk *s, const uint8_t *mac)
{
	static const uint8_t rest[] = { 2, 0, 0, 0, 0, 1, 0x88, 0xb5 };

	for (uint32_t i = 0; i < FRAMES; i++) {
		uint8_t *frame = s->umem + i * FRAME_SIZE;

		memcpy(frame, mac, 6);
		memcpy(frame + 6, rest, sizeof(rest));
	}
}

/* wait until some may be sent, or were */
static void wait_sent(struct xsk *s)
{
	struct pollfd pfd = { .fd = s->fd, .events = POLLOUT };

	poll(&pfd, 1, 1);
	kick(s);
	reap(s);
}

static void send_count(struct xsk *s, uint32_t left)
{
	while (left) {
		uint32_t room = RING - (s->tx.mine - acquire(s->tx.consumer));

		if (room < BATCH || s->nr_free < BATCH) {
			wait_sent(s);
			continue;
		}
		send_batch(s, BATCH);
		left -= BATCH;
	}
	while (s->nr_free < FRAMES)
		wait_sent(s);
}

/* As the fill ring has none of them, all frames are there to be sent. */
static void send_all(struct xsk *s, uint32_t count, const uint8_t *mac, const char *spinner)
{
	uint64_t spent[ROUNDS];

	make_frames(s, mac);
	puts("ready");
	getchar();
	spun_open(spinner);
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t start = busy();

		send_count(s, count);
		spent[i] = busy() - start;
	}
	for (int i = 0; i < ROUNDS; i++)
		printf("%llu\n", (unsigned long long)spent[i]);
}

/*
 * xsk NETDEV MODE copy|zerocopy rxdrop|txonly|l2fwd COUNT MAC SPINNER: says a number per round.
 * COUNT is a multiple of BATCH.
 */
int cmd_xsk(int argc, char **argv)
{
	static struct xsk s;
	struct verdict v = { .name = "xsk", .xskmap = xskmap_new() };
	int ifindex;
	uint8_t mac[6];

	if (argc != 7)
		return 2;
	ifindex = if_nametoindex(argv[0]);
	mac_parse(argv[5], mac);
	open_umem(&s);
	if (strcmp(argv[3], "txonly"))
		fill(&s);
	bind_queue(&s, ifindex, strcmp(argv[2], "copy") ? XDP_ZEROCOPY : XDP_COPY);
	xskmap_set(v.xskmap, 0, s.fd);
	xdp_attach(&v, ifindex, argv[1]);
	if (!strcmp(argv[3], "txonly"))
		send_all(&s, atoi(argv[4]), mac, argv[6]);
	else
		receive_all(&s, atoll(argv[4]), strcmp(argv[3], "l2fwd") ? NULL : mac);
	return 0;
}
