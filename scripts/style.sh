#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# style.sh: the rules of style that a machine can see, for the files git knows or would add.
# CC= is the compiler, quoted for the shell, with all that it needs to find our headers.
set -eu
cd "$(dirname "$0")/.."
cc=${CC:-cc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# files(pattern...): those we wrote ourselves
files() {
	git ls-files --cached --others --exclude-standard -- "$@" | grep -v '\.pb\.[ch]$' |
		while IFS= read -r file; do [ ! -f "$file" ] || echo "$file"; done
}

# found(words): the lines that come in are findings; the words say what is wrong with them
found() {
	if grep . > "$work/lines"; then
		sed 's/^/  /' "$work/lines"
		echo "  STYLE   $1 (above)"
		touch "$work/bad"
	fi
}

# grep in these files, which may be none, for what should not be there
within() {
	list=$1
	shift
	xargs -r -d '\n' grep -HnE "$@" < "$list" || true
}

files '*.c' '*.h' > "$work/c"
grep -v '^tests/' "$work/c" > "$work/program" || true
grep -E '^(core|platform|firmware)/' "$work/c" > "$work/agent" || true
grep '^core/' "$work/c" > "$work/core" || true
files '*.c' '*.h' '*.def' '*.sh' '*.py' '*.awk' '*.js' '*.sql' '*.proto' '*Kbuild*' \
	Makefile Kconfig .ci/run proto/protoc-gen-netmeta > "$work/code"

# --- the text ----------------------------------------------------------------------------
xargs -r -d '\n' awk 'FNR == 1 { if (file && !ok) print file; file = FILENAME; ok = 0 }
	FNR <= 3 && /SPDX-License-Identifier: Apache-2.0/ { ok = 1 }
	END { if (file && !ok) print file }' < "$work/code" |
	found 'no SPDX-License-Identifier: Apache-2.0'
# shellcheck disable=SC2016 # the $0 is of awk
xargs -r -d '\n' awk '{
	line = $0
	while (at = index(line, "\t"))
		line = substr(line, 1, at - 1) sprintf("%*s", 8 - (at - 1) % 8, "") substr(line, at + 1)
	if (length(line) > 100) print FILENAME ":" FNR ": " length(line) }' < "$work/c" |
	found 'lines of more than 100 columns, a tab being 8'
within "$work/code" '[[:blank:]]+$' | found 'blanks at the end of a line'
within "$work/c" '(//|/\*).*(TODO|FIXME|XXX|HACK)' | found 'unfinished'

# --- the code ----------------------------------------------------------------------------
xargs -r -d '\n' awk 'FNR == 1 { from = 0 }
	/^\{/ { from = FNR }
	/^\}/ && from { if (FNR - from - 1 > 60) print FILENAME ":" from ": " FNR - from - 1; from = 0 }' \
	< "$work/c" | found 'functions of more than 60 lines'
within "$work/program" '\b(strcpy|strcat|sprintf|vsprintf|atoi|atol|strtok|alloca|gets|rand)\(' |
	found 'forbidden calls'
within "$work/core" '\b(malloc|calloc|realloc|strdup|free)\(' | found 'core/ allocates'

while IFS= read -r file; do	# without comments and strings, which may speak of double quotes
	eval "$cc -fpreprocessed -dD -E -P -x c - 2> /dev/null" < "$file" | sed 's/"[^"]*"//g' |
		sed -n -E "/\\b(float|double)\\b/s|^|$file: |p"
done < "$work/agent" | found 'the agent computes with integers only'
grep -E '^(core|platform|firmware|tests)/.*\.h$' "$work/c" | while IFS= read -r file; do
	echo "#include \"$file\"" | eval "$cc -x c -fsyntax-only -" > "$work/say" 2>&1 ||
		{ echo "$file"; cat "$work/say"; }
done | found 'headers that do not stand alone'

[ ! -e "$work/bad" ] && echo '  STYLE   clean'
