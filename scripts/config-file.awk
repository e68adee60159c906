# SPDX-License-Identifier: Apache-2.0
# awk -f option-def.awk -f config-file.awk core/option.def: the default configuration, in which
# every option stands as a comment with its preset.

# hint(i): what the value may be, where the preset does not show it
function hint(i) {
	if (option_kind[i] ~ /^(BOOL|LOG|TLS_TIME)$/)
		return " (" kind_words[option_kind[i]] ")"
	return option_kind[i] ~ /^(NAME|TEXT|PATH|URL)$/ || !range(i) ? "" : " (" range(i) ")"
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

function setting(i,    port, count, k) {
	if (option_kind[i] == "PORTS") {
		count = split(option_preset[i], port, " ")
		for (k = 1; k <= count; k++)
			print "\t#list " option[i] " '" port[k] "'"
	} else if (option_preset[i] == "REQUIRED") {
		print "\t#option " option[i] " 'https://clickhouse.example:8443/'"
	} else {
		print "\t#option " option[i] " '" option_preset[i] "'"
	}
}

END {
	print "# The configuration of netmeta, in the syntax of OpenWrt's UCI."
	print "#"
	print "# Every option stands here with its preset, behind a #. To change one, remove the #. The section"
	print "# uplink begins with a # as well: without an uplink, records go nowhere. The sections listen"
	print "# and uplink may be repeated. `netmeta check` names what is wrong with this file."
	for (s = 1; s <= sections; s++) {
		print "\n# " section_words[section[s]]
		print (section[s] == "uplink" ? "#" : "") "config " section[s] \
			(section[s] == "agent" ? " 'agent'" : section[s] == "uplink" ? " 'centre'" : "")
		for (i = 1; i <= options; i++) {
			if (option_section[i] != section[s])
				continue
			print ""
			explain(option_words[i] hint(i))
			setting(i)
		}
	}
}
