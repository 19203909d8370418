"""Findings from a few words, so that a right is tested by data: what was found, what it should become."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dsr_desk import rights
from dsr_desk.catalog.read import read_catalog
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.finding import Finding, Mention, Row, RowRef
from dsr_desk.model.identity import normals
from dsr_desk.model.plan import Intent
from dsr_desk.model.request import Decision
from dsr_desk.plugins import plugins
from dsr_desk.rights.base import Case, Right
from tests.flow.world import Table, World


def catalog_of(folder: Path, *, basis: str | None = None, driver: str = "csv", **tables: Table) -> Catalog:
    """The catalog of one system called ``db``; nothing is read from it."""
    says: dict[str, Any] = {"url": "sqlite:///db.db"} | ({"legal_basis": basis} if basis else {})
    World(folder).say("db", "sql", says, tables)
    read = read_catalog(folder)
    assert not read.errors, [str(e) for e in read.errors]
    assert read.catalog is not None
    return read.catalog


def finding(collection: str, marks: dict[str, Any] | None = None, /, **values: Any) -> Finding:
    """A row ``db/COLLECTION/id``."""
    key = {"id": values["id"]}
    said = dict(marks or {})
    mentions = tuple(Mention(*m) for m in said.pop("mentions", ()))
    row = Row(RowRef("db", collection, (str(values["id"]),)), key, values)
    return Finding(row, (), **said, mentions=mentions)


def intents(
    right: str,
    catalog: Catalog,
    *findings: Finding,
    include: tuple[str, ...] = (),
    exclude: tuple[str, ...] = (),
    subjects: tuple[str, ...] = ("db/people/1",),
    identity: tuple[tuple[str, str], ...] = (("email", "ann@x.org"), ("name", "Ann Lee")),
    **more: Any,
) -> list[Intent]:
    """What the right wants with the findings."""
    decisions = {RowRef.parse(p): Decision(RowRef.parse(p), p in include, "Looked at it") for p in (*include, *exclude)}
    known: dict[str, frozenset[str]] = {}
    for kind, value in identity:
        known[kind] = known.get(kind, frozenset()) | normals(kind, value)
    made: type[Right] = plugins(rights, Right)[right]  # type: ignore[type-abstract]
    return list(made().intents(Case(catalog, findings, decisions, frozenset(map(RowRef.parse, subjects)), known, **more)))


def told(intent: Intent) -> dict[str, str]:
    """Field → outcome."""
    return {name: o.name for name, o in intent.fields.items()}
