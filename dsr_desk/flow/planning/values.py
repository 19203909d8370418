"""New values: intents become steps, and every value that will be written is fixed here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dsr_desk import strategies
from dsr_desk.model.catalog import Catalog
from dsr_desk.model.finding import Finding, Row
from dsr_desk.model.plan import TOLD, Intent, Outcome, OutcomeName, Refusal, Step
from dsr_desk.model.schema import Column, Schema
from dsr_desk.model.values import Value, as_text, fingerprint
from dsr_desk.plugins import plugins
from dsr_desk.strategies.base import Strategy, UnfitError

#: What stands in a text where somebody was named.
NAMELESS = "[erased]"


@dataclass(frozen=True)
class Keys:
    """The keys of a plan, 32 random bytes each.

    ``plan`` fingerprints rows, and belongs to one plan; ``request`` makes keyed values the same in every system of the request,
    whichever of its plans writes them, and is destroyed at its close. ``lock`` is the request's safe lock, which outlives its close
    and opens its tokens; ``workspace`` links what is keyed with ``key: workspace`` across requests.
    """

    plan: bytes = field(repr=False)
    request: bytes = field(repr=False)
    lock: bytes = field(repr=False, default=b"")
    workspace: bytes = field(repr=False, default=b"")


@dataclass(frozen=True, slots=True)
class _Way:
    """How one column is written, or why it can't be. It holds for every row that says it with these very parameters."""

    said: Mapping[str, Any]
    params: Mapping[str, Any]
    column: Column
    key: bytes = field(repr=False)
    #: What the result is in law, and what it is where NULL stays NULL: nothing of the person then stays.
    law: OutcomeName
    law_of_null: OutcomeName
    refused: tuple[str, str] | None = None


class Values:
    """Turns intents into steps: the only place where new values come from."""

    def __init__(self, catalog: Catalog, schemas: Mapping[str, Schema], keys: Keys) -> None:
        self._catalog = catalog
        self._schemas = schemas
        self._keys = keys
        self._strategies: Mapping[str, Strategy] = {n: c() for n, c in plugins(strategies, Strategy).items()}
        self._ways: dict[tuple[str, str, str, str], _Way] = {}
        self.refusals: dict[Refusal, None] = {}

    def step(self, intent: Intent, finding: Finding) -> Step:
        """The step of one row. A row that is left out or left to a person is not fingerprinted: nobody will touch it."""
        row = finding.row
        fields = dict(intent.fields)
        writes: dict[str, Value] = {}
        for name, (strategy, params) in intent.erase.items():
            value, outcome = self._value(row, name, strategy, params, intent.fields)
            fields[name] = outcome
            if outcome.name != "failed":
                writes[name] = value
        writes |= intent.values
        self._unsaid(intent, row)
        aside = intent.action == "manual" or all(o.name == "excluded" and o.strategy not in TOLD for o in fields.values())
        digest = "" if aside else fingerprint(self._keys.plan, row.values)
        action = intent.action if intent.action != "change" or writes else "keep"
        version = row.version if digest else ""
        return Step(row.ref, row.key, action, fields, digest, row.values, writes, intent.reason, to=intent.to, version=version)

    def _value(
        self, row: Row, name: str, strategy: str, params: Mapping[str, Any], fields: Mapping[str, Outcome]
    ) -> tuple[Value, Outcome]:
        before, outcome = row.values.get(name), fields[name]
        if strategy == "mention":
            return _without(str(before), params["spans"]), outcome
        known = self._strategies.get(strategy)
        if known is None:
            self._refuse(row, name, f"there is no strategy called {strategy}", "Choose another under erase:")
            return None, Outcome("failed", strategy)
        way = self._way(row, name, known, params)
        name_in_law = way.law if before is not None else way.law_of_null
        told = outcome if outcome.name == name_in_law else replace(outcome, name=name_in_law)
        refused = way.refused
        if refused is None and told.name == "pseudonymised":
            told = self._grounded(row, params, fields, told)
            refused = None if told.ground else _NO_GROUND
        if refused is None:
            try:
                after = known.value(before, way.column, way.params, way.key)
            except UnfitError as error:
                refused = error.message, error.hint
            else:
                if known.fixed or known.reversible or not _stays(before, after):
                    return after, told
                refused = _UNCHANGED
        self._refuse(row, name, *refused)
        return None, Outcome("failed", strategy)

    def _way(self, row: Row, name: str, strategy: Strategy, params: Mapping[str, Any]) -> _Way:
        place = (row.ref.system, row.ref.collection, name, strategy.name)
        known = self._ways.get(place)
        if known is None or known.said is not params:
            said = self._catalog.collection(row.ref.system, row.ref.collection).fields.get(name)
            settled = strategy.settled(params, said) if said else params
            column = self._column(row, name)
            of_null: OutcomeName = "erased" if strategy.reversible else strategy.in_law
            refused = strategy.refuses(column, settled)
            key = self._key(strategy, params)
            known = self._ways[place] = _Way(params, settled, column, key, strategy.law(params), of_null, refused)
        return known

    def _key(self, strategy: Strategy, params: Mapping[str, Any]) -> bytes:
        if strategy.reversible:
            return self._keys.lock
        return self._keys.workspace if strategy.links(params) else self._keys.request

    def _grounded(self, row: Row, params: Mapping[str, Any], fields: Mapping[str, Outcome], told: Outcome) -> Outcome:
        """The outcome with the ground on which a pseudonym stays: its own, that of the other fields, or the collection's."""
        if "ground" in params:
            return replace(told, ground=params["ground"])
        kept = next((o for o in fields.values() if o.strategy == "keep" and o.ground), None)
        if kept is not None:
            return replace(told, ground=kept.ground, until=kept.until, reason=kept.reason)
        keep = self._catalog.collection(row.ref.system, row.ref.collection).keep
        return replace(told, ground=keep.ground, reason=keep.reason) if keep else told

    def _unsaid(self, intent: Intent, row: Row) -> None:
        """A personal field of a redacted row that the catalog doesn't say how to erase stops the plan."""
        collection = self._catalog.collection(row.ref.system, row.ref.collection)
        if collection.on_erase != "redact" or intent.action == "manual":
            return
        for name, outcome in intent.fields.items():
            if outcome.name == "manual" and name in collection.fields:
                self._refuse(row, name, "it is personal, and the catalog does not say how to erase it", "Add erase: to it")

    def _refuse(self, row: Row, name: str, why: str, cure: str) -> None:
        self.refusals.setdefault(Refusal(row.ref.system, row.ref.collection, name, why, cure))

    def _column(self, row: Row, name: str) -> Column:
        live = self._schemas[row.ref.system].collections.get(row.ref.collection)
        column = live.columns.get(name) if live else None
        return column or Column(name, "any")


_NO_GROUND = (
    "what is written there is personal data still (Art. 4(5)), and nothing says on which ground it may stay",
    'Give it a ground (ground: "17(3)(b)"), or the collection a keep:',
)
_UNCHANGED = ("the strategy would leave some of its values as they are", "Choose another strategy under erase:")


def _stays(before: Value, after: Value) -> bool:
    """Whether a value that says something would be written again."""
    return before is not None and before != "" and as_text(before) == as_text(after)


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + NAMELESS + text[end:]
    return text
