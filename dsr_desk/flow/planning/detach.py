"""Rows with several owners: they go with the last of them; until then the one who leaves is only detached.

K9db (OSDI '23, section 3) and DELF (USENIX Security '20): what several people own is not one person's to delete. A person may
include such a row in an erasure; then the references by which it is this person's are cleared, and the rest stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from dsr_desk.flow.planning.entries import ENTRY, without
from dsr_desk.model.catalog import Catalog, Collection, Erase, Reference
from dsr_desk.model.finding import Finding, RowRef
from dsr_desk.model.match import holds
from dsr_desk.model.plan import SHARED, Action, Intent, Outcome, Refusal
from dsr_desk.model.schema import Schema
from dsr_desk.model.values import Value, as_text
from dsr_desk.rights.base import Case

_STAYS = Outcome("excluded", SHARED, reason="Shared: it goes with its last owner")
_CLEARED = "It said that the record is this person's, too"

_Places = dict[tuple[str, str, tuple[str, ...]], set[tuple[str | None, ...]]]


def detached(case: Case, intents: Sequence[Intent]) -> list[Intent]:
    """The intents, in which rows that others own too are detached instead of erased; all others as they were.

    A row all of whose other owners are in the same erasure, or are not there any more, is nobody else's: it goes.
    """
    findings = {f.ref: f for f in case.findings}
    leaving = {f.ref: f for f in case.findings if (f.subject or f.clear) and not _left_out(case, f.ref)}
    places: _Places = {}
    staying: set[RowRef] = set()
    out: dict[RowRef, Intent] = {}
    for intent in intents:
        finding = findings.get(intent.ref)
        if finding is not None and _takes(intent) and finding.shared and any(o not in leaving for o in finding.other_owners):
            staying.add(intent.ref)
            out[intent.ref] = _detach(case, finding, leaving, places)
        else:
            out[intent.ref] = intent
    if staying:
        for ref, finding in leaving.items():
            if ref in out:
                out[ref] = _let_go(case.collection(finding), finding, out[ref], [findings[s] for s in staying])
    return list(out.values())


def clearable(catalog: Catalog, schemas: Mapping[str, Schema], intents: Iterable[Intent]) -> tuple[list[Intent], list[Refusal]]:
    """The intents without the references that can't be cleared, and those by name."""
    refusals: dict[Refusal, None] = {}
    out: list[Intent] = []
    for intent in intents:
        cleared = [n for n in intent.erase if intent.fields[n].reason == _CLEARED]
        bad = dict(_unclearable(schemas, intent, catalog.collection(intent.ref.system, intent.ref.collection), cleared))
        refusals |= dict.fromkeys(bad.values())
        out.append(replace(intent, erase={n: e for n, e in intent.erase.items() if n not in bad}) if bad else intent)
    return out, list(refusals)


def _unclearable(
    schemas: Mapping[str, Schema], intent: Intent, collection: Collection, names: Iterable[str]
) -> Iterator[tuple[str, Refusal]]:
    live = schemas[intent.ref.system].collections.get(intent.ref.collection)
    for name in names:
        column = live.columns.get(name) if live else None
        if name in collection.key:
            why = "it says whose the row is, and is part of the row's key: a shared row can't be detached by it"
            cure = "Leave the row out, or include it in the erasure of its last owner"
        elif column is not None and not column.nullable and intent.erase[name][0] == "null":
            why = "it says whose the row is, and may not be NULL: a shared row can't be detached by it"
            cure = "Give it an erase: that the system takes (the number of a nobody), let it be NULL there, or leave the row out"
        else:
            continue
        yield name, Refusal(intent.ref.system, intent.ref.collection, name, why, cure)


def _takes(intent: Intent) -> bool:
    return intent.action == "delete" or (intent.action == "change" and bool(intent.erase))


def _left_out(case: Case, ref: RowRef) -> bool:
    decision = case.decisions.get(ref)
    return decision is not None and not decision.include


def _detach(case: Case, finding: Finding, leaving: Mapping[RowRef, Finding], places: _Places) -> Intent:
    collection = case.collection(finding)
    values = finding.row.values
    fields = dict.fromkeys(values, _STAYS)
    erase: dict[str, tuple[str, Mapping[str, Value]]] = {}
    shortened: dict[str, Value] = {}
    for reference in collection.of_kind("owned_by"):
        if holds(reference.when, values) and (gone := _leading_to(leaving, reference, values, places)):
            for name in reference.fields:
                if collection.on_erase == "keep" and not _said(collection, name):
                    continue  # what a law wants kept is kept with what it belongs to
                if _listed(collection, reference, values):
                    shortened[name] = without(shortened.get(name) or values[name] or [], {text for (text,) in gone})
                    fields[name] = Outcome("erased", ENTRY, reason=_CLEARED)
                    continue
                erase[name] = _how(collection, name)
                fields[name] = Outcome("erased", erase[name][0], reason=_CLEARED)
    action: Action = "change" if erase or shortened else "keep"
    return Intent(finding.ref, action, fields, erase, _STAYS.reason, shortened)


def _let_go(collection: Collection, finding: Finding, intent: Intent, staying: Sequence[Finding]) -> Intent:
    """The intent of one of the person's own rows that stays, and no longer owns what others own, too."""
    if intent.action == "delete" or collection.on_erase == "keep":
        return intent
    values = finding.row.values
    erase, fields, shortened = dict(intent.erase), dict(intent.fields), dict(intent.values)
    for reference in collection.of_kind("owns"):
        others = {
            tuple(as_text(f.row.values.get(n)) for n in reference.to)
            for f in staying
            if (f.ref.system, f.ref.collection) == (reference.system, reference.collection)
        }
        there = _among(reference, values, others)
        for name in reference.fields if there and holds(reference.when, values) else ():
            if name not in erase and _listed(collection, reference, values):
                shortened[name] = without(shortened.get(name) or values[name] or [], {text for (text,) in there})
                fields[name] = Outcome("erased", ENTRY, reason=_CLEARED)
            elif name not in erase:
                erase[name] = _how(collection, name)
                fields[name] = Outcome("erased", erase[name][0], reason=_CLEARED)
    return replace(intent, action="change" if erase or shortened else intent.action, fields=fields, erase=erase, values=shortened)


def _listed(collection: Collection, reference: Reference, values: Mapping[str, Value]) -> bool:
    """Whether the reference is a list of them, of which one entry can go alone."""
    (name, *more) = reference.fields
    return not more and isinstance(values.get(name), list) and _said(collection, name) is None


def _how(collection: Collection, name: str) -> tuple[str, Mapping[str, Value]]:
    said = _said(collection, name)
    return (said.strategy, said.params) if said is not None else ("null", {})


def _said(collection: Collection, name: str) -> Erase | None:
    said = collection.fields[name].erase if name in collection.fields else None
    return said if said is not None and said.strategy != "keep" else None


def _leading_to(
    leaving: Mapping[RowRef, Finding], reference: Reference, values: Mapping[str, Value], places: _Places
) -> set[tuple[str | None, ...]]:
    """Which of the rows that leave a reference points to, by what it points at."""
    place = (reference.system, reference.collection, reference.to)
    if place not in places:
        places[place] = {
            tuple(as_text(f.row.values.get(n)) for n in reference.to)
            for f in leaving.values()
            if (f.ref.system, f.ref.collection) == place[:2]
        }
    return _among(reference, values, places[place])


def _among(reference: Reference, values: Mapping[str, Value], places: set[tuple[str | None, ...]]) -> set[tuple[str | None, ...]]:
    """Those of the places that the reference, or one entry of a list of them, points at."""
    (first, *more) = (values.get(n) for n in reference.fields)
    entries = first if isinstance(first, list) and not more else [first]
    return {(as_text(entry), *map(as_text, more)) for entry in entries} & places
