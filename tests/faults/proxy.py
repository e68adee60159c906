# SPDX-License-Identifier: Apache-2.0
"""A TCP proxy that breaks a connection where a test wants it.

It stands between the agent and the server, carries bytes as they are, and keeps what the agent
sent first. TLS is between the two ends; so the proxy counts bytes of TLS, a little more than those
of a body. It tells one POST from the next by the answer between them.
"""
import contextlib
import socket
import threading

KEPT = 100_000


class Proxy:
    """Listens at once; while it is closed, connections are refused."""

    def __init__(self, target_port, address="127.0.0.1"):
        self.target = ("127.0.0.1", target_port)
        self.address, self.port = address, 0
        self.listener = None
        self.lock = threading.Lock()
        self.live = set()               # sockets
        self.connections = 0
        self.heard = []                 # for each connection its first bytes, at most KEPT
        self._wish = None               # (what to cut, bytes up before that, what to do)
        self.open()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def open(self):
        """Listen, from the second time on at the same port."""
        self.listener = socket.create_server((self.address, self.port))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def close(self):
        """Refuse from now on, and cut what is connected."""
        if self.listener:
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            self.listener = None
        with self.lock:
            live, self.live = self.live, set()
        for one in live:
            _cut(one)

    # --- wishes ------------------------------------------------------------------------------
    def cut_next(self, after, then=lambda: None):
        """Cut the first POST that is longer, after so many bytes of it; do this at that moment."""
        self._wish = ("body", after, then)

    def cut_next_answer(self, after):
        """Cut the answer to the first POST that is longer than this."""
        self._wish = ("answer", after, lambda: None)

    def has_cut(self):
        """Whether it has happened."""
        return self._wish is None

    def fulfils(self, what, carried):
        """Whether a connection that has carried so much is to be cut here and now."""
        with self.lock:
            if not self._wish or self._wish[0] != what or carried < self._wish[1]:
                return False
            _, _, then = self._wish
            then()
            self._wish = None
            return True

    # --- carrying ------------------------------------------------------------------------------
    def _accept(self, listener):
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            try:
                far = socket.create_connection(self.target)
            except OSError:
                near.close()
                continue
            Connection(self, near, far)


class Connection:
    """Two sockets, a thread for each direction."""

    def __init__(self, proxy, near, far):
        self.proxy, self.near, self.far = proxy, near, far
        self.since_answer = 0           # bytes up since the last byte down
        self.heard = bytearray()
        with proxy.lock:
            proxy.live |= {near, far}
            proxy.heard.append(self.heard)
        for carry in (self.carry_up, self.carry_down):
            threading.Thread(target=carry, daemon=True).start()

    def carry_up(self):
        """From the agent."""
        with contextlib.suppress(OSError):
            while data := self.near.recv(16384):
                self.heard += data[:KEPT - len(self.heard)]
                self.since_answer += len(data)
                if self.proxy.fulfils("body", self.since_answer):
                    break
                self.far.sendall(data)
        self.end()

    def carry_down(self):
        """From the server."""
        with contextlib.suppress(OSError):
            while data := self.far.recv(16384):
                if self.proxy.fulfils("answer", self.since_answer):
                    break
                self.since_answer = 0
                self.near.sendall(data)
        self.end()

    def end(self):
        """For both sides."""
        with self.proxy.lock:
            self.proxy.live -= {self.near, self.far}
        _cut(self.near)
        _cut(self.far)


def _cut(one):
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
