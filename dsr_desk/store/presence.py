"""Which runs are still alive: each keeps a file locked, and the system lets go of it when the process ends, however it ends."""

from __future__ import annotations

import secrets
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO

from dsr_desk.store.files import reading, try_lock

FOLDER = ".running"


class Presence:
    """The sign that this open workspace is alive, for other processes to see. Made when first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._lock = threading.Lock()
        self._file: IO[bytes] | None = None
        self._name = ""

    def name(self) -> str:
        """The name under which this run can be looked up with ``alive``."""
        with self._lock:
            if self._file is None:
                self._name = secrets.token_hex(8)
                path = self._folder / self._name
                with reading(path):
                    self._folder.mkdir(exist_ok=True)
                    self._file = path.open("xb")
                    try_lock(self._file)
            return self._name

    def alive(self, name: str) -> bool:
        """Whether the run of that name still goes on."""
        if name == self._name:
            return True
        path = self._folder / name
        try:
            with path.open("r+b") as file:
                free = try_lock(file)
        except FileNotFoundError:
            return False
        except OSError:
            return True
        if free:
            with suppress(OSError):
                path.unlink()
        return not free

    def close(self) -> None:
        """Let go: from now on this run counts as ended."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                with suppress(OSError):
                    (self._folder / self._name).unlink()
                self._file = None
                self._name = ""
