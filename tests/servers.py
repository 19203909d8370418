"""Real servers for tests, started once a session and always stopped."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic

import pytest


def missing(reason: str) -> None:
    """Skip with the reason; in CI, where everything is installed, that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL of its own on loopback; gives ``postgresql://postgres@127.0.0.1:PORT``. Local users need no password."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    if not programs:
        missing("PostgreSQL is not installed under /usr/lib/postgresql")
    folder = Path(tempfile.mkdtemp(prefix="dsr-desk-postgresql-"))
    as_nobody = []
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "nobody")
        as_nobody = ["runuser", "-u", "nobody", "--"]
    port = free_port()
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [*as_nobody, str(programs[-1] / program), "-D", str(data), *arguments],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr

    try:
        run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -F -c autovacuum=off"
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}"
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def mariadb() -> Iterator[str]:
    """A MariaDB of its own on loopback; gives ``mariadb://root@127.0.0.1:PORT``. Local users need no password."""
    for program in ("mariadbd", "mariadb-install-db"):
        if shutil.which(program) is None:
            missing(f"MariaDB is not installed: no {program}")
    folder = Path(tempfile.mkdtemp(prefix="dsr-desk-mariadb-"))
    as_nobody = []
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        shutil.chown(folder, "nobody")
        as_nobody = ["--user=nobody"]
    port = free_port()
    data = f"--datadir={folder / 'data'}"
    made = subprocess.run(
        ["mariadb-install-db", "--no-defaults", *as_nobody, data, "--auth-root-authentication-method=normal", "--skip-test-db"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
    )
    try:
        assert made.returncode == 0, made.stderr
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [
                    "mariadbd",
                    "--no-defaults",
                    *as_nobody,
                    data,
                    f"--socket={folder / 's'}",
                    f"--port={port}",
                    "--bind-address=127.0.0.1",
                    f"--pid-file={folder / 'pid'}",
                    "--skip-log-bin",
                    "--innodb-flush-method=nosync",
                    "--innodb-flush-log-at-trx-commit=0",
                    "--innodb-buffer-pool-size=32M",
                ],
                cwd=folder,
                stdout=log,
                stderr=log,
            )
        try:
            answering(port, server)
            yield f"mariadb://root@127.0.0.1:{port}"
        finally:
            server.kill()
            server.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def answering(port: int, server: subprocess.Popen[bytes], patience: float = 60) -> None:
    """Wait until the port takes connections, as long as its program lives."""
    end = monotonic() + patience
    while True:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert server.poll() is None and monotonic() < end, "the server did not start"
        Event().wait(0.02)


@contextmanager
def mongodb() -> Iterator[str]:
    """A peer of its own that speaks MongoDB's wire protocol, on loopback; gives ``mongodb://127.0.0.1:PORT``. No user is needed."""
    program = Path(sys.executable).with_name("nx-27017")
    if not program.exists():
        missing("nx-27017, which speaks MongoDB's wire protocol, is not installed")
    folder = Path(tempfile.mkdtemp(prefix="dsr-desk-mongodb-"))
    port = free_port()
    where = ["--data-dir", "memory", "-p", str(port), "--log-file", str(folder / "log"), "--pid-file", str(folder / "pid")]
    server = subprocess.Popen([str(program), *where], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        answering(port, server)
        yield f"mongodb://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)
