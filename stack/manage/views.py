# SPDX-License-Identifier: Apache-2.0
"""The views of stack/sql/views, as statements.

A file is of the stream that it is named after, or of those that its line `-- Streams:` names, once
for each; others read what is stored. What many views say alike stands once, in phrases.txt, and
they have its name in double braces; {{stream}} is the stream's own, and {{meant}} when its messages
say they were received.
"""
import re

from .layout import SOURCE

SQL = SOURCE / "stack" / "sql"
STREAMS = ("flows", "drops", "counters", "names", "interfaces", "ledger", "events")
BRACES = re.compile(r"\{\{(\w+)\}\}")


def statements(path):
    """The statements of a file, without the comments between them."""
    return _split(path.read_text(encoding="utf-8"))


def view_statements():
    """The statements of all views."""
    phrases = _phrases()
    for path in sorted((SQL / "views").glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        named = re.search(r"^-- Streams: (.*)$", text, re.M)
        for stream in named.group(1).split() if named else [path.stem]:
            yield from _split(_expand(text, phrases | _of_stream(stream, phrases)))


def _split(text):
    text = re.sub(r"^--.*\n", "", text, flags=re.M)
    return [part.strip() for part in text.split(";\n") if part.strip()]


def _phrases():
    text = re.sub(r"^#.*\n", "", (SQL / "phrases.txt").read_text(encoding="utf-8"), flags=re.M)
    return dict(part.strip().split(":\n", 1) for part in text.split("\n\n") if part.strip())


def _of_stream(stream, phrases):
    if stream not in STREAMS:
        return {}
    columns = (SQL / f"{stream}_in.sql").read_text(encoding="utf-8")
    has_seconds = "\tTimeReceived UInt64" in columns
    return {"stream": stream, "meant": phrases["seconds"] if has_seconds else "TimeReceivedNs"}


def _expand(text, phrases):
    while BRACES.search(text):
        text = BRACES.sub(lambda match: phrases[match.group(1)], text)
    return text
