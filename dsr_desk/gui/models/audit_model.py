"""The trail as a time line by day, the newest first; a line is worded only when it is painted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dsr_desk.audit.trail import Entry
from dsr_desk.gui import theme
from dsr_desk.gui.models.rows import RowsModel
from dsr_desk.gui.models.wording import clock, counted, day, grouped, thin
from dsr_desk.gui.widgets.parts import Gap, Part, Sign, Text

_SIGNS = {
    "log": ("plus", "text2"), "key": ("key", "text2"), "catalog": ("systems", "text2"), "case": ("requests", "text2"),
    "search": ("search", "text2"),
    "review": ("check", "text2"), "plan": ("changed", "text2"), "step": ("check", "verified"),
    "verify": ("shield", "verified"),
    "task": ("manual", "manual"), "export": ("save", "text2"), "report": ("audit", "text2"),
    "reveal": ("reveal", "retained"), "secret": ("lock", "text2"), "hold": ("hold", "retained"), "lock": ("lock", "text2"),
}  # fmt: skip
_BAD = {
    "step.drift": ("warning", "retained"), "step.blocked": ("failed", "failed"), "verify.fail": ("failed", "failed"),
    "search.waive": ("warning", "retained"), "unreadable": ("failed", "failed"),
}  # fmt: skip
#: Why a step stands as blocked when a person settled a doubt.
_SETTLED = "settled-by-hand"


def _rows(body: Mapping[str, Any]) -> str:
    parts = [f"{body[k]} {k}" for k in ("deleted", "changed") if body.get(k)]
    return f": {', '.join(parts)}" if parts else ""


def _searched(b: Mapping[str, Any]) -> str:
    failed = f", {b['failed']} did not answer" if b.get("failed") else ""
    found = f", {counted(b['rows'], 'record')} found" if "rows" in b else ""
    return f"{counted(b.get('systems', 0), 'system')} searched{failed}{found}"


def _reviewed(b: Mapping[str, Any]) -> str:
    if "subjects" in b:
        return f"{counted(b['subjects'], 'row')} said to be this person"
    what = counted(b["rows"], "row") if "rows" in b else counted(b.get("identifiers", 1), "identifier")
    return f"{what} {'included' if b.get('include', True) else 'left out'}"


_SAYS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "log.open": lambda b: "The trail begins",
    "key.add": lambda b: f"A key was admitted as {b.get('role', 'operator')}",
    "key.retire": lambda b: "A key was retired",
    "catalog.set": lambda b: f"The catalog {grouped(str(b.get('catalog', ''))[:8])} was accepted",
    "case.open": lambda b: f"A request for {b.get('right', '?')} was opened",
    "case.identify": lambda b: "The identity check was recorded",
    "case.decide": lambda b: f"Decision: {b.get('decision', '?')}",
    "case.close": lambda b: "The request was closed",
    "search.run": _searched,
    "search.waive": lambda b: f"{b.get('system', '?')} was waived",
    "review.set": _reviewed,
    "plan.make": lambda b: f"{counted(b.get('records', 0), 'record')} planned, {counted(b.get('refusals', 0), 'refusal')}",
    "plan.approve": lambda b: f"Plan {grouped(str(b.get('digest', ''))[:8])} was approved",
    "step.intent": lambda b: f"{b.get('system', '?')}: about to be written",
    "step.done": lambda b: f"{b.get('system', '?')}: written{_rows(b)}",
    "step.drift": lambda b: f"{b.get('system', '?')}: rows had changed, nothing written",
    "step.blocked": lambda b: (
        f"{b.get('system', '?')}: {'a person looked and settled the doubt' if b.get('why') == _SETTLED else 'could not be written'}"
    ),
    "verify.pass": lambda b: f"Searched again: 0 left over, {b.get('retained', 0)} retained, {b.get('excluded', 0)} left out",
    "verify.fail": lambda b: f"Searched again: {b.get('leftover', '?')} left over",
    "task.answer": lambda b: (
        f"Done by hand: {counted(b.get('records', 0), 'record')}, {counted(b.get('files', 0), 'file')} attached"
    ),
    "export.make": lambda b: f"The person’s data was saved: {counted(b.get('files', 0), 'file')}",
    "case.extend": lambda b: f"The period was extended: the answer is due on {b.get('due', '?')}",
    "report.make": lambda b: "The report was written",
    "report.print": lambda b: "The report was printed",
    "report.period": lambda b: f"The report over {b.get('first', '?')} to {b.get('last', '?')} was written",
    "reveal": lambda b: f"{counted(b.get('values', 1), 'value')} shown in clear",
    "secret.set": lambda b: f"The password of {b.get('system', '?')} was set",
    "case.people": lambda b: f"It is over a list: {counted(b.get('identifiers', 0), 'identifier')}",
    "lock.put": lambda b: f"Tokens were written: {counted(b.get('tokens', 0), 'value')} can be read back with the safe lock",
    "lock.open": lambda b: "The safe lock was opened",
    "lock.shred": lambda b: "The key of the safe lock was destroyed",
    "key.rotate": lambda b: "The workspace's key was changed",
    "hold.set": lambda b: f"A legal hold was set on {'a request' if b.get('case') else 'a person'}",
    "hold.release": lambda b: "A legal hold was released",
    "unreadable": lambda b: "This entry can’t be read: somebody changed its bytes",
}


def says(entry: Entry) -> str:
    """An entry as a sentence; its type where nobody worded it."""
    known = _SAYS.get(entry.type)
    return known(entry.body) if known else entry.type


def raw(entry: Entry) -> str:
    """The stored record, indented to be read; as it stands where it is not JSON."""
    text = entry.raw.decode("utf-8", "replace")
    try:
        return json.dumps(json.loads(text), indent=1, ensure_ascii=False, sort_keys=True)
    except ValueError:
        return text


@dataclass(frozen=True, slots=True)
class Day:
    """The head of a day."""

    title: str
    entries: int


class AuditModel(RowsModel[Entry | Day]):
    """``show_entries`` once, then ``filter``."""

    HEADS = ("Time", "", "Type", "What", "Request", "By", "Entry")
    RIGHT = frozenset({6})

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[tuple[str, Entry]] = []
        self._names: Mapping[str, str] = {}
        self._refs: Mapping[str, str] = {}
        #: The entry at which a verification found the first fault; 0 for none.
        self.fault = 0

    def show_entries(self, entries: Sequence[Entry], names: Mapping[str, str], refs: Mapping[str, str]) -> None:
        """Show a trail. ``names``: key id → operator; ``refs``: case id → the request's reference."""
        days: dict[str, str] = {}
        self._entries = []
        for entry in reversed(entries):
            hour = entry.ts[:13]
            if hour not in days:
                days[hour] = day(entry.ts)
            self._entries.append((days[hour], entry))
        self._names, self._refs = names, refs
        self.filter()

    def filter(self, words: str = "", kind: str = "", actor: str = "") -> int:
        """Show only what has these words, this type and this signer; gives how many entries that is."""
        words = words.strip().lower()
        kept = [
            (d, e)
            for d, e in self._entries
            if (not kind or e.type == kind) and (not actor or e.actor == actor) and (not words or self._has(e, words))
        ]
        lines: list[Entry | Day] = []
        counts = Counter(d for d, _ in kept)
        last = None
        for title, entry in kept:
            if title != last:
                lines.append(Day(title or "no time", counts[title]))
                last = title
            lines.append(entry)
        self.set_rows(lines)
        return len(kept)

    def types(self) -> list[str]:
        """The types that stand in the trail."""
        return sorted({e.type for _, e in self._entries})

    def actors(self) -> list[tuple[str, str]]:
        """Who signed, as (key id, name)."""
        return sorted({(e.actor, self.name(e.actor)) for _, e in self._entries})

    def name(self, actor: str) -> str:
        """An operator's name, or the key where the name is gone."""
        return self._names.get(actor, actor[:8])

    def ref(self, entry: Entry) -> str:
        """The request that an entry is about; ``""`` where it is about none, or its data has been destroyed."""
        return self._refs.get(str(entry.body.get("case", "")), "")

    def row_of(self, seq: int) -> int:
        """The line of an entry; -1 where it is filtered away."""
        return next((i for i, e in enumerate(self.rows) if isinstance(e, Entry) and e.seq == seq), -1)

    def parts(self, row: Entry | Day, column: int) -> Sequence[Part]:
        if isinstance(row, Day):
            return self._day(row, column)
        match column:
            case 0:
                return (Text(clock(row.ts), "text2", size=theme.SMALL, mono=True),)
            case 1:
                sign, tint = _BAD.get(row.type) or _SIGNS.get(row.type.partition(".")[0], ("info", "text2"))
                return (Sign("failed" if row.seq == self.fault else sign, "failed" if row.seq == self.fault else tint),)
            case 2:
                return (Text(row.type, "text2", size=theme.SMALL, mono=True),)
            case 3:
                return (Text(says(row), "failed" if row.seq == self.fault else "text"),)
            case 4:
                ref = self.ref(row)
                return (Text(f"…{ref[-4:]}" if ref else "–", "text2", size=theme.SMALL, mono=True),)
            case 5:
                return (Text(self.name(row.actor), size=theme.SMALL),)
        return Gap(), Text(thin(row.seq), "text2", size=theme.SMALL, mono=True)

    def ground(self, row: Entry | Day) -> str | None:
        if isinstance(row, Day):
            return "sunken"
        return "failed_ground" if row.seq == self.fault else None

    @staticmethod
    def _day(row: Day, column: int) -> Sequence[Part]:
        if column == 0:  # the view lets it span the line
            return (
                Text(row.title, weight=theme.BOLD, size=theme.SMALL),
                Text(counted(row.entries, "entry", "entries"), "text2", size=theme.SMALL),
            )
        return ()

    def _has(self, entry: Entry, words: str) -> bool:
        text = f"{entry.type} {entry.seq} {self.ref(entry)} {self.name(entry.actor)} {entry.actor} {says(entry)}"
        return words in text.lower()
