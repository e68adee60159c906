#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A server for the tests of links, one connection at a time, on a free port of 127.0.0.1.

tls_server.py MODE [CERTIFICATE KEY]
  tls, tls12, tls13   answers a POST by `HTTP/1.1 200 VERSION resumed=yes|no body=BYTES`
  slow                the same as tls, and reads so late that the client's writes have to wait
  early               by TLS, answers `HTTP/1.1 413` at once and reads late
  plain               the same without TLS, VERSION is `plain`
  cut                 reads the client's first message and closes
  noise               answers the first message with something that is not TLS
  alert               answers the first message with the alert unrecognized_name
The first line of its output is the port; one line for each connection follows, with the number
of bytes 'N' that came in clear text: the client's body consists of them.
"""

import socket
import ssl
import sys
import time

TLS_MODES = ("tls", "tls12", "tls13", "slow", "early")
LIMIT = 30  # seconds; a test that hangs ends


def context(mode, certificate, key):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.set_ciphers("DEFAULT:@SECLEVEL=0")  # the server offers anything: the client is the judge
    made.load_cert_chain(certificate, key)
    if mode == "tls12":
        made.maximum_version = ssl.TLSVersion.TLSv1_2
    if mode == "tls13":
        made.minimum_version = ssl.TLSVersion.TLSv1_3
    return made


def serve_http(stream, version, resumed):
    data = b""
    while b"\r\n\r\n" not in data:
        data += stream.recv(65536) or sys.exit("the request ends early")
    head, _, body = data.partition(b"\r\n\r\n")
    body = bytearray(body)
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n")
                  if line.lower().startswith(b"content-length"))
    while len(body) < length:
        body += stream.recv(65536) or sys.exit("the body ends early")
    good = len(body) if body == b"N" * length else -1
    answer = f"HTTP/1.1 200 {version} resumed={resumed} body={good}\r\nConnection: close\r\n\r\n"
    stream.sendall(answer.encode())
    return good


def refuse_early(stream):
    stream.sendall(b"HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\n\r\n")
    stream.shutdown(socket.SHUT_WR)
    time.sleep(0.3)
    while stream.recv(65536):  # or the connection is reset, and the answer with it
        pass
    return "answered early"


def serve_tls(connection, made, mode):
    with made.wrap_socket(connection, server_side=True) as stream:
        if mode == "slow":
            time.sleep(0.3)  # all of the buffers between us are full by then
        if mode == "early":
            return refuse_early(stream)
        serve_http(stream, stream.version(), "yes" if stream.session_reused else "no")
        stream.unwrap()
    return "served"


def serve_odd(connection, mode):
    first = connection.recv(65536)
    if mode == "noise":
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
    if mode == "alert":
        connection.sendall(bytes([21, 3, 3, 0, 2, 2, 112]))
    return f"clear={first.count(b'N' * 8)}"


def main():
    mode = sys.argv[1]
    made = context(mode, *sys.argv[2:4]) if mode in TLS_MODES else None
    listener = socket.create_server(("127.0.0.1", 0))
    if mode in ("slow", "early"):
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    print(listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        connection.settimeout(LIMIT)
        try:
            if made:
                said = serve_tls(connection, made, mode)
            elif mode == "plain":
                said = f"served {serve_http(connection, 'plain', 'no')}"
            else:
                said = serve_odd(connection, mode)
        except (OSError, ssl.SSLError) as error:
            said = f"refused: {error}"
        connection.close()
        print(said, flush=True)


main()
