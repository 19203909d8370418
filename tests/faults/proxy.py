"""Between a run and its PostgreSQL server: a wire that can be cut at any message."""

from __future__ import annotations

import os
import select
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

from tests.faults import child


@dataclass(frozen=True)
class Cut:
    """Where the wire is cut: at which message of the client, counted from 1 over all its connections.

    ``answered``: the server gets the message and answers it, and the client hears nothing of that. ``back``: the next
    connection is let through; otherwise the server is gone for as long as the run lasts.
    """

    message: int
    answered: bool
    back: bool


@contextmanager
def wire(database: str, cut: Cut | None = None) -> Iterator[Wire]:
    """A wire in a process of its own."""
    to = psycopg.conninfo.conninfo_to_dict(database)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        reading, writing = os.pipe()
        pid = child.start(lambda: _carry(listening, (str(to["host"]), int(to["port"] or 5432)), cut, writing))
        os.close(writing)
        try:
            yield Wire(listening.getsockname()[1], reading)
        finally:
            os.kill(pid, signal.SIGKILL)
            child.ended(pid)
            os.close(reading)


@dataclass(frozen=True)
class Wire:
    """The client's end."""

    port: int
    told: int

    def use(self) -> None:
        """From here on this process reaches PostgreSQL through it."""
        real = psycopg.connect

        def connect(**options: Any) -> Any:
            return real(**{**options, "port": self.port})

        psycopg.connect = connect  # type: ignore[assignment]

    def messages(self) -> int:
        """How many messages went through so far."""
        count = 0
        while select.select([self.told], [], [], 0)[0]:
            count += len(os.read(self.told, 4096))
        return count


def _carry(listening: socket.socket, server: tuple[str, int], cut: Cut | None, told: int) -> int:
    pairs: dict[socket.socket, socket.socket] = {}
    clients: set[socket.socket] = set()
    messages = 0
    gone = cut is not None and cut.message == 0
    while True:
        ready, _, _ = select.select([listening, *pairs], [], [])
        for one in ready:
            if one is listening:
                client, _ = listening.accept()
                if gone:
                    client.close()
                    continue
                other = socket.create_connection(server)
                pairs |= {client: other, other: client}
                clients.add(client)
            elif one in pairs:
                data = _received(one)
                other = pairs[one]
                if one in clients and data:
                    messages += 1
                    os.write(told, b".")
                    if cut is not None and messages == cut.message:
                        if cut.answered:
                            other.sendall(data)
                            _received(other)
                        gone = not cut.back
                        data = b""
                if data:
                    other.sendall(data)
                    continue
                for end in (one, other):
                    pairs.pop(end)
                    clients.discard(end)
                    end.close()


def _received(one: socket.socket) -> bytes:
    try:
        return one.recv(1 << 16)
    except OSError:
        return b""
