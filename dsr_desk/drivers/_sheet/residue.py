"""Erased texts that still stand in raw bytes: in the file itself beyond its rows, and in old copies beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from dsr_desk.drivers._file.beside import copies
from dsr_desk.drivers._file.source import Source, faults
from dsr_desk.drivers._file.spellings import occurrences
from dsr_desk.drivers._sheet.package import Package, is_workbook
from dsr_desk.errors import UnreachableError
from dsr_desk.model.plan import Residue

_BLOCK = 1 << 20
#: The ampersand last, so that nothing is taken for an entity that was none.
_ENTITIES = ((b"&lt;", b"<"), (b"&gt;", b">"), (b"&quot;", b'"'), (b"&apos;", b"'"), (b"&#39;", b"'"), (b"&amp;", b"&"))


def copies_beside(system: str, source: Source, needles: Sequence[bytes]) -> Iterator[Residue]:
    """Old copies that hold an erased text. They are named, never touched."""
    for path in copies(source):
        if found := _in_copy(path, needles):
            why = "an old copy beside it holds what was erased"
            yield Residue(system, path.name, found, why, "Remove the copy, or take the person out of it too")


def _in_copy(path: Path, needles: Sequence[bytes]) -> int:
    with faults(path.name), path.open("rb") as file:
        if not is_workbook(file.read(4)):
            file.seek(0)
            return occurrences(iter(lambda: file.read(_BLOCK), b""), needles)
    try:
        parts = Package(path.read_bytes(), path.name).parts.values()
    except UnreachableError:
        return 0
    return sum(occurrences([unescaped(part)], needles) for part in parts)


def in_parts(system: str, package: Package, shown: Mapping[bytes, int], needles: Sequence[bytes]) -> Iterator[Residue]:
    """Erased texts in a workbook's unpacked parts, beyond the cells that still show them.

    ``shown`` says of each needle in how many cells of the sheets it stands. The shared texts and the sheets hold those; every
    other part, such as notes, links, filters and properties, holds none by right.
    """
    strings, sheets = package.shared_strings(), {sheet.part: sheet.name for sheet in package.sheets}
    for name, part in package.parts.items():
        wanted = [n for n in needles if not (shown[n] and (name == strings or name in sheets))]
        if found := occurrences([unescaped(part)], wanted):
            where = f"the sheet {sheets[name]}, beside its cells" if name in sheets else f"{name} in {package.label}"
            why = "the workbook keeps it outside the rows that were erased"
            yield Residue(system, where, found, why, "Remove it in Excel and save the workbook")


def unescaped(part: bytes) -> bytes:
    """The part with the five characters that XML writes otherwise."""
    for entity, character in _ENTITIES:
        part = part.replace(entity, character)
    return part
