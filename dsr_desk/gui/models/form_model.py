"""A collection of a catalog file as a form shows it, read from whatever stands there, right or wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dsr_desk.catalog.document import Node
from dsr_desk.catalog.problem import Problem
from dsr_desk.catalog.shape import REFERENCE_KINDS
from dsr_desk.model.catalog import Collection
from dsr_desk.model.schema import Column, LiveCollection

#: What a reference is called in a form.
KIND_WORDS = {
    "owned_by": "belongs to",
    "owns": "owns",
    "accessed_by": "may be seen by",
    "accesses": "may see",
    "points_at": "only names",
}


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field. ``says`` is what the file says of it; ``column`` what the live system has of that name."""

    name: str
    says: Mapping[str, Any]
    line: int
    column: Column | None = None
    problem: Problem | None = None
    in_key: bool = False

    @property
    def category(self) -> str:
        """Its data category, also one that holds under a condition."""
        return _word(self.says.get("category"))

    @property
    def identity(self) -> str:
        """The kind of identifier that it carries."""
        return _word(self.says.get("identity"))

    @property
    def owners(self) -> tuple[tuple[str, str], ...]:
        """Each reference as (kind, target)."""
        found = []
        for kind in REFERENCE_KINDS:
            value = self.says.get(kind)
            for one in value if isinstance(value, list) else [value] if value is not None else []:
                found.append((str(kind), str(one.get("to", "")) if isinstance(one, dict) else str(one)))
        return tuple(found)

    @property
    def simple(self) -> bool:
        """Whether the form can say all that the file says: no conditions, at most one reference."""
        words = all(not isinstance(self.says.get(k), dict) for k in ("category", "identity"))
        one = all(isinstance(self.says.get(k), str | None) for k in REFERENCE_KINDS)
        return words and one and len(self.owners) <= 1

    @property
    def erase(self) -> tuple[str, Any] | None:
        """Strategy and settings; ``None`` where nothing is said."""
        if "erase" not in self.says:
            return None
        value = self.says["erase"]
        if value is None:
            return "null", None
        if isinstance(value, dict) and len(value) == 1:
            ((name, settings),) = value.items()
            return str(name), settings
        return (str(value), None) if not isinstance(value, dict) else ("", value)


@dataclass(frozen=True, slots=True)
class CollectionForm:
    """One collection: what it says, its fields, and what is wrong with it by key (``on_erase``, ``keep`` …)."""

    name: str
    says: Mapping[str, Any]
    fields: tuple[FieldRow, ...]
    line: int
    problems: Mapping[str, Problem] = field(default_factory=dict)
    uncovered: tuple[Column, ...] = ()

    @property
    def title(self) -> str:
        """What people call it."""
        return str(self.says.get("title") or "")

    @property
    def row_is(self) -> str:
        """``person``, ``some`` (a person under a condition), ``owned``, or nothing."""
        subject = self.says.get("subject")
        if subject is True:
            return "person"
        if isinstance(subject, dict):
            return "some"
        return "owned" if self.owners or self.says.get("references") else ""

    @property
    def owners(self) -> tuple[tuple[str, str, str], ...]:
        """Each reference as (field, kind, target)."""
        return tuple((row.name, kind, to) for row in self.fields for kind, to in row.owners)

    @property
    def on_erase(self) -> str:
        """``delete``, ``redact``, ``keep``, whatever stands there, or nothing."""
        return str(self.says.get("on_erase") or "")

    @property
    def keep(self) -> Mapping[str, Any]:
        """Why rows stay, and until when."""
        keep = self.says.get("keep")
        return keep if isinstance(keep, dict) else {}


def names(tree: Node | None) -> list[str]:
    """The collections of a file, in its order."""
    below = tree.child("collections") if tree else None
    return list(below.value) if below and isinstance(below.value, dict) else []


def collection_at(tree: Node | None, file: str, line: int) -> tuple[str, str]:
    """The collection and the field that a line of a file belongs to; ``""`` for none."""
    below = tree.child("collections") if tree else None
    if tree is None or below is None or not isinstance(below.value, dict) or _at(tree, file, line) != "collections":
        return "", ""
    name = _at(below, file, line)
    inside = below.value[name].child("fields") if name else None
    return name, _at(inside, file, line) if inside and isinstance(inside.value, dict) else ""


def form_of(
    tree: Node | None, name: str, problems: Sequence[Problem], live: LiveCollection | None, known: Collection | None
) -> CollectionForm | None:
    """A collection as a form; ``None`` where the file has none of that name.

    ``live`` and ``known`` are the collection as its system has it, and as the catalog took it in, where they are.
    """
    below = tree.child("collections") if tree else None
    node = below.child(name) if below else None
    if below is None or node is None:
        return None
    mine = [p for p in problems if p.collection == name and p.severity != "note"]
    says = node.plain() if isinstance(node.value, dict) else {}
    inside = node.child("fields")
    rows = []
    named = says.get("key")
    key = named if isinstance(named, list) else []
    for field_name, below_it in inside.value.items() if inside and isinstance(inside.value, dict) else ():
        plain = below_it.plain()
        wrong = sorted((p for p in mine if p.field == field_name), key=lambda p: p.severity)
        rows.append(
            FieldRow(
                field_name,
                plain if isinstance(plain, dict) else {},
                inside.keys[field_name].line if inside else 0,
                live.columns.get(field_name) if live else None,
                wrong[0] if wrong else None,
                field_name in key,
            )
        )
    by_key: dict[str, Problem] = {}
    for problem in sorted(mine, key=lambda p: p.severity):
        if not problem.field:
            steps = problem.key.removeprefix(f"collections.{name}").split(".")
            by_key.setdefault(steps[1] if len(steps) > 1 else "", problem)
    uncovered = tuple(c for n, c in live.columns.items() if n not in known.fields) if live and known else ()
    return CollectionForm(name, says, tuple(rows), below.keys[name].line, by_key, uncovered)


def _at(node: Node, file: str, line: int) -> str:
    above = [(mark.line, name) for name, mark in node.keys.items() if mark.file == file and mark.line <= line]
    return max(above)[1] if above else ""


def _word(value: Any) -> str:
    return str(value.get("is", "")) if isinstance(value, dict) else str(value) if value is not None else ""
