#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# OpenWrt: the package's files, by the feed's rules
# shellcheck disable=SC2013,SC2016 # words are wanted; the $ are of a Makefile
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/verdict.sh
scripts/apt.sh busybox-static python3 || exit 1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
package=openwrt/netmeta
files=$package/files

# --- the Makefile ---------------------------------------------------------------------------------
awk -f tests/openwrt/makefile.awk $package/Makefile > "$scratch/findings"
cat "$scratch/findings"
[ ! -s "$scratch/findings" ]
verdict $? 'the Makefile has the form that reviewers want'

# catches WORDS SED-COMMAND: the check says the words of a Makefile that was changed so
catches() {
	sed "$2" $package/Makefile > "$scratch/Makefile"
	awk -f tests/openwrt/makefile.awk "$scratch/Makefile" | grep -q "$1"
	verdict $? "planted in a Makefile, it is noticed: $1"
}
catches 'no SPDX line' 1d
catches 'not literal' 's/BuildPackage,netmeta)/BuildPackage,$(PKG_NAME))/'
catches 'absolute path' 's|^/etc/config/netmeta$|  /etc/config/netmeta|'
catches 'two spaces' 's/^  SECTION/SECTION/'
catches 'a tab inside' 's/^  CATEGORY/	CATEGORY/'
catches 'indented by tabs' 's/^	\$(INSTALL_BIN)/  $(INSTALL_BIN)/'
catches 'more than two' 's/^  TITLE/    TITLE/'

value() {
	sed -n "s/^ *$1:= *//p" $package/Makefile
}
[ "$(value PKG_VERSION)" = "$(cat VERSION)" ]
verdict $? 'its version is that of the tree'
value PKG_HASH | grep -qxE '[0-9a-f]{64}'
verdict $? 'its hash is one, so that nothing comes unchecked'
for file in $(sed -n 's|.*\./files/\([a-z.]*\).*|\1|p' $package/Makefile); do
	[ -f "$files/$file" ]
	verdict $? "$file, which it installs, is there"
done
for file in "$files"/*; do
	grep -q "\./files/${file##*/} " $package/Makefile
	verdict $? "${file##*/} is installed"
done
for licence in $(value PKG_LICENSE_FILES); do
	[ -s "$licence" ]
	verdict $? "$licence is in the release"
done

# --- nanopb -----------------------------------------------------------------------------------------
tarball=build/deps/dl/nanopb_$(value NANOPB_VERSION).orig.tar.gz
scripts/deps.sh > /dev/null 2>&1
grep -qx "nanopb_version := $(value NANOPB_VERSION)" build/deps/sources.mk
verdict $? 'nanopb is of the version that the tree builds with'
[ "$(sha256sum < "$tarball" | cut -d ' ' -f 1)" = "$(value '  HASH')" ]
verdict $? 'and its hash is that of the release'

# --- kernel modules: those of the table, everywhere ----------------------------------------------------
for module in $(grep -o 'kmod-[a-z-]*' core/source.def | sort -u); do
	grep -q "$module" openwrt/README.md
	verdict $? "the README names $module"
	grep -q ":$module" $package/Makefile
	verdict $? "images can be built with $module"
done
! grep -E '[:+ ]\+kmod-' $package/Makefile
verdict $? 'no kernel module is a hard dependency'

# --- scripts ---------------------------------------------------------------------------------------
for script in $files/netmeta.init $files/netmeta.defaults $files/netmeta.rpcd \
	$package/test.sh $package/test-version.sh; do
	busybox ash -n "$script"
	verdict $? "busybox ash can parse ${script##*/}"
done
[ "$(head -n 1 $files/netmeta.init)" = '#!/bin/sh /etc/rc.common' ] &&
	grep -q '^USE_PROCD=1' $files/netmeta.init
verdict $? 'the init script is one of procd'
! grep -nE ' &$|pidfile|^(start|stop|restart)\(\)' $files/netmeta.init
verdict $? 'and starts nothing by itself'
! grep -nE 'grep (-[a-z]*q|--quiet)' $package/test*.sh
verdict $? "the feed's tests show what they found"

# --- JSON ------------------------------------------------------------------------------------------
/usr/bin/python3 - $files <<'END'
import json, sys
sets = json.load(open(sys.argv[1] + '/netmeta.capabilities'))
wanted = ['CAP_NET_ADMIN', 'CAP_NET_RAW', 'CAP_BPF']
assert sorted(sets) == ['ambient', 'bounding', 'effective', 'inheritable', 'permitted'], sets
assert all(names == wanted for names in sets.values()), sets
END
verdict $? 'the capabilities are three, in five lists'
/usr/bin/python3 - $files <<'END'
import json, sys
rights = json.load(open(sys.argv[1] + '/netmeta.acl'))
assert list(rights) == ['netmeta'] and 'write' not in rights['netmeta'], rights
assert rights['netmeta']['read'] == {'ubus': {'netmeta': ['status', 'sources']}}, rights
END
verdict $? "rpcd's rights are to read the two methods of the plugin"

# --- once after installing -----------------------------------------------------------------------------
# The part of uci that is needed: a file of names and values.
cat > "$scratch/uci" << 'END'
#!/bin/sh
[ "$1" != -q ] || shift
case $1 in
get) grep -F "$2=" known | head -n 1 | cut -d = -f 2- | grep . ;;
set) echo "$2" >> known ;;
commit) echo "commit $2" >> known ;;
esac
END
chmod +x "$scratch/uci"
mkdir "$scratch/lib"
touch "$scratch/lib.sh"
sed 's|^\. /lib/functions|. ./lib|; s|/etc/config/netmeta|known|; s|/sys/class/net/eth0|.|' \
	$files/netmeta.defaults > "$scratch/defaults"
# first_time LABEL: runs the script on a box with that address on it
first_time() {
	printf 'get_mac_label() { echo %s | grep .; }\n' "$1" > "$scratch/lib/system.sh"
	(cd "$scratch" && PATH=$scratch:$PATH busybox ash ./defaults)
}

printf '%s\n' 'system.@system[0].hostname=Branch 7!' 'netmeta.@agent[0]=agent' \
	'netmeta.@agent[0].spool=/mnt/spool' > "$scratch/known"
first_time 02:00:00:00:00:01
sed 1,3d "$scratch/known" > "$scratch/set"
diff -u - "$scratch/set" << END
netmeta.@agent[0].id=branch-7-$(echo 02:00:00:00:00:01 | md5sum | cut -c 1-8)
netmeta.@agent[0].user=netmeta
netmeta.@agent[0].control=/var/run/netmeta/control
commit netmeta
END
verdict $? 'the first time it gets an id, and what nobody has said'
cp "$scratch/known" "$scratch/was"
first_time 02:00:00:00:00:02
{ cat "$scratch/was"; echo 'commit netmeta'; } | diff -u - "$scratch/known"
verdict $? 'another time nothing is changed'
echo 'system.@system[0].hostname=a' > "$scratch/known"
first_time ''
! grep -q '\.id=' "$scratch/known" && grep -q '^netmeta.agent=agent$' "$scratch/known"
verdict $? 'without an address on a label the agent makes its own id'
sums
