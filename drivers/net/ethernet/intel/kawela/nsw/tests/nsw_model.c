// SPDX-License-Identifier: GPL-2.0-only
/* The model, once more: for the test module alone, which needs no PCI and no driver. */
#include "../nsw_admin.c"
#include "../nsw_apply.c"
#include "../nsw_core.c"
#include "../nsw_filter.c"
#include "../nsw_image.c"
#include "../nsw_pf.c"
#include "../nsw_request.c"
#include "../nsw_rule.c"
#include "../nsw_vlan.c"
#include "../nsw_vport.c"
