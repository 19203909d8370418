"""Both verifiers, to be held against one another: the program's, and the script that lies in bundles."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from dsr_desk.audit.signatures import holds
from dsr_desk.bundled import bundled

SCRIPT = bundled("resources") / "evidence" / "verify.py"


def script() -> ModuleType:
    """The script as a module; its signatures are checked by a library, for 40,000 runs of openssl would take an hour."""
    spec = importlib.util.spec_from_file_location("evidence_verify", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def insist_signed(key: bytes, message: bytes, signature: bytes, what: str) -> None:
        module.insist(holds((key, signature, message)), f"{what} was changed")

    module.insist_signed = insist_signed  # type: ignore[attr-defined]
    return module


class _File:
    """A file that is only in memory, as the script reads it."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name, self._data = name, data
        self.st_size = len(data)

    def is_file(self) -> bool:
        return True

    def is_symlink(self) -> bool:
        return False

    def stat(self) -> _File:
        return self

    def read_bytes(self) -> bytes:
        return self._data


class Folder:
    """A folder that is only in memory."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def iterdir(self) -> Iterator[_File]:
        return (_File(name, data) for name, data in self._files.items())


def script_says(module: ModuleType, folder: Any) -> str:
    """The script's sentence, ``""`` where the bundle holds. Whatever else it raises would be caught by its last lines."""
    try:
        module.check(folder)
    except (Exception, SystemExit) as fault:  # noqa: BLE001  # whatever its last lines would put into words
        return str(fault) or type(fault).__name__
    return ""


def alone(folder: Path) -> subprocess.CompletedProcess[str]:
    """The script as anybody runs it, with the real openssl."""
    return subprocess.run([sys.executable, "-I", str(SCRIPT), str(folder)], capture_output=True, text=True, check=False)
