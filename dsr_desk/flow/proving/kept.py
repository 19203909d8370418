"""Checkpoints that somebody kept, wherever they stand: in a file of their own, in a report for programs, in an evidence bundle."""

from __future__ import annotations

import json
import lzma
import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

from dsr_desk.audit.checkpoint import read
from dsr_desk.errors import UnreachableError, UsageError

#: The longest file that is read, in bytes.
LONGEST = 64 * 1024 * 1024
#: What reading a broken or encrypted zip raises.
_BROKEN = (OSError, zipfile.BadZipFile, RuntimeError, ValueError, EOFError, struct.error, zlib.error, lzma.LZMAError)
#: As it is signed, or as somebody copied it from paper, where the last line is broken: a signature has 92 characters.
_NOTE = re.compile("([^\n]+)\n([0-9]{1,16})\n([A-Za-z0-9+/=]{44})\n\\s*[\u2014\u2013-] ?([^\\s]+)\\s+((?:[A-Za-z0-9+/=]\\s*){92})")


def notes_in(file: Path) -> list[str]:
    """Every signed checkpoint in ``file`` (text, a report as JSON, an evidence bundle), each as it was signed, whoever signed it.

    ``UsageError`` where there is none, ``UnreachableError`` where the file can't be read.
    """
    try:
        if file.stat().st_size > LONGEST:
            raise _none(file)
        texts = _of_bundle(file) if zipfile.is_zipfile(file) else [file.read_bytes()]
    except _BROKEN:
        raise UnreachableError(f"{file.name} can't be read.", "Check its name, and that you may read it.") from None
    copied = (_written(*match) for text in texts for part in _parts(text) for match in _NOTE.findall(part))
    found = dict.fromkeys(note for note in copied if _signed(note))
    if not found:
        raise _none(file)
    return list(found)


def _of_bundle(file: Path) -> list[bytes]:
    with zipfile.ZipFile(file) as bundle:
        names = [i for i in bundle.infolist() if i.filename.rsplit("/", 1)[-1] == "checkpoint.txt" and i.file_size <= 4096]
        return [bundle.read(i) for i in names]


def _parts(text: bytes) -> list[str]:
    """The text itself, and where it is JSON, every text in it."""
    plain = text.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    try:
        return _strings(json.loads(plain))
    except (ValueError, RecursionError):
        return [plain]


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inner for text in _strings(one)]


def _written(log: str, size: str, root: str, name: str, signature: str) -> str:
    return f"{log}\n{size}\n{root}\n\n\u2014 {name} {''.join(signature.split())}\n"


def _signed(note: str) -> bool:
    try:
        read(note)
    except ValueError:
        return False
    return True


def _none(file: Path) -> UsageError:
    return UsageError(
        f"{file.name} holds no checkpoint.",
        "It is five lines, and the last begins with a dash. A report as JSON holds one, too.",
    )
