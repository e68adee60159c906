#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the certificates of the TLS tests in a folder: certificates.sh FOLDER
# ca.pem and other-ca.pem are authorities; NAME.pem and NAME.key are servers of ca.pem.
set -eu
cd "$1"
exec 2> openssl.log

authority() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30000 \
		-subj "/CN=$2" -keyout "$1.key" -out "$1.pem"
}

# server NAME SUBJECT-ALTERNATIVE-NAMES FROM UNTIL KEY...: times are YYYYMMDDHHMMSSZ
server() {
	name=$1 names=$2 from=$3 until=$4
	shift 4
	openssl req -new -nodes -subj "/CN=$name" "$@" -keyout "$name.key" -out "$name.csr"
	printf 'subjectAltName=%s\nextendedKeyUsage=%s\nbasicConstraints=%s\n' "$names" \
		"${usage:-serverAuth}" "${constraints:-CA:FALSE}" > "$name.ext"
	rm -f index.txt index.txt.attr
	: > index.txt
	openssl ca -batch -notext -config ca.conf -md "${digest:-sha256}" -extfile "$name.ext" \
		-cert "${signer:-ca}.pem" -keyfile "${signer:-ca}.key" -startdate "$from" -enddate "$until" -in "$name.csr" -out "$name.pem"
}

cat > ca.conf <<END
[ca]
default_ca = test
[test]
database = index.txt
new_certs_dir = .
default_md = sha256
rand_serial = yes
policy = any
[any]
commonName = supplied
END

authority ca 'NetMeta test authority'
authority other-ca 'Somebody else'

ec='-newkey ec -pkeyopt ec_paramgen_curve:P-256'
past=20200101000000Z
future=20990101000000Z
# shellcheck disable=SC2086 # several words
{
	server ecdsa DNS:localhost,IP:127.0.0.1,IP:::1 $past $future $ec
	server rsa DNS:localhost $past $future -newkey rsa:2048
	server p384 DNS:localhost $past $future -newkey ec -pkeyopt ec_paramgen_curve:P-384
	server wrong-name DNS:elsewhere.example,IP:192.0.2.1 $past $future $ec
	server expired DNS:localhost $past 20210101000000Z $ec
	server not-yet DNS:localhost 20980101000000Z $future $ec
	usage=serverAuth,clientAuth
	constraints='critical,CA:TRUE' server middle DNS:middle $past $future $ec
	usage=serverAuth
	signer=middle server short-chain DNS:localhost $past $future $ec
	cat short-chain.pem middle.pem > whole-chain.pem
	cp short-chain.key whole-chain.key
	digest=sha1
	server sha1 DNS:localhost $past $future $ec
	digest=sha256
	usage=clientAuth
	server no-server DNS:localhost $past $future $ec
}
