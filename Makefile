# SPDX-License-Identifier: GPL-2.0-only
# Makefile - the project's verbs. Modules build against KDIR; everything else
# runs in a machine that tools/testing/rig makes.

KDIR ?= /lib/modules/$(shell uname -r)/build
T := tools/testing
# the kernel of shell and selftest: stock, debug or backports
KERNEL = $(if $(DEBUG),debug,stock)

.PHONY: help modules modules_install clean image shell demo check kunit selftest style fuzz soak bench bench-check compare

help: ## list the targets
	@sed -n 's/^\([a-z_-]*\):.*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 28

modules: ## build the modules against KDIR=... (default: the running kernel)
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

modules_install: ## install them for that kernel
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules_install

clean: ## remove what a build left in the checkout
	$(MAKE) -C $(KDIR) M=$(CURDIR) clean

image: ## make the image and the modules for it, in the cache
	$(T)/rig/modules

shell: ## a root shell on a host with an 82576, modules loadable; KERNEL=backports
	@$(T)/rig/shell --kernel $(KERNEL)

demo: ## host, VFs, a guest, a namespace, a station: who reaches whom
	@$(T)/demo/demo.sh

check: ## all tests: style, KUnit, selftests on all kernels
	@$(T)/check.sh

kunit: ## unit tests (UML, KASAN)
	@$(T)/kunit.sh

selftest: ## selftests on Debian's kernel, KERNEL=debug or backports; TEST=name or all
	@$(T)/selftest.py --kernel $(KERNEL) $(patsubst all,--all,$(TEST))

style: ## checkpatch, sparse, W=1, kernel-doc, shellcheck, sizes
	@$(T)/style.sh

fuzz: ## the mailbox codecs under libFuzzer, FUZZ_SECONDS=60; needs clang, not in check
	@$(T)/fuzz/fuzz.sh

soak: ## 100 rounds of load/unload and of VFs, 10 minutes of all data paths, debug kernel
	@$(T)/soak.sh

bench: ## counted instructions, ours and the stock pair; BENCH_OUT=folder for JSON and chart
	@$(T)/bench/bench.sh $(if $(BENCH_OUT),--write $(BENCH_OUT))

bench-check: ## the same; fails when a ratio is 3 % worse than the committed one
	@$(T)/bench/bench.sh --check

compare: ## what a VF that goes costs its guest, ours and the stock pair
	@$(T)/compare.sh
