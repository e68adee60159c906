#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# netmeta check: what it says about files, good and bad, and its exit status.
cd "$(dirname "$0")/.." || exit 1
. tests/verdict.sh
netmeta=$(realpath "${NETMETA:-build/native/netmeta}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
[ "${NETMETA:-}" ] || make > /dev/null || exit 1

# check STATUS SENTENCE [VARIABLE=VALUE...] -- ARGUMENT...: run it in the scratch folder, with an
# environment of these variables only. What it says is compared with the standard input.
check() {
	expected=$1 sentence=$2
	shift 2
	variables=
	while [ "$1" != -- ]; do
		variables="$variables $1"
		shift
	done
	shift
	cat > "$scratch/expected"
	# shellcheck disable=SC2086 # none of the variables has a blank
	(cd "$scratch" && env -i $variables "$netmeta" check "$@" > said 2>&1)
	status=$?
	[ "$status" = "$expected" ] || echo "exit status $status, not $expected"
	diff -u "$scratch/expected" "$scratch/said" && [ "$status" = "$expected" ]
	verdict $? "$sentence"
}

alone='uplink: there is none, so records are counted and go nowhere (a warning)'

# --- good ------------------------------------------------------------------------------------
cp packaging/netmeta.conf "$scratch/preset.conf"
check 0 'the default file is good' -- preset.conf <<END
preset.conf: $alone
preset.conf: good, 1 listener, 0 uplinks
END

sed 's/^\(	\{0,1\}\)#\([a-z]\)/\1\2/' packaging/netmeta.conf > "$scratch/full.conf"
check 0 'the default file is good with every option switched on' -- full.conf <<END
full.conf: good, 1 listener, 1 uplink
END

# shellcheck disable=SC2016 # marks of Markdown
sed -n '/^```$/,/^```$/p' docs/CONFIGURATION.md | sed '1d; /^```$/,$d; s|/etc/|/nowhere/|' \
	> "$scratch/example.conf"
check 0 'the example of the manual is good, but its files are not here' -- example.conf <<END
example.conf: password_file: /nowhere/netmeta.password: No such file or directory (a warning)
example.conf: ca_file: /nowhere/ssl/certs/own-ca.pem: No such file or directory (a warning)
example.conf: good, 1 listener, 1 uplink
END

: > "$scratch/empty.conf"
check 0 'an empty file with an uplink in the environment is good' \
	NETMETA_UPLINK_URL=https://h.example/ -- empty.conf <<END
empty.conf: good, 1 listener, 1 uplink
END

check 0 'a variable that means nothing is a warning' NETMETA_COLOUR=red -- full.conf <<END
NETMETA_COLOUR: means nothing here (a warning)
full.conf: good, 1 listener, 1 uplink
END

# --- bad --------------------------------------------------------------------------------------
cat > "$scratch/bad.conf" <<'END'
config agent
	option idd 'r1'
	option spool_size '512K'

confg listen
config listen 'a b'
	list port '70000'
config uplink 'a
	option url "http://h.example:8123/"
config uplink 'b'
	option url 'http://h.example:8123/'
	option url_ 'x'
END
check 2 'every mistake of a bad file is named with file, line and word' -- bad.conf <<'END'
bad.conf:2: idd: section agent has no such option; perhaps id is meant
bad.conf:3: spool_size: '512K' is out of range: 1M to 1T
bad.conf:5: confg: is neither config, option nor list
bad.conf:6: a b: a section's name has up to 31 letters, digits and underscores
bad.conf:7: port: '70000' is out of range: 1 to 65535
bad.conf:8: a: a quote is not closed on its line
bad.conf:9: url: is an option of section uplink, not of listen
bad.conf:12: url_: section uplink has no such option; perhaps url is meant
bad.conf:11: url: would send everything readable: use https://, or say insecure '1'
END

check 2 'a wrong value in the environment is an error' NETMETA_AGENT_LOG=loud -- empty.conf <<END
NETMETA_AGENT_LOG: 'loud' is not error, warn, info or debug
END

printf 'config agent\n\toption id "\033[2J\177"\n' > "$scratch/terminal.conf"
check 2 'control characters of a file do not reach the terminal' -- terminal.conf <<END
terminal.conf:2: id: '?[2J?' is not a name of letters, digits, dot, hyphen and underscore
END

printf 'config agent\n\toption id a\000b\n' > "$scratch/nul.conf"
check 2 'a NUL byte is named' -- nul.conf <<END
nul.conf:2: a: there is a NUL byte in it
END

(cd "$scratch" && timeout 30 env -i "$netmeta" run -c bad.conf > said 2>&1)
[ $? = 2 ] && grep -q "bad\.conf:3: spool_size: '512K' is out of range" "$scratch/said" &&
	grep -q 'bad\.conf:5: confg: ' "$scratch/said"
verdict $? 'run does not start with a bad file, and names the same'

# --- no configuration ---------------------------------------------------------------------------
check 2 'a file that is not there is named' -- missing.conf <<END
error missing.conf: No such file or directory
END

check 2 'two files are one too many' -- empty.conf full.conf <<END
netmeta check [FILE]
END

head -c 20000 "$netmeta" > "$scratch/program"
(cd "$scratch" && env -i "$netmeta" check program > said 2>&1)
[ $? = 2 ] && grep -qE '^program:[0-9]+: .*: ' "$scratch/said"
verdict $? 'something that is no text is refused'

head -c 300000 /dev/zero > "$scratch/large.conf"
(cd "$scratch" && env -i "$netmeta" check large.conf > said 2>&1)
[ $? = 2 ] && grep -q 'large.conf.* larger than' "$scratch/said"
verdict $? 'a file that is far too large is refused'

sums
