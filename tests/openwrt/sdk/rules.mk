# SPDX-License-Identifier: Apache-2.0
# Stands for OpenWrt's rules.mk, for tests/openwrt/sdk.sh: what a package's Makefile finds there.
# BUILD_DIR, DL_DIR, ROOT, BUILD_VARIANT and TARGET_CC come from the command line.
INCLUDE_DIR    := $(TOPDIR)/include
TAR            := tar
SED            := sed -i -e
INSTALL_DIR    := install -d -m0755
INSTALL_BIN    := install -m0755
INSTALL_DATA   := install -m0644
INSTALL_CONF   := install -m0600

PKG_BUILD_DIR   = $(BUILD_DIR)/$(PKG_NAME)-$(BUILD_VARIANT)/$(PKG_NAME)-$(PKG_VERSION)
PKG_JOBS       := -j$(shell nproc)
TARGET_CFLAGS  := -O1 -pipe -fno-caller-saves
TARGET_LDFLAGS := -Wl,-z,now -Wl,-z,relro
MAKE_VARS       = CFLAGS="$(TARGET_CFLAGS)" LDFLAGS="$(TARGET_LDFLAGS)"
MAKE_FLAGS      = CC="$(TARGET_CC)" STRIP=strip OBJDUMP=objdump CROSS="" ARCH="x86_64"
