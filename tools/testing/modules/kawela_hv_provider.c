// SPDX-License-Identifier: GPL-2.0-only
/*
 * A stand-in for the PCI bus driver of a Hyper-V guest: provides config blocks to every VF driver
 * that asks pci-hyperv-intf, as a host with a PF driver of ours would.
 *
 * Owns: hvpci_block_ops while it is loaded, and the directory kawela_hv_provider in debugfs:
 *	mode		ok, foreign, short, long, zero, error, timeout or slow
 *	invalidate	write a mask: every listener is told, from a tasklet
 *	storm		write a number: so many tasklets with random masks; read: how many are left
 *	host_frame	of block MTU
 *	max_frame	of block MTU
 *	advice		of block MODERATION
 *	reads, writes, told, listeners	counters
 *	guest		driver name of the last GUEST block
 * Never touches: a device. It must not be loaded in a guest of Hyper-V.
 * Locks: lock (spinlock, process context) around the listeners' registration. Like the bus driver,
 * it calls them without one, so that a callback may run while it is unregistered.
 */
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/hyperv.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include <net/kawela/abi.h>

#define MAX_LISTENERS	16
#define BURST		16	/* invalidations in a tasklet of a storm */
#define SLOW_MS		100

enum provider_mode {
	MODE_OK,	/* as it should be */
	MODE_FOREIGN,	/* a PF driver that is none of ours */
	MODE_SHORT,	/* one byte */
	MODE_LONG,	/* 129 bytes, so it says */
	MODE_ZERO,	/* no byte, and no error */
	MODE_ERROR,	/* as for a status of the host's */
	MODE_TIMEOUT,	/* as if the host did not answer */
	MODE_SLOW,	/* right, but late */
	NUM_MODES
};

static const char * const mode_names[NUM_MODES] = {
	[MODE_OK]	= "ok",
	[MODE_FOREIGN]	= "foreign",
	[MODE_SHORT]	= "short",
	[MODE_LONG]	= "long",
	[MODE_ZERO]	= "zero",
	[MODE_ERROR]	= "error",
	[MODE_TIMEOUT]	= "timeout",
	[MODE_SLOW]	= "slow",
};

struct provider_listener {
	struct pci_dev *pdev;
	void *context;
	void (*invalidate)(void *context, u64 mask);
};

static struct provider_listener listeners[MAX_LISTENERS];
static DEFINE_SPINLOCK(lock);
static int mode = MODE_OK;
static u32 host_frame = 1522;
static u32 max_frame = KAWELA_ABI_FRAME_MAX;
static u32 advice = KAWELA_MODERATION_NONE;
static char guest[KAWELA_GUEST_TEXT + 1];

static atomic_t reads, writes, told, num_listeners;
static atomic_t storm_left;
static atomic64_t pending;

static atomic_t users;	/* calls that have not returned */
static DECLARE_WAIT_QUEUE_HEAD(unused);
static struct dentry *directory;

/* ---- blocks ---- */

/* Fill in a block, 128 zero bytes; its length, 0 if there is none. */
static unsigned int provider_block(unsigned int id, u8 *buf)
{
	struct kawela_block_identity identity = {
		.magic = cpu_to_le32(mode == MODE_FOREIGN ? 0x12345678 : KAWELA_ABI_MAGIC),
		.features = cpu_to_le32(KAWELA_FEATURES),
		.queue_pairs = 1,
		.multicast_hashes = KAWELA_ABI_MC_MAX,
	};
	struct kawela_block_link link = {
		.flags = cpu_to_le32(KAWELA_LINK_UP | KAWELA_LINK_FULL_DUPLEX),
		.speed = cpu_to_le32(1000),
	};
	struct kawela_block_mtu mtu = {
		.max_frame = cpu_to_le32(READ_ONCE(max_frame)),
		.host_frame = cpu_to_le32(READ_ONCE(host_frame)),
	};
	struct kawela_block_moderation moderation = {
		.advice = cpu_to_le32(READ_ONCE(advice)),
	};

	switch (id) {
	case KAWELA_BLOCK_IDENTITY:
		memcpy(buf, &identity, sizeof(identity));
		return sizeof(identity);
	case KAWELA_BLOCK_ADDRESS:
		return sizeof(struct kawela_block_address);
	case KAWELA_BLOCK_LINK:
		memcpy(buf, &link, sizeof(link));
		return sizeof(link);
	case KAWELA_BLOCK_MTU:
		memcpy(buf, &mtu, sizeof(mtu));
		return sizeof(mtu);
	case KAWELA_BLOCK_RATE:
		return sizeof(struct kawela_block_rate);
	case KAWELA_BLOCK_MODERATION:
		memcpy(buf, &moderation, sizeof(moderation));
		return sizeof(moderation);
	case KAWELA_BLOCK_TRUST:
		return sizeof(struct kawela_block_trust);
	case KAWELA_BLOCK_REFUSAL:
		return sizeof(struct kawela_block_refusal);
	case KAWELA_BLOCK_STATS:
		return sizeof(struct kawela_block_stats);
	default:
		return 0;
	}
}

static int provider_read(void *buf, unsigned int len, unsigned int id, unsigned int *returned)
{
	u8 block[KAWELA_ABI_BLOCK_MAX] = {};
	unsigned int bytes = provider_block(id, block);

	if (!len || len > sizeof(block))
		return -EINVAL;
	if (!bytes)
		return -EIO;

	/* What is behind the returned bytes may be anything. */
	memset(buf, 0xa5, len);
	bytes = min(bytes, len);
	switch (READ_ONCE(mode)) {
	case MODE_SHORT:
		bytes = 1;
		break;
	case MODE_LONG:
		*returned = sizeof(block) + 1;
		return 0;
	case MODE_ZERO:
		*returned = 0;
		return 0;
	case MODE_ERROR:
		return -EIO;
	case MODE_TIMEOUT:
		return -ETIMEDOUT;
	case MODE_SLOW:
		msleep(SLOW_MS);
		break;
	}
	memcpy(buf, block, bytes);
	*returned = bytes;
	return 0;
}

static int provider_write(const void *buf, unsigned int len, unsigned int id)
{
	if (!len || len > KAWELA_ABI_BLOCK_MAX)
		return -EINVAL;
	if (id != KAWELA_BLOCK_GUEST || READ_ONCE(mode) == MODE_ERROR)
		return -EIO;
	if (READ_ONCE(mode) == MODE_SLOW)
		msleep(SLOW_MS);

	spin_lock(&lock);
	memset(guest, 0, sizeof(guest));
	memcpy(guest, buf, min_t(unsigned int, len, KAWELA_GUEST_TEXT));
	spin_unlock(&lock);
	return 0;
}

/* ---- listeners ---- */

static struct provider_listener *listener_find(struct pci_dev *pdev)
{
	unsigned int i;

	for (i = 0; i < MAX_LISTENERS; i++)
		if (listeners[i].pdev == pdev)
			return &listeners[i];
	return NULL;
}

static int provider_listen(struct pci_dev *pdev, void *context,
			   void (*invalidate)(void *context, u64 mask))
{
	struct provider_listener *l;

	lockdep_assert_held(&lock);

	l = listener_find(pdev);
	if (!l && !invalidate)
		return 0;
	if (!l) {
		l = listener_find(NULL);
		if (!l)
			return -ENOSPC;
		l->pdev = pdev;
		atomic_inc(&num_listeners);
	}

	WRITE_ONCE(l->invalidate, invalidate);
	WRITE_ONCE(l->context, context);
	if (!invalidate) {
		l->pdev = NULL;
		atomic_dec(&num_listeners);
	}
	return 0;
}

static void provider_tell(u64 mask)
{
	void (*invalidate)(void *context, u64 mask);
	unsigned int i;

	for (i = 0; i < MAX_LISTENERS; i++) {
		invalidate = READ_ONCE(listeners[i].invalidate);
		if (!invalidate)
			continue;
		invalidate(READ_ONCE(listeners[i].context), mask);
		atomic_inc(&told);
	}
}

static void provider_tasklet(struct tasklet_struct *t)
{
	u64 mask = atomic64_xchg(&pending, 0);
	unsigned int i;

	if (mask)
		provider_tell(mask);
	if (atomic_dec_if_positive(&storm_left) < 0)
		return;

	for (i = 0; i < BURST; i++)
		provider_tell(get_random_u64());
	tasklet_schedule(t);
}

static DECLARE_TASKLET(tasklet, provider_tasklet);

/* ---- hvpci_block_ops ---- */

static void provider_enter(void)
{
	atomic_inc(&users);
}

static void provider_leave(void)
{
	if (atomic_dec_and_test(&users))
		wake_up(&unused);
}

static int block_read(struct pci_dev *pdev, void *buf, unsigned int len, unsigned int id,
		      unsigned int *returned)
{
	int err;

	provider_enter();
	atomic_inc(&reads);
	err = provider_read(buf, len, id, returned);
	provider_leave();
	return err;
}

static int block_write(struct pci_dev *pdev, void *buf, unsigned int len, unsigned int id)
{
	int err;

	provider_enter();
	atomic_inc(&writes);
	err = provider_write(buf, len, id);
	provider_leave();
	return err;
}

static int block_listen(struct pci_dev *pdev, void *context,
			void (*invalidate)(void *context, u64 mask))
{
	int err;

	provider_enter();
	spin_lock(&lock);
	err = provider_listen(pdev, context, invalidate);
	spin_unlock(&lock);
	provider_leave();
	return err;
}

/* ---- debugfs ---- */

static ssize_t mode_read(struct file *file, char __user *to, size_t count, loff_t *pos)
{
	const char *name = mode_names[READ_ONCE(mode)];

	return simple_read_from_buffer(to, count, pos, name, strlen(name));
}

static ssize_t mode_write(struct file *file, const char __user *from, size_t count, loff_t *pos)
{
	char text[16] = {};
	int found;

	if (count >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, count))
		return -EFAULT;

	found = sysfs_match_string(mode_names, text);
	if (found < 0)
		return found;
	WRITE_ONCE(mode, found);
	return count;
}

static const struct file_operations mode_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.read	= mode_read,
	.write	= mode_write,
};

static ssize_t guest_read(struct file *file, char __user *to, size_t count, loff_t *pos)
{
	char text[sizeof(guest)];

	spin_lock(&lock);
	strscpy(text, guest);
	spin_unlock(&lock);
	return simple_read_from_buffer(to, count, pos, text, strlen(text));
}

static const struct file_operations guest_fops = {
	.owner	= THIS_MODULE,
	.open	= simple_open,
	.read	= guest_read,
};

static int invalidate_set(void *data, u64 mask)
{
	atomic64_or(mask, &pending);
	tasklet_schedule(&tasklet);
	return 0;
}

DEFINE_DEBUGFS_ATTRIBUTE(invalidate_fops, NULL, invalidate_set, "%llu\n");

static int storm_set(void *data, u64 count)
{
	atomic_set(&storm_left, min_t(u64, count, INT_MAX));
	tasklet_schedule(&tasklet);
	return 0;
}

static int storm_get(void *data, u64 *count)
{
	*count = atomic_read(&storm_left);
	return 0;
}

DEFINE_DEBUGFS_ATTRIBUTE(storm_fops, storm_get, storm_set, "%llu\n");

static void provider_debugfs(void)
{
	directory = debugfs_create_dir(KBUILD_MODNAME, NULL);
	debugfs_create_file("mode", 0600, directory, NULL, &mode_fops);
	debugfs_create_file("guest", 0400, directory, NULL, &guest_fops);
	debugfs_create_file("invalidate", 0200, directory, NULL, &invalidate_fops);
	debugfs_create_file("storm", 0600, directory, NULL, &storm_fops);
	debugfs_create_u32("host_frame", 0600, directory, &host_frame);
	debugfs_create_u32("max_frame", 0600, directory, &max_frame);
	debugfs_create_u32("advice", 0600, directory, &advice);
	debugfs_create_atomic_t("reads", 0400, directory, &reads);
	debugfs_create_atomic_t("writes", 0400, directory, &writes);
	debugfs_create_atomic_t("told", 0400, directory, &told);
	debugfs_create_atomic_t("listeners", 0400, directory, &num_listeners);
}

/* ---- module ---- */

static int __init provider_init(void)
{
	if (hvpci_block_ops.read_block)
		return -EBUSY;

	provider_debugfs();
	hvpci_block_ops.write_block = block_write;
	hvpci_block_ops.reg_blk_invalidate = block_listen;
	hvpci_block_ops.read_block = block_read;
	return 0;
}

/*
 * No callback comes once the ops are gone: who finds them gone waits for none. Nobody holds a
 * reference on who provides them: a caller may have read a pointer and not have called yet, or be
 * about to return, and both end before it schedules by itself.
 */
static void __exit provider_exit(void)
{
	debugfs_remove(directory);
	atomic_set(&storm_left, 0);
	tasklet_kill(&tasklet);

	hvpci_block_ops.read_block = NULL;
	hvpci_block_ops.write_block = NULL;
	hvpci_block_ops.reg_blk_invalidate = NULL;
	synchronize_rcu_tasks();
	wait_event(unused, !atomic_read(&users));
	synchronize_rcu_tasks();
}

module_init(provider_init);
module_exit(provider_exit);
MODULE_DESCRIPTION("Stand-in for the provider of Hyper-V's config blocks, for tests");
MODULE_LICENSE("GPL");
