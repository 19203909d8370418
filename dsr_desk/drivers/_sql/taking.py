"""What the database takes along by itself when rows go: rows of tables outside the catalog, through every further cascade.

Each of those rows counts once, for the first row of the plan from which it is reached, so that the numbers add up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from dsr_desk.drivers._sql.live import Table
from dsr_desk.drivers._sql.pointing import TAKES, outside
from dsr_desk.drivers._sql.reading import pointing
from dsr_desk.drivers._sql.session import Session
from dsr_desk.model.finding import RowRef
from dsr_desk.model.plan import Reach, Refusal, Step
from dsr_desk.model.schema import ForeignKey
from dsr_desk.model.values import Value, as_text

#: A row outside the catalog: its table and what tells it apart there.
_Row = tuple[str, tuple[str | None, ...]]


@dataclass(frozen=True)
class Taken:
    """What goes along with each row, and ``inside``: rows of the catalog's own tables that would, though the plan keeps them."""

    reach: Mapping[RowRef, tuple[Reach, ...]]
    inside: tuple[Refusal, ...]

    def differing(self, steps: Iterable[Step]) -> Iterator[Step]:
        """The steps whose plan says otherwise."""
        return (s for s in steps if s.action == "delete" and tuple(s.reach) != self.reach.get(s.ref, ()))


NOTHING = Taken({}, ())


def taken(session: Session, steps: Sequence[Step], lock: bool) -> Taken:
    """Follow every cascade from the rows that the steps delete, where the catalog agrees to that (``cascade: true``)."""
    roots = [s for s in steps if s.action == "delete" and session.system.collections[s.ref.collection].cascade]
    if not roots:
        return NOTHING
    walk = _Walk(session, roots, steps, lock)
    return Taken(walk.reach(), tuple(dict.fromkeys(walk.inside)))


class _Walk:
    def __init__(self, session: Session, roots: Sequence[Step], steps: Sequence[Step], lock: bool) -> None:
        self.session = session
        self.roots = roots
        self.steps = steps
        self.lock = lock
        self.inside: list[Refusal] = []
        self.first: dict[_Row, int] = {}
        self.by: dict[_Row, tuple[str, ...]] = {}
        self.cleared: dict[tuple[_Row, tuple[str, ...]], int] = {}
        self._into: dict[str, list[ForeignKey]] = defaultdict(list)
        for fk in session.relations.foreign_keys:
            if fk.on_delete in TAKES:
                self._into[fk.to_table].append(fk)

    def reach(self) -> dict[RowRef, tuple[Reach, ...]]:
        """What each root takes, tables in the order of their names."""
        todo: dict[str, list[tuple[int, Mapping[str, Value]]]] = defaultdict(list)
        for number, step in enumerate(self.roots):
            todo[self.session.live[step.ref.collection].name].append((number, step.before))
        while todo:
            table = min(todo)
            going = todo.pop(table)
            for fk in self._into[table]:
                self._follow(fk, going, todo)
        counted: Counter[tuple[int, str, tuple[str, ...], bool]] = Counter()
        for row, number in self.first.items():
            counted[number, row[0], self.by[row], False] += 1
        for (row, columns), number in self.cleared.items():
            if row not in self.first:
                counted[number, row[0], columns, True] += 1
        found: dict[RowRef, list[Reach]] = defaultdict(list)
        for (number, table, columns, cleared), count in sorted(counted.items()):
            found[self.roots[number].ref].append(Reach(table, columns, count, cleared))
        return {ref: tuple(reach) for ref, reach in found.items()}

    def _follow(
        self,
        fk: ForeignKey,
        going: Sequence[tuple[int, Mapping[str, Value]]],
        todo: dict[str, list[tuple[int, Mapping[str, Value]]]],
    ) -> None:
        origin: dict[tuple[str | None, ...], int] = {}
        keys: dict[tuple[Value, ...], None] = {}
        for number, values in going:
            target = tuple(values[c] for c in fk.to_columns)
            if None not in target:
                keys[target] = None
                text = tuple(map(as_text, target))
                origin[text] = min(number, origin.get(text, number))
        child = self.session.pointing(fk)
        if child is None or not keys:
            return
        if self.session.listed(fk.table):
            self._own(fk, child, list(keys))
            return
        for row, values in self._read(child, fk, list(keys)):
            # Where the database takes ``ann`` for ``Ann``, the first of the rows stands for all.
            number = origin.get(tuple(as_text(values[c]) for c in fk.columns), min(origin.values()))
            if fk.on_delete != "CASCADE":
                self.cleared[row, fk.columns] = min(number, self.cleared.get((row, fk.columns), number))
            elif (number, fk.columns) < (self.first.get(row, len(self.roots)), self.by.get(row, ())):
                self.first[row] = number
                self.by[row] = fk.columns
                todo[fk.table].append((number, values))

    def _own(self, fk: ForeignKey, child: Table, keys: list[tuple[Value, ...]]) -> None:
        gone = {s.ref for s in self.steps if s.action in ("delete", "move") or {*fk.columns} & {*s.writes}}
        found = outside(self.session, gone, child, fk.columns, keys)
        if found:
            name, by = next(c for c, table in self.session.live.items() if table.name == fk.table), ", ".join(fk.columns)
            why = f"{found} row{'s' if found > 1 else ''} of it that the plan does not erase would be taken along ({by})"
            said = any({*r.fields} == {*fk.columns} for r in self.session.system.collections[name].references)
            if said:
                cure = f"Leave the record out that they hang on, include these, too, or give {by} an erase: in the catalog."
            elif self.session.listed(fk.to_table):
                cure = f"Leave the record out that they hang on, or say in the catalog whose they are: owned_by for {by}."
            else:
                cure = f"Leave the record out that they hang on, or list {fk.to_table} in the catalog and say owned_by for {by}."
            self.inside.append(Refusal(self.session.system.name, name, by, why, cure))

    def _read(self, child: Table, fk: ForeignKey, keys: list[tuple[Value, ...]]) -> Iterator[tuple[_Row, Mapping[str, Value]]]:
        alike: Counter[tuple[str | None, ...]] = Counter()
        alone = child.apart or any(c.primary_key for c in child.columns.values())
        wanted = list(dict.fromkeys((*fk.columns, *(c for further in self._into[child.name] for c in further.to_columns))))
        marks = child.marks
        for where in pointing(self.session.dialect, child, fk.columns, keys):
            statement: Any = select(*marks, *(child.at(c) for c in wanted)).where(where)
            if self.lock and self.session.dialect.may_lock(self.session.conn, child):
                statement = self.session.dialect.lock(statement)
            for found in self.session.conn.execute(statement):
                mark = tuple(as_text(v) for v in found[: len(marks)])
                if not alone:  # identical rows are found by the same statements, so each is counted by its number
                    alike[mark] += 1
                    mark = (*mark, str(alike[mark]))
                yield (child.name, mark), dict(zip(wanted, found[len(marks) :], strict=True))
