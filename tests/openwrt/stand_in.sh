#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Stands for /etc/rc.common of OpenWrt and the libraries behind it: runs an init script and prints
# what it asks of procd, a call a line. Written from what those functions do, for busybox ash; it
# lies in a root folder of its own (tests/openwrt/init.sh), in which it finds
#	/etc/config/NAME	UCI files
#	/stand_in/devices	logical interface and device, of those that are up
#	/stand_in/rules		the firewall's rules that procd is holding
# rc.common SCRIPT ACTION
# shellcheck shell=dash disable=SC2034 # init scripts read the variables

# --- what was called -----------------------------------------------------------------------------
say() {
	local word line=''

	for word; do
		case $word in
		'' | *[!A-Za-z0-9_=./:@+-]*) line="$line '$word'" ;;
		*) line="$line $word" ;;
		esac
	done
	echo "${line# }"
}

for call in procd_open_instance procd_close_instance procd_set_param procd_append_param \
	procd_add_jail procd_add_jail_mount procd_add_jail_mount_rw procd_open_data procd_close_data \
	procd_add_reload_trigger procd_add_interface_trigger procd_set_config_changed \
	json_add_array json_close_array json_add_object json_close_object logger; do
	eval "$call() { say $call \"\$@\"; }"
done

json_add_string() {
	say json_add_string "$@"
	rules_now="$rules_now${rules_now:+ }$*"
}

procd_add_validation() {
	say procd_add_validation "$@"
	"$@" > /dev/null
}

# --- UCI -------------------------------------------------------------------------------------------
# Sections of the file loaded last; their options stay, as they do there, in variables.
config_load() {
	local word name value

	for name in $_lists; do
		unset "$name"
	done
	_sections='' _count=0 _lists=''
	while read -r word name value; do
		name=$(unquoted "$name") value=$(unquoted "$value")
		case $word in
		config) begin_section "$name" "$value" ;;
		option) eval "CONFIG_${_section}_$name=\$value" ;;
		list)   add_to_list "CONFIG_${_section}_$name" "$value" ;;
		esac
	done < "/etc/config/$1"
}

add_to_list() {
	_lists="$_lists $1"
	eval "$1=\"\${$1:+\$$1 }\$2\""
}

# What stands between the first two of them, or the first word.
unquoted() {
	local text

	case $1 in
	\'*) text=${1#\'} && echo "${text%%\'*}" ;;
	*)   echo "${1%% *}" ;;
	esac
}

begin_section() {
	_count=$((_count + 1))
	_section=${2:-$(printf 'cfg%02xabcd' $_count)}
	_sections="$_sections $_section"
	eval "CONFIG_${_section}_TYPE=\$1"
}

config_get() {
	eval "$1=\${CONFIG_${2}_$3:-\$4}"
}

config_get_bool() {
	config_get "$1" "$2" "$3" "$4"
	eval "case \$$1 in 1 | on | true | yes | enabled) $1=1 ;; *) $1=0 ;; esac"
}

config_foreach() {
	local function="$1" wanted="$2" section type

	shift 2
	for section in $_sections; do
		config_get type "$section" TYPE
		[ "$type" != "$wanted" ] || "$function" "$section" "$@"
	done
}

# uci -q get network.NAME
uci() {
	case "$*" in
	'-q get network.'*) grep -q "^config interface '${3#network.}'" /etc/config/network && echo interface ;;
	*) say uci "$@" >&2; return 1 ;;
	esac
}

# ubus call service get_data ...: the firewall's rules, those of before until there is an instance
ubus() {
	if [ "$started" ]; then
		echo "$rules_now"
	else
		cat /stand_in/rules
	fi
}

# network_get_device VARIABLE INTERFACE
network_get_device() {
	local name device

	case $2 in
	*[!A-Za-z0-9_]*) say 'network_get_device: no name of a variable' "$2" >&2; exit 1 ;;
	esac
	while read -r name device; do
		[ "$name" = "$2" ] || continue
		eval "$1=\$device"
		return 0
	done < /stand_in/devices
	return 1
}

# --- validation ------------------------------------------------------------------------------------
# is TYPE VALUE: the types of validate_data that are in use
is() {
	local type="$1" value="$2" inner="${1#*(}" word

	inner=${inner%)}
	case $type in
	string) ;;
	bool)      word_is 0 1 off on false true no yes ;;
	integer)   number_is ;;
	port)      number_is && [ "$value" -le 65535 ] ;;
	cidr)      case $value in *.*.*.* | *:*) ;; *) return 1 ;; esac ;;
	ipaddr)    case $value in */*) return 1 ;; *.*.*.* | *:*) ;; *) return 1 ;; esac ;;
	maxlength*)   [ ${#value} -le "$inner" ] ;;
	rangelength*) [ ${#value} -ge "${inner%,*}" ] && [ ${#value} -le "${inner#*,}" ] ;;
	range*)    number_is && [ "$value" -ge "${inner%,*}" ] && [ "$value" -le "${inner#*,}" ] ;;
	list*)     for word in $value; do is "$inner" "$word" || return 1; done ;;
	or*)       is_one_of "$inner" ;;
	\"*)       [ "$type" = "\"$value\"" ] ;;
	*)         say 'no such type' "$type" >&2; exit 1 ;;
	esac
}

word_is() {
	for word; do
		[ "$word" != "$value" ] || return 0
	done
	return 1
}

number_is() {
	case $value in
	'' | *[!0-9]*) return 1 ;;
	esac
}

is_one_of() {
	local rest="$1,"

	while [ "$rest" ]; do
		! is "${rest%%,*}" "$value" || return 0
		rest=${rest#*,}
	done
	return 1
}

# One option, NAME:TYPE[:PRESET], of the section: into a variable of its name.
take_option() {
	local section="$1" name="${2%%:*}" rest="${2#*:}" type preset='' value

	type=${rest%%:*}
	[ "$type" = "$rest" ] || preset=${rest#*:}
	config_get value "$section" "$name" "$preset"
	eval "$name=\$value"
	[ -z "$value" ] || is "$type" "$value"
}

# uci_load_validate PACKAGE TYPE SECTION FUNCTION OPTION...
uci_load_validate() {
	local _name="$3" _function="$4" _option _result=0

	shift 4
	set -f
	for _option; do
		eval "local ${_option%%:*}"
		take_option "$_name" "$_option" || _result=1
	done
	set +f
	[ -z "$_function" ] || "$_function" "$_name" "$_result"
}

# --- rc.common -------------------------------------------------------------------------------------
initscript=$1
rules_now='' started=''
# shellcheck disable=SC1090
. "$initscript"

start() {
	start_service
	started=y
	service_triggers
	! type service_started > /dev/null || service_started
}

stop() {
	! type stop_service > /dev/null || stop_service
	! type service_stopped > /dev/null || service_stopped
}

[ "$USE_PROCD" = 1 ] || exit 1
"$2"
