"""Which files a system has, and which of them are a collection."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

from dsr_desk.drivers._file.source import Source, faults
from dsr_desk.errors import UnreachableError, UsageError
from dsr_desk.model.catalog import Collection, System

Format = Literal["Parquet", "CSV", "packed CSV", "JSON"]
_ENDINGS: dict[str, Format] = {
    ".parquet": "Parquet",
    ".csv": "CSV",
    ".tsv": "CSV",
    ".csv.gz": "packed CSV",
    ".tsv.gz": "packed CSV",
    ".json": "JSON",
    ".jsonl": "JSON",
    ".ndjson": "JSON",
    ".json.gz": "JSON",
    ".jsonl.gz": "JSON",
}
_PATTERN = re.compile(r"[*?\[\]]")
_MOST_FILES = 10_000


@dataclass(frozen=True)
class Place:
    """One file. ``label`` is its path in the workspace, ``stem`` its name without the ending."""

    label: str
    path: Path
    stem: str
    format: Format
    source: Source


def places(system: System, folder: Path) -> list[Place]:
    """The files that the system's ``path:`` names: a file, all of a folder, or a pattern, in the order of their names.

    ``UnreachableError`` where there is none, ``UsageError`` for links and for names that would be patterns themselves.
    """
    if not system.path:
        raise UsageError(f"{system.label} has no path: in the catalog.", "Write path: with a file, a folder or exports/*.parquet.")
    with faults(system.path):
        found = sorted(_named(folder, system.path))
    if len(found) > _MOST_FILES:
        raise UnreachableError(f"{system.path} names more than {_MOST_FILES} files.", "Describe them as several systems.")
    made = [place for path in found if (place := _place(system, folder, path)) is not None]
    if not made:
        raise UnreachableError(
            f"{system.path} names no Parquet, CSV or JSON file.", "Check path: in the catalog, and whether its drive is connected."
        )
    return made


def of(collection: Collection, found: Sequence[Place], system: System) -> list[Place]:
    """The files of one collection: those its ``table:`` names, else the one of its name, else the system's only file.

    ``UsageError`` where there is none.
    """
    pattern = collection.table or collection.name
    chosen = [p for p in found if p.stem == pattern or p.path.name == pattern or fnmatchcase(p.path.name, pattern)]
    if not chosen and not collection.table and len(found) == 1 and len(system.collections) == 1:
        chosen = list(found)
    if not chosen:
        raise UsageError(
            f"{system.name}/{collection.name}: {system.path} has no file named {pattern}.",
            f"It has: {', '.join(p.path.name for p in found[:20])}. Write table: with one of them, or a pattern.",
        )
    return chosen


def _named(folder: Path, path: str) -> Iterator[Path]:
    whole = folder / path
    if not os.path.lexists(whole) and _PATTERN.search(path):
        anchor = Path(path).anchor
        yield from (Path(anchor) if anchor else folder).glob(path.removeprefix(anchor))
    elif whole.is_dir() and not whole.is_symlink():
        yield from whole.iterdir()
    else:
        os.lstat(whole)
        yield whole


def _place(system: System, folder: Path, path: Path) -> Place | None:
    name = path.name.lower()
    ending = next((e for e in sorted(_ENDINGS, key=len, reverse=True) if name.endswith(e)), None)
    if ending is None or name.startswith("."):
        return None
    label = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)
    if _PATTERN.search(str(path)):
        raise UsageError(f"{label} has a *, ?, [ or ] in its path, which would be a pattern.", "Rename it.")
    source = Source(replace(system, path=label), folder)
    with source.open():  # a link or a folder is refused, and a file that may not be read
        pass
    return Place(label, path.absolute(), path.name[: -len(ending)], _ENDINGS[ending], source)
