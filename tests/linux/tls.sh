#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Real TLS handshakes: whom a link trusts, and what it says
#
# The client under test opens links the way the agent does; the servers are Python's ssl module.
# CLIENT= names another client (mips-tls.sh runs one under emulation).
set -u
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
server=''
trap '[ ! "$server" ] || kill "$server" 2> /dev/null; rm -rf "$work"' EXIT
passed=0 failed=0

"$top/scripts/apt.sh" build openssl python3 || exit 1
if [ ! "${CLIENT:-}" ]; then
	make -s -C "$top" "${O:-$top/build/native}/tests/linux/client" > "$work/make" 2>&1 ||
		{ cat "$work/make"; exit 1; }
	CLIENT=${O:-$top/build/native}/tests/linux/client
fi
sh "$here/certificates.sh" "$work" || { cat "$work/openssl.log"; exit 1; }
cd "$work" || exit 1

# --- a server and a client ------------------------------------------------------------
start() {
	: > server.out
	"$here/tls_server.py" "$1" "$2.pem" "$2.key" > server.out 2>&1 &
	server=$!
	tries=0
	until port=$(sed -n '1s/^\([0-9][0-9]*\)$/\1/p' server.out) && [ "$port" ]; do
		tries=$((tries + 1))
		[ $tries -lt 200 ] || { cat server.out; exit 1; }
		sleep 0.1
	done
}

stop() {
	kill "$server" 2> /dev/null
	wait "$server" 2> /dev/null
	server=''
}

# settled(text): the server has said so; it may still be at it when the client has ended
settled() {
	tries=0
	until grep -q "$1" server.out; do
		tries=$((tries + 1))
		[ $tries -lt 200 ] || return 1
		sleep 0.1
	done
}

# expect SENTENCE MODE CERTIFICATE CLIENT-SAYS SERVER-SAYS WORD...: runs both and looks
expect() {
	sentence=$1 mode=$2 certificate=$3 client_says=$4 server_says=$5
	shift 5
	start "$mode" "$certificate"
	# shellcheck disable=SC2086 # CLIENT is a command with arguments
	timeout 120 $CLIENT port="$port" "$@" > client.out 2> client.err
	if grep -q -- "$client_says" client.out && settled "$server_says"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $sentence"
		sed 's/^/  client: /' client.out client.err
		sed 's/^/  server: /' server.out
	fi
	stop
}

# --- trusted ----------------------------------------------------------------------------
mine='host=localhost ca=ca.pem'
version12='^answer HTTP/1.1 200 TLSv1.2 resumed=no'
version13='^answer HTTP/1.1 200 TLSv1.3 resumed=no'
# shellcheck disable=SC2086 # words
{
expect 'a server of our authority gets the whole body by TLS 1.3' \
	tls ecdsa "$version13 body=300000" served $mine body=300000
expect 'a server with only TLS 1.2 and an ECDSA key is served' \
	tls12 ecdsa "$version12 body=300000" served $mine body=300000
expect 'a server with only TLS 1.2 and an RSA key is served' \
	tls12 rsa "$version12 body=1000" served $mine body=1000
expect 'a server with only TLS 1.3 and an RSA key is served' \
	tls13 rsa "$version13 body=1000" served $mine body=1000
expect 'a server with a P-384 key is served' \
	tls p384 "$version13 body=0" served $mine
expect 'a server behind an intermediate authority is served' \
	tls whole-chain "$version13 body=1000" served $mine body=1000
expect 'a slow server makes writes wait, and gets every byte once' \
	slow ecdsa "$version13 body=12000000" served $mine body=12000000
expect 'an answer in the middle of the body is heard' \
	early ecdsa '^answer HTTP/1.1 413 Payload Too Large' '^answered early\|^refused: .*EOF' $mine body=12000000
expect 'a session of TLS 1.2 is resumed' \
	tls12 rsa 'TLSv1.2 resumed=yes' served $mine times=2
expect 'a session of TLS 1.3 is resumed' \
	tls13 rsa 'TLSv1.3 resumed=yes' served $mine times=2
expect 'an IPv4 address is found among the addresses of the certificate' \
	tls ecdsa "$version13" served host=127.0.0.1 ca=ca.pem
expect 'a mapped address is the same address' \
	tls ecdsa "$version13" served host=::ffff:127.0.0.1 ca=ca.pem
expect 'a plain target is served without TLS' \
	plain ecdsa 'answer HTTP/1.1 200 plain resumed=no body=1000' served host=localhost plain body=1000

# --- refused: the server learns that by an alert, and no byte of the body leaves -------------
alert='^refused: .*ALERT'
expect 'an unknown authority is refused and named' \
	tls ecdsa 'no authority in other-ca.pem vouches for it (issuer CN=NetMeta test authority)' \
	"$alert" host=localhost ca=other-ca.pem body=1000
expect 'the system does not vouch for a private authority' \
	tls ecdsa 'failed tls: .*no authority in /etc/' "$alert" host=localhost ca= body=1000
expect 'another name is refused' \
	tls wrong-name 'failed tls: certificate of localhost refused: it is for another name' \
	"$alert" $mine body=1000
expect 'another address is refused' \
	tls wrong-name 'failed tls: certificate of 127.0.0.1 refused: it is for another name' \
	"$alert" host=127.0.0.1 ca=ca.pem body=1000
expect 'a missing intermediate authority is named' \
	tls short-chain 'failed tls: .*no authority in ca.pem vouches for it (issuer CN=middle)' \
	"$alert" $mine body=1000
expect 'an expired certificate is refused with its date' \
	tls expired 'failed tls: .*it expired on 2021-01-01; here it is 20' "$alert" $mine body=1000
expect 'an expired certificate is refused by TLS 1.2 as well' \
	tls12 expired 'failed tls: .*it expired on 2021-01-01' "$alert" $mine body=1000
expect 'a certificate of the future is refused with its date' \
	tls not-yet 'failed tls: .*it begins on 2098-01-01' "$alert" $mine body=1000
expect 'a certificate that is not for servers is refused' \
	tls no-server 'failed tls: .*extendedKeyUsage' "$alert" $mine body=1000
expect 'a certificate signed with SHA-1 is refused' \
	tls sha1 'failed tls: .*signed with a hash that is too weak' "$alert" $mine body=1000

# --- dates after build: 2098-05-14 and 2020-01-02 -------------------------------------------
expect 'after-build judges by the build date when the clock is behind it' \
	tls not-yet "$version13" served $mine build=4050908800
expect 'after-build judges by the clock when that is later' \
	tls expired 'failed tls: .*it expired on 2021-01-01' "$alert" $mine build=1577923200 body=1000
expect 'after-build refuses what has expired before the build' \
	tls expired 'failed tls: .*it expired on 2021-01-01' "$alert" $mine build=4050908800 body=1000
expect 'after-build still refuses another name' \
	tls wrong-name 'failed tls: .*another name' "$alert" $mine build=4050908800 body=1000
expect 'after-build still refuses an unknown authority' \
	tls ecdsa 'failed tls: .*no authority' "$alert" host=localhost ca=other-ca.pem \
	build=4050908800 body=1000

# --- servers that do not go on ---------------------------------------------------------------
expect 'a server that closes in the handshake is told, and saw nothing in clear' \
	cut ecdsa 'failed closed: localhost closed the connection' '^clear=0' $mine body=1000
expect 'a server that speaks no TLS is told, and saw nothing in clear' \
	noise ecdsa 'failed tls: localhost does not speak TLS' '^clear=0' $mine body=1000
expect 'an alert is told in words' \
	alert ecdsa 'failed tls: localhost refused TLS: .*(unrecognized_name)' '^clear=0' $mine body=1000
}

# --- what is wrong before the first connection --------------------------------------------------
# at_start SENTENCE SAYS WORD...
at_start() {
	sentence=$1 says=$2
	shift 2
	# shellcheck disable=SC2086 # CLIENT is a command with arguments
	timeout 120 $CLIENT "$@" > client.out 2> client.err
	if grep -q -- "$says" client.out; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $sentence"
		sed 's/^/  client: /' client.out client.err
	fi
}
at_start 'a CA file that is absent is told at start' \
	'failed at start: absent.pem: No such file' host=localhost ca=absent.pem
at_start 'a CA file without a certificate is told at start' \
	'failed at start: ca.key holds no usable certificate' host=localhost ca=ca.key
at_start 'a name that does not exist is told' \
	'failed resolve: nowhere.invalid does not resolve: ' host=nowhere.invalid ca=ca.pem

echo "$passed passed, $failed failed, 0 skipped"
[ $failed = 0 ]
