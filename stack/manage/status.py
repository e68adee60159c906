# SPDX-License-Identifier: Apache-2.0
"""What runs, in which version, and what it holds."""
from . import migration
from .lifecycle import tls_client
from .process import Process

TABLES = """
SELECT name, total_rows, formatReadableSize(total_bytes) AS size
FROM system.tables
WHERE database = 'netmeta' AND engine LIKE '%MergeTree'
ORDER BY name
"""

AGENTS = """
SELECT Agent, sum(Rows) AS rows, toString(max(Time)) AS last,
	round(max(dateDiff('millisecond', Newest, Time)) / 1000) AS lag
FROM netmeta.batches
WHERE Time > now() - INTERVAL 1 HOUR
GROUP BY Agent
ORDER BY Agent
"""


def show(client, layout):
    """Print it; returns whether everything runs. Without a layout only the server is asked."""
    healthy = True
    if layout:
        tls, stunnel = tls_client(layout), Process(layout, "stunnel")
        engine = Process(layout, "clickhouse")
        healthy = bool(engine.pid() and stunnel.pid() and client.is_up() and tls.is_up())
        print(f"clickhouse  {_state(engine, client)}")
        print(f"tls         {_state(stunnel, tls)}")
        if not client.is_up():
            return False
    (server,) = client.rows("SELECT version() AS version, toUInt64(uptime()) AS uptime")
    applied = client.rows("SELECT max(Version) AS version FROM netmeta.migrations")[0]["version"]
    newest = max(map(migration.version_of, (migration.SQL / "migrations").glob("*.sql")))
    print(f"version     ClickHouse {server['version']}, up for {server['uptime']} s")
    print(f"schema      {applied} of {newest}" + ("" if applied == newest else ": run `migrate`"))
    for table in client.rows(TABLES):
        print(f"{table['name']:<15} {table['total_rows']:>12} rows {table['size']:>12}")
    for agent in client.rows(AGENTS):
        print(f"agent {agent['Agent'] or '(unnamed)'}: {agent['rows']} rows in the last hour, "
              f"last batch {agent['last']}, lag at most {agent['lag']:.0f} s")
    return healthy and applied == newest


def _state(process, client):
    pid = process.pid()
    if not pid:
        return "does not run"
    return f"answers at {client.url} (pid {pid})" if client.is_up() else f"pid {pid}, no answer"
