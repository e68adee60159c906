# SPDX-License-Identifier: Apache-2.0
# awk -f option-def.awk -f config-doc.awk core/option.def DOCUMENT: the document, with the options
# written anew between each pair of its marks. The marks are comments of the document's language:
#	<!-- options: SECTION -->  ...  <!-- end -->	a Markdown table
#	.\" options: SECTION       ...  .\" end		an mdoc list

function markdown(name,    i) {
	print "| Option | Value | Range | Preset | Meaning |"
	print "|---|---|---|---|---|"
	for (i = 1; i <= options; i++)
		if (option_section[i] == name)
			print "| `" option[i] "` | " kind_words[option_kind[i]] " | " range(i) \
				" | " markdown_preset(option_preset[i]) " | " option_words[i] " |"
}

function markdown_preset(text) {
	return text == "REQUIRED" ? "required" : text == "" ? "empty" : "`" text "`"
}

function mdoc(name,    i) {
	print ".Bl -tag -width Ds"
	for (i = 1; i <= options; i++) {
		if (option_section[i] != name)
			continue
		print ".It Cm " option[i]
		print mdoc_sentence(option_words[i])
		print "Wanted is " kind_words[option_kind[i]] (range(i) ? ", " range(i) : "") "."
		if (option_preset[i] == "REQUIRED")
			print "Required."
		else if (option_preset[i] != "")
			print "Preset: " option_preset[i] "."
	}
	print ".El"
}

function mdoc_sentence(words) {
	return toupper(substr(words, 1, 1)) substr(words, 2) "."
}

/^(<!--|\.\\") options: / {
	print
	if ($1 == "<!--")
		markdown($3)
	else
		mdoc($3)
	made = 1
}
/^(<!--|\.\\") end/ { made = 0 }
!made
