#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# For the feed's tests, where the package is installed: test.sh PACKAGE VERSION. An agent runs on the
# loopback interface, is asked how it is, and stops in order.
set -e
case $1 in
netmeta | netmeta-static) ;;
*) exit 0 ;;
esac

netmeta --version | grep -F "netmeta $2"
netmeta check /etc/config/netmeta
/usr/libexec/rpcd/netmeta list | grep -F '"status"'

folder=$(mktemp -d)
chmod 755 "$folder"
cat > "$folder/conf" << END
config agent
	option user 'netmeta'
	option spool '$folder/run/spool'
	option control '$folder/run/control'
	option spool_size '4M'
	option exporters '16'
	option drain_time '0s'
config listen
	option address '127.0.0.1'
	option port '42055'
END

netmeta run -c "$folder/conf" &
agent=$!
tries=0
until netmeta status -c "$folder/conf"; do
	tries=$((tries + 1))
	[ $tries -lt 60 ] || { kill $agent; exit 1; }
	sleep 1
done
kill $agent
wait $agent
rm -rf "$folder"
