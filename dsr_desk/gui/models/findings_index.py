"""Findings as the list shows them: systems in catalog order, their collections, their rows. No Qt, no copies of the rows.

Rows are addressed by number over what is unfolded and passes the filter; a search over the blocks' starts answers which row that
is, so that nothing is rebuilt when findings stream in.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from dsr_desk.model.catalog import Collection, System
from dsr_desk.model.finding import Finding, RowRef
from dsr_desk.model.mask import is_special
from dsr_desk.model.request import Decision

#: What the chips over the list filter by.
Mark = Literal["", "undecided", "special", "left out"]


@dataclass(frozen=True, slots=True)
class Node:
    """A row of the list: a system, one of its collections, or a finding in it."""

    kind: Literal["system", "collection", "row"]
    system: str
    collection: str = ""
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of the page. ``undecided`` are shared, only seen, mentioned or to be reviewed, and nobody has said yet."""

    found: int = 0
    ticked: int = 0
    undecided: int = 0
    special: int = 0
    left_out: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.found + other.found,
            self.ticked + other.ticked,
            self.undecided + other.undecided,
            self.special + other.special,
            self.left_out + other.left_out,
        )

    def __sub__(self, other: Counts) -> Counts:
        return Counts(
            self.found - other.found,
            self.ticked - other.ticked,
            self.undecided - other.undecided,
            self.special - other.special,
            self.left_out - other.left_out,
        )


#: What a row of the list is made from: its kind, its system, its block.
Line = tuple[Literal["system", "collection", "rows"], str, "Block | None"]


@dataclass(frozen=True, slots=True)
class Order:
    """Which line begins at which row, and how many rows there are."""

    lines: tuple[Line, ...] = ()
    starts: tuple[int, ...] = ()
    total: int = 0

    def end_of(self, block: Block) -> int:
        """The row after a block's last one, or after the head of the folded system it is in."""
        end = 0
        for i, (_, system, this) in enumerate(self.lines):
            if this is block or (this is None and system == block.system):
                end = self.starts[i + 1] if i + 1 < len(self.starts) else self.total
        return end


@dataclass(slots=True)
class Block:
    """A collection's findings, and which of them pass the filter (``None``: all)."""

    system: str
    name: str
    findings: list[Finding] = field(default_factory=list)
    places: dict[RowRef, int] = field(default_factory=dict)
    shown: list[int] | None = None
    open: bool = False
    special: tuple[str, ...] = ()
    counts: Counts = Counts()
    #: How many rows views know of; ``publish`` raises it.
    published: int = 0

    def __len__(self) -> int:
        return self.published

    def publish(self) -> None:
        """Let views know of all its rows."""
        self.published = len(self.findings) if self.shown is None else len(self.shown)

    def at(self, i: int) -> Finding:
        """The i-th finding that passes the filter."""
        return self.findings[i if self.shown is None else self.shown[i]]


class FindingsIndex:
    """Everything the list knows."""

    def __init__(self) -> None:
        self.systems: dict[str, System] = {}
        self.blocks: dict[tuple[str, str], Block] = {}
        self.open_systems: set[str] = set()
        self.decisions: dict[RowRef, Decision] = {}
        #: Which findings are ticked before anybody decides, and which nobody can tick.
        self.takes: Callable[[Finding], bool] = lambda finding: finding.clear
        self.locked: Callable[[Finding], bool] = lambda finding: False
        self._order = Order()
        self._text, self._mark = "", ""

    def set_systems(self, systems: Mapping[str, System]) -> None:
        """The catalog, in its order; forgets all findings."""
        self.systems = dict(systems)
        self.open_systems = set(systems)
        self.blocks = {
            (s.name, c.name): Block(s.name, c.name, special=tuple(f.name for f in c.fields.values() if is_special(f.category)))
            for s in systems.values()
            for c in s.collections.values()
        }
        self.arrange()

    # -- what is where ----------------------------------------------------------------------------------------------------

    def order(self) -> Order:
        """How the rows would be numbered now. ``arrange`` puts it into force."""
        lines: list[Line] = []
        starts: list[int] = []
        at = 0

        def line(kind: Literal["system", "collection", "rows"], system: str, block: Block | None, high: int) -> None:
            nonlocal at
            lines.append((kind, system, block))
            starts.append(at)
            at += high

        for name in self.systems:
            blocks = [b for (s, _), b in self.blocks.items() if s == name and len(b)]
            if not blocks:
                continue
            line("system", name, None, 1)
            if name not in self.open_systems:
                continue
            for block in blocks:
                line("collection", name, block, 1)
                if block.open:
                    line("rows", name, block, len(block))
        return Order(tuple(lines), tuple(starts), at)

    def arrange(self, order: Order | None = None) -> None:
        """Number the rows again after something was folded, filtered or added. Until then the old numbers hold."""
        self._order = order or self.order()

    def __len__(self) -> int:
        return self._order.total

    def node(self, row: int) -> Node:
        """What stands in a row."""
        i = bisect_right(self._order.starts, row) - 1
        kind, system, block = self._order.lines[i]
        if block is None:
            return Node("system", system)
        if kind == "collection":
            return Node("collection", system, block.name)
        return Node("row", system, block.name, block.at(row - self._order.starts[i]))

    def row_of(self, ref: RowRef) -> int | None:
        """Where a finding stands; ``None`` where it is folded away or filtered."""
        for start, (kind, system, block) in zip(self._order.starts, self._order.lines, strict=True):
            if kind != "rows" or block is None or (system, block.name) != (ref.system, ref.collection):
                continue
            place = block.places.get(ref)
            if place is None:
                return None
            if block.shown is None:
                return start + place
            return start + block.shown.index(place) if place in block.shown else None
        return None

    def collection(self, block: Block | Node) -> Collection | None:
        """The catalog's description of a block's or node's collection."""
        name = block.name if isinstance(block, Block) else block.collection
        system = self.systems.get(block.system)
        return system.collections.get(name) if system else None

    def under(self, node: Node) -> Iterator[Finding]:
        """The findings below a row of the list, filtered or not folded or not."""
        if node.finding is not None:
            yield node.finding
            return
        for (system, name), block in self.blocks.items():
            if system == node.system and node.collection in ("", name):
                yield from block.findings

    # -- findings -----------------------------------------------------------------------------------------------------------

    def block(self, finding: Finding) -> Block:
        """Where a finding belongs; made for one of a collection that the catalog no longer has."""
        where = (finding.ref.system, finding.ref.collection)
        if where not in self.blocks:
            self.blocks[where] = Block(*where)
            if where[0] not in self.systems:
                self.systems[where[0]] = System(where[0], "")
                self.open_systems.add(where[0])
        return self.blocks[where]

    def known(self, finding: Finding) -> bool:
        """Whether exactly this finding is shown already."""
        block = self.blocks.get((finding.ref.system, finding.ref.collection))
        place = block.places.get(finding.ref) if block else None
        return block is not None and place is not None and block.findings[place] is finding

    def add(self, block: Block, findings: Iterable[Finding]) -> None:
        """Take a block's findings in; one with a known row replaces what was there. Views
        see them after ``publish`` and ``arrange``.
        """
        if not block.findings:
            collection = self.collection(block)
            block.open = block.open or bool(collection and collection.subject)
        whole = block.shown is not None and self._whole(block)
        for finding in findings:
            place = block.places.get(finding.ref)
            block.counts += self._counted(finding, block)
            if place is None:
                block.places[finding.ref] = len(block.findings)
                block.findings.append(finding)
                if block.shown is not None and self._passes(block, finding, whole):
                    block.shown.append(len(block.findings) - 1)
            else:
                block.counts -= self._counted(block.findings[place], block)
                block.findings[place] = finding

    def _counted(self, finding: Finding, block: Block) -> Counts:
        decision = self.decisions.get(finding.ref)
        takes = decision.include if decision is not None else self.takes(finding)
        return Counts(
            1,
            takes,
            decision is None and not takes and not self.locked(finding),
            bool(block.special) and self.special(finding, block),
            decision is not None and not takes,
        )

    def clear(self) -> None:
        """Forget all findings; what is unfolded stays so."""
        for block in self.blocks.values():
            block.findings, block.places, block.counts = [], {}, Counts()
            block.shown = None if block.shown is None else []
            block.publish()
        self.arrange()

    def ticked(self, finding: Finding) -> bool:
        """Whether it will be acted on: as a person decided, else where it is plainly this person's."""
        decision = self.decisions.get(finding.ref)
        return decision.include if decision is not None else self.takes(finding)

    def undecided(self, finding: Finding) -> bool:
        """Whether a person must still say something about it."""
        return finding.ref not in self.decisions and not self.takes(finding) and not self.locked(finding)

    def decide(self, decisions: Mapping[RowRef, Decision]) -> None:
        """What a person decided so far."""
        old, new = self.decisions, dict(decisions)
        changed = {ref for ref in old.keys() | new.keys() if old.get(ref) != new.get(ref)}
        touched = [
            (block, block.findings[place])
            for ref in changed
            if (block := self.blocks.get((ref.system, ref.collection))) is not None and (place := block.places.get(ref)) is not None
        ]
        for block, finding in touched:
            block.counts -= self._counted(finding, block)
        self.decisions = new
        for block, finding in touched:
            block.counts += self._counted(finding, block)

    def counts(self) -> Counts:
        """The figures, over everything that was found, filtered or not."""
        return sum((b.counts for b in self.blocks.values()), Counts())

    def special(self, finding: Finding, block: Block | None = None) -> bool:
        """Whether it holds a value of a special category."""
        block = block or self.blocks[finding.ref.system, finding.ref.collection]
        return any(finding.row.values.get(name) not in (None, "") for name in block.special)

    # -- filter --------------------------------------------------------------------------------------------------------------

    def filter(self, text: str, mark: str) -> None:
        """Show only rows whose key, marks or collection hold ``text``, and of these only those with ``mark``."""
        self._text, self._mark = text.strip().lower(), mark
        for block in self.blocks.values():
            if not self._text and not mark:
                block.shown = None
                block.publish()
                continue
            whole = self._whole(block)
            block.shown = [i for i, f in enumerate(block.findings) if self._passes(block, f, whole)]
            block.publish()
            if block.shown:
                block.open = True
        self.arrange()

    def _whole(self, block: Block) -> bool:
        """Whether the text names the collection itself."""
        collection, system = self.collection(block), self.systems.get(block.system)
        names = [block.name, block.system, system.label if system else ""]
        if collection is not None:
            names += [collection.label, *collection.fields, *(f.category or "" for f in collection.fields.values())]
        return any(self._text in n.lower() for n in names)

    def _passes(self, block: Block, finding: Finding, whole: bool) -> bool:
        match self._mark:
            case "undecided":
                if not self.undecided(finding):
                    return False
            case "special":
                if not self.special(finding, block):
                    return False
            case "left out":
                if finding.ref not in self.decisions or self.decisions[finding.ref].include:
                    return False
        return whole or any(self._text in part.lower() for part in (*finding.ref.key, *finding.review))
