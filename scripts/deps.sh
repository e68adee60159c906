#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Brings the third-party sources that netmeta is built with to build/deps and unpacks them there.
#   scripts/deps.sh                            from Debian's archive, checked by apt's signed index
#   DEPS_SRC_DIR=folder scripts/deps.sh        from release tarballs somebody put there
#   scripts/deps.sh libmnl TARGET              libmnl for a target: a tarball in DEPS_SRC_DIR, else
#                                              the library in Debian's package, else none
# Nothing of the system's apt state is read or written beyond its list of archives and its keys.
# It ends by writing build/deps/sources.mk or libmnl-TARGET.mk, where make reads the versions.
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
# known faults. libmnl before 1.0.4 opens sockets without flags.
wanted() {
	case $1-$2 in
	mbedtls-3.6.[7-9]* | mbedtls-3.6.[1-9][0-9]*) ;;
	nanopb-0.4.9*) ;;
	musl-1.2.[5-9]*) ;;
	lz4-1.9.[4-9]* | lz4-1.[1-9][0-9].*) ;;
	zlib-1.3.[1-9]*) ;;
	libmnl-1.0.[4-9]* | libmnl-1.0.[1-9][0-9]*) ;;
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
	libmnl)  sed -n 's/^AC_INIT(\[libmnl\], *\[\(.*\)\].*/\1/p' "$2/configure.ac" ;;
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
# archives(suite, type): the machine's own list of archives, as entries of another suite
archives() {
	suite=$1 type=$2
	for list in /etc/apt/sources.list.d/*.sources; do
		[ -f "$list" ] && awk -v suite="$suite" -v type="$type" '
			function flush() {
				if (uri ~ /\/debian\/?$/ && !seen[uri]++)
					print "Types: " type "\nURIs: " uri "\nSuites: " suite \
					      "\nComponents: main\nSigned-By: " keys "\n"
				uri = ""
			}
			BEGIN { keys = preset = "/usr/share/keyrings/debian-archive-keyring.gpg" }
			NF == 0            { flush() }
			$1 == "URIs:"      { uri = $2 }
			$1 == "Signed-By:" { keys = NF > 1 ? $2 : preset }
			END                { flush() }' "$list"
	done
	[ -f /etc/apt/sources.list ] && awk -v suite="$suite" -v type="$type" '
		$1 == "deb" {
			sub(/\[[^]]*\] */, "")
			if ($2 ~ /\/debian\/?$/ && !seen[$2]++)
				print "Types: " type "\nURIs: " $2 "\nSuites: " suite "\nComponents: main" \
				      "\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n"
		}' /etc/apt/sources.list
	return 0
}

# apt_of(suite, type, architecture): one state for each, else an update of one throws away the
# other's index. What apt-get says from here on is about that archive.
apt_of() {
	state=$deps/apt-$1${3:+-$3}
	mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$state/sources.d" "$downloads"
	archives "$1" "$2" > "$state/sources.d/archives.sources"
	[ -s "$state/sources.d/archives.sources" ] || return 1
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
	[ ! "$3" ] || cat >> "$state/apt.conf" << END
APT::Architecture "$3";
APT::Architectures { "$3"; };
END
	APT_CONFIG=$state/apt.conf
	export APT_CONFIG
}

# download(what, name): the index at hand first; it may be absent, or name a file that is gone by now
download() {
	"$1" "$2" > "$state/log" 2>&1 ||
		{ apt-get -qq update && "$1" "$2"; } >> "$state/log" 2>&1
}

# Only the tarball of upstream's release: Debian's own files beside it are not used.
tarball_of() {
	(cd "$downloads" && apt-get -qq source --only-source --download-only --tar-only "$1")
}

from_debian() {
	for suite in $suites; do
		apt_of "$suite" deb-src '' ||
			fail 'this machine knows no Debian archive; put tarballs in a folder and set DEPS_SRC_DIR'
		download tarball_of "$1" && unpack_from "$downloads" "$1" && return
		echo "  DEPS    $1: nothing that fits in $suite" >&2
	done
	return 1
}

# --- libmnl -------------------------------------------------------------------------------
# Debian has no tarball of it that could be had, but a library for each of its architectures.
architecture_of() {
	case $1 in
	x86_64-linux-gnu)      echo amd64 ;;
	aarch64-linux-gnu)     echo arm64 ;;
	arm-linux-gnueabihf)   echo armhf ;;
	riscv64-linux-gnu)     echo riscv64 ;;
	powerpc64le-linux-gnu) echo ppc64el ;;
	esac
}

package_of() {
	(cd "$downloads" && apt-get -qq download "$1")
}

# unpack_library(target, architecture): of a package that is here; sets $version
unpack_library() {
	for package in "${DEPS_SRC_DIR:-$downloads}"/libmnl-dev_*_"$2".deb; do
		version=${package#*/libmnl-dev_}
		version=${version%%-*}
		wanted libmnl "$version" || continue
		rm -rf "$deps/unpack" "$deps/libmnl-$1"
		dpkg-deb -x "$package" "$deps/unpack" || continue
		[ -e "$deps/unpack/usr/lib/$1/libmnl.a" ] || continue
		mv "$deps/unpack/usr" "$deps/libmnl-$1"
		return
	done
	return 1
}

library_from_debian() {
	architecture=$(architecture_of "$1")
	[ "$architecture" ] && command -v dpkg-deb > /dev/null || return
	unpack_library "$1" "$architecture" && return
	[ ! "${DEPS_SRC_DIR:-}" ] || return
	for suite in $suites; do
		apt_of "$suite" deb "$architecture" || return
		download package_of libmnl-dev && unpack_library "$1" "$architecture" && return
		echo "  DEPS    libmnl for $1: nothing that fits in $suite" >&2
	done
	return 1
}

# The folder of sources or of a library, and the version; nothing where there is neither.
libmnl_for() {
	version=$(version_of libmnl)
	echo '# Made by scripts/deps.sh.'
	if [ "$version" ] || { [ "${DEPS_SRC_DIR:-}" ] && unpack_from "$DEPS_SRC_DIR" libmnl; }; then
		printf 'mnl_source := libmnl-%s\nmnl_release := %s\n' "$version" "$version"
	elif library_from_debian "$1"; then
		printf 'mnl_library := libmnl-%s\nmnl_release := %s\n' "$1" "$version"
	fi
	echo "  DEPS    libmnl for $1: ${version:-none, platform/linux/mnl does its work}" >&2
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

if [ "${1:-}" = libmnl ]; then
	libmnl_for "$2" > "$deps/libmnl.mk.new"
	rm -rf "$deps/unpack"
	mv "$deps/libmnl.mk.new" "$deps/libmnl-$2.mk"
	exit
fi

{
	echo '# Made by scripts/deps.sh.'
	for name in mbedtls nanopb lz4 zlib musl; do
		bring "$name"
	done
} > "$deps/sources.mk.new"
rm -rf "$deps/unpack"
mv "$deps/sources.mk.new" "$deps/sources.mk"
