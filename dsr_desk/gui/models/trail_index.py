"""The trail as the list shows it: the newest first, under the heads of its days. No Qt.

It is laid out once, off the GUI thread: then a filter only compares, and a row of a hundred thousand is found at once.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import overload

from dsr_desk.audit.trail import Entry
from dsr_desk.gui.models.entry_words import KINDS, of_kind, says
from dsr_desk.gui.models.wording import day, moment


@dataclass(frozen=True, slots=True)
class Day:
    """The head of a day."""

    title: str
    entries: int


@dataclass(frozen=True, slots=True)
class Anchored:
    """From here on downwards somebody outside has a checkpoint: over the first ``size`` entries, given away as ``how`` says."""

    size: int
    how: str


Line = Entry | Day | Anchored


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to show: words, a kind of acts or a type, a signer, a request, and the first day. Empty shows all."""

    words: str = ""
    kind: str = ""
    actor: str = ""
    ref: str = ""
    since: date | None = None


class Rows(Sequence[Line]):
    """The lines that are shown: numbers of entries, and heads between them."""

    def __init__(self, entries: Sequence[Entry], lines: Sequence[int], heads: Sequence[Day | Anchored]) -> None:
        self._entries, self._lines, self._heads = entries, lines, heads

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, row: int) -> Line: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[Line]: ...
    def __getitem__(self, row: int | slice) -> Line | Sequence[Line]:
        if isinstance(row, slice):
            return Rows(self._entries, self._lines[row], self._heads)
        line = self._lines[row]
        return self._entries[line] if line >= 0 else self._heads[~line]

    def heads(self) -> Iterator[int]:
        """The rows that hold no entry."""
        return (row for row, line in enumerate(self._lines) if line < 0)

    def row_of(self, seq: int) -> int:
        """The row of an entry; -1 where it is not among them."""
        return next((r for r, line in enumerate(self._lines) if line >= 0 and self._entries[line].seq == seq), -1)


class TrailIndex:
    """A trail, laid out. ``names``: key id → operator; ``refs``: case id → the request's reference."""

    def __init__(self, entries: Sequence[Entry] = (), names: Mapping[str, str] = {}, refs: Mapping[str, str] = {}) -> None:
        self._entries = list(reversed(entries))
        self._names, self._refs = names, refs
        days: dict[str, tuple[str, date]] = {}
        self._days = [days.get(e.ts[:16]) or days.setdefault(e.ts[:16], _day(e.ts)) for e in self._entries]
        self._texts = [self._text(e) for e in self._entries]
        #: The types that stand in the trail.
        self.types = sorted({e.type for e in self._entries})
        #: Where somebody outside was last given a checkpoint, if anywhere.
        self.anchor = next((_anchored(e) for e in self._entries if e.type == "checkpoint.anchor"), None)

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def entries(self) -> Sequence[Entry]:
        """The newest first."""
        return self._entries

    @property
    def unanchored(self) -> int:
        """How many entries nobody outside was given a checkpoint over."""
        return len(self._entries) - (self.anchor.size if self.anchor else 0)

    def actors(self) -> list[tuple[str, str]]:
        """Who signed, as (key id, name), by name."""
        return sorted(((a, self.name(a)) for a in {e.actor for e in self._entries}), key=lambda a: a[1].casefold())

    def name(self, actor: str) -> str:
        """An operator's name, or the key where the name is gone."""
        return self._names.get(actor, actor[:8])

    def ref(self, entry: Entry) -> str:
        """The request that an entry is about; ``""`` where it is about none."""
        return self._refs.get(str(entry.body.get("case", "")), "")

    def rows(self, wanted: Wanted) -> tuple[Rows, int]:
        """What passes, under its days, and how many entries that is."""
        kept = self._kept(wanted)
        anchor = self.anchor if wanted == Wanted() else None
        lines, heads = array("i"), list[Day | Anchored]()
        for (title, _), of_day in groupby(kept, key=lambda i: self._days[i]):
            numbers = list(of_day)
            heads.append(Day(title or "no time", len(numbers)))
            lines.append(~(len(heads) - 1))
            for i in numbers:
                if anchor is not None and self._entries[i].seq <= anchor.size:
                    heads.append(anchor)
                    lines.append(~(len(heads) - 1))
                    anchor = None
                lines.append(i)
        return Rows(self._entries, lines, heads), len(kept)

    def _kept(self, wanted: Wanted) -> Sequence[int]:
        entries, words = self._entries, wanted.words.strip().lower()
        kept: Sequence[int] = range(len(entries))
        if wanted.kind:
            types = {t for t in self.types if (of_kind(wanted.kind, t) if wanted.kind in KINDS else t == wanted.kind)}
            kept = [i for i in kept if entries[i].type in types]
        if wanted.actor:
            kept = [i for i in kept if entries[i].actor == wanted.actor]
        if wanted.ref:
            cases = {case for case, ref in self._refs.items() if ref == wanted.ref}
            kept = [i for i in kept if entries[i].body.get("case") in cases]
        if wanted.since is not None:
            kept = [i for i in kept if self._days[i][1] >= wanted.since]
        if words:
            texts = self._texts
            kept = [i for i in kept if words in texts[i]]
        return kept

    def _text(self, entry: Entry) -> str:
        return f"{entry.type} {entry.seq} {self.ref(entry)} {self.name(entry.actor)} {entry.actor} {says(entry)}".lower()


def _day(ts: str) -> tuple[str, date]:
    at = moment(ts)
    return day(ts), at.date() if at else date.min


def _anchored(entry: Entry) -> Anchored:
    size = entry.body.get("size")
    return Anchored(size if isinstance(size, int) else 0, says(entry))
