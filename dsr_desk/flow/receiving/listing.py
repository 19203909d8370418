"""A list of people from a file: one a line, ``kind=value kind=value …``, or a CSV whose header names the kinds."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from pathlib import Path

from dsr_desk.errors import UsageError
from dsr_desk.flow.search import checked_identity
from dsr_desk.model.identity import normals

#: The most people of one request, and the most bytes of their file.
MOST_PEOPLE = 100_000
_MOST_BYTES = 64 << 20
#: So many bad lines are named; what is wrong with the others is found when these are mended.
_MOST_NAMED = 20
#: A blank before ``kind=`` begins the next identifier; any other one is part of a value, as in ``name=Ann Lee``.
_NEXT = re.compile(r"\s+(?=[^\s=]+=)")

Identity = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PeopleList:
    """The people in the order of the file, the line of each, and the lines that only repeat another one: line → its first."""

    people: tuple[Identity, ...]
    lines: tuple[int, ...]
    repeated: dict[int, int]


def read_list(file: Path, kinds: Set[str]) -> PeopleList:
    """The people that the file lists. ``kinds`` are the identifiers that the catalog knows.

    ``UsageError`` names every bad line by its number, never by what it says; none is passed over.
    """
    people: list[Identity] = []
    lines: list[int] = []
    repeated: dict[int, int] = {}
    bad: list[str] = []
    first: dict[frozenset[tuple[str, frozenset[str]]], int] = {}
    for line, pairs in _entries(_text(file), file.name):
        try:
            identity = checked_identity(_known(pairs, kinds))
        except UsageError as wrong:
            bad.append(f"line {line} ({wrong.message.rstrip('.')})")
            continue
        same = frozenset((kind, normals(kind, value)) for kind, value in identity)
        if same in first:
            repeated[line] = first[same]
            continue
        first[same] = line
        people.append(identity)
        lines.append(line)
    if bad:
        more = f" and {len(bad) - _MOST_NAMED} more" if len(bad) > _MOST_NAMED else ""
        raise UsageError(
            f"{file.name} can't be used: {', '.join(bad[:_MOST_NAMED])}{more}.",
            "Mend these lines: one person a line, like email=ANN@EXAMPLE.ORG customer_id=7, or a CSV with the kinds as its header.",
        )
    if not people:
        raise UsageError(f"{file.name} lists nobody.", "Write one person a line, like email=ANN@EXAMPLE.ORG.")
    if len(people) > MOST_PEOPLE:
        raise UsageError(f"{file.name} lists {len(people):,} people.", f"Split it: a request takes up to {MOST_PEOPLE:,}.")
    return PeopleList(tuple(people), tuple(lines), repeated)


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            data = opened.read(_MOST_BYTES + 1)
    except OSError:
        raise UsageError(f"{file.name} can't be read.", "Check its name and whether you may read it.") from None
    if len(data) > _MOST_BYTES:
        raise UsageError(f"{file.name} is larger than {_MOST_BYTES >> 20} MB.", "Split it.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = data[: wrong.start].count(b"\n") + 1
        raise UsageError(f"{file.name}, line {line}, is not written in UTF-8.", "Save it as UTF-8 and try again.") from None


def _entries(text: str, name: str) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Line number and what stands there; a value that is empty in a CSV is not given."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    if "=" not in header:
        yield from _from_csv(text, header, name)
        return
    for number, line in enumerate(io.StringIO(text), 1):
        if line.strip():
            parts = (part.partition("=") for part in _NEXT.split(line.strip()))
            yield number, [(kind, value) if sign else ("", kind) for kind, sign, value in parts]


def _from_csv(text: str, header: str, name: str) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    kinds: list[str] = []
    try:
        while True:
            begins = reader.line_num + 1
            row = next(reader, None)
            if row is None:
                return
            if not any(cell.strip() for cell in row):
                continue
            if not kinds:
                kinds = [cell.strip() for cell in row]
            elif len(row) > len(kinds):
                yield begins, [("", "")]
            else:
                yield begins, [(kind, cell) for kind, cell in zip(kinds, row, strict=False) if cell.strip()]
    except csv.Error:
        raise UsageError(
            f"{name}, line {reader.line_num}, is no CSV.", "Close the quotes there, or save it as CSV again."
        ) from None


def _known(pairs: list[tuple[str, str]], kinds: Set[str]) -> list[tuple[str, str]]:
    for kind, _ in pairs:
        if not kind.strip():
            raise UsageError("Not KIND=VALUE, or more cells than the header names", "")
        if kind.strip() not in kinds:
            raise UsageError("No system knows an identifier of that kind", "")
    return pairs
