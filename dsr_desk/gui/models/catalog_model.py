"""The systems of the catalog as a list: name, health in words, coverage as a bar."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from dsr_desk.catalog.check import CatalogCheck, SystemHealth
from dsr_desk.catalog.diff import Change
from dsr_desk.catalog.document import Node
from dsr_desk.catalog.live import coverage
from dsr_desk.catalog.problem import Problem, order
from dsr_desk.catalog.read import FOLDER
from dsr_desk.catalog.source import Source
from dsr_desk.gui import theme
from dsr_desk.gui.models.rows import RowsModel
from dsr_desk.gui.models.wording import counted, sign_of, thin
from dsr_desk.gui.widgets.parts import Bar, Gap, Part, Sign, Text, environment
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.schema import Schema

if TYPE_CHECKING:
    from dsr_desk.flow.editing import Typed

#: The model's answer under this role: the parts of the second line.
SECOND: Final = int(Qt.ItemDataRole.UserRole) + 11
#: The bar under both lines; ``None`` for none.
BAR: Final = int(Qt.ItemDataRole.UserRole) + 12


@dataclass(frozen=True)
class CatalogState:
    """The catalog as it is in its files: what a check said, the texts, and whether (and how) they differ from what was accepted."""

    check: CatalogCheck
    files: Mapping[str, str]
    sources: Mapping[str, Source] = field(default_factory=dict)
    accepted: bool = False
    changes: tuple[Change, ...] = ()
    difference: str = ""
    live: bool = False
    #: The bytes of each file that may be changed, as they were read.
    raw: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    #: What each of those files says, laid over its connector; without those that can't be read.
    trees: Mapping[str, Node] = field(default_factory=dict, repr=False)
    #: The version that was accepted last, in words: ``version 3, Sun 22 Nov 2026 by I. Kowal``.
    version: str = ""

    def typed(self, typed: Typed, files: Collection[str]) -> CatalogState:
        """The same with what is typed in ``files``: their problems are those of the text, the others keep what systems answered."""
        check = self.check
        others = (p for p in check.problems if p.file not in files)
        problems = order((*typed.problems, *others))
        catalog = typed.read.catalog
        health = tuple(_covered(h, catalog, check.schemas) for h in check.systems)
        new = replace(check, problems=problems, systems=health, catalog=catalog or check.catalog, broken=typed.read.broken)
        trees = {**{f: t for f, t in self.trees.items() if f not in files}, **typed.trees}
        return replace(self, check=new, sources=typed.read.sources, trees=trees)


def _covered(health: SystemHealth, catalog: Catalog | None, schemas: Mapping[str, Schema]) -> SystemHealth:
    """The coverage of a system by what is typed."""
    system, schema = catalog.systems.get(health.system) if catalog else None, schemas.get(health.system)
    if system is None or schema is None or health.by_hand:
        return health
    parts = coverage(system, schema)
    return replace(
        health,
        known_columns=sum(c.known for c in parts),
        live_columns=sum(c.columns for c in parts),
        uncovered=tuple(f"{c.collection}.{column}" for c in parts for column in c.uncovered),
        collections=parts,
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list; without ``health`` its file can't be read."""

    name: str
    file: str
    health: SystemHealth | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What has to be mended."""
        return tuple(p for p in self.problems if p.severity == "error")


def listed(state: CatalogState) -> list[Listed]:
    """Every system, and every file that hides one, in catalog order; then what belongs to no file."""
    problems = state.check.problems
    known = [Listed(h.system, h.file, h, tuple(p for p in problems if p.file == h.file)) for h in state.check.systems]
    if not known and all(p.file == FOLDER for p in problems):
        return []
    files = {line.file for line in known}
    rest = dict.fromkeys(p.file for p in problems if p.file not in files)
    return [*known, *(Listed(f.rpartition("/")[2], f, None, tuple(p for p in problems if p.file == f)) for f in rest)]


def first_to_see(lines: Sequence[Listed]) -> int:
    """The line to stand on at first: one with something to mend, else one that holds collections, else the first."""
    wrong = (i for i, line in enumerate(lines) if any(p.severity != "note" for p in line.problems))
    by_machine = (i for i, line in enumerate(lines) if line.health is None or not line.health.by_hand)
    return next(wrong, next(by_machine, 0))


def health_parts(line: Listed) -> tuple[Part, ...]:
    """The health of a system in words, with its sign."""
    health = line.health
    small = theme.SMALL
    if health is None:
        return Sign("failed", "failed", 13), Text("can’t be read", "failed", theme.MEDIUM, small)
    if line.errors:
        return Sign("failed", "failed", 13), Text(counted(len(line.errors), "error"), "failed", theme.MEDIUM, small)
    if health.by_hand:
        return Sign("manual", "manual", 13), Text("by hand", "manual", theme.MEDIUM, small)
    if health.reachable is None:
        return Sign("clock", "text3", 13), Text("not asked yet", "text2", size=small)
    if not health.reachable:
        return Sign("offline", "failed", 13), Text("no answer", "failed", theme.MEDIUM, small)
    how = "read in" if health.driver in ("sheet", "folder", "duckdb") else "answers in"
    can = "" if health.writable else ", can’t be written"
    return Sign("done", "verified", 13), Text(f"{how} {thin(max(1, round(health.seconds * 1000)))} ms{can}", "text2", size=small)


class CatalogModel(RowsModel[Listed]):
    """One line a system."""

    HEADS = ("System",)

    def parts(self, row: Listed, column: int) -> Sequence[Part]:
        if row.health is None:
            return Sign("file", "failed"), Text(row.name, weight=theme.BOLD)
        return (
            Sign(sign_of(row.health.driver)),
            Text(row.health.title, weight=theme.BOLD),
            environment(row.health.environment),
        )

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if index.isValid() and role in (SECOND, BAR):
            row = self.rows[index.row()]
            return self._second(row) if role == SECOND else self._bar(row)
        return super().data(index, role)

    def said(self, row: Listed) -> str:
        second = (p.text for p in self._second(row) if isinstance(p, Text))
        return f"{super().said(row)}, {', '.join(second)}"

    @staticmethod
    def _second(row: Listed) -> Sequence[Part]:
        health = row.health
        if health is None or not health.live_columns:
            return (Gap(24), *health_parts(row))
        whole = health.known_columns == health.live_columns
        coverage = Text(
            f"{health.known_columns} of {health.live_columns}", "text2" if whole else "retained", theme.MEDIUM, theme.SMALL
        )
        return Gap(24), *health_parts(row), Gap(), coverage

    @staticmethod
    def _bar(row: Listed) -> Bar | None:
        health = row.health
        if health is None or health.by_hand:
            return None
        whole = health.known_columns == health.live_columns
        return Bar(health.known_columns, health.live_columns, "bar_done" if whole else "bar_waits")
