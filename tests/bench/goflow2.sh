#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds goflow2 for bench.py --deep from the Go module proxy and says where it is. A Go that is too
# old to fetch a newer one by itself, as Debian 12's, gets one from the same place.
set -eu
cd "$(dirname "$0")/../.."
version=v2.2.6
newer=golang.org/toolchain@v0.0.1-go1.24.1.linux
made=$PWD/build/goflow2-$version

if [ ! -x "$made/goflow2" ]; then
	command -v go > /dev/null || scripts/apt.sh golang-go ca-certificates >&2
	go=go
	export GOFLAGS=-modcacherw GOPATH="$made/go" GOBIN="$made"
	case $(go env GOVERSION) in
	go1.[0-9] | go1.[0-9].* | go1.1* | go1.20*)
		folder=$(cd / && go mod download -json "$newer-$(go env GOARCH)" |
			sed -n 's/.*"Dir": "\(.*\)".*/\1/p')
		chmod -R u+x "$folder/bin" "$folder/pkg/tool"	# modules have no programs in them
		go=$folder/bin/go
		;;
	esac
	cd /
	"$go" install "github.com/netsampler/goflow2/v2/cmd/goflow2@$version" >&2
	rm -rf "$made/go"
fi
echo "$made/goflow2"
