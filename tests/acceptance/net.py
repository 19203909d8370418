"""Two hundred invented values that must not be seen, and a net for them.

It hangs under files, what is deleted, logs, warnings, tracebacks and the terminal. A value is looked for as it is, in small
letters, in UTF-16, in base64 and as a plain SHA-256: whoever can guess a value can compute that.
"""

from __future__ import annotations

import base64
import io
import logging
import re
import sys
import threading
import traceback
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

#: How often one thing is unpacked from another.
_DEPTH = 3
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08")


def needles(value: str) -> Iterator[tuple[bytes, bool]]:
    """How a value may be written, and whether the case of letters counts."""
    yield value.lower().encode(), False
    yield value.lower().encode("utf-16-le"), False
    for data in {value.encode(), value.lower().encode()}:
        yield sha256(data).digest(), True
        yield sha256(data).hexdigest().encode(), False
    for skip in range(3):  # a value inside of something longer begins at any of three places of base64
        yield base64.b64encode(bytes(skip) + value.encode())[skip + 1 if skip else 0 : -4], True


class Net:
    """``watch`` folders; everything that gets away from the program in the block is looked at. ``caught`` says what, and where."""

    def __init__(self, values: Iterable[str]) -> None:
        self._needles = [(n, exact, value) for value in values for n, exact in needles(value)]
        self._seen: dict[Path, tuple[int, int]] = {}
        self._folders: list[Path] = []
        self._but: Callable[[Path], bool] = lambda path: False
        self.caught: list[str] = []
        #: How many things were looked into.
        self.looked = 0

    def add(self, value: str) -> None:
        """One more value that nobody may see."""
        self._needles += [(n, exact, value) for n, exact in needles(value)]

    def look(self, where: str, data: bytes | str, depth: int = 0) -> None:
        """Look into bytes, and into what is packed in them."""
        raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        small = raw.lower()
        self.looked += 1
        self.caught += [f"{where}: {value}" for n, exact, value in self._needles if n in (raw if exact else small)]
        if depth < _DEPTH:
            for inner in _unpacked(raw):
                self.look(f"{where}, unpacked", inner, depth + 1)

    def files(self) -> None:
        """Look into every file of the folders that changed since."""
        for folder in self._folders:
            for path in folder.rglob("*"):
                with suppress(FileNotFoundError):
                    if path.is_file() and not self._but(path):
                        about = path.stat()
                        if self._seen.get(path) != (about.st_mtime_ns, about.st_size):
                            self._seen[path] = (about.st_mtime_ns, about.st_size)
                            self.look(path.name, path.read_bytes())
                            self.look("the name of a file", path.name)

    @contextmanager
    def watch(self, *folders: Path, but: Callable[[Path], bool] = lambda path: False) -> Iterator[Net]:
        """Until the end of the block. ``but`` names the files in which such values belong."""
        self._folders, self._but = list(folders), but
        log = io.StringIO()
        handler, level = logging.StreamHandler(log), logging.root.level
        logging.root.addHandler(handler)
        logging.root.setLevel(logging.DEBUG)
        _ACTIVE.append(self)
        hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = lambda *error: self.look("a traceback", "".join(traceback.format_exception(*error)))
        threading.excepthook = lambda a: self.look("a thread", "".join(traceback.format_exception(a.exc_value)))
        sys.unraisablehook = lambda a: self.look("a finalizer", "".join(traceback.format_exception(a.exc_value)))
        try:
            with warnings.catch_warnings(record=True) as warned:
                warnings.simplefilter("always")
                yield self
            for one in warned:
                self.look("a warning", str(one.message))
        finally:
            sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
            _ACTIVE.remove(self)
            logging.root.removeHandler(handler)
            logging.root.setLevel(level)
        self.look("the log", log.getvalue())
        self.files()

    def goes(self, path: Path) -> None:
        """A file is about to be deleted, or replaced."""
        if any(path.is_relative_to(folder) for folder in self._folders) and not self._but(path):
            with suppress(OSError):
                self.look(f"{path.name}, deleted", path.read_bytes())


def _unpacked(raw: bytes) -> Iterator[bytes]:
    if raw[:2] == b"PK":
        with suppress(zipfile.BadZipFile, RuntimeError, NotImplementedError), zipfile.ZipFile(io.BytesIO(raw)) as box:
            yield "\n".join(box.namelist()).encode()
            for name in box.namelist():
                yield box.read(name)
    for found in _ZLIB.finditer(raw):
        with suppress(zlib.error):
            inner = zlib.decompressobj(47).decompress(raw[found.start() :], 16 * 1024 * 1024)
            if len(inner) > 8:
                yield inner


_ACTIVE: list[Net] = []


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _ACTIVE and event in ("os.remove", "os.rename"):
        for net in list(_ACTIVE):
            net.goes(Path(arguments[0] if isinstance(arguments[0], str) else str(arguments[0])).absolute())


sys.addaudithook(_hook)
