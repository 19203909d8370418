"""New values: intents become steps, and every value that will be written is fixed here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dsr_desk import strategies
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.finding import Finding, Row
from dsr_desk.model.plan import Intent, Outcome, Refusal, Step
from dsr_desk.model.schema import Column, Schema
from dsr_desk.model.values import Value, fingerprint
from dsr_desk.plugins import plugins
from dsr_desk.strategies.base import Strategy

#: What stands in a text where somebody was named.
NAMELESS = "[erased]"


@dataclass(frozen=True)
class Keys:
    """The keys of a plan, 32 random bytes each.

    ``plan`` fingerprints rows, and belongs to one plan; ``request`` makes keyed values the same in every system of the request,
    whichever of its plans writes them, and is destroyed at its close.
    """

    plan: bytes = field(repr=False)
    request: bytes = field(repr=False)


class Values:
    """Turns intents into steps: the only place where new values come from."""

    def __init__(self, catalog: Catalog, schemas: Mapping[str, Schema], keys: Keys) -> None:
        self._catalog = catalog
        self._schemas = schemas
        self._keys = keys
        self._strategies: Mapping[str, Strategy] = {n: c() for n, c in plugins(strategies, Strategy).items()}
        self.refusals: list[Refusal] = []

    def step(self, intent: Intent, finding: Finding) -> Step:
        """The step of one row. A row that is left out or left to a person is not fingerprinted: nobody will touch it."""
        row = finding.row
        fields = dict(intent.fields)
        writes: dict[str, Value] = {}
        for name, (strategy, params) in intent.erase.items():
            value, outcome = self._value(row, name, strategy, params, fields[name])
            fields[name] = outcome
            if outcome.name != "failed":
                writes[name] = value
        writes |= intent.values
        self._unsaid(intent, row)
        aside = intent.action == "manual" or all(o.name == "excluded" for o in fields.values())
        digest = "" if aside else fingerprint(self._keys.plan, row.values)
        action = intent.action if intent.action != "change" or writes else "keep"
        return Step(row.ref, row.key, action, fields, digest, row.values, writes, intent.reason, to=intent.to)

    def _value(self, row: Row, name: str, strategy: str, params: Mapping[str, Any], outcome: Outcome) -> tuple[Value, Outcome]:
        before = row.values.get(name)
        if strategy == "mention":
            return _without(str(before), params["spans"]), outcome
        known = self._strategies.get(strategy)
        if known is None:
            self._refuse(row, name, f"there is no strategy called {strategy}", "Choose another under erase:")
            return None, Outcome("failed", strategy)
        column = self._column(row, name)
        refused = known.refuses(column, params)
        if refused:
            self._refuse(row, name, *refused)
            return None, Outcome("failed", strategy)
        return known.value(before, column, params, self._keys.request), replace(outcome, name=known.in_law)

    def _unsaid(self, intent: Intent, row: Row) -> None:
        """A personal field of a redacted row that the catalog doesn't say how to erase stops the plan."""
        collection = self._catalog.collection(row.ref.system, row.ref.collection)
        if collection.on_erase != "redact" or intent.action == "manual":
            return
        for name, outcome in intent.fields.items():
            if outcome.name == "manual" and name in collection.fields:
                self._refuse(row, name, "it is personal, and the catalog does not say how to erase it", "Add erase: to it")

    def _refuse(self, row: Row, name: str, why: str, cure: str) -> None:
        refusal = Refusal(row.ref.system, row.ref.collection, name, why, cure)
        if refusal not in self.refusals:
            self.refusals.append(refusal)

    def _column(self, row: Row, name: str) -> Column:
        live = self._schemas[row.ref.system].collections.get(row.ref.collection)
        column = live.columns.get(name) if live else None
        return column or Column(name, "any")


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + NAMELESS + text[end:]
    return text
