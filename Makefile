# SPDX-License-Identifier: Apache-2.0
# NetMeta's build. One make process reads every folder's Kbuild file (scripts/Kbuild.include tells
# which words they may use); features come from Kconfig; `make help` lists what may be asked for.
#
# Where an output goes follows from what it is, so that several live side by side:
#   make                                             build/native/netmeta
#   make SAN=1                                       build/san/netmeta
#   make STATIC=1                                    build/x86_64-linux-musl/netmeta
#   make STATIC=1 CROSS_COMPILE=mips-linux-gnu-      build/mips-linux-musl/netmeta
#   ... aarch64-linux-gnu-                           build/aarch64-linux-musl/netmeta
#   ... arm-linux-gnueabihf-                         build/arm-linux-musleabihf/netmeta
# O=folder overrides it. Third-party sources and C libraries are shared by all, in build/deps.

ifneq ($(words $(MAKEFILE_LIST))$(words $(CURDIR))$(filter-out 0 1,$(words $(O))),11)
$(error make cannot work in a path with blanks: move the source folder, or choose another O=)
endif
MAKEFLAGS += -rR --no-print-directory

srctree  := $(realpath $(dir $(firstword $(MAKEFILE_LIST))))
depstree := $(srctree)/build/deps

# --- tools and flags ----------------------------------------------------------------
# A CC= of the user's is taken as it is; with STATIC=1 it must know a C library of its own.
ifeq ($(filter default undefined,$(origin CC)),)
own_cc   := y
else
CC        = $(CROSS_COMPILE)gcc $(libc_flags)
endif
OBJDUMP  := $(CROSS_COMPILE)objdump
READELF  := $(CROSS_COMPILE)readelf
STRIP    := $(CROSS_COMPILE)strip
PKG_CONFIG ?= pkg-config

target   := $(shell $(if $(own_cc),$(CC),$(CROSS_COMPILE)gcc) -dumpmachine 2> /dev/null)
O        ?= $(srctree)/build/$(if $(STATIC),$(subst gnu,musl,$(target)),$(if $(SAN),san,native))
objtree  := $(abspath $(O))

# What a target needs to be told, what runs its programs elsewhere, and how large netmeta may be.
target_flags_x86_64-linux-gnu := -fno-pie -no-pie
target_limit_x86_64-linux-gnu := 470000
target_flags_mips-linux-gnu   := -mips32r2 -msoft-float -fno-pic -mno-abicalls -fno-pie -no-pie
target_link_mips-linux-gnu    := -Wl,--no-warn-mismatch
target_run_mips-linux-gnu     := qemu-mips-static -cpu 24Kc
target_limit_mips-linux-gnu   := 550000
# The atomic helpers of gcc ask glibc what the processor has.
target_flags_aarch64-linux-gnu := -fno-pie -no-pie -mno-outline-atomics
target_run_aarch64-linux-gnu   := qemu-aarch64-static
target_limit_aarch64-linux-gnu := 540000
target_flags_arm-linux-gnueabihf := -fno-pie -no-pie
target_run_arm-linux-gnueabihf   := qemu-arm-static
target_limit_arm-linux-gnueabihf := 400000

# Flags of all code, third-party code too. The static outputs are made of fat LTO objects: netmeta
# is linked with LTO for its size, the tests without for their time, and gates can read the code.
code_flags   = -ffunction-sections -fdata-sections
ifdef STATIC
code_flags  += $(target_flags_$(target)) -fno-asynchronous-unwind-tables -flto -ffat-lto-objects
link_flags   = -static -Wl,-z,noseparate-code,-z,max-page-size=4096 $(target_link_$(target))
endif
ifdef SAN
code_flags  += -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
endif
RUN         ?= $(if $(STATIC),$(target_run_$(target)))

CFLAGS      ?= $(if $(SAN),-O1,-Os) -g
KBUILD_CPPFLAGS = -I$(srctree) -I$(objtree)/include -include generated/autoconf.h
KBUILD_CFLAGS   = -std=gnu11 -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wvla -Wcast-align -Wwrite-strings -fno-common $(if $(WERROR),-Werror)
KBUILD_LDFLAGS  = -Wl,--gc-sections $(link_flags)

# --- what to build --------------------------------------------------------------------
.PHONY: all
all:

# These goals neither compile nor read a configuration, so they fetch nothing either.
bare_goals := help bench clean distclean menuconfig olddefconfig %_defconfig
compiling  := $(filter-out $(bare_goals),$(or $(MAKECMDGOALS),all))

# Filled by the Kbuild files: the objects of netmeta, the test programs, all that a command makes.
objs       :=
tests      :=
targets    :=

ifneq ($(compiling),)
-include $(objtree)/.config
include $(srctree)/scripts/Kbuild.deps
include $(srctree)/scripts/Kbuild.include
$(call descend,core platform proto firmware tests)
endif

# Without a platform there is nothing to link, but all of it compiles.
all: $(if $(CONFIG_PLATFORM_LINUX),$(objtree)/netmeta,$(objs))
$(objtree)/netmeta.debug: $(objs) $(deps_objs) $(libc) FORCE
	$(call if_changed,ld)
$(objtree)/netmeta: $(objtree)/netmeta.debug FORCE
	$(call if_changed,strip)

targets += $(objs) $(deps_objs) $(objtree)/netmeta.debug $(objtree)/netmeta
-include $(wildcard $(call saved_files,$(targets)))

# --- configuration ------------------------------------------------------------------------
# kconfig(answers): the answers, and the presets of what they leave open, become .config. Where
# there are none yet, a static output is for a small machine.
first_answers := $(srctree)/configs/$(if $(STATIC),static,default)
kconfig = mkdir -p $(objtree) && { [ -e $(objtree)/.config ] || cp $(first_answers) $(objtree)/.config; } && \
	awk -f $(srctree)/scripts/kconfig.awk $(1) $(srctree)/Kconfig > $(objtree)/.config.new && \
	mv $(objtree)/.config.new $(objtree)/.config

$(objtree)/.config: $(srctree)/Kconfig
	@$(call kconfig,$@)
%_defconfig: $(srctree)/configs/%
	@$(call kconfig,$<); echo '  CONFIG  $*'
olddefconfig:
	@$(call kconfig,$(objtree)/.config)
menuconfig:
	@command -v kconfig-mconf > /dev/null || { echo 'menuconfig needs kconfig-mconf (Debian:' \
		'kconfig-frontends). Without it: edit $(objtree)/.config, make olddefconfig'; exit 1; }
	@$(call kconfig,$(objtree)/.config)
	@cd $(srctree) && KCONFIG_CONFIG=$(objtree)/.config kconfig-mconf Kconfig

filechk_autoconf = sed -n 's/^\(CONFIG_[A-Z0-9_]*\)=y$$/\#define \1 1/p' $<
$(objtree)/include/generated/autoconf.h: $(objtree)/.config FORCE
	$(call filechk,autoconf)
filechk_version = $(srctree)/scripts/version.sh $(deps_versions)
$(objtree)/include/generated/version.h: FORCE
	$(call filechk,version)

# --- checks -----------------------------------------------------------------------------------
check: $(tests)
	@$(srctree)/scripts/unit.sh "$(RUN)" $(tests)
golden: $(filter %/golden %/golden-headers,$(tests))
	@$(srctree)/scripts/unit.sh "$(RUN)" $^
layers: $(objs)
	@$(srctree)/scripts/layers.sh $(OBJDUMP) $(filter $(objtree)/core/%,$(objs))
float: $(objs)
	@$(srctree)/scripts/float.sh $(OBJDUMP) $(objs)
style: $(generated)
	@CC='$(call escape,$(CC) $(KBUILD_CPPFLAGS) $(deps_cppflags))' $(srctree)/scripts/style.sh
size: $(objtree)/netmeta
	@$(srctree)/scripts/size.sh $(READELF) $< $(if $(STATIC),$(target_limit_$(target)))
# It builds by itself what it measures; BENCH= are words for it.
bench:
	@MAKEFLAGS= $(srctree)/tests/bench/bench.py $(BENCH)
# As root: what sampling costs on a router of namespaces.
bench-kernel: $(objtree)/netmeta $(objtree)/tests/bench/load
	@/usr/bin/python3 $(srctree)/tests/bench/kernel.py $^ $(BENCH)

# --- the rest -----------------------------------------------------------------------------------
PREFIX ?= /usr/local
install: $(objtree)/netmeta
	install -D -m 755 -s --strip-program=$(STRIP) $< $(DESTDIR)$(PREFIX)/bin/netmeta
	install -d $(DESTDIR)$(PREFIX)/share/doc/netmeta
	install -m 644 $(srctree)/LICENSE $(srctree)/NOTICE $(srctree)/packaging/netmeta.conf \
		$(DESTDIR)$(PREFIX)/share/doc/netmeta
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man1 $(srctree)/packaging/netmeta.1
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man5 $(srctree)/packaging/netmeta.conf.5
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed 's|=/usr/bin/|=$(PREFIX)/bin/|' $(srctree)/packaging/netmeta.service \
		> $(DESTDIR)$(PREFIX)/lib/systemd/system/netmeta.service
help:
	@cat $(srctree)/scripts/help.txt
clean:
	@echo '  CLEAN   $(objtree)'
	@rm -rf $(objtree)
distclean:
	@echo '  CLEAN   $(srctree)/build'
	@rm -rf $(srctree)/build
.PHONY: check golden layers float style size bench bench-kernel install help clean distclean menuconfig olddefconfig FORCE
FORCE:
