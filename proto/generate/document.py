# SPDX-License-Identifier: Apache-2.0
"""docs/SCHEMA.md: what every field means, and how the stored tables differ from the messages.

Stored tables are written by hand as migrations. Their columns are read from the CREATE TABLE and
ADD COLUMN statements there: those with a comment above them are told.
"""
import re

HEAD = """\
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Made from proto/netmeta.proto and stack/sql by protoc-gen-netmeta; do not edit. -->
# What NetMeta sends and stores

Each stream carries one message of `proto/netmeta.proto`. A field has the same name everywhere: in
the `.proto`, as a column of `<stream>_in`, as a column of the stored table, and as a key of what
`netmeta decode` prints. Zero, an empty text and an absent address mean "not known".

## How rows arrive

A batch is one POST to ClickHouse's HTTP interface, as a user who may insert into `<stream>_in`:

    POST /?query=INSERT INTO netmeta.<stream>_in FORMAT Protobuf
          &format_schema=netmeta:<Message>
          &query_id=<identity>&insert_deduplication_token=<identity>
          &deduplicate_blocks_in_dependent_materialized_views=1
          &async_insert=0&wait_end_of_query=1

The body is any number of `varint(length) + message`. The identity is
`agent-incarnation-worker-stream-number`, the incarnation being 32 hexadecimal digits. Sent again,
the same identity is stored once. `<stream>_in` keeps nothing: views take its rows to the stored
table of the same stream and to `batches`, which tells what the server has of each batch.
"""

FIELD_TABLE = """
| Tag | Field | In the `.proto` | Column of {tables} | Meaning |
|---:|---|---|---|---|
"""

COLUMN_TABLE = """
| Column | Type | Meaning |
|---|---|---|
"""

STORED = """
Stored in `{table}`. Columns not listed are those of `{table}_in`, with the same names.
"""

BATCHES = """
## Batches

What the server has of each batch. An agent may read this table, to ask what became of a batch.
"""

VIEWS = """
## Views to read

| View | What it shows |
|---|---|
| `names_last` | One row for each thing that an exporter has named: its latest name. |
| `interfaces_last` | One row for each interface of an agent's machine: what it is, as told last. |
| `interface_names` | What interfaces are called: by their exporter, or else by the agent on that \
machine. |
| `interface_rates(since, until, width)` | What each interface carried: `Time`, `SamplerAddress`, \
`AgentAddress`, `Interface` with `InterfaceName`, `Speed`, `OperUp`, and bits, packets, errors and \
discards a second (`InBits`, `OutBits` …) in buckets of `width` seconds, from `counters` and \
`interfaces`. |
| `interface_truth` | How near samples came to an interface's own counters: for each window that \
ended at `Time`, `Agent`, `Interface` and `Direction` (`in`, `out`) the bytes `Counted` and \
`Estimated`, their difference `Error`, also in percent of what was counted (`ErrorPercent`), and \
the `Band` that it leaves in 5 of 100 windows (`Outside`). |
| `host_use(since, until)` | What exporters say of themselves: `Time`, `Host`, `CpuPercent`, \
`LoadAverage`, `MemoryPercent`. |

`interface_rates` takes differences of cumulative counters. It knows counters of 32 bits that wrap,
and leaves out what cannot be known: across a restart of the exporter, across counters that were
cleared, and across more than 15 minutes without a sample. Of interfaces of the agent's own machine
it leaves out the step in which a counter went back or the agent's incarnation changed.

    SELECT InterfaceName, max(InBits) AS peak
    FROM netmeta.interface_rates(since = now() - INTERVAL 1 HOUR, until = now(), width = 60)
    GROUP BY InterfaceName ORDER BY peak DESC
"""

TOTALS = """
## What counts in totals

Multiply `Bytes` and `Packets` by `SamplingRate`; a sum over `flows` that is to be traffic leaves
out what was picked a second time:

    SELECT sum(Bytes * SamplingRate) FROM netmeta.flows WHERE Coverage = 'COVERAGE_COUNTS'

- Where a packet passes several sampled interfaces of an agent's machine, each picks it with the same
  chance. One of them counts (`COVERAGE_COUNTS`), the others say `COVERAGE_AGAIN`.
- Who looks at one interface takes all records that were picked there, whatever they say: those of
  `Direction` `OBSERVATION_EGRESS` whose `OutIf` it is, and of the others those whose `InIf` it is.
- What the agent's own uplinks send is traffic too and counts; `OwnTraffic = 1` tells it apart.
- `Approximate = 1` marks records whose bytes and packets may stand for more, since the kernel merged
  packets and the source does not tell how many.
- Different exporters may see the same packets as well. Nothing marks these: choose the exporter.
"""

CREATE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?netmeta\.(\w+) \(\n(.*?)^\)", re.M | re.S)
ADD = re.compile(r"ALTER TABLE netmeta\.(\w+)\n(.*?);", re.S)
# A comment of one or more lines, then the first line of a column's definition.
COLUMN = re.compile(r"^((?:\t-- .*\n)+)\t(?:ADD COLUMN (?:IF NOT EXISTS )?)?(\w+) (.*)", re.M)
TYPE_ENDS = re.compile(r"\(?,?$| (?:CODEC|DEFAULT|MATERIALIZED|ALIAS|AFTER)\b.*")


def text(schema, migrations):
    """The whole document."""
    stored = _stored_columns(migrations)
    parts = [HEAD]
    for message in schema.messages:
        parts.append(f"\n## {_streams(message)}: {message.name}\n\n{message.meaning}\n")
        tables = ", ".join(f"`{stream}_in`" for stream in message.streams)
        parts.append(FIELD_TABLE.format(tables=tables))
        parts += [_field_row(field) for field in message.fields]
        parts.append(_enum_lists(message))
        for stream in message.streams:
            if stream in stored:
                parts.append(STORED.format(table=stream) + _column_table(stored[stream]))
    parts.append(BATCHES + _column_table(stored.get("batches", [])) + TOTALS + VIEWS)
    return "".join(parts)


def _streams(message):
    words = [f"`{stream}`" for stream in message.streams]
    return ("Streams " if words[1:] else "Stream ") + " and ".join(words)


def _field_row(field):
    return f"| {field.tag} | {field.name} | {field.wire} | {field.column} | {field.meaning} |\n"


def _enum_lists(message):
    enums = {field.enum.name: field.enum for field in message.fields if field.enum}
    lines = [f"- {name}: " + ", ".join(f"{word} {number}" for number, word in enum.values)
             for name, enum in enums.items()]
    return "\nWords of the enumerations:\n\n" + "\n".join(lines) + "\n" if lines else ""


def _column_table(columns):
    rows = [f"| {name} | {column_type} | {meaning} |\n" for name, column_type, meaning in columns]
    return COLUMN_TABLE + "".join(rows)


def _stored_columns(migrations):
    """Table -> (name, type, meaning) of the columns that have a comment above them."""
    tables = {}
    for path in sorted(migrations.glob("*.sql")):
        sql = path.read_text(encoding="utf-8")
        for table, body in CREATE.findall(sql) + ADD.findall(sql):
            for comment, name, definition in COLUMN.findall(body):
                meaning = " ".join(comment.replace("\t-- ", "").split())
                column_type = TYPE_ENDS.sub("", definition)
                tables.setdefault(table, []).append((name, column_type, meaning))
    return tables
