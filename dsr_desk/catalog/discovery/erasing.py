"""What should happen on erasure, to rows and to the fields of rows that stay: proposals that the check takes without an error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import dsr_desk.strategies
from dsr_desk.catalog.discovery.owners import Edge
from dsr_desk.catalog.discovery.tables import Table
from dsr_desk.catalog.discovery.writing import scalar
from dsr_desk.model.catalog import OnErase
from dsr_desk.model.schema import Column
from dsr_desk.plugins import plugins
from dsr_desk.strategies.base import Strategy

_SUFFIX = "@erased.invalid"
_DATES = ("invoice", "rechnung", "factur", "fattura", "faktura", "bill", "issue", "date", "datum", "fecha", "data", "created")


@dataclass(frozen=True, slots=True)
class Fate:
    """What happens to a collection's rows, why, and what else the collection says then."""

    on_erase: OnErase
    confidence: float
    evidence: str
    keep: str = ""


#: What stands for a collection that nothing is said of yet.
_GONE = Fate("delete", 0.0, "")


def fates(
    tables: Mapping[str, Table], concerned: Sequence[str], edges: Mapping[str, Sequence[Edge]], strangers: Set[str]
) -> dict[str, Fate]:
    """The fate of each collection that holds somebody's data: invoices stay, what they hang on is emptied, the rest goes.

    ``strangers`` are nobody's rows that still hold something of somebody: a supplier's telephone.
    """
    found: dict[str, Fate] = {}
    for name in concerned:
        if tables[name].concept == "invoice":
            found[name] = Fate("keep", 0.5, "tax law keeps invoices; ask for how long, and mend the end", _keep(tables[name]))
    todo = list(found)
    for name in concerned:  # the lines of an invoice end with it, and not before
        kept = [
            e.link.target
            for e in edges.get(name, ())
            if e.kind == "owned_by" and found.get(e.link.target, _GONE).on_erase == "keep"
        ]
        if kept and name not in found:
            found[name] = Fate("keep", 0.5, f"they are part of {kept[0]}, which stay", _keep(None))
            todo.append(name)
    while todo:
        name = todo.pop()
        for edge in edges.get(name, ()):
            target = edge.link.target
            if edge.kind != "owns" and target in concerned and target not in found:
                found[target] = Fate("redact", 0.6, f"{name} stay, and point at these rows")
                todo.append(target)
    for name, stuck in _stuck(tables, edges).items():
        if name in concerned:
            found.setdefault(
                name, Fate("redact", 0.5, f"{stuck} points at these rows, belongs to somebody else, and may not be empty")
            )
    for name in strangers:
        found.setdefault(name, Fate("redact", 0.5, "its rows are nobody's, so only what is of the person is emptied"))
    for name in concerned:
        found.setdefault(name, Fate("delete", 0.6, "nothing that stays hangs on these rows"))
    return found


def _stuck(tables: Mapping[str, Table], edges: Mapping[str, Sequence[Edge]]) -> dict[str, str]:
    """Collections that rows of other people point at by columns that may not be empty."""
    found: dict[str, str] = {}
    for name, those in edges.items():
        for edge in those:
            column = tables[name].columns.get(edge.link.columns[0])
            if edge.kind == "points_at" and column is not None and not column.nullable:
                found.setdefault(edge.link.target, f"{name}.{column.name}")
    return found


def _keep(table: Table | None) -> str:
    """The ground, and an end by the first date of a table; without one, rows stay as long as those they belong to."""
    dated = [c.name for c in table.columns.values() if c.type in ("date", "datetime")] if table else []
    dated.sort(key=lambda name: next((i for i, word in enumerate(_DATES) if word in name.lower()), len(_DATES)))
    until = f", until: {{field: {scalar(dated[0])}, plus: 10 years}}" if dated else ""
    return f'keep: {{ground: "17(3)(b)", reason: Tax and accounting law{until}}}'


def erasure(column: Column, category: str) -> tuple[str, str]:
    """``erase: …`` for one personal field of a row that stays, and why just so: the first strategy that its column takes."""
    strategies = plugins(dsr_desk.strategies, Strategy)
    for name, params, why in _proposals(column, category):
        strategy = strategies[name]
        if strategy().refuses(column, params) is None:
            return f"erase: {_written(name, params)}", why
    return "erase: default", "nothing else fits its type"


def _proposals(column: Column, category: str) -> Iterator[tuple[str, dict[str, Any], str]]:
    yield "null", {}, "it may be empty"
    if category == "user.contact.email":
        yield "pseudonym", {"suffix": _SUFFIX}, "it may not be empty, and addresses are often unique"
    if category in ("user.account.username", "user.unique_id", "user.name"):
        yield "pseudonym", {}, "it may not be empty, and may have to be unique"
    if column.type in ("text", "any"):
        yield "constant", {"value": "Erased"}, "it may not be empty"
        yield "blank", {}, "it may not be empty, and is short"
    yield "default", {}, "it may not be empty, and this is what is empty for its type"
    yield "random", {}, "it may not be empty"


def _written(name: str, params: Mapping[str, Any]) -> str:
    if not params:
        return scalar(name) if name != "null" else "null"
    ((key, value),) = params.items()
    return f"{{{name}: {scalar(value)}}}" if key == "value" else f"{{{name}: {{{key}: {scalar(value)}}}}}"
