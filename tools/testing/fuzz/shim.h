/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of the kernel as the codecs of the mailbox use, for a program.
 *
 * Owns: stand-ins for macros and inline functions. Never touches: what the codecs do. No locks.
 */
#ifndef _FUZZ_SHIM_H
#define _FUZZ_SHIM_H

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <linux/if_ether.h>
#include <linux/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define BIT(n)			(1UL << (n))
#define BIT_ULL(n)		(1ULL << (n))
#define GENMASK(h, l)		((~0UL >> (63 - (h))) & (~0UL << (l)))
#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define FIELD_GET(m, v)		field_get(m, v)
#define FIELD_PREP(m, v)	field_prep(m, v)
#define min_t(t, a, b)		((t)min_of(a, b))
#define lower_32_bits(v)	((u32)(v))
#define upper_32_bits(v)	((u32)((v) >> 32))
/* stands for compat/module.h: nothing is exported */
#define _KAWELA_COMPAT_MODULE_H
#define EXPORT_SYMBOL_NS_GPL(...)

static inline unsigned long field_get(unsigned long mask, unsigned long val)
{
	return (val & mask) >> (__builtin_ffsl(mask) - 1);
}

static inline unsigned long field_prep(unsigned long mask, unsigned long val)
{
	return (val << (__builtin_ffsl(mask) - 1)) & mask;
}

#define NSEC_PER_USEC	1000L

static inline unsigned long min_of(unsigned long a, unsigned long b)
{
	return a < b ? a : b;
}

static inline bool is_zero_ether_addr(const u8 *a)
{
	return !(a[0] | a[1] | a[2] | a[3] | a[4] | a[5]);
}

static inline bool is_valid_ether_addr(const u8 *a)
{
	return !(a[0] & 1) && !is_zero_ether_addr(a);
}

static inline void eth_zero_addr(u8 *a)
{
	memset(a, 0, ETH_ALEN);
}

#endif /* _FUZZ_SHIM_H */
