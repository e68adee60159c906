# SPDX-License-Identifier: Apache-2.0
"""The tables that messages are inserted into: <stream>_in, one column a field.

They keep nothing (engine Null); views take the rows on. Batch is the query's id, which a client
chooses; IngestUser is who really asked, which it cannot.
"""

HEAD = """\
-- SPDX-License-Identifier: Apache-2.0
-- Made from netmeta.proto by protoc-gen-netmeta; do not edit.
CREATE TABLE IF NOT EXISTS netmeta.{table} (
"""

TAIL = """\
\tBatch String DEFAULT initialQueryID(),
\tIngestUser LowCardinality(String) MATERIALIZED currentUser()
) ENGINE = Null
"""


def statement(message):
    """The CREATE TABLE statement of one message's stream."""
    lines = [f"\t{field.name} {_spread(field)},\n" for field in message.fields]
    return HEAD.format(table=f"{message.stream}_in") + "".join(lines) + TAIL


def _spread(field):
    """The column's type, the values of an enumeration one a line."""
    if field.kind != "ENUM":
        return field.column
    return field.column.replace("(", "(\n\t\t").replace(", ", ",\n\t\t")
