# SPDX-License-Identifier: Apache-2.0
# awk -f option-def.awk -f config-file.awk core/option.def: the default configuration, in which
# every option stands as a comment with its preset.

# hint(i): what the value may be, where the preset does not show it
function hint(i) {
	if (option_kind[i] ~ /^(BOOL|LOG|TLS_TIME|COMPRESSION|SOURCE|DIRECTION)$/)
		return " (" kind_words[option_kind[i]] ")"
	return option_kind[i] ~ /^(NAME|TEXT|PATH|URL|INTERFACE|INTERFACES)$/ || !range(i) ? "" : " (" range(i) ")"
}

function explain(words,    line, word, count, i) {
	count = split(words, word, " ")
	line = "\t#"
	for (i = 1; i <= count; i++) {
		if (length(line) + length(word[i]) > 90) {
			print line
			line = "\t#"
		}
		line = line " " word[i]
	}
	print line
}

function setting(i,    word, count, k) {
	if (option_kind[i] ~ /^(PORTS|PREFIXES|INTERFACES)$/ && option_preset[i] != "REQUIRED") {
		count = split(option_preset[i], word, " ")
		for (k = 1; k <= count; k++)
			print "\t#list " option[i] " '" word[k] "'"
		if (!count)
			print "\t#list " option[i] " ''"
	} else if (option_preset[i] == "REQUIRED") {
		print (option_kind[i] == "INTERFACES" ? "\t#list " : "\t#option ") option[i] \
		      " '" example[option_kind[i]] "'"
	} else {
		print "\t#option " option[i] " '" option_preset[i] "'"
	}
}

BEGIN {
	example["URL"] = "https://clickhouse.example:8443/"
	example["PREFIX"] = "192.0.2.1"
	name["agent"] = " 'agent'"
	name["uplink"] = " 'centre'"
	name["exporter"] = " 'edge'"
	name["sample"] = " 'wan'"
	name["mirror"] = " 'tap'"
	example["INTERFACES"] = "wan"
	example["INTERFACE"] = "eth1"
}

# Nobody has one who did not write it.
function is_extra(word) {
	return word ~ /^(uplink|exporter|sample|mirror)$/
}

END {
	print "# The configuration of netmeta, in the syntax of OpenWrt's UCI."
	print "#"
	print "# Every option stands here with its preset, behind a #. To change one, remove the #. The sections"
	print "# uplink, exporter, sample and mirror begin with a # as well: without an uplink, records go nowhere."
	print "# All sections but agent may be repeated. `netmeta check` names what is wrong with this file."
	for (s = 1; s <= sections; s++) {
		print "\n# " section_words[section[s]]
		print (is_extra(section[s]) ? "#" : "") "config " section[s] name[section[s]]
		for (i = 1; i <= options; i++) {
			if (option_section[i] != section[s])
				continue
			print ""
			explain(option_words[i] hint(i))
			setting(i)
		}
	}
}
