# SPDX-License-Identifier: Apache-2.0
# Stands for OpenWrt's include/package.mk: `make package` downloads nothing, but checks what DL_DIR
# holds, prepares, configures, compiles and installs the variant BUILD_VARIANT into ROOT.
MAKEFLAGS := --no-print-directory

define Build/Prepare/Default
	mkdir -p $(PKG_BUILD_DIR)
	$(TAR) -x -z -C $(PKG_BUILD_DIR) --strip-components=1 -f $(DL_DIR)/$(PKG_SOURCE)
endef

define Download
$(eval $(Download/$(1)))
downloads: download-$(1)
download-$(1):
	echo "$(HASH)  $(DL_DIR)/$(FILE)" | sha256sum -c --quiet
endef

define BuildPackage
$(eval $(Package/$(1)))
ifeq ($(VARIANT),$(BUILD_VARIANT))
package: built
	$$(call Package/$(1)/install,$(ROOT))
	echo $(1) > $(ROOT)/../name
endif
endef

built: downloads
	$(call Build/Prepare)
	$(call Build/Configure)
	$(call Build/Compile)
.PHONY: package built downloads
.DEFAULT_GOAL := package
