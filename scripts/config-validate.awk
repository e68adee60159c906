# SPDX-License-Identifier: Apache-2.0
# awk -f option-def.awk -f config-validate.awk core/option.def SCRIPT: OpenWrt's init script, with
# the validation of the sections written anew between its marks. Types are those of OpenWrt's
# validate_data. None is narrower than what the agent takes; it has the last word anyway.

BEGIN {
	type["BOOL"] = "bool"
	type["PORTS"] = "list(port)"
	type["ADDRESS"] = "or(ipaddr,\"all\")"
	type["PREFIX"] = "cidr"
	type["PREFIXES"] = "list(or(cidr,\"all\"))"
	type["INTERFACE"] = "maxlength(15)"
	type["INTERFACES"] = "list(maxlength(15))"
	signed_most = 2147483647	# validate_data reads numbers into an int
}

function type_of(i) {
	if (option_kind[i] in type)
		return type[option_kind[i]]
	if (option_kind[i] in kind_choices)
		return "or(" kind_choices[option_kind[i]] ")"
	if (option_kind[i] ~ /^(NAME|TEXT|PATH|URL)$/)
		return option_min[i] > 0 ? "rangelength(" option_min[i] "," option_max[i] ")" \
			: "maxlength(" option_max[i] ")"
	if (option_kind[i] ~ /^(NUMBER|SLOTS)$/)
		return option_max[i] + 0 <= signed_most ? "range(" option_min[i] "," option_max[i] ")" \
			: "integer"
	return "string"
}

function preset_of(i) {
	return option_preset[i] == "" || option_preset[i] == "REQUIRED" ? "" : ":" option_preset[i]
}

function validate(name,    i, line) {
	print "validate_" name "() {"
	line = "\tuci_load_validate netmeta " name " \"$1\" \"$2\""
	for (i = 1; i <= options; i++)
		if (option_section[i] == name) {
			print line " \\"
			line = "\t\t'" option[i] ":" type_of(i) preset_of(i) "'"
		}
	print line "\n}\n"
}

/^# options$/ {
	print
	line = "SECTIONS='"
	for (s = 1; s <= sections; s++)
		line = line (s > 1 ? " " : "") section[s]
	print line "'\n"
	for (s = 1; s <= sections; s++)
		validate(section[s])
	made = 1
}
/^# end$/ { made = 0 }
!made
