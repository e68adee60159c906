# SPDX-License-Identifier: Apache-2.0
# awk -f kconfig.awk ANSWERS Kconfig: the answers given, plus the presets of the rest, as a .config.
# So a plain machine configures without kconfig's own programs. Of the Kconfig language it knows
# what ours uses: config, bool, default y|n, "depends on A" or "A && B", help.
FILENAME != ARGV[ARGC - 1] {
	if (match($0, /^CONFIG_[A-Z0-9_]+=/))
		answer[substr($0, 8, RLENGTH - 8)] = substr($0, RLENGTH + 1)
	else if ($1 == "#" && / is not set$/)
		answer[substr($2, 8)] = "n"
	next
}
function met(condition,    part, count, i) {
	count = split(condition, part, / *&& */)
	for (i = 1; i <= count; i++)
		if (value[part[i]] != "y")
			return 0
	return 1
}
function flush_symbol() {
	if (symbol == "" || !met(needs))
		return
	value[symbol] = symbol in answer ? answer[symbol] : preset
	print value[symbol] == "y" ? "CONFIG_" symbol "=y" : "# CONFIG_" symbol " is not set"
}
$1 == "config"  { flush_symbol(); symbol = $2; preset = "n"; needs = "" }
$1 == "default" { preset = $2 }
$1 == "depends" { sub(/^[ \t]*depends on /, ""); needs = $0 }
END             { flush_symbol() }
