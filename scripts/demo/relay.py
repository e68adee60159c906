#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Carries TCP connections from one network namespace to another, without a cable between them.

    relay.py PORT COMMAND...    listens on 127.0.0.1:PORT here; COMMAND enters the namespace where
                                127.0.0.1:PORT is connected to, and runs what follows it

The collector sits in a namespace of its own, ClickHouse in the machine's. A listening socket stays
in the namespace it was made in: so it is made here, and inherited by a second process over there.
Bytes are carried as they are; TLS is between the two ends.
"""
import asyncio
import os
import socket
import sys


async def pump(reader, writer):
    """One direction of one connection, until its end."""
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.write_eof()
    except OSError:
        writer.close()


async def serve(listener, port):
    """All connections, for ever."""
    async def connected(reader, writer):
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))
            far_writer.close()
        except OSError:
            pass
        writer.close()

    server = await asyncio.start_server(connected, sock=listener)
    await server.serve_forever()


def main():
    """First process: listen, and become the second one. Second: serve."""
    if sys.argv[1] == "--inherited":
        listener = socket.socket(fileno=int(sys.argv[2]))
        asyncio.run(serve(listener, int(sys.argv[3])))
    port, command = int(sys.argv[1]), sys.argv[2:]
    with socket.create_server(("127.0.0.1", port)) as listener:
        os.set_inheritable(listener.fileno(), True)
        os.execvp(command[0], [*command, sys.executable, __file__, "--inherited",
                               str(listener.fileno()), str(port)])


if __name__ == "__main__":
    main()
