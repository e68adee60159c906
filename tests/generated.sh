#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Made files that are committed (tables for C, nanopb's code, *_in tables, docs/SCHEMA.md) must be
# what scripts/proto.sh makes now; and the agent and the plugin must name the same streams.
# Needs protobuf-compiler, nanopb and python3-protobuf.
set -u

top=$(realpath "$(dirname "$0")/..")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
passed=0 failed=0

verdict() {		# status, name of the test
	if [ "$1" -eq 0 ]; then
		passed=$((passed + 1))
		echo "ok   $2"
	else
		failed=$((failed + 1))
		echo "FAIL $2"
	fi
}

for tool in protoc protoc-gen-nanopb; do
	command -v $tool > /dev/null && continue
	echo "SKIP generated files: no $tool"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
done

"$top/scripts/proto.sh" "$scratch"
verdict $? "the generators run"

made=$(cd "$scratch" && find . -type f | sort)
for file in $made; do
	diff -u "$top/$file" "$scratch/$file"
	verdict $? "${file#./} is what the generators make"
done

committed=$(cd "$top" && ls ./stack/sql/*_in.sql ./proto/*.pb.[ch] ./proto/*.def)
for file in $committed; do
	[ -f "$scratch/$file" ]
	verdict $? "${file#./} is still made by something"
done

stream='^STREAM([A-Z]*, *\([a-z]*\), *\([A-Za-z]*\),.*'
of_agent=$(sed -n "s/$stream/\\1 \\2/p" "$top/core/stream.def" | sort)
of_plugin=$(sed -n '/^STREAMS = {$/,/^}$/ s/^ *"\([a-z]*\)": "\([A-Za-z]*\)",$/\1 \2/p' \
	"$top/proto/generate/model.py" | sort)
[ "$of_agent" = "$of_plugin" ]
verdict $? "core/stream.def and the plugin name the same messages and streams"

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
