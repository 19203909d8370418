"""What lies beside a file: who has it open, and what looks like an old copy of it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from dsr_desk.drivers._file.source import Source, faults
from dsr_desk.errors import DeskError, LockedError, RefusedError

_WORD = "(?:copy|kopie|copie|copia)"
_BEFORE = re.compile(rf"{_WORD} (?:of|von|de|di) ", re.IGNORECASE)
_AFTER = re.compile(rf"(?: - {_WORD}| {_WORD}| \({_WORD}\))?(?: ?\(\d+\)|(?<=copy) \d+)?", re.IGNORECASE)
_ENDINGS = (".bak", ".old", ".orig", ".backup", ".tmp", ".save", "~")


def obstacles(source: Source) -> list[tuple[str, str]]:
    """Why, and the cure, for everything around the file that forbids replacing it now."""
    found = []
    try:
        insist_unlocked(source)
    except DeskError as problem:
        found.append((problem.message, problem.hint))
    if not os.access(source.path.parent, os.W_OK):
        found.append((f"the folder of {source.label} may not be written to", "Ask for the permission to write there"))
    if not os.access(source.path, os.W_OK):
        found.append((f"{source.label} may not be written to", "Ask for the permission, or remove its write protection"))
    return found


def insist_unlocked(source: Source) -> None:
    """``LockedError`` where an owner file says that somebody has the file open in Excel or LibreOffice.

    ``RefusedError`` where the file has a second name: replacing it under one would leave the old rows under the other.
    """
    with faults(source.label):
        names = os.lstat(source.path).st_nlink
    if names > 1:
        raise RefusedError(f"{source.label} has a second name elsewhere on its disk (a hard link).", "Remove one of the two names.")
    name = source.path.name
    for owner, program in ((f"~${name}", "Excel"), (f"~${name[2:]}", "Excel"), (f".~lock.{name}#", "LibreOffice")):
        with faults(source.label):
            there = source.path.with_name(owner).exists()
        if there:
            raise LockedError(
                f"{source.label} is open in {program} by somebody.",
                f"Close it there. If nobody has it open, remove the file {owner} beside it.",
            )


def copies(source: Source) -> Iterator[Path]:
    """Plain files beside it whose names say that they are copies of it, in the order of their names."""
    with faults(source.label):
        beside = sorted(source.path.parent.iterdir())
    for path in beside:
        if path.name != source.path.name and is_copy(path.name, source.path) and path.is_file() and not path.is_symlink():
            yield path


def is_copy(name: str, of: Path) -> bool:
    """Whether a file name says "copy of that file", as editors, file managers and people write it."""
    plain = name.removeprefix(".").lower()
    whole, stem, suffix = of.name.lower(), of.stem.lower(), of.suffix.lower()
    if any(plain in (whole + ending, stem + ending, stem + ending + suffix) for ending in _ENDINGS):
        return True
    if re.fullmatch(re.escape(whole) + r"\.~?\d+~?", plain):
        return True
    if match := _BEFORE.match(plain):
        return plain[match.end() :] == whole
    if not (plain.startswith(stem) and plain.endswith(suffix)):
        return False
    middle = plain[len(stem) : len(plain) - len(suffix)]
    return bool(middle) and _AFTER.fullmatch(middle) is not None
