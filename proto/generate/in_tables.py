# SPDX-License-Identifier: Apache-2.0
"""The tables that messages are inserted into: <stream>_in, one column a field.

They keep nothing (engine Null); views take the rows on. Enumerations arrive as numbers: one that
is newer than the server must not cost its whole batch. Batch is the query's id, which a client
chooses; IngestUser is who really asked, which it cannot.
"""

HEAD = """\
-- SPDX-License-Identifier: Apache-2.0
-- Made from netmeta.proto by protoc-gen-netmeta; do not edit.
CREATE TABLE IF NOT EXISTS netmeta.{table} (
"""

TAIL = """\
\tBatch LowCardinality(String) DEFAULT initialQueryID(),
\tIngestUser LowCardinality(String) MATERIALIZED currentUser()
) ENGINE = Null
"""


def statement(message, stream):
    """The CREATE TABLE statement of a stream that carries this message."""
    lines = [f"\t{field.name} {field.column},\n" for field in message.fields]
    return HEAD.format(table=f"{stream}_in") + "".join(lines) + TAIL
