// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of flow control arithmetic and of reading the NVM's words. No hardware, no locks.
 */

#include <kunit/test.h>
#include <linux/bitfield.h>
#include <linux/etherdevice.h>
#include <linux/mii.h>
#include <linux/module.h>
#include <linux/string.h>

#include <net/kawela/regs.h>

#include "../pf_fc.h"
#include "../pf_nvm_parse.h"

#define RX	KAWELA_PF_FC_RX
#define TX	KAWELA_PF_FC_TX

/* IEEE 802.3 table 28B-3 in full. The index is local pause, local asym, partner pause, asym. */
static const u8 pause_table[16] = {
	[0b0000] = 0,		[0b0001] = 0,		[0b0010] = 0,		[0b0011] = 0,
	[0b0100] = 0,		[0b0101] = 0,		[0b0110] = 0,		[0b0111] = TX,
	[0b1000] = 0,		[0b1001] = 0,		[0b1010] = RX | TX,	[0b1011] = RX | TX,
	[0b1100] = 0,		[0b1101] = RX,		[0b1110] = RX | TX,	[0b1111] = RX | TX,
};

static u8 resolve(int i, u8 wanted)
{
	return kawela_pf_fc_resolve(i & 8, i & 4, i & 2, i & 1, wanted);
}

static void pause_truth_table(struct kunit *test)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(pause_table); i++)
		KUNIT_EXPECT_EQ_MSG(test, resolve(i, RX | TX), pause_table[i], "row %d", i);
}

/* Seen from the other end, receive and transmit change places. */
static void pause_is_symmetric(struct kunit *test)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(pause_table); i++) {
		u8 here = resolve(i, RX | TX);
		u8 there = resolve((i & 3) << 2 | i >> 2, RX | TX);

		KUNIT_EXPECT_EQ_MSG(test, !!(here & TX), !!(there & RX), "row %d", i);
		KUNIT_EXPECT_EQ_MSG(test, !!(here & RX), !!(there & TX), "row %d", i);
	}
}

static void pause_never_beyond_wanted(struct kunit *test)
{
	u8 wanted;
	int i;

	for (wanted = 0; wanted < 4; wanted++)
		for (i = 0; i < ARRAY_SIZE(pause_table); i++)
			KUNIT_EXPECT_EQ(test, resolve(i, wanted), pause_table[i] & wanted);
}

/* A partner that takes anything gives us what we want. */
static void pause_wanted_is_got(struct kunit *test)
{
	bool pause, asym;
	u8 wanted;

	for (wanted = 0; wanted < 4; wanted++) {
		kawela_pf_fc_advert(wanted, &pause, &asym);
		KUNIT_EXPECT_EQ(test, wanted,
				kawela_pf_fc_resolve(pause, asym, true, true, wanted));
	}
}

static void pause_advert(struct kunit *test)
{
	static const struct {
		u8 fc;
		bool pause, asym;
	} cases[] = {
		{ 0, false, false },
		{ RX, true, true },
		{ TX, false, true },
		{ RX | TX, true, true },
	};
	bool pause, asym;
	int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		kawela_pf_fc_advert(cases[i].fc, &pause, &asym);
		KUNIT_EXPECT_EQ(test, pause, cases[i].pause);
		KUNIT_EXPECT_EQ(test, asym, cases[i].asym);
	}
}

static void mii_advert(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, kawela_pf_fc_mii_adv(0, KAWELA_PF_ADV_COPPER, RX | TX), 0x0DE1);
	KUNIT_EXPECT_EQ(test, kawela_pf_fc_mii_adv(0, KAWELA_PF_ADV_COPPER, 0), 0x01E1);
	KUNIT_EXPECT_EQ(test, kawela_pf_fc_mii_adv(0, KAWELA_PF_ADV_100_FULL, TX),
			ADVERTISE_CSMA | ADVERTISE_100FULL | ADVERTISE_PAUSE_ASYM);
	KUNIT_EXPECT_EQ(test, kawela_pf_fc_mii_adv(0, KAWELA_PF_ADV_10_HALF, 0),
			ADVERTISE_CSMA | ADVERTISE_10HALF);
	KUNIT_EXPECT_EQ(test, kawela_pf_fc_mii_adv(0, KAWELA_PF_ADV_1000_FULL, 0), ADVERTISE_CSMA);
}

static void mii_advert_replaces(struct kunit *test)
{
	u16 all = kawela_pf_fc_mii_adv(0, KAWELA_PF_ADV_COPPER, RX | TX);

	KUNIT_EXPECT_EQ(test, kawela_pf_fc_mii_adv(all, KAWELA_PF_ADV_10_FULL, 0),
			ADVERTISE_CSMA | ADVERTISE_10FULL);
	KUNIT_EXPECT_EQ(test, kawela_pf_fc_mii_adv(ADVERTISE_NPAGE | ADVERTISE_RFAULT, 0, 0),
			ADVERTISE_NPAGE | ADVERTISE_RFAULT | ADVERTISE_CSMA);
}

static void mii_ctrl1000(struct kunit *test)
{
	const u16 master = CTL1000_ENABLE_MASTER | CTL1000_AS_MASTER;

	KUNIT_EXPECT_EQ(test, kawela_pf_fc_mii_ctrl1000(0, KAWELA_PF_ADV_COPPER),
			ADVERTISE_1000FULL);
	KUNIT_EXPECT_EQ(test, kawela_pf_fc_mii_ctrl1000(master, KAWELA_PF_ADV_COPPER),
			master | ADVERTISE_1000FULL);
	KUNIT_EXPECT_EQ(test,
			kawela_pf_fc_mii_ctrl1000(ADVERTISE_1000FULL | ADVERTISE_1000HALF,
						  KAWELA_PF_ADV_100_FULL), 0);
}

static void pcs_advert(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, kawela_pf_fc_pcs_adv(0x20, RX | TX), 0x1A0);
	KUNIT_EXPECT_EQ(test, kawela_pf_fc_pcs_adv(0x1A0, TX), 0x120);
	KUNIT_EXPECT_EQ(test, kawela_pf_fc_pcs_adv(0x1A0, 0), 0x20);
}

static void pcs_control(struct kunit *test)
{
	const u32 kilo = KW_PCS_LCTL_FDV_FULL |
			 FIELD_PREP_CONST(KW_PCS_LCTL_FSV, KW_PCS_LCTL_FSV_1000);
	const u32 an = KW_PCS_LCTL_AN_EN | KW_PCS_LCTL_AN_RESTART;
	const u32 forced = KW_PCS_LCTL_FSD | KW_PCS_LCTL_FORCE_FC;

	/* 1000BASE-X keeps the timeout that helps with silent partners, SGMII loses it. */
	KUNIT_EXPECT_EQ(test, kawela_pf_fc_pcs_lctl(KW_PCS_LCTL_AN_TIMEOUT, false, true),
			KW_PCS_LCTL_AN_TIMEOUT | kilo | an);
	KUNIT_EXPECT_EQ(test, kawela_pf_fc_pcs_lctl(KW_PCS_LCTL_AN_TIMEOUT, true, true), an);
	KUNIT_EXPECT_EQ(test, kawela_pf_fc_pcs_lctl(0, false, false), kilo | forced);

	/* From forced to negotiated and back, whatever was set before. */
	KUNIT_EXPECT_EQ(test, kawela_pf_fc_pcs_lctl(kilo | forced | KW_PCS_LCTL_FORCE_LINK |
						    KW_PCS_LCTL_FLV_UP, false, true), kilo | an);
	KUNIT_EXPECT_EQ(test, kawela_pf_fc_pcs_lctl(kilo | KW_PCS_LCTL_AN_EN, false, false),
			kilo | forced);
}

static void water_levels(struct kunit *test)
{
	struct kawela_pf_fc_water water;

	/* The longest frame of ours, the longest of the partner's, and the levels still fit. */
	KUNIT_EXPECT_EQ(test, kawela_pf_fc_water(64, &water), 0);
	KUNIT_EXPECT_EQ(test, water.high, 46080);
	KUNIT_EXPECT_EQ(test, water.low, 46064);
}

static void water_invariants(struct kunit *test)
{
	struct kawela_pf_fc_water water;
	u32 kb;

	for (kb = 0; kb < 128; kb++) {
		if (kawela_pf_fc_water(kb, &water)) {
			KUNIT_EXPECT_EQ(test, water.high, 0);
			KUNIT_EXPECT_EQ(test, water.low, 0);
			continue;
		}
		KUNIT_EXPECT_EQ(test, water.high % 16, 0);
		KUNIT_EXPECT_EQ(test, water.low % 16, 0);
		KUNIT_EXPECT_GT(test, water.low, 0);
		KUNIT_EXPECT_LT(test, water.low, water.high);
		KUNIT_EXPECT_LE(test, water.high + 2 * KW_MAX_FRAME, kb * 1024);
	}
}

static void water_too_small(struct kunit *test)
{
	struct kawela_pf_fc_water water = { .high = 1, .low = 1 };

	KUNIT_EXPECT_EQ(test, kawela_pf_fc_water(0, &water), -ERANGE);
	KUNIT_EXPECT_EQ(test, water.high, 0);
	KUNIT_EXPECT_EQ(test, water.low, 0);
	KUNIT_EXPECT_EQ(test, kawela_pf_fc_water(19, &water), -ERANGE);
	KUNIT_EXPECT_EQ(test, kawela_pf_fc_water(20, &water), 0);
}

static struct kunit_case fc_cases[] = {
	KUNIT_CASE(pause_truth_table),
	KUNIT_CASE(pause_is_symmetric),
	KUNIT_CASE(pause_never_beyond_wanted),
	KUNIT_CASE(pause_wanted_is_got),
	KUNIT_CASE(pause_advert),
	KUNIT_CASE(mii_advert),
	KUNIT_CASE(mii_advert_replaces),
	KUNIT_CASE(mii_ctrl1000),
	KUNIT_CASE(pcs_advert),
	KUNIT_CASE(pcs_control),
	KUNIT_CASE(water_levels),
	KUNIT_CASE(water_invariants),
	KUNIT_CASE(water_too_small),
	{}
};

static struct kunit_suite fc_suite = {
	.name = "kawela_pf_fc",
	.test_cases = fc_cases,
};

/* NVM. */

static void csum(struct kunit *test)
{
	u16 words[KAWELA_PF_NVM_CSUM_WORDS];
	u16 sum = 0;
	int i;

	for (i = 0; i < KAWELA_PF_NVM_CHECKSUM; i++) {
		words[i] = 0x1234 * i + 7;
		sum += words[i];
	}
	words[KAWELA_PF_NVM_CHECKSUM] = KAWELA_PF_NVM_CSUM - sum;
	KUNIT_EXPECT_TRUE(test, kawela_pf_nvm_csum_ok(words));

	for (i = 0; i < KAWELA_PF_NVM_CSUM_WORDS; i++) {
		words[i] ^= BIT(i % 16);
		KUNIT_EXPECT_FALSE_MSG(test, kawela_pf_nvm_csum_ok(words), "word %d", i);
		words[i] ^= BIT(i % 16);
	}
}

static void csum_blank(struct kunit *test)
{
	u16 words[KAWELA_PF_NVM_CSUM_WORDS];

	memset(words, 0, sizeof(words));
	KUNIT_EXPECT_FALSE(test, kawela_pf_nvm_csum_ok(words));
	memset(words, 0xFF, sizeof(words));
	KUNIT_EXPECT_FALSE(test, kawela_pf_nvm_csum_ok(words));
}

static void mac_words(struct kunit *test)
{
	static const u16 words[KAWELA_PF_NVM_MAC_WORDS] = { 0x1B00, 0x2A21, 0x4C3B };
	static const u8 want[ETH_ALEN] = { 0x00, 0x1B, 0x21, 0x2A, 0x3B, 0x4C };
	u8 mac[ETH_ALEN];

	kawela_pf_nvm_parse_mac(words, mac);
	KUNIT_EXPECT_MEMEQ(test, mac, want, ETH_ALEN);
}

static void mac_of_port(struct kunit *test)
{
	u8 even[ETH_ALEN] = { 0x00, 0x1B, 0x21, 0x2A, 0x3B, 0x4C };
	u8 odd[ETH_ALEN] = { 0x00, 0x1B, 0x21, 0x2A, 0x3B, 0xFF };

	kawela_pf_nvm_port_mac(0, even);
	KUNIT_EXPECT_EQ(test, even[5], 0x4C);
	kawela_pf_nvm_port_mac(1, even);
	KUNIT_EXPECT_EQ(test, even[5], 0x4D);
	kawela_pf_nvm_port_mac(1, odd);
	KUNIT_EXPECT_EQ(test, odd[5], 0xFE);
	KUNIT_EXPECT_EQ(test, odd[4], 0x3B);
}

static void alt_mac_pointer(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, kawela_pf_nvm_alt_mac_word(0x0000, 0), -ENOENT);
	KUNIT_EXPECT_EQ(test, kawela_pf_nvm_alt_mac_word(0xFFFF, 1), -ENOENT);
	KUNIT_EXPECT_EQ(test, kawela_pf_nvm_alt_mac_word(0x0060, 0), 0x60);
	KUNIT_EXPECT_EQ(test, kawela_pf_nvm_alt_mac_word(0x0060, 1), 0x63);
}

static void default_fc(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, kawela_pf_nvm_fc(0x0000), 0);
	KUNIT_EXPECT_EQ(test, kawela_pf_nvm_fc(0xCFFF), 0);
	KUNIT_EXPECT_EQ(test, kawela_pf_nvm_fc(0x1000), RX | TX);
	KUNIT_EXPECT_EQ(test, kawela_pf_nvm_fc(0x2000), TX);
	KUNIT_EXPECT_EQ(test, kawela_pf_nvm_fc(0x3000), RX | TX);
}

static void pba_legacy(struct kunit *test)
{
	char buf[KAWELA_PF_PBA_SIZE];

	KUNIT_EXPECT_EQ(test, kawela_pf_nvm_pba_legacy(0xE438, 0x8302, buf, sizeof(buf)), 0);
	KUNIT_EXPECT_STREQ(test, buf, "E43883-002");
	KUNIT_EXPECT_EQ(test, kawela_pf_nvm_pba_legacy(0x0001, 0x02AB, buf,
						       KAWELA_PF_PBA_LEGACY_LEN), 0);
	KUNIT_EXPECT_STREQ(test, buf, "000102-0AB");
	KUNIT_EXPECT_EQ(test, kawela_pf_nvm_pba_legacy(0xE438, 0x8302, buf,
						       KAWELA_PF_PBA_LEGACY_LEN - 1), -ENOSPC);
	KUNIT_EXPECT_EQ(test, kawela_pf_nvm_pba_legacy(0, 0, buf, sizeof(buf)), -ENOENT);
	KUNIT_EXPECT_EQ(test, kawela_pf_nvm_pba_legacy(0xFFFF, 0xFFFF, buf, sizeof(buf)), -ENOENT);
}

static void pba_string(struct kunit *test)
{
	static const u16 block[] = { 6, 0x4537, 0x3138, 0x3131, 0x2D30, 0x3037, 0x5858 };
	char buf[KAWELA_PF_PBA_SIZE];

	KUNIT_EXPECT_EQ(test, kawela_pf_nvm_pba_string(block, ARRAY_SIZE(block), buf,
						       sizeof(buf)), 0);
	KUNIT_EXPECT_STREQ(test, buf, "E71811-007");

	/* The buffer that just fits, and one byte less. */
	KUNIT_EXPECT_EQ(test, kawela_pf_nvm_pba_string(block, ARRAY_SIZE(block), buf, 11), 0);
	KUNIT_EXPECT_STREQ(test, buf, "E71811-007");
	KUNIT_EXPECT_EQ(test, kawela_pf_nvm_pba_string(block, ARRAY_SIZE(block), buf, 10),
			-ENOSPC);
}

static void pba_string_padded(struct kunit *test)
{
	static const u16 nul[] = { 4, 0x4142, 0x4300, 0x0000 };
	static const u16 ones[] = { 3, 0x4142, 0xFFFF };
	char buf[KAWELA_PF_PBA_SIZE];

	KUNIT_EXPECT_EQ(test, kawela_pf_nvm_pba_string(nul, ARRAY_SIZE(nul), buf, sizeof(buf)), 0);
	KUNIT_EXPECT_STREQ(test, buf, "ABC");
	KUNIT_EXPECT_EQ(test, kawela_pf_nvm_pba_string(ones, ARRAY_SIZE(ones), buf, sizeof(buf)),
			0);
	KUNIT_EXPECT_STREQ(test, buf, "AB");
}

static void pba_string_bad_length(struct kunit *test)
{
	static const u16 lengths[] = { 0, 1, 4, 0x7FFF, 0xFFFF };
	u16 block[3] = { 0, 0x4142, 0x4344 };
	char buf[KAWELA_PF_PBA_SIZE];
	int i;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		block[0] = lengths[i];
		KUNIT_EXPECT_EQ(test, kawela_pf_nvm_pba_string(block, ARRAY_SIZE(block), buf,
							       sizeof(buf)), -EBADMSG);
	}
	KUNIT_EXPECT_EQ(test, kawela_pf_nvm_pba_string(block, 0, buf, sizeof(buf)), -EBADMSG);
}

static void image_version(struct kunit *test)
{
	char buf[32];

	/* No tracking number: major, minor, image id. */
	kawela_pf_nvm_version(0x1234, 0, buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, "1.35.4");
	kawela_pf_nvm_version(0x1234, 0xFFFFFFFF, buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, "1.35.4");

	/* With one, the minor version is decimal digits, in either place. */
	kawela_pf_nvm_version(0x1480, 0x80000DEF, buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, "1.48, 0x80000def");
	kawela_pf_nvm_version(0x2012, 0x80000DEF, buf, sizeof(buf));
	KUNIT_EXPECT_STREQ(test, buf, "2.12, 0x80000def");
}

static void image_version_cut(struct kunit *test)
{
	char buf[4] = "zzz";

	KUNIT_EXPECT_EQ(test, kawela_pf_nvm_version(0x1480, 0x80000DEF, buf, sizeof(buf)), 3);
	KUNIT_EXPECT_STREQ(test, buf, "1.4");
}

static struct kunit_case nvm_cases[] = {
	KUNIT_CASE(csum),
	KUNIT_CASE(csum_blank),
	KUNIT_CASE(mac_words),
	KUNIT_CASE(mac_of_port),
	KUNIT_CASE(alt_mac_pointer),
	KUNIT_CASE(default_fc),
	KUNIT_CASE(pba_legacy),
	KUNIT_CASE(pba_string),
	KUNIT_CASE(pba_string_padded),
	KUNIT_CASE(pba_string_bad_length),
	KUNIT_CASE(image_version),
	KUNIT_CASE(image_version_cut),
	{}
};

static struct kunit_suite nvm_suite = {
	.name = "kawela_pf_nvm",
	.test_cases = nvm_cases,
};

kunit_test_suites(&fc_suite, &nvm_suite);

MODULE_DESCRIPTION("KUnit tests of kawela_pf's flow control and NVM parsing");
MODULE_LICENSE("GPL");
