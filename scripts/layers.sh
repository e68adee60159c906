#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# layers.sh OBJDUMP CORE-OBJECT...: the layers of docs/ARCHITECTURE.md, as far as a machine sees them.
# Who includes whom is read from the sources. What core/ calls and keeps is read from its objects:
# nothing of the operating system, and no variable.
set -eu
objdump=$1
shift
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# found(words): the lines that come in are findings; the words say what is wrong with them
found() {
	if grep . > "$work/lines"; then
		sed 's/^/  /' "$work/lines"
		echo "  LAYERS  $1 (above)"
		touch "$work/bad"
	fi
}

# --- who includes whom ------------------------------------------------------------------
# only(folder, allowed): lines of the folder's files that include anything else
only() {
	grep -nE '^#[[:space:]]*include' "$1"/*.[ch] /dev/null 2> /dev/null |
		grep -vE "include[[:space:]]*($2)" || true
}
plain='<(inttypes|limits|stdarg|stdatomic|stdbool|stddef|stdint|stdio|string)\.h>'	# no system in them

only core "$plain|<(lz4|zlib|pb(_[a-z]+)?)\.h>|\"(core|proto)/" |
	found 'core/ may include only itself, proto/ and headers that need no system'
only platform '<[^>]*>|"(core|platform)/' |
	found 'platform.h may include only core/'
only platform/linux '<[^>]*>|"core/|"platform/(platform\.h|linux/)' |
	found 'platform/linux/ may include only core/, platform.h and itself'
only platform/sim '<[^>]*>|"core/|"platform/(platform\.h|sim/)' |
	found 'platform/sim/ may include only core/, platform.h and itself'
only firmware '<[^>]*>|"(core|firmware|proto|generated)/|"platform/platform\.h"' |
	found 'firmware/ may include platform.h, but no platform'

# --- what core/ calls and keeps -----------------------------------------------------------
# symbols: file, section, name and whether it is global
"$objdump" -t "$@" | awk -F '\t' '
	/:     file format/ { file = $1; sub(/:.*/, "", file); sub(/.*\//, "", file) }
	NF == 2             { count = split($1, left, / +/); split($2, right, / +/)
			      name = right[2] == ".hidden" ? right[3] : right[2]
			      print file, left[count], name, left[2] == "g" }' > "$work/symbols"

# Left to the linker may be: the C library on memory and strings, nanopb and the schema, the two
# libraries that compress, and what the compiler calls by itself for wide integers, stack
# protection and sanitizers.
allowed='mem(chr|cmp|cpy|move|set)|v?snprintf'
allowed="$allowed|str(chr|cmp|cspn|len|ncmp|ncpy|nlen|pbrk|rchr|spn|str)"
allowed="$allowed|pb_[a-z_0-9]+|netmeta_[A-Za-z]+_msg"
allowed="$allowed|LZ4_compress_fast_extState|LZ4_sizeofState|deflate(Init2_)?"
allowed="$allowed|__u?(div|mod|divmod)[dt]i[34]|__(ashl|ashr|lshr)[dt]i3|__(bswap|clz|ctz)[sd]i2"
allowed="$allowed|__stack_chk_(fail|guard)|__(asan|ubsan|tsan|sanitizer)_.*"
allowed="$allowed|_GLOBAL_OFFSET_TABLE_|_gp(_disp)?"
own=$(awk '$4 && $2 != "*UND*" { printf "%s|", $3 }' "$work/symbols")

awk '$2 == "*UND*" { print $3 " in " $1 }' "$work/symbols" | sort -u |
	{ grep -vE "^($own$allowed) in " || true; } | found 'core/ calls what it may not'
awk '($2 ~ /^\.t?(data|bss)/ || $2 == "*COM*") && $2 !~ /^\.data\.rel\.ro/ && $3 != $2 {
	print $3 " in " $1 }' "$work/symbols" | found 'core/ has variables'

[ ! -e "$work/bad" ] && echo '  LAYERS  clean'
