// SPDX-License-Identifier: GPL-2.0-only
/*
 * stream - both ends of a connection in one process, each in its network namespace, so
 * that their turns are always the same.
 */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load.h"

#define PORT		7777
#define CHUNK		65536
#define IN_FLIGHT	2
#define DATAGRAM	1472
#define BURST		32
#define BUFFER		(1 << 20)
#define MAX_ROUNDS	16

struct ends {
	int from, to;
	int data;
};

/* "NAMESPACE" or "-" for the first one */
static void enter(const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(strcmp(name, "-") ? path : "/proc/1/ns/net", O_RDONLY);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		fail(path);
	close(fd);
}

static struct sockaddr_in address(const char *text)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(PORT) };

	inet_pton(AF_INET, text, &sin.sin_addr);
	return sin;
}

static int sock(const char *ns, int type, const char *local)
{
	struct sockaddr_in sin = address(local);
	int one = 1, room = BUFFER, fd;

	enter(ns);
	fd = socket(AF_INET, type, 0);
	if (fd < 0)
		fail("socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room));
	if (bind(fd, (struct sockaddr *)&sin, sizeof(sin)))
		fail("bind");
	return fd;
}

static void join(int fd, const char *remote)
{
	struct sockaddr_in sin = address(remote);

	if (connect(fd, (struct sockaddr *)&sin, sizeof(sin)))
		fail("connect");
}

static void no_delay(int fd)
{
	int one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

/* argv: FROM_NS FROM_ADDR TO_NS TO_ADDR */
static void connect_ends(struct ends *e, int type, char **argv)
{
	int listener;

	e->from = sock(argv[0], type, argv[1]);
	e->to = sock(argv[2], type, argv[3]);
	if (type == SOCK_DGRAM) {
		join(e->from, argv[3]);
		join(e->to, argv[1]);
		return;
	}
	listener = e->to;
	if (listen(listener, 1))
		fail("listen");
	join(e->from, argv[3]);
	e->to = accept(listener, NULL, NULL);
	if (e->to < 0)
		fail("accept");
	close(listener);
	no_delay(e->from);
	no_delay(e->to);
}

/* pages that are sent as they are */
static void make_data(struct ends *e)
{
	e->data = memfd_create("data", 0);
	if (e->data < 0 || ftruncate(e->data, CHUNK))
		fail("memfd");
	for (int i = 0; i < CHUNK; i += 4096)
		if (pwrite(e->data, "x", 1, i) != 1)
			fail("pwrite");
}

static void send_chunk(struct ends *e, size_t left)
{
	off_t at = 0;

	while (left) {
		ssize_t sent = sendfile(e->from, e->data, &at, left);

		if (sent <= 0)
			fail("sendfile");
		left -= sent;
	}
}

/* without a copy: the length is what counts */
static void take_chunk(struct ends *e, size_t left)
{
	while (left) {
		ssize_t got = recv(e->to, NULL, left, MSG_TRUNC);

		if (got <= 0)
			fail("recv");
		left -= got;
	}
}

static void tcp_stream(struct ends *e, int count)
{
	for (int i = 0; i < count + IN_FLIGHT; i++) {
		if (i < count)
			send_chunk(e, CHUNK);
		if (i >= IN_FLIGHT)
			take_chunk(e, CHUNK);
	}
}

static void udp_stream(struct ends *e, int count)
{
	static char data[DATAGRAM];

	for (int i = 0; i < count; i++) {
		for (int n = 0; n < BURST; n++)
			if (send(e->from, data, DATAGRAM, 0) != DATAGRAM)
				fail("send");
		for (int n = 0; n < BURST; n++)
			if (recv(e->to, NULL, 0, MSG_TRUNC) != DATAGRAM)
				fail("recv");
	}
}

static void rr(struct ends *e, int count)
{
	char byte = 0;

	for (int i = 0; i < count; i++)
		if (send(e->from, &byte, 1, 0) != 1 || recv(e->to, &byte, 1, 0) != 1 ||
		    send(e->to, &byte, 1, 0) != 1 || recv(e->from, &byte, 1, 0) != 1)
			fail("request");
}

/* stream tcp|udp|tcp_rr|udp_rr FROM_NS FROM_ADDR TO_NS TO_ADDR COUNT ROUNDS SPINNER */
int cmd_stream(int argc, char **argv)
{
	int type, count, rounds;
	void (*run)(struct ends *e, int count);
	uint64_t spent[MAX_ROUNDS];
	struct ends e;

	if (argc != 8 || atoi(argv[6]) > MAX_ROUNDS)
		return 2;
	type = strncmp(argv[0], "tcp", 3) ? SOCK_DGRAM : SOCK_STREAM;
	run = strstr(argv[0], "_rr") ? rr : type == SOCK_STREAM ? tcp_stream : udp_stream;
	count = atoi(argv[5]);
	rounds = atoi(argv[6]);
	spun_open(argv[7]);
	make_data(&e);
	connect_ends(&e, type, argv + 1);
	alarm(300);
	run(&e, count / 4);
	for (int i = 0; i < rounds; i++) {
		uint64_t start = busy();

		run(&e, count);
		spent[i] = busy() - start;
	}
	for (int i = 0; i < rounds; i++)
		printf("%llu\n", (unsigned long long)spent[i]);
	return 0;
}
