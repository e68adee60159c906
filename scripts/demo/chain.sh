# shellcheck shell=sh disable=SC2034,SC2154
# SPDX-License-Identifier: Apache-2.0
# The chain from the exporters to ClickHouse, for demo.sh: one function a step, in their order.

# A package is missing when its program is: there may be a newer one than Debian's.
provide_packages() {
	set -- build
	command -v ip         > /dev/null || set -- "$@" iproute2
	command -v softflowd  > /dev/null || set -- "$@" softflowd
	command -v pmacctd    > /dev/null || set -- "$@" pmacct
	command -v nfcapd     > /dev/null || set -- "$@" nfdump
	command -v sfcapd     > /dev/null || set -- "$@" nfdump-sflow
	command -v python3    > /dev/null || set -- "$@" python3
	command -v openssl    > /dev/null || set -- "$@" openssl
	command -v stunnel4   > /dev/null || set -- "$@" stunnel4
	command -v node       > /dev/null || set -- "$@" nodejs
	command -v npm        > /dev/null || set -- "$@" npm
	[ ! "$screenshot" ] || command -v chromium > /dev/null ||
		set -- "$@" chromium fonts-dejavu-core
	scripts/apt.sh "$@"
}

start_stack() {
	stack/netmeta-stack up --dir "$stack" --https-port "$https_port" --http-port "$http_port" \
		--open-reader 9>&-
}

start_collectors() {
	cat > "$work/netmeta.conf" <<-END
		config agent
			option id 'demo'
			option spool '$work/run/spool'
			option control '$work/run/control'
			option seal_time '1s'
			option ledger_interval '5s'
			option drain_time '30s'

		config listen
			list port '2055'
			list port '6343'

		config uplink 'clickhouse'
			option url 'https://127.0.0.1:$https_port/'
			option user 'agent'
			option password_file '$stack/secrets/agent.password'
			option ca_file '$stack/tls/ca.pem'
	END
	"$netmeta" check "$work/netmeta.conf"
	entry=$(entry collector)
	# shellcheck disable=SC2086 # a command
	background relay $entry scripts/demo/relay.py "$https_port" nsenter --net=/proc/$$/ns/net
	# shellcheck disable=SC2086
	background netmeta $entry "$netmeta" run -c "$work/netmeta.conf"
	agent=$last
	witnesses=''
	witness nfcapd 2055
	witness sfcapd 6343
	poll 'netmeta' "$netmeta" status -c "$work/netmeta.conf"
}

# witness(program, port): counts into a folder of its own; the two cannot read each other's files
witness() {
	mkdir "$work/witness/$1"
	# shellcheck disable=SC2046 # a command
	background "$1" $(entry witness) "$1" -p "$2" -w "$work/witness/$1" -t 3600 -B 2000000
	witnesses="$last $witnesses"
	poll "$1" grep -q Startup "$work/log/$1.log"
}

# The router samples its own packets as well: one in ten of every network, in both directions.
start_router() {
	# shellcheck disable=SC2086 # a list
	cat > "$work/router.conf" <<-END
		config agent
			option id 'router'
			option address '198.51.100.1'
			option spool '$work/run/router/spool'
			option control '$work/run/router/control'
			option seal_time '1s'
			option ledger_interval '5s'
			option truth_window '5s'
			option drain_time '30s'

		config sample
			$(printf "list interface '%s'\n" $client_networks servers)
			option rate '10'

		config uplink 'clickhouse'
			option url 'https://127.0.0.1:$https_port/'
			option user 'agent'
			option password_file '$stack/secrets/agent.password'
			option ca_file '$stack/tls/ca.pem'
	END
	"$netmeta" check "$work/router.conf"
	entry=$(entry router)
	# shellcheck disable=SC2086 # a command
	background relay-router $entry scripts/demo/relay.py "$https_port" nsenter --net=/proc/$$/ns/net
	# shellcheck disable=SC2086
	background netmeta-router $entry "$netmeta" run -c "$work/router.conf"
	router=$last
	poll 'netmeta of the router' samples_all
}
samples_all() {
	[ "$("$netmeta" status --json -c "$work/router.conf" | grep -o '"state":"up"' | wc -l)" = 5 ]
}

# One exporter for each client network; they send from 192.0.2.11 to .14.
start_exporters() {
	exporters=''
	start_softflowd
	start_pmacctd
}

# Flows are cut after seconds, not after minutes as usual, so that something is to be seen.
start_softflowd() {
	number=0 entry=$(entry router)
	for version in 5 9 10; do
		number=$((number + 1))
		name=$(echo "$client_networks" | cut -d ' ' -f $number)
		# shellcheck disable=SC2086 # a command
		background "softflowd-$name" $entry softflowd -d -N -i "$number:$name" -v $version \
			-n 192.0.2.$number:2055 -p "$work/run/softflowd-$name.pid" \
			-c "$work/run/softflowd-$name" -t general=2 -t tcp=3 -t tcp.rst=1 \
			-t tcp.fin=1 -t udp=2 -t maxlife=4 -t expint=1
		exporters="$last $exporters"
		poll "softflowd $name" grep -q Exporting "$work/log/softflowd-$name.log"
	done
}

# One packet in ten, without ARP, which the witness does not count; and the interface's counters.
start_pmacctd() {
	cat > "$work/pmacctd.conf" <<-END
		daemonize: false
		pcap_interface: lab
		pcap_filter: ip or ip6
		plugins: sfprobe
		sampling_rate: 10
		sfprobe_receiver: 192.0.2.4:6343
		sfprobe_source_ip: 192.0.2.14
		sfprobe_agentip: 192.0.2.14
	END
	# shellcheck disable=SC2046 # a command
	background pmacctd-lab $(entry router) pmacctd -f "$work/pmacctd.conf"
	exporters="$last $exporters"
	poll 'pmacctd lab' grep -q Exporting "$work/log/pmacctd-lab.log"
}

start_traffic() {
	# shellcheck disable=SC2046,SC2086 # lists
	background servers $(entry servers) scripts/demo/traffic.py serve $server_addresses
	poll 'the servers' grep -q serving "$work/log/servers.log"
	clients='' number=0
	for name in $client_networks; do
		number=$((number + 1))
		eval "addresses=\$client_addresses_$name"
		# shellcheck disable=SC2046,SC2086
		background "clients-$name" $(entry "$name") scripts/demo/traffic.py \
			use $number $addresses to $server_addresses
		clients="$last $clients"
	done
	poll 'rows in ClickHouse' has_rows
}
has_rows() {
	"$netmeta" status --json -c "$work/netmeta.conf" |
		grep -q '"stream":"flows","encoded":[0-9]*,"acknowledged":[1-9]'
}

# Until --once seconds are over, or Ctrl-C. In the background, because the shell hears a signal at
# once only while it waits; and it waits again, because each signal ends a wait.
watch_live() {
	now_at='the live line' log=$work/log/netmeta.log
	scripts/demo/live.py "$netmeta" "$work/netmeta.conf" "${once:-0}" 9>&- &
	live=$! enough=''
	pids="$live $pids"
	trap '[ "$enough" ] || kill "$live" || true; enough=y' INT
	while kill -0 "$live" 2> /dev/null; do
		wait "$live" && status=0 || status=$?
	done
	trap interrupt INT
	[ "$status" = 0 ] || [ "$enough" ]
	now_at=''
}

take_picture() {
	seconds=$((${once:-120} + 10))
	[ $seconds -le 300 ] || seconds=300
	address="http://127.0.0.1:$http_port/view/?from=now-${seconds}s&to=now"
	node tests/view/shot.mjs "$address" "$screenshot"
	node tests/view/shot.mjs "$address&dashboard=interfaces&var-agent=router" \
		"${screenshot%.png}-interfaces.png"
}

# softflowd exports the flows that it still holds when it is asked to end, pmacctd its samples.
stop_exporters() {
	# shellcheck disable=SC2086 # lists
	stop $clients
	# shellcheck disable=SC2086
	stop $exporters
}

# The witnesses do not look into their sockets again when they are asked to end; netmeta does.
stop_collectors() {
	poll 'the witnesses read all' is_read witness
	# shellcheck disable=SC2086 # a list
	stop $witnesses
	stop "$agent"
	stop "$router"
	for name in netmeta netmeta-router; do
		grep -q 'agent: stopped, 0 records wait' "$work/log/$name.log" || return
	done
}
is_read() {
	eval "sockets=/proc/\$ns_$1/net/udp"
	awk 'NR > 1 && $2 ~ /:(0807|18C7)$/ && $5 !~ /:00000000$/ { exit 1 }' "$sockets"
}

# The witness's count, the agent's and the server's, and the check of the ledger.
account() {
	now_at='what was counted is what is stored' log=$work/log/check.log
	: > "$log"
	scripts/demo/account.py "$stack" "$work/witness"
	stack/netmeta-stack check --dir "$stack" > "$log" 2>&1
	echo '  the ledger closes: acknowledged = batches = rows'
	now_at=''
}
