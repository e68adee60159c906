# SPDX-License-Identifier: Apache-2.0
# Reads core/option.def, the first file of a command line, for the scripts that make documents of
# it: awk -f option-def.awk -f OTHER.awk core/option.def ...
#	section[1..sections], section_words[NAME], kind_words[KIND]
#	kind_choices[KIND]: what may stand there, quoted, commas between; only where it is a choice
#	option[1..options], and option_FIELD[i] for section, kind, min, max, preset, words

# take(row): the next argument of a macro, without quotes, strings that touch made one; what follows
# it is left in `rest`
function take(row,    i, c, quoted, argument) {
	argument = ""
	for (i = 1; i <= length(row); i++) {
		c = substr(row, i, 1)
		if (c == "\"")
			quoted = !quoted
		else if (c == "," && !quoted)
			break
		else if (quoted || c !~ /[ \t]/)
			argument = argument c
	}
	rest = substr(row, i + 1)
	return argument
}

function read_row(macro, row,    name) {
	rest = row
	name = take(rest)
	if (macro == "SECTION") {
		section[++sections] = name
		take(rest); take(rest); take(rest)
		section_words[name] = take(rest)
	} else if (macro == "KIND") {
		is_choice[name] = take(rest) == "choice"
		kind_words[name] = take(rest)
	} else if (macro == "WORD" && is_choice[name]) {
		kind_choices[name] = kind_choices[name] (kind_choices[name] ? "," : "") \
			"\"" take(rest) "\""
	} else if (macro == "OPTION") {
		option_section[++options] = name
		option[options] = take(rest)
		option_kind[options] = take(rest)
		take(rest)
		option_min[options] = take(rest)
		option_max[options] = take(rest)
		option_preset[options] = take(rest)
		option_words[options] = take(rest)
	}
}

# range(i): what a value of option i must lie between, in words
function range(i) {
	if (option_max[i] == "")
		return ""
	if (option_kind[i] ~ /^(TEXT|NAME|PATH|URL)$/)
		return (option_min[i] > 0 ? option_min[i] " to " : "up to ") option_max[i] " bytes"
	return option_min[i] " to " option_max[i]
}

FNR == 1 { file++ }
file == 1 && /^(SECTION|KIND|WORD|OPTION)\(/ { macro = $0; sub(/\(.*/, "", macro); row = "" }
file == 1 && macro {
	row = row $0
	if (row ~ /\)$/) {
		sub(/^[A-Z]*\(/, "", row)
		sub(/\)$/, "", row)
		read_row(macro, row)
		macro = ""
	}
}
file == 1 { next }
