#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Brings the third-party sources that netmeta is built with to build/deps and unpacks them there.
#   scripts/deps.sh                            from Debian's archive, checked by apt's signed index
#   DEPS_SRC_DIR=folder scripts/deps.sh        from release tarballs somebody put there
# Nothing of the system's apt state is read or written beyond its list of archives and its keys.
# It ends by writing build/deps/sources.mk, where make reads the versions.
set -eu

deps=$(cd "$(dirname "$0")/.." && pwd)/build/deps
downloads=$deps/dl
suites='trixie sid forky'		# in this order: the first that has a fitting version wins

fail() {
	echo "deps.sh: $*" >&2
	exit 1
}

# --- which versions will do ---------------------------------------------------------
# mbedTLS before 3.6 has no TLS 1.3 and no support; 3.6.6 cannot talk TLS 1.2 to most servers with
# an RSA certificate (its issue 10668); 4.x has another interface. musl before 1.2.5 cannot ask a
# name server by TCP. LZ4 before 1.9.4 cannot be told to leave malloc alone; zlib before 1.3.1 has
# known faults.
wanted() {
	case $1-$2 in
	mbedtls-3.6.[7-9]* | mbedtls-3.6.[1-9][0-9]*) ;;
	nanopb-0.4.9*) ;;
	musl-1.2.[5-9]*) ;;
	lz4-1.9.[4-9]* | lz4-1.[1-9][0-9].*) ;;
	zlib-1.3.[1-9]*) ;;
	*) return 1 ;;
	esac
}

# The version that unpacked sources say they are.
version_in() {
	case $1 in
	mbedtls) sed -n 's/^#define MBEDTLS_VERSION_STRING  *"\(.*\)"$/\1/p' \
		"$2/include/mbedtls/build_info.h" ;;
	nanopb)  sed -n 's/^#define NANOPB_VERSION  *"*nanopb-\([0-9.]*\).*/\1/p' "$2/pb.h" ;;
	musl)    cat "$2/VERSION" ;;
	lz4)     awk '/^#define LZ4_VERSION_(MAJOR|MINOR|RELEASE) / {
			printf "%s%s", point, $3; point = "."
		 }' "$2/lib/lz4.h" ;;
	zlib)    sed -n 's/^#define ZLIB_VERSION "\(.*\)"$/\1/p' "$2/zlib.h" ;;
	esac 2> /dev/null
}

# version_of(name): of the unpacked sources that will do, if any
version_of() {
	for folder in "$deps/$1"-*/; do
		version=${folder#"$deps/$1"-}
		version=${version%/}
		if wanted "$1" "$version" && [ "$(version_in "$1" "$folder")" = "$version" ]; then
			echo "$version"
			return
		fi
	done
}

# --- from a tarball to build/deps/NAME-VERSION ------------------------------------------
# unpack(name, tarball): sets $version, if that version will do.
unpack() {
	name=$1 tarball=$2
	rm -rf "$deps/unpack"
	mkdir -p "$deps/unpack"
	tar -x -f "$tarball" -C "$deps/unpack" --strip-components=1 ||
		fail "$tarball: tar cannot unpack it"
	unpacked=$(version_in "$name" "$deps/unpack") || unpacked=
	wanted "$name" "$unpacked" || return 1
	version=$unpacked
	rm -rf "$deps/$name-$version"
	mv "$deps/unpack" "$deps/$name-$version"
}

# unpack_from(folder, name): the first fitting tarball of that name
unpack_from() {
	for tarball in "$1/$2"[-_]*.tar.*; do
		case $tarball in *.asc | *.sig | *'*'*) continue ;; esac
		unpack "$2" "$tarball" && return
	done
	return 1
}

# --- from Debian's archive --------------------------------------------------------------
# The machine's own list of archives, as source entries of another suite.
archives() {
	suite=$1
	for list in /etc/apt/sources.list.d/*.sources; do
		[ -f "$list" ] && awk -v suite="$suite" '
			function flush() {
				if (uri ~ /\/debian\/?$/ && !seen[uri]++)
					print "Types: deb-src\nURIs: " uri "\nSuites: " suite \
					      "\nComponents: main\nSigned-By: " keys "\n"
				uri = ""
			}
			BEGIN { keys = preset = "/usr/share/keyrings/debian-archive-keyring.gpg" }
			NF == 0            { flush() }
			$1 == "URIs:"      { uri = $2 }
			$1 == "Signed-By:" { keys = NF > 1 ? $2 : preset }
			END                { flush() }' "$list"
	done
	[ -f /etc/apt/sources.list ] && awk -v suite="$suite" '
		$1 == "deb" {
			sub(/\[[^]]*\] */, "")
			if ($2 ~ /\/debian\/?$/ && !seen[$2]++)
				print "Types: deb-src\nURIs: " $2 "\nSuites: " suite "\nComponents: main" \
				      "\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n"
		}' /etc/apt/sources.list
	return 0
}

# download(suite, name): one state a suite, else an update of one throws away the other's index
download() {
	state=$deps/apt-$1
	mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$state/sources.d" "$downloads"
	archives "$1" > "$state/sources.d/archives.sources"
	[ -s "$state/sources.d/archives.sources" ] ||
		fail 'this machine knows no Debian archive; put tarballs in a folder and set DEPS_SRC_DIR'
	# A mirror may be behind with its index: that is signed all the same, and wanted() says what
	# is too old.
	cat > "$state/apt.conf" << END
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$state/sources.d";
Dir::State::lists "$state/lists";
Dir::Cache "$state/cache";
Acquire::Retries "3";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
APT::Sandbox::User "";
END
	# The index at hand first; it may be absent, or name a tarball that is gone by now.
	APT_CONFIG=$state/apt.conf
	export APT_CONFIG
	tarball_of "$2" > "$state/log" 2>&1 ||
		{ apt-get -qq update && tarball_of "$2"; } >> "$state/log" 2>&1
}

# Only the tarball of upstream's release: Debian's own files beside it are not used.
tarball_of() {
	(cd "$downloads" && apt-get -qq source --only-source --download-only --tar-only "$1")
}

from_debian() {
	for suite in $suites; do
		download "$suite" "$1" && unpack_from "$downloads" "$1" && return
		echo "  DEPS    $1: nothing that fits in $suite" >&2
	done
	return 1
}

# --- all of them --------------------------------------------------------------------------
for tool in xz bzip2 flock; do
	command -v $tool > /dev/null || fail "the program $tool is missing; as root: scripts/apt.sh build"
done
mkdir -p "$deps"
exec 9> "$deps/lock"
flock 9

bring() {
	name=$1
	version=$(version_of "$name")
	if [ "${DEPS_SRC_DIR:-}" ]; then
		unpack_from "$DEPS_SRC_DIR" "$name" || [ "$version" ] ||
			fail "no fitting $name-*.tar.* in $DEPS_SRC_DIR"
	elif [ ! "$version" ]; then
		unpack_from "$downloads" "$name" || from_debian "$name" ||
			fail "$name is not to be had; put a tarball in a folder and set DEPS_SRC_DIR"
	fi
	echo "  DEPS    $name $version" >&2
	echo "${name}_version := $version"
}

{
	echo '# Made by scripts/deps.sh.'
	for name in mbedtls nanopb lz4 zlib musl; do
		bring "$name"
	done
} > "$deps/sources.mk.new"
rm -rf "$deps/unpack"
mv "$deps/sources.mk.new" "$deps/sources.mk"
