# SPDX-License-Identifier: Apache-2.0
"""The mutants of a C file: each is the file with one small change that a test should notice.

Changes are made on tokens, never inside comments, texts or preprocessor lines. A mutant is named by
the line it changes and by what is changed, not by a line number, so that its name, and whether a
run picks it, stays the same when other lines of the file change.
"""
import dataclasses
import hashlib
import re

TOKEN = re.compile(r"""
    (?P<skip>   /\*.*?\*/ | //[^\n]* | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' |
                ^[ \t]*\#(?:\\\n|[^\n])* )
  | (?P<word>   [A-Za-z_]\w* )
  | (?P<number> 0[xX][0-9a-fA-F]+[uUlL]* | \d+[uUlL]* )
  | (?P<sign>   <<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[-+*/%&|^<>!=?:;,.(){}\[\]~] )
""", re.VERBOSE | re.DOTALL | re.MULTILINE)

SWAPS = {
    "<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"],
    "==": ["!="], "!=": ["=="], "&&": ["||"], "||": ["&&"],
    "<<": [">>"], ">>": ["<<"], "+=": ["-="], "-=": ["+="], "|=": ["&="], "&=": ["|="],
    "++": ["--"],
}
BINARY = {"+": ["-"], "-": ["+"], "*": ["+"], "/": ["*"], "%": ["/"], "&": ["|"], "|": ["&"]}
OPERAND_END = {"word", "number"}
NO_OPERAND = {"return", "case", "sizeof", "if", "while", "else"}


@dataclasses.dataclass(frozen=True)
class Mutant:
    """One change: the characters of [start, end) become `new`."""
    path: str
    start: int
    end: int
    new: str
    line: str               # the line it is in, without blanks around it
    what: str
    line_number: int

    def name(self):
        """What it is, in words that survive changes elsewhere."""
        return f"{self.path}: {self.line}: {self.what}"

    def order(self):
        """Its place in the order in which mutants are picked."""
        return hashlib.sha256(self.name().encode()).hexdigest()

    def apply(self, source):
        """The source with the change in it."""
        return source[:self.start] + self.new + source[self.end:]


def tokens_of(source):
    """The tokens that may be changed."""
    return [match for match in TOKEN.finditer(source) if match.lastgroup != "skip"]


def ends_operand(token):
    """Whether a sign behind this token is a binary one."""
    text = token.group()
    return (token.lastgroup in OPERAND_END and text not in NO_OPERAND) or text in (")", "]")


def changes_of_sign(tokens, i):
    """What a sign may become."""
    text = tokens[i].group()
    before, behind = tokens[i - 1] if i else None, tokens[i + 1] if i + 1 < len(tokens) else None
    if text in SWAPS:
        return SWAPS[text]
    if text == "!":
        return [""]
    if text in BINARY and before and behind and ends_operand(before):
        # `struct flow *f` and `(int *)` are no products
        pointer = text == "*" and (before.lastgroup == "word" or behind.group() == ")")
        return [] if pointer else BINARY[text]
    return []


def changes_of_number(text):
    """A number that is off by one."""
    digits = text.rstrip("uUlL")
    value = int(digits, 0)
    return [str(value + 1) + text[len(digits):]]


# in sizeof(table[0]) any index is as good
SIZE_OF_ONE = re.compile(r"sizeof\([\w>.-]+\[\d+\]\)$")
STATEMENT = re.compile(r"^(\t+)((?:[a-z_][\w>.\[\]-]*(?: [-+|&]?= |\().*|[a-z]\w*(?:\+\+|--)|break|"
                       r"continue);)$", re.MULTILINE)
CONDITION = re.compile(r"^\t+(?:\} else )?if \((.*)\)(?: \{)?$", re.MULTILINE)
RESULT = re.compile(r"^\t+return ([^;]+);$", re.MULTILINE)


def changes_of_lines(source):
    """Statements left out, conditions that always or never hold, results of nothing."""
    for match in STATEMENT.finditer(source):
        if match.group(2).count("(") == match.group(2).count(")"):
            yield match.start(2), match.end(2), ";", "left out"
    for match in CONDITION.finditer(source):
        for value in ("1", "0"):
            yield match.start(1), match.end(1), value, f"if ({value})"
    for match in RESULT.finditer(source):
        if match.group(1) not in ("false", "NULL", "0"):
            yield match.start(1), match.end(1), "0", "return 0"


def changes_of_tokens(source):
    """Signs and numbers."""
    tokens = tokens_of(source)
    for i, token in enumerate(tokens):
        if SIZE_OF_ONE.search(source[max(0, token.start() - 80):token.end() + 2]):
            continue
        changes = []
        if token.lastgroup == "sign":
            changes = changes_of_sign(tokens, i)
        elif token.lastgroup == "number":
            changes = changes_of_number(token.group())
        for new in changes:
            yield token.start(), token.end(), new, f"{token.group()} becomes {new or 'nothing'}"


def mutants_of(path, source):
    """All mutants of a file; of those with one name (a line that is there twice) the first."""
    found = {}
    for start, end, new, what in [*changes_of_lines(source), *changes_of_tokens(source)]:
        begin = source.rfind("\n", 0, start) + 1
        line = source[begin:source.index("\n", start)].strip()
        column = start - begin
        at = f"{what} (character {column})" if "becomes" in what else what
        if source[start:end] == new or line.startswith(("static const", "_Static_assert", "#")):
            continue
        mutant = Mutant(path, start, end, new, line, at, source.count("\n", 0, start) + 1)
        found.setdefault(mutant.name(), mutant)
    return list(found.values())
