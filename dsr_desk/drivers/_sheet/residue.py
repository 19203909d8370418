"""Erased texts that still stand in raw bytes: in the file itself beyond its rows, and in old copies beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from dsr_desk.drivers._sheet.beside import copies
from dsr_desk.drivers._sheet.package import Package, is_workbook
from dsr_desk.drivers._sheet.source import Source, faults
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


def occurrences(blocks: Iterable[bytes], needles: Sequence[bytes]) -> int:
    """How often the needles (UTF-8) stand in a stream of bytes, as UTF-8, UTF-16 or Windows text."""
    spelt = [spellings(needle) for needle in needles]
    counts = dict.fromkeys({form for forms in spelt for form in forms}, 0)
    keep = max(map(len, counts), default=1) - 1
    tail = b""
    for block in blocks:
        data = tail + block
        for form in counts:
            counts[form] += data.count(form) - tail.count(form)
        tail = data[-keep:] if keep else b""
    # The two orders of UTF-16 overlap by all but one byte, so one text would be counted twice.
    return sum(max(counts[little], counts[big]) + sum(counts[o] for o in set(others)) for little, big, *others in spelt)


def spellings(needle: bytes) -> tuple[bytes, ...]:
    """A UTF-8 text as files may hold it: UTF-16 in both orders, UTF-8, and Windows text where that has its letters."""
    text = needle.decode("utf-8", "replace")
    wide = text.encode("utf-16-le"), text.encode("utf-16-be")
    try:
        return *wide, needle, text.encode("cp1252")
    except UnicodeEncodeError:
        return *wide, needle
