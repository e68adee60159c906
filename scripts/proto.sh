#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes everything that follows from proto/netmeta.proto, under the folder given (default: the
# source tree itself): nanopb's C code, the tables for C, the *_in tables and docs/SCHEMA.md.
# Made files are committed, so only who changes the .proto or a migration needs this and its tools
# (Debian: protobuf-compiler nanopb python3-protobuf).
set -eu

top=$(realpath "$(dirname "$0")/..")
out=$(realpath "${1:-$top}")
export PATH="/usr/bin:/bin:$PATH"		# Debian's Python is the one that has protobuf

cd "$top"
protoc -I . --plugin=protoc-gen-netmeta=proto/protoc-gen-netmeta \
	--netmeta_out=migrations=stack/sql/migrations:"$out" proto/netmeta.proto
protoc -I . --nanopb_out=-q,-fproto/netmeta.options:"$out" proto/netmeta.proto
for file in "$out/proto/netmeta.pb.h" "$out/proto/netmeta.pb.c"; do
	sed -i '1i /* SPDX-License-Identifier: Apache-2.0 */' "$file"
done
