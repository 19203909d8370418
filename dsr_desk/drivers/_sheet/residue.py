"""Erased texts that still stand in raw bytes: in the file itself beyond its rows, and in old copies beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from dsr_desk.drivers._sheet.beside import copies
from dsr_desk.drivers._sheet.source import Source, faults
from dsr_desk.model.plan import Residue

_BLOCK = 1 << 20


def copies_beside(system: str, source: Source, needles: Sequence[bytes]) -> Iterator[Residue]:
    """Old copies that hold an erased text. They are named, never touched."""
    for path in copies(source):
        if found := _in_copy(path, needles):
            why = "an old copy beside it holds what was erased"
            yield Residue(system, path.name, found, why, "Remove the copy, or take the person out of it too")


def _in_copy(path: Path, needles: Sequence[bytes]) -> int:
    with faults(path.name), path.open("rb") as file:
        return occurrences(iter(lambda: file.read(_BLOCK), b""), needles)


def occurrences(blocks: Iterable[bytes], needles: Sequence[bytes]) -> int:
    """How often the needles stand in a stream of bytes, as UTF-8, UTF-16 or Windows text."""
    forms = {form for needle in needles for form in spellings(needle)}
    keep = max(map(len, forms), default=1) - 1
    found, tail = 0, b""
    for block in blocks:
        data = tail + block
        found += sum(data.count(form) - tail.count(form) for form in forms)
        tail = data[-keep:] if keep else b""
    return found


def spellings(needle: bytes) -> set[bytes]:
    """A UTF-8 text as files may hold it."""
    text = needle.decode("utf-8", "replace")
    forms = {needle, text.encode("utf-16-le"), text.encode("utf-16-be")}
    try:
        forms.add(text.encode("cp1252"))
    except UnicodeEncodeError:
        return forms
    return forms
