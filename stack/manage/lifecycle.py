# SPDX-License-Identifier: Apache-2.0
"""Starting and stopping: ClickHouse's engine on loopback, and stunnel in front of it."""
import dataclasses
import shutil

from . import certificates, config, migration, packages, pages, passwords
from .client import Client, ClickHouseError
from .layout import StackError
from .process import Process, wait_until

# The engine serves as long as its own query runs: one that sleeps for ever.
SERVE = "SYSTEM START LISTEN HTTP; SELECT sleepEachRow(1) FROM system.numbers FORMAT Null " \
    "SETTINGS max_block_size = 1, max_threads = 1"
STOP_SERVING = "KILL QUERY WHERE user = '' ASYNC"

START_SECONDS, STOP_SECONDS = 60, 20


def admin_client(layout):
    """Talks to the engine as admin."""
    settings = layout.load_settings()
    return Client(f"http://127.0.0.1:{settings.http_port}/", "admin",
                  passwords.read(layout, "admin"))


def up(layout, given):
    """Start what does not run, with the settings of last time changed by those given now."""
    settings = dataclasses.replace(layout.load_settings(), **given)
    packages.provide()
    if settings != layout.load_settings():
        stop(layout)
    layout.save_settings(settings)
    passwords.provide(layout)
    certificates.provide(layout, [*settings.names, *_own_address(settings)])
    served = pages.provide(layout, settings.open_reader)
    if config.write(layout, settings, served):
        stop(layout)
    try:
        _start(layout, settings)
        migration.migrate(admin_client(layout))
    except (StackError, ClickHouseError):
        stop(layout)
        raise
    _tell(layout, settings)


def down(layout, delete):
    """Stop everything; with `delete` remove the folder too."""
    stop(layout)
    if delete:
        shutil.rmtree(layout.folder)


def stop(layout):
    """Stop both: TLS first, so that no insert is cut off by the engine's end."""
    stunnel, engine = Process(layout, "stunnel"), Process(layout, "clickhouse")
    stunnel.stop(STOP_SECONDS)
    if engine.pid():
        try:
            admin_client(layout).execute(STOP_SERVING)
            engine.wait(STOP_SECONDS)
        except (ClickHouseError, OSError):
            pass                                # it does not listen: the signal ends it
    engine.stop(STOP_SECONDS)
    shutil.rmtree(layout.run, ignore_errors=True)


def _start(layout, settings):
    layout.run.mkdir(exist_ok=True)
    engine, stunnel = Process(layout, "clickhouse"), Process(layout, "stunnel")
    client = admin_client(layout)
    if not engine.pid():
        if client.is_up():
            raise StackError(f"port {settings.http_port} is taken by somebody else")
        engine.start([packages.LAUNCHER, "--config-file", layout.config / "config.xml",
                      "--path", layout.data, "--listen_host=127.0.0.1",
                      f"--http_port={settings.http_port}", "--query", SERVE],
                     layout.files, {"NETMETA_LIBCHDB": str(packages.LIBRARY)})
    _await(engine, "ClickHouse", client.is_up)
    if not stunnel.pid():
        stunnel.start(["stunnel4", layout.config / "stunnel.conf"])
    _await(stunnel, "stunnel", lambda: tls_client(layout).is_up())


def tls_client(layout):
    """Nobody in particular, through TLS."""
    settings = layout.load_settings()
    return Client(f"https://{_reachable(settings)}/", "", "", layout.certificates / "ca.pem")


def _await(process, name, is_up):
    wait_until(lambda: is_up() or not process.pid(), START_SECONDS)
    if not process.pid() or not is_up():
        raise StackError(f"{name} does not start: {process.last_words() or 'see its log'}")


def _own_address(settings):
    """The address that is listened on, when it is one that people use."""
    return [] if settings.listen in ("0.0.0.0", "::") else [settings.listen]


def _reachable(settings):
    """An address of the HTTPS port that works from here."""
    address = {"0.0.0.0": "127.0.0.1", "::": "localhost"}.get(settings.listen, settings.listen)
    address = f"[{address}]" if ":" in address else address
    return f"{address}:{settings.https_port}"


def _tell(layout, settings):
    print(f"""\
page        https://{_reachable(settings)}/
authority   {layout.certificates}/ca.pem
agent       user agent, password in {layout.password_file("agent")}
reader      user reader, password in {layout.password_file("reader")}
admin       http://127.0.0.1:{settings.http_port}/, password in {layout.password_file("admin")}""")
