# SPDX-License-Identifier: Apache-2.0
# awk -f makefile.awk Makefile: what OpenWrt's reviewers would find in a package's Makefile, a line
# a finding.

function found(words) {
	print FILENAME ":" FNR ": " words
}

FNR == 1 && !/SPDX-License-Identifier/ { found("no SPDX line") }
/^(define|endef|\$\(eval)/ && /PKG_NAME/ { found("a name that is not literal") }
/[ \t]$/ { found("blanks at the end of the line") }

/^define / {
	name = $2
	is_recipe = name ~ /^Build\// || name ~ /\/(install|postinst|prerm)$/
	is_list = name ~ /\/conffiles$/
	next
}
/^endef/ { name = ""; next }

is_list && name && !/^\/[^ \t]+[^\/ \t]$/ { found("a conffile is an absolute path without indentation") }
is_recipe && name && /^[^\t]/             { found("a recipe is indented by tabs") }
!is_recipe && !is_list && name && !/^(  |\$\(call|$)/ { found("two spaces inside of define") }
!is_recipe && !is_list && name && /^ *\t/ { found("a tab inside of define") }
!is_recipe && !is_list && name && /^   / && !continued { found("more than two spaces") }
name == "" && /^ / { found("blanks in front") }
{ continued = /\\$/ }
